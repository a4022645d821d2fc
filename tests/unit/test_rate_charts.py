"""Charts of the page Conviction rates: what is drawn, what is said, and what is never shown."""

from __future__ import annotations

import json
import math

import altair as alt
import numpy as np
import pandas as pd
import pytest

from gapatlas.charts.limits import (
    control_rows,
    control_template,
    funnel_curves,
    funnel_rows,
    funnel_template,
)
from gapatlas.charts.peers import (
    peers_template,
    place_rows,
    rank_rows,
    ranks_template,
    row_labels,
    shrunken_template,
)
from gapatlas.charts.sources import (
    WITHHELD,
    count_rows,
    counts_template,
    every_year,
    outcome_rows,
    outcomes_template,
    runs_of_years,
)
from gapatlas.charts.template import CURVES, NAMES, ROWS, as_chart, standalone
from gapatlas.charts.words import count_text
from gapatlas.config import Measure
from gapatlas.export.images import svg_of
from tests.support import ratio

MEASURE = Measure.model_validate(ratio(("convicted", "persons"), ("prosecuted", "persons")))
TEMPLATES = {
    "peers": lambda scheme: peers_template(MEASURE, scheme),
    "dense peers": lambda scheme: peers_template(MEASURE, scheme, dense=True),
    "shrunken": lambda scheme: shrunken_template(MEASURE, scheme),
    "ranks": ranks_template,
    "funnel": lambda scheme: funnel_template(MEASURE, "Cases", scheme),
    "control": lambda scheme: control_template(MEASURE, scheme),
    "counts": counts_template,
    "outcomes": outcomes_template,
}


def figure(name, value, low, high, *, status="exact", role="peer", small=False, **extra):
    """One figure; a range where value is a pair."""
    ends = value if isinstance(value, tuple) else (value, value)
    return {
        "jurisdiction_id": name[:3].upper(),
        "name": name,
        "year_from": 2018,
        "year_to": 2022,
        "value": math.nan if isinstance(value, tuple) else value,
        "value_low": ends[0],
        "value_high": ends[1],
        "low": low,
        "high": high,
        "numerator_low": 1,
        "numerator_high": 2,
        "denominator_low": 3,
        "denominator_high": 3,
        "status": status,
        "years_without_denominator": 0,
        "role": role,
        "small": small,
        "middle": 0.4,
        "middle_high": 0.6,
        **extra,
    }


FIGURES = pd.DataFrame(
    [
        figure("Alphaland", 0.9, 0.7, 1.1),
        figure("Betaland", 0.5, 0.4, 0.6, role="chosen"),
        figure("Gammaland", (0.0, math.inf), 0.0, math.inf, status="censored", small=True),
        figure("Deltaland", (0.1, 8.0), 0.0, 30.0, status="censored"),
        figure("Epsilon", math.nan, math.nan, math.nan, status="not_reported"),
    ]
)


def plain_json(table):
    """The table as JSON of finite numbers and nulls, or an error."""
    text = table.to_json(orient="records")
    assert "Infinity" not in text
    assert not np.isinf(table.select_dtypes("number").to_numpy(dtype=float)).any()
    return json.loads(text)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_is_a_chart_without_data(kind):
    template = TEMPLATES[kind]("dark")

    spec = template.filled({ROWS: [{"label": "a"}], CURVES: []}, ["b", "a"])

    assert json.dumps(NAMES) not in json.dumps(spec)
    alt.Chart.from_dict(spec)
    assert "Alphaland" not in template.text
    assert template.filled({}, ['say "no"'])["config"]["axis"]["labelColor"].startswith("#")


def test_colour_and_shape_of_sources_share_one_key():
    rows = [
        {"short": name, "year": year, "middle": 1, "low": 1, "high": 2, "count": "1", "run": run}
        for run, name in enumerate(("Office", "Bureau"))
        for year in (2020, 2021)
    ]
    spec = counts_template("light").filled({ROWS: pd.DataFrame(rows)}, ["Bureau", "Office"])

    svg = svg_of({"width": 300, **spec})

    assert [svg.count(f">{name}</text>") for name in ("Bureau", "Office")] == [1, 1]


