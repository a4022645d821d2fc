"""Shapes with place ids as a small TopoJSON in degrees, and a point inside each of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gapatlas.config import Map, near_names
from gapatlas.errors import Problem, ValidationError
from gapatlas.languages import in_a_row, worded
from gapatlas.outlines.features import Features
from gapatlas.outlines.topology import topology
from gapatlas.tables import shown
from gapatlas.topojson import Point, minified

if TYPE_CHECKING:
    import geopandas

PIXELS: Final = 900
"""Longer side of a map on a screen: what is smaller than one of them is not drawn."""
MOST_DRAWN: Final = 25_000
"""Corners that a map may have; a file with more is drawn coarser."""
GRID: Final = 0.25
"""Pixels between the points that a line may have."""
DOT_PIXELS: Final = 3
FAR: Final = 0.25
"""How far beyond the main parts of all places a part may lie, in widths of the map."""
SMALL_PART: Final = 0.05
"""Share of a place's area up to which a far part is left off the map."""
NAMED: Final = 20
"""How many places or ids one notice names."""


@dataclass(frozen=True)
class Outlines:
    """What a map draws of an analyst's own boundaries.

    Attributes:
        topology: TopoJSON in degrees, one object named `config.place_models.OUTLINES`.
        points: place id -> longitude and latitude of a point inside its largest part.
        notices: what was mended or left off, and places without a shape.
    """

    topology: str
    points: dict[str, Point]
    notices: list[Problem] = field(default_factory=list)


def outlines(features: Features, map_: Map, places: Mapping[str, str], where: str) -> Outlines:
    """Check the shapes of a boundary file and make them small.

    Args:
        features: the shapes as the file has them.
        map_: the map of the config that draws them.
        places: id -> name of every place of the map's level.
        where: what problems call the file.

    Raises:
        ValidationError: ids that are not known, shapes that are no areas or can't be mended,
            coordinates that are no places on the earth.
    """
    notices: list[Problem] = []
    ids = _ids(features, map_, places, where)
    placed = _in_degrees(features, map_, where)[ids != ""]
    numbered = features.attributes.index[ids != ""]
    sound = _sound(placed, numbered, where, notices)
    by_place = _one_each(ids[ids != ""].to_numpy(), sound)
    if by_place.empty:
        raise _refused([Problem(where, worded("No shape of the file is a place of the map."))])
    without = [name for id_, name in places.items() if id_ not in by_place.index]
    if without:
        message = worded("Places have no shape here: they stand in the tables only.")
        notices.append(_notice(where, message, without))
    plane = _Plane.of(by_place)
    flat = plane.flat(by_place)
    points = {id_: plane.point(shape) for id_, shape in flat.items()}
    near, far_off = _without_far_parts(flat)
    if far_off:
        message = worded("Small parts lie far from all others and are left off the map.")
        notices.append(_notice(where, message, [places[id_] for id_ in far_off]))
    drawn, dots = _drawn(near)
    polygons = {id_: plane.rings(shape) for id_, shape in drawn.items()}
    spots = {id_: plane.point(near[id_]) for id_ in dots}
    made = topology(polygons, places, spots, map_.feature)
    return Outlines(minified(made), points, notices)


def _refused(problems: list[Problem]) -> ValidationError:
    return ValidationError(worded("The boundaries of a map cannot be used."), problems)


def _notice(where: str, message: str, names: list[str]) -> Problem:
    found, left = in_a_row(names[:NAMED]), len(names) - NAMED
    if left > 0:
        found = worded("{names} and {count} more", names=found, count=left)
    return Problem(where, message, found=found, severity="notice")


# ---------------------------------------------------------------- which shape is which place


def _ids(features: Features, map_: Map, places: Mapping[str, str], where: str) -> Any:
    """The place id of each shape; empty where the config leaves it out."""
    table = features.attributes
    column = str(map_.id_column)
    if column not in table:
        message = worded("The boundary file has no such column.")
        allowed = near_names(column, table.columns)
        raise _refused([Problem(where, message, column=column, allowed=allowed)])
    printed = table[column]
    ids = (map_.prefix + printed).mask(printed.isin(map_.leave_out), "")
    strange = (ids != "") & ~ids.isin(list(places))
    problems = [
        Problem(
            where,
            worded("The shape is of no place of this level."),
            row=int(row),
            column=column,
            found=shown(str(printed[row])),
            allowed=worded(
                "ids such as {names}; or name it in `leave_out`",
                names=near_names(str(ids[row]), places),
            ),
        )
        for row in table.index[strange][:NAMED]
    ]
    if strange.sum() > NAMED:
        more = int(strange.sum()) - NAMED
        problems.append(
            Problem(where, worded("And {more} more shapes of no place.", more=more), column=column)
        )
    if problems:
        raise _refused(problems)
    return ids


