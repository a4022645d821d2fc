"""Panels: counts and treatment side by side, and the treatment of other years."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gapatlas.training.fixed_effects import fit_many
from gapatlas.training.panel import panel_of
from tests.panels import panel

NAN = np.nan


def test_a_panel_holds_the_places_that_have_both() -> None:
    counts = pd.DataFrame(
        [("A", 2003, 1, 1), ("A", 2005, 0, 4), ("B", 2004, 2, 2), ("C", 2004, None, None)],
        columns=["place", "year", "low", "high"],
    )
    treatment = pd.DataFrame(
        [("A", 2002, 1), ("A", 2003, None), ("C", 2003, 1), ("D", 2003, 0)],
        columns=["place", "year", "value"],
    )
    made = panel_of(counts, treatment)
    assert (made.places, made.years) == (("A",), (2002, 2003, 2004, 2005))
    np.testing.assert_array_equal(made.low, [[NAN, 1, NAN, 0]])
    np.testing.assert_array_equal(made.high, [[NAN, 1, NAN, 4]])
    np.testing.assert_array_equal(made.treatment, [[1, NAN, NAN, NAN]])
    assert made.counted.tolist() == [[False, True, False, True]]
    assert made.span(made.counted) == (2003, 2005)


def test_nothing_in_common_is_an_empty_panel() -> None:
    counts = pd.DataFrame({"place": ["A"], "year": [2003], "low": [1], "high": [1]})
    treatment = pd.DataFrame({"place": ["B"], "year": [2003], "value": [1]})
    assert panel_of(counts, treatment).places == ()


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        (0, [1, 2, 3, 4]),
        (1, [NAN, 1, 2, 3]),
        (3, [NAN, NAN, NAN, 1]),
        (-1, [2, 3, 4, NAN]),
    ],
)
def test_the_treatment_of_other_years(years: int, expected: list[float]) -> None:
    made = panel([[0, 0, 0, 0]], [[1, 2, 3, 4]])
    np.testing.assert_array_equal(made.treated_before(years), [expected])


def test_two_places_and_two_years_are_the_ratio_of_ratios() -> None:
    """(30 / 10) / (40 / 20) = 1.5."""
    counts, treated = np.array([[10.0, 30], [20, 40]]), np.array([[0.0, 1], [0, 0]])
    found = fit_many(counts, treated[None, None], np.ones((2, 2), bool))
    assert np.exp(found.slopes) == pytest.approx(np.array([[1.5]]))


def test_a_slope_that_the_counts_do_not_settle_is_absent() -> None:
    counts, treated = np.array([[10.0, 0], [20, 40]]), np.array([[0.0, 1], [0, 0]])
    used = np.ones((2, 2), bool)
    assert np.isnan(fit_many(counts, treated[None, None], used).slopes).all()
    assert np.isnan(fit_many(counts, np.zeros((1, 1, 2, 2)), used).slopes).all()
    assert np.isnan(fit_many(counts, treated[None, None], np.zeros((2, 2), bool)).slopes).all()


def test_the_influence_is_how_far_the_slope_moves_with_a_count() -> None:
    random = np.random.default_rng(1)
    counts = random.poisson(20, (5, 4)).astype(float)
    treated = (random.random((5, 4)) < 0.5).astype(float)
    used = random.random((5, 4)) < 0.9
    found = fit_many(counts, treated[None, None], used)
    for at in np.argwhere(used)[::4]:
        nudged = counts.copy()
        nudged[tuple(at)] += 1e-4
        moved = fit_many(nudged, treated[None, None], used).slopes[0, 0] - found.slopes[0, 0]
        assert moved / 1e-4 == pytest.approx(found.influence[(0, *at)], rel=1e-3, abs=1e-7)
    assert (found.influence[0][~used] == 0).all()
