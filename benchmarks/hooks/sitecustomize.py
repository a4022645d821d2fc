"""Python loads this at the start of a measured server: it notes how long each run of a page takes.

The server itself is started as ever. For each run one line of JSON goes to the file that
GAPATLAS_BENCHMARK_RUNS names: seconds in the page's script with what Streamlit does around it, and
seconds spent after the browser was told that the run is over (Streamlit collects garbage then).
"""

from __future__ import annotations

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
SCRIPT_RUNNER = "streamlit.runtime.scriptrunner.script_runner"


def time_runs(runner: Any) -> None:
    """Make Streamlit's script runner note the time of each of its runs."""
    run_script, send_finished = runner._run_script, runner._on_script_finished

    def timed_finish(self: Any, *arguments: Any) -> None:
        told = []
        stop_telling = self.on_event.connect(lambda *_, **__: told.append(time.perf_counter()))
        send_finished(self, *arguments)
        self.on_event.disconnect(stop_telling)
        self.told_at = told[-1]

    def timed_run(self: Any, *arguments: Any) -> None:
        self.told_at = None
        start = time.perf_counter()
        run_script(self, *arguments)
        end = time.perf_counter()
        if self.told_at is None:
            return
        line = json.dumps({"script": self.told_at - start, "after": end - self.told_at})
        with open(RUNS_FILE, "a", encoding="utf-8") as file:
            file.write(line + "\n")

    runner._on_script_finished = timed_finish
    runner._run_script = timed_run


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

        loader.exec_module = execute_and_time


if RUNS_FILE:
    sys.meta_path.insert(0, AfterImport())
