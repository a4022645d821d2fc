"""A case file as a table that SQL can ask, in memory of its own and nowhere else.

Nothing is copied: DuckDB reads the file for each question, may read no other file, and writes
nothing to disk, not even what does not fit into memory. Its own messages quote rows, so they are
never passed on.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd

from gapatlas.casefile.words import YEAR_COLUMNS
from gapatlas.config import Dataset
from gapatlas.config.vocabulary import CASE_COLUMNS
from gapatlas.errors import Problem, ValidationError, reason_of
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
CSV_LAYOUT: Final = worded(
    "CSV, UTF-8, comma, one header row, the same number of cells in each row"
)
WHOLE_NUMBERS: Final = ("tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint")
NESTED: Final = ("list", "array", "struct", "map", "union")
_ROW: Final = "row"


@dataclass(frozen=True)
class CaseFile:
    """A case file and what the config says of it.

    Attributes:
        path: the file, csv or parquet.
        dataset: its block in the config, of kind `cases`.
        shown: the file as errors name it.
    """

    path: Path
    dataset: Dataset
    shown: str

    @property
    def is_csv(self) -> bool:
        return self.path.suffix == ".csv"


@dataclass
class Cases:
    """An open case file.

    Attributes:
        header: names of its columns, as they stand in the file, without blanks around them.
        nested: mapped columns whose cells are lists or tables: such a file has no views.
    """

    file: CaseFile
    header: list[str]
    connection: duckdb.DuckDBPyConnection
    nested: list[str] = field(default_factory=list)

    def query(self, name: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run one of the files in `sql/` on the views `case_text`, `case_row` and `case_group`.

        Raises:
            ValidationError: the file can't be read through, or is too large for the memory.
        """
        try:
            return self.connection.execute(_sql(name), dict(parameters or {})).df()
        except duckdb.OutOfMemoryException:
            raise _refused(_too_large(self.file)) from None
        except duckdb.Error:
            raise _refused(*_layout_problems(self.file)) from None

    def lines(self, rows: Iterable[int]) -> dict[int, int]:
        """Row that a query gave -> line of the file; they differ where cells hold line breaks."""
        wanted = set(rows)
        return _lines(self.file.path, wanted) if self.file.is_csv else {row: row for row in wanted}


