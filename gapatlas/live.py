"""A running server's atlas: the newest good snapshot, whatever happens to the files.

When the config or a data file changes, the next snapshot is built beside the one that serves.
If that fails, the last good one goes on serving and `error` says what is wrong and where.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gapatlas.atlas import Atlas, open_atlas, open_last_good
from gapatlas.config import with_side_files
from gapatlas.config.reading_rules import format_by_name
from gapatlas.config.yaml_lines import read_yaml
from gapatlas.errors import BuildError, ConfigError, GapAtlasError, Problem
from gapatlas.files import unmerged
from gapatlas.languages import worded

CHECK_EVERY_SECONDS = 0.3
RETRY_SECONDS = 15.0
FILE_KEYS = frozenset({"places", "file", "descriptor", "shapes", "boundaries", "library"})
"""Keys of a config whose values are files."""
Stamp = tuple[str, int, int, int, int]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """What a reader is given: an atlas (None where there never was a good one), and the error
    that keeps newer data from being shown, if any."""

    atlas: Atlas | None
    error: GapAtlasError | None


class LiveAtlas:
    """Keeps one config's atlas up to date. Safe to share between threads."""

    def __init__(self, config_path: Path) -> None:
        self._config_path = config_path.resolve()
        self._lock = threading.Lock()
        self._checked_at = 0.0
        self._stamps: dict[Path, Stamp] = {}
        self._builder: threading.Thread | None = None
        self._retry_at = math.inf
        self._served = Served(None, None)
        self._bring_up_to_date()

    def current(self) -> Served:
        """The atlas to show now. Never waits for a build; a change shows a few seconds later."""
        if self._lock.acquire(blocking=False):
            try:
                self._start_build_if_changed()
            finally:
                self._lock.release()
        return self._served

    @property
    def is_building(self) -> bool:
        """Whether something newer than what `current` gives is under way."""
        return self._builder is not None and self._builder.is_alive()

    def wait(self, timeout: float = 60.0) -> Served:
        """Check now, wait until what the files say now is built, and give the result."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            with self._lock:
                self._build_if_changed()
                builder = self._builder
            if builder is None or not builder.is_alive():
                break
            builder.join(max(0.0, end - time.monotonic()))
        return self._served

    def _start_build_if_changed(self) -> None:
        now = time.monotonic()
        if now - self._checked_at >= CHECK_EVERY_SECONDS:
            self._checked_at = now
            self._build_if_changed()

    def _build_if_changed(self) -> None:
        if self.is_building:
            return
        if stamps(self._stamps) != self._stamps or time.monotonic() >= self._retry_at:
            self._builder = threading.Thread(target=self._bring_up_to_date, daemon=True)
            self._builder.start()

    def _bring_up_to_date(self) -> None:
        """Build and switch. Readers that hold the old atlas finish on it."""
        # The config before the files that it names, and all before the build: what changes in
        # between is seen as a change by the next check.
        seen = stamps([self._config_path])
        seen |= stamps(files_named_in(self._config_path))
        self._served = self._newest()
        self._stamps = seen
        # A full disk or a busy lock passes by itself: no file will change, so try again.
        self._retry_at = time.monotonic() + RETRY_SECONDS if self._passing_fault() else math.inf

    def _passing_fault(self) -> bool:
        return isinstance(self._served.error, BuildError)

    def _newest(self) -> Served:
        try:
            return Served(self._kept_or(open_atlas(self._config_path)), None)
        except GapAtlasError as error:
            return Served(self._served.atlas or self._last_good(), error)
        except Exception as error:
            # A server outlives whatever a build does; the log has the particulars.
            log.exception("The build failed in a way that nobody foresaw.")
            problem = Problem(self._config_path.name, f"{type(error).__name__}: {error}")
            unforeseen = GapAtlasError(worded("The build failed in an unforeseen way."), [problem])
            return Served(self._served.atlas or self._last_good(), unforeseen)

    def _kept_or(self, atlas: Atlas) -> Atlas:
        serving = self._served.atlas
        if serving is not None and serving.snapshot.id == atlas.snapshot.id:
            atlas.close()
            return serving
        return atlas

    def _last_good(self) -> Atlas | None:
        try:
            return open_last_good(self._config_path)
        except GapAtlasError:
            return None


def files_named_in(config_path: Path) -> list[Path]:
    """Every file that a config names, also where it has faults: mending them is seen too."""
    try:
        data = read_yaml(config_path).data
    except ConfigError:
        return []
    named = [config_path.parent / relative for relative in dict.fromkeys(_file_values(data))]
    # The latest changes of a database may come to lie beside it at any time.
    later = [unmerged(path) for path in named if format_by_name(path.name) == "sqlite"]
    return [*(file for path in named for file in with_side_files(path)), *later]


def _file_values(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _file_values(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key in FILE_KEYS:
                yield from _texts(value)
            yield from _file_values(value)


def _texts(value: Any) -> Iterator[str]:
    """A text, or the texts in a list."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item


def stamps(paths: Iterable[Path]) -> dict[Path, Stamp]:
    """What changes when a file's content does; of a folder, each file in it has a stamp."""
    return {file: _stamp(file) for path in paths for file in (path, *_inside(path))}


def _inside(path: Path) -> Iterator[Path]:
    return path.rglob("*") if path.is_dir() else iter(())


def _stamp(path: Path) -> Stamp:
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return (path.name, -1, -1, -1, -1)
    return (path.name, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)
