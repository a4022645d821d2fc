"""Counts of several figures added up to one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gapatlas.config import Measure
from gapatlas.disclosure import COUNTS
from gapatlas.measures import with_intervals


def combined(rows: pd.DataFrame, measure: Measure, **labels: Any) -> pd.DataFrame:
    """Add the counts of figures that share no year and place: counts are added, ratios never.

    Args:
        rows: rows of a `MeasureFrame`; those without a figure are left out.
        measure: gives `per` and the kind of interval.
        labels: values of the other columns of the row, such as jurisdiction_id and name.

    Returns:
        One row with `labels`, counts, status, and the value with its interval. Where no row has
        a figure, it is `not_reported` and its counts are absent.
    """
    used = rows[rows["years_used"] > 0]
    counts = {
        name: pd.Series([used[name].sum(min_count=1)], dtype=used[name].dtype) for name in COUNTS
    }
    if measure.lag is not None:  # a sum of expected counts varies less than a plain count
        counts["effective_denominator"] = counts["denominator_low"]
    row = pd.DataFrame(
        {**{name: [value] for name, value in labels.items()}, **counts}
        | {"status": [_status_together(used["status"])]}
    )
    return with_intervals(row, measure)


def combined_by_place(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Add the counts of several years for each place: jurisdiction_id, counts, the value and its
    interval. Years without a figure are left out, and so are places without any."""
    used = rows[rows["years_used"] > 0]
    sums = used.groupby("jurisdiction_id", sort=False)[list(COUNTS)].sum().reset_index()
    if measure.lag is not None:
        sums["effective_denominator"] = sums["denominator_low"]
    return with_intervals(sums, measure)


def middle(rows: pd.DataFrame) -> tuple[float, float]:
    """The median over every figure, as a range in the measure's unit; NaN where there is none.

    Half of the places have censored counts: to leave those out would leave out most places with
    few convictions, so each end is the median of that end.
    """
    figures = rows[rows["value_low"].notna()]
    if figures.empty:
        return float("nan"), float("nan")
    return float(figures["value_low"].median()), float(figures["value_high"].median())


def _status_together(statuses: pd.Series) -> str:
    if statuses.empty:
        return "not_reported"
    return "exact" if (statuses == "exact").all() else "censored"
