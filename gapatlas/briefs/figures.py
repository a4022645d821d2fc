"""The figures behind the sentences that pages and briefs share, one function for each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from gapatlas.briefs.model import (
    CHOSEN,
    COUNTED,
    PRINTED,
    PROBABILITY,
    SURE_90,
    SURE_95,
    Figure,
)
from gapatlas.comparison import Comparison
from gapatlas.comparison.sentences import label_of
from gapatlas.comparison.sources import SAME_WITHIN
from gapatlas.config import Measure, StageCount
from gapatlas.gaps import Waterfall
from gapatlas.investment import Investment
from gapatlas.languages import percentage, say, whole
from gapatlas.measures import MeasureFrame
from gapatlas.profile import Profile
from gapatlas.profile.sentences import StageReport, stage_report
from gapatlas.statistics.trend import FEWEST_YEARS, RUN
from gapatlas.tables import rows

YEAR: Final = re.compile(r"\d{4}")
Ends = tuple[float, float]
Share = tuple[float, float, float]


@dataclass(frozen=True)
class About:
    """What figures have in common: place, years and source."""

    place: str
    years: tuple[int, int]
    source: str

    def measured(
        self, key: str, what: str, value: Ends, interval: Ends, unit: str, sure: str = SURE_95
    ) -> Figure:
        """A figure with its interval."""
        ends = (*value, *interval)
        return Figure(key, what, self.place, *ends, say(sure), unit, self.years, self.source)

    def printed(self, key: str, what: str, low: Any, high: Any, unit: str) -> Figure:
        """A count as published: its bounds are all that is known of it."""
        ends = (float(low), float(high))
        return self.measured(key, what, ends, ends, unit, PRINTED)

    def counted(self, key: str, what: str, number: Any) -> Figure:
        """A number of years or places that was counted here."""
        ends = (float(number), float(number))
        return self.measured(key, what, ends, ends, "count", COUNTED)

    def probability(self, key: str, what: str, low: float, high: float) -> Figure:
        """A probability, two ends where counts are ranges."""
        return self.measured(key, what, (low, high), (low, high), "share", PROBABILITY)


def rate_figures(frame: MeasureFrame, row: Any) -> tuple[Figure, ...]:
    """A rate with its interval, the counts that it divides, and the years that they come from.

    Args:
        frame: the frame of the rate.
        row: its row.
    """
    measure = frame.measure
    about = About(row.jurisdiction_id, _span(row), frame.source_id)
    told = []
    if not pd.isna(row.value_low):
        value, interval = (row.value_low, row.value_high), (row.low, row.high)
        told.append(about.measured("value", measure.title, value, interval, measure.unit))
    for key, side in (("numerator", measure.numerator), ("denominator", measure.below)):
        low, high = getattr(row, f"{key}_low"), getattr(row, f"{key}_high")
        if not pd.isna(low):
            told.append(about.printed(key, _what(side, measure), low, high, _unit(side, measure)))
    used = about.counted("years_used", say("Years with all that it needs"), row.years_used)
    return (*told, used, about.counted("window", say("Years asked for"), frame.window))


def report_figures(profile: Profile, years: tuple[int, int] | None) -> tuple[Figure, ...]:
    """What a place reports of each stage of its main measure, as counts and as years.

    Args:
        profile: the place.
        years: first and last year; None means all years of the source.
    """
    main = profile.main
    if main is None:
        return ()
    found = [stage_report(profile, stage, years) for stage in _stages(profile.measure)]
    return tuple(
        figure for report in found for figure in _of_report(report, profile.place, main.source)
    )


def silence_figures(profile: Profile) -> tuple[Figure, ...]:
    """What `report_figures` tells of all years, and the years in which any stage is silent."""
    told = report_figures(profile, None)
    if not told:
        return ()
    found = [stage_report(profile, stage, None) for stage in _stages(profile.measure)]
    lacking = {year for report in found for year in report.silent}
    about = About(profile.place, told[0].years, told[0].source)
    what = say("Years without all that it needs")
    return (*told, about.counted("lacking", what, len(lacking)))


def lines_figure(profile: Profile) -> Figure:
    """How many lines the sources have for a place that its measure does not describe."""
    counts, outcomes = profile.counts, profile.outcomes
    ids = " ".join(dict.fromkeys([*counts["source_id"], *outcomes["source_id"]]))
    years = (int(counts["year"].min()), int(counts["year"].max())) if len(counts) else (0, 0)
    about = About(profile.place, years, ids)
    what = say("Lines of the sources for it")
    return about.counted("lines", what, len(counts) + len(outcomes))


def gap_figures(profile: Profile) -> tuple[Figure, ...]:
    """Observed, expected and the probability of falling short; nothing without a gap."""
    gap, row = profile.gap, profile.row
    found = next(rows(gap.of(profile.place)), None) if gap is not None else None
    if gap is None or row is None or found is None or found.reason:
        return ()
    stage = gap.measure.numerator
    about = About(profile.place, _span(row), gap.frame.source_id)
    expected, interval = (
        (found.expected_low, found.expected_high),
        (found.expected_from, found.expected_to),
    )
    observed = (found.observed_low, found.observed_high, stage.unit)
    chance = (found.probability_low, found.probability_high)
    what = label_of(stage)
    return (
        about.measured(
            "expected", say("Expected: {what}", what=what), expected, interval, stage.unit
        ),
        about.printed("observed", say("Counted: {what}", what=what), *observed),
        about.probability("probability", say("Probability of falling short"), *chance),
    )


def peer_figures(comparison: Comparison) -> tuple[Figure, ...]:
    """The peers with a figure, their middle, and the rank of the place with its interval."""
    if not comparison.has_figure:
        return ()
    about = _about(comparison)
    low, high = comparison.middle
    told = [about.counted("peers", say("Peers with a figure"), comparison.peers_with_figures)]
    if not math.isnan(low):
        unit = comparison.measure.unit
        told.append(about.printed("middle", say("Middle of the peers"), low, high, unit))
    ranks = comparison.ranks
    own = next(rows(ranks[ranks["jurisdiction_id"] == comparison.place]), None)
    if own is not None:
        rank, interval = (own.rank, own.rank), (own.rank_low, own.rank_high)
        told.append(about.measured("rank", say("Rank from the highest"), rank, interval, "rank"))
        told.append(about.counted("ranked", say("Places with a rank"), len(ranks)))
    return tuple(told)


def group_figures(first: Comparison) -> tuple[Figure, ...]:
    """How many places have a rank, and in how many groups that can't be told apart."""
    ranks, about = first.ranks, _about(first)
    groups = int(ranks["group"].max()) if len(ranks) else 0
    told = (
        about.counted("ranked", say("Places with a rank"), len(ranks)),
        about.counted("groups", say("Groups that cannot be told apart"), groups),
    )
    own = next(rows(ranks[ranks["jurisdiction_id"] == first.place]), None)
    if own is None:
        return told
    return (*told, about.counted("group", say("Its group, from the highest"), own.group))


