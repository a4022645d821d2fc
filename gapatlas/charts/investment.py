"""Charts of what an investment changes: counts by year, the spread of outcomes, scenarios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, Literal

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from gapatlas.charts.amounts import (
    SIGNED_AXIS,
    money,
    money_axis,
    money_span,
    percent,
    span,
    tally,
    within_90,
)
from gapatlas.charts.row_labels import (
    LABELLED_STEP,
    axis_lines,
    label_halos,
    label_texts,
    labelled_rows,
    shortened,
)
from gapatlas.charts.template import Template, named
from gapatlas.charts.theme import Palette, Scheme, palette
from gapatlas.languages import mark, percentage, say, say_as
from gapatlas.statistics.checks import Floats
from gapatlas.tables import rows

QUANTILES: Final = ("q05", "q25", "q50", "q75", "q95")
FAN_HEIGHT: Final = 250
CHANGE_HEIGHT: Final = 250
REFRESHER_HEIGHT: Final = 230
LETTER_HEIGHT: Final = 16
SOLID: Final = [1, 0]
KINDS: Final = {"with": mark("With: {number}"), "without": mark("Without: {number}")}
"""What stands at the end of each line of the fan."""
DOTS: Final = 50
FEWER_DOTS: Final = 20
TALLEST: Final = 18
"""The highest pile of dots; where one would be higher, fewer dots are drawn."""
MOST_BINS: Final = 22
DOT_STEP: Final = 12
SHIFTS: Final = {"with": 0.2, "without": -0.25}
"""How far aside a lone year is drawn, so that its two lines do not meet."""
PLACED: Final = ("alone", "x", "x_from", "x_to")
FAN_COLUMNS: Final = (
    "year",
    "kind",
    *QUANTILES,
    *(f"{kind}_words" for kind in KINDS),
    *PLACED,
    "label",
    "label_at",
)
CHANGE_COLUMNS: Final = (
    "year",
    *QUANTILES,
    "words",
    *PLACED,
    "kind",
    "zero",
    "label",
    "label_at",
)
FARTHEST: Final = 4.0
"""Costs beyond so many times the highest middle one run on: they would press all others."""
Quantity = Literal["number", "money"]


# ------------------------------------------------------------------ by year


def fan_rows(years: pd.DataFrame) -> pd.DataFrame:
    """Yearly counts with and without an investment as the fan chart draws them.

    Args:
        years: columns year, kind (`with`, `without`) and q05, q25, q50, q75, q95.

    Returns:
        The same with words of both kinds for the tooltip, x (where a lone year is drawn),
        alone (whether there is one year only), and label and label_at at the last year.
    """
    given = sorted(rows(years), key=lambda row: (row.kind, row.year))
    words = {(row.kind, row.year): _interval_words(row, tally(row.q50)) for row in given}
    all_years = {row.year for row in given}
    last, alone = max(all_years, default=0), len(all_years) == 1
    ends = {row.kind: float(row.q50) for row in given if row.year == last}
    top = max((float(row.q95) for row in given), default=0.0)
    label_at = _apart(ends, top * LETTER_HEIGHT / FAN_HEIGHT)
    records = [
        {
            "year": row.year,
            "kind": row.kind,
            **{name: float(getattr(row, name)) for name in QUANTILES},
            **{f"{kind}_words": words.get((kind, row.year), "") for kind in KINDS},
            **_places(row.year, alone, SHIFTS[row.kind]),
            "label": say(KINDS[row.kind], number=tally(row.q50)) if row.year == last else None,
            "label_at": label_at[row.kind] if row.year == last else None,
        }
        for row in given
    ]
    return pd.DataFrame(records, columns=list(FAN_COLUMNS))


def _places(year: int, alone: bool, shift: float = 0.0) -> dict[str, Any]:
    """Where a year is drawn, and how far the axis has to go: half a year on both sides of a lone
    year, which is drawn a little aside."""
    beyond = 0.5 if alone else 0.0
    return {
        "alone": alone,
        "x": float(year + shift) if alone else float(year),
        "x_from": year - beyond,
        "x_to": year + beyond,
    }


def _interval_words(row: Any, middle: str) -> str:
    return say(
        "{middle} (50%: {half}; 90%: {most})",
        middle=middle,
        half=span(row.q25, row.q75),
        most=span(row.q05, row.q95),
    )


def _apart(heights: dict[str, float], least: float) -> dict[str, float]:
    """Heights of labels, moved apart where two of them would overlap."""
    if len(heights) < 2:
        return heights
    (lower, low), (upper, high) = sorted(heights.items(), key=lambda end: end[1])
    if high - low >= least:
        return heights
    middle = max((low + high) / 2, least / 2)
    return {lower: middle - least / 2, upper: middle + least / 2}


def _unseen_reach() -> alt.Chart:
    drawn: alt.Chart = named().mark_rule(opacity=0).encode(x=_year_axis("x_from"), x2="x_to:Q")
    return drawn


def fan_template(scheme: Scheme) -> Template:
    """Counts by year: without the investment a grey band and a dashed line, with it a coloured
    band with edges and a solid line, each labelled at its right end."""
    colours = palette(scheme)
    base = named().encode(x=_year_axis())
    y_axis = alt.Y(
        "q05:Q",
        title=None,
        scale=alt.Scale(zero=True),
        axis=alt.Axis(format=",d", tickMinStep=1, tickCount=5),
    )
    layers = [
        _unseen_reach(),
        *_bands(base, "without", y_axis, colours.muted, (0.22, 0.35)),
        *_bands(base, "with", y_axis, colours.accent, (0.12, 0.4)),
        *_edges(base, "without", colours.muted, [2, 3]),
        *_edges(base, "with", colours.accent, SOLID),
        _middle(base, "without", colours.text, [6, 4], 2),
        _middle(base, "with", colours.accent, SOLID, 3),
        *_lone_years(base, colours),
        *_end_labels(base, colours),
        _year_tooltips(
            base,
            [
                alt.Tooltip("without_words:N", title=say_as("the investment", "Without")),
                alt.Tooltip("with_words:N", title=say_as("the investment", "With")),
            ],
        ),
    ]
    return Template.of(alt.layer(*layers).properties(height=FAN_HEIGHT), scheme)


def _year_axis(column: str = "x") -> alt.X:
    return alt.X(
        f"{column}:Q",
        title=None,
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(
            labelExpr="datum.value == floor(datum.value) ? format(datum.value, 'd') : ''",
            ticks=False,
            labelPadding=8,
            tickMinStep=1,
            tickCount=6,
            grid=False,
            labelFlush=False,
            labelOverlap=True,
            labelSeparation=6,
        ),
    )


def _bands(
    base: alt.Chart, kind: str, y_axis: alt.Y, colour: str, opacity: tuple[float, float]
) -> list[alt.Chart]:
    """The 90% band and, on it, the 50% band."""
    found = base.transform_filter(f"datum.kind == '{kind}' && !datum.alone")
    wide = found.mark_area(color=colour, opacity=opacity[0]).encode(y=y_axis, y2="q95:Q")
    narrow = found.mark_area(color=colour, opacity=opacity[1]).encode(y="q25:Q", y2="q75:Q")
    return [wide, narrow]


def _edges(base: alt.Chart, kind: str, colour: str, dash: list[int]) -> list[alt.Chart]:
    """Edges of the 90% band, which is too faint to be told from the background by itself."""
    found = base.transform_filter(f"datum.kind == '{kind}' && !datum.alone")
    return [
        found.mark_line(color=colour, strokeWidth=1.2, strokeDash=dash).encode(y=f"{end}:Q")
        for end in ("q05", "q95")
    ]


def _middle(base: alt.Chart, kind: str, colour: str, dash: list[int], width: float) -> alt.Chart:
    line: alt.Chart = (
        base.transform_filter(f"datum.kind == '{kind}' && !datum.alone")
        .mark_line(color=colour, strokeDash=dash, strokeWidth=width)
        .encode(y="q50:Q")
    )
    return line


def _lone_years(base: alt.Chart, colours: Palette) -> list[alt.Chart]:
    """A single year has no band: a dot with its lines instead."""
    found = base.transform_filter("datum.alone")
    colour = (
        alt.when(alt.datum.kind == "with")
        .then(alt.value(colours.accent))
        .otherwise(alt.value(colours.muted))
    )
    thin, thick = (
        found.mark_rule(strokeWidth=width).encode(y=f"{low}:Q", y2=f"{high}:Q", color=colour)
        for width, low, high in ((1.5, "q05", "q95"), (5, "q25", "q75"))
    )
    dot = found.mark_point(filled=True, size=110, opacity=1).encode(y="q50:Q", color=colour)
    return [thin, thick, dot]


def _end_labels(base: alt.Chart, colours: Palette) -> list[alt.Chart]:
    return [
        base.transform_filter(f"datum.kind == '{kind}' && isValid(datum.label)")
        .mark_text(align="left", dx=9, fontSize=12, fontWeight=weight, color=colour, **look)  # type: ignore[arg-type]
        .encode(y="label_at:Q", text="label:N")
        for look in ({"stroke": colours.background, "strokeWidth": 4}, {})
        for kind, colour, weight in (
            ("without", colours.text, "normal"),
            ("with", colours.accent, "bold"),
        )
    ]


def _year_tooltips(base: alt.Chart, tooltips: list[alt.Tooltip]) -> alt.Chart:
    """An unseen stripe per year, wide enough to be met by a pointer or a finger."""
    stripe: alt.Chart = base.mark_rule(strokeWidth=22, opacity=0).encode(
        y=alt.value(0),
        y2=alt.value("height"),
        tooltip=[alt.Tooltip("year:Q", title=say("Year"), format="d"), *tooltips],
    )
    return stripe


def change_rows(years: pd.DataFrame) -> pd.DataFrame:
    """What the investment changes, year by year, as its chart draws it.

    Args:
        years: columns year and q05, q25, q50, q75, q95 of the difference, with less without.

    Returns:
        The same with words, x, alone, kind (`with`), zero, and label at the last year.
    """
    given = sorted(rows(years), key=lambda row: row.year)
    last, alone = max((row.year for row in given), default=0), len(given) == 1
    records = [
        {
            "year": row.year,
            **{name: float(getattr(row, name)) for name in QUANTILES},
            "words": _interval_words(row, tally(row.q50)),
            **_places(row.year, alone),
            "kind": "with",
            "zero": 0.0,
            "label": _signed(row.q50) if row.year == last else None,
            "label_at": float(row.q50) if row.year == last else None,
        }
        for row in given
    ]
    return pd.DataFrame(records, columns=list(CHANGE_COLUMNS))


def _signed(value: float) -> str:
    told = tally(abs(value))
    if told == "0":
        return say("No change")
    return say("{number} fewer", number=told) if value < 0 else say("{number} more", number=told)


def change_template(scheme: Scheme) -> Template:
    """The difference that the investment makes, by year, with a line at no change."""
    colours = palette(scheme)
    base = named().encode(x=_year_axis())
    y_axis = alt.Y(
        "q05:Q",
        title=None,
        scale=alt.Scale(zero=True),
        axis=alt.Axis(labelExpr=SIGNED_AXIS, tickMinStep=1, tickCount=5),
    )
    none = named().mark_rule(color=colours.text, strokeWidth=1.5).encode(y="mean(zero):Q")
    layers = [
        _unseen_reach(),
        *_bands(base, "with", y_axis, colours.accent, (0.25, 0.45)),
        *_edges(base, "with", colours.accent, SOLID),
        none,
        _middle(base, "with", colours.accent, SOLID, 3),
        *_lone_years(base, colours),
        *_end_labels(base, colours),
        _year_tooltips(base, [alt.Tooltip("words:N", title=say("With, less without"))]),
    ]
    return Template.of(alt.layer(*layers).properties(height=CHANGE_HEIGHT), scheme)


# ------------------------------------------------------------------ all outcomes


def dot_rows(further: ArrayLike) -> pd.DataFrame:
    """The spread of further outcomes as dots that are equally likely.

    Args:
        further: draws of how many more there are with the investment, shape (draws,).

    Returns:
        Rows of four kinds (column what). `dot`: x (middle of its bin), level (from 1), side
        (fewer, none, more). `interval`: q05 to q95 at level 0, with the ends of the axis. `zero`:
        the ends of a line at no change. `words`: what stands below and above, at the lowest and
        the highest level. Empty without draws.
    """
    draws = np.asarray(further, dtype=np.float64)
    if not draws.size:
        return pd.DataFrame(columns=["what", "x", "level", "side", "text"])
    dots = _piled(draws, DOTS)
    if dots["level"].max() > TALLEST:
        dots = _piled(draws, FEWER_DOTS)
    five = dict(zip(QUANTILES, np.quantile(draws, [0.05, 0.25, 0.5, 0.75, 0.95]), strict=True))
    width = dots.attrs["width"]
    interval = {
        "what": "interval",
        "level": 0,
        **five,
        "axis_from": min(-width, dots["x"].min() - width, five["q05"]),
        "axis_to": max(width, dots["x"].max() + width, five["q95"]),
        "text": say(
            "Middle {middle}; 90% of outcomes: {interval}",
            middle=tally(five["q50"]),
            interval=span(five["q05"], five["q95"]),
        ),
    }
    above = int(dots["level"].max()) + 1
    words = [
        {"what": "words", "level": -1, "side": "none", "text": interval["text"]},
        {"what": "zero", "level": 0, "x": 0.0},
        {"what": "zero", "level": above - 1, "x": 0.0},
        {"what": "words", "level": -2, "side": "none", "text": ""},
        {"what": "words", "level": above, "side": "fewer", "text": chance_words(draws, "fewer")},
        {"what": "words", "level": above, "side": "more", "text": chance_words(draws, "more")},
    ]
    return pd.concat([dots, pd.DataFrame([interval]), pd.DataFrame(words)], ignore_index=True)


def dots_drawn(shown: pd.DataFrame) -> int:
    """How many dots a chart of `dot_rows` has."""
    return int((shown["what"] == "dot").sum())


def chance_words(draws: Any, side: str) -> str:
    """Share of the draws on one side of zero, with the sign that its dots have."""
    told = chance(draws, side)
    if side == "fewer":
        return say("▼ Fewer: {chance}", chance=told)
    return say("● More: {chance}", chance=told)


def chance(draws: Any, side: str) -> str:
    """Chance of fewer or of more than without the investment; none where nothing changes."""
    if not draws.any():
        return percentage(0)
    return percent(float(np.mean(draws < 0 if side == "fewer" else draws > 0)))


def _piled(draws: Any, count: int) -> pd.DataFrame:
    """Quantiles of the draws, piled up in bins whose edges hold zero."""
    found = np.quantile(draws, (np.arange(count) + 0.5) / count)
    width = _bin_width(float(found[-1] - found[0]))
    side = np.sign(found)
    middle = np.where(side == 0, 0.0, (np.floor(found / width) + 0.5) * width)
    dots = pd.DataFrame({"what": "dot", "x": middle, "side": side, "value": found})
    dots["side"] = dots["side"].map({-1.0: "fewer", 0.0: "none", 1.0: "more"})
    dots["level"] = dots.groupby("x").cumcount() + 1
    dots["text"] = [say("About {number}", number=tally(value)) for value in found]
    dots.attrs["width"] = width
    return dots


def _bin_width(reach: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten with which the bins are few enough."""
    if reach <= 0:
        return 1.0
    least = reach / (MOST_BINS - 1)
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)


