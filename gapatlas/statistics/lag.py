"""Convictions against the prosecutions that were due to end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats
from gapatlas.statistics.intervals import Interval, ratio_of_counts


@dataclass(frozen=True)
class Lagged:
    """A lag-adjusted ratio.

    Attributes:
        value: convicted / expected; NaN where no year could be used.
        low, high: confidence limits of the ratio; 0 and infinity where no year could be used.
        expected: prosecutions that were due to end in the years used, in persons.
        effective_count: size of a plain count that varies as much as `expected`.
        years_used: years whose convictions and all needed prosecutions are reported.
    """

    value: Floats
    low: Floats
    high: Floats
    expected: Floats
    effective_count: Floats
    years_used: Floats


def lag_adjusted(
    convicted: ArrayLike,
    prosecuted: ArrayLike,
    weights: ArrayLike,
    *,
    convicted_reported: ArrayLike | None = None,
    prosecuted_reported: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Lagged:
    """Convictions divided by prosecutions convolved with a distribution of lags.

    In year t, `sum_k weights[k] * prosecuted[t - k]` prosecutions are due to end. Over the years
    used, each year's prosecutions enter with a total weight c, and the sum D = sum c P varies
    like a plain count of D^2 / sum c^2 P: prosecutions that are shared out between years are
    counted once, not once for each year.

    Args:
        convicted, prosecuted: counts, shape (..., years), years in order without gaps. What
            stands where a year is not reported is ignored, but must be a number.
        weights: share of prosecutions that end after 0, 1, 2, ... years; adds up to 1.
        convicted_reported, prosecuted_reported: which years are reported; None means all.
        confidence: two-sided confidence level, between 0 and 1.

    Returns:
        A `Lagged` with arrays of shape (...). Weights of [1] give `ratio_of_counts` itself.

    Raises:
        ValueError: counts that are negative or missing; weights that are negative or do not add
            up to 1; masks that do not fit.

    Source: expected counts by convolution as in the back-calculation of Brookmeyer and Gail
    1988, J Am Stat Assoc 83:301; the effective count is the two-moment match of Satterthwaite
    1946, Biometrics Bulletin 2:110, as used for weighted Poisson sums by Fay and Feuer 1997,
    Stat Med 16:791.
    """
    x, p = checks.counts(convicted=convicted, prosecuted=prosecuted)
    checks.years(convicted=x)
    shares = _checked_weights(weights)
    told = checks.mask(convicted_reported, x.shape)
    known = checks.mask(prosecuted_reported, p.shape)
    used = told & _all_known(known, shares)
    drawn = _times_drawn(used, shares)
    expected = np.sum(np.where(drawn > 0, drawn * p, 0.0), axis=-1)
    variance = np.sum(np.where(drawn > 0, drawn**2 * p, 0.0), axis=-1)
    effective = np.where(variance > 0, expected**2 / np.where(variance > 0, variance, 1.0), 0.0)
    total = np.sum(np.where(used, x, 0.0), axis=-1)
    years = used.sum(axis=-1).astype(np.float64)
    low, high = weighted_ratio(total, expected, effective, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(years > 0, total / expected, np.nan)
    return Lagged(value, low, high, expected, effective, years)


def weighted_ratio(
    numerator: ArrayLike, expected: ArrayLike, effective: ArrayLike, confidence: float = 0.95
) -> Interval:
    """Interval of a count divided by a weighted sum of counts.

    The weighted sum is taken as a plain count of size `effective`, rescaled to its own size.

    Args:
        numerator: counts, any shape; >= 0.
        expected: weighted sums of counts, same shape; 0 gives an upper limit of infinity.
        effective: size of a plain count that varies as much, same shape.
        confidence: two-sided confidence level, between 0 and 1.

    Returns:
        Lower and upper limits of numerator / expected.

    Raises:
        ValueError: a negative or missing number.

    Source: as `lag_adjusted`; the limits are those of `ratio_of_counts`.
    """
    x, sums, sizes = checks.counts(numerator=numerator, expected=expected, effective=effective)
    low, high = ratio_of_counts(x, sizes, confidence)
    known = (sums > 0) & (sizes > 0)
    scale = np.where(known, sizes / np.where(known, sums, 1.0), 1.0)
    return low * scale, np.where(known, high * scale, np.inf)


def _checked_weights(weights: ArrayLike) -> Floats:
    (shares,) = checks.counts(weights=weights)
    if shares.ndim != 1 or abs(shares.sum() - 1) > 1e-9:
        raise ValueError(f"weights must be a list that adds up to 1, not {np.sum(shares):g}")
    return shares


def _all_known(known: checks.Bools, shares: Floats) -> checks.Bools:
    """Years for which every earlier year that they draw on is known."""
    complete = np.ones(known.shape, dtype=np.bool_)
    for lag in np.flatnonzero(shares):
        complete[..., :lag] = False
        complete[..., lag:] &= known[..., : max(known.shape[-1] - lag, 0)]
    return complete


def _times_drawn(used: checks.Bools, shares: Floats) -> Floats:
    """How much of each year's prosecutions the years used draw on."""
    drawn = np.zeros(used.shape)
    for lag in np.flatnonzero(shares):
        drawn[..., : max(used.shape[-1] - lag, 0)] += shares[lag] * used[..., lag:]
    return drawn
