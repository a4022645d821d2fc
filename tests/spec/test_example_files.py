"""The data files of the docs hold what the tool makes up, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tools.example_files import DOCS, write_example_files


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    write_example_files(folder)
    return folder


def content(path: Path) -> Any:
    """What a file holds, whatever day it was written on."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return {
            sheet.title: (list(sheet.values), sorted(map(str, sheet.merged_cells.ranges)))
            for sheet in book.worksheets
        }
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_dict("records")
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as database:
            return database.execute("select * from yearly order by 1, 2, 3").fetchall()
    return path.read_text(encoding="utf-8")


def test_every_data_file_is_what_the_tool_makes(made: Path) -> None:
    names = sorted(
        path.relative_to(made).as_posix() for path in made.rglob("*.*") if path.is_file()
    )
    assert len(names) == 10
    for name in names:
        assert content(DOCS / name) == content(made / name), name


def test_every_workbook_says_that_it_is_made_up(made: Path) -> None:
    for path in made.rglob("*.xlsx"):
        first = openpyxl.load_workbook(path).worksheets[0]["A1"].value
        assert "SYNTHETIC" in str(first)
