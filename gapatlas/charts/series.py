"""Figures over time and side by side, each with its interval."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from gapatlas.charts.row_labels import BESIDE_NAMES, axis_lines
from gapatlas.charts.theme import Chart, Palette, Scheme, palette
from gapatlas.charts.words import (
    count_text,
    interval_text,
    upper_first,
    value_text,
    years_text,
)
from gapatlas.config import Measure
from gapatlas.languages import say
from gapatlas.tables import rows

SERIES_HEIGHT = 260
STAGE_HEIGHT = 110
NO_FIGURE = "datum.status == 'not_reported' || datum.status == 'suppressed'"


def plotted(data: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Figures as a chart needs them: numbers to draw, words for the tooltip.

    Infinite upper limits become absent: the interval is then drawn open.
    """
    texts = [
        {
            "figure": value_text(row, measure.decimals),
            "interval": interval_text(row, measure.decimals),
            "counts": f"{count_text(row.numerator_low, row.numerator_high)} / "
            f"{count_text(row.denominator_low, row.denominator_high)}",
            "years": years_text(row.year_from, row.year_to),
        }
        for row in rows(data)
    ]
    numbers = data[["jurisdiction_id", "name", "year_from", "year_to", "status"]].copy()
    for column in ("value", "value_low", "value_high", "low", "high"):
        numbers[column] = finite(data[column])
    words = pd.DataFrame(texts, index=data.index, columns=["figure", "interval", "counts", "years"])
    return pd.concat([numbers, words], axis=1)


def finite(values: pd.Series) -> pd.Series:
    """Numbers that can be drawn: what has no limit is absent."""
    return values.astype("float64").replace([np.inf, -np.inf], np.nan)


def series_chart(data: pd.DataFrame, measure: Measure, scheme: Scheme = "light") -> Chart:
    """One place's figures over time: a dot for a value, a bar for a range, a line for the
    interval, and a grey band for a window that is not reported.

    Args:
        data: rows of a `MeasureFrame`, one place.
        measure: gives unit and decimals.
        scheme: light or dark.
    """
    colours = palette(scheme)
    table = plotted(data, measure)
    base = alt.Chart(table).encode(
        x=alt.X(
            "year_to:O", title=_window_title(data), axis=alt.Axis(labelAngle=0, labelOverlap=True)
        ),
        tooltip=figure_tooltips(measure),
    )
    y_axis = alt.Y("low:Q", title=None, scale=_from_zero(table), axis=alt.Axis(tickCount=5))
    whole = base.transform_filter("isValid(datum.low) && isValid(datum.high)")
    open_ended = base.transform_filter("isValid(datum.low) && !isValid(datum.high)")
    intervals = whole.mark_rule(strokeWidth=2, opacity=0.55, color=colours.accent).encode(
        y=y_axis, y2="high:Q"
    )
    opened = open_ended.mark_point(shape="triangle-up", size=50, color=colours.accent).encode(
        y="low:Q"
    )
    ranges = upright_ranges(base, colours)
    values = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, opacity=1, size=60, color=colours.accent)
        .encode(y="value:Q")
    )
    missing = missing_bands(base, NO_FIGURE, colours)
    return alt.layer(missing, intervals, opened, ranges, values).properties(height=SERIES_HEIGHT)


def dots_chart(data: pd.DataFrame, measure: Measure, scheme: Scheme = "light") -> Chart:
    """One window of several places, sorted, each with its interval."""
    colours = palette(scheme)
    table = plotted(data, measure)
    order = table.assign(key=table["value"].fillna(table["value_low"])).sort_values(
        "key", ascending=False, na_position="last"
    )
    names = list(dict.fromkeys(order["name"]))
    y_axis = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=160))
    base = alt.Chart(table).encode(y=y_axis, tooltip=figure_tooltips(measure))
    intervals = (
        base.transform_filter("isValid(datum.low) && isValid(datum.high)")
        .mark_rule(strokeWidth=2, opacity=0.55, color=colours.accent)
        .encode(
            x=alt.X(
                "low:Q",
                title=axis_lines(measure.unit, BESIDE_NAMES),
                scale=_from_zero(table),
                axis=alt.Axis(tickCount=6),
            ),
            x2="high:Q",
        )
    )
    ranges = (
        base.transform_filter("datum.status == 'censored' && isValid(datum.value_high)")
        .mark_bar(height=9, fill=colours.background, stroke=colours.accent, strokeDash=[3, 2])
        .encode(x="value_low:Q", x2="value_high:Q")
    )
    values = (
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, opacity=1, size=60, color=colours.accent)
        .encode(x="value:Q")
    )
    missing = (
        base.transform_filter("!isValid(datum.value)  && datum.status != 'censored'")
        .mark_text(align="left", dx=4, fontStyle="italic", color=colours.muted)
        .encode(x=alt.value(0), text="figure:N")
    )
    return alt.layer(intervals, ranges, values, missing).properties(height=alt.Step(24))


