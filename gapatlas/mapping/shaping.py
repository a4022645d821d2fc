"""Columns of figures as rows in our columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gapatlas.config.mapping_models import Figures
from gapatlas.mapping.findings import Flags, ReadColumn, Texts, any_of
from gapatlas.mapping.numbers import NOT_REPORTED, Figure, FigureReader

FIGURE_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "observations": ("count_low", "count_high"),
    "population": ("population",),
    "indicators": ("value", "low", "high"),
}
"""Our columns of figures, of each kind."""


@dataclass(frozen=True)
class Block:
    """The rows that one column of figures gives.

    Attributes:
        at: positions of the rows among those of the file that count.
        columns: our columns, their cells.
        sources: our columns -> columns of the file; what the config says is not there.
    """

    at: npt.NDArray[np.int64]
    columns: dict[str, Texts]
    sources: dict[str, str]


@dataclass(frozen=True)
class ReadFigures:
    """A column of figures, read, with its limits where it has any.

    Attributes:
        limits: `low` and `high`, where the map names a column for them.
    """

    keys: Figures
    reader: FigureReader
    value: ReadColumn
    limits: dict[str, ReadColumn]

    @property
    def columns(self) -> tuple[ReadColumn, ...]:
        """The column and those of its limits."""
        return (self.value, *self.limits.values())

    @property
    def bad(self) -> Flags:
        """Rows in which one of the cells can't be read."""
        return any_of([column.bad for column in self.columns])

    def sources(self, kind: str) -> dict[str, str]:
        """Our columns of figures -> the columns that they come from."""
        limits = {ours: column.name for ours, column in self.limits.items()}
        ours = dict.fromkeys(("status", *FIGURE_COLUMNS[kind]), self.value.name)
        return {**ours, **limits}

    def cells(self, kind: str, at: npt.NDArray[np.int64], status: Texts) -> dict[str, Texts]:
        """Our columns of figures and their status in the rows `at`.

        Args:
            status: what a column of the file says of the status; empty where it says nothing.
        """
        none = np.full(len(at), None, dtype=object)
        low, high = (
            self.limits[ours].values[at] if ours in self.limits else none
            for ours in ("low", "high")
        )
        rows = [
            _row(kind, *row) for row in zip(self.value.values[at], low, high, status, strict=True)
        ]
        names = (*FIGURE_COLUMNS[kind], "status")
        found = np.array(rows, dtype=object).reshape(len(rows), len(names))
        return {name: found[:, position] for position, name in enumerate(names)}


def _row(
    kind: str, value: Figure, low: Figure | None, high: Figure | None, stated: str
) -> tuple[str, ...]:
    """The figures of one row in our columns, then its status."""
    if kind == "population":
        return value.low, stated or value.status
    if kind == "observations":
        return value.low, value.high, stated or value.status
    *figures, status = _estimate(value, low, high)
    return *figures, stated or status


def _estimate(value: Figure, low: Figure | None, high: Figure | None) -> tuple[str, str, str, str]:
    """Value, limits and status of an indicator."""
    number = value.low if value.status == "exact" else ""
    given = [limit for limit in (low, high) if limit not in (None, NOT_REPORTED)]
    if not given:
        return number, value.low, value.high, value.status
    lower, upper = (limit.low if limit is not None else "" for limit in (low, high))
    if number:
        status = "exact" if lower == upper == number else "estimated"
        return number, lower, upper, status
    return "", lower, upper, "censored"
