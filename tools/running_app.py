"""Run the app as a server of its own and look at it through a browser."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"

# Streamlit says on its outermost element whether a script runs. A widget may wait a moment before
# it asks for a run, and a chart is drawn after the run: so the page has to stay idle for a while.
_IDLE_FOR = """(settled) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const busy = !app
    || app.dataset.testScriptState !== 'notRunning'
    || app.dataset.testConnectionState !== 'CONNECTED'
    || document.querySelector(
      '[data-testid="stSkeleton"], [data-testid="stAppSkeleton"], [data-stale="true"]')
    || [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
      .some((chart) => !chart.querySelector('canvas, svg'));
  const now = performance.now();
  if (busy) { window.idleSince = undefined; return false; }
  window.idleSince ??= now;
  return now - window.idleSince >= settled;
}"""


class AppDidNotStartError(Exception):
    """The server ended or stayed silent; the message carries the end of its log."""


@dataclass(frozen=True)
class RunningApp:
    """A server that answers: `url` without a slash at its end, `log_file` with all it printed,
    `process` the id of its process, or of the one that looks after its workers."""

    url: str
    log_file: Path
    process: int = 0

    def log(self) -> str:
        """Return what the server has printed so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@dataclass
class PageProblems:
    """What went wrong in a page since `watch`, in words, in the order it happened.

    `foreign_requests` are addresses on other hosts: the app is to need nothing but its own server.
    """

    console_errors: list[str] = field(default_factory=list)
    failed_requests: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note the problems of this page from now on."""
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))
        page.on("request", self._note_request)
        page.on("requestfailed", self._note_failure)
        page.on("response", self._note_response)

    def all(self) -> list[str]:
        """Return every problem; empty for a page in order."""
        return [*self.console_errors, *self.failed_requests, *self.foreign_requests]

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_probe(message.location["url"]):
            self.console_errors.append(message.text)

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname not in {LOOPBACK, "localhost"}:
            self.foreign_requests.append(request.url)

    def _note_failure(self, request: Request) -> None:
        # Leaving a page cancels what it was still loading: no fault of the page.
        if request.failure != "net::ERR_ABORTED":
            self.failed_requests.append(f"{request.url}: {request.failure}")

    def _note_response(self, response: Response) -> None:
        if response.status >= http.client.BAD_REQUEST and not _is_probe(response.url):
            self.failed_requests.append(f"{response.url}: {response.status}")


@contextlib.contextmanager
def running_app(
    script: Path = ROOT / "dashboard.py",
    environment: Mapping[str, str] | None = None,
    start_within_seconds: float = 60,
    workers: int = 0,
) -> Iterator[RunningApp]:
    """Serve `script` on a free port of this machine until the block ends.

    Args:
        script: the Streamlit script; its folder is the working folder, as in `make run`.
        environment: variables on top of this process's own, such as GAPATLAS_CONFIG.
        start_within_seconds: how long the server may take until it answers.
        workers: processes behind nginx, by `gapatlas serve`; 0 for a single server without it.

    Raises:
        AppDidNotStartError: if it does not answer in time, with the end of its log.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.port", str(port), "--server.address", LOOPBACK]
    if workers:
        command = [sys.executable, "-m", "gapatlas", "serve"]
        command += ["--workers", str(workers), "--port", str(port)]
    with tempfile.TemporaryDirectory() as folder:
        log_file = Path(folder, "server.log")
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=script.parent,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        app = RunningApp(f"http://{LOOPBACK}:{port}", log_file, process.pid)
        try:
            _wait_for_health(app, process, port, start_within_seconds)
            yield app
        finally:
            _stop(process)


def wait_until_idle(page: Page, timeout_seconds: float = 30, settled_ms: int = 300) -> None:
    """Wait until Streamlit's script has finished and nothing on the page is left over from before.

    Args:
        page: a page of the app.
        timeout_seconds: after this a `playwright.sync_api.TimeoutError` is raised.
        settled_ms: how long the page has to stay so, in milliseconds.
    """
    page.evaluate("window.idleSince = undefined")
    page.wait_for_function(
        _IDLE_FOR, arg=settled_ms, timeout=timeout_seconds * 1000, polling=50
    ).dispose()


def _is_probe(url: str) -> bool:
    # Opened at /gaps, Streamlit asks whether the server lives at /gaps/ before it tries /.
    path = urlsplit(url).path
    return "/_stcore/" in path and not path.startswith("/_stcore/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for_health(
    app: RunningApp, process: subprocess.Popen[bytes], port: int, seconds: float
) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AppDidNotStartError(f"The server ended at its start:\n{app.log()[-2000:]}")
        if _is_healthy(port):
            return
        time.sleep(0.1)
    raise AppDidNotStartError(f"No answer within {seconds:g} s:\n{app.log()[-2000:]}")


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
