"""Faults of a case file, one by one: one clear error, nothing changed on disk, and the last good
figures go on being served. And what never enters a snapshot: rows of persons.

    what is wrong                     where       row  column
    an unknown code                   cases.csv   5    Result
    an end before the beginning       cases.csv   5    Closed
    two outcomes for one defendant    cases.csv   8    No
    two outcomes in one row           cases.csv   5    Result
    a missing column                  cases.csv   1    Result
    a name column                     cases.csv   1    Name of defendant
    a date of birth in a harmless key cases.csv   1    Group
    a column nothing is said of       cases.csv   1    Wiretap
    a title that hides what is made up            cases.yaml  title
    a count of cases below the threshold          counted.csv persons
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import yaml

from gapatlas import live as live_module
from gapatlas.atlas import open_atlas
from gapatlas.build import build
from gapatlas.errors import GapAtlasError, Problem, UnknownNameError
from gapatlas.live import LiveAtlas
from gapatlas.release import TABLES
from tests.case_files import CASES, COLUMNS, HEADER, SURNAMES, add_cases, write_csv
from tests.counted_cases import TABLE, add_case_counts
from tests.support import DESCRIPTOR, observation, write_world

ROWS = (
    observation("AAA", 2020, "convicted", "persons", 5),
    observation("AAA", 2020, "prosecuted", "persons", 7),
)
Spoil = Callable[[Path], object]


def changed(cells: dict[tuple[int, str], str], header: tuple[str, ...] = HEADER) -> Spoil:
    def spoil(folder: Path) -> None:
        rows = [list(row) for row in CASES]
        for (row, column), text in cells.items():
            rows[row - 2][HEADER.index(column)] = text
        write_csv(folder / "cases.csv", rows, header)

    return spoil


def keys(**changes: object) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / "config.yaml"
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        content["datasets"]["cases"].update(changes)
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    return spoil


def titled(title: str) -> Spoil:
    return lambda folder: (folder / "cases.yaml").write_text(
        yaml.safe_dump({**DESCRIPTOR, "title": title}), encoding="utf-8"
    )


@dataclass(frozen=True)
class Bad:
    """What is done to the folder of the config, and the problem that must come of it."""

    spoil: Spoil
    where: str
    row: int | None
    column: str
    message: str


BAD = {
    "an unknown code": Bad(
        changed({(5, "Result"): "GO"}), "cases.csv", 5, "Result", "This code is not known here."
    ),
    "an end before the beginning": Bad(
        changed({(5, "Closed"): "2009"}),
        "cases.csv",
        5,
        "Closed",
        "The case ended before the defendant was charged.",
    ),
    "two outcomes for one defendant": Bad(
        changed({(10, "No"): "N-000"}),
        "cases.csv",
        10,
        "No",
        "The defendant has two outcomes, here and in row 2.",
    ),
    "two outcomes in one row": Bad(
        changed({(5, "Result"): "A/GP"}),
        "cases.csv",
        5,
        "Result",
        "Two outcomes stand in one row.",
    ),
    "a missing column": Bad(
        changed({}, tuple("Wiretap" if name == "Border" else name for name in HEADER)),
        "cases.csv",
        1,
        "Border",
        "The column that is mapped to 'cross_border' is missing.",
    ),
    "a name column": Bad(
        keys(dropped=["Wiretap"]),
        "cases.csv",
        1,
        "Name of defendant",
        "The header says that the column holds a person's name.",
    ),
    "a date of birth in a harmless key": Bad(
        changed({(row, "Group"): f"{1940 + row}-05-31" for row in range(2, 42)}),
        "cases.csv",
        1,
        "Group",
        "The cells look like a date of birth.",
    ),
    "a column nothing is said of": Bad(
        keys(dropped=["Name of defendant"]),
        "cases.csv",
        1,
        "Wiretap",
        "Nothing is said of this column in the config.",
    ),
    "a title that says what the config does not": Bad(
        titled("SYNTHETIC cases"),
        "cases.yaml",
        None,
        "title",
        "The title says that the rows are made up, and the config does not.",
    ),
    "made-up rows under a title that does not say so": Bad(
        keys(
            synthetic=True,
            short="SYNTHETIC cases",
            columns={**COLUMNS, "Wiretap": "dataset"},
            dropped=["Name of defendant"],
        ),
        "cases.yaml",
        None,
        "title",
        "The rows are made up, and the title does not say so.",
    ),
    "a threshold that protects nobody": Bad(
        keys(disclosure={"threshold": 3}),
        "config.yaml",
        65,
        "datasets.cases.disclosure",
        "Threshold 3 protects persons too little.",
    ),
}


@pytest.fixture(autouse=True)
def _own_snapshots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    monkeypatch.setattr(live_module, "CHECK_EVERY_SECONDS", 0.0)


def world_of_cases(folder: Path) -> Path:
    return add_cases(write_world(folder, ROWS, [("AAA", 2020, 1000)]))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return world_of_cases(tmp_path / "world")


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(folder / "snapshots"))
        build(world_of_cases(folder / "world"))
    return folder / "snapshots"


@pytest.fixture
def built(path: Path, built_once: Path, tmp_path: Path) -> Path:
    """The world, of which a good snapshot is there already: to protect its cases takes long."""
    shutil.copytree(built_once, tmp_path / "snapshots")
    return path


def everything_below(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def relevant(error: GapAtlasError | None, bad: Bad) -> Problem:
    assert error is not None
    found = [p for p in error.problems if (p.where, p.column) == (bad.where, bad.column)]
    (problem,) = found
    return problem


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_case_file_is_refused_while_the_last_good_figures_are_served(
    built: Path, tmp_path: Path, bad: Bad
) -> None:
    path = built
    live = LiveAtlas(path)
    good = live.current().atlas
    assert good is not None
    bad.spoil(path.parent)
    before = everything_below(tmp_path)

    with pytest.raises(GapAtlasError) as caught:
        build(path)
    problem = relevant(caught.value, bad)
    assert problem.row == bad.row
    assert problem.message == bad.message
    assert str(tmp_path) not in str(caught.value)
    assert not any(name in str(caught.value) for name in SURNAMES)

    served = live.wait()
    assert relevant(served.error, bad) == problem
    assert served.atlas is good
    assert sorted(good.stages("AAA")["count_low"].tolist()) == [5, 7]
    assert everything_below(tmp_path) == before


def test_a_bad_table_of_case_counts_is_refused_while_the_last_good_figures_are_served(
    built: Path, tmp_path: Path
) -> None:
    path = add_case_counts(built)
    live = LiveAtlas(path)
    good = live.current().atlas
    assert good is not None
    held = good.sources().set_index("dataset_id").loc["counted"]
    assert (held["kind"], held["rows"]) == ("case_counts", len(TABLE))
    add_case_counts(path, [*TABLE[:7], "place,BBB,dismissed,5,3,7,shown", *TABLE[8:]])
    before = everything_below(tmp_path)

    with pytest.raises(GapAtlasError) as caught:
        build(path)
    (problem,) = caught.value.problems
    assert (problem.where, problem.row, problem.column) == ("counted.csv", 9, "persons")
    assert problem.message == "The count is below the threshold."
    assert str(tmp_path) not in str(caught.value)

    served = live.wait()
    assert served.error is not None
    assert served.error.problems == [problem]
    assert served.atlas is good
    assert everything_below(tmp_path) == before


# ------------------------------------------------------------------ what a snapshot holds of cases


def test_a_snapshot_knows_that_there_are_cases_and_holds_none_of_them(path: Path) -> None:
    changed({})(path.parent)
    write_csv(path.parent / "cases.csv", CASES[:38])
    snapshot = build(path)
    with open_atlas(path) as atlas:
        row = atlas.sources().set_index("dataset_id").loc["cases"]
        assert (row["kind"], row["rows"]) == ("cases", 40)
        with pytest.raises(UnknownNameError):
            atlas.reporting("cases")
    content = snapshot.path.read_bytes()
    for number, row in enumerate(CASES):
        for column in ("No", "Name of defendant", "Group"):
            assert row[HEADER.index(column)].encode() not in content, number


def test_a_snapshot_holds_of_persons_what_is_published_alone(path: Path) -> None:
    def tables(config: Path) -> dict[str, pd.DataFrame]:
        with duckdb.connect(str(build(config).path), read_only=True) as connection:
            names = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
            return {name: connection.execute(f"FROM {name}").df() for name in names}

    with_cases = tables(path)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    del content["datasets"]["cases"]
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    without = tables(path)
    changed_tables = {name for name in without if len(without[name]) != len(with_cases[name])}
    assert changed_tables == {"dataset", "case_source"}
    assert set(with_cases) - set(without) == set(TABLES)
    counts = with_cases["case_count"]
    shown = counts[counts["status"] == "shown"]
    assert len(shown)
    assert (shown["persons"] >= 10).all()
    assert (shown["persons"] % 5 == 0).all()
    assert counts.loc[counts["status"] != "shown", ["persons", "low", "high"]].isna().all(axis=None)


def test_what_is_released_of_an_unchanged_file_is_taken_over(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(config: Path) -> dict[str, pd.DataFrame]:
        with open_atlas(config) as atlas:
            tables = {name: atlas.case_table(name, "cases") for name in TABLES}
            return {**tables, "sources": atlas.cases().drop(columns="release_key")}

    before = told(path)
    assert build(path).reused
    monkeypatch.setattr("gapatlas.build.cases.release_cases", None)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["title"] = "Another title"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    after = told(path)
    for name, table in before.items():
        pd.testing.assert_frame_equal(table, after[name])

    keys(disclosure={"threshold": 12})(path.parent)
    with pytest.raises(TypeError):
        build(path)


def test_a_build_prints_what_the_audit_found(path: Path) -> None:
    audit = build(path).audits["cases"]
    assert audit[-1] == "passed"
    assert "withheld counts that can be narrowed down: 0" in audit


def test_a_notice_of_a_case_file_is_kept_in_the_snapshot(path: Path) -> None:
    keys(dropped=["Name of defendant", "Wiretap", "Nickname"])(path.parent)
    (notice,) = build(path).notices
    assert (notice.where, notice.column) == ("cases.csv", "Nickname")
    assert json.loads(json.dumps(notice.as_dict()))["severity"] == "notice"
