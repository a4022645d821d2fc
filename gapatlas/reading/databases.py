"""A table or a query of an office's database: SQLite files and PostgreSQL, for reading only."""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from gapatlas.errors import ValidationError
from gapatlas.files import unmerged
from gapatlas.languages import worded
from gapatlas.reading.blocks import Block, Faults, Job, Table, column_names, row_blocks
from gapatlas.reading.cell_texts import NoCellError, cell_text
from gapatlas.reading.columnar import FIRST_ROW, text_columns
from gapatlas.reading.limits import check_shape
from gapatlas.reading.signs import LOOKED_AT, sign_of

_READING: Final = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
)
_KIND: Final = b"ADBC:postgresql:typname"
_ONLY_READING: Final = worded("one query that only reads")


@cache
def _sql(name: str) -> str:
    return resources.files("gapatlas.sql").joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _question(job: Job, table: str | None) -> str:
    """The query of the config, or all of a table."""
    query = job.options.get("query")
    if query:
        return str(query).rstrip().rstrip(";")
    assert table is not None
    return _sql("office_table").replace("{table}", table)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# ---------------------------------------------------------------- SQLite


def read_sqlite(job: Job) -> Table:
    """Open a table or query of an SQLite file. Nothing is written, not even beside it.

    Raises:
        ValidationError: it is no SQLite file, or the query fails or does more than read; while the
            blocks are taken too.
    """
    _refuse_other_kinds(job)
    try:
        connection = sqlite3.connect(_address(job), uri=True)
        connection.execute("PRAGMA trusted_schema = OFF")
        question = _question(
            job, None if job.options.get("query") else _table_name(connection, job)
        )
        connection.set_authorizer(_reading_only)
        cursor = connection.execute(question)
    except sqlite3.Error as error:
        raise _sqlite_problem(error, job) from None
    names = column_names([entry[0] for entry in cursor.description or ()], 1, job)
    return Table(names, row_blocks(_sqlite_rows(cursor, names, job), len(names), Faults()))


def _address(job: Job) -> str:
    """The file as it stands; or, where its latest changes lie in a file beside it, a copy of both
    in the folder of the job: merging them writes."""
    beside = unmerged(job.file)
    if not beside.exists() or not beside.stat().st_size:
        return f"file:{quote(str(job.file.absolute()))}?mode=ro&immutable=1"
    copy = job.folder / "copy.sqlite"
    shutil.copyfile(job.file, copy)
    shutil.copyfile(beside, unmerged(copy))
    return f"file:{quote(str(copy))}?mode=rw"


def _refuse_other_kinds(job: Job) -> None:
    with job.file.open("rb") as file:
        start = file.read(LOOKED_AT)
    sign = sign_of(start)
    if sign and "SQLite" not in sign[0]:
        raise job.refused(worded("The file is no SQLite file."), found=sign[0], allowed=sign[1])
    if sign and job.file.stat().st_size < _declared_size(start):
        # The library would give empty tables.
        raise _damaged_sqlite(job)


def _declared_size(start: bytes) -> int:
    """Bytes of an SQLite file as its first ones say: pages and of how many bytes (1: 65536)."""
    (page,), (pages,) = struct.unpack_from(">H", start, 16), struct.unpack_from(">I", start, 28)
    return int(pages) * (65_536 if page == 1 else int(page))


def _damaged_sqlite(job: Job) -> ValidationError:
    return job.refused(
        worded("The file is damaged, or no SQLite file."), allowed=worded("a whole file")
    )


def _reading_only(action: int, first: str | None, second: str | None, *_: Any) -> int:
    allowed = action in _READING and "load_extension" not in (first, second)
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _table_name(connection: sqlite3.Connection, job: Job) -> str:
    listed = connection.execute("PRAGMA main.table_list").fetchall()
    names = sorted(
        name
        for _, name, kind, *_ in listed
        if kind in ("table", "view") and not name.startswith("sqlite_")
    )
    named = job.options.get("table")
    if named is None and len(names) == 1:
        return _quoted(names[0])
    if named in names:
        return _quoted(str(named))
    message = (
        worded("The database has no such table.") if named else worded("Which table is meant?")
    )
    raise job.refused(
        message, found=named, allowed=", ".join(f"`table: {name}`" for name in names[:20]) or None
    )


def _sqlite_problem(error: sqlite3.Error, job: Job) -> ValidationError:
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_AUTH or isinstance(error, sqlite3.ProgrammingError):
        return job.refused(worded("The query does more than read."), allowed=_ONLY_READING)
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return _damaged_sqlite(job)
    return job.refused(
        worded("The database refuses the query."), found=str(error), allowed=_ONLY_READING
    )


