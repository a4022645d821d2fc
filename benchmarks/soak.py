"""Whether memory grows: hours of readers in a few minutes, on the server and in a browser.

    python -m benchmarks soak --minutes 15
    python -m benchmarks soak --minutes 5 --settings ours streamlit

50 readers go through every page without a pause for thought. Each leaves after its page and another
comes, as readers do: what a session leaves behind shows as well as what an interaction does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy import stats

from benchmarks.browsing import DASHBOARD, Server, Visit, serve
from benchmarks.journeys import JOURNEYS, WORLD, take, walk
from benchmarks.load import FAULTS
from benchmarks.pages import browser_of_this_machine, map_address
from benchmarks.report import amount
from benchmarks.usage import memory_of

SESSIONS: Final = 50
LOOK_EVERY: Final = 2.0
WARM_UP: Final = 1 / 3
LEVEL: Final = 0.02
"""Memory is level where its middle in the last third exceeds that in the second by no more."""
STEPS_IN_BROWSER: Final = 500
LOOK_AT_HEAP_EVERY: Final = 25
SETTINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "ours": {},
    "streamlit": {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"},
    "unfrozen": {"GAPATLAS_BENCHMARK_NO_FREEZE": "1"},
}
SETTING_WORDS: Final = {
    "ours": "as shipped: what is loaded is frozen, Python collects when garbage comes up",
    "streamlit": "a collection after each run, as Streamlit does by itself",
    "unfrozen": "as shipped, but nothing is frozen",
}


@dataclass
class Watch:
    """Amounts of memory as interactions went on.

    Attributes:
        done: interactions so far, at each look.
        held: bytes at each look.
        errors: interactions that were not answered.
    """

    done: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    errors: int = 0

    def look(self, done: int, held: int) -> None:
        """Note how much is held after so many interactions."""
        self.done.append(done)
        self.held.append(held)

    @property
    def growth(self) -> tuple[float, float, float]:
        """Bytes a thousand interactions after the warm-up (median slope of all pairs of looks),
        with its 95% interval."""
        done, held = self._after_warm_up()
        slope, _, low, high = stats.theilslopes(held, done / 1000)
        return float(slope), float(low), float(high)

    @property
    def rise(self) -> float:
        """By which share the middle of the last third lies above that of the second."""
        _, held = self._after_warm_up()
        second, last = np.array_split(held, 2)
        return float(np.median(last) / np.median(second) - 1)

    @property
    def is_level(self) -> bool:
        return self.rise <= LEVEL

    def _after_warm_up(self) -> tuple[np.ndarray, np.ndarray]:
        done, held = np.array(self.done, float), np.array(self.held, float)
        warm = done >= WARM_UP * done[-1]
        return done[warm], held[warm]


def soak(server: Server, sessions: int, seconds: float) -> Watch:
    """Let readers go through all pages for so long, and watch the memory of the server."""
    return asyncio.run(_soak(server, sessions, seconds))


async def _soak(server: Server, sessions: int, seconds: float) -> Watch:
    for journey in JOURNEYS:  # what the pages show is kept from here on
        await walk(journey, server)
    watch, done, numbers = Watch(), [0], count()
    end = time.perf_counter() + seconds
    crowd = [_one_after_another(server, numbers, end, done, watch) for _ in range(sessions)]
    await asyncio.gather(_look(server, end, done, watch), *crowd)
    return watch


async def _look(server: Server, end: float, done: list[int], watch: Watch) -> None:
    while time.perf_counter() < end:
        await asyncio.sleep(LOOK_EVERY)
        watch.look(done[0], memory_of(server.app.process))


async def _one_after_another(
    server: Server, numbers: count[int], end: float, done: list[int], watch: Watch
) -> None:
    """A reader goes through one page and leaves; the next comes."""
    while time.perf_counter() < end:
        journey = JOURNEYS[next(numbers) % len(JOURNEYS)]
        try:
            async with journey.reader(server.app.url) as reader:
                await reader.open()
                for step in (*journey.before, *journey.steps):
                    done[0] += 1
                    await take(reader, step)
        except FAULTS:
            watch.errors += 1


def soak_browser(server: Server, steps: int) -> Watch:
    """Move the slider of the map to and fro in one tab, and watch the heap of its page."""
    watch = Watch()
    with browser_of_this_machine() as browser:
        visit = Visit(browser, server, map_address(WORLD))
        for number in range(1, steps + 1):
            visit.swing()
            if number % LOOK_AT_HEAP_EVERY == 0:
                watch.look(number, visit.heap())
        visit.close()
    return watch


def _show(watch: Watch, what: str, console: Console) -> None:
    table = Table("interactions", "memory")
    for at in np.unique(np.linspace(0, len(watch.done) - 1, 10).astype(int)):
        table.add_row(f"{watch.done[at]:,}", amount(watch.held[at], "B"))
    slope, low, high = watch.growth
    console.print(what, table, sep="\n")
    console.print(
        f"Growth after the first third: {slope / 1e3:+,.1f} KB per 1,000 interactions "
        f"(95% interval {low / 1e3:+,.1f} to {high / 1e3:+,.1f} KB). The middle of the last third "
        f"lies {watch.rise:+.1%} beside that of the second: "
        f"{'level' if watch.is_level else 'NOT level'}. Errors: {watch.errors}.\n",
        highlight=False,
    )


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=15.0, metavar="N")
    parser.add_argument("--sessions", type=int, default=SESSIONS, metavar="N")
    parser.add_argument("--steps", type=int, default=STEPS_IN_BROWSER, metavar="N")
    parser.add_argument("--settings", nargs="+", choices=list(SETTINGS), default=list(SETTINGS))
    parser.add_argument("--only", choices=["server", "browser"], help="soak one of the two")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Soak the server in each setting, then a browser; 1 where memory as shipped is not level."""
    arguments, console = parse(argv), Console(width=100)
    console.print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    level = True
    if arguments.only != "browser":
        for name in arguments.settings:
            with (
                tempfile.TemporaryDirectory() as folder,
                serve(DASHBOARD, Path(folder), environment=SETTINGS[name]) as server,
            ):
                watch = soak(server, arguments.sessions, 60 * arguments.minutes)
            _show(watch, f"Server: {SETTING_WORDS[name]}", console)
            level &= watch.is_level or name != "ours"
    if arguments.only != "server":
        with tempfile.TemporaryDirectory() as folder, serve(DASHBOARD, Path(folder)) as server:
            watch = soak_browser(server, arguments.steps)
        _show(watch, "Browser: the heap of one tab, after a collection", console)
        level &= watch.is_level
    return 0 if level else 1
