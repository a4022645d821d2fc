"""What the columns of a download mean: its data dictionary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gapatlas.config.vocabulary import STAGE_LABELS, stage_label
from gapatlas.export.meanings import ANYWHERE, COMPARED, COUNT, PATTERNS, TABLES
from gapatlas.languages import LANGUAGES, kept_by_language, mark, say

FRAME: Final[Mapping[str, str]] = {
    "jurisdiction_id": mark("id of the place: ISO 3166 or the config's own"),
    "name": mark("name of the place"),
    "year_from": mark("first year that is counted"),
    "year_to": mark("last year that is counted"),
    "value": mark("the figure, where every count in it is exact"),
    "low": mark("lower end of the 95% interval"),
    "high": mark("upper end of the 95% interval"),
    "numerator_low": mark("count above the line, lowest"),
    "numerator_high": mark("count above the line, highest"),
    "denominator_low": mark("count below the line, lowest"),
    "denominator_high": mark("count below the line, highest"),
    "unit": mark("unit of the figure and of its interval"),
    "status": mark("exact, censored (printed as a range), not_reported or suppressed (withheld)"),
    "source_id": mark("id of the source"),
    "years_used": mark("years in which both counts are reported"),
    "value_low": mark("the lowest that the figure can be"),
    "value_high": mark("the highest that the figure can be"),
    "years_without_denominator": mark("years that count above the line and not below"),
    "denominator_sources": mark("ids of the sources of the counts below the line"),
    **COMPARED,
    "effective_denominator": mark("size of a plain count that varies as much as the expected one"),
}
"""Columns of the rows of a measure: their names are for code, the same in every language."""
READABLE: Final[Mapping[str, str]] = {
    mark("Place"): mark("name of the place"),
    mark("Place code"): mark("id of the place: ISO 3166 or the config's own"),
    mark("Region"): mark("region of the place"),
    mark("Year"): mark("the year that is counted"),
    mark("Years"): mark("the years that are counted together"),
    mark("Years used"): mark("years in which all that is needed is reported"),
    mark("Value"): mark("the figure, where every count in it is exact"),
    mark("Value or range"): mark("the figure, or the range that counts printed as a range allow"),
    mark("Unit"): mark("unit of the figure and of its interval"),
    mark("Source"): mark("the source, by its short name"),
    mark("Divided by"): mark("the source of the counts below the line, where it is another"),
    mark("Status"): mark(
        "whether the figure rests on exact counts or ranges, or why there is none"
    ),
    mark("Counted"): mark("what is counted, and its unit"),
    mark("Lowest count"): mark("the count, or the lowest that it can be"),
    mark("Highest count"): mark("the count, or the highest that it can be"),
    mark("At least"): mark("the lowest that the figure can be"),
    mark("At most"): mark("the highest that the figure can be"),
    mark("Note"): mark("what else the source says"),
    mark("Why no gap"): mark("why nothing can be said of this place"),
    mark("Compared with"): mark("what the place is measured against"),
    mark("Measured against"): mark("what the place is measured against"),
    mark("Rests on"): mark("data, evidence or judgement"),
    mark("Input"): mark("what is believed, or counted"),
    mark("Completeness"): mark("share of the figures asked for that are reported"),
    mark("Stages reported"): mark("how many of the stages have a figure"),
    mark("Stages asked"): mark("how many stages the source has"),
    mark("Who reports"): mark("the kind of body that reports"),
    mark("How many"): mark("how many bodies report"),
}
"""Columns of the tables that readers see."""
BY_NAME: Final = mark("as its name says")


def meaning_of(column: str) -> str:
    """What a column means, in the language that is spoken.

    Args:
        column: its name in English, or as the language says it where it holds a unit or a stage.
    """
    told = FRAME.get(column) or TABLES.get(column) or READABLE.get(column)
    if told:
        return say(told)
    for pattern, words in (*_patterns(), *ANYWHERE):
        if found := pattern.search(column):
            return say(words, **found.groupdict())
    return say(COUNT if column in _stage_labels() else BY_NAME)


@kept_by_language(len(LANGUAGES))
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What finds each pattern, in the language that is spoken and in English."""
    return tuple(
        (_pattern(name), words)
        for english, words in PATTERNS
        for name in dict.fromkeys((say(english), english))
    )


def _pattern(name: str) -> re.Pattern[str]:
    """What finds a name, whatever stands in its braces."""
    parts = re.split(r"\{(\w+)\}", name)
    texts, fields = map(re.escape, parts[::2]), [f"(?P<{field}>.+)" for field in parts[1::2]]
    return re.compile(
        "^"
        + "".join(f"{text}{field}" for text, field in zip(texts, [*fields, ""], strict=True))
        + r"\Z"
    )


@kept_by_language(len(LANGUAGES))
def _stage_labels() -> frozenset[str]:
    return frozenset(stage_label(*stage) for stage in STAGE_LABELS)
