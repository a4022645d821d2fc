"""The five questions of the page Conviction rates, answered in sentences.

Which share? How sure? Different from peers? Changed? Which source says otherwise?
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from gapatlas.charts.words import (
    count_text,
    from_to,
    interval_text,
    listed,
    lower_first,
    number,
    parted,
    value_text,
    years_text,
)
from gapatlas.comparison.comparing import SMALL, Comparison
from gapatlas.comparison.sources import SourceConflict, standing
from gapatlas.config import Measure, StageCount
from gapatlas.config.vocabulary import stage_label
from gapatlas.languages import mark, say, say_many, whole
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
    question, measure, row = say("What share?"), comparison.measure, comparison.row
    if row is None:
        text = say("{place} is not part of this source.", place=comparison.name)
        return Answer(question, say("Not part of this source"), text)
    value = value_text(row, measure.decimals)
    if row.status in ("not_reported", "suppressed"):
        return Answer(question, value, _why_none(comparison, row))
    figure = say(
        "{years}: {value} {unit}.",
        years=years_text(row.year_from, row.year_to),
        value=value,
        unit=measure.unit,
    )
    told = [figure, counts_words(measure, row), *_years_used(comparison, row)]
    if row.status == "censored":
        told.append(say("At least one count is printed only as a range, so this is a range."))
    return Answer(question, value, " ".join(told))


def how_sure(comparison: Comparison) -> Answer:
    """The interval, what a small denominator means, and whether timing matters."""
    question, measure, row = say("How sure are we?"), comparison.measure, comparison.row
    if not comparison.has_figure:
        text = say("Without a figure there is nothing to be sure of.")
        return Answer(question, say("No figure"), text)
    assert row is not None
    if row.low == 0 and math.isinf(row.high):
        text = say("The printed ranges leave every value open.")
        return Answer(question, say("Not at all"), text)
    interval = interval_text(row, measure.decimals)
    told = [_interval_words(row, interval), *_most_likely(comparison, row)]
    if row.jurisdiction_id in comparison.small:
        told.append(
            say(
                "It divides by fewer than {small}: one case more or less changes it, so read it as "
                "a count of cases and not as a rate.",
                small=whole(SMALL),
            )
        )
    told += timing(comparison)
    return Answer(question, interval, " ".join(told))


def _interval_words(row: Any, interval: str) -> str:
    if row.status == "exact":
        return say(
            "The 95% interval is {interval}: chance alone could have moved the figure that far.",
            interval=interval,
        )
    return say(
        "The 95% interval is {interval}. It covers chance and every count within the ranges.",
        interval=interval,
    )


STANDING: Final = {
    "below": (mark("Lower"), mark("The whole interval lies below it.")),
    "above": (mark("Higher"), mark("The whole interval lies above it.")),
    "not clear": (  # not said
        mark("Not clearly"),
        mark("The interval includes it, so no difference can be claimed."),
    ),
}
"""Where a place stands against the middle of its peers: in a word, and in a sentence."""


def different_from_peers(comparison: Comparison) -> Answer:
    """Where the place stands against the middle of its peers, and whom it can't be told from."""
    question = say("Is it different from its peers?")
    if not comparison.has_figure or math.isnan(comparison.middle[0]):
        told = [say("There are not enough figures to compare.")]
        if not comparison.peers.ids:
            told.append(say("There are no peers."))
        return Answer(question, say("Cannot be said"), " ".join(told))
    row = comparison.row
    assert row is not None
    short, lies = STANDING[standing(row.low, row.high, comparison.middle)]
    text = " ".join([_peers_words(comparison), say(lies), *_rank_words(comparison)])
    return Answer(question, say(short), text)


def has_it_changed(comparison: Comparison) -> Answer:
    """What the process-control test says of the whole series."""
    question, trend = say("Has it changed?"), comparison.trend
    return Answer(question, trend.short, trend.text)


def other_sources(comparison: Comparison) -> Answer:
    """Which source says otherwise, or that none can be asked."""
    question, conflict = say("Which source says otherwise?"), comparison.sources
    own = comparison.yearly.sources[0].short if comparison.yearly.sources else say("this source")
    told = rate_conflict_words(conflict, comparison.measure)
    told += count_conflict_words(conflict.totals, own)
    if not told:
        text = say(
            "No other source in this atlas counts the same stages of {place} in the same years as "
            "{source}.",
            place=comparison.name,
            source=own,
        )
        return Answer(question, say("No other source to ask"), text)
    return Answer(question, _conflict_in_short(conflict), " ".join(told))


