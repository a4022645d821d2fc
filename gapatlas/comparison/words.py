"""Comparisons in words: how likely, by how much, and who cannot be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from gapatlas.charts.words import count_text, from_to, labelled, number, parted, probability_text
from gapatlas.config.vocabulary import stage_label
from gapatlas.languages import mark, say, whole
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.comparison.comparing import Comparison

LIKELY: Final = (
    (
        0.99,
        mark("{first} is almost certainly higher than {second}."),
        mark("{first} is almost certainly lower than {second}."),
    ),
    (
        0.9,
        mark("{first} is very likely higher than {second}."),
        mark("{first} is very likely lower than {second}."),
    ),
    (
        0.66,
        mark("{first} is likely higher than {second}."),
        mark("{first} is likely lower than {second}."),
    ),
)
"""Words for probabilities, after the calibrated language of the IPCC (Mastrandrea et al. 2010)."""
NAMED: Final = 8
"""Places of a group that a sentence names before it counts the rest."""


def difference_words(comparison: Comparison, other: str) -> str:
    """Whether a place is higher than another one, how likely that is, and by how much."""
    second = dict(
        zip(comparison.window.data["jurisdiction_id"], comparison.window.data["name"], strict=True)
    ).get(other, other)
    found = comparison.against(other)
    first = comparison.name
    if found is None:
        return say(
            "There are no two figures to compare: {first} or {second} has none.",
            first=first,
            second=second,
        )
    digits, per = comparison.measure.decimals, comparison.measure.per
    low, high = float(found.probability_low[0]), float(found.probability_high[0])
    gap = number(float(found.difference[0]) * per, digits)
    ends = [number(float(end[0]) * per, digits) for end in (found.low, found.high)]
    difference = say(
        "Difference: {gap} {unit} (95% interval {interval}).",
        gap=gap,
        unit=comparison.measure.unit,
        interval=from_to(*ends),
    )
    probability = say(
        "Probability that {first} is higher: {probability}.",
        first=first,
        probability=probability_text(low, high),
    )
    return f"{_verdict(first, second, low, high)} {difference} {probability}"


def _verdict(first: str, second: str, low: float, high: float) -> str:
    for least, higher, lower in LIKELY:
        if low >= least:
            return say(higher, first=first, second=second)
        if high <= 1 - least:
            return say(lower, first=first, second=second)
    if high - low > 1 / 3:
        return say(
            "The ranges leave open whether {first} or {second} is higher.",
            first=first,
            second=second,
        )
    return say(
        "{first} is about as likely to be higher than {second} as to be lower.",
        first=first,
        second=second,
    )


def group_words(comparison: Comparison) -> str:
    """The group of the place: whom it cannot be told apart from, instead of a rank."""
    ranks = comparison.ranks
    if len(ranks) == 1:
        return say("Only one place has a figure, so there is nothing to rank.")
    own = ranks[ranks["jurisdiction_id"] == comparison.place]
    lead = _groups_words(len(ranks), int(ranks["group"].max()))
    if own.empty:
        return lead
    row = next(rows(own))
    same = ranks[(ranks["group"] == row.group) & (ranks["jurisdiction_id"] != comparison.place)]
    return f"{_alike_words(comparison.name, row.group, list(same['name']))} {lead}"


def _groups_words(places: int, groups: int) -> str:
    if groups > 1:
        return say(
            "The {places} places fall into {groups} groups; within one, no order can be defended.",
            places=whole(places),
            groups=whole(groups),
        )
    return say("No two of the {places} places can be told apart.", places=whole(places))


def _alike_words(place: str, group: int, others: list[str]) -> str:
    if not others:
        return say(
            "{place} stands alone in group {group} from the top.", place=place, group=whole(group)
        )
    return say(
        "{place} is in group {group} from the top and cannot be told apart from {others}.",
        place=place,
        group=whole(group),
        others=first_names(others, NAMED),
    )


def first_names(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are: `Chad, Mali and 3 more`."""
    shown = ", ".join(names[:most])
    if len(names) <= most:
        return shown
    return say("{names} and {count} more", names=shown, count=whole(len(names) - most))


def nation_words(nation: pd.DataFrame) -> str:
    """Outcomes of the whole country in one sentence; empty where it has none.

    Args:
        nation: rows of `Atlas.outcomes` for the country.
    """
    told = [
        labelled(
            stage_label(row.stage, row.unit).lower(), count_text(row.count_low, row.count_high)
        )
        for row in rows(nation)
        if row.status in ("exact", "censored")
    ]
    return say("In the whole country: {outcomes}.", outcomes=parted(told)) if told else ""
