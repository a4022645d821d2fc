"""The figures behind the sentences that pages and briefs share, one function for each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from gapatlas.brief.model import (
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
from gapatlas.measures import MeasureFrame
from gapatlas.profile import Profile
from gapatlas.profile.sentences import StageReport, stage_report
from gapatlas.statistics.trend import FEWEST_YEARS, RUN
from gapatlas.tables import rows

PEOPLE: Final = "people times years"
YEAR: Final = re.compile(r"\d{4}")
Share = tuple[float, float, float]


def rate_figures(frame: MeasureFrame, row: Any) -> tuple[Figure, ...]:
    """A rate with its interval, the counts that it divides, and the years that they come from.

    Args:
        frame: the frame of the rate.
        row: its row.
    """
    measure, years = frame.measure, (int(row.year_from), int(row.year_to))
    place, source = str(row.jurisdiction_id), str(row.source_id or frame.source_id)
    told = []
    if not pd.isna(row.value_low):
        told.append(
            Figure(
                *("value", measure.title, place, float(row.value_low), float(row.value_high)),
                *(float(row.low), float(row.high), SURE_95, measure.unit, years, source),
            )
        )
    for key, side in (("numerator", measure.numerator), ("denominator", measure.denominator)):
        low, high = getattr(row, f"{key}_low"), getattr(row, f"{key}_high")
        if not pd.isna(low):
            unit = _unit_below(measure) if key == "denominator" else measure.numerator.unit
            told.append(_count(key, _what(side), place, low, high, unit, years, source))
    used = _exactly("years_used", "Years with all that it needs", place, row.years_used)
    asked = _exactly("window", "Years asked for", place, frame.window)
    return (*told, _in_years(used, years, source), _in_years(asked, years, source))


def report_figures(profile: Profile, years: tuple[int, int] | None) -> tuple[Figure, ...]:
    """What a place reports of each stage of its main measure, as counts and as years.

    Args:
        profile: the place.
        years: first and last year; None means all years of the source.
    """
    measure, main = profile.measure, profile.main
    if measure is None or main is None:
        return ()
    told: list[Figure] = []
    for stage in (measure.numerator, measure.denominator):
        if isinstance(stage, StageCount):
            found = stage_report(profile, stage, years)
            told += _of_report(found, profile.place, main.source)
    return tuple(told)


def _of_report(report: StageReport, place: str, source: str) -> Iterator[Figure]:
    every = sorted((*report.reported, *report.withheld, *report.silent))
    if not every:
        return
    years, stage = (every[0], every[-1]), report.stage
    key = f"{stage.stage}:{stage.unit}"
    if report.reported:
        yield _count(
            f"count:{key}", _what(stage), place, report.low, report.high, stage.unit, years, source
        )
    for name, what, number in (
        ("reported", "Years with a figure", len(report.reported)),
        ("silent", "Years without a figure", len(report.silent)),
        ("listed", "Years of the source", len(every)),
    ):
        figure = _exactly(f"{name}:{key}", f"{what}: {label_of(stage)}", place, number)
        yield _in_years(figure, years, source)


def silence_figures(profile: Profile) -> tuple[Figure, ...]:
    """What `report_figures` tells of all years, and the years in which any stage is silent."""
    told = report_figures(profile, None)
    measure, main = profile.measure, profile.main
    if not told or measure is None or main is None:
        return told
    stages = [s for s in (measure.numerator, measure.denominator) if isinstance(s, StageCount)]
    lacking = {year for stage in stages for year in stage_report(profile, stage, None).silent}
    figure = _exactly("lacking", "Years without all that it needs", profile.place, len(lacking))
    return (*told, _in_years(figure, told[0].years, main.source))


def gap_figures(profile: Profile) -> tuple[Figure, ...]:
    """Observed, expected and the probability of falling short; nothing without a gap."""
    gap, row = profile.gap, profile.row
    found = next(rows(gap.of(profile.place)), None) if gap is not None else None
    if gap is None or row is None or found is None or found.reason:
        return ()
    years, source = (int(row.year_from), int(row.year_to)), gap.frame.source_id
    unit, what = gap.measure.numerator.unit, label_of(gap.measure.numerator)
    place = profile.place
    return (
        Figure(
            *("expected", f"Expected: {what}", place, found.expected_low, found.expected_high),
            *(found.expected_from, found.expected_to, SURE_95, unit, years, source),
        ),
        _count(
            "observed", f"Counted: {what}", place, found.observed_low, found.observed_high, unit,
            years, source,
        ),
        Figure(
            *("probability", "Probability of falling short", place),
            *(found.probability_low, found.probability_high),
            *(found.probability_low, found.probability_high, PROBABILITY, "share", years, source),
        ),
    )  # fmt: skip


def peer_figures(comparison: Comparison) -> tuple[Figure, ...]:
    """The peers with a figure, their middle, and the rank of the place with its interval."""
    row, place = comparison.row, comparison.place
    if row is None or not comparison.has_figure:
        return ()
    years, source = (int(row.year_from), int(row.year_to)), comparison.window.source_id
    low, high = comparison.middle
    told = [_exactly("peers", "Peers with a figure", place, comparison.peers_with_figures)]
    if not math.isnan(low):
        unit = comparison.measure.unit
        told.append(
            Figure("middle", "Middle of the peers", place, low, high, low, high, PRINTED, unit,
                   years, source)
        )  # fmt: skip
    ranks = comparison.ranks
    own = next(rows(ranks[ranks["jurisdiction_id"] == place]), None)
    if own is not None:
        told.append(
            Figure(
                *("rank", "Rank from the highest", place, own.rank, own.rank),
                *(own.rank_low, own.rank_high, SURE_95, "rank", years, source),
            )
        )
        told.append(_exactly("ranked", "Places with a rank", place, len(ranks)))
    return tuple(_in_years(figure, years, source) for figure in told)


def group_figures(first: Comparison) -> tuple[Figure, ...]:
    """How many places have a rank, and in how many groups that can't be told apart."""
    ranks, place = first.ranks, first.place
    groups = int(ranks["group"].max()) if len(ranks) else 0
    own = next(rows(ranks[ranks["jurisdiction_id"] == place]), None)
    told = [
        _exactly("ranked", "Places with a rank", place, len(ranks)),
        _exactly("groups", "Groups that cannot be told apart", place, groups),
    ]
    if own is not None:
        told.append(_exactly("group", "Its group, from the highest", place, own.group))
    years, source = first.window.years, first.window.source_id
    return tuple(_in_years(figure, years, source) for figure in told)


