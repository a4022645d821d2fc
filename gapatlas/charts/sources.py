"""What several sources count, year by year; and what became of those who were charged."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from gapatlas.charts.template import NAMES, Template, named
from gapatlas.charts.theme import Palette, Scheme, palette
from gapatlas.charts.words import count_text
from gapatlas.languages import mark, say, whole
from gapatlas.tables import rows

COUNTS_HEIGHT = 200
SHAPES: Final = ["circle", "square", "triangle-up", "diamond", "cross"]
DASHES: Final = [[1, 0], [5, 3], [2, 2], [8, 3, 2, 3], [1, 4]]
WITHHELD: Final = mark("Withheld")
OUTCOMES: Final = {
    "convicted": mark("Guilty"),
    "acquitted": mark("Not guilty"),
    "dismissed": mark("Dismissed"),
    "outcome_unknown": mark("Not recorded"),
}


def count_rows(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts of one stage, source by source, with their middle for the line and words."""
    shown = counts[["year", "short"]].copy()
    shown["low"] = counts["count_low"].astype("float64")
    shown["high"] = counts["count_high"].astype("float64")
    shown["middle"] = (shown["low"] + shown["high"]) / 2
    shown["count"] = [count_text(row.count_low, row.count_high) for row in rows(counts)]
    return shown[shown["low"].notna()]


