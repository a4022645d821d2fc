"""Tables: CSV files as cells of text with their line numbers, and rows one by one.

pandas is imported on first use: a process that reads one file of a stranger starts without it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from gapatlas.languages import grouped, mark, worded

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS: Final = 2_000
"""Columns that a table may have."""


@dataclass(frozen=True)
class CsvFault:
    """What keeps a row, or the whole file, from being read."""

    message: str
    row: int | None = None
    found: str | None = None


@dataclass
class CsvCells:
    """A CSV file as text.

    Attributes:
        header: names of the columns, as they stand in the file.
        frame: every row that fits the header, all cells text; the index is the line of the file
            (from 1, the header included) on which the row begins, also where cells above it hold
            line breaks.
        faults: every row that does not fit, and what else can't be read.
    """

    header: list[str]
    frame: pd.DataFrame
    faults: list[CsvFault] = field(default_factory=list)


def read_csv_cells(path: Path) -> CsvCells:
    """Read a UTF-8, comma-separated file with one header row; blank lines are passed over.

    Raises:
        OSError: the file can't be read.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = worded("the byte 0x{byte}", byte=f"{content[error.start]:02X}")
        return _nothing(CsvFault(worded("The file is not UTF-8 text."), line, found))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return _nothing(CsvFault(worded("The row holds a NUL character."), line))
    count = text.partition("\n")[0].count(",") + 1
    return _cells(text) if count <= MOST_COLUMNS else _too_many_columns(count)


def _too_many_columns(count: int) -> CsvCells:
    found = worded(
        "{count} columns, more than {most}",
        count=grouped(count),
        most=grouped(MOST_COLUMNS),
    )
    return _nothing(CsvFault(worded("The table has too many columns."), 1, found))


def _nothing(fault: CsvFault) -> CsvCells:
    import pandas as pd

    return CsvCells(header=[], frame=pd.DataFrame(), faults=[fault])


def _cells(text: str) -> CsvCells:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    lines: list[int] = []
    fitting: list[list[str]] = []
    faults: list[CsvFault] = []
    first_line = 1
    try:
        for cells in reader:
            line, first_line = first_line, reader.line_num + 1
            if not cells:
                continue
            if header is None:
                header = cells
            elif len(cells) == len(header):
                lines.append(line)
                fitting.append(cells)
            else:
                found = worded("{count} cells, not {wanted}", count=len(cells), wanted=len(header))
                message = worded("The row does not have as many cells as the header.")
                faults.append(CsvFault(message, line, found))
    except csv.Error as error:
        faults.append(
            CsvFault(
                worded("The row can't be read as CSV: {reason}.", reason=csv_reason(error)),
                first_line,
            )
        )
    if header is None:
        return _nothing(faults[0] if faults else CsvFault(worded("The file is empty."), 1))
    return CsvCells(header=header, frame=_frame(header, fitting, lines), faults=faults)


def csv_reason(error: csv.Error) -> str:
    """Why a row can't be read as CSV."""
    signs = _AFTER_A_QUOTE.fullmatch(str(error))
    if signs:
        return worded("'{sign}' expected after '{quote}'", sign=signs[1], quote=signs[2])
    return worded(str(error))


_AFTER_A_QUOTE: Final = re.compile("'(.)' expected after '(.)'")
_REASONS: Final = (
    mark("unexpected end of data"),
    mark("field larger than field limit (131072)"),
)
"""What the reader of CSV says most often."""


def _frame(header: list[str], rows_: list[list[str]], lines: list[int]) -> pd.DataFrame:
    import pandas as pd

    columns = list(zip(*rows_, strict=True)) if rows_ else [()] * len(header)
    texts = [pd.array(pa.array(cells, type=pa.large_string()), dtype="str") for cells in columns]
    frame = pd.DataFrame(dict(enumerate(texts)), index=pd.Index(lines, dtype="int64"))
    return frame.set_axis(header, axis="columns")


def rows(table: pd.DataFrame) -> Iterator[Any]:
    """Each row with its columns as attributes."""
    return iter(table.itertuples())


def only_row(table: pd.DataFrame) -> Any:
    """The first row, for tables that hold one."""
    return next(rows(table))


def shown(cell: str) -> str:
    """A cell for an error: in quotes, not too long, control characters as codes."""
    return repr(cell if len(cell) <= 80 else cell[:77] + "...")
