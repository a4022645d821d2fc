"""How much is measured, and where its files are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Bench:
    """One group of measurements.

    Attributes:
        folder: for files and snapshots of this group alone.
        quick: fewer samples and smaller loads.
        large: also what takes minutes and gigabytes.
    """

    folder: Path
    quick: bool = False
    large: bool = False

    def samples(self, count: int) -> int:
        """How many samples to take of those that a full run takes."""
        return max(3, count // 4) if self.quick else count