@contextmanager
def opened(file: CaseFile) -> Iterator[Cases]:
    """Open a case file.

    Raises:
        ValidationError: it is no table.
    """
    connection = duckdb.connect(":memory:", config=HARDENED)
    try:
        path = str(file.path).replace("'", "''")
        connection.execute(f"SET allowed_paths = ['{path}']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield _csv(file, connection) if file.is_csv else _parquet(file, connection)
    finally:
        connection.close()


def _parquet(file: CaseFile, connection: duckdb.DuckDBPyConnection) -> Cases:
    try:
        relation = connection.read_parquet(str(file.path), file_row_number=True)
    except (duckdb.Error, OSError):
        raise _refused(Problem(file.shown, worded("The file is no parquet file."), row=1)) from None
    names, types = relation.columns[:-1], relation.types[:-1]
    cases = Cases(file, [name.strip() for name in names], connection)
    cases.nested = [
        name
        for name, type_ in zip(cases.header, types, strict=True)
        if type_.id in NESTED and name in file.dataset.columns
    ]
    if not cases.nested:
        _make_views(cases, relation, names, "file_row_number + 2")
    return cases


def _csv(file: CaseFile, connection: duckdb.DuckDBPyConnection) -> Cases:
    header = _csv_header(file)
    names = [f"c{position}" for position in range(len(header))]
    cases = Cases(file, [name.strip() for name in header], connection)
    try:
        relation = connection.read_csv(
            str(file.path), columns=dict.fromkeys(names, "VARCHAR"), auto_detect=False, header=True,
            delimiter=",", quotechar='"', escapechar='"', strict_mode=True,
        )  # fmt: skip
        relation.aggregate("count(*)").fetchall()
    except (duckdb.Error, OSError):
        relation = _read_cell_by_cell(file, names, connection)
    _make_views(cases, relation, names, "row_number() OVER () + 1")
    return cases


def _read_cell_by_cell(
    file: CaseFile, names: list[str], connection: duckdb.DuckDBPyConnection
) -> duckdb.DuckDBPyRelation:
    """What DuckDB does not take: files with faults, and odd ones (two kinds of line ends, say)."""
    cells = read_csv_cells(file.path)
    if cells.faults:
        raise _refused(*_layout_problems(file))
    return connection.from_df(cells.frame.set_axis(names, axis="columns").reset_index(drop=True))


def _csv_header(file: CaseFile) -> list[str]:
    try:
        with file.path.open(encoding="utf-8-sig", newline="") as text:
            header = next((row for row in csv.reader(text, strict=True) if row), None)
    except (OSError, UnicodeDecodeError, csv.Error):
        header = None
    if header is None:
        raise _refused(*_layout_problems(file))
    return header


def _make_views(
    cases: Cases, relation: duckdb.DuckDBPyRelation, names: list[str], row: str
) -> None:
    """`case_text` has a text for each of our columns, as it stands in the file, blanks and all;
    `case_row` has the row too; `case_group` is for counting millions of rows."""
    dataset = cases.file.dataset
    name_of = dict(zip(cases.header, names, strict=True))
    columns = dataset.columns.items()
    mapped: dict[str, str] = {ours: name_of[own] for own, ours in columns if own in name_of}
    types = dict(zip(relation.columns, relation.types, strict=True))
    texts, grouped = {}, {}
    for ours in CASE_COLUMNS:
        plain = f"CAST({_quoted(mapped[ours])} AS VARCHAR)" if ours in mapped else "''"
        texts[ours] = plain
        is_number = ours in mapped and types[mapped[ours]].id in WHOLE_NUMBERS
        grouped[ours] = plain if is_number else _shortened(ours, plain, dataset.separator)
    relation.project(_listed(texts)).create_view("case_text")
    relation.project(_listed({**texts, _ROW: row})).create_view("case_row")
    relation.project(_listed({**grouped, _ROW: row})).create_view("case_group")


def _shortened(ours: str, text: str, separator: str) -> str:
    """The year of a date, the first charge of a list, everything else as it stands.

    DuckDB evaluates a single function once for each word of a dictionary, but two of them inside
    each other once for each row: blanks are taken off later, when few texts are left.
    """
    if ours in YEAR_COLUMNS:
        return f"split_part({text}, '-', 1)"
    if ours == "charge":
        quoted = separator.replace("'", "''")
        return f"split_part({text}, '{quoted}', 1)"
    return text


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _listed(expressions: Mapping[str, str]) -> str:
    return ", ".join(f'{expression} AS "{name}"' for name, expression in expressions.items())


def _lines(path: Path, wanted: set[int]) -> dict[int, int]:
    """Rows of a csv file, counted from the header (1) over rows that are not blank -> lines."""
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


def _layout_problems(file: CaseFile) -> list[Problem]:
    if not file.is_csv:
        return [
            Problem(file.shown, worded("The file is damaged: not all of it can be read."), row=1)
        ]
    try:
        faults = read_csv_cells(file.path).faults
    except OSError as error:
        return [
            Problem(
                file.shown, worded("The file cannot be read: {reason}.", reason=reason_of(error))
            )
        ]
    found = [
        Problem(file.shown, fault.message, row=fault.row, found=fault.found, allowed=CSV_LAYOUT)
        for fault in faults
    ]
    return found or [
        Problem(file.shown, worded("The file cannot be read."), row=1, allowed=CSV_LAYOUT)
    ]


def _too_large(file: CaseFile) -> Problem:
    message = worded(
        "The file is too large to be checked in {number} MB of memory.", number=MEMORY_MB
    )
    return Problem(file.shown, message, row=1, allowed=worded("fewer rows in one file"))


def _refused(*problems: Problem) -> ValidationError:
    return ValidationError(worded("A case file cannot be read."), problems)


@cache
def _sql(name: str) -> str:
    return resources.files("gapatlas.sql").joinpath(f"{name}.sql").read_text(encoding="utf-8")
