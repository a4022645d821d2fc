"""How much is read at most: one place for every limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gapatlas.errors import Problem, ValidationError
from gapatlas.languages import grouped, mark, worded
from gapatlas.tables import MOST_COLUMNS


@dataclass(frozen=True)
class Limits:
    """The most that one table may take. Beyond it, reading ends in one clear problem.

    Attributes:
        file_bytes: bytes of the file as it lies on the disk; of a folder, all its files.
        unpacked_bytes: bytes of what a packed file holds, and of all cells as text.
        rows: rows below the header.
        columns: columns of the header.
        cells: rows times columns.
        line_characters: characters of one line of a text file.
        cpu_seconds: computing time of the process that reads.
        memory_bytes: memory of the process that reads, beyond what it needs to start.
        statement_seconds: time that a PostgreSQL server may take for a query.
    """

    file_bytes: int = 200_000_000
    unpacked_bytes: int = 1_000_000_000
    rows: int = 5_000_000
    columns: int = MOST_COLUMNS
    cells: int = 20_000_000
    line_characters: int = 16_000_000
    cpu_seconds: int = 120
    memory_bytes: int = 3_000_000_000
    statement_seconds: int = 30


LIMITS: Final = Limits()


_TOO_MANY: Final = {
    "columns": (mark("The table has too many columns."), mark("up to {most} columns")),
    "rows": (mark("The table has too many rows."), mark("up to {most} rows")),
    "cells": (mark("The table has too many cells."), mark("up to {most} cells")),
}


def megabytes(count: int) -> str:
    """Bytes in words, in millions."""
    if count >= 1e6:
        return worded("{number} MB", number=grouped(round(count / 1e6)))
    return worded("{number} bytes", number=grouped(count))


def refused(shown: str, message: str, **particulars: object) -> ValidationError:
    """The error of a table that can't be read, with its one problem."""
    problem = Problem(shown, message, **particulars)  # type: ignore[arg-type]
    return ValidationError(worded("{file} cannot be read.", file=shown), [problem])


def check_size(size: int, limits: Limits, shown: str) -> None:
    """Refuse a file that is too large on the disk.

    Raises:
        ValidationError: it is.
    """
    if size > limits.file_bytes:
        allowed = worded("up to {size}", size=megabytes(limits.file_bytes))
        raise refused(
            shown, worded("The file is too large."), found=megabytes(size), allowed=allowed
        )


def check_unpacked(size: int, limits: Limits, shown: str) -> None:
    """Refuse what unpacks to too much.

    Raises:
        ValidationError: it does.
    """
    if size > limits.unpacked_bytes:
        raise refused(
            shown,
            worded("The file unpacks to too much."),
            found=worded("more than {size}", size=megabytes(limits.unpacked_bytes)),
            allowed=worded("up to {size} when unpacked", size=megabytes(limits.unpacked_bytes)),
        )


def check_shape(rows: int, columns: int, limits: Limits, shown: str) -> None:
    """Refuse a table with too many rows, columns or cells.

    Raises:
        ValidationError: it has too many; `rows` may be those read so far.
    """
    for what, count, most in (
        ("columns", columns, limits.columns),
        ("rows", rows, limits.rows),
        ("cells", rows * columns, limits.cells),
    ):
        if count > most:
            message, allowed = _TOO_MANY[what]
            raise refused(
                shown,
                worded(message),
                found=worded("at least {count}", count=grouped(count)),
                allowed=worded(allowed, most=grouped(most)),
            )
