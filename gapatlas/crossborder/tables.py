"""Tables of flows with words for column names."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gapatlas.charts.words import count_text, interval_text, value_text
from gapatlas.crossborder.cooperation import Pair
from gapatlas.crossborder.flows import Flows
from gapatlas.crossborder.words import STANDINGS, people_words
from gapatlas.tables import rows

KIND_WORDS = {
    "group": "Label of several places",
    "unknown": "Citizenship not known",
    "unmatched": "Label not matched",
}


def edges_table(flows: Flows) -> pd.DataFrame:
    """The shown pairs of places, most people first."""
    edges, communities = flows.edges, flows.communities
    return pd.DataFrame(
        {
            "Citizens of": edges["origin_name"],
            _counted_in(flows): edges["destination_name"],
            "Lowest count": edges["count_low"],
            "Highest count": edges["count_high"],
            "Years with a count": edges["years"],
            "Community of the first": [communities.letter_of(id_) for id_ in edges["origin"]],
            "Community of the second": [communities.letter_of(id_) for id_ in edges["destination"]],
            "Unit": flows.unit,
            "Source": flows.source.short,
        }
    )


def apart_table(flows: Flows) -> pd.DataFrame:
    """What has no line: own citizens, and counts whose label names no single place."""
    own = [
        {"Place": row.name, "What": "Its own citizens", "Labels": "", **_ends(row)}
        for row in rows(flows.own)
    ]
    nowhere = [
        {"Place": row.name, "What": KIND_WORDS[row.origin_kind], "Labels": row.labels, **_ends(row)}
        for row in rows(flows.unplaced)
    ]
    columns = ["Place", "What", "Lowest count", "Highest count", "Labels"]
    return pd.DataFrame([*own, *nowhere], columns=columns)


def cooperation_table(listed: pd.DataFrame, flows: Flows) -> pd.DataFrame:
    """Rows of `where_cooperation_pays`, in their order and without a rank."""
    return pd.DataFrame(
        {
            "Citizens of": listed["origin_name"],
            _counted_in(flows): listed["destination_name"],
            people_words(flows).capitalize(): [
                count_text(row.count_low, row.count_high) for row in rows(listed)
            ],
            "Falls short": listed["falls_short"],
            "In the country of citizenship": listed["at_origin"],
            "In the place of detection": listed["at_destination"],
        }
    )


def pair_table(pair: Pair) -> pd.DataFrame:
    """The enforcement figures of both places, measure by measure."""
    told = [
        _side(pair, enforcement, place)
        for enforcement in pair.enforcement
        for place in (pair.first, pair.second)
    ]
    columns = ["Measure", "Place", "Value or range", "95% interval", "Against the middle"]
    return pd.DataFrame(told, columns=[*columns, "Middle of all places", "Years used", "Source"])


def _side(pair: Pair, enforcement: Any, place: str) -> dict[str, Any]:
    row, digits = enforcement.row(place), enforcement.measure.decimals
    return {
        "Measure": enforcement.measure.title,
        "Place": pair.flows.names[place],
        "Value or range": "Not reported" if row is None else value_text(row, digits),
        "95% interval": "" if row is None else interval_text(row, digits),
        "Against the middle": STANDINGS[enforcement.standing(place)],
        "Middle of all places": enforcement.middle_words(),
        "Years used": 0 if row is None else row.years_used,
        "Source": pair.flows.atlas.source(enforcement.frame.source_id).short,
    }


def _ends(row: Any) -> dict[str, Any]:
    return {"Lowest count": row.count_low, "Highest count": row.count_high}


def _counted_in(flows: Flows) -> str:
    return f"{flows.stage.replace('_', ' ').capitalize()} in"