def _conflict_in_short(conflict: SourceConflict) -> str:
    if conflict.conclusion_changes:
        return say("{sources}: another conclusion", sources=listed(conflict.conclusion_changes))
    if conflict.rates_apart:
        return say("{sources}: another rate", sources=listed(conflict.rates_apart))
    if not conflict.totals.empty and not conflict.totals["agrees"].all():
        differing = conflict.totals.loc[~conflict.totals["agrees"].astype(bool), "short"]
        return say("{sources}: other counts", sources=listed(list(dict.fromkeys(differing))))
    return say("They agree")


def last_counts_words(counts: pd.DataFrame) -> str:
    """The last count that each source gives: what a chart of sources shows, for its text.

    Args:
        counts: rows of `SourceConflict.counts` of one stage.
    """
    told = counts[counts["count_low"].notna()].sort_values("year")
    lasts = [
        say(
            "{source} {count} in {year}",
            source=row.short,
            count=count_text(row.count_low, row.count_high),
            year=str(row.year),
        )
        for row in rows(told.drop_duplicates("short", keep="last"))
    ]
    if not lasts:
        return say("No source has a figure.")
    return say("Last counts: {counts}.", counts=parted(lasts))


TIMING: Final = {
    (True, True): mark(
        "The lag-adjusted ratio is {value} (95% interval {interval}): the two disagree by more "
        "than their intervals, so how long cases take matters here. Trust neither alone."
    ),
    (True, False): mark(
        "The lag-adjusted ratio, {value} (95% interval {interval}), agrees within the intervals."
    ),
    (False, True): mark(
        "The same-year ratio is {value} (95% interval {interval}): the two disagree by more than "
        "their intervals, so how long cases take matters here. Trust neither alone."
    ),
    (False, False): mark(
        "The same-year ratio, {value} (95% interval {interval}), agrees within the intervals."
    ),
}
"""Whether the other ratio is lag-adjusted, and whether it disagrees -> the sentence."""


def timing(comparison: Comparison) -> list[str]:
    """Whether the same-year and the lag-adjusted ratio agree, where both can be told."""
    other = comparison.other_timing
    if other is None or comparison.row is None:
        return []
    digits = comparison.measure.decimals
    return [
        say(
            TIMING[other.lagged, other.disagrees],
            value=value_text(other.row, digits),
            interval=interval_text(other.row, digits),
        )
    ]


def counts_words(measure: Measure, row: Any) -> str:
    """The counts behind a figure, each with what it counts."""
    above = _counted(row.numerator_low, row.numerator_high, label_of(measure.numerator))
    if measure.lag is not None:
        return say(
            "{convicted}; {expected} prosecutions were due to end.",
            convicted=above,
            expected=count_text(row.denominator_low, row.denominator_high),
        )
    what = (
        label_of(measure.below)
        if measure.below
        else say("{exposure} times years", exposure=measure.exposure)
    )
    below = _counted(row.denominator_low, row.denominator_high, what)
    return say("{above}; {below}.", above=above, below=below)


def _counted(low: Any, high: Any, what: str) -> str:
    return say("{count} {what}", count=count_text(low, high), what=what)


def label_of(stage: StageCount) -> str:
    """What a stage counts, as it stands inside a sentence."""
    return lower_first(stage_label(stage.stage, stage.unit))


def _years_used(comparison: Comparison, row: Any) -> list[str]:
    window = comparison.window.window
    if window == 1:
        return []
    return [
        say(
            "{used} of {window} years are reported.",
            used=whole(row.years_used),
            window=whole(window),
        )
    ]


def _why_none(comparison: Comparison, row: Any) -> str:
    years = years_text(row.year_from, row.year_to)
    if row.status == "suppressed":
        return say("{years}: withheld to protect persons, which is not zero.", years=years)
    lag = comparison.measure.lag
    if lag is None:
        return say(
            "{years}: {place} reports no year with all that this rate needs. Not reported is not "
            "zero.",
            years=years,
            place=comparison.name,
        )
    last = max(years for years, weight in enumerate(lag.weights) if weight)
    return say_many(
        "{years}: the rate needs the convictions of a year, and the prosecutions of that year and "
        "of the one before; {place} reports none of these years in full. Not reported is not zero.",
        "{years}: the rate needs the convictions of a year, and the prosecutions of that year and "
        "of the {last} before; {place} reports none of these years in full. Not reported is not "
        "zero.",
        last,
        years=years,
        last=whole(last),
        place=comparison.name,
    )


