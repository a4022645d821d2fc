"""In a browser: the step of a slider, the first map of a fresh server, the framework's floor."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from benchmarks.bench import Bench
from benchmarks.browsing import DASHBOARD, EMPTY, FLOOR, NAIVE, Step, Visit, build_into, serve
from benchmarks.journeys import GAP, MAP_STEP_BYTES, RATES, SCENARIO, STATES, WORLD
from benchmarks.library import copy_of_config
from benchmarks.peers import DashVisit, dash
from benchmarks.report import Row, Sample
from gapatlas.evidence import VIEWS
from gapatlas.state import BENCHMARKS
from tools.find_browser import launch_chromium

SHAPES, FINE_SHAPES = "static/shapes/world-110m.topojson", "static/shapes/world-50m.topojson"
WARM_UP_STEPS = 2
STEPS = 12
SHORT_STEPS = 8  # the FBI prints 11 years: two visits make 16 steps
RATE_STEPS = 10
CHART = "[data-testid=stMain] .stVegaLiteChart"
FIRST_MAPS = 5

PAINT_TARGET = 0.080
SCRIPT_TARGET = 0.040


def map_address(state: dict[str, object]) -> str:
    """Path and query of the map page in a state."""
    return f"/enforcement_gaps?{urlencode(state)}"


def map_step_rows(bench: Bench) -> list[Row]:
    """A step of the year slider: the world beside the naive page, the states, an open table."""
    with (
        browser_of_this_machine() as browser,
        serve(DASHBOARD, bench.folder) as ours,
        serve(NAIVE, bench.folder) as naive,
    ):
        world, peer = _alternating(
            [Visit(browser, ours, map_address(WORLD)), Visit(browser, naive)],
            bench.samples(STEPS),
        )
        states = [
            step
            for _ in range(2)
            for step in _steps(
                Visit(browser, ours, map_address(STATES)), bench.samples(SHORT_STEPS)
            )
        ]
        opened = Visit(browser, ours, map_address(WORLD))
        opened.open_table()
        with_table = _steps(opened, bench.samples(STEPS))
    return [
        *step_rows("map step, world", world, peer, "naive page"),
        *step_rows("map step, US states", states),
        *step_rows("map step, world, table open", with_table),
    ]


def fine_map_rows(bench: Bench) -> list[Row]:
    """A step of the year slider of the world at 1:50m, which the config names in a copy."""
    fine = {"GAPATLAS_CONFIG": str(fine_config(bench.folder))}
    shapes = {"GAPATLAS_BENCHMARK_SHAPES": FINE_SHAPES}
    with (
        browser_of_this_machine() as browser,
        serve(DASHBOARD, bench.folder, environment=fine) as ours,
        serve(NAIVE, bench.folder, environment=shapes) as naive,
    ):
        world, peer = _alternating(
            [Visit(browser, ours, map_address(WORLD)), Visit(browser, naive)],
            bench.samples(STEPS),
        )
    return step_rows("map step, world at 1:50m", world, peer, "naive page")


def fine_config(folder: Path) -> Path:
    """A copy of the shipped config that draws the world in finer shapes."""
    return copy_of_config(folder / "fine", lambda text: text.replace(SHAPES, FINE_SHAPES))


def dash_step_rows(bench: Bench) -> list[Row]:
    """A step of the year slider beside the same map in Dash."""
    with (
        browser_of_this_machine() as browser,
        serve(DASHBOARD, bench.folder) as ours,
        dash(bench.folder) as peer,
    ):
        visits = [Visit(browser, ours, map_address(WORLD)), DashVisit(browser, peer)]
        world, in_dash = _alternating(visits, bench.samples(STEPS))
    # What Dash runs on its server is not known.
    kinds = ("received", "send to paint")
    rows = step_rows("map step, world", world, in_dash, "Dash, figures alone, no interval")
    return [row for row in rows if row.what.endswith(kinds)]


def gap_step_rows(bench: Bench) -> list[Row]:
    """A step of the year slider of the map of gaps, then a change of the benchmark: what nobody
    has asked for yet, then the same asked for by a second reader."""
    with browser_of_this_machine() as browser, serve(DASHBOARD, bench.folder) as ours:
        new, known = (
            _steps(Visit(browser, ours, map_address(GAP)), bench.samples(STEPS)) for _ in range(2)
        )
        first, again = (
            _benchmark_changes(Visit(browser, ours, map_address(GAP))) for _ in range(2)
        )
    return [
        *step_rows("map of gaps, a year nobody asked for", new, targets=("received",)),
        *step_rows("map of gaps, the same year again", known),
        *step_rows("another benchmark, nobody asked for it", first, targets=()),
        *step_rows("another benchmark, again", again, targets=("script",)),
    ]


def _benchmark_changes(visit: Visit) -> list[Step]:
    """Each benchmark in turn; the first is shown already."""
    steps = [visit.choose_next("benchmark") for _ in range(len(BENCHMARKS) - 1)]
    visit.close()
    return steps


def rate_step_rows(bench: Bench) -> list[Row]:
    """A step of the year slider of the page Conviction rates: years that nobody has asked for
    yet, then the same years asked for by a second reader."""
    address = f"/conviction_rates?{urlencode(RATES)}"
    with browser_of_this_machine() as browser, serve(DASHBOARD, bench.folder) as ours:
        new, known = (
            _steps(Visit(browser, ours, address, picture=CHART), bench.samples(RATE_STEPS))
            for _ in range(2)
        )
    return [
        *step_rows("conviction rates, a year nobody asked for", new, targets=()),
        *step_rows("conviction rates, the same year again", known, targets=("script",)),
    ]


def invest_step_rows(bench: Bench) -> list[Row]:
    """A belief of the page Training investment moved by its slider, for three countries: a value
    that nobody has asked for yet."""
    slider = ".st-key-invest_value_effect_legal_support_convicted"
    address = f"/training_investment?{urlencode({'scenario': SCENARIO})}"
    with browser_of_this_machine() as browser, serve(DASHBOARD, bench.folder) as ours:
        visit = Visit(browser, ours, address, picture=CHART)
        visit.open_panel("invest_beliefs_open", slider)
        steps = [visit.step_back(slider) for _ in range(WARM_UP_STEPS + bench.samples(RATE_STEPS))]
        visit.close()
    what = "a belief moved, three countries, nobody asked for it"
    return step_rows(what, steps[WARM_UP_STEPS:], targets=("script",))


def flow_step_rows(bench: Bench) -> list[Row]:
    """The least number of people that the page Cross-border shows, chosen anew: what nobody has
    asked for yet, then the same asked for by a second reader."""
    with browser_of_this_machine() as browser, serve(DASHBOARD, bench.folder) as ours:
        new, known = (
            _each_threshold(Visit(browser, ours, "/cross_border", picture=CHART)) for _ in range(2)
        )
    return [
        *step_rows("cross-border map, nobody asked for it", new, targets=()),
        *step_rows("cross-border map, again", known, targets=("script",)),
    ]


def _each_threshold(visit: Visit) -> list[Step]:
    steps = [visit.press("flow_at_least", label) for label in ("25", "50", "10")]
    visit.close()
    return steps


def evidence_step_rows(bench: Bench) -> list[Row]:
    """Each view of the page Evidence and defence in turn: what nobody has asked for yet, then the
    same asked for by a second reader."""
    address = "/evidence_and_defence?dataset=synthetic_cases&view=networks"
    with browser_of_this_machine() as browser, serve(DASHBOARD, bench.folder) as ours:
        new, known = (_every_view(Visit(browser, ours, address, picture=CHART)) for _ in range(2))
    return [
        *step_rows("evidence, a view nobody asked for", new, targets=()),
        *step_rows("evidence, the same view again", known, targets=("script",)),
    ]


def _every_view(visit: Visit) -> list[Step]:
    steps = [visit.press("evidence_view", label) for label in VIEWS.values()]
    visit.close()
    return steps


def one_step(folder: Path) -> Step:
    """One step of the world map, after the warm-up, for a look at its messages."""
    with browser_of_this_machine() as browser, serve(DASHBOARD, folder) as ours:
        return _steps(Visit(browser, ours, map_address(WORLD)), 1)[0]


def first_map_rows(bench: Bench) -> list[Row]:
    """From the start of a server's process to the finished map, with an empty browser cache."""
    ours, naive, cold = [], [], []
    build_into(bench.folder)
    with browser_of_this_machine() as browser:
        for number in range(bench.samples(FIRST_MAPS)):
            ours.append(_first_map(browser, DASHBOARD, bench.folder, map_address(WORLD)))
            naive.append(_first_map(browser, NAIVE, bench.folder, "/"))
            empty = bench.folder / f"cold-{number}"
            empty.mkdir()
            cold.append(_first_map(browser, DASHBOARD, empty, map_address(WORLD)))
    peer = Sample.of(naive)
    return [
        Row("first map of a fresh server; peer: naive page", "s", Sample.of(ours), peer, 3),
        Row("… that builds its data first; peer: naive page", "s", Sample.of(cold), peer),
    ]


