"""Open pages in a browser, and read from the picture of the map what a reader sees."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from PIL import Image
from playwright.sync_api import ElementHandle, Page, WebSocket, expect

from gapatlas.state import view_of_query
from tools.running_app import wait_until_idle

PAGES = {
    "": "Where laws against human trafficking go unenforced",
    "enforcement_gaps": "Enforcement gaps",
    "place_profile?place=ROU": "Place profile",
    "conviction_rates": "Conviction rates",
    "cross_border": "Cross-border",
    "evidence_and_defence": "Evidence and defence",
    "training_investment": "Training investment",
    "data_and_methods": "Data and methods",
    "your_data": "Your data",
}
"""Address of a page -> its heading."""
MARKS = ".stVegaLiteChart :is(svg, canvas).marks"
MAP = '[class*="st-key-map_frame"] svg.marks'
SHAPES = f"{MAP} .role-mark path"
RATIO = {
    "measure": "convicted_per_prosecuted",
    "source": "unodc_glotip",
    "year": "2018",
    "window": "3",
    "place": "ROU",
    "show": "rate",
    "benchmark": "median",
    "peers": "region",
}
"""The page of gaps as a map of rates; parts without a value do not stand in an address bar."""
GAP = {**RATIO, "measure": "convicted_per_100_detected", "year": "2022", "window": "5"}
GAP["show"] = "ratio"

_SHAPES = """(all) => all.map((path) => ({
  id: path.__data__.datum.properties.id,
  klass: path.__data__.datum.k,
  fill: path.getAttribute('fill').replace(/^url\\(.*/, 'stripes'),
  width: Number(path.getAttribute('stroke-width')),
  drawn: path.getAttribute('d') !== null && path.getAttribute('d').length > 5,
}))"""
_LOST_FILLS = """(all) => all
  .map((path) => path.getAttribute('fill') || '')
  .filter((fill) => fill.startsWith('url('))
  .map((fill) => fill.slice(4, -1).replaceAll('"', ''))
  .filter((target) => {
    const [page, id] = target.split('#');
    const here = page === '' || page === location.href.split('#')[0];
    return !here || !document.getElementById(id);
  })"""


def open_map(page: Page, url: str, **state: str) -> None:
    """Go straight to a view of the map page, of rates if not told, and wait until it is drawn."""
    page.goto(f"{url}/enforcement_gaps?{urlencode({'show': 'rate', **state})}")
    wait_until_painted(page)


def wait_until_painted(page: Page) -> None:
    """Wait until the map has its shapes: they come after the page, by a request of their own."""
    page.wait_for_selector(SHAPES, state="attached", timeout=60_000)
    wait_until_idle(page)


def shapes(page: Page) -> list[dict[str, Any]]:
    """Every place that the map draws: id, klass (number of its class), fill (a colour, or
    `stripes`), width of its outline, drawn (whether it has a path at all)."""
    found: list[dict[str, Any]] = page.locator(SHAPES).evaluate_all(_SHAPES)
    return found


def fills(page: Page) -> dict[str, str]:
    """Place id -> its fill."""
    return {shape["id"]: shape["fill"] for shape in shapes(page)}


def fills_that_lead_nowhere(page: Page) -> list[str]:
    """Stripes whose definition the browser can't find: such shapes stay unpainted."""
    lost: list[str] = page.locator(SHAPES).evaluate_all(_LOST_FILLS)
    return lost


def legend(page: Page) -> list[str]:
    """Words of the legend; the position of each is the number of its class."""
    return page.locator(f"{MAP} .role-legend-label text").all_text_contents()


def is_striped(page: Page, label: str) -> bool:
    """Whether the legend's sign beside a label holds both light and dark, as it is painted."""
    sign = page.locator(f"{MAP} .role-legend-symbol path").nth(legend(page).index(label))
    sign.scroll_into_view_if_needed()
    box = sign.bounding_box()
    assert box is not None
    inside = {
        "x": box["x"] + 3,
        "y": box["y"] + 3,
        "width": box["width"] - 6,
        "height": box["height"] - 6,
    }
    picture = Image.open(io.BytesIO(page.screenshot(clip=inside))).convert("L")
    darkest, lightest = picture.getextrema()
    return bool(lightest - darkest > 80)


def outlined(page: Page) -> list[str]:
    """Ids of the places with a bold outline."""
    return [shape["id"] for shape in shapes(page) if shape["width"] > 1]


def shape_of(page: Page, place: str) -> ElementHandle:
    """The shape of a place, to be clicked."""
    handle = page.evaluate_handle(
        "([query, place]) => [...document.querySelectorAll(query)]"
        ".find((path) => path.__data__.datum.properties.id === place)",
        [SHAPES, place],
    )
    element = handle.as_element()
    assert element is not None, f"The map draws no {place}."
    return element


def choose_view(page: Page, label: str) -> None:
    """Choose a view by its name, unless it is open: a second click would close it."""
    radio = page.get_by_role("radio", name=label, exact=True)
    if not radio.is_checked():
        radio.click()
    expect(radio).to_be_checked()
    wait_until_idle(page)


def assert_each_view_fits(page: Page, labels: Iterable[str]) -> None:
    """Each view is drawn, without an error, and nothing of it hangs over the edge."""
    for label in labels:
        choose_view(page, label)
        expect(page.locator(MARKS).first).to_be_visible(timeout=10_000)
        assert page.get_by_test_id("stException").count() == 0, label
        assert overflowing(page) == [], label


def heading(page: Page) -> str:
    """The heading above the map: measure and years."""
    return page.get_by_role("heading", level=3).first.inner_text()


def expect_heading(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait for the heading above the map."""
    expect(page.get_by_role("heading", level=3).first).to_have_text(text, timeout=15_000)


def place_sentence(page: Page) -> str:
    """What the page says of the chosen place."""
    paragraphs = page.get_by_test_id("stMarkdownContainer").locator("p:has(strong)")
    told = [text for text in paragraphs.all_inner_texts() if "interval" in text or "report" in text]
    # What stands at the top of the page tells of all places, and begins with the years.
    return next(text for text in told if not text[0].isdigit())


def address(page: Page) -> dict[str, str]:
    """The parts of the page's address that are of its view."""
    return view_of_query(dict(parse_qsl(urlsplit(page.url).query)))


class Received:
    """Bytes that the server sent to a page over its websocket, from `start` on."""

    def __init__(self, page: Page) -> None:
        self.frames: list[int] = []
        page.on("websocket", self._watch)

    @property
    def bytes(self) -> int:
        return sum(self.frames)

    def start(self) -> None:
        self.frames.clear()

    def _watch(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: self.frames.append(len(payload)))


def overflowing(page: Page) -> Iterable[str]:
    """What makes the page scroll sideways; empty where nothing does."""
    wide: list[str] = page.evaluate(
        """() => ['html', '[data-testid="stMain"]']
          .map((query) => [query, document.querySelector(query)])
          .filter(([, box]) => box.scrollWidth > innerWidth)
          .map(([query, box]) => `${query}: ${box.scrollWidth} > ${innerWidth}`)"""
    )
    return wide
