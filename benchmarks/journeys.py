"""What readers do on every page, and the script time of each interaction on its server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from benchmarks.bench import Bench
from benchmarks.browsing import DASHBOARD, Run, Server, serve
from benchmarks.readers import Answer, Reader, Value
from benchmarks.report import Row, Sample

ONE_CHART, ANY_PAGE = 0.015, 0.040
MAP_STEP_BYTES: Final = 10_000
SETTLES_WITHIN: Final = 10.0
AGAIN: Final = ""
"""Key of a step that runs the page as it is: for pages on which nothing is there to be chosen."""
Step = tuple[str, Value]


@dataclass(frozen=True)
class Journey:
    """One way to use a page.

    Attributes:
        what: in words.
        page: its name in the address; empty for the front page.
        query: the rest of the address, decoded.
        before: done once, and not measured.
        steps: key of a widget and its next value, each measured.
        target: seconds of script that a step may take.
        wire_target: bytes that a step may send, as they travel; None where there is no target.
    """

    what: str
    page: str
    query: dict[str, object]
    steps: tuple[Step, ...]
    before: tuple[Step, ...] = ()
    target: float = ANY_PAGE
    wire_target: float | None = None

    def reader(self, url: str) -> Reader:
        """A reader at the start of this journey."""
        return Reader(url, self.page, urlencode(self.query))


def of_each(key: str, values: Iterable[Value]) -> tuple[Step, ...]:
    """A step for each value of one widget."""
    return tuple((key, value) for value in values)


def open_and_close(key: str, times: int) -> tuple[Step, ...]:
    """An expander opened and closed in turn."""
    return of_each(key, [number % 2 == 0 for number in range(times)])


WORLD: Final[dict[str, object]] = {
    "measure": "convicted_per_100_detected",
    "source": "unodc_glotip",
    "year": 2022,
    "window": 5,
    "place": "ROU",
    "show": "rate",
}
GAP: Final = {**WORLD, "show": "ratio", "benchmark": "median", "peers": "region"}
STATES: Final[dict[str, object]] = {
    "measure": "offences_per_100k",
    "source": "fbi_ht",
    "year": 2023,
    "window": 1,
    "place": "US-TX",
    "show": "rate",
}
RATES: Final[dict[str, object]] = {
    "measure": "convicted_per_prosecuted",
    "source": "unodc_glotip",
    "year": 2022,
    "window": 5,
    "place": "ROU",
    "peers": "region",
}
SCENARIO: Final = (
    "Plan*ROU:25000-25000-25000-25000~NLD:50000-0-50000-0~PHL:0-50000-0-50000*10*5*0*1*central**"
)
PLACES: Final = ("Romania", "Netherlands", "Philippines", "Albania", "Brazil", "Canada", "Kenya")
YEARS: Final = tuple(range(2021, 2011, -1))
DATASETS: Final = ("unodc_glotip", "fbi_ht", "bjs", "hti", "three_p", "us_grants")
BELIEF: Final = "invest_value_effect_legal_support_convicted"

MAP_OF_RATES: Final = Journey(
    "enforcement gaps, map of a rate, a year",
    "enforcement_gaps",
    WORLD,
    of_each("year", YEARS),
    target=ONE_CHART,
    wire_target=MAP_STEP_BYTES,
)
JOURNEYS: Final = (
    Journey(
        "overview, its table opened or closed",
        "",
        {},
        open_and_close("below_table", 10),
        target=ONE_CHART,
    ),
    MAP_OF_RATES,
    Journey(
        "enforcement gaps, map of gaps, a year", "enforcement_gaps", GAP, of_each("year", YEARS)
    ),
    Journey(
        "enforcement gaps, a benchmark",
        "enforcement_gaps",
        GAP,
        of_each(
            "benchmark",
            ("Best quarter of its peers", "Its own best five earlier years", "Middle of its peers"),
        ),
    ),
    Journey(
        "place profile, a place",
        "place_profile",
        {"place": "CHL"},
        of_each("profile_place", PLACES),
    ),
    Journey(
        "place profile, a year",
        "place_profile",
        {"place": "ROU", "source": "unodc_glotip", "year": 2022, "window": 5},
        of_each("profile_year", YEARS[:6]),
    ),
    Journey("conviction rates, a year", "conviction_rates", RATES, of_each("rate_year", YEARS)),
    Journey(
        "conviction rates, a place", "conviction_rates", RATES, of_each("rate_place", PLACES[1:])
    ),
    Journey(
        "cross-border, the least number shown",
        "cross_border",
        {},
        of_each("flow_at_least", ("25", "50", "10", "100")),
    ),
    Journey("cross-border, a place", "cross_border", {}, of_each("flow_place", PLACES)),
    Journey(
        "evidence, a view",
        "evidence_and_defence",
        {"dataset": "synthetic_cases", "view": "networks"},
        of_each(
            "evidence_view",
            ("Outcomes", "Evidence", "Defence", "Testimony", "Over time", "Networks"),
        ),
    ),
    Journey(
        "training, a belief moved, three countries",
        "training_investment",
        {"scenario": SCENARIO},
        of_each(BELIEF, (1.06, 1.07, 1.08, 1.09, 1.1, 1.11, 1.12, 1.13)),
        before=(("invest_beliefs_open", True),),
    ),
    Journey(
        "data and methods, a dataset opened",
        "data_and_methods",
        {},
        tuple((f"dataset_{id_}", is_open) for id_ in DATASETS for is_open in (True, False)),
    ),
    Journey("your data, run again as it is", "your_data", {}, ((AGAIN, True),) * 8),
)


@dataclass(frozen=True)
class Taken:
    """A step that was taken: the runs that it caused on the server, and what its reader saw."""

    runs: tuple[Run, ...]
    answer: Answer

    @property
    def script(self) -> float:
        return sum(run.script for run in self.runs)

    @property
    def busy(self) -> float:
        return sum(run.busy for run in self.runs)


async def take(reader: Reader, step: Step) -> Answer:
    """Take one step."""
    key, value = step
    return await (reader.choose(key, value) if key else reader.run_again())


def script_rows(bench: Bench) -> Iterator[Row]:
    """Each page: steps that nobody has asked for yet, then the same steps by a second reader."""
    with serve(DASHBOARD, bench.folder) as server:
        for journey in JOURNEYS:
            yield from _rows_of(journey, *(_walk(journey, server) for _ in range(2)))


def _rows_of(journey: Journey, first: list[Taken], again: list[Taken]) -> Iterator[Row]:
    what, target = journey.what, journey.target
    yield Row(f"{what}, asked for first: script", "s", Sample.of(step.script for step in first))
    yield Row(f"{what}, again: script", "s", Sample.of(step.script for step in again), None, target)
    yield Row(f"{what}, again: processor", "s", Sample.of(step.busy for step in again))
    yield Row(f"{what}: sent", "B", Sample.of(step.answer.received for step in first))
    wire = Sample.of(step.answer.wire for step in first)
    yield Row(f"{what}: on the wire", "B", wire, None, journey.wire_target)


def _walk(journey: Journey, server: Server) -> list[Taken]:
    return asyncio.run(walk(journey, server))


async def walk(journey: Journey, server: Server) -> list[Taken]:
    """Go on a journey, and note what each step causes."""
    taken = []
    async with journey.reader(server.app.url) as reader:
        await reader.open()
        for step in journey.before:
            await take(reader, step)
        for step in journey.steps:
            before = len(await _settled(server))
            answer = await take(reader, step)
            caused = (await _settled(server, more_than=before))[before:]
            taken.append(Taken(tuple(caused), answer))
    return taken


async def _settled(server: Server, more_than: int = -1) -> list[Run]:
    """All runs so far, once the server has noted the last: it does so after it has answered."""
    deadline = time.monotonic() + SETTLES_WITHIN
    runs = server.runs()
    while time.monotonic() < deadline:
        await asyncio.sleep(0.15)
        now = server.runs()
        if len(now) == len(runs) > more_than:
            return now
        runs = now
    return runs
