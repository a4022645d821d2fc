"""Pages in a real Chromium on servers of their own, with every step watched."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, WebSocket, expect

from tools.running_app import RunningApp, running_app, wait_until_idle

HERE = Path(__file__).resolve().parent
DASHBOARD = HERE.parent / "dashboard.py"
CONFIG = HERE.parent / "config.yaml"
NAIVE = HERE / "naive_app.py"
EMPTY = HERE / "empty_app.py"
PROBE = HERE / "probe.js"
HOOKS = HERE / "hooks"
VIEWPORT = (1280, 900)
MAP = ".st-key-map"
START_SECONDS = 60

# The peers have no config file beside them: they get the settings of ours that matter for speed but
# for one that hardly anybody knows. They keep Streamlit's collection of garbage after each run.
SETTINGS = {
    "STREAMLIT_SERVER_HEADLESS": "true",
    "STREAMLIT_SERVER_SHOW_EMAIL_PROMPT": "false",
    "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "STREAMLIT_RUNNER_MAGIC_ENABLED": "false",
}

FLOOR = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "false"}
"""The empty page is a limit and no peer: it gets that one, too."""


class StepError(Exception):
    """A step could not be measured; the message says what did not happen."""


@dataclass(frozen=True)
class Run:
    """One run of a page on its server, in seconds.

    Attributes:
        script: from its start until the browser is told that it is over.
        busy: those in which its thread had the processor; a busy machine adds nothing to them.
        after: what follows, before the process is free.
    """

    script: float
    busy: float
    after: float


@dataclass(frozen=True)
class Step:
    """One step of a slider, as the browser and the server saw it.

    Attributes:
        received: bytes of websocket payload and of files fetched.
        painted: seconds from the slider's websocket frame to the animation frame from which
            the map shows its new picture, which then stays.
        runs: runs of the page's script that the step caused.
        frames: the websocket frames received.
    """

    received: float
    painted: float
    runs: tuple[Run, ...]
    frames: tuple[bytes, ...]

    @property
    def script(self) -> float:
        """Seconds of all runs that the step caused."""
        return sum(run.script for run in self.runs)

    @property
    def busy(self) -> float:
        """Seconds of those runs in which their thread had the processor."""
        return sum(run.busy for run in self.runs)

    @property
    def after(self) -> float:
        """Seconds after those runs, before the server's process is free."""
        return sum(run.after for run in self.runs)


@dataclass(frozen=True)
class Server:
    """A running app and the file in which it notes its runs."""

    app: RunningApp
    runs_file: Path

    def runs(self) -> list[Run]:
        """Every run so far, oldest first."""
        if not self.runs_file.exists():
            return []
        return parse_runs(self.runs_file.read_text(encoding="utf-8"))


def parse_runs(text: str) -> list[Run]:
    """The runs in a runs file; a last line still being written is left out."""
    whole, _, _ = text.rpartition("\n")
    return [Run(**json.loads(line)) for line in whole.splitlines()]


