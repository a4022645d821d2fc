"""A process of its own for files of strangers: a bare environment, and limits on what it takes.

While it runs it says in a small file of its folder how far it is: data, and nothing that could run.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any, Final

from gapatlas import progress
from gapatlas.progress import Moment, Step
from gapatlas.reading.limits import Limits

NO_MEMORY: Final = 77
"""How a process ends that may take no more memory."""
_NO_ROOM: Final = ("memory allocation of", "failed to map segment")
WAITING_FOR_EACH_SECOND: Final = 4
"""How long a parent waits, for each second that its child may compute."""
SECONDS_BETWEEN_LOOKS: Final = 0.2
SECONDS_BETWEEN_WORDS: Final = 0.1
_ROOM_FOR_REPORTS: Final = 10_000_000
_PROGRESS_FILE: Final = "progress.json"
_LONGEST_WORD: Final = 500
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")
_ONE_OF_ALL: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONIOENCODING": "utf-8",
    "RUST_BACKTRACE": "0",
}


def run_apart(
    module: str,
    order: dict[str, Any],
    folder: Path,
    environment: dict[str, str],
    seconds: float,
    *,
    in_a_group: bool = False,
) -> tuple[int, str]:
    """Run a module of ours in a process of its own, and pass on how far it is.

    However this ends, the process has ended.

    Args:
        module: its name; it takes its order on the standard input.
        order: plain data.
        folder: where it works, and where it says how far it is.
        environment: all that it is told of the environment.
        seconds: how long it may take.
        in_a_group: what it has started ends with it.

    Returns:
        Its exit code, and what it wrote to its standard error.

    Raises:
        subprocess.TimeoutExpired: it takes longer.
    """
    with subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=environment,
        start_new_session=in_a_group,
    ) as process:
        try:
            said = _said(process, json.dumps(order), folder, seconds)
        finally:
            _end(process, in_a_group)
    return process.returncode, said


def _said(process: subprocess.Popen[str], order: str, folder: Path, seconds: float) -> str:
    until = time.monotonic() + seconds
    given: str | None = order
    while True:
        try:
            return process.communicate(given, timeout=SECONDS_BETWEEN_LOOKS)[1]
        except subprocess.TimeoutExpired:
            if time.monotonic() > until:
                raise
        given = None
        _pass_on(folder / _PROGRESS_FILE)


def _end(process: subprocess.Popen[str], with_its_group: bool) -> None:
    if with_its_group:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()  # so that it writes no more where its folder is taken away


def _pass_on(file: Path) -> None:
    """Tell how far a process says that it is; what it wrote may be anything."""
    try:
        with file.open("rb") as opened:
            step, rows, share = json.loads(opened.read(_LONGEST_WORD))
        moment = Step[step], rows and int(rows), share and min(max(float(share), 0.0), 1.0)
    except (OSError, ValueError, TypeError, KeyError):
        progress.still()
    else:
        progress.go_on(*moment)


@contextlib.contextmanager
def saying_how_far(folder: Path) -> Iterator[None]:
    """Say in a folder, for the parent, how far the work inside the block is."""
    said = 0.0

    def say(moment: Moment) -> None:
        nonlocal said
        if time.monotonic() - said > SECONDS_BETWEEN_WORDS:
            words = json.dumps([moment.step.name, moment.rows, moment.share])
            (folder / _PROGRESS_FILE).write_text(words, encoding="utf-8")
            said = time.monotonic()

    with progress.listening(say, Step.READING):
        yield


def bare_environment(folder: Path, also: Iterable[str] = ()) -> dict[str, str]:
    """Nothing but what a child needs to start: no secret of the server's.

    Args:
        folder: the child's own: its home, and where all lies that it unpacks, so that nothing of
            it is left however the child ends.
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
        "TMPDIR": str(folder),
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


def ran_out_of_memory(code: int, said: str) -> bool:
    """Whether a process ended for want of memory.

    Args:
        code: its exit code.
        said: what it wrote as it failed; a library that needs more than there is fails to load.
    """
    return code == NO_MEMORY or any(sign in said for sign in _NO_ROOM)


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
