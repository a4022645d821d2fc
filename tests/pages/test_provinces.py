"""Every page over an analyst's own provinces: with own boundaries, and with none at all."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from gapatlas.atlas import open_atlas
from tests.pages.reading import (
    FLOWS,
    GAPS,
    METHODS,
    OVERVIEW,
    PROFILE,
    RATES,
    TRAINING,
    address,
    assert_in_order,
    charts,
    choose,
    figures,
    open_panels,
    rate_map,
    the_map,
    visit,
    words,
)
from tests.province_world import IDS, MAP, NAMES, write_province_world

PAGES = (OVERVIEW, GAPS, PROFILE, RATES, FLOWS, TRAINING, METHODS)
Serve = Callable[..., Path]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worlds and their snapshots, built once."""
    return tmp_path_factory.mktemp("provinces")


@pytest.fixture
def serve(folder: Path, show_config: Callable[[Path, Path], None]) -> Serve:
    """Let the pages show the provinces, `with map` or `without`."""

    def write(kind: str) -> Path:
        path = folder / kind / "config.yaml"
        if not path.exists():
            write_province_world(path.parent, MAP if kind == "with map" else None)
        show_config(path, folder / "snapshots")
        return path

    return write


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", ["with map", "without"])
def test_every_page_opens_on_provinces(serve: Serve, kind: str, page: str) -> None:
    serve(kind)

    app = visit(page)

    assert_in_order(app)
    assert len(words(app).splitlines()) > 1


def test_the_map_draws_every_province_with_a_figure(serve: Serve, tmp_path: Path) -> None:
    path = serve("with map")

    app = rate_map()

    shown = the_map(app)
    with open_atlas(path) as atlas:
        frame = atlas.measure("convicted_per_prosecuted", years=(2019, 2023), window=5).data
        assert atlas.without_shape("province").empty
    reported = frame.loc[frame["status"] != "not_reported", "jurisdiction_id"]
    assert sorted(figures(app).index) == sorted(reported)
    projection = shown.spec["projection"]
    assert projection["type"] == "azimuthalEqualArea"
    assert projection["rotate"][:2] == pytest.approx([-14.4, -42.6], abs=0.2)
    url = shown.spec["data"]["url"]
    served = json.loads((tmp_path / url.removeprefix("app/")).read_text(encoding="utf-8"))
    drawn = served["objects"][shown.spec["data"]["format"]["feature"]]["geometries"]
    assert sorted(shape["properties"]["id"] for shape in drawn) == sorted(IDS)


def test_boundaries_travel_with_the_map_where_no_file_can_be_served(
    serve: Serve, tmp_path: Path
) -> None:
    serve("with map")
    (tmp_path / "static").write_text("a file, not a folder")

    app = rate_map()

    assert_in_order(app)
    start, inside = the_map(app).spec["data"]["url"].split(",")
    assert start == "data:application/json;base64"
    assert json.loads(base64.b64decode(inside))["type"] == "Topology"


def test_a_click_on_a_province_has_the_same_figures_in_words(serve: Serve) -> None:
    path = serve("with map")

    app = choose(rate_map(), place=IDS[6])

    with open_atlas(path) as atlas:
        rows = atlas.measure(
            "convicted_per_prosecuted", jurisdictions=[IDS[6]], years=(2019, 2023), window=5
        ).data
    assert f"**Graymount**, 2019-2023: **{rows['value'].iloc[0]:.2f}**" in words(app)


def test_the_gap_the_reporting_and_the_clusters_of_provinces_are_drawn(serve: Serve) -> None:
    serve("with map")

    for query in ({}, {"show": "number"}, {"layers": "reporting"}, {"layers": "clusters"}):
        app = visit(GAPS, query)
        assert_in_order(app)
        assert len([chart for chart in charts(app) if "figures" in chart.tables]) == 1


def test_without_boundaries_the_page_says_what_to_add_and_has_the_table(serve: Serve) -> None:
    serve("without")

    app = open_panels(rate_map(), "map_table")

    told = "This config has no shapes for these places"
    assert any(told in info.value and "`maps`" in info.value for info in app.info)
    assert charts(app) == []
    assert sorted(app.dataframe[0].value["Place"]) == sorted(NAMES)


def test_a_map_of_countries_alone_leaves_the_provinces_on_the_page_of_gaps(
    serve: Serve, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve("without")
    path = write_province_world(folder / "countries", {**MAP, "level": "country", "prefix": "CC-"})
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    shutil.copy(path.with_name("provinces.csv"), path.with_name("countries.csv"))
    columns = {"CODE": "id", "NAME": "name"}
    countries = {"file": "countries.csv", "columns": columns, "level": "country", "prefix": "CC-"}
    config["places"].append(countries)
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    monkeypatch.setenv("GAPATLAS_CONFIG", str(path))

    app = rate_map()

    assert_in_order(app)
    assert any("no shapes for these places" in info.value for info in app.info)
    assert address(app)["measure"] == "convicted_per_prosecuted"


def test_a_province_has_a_profile_and_its_name_in_the_picker(serve: Serve) -> None:
    serve("with map")

    app = visit(PROFILE, {"place": IDS[7]})

    assert_in_order(app)
    assert "Highvale" in words(app)
    [picker] = [box for box in app.selectbox if box.key == "profile_place"]
    assert sorted(picker.options) == sorted(NAMES)


def test_the_training_model_starts_from_a_province(serve: Serve) -> None:
    serve("with map")
    plan = f"Plan*{IDS[3]}:20000-0-20000-0~{IDS[7]}:0-10000-0-0*10*5*0*1*central**"

    app = visit(TRAINING, {"scenario": plan})

    assert_in_order(app)
    assert "Dunmarsh" in words(app)
    assert len(charts(app)) > 0


def test_data_and_methods_name_who_made_the_boundaries(serve: Serve) -> None:
    serve("with map")

    app = visit(METHODS)

    assert "Provinces of Examplia" in words(app)
    assert "Made up for tests." in words(app)