def dots_template(further: str, scheme: Scheme) -> Template:
    """Dots that are equally likely, piled by how many more there are: triangles for fewer,
    circles for more, a line at no change; below them the middle and the interval.

    Args:
        further: what there is more of, such as `Further convictions`, for the axis.
        scheme: light or dark.
    """
    colours = palette(scheme)
    base = named().encode(y=alt.Y("level:O", sort="descending", axis=None))
    x_axis = alt.X(
        "x:Q",
        title=axis_lines(say("{further}, all years together", further=further)),
        axis=alt.Axis(labelExpr=SIGNED_AXIS, tickCount=5, grid=False),
        scale=alt.Scale(nice=False),
    )
    dots = base.transform_filter("datum.what == 'dot'").encode(
        x=x_axis, tooltip=[alt.Tooltip("text:N", title=further)]
    )
    interval = base.transform_filter("datum.what == 'interval'").encode(
        tooltip=[alt.Tooltip("text:N", title=further)]
    )
    layers = [
        interval.mark_rule(opacity=0).encode(x="axis_from:Q", x2="axis_to:Q"),
        base.transform_filter("datum.what == 'zero'")
        .mark_line(color=colours.text, strokeWidth=1.5)
        .encode(x=x_axis),
        _dots(dots, "more", "circle", colours.accent, filled=True),
        _dots(dots, "fewer", "triangle-down", colours.highlight, filled=True),
        _dots(dots, "none", "circle", colours.muted, filled=False),
        interval.mark_rule(color=colours.text, strokeWidth=1.5).encode(x="q05:Q", x2="q95:Q"),
        interval.mark_rule(color=colours.text, strokeWidth=5).encode(x="q25:Q", x2="q75:Q"),
        interval.mark_point(
            filled=True, size=70, opacity=1, fill=colours.background, stroke=colours.text
        ).encode(x="q50:Q"),
        *(
            text
            for look in ({"stroke": colours.background, "strokeWidth": 4}, {})
            for text in (
                _words(base, "fewer", "left", colours.highlight, look),
                _words(base, "more", "right", colours.accent, look),
                _words(base, "none", "left", colours.text, look),
            )
        ),
    ]
    return Template.of(alt.layer(*layers).properties(height=alt.Step(DOT_STEP)), scheme)


