"""Charts of one place: its counts by year, its gaps, policy over time, grants, what it reports."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from gapatlas.charts.expressions import literal
from gapatlas.charts.series import missing_bands, stage_bars
from gapatlas.charts.template import NAMES, Template, named
from gapatlas.charts.theme import Palette, Scheme, palette
from gapatlas.config import Indicator
from gapatlas.languages import mark, say

HISTORY_HEIGHT: Final = 130
LABELLED_STEP: Final = 40
GRANTS_HEIGHT: Final = 160
GAP_STEP: Final = 64
TEXT_WIDTH: Final = 46
"""Letters that fit above a line on a narrow screen."""
CELL_HEIGHT: Final = 22
FARTHEST: Final = 3.0
"""Observed over expected counts beyond this are drawn at the edge, as running on."""
GRID_KINDS: Final = (
    mark("Exact count"),
    mark("Range"),
    mark("Withheld"),
    mark("Not reported"),
)
"""What a cell of the grid says, before it is said."""
SIGNS: Final = dict(zip(GRID_KINDS, ("", "~", "×", "–"), strict=True))
GAP_SHAPES: Final = {"short": "triangle-down", "above": "triangle-up", "open": "circle"}


def bars_template(scheme: Scheme, *, muted: bool = False) -> Template:
    """Counts of one stage by year, as `stage_bars` draws them; muted for what is no stage."""
    colours = palette(scheme)
    colour = colours.muted if muted else ""
    return Template.of(stage_bars(named(), colours, colour), scheme)


# ------------------------------------------------------------------ gaps


def gap_points(gaps: pd.DataFrame) -> pd.DataFrame:
    """Observed over expected counts as the chart of gaps draws them.

    Args:
        gaps: rows that have a gap, with label, verdict, ratio_low, ratio_high, ratio_from,
            ratio_to and the words told (what stands above its line), figure, interval, counts.

    Returns:
        Columns label, text, verdict, even (1), start, end (of the interval, cut at the edge), low,
        high (of the range), middle, ranged, runs_on and the words.
    """
    edge = _edge(gaps["ratio_to"])
    low, high = (
        gaps[name].astype("float64").clip(upper=edge) for name in ("ratio_low", "ratio_high")
    )
    return gaps[["label", "verdict", "figure", "interval", "counts"]].assign(
        start=gaps["ratio_from"].astype("float64").clip(upper=edge),
        end=gaps["ratio_to"].astype("float64").clip(upper=edge),
        low=low,
        high=high,
        middle=(low + high) / 2,
        even=1.0,
        text=["\n".join(textwrap.wrap(told, TEXT_WIDTH, max_lines=2)) for told in gaps["told"]],
        ranged=(gaps["ratio_high"] > gaps["ratio_low"]).to_numpy(),
        runs_on=(gaps["ratio_to"] > edge).to_numpy(),
    )


def gap_template(scheme: Scheme) -> Template:
    """Observed over expected, one row per measure; its name stands above its line, so that a
    narrow screen has room for both. The dashed line is where the two are equal."""
    colours = palette(scheme)
    rows = alt.Y("label:N", sort=NAMES, axis=None)
    base = named().encode(
        y=rows,
        tooltip=[
            alt.Tooltip("label:N", title=say("Measure")),
            alt.Tooltip("figure:N", title=say("Observed / expected")),
            alt.Tooltip("interval:N", title=say("95% interval")),
            alt.Tooltip("counts:N", title=say("Counts")),
        ],
    )
    colour = alt.Color(
        "verdict:N",
        scale=alt.Scale(
            domain=list(GAP_SHAPES), range=[colours.highlight, colours.accent, colours.muted]
        ),
        legend=None,
    )
    shape = alt.Shape(
        "verdict:N",
        scale=alt.Scale(domain=list(GAP_SHAPES), range=list(GAP_SHAPES.values())),
        legend=None,
    )
    x_axis = alt.X(
        "start:Q",
        title=say("Observed / expected count"),
        scale=alt.Scale(zero=True),
        axis=alt.Axis(tickCount=6),
    )
    even = named().mark_rule(color=colours.muted, strokeDash=[6, 3]).encode(x="mean(even):Q")
    halo = _row_text(base, color=colours.background, stroke=colours.background, strokeWidth=4)
    texts = _row_text(base, color=colours.text)
    intervals = base.mark_rule(strokeWidth=2, opacity=0.7).encode(
        x=x_axis, x2="end:Q", color=colour
    )
    opened = (
        base.transform_filter("datum.runs_on")
        .mark_point(shape="triangle-right", filled=True, size=45)
        .encode(x="end:Q", color=colour)
    )
    ranges = (
        base.transform_filter("datum.ranged")
        .mark_bar(height=9, fill=colours.background, strokeDash=[3, 2])
        .encode(x="low:Q", x2="high:Q", stroke=colour)
    )
    points = (
        base.transform_filter("!datum.ranged")
        .mark_point(filled=True, opacity=1, size=90)
        .encode(x="middle:Q", color=colour, shape=shape)
    )
    chart = alt.layer(even, halo, texts, intervals, opened, ranges, points)
    return Template.of(chart.properties(height=alt.Step(GAP_STEP)), scheme)


def _row_text(base: alt.Chart, **look: Any) -> alt.Chart:
    """What a row says, above its line."""
    mark = base.mark_text(align="left", baseline="top", dy=-34, lineBreak="\n", fontSize=12, **look)
    drawn: alt.Chart = mark.encode(x=alt.value(2), text="text:N")
    return drawn


def _edge(ends: pd.Series) -> float:
    finite = ends.astype("float64").replace([np.inf], np.nan).dropna()
    most = float(finite.max()) if len(finite) else FARTHEST
    return min(max(most, 1.2), FARTHEST)


# ------------------------------------------------------------------ policy over time


def history_rows(values: pd.DataFrame) -> pd.DataFrame:
    """Values of an indicator as its chart draws them: one row per year from the first known to
    the last, with value, low, high, status, words and run (of years without a gap)."""
    known = values[values["status"] != "not_reported"]
    if known.empty:
        return known.assign(run=[])
    years = range(int(known["year"].min()), int(known["year"].max()) + 1)
    table = known.set_index("year")[["value", "low", "high", "status", "words"]].reindex(years)
    table["status"] = table["status"].fillna("not_reported")
    table["words"] = table["words"].fillna(say("No value"))
    for column in ("value", "low", "high"):
        table[column] = table[column].astype("float64")
    table["run"] = table["value"].isna().cumsum()
    return table.rename_axis("year").reset_index()


def history_template(indicator: Indicator, scheme: Scheme) -> Template:
    """One indicator by year, as steps: what is better is always further up, and the ends of the
    scale carry their words."""
    colours = palette(scheme)
    base = named().encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        tooltip=[
            alt.Tooltip("year:O", title=say("Year")),
            alt.Tooltip("words:N", title=indicator.title),
        ],
    )
    y_axis = alt.Y(
        "value:Q",
        title=None,
        scale=_scale(indicator),
        axis=_scale_axis(indicator),
    )
    steps = base.mark_line(interpolate="step", strokeWidth=2, color=colours.accent).encode(
        y=y_axis, detail="run:N"
    )
    limits = (
        base.transform_filter("datum.status == 'estimated'")
        .mark_rule(strokeWidth=2, opacity=0.4, color=colours.accent)
        .encode(y="low:Q", y2="high:Q")
    )
    bands = (
        base.transform_filter(
            "datum.status == 'censored' && isValid(datum.low) && isValid(datum.high)"
        )
        .mark_bar(width=9, fill=colours.background, stroke=colours.accent, strokeDash=[3, 2])
        .encode(y="low:Q", y2="high:Q")
    )
    points = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, opacity=1, size=40, color=colours.accent)
        .encode(y="value:Q")
    )
    missing = missing_bands(base, "datum.status == 'not_reported'", colours)
    chart = alt.layer(missing, limits, bands, steps, points)
    height = max(HISTORY_HEIGHT, LABELLED_STEP * len(indicator.labels))
    return Template.of(chart.properties(height=height), scheme)


def _scale(indicator: Indicator) -> alt.Scale:
    values = [float(value) for value in indicator.labels]
    ends = [*(indicator.scale or ()), *values]
    reverse = indicator.better == "lower"
    if not ends:
        return alt.Scale(zero=False, reverse=reverse)
    return alt.Scale(domain=[min(ends), max(ends)], nice=False, zero=False, reverse=reverse)


def _scale_axis(indicator: Indicator) -> alt.Axis:
    """Ticks at the labelled values, or at the ends of the scale and between them. Their number
    is given as well: Vega thins out even listed ticks where it thinks them too many."""
    if indicator.labels:
        words = {float(value): text for value, text in indicator.labels.items()}
        found = " : ".join(
            f"datum.value == {value:g} ? {literal(text)}" for value, text in sorted(words.items())
        )
        return alt.Axis(
            values=sorted(words),
            tickCount=len(words),
            labelExpr=f"{found} : ''",
            labelLimit=140,
            labelOverlap=False,
        )
    if indicator.scale:
        low, high = indicator.scale
        return alt.Axis(values=[low, (low + high) / 2, high], tickCount=3)
    return alt.Axis(tickCount=3)


# ------------------------------------------------------------------ grants


def grant_rows(years: pd.DataFrame) -> pd.DataFrame:
    """Amounts as their chart draws them: one row per year from the first to the last."""
    every = range(int(years["year"].min()), int(years["year"].max()) + 1)
    table = years.set_index("year").reindex(every)
    table["open"] = table["open"].eq(True)
    table["words"] = table["words"].fillna(say("Not known"))
    return table.rename_axis("year").reset_index()


def grants_template(title: str, scheme: Scheme) -> Template:
    """Money by year: a bar as high as the lower limit, dashed on to the upper one where it is
    known; an open triangle where more is not known."""
    colours = palette(scheme)
    base = named().encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        tooltip=[alt.Tooltip("year:O", title=say("Year")), alt.Tooltip("words:N", title=title)],
    )
    y_axis = alt.Y("low:Q", title=None, axis=alt.Axis(tickCount=4, format="~s"))
    bars = base.transform_filter("isValid(datum.low)").mark_bar(color=colours.accent)
    more = (
        base.transform_filter("isValid(datum.high) && datum.high > datum.low")
        .mark_bar(fill=colours.background, stroke=colours.accent, strokeDash=[3, 2])
        .encode(y="low:Q", y2="high:Q")
    )
    opened = (
        base.transform_filter("datum.open && !isValid(datum.high)")
        .mark_point(
            shape="triangle-up", filled=False, size=70, strokeWidth=1.5, color=colours.highlight
        )
        .encode(y=alt.Y("low:Q"), yOffset=alt.value(-8))
    )
    missing = missing_bands(base, "!isValid(datum.low)", colours)
    chart = alt.layer(missing, bars.encode(y=y_axis), more, opened)
    return Template.of(chart.properties(height=GRANTS_HEIGHT), scheme)


# ------------------------------------------------------------------ what is reported


def grid_rows(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of the grid of stages by years: row, year, kind, told (the kind in words), and sign,
    which tells the kinds apart without colour."""
    shown = cells[["row", "year", "kind"]].reset_index(drop=True)
    return shown.assign(sign=shown["kind"].map(SIGNS), told=shown["kind"].map(say))


def grid_template(scheme: Scheme) -> Template:
    """Stages by years: filled where exact, lighter with `~` where a range, `×` where withheld,
    pale with `–` where not reported."""
    colours = palette(scheme)
    base = named().encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(orient="top", labelAngle=0, labelOverlap=True)),
        y=alt.Y(
            "row:N",
            sort=NAMES,
            title=None,
            axis=alt.Axis(labelLimit=150, labelOverlap=False, ticks=False),
        ),
        tooltip=[
            alt.Tooltip("row:N", title=say("Stage")),
            alt.Tooltip("year:O", title=say("Year")),
            alt.Tooltip("told:N", title=say("What is printed")),
        ],
    )
    cells = base.mark_rect(stroke=colours.background, strokeWidth=2).encode(
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=list(GRID_KINDS), range=_fills(colours)),
            legend=None,
        )
    )
    signs = base.mark_text(fontSize=12, color=colours.text).encode(text="sign:N")
    chart = alt.layer(cells, signs)
    return Template.of(chart.properties(height=alt.Step(CELL_HEIGHT)), scheme)


def _fills(colours: Palette) -> Sequence[Any]:
    return [colours.accent, colours.steps[0], colours.faint, colours.unreported]
