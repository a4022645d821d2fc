"""Alternative text: what a chart shows, with its main finding, for those who can't see it."""

from __future__ import annotations

import pandas as pd

from gapatlas.charts.words import interval_text, value_text, years_text
from gapatlas.config import Measure
from gapatlas.languages import say, whole
from gapatlas.tables import only_row


def alt_text(data: pd.DataFrame, measure: Measure, title: str) -> str:
    """Title, how many figures there are, the highest and lowest that can be told, and gaps.

    Args:
        data: the rows that the chart shows.
        measure: gives unit and decimals.
        title: title of the chart.
    """
    if data.empty:
        return say("{title}. No figures.", title=title)
    exact = data[data["value"].notna()].sort_values("value")
    parts = [f"{title}."]
    if len(data) == 1:
        parts.append(_one(only_row(data), measure))
    else:
        parts.append(_counts(data))
        if len(exact) >= 2:
            ends = [only_row(exact.tail(1)), only_row(exact.head(1))]
            parts += [
                say("Highest: {figure}", figure=_one(ends[0], measure)),
                say("Lowest: {figure}", figure=_one(ends[1], measure)),
            ]
    return " ".join(parts)


def _one(row: object, measure: Measure) -> str:
    told = {
        "name": row.name,  # type: ignore[attr-defined]
        "years": years_text(row.year_from, row.year_to),  # type: ignore[attr-defined]
        "value": value_text(row, measure.decimals),
        "unit": measure.unit,
    }
    interval = interval_text(row, measure.decimals)
    if not interval:
        return say("{name}, {years}: {value} {unit}.", **told)
    return say(
        "{name}, {years}: {value} {unit} (95% interval {interval}).", **told, interval=interval
    )


def _counts(data: pd.DataFrame) -> str:
    status = data["status"].value_counts()
    exact, censored = int(status.get("exact", 0)), int(status.get("censored", 0))
    missing = len(data) - exact - censored
    return say(
        "{exact} figures rest on exact counts, {censored} on counts given as a range, "
        "{missing} are not reported.",
        exact=whole(exact),
        censored=whole(censored),
        missing=whole(missing),
    )
