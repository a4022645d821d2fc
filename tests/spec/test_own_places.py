"""Places from an analyst's own tables and maps from own boundaries: what the config may say, and
how a fault names the row and the column of the analyst's file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.catalogue import read_catalogue
from gapatlas.config import load_config
from gapatlas.errors import ConfigError, GapAtlasError, Problem, ValidationError
from gapatlas.live import files_named_in
from gapatlas.validate import Checked, place_ids, validate
from tests.province_world import IDS, NAMES, boundaries, write_province_world
from tests.support import PLACES

Change = Callable[[dict[str, Any]], Any]
OBSERVED = ["EX-01", "EX-02"]


def world(folder: Path, change: Change = lambda _: None) -> Path:
    """The provinces, with two of their counts, after a change of the config."""
    path = write_province_world(folder)
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(config)
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return path


def checked(path: Path) -> Checked:
    return validate(read_catalogue(load_config(path)))


def problems(path: Path) -> list[Problem]:
    with pytest.raises(GapAtlasError) as caught:
        checked(path)
    return list(caught.value.problems)


def of_places(**changes: Any) -> Change:
    return lambda config: config["places"][0].update(changes)


def of_map(**changes: Any) -> Change:
    return lambda config: config["maps"]["provinces"].update(changes)


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def opened(tmp_path: Path) -> Atlas:
    return open_atlas(world(tmp_path))


# ---------------------------------------------------------------- what is read


def test_provinces_have_their_own_codes_regions_and_points(tmp_path: Path) -> None:
    places = checked(world(tmp_path)).places.set_index("jurisdiction_id")

    assert list(places.index) == list(IDS)
    assert places["name"].tolist() == list(NAMES)
    assert set(places["level"]) == {"province"}
    assert set(places["region"]) == {"Examplia"}
    assert places.loc["EX-09", ["longitude", "latitude"]].tolist() == pytest.approx(
        [18.3, 40.2], abs=0.1
    )


def test_a_table_of_places_may_be_of_any_kind(tmp_path: Path) -> None:
    text = "\n".join(["CODE;NAME", *(f"{id_[3:]};Córdoba {id_}" for id_ in IDS), ""])
    read = {"encoding": "cp1252", "delimiter": ";"}
    path = world(tmp_path, of_places(columns={"CODE": "id", "NAME": "name"}, read=read))
    (tmp_path / "provinces.csv").write_text(text, encoding="cp1252")
    names = [f"Córdoba {id_}" for id_ in IDS]
    assert checked(path).places["name"].tolist() == names

    pd.DataFrame({"CODE": [id_[3:] for id_ in IDS], "NAME": names}).to_excel(
        tmp_path / "provinces.xlsx", sheet_name="List", index=False
    )
    blocks = {"file": "provinces.xlsx", "columns": {"CODE": "id", "NAME": "name"}}
    other = of_places(**blocks, read={"sheet": "List"})
    assert checked(world(tmp_path, other)).places["name"].tolist() == names


def test_what_places_are_read_with_is_held_to_the_line_of_the_config(tmp_path: Path) -> None:
    [found] = problems(world(tmp_path, of_places(read={"sheet": "List"})))
    assert found.column == "places.0.read.sheet"
    assert found.row
    assert found.message == "This means nothing for csv."


def test_places_in_another_encoding_are_told_the_line_to_write(tmp_path: Path) -> None:
    path = world(tmp_path)
    table = tmp_path / "provinces.csv"
    table.write_text(table.read_text().replace("Aldermoor", "Córdoba"), encoding="cp1252")
    [found] = problems(path)
    assert "`encoding: " in str(found.allowed)


@pytest.mark.parametrize("name", ["provinces.csv", "office.csv", "about.yaml", "provinces.geojson"])
def test_what_is_too_large_is_not_even_hashed(tmp_path: Path, name: str) -> None:
    path = world(tmp_path)
    with (tmp_path / name).open("ab") as file:
        file.truncate(3_000_000_000)  # it takes no room on the disk
    [found] = [each for each in problems(path) if each.where == name][:1]
    assert (found.message, found.found) == ("The file is too large.", "3,000 MB")


def test_places_in_our_columns_have_a_limit_of_their_own(tmp_path: Path) -> None:
    path = world(tmp_path, lambda config: config.update(places="places.csv"))
    with (tmp_path / "places.csv").open("wb") as file:
        file.truncate(100_000_000)
    [found] = [each for each in problems(path) if each.where == "places.csv"]
    assert (found.message, found.allowed) == ("The file is too large.", "up to 20 MB")


def test_provinces_stand_beside_the_countries_they_belong_to(tmp_path: Path) -> None:
    def beside(config: dict[str, Any]) -> None:
        config["places"][0]["parent"] = "AAA"
        del config["places"][0]["region"]
        config["places"].insert(0, "countries.csv")

    path = world(tmp_path, beside)
    (tmp_path / "countries.csv").write_text(PLACES, encoding="utf-8")

    places = checked(path).places.set_index("jurisdiction_id")
    assert (len(places), place_ids(load_config(path))) == (17, set(places.index))
    assert places.loc["EX-01", ["parent_id", "region"]].tolist() == ["AAA", "Alphaland"]
    assert places.loc["AAA", "region"] == "Europe"


def test_a_boundary_file_can_be_the_table_of_places(tmp_path: Path) -> None:
    columns = {"CODE": "id", "NAME": "name"}
    path = world(tmp_path, of_places(file="provinces.geojson", columns=columns, region=None))

    places = checked(path).places
    assert places["name"].tolist() == list(NAMES)
    assert set(places["region"]) == {"the same country"}


def test_a_config_without_places_means_those_of_the_project(tmp_path: Path) -> None:
    path = world(tmp_path, lambda config: config.pop("places"))
    (tmp_path / "data/places").mkdir(parents=True)
    (tmp_path / "data/places/places.csv").write_text(PLACES, encoding="utf-8")

    [table] = load_config(path).config.places
    assert (table.file, table.columns) == ("data/places/places.csv", {})


def test_a_map_of_own_boundaries_lives_in_the_snapshot(tmp_path: Path) -> None:
    path = world(tmp_path)
    with open_atlas(path) as atlas:
        assert atlas.without_shape("province").empty
        (tmp_path / "provinces.geojson").unlink()
        shapes = atlas.shapes("province")
        assert sorted(shapes["jurisdiction_id"]) == list(IDS)
        assert shapes.crs == "EPSG:4326"
        chart = atlas.measure("convicted_per_prosecuted", years=2023).chart("map").to_dict()
    assert chart["projection"]["type"] == "azimuthalEqualArea"
    [inside] = [d for d in chart["datasets"].values() if isinstance(d, dict)]
    assert inside["type"] == "Topology"


def test_other_boundaries_make_another_snapshot(tmp_path: Path) -> None:
    path = world(tmp_path)
    before = read_catalogue(load_config(path)).fingerprint
    replace_in(tmp_path / "provinces.geojson", "Aldermoor", "Aldermore")

    assert read_catalogue(load_config(path)).fingerprint != before


def test_the_side_files_of_a_shapefile_are_watched_and_hashed(tmp_path: Path) -> None:
    path = world(tmp_path, of_map(boundaries="shapes/p.shp"))
    (tmp_path / "shapes").mkdir()
    boundaries().to_file(tmp_path / "shapes/p.shp")

    named = {file.name for file in files_named_in(path)}
    assert {"p.shp", "p.dbf", "p.shx", "p.prj", "provinces.csv"} <= named
    before = read_catalogue(load_config(path)).fingerprint
    (tmp_path / "shapes/p.cpg").write_text("UTF-8 ")
    assert read_catalogue(load_config(path)).fingerprint != before
    assert len(checked(path).outlines) == 1


# ---------------------------------------------------------------- faults of the tables


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "told"),
    [
        ("02,Brack", ",Brack", 3, "CODE", "The cell is empty."),
        ("02,Brackwater", "02,", 3, "NAME", "The cell is empty."),
        ("02,Brack", "01,Brack", 3, "CODE", "The same key stands in row 2 already."),
        ("Brackwater", "Aldermoor", 3, "level, NAME", "The same key stands in row 2 already."),
        ("02,Brack", "0 2,Brack", 3, "CODE", "This can't be the id of a place."),
        ("02,Brackwater", "02", 3, None, "as many cells as the header"),
        ("CODE,NAME", "KODE,NAME", 1, "CODE", "The table has no such column"),
        ("CODE,NAME,ZONE", "CODE,NAME,NAME", 1, "NAME", "Columns have the same name."),
    ],
)
def test_a_fault_names_the_row_and_column_of_the_own_table(
    tmp_path: Path, old: str, new: str, row: int, column: str | None, told: str
) -> None:
    path = world(tmp_path)
    replace_in(tmp_path / "provinces.csv", old, new)

    found = problems(path)
    assert found[0].where == "provinces.csv"
    [problem] = [each for each in found if told in each.message]
    assert (problem.row, problem.column) == (row, column)


def test_coordinates_of_an_own_table_are_checked_under_their_own_name(tmp_path: Path) -> None:
    columns = {"CODE": "id", "NAME": "name", "ZONE": "latitude"}
    path = world(tmp_path, of_places(columns=columns))

    assert problems(path)[0].column == "ZONE"
    assert problems(path)[0].message == "This is not a coordinate."


@pytest.mark.parametrize(
    ("changes", "column", "told"),
    [
        ({"prefix": "", "columns": {"ISO": "id", "NAME": "name"}}, "ISO", "stands in another"),
        ({"columns": {"CODE": "id", "OTHER": "name"}}, "OTHER", "stands in another"),
    ],
)
def test_a_place_in_two_tables_is_refused(
    tmp_path: Path, changes: dict[str, Any], column: str, told: str
) -> None:
    def twice(config: dict[str, Any]) -> None:
        config["places"].append({**config["places"][0], "file": "more.csv", **changes})
        config["places"][1].pop("region")

    path = world(tmp_path, twice)
    (tmp_path / "more.csv").write_text("CODE,ISO,NAME,OTHER,ZONE\n99,EX-01,Elsewhere,Aldermoor,x\n")

    [problem] = [each for each in problems(path) if told in each.message]
    assert (problem.where, problem.row, problem.column) == ("more.csv", 2, column)


def test_a_parent_that_is_no_place_is_refused(tmp_path: Path) -> None:
    [problem] = problems(world(tmp_path, of_places(parent="ZZZ")))

    assert (problem.row, problem.found) == (2, "'ZZZ'")
    assert "stands in no table" in problem.message


# ---------------------------------------------------------------- faults of the boundaries


def test_faults_of_boundaries_stand_beside_those_of_the_data(tmp_path: Path) -> None:
    path = world(tmp_path, of_map(prefix="XX-"))
    replace_in(tmp_path / "office.csv", "EX-01,2016", "EX-77,2016")

    where = {problem.where for problem in problems(path)}
    assert where == {"provinces.geojson", "office.csv"}


def test_notices_of_boundaries_are_those_of_the_build(tmp_path: Path) -> None:
    assert any("far from all" in notice.message for notice in checked(world(tmp_path)).notices)


def test_a_broken_boundary_file_leaves_the_snapshot_that_is_there(
    tmp_path: Path, opened: Atlas
) -> None:
    (tmp_path / "provinces.geojson").write_text("{")

    with opened, pytest.raises(ValidationError):
        open_atlas(tmp_path / "config.yaml")
    assert opened.snapshot.path.is_file()


# ---------------------------------------------------------------- what the config may not say


@pytest.mark.parametrize(
    ("change", "column", "told"),
    [
        (of_places(columns={"CODE": "id"}), "places.0", "No column is the name"),
        (of_places(columns={"A": "id", "B": "id", "C": "name"}), "places.0", "two columns"),
        (of_places(columns={}), "places.0", "`prefix`"),
        (of_places(columns={"CODE": "id", "NAME": "title"}), "places.0.columns.NAME", ""),
        (of_places(level="county"), "places.0.level", ""),
        (of_places(prefix="MX / "), "places.0.prefix", ""),
        (of_places(subregion="x"), "places.0", "given twice"),
        (of_places(file="../x.csv"), "places.0.file", "leaves the folder"),
        (of_places(file="https://x.org/x.csv"), "places.0.file", "no such file"),
        (of_map(boundaries="gone.geojson"), "maps.provinces.boundaries", "no such file"),
        (of_map(boundaries="/etc/hosts"), "maps.provinces.boundaries", "leaves the folder"),
        (of_map(boundaries="/vsicurl/http://x.org/x.shp"), "maps.provinces.boundaries", "leaves"),
        (of_map(id_column=None), "maps.provinces", "`id_column`"),
        (of_map(object="places"), "maps.provinces", "`object`"),
        (of_map(shapes="x.topojson"), "maps.provinces", "one file"),
        (of_map(projection="identity"), "maps.provinces", "degrees"),
        (of_map(crs="utm"), "maps.provinces.crs", ""),
        (lambda config: config.update(places=3), "places", ""),
        (lambda config: config.update(places=[]), "places", ""),
    ],
)
def test_a_config_that_cannot_be_meant_is_refused_at_its_key(
    tmp_path: Path, change: Change, column: str, told: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(world(tmp_path, change))

    problem = caught.value.problems[0]
    assert problem.column == column
    assert told.lower() in problem.message.lower()


def test_shapes_need_an_object_and_a_projection(tmp_path: Path) -> None:
    block = {"title": "x", "level": "province", "shapes": "provinces.geojson"}
    for more, told in (({"projection": "mercator"}, "object"), ({"object": "x"}, "projection")):
        with pytest.raises(ConfigError, match=told):
            load_config(world(tmp_path, lambda c, more=more: c["maps"].update(p={**block, **more})))


@pytest.mark.parametrize("file", ["provinces.geojson", "shapes/p.dbf"])
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, file: str) -> None:
    path = world(tmp_path / "inside", of_map(boundaries="shapes/p.shp"))
    inside = tmp_path / "inside"
    (inside / "shapes").mkdir()
    boundaries().to_file(inside / "shapes/p.shp")
    if file == "provinces.geojson":
        (inside / "shapes/p.shp").rename(tmp_path / "p.shp")
        (inside / "shapes/p.shp").symlink_to(tmp_path / "p.shp")
    else:
        os.rename(inside / file, tmp_path / "p.dbf")
        (inside / file).symlink_to(tmp_path / "p.dbf")

    with pytest.raises(ConfigError, match="leaves the folder"):
        load_config(path)


def test_what_a_snapshot_says_of_its_config_can_be_read_again(opened: Atlas) -> None:
    with opened:
        config = json.loads(opened.meta["config"])
        assert config["places"][0]["columns"]["CODE"] == "id"
        assert opened.config.maps["provinces"].file == "provinces.geojson"
        assert isinstance(opened.jurisdictions("province"), pd.DataFrame)
