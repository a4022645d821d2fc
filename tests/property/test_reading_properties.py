"""Any table of texts, written in any way that offices write tables, reads back as it was."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from gapatlas.reading.blocks import Job
from gapatlas.reading.formats import read_into
from gapatlas.reading.limits import LIMITS

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "cp1251", "gb18030")
DELIMITERS = (",", ";", "\t", "|", ":", "~", " ")
LINE_ENDS = ("\n", "\r\n", "\r")


@dataclass(frozen=True)
class Written:
    """A table of texts and how it is written."""

    encoding: str
    delimiter: str
    line_end: str
    quote_all: bool
    header: list[str]
    rows: list[list[str]]


def letters_of(encoding: str) -> st.SearchStrategy[str]:
    """Letters of an encoding; in workbooks only what XML may hold, with line ends that it keeps."""
    return st.characters(codec=encoding, exclude_categories=("Cs", "Cc"), include_characters="\n\t")


@st.composite
def tables(draw: st.DrawFn) -> Written:
    encoding = draw(st.sampled_from(ENCODINGS))
    cell = st.text(letters_of("utf-8" if encoding == "utf-8-sig" else encoding), max_size=8)
    # No byte order mark within a text: at its start nobody could tell it from a real one.
    cell = cell.map(lambda text: text.replace("\ufeff", ""))
    named = cell.map(lambda text: " ".join(text.split()))
    header = draw(st.lists(named.filter(bool), min_size=1, max_size=5, unique=True))
    row = st.lists(cell, min_size=len(header), max_size=len(header))
    rows = draw(st.lists(row.filter(lambda r: any(c.strip() for c in r)), max_size=6))
    choices = [st.sampled_from(DELIMITERS), st.sampled_from(LINE_ENDS), st.booleans()]
    return Written(encoding, *map(draw, choices), header, rows)


def read(path: Path, format_: str, **options: Any) -> list[list[str]]:
    """The header and the rows, read in this process: the other one does the same."""
    with tempfile.TemporaryDirectory() as folder:
        job = Job(format_, path, options, path.name, LIMITS, Path(folder))
        sink = pa.BufferOutputStream()
        report = read_into(sink, job)
    assert report["faults"] == []
    table = pa.ipc.open_file(sink.getvalue()).read_all()
    numbers = table["row"].to_pylist()
    assert numbers == sorted(set(numbers))
    columns = [column.to_pylist() for column in table.columns[1:]]
    return [report["header"], *map(list, zip(*columns, strict=True))]


def csv_text(table: Written) -> str:
    """Written by hand: a cell is quoted where it has to be, or always."""

    def shown(cell: str, alone: bool) -> str:
        special = {'"', "\n", "\r", table.delimiter}
        if table.quote_all or alone or special & set(cell):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    lines = [
        table.delimiter.join(shown(cell, len(cells) == 1) for cell in cells)
        for cells in (table.header, *table.rows)
    ]
    return table.line_end.join(lines) + table.line_end


@given(table=tables())
def test_text_reads_back(table: Written, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("text") / "a.csv"
    path.write_bytes(csv_text(table).encode(table.encoding))
    options = {"encoding": table.encoding, "delimiter": table.delimiter}
    assert read(path, "csv", **options) == [table.header, *table.rows]


@given(table=tables())
def test_parquet_and_json_lines_read_back(table: Written, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("columns")
    columns = {
        name: pa.array([row[at] for row in table.rows], pa.string())
        for at, name in enumerate(table.header)
    }
    pq.write_table(pa.table(columns), folder / "a.parquet")
    assert read(folder / "a.parquet", "parquet") == [table.header, *table.rows]
    if table.rows:
        objects = (dict(zip(table.header, row, strict=True)) for row in table.rows)
        (folder / "a.jsonl").write_text("\n".join(map(json.dumps, objects)), encoding="utf-8")
        assert read(folder / "a.jsonl", "jsonl") == [table.header, *table.rows]


@given(table=tables(), above=st.integers(0, 3))
def test_a_workbook_reads_back(table: Written, above: int, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    book = openpyxl.Workbook()
    for number, cells in enumerate((table.header, *table.rows), start=above + 1):
        for position, text in enumerate(cells, start=1):
            cell = book.active.cell(number, position, text or None)
            if text:
                cell.data_type = "s"
    book.save(path)
    assert read(path, "xlsx", header_row=above + 1) == [table.header, *table.rows]
