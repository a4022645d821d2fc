"""Rows of a table as named tuples, for code that reads them one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def rows(table: pd.DataFrame) -> Iterator[Any]:
    """Each row with its columns as attributes."""
    return iter(table.itertuples())


def only_row(table: pd.DataFrame) -> Any:
    """The first row, for tables that hold one."""
    return next(rows(table))
