"""`python -m benchmarks`: measure, print one table, write it as markdown where --out says."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from benchmarks import library, pages, rate_statistics, training_model
from benchmarks.messages import message_table
from benchmarks.report import Row, markdown_table, rich_table

GROUPS: dict[str, Callable[[Path], list[Row]]] = {
    "import": library.import_rows,
    "build": library.build_rows,
    "query": library.query_rows,
    "statistics": rate_statistics.statistics_rows,
    "training": training_model.training_rows,
    "map_step": pages.map_step_rows,
    "gap_step": pages.gap_step_rows,
    "rate_step": pages.rate_step_rows,
    "invest_step": pages.invest_step_rows,
    "evidence_step": pages.evidence_step_rows,
    "first_map": pages.first_map_rows,
    "floor": pages.floor_rows,
}
TITLE = "Gap Atlas: medians, beside their peers in the same run"
HOW = """\
- ours, peer: medians; p95: the measured value that 95% do not exceed; n: samples. Peers alternate
  with ours. KB is 1,000 bytes.
- received: websocket payload and fetched files, from the press of a key on the slider until the
  page is still. No year is visited twice, so nothing comes from Streamlit's message cache.
- script: from the start of a run on the server until the browser is told that it is over, noted by
  a hook around Streamlit's script runner; runs that one step causes are added up.
- server busy after the script: Streamlit then collects garbage, and every session waits.
- send to paint: in the page, from the slider's websocket frame to the end of the first animation
  frame in which the map has the picture that stays: the pixels of its canvas or its SVG, whichever
  Streamlit draws with; on the empty page the text.
- first map: from the start of the server's process to that frame; the browser is running, its cache
  is empty.
- place by place: the same answers, checked before they are timed, from a loop that asks for one
  place at a time, with scipy's quantiles and ranks by counting.
- a slider moved: new beliefs, their draws, the simulation with the programme (that without it is
  known from before) and the cost of a conviction. The same answers, checked before they are timed,
  come from plain numpy and, where levels stay and courts have room, from the closed form. SimPy
  (benchmarks/simpy_model.py) is held against the model in tests/spec.
- naive page: benchmarks/naive_app.py, the same map with cached tables, inline GeoJSON and a chart
  built anew in each run. It shows less: no interval, no table, no series of a place.
"""


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=list(GROUPS), default=list(GROUPS), metavar="NAME",
        help=f"measure only these: {', '.join(GROUPS)}",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table as markdown")
    parser.add_argument(
        "--messages", action="store_true", help="also show what one step of the map slider sends"
    )
    return parser.parse_args(argv)


def circumstances() -> str:
    """When and on what it was measured, in one line."""
    load = os.getloadavg()[0]
    packages = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "duckdb", "pandas"))
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {load:.1f} at the "
        f"start, priority {os.nice(0)}, Python {platform.python_version()}, {packages}"
    )


def measure(names: Sequence[str], console: Console) -> list[Row]:
    """The rows of the named groups, each in a temporary folder of its own."""
    rows = []
    for name in names:
        console.print(f"Measuring {name} ...", style="dim")
        with tempfile.TemporaryDirectory() as folder:
            rows += GROUPS[name](Path(folder))
    return rows


def document(rows: Sequence[Row], measured: str) -> str:
    """The table as a page of markdown, with how each number was measured."""
    return f"# {TITLE}\n\n{measured}\n\n{markdown_table(rows)}\n{HOW}"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what was asked for."""
    arguments = parse(argv)
    console, progress = Console(), Console(stderr=True)
    measured = circumstances()
    rows = measure(arguments.only, progress)
    console.print(rich_table(rows, TITLE))
    console.print(measured, HOW, sep="\n", highlight=False)
    if arguments.messages:
        with tempfile.TemporaryDirectory() as folder:
            step = pages.one_step(Path(folder))
        console.print(message_table(step.frames, "What one step of the map slider sends"))
    if arguments.out:
        arguments.out.write_text(document(rows, measured), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
