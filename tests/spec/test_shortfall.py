"""How far places fall short: each figure of a shortfall by hand, by quadrature, or by numpy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from gapatlas.statistics import Draws, Shortfall, posterior, quantile_of_others, shortfall
from tests.worked_examples import rows_of

DRAWS = 40_000


def own_rates(low, high, size, seed: int = 1) -> Draws:
    """Draws of counts per size, from the counts alone."""
    found = posterior("rate", low, size, above_high=high)
    return Draws(*found.draws(DRAWS, np.random.default_rng(seed)))


def always(rate, places: int = 1) -> Draws:
    """A benchmark that is known for sure."""
    drawn = np.broadcast_to(np.asarray(rate, dtype=float), (DRAWS, places)).copy()
    return Draws(drawn, drawn)


def of(low: float, high: float, size: float, rate: float) -> Shortfall:
    return shortfall(
        own_rates([low], [high], [size]),
        always(rate),
        observed_low=[low],
        observed_high=[high],
        size_low=[size],
        size_high=[size],
    )


# Observed count, what it is divided by, the benchmark's rate: expected is rate x size, number is
# expected - observed, ratio is observed / expected. A range has both ends.
BY_HAND = """
    observed | size | rate | expected | number   | ratio
    6        | 100  | 0.10 | 10       | 4        | 0.6
    10       | 100  | 0.10 | 10       | 0        | 1
    30       | 100  | 0.10 | 10       | -20      | 3
    0        | 100  | 0.10 | 10       | 10       | 0
    0 to 4   | 100  | 0.10 | 10       | 6 to 10  | 0 to 0.4
    5 to 9   | 50   | 0.02 | 1        | -8 to -4 | 5 to 9
    """


@pytest.mark.parametrize("row", rows_of(BY_HAND), ids=lambda row: row["observed"])
def test_number_and_ratio_are_those_of_a_pocket_calculator(row) -> None:
    low, high = bounds(row["observed"])
    found = of(low, high, float(row["size"]), float(row["rate"]))
    for name in ("expected", "number", "ratio"):
        ends = [float(getattr(found, f"{name}_{end}")[0]) for end in ("low", "high")]
        assert ends == pytest.approx(bounds(row[name])), name


def bounds(cell: str) -> list[float]:
    ends = [float(part) for part in cell.split(" to ")]
    return [ends[0], ends[-1]]


@pytest.mark.parametrize(("count", "size", "rate"), [(6, 100, 0.1), (0, 40, 0.1), (25, 90, 0.2)])
def test_intervals_are_quantiles_of_the_gamma_distribution(count, size, rate) -> None:
    """With a benchmark that is known, only the place's own count varies: Gamma(count + 1/2)."""
    found = of(count, count, size, rate)
    low, high = stats.gamma(count + 0.5).ppf([0.025, 0.975])
    low = low if count else 0.0  # a count of nought may stand for a rate of nought
    assert found.number_from[0] == pytest.approx(rate * size - high, abs=0.35)
    assert found.number_to[0] == pytest.approx(rate * size - low, abs=0.35)
    assert found.ratio_from[0] == pytest.approx(low / (rate * size), abs=0.03)
    assert found.ratio_to[0] == pytest.approx(high / (rate * size), abs=0.05)
    chance = stats.gamma(count + 0.5).cdf(rate * size)
    assert found.probability_low[0] == pytest.approx(chance, abs=0.01)
    assert found.probability_high[0] == found.probability_low[0]


def test_a_range_has_the_least_and_the_greatest_probability_of_its_ends() -> None:
    found = of(0, 4, 100, 0.03)
    assert found.probability_low[0] == pytest.approx(stats.gamma(4.5).cdf(3), abs=0.01)
    assert found.probability_high[0] == pytest.approx(stats.gamma(0.5).cdf(3), abs=0.01)


def test_the_benchmark_s_own_chance_is_in_the_probability() -> None:
    """P(Gamma(8.5)/100 < Gamma(20.5)/150), by quadrature."""
    own, other = own_rates([8], [8], [100], 1), own_rates([20], [20], [150], 2)
    found = shortfall(
        own, other, observed_low=[8], observed_high=[8], size_low=[100], size_high=[100]
    )
    a, b = stats.gamma(8.5, scale=1 / 100), stats.gamma(20.5, scale=1 / 150)
    exact, _ = integrate.quad(lambda rate: b.pdf(rate) * a.cdf(rate), 0, 1)
    assert found.probability_low[0] == pytest.approx(exact, abs=0.01)
    assert found.expected_from[0] == pytest.approx(100 * b.ppf(0.025), rel=0.03)
    assert found.expected_to[0] == pytest.approx(100 * b.ppf(0.975), rel=0.03)


def test_where_there_is_no_benchmark_there_is_no_figure() -> None:
    found = shortfall(
        own_rates([6, 6], [6, 6], [100, 100]),
        always([0.1, np.nan], 2),
        observed_low=[6, 6],
        observed_high=[6, 6],
        size_low=[100, 100],
        size_high=[100, 100],
    )
    for name in Shortfall.__dataclass_fields__:
        known, unknown = getattr(found, name)
        assert np.isfinite(known), name
        assert np.isnan(unknown), name


def test_where_nothing_is_expected_nothing_is_missing_and_a_ratio_has_no_meaning() -> None:
    found = of(0, 0, 100, 0.0)
    assert (found.expected_low[0], found.number_low[0]) == (0, 0)
    assert np.isnan(found.ratio_low[0])
    assert found.probability_high[0] == 0
    more = of(3, 3, 100, 0.0)
    assert (more.number_high[0], more.ratio_high[0]) == (-3, np.inf)


def test_a_size_that_is_a_range_is_taken_at_the_end_that_is_farther_out() -> None:
    """10 of 50 to 100, where a rate of 0.4 is expected: 20 to 40 expected, 10 to 30 missing."""
    own = Draws(np.full((DRAWS, 1), 10 / 100), np.full((DRAWS, 1), 10 / 50))
    found = shortfall(
        own, always(0.4), observed_low=[10], observed_high=[10], size_low=[50], size_high=[100]
    )
    assert (found.expected_low[0], found.expected_high[0]) == pytest.approx((20, 40))
    assert (found.number_from[0], found.number_to[0]) == pytest.approx((10, 30))
    assert (found.ratio_from[0], found.ratio_to[0]) == pytest.approx((0.25, 0.5))


# ------------------------------------------------------------------ quantiles of the others


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.75, 1])
@pytest.mark.parametrize("places", [4, 5, 8, 31])
def test_a_quantile_of_the_others_is_that_of_numpy_without_the_place(share, places) -> None:
    random = np.random.default_rng(places)
    draws = random.integers(0, 9, (50, places)) / 4  # with many ties
    found = quantile_of_others(draws, ["one group"] * places, share)
    for place in range(places):
        others = np.delete(draws, place, axis=1)
        assert found[:, place] == pytest.approx(np.quantile(others, share, axis=1))


def test_groups_are_apart_and_too_few_others_are_no_benchmark() -> None:
    draws = np.random.default_rng(0).uniform(size=(20, 10))
    groups = np.array(["A", "B", "A", "A", "B", "A", "", "B", "", ""])
    found = quantile_of_others(draws, groups, 0.5)
    for place in (0, 2, 3, 5):
        others = [at for at in (0, 2, 3, 5) if at != place]
        assert found[:, place] == pytest.approx(np.median(draws[:, others], axis=1))
    assert np.isnan(found[:, [1, 4, 6, 7, 8, 9]]).all(), "B has two others each, '' is no group"
