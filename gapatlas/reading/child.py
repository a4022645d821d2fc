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
from gapatlas.languages import worded
from gapatlas.reading.apart import (
    NO_MEMORY,
    WAITING_FOR_EACH_SECOND,
    Without,
    bare_environment,
    limit_this_process,
    ran_out_of_memory,
    run_apart,
    saying_how_far,
)
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

_OF_STORES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")


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
    seconds = limits.cpu_seconds * WAITING_FOR_EACH_SECOND
    try:
        code, said = run_apart(
            "gapatlas.reading.child", order, job.folder, _environment(job), seconds
        )
    except subprocess.TimeoutExpired:
        raise _too_slow(job, limits) from None
    if code:
        raise _gave_up(code, said, job, limits)
    report: dict[str, Any] = json.loads((job.folder / REPORT_FILE).read_text(encoding="utf-8"))
    if "problems" in report:
        problems = [Problem.unpacked(entry) for entry in report["problems"]]
        raise ValidationError(worded("{file} cannot be read.", file=job.shown), problems)
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
    names: list[str] = []
    if job.format == "postgres":
        names.append(str(job.options["connection"]))
    if job.format == "s3":
        names += [name for name in os.environ if name.startswith("AWS_")]
        names += [*_OF_STORES, *map(str.lower, _OF_STORES)]
    return bare_environment(job.folder, names)


def _gave_up(code: int, said: str, job: Job, limits: Limits) -> ValidationError:
    killed = (-signal.SIGXCPU, -signal.SIGKILL)
    if code in killed:
        return _too_slow(job, limits)
    if ran_out_of_memory(code, said):
        return _too_large(job, limits)
    return job.refused(
        worded("The file is damaged: reading it failed."),
        allowed=worded("a whole {format} file", format=job.format),
    )


def _too_slow(job: Job, limits: Limits) -> ValidationError:
    seconds = limits.cpu_seconds
    found = worded("more than {seconds} s", seconds=seconds)
    allowed = worded("up to {seconds} s for a file of this size", seconds=seconds)
    return job.refused(worded("Reading the file takes too long."), found=found, allowed=allowed)


def _too_large(job: Job, limits: Limits) -> ValidationError:
    most = megabytes(limits.memory_bytes)
    return job.refused(
        worded(
            "Reading the file takes too much memory: it unpacks to too much, or has a cell far "
            "away from its table."
        ),
        found=worded("more than {most}", most=most),
        allowed=worded("up to {most} for a file of this size", most=most),
    )


# ---------------------------------------------------------------- in the child


def main() -> int:
    """Read the job on standard input; leave the report in its folder."""
    # pyarrow loads it with its first array, if it is there: half the memory and time of a child.
    sys.meta_path.insert(0, Without("pandas"))
    order = json.load(sys.stdin)
    limits = Limits(**order.pop("limits"))
    path, folder = order.pop("path"), Path(order.pop("folder"))
    job = Job(**order, path=Path(path) if path else None, folder=folder, limits=limits)
    limit_this_process(limits)
    try:
        with saying_how_far(folder):
            report = read_into(folder / TABLE_FILE, job)
    except ValidationError as error:
        report = {"problems": [problem.packed() for problem in error.problems]}
    except MemoryError:
        return NO_MEMORY
    (folder / REPORT_FILE).write_text(json.dumps(report), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
