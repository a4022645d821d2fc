"""A snapshot is opened read-only and hardened, stops long queries and serves many threads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import yaml

from gapatlas import database as database_module
from gapatlas.build import build
from gapatlas.config import Limits
from gapatlas.database import Database
from gapatlas.errors import QueryError
from tests.support import config_of, observation, write_world

PLACES = ("AAA", "BBB", "CCC", "DDD")
ENDLESS = "SELECT sum(sqrt(a.range * b.range)) FROM range(100000000) a, range(100000000) b"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        observation(place, year, "convicted", "persons", 1000 * number + year)
        for number, place in enumerate(PLACES)
        for year in (2020, 2021, 2022)
    ]
    return build(write_world(tmp_path_factory.mktemp("world"), rows)).path


@pytest.fixture(scope="module")
def database(snapshot: Path) -> Iterator[Database]:
    opened = Database(snapshot)
    yield opened
    opened.close()


def one(database: Database, sql: str, **parameters: object) -> object:
    return database.run("test", sql, parameters).iat[0, 0]


# ------------------------------------------------------------------ hardened

REFUSED = [
    "CREATE TABLE x (i INTEGER)",
    "CREATE VIEW x AS SELECT 1",
    "INSERT INTO place SELECT * FROM place",
    "UPDATE place SET name = 'x'",
    "DELETE FROM place",
    "DROP TABLE place",
    "ATTACH '{folder}/other.duckdb'",
    "ATTACH ':memory:' AS other",
    "COPY place TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "EXPORT DATABASE '{folder}/out'",
    "IMPORT DATABASE '{folder}'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{folder}/evil.duckdb_extension'",
    "SET threads = 1",
    "SET memory_limit = '100GB'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET lock_configuration",
    "PRAGMA threads = 64",
    "SELECT * FROM read_csv('{file}')",
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM read_json('{file}')",
    "SELECT * FROM read_parquet('{file}')",
    "SELECT * FROM sniff_csv('{file}')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM '{file}'",
    "SELECT getenv('PATH')",
    "CREATE SECRET s (TYPE s3)",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_whatever_writes_loads_or_looks_elsewhere_is_refused(
    database: Database, tmp_path: Path, statement: str
) -> None:
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    before = sorted(p.name for p in tmp_path.iterdir())
    sql = statement.format(folder=tmp_path, file=tmp_path / "secret.csv")
    with pytest.raises(QueryError):
        database.run("test", sql)
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_a_query_cannot_reach_the_variables_of_the_program(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "a_frame", pd.DataFrame({"a": [1]}), raising=False)
    with pytest.raises(QueryError, match="a_frame"):
        database.run("test", "SELECT * FROM a_frame")


def test_settings_are_locked_and_say_no(database: Database) -> None:
    for setting in (
        "enable_external_access",
        "autoload_known_extensions",
        "autoinstall_known_extensions",
        "python_enable_replacements",
    ):
        assert one(database, f"SELECT current_setting('{setting}')") == False, setting  # noqa: E712
    assert one(database, "SELECT current_setting('lock_configuration')") == True  # noqa: E712


def test_the_file_is_left_byte_for_byte_as_it_was(snapshot: Path) -> None:
    before = snapshot.read_bytes()
    opened = Database(snapshot)
    opened.query("places")
    with pytest.raises(QueryError):
        opened.run("test", "DELETE FROM place")
    opened.close()
    assert snapshot.read_bytes() == before
    assert not Path(f"{snapshot}.wal").exists()


def test_a_temporary_table_of_one_call_is_gone_in_the_next(database: Database) -> None:
    database.run("test", "CREATE TEMP TABLE own AS SELECT 1 AS a")
    with pytest.raises(QueryError, match="own"):
        database.run("test", "SELECT * FROM own")


# ------------------------------------------------------------------ parameters


@pytest.mark.parametrize(
    "text",
    [
        "AAA' OR '1'='1",
        "'; DROP TABLE place; --",
        "$jurisdictions",
        'AAA" --',
        "AAA\0",
        "AAA' UNION SELECT value FROM meta --",
        "%",
        "x" * 100_000,
    ],
)
def test_a_parameter_is_a_value_whatever_it_says(database: Database, text: str) -> None:
    parameters = {"jurisdictions": [text], "source_id": None}
    assert database.query("stage_series", parameters).empty
    assert one(database, "SELECT $text", text=text) == text
    assert one(database, "SELECT count(*) FROM place") == 5


def test_a_missing_or_unknown_parameter_is_an_error_that_names_the_query(
    database: Database,
) -> None:
    with pytest.raises(QueryError) as caught:
        database.query("stage_series", {})
    assert caught.value.problems[0].where == "stage_series.sql"
    with pytest.raises(QueryError):
        database.query("places", {"extra": 1})


def test_a_query_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(OSError, match="nothing"):
        database.query("nothing")


# ------------------------------------------------------------------ limits


def test_a_long_query_is_stopped_and_the_database_serves_on(snapshot: Path) -> None:
    limit = 0.3
    opened = Database(snapshot, Limits(query_seconds=limit))
    with pytest.raises(QueryError, match=r"longer than 0\.3 seconds"):
        opened.run("endless", ENDLESS)
    assert one(opened, "SELECT 41 + 1") == 42
    opened.close()


def test_one_long_query_holds_nobody_else_up(snapshot: Path) -> None:
    opened = Database(snapshot, Limits(query_seconds=0.5))
    with ThreadPoolExecutor(1) as pool:
        long = pool.submit(opened.run, "endless", ENDLESS)
        answers = [one(opened, "SELECT $x::INTEGER", x=x) for x in range(20)]
        assert not long.done()
        assert answers == list(range(20))
        with pytest.raises(QueryError):
            long.result()
    opened.close()


def test_memory_and_threads_are_limited(snapshot: Path, tmp_path: Path) -> None:
    own = shutil.copy(snapshot, tmp_path / "own.duckdb")
    opened = Database(own, Limits(memory_mb=64, threads=1, query_seconds=20))
    assert one(opened, "SELECT current_setting('threads')") == 1
    with pytest.raises(QueryError, match=r"[Mm]emory"):
        opened.run("large", "SELECT list(range) FROM range(50_000_000)")
    assert one(opened, "SELECT 1") == 1
    opened.close()


def test_whoever_opens_a_snapshot_next_has_the_limits_of_the_first(
    snapshot: Path, tmp_path: Path
) -> None:
    own = shutil.copy(snapshot, tmp_path / "own.duckdb")
    first = Database(own, Limits(threads=1))
    second = Database(own, Limits(threads=2, query_seconds=1))
    assert one(second, "SELECT current_setting('threads')") == 1
    assert second.limits.query_seconds == 1
    first.close()
    second.close()


def test_a_snapshot_brings_the_limits_of_its_config(tmp_path: Path) -> None:
    path = write_world(tmp_path / "world", [observation("AAA", 2020, "convicted", "persons", 5)])
    limits = {"query_seconds": 3.5, "memory_mb": 100, "threads": 1}
    path.write_text(yaml.safe_dump({**config_of(), "limits": limits}), encoding="utf-8")
    opened = [Database(build(path).path) for _ in range(2)]
    assert [database.limits for database in opened] == [Limits(**limits)] * 2
    assert one(opened[1], "SELECT current_setting('threads')") == 1
    for database in opened:
        database.close()


# ------------------------------------------------------------------ many readers


def test_sixteen_threads_each_get_their_own_rows(database: Database) -> None:
    def ask(number: int) -> bool:
        place = PLACES[number % 4]
        table = database.query("stage_series", {"jurisdictions": [place], "source_id": "office"})
        expected = [1000 * (number % 4) + year for year in (2020, 2021, 2022)]
        return table["count_low"].tolist() == expected and set(table["jurisdiction_id"]) == {place}

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(16 * 50)))


# ------------------------------------------------------------------ files that are none


@pytest.mark.parametrize("content", [None, b"", b"text", b"\0" * 20_000])
def test_what_is_no_snapshot_is_an_error_that_tells_no_path(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "x.duckdb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(QueryError) as caught:
        Database(path)
    assert "x.duckdb" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert path.exists() == (content is not None)


def test_a_database_of_something_else_is_no_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(QueryError):
        Database(path)


def test_a_closed_snapshot_says_so(snapshot: Path) -> None:
    opened = Database(snapshot)
    opened.close()
    with pytest.raises(QueryError, match="closed"):
        opened.query("places")
