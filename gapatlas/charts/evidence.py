"""Charts of cases: shares with intervals, differences, two groups side by side, heat maps, time.

Each takes rows that hold published figures alone. A row that is withheld keeps its place: it is
hatched, and nothing of it has a length.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from gapatlas.charts.amounts import SIGNED_AXIS
from gapatlas.charts.map import hatched
from gapatlas.charts.row_labels import LABELLED_STEP, axis_lines, label_halos, label_texts
from gapatlas.charts.row_labels import labelled_rows as labelled
from gapatlas.charts.template import NAMES, Template, named
from gapatlas.charts.theme import Palette, Scheme, palette
from gapatlas.languages import mark, say, say_as

WITH, WITHOUT = "with", "without"
WITHHELD_MARK: Final = mark("withheld")
MEDIAN: Final = "median"
CELL_HEIGHT: Final = 36
BAR_STEP: Final = 50
PART_STEP: Final = 30
DENSE_STEP: Final = 22
CURVE_HEIGHT: Final = 320
OUTCOMES_HEIGHT: Final = 430
APART: Final = 6
"""How far the two lines of a row lie from its middle."""
SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
SIGNED_SHADES: Final = (-2, -1, 0, 1, 2)
FAINT: Final = 0.3
DASHES: Final[tuple[tuple[int, ...], ...]] = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (1, 4), (4, 1))
IS_WITHHELD: Final = "datum.withheld"
IS_SHOWN: Final = "!datum.withheld"


# ------------------------------------------------------------------ how many


def funnel_template(scheme: Scheme) -> Template:
    """Persons from the charge to the outcome, one bar each with its words above; what has not
    ended is dashed, and stands apart from what has.

    Columns: row, upper, lower, persons, low, high, kind (`whole`, `ended`, `outcome`, `part`,
    `open`), withheld, words.
    """
    colours = palette(scheme)
    base = named().encode(
        y=labelled("row"),
        tooltip=[
            alt.Tooltip("name:N", title=say("Persons")),
            alt.Tooltip("words:N", title=say("How many")),
        ],
    )
    fills = {
        "whole": colours.steps[1],
        "ended": colours.steps[2],
        "outcome": colours.steps[3],
        "part": colours.steps[1],
        "open": colours.background,
    }
    fill = alt.Fill(
        "kind:N", scale=alt.Scale(domain=list(fills), range=list(fills.values())), legend=None
    )
    dash: Any = (
        alt.when(alt.datum.kind == "open").then(alt.value([4, 3])).otherwise(alt.value([1, 0]))
    )
    x_axis = alt.X(
        "persons:Q",
        title=say("Persons"),
        scale=alt.Scale(zero=True),
        axis=alt.Axis(tickCount=5, format=",d"),
    )
    bars = base.transform_filter(IS_SHOWN).mark_bar(height=13, stroke=colours.outline)
    ranges = base.transform_filter(f"{IS_SHOWN} && datum.high > datum.low")
    chart = alt.layer(
        *label_halos(base, colours),
        bars.encode(x=x_axis, fill=fill, strokeDash=dash),
        ranges.mark_rule(color=colours.text, strokeWidth=2).encode(x="low:Q", x2="high:Q"),
        *_hatched_rows(base, colours),
        *label_texts(base, colours),
    )
    return Template.of(chart.properties(height=alt.Step(BAR_STEP)), scheme)


# ------------------------------------------------------------------ shares


def shares_template(axis_title: str, scheme: Scheme, *, dense: bool = False) -> Template:
    """One share per row: dot and 95% interval, a dashed box where withheld counts leave a range.

    Columns: row, upper, lower (or, where dense, row alone on an axis), share, low, high, ranged,
    withheld, name, words, persons.

    Args:
        axis_title: what the share is of.
        scheme: light or dark.
        dense: many rows with short labels beside them.
    """
    colours = palette(scheme)
    base = named().encode(y=_dense_rows() if dense else labelled("row"), tooltip=_tooltips())
    chart = alt.layer(
        *([] if dense else label_halos(base, colours)),
        *_share_marks(base.transform_filter(IS_SHOWN), axis_title, colours.accent, colours),
        *_hatched_rows(base, colours),
        *(_withheld_words(base, colours) if dense else label_texts(base, colours)),
    )
    return Template.of(
        chart.properties(height=alt.Step(DENSE_STEP if dense else LABELLED_STEP)), scheme
    )


def beside_template(axis_title: str, scheme: Scheme) -> Template:
    """Two shares per row, with something and without it: filled dot and hollow diamond, each with
    its interval on a line of its own.

    Columns: those of `shares_template`, and kind (`with` or `without`); label lines stand in the
    rows of `with` alone.
    """
    colours = palette(scheme)
    base = named().encode(y=labelled("row"), tooltip=_tooltips())
    layers: list[alt.Chart] = [*label_halos(base, colours)]
    for kind, colour, offset in (
        (WITH, colours.accent, -APART),
        (WITHOUT, colours.muted, APART),
    ):
        own = base.transform_filter(f"datum.kind == '{kind}'")
        layers += _share_marks(
            own.transform_filter(IS_SHOWN),
            axis_title,
            colour,
            colours,
            offset=offset,
            hollow=kind == WITHOUT,
        )
        layers += _hatched_rows(own, colours, offset=offset)
    layers += label_texts(base, colours)
    return Template.of(alt.layer(*layers).properties(height=alt.Step(LABELLED_STEP)), scheme)


def _tooltips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=say_as("heading of what a share is of", "Of")),
        alt.Tooltip("words:N", title=say("Share")),
        alt.Tooltip("persons:N", title=say("Rests on")),
    ]


def _share_marks(
    shown: alt.Chart,
    axis_title: str,
    colour: str,
    colours: Palette,
    *,
    offset: int = 0,
    hollow: bool = False,
) -> list[alt.Chart]:
    x_axis = alt.X(
        "low:Q",
        title=axis_lines(axis_title),
        scale=alt.Scale(zero=True),
        axis=alt.Axis(format="%", tickCount=5),
    )
    point = shown.transform_filter("!datum.ranged").mark_point(
        shape="diamond" if hollow else "circle",
        filled=not hollow,
        fill=colours.background if hollow else colour,
        stroke=colour,
        strokeWidth=1.5,
        size=75,
        opacity=1,
        yOffset=offset,
    )
    box = shown.transform_filter("datum.ranged").mark_bar(
        height=9, fill=colours.background, stroke=colour, strokeDash=[3, 2], yOffset=offset
    )
    rule = shown.transform_filter("!datum.ranged").mark_rule(
        color=colour, strokeWidth=2, opacity=0.65, yOffset=offset
    )
    return [
        rule.encode(x=x_axis, x2="high:Q"),
        box.encode(x="low:Q", x2="high:Q"),
        point.encode(x="share:Q"),
    ]


def _dense_rows() -> alt.Y:
    axis = alt.Axis(labelLimit=130, labelOverlap=False, ticks=False, domain=False)
    return alt.Y("row:N", sort=NAMES, title=None, axis=axis)


def _hatched_rows(base: alt.Chart, colours: Palette, offset: int = 0) -> list[alt.Chart]:
    """What stands in a row without a figure: hatched over the whole width, so of no length."""
    drawn: alt.Chart = (
        base.transform_filter(IS_WITHHELD)
        .mark_rule(
            strokeWidth=7,
            strokeDash=[1, 4],
            color=colours.outline,
            opacity=0.6,
            yOffset=offset,
        )
        .encode(x=alt.value(0), x2=alt.value("width"))
    )
    return [drawn]


def _withheld_words(base: alt.Chart, colours: Palette) -> list[alt.Chart]:
    own = base.transform_filter(IS_WITHHELD)
    place = {"align": "left", "fontStyle": "italic", "fontSize": 11}
    halo = {"color": colours.background, "stroke": colours.background, "strokeWidth": 5}
    return [
        own.mark_text(**place, **look).encode(  # type: ignore[arg-type]
            x=alt.value(8), text=alt.value(say(WITHHELD_MARK))
        )
        for look in (halo, {"color": colours.text})
    ]


# ------------------------------------------------------------------ differences


def differences_template(axis_title: str, scheme: Scheme) -> Template:
    """One difference per row in percentage points: filled dot with its 95% interval, and hollow
    beside it the difference as counted; a line at no difference.

    Columns: row, upper, lower, points, low, high, raw, zero, sure, withheld, name, words,
    raw_words.

    Args:
        axis_title: what is the difference, and of what.
        scheme: light or dark.
    """
    colours = palette(scheme)
    base = named().encode(
        y=labelled("row"),
        tooltip=[
            alt.Tooltip("name:N", title=say("With it, less without")),
            alt.Tooltip("words:N", title=say("Other things equal")),
            alt.Tooltip("raw_words:N", title=say("As counted")),
        ],
    )
    shown = base.transform_filter(IS_SHOWN)
    x_axis = alt.X(
        "low:Q",
        title=axis_lines(axis_title),
        scale=alt.Scale(zero=True),
        axis=alt.Axis(labelExpr=SIGNED_AXIS, tickCount=6),
    )
    colour = alt.when("datum.sure").then(alt.value(colours.accent))
    none = named().mark_rule(color=colours.text, strokeWidth=1.5).encode(x="mean(zero):Q")
    chart = alt.layer(
        none,
        *label_halos(base, colours),
        shown.mark_rule(strokeWidth=2.5).encode(
            x=x_axis, x2="high:Q", color=colour.otherwise(alt.value(colours.muted))
        ),
        shown.transform_filter("isValid(datum.raw)")
        .mark_point(
            shape="diamond",
            fill=colours.background,
            stroke=colours.text,
            strokeWidth=1.3,
            size=60,
            opacity=1,
            yOffset=10,
        )
        .encode(x="raw:Q"),
        shown.mark_point(filled=True, size=100, opacity=1).encode(
            x="points:Q", color=colour.otherwise(alt.value(colours.muted))
        ),
        *_hatched_rows(base, colours),
        *label_texts(base, colours),
    )
    return Template.of(chart.properties(height=alt.Step(LABELLED_STEP)), scheme)


# ------------------------------------------------------------------ heat maps


def heat_template(
    rows_title: str, columns_title: str, scheme: Scheme, *, signed: bool = False
) -> Template:
    """A figure for each pair of a row and a column, printed in its cell; hatched where withheld,
    outlined and bold where it stands out.

    Columns: row and column (labels, lines parted by a line break), text, shade (-2 to 2 where
    signed, else 0 to 4), stands_out, withheld, name, words.

    Args:
        rows_title, columns_title: what the rows and the columns are.
        scheme: light or dark.
        signed: whether the figures are differences, which have two colours.
    """
    colours = palette(scheme)
    base = named().encode(
        x=alt.X(
            "column:N",
            sort=NAMES,
            title=columns_title,
            axis=_heat_axis(orient="bottom", labelAngle=-90),
        ),
        y=alt.Y(
            "row:N",
            sort=NAMES,
            title=rows_title,
            axis=_heat_axis(titleAngle=0, titleAlign="left", titleAnchor="start", titleY=-8),
        ),
        tooltip=[
            alt.Tooltip("name:N", title=say("Pair")),
            alt.Tooltip("words:N", title=say("Figure")),
        ],
    )
    shown, outstanding = (
        base.transform_filter(each) for each in (IS_SHOWN, f"{IS_SHOWN} && datum.stands_out")
    )
    letters = _cell_letters(colours, scheme, signed)
    chart = alt.layer(
        shown.mark_rect(stroke=colours.faint, strokeWidth=1).encode(**_cell_fill(colours, signed)),
        base.transform_filter(IS_WITHHELD).mark_rect(
            fill=hatched(colours, colours.faint), stroke=colours.faint
        ),
        outstanding.mark_rect(fill=None, stroke=colours.text, strokeWidth=2.5),
        shown.transform_filter("!datum.stands_out")
        .mark_text(fontSize=12)
        .encode(text="text:N", color=letters),
        outstanding.mark_text(fontSize=13, fontWeight="bold").encode(text="text:N", color=letters),
    )
    return Template.of(chart.properties(height=alt.Step(CELL_HEIGHT)), scheme)


def _cell_fill(colours: Palette, signed: bool) -> dict[str, Any]:
    """Five steps of one colour; or two colours for the two signs, faint and full."""
    if not signed:
        return {"fill": _of_shade(range(len(colours.steps)), colours.steps, alt.Fill)}
    two = (colours.highlight, colours.highlight, colours.background, colours.accent, colours.accent)
    return {
        "fill": _of_shade(SIGNED_SHADES, two, alt.Fill),
        "fillOpacity": alt.when("abs(datum.shade) == 1")
        .then(alt.value(FAINT))
        .otherwise(alt.value(1)),
    }


def _cell_letters(colours: Palette, scheme: Scheme, signed: bool) -> Any:
    """Letters that keep 4.5:1 on each shade."""
    if signed:
        ends = [colours.background, *[colours.text] * 3, colours.background]
        return _of_shade(SIGNED_SHADES, ends, alt.Color)
    first = 2 if scheme == "dark" else 3
    shades = range(len(colours.steps))
    return _of_shade(
        shades, [colours.background if at >= first else colours.text for at in shades], alt.Color
    )


def _of_shade(shades: Sequence[int], values: Sequence[Any], channel: Any) -> Any:
    return channel("shade:O", scale=alt.Scale(domain=list(shades), range=list(values)), legend=None)


def _heat_axis(**changes: Any) -> alt.Axis:
    look: dict[str, Any] = {
        "labelExpr": "split(datum.label, '\\n')",
        "labelLimit": 130,
        "labelOverlap": False,
        "ticks": False,
        "domain": False,
        "labelLineHeight": 12,
        "labelBaseline": {
            "condition": {"test": "indexof(datum.label, '\\n') > 0", "value": "bottom"},
            "value": "middle",
        },
        **changes,
    }
    return alt.Axis(**look)


# ------------------------------------------------------------------ time


def curve_template(axis_title: str, scheme: Scheme) -> Template:
    """Share of cases that have ended by years after the charge, with its band, and a line where
    half have.

    Columns: what (`curve` or `median`), years_after, share, low, high, words, label.
    """
    colours = palette(scheme)
    curve = named().transform_filter("datum.what == 'curve'").encode(x=_years_axis())
    half = named().transform_filter(f"datum.what == '{MEDIAN}'").encode(x="years_after:Q")
    place = {"align": "left", "dx": 6, "dy": 10, "fontSize": 12, "baseline": "top"}
    halo = {"stroke": colours.background, "strokeWidth": 4, "color": colours.background}
    chart = alt.layer(
        curve.mark_area(color=colours.accent, opacity=0.25).encode(
            y=_share_axis(axis_title), y2="high:Q"
        ),
        half.mark_rule(color=colours.text, strokeDash=[5, 3]),
        curve.mark_line(color=colours.accent, strokeWidth=2.5).encode(y="share:Q"),
        *_upright_intervals(curve, alt.value(colours.accent)),
        curve.mark_point(filled=True, size=70, opacity=1, color=colours.accent).encode(
            y="share:Q", tooltip=_time_tooltips()
        ),
        *(
            half.mark_text(**place, **look).encode(y=alt.value(0), text="label:N")  # type: ignore[arg-type]
            for look in (halo, {"color": colours.text})
        ),
    )
    return Template.of(chart.properties(height=CURVE_HEIGHT), scheme)


def outcome_curves_template(axis_title: str, scheme: Scheme) -> Template:
    """Share of cases that have ended in each outcome by years after the charge; a line breaks
    where a figure is withheld.

    Columns: years_after, outcome, share, low, high, run (number of an unbroken line), words.
    """
    colours = palette(scheme)
    base = named().transform_filter("isValid(datum.share)").encode(x=_years_axis())
    legend = alt.Legend(
        title=None, orient="top", columns=2, labelLimit=160, symbolStrokeWidth=0, symbolOpacity=1
    )
    colour = alt.Color(
        "outcome:N",
        sort=NAMES,
        scale=alt.Scale(
            range=[
                colours.accent,
                colours.highlight,
                colours.muted,
                colours.steps[1],
                colours.text,
                colours.outline,
            ]
        ),
        legend=legend,
    )
    shape = alt.Shape("outcome:N", sort=NAMES, scale=alt.Scale(range=list(SHAPES)), legend=legend)
    dash = alt.StrokeDash(
        "outcome:N",
        sort=NAMES,
        scale=alt.Scale(range=[list(dash) for dash in DASHES]),
        legend=None,
    )
    chart = alt.layer(
        base.mark_area(opacity=0.15).encode(
            y=_share_axis(axis_title), y2="high:Q", color=colour, detail="run:N"
        ),
        base.mark_line(strokeWidth=2).encode(
            y="share:Q", color=colour, strokeDash=dash, detail="run:N"
        ),
        *_upright_intervals(base, colour),
        base.mark_point(filled=True, size=65, opacity=1).encode(
            y="share:Q",
            color=colour,
            shape=shape,
            tooltip=[alt.Tooltip("outcome:N", title=say("Outcome")), *_time_tooltips()],
        ),
    )
    return Template.of(chart.properties(height=OUTCOMES_HEIGHT), scheme)


def _upright_intervals(base: alt.Chart, colour: Any) -> list[alt.Chart]:
    """Intervals of single years: a band alone leaves nothing to see where only one is shown."""
    drawn: alt.Chart = base.mark_rule(strokeWidth=1.5, opacity=0.7).encode(
        y="low:Q", y2="high:Q", color=colour
    )
    return [drawn]


def _years_axis() -> alt.X:
    return alt.X(
        "years_after:Q",
        title=say("Years after the charge, at the end of the year"),
        scale=alt.Scale(zero=True, nice=False),
        axis=alt.Axis(tickMinStep=1, format="d", grid=False),
    )


def _share_axis(title: str) -> alt.Y:
    return alt.Y(
        "low:Q",
        title=title,
        scale=alt.Scale(zero=True),
        axis=alt.Axis(
            format="%",
            tickCount=5,
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleX=-30,
            titleY=-10,
        ),
    )


def _time_tooltips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("years_after:Q", title=say("Years after the charge"), format="d"),
        alt.Tooltip("words:N", title=say("Share")),
    ]


# ------------------------------------------------------------------ networks


def parts_template(parts: tuple[str, ...], axis_title: str, scheme: Scheme) -> Template:
    """One bar per row, parted into shares of a whole, each printed in its part.

    Columns: row, part, position (of the part), start, end, middle, text, withheld, name, words.

    Args:
        parts: names of the parts, from left to right.
        axis_title: what the whole is.
        scheme: light or dark.
    """
    colours = palette(scheme)
    base = named().encode(y=_dense_rows(), tooltip=_tooltips())
    shown = base.transform_filter(IS_SHOWN)
    fills = [colours.steps[4], colours.steps[1], colours.faint][: len(parts)]
    letters = [colours.background, colours.text, colours.text][: len(parts)]
    chart = alt.layer(
        shown.mark_bar(stroke=colours.background, strokeWidth=1, height=20).encode(
            x=alt.X(
                "start:Q",
                title=axis_lines(axis_title),
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", tickCount=5),
            ),
            x2="end:Q",
            fill=alt.Fill(
                "part:N",
                sort=list(parts),
                scale=alt.Scale(domain=list(parts), range=fills),
                legend=alt.Legend(title=None, orient="top", columns=1, labelLimit=260),
            ),
        ),
        shown.transform_filter("datum.end - datum.start > 0.09")
        .mark_text(fontSize=11)
        .encode(
            x="middle:Q",
            text="text:N",
            color=alt.Color(
                "part:N", scale=alt.Scale(domain=list(parts), range=letters), legend=None
            ),
        ),
        *_hatched_rows(base, colours),
        *_withheld_words(base, colours),
    )
    return Template.of(chart.properties(height=alt.Step(PART_STEP)), scheme)
