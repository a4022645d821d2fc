"""Lag-adjusted ratios, held against loops over years."""

from __future__ import annotations

import numpy as np
import pytest

from gapatlas.statistics import lag_adjusted, ratio_of_counts, weighted_ratio

LAGS = [0.3, 0.5, 0.2]


def by_loops(
    convicted: list[int],
    prosecuted: list[int],
    weights: list[float],
    convicted_reported: list[bool],
    prosecuted_reported: list[bool],
) -> tuple[int, float, float, float]:
    """Years used, convictions, expected, and the size of a plain count that varies as much."""
    years = convictions = 0
    drawn = [0.0] * len(prosecuted)
    for year in range(len(convicted)):
        sources = [(year - lag, weight) for lag, weight in enumerate(weights) if weight > 0]
        if not convicted_reported[year]:
            continue
        if any(source < 0 or not prosecuted_reported[source] for source, _ in sources):
            continue
        years += 1
        convictions += convicted[year]
        for source, weight in sources:
            drawn[source] += weight
    expected = sum(share * count for share, count in zip(drawn, prosecuted, strict=True))
    variance = sum(share**2 * count for share, count in zip(drawn, prosecuted, strict=True))
    return years, convictions, expected, expected**2 / variance if variance else 0.0


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("weights", [[1.0], LAGS, [0.0, 1.0], [0.5, 0.0, 0.5], [0.1] * 10])
def test_sums_and_limits_are_those_of_loops_over_years(seed, weights):
    generator = np.random.default_rng(seed)
    convicted = generator.integers(0, 40, 7).tolist()
    prosecuted = generator.integers(0, 90, 7).tolist()
    told, known = (generator.random((2, 7)) > 0.2).tolist()
    years, convictions, expected, effective = by_loops(convicted, prosecuted, weights, told, known)
    found = lag_adjusted(
        convicted, prosecuted, weights, convicted_reported=told, prosecuted_reported=known
    )
    assert found.years_used == years
    assert found.expected == pytest.approx(expected)
    assert found.effective_count == pytest.approx(effective)
    if years and expected:
        low, high = ratio_of_counts(convictions, effective)
        assert found.value == pytest.approx(convictions / expected)
        assert found.low == pytest.approx(float(low) * effective / expected)
        assert found.high == pytest.approx(float(high) * effective / expected)
    else:
        assert np.isinf(found.high)
        assert not np.isfinite(found.value)


def test_without_a_lag_it_is_the_plain_ratio_of_counts():
    convicted, prosecuted = [[5, 0, 12], [0, 0, 0]], [[9, 4, 30], [3, 0, 8]]
    found = lag_adjusted(convicted, prosecuted, [1])
    plain = ratio_of_counts(np.sum(convicted, axis=1), np.sum(prosecuted, axis=1))
    assert np.allclose(found.value, np.sum(convicted, axis=1) / np.sum(prosecuted, axis=1))
    assert np.allclose((found.low, found.high), plain, rtol=1e-12)


def test_a_worked_example():
    # 2021 draws on 10 and 20 prosecutions, 2022 on 20 and 30: 0.5 x 10 + 1 x 20 + 0.5 x 30.
    found = lag_adjusted([99, 12, 18], [10, 20, 30], [0.5, 0.5])
    assert (found.years_used, found.expected, found.value) == (2, 40, 30 / 40)
    assert found.effective_count == pytest.approx(40**2 / (0.25 * 10 + 20 + 0.25 * 30))


@pytest.mark.parametrize("lag", [3, 4, 7])
def test_a_lag_longer_than_the_series_leaves_no_year(lag):
    found = lag_adjusted([1, 2, 3], [4, 5, 6], [0.5] + [0] * (lag - 1) + [0.5])
    assert np.isnan(found.value)
    assert (found.years_used, found.low, found.high) == (0, 0, np.inf)


def test_what_stands_where_a_year_is_not_reported_is_ignored():
    mask = [True, False, True, True]
    first, second = (
        lag_adjusted([5, 9, 7, 8], [10, filler, 20, 30], [0.5, 0.5], prosecuted_reported=mask)
        for filler in (0, 10_000)
    )
    assert first == second


def test_prosecutions_all_zero_leave_no_upper_limit():
    found = lag_adjusted([3, 4], [0, 0], [1])
    assert np.isinf(found.value)
    assert np.isinf(found.high)
    assert found.low > 0


def test_a_weighted_sum_that_is_a_plain_count_is_one():
    assert np.allclose(
        weighted_ratio([3, 9], [10, 20], [10, 20]), ratio_of_counts([3, 9], [10, 20])
    )


def test_many_places_at_once_are_each_place_alone():
    generator = np.random.default_rng(5)
    convicted, prosecuted = generator.integers(0, 50, (2, 10_000, 6))
    together = lag_adjusted(convicted, prosecuted, LAGS)
    alone = lag_adjusted(convicted[4321], prosecuted[4321], LAGS)
    assert together.high[4321] == pytest.approx(float(alone.high))
    assert together.value.shape == (10_000,)
