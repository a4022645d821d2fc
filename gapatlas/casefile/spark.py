"""A case file as Spark reads it: on its workers, where each of them sees the same files.

Spark runs apart from this process, as a child that holds its driver: nothing of it is imported
here, and it ends with the child. What comes back are the answers of the queries. What Spark says
itself could quote rows, so nothing of it is passed on, and it writes no log.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from socket import create_connection
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from gapatlas.casefile.file import FIRST_ROW, CaseFile, Parts, damaged
from gapatlas.casefile.views import SPARK_FUNCTIONS, Column, views
from gapatlas.config import Spark
from gapatlas.config.case_rules import PROTECTING
from gapatlas.errors import BuildError, Problem
from gapatlas.languages import mark, worded

SECONDS_TO_ANSWER: Final = 5
SECONDS_TO_END: Final = 10
_PARAMETER: Final = re.compile(r"\$([a-z_]+)")
_MASTER: Final = re.compile(r"([^:,/]+):(\d+)")
_ALLOWED: Final[dict[str, tuple[str, str]]] = {
    "no master": (
        mark("Spark's master does not answer."),
        mark("a master that answers at the address under `spark` in the config"),
    ),
    "no start": (
        mark("Spark can't be started."),
        mark("Java 17 or 21, and a master and workers with the Spark of this PySpark"),
    ),
    "no workers": (
        mark("No worker of Spark takes the job."),
        mark("workers with cores and memory to spare; `wait_seconds` under `spark` in the config"),
    ),
    "failed": (
        mark("The job failed on Spark."),
        mark(
            "workers that see the files under the same path, or `folder` under `spark` "
            "in the config"
        ),
    ),
    "ended": (mark("Spark ended in the middle of the job."), mark("memory for its driver")),
}
"""Why Spark does not do it -> what is said, and what would help."""


@dataclass(frozen=True)
class OnSpark:
    """Spark with the views of one case file."""

    file: CaseFile
    job: _Job

    def ask(self, text: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        """Run a query.

        Raises:
            ValidationError: a file can't be read through.
            BuildError: Spark does not do it.
        """
        spoken = _PARAMETER.sub(r":\1", text)
        answer = self.job.do({"query": spoken, "parameters": dict(parameters)}, self.file)
        found: pd.DataFrame = answer.to_pandas()
        return found


_kept: ContextVar[dict[str, _Job] | None] = ContextVar("_kept", default=None)


@contextmanager
def spark_kept() -> Iterator[None]:
    """Whatever is asked of Spark inside the block is asked of one driver, which ends with it."""
    if _kept.get() is not None:
        yield
        return
    jobs: dict[str, _Job] = {}
    token = _kept.set(jobs)
    try:
        yield
    finally:
        _kept.reset(token)
        for job in jobs.values():
            job.end()


@contextmanager
def over_cluster(file: CaseFile, parts: Parts, named: Mapping[str, str]) -> Iterator[OnSpark]:
    """Spark over the parts of a file.

    Args:
        file: the file; its block says where the master is.
        parts: its parts.
        named: what a column is -> its name in the file.

    Raises:
        BuildError: Spark can't be had.
        ValidationError: a part is damaged.
    """
    with spark_kept():
        job = _job(file)
        job.do(_view_order(file, parts, named), file)
        yield OnSpark(file, job)


def _job(file: CaseFile) -> _Job:
    jobs, cluster = _kept.get(), file.dataset.spark
    assert jobs is not None
    assert cluster is not None
    address = cluster.model_dump_json(include={"master", "settings"})
    job = jobs.get(address)
    if job is None or job.has_ended:
        job = jobs[address] = _started(cluster, file)
    return job


def _view_order(file: CaseFile, parts: Parts, named: Mapping[str, str]) -> dict[str, Any]:
    assert file.dataset.spark is not None
    types = {field.name: field.type for field in parts.schema}
    columns = {ours: _column(own, types[own]) for ours, own in named.items()}
    return {
        "paths": [_seen_by_workers(file, path) for path in parts.paths],
        "starts": list(parts.starts),
        "wait_seconds": file.dataset.spark.wait_seconds,
        "views": views(file.dataset, columns, f"record + {FIRST_ROW}", _quoted),
    }


def _column(name: str, type_: pa.DataType) -> Column:
    own = _quoted(name)
    text = f"CAST({own} AS STRING)"
    if pa.types.is_floating(type_):
        # Spark writes 12345678.0 as 1.2345678E7, and DuckDB as it stands.
        whole = f"{own} = floor({own}) AND abs({own}) < 1e15"
        written = f"concat(CAST(CAST({own} AS BIGINT) AS STRING), '.0')"
        text = f"CASE WHEN {whole} THEN {written} ELSE {text} END"
    return Column(text, is_number=pa.types.is_integer(type_))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _seen_by_workers(file: CaseFile, path: Path) -> str:
    """The path of a part as the workers see it."""
    cluster, dataset = file.dataset.spark, file.dataset
    assert cluster is not None
    if cluster.folder is None:
        return f"file:{path.absolute().as_posix()}"
    relative = PurePosixPath(dataset.named) / path.relative_to(file.path).as_posix()
    folder = cluster.folder.rstrip("/")
    return f"{folder}/{relative}" if ":" in folder else f"file:{folder}/{relative}"


# ---------------------------------------------------------------- the child


@dataclass
class _Job:
    """A child that holds the driver of Spark."""

    process: subprocess.Popen[bytes]

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def do(self, order: Mapping[str, Any], file: CaseFile) -> pa.Table:
        """Have something done; the answer of a query is a table.

        Raises:
            ValidationError: a file can't be read through.
            BuildError: Spark does not do it.
        """
        source, target = self.process.stdout, self.process.stdin
        assert source is not None
        assert target is not None
        try:
            target.write(json.dumps(order).encode() + b"\n")
            target.flush()
            report = json.loads(source.readline())
            content = source.read(report.get("bytes", 0))
        except (OSError, ValueError):  # an end in the middle of a line
            report = {"failed": "ended"}
        if report.get("failed") == "damaged":
            raise damaged(file)
        if "failed" in report or len(content) < report["bytes"]:
            raise _not_done(file, report.get("failed", "ended"), report.get("error"))
        return pa.ipc.open_stream(content).read_all() if content else pa.table({})

    def end(self) -> None:
        """Let it end by itself, which clears up what Spark has on disk; then make it."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self.process.communicate(timeout=SECONDS_TO_END)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _started(cluster: Spark, file: CaseFile) -> _Job:
    if find_spec("pyspark") is None:
        message = worded("PySpark is not installed.")
        raise _refused(file, message, "pip install 'gapatlas[spark]'")
    if not _has_java():
        message = worded("Spark needs Java, which is not installed.")
        raise _refused(file, message, worded("Java 17 or 21 on the PATH or at JAVA_HOME"))
    if not _some_master_answers(cluster.master):
        raise _not_done(file, "no master")
    job = _Job(
        subprocess.Popen(
            [sys.executable, "-P", "-m", "gapatlas.casefile.spark_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
    )
    try:
        settings = {name: _setting(value) for name, value in cluster.settings.items()}
        order = {
            "master": cluster.master,
            "settings": {**settings, **PROTECTING},
            "functions": SPARK_FUNCTIONS,
        }
        job.do(order, file)
    except BaseException:
        job.end()
        raise
    return job


def _setting(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{home}/bin" if home else None) is not None


def _some_master_answers(master: str) -> bool:
    """Whether a master of a standalone cluster takes a call; of others that is not known here."""
    if not master.startswith("spark://"):
        return True
    for host, port in _MASTER.findall(master.removeprefix("spark://")):
        with contextlib.suppress(OSError), create_connection((host, int(port)), SECONDS_TO_ANSWER):
            return True
    return False


def _not_done(file: CaseFile, why: str, error: str | None = None) -> BuildError:
    message, allowed = _ALLOWED[why]
    return _refused(file, worded(message), worded(allowed), error)


def _refused(file: CaseFile, message: str, allowed: str, found: str | None = None) -> BuildError:
    problem = Problem(file.shown, message, found=found, allowed=allowed)
    return BuildError(worded("The cases cannot be counted on Spark."), [problem])
