"""Levels of counts, and how they move on: held against loops, moments and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gapatlas.training import Levels, discounted_levels
from gapatlas.training.levels import paths

GENERATOR = np.random.default_rng


def test_older_years_and_their_counts_weigh_less():
    # 0.5 x 0.5 x 8 + 0.5 x 4 + 10 counts in 0.25 + 0.5 + 1 years.
    found = discounted_levels([[8, 4, 10]], [[8, 4, 10]], [[True] * 3], 0.5)
    assert found.shape_low == found.shape_high == pytest.approx([14])
    assert found.exposure == pytest.approx([1.75])


@pytest.mark.parametrize("filler", [0.0, 1e6, np.nan])
def test_a_year_that_is_not_reported_adds_neither_counts_nor_time(filler):
    found = discounted_levels([[8, filler, 10]], [[8, filler, 10]], [[True, False, True]], 0.5)
    assert found.shape_low == pytest.approx([12])
    assert found.exposure == pytest.approx([1.25])


def test_a_reported_zero_is_no_missing_year():
    zero, missing = (discounted_levels([[0, 6]], [[0, 6]], [[told, True]], 1) for told in (1, 0))
    assert zero.shape_low == missing.shape_low == pytest.approx([6])
    assert (zero.exposure[0], missing.exposure[0]) == (2, 1)


def test_a_place_that_reports_nothing_has_no_level():
    found = discounted_levels(np.zeros((2, 3)), np.zeros((2, 3)), [[True] * 3, [False] * 3], 0.7)
    assert found.reported.tolist() == [True, False]


def test_draws_are_scipys_gamma():
    levels = Levels(np.array([14.0]), np.array([14.0]), np.array([1.75]), np.zeros(1))
    drawn = levels.draws(0, 20_000, GENERATOR(1))
    assert stats.kstest(drawn, stats.gamma(14.5, scale=1 / 1.75).cdf).pvalue > 0.01


def test_a_range_of_counts_spreads_the_level_from_its_least_to_its_greatest():
    levels = Levels(np.array([0.0]), np.array([400.0]), np.array([4.0]), np.zeros(1))
    drawn = levels.draws(0, 20_000, GENERATOR(1))
    assert np.mean(drawn) == pytest.approx((0.5 + 200) / 4, rel=0.02)
    assert np.quantile(drawn, [0.1, 0.9]) == pytest.approx([10, 90], rel=0.06)


@pytest.mark.parametrize(
    ("low", "high", "discount", "message"),
    [
        ([[5, 1]], [[4, 1]], 0.7, "lower bound must not exceed"),
        ([[-1, 1]], [[4, 1]], 0.7, "must not be negative"),
        ([[np.nan, 1]], [[4, 1]], 0.7, "must be finite"),
        ([[1, 1]], [[4, 1]], 0.0, "discount 0 is no weight"),
        ([[1, 1]], [[4, 1]], 1.1, "discount 1.1 is no weight"),
        ([1, 1], [4, 1], 0.7, r"one shape, \(places, years\)"),
    ],
)
def test_counts_that_cannot_be_are_refused(low, high, discount, message):
    reported = np.ones(np.shape(low), bool)
    with pytest.raises(ValueError, match=message):
        discounted_levels(low, high, reported, discount)


# ------------------------------------------------------------------ how they move on


@pytest.mark.parametrize("ahead", [0, 3])
def test_paths_have_a_median_of_1_and_the_spread_of_their_steps(ahead):
    found = paths(6, ahead, 0.1, 0.2, 40_000, GENERATOR(2))
    variance = 0.1**2 * (ahead + np.arange(1, 7)) + 0.2**2
    assert np.median(found, axis=1) == pytest.approx(np.ones(6), abs=0.008)
    assert np.log(found).var(axis=1) == pytest.approx(variance, rel=0.03)


def test_years_share_their_drift_and_not_their_swing():
    logs = np.log(paths(4, 2, 0.3, 0.2, 40_000, GENERATOR(2)))
    # Year 1 and year 4 share the three steps up to year 1.
    assert np.cov(logs)[0, 3] == pytest.approx(3 * 0.3**2, rel=0.03)


def test_without_drift_and_swing_levels_stay():
    assert np.all(paths(5, 2, 0, 0, 10, GENERATOR(1)) == 1)


@pytest.mark.parametrize(("drift", "swing"), [(-0.1, 0), (0, -0.1)])
def test_spreads_below_0_are_refused(drift, swing):
    with pytest.raises(ValueError, match="not below 0"):
        paths(5, 0, drift, swing, 10, GENERATOR(1))
