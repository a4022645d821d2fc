"""Table twins of the charts of one place, with words for column names."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from gapatlas.charts.words import count_text, from_to, number, probability_text, years_text
from gapatlas.config.vocabulary import stage_label
from gapatlas.languages import mark, percentage
from gapatlas.profile.history import Grants, History
from gapatlas.profile.sentences import expected_text
from gapatlas.profile.shortfalls import VERDICTS
from gapatlas.tables import rows


def reporters_table(reporters: pd.DataFrame) -> pd.DataFrame:
    """How many bodies report, year by year."""
    return pd.DataFrame(
        {
            mark("Year"): reporters["year"],
            mark("Who reports"): reporters["reporter"],
            mark("How many"): reporters["reporters"],
        }
    )


def gaps_table(gaps: pd.DataFrame, shorts: dict[str, str]) -> pd.DataFrame:
    """The gap of a place in each measure; why there is none where there is none.

    Args:
        gaps: rows of `Profile.gaps`.
        shorts: source id -> name.
    """
    return pd.DataFrame(
        {
            mark("Measure"): gaps["title"],
            mark("Years"): [
                years_text(a, b) for a, b in zip(gaps["year_from"], gaps["year_to"], strict=True)
            ],
            mark("Counted"): [
                count_text(row.observed_low, row.observed_high) for row in rows(gaps)
            ],
            mark("Expected"): [_told(row, expected_text) for row in rows(gaps)],
            mark("Expected, 95% interval"): [_told(row, _expected_interval) for row in rows(gaps)],
            mark("Expected less counted"): [_told(row, _number) for row in rows(gaps)],
            mark("Its 95% interval"): [_told(row, _number_interval) for row in rows(gaps)],
            mark("Probability of falling short"): [_told(row, _probability) for row in rows(gaps)],
            mark("Verdict"): gaps["verdict"].map(VERDICTS),
            mark("Why no gap"): gaps["reason"],
            mark("Measured against"): gaps["benchmark"],
            mark("Source"): gaps["source_id"].map(shorts),
        }
    )


def history_table(history: History) -> pd.DataFrame:
    """An indicator by year."""
    values = history.values
    return pd.DataFrame(
        {
            mark("Indicator"): history.indicator.title,
            mark("Year"): values["year"],
            mark("Value"): values["words"],
            mark("Lowest"): values["low"],
            mark("Highest"): values["high"],
            mark("Note"): values["note"],
            mark("Unit"): history.indicator.unit,
            mark("Source"): history.source.short,
        }
    )


def grants_table(grants: Grants) -> pd.DataFrame:
    """Amounts by year; an empty highest amount is not known."""
    years = grants.years
    return pd.DataFrame(
        {
            mark("Year"): years["year"],
            mark("At least"): years["low"],
            mark("At most"): years["high"],
            mark("In words"): years["words"],
            mark("Unit"): grants.indicator.unit,
        }
    )


def grid_table(cells: pd.DataFrame) -> pd.DataFrame:
    """What each source prints of each stage in each year."""
    return pd.DataFrame(
        {
            mark("Source"): cells["short"],
            mark("Counted"): [
                stage_label(stage, unit)
                for stage, unit in zip(cells["stage"], cells["unit"], strict=True)
            ],
            mark("Year"): cells["year"],
            mark("What is printed"): cells["kind"],
        }
    )


def summary_table(summary: pd.DataFrame) -> pd.DataFrame:
    """How complete each source is."""
    return pd.DataFrame(
        {
            mark("Source"): summary["short"],
            mark("Years"): summary["years"],
            mark("Completeness"): [percentage(share) for share in summary["share"]],
            mark("Exact counts"): summary["exact"],
            mark("Ranges"): summary["ranges"],
            mark("Withheld"): summary["withheld"],
            mark("Not reported"): summary["missing"],
        }
    )


def _told(row: Any, words: Any) -> str:
    return "" if row.reason else str(words(row))


def _probability(row: Any) -> str:
    return probability_text(row.probability_low, row.probability_high)


def _expected_interval(row: Any) -> str:
    return _ends(row.expected_from, row.expected_to)


def _number(row: Any) -> str:
    return _ends(row.number_low, row.number_high)


def _number_interval(row: Any) -> str:
    return _ends(row.number_from, row.number_to)


def _ends(low: float, high: float) -> str:
    ends = [number(end, 0 if abs(end) >= 10 or math.isinf(end) else 1) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else from_to(*ends)
