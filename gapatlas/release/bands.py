"""Values of which few persons are known become one value with others, before anything is counted.

A value that is merged says as little as one that is withheld: fewer than the threshold have it. But
what stands beside it need not be withheld with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from gapatlas.config.vocabulary import (
    DEFENCES,
    EVIDENCE,
    MERGED,
    OTHERS,
    UNKNOWN,
    VICTIMS_BANDS,
)

MOST_NAMED: Final = 3
"""Merged values of more than these are called `others`."""
MOST_VALUES: Final[dict[str, int]] = {"place": 80, "charge": 25}
"""Values that a dimension can have; of more, those with the fewest persons become one."""


def merged_values(dimension: str, persons: Mapping[str, int], threshold: int) -> dict[str, str]:
    """Which value each value becomes.

    Args:
        dimension: a covariate of cases.
        persons: value -> how many have it; every value that occurs.
        threshold: what each value has to reach.

    Returns:
        Value -> the value that is published: itself, `a|b` where neighbours or the smallest
        became one, or `others`. All values become one where their persons are too few.
    """
    if dimension in (*EVIDENCE, *DEFENCES):
        groups = _not_known_with_without(persons, threshold)
    elif dimension == "year_charged":
        groups = _neighbours(sorted(persons), persons, threshold)
    elif dimension == "victims_band":
        order = [band for band in VICTIMS_BANDS if band in persons]
        groups = _neighbours(order, persons, threshold)
    else:
        groups = _smallest(persons, threshold, MOST_VALUES.get(dimension, len(persons)))
    return {value: _label(dimension, group) for group in groups for value in group}


def _not_known_with_without(persons: Mapping[str, int], threshold: int) -> list[list[str]]:
    """What is not known of few persons is set beside what is known not to be there."""
    without = next((value for value in persons if value in ("absent", "not_used")), None)
    if UNKNOWN not in persons or persons[UNKNOWN] >= threshold or without is None:
        return [[value] for value in persons]
    return [[value] for value in persons if value not in (without, UNKNOWN)] + [[without, UNKNOWN]]


def _neighbours(order: list[str], persons: Mapping[str, int], threshold: int) -> list[list[str]]:
    groups: list[list[str]] = []
    for value in order:
        if groups and _sum(groups[-1], persons) < threshold:
            groups[-1].append(value)
        else:
            groups.append([value])
    if len(groups) > 1 and _sum(groups[-1], persons) < threshold:
        last = groups.pop()
        groups[-1].extend(last)
    return groups


def _smallest(persons: Mapping[str, int], threshold: int, most: int) -> list[list[str]]:
    """The values with the fewest persons become one until it has enough."""
    by_size = sorted(persons, key=lambda value: (persons[value], value))
    merged: list[str] = []
    for value in by_size:
        few = persons[value] < threshold or (merged and _sum(merged, persons) < threshold)
        if not few and len(by_size) - len(merged) <= most - bool(merged):
            break
        merged.append(value)
    kept = [[value] for value in persons if value not in merged]
    return [*kept, sorted(merged)] if merged else kept


def _sum(group: list[str], persons: Mapping[str, int]) -> int:
    return sum(persons[value] for value in group)


def _label(dimension: str, group: list[str]) -> str:
    if dimension == "year_charged" and len(group) > 1 and UNKNOWN not in group:
        return f"{group[0]}-{group[-1]}"
    return MERGED.join(group) if len(group) <= MOST_NAMED else OTHERS


def merged(counts: pd.DataFrame, dimension: str, threshold: int) -> pd.DataFrame:
    """Counts in which values of few persons have become one.

    Args:
        counts: `persons` by the dimension and others.
    """
    persons = counts.groupby(dimension)["persons"].sum()
    new = merged_values(dimension, {str(v): int(n) for v, n in persons.items()}, threshold)
    return counts.assign(**{dimension: counts[dimension].map(new)})
