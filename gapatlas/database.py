"""Room `database`: a snapshot, opened read-only and hardened.

The connection can't write, load extensions, or touch any other file, and its settings are
locked. Each call takes its own cursor (threads that share one get each other's rows) and is
stopped when its time is up.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from gapatlas.config import Limits
from gapatlas.errors import Problem, QueryError
from gapatlas.languages import worded
from gapatlas.sql import query_text as _sql

HARDENED: dict[str, Any] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
}
_opening = threading.Lock()


class Database:
    """Read-only access to one snapshot.

    Args:
        path: the snapshot file.
        limits: time, memory and threads that queries may use; None means those of the config
            from which the snapshot was built. Memory and threads are shared by everyone in the
            process who has the same file open, and stay as the first of them set them.

    Attributes:
        told: takes the name of a query and its rows, and gives the rows as they are told, such as
            with names in a reader's language. As they are, until somebody sets it.

    Raises:
        QueryError: the file is missing or is not a snapshot.
    """

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self.path = path
        self.told: Callable[[str, pd.DataFrame], pd.DataFrame] = lambda _name, table: table
        try:
            with _opening:
                self._connection = duckdb.connect(str(path), read_only=True, config=HARDENED)
                self.limits = limits or self._limits_of_its_config()
                self._lock_settings()
        except (duckdb.Error, OSError) as error:
            problem = Problem(path.name, str(error).replace(str(path), path.name))
            raise QueryError(worded("The snapshot cannot be opened."), [problem]) from None

    def _limits_of_its_config(self) -> Limits:
        meta = dict(self._connection.execute(_sql("meta")).fetchall())
        try:
            return Limits.model_validate(json.loads(meta["config"])["limits"])
        except (KeyError, ValueError):  # of another version: then the usual ones
            return Limits()

    def _lock_settings(self) -> None:
        settings = self._connection.execute("SELECT current_setting('lock_configuration')")
        if settings.fetchall() == [(True,)]:
            return
        self._connection.execute(f"SET memory_limit = '{self.limits.memory_mb:d}MB'")
        self._connection.execute(f"SET threads = {self.limits.threads:d}")
        self._connection.execute("SET lock_configuration = true")

    def query(self, name: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run one of the files in `sql/` with its `$named` parameters.

        Args:
            name: file name without `.sql`.
            parameters: a value for each parameter of the file.

        Returns:
            The rows, one column per column of the query.

        Raises:
            QueryError: the query fails, or runs longer than the limit.
        """
        return self.told(name, self.run(name, _sql(name), parameters))

    def run(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run SQL text under the same limits; `name` stands in errors."""
        try:
            cursor = self._connection.cursor()
        except duckdb.Error as error:
            raise QueryError(
                worded("The snapshot is closed."), [Problem(name, str(error))]
            ) from error
        seconds = self.limits.query_seconds
        timer = threading.Timer(seconds, _interrupt, [cursor])
        timer.daemon = True
        timer.start()
        try:
            return cursor.execute(sql, dict(parameters or {})).df()
        except duckdb.InterruptException:
            message = worded(
                "The query took longer than {seconds} seconds and was stopped.",
                seconds=f"{seconds:g}",
            )
            raise QueryError(message, [Problem(f"{name}.sql", message)]) from None
        except duckdb.Error as error:
            raise QueryError(
                worded("A query failed."), [Problem(f"{name}.sql", str(error))]
            ) from error
        finally:
            timer.cancel()
            cursor.close()

    def close(self) -> None:
        """Close the snapshot; later queries fail."""
        self._connection.close()


def _interrupt(cursor: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.Error):  # closed in the same moment
        cursor.interrupt()
