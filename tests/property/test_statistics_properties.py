"""What holds for shrinkage, ranks, ranges, lags, funnels and trends, whatever the counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.statistics import (
    Estimate,
    Posterior,
    Shrunken,
    censored_rate,
    censored_ratio,
    censored_share,
    eb_beta_binomial,
    eb_gamma_poisson,
    eb_ratio,
    funnel_limits,
    lag_adjusted,
    posterior,
    prob_higher,
    rank_intervals,
    trend_signal,
)

SLACK = 1e-6
COUNT = st.integers(0, 60)
WIDTH = st.one_of(st.just(0), st.integers(0, 9))
KINDS = st.sampled_from(["rate", "share", "ratio"])


@dataclass(frozen=True)
class Counts:
    """Ranges above and below the line, place by place or year by year; the part never exceeds
    its whole, and `wider` bounds hold every range."""

    low: np.ndarray
    high: np.ndarray
    size: np.ndarray
    wider_low: np.ndarray
    wider_high: np.ndarray


@st.composite
def counts(draw: st.DrawFn, least: int = 1, most: int = 6) -> Counts:
    number = draw(st.integers(least, most))

    def column(values: st.SearchStrategy[int]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=number, max_size=number)), dtype=float)

    low = column(COUNT)
    high = low + column(WIDTH)
    wider_high = high + column(WIDTH)
    return Counts(
        low, high, wider_high + column(COUNT) + 1, np.maximum(low - column(WIDTH), 0), wider_high
    )


Censored = Callable[..., Estimate]


def rate_of(low: np.ndarray, high: np.ndarray, size: np.ndarray, level: float = 0.95) -> Estimate:
    return censored_rate(low, high, size, confidence=level)


def ratio_of(low: np.ndarray, high: np.ndarray, size: np.ndarray, level: float = 0.95) -> Estimate:
    return censored_ratio(low, high, size, size, confidence=level)


def share_of(low: np.ndarray, high: np.ndarray, size: np.ndarray, level: float = 0.95) -> Estimate:
    return censored_share(low, high, size, size, confidence=level)


CENSORED: dict[str, Censored] = {"rate": rate_of, "ratio": ratio_of, "share": share_of}
ALL_CENSORED = pytest.mark.parametrize("estimate", CENSORED.values(), ids=list(CENSORED))

Shrink = Callable[[np.ndarray, np.ndarray, np.ndarray], Shrunken]
SHRINK: dict[str, Shrink] = {
    "rate": lambda low, high, size: eb_gamma_poisson(low, size, count_high=high),
    "share": lambda low, high, size: eb_beta_binomial(low, size, count_high=high),
    "ratio": lambda low, high, size: eb_ratio(low, size, numerator_high=high),
}
ALL_SHRINK = pytest.mark.parametrize("shrink", SHRINK.values(), ids=list(SHRINK))


@ALL_CENSORED
@given(years=counts())
def test_the_interval_of_ranges_holds_the_estimate(estimate: Censored, years: Counts) -> None:
    found = estimate(years.low, years.high, years.size)
    assert 0 <= found.low < found.high
    if not np.isnan(found.value):
        assert found.low * (1 - SLACK) <= found.value <= found.high * (1 + SLACK)


@pytest.mark.parametrize("kind", list(CENSORED))
@given(years=counts(), levels=st.tuples(st.floats(0.5, 0.9), st.floats(0.91, 0.999)))
def test_more_confidence_is_a_longer_interval_of_ranges(
    kind: str, years: Counts, levels: tuple[float, float]
) -> None:
    short, long = (CENSORED[kind](years.low, years.high, years.size, level) for level in levels)
    assert long.low <= short.low * (1 + SLACK)
    assert short.high <= long.high * (1 + SLACK)


@given(years=counts(), factor=st.floats(1e-6, 1e6))
def test_rates_scale_with_their_exposure(years: Counts, factor: float) -> None:
    plain = censored_rate(years.low, years.high, years.size)
    scaled = censored_rate(years.low, years.high, years.size * factor)
    for name in ("value", "low", "high"):
        expected = getattr(plain, name) / factor
        assert getattr(scaled, name) == pytest.approx(expected, rel=1e-4, nan_ok=True)


@ALL_CENSORED
@given(years=counts(least=2), seed=st.integers(0, 99))
def test_the_order_of_years_does_not_matter(estimate: Censored, years: Counts, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(years.low))
    first = estimate(years.low, years.high, years.size)
    again = estimate(years.low[order], years.high[order], years.size[order])
    assert again.high == pytest.approx(float(first.high), rel=SLACK)
    assert again.value == pytest.approx(float(first.value), rel=SLACK, nan_ok=True)


@given(years=counts(), swap=counts())
def test_a_ratio_turned_round_has_turned_limits(years: Counts, swap: Counts) -> None:
    number = min(len(years.low), len(swap.low))
    above = years.low[:number], years.high[:number]
    below = swap.low[:number], swap.high[:number]
    forth, back = censored_ratio(*above, *below), censored_ratio(*below, *above)
    with np.errstate(divide="ignore"):
        turned = [np.divide(1, each) for each in (forth.value, forth.high, forth.low)]
    found = [float(each) for each in (back.value, back.low, back.high)]
    assert found == pytest.approx([float(each) for each in turned], rel=1e-5, nan_ok=True)


@given(year=counts(most=1))
def test_a_range_in_one_year_reaches_beyond_its_lowest_and_highest_completion(
    year: Counts,
) -> None:
    range_ = censored_rate(year.low, year.high, year.size)
    lowest, highest = (censored_rate(end, end, year.size) for end in (year.low, year.high))
    assert lowest.value * (1 - SLACK) <= np.nan_to_num(range_.value, nan=lowest.value)
    assert np.nan_to_num(range_.value, nan=lowest.value) <= highest.value * (1 + SLACK)
    assert range_.low <= highest.low * (1 + SLACK)
    assert lowest.high <= range_.high * (1 + SLACK)


@ALL_SHRINK
@given(places=counts())
def test_shrunken_values_lie_within_their_limits(shrink: Shrink, places: Counts) -> None:
    found = shrink(places.low, places.high, places.size)
    assert np.all(found.low <= found.value * (1 + SLACK))
    assert np.all(found.value <= found.high * (1 + SLACK) + 1e-300)
    assert np.all((found.weight >= 0) & (found.weight <= 1))


@given(places=counts(least=3))
def test_shrunken_rates_lie_between_their_own_rate_and_that_of_all(places: Counts) -> None:
    found = eb_gamma_poisson(places.low, places.size)
    if np.isnan(found.prior_value):
        return
    own = places.low / places.size
    assert np.all(found.value >= np.minimum(own, found.prior_value) * (1 - SLACK))
    assert np.all(found.value <= np.maximum(own, found.prior_value) * (1 + SLACK))


@ALL_SHRINK
@settings(max_examples=20)
@given(places=counts(least=3), seed=st.integers(0, 99))
def test_the_order_of_places_does_not_matter(shrink: Shrink, places: Counts, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(places.low))
    first = shrink(places.low, places.high, places.size)
    again = shrink(places.low[order], places.high[order], places.size[order])
    assert np.allclose(again.value, first.value[order], rtol=0.02)


@given(kind=KINDS, places=counts())
def test_wider_ranges_have_longer_intervals(kind: str, places: Counts) -> None:
    narrow = posterior(kind, places.low, places.size, above_high=places.high).interval()
    wide = posterior(kind, places.wider_low, places.size, above_high=places.wider_high).interval()
    assert np.all(wide[0] <= narrow[0] * (1 + SLACK))
    assert np.all(narrow[1] <= wide[1] * (1 + SLACK))


def from_counts(kind: str, places: Counts) -> Posterior:
    return posterior(kind, places.low, places.size, above_high=places.high)


@settings(max_examples=20, deadline=None)
@given(kind=KINDS, places=counts(most=12))
def test_ranks_are_whole_numbers_from_1_to_n_within_their_limits(kind: str, places: Counts) -> None:
    number = len(places.low)
    found = rank_intervals(from_counts(kind, places), draws=100)
    assert sorted(found.rank) == list(range(1, number + 1))
    assert np.all((found.low >= 1) & (found.low <= found.rank))
    assert np.all((found.rank <= found.high) & (found.high <= number))


@settings(max_examples=20, deadline=None)
@given(kind=KINDS, places=counts(least=2, most=2))
def test_the_probabilities_of_two_orders_add_up_to_one(kind: str, places: Counts) -> None:
    both = from_counts(kind, places)
    forth = prob_higher(both[0], both[1], draws=4000, seed=1)
    back = prob_higher(both[1], both[0], draws=4000, seed=2)
    assert forth.probability_low[0] <= forth.probability_high[0]
    assert forth.probability_low[0] + back.probability_high[0] == pytest.approx(1, abs=0.06)
    assert forth.low[0] <= forth.difference[0] <= forth.high[0]


@given(
    kind=KINDS, places=counts(), dispersion=st.sampled_from(["none", "multiplicative", "additive"])
)
def test_the_sign_of_a_position_is_the_side_of_the_centre(
    kind: str, places: Counts, dispersion: str
) -> None:
    found = funnel_limits(
        kind, places.low, places.size, count_high=places.high, dispersion=dispersion
    )
    below = places.size - (places.low if kind == "ratio" else 0)
    lowest = places.low / below
    highest = places.high / (places.size - (places.high if kind == "ratio" else 0))
    assert np.all(lowest[found.position > 0] > found.centre)
    assert np.all(highest[found.position < 0] < found.centre)
    assert set(found.position) <= {-2, -1, 0, 1, 2}


@given(
    kind=KINDS, places=counts(), dispersion=st.sampled_from(["none", "multiplicative", "additive"])
)
def test_wide_limits_hold_the_narrow_ones_and_those_the_centre(
    kind: str, places: Counts, dispersion: str
) -> None:
    found = funnel_limits(kind, places.low, places.size, dispersion=dispersion)
    rising = (found.low_998, found.low_95, np.full(len(places.low), found.centre))
    rising += (found.high_95, found.high_998)
    for lower, upper in pairwise(rising):
        assert np.all(lower <= upper * (1 + SLACK) + 1e-12)


@given(years=counts(least=2), split=st.floats(0, 1))
def test_a_lag_leaves_the_ratio_within_its_limits(years: Counts, split: float) -> None:
    found = lag_adjusted(years.low, years.size, [split, 1 - split])
    if found.years_used:
        assert found.low <= found.value * (1 + SLACK)
        assert found.value <= found.high * (1 + SLACK)
        assert 0 < found.effective_count <= years.size.sum() * (1 + SLACK)


@given(years=counts(most=14), factor=st.integers(2, 9))
def test_a_trend_reversed_in_time_reverses_its_verdict(years: Counts, factor: int) -> None:
    forth = trend_signal("rate", years.low, years.size)
    back = trend_signal("rate", years.low[::-1], years.size[::-1])
    mirrored = {"up": "down", "down": "up"}
    verdict = str(forth.verdict)
    assert back.verdict == mirrored.get(verdict, verdict)
    assert back.outside[::-1].tolist() == forth.outside.tolist()
    assert back.run[::-1].tolist() == forth.run.tolist()
    scaled = trend_signal("rate", years.low, years.size * factor)
    assert scaled.verdict == verdict
    assert np.allclose(scaled.limit_high * factor, forth.limit_high)
