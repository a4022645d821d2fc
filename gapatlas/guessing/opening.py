"""How a file has to be opened so that its columns have names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gapatlas.config.reading_models import Reading
from gapatlas.errors import ValidationError
from gapatlas.languages import mark
from gapatlas.reading import LIMITS, Limits, read_cells
from gapatlas.tables import CsvCells

ENCODING: Final = re.compile(r"`encoding: ([A-Za-z0-9_-]+)`")
HEADER_ROW: Final = re.compile(r"`header_row: ([0-9]+)`")
FILL: Final = "`merged: fill`"
MOST_TRIES: Final = 9
EVEN: Final = 0.8
"""Share of rows that a sign has to cut alike."""
DELIMITERS: Final = (";", ",", "\t", "|")
HEADER_ROWS: Final = "`header_rows: 2`"
TWO_ROWS: Final = mark("whether the header has two rows")
UNNAMED: Final = re.compile(r"column [A-Z]+")
YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
TITLE: Final = mark("the rows above seem to be a title")


@dataclass(frozen=True)
class Opened:
    """A table, and what had to be said under `read:`.

    Attributes:
        cells: its cells as text.
        read: keys and values of `read:`; empty where the file says all by itself.
        questions: key -> what is not sure about it, in English.
    """

    cells: CsvCells
    read: dict[str, Any]
    questions: dict[str, str]


def opened(path: Path, read: dict[str, Any], shown: str, limits: Limits = LIMITS) -> Opened:
    """Open a file, trying what its first failures suggest.

    Args:
        path: the file.
        read: what is known already, such as the sheet.
        shown: what problems call the file.
        limits: the most that it may take.

    Raises:
        ValidationError: it can't be opened in any way that was tried; the last problem tells why.
    """
    known, questions = dict(read), {}
    failure: ValidationError | None = None
    for _ in range(MOST_TRIES):
        try:
            cells = read_cells(path, Reading(**known), shown, limits=limits)
        except ValidationError as error:
            key, value, question = _suggestion(error)
            if key is None or key in read or known.get(key) == value:
                raise
            known[key], questions[key] = value, question
            failure = error
            continue
        if known.get("header_rows") == 2 and failure is not None and not _has_years(cells.header):
            raise failure
        if "header_rows" not in known and "header_row" not in read and _years_stand_below(cells):
            known["header_row"], known["header_rows"] = int(cells.frame.index[0]), 2
            questions["header_rows"] = TWO_ROWS
            continue
        parted = _parted_below(cells)
        if parted is not None and "delimiter" not in known:
            known["delimiter"], known["header_row"] = parted
            questions["header_row"] = TITLE
            continue
        row = _header_below(cells)
        if row is None or "header_row" in read:
            last = _last_row(cells)
            if last is not None and "last_row" not in read:
                known["last_row"] = last
                questions["last_row"] = mark("what stands below seems to be notes")
                cells = CsvCells(cells.header, cells.frame.loc[:last], [])
            return Opened(cells, known, questions)
        known["header_row"] = row
        questions["header_row"] = TITLE
        if "merged" not in read:  # what is merged may all stand in the header
            known.pop("merged", None)
            questions.pop("merged", None)
    return Opened(cells, known, questions)


def _suggestion(error: ValidationError) -> tuple[str | None, Any, str]:
    """Key, value and question of what a failure says has to be written under `read:`."""
    allowed = " ".join(problem.allowed or "" for problem in error.problems)
    if match := ENCODING.search(allowed):
        return "encoding", match[1], mark("guessed from the letters")
    if match := HEADER_ROW.search(allowed):
        return "header_row", int(match[1]), mark("the header has several rows: the last one")
    if HEADER_ROWS in allowed:
        return "header_rows", 2, TWO_ROWS
    if FILL in allowed:
        return "merged", "fill", mark("whether merged cells hold for each of their rows")
    return None, None, ""


def _years_stand_below(cells: CsvCells) -> bool:
    """Whether the first row rather is a second one of the header: some columns have no name, and
    years stand in them."""
    if cells.frame.empty:
        return False
    first = dict(zip(cells.header, cells.frame.iloc[0].astype(str), strict=True))
    years = [name for name, text in first.items() if YEAR.fullmatch(text.strip())]
    return len(years) > 1 and any(UNNAMED.fullmatch(name) for name in years)


def _has_years(names: list[str]) -> bool:
    return sum(bool(YEAR.search(name)) for name in names) > 1


def _parted_below(cells: CsvCells) -> tuple[str, int] | None:
    """The sign that cuts most rows below a title of one cell evenly, and the first such row."""
    if len(cells.header) > 1 or cells.frame.empty:
        return None
    texts = cells.frame.iloc[:, 0].astype(str)
    for sign in DELIMITERS:
        numbers = texts.str.count(re.escape(sign))
        usual = int(numbers.mode().iloc[0])
        if usual and (numbers == usual).mean() > EVEN:
            return sign, int(numbers.index[numbers == usual][0])
    return None


def _header_below(cells: CsvCells) -> int | None:
    """The row that rather is the header: the first that is longer, where most rows are."""
    longer = [fault for fault in cells.faults if "cells, not" in (fault.found or "")]
    wide = [fault for fault in longer if _cells_in(fault.found) > len(cells.header)]
    return wide[0].row if len(wide) > len(cells.frame) else None


def _last_row(cells: CsvCells) -> int | None:
    """The last row of the table, where all that does not fit the header stands below it."""
    if cells.frame.empty:
        return None
    filled = (cells.frame != "").sum(axis=1)
    full = filled.index[filled > (1 if len(cells.header) > 2 else 0)]
    if not len(full):
        return None
    last = int(full[-1])
    below = [fault.row or 0 for fault in cells.faults] + [int(row) for row in filled.index[-1:]]
    notes = [row for row in below if row > last]
    faults_below = all((fault.row or 0) > last for fault in cells.faults)
    return last if notes and faults_below else None


def _cells_in(found: str | None) -> int:
    return int((found or "0").split()[0].replace(",", ""))
