"""Maps of what is not known: the darker, the less a place reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from gapatlas.charts.classes import Classes, class_breaks
from gapatlas.charts.expressions import in_words, literal, told
from gapatlas.charts.map import Drawing, choropleth, class_legend, compact, spread
from gapatlas.charts.theme import Scheme, palette
from gapatlas.charts.view import Shapes
from gapatlas.config import Map
from gapatlas.languages import mark, say, say_as

COMPLETE_FROM: Final = (0.5, 0.75, 1.0)
COMPLETENESS: Final = (
    mark("Everything"),
    mark("75-99%"),
    mark("50-74%"),
    mark("1-49%"),
    mark("Nothing"),
)
NOT_IN_SOURCE: Final = mark("Not in this source")
FIELDS: Final = ("k", "r", "a", "m")


@dataclass(frozen=True)
class ReportingDesign:
    """All that stays the same while a reader moves through the years of the map.

    Attributes:
        map_: shapes and projection.
        labels: words of the classes, from complete to silent.
        tooltip: a Vega expression that makes an object of texts.
        scheme, chosen: colours, and the place that is outlined.
    """

    map_: Map
    labels: tuple[str, ...]
    tooltip: str
    scheme: Scheme = "light"
    chosen: str = ""


def completeness_design(
    map_: Map, stages: Sequence[str], source_short: str, scheme: Scheme, chosen: str
) -> ReportingDesign:
    """The map of how complete the figures of each place are."""
    never = " + ".join(
        f"(floor(datum.m / {2**bit}) % 2 ? {literal(stage + '; ')} : '')"
        for bit, stage in enumerate(stages)
    )
    texts = {
        say("Figures reported"): in_words(
            mark("{reported} of {asked}"), reported="datum.r", asked="datum.a"
        ),
        say(
            "Stages without any figure"
        ): f"datum.m > 0 ? ({never}) : {literal(say_as('stages', 'none'))}",
        say("Source"): literal(source_short),
    }
    labels = tuple(say(label) for label in COMPLETENESS)
    return ReportingDesign(map_, labels, _tooltip(texts), scheme, chosen)


def completeness_figures(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of `Reporting.table` in the few bytes that the map needs: id, k (class), r and a
    (figures reported and asked for), m (stages without any figure, by bit)."""
    share = table["share"].to_numpy(dtype=np.float64)
    classes = len(COMPLETE_FROM) - np.searchsorted(COMPLETE_FROM, share, side="right")
    silent = len(COMPLETENESS) - 1
    return pd.DataFrame(
        {
            "id": table["jurisdiction_id"].to_numpy(),
            "k": np.where(share == 0, silent, classes).astype(np.int8),
            "r": compact(table["reported"].to_numpy(dtype=np.int64)),
            "a": compact(table["asked"].to_numpy(dtype=np.int64)),
            "m": compact(table["never"].to_numpy(dtype=np.int64)),
        }
    )


def agencies_design(
    map_: Map,
    breaks: Sequence[float],
    reporter: str,
    source_short: str,
    scheme: Scheme,
    chosen: str,
) -> ReportingDesign:
    """The map of how many bodies stand behind the figures of each place, fewest darkest."""
    labels = Classes(tuple(breaks)).step_labels(0)
    texts = {
        say("{bodies}, mean per year", bodies=reporter): "format(datum.r / 10, ',.1f')",
        say("Years with any"): "datum.a",
        say("Source"): literal(source_short),
    }
    return ReportingDesign(map_, tuple(reversed(labels)), _tooltip(texts), scheme, chosen)


def agency_breaks(means: pd.Series) -> tuple[float, ...]:
    """Class breaks of the mean number of reporting bodies over every window and place."""
    return class_breaks(means.to_numpy(dtype=np.float64), decimals=0).breaks


def agency_figures(table: pd.DataFrame, breaks: Sequence[float]) -> pd.DataFrame:
    """Mean number of bodies per place in few bytes: id, k (class, fewest last), r (ten times the
    mean), a (years with any), m (unused).

    Args:
        table: jurisdiction_id, mean and years.
        breaks: rising class breaks of the mean.
    """
    classes = len(breaks) - np.searchsorted(np.asarray(breaks), table["mean"], side="left")
    return pd.DataFrame(
        {
            "id": table["jurisdiction_id"].to_numpy(),
            "k": classes.astype(np.int8),
            "r": compact((table["mean"].to_numpy(dtype=np.float64) * 10).round().astype(np.int64)),
            "a": compact(table["years"].to_numpy(dtype=np.int64)),
            "m": np.zeros(len(table), dtype=np.int8),
        }
    )


def reporting_map(design: ReportingDesign, shapes: Shapes) -> alt.Chart:
    """The map, whose figures come from the named dataset `figures`."""
    colours = palette(design.scheme)
    missing = len(design.labels)
    domain = list(range(missing + 1))
    ramp: list[Any] = [*spread(colours.steps, missing), colours.unreported]
    solid: Any = [1, 0]
    dashes: list[Any] = [*[solid] * missing, [2, 2]]
    labels = [*design.labels, say(NOT_IN_SOURCE)]
    fill_scale = alt.Scale(domain=domain, range=ramp)
    return choropleth(
        Drawing(
            map_=design.map_,
            fields=FIELDS,
            missing=missing,
            fill=alt.Fill("k:O", scale=fill_scale, legend=class_legend(labels)),
            dash=alt.StrokeDash("k:O", scale=alt.Scale(domain=domain, range=dashes)),
            tooltip=design.tooltip,
            scheme=design.scheme,
            chosen=(design.chosen,) if design.chosen else (),
        ),
        shapes,
    )


def _tooltip(texts: dict[str, str]) -> str:
    place = {say("Place"): "datum.name"}
    missing = {**place, say("Figures"): literal(say("Not part of this source"))}
    return f"!isValid(datum.r) ? {told(missing)} : {told({**place, **texts})}"
