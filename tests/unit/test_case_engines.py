"""A case file in parts, the rows that are drawn of it, and a Spark that is not to be had."""

from __future__ import annotations

import importlib.machinery
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from gapatlas.build import build
from gapatlas.casefile import CaseFile, find_case_problems, grouped_counts
from gapatlas.casefile import spark as spark_module
from gapatlas.casefile.file import Spot, parquet_parts
from gapatlas.casefile.views import DRAWN_FROM, DUCKDB_FUNCTIONS, below
from gapatlas.errors import BuildError, ValidationError
from tests.case_files import CASES, HEADER, LAST_YEAR, PLACES, add_cases, dataset
from tests.support import observation, write_world

NOBODY = "spark://127.0.0.1:9"
SPARK = {"master": NOBODY}


def write_parts(folder: Path, *cuts: int, rows: list[list[str]] = CASES) -> CaseFile:
    """The cases of the office, cut into so many files of parquet."""
    path = folder / "cases.parquet"
    path.mkdir(parents=True)
    for number, (first, last) in enumerate(zip((0, *cuts), (*cuts, len(rows)), strict=True)):
        cells = {head: [row[at] for row in rows[first:last]] for at, head in enumerate(HEADER)}
        schema = pa.schema([(head, pa.string()) for head in HEADER])
        pq.write_table(pa.table(cells, schema=schema), path / f"part-{number}.parquet")
    return CaseFile(path, dataset(file=path.name), path.name)


# ------------------------------------------------------------------ parts


def test_how_rows_are_cut_into_files_changes_nothing(tmp_path: Path) -> None:
    rows = CASES * 50
    files = [
        write_parts(tmp_path / "one", rows=rows),
        write_parts(tmp_path / "four", 7, 7, 1500, rows=rows),
    ]
    for sample in (1.0, 0.4):
        one, four = (grouped_counts(file, ["place", "charge"], sample=sample) for file in files)
        pd.testing.assert_frame_equal(one, four)


def test_a_fault_names_the_part_and_the_row_in_it(tmp_path: Path) -> None:
    rows = [list(row) for row in CASES]
    rows[12][HEADER.index("Result")] = "GO"
    rows[30][HEADER.index("No")] = rows[3][HEADER.index("No")]
    file = write_parts(tmp_path, 10, 20, rows=rows)
    code, key = find_case_problems(file, PLACES, LAST_YEAR).problems
    assert (code.where, code.row) == ("cases.parquet/part-1.parquet", 4)
    assert (key.where, key.row) == ("cases.parquet/part-2.parquet", 12)
    assert "row 5 of cases.parquet/part-0.parquet" in key.message


def test_rows_are_counted_over_empty_parts_too(tmp_path: Path) -> None:
    parts = parquet_parts(write_parts(tmp_path, 0, 5, 5))
    assert parts.rows == (0, 5, 0, 35)
    assert parts.spot(2) == Spot("cases.parquet/part-1.parquet", 2)
    assert parts.spot(7) == Spot("cases.parquet/part-3.parquet", 2)


def test_a_part_with_other_columns_is_refused(tmp_path: Path) -> None:
    file = write_parts(tmp_path, 20)
    part = file.path / "part-1.parquet"
    pq.write_table(pq.read_table(part).drop_columns("Result"), part)
    with pytest.raises(ValidationError, match="other columns than the first") as caught:
        grouped_counts(file, ["place"])
    assert caught.value.problems[0].where == "cases.parquet/part-1.parquet"
    for path in file.path.iterdir():
        path.unlink()
    with pytest.raises(ValidationError, match="no parquet file"):
        grouped_counts(file, ["place"])


# ------------------------------------------------------------------ rows drawn by chance


@pytest.mark.parametrize("share", [0.001, 0.02, 0.3])
def test_rows_are_drawn_as_by_chance(share: float) -> None:
    """As many as are asked for, in every part of the file and at every distance."""
    rows = 2_000_000
    with duckdb.connect() as connection:
        for statement in DUCKDB_FUNCTIONS:
            connection.execute(statement)
        query = f"SELECT mixed(row) < {below(share)} AS drawn FROM range(2, {rows + 2}) t(row)"
        drawn = connection.execute(query).fetchnumpy()["drawn"]
    assert np.mean(drawn) == pytest.approx(share, abs=4 * np.sqrt(share / rows))
    for length in (1_000, 20_000):
        counts = drawn.reshape(-1, length).sum(axis=1)
        spread = np.var(counts) / (length * share * (1 - share))
        assert spread == pytest.approx(1, abs=0.5)
    for distance in (*range(1, 40), 365, 1000):
        both = np.mean(drawn[distance:] & drawn[:-distance])
        assert both == pytest.approx(share**2, abs=6 * share / np.sqrt(rows) + 3 / rows)
    assert DRAWN_FROM == 2**31 - 1


# ------------------------------------------------------------------ Spark


def on_spark(folder: Path, **keys: Any) -> Path:
    world = write_world(folder, [observation("AAA", 2020, "convicted", "persons", 5)])
    write_parts(folder, 20)
    return add_cases(world, [], {"file": "cases.parquet", **keys})


def refusal(config: Path) -> str:
    with pytest.raises(BuildError) as caught:
        build(config)
    (problem,) = caught.value.problems
    assert problem.where == "cases.parquet"
    return str(problem)


def test_without_pyspark_java_or_a_master_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = on_spark(tmp_path, engine="spark", spark=SPARK)
    there = importlib.machinery.ModuleSpec("pyspark", None)
    monkeypatch.setattr(spark_module, "find_spec", lambda _: None)
    assert "pip install 'gapatlas[spark]'" in refusal(config)
    monkeypatch.setattr(spark_module, "find_spec", lambda _: there)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "needs Java" in refusal(config)
    monkeypatch.setattr(spark_module, "_has_java", lambda: True)
    assert "master does not answer" in refusal(config)
    assert "127.0.0.1" not in refusal(config)


def test_a_snapshot_is_the_same_whatever_counts_it_and_holds_no_address(tmp_path: Path) -> None:
    config = on_spark(tmp_path)
    first = build(config)
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    content["datasets"]["cases"] |= {"engine": "spark", "spark": SPARK}
    config.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    again = build(config)
    assert again.reused
    assert again.id == first.id
    assert b"127.0.0.1" not in first.path.read_bytes()


@pytest.mark.parametrize(
    ("folder", "seen"),
    [
        (None, "file:{here}/inner/cases.parquet/part-0.parquet"),
        ("/shared/atlas/", "file:/shared/atlas/inner/cases.parquet/part-0.parquet"),
        ("hdfs://host/atlas", "hdfs://host/atlas/inner/cases.parquet/part-0.parquet"),
    ],
)
def test_workers_are_told_where_they_see_the_files(
    tmp_path: Path, folder: str | None, seen: str
) -> None:
    made = write_parts(tmp_path / "inner", 20)
    block = dataset(file="inner/cases.parquet", engine="spark", spark={**SPARK, "folder": folder})
    file = CaseFile(made.path, block, "inner/cases.parquet")
    order = spark_module._view_order(file, parquet_parts(file), {})
    assert order["paths"][0] == seen.format(here=tmp_path)
    assert order["starts"] == [0, 20]
