"""Pictures of flows: chart, title, source line, alternative text and table in one.

The page and a notebook show the same ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
from gapatlas.charts.words import count_text, parted, upper_first, years_text
from gapatlas.comparison.pictures import Picture
from gapatlas.crossborder.cooperation import Enforcement, Pair
from gapatlas.crossborder.flows import Flows
from gapatlas.crossborder.tables import edges_table
from gapatlas.crossborder.words import pair_words, people_words, unit_words
from gapatlas.export import source_header
from gapatlas.languages import kept_by_language, mark, say, say_many, whole
from gapatlas.tables import rows

if TYPE_CHECKING:
    import pandas as pd

MAP_SIGNS: Final = mark(
    "Each wedge runs from citizenship (wide end) to the place that counted (tip); the wider, the "
    "more. Shading and letters: communities, each named by its largest place and listed below. A "
    "place without a line may count nobody, print no citizenship, or stay below the threshold."
)
MATRIX_SIGNS: Final = mark(
    "Rows: citizenship. Columns: the place that counted. A plus sign: at least so many. An empty "
    "cell may be nobody, not printed, or below the threshold; own citizens are left out."
)
LEFT_OUT: Final = {
    "hidden": mark("Left out: {count} {unit} in {pairs} pairs below the threshold"),
    "own": mark("Left out: {count} {unit} citizens of the very place that counted them"),
    "unplaced": mark("Left out: {count} {unit} with a label that names no single place"),
}
_matrix = kept_by_language(maxsize=16)(matrix_template)


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
        source=_together(_source(flows), say(MAP_SIGNS), _widest(flows), _undrawn(flows, points)),
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
        source=_together(_source(flows), say(MATRIX_SIGNS), _cut(flows, cells)),
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
    unit, pairs = unit_words(flows), whole(len(flows.below))
    left_out = [
        say(words, count=count_text(*flows.totals[name]), unit=unit, pairs=pairs)
        for name, words in LEFT_OUT.items()
    ]
    return [
        title,
        say(
            "Unit: {unit}. Threshold: at least {least} {unit} for certain",
            unit=unit,
            least=whole(flows.at_least),
        ),
        *left_out,
        *source_header(title, flows.source, flows.atlas.snapshot.id)[1:],
    ]


def pair_header_of(pair: Pair, title: str) -> list[str]:
    """Lines that stand above a file of both sides of a pair: what each measure is."""
    flows = pair.flows
    return [
        title,
        say(
            "Counts of {years} are added up; a year counts only where both counts are reported. "
            "Intervals: 95%",
            years=years_text(*flows.years),
        ),
        *pair_words(pair),
        *(_measure_words(enforcement) for enforcement in pair.enforcement),
        *source_header(title, flows.source, flows.atlas.snapshot.id)[1:],
    ]


def _measure_words(enforcement: Enforcement) -> str:
    measure = enforcement.measure
    return say(
        "{measure}: {definition} Middle of all places: {middle}. {caution}",
        measure=measure.title,
        definition=measure.definition,
        middle=enforcement.middle_words(),
        caution=measure.caution,
    )


def _title(flows: Flows, chosen: str) -> str:
    title = say_many(
        "{people} outside the country of their citizenship, {years}: the one pair of places with "
        "{least} or more",
        "{people} outside the country of their citizenship, {years}: the {count} pairs of places "
        "with {least} or more",
        len(flows.edges),
        people=upper_first(people_words(flows)),
        years=years_text(*flows.years),
        count=whole(len(flows.edges)),
        least=whole(flows.at_least),
    )
    if not chosen:
        return title
    return say("{title}, {place} highlighted", title=title, place=flows.names[chosen])


def _together(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _legend_words(flows: Flows, letter: str) -> str:
    """A community by its letter, its largest place and how many more it has."""
    first, *others = flows.communities.members[letter]
    return say(
        "{letter}: {place} +{count}",
        letter=letter,
        place=flows.names[first],
        count=whole(len(others)),
    )


def _source(flows: Flows) -> str:
    source = flows.source
    return say("Source: {source} ({edition}).", source=source.short, edition=source.edition)


def _widest(flows: Flows) -> str:
    """The largest shown pair, as a measure for the widths of the others."""
    most = next(rows(flows.edges))
    return say(
        "Widest: {origin} to {destination}, {count}.",
        origin=most.origin_name,
        destination=most.destination_name,
        count=count_text(most.count_low, most.count_high),
    )


def _alt(flows: Flows, title: str) -> str:
    most = [
        say(
            "{origin} to {destination} {count}",
            origin=row.origin_name,
            destination=row.destination_name,
            count=count_text(row.count_low, row.count_high),
        )
        for row in rows(flows.edges.head(3))
    ]
    told = say("Most {unit}: {pairs}.", unit=unit_words(flows), pairs=parted(most))
    return f"{title}. {told}"


def _undrawn(flows: Flows, points: pd.DataFrame) -> str:
    """Shown pairs that the map can't draw, because one of the two has no point."""
    there = points.dropna().index
    edges = flows.edges
    missing = edges[~(edges["origin"].isin(there) & edges["destination"].isin(there))]
    if missing.empty:
        return ""
    named = ", ".join(_pair_count(row) for row in rows(missing))
    return say("Not on the map, for want of a point: {pairs}.", pairs=named)


def _pair_count(row: Any) -> str:
    return say(
        "{origin} to {destination} ({count})",
        origin=row.origin_name,
        destination=row.destination_name,
        count=count_text(row.count_low, row.count_high),
    )


def _cut(flows: Flows, cells: pd.DataFrame) -> str:
    """What the matrix leaves out of the shown pairs."""
    left = len(flows.edges) - len(cells)
    if not left:
        return ""
    people = int(flows.edges["count_low"].sum()) - int(cells["n"].sum())
    return say(
        "Only the {rows} citizenships and {columns} places with the most: {left} shown pairs "
        "({people} {unit} at least) do not fit, and stand in the table.",
        rows=whole(MATRIX_ROWS),
        columns=whole(MATRIX_COLUMNS),
        left=whole(left),
        people=whole(people),
        unit=unit_words(flows),
    )
