"""Rules that tables of any kind share, each of which lists the rows that break it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from gapatlas.config import near_names
from gapatlas.errors import Problem
from gapatlas.languages import worded
from gapatlas.tables import shown

COUNT_MAX = 100_000_000
YEAR_MIN = 1900
SHOWN_PER_RULE = 500
"""Failures of one rule that are listed one by one; the rest are counted."""

_WHOLE = r"0|[1-9][0-9]{0,14}"
_DECIMAL = r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?"


class TableRules:
    """Checks on one table of text cells, indexed by line; each yields a problem per failing row."""

    def __init__(self, file: str, table: pd.DataFrame) -> None:
        self.file = file
        self.table = table

    def failures(
        self, bad: pd.Series, column: str, message: str, allowed: str | None = None
    ) -> Iterator[Problem]:
        positions = bad.to_numpy().nonzero()[0]
        for position in positions[:SHOWN_PER_RULE]:
            yield Problem(
                self.file,
                message,
                row=int(self.table.index[position]),
                column=column,
                found=shown(str(self.table[column].iat[position])),
                allowed=allowed,
            )
        if len(positions) > SHOWN_PER_RULE:
            left = len(positions) - SHOWN_PER_RULE
            yield Problem(
                self.file,
                worded("{message} And {left} more rows.", message=message, left=left),
                column=column,
            )

    def one_of(self, column: str, allowed: Sequence[str]) -> Iterator[Problem]:
        bad = ~self.table[column].isin(allowed)
        yield from self.failures(
            bad, column, worded("This word is not known here."), ", ".join(allowed)
        )

    def whole_number(
        self, column: str, low: int, high: int, blank_allowed: pd.Series | None = None
    ) -> Iterator[Problem]:
        text = self.table[column]
        allowed = worded("a whole number from {low} to {high}, digits only", low=low, high=high)
        bad = ~text.str.fullmatch(_WHOLE)
        if blank_allowed is not None:
            bad &= ~(blank_allowed & (text == ""))
        yield from self.failures(bad, column, worded("This is not a whole number."), allowed)
        number = self.numbers(column)
        outside = (number < low) | (number > high)
        yield from self.failures(outside, column, worded("The number is out of range."), allowed)

    def numbers(self, column: str) -> pd.Series:
        """The cells that are whole numbers, in any range; absent elsewhere."""
        text = self.table[column]
        return pd.to_numeric(text.where(text.str.fullmatch(_WHOLE).astype(bool)), errors="coerce")

    def decimal_number(self, column: str) -> Iterator[Problem]:
        text = self.table[column]
        bad = (text != "") & ~text.str.fullmatch(_DECIMAL)
        yield from self.failures(
            bad, column, worded("This is not a number."), worded("a number such as -1.25")
        )

    def decimals(self, column: str) -> pd.Series:
        """The cells that are decimal numbers; absent elsewhere."""
        text = self.table[column]
        return pd.to_numeric(text.where(text.str.fullmatch(_DECIMAL).astype(bool)), errors="coerce")

    def place_is_known(
        self, known: set[str], column: str = "jurisdiction_id", where: pd.Series | None = None
    ) -> Iterator[Problem]:
        bad = ~self.table[column].isin(known)
        if where is not None:
            bad &= where
        for problem in self.failures(bad, column, worded("There is no such place.")):
            near = near_names((problem.found or "").strip("'"), known)
            yield replace(
                problem, allowed=worded("an id of the places table, such as {near}", near=near)
            )

    def unique(self, key: Sequence[str]) -> Iterator[Problem]:
        repeated = self.table.duplicated(list(key), keep="first")
        if not repeated.any():
            return
        first = self.table.drop_duplicates(list(key)).reset_index(names="first_row")
        rows = self.table[repeated].reset_index(names="row")
        pairs = rows.merge(first[[*key, "first_row"]], on=list(key), how="left")
        for found in pairs.head(SHOWN_PER_RULE).to_dict("records"):
            yield Problem(
                self.file,
                worded("The same key stands in row {first} already.", first=found["first_row"]),
                row=int(found["row"]),
                column=", ".join(key),
                found=", ".join(str(found[name]) for name in key),
                allowed=worded("each key once"),
            )
        if len(pairs) > SHOWN_PER_RULE:
            left = len(pairs) - SHOWN_PER_RULE
            yield Problem(
                self.file,
                worded("{left} more rows repeat a key.", left=left),
                column=", ".join(key),
            )


def latest_year() -> int:
    """The last year that a figure may be of: publishers are ahead by one."""
    return date.today().year + 1
