"""What is reported, place by year."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from gapatlas.charts.theme import Palette, Scheme, palette, text_colours
from gapatlas.languages import percentage, say, say_as, whole

ROW_HEIGHT = 14


CELLS = "cells"


def reporting_chart(data: pd.DataFrame, scheme: Scheme = "light") -> tuple[dict[str, Any], str]:
    """Heat map of what a dataset holds, one row per place and one column per year.

    Args:
        data: name and year, with stages_reported, stages and which (observations), or
            population and status, or reporters and reporter, or figures.
        scheme: light or dark.

    Returns:
        The chart's specification, whose cells come from the named dataset `cells` (the table
        that `reporting_cells` gives), and its alternative text.
    """
    colours = palette(scheme)
    if "stages" in data:
        colour, tooltips = _by_stages(data, colours)
    elif "reporters" in data:
        colour, tooltips = _by_number(
            colours, "reporters", say("Agencies (grey: none)"), say("Agencies with an offence")
        )
    elif "figures" in data:
        colour, tooltips = _by_number(
            colours, "figures", say("Figures (grey: none)"), say("Figures held")
        )
    else:
        colour, tooltips = _by_figure(colours)
    chart = (
        alt.Chart(alt.NamedData(name=CELLS))
        .mark_rect(stroke=colours.background, strokeWidth=1, aria=False)
        .encode(
            x=alt.X("year:O", title=None, axis=_year_axis()),
            y=alt.Y("name:N", title=None, axis=_place_axis()),
            color=colour,
            tooltip=[
                alt.Tooltip("name:N", title=say("Place")),
                alt.Tooltip("year:O", title=say("Year")),
                *tooltips,
            ],
        )
        .properties(height=alt.Step(ROW_HEIGHT))
    )
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("datasets", None)
    return {**spec, "config": text_colours(scheme)}, _alt_text(data)


def reporting_cells(data: pd.DataFrame) -> pd.DataFrame:
    """The cells of a heat map: only the columns that it draws or tells."""
    if "stages" in data:
        return data[["name", "year", "stages_reported", "which"]]
    for number in ("reporters", "figures"):
        if number in data:
            return data[["name", "year", number]]
    held = (data["status"] == "exact").map(_held())
    return data[["name", "year", "population"]].assign(held=held)


def _held() -> dict[bool, str]:
    """Whether a dataset holds a figure, in words."""
    return {True: say("Figure"), False: say_as("figure", "None")}


def _year_axis() -> alt.Axis:
    return alt.Axis(orient="top", labelAngle=0, labelOverlap=True)


def _place_axis() -> alt.Axis:
    """Every place has its label: small enough for the row, none left out."""
    return alt.Axis(labelLimit=120, labelFontSize=10, labelOverlap=False, ticks=False)


def _by_stages(data: pd.DataFrame, colours: Palette) -> tuple[alt.Color, list[alt.Tooltip]]:
    stages = int(data["stages"].max()) if len(data) else 1
    colour = alt.Color(
        "stages_reported:O",
        scale=alt.Scale(
            domain=list(range(stages + 1)),
            range=[colours.unreported, *_ramp(colours.steps, stages)],
        ),
        legend=alt.Legend(title=say("Stages reported"), orient="top", symbolType="square"),
    )
    tooltips = [
        alt.Tooltip("stages_reported:Q", title=say("Stages reported, of {stages}", stages=stages)),
        alt.Tooltip("which:N", title=say_as("stages", "Which")),
    ]
    return colour, tooltips


def _by_number(
    colours: Palette, field: str, title: str, told: str
) -> tuple[Any, list[alt.Tooltip]]:
    scale = alt.Scale(type="quantize", range=list(colours.steps))
    legend = alt.Legend(title=title, orient="top")
    shaded = alt.Color(f"{field}:Q", scale=scale, legend=legend)
    colour = alt.when(alt.datum[field] > 0).then(shaded).otherwise(alt.value(colours.unreported))
    return colour, [alt.Tooltip(f"{field}:Q", title=told)]


def _by_figure(colours: Palette) -> tuple[alt.Color, list[alt.Tooltip]]:
    colour = alt.Color(
        "held:N",
        scale=alt.Scale(
            domain=list(_held().values()),
            range=[colours.steps[2], colours.unreported],
        ),
        legend=alt.Legend(title=None, orient="top", symbolType="square"),
    )
    return colour, [alt.Tooltip("population:Q", title=say("People"), format=",")]


def _alt_text(data: pd.DataFrame) -> str:
    if data.empty:
        return say("This dataset holds no row yet.")
    places, years = data["name"].nunique(), data["year"]
    text = say(
        "Coverage of {places} places, {first} to {last}.",
        places=whole(places),
        first=str(years.min()),
        last=str(years.max()),
    )
    if "stages" not in data:
        return text
    share = data["stages_reported"].sum() / data["stages"].sum()
    told = say("{share} of all place, year and stage cells are reported.", share=percentage(share))
    return f"{text} {told}"


def _ramp(colours: tuple[str, ...], wanted: int) -> list[str]:
    last = len(colours) - 1
    if wanted == 1:
        return [colours[last - 1]]
    return [colours[round(i * last / (wanted - 1))] for i in range(wanted)]
