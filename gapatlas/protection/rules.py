"""Rules of the gate: the threshold, the rounding, and what a printed figure stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.languages import mark, worded

LEAST_THRESHOLD: Final = 10
LEAST_BASE: Final = 5
LEAST_WINDOW: Final = 9
"""Ten whole numbers, such as 0 to 9, are this wide."""
BRAND: Final = mark("UNPROTECTED: figures may point to single persons")
WITHHELD_TEXT: Final = mark("withheld: fewer than 10, or it would give such a count away")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Rules:
    """How counts of persons are published.

    Attributes:
        threshold: smallest count that is printed, and how far two figures of which one contains
            the other have to lie apart.
        base: printed figures are the nearest multiples of this.
        window: how far the least and the greatest value lie apart that an attacker can find for
            a withheld count; the threshold where not given.
        unprotected: allows settings below the stated minimum, and brands every output.

    Raises:
        GapAtlasError: a setting below its minimum that is not declared unprotected, or a base
            that would print zero for a count that reaches the threshold.
    """

    threshold: int = LEAST_THRESHOLD
    base: int = LEAST_BASE
    window: int | None = None
    unprotected: bool = False

    def __post_init__(self) -> None:
        least = (0, 1, 0)
        if not self.unprotected:
            least = (LEAST_THRESHOLD, LEAST_BASE, LEAST_WINDOW)
        problems = [
            Problem(
                "disclosure",
                worded("The setting is below its minimum."),
                column=name,
                found=str(value),
                allowed=worded(
                    "{minimum} or more; less only with unprotected: true", minimum=minimum
                ),
            )
            for name, value, minimum in zip(
                ("threshold", "base", "window"),
                (self.threshold, self.base, self.width),
                least,
                strict=True,
            )
            if value < minimum
        ]
        if self.base > max(self.threshold, 1):
            problems.append(
                Problem(
                    "disclosure",
                    worded("A count that may be shown could be printed as zero."),
                    column="base",
                    found=str(self.base),
                    allowed=worded("at most the threshold, {threshold}", threshold=self.threshold),
                )
            )
        if problems:
            raise GapAtlasError(worded("The rules that protect persons cannot be used."), problems)

    @property
    def width(self) -> int:
        """Least width of the window of a withheld count."""
        return self.threshold if self.window is None else self.window

    @property
    def brand(self) -> str | None:
        """What stands on every title, table and file made under these rules, if anything."""
        return BRAND if self.unprotected else None

    def printed(self, counts: Any) -> Any:
        """Counts (whole numbers, any shape) rounded to the nearest multiple of the base."""
        return (counts + self.base // 2) // self.base * self.base

    def least(self, printed: Any) -> Any:
        """Smallest true count that a printed figure can stand for; no less than the threshold."""
        return np.maximum(printed - self.base // 2, self.threshold)

    def greatest(self, printed: Any) -> Any:
        """Largest true count that a printed figure can stand for."""
        return printed + (self.base - 1) // 2


def ratio_of_printed(
    part: Floats, whole: Floats, rules: Rules | None = None
) -> tuple[Floats, Floats, Floats]:
    """Shares made of printed figures alone: value, least and greatest.

    Args:
        part, whole: printed persons, of the same shape; NaN where withheld. Each part is
            contained in its whole.
        rules: those under which the figures were printed.

    Returns:
        Three arrays of that shape, each between 0 and 1; NaN where either figure is withheld. The
        range holds the true share, since it goes over all counts that the figures can stand for.
    """
    used = rules or Rules()
    value = np.minimum(part / whole, 1.0)
    low = used.least(part) / used.greatest(whole)
    high = np.minimum(used.greatest(part) / used.least(whole), 1.0)
    return value, low, high
