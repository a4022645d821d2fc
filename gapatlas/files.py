"""Room `files`: how a file is written, and what lies beside it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def unmerged(path: Path) -> Path:
    """Where the latest changes of an SQLite file lie until its writer merges them into it."""
    return path.with_name(f"{path.name}-wal")


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write bytes, or text as UTF-8, so that a reader sees the old file or the whole new one."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
