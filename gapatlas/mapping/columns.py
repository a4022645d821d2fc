"""The columns of an office's file: the rows that count, and their cells with blanks tidied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from gapatlas.config import near_names
from gapatlas.config.mapping_models import TableMap
from gapatlas.errors import Problem
from gapatlas.languages import worded
from gapatlas.mapping.findings import Texts
from gapatlas.mapping.texts import plain
from gapatlas.tables import CsvCells

NAMES_SHOWN = 30


class FileColumns:
    """The rows of a file that are not blank and that the map does not drop.

    Attributes:
        names: the columns as the file writes them.
        kept: positions of the rows in the file's table, from 0.
        rows: row of the file of each of them.
    """

    def __init__(self, cells: CsvCells, map_: TableMap) -> None:
        self.names = tuple(cells.header)
        self._frame = cells.frame.set_axis(list(range(len(cells.header))), axis="columns")
        self._at = {plain(name): position for position, name in enumerate(self.names)}
        self._tidy: dict[int, Texts] = {}
        self.kept = np.flatnonzero(~(_blank(self._frame) | self._dropped(map_)))
        self.rows = cells.frame.index.to_numpy(dtype=np.int64)[self.kept]

    def _dropped(self, map_: TableMap) -> npt.NDArray[np.bool_]:
        dropped = np.zeros(len(self._frame), dtype=bool)
        for column, words in map_.drop.items():
            texts = pd.Series(self._every_text(self._at[plain(column)]), dtype=object)
            dropped |= texts.isin([plain(word) for word in words]).to_numpy(dtype=bool)
        return dropped

    def name(self, column: str) -> str:
        """A column of the config as the file writes it."""
        return self.names[self._at[plain(column)]]

    def texts(self, column: str) -> Texts:
        """The cells of a column in the kept rows."""
        return self._every_text(self._at[plain(column)])[self.kept]

    def filled(self) -> npt.NDArray[np.int64]:
        """How many cells of each kept row hold something."""
        count = np.zeros(len(self.kept), dtype=np.int64)
        for position in range(len(self.names)):
            count += self._every_text(position)[self.kept] != ""
        return count

    def _every_text(self, position: int) -> Texts:
        if position not in self._tidy:
            codes, different = pd.factorize(self._frame[position])
            tidy = np.array([plain(str(cell)) for cell in different], dtype=object)
            self._tidy[position] = tidy[codes]
        return self._tidy[position]


def _blank(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows without a filled cell; the columns of `frame` have different names."""
    blank = np.ones(len(frame), dtype=bool)
    for column in frame:
        blank &= (frame[column].str.strip() == "").to_numpy(dtype=bool)
    return blank


def filled_down(cells: CsvCells, map_: TableMap) -> CsvCells:
    """A table whose merged cells say in each row what they say in the first."""
    blank = _blank(cells.frame.set_axis(range(len(cells.header)), axis="columns"))
    wanted = {plain(column) for column in map_.filled_down}
    frame = cells.frame.copy(deep=False)
    for name in frame.columns[[plain(str(name)) in wanted for name in frame.columns]]:
        frame[name] = (
            frame[name].where(frame[name].str.strip() != "").ffill().where(~blank).fillna("")
        )
    return replace(cells, frame=frame)


def named_columns(map_: TableMap) -> dict[str, tuple[str, ...]]:
    """Every column of the file that a map names -> the keys that name it."""
    named: dict[str, tuple[str, ...]] = {}
    if map_.place.column is not None:
        named[map_.place.column] = ("place", "column")
    if map_.year is not None and map_.year.column is not None:
        named[map_.year.column] = ("year", "column")
    for ours, keys in map_.words.items():
        if keys.column is not None:
            named[keys.column] = (ours, "column")
    for figures in map_.figures:
        for column in (figures.column, figures.low, figures.high):
            if column is not None:
                named[column] = figures.key
    return {**{column: ("drop", column) for column in map_.drop}, **named}


def header_problems(
    header: list[str], named: Mapping[str, tuple[str, ...]], file: str, row: int
) -> Iterator[Problem]:
    """Columns that the map names and the file does not have, or has twice."""
    found = [plain(name) for name in header]
    for column, keys in named.items():
        times = found.count(plain(column))
        if times == 0:
            key = ".".join(("map", *keys))
            message = worded(
                "The table has no such column, which the config names at {key}.", key=key
            )
            names = ", ".join(name for name in found[:NAMES_SHOWN] if name) or worded("no names")
            allowed = near_names(plain(column), found)
            yield Problem(file, message, row=row, column=column, found=names, allowed=allowed)
        elif times > 1:
            message = worded("The column stands {times} times.", times=times)
            yield Problem(file, message, row=row, column=column, allowed=worded("each name once"))
