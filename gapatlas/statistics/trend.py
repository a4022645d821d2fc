"""Whether a series has changed by more than chance: the process-control chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Bools, Floats
from gapatlas.statistics.funnel import distances, exact_limits, spread_limits
from gapatlas.statistics.posterior import Kind

LEVEL: Final = 0.998
RUN: Final = 8
HALF_A_CASE: Final = 0.5 + 1e-9
"""A count this near to what the centre expects is on no side of it: with few cases, the whole
number next to the centre would else put most years on one side by chance."""
FEWEST_YEARS: Final = 5
LANEY_FROM: Final = 8
"""Years from which the spread between neighbouring years widens the limits."""
MOVING_RANGE: Final = 1.128
"""Expected moving range of two, in standard deviations."""
VERDICTS: Final = ("up", "down", "changed", "none", "too few years")


@dataclass(frozen=True)
class TrendSignal:
    """A control chart of each place.

    Attributes:
        centre: rate over all reported years, shape (...).
        limit_low, limit_high: limits of each year, shape (..., years); NaN where not reported.
        outside: years beyond their limits, shape (..., years).
        run: years in a run of 8 or more reported years on one side of the centre.
        spread: by how much neighbouring years vary more than chance (1: no more).
        verdict: `up`, `down` or `changed` where there is a signal (`changed`: without
            direction), `none` where there is none, `too few years` under 5; shape (...).
    """

    centre: Floats
    limit_low: Floats
    limit_high: Floats
    outside: Bools
    run: Bools
    spread: Floats
    verdict: NDArray[np.str_]


def trend_signal(
    kind: Kind, count: ArrayLike, size: ArrayLike, *, reported: ArrayLike | None = None
) -> TrendSignal:
    """Look for change that chance does not explain.

    Limits hold 99.8% of what chance brings around the rate of all years. From 8 reported years
    on they are widened by the spread between neighbouring years where that exceeds chance
    (Laney), so that a series which is restless every year does not signal each time. Signals are
    a year beyond its limits, or 8 reported years in a row on one side of the centre by more than
    half a case.

    Args:
        kind: `rate`, `share` or `ratio`, as in `funnel_limits`.
        count: events, shape (..., years), in order of time.
        size: exposure, whole, or for a ratio the **sum** of both counts; same shape.
        reported: which years are reported; None means all. Years of size 0 are not used.

    Raises:
        ValueError: an unknown kind, counts that are negative or missing, a part above its whole,
            one number instead of years.

    Source: Shewhart's u and p charts as in Montgomery 2013, Introduction to Statistical Quality
    Control, 7th ed., chapter 7; Laney 2002, Quality Engineering 14:531; run of 8, Provost and
    Murray 2011, The Health Care Data Guide.
    """
    checks.kind(kind)
    x, n = checks.counts(count=count, size=size)
    checks.years(count=x)
    told = checks.mask(reported, x.shape) & (n > 0)
    if kind != "rate" and np.any(told & (x > n)):
        raise ValueError("count must not exceed size: a share cannot be above 1")
    x, n = np.where(told, x, 0.0), np.where(told, n, 0.0)
    total = n.sum(axis=-1)
    centre = x.sum(axis=-1) / np.where(total > 0, total, 1.0)
    level = np.broadcast_to(centre[..., None], x.shape)
    z = np.where(told, distances(kind, x, n, level), np.nan)
    spread = _spread(z, told)
    low, high = _limits(kind, level, n, spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = x / n
    outside = told & ((rate < low) | (rate > high))
    run = _runs(np.where(np.abs(x - n * level) > HALF_A_CASE, np.sign(z), 0.0), told)
    return TrendSignal(
        centre=np.where(total > 0, _in_unit(kind, centre), np.nan),
        limit_low=np.where(told, _in_unit(kind, low), np.nan),
        limit_high=np.where(told, _in_unit(kind, high), np.nan),
        outside=outside,
        run=run,
        spread=spread,
        verdict=_verdict(z, told, outside | run),
    )


def _limits(kind: Kind, level: Floats, n: Floats, spread: Floats) -> tuple[Floats, Floats]:
    plain = exact_limits(kind, level, n, LEVEL)
    wide = spread_limits(kind, level, n, LEVEL, (spread**2)[..., None])
    restless = (spread > 1)[..., None]
    low, high = np.minimum(plain[0], wide[0]), np.maximum(plain[1], wide[1])
    return np.where(restless, low, plain[0]), np.where(restless, high, plain[1])


def _in_unit(kind: Kind, rate: Floats) -> Floats:
    if kind != "ratio":
        return rate
    return np.where(rate < 1, rate / np.where(rate < 1, 1 - rate, 1.0), np.inf)


def _spread(z: Floats, told: Bools) -> Floats:
    """Mean moving range between neighbouring reported years, in standard errors; 1 at least,
    and 1 where there are too few years to tell."""
    order = np.argsort(~told, axis=-1, kind="stable")
    packed = np.take_along_axis(z, order, axis=-1)
    moves = np.abs(np.diff(packed, axis=-1))
    years = told.sum(axis=-1)
    mean = np.nansum(moves, axis=-1) / np.maximum(years - 1, 1)
    return np.where(years >= LANEY_FROM, np.maximum(mean / MOVING_RANGE, 1.0), 1.0)


def _runs(side: Floats, told: Bools) -> Bools:
    """Reported years in a run on one side; years that are not reported neither add nor break."""
    length = np.zeros(side.shape)
    count, last = np.zeros(side.shape[:-1]), np.zeros(side.shape[:-1])
    for year in range(side.shape[-1]):
        here, known = side[..., year], told[..., year]
        same = known & (here != 0) & (here == last)
        count = np.where(known, np.where(same, count + 1, np.where(here != 0, 1, 0)), count)
        last = np.where(known, here, last)
        length[..., year] = np.where(known, count, 0)
    run = np.zeros(side.shape, dtype=np.bool_)
    within = np.zeros(side.shape[:-1], dtype=np.bool_)
    for year in reversed(range(side.shape[-1])):
        known = told[..., year]
        within = np.where(
            known, (length[..., year] >= RUN) | (within & (length[..., year] > 0)), within
        )
        run[..., year] = known & within
        within = within & ~(known & (length[..., year] == 1))
    return run


def _verdict(z: Floats, told: Bools, signal: Bools) -> NDArray[np.str_]:
    """Direction from the slope of the distances over the years, where there is a signal."""
    year = np.broadcast_to(np.arange(z.shape[-1], dtype=np.float64), z.shape)
    years = told.sum(axis=-1)
    mean = np.sum(np.where(told, year, 0), axis=-1) / np.maximum(years, 1)
    slope = np.nansum(np.where(told, (year - mean[..., None]) * z, 0), axis=-1)
    spread = np.sqrt(np.sum(np.where(told, (year - mean[..., None]) ** 2, 0), axis=-1))
    steep = np.abs(slope) > 2 * spread
    direction = np.where(steep, np.where(slope > 0, "up", "down"), "changed")
    found = np.where(signal.any(axis=-1), direction, "none")
    return np.asarray(np.where(years < FEWEST_YEARS, "too few years", found))
