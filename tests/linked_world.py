"""A small world with a conviction rate whose counts change: for links to earlier data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.support import Count, observation, ratio, write_world

RATE = "/conviction_rates?measure=convicted_per_prosecuted&place=AAA&year=2021&window=1&peers=all"
THEN = (30, 12, 20)
NOW = (40, 12, 20)
"""Convictions of AAA, BBB and CCC in 2021, of 100 prosecuted each."""


def write_rates(folder: Path, convicted: Sequence[Count], **config: Any) -> Path:
    """Write the world with these convictions and return the path of its config."""
    rows = [
        observation(place, year, stage, "persons", count)
        for place, number in zip(("AAA", "BBB", "CCC"), convicted, strict=True)
        for year, stage, count in (
            (2020, "convicted", 25),
            (2020, "prosecuted", 100),
            (2021, "convicted", number),
            (2021, "prosecuted", 100),
        )
    ]
    rate = ratio(
        ("convicted", "persons"),
        ("prosecuted", "persons"),
        title="Convicted per prosecuted",
        rate="same_year",
    )
    path = write_world(folder, rows, measures={"convicted_per_prosecuted": rate})
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document.update(config)
    document["defaults"].update(measure="convicted_per_prosecuted", place="AAA", window=1)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path