def _most_likely(comparison: Comparison, row: Any) -> list[str]:
    """The likelihood estimate, which stands beside the range of a censored figure."""
    if row.status != "censored":
        return []
    estimate = comparison.estimates.loc[row.jurisdiction_id]
    digits = comparison.measure.decimals
    interval = from_to(*(number(estimate[name], digits) for name in ("low", "high")))
    if math.isnan(estimate["estimate"]):
        return [
            say(
                "The ranges alone do not favour one value (likelihood interval {interval}).",
                interval=interval,
            )
        ]
    return [
        say(
            "The value that best explains the printed ranges is {value} (likelihood interval "
            "{interval}).",
            value=number(estimate["estimate"], digits),
            interval=interval,
        )
    ]


def _peers_words(comparison: Comparison) -> str:
    """How many peers have a figure, and what the middle one has."""
    found, peers = comparison.peers_with_figures, comparison.peers.words
    low, high = (number(end, comparison.measure.decimals) for end in comparison.middle)
    if low == high:
        return say_many(
            "Of {peers}, {count} has a figure; the middle one has {middle}.",
            "{count} {peers} have a figure; the middle one has {middle}.",
            found,
            count=whole(found),
            peers=peers,
            middle=low,
        )
    return say_many(
        "Of {peers}, {count} has a figure; the middle one has between {low} and {high}, because "
        "counts are ranges.",
        "{count} {peers} have a figure; the middle one has between {low} and {high}, because "
        "counts are ranges.",
        found,
        count=whole(found),
        peers=peers,
        low=low,
        high=high,
    )


def _rank_words(comparison: Comparison) -> list[str]:
    ranks = comparison.ranks
    own = ranks[ranks["jurisdiction_id"] == comparison.place]
    if own.empty or len(ranks) < 2:
        return []
    row = next(rows(own))
    low, high, places = (whole(n) for n in (row.rank_low, row.rank_high, len(ranks)))
    if low == high:
        return [say("From the highest, its rank is {rank} of {places}.", rank=low, places=places)]
    return [
        say(
            "From the highest, its rank is between {low} and {high} of {places}.",
            low=low,
            high=high,
            places=places,
        )
    ]


def rate_conflict_words(conflict: SourceConflict, measure: Measure) -> list[str]:
    """For each source that tells the rate too: both figures, and what becomes of the
    conclusion about the peers."""
    told = []
    for _, pair in conflict.rates.groupby("pair", sort=False):
        own, other = rows(pair)
        figures, against = (_of_source(row, measure) for row in (other, own))
        told.append(say(_outcome_words(own, other), years=own.years, other=figures, own=against))
    return told


def _of_source(row: Any, measure: Measure) -> str:
    return say(
        "{value} ({interval}) in {source}",
        value=value_text(row, measure.decimals),
        interval=interval_text(row, measure.decimals),
        source=row.short,
    )


def _outcome_words(own: Any, other: Any) -> str:
    """The sentence that says what becomes of the conclusion about the peers, to be said."""
    if not (own.standing and other.standing):
        return mark("Over the years that both tell ({years}), {other} against {own}.")
    if own.standing == other.standing:
        return mark(
            "Over the years that both tell ({years}), {other} against {own}: the conclusion about "
            "peers stays the same."
        )
    return mark(
        "Over the years that both tell ({years}), {other} against {own}: the conclusion about "
        "peers changes."
    )


AGREE: Final = mark(
    "On {what} in {years}, {source} and {own} agree within 10%: {theirs} against {ours}."
)
DIFFER: Final = mark("On {what} in {years}, {source} and {own} differ: {theirs} against {ours}.")


def count_conflict_words(totals: pd.DataFrame, own: str) -> list[str]:
    """For each other source and stage: both counts, and whether they agree.

    Args:
        totals: rows of `SourceConflict.totals`.
        own: name of the source in use.
    """
    return [
        say(
            AGREE if row.agrees else DIFFER,
            what=lower_first(row.stage_label),
            years=row.years,
            source=row.short,
            own=own,
            theirs=count_text(row.other_low, row.other_high),
            ours=count_text(row.own_low, row.own_high),
        )
        for row in rows(totals)
    ]
