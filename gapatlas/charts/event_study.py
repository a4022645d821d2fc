"""Ratios by distance in years from a treatment: before it, and after it."""

from __future__ import annotations

from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from gapatlas.charts.template import CURVES, Template, named
from gapatlas.charts.theme import Scheme, palette
from gapatlas.charts.words import from_to, number
from gapatlas.languages import say
from gapatlas.tables import rows

HEIGHT: Final = 260
FURTHEST: Final = 8.0
"""Ratios beyond this, or below one over it, are drawn at the edge, as running on."""
TICKS: Final = [0.125, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 8]
WIDE: Final = [0.5, 2]
"""The axis shows at least these, so that small differences look small."""
YEARS_LABEL: Final = "datum.value == 0 ? '0' : format(datum.value, '+d')"


def step_rows(steps: pd.DataFrame) -> pd.DataFrame:
    """Distances as the chart draws them; one without a ratio is left out.

    Args:
        steps: step, least, most, low, high, places, before, words (the distance in words).

    Returns:
        step, middle, least, most, low, high (cut at the edges), cut_low, cut_high, reference and
        the words of the tooltip.
    """
    shown = steps[np.isfinite(steps["low"])].reset_index(drop=True)
    bounds = {
        name: shown[name].astype("float64").clip(1 / FURTHEST, FURTHEST)
        for name in ("least", "most", "low", "high")
    }
    middle = np.sqrt(shown["least"] * shown["most"]).clip(1 / FURTHEST, FURTHEST)
    return pd.DataFrame(
        {
            "step": shown["step"].astype("int64"),
            "middle": middle,
            **bounds,
            "cut_low": shown["low"] < 1 / FURTHEST,
            "cut_high": shown["high"] > FURTHEST,
            "reference": shown["low"] == shown["high"],
            "words": shown["words"],
            "ratio": [_span(row.least, row.most) for row in rows(shown)],
            "interval": [_span(row.low, row.high) for row in rows(shown)],
            "places": shown["places"].astype("int64"),
        }
    )


def before_rows(shown: pd.DataFrame) -> pd.DataFrame:
    """The band behind the years before the treatment (start, end; of no width without any), and
    the ratio of no difference."""
    first = min(0.0, float(shown["step"].min())) if len(shown) else 0.0
    return pd.DataFrame({"start": [first - 0.5], "end": [-0.5], "none": [1.0]})


def event_study_template(axis: str, scheme: Scheme) -> Template:
    """Dots with 95% lines on a log axis; the years before shaded; a dashed line at 1.

    Args:
        axis: title of the axis of years.
        scheme: light or dark.
    """
    colours = palette(scheme)
    years = alt.X(
        "step:Q",
        title=axis,
        scale=alt.Scale(nice=False, padding=14),
        axis=alt.Axis(tickMinStep=1, labelExpr=YEARS_LABEL, grid=False),
    )
    ratios = alt.Y(
        "low:Q",
        title=say("Times as many (log scale)"),
        scale=alt.Scale(type="log", nice=False, domain=alt.DomainUnionWith(unionWith=WIDE)),
        axis=alt.Axis(values=TICKS, format="~g"),
    )
    base = named().encode(
        x=years,
        tooltip=[
            alt.Tooltip("words:N", title=say("When")),
            alt.Tooltip("ratio:N", title=say("Times as many")),
            alt.Tooltip("interval:N", title=say("95% interval")),
            alt.Tooltip("places:Q", title=say("Places behind it")),
        ],
    )
    chart = alt.layer(
        named(CURVES).mark_rect(color=colours.band).encode(x="start:Q", x2="end:Q"),
        named(CURVES).mark_rule(color=colours.muted, strokeDash=[6, 3]).encode(y="none:Q"),
        base.mark_rule(strokeWidth=2, color=colours.accent).encode(y=ratios, y2="high"),
        base.transform_filter("datum.most > datum.least * 1.03")
        .mark_bar(width=9, fill=colours.background, stroke=colours.accent, strokeDash=[3, 2])
        .encode(y="least:Q", y2="most:Q"),
        base.transform_filter("!datum.reference")
        .mark_point(filled=True, opacity=1, size=60, color=colours.accent)
        .encode(y="middle:Q"),
        base.transform_filter("datum.reference")
        .mark_point(filled=False, opacity=1, size=60, color=colours.muted)
        .encode(y="middle:Q"),
        base.transform_filter("datum.cut_high")
        .mark_point(shape="triangle-up", filled=True, opacity=1, color=colours.accent)
        .encode(y="high:Q"),
        base.transform_filter("datum.cut_low")
        .mark_point(shape="triangle-down", filled=True, opacity=1, color=colours.accent)
        .encode(y="low:Q"),
    )
    return Template.of(chart.properties(height=HEIGHT), scheme)


def _span(low: float, high: float) -> str:
    ends = [number(end, 2) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else from_to(*ends)
