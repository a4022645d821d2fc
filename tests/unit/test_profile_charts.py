"""Charts of the page of one place: what is drawn, what is said, and what is never a zero."""

from __future__ import annotations

import json
import math

import altair as alt
import numpy as np
import pandas as pd
import pytest

from gapatlas.charts.profile import (
    FARTHEST,
    GRID_KINDS,
    SIGNS,
    bars_template,
    gap_points,
    gap_template,
    grant_rows,
    grants_template,
    grid_rows,
    grid_template,
    history_rows,
    history_template,
)
from gapatlas.charts.series import stage_rows
from gapatlas.charts.template import NAMES, ROWS
from gapatlas.config import Indicator
from tests.profile_world import TIER

LABELLED = Indicator.model_validate(TIER)
SCALED = Indicator.model_validate({**TIER, "labels": {}, "better": "higher", "scale": [0, 10]})
BARE = Indicator.model_validate({**TIER, "labels": {}, "better": None, "scale": None})
TEMPLATES = {
    "bars": bars_template,
    "muted bars": lambda scheme: bars_template(scheme, muted=True),
    "gaps": gap_template,
    "labelled history": lambda scheme: history_template(LABELLED, scheme),
    "history on a scale": lambda scheme: history_template(SCALED, scheme),
    "history without a scale": lambda scheme: history_template(BARE, scheme),
    "grants": lambda scheme: grants_template("Money", scheme),
    "grid": grid_template,
}


def value_axis(spec):
    """The y encoding that carries the axis."""
    found = [layer["encoding"]["y"] for layer in spec["layer"] if "y" in layer["encoding"]]
    return next(y for y in found if y.get("axis"))


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_is_a_chart_without_data(kind):
    spec = TEMPLATES[kind]("dark").filled({ROWS: []}, ["b", "a"])

    assert json.dumps(NAMES) not in json.dumps(spec)
    alt.Chart.from_dict(spec)


# ------------------------------------------------------------------ counts


def test_withheld_is_not_told_as_not_reported():
    counts = pd.DataFrame(
        {
            "year": [2020, 2021, 2022, 2023],
            "count_low": pd.array([5, 0, None, None], dtype="Int64"),
            "count_high": pd.array([5, 4, None, None], dtype="Int64"),
            "status": ["exact", "censored", "suppressed", "not_reported"],
        }
    )

    shown = stage_rows(counts)

    assert shown["count"].tolist() == [
        "5", "0 to 4", "Withheld to protect persons", "Not reported",
    ]  # fmt: skip
    assert shown["count_high"].isna().tolist() == [False, False, True, True]


# ------------------------------------------------------------------ gaps


def gap(label, ratio, interval, verdict="open"):
    low, high = ratio
    return {
        "label": label,
        "told": f"{label}: told",
        "verdict": verdict,
        "ratio_low": low,
        "ratio_high": high,
        "ratio_from": interval[0],
        "ratio_to": interval[1],
        "figure": "f",
        "interval": "i",
        "counts": "c",
    }


def test_a_ratio_without_bound_runs_on_at_the_edge():
    points = gap_points(
        pd.DataFrame(
            [
                gap("firm", (0.5, 0.5), (0.4, 0.6), "short"),
                gap("endless", (0.2, math.inf), (0.1, math.inf)),
                gap("far", (9.0, 9.0), (8.0, 12.0), "above"),
            ]
        )
    ).set_index("label")

    assert np.isfinite(points[["start", "end", "low", "high", "middle"]].to_numpy()).all()
    assert points["end"].max() == FARTHEST
    assert points["runs_on"].to_dict() == {"firm": False, "endless": True, "far": True}
    assert points["ranged"].to_dict() == {"firm": False, "endless": True, "far": False}
    assert (points["even"] == 1).all()


def test_a_long_title_stands_in_two_lines_at_most():
    [text] = gap_points(pd.DataFrame([gap("word " * 60, (1, 1), (1, 1))]))["text"]

    assert len(text.split("\n")) == 2


# ------------------------------------------------------------------ policy


def test_every_label_of_a_scale_is_printed():
    axis = value_axis(history_template(LABELLED, "light").filled({}))["axis"]

    assert axis["values"] == [1, 2, 2.5, 3]
    assert axis["tickCount"] == 4, "a smaller one would thin them out"
    for words in TIER["labels"].values():
        assert json.dumps(words) in axis["labelExpr"]


@pytest.mark.parametrize(("indicator", "turned"), [(LABELLED, True), (SCALED, False)])
def test_what_is_better_is_further_up(indicator, turned):
    scale = value_axis(history_template(indicator, "light").filled({}))["scale"]

    assert scale["reverse"] is turned
    assert scale["domain"] == [min(indicator.scale), max(indicator.scale)]


def test_a_label_with_quotes_stays_text():
    tricky = Indicator.model_validate({**TIER, "labels": {"1": "say 'no' \"now\""}})

    axis = value_axis(history_template(tricky, "light").filled({}))["axis"]

    assert json.dumps("say 'no' \"now\"") in axis["labelExpr"]


def values(*rows):
    columns = ["year", "value", "low", "high", "status", "words"]
    return pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows], columns=columns)


def test_a_year_without_a_value_breaks_the_line():
    shown = history_rows(
        values(
            (2018, None, None, None, "not_reported", "Not reported"),
            (2019, 1.0, 1.0, 1.0, "exact", "one"),
            (2021, 2.0, 2.0, 2.0, "exact", "two"),
        )
    )

    assert shown["year"].tolist() == [2019, 2020, 2021]
    assert shown["words"].tolist() == ["one", "No value", "two"]
    assert shown["run"][0] != shown["run"][2]
    assert math.isnan(shown["value"][1])


def test_nothing_known_is_no_row():
    unknown = values((2018, None, None, None, "not_reported", "Not reported"))

    assert history_rows(unknown).empty


# ------------------------------------------------------------------ grants, grid


def test_a_year_without_an_amount_is_not_a_bar_of_zero():
    years = pd.DataFrame(
        {
            "year": [2018, 2020],
            "low": [5.0, 0.0],
            "high": [math.nan, 0.0],
            "open": [True, False],
            "words": ["at least 5", "0"],
        }
    )

    shown = grant_rows(years).set_index("year")

    assert shown["words"].to_dict() == {2018: "at least 5", 2019: "Not known", 2020: "0"}
    assert math.isnan(shown["low"][2019])
    assert shown["open"].to_dict() == {2018: True, 2019: False, 2020: False}


def test_kinds_of_cells_differ_without_colour():
    cells = pd.DataFrame({"row": "Convicted", "year": range(4), "kind": GRID_KINDS})

    assert grid_rows(cells)["sign"].nunique() == len(GRID_KINDS) == len(SIGNS)
