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
    interval_text,
    number,
    probability_text,
    value_text,
    years_text,
)
from gapatlas.comparison.sentences import Answer, counts_words, label_of
from gapatlas.comparison.sources import listed_years
from gapatlas.config import Measure, StageCount
from gapatlas.gaps.gap import verdict
from gapatlas.profile.shortfalls import benchmark_words
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.profile.profiling import Profile

COUNTED: Final = "What is counted, and what came of it?"
STANDING: Final = "Does it fall short"
SILENT: Final = "What is not reported?"
NOT_ZERO: Final = "Not reported is not zero."
ALMOST_SURE: Final = 0.99
REPORTED: Final = ("exact", "censored")
REASONS: Final = {
    "not reported": "Without a figure of its own it cannot be measured against anything.",
    "withheld": "Its figure is withheld, so it cannot be measured against anything.",
    "nothing to divide by": "There is nothing to divide its count by, so no gap can be told.",
}


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
    if measure is None:
        return Answer(COUNTED, "No measure", _without_measure(profile))
    if row is None:
        short = _short(profile)
        text = (
            f"{short} has no line for {profile.name}. That says nothing of its laws, or of how "
            "they are enforced."
        )
        return Answer(COUNTED, f"Not part of {short}", text)
    if row.status in REPORTED:
        return _with_figure(profile, measure, row)
    if row.status == "suppressed":
        text = f"{_years(row)}: the source withholds what it needs, to protect persons."
        return Answer(COUNTED, "Withheld", f"{text} Withheld is not zero.")
    return Answer(COUNTED, "No figure", _why_none(profile, row))


def standing(profile: Profile) -> Answer:
    """Expected against observed, and how sure it is that the place falls short."""
    gap, row = profile.gap, profile.row
    if gap is None or row is None:
        text = (
            "No gap can be told without a figure that counts prosecutions, convictions or cleared "
            "offences."
        )
        return Answer(f"{STANDING}?", "Cannot be told", text)
    found = next(rows(gap.of(profile.place)))
    against = benchmark_words(gap, profile.place)
    question = f"{STANDING} of {against}?"
    kind = verdict(found)
    if kind == "none":
        why = REASONS.get(found.reason, f"It cannot be measured against {against}: {found.reason}.")
        return Answer(question, "Cannot be told", why)
    stage = label_of(gap.measure.numerator)
    counts = (
        f"At that level {expected_text(found)} {stage} would be expected in "
        f"{_years(row)} (95% interval {_interval(found.expected_from, found.expected_to)}), "
        f"against {count_text(found.observed_low, found.observed_high)} counted."
    )
    short, claim = _claim(found, kind)
    return Answer(question, short, f"{claim} {counts}")


def silent(profile: Profile) -> Answer:
    """The years in which a stage of the main measure is not reported."""
    if profile.measure is None or profile.row is None:
        return Answer(SILENT, "Cannot be told", _other_lines(profile))
    reports = [stage_report(profile, stage, None) for stage in _stages(profile.measure)]
    every = sorted({year for r in reports for year in (*r.reported, *r.withheld, *r.silent)})
    lacking = sorted({year for report in reports for year in report.silent})
    if not every:
        return Answer(SILENT, "Everything", f"No year has a line for it. {NOT_ZERO}")
    told = "; ".join(_silence_words(report) for report in reports)
    text = f"In {_short(profile)}, of {_number_of_years(every)}: {told}."
    if not lacking:
        return Answer(SILENT, f"Nothing, in {_number_of_years(every)}", text)
    short = f"A figure in {len(lacking)} of {_number_of_years(every)}"
    return Answer(SILENT, short, f"{text} {NOT_ZERO}")


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


def _with_figure(profile: Profile, measure: Measure, row: Any) -> Answer:
    value, lead = value_text(row, measure.decimals), f"{_years(row)}: "
    counts = counts_words(measure, row)
    window = profile.main.window if profile.main else 1
    used = f" {row.years_used} of {window} years are reported." if window > 1 else ""
    if pd.isna(row.value) and not _bounded(row):
        text = f"{lead}{counts} There is nothing to divide by, so there is no rate.{used}"
        return Answer(COUNTED, value, text)
    if row.low == 0 and math.isinf(row.high):
        text = f"{lead}{counts} The printed ranges leave every value open.{used}"
        return Answer(COUNTED, "Every value is open", text)
    short = f"{value} {measure.unit}"
    interval = interval_text(row, measure.decimals)
    text = f"{lead}{value} {measure.unit} (95% interval {interval}). {counts}{used}"
    if row.status == "censored":
        text += " At least one count is printed only as a range, so this is a range."
    return Answer(COUNTED, short, text)


