"""Shapes that a map draws, and how it looks at them: projection, middle and height."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import altair as alt

from gapatlas.config import Map

HEIGHT_PER_WIDTH = {"equalEarth": 0.47, "naturalEarth1": 0.5, "mercator": 0.6, "identity": 0.62}
FITTED_HEIGHTS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2)
"""Heights, per width, that a map takes which is fitted to one country."""
DOT_RADIUS = 3
NAMES_OF_SHAPES = "names_of_shapes"
NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})
Bounds = tuple[float, float, float, float]
"""West, south, east and north, in degrees; the east can lie beyond 180."""


@dataclass(frozen=True)
class Shapes:
    """TopoJSON features of places.

    Attributes:
        data: the features.
        bounds: the box around them, where it is known.
        names: id of a place -> its name in the language of the reader, where its shape has
            another.
    """

    data: alt.UrlData | alt.InlineData
    bounds: Bounds | None = None
    names: Mapping[str, str] = field(default_factory=dict)


def shapes_by_url(
    map_: Map, url: str, topology: dict[str, Any], names: Mapping[str, str] = NO_NAMES
) -> Shapes:
    """Shapes that the browser fetches once and keeps.

    Args:
        names: id of a place -> its name in the language of the reader.
    """
    data = alt.topo_feature(url, map_.feature)
    return Shapes(data, bounds_of(topology), _other_names(topology, map_.feature, names))


def shapes_inline(
    map_: Map, topology: dict[str, Any], names: Mapping[str, str] = NO_NAMES
) -> Shapes:
    """Shapes that travel with the chart: for files, notebooks, and folders no server serves.

    Args:
        names: id of a place -> its name in the language of the reader.
    """
    form = alt.TopoDataFormat(feature=map_.feature, type="topojson")
    data = alt.InlineData(values=topology, format=form)
    return Shapes(data, bounds_of(topology), _other_names(topology, map_.feature, names))


def _other_names(
    topology: dict[str, Any], feature: str, names: Mapping[str, str]
) -> dict[str, str]:
    """The names of drawn places that are not those of their shapes."""
    if not names:
        return {}
    drawn = topology.get("objects", {}).get(feature, {}).get("geometries", [])
    own = (geometry.get("properties", {}) for geometry in drawn)
    shapes = {each["id"]: each.get("name") for each in own if each.get("id") in names}
    return {id_: names[id_] for id_, name in shapes.items() if names[id_] != name}


def name_of_shape(shapes: Shapes) -> str:
    """A Vega expression: the name of a place in the language of the reader."""
    own = "datum.properties.name"
    return f"{NAMES_OF_SHAPES}[datum.properties.id] || {own}" if shapes.names else own


def names_of_shapes(shapes: Shapes) -> list[alt.Parameter]:
    """What `name_of_shape` looks names up in; nothing where the shapes have the right ones."""
    if not shapes.names:
        return []
    return [alt.param(name=NAMES_OF_SHAPES, value=dict(shapes.names))]


def bounds_of(topology: dict[str, Any]) -> Bounds | None:
    """The box around the shapes, as the TopoJSON tells it."""
    box = topology.get("bbox")
    return (box[0], box[1], box[2], box[3]) if box and len(box) == 4 else None


def height_per_width(map_: Map, bounds: Bounds | None) -> float:
    """How high a map is for its width, so that its places fill it."""
    return height_of_projection(map_.projection, bounds)


def height_of_projection(projection: str, bounds: Bounds | None) -> float:
    """As `height_per_width`, by the name that the config or Vega has for the projection."""
    if projection in HEIGHT_PER_WIDTH:
        return HEIGHT_PER_WIDTH[projection]
    if bounds is None:
        return HEIGHT_PER_WIDTH["mercator"]
    west, south, east, north = bounds
    wide = (east - west) * max(0.05, math.cos(math.radians((south + north) / 2)))
    wanted = (north - south) / wide if wide else FITTED_HEIGHTS[-1]
    return min(FITTED_HEIGHTS, key=lambda height: abs(height - wanted))


def stripes(map_: Map | None) -> int:
    """How many stripes a striped shape has: provinces that fill a map are larger than countries."""
    return 7 if map_ is not None and map_.projection == "fitted" else 3


def projected(chart: Any, map_: Map, bounds: Bounds | None) -> Any:
    """The chart in the projection of its map; a fitted one looks at the middle of its places."""
    if map_.projection == "identity":
        return chart.project(type="identity")
    if map_.projection != "fitted":
        return chart.project(type=map_.projection, pointRadius=DOT_RADIUS)
    west, south, east, north = bounds or (-180.0, -60.0, 180.0, 85.0)
    middle = [round(-(west + east) / 2, 3), round(-(south + north) / 2, 3), 0]
    return chart.project(type="azimuthalEqualArea", rotate=middle, pointRadius=DOT_RADIUS)
