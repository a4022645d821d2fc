"""Classes of a map: fixed breaks, and a class for everything that is not one number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapatlas.charts.words import from_to
from gapatlas.languages import in_digits, say

STEPS = 5


@dataclass(frozen=True)
class Classes:
    """Upper breaks of the classes of a map, and the numbers of its special classes.

    Class `i` holds values above `breaks[i - 1]` up to and including `breaks[i]`; the last class
    has no upper break. `zero`, `ranged`, `undefined` and `unreported` follow the classes.
    """

    breaks: tuple[float, ...]

    @property
    def steps(self) -> int:
        return len(self.breaks) + 1

    @property
    def zero(self) -> int:
        return self.steps

    @property
    def ranged(self) -> int:
        return self.steps + 1

    @property
    def undefined(self) -> int:
        return self.steps + 2

    @property
    def unreported(self) -> int:
        return self.steps + 3

    def of(self, data: pd.DataFrame) -> NDArray[np.int8]:
        """Class number of each figure.

        A censored figure has the class of its bounds where both fall in one class, and
        `ranged` where they don't or where the value has no upper bound. What is counted, but
        has nothing to be divided by, is `undefined`.
        """
        low, high = (data[name].to_numpy(dtype=np.float64) for name in ("value_low", "value_high"))
        low_class = np.searchsorted(np.asarray(self.breaks), low, side="left")
        high_class = np.searchsorted(np.asarray(self.breaks), high, side="left")
        one_class = (low_class == high_class) & np.isfinite(high)
        numbers = np.where(one_class, low_class, self.ranged)
        zero = (data["numerator_high"] == 0).fillna(False).to_numpy(dtype=bool)
        numbers = np.where(zero, self.zero, numbers)
        counted = data["numerator_low"].notna() | (data["years_without_denominator"] > 0)
        numbers = np.where(np.isfinite(low), numbers, self.undefined)
        return np.where(counted.to_numpy(dtype=bool), numbers, self.unreported).astype(np.int8)

    def labels(self, decimals: int) -> list[str]:
        """Words for each class, in class order, for a legend."""
        special = [say("Zero"), say("Range only"), say("Count only"), say("Not reported")]
        return [*self.step_labels(decimals), *special]

    def step_labels(self, decimals: int) -> list[str]:
        """Words for the classes of values alone."""
        edges = [format_number(edge, decimals) for edge in self.breaks]
        if not edges:
            return [say("Any value")]
        middle = [from_to(low, high) for low, high in pairwise(edges)]
        first, last = (
            say("Up to {number}", number=edges[0]),
            say("Over {number}", number=edges[-1]),
        )
        return [first, *middle, last]


def class_breaks(values: ArrayLike, steps: int = STEPS, decimals: int = 4) -> Classes:
    """Breaks that put about the same number of figures in each class, rounded to be read.

    Args:
        values: figures of every year of a map, so that a colour means the same in each; NaN
            and infinity are left out.
        steps: classes wanted; fewer are made where the figures don't support them.
        decimals: to which breaks are rounded, so that a printed break is the break.

    Source: quantile classes as in `mapclassify.Quantiles`, with which a test compares them. Loading
    that package takes seconds, and each build would wait for it.
    """
    array = np.asarray(values, dtype=np.float64)
    array = array[np.isfinite(array)]
    if len(np.unique(array)) < 2:
        return Classes(breaks=())
    wanted = min(steps, len(np.unique(array)))
    edges = np.quantile(array, np.arange(1, wanted) / wanted)
    below = edges[edges < array.max()]
    rounded = sorted({round(_two_digits(edge), decimals) for edge in below})
    inside = [edge for edge in rounded if max(array.min(), 10.0**-decimals) <= edge < array.max()]
    return Classes(breaks=tuple(inside))


def format_number(value: float, decimals: int) -> str:
    """A number with thousands separators and no more decimals than it needs."""
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return in_digits(text)


def _two_digits(value: float) -> float:
    if value == 0:
        return 0.0
    digits = 1 - math.floor(math.log10(abs(value)))
    return round(value, digits)