def _one_each(ids: np.ndarray, shapes: np.ndarray) -> geopandas.GeoSeries:
    """One area per place: shapes of one id belong together."""
    import geopandas
    import shapely

    order = list(dict.fromkeys(ids.tolist()))
    joined = {}
    for id_ in order:
        own = shapes[ids == id_]
        joined[id_] = own[0] if len(own) == 1 else shapely.union_all(own)
    return geopandas.GeoSeries({id_: shape for id_, shape in joined.items() if not shape.is_empty})


# ---------------------------------------------------------------- degrees, and sound areas


def _in_degrees(features: Features, map_: Map, where: str) -> np.ndarray:
    """The shapes in longitude and latitude."""
    import geopandas
    import pyproj

    crs = features.crs or (map_.crs and f"EPSG:{map_.crs}")
    series = geopandas.GeoSeries(features.geometry)
    try:
        placed = series.set_crs(crs or "EPSG:4326").to_crs("EPSG:4326")
    except pyproj.exceptions.ProjError:
        message = worded("The projection of the boundaries is not known.")
        allowed = worded("`crs` in the config, with the EPSG number")
        raise _refused([Problem(where, message, found=shown(str(crs)), allowed=allowed)]) from None
    west, south, east, north = placed.total_bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        allowed = (
            worded("degrees")
            if map_.crs
            else worded("degrees; `crs` in the config names the EPSG number of another unit")
        )
        raise _refused(
            [
                Problem(
                    where,
                    worded("The coordinates are no places on the earth."),
                    found=worded(
                        "{first} to {last}", first=f"{west:g} {south:g}", last=f"{east:g} {north:g}"
                    ),
                    allowed=allowed,
                )
            ]
        )
    return np.asarray(placed.array)


def _sound(shapes: np.ndarray, numbers: Any, where: str, notices: list[Problem]) -> np.ndarray:
    """The shapes as areas without faults; lines that cross themselves are mended."""
    import shapely

    areas = np.isin(shapely.get_type_id(shapes), (3, 6))
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    problems = [
        Problem(
            where, worded("The shape is no area."), row=int(numbers[at]), allowed=worded("polygons")
        )
        for at in (~areas & ~missing).nonzero()[0][:NAMED]
    ]
    broken = areas & ~shapely.is_valid(shapes)
    mended = shapes.copy()
    mended[broken] = [_areas_of(shapely.make_valid(shape)) for shape in shapes[broken]]
    lost = areas & ~missing & (shapely.area(mended) == 0)
    problems += [
        Problem(
            where,
            worded("The shape encloses nothing."),
            row=int(numbers[at]),
            allowed=worded("polygons"),
        )
        for at in lost.nonzero()[0][:NAMED]
    ]
    if problems:
        raise _refused(problems)
    if broken.any():
        rows = [worded("shape {number}", number=numbers[at]) for at in broken.nonzero()[0]]
        notices.append(_notice(where, worded("Lines that cross themselves were mended."), rows))
    mended[missing] = shapely.Polygon()
    return mended


def _areas_of(shape: Any) -> Any:
    """The areas of a shape, without the lines and points that mending leaves."""
    import shapely

    parts = [part for part in shapely.get_parts(shape) if shapely.get_type_id(part) in (3, 6)]
    return shapely.union_all(parts)


# ---------------------------------------------------------------- the plane that is simplified


