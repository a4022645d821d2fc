"""Many readers at once, each with a websocket of its own: how long they wait, and what breaks."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from websockets.exceptions import WebSocketException

from benchmarks.bench import Bench
from benchmarks.browsing import DASHBOARD, EMPTY, FLOOR, NAIVE, Server, build_into, serve
from benchmarks.journeys import MAP_OF_RATES, YEARS, Journey, of_each
from benchmarks.readers import Reader, ReaderError
from benchmarks.report import Row, Sample
from benchmarks.usage import memory_of

THINK: Final = 1.0
SESSIONS: Final = (1, 10, 50, 100, 200)
QUICK_SESSIONS: Final = (1, 10, 50)
SECONDS, QUICK_SECONDS = 15.0, 6.0
OPEN_AT_ONCE: Final = 8
TARGET, TARGET_SESSIONS = 0.1, 50
HELD_BY: Final = (1, 2, 4)
LADDER: Final = (5, 10, 20, 30, 40, 50, 75, 100, 150, 200)
RUNGS_ABOVE: Final = 2
"""So many rungs may fail before the ladder ends: one can fail by another process's doing."""
FAULTS: Final = (ReaderError, TimeoutError, OSError, WebSocketException)
SLIDER: Final = Journey("a peer's only slider", "", {}, of_each("year", YEARS))


@dataclass(frozen=True)
class Load:
    """What a crowd of readers saw.

    Attributes:
        seconds: of each interaction that was answered.
        errors: sessions and interactions that were not.
        lasted: seconds that the crowd was measured.
        memory: bytes of the server's processes at its end.
    """

    seconds: tuple[float, ...]
    errors: int
    lasted: float
    memory: int

    @property
    def times(self) -> Sample:
        return Sample.of(self.seconds or [float("inf")])

    @property
    def rate(self) -> float:
        """Interactions answered in a second."""
        return len(self.seconds) / self.lasted

    @property
    def holds(self) -> bool:
        """Whether nothing broke and 95% of the readers waited no longer than the target."""
        return self.errors == 0 and self.times.p95 <= TARGET


def load_rows(bench: Bench) -> Iterator[Row]:
    """The same slider, moved by more and more readers, of our map and of both peers."""
    seconds = QUICK_SECONDS if bench.quick else SECONDS
    with ExitStack() as stack:
        served = [(DASHBOARD, {}), (NAIVE, {}), (EMPTY, FLOOR)]
        servers = [
            stack.enter_context(serve(script, bench.folder, environment=more))
            for script, more in served
        ]
        for server, journey in zip(servers, (MAP_OF_RATES, SLIDER, SLIDER), strict=True):
            crowd(server, journey, 1, QUICK_SECONDS)  # every year has been asked for once
        for sessions in QUICK_SESSIONS if bench.quick else SESSIONS:
            ours, naive, empty = (
                crowd(server, journey, sessions, seconds)
                for server, journey in zip(servers, (MAP_OF_RATES, SLIDER, SLIDER), strict=True)
            )
            yield from _rows_of(sessions, ours, naive, empty)


def _rows_of(sessions: int, ours: Load, naive: Load, empty: Load) -> list[Row]:
    what = f"load, {sessions} session{'s' if sessions > 1 else ''}"
    target = TARGET if sessions == TARGET_SESSIONS else None
    kinds: list[tuple[str, str, Callable[[Load], Sample]]] = [
        ("answered", "/s", lambda load: Sample.of([load.rate])),
        ("errors", "n", lambda load: Sample.of([load.errors])),
        ("memory of the server", "B", lambda load: Sample.of([load.memory])),
    ]
    return [
        Row(f"{what}: wait; peer: naive page", "s", ours.times, naive.times, target, "p95"),
        Row(f"{what}: wait; peer: empty page", "s", ours.times, empty.times),
        *(
            Row(f"{what}: {kind}; peer: naive page", unit, value(ours), value(naive))  # type: ignore[arg-type]
            for kind, unit, value in kinds
        ),
    ]


def worker_rows(bench: Bench) -> Iterator[Row]:
    """How many readers 1, 2 and 4 processes hold, and how many interactions they answer."""
    for workers in HELD_BY:
        with serve(DASHBOARD, bench.folder, workers=workers) as server:
            crowd(server, MAP_OF_RATES, 4 * workers, QUICK_SECONDS)
            held = _largest_held(server, QUICK_SECONDS if bench.quick else 10.0)
            most = crowd(server, MAP_OF_RATES, LADDER[-1], QUICK_SECONDS)
        by = f"{workers} worker{'s' if workers > 1 else ''}"
        yield Row(f"sessions held at p95 ≤ 100 ms by {by}", "n", Sample.of([held]))
        yield Row(f"answered with {LADDER[-1]} sessions by {by}", "/s", Sample.of([most.rate]))
        yield Row(f"memory of {by}, proxy included", "B", Sample.of([most.memory]))


