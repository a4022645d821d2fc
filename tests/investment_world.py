"""A small world in which an investment can be followed: counts of every stage, and the library."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml

from tests.support import observation, write_world

LIBRARY = Path(__file__).parents[1] / "data" / "training" / "library.yaml"
YEARS = range(2015, 2023)
COUNTS = {
    "AAA": (120, 90, 60, 30),
    "BBB": (40, 60, 20, 24),
    "CCC": (300, 200, 150, 90),
    "DDD": (15, 8, 4, "<5"),
}
"""Detected, suspected, prosecuted and convicted in each year. BBB convicts more persons than it
prosecutes; DDD prints its convictions as fewer than five."""
STAGES = (
    ("detected", "victims"),
    ("suspected", "persons"),
    ("prosecuted", "persons"),
    ("convicted", "persons"),
)


def counted(places: Iterable[str] = COUNTS) -> list[str]:
    """Rows of every stage, place and year."""
    return [
        observation(place, year, stage, unit, count)
        for place in places
        for year in YEARS
        for (stage, unit), count in zip(STAGES, COUNTS[place], strict=True)
    ]


def write_investment_world(folder: Path, rows: Iterable[str] | None = None) -> Path:
    """Write a world with an effect library and return the path of its config."""
    path = write_world(folder, counted() if rows is None else rows)
    shutil.copy(LIBRARY, folder / "library.yaml")
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["training"] = {"library": "library.yaml", "source": "office", "first_year": 2025}
    document["defaults"]["place"] = "AAA"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path
