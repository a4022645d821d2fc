"""How fast a case file of many defendants is counted and checked.

python -m benchmarks.case_scale                       10 million defendants, made for the occasion
python -m benchmarks.case_scale --millions 1 10 100   several sizes (100 million: 0.7 GB on disk)
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from gapatlas.casefile import CaseFile, find_case_problems, grouped_counts, mapped_covariates
from gapatlas.config import Dataset, load_config
from gapatlas.protection import Rules
from gapatlas.release import release_cases
from gapatlas.release.cube import make_cube
from gapatlas.release.releasing import LARGEST_SAMPLE
from gapatlas.synthetic_cases import LAST_YEAR, PLANTED, synthetic_cases
from tools.synthetic_cases import write_parquet

MILLION = 1_000_000
TARGET_SECONDS, TARGET_MB = 5.0, 2000
REPEATS = 3
CUBE: Final = "the published cube: counted, protected and attacked"


T = TypeVar("T")


@dataclass(frozen=True)
class Timed:
    """One question put to one file: seconds of each repeat, and how large the answer is."""

    what: str
    seconds: tuple[float, ...]
    size: str


def shipped_dataset() -> Dataset:
    """The config of the synthetic cases."""
    return load_config("config.yaml").config.datasets["synthetic_cases"]


def measure(path: Path, dataset: Dataset) -> list[Timed]:
    """The cube that a build publishes, what it estimates beside it, and the check of the file."""
    file = CaseFile(path, dataset, path.name)
    rows, counting = _timed(lambda: _all_persons(file), 1)
    covariates = mapped_covariates(dataset)
    cube, making = _timed(lambda: make_cube(file, covariates, Rules()), REPEATS)
    _, releasing = _timed(lambda: release_cases(file, rows), 1)
    found, checking = _timed(lambda: find_case_problems(file, set(PLANTED.place), LAST_YEAR), 1)
    if found.problems or not cube.report.passed:
        raise SystemExit("\n".join(map(str, [*found.problems[:5], *cube.report.lines()])))
    withheld = f"{cube.report.cells:,} figures, {cube.report.withheld:,} withheld"
    sample = f"estimates from at most {LARGEST_SAMPLE:,} persons"
    return [
        Timed(CUBE, making, withheld),
        Timed("all that a build makes of the file", releasing, sample),
        Timed("one count of all outcomes", counting, f"{rows:,} persons"),
        Timed("check of every row", checking, f"{found.rows:,} rows, no problems"),
    ]


def _all_persons(file: CaseFile) -> int:
    return int(grouped_counts(file, ["outcome"], among="charged")["persons"].sum())


def _timed(work: Callable[[], T], repeats: int) -> tuple[T, tuple[float, ...]]:
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - started)
    return answer, tuple(seconds)


def peak_mb() -> float:
    """The most memory that this process has had, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if platform.system() == "Darwin" else 1e3)


def _show(millions: float, path: Path, timed: list[Timed], console: Console) -> None:
    size = path.stat().st_size / 1e6
    table = Table("counted", "median s", "slowest s", "answer", title=None)
    for row in timed:
        median = f"{np.median(row.seconds):.2f}"
        table.add_row(row.what, median, f"{max(row.seconds):.2f}", row.size)
    console.print(f"{millions:g} million defendants, a parquet file of {size:,.0f} MB")
    console.print(table)
    console.print(f"Most memory of the process: {peak_mb():,.0f} MB.")


def _child(path: Path, millions: float) -> int:
    """Measure in a process of its own: its memory is that of counting alone."""
    timed = measure(path, shipped_dataset())
    _show(millions, path, timed, Console(width=110))
    slowest = max(timed[0].seconds)
    met = slowest <= TARGET_SECONDS and peak_mb() <= TARGET_MB
    if millions == 10:
        print(
            f"Target at 10 million: the cube in {TARGET_SECONDS:g} s within {TARGET_MB} MB: "
            f"{'met' if met else 'NOT met'}."
        )
    return 0 if met or millions != 10 else 1


def main(argv: Sequence[str] | None = None) -> int:
    """Make a file of each size, and measure it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.case_scale", description=__doc__)
    parser.add_argument("--millions", type=float, nargs="+", default=[10.0], metavar="N")
    parser.add_argument("--measure", type=Path, metavar="FILE", help="measure a file that is there")
    arguments: Any = parser.parse_args(argv)
    if arguments.measure:
        return _child(arguments.measure, arguments.millions[0])
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start, Python "
        f"{platform.python_version()}, DuckDB {version('duckdb')}"
    )
    failed = 0
    for millions in arguments.millions:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cases.parquet"
            started = time.perf_counter()
            write_parquet(synthetic_cases(int(millions * MILLION)), path)
            print(f"Made in {time.perf_counter() - started:.0f} s.", flush=True)
            command = [sys.executable, "-m", "benchmarks.case_scale", "--measure", str(path)]
            done = subprocess.run([*command, "--millions", str(millions)], check=False)
            failed |= done.returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
