"""The level of yearly counts at the end of a series, and how it may move on.

Counts of a place vary around a level that drifts. Older years say less of the level now, so each
year back counts for less: the level is a gamma variable whose shape adds up discounted counts and
whose exposure adds up discounted years (the steady model of Harvey and Fernandes 1989, Journal of
Business & Economic Statistics 7:407). A year that is not reported adds to neither.
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


@dataclass(frozen=True)
class Levels:
    """Levels of one stage, place by place.

    Attributes:
        shape_low, shape_high: discounted counts at their lower and upper bounds, shape (places,).
        exposure: discounted years that are reported, shape (places,); 0 where none is.
    """

    shape_low: Floats
    shape_high: Floats
    exposure: Floats

    @property
    def reported(self) -> Bools:
        """Which places report the stage in any year."""
        return np.asarray(self.exposure > 0)

    def draws(self, place: int, number: int, generator: np.random.Generator) -> Floats:
        """Draws of the level of one place, shape (number,), in counts a year.

        Counts that are known as a range enter each draw at a value of their own within it.
        """
        within = generator.random(number)
        wide = self.shape_high[place] - self.shape_low[place]
        shape = JEFFREYS + self.shape_low[place] + within * wide
        return np.asarray(generator.standard_gamma(shape) / self.exposure[place])


def discounted_levels(
    low: ArrayLike, high: ArrayLike, reported: ArrayLike, discount: float
) -> Levels:
    """Levels at the end of the last year.

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
    weights = np.where(told, discount ** np.arange(lower.shape[1])[::-1], 0.0)
    return Levels(
        np.asarray((lower * weights).sum(axis=1)),
        np.asarray((upper * weights).sum(axis=1)),
        np.asarray(weights.sum(axis=1)),
    )


def paths(
    years: int, ahead: int, drift: float, swing: float, draws: int, generator: np.random.Generator
) -> Floats:
    """How levels may move on: factors of mean 1, shape (years, draws).

    The logarithm of a level takes a random step each year, and each year swings around it.

    Args:
        years: how many.
        ahead: years between the last count and the first of these years, 0 where they touch.
        drift: standard deviation of a year's step of the logarithm.
        swing: standard deviation of a year's swing.
        draws: how many paths.
        generator: of random numbers.
    """
    if drift < 0 or swing < 0:
        raise ValueError("drift and swing are standard deviations: not below 0")
    steps = generator.standard_normal((years, draws)) * drift
    steps[0] += generator.standard_normal(draws) * drift * np.sqrt(ahead)
    swings = generator.standard_normal((years, draws)) * swing
    variance = drift**2 * (ahead + np.arange(1, years + 1)) + swing**2
    return np.asarray(np.exp(np.cumsum(steps, axis=0) + swings - variance[:, None] / 2))
