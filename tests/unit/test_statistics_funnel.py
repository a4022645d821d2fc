"""Funnel limits, held against scipy's distributions, written-out formulas and print."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gapatlas.statistics import funnel_limits
from gapatlas.statistics.funnel import exact_limits

KINDS = ("rate", "share", "ratio")

# Median, least and greatest probability that chance lies beyond a probability-based limit, over
# 1 to 50 expected events: Seaton and Manktelow 2012, BMC Med Res Methodol 12:98, the table of
# all limits, columns "prediction" (95% limits: below, above).
SEATON_BELOW = (0.0186, 0, 0.0250)
SEATON_ABOVE = (0.0201, 0.0052, 0.0250)

# Limits that PHEindicatormethods holds its funnels of shares against (tests/testthat/
# testdata_funnel_prop_outputs.csv, ukhsa-collaboration on GitHub): baseline 80.642448%,
# population, lower and upper 95% limit, lower and upper 99.8% limit, in per cent.
PHE_BASELINE = 0.80642448
PHE_LIMITS = [
    (1008, 78.203374, 83.081521, 76.796814, 84.488082),
    (2093, 78.949785, 82.335111, 77.973663, 83.311233),
    (9998, 79.867989, 81.416907, 79.421375, 81.863521),
    (53016, 80.306129, 80.978767, 80.112181, 81.172715),
]


def tails_of_poisson(expected: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Probability that a count lies below the lower and above the upper limit."""
    low, high = exact_limits("rate", np.ones(len(expected)), expected, level)
    below = stats.poisson.cdf(np.ceil(low * expected - 1e-9) - 1, expected)
    above = stats.poisson.sf(np.floor(high * expected + 1e-9), expected)
    return below, above


def test_chance_lies_beyond_the_limits_as_often_as_printed_by_seaton_and_manktelow():
    below, above = tails_of_poisson(np.arange(1, 50.01, 0.1), 0.95)
    for found, printed in ((below, SEATON_BELOW), (above, SEATON_ABOVE)):
        summary = (np.median(found), found.min(), found.max())
        assert summary == pytest.approx(printed, abs=3e-4)


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_no_expected_count_lets_chance_beyond_a_limit_more_often_than_the_level_says(level):
    expected = np.geomspace(0.001, 300, 400)
    below, above = tails_of_poisson(expected, level)
    assert max(below.max(), above.max()) <= (1 - level) / 2 + 1e-12


def test_limits_of_shares_are_near_those_of_public_health_england():
    for population, *printed in PHE_LIMITS:
        found = []
        for level in (0.95, 0.998):
            limits = exact_limits("share", np.array(PHE_BASELINE), np.array(population), level)
            found += [100 * float(limit) for limit in limits]
        # Theirs are normal limits, without skew and steps: less than two persons apart.
        assert found == pytest.approx(printed, abs=2 * 100 / population)


@pytest.mark.parametrize(("kind", "chance"), [("rate", stats.poisson), ("share", stats.binom)])
def test_each_limit_lies_within_one_count_of_the_quantile(kind, chance):
    size, centre = np.arange(5, 400), 0.07
    arguments = (centre * size,) if kind == "rate" else (size, centre)
    low, high = exact_limits(kind, np.array(centre), size.astype(float), 0.95)
    first, last = chance.ppf(0.025, *arguments), chance.ppf(0.975, *arguments)
    assert np.all((low * size > first - 1 - 1e-9) & (low * size <= first + 1e-9))
    assert np.all((high * size > last - 1e-9) & (high * size <= last + 1 + 1e-9))


def test_limits_of_a_share_and_of_the_rest_mirror_each_other():
    size = np.arange(1.0, 200)
    low, high = exact_limits("share", np.array(0.2), size, 0.95)
    rest_low, rest_high = exact_limits("share", np.array(0.8), size, 0.95)
    assert np.allclose(low, 1 - rest_high, atol=1e-9)
    assert np.allclose(high, 1 - rest_low, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_places_without_any_event_are_not_above_the_limits(kind):
    assert funnel_limits(kind, [0, 0, 0], [10, 20, 30]).position.tolist() == [0, 0, 0]
    few = funnel_limits(kind, [0] * 50 + [1], [10] * 51)
    assert few.position[:50].tolist() == [0] * 50


@pytest.mark.parametrize("kind", ["share", "ratio"])
def test_places_where_all_are_counted_are_within_the_limits(kind):
    assert funnel_limits(kind, [10, 20], [10, 20]).position.tolist() == [0, 0]
