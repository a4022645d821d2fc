"""Whoever ends `gapatlas run` ends the app: no server stays behind and holds the port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.support import observation, write_world

ROOT = Path(__file__).resolve().parents[2]
SERVER = """\
import os, sys, time
print(os.getpid(), os.environ["GAPATLAS_CONFIG"], *sys.argv[1:], flush=True)
time.sleep(60)
"""
"""What `python -m streamlit` is in a folder that has a file of this name."""


def test_the_process_that_is_ended_is_the_server_itself(tmp_path: Path) -> None:
    rows = [
        observation("AAA", 2020, "convicted", "persons", 5),
        observation("AAA", 2020, "prosecuted", "persons", 4),
    ]
    config = write_world(tmp_path / "world", rows)
    (tmp_path / "dashboard.py").touch()
    (tmp_path / "streamlit.py").write_text(SERVER)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "GAPATLAS_SNAPSHOTS": str(tmp_path / "snapshots"),
    }
    command = [sys.executable, "-m", "gapatlas", "run", "--config", "world/config.yaml"]
    started = subprocess.Popen(
        [*command, "--port", "8599"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with started:
        assert started.stdout is not None
        told = next(line for line in started.stdout if "dashboard.py" in line)
        started.terminate()
        assert started.wait(10) == -signal.SIGTERM
    words = ["run", "dashboard.py", "--server.port", "8599"]
    assert told.split() == [str(started.pid), str(config.resolve()), *words]
