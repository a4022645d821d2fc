"""What of a figure can be published: no group of persons below a threshold stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SHOWN: Final = "shown"
SMALL: Final = "small"
"""Fewer persons than the threshold stand behind the figure."""
COMPLEMENTARY: Final = "complementary"
"""Enough persons stand behind the figure, but beside another one it would give a few away."""
POINTS_DECIMALS: Final = 1
SHARE_DECIMALS: Final = 3


@dataclass(frozen=True)
class Floor:
    """What protects persons.

    Attributes:
        threshold: smallest group that a figure may rest on.
        base: published counts are multiples of this.
    """

    threshold: int = 10
    base: int = 5

    def __post_init__(self) -> None:
        if not 1 <= self.base <= self.threshold:
            raise ValueError("base must lie between 1 and the threshold")

    def enough(self, *groups: float) -> bool:
        """Whether every group has at least the threshold."""
        return all(group >= self.threshold for group in groups)

    def close(self, inner: float, outer: float) -> bool:
        """Whether two groups, one inside the other, differ by a few persons only."""
        return 0 < abs(outer - inner) < self.threshold

    def rounded(self, counts: ArrayLike) -> Floats:
        """Counts to the nearest multiple of the base; halves go up."""
        values = np.asarray(counts, dtype=np.float64)
        return np.asarray(np.floor(values / self.base + 0.5) * self.base)

    def share(self, part: float, whole: float) -> float:
        """A share from rounded counts; it is never above 1."""
        above, below = float(self.rounded(part)), float(self.rounded(whole))
        return round(min(above, below) / below, SHARE_DECIMALS) if below > 0 else float("nan")


FLOOR: Final = Floor()


def points(value: float) -> float:
    """A difference of shares in percentage points, as precise as it is published."""
    return round(100 * value, POINTS_DECIMALS) + 0.0