def test_names_with_quotes_stay_names():
    spec = TEMPLATES["peers"]("light").filled({}, ['Cote "d\'Ivoire"', "\\"])

    assert json.dumps(['Cote "d\'Ivoire"', "\\"]) in json.dumps(spec)


def test_ranges_without_bound_end_at_the_edge_of_the_chart():
    """What is firm ends at 1.1: ranges that run to 30 or for ever must not press it together."""
    shown = place_rows(FIGURES, MEASURE).set_index("name")

    edge = 1.1 * 1.04
    assert shown.loc["Alphaland", "end"] == 1.1
    for name in ("Gammaland", "Deltaland"):
        assert shown.loc[name, "end"] == pytest.approx(edge)
        assert bool(shown.loc[name, "runs_on"])
    assert not shown.loc["Alphaland", "runs_on"]
    assert np.isnan(shown.loc["Epsilon", "end"])
    plain_json(shown.reset_index())


@pytest.mark.parametrize("role", ["peer", "chosen"])
def test_limits_of_small_counts_run_on_beyond_the_edge(role):
    small = figure("Small", 0.9, 0.1, 40, small=True, role=role)
    table = pd.DataFrame([small, figure("Other", 0.5, 0.4, 0.6)])

    shown = place_rows(table.assign(middle=0.5, middle_high=0.5), MEASURE).set_index("name")

    assert shown.loc["Small", "end"] == pytest.approx(0.9 * 1.04)
    assert list(shown["runs_on"]) == [True, False]


def test_ranges_alone_still_have_an_edge():
    shown = place_rows(
        FIGURES[FIGURES["status"] == "censored"].assign(middle=None, middle_high=None), MEASURE
    )

    assert np.isfinite(shown["end"]).all()
    plain_json(shown)


def test_a_small_denominator_has_a_star():
    labels = row_labels(place_rows(FIGURES, MEASURE))

    assert labels[2] == "Gammaland *"
    assert labels[0] == "Alphaland"


def test_ranks_say_their_interval():
    table = pd.DataFrame(
        [{"name": "A", "rank": 1, "rank_low": 1, "rank_high": 4, "group": 1, "small": False}]
    )

    assert rank_rows(table)["interval"].tolist() == ["1 to 4"]


def points():
    return FIGURES[FIGURES["value_low"].notna()].assign(
        size=[100.0, 150.0, 4.0, 10.0], position=[2, 0, 0, -1]
    )


def test_a_funnel_names_what_is_outside_and_the_chosen_place():
    shown = funnel_rows(points(), MEASURE).set_index("name")

    assert shown["label"].to_dict() == {
        "Alphaland": "Alphaland",
        "Betaland": "Betaland",
        "Deltaland": "",
    }, "without a middle a range is not drawn"
    assert shown.loc["Deltaland", "drawn"] == pytest.approx(4.05)
    assert shown.loc["Alphaland", "where"] == "Above the 99.8% limits"


def test_the_limits_of_the_smallest_places_do_not_flatten_the_funnel():
    curves = pd.DataFrame(
        {
            "size": [1.0, 100.0, 200.0],
            "centre": 0.5,
            "low_95": 0.4,
            "high_95": [90.0, 0.6, 0.6],
            "low_998": 0.3,
            "high_998": [900.0, 0.7, 0.7],
        }
    )
    cut = funnel_curves(curves, funnel_rows(points(), MEASURE))

    assert np.isnan(cut["high_998"].iloc[0])
    assert cut["high_95"].iloc[1] == 0.6
    assert funnel_curves(pd.DataFrame(), cut).empty


def test_a_year_without_a_figure_is_no_zero_on_the_control_chart():
    years = FIGURES.assign(
        centre=0.5, limit_low=[0.2, 0.2, np.nan, np.nan, np.nan], limit_high=0.9, signal=""
    )
    shown = control_rows(years, MEASURE).set_index("name")

    assert np.isnan(shown.loc["Epsilon", "value_low"])
    assert np.isnan(shown.loc["Epsilon", "limit_low"])
    plain_json(shown.reset_index())


