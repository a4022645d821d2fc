"""How the cost of a protected cube grows with the cases: DuckDB here, Spark on a real cluster.

python -m benchmarks.spark_scale                        1 and 10 million defendants
python -m benchmarks.spark_scale --millions 1 10 100    100 million: 0.7 GB on disk
python -m benchmarks.spark_scale --folder DIR           keeps the made-up files there

Needs `make spark`. Each engine counts, protects and attacks the cube that a build publishes, in a
process of its own; the cubes are compared cell by cell. Then a worker is killed in the middle.
"""

from __future__ import annotations

import argparse
import os
import pickle
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pandas as pd
from rich.console import Console
from rich.table import Table

from benchmarks.case_scale import MILLION, shipped_dataset
from gapatlas.casefile import CaseFile, grouped_counts, mapped_covariates, spark_kept
from gapatlas.casefile.spark import OnSpark
from gapatlas.config import Spark
from gapatlas.protection import Rules
from gapatlas.release.cube import make_cube
from gapatlas.synthetic_cases import BLOCK, synthetic_cases
from tests.fixtures.spark_cluster import Cluster, settings, spark_cluster
from tools.synthetic_cases import write_parquet

ROWS_OF_A_PART: Final = 2_500_000
JAVA: Final = "-XX:+UseParallelGC"
EXECUTOR: Final = "1g"
WORKER: Final = "1408m"
KILLED_AT: Final = 9
"""The question of a cube that takes longest: persons by all kinds of evidence."""
ASKED: Final = "asked"


# ---------------------------------------------------------------- one engine, in its own process


def measure(path: Path, engine: str, master: str, answer: Path) -> None:
    """Make the cube of a file, and leave it with its seconds."""
    spark = Spark.model_validate({"master": master, "settings": settings(EXECUTOR, JAVA)})
    dataset = shipped_dataset().model_copy(
        update={"engine": engine, "spark": spark, "file": path.name}
    )
    file = CaseFile(path, dataset, path.name)
    _tell_of_questions()
    with spark_kept():
        began = time.perf_counter()
        grouped_counts(file, ["outcome"], among="charged")
        started = time.perf_counter()
        print(ASKED, 0, flush=True)
        cube = make_cube(file, mapped_covariates(dataset), Rules())
        done = time.perf_counter()
    if not cube.report.passed:
        raise SystemExit("\n".join(cube.report.lines()))
    with answer.open("wb") as opened:
        pickle.dump((cube.counts, started - began, done - started), opened)


def _tell_of_questions() -> None:
    asking, asked = OnSpark.ask, iter(range(1, 1000))

    def ask(spark: OnSpark, *words: Any) -> pd.DataFrame:
        number = next(asked)
        print(ASKED, number, flush=True)
        found = asking(spark, *words)
        print("answered", number, flush=True)
        return found

    OnSpark.ask = ask  # type: ignore[method-assign]


# ---------------------------------------------------------------- memory


@dataclass
class Peaks:
    """The most memory that processes and all that they have started held, in MB."""

    roots: dict[str, int]
    held: dict[tuple[str, int], int] = field(default_factory=dict)

    def of(self, name: str) -> float:
        return sum(kb for (root, _), kb in self.held.items() if root == name) / 1e3

    def look(self) -> None:
        parents = {int(p.name): _parent(p) for p in Path("/proc").iterdir() if p.name.isdigit()}
        for name, root in self.roots.items():
            for process in parents:
                if _is_below(process, root, parents):
                    most = max(self.held.get((name, process), 0), _peak_kb(process))
                    self.held[name, process] = most


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _is_below(process: int, root: int, parents: dict[int, int]) -> bool:
    while process not in (0, root):
        process = parents.get(process, 0)
    return process == root


def _peak_kb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


@contextmanager
def watching(peaks: Peaks) -> Iterator[None]:
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.5):
            peaks.look()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


# ---------------------------------------------------------------- both engines


@dataclass(frozen=True)
class Measured:
    """A cube, what it took, and whether a worker was killed while it was made."""

    counts: pd.DataFrame
    start: float
    seconds: float
    here_mb: float
    worker_mb: float
    killed: bool = False


