"""One row per place: figures with intervals, raw beside shrunken, and ranks."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from gapatlas.charts.row_labels import BESIDE_NAMES, axis_lines
from gapatlas.charts.series import figure_tooltips, finite, plotted
from gapatlas.charts.template import NAMES, Template, named
from gapatlas.charts.theme import Palette, Scheme, palette
from gapatlas.charts.words import from_to, number
from gapatlas.config import Measure
from gapatlas.languages import percentage, say, whole
from gapatlas.tables import rows

ROW_HEIGHT = 24
DENSE_HEIGHT = 14
DENSE_FROM = 45
WHOLE = "isValid(datum.low)"
OPEN = "datum.runs_on"
RANGE = "datum.status == 'censored'"


def place_rows(table: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Rows of a comparison as the charts of this module draw them.

    Args:
        table: columns of a `MeasureFrame` with role, small, middle and middle_high, in the order
            of the rows.
        measure: gives unit and decimals.

    Returns:
        Numbers without infinities, words for the tooltip, and `label`: the name, with a star
        where the figure divides by fewer than 10.
    """
    shown = plotted(table, measure)
    shown["role"] = table["role"].to_numpy()
    shown["small"] = table["small"].to_numpy()
    shown["label"] = [_label(row) for row in rows(table)]
    edge = _edge(table)
    shown["middle"] = finite(table["middle"])
    shown["middle_high"] = table["middle_high"].astype("float64").clip(upper=edge)
    shown["end"] = table["high"].astype("float64").clip(upper=edge)
    shown["runs_on"] = (table["high"] > edge).fillna(False)
    shown["low"] = shown["low"].clip(upper=edge)
    shown["range_end"] = table["value_high"].astype("float64").clip(upper=edge)
    for column in ("shrunken", "shrunken_low", "shrunken_high"):
        if column in table:
            shown[column] = finite(table[column])
    if "shrunken" in table:
        shown["drawn_to"] = [_shrunken_words(row, measure) for row in rows(table)]
    return shown


def _edge(table: pd.DataFrame) -> float:
    """Where the chart ends: beyond every exact figure and the chosen place, and beyond the limits
    of those that divide by 10 or more.

    Small counts have limits that run on and on, and would press all others together.
    """
    firm = table[(table["status"] == "exact") | (table["role"] == "chosen")]
    values, limits = firm["value_high"], firm.loc[~firm["small"].astype(bool), "high"]
    ends = finite(pd.concat([limits, values, table["middle"]])).dropna()
    if ends.empty:
        ends = finite(pd.concat([table["value_high"], table["low"]])).dropna()
    return float(ends.max()) * 1.04 if len(ends) and ends.max() > 0 else 1.0


def row_labels(shown: pd.DataFrame) -> list[str]:
    """Labels of the rows, from top to bottom."""
    return list(dict.fromkeys(shown["label"]))


def peers_template(measure: Measure, scheme: Scheme, *, dense: bool = False) -> Template:
    """Dot plot of a place and its peers, highest first: dot for a value, line for its interval,
    dashed box for a range, vertical band for the middle of the peers."""
    colours = palette(scheme)
    base = named().encode(y=_rows(dense), tooltip=figure_tooltips(measure))
    x_axis = _unit_axis("low:Q", measure)
    intervals = base.transform_filter(WHOLE).mark_rule(strokeWidth=2)
    opened = base.transform_filter(OPEN).mark_point(shape="triangle-right", filled=True, size=45)
    ranges = base.transform_filter(RANGE).mark_bar(
        height=6 if dense else 9, fill=colours.background, strokeDash=[3, 2]
    )
    values = base.transform_filter("isValid(datum.value)").mark_point(filled=True, opacity=1)
    chart = alt.layer(
        _middle_band(colours),
        _middle_line(colours),
        intervals.encode(x=x_axis, x2="end:Q", color=_colour(colours), opacity=_faded(0.6)),
        opened.encode(x="end:Q", color=_colour(colours), opacity=_faded(0.8)),
        ranges.encode(
            x="value_low:Q", x2="range_end:Q", stroke=_colour(colours), opacity=_faded(1.0)
        ),
        values.encode(
            x="value:Q", color=_colour(colours), shape=_shape(), size=_size(), opacity=_faded(1.0)
        ),
    )
    return Template.of(chart.properties(height=alt.Step(_height(dense))), scheme)


