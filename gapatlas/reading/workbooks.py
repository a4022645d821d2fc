"""Sheets of xlsx, xls and ods files."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from gapatlas.errors import ValidationError
from gapatlas.languages import worded
from gapatlas.reading.blocks import (
    Faults,
    Job,
    Table,
    header_names,
    joined_names,
    letters,
    row_blocks,
)
from gapatlas.reading.cell_texts import cell_text
from gapatlas.reading.limits import check_unpacked
from gapatlas.reading.signs import LOOKED_AT, sign_of

_SIGN: Final = {"xlsx": b"PK", "ods": b"PK", "xls": b"\xd0\xcf\x11\xe0"}
_CHUNK: Final = 1_000_000
_MOST: Final = 1 << 30
_ERROR_CELL: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="e"[^>]*>')
_PLACE: Final = re.compile(rb'\br="([A-Z]+)(\d+)"')
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Merged(NamedTuple):
    """Cells that are merged: first and last row and column, counted from 1 and from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        start = f"{letters(self.first_column)}{self.first_row}"
        return f"{start}:{letters(self.last_column)}{self.last_row}"


def read_workbook(job: Job) -> Table:
    """Open a sheet.

    Raises:
        ValidationError: there is no such sheet, the book is damaged, locked or too large, or cells
            are merged where it is not clear what that means.
    """
    _refuse_other_kinds(job)
    if job.format != "xls":
        _refuse_bombs(job)
    try:
        with CalamineWorkbook.from_path(_with_its_ending(job)) as book:
            sheet = book.get_sheet_by_name(_sheet_name(book, job))
            return _table(sheet, job)
    except PasswordError:
        raise job.refused(
            worded("The file is locked with a password."),
            allowed=worded("a copy saved without a password"),
        ) from None
    except (CalamineError, OSError, ValueError):
        raise _damaged(job) from None


def _damaged(job: Job) -> ValidationError:
    return job.refused(
        worded("The file is damaged, or no {format} file.", format=job.format),
        allowed=worded("a whole file"),
    )


def _refuse_other_kinds(job: Job) -> None:
    with job.file.open("rb") as file:
        start = file.read(LOOKED_AT)
    if start.startswith(_SIGN[job.format]) or start.startswith(_SIGN["xls"]):
        return
    sign = sign_of(start)
    if sign:
        raise job.refused(
            worded("The file is no {format} file.", format=job.format),
            found=sign[0],
            allowed=sign[1],
        )
    raise _damaged(job)


def _refuse_bombs(job: Job) -> None:
    """What the file says of itself; what lies about it meets the limit of memory."""
    try:
        with zipfile.ZipFile(job.file) as packed:
            check_unpacked(sum(e.file_size for e in packed.infolist()), job.limits, job.shown)
    except zipfile.BadZipFile:
        return  # a locked xlsx is no zip file
    except (NotImplementedError, ValueError, OSError):
        raise _damaged(job) from None


def _with_its_ending(job: Job) -> Path:
    """The library goes by the ending of a file."""
    if job.file.suffix.lower() in (f".{job.format}", ".xlsm"):
        return job.file
    named = job.folder / f"book.{job.format}"
    named.symlink_to(job.file.absolute())
    return named


def _sheet_name(book: CalamineWorkbook, job: Job) -> str:
    named = job.options.get("sheet")
    if named is None:
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
        ]
        if len(names) == 1:
            return names[0]
        message = worded(
            "The book has several sheets: say which one with `sheet:` under `read:`, or with "
            "`--sheet` of `gapatlas init`."
        )
        raise job.refused(message, allowed=_listed(names))
    if named not in book.sheet_names:
        message = worded("The book has no such sheet.")
        raise job.refused(message, found=str(named), allowed=_listed(book.sheet_names))
    return str(named)


def _listed(names: list[str]) -> str:
    listed = ", ".join(f"`sheet: {name}`" for name in names[:20])
    left = len(names) - 20
    return worded("{names} and {count} more", names=listed, count=left) if left > 0 else listed


# ---------------------------------------------------------------- a sheet as a table


