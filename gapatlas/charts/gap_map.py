"""Maps of gaps: value-suppressing classes, so that an uncertain place can't shout.

Source: Correll, Moritz and Heer 2018, Value-Suppressing Uncertainty Palettes, CHI '18, 642: the
less sure a value is, the fewer classes it may have and the fainter they are.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import altair as alt
import numpy as np
import pandas as pd

from gapatlas.charts.expressions import in_percent, in_words, literal, told
from gapatlas.charts.map import (
    FIGURES,
    Drawing,
    between,
    choropleth,
    compact,
    hatched,
)
from gapatlas.charts.theme import Chart, Palette, Scheme, palette
from gapatlas.charts.view import Shapes, stripes
from gapatlas.config import Map
from gapatlas.languages import chart_locale, in_digits, mark, percentage, say, say_as

Quantity = Literal["ratio", "number", "probability"]
CLASSES: Final = 5
UNSURE: Final = (0, 1, 1, 2, 2)
"""Class of an unsure figure, by the class that its middle has: three are left of five."""
CLEAR_SPAN, UNSURE_SPAN = 1, 2
"""Classes that an interval may reach beyond the first: at most one for a clear figure, two for an
unsure one; all others are open."""
FIRST_UNSURE, OPEN, NO_BENCHMARK, WITHHELD, UNREPORTED = 5, 8, 9, 10, 11
NO_LIMIT: Final = -999_999_999
"""Stands for an end without limit: no count is below it."""
PERCENT: Final = 100
CLUSTERS: Final[Mapping[str, int]] = {"low": 1, "high": 2}
FIELDS: Final = ("k", "ol", "orr", "ef", "et", "vf", "vt", "c")
PER_YEAR: Final = 20
"""`k` travels as its class plus this many times the years used: one column for two numbers."""
MOST_PERCENT: Final = 1000
"""Shares of what is expected are told up to here."""
LEGEND_ROW: Final = 20
MAP_WIDTH: Final = 800


AXES: Final[Mapping[Quantity, str]] = {
    "ratio": mark("Observed as a share of expected"),
    "number": mark("Fewer than expected"),
    "probability": mark("Chance that it falls short"),
}
"""What charts call a quantity, before it is said."""


@dataclass(frozen=True)
class Scale:
    """How a quantity falls into classes, from no gap to the widest.

    Attributes:
        breaks: rising values between the classes.
        falls: whether the gap widens as the value falls.
        labels: words of the classes, from no gap to the widest, before they are said.
    """

    breaks: tuple[float, ...]
    falls: bool
    labels: tuple[str, ...]

    def of(self, values: Any) -> np.ndarray:
        """Class of each value; NaN has the last one, so ask only for values that are there."""
        below: np.ndarray = np.searchsorted(self.breaks, values, side="right")
        return CLASSES - 1 - below if self.falls else below


SCALES: Final[Mapping[Quantity, Scale]] = {
    "ratio": Scale(
        (0.25, 0.5, 0.75, 1.0),
        True,
        (
            mark("100%+"),
            mark("75-99%"),
            mark("50-74%"),
            mark("25-49%"),
            mark("under 25%"),
        ),
    ),
    "number": Scale(
        (1, 10, 100, 1000), False, (mark("none"), "1-9", "10-99", "100-999", mark("1,000+"))
    ),
    "probability": Scale(
        (0.05, 0.5, 0.8, 0.95),
        False,
        (
            mark("under 5%"),
            mark("5-49%"),
            mark("50-79%"),
            mark("80-94%"),
            mark("95%+"),
        ),
    ),
}


def gap_classes(table: pd.DataFrame, quantity: Quantity) -> np.ndarray:
    """Class of each place of a gap.

    Args:
        table: rows of `Gap.table`.
        quantity: what is shown.

    Returns:
        0 to 4 for a clear figure (no gap to the widest), 5 to 7 for an unsure one, 8 for an open
        one, 9 without a benchmark, 10 withheld, 11 not reported.
    """
    scale, columns = SCALES[quantity], _columns(quantity)
    low, high, start, end = (table[name].to_numpy(dtype=np.float64) for name in columns)
    known = (table["reason"] == "").to_numpy()
    with np.errstate(invalid="ignore"):
        middle = scale.of(np.where(np.isfinite(high), (low + high) / 2, np.inf))
    span = np.abs(scale.of(end) - scale.of(start))
    shown = np.where(span <= CLEAR_SPAN, middle, FIRST_UNSURE + np.asarray(UNSURE)[middle])
    shown = np.where(span > UNSURE_SPAN, OPEN, shown)
    status = table["status"].to_numpy()
    without = np.where(
        status == "suppressed",
        WITHHELD,
        np.where(status == "not_reported", UNREPORTED, NO_BENCHMARK),
    )
    return np.where(known, shown, without).astype(np.int8)


def _columns(quantity: Quantity) -> tuple[str, str, str, str]:
    """Bounds of the drawn value, then ends of the interval that says how sure it is."""
    if quantity == "probability":
        return "probability_low", "probability_high", "probability_low", "probability_high"
    return f"{quantity}_low", f"{quantity}_high", f"{quantity}_from", f"{quantity}_to"


def gap_figures(
    table: pd.DataFrame, quantity: Quantity, clusters: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The figures of one window, in the few bytes that the map needs.

    Args:
        table: rows of `Gap.table`.
        quantity: what is shown.
        clusters: place id -> kind of its cluster; others are in none.

    Returns:
        Columns id, k (class + `PER_YEAR` x years used), ol and orr (observed count and how far its
        upper bound lies above), ef and et (interval of the expected count), vf and vt (interval of
        the quantity: a count, or per cent), and, with clusters, c (1: falls short among places
        that do, 2: the opposite). An end without limit is `NO_LIMIT`. Places that report nothing
        are left out: their shape says so.
    """
    classes = gap_classes(table, quantity)
    shown = table[classes != UNREPORTED]
    start, end = (shown[name].astype("float64") for name in _columns(quantity)[2:])
    if quantity != "number":
        start, end = ((share * PERCENT).clip(upper=MOST_PERCENT) for share in (start, end))
    years = shown["years_used"].to_numpy(dtype=np.int64)
    columns: dict[str, Any] = {
        "id": shown["jurisdiction_id"].to_numpy(),
        "k": compact(classes[classes != UNREPORTED] + PER_YEAR * years),
        "ol": _whole(shown["observed_low"]),
        "orr": _whole(shown["observed_high"] - shown["observed_low"]),
        "ef": _whole(shown["expected_from"]),
        "et": _whole(shown["expected_to"]),
        "vf": _whole(start),
        "vt": _whole(end),
    }
    if clusters:
        kinds = shown["jurisdiction_id"].map(dict(clusters)).map(CLUSTERS).fillna(0)
        columns["c"] = kinds.to_numpy(dtype=np.int8)
    return pd.DataFrame(columns)


