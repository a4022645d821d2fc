"""A case file and what the config says of it; of parquet it may be a folder of parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from gapatlas.config import Dataset
from gapatlas.errors import Problem, ValidationError
from gapatlas.languages import worded

FIRST_ROW: Final = 2
"""In a parquet file the first record is row 2, as if it stood under a header."""


@dataclass(frozen=True)
class CaseFile:
    """A case file and what the config says of it.

    Attributes:
        path: the file, csv or parquet, or a folder of parquet files.
        dataset: its block in the config, of kind `cases`.
        shown: the file as errors name it.
    """

    path: Path
    dataset: Dataset
    shown: str

    @property
    def is_csv(self) -> bool:
        return self.path.suffix == ".csv"


@dataclass(frozen=True)
class Spot:
    """Where a row stands: the file as errors name it, and the row in it."""

    where: str
    row: int


@dataclass(frozen=True)
class Parts:
    """The parquet files of a case file, each after the other in the order of their names, so that
    it makes no difference how rows are cut into files.

    Attributes:
        paths: of each file.
        shown: each as errors name it.
        rows: how many each has.
        schema: of the columns, as they stand in the file.
    """

    paths: tuple[Path, ...]
    shown: tuple[str, ...]
    rows: tuple[int, ...]
    schema: pa.Schema

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Records before each part."""
        return tuple(accumulate(self.rows, initial=0))[:-1]

    def spot(self, row: int) -> Spot:
        """Where a row stands that is counted over all parts."""
        record = row - FIRST_ROW
        part = max(i for i, start in enumerate(self.starts) if start <= record)
        return Spot(self.shown[part], record - self.starts[part] + FIRST_ROW)


def parquet_parts(file: CaseFile) -> Parts:
    """The parts of a case file of parquet, by what stands at the end of each.

    Raises:
        ValidationError: a part is no parquet file, or has other columns than the first.
    """
    paths = tuple(_paths(file.path))
    if not paths:
        raise refused(
            Problem(
                file.shown,
                worded("The folder has no parquet file."),
                allowed=worded("names in .parquet"),
            )
        )
    shown = tuple(_shown(file, path) for path in paths)
    schemas, rows = [], []
    for path, name in zip(paths, shown, strict=True):
        try:
            metadata = pq.read_metadata(path)
            schemas.append(metadata.schema.to_arrow_schema())
        except (pa.ArrowException, OSError, ValueError):
            raise refused(Problem(name, worded("The file is no parquet file."), row=1)) from None
        rows.append(metadata.num_rows)
        _refuse_other_columns(schemas[-1], schemas[0], name)
    return Parts(paths, shown, tuple(rows), schemas[0])


def _paths(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    inside = {found.relative_to(path): found for found in path.rglob("*.parquet")}
    for relative in sorted(inside, key=Path.as_posix):
        # What is not finished, and notes of other programs, begin with these two.
        if not any(name.startswith((".", "_")) for name in relative.parts):
            yield inside[relative]


def _shown(file: CaseFile, path: Path) -> str:
    if path == file.path:
        return file.shown
    return f"{file.shown}/{path.relative_to(file.path).as_posix()}"


def _refuse_other_columns(schema: pa.Schema, first: pa.Schema, shown: str) -> None:
    """A column that one part lacks would be not known for all of its rows, without a word."""
    if schema.names == first.names and schema.types == first.types:
        return
    raise refused(
        Problem(
            shown,
            worded("The part has other columns than the first one."),
            row=1,
            found=_columns(schema),
            allowed=_columns(first),
        )
    )


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in schema)


def refused(*problems: Problem) -> ValidationError:
    """The error of a case file that can't be read."""
    return ValidationError(worded("A case file cannot be read."), problems)


def damaged(file: CaseFile) -> ValidationError:
    """The error of a parquet file whose end is whole, and whose rows are not."""
    message = worded("The file is damaged: not all of it can be read.")
    return refused(Problem(file.shown, message, row=1))
