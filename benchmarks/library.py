"""Without a browser: importing the library, building the data, asking for a measure."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import resources
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks.bench import Bench
from benchmarks.peers import Query, datasette
from benchmarks.report import Row, Sample
from gapatlas import open_atlas
from gapatlas.atlas import Atlas
from gapatlas.config import load_config
from gapatlas.config.vocabulary import LEVELS_OF_MAP
from gapatlas.measures import NO_LAG

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "config.yaml"
MEASURE, SOURCE, YEARS, WINDOW = "convicted_per_100_detected", "unodc_glotip", (2018, 2022), 5
SNAPSHOTS = "GAPATLAS_SNAPSHOTS"
IMPORTS, BUILDS, QUERIES = 10, 5, 50

TIMED_IMPORT = """\
import time
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""

# The same tables into one file, nothing checked, nothing added.
UNCHECKED_LOAD = """\
import duckdb, sys, time
start = time.perf_counter()
connection = duckdb.connect(sys.argv[1])
for number, path in enumerate(sys.argv[2:]):
    read = "read_parquet(?)" if path.endswith(".parquet") else "read_csv(?, sample_size = -1)"
    connection.execute(f"CREATE TABLE table_{number} AS SELECT * FROM {read}", [path])
connection.close()
print(time.perf_counter() - start)
"""

TIMED_BUILD = """\
import sys, time
start = time.perf_counter()
from gapatlas.build import build
snapshot = build(sys.argv[1])
seconds = time.perf_counter() - start
assert snapshot.reused == (sys.argv[2] == "reused"), "not the build that was to be measured"
print(seconds)
"""


class PeerDiffersError(Exception):
    """A peer computes other figures than we do: a comparison of their speed would say nothing."""


def import_rows(bench: Bench) -> list[Row]:
    """`import gapatlas`, and what the first use loads, in fresh processes."""
    modules = ("gapatlas", "gapatlas.atlas", "pandas")
    ours, first_use, pandas = alternating(
        [partial(_python, TIMED_IMPORT.format(module=module)) for module in modules],
        bench.samples(IMPORTS),
    )
    return [
        Row("import gapatlas, fresh process; peer: import pandas", "s", ours, pandas, 0.5),
        Row("… and gapatlas.open_atlas loaded; peer: import pandas", "s", first_use, pandas),
    ]


def build_rows(bench: Bench) -> list[Row]:
    """All shipped data, into an empty folder and again into the same folder."""
    tables = _table_files()
    cold, reused, loaded = [], [], []
    folder = bench.folder
    for number in range(bench.samples(BUILDS)):
        snapshots = {SNAPSHOTS: str(folder / f"build-{number}")}
        cold.append(_python(TIMED_BUILD, [str(CONFIG), "built"], snapshots))
        reused.append(_python(TIMED_BUILD, [str(CONFIG), "reused"], snapshots))
        unchecked = str(folder / f"unchecked-{number}.duckdb")
        loaded.append(_python(UNCHECKED_LOAD, [unchecked, *tables]))
    return [
        Row(
            "build of all shipped data, empty folder; peer: DuckDB loads the same files unchecked",
            "s",
            Sample.of(cold),
            Sample.of(loaded),
            5,
        ),
        Row("build again, nothing changed", "s", Sample.of(reused), None, 5),
    ]


def query_rows(bench: Bench) -> list[Row]:
    """One measure for all countries and one window, against the bare query and pandas."""
    with snapshots_in(bench.folder), open_atlas(CONFIG) as atlas:
        csv = ROOT / atlas.config.datasets[SOURCE].file
        in_memory = read_totals(csv)
        # DuckDB opens a file once per process and settings: the peer has a copy, and no limits.
        copy = shutil.copy(atlas.snapshot.path, bench.folder / "copy.duckdb")
        with duckdb.connect(str(copy), read_only=True) as connection:
            bare = _bare_query(connection, atlas)
            ours = _ours(atlas)
            check_same(ours(), with_pandas(in_memory))
            measured, raw, pandas, from_csv = alternating(
                [
                    timed(ours),
                    timed(bare),
                    timed(lambda: with_pandas(in_memory)),
                    timed(lambda: with_pandas(read_totals(csv)), every=10),
                ],
                bench.samples(QUERIES),
            )
    what = "one measure, one window, all countries, with intervals"
    return [
        Row(f"{what}; peer: its DuckDB query alone", "s", measured, raw),
        Row(f"{what}; peer: pandas, table in memory, no interval", "s", measured, pandas),
        Row(f"{what}; peer: pandas that reads the csv, no interval", "s", measured, from_csv),
    ]


def datasette_rows(bench: Bench) -> list[Row]:
    """The same filtered query asked of Datasette, which answers in JSON over HTTP."""
    with snapshots_in(bench.folder), open_atlas(CONFIG) as atlas:
        totals = read_totals(ROOT / atlas.config.datasets[SOURCE].file)
        ours = _ours(atlas)
        with datasette(bench.folder, totals) as url:
            query = Query(url, YEARS)
            check_same(ours(), query())
            measured, peer = alternating([timed(ours), timed(query)], bench.samples(QUERIES))
    what = "one measure, one window, all countries, with intervals"
    return [Row(f"{what}; peer: Datasette, JSON over HTTP, no interval", "s", measured, peer)]


