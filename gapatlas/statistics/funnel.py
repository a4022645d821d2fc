"""How far a place may lie from the rate of all before chance is no explanation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray
from scipy import special

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats
from gapatlas.statistics.posterior import Kind

Dispersion = Literal["none", "multiplicative", "additive"]
DISPERSIONS: Final = ("none", "multiplicative", "additive")
LEVELS: Final = (0.95, 0.998)
WINSORISED: Final = 0.1
"""Share of places at each end whose distance is cut to that of the next, so that the outliers
that a funnel looks for do not hide themselves by widening it."""


@dataclass(frozen=True)
class Funnel:
    """Limits around the rate of all places.

    Attributes:
        centre: events of all places over size of all places.
        phi: how much more places vary than chance; 1 means as much as chance.
        tau: standard deviation between places on the transformed scale; 0 unless additive.
        position: of each place: 0 within the 95% limits, 1 above them, 2 above the 99.8%
            limits, -1 and -2 below; shape (places,). A range has the position of its completion
            that is nearest to the centre.
        size: sizes at which the limits were asked for.
        low_95, high_95, low_998, high_998: limits at `size`, in the unit of the rate.
    """

    centre: float
    phi: float
    tau: float
    position: NDArray[np.int64]
    size: Floats
    low_95: Floats
    high_95: Floats
    low_998: Floats
    high_998: Floats


def funnel_limits(
    kind: Kind,
    count: ArrayLike,
    size: ArrayLike,
    *,
    count_high: ArrayLike | None = None,
    size_high: ArrayLike | None = None,
    at: ArrayLike | None = None,
    dispersion: Dispersion = "none",
) -> Funnel:
    """Limits of a funnel plot, and on which side of them each place lies.

    Without over-dispersion the limits are exact binomial or Poisson quantiles, interpolated so
    that they are smooth. With it they are normal limits on a scale of constant variance (square
    root of a rate, arcsine of a share), widened by what places vary more than chance after 10%
    at each end are winsorised: by the factor phi (multiplicative), or by a variance tau^2
    between places (additive). Limits are never narrowed.

    Args:
        kind: `rate` (events and exposure), `share` (part and whole) or `ratio` (count above, and
            the **sum** of both counts as size, because given that sum the count above is
            binomial; limits are then ratios).
        count: events, shape (places,); lower bounds where `count_high` is given.
        size: exposure, whole or sum of both counts, same shape; places of size 0 have position 0.
        count_high, size_high: upper bounds; None means exact.
        at: sizes at which limits are wanted; None means those of the places.
        dispersion: `none`, `multiplicative` or `additive`.

    Raises:
        ValueError: counts that are negative or missing, low > high, a part above its whole,
            size 0 in every place, an unknown kind or dispersion, a wanted size that is negative.

    Source: Spiegelhalter 2005, Stat Med 24:1185 (limits, winsorising, phi, tau); Spiegelhalter
    2005, Qual Saf Health Care 14:347.
    """
    checks.kind(kind)
    if dispersion not in DISPERSIONS:
        raise ValueError(f"dispersion must be one of {', '.join(DISPERSIONS)}, not {dispersion!r}")
    low, high = checks.bounds("count", count, count_high)
    n_low, n_high = checks.bounds("size", size, size_high)
    low, high, n_low, n_high = checks.line(count=low, count_high=high, size=n_low, size_high=n_high)
    x, n = (low + high) / 2, (n_low + n_high) / 2
    if not np.any(n > 0):
        raise ValueError("size is 0 in every place: there is no rate of all")
    if kind != "rate" and np.any(low > n_high):
        raise ValueError("count must not exceed size: a share cannot be above 1")
    centre = float(x.sum() / n.sum())
    phi, tau = _dispersion(kind, x, n, centre, dispersion)
    sizes = np.atleast_1d(checks.counts(at=n if at is None else at)[0])
    limits = {level: _limits(kind, centre, sizes, level, phi, tau, dispersion) for level in LEVELS}
    return Funnel(
        centre=_shown(kind, np.array(centre)).item(),
        phi=phi,
        tau=tau,
        position=_positions(kind, (low, high, n_low, n_high), centre, phi, tau, dispersion),
        size=sizes,
        low_95=_shown(kind, limits[0.95][0]),
        high_95=_shown(kind, limits[0.95][1]),
        low_998=_shown(kind, limits[0.998][0]),
        high_998=_shown(kind, limits[0.998][1]),
    )


def exact_limits(kind: Kind, centre: Floats, size: Floats, level: float) -> tuple[Floats, Floats]:
    """Interpolated quantiles of count / size around a centre, both sides; 0 and the largest
    value at size 0. At most (1 - level) / 2 of what chance brings lies beyond each of them.

    Source: Spiegelhalter 2005, Stat Med 24:1185, appendix A.1, interpolated by the first of the
    methods in Manktelow and Seaton 2012, PLoS ONE 7:e45723.
    """
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = _quantile(kind, centre, size, tail) / size
        # A count on the quantile is itself part of the tail that the upper limit may not cut off.
        high = (_quantile(kind, centre, size, 1 - tail) + 1) / size
    top = np.inf if kind == "rate" else 1.0
    low, high = np.maximum(low, 0.0), np.minimum(high, top)
    return np.where(size > 0, low, 0.0), np.where(size > 0, high, top)


def spread_limits(
    kind: Kind, centre: Floats, size: Floats, level: float, phi: ArrayLike, tau: float = 0.0
) -> tuple[Floats, Floats]:
    """Normal limits on the scale of constant variance, widened by phi or tau."""
    z = float(special.ndtri(0.5 + level / 2))
    error = _scale_error(kind, size)
    half = z * np.sqrt(np.asarray(phi) * error**2 + tau**2)
    at = _scaled(kind, centre)
    return _unscaled(kind, at - half), _unscaled(kind, at + half)


def distances(kind: Kind, count: Floats, size: Floats, centre: Floats) -> Floats:
    """Distance from the centre in standard errors, on the scale of constant variance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(size > 0, count / size, centre)
        return np.asarray((_scaled(kind, rate) - _scaled(kind, centre)) / _scale_error(kind, size))


