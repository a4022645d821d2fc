"""Which snapshots of a folder stay: the last ones of each config, and who last built them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

SUFFIX = ".duckdb"
SUM_SUFFIX = ".sha256"
UNFINISHED = ".building-"
LAST_GOOD = "last-good.json"
SHORTEST_ID = re.compile(r"[0-9a-f]{8,16}", re.ASCII)


def names_of(folder: Path, config_path: Path) -> list[str]:
    """File names of the snapshots that were built from a config, the newest first."""
    return _known(folder).get(_config_key(config_path), [])


def remember(folder: Path, config_path: Path, path: Path, keep: int) -> None:
    """Note that a snapshot serves a config now, atomically; the key tells no path."""
    known, key = _known(folder), _config_key(config_path)
    others = [name for name in known.get(key, []) if name != path.name]
    listed = [path.name, *others][:keep]
    if known.get(key) != listed:
        write_text(folder / LAST_GOOD, json.dumps({**known, key: listed}, indent=1))


def drop_old(folder: Path, keep: int) -> None:
    """Delete the snapshots that no config keeps, but for the newest `keep` of the folder.

    A snapshot goes first, in one step, and what belongs to it after: whoever has it open reads on,
    and what a killed build left behind goes with the next one.
    """
    kept = {name for names in _known(folder).values() for name in names}
    for path in newest_first(folder)[keep:]:
        if path.name not in kept:
            with suppress(OSError):  # held open, where the system keeps such files
                path.unlink(missing_ok=True)
    for beside in folder.glob(f"*{SUM_SUFFIX}"):
        if not (folder / f"{beside.name.removesuffix(SUM_SUFFIX)}{SUFFIX}").exists():
            beside.unlink(missing_ok=True)


def newest_first(folder: Path) -> list[Path]:
    """Every snapshot of a folder."""
    built = [path for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith(".")]
    return sorted(built, key=lambda path: path.stat().st_mtime, reverse=True)


def kept_path(folder: Path, config_path: Path, id_: str) -> Path | None:
    """The file of a snapshot of a config by the first digits of its id; None where it is gone."""
    if not SHORTEST_ID.fullmatch(id_):
        return None
    named = (folder / name for name in names_of(folder, config_path) if name.startswith(id_))
    return next((path for path in named if is_whole(path)), None)


def is_whole(path: Path) -> bool:
    """Whether the file is there with the very bytes that were written."""
    try:
        return sum_file(path).read_text(encoding="ascii") == sum_line(path, path.name)
    except (OSError, UnicodeDecodeError):
        return False


def sum_file(path: Path) -> Path:
    """Where the sum of a snapshot stands."""
    return path.with_suffix(SUM_SUFFIX)


def sum_line(path: Path, name: str) -> str:
    """The sum of a file as `sha256sum --check` reads it."""
    with path.open("rb") as file:
        return f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n"


def write_text(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old one or the whole new one."""
    temporary = path.with_name(f"{UNFINISHED}{path.name}")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _known(folder: Path) -> dict[str, list[str]]:
    """Key of a config file -> names of its snapshots, the one that last served it first."""
    try:
        read = dict(json.loads((folder / LAST_GOOD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}
    return {key: _file_names(value) for key, value in read.items()}


def _file_names(value: Any) -> list[str]:
    """Names in a list; versions before this one wrote one name and no list."""
    listed: Iterable[Any] = value if isinstance(value, list) else [value]
    return [name for name in listed if isinstance(name, str) and Path(name).name == name]


def _config_key(config_path: Path) -> str:
    return hashlib.sha256(str(config_path).encode()).hexdigest()[:16]
