"""What stands in the tables of cases, as a reader calls it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from gapatlas.cases.vocabulary import OUTCOMES as ENDS
from gapatlas.charts.words import count_text, years_text
from gapatlas.config.vocabulary import (
    DEFENCE_STATES,
    DEFENCES,
    EVIDENCE,
    EVIDENCE_STATES,
    MERGED,
    OTHERS,
    RANGE_ONLY,
    UNKNOWN,
    VICTIMS_BANDS,
    YES_NO,
)
from gapatlas.protection import SHOWN, WITHHELD_TEXT

FACTORS: Final[dict[str, str]] = {**EVIDENCE, **DEFENCES}
"""Kinds of evidence and lines of defence, as a label calls them."""
VIEWS: Final = {
    "outcomes": "Outcomes",
    "evidence": "Evidence",
    "defence": "Defence",
    "pairs": "Pairs of evidence",
    "testimony": "Testimony",
    "pairings": "Evidence against defence",
    "time": "Time to the end",
    "networks": "Networks",
}
SPLIT_TITLES: Final = {
    "none": "All cases together",
    "place": "Place",
    "year_charged": "Year of the charge",
    "charge": "Charge",
    "victims_band": "Number of victims",
    "cross_border": "Whether it crosses a border",
    "task_force": "Whether a task force worked on it",
    "team_trained": "Whether the team was trained",
}
SPLIT_NOUNS: Final = {
    "place": "places",
    "year_charged": "years",
    "charge": "charges",
    "victims_band": "numbers of victims",
    "cross_border": "groups",
    "task_force": "groups",
    "team_trained": "groups",
}
OUTCOME_TITLES: Final = {
    "convicted": "Convicted",
    "acquitted": "Acquitted",
    "dismissed": "Dropped",
}
OUTCOME_PARTS: Final = {
    "all": "Charged",
    "ended": "Case has ended",
    **OUTCOME_TITLES,
    "guilty_plea": "Convicted by plea",
    "guilty_trial": "Convicted at trial",
    "nolle_prosequi": "Dropped by the prosecution alone",
    "open": "Pending, or outcome not known",
    "pending": "Pending",
    "unknown": "Outcome not known",
}
NOT_KNOWN: Final = "Not known"
_YES_NO: Final = {
    "cross_border": {"yes": "Across a border", "no": "Within one country"},
    "task_force": {"yes": "Task force", "no": "No task force"},
    "team_trained": {"yes": "Trained team", "no": "Team without that training"},
}
LABEL_LETTERS: Final = 17
"""Letters of a line of a label of a heat map."""


def value_label(split: str, value: str, places: Mapping[str, str]) -> str:
    """What a value of a split is called; values that became one are named together.

    Args:
        split: one of `SPLIT_TITLES`.
        value: as it stands in the table.
        places: place id -> name.
    """
    return " or ".join(_one_label(split, each, places) for each in value.split(MERGED))


def _one_label(split: str, value: str, places: Mapping[str, str]) -> str:
    if value in (UNKNOWN, OTHERS):
        return NOT_KNOWN if value == UNKNOWN else "All others"
    if split == "place":
        return places.get(value, value)
    if split == "victims_band":
        return f"{value} {'victim' if value == '1' else 'victims'}"
    return _YES_NO.get(split, {}).get(value, value)


def value_order(split: str, value: str, label: str) -> tuple[Any, ...]:
    """Where a value stands in its list: with, before without; bands by number; else by name; what
    is not known, or of many, last."""
    first = value.split(MERGED)[0]
    for order in (VICTIMS_BANDS, EVIDENCE_STATES, DEFENCE_STATES, YES_NO):
        if first in order and split not in ("place", "charge"):
            return (0, order.index(first), label)
    last = first in (UNKNOWN, OTHERS)
    return (1 + (first == UNKNOWN), 0, label) if last else (0, 0, label)


def outcome_label(outcome: str) -> str:
    """How an outcome that is told over time is called."""
    words = ENDS.get(outcome, outcome)
    return f"{words[:1].upper()}{words[1:]}"


def in_lines(label: str) -> str:
    """A label in lines, for a heat map."""
    return "\n".join(textwrap.wrap(label, LABEL_LETTERS))


def percent_text(share: float) -> str:
    """A share as whole percent; to one decimal where it is small."""
    return f"{100 * share:.1f}%" if share < 0.095 else f"{100 * share:.0f}%"


def interval_words(low: float, high: float) -> str:
    """The 95% interval of a share, in percent."""
    digits = 1 if high < 0.095 else 0
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f}%"


def share_words(row: Any) -> str:
    """A share with its interval; its range where a part of what it divides by is withheld."""
    if row.status == SHOWN:
        return f"{percent_text(row.share)} (95% interval {interval_words(row.low, row.high)})"
    if row.status == RANGE_ONLY:
        return f"somewhere in {interval_words(row.low, row.high)}, as a part is withheld"
    return WITHHELD_TEXT


def short_share(row: Any) -> str:
    """A share with its interval as a label has room for."""
    if row.status == SHOWN:
        return f"{percent_text(row.share)} ({interval_words(row.low, row.high)})"
    if row.status == RANGE_ONLY:
        return interval_words(row.low, row.high)
    return "withheld"


def points_words(value: float) -> str:
    """A difference in percentage points, with the side it lies on."""
    size = f"{abs(value):.1f}".removesuffix(".0")
    if size == "0":
        return "no difference"
    return f"{size} points {'more' if value > 0 else 'less'}"


def points_interval(low: float, high: float) -> str:
    """The ends of an interval of differences, with signs."""
    return f"{low:+.1f} to {high:+.1f}"


def about(persons: Any) -> str:
    """A rounded number of persons; `withheld` where there is none."""
    if persons is None or pd.isna(persons):
        return "withheld"
    return f"about {count_text(persons, persons)}"


def size_words(size_from: Any, size_to: Any) -> str:
    """How many persons a network has."""
    if pd.isna(size_to):
        return f"{size_from:.0f} or more charged"
    if size_from == size_to:
        return f"{size_from:.0f} charged"
    return f"{size_from:.0f} {'or' if size_to == size_from + 1 else 'to'} {size_to:.0f} charged"


def span_words(first: float, last: float) -> str:
    """A span of years."""
    return years_text(int(first), int(last))
