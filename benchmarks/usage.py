"""Memory of a server: its process and all that it has started."""

from __future__ import annotations

import psutil


def memory_of(process: int) -> int:
    """Bytes of main memory that a process and its children hold; pages that they share count for
    each."""
    root = psutil.Process(process)
    return sum(_resident(each) for each in (root, *root.children(recursive=True)))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
