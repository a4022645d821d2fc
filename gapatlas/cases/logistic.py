"""Logistic regression of grouped counts in which places, years and charges are drawn together.

Each place, year and charge has an effect of its own, which follows a normal distribution around
zero; how wide that distribution is, the counts say themselves (empirical Bayes). So a place with
few persons hardly moves, one with many does. What is compared (evidence, defence) stands beside
them with a prior so wide that it only keeps a figure from running off where counts are few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse, special
from threadpoolctl import ThreadpoolController

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

WIDE: Final = 1 / 3.0**2
"""Precision of the prior of what is compared: normal, 3 wide, in log odds."""
INTERCEPT: Final = 1 / 10.0**2
NARROWEST, WIDEST = 1e-4, 100.0
"""Variances of effects that are looked for."""
STEPS: Final = 100
SHORTEST: Final = 1e-6
ROUNDS: Final = 60
SETTLED: Final = 1e-9
"""Gain in log likelihood of a step after which no other is made."""
ON_THE_WAY: Final = 1e-2
"""The same while the variances are still being looked for."""
VARIANCE_SETTLED: Final = 1e-3


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[object]:
    """Matrices of a few hundred rows are not worth several threads: on a busy machine these wait
    for each other a hundred times as long as the work takes."""
    limited: AbstractContextManager[object] = _controller().limit(limits=1, user_api="blas")
    return limited


@dataclass(frozen=True)
class Terms:
    """What a regression rests on.

    Attributes:
        fixed: columns with a prior of their own, shape (patterns, columns).
        precision: of the prior of each of those columns, shape (columns,).
        groups: level of each pattern in each grouping, shape (patterns,) each, counted from 0.
        sizes: number of levels of each grouping.
        persons, convicted: of each pattern, shape (patterns,).
    """

    fixed: Floats
    precision: Floats
    groups: tuple[Codes, ...]
    sizes: tuple[int, ...]
    persons: Floats
    convicted: Floats

    @property
    def places_of_groups(self) -> list[slice]:
        """Where the effects of each grouping stand among all coefficients."""
        ends = self.fixed.shape[1] + np.cumsum([0, *self.sizes])
        return [slice(int(a), int(b)) for a, b in pairwise(ends)]

    @property
    def columns(self) -> int:
        """Number of coefficients."""
        return int(self.fixed.shape[1]) + sum(self.sizes)

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """What each coefficient is multiplied by, shape (columns, patterns).

        Sparse, since most of it is 0.
        """
        starts = np.cumsum([0, *self.sizes])
        rows = [codes + start for codes, start in zip(self.groups, starts, strict=False)]
        each = np.tile(np.arange(len(self.persons)), len(self.groups))
        at = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
        shape = (int(starts[-1]), len(self.persons))
        levels = sparse.csr_array((np.ones(len(at)), (at, each)), shape=shape)
        return sparse.vstack([sparse.csr_array(self.fixed.T), levels], format="csr")


@dataclass(frozen=True)
class Fit:
    """Coefficients in log odds.

    Attributes:
        terms: what they belong to.
        coefficients: posterior mode, shape (columns,): fixed columns, then each grouping's levels.
        covariance: of the coefficients, given the variances, shape (columns, columns).
        variances: how wide the effects of each grouping lie, shape (groupings,).
        score: log odds of each pattern, shape (patterns,).
        converged: whether the search came to an end.
    """

    terms: Terms
    coefficients: Floats
    covariance: Floats
    variances: Floats
    score: Floats
    converged: bool


def scores(terms: Terms, coefficients: Floats) -> Floats:
    """Log odds of each pattern, shape (patterns,)."""
    return np.asarray(terms.matrix.T @ coefficients)


def summed(terms: Terms, values: Floats) -> Floats:
    """Sum over patterns of a value times what each coefficient is multiplied by."""
    return np.asarray(terms.matrix @ values)


def fit(terms: Terms, variances: Sequence[float] | None = None) -> Fit:
    """Fit the regression.

    Args:
        terms: what it rests on; at least one person.
        variances: of the effects of each grouping; None lets the counts say them.

    Returns:
        The posterior mode and its covariance. Without `variances`, they are those under which the
        counts are most likely once effects are integrated out (Laplace), found by the steps of
        MacKay 1992, Neural Computation 4:415.

    Raises:
        ValueError: no person, or a group code out of range.
    """
    _check(terms)
    with one_thread():
        return _fit(terms, variances)


def _fit(terms: Terms, variances: Sequence[float] | None) -> Fit:
    known = variances is not None
    width = np.asarray(variances, dtype=np.float64) if known else np.full(len(terms.sizes), 0.25)
    at = np.zeros(terms.columns)
    for _ in range(0 if known else ROUNDS):
        at, covariance, _ = _mode(terms, at, width, ON_THE_WAY)
        before: Floats = width
        width = _next_variances(terms, at, covariance, width)
        if np.all(np.abs(np.log(width / before)) < VARIANCE_SETTLED):
            break
    at, covariance, settled = _mode(terms, at, width, SETTLED)
    return Fit(terms, at, covariance, width, scores(terms, at), settled)


def _check(terms: Terms) -> None:
    if not terms.persons.sum() > 0:
        raise ValueError("a regression needs at least one person")
    for codes, size in zip(terms.groups, terms.sizes, strict=True):
        if codes.size and not (codes.min() >= 0 and codes.max() < size):
            raise ValueError("a group code is out of range")


def _precisions(terms: Terms, variances: Floats) -> Floats:
    groups = [np.full(size, 1 / v) for size, v in zip(terms.sizes, variances, strict=True)]
    return np.concatenate([terms.precision, *groups])


def _mode(
    terms: Terms, start: Floats, variances: Floats, settled: float
) -> tuple[Floats, Floats, bool]:
    """Newton's steps, halved where they overshoot: mode, covariance, whether it is the mode."""
    prior = _precisions(terms, variances)
    at, score = start, scores(terms, start)
    value = _cost(terms, at, score, prior)
    for _ in range(STEPS):
        share = special.expit(score)
        slope = summed(terms, terms.convicted - terms.persons * share) - prior * at
        curve = _curvature(terms, terms.persons * share * (1 - share)) + np.diag(prior)
        factor = linalg.cho_factor(curve)
        step = linalg.cho_solve(factor, slope)
        gain = float(slope @ step) / 2
        length = 1.0
        while length > SHORTEST:
            tried = at + length * step
            tried_score = scores(terms, tried)
            tried_value = _cost(terms, tried, tried_score, prior)
            if tried_value <= value + SETTLED:
                break
            length /= 2
        at, score, value = tried, tried_score, tried_value
        if gain < settled:
            break
    covariance: Floats = linalg.cho_solve(factor, np.eye(terms.columns))
    return at, covariance, gain < settled


