"""How near the shares of a copy are to those of the file, by figures that may be printed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gapatlas.protection import Rules
from gapatlas.synthesis.counts import Traits


@dataclass(frozen=True)
class Quality:
    """Errors of the shares of a copy, in percentage points.

    Attributes:
        values: how many values at a time.
        figures: how many shares were compared: those of counts that may be printed.
        mean, largest: of their errors.
    """

    values: int
    figures: int
    mean: float
    largest: float

    @property
    def told(self) -> str:
        """What the shares are of."""
        return "single values" if self.values == 1 else f"{self.values} values together"


def quality(original: Traits, copy: Traits, values: int, rules: Rules) -> Quality:
    """Compare shares of all rows, by so many values at a time.

    The figures of the file are rounded, and those below the threshold are left out.
    """
    total = rules.printed(original.total)
    errors = []
    for group in original.groups(values):
        persons = original.count(group)
        shown = persons >= rules.threshold
        shares = rules.printed(persons[shown]) / total
        errors.append(100 * np.abs(copy.count(group)[shown] / copy.total - shares))
    all_ = np.concatenate(errors)
    return Quality(values, len(all_), float(all_.mean()), float(all_.max()))
