"""Counts of the past, as the levels and the hindcast read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.statistics.checks import Bools, Floats
from gapatlas.training.chain import COUNTED
from gapatlas.training.levels import Levels, discounted_levels

UNITS: Final = {
    "detected": "victims",
    "suspected": "persons",
    "prosecuted": "persons",
    "convicted": "persons",
}
"""What the stages of the model count."""


@dataclass(frozen=True)
class History:
    """Yearly counts of places, stage by stage.

    Attributes:
        places: ids.
        first_year: year of the first column; each column is the year after the one before.
        low, high: bounds of counts, shape (stages, places, years), stages in the order of
            `COUNTED`; 0 where nothing is reported.
        reported: which are reported, of the same shape.
    """

    places: tuple[str, ...]
    first_year: int
    low: Floats
    high: Floats
    reported: Bools

    @property
    def last_year(self) -> int:
        """Year of the last column."""
        return int(self.first_year + self.low.shape[2] - 1)

    @property
    def predictable(self) -> NDArray[np.int64]:
        """Rows of the places that report prosecutions or convictions in any year."""
        told = self.reported[[COUNTED.index(stage) for stage in ("prosecuted", "convicted")]]
        return np.flatnonzero(told.any(axis=(0, 2)))

    def until(self, year: int) -> History:
        """The same up to a year, as if later ones were not known yet.

        Raises:
            ValueError: a year that is not among its own.
        """
        columns = self.column(year) + 1
        return History(
            self.places,
            self.first_year,
            self.low[:, :, :columns],
            self.high[:, :, :columns],
            self.reported[:, :, :columns],
        )

    def column(self, year: int) -> int:
        """Column of a year.

        Raises:
            ValueError: a year that is not among its own.
        """
        if not self.first_year <= year <= self.last_year:
            raise ValueError(f"{year} is not in {self.first_year} to {self.last_year}")
        return year - self.first_year

    def of(self, rows: NDArray[np.int64]) -> History:
        """The counts of some of the places, by row."""
        return History(
            tuple(self.places[row] for row in rows),
            self.first_year,
            self.low[:, rows],
            self.high[:, rows],
            self.reported[:, rows],
        )

    def levels(self, discount: float) -> dict[str, Levels]:
        """Levels of every stage at the end of the years; see `discounted_levels`."""
        return {
            stage: discounted_levels(self.low[k], self.high[k], self.reported[k], discount)
            for k, stage in enumerate(COUNTED)
        }


def history(counts: pd.DataFrame) -> History:
    """Counts of a source as arrays.

    Args:
        counts: jurisdiction_id, year, stage, unit, count_low, count_high, status, as
            `Atlas.stage_years` gives them. Stages and units that the model does not follow are
            left out; so are withheld counts.

    Raises:
        ValueError: no count of the stages of the model.
    """
    wanted = counts["unit"] == counts["stage"].map(UNITS)
    told = counts[wanted & counts["status"].isin(["exact", "censored"])]
    if told.empty:
        raise ValueError("there is no count of any stage that the model follows")
    places = sorted(told["jurisdiction_id"].unique())
    first, last = int(told["year"].min()), int(told["year"].max())
    at = (
        told["stage"].map({stage: k for k, stage in enumerate(COUNTED)}).to_numpy(),
        told["jurisdiction_id"].map({place: n for n, place in enumerate(places)}).to_numpy(),
        told["year"].to_numpy().astype(np.int64) - first,
    )
    shape = (len(COUNTED), len(places), last - first + 1)
    low, high, reported = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    low[at] = told["count_low"].to_numpy(dtype=np.float64)
    high[at] = told["count_high"].to_numpy(dtype=np.float64)
    reported[at] = True
    return History(tuple(map(str, places)), first, low, high, reported)
