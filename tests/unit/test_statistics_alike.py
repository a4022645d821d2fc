"""Draws of places of one kind, held against an integral on a fine grid by plain scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from gapatlas.statistics import alike_draws, eb_gamma_poisson

DRAWS = 40_000


def integral_rate(counts, exposure, place: int) -> tuple[float, float, float]:
    """Quantiles of one rate: gamma posteriors averaged over mean and shape, from the model as it
    is printed: flat in log mean, uniform in middling / (middling + shape)."""
    means = np.exp(np.linspace(-8, 4, 121))
    shapes = np.exp(np.linspace(np.log(0.05), np.log(3000), 61))
    middling = np.median(exposure) * (np.sum(counts) + 0.5) / np.sum(exposure)
    mean, shape = np.meshgrid(means, shapes, indexing="ij")
    logs = np.log(shape) - 2 * np.log(middling + shape)
    for count, size in zip(counts, exposure, strict=True):
        logs = logs + stats.nbinom.logpmf(count, shape, shape / (shape + size * mean))
    weight = special.softmax(logs)
    grid = np.exp(np.linspace(-7, 3, 201))
    after, rate = counts[place] + shape, exposure[place] + shape / mean
    below = [(weight * stats.gamma.cdf(at, after, scale=1 / rate)).sum() for at in grid]
    low, middle, high = np.interp([0.025, 0.5, 0.975], below, grid)
    return float(low), float(middle), float(high)


@pytest.mark.parametrize(
    ("counts", "exposure"),
    [
        ([3, 8, 2, 12, 30], [20, 40, 30, 25, 60]),
        ([0, 1, 0, 9], [5, 9, 12, 20]),
        ([10, 11, 9, 10, 10, 12], [50, 50, 50, 50, 50, 50]),
    ],
)
def test_rates_are_those_of_the_integral(counts, exposure) -> None:
    low, high = alike_draws("rate", counts, exposure, number=DRAWS, seed=3)
    assert low is high
    for place in (0, len(counts) - 1):
        found = np.quantile(low[:, place], [0.025, 0.5, 0.975])
        exact = integral_rate(counts, exposure, place)
        assert found == pytest.approx(exact, rel=0.06, abs=0.01)


def test_a_ratio_is_the_odds_of_its_share() -> None:
    above, below = np.array([3, 8, 2, 12, 30]), np.array([20, 40, 30, 25, 60])
    ratio, _ = alike_draws("ratio", above, below, number=2000, seed=1)
    share, _ = alike_draws("share", above, above + below, number=2000, seed=1)
    assert ratio == pytest.approx(share / (1 - share))


def test_with_many_places_the_prior_is_known_and_both_ways_agree() -> None:
    random = np.random.default_rng(6)
    exposure = np.exp(random.uniform(2, 5, 300))
    counts = random.poisson(exposure * random.gamma(3, 0.1, 300))
    low, _ = alike_draws("rate", counts, exposure, number=4000, seed=1)
    known = eb_gamma_poisson(counts, exposure)
    assert np.quantile(low, 0.025, axis=0) == pytest.approx(known.low, rel=0.25, abs=0.01)
    assert np.quantile(low, 0.975, axis=0) == pytest.approx(known.high, rel=0.15, abs=0.01)


def test_with_few_places_intervals_are_longer_than_with_a_prior_taken_as_known() -> None:
    counts, exposure = [5, 6, 4, 5], [50, 50, 50, 50]
    low, _ = alike_draws("rate", counts, exposure, number=DRAWS, seed=1)
    known = eb_gamma_poisson(counts, exposure)
    width = np.subtract(*np.quantile(low, [0.975, 0.025], axis=0))
    assert (width > 1.3 * (known.high - known.low)).all()


@pytest.mark.parametrize("kind", ["rate", "share", "ratio"])
def test_ranges_have_a_lowest_and_a_highest_completion(kind) -> None:
    above, above_high = np.array([0, 5, 9, 0]), np.array([4, 5, 12, 4])
    below = np.array([20, 30, 40, 25])
    low, high = alike_draws(kind, above, below, above_high=above_high, number=500, seed=2)
    assert (low <= high).all()
    assert np.array_equal(low[:, 1], high[:, 1]) or kind == "share"
    assert (low[:, [0, 2, 3]] < high[:, [0, 2, 3]]).all()
    assert np.isfinite(low).all()
    assert np.isfinite(high).all()


@pytest.mark.parametrize("kind", ["rate", "share", "ratio"])
@pytest.mark.parametrize("counts", [[0, 0, 0], [4]])
def test_where_nothing_can_be_borrowed_the_counts_stand_alone(kind, counts) -> None:
    below = np.full(len(counts), 20)
    low, _ = alike_draws(kind, counts, below, number=DRAWS, seed=1)
    rest = {"rate": None, "share": 20 - counts[0], "ratio": 20}[kind]
    if rest is None:
        exact = stats.gamma(counts[0] + 0.5, scale=1 / 20).ppf([0.025, 0.975])
    else:
        part = stats.beta(counts[0] + 0.5, rest + 0.5).ppf([0.025, 0.975])
        exact = part if kind == "share" else part / (1 - part)
    assert np.quantile(low[:, 0], [0.025, 0.975]) == pytest.approx(exact, rel=0.1, abs=2e-4)


def test_the_same_seed_gives_the_same_draws() -> None:
    first, again, other = (
        alike_draws("rate", [3, 8, 2], [20, 40, 30], number=50, seed=seed)[0] for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("odds", [1, 2], [3, 4]), "kind must be one of rate, share, ratio, not 'odds'"),
        (("rate", [-1, 2], [3, 4]), "above must not be negative"),
        (("rate", [np.nan, 2], [3, 4]), "leave out what is not reported"),
        (("share", [9, 2], [3, 4]), "a share cannot be above 1"),
    ],
)
def test_bad_input_is_refused(arguments, words) -> None:
    with pytest.raises(ValueError, match=words):
        alike_draws(*arguments, number=10)