def empty_step_rows(bench: Bench) -> list[Row]:
    """A step of the slider of a page that holds nothing else: no page can be below it."""
    with (
        browser_of_this_machine() as browser,
        serve(EMPTY, bench.folder, environment=FLOOR) as server,
    ):
        steps = _steps(Visit(browser, server), bench.samples(STEPS))
    return step_rows("limit: step of an empty page", steps, targets=())


def step_rows(
    what: str,
    steps: Iterable[Step],
    peers: Iterable[Step] = (),
    peer_name: str = "",
    targets: Iterable[str] = ("received", "script", "send to paint"),
) -> list[Row]:
    """Bytes, script, what follows the script, and paint of the same steps."""
    steps, peers, targets = list(steps), list(peers), set(targets)
    named = f"{what}; peer: {peer_name}" if peer_name else what
    kinds: list[tuple[str, str, Callable[[Step], float], float | None]] = [
        ("received", "B", lambda step: step.received, MAP_STEP_BYTES),
        ("script", "s", lambda step: step.script, SCRIPT_TARGET),
        ("send to paint", "s", lambda step: step.painted, PAINT_TARGET),
        ("server busy after the script", "s", lambda step: step.after, None),
    ]
    return [
        Row(
            f"{named}: {kind}",
            unit,  # type: ignore[arg-type]
            Sample.of(map(value, steps)),
            Sample.of(map(value, peers)) if peers else None,
            target if kind in targets else None,
        )
        for kind, unit, value, target in kinds
    ]


@contextlib.contextmanager
def browser_of_this_machine() -> Iterator[Browser]:
    """The Chromium that is there, until the block ends."""
    with sync_playwright() as playwright, launch_chromium(playwright) as browser:
        yield browser


def _steps(visit: Visit, count: int) -> list[Step]:
    return _alternating([visit], count)[0]


def _alternating(visits: list[Visit], count: int) -> list[list[Step]]:
    """Steps of each visit in turns, after its warm-up. No year comes twice: Streamlit would
    send a year that the browser still holds as a reference."""
    steps: list[list[Step]] = [[] for _ in visits]
    for number in range(WARM_UP_STEPS + count):
        for visit, taken in zip(visits, steps, strict=True):
            step = visit.step_back()
            if number >= WARM_UP_STEPS:
                taken.append(step)
    for visit in visits:
        visit.close()
    return steps


def _first_map(browser: Browser, script: Path, folder: Path, path: str) -> float:
    start = time.time()
    with serve(script, folder) as server:
        visit = Visit(browser, server, path)
        visit.close()
        return visit.first_picture_at - start
