"""Boundaries: shapes and places from two made-up npm packages of unit squares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gapatlas.importers import IMPORTERS
from gapatlas.importers.boundaries import Boundaries
from gapatlas.topojson import (
    decoded_arcs,
    polygon_rings,
    ring_coordinates,
    unwrapped,
    with_geometries,
)
from tests.fixtures.importers.published import square, write_packages


def geometries(text: str, name: str) -> dict[str, dict[str, object]]:
    return {g["id"]: g for g in json.loads(text)["objects"][name]["geometries"]}


def test_shapes_carry_our_ids_and_antarctica_and_land_are_left_out(tmp_path: Path) -> None:
    result = IMPORTERS["boundaries"].read(write_packages(tmp_path))
    text = result.shapes["world-50m.topojson"]
    shapes = geometries(text, "countries")
    names = {i: g["properties"] for i, g in shapes.items()}
    assert names == {
        "ROU": {"id": "ROU", "name": "Romania"},
        "AUS": {"id": "AUS", "name": "Australia"},
        "XKX": {"id": "XKX", "name": "Kosovo"},
        "X-SOMALILAND": {"id": "X-SOMALILAND", "name": "Somaliland"},
    }
    assert list(json.loads(text)["objects"]) == ["countries"]  # no land
    assert ", " not in text
    assert text.count("\n") == 1


def test_what_only_the_finer_map_draws_is_a_dot_on_the_coarse_one(tmp_path: Path) -> None:
    """Romania is the only shape of the coarse fixture; Australia's square spans x 2 to 3."""
    result = IMPORTERS["boundaries"].read(write_packages(tmp_path))
    coarse = result.shapes["world-110m.topojson"]
    drawn = geometries(coarse, "countries")
    dots = {place: shape for place, shape in drawn.items() if shape["type"] == "Point"}
    assert set(drawn) - set(dots) == {"ROU"}
    assert set(dots) == {"AUS", "XKX", "X-SOMALILAND"}
    assert dots["AUS"]["properties"] == {"id": "AUS", "name": "Australia", "dot": True}
    assert dots["AUS"]["coordinates"] in ([2, 0], [3, 0], [2, 1], [3, 1])


def test_two_shapes_of_one_code_become_one(tmp_path: Path) -> None:
    result = IMPORTERS["boundaries"].read(write_packages(tmp_path))
    australia = geometries(result.shapes["world-50m.topojson"], "countries")["AUS"]
    assert (australia["type"], len(polygon_rings(australia))) == ("MultiPolygon", 2)
    (notice,) = result.notices
    assert "Ashmore" in notice.message


def test_arcs_that_no_shape_uses_are_dropped_and_the_others_draw_the_same(tmp_path: Path) -> None:
    """Antarctica's square (the fourth) goes; Kosovo's stays at x 8 to 9."""
    result = IMPORTERS["boundaries"].read(write_packages(tmp_path))
    topology = json.loads(result.shapes["world-50m.topojson"])
    assert len(topology["arcs"]) == 5
    arcs = decoded_arcs(topology)
    (((ring,),)) = polygon_rings(geometries(json.dumps(topology), "countries")["XKX"])
    assert ring_coordinates(ring, arcs) == [(8, 0), (9, 0), (9, 1), (8, 1), (8, 0)]
    assert topology["bbox"] == [0, 0, 11, 1]


def test_reversed_and_shared_arcs_survive_the_pruning() -> None:
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [square(9, 9), [[0, 0], [2, 0], [0, 2]], [[0, 0], [2, 2]]],
    }
    shape = {"type": "Polygon", "arcs": [[1, ~2]], "id": "A", "properties": {}}
    pruned = with_geometries(topology, "x", [shape])
    (kept,) = pruned["objects"]["x"]["geometries"]
    assert kept["arcs"] == [[0, ~1]]
    assert ring_coordinates(kept["arcs"][0], decoded_arcs(pruned)) == [
        (0, 0), (2, 0), (2, 2), (0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ring", "expected"),
    [
        ([(179, 0), (-179, 0), (-179, 1), (179, 0)], [(179, 0), (181, 0), (181, 1), (179, 0)]),
        ([(-179, 0), (179, 0), (179, 1)], [(-179, 0), (-181, 0), (-181, 1)]),
        ([(10, 0), (100, 0), (10, 1)], [(10, 0), (100, 0), (10, 1)]),
    ],
)
def test_a_ring_over_the_antimeridian_is_unwrapped(
    ring: list[tuple[float, float]], expected: list[tuple[float, float]]
) -> None:
    assert unwrapped(ring) == expected


def test_places(tmp_path: Path) -> None:
    table = IMPORTERS["boundaries"].read(write_packages(tmp_path)).tables["places"]
    place = table.set_index("jurisdiction_id").to_dict("index")
    assert place["ROU"] == {
        "name": "Romania", "level": "country", "parent_id": "", "iso2": "RO", "iso_numeric": "642",
        "usps": "", "region": "Europe", "subregion": "Eastern Europe", "longitude": "0.5",
        "latitude": "0.5", "shape_110m": "true", "shape_50m": "true",
    }  # fmt: skip
    assert (place["XKX"]["shape_110m"], place["XKX"]["shape_50m"]) == ("false", "true")
    assert (place["ATA"]["shape_50m"], place["ATA"]["region"]) == ("false", "")
    assert place["US-NE"]["subregion"] == "West North Central"
    assert (place["US-PR"]["level"], place["US-PR"]["shape_50m"]) == ("us_territory", "false")
    assert place["US-PR"]["longitude"] == "4.5"
    assert place["X-SARK"]["parent_id"] == "GBR"
    assert (place["US-FED"]["level"], place["US-FED"]["parent_id"]) == ("other", "USA")
    assert table["jurisdiction_id"].tolist() == sorted(table["jurisdiction_id"])


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("NLD", "Netherlands"), ("USA", "United States"), ("BOL", "Bolivia"), ("TUR", "Türkiye"),
        ("IRN", "Iran"), ("KOR", "South Korea"), ("CIV", "Côte d'Ivoire"), ("COD", "DR Congo"),
        ("RUS", "Russia"), ("XKX", "Kosovo"),
    ],
)  # fmt: skip
def test_short_names(tmp_path: Path, code: str, name: str) -> None:
    table = IMPORTERS["boundaries"].read(write_packages(tmp_path)).tables["places"]
    assert table.set_index("jurisdiction_id")["name"][code] == name


def test_either_package_or_their_folder_gives_the_same(tmp_path: Path) -> None:
    write_packages(tmp_path)
    whole = Boundaries().read(tmp_path)
    for name in ("us-atlas-9.9.9.tgz", "world-atlas-9.9.9.tgz"):
        assert Boundaries().read(tmp_path / name).shapes == whole.shapes


def test_write_puts_shapes_beside_the_data(tmp_path: Path) -> None:
    result = Boundaries().read(write_packages(tmp_path))
    written = Boundaries().write(result, tmp_path / "data" / "places")
    assert {p.relative_to(tmp_path).as_posix() for p in written} == {
        "data/places/places.csv", "data/places/descriptor.yaml",
        "static/shapes/world-110m.topojson", "static/shapes/world-50m.topojson",
        "static/shapes/us-states-albers.topojson",
    }  # fmt: skip
    assert all(path.exists() for path in written)
