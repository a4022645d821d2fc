"""A regression of counts: how many are expected of places like this one.

Counts are negative binomial: their variance is mean + alpha x mean squared. A count known as a
range enters by the probability of the whole range, so that no completion is picked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy import optimize, special

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Bools, Floats
from gapatlas.statistics.ranged_counts import SMALLEST_ALPHA, Maximised, RangedCounts, shape

PLACES_PER_TERM: Final = 3
"""Places needed for each coefficient, else no model is fitted."""
ALPHAS: Final = np.linspace(0.05, 3, 24) ** 2
"""Values of alpha over which intervals are averaged: even steps of its square root."""
LARGEST_ALPHA: Final = 50.0
LEAST_KNOWN: Final = 1e-3
"""Information on a direction of the terms below which its coefficient has no maximum: all of its
places count nothing."""
NOUGHT: Final = float(np.log(1e-4))
"""Logarithm of an alpha that cannot be told from 0."""
STEP: Final = 1e-3
"""Of derivatives by the logarithm of alpha."""


@dataclass(frozen=True)
class Mixture:
    """Coefficients for several values of alpha, each a normal distribution.

    Attributes:
        alpha: the values, shape (alphas,).
        weight: how likely each is, given the counts; adds up to 1.
        centre: most likely coefficients for it, shape (alphas, terms).
        factor: matrix times standard normal draws makes draws around it, shape (alphas, terms,
            terms).
    """

    alpha: Floats
    weight: Floats
    centre: Floats
    factor: Floats

    def draws(self, number: int, generator: np.random.Generator) -> Floats:
        """Draws of the coefficients, shape (number, terms)."""
        at = generator.choice(len(self.weight), number, p=self.weight)
        normal = generator.standard_normal((number, self.centre.shape[1]))
        return np.asarray(self.centre[at] + np.einsum("nij,nj->ni", self.factor[at], normal))

    def quantile(self, share: float) -> Floats:
        """A quantile of each coefficient."""
        error = np.sqrt((self.factor**2).sum(axis=2))
        low = (self.centre - 10 * error).min(axis=0)
        high = (self.centre + 10 * error).max(axis=0)
        for _ in range(60):
            middle = (low + high) / 2
            below = self.weight @ special.ndtr((middle - self.centre) / error) < share
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2)

    def quantile_of_log_alpha(self, share: float) -> float:
        """A quantile of the logarithm of alpha."""
        upper = np.cumsum(self.weight)
        return float(np.interp(share, upper - self.weight / 2, np.log(self.alpha)))


@dataclass(frozen=True, eq=False)
class CountModel:
    """A fitted negative binomial regression.

    Attributes:
        names: of the coefficients, in order; the last is the logarithm of alpha.
        values: most likely coefficients, on the log scale.
        errors: their standard errors by the curvature of the likelihood, as other programs print
            them. They hold at the most likely alpha; `intervals` and `draws` look at others too.
            Infinite for alpha where 0 fits best.
        design, exposure: what the places were described by, shape (places, terms) and (places,).
        count_low, count_high: bounds of the counts.
        log_likelihood, log_likelihood_constant: of the model, and of one rate for all.
        converged: whether the search ended at a maximum.
        mixture: what intervals and draws come from.
    """

    names: tuple[str, ...]
    values: Floats
    errors: Floats
    design: Floats
    exposure: Floats
    count_low: Floats
    count_high: Floats
    log_likelihood: float
    log_likelihood_constant: float
    converged: bool
    mixture: Mixture

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
        """Limits of the coefficients, on the log scale."""
        tail = (1 - checks.level(confidence)) / 2
        low, high = (
            np.append(self.mixture.quantile(q), self.mixture.quantile_of_log_alpha(q))
            for q in (tail, 1 - tail)
        )
        return low, high

    def draws(self, number: int, generator: np.random.Generator) -> Floats:
        """Draws of the expected counts, shape (number, places): what the fit leaves open."""
        logs = self.mixture.draws(number, generator) @ self.design.T
        return np.asarray(np.exp(logs) * self.exposure)

    def inside(self, confidence: float = 0.95) -> Bools:
        """Whether each place's count meets the interval in which the model expects such counts."""
        tail = (1 - checks.level(confidence)) / 2
        size, chance = shape(self.expected, self.alpha)
        low, high = (scipy.stats.nbinom.ppf(q, size, chance) for q in (tail, 1 - tail))
        return np.asarray((self.count_high >= low) & (self.count_low <= high))

    def residuals(self, seed: int = 0) -> Floats:
        """Randomised quantile residuals: standard normal if the model is right.

        Source: Dunn and Smyth 1996, J Comput Graph Stat 5:236.
        """
        size, chance = shape(self.expected, self.alpha)
        below = scipy.stats.nbinom.cdf(self.count_low - 1, size, chance)
        up_to = scipy.stats.nbinom.cdf(self.count_high, size, chance)
        share = np.random.default_rng(seed).uniform(size=len(below))
        between = np.clip(below + share * (up_to - below), 1e-9, 1 - 1e-9)
        return np.asarray(special.ndtri(between))


