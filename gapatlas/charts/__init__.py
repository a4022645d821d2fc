"""Room `charts`: `MeasureFrame` -> Altair chart with title, source line and alt text."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt
import pandas as pd

from gapatlas.charts.alt_text import alt_text
from gapatlas.charts.classes import Classes, class_breaks
from gapatlas.charts.map import (
    FIGURES,
    SELECTION,
    MapDesign,
    app_spec,
    as_arrow,
    figures_table,
    map_chart,
    map_classes,
)
from gapatlas.charts.reporting import CELLS, reporting_cells, reporting_chart
from gapatlas.charts.series import dots_chart, series_chart
from gapatlas.charts.template import as_chart, standalone
from gapatlas.charts.theme import Chart, Scheme, palette, text_colours
from gapatlas.charts.view import (
    FITTED_HEIGHTS,
    HEIGHT_PER_WIDTH,
    Shapes,
    bounds_of,
    height_per_width,
    shapes_by_url,
    shapes_inline,
)
from gapatlas.charts.words import years_text
from gapatlas.config import Map
from gapatlas.languages import chart_locale, say
from gapatlas.measures import MeasureFrame

__all__ = [
    "CELLS",
    "FIGURES",
    "FITTED_HEIGHTS",
    "HEIGHT_PER_WIDTH",
    "SELECTION",
    "Chart",
    "Classes",
    "MapDesign",
    "Scheme",
    "Shapes",
    "alt_text",
    "app_chart",
    "app_spec",
    "as_arrow",
    "as_chart",
    "bounds_of",
    "class_breaks",
    "dots_chart",
    "draw",
    "figures_table",
    "heading",
    "height_per_width",
    "map_chart",
    "map_classes",
    "palette",
    "reporting_cells",
    "reporting_chart",
    "series_chart",
    "shapes_by_url",
    "shapes_inline",
    "source_line",
    "standalone",
]

MAP_WIDTH = 800
PLOT_WIDTH = 560


def draw(
    frame: MeasureFrame,
    kind: str,
    map_: Map | None,
    shapes: Shapes | None,
    breaks: tuple[float, ...] | None = None,
) -> Chart:
    """Draw a frame as a chart that carries its title, source line, alt text and shapes.

    Args:
        frame: figures of one measure.
        kind: `map`, `series` or `dots`.
        map_: the map of the frame's level; only `map` needs it.
        shapes: what that map draws.
        breaks: class breaks of the map; None means those of the frame's own figures.

    Raises:
        ValueError: an unknown kind, or a map where no map has the level.
    """
    if kind == "map":
        chart = _standalone_map(frame, map_, shapes, breaks)
    elif kind == "series":
        chart = _standalone_series(frame)
    elif kind == "dots":
        chart = dots_chart(last_window(frame.data), frame.measure).properties(width=PLOT_WIDTH)
    else:
        raise ValueError(f"There is no chart '{kind}'; allowed: map, series, dots")
    shown = last_window(frame.data) if kind != "series" else frame.data
    titled: Chart = chart.configure(**chart_locale()).properties(
        title=alt.Title(
            heading(frame, shown),
            subtitle=textwrap.wrap(source_line(frame), 110),
            anchor="start",
            subtitleColor="#52606d",
        ),
        description=alt_text(shown, frame.measure, heading(frame, shown)),
    )
    return titled


def app_chart(chart: Chart, scheme: Scheme) -> dict[str, Any]:
    """The specification of a chart for the app, which brings its own type; its data as the tables
    that the app sends."""
    spec: dict[str, Any] = chart.to_dict()
    sent = {name: as_arrow(pd.DataFrame(rows)) for name, rows in spec["datasets"].items()}
    return {**spec, "datasets": sent, "config": text_colours(scheme)}


def heading(frame: MeasureFrame, shown: pd.DataFrame) -> str:
    """What a chart shows: measure and years."""
    if shown.empty:
        return frame.measure.title
    years = years_text(int(shown["year_from"].min()), int(shown["year_to"].max()))
    return f"{frame.measure.title}, {years}"


def source_line(frame: MeasureFrame) -> str:
    """Sources with their editions, and what the intervals are, for the line under a chart."""
    named = "; ".join(f"{source.short} ({source.edition})" for source in frame.sources)
    return say("Source: {sources}. Intervals: 95%.", sources=named)


def last_window(data: pd.DataFrame) -> pd.DataFrame:
    """Rows of the last window of years."""
    last: pd.DataFrame = data[data["year_to"] == data["year_to"].max()]
    return last


def _standalone_series(frame: MeasureFrame) -> Chart:
    names = frame.data["name"].unique()
    panels = [
        series_chart(frame.data[frame.data["name"] == name], frame.measure).properties(
            width=PLOT_WIDTH, title=alt.Title(name, anchor="start", fontSize=12)
        )
        for name in names
    ]
    if len(panels) == 1:
        return panels[0]
    stacked: Chart = alt.vconcat(*panels).resolve_scale(x="shared")
    return stacked


def _standalone_map(
    frame: MeasureFrame,
    map_: Map | None,
    shapes: Shapes | None,
    breaks: tuple[float, ...] | None,
) -> Chart:
    if map_ is None or shapes is None:
        raise ValueError(f"No map has shapes for places of level {frame.measure.level}")
    design = MapDesign(
        measure=frame.measure,
        map_=map_,
        classes=map_classes(frame.data, frame.measure) if breaks is None else Classes(breaks),
        source_short=next(s.short for s in frame.sources if s.source_id == frame.source_id),
        window=frame.window,
    )
    shown = last_window(frame.data)
    figures = figures_table(shown, frame.measure, design.classes)
    chart = map_chart(design, shapes).properties(width=MAP_WIDTH)
    chart.datasets = {FIGURES: _records(figures)}
    return chart


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    finite = table.astype(object).where(table.notna() & (table != float("inf")), None)
    return [{str(key): value for key, value in row.items()} for row in finite.to_dict("records")]
