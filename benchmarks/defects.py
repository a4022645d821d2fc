"""`python -m benchmarks.defects`: what the heavy defects cost a whole `gapatlas check`.

Each defect lies in the config of a small world, and the command reads it as an analyst would start
it. Time and memory are those of the command with every process that it starts, added up and
sampled; memory that processes share is counted once for each. The first row is the same world
without a defect: most of each figure is the start of Python and its libraries.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from rich.console import Console
from rich.table import Table

from tests.support import observation, write_world

MOST_SECONDS: Final = 5.0
MOST_MB: Final = 300.0
SECONDS_BETWEEN_SAMPLES: Final = 0.02
MAP: Final = {
    "place": {"column": "place", "by": "id"},
    "year": {"column": "year"},
    "count": {"column": "count"},
    "stage": {"value": "convicted"},
    "unit": {"value": "persons"},
}
HEADER: Final = "place,year,count\n"
Spoil = Callable[[Path], object]


@dataclass(frozen=True)
class Cost:
    """What a command took, and the first line that it said."""

    seconds: float
    megabytes: float
    code: int
    said: str


def mapped(name: str, make: Spoil, **read: Any) -> Spoil:
    """A table of an office in the config of the folder."""

    def spoil(folder: Path) -> None:
        if not (folder / name).exists():
            make(folder / name)
        config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
        config["datasets"]["office"] |= {"file": name, "map": MAP, "read": read}
        if "url" in read:
            del config["datasets"]["office"]["file"]
        (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")

    return spoil


def in_our_columns(make: Spoil) -> Spoil:
    """A table in the layout of the project."""
    return lambda folder: make(folder / "office.csv")


def sparse(size: int) -> Spoil:
    """A file of nothing, which takes no room on the disk."""

    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(size)

    return make


def long_line(path: Path) -> None:
    """One line of 100 MB."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "AAA,2020,")
        for _ in range(100):
            file.write("7" * 1_000_000)


def wide(path: Path) -> None:
    """A header of a million columns."""
    path.write_text(",".join(f"c{at}" for at in range(1_000_000)) + "\n", encoding="utf-8")