def shrunken_template(measure: Measure, scheme: Scheme, *, dense: bool = False) -> Template:
    """Raw and shrunken side by side: a ring for the raw value, a dot with its interval for the
    shrunken one, a line between the two, a vertical line where values are drawn to."""
    colours = palette(scheme)
    tooltips = [*figure_tooltips(measure), alt.Tooltip("drawn_to:N", title=say("Shrunken"))]
    base = named().encode(y=_rows(dense), tooltip=tooltips)
    x_axis = _unit_axis("shrunken_low:Q", measure)
    chart = alt.layer(
        _middle_line(colours),
        base.mark_rule(strokeWidth=2).encode(
            x=x_axis, x2="shrunken_high:Q", color=_colour(colours), opacity=_faded(0.6)
        ),
        base.transform_filter("isValid(datum.value)")
        .mark_rule(strokeDash=[2, 2], color=colours.muted)
        .encode(x="value:Q", x2="shrunken:Q"),
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=False, strokeWidth=1.5, size=45)
        .encode(x="value:Q", color=_colour(colours), opacity=_faded(1.0)),
        base.mark_point(filled=True, opacity=1).encode(
            x="shrunken:Q",
            color=_colour(colours),
            shape=_shape(),
            size=_size(),
            opacity=_faded(1.0),
        ),
    )
    return Template.of(chart.properties(height=alt.Step(_height(dense))), scheme)


def ranks_template(scheme: Scheme, *, dense: bool = False) -> Template:
    """Interval of ranks of each place; a band behind every second group."""
    colours = palette(scheme)
    base = named().encode(
        y=_rows(dense),
        tooltip=[
            alt.Tooltip("name:N", title=say("Place")),
            alt.Tooltip("rank:Q", title=say("Rank, from the highest")),
            alt.Tooltip("interval:N", title=say("95% interval of the rank")),
            alt.Tooltip("group_label:N", title=say("Cannot be told apart within")),
        ],
    )
    axis = alt.X(
        "rank_low:Q",
        title=say("Rank, 1 is the highest"),
        scale=alt.Scale(zero=False),
        axis=_ticks(),
    )
    bands: alt.Chart = base.transform_filter("datum.group % 2 == 0").mark_bar(
        color=colours.band, height=alt.RelativeBandSize(band=1)
    )
    chart = alt.layer(
        bands.encode(x=alt.value(0), x2=alt.value("width")),
        base.mark_rule(strokeWidth=3).encode(
            x=axis, x2="rank_high:Q", color=_colour(colours), opacity=_faded(0.7)
        ),
        base.mark_point(filled=True, opacity=1).encode(
            x="rank:Q", color=_colour(colours), shape=_shape(), size=_size(), opacity=_faded(1.0)
        ),
    )
    return Template.of(chart.properties(height=alt.Step(_height(dense))), scheme)


def rank_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of `Comparison.ranks` with words for the tooltip."""
    shown = table.copy()
    shown["label"] = [_label(row) for row in rows(table)]
    shown["interval"] = [from_to(whole(row.rank_low), whole(row.rank_high)) for row in rows(table)]
    return shown


def _label(row: Any) -> str:
    return f"{row.name} *" if row.small else str(row.name)


def _shrunken_words(row: Any, measure: Measure) -> str:
    digits = measure.decimals
    return say(
        "{value} (95% interval {low} to {high}); own counts weigh {share}",
        value=number(row.shrunken, digits),
        low=number(row.shrunken_low, digits),
        high=number(row.shrunken_high, digits),
        share=percentage(row.weight),
    )


def _height(dense: bool) -> int:
    return DENSE_HEIGHT if dense else ROW_HEIGHT


def _rows(dense: bool) -> alt.Y:
    axis = alt.Axis(
        labelLimit=150, labelFontSize=10 if dense else 11, labelOverlap=False, ticks=False
    )
    return alt.Y("label:N", sort=NAMES, title=None, axis=axis)


def _unit_axis(column: str, measure: Measure) -> alt.X:
    title = axis_lines(measure.unit, BESIDE_NAMES)
    return alt.X(column, title=title, scale=alt.Scale(zero=True), axis=_ticks())


def _ticks() -> alt.Axis:
    return alt.Axis(tickCount=5)


def _colour(colours: Palette) -> Any:
    return (
        alt.when(alt.datum.role == "chosen")
        .then(alt.value(colours.highlight))
        .otherwise(alt.value(colours.accent))
    )


def _shape() -> Any:
    return (
        alt.when(alt.datum.role == "chosen")
        .then(alt.value("diamond"))
        .otherwise(alt.value("circle"))
    )


def _size() -> Any:
    return alt.when(alt.datum.role == "chosen").then(alt.value(130)).otherwise(alt.value(55))


def _faded(full: float) -> Any:
    return alt.when(alt.datum.small).then(alt.value(full * 0.45)).otherwise(alt.value(full))


def _middle_band(colours: Palette) -> alt.Chart:
    """The middle of the peers, which is a range where their counts are."""
    band: alt.Chart = (
        named()
        .transform_filter("isValid(datum.middle)")
        .mark_rect(color=colours.band, opacity=0.7)
        .encode(x="mean(middle):Q", x2="mean(middle_high):Q")
    )
    return band


def _middle_line(colours: Palette) -> alt.Chart:
    line: alt.Chart = (
        named()
        .transform_filter("isValid(datum.middle)")
        .mark_rule(color=colours.muted, strokeDash=[6, 3])
        .encode(x="mean(middle):Q")
    )
    return line
