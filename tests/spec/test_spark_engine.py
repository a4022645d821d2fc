"""A real Spark, a master and two workers, counts case files as DuckDB does: to the last cell."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from gapatlas.build import build, last_good
from gapatlas.casefile import (
    CaseFile,
    find_case_problems,
    grouped_counts,
    linked_people,
    mapped_covariates,
    spark_kept,
)
from gapatlas.casefile.spark import OnSpark
from gapatlas.cases import find_networks
from gapatlas.config import Spark, load_config
from gapatlas.errors import BuildError
from gapatlas.live import LiveAtlas
from gapatlas.protection import Rules
from gapatlas.release import TABLES
from gapatlas.release.cube import Cube, make_cube
from gapatlas.synthetic_cases import synthetic_cases
from tests.case_files import (
    CODES,
    COLUMNS,
    HEADER,
    KEYS,
    LAST_YEAR,
    PLACES,
    a_case,
    add_cases,
    dataset,
)
from tests.fixtures.spark_cluster import Cluster, Worker, spark_cluster
from tests.support import observation, write_world
from tools.synthetic_cases import write_parquet

ROWS = 200_000
BLOCKS_OF_A_PART = 3
SAMPLE = 0.2
SECONDS_FROZEN = 1.5
EVERY_NUMBER = 600
LEFT_OUT = ("Border", "Victims")
"""Columns that are counted as others are: each costs questions."""

Happening = Callable[[Callable[[], pd.DataFrame]], pd.DataFrame]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with spark_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


# ------------------------------------------------------------------ what is counted


def office_parts(folder: Path, rows: list[list[str]], cuts: tuple[int, ...]) -> Path:
    """The rows of an office cut into files with odd names, beside what Spark itself leaves."""
    folder.mkdir()
    for name in ("_SUCCESS", "_half.parquet", ".part.crc"):
        (folder / name).write_text("no table")
    names = ("a b%20c.parquet", "dé#+[1].parquet", "inner/year=2020/e.parquet")
    for name, first, last in zip(names, (0, *cuts), (*cuts, len(rows)), strict=True):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = {
            head: pa.array([row[at] or None for row in rows[first:last]], type=pa.string())
            for at, head in enumerate(HEADER)
        }
        # As a statistics package writes a column of whole numbers with gaps.
        years = [float(row[4]) if row[4] else None for row in rows[first:last]]
        texts["Closed"] = pa.array(years, type=pa.float64())
        pq.write_table(pa.table(texts), path)
    return folder


def office_world(folder: Path, **keys: Any) -> Path:
    world = write_world(folder, [observation("AAA", 2020, "convicted", "persons", 5)])
    own = {**KEYS, "columns": {name: COLUMNS[name] for name in COLUMNS if name not in LEFT_OUT}}
    own["codes"] = {ours: codes for ours, codes in CODES.items() if ours != "cross_border"}
    own["dropped"] = [*KEYS["dropped"], *LEFT_OUT]
    config = add_cases(world, [], {"file": "cases.parquet", **own, **keys})
    office_parts(folder / "cases.parquet", [a_case(n) for n in range(EVERY_NUMBER)], (250, 251))
    return config


def case_tables(snapshot: Path) -> dict[str, pd.DataFrame]:
    with closing(duckdb.connect(str(snapshot), read_only=True)) as connection:
        return {name: connection.execute(f"FROM {name}").df() for name in (*TABLES, "case_source")}


def large_file(folder: Path, cluster: Cluster) -> tuple[CaseFile, CaseFile]:
    """The same made-up cases for DuckDB and for Spark."""
    path = folder / "large.parquet"
    path.mkdir()
    blocks = iter(synthetic_cases(ROWS))
    for number in range(4):
        write_parquet(islice(blocks, BLOCKS_OF_A_PART), path / f"part-{number}.parquet")
    block = load_config("config.yaml").config.datasets["synthetic_cases"]
    spark = Spark.model_validate(cluster.block())
    on_spark = block.model_copy(update={"engine": "spark", "spark": spark})
    return CaseFile(path, block, path.name), CaseFile(path, on_spark, path.name)


def cube_of(file: CaseFile) -> Cube:
    return make_cube(file, mapped_covariates(file.dataset), Rules())


CHECKED = ("defendant_key", "place", "year_charged", "year_ended", "outcome")
FAULTS = {
    (7, "Result"): "GO",
    (8, "Filed"): "2019\u00a0",
    (9, "Filed"): "2019",
    (255, "No"): "\u00a0N-003 ",
    (256, "No"): "N-253",
    (300, "Result"): "A/GP",
}
"""Record and column -> what stands there. Three of them are faults of years, two of keys."""


def faults_by_engine(path: Path, cluster: Cluster) -> dict[str, list[str]]:
    rows = [a_case(number) for number in range(EVERY_NUMBER)]
    for (number, column), text in FAULTS.items():
        rows[number][HEADER.index(column)] = text
    office_parts(path, rows, (250, 251))
    found = {}
    for engine in ("duckdb", "spark"):
        block = dataset(
            file=path.name,
            engine=engine,
            spark=cluster.block(),
            columns={own: ours for own, ours in COLUMNS.items() if ours in CHECKED},
            codes={ours: codes for ours, codes in CODES.items() if ours in CHECKED},
            dropped=[own for own in HEADER if COLUMNS.get(own) not in CHECKED],
        )
        problems = find_case_problems(CaseFile(path, block, path.name), PLACES, LAST_YEAR).problems
        found[engine] = [str(problem) for problem in problems]
    return found


def with_spark(config: Path, block: dict[str, Any]) -> Path:
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    content["datasets"]["cases"]["spark"] = block
    config.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return config


def texts_of_persons(cluster: Cluster) -> list[str]:
    """Files in which the cluster has left a key of a defendant, or a cell that was asked for."""
    left = [path for worker in cluster.workers for path in worker.folder.rglob("*")]
    assert any(path.name == "stderr" for path in left)
    return [
        path.name
        for path in left
        if path.is_file() and re.search(rb"N-\d{3}|G-\d{2}|A/GP", path.read_bytes())
    ]


class Questions:
    """Counts what Spark is asked, and lets something happen while it works at one question."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = 0
        self.until: int | None = None
        self.happens: Happening | None = None
        asking = OnSpark.ask
        monkeypatch.setattr(OnSpark, "ask", lambda spark, *words: self._ask(asking, spark, *words))

    def at(self, number: int, happens: Happening) -> None:
        """Let something happen at the so-manieth question from now."""
        self.until, self.happens = self.asked + number, happens

    def _ask(self, asking: Callable[..., pd.DataFrame], *words: Any) -> pd.DataFrame:
        self.asked += 1
        if self.happens is None or self.asked != self.until:
            return asking(*words)
        return self.happens(lambda: asking(*words))


