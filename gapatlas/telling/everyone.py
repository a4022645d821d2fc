"""All places at once: the rates of one window, and the headline."""

from __future__ import annotations

import pandas as pd

from gapatlas.atlas import AtlasFrame
from gapatlas.charts.words import interval_text, lower_first, number, value_text, years_text
from gapatlas.comparison.pooling import middle
from gapatlas.comparison.sources import standing
from gapatlas.config import Measure
from gapatlas.gaps.sentences import counted, divided_by
from gapatlas.headlines import MANY, Headline
from gapatlas.tables import only_row, rows


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
        return (
            f"{years}: none of {len(data)} places has a figure for “{lower_first(measure.title)}”.",
            "No figure is not zero.",
        )
    ends = middle(data)
    ranges = int((known["status"] == "censored").sum())
    return (
        f"{years}: {len(known)} of {len(data)} places have a figure, {ranges} of them a range, and "
        f"the middle one has {middle_text(ends, measure)} {measure.unit}.",
        _told_apart(known, ends, len(data) - len(known)),
    )


def _told_apart(known: pd.DataFrame, ends: tuple[float, float], missing: int) -> str:
    """How many whole intervals lie on one side of the middle."""
    where = [standing(row.low, row.high, ends) for row in rows(known)]
    below, above = where.count("below"), where.count("above")
    lacking = f", and {missing} have no figure, which is not zero" if missing else ""
    return (
        f"The whole 95% interval of {below} lies below the middle and that of {above} above it; "
        f"the other {len(known) - below - above} can't be told from it{lacking}."
    )


def middle_text(ends: tuple[float, float], measure: Measure) -> str:
    """The middle place's figure, or its range."""
    low, high = (number(end, measure.decimals) for end in ends)
    return low if low == high else f"between {low} and {high}"


def headline_opening(found: Headline) -> tuple[str, str]:
    """All places added up, and how many lie clearly below the middle or give no figure."""
    frame, row = found.frame, only_row(found.together)
    measure, years = frame.measure, years_text(*frame.years)
    silent = f"{len(found.silent)} of {found.asked} give no figure for {counted(measure)}"
    many = f"places with {MANY} or more {divided_by(measure)}"
    if row.status not in ("exact", "censored"):
        return (
            f"{years}: no place reports what “{lower_first(measure.title)}” needs.",
            f"Of the {many}, {silent}, which is not zero.",
        )
    interval = interval_text(row, measure.decimals)
    return (
        f"{years}: {row.name} have {value_text(row, measure.decimals)} {measure.unit} (95% "
        f"interval for chance alone {interval}).",
        f"Of the {many}, {len(found.apart)} lie {found.side} the middle place with their whole "
        f"interval, and {silent}, which is not zero.",
    )