@dataclass(frozen=True)
class _Plane:
    """Degrees around the middle of the map: east-west ones are as long as north-south ones, and
    longitudes run on past 180 where the places do."""

    west: float
    narrow: float

    @classmethod
    def of(cls, shapes: geopandas.GeoSeries) -> _Plane:
        import shapely

        bounds = shapely.bounds(shapely.get_parts(shapes.array))
        middle = (bounds[:, 1].min() + bounds[:, 3].max()) / 2
        return cls(_western_edge(bounds), max(0.05, math.cos(math.radians(middle))))

    def flat(self, shapes: geopandas.GeoSeries) -> geopandas.GeoSeries:
        import shapely

        def moved(shape: Any) -> Any:
            parts = shapely.get_parts(shape)
            behind = shapely.bounds(parts)[:, 0] < self.west - 1e-9
            if behind.any():
                over = shapely.transform(parts[behind], lambda at: at + np.array([360.0, 0.0]))
                shape = shapely.union_all([*parts[~behind], *over])
            return shapely.transform(shape, lambda at: at * np.array([self.narrow, 1.0]))

        return shapes.map(moved)

    def rings(self, shape: Any) -> list[list[np.ndarray]]:
        """Polygons -> rings in degrees, the outer one first."""
        import shapely

        return [
            [
                shapely.get_coordinates(ring) / np.array([self.narrow, 1.0])
                for ring in (part.exterior, *part.interiors)
            ]
            for part in shapely.get_parts(shape)
        ]

    def point(self, shape: Any) -> Point:
        """A point inside the largest part, in degrees to four decimals."""
        inside = _largest(shape).representative_point()
        longitude = (inside.x / self.narrow + 180) % 360 - 180
        return round(longitude, 4), round(inside.y, 4)


def _western_edge(bounds: np.ndarray) -> float:
    """Where the widest stretch without places ends: -180 at the least, unless places lie on both
    sides of the 180th meridian."""
    order = bounds[np.argsort(bounds[:, 0])]
    covered = np.maximum.accumulate(order[:, 2])
    across = order[0, 0] + 360 - covered[-1]
    gaps = order[1:, 0] - covered[:-1]
    if not len(gaps) or gaps.max() <= max(across, 180.0):
        return float(order[0, 0])
    return float(order[1:, 0][gaps.argmax()])


def _largest(shape: Any) -> Any:
    import shapely

    parts = shapely.get_parts(shape)
    return parts[shapely.area(parts).argmax()]


# ---------------------------------------------------------------- what is drawn


def _without_far_parts(
    flat: geopandas.GeoSeries,
) -> tuple[geopandas.GeoSeries, list[str]]:
    """The shapes without small parts that lie far from the main parts of all places, which would
    make the rest tiny; and the places that lost one."""
    import shapely

    main = shapely.bounds(flat.map(_largest).array)
    west, south = main[:, :2].min(axis=0)
    east, north = main[:, 2:].max(axis=0)
    reach = FAR * max(east - west, north - south)
    frame = shapely.box(west - reach, south - reach, east + reach, north + reach)
    near, lost = {}, []
    for id_, shape in flat.items():
        parts = shapely.get_parts(shape)
        small = shapely.area(parts) <= SMALL_PART * shapely.area(shape)
        far = small & ~shapely.intersects(parts, frame)
        near[id_] = shapely.multipolygons(parts[~far])
        lost += [str(id_)] if far.any() else []
    return type(flat)(near), lost


def _drawn(near: geopandas.GeoSeries) -> tuple[dict[str, Any], list[str]]:
    """Simplified shapes by place, and the places that are too small for one."""
    import shapely

    west, south, east, north = near.total_bounds
    pixel = max(east - west, north - south) / PIXELS
    # On one grid, borders agree that two makers drew a hair's breadth apart.
    seen = {
        id_: shapely.set_precision(_parts_to_see(shape, pixel), pixel * GRID)
        for id_, shape in near.items()
    }
    dots = [id_ for id_, shape in seen.items() if _side(shape) < DOT_PIXELS * pixel]
    ids = [id_ for id_ in seen if id_ not in dots]
    shapes = np.array([seen[id_] for id_ in ids], dtype=object)
    tolerance = pixel / 2
    simple = shapely.coverage_simplify(shapes, tolerance)
    while shapely.get_num_coordinates(simple).sum() > MOST_DRAWN and tolerance < 20 * pixel:
        tolerance *= 1.5
        simple = shapely.coverage_simplify(shapes, tolerance)
    return dict(zip(ids, simple, strict=True)), dots


def _side(shape: Any) -> float:
    """The longer side of the box around a shape."""
    west, south, east, north = shape.bounds if not shape.is_empty else (0, 0, 0, 0)
    return float(max(east - west, north - south))


def _parts_to_see(shape: Any, pixel: float) -> Any:
    """A shape without islands smaller than a pixel; its largest part stays."""
    import shapely

    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    return shapely.multipolygons(parts[(areas >= pixel**2) | (areas == areas.max())])
