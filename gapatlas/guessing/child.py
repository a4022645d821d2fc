"""Looking at a reader's file in a process of its own, with limits on memory, rows and time.

The file lies on the disk only while the process runs, in a folder that nobody else may open. The
child is `python -m gapatlas.guessing.child`, which takes an order on its standard input and leaves
a report in the folder: data, and nothing that could run.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

import pandas as pd

from gapatlas import progress
from gapatlas.config.reading_models import FORMATS
from gapatlas.config.vocabulary import STAGE_UNITS, Stages
from gapatlas.errors import GapAtlasError, Problem, ValidationError
from gapatlas.guessing.checking import LIMITS_OF_A_LOOK, Looked, Verdict, check, look
from gapatlas.languages import worded
from gapatlas.progress import Step
from gapatlas.reading.apart import (
    NO_MEMORY,
    SECONDS_BETWEEN_LOOKS,
    bare_environment,
    limit_this_process,
    ran_out_of_memory,
    run_apart,
    saying_how_far,
)
from gapatlas.reading.limits import Limits, megabytes, refused
from gapatlas.tables import read_csv_cells

READ_KEYS: Final = (
    "sheet", "header_row", "header_rows", "last_row", "encoding", "delimiter", "table", "merged",
)  # fmt: skip
"""What a reader may say of a file: nothing that leads to another one."""
SECONDS: Final = 150
"""How long a reader waits at most."""
_PLACES, _REPORT = "places.csv", "report.json"
_PLACE_COLUMNS: Final = ("jurisdiction_id", "name", "level", "iso2", "iso_numeric", "usps")
_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Files of strangers at work at one time; the next reader waits."""


def look_apart(
    content: IO[bytes],
    name: str,
    read: Mapping[str, Any],
    places: pd.DataFrame,
    limits: Limits = LIMITS_OF_A_LOOK,
) -> Looked:
    """Say what a reader's file seems to hold.

    Args:
        content: the file.
        name: its name, whose ending says what it is.
        read: what the reader says of how it is opened; keys of `READ_KEYS`.
        places: one row per place: jurisdiction_id, name, level, iso2, iso_numeric, usps.
        limits: the most that it may take.

    Raises:
        ValidationError: it can't be opened, or takes more memory or time than it may.
    """
    given = {key: value for key, value in read.items() if key in READ_KEYS}
    return Looked(**_asked(content, name, {"read": given}, places, limits))


def check_apart(
    content: IO[bytes],
    name: str,
    block: str,
    places: pd.DataFrame,
    limits: Limits = LIMITS_OF_A_LOOK,
    stages: Stages = STAGE_UNITS,
) -> Verdict:
    """Check a reader's file against the block that a config would have of it.

    Args:
        content: the file.
        name: its name, whose ending says what it is.
        block: the text of the block, as it stands under `datasets:`.
        places: as for `look_apart`.
        limits: the most that the file may take.
        stages: every stage with its units.

    Raises:
        ValidationError: it can't be opened, or takes more memory or time than it may.
    """
    report = _asked(content, name, {"block": block, "stages": dict(stages)}, places, limits)
    report["problems"] = [Problem.unpacked(entry) for entry in report["problems"]]
    report["years"] = report["years"] and tuple(report["years"])
    return Verdict(**report)


def _asked(
    content: IO[bytes], name: str, task: dict[str, Any], places: pd.DataFrame, limits: Limits
) -> dict[str, Any]:
    with _turn(name), tempfile.TemporaryDirectory(prefix="gapatlas-") as made:
        folder = Path(made)
        file = folder / f"table{_ending(name)}"
        content.seek(0)
        with file.open("wb") as copy:
            shutil.copyfileobj(content, copy)
        known = places[list(_PLACE_COLUMNS)].fillna("")
        known.to_csv(folder / _PLACES, index=False)
        order = {**task, "file": file.name, "shown": name, "limits": asdict(limits)}
        report = _run(folder, order, limits)
    if "refused" in report:
        told = [Problem.unpacked(entry) for entry in report["refused"]]
        raise ValidationError(worded("{file} cannot be read.", file=name), told)
    return report


@contextlib.contextmanager
def _turn(name: str) -> Iterator[None]:
    until = time.monotonic() + SECONDS
    while not _AT_ONCE.acquire(timeout=SECONDS_BETWEEN_LOOKS):
        progress.go_on(Step.WAITING_FOR_READERS)
        if time.monotonic() > until:
            raise refused(
                name, worded("Other readers' files are still being looked at. Try again later.")
            )
    try:
        progress.go_on(Step.READING)
        yield
    finally:
        _AT_ONCE.release()


def _ending(name: str) -> str:
    """The ending by which the file is opened, with nothing else of its name."""
    suffixes = [suffix.lower() for suffix in Path(name).suffixes[-2:]]
    packed = ".gz" if suffixes[-1:] == [".gz"] else ""
    inner = suffixes[:1] if packed else suffixes[-1:]
    known = inner[0] if inner and inner[0] in FORMATS else ""
    if not known:
        allowed = ", ".join(FORMATS)
        raise refused(name, worded("The ending does not say what the file is."), allowed=allowed)
    return known + packed


def _run(folder: Path, order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    environment, shown = bare_environment(folder), str(order["shown"])
    try:
        code, said = run_apart(
            "gapatlas.guessing.child", order, folder, environment, SECONDS, in_a_group=True
        )
    except subprocess.TimeoutExpired:
        raise _too_slow(shown) from None
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _too_slow(shown)
    if ran_out_of_memory(code, said):
        most = megabytes(limits.memory_bytes)
        raise refused(
            shown,
            worded("The file takes too much memory."),
            allowed=worded("up to {most}", most=most),
        )
    if code:
        raise refused(shown, worded("The file can't be looked at: the work on it failed."))
    report: dict[str, Any] = json.loads((folder / _REPORT).read_text(encoding="utf-8"))
    return report


def _too_slow(shown: str) -> ValidationError:
    return refused(
        shown, worded("Looking at the file takes too long."), allowed=worded("a smaller table")
    )


# ---------------------------------------------------------------- in the child


def main() -> int:
    """Do the order on standard input; leave the report in the working folder."""
    order = json.load(sys.stdin)
    limits, folder = Limits(**order["limits"]), Path.cwd()
    limit_this_process(limits)
    try:
        with saying_how_far(folder):
            report = _done(order, folder, limits)
    except MemoryError:
        return NO_MEMORY
    (folder / _REPORT).write_text(json.dumps(report), encoding="utf-8")
    return 0


def _done(order: dict[str, Any], folder: Path, limits: Limits) -> dict[str, Any]:
    places = read_csv_cells(folder / _PLACES).frame
    file, shown = folder / order["file"], order["shown"]
    try:
        if "block" in order:
            stages = {stage: tuple(units) for stage, units in order["stages"].items()}
            verdict = check(file, shown, order["block"], places, folder, limits, stages)
            packed = [problem.packed() for problem in verdict.problems]
            return {**asdict(verdict), "problems": packed}
        return asdict(look(file, shown, order["read"], places, limits))
    except GapAtlasError as error:
        return {"refused": [problem.packed() for problem in error.problems]}


if __name__ == "__main__":
    sys.exit(main())