def loss_figures(found: Waterfall) -> tuple[Figure, ...]:
    """What is lost at each step, as a count and as a share of the stage before."""
    told = []
    for row in rows(found.losses):
        step = f"{row.key}"
        if row.kind == "gain":
            told.append(_count(f"gain:{step}", row.label, found.place, -row.high, -row.low,
                               row.unit, found.years, found.source_id))  # fmt: skip
            continue
        told.append(
            Figure(
                *(f"lost:{step}", row.label, found.place, row.low, row.high),
                *(row.interval_from, row.interval_to, SURE_95, row.unit),
                *(found.years, found.source_id),
            )
        )
        told.append(
            Figure(
                *(f"share:{step}", f"{row.label}, of the stage before", found.place),
                *(row.lost_low, row.lost_high, max(row.lost_from, 0.0), row.lost_to),
                *(SURE_95, "share", found.years, found.source_id),
            )
        )
    if not told:
        return ()
    window = found.years[1] - found.years[0] + 1
    counted = (
        _exactly("used", "Years in which all stages are reported", found.place, len(found.used)),
        _exactly("window", "Years asked for", found.place, window),
    )
    return (*told, *(_in_years(figure, found.years, found.source_id) for figure in counted))


def trend_figures(comparison: Comparison) -> tuple[Figure, ...]:
    """How many years the test for change has, and how many it needs; nothing without a year."""
    years = comparison.trend.years
    reported = years[years["value_low"].notna()]
    if years.empty:
        return ()
    span = (int(years["year_to"].min()), int(years["year_to"].max()))
    place, source = comparison.place, comparison.yearly.source_id
    outside = int((years["signal"] == "outside").sum())
    found = (
        _exactly("trend_years", "Years with a figure", place, len(reported)),
        _exactly("outside", "Years beyond what chance allows", place, outside),
    )
    rules = (
        _chosen("run", "Years of a run that the test counts", RUN),
        _chosen("fewest", "Years that the test needs", FEWEST_YEARS),
    )
    return (*(_in_years(figure, span, source) for figure in found), *rules)


def conflict_figures(comparison: Comparison) -> tuple[Figure, ...]:
    """What other sources tell of the place over the years that both tell: rates, then counts."""
    conflict, place = comparison.sources, comparison.place
    unit = comparison.measure.unit
    told = [
        Figure(f"rate:{row.pair}:{row.role}", f"{comparison.measure.title}: {row.short}", place,
               row.value_low, row.value_high, row.low, row.high, SURE_95, unit,
               _ends(row.years), row.source_id)
        for row in rows(conflict.rates)
    ]  # fmt: skip
    for row in rows(conflict.totals):
        own, years = comparison.window.source_id, _ends(row.years)
        key = f"{row.source_id}:{row.stage_label}"
        other = (row.other_low, row.other_high, "count", years, row.source_id)
        told.append(_count(f"other:{key}", row.stage_label, place, *other))
        mine = (row.own_low, row.own_high, "count", years, own)
        told.append(_count(f"own:{key}", row.stage_label, place, *mine))
    if not told:
        return ()
    return (*told, _chosen("same_within", "Counts that agree differ by less", SAME_WITHIN, "share"))


def _ends(years: str) -> tuple[int, int]:
    """First and last year of years in words."""
    found = [int(year) for year in YEAR.findall(years)]
    return found[0], found[-1]


