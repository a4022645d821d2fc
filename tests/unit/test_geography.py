"""Which shapes draw which places, and what a file that is no map says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gapatlas.atlas import open_atlas
from gapatlas.config import load_config
from gapatlas.errors import GapAtlasError, UnknownNameError
from gapatlas.geography import read_topology, shape_ids, without_shape

ROOT = Path(__file__).parents[2]
PLACES = pd.DataFrame(
    {
        "jurisdiction_id": ["AAA", "BBB", "US-AA", "GU"],
        "level": ["country", "country", "us_state", "us_territory"],
    }
)


def write_shapes(path: Path, **changes: Any) -> Path:
    geometries = [
        {"type": "Polygon", "arcs": [], "properties": {"id": "AAA"}},
        {"type": "Point", "coordinates": [1, 2], "properties": {"id": "BBB"}},
        {"type": "Polygon", "arcs": [], "properties": {}},
        {"type": "Polygon", "arcs": []},
    ]
    shapes = {"type": "GeometryCollection", "geometries": geometries}
    topology = {"type": "Topology", "arcs": [], "objects": {"countries": shapes}, **changes}
    path.write_text(json.dumps(topology), encoding="utf-8")
    return path


def test_shapes_and_dots_are_known_by_their_place(tmp_path: Path) -> None:
    assert shape_ids(
        read_topology(write_shapes(tmp_path / "x.topojson")), "countries", "x.topojson"
    ) == ["AAA", "BBB"]


def test_the_shapes_of_a_map_join_to_figures_in_a_notebook() -> None:
    with open_atlas(ROOT / "config.yaml") as atlas:
        countries, states = atlas.shapes("country"), atlas.shapes("us_state")
        figures = atlas.measure("convicted_per_prosecuted", years=2022).data
        undrawn = set(atlas.without_shape("country")["jurisdiction_id"])
        with pytest.raises(UnknownNameError, match="Allowed: country"):
            atlas.shapes("county")
    assert countries.crs == "EPSG:4326"
    assert list(countries.columns) == ["jurisdiction_id", "name", "geometry"]
    assert countries["jurisdiction_id"].is_unique
    romania = countries.set_index("jurisdiction_id").geometry["ROU"].representative_point()
    assert (20 < romania.x < 30, 43 < romania.y < 49) == (True, True)
    joined = set(countries.merge(figures, on="jurisdiction_id")["jurisdiction_id"])
    assert joined == set(figures["jurisdiction_id"]) - undrawn
    assert (len(states), states.crs) == (51, None)


def test_an_object_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(GapAtlasError) as caught:
        shape_ids(read_topology(write_shapes(tmp_path / "x.topojson")), "states", "x.topojson")
    (problem,) = caught.value.problems
    assert (problem.where, problem.found, problem.allowed) == ("x.topojson", "states", "countries")


@pytest.mark.parametrize(
    ("level", "drawn", "left"),
    [
        ("country", [], ["AAA", "BBB"]),
        ("country", ["AAA", "US-AA"], ["BBB"]),
        ("us_state", ["US-AA"], ["GU"]),
        ("us_state", ["US-AA", "GU"], []),
    ],
)
def test_places_of_a_level_without_shape_are_listed(
    level: str, drawn: list[str], left: list[str]
) -> None:
    found = without_shape(PLACES, level, drawn)
    assert found["jurisdiction_id"].tolist() == left
    assert found.index.tolist() == list(range(len(left)))


def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    path = write_shapes(tmp_path / "x.topojson")
    first = read_topology(path)
    assert read_topology(path) is first
    write_shapes(path, objects={"countries": {"type": "GeometryCollection", "geometries": []}})
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000))
    assert shape_ids(read_topology(path), "countries", path.name) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The shapes can't be read"),
        (b"{", "The shapes can't be read"),
        (b"[]", "it is not TopoJSON"),
        (b'{"type": "FeatureCollection"}', "it is not TopoJSON"),
        (b'{"type": "Topology"}', "it holds no objects"),
        (b'{"type": "Topology", "objects": []}', "it holds no objects"),
        (b"\xff\xfe", "The shapes can't be read"),
    ],
)
def test_what_is_no_map_is_an_error_that_names_the_file(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "x.topojson"
    path.write_bytes(content)
    with pytest.raises(GapAtlasError) as caught:
        read_topology(path)
    (problem,) = caught.value.problems
    assert problem.where == "x.topojson"
    assert message in problem.message
    assert str(tmp_path) not in str(caught.value)


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(GapAtlasError, match=r"gone\.topojson"):
        read_topology(tmp_path / "gone.topojson")


def test_the_shipped_maps_draw_known_places_and_marked_areas_and_none_twice() -> None:
    """An area that no place of the table stands for carries an id that begins with X-."""
    loaded = load_config(ROOT / "config.yaml")
    places = pd.read_csv(loaded.resolve(loaded.config.places[0].file), keep_default_na=False)
    for map_ in loaded.config.maps.values():
        drawn = shape_ids(read_topology(loaded.resolve(map_.file)), map_.feature, map_.file)
        assert drawn
        assert len(drawn) == len(set(drawn))
        others = set(drawn) - set(places["jurisdiction_id"])
        assert all(id_.startswith("X-") for id_ in others)