def alternating(takes: Sequence[Callable[[], float | None]], count: int) -> list[Sample]:
    """Take `count` samples of each, in turns, after one turn that is thrown away."""
    values: list[list[float]] = [[] for _ in takes]
    for take in takes:
        take()
    for _ in range(count):
        for taken, take in zip(values, takes, strict=True):
            seconds = take()
            if seconds is not None:
                taken.append(seconds)
    return [Sample.of(taken) for taken in values]


def timed(work: Callable[[], object], every: int = 1) -> Callable[[], float | None]:
    """The seconds that a call takes; with `every`, only each so many turns (None between)."""
    turns = 0

    def take() -> float | None:
        nonlocal turns
        turns += 1
        if turns % every:
            return None
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return take


def read_totals(csv: Path) -> pd.DataFrame:
    """Rows of the published totals, as a notebook would read them."""
    counts = pd.read_csv(csv, low_memory=False)
    return counts[
        (counts["dimension"] == "total")
        & (counts["category"] == "total")
        & (counts["sex"] == "total")
        & (counts["age"] == "total")
        & counts["status"].isin(["exact", "censored"])
    ]


def with_pandas(totals: pd.DataFrame) -> pd.DataFrame:
    """Bounds of the pooled counts of the benchmark's measure and window, place by place."""
    keys = ["jurisdiction_id", "year"]
    chosen = totals[totals["year"].between(*YEARS)]
    above = chosen[(chosen["stage"] == "convicted") & (chosen["unit"] == "persons")]
    below = chosen[(chosen["stage"] == "detected") & (chosen["unit"] == "victims")]
    columns = [*keys, "count_low", "count_high"]
    both = above[columns].merge(below[columns], on=keys, suffixes=("_above", "_below"))
    sums = both.groupby("jurisdiction_id", as_index=False).sum()
    return sums.assign(value=100 * sums["count_high_above"] / sums["count_high_below"])


def check_same(ours: pd.DataFrame, peer: pd.DataFrame) -> None:
    """Raise PeerDiffersError unless both have the same places with the same pooled counts."""
    columns = {
        "numerator_low": "count_low_above",
        "numerator_high": "count_high_above",
        "denominator_low": "count_low_below",
        "denominator_high": "count_high_below",
    }
    reported = ours[ours["numerator_low"].notna()].sort_values("jurisdiction_id")
    peer = peer.sort_values("jurisdiction_id")
    if list(reported["jurisdiction_id"]) != list(peer["jurisdiction_id"]):
        raise PeerDiffersError("The peer reports other places.")
    for our_column, peer_column in columns.items():
        if not np.array_equal(reported[our_column].astype(float), peer[peer_column].astype(float)):
            raise PeerDiffersError(f"The peer has other figures in {our_column}.")


def _ours(atlas: Atlas) -> Callable[[], pd.DataFrame]:
    return lambda: atlas.measure(MEASURE, years=YEARS, window=WINDOW, source=SOURCE).data


def _bare_query(connection: duckdb.DuckDBPyConnection, atlas: Atlas) -> Callable[[], pd.DataFrame]:
    sql = resources.files("gapatlas.sql").joinpath("pooled_ratio.sql").read_text(encoding="utf-8")
    measure = atlas.config.measures[MEASURE]
    below = measure.denominator
    assert not isinstance(below, str)
    parameters = {
        "numerator_stage": measure.numerator.stage,
        "numerator_unit": measure.numerator.unit,
        "denominator_stage": below.stage,
        "denominator_unit": below.unit,
        "lag_weights": list(NO_LAG),
        "source_id": SOURCE,
        "levels": list(LEVELS_OF_MAP[measure.level]),
        "jurisdictions": None,
        "year_from": YEARS[0],
        "year_to": YEARS[1],
        "window": WINDOW,
    }
    return lambda: connection.execute(sql, parameters).df()


def _table_files() -> list[str]:
    config = load_config(CONFIG).config
    named = [table.file for table in (*config.places, *config.datasets.values())]
    return [str(ROOT / name) for name in dict.fromkeys(named)]


def copy_of_config(folder: Path, change: Callable[[str], str] = str) -> Path:
    """The shipped config with its data and shapes in a folder of its own.

    Args:
        folder: is made.
        change: what becomes of the text of the config.
    """
    for name in ("data", "static/shapes"):
        shutil.copytree(ROOT / name, folder / name)
    copy = folder / CONFIG.name
    copy.write_text(change(CONFIG.read_text(encoding="utf-8")), encoding="utf-8")
    return copy


@contextlib.contextmanager
def snapshots_in(folder: Path) -> Iterator[None]:
    """Build into a folder while the block runs."""
    before = os.environ.get(SNAPSHOTS)
    os.environ[SNAPSHOTS] = str(folder)
    try:
        yield
    finally:
        os.environ.pop(SNAPSHOTS)
        if before is not None:
            os.environ[SNAPSHOTS] = before


def _python(
    code: str, arguments: Sequence[str] = (), environment: dict[str, str] | None = None
) -> float:
    """Run code in a fresh process and return the seconds that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)