def difference_figures(comparison: Comparison, other: str) -> tuple[Figure, ...]:
    """How much higher a place is than another, and how likely that is; nothing without two
    figures."""
    found, row = comparison.against(other), comparison.row
    if found is None or row is None:
        return ()
    years, source = (int(row.year_from), int(row.year_to)), comparison.window.source_id
    pair, per = f"{comparison.place} {other}", comparison.measure.per
    middle, low, high = (float(end[0]) * per for end in (found.difference, found.low, found.high))
    chance = (float(found.probability_low[0]), float(found.probability_high[0]))
    return (
        Figure("difference", "Difference", pair, middle, middle, low, high, SURE_95,
               comparison.measure.unit, years, source),
        Figure("higher", "Probability of being higher", pair, *chance, *chance, PROBABILITY, "share",
               years, source),
    )  # fmt: skip


def investment_figures(
    investment: Investment, at_least: int, assumed: Share | None
) -> tuple[Figure, ...]:
    """What is spent, what it would change, at which cost, and how sure that is.

    Args:
        investment: the simulated scenario.
        at_least: further convictions whose probability is told.
        assumed: share of the spread that is judgement, with its interval.
    """
    effect, currency = investment.effect, investment.currency
    place, source = " ".join(investment.scenario.places), investment.baselines.source_id
    years = investment.years
    cost, cheap, dear = effect.cost_per_conviction()
    chance, harm = effect.chance_of(at_least), effect.chance_of_harm
    told = [
        change_figure(investment),
        Figure("chance", f"Probability of at least {at_least} more convictions", place, chance,
               chance, chance, chance, PROBABILITY, "share", years, source),
        Figure("harm", "Probability of fewer convictions", place, harm, harm, harm, harm, PROBABILITY,
               "share", years, source),
        Figure("cost", "Cost of one further conviction", place, cost, cost, cheap, dear, SURE_90,
               currency, years, source),
    ]  # fmt: skip
    if assumed is not None:
        share, low, high = assumed
        told.append(
            Figure("assumed", "Share of the spread that is judgement", place, share, share, low,
                   high, SURE_90, "share", years, source)
        )  # fmt: skip
    spent = effect.programme.cost
    chosen = (
        _chosen("spent", "Spent on training", spent, currency),
        _chosen("at_least", "Further convictions asked about", at_least, "persons"),
    )
    return (*told, *chosen)


def change_figure(investment: Investment) -> Figure:
    """Further convictions with their 90% interval."""
    low, middle, high = (
        float(end) for end in np.quantile(investment.effect.convictions, [0.05, 0.5, 0.95])
    )
    place, source = " ".join(investment.scenario.places), investment.baselines.source_id
    return Figure("further", "Further convictions", place, middle, middle, low, high, SURE_90,
                  "persons", investment.years, source)  # fmt: skip


def belief_figures(investment: Investment, names: tuple[str, ...]) -> tuple[Figure, ...]:
    """What is believed of some inputs, each with its interval."""
    place = " ".join(investment.scenario.places)
    return tuple(
        Figure(
            *(f"belief:{name}", belief.title, place, belief.prior.value, belief.prior.value),
            *(belief.prior.low, belief.prior.high, f"{belief.prior.level:.0%} interval, believed"),
            *(belief.unit, investment.years, ""),
        )
        for name, belief in ((name, investment.beliefs[name]) for name in names)
    )


def lines_figure(profile: Profile) -> Figure:
    """How many lines the sources have for a place, where its measure has none."""
    counts = profile.counts
    lines = len(counts) + len(profile.outcomes)
    figure = _exactly("lines", "Lines of the sources for it", profile.place, lines)
    ids = " ".join(dict.fromkeys([*counts["source_id"], *profile.outcomes["source_id"]]))
    years = (int(counts["year"].min()), int(counts["year"].max())) if len(counts) else (0, 0)
    return _in_years(figure, years, ids or "none")


def _what(side: StageCount | str) -> str:
    return label_of(side) if isinstance(side, StageCount) else PEOPLE


def _unit_below(measure: Measure) -> str:
    below = measure.denominator
    return below.unit if isinstance(below, StageCount) else PEOPLE


def _count(
    key: str,
    what: str,
    place: str,
    low: Any,
    high: Any,
    unit: str,
    years: tuple[int, int],
    source: str,
) -> Figure:
    """A count as published: its bounds are all that is known of it."""
    ends = (float(low), float(high))
    return Figure(key, what, place, *ends, *ends, PRINTED, unit, years, source)


def _exactly(key: str, what: str, place: str, number: Any) -> Figure:
    """A number that was counted here; its years and source are put in later."""
    ends = (float(number), float(number))
    return Figure(key, what, place, *ends, *ends, COUNTED, "count", (0, 0), "")


def _chosen(key: str, what: str, number: float, unit: str = "count") -> Figure:
    """A number that nobody measured: a rule or a choice."""
    ends = (float(number), float(number))
    return Figure(key, what, "", *ends, *ends, CHOSEN, unit, (0, 0), "")


def _in_years(figure: Figure, years: tuple[int, int], source: str) -> Figure:
    return figure if figure.source else replace(figure, years=years, source=source)
