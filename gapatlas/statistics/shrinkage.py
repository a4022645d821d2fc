"""Empirical Bayes: a place with few cases borrows from all places, one with many does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats
from gapatlas.statistics.posterior import JEFFREYS, Kind, Posterior, posterior

STRENGTH = (0.05, 1e7)
"""Prior strengths that are looked for; at the upper end all places have one rate, below the lower
one gamma draws are too small for a computer's numbers."""
MIDDLING = 10.0


@dataclass(frozen=True)
class Shrunken:
    """Rates of several places, each drawn towards the rate of all.

    Attributes:
        value: posterior mean, or for a ratio the odds of the posterior mean share; shape
            (places,). Of counts known as a range, that of the middle of the range.
        low, high: credible limits over every completion of the counts.
        weight: share of the place's own counts in `value`, between 0 and 1.
        prior_value: the rate to which values are drawn; NaN where none could be fitted.
        prior_strength: how many events (rate) or cases (share, ratio) the prior is worth.
        posterior: what ranks and comparisons are drawn from.
    """

    value: Floats
    low: Floats
    high: Floats
    weight: Floats
    prior_value: float
    prior_strength: float
    posterior: Posterior


def eb_gamma_poisson(
    count: ArrayLike,
    exposure: ArrayLike,
    *,
    count_high: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Shrunken:
    """Shrink the rates of Poisson counts.

    Rates of places follow a gamma distribution, fitted by marginal maximum likelihood from the
    moments of Marshall as a start. Counts known as a range enter the fit at their middle; their
    interval covers both ends. Uncertainty of the fit itself is not in the intervals: with few
    places they are a little short (see the coverage table in the docs).

    Args:
        count: events, shape (places,); lower bounds where `count_high` is given.
        exposure: what they are divided by, same shape; 0 leaves a place with the prior alone.
        count_high: upper bounds; None means exact counts.
        confidence: two-sided level, between 0 and 1.

    Returns:
        A `Shrunken` in events per unit of exposure. With fewer than two places that have
        exposure, nothing can be borrowed: values are the raw rates under Jeffreys' prior.

    Raises:
        ValueError: counts that are negative or missing, low > high, no exposure in any place.

    Source: Clayton and Kaldor 1987, Biometrics 43:671; Marshall 1991, Appl Stat 40:283.
    """
    low, high = checks.bounds("count", count, count_high)
    low, high, people = checks.line(count=low, count_high=high, exposure=exposure)
    low, high = (np.where(people > 0, bound, 0.0) for bound in (low, high))
    middle = (low + high) / 2
    if not np.any(people > 0):
        raise ValueError("exposure is 0 in every place: there is no rate to shrink")
    fitted = _fit(middle, people, _negative_binomial, _gamma_start)
    if fitted is None:
        return _unshrunken("rate", low, high, people, people, confidence)
    mean, strength = fitted
    shape, rate = strength, strength / mean
    after = posterior("rate", low, people, above_high=high, prior=(shape, rate))
    value = (middle + shape) / (people + rate)
    weight = people / (people + rate)
    return Shrunken(value, *after.interval(confidence), weight, mean, strength, after)


def eb_beta_binomial(
    count: ArrayLike,
    total: ArrayLike,
    *,
    count_high: ArrayLike | None = None,
    total_high: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Shrunken:
    """Shrink shares of a whole.

    Shares of places follow a beta distribution, fitted as in `eb_gamma_poisson`.

    Args:
        count: the part, shape (places,); lower bounds where `count_high` is given.
        total: the whole, same shape; lower bounds where `total_high` is given. 0 leaves a place
            with the prior alone.
        count_high, total_high: upper bounds; None means exact.
        confidence: two-sided level, between 0 and 1.

    Returns:
        A `Shrunken` between 0 and 1; with fewer than two places raw, as `eb_gamma_poisson`.

    Raises:
        ValueError: counts that are negative or missing, low > high, a part above its whole, no
            whole in any place.

    Source: Griffiths 1973, Biometrics 29:637; Clayton and Kaldor 1987, Biometrics 43:671.
    """
    low, high = checks.bounds("count", count, count_high)
    n_low, n_high = checks.bounds("total", total, total_high)
    low, high, n_low, n_high = checks.line(
        count=low, count_high=high, total=n_low, total_high=n_high
    )
    if np.any(low > n_high):
        raise ValueError("count must not exceed total: a share cannot be above 1")
    if not np.any(n_high > 0):
        raise ValueError("total is 0 in every place: there is no share to shrink")
    whole = (n_low + n_high) / 2
    middle = np.minimum((low + high) / 2, whole)
    fitted = _fit(middle, whole, _beta_binomial, _beta_start)
    if fitted is None:
        return _unshrunken("share", low, high, n_low, n_high, confidence)
    mean, strength = fitted
    prior = strength * mean, strength * (1 - mean)
    after = posterior("share", low, n_low, above_high=high, below_high=n_high, prior=prior)
    value = (middle + prior[0]) / (whole + strength)
    weight = whole / (whole + strength)
    return Shrunken(value, *after.interval(confidence), weight, mean, strength, after)


def eb_ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    numerator_high: ArrayLike | None = None,
    denominator_high: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Shrunken:
    """Shrink ratios of two counts of which neither is part of the other.

    Given the sum of the two, the numerator is binomial, so this is `eb_beta_binomial` of the
    numerator in the sum, with values and limits turned into odds. To take the denominator for
    an exposure instead would ignore that it is a count: its intervals would be too short by up
    to the square root of 1 + the ratio.

    Args:
        numerator, denominator: counts, shape (places,); lower bounds where upper ones are given.
        numerator_high, denominator_high: upper bounds; None means exact.
        confidence: two-sided level, between 0 and 1.

    Returns:
        A `Shrunken` of numerator / denominator; with fewer than two places raw, as
        `eb_gamma_poisson`.

    Raises:
        ValueError: counts that are negative or missing, low > high, no count in any place.

    Source: conditional distribution, Przyborowski and Wilenski 1940, Biometrika 31:313;
    shrinkage as `eb_beta_binomial`.
    """
    x_low, x_high = checks.bounds("numerator", numerator, numerator_high)
    y_low, y_high = checks.bounds("denominator", denominator, denominator_high)
    x_low, x_high, y_low, y_high = checks.line(
        numerator=x_low, numerator_high=x_high, denominator=y_low, denominator_high=y_high
    )
    x, y = (x_low + x_high) / 2, (y_low + y_high) / 2
    if not np.any(x + y > 0):
        raise ValueError("both counts are 0 in every place: there is no ratio to shrink")
    fitted = _fit(x, x + y, _beta_binomial, _beta_start)
    if fitted is None:
        return _unshrunken("ratio", x_low, x_high, y_low, y_high, confidence)
    mean, strength = fitted
    prior = strength * mean, strength * (1 - mean)
    after = posterior("ratio", x_low, y_low, above_high=x_high, below_high=y_high, prior=prior)
    return Shrunken(
        value=(x + prior[0]) / (y + prior[1]),
        low=after.interval(confidence)[0],
        high=after.interval(confidence)[1],
        weight=(x + y) / (x + y + strength),
        prior_value=mean / (1 - mean),
        prior_strength=strength,
        posterior=after,
    )


def _unshrunken(
    kind: Kind, x_low: Floats, x_high: Floats, y_low: Floats, y_high: Floats, confidence: float
) -> Shrunken:
    after = posterior(kind, x_low, y_low, above_high=x_high, below_high=y_high)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (x_low + x_high) / (y_low + y_high)
    low, high = after.interval(confidence)
    # At nought and at all, Jeffreys' limits are put to the end: Brown, Cai and DasGupta 2001, Stat
    # Sci 16:101, section 4.1.2.
    low, high = np.fmin(low, value), np.fmax(high, value)
    return Shrunken(value, low, high, np.ones(len(after)), np.nan, 2 * JEFFREYS, after)


LogLikelihood = Callable[[Floats, Floats, float, float], tuple[float, float, float]]
"""Log likelihood, and its slopes by the logarithms of the prior's mean and strength."""


def _fit(
    x: Floats,
    size: Floats,
    log_likelihood: LogLikelihood,
    start: Callable[[Floats, Floats], tuple[float, float]],
) -> tuple[float, float] | None:
    """Mean and strength of the prior by marginal maximum likelihood; None where fewer than two
    places tell anything, or none has an event."""
    told = size > 0
    if told.sum() < 2 or not np.any(x[told] > 0):
        return None
    x, size = x[told], size[told]
    mean, strength = start(x, size)
    edges = [(np.log(mean) - 3, np.log(mean) + 3), tuple(np.log(STRENGTH))]
    if log_likelihood is _beta_binomial:
        edges[0] = (edges[0][0], min(edges[0][1], float(np.log1p(-1e-9))))

    # Relative to where it begins: the constants of the likelihood would hide small gains.
    level, *_ = log_likelihood(x, size, mean, 1.0)

    def cost(at: Floats) -> tuple[float, Floats]:
        found, *slopes = log_likelihood(x, size, float(np.exp(at[0])), float(np.exp(at[1])))
        return level - found, -np.array(slopes)

    # From a far end alone, where the likelihood is flat, the search would not come back.
    begins = [(np.log(mean), np.log(each)) for each in (np.clip(strength, *STRENGTH), MIDDLING)]
    tried = [
        optimize.minimize(cost, begin, jac=True, method="L-BFGS-B", bounds=edges)
        for begin in begins
    ]
    best = min(tried, key=lambda each: float(each.fun))
    return float(np.exp(best.x[0])), float(np.exp(best.x[1]))


def _negative_binomial(
    x: Floats, exposure: Floats, mean: float, shape: float
) -> tuple[float, float, float]:
    rate = shape / mean
    value = np.sum(
        special.gammaln(x + shape)
        - special.gammaln(shape)
        - shape * np.log1p(exposure / rate)
        + special.xlogy(x, exposure / (exposure + rate))
    )
    by_rate = np.sum((shape * exposure / rate - x) / (exposure + rate))
    by_shape = np.sum(
        special.digamma(x + shape) - special.digamma(shape) - np.log1p(exposure / rate)
    )
    return float(value), float(-rate * by_rate), float(shape * by_shape + rate * by_rate)


def _beta_binomial(
    x: Floats, n: Floats, mean: float, strength: float
) -> tuple[float, float, float]:
    a, b = strength * mean, strength * (1 - mean)
    value = np.sum(special.betaln(a + x, b + n - x) - special.betaln(a, b))
    total = special.digamma(a + b) - special.digamma(a + b + n)
    by_a = np.sum(special.digamma(a + x) - special.digamma(a) + total)
    by_b = np.sum(special.digamma(b + n - x) - special.digamma(b) + total)
    return float(value), float(a * (by_a - by_b)), float(a * by_a + b * by_b)


def _gamma_start(x: Floats, exposure: Floats) -> tuple[float, float]:
    """Marshall's global moments: pooled rate, and what its spread exceeds that of chance by."""
    mean = float(x.sum() / exposure.sum())
    spread = float(np.sum(exposure * (x / exposure - mean) ** 2) / exposure.sum())
    excess = spread - mean / float(exposure.mean())
    return mean, mean**2 / excess if excess > 0 else STRENGTH[1] / 10


def _beta_start(x: Floats, n: Floats) -> tuple[float, float]:
    mean = float(np.clip(x.sum() / n.sum(), 1e-9, 1 - 1e-9))
    spread = float(np.sum(n * (x / n - mean) ** 2) / n.sum())
    excess = spread - mean * (1 - mean) / float(n.mean())
    return mean, max(mean * (1 - mean) / excess - 1, 0.1) if excess > 0 else STRENGTH[1] / 10
