"""All places at once: the rates of one window, and the headline."""

from __future__ import annotations

from typing import Final

import pandas as pd

from gapatlas.atlas import AtlasFrame
from gapatlas.charts.words import interval_text, lower_first, number, value_text, years_text
from gapatlas.comparison.pooling import middle
from gapatlas.comparison.sources import standing
from gapatlas.config import Measure
from gapatlas.gaps.sentences import counted, divided_by
from gapatlas.headlines import MANY, Headline
from gapatlas.languages import mark, say, whole
from gapatlas.tables import only_row, rows

NO_FIGURE: Final = mark("No figure is not zero.")
APART: Final = {
    "below": mark(
        "Of the places with {many} or more {below}, {apart} lie below the middle place with their "
        "whole interval, and {silent} of {asked} give no figure for {what}, which is not zero."
    ),
    "above": mark(
        "Of the places with {many} or more {below}, {apart} lie above the middle place with their "
        "whole interval, and {silent} of {asked} give no figure for {what}, which is not zero."
    ),
}


def rates_opening(frame: AtlasFrame) -> tuple[str, str]:
    """How many places have a figure, and how many can be told from the middle one.

    Raises:
        ValueError: the frame has more than one window of years.
    """
    data, measure = frame.data, frame.measure
    if data["year_to"].nunique() > 1:
        raise ValueError("Only one window of years can be told at once.")
    years, known = years_text(*frame.years), data[data["value_low"].notna()]
    if known.empty:
        lead = say(
            "{years}: none of {places} places has a figure for “{measure}”.",
            years=years,
            places=whole(len(data)),
            measure=lower_first(measure.title),
        )
        return lead, say(NO_FIGURE)
    ends = middle(data)
    lead = say(
        "{years}: {count} of {places} places have a figure, {ranges} of them a range, and the "
        "middle one has {value} {unit}.",
        years=years,
        count=whole(len(known)),
        places=whole(len(data)),
        ranges=whole((known["status"] == "censored").sum()),
        value=middle_text(ends, measure),
        unit=measure.unit,
    )
    return lead, _told_apart(known, ends, len(data) - len(known))


def _told_apart(known: pd.DataFrame, ends: tuple[float, float], missing: int) -> str:
    """How many whole intervals lie on one side of the middle."""
    where = [standing(row.low, row.high, ends) for row in rows(known)]
    below, above = where.count("below"), where.count("above")
    counts = {
        "below": whole(below),
        "above": whole(above),
        "others": whole(len(known) - below - above),
    }
    if not missing:
        return say(
            "The whole 95% interval of {below} lies below the middle and that of {above} above it; "
            "the other {others} can't be told from it.",
            **counts,
        )
    return say(
        "The whole 95% interval of {below} lies below the middle and that of {above} above it; "
        "the other {others} can't be told from it, and {missing} have no figure, which is not "
        "zero.",
        **counts,
        missing=whole(missing),
    )


def middle_text(ends: tuple[float, float], measure: Measure) -> str:
    """The middle place's figure, or its range."""
    low, high = (number(end, measure.decimals) for end in ends)
    return low if low == high else say("between {low} and {high}", low=low, high=high)


def headline_opening(found: Headline) -> tuple[str, str]:
    """All places added up, and how many lie clearly below the middle or give no figure."""
    frame, row = found.frame, only_row(found.together)
    measure, years = frame.measure, years_text(*frame.years)
    counts = {
        "many": whole(MANY),
        "below": divided_by(measure),
        "silent": whole(len(found.silent)),
        "asked": whole(found.asked),
        "what": counted(measure),
    }
    if row.status not in ("exact", "censored"):
        lead = say(
            "{years}: no place reports what “{measure}” needs.",
            years=years,
            measure=lower_first(measure.title),
        )
        return lead, say(
            "Of the places with {many} or more {below}, {silent} of {asked} give no figure for "
            "{what}, which is not zero.",
            **counts,
        )
    lead = say(
        "{years}: {places} have {value} {unit} (95% interval for chance alone {interval}).",
        years=years,
        places=row.name,
        value=value_text(row, measure.decimals),
        unit=measure.unit,
        interval=interval_text(row, measure.decimals),
    )
    return lead, say(APART[found.side], apart=whole(len(found.apart)), **counts)
