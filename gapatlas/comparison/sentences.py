"""The five questions of the page Conviction rates, answered in sentences.

Which share? How sure? Different from peers? Changed? Which source says otherwise?
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gapatlas.charts.words import (
    count_text,
    interval_text,
    listed,
    lower_first,
    number,
    value_text,
    years_text,
)
from gapatlas.comparison.comparing import SMALL, Comparison
from gapatlas.comparison.sources import SourceConflict, standing
from gapatlas.config import Measure, StageCount
from gapatlas.tables import rows

NAMED = 6
"""Places that a sentence names before it counts the rest."""


@dataclass(frozen=True)
class Answer:
    """A question and its answer: plain sentences without markup.

    Attributes:
        question: as a reader would ask it.
        short: the answer in a few words.
        text: the answer with its figures.
    """

    question: str
    short: str
    text: str


def answers(comparison: Comparison) -> tuple[Answer, ...]:
    """Answer the five questions for one place, in order."""
    return (
        which_share(comparison),
        how_sure(comparison),
        different_from_peers(comparison),
        has_it_changed(comparison),
        other_sources(comparison),
    )


def which_share(comparison: Comparison) -> Answer:
    """The rate, with the counts and years behind it."""
    question, measure, row = "What share?", comparison.measure, comparison.row
    if row is None:
        short = "Not part of this source"
        return Answer(question, short, f"{comparison.name} is not part of this source.")
    years = years_text(row.year_from, row.year_to)
    if row.status in ("not_reported", "suppressed"):
        return Answer(question, value_text(row, measure.decimals), _why_none(comparison, row))
    text = (
        f"{years}: {value_text(row, measure.decimals)} {measure.unit}. "
        f"{counts_words(measure, row)}{_years_used(comparison, row)}"
    )
    if row.status == "censored":
        text += " At least one count is printed only as a range, so this is a range."
    return Answer(question, value_text(row, measure.decimals), text)


def how_sure(comparison: Comparison) -> Answer:
    """The interval, what a small denominator means, and whether timing matters."""
    question, measure, row = "How sure are we?", comparison.measure, comparison.row
    if not comparison.has_figure:
        return Answer(question, "No figure", "Without a figure there is nothing to be sure of.")
    assert row is not None
    if row.low == 0 and math.isinf(row.high):
        return Answer(question, "Not at all", "The printed ranges leave every value open.")
    interval = interval_text(row, measure.decimals)
    told = [
        f"The 95% interval is {interval}: chance alone could have moved the figure that far."
        if row.status == "exact"
        else f"The 95% interval is {interval}. It covers chance and every count within the ranges."
    ]
    told += _most_likely(comparison, row)
    if row.jurisdiction_id in comparison.small:
        told.append(
            f"It divides by fewer than {SMALL}: one case more or less changes it, so read it as "
            "a count of cases and not as a rate."
        )
    told += timing(comparison)
    return Answer(question, interval, " ".join(told))


def different_from_peers(comparison: Comparison) -> Answer:
    """Where the place stands against the middle of its peers, and whom it can't be told from."""
    question, measure = "Is it different from its peers?", comparison.measure
    low, high = comparison.middle
    if not comparison.has_figure or math.isnan(low):
        who = "" if comparison.peers.ids else " There are no peers."
        return Answer(question, "Cannot be said", f"There are not enough figures to compare.{who}")
    row = comparison.row
    assert row is not None
    where = standing(row.low, row.high, comparison.middle)
    shorts = {"below": "Lower", "above": "Higher", "not clear": "Not clearly"}
    lies = {
        "below": "The whole interval lies below it",
        "above": "The whole interval lies above it",
        "not clear": "The interval includes it, so no difference can be claimed",
    }
    text = (
        f"{comparison.peers_with_figures} {comparison.peers.words} have a figure; "
        f"{_middle_words(low, high, measure)}. {lies[where]}.{_rank_words(comparison)}"
    )
    return Answer(question, shorts[where], text)


def has_it_changed(comparison: Comparison) -> Answer:
    """What the process-control test says of the whole series."""
    question, trend = "Has it changed?", comparison.trend
    return Answer(question, trend.short, trend.text)


def other_sources(comparison: Comparison) -> Answer:
    """Which source says otherwise, or that none can be asked."""
    question, conflict = "Which source says otherwise?", comparison.sources
    own = comparison.yearly.sources[0].short if comparison.yearly.sources else "this source"
    told = rate_conflict_words(conflict, comparison.measure)
    told += count_conflict_words(conflict.totals, own)
    if not told:
        return Answer(
            question,
            "No other source to ask",
            f"No other source in this atlas counts the same stages of {comparison.name} in the "
            f"same years as {own}.",
        )
    if conflict.conclusion_changes:
        short = f"{listed(conflict.conclusion_changes)}: another conclusion"
    elif conflict.rates_apart:
        short = f"{listed(conflict.rates_apart)}: another rate"
    elif not conflict.totals.empty and not conflict.totals["agrees"].all():
        differing = conflict.totals.loc[~conflict.totals["agrees"].astype(bool), "short"]
        short = f"{listed(list(dict.fromkeys(differing)))}: other counts"
    else:
        short = "They agree"
    return Answer(question, short, " ".join(told))


