"""Room `reading`: whatever table an office has, as cells of text with the rows of its file.

`read_cells` is imported on first use, so that a child process starts without pandas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gapatlas.reading.limits import LIMITS, Limits

if TYPE_CHECKING:
    from gapatlas.reading.reader import read_cells

__all__ = ["LIMITS", "Limits", "read_cells"]


def __getattr__(name: str) -> Any:
    if name != "read_cells":
        raise AttributeError(name)
    from gapatlas.reading.reader import read_cells

    return read_cells
