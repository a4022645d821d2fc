"""Poisson regression with an effect of each place and of each year, many fits at once.

Seen as shares of a place's own sum, its counts no longer depend on the place's effect, so that
only the effects of the years and a few slopes are left to find. The estimates are those of a
Poisson regression with a dummy for each place and each year (Hausman, Hall and Griliches 1984,
Econometrica 52:909; Lancaster 2000, J Econometrics 95:391, for the equality).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float64]
Mask = NDArray[np.bool_]
MOST_STEPS: Final = 50
LONGEST_STEP: Final = 2.0
CLOSE: Final = 1e-8
NEAR_THE_TOP: Final = 1e-12
"""How much log likelihood the next step promises at most where a fit is done."""
TINY: Final = 1e-9
"""Keeps apart what the counts don't tell, such as the years of places that share none."""
FURTHEST: Final = 8.0
"""A slope beyond this (a ratio of 3,000) is no estimate: the counts are zero wherever there is
treatment, or wherever there is none."""


@dataclass(frozen=True)
class Fits:
    """Fits of the same shape, one per entry of the first axis.

    Attributes:
        slopes: log of the ratio that goes with one more unit of each term, shape (fits, terms);
            NaN where the counts do not settle it.
        influence: by how much the slope of the first term moves as a count grows by one, shape
            (fits, places, years); 0 where a cell is not used.
    """

    slopes: Grid
    influence: Grid


@dataclass(frozen=True)
class _Step:
    """The way uphill from where a fit stands: score, information, and shares within places."""

    score: Grid
    information: Grid
    shares: Grid


def fit_many(counts: Grid, terms: Grid, used: Mask) -> Fits:
    """Fit counts on terms, with an effect of each place and each year.

    Args:
        counts: shape (places, years) or (fits, places, years); unused cells may hold anything.
        terms: shape (fits, terms, places, years).
        used: which cells have both, shape of `counts` or (fits, places, years).

    Returns:
        One fit for each entry of the first axis of `terms`.
    """
    shape = (len(terms), *terms.shape[2:])
    used = np.broadcast_to(used, shape)
    places = np.nonzero(used.any(axis=(0, 2)))[0]  # the others only take time
    years = np.nonzero(used.any(axis=(0, 1)))[0]
    every = np.arange(len(terms))
    index = np.ix_(every, places, years)
    of_terms = np.ix_(every, np.arange(terms.shape[1]), places, years)
    slopes, pull = _fitted(np.broadcast_to(counts, shape)[index], terms[of_terms], used[index])
    influence = np.zeros(shape)
    influence[index] = pull
    return Fits(slopes=slopes, influence=influence)


def _fitted(counts: Grid, terms: Grid, used: Mask) -> tuple[Grid, Grid]:
    counts = np.where(used, counts, 0.0)
    used = used & _has_cases(counts)
    counts, terms = np.where(used, counts, 0.0), np.where(used[:, None], terms, 0.0)
    fits, years = len(counts), counts.shape[2]
    slopes: Grid = np.zeros(terms.shape[:2])
    effects: Grid = np.zeros((fits, years))
    for _ in range(MOST_STEPS):
        step = _step(counts, terms, used, effects, slopes)
        change = np.linalg.solve(step.information, step.score[:, :, None])[:, :, 0]
        longest = np.abs(change).max(axis=1, initial=0.0)
        uphill = (step.score * change).sum(axis=1)
        change *= np.minimum(1.0, LONGEST_STEP / np.maximum(longest, CLOSE))[:, None]
        effects = effects + change[:, :years]
        slopes = slopes + change[:, years:]
        if (uphill < NEAR_THE_TOP).all():
            break
    step = _step(counts, terms, used, effects, slopes)
    inverse = np.asarray(np.linalg.inv(step.information), dtype=np.float64)
    variances: Grid = np.diagonal(inverse, axis1=1, axis2=2)[:, years:]
    settled = (np.abs(slopes) < FURTHEST) & (variances < 1 / CLOSE)
    row: Grid = inverse[:, years, :]
    return np.where(settled, slopes, np.nan), _influence(row, step.shares, terms, used)


def _has_cases(counts: Grid) -> Mask:
    """Cells whose place and whose year have a case at all: the others tell nothing."""
    places = counts.sum(axis=2, keepdims=True) > 0
    years = counts.sum(axis=1, keepdims=True) > 0
    both: Mask = places & years
    return both


def _step(counts: Grid, terms: Grid, used: Mask, effects: Grid, slopes: Grid) -> _Step:
    shares = _shares(terms, used, effects, slopes)
    totals = counts.sum(axis=2, keepdims=True)
    expected = shares * totals
    left = counts - expected
    score = np.concatenate(
        [left.sum(axis=1), (left[:, None] * terms).sum(axis=(2, 3))],
        axis=1,
    )
    years = counts.shape[2]
    size = years + terms.shape[1]
    at = np.arange(size)
    information = np.zeros((len(counts), size, size))
    spread = shares * np.sqrt(totals)
    information[:, :years, :years] = -np.swapaxes(spread, 1, 2) @ spread
    cases = expected.sum(axis=1)
    # A year without cases stays put.
    information[:, at[:years], at[:years]] += np.where(cases > 0, cases, 1.0)
    around = terms - (shares[:, None] * terms).sum(axis=3, keepdims=True)
    pulled = expected[:, None] * around
    across = pulled.sum(axis=2)
    information[:, years:, :years] = across
    information[:, :years, years:] = np.swapaxes(across, 1, 2)
    flat = (len(counts), terms.shape[1], -1)
    information[:, years:, years:] = pulled.reshape(flat) @ np.swapaxes(around.reshape(flat), 1, 2)
    # The effects of the years are known up to a constant: this holds their sum where it is.
    information[:, :years, :years] += 1.0
    information[:, at, at] += TINY
    return _Step(score=score, information=information, shares=shares)


def _shares(terms: Grid, used: Mask, effects: Grid, slopes: Grid) -> Grid:
    """How a place's cases are expected to spread over its years."""
    fits, number, *shape = terms.shape
    moved = slopes[:, None, :] @ terms.reshape(fits, number, -1)
    log = effects[:, None, :] + moved.reshape(fits, *shape)
    log = np.where(used, log, -np.inf)
    highest = log.max(axis=2, keepdims=True, initial=-np.inf)
    weight = np.exp(log - np.where(np.isfinite(highest), highest, 0.0))
    total = weight.sum(axis=2, keepdims=True)
    shares: Grid = weight / np.where(total > 0, total, 1.0)
    return shares


def _influence(row: Grid, shares: Grid, terms: Grid, used: Mask) -> Grid:
    """The row of the inverse information that belongs to the first term, at each cell."""
    years = used.shape[2]
    pull = row[:, None, :years] + (row[:, years:, None, None] * terms).sum(axis=1)
    typical = (shares * pull).sum(axis=2, keepdims=True)
    return np.where(used, pull - typical, 0.0)
