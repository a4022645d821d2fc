"""Estimates from ranges, held against a likelihood written out count by count.

The reference sums the probability of every count within the bounds with scipy's distributions
and looks for the peak and for the ends of the interval with scipy's own optimisers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy import optimize, special, stats

from gapatlas.statistics import Estimate, censored_rate, censored_ratio, censored_share

Range = tuple[int, int]
DROP = stats.chi2.ppf(0.95, 1) / 2


def by_hand(log_likelihood: Callable[[float], float], around: float) -> tuple[float, float, float]:
    """Peak and both ends of the interval, in the logarithm of the rate (or odds)."""
    start, width = np.log(around), 8.0
    found = optimize.minimize_scalar(
        lambda at: -log_likelihood(at),
        bounds=(start - width, start + width),
        method="bounded",
        options={"xatol": 1e-12},
    )
    peak, floor = found.x, log_likelihood(found.x) - DROP

    def short_of_it(at: float) -> float:
        return log_likelihood(at) - floor

    low = optimize.brentq(short_of_it, peak - width, peak, xtol=1e-13)
    high = optimize.brentq(short_of_it, peak, peak + width, xtol=1e-13)
    return float(peak), low, high


def as_tuple(estimate: Estimate) -> tuple[float, float, float]:
    return float(estimate.value), float(estimate.low), float(estimate.high)


def columns(ranges: Sequence[Range]) -> tuple[list[int], list[int]]:
    return [low for low, _ in ranges], [high for _, high in ranges]


RATES = [
    ([(3, 7)], [10.0]),
    ([(1, 4), (12, 12)], [10.0, 25.0]),
    ([(0, 4), (0, 4), (6, 6)], [100.0, 80.0, 120.0]),
    ([(1, 9), (10, 19), (20, 29), (7, 7), (0, 4)], [1e5, 1.1e5, 1.2e5, 1.3e5, 9e4]),
    ([(200, 300)], [1e6]),
]


@pytest.mark.parametrize(("ranges", "exposure"), RATES)
def test_a_rate_of_ranges_is_that_of_the_written_out_likelihood(ranges, exposure):
    def log_likelihood(at: float) -> float:
        rate = np.exp(at)
        return sum(
            float(special.logsumexp(stats.poisson.logpmf(np.arange(low, high + 1), rate * people)))
            for (low, high), people in zip(ranges, exposure, strict=True)
        )

    middle = sum(low + high for low, high in ranges) / 2 / sum(exposure)
    expected = np.exp(by_hand(log_likelihood, middle))
    low, high = columns(ranges)
    found = as_tuple(censored_rate(low, high, exposure))
    assert found == pytest.approx(tuple(expected), rel=1e-6)


RATIOS = [
    ([(3, 7)], [(20, 20)]),
    ([(1, 4), (5, 5)], [(10, 10), (0, 4)]),
    ([(0, 4), (8, 8), (1, 9)], [(12, 12), (5, 9), (30, 30)]),
    ([(40, 60)], [(1, 4)]),
    ([(0, 4), (0, 4), (5, 5)], [(0, 4), (8, 8), (0, 4)]),
]


@pytest.mark.parametrize(("above", "below"), RATIOS)
def test_a_ratio_of_ranges_is_that_of_the_integrated_likelihood(above, below):
    """The expected sum of each year's counts is integrated out numerically, with equal weight."""

    level = np.exp(np.linspace(-35, 12, 3000))
    counted = {
        counts: stats.poisson.pmf(np.arange(counts[0], counts[1] + 1)[:, None], level).sum(axis=0)
        for counts in set(below)
    }

    def year(x: Range, y: Range, ratio: float) -> float:
        above_line = stats.poisson.pmf(np.arange(x[0], x[1] + 1)[:, None], ratio * level)
        density = above_line.sum(axis=0) * counted[y] * (1 + ratio) * level
        return float(np.trapezoid(density, np.log(level)))

    def log_likelihood(at: float) -> float:
        return sum(np.log(year(x, y, np.exp(at))) for x, y in zip(above, below, strict=True))

    middle = sum(map(sum, above)) / sum(map(sum, below))
    expected = np.exp(by_hand(log_likelihood, middle))
    found = as_tuple(censored_ratio(*columns(above), *columns(below)))
    assert found == pytest.approx(tuple(expected), rel=1e-5)


SHARES = [
    ([(3, 7)], [(20, 20)]),
    ([(1, 4), (5, 5)], [(10, 10), (6, 9)]),
    ([(0, 4), (8, 8), (1, 9)], [(12, 12), (9, 12), (30, 30)]),
]