class Killed:
    """A worker that freezes before a question is put, so that its tasks can't be done, and dies."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.was_under_way = False

    def __call__(self, ask: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        answered, killed = threading.Event(), threading.Event()

        def kill() -> None:
            self.was_under_way = not answered.wait(SECONDS_FROZEN)
            self.worker.kill()
            killed.set()

        self.worker.stop()
        threading.Thread(target=kill, daemon=True).start()
        try:
            return ask()
        finally:
            answered.set()
            killed.wait()


# ------------------------------------------------------------------ the same


def test_spark_gives_the_same_and_outlives_a_worker_and_its_end_changes_nothing(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = Questions(monkeypatch)
    here, there = large_file(tmp_path, cluster)
    with spark_kept():
        on_spark = office_world(tmp_path / "spark", engine="spark", spark=cluster.block())
        first, by_duckdb = build(on_spark), build(office_world(tmp_path / "duckdb"))
        assert questions.asked > 20
        assert first.id == by_duckdb.id
        told = case_tables(first.path)
        assert len(told["case_count"]) > 50
        for name, table in case_tables(by_duckdb.path).items():
            pd.testing.assert_frame_equal(told[name], table)

        found = faults_by_engine(tmp_path / "faulty.parquet", cluster)
        assert found["spark"] == found["duckdb"]
        assert len(found["spark"]) == len(FAULTS)

        drawn = [grouped_counts(file, ["place"], sample=SAMPLE) for file in (here, there)]
        pd.testing.assert_frame_equal(*drawn)
        networks = [find_networks(linked_people(file)) for file in (here, there)]
        pd.testing.assert_frame_equal(networks[0].by_size, networks[1].by_size)
        pd.testing.assert_frame_equal(networks[0].by_year, networks[1].by_year)

        killed = Killed(cluster.workers[0])
        questions.at(4, killed)
        cube = cube_of(there)
        assert killed.was_under_way
        pd.testing.assert_frame_equal(cube.counts, cube_of(here).counts)

        part = next((tmp_path / "spark" / "cases.parquet").rglob("e.parquet"))
        pq.write_table(pq.read_table(part).slice(1), part)
        questions.at(3, lambda ask: (part.unlink(), ask())[1])
        with pytest.raises(BuildError, match=r"failed on Spark\. Found: FAILED_READ_FILE"):
            build(on_spark)
        assert getattr(last_good(on_spark), "id", None) == first.id

        cluster.workers[1].kill()
        with pytest.raises(BuildError, match="No worker of Spark takes the job"):
            build(with_spark(on_spark, cluster.block(wait_seconds=1)))
    assert texts_of_persons(cluster) == []

    cluster.stop()
    served = LiveAtlas(on_spark).current()
    assert isinstance(served.error, BuildError)
    assert "Spark's master does not answer" in str(served.error)
    assert served.atlas is not None
    assert served.atlas.snapshot.id == first.id
