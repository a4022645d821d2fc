"""Counts and treatment of many places over many years, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gapatlas.training.fixed_effects import Grid, Mask


@dataclass(frozen=True)
class Panel:
    """Places by years; NaN where a count is not reported or the treatment is not known.

    Attributes:
        places: ids or names, one per row.
        years: every year from the first to the last, one per column.
        low, high: bounds of the counts, shape (places, years).
        treatment: what was done in that very year, the same shape.
    """

    places: tuple[str, ...]
    years: tuple[int, ...]
    low: Grid
    high: Grid
    treatment: Grid

    @property
    def counted(self) -> Mask:
        """Cells with a count."""
        return np.isfinite(self.low)

    def span(self, used: Mask) -> tuple[int, int]:
        """First and last year with a cell in use."""
        at = np.nonzero(used.any(axis=0))[0]
        return self.years[at[0]], self.years[at[-1]]

    def treated_before(self, years: int) -> Grid:
        """The treatment `years` years before each cell; after it where `years` is negative."""
        moved = np.full_like(self.treatment, np.nan)
        if years == 0:
            moved[:] = self.treatment
        elif years > 0:
            moved[:, years:] = self.treatment[:, :-years]
        else:
            moved[:, :years] = self.treatment[:, -years:]
        return moved


def panel_of(counts: pd.DataFrame, treatment: pd.DataFrame) -> Panel:
    """A panel of the places that have both counts and a treatment that is known.

    Args:
        counts: place, year, low, high; rows without bounds are taken as not reported.
        treatment: place, year, value; absent where it is not known.
    """
    counts = counts[counts["low"].notna()]
    treatment = treatment[treatment["value"].notna()]
    places = sorted(set(counts["place"]) & set(treatment["place"]))
    both = pd.concat([counts["year"], treatment["year"]])
    years = range(int(both.min()), int(both.max()) + 1) if places else range(0)
    return Panel(
        places=tuple(places),
        years=tuple(years),
        low=_grid(counts, "low", places, years),
        high=_grid(counts, "high", places, years),
        treatment=_grid(treatment, "value", places, years),
    )


def _grid(table: pd.DataFrame, column: str, places: list[str], years: range) -> Grid:
    wide = table.pivot(index="place", columns="year", values=column)
    whole = wide.reindex(index=places, columns=list(years))
    return whole.to_numpy(dtype=np.float64, na_value=np.nan)
