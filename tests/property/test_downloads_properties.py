"""Downloads of random tables: CSV and Excel give the same rows again, and run nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from gapatlas.export import Download, csv_of, read_back, xlsx_of
from gapatlas.export.cells import coded

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
TEXTS = st.text(st.one_of(st.sampled_from("=+-@\t\n'#,\"- 01"), LETTERS), max_size=6)
STATUSES = ("exact", "censored", "not_reported", "suppressed")
CELLS = {
    "text": st.one_of(st.none(), TEXTS),
    "number": st.one_of(st.none(), st.floats(allow_nan=False)),
    "whole": st.one_of(st.none(), st.integers(-(2**53), 2**53)),
}


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    names = draw(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=4, unique=True))
    rows = draw(st.integers(1, 4))
    found = {}
    for name in names:
        kind = draw(st.sampled_from(sorted(CELLS)))
        values = draw(st.lists(CELLS[kind], min_size=rows, max_size=rows))
        dtype = {"text": "str", "number": "float64", "whole": "Int64"}[kind]
        found[name] = pd.Series([None if v == "" else v for v in values], dtype=dtype)
    statuses = draw(st.lists(st.sampled_from(STATUSES), min_size=rows, max_size=rows))
    return pd.DataFrame({**found, "status": pd.Series(statuses, dtype="str")})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@given(tables())
def test_both_files_give_the_rows_again(folder: Path, table: pd.DataFrame) -> None:
    download = Download("Title", table, about=("Note: a # and a ,", "What the columns mean:"))
    (folder / "a.csv").write_text(csv_of(download), encoding="utf-8", newline="")
    (folder / "a.xlsx").write_bytes(xlsx_of(download))
    for name in ("a.csv", "a.xlsx"):
        pd.testing.assert_frame_equal(read_back(folder / name), table)


@given(tables())
def test_no_cell_runs_and_no_number_that_is_missing_is_empty_or_nought(table: pd.DataFrame) -> None:
    download = Download("Title", table)
    text = csv_of(download)
    assert all(not cell.startswith(("=", "+", "@", "\t")) for cell in _cells(text))
    book = load_workbook(io.BytesIO(xlsx_of(download)))
    assert all(cell.data_type != "f" for row in book["Figures"].iter_rows() for cell in row)
    shown = coded(table)
    for name in table.select_dtypes(["float64", "Int64"]):
        missing = table[name].isna().to_numpy(dtype=bool)
        codes = {"exact": "not defined", "censored": "range", "suppressed": "withheld"}
        wanted = [codes.get(status, "not reported") for status in table["status"]]
        assert list(shown[name][missing]) == list(np.array(wanted, dtype=object)[missing])


def _cells(text: str) -> list[str]:
    lines = text.split("\n")
    body = "\n".join(lines[next(n for n, line in enumerate(lines) if line[:2] != "# ") :])
    return [cell for row in csv.reader(io.StringIO(body)) for cell in row]
