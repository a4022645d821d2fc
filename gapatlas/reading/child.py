"""Reading in a process of its own, which may take little memory and time and writes nothing.

Files of strangers are opened here and nowhere else. The parent calls `read_in_child`; the child is
`python -m gapatlas.reading.child`, which takes a job on its standard input and leaves a report and
an arrow file in a folder: data, and nothing that could run.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from gapatlas.errors import Problem, ValidationError
from gapatlas.reading.blocks import Job
from gapatlas.reading.formats import read_into
from gapatlas.reading.limits import Limits, megabytes

TABLE_FILE: Final = "table.arrow"
REPORT_FILE: Final = "report.json"
LEAST_MEMORY: Final = 200_000_000
MEMORY_FOR_EACH_BYTE: Final = 16
LEAST_SECONDS: Final = 4
SECONDS_FOR_EACH_MB: Final = 0.6
PACKED_TIGHTLY: Final = 8
"""How much larger than such a file what it holds is taken to be."""

WAITING_FOR_EACH_SECOND: Final = 4
"""How long the parent waits, for each second that the child may compute."""

_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH")
_OF_STORES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
_ONE_OF_ALL: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONIOENCODING": "utf-8",
    "RUST_BACKTRACE": "0",
}


def read_in_child(job: Job) -> dict[str, Any]:
    """Read a table in a process of its own.

    Returns:
        The report: `header`, a list of names, and `faults`, a list of rows that can't be read.
        The cells are in `TABLE_FILE` in the folder of the job: the column `row`, then one for each
        name.

    Raises:
        ValidationError: the table can't be read, or takes more memory or time than it may.
    """
    limits = scaled(job)
    order = {**asdict(job), "path": job.path and str(job.path), "folder": str(job.folder)}
    order["limits"] = asdict(limits)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "gapatlas.reading.child"],
            input=json.dumps(order),
            text=True,
            encoding="utf-8",
            capture_output=True,
            cwd=job.folder,
            env=_environment(job),
            timeout=limits.cpu_seconds * WAITING_FOR_EACH_SECOND,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_slow(job, limits) from None
    if done.returncode:
        raise _gave_up(done.returncode, done.stderr, job, limits)
    report: dict[str, Any] = json.loads((job.folder / REPORT_FILE).read_text(encoding="utf-8"))
    if "problems" in report:
        problems = [Problem(**entry) for entry in report["problems"]]
        raise ValidationError(f"{job.shown} cannot be read.", problems)
    return report


def scaled(job: Job) -> Limits:
    """The limits of memory and time for a job: the larger its file, the more it may take."""
    if job.path is None:
        return job.limits
    size = _unpacked_size(job)
    memory = LEAST_MEMORY + MEMORY_FOR_EACH_BYTE * size
    seconds = LEAST_SECONDS + int(SECONDS_FOR_EACH_MB * size / 1e6)
    return replace(
        job.limits,
        memory_bytes=min(memory, job.limits.memory_bytes),
        cpu_seconds=min(seconds, job.limits.cpu_seconds),
    )


def _unpacked_size(job: Job) -> int:
    """Bytes of what the file holds: as its parts say, if it has any, else a guess by its size."""
    path = job.file
    if path.is_dir():
        return PACKED_TIGHTLY * sum(f.stat().st_size for f in path.rglob("*") if f.is_file())
    size = path.stat().st_size
    if job.format == "parquet" or path.suffix.lower() == ".gz":
        return PACKED_TIGHTLY * size
    if job.format in ("xlsx", "ods"):
        try:
            with zipfile.ZipFile(path) as packed:
                return sum(entry.file_size for entry in packed.infolist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            return size
    return size


def _environment(job: Job) -> dict[str, str]:
    """Nothing but what reading needs: secrets go only to the child that has to have them."""
    names = list(_PASSED_ON)
    if job.format == "postgres":
        names.append(str(job.options["connection"]))
    if job.format == "s3":
        names += [name for name in os.environ if name.startswith("AWS_")]
        names += [*_OF_STORES, *map(str.lower, _OF_STORES)]
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
        "HOME": str(job.folder),
    }


def _gave_up(code: int, said: str, job: Job, limits: Limits) -> ValidationError:
    killed = (-signal.SIGXCPU, -signal.SIGKILL)
    if code in killed:
        return _too_slow(job, limits)
    if code == _NO_MEMORY or "memory allocation of" in said:
        return _too_large(job, limits)
    return job.refused(
        "The file is damaged: reading it failed.", allowed=f"a whole {job.format} file"
    )


def _too_slow(job: Job, limits: Limits) -> ValidationError:
    seconds = limits.cpu_seconds
    found, allowed = f"more than {seconds} s", f"up to {seconds} s for a file of this size"
    return job.refused("Reading the file takes too long.", found=found, allowed=allowed)


def _too_large(job: Job, limits: Limits) -> ValidationError:
    most = megabytes(limits.memory_bytes)
    return job.refused(
        "Reading the file takes too much memory: it unpacks to too much, or has a cell far away "
        "from its table.",
        found=f"more than {most}",
        allowed=f"up to {most} for a file of this size",
    )


# ---------------------------------------------------------------- in the child

_NO_MEMORY: Final = 77
_ROOM_FOR_REPORTS: Final = 10_000_000


def main() -> int:
    """Read the job on standard input; leave the report in its folder."""
    order = json.load(sys.stdin)
    limits = Limits(**order.pop("limits"))
    path, folder = order.pop("path"), Path(order.pop("folder"))
    job = Job(**order, path=Path(path) if path else None, folder=folder, limits=limits)
    _limit_this_process(limits)
    try:
        report = read_into(folder / TABLE_FILE, job)
    except ValidationError as error:
        report = {"problems": [problem.as_dict() for problem in error.problems]}
    except MemoryError:
        return _NO_MEMORY
    (folder / REPORT_FILE).write_text(json.dumps(report), encoding="utf-8")
    return 0


def _limit_this_process(limits: Limits) -> None:
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


if __name__ == "__main__":
    sys.exit(main())