def _table(sheet: CalamineSheet, job: Job) -> Table:
    rows = _rows(sheet, job)
    named = job.options.get("header_row")
    above: dict[int, list[str]] = {}
    for number, cells in rows:
        if number == named or (named is None and any(cell.strip() for cell in cells)):
            break
        above[number] = cells
    else:
        raise _no_header(sheet, job)
    merged = [Merged(a + 1, b, c + 1, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
    merged = [span for span in merged if span.first_row <= (job.options.get("last_row") or _MOST)]
    two_rows = job.options.get("header_rows") == 2
    if two_rows and named is None:
        above[number] = cells
        number, cells = next(rows, (number, cells))
    _fill_header(cells, number, above, merged, job)
    if two_rows:
        cells = joined_names(above[number - 1], cells)
    names = header_names(cells, number, job)
    below = [m for m in merged if m.last_row > number and m.last_row > m.first_row]
    if job.options.get("merged") == "fill":
        rows = _filled(rows, below)
    elif below:
        raise _merged_below(below[0], job)
    faults = Faults()
    for row, found in _error_cells(sheet.name, job):
        if row > number:
            faults.add(
                worded("The cell holds an error of the spreadsheet, and no value."), row, found
            )
    return Table(names, row_blocks(rows, len(names), faults, padded=True), faults)


def _rows(sheet: CalamineSheet, job: Job) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number; the library leaves out the empty columns on the left."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    last = job.options.get("last_row")
    for number, values in enumerate(sheet.iter_rows(), start=1):
        if last and number > last:
            return
        yield number, [*left, *map(cell_text, values)]


def _no_header(sheet: CalamineSheet, job: Job) -> ValidationError:
    if sheet.end is None:
        message = worded("The sheet {sheet} is empty.", sheet=sheet.name)
        return job.refused(message, allowed=worded("a header and rows below it"))
    return job.refused(
        worded("The row of the header is below the end of the sheet."),
        found=f"header_row: {job.options.get('header_row')}",
        allowed=worded("1 to {last}", last=sheet.end[0] + 1),
    )


def _fill_header(
    cells: list[str], row: int, above: dict[int, list[str]], merged: list[Merged], job: Job
) -> None:
    """A name that stands in cells merged over several rows stands in the row of the header."""
    for span in merged:
        if not span.first_row <= row <= span.last_row:
            continue
        if span.last_column > span.first_column:
            raise job.refused(
                worded(
                    "Cells of the header are merged: their columns would have no name of their own."
                ),
                row=row,
                found=str(span),
                allowed=worded(
                    "a header row with one cell for each column: "
                    "`header_row: {row}` under `read:`, if the names stand there",
                    row=span.last_row + 1,
                ),
            )
        if span.last_row > row:
            raise job.refused(
                worded("The header goes on below the row that is named."),
                row=row,
                found=worded("the merged cells {span}", span=span),
                allowed=worded("`header_row: {row}` under `read:`", row=span.last_row),
            )
        if span.first_row < row and span.first_column < len(cells):
            cells[span.first_column] = above[span.first_row][span.first_column]


def _merged_below(span: Merged, job: Job) -> ValidationError:
    return job.refused(
        worded("Cells below the header are merged over several rows."),
        row=span.first_row,
        column=letters(span.first_column),
        found=str(span),
        allowed=worded("`merged: fill` under `read:`, if their value holds for each of these rows"),
    )


def _filled(
    rows: Iterator[tuple[int, list[str]]], merged: list[Merged]
) -> Iterator[tuple[int, list[str]]]:
    begins: dict[int, list[Merged]] = {}
    for span in merged:
        begins.setdefault(span.first_row, []).append(span)
    held: dict[Merged, str] = {}
    for number, cells in rows:
        held = {span: text for span, text in held.items() if number <= span.last_row}
        for span, text in held.items():
            cells[span.first_column] = text
        for span in begins.get(number, ()):
            if span.first_column < len(cells):
                held[span] = cells[span.first_column]
        yield number, cells


# ---------------------------------------------------------------- #DIV/0! and its kind


def _error_cells(sheet: str, job: Job) -> Iterator[tuple[int, str]]:
    """Row and place of each cell with an error: the library gives them as empty cells."""
    if job.format != "xlsx":
        return
    try:
        with zipfile.ZipFile(job.file) as packed, packed.open(_part(packed, sheet)) as part:
            rest = b""
            for chunk in iter(lambda: part.read(_CHUNK), b""):
                data = rest + chunk
                whole = data.rfind(b">") + 1
                yield from _places(data[:whole])
                rest = data[whole:]
    except (KeyError, StopIteration, zipfile.BadZipFile, ElementTree.ParseError, OSError):
        raise _damaged(job) from None


def _places(data: bytes) -> Iterator[tuple[int, str]]:
    for cell in _ERROR_CELL.finditer(data):
        place = _PLACE.search(cell.group())
        if place:
            yield (
                int(place[2]),
                worded("an error in {cell}", cell=(place[1] + place[2]).decode()),
            )


def _part(packed: zipfile.ZipFile, sheet: str) -> str:
    """Name of the part of an xlsx file that holds a sheet."""
    book = _tagged(packed.read("xl/workbook.xml"), "sheet")
    relation = next(tag.get(_RELATION) for tag in book if tag.get("name") == sheet)
    parts = _tagged(packed.read("xl/_rels/workbook.xml.rels"), "Relationship")
    target = next(tag.get("Target", "") for tag in parts if tag.get("Id") == relation)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _tagged(xml: bytes, name: str) -> Iterator[Any]:
    matches: Callable[[str], bool] = lambda tag: tag.rpartition("}")[2] == name  # noqa: E731
    return (tag for tag in ElementTree.fromstring(xml).iter() if matches(tag.tag))
