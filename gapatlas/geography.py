"""Room `geography`: which shapes draw which places, and which places have none."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from gapatlas.config import Map
from gapatlas.config.vocabulary import LEVELS_OF_MAP
from gapatlas.errors import GapAtlasError, Problem

POINTS = "points"
"""Object of a TopoJSON file that holds a dot for each place too small for a shape."""


def without_shape(places: pd.DataFrame, map_: Map | None, level: str) -> pd.DataFrame:
    """Places of a level that their map draws neither as a shape nor as a dot.

    Args:
        places: the places table, one row per place.
        map_: the map of the level; None where the config has none.
        level: level of the places.

    Returns:
        Rows of `places`, in their order.
    """
    of_level = places[places["level"].isin(LEVELS_OF_MAP[level])]
    if map_ is None:
        return of_level.reset_index(drop=True)
    drawn = of_level[map_.shape_flag]
    if map_.dots:
        drawn = drawn | of_level["longitude"].notna()
    return of_level[~drawn].reset_index(drop=True)


def read_topology(path: Path) -> dict[str, Any]:
    """A TopoJSON file as plain data; each file is read once while it stays unchanged.

    Raises:
        GapAtlasError: the file is missing or is not TopoJSON.
    """
    try:
        return _topology(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        problem = Problem(path.name, f"The shapes can't be read: {error}.".replace(str(path), ""))
        raise GapAtlasError("A map has no shapes.", [problem]) from None


@lru_cache(maxsize=8)
def _topology(path: Path, _modified: int) -> dict[str, Any]:
    topology: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if topology.get("type") != "Topology":
        raise ValueError("it is not TopoJSON")
    return topology


def shape_ids(path: Path, object_name: str) -> list[str]:
    """Place ids that the shapes of one object of a TopoJSON file carry."""
    topology = read_topology(path)
    geometries = topology["objects"].get(object_name, {}).get("geometries", [])
    return [geometry["properties"]["id"] for geometry in geometries]
