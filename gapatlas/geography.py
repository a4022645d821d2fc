"""Room `geography`: which shapes draw which places, and which places have none."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    import geopandas

from gapatlas.config.vocabulary import LEVELS_OF_MAP
from gapatlas.errors import GapAtlasError, Problem
from gapatlas.languages import mark, worded
from gapatlas.topojson import minified

APP_FOLDER = Path(__file__).resolve().parents[1]
"""Folder of `dashboard.py`, whose `static/` the server serves."""
_SERVED: Final = "app/static/"
_INSIDE: Final = "data:application/json;base64,"


def without_shape(places: pd.DataFrame, level: str, drawn: Collection[str]) -> pd.DataFrame:
    """Places of a level that their map draws neither as a shape nor as a dot.

    Args:
        places: the places table, one row per place.
        level: level of a map.
        drawn: ids that the map draws; see `shape_ids`.

    Returns:
        Rows of `places`, in their order.
    """
    of_level = places[places["level"].isin(LEVELS_OF_MAP[level])]
    return of_level[~of_level["jurisdiction_id"].isin(drawn)].reset_index(drop=True)


def read_topology(path: Path) -> dict[str, Any]:
    """A TopoJSON file as plain data; each file is read once while it stays unchanged.

    Raises:
        GapAtlasError: the file is missing or is not TopoJSON.
    """
    try:
        return _topology(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        reason = worded(str(error).replace(str(path), ""))
        problem = Problem(path.name, worded("The shapes can't be read: {reason}.", reason=reason))
        raise GapAtlasError(worded("A map has no shapes."), [problem]) from None


@lru_cache(maxsize=8)
def _topology(path: Path, _modified: int) -> dict[str, Any]:
    topology = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(topology, dict) or topology.get("type") != "Topology":
        raise ValueError(mark("it is not TopoJSON"))
    if not isinstance(topology.get("objects"), dict):
        raise ValueError(mark("it holds no objects"))
    return topology


def served_address(path: Path) -> str:
    """Where a browser finds a file of the folder that the server serves."""
    return f"{_SERVED}{path.relative_to(APP_FOLDER / 'static').as_posix()}"


def address_of(topology: dict[str, Any]) -> str:
    """An address that holds the shapes themselves, for shapes that no server serves."""
    return f"{_INSIDE}{base64.b64encode(minified(topology).encode()).decode()}"


def topology_at(address: str) -> dict[str, Any]:
    """The TopoJSON behind an address that a map of the app names.

    Raises:
        ValueError: an address of another kind; nothing is fetched from a network.
        GapAtlasError: the file is missing or is not TopoJSON.
    """
    if address.startswith(_INSIDE):
        return dict(json.loads(base64.b64decode(address.removeprefix(_INSIDE))))
    served = (APP_FOLDER / "static").resolve()
    path = (served / address.removeprefix(_SERVED)).resolve()
    if not address.startswith(_SERVED) or not path.is_relative_to(served):
        raise ValueError(f"'{address[:80]}' is no shape that this app serves")
    return read_topology(path)


def shapes(
    topology: dict[str, Any], object_name: str, where: str, *, projected: bool
) -> geopandas.GeoDataFrame:
    """Shapes and dots of one object of a TopoJSON, for joins and plots in notebooks.

    Args:
        topology: the TopoJSON.
        object_name: object in it.
        where: what problems call its file.
        projected: whether its coordinates are those of a drawing, not degrees.

    Returns:
        Columns jurisdiction_id, name and geometry, one row per place; longitude and latitude
        (EPSG:4326) unless projected.

    Raises:
        GapAtlasError: there is no such object.
    """
    import geopandas  # half a second that only notebooks need

    shape_ids(topology, object_name, where)
    frame = geopandas.read_file(BytesIO(json.dumps(topology).encode()), layer=object_name)
    kept = frame.rename(columns={"id": "jurisdiction_id"})[["jurisdiction_id", "name", "geometry"]]
    return kept if projected else kept.set_crs("EPSG:4326")


def shape_ids(topology: dict[str, Any], object_name: str, where: str) -> list[str]:
    """Place ids that the shapes and dots of one object of a TopoJSON carry.

    Args:
        topology: the TopoJSON.
        object_name: object in it.
        where: what problems call its file.

    Raises:
        GapAtlasError: there is no such object.
    """
    objects = topology["objects"]
    if object_name not in objects:
        allowed = ", ".join(sorted(objects))
        problem = Problem(where, worded("No such object."), found=object_name, allowed=allowed)
        raise GapAtlasError(worded("A map names shapes that are not there."), [problem])
    geometries = objects[object_name].get("geometries", [])
    known = (geometry.get("properties", {}).get("id") for geometry in geometries)
    return [id_ for id_ in known if id_ is not None]