@pytest.mark.parametrize(("parts", "wholes"), SHARES)
def test_a_share_of_ranges_is_that_of_the_written_out_likelihood(parts, wholes):
    def log_likelihood(at: float) -> float:
        share = float(special.expit(at))
        return sum(
            float(
                np.log(
                    sum(
                        stats.binom.pmf(x, n, share)
                        for x in range(part[0], part[1] + 1)
                        for n in range(max(whole[0], x), whole[1] + 1)
                    )
                )
            )
            for part, whole in zip(parts, wholes, strict=True)
        )

    share = sum(map(sum, parts)) / sum(map(sum, wholes))
    expected = special.expit(by_hand(log_likelihood, share / (1 - share)))
    found = as_tuple(censored_share(*columns(parts), *columns(wholes)))
    assert found == pytest.approx(tuple(expected), rel=1e-6)


def test_exact_counts_give_the_pooled_rate_and_its_likelihood_ratio_interval():
    found = censored_rate([3, 9], [3, 9], [10, 20])
    assert found.value == pytest.approx(12 / 30)

    def deviance(rate: float) -> float:
        return 2 * (12 * np.log(12 / (30 * rate)) - 12 + 30 * rate)

    assert [deviance(float(found.low)), deviance(float(found.high))] == pytest.approx(
        [2 * DROP] * 2, rel=1e-6
    )
    assert found.low < 0.4 < found.high


def test_exact_counts_give_the_ratio_of_sums_and_the_share_of_sums():
    assert censored_ratio([3, 9], [3, 9], [10, 20], [10, 20]).value == pytest.approx(12 / 30)
    assert censored_share([3, 9], [3, 9], [10, 20], [10, 20]).value == pytest.approx(12 / 30)


def test_an_exact_ratio_is_the_odds_of_the_share_of_the_sum():
    ratio = censored_ratio([7, 4], [7, 4], [13, 11], [13, 11])
    share = censored_share([7, 4], [7, 4], [20, 15], [20, 15])
    odds = [values / (1 - values) for values in (share.value, share.low, share.high)]
    assert as_tuple(ratio) == pytest.approx([float(value) for value in odds])


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        # Nothing happened: the likelihood is exp(-rate x 10).
        (lambda: censored_rate([0], [0], [10]), (0, 0, DROP / 10)),
        (lambda: censored_ratio([0], [0], [10], [10]), (0, 0, np.expm1(DROP / 10))),
        (lambda: censored_share([0], [0], [10], [10]), (0, 0, -np.expm1(-DROP / 10))),
        (lambda: censored_share([10], [10], [10], [10]), (1, np.exp(-DROP / 10), 1)),
        (lambda: censored_ratio([10], [10], [0], [0]), (np.inf, 1 / np.expm1(DROP / 10), np.inf)),
    ],
)
def test_nothing_or_all_gives_the_limit_in_closed_form(call, expected):
    assert as_tuple(call()) == pytest.approx(expected, rel=1e-6)


def test_ranges_that_could_all_be_zero_leave_the_estimate_open_but_not_the_upper_limit():
    found = censored_rate([0, 0], [4, 4], [100, 100])
    assert np.isnan(found.value)
    assert found.low == 0

    def log_likelihood(rate: float) -> float:
        return 2 * float(stats.poisson.logcdf(4, 100 * rate))

    assert log_likelihood(float(found.high)) == pytest.approx(-DROP, rel=1e-6)


def test_years_in_which_all_counts_could_be_zero_leave_the_ratio_open():
    found = censored_ratio([0, 0], [4, 0], [0, 0], [4, 3])
    assert np.isnan(found.value)
    assert (found.low, found.high) == (0, np.inf)


@pytest.mark.parametrize(("above", "below"), [(3, 6), (6, 3), (2, 5), (5, 10)])
def test_many_years_of_small_counts_hold_the_true_ratio(above, below):
    """Years picked by what they show would favour the count that happens to be printed."""
    generator = np.random.default_rng(8)
    counts = [generator.poisson(mean, (1000, 20)) for mean in (above, below)]
    bounds = [np.where(x < 5, end, x) for x in counts for end in (0, 4)]
    found = censored_ratio(*bounds)
    held = (found.low <= above / below) & (above / below <= found.high)
    assert held.mean() > 0.92
    assert np.nanmedian(found.value) == pytest.approx(above / below, rel=0.2)


def test_years_that_are_not_reported_do_not_count():
    all_years = censored_rate([3, 900, 5], [6, 900, 5], [10, 1, 20], reported=[True, False, True])
    two_years = censored_rate([3, 5], [6, 5], [10, 20])
    assert as_tuple(all_years) == pytest.approx(as_tuple(two_years))


def test_many_places_at_once_are_each_place_alone():
    generator = np.random.default_rng(3)
    low = generator.integers(0, 20, (10_000, 3))
    high = low + generator.integers(0, 2, low.shape) * generator.integers(0, 9, low.shape)
    people = generator.uniform(1, 100, low.shape)
    together = censored_rate(low, high, people)
    for place in (0, 17, 9_999):
        alone = censored_rate(low[place], high[place], people[place])
        for name in ("value", "low", "high"):
            found = getattr(together, name)[place]
            assert found == pytest.approx(float(getattr(alone, name)), rel=1e-9, nan_ok=True)
