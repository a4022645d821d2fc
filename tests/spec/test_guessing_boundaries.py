"""What `gapatlas init` makes of a boundary file: blocks that need nothing but their answers."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import yaml

from gapatlas.catalogue import read_catalogue
from gapatlas.config import load_config
from gapatlas.errors import ValidationError
from gapatlas.guessing import start
from gapatlas.validate import known_places, validate
from tests.province_world import IDS, NAMES, boundaries, write_province_world


def shapes() -> geopandas.GeoDataFrame:
    """The provinces with ids as the counts have them, a counter and a column of one value."""
    frame = boundaries()
    return frame.assign(CODE=list(IDS), FID=range(1, len(IDS) + 1), LAND="Examplia")


@pytest.mark.parametrize("name", ["land.geojson", "land.gpkg", "land.shp"])
def test_the_blocks_of_a_boundary_file_make_a_map_and_its_places(tmp_path: Path, name: str) -> None:
    path = write_province_world(tmp_path)
    shapes().to_file(tmp_path / name)

    found = start(tmp_path / name, tmp_path, None)

    blocks = yaml.safe_load(found.block.text.replace("'?'", "Examplia"))
    assert found.open
    assert blocks["places"][0]["columns"] == {"CODE": "id", "NAME": "name"}
    assert blocks["maps"]["land"]["id_column"] == "CODE"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(config | blocks, sort_keys=False), encoding="utf-8")
    checked = validate(read_catalogue(load_config(path)))
    assert checked.places["name"].tolist() == list(NAMES)
    assert list(checked.outlines) == ["land"]


def test_shapes_of_places_that_the_config_knows_need_a_map_alone(tmp_path: Path) -> None:
    path = write_province_world(tmp_path)
    frame = shapes()
    frame.loc[3, "CODE"] = "LAKE"
    frame.to_file(tmp_path / "land.geojson")

    places = known_places(read_catalogue(load_config(path)))
    blocks = yaml.safe_load(start(tmp_path / "land.geojson", tmp_path, places).block.text)

    assert list(blocks) == ["maps"]
    told = blocks["maps"]["land"]
    assert (told["level"], told["id_column"], told["leave_out"]) == ("province", "CODE", ["LAKE"])


def test_shapes_that_nothing_tells_apart_are_refused(tmp_path: Path) -> None:
    boundaries()[["geometry"]].assign(LAND="Examplia").to_file(tmp_path / "land.geojson")
    with pytest.raises(ValidationError) as caught:
        start(tmp_path / "land.geojson", tmp_path, None)
    [problem] = caught.value.problems
    assert problem.where == "land.geojson"
    assert "No column has a value of its own" in problem.message
