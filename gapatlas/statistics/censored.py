"""Estimates from counts that are printed as a range, by their likelihood.

A source that prints `<5` says that a count lies between two bounds. Each count within the bounds
is one cell of the likelihood; the estimate is the rate that makes the printed ranges most likely,
and the interval holds every rate that is not much less likely.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats

MOST_CELLS = 4_000_000
"""Cells that one call may hold, about 200 MB; more means ranges too wide to be counts of cases."""
REACH = 30.0
"""Half the bracket, in logarithms, in which estimate and limits are looked for."""
HALVINGS = 40
"""Leaves 1 in 10 billion of a rate open."""


@dataclass(frozen=True)
class Estimate:
    """Maximum-likelihood estimates with likelihood-ratio intervals.

    Attributes:
        value: the estimate; NaN where ranges alone leave it open (every count could be zero, but
            need not be), so that only the limits can be told.
        low, high: confidence limits; 0 or infinity where there is none.
    """

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class _Cells:
    """Every count that the ranges allow, sorted by year within place.

    Attributes:
        weight: logarithm of what does not depend on the rate.
        events: events of the cell, the factor of the log rate.
        size: factor of `cost`: exposure, or all counts of the cell.
        years: where each year's cells begin.
        year: year of each cell, numbered from 0.
        place: place of each year.
        places: how many places there are.
        cost: what a rate costs per unit of size, by its logarithm.
        pace: derivative of `cost`.
    """

    weight: Floats
    events: Floats
    size: Floats
    years: NDArray[np.intp]
    year: NDArray[np.intp]
    place: NDArray[np.intp]
    places: int
    cost: Callable[[Floats], Floats]
    pace: Callable[[Floats], Floats]


def censored_rate(
    count_low: ArrayLike,
    count_high: ArrayLike,
    exposure: ArrayLike,
    *,
    reported: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Rate of interval-censored Poisson counts over several years.

    Args:
        count_low, count_high: bounds of the counts, shape (..., years); exact where equal.
        exposure: what the counts are divided by (people, person-years), same shape.
        reported: which years are reported, same shape; None means all.
        confidence: two-sided confidence level, between 0 and 1.

    Returns:
        An `Estimate` in events per unit of exposure, arrays of shape (...). No reported year
        with exposure gives (NaN, 0, infinity).

    Raises:
        ValueError: a count or exposure that is negative or missing, low > high, no whole number
            between the two, one number instead of years, ranges so wide that the cells would not
            fit in memory.

    Source: Poisson likelihood with interval censoring, Cameron and Trivedi 2013, Regression
    Analysis of Count Data, 2nd ed., section 4.4; likelihood-ratio interval, Venzon and
    Moolgavkar 1988, Appl Stat 37:87.
    """
    low, high = checks.bounds("count", count_low, count_high)
    low, high, people = checks.counts(count_low=low, count_high=high, exposure=exposure)
    checks.years(count=low)
    usable = checks.mask(reported, low.shape) & (people > 0)
    x, year = _spread(low, high, usable)
    exposures = _flat(people)[year]
    cells = _cells(
        weight=x * np.log(exposures) - special.gammaln(x + 1),
        events=x,
        size=exposures,
        year=year,
        shape=low.shape,
        cost=np.exp,
        pace=np.exp,
    )
    total = np.sum(np.where(usable, people, 0.0), axis=-1)
    middle = np.sum(np.where(usable, (low + high) / 2, 0.0), axis=-1)
    start = np.log((middle + 0.5) / np.where(total > 0, total, 1.0))
    return _estimates(
        cells,
        start,
        confidence,
        zero=_could_be(low, usable),
        certainly_zero=_could_be(high, usable),
        boundless=np.zeros(total.shape, dtype=np.bool_),
        certainly_boundless=np.zeros(total.shape, dtype=np.bool_),
        told=np.asarray(usable.any(axis=-1)),
    )


