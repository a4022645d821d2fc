"""Python loads this at the start of a measured server: it notes how long each run of a page takes.

The server itself is started as ever. For each run one line of JSON goes to the file that
GAPATLAS_BENCHMARK_RUNS names: seconds in the page's script with what Streamlit does around it,
those of them in which its thread had the processor, and seconds spent after the browser was told
that the run is over (Streamlit collects garbage then).

Where GAPATLAS_BENCHMARK_NO_FREEZE is set, nothing is taken out of the garbage collector's sight.
Where GAPATLAS_BENCHMARK_PROFILE names a folder, each run is profiled into a file in it once the
folder is there.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

RUNS_FILE = os.environ.get("GAPATLAS_BENCHMARK_RUNS", "")
PROFILE_FOLDER = os.environ.get("GAPATLAS_BENCHMARK_PROFILE", "")
NO_FREEZE = os.environ.get("GAPATLAS_BENCHMARK_NO_FREEZE", "")
SCRIPT_RUNNER = "streamlit.runtime.scriptrunner.script_runner"


def time_runs(runner: Any) -> None:
    """Make Streamlit's script runner note the time of each of its runs."""
    run_script, send_finished = runner._run_script, runner._on_script_finished

    def timed_finish(self: Any, *arguments: Any) -> None:
        told = []

        def note(*_: Any, **__: Any) -> None:
            told.append((time.perf_counter(), time.thread_time()))

        self.on_event.connect(note)
        send_finished(self, *arguments)
        self.on_event.disconnect(note)
        self.told_at, self.busy_until = told[-1]

    def timed_run(self: Any, *arguments: Any) -> None:
        self.told_at = None
        start, busy_from = time.perf_counter(), time.thread_time()
        run_script(self, *arguments)
        end = time.perf_counter()
        if self.told_at is None:
            return
        run = {
            "script": self.told_at - start,
            "busy": self.busy_until - busy_from,
            "after": end - self.told_at,
        }
        line = json.dumps(run)
        with open(RUNS_FILE, "a", encoding="utf-8") as file:
            file.write(line + "\n")

    runner._on_script_finished = timed_finish
    runner._run_script = timed_run


def profile_runs(runner: Any) -> None:
    """Make Streamlit's script runner profile its runs: each has a file of its own, by number."""
    from pyinstrument import Profiler

    run_script = runner._run_script
    count = 0

    def profiled_run(self: Any, *arguments: Any) -> None:
        nonlocal count
        if not os.path.isdir(PROFILE_FOLDER):
            run_script(self, *arguments)
            return
        profiler = Profiler(interval=0.0005, async_mode="disabled")
        with profiler:
            run_script(self, *arguments)
        count += 1
        if profiler.last_session is not None:
            profiler.last_session.save(os.path.join(PROFILE_FOLDER, f"{count:04}.json"))

    runner._run_script = profiled_run


class AfterImport(MetaPathFinder):
    """Waits for the import of Streamlit's script runner."""

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        if name != SCRIPT_RUNNER:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            self._then_time_runs(spec.loader)
        return spec

    def _then_time_runs(self, loader: Any) -> None:
        execute = loader.exec_module

        def execute_and_time(module: ModuleType) -> None:
            execute(module)
            time_runs(module.ScriptRunner)
            if PROFILE_FOLDER:
                profile_runs(module.ScriptRunner)

        loader.exec_module = execute_and_time


if NO_FREEZE:
    gc.freeze = lambda: None
if RUNS_FILE:
    sys.meta_path.insert(0, AfterImport())