def _whole(values: pd.Series) -> np.ndarray:
    """Whole numbers; `NO_LIMIT` for what is missing or has none."""
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return compact(np.where(np.isfinite(numbers), np.round(numbers), NO_LIMIT))


@dataclass(frozen=True)
class GapDesign:
    """All that stays the same while a reader moves through the years of a map of gaps.

    Attributes:
        map_: shapes and projection.
        quantity: what is shown.
        observed: what is counted, such as `persons convicted`.
        benchmark: what it is compared with, in words.
        source_short: name of the source.
        window: years counted together.
        scheme, chosen: colours, and the place that is outlined.
        beside: further places that are outlined.
    """

    map_: Map
    quantity: Quantity
    observed: str
    benchmark: str
    source_short: str
    window: int
    scheme: Scheme = "light"
    chosen: str = ""
    beside: tuple[str, ...] = ()


def gap_map(design: GapDesign, shapes: Shapes) -> alt.Chart:
    """The map of a gap, whose figures come from the named dataset `figures`."""
    colours = palette(design.scheme)
    domain = list(range(UNREPORTED + 1))
    scale = alt.Scale(domain=domain, range=fills(colours, design.map_))
    return choropleth(
        Drawing(
            map_=design.map_,
            fields=FIELDS,
            missing=UNREPORTED,
            fill=alt.Fill("k:O", scale=scale, legend=None),
            dash=alt.when(f"datum.k == {UNREPORTED}")
            .then(alt.value([2, 2]))
            .otherwise(alt.value([1, 0])),
            tooltip=_tooltip(design),
            scheme=design.scheme,
            chosen=tuple(place for place in (design.chosen, *design.beside) if place),
            klass=f"datum.k % {PER_YEAR}",
            also=(("u", f"floor(datum.k / {PER_YEAR})"),),
            marked=(("datum.c == 1", colours.highlight), ("datum.c == 2", colours.text)),
        ),
        shapes,
    )


def fills(colours: Palette, map_: Map | None = None) -> list[Any]:
    """Fill of each class: full colours, three striped ones, grey, and what has no figure."""
    steps = colours.steps
    unsure = [hatched(colours, steps[at], bands=stripes(map_)) for at in (0, 2, 4)]
    special = [colours.faint, colours.background, colours.background, colours.unreported]
    return [*steps, *unsure, *special]


def standalone_gap_map(
    design: GapDesign,
    shapes: Shapes,
    figures: pd.DataFrame,
    *,
    title: str,
    source: str,
    description: str,
) -> Chart:
    """The map with its figures and its key, for notebooks and files.

    Args:
        design: what the map shows.
        shapes: TopoJSON features that travel with the chart.
        figures: what `gap_figures` gives.
        title, source: lines above the map.
        description: alternative text.
    """
    heading = alt.Title(
        title, subtitle=textwrap.wrap(source, 110), anchor="start", subtitleColor="#52606d"
    )
    drawn = gap_map(design, shapes).properties(width=MAP_WIDTH, title=heading)
    chart: Chart = alt.vconcat(drawn, _key(design.quantity, design.scheme).properties(width=480))
    chart = chart.properties(description=description)
    chart.datasets = {FIGURES: figures.to_dict("records")}
    separate: Chart = chart.configure(**chart_locale()).resolve_scale(fill="independent")
    return separate