def _sqlite_rows(
    cursor: sqlite3.Cursor, names: list[str], job: Job
) -> Iterator[tuple[int, list[str]]]:
    number = FIRST_ROW
    try:
        for values in cursor:
            yield number, [_cell(value, number, name, job) for value, name in zip(values, names)]  # noqa: B905
            number += 1
    except sqlite3.OperationalError as error:
        if "decode" in str(error):
            message = worded("A cell holds a text that is not UTF-8.")
            raise job.refused(message, row=number) from None
        raise _sqlite_problem(error, job) from None
    except sqlite3.Error as error:
        raise _sqlite_problem(error, job) from None


def _cell(value: object, row: int, name: str, job: Job) -> str:
    try:
        return cell_text(value)
    except NoCellError as error:
        raise job.refused(
            worded("The cell holds no text."),
            row=row,
            column=name,
            found=error.args[0],
            allowed=worded("texts, numbers"),
        ) from None


# ---------------------------------------------------------------- PostgreSQL


def read_postgres(job: Job) -> Table:
    """Open a table or query of a PostgreSQL database, in a transaction that only reads.

    The address comes from the environment variable that the config names. What the server says is
    passed on only where it is about the words of the query: it could hold cells, hosts and users.

    Raises:
        ValidationError: the driver, the variable, the server or the table is not there, or the
            query fails, takes too long or does more than read; while the blocks are taken too.
    """
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        message = worded("The driver for PostgreSQL is not installed.")
        allowed = "pip install 'gapatlas[postgres]'"
        raise job.refused(message, allowed=allowed) from None
    variable = str(job.options["connection"])
    address = os.environ.get(variable)
    if not address:
        raise job.refused(
            worded("The environment has no address of the database."),
            found=worded("{variable} is not set", variable=variable),
            allowed=f"{variable}=postgresql://user:password@host/database",
        )
    os.environ["PGOPTIONS"] = (
        "-c default_transaction_read_only=on "
        f"-c statement_timeout={job.limits.statement_seconds * 1000}"
    )
    os.environ["PGCONNECT_TIMEOUT"] = "5"
    table = job.options.get("table")
    question = _question(job, ".".join(map(_quoted, str(table).split("."))) if table else None)
    try:
        connection = dbapi.connect(address)
        cursor = connection.cursor()
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute(question)
        reader = cursor.fetch_record_batch()
    except dbapi.Error as error:
        raise _postgres_problem(error, job) from None
    names = column_names(reader.schema.names, 1, job)
    return Table(names, _postgres_blocks(connection, cursor, reader, job))


def _postgres_blocks(connection: Any, cursor: Any, reader: Any, job: Job) -> Iterator[Block]:
    first = FIRST_ROW
    with connection, cursor:
        while True:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
            except (connection.Error, OSError, pa.ArrowException) as error:
                raise _postgres_problem(error, job) from None
            size = len(batch)
            check_shape(first - FIRST_ROW + size, batch.num_columns, job.limits, job.shown)
            rows = pa.array(range(first, first + size), type=pa.int64())
            yield Block(rows, _plain_numbers(batch, text_columns(batch, job)))
            first += size


def _plain_numbers(batch: pa.RecordBatch, columns: list[pa.Array]) -> list[pa.Array]:
    """The driver gives `numeric` as text with all its decimals: 12.00 becomes 12."""
    kinds = [(field.metadata or {}).get(_KIND) for field in batch.schema]
    return [
        pc.replace_substring_regex(column, r"\.0*$|(\.\d*[1-9])0+$", r"\1")
        if kind == b"numeric"
        else column
        for kind, column in zip(kinds, columns, strict=True)
    ]


_STATES: Final = {
    "28": worded("The database refuses the user or the password."),
    "3D": worded("There is no such database."),
    "25006": worded("The query does more than read."),
    "42P01": worded("The database has no such table."),
    "42501": worded("The user may not read this table."),
}


def _postgres_problem(error: Exception, job: Job) -> ValidationError:
    state = str(getattr(error, "sqlstate", None) or "")
    if "read-only" in str(error):
        state = "25006"
    if state == "57014" or "statement timeout" in str(error):
        seconds = job.limits.statement_seconds
        return job.refused(
            worded("The query takes too long."),
            allowed=worded("up to {seconds} s", seconds=seconds),
        )
    for start, message in _STATES.items():
        if state.startswith(start):
            found = job.options.get("table") if state.startswith("42") else None
            return job.refused(message, found=found)
    found = worded("the code {state}", state=state) if state else None
    if "ERROR:" in str(error):
        if state.startswith("42"):
            found = str(error).partition("ERROR:")[2].strip().partition("\n")[0]
        message = worded("The database refuses the query.")
        return job.refused(message, found=found, allowed=_ONLY_READING)
    variable = job.options.get("connection")
    allowed = worded("a server that answers at the address in {variable}", variable=variable)
    return job.refused(worded("The database can't be read."), found=found, allowed=allowed)
