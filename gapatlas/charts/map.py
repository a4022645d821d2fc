"""The choropleth: a fixed specification, and a small table that changes with each step.

The specification names its figures (`figures`) and takes its shapes by URL, so that a step of
the year slider sends a few kilobytes. For notebooks and files the same chart carries both.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from gapatlas.charts.classes import Classes, class_breaks
from gapatlas.charts.theme import Chart, Palette, Scheme, palette, text_colours
from gapatlas.config import Map, Measure
from gapatlas.geography import POINTS

FIGURES = "figures"
CHOSEN = "chosen"
SELECTION = "place"
HEIGHT_PER_WIDTH = {"equalEarth": 0.47, "naturalEarth1": 0.5, "mercator": 0.6, "identity": 0.62}
_FIELDS = ["k", "nl", "nh", "dl", "dh", "lo", "hi", "n", "y0", "y1"]
_LEGEND_COLUMNS = 3
DOT_RADIUS = 3


@dataclass(frozen=True)
class MapDesign:
    """All that stays the same while a reader moves through the years of one map."""

    measure: Measure
    map_: Map
    classes: Classes
    source_short: str
    scheme: Scheme = "light"


def figures_table(data: pd.DataFrame, measure: Measure, classes: Classes) -> pd.DataFrame:
    """The reported figures of one window, in the few bytes that the map needs.

    Args:
        data: rows of a `MeasureFrame`, one window.
        measure: gives `per`.
        classes: classes of the map.

    Returns:
        Columns id, k (class), nl, nh, dl, dh (bounds of the counts), lo, hi (interval), n (years
        used), y0, y1 (window). Places without a figure are left out: their shape says so.
    """
    reported = data[data["value_low"].notna() | data["numerator_low"].notna()]
    table = pd.DataFrame({"id": reported["jurisdiction_id"].to_numpy()})
    table["k"] = classes.of(reported)
    for short, name in (("nl", "numerator_low"), ("nh", "numerator_high")):
        table[short] = _compact(reported[name])
    for short, name in (("dl", "denominator_low"), ("dh", "denominator_high")):
        table[short] = _compact(reported[name])
    for short, name in (("lo", "low"), ("hi", "high")):
        table[short] = reported[name].to_numpy(dtype=np.float32)
    table["n"] = reported["years_used"].to_numpy(dtype=np.int8)
    table["y0"] = reported["year_from"].to_numpy(dtype=np.int16)
    table["y1"] = reported["year_to"].to_numpy(dtype=np.int16)
    return table


def map_chart(design: MapDesign, shapes: alt.UrlData | alt.InlineData, dots: Any = None) -> Chart:
    """The map of a design, whose figures come from the named dataset `figures`.

    Dots are drawn only where there is a figure: dozens of empty ones would hide the map.

    Args:
        design: measure, map, classes, source and colour scheme.
        shapes: TopoJSON features of the places.
        dots: TopoJSON features of places too small for a shape, or None.
    """
    colours = palette(design.scheme)
    layers = [_shape_layer(design, shapes, colours)]
    if dots is not None:
        layers.append(_dot_layer(design, dots, colours))
    chart = alt.layer(*layers).properties(height=_height(design.map_, 800))
    return _projected(chart, design.map_)


def app_spec(design: MapDesign, url: str) -> dict[str, Any]:
    """The specification for the app: shapes by URL, figures left out, height from the page."""
    shapes = alt.topo_feature(url, design.map_.object)
    dots = alt.topo_feature(url, POINTS) if design.map_.dots else None
    spec: dict[str, Any] = map_chart(design, shapes, dots).to_dict(validate=False)
    for key in ("$schema", "datasets", "height"):
        spec.pop(key, None)
    spec["config"] = {"legend": text_colours(design.scheme)["legend"], "view": {"stroke": None}}
    return spec


def chosen_table(place: str | None) -> pd.DataFrame:
    """The place that the map outlines, as its second named dataset: columns id, chosen."""
    ids = [] if place is None else [place]
    return pd.DataFrame(
        {"id": pd.Series(ids, dtype="str"), "chosen": np.ones(len(ids), dtype=np.int8)}
    )


def map_classes(data: pd.DataFrame) -> Classes:
    """Classes over the exact figures of every window of a measure."""
    return class_breaks(data["value"].to_numpy(dtype=np.float64))


def _height(map_: Map, width: int) -> int:
    return round(width * HEIGHT_PER_WIDTH[map_.projection])


def _compact(counts: pd.Series) -> np.ndarray:
    numbers = counts.to_numpy(dtype=np.float64, na_value=np.nan)
    fits = np.isfinite(numbers).all() and (numbers.max(initial=0) < 2**31)
    return numbers.astype(np.int32) if fits else numbers


def _joined(
    features: alt.UrlData | alt.InlineData, design: MapDesign, mark: dict[str, Any]
) -> alt.Chart:
    """Shapes with their figures and their tooltip."""
    chart = alt.Chart(features, mark=alt.MarkDef(**mark))
    for dataset, wanted in ((FIGURES, _FIELDS), (CHOSEN, ["chosen"])):
        data = alt.NamedData(name=dataset)
        chart = chart.transform_lookup(
            lookup="properties.id", from_=alt.LookupData(data=data, key="id", fields=wanted)
        )
    titles = {
        "place": "Place",
        "value": "Value",
        "unit": "Unit",
        "interval": "95% interval",
        "counts": "Counts",
        "years": "Years",
        "source": "Source",
    }
    tooltip = [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]
    return chart.transform_calculate(**_tooltip_texts(design)).encode(tooltip=tooltip)


def _tooltip_texts(design: MapDesign) -> dict[str, str]:
    """Vega expressions that make a tooltip from the few numbers that travel."""
    measure = design.measure
    number, per = f"',.{measure.decimals}f'", measure.per
    least = f"format({per} * datum.nl / datum.dh, {number})"
    most = f"datum.dl > 0 ? format({per} * datum.nh / datum.dl, {number}) : 'no upper limit'"
    upper = f"isFinite(datum.hi) ? format(datum.hi, {number}) : 'no upper limit'"
    above, below = _count_names(measure)
    years = "datum.n + (datum.n == 1 ? ' year' : ' years') + ' reported'"
    reported = {
        "value": (
            "datum.dh == 0 ? 'Not defined' : datum.nl == datum.nh && datum.dl == datum.dh ? "
            f"{least} : {least} + ' to ' + ({most})"
        ),
        "interval": f"format(datum.lo, {number}) + ' to ' + ({upper})",
        "counts": (
            f"{_bounds('nl', 'nh')} + {_literal(f' {above}, ')} + "
            f"{_bounds('dl', 'dh')} + {_literal(f' {below}')}"
        ),
        "years": f"datum.y0 == datum.y1 ? datum.y0 : datum.y0 + '-' + datum.y1 + ', ' + {years}",
    }
    missing = {"value": "'Not reported'", "interval": "'-'", "counts": "'-'", "years": "'-'"}
    texts = {
        name: f"isValid(datum.nl) ? ({text}) : {missing[name]}" for name, text in reported.items()
    }
    return {
        "k": f"isValid(datum.k) ? datum.k : {design.classes.unreported}",
        "place": "datum.properties.name",
        "id": "datum.properties.id",
        "unit": _literal(measure.unit),
        "source": _literal(design.source_short),
        **texts,
    }


def _bounds(low: str, high: str) -> str:
    return (
        f"(datum.{low} == datum.{high} ? format(datum.{low}, ',') : "
        f"format(datum.{low}, ',') + ' to ' + format(datum.{high}, ','))"
    )


def _literal(text: str) -> str:
    """Text as a string of the expression language, whatever quotes it holds."""
    return json.dumps(text, ensure_ascii=False)


def _count_names(measure: Measure) -> tuple[str, str]:
    above, below = measure.numerator, measure.denominator
    under = "people x years" if isinstance(below, str) else f"{below.unit} {below.stage}"
    return f"{above.unit} {above.stage}", under


def _shape_layer(
    design: MapDesign, shapes: alt.UrlData | alt.InlineData, colours: Palette
) -> alt.Chart:
    selection = alt.selection_point(name=SELECTION, fields=["id"], on="click", empty=False)
    mark = {"type": "geoshape", "strokeJoin": "round", "cursor": "pointer"}
    return _joined(shapes, design, mark).encode(**_look(design, colours, 0.5)).add_params(selection)


def _dot_layer(
    design: MapDesign, dots: alt.UrlData | alt.InlineData, colours: Palette
) -> alt.Chart:
    mark = {"type": "geoshape", "cursor": "pointer"}
    reported = _joined(dots, design, mark).transform_filter(
        f"datum.k != {design.classes.unreported} || datum.chosen == 1"
    )
    return reported.encode(**_look(design, colours, 0.8))


def _look(design: MapDesign, colours: Palette, width: float) -> dict[str, Any]:
    chosen = alt.datum.chosen == 1
    return {
        "fill": _class_fill(design, colours),
        "strokeDash": _class_dash(design),
        "stroke": alt.when(chosen)
        .then(alt.value(colours.highlight))
        .otherwise(alt.value(colours.outline)),
        "strokeWidth": alt.when(chosen).then(alt.value(2.5)).otherwise(alt.value(width)),
    }


def _legend(design: MapDesign) -> alt.Legend:
    labels = design.classes.labels(design.measure.decimals)
    return alt.Legend(
        title=None,
        orient="bottom",
        direction="horizontal",
        columns=_LEGEND_COLUMNS,
        symbolType="square",
        symbolSize=160,
        symbolStrokeWidth=1,
        labelExpr=f"{json.dumps(labels)}[datum.value]",
        labelLimit=200,
        columnPadding=14,
        rowPadding=5,
    )


def _class_numbers(design: MapDesign) -> list[int]:
    return list(range(design.classes.unreported + 1))


def _class_fill(design: MapDesign, colours: Palette) -> alt.Fill:
    classes = design.classes
    steps = _spread(colours.steps, classes.steps)
    special: list[Any] = [colours.zero, _hatched(colours), colours.unreported]
    scale = alt.Scale(domain=_class_numbers(design), range=[*steps, *special])
    return alt.Fill("k:O", scale=scale, legend=_legend(design))


def _class_dash(design: MapDesign) -> alt.StrokeDash:
    """Dashed outlines for what is not reported."""
    solid: Any = [1, 0]
    dashed: Any = [2, 2]
    dashes: list[Any] = [*[solid] * design.classes.unreported, dashed]
    scale = alt.Scale(domain=_class_numbers(design), range=dashes)
    return alt.StrokeDash("k:O", scale=scale, legend=_legend(design))


def _hatched(colours: Palette, stripes: int = 7) -> alt.ExprRef:
    """A striped fill: a gradient whose stops are hard, as an expression that scales accept."""
    stops = []
    for band in range(stripes * 2):
        colour = colours.outline if band % 2 else colours.background
        for edge in (band, band + 1):
            stops.append(f"{{offset: {edge / (stripes * 2):.3f}, color: '{colour}'}}")
    return alt.ExprRef(
        "{gradient: 'linear', x1: 0, y1: 0, x2: 1, y2: 1, stops: [" + ", ".join(stops) + "]}"
    )


def _spread(colours: tuple[str, ...], wanted: int) -> list[str]:
    """`wanted` colours over the whole range of a palette."""
    if wanted == 1:
        return [colours[len(colours) // 2]]
    positions = np.linspace(0, len(colours) - 1, wanted).round().astype(int)
    return [colours[position] for position in positions]


def _projected(chart: Chart, map_: Map) -> Chart:
    if map_.projection == "identity":
        return chart.project(type="identity")
    return chart.project(type=map_.projection, pointRadius=DOT_RADIUS)
