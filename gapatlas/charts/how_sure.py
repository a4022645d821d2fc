"""Charts of what a result rests on: which inputs move it, and what more knowledge is worth."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from gapatlas.charts.amounts import SIGNED_AXIS, money, money_axis, money_span, tally, within_90
from gapatlas.charts.row_labels import (
    LABELLED_STEP,
    axis_lines,
    label_halos,
    label_lines,
    label_texts,
    labelled_rows,
)
from gapatlas.charts.template import Template, named
from gapatlas.charts.theme import Palette, Scheme, palette
from gapatlas.charts.words import from_to, labelled, upper_first
from gapatlas.languages import percentage, say, say_as
from gapatlas.tables import rows

LISTED: Final = 10
"""Inputs that a chart shows; its table has them all."""
END_ROOM: Final = 74
"""Pixels at both ends of an axis, for words beside the bars."""
GROUNDS: Final = ("data", "evidence", "judgement")
"""What an input can rest on, in the order of a chart."""
SHARE_HEIGHT: Final = 178
BAR_TOP: Final = 70
BAR_BOTTOM: Final = 98
LABEL_GAP: Final = 9
LABEL_STEP: Final = 30
INDEX_STEP: Final = 64
TEXT_ROOM: Final = 1.3
"""How much longer than its longest bar an axis is, for the figures beside the bars."""


def basis_words(basis: str) -> str:
    """What an input rests on, one of `GROUNDS`, as it stands inside a sentence."""
    return {
        "data": say_as("what a number rests on", "data"),
        "evidence": say_as("what a number rests on", "evidence"),
        "judgement": say_as("what a number rests on", "judgement"),
    }[basis]


def _label(row: Any) -> str:
    return f"{row.input} [{basis_words(row.rests_on)}]"


# ------------------------------------------------------------------ one input at a time


def tornado_rows(inputs: pd.DataFrame, middle: float) -> pd.DataFrame:
    """The inputs that move the result most.

    Args:
        inputs: columns input (words), rests_on (`data`, `evidence`, `judgement`), at_low, at_high
            (the result with the input at the ends of its interval), input_low, input_high
            (those ends in words).
        middle: the result with every input as it is believed.

    Returns:
        At most `LISTED` rows, widest swing first: row, label lines, at_low, at_high, middle,
        left_at, left_text, right_at, right_text and words.
    """
    shown = inputs.assign(
        at_low=inputs["at_low"].astype("float64"), at_high=inputs["at_high"].astype("float64")
    )
    swing = (shown["at_high"] - shown["at_low"]).abs()
    shown = shown.assign(swing=swing).sort_values("swing", ascending=False, kind="stable")
    shown = shown.head(LISTED).reset_index(drop=True)
    low_is_left = shown["at_low"] <= shown["at_high"]
    ends = shown[["at_low", "at_high"]].assign(middle=float(middle))
    return label_lines([_label(row) for row in rows(shown)]).assign(
        row=shown["input"],
        at_low=shown["at_low"],
        at_high=shown["at_high"],
        middle=float(middle),
        left_at=ends.min(axis=1),
        right_at=ends.max(axis=1),
        left_text=shown["input_low"].where(low_is_left, shown["input_high"]),
        right_text=shown["input_high"].where(low_is_left, shown["input_low"]),
        low_words=pd.Series([_end(row.input_low, row.at_low) for row in rows(shown)], dtype=object),
        high_words=pd.Series(
            [_end(row.input_high, row.at_high) for row in rows(shown)], dtype=object
        ),
        rests_on=_grounds(shown),
    )


def _grounds(shown: pd.DataFrame) -> pd.Series:
    """What each input rests on, in words."""
    return shown["rests_on"].map(basis_words)


def _end(at: str, result: float) -> str:
    return say("{result}, with the input at {value}", result=tally(result), value=at)


def tornado_template(axis_title: str, scheme: Scheme) -> Template:
    """One row per input: a faint bar to the result at its low end, a strong one to the result at
    its high end, and both ends of the input beside them in words.

    Args:
        axis_title: what the axis counts.
        scheme: light or dark.
    """
    colours = palette(scheme)
    base = named().encode(
        y=labelled_rows("row"),
        tooltip=[
            alt.Tooltip("row:N", title=say("Input")),
            alt.Tooltip("rests_on:N", title=say("Rests on")),
            alt.Tooltip("low_words:N", title=say("At its low end")),
            alt.Tooltip("high_words:N", title=say("At its high end")),
        ],
    )
    x_axis = alt.X(
        "middle:Q",
        title=axis_lines(axis_title),
        scale=alt.Scale(zero=False, nice=False, padding=END_ROOM),
        axis=alt.Axis(labelExpr=SIGNED_AXIS, tickCount=4, labelBound=True),
    )
    line = named().mark_rule(color=colours.text, strokeDash=[5, 3]).encode(x="mean(middle):Q")
    look: dict[str, Any] = {"height": 15, "stroke": colours.outline, "strokeWidth": 0.8}
    layers = [
        line,
        *label_halos(base, colours),
        base.mark_bar(fill=colours.steps[0], **look).encode(x=x_axis, x2="at_low:Q"),
        base.mark_bar(fill=colours.steps[3], **look).encode(x=x_axis, x2="at_high:Q"),
        _beside(base, "left", colours),
        _beside(base, "right", colours),
        *label_texts(base, colours),
    ]
    return Template.of(alt.layer(*layers).properties(height=alt.Step(LABELLED_STEP)), scheme)


def _beside(base: alt.Chart, side: str, colours: Palette) -> alt.Chart:
    align, away = ("right", -5) if side == "left" else ("left", 5)
    drawn: alt.Chart = base.mark_text(
        align=align,  # type: ignore[arg-type]
        dx=away,
        fontSize=11,
        color=colours.text,
        limit=END_ROOM - 6,
    ).encode(x=f"{side}_at:Q", text=f"{side}_text:N")
    return drawn


# ------------------------------------------------------------------ shares of the spread


def index_rows(inputs: pd.DataFrame) -> pd.DataFrame:
    """Sobol indices of the inputs.

    Args:
        inputs: columns input, rests_on, total, total_low, total_high, first, first_low,
            first_high: shares of the variance, with 95% limits.

    Returns:
        At most `LISTED` rows, highest total first, limits cut to 0 to 1 for the eye alone.
    """
    shown = inputs.sort_values("total", ascending=False, kind="stable").head(LISTED)
    shown = shown.reset_index(drop=True)
    columns = [f"{kind}{end}" for kind in ("total", "first") for end in ("", "_low", "_high")]
    numbers = {name: shown[name].astype("float64").clip(0, 1) for name in columns}
    told = {
        f"{kind}_words": pd.Series([_index_words(row, kind) for row in rows(shown)], dtype=object)
        for kind in ("total", "first")
    }
    labels = label_lines([_label(row) for row in rows(shown)])
    return labels.assign(row=shown["input"], rests_on=_grounds(shown), **numbers, **told)


def _index_words(row: Any, kind: str) -> str:
    value, low, high = (getattr(row, f"{kind}{end}") for end in ("", "_low", "_high"))
    interval = from_to(percentage(max(low, 0)), percentage(high))
    return say("{value} (95%: {interval})", value=percentage(value), interval=interval)


def index_template(scheme: Scheme) -> Template:
    """One row per input: a dot for its share together with others, a ring below it for its share
    on its own, each with its 95% line."""
    colours = palette(scheme)
    base = named().encode(
        y=labelled_rows("row"),
        tooltip=[
            alt.Tooltip("row:N", title=say("Input")),
            alt.Tooltip("rests_on:N", title=say("Rests on")),
            alt.Tooltip("total_words:N", title=say("Together with others")),
            alt.Tooltip("first_words:N", title=say("On its own")),
        ],
    )
    scale = alt.Scale(domainMin=0, nice=True)
    axis = alt.Axis(format=".0%", tickCount=5)
    layers: list[alt.Chart] = []
    for kind, offset, colour, filled in (
        ("total", 0, colours.accent, True),
        ("first", 11, colours.muted, False),
    ):
        x_axis = alt.X(
            f"{kind}_low:Q", title=say("Share of the spread of the result"), scale=scale, axis=axis
        )
        layers.append(
            base.mark_rule(
                strokeWidth=2, color=colour, yOffset=offset, y2Offset=offset, opacity=0.8
            ).encode(x=x_axis, x2=f"{kind}_high:Q")
        )
        layers.append(
            base.mark_point(
                stroke=colour,
                fill=colour if filled else colours.background,
                size=80 if filled else 55,
                opacity=1,
                yOffset=offset,
            ).encode(x=f"{kind}:Q")
        )
    chart = alt.layer(*label_halos(base, colours), *layers, *label_texts(base, colours))
    return Template.of(chart.properties(height=alt.Step(INDEX_STEP)), scheme)


# ------------------------------------------------------------------ what knowing is worth


def worth_rows(inputs: pd.DataFrame, currency: str) -> pd.DataFrame:
    """What it would be worth to know an input.

    Args:
        inputs: columns input, rests_on, worth (money), and worth_low, worth_high where the error
            of the simulation is known.
        currency: for the words.

    Returns:
        At most `LISTED` rows, most first: row, label lines, worth, worth_low, worth_high, zero,
        end (where the figure stands), reach (where the axis ends), figure and words.
    """
    shown = inputs.sort_values("worth", ascending=False, kind="stable").head(LISTED)
    shown = shown.reset_index(drop=True)
    for end in ("worth_low", "worth_high"):
        shown[end] = shown[end].astype("float64") if end in shown else float("nan")
    told = [_worth_words(row, currency) for row in rows(shown)]
    ends = shown[["worth", "worth_high"]].astype("float64").max(axis=1)
    return label_lines([_label(row) for row in rows(shown)]).assign(
        row=shown["input"],
        rests_on=_grounds(shown),
        worth=shown["worth"].astype("float64"),
        worth_low=shown["worth_low"],
        worth_high=shown["worth_high"],
        zero=0.0,
        end=ends,
        reach=ends.max() * TEXT_ROOM,
        figure=pd.Series([money(value) for value in shown["worth"]], dtype=object),
        words=pd.Series(told, dtype=object),
    )


def _worth_words(row: Any, currency: str) -> str:
    if pd.isna(row.worth_low):
        return money(row.worth, currency)
    limits = money_span(row.worth_low, row.worth_high)
    return within_90(money(row.worth, currency), limits)


def worth_template(currency: str, scheme: Scheme) -> Template:
    """One bar per input: the most that it would be worth to know it.

    Args:
        currency: for the axis.
        scheme: light or dark.
    """
    colours = palette(scheme)
    base = named().encode(
        y=labelled_rows("row"),
        tooltip=[
            alt.Tooltip("row:N", title=say("Input")),
            alt.Tooltip("rests_on:N", title=say("Rests on")),
            alt.Tooltip("words:N", title=say("Worth of knowing it")),
        ],
    )
    x_axis = alt.X(
        "zero:Q",
        title=axis_lines(say("Worth of knowing it ({currency})", currency=currency)),
        scale=alt.Scale(zero=True, nice=False),
        axis=alt.Axis(labelExpr=money_axis(), tickCount=4),
    )
    layers = [
        base.mark_rule(opacity=0).encode(x=x_axis, x2="reach:Q"),
        *label_halos(base, colours),
        base.mark_bar(height=13, fill=colours.accent).encode(x=x_axis, x2="worth:Q"),
        *(
            base.transform_filter("isValid(datum.worth_low)")
            .mark_rule(strokeWidth=width, color=colour)
            .encode(x="worth_low:Q", x2="worth_high:Q")
            for width, colour in ((6, colours.background), (2, colours.text))
        ),
        base.mark_text(align="left", dx=5, fontSize=11, color=colours.text).encode(
            x="end:Q", text="figure:N"
        ),
        *label_texts(base, colours),
    ]
    return Template.of(alt.layer(*layers).properties(height=alt.Step(LABELLED_STEP)), scheme)


# ------------------------------------------------------------------ what the spread rests on


def part_rows(parts: pd.DataFrame) -> pd.DataFrame:
    """Shares of the spread that rest on data, evidence and judgement, side by side.

    Args:
        parts: columns group (`data`, `evidence`, `judgement`), share, share_low, share_high; the
            shares add up to 1.

    Returns:
        Parts with a share: name, start, end, middle, label (two lines), label_at (pixels from the
        top), tip (where the line to the label starts) and align.
    """
    order = {part: number for number, part in enumerate(GROUNDS)}
    shown = parts[parts["share"] > 0].sort_values("group", key=lambda names: names.map(order))
    shown = shown.reset_index(drop=True)
    # Chance can take a share a little below 0, and the others above 1 with it.
    shares = shown["share"].astype("float64") / shown["share"].sum()
    end = shares.cumsum().clip(upper=1.0)
    middle = end - shares / 2
    on_left = middle <= 0.5
    left_rank = on_left[::-1].cumsum()[::-1]
    right_rank = (~on_left).cumsum()
    label_at = (BAR_TOP - LABEL_GAP - LABEL_STEP * left_rank + LABEL_STEP / 2).where(
        on_left, BAR_BOTTOM + LABEL_GAP + LABEL_STEP * right_rank - LABEL_STEP / 2
    )
    return pd.DataFrame(
        {
            "name": shown["group"],
            "start": end - shares,
            "end": end,
            "middle": middle,
            "on_left": on_left,
            "tip": on_left.map({True: BAR_TOP, False: BAR_BOTTOM}),
            "label_at": label_at,
            "label": [
                labelled(upper_first(basis_words(row.group)), share_words(row, chr(10)))
                for row in rows(shown)
            ],
        }
    )


def share_words(row: Any, parted_by: str = " ") -> str:
    """A share with its 90% interval; none is below 0 or above 1 but by chance."""
    share, low, high = (
        min(max(float(value), 0.0), 1.0) for value in (row.share, row.share_low, row.share_high)
    )
    interval = from_to(percentage(low), percentage(high))
    return f"{percentage(share)}{parted_by}({say('90%: {interval}', interval=interval)})"


def part_template(scheme: Scheme) -> Template:
    """One bar of the whole spread, parted by what it rests on and labelled in place: strong
    for data, faint for evidence, open with a dashed frame for judgement."""
    colours = palette(scheme)
    base = named().encode(
        tooltip=[alt.Tooltip("label:N", title=say("Rests on"))],
    )
    x_axis = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=None,
    )
    looks: dict[str, dict[str, Any]] = {
        "data": {"fill": colours.steps[4], "stroke": colours.outline},
        "evidence": {"fill": colours.steps[1], "stroke": colours.outline},
        "judgement": {
            "fill": colours.background,
            "stroke": colours.highlight,
            "strokeDash": [4, 3],
            "strokeWidth": 2,
        },
    }
    bars = [
        base.transform_filter(f"datum.name == '{name}'")
        .mark_rect(**look)
        .encode(x=x_axis, x2="end:Q", y=alt.value(BAR_TOP), y2=alt.value(BAR_BOTTOM))
        for name, look in looks.items()
    ]
    leaders = base.mark_rule(color=colours.muted).encode(
        x="middle:Q",
        y=alt.Y("tip:Q", scale=None, axis=None),
        y2="label_at:Q",
    )
    texts = [
        base.transform_filter(f"datum.on_left == {str(left).lower()}")
        .mark_text(
            align="left" if left else "right",
            dx=5 if left else -5,
            baseline="middle",
            lineBreak="\n",
            fontSize=12,
            color=colours.text,
        )
        .encode(x="middle:Q", y=alt.Y("label_at:Q", scale=None, axis=None), text="label:N")
        for left in (True, False)
    ]
    chart = alt.layer(*bars, leaders, *texts).properties(height=SHARE_HEIGHT)
    return Template.of(chart, scheme)
