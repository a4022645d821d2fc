"""The mean of many draws, held against the closed form, which draws nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gapatlas.training import LONGEST, Baseline, Drawn, Programme, run
from gapatlas.training.closed_form import expected
from gapatlas.training.levels import paths
from tests.training_world import budgets, known, steady_baseline

DRAWS = 20_000
EFFECTS = {
    ("case_construction", "prosecuted"): 1.5,
    ("interviewing", "suspected"): 1.3,
    ("interviewing", "referred"): 2.0,
    ("evidence", "prosecuted"): 0.8,
    ("legal_support", "convicted"): 1.4,
}
MONEY = budgets([60e3, 30e3, 30e3, 60e3])


def moving(place: Baseline, drift: float, swing: float) -> Baseline:
    """The place with levels that go up and down, at a mean of 1."""
    moves = paths(LONGEST, 2, drift, swing, DRAWS, np.random.default_rng(8))
    # The middle of a path is 1; divided by what its spread adds, its mean is.
    variance = drift**2 * (2 + np.arange(1, LONGEST + 1)) + swing**2
    moves *= np.exp(-variance / 2)[:, None]
    return replace(place, paths=np.concatenate([moves, moves], axis=1).astype(np.float32))


def repeated(drawn: Drawn) -> Drawn:
    return Drawn({name: np.repeat(value, DRAWS) for name, value in drawn.values.items()}, DRAWS)


@pytest.mark.parametrize(("drift", "swing"), [(0.0, 0.4), (0.15, 0.2)])
@pytest.mark.parametrize("money", [0.0, 1.0, 5.0])
def test_however_levels_move_their_mean_is_the_closed_form(
    drift: float, swing: float, money: float
) -> None:
    plan = Programme(MONEY * money, years=10, spend_years=6, lag=1)
    inputs = known(EFFECTS, court_headroom=1e6)
    place = moving(steady_baseline((120,), (0.9, 0.5, 0.4), DRAWS), drift, swing)
    found = run(plan, place, repeated(inputs)).by_year
    formulae = expected(plan, steady_baseline((120,), (0.9, 0.5, 0.4)), inputs)[:, :, 0]
    error = found.std(axis=2) / np.sqrt(DRAWS)
    assert np.abs((found.mean(axis=2) - formulae) / error).max() < 3.5
    assert np.all(error < 0.012 * formulae)
