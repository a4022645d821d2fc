"""Room `database`: a snapshot, opened read-only and hardened.

The connection can't write, load extensions, or touch any other file, and its settings are
locked. Each call takes its own cursor (threads that share one get each other's rows) and is
stopped when its time is up.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from gapatlas.errors import Problem, QueryError


class Database:
    """Read-only access to one snapshot.

    Args:
        path: the snapshot file.
        query_seconds: time after which a query is stopped.
        memory_mb: memory that all queries together may use, in megabytes.
        threads: threads that all queries share.

    Raises:
        QueryError: the file is missing or is not a snapshot.
    """

    def __init__(
        self, path: Path, *, query_seconds: float = 5.0, memory_mb: int = 512, threads: int = 2
    ) -> None:
        self.path = path
        self.query_seconds = query_seconds
        settings: dict[str, Any] = {
            "enable_external_access": "false",
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "python_enable_replacements": "false",
            "memory_limit": f"{memory_mb}MB",
            "threads": threads,
            "lock_configuration": "true",
        }
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=settings)
        except (duckdb.Error, OSError) as error:
            problem = Problem(path.name, str(error).replace(str(path), path.name))
            raise QueryError("The snapshot cannot be opened.", [problem]) from None

    def query(self, name: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run one of the files in `sql/` with its `$named` parameters.

        Args:
            name: file name without `.sql`.
            parameters: a value for each parameter of the file.

        Returns:
            The rows, one column per column of the query.

        Raises:
            QueryError: the query fails, or runs longer than `query_seconds`.
        """
        return self.run(name, _sql(name), parameters)

    def run(self, name: str, sql: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run SQL text under the same limits; `name` stands in errors."""
        cursor = self._connection.cursor()
        timer = threading.Timer(self.query_seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            return cursor.execute(sql, dict(parameters or {})).df()
        except duckdb.InterruptException:
            message = f"The query took longer than {self.query_seconds:g} seconds and was stopped."
            raise QueryError(message, [Problem(f"{name}.sql", message)]) from None
        except duckdb.Error as error:
            raise QueryError("A query failed.", [Problem(f"{name}.sql", str(error))]) from error
        finally:
            timer.cancel()
            cursor.close()

    def close(self) -> None:
        """Close the snapshot; later queries fail."""
        self._connection.close()


@cache
def _sql(name: str) -> str:
    return resources.files("gapatlas.sql").joinpath(f"{name}.sql").read_text(encoding="utf-8")
