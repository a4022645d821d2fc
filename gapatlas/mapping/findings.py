"""What is wrong with cells: found once for each different cell, with the first row it stands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gapatlas.errors import Problem
from gapatlas.languages import worded
from gapatlas.tables import shown

LISTED: Final = 200
"""Different cells of one column that are listed one by one; the rest are counted."""
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


def any_of(flags: Sequence[Flags], rows: int = 0) -> Flags:
    """Where any of the flags is up; `rows` tells how many there are where no flags are given."""
    if not flags:
        return np.zeros(rows, dtype=bool)
    return np.asarray(np.logical_or.reduce(flags), dtype=bool)


@dataclass(frozen=True)
class CellFault:
    """Why a cell can't be read, and what may stand there.

    Attributes:
        by_one_line: whether one line of the config mends every cell with this fault.
    """

    message: str
    allowed: str | None = None
    by_one_line: bool = False


@dataclass
class ReadColumn:
    """A column of the file, each cell read.

    Attributes:
        name: the column, as the file names it; empty where the config says the word.
        texts: the cells as text.
        values: what each cell says; None where it can't be read.
        faults: cell -> why it can't be read.
    """

    name: str
    texts: Texts
    values: Texts
    faults: dict[str, CellFault]

    @property
    def bad(self) -> Flags:
        """Rows whose cell can't be read."""
        if not self.faults:
            return np.zeros(len(self.texts), dtype=bool)
        return np.asarray(pd.Series(self.texts).isin(list(self.faults)).to_numpy(), dtype=bool)

    def kind_of(self, text: str) -> str | CellFault:
        """What faulty cells with one problem have in common: the text, or a fault that one line
        mends."""
        fault = self.faults[text]
        return fault if fault.by_one_line else text


def read_column(name: str, texts: Texts, read: Callable[[str], Hashable | CellFault]) -> ReadColumn:
    """Read each different cell of a column once."""
    codes, different = pd.factorize(pd.Series(texts, dtype=object), use_na_sentinel=False)
    found = [read(text) for text in different]
    faults = {t: f for t, f in zip(different, found, strict=True) if isinstance(f, CellFault)}
    values = np.empty(len(found), dtype=object)
    values[:] = [None if isinstance(each, CellFault) else each for each in found]
    return ReadColumn(name, texts, values[codes], faults)


def constant(value: Any, rows: int) -> ReadColumn:
    """What the config says for every row."""
    values = np.empty(rows, dtype=object)
    values.fill(value)
    return ReadColumn("", np.full(rows, "", dtype=object), values, {})


@dataclass(frozen=True)
class Findings:
    """Makes problems of one file.

    Attributes:
        file: the file as problems name it.
        rows: row of the file of each row of the table.
    """

    file: str
    rows: npt.NDArray[np.int64]

    def of_columns(self, columns: Iterable[ReadColumn], among: Flags) -> Iterator[Problem]:
        """One problem for each different faulty cell in the rows `among`, or for all cells that
        one line mends, in whatever columns they stand."""
        first: dict[str | CellFault, tuple[ReadColumn, int]] = {}
        times: Counter[str | CellFault] = Counter()
        for column in columns:
            where = np.flatnonzero(column.bad & among)
            kinds = [column.kind_of(str(text)) for text in column.texts[where]]
            times.update(kinds)
            for kind, at in zip(kinds, where, strict=True):
                first.setdefault(kind, (column, int(at)))
        for kind, (column, row) in list(first.items())[:LISTED]:
            text = str(column.texts[row])
            yield self.at(row, column.name, column.faults[text], text, times[kind])
        if len(first) > LISTED:
            message = worded(
                "And {count} more cells that can't be read.", count=len(first) - LISTED
            )
            yield Problem(self.file, message)

    def at(
        self, position: int, column: str, fault: CellFault, cell: str | None, times: int = 1
    ) -> Problem:
        """A problem of one cell, and in how many it stands."""
        message = fault.message
        if times > 1 and fault.by_one_line:
            message = worded("{message} It is so in {times} cells.", message=message, times=times)
        elif times > 1:
            message = worded("{message} It stands in {times} cells.", message=message, times=times)
        return Problem(
            self.file,
            message,
            row=int(self.rows[position]),
            column=column,
            found=None if cell is None else shown(cell),
            allowed=fault.allowed,
        )
