"""Comparisons in words: how likely, by how much, and who cannot be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gapatlas.charts.words import count_text, number, probability_text
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.comparison.comparing import Comparison

LIKELY: Final = (
    (0.99, "almost certainly"),
    (0.9, "very likely"),
    (0.66, "likely"),
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
    if found is None:
        return f"There are no two figures to compare: {comparison.name} or {second} has none."
    digits, per = comparison.measure.decimals, comparison.measure.per
    low, high = float(found.probability_low[0]), float(found.probability_high[0])
    gap = number(float(found.difference[0]) * per, digits)
    ends = [number(float(end[0]) * per, digits) for end in (found.low, found.high)]
    return (
        f"{_verdict(comparison.name, second, low, high)} Difference: {gap} "
        f"{comparison.measure.unit} (95% interval {ends[0]} to {ends[1]}). Probability that "
        f"{comparison.name} is higher: "
        f"{probability_text(low, high)}."
    )


def _verdict(first: str, second: str, low: float, high: float) -> str:
    for least, words in LIKELY:
        if low >= least:
            return f"{first} is {words} higher than {second}."
        if high <= 1 - least:
            return f"{first} is {words} lower than {second}."
    if high - low > 1 / 3:
        return f"The ranges leave open whether {first} or {second} is higher."
    return f"{first} is about as likely to be higher than {second} as to be lower."


def group_words(comparison: Comparison) -> str:
    """The group of the place: whom it cannot be told apart from, instead of a rank."""
    ranks = comparison.ranks
    groups = int(ranks["group"].max())
    own = ranks[ranks["jurisdiction_id"] == comparison.place]
    lead = (
        f"The {len(ranks)} places fall into {groups} groups; within one, no order can be defended."
        if groups > 1
        else f"No two of the {len(ranks)} places can be told apart."
    )
    if len(ranks) == 1:
        return "Only one place has a figure, so there is nothing to rank."
    if own.empty:
        return lead
    row = next(rows(own))
    same = ranks[(ranks["group"] == row.group) & (ranks["jurisdiction_id"] != comparison.place)]
    names = list(same["name"])
    if not names:
        alike = f"{comparison.name} stands alone in group {row.group} from the top."
    else:
        shown = ", ".join(names[:NAMED])
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        alike = (
            f"{comparison.name} is in group {row.group} from the top and cannot be told apart from "
            f"{shown}{more}."
        )
    return f"{alike} {lead}"


def nation_words(nation: pd.DataFrame) -> str:
    """Outcomes of the whole country in one sentence; empty where it has none.

    Args:
        nation: rows of `Atlas.outcomes` for the country.
    """
    told = [
        f"{row.stage_label.lower()}: {count_text(row.count_low, row.count_high)}"
        for row in rows(nation)
        if row.status in ("exact", "censored")
    ]
    return f"In the whole country: {'; '.join(told)}." if told else ""