def last_counts_words(counts: pd.DataFrame) -> str:
    """The last count that each source gives: what a chart of sources shows, for its text.

    Args:
        counts: rows of `SourceConflict.counts` of one stage.
    """
    told = counts[counts["count_low"].notna()].sort_values("year")
    lasts = [
        f"{row.short} {count_text(row.count_low, row.count_high)} in {row.year}"
        for row in rows(told.drop_duplicates("short", keep="last"))
    ]
    return f"Last counts: {'; '.join(lasts)}." if lasts else "No source has a figure."


def timing(comparison: Comparison) -> list[str]:
    """Whether the same-year and the lag-adjusted ratio agree, where both can be told."""
    other = comparison.other_timing
    row = comparison.row
    if other is None or row is None:
        return []
    name = "lag-adjusted" if other.lagged else "same-year"
    digits = comparison.measure.decimals
    figures = f"{value_text(other.row, digits)} (95% interval {interval_text(other.row, digits)})"
    if other.disagrees:
        return [
            f"The {name} ratio is {figures}: the two disagree by more than their intervals, so "
            "how long cases take matters here. Trust neither alone."
        ]
    return [f"The {name} ratio, {figures}, agrees within the intervals."]


def counts_words(measure: Measure, row: Any) -> str:
    """The counts behind a figure, each with what it counts."""
    above = f"{count_text(row.numerator_low, row.numerator_high)} {label_of(measure.numerator)}"
    if measure.lag is not None:
        expected = count_text(row.denominator_low, row.denominator_high)
        return f"{above}; {expected} prosecutions were due to end."
    below = label_of(measure.below) if measure.below else f"{measure.exposure} times years"
    return f"{above}; {count_text(row.denominator_low, row.denominator_high)} {below}."


def label_of(stage: StageCount) -> str:
    """What a stage counts, as it stands inside a sentence."""
    return lower_first(stage.label)


def _years_used(comparison: Comparison, row: Any) -> str:
    window = comparison.window.window
    if window == 1:
        return ""
    return f" {row.years_used} of {window} years are reported."


def _why_none(comparison: Comparison, row: Any) -> str:
    years = years_text(row.year_from, row.year_to)
    if row.status == "suppressed":
        return f"{years}: withheld to protect persons, which is not zero."
    lag = comparison.measure.lag
    if lag is None:
        told = f"{comparison.name} reports no year with all that this rate needs."
    else:
        last = max(years for years, weight in enumerate(lag.weights) if weight)
        told = (
            "the rate needs the convictions of a year, and the prosecutions of that year and of "
            f"the {last} before; {comparison.name} reports none of these years in full."
        )
    return f"{years}: {told} Not reported is not zero."


def _most_likely(comparison: Comparison, row: Any) -> list[str]:
    """The likelihood estimate, which stands beside the range of a censored figure."""
    if row.status != "censored":
        return []
    estimate = comparison.estimates.loc[row.jurisdiction_id]
    digits = comparison.measure.decimals
    low, high = (number(estimate[name], digits) for name in ("low", "high"))
    if math.isnan(estimate["estimate"]):
        return [f"The ranges alone do not favour one value (likelihood interval {low} to {high})."]
    return [
        f"The value that best explains the printed ranges is "
        f"{number(estimate['estimate'], digits)} (likelihood interval {low} to {high})."
    ]


def _middle_words(low: float, high: float, measure: Measure) -> str:
    ends = [number(end, measure.decimals) for end in (low, high)]
    if ends[0] == ends[1]:
        return f"the middle one has {ends[0]}"
    return f"the middle one has between {ends[0]} and {ends[1]}, because counts are ranges"


def _rank_words(comparison: Comparison) -> str:
    ranks = comparison.ranks
    own = ranks[ranks["jurisdiction_id"] == comparison.place]
    if own.empty or len(ranks) < 2:
        return ""
    row = next(rows(own))
    place = (
        f" From the highest, its rank is {row.rank_low}"
        if row.rank_low == row.rank_high
        else f" From the highest, its rank is between {row.rank_low} and {row.rank_high}"
    )
    return f"{place} of {len(ranks)}."


def rate_conflict_words(conflict: SourceConflict, measure: Measure) -> list[str]:
    """For each source that tells the rate too: both figures, and what becomes of the
    conclusion about the peers."""
    told = []
    for _, pair in conflict.rates.groupby("pair", sort=False):
        own, other = rows(pair)
        figures = " against ".join(
            f"{value_text(row, measure.decimals)} ({interval_text(row, measure.decimals)}) "
            f"in {row.short}"
            for row in (other, own)
        )
        if not (own.standing and other.standing):
            end = "."
        elif own.standing == other.standing:
            end = ": the conclusion about peers stays the same."
        else:
            end = ": the conclusion about peers changes."
        told.append(f"Over the years that both tell ({own.years}), {figures}{end}")
    return told


def count_conflict_words(totals: pd.DataFrame, own: str) -> list[str]:
    """For each other source and stage: both counts, and whether they agree.

    Args:
        totals: rows of `SourceConflict.totals`.
        own: name of the source in use.
    """
    told = []
    for row in rows(totals):
        verb = "agree within 10%" if row.agrees else "differ"
        label = lower_first(row.stage_label)
        told.append(
            f"On {label} in {row.years}, {row.short} and {own} {verb}: "
            f"{count_text(row.other_low, row.other_high)} against "
            f"{count_text(row.own_low, row.own_high)}."
        )
    return told
