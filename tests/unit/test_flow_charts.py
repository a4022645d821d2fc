"""Charts of flows: what is drawn, what is said, and what is never shown."""

from __future__ import annotations

import json
from itertools import pairwise

import altair as alt
import pandas as pd
import pytest

from gapatlas.charts.flows import (
    BREAKS,
    MATRIX_COLUMNS,
    MATRIX_ROWS,
    PLACES,
    flow_map_template,
    flow_rows,
    matrix_rows,
    matrix_template,
    place_rows,
)
from gapatlas.charts.template import NAMES, ROWS, as_chart, standalone
from gapatlas.charts.theme import PALETTES
from gapatlas.charts.view import Shapes
from gapatlas.config import Map

WORLD = Map(
    title="World", level="country", shapes="w.topojson", object="countries", projection="equalEarth"
)
SHAPES = Shapes(alt.topo_feature("app/static/w.topojson", "countries"))
POINTS = pd.DataFrame(
    {"longitude": [1.0, 3.0, 5.0, None], "latitude": [2.0, 4.0, 6.0, None]},
    index=["AAA", "BBB", "CCC", "DDD"],
)


def edge(origin, destination, low, high=None):
    return {
        "origin": origin,
        "destination": destination,
        "origin_name": f"{origin.title()}land",
        "destination_name": f"{destination.title()}land",
        "count_low": low,
        "count_high": low if high is None else high,
        "years": "2020-2022",
    }


EDGES = pd.DataFrame(
    [edge("AAA", "BBB", 400), edge("BBB", "AAA", 100, 104), edge("CCC", "DDD", 50)]
)


def test_a_flow_has_the_points_of_both_ends_and_one_without_a_point_is_left_out():
    drawn = flow_rows(EDGES, POINTS)

    assert drawn[["o", "d", "t"]].to_numpy().tolist() == [
        ["Aaaland", "Bbbland", "400"],
        ["Bbbland", "Aaaland", "100 to 104"],
    ]
    assert drawn.loc[0, ["x1", "y1", "x2", "y2"]].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert drawn["w"].tolist() == [1.0, 0.5], "four times as many are twice as wide"


@pytest.mark.parametrize(("chosen", "last"), [("CCC", "Cccland"), ("AAA", "Bbbland")])
def test_flows_of_the_chosen_place_are_drawn_last_and_the_others_fade(chosen, last):
    edges = pd.DataFrame([edge("BBB", "AAA", 9), edge("CCC", "BBB", 5), edge("BBB", "CCC", 90)])

    drawn = flow_rows(edges, POINTS, chosen)

    assert drawn["o"].iloc[-1] == last
    assert drawn.groupby("c")["a"].max().to_dict() == {False: 0.2, True: 0.9}


def test_places_carry_their_group_and_what_is_counted_in_and_out():
    groups, labels = {"A": ("AAA", "BBB")}, {"A": "A: Aaaland +1"}

    places = place_rows(EDGES, POINTS, groups, labels, "DDD").set_index("id")

    assert places["g"].fillna("").to_dict() == {
        "AAA": "A: Aaaland +1", "BBB": "A: Aaaland +1", "CCC": "", "DDD": "",
    }  # fmt: skip
    assert places["i"].to_dict() == {
        "AAA": "100 to 104", "BBB": "400", "CCC": "none shown", "DDD": "50",
    }  # fmt: skip
    assert places["c"].to_dict() == {"AAA": False, "BBB": False, "CCC": False, "DDD": True}


@pytest.mark.parametrize(
    ("low", "number"), [(1, 0), (49, 0), (50, 1), (99, 1), (100, 2), (249, 2), (250, 3), (1000, 4)]
)
def test_a_cell_has_the_class_of_its_least_count(low, number):
    assert matrix_rows(pd.DataFrame([edge("AAA", "BBB", low)]))["k"].tolist() == [number]


def test_a_cell_prints_a_range_as_at_least():
    cells = matrix_rows(EDGES)
    assert cells["p"].tolist() == ["400", "100+", "50"]
    assert cells["t"].tolist() == ["400", "100 to 104", "50"]


def test_the_matrix_keeps_the_rows_and_columns_with_the_most():
    many = [edge(f"O{i:02}", f"D{j:02}", 1000 - 10 * i - j) for i in range(40) for j in range(30)]

    cells = matrix_rows(pd.DataFrame(many))

    assert cells["o"].nunique() == MATRIX_ROWS
    assert cells["d"].nunique() == MATRIX_COLUMNS
    first = cells[(cells["ro"] == 0) & (cells["rd"] == 0)]
    assert first[["o", "d"]].to_numpy().tolist() == [["O00land", "D00land"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_takes_its_shapes_by_address_and_its_flows_by_name(scheme):
    template = flow_map_template(SHAPES, WORLD, "victims detected", scheme)

    spec = template.filled({ROWS: [], PLACES: []}, ["A: Aaaland +1"])

    assert json.dumps(NAMES) not in json.dumps(spec)
    assert len(template.text) < 9_000, "a step sends it whenever anything changes"
    assert "app/static/w.topojson" in template.text
    alt.Chart.from_dict({key: value for key, value in spec.items() if key != "datasets"})


def test_nothing_on_the_map_tells_raw_columns():
    """Where a mark names no tooltip, the app would show all columns of its row."""
    spec = flow_map_template(SHAPES, WORLD, "victims detected", "light").filled({})

    def marks(layer):
        return [m for part in layer["layer"] for m in marks(part)] if "layer" in layer else [layer]

    for layer in marks(spec):
        quiet = layer["mark"].get("tooltip", "unset") is None
        assert quiet or "tooltip" in layer["encoding"], layer["mark"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_legend_of_the_matrix_names_every_class(scheme):
    spec = matrix_template("victims detected", scheme).filled({ROWS: []})

    fill = spec["layer"][0]["encoding"]["fill"]
    assert len(fill["scale"]["range"]) == len(BREAKS) + 1
    assert "1,000 or more" in fill["legend"]["labelExpr"]


def test_a_matrix_stands_alone_in_a_notebook():
    spec = matrix_template("victims detected", "light").filled({})
    chart = as_chart(
        standalone(spec, {ROWS: matrix_rows(EDGES)}, "Title", "Source: office.", "Words")
    )
    assert chart.to_dict()["title"]["text"] == "Title"


def lightness(colour):
    """CIE L* of a colour, 0 to 100: what greyscale keeps of it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116 * luminance ** (1 / 3) - 16


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_groups_can_be_told_apart_in_greyscale(scheme):
    steps = sorted(lightness(colour) for colour in PALETTES[scheme].groups)
    assert len(steps) == 6
    assert min(high - low for low, high in pairwise(steps)) >= 3


def test_no_flows_give_empty_tables():
    none = EDGES.iloc[:0]
    assert flow_rows(none, POINTS).empty
    assert place_rows(none, POINTS, {}, {}, "").empty
    assert matrix_rows(none).empty
