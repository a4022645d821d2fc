"""Confidence intervals of shares, rates and ratios of counts.

Pure functions on arrays. All take array-likes that broadcast to one shape and return a pair
`(low, high)` of float arrays of that shape. A denominator of zero gives the widest defined
answer: a lower limit that the count supports and an upper limit of infinity (1 for a share).

Definitions follow the public-health indicators of OHID's Fingertips (R package
PHEindicatormethods): Wilson for shares, Byar for rates, exact conditional for the ratio of two
counts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats

Interval = tuple[Floats, Floats]
IntervalFunction = Callable[..., Interval]

BYAR_FROM = 10
"""Counts below this use the exact Poisson limits: Byar's approximation is poor there."""


def wilson(count: ArrayLike, total: ArrayLike, confidence: float = 0.95) -> Interval:
    """Wilson score interval of a share.

    Args:
        count: successes, any shape; 0 <= count <= total.
        total: trials, same shape. 0 trials give (0, 1).
        confidence: two-sided confidence level, between 0 and 1.

    Returns:
        Lower and upper limits, as shares between 0 and 1.

    Raises:
        ValueError: a negative or missing count, or count > total.

    Source: Wilson 1927, J Am Stat Assoc 22:209; Newcombe 1998, Stat Med 17:857.
    """
    x, n = checks.counts(count=count, total=total)
    if np.any(x > n):
        raise ValueError("count must not exceed total: a share cannot be above 1")
    z = _z(confidence)
    trials = np.where(n > 0, n, 1.0)
    share = x / trials
    centre = share + z**2 / (2 * trials)
    half = z * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    scale = 1 + z**2 / trials
    low = np.where(x == 0, 0.0, (centre - half) / scale)
    high = np.where(x == n, 1.0, (centre + half) / scale)
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def byar(count: ArrayLike, exposure: ArrayLike, confidence: float = 0.95) -> Interval:
    """Interval of a rate: Byar's approximation, exact Poisson limits for counts below 10.

    Args:
        count: events, any shape; >= 0.
        exposure: what the events are divided by (people, person-years), same shape; >= 0.
            0 gives an upper limit of infinity.
        confidence: two-sided confidence level, between 0 and 1.

    Returns:
        Lower and upper limits of count / exposure, in events per unit of exposure.

    Raises:
        ValueError: a negative or missing count or exposure.

    Source: Breslow and Day 1987, IARC Sci Publ 82, p 69; exact limits Garwood 1936,
    Biometrika 28:437.
    """
    x, n = checks.counts(count=count, exposure=exposure)
    low, high = _poisson_limits(x, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.where(n > 0, low / n, 0.0)
        upper = np.where(n > 0, high / n, np.inf)
    return lower, upper


def ratio_of_counts(
    numerator: ArrayLike, denominator: ArrayLike, confidence: float = 0.95
) -> Interval:
    """Exact conditional interval of the ratio of two independent Poisson counts.

    Given their sum, the numerator is binomial; its Clopper-Pearson limits, as odds, bound the
    ratio. Fits counts of which neither is part of the other (persons convicted and persons
    prosecuted in one year may belong to different cases), so the ratio may exceed 1.

    Args:
        numerator: counts, any shape; >= 0.
        denominator: counts, same shape; >= 0. 0 gives an upper limit of infinity.
        confidence: two-sided confidence level, between 0 and 1.

    Returns:
        Lower and upper limits of numerator / denominator. Both zero gives (0, infinity).

    Raises:
        ValueError: a negative or missing count.

    Source: Przyborowski and Wilenski 1940, Biometrika 31:313; Clopper and Pearson 1934,
    Biometrika 26:404.
    """
    x, y = checks.counts(numerator=numerator, denominator=denominator)
    tail = (1 - checks.level(confidence)) / 2
    low_share = np.where(x > 0, special.betaincinv(np.maximum(x, 1e-300), y + 1, tail), 0.0)
    high_share = np.where(y > 0, special.betaincinv(x + 1, np.maximum(y, 1e-300), 1 - tail), 1.0)
    with np.errstate(divide="ignore"):
        high = np.where(high_share < 1, high_share / (1 - high_share), np.inf)
    return low_share / (1 - low_share), high


def over_completions(
    interval: IntervalFunction,
    numerator_low: ArrayLike,
    numerator_high: ArrayLike,
    denominator_low: ArrayLike,
    denominator_high: ArrayLike,
    confidence: float = 0.95,
) -> Interval:
    """Interval that covers every completion of censored counts.

    A source that prints `<5` says that the count lies between two bounds. Each of the
    intervals above rises with the numerator and falls with the denominator, so the smallest
    lower limit is at (numerator_low, denominator_high) and the largest upper limit at
    (numerator_high, denominator_low). For exact counts this is the interval itself.

    Args:
        interval: `wilson`, `byar` or `ratio_of_counts`.
        numerator_low, numerator_high, denominator_low, denominator_high: bounds of the counts,
            one shape; low <= high.
        confidence: two-sided confidence level, between 0 and 1.

    Returns:
        Lower and upper limits, in the unit of `interval`.

    Raises:
        ValueError: low > high, or what `interval` refuses.
    """
    x_low, x_high = checks.bounds("numerator", numerator_low, numerator_high)
    y_low, y_high = checks.bounds("denominator", denominator_low, denominator_high)
    if interval is wilson:  # completions have count <= total, so the largest share is 1
        x_high = np.minimum(x_high, y_low)
    low, _ = interval(x_low, y_high, confidence)
    _, high = interval(x_high, y_low, confidence)
    return low, high


def _poisson_limits(x: Floats, confidence: float) -> Interval:
    tail = (1 - checks.level(confidence)) / 2
    z = _z(confidence)
    exact_low = np.where(x > 0, special.gammaincinv(np.maximum(x, 1), tail), 0.0)
    exact_high = special.gammaincinv(x + 1, 1 - tail)
    at_least_one = np.maximum(x, 1.0)
    byar_low = x * (1 - 1 / (9 * at_least_one) - z / (3 * np.sqrt(at_least_one))) ** 3
    byar_high = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1))) ** 3
    small = x < BYAR_FROM
    return np.where(small, exact_low, byar_low), np.where(small, exact_high, byar_high)


def _z(confidence: float) -> float:
    return float(special.ndtri(0.5 + checks.level(confidence) / 2))