def _dots(dots: alt.Chart, side: str, shape: str, colour: str, *, filled: bool) -> alt.Chart:
    drawn: alt.Chart = dots.transform_filter(f"datum.side == '{side}'").mark_point(
        shape=shape, color=colour, filled=filled, size=75, opacity=1
    )
    return drawn


def _words(base: alt.Chart, side: str, align: str, colour: str, look: dict[str, Any]) -> alt.Chart:
    edge = alt.value(0) if align == "left" else alt.value("width")
    drawn: alt.Chart = (
        base.transform_filter(f"datum.what == 'words' && datum.side == '{side}'")
        .mark_text(align=align, color=colour, fontSize=12, **look)  # type: ignore[arg-type]
        .encode(x=edge, text="text:N")
    )
    return drawn


# ------------------------------------------------------------------ scenarios


def range_rows(
    table: pd.DataFrame, label: str, currency: str = "", columns: Sequence[str] = QUANTILES
) -> pd.DataFrame:
    """One row per scenario: a middle value with its 50% and 90% lines.

    Args:
        table: one row per scenario, in the order of the rows.
        label: column with what a row is called.
        currency: of amounts of money; empty for numbers of people.
        columns: names of the 5, 25, 50, 75 and 95% quantiles; amounts may be infinite.

    Returns:
        Columns row (unique), label lines, q05 to q95 cut at the edge of the axis (absent where
        they lie beyond it), line_from, line_to, thick_from, thick_to, runs_on, edge, words.
    """
    numbers = table[list(columns)].to_numpy(dtype=np.float64)
    given = pd.DataFrame(numbers, columns=list(QUANTILES))
    edge = _edge(given) if currency else math.inf
    told = [_range_words(row, currency) for row in rows(given)]
    names = [str(name) for name in table[label]]
    q05, q25, q50, q75, q95 = numbers.T

    def cut(ends: Floats, starts: Floats) -> Floats:
        """Ends cut at the edge; absent where the line starts beyond it."""
        return np.where(starts < edge, np.minimum(ends, edge), np.nan)

    return pd.DataFrame(
        {
            "upper": [shortened(name) for name in names],
            "lower": told,
            "row": [f"{number}|{name}" for number, name in enumerate(names)],
            "name": names,
            "words": told,
            "line_from": np.where(q05 < edge, q05, np.nan),
            "line_to": cut(q95, q05),
            "thick_from": cut(q25, q25),
            "thick_to": cut(q75, q25),
            "middle": np.where(q50 <= edge, q50, np.nan),
            "edge": np.minimum(q95, edge),
            "runs_on": (q05 < edge) & (q95 > edge),
            "zero": 0.0,
        }
    )