def censored_ratio(
    numerator_low: ArrayLike,
    numerator_high: ArrayLike,
    denominator_low: ArrayLike,
    denominator_high: ArrayLike,
    *,
    reported: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Ratio of two interval-censored Poisson counts over several years.

    Given the sum of its two counts, the numerator of a year is binomial. Where ranges leave the
    sum open, the sums that are left count alike, as in `censored_share`: the level of the year is
    integrated out with equal weight. For exact counts that is the binomial likelihood itself.
    Years are not picked by what they show: to leave out those whose ranges both reach down to
    zero would favour years in which one of the counts happened to be high.

    Args:
        numerator_low, numerator_high, denominator_low, denominator_high: bounds of the counts,
            shape (..., years); exact where equal.
        reported: which years are reported, same shape; None means all.
        confidence: two-sided confidence level, between 0 and 1.

    Returns:
        An `Estimate` of numerator / denominator, arrays of shape (...). Denominators that are
        all zero give infinity; no year that tells anything, and years in which all counts could
        be zero, give (NaN, 0, infinity).

    Raises:
        ValueError: as `censored_rate`.

    Source: conditional likelihood of two Poisson counts, Przyborowski and Wilenski 1940,
    Biometrika 31:313; integrated likelihood, Berger, Liseo and Wolpert 1999, Stat Sci 14:1.
    """
    x_low, x_high = checks.bounds("numerator", numerator_low, numerator_high)
    y_low, y_high = checks.bounds("denominator", denominator_low, denominator_high)
    x_low, x_high, y_low, y_high = np.broadcast_arrays(x_low, x_high, y_low, y_high)
    checks.years(numerator=x_low)
    usable = checks.mask(reported, x_low.shape) & ((x_high > 0) | (y_high > 0))
    x, y, year = _crossed(x_low, x_high, y_low, y_high, usable)
    weight = special.gammaln(x + y + 1) - special.gammaln(x + 1) - special.gammaln(y + 1)
    cells = _odds_cells(weight, x, x + y, year, x_low.shape)
    return _estimates(
        cells,
        _log_odds(x_low + x_high, y_low + y_high, usable),
        confidence,
        zero=_could_be(x_low, usable),
        certainly_zero=_could_be(x_high, usable),
        boundless=_could_be(y_low, usable),
        certainly_boundless=_could_be(y_high, usable),
        told=np.asarray(usable.any(axis=-1)),
    )


def censored_share(
    count_low: ArrayLike,
    count_high: ArrayLike,
    total_low: ArrayLike,
    total_high: ArrayLike,
    *,
    reported: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Share of interval-censored binomial counts over several years.

    Args:
        count_low, count_high: bounds of the part, shape (..., years); exact where equal.
        total_low, total_high: bounds of the whole, same shape. Completions in which the part
            exceeds the whole are none; the totals that are left count alike.
        reported: which years are reported, same shape; None means all.
        confidence: two-sided confidence level, between 0 and 1.

    Returns:
        An `Estimate` between 0 and 1, arrays of shape (...). No year that tells anything gives
        (NaN, 0, 1).

    Raises:
        ValueError: as `censored_rate`, or a part that must exceed its whole.

    Source: binomial likelihood with interval censoring, as `censored_rate`.
    """
    x_low, x_high = checks.bounds("count", count_low, count_high)
    n_low, n_high = checks.bounds("total", total_low, total_high)
    x_low, x_high, n_low, n_high = np.broadcast_arrays(x_low, x_high, n_low, n_high)
    checks.years(count=x_low)
    usable = checks.mask(reported, x_low.shape) & (n_high > 0)
    if np.any(usable & (x_low > n_high)):
        raise ValueError("count must not exceed total: a share cannot be above 1")
    x, n, year = _crossed(x_low, np.minimum(x_high, n_high), n_low, n_high, usable)
    possible = x <= n
    x, n, year = x[possible], n[possible], year[possible]
    weight = special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1)
    cells = _odds_cells(weight, x, n, year, x_low.shape)
    rest_low, rest_high = np.maximum(n_low - x_high, 0), n_high - x_low
    odds = _estimates(
        cells,
        _log_odds(x_low + x_high, rest_low + rest_high, usable),
        confidence,
        zero=_could_be(x_low, usable),
        certainly_zero=_could_be(x_high, usable),
        boundless=_could_be(rest_low, usable),
        certainly_boundless=_could_be(rest_high, usable),
        told=np.asarray(usable.any(axis=-1)),
    )
    return Estimate(*(_share(values) for values in (odds.value, odds.low, odds.high)))


