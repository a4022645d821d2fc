"""Pictures of charts: they carry all that they need, draw every shape, and stay as they are."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import pytest

from gapatlas import geography
from gapatlas.charts import FIGURES, Scheme, app_spec, as_arrow, palette, shapes_by_url
from gapatlas.charts.reporting_map import completeness_design, completeness_figures, reporting_map
from gapatlas.config import load_config
from gapatlas.export.images import png_of, self_contained, shapes_drawn, svg_of, titled

ROOT = Path(__file__).parents[2]
MAPS = load_config(ROOT / "config.yaml").config.maps
TITLE = "Made-up figures, 2020"
SOURCE = "Source: Office of Examples (first edition)."


def map_as_in_the_app(map_id: str, scheme: Scheme) -> tuple[dict, int]:
    """The specification that a page sends, a figure for each place, and their number."""
    map_ = MAPS[map_id]
    path = ROOT / map_.shapes
    topology = geography.read_topology(path)
    ids = geography.shape_ids(topology, map_.feature, map_.shapes)
    figures = completeness_figures(
        pd.DataFrame({"jurisdiction_id": ids, "share": 0.5, "reported": 5, "asked": 10, "never": 0})
    )
    shapes = shapes_by_url(map_, geography.served_address(path), topology)
    design = completeness_design(map_, ["detected"], "Office", scheme, ids[0])
    spec = app_spec(reporting_map(design, shapes), scheme)
    return {**spec, "datasets": {FIGURES: as_arrow(figures)}}, len(ids)


def dots(scheme: Scheme) -> dict:
    """A small chart whose figures come by name, as pandas."""
    figures = pd.DataFrame({"name": ["A", "B", "C"], "value": [1.5, None, float("inf")]})
    chart = alt.Chart(alt.NamedData(name="rows")).mark_point(color=palette(scheme).accent)
    spec = chart.encode(x="value:Q", y="name:N").to_dict(validate=False)
    return {**spec, "datasets": {"rows": figures}}


@pytest.mark.parametrize("map_id", MAPS)
def test_a_map_draws_every_shape_in_the_light_scheme_as_the_same_picture(map_id: str) -> None:
    light, places = map_as_in_the_app(map_id, "light")
    dark, _ = map_as_in_the_app(map_id, "dark")
    names = {"title": TITLE, "source": SOURCE, "alt": "alt"}

    svg = svg_of(titled(light, **names))

    assert places > 40
    assert shapes_drawn(svg) == places
    assert svg_of(titled(dark, **names)) == svg


def test_the_words_around_a_chart_stand_in_its_picture() -> None:
    key = {**dots("light"), "datasets": {"key": pd.DataFrame({"name": ["Z"], "value": [1]})}}
    key["data"] = {"name": "key"}
    svg = svg_of(titled(dots("dark"), title=TITLE, source=SOURCE, alt="A & B: <none>", key=key))

    root = ElementTree.fromstring(svg)
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {TITLE, SOURCE, "A", "Z"} <= set(texts)
    assert root.get("aria-label") == "A & B: <none>"
    assert palette("dark").accent not in svg
    assert palette("light").accent in svg


def test_what_has_no_value_is_drawn_nowhere() -> None:
    told = self_contained(dots("light"))
    assert [row["value"] for row in told["datasets"]["rows"]] == [1.5, None, None]
    assert len(re.findall('aria-roledescription="point"', svg_of(dots("light")))) == 1


def test_a_self_contained_chart_is_plain_and_stays_as_it_is() -> None:
    spec, _ = map_as_in_the_app("us_states", "dark")
    told = self_contained(spec, "dark")
    assert json.loads(json.dumps(told)) == told
    assert '"url"' not in json.dumps(told)
    assert self_contained(told, "dark") == told
    assert spec["data"]["url"].startswith("app/static/")


def test_a_png_has_two_dots_for_each_pixel() -> None:
    svg = svg_of(dots("light"))
    size = ElementTree.fromstring(svg)
    png = png_of(dots("light"))
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (
        2 * int(size.attrib["width"]),
        2 * int(size.attrib["height"]),
    )


def test_shapes_that_altair_keeps_among_the_tables_are_drawn() -> None:
    spec, places = map_as_in_the_app("us_states", "light")
    told = self_contained(spec)
    inside = told["data"]
    moved = {**told, "datasets": {**told["datasets"], "shapes": inside["values"]}}
    moved["data"] = {"name": "shapes", "format": inside["format"]}
    assert shapes_drawn(svg_of(moved)) == places


@pytest.mark.parametrize(
    "address", ["https://example.org/a.json", "app/static/../config.yaml", "/etc/hosts"]
)
def test_nothing_is_fetched_and_nothing_outside_the_served_folder_is_read(address: str) -> None:
    spec = {**dots("light"), "data": {"url": address}}
    with pytest.raises(ValueError, match="is no shape that this app serves"):
        svg_of(spec)


def test_names_that_a_chart_looks_up_are_found_beside_its_key() -> None:
    chart = {
        "mark": {"type": "text"},
        "params": [
            {"name": "names", "value": {"AAA": "Pays des alphas"}},
            {"name": "chosen", "select": {"type": "point"}},
        ],
        "transform": [{"calculate": "names[datum.id]", "as": "name"}],
        "encoding": {"text": {"field": "name", "type": "nominal"}},
        "data": {"name": "rows"},
        "datasets": {"rows": [{"id": "AAA"}]},
        "width": 200,
        "height": 100,
    }
    key = {"mark": "rect", "data": {"name": "steps"}, "datasets": {"steps": [{"a": 1}]}}
    svg = svg_of(titled(chart, title="Names", source="Made up", alt="Names", key=key))
    assert "Pays des alphas" in svg
