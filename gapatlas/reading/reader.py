"""From a file of an office to cells of text."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from gapatlas.config.reading_models import Reading
from gapatlas.config.reading_rules import format_by_name, format_of, reading_faults
from gapatlas.errors import Problem, ValidationError, reason_of
from gapatlas.languages import unpacked, worded
from gapatlas.reading.blocks import Job
from gapatlas.reading.child import TABLE_FILE, read_in_child
from gapatlas.reading.formats import read_into
from gapatlas.reading.limits import LIMITS, Limits, check_size
from gapatlas.tables import CsvCells, CsvFault

PLAIN_BYTES: Final = 1_000_000
"""Text up to this size is read at once; everything else in a process of its own."""


def read_cells(
    path: Path | None,
    options: Reading,
    shown: str,
    *,
    root: Path | None = None,
    limits: Limits = LIMITS,
    always_apart: bool = False,
) -> CsvCells:
    """Read a table of any format as cells of text.

    Args:
        path: the file, or the folder of parquet files; None for `postgres` and `s3`.
        options: how it is opened; what it leaves out is guessed.
        shown: what problems call the file.
        root: the folder that the file may not leave, also not by a link.
        limits: the most that the table may take.
        always_apart: read small text files in a process of their own too, as all others are.

    Returns:
        The header, with blanks and line breaks in names as one blank; the frame, all cells text,
        nothing as an empty text, indexed by the row of the file (the names of the columns of
        parquet and of databases count as row 1); and the rows that do not fit the header, at most
        100 of them and how many more there are. Rows without any text are passed over.

    Raises:
        ValidationError: the table as a whole can't be read; with one problem.
    """
    name = None if path is None else path.name
    _check_options(options, name, shown)
    format_ = format_of(options, name)
    assert format_ is not None
    if path is not None:
        path = _checked(path, root or path.parent, format_, limits, shown)
    with tempfile.TemporaryDirectory(prefix="gapatlas-") as folder:
        inside = format_by_name(options.url or "")
        job = Job(format_, path, options.model_dump(), shown, limits, Path(folder), inside)
        if not always_apart and _is_plain(job):
            buffer = pa.BufferOutputStream()
            report = read_into(buffer, job)
            return _cells(report, buffer.getvalue())
        report = read_in_child(job)
        with pa.OSFile(str(job.folder / TABLE_FILE)) as file:
            return _cells(report, file.read_buffer())


def _check_options(options: Reading, name: str | None, shown: str) -> None:
    problems = [
        Problem(shown, fault.message, None, f"read.{fault.key}", fault.found, fault.allowed)
        for fault in reading_faults(options, name)
    ]
    if problems:
        raise ValidationError(worded("{file} cannot be read.", file=shown), problems)


def _is_plain(job: Job) -> bool:
    if job.format not in ("csv", "tsv", "jsonl") or job.file.suffix.lower() == ".gz":
        return False
    return job.file.stat().st_size <= PLAIN_BYTES


def _cells(report: dict[str, Any], data: pa.Buffer) -> CsvCells:
    table = pa.ipc.open_file(pa.BufferReader(data)).read_all()
    columns = {
        at: pd.array(table.column(at + 1), dtype="str") for at in range(table.num_columns - 1)
    }
    index = pd.Index(table.column(0).to_numpy(), dtype="int64")
    frame = pd.DataFrame(columns, index=index).set_axis(report["header"], axis="columns")
    return CsvCells(
        report["header"], frame, [CsvFault(**_unpacked(fault)) for fault in report["faults"]]
    )


def _unpacked(fault: dict[str, Any]) -> dict[str, Any]:
    return {name: unpacked(value) for name, value in fault.items()}


# ---------------------------------------------------------------- what may be opened


def _checked(path: Path, root: Path, format_: str, limits: Limits, shown: str) -> Path:
    """The real path of a file or folder that may be opened."""

    def refused(message: str, allowed: str | None = None) -> ValidationError:
        problem = Problem(shown, message, allowed=allowed)
        return ValidationError(worded("{file} cannot be read.", file=shown), [problem])

    try:
        real, top = path.resolve(strict=True), root.resolve(strict=True)
        if not real.is_relative_to(top):
            raise refused(
                worded("The path leaves the folder of the config."),
                worded("a file inside the folder of the config"),
            )
        size = 0
        for file in _files(real, format_):
            if not file.resolve(strict=True).is_relative_to(top):
                raise refused(
                    worded("A link in the folder leads out of it."),
                    worded("files inside the folder of the config"),
                )
            entry = file.stat()
            if not stat.S_ISREG(entry.st_mode):
                raise refused(worded("This is no file."), worded("a file"))
            size += entry.st_size
    except OSError as error:
        raise refused(
            worded("The file cannot be read: {reason}.", reason=reason_of(error))
        ) from None
    except (RuntimeError, ValueError):
        raise refused(
            worded("The file cannot be read: {reason}.", reason=worded("This can't be a path"))
        ) from None
    check_size(size, limits, shown)
    return real


def _files(path: Path, format_: str) -> Iterator[Path]:
    if format_ == "parquet" and path.is_dir():
        yield from (entry for entry in path.rglob("*") if entry.is_symlink() or not entry.is_dir())
    else:
        yield path
