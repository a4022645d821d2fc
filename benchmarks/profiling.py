"""Where the script time of a page goes, by pyinstrument.

    python -m benchmarks profile conviction_rates
    python -m benchmarks profile training_investment --first
    python -m benchmarks profile enforcement_gaps --html profile.html

All steps of the page's journeys are taken twice by readers without a browser. What is shown is the
sum of the second time, or with --first of the first, which nobody has asked for before.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from pyinstrument.renderers import ConsoleRenderer, HTMLRenderer
from pyinstrument.session import Session

from benchmarks.browsing import DASHBOARD, Server, serve
from benchmarks.journeys import JOURNEYS, Journey, walk
from benchmarks.readers import Reader

FRONT = "overview"
PAGES = tuple(dict.fromkeys(journey.page or FRONT for journey in JOURNEYS))
LEAST_SHOWN = 0.02


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks profile", description=__doc__)
    parser.add_argument("page", choices=PAGES)
    parser.add_argument("--first", action="store_true", help="steps that nobody asked for before")
    parser.add_argument("--flat", action="store_true", help="functions by their own time")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write it as a page, too")
    return parser.parse_args(argv)


def profiled(server: Server, into: Path, journeys: Sequence[Journey], first: bool) -> Session:
    """The runs of all steps of some journeys, added up."""
    asyncio.run(_look_elsewhere(server, journeys[0].page))
    kept: list[Path] = []
    if not first:
        for journey in journeys:
            asyncio.run(walk(journey, server))
    into.mkdir()
    for journey in journeys:
        before = set(into.iterdir())
        asyncio.run(walk(journey, server))
        kept += sorted(set(into.iterdir()) - before)[-len(journey.steps) :]
    return reduce(Session.combine, [Session.load(str(path)) for path in kept])


async def _look_elsewhere(server: Server, page: str) -> None:
    """Have the server read its data, for a page that is not the one of interest."""
    async with Reader(server.app.url, "your_data" if page != "your_data" else "") as reader:
        await reader.open()


def main(argv: Sequence[str]) -> int:
    """Profile a page and print where its time goes."""
    arguments = parse(argv)
    journeys = [each for each in JOURNEYS if (each.page or FRONT) == arguments.page]
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "profiles"
        variables = {"GAPATLAS_BENCHMARK_PROFILE": str(into)}
        with serve(DASHBOARD, Path(folder), environment=variables) as server:
            session = profiled(server, into, journeys, arguments.first)
    steps = sum(len(journey.steps) for journey in journeys)
    print(f"{arguments.page}: {steps} steps, {1000 * session.duration / steps:.1f} ms each")
    options = {"filter_threshold": LEAST_SHOWN}
    renderer = ConsoleRenderer(unicode=True, flat=arguments.flat, processor_options=options)
    print(renderer.render(session))
    if arguments.html:
        arguments.html.write_text(HTMLRenderer().render(session), encoding="utf-8")
    return 0
