"""How far places fall short of what a benchmark lets one expect, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats

FEWEST_OTHERS = 3
"""Others that a quantile is taken of at least: of two, no middle can be told."""


@dataclass(frozen=True)
class Draws:
    """Draws of one rate per place.

    Attributes:
        low, high: rates in the lowest and the highest completion of the counts, shape
            (draws, places); NaN in all draws of a place of which nothing is known. One array
            where all counts are exact.
    """

    low: Floats
    high: Floats

    def map(self, function: Callable[[Floats], Floats]) -> Draws:
        """Both completions through a function of an array."""
        low = function(self.low)
        return Draws(low, low if self.high is self.low else function(self.high))


@dataclass(frozen=True)
class Shortfall:
    """Expected against observed, place by place; NaN where there is no benchmark.

    Attributes:
        expected_low, expected_high: median expected count, in the lowest and the highest
            completion of the counts behind it.
        expected_from, expected_to: interval of the expected count.
        number_low, number_high: expected minus observed count, over the completions.
        number_from, number_to: interval of it.
        ratio_low, ratio_high: observed over expected count, over the completions.
        ratio_from, ratio_to: interval of it.
        probability_low, probability_high: least and greatest probability, over the completions,
            that the place's rate lies below the benchmark.
    """

    expected_low: Floats
    expected_high: Floats
    expected_from: Floats
    expected_to: Floats
    number_low: Floats
    number_high: Floats
    number_from: Floats
    number_to: Floats
    ratio_low: Floats
    ratio_high: Floats
    ratio_from: Floats
    ratio_to: Floats
    probability_low: Floats
    probability_high: Floats


def shortfall(
    own: Draws,
    benchmark: Draws,
    *,
    observed_low: ArrayLike,
    observed_high: ArrayLike,
    size_low: ArrayLike,
    size_high: ArrayLike,
    confidence: float = 0.95,
) -> Shortfall:
    """Compare the rates of places with a benchmark, as counts, ratios and probabilities.

    The expected count is the benchmark's rate times the place's own size (what its rate divides
    by). Intervals hold what chance in the place's own counts and in those behind the benchmark
    can explain, in every completion of counts that are known as a range.

    Args:
        own: draws of the places' rates.
        benchmark: draws of the rate that is expected of each.
        observed_low, observed_high: bounds of the counts above the line, shape (places,).
        size_low, size_high: bounds of what they are divided by.
        confidence: two-sided level, between 0 and 1.

    Returns:
        A `Shortfall` with arrays of shape (places,).

    Raises:
        ValueError: draws or counts of other shapes, counts that are negative or missing,
            low > high.
    """
    if own.low.shape != benchmark.low.shape:
        raise ValueError(f"draws of shape {own.low.shape} do not fit {benchmark.low.shape}")
    x_low, x_high = checks.bounds("observed", observed_low, observed_high)
    n_low, n_high = checks.bounds("size", size_low, size_high)
    for name, array in (("observed", x_low), ("size", n_low)):
        if array.shape != own.low.shape[1:]:
            raise ValueError(f"{name} of shape {array.shape} does not fit {own.low.shape[1:]}")
    tail = (1 - checks.level(confidence)) / 2
    expected_low = _quantile(benchmark.low, 0.5) * n_low
    expected_high = _quantile(benchmark.high, 0.5) * n_high
    number_low, number_high = expected_low - x_high, expected_high - x_low
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        fewest = _quantile(benchmark.low - own.high, tail)
        most = _quantile(benchmark.high - own.low, 1 - tail)
        ratio_from = _quantile(own.low / benchmark.high, tail)
        ratio_to = _quantile(own.high / benchmark.low, 1 - tail)
        ratio_low, ratio_high = x_low / expected_high, x_high / expected_low
    known = ~np.isnan(expected_low)
    below = (own.high < benchmark.low).mean(axis=0), (own.low < benchmark.high).mean(axis=0)
    # Draws of a rate never reach nought, which a count of nought is: intervals are put to it.
    return Shortfall(
        expected_low=expected_low,
        expected_high=expected_high,
        expected_from=_quantile(benchmark.low, tail) * n_low,
        expected_to=_quantile(benchmark.high, 1 - tail) * n_high,
        number_low=number_low,
        number_high=number_high,
        number_from=np.fmin(_sized(fewest, n_high, n_low), number_low),
        number_to=np.fmax(_sized(most, n_low, n_high), number_high),
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        ratio_from=np.fmin(ratio_from, ratio_low),
        ratio_to=np.fmax(ratio_to, ratio_high),
        probability_low=np.where(known, below[0], np.nan),
        probability_high=np.where(known, below[1], np.nan),
    )


def quantile_of_others(draws: Floats, groups: ArrayLike, share: float) -> Floats:
    """In each draw, a quantile over all other places of a place's group.

    Args:
        draws: one value per draw and place, shape (draws, places), without NaN.
        groups: group of each place, shape (places,); an empty text belongs to no group.
        share: of the others that lie below, such as 0.5 for the median.

    Returns:
        Shape (draws, places); NaN for a place with fewer than 3 others.

    Raises:
        ValueError: groups of another length, or a share outside 0 to 1.

    Source: linear interpolation of order statistics, as `numpy.quantile`.
    """
    labels = np.asarray(groups)
    if labels.shape != draws.shape[1:]:
        raise ValueError(f"{labels.shape[0]} groups do not fit {draws.shape[1]} places")
    if not 0 <= share <= 1:
        raise ValueError(f"share must lie between 0 and 1, not {share}")
    result = np.full(draws.shape, np.nan)
    for label in np.unique(labels[labels != ""]):
        members = np.flatnonzero(labels == label)
        if len(members) > FEWEST_OTHERS:
            result[:, members] = _without_each(draws[:, members], share)
    return result


def _without_each(values: Floats, share: float) -> Floats:
    """Quantile of each row without each of its columns in turn, from one sort of the row."""
    ordered = np.sort(values, axis=1)
    others = values.shape[1] - 1
    place = (others - 1) * share
    below = int(np.floor(place))
    above = min(below + 1, others - 1)
    lower, upper = (_order_statistic(values, ordered, at) for at in (below, above))
    return np.asarray(lower + (place - below) * (upper - lower))


def _order_statistic(values: Floats, ordered: Floats, at: int) -> Floats:
    """The value at a position among all others: one further on for those that stand before it."""
    here, next_ = ordered[:, at : at + 1], ordered[:, at + 1 : at + 2]
    return np.where(values > here, here, next_)


def _quantile(draws: Floats, share: float) -> Floats:
    """A quantile of each place's draws; NaN where nothing is known of it."""
    at = round(share * (len(draws) - 1))
    found = np.partition(draws, at, axis=0)[at]
    return np.asarray(np.where(np.isnan(draws[0]), np.nan, found))


def _sized(rate: Floats, where_negative: Floats, where_positive: Floats) -> Floats:
    """A difference of rates as a count: the size that moves it farther out."""
    return rate * np.where(rate < 0, where_negative, where_positive)
