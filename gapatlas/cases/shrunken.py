"""Many coefficients of which few are probably large: drawn to zero, but for those that stand out.

Each coefficient has a normal prior around zero with a width of its own, and all widths share one
scale (the horseshoe of Carvalho, Polson and Scott 2010, Biometrika 97:465). Where the counts say
little, a coefficient is drawn to zero; where they say much, it stays where they put it. A prior
with one width for all would draw the few large ones too far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

from gapatlas.cases.logistic import Fit, Mean, one_thread

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DRAWS: Final = 2000
WARM_UP: Final = 300
SEED: Final = 20260601
FALSE: Final = 0.05
"""Share of those named that may be chance, on average."""
NARROWEST: Final = 1e-8
"""Smallest variance of a prior: below it a computer's numbers end."""


@dataclass(frozen=True)
class Shrunken:
    """Coefficients after being drawn to zero.

    Attributes:
        fitted: the fit before.
        coefficients: posterior means of all coefficients of the fit, shape (columns,).
        draws: of all of them, shape (draws, columns).
        wrong: of each of the shrunken ones, the chance that its direction is the other.
        chance: of each of them, how often chance alone would bring one as large, before it was
            drawn to zero.
    """

    fitted: Fit
    coefficients: Floats
    draws: Floats
    wrong: Floats
    chance: Floats

    def interval(self, found: Mean) -> tuple[float, float]:
        """The 95% interval of a mean that was computed at `coefficients` (to first order)."""
        moved = (self.draws - self.coefficients) @ found.slopes
        low, high = np.quantile(moved, [0.025, 0.975])
        return found.value + float(low), found.value + float(high)


def shrink(fitted: Fit, which: list[int]) -> Shrunken:
    """Draw some coefficients of a fit to zero.

    Args:
        fitted: a fit in which they have the wide prior; it stays, so that none runs off.
        which: their positions; at least one.

    Returns:
        Draws with a fixed seed: the same counts give the same figures.
    """
    mean, covariance = fitted.coefficients, fitted.covariance
    random = np.random.default_rng(SEED)
    with one_thread():
        own = horseshoe(mean[which], covariance[np.ix_(which, which)], random)
        # What the other coefficients are, given the shrunken ones, is normal.
        slope = linalg.solve(covariance[np.ix_(which, which)], covariance[which], assume_a="pos").T
        rest = covariance - slope @ covariance[which]
        values, vectors = linalg.eigh((rest + rest.T) / 2)
        noise = random.standard_normal((DRAWS, len(mean))) * np.sqrt(np.maximum(values, 0))
        draws = mean + (own - mean[which]) @ slope.T + noise @ vectors.T
    draws[:, which] = own
    above = (own > 0).mean(axis=0)
    far = np.abs(mean[which]) / np.sqrt(np.diag(covariance)[which])
    return Shrunken(
        fitted=fitted,
        coefficients=draws.mean(axis=0),
        draws=draws,
        wrong=np.minimum(above, 1 - above),
        chance=2 * special.ndtr(-far),
    )


def horseshoe(mean: Floats, covariance: Floats, random: np.random.Generator) -> Floats:
    """Draws of coefficients with normal likelihood and a horseshoe prior, shape (draws, columns).

    Source: Gibbs steps of Makalic and Schmidt 2016, IEEE Signal Processing Letters 23:179.
    """
    number = len(mean)
    told = linalg.inv(covariance)
    pull = told @ mean
    own, own_helper = np.full(number, 0.01), np.ones(number)
    shared = shared_helper = 1.0
    draws = np.empty((DRAWS, number))
    for step in range(-WARM_UP, DRAWS):
        width = np.maximum(own * shared, NARROWEST)
        root = linalg.cholesky(told + np.diag(1 / width), lower=True, check_finite=False)
        middle = linalg.cho_solve((root, True), pull, check_finite=False)
        noise = random.standard_normal(number)
        at = middle + linalg.solve_triangular(root.T, noise, lower=False, check_finite=False)
        square = at**2 / 2
        own = (1 / own_helper + square / shared) / random.standard_exponential(number)
        own_helper = (1 + 1 / own) / random.standard_exponential(number)
        spread = 1 / shared_helper + float(np.sum(square / own))
        shared = max(spread / random.standard_gamma((number + 1) / 2), NARROWEST)
        shared_helper = (1 + 1 / shared) / random.standard_exponential()
        if step >= 0:
            draws[step] = at
    return draws


def standing_out(chance: Floats) -> Bools:
    """As many as can be named so that on average at most 1 in 20 of them is chance.

    Source: Benjamini and Hochberg 1995, J R Stat Soc B 57:289.
    """
    order = np.argsort(chance, kind="stable")
    allowed = FALSE * np.arange(1, len(chance) + 1) / len(chance)
    below = np.flatnonzero(chance[order] <= allowed)
    found = np.zeros(len(chance), dtype=bool)
    if len(below):
        found[order[: below[-1] + 1]] = True
    return found
