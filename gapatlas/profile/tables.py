"""Table twins of the charts of one place, with words for column names."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from gapatlas.charts.words import count_text, number, probability_text, years_text
from gapatlas.profile.history import Grants, History
from gapatlas.profile.sentences import expected_text
from gapatlas.profile.shortfalls import VERDICTS
from gapatlas.tables import rows


def reporters_table(reporters: pd.DataFrame) -> pd.DataFrame:
    """How many bodies report, year by year."""
    return pd.DataFrame(
        {
            "Year": reporters["year"],
            "Who reports": reporters["reporter"],
            "How many": reporters["reporters"],
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
            "Measure": gaps["title"],
            "Years": [
                years_text(a, b) for a, b in zip(gaps["year_from"], gaps["year_to"], strict=True)
            ],
            "Counted": [count_text(row.observed_low, row.observed_high) for row in rows(gaps)],
            "Expected": [_told(row, expected_text) for row in rows(gaps)],
            "Expected, 95% interval": [_told(row, _expected_interval) for row in rows(gaps)],
            "Expected less counted": [_told(row, _number) for row in rows(gaps)],
            "Its 95% interval": [_told(row, _number_interval) for row in rows(gaps)],
            "Probability of falling short": [_told(row, _probability) for row in rows(gaps)],
            "Verdict": gaps["verdict"].map(VERDICTS),
            "Why no gap": gaps["reason"],
            "Measured against": gaps["benchmark"],
            "Source": gaps["source_id"].map(shorts),
        }
    )


def history_table(history: History) -> pd.DataFrame:
    """An indicator by year."""
    values = history.values
    return pd.DataFrame(
        {
            "Indicator": history.indicator.title,
            "Year": values["year"],
            "Value": values["words"],
            "Lowest": values["low"],
            "Highest": values["high"],
            "Note": values["note"],
            "Unit": history.indicator.unit,
            "Source": history.source.short,
        }
    )


def grants_table(grants: Grants) -> pd.DataFrame:
    """Amounts by year; an empty highest amount is not known."""
    years = grants.years
    return pd.DataFrame(
        {
            "Year": years["year"],
            "At least": years["low"],
            "At most": years["high"],
            "In words": years["words"],
            "Unit": grants.indicator.unit,
        }
    )


def grid_table(cells: pd.DataFrame) -> pd.DataFrame:
    """What each source prints of each stage in each year."""
    return pd.DataFrame(
        {
            "Source": cells["short"],
            "Counted": cells["stage_label"],
            "Year": cells["year"],
            "What is printed": cells["kind"],
        }
    )


def summary_table(summary: pd.DataFrame) -> pd.DataFrame:
    """How complete each source is."""
    return pd.DataFrame(
        {
            "Source": summary["short"],
            "Years": summary["years"],
            "Completeness": [f"{share:.0%}" for share in summary["share"]],
            "Exact counts": summary["exact"],
            "Ranges": summary["ranges"],
            "Withheld": summary["withheld"],
            "Not reported": summary["missing"],
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
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
