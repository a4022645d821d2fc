"""What the columns of a download mean: its data dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gapatlas.export.meanings import PATTERNS, TABLES

FRAME: Final[Mapping[str, str]] = {
    "jurisdiction_id": "id of the place: ISO 3166 or the config's own",
    "name": "name of the place",
    "year_from": "first year that is counted",
    "year_to": "last year that is counted",
    "value": "the figure, where every count in it is exact",
    "low": "lower end of the 95% interval",
    "high": "upper end of the 95% interval",
    "numerator_low": "count above the line, lowest",
    "numerator_high": "count above the line, highest",
    "denominator_low": "count below the line, lowest",
    "denominator_high": "count below the line, highest",
    "unit": "unit of the figure and of its interval",
    "status": "exact, censored (printed as a range), not_reported or suppressed (withheld)",
    "source_id": "id of the source",
    "years_used": "years in which both counts are reported",
    "value_low": "the lowest that the figure can be",
    "value_high": "the highest that the figure can be",
    "years_without_denominator": "years that count above the line and not below",
    "denominator_sources": "ids of the sources of the counts below the line",
    "effective_denominator": "size of a plain count that varies as much as the expected one",
}
"""Columns of the rows of a measure."""
READABLE: Final[Mapping[str, str]] = {
    "Place": "name of the place",
    "Place code": "id of the place: ISO 3166 or the config's own",
    "Region": "region of the place",
    "Year": "the year that is counted",
    "Years": "the years that are counted together",
    "Years used": "years in which all that is needed is reported",
    "Value": "the figure, where every count in it is exact",
    "Value or range": "the figure, or the range that counts printed as a range allow",
    "Unit": "unit of the figure and of its interval",
    "Source": "the source, by its short name",
    "Divided by": "the source of the counts below the line, where it is another",
    "Status": "whether the figure rests on exact counts or ranges, or why there is none",
    "Counted": "what is counted, and its unit",
    "Lowest count": "the count, or the lowest that it can be",
    "Highest count": "the count, or the highest that it can be",
    "At least": "the lowest that the figure can be",
    "At most": "the highest that the figure can be",
    "Note": "what else the source says",
    "Why no gap": "why nothing can be said of this place",
    "Compared with": "what the place is measured against",
    "Measured against": "what the place is measured against",
    "Rests on": "data, evidence or judgement",
    "Input": "what is believed, or counted",
    "Completeness": "share of the figures asked for that are reported",
    "Stages reported": "how many of the stages have a figure",
    "Stages asked": "how many stages the source has",
    "Who reports": "the kind of body that reports",
    "How many": "how many bodies report",
}
"""Columns of the tables that readers see."""
BY_NAME: Final = "as its name says"


def meaning_of(column: str) -> str:
    """What a column means."""
    told = FRAME.get(column) or TABLES.get(column) or READABLE.get(column)
    if told:
        return told
    for pattern, words in PATTERNS:
        found = pattern.search(column)
        if found:
            return words.format(*found.groups())
    return BY_NAME