def _share(odds: Floats) -> Floats:
    return np.where(np.isinf(odds), 1.0, odds / (1 + np.where(np.isinf(odds), 0.0, odds)))


def _could_be(bound: Floats, usable: checks.Bools) -> checks.Bools:
    """Whether no usable year's bound is above zero."""
    return np.asarray(np.all(np.where(usable, bound, 0) == 0, axis=-1))


def _log_odds(above: Floats, below: Floats, usable: checks.Bools) -> Floats:
    sums = [np.sum(np.where(usable, part, 0.0), axis=-1) for part in (above, below)]
    return np.asarray(np.log((sums[0] + 0.5) / (sums[1] + 0.5)))


Values = TypeVar("Values", Floats, checks.Bools)


def _flat(values: Values) -> Values:
    return np.asarray(values).reshape(-1)


def _spread(low: Floats, high: Floats, usable: checks.Bools) -> tuple[Floats, NDArray[np.intp]]:
    """Every whole number between the bounds of each usable year, and the number of its year."""
    year = np.flatnonzero(usable)
    first, last = np.ceil(_flat(low)[year]), np.floor(_flat(high)[year])
    if np.any(last < first):
        raise ValueError("a count is a whole number, or has one between its bounds")
    _refuse_too_wide(float(np.sum(last - first + 1)))
    widths = (last - first + 1).astype(np.int64)
    starts = np.repeat(np.cumsum(widths) - widths, widths)
    return np.repeat(first, widths) + np.arange(widths.sum()) - starts, np.repeat(year, widths)