def stage_rows(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts of one stage as `stage_bars` draws them: year, status, count_low, count_high and
    count (in words)."""
    table = counts[["year", "status"]].copy()
    for column in ("count_low", "count_high"):
        table[column] = counts[column].astype("float64")
    table["count"] = [
        say("Withheld to protect persons")
        if row.status == "suppressed"
        else count_text(row.count_low, row.count_high) or say("Not reported")
        for row in rows(counts)
    ]
    return table


def stage_bars(chart: alt.Chart, colours: Palette, colour: str = "") -> Chart:
    """Bars of counts by year: filled where exact, dashed where printed as a range, a grey band
    where there is none.

    Args:
        chart: a chart with the columns of `stage_rows`.
        colours: of the scheme.
        colour: of the bars; empty means the accent.
    """
    fill = colour or colours.accent
    base = chart.encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        tooltip=[
            alt.Tooltip("year:O", title=say("Year")),
            alt.Tooltip("count:N", title=say("Count")),
        ],
    )
    exact = (
        base.transform_filter("datum.status == 'exact'")
        .mark_bar(color=fill)
        .encode(y=alt.Y("count_high:Q", title=None, axis=alt.Axis(tickCount=3)))
    )
    censored = (
        base.transform_filter("datum.status == 'censored'")
        .mark_bar(fill=colours.background, stroke=fill, strokeDash=[3, 2])
        .encode(y="count_low:Q", y2="count_high:Q")
    )
    missing = missing_bands(base, "!isValid(datum.count_high)", colours)
    return alt.layer(missing, exact, censored).properties(height=STAGE_HEIGHT)


def _from_zero(table: pd.DataFrame) -> alt.Scale:
    """A scale from zero to a little above the highest figure or limit that is drawn."""
    top = float(np.nan_to_num(table[["value_high", "high", "low"]].to_numpy()).max(initial=0))
    return alt.Scale(domain=[0, top * 1.05 or 1], nice=False)


def upright_ranges(base: alt.Chart, colours: Palette) -> alt.Chart:
    """A dashed box over what counts that are printed as a range allow."""
    boxes = base.transform_filter("datum.status == 'censored' && isValid(datum.value_high)")
    drawn: alt.Chart = boxes.mark_bar(
        width=9, fill=colours.background, stroke=colours.accent, strokeDash=[3, 2]
    ).encode(y="value_low:Q", y2="value_high:Q")
    return drawn


def missing_bands(base: alt.Chart, test: str, colours: Palette) -> alt.Chart:
    """A grey band over the whole height where nothing is reported: a mark at the foot of the
    chart would read as zero."""
    bands: alt.Chart = base.transform_filter(test).mark_bar(
        color=colours.band, width=alt.RelativeBandSize(band=0.9)
    )
    return bands.encode(y=alt.value(0), y2=alt.value("height"))


def _window_title(data: pd.DataFrame) -> str:
    lengths = (data["year_to"] - data["year_from"]).max()
    if not lengths:
        return say("Year")
    return say("Last year of the {years}-year window", years=int(lengths) + 1)


def figure_tooltips(measure: Measure) -> list[alt.Tooltip]:
    """What a figure says when it is pointed at."""
    return [
        alt.Tooltip("name:N", title=say("Place")),
        alt.Tooltip("figure:N", title=upper_first(measure.unit)),
        alt.Tooltip("interval:N", title=say("95% interval")),
        alt.Tooltip("counts:N", title=say("Counts")),
        alt.Tooltip("years:N", title=say("Years")),
    ]
