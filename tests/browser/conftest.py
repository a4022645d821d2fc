"""The app on a port of its own and a real browser to look at it.

    def test_map_is_drawn(page, app, problems):
        page.goto(app.url)
        wait_until_idle(page)
        ...
        assert problems.all() == []

Another window or theme: `@pytest.mark.parametrize("viewport", [(390, 844)])` and
`@pytest.mark.parametrize("color_scheme", ["light", "dark"])`. `running_app` and `wait_until_idle`
come from `tools.running_app`; a test of another configuration starts its own app with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    sync_playwright,
)

from tests.shipped_snapshots import shipped_snapshots
from tools.find_browser import launch_chromium, launch_with_profile
from tools.running_app import PageProblems, RunningApp, running_app


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app with an empty snapshot folder; GAPATLAS_CONFIG names another config.yaml."""
    snapshots = shipped_snapshots(tmp_path_factory)
    with running_app(environment={"GAPATLAS_SNAPSHOTS": str(snapshots)}) as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """For readers of their own, who share nothing with `page`."""
    with launch_chromium(playwright) as launched:
        yield launched


@pytest.fixture
def viewport() -> tuple[int, int]:
    """Width and height of the window in CSS pixels."""
    return (1280, 800)


@pytest.fixture
def color_scheme() -> Literal["light", "dark"]:
    """What the reader's system asks for; Streamlit's theme follows it."""
    return "light"


@pytest.fixture
def problems() -> PageProblems:
    """The console errors and failed or foreign requests of `page`."""
    return PageProblems()


@pytest.fixture(scope="session")
def context(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """One cache for all pages: else each would load and compile three megabytes of Streamlit."""
    with launch_with_profile(playwright, tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def page(
    context: BrowserContext,
    viewport: tuple[int, int],
    color_scheme: Literal["light", "dark"],
    problems: PageProblems,
) -> Iterator[Page]:
    """An empty page in a session of its own; nothing that it keeps is there for the next."""
    width, height = viewport
    opened = context.new_page()
    opened.set_viewport_size(ViewportSize(width=width, height=height))
    opened.emulate_media(color_scheme=color_scheme)
    problems.watch(opened)
    yield opened
    if opened.url.startswith("http"):
        opened.evaluate("localStorage.clear()")
    opened.close()
    context.clear_cookies()
