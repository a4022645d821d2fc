"""A running server's atlas: the newest good snapshot, whatever happens to the files.

When the config or a data file changes, the next snapshot is built beside the one that serves.
If that fails, the last good one goes on serving and `error` says what is wrong and where.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from gapatlas.atlas import Atlas, open_atlas, open_last_good
from gapatlas.config import Config
from gapatlas.errors import GapAtlasError

CHECK_EVERY_SECONDS = 1.0
Signature = tuple[tuple[str, int, int, int], ...]


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
        self._signature: Signature = ()
        self._builder: threading.Thread | None = None
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

    def wait(self, timeout: float = 60.0) -> Served:
        """Check now, wait for a build that is under way, and give its result."""
        with self._lock:
            self._checked_at = 0.0
            self._start_build_if_changed()
            builder = self._builder
        if builder is not None:
            builder.join(timeout)
        return self._served

    def _start_build_if_changed(self) -> None:
        now = time.monotonic()
        if now - self._checked_at < CHECK_EVERY_SECONDS:
            return
        self._checked_at = now
        if self._builder is not None and self._builder.is_alive():
            return
        if self._seen_now() != self._signature:
            self._builder = threading.Thread(target=self._bring_up_to_date, daemon=True)
            self._builder.start()

    def _bring_up_to_date(self) -> None:
        """Build and switch. Readers that hold the old atlas finish on it."""
        signature = self._seen_now()
        try:
            atlas = open_atlas(self._config_path)
        except GapAtlasError as error:
            self._served = Served(self._served.atlas or self._last_good(), error)
        else:
            self._served = Served(self._kept_or(atlas), None)
        self._signature = signature

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

    def _seen_now(self) -> Signature:
        atlas = self._served.atlas
        paths = [self._config_path]
        if atlas is not None:
            paths += files_of(atlas.config, self._config_path.parent)
        return tuple(_stamp(path) for path in paths)


def files_of(config: Config, root: Path) -> list[Path]:
    """Every data file that a config names."""
    named = [config.places]
    for dataset in config.datasets.values():
        named += [dataset.file, dataset.descriptor]
    return [root / relative for relative in dict.fromkeys(named)]


def _stamp(path: Path) -> tuple[str, int, int, int]:
    try:
        stat = path.stat()
    except OSError:
        return (path.name, -1, -1, -1)
    return (path.name, stat.st_mtime_ns, stat.st_size, stat.st_ino)
