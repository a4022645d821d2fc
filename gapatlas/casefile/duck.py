"""A case file as DuckDB reads it, in memory of its own and nowhere else.

Nothing is copied: DuckDB reads the file for each question, may read no other file, and writes
nothing to disk, not even what does not fit into memory. Its own messages quote rows, so they are
never passed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd

from gapatlas.casefile.file import FIRST_ROW, CaseFile, Parts, damaged, refused
from gapatlas.casefile.texts import layout_problems
from gapatlas.casefile.views import DUCKDB_FUNCTIONS, Column, views
from gapatlas.errors import Problem, ValidationError
from gapatlas.languages import worded
from gapatlas.tables import read_csv_cells

MEMORY_MB: Final = 2000
HARDENED: Final[dict[str, Any]] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": f"{MEMORY_MB}MB",
    "temp_directory": "",
}
_WHOLE_NUMBERS: Final = ("tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint")
_SET_UP: Final = ("SET enable_external_access = false", "SET lock_configuration = true")


@dataclass(frozen=True)
class DuckDB:
    """DuckDB with the views of one case file."""

    file: CaseFile
    connection: duckdb.DuckDBPyConnection

    def ask(self, text: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        """Run a query.

        Raises:
            ValidationError: the file can't be read through, or is too large for the memory.
        """
        try:
            return self.connection.execute(text, dict(parameters)).df()
        except duckdb.OutOfMemoryException:
            raise refused(_too_large(self.file)) from None
        except duckdb.Error:
            raise _unreadable(self.file) from None


@contextmanager
def connected(paths: Sequence[Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may read these files and no others."""
    connection = duckdb.connect(":memory:", config=HARDENED)
    try:
        listed = ", ".join(_text(str(path)) for path in paths)
        connection.execute(f"SET allowed_paths = [{listed}]")
        for statement in (*_SET_UP, *DUCKDB_FUNCTIONS):
            connection.execute(statement)
        yield connection
    finally:
        connection.close()


def over_parquet(
    file: CaseFile, parts: Parts, named: Mapping[str, str], connection: duckdb.DuckDBPyConnection
) -> DuckDB:
    """DuckDB over the parts of a file.

    Args:
        file: the file.
        parts: its parts.
        named: what a column is -> its name in the file.
        connection: one that may read the parts.

    Raises:
        ValidationError: a part is damaged.
    """
    try:
        relation = connection.read_parquet(
            [str(path) for path in parts.paths], file_row_number=True, hive_partitioning=False
        )
        row = f"file_row_number + {FIRST_ROW}"
        if len(parts.paths) > 1:
            row += f" + {list(parts.starts)}[CAST(file_index AS BIGINT) + 1]"
        return _with_views(file, relation, named, row, connection)
    except (duckdb.Error, OSError):
        raise damaged(file) from None


def over_csv(
    file: CaseFile, header: Sequence[str], connection: duckdb.DuckDBPyConnection
) -> DuckDB:
    """DuckDB over a csv file.

    Args:
        file: the file.
        header: names of its columns.
        connection: one that may read the file.

    Raises:
        ValidationError: it is no table.
    """
    names = [f"c{position}" for position in range(len(header))]
    try:
        relation = connection.read_csv(
            str(file.path), columns=dict.fromkeys(names, "VARCHAR"), auto_detect=False, header=True,
            delimiter=",", quotechar='"', escapechar='"', strict_mode=True,
        )  # fmt: skip
        relation.aggregate("count(*)").fetchall()
    except (duckdb.Error, OSError):
        relation = _read_cell_by_cell(file, names, connection)
    name_of = dict(zip(header, names, strict=True))
    named: dict[str, str] = {
        ours: name_of[own] for own, ours in file.dataset.columns.items() if own in name_of
    }
    return _with_views(file, relation, named, "row_number() OVER () + 1", connection)


def _read_cell_by_cell(
    file: CaseFile, names: list[str], connection: duckdb.DuckDBPyConnection
) -> duckdb.DuckDBPyRelation:
    """What DuckDB does not take: files with faults, and odd ones (two kinds of line ends, say)."""
    cells = read_csv_cells(file.path)
    if cells.faults:
        raise refused(*layout_problems(file))
    return connection.from_df(cells.frame.set_axis(names, axis="columns").reset_index(drop=True))


def _with_views(
    file: CaseFile,
    relation: duckdb.DuckDBPyRelation,
    named: Mapping[str, str],
    row: str,
    connection: duckdb.DuckDBPyConnection,
) -> DuckDB:
    types = dict(zip(relation.columns, relation.types, strict=True))
    columns = {
        ours: Column(f"CAST({_quoted(own)} AS VARCHAR)", types[own].id in _WHOLE_NUMBERS)
        for ours, own in named.items()
    }
    for view, selected in views(file.dataset, columns, row, _quoted).items():
        relation.project(", ".join(selected)).create_view(view)
    return DuckDB(file, connection)


def _unreadable(file: CaseFile) -> ValidationError:
    return refused(*layout_problems(file)) if file.is_csv else damaged(file)


def _too_large(file: CaseFile) -> Problem:
    message = worded(
        "The file is too large to be checked in {number} MB of memory.", number=MEMORY_MB
    )
    allowed = worded("fewer rows in one file, or `engine: spark`")
    return Problem(file.shown, message, row=1, allowed=allowed)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
