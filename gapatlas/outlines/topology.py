"""Polygons as TopoJSON: a line between two places is stored once, on a grid of whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import numpy as np

from gapatlas.topojson import Geometry, Point, Topology, with_points

STEPS: Final = 20_000
"""Steps of the grid over the longer side of the map."""
Spot = tuple[int, int]
Ring = list[Spot]
"""Corners in order, the first not repeated at the end."""


def topology(
    polygons: Mapping[str, list[list[np.ndarray]]],
    names: Mapping[str, str],
    dots: Mapping[str, Point],
    name: str,
) -> Topology:
    """A topology with one object.

    Args:
        polygons: place id -> polygons -> rings, the outer first, each of shape (n, 2): longitude
            and latitude, the first corner repeated at the end.
        names: place id -> name.
        dots: place id -> a point in degrees, for places that are too small for a shape.
        name: of the object.
    """
    every = np.concatenate(
        [ring for parts in polygons.values() for rings in parts for ring in rings]
        + [np.array([point]) for point in dots.values()]
    )
    (west, south), (east, north) = every.min(axis=0).tolist(), every.max(axis=0).tolist()
    scale = max(east - west, north - south, 1e-6) / STEPS
    gridded = {
        place: [
            rings for part in parts if (rings := _on_grid(part, np.array([west, south]), scale))
        ]
        for place, parts in polygons.items()
    }
    arcs = _Arcs([ring for parts in gridded.values() for rings in parts for ring in rings])
    shapes: list[Geometry] = [
        {
            "type": "MultiPolygon",
            "id": place,
            "properties": {"id": place, "name": names[place]},
            "arcs": [[arcs.of(ring) for ring in rings] for rings in parts],
        }
        for place, parts in gridded.items()
        if parts
    ]
    made = {
        "type": "Topology",
        "bbox": [west, south, east, north],
        "transform": {"scale": [scale, scale], "translate": [west, south]},
        "objects": {name: {"type": "GeometryCollection", "geometries": shapes}},
        "arcs": arcs.differences(),
    }
    return with_points(made, name, [_dot(id_, names[id_], point) for id_, point in dots.items()])


def _dot(place: str, name: str, point: Point) -> Geometry:
    return {
        "type": "Point",
        "id": place,
        "properties": {"id": place, "name": name, "dot": True},
        "coordinates": list(point),
    }


def _on_grid(rings: list[np.ndarray], origin: np.ndarray, scale: float) -> list[Ring]:
    """Rings in whole numbers: the outer one clockwise, holes the other way, as browsers draw;
    nothing where the outer one has no area left."""
    outer, *holes = (_corners(np.rint((ring - origin) / scale).astype(int)) for ring in rings)
    if not _area(outer):
        return []
    return [_turned(outer, clockwise=True)] + [
        _turned(hole, clockwise=False) for hole in holes if _area(hole)
    ]


def _corners(spots: np.ndarray) -> Ring:
    """Corners of a closed ring, those that fall together once."""
    ring = [(int(x), int(y)) for x, y in spots[:-1]]
    return [spot for at, spot in enumerate(ring) if spot != ring[at - 1]]


def _area(ring: Ring) -> int:
    """Twice the area of a ring, negative where it runs clockwise."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*ring, *ring[:1]]))


def _turned(ring: Ring, *, clockwise: bool) -> Ring:
    return ring if (_area(ring) < 0) == clockwise else ring[::-1]


class _Arcs:
    """The lines of all rings, cut where rings meet or part, each kept once."""

    def __init__(self, rings: list[Ring]) -> None:
        self._ends = _meeting_points(rings)
        self._arcs: list[tuple[Spot, ...]] = []
        self._numbers: dict[tuple[Spot, ...], int] = {}

    def of(self, ring: Ring) -> list[int]:
        """Numbers of the arcs that make a ring; ~n means arc n backwards."""
        cuts = [at for at, spot in enumerate(ring) if spot in self._ends]
        if not cuts:
            start = ring.index(min(ring))
            return [self._number((*ring[start:], *ring[: start + 1]))]
        turned = [*ring[cuts[0] :], *ring[: cuts[0] + 1]]
        ends = [*(at - cuts[0] for at in cuts), len(ring)]
        return [self._number(tuple(turned[a : b + 1])) for a, b in pairwise(ends)]

    def _number(self, arc: tuple[Spot, ...]) -> int:
        if arc in self._numbers:
            return self._numbers[arc]
        if arc[::-1] in self._numbers:
            return ~self._numbers[arc[::-1]]
        self._numbers[arc] = len(self._arcs)
        self._arcs.append(arc)
        return self._numbers[arc]

    def differences(self) -> list[list[list[int]]]:
        """Each arc as its first spot and the steps from spot to spot."""
        return [
            [list(arc[0]), *([bx - ax, by - ay] for (ax, ay), (bx, by) in pairwise(arc))]
            for arc in self._arcs
        ]


def _meeting_points(rings: list[Ring]) -> set[Spot]:
    """Spots that have other neighbours in one ring than in another."""
    neighbours: dict[Spot, frozenset[Spot]] = {}
    meeting: set[Spot] = set()
    for ring in rings:
        for at, spot in enumerate(ring):
            beside = frozenset((ring[at - 1], ring[(at + 1) % len(ring)]))
            if neighbours.setdefault(spot, beside) != beside:
                meeting.add(spot)
    return meeting
