"""Whether a place's rate has changed: its control chart, and that in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gapatlas.comparison.counts import Counts, counts_by_year
from gapatlas.comparison.sources import listed_years
from gapatlas.config import Measure
from gapatlas.statistics import TrendSignal, trend_signal
from gapatlas.statistics.trend import FEWEST_YEARS, LANEY_FROM, RUN

SHORT = {
    "up": "Yes, upwards",
    "down": "Yes, downwards",
    "changed": "Yes, but not in one direction",
    "none": "No sign of it",
    "too few years": "Too few years to tell",
}


@dataclass(frozen=True)
class Trend:
    """A place's control chart.

    Attributes:
        years: one row per year: columns of a `MeasureFrame` with centre, limit_low, limit_high
            (in the measure's unit) and signal (`outside`, `run` or empty).
        verdict: one of `gapatlas.statistics.trend.VERDICTS`.
        short: the verdict in a few words.
        text: the verdict with the years that speak for it.
    """

    years: pd.DataFrame
    verdict: str
    short: str
    text: str


def trend_of(data: pd.DataFrame, measure: Measure, place: str) -> Trend:
    """The control chart of one place.

    Counts that are known as a range enter at both ends: there is a signal only where the lowest
    and the highest completion both give it.

    Args:
        data: single years of a `MeasureFrame`.
        measure: what they measure.
        place: id of the place.
    """
    own = data[data["jurisdiction_id"] == place].sort_values("year_to")
    years = [int(year) for year in own["year_to"]]
    if not years:
        return Trend(own, "too few years", SHORT["too few years"], "No year is reported.")
    counts = counts_by_year(own, measure, [place], years)
    low = _signal(counts, high=False)
    high = low if counts.exact else _signal(counts, high=True)
    outside, run = low.outside & high.outside, low.run & high.run
    verdict = _agreed(str(low.verdict[0]), str(high.verdict[0]))
    shown = own.assign(
        centre=(low.centre[0] + high.centre[0]) / 2 * measure.per,
        limit_low=np.minimum(low.limit_low, high.limit_low)[0] * measure.per,
        limit_high=np.maximum(low.limit_high, high.limit_high)[0] * measure.per,
        signal=np.where(outside[0], "outside", np.where(run[0], "run", "")),
    )
    if verdict in ("up", "down", "changed") and not (outside | run).any():
        verdict = "none"
    lasting = verdict != "changed" or run.any()
    short = SHORT[verdict] if lasting else "In single years"
    return Trend(shown, verdict, short, _words(shown, verdict, counts))


def _signal(counts: Counts, *, high: bool) -> TrendSignal:
    above = counts.above_high if high else counts.above_low
    below = counts.below_low if high else counts.below_high
    size = above + below if counts.kind == "ratio" else below
    if counts.kind == "share":
        above = np.minimum(above, size)
    return trend_signal(counts.kind, above, size, reported=counts.reported)


def _agreed(low: str, high: str) -> str:
    if low == high:
        return low
    if "too few years" in (low, high):
        return "too few years"
    return "none" if "none" in (low, high) else "changed"


def _words(shown: pd.DataFrame, verdict: str, counts: Counts) -> str:
    reported = [int(y) for y in shown.loc[counts.reported[0], "year_to"]]
    if verdict == "too few years":
        years = {0: "No year is", 1: "1 year is"}.get(len(reported), f"{len(reported)} years are")
        return f"{years} reported; the test for change needs {FEWEST_YEARS} or more."
    span = f"{len(reported)} reported years, {listed_years(reported)}"
    allowed = "chance allows"
    if len(reported) >= LANEY_FROM:
        allowed = "chance and its usual ups and downs allow"
    if verdict == "none":
        return (
            f"Over {span}, no year lies further from the rate of all years than {allowed}, and no "
            f"{RUN} years in a row lie on one side of it. That does not prove that nothing changed."
        )
    told = []
    outside = shown.loc[shown["signal"] == "outside", "year_to"].astype(int)
    run = shown.loc[shown["signal"] == "run", "year_to"].astype(int)
    if len(outside):
        told.append(f"further from the rate of all years than {allowed}: {listed_years(outside)}")
    if len(run):
        told.append(f"in a run of {RUN} or more on one side of it: {listed_years(run)}")
    return f"Over {span}; {'; '.join(told)}. A change in what is counted can look the same."
