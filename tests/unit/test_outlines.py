"""Boundary files: each format gives the same map, and what is no map is refused with its place."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from gapatlas.config import Map
from gapatlas.errors import Problem, ValidationError
from gapatlas.geography import shapes
from gapatlas.outlines import Outlines, features, outlines, read_features
from tests.province_world import CODES, MAP, NAMES, boundaries

pytestmark = pytest.mark.usefixtures("said_problems")

FILE = "provinces"
PLACES = {f"EX-{code}": name for code, name in zip(CODES, NAMES, strict=True)}
UTM = 32633


def drawn(path: Path, places: dict[str, str] = PLACES, **changes: Any) -> Outlines:
    map_ = Map.model_validate({**MAP, "boundaries": path.name, **changes})
    return outlines(read_features(path, map_.layer, path.name), map_, places, path.name)


def shown(found: Outlines) -> geopandas.GeoDataFrame:
    return shapes(json.loads(found.topology), "places", FILE, projected=False)


def refused(path: Path, **changes: Any) -> Problem:
    with pytest.raises(ValidationError) as caught:
        drawn(path, **changes)
    return caught.value.problems[0]


def geojson(folder: Path, *shapes_: Any, **members: Any) -> Path:
    """A file of shapes with the codes 01, 02, ..."""
    parts = [
        {"type": "Feature", "properties": {"CODE": code}, "geometry": shape}
        for code, shape in zip(CODES, shapes_, strict=False)
    ]
    path = folder / f"{FILE}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": parts, **members}))
    return path


def square(x: float = 0, y: float = 0, side: float = 1) -> dict[str, Any]:
    return dict(shapely.box(x, y, x + side, y + side).__geo_interface__)


def written(folder: Path, ending: str) -> Path:
    """The made-up provinces in another format."""
    path = folder / f"{FILE}{ending}"
    provinces = boundaries()
    if ending == ".geojson":
        path.write_text(provinces.to_json(), encoding="utf-8")
    elif ending == ".gpkg":
        provinces.to_crs(UTM).to_file(path, layer="admin1")
    elif ending == ".shp":
        provinces.to_crs(UTM).to_file(path, encoding="utf-8")
    elif ending == ".zip":
        source = written(folder, ".shp")
        with zipfile.ZipFile(path, "w") as archive:
            for file in folder.glob(f"{FILE}.*"):
                if file != path:
                    archive.write(file, f"inside/{file.name}")
        source.unlink()
    else:
        found = drawn(written(folder, ".geojson"))
        topology = json.loads(found.topology)
        for shape in topology["objects"]["places"]["geometries"]:
            shape["properties"]["CODE"] = shape["id"].removeprefix("EX-")
        path.write_text(json.dumps(topology), encoding="utf-8")
    return path


# ---------------------------------------------------------------- what is drawn


@pytest.mark.parametrize("ending", [".geojson", ".topojson", ".shp", ".zip", ".gpkg"])
def test_every_format_draws_every_place_where_it_lies(tmp_path: Path, ending: str) -> None:
    found = drawn(written(tmp_path, ending))

    provinces = shown(found).set_index("jurisdiction_id")
    assert sorted(provinces.index) == sorted(PLACES)
    assert dict(provinces["name"]) == PLACES
    assert provinces.is_valid.all()
    truth = boundaries().set_index("CODE").geometry
    for id_, shape in provinces.geometry.items():
        whole = truth[id_.removeprefix("EX-")]
        main = max(shapely.get_parts(whole), key=shapely.area)
        assert shape.symmetric_difference(main).area < 0.02 * main.area, id_
        assert shapely.contains(main, shapely.Point(found.points[id_])), id_
    assert len(found.topology) < 20_000


def test_a_border_is_stored_once_and_leaves_no_gap(tmp_path: Path) -> None:
    found = drawn(written(tmp_path, ".geojson"))

    mainland = shown(found)[lambda each: each["name"] != "Isle of Quoll"]
    assert shapely.coverage_is_valid(mainland.geometry.to_numpy())
    topology = json.loads(found.topology)
    used = [
        number if number >= 0 else ~number
        for shape in topology["objects"]["places"]["geometries"]
        for polygon in shape["arcs"]
        for ring in polygon
        for number in ring
    ]
    assert np.bincount(used).max() == 2
    assert np.bincount(used).min() == 1


def test_outer_lines_run_clockwise_as_browsers_ask(tmp_path: Path) -> None:
    topology = json.loads(drawn(written(tmp_path, ".geojson")).topology)

    path = tmp_path / "again.topojson"
    path.write_text(json.dumps(topology))
    for shape in read_features(path, None, "again").geometry:
        assert not any(part.exterior.is_ccw for part in shapely.get_parts(shape))


def test_small_parts_far_out_at_sea_do_not_make_the_rest_tiny(tmp_path: Path) -> None:
    found = drawn(written(tmp_path, ".geojson"))

    assert json.loads(found.topology)["bbox"][2] < 20
    [notice] = found.notices
    assert "far from all others" in notice.message
    assert (notice.found, notice.severity) == ("Aldermoor", "notice")


def test_a_whole_place_far_away_stays_on_the_map(tmp_path: Path) -> None:
    found = drawn(geojson(tmp_path, square(), square(1), square(20)))

    assert list(shown(found)["jurisdiction_id"]) == ["EX-01", "EX-02", "EX-03"]
    assert json.loads(found.topology)["bbox"] == pytest.approx([0, 0, 21, 1], abs=0.02)


def test_places_on_both_sides_of_the_180th_meridian_lie_side_by_side(tmp_path: Path) -> None:
    found = drawn(geojson(tmp_path, square(178), square(179), square(-180)))

    west, _, east, _ = json.loads(found.topology)["bbox"]
    assert (west, east) == pytest.approx((178, 181), abs=0.01)
    assert found.points["EX-03"] == (-179.5, 0.5)


def test_a_place_too_small_to_see_is_a_dot(tmp_path: Path) -> None:
    found = drawn(geojson(tmp_path, square(0, 0, 10), square(12, 5, 0.005)))

    kinds = {
        shape["id"]: (shape["type"], shape["properties"].get("dot"))
        for shape in json.loads(found.topology)["objects"]["places"]["geometries"]
    }
    assert kinds == {"EX-01": ("MultiPolygon", None), "EX-02": ("Point", True)}


def test_shapes_of_one_id_are_one_place_and_a_lake_can_be_left_out(tmp_path: Path) -> None:
    path = geojson(tmp_path, square(), square(1), square(2))
    path.write_text(path.read_text().replace('"02"', '"01"').replace('"03"', '"LAKE"'))

    found = drawn(path, leave_out=["LAKE"])

    assert list(shown(found)["jurisdiction_id"]) == ["EX-01"]
    assert shown(found).total_bounds.tolist() == pytest.approx([0, 0, 2, 1], abs=0.01)


def test_places_without_a_shape_are_named(tmp_path: Path) -> None:
    found = drawn(geojson(tmp_path, square()), places=dict(list(PLACES.items())[:3]))

    [notice] = found.notices
    assert (notice.found, notice.severity) == ("Brackwater, Caldria", "notice")


def test_a_line_that_crosses_itself_is_mended_and_told(tmp_path: Path) -> None:
    bowtie = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}

    found = drawn(geojson(tmp_path, bowtie, square(2)), places=dict(list(PLACES.items())[:2]))

    areas = shapely.area(shown(found).geometry.to_numpy())
    assert areas.round(2).tolist() == [2.0, 1.0]
    assert found.notices[0].found == "shape 1"


def test_a_detailed_file_becomes_a_small_map(tmp_path: Path) -> None:
    angles = np.linspace(0, 2 * np.pi, 100_000)
    rough = 5 + sum(np.sin(wave * angles) / wave for wave in (7, 31, 153, 1207, 9001))
    rough[-1] = rough[0]
    coast = shapely.Polygon(np.column_stack([rough * np.cos(angles), rough * np.sin(angles)]))
    assert coast.is_valid

    found = drawn(geojson(tmp_path, coast.__geo_interface__))

    assert len(found.topology) < 400_000


# ---------------------------------------------------------------- projections


def test_coordinates_in_metres_are_read_with_their_number(tmp_path: Path) -> None:
    metres = square(500_000, 4_500_000, 100_000)
    path = geojson(tmp_path, metres)

    problem = refused(path)
    assert "no places on the earth" in problem.message
    assert "EPSG" in str(problem.allowed)
    name = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{UTM}"}}
    found = drawn(geojson(tmp_path, metres, crs=name))
    assert found.points["EX-01"] == pytest.approx((15.6, 41.1), abs=0.1)


def test_a_shapefile_without_a_projection_takes_that_of_the_config(tmp_path: Path) -> None:
    path = written(tmp_path, ".shp")
    path.with_suffix(".prj").unlink()

    assert "no places on the earth" in refused(path).message
    assert len(drawn(path, crs=UTM).points) == 12


# ---------------------------------------------------------------- what is refused


def test_ids_that_are_no_place_are_listed_with_ids_that_are_near(tmp_path: Path) -> None:
    path = geojson(tmp_path, square(), square(1))

    problem = refused(path, prefix="EXX-")

    assert (problem.row, problem.column, problem.found) == (1, "CODE", "'01'")
    assert "EX-01" in str(problem.allowed)
    assert "leave_out" in str(problem.allowed)


def test_a_column_that_is_not_there_is_refused_with_those_that_are_near(tmp_path: Path) -> None:
    problem = refused(geojson(tmp_path, square()), id_column="KODE")

    assert (problem.column, problem.allowed) == ("KODE", "CODE")


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, "no area"),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0], [0, 0]]]},
            "encloses nothing",
        ),
        ({"type": "Polygon", "coordinates": "here"}, "can't be read"),
        ({"type": "Polygon", "coordinates": [[[0, 99], [1, 99], [1, 100], [0, 99]]]}, "the earth"),
    ],
)
def test_a_shape_that_is_no_area_is_refused(tmp_path: Path, shape: Any, told: str) -> None:
    assert told in refused(geojson(tmp_path, square(), shape)).message


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.geojson", b"<OGRVRTDataSource/>", "not a boundary file"),
        ("x.shp", b"<OGRVRTDataSource/>", "not a boundary file"),
        ("x.gpkg", b"{}", "not a boundary file"),
        ("x.kml", b"<kml/>", "not a boundary file"),
        ("x.geojson", b'{"type": "FeatureCollection", "feat', "not JSON"),
        ("x.geojson", b'{"a":' * 100_000, "not JSON"),
        ("x.geojson", b'{"type": "gdal_streamed_alg", "command_line": "x"}', "no map"),
        ("x.geojson", b'{"type": "FeatureCollection", "features": 3}', "broken"),
        ("x.geojson", b'{"type": "FeatureCollection", "features": []}', "no shapes"),
        ("x.topojson", b'{"type": "Topology", "objects": {"a": 1, "b": 2}}', "several objects"),
        ("x.zip", b"PK\x03\x04broken", "can't be read"),
        ("x.gpkg", b"SQLite format 3\x00broken", "can't be read"),
        ("x.shp", b"\x00\x00\x27\x0abroken", "missing: x.dbf"),
    ],
)
def test_what_is_no_map_ends_in_one_clear_problem(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)

    assert told in refused(tmp_path / name).message


def test_a_projection_that_names_a_file_is_refused(tmp_path: Path) -> None:
    name = {"type": "name", "properties": {"name": "+init=/etc/passwd:1"}}

    assert "projection" in refused(geojson(tmp_path, square(), crs=name)).message


def test_a_broken_shapefile_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, ".shp")
    path.write_bytes(path.read_bytes()[:120])
    path.with_suffix(".shx").write_bytes(b"short")

    assert "can't be read" in refused(path).message


def test_a_zip_has_to_hold_one_shapefile(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")

    assert "one shapefile" in refused(path).message


def test_a_geopackage_with_several_layers_needs_one_of_them(tmp_path: Path) -> None:
    path = written(tmp_path, ".gpkg")
    boundaries().to_file(path, layer="admin2")

    assert refused(path).found == "admin1, admin2"
    assert refused(path, layer="admin3").allowed == "admin2, admin1"
    assert len(drawn(path, layer="admin2").points) == 12


def test_a_geopackage_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, ".gpkg")
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE VIRTUAL TABLE more USING fts5(name)")

    assert "lead elsewhere" in refused(path).message


@pytest.mark.parametrize(
    ("limit", "value"),
    [("JSON_BYTES", 100), ("FILE_BYTES", 100), ("MOST_SHAPES", 1), ("MOST_POINTS", 9)],
)
def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    path = geojson(tmp_path, square(), square(1))
    monkeypatch.setattr(features, limit, value)

    assert "too large" in refused(path).message
