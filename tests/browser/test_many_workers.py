"""Several processes behind one address: a reader stays with one, a change reaches all, and one
that is killed costs its readers no more than a reload."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from gapatlas.build import build
from gapatlas.serving.proxy import COOKIE
from tests.changing_world import change_data
from tests.support import write_world
from tools.running_app import RunningApp, running_app, wait_until_idle

WORKERS = 2
VIEW = "/enforcement_gaps?show=rate&place=AAA"
BEFORE, AFTER = "0.71", "0.86"
"""5 and 6 convicted of 7 prosecuted."""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_world(tmp_path_factory.mktemp("world"), [])
    change_data(path, 5)
    build(path)
    return path


@pytest.fixture(scope="module")
def served(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    environment = {
        "GAPATLAS_CONFIG": str(config),
        "GAPATLAS_SNAPSHOTS": str(tmp_path_factory.mktemp("snapshots")),
    }
    with running_app(environment=environment, workers=WORKERS) as app:
        yield app


def reader_of(browser: Browser, app: RunningApp, worker: int) -> Page:
    """A reader whom nginx has given a worker."""
    context = browser.new_context()
    context.add_cookies([{"name": COOKIE, "value": str(worker), "url": app.url}])
    return context.new_page()


def shown(page: Page, address: str) -> str:
    page.goto(address)
    wait_until_idle(page)
    return page.locator("[data-testid=stMain]").inner_text()


def process_of(app: RunningApp, worker: int) -> int:
    """Id of the process of a worker: the one that listens at its port."""
    port = (urlsplit(app.url).port or 0) + worker
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--server.port" in words and str(port).encode() in words:
            return int(folder.name)
    raise AssertionError(f"No worker listens at {port}.")


def until(reached: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_readers_are_dealt_out_and_each_keeps_its_worker(
    browser: Browser, served: RunningApp
) -> None:
    drawn = set()
    for _ in range(12):
        context = browser.new_context()
        first = context.request.get(f"{served.url}/")
        [worker] = [c["value"] for c in context.cookies() if c["name"] == COOKIE]
        again = context.request.get(f"{served.url}/")
        assert "set-cookie" in first.headers
        assert COOKIE not in again.headers.get("set-cookie", "")
        drawn.add(worker)
        context.close()
    assert drawn == {str(number) for number in range(1, WORKERS + 1)}


def test_a_change_reaches_every_worker_and_a_killed_one_costs_a_reload_and_no_choice(
    browser: Browser, served: RunningApp, config: Path
) -> None:
    readers = [reader_of(browser, served, number) for number in range(1, WORKERS + 1)]
    for count, figure in ((5, BEFORE), (6, AFTER)):
        change_data(config, count)
        for reader in readers:
            until(lambda r=reader, f=figure: f in shown(r, served.url + VIEW), 60)

    reader, killed = readers[0], process_of(served, 1)
    address, title = reader.url, reader.locator("h1").inner_text()
    os.kill(killed, signal.SIGKILL)
    reader.reload()
    wait_until_idle(reader)
    assert reader.url == address
    assert reader.locator("h1").inner_text() == title
    assert AFTER in reader.locator("[data-testid=stMain]").inner_text()
    until(lambda: process_of(served, 1) != killed, 30)
    assert "Worker 1 ended" in served.log()
    for reader in readers:
        reader.context.close()
