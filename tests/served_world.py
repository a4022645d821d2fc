"""A small world whose one count changes while it is served: for the tests of a live atlas."""

from __future__ import annotations

from pathlib import Path

from gapatlas.atlas import Atlas
from tests.support import observation, write_world

GOOD = 5


def write(folder: Path, count: int) -> Path:
    return write_world(folder, [observation("AAA", 2020, "convicted", "persons", count)])


def count_in(atlas: Atlas | None) -> int:
    assert atlas is not None
    return int(atlas.stages("AAA")["count_low"].iloc[0])
