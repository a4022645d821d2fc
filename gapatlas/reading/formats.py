"""Which function opens which format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from gapatlas.reading.blocks import Job, Table, write

# Imported when they are needed: a child that reads csv has no use for the drivers of databases.
_OPENERS: Final = {
    "csv": ("texts", "read_text"),
    "tsv": ("texts", "read_text"),
    "xlsx": ("workbooks", "read_workbook"),
    "xls": ("workbooks", "read_workbook"),
    "ods": ("workbooks", "read_workbook"),
    "parquet": ("columnar", "read_parquet"),
    "jsonl": ("json_lines", "read_json_lines"),
    "sqlite": ("databases", "read_sqlite"),
    "postgres": ("databases", "read_postgres"),
}


def read_into(sink: Path | pa.BufferOutputStream, job: Job) -> dict[str, Any]:
    """Read a table, in this process, and write its cells as an arrow file.

    Returns:
        `header`, a list of names, and `faults`, a list of rows that can't be read.

    Raises:
        ValidationError: it can't be read.
    """
    if job.format == "s3":
        job = _fetched(job)
    table = _opener(job.format)(job)
    write(table, sink if isinstance(sink, pa.NativeFile) else str(sink), job)
    return {"header": table.header, "faults": table.faults.as_dicts()}


def _opener(format_: str) -> Callable[[Job], Table]:
    module, name = _OPENERS[format_]
    opener: Callable[[Job], Table] = getattr(import_module(f"gapatlas.reading.{module}"), name)
    return opener


def _fetched(job: Job) -> Job:
    from gapatlas.reading.stores import fetched

    return replace(job, format=job.inside or "", path=fetched(job))