def test_lines_of_counts_break_where_a_year_is_missing():
    counts = pd.DataFrame(
        {
            "year": [2010, 2011, 2013, 2014, 2010],
            "short": ["A"] * 4 + ["B"],
            "count_low": pd.array([1, 2, None, 0, 7], dtype="Int64"),
            "count_high": pd.array([1, 2, None, 4, 7], dtype="Int64"),
        }
    )
    shown = runs_of_years(count_rows(counts))

    assert shown["count"].tolist() == ["1", "2", "0 to 4", "7"]
    runs = dict(zip(zip(shown["short"], shown["year"], strict=True), shown["run"], strict=True))
    assert runs["A", 2010] == runs["A", 2011] != runs["A", 2014]
    assert runs["A", 2014] != runs["B", 2010]


def stage(place, stage, low, high=None):
    known = low is not None
    return {
        "jurisdiction_id": place,
        "name": place,
        "stage": stage,
        "count_low": low,
        "count_high": low + 4 if known and high is None else high,
        "status": "censored" if known else "suppressed",
    }


def test_what_is_withheld_is_a_bar_of_its_own_and_not_zero():
    stages = pd.DataFrame(
        [
            stage("Texas", "prosecuted", 98),
            stage("Texas", "convicted", 58),
            stage("Texas", "acquitted", None),
            stage("Texas", "dismissed", None),
            stage("Texas", "outcome_unknown", 18),
            stage("Ohio", "prosecuted", 38),
            stage("Ohio", "convicted", None),
            stage("Utah", "prosecuted", None),
        ]
    )
    shown = outcome_rows(stages)

    texas = shown[shown["label"] == "Texas"].set_index("outcome")["persons"].to_dict()
    assert texas == {"Guilty": 60.0, "Not recorded": 20.0, WITHHELD: 20.0}
    assert shown["label"].unique().tolist() == ["Texas", "Ohio"], "most persons first"
    assert shown[shown["label"] == "Ohio"]["outcome"].tolist() == [WITHHELD]


def test_a_table_without_persons_has_no_bars():
    assert outcome_rows(pd.DataFrame([stage("Utah", "prosecuted", None)])).empty


def test_a_chart_for_a_notebook_carries_its_data_and_words():
    rows = place_rows(FIGURES, MEASURE)
    spec = TEMPLATES["peers"]("light").filled({}, row_labels(rows))

    chart = as_chart(
        standalone(spec, {ROWS: rows}, "A title", "Source: made up.", "Words.")
    ).to_dict()

    assert chart["title"]["text"] == "A title"
    assert chart["description"] == "Words."
    assert [row["name"] for row in chart["datasets"][ROWS]] == FIGURES["name"].tolist()
    outcomes = as_chart(
        standalone(
            TEMPLATES["outcomes"]("light").filled({}, ["Texas"]), {ROWS: rows}, "B", "Source.", "W"
        )
    ).to_dict()
    assert outcomes["layer"][0]["mark"]


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(31.4, 31.4, "31.4"), (31.0, 31.0, "31"), (1234, 1234, "1,234"), (5.3, 7.5, "5.3 to 7.5"),
     (0, 4, "0 to 4"), (None, None, "")],
)  # fmt: skip
def test_expected_counts_keep_one_decimal(low, high, text):
    assert count_text(low, high) == text


def test_a_gap_of_years_is_as_wide_as_it_is_long():
    counts = pd.DataFrame(
        {
            "year": [2010, 2011, 2014],
            "short": "Office",
            "count_low": [1, 2, 3],
            "count_high": [1, 2, 4],
        }
    )

    shown = every_year(runs_of_years(count_rows(counts))).sort_values("year")

    assert shown["year"].tolist() == [2010, 2011, 2012, 2013, 2014]
    assert shown["middle"].isna().tolist() == [False, False, True, True, False], "no mark"
    assert shown["run"].is_unique is False, "the first two years are joined"
    assert shown.loc[shown["middle"].isna(), "run"].is_unique, "the empty ones are not"
    assert set(shown["short"]) == {"Office"}
    assert every_year(counts.iloc[:0]).empty
    plain_json(shown)
