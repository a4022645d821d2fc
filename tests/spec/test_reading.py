"""Every format gives the same cells as the csv of the same table, with the rows of its own file."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gapatlas.catalogue import file_version
from gapatlas.config.reading_models import FORMATS, Reading
from gapatlas.config.reading_rules import format_by_name
from gapatlas.errors import ValidationError
from gapatlas.reading import LIMITS, read_cells
from gapatlas.reading.blocks import Job
from gapatlas.reading.cell_texts import cell_text
from gapatlas.reading.child import _environment
from gapatlas.tables import CsvCells, read_csv_cells
from tests.fixtures.reading.servers import postgres, store
from tests.fixtures.reading.writers import (
    HEADER,
    NO_HEADER_LINE,
    ROWS,
    WRITERS,
    arrow_table,
    texts,
    write_csv,
    write_xlsx,
)

CREATE = 'CREATE TABLE cases ("Provincia" text, "Año" int, "Casos" int, "Tasa" float8, "Nota" text)'
INSERT = """INSERT INTO cases VALUES
    ('Córdoba', 2021, 1204, 3.5, 'a; "b", ''c'''), ('Entre Ríos', 2021, 12, 0.25, ''),
    ('Río Negro', 2022, 7, 12.0, '<5'), ('01', 2022, 0, -1.5, '2021-06-30')"""


def read(path: Path, **options: Any) -> CsvCells:
    return read_cells(path, Reading(**options), path.name)


def cells(table: CsvCells) -> list[list[str]]:
    assert table.faults == []
    assert all(dtype == "str" for dtype in table.frame.dtypes)
    return table.frame.to_numpy().tolist()


def book(path: Path, *rows: list[Any], merge: str | None = None) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    if merge:
        made.active.merge_cells(merge)
    made.save(path)
    return path


# ------------------------------------------------------------------ all formats


@pytest.mark.parametrize("name", WRITERS)
def test_each_format_gives_the_cells_of_the_csv(name: str, tmp_path: Path) -> None:
    write_csv(tmp_path / "plain.csv", [HEADER, *ROWS])
    plain = read_csv_cells(tmp_path / "plain.csv")
    WRITERS[name](tmp_path / name, [HEADER, *ROWS])
    found = read(tmp_path / name)
    assert found.header == plain.header == list(HEADER)
    first = 1 if name in NO_HEADER_LINE else 2
    expected = plain.frame.set_axis(range(first, first + len(ROWS)))
    pd.testing.assert_frame_equal(found.frame, expected, check_index_type=False)
    assert cells(found) == texts(ROWS)


def test_every_ending_has_a_format_that_is_tested() -> None:
    tested = {format_by_name(name) for name in WRITERS}
    assert set(FORMATS.values()) == tested


def test_a_small_text_is_the_same_read_apart(tmp_path: Path) -> None:
    write_csv(tmp_path / "cases.csv", [HEADER, *ROWS, ("too", "few")])
    here = read_cells(tmp_path / "cases.csv", Reading(), "cases")
    apart = read_cells(tmp_path / "cases.csv", Reading(), "cases", always_apart=True)
    pd.testing.assert_frame_equal(here.frame, apart.frame)
    assert here.faults == apart.faults != []


# ------------------------------------------------------------------ text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_a_text_in_any_encoding_with_any_delimiter(
    encoding: str, delimiter: str, tmp_path: Path
) -> None:
    path = tmp_path / "cases.csv"
    write_csv(path, [HEADER, *ROWS], delimiter, encoding)
    assert cells(read(path, encoding=encoding)) == texts(ROWS)
    assert cells(read(path, encoding=encoding, delimiter=delimiter)) == texts(ROWS)


def test_notes_above_and_below_a_text_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("Ministry, table 3\n\nplace;cases\nA;1,5\n\n;\nB;2\nSource: office\n")
    table = read(path, header_row=3, last_row=7)
    assert table.header == ["place", "cases"]
    assert table.frame.index.tolist() == [4, 7]
    assert cells(table) == [["A", "1,5"], ["B", "2"]]


def test_a_row_begins_where_its_first_cell_does(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(b'place,note\r\nA,"one\r\ntwo"\r\nB,x\r\n')
    table = read(path)
    assert table.frame.index.tolist() == [2, 4]
    assert cells(table)[0] == ["A", "one\r\ntwo"]


def test_names_of_columns_are_on_one_line_and_none_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text('," Cases\n(total) ",Year,,\nA,1,2021,,\n')
    table = read(path)
    assert table.header == ["column A", "Cases (total)", "Year"]
    assert cells(table) == [["A", "1", "2021"]]


def test_rows_that_do_not_fit_are_faults_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("a,b\n1,2\n1,2,3\n1\n" + "x\n" * 150)
    table = read(path)
    assert table.frame.index.tolist() == [2]
    assert [fault.row for fault in table.faults[:2]] == [3, 4]
    assert table.faults[0].found == "3 cells, not 2"
    assert len(table.faults) == 101
    assert table.faults[-1].message == "And 52 more rows that can't be read."


# ------------------------------------------------------------------ workbooks


def test_the_cells_of_a_sheet_are_what_a_person_would_type(tmp_path: Path) -> None:
    moment = dt.datetime(2021, 6, 30, 12, 30)
    row = [12.0, 0.1 + 0.2, 1e15, dt.date(2021, 6, 30), moment, True, "007", None, 1e-7]
    path = book(tmp_path / "cases.xlsx", list("abcdefghi"), row)
    assert cells(read(path)) == [
        ["12", "0.3", "1000000000000000", "2021-06-30", "2021-06-30T12:30:00", "true", "007", "",
         "0.0000001"]
    ]  # fmt: skip


def test_a_table_may_stand_anywhere_on_a_sheet(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "Table 3"
    for place, value in {
        "B2": "Ministry",
        "C5": "place",
        "D5": "cases",
        "C7": "A",
        "D7": 4,
    }.items():
        made.active[place] = value
    made.create_sheet("Notes")["A1"] = "words"
    made.save(tmp_path / "cases.xlsx")
    table = read(tmp_path / "cases.xlsx", sheet="Table 3", header_row=5)
    assert table.header == ["column A", "column B", "place", "cases"]
    assert table.frame.index.tolist() == [7]
    assert cells(table) == [["", "", "A", "4"]]


def test_a_hidden_sheet_is_not_guessed(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["hidden"])
    made.active.sheet_state = "hidden"
    made.create_sheet("Seen").append(["place"])
    made["Seen"].append(["A"])
    made.save(tmp_path / "cases.xlsx")
    assert read(tmp_path / "cases.xlsx").header == ["place"]


def test_a_name_over_two_rows_stands_in_the_row_of_the_header(tmp_path: Path) -> None:
    rows = [["place", "cases"], [None, "2021"], ["A", 4]]
    table = read(book(tmp_path / "cases.xlsx", *rows, merge="A1:A2"), header_row=2)
    assert table.header == ["place", "2021"]


def test_merged_cells_hold_for_each_row_where_the_config_says_so(tmp_path: Path) -> None:
    rows = [["place", "year"], ["A", 2020], [None, 2021], ["B", 2020]]
    path = book(tmp_path / "cases.xlsx", *rows, merge="A2:A3")
    assert cells(read(path, merged="fill")) == [["A", "2020"], ["A", "2021"], ["B", "2020"]]


def test_an_error_of_the_spreadsheet_is_a_fault_and_no_empty_cell(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["place", "rate"], ["A", 1], ["B", "#DIV/0!"]):
        made.active.append(row)
    made.active["B3"].data_type = "e"
    made.save(tmp_path / "cases.xlsx")
    (fault,) = read(tmp_path / "cases.xlsx").faults
    assert (fault.row, fault.found) == (3, "an error in B3")


# ------------------------------------------------------------------ parquet and JSON lines


def test_a_folder_of_parquet_is_one_table_with_a_column_for_each_key(tmp_path: Path) -> None:
    header = [name for name in HEADER if name != "Año"]
    for year in (2021, 2022):
        part = arrow_table([HEADER, *(row for row in ROWS if row[1] == year)])
        folder = tmp_path / "cases" / f"Año={year}" / "code=01%2F2"
        folder.mkdir(parents=True)
        pq.write_table(part.drop_columns(["Año"]), folder / "part-0.parquet")
    table = read(tmp_path / "cases", format="parquet")
    assert table.header == [*header, "Año", "code"]
    assert table.frame.index.tolist() == [2, 3, 4, 5]
    assert table.frame["Año"].tolist() == ["2021", "2021", "2022", "2022"]
    assert set(table.frame["code"]) == {"01/2"}
    assert table.frame["Casos"].tolist() == ["1204", "12", "7", "0"]


def test_the_types_of_parquet_become_text(tmp_path: Path) -> None:
    columns: dict[str, pa.Array] = {
        "whole": pa.array([12.0, None]),
        "short": pa.array([0.1, 12.0], pa.float32()),
        "day": pa.array([dt.date(2021, 6, 30), None]),
        "moment": pa.array([dt.datetime(2021, 6, 30), dt.datetime(2021, 6, 30, 1)]),
        "word": pa.array(["a", None]).dictionary_encode(),
        "money": pa.array([12, 5], pa.decimal128(9, 2)),
        "yes": pa.array([True, None]),
        "void": pa.nulls(2),
    }
    pq.write_table(pa.table(columns), tmp_path / "cases.parquet")
    assert cells(read(tmp_path / "cases.parquet")) == [
        ["12", "0.1", "2021-06-30", "2021-06-30", "a", "12", "true", ""],
        ["", "12", "", "2021-06-30T01:00:00", "", "5", "", ""],
    ]


def test_objects_may_lack_keys(tmp_path: Path) -> None:
    lines = [{"place": "A", "cases": 1.0}, {"place": None, "year": 2021}]
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    table = read(path)
    assert table.header == ["place", "cases", "year"]
    assert cells(table) == [["A", "1", ""], ["", "", "2021"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (float("nan"), ""), (-0.0, "0"), (1e22, "1" + 22 * "0"), (b"A", "A")],
)  # fmt: skip
def test_a_value_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text


# ------------------------------------------------------------------ PostgreSQL


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """One server for all tests of this module: it takes a second to start."""
    with postgres(CREATE, INSERT) as address:
        yield address


@pytest.fixture
def address(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAT_OFFICE_DSN", database)


def ask(**options: Any) -> CsvCells:
    reading = Reading(connection="STAT_OFFICE_DSN", **options)
    return read_cells(None, reading, "office", limits=replace(LIMITS, statement_seconds=1))


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("table", ["cases", "public.cases"])
def test_a_table_of_postgres_gives_the_cells_of_the_csv(table: str) -> None:
    found = ask(table=table)
    assert found.header == list(HEADER)
    assert found.frame.index.tolist() == [2, 3, 4, 5]
    assert cells(found) == texts(ROWS)


@pytest.mark.usefixtures("address")
def test_a_query_of_postgres_gives_plain_texts() -> None:
    numbers = "12.00::numeric AS a, 12.50::numeric AS b, 120::numeric AS c"
    question = f"SELECT {numbers}, DATE '2021-06-30' AS d;"
    assert cells(ask(query=question)) == [["12", "12.5", "120", "2021-06-30"]]


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"query": 'DELETE FROM cases RETURNING "Casos"'}, "The query does more than read."),
        ({"query": "WITH x AS (DELETE FROM cases RETURNING 1 AS a) TABLE x"}, "more than read."),
        ({"query": "SELECT 1 AS a; DROP TABLE cases"}, "multiple commands"),
        ({"query": "SELECT set_config('transaction_read_only', 'off', false) AS a"}, "refuses"),
        ({"query": "SELECT 'Ann Example'::int AS a"}, "Found: the code 22P02. Allowed: one query"),
        ({"query": "SELECT pg_sleep(9)::text AS a"}, "takes too long. Allowed: up to 1 s"),
        ({"query": "SELECT wrong FROM cases"}, 'Found: column "wrong" does not exist'),
        ({"table": "wrong"}, "The database has no such table. Found: wrong"),
        ({"query": "SELECT ARRAY[1] AS a"}, "column a: A cell holds more than one value."),
    ],
)  # fmt: skip
def test_a_query_that_fails_says_why_and_changes_nothing(
    options: dict[str, str], message: str
) -> None:
    with pytest.raises(ValidationError) as error:
        ask(**options)
    (problem,) = error.value.problems
    assert message in str(problem)
    assert len(ask(table="cases").frame) == len(ROWS)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (None, "STAT_OFFICE_DSN is not set"),
        ("postgresql://clerk:secret@127.0.0.1:1/office", "an address in STAT_OFFICE_DSN"),
    ],
)
def test_an_address_that_leads_nowhere_is_not_repeated(
    address: str | None, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STAT_OFFICE_DSN", raising=False)
    if address:
        monkeypatch.setenv("STAT_OFFICE_DSN", address)
    with pytest.raises(ValidationError) as error:
        ask(table="cases")
    text = str(error.value)
    assert message.replace("an address", "the address") in text
    assert "secret" not in text
    assert "clerk" not in text


# ------------------------------------------------------------------ S3


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("objects")
    write_csv(folder / "cases.csv.gz", [HEADER, *ROWS])
    write_xlsx(folder / "cases.xlsx", [HEADER, *ROWS])
    with store(**{path.name: path.read_bytes() for path in folder.iterdir()}) as address:
        yield address


@pytest.fixture
def keys(office: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", office)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "reader")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")


def fetch(name: str, **options: Any) -> CsvCells:
    return read_cells(None, Reading(url=f"s3://office/{name}"), "office", **options)


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("name", ["cases.csv.gz", "cases.xlsx"])
def test_an_object_of_a_store_gives_the_cells_of_the_csv(name: str) -> None:
    assert cells(fetch(name)) == texts(ROWS)


@pytest.mark.usefixtures("keys")
def test_an_object_that_can_not_be_had_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match=r"no such object\. Found: s3://office/wrong\.csv"):
        fetch("wrong.csv")
    with pytest.raises(ValidationError, match="The file is too large"):
        fetch("cases.xlsx", limits=replace(LIMITS, file_bytes=100))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(ValidationError, match=r"does not answer\. Allowed: .* in AWS_ENDPOINT_URL"):
        fetch("cases.xlsx")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(ValidationError, match="The store does not"):
        fetch("cases.xlsx")


# ------------------------------------------------------------------ the limits


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"rows": 3}, "too many rows. Found: at least 4. Allowed: up to 3 rows"),
        ({"columns": 4}, "too many columns. Found: at least 5. Allowed: up to 4 columns"),
        ({"cells": 19}, "too many cells. Found: at least 20. Allowed: up to 19 cells"),
        ({"file_bytes": 9}, "The file is too large. Found:"),
        ({"unpacked_bytes": 99}, "The file unpacks to too much. Found: more than 99 bytes"),
    ],
)
@pytest.mark.parametrize("name", ["cases.csv", "cases.xlsx", "cases.parquet", "cases.sqlite"])
def test_a_table_beyond_a_limit_is_refused(
    name: str, limits: dict[str, int], message: str, tmp_path: Path
) -> None:
    WRITERS[name](tmp_path / name, [HEADER, *ROWS])
    with pytest.raises(ValidationError) as error:
        read_cells(tmp_path / name, Reading(), name, limits=replace(LIMITS, **limits))
    (problem,) = error.value.problems
    assert message in str(problem)


# ------------------------------------------------------------------ the child


def test_a_child_that_opens_a_file_is_told_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAT_OFFICE_DSN", "secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    options = Reading(connection="STAT_OFFICE_DSN").model_dump()
    job = Job("xlsx", tmp_path / "a.xlsx", options, "a", LIMITS, tmp_path)
    assert "secret" not in _environment(job).values()
    assert _environment(replace(job, format="postgres"))["STAT_OFFICE_DSN"] == "secret"
    assert "AWS_SECRET_ACCESS_KEY" not in _environment(replace(job, format="postgres"))


def test_reading_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    for name, write in WRITERS.items():
        write(tmp_path / name, [HEADER, *ROWS])
        before = (tmp_path / name).stat().st_mtime_ns
        read(tmp_path / name)
        assert (tmp_path / name).stat().st_mtime_ns == before
    assert os.listdir(scratch) == []
    assert sorted(os.listdir(tmp_path)) == sorted([*WRITERS, "scratch"])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Año;Región\n2020;Ñuñoa\n", "cp1252"),
        ("Número;Niñas\n1;2\n", "cp1252"),
        ("Município;Casos\nSão Paulo;2\n", "cp1252"),
        ("Côté;Élève\nForêt;3\n", "cp1252"),
        ("Länder;Größe\nKöln;3\n", "cp1252"),
        ("Województwo;Liczba\nŁódź;3\nśląskie;9\n", "cp1250"),
        ("Kraj;Počet\nPlzeň;3\nŽďár;1\n", "cp1250"),
    ],
)
def test_a_short_text_is_guessed_to_be_western_unless_its_letters_say_otherwise(
    text: str, encoding: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    with pytest.raises(ValidationError) as error:
        read_cells(tmp_path / "a.csv", Reading(), "a.csv")
    (problem,) = error.value.problems
    assert f"`encoding: {encoding}`" in (problem.allowed or "")


def test_the_latest_changes_of_a_database_are_read_while_its_program_is_open(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE cases (place TEXT, number INTEGER)")
        writer.execute("INSERT INTO cases VALUES ('AAA', 1)")
        writer.commit()
        before = file_version(path).sha256
        assert read_cells(path, Reading(), path.name).frame.values.tolist() == [["AAA", "1"]]
        writer.execute("UPDATE cases SET number = 2")
        writer.commit()
        there = sorted(tmp_path.iterdir())
        whole = path.read_bytes()

        assert read_cells(path, Reading(), path.name).frame.values.tolist() == [["AAA", "2"]]
        assert file_version(path).sha256 != before
        assert path.read_bytes() == whole
        assert sorted(tmp_path.iterdir()) == there
