"""A regression of counts: how many are expected of places like this one.

Counts are negative binomial: their variance is mean + alpha x mean squared. A count known as a
range enters by the probability of the whole range, so that no completion is picked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Bools, Floats

SMALLEST_ALPHA = 1e-6
PLACES_PER_TERM = 3
"""Places needed for each coefficient, else no model is fitted."""


@dataclass(frozen=True)
class CountModel:
    """A fitted negative binomial regression.

    Attributes:
        names: of the coefficients, in order; the last is the logarithm of alpha.
        values, errors: coefficients on the log scale and their standard errors.
        covariance: of the coefficients.
        design, exposure: what the places were described by, shape (places, terms) and (places,).
        count_low, count_high: bounds of the counts.
        log_likelihood, log_likelihood_constant: of the model, and of one rate for all.
        converged: whether the search ended at a maximum.
    """

    names: tuple[str, ...]
    values: Floats
    errors: Floats
    covariance: Floats
    design: Floats
    exposure: Floats
    count_low: Floats
    count_high: Floats
    log_likelihood: float
    log_likelihood_constant: float
    converged: bool

    @property
    def alpha(self) -> float:
        """How much more places vary than chance: 0 as much as chance alone."""
        return float(np.exp(self.values[-1]))

    @property
    def expected(self) -> Floats:
        """Expected count of each place, shape (places,)."""
        return np.asarray(np.exp(self.design @ self.values[:-1]) * self.exposure)

    @property
    def explained(self) -> float:
        """McFadden's share of the log likelihood that the terms explain, 0 to 1."""
        return 1 - self.log_likelihood / self.log_likelihood_constant

    def intervals(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Wald limits of the coefficients, on the log scale."""
        reach = stats.norm.ppf(0.5 + checks.level(confidence) / 2) * self.errors
        return self.values - reach, self.values + reach

    def draws(self, number: int, generator: np.random.Generator) -> Floats:
        """Draws of the expected counts, shape (number, places): what the fit leaves open."""
        terms = len(self.values) - 1
        drawn = generator.multivariate_normal(
            self.values[:terms], self.covariance[:terms, :terms], number, method="eigh"
        )
        return np.asarray(np.exp(drawn @ self.design.T) * self.exposure)

    def inside(self, confidence: float = 0.95) -> Bools:
        """Whether each place's count meets the interval in which the model expects such counts."""
        tail = (1 - checks.level(confidence)) / 2
        size, chance = _shape(self.expected, self.alpha)
        low, high = (stats.nbinom.ppf(q, size, chance) for q in (tail, 1 - tail))
        return np.asarray((self.count_high >= low) & (self.count_low <= high))

    def residuals(self, seed: int = 0) -> Floats:
        """Randomised quantile residuals: standard normal if the model is right.

        Source: Dunn and Smyth 1996, J Comput Graph Stat 5:236.
        """
        size, chance = _shape(self.expected, self.alpha)
        below = stats.nbinom.cdf(self.count_low - 1, size, chance)
        up_to = stats.nbinom.cdf(self.count_high, size, chance)
        share = np.random.default_rng(seed).uniform(size=len(below))
        return np.asarray(stats.norm.ppf(np.clip(below + share * (up_to - below), 1e-9, 1 - 1e-9)))


def fit_count_model(
    count_low: ArrayLike,
    count_high: ArrayLike,
    design: ArrayLike,
    exposure: ArrayLike,
    names: Sequence[str],
) -> CountModel | None:
    """Fit a negative binomial regression with a log link by maximum likelihood.

    Args:
        count_low, count_high: bounds of the counts, whole numbers, shape (places,).
        design: terms of each place, the first of them 1, shape (places, terms).
        exposure: what the expected count is in proportion to, such as years; shape (places,).
        names: of the terms.

    Returns:
        A `CountModel`, or None where there are fewer than 3 places per coefficient, where terms
        are tied to each other, or where no count is above 0.

    Raises:
        ValueError: counts that are negative or missing, low > high, an exposure of 0, a design
            that is not finite or does not fit.

    Source: Hilbe 2011, Negative Binomial Regression, 2nd ed. (NB2); the fit is statsmodels'
    `GenericLikelihoodModel`.
    """
    low, high = checks.bounds("count", count_low, count_high)
    terms = np.asarray(design, dtype=np.float64)
    years = checks.line(exposure=exposure)[0]
    if terms.ndim != 2 or terms.shape != (len(low), len(names)) or not np.isfinite(terms).all():
        raise ValueError(f"design must hold {len(names)} finite terms for {len(low)} places")
    if np.any(years <= 0):
        raise ValueError("exposure must be above 0")
    tied = np.linalg.matrix_rank(terms) < terms.shape[1]
    if len(low) < PLACES_PER_TERM * (terms.shape[1] + 1) or tied or not np.any(high > 0):
        return None
    fitted = _maximised(low, high, terms, years)
    constant = _maximised(low, high, terms[:, :1], years)
    covariance = _covariance(fitted)
    return CountModel(
        names=(*names, "log alpha"),
        values=np.asarray(fitted.params),
        errors=np.sqrt(np.diag(covariance)),
        covariance=covariance,
        design=terms,
        exposure=years,
        count_low=low,
        count_high=high,
        log_likelihood=float(fitted.llf),
        log_likelihood_constant=float(constant.llf),
        converged=bool(fitted.mle_retvals["converged"]),
    )


def _maximised(low: Floats, high: Floats, terms: Floats, years: Floats) -> Any:
    from statsmodels.base.model import GenericLikelihoodModel  # a second that few pages need

    class RangedNegativeBinomial(GenericLikelihoodModel):  # type: ignore[misc]
        """Counts as ranges, with statsmodels' search and derivatives."""

        def nloglikeobs(self, params: Floats) -> Floats:
            mean = np.exp(np.clip(terms @ params[:-1], -50, 50)) * years
            return -_log_probability(low, high, mean, float(np.exp(np.clip(params[-1], -14, 14))))

    model = RangedNegativeBinomial(low, terms, extra_params_names=["log alpha"])
    start = _start(low, high, terms, years)
    return model.fit(start_params=start, method="bfgs", maxiter=500, disp=0)


def _start(low: Floats, high: Floats, terms: Floats, years: Floats) -> Floats:
    """Least squares of the logarithms of middling counts: near enough for the search."""
    logs = np.log(np.maximum((low + high) / 2, 0.5) / years)
    found, *_ = np.linalg.lstsq(terms, logs, rcond=None)
    return np.append(found, 0.0)


def _log_probability(low: Floats, high: Floats, mean: Floats, alpha: float) -> Floats:
    """Logarithm of the probability of each range."""
    size, chance = _shape(mean, alpha)
    exact = low == high
    result = np.empty(len(low))
    result[exact] = stats.nbinom.logpmf(low[exact], size, chance[exact])
    ranged = ~exact
    up_to = special.betainc(size, high[ranged] + 1, chance[ranged])
    first = low[ranged]
    before = np.where(first > 0, special.betainc(size, np.maximum(first, 1), chance[ranged]), 0.0)
    result[ranged] = np.log(np.maximum(up_to - before, 1e-300))
    return result


def _shape(mean: Floats, alpha: float) -> tuple[float, Floats]:
    """Size and probability as scipy's `nbinom` takes them."""
    size = 1 / max(alpha, SMALLEST_ALPHA)
    return size, size / (size + mean)


def _covariance(fitted: Any) -> Floats:
    """Inverse of the observed information; a pseudo-inverse where a term is all but unknown."""
    return np.asarray(np.linalg.pinv(-fitted.model.hessian(fitted.params), hermitian=True))
