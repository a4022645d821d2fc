"""Flows between places: wedges on a map, and a matrix of origins by destinations.

Both are templates: the map takes its shapes by URL and draws its curves from the two ends of each
flow in the browser, so that a step of the threshold or the years sends a few kilobytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from gapatlas.charts.expressions import literal, told
from gapatlas.charts.map import map_selection
from gapatlas.charts.template import NAMES, Template, named
from gapatlas.charts.theme import Palette, Scheme, palette
from gapatlas.charts.view import (
    Shapes,
    height_per_width,
    name_of_shape,
    names_of_shapes,
    projected,
)
from gapatlas.charts.words import count_text, from_to, upper_first
from gapatlas.config import Map
from gapatlas.languages import say, whole
from gapatlas.tables import rows

PLACES: Final = "places"
WIDEST: Final = 16
"""Pixels of the wide end of the largest flow, on a map 800 pixels wide."""
BOW: Final = 0.16
"""How far a curve bows aside, as a share of its length: both directions of a pair stay apart."""
CURVE_POINTS: Final = 12
TOUCH_POINTS: Final = 8
MATRIX_ROWS: Final = 25
MATRIX_COLUMNS: Final = 15
"""Rows and columns of the matrix that stay readable."""
CELL_HEIGHT: Final = 22
BREAKS: Final = (50, 100, 250, 1000)
"""Least counts of the second and later classes of the matrix; the same for all years."""
_WIDE: Final = f"max(1.2, {WIDEST} * datum.w * clamp(width / 800, 0.45, 1))"
_TOUCHED: Final = 7
"""Pixels around a thin line that still count as it."""
_LETTERED: Final = 3
"""Places of a group that carry its letter on the map."""


def flow_rows(edges: pd.DataFrame, points: pd.DataFrame, chosen: str = "") -> pd.DataFrame:
    """Flows as the map draws them; those without a point at both ends are left out.

    Args:
        edges: origin, destination, origin_name, destination_name, count_low, count_high, years.
        points: longitude and latitude by place id.
        chosen: id of the place whose flows stand out, or an empty text.

    Returns:
        Columns o and d (names), x1, y1, x2, y2 (degrees), w (share of the widest), t (count in
        words), y (years), c (whether it is a flow of the chosen place), a (opacity). The largest
        are drawn first, those of the chosen place last.
    """
    there = points.dropna()
    ends = edges[edges["origin"].isin(there.index) & edges["destination"].isin(there.index)]
    most = max(int(ends["count_low"].max()), 1) if len(ends) else 1
    table = pd.DataFrame(
        {
            "o": ends["origin_name"],
            "d": ends["destination_name"],
            "w": np.sqrt(ends["count_low"].to_numpy(dtype=np.float64) / most).round(3),
            "t": _counts(ends),
            "y": ends["years"],
            "c": (ends["origin"] == chosen) | (ends["destination"] == chosen),
        }
    )
    table["a"] = np.where(table["c"], 0.9, 0.2 if table["c"].any() else 0.62)
    for end, name in ((1, "origin"), (2, "destination")):
        at = there.reindex(ends[name])
        table[f"x{end}"] = at["longitude"].to_numpy(dtype=np.float32)
        table[f"y{end}"] = at["latitude"].to_numpy(dtype=np.float32)
    return table.sort_values(["c", "w"], ascending=[True, False], ignore_index=True)


def place_rows(
    edges: pd.DataFrame,
    points: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
    chosen: str,
) -> pd.DataFrame:
    """Places of the shown flows as the map fills and letters them.

    Args:
        edges: as for `flow_rows`.
        points: longitude and latitude by place id.
        groups: letter -> ids of its places, most people first.
        labels: letter -> what the legend says of the group.
        chosen: id of the place that is outlined, or an empty text.

    Returns:
        Columns id, n (name), g (its group as the legend names it, or missing), l (the letter where
        it is written on the map), x, y, i (people of other places counted there) and o (its
        citizens counted elsewhere), both in words, c (whether it is the chosen place).
    """
    inward = edges.groupby("destination")[["count_low", "count_high"]].sum()
    outward = edges.groupby("origin")[["count_low", "count_high"]].sum()
    names = dict(zip(edges["origin"], edges["origin_name"], strict=True))
    names |= dict(zip(edges["destination"], edges["destination_name"], strict=True))
    named_group = {id_: labels[letter] for letter, ids in groups.items() for id_ in ids}
    written = {id_: letter for letter, ids in groups.items() for id_ in ids[:_LETTERED]}
    ids = sorted({*inward.index, *outward.index} | ({chosen} if chosen else set()))
    at = points.reindex(ids)
    return pd.DataFrame(
        {
            "id": ids,
            "n": pd.Series([names.get(id_, id_) for id_ in ids], dtype="str"),
            "g": pd.Series([named_group.get(id_) for id_ in ids], dtype="str"),
            "l": [written.get(id_, "") for id_ in ids],
            "x": at["longitude"].to_numpy(dtype=np.float32),
            "y": at["latitude"].to_numpy(dtype=np.float32),
            "i": _counts(inward.reindex(ids)),
            "o": _counts(outward.reindex(ids)),
            "c": [id_ == chosen for id_ in ids],
        }
    )


def flow_map_template(shapes: Shapes, map_: Map, people: str, scheme: Scheme) -> Template:
    """Map of flows: a wedge from citizenship (wide end) to the place of detection (tip).

    Args:
        shapes: TopoJSON features of the places.
        map_: gives the projection.
        people: who is counted, such as `victims detected`.
        scheme: light or dark.
    """
    colours = palette(scheme)
    chart = alt.layer(
        _land(shapes, people, colours), _wedges(people, colours), _letters(people, colours)
    ).properties(height=round(800 * height_per_width(map_, shapes.bounds)))
    return Template.of(projected(chart, map_, shapes.bounds), scheme)


def matrix_rows(edges: pd.DataFrame, chosen: str = "") -> pd.DataFrame:
    """The cells of the matrix: the origins and destinations with the most people.

    Args:
        edges: as for `flow_rows`.
        chosen: id of the place whose row and column stand out, or an empty text.

    Returns:
        Columns o and d (names), ro and rd (their ranks, 0 has the most), k (class by `BREAKS`),
        n (people counted for certain), p (what is printed in the cell), t (count in words), y
        (years), c (whether it is a cell of the chosen place).
    """
    most = {"origin": MATRIX_ROWS, "destination": MATRIX_COLUMNS}
    ranks = {
        side: _ranked(edges, side).head(number).reset_index(drop=True)
        for side, number in most.items()
    }
    order = {side: {id_: rank for rank, id_ in ranks[side].items()} for side in ranks}
    kept = edges[edges["origin"].isin(ranks["origin"])]
    kept = kept[kept["destination"].isin(ranks["destination"])]
    low = kept["count_low"].to_numpy(dtype=np.int64)
    exact = (kept["count_low"] == kept["count_high"]).to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "o": kept["origin_name"].to_numpy(),
            "d": kept["destination_name"].to_numpy(),
            "ro": kept["origin"].map(order["origin"]).to_numpy(dtype=np.int8),
            "rd": kept["destination"].map(order["destination"]).to_numpy(dtype=np.int8),
            "k": np.searchsorted(BREAKS, low, side="right").astype(np.int8),
            "n": low.astype(np.int32),
            "p": [f"{whole(n)}{'' if sure else '+'}" for n, sure in zip(low, exact, strict=True)],
            "t": _counts(kept),
            "y": kept["years"].to_numpy(),
            "c": ((kept["origin"] == chosen) | (kept["destination"] == chosen)).to_numpy(),
        }
    )


def matrix_template(people: str, scheme: Scheme) -> Template:
    """Heat map of flows: one row per citizenship, one column per place of detection."""
    colours = palette(scheme)
    base = named().encode(
        x=alt.X(
            "d:N",
            sort=alt.EncodingSortField("rd", op="min"),
            title=counted_in(people),
            axis=_names_axis(orient="top", labelAngle=-60),
        ),
        y=alt.Y(
            "o:N",
            sort=alt.EncodingSortField("ro", op="min"),
            title=say("Citizens of"),
            axis=_names_axis(titleAngle=0, titleAlign="left", titleAnchor="start", titleY=-8),
        ),
        tooltip=_edge_tooltips(people),
    )
    cells = base.mark_rect(strokeWidth=1, aria=False).encode(
        fill=_class_fill(people, colours),
        stroke=alt.when("datum.c")
        .then(alt.value(colours.highlight))
        .otherwise(alt.value(colours.background)),
        strokeWidth=alt.when("datum.c").then(alt.value(2)).otherwise(alt.value(1)),
    )
    dark_cell = f"datum.k >= {len(BREAKS) - 1}"
    printed = base.mark_text(
        fontSize=10, aria=False, opacity=alt.ExprRef("width > 480 ? 1 : 0")
    ).encode(
        text="p:N",
        color=alt.when(dark_cell)
        .then(alt.value(colours.background))
        .otherwise(alt.value(colours.text)),
    )
    return Template.of(alt.layer(cells, printed).properties(height=alt.Step(CELL_HEIGHT)), scheme)


def counted_in(people: str) -> str:
    """Heading of the places in which somebody is counted, such as `Victims detected in`."""
    return say("{people} in", people=upper_first(people))


def _names_axis(**changes: Any) -> alt.Axis:
    """Every name in full as far as it fits, none left out."""
    return alt.Axis(
        labelLimit=110,
        labelOverlap=False,
        labelFlush=False,
        ticks=False,
        domain=False,
        grid=True,
        tickBand="extent",
        **changes,
    )


def _ranked(edges: pd.DataFrame, side: str) -> pd.Series:
    """Ids of one side, the one with the most people first."""
    people = edges.groupby(side)["count_low"].sum()
    return people.sort_values(ascending=False, kind="stable").index.to_series()


def _counts(table: pd.DataFrame) -> list[str]:
    return [count_text(row.count_low, row.count_high) or say("none shown") for row in rows(table)]


def _land(shapes: Shapes, people: str, colours: Palette) -> alt.Chart:
    """Places, filled by their group; small ones are dots, drawn where a flow begins or ends."""
    figures = alt.LookupData(data=alt.NamedData(name=PLACES), key="id", fields=["g", "i", "o", "c"])
    no_flow = told({say("Place"): "datum.name", say("Shown"): literal(say("no flow"))})
    tooltip = f"!isValid(datum.i) ? {no_flow} : {_place_tooltip('datum.name', people)}"
    land: alt.Chart = (
        alt.Chart(shapes.data)
        .mark_geoshape(aria=False, cursor="pointer")
        .transform_lookup(lookup="properties.id", from_=figures)
        .transform_calculate(id="datum.properties.id", name=name_of_shape(shapes))
        .transform_filter("!datum.properties.dot || isValid(datum.i)")
        .encode(
            fill=_group_fill(colours),
            stroke=_if_chosen(colours.highlight, colours.faint),
            strokeWidth=_if_chosen(2.5, 0.6),
            tooltip=alt.value(alt.ExprRef(tooltip)),
        )
        .add_params(map_selection(), *names_of_shapes(shapes))
    )
    return land


def _place_tooltip(name: str, people: str) -> str:
    """A Vega expression: what is counted of a place in both directions, and its community."""
    return told(
        {
            say("Place"): name,
            say("{people} there, of other places", people=upper_first(people)): "datum.i",
            say("Its citizens elsewhere"): "datum.o",
            say("Community"): f"datum.g || {literal(say('no large one'))}",
        }
    )


def _group_fill(colours: Palette) -> Any:
    """One colour per group, in the order in which the legend names them."""
    scale = alt.Scale(domain=NAMES, range=list(colours.groups))
    legend = alt.Legend(
        title=None,
        orient="bottom",
        columns=2,
        symbolType="square",
        symbolSize=160,
        symbolStrokeWidth=1,
        symbolStrokeColor=colours.outline,
        labelLimit=170,
        columnPadding=14,
    )
    return (
        alt.when("isValid(datum.g)")
        .then(alt.Fill("g:N", scale=scale, legend=legend))
        .otherwise(alt.value(colours.unreported))
    )


def _wedges(people: str, colours: Palette) -> alt.LayerChart:
    """Curves from the two ends of each flow, computed where they are drawn.

    A trail answers the pointer near its corners alone, so unseen rules lie over it.
    """
    drawn = (
        _along(CURVE_POINTS)
        .transform_calculate(px=_bezier("x", "datum.s"), py=_bezier("y", "datum.s"))
        .transform_calculate(thick=f"0.4 + {_WIDE} * (1 - datum.s)")
        .mark_trail(aria=False, tooltip=None)
        .encode(
            longitude="px:Q",
            latitude="py:Q",
            detail="e:N",
            order="s:Q",
            size=alt.Size("thick:Q", scale=None, legend=None),
            color=_if_chosen(colours.highlight, colours.accent),
            opacity=alt.Opacity("a:Q", scale=None, legend=None),
        )
    )
    step = f"(datum.s + {1 / TOUCH_POINTS})"
    touched = (
        _along(TOUCH_POINTS)
        .transform_filter("datum.s < 1")
        .transform_calculate(px=_bezier("x", "datum.s"), py=_bezier("y", "datum.s"))
        .transform_calculate(qx=_bezier("x", step), qy=_bezier("y", step))
        .transform_calculate(thick=f"max({_TOUCHED}, {_WIDE} * (1 - datum.s))")
        .mark_rule(opacity=0, aria=False)
        .encode(
            longitude="px:Q",
            latitude="py:Q",
            longitude2="qx:Q",
            latitude2="qy:Q",
            strokeWidth=alt.StrokeWidth("thick:Q", scale=None, legend=None),
            tooltip=_edge_tooltips(people),
        )
    )
    wedges: alt.LayerChart = drawn + touched
    return wedges


def _along(points: int) -> alt.Chart:
    """Each flow once for each of some points `s` along it, from 0 (citizenship) on."""
    shares = ", ".join(f"{point / points:.4g}" for point in range(points + 1))
    chart: alt.Chart = (
        named()
        .transform_calculate(s=f"[{shares}]", e="datum.o + '|' + datum.d")
        .transform_flatten(["s"])
    )
    return chart


def _bezier(axis: str, share: str) -> str:
    """A Vega expression: a coordinate of the curve that bows aside, at a share of its length."""
    across, sign = ("y", "-") if axis == "x" else ("x", "+")
    middle = f"(datum.{axis}1 + datum.{axis}2) / 2"
    bend = f"({middle} {sign} {BOW} * (datum.{across}2 - datum.{across}1))"
    rest = f"(1 - {share})"
    return (
        f"{rest} * {rest} * datum.{axis}1 + 2 * {rest} * {share} * {bend} "
        f"+ {share} * {share} * datum.{axis}2"
    )


def _letters(people: str, colours: Palette) -> alt.LayerChart:
    """The letter of a group on the places that have the most people in it, with a halo."""
    size = alt.ExprRef("width > 480 ? 13 : 9")
    base = (
        named(PLACES)
        .transform_filter("datum.l != '' && isValid(datum.x)")
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            text="l:N",
            tooltip=alt.value(alt.ExprRef(_place_tooltip("datum.n", people))),
        )
    )
    halo = base.mark_text(
        fontSize=size,
        fontWeight="bold",
        stroke=colours.background,
        strokeWidth=3,
        strokeJoin="round",
        aria=False,
    )
    ink = base.mark_text(fontSize=size, fontWeight="bold", color=colours.text, aria=False)
    letters: alt.LayerChart = halo + ink
    return letters


def _if_chosen(chosen: Any, otherwise: Any) -> Any:
    return alt.when("datum.c").then(alt.value(chosen)).otherwise(alt.value(otherwise))


def _edge_tooltips(people: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("o:N", title=say("Citizens of")),
        alt.Tooltip("d:N", title=counted_in(people)),
        alt.Tooltip("t:N", title=say("How many")),
        alt.Tooltip("y:N", title=say("Years with a count")),
    ]


def _class_fill(people: str, colours: Palette) -> alt.Fill:
    labels = [
        say("Up to {number}", number=whole(BREAKS[0] - 1)),
        *(from_to(whole(low), whole(high - 1)) for low, high in pairwise(BREAKS)),
        say("{number} or more", number=whole(BREAKS[-1])),
    ]
    legend = alt.Legend(
        title=upper_first(people),
        orient="bottom",
        columns=2,
        symbolType="square",
        symbolSize=160,
        labelExpr=f"{json.dumps(labels, ensure_ascii=False)}[datum.value]",
    )
    scale = alt.Scale(domain=list(range(len(BREAKS) + 1)), range=list(colours.steps))
    return alt.Fill("k:O", scale=scale, legend=legend)
