"""A case file as a table that SQL can ask: DuckDB reads it here, or Spark on other machines.

What is asked stands in `sql/`, once for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

from gapatlas.casefile.duck import connected, over_csv, over_parquet
from gapatlas.casefile.file import CaseFile, Parts, Spot, parquet_parts
from gapatlas.casefile.spark import over_cluster
from gapatlas.casefile.texts import csv_header, csv_lines
from gapatlas.sql import query_text as _sql


class Engine(Protocol):
    """What runs a query over the views of a case file."""

    def ask(self, text: str, parameters: Mapping[str, Any]) -> pd.DataFrame: ...


@dataclass
class Cases:
    """An open case file.

    Attributes:
        header: names of its columns, as they stand in the file, without blanks around them.
        engine: what runs the queries; None where no query can be run.
        parts: the files of parquet; None of csv.
        nested: mapped columns whose cells are lists or tables: such a file has no views.
    """

    file: CaseFile
    header: list[str]
    engine: Engine | None = None
    parts: Parts | None = None
    nested: list[str] = field(default_factory=list)

    def query(
        self,
        name: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        columns: Sequence[str] = (),
    ) -> pd.DataFrame:
        """Run one of the files in `sql/` on the views of `views`.

        Args:
            name: of the file.
            parameters: its `$named` values.
            columns: what stands for `{columns}` or `{column}`; some of `CASE_COLUMNS`.

        Raises:
            ValidationError: the file can't be read through, or is too large for the memory.
            BuildError: Spark does not do it.
        """
        assert self.engine is not None
        listed = ", ".join(columns)
        text = _sql(name).replace("{columns}", listed).replace("{column}", listed)
        return self.engine.ask(text, parameters or {})

    def spots(self, rows: Iterable[int]) -> dict[int, Spot]:
        """Row that a query gave -> where it stands."""
        wanted = {int(row) for row in rows}
        if self.parts is not None:
            return {row: self.parts.spot(row) for row in wanted}
        lines = csv_lines(self.file.path, wanted)
        return {row: Spot(self.file.shown, line) for row, line in lines.items()}


_kept: ContextVar[Cases | None] = ContextVar("kept case file", default=None)


@contextmanager
def kept_open(file: CaseFile) -> Iterator[None]:
    """Open a case file once for all that is asked of it in this block.

    Raises:
        ValidationError: it is no table.
        BuildError: Spark can't be had.
    """
    with _opened_anew(file) as cases:
        before = _kept.set(cases)
        try:
            yield
        finally:
            _kept.reset(before)


@contextmanager
def opened(file: CaseFile) -> Iterator[Cases]:
    """Open a case file, or use it where it is kept open.

    Raises:
        ValidationError: it is no table.
        BuildError: Spark can't be had.
    """
    kept = _kept.get()
    if kept is not None and kept.file == file:
        yield kept
        return
    with _opened_anew(file) as cases:
        yield cases


@contextmanager
def _opened_anew(file: CaseFile) -> Iterator[Cases]:
    if file.is_csv:
        header = csv_header(file)
        with connected([file.path]) as connection:
            yield Cases(file, header, over_csv(file, header, connection))
        return
    parts = parquet_parts(file)
    cases = Cases(file, [name.strip() for name in parts.schema.names], parts=parts)
    named = _mapped(cases, parts.schema)
    if cases.nested:
        yield cases
    elif file.dataset.engine == "spark":
        with over_cluster(file, parts, named) as cases.engine:
            yield cases
    else:
        with connected(parts.paths) as connection:
            cases.engine = over_parquet(file, parts, named, connection)
            yield cases


def _mapped(cases: Cases, schema: pa.Schema) -> dict[str, str]:
    """What a column is -> its name in the file, blanks and all."""
    named: dict[str, str] = {}
    for name, column in zip(cases.header, schema, strict=True):
        ours = cases.file.dataset.columns.get(name)
        if ours is None:
            continue
        named[ours] = column.name
        if pa.types.is_nested(column.type):
            cases.nested.append(name)
    return named