def _bounded(row: Any) -> bool:
    return not pd.isna(row.value_low) and not math.isinf(row.value_low)


def _without_measure(profile: Profile) -> str:
    return (
        f"No measure of this config describes places such as {profile.name}. "
        f"{_other_lines(profile)}"
    )


def _other_lines(profile: Profile) -> str:
    """Which sources have a line for a place that the main measure does not describe."""
    ids = [*profile.counts["source_id"], *profile.outcomes["source_id"]]
    shorts = [profile.atlas.source(id_).short for id_ in dict.fromkeys(ids)]
    if not shorts:
        return f"No source here has a line for {profile.name}. {NOT_ZERO}"
    return f"Its counts stand below, as published by {', '.join(shorts)}."


def _why_none(profile: Profile, row: Any) -> str:
    """Which of the two counts is there, in the years of the window."""
    assert profile.measure is not None
    years = _years(row)
    above, *others = [
        stage_report(profile, stage, (row.year_from, row.year_to))
        for stage in _stages(profile.measure)
    ]
    if counted_only(row) and not others:
        return f"{years}: {above.count}, but no population to divide by."
    below = others[0] if others else None
    if above.withheld or (below is not None and below.withheld):
        return f"{years}: part of what it needs is withheld to protect persons, which is not zero."
    if below is None:
        return f"{years}: no figure for {above.label}. {NOT_ZERO}"
    if above.reported and below.reported:
        return (
            f"{years}: {above.count} in {listed_years(above.reported)} and {below.count} in "
            f"{listed_years(below.reported)}, but no year has all that the measure needs."
        )
    if below.reported:
        return (
            f"{years}: {below.count} ({_of(below)}), and no figure for {above.label}. What came "
            f"of it is not known. {NOT_ZERO}"
        )
    if above.reported:
        return (
            f"{years}: {above.count} ({_of(above)}), and no figure for {below.label}, so there is "
            f"nothing to divide by. {NOT_ZERO}"
        )
    return f"{years}: no figure for {above.label}, and none for {below.label}. {NOT_ZERO}"


def _of(report: StageReport) -> str:
    every = len(report.reported) + len(report.withheld) + len(report.silent)
    return f"{len(report.reported)} of {every} years"


def _claim(row: Any, kind: str) -> tuple[str, str]:
    """A verdict in a few words, and as a sentence with how likely it is."""
    low, high = float(row.probability_low), float(row.probability_high)
    chance = f"the probability that it falls short is {probability_text(low, high)}"
    if kind == "short":
        sure = "almost certainly" if low >= ALMOST_SURE else "very likely"
        return sure.capitalize(), f"It {sure} falls short: {chance}."
    if kind == "above":
        sure = "almost certainly" if high <= 1 - ALMOST_SURE else "very likely"
        return f"{sure.capitalize()} not", f"It {sure} lies above: {chance}."
    return "Cannot be told", f"The counts leave it open: {chance}."


def _interval(low: float, high: float) -> str:
    ends = [_rounded(low), _rounded(high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _rounded(count: float) -> str:
    """An expected count: whole numbers, one decimal below ten, so that 0.4 does not read as 0."""
    return number(count, 0 if count >= 10 or math.isinf(count) else 1)


def _silence_words(report: StageReport) -> str:
    told = []
    if not report.silent and not report.withheld:
        return f"{report.label} in every year"
    if not report.reported and not report.withheld:
        return f"no figure for {report.label} in any year"
    if report.silent:
        told.append(f"no figure for {report.label} in {listed_years(report.silent)}")
    if report.withheld:
        told.append(f"{report.label} withheld in {listed_years(report.withheld)}")
    return " and ".join(told)


def _stages(measure: Measure) -> list[StageCount]:
    """What a measure needs to be reported: above the line, then below it."""
    return [measure.numerator, *([measure.below] if measure.below is not None else [])]


def _number_of_years(years: list[int]) -> str:
    span = years_text(years[0], years[-1])
    return f"1 year ({span})" if len(years) == 1 else f"{len(years)} years ({span})"


def _years(row: Any) -> str:
    return years_text(row.year_from, row.year_to)


def _short(profile: Profile) -> str:
    assert profile.main is not None
    return profile.atlas.source(profile.main.source).short