def _largest_held(server: Server, seconds: float) -> int:
    """The largest rung of the ladder that holds."""
    held, failed = 0, 0
    for sessions in LADDER:
        if crowd(server, MAP_OF_RATES, sessions, seconds).holds:
            held, failed = sessions, 0
        else:
            failed += 1
        if failed == RUNGS_ABOVE:
            break
    return held


def floor_rows(bench: Bench) -> list[Row]:
    """What no page can be below: the round trip of the websocket, and that of an empty page."""
    echoes, empty = asyncio.run(_floor(bench))
    return [
        Row("limit: empty websocket round trip", "s", echoes),
        Row("limit: step of an empty page, from send to finished", "s", empty),
    ]


async def _floor(bench: Bench) -> tuple[Sample, Sample]:
    with serve(EMPTY, bench.folder, environment=FLOOR) as server:
        async with SLIDER.reader(server.app.url) as reader:
            await reader.open()
            steps = islice(cycle(SLIDER.steps), bench.samples(40))
            empty = [(await reader.choose(key, value)).seconds for key, value in steps]
            echoes = [await reader.echo() for _ in range(bench.samples(200))]
    return Sample.of(echoes), Sample.of(empty)


def crowd(server: Server, journey: Journey, sessions: int, seconds: float) -> Load:
    """Let so many readers go on a journey at once, for so long."""
    return asyncio.run(_crowd(server, journey, sessions, seconds))


async def _crowd(server: Server, journey: Journey, sessions: int, seconds: float) -> Load:
    times: list[float] = []
    async with AsyncExitStack() as stack:
        gate = asyncio.Semaphore(OPEN_AT_ONCE)
        arriving = [_arrive(journey, server, stack, gate) for _ in range(sessions)]
        arrived = [reader for reader in await asyncio.gather(*arriving) if reader is not None]
        end = time.perf_counter() + seconds
        staying = [
            _stay(reader, journey, number, end, times) for number, reader in enumerate(arrived)
        ]
        start = time.perf_counter()
        broken = sum(await asyncio.gather(*staying))
        lasted = time.perf_counter() - start
        memory = memory_of(server.app.process)
    return Load(tuple(times), broken + sessions - len(arrived), lasted, memory)


async def _arrive(
    journey: Journey, server: Server, stack: AsyncExitStack, gate: asyncio.Semaphore
) -> Reader | None:
    """A reader with the page open; None where it did not come."""
    async with gate:
        try:
            reader = await stack.enter_async_context(journey.reader(server.app.url))
            await reader.open()
            for key, value in journey.before:
                await reader.choose(key, value)
        except FAULTS:
            return None
    return reader


async def _stay(
    reader: Reader, journey: Journey, number: int, end: float, times: list[float]
) -> int:
    """Think, take a step, think, ... until the end; how many steps were not answered."""
    chance = random.Random(number)
    first = number % len(journey.steps)
    await asyncio.sleep(chance.uniform(0, THINK))
    for key, value in islice(cycle(journey.steps), first, None):
        if time.perf_counter() >= end:
            return 0
        try:
            times.append((await reader.choose(key, value)).seconds)
        except FAULTS:
            return 1
        await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK)
    return 0


def idle_memory(folder: Path, seconds: float) -> Sequence[int]:
    """Bytes of a server that has loaded and nobody has opened yet, and of one that one reader has
    left alone; its snapshot has been built before."""
    build_into(folder)
    with serve(DASHBOARD, folder) as server:
        time.sleep(seconds)
        untouched = memory_of(server.app.process)
        asyncio.run(_look_once(server))
        time.sleep(seconds)
        return untouched, memory_of(server.app.process)


async def _look_once(server: Server) -> None:
    async with MAP_OF_RATES.reader(server.app.url) as reader:
        await reader.open()


def memory_rows(bench: Bench) -> list[Row]:
    """Memory of a server at rest."""
    untouched, left = idle_memory(bench.folder, 5.0)
    return [
        Row("idle server, nobody has come yet", "B", Sample.of([untouched]), None, 350e6),
        Row("idle server, after one reader of a map", "B", Sample.of([left]), None, 350e6),
    ]
