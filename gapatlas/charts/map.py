"""The choropleth: a fixed specification, and a small table that changes with each step.

The specification names its figures (`figures`) and takes its shapes by URL, so that a step of
the year slider sends a few kilobytes. For notebooks and files the same chart carries both.
Places too small for a shape are points among the shapes and are drawn as dots.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import altair as alt
import numpy as np
import pandas as pd
import pyarrow as pa

from gapatlas.charts.classes import Classes, class_breaks
from gapatlas.charts.expressions import in_words, literal, told
from gapatlas.charts.theme import Palette, Scheme, palette, text_colours
from gapatlas.charts.view import (
    Shapes,
    height_per_width,
    name_of_shape,
    names_of_shapes,
    projected,
    stripes,
)
from gapatlas.config import Map, Measure
from gapatlas.languages import chart_locale, mark, say

FIGURES = "figures"
SELECTION = "place"
_FIELDS = ("k", "nl", "nr", "dl", "dr", "lo", "hi", "y")
_NO_LIMIT = -1
_LEGEND_COLUMNS = 3


@dataclass(frozen=True)
class MapDesign:
    """All that stays the same while a reader moves through the years of one map."""

    measure: Measure
    map_: Map
    classes: Classes
    source_short: str
    window: int = 1
    scheme: Scheme = "light"
    chosen: str = ""

    @property
    def is_worse(self) -> bool:
        """Whether a higher value is worse: the map then has a hue of its own."""
        return self.measure.higher_is == "worse"


def figures_table(data: pd.DataFrame, measure: Measure, classes: Classes) -> pd.DataFrame:
    """The reported figures of one window, in the few bytes that the map needs.

    Args:
        data: rows of a `MeasureFrame`, one window.
        measure: gives the decimals to which the interval travels.
        classes: classes of the map.

    Returns:
        Columns id, k (class), nl and dl (lower bounds of numerator and denominator), nr and dr
        (how far the upper bounds lie above), lo and hi (interval, in units of the last decimal
        that is shown; -1 for no upper limit), y (last year of the window x 10 + years used).
        Places without a figure are left out: their shape says so.
    """
    counted = data["numerator_low"].notna() | (data["years_without_denominator"] > 0)
    reported = data[counted]
    table = pd.DataFrame({"id": reported["jurisdiction_id"].to_numpy()})
    table["k"] = classes.of(reported)
    for short, name in (("n", "numerator"), ("d", "denominator")):
        low = reported[f"{name}_low"].fillna(0).to_numpy(dtype=np.float64)
        high = reported[f"{name}_high"].fillna(0).to_numpy(dtype=np.float64)
        table[f"{short}l"] = compact(low)
        table[f"{short}r"] = compact(high - low)
    for short, name in (("lo", "low"), ("hi", "high")):
        scaled = reported[name].to_numpy(dtype=np.float64) * 10**measure.decimals
        table[short] = compact(np.where(np.isfinite(scaled), scaled.round(), _NO_LIMIT))
    table["y"] = (10 * reported["year_to"] + reported["years_used"]).to_numpy(dtype=np.int16)
    return table


def as_arrow(table: pd.DataFrame) -> pa.Table:
    """A table in few bytes: without what pandas would add about its columns, short texts."""
    # One thread: to start several takes longer than the table does.
    arrow = pa.Table.from_pandas(table, preserve_index=False, nthreads=1)
    arrow = arrow.replace_schema_metadata(None)
    short = [
        pa.field(field.name, pa.string() if pa.types.is_large_string(field.type) else field.type)
        for field in arrow.schema
    ]
    return arrow.cast(pa.schema(short))


def map_classes(data: pd.DataFrame, measure: Measure) -> Classes:
    """Classes over the exact figures of every window of a measure; zero has its own class.

    Args:
        data: rows of a `MeasureFrame`, all windows of one length.
        measure: gives the decimals to which breaks are printed, and so rounded.
    """
    values = data["value"].to_numpy(dtype=np.float64)
    return class_breaks(values[values > 0], decimals=measure.decimals)


def map_chart(design: MapDesign, shapes: Shapes) -> alt.Chart:
    """The map of a design, whose figures come from the named dataset `figures`.

    Dots are drawn only where there is a figure: dozens of empty ones would hide the map.

    Args:
        design: measure, map, classes, source and colour scheme.
        shapes: TopoJSON features of the places.
    """
    colours = palette(design.scheme)
    return choropleth(
        Drawing(
            map_=design.map_,
            fields=_FIELDS,
            missing=design.classes.unreported,
            fill=_class_fill(design, colours),
            dash=_class_dash(design),
            tooltip=_tooltip(design),
            scheme=design.scheme,
            chosen=(design.chosen,) if design.chosen else (),
            is_worse=design.is_worse,
        ),
        shapes,
    )


@dataclass(frozen=True)
class Drawing:
    """What differs from map to map.

    Attributes:
        map_: shapes and projection.
        fields: columns of the figures beside `id`; `k` is the class among them.
        missing: class of a place without a figure.
        klass: a Vega expression for the class of a place with a figure.
        also: further fields of a figure -> Vega expressions that make them.
        fill, dash: how the classes are drawn.
        tooltip: a Vega expression that makes an object of texts; `datum.name` is the place.
        scheme: light or dark.
        chosen: ids of the places that are outlined.
        marked: fields of the figures that give a place a bold outline -> its colour.
        is_worse: whether the fills are those of a measure where higher is worse: the outline of
            the chosen place then has the other hue too, or it could not be told from them.
    """

    map_: Map
    fields: tuple[str, ...]
    missing: int
    fill: alt.Fill
    dash: Any
    tooltip: str
    scheme: Scheme = "light"
    chosen: tuple[str, ...] = ()
    klass: str = "datum.k"
    also: tuple[tuple[str, str], ...] = ()
    marked: tuple[tuple[str, str], ...] = ()
    is_worse: bool = False


def choropleth(drawing: Drawing, shapes: Shapes) -> alt.Chart:
    """Shapes filled by the class of their figure, which comes from the named dataset `figures`.

    Dots are drawn only where there is a figure: dozens of empty ones would hide the map.
    """
    colours = palette(drawing.scheme)
    figures = alt.LookupData(
        data=alt.NamedData(name=FIGURES), key="id", fields=list(drawing.fields)
    )
    missing, chosen = drawing.missing, _is_chosen(drawing, "datum.id")
    drawn: alt.Chart = (
        alt.Chart(shapes.data)
        .mark_geoshape(cursor="pointer", aria=False)
        .transform_lookup(lookup="properties.id", from_=figures)
        .transform_calculate(**dict(drawing.also))
        .transform_calculate(
            k=f"isValid(datum.k) ? {drawing.klass} : {missing}",
            id="datum.properties.id",
            name=name_of_shape(shapes),
            over=_above(drawing),
        )
        .transform_filter(f"!datum.properties.dot || datum.k != {missing} || {chosen}")
        .encode(
            fill=drawing.fill,
            strokeDash=drawing.dash,
            stroke=_outline(drawing, chosen, colours),
            strokeWidth=_outline_width(drawing, chosen),
            tooltip=alt.value(alt.ExprRef(drawing.tooltip)),
            order="over:Q",
        )
        .add_params(map_selection(), *names_of_shapes(shapes))
        .properties(height=round(800 * height_per_width(drawing.map_, shapes.bounds)))
    )
    return cast(alt.Chart, projected(drawn, drawing.map_, shapes.bounds))


def _above(drawing: Drawing) -> str:
    """A Vega expression: places with a bold outline lie above their neighbours, which would hide
    half of it, and the chosen one above all."""
    marked = " || ".join(test for test, _ in drawing.marked) or "false"
    return f"{_is_chosen(drawing, 'datum.properties.id')} ? 2 : {marked} ? 1 : 0"


def _is_chosen(drawing: Drawing, id_: str) -> str:
    """A Vega expression: whether a place is outlined."""
    chosen = [f"{id_} == {literal(place)}" for place in drawing.chosen]
    return f"({' || '.join(chosen)})" if chosen else "false"


def map_selection() -> alt.Parameter:
    """What a click on a map tells the page: the `id` of the place."""
    return alt.selection_point(name=SELECTION, fields=["id"], on="click", empty=False)


def _outline(drawing: Drawing, chosen: str, colours: Palette) -> Any:
    stands_out = colours.accent if drawing.is_worse else colours.highlight
    stroke = alt.when(chosen).then(alt.value(stands_out))
    for test, colour in drawing.marked:
        stroke = stroke.when(test).then(alt.value(colour))
    return stroke.otherwise(alt.value(colours.outline))


def _outline_width(drawing: Drawing, chosen: str) -> Any:
    width = alt.when(chosen).then(alt.value(2.5))
    for test, _ in drawing.marked:
        width = width.when(test).then(alt.value(2.2))
    return width.otherwise(alt.value(0.5))


def app_spec(chart: alt.Chart, scheme: Scheme) -> dict[str, Any]:
    """The specification of a map for the app: figures left out, height from the page."""
    spec = chart.to_dict(validate=False)
    for key in ("$schema", "datasets", "height"):
        spec.pop(key, None)
    has_key = spec["encoding"]["fill"]["legend"] is not None
    legend = {"legend": text_colours(scheme)["legend"]} if has_key else {}
    return {**spec, "config": {**legend, **chart_locale()}}


def compact(counts: np.ndarray) -> np.ndarray:
    """Numbers in the smallest type that a browser reads exactly."""
    if (counts % 1).any():
        return counts.astype(np.float64)
    least, most = counts.min(initial=0), counts.max(initial=0)
    for kind in (np.int8, np.int16, np.uint16, np.int32):
        if np.iinfo(kind).min <= least and most <= np.iinfo(kind).max:
            return counts.astype(kind)
    return counts.astype(np.float64)


def _tooltip(design: MapDesign) -> str:
    """A Vega expression that makes the tooltip from the few numbers that travel."""
    measure = design.measure
    number, per = f"',.{measure.decimals}f'", measure.per
    above, below = _count_names(measure)
    place = {say("Place"): "datum.name"}
    texts = {
        say("Value"): _value(per, number),
        say("Unit"): literal(measure.unit),
        say("95% interval"): _interval(measure.decimals, number),
        say("Counts"): (
            f"{_bounds('n')} + {literal(f' {above}, ')} + {_bounds('d')} + {literal(f' {below}')}"
        ),
        say("Years"): _years(design.window),
        say("Source"): literal(design.source_short),
    }
    missing, undefined = (
        told({**place, say("Value"): literal(words)})
        for words in (say("Not reported"), say("Counted, but nothing to divide by"))
    )
    return (
        f"!isValid(datum.nl) ? {missing} : "
        f"datum.k == {design.classes.undefined} ? {undefined} : {told({**place, **texts})}"
    )


def _value(per: int, number: str) -> str:
    """The value; for censored counts its lowest and highest."""
    low = f"format({per} * datum.nl / (datum.dl + datum.dr), {number})"
    high = _limit(f"({per} * (datum.nl + datum.nr) / datum.dl)", number)
    return f"datum.nr + datum.dr > 0 ? {between(low, high)} : {low}"


def _interval(decimals: int, number: str) -> str:
    unit = 10**decimals
    high = f"datum.hi < 0 ? {_no_upper_limit()} : format(datum.hi / {unit}, {number})"
    return between(f"format(datum.lo / {unit}, {number})", high)


def _limit(value: str, number: str) -> str:
    return f"isFinite({value}) ? format({value}, {number}) : {_no_upper_limit()}"


def _no_upper_limit() -> str:
    return literal(say("no upper limit"))


def between(low: str, high: str) -> str:
    """An expression: the ends of a range or an interval."""
    return in_words(mark("{low} to {high}"), low=low, high=high)


def _bounds(side: str) -> str:
    low, more = f"datum.{side}l", f"datum.{side}r"
    ends = between(f"format({low}, ',')", f"format({low} + {more}, ',')")
    return f"({more} > 0 ? {ends} : format({low}, ','))"


def _years(window: int) -> str:
    year = "floor(datum.y / 10)"
    if window == 1:
        return year
    return in_words(
        mark("{first}-{last}, {years} reported"),
        first=f"{year} - {window - 1}",
        last=year,
        years="datum.y % 10",
    )


def _count_names(measure: Measure) -> tuple[str, str]:
    above, below = measure.numerator, measure.below
    if below is None:
        return above.counted, say("{people} x years", people=measure.exposure)
    return above.counted, below.counted


def _class_fill(design: MapDesign, colours: Palette) -> alt.Fill:
    classes = design.classes
    special: list[Any] = [
        colours.zero,
        hatched(colours, bands=stripes(design.map_)),
        colours.faint,
        colours.unreported,
    ]
    steps = colours.steps_if_worse if design.is_worse else colours.steps
    scale = alt.Scale(
        domain=_class_numbers(design), range=[*spread(steps, classes.steps), *special]
    )
    labels = classes.labels(design.measure.decimals)
    return alt.Fill("k:O", scale=scale, legend=class_legend(labels))


def _class_dash(design: MapDesign) -> alt.StrokeDash:
    """Dashed outlines for what is not reported; its legend is one with that of the fill."""
    solid: Any = [1, 0]
    dashed: Any = [2, 2]
    dashes: list[Any] = [*[solid] * design.classes.unreported, dashed]
    return alt.StrokeDash("k:O", scale=alt.Scale(domain=_class_numbers(design), range=dashes))


def _class_numbers(design: MapDesign) -> list[int]:
    return list(range(design.classes.unreported + 1))


def class_legend(labels: Sequence[str]) -> alt.Legend:
    """The key of a map: words for each class, in class order."""
    return alt.Legend(
        title=None,
        orient="bottom",
        columns=_LEGEND_COLUMNS,
        symbolType="square",
        symbolSize=160,
        symbolStrokeWidth=1,
        labelExpr=f"{json.dumps(list(labels), ensure_ascii=False)}[datum.value]",
        columnPadding=14,
    )


def hatched(colours: Palette, colour: str = "", bands: int = 3) -> alt.ExprRef:
    """A striped fill: a gradient whose stops are hard, as an expression that scales accept.

    Args:
        colours: give the background, and the outline colour where no `colour` is asked for.
        colour: of the stripes.
        bands: how many stripes a shape has.
    """
    stops = []
    for band in range(bands * 2):
        shade = (colour or colours.outline) if band % 2 else colours.background
        for edge in (band, band + 1):
            offset = f"{edge / (bands * 2):.2f}".removeprefix("0")
            stops.append(f"{{offset:{offset},color:'{shade}'}}")
    return alt.ExprRef(f"{{gradient:'linear',x1:0,y1:0,x2:1,y2:1,stops:[{','.join(stops)}]}}")


def spread(colours: tuple[str, ...], wanted: int) -> list[str]:
    """`wanted` colours over the whole range of a palette."""
    if wanted == 1:
        return [colours[len(colours) // 2]]
    positions = np.linspace(0, len(colours) - 1, wanted).round().astype(int)
    return [colours[position] for position in positions]