def run(path: Path, engine: str, cluster: Cluster, *, kill: bool = False) -> Measured:
    """Have one engine make the cube in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "cube"
        words = ["--measure", str(path), "--engine", engine, "--master", cluster.master]
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.spark_scale", *words, "--answer", str(answer)],
            stdout=subprocess.PIPE,
            text=True,
        )
        workers = {f"worker{at}": w.process.pid for at, w in enumerate(cluster.workers)}
        peaks = Peaks({"here": process.pid, **(workers if engine == "spark" else {})})
        with watching(peaks):
            killed = _followed(process, cluster if kill else None)
        if process.returncode:
            raise SystemExit(process.returncode)
        with answer.open("rb") as opened:
            counts, start, seconds = pickle.load(opened)
    most = max(peaks.of(name) for name in workers) if workers else 0.0
    return Measured(counts, start, seconds, peaks.of("here"), most, killed)


def _followed(process: subprocess.Popen[str], cluster: Cluster | None) -> bool:
    """Wait for the process; kill a worker in the middle of a question, if a cluster is given."""
    killed, said = False, iter(process.stdout or ())
    for line in said:
        if cluster is not None and line.split() == [ASKED, str(KILLED_AT + 1)]:
            time.sleep(1.5)
            killed = True
            cluster.workers[0].kill()
            if not next(said).startswith("answered"):
                raise SystemExit("What Spark was asked is not answered.")
    process.wait()
    return killed


# ---------------------------------------------------------------- files and tables


def made(millions: float, folder: Path) -> Path:
    """A folder of parquet files with so many made-up defendants; one that is there is taken."""
    path = folder / f"cases_{millions:g}m.parquet"
    if path.exists():
        return path
    unfinished = folder / f"_{path.name}"
    unfinished.mkdir()
    rows = int(millions * MILLION)
    blocks = iter(synthetic_cases(rows))
    for number in range(-(-rows // ROWS_OF_A_PART)):
        part = islice(blocks, ROWS_OF_A_PART // BLOCK)
        write_parquet(part, unfinished / f"part-{number:05d}.parquet")
    return unfinished.rename(path)


def compare(sizes: Sequence[float], folder: Path, console: Console) -> bool:
    """Print the cost of each engine by size, and whether the cubes are the same."""
    table = Table("million cases", "engine", "start s", "cube s", "here MB", "a worker MB", "same")
    same = True
    for millions in sizes:
        path = made(millions, folder)
        with (
            tempfile.TemporaryDirectory() as logs,
            spark_cluster(Path(logs), memory=WORKER, java=JAVA) as cluster,
        ):
            by_duckdb = run(path, "duckdb", cluster)
            by_spark = run(path, "spark", cluster)
            found = {"duckdb": by_duckdb, "spark": by_spark}
            if millions == 10:
                found["spark, a worker killed"] = run(path, "spark", cluster, kill=True)
                assert found["spark, a worker killed"].killed
        for engine, one in found.items():
            equal = one.counts.equals(by_duckdb.counts)
            same &= equal
            worker = f"{one.worker_mb:,.0f}" if engine != "duckdb" else ""
            figures = (f"{one.start:.1f}", f"{one.seconds:.1f}", f"{one.here_mb:,.0f}", worker)
            cells = f"{one.counts.size:,} cells" if equal else "NO"
            table.add_row(f"{millions:g}", engine, *figures, cells)
            print(f"{millions:g} million, {engine}: {one.seconds:.1f} s, {cells}", flush=True)
    console.print(table)
    return same


def main(argv: Sequence[str] | None = None) -> int:
    """Measure each size; nothing is left behind but where --folder says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark_scale", description=__doc__)
    parser.add_argument("--millions", type=float, nargs="+", default=[1.0, 10.0], metavar="N")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="made-up files are kept here")
    for name in ("--measure", "--answer"):
        parser.add_argument(name, type=Path, help=argparse.SUPPRESS)
    for name in ("--engine", "--master"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    arguments: Any = parser.parse_args(argv)
    if arguments.measure:
        measure(arguments.measure, arguments.engine, arguments.master, arguments.answer)
        return 0
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start, DuckDB "
        f"{version('duckdb')}, Spark {version('pyspark')} (two workers of one core and {EXECUTOR} "
        f"each), Python {platform.python_version()}",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as left:
        folder = arguments.folder or Path(left)
        folder.mkdir(parents=True, exist_ok=True)
        return 0 if compare(arguments.millions, folder, Console(width=110)) else 1


if __name__ == "__main__":
    sys.exit(main())
