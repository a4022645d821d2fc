"""The process that holds the driver of Spark: it takes orders as lines, and gives answers.

`python -m gapatlas.casefile.spark_child`. An order is a line of JSON. An answer is a line of JSON
with `failed` and why, or with `bytes`, and so many bytes of an arrow table. Whatever else is
written, by Spark or by Java, goes nowhere: it could quote rows. With its parent it ends.
"""

from __future__ import annotations

import io
import json
import os
import queue
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final
from urllib.parse import unquote

import pyarrow as pa

SECONDS_BETWEEN_LOOKS: Final = 0.5
SECONDS_TO_END: Final = 8
_CONDITION: Final = re.compile(r"\[([A-Z][A-Z0-9_.]+)\]")
"""What Spark calls an error, in front of its message: words of its own, never of a file."""
_DAMAGED: Final = "FAILED_READ_FILE"
_NOT_THERE: Final = "FAILED_READ_FILE.FILE_NOT_EXIST"
_IN_A_PATTERN: Final = re.compile(r"([\\{}\[\]*?])")
_LOCAL: Final = re.compile("^file:/+")
_NO_TEXT: Final = "\0"
Order = dict[str, Any]


class _NoWorkersError(Exception):
    """Nobody has taken the job for too long."""


class _Cluster:
    """A session of Spark, and the views in it."""

    def __init__(self, order: Order) -> None:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(order["master"]).appName("Gap Atlas")
        for name, value in order["settings"].items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        # The setting of the same name is for the driver alone: this is for its workers too.
        self.session.sparkContext.setLogLevel("OFF")
        self.patience = 0.0
        self.is_local = order["master"].startswith("local")
        self.opened: Order = {}
        for statement in order["functions"]:
            self.session.sql(statement)

    def do(self, order: Order) -> pa.Table | None:
        """Carry out an order."""
        self.patience = order.get("wait_seconds", self.patience)
        with self._watched():
            if "views" not in order:
                return self._ask(order)
            if order != self.opened:
                self._open(order)
                self.opened = order
            return None

    def _open(self, order: Order) -> None:
        """Make the views of a case file."""
        from pyspark.sql import functions as f

        rows = self.session.read.parquet(
            *(_IN_A_PATTERN.sub(r"\\\1", path) for path in order["paths"])
        )
        number = f.col("_metadata.row_index")
        if len(order["paths"]) > 1:
            starts = self.session.createDataFrame(
                self._starts(rows.inputFiles(), order), "part STRING, start BIGINT"
            )
            rows = rows.select("*", f.col("_metadata.file_path").alias("part"), number.alias("at"))
            numbered = rows.join(f.broadcast(starts), "part")
            number = f.col("at") + f.col("start")
        else:
            numbered = rows
        numbered = numbered.withColumn("record", number)
        for view, selected in order["views"].items():
            source = numbered if view.endswith("_row") else rows
            source.selectExpr(*selected).createOrReplaceTempView(view)

    @staticmethod
    def _starts(listed: list[str], order: Order) -> list[tuple[str, int]]:
        """The name that Spark gives to each part, and the records before it."""
        names = {_plain(unquote(uri)): _plain(uri) for uri in listed}
        starts = zip(order["paths"], order["starts"], strict=True)
        return [(names[_plain(path)], start) for path, start in starts]

    def _ask(self, order: Order) -> pa.Table:
        """Run a query."""
        arguments = {name: _argument(value) for name, value in order["parameters"].items()}
        return self.session.sql(order["query"], args=arguments).toArrow()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Give up where no worker is there for too long: Spark itself would wait for ever."""
        done, alone = threading.Event(), threading.Event()

        def watch() -> None:
            seen = time.monotonic()
            while not done.wait(SECONDS_BETWEEN_LOOKS):
                if self.is_local or self._workers():
                    seen = time.monotonic()
                elif time.monotonic() - seen > self.patience:
                    alone.set()
                    self.session.sparkContext.cancelAllJobs()
                    return

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        except Exception:
            if alone.is_set():
                raise _NoWorkersError from None
            raise
        finally:
            done.set()
            watcher.join()

    def _workers(self) -> int:
        """How many of them hold a part of the job; the driver is one more in Spark's list."""
        context: Any = self.session.sparkContext._jsc
        return int(context.sc().getExecutorMemoryStatus().size()) - 1


def _plain(path: str) -> str:
    """Spark writes one local path as file:/x and as file:///x."""
    return _LOCAL.sub("file:/", path)


def _argument(value: Any) -> Any:
    """A list without entries has no type: one that no cell equals says the same."""
    return [_NO_TEXT] if value == [] else value


def _reason(error: BaseException) -> Order:
    """Why an order failed, in no words of Spark's."""
    if isinstance(error, _NoWorkersError):
        return {"failed": "no workers"}
    found = _CONDITION.search(str(error))
    condition = found[1] if found else None
    if condition and condition.startswith(_DAMAGED) and condition != _NOT_THERE:
        return {"failed": "damaged"}
    return {"failed": "failed", "error": condition}


# ---------------------------------------------------------------- orders and answers


def main() -> int:
    """Do the orders on standard input until there are no more."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.dup2(nowhere, sys.stderr.fileno())
        orders: queue.Queue[Order | None] = queue.Queue()
        threading.Thread(target=_listen, args=(orders,), daemon=True).start()
        _serve(orders, answers)
    return 0


def _listen(orders: queue.Queue[Order | None]) -> None:
    for line in sys.stdin:
        orders.put(json.loads(line))
    orders.put(None)
    # A job that is under way is of no use to anybody any more.
    time.sleep(SECONDS_TO_END)
    os._exit(1)


def _serve(orders: queue.Queue[Order | None], answers: BinaryIO) -> None:
    cluster: _Cluster | None = None
    while (order := orders.get()) is not None:
        content = b""
        try:
            if cluster is None:
                cluster = _Cluster(order)
            elif (answer := cluster.do(order)) is not None:
                content = _written(answer)
            report: Order = {"bytes": len(content)}
        except Exception as error:  # noqa: BLE001
            report = {"failed": "no start"} if cluster is None else _reason(error)
        answers.write(json.dumps(report).encode() + b"\n" + content)
        answers.flush()
    if cluster is not None:
        cluster.session.stop()


def _written(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    with pa.ipc.new_stream(buffer, table.schema) as writer:
        writer.write_table(table)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
