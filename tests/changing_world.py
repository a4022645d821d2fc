"""A small world whose count changes: what the tests of builds and of their failures share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.build import SUFFIX
from tests.support import config_of, observation, write_world

COUNT = 5


def rows_with(count: int) -> list[str]:
    return [
        observation("AAA", 2020, "convicted", "persons", count),
        observation("AAA", 2020, "prosecuted", "persons", 7),
        observation("BBB", 2020, "convicted", "persons", "<5"),
    ]


def change_data(path: Path, count: int) -> None:
    write_world(path.parent, rows_with(count), [("AAA", 2020, 1000)])


def change_config(path: Path, **changes: Any) -> None:
    text = yaml.safe_dump({**config_of(), **changes}, sort_keys=False)
    path.write_text(text, encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in the folder but the lock, byte by byte."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != ".lock"}


def snapshots_in(folder: Path) -> set[str]:
    return {p.name for p in folder.glob(f"*{SUFFIX}")}


def convicted_in(atlas: Atlas) -> int:
    stages = atlas.stages("AAA")
    return int(stages.loc[stages["stage"] == "convicted", "count_low"].iloc[0])


def served_count(path: Path) -> int:
    with open_atlas(path) as atlas:
        return convicted_in(atlas)