def counts_template(scheme: Scheme) -> Template:
    """Counts of one stage by year, one line per source, told apart by shape, dash and colour; to
    be filled with `source_names`.

    A year that a source does not report breaks nothing and adds no mark: points are joined only
    where the years follow one another.
    """
    colours = palette(scheme)
    legend = alt.Legend(title=None, orient="top", columns=1, labelLimit=260, symbolStrokeWidth=0)
    # Keys of colour and shape become one where both name the same sources, in the same order.
    source = alt.Color(
        "short:N", scale=alt.Scale(domain=NAMES, range=_series(colours)), legend=legend
    )
    base = named().encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        color=source,
        tooltip=[
            alt.Tooltip("short:N", title=say("Source")),
            alt.Tooltip("year:O", title=say("Year")),
            alt.Tooltip("count:N", title=say("Count")),
        ],
    )
    shape = alt.Shape("short:N", scale=alt.Scale(domain=NAMES, range=SHAPES), legend=legend)
    y_axis = alt.Y("middle:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4))
    lines = base.mark_line(strokeWidth=1.2, opacity=0.8).encode(
        y=y_axis,
        detail=["run:N"],
        strokeDash=alt.StrokeDash(
            "short:N", scale=alt.Scale(domain=NAMES, range=DASHES), legend=None
        ),
    )
    spans = base.transform_filter("datum.high > datum.low").mark_rule(strokeWidth=3, opacity=0.5)
    points = base.mark_point(filled=True, size=60, opacity=1).encode(y="middle:Q", shape=shape)
    chart = alt.layer(lines, spans.encode(y="low:Q", y2="high:Q"), points)
    return Template.of(chart.properties(height=COUNTS_HEIGHT), scheme)


def source_names(shown: pd.DataFrame) -> tuple[str, ...]:
    """The sources of rows of `count_rows`, in the order of the key."""
    return tuple(sorted(shown["short"].unique()))


def runs_of_years(shown: pd.DataFrame) -> pd.DataFrame:
    """Add `run`: the number of the unbroken run of years that a source's row belongs to."""
    ordered = shown.sort_values(["short", "year"])
    breaks = ordered.groupby("short")["year"].diff() != 1
    return ordered.assign(run=breaks.cumsum())


def every_year(shown: pd.DataFrame) -> pd.DataFrame:
    """Add an empty row for each year between the first and the last that no source reports, so
    that a gap of years is as wide as it is long.

    Args:
        shown: rows of `runs_of_years`.
    """
    if shown.empty:
        return shown
    years = range(int(shown["year"].min()), int(shown["year"].max()) + 1)
    missing = sorted(set(years) - set(shown["year"]))
    if not missing:
        return shown
    empty = pd.DataFrame(
        {"year": missing, "short": shown["short"].iloc[0], "run": [-year for year in missing]}
    )
    return pd.concat([shown, empty], ignore_index=True)


def outcome_rows(stages: pd.DataFrame) -> pd.DataFrame:
    """Outcomes of the persons charged in each place, most persons first.

    Args:
        stages: jurisdiction_id, name, stage, count_low, count_high, status; one row per place
            and stage, `prosecuted` among them.

    Returns:
        One row per place and outcome: label, outcome, order, persons (middle of the range),
        text, total. What is withheld is the rest of the persons charged, in a row of its own.
    """
    middle = (stages["count_low"].astype("float64") + stages["count_high"].astype("float64")) / 2
    wide = stages.assign(middle=middle).pivot_table(
        index=["jurisdiction_id", "name"], columns="stage", values="middle", aggfunc="first"
    )
    texts = {
        (row.jurisdiction_id, row.stage): count_text(row.count_low, row.count_high)
        for row in rows(stages)
    }
    found: list[dict[str, Any]] = []
    for counts in wide.reset_index().to_dict("records"):
        id_, name, total = counts["jurisdiction_id"], counts["name"], counts.get("prosecuted")
        if total is None or pd.isna(total):
            continue
        told = 0.0
        for order, (stage, outcome) in enumerate(OUTCOMES.items()):
            persons = counts.get(stage)
            if persons is None or pd.isna(persons):
                continue
            told += float(persons)
            found.append(
                _outcome(name, say(outcome), order, float(persons), texts[(id_, stage)], total)
            )
        if total - told >= 1:
            rest = say(
                "about {number}, with what rounding leaves", number=whole(round(total - told))
            )
            found.append(_outcome(name, say(WITHHELD), len(OUTCOMES), total - told, rest, total))
    columns = ["label", "outcome", "order", "persons", "text", "total"]
    table = pd.DataFrame(found, columns=columns)
    return table.sort_values(["total", "label", "order"], ascending=[False, True, True])


def outcomes_template(scheme: Scheme) -> Template:
    """One bar per place: persons charged, parted by what became of their cases."""
    colours = palette(scheme)
    outcomes = [say(outcome) for outcome in (*OUTCOMES.values(), WITHHELD)]
    fills = [
        colours.steps[4],
        colours.steps[3],
        colours.steps[1],
        colours.faint,
        colours.background,
    ]
    chart = (
        named()
        .mark_bar(stroke=colours.outline, strokeWidth=0.7)
        .encode(
            y=alt.Y(
                "label:N",
                sort=NAMES,
                title=None,
                axis=alt.Axis(labelLimit=150, labelOverlap=False, ticks=False),
            ),
            x=alt.X("persons:Q", title=say("Persons charged"), axis=alt.Axis(tickCount=5)),
            color=alt.Color(
                "outcome:N",
                scale=alt.Scale(domain=outcomes, range=fills),
                sort=outcomes,
                legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=170),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("label:N", title=say("Place")),
                alt.Tooltip("outcome:N", title=say("Outcome")),
                alt.Tooltip("text:N", title=say("Persons")),
                alt.Tooltip("total:Q", title=say("Persons charged, about"), format=",.0f"),
            ],
        )
    )
    return Template.of(chart.properties(height=alt.Step(20)), scheme)


def _outcome(
    name: str, outcome: str, order: int, persons: float, text: str, total: float
) -> dict[str, Any]:
    return {
        "label": name,
        "outcome": outcome,
        "order": order,
        "persons": persons,
        "text": text,
        "total": float(total),
    }


def _series(colours: Palette) -> list[str]:
    return [colours.accent, colours.highlight, colours.muted, colours.steps[1], colours.text]
