"""The compiled simulation, made before anybody asks for it.

A process of its own compiles it and keeps it on disk, from where it is loaded in half a second by
whoever asks first. Compiled in the server it would hold up every page for seconds, and its compiler
takes 100 MB, which a server needs only once somebody opens the page of training.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from gapatlas.training.simulate import warm_up

_KERNEL: Final = Path(__file__).with_name("kernel.py")
_ROOT: Final = _KERNEL.parents[2]
COMMAND: Final = (sys.executable, "-m", "gapatlas.training")
"""Compiles the simulation and ends."""


def compile_ahead() -> None:
    """Have the simulation compiled and kept; where it can't be kept, compile it here."""
    if _is_kept():
        return
    with suppress(OSError):
        subprocess.run(
            COMMAND, cwd=_ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    if not _is_kept():
        warm_up()


def _is_kept() -> bool:
    """Whether numba has kept what it compiled since the source changed, where it usually does."""
    made = _KERNEL.stat().st_mtime
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    folder = Path(chosen) if chosen else _KERNEL.with_name("__pycache__")
    return any(file.stat().st_mtime >= made for file in folder.rglob(f"{_KERNEL.stem}.*.nbi"))