def _cost(terms: Terms, at: Floats, score: Floats, prior: Floats) -> float:
    """Minus the log posterior, but for a constant."""
    told = terms.convicted @ score - terms.persons @ np.logaddexp(0, score)
    return float(prior @ at**2 / 2 - told)


def _curvature(terms: Terms, weight: Floats) -> Floats:
    """Weighted products of all columns, block by block: groupings need only cross tables."""
    first = terms.fixed.shape[1]
    found = np.zeros((terms.columns, terms.columns))
    weighted = terms.fixed * weight[:, None]
    found[:, :first] = terms.matrix @ weighted
    found[:first, first:] = found[first:, :first].T
    blocks = list(zip(terms.groups, terms.sizes, terms.places_of_groups, strict=True))
    for at, (codes, size, place) in enumerate(blocks):
        found[place, place] = np.diag(np.bincount(codes, weight, size))
        for others, other_size, other_place in blocks[at + 1 :]:
            table = np.bincount(codes * other_size + others, weight, size * other_size)
            found[place, other_place] = table.reshape(size, other_size)
            found[other_place, place] = found[place, other_place].T
    return found


def _next_variances(terms: Terms, at: Floats, covariance: Floats, variances: Floats) -> Floats:
    found = []
    for place, size, variance in zip(terms.places_of_groups, terms.sizes, variances, strict=True):
        told = max(size - float(np.trace(covariance[place, place]) / variance), 1e-3)
        found.append(float(at[place] @ at[place]) / told)
    return np.asarray(np.clip(np.array(found), NARROWEST, WIDEST))


# ---------------------------------------------------------------- means over all persons

Changed = Mapping[int, Floats | float]
"""Fixed columns that are set to something else: position -> one value, or one per pattern."""


@dataclass(frozen=True)
class Mean:
    """A share of convicted over all persons, and its slopes by the coefficients."""

    value: float
    slopes: Floats

    def __sub__(self, other: Mean) -> Mean:
        return Mean(self.value - other.value, self.slopes - other.slopes)

    def __add__(self, other: Mean) -> Mean:
        return Mean(self.value + other.value, self.slopes + other.slopes)

    def error(self, covariance: Floats) -> float:
        """Standard error by the delta method."""
        return float(np.sqrt(max(0.0, float(self.slopes @ covariance @ self.slopes))))


def mean_share(
    terms: Terms, coefficients: Floats, score: Floats, changed: Changed, weight: Floats
) -> Mean:
    """Mean share of convicted where some columns are set to something else.

    Args:
        terms: of the fit.
        coefficients: shape (columns,).
        score: log odds of each pattern under `coefficients`, shape (patterns,).
        changed: what is set; the rest stays as it is.
        weight: of each pattern, shape (patterns,), summing to 1.
    """
    moved = score.copy()
    for place, value in changed.items():
        moved += coefficients[place] * (value - terms.fixed[:, place])
    share = special.expit(moved)
    steep = weight * share * (1 - share)
    slopes = summed(terms, steep)
    for place, value in changed.items():
        slopes[place] = np.sum(steep * value)
    return Mean(float(weight @ share), slopes)
