"""The level of yearly counts at the end of a series, and how it may move on.

Counts of a place vary around a level that drifts. Older years say less of the level now, so each
year back counts for less: the level is a gamma variable whose shape adds up discounted counts and
whose exposure adds up discounted years (the steady model of Harvey and Fernandes 1989, Journal of
Business & Economic Statistics 7:407). A year that is not reported adds to neither. The level is
that of the last year that is reported; since then it may have moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Bools, Floats

JEFFREYS: Final = 0.5
"""Shape of a prior that says next to nothing of a level."""
LARGE: Final = 1.0
"""Logarithm of a level over the middle from which a place counts as large for good: it comes back
no faster than one that lies 2.7 times above the middle."""


@dataclass(frozen=True)
class Levels:
    """Levels of one stage, place by place.

    Attributes:
        shape_low, shape_high: discounted counts at their lower and upper bounds, shape (places,).
        exposure: discounted years that are reported, shape (places,); 0 where none is.
        silent: years from the last one that is reported to the end of the series, shape
            (places,); None where it is the last of the series everywhere.
    """

    shape_low: Floats
    shape_high: Floats
    exposure: Floats
    silent: Floats | None = None

    @property
    def reported(self) -> Bools:
        """Which places report the stage in any year."""
        return np.asarray(self.exposure > 0)

    @property
    def age(self) -> Floats:
        """Years since the last one that is reported, shape (places,)."""
        return np.zeros_like(self.exposure) if self.silent is None else self.silent

    @property
    def gaps(self) -> Floats:
        """Logarithm of each level over the middle (geometric mean) of all that are reported, at
        most `LARGE`, shape (places,); 0 where none is."""
        middle = (self.shape_low + self.shape_high) / 2 + JEFFREYS
        told = self.reported
        level = np.log(np.divide(middle, self.exposure, out=np.ones_like(middle), where=told))
        middle_of_all = level[told].mean() if told.any() else 0.0
        return np.asarray(np.where(told, np.minimum(level - middle_of_all, LARGE), 0.0))

    def draws(self, place: int, number: int, generator: np.random.Generator) -> Floats:
        """Draws of the level of one place in its last reported year, shape (number,), in counts a
        year.

        Counts that are known as a range enter each draw at a value of their own within it.
        """
        within = generator.random(number)
        wide = self.shape_high[place] - self.shape_low[place]
        shape = JEFFREYS + self.shape_low[place] + within * wide
        return np.asarray(generator.standard_gamma(shape) / self.exposure[place])


def discounted_levels(
    low: ArrayLike, high: ArrayLike, reported: ArrayLike, discount: float
) -> Levels:
    """Levels of the last year that is reported.

    Args:
        low, high: bounds of counts, shape (places, years), oldest year first; whatever stands
            where nothing is reported is left out.
        reported: which are reported, shape (places, years).
        discount: weight of a year against that of the year after it, above 0 and up to 1.

    Raises:
        ValueError: a discount outside 0 to 1, negative counts, low > high, shapes that do not fit.
    """
    if not 0 < discount <= 1:
        raise ValueError(f"the discount {discount:g} is no weight; allowed: above 0 and up to 1")
    told = np.asarray(reported, dtype=bool)
    lower, upper = checks.bounds("counts", np.where(told, low, 0.0), np.where(told, high, 0.0))
    if lower.ndim != 2 or lower.shape != told.shape:
        raise ValueError("counts and `reported` must have one shape, (places, years)")
    before_end = np.arange(lower.shape[1])[::-1]
    age = np.where(told, before_end, np.inf).min(axis=1, initial=np.inf)
    age = np.where(np.isfinite(age), age, 0.0)
    # Weights count from the last reported year: a place that fell silent is still known as it was.
    weights = np.where(told, discount ** np.maximum(before_end - age[:, None], 0.0), 0.0)
    return Levels(
        np.asarray((lower * weights).sum(axis=1)),
        np.asarray((upper * weights).sum(axis=1)),
        np.asarray(weights.sum(axis=1)),
        np.asarray(age),
    )


def paths(
    years: int,
    ahead: int,
    drift: float,
    swing: float,
    draws: int,
    generator: np.random.Generator,
    pull: float = 0.0,
) -> Floats:
    """How levels may move on: factors of median 1, shape (years, draws).

    The logarithm of a level takes a random step each year, and each year swings around it. Up and
    down are alike on that scale, as they were in counts of the past: so the middle of a place's
    counts stays where it is while their mean grows, and means of many years ahead say little.

    Args:
        years: how many.
        ahead: years between the last count and the first of these years, 0 where they touch.
        drift: standard deviation of a year's step of the logarithm.
        swing: standard deviation of a year's swing.
        draws: how many paths.
        generator: of random numbers.
        pull: share of earlier steps that is lost in a year.
    """
    if drift < 0 or swing < 0:
        raise ValueError("drift and swing are standard deviations: not below 0")
    steps = generator.standard_normal((years, draws)) * drift
    before = generator.standard_normal(draws) * drifted(ahead, drift, pull)
    for year in range(years):
        steps[year] += before * (1 - pull)
        before = steps[year]
    return np.asarray(np.exp(steps + generator.standard_normal((years, draws)) * swing))


def drifted(years: ArrayLike, drift: float, pull: float) -> Floats:
    """Standard deviation of the logarithm of a level after some years of drift."""
    kept = (1 - pull) ** 2
    time = np.asarray(years, dtype=np.float64)
    lasting = time if kept == 1 else (1 - kept**time) / (1 - kept)
    return np.asarray(drift * np.sqrt(lasting))


def pulled(years: ArrayLike, gap: ArrayLike, pull: float) -> Floats:
    """Factor by which a level comes back to the middle of places after some years.

    What is high above the others was partly so by chance or for once, and the same below: each
    year a share of the gap is made up.

    Args:
        years: how many.
        gap: logarithm of the level over the middle.
        pull: share of the gap that is made up in a year.
    """
    if not 0 <= pull < 1:
        raise ValueError(f"the pull {pull:g} is no share; allowed: from 0 and below 1")
    time = np.asarray(years, dtype=np.float64)
    return np.asarray(np.exp(-(1 - (1 - pull) ** time) * np.asarray(gap, dtype=np.float64)))