def gap_legend(quantity: Quantity, scheme: Scheme) -> dict[str, Any]:
    """The key of a map of gaps: a row for each degree of certainty, the widest gap last.

    Returns:
        A Vega-Lite specification with its data.
    """
    spec: dict[str, Any] = _key(quantity, scheme).to_dict(validate=False)
    spec.pop("$schema", None)
    return {**spec, "config": {"view": {"stroke": None}}}


def _key(quantity: Quantity, scheme: Scheme) -> Chart:
    colours = palette(scheme)
    cells = pd.DataFrame(_legend_cells([say(label) for label in SCALES[quantity].labels]))
    names = list(dict.fromkeys(cells["row"]))
    base = alt.Chart(cells).encode(
        y=alt.Y("row:N", sort=names, title=None, axis=_plain_axis(colours)),
        x=alt.X("start:Q", scale=alt.Scale(domain=[0, CLASSES]), axis=None),
    )
    domain = list(range(UNREPORTED + 1))
    filled = base.mark_rect(stroke=colours.outline, strokeWidth=0.5).encode(
        x2="end:Q",
        fill=alt.Fill("k:O", scale=alt.Scale(domain=domain, range=fills(colours)), legend=None),
    )
    words = base.transform_filter("datum.label != ''").mark_text(fontSize=10, baseline="middle")
    dark = (
        alt.when("datum.k == 3 || datum.k == 4")
        .then(alt.value(colours.background))
        .otherwise(alt.value(colours.text))
    )
    key: Chart = alt.layer(
        filled, words.encode(x="middle:Q", text="label:N", color=dark)
    ).properties(height=alt.Step(LEGEND_ROW))
    return key


def _legend_cells(labels: Sequence[str]) -> list[dict[str, Any]]:
    sure, not_sure, none = say("Clear"), say("Unsure"), say("No figure")
    clear = [(sure, k, at, at + 1, labels[k]) for k, at in zip(range(5), range(5), strict=True)]
    unsure = [(not_sure, 5, 0, 1, ""), (not_sure, 6, 1, 3, ""), (not_sure, 7, 3, 5, "")]
    rest = [
        (say_as("row of a key", "Open"), OPEN, 0, 5, say("the interval spans most classes")),
        (none, NO_BENCHMARK, 0, 2.5, say("no comparison")),
        (none, UNREPORTED, 2.5, 5, say("not reported")),
    ]
    return [
        {
            "row": row,
            "k": k,
            "start": start,
            "end": end,
            "middle": (start + end) / 2,
            "label": label,
        }
        for row, k, start, end, label in [*clear, *unsure, *rest]
    ]


def _plain_axis(colours: Palette) -> alt.Axis:
    return alt.Axis(
        domain=False, ticks=False, labelColor=colours.muted, labelFontSize=11, labelPadding=6
    )


def _tooltip(design: GapDesign) -> str:
    """A Vega expression that makes the tooltip from the few numbers that travel."""
    place = {say("Place"): "datum.name"}
    observed = {say("Observed"): f"{_observed()} + {literal(' ' + design.observed)}"}
    shown = {
        say("Expected"): f"{_between('ef', 'et')} + {literal(f' ({design.benchmark})')}",
        say(AXES[design.quantity]): _own_interval(design.quantity),
        say("Years reported"): in_words(
            mark("{reported} of {years}"), reported="datum.u", years=str(design.window)
        ),
        say("Source"): literal(design.source_short),
    }
    why = (
        f"datum.k == {WITHHELD} ? {literal(say('Withheld to protect persons'))} : "
        f"{literal(say('Not reported, which is not zero'))}"
    )
    alone = literal(say("Nothing to compare with"))
    return (
        f"datum.k == {UNREPORTED} || datum.k == {WITHHELD} ? {told({**place, say('Gap'): why})} : "
        f"datum.k == {NO_BENCHMARK} ? {told({**place, **observed, say('Gap'): alone})} : "
        f"{told({**place, **observed, **shown})}"
    )


def _observed() -> str:
    ends = between("format(datum.ol, ',')", "format(datum.ol + datum.orr, ',')")
    return f"(datum.orr > 0 ? {ends} : format(datum.ol, ','))"


def _own_interval(quantity: Quantity) -> str:
    if quantity == "number":
        return _between("vf", "vt")
    if quantity == "probability":
        low, high = (in_percent(f"datum.{end}") for end in ("vf", "vt"))
        return f"datum.vt > datum.vf ? {between(low, high)} : {low}"
    most = say("over {share}", share=in_digits(percentage(MOST_PERCENT / PERCENT)))
    end = f"datum.vt >= {MOST_PERCENT} ? {literal(most)} : {in_percent('datum.vt')}"
    return between(in_percent("datum.vf"), end)


def _between(low: str, high: str) -> str:
    return between(f"format(datum.{low}, ',')", _end(high))


def _end(field: str) -> str:
    return f"datum.{field} == {NO_LIMIT} ? {literal(say('no limit'))} : format(datum.{field}, ',')"