def fit_count_model(
    count_low: ArrayLike,
    count_high: ArrayLike,
    design: ArrayLike,
    exposure: ArrayLike,
    names: Sequence[str],
) -> CountModel | None:
    """Fit a negative binomial regression with a log link by maximum likelihood.

    Intervals are those of the coefficients given alpha, averaged over what the counts leave open
    of alpha: the most likely alpha alone is too small where places are few, and its intervals
    are too short (see the coverage table in the docs).

    Args:
        count_low, count_high: bounds of the counts, whole numbers, shape (places,).
        design: terms of each place, the first of them 1, shape (places, terms).
        exposure: what the expected count is in proportion to, such as years; shape (places,).
        names: of the terms.

    Returns:
        A `CountModel`, or None where there are fewer than 3 places per coefficient, where terms
        are tied to each other, or where no count is above 0.

    Raises:
        ValueError: counts that are negative, missing or no whole numbers, low > high, an exposure
            of 0, a design that is not finite or does not fit.

    Source: Hilbe 2011, Negative Binomial Regression, 2nd ed. (NB2); alpha by its adjusted profile
    likelihood, Cox and Reid 1987, J R Stat Soc B 49:1, with a flat prior for its square root,
    Gelman 2006, Bayesian Analysis 1:515.
    """
    low, high = checks.bounds("count", count_low, count_high)
    low, high, years = checks.line(count_low=low, count_high=high, exposure=exposure)
    terms = np.asarray(design, dtype=np.float64)
    for bound in (low, high):
        if np.any(bound % 1 != 0):
            raise ValueError(f"counts must be whole numbers, not {bound[bound % 1 != 0][0]:g}")
    if terms.shape != (len(low), len(names)) or not np.isfinite(terms).all():
        raise ValueError(
            f"design must hold {len(names)} finite terms for each of {len(low)} places, "
            f"not {terms.shape}"
        )
    if np.any(years <= 0):
        raise ValueError(f"exposure must be above 0, not {years.min():g}")
    tied = np.linalg.matrix_rank(terms) < terms.shape[1]
    if len(low) < PLACES_PER_TERM * (terms.shape[1] + 1) or tied or not np.any(high > 0):
        return None
    # Terms at right angles: whatever their units, the search is as quick and as exact.
    square, triangle = np.linalg.qr(terms)
    counts = RangedCounts(low, high, square, np.log(years))
    each = _for_each_alpha(counts)
    found = _most_likely(counts, each)
    alike = RangedCounts(low, high, np.ones((len(low), 1)), np.log(years))
    constant = _most_likely(alike, _for_each_alpha(alike))
    back = np.linalg.inv(triangle)
    return CountModel(
        names=(*names, "log alpha"),
        values=np.append(back @ found.beta, found.log_alpha),
        errors=_errors(counts, found, back),
        design=terms,
        exposure=years,
        count_low=low,
        count_high=high,
        log_likelihood=found.value,
        log_likelihood_constant=constant.value,
        converged=found.known,
        mixture=_mixture(each, back),
    )


@dataclass(frozen=True)
class _Maximum:
    beta: Floats
    log_alpha: float
    value: float
    known: bool


def _for_each_alpha(counts: RangedCounts) -> list[Maximised]:
    """The most likely coefficients for each of `ALPHAS`."""
    each: list[Maximised] = []
    beta = counts.start()
    for alpha in ALPHAS:
        each.append(counts.maximised(float(alpha), beta))
        beta = each[-1].beta
    return each


def _most_likely(counts: RangedCounts, each: list[Maximised]) -> _Maximum:
    """The most likely coefficients and alpha, beside the best of `ALPHAS`."""
    best = int(np.argmax([one.value for one in each]))
    ends = np.log([SMALLEST_ALPHA, *ALPHAS, LARGEST_ALPHA])

    def cost(log_alpha: float) -> float:
        return -counts.maximised(float(np.exp(log_alpha)), each[best].beta).value

    log_alpha = optimize.minimize_scalar(
        cost, bounds=(ends[best], ends[best + 2]), method="bounded", options={"xatol": 1e-6}
    ).x
    found = counts.maximised(float(np.exp(log_alpha)), each[best].beta)
    known = found.ended and float(np.linalg.eigvalsh(found.information)[0]) > LEAST_KNOWN
    return _Maximum(found.beta, float(log_alpha), found.value, known)


def _errors(counts: RangedCounts, found: _Maximum, back: Floats) -> Floats:
    """Standard errors from the observed information of all coefficients together."""
    alphas = [float(np.exp(found.log_alpha + step)) for step in (-STEP, 0.0, STEP)]
    value = [counts.value(found.beta, alpha) for alpha in alphas]
    slope = [counts.slope(found.beta, alpha) for alpha in alphas]
    terms = len(found.beta)
    information = np.empty((terms + 1, terms + 1))
    information[:terms, :terms] = counts.information(found.beta, alphas[1])
    information[:terms, terms] = information[terms, :terms] = -(slope[2] - slope[0]) / (2 * STEP)
    information[terms, terms] = -(value[0] - 2 * value[1] + value[2]) / STEP**2
    at_nought = found.log_alpha < NOUGHT or information[terms, terms] <= 0
    known = information[:terms, :terms] if at_nought else information
    covariance = np.linalg.pinv(known, hermitian=True)
    of_terms = np.sqrt(np.maximum(np.diag(back @ covariance[:terms, :terms] @ back.T), 0))
    last = np.inf if at_nought else float(np.sqrt(max(covariance[terms, terms], 0)))
    return np.append(of_terms, last)


def _mixture(each: Sequence[Maximised], back: Floats) -> Mixture:
    """How likely each alpha is, and the coefficients for it."""
    factors, logs = [], []
    for one in each:
        values, vectors = np.linalg.eigh(one.information)
        values = np.maximum(values, LEAST_KNOWN)
        factors.append(back @ (vectors / np.sqrt(values)))
        logs.append(one.value - np.log(values).sum() / 2)
    centre = np.array([back @ one.beta for one in each])
    return Mixture(ALPHAS, special.softmax(np.array(logs)), centre, np.array(factors))