def many_rows(path: Path) -> None:
    """Three million rows without a fault but that they repeat one place and year."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for _ in range(30):
            file.write("AAA,2020,7\n" * 100_000)


def many_faults(path: Path) -> None:
    """Twenty thousand rows of which no cell can be read."""
    rows = [f"Ort {at},{at}x,{at}y" for at in range(20_000)]
    path.write_text("\n".join([HEADER.strip(), *rows]) + "\n", encoding="utf-8")


def many_rows_in_parquet(path: Path) -> None:
    """Twenty million rows in less than 100 KB."""
    year = pa.array([2020] * 1_000_000, pa.int64())
    place = pa.array(["AAA"] * 1_000_000).dictionary_encode()
    table = pa.table({"place": place, "year": year, "count": year})
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _ in range(20):
            writer.write_table(table, row_group_size=1_000_000)


def cut_gzip(path: Path) -> None:
    """Packed rows whose end is missing."""
    path.write_bytes(gzip.compress(HEADER.encode() + b"AAA,2020,7\n" * 3_000_000)[:-5_000])


def gzip_bomb(path: Path) -> None:
    """A gigabyte of blanks in one megabyte."""
    with gzip.open(path, "wb") as file:
        file.write(HEADER.encode())
        for _ in range(1_000):
            file.write(b" " * 1_000_000)


def link_out(path: Path) -> None:
    """A link to a file outside the folder of the config."""
    outside = path.parents[1] / "outside.csv"
    outside.write_text(HEADER, encoding="utf-8")
    path.symlink_to(outside)


def large_config(folder: Path) -> None:
    """A config of 300 MB."""
    with (folder / "config.yaml").open("a", encoding="utf-8") as file:
        for _ in range(300):
            file.write("# " + "x" * 1_000_000 + "\n")


def anchors(folder: Path) -> None:
    """Ten levels of a list that holds nine of the one below it."""
    lines = ["a0: &a0 [x, x, x]"] + [
        f"a{at}: &a{at} [{', '.join(9 * [f'*a{at - 1}'])}]" for at in range(1, 11)
    ]
    with (folder / "config.yaml").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


DEFECTS: Final[dict[str, Spoil]] = {
    "no defect": lambda folder: None,
    "an internal address": mapped("", lambda _: None, url="http://169.254.169.254/x.csv"),
    "an internal address of a store": mapped("", lambda _: None, url="s3://169.254.169.254/x.csv"),
    "a pipe for a file, mapped": mapped("office.pipe", os.mkfifo, format="csv"),
    "a pipe for a file": lambda folder: (
        (folder / "office.csv").unlink(),
        os.mkfifo(folder / "office.csv"),
    ),
    "a file of 3 GB": in_our_columns(sparse(3_000_000_000)),
    "a file of 3 GB, mapped": mapped("a.csv", sparse(3_000_000_000)),
    "a descriptor of 3 GB": lambda folder: sparse(3_000_000_000)(folder / "office.yaml"),
    "places of 3 GB": lambda folder: sparse(3_000_000_000)(folder / "places.csv"),
    "a line of 100 MB": in_our_columns(long_line),
    "a line of 100 MB, mapped": mapped("a.csv", long_line),
    "a config of 300 MB": large_config,
    "a config of anchors": anchors,
    "a million columns": in_our_columns(wide),
    "a million columns, mapped": mapped("a.csv", wide),
    "parquet of 20 million rows": mapped("a.parquet", many_rows_in_parquet),
    "20,000 rows of faults": mapped("a.csv", many_faults),
    "truncated gzip": mapped("a.csv.gz", cut_gzip),
    "a gzip bomb": mapped("a.csv.gz", gzip_bomb),
    "a link out of the folder": mapped("a.csv", link_out),
    "three million rows (no defect)": mapped("a.csv", many_rows),
}


def cost_of(spoil: Spoil) -> Cost:
    """Check a world with a defect, in a process of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "world"
        write_world(folder, [observation("AAA", 2020, "convicted", "persons", 5)])
        spoil(folder)
        return _watched([sys.executable, "-m", "gapatlas", "check"], folder)


def _watched(command: list[str], folder: Path) -> Cost:
    root = str(Path(__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": root, "GAPATLAS_CONFIG": "", "COLUMNS": "400"}
    said = folder.parent / "said.txt"
    began, most = time.monotonic(), 0
    with said.open("w") as file:
        child = psutil.Popen(
            [*command, "--config", "config.yaml"],
            cwd=folder, env=environment, stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
        while child.poll() is None:
            most = max(most, _resident(child))
            time.sleep(SECONDS_BETWEEN_SAMPLES)
    text = said.read_text(encoding="utf-8", errors="replace")
    lines = [line for line in text.splitlines() if "roblem" not in line] or [""]
    return Cost(time.monotonic() - began, most / 1e6, child.returncode, lines[0])


def _resident(process: psutil.Process) -> int:
    """Bytes of a process and all that it started."""
    total = 0
    try:
        for each in (process, *process.children(recursive=True)):
            try:
                total += each.memory_info().rss
            except psutil.NoSuchProcess:
                continue
    except psutil.NoSuchProcess:
        return total
    return total


def main() -> int:
    """Measure each defect, or those that are named."""
    wanted = sys.argv[1:]
    table = Table("defect", "s", "MB", "exit", "met", "said")
    console = Console(width=shutil.get_terminal_size((200, 20)).columns)
    missed = 0
    for name, spoil in DEFECTS.items():
        if wanted and not any(word in name for word in wanted):
            continue
        cost = cost_of(spoil)
        met = cost.seconds <= MOST_SECONDS and cost.megabytes <= MOST_MB
        missed += not met
        row = (name, f"{cost.seconds:.1f}", f"{cost.megabytes:.0f}", str(cost.code))
        table.add_row(*row, "yes" if met else "NO", cost.said)
    console.print(table)
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
