"""The headline of one place: sentences made by rules, that claim no more than the figures carry.

What is counted, and what came of it? How does the place stand? What does it not report?
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from gapatlas.charts.words import (
    count_text,
    counted_only,
    from_to,
    interval_text,
    number,
    parted,
    probability_text,
    value_text,
    years_text,
)
from gapatlas.comparison.sentences import Answer, counts_words, label_of
from gapatlas.comparison.sources import listed_years
from gapatlas.config import Measure, StageCount
from gapatlas.gaps.gap import NOT_REPORTED, NOTHING_BELOW, WITHHELD, verdict
from gapatlas.languages import mark, say, say_many, whole
from gapatlas.profile.shortfalls import benchmark_words
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.profile.profiling import Profile

COUNTED: Final = mark("What is counted, and what came of it?")
SILENT: Final = mark("What is not reported?")
NOT_ZERO: Final = mark("Not reported is not zero.")
UNTOLD: Final = mark("Cannot be told")
ALMOST_SURE: Final = 0.99
REPORTED: Final = ("exact", "censored")
REASONS: Final = {
    NOT_REPORTED: mark("Without a figure of its own it cannot be measured against anything."),
    WITHHELD: mark("Its figure is withheld, so it cannot be measured against anything."),
    NOTHING_BELOW: mark("There is nothing to divide its count by, so no gap can be told."),
}
ALMOST_SURELY_SHORT: Final = (
    mark("Almost certainly"),
    mark("It almost certainly falls short: the probability that it falls short is {chance}."),
)
LIKELY_SHORT: Final = (
    mark("Very likely"),
    mark("It very likely falls short: the probability that it falls short is {chance}."),
)
ALMOST_SURELY_ABOVE: Final = (
    mark("Almost certainly not"),
    mark("It almost certainly lies above: the probability that it falls short is {chance}."),
)
LIKELY_ABOVE: Final = (
    mark("Very likely not"),
    mark("It very likely lies above: the probability that it falls short is {chance}."),
)
LEFT_OPEN: Final = (
    UNTOLD,
    mark("The counts leave it open: the probability that it falls short is {chance}."),
)


@dataclass(frozen=True)
class StageReport:
    """What a place reports of one stage in some years.

    Attributes:
        stage: the stage.
        reported, withheld, silent: years with a figure, with a withheld one, with none.
        low, high: bounds of the sum over the years with a figure.
    """

    stage: StageCount
    reported: tuple[int, ...]
    withheld: tuple[int, ...]
    silent: tuple[int, ...]
    low: int
    high: int

    @property
    def label(self) -> str:
        """What is counted, as it stands inside a sentence."""
        return label_of(self.stage)

    @property
    def count(self) -> str:
        """The sum with what is counted."""
        return f"{count_text(self.low, self.high)} {self.label}"


def headline_of(profile: Profile) -> tuple[Answer, ...]:
    """Answer the three questions for one place, in order."""
    return (counted(profile), standing(profile), silent(profile))


def counted(profile: Profile) -> Answer:
    """The main figure with its counts, years and interval; or why there is none."""
    measure, row = profile.measure, profile.row
    question = say(COUNTED)
    if measure is None:
        return Answer(question, say("No measure"), _without_measure(profile))
    if row is None:
        return Answer(question, *_not_in_source(profile))
    if row.status in REPORTED:
        return Answer(question, *_with_figure(profile, measure, row))
    if row.status == "suppressed":
        text = say(
            "{years}: the source withholds what it needs, to protect persons. Withheld is not "
            "zero.",
            years=_years(row),
        )
        return Answer(question, say("Withheld"), text)
    return Answer(question, say("No figure"), _why_none(profile, row))


def standing(profile: Profile) -> Answer:
    """Expected against observed, and how sure it is that the place falls short."""
    gap, row = profile.gap, profile.row
    if gap is None or row is None:
        text = say(
            "No gap can be told without a figure that counts prosecutions, convictions or cleared "
            "offences."
        )
        return Answer(say("Does it fall short?"), say(UNTOLD), text)
    found = next(rows(gap.of(profile.place)))
    against = benchmark_words(gap, profile.place)
    question = say("Does it fall short of {benchmark}?", benchmark=against)
    kind = verdict(found)
    if kind == "none":
        return Answer(question, say(UNTOLD), no_gap_words(found.reason, against))
    counts = say(
        "At that level {expected} {what} would be expected in {years} (95% interval {interval}), "
        "against {observed} counted.",
        expected=expected_text(found),
        what=label_of(gap.measure.numerator),
        years=_years(row),
        interval=_interval(found.expected_from, found.expected_to),
        observed=count_text(found.observed_low, found.observed_high),
    )
    short, claim = _claim(found, kind)
    return Answer(question, short, f"{claim} {counts}")


def no_gap_words(reason: str, against: str) -> str:
    """Why a place has no gap, in a sentence.

    Args:
        reason: as in `Gap.table`.
        against: the benchmark in words.
    """
    if reason in REASONS:
        return say(REASONS[reason])
    return say(
        "It cannot be measured against {benchmark}: {reason}.",
        benchmark=against,
        reason=say(reason),
    )


def silent(profile: Profile) -> Answer:
    """The years in which a stage of the main measure is not reported."""
    question = say(SILENT)
    if profile.measure is None or profile.row is None:
        return Answer(question, say(UNTOLD), _other_lines(profile))
    reports = [stage_report(profile, stage, None) for stage in _stages(profile.measure)]
    every = sorted({year for r in reports for year in (*r.reported, *r.withheld, *r.silent)})
    lacking = sorted({year for report in reports for year in report.silent})
    if not every:
        text = _with_not_zero(say("No year has a line for it."))
        return Answer(question, say("Everything"), text)
    years = _number_of_years(every)
    text = say(
        "In {source}, of {years}: {told}.",
        source=_short(profile),
        years=years,
        told=parted([_silence_words(report) for report in reports]),
    )
    if not lacking:
        return Answer(question, say("Nothing, in {years}", years=years), text)
    short = say("A figure in {count} of {years}", count=whole(len(lacking)), years=years)
    return Answer(question, short, f"{text} {say(NOT_ZERO)}")


def stage_report(profile: Profile, stage: StageCount, years: tuple[int, int] | None) -> StageReport:
    """What the main source reports of a stage.

    Args:
        profile: the place.
        stage: the stage and its unit.
        years: first and last year; None means all years that the source has for the place.
    """
    assert profile.main is not None
    stages = profile.atlas.stages(profile.place, profile.main.source)
    if years is not None:
        stages = stages[stages["year"].between(*years)]
    own = stages[(stages["stage"] == stage.stage) & (stages["unit"] == stage.unit)]
    told = own[own["status"].isin(REPORTED)]
    withheld = set(own.loc[own["status"] == "suppressed", "year"])
    reported = set(told["year"])
    covered = set(range(years[0], years[1] + 1)) if years is not None else set(stages["year"])
    return StageReport(
        stage=stage,
        reported=tuple(sorted(int(year) for year in reported)),
        withheld=tuple(sorted(int(year) for year in withheld)),
        silent=tuple(sorted(int(year) for year in covered - reported - withheld)),
        low=int(told["count_low"].sum()),
        high=int(told["count_high"].sum()),
    )


def expected_text(row: Any) -> str:
    """The expected count, a range where the counts behind it are, in whole numbers."""
    return _interval(row.expected_low, row.expected_high)


def _not_in_source(profile: Profile) -> tuple[str, str]:
    source = _short(profile)
    text = say(
        "{source} has no line for {name}. That says nothing of its laws, or of how they are "
        "enforced.",
        source=source,
        name=profile.name,
    )
    return say("Not part of {source}", source=source), text


def _with_figure(profile: Profile, measure: Measure, row: Any) -> tuple[str, str]:
    """A figure in a few words, and with its counts, years and interval."""
    value, counts = value_text(row, measure.decimals), counts_words(measure, row)
    used = _used_words(row, profile.main.window if profile.main else 1)
    dated = say("{years}: {text}", years=_years(row), text=counts)
    if pd.isna(row.value) and not _bounded(row):
        why = say("There is nothing to divide by, so there is no rate.")
        return value, _together(dated, why, used)
    if row.low == 0 and math.isinf(row.high):
        why = say("The printed ranges leave every value open.")
        return say("Every value is open"), _together(dated, why, used)
    figure = say(
        "{years}: {value} {unit} (95% interval {interval}).",
        years=_years(row),
        value=value,
        unit=measure.unit,
        interval=interval_text(row, measure.decimals),
    )
    ranged = (
        say("At least one count is printed only as a range, so this is a range.")
        if row.status == "censored"
        else ""
    )
    return f"{value} {measure.unit}", _together(figure, counts, used, ranged)


def _used_words(row: Any, window: int) -> str:
    if window == 1:
        return ""
    return say(
        "{used} of {window} years are reported.", used=whole(row.years_used), window=whole(window)
    )


def _together(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _bounded(row: Any) -> bool:
    return not pd.isna(row.value_low) and not math.isinf(row.value_low)


def _without_measure(profile: Profile) -> str:
    lead = say("No measure of this config describes places such as {name}.", name=profile.name)
    return f"{lead} {_other_lines(profile)}"


def _other_lines(profile: Profile) -> str:
    """Which sources have a line for a place that the main measure does not describe."""
    ids = [*profile.counts["source_id"], *profile.outcomes["source_id"]]
    shorts = [profile.atlas.source(id_).short for id_ in dict.fromkeys(ids)]
    if not shorts:
        none = say("No source here has a line for {name}.", name=profile.name)
        return f"{none} {say(NOT_ZERO)}"
    return say("Its counts stand below, as published by {sources}.", sources=", ".join(shorts))


def _why_none(profile: Profile, row: Any) -> str:
    """Which of the two counts is there, in the years of the window."""
    assert profile.measure is not None
    years = _years(row)
    above, *others = [
        stage_report(profile, stage, (row.year_from, row.year_to))
        for stage in _stages(profile.measure)
    ]
    if counted_only(row) and not others:
        return say(
            "{years}: {count}, but no population to divide by.", years=years, count=above.count
        )
    below = others[0] if others else None
    if above.withheld or (below is not None and below.withheld):
        return say(
            "{years}: part of what it needs is withheld to protect persons, which is not zero.",
            years=years,
        )
    if below is None:
        return _with_not_zero(say("{years}: no figure for {what}.", years=years, what=above.label))
    return _why_no_ratio(years, above, below)


def _why_no_ratio(years: str, above: StageReport, below: StageReport) -> str:
    """Which of the two stages of a ratio is reported."""
    if above.reported and below.reported:
        return say(
            "{years}: {above} in {above_years} and {below} in {below_years}, but no year has all "
            "that the measure needs.",
            years=years,
            above=above.count,
            above_years=listed_years(above.reported),
            below=below.count,
            below_years=listed_years(below.reported),
        )
    if below.reported:
        told = say(
            "{years}: {below} ({used}), and no figure for {above}. What came of it is not known.",
            years=years,
            below=below.count,
            used=_of(below),
            above=above.label,
        )
    elif above.reported:
        told = say(
            "{years}: {above} ({used}), and no figure for {below}, so there is nothing to divide "
            "by.",
            years=years,
            above=above.count,
            used=_of(above),
            below=below.label,
        )
    else:
        told = say(
            "{years}: no figure for {above}, and none for {below}.",
            years=years,
            above=above.label,
            below=below.label,
        )
    return _with_not_zero(told)


def _with_not_zero(sentence: str) -> str:
    return f"{sentence} {say(NOT_ZERO)}"


def _of(report: StageReport) -> str:
    every = len(report.reported) + len(report.withheld) + len(report.silent)
    return say("{count} of {window} years", count=whole(len(report.reported)), window=whole(every))


def _claim(row: Any, kind: str) -> tuple[str, str]:
    """A verdict in a few words, and as a sentence with how likely it is."""
    low, high = float(row.probability_low), float(row.probability_high)
    chance = probability_text(low, high)
    if kind == "short":
        short, text = ALMOST_SURELY_SHORT if low >= ALMOST_SURE else LIKELY_SHORT
    elif kind == "above":
        short, text = ALMOST_SURELY_ABOVE if high <= 1 - ALMOST_SURE else LIKELY_ABOVE
    else:
        short, text = LEFT_OPEN
    return say(short), say(text, chance=chance)


def _interval(low: float, high: float) -> str:
    ends = [_rounded(low), _rounded(high)]
    return ends[0] if ends[0] == ends[1] else from_to(*ends)


def _rounded(count: float) -> str:
    """An expected count: whole numbers, one decimal below ten, so that 0.4 does not read as 0."""
    return number(count, 0 if count >= 10 or math.isinf(count) else 1)


def _silence_words(report: StageReport) -> str:
    what = report.label
    silent, withheld = listed_years(report.silent), listed_years(report.withheld)
    if not silent and not withheld:
        return say("{what} in every year", what=what)
    if not report.reported and not withheld:
        return say("no figure for {what} in any year", what=what)
    if not withheld:
        return say("no figure for {what} in {silent}", what=what, silent=silent)
    if not silent:
        return say("{what} withheld in {withheld}", what=what, withheld=withheld)
    return say(
        "no figure for {what} in {silent} and {what} withheld in {withheld}",
        what=what,
        silent=silent,
        withheld=withheld,
    )


def _stages(measure: Measure) -> list[StageCount]:
    """What a measure needs to be reported: above the line, then below it."""
    return [measure.numerator, *([measure.below] if measure.below is not None else [])]


def _number_of_years(years: list[int]) -> str:
    span = years_text(years[0], years[-1])
    return say_many(
        "{count} year ({span})",
        "{count} years ({span})",
        len(years),
        count=whole(len(years)),
        span=span,
    )


def _years(row: Any) -> str:
    return years_text(row.year_from, row.year_to)


def _short(profile: Profile) -> str:
    assert profile.main is not None
    return profile.atlas.source(profile.main.source).short
