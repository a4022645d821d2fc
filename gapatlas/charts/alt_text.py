"""Alternative text: what a chart shows, with its main finding, for those who can't see it."""

from __future__ import annotations

import pandas as pd

from gapatlas.charts.words import interval_text, value_text, years_text
from gapatlas.config import Measure
from gapatlas.tables import only_row


def alt_text(data: pd.DataFrame, measure: Measure, title: str) -> str:
    """Title, how many figures there are, the highest and lowest that can be told, and gaps.

    Args:
        data: the rows that the chart shows.
        measure: gives unit and decimals.
        title: title of the chart.
    """
    if data.empty:
        return f"{title}. No figures."
    exact = data[data["value"].notna()].sort_values("value")
    parts = [f"{title}."]
    if len(data) == 1:
        parts.append(_one(only_row(data), measure))
    else:
        parts.append(_counts(data))
        if len(exact) >= 2:
            ends = [only_row(exact.tail(1)), only_row(exact.head(1))]
            parts.append(f"Highest: {_one(ends[0], measure)} Lowest: {_one(ends[1], measure)}")
    return " ".join(parts)


def _one(row: object, measure: Measure) -> str:
    name, years = row.name, years_text(row.year_from, row.year_to)  # type: ignore[attr-defined]
    text = f"{name}, {years}: {value_text(row, measure.decimals)} {measure.unit}"
    interval = interval_text(row, measure.decimals)
    return f"{text} (95% interval {interval})." if interval else f"{text}."


def _counts(data: pd.DataFrame) -> str:
    status = data["status"].value_counts()
    exact, censored = int(status.get("exact", 0)), int(status.get("censored", 0))
    missing = len(data) - exact - censored
    return (
        f"{exact} figures rest on exact counts, {censored} on counts given as a range, "
        f"{missing} are not reported."
    )
