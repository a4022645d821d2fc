"""Whether a place's rate has changed: its control chart, and that in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from gapatlas.comparison.counts import Counts, counts_by_year
from gapatlas.comparison.sources import listed_years
from gapatlas.config import Measure
from gapatlas.languages import mark, say, say_many, whole
from gapatlas.statistics import TrendSignal, trend_signal
from gapatlas.statistics.trend import FEWEST_YEARS, LANEY_FROM, RUN

SHORT: Final = {
    "up": mark("Yes, upwards"),
    "down": mark("Yes, downwards"),
    "changed": mark("Yes, but not in one direction"),
    "none": mark("No sign of it"),
    "too few years": mark("Too few years to tell"),  # not said
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
        verdict = "too few years"  # not said
        return Trend(own, verdict, say(SHORT[verdict]), say("No year is reported."))
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
    short = say(SHORT[verdict]) if lasting else say("In single years")
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
        return "too few years"  # not said
    return "none" if "none" in (low, high) else "changed"


def _words(shown: pd.DataFrame, verdict: str, counts: Counts) -> str:
    reported = [int(y) for y in shown.loc[counts.reported[0], "year_to"]]
    if verdict == "too few years":
        return _too_few_words(len(reported))
    over = {
        "count": whole(len(reported)),
        "years": listed_years(reported),
        "allowed": _allowed_words(len(reported)),
        "run": whole(RUN),
    }
    if verdict == "none":
        return say(
            "Over {count} reported years, {years}, no year lies further from the rate of all years "
            "than {allowed}, and no {run} years in a row lie on one side of it. That does not "
            "prove that nothing changed.",
            **over,
        )
    outside, runs = (
        listed_years(shown.loc[shown["signal"] == signal, "year_to"].astype(int))
        for signal in ("outside", "run")
    )
    return say(_signs(bool(outside), bool(runs)), **over, outside=outside, runs=runs)


def _too_few_words(reported: int) -> str:
    if not reported:
        return say(
            "No year is reported; the test for change needs {fewest} or more.",
            fewest=whole(FEWEST_YEARS),
        )
    return say_many(
        "{count} year is reported; the test for change needs {fewest} or more.",
        "{count} years are reported; the test for change needs {fewest} or more.",
        reported,
        count=whole(reported),
        fewest=whole(FEWEST_YEARS),
    )


def _allowed_words(reported: int) -> str:
    """What no signal is further than, after `than`."""
    if reported >= LANEY_FROM:
        return say("chance and its usual ups and downs allow")
    return say("chance allows")


def _signs(outside: bool, runs: bool) -> str:
    """The sentence that names the years that speak for a change, to be said."""
    if outside and runs:
        return mark(
            "Over {count} reported years, {years}; further from the rate of all years than "
            "{allowed}: {outside}; in a run of {run} or more on one side of it: {runs}. A change "
            "in what is counted can look the same."
        )
    if outside:
        return mark(
            "Over {count} reported years, {years}; further from the rate of all years than "
            "{allowed}: {outside}. A change in what is counted can look the same."
        )
    return mark(
        "Over {count} reported years, {years}; in a run of {run} or more on one side of it: "
        "{runs}. A change in what is counted can look the same."
    )