def _limits(
    kind: Kind,
    centre: float,
    size: Floats,
    level: float,
    phi: float,
    tau: float,
    dispersion: Dispersion,
) -> tuple[Floats, Floats]:
    exact = exact_limits(kind, np.array(centre), size, level)
    if dispersion == "none" or (phi <= 1 and tau == 0):
        return exact
    wide = spread_limits(kind, np.array(centre), size, level, phi if tau == 0 else 1.0, tau)
    # Normal limits may lie within the exact ones where few events are expected.
    return np.minimum(exact[0], wide[0]), np.maximum(exact[1], wide[1])


def _positions(
    kind: Kind,
    completions: tuple[Floats, Floats, Floats, Floats],
    centre: float,
    phi: float,
    tau: float,
    dispersion: Dispersion,
) -> NDArray[np.int64]:
    lowest, highest = _extremes(kind, *completions)
    above, below = (
        sum(
            _beyond(*counts, _limits(kind, centre, counts[1], level, phi, tau, dispersion), side)
            for level in LEVELS
        )
        for counts, side in ((lowest, 1), (highest, -1))
    )
    return np.asarray(above - below, dtype=np.int64)


def _extremes(
    kind: Kind, x_low: Floats, x_high: Floats, n_low: Floats, n_high: Floats
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Count and size of the completions with the lowest and with the highest rate."""
    if kind == "ratio":
        return (x_low, x_low + n_high - x_high), (x_high, x_high + n_low - x_low)
    return (x_low, n_high), (x_high if kind == "rate" else np.minimum(x_high, n_low), n_low)


def _beyond(
    count: Floats, size: Floats, limits: tuple[Floats, Floats], side: int
) -> NDArray[np.int64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(size > 0, count / size, np.nan)
    return np.asarray(rate > limits[1] if side == 1 else rate < limits[0], dtype=np.int64)


def _dispersion(
    kind: Kind, x: Floats, n: Floats, centre: float, dispersion: Dispersion
) -> tuple[float, float]:
    told = n > 0
    places = int(told.sum())
    if dispersion == "none" or places < 2:
        return 1.0, 0.0
    z = scipy.stats.mstats.winsorize(
        distances(kind, x[told], n[told], np.array(centre)), limits=(WINSORISED, WINSORISED)
    )
    phi = float(np.mean(np.asarray(z) ** 2))
    if dispersion == "multiplicative":
        return max(phi, 1.0), 0.0
    if phi * places <= places - 1:
        return 1.0, 0.0
    weight = 1 / _scale_error(kind, n[told]) ** 2
    tau2 = (places * phi - (places - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())
    return phi, float(np.sqrt(max(tau2, 0.0)))


def _quantile(kind: Kind, centre: Floats, size: Floats, share: float) -> Floats:
    """Quantile of the count, interpolated between whole numbers."""
    chance = (
        scipy.stats.poisson(centre * size)
        if kind == "rate"
        else scipy.stats.binom(np.floor(size), centre)
    )
    whole = np.maximum(chance.ppf(share), 0)
    reached, step = chance.cdf(whole), chance.pmf(whole)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(whole - np.where(step > 0, (reached - share) / step, 0.0))


def _scaled(kind: Kind, rate: Floats) -> Floats:
    if kind == "rate":
        return np.sqrt(rate)
    return np.arcsin(np.sqrt(np.clip(rate, 0, 1)))


def _unscaled(kind: Kind, scaled: Floats) -> Floats:
    if kind == "rate":
        return np.maximum(scaled, 0) ** 2
    return np.sin(np.clip(scaled, 0, np.pi / 2)) ** 2


def _scale_error(kind: Kind, size: Floats) -> Floats:
    """Standard error of a rate on the scale of constant variance: 1 / (2 sqrt(size))."""
    with np.errstate(divide="ignore"):
        return np.asarray(0.5 / np.sqrt(size))


def _shown(kind: Kind, rate: Floats) -> Floats:
    """The rate in its own unit: odds where it is a ratio of counts."""
    if kind != "ratio":
        return np.asarray(rate)
    with np.errstate(divide="ignore"):
        return np.where(rate < 1, rate / np.where(rate < 1, 1 - rate, 1.0), np.inf)