def loss_figures(found: Waterfall) -> tuple[Figure, ...]:
    """What is lost at each step, as a count and as a share of the stage before."""
    about = About(found.place, found.years, found.source_id)
    told = [figure for row in rows(found.losses) for figure in _of_loss(about, row)]
    if not told:
        return ()
    window = found.years[1] - found.years[0] + 1
    used = about.counted("used", say("Years in which all stages are reported"), len(found.used))
    return (*told, used, about.counted("window", say("Years asked for"), window))


def trend_figures(comparison: Comparison) -> tuple[Figure, ...]:
    """How many years the test for change has, and what it asks for; nothing without a year."""
    years = comparison.trend.years
    if years.empty:
        return ()
    span = (int(years["year_to"].min()), int(years["year_to"].max()))
    about = About(comparison.place, span, comparison.yearly.source_id)
    reported = int(years["value_low"].notna().sum())
    outside = int((years["signal"] == "outside").sum())
    return (
        about.counted("trend_years", say("Years with a figure"), reported),
        about.counted("outside", say("Years beyond what chance allows"), outside),
        _chosen("run", say("Years of a run that the test counts"), RUN),
        _chosen("fewest", say("Years that the test needs"), FEWEST_YEARS),
    )


def conflict_figures(comparison: Comparison) -> tuple[Figure, ...]:
    """What other sources tell of the place over the years that both tell: rates, then counts."""
    conflict, measure = comparison.sources, comparison.measure
    told: list[Figure] = []
    for row in rows(conflict.rates):
        about = About(comparison.place, _first_and_last(row.years), row.source_id)
        key, what = f"rate:{row.pair}:{row.role}", f"{measure.title}: {row.short}"
        value, interval = (row.value_low, row.value_high), (row.low, row.high)
        told.append(about.measured(key, what, value, interval, measure.unit))
    for row in rows(conflict.totals):
        years, key = _first_and_last(row.years), f"{row.source_id}:{row.stage_label}"
        for side, source in (("other", row.source_id), ("own", comparison.window.source_id)):
            about = About(comparison.place, years, source)
            low, high = getattr(row, f"{side}_low"), getattr(row, f"{side}_high")
            told.append(about.printed(f"{side}:{key}", row.stage_label, low, high, "count"))
    if not told:
        return ()
    what = say("Counts that agree differ by less")
    return (*told, _chosen("same_within", what, SAME_WITHIN, "share"))


def difference_figures(comparison: Comparison, other: str) -> tuple[Figure, ...]:
    """How much higher a place is than another, and how likely that is; nothing without two
    figures."""
    found = comparison.against(other)
    if found is None:
        return ()
    per, own = comparison.measure.per, _about(comparison)
    about = About(f"{comparison.place} {other}", own.years, own.source)
    middle, low, high = (float(end[0]) * per for end in (found.difference, found.low, found.high))
    chance = (float(found.probability_low[0]), float(found.probability_high[0]))
    unit = comparison.measure.unit
    return (
        about.measured("difference", say("Difference"), (middle, middle), (low, high), unit),
        about.probability("higher", say("Probability of being higher"), *chance),
    )