def _edge(given: pd.DataFrame) -> float:
    """Where an axis of money ends: at the highest end, or a few times the highest middle."""
    finite = given.replace([np.inf, -np.inf], np.nan)
    ends = finite["q95"].fillna(finite["q75"]).fillna(finite["q50"]).fillna(finite["q05"])
    if ends.isna().all():
        return 1.0
    middles = finite["q50"].dropna()
    farthest = FARTHEST * float(middles.max()) if len(middles) else math.inf
    beyond = 1.15 if np.isinf(given["q95"]).any() else 1.0
    return min(float(ends.max()) * beyond, farthest)


def _range_words(row: Any, currency: str) -> str:
    if not currency:
        return within_90(tally(row.q50), span(row.q05, row.q95))
    if math.isinf(row.q05):
        return say("no amount buys one")
    middle = say("no middle value") if math.isinf(row.q50) else money(row.q50)
    return within_90(middle, money_span(row.q05, row.q95))


def ranges_template(axis_title: str, quantity: Quantity, scheme: Scheme) -> Template:
    """One row per scenario: dot for the middle, thick line for 50%, thin for 90%, a triangle
    where a line runs on.

    Args:
        axis_title: what the axis counts.
        quantity: numbers have a line at no change; money has labels of its own.
        scheme: light or dark.
    """
    colours = palette(scheme)
    base = named().encode(
        y=labelled_rows("row"),
        tooltip=[
            alt.Tooltip("name:N", title=say("Scenario")),
            alt.Tooltip("words:N", title=say("Middle and 90% interval")),
        ],
    )
    axis = (
        alt.Axis(labelExpr=money_axis(), tickCount=4)
        if quantity == "money"
        else alt.Axis(labelExpr=SIGNED_AXIS, tickCount=5)
    )
    x_axis = alt.X(
        "line_from:Q", title=axis_lines(axis_title), axis=axis, scale=alt.Scale(zero=True)
    )
    none = named().mark_rule(color=colours.text, strokeWidth=1.5).encode(x="mean(zero):Q")
    layers = [
        *([] if quantity == "money" else [none]),
        *label_halos(base, colours),
        base.mark_rule(strokeWidth=1.5, color=colours.accent).encode(x=x_axis, x2="line_to:Q"),
        base.mark_rule(strokeWidth=6, color=colours.accent, opacity=0.55).encode(
            x="thick_from:Q", x2="thick_to:Q"
        ),
        base.transform_filter("isValid(datum.middle)")
        .mark_point(filled=True, size=100, opacity=1, color=colours.accent)
        .encode(x="middle:Q"),
        base.transform_filter("datum.runs_on")
        .mark_point(shape="triangle-right", filled=True, size=80, opacity=1, color=colours.accent)
        .encode(x="edge:Q"),
        *label_texts(base, colours),
    ]
    return Template.of(alt.layer(*layers).properties(height=alt.Step(LABELLED_STEP)), scheme)


