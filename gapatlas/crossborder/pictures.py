"""Pictures of flows: chart, title, source line, alternative text and table in one.

The page and a notebook show the same ones.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from gapatlas.charts import Scheme
from gapatlas.charts.flows import (
    MATRIX_COLUMNS,
    MATRIX_ROWS,
    PLACES,
    flow_rows,
    matrix_rows,
    matrix_template,
    place_rows,
)
from gapatlas.charts.template import ROWS, Template
from gapatlas.charts.words import count_text, years_text
from gapatlas.comparison.pictures import Picture
from gapatlas.crossborder.cooperation import Pair
from gapatlas.crossborder.flows import Flows
from gapatlas.crossborder.tables import edges_table
from gapatlas.crossborder.words import pair_words, people_words
from gapatlas.export import source_header
from gapatlas.tables import rows

if TYPE_CHECKING:
    import pandas as pd

MAP_SIGNS: Final = (
    "Each wedge runs from citizenship (wide end) to the place that counted (tip); the wider, the "
    "more. Shading and letters: communities, each named by its largest place and listed below. A "
    "place without a line may count nobody, print no citizenship, or stay below the threshold."
)
MATRIX_SIGNS: Final = (
    "Rows: citizenship. Columns: the place that counted. A plus sign: at least so many. An empty "
    "cell may be nobody, not printed, or below the threshold; own citizens are left out."
)
_matrix = lru_cache(maxsize=16)(matrix_template)


def flow_map_picture(flows: Flows, template: Template, chosen: str = "") -> Picture | None:
    """Wedges between places; None where no pair reaches the threshold.

    Args:
        flows: what to draw.
        template: a `gapatlas.charts.flows.flow_map_template`.
        chosen: id of the place that stands out, or an empty text.
    """
    if flows.edges.empty:
        return None
    title = _title(flows, chosen)
    points = points_of(flows)
    groups = flows.communities.members
    labels = {letter: _legend_words(flows, letter) for letter in groups}
    return Picture(
        title=title,
        source=f"{_source(flows)} {MAP_SIGNS} {_widest(flows)} {_undrawn(flows, points)}".strip(),
        alt=_alt(flows, title),
        template=template,
        datasets={
            ROWS: flow_rows(flows.edges, points, chosen),
            PLACES: place_rows(flows.edges, points, groups, labels, chosen),
        },
        names=tuple(labels.values()),
        table=lambda: edges_table(flows),
    )


def matrix_picture(flows: Flows, chosen: str = "", scheme: Scheme = "light") -> Picture | None:
    """Origins by destinations; None where no pair reaches the threshold."""
    if flows.edges.empty:
        return None
    cells = matrix_rows(flows.edges, chosen)
    title = _title(flows, chosen)
    return Picture(
        title=title,
        source=f"{_source(flows)} {MATRIX_SIGNS} {_cut(flows, cells)}".strip(),
        alt=_alt(flows, title),
        template=_matrix(people_words(flows), scheme),
        datasets={ROWS: cells},
        table=lambda: edges_table(flows),
    )


def points_of(flows: Flows) -> pd.DataFrame:
    """Longitude and latitude by place id; missing where a place has no point."""
    places = flows.atlas.jurisdictions().set_index("jurisdiction_id")
    points: pd.DataFrame = places[["longitude", "latitude"]].astype("float64")
    return points


def header_of(flows: Flows, title: str) -> list[str]:
    """Lines that stand above a file of flows: what was left out, then source and caveats."""
    apart = {
        "hidden": f"in {len(flows.below):,} pairs below the threshold",
        "own": "citizens of the very place that counted them",
        "unplaced": "with a label that names no single place",
    }
    left_out = [
        f"Left out: {count_text(*flows.totals[name])} {flows.unit} {words}"
        for name, words in apart.items()
    ]
    return [
        title,
        f"Unit: {flows.unit}. Threshold: at least {flows.at_least:,} {flows.unit} for certain",
        *left_out,
        *source_header(title, flows.source, flows.atlas.snapshot.id)[1:],
    ]


def pair_header_of(pair: Pair, title: str) -> list[str]:
    """Lines that stand above a file of both sides of a pair: what each measure is."""
    flows = pair.flows
    measures = [
        f"{enforcement.measure.title}: {enforcement.measure.definition} Middle of all places: "
        f"{enforcement.middle_words()}. {enforcement.measure.caution}"
        for enforcement in pair.enforcement
    ]
    return [
        title,
        f"Counts of {years_text(*flows.years)} are added up; a year counts only where both counts "
        "are reported. Intervals: 95%",
        *pair_words(pair),
        *measures,
        *source_header(title, flows.source, flows.atlas.snapshot.id)[1:],
    ]


def _title(flows: Flows, chosen: str) -> str:
    shown = len(flows.edges)
    pairs = "the one pair" if shown == 1 else f"the {shown:,} pairs"
    place = f", {flows.names[chosen]} highlighted" if chosen else ""
    return (
        f"{people_words(flows).capitalize()} outside the country of their citizenship, "
        f"{years_text(*flows.years)}: {pairs} of places with {flows.at_least:,} or more{place}"
    )


def _legend_words(flows: Flows, letter: str) -> str:
    """A community by its letter, its largest place and how many more it has."""
    first, *others = flows.communities.members[letter]
    return f"{letter}: {flows.names[first]} +{len(others)}"


def _source(flows: Flows) -> str:
    return f"Source: {flows.source.short} ({flows.source.edition})."


def _widest(flows: Flows) -> str:
    """The largest shown pair, as a measure for the widths of the others."""
    most = next(rows(flows.edges))
    count = count_text(most.count_low, most.count_high)
    return f"Widest: {most.origin_name} to {most.destination_name}, {count}."


def _alt(flows: Flows, title: str) -> str:
    first = [
        f"{row.origin_name} to {row.destination_name} {count_text(row.count_low, row.count_high)}"
        for row in rows(flows.edges.head(3))
    ]
    return f"{title}. Most {flows.unit}: {'; '.join(first)}."


def _undrawn(flows: Flows, points: pd.DataFrame) -> str:
    """Shown pairs that the map can't draw, because one of the two has no point."""
    there = points.dropna().index
    edges = flows.edges
    missing = edges[~(edges["origin"].isin(there) & edges["destination"].isin(there))]
    named = [
        f"{row.origin_name} to {row.destination_name} ({count_text(row.count_low, row.count_high)})"
        for row in rows(missing)
    ]
    return f"Not on the map, for want of a point: {', '.join(named)}. " if named else ""


def _cut(flows: Flows, cells: pd.DataFrame) -> str:
    """What the matrix leaves out of the shown pairs."""
    left = len(flows.edges) - len(cells)
    if not left:
        return ""
    people = int(flows.edges["count_low"].sum()) - int(cells["n"].sum())
    return (
        f"Only the {MATRIX_ROWS} citizenships and {MATRIX_COLUMNS} places with the most: {left:,} "
        f"shown pairs ({people:,} {flows.unit} at least) do not fit, and stand in the table."
    )
