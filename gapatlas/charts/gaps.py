"""Charts of gaps: places that fall short, the stages of a place, and how well a model fits."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from gapatlas.charts.gap_map import AXES, Quantity
from gapatlas.charts.row_labels import BESIDE_NAMES, axis_lines
from gapatlas.charts.series import finite
from gapatlas.charts.template import NAMES, Template, named
from gapatlas.charts.theme import Scheme, palette
from gapatlas.charts.words import count_text, from_to, number, probability_text
from gapatlas.languages import percentage, say
from gapatlas.tables import rows

ROW_HEIGHT: Final = 24
BAR_ROW: Final = 46
SMALL_BAR_ROW: Final = 24
FIT_HEIGHT: Final = 320
WIDEST: Final = 5.0
"""Where the axis of shares ends at the latest: longer bars would press all others together. Their
counts stand beside them."""
DECADES: Final = [sign * 10**power for sign in (-1, 1) for power in range(1, 7)] + [0]
NOTHING_MISSING: Final[dict[Quantity, float]] = {"ratio": 1.0, "number": 0.0, "probability": 0.5}


def short_rows(places: pd.DataFrame, quantity: Quantity) -> pd.DataFrame:
    """Rows of `Gap.table` as the chart draws them: ends of the interval, bounds of the value."""
    ends = ("low", "high") if quantity == "probability" else ("from", "to")
    shown = pd.DataFrame(
        {
            "name": places["name"],
            "low": finite(places[f"{quantity}_{ends[0]}"]),
            "high": finite(places[f"{quantity}_{ends[1]}"]),
            "value_low": finite(places[f"{quantity}_low"]),
            "value_high": finite(places[f"{quantity}_high"]),
            "nothing": NOTHING_MISSING[quantity],
        }
    )
    shown["middle"] = (shown["value_low"] + shown["value_high"]) / 2
    words = [_gap_words(row) for row in rows(places)]
    columns = ["observed", "expected", "fewer", "share", "chance"]
    return pd.concat([shown, pd.DataFrame(words, index=places.index, columns=columns)], axis=1)


def short_template(quantity: Quantity, scheme: Scheme) -> Template:
    """One row per place: dot for the middle of what the counts allow, line for the interval."""
    colours = palette(scheme)
    scale = {
        "ratio": alt.Scale(domainMin=0),
        "number": alt.Scale(type="symlog", constant=10),
        "probability": alt.Scale(domain=[0, 1]),
    }[quantity]
    form = ",.0f" if quantity == "number" else ".0%"
    ticks = {"values": DECADES} if quantity == "number" else {"tickCount": 5}
    x_axis = alt.X(
        "low:Q",
        title=axis_lines(say(AXES[quantity]), BESIDE_NAMES),
        scale=scale,
        axis=alt.Axis(format=form, **ticks),
    )
    base = named().encode(
        y=alt.Y("name:N", sort=NAMES, title=None, axis=alt.Axis(labelLimit=150, ticks=False)),
        tooltip=[
            alt.Tooltip("name:N", title=say("Place")),
            alt.Tooltip("observed:N", title=say("Observed")),
            alt.Tooltip("expected:N", title=say("Expected")),
            alt.Tooltip("fewer:N", title=say("Fewer than expected")),
            alt.Tooltip("share:N", title=say("Observed / expected")),
            alt.Tooltip("chance:N", title=say("Chance that it falls short")),
        ],
    )
    nothing = named().mark_rule(color=colours.muted, strokeDash=[6, 3])
    chart = alt.layer(
        nothing.encode(x="mean(nothing):Q"),
        base.mark_rule(strokeWidth=2, color=colours.accent, opacity=0.6).encode(
            x=x_axis, x2="high"
        ),
        base.transform_filter("datum.value_high > datum.value_low")
        .mark_bar(height=9, fill=colours.background, stroke=colours.accent, strokeDash=[3, 2])
        .encode(x="value_low:Q", x2="value_high:Q"),
        base.mark_point(filled=True, opacity=1, size=55, color=colours.accent).encode(x="middle:Q"),
    )
    return Template.of(chart.properties(height=alt.Step(ROW_HEIGHT)), scheme)


def _gap_words(row: Any) -> dict[str, str]:
    return {
        "observed": count_text(row.observed_low, row.observed_high),
        "expected": _ends(row.expected_from, row.expected_to, 0),
        "fewer": _ends(row.number_from, row.number_to, 0),
        "share": _ends(row.ratio_from, row.ratio_to, 2),
        "chance": probability_text(row.probability_low, row.probability_high),
    }


def _ends(low: float, high: float, decimals: int) -> str:
    return from_to(number(low, decimals), number(high, decimals))


# ------------------------------------------------------------------ stages


def bar_rows(bars: pd.DataFrame) -> pd.DataFrame:
    """Bars of a `Waterfall` as the chart draws them.

    Returns:
        label (two lines, parted by a bar), kind, start, end, whisker_from and whisker_to (the
        interval of a loss, on the same axis), words and note for the tooltip.
    """
    bound = bars[["start", "end"]].astype("float64").clip(upper=WIDEST)
    scale = _counts_per_share(bars)
    whiskers = {
        f"whisker_{end}": (bound["end"] - bars[f"interval_{end}"].astype("float64") / scale).fillna(
            (1 - bars[f"lost_{side}"].astype("float64")).where(bars["part"] == "detection")
        )
        for end, side in (("from", "low"), ("to", "high"))
    }
    words = [_bar_words(row) for row in rows(bars)]
    shown = pd.DataFrame(
        {
            "label": [f"{name}|{text}" for name, text in zip(bars["label"], words, strict=True)],
            "name": bars["label"],
            "kind": bars["kind"],
            "start": bound["start"],
            "end": bound["end"],
            **{name: finite(values).clip(0, WIDEST) for name, values in whiskers.items()},
            "words": [text.replace("|", "; ") for text in words],
            "lost": [_lost_words(row) for row in rows(bars)],
            "note": bars["note"],
        }
    )
    return shown.reset_index(drop=True)


def _counts_per_share(bars: pd.DataFrame) -> pd.Series:
    """How many counts the whole first bar of a part stands for, row by row."""
    first = bars[bars["kind"].isin(("stage", "band")) & (bars["end"] == 1)]
    sizes = (first["low"] + first["high"]) / 2
    by_part = dict(zip(first["part"], sizes, strict=True))
    return bars["part"].map(by_part).astype("float64")


def _bar_words(row: Any) -> str:
    if row.kind == "unknown":
        return str(row.note)
    if pd.isna(row.low):
        return ""
    if row.part == "law":
        return f"{number(row.low, 0)} ({row.unit})"
    if row.kind == "gain":
        return f"{_rounded(-row.high, -row.low)} {row.unit}"
    ends = "" if pd.isna(row.interval_from) else f"|{_interval(row)}"
    return f"{_rounded(row.low, row.high)} {row.unit}{ends}"


def _interval(row: Any) -> str:
    return say("95%: {interval}", interval=_ends(row.interval_from, row.interval_to, 0))


def _rounded(low: float, high: float) -> str:
    ends = [number(end, 0) if abs(end) >= 10 else count_text(end, end) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else from_to(*ends)


def _lost_words(row: Any) -> str:
    if pd.isna(row.lost_low) or not np.isfinite(row.lost_low):
        return ""
    ends = [percentage(end) for end in (row.lost_low, row.lost_high)]
    share = ends[0] if ends[0] == ends[1] else from_to(*ends)
    return say("{share} of the stage before", share=share)


def bars_template(scheme: Scheme, *, small: bool = False) -> Template:
    """A waterfall: full bars for stages, an open one for a band, pale ones for what is lost, a
    grey frame for what is not known, a line for the interval of a loss.

    Args:
        scheme: light or dark.
        small: one of many: without counts beside the labels.
    """
    colours = palette(scheme)
    label = "split(datum.label, '|')[0]" if small else "split(datum.label, '|')"
    y_axis = alt.Y(
        "label:N",
        sort=NAMES,
        title=None,
        axis=alt.Axis(
            labelExpr=label,
            labelLimit=150,
            ticks=False,
            labelOverlap=False,
            labelLineHeight=13,
        ),
    )
    x_axis = alt.X(
        "start:Q",
        title=None if small else say("Share of the first bar"),
        scale=alt.Scale(domainMin=0),
        axis=alt.Axis(format=".0%", tickCount=4),
    )
    base = named().encode(
        y=y_axis,
        tooltip=[
            alt.Tooltip("name:N", title=say("Step")),
            alt.Tooltip("words:N", title=say("Count")),
            alt.Tooltip("lost:N", title=say("Lost")),
            alt.Tooltip("note:N", title=say("Note")),
        ],
    )
    height = 11 if small else 18
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("stage", {"fill": colours.accent}),
        (
            "band",
            {"fill": colours.background, "stroke": colours.accent, "strokeDash": [3, 2]},
        ),
        ("loss", {"fill": colours.steps[0], "stroke": colours.outline, "strokeWidth": 0.7}),
        ("gain", {"fill": colours.background, "stroke": colours.highlight}),
        (
            "unknown",
            {"fill": colours.unreported, "stroke": colours.outline, "strokeDash": [3, 3]},
        ),
    ]
    layers = [
        base.transform_filter(f"datum.kind == '{kind}' && isValid(datum.start)")
        .mark_bar(height=height, **look)
        .encode(x=x_axis, x2="end:Q")
        for kind, look in kinds
    ]
    whisker = (
        base.transform_filter("isValid(datum.whisker_from)")
        .mark_rule(color=colours.text, strokeWidth=1.5)
        .encode(x="whisker_to:Q", x2="whisker_from:Q")
    )
    unknown = (
        base.transform_filter("datum.kind == 'unknown'")
        .mark_text(align="left", dx=6, fontStyle="italic", fontSize=10, color=colours.muted)
        .encode(x=alt.value(0), text="note:N")
    )
    step = SMALL_BAR_ROW if small else BAR_ROW
    chart = alt.layer(*layers, whisker, unknown).properties(height=alt.Step(step))
    return Template.of(chart, scheme)


# ------------------------------------------------------------------ the model


def fit_rows(fitted: pd.DataFrame) -> pd.DataFrame:
    """Observed against expected counts, on logarithmic axes that begin at a half."""
    low, high = (fitted[f"observed_{end}"].astype("float64") for end in ("low", "high"))
    return pd.DataFrame(
        {
            "name": fitted["name"],
            "expected": fitted["expected"].clip(lower=0.5),
            "observed": ((low + high) / 2).clip(lower=0.5),
            "low": low.clip(lower=0.5),
            "high": high.clip(lower=0.5),
            "counts": [count_text(a, b) for a, b in zip(low, high, strict=True)],
            "told": [number(value, 1) for value in fitted["expected"]],
            "inside": fitted["inside"],
        }
    )


def fit_template(scheme: Scheme) -> Template:
    """How well the model fits: one mark per place, and the line on which both counts agree."""
    colours = palette(scheme)
    scale = alt.Scale(type="log", domainMin=0.5)
    axis = alt.Axis(format=",~r", tickCount=5)
    base = named().encode(
        x=alt.X("expected:Q", title=say("Expected by the model"), scale=scale, axis=axis),
        tooltip=[
            alt.Tooltip("name:N", title=say("Place")),
            alt.Tooltip("counts:N", title=say("Observed")),
            alt.Tooltip("told:N", title=say("Expected")),
        ],
    )
    y_axis = alt.Y("observed:Q", title=say("Observed"), scale=scale, axis=axis)
    agreed = (
        named()
        .mark_line(color=colours.muted, strokeDash=[6, 3])
        .encode(x=alt.X("expected:Q", scale=scale), y=alt.Y("expected:Q", scale=scale))
    )
    inside = _marks(base, "datum.inside", "circle", colours.accent, 35).encode(y=y_axis)
    outside = _marks(base, "!datum.inside", "diamond", colours.highlight, 60).encode(y=y_axis)
    ranges = (
        base.transform_filter("datum.high > datum.low")
        .mark_rule(color=colours.accent, opacity=0.5)
        .encode(y="low:Q", y2="high:Q")
    )
    return Template.of(
        alt.layer(agreed, ranges, inside, outside).properties(height=FIT_HEIGHT), scheme
    )


def _marks(base: alt.Chart, test: str, shape: str, colour: str, size: int) -> alt.Chart:
    marks: alt.Chart = base.transform_filter(test).mark_point(
        shape=shape, filled=True, color=colour, size=size, opacity=0.85
    )
    return marks
