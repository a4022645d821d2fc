"""`python -m benchmarks`: measure, print one table, write it as markdown where --out says."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from benchmarks import (
    case_questions,
    journeys,
    library,
    load,
    pages,
    profiling,
    rate_statistics,
    soak,
    training_model,
)
from benchmarks.bench import Bench
from benchmarks.messages import message_table
from benchmarks.peers import NoPeersError
from benchmarks.report import Row, markdown_table, rich_table

GROUPS: dict[str, Callable[[Bench], Iterable[Row]]] = {
    "import": library.import_rows,
    "build": library.build_rows,
    "query": library.query_rows,
    "datasette": library.datasette_rows,
    "statistics": rate_statistics.statistics_rows,
    "training": training_model.training_rows,
    "cases": case_questions.case_rows,
    "script": journeys.script_rows,
    "map_step": pages.map_step_rows,
    "fine_map": pages.fine_map_rows,
    "dash_step": pages.dash_step_rows,
    "gap_step": pages.gap_step_rows,
    "rate_step": pages.rate_step_rows,
    "invest_step": pages.invest_step_rows,
    "flow_step": pages.flow_step_rows,
    "evidence_step": pages.evidence_step_rows,
    "first_map": pages.first_map_rows,
    "memory": load.memory_rows,
    "load": load.load_rows,
    "workers": load.worker_rows,
    "empty_step": pages.empty_step_rows,
    "limits": load.floor_rows,
}
COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "soak": soak.main,
    "profile": profiling.main,
}
LEAST_WIDTH = 150
TITLE = "Gap Atlas: medians, beside their peers in the same run"
HOW = """\
- ours, peer: medians; p95: the measured value that 95% do not exceed; n: samples. Peers alternate
  with ours. KB is 1,000 bytes.
- received: websocket payload and fetched files, from the press of a key on the slider until the
  page is still. No year is visited twice, so nothing comes from Streamlit's message cache.
- script: from the start of a run on the server until the browser is told that it is over, noted by
  a hook around Streamlit's script runner; runs that one step causes are added up.
- server busy after the script: by itself Streamlit then collects garbage, and every session waits.
  Gap Atlas has that off (postScriptGC); the naive page has Streamlit's own setting.
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
- sent, on the wire: what the reader without a browser received, before and after its compression.
- script of every page: steps of one reader without a browser, then the same steps by a second.
  processor: seconds of those in which the script's thread had the processor; other processes on the
  machine add nothing to them.
- load: so many readers, each with a websocket of its own and 1 s (0.5 to 1.5) of thought between
  steps, all from one further process of the same machine. wait: from the send of a step until the
  server says that the page is complete; its target is for the p95. Every year has been asked for
  before. answered: interactions a second.
- sessions held: the largest number on a ladder with p95 at most 100 ms and no error.
- memory: resident, of the process and all that it started.
- Dash: benchmarks/dash_app.py, where the browser fetches the shapes once and a step sends figures.
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
    parser.add_argument("--quick", action="store_true", help="fewer samples and smaller loads")
    parser.add_argument(
        "--large", action="store_true", help="also cases by the hundred million (minutes, 10 GB)"
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


def measure(arguments: argparse.Namespace, console: Console) -> list[Row]:
    """The rows of the groups asked for; those that there are where Ctrl-C ends it early."""
    rows: list[Row] = []
    try:
        rows.extend(_measured(arguments, console))
    except KeyboardInterrupt:
        console.print("Ended early: the table holds what was measured.", style="red")
    return rows


def _measured(arguments: argparse.Namespace, console: Console) -> Iterator[Row]:
    """The rows of each group as they come, each group in a temporary folder of its own."""
    for name in arguments.only:
        console.print(f"Measuring {name} (load {os.getloadavg()[0]:.1f}) ...", style="dim")
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(Path(folder), quick=arguments.quick, large=arguments.large)
            try:
                yield from GROUPS[name](bench)
            except NoPeersError as error:
                console.print(f"{name} is left out. {error}", style="red")


def document(rows: Sequence[Row], measured: str) -> str:
    """The table as a page of markdown, with how each number was measured."""
    return f"# {TITLE}\n\n{measured}\n\n{markdown_table(rows)}\n{HOW}"


def wide_enough() -> int | None:
    """Columns of the table: those of the terminal, or enough where it goes to a file."""
    return None if sys.stdout.isatty() else LEAST_WIDTH


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what was asked for."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in COMMANDS:
        return COMMANDS[words[0]](words[1:])
    arguments = parse(words)
    console, progress = Console(width=wide_enough()), Console(stderr=True)
    measured = circumstances()
    rows = measure(arguments, progress)
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
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that servers end, too
    sys.exit(main())
