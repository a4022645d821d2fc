"""Where a mapped row comes from, so that every later problem names the analyst's own cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from gapatlas.errors import Problem
from gapatlas.languages import worded
from gapatlas.tables import shown

_QUOTES = ("'", '"')


@dataclass(frozen=True)
class Origin:
    """The source of every row of a mapped table, which is numbered from 0.

    Attributes:
        cells: the table of the file, texts.
        positions: for each mapped row, its row in `cells`, counted from 0.
        blocks: for each mapped row, which of `columns` is its.
        columns: for each column of figures: our column -> column of the file; what the config says
            for all rows is not there.
    """

    cells: pd.DataFrame
    positions: npt.NDArray[np.int64]
    blocks: npt.NDArray[np.int64]
    columns: tuple[Mapping[str, str], ...]

    def row(self, mapped_row: int) -> int:
        """Row of the file from which a mapped row comes."""
        return int(self.cells.index[self.positions[mapped_row]])

    def column(self, mapped_row: int, ours: str) -> str | None:
        """Column of the file from which one of our columns comes in a row."""
        columns = self.columns[int(self.blocks[mapped_row])]
        return columns.get(ours)

    def cell(self, mapped_row: int, ours: str) -> str | None:
        """What the file says where one of our columns comes from; None where the config says it."""
        column = self.column(mapped_row, ours)
        if column is None:
            return None
        return str(self.cells[column].iat[self.positions[mapped_row]])

    def told(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Problems of mapped rows, with the rows, the columns and the cells of the file.

        Rows that come from one row of the file have some problems in common: each is told once.
        """
        return iter(dict.fromkeys(map(self._told, problems)))

    def _told(self, problem: Problem) -> Problem:
        ours = problem.column.split(", ") if problem.column else []
        at = problem.row
        if at is None:
            return replace(problem, column=self._columns(0, ours)) if self.columns else problem
        found = problem.found
        if len(ours) == 1 and found is not None and found.startswith(_QUOTES):  # a cell of ours
            cell = self.cell(at, ours[0])
            found = found if cell is None else shown(cell)
        return replace(
            problem,
            row=self.row(at),
            column=self._columns(int(self.blocks[at]), ours),
            found=found,
        )

    def _columns(self, block: int, ours: list[str]) -> str | None:
        named = [self.columns[block][name] for name in ours if name in self.columns[block]]
        if named or not ours:
            return ", ".join(dict.fromkeys(named)) or None
        return worded("{columns} (from the config)", columns=", ".join(ours))
