"""Room `topojson`: the little that is done with TopoJSON: decode, prune, minify."""

from __future__ import annotations

import json
from itertools import accumulate, chain, pairwise
from typing import Any

Topology = dict[str, Any]
Geometry = dict[str, Any]
Point = tuple[float, float]


def decoded_arcs(topology: Topology) -> list[list[Point]]:
    """Coordinates of every arc: undo the running differences and the quantisation."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        xs = accumulate(point[0] for point in arc)
        ys = accumulate(point[1] for point in arc)
        arcs.append([(x * sx + tx, y * sy + ty) for x, y in zip(xs, ys, strict=True)])
    return arcs


def polygon_rings(geometry: Geometry) -> list[list[list[int]]]:
    """Rings (lists of arc numbers) of each polygon of a Polygon or MultiPolygon."""
    if geometry["type"] == "Polygon":
        return [geometry["arcs"]]
    if geometry["type"] == "MultiPolygon":
        return list(geometry["arcs"])
    raise ValueError(f"geometry of type {geometry['type']!r}")


def ring_coordinates(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Join the arcs of a ring; ~n means arc n backwards. Shared end points appear once."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def unwrapped(points: list[Point]) -> list[Point]:
    """The same ring without jumps over the antimeridian: longitudes run on past 180 degrees."""
    result, turn = points[:1], 0
    for (before, _), (x, y) in pairwise(points):
        turn += 360 * ((x - before < -180) - (x - before > 180))
        result.append((x + turn, y))
    return result


def with_geometries(topology: Topology, name: str, geometries: list[Geometry]) -> Topology:
    """A topology with one object of these geometries and only the arcs that they use."""
    used = sorted({_plain(n) for g in geometries for n in _arc_numbers(g)})
    position = {old: new for new, old in enumerate(used)}

    def moved(number: int) -> int:
        return position[number] if number >= 0 else ~position[~number]

    kept = []
    for geometry in geometries:
        rings = [[[moved(n) for n in ring] for ring in p] for p in polygon_rings(geometry)]
        single = geometry["type"] == "Polygon"
        kept.append({**geometry, "arcs": rings[0] if single else rings})
    arcs = [topology["arcs"][number] for number in used]
    result: Topology = {
        "type": "Topology",
        "transform": topology["transform"],
        "objects": {name: {"type": "GeometryCollection", "geometries": kept}},
        "arcs": arcs,
    }
    points = list(chain.from_iterable(decoded_arcs(result)))
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return {"type": "Topology", "bbox": [min(xs), min(ys), max(xs), max(ys)], **result}


def with_points(topology: Topology, name: str, points: list[Geometry]) -> Topology:
    """A topology whose object `name` also holds these Point geometries, given in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    quantised = [
        {**point, "coordinates": [round((x - tx) / sx), round((y - ty) / sy)]}
        for point in points
        for x, y in [point["coordinates"]]
    ]
    shapes = topology["objects"][name]
    collection = {**shapes, "geometries": [*shapes["geometries"], *quantised]}
    return {**topology, "objects": {**topology["objects"], name: collection}}


def _arc_numbers(geometry: Geometry) -> list[int]:
    return [number for polygon in polygon_rings(geometry) for ring in polygon for number in ring]


def _plain(number: int) -> int:
    return number if number >= 0 else ~number


def merged(first: Geometry, second: Geometry) -> Geometry:
    """Two geometries as one MultiPolygon with the identity of the first."""
    polygons = polygon_rings(first) + polygon_rings(second)
    return {**first, "type": "MultiPolygon", "arcs": polygons}


def minified(topology: Topology) -> str:
    """JSON without spaces, non-ASCII names as they are."""
    return json.dumps(topology, separators=(",", ":"), ensure_ascii=False) + "\n"


def largest_polygon_point(geometry: Geometry, arcs: list[list[Point]]) -> Point:
    """A point inside the largest polygon (by area in degrees), rounded to 4 decimals."""
    from shapely import Polygon, make_valid

    shapes = []
    for rings in polygon_rings(geometry):
        outer, *holes = (unwrapped(ring_coordinates(ring, arcs)) for ring in rings)
        shapes.append(make_valid(Polygon(outer, holes)))
    point = max(shapes, key=lambda shape: shape.area).representative_point()
    return round((point.x + 180) % 360 - 180, 4), round(point.y, 4)
