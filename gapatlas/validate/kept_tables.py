"""Small tables that were read for an earlier build of this process.

A server builds anew when one file changes. Each of the others would be opened again in a process
of its own, and these starts are most of the time of such a build.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from gapatlas.catalogue import FileVersion, file_version
from gapatlas.config.reading_models import Reading
from gapatlas.reading import read_cells
from gapatlas.tables import CsvCells

MOST_TABLES: Final = 32
MOST_CELLS: Final = 100_000
"""A larger table is read each time: it would stay in the memory of the server."""

_kept: dict[tuple[str, str, str, str], CsvCells] = {}


def cells_of(version: FileVersion, options: Reading, shown: str, root: Path) -> CsvCells:
    """The cells of a file, read anew only where its content or how it is opened has changed.

    Args:
        version: the file with the content that it has now.
        options, shown, root: as in `read_cells`.

    Raises:
        ValidationError: the table can't be read; nothing is kept of it.
    """
    key = (version.sha256, str(version.path), options.model_dump_json(), shown)
    cells = _kept.pop(key, None) or read_cells(version.path, options, shown, root=root)
    if cells.frame.size <= MOST_CELLS and _is_still(version):
        _kept[key] = cells
        while len(_kept) > MOST_TABLES:
            _kept.pop(next(iter(_kept)), None)
    return replace(cells, frame=cells.frame.copy())


def _is_still(version: FileVersion) -> bool:
    """Whether the file was not replaced while it was read: its cells would be kept as those of
    another content."""
    return file_version(version.path).sha256 == version.sha256
