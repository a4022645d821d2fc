"""Table twins of the charts of a comparison, with words for column names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from gapatlas.charts.limits import POSITIONS
from gapatlas.charts.words import from_to, interval_text, number, value_text
from gapatlas.config import Measure
from gapatlas.config.vocabulary import stage_label
from gapatlas.export import STATUS_WORDS, readable_table
from gapatlas.languages import mark, percentage, say
from gapatlas.measures import Source
from gapatlas.tables import rows

SIGNALS: Final = {"outside": mark("Beyond limits"), "run": mark("Run"), "": ""}


def peers_table(
    rates: pd.DataFrame, measure: Measure, sources: Iterable[Source] = ()
) -> pd.DataFrame:
    """Figures of a place and its peers, with what best explains those that are a range.

    Args:
        rates: rows of `Comparison.rates_with_estimates`.
        measure: gives unit and decimals.
        sources: their short names.
    """
    table = readable_table(rates, measure, sources)
    told = [_estimate(row, measure.decimals) for row in rows(rates)]
    table.insert(5, mark("Best explains the range (likelihood interval)"), told)
    return table


def funnel_table(points: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Points of a funnel, and where each lies."""
    table = readable_table(points, measure)
    table.insert(4, mark("Against the limits"), points["position"].map(POSITIONS).to_numpy())
    return table


def shrunken_table(shown: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Raw and shrunken figures side by side."""
    digits = measure.decimals
    table = readable_table(shown, measure)
    table.insert(5, mark("Steadied"), [round(value, digits) for value in shown["shrunken"]])
    table.insert(
        6,
        mark("95% interval, steadied"),
        [
            from_to(number(low, digits), number(high, digits))
            for low, high in zip(shown["shrunken_low"], shown["shrunken_high"], strict=True)
        ],
    )
    table.insert(
        7, mark("Weight of own counts"), [percentage(weight) for weight in shown["weight"]]
    )
    return table


def rank_table(shown: pd.DataFrame) -> pd.DataFrame:
    """The league table: each rank with its interval and group."""
    return pd.DataFrame(
        {
            mark("Place"): shown["name"],
            mark("Rank"): shown["rank"],
            mark("95% interval of the rank"): [
                from_to(str(low), str(high))
                for low, high in zip(shown["rank_low"], shown["rank_high"], strict=True)
            ],
            mark("Group that cannot be told apart"): shown["group"],
        }
    )


def trend_table(shown: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Figures by year with the limits of chance."""
    digits = measure.decimals
    table = readable_table(shown, measure)
    limits = zip(shown["limit_low"], shown["limit_high"], strict=True)
    told = [
        "" if pd.isna(low) else from_to(number(low, digits), number(high, digits))
        for low, high in limits
    ]
    table.insert(5, mark("Limits of chance"), told)
    table.insert(
        6,
        mark("Signal"),
        shown["signal"].map(SIGNALS).to_numpy(),
    )
    return table


def counts_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts of one stage, source by source."""
    return pd.DataFrame(
        {
            mark("Source"): counts["short"],
            mark("Counted"): counts["stage_label"],
            mark("Year"): counts["year"],
            mark("Lowest count"): counts["count_low"],
            mark("Highest count"): counts["count_high"],
            mark("Status"): counts["status"].map(STATUS_WORDS),
        }
    )


def outcome_table(stages: pd.DataFrame) -> pd.DataFrame:
    """Outcomes of persons charged, place by place."""
    return pd.DataFrame(
        {
            mark("Place"): stages["name"],
            mark("Counted"): [
                stage_label(stage, unit)
                for stage, unit in zip(stages["stage"], stages["unit"], strict=True)
            ],
            mark("Lowest count"): stages["count_low"],
            mark("Highest count"): stages["count_high"],
            mark("Status"): stages["status"].map(STATUS_WORDS),
        }
    )


def pair_table(pair: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """What two sources say of one place over the years that both tell."""
    return pd.DataFrame(
        {
            mark("Source"): pair["short"],
            mark("Years"): pair["years"],
            mark("Value or range"): [value_text(row, measure.decimals) for row in rows(pair)],
            mark("95% interval"): [interval_text(row, measure.decimals) for row in rows(pair)],
            mark("Unit"): measure.unit,
        }
    )


def _estimate(row: Any, decimals: int) -> str:
    """An estimate with its likelihood interval; `open` where the ranges favour no value."""
    if pd.isna(row.estimate_low):
        return ""
    value = say("open") if pd.isna(row.estimate) else number(row.estimate, decimals)
    ends = [number(end, decimals) for end in (row.estimate_low, row.estimate_high)]
    return f"{value} ({from_to(*ends)})"
