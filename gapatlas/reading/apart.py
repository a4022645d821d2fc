"""A process of its own for files of strangers: a bare environment, and limits on what it takes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Final

from gapatlas.reading.limits import Limits

NO_MEMORY: Final = 77
"""How a process ends that may take no more memory."""
WAITING_FOR_EACH_SECOND: Final = 4
"""How long a parent waits, for each second that its child may compute."""
_ROOM_FOR_REPORTS: Final = 10_000_000
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH")
_ONE_OF_ALL: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONIOENCODING": "utf-8",
    "RUST_BACKTRACE": "0",
}


def command_of(module: str) -> list[str]:
    """The command of a module of ours in a process of its own."""
    return [sys.executable, "-P", "-m", module]


def bare_environment(folder: Path, also: Iterable[str] = ()) -> dict[str, str]:
    """Nothing but what a child needs to start: no secret of the server's.

    Args:
        folder: the child's own, which stands for its home.
        also: names of further variables that it has to have.
    """
    names = (*_PASSED_ON, *also)
    kept = {name: os.environ[name] for name in names if name in os.environ}
    found = [str(Path(entry).absolute()) for entry in sys.path if entry and Path(entry).exists()]
    root = str(Path(__file__).parents[2])
    no_files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    return {
        **kept,
        **_ONE_OF_ALL,
        **no_files,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONPATH": os.pathsep.join([root, *found]),
        "HOME": str(folder),
    }


class Without(MetaPathFinder):
    """Hides a library that a process has no use for from those that would load it."""

    def __init__(self, library: str) -> None:
        self._library = library

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> None:
        """Say that the library is not there; leave all others to whoever finds them.

        Raises:
            ModuleNotFoundError: it is the library.
        """
        if fullname == self._library:
            raise ModuleNotFoundError(f"No module named '{fullname}'", name=fullname)


def limit_this_process(limits: Limits) -> None:
    """From now on, take no more memory, time and disk than these limits say."""
    import resource

    memory = _mapped_bytes() + limits.memory_bytes
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 2 * limits.unpacked_bytes + _ROOM_FOR_REPORTS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, hard))


def _mapped_bytes() -> int:
    """What the process has mapped already, most of it the libraries."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 1_000_000_000
    return pages * os.sysconf("SC_PAGE_SIZE")
