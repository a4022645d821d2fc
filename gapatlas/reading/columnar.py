"""Columns of arrow data as text, and parquet: one file, or a folder cut by `key=value`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gapatlas.errors import ValidationError
from gapatlas.languages import grouped, worded
from gapatlas.reading.blocks import CELLS_OF_A_BLOCK, TEXT, Block, Job, Table, column_names
from gapatlas.reading.cell_texts import NoCellError, cell_text
from gapatlas.reading.limits import check_shape
from gapatlas.reading.signs import LOOKED_AT, sign_of

FIRST_ROW: Final = 2
"""What has no lines is counted as if the names of its columns stood in row 1."""
MOST_FILES: Final = 10_000
_MOST_LISTED: Final = 20_000
_NO_PART: Final = "__HIVE_DEFAULT_PARTITION__"
_WHOLE: Final = float(2**53)
_PARQUET_ERRORS: Final = (pa.ArrowException, OSError, ValueError, KeyError, NotImplementedError)


def text_columns(batch: pa.RecordBatch, job: Job) -> list[pa.Array]:
    """Each column of a batch as text.

    Raises:
        ValidationError: a column holds lists or tables, or bytes that are no text.
    """
    return [
        _text(column, name, job) for name, column in zip(batch.schema.names, batch, strict=True)
    ]


def _text(column: pa.Array, name: str, job: Job) -> pa.Array:
    try:
        return pc.fill_null(_cast(column), "")
    except NoCellError as error:
        raise job.refused(
            worded("A cell holds more than one value."),
            column=name,
            found=error.args[0],
            allowed=worded("texts, numbers, dates"),
        ) from None


def _cast(column: pa.Array) -> pa.Array:
    type_ = column.type
    if pa.types.is_dictionary(type_):
        return _cast(column.dictionary_decode())
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        return column.cast(TEXT)
    if pa.types.is_integer(type_) or pa.types.is_boolean(type_) or pa.types.is_date32(type_):
        return column.cast(TEXT)
    if pa.types.is_floating(type_):
        return _float_texts(column)
    return pa.array([cell_text(value) for value in column.to_pylist()], type=TEXT)


def _float_texts(column: pa.Array) -> pa.Array:
    if column.type != pa.float64():
        # As text first: 0.1 as a short float is not 0.1 as a long one.
        column = column.cast(pa.string()).cast(pa.float64())
    whole = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), _WHOLE))
    if pc.all(whole, skip_nulls=True).as_py():
        return column.cast(pa.int64()).cast(TEXT)
    return pa.array([cell_text(value) for value in column.to_pylist()], type=TEXT)


# ---------------------------------------------------------------- parquet


def read_parquet(job: Job) -> Table:
    """Open a parquet file, or a folder of them.

    Raises:
        ValidationError: a file is damaged or too large, or the files have different columns.
    """
    if job.file.is_dir():
        return _read_folder(job)
    with _opened(job.file, job) as file:
        names = file.schema_arrow.names
        check_shape(file.metadata.num_rows, len(names), job.limits, job.shown)
    return Table(column_names(names, 1, job), _blocks(job.file, FIRST_ROW, {}, job))


def _opened(path: Path, job: Job) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path, thrift_container_size_limit=_MOST_LISTED, pre_buffer=False)
    except _PARQUET_ERRORS as error:
        if "size limit" in str(error):
            most = job.limits.columns
            message = worded("The table has too many columns.")
            raise job.refused(
                message, allowed=worded("up to {most} columns", most=grouped(most))
            ) from None
        raise _damaged(path, job) from None


def _damaged(path: Path, job: Job) -> ValidationError:
    try:
        with path.open("rb") as file:
            sign = sign_of(file.read(LOOKED_AT))
    except OSError:
        sign = None
    if sign and "parquet" not in sign[0]:
        return job.refused(worded("The file is no parquet file."), found=sign[0], allowed=sign[1])
    found = None if path == job.path else path.name
    return job.refused(
        worded("The file is damaged, or no parquet file."),
        found=found,
        allowed=worded("a whole file"),
    )


def _blocks(path: Path, first: int, keys: dict[str, str], job: Job) -> Iterator[Block]:
    """The rows of one file, with a column more for each key of its folder."""
    with _opened(path, job) as file:
        width = max(1, len(file.schema_arrow.names))
        batches = file.iter_batches(max(1, CELLS_OF_A_BLOCK // width), use_threads=False)
        while True:
            try:
                batch = next(batches, None)
            except _PARQUET_ERRORS:
                raise _damaged(path, job) from None
            if batch is None:
                return
            size = len(batch)
            parts = [pa.repeat(pa.scalar(text, TEXT), size) for text in keys.values()]
            rows = pa.array(range(first, first + size), type=pa.int64())
            yield Block(rows, [*text_columns(batch, job), *parts])
            first += size


def _read_folder(job: Job) -> Table:
    """All files of a folder, in the order of their names."""
    files = sorted(p for p in job.file.rglob("*.parquet") if not _is_hidden(p, job.file))
    if not files:
        raise job.refused(
            worded("The folder has no parquet file."), allowed=worded("files that end in .parquet")
        )
    if len(files) > MOST_FILES:
        found = worded("{number}", number=grouped(len(files)))
        allowed = worded("up to {most}", most=grouped(MOST_FILES))
        raise job.refused(worded("The folder has too many files."), found=found, allowed=allowed)
    starts, names, rows = [], None, FIRST_ROW
    for path in files:
        starts.append(rows)
        with _opened(path, job) as file:
            rows += file.metadata.num_rows
            own = [*file.schema_arrow.names, *_keys(path, job.file)]
        names = names or own
        if own != names:
            raise job.refused(
                worded("The files of the folder have different columns."),
                found=worded(
                    "{names} in {file}", names=", ".join(own), file=path.relative_to(job.file)
                ),
                allowed=", ".join(names),
            )
        check_shape(rows - FIRST_ROW, len(own), job.limits, job.shown)
    header = column_names(names or [], 1, job)
    blocks = (
        block
        for path, start in zip(files, starts, strict=True)
        for block in _blocks(path, start, _keys(path, job.file), job)
    )
    return Table(header, blocks)


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)


def _keys(path: Path, folder: Path) -> dict[str, str]:
    """The columns that the names of the folders stand for: `year=2021` has year 2021."""
    pairs = (part.partition("=") for part in path.relative_to(folder).parts[:-1])
    cut: Any = ((unquote(key), unquote(text)) for key, sign, text in pairs if sign)
    return {key: "" if text == _NO_PART else text for key, text in cut}
