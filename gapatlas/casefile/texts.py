"""A case file of text as it stands: its header, its lines, and what keeps it from being a table."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from gapatlas.casefile.file import CaseFile, refused
from gapatlas.errors import Problem, reason_of
from gapatlas.languages import worded
from gapatlas.tables import read_csv_cells

CSV_LAYOUT: Final = worded(
    "CSV, UTF-8, comma, one header row, the same number of cells in each row"
)


def csv_header(file: CaseFile) -> list[str]:
    """Names of the columns, without blanks around them.

    Raises:
        ValidationError: there are none.
    """
    try:
        with file.path.open(encoding="utf-8-sig", newline="") as text:
            header = next((row for row in csv.reader(text, strict=True) if row), None)
    except (OSError, UnicodeDecodeError, csv.Error):
        header = None
    if header is None:
        raise refused(*layout_problems(file))
    return [name.strip() for name in header]


def csv_lines(path: Path, wanted: set[int]) -> dict[int, int]:
    """Rows of a csv file, counted from the header (1) over rows that are not blank -> lines; they
    differ where cells hold line breaks."""
    lines: dict[int, int] = {}
    last = max(wanted, default=0)
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, strict=True)
        row, begins = 0, 1
        for cells in reader:
            row += bool(cells)
            if cells and row in wanted:
                lines[row] = begins
            if row >= last:
                break
            begins = reader.line_num + 1
    return lines


def layout_problems(file: CaseFile) -> list[Problem]:
    """What keeps a csv file from being a table."""
    try:
        faults = read_csv_cells(file.path).faults
    except OSError as error:
        message = worded("The file cannot be read: {reason}.", reason=reason_of(error))
        return [Problem(file.shown, message)]
    found = [
        Problem(file.shown, fault.message, row=fault.row, found=fault.found, allowed=CSV_LAYOUT)
        for fault in faults
    ]
    return found or [
        Problem(file.shown, worded("The file cannot be read."), row=1, allowed=CSV_LAYOUT)
    ]