def _crossed(
    x_low: Floats, x_high: Floats, y_low: Floats, y_high: Floats, usable: checks.Bools
) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Every pair of whole numbers between the bounds of each usable year."""
    cells = (x_high - x_low + 1) * (y_high - y_low + 1)
    _refuse_too_wide(float(np.sum(np.where(usable, cells, 0))))
    x, year = _spread(x_low, x_high, usable)
    first, last = _flat(y_low)[year], _flat(y_high)[year]
    y, cell = _spread(first, last, np.ones(first.shape, dtype=np.bool_))
    return x[cell], y, year[cell]


def _refuse_too_wide(cells: float) -> None:
    if cells > MOST_CELLS:
        raise ValueError(
            f"the ranges allow {cells:,.0f} combinations of counts; allowed: {MOST_CELLS:,}. "
            "Give fewer places at a time, or narrower ranges"
        )


def _odds_cells(
    weight: Floats, events: Floats, size: Floats, year: NDArray[np.intp], shape: tuple[int, ...]
) -> _Cells:
    return _cells(
        weight=weight,
        events=events,
        size=size,
        year=year,
        shape=shape,
        cost=lambda log_odds: np.logaddexp(0, log_odds),
        pace=special.expit,
    )


def _cells(
    *,
    weight: Floats,
    events: Floats,
    size: Floats,
    year: NDArray[np.intp],
    shape: tuple[int, ...],
    cost: Callable[[Floats], Floats],
    pace: Callable[[Floats], Floats],
) -> _Cells:
    begins: NDArray[np.intp] = (
        np.flatnonzero(np.r_[True, year[1:] != year[:-1]]) if len(year) else year
    )
    years = shape[-1] if shape else 1
    return _Cells(
        weight=weight,
        events=events,
        size=size,
        years=begins,
        year=np.repeat(np.arange(len(begins)), np.diff(np.r_[begins, len(year)])),
        place=year[begins] // years,
        places=int(np.prod(shape[:-1], dtype=np.int64)),
        cost=cost,
        pace=pace,
    )


def _terms(cells: _Cells, log_rate: Floats) -> tuple[Floats, Floats, Floats]:
    """Log rate of each cell, its probability over that of its year's likeliest cell, and the
    logarithm of the latter, year by year."""
    at = log_rate[cells.place][cells.year]
    terms = cells.weight + cells.events * at - cells.size * cells.cost(at)
    highest = np.maximum.reduceat(terms, cells.years)
    return at, np.exp(terms - highest[cells.year]), highest


def _log_likelihood(cells: _Cells, log_rate: Floats) -> Floats:
    """Log likelihood, place by place."""
    if not len(cells.years):
        return np.zeros(cells.places)
    _, shares, highest = _terms(cells, log_rate)
    return _by_place(cells, np.log(np.add.reduceat(shares, cells.years)) + highest)


def _slope(cells: _Cells, log_rate: Floats) -> Floats:
    """Derivative of the log likelihood, place by place."""
    if not len(cells.years):
        return np.zeros(cells.places)
    at, shares, _ = _terms(cells, log_rate)
    slope = cells.events - cells.size * cells.pace(at)
    total = np.add.reduceat(shares, cells.years)
    return _by_place(cells, np.add.reduceat(shares * slope, cells.years) / total)


def _by_place(cells: _Cells, values: Floats) -> Floats:
    return np.asarray(np.bincount(cells.place, values, cells.places), dtype=np.float64)


def _estimates(
    cells: _Cells,
    start: Floats,
    confidence: float,
    *,
    zero: checks.Bools,
    certainly_zero: checks.Bools,
    boundless: checks.Bools,
    certainly_boundless: checks.Bools,
    told: checks.Bools,
) -> Estimate:
    """Estimate and limits from the likelihood of each place.

    `zero` and `boundless` say where all counts above or below the line could be zero: the
    likelihood then has no peak, and its supremum lies at the end of the bracket.
    """
    shape = np.shape(start)
    middle = np.clip(_flat(start), -300, 300)
    ends = middle - REACH, middle + REACH
    drop = special.chdtri(1, 1 - checks.level(confidence)) / 2
    peak = _halved(lambda at: _slope(cells, at) > 0, *ends)
    at_zero, at_infinity = _flat(zero), _flat(boundless)
    peak = np.where(at_zero, ends[0], np.where(at_infinity, ends[1], peak))
    floor = _log_likelihood(cells, peak) - drop

    def inside(at: Floats) -> checks.Bools:
        return np.asarray(_log_likelihood(cells, at) >= floor)

    low = np.exp(_halved(lambda at: ~inside(at), ends[0], peak))
    high = np.exp(_halved(inside, peak, ends[1]))
    value = np.where(at_zero, np.where(_flat(certainly_zero), 0.0, np.nan), np.exp(peak))
    value = np.where(at_infinity, np.where(_flat(certainly_boundless), np.inf, np.nan), value)
    value = np.where(at_zero & at_infinity, np.nan, value)
    known = _flat(told)
    return Estimate(
        value=np.where(known, value, np.nan).reshape(shape),
        low=np.where(at_zero | ~known, 0.0, low).reshape(shape),
        high=np.where(at_infinity | ~known, np.inf, high).reshape(shape),
    )


def _halved(above: Callable[[Floats], checks.Bools], low: Floats, high: Floats) -> Floats:
    """Where `above`, true at the low end, becomes false; each place by bisection."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        further = above(middle)
        low, high = np.where(further, middle, low), np.where(further, high, middle)
    return (low + high) / 2
