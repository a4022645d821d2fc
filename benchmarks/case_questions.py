"""What the page Evidence and defence asks, of a snapshot made from ever more cases.

Every question goes to the published tables, whose size does not depend on how many cases there are.
The peer counts the same in the file itself: it is fast, and gives persons away.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd

from benchmarks.bench import Bench
from benchmarks.library import alternating, copy_of_config, snapshots_in, timed
from benchmarks.report import Row, Sample
from gapatlas import open_atlas
from gapatlas.atlas import Atlas
from gapatlas.build import build
from gapatlas.evidence import case_evidence
from gapatlas.synthetic_cases import synthetic_cases
from tools.synthetic_cases import write_parquet

MILLION: Final = 1_000_000
SIZES, LARGE_SIZES = (1, 10), (1, 10, 100)
DATASET, SPLIT = "synthetic_cases", "place"
TABLE: Final = "cases.parquet"
QUESTIONS, EVERY = 40, 10
COUNTED: Final = f"SELECT {SPLIT}, outcome, count(*) AS persons FROM read_parquet(?) GROUP BY ALL"


def case_rows(bench: Bench) -> list[Row]:
    """One question at each size, and the build that makes its tables."""
    if bench.quick:
        return _rows_at(SIZES[0], bench)
    sizes = LARGE_SIZES if bench.large else SIZES
    return [row for millions in sizes for row in _rows_at(millions, bench)]


def _rows_at(millions: int, bench: Bench) -> list[Row]:
    folder = bench.folder / f"cases-{millions}"
    config = config_with_cases(folder, millions * MILLION)
    with snapshots_in(folder / "snapshots"):
        start = time.perf_counter()
        build(config)
        built = time.perf_counter() - start
        with open_atlas(config) as atlas, duckdb.connect() as connection:
            file = str(folder / "data" / DATASET / TABLE)
            ours, raw = alternating(
                [
                    timed(partial(question, atlas)),
                    timed(lambda: connection.execute(COUNTED, [file]).df(), every=EVERY),
                ],
                QUESTIONS,
            )
    (folder / "data" / DATASET / TABLE).unlink()
    what = f"{millions} million cases"
    return [
        Row(
            f"{what}: outcomes by place; peer: DuckDB counts the file, unprotected", "s", ours, raw
        ),
        Row(f"{what}: build of all data with them", "s", Sample.of([built])),
    ]


def question(atlas: Atlas) -> pd.DataFrame:
    """Shares of outcomes by place, as the page shows them; nothing is kept from the last time."""
    return case_evidence(atlas, DATASET).shares(SPLIT)


def config_with_cases(folder: Path, defendants: int) -> Path:
    """The shipped config in a folder, with so many made-up cases in place of the shipped ones."""
    copy = copy_of_config(folder)
    write_parquet(synthetic_cases(defendants), folder / "data" / DATASET / TABLE)
    return copy
