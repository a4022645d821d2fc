"""csv and tsv, with any delimiter."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from gapatlas.languages import worded
from gapatlas.reading.blocks import Faults, Job, Table, header_names, joined_names, row_blocks
from gapatlas.reading.limits import check_shape
from gapatlas.reading.text_lines import text_bytes, text_lines
from gapatlas.tables import csv_reason

DELIMITERS: Final = (",", ";", "\t", "|")
_LOOKED_AT: Final = 50
_FAR_TOO_MANY: Final = 20
"""How many times the columns that there may be: names of columns hold a few delimiters too."""
Rows = Iterator[tuple[int, list[str]]]


def read_text(job: Job) -> Table:
    """Open a text file.

    Raises:
        ValidationError: it has no header, or it can't be read; while its blocks are taken too.
    """
    first = _lines_above(job) + 1
    lines = islice(text_lines(job), first - 1, None)
    start = list(islice(lines, _LOOKED_AT))
    if not start:
        raise _no_header(job)
    _refuse_too_wide(start, job)
    rows = _rows(chain(start, lines), _delimiter(start, job), first, job)
    header_row, cells = next(rows, (first, []))
    if job.options.get("header_row") and header_row != first:
        header_row, cells = first, []
    if job.options.get("header_rows") == 2:
        upper = cells
        header_row, cells = next(rows, (header_row, []))
        cells = joined_names(upper, cells)
    names = header_names(cells, header_row, job)
    faults = Faults()
    return Table(names, row_blocks(rows, len(names), faults), faults, text_bytes(job))


def _lines_above(job: Job) -> int:
    """Lines above the first row of the header."""
    rows = int(job.options.get("header_rows") or 1)
    return int(job.options.get("header_row") or rows) - rows


def _no_header(job: Job) -> Exception:
    count = sum(1 for _ in text_lines(job))
    if not count:
        return job.refused(
            worded("The file is empty."), row=1, allowed=worded("a header and rows below it")
        )
    return job.refused(
        worded("The row of the header is below the end of the file."),
        found=f"header_row: {job.options['header_row']}",
        allowed=worded("1 to {last}", last=count),
    )


def _delimiter(start: list[str], job: Job) -> str:
    return max(_delimiters(job), key=lambda delimiter: _evenness(start, delimiter))


def _refuse_too_wide(start: list[str], job: Job) -> None:
    """What is far too wide is counted before it is cut, which would take the memory."""
    count = max(line.count(delimiter) for line in start for delimiter in _delimiters(job))
    if count > _FAR_TOO_MANY * job.limits.columns:
        check_shape(0, count + 1, job.limits, job.shown)


def _delimiters(job: Job) -> tuple[str, ...]:
    """Those that the file may have."""
    named = job.options.get("delimiter")
    if named:
        return (str(named),)
    return ("\t",) if job.format == "tsv" else DELIMITERS


def _evenness(start: list[str], delimiter: str) -> tuple[float, int]:
    """How many of the first rows have as many cells as the header; none where it is not cut."""
    try:
        widths = [len(cells) for cells in csv.reader(start, delimiter=delimiter) if cells]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] < 2:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


def _rows(lines: Iterator[str], delimiter: str, first: int, job: Job) -> Rows:
    """Each row that is not blank, with the line of the file on which it begins."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    last = job.options.get("last_row")
    begins = first
    try:
        for cells in reader:
            number, begins = begins, first + reader.line_num
            if last and number > last:
                return
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise job.refused(
            worded("The row can't be read as csv: {reason}.", reason=csv_reason(error)),
            row=begins,
            allowed=worded("a second quote for each that opens a cell, and two for each within it"),
        ) from None
