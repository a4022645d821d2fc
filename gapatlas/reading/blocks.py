"""A table on its way: a header and blocks of text cells, checked against the limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from gapatlas import progress
from gapatlas.errors import ValidationError
from gapatlas.languages import grouped, packed, together, worded
from gapatlas.progress import Step
from gapatlas.reading.limits import Limits, check_shape, check_unpacked, refused

CELLS_OF_A_BLOCK: Final = 100_000
MOST_FAULTS: Final = 100
TEXT: Final = pa.large_string()
_BYTES_OF_AN_OFFSET: Final = 8
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Fault:
    """A row that can't be read."""

    message: str
    row: int | None = None
    found: str | None = None


@dataclass
class Faults:
    """The rows that can't be read: all are counted, the first ones are kept."""

    kept: list[Fault] = field(default_factory=list)
    more: int = 0

    def add(self, message: str, row: int, found: str) -> None:
        """Note a row."""
        if len(self.kept) < MOST_FAULTS:
            self.kept.append(Fault(message, row, found))
        else:
            self.more += 1

    def as_dicts(self) -> list[dict[str, Any]]:
        """The faults, packed; the last of them is the number of those that are not kept."""
        listed = [*self.kept]
        if self.more:
            message = worded("And {more} more rows that can't be read.", more=grouped(self.more))
            listed.append(Fault(message))
        return [{name: packed(value) for name, value in vars(fault).items()} for fault in listed]


@dataclass(frozen=True)
class Job:
    """What is to be read.

    Attributes:
        format: as in `TableFormat`.
        path: the file or folder; None for a database that is elsewhere.
        options: the keys of `Reading`.
        shown: what errors call the file.
        limits: the most that it may take.
        folder: an empty folder for what has to be unpacked.
        inside: for `s3`, the format of the object.
    """

    format: str
    path: Path | None
    options: dict[str, Any]
    shown: str
    limits: Limits
    folder: Path
    inside: str | None = None

    @property
    def file(self) -> Path:
        assert self.path is not None
        return self.path

    def refused(self, message: str, **particulars: object) -> ValidationError:
        """The error of this table, with its one problem."""
        return refused(self.shown, message, **particulars)


@dataclass(frozen=True)
class Block:
    """Some rows of a table: their rows in the file, and for each column their cells as text."""

    rows: pa.Array
    columns: list[pa.Array]


@dataclass
class Table:
    """An opened table. `faults` fills while the blocks are taken.

    Attributes:
        text_bytes: size of the text that all cells come from; None where it is not known.
    """

    header: list[str]
    blocks: Iterable[Block]
    faults: Faults = field(default_factory=Faults)
    text_bytes: int | None = None


def header_names(cells: Sequence[str], row: int, job: Job) -> list[str]:
    """Names of the columns of a row of cells: empty cells at its end are no columns.

    Raises:
        ValidationError: there is no name, there are too many columns, or two have one name.
    """
    last = max((at for at, cell in enumerate(cells) if cell.strip()), default=-1)
    return column_names(cells[: last + 1], row, job)


def joined_names(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The names of columns of a header of two rows; an empty cell of the upper one means what
    stands left of it."""
    above, joined = "", []
    for over, under in zip_longest(upper, lower, fillvalue=""):
        above = over.strip() or above
        below = under.strip()
        joined.append(above if below in ("", above) else f"{above} {below}".strip())
    return joined


def column_names(cells: Sequence[str], row: int, job: Job) -> list[str]:
    """Names of columns: blanks and line breaks in them become one blank, and a column without a
    name is called after its letter.

    Raises:
        ValidationError: there is no name, there are too many columns, or two have one name.
    """
    names = [_BLANKS.sub(" ", cell).strip() for cell in cells]
    if not names:
        raise job.refused(
            worded("The row of the header is empty."), row=row, allowed=worded("names of columns")
        )
    check_shape(0, len(names), job.limits, job.shown)
    names = [name or f"column {letters(at)}" for at, name in enumerate(names)]
    _refuse_repeated(names, row, job)
    return names


def _refuse_repeated(names: list[str], row: int, job: Job) -> None:
    places: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        places.setdefault(name, []).append(at)
    for name, found in places.items():
        if len(found) > 1:
            raise job.refused(
                worded("Columns have the same name."),
                row=row,
                column=name,
                found=worded(
                    "columns {letters}", letters=together(letters(at) for at in found[:5])
                ),
                allowed=worded(
                    "a name of its own for each column; or `header_rows: 2` under `read:`, if "
                    "the header has two rows"
                ),
            )


def letters(position: int) -> str:
    """What a spreadsheet calls the column at a position counted from 0."""
    name = ""
    position += 1
    while position:
        position, digit = divmod(position - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def row_blocks(
    rows: Iterable[tuple[int, list[str]]], width: int, faults: Faults, padded: bool = False
) -> Iterator[Block]:
    """Rows of cells as blocks. A row that does not fit the header becomes a fault.

    Args:
        rows: row of the file and its cells; rows without any text are passed over.
        width: number of columns of the header; empty cells beyond it are cut.
        faults: where the faults go.
        padded: short rows are no faults, as in a spreadsheet.
    """
    most = max(1, CELLS_OF_A_BLOCK // width)
    numbers: list[int] = []
    held: list[list[str]] = []
    for number, cells in rows:
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        fitting = _fitted(cells, width, padded)
        if len(fitting) != width:
            found = worded("{count} cells, not {wanted}", count=len(fitting), wanted=width)
            faults.add(worded("The row does not have as many cells as the header."), number, found)
            continue
        numbers.append(number)
        held.append(fitting)
        if len(held) == most:
            yield _block(numbers, held)
            numbers, held = [], []
    if held:
        yield _block(numbers, held)


def _fitted(cells: list[str], width: int, padded: bool) -> list[str]:
    if padded and len(cells) < width:
        return cells + [""] * (width - len(cells))
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _block(numbers: list[int], rows: list[list[str]]) -> Block:
    columns = [pa.array(cells, type=TEXT) for cells in zip(*rows, strict=True)]
    return Block(pa.array(numbers, type=pa.int64()), columns)


def write(table: Table, sink: Any, job: Job) -> None:
    """Write a table as an arrow file: the rows, then one column of text for each of the header.

    Raises:
        ValidationError: the table is larger than the limits.
    """
    width = len(table.header)
    check_shape(0, width, job.limits, job.shown)
    names = ["row", *(f"c{at}" for at in range(width))]
    schema = pa.schema([(n, TEXT if n != "row" else pa.int64()) for n in names])
    rows = size = 0
    with pa.ipc.new_file(sink, schema) as writer:
        for block in table.blocks:
            rows += len(block.rows)
            size += sum(column.nbytes for column in block.columns)
            check_shape(rows, width, job.limits, job.shown)
            check_unpacked(size, job.limits, job.shown)
            writer.write_batch(pa.record_batch([block.rows, *block.columns], schema=schema))
            progress.go_on(Step.READING, rows, _share(size, rows * width, table.text_bytes))


def _share(size: int, cells: int, of: int | None) -> float | None:
    """About how much of a text lies in so many cells: what they say, and a sign after each."""
    if of is None:
        return None
    return min((size - cells * (_BYTES_OF_AN_OFFSET - 1)) / max(of, 1), 1.0)
