"""Figures against the limits of chance: funnel plot and control chart."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from gapatlas.charts.series import missing_bands, plotted, upright_ranges
from gapatlas.charts.template import CURVES, Template, named
from gapatlas.charts.theme import Scheme, palette
from gapatlas.charts.words import upper_first
from gapatlas.config import Measure
from gapatlas.languages import mark, say, say_as, say_of

FUNNEL_HEIGHT = 380
CONTROL_HEIGHT = 280
NAMED_OUTSIDE = 8
"""Places beyond the limits that are named on the chart; more would overlap."""
POSITIONS = {
    -2: mark("Below the 99.8% limits"),
    -1: mark("Below the 95% limits"),
    0: mark("Within the limits"),
    1: mark("Above the 95% limits"),
    2: mark("Above the 99.8% limits"),
}
SIGNALS = {
    "outside": mark("Beyond its limits"),
    "run": mark("In a run on one side"),
    "": mark("Within its limits"),
}


def funnel_rows(points: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Points of `Comparison.funnel` as its chart draws them.

    A range is drawn at its middle. Points above the highest limit that is drawn stay in: the
    scale follows the points, not the limits of very small places.
    """
    shown = plotted(points, measure)
    middle = (points["value_low"] + points["value_high"]) / 2
    shown["drawn"] = points["value"].fillna(middle).replace([np.inf], np.nan).astype("float64")
    shown["size"] = points["size"].astype("float64")
    shown["role"], shown["small"] = points["role"], points["small"]
    shown["side"] = np.sign(points["position"])
    shown["where"] = points["position"].map(say_of(POSITIONS))
    shown["at_the_edge"] = shown["size"] > shown["size"].max() / 2
    outside = points["position"].abs() == 2
    named_too = outside if outside.sum() <= NAMED_OUTSIDE else outside & False
    shown["label"] = points["name"].where(named_too | (points["role"] == "chosen"), "")
    return shown.dropna(subset=["drawn"])


def funnel_curves(curves: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Curves of `Comparison.funnel`, cut at the height of the highest point or limit that
    matters, so that the limits of the smallest places do not flatten everything else."""
    if curves.empty:
        return curves
    tallest = max(float(points["drawn"].max()), float(curves["high_95"].median())) * 1.25
    cut = curves.copy()
    for column in ("low_95", "high_95", "low_998", "high_998"):
        cut[column] = curves[column].where(curves[column] <= tallest)
    return cut


def funnel_template(measure: Measure, size_title: str, scheme: Scheme) -> Template:
    """Funnel plot: a place outside the limits differs from the rate of all by more than chance.

    Solid lines hold 99.8% of what chance brings, dashed ones 95%. Triangles point the way in
    which a place lies outside; the chosen place is a diamond.
    """
    colours = palette(scheme)
    lines = named(CURVES).encode(
        x=alt.X(
            "size:Q",
            title=size_title,
            scale=alt.Scale(type="log", nice=False),
            axis=alt.Axis(tickCount=5, format="~s"),
        )
    )
    y_axis = alt.Y("centre:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=6))
    curves = [
        lines.mark_line(color=colours.muted, strokeDash=dash, strokeWidth=1.2).encode(
            y=alt.Y(f"{column}:Q", title=None)
        )
        for column, dash in (
            ("low_95", [4, 3]),
            ("high_95", [4, 3]),
            ("low_998", [1, 0]),
            ("high_998", [1, 0]),
        )
    ]
    unit = upper_first(measure.unit)
    points = named().encode(
        x="size:Q",
        y="drawn:Q",
        tooltip=[
            alt.Tooltip("name:N", title=say("Place")),
            alt.Tooltip("figure:N", title=unit),
            alt.Tooltip("counts:N", title=say("Counts")),
            alt.Tooltip("where:N", title=say_as("a place against the limits", "Lies")),
        ],
    )
    dots = points.mark_point(filled=True).encode(
        color=alt.when(alt.datum.role == "chosen")
        .then(alt.value(colours.highlight))
        .otherwise(alt.value(colours.accent)),
        shape=alt.when(alt.datum.role == "chosen")
        .then(alt.value("diamond"))
        .when(alt.datum.side > 0)
        .then(alt.value("triangle-up"))
        .when(alt.datum.side < 0)
        .then(alt.value("triangle-down"))
        .otherwise(alt.value("circle")),
        size=alt.when(alt.datum.role == "chosen").then(alt.value(150)).otherwise(alt.value(50)),
        opacity=alt.when(alt.datum.small).then(alt.value(0.35)).otherwise(alt.value(0.9)),
    )
    texts = [
        points.transform_filter(f"datum.label != '' && {test}datum.at_the_edge")
        .mark_text(align=align, dx=away, dy=-8, fontSize=11, color=colours.text)  # type: ignore[arg-type]
        .encode(text="label:N")
        for test, align, away in (("!", "left", 8), ("", "right", -8))
    ]
    centre = lines.mark_line(color=colours.accent, strokeWidth=1).encode(y=y_axis)
    chart = alt.layer(*curves, centre, dots, *texts).properties(height=FUNNEL_HEIGHT)
    return Template.of(chart, scheme)


def control_rows(years: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Years of a `Trend` as its chart draws them."""
    shown = plotted(years, measure)
    for column in ("centre", "limit_low", "limit_high"):
        shown[column] = years[column].replace([np.inf], np.nan).astype("float64")
    shown["signal"] = years["signal"]
    shown["small"] = years["small"]
    shown["says"] = years["signal"].map(say_of(SIGNALS))
    return shown


def control_template(measure: Measure, scheme: Scheme) -> Template:
    """Control chart: a dot per year with its interval, the rate of all years as a line, steps
    for what chance allows, and another shape and colour for a year that signals change."""
    colours = palette(scheme)
    unit = upper_first(measure.unit)
    base = named().encode(
        x=alt.X("year_to:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        tooltip=[
            alt.Tooltip("year_to:O", title=say("Year")),
            alt.Tooltip("figure:N", title=unit),
            alt.Tooltip("interval:N", title=say("95% interval")),
            alt.Tooltip("counts:N", title=say("Counts")),
            alt.Tooltip("says:N", title=say("Test for change")),
        ],
    )
    y_axis = alt.Y(
        "limit_low:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=5)
    )
    allowed = (
        base.transform_filter("isValid(datum.limit_low)")
        .mark_bar(color=colours.accent, opacity=0.13, width=alt.RelativeBandSize(band=1))
        .encode(y=y_axis, y2="limit_high:Q")
    )
    centre = named().mark_rule(color=colours.accent, strokeDash=[6, 3]).encode(y="mean(centre):Q")
    intervals = (
        base.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_rule(strokeWidth=2, color=colours.accent, opacity=0.6)
        .encode(y="low:Q", y2="high:Q")
    )
    ranges = upright_ranges(base, colours)
    values = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True)
        .encode(
            y="value:Q",
            color=alt.when(alt.datum.signal != "")
            .then(alt.value(colours.highlight))
            .otherwise(alt.value(colours.accent)),
            shape=alt.when(alt.datum.signal != "")
            .then(alt.value("diamond"))
            .otherwise(alt.value("circle")),
            size=alt.when(alt.datum.signal != "").then(alt.value(140)).otherwise(alt.value(60)),
            opacity=alt.when(alt.datum.small).then(alt.value(0.45)).otherwise(alt.value(1)),
        )
    )
    missing = missing_bands(base, "!isValid(datum.value_low)", colours)
    chart = alt.layer(missing, allowed, centre, intervals, ranges, values)
    return Template.of(chart.properties(height=CONTROL_HEIGHT), scheme)
