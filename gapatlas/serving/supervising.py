"""Starts the workers and nginx, starts again what ends, and ends all of it together."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.serving.plan import LOOPBACK, Plan
from gapatlas.serving.proxy import start_nginx

LOOK_EVERY_SECONDS: Final = 0.25
SECONDS_TO_START: Final = 90.0
SECONDS_TO_END: Final = 10.0
SHORT_LIFE_SECONDS: Final = 20.0
MOST_SHORT_LIVES: Final = 5
"""A worker that ends so often right after its start will not be mended by one start more."""
Say = Callable[[str], None]


@dataclass
class _Worker:
    """One process of the app."""

    number: int
    port: int
    plan: Plan
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    short_lives: int = 0
    _opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.ProxyHandler({}))
    )

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.plan.command(self.port),
            env=self.plan.environment(),
            cwd=self.plan.dashboard.parent,
        )

    @property
    def ended(self) -> int | None:
        """Exit code of the process; None while it runs."""
        return None if self.process is None else self.process.poll()

    def answers(self) -> bool:
        """Whether its server is up."""
        host = LOOPBACK if self.plan.needs_proxy else self.plan.host
        try:
            with self._opener.open(f"http://{host}:{self.port}/_stcore/health", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def start_again(self) -> None:
        """Start a worker that ended.

        Raises:
            GapAtlasError: it ends again and again right after its start.
        """
        lived = time.monotonic() - self.started_at
        self.short_lives = self.short_lives + 1 if lived < SHORT_LIFE_SECONDS else 0
        if self.short_lives >= MOST_SHORT_LIVES:
            problem = Problem(f"worker {self.number}", f"It ended {self.short_lives} times.")
            raise GapAtlasError("A worker can't be kept running; its log says why.", [problem])
        self.start()


def serve(plan: Plan, say: Say = print, stop: threading.Event | None = None) -> None:
    """Serve until the process is told to end (SIGINT, SIGTERM) or `stop` is set.

    Args:
        plan: what to serve.
        say: is told what happens, a line each.
        stop: ends it when it is set; for who runs it in a thread.

    Raises:
        GapAtlasError: a worker or nginx does not start, or a worker ends again and again.
    """
    stopping = stop or threading.Event()
    plan.folder.mkdir(parents=True, exist_ok=True)
    workers = [_Worker(at, port, plan) for at, port in enumerate(plan.worker_ports, 1)]
    proxy: subprocess.Popen[bytes] | None = None
    with _told_to_stop(stopping):
        try:
            for worker in workers:
                worker.start()
            _wait_for(workers, stopping)
            proxy = start_nginx(plan) if plan.needs_proxy and not stopping.is_set() else None
            say(f"{len(workers)} worker(s) serve at http://{plan.host}:{plan.port}")
            while not stopping.wait(LOOK_EVERY_SECONDS):
                _look_after(workers, proxy, say)
        finally:
            _end([proxy, *(worker.process for worker in workers)])


def _wait_for(workers: list[_Worker], stopping: threading.Event) -> None:
    """Wait until every worker answers."""
    deadline = time.monotonic() + SECONDS_TO_START
    for worker in workers:
        while not worker.answers() and not stopping.wait(LOOK_EVERY_SECONDS):
            if worker.ended is not None or time.monotonic() > deadline:
                problem = Problem(f"worker {worker.number}", "It did not start; its log says why.")
                raise GapAtlasError("The app was not started.", [problem])


def _look_after(workers: list[_Worker], proxy: subprocess.Popen[bytes] | None, say: Say) -> None:
    """Start again the workers that ended."""
    for worker in workers:
        if worker.ended is not None:
            say(f"Worker {worker.number} ended with {worker.ended}; it is started again.")
            worker.start_again()
    if proxy is not None and proxy.poll() is not None:
        problem = Problem("nginx", f"It ended with {proxy.returncode}.")
        raise GapAtlasError("The proxy before the workers ended.", [problem])


@contextmanager
def _told_to_stop(stopping: threading.Event) -> Iterator[None]:
    """Set an event when the process is told to end; only the main thread is told."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def told(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, told) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(processes: list[subprocess.Popen[bytes] | None]) -> None:
    """End processes; those that do not end in time are killed."""
    running = [process for process in processes if process is not None and process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + SECONDS_TO_END
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
