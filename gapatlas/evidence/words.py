"""What stands in the tables of cases, as a reader calls it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from functools import reduce
from typing import Any, Final

import pandas as pd

from gapatlas.cases.vocabulary import OUTCOMES as ENDS
from gapatlas.charts.words import count_text, from_to, upper_first, years_text
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
from gapatlas.languages import decimal, in_digits, mark, percentage, say, say_many
from gapatlas.protection import SHOWN, WITHHELD_TEXT

FACTORS: Final[dict[str, str]] = {**EVIDENCE, **DEFENCES}
"""Kinds of evidence and lines of defence, as a label calls them, before it is said."""
VIEWS: Final = {
    "outcomes": mark("Outcomes"),
    "evidence": mark("Evidence"),
    "defence": mark("Defence"),
    "pairs": mark("Pairs of evidence"),
    "testimony": mark("Testimony"),
    "pairings": mark("Evidence against defence"),
    "time": mark("Time to the end"),
    "networks": mark("Networks"),
}
SPLIT_TITLES: Final = {
    "none": mark("All cases together"),
    "place": mark("Place"),
    "year_charged": mark("Year of the charge"),
    "charge": mark("Charge"),
    "victims_band": mark("Number of victims"),
    "cross_border": mark("Whether it crosses a border"),
    "task_force": mark("Whether a task force worked on it"),
    "team_trained": mark("Whether the team was trained"),
}
SPLIT_NOUNS: Final = {
    "place": mark("places"),
    "year_charged": mark("years"),
    "charge": mark("charges"),
    "victims_band": mark("numbers of victims"),
    "cross_border": mark("groups"),
    "task_force": mark("groups"),
    "team_trained": mark("groups"),
}
OUTCOME_TITLES: Final = {
    "convicted": mark("Convicted"),
    "acquitted": mark("Acquitted"),
    "dismissed": mark("Dropped"),
}
OUTCOME_PARTS: Final = {
    "all": mark("Charged"),
    "ended": mark("Case has ended"),
    **OUTCOME_TITLES,
    "guilty_plea": mark("Convicted by plea"),
    "guilty_trial": mark("Convicted at trial"),
    "nolle_prosequi": mark("Dropped by the prosecution alone"),
    "open": mark("Pending, or outcome not known"),
    "pending": mark("Pending"),
    "unknown": mark("Outcome not known"),
}
NOT_KNOWN: Final = mark("Not known")
_YES_NO: Final = {
    "cross_border": {"yes": mark("Across a border"), "no": mark("Within one country")},
    "task_force": {"yes": mark("Task force"), "no": mark("No task force")},
    "team_trained": {"yes": mark("Trained team"), "no": mark("Team without that training")},
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
    labels = [_one_label(split, each, places) for each in value.split(MERGED)]
    return reduce(lambda first, last: say("{first} or {last}", first=first, last=last), labels)


def _one_label(split: str, value: str, places: Mapping[str, str]) -> str:
    if value in (UNKNOWN, OTHERS):
        return say(NOT_KNOWN) if value == UNKNOWN else say("All others")
    if split == "place":
        return places.get(value, value)
    if split == "victims_band":
        count = 1 if value == "1" else 2
        return say_many("{number} victim", "{number} victims", count, number=value)
    return say(_YES_NO.get(split, {}).get(value, value))


def factor_label(factor: str) -> str:
    """What a kind of evidence or a line of defence is called."""
    return say(FACTORS[factor])


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
    return upper_first(say(ENDS.get(outcome, outcome)))


def in_lines(label: str) -> str:
    """A label in lines, for a heat map."""
    return "\n".join(textwrap.wrap(label, LABEL_LETTERS))


def percent_text(share: float) -> str:
    """A share as whole percent; to one decimal where it is small."""
    return percentage(share, 1 if share < 0.095 else 0)


def interval_words(low: float, high: float) -> str:
    """The 95% interval of a share, in percent."""
    digits = 1 if high < 0.095 else 0
    return say("{low} to {high}%", low=decimal(100 * low, digits), high=decimal(100 * high, digits))


def share_words(row: Any) -> str:
    """A share with its interval; its range where a part of what it divides by is withheld."""
    if row.status == SHOWN:
        return with_interval(row.share, row.low, row.high)
    if row.status == RANGE_ONLY:
        interval = interval_words(row.low, row.high)
        return say("somewhere in {interval}, as a part is withheld", interval=interval)
    return say(WITHHELD_TEXT)


def with_interval(share: float, low: float, high: float) -> str:
    """A share with its 95% interval."""
    interval = interval_words(low, high)
    return say("{share} (95% interval {interval})", share=percent_text(share), interval=interval)


def short_share(row: Any) -> str:
    """A share with its interval as a label has room for."""
    if row.status == SHOWN:
        return f"{percent_text(row.share)} ({interval_words(row.low, row.high)})"
    if row.status == RANGE_ONLY:
        return interval_words(row.low, row.high)
    return say("withheld")


def bare_share(row: Any) -> str:
    """A share without its interval; its range where a part of what it divides by is withheld."""
    return percent_text(row.share) if row.status == SHOWN else short_share(row)


def points_words(value: float) -> str:
    """A difference in percentage points, with the side it lies on."""
    size = f"{abs(value):.1f}".removesuffix(".0")
    if size == "0":
        return say("no difference")
    number, points = 1 if size == "1" else 2, in_digits(size)
    if value > 0:
        return say_many("{points} point more", "{points} points more", number, points=points)
    return say_many("{points} point less", "{points} points less", number, points=points)


def points_interval(low: float, high: float) -> str:
    """The ends of an interval of differences, with signs."""
    return from_to(signed(low), signed(high))


def signed(value: float) -> str:
    """A difference with its sign."""
    return in_digits(f"{value:+.1f}")


def about(persons: Any) -> str:
    """A rounded number of persons; `withheld` where there is none."""
    if persons is None or pd.isna(persons):
        return say("withheld")
    return say("about {number}", number=count_text(persons, persons))


def size_words(size_from: Any, size_to: Any) -> str:
    """How many persons a network has."""
    least = f"{size_from:.0f}"
    if pd.isna(size_to):
        return say("{number} or more charged", number=least)
    if size_from == size_to:
        return say_many("{number} charged", "{number} charged", int(size_from), number=least)
    ends = {"least": least, "most": f"{size_to:.0f}"}
    if size_to == size_from + 1:
        return say("{least} or {most} charged", **ends)
    return say("{least} to {most} charged", **ends)


def span_words(first: float, last: float) -> str:
    """A span of years."""
    return years_text(int(first), int(last))