def investment_figures(
    investment: Investment, at_least: int, assumed: Share | None
) -> tuple[Figure, ...]:
    """What is spent, what it would change, at which cost, and how sure that is.

    Args:
        investment: the simulated scenario.
        at_least: further convictions whose probability is told.
        assumed: share of the spread that is judgement, with its interval.
    """
    effect, about = investment.effect, _about_scenario(investment)
    cost, *ends = effect.cost_per_conviction()
    at_least_words = say("Probability of at least {number} more", number=whole(at_least))
    chance, harm = effect.chance_of(at_least), effect.chance_of_harm
    what, unit = say("Cost of one further conviction"), investment.currency
    told = [
        change_figure(investment),
        about.probability("chance", at_least_words, chance, chance),
        about.probability("harm", say("Probability of fewer convictions"), harm, harm),
        about.measured("cost", what, (cost, cost), (ends[0], ends[1]), unit, SURE_90),
        _chosen("spent", say("Spent on training"), effect.programme.cost, unit),
        _chosen("at_least", say("Further convictions asked about"), at_least, "persons"),
    ]
    if assumed is not None:
        share, low, high = assumed
        what = say("Share of the spread that is judgement")
        told.append(about.measured("assumed", what, (share, share), (low, high), "share", SURE_90))
    return tuple(told)


def change_figure(investment: Investment) -> Figure:
    """Further convictions with their 90% interval."""
    draws = investment.effect.convictions
    low, middle, high = (float(end) for end in np.quantile(draws, [0.05, 0.5, 0.95]))
    key = f"further:{investment.scenario.preset}"
    return _about_scenario(investment).measured(
        key, say("Further convictions"), (middle, middle), (low, high), "persons", SURE_90
    )


def belief_figures(investment: Investment, names: tuple[str, ...]) -> tuple[Figure, ...]:
    """What is believed of some inputs, each with its interval."""
    about, told = _about_scenario(investment), []
    for name in names:
        belief = investment.beliefs[name]
        prior = belief.prior
        sure = say("{level} interval, believed", level=percentage(prior.level))
        value, interval = (prior.value, prior.value), (prior.low, prior.high)
        told.append(
            about.measured(f"belief:{name}", belief.title, value, interval, belief.unit, sure)
        )
    return tuple(told)


# ------------------------------------------------------------------ parts


def _of_report(report: StageReport, place: str, source: str) -> Iterator[Figure]:
    every = sorted((*report.reported, *report.withheld, *report.silent))
    if not every:
        return
    about = About(place, (every[0], every[-1]), source)
    stage, words = report.stage, label_of(report.stage)
    key = f"{stage.stage}:{stage.unit}"
    if report.reported:
        yield about.printed(f"count:{key}", words, report.low, report.high, stage.unit)
    yield about.counted(
        f"reported:{key}", say("Years with a figure: {what}", what=words), len(report.reported)
    )
    yield about.counted(
        f"silent:{key}", say("Years without a figure: {what}", what=words), len(report.silent)
    )
    yield about.counted(f"listed:{key}", say("Years of the source: {what}", what=words), len(every))


def _of_loss(about: About, row: Any) -> Iterator[Figure]:
    if row.kind == "gain":
        yield about.printed(f"gain:{row.key}", row.label, -row.high, -row.low, row.unit)
        return
    count, around = (row.low, row.high), (row.interval_from, row.interval_to)
    yield about.measured(f"lost:{row.key}", row.label, count, around, row.unit)
    share, interval = (row.lost_low, row.lost_high), (max(row.lost_from, 0.0), row.lost_to)
    what = say("{step}, of the stage before", step=row.label)
    yield about.measured(f"share:{row.key}", what, share, interval, "share")


def _about(comparison: Comparison) -> About:
    years = comparison.window.years if comparison.row is None else _span(comparison.row)
    return About(comparison.place, years, comparison.window.source_id)


def _about_scenario(investment: Investment) -> About:
    places = " ".join(investment.scenario.places)
    return About(places, investment.years, investment.baselines.source_id)


def _chosen(key: str, what: str, number: float, unit: str = "count") -> Figure:
    """A number that nobody measured: a rule or a choice."""
    ends = (float(number), float(number))
    return About("", (0, 0), "").measured(key, what, ends, ends, unit, CHOSEN)


def _stages(measure: Measure | None) -> list[StageCount]:
    """Stages above and below the line of a measure."""
    if measure is None:
        return []
    return [side for side in (measure.numerator, measure.below) if side is not None]


def _what(side: StageCount | None, measure: Measure) -> str:
    if side is not None:
        return label_of(side)
    return say("{exposure} times years", exposure=measure.exposure)


def _unit(side: StageCount | None, measure: Measure) -> str:
    if side is not None:
        return side.unit
    return say("{exposure} times years", exposure=measure.exposure)


def _span(row: Any) -> tuple[int, int]:
    return int(row.year_from), int(row.year_to)


def _first_and_last(years: str) -> tuple[int, int]:
    """First and last year of years in words."""
    found = [int(year) for year in YEAR.findall(years)]
    return found[0], found[-1]
