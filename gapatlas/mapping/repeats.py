"""Rows that say one thing twice, and rows that are the sum of the others."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gapatlas.errors import Problem
from gapatlas.languages import worded, worded_many
from gapatlas.mapping.findings import LISTED
from gapatlas.mapping.origin import Origin
from gapatlas.mapping.texts import in_flow, plain

FEWEST_PARTS: Final = 3
"""Others that a sum needs: of two places with figures alike, each is the sum of the others."""
LEAST_SUM: Final = 20
"""What the sums of one place have to reach together: small counts add up by chance."""
MOST_EXAMINED: Final = 10_000
"""Repeated rows that are looked at one by one."""
MOST_WORDS: Final = 50
"""A column with more different cells than this tells rows apart, not kinds of figures."""


class Repeats:
    """Finds rows whose key stands in an earlier row already, and says in what they differ.

    Args:
        file: the file as problems name it.
        frame: mapped rows, numbered from 0, with the columns of the key.
        key: our columns that no two rows may have in common.
        origin: where the rows come from.
        passed_over: columns of the file that the map does not name.
    """

    def __init__(
        self,
        file: str,
        frame: pd.DataFrame,
        key: Sequence[str],
        origin: Origin,
        passed_over: Collection[Hashable],
    ) -> None:
        self._file, self._key, self._origin = file, tuple(key), origin
        self._telling = _telling(origin.cells, passed_over)
        self.repeated = np.asarray(frame.duplicated(list(key)).to_numpy(), dtype=bool)
        self._first = _first_rows(frame, key) if self.repeated.any() else self.repeated
        self._frame = frame

    def problems(self) -> Iterator[Problem]:
        """One problem for each way in which rows repeat a key."""
        found: dict[tuple[str, ...], list[int]] = {}
        for row in np.flatnonzero(self.repeated)[:MOST_EXAMINED]:
            found.setdefault(self._kind(int(row)), []).append(int(row))
        for kind, rows in list(found.items())[:LISTED]:
            yield self._problem(kind, rows)
        if len(found) > LISTED:
            yield Problem(
                self._file,
                worded("And {count} more kinds of repeated rows.", count=len(found) - LISTED),
            )

    def _kind(self, row: int) -> tuple[str, ...]:
        """What tells a row from the earlier one: our column and the two cells, or theirs."""
        first = int(self._first[row])
        for ours in self._key:
            here, there = (plain(self._origin.cell(r, ours) or "") for r in (row, first))
            if here != there:
                return ("ours", ours, there, here)
        for column in self._telling:
            here, there = (self._cell(r, column) for r in (row, first))
            if here != there:
                return ("theirs", column, there, here)
        return ("nothing", str(self._origin.row(row)))

    def _cell(self, row: int, column: str) -> str:
        return plain(str(self._origin.cells[column].iat[self._origin.positions[row]]))

    def _problem(self, kind: tuple[str, ...], rows: list[int]) -> Problem:
        row = rows[0]
        first = self._origin.row(int(self._first[row]))
        if kind[0] == "nothing":
            columns = dict.fromkeys(self._origin.column(row, ours) for ours in self._key)
            return Problem(
                self._file,
                worded("The same key stands in row {first} already.", first=first),
                row=self._origin.row(row),
                column=", ".join(column for column in columns if column),
                found=", ".join(str(self._frame[name].iat[row]) for name in self._key),
                allowed=worded("each key once"),
            )
        _, name, there, here = kind
        column = name if kind[0] == "theirs" else self._origin.column(row, name) or name
        drop = f"`drop: {{{in_flow(column)}: [{in_flow(here)}]}}`"
        messages = {
            "jurisdiction_id": worded("One place stands twice under two names."),
            "year": worded("Several rows fall into one year."),
        }
        message = messages.get(
            name, worded("Two cells mean the same, and their rows would be mixed.")
        )
        allowed = worded("one of the two: {drop} under `map:` leaves rows out", drop=drop)
        if name == "year":
            allowed = worded("one row for each place and year, or {drop} under `map:`", drop=drop)
        if kind[0] == "theirs":
            message = worded(
                "Rows of one place and year differ in this column, which the map passes over."
            )
            allowed = worded(
                "figures of one kind: {drop} under `map:` leaves rows out; or a line under "
                "`map:` that says what the column is, such as unit, sex or category",
                drop=drop,
            )
        if len(rows) > 1:
            message = worded("{message} It is so in {rows} rows.", message=message, rows=len(rows))
        return Problem(
            self._file,
            message,
            row=self._origin.row(row),
            column=column,
            found=worded(
                "'{here}', and '{there}' in row {first}", here=here, there=there, first=first
            ),
            allowed=allowed,
        )


def _first_rows(frame: pd.DataFrame, key: Sequence[str]) -> npt.NDArray[np.int64]:
    """For each row the first row with the same key."""
    groups = frame.groupby(list(key), sort=False).ngroup().to_numpy()
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    return np.asarray(first[group], dtype=np.int64)


def _telling(cells: pd.DataFrame, passed_over: Collection[Hashable]) -> list[str]:
    """Columns that the map passes over, and that hold few different words."""
    once = cells.columns[~cells.columns.duplicated(keep=False)]
    return [
        str(column)
        for column in once
        if column in passed_over and cells[column].nunique() <= MOST_WORDS
    ]


def sum_problems(
    file: str,
    frame: pd.DataFrame,
    key: Sequence[str],
    levels: Mapping[str, str],
    origin: Origin,
    allowed_sums: Collection[str],
) -> Iterator[Problem]:
    """Places that are, in each year and column, the sum of the other places of their level.

    Args:
        frame: mapped rows of counts, numbered from 0, with `low` as a number where the count is
            exact, absent elsewhere.
        levels: id of a place -> its level.
        allowed_sums: names in the file that the map says are no sums.
    """
    exact = frame[frame["low"].notna()].copy()
    exact["level"] = exact["jurisdiction_id"].map(levels)
    exact["positive"] = (exact["low"] > 0).astype("int64")
    parts = exact.groupby([*(k for k in key if k != "jurisdiction_id"), "level"], sort=False)
    total = parts["low"].transform("sum")
    enough = parts["positive"].transform("sum") > FEWEST_PARTS
    exact["is_sum"] = enough & (exact["low"] * 2 == total) & (exact["low"] > 0)
    compared = exact[enough & (exact["low"] > 0)]
    by_place = compared.groupby("jurisdiction_id", sort=False)
    suspects = by_place["is_sum"].all() & (by_place["low"].sum() >= LEAST_SUM)
    for id_ in suspects[suspects].index:
        row = int(compared.index[compared["jurisdiction_id"] == id_][0])
        name = plain(origin.cell(row, "jurisdiction_id") or "")
        if name and name not in allowed_sums:
            times = int((compared["jurisdiction_id"] == id_).sum())
            yield _sum_problem(file, origin, row, name, times)


def _sum_problem(file: str, origin: Origin, row: int, name: str, times: int) -> Problem:
    column = origin.column(row, "jurisdiction_id") or ""
    message = worded_many(
        "The row is the sum of the others in its one figure: it seems to be a total, no place.",
        "The row is the sum of the others in each of its {times} figures: it seems to be a total, "
        "no place.",
        times,
        times=times,
    )
    return Problem(
        file,
        message,
        row=origin.row(row),
        column=column,
        found=f"'{name}'",
        allowed=worded(
            "places alone. A line under `map:`, {drop} leaves it out, {keep} keeps it",
            drop=f"`drop: {{{in_flow(column)}: [{in_flow(name)}]}}`",
            keep=f"`not_totals: [{in_flow(name)}]`",
        ),
    )