@contextlib.contextmanager
def serve(
    script: Path,
    folder: Path,
    *,
    workers: int = 0,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Serve a script until the block ends.

    Args:
        script: the Streamlit script.
        folder: for snapshots and the file of runs; servers that share it share their snapshots.
        workers: processes behind nginx; 0 for one without it.
        environment: further variables of the server.
    """
    runs_file = folder / f"runs-{script.stem}-{time.monotonic_ns()}.jsonl"
    snapshots = {"GAPATLAS_SNAPSHOTS": str(snapshot_folder(folder))}
    variables = server_environment(runs_file, os.environ) | snapshots | dict(environment or {})
    with running_app(script, variables, workers=workers) as app:
        yield Server(app, runs_file)


def build_into(folder: Path) -> None:
    """Build the shipped data, for the servers of a folder."""
    command = [sys.executable, "-m", "gapatlas", "build", "--config", str(CONFIG)]
    environment = {**os.environ, "GAPATLAS_SNAPSHOTS": str(snapshot_folder(folder))}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def snapshot_folder(folder: Path) -> Path:
    """Where the servers of a folder keep their snapshots."""
    return folder / "snapshots"


def server_environment(runs_file: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """Variables of a measured server: the hook that times its runs comes first on its path."""
    path = [str(HOOKS), *filter(None, [outer.get("PYTHONPATH")])]
    return {
        **SETTINGS,
        "PYTHONPATH": os.pathsep.join(path),
        "GAPATLAS_BENCHMARK_RUNS": str(runs_file),
    }


class Visit:
    """One reader with one page open, in a browser session of its own.

    A server of another kind is given by its address: what it runs is then not known.
    """

    def __init__(
        self, browser: Browser, server: Server | str, path: str = "/", picture: str = MAP
    ) -> None:
        self._server = server if isinstance(server, Server) else None
        url = server.app.url if isinstance(server, Server) else server
        width, height = VIEWPORT
        self._context = browser.new_context(viewport={"width": width, "height": height})
        self.page = self._context.new_page()
        self.page.add_init_script(f"window.probedPicture = {json.dumps(picture)}")
        self.page.add_init_script(path=PROBE)
        self._frames: list[bytes] = []
        self._swings = 0
        self.page.on("websocket", self._listen)
        self.page.goto(url + path)
        self.page.wait_for_selector(picture, timeout=START_SECONDS * 1000)
        self._wait_until_still(START_SECONDS)
        self.first_picture_at: float = self._stop()["painted"][-1] / 1000
        self.first_bytes = sum(map(len, self._frames))

    def close(self) -> None:
        self._context.close()

    def open_table(self) -> None:
        """Open the table under the map."""
        self.page.locator(".st-key-map_table summary").first.click()
        expect(self.page.locator('.st-key-map_table [data-testid="stDataFrame"]')).to_be_visible()
        wait_until_idle(self.page)

    def open_panel(self, key: str, holds: str) -> None:
        """Open an expander and wait for what it holds."""
        self.page.locator(f".st-key-{key} summary").first.click()
        expect(self.page.locator(holds)).to_be_visible()
        wait_until_idle(self.page)

    def step_back(self, slider_in: str = "[class*=st-key-][class*=year]") -> Step:
        """Move a slider one step back, that of years if not said otherwise, and wait until all
        is still again."""
        slider = self.page.locator(slider_in).get_by_role("slider")
        slider.focus()
        return self._watch(lambda: slider.press("ArrowLeft"))

    def swing(self) -> None:
        """Move the slider of years one step, to and fro, and wait until the page is still."""
        slider = self.page.locator("[class*=st-key-][class*=year]").get_by_role("slider")
        slider.focus()
        self._swings += 1
        slider.press("ArrowLeft" if self._swings % 2 else "ArrowRight")
        wait_until_idle(self.page, settled_ms=50)
        self._frames.clear()

    def heap(self) -> int:
        """Bytes of the page's heap after a collection of its garbage."""
        session = self._context.new_cdp_session(self.page)
        session.send("Performance.enable")
        session.send("HeapProfiler.collectGarbage")
        metrics = session.send("Performance.getMetrics")["metrics"]
        session.detach()
        return int(next(each["value"] for each in metrics if each["name"] == "JSHeapUsedSize"))

    def choose_next(self, key: str) -> Step:
        """Choose the next entry of a select box and wait until all is still again."""
        box = self.page.locator(f".st-key-{key}").get_by_role("combobox")
        box.click()
        box.press("ArrowDown")
        return self._watch(lambda: box.press("Enter"))

    def press(self, key: str, label: str) -> Step:
        """Press one of several buttons side by side and wait until all is still again."""
        button = self.page.locator(f".st-key-{key}").get_by_role("radio", name=label, exact=True)
        return self._watch(button.click)

    def _watch(self, act: Callable[[], None]) -> Step:
        before = len(self._runs())
        self._frames.clear()
        self.page.evaluate("probe.arm()")
        act()
        self.page.wait_for_function("probe.sent() !== null").dispose()
        self._wait_until_still()
        seen = self._stop()
        if not seen["painted"]:
            raise StepError("The page was used and the picture stayed as it was.")
        return Step(
            received=sum(map(len, self._frames)) + seen["fetched"],
            painted=(seen["painted"][-1] - seen["sent"]) / 1000,
            runs=tuple(self._runs()[before:]),
            frames=tuple(self._frames),
        )

    def _wait_until_still(self, seconds: float = 30) -> None:
        wait_until_idle(self.page, seconds)

    def _runs(self) -> list[Run]:
        return self._server.runs() if self._server else []

    def _stop(self) -> dict[str, Any]:
        seen: dict[str, Any] = self.page.evaluate("probe.stop()")
        return seen

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: self._frames.append(_as_bytes(data)))


def _as_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data