# ------------------------------------------------------------------ refreshers


def refresher_rows(timings: pd.DataFrame) -> pd.DataFrame:
    """Further outcomes by the years between two refreshers.

    Args:
        timings: columns every (years; 0 for none) and q05, q25, q50, q75, q95.

    Returns:
        The same with label, words and zero, none first.
    """
    shown = timings[["every", *QUANTILES]].astype(dict.fromkeys(QUANTILES, "float64"))
    shown = shown.sort_values("every").reset_index(drop=True)
    none = say_as("no refreshers", "None")
    labels = [none if every == 0 else str(int(every)) for every in shown["every"]]
    words = [_interval_words(row, tally(row.q50)) for row in rows(shown)]
    return shown.assign(
        label=pd.Series(labels, dtype="object"), words=pd.Series(words, dtype="object"), zero=0.0
    )


def refresher_template(what: str, scheme: Scheme) -> Template:
    """Years between refreshers against further outcomes: dot, thick line for 50%, thin for 90%.

    Args:
        what: what the numbers are, for the tooltip.
        scheme: light or dark.
    """
    colours = palette(scheme)
    base = named().encode(
        x=alt.X(
            "label:O",
            sort=None,
            title=say("Years between two refreshers"),
            axis=alt.Axis(labelAngle=0, grid=False),
        ),
        tooltip=[
            alt.Tooltip("label:N", title=say("Years between refreshers")),
            alt.Tooltip("words:N", title=what),
        ],
    )
    y_axis = alt.Y(
        "q05:Q",
        title=None,
        scale=alt.Scale(zero=True),
        axis=alt.Axis(labelExpr=SIGNED_AXIS, tickCount=5),
    )
    none = named().mark_rule(color=colours.text, strokeWidth=1.5).encode(y="mean(zero):Q")
    layers = [
        base.mark_rule(strokeWidth=1.5, color=colours.accent).encode(y=y_axis, y2="q95:Q"),
        none,
        base.mark_rule(strokeWidth=7, color=colours.accent, opacity=0.55).encode(
            y="q25:Q", y2="q75:Q"
        ),
        base.mark_point(filled=True, size=100, opacity=1, color=colours.accent).encode(y="q50:Q"),
    ]
    return Template.of(alt.layer(*layers).properties(height=REFRESHER_HEIGHT), scheme)
