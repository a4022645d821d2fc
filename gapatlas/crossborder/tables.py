"""Tables of flows with words for column names."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gapatlas.charts.words import count_text, interval_text, upper_first, value_text
from gapatlas.crossborder.cooperation import Enforcement, Pair
from gapatlas.crossborder.flows import Flows
from gapatlas.crossborder.words import STANDINGS, people_words
from gapatlas.languages import mark
from gapatlas.tables import rows

KIND_WORDS = {
    "group": mark("Label of several places"),
    "unknown": mark("Citizenship not known"),
    "unmatched": mark("Label not matched"),
}
COUNTED_IN = {
    "detected": mark("Detected in"),
    "suspected": mark("Suspected in"),
    "prosecuted": mark("Prosecuted in"),
    "convicted": mark("Convicted in"),
}
APART_COLUMNS = (
    mark("Place"),
    mark("What"),
    mark("Lowest count"),
    mark("Highest count"),
    mark("Labels"),
)
PAIR_COLUMNS = (
    mark("Measure"),
    mark("Place"),
    mark("Value or range"),
    mark("95% interval"),
    mark("Against the middle"),
    mark("Middle of all places"),
    mark("Years used"),
    mark("Source"),
)


def edges_table(flows: Flows) -> pd.DataFrame:
    """The shown pairs of places, most people first."""
    edges, communities = flows.edges, flows.communities
    return pd.DataFrame(
        {
            mark("Citizens of"): edges["origin_name"],
            _counted_in(flows): edges["destination_name"],
            mark("Lowest count"): edges["count_low"],
            mark("Highest count"): edges["count_high"],
            mark("Years with a count"): edges["years"],
            mark("Community of the first"): [communities.letter_of(id_) for id_ in edges["origin"]],
            mark("Community of the second"): [
                communities.letter_of(id_) for id_ in edges["destination"]
            ],
            mark("Unit"): flows.unit,
            mark("Source"): flows.source.short,
        }
    )


def apart_table(flows: Flows) -> pd.DataFrame:
    """What has no line: own citizens, and counts whose label names no single place."""
    own = [
        (row.name, mark("Its own citizens"), row.count_low, row.count_high, "")
        for row in rows(flows.own)
    ]
    nowhere = [
        (row.name, KIND_WORDS[row.origin_kind], row.count_low, row.count_high, row.labels)
        for row in rows(flows.unplaced)
    ]
    return pd.DataFrame([*own, *nowhere], columns=list(APART_COLUMNS))


def cooperation_table(listed: pd.DataFrame, flows: Flows) -> pd.DataFrame:
    """Rows of `where_cooperation_pays`, in their order and without a rank."""
    return pd.DataFrame(
        {
            mark("Citizens of"): listed["origin_name"],
            _counted_in(flows): listed["destination_name"],
            upper_first(people_words(flows)): [
                count_text(row.count_low, row.count_high) for row in rows(listed)
            ],
            mark("Falls short"): listed["falls_short"],
            mark("In the country of citizenship"): listed["at_origin"],
            mark("In the place of detection"): listed["at_destination"],
        }
    )


def pair_table(pair: Pair) -> pd.DataFrame:
    """The enforcement figures of both places, measure by measure."""
    told = [
        _side(pair, enforcement, place)
        for enforcement in pair.enforcement
        for place in (pair.first, pair.second)
    ]
    return pd.DataFrame(told, columns=list(PAIR_COLUMNS))


def _side(pair: Pair, enforcement: Enforcement, place: str) -> tuple[Any, ...]:
    """What `PAIR_COLUMNS` hold of one place."""
    row, digits = enforcement.row(place), enforcement.measure.decimals
    return (
        enforcement.measure.title,
        pair.flows.names[place],
        mark("Not reported") if row is None else value_text(row, digits),
        "" if row is None else interval_text(row, digits),
        STANDINGS[enforcement.standing(place)],
        enforcement.middle_words(),
        0 if row is None else row.years_used,
        pair.flows.atlas.source(enforcement.frame.source_id).short,
    )


def _counted_in(flows: Flows) -> str:
    return COUNTED_IN.get(flows.stage, f"{flows.stage.replace('_', ' ').capitalize()} in")
