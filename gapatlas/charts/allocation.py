"""One budget dealt out over places and components, beside the equal split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from gapatlas.charts.amounts import SIGNED_AXIS, money, money_axis, span, tally, within_90
from gapatlas.charts.row_labels import axis_lines
from gapatlas.charts.template import NAMES, Template, named
from gapatlas.charts.theme import Palette, Scheme, palette
from gapatlas.languages import mark, say, say_of
from gapatlas.tables import rows

SEGMENTS: Final = "segments"
STEP: Final = 40
MIDDLE: Final = 0.5
"""Share of the width where the money ends; further outcomes begin a little after it."""
GUTTER: Final = 0.07
HALF_LETTERS: Final = 20
"""Letters of a title that fit above one half of a narrow screen."""
QUANTILES: Final = ("q05", "q50", "q95")
PLANS: Final = {"allocated": mark("Allocated"), "equal": mark("Equal split")}


def segment_rows(money_: pd.DataFrame, components: Sequence[str], currency: str) -> pd.DataFrame:
    """Money of each place, component by component, stacked.

    Args:
        money_: columns place, component, allocated, equal; one row per place and component.
        components: names of the components in the order of the stack.
        currency: for the words.

    Returns:
        place, component, start, end, equal (of the whole place), words and split; parts without
        money are left out.
    """
    order = {name: number for number, name in enumerate(components)}
    shown = money_[["place", "component"]].copy()
    shown["amount"] = money_["allocated"].astype("float64")
    shown["order"] = money_["component"].map(order)
    shown = shown.sort_values(["place", "order"])
    shown["end"] = shown.groupby("place")["amount"].cumsum()
    shown["start"] = shown["end"] - shown["amount"]
    shown["words"] = [money(row.amount, currency) for row in rows(shown)]
    return shown[shown["amount"] > 0].reset_index(drop=True)


def gain_rows(money_: pd.DataFrame, gains: pd.DataFrame, currency: str) -> pd.DataFrame:
    """One row per place and plan: its money and what it changes.

    Args:
        money_: columns place, component, allocated, equal.
        gains: columns place, plan (`allocated`, `equal`), q05, q50, q95 of further outcomes.
        currency: for the words.

    Returns:
        place, plan, q05, q50, q95, amount, plan_words, gain_words, amount_words, zero.
    """
    totals = money_.groupby("place")[["allocated", "equal"]].sum()
    shown = gains[["place", "plan", *QUANTILES]].astype(dict.fromkeys(QUANTILES, "float64"))
    shown = shown.reset_index(drop=True)
    amounts = [float(totals.loc[row.place, row.plan]) for row in rows(shown)]
    told = [within_90(tally(row.q50), span(row.q05, row.q95)) for row in rows(shown)]
    return shown.assign(
        amount=pd.Series(amounts, dtype="float64"),
        amount_words=pd.Series([money(a, currency) for a in amounts], dtype="object"),
        gain_words=pd.Series(told, dtype="object"),
        plan_words=shown["plan"].map(say_of(PLANS)),
        zero=0.0,
    )


def places_in_order(money_: pd.DataFrame) -> list[str]:
    """Places by the money that they get, most first."""
    totals = money_.groupby("place")["allocated"].sum()
    ordered = totals.reset_index().sort_values(["allocated", "place"], ascending=[False, True])
    return [str(place) for place in ordered["place"]]


def allocation_template(
    components: Sequence[str], further: str, currency: str, scheme: Scheme
) -> Template:
    """One row per place. On the left its money, parted by component, and a mark for what the
    equal split would give; on the right what both change, each with its 90% line.

    Args:
        components: names of the components in the order of the stack.
        further: what is gained, such as `Further convictions`, for the axis.
        currency: for the axis.
        scheme: light or dark.
    """
    colours = palette(scheme)
    chart = (
        alt.layer(
            *_names(colours.background, stroke=colours.background, strokeWidth=4),
            alt.layer(*_money_layers(components, currency, colours)),
            alt.layer(*_gain_layers(further, colours)),
            *_names(colours.text),
        )
        .resolve_scale(x="independent")
        .properties(height=alt.Step(STEP))
    )
    return Template.of(chart, scheme)


def _rows() -> alt.Y:
    return alt.Y("place:N", sort=NAMES, axis=None, scale=alt.Scale(paddingOuter=0.2))


def _money_layers(components: Sequence[str], currency: str, colours: Palette) -> list[alt.Chart]:
    x_axis = alt.X(
        "start:Q",
        title=axis_lines(say("{currency} a year", currency=currency), HALF_LETTERS),
        scale=alt.Scale(range=[0, alt.expr(f"width * {MIDDLE}")], zero=True, nice=False),
        axis=alt.Axis(labelExpr=money_axis(), tickCount=3, orient="top"),
    )
    fills = [colours.steps[4], colours.steps[2], colours.steps[0], colours.background]
    bars = (
        named(SEGMENTS)
        .mark_bar(height=13, stroke=colours.outline, strokeWidth=0.8, yOffset=6)
        .encode(
            y=_rows(),
            x=x_axis,
            x2="end:Q",
            fill=alt.Fill(
                "component:N",
                scale=alt.Scale(domain=list(components), range=fills),
                legend=alt.Legend(
                    title=None,
                    orient="top",
                    columns=1,
                    labelLimit=280,
                    symbolType="square",
                    symbolSize=150,
                    symbolStrokeWidth=1,
                ),
            ),
            tooltip=[
                alt.Tooltip("place:N", title=say("Place")),
                alt.Tooltip("component:N", title=say("Component")),
                alt.Tooltip("words:N", title=say("Money a year")),
            ],
        )
    )
    ticks = (
        named()
        .transform_filter("datum.plan == 'equal'")
        .mark_tick(
            color=colours.highlight,
            stroke=colours.background,
            strokeWidth=1,
            thickness=5,
            size=22,
            opacity=1,
            yOffset=6,
        )
        .encode(y=_rows(), x=alt.X("amount:Q"), tooltip=_tooltips(say("Further outcomes")))
    )
    return [bars, ticks]


def _gain_layers(further: str, colours: Palette) -> list[alt.Chart]:
    x_axis = alt.X(
        "q05:Q",
        title=axis_lines(further, HALF_LETTERS),
        scale=alt.Scale(
            range=[alt.expr(f"width * {MIDDLE + GUTTER}"), alt.expr("width")], zero=True
        ),
        axis=alt.Axis(labelExpr=SIGNED_AXIS, tickCount=3, orient="top", grid=True),
    )
    none = named().mark_rule(color=colours.text).encode(x="mean(zero):Q")
    marks: list[alt.Chart] = [none]
    for plan, offset, colour, filled in (
        ("allocated", 2, colours.accent, True),
        ("equal", 12, colours.highlight, False),
    ):
        base = (
            named()
            .transform_filter(f"datum.plan == '{plan}'")
            .encode(y=_rows(), tooltip=_tooltips(further))
        )
        marks.append(
            base.mark_rule(color=colour, strokeWidth=1.5, yOffset=offset, y2Offset=offset).encode(
                x=x_axis, x2="q95:Q"
            )
        )
        marks.append(
            base.mark_point(
                stroke=colour,
                fill=colour if filled else colours.background,
                size=60,
                opacity=1,
                yOffset=offset,
                shape="circle" if filled else "diamond",
            ).encode(x="q50:Q")
        )
    return marks


def _names(colour: str, **look: Any) -> list[alt.Chart]:
    return [
        named()
        .transform_filter("datum.plan == 'allocated'")
        .mark_text(align="left", baseline="bottom", dy=-3, fontSize=12, color=colour, **look)
        .encode(y=_rows(), x=alt.value(1), text="place:N")
    ]


def _tooltips(further: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("place:N", title=say("Place")),
        alt.Tooltip("plan_words:N", title=say("Plan")),
        alt.Tooltip("amount_words:N", title=say("Money a year")),
        alt.Tooltip("gain_words:N", title=further),
    ]
