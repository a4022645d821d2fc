"""Pictures of one place: chart, title, source line, alternative text and table in one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any, Final

import pandas as pd

from gapatlas.charts import Scheme
from gapatlas.charts.profile import (
    bars_template,
    gap_points,
    gap_template,
    grant_rows,
    grants_template,
    grid_rows,
    grid_template,
    history_rows,
    history_template,
)
from gapatlas.charts.series import stage_rows
from gapatlas.charts.sources import (
    count_rows,
    counts_template,
    every_year,
    outcome_rows,
    outcomes_template,
    runs_of_years,
    source_names,
)
from gapatlas.charts.template import ROWS, Template
from gapatlas.charts.words import count_text, lower_first, number, years_text
from gapatlas.comparison.pictures import Picture
from gapatlas.comparison.sentences import last_counts_words
from gapatlas.comparison.tables import counts_table, outcome_table
from gapatlas.config import Indicator
from gapatlas.config.vocabulary import STAGE_UNITS
from gapatlas.measures import Source
from gapatlas.profile import tables
from gapatlas.profile.history import Grants, History
from gapatlas.profile.profiling import Profile
from gapatlas.profile.quality import COMPLETENESS
from gapatlas.profile.sentences import expected_text
from gapatlas.profile.shortfalls import VERDICTS
from gapatlas.tables import only_row, rows

_bars = lru_cache(maxsize=8)(bars_template)
_gaps = lru_cache(maxsize=8)(gap_template)
_counts = lru_cache(maxsize=8)(counts_template)
_outcomes = lru_cache(maxsize=8)(outcomes_template)
_grid = lru_cache(maxsize=8)(grid_template)
_grants = lru_cache(maxsize=8)(grants_template)
BAR_SIGNS: Final = (
    "Filled: exact count. Dashed: printed as a range. Grey band: no figure, which is not zero."
)
GAP_SIGNS: Final = (
    "The dashed line at 1: counted as many as expected. Triangle down: falls short; up: lies "
    "above; dot: cannot be told. Line: 95% interval. Dashed box: the range that counts printed as "
    "a range allow. Small triangle: runs on."
)
GRID_SIGNS: Final = "Filled: exact count. ~: printed as a range. ×: withheld. –: not reported."


def stage_pictures(profile: Profile, source: str, scheme: Scheme = "light") -> Iterator[Picture]:
    """One picture per stage of which a source has a figure for some year, in the order of the
    justice chain."""
    own = profile.counts[profile.counts["source_id"] == source]
    line = _line(profile.atlas.source(source))
    for label, counts in own.groupby("stage_label", sort=False):
        reported = int(counts["count_high"].notna().sum())
        if not reported:
            continue
        title = str(label)
        yield Picture(
            title=title,
            source=line,
            alt=f"{profile.name}: {lower_first(title)}, with a figure in {reported} of "
            f"{len(counts)} years.{_last_count(counts)}",
            template=_bars(scheme),
            datasets={ROWS: stage_rows(counts)},
            table=partial(counts_table, counts),
        )


def agencies_picture(profile: Profile, source: str, scheme: Scheme = "light") -> Picture | None:
    """How many bodies stand behind a source's counts, year by year: the layer of coverage."""
    known = profile.reporters
    if known.empty or not (known["source_id"] == source).any():
        return None
    own = known[known["source_id"] == source]
    shown = own.assign(count_low=own["reporters"], count_high=own["reporters"], status="exact")
    title = f"Coverage: {own['reporter'].iloc[0]}"
    return Picture(
        title=title,
        source=f"{_line(profile.atlas.source(source))} A change in who reports can look like a "
        "change in crime.",
        alt=f"{profile.name}: {own['reporter'].iloc[0]}, from {own['reporters'].min():,} to "
        f"{own['reporters'].max():,} a year, {years_text(own['year'].min(), own['year'].max())}.",
        template=_bars(scheme, muted=True),
        datasets={ROWS: stage_rows(shown)},
        table=partial(tables.reporters_table, own),
    )


def outcome_pictures(profile: Profile, scheme: Scheme = "light") -> Iterator[Picture]:
    """What became of the persons charged, from each source that holds one whole period."""
    for source_id, stages in profile.outcomes.groupby("source_id", sort=False):
        shown = outcome_rows(stages)
        if shown.empty:
            continue
        source = profile.atlas.source(str(source_id))
        period = profile.atlas.config.periods()[str(source_id)]
        title = f"Persons charged, {years_text(*period)}, by what became of their cases"
        yield Picture(
            title=title,
            source=f"{_line(source)} {source.method[:1].upper()}{source.method[1:]}.",
            alt=f"{profile.name}: {lower_first(title)}. {outcome_words(stages)}",
            template=_outcomes(scheme),
            datasets={ROWS: shown},
            table=partial(outcome_table, stages),
            names=tuple(dict.fromkeys(shown["label"])),
            words=outcome_words(stages),
        )


def outcome_words(stages: pd.DataFrame) -> str:
    """Every outcome of a place in words; what is withheld is said to be."""
    chain = {stage: position for position, stage in enumerate(STAGE_UNITS)}
    ordered = stages.sort_values("stage", key=lambda column: column.map(chain))
    told = [
        f"{row.stage.replace('_', ' ')}: {count_text(row.count_low, row.count_high) or 'withheld'}"
        for row in rows(ordered)
        if row.status != "not_reported"
    ]
    withheld = " Withheld is not zero." if (stages["status"] == "suppressed").any() else ""
    return f"Persons {'; '.join(told)}.{withheld}" if told else ""


def gap_picture(profile: Profile, scheme: Scheme = "light") -> Picture | None:
    """Counted against expected in each measure; None where no measure has a gap here."""
    known = profile.gaps
    if known.empty or (known["reason"] != "").all():
        return None
    shown = known[known["reason"] == ""].reset_index(drop=True)
    points = gap_points(
        shown.assign(
            label=shown["title"],
            told=[_gap_words(row) for row in rows(shown)],
            figure=[_ratio(row.ratio_low, row.ratio_high) for row in rows(shown)],
            interval=[_ratio(row.ratio_from, row.ratio_to) for row in rows(shown)],
            counts=[
                f"{count_text(row.observed_low, row.observed_high)} / {expected_text(row)}"
                for row in rows(shown)
            ],
        )
    )
    told = "; ".join(_gap_words(row) for row in rows(shown))
    named = [profile.atlas.source(id_) for id_ in dict.fromkeys(shown["source_id"])]
    title = f"{profile.name}: counted against {shown['benchmark'].iloc[0]}"
    return Picture(
        title=title,
        source=f"{_lines(named)} {GAP_SIGNS}",
        alt=f"{title}. {told}.",
        template=_gaps(scheme),
        datasets={ROWS: points},
        table=lambda: tables.gaps_table(profile.gaps, _shorts(profile)),
        names=tuple(points["label"]),
    )


def conflict_pictures(profile: Profile, scheme: Scheme = "light") -> Iterator[Picture]:
    """One picture for each stage that two or more sources count."""
    for label, counts in profile.conflicts.counts.groupby("stage_label", sort=False):
        named = [profile.atlas.source(id_) for id_ in dict.fromkeys(counts["source_id"])]
        title = f"{label}, source by source"
        yield Picture(
            title=title,
            source=f"{_lines(named)} They are never joined into one line: each counts by its own "
            "rules. A gap is a year that is not reported.",
            alt=f"{profile.name}: {lower_first(title)}. {last_counts_words(counts)}",
            template=_counts(scheme),
            datasets={ROWS: every_year(runs_of_years(count_rows(counts)))},
            table=partial(counts_table, counts),
            names=source_names(count_rows(counts)),
        )


def history_picture(history: History, scheme: Scheme = "light") -> Picture | None:
    """One indicator by year; None where fewer than two values are known, which words tell."""
    if len(history.known) < 2:
        return None
    indicator = history.indicator
    title = f"{indicator.title}{' (up is better)' if indicator.better else ''}"
    return Picture(
        title=title,
        source=f"{_line(history.source)} {_scale_words(indicator)} {indicator.caution}",
        alt=f"{title}. {history.text}",
        template=_history(indicator.model_dump_json(), scheme),
        datasets={ROWS: history_rows(history.values)},
        table=partial(tables.history_table, history),
        words=history.text,
    )


def grants_picture(grants: Grants, scheme: Scheme = "light") -> Picture | None:
    """Money by year; None where no amount is known."""
    if grants.known.empty:
        return None
    return Picture(
        title=f"{grants.indicator.title}, {grants.indicator.unit}",
        source=f"{_line(grants.source)} Bar: what is known at least. Dashed: up to what it may be. "
        "Open triangle: more is not known. No bar: no amount is known, which is not zero.",
        alt=f"{grants.indicator.title}. {grants.text}",
        template=_grants(grants.indicator.title, scheme),
        datasets={ROWS: grant_rows(grants.years)},
        table=partial(tables.grants_table, grants),
    )


def grid_pictures(profile: Profile, scheme: Scheme = "light") -> Iterator[Picture]:
    """What each source prints, stage by year."""
    quality, periods = profile.quality, profile.atlas.config.periods()
    for source_id, cells in quality.cells.groupby("source_id", sort=False):
        if source_id in periods:
            continue
        source = profile.atlas.source(str(source_id))
        [summary] = rows(quality.summary[quality.summary["source_id"] == source_id])
        title = f"{source.short}: {summary.share:.0%} complete"
        yield Picture(
            title=title,
            source=f"{_line(source)} {GRID_SIGNS}",
            alt=f"{profile.name}, {title}, {summary.years}: {summary.exact} exact counts, "
            f"{summary.ranges} ranges, {summary.withheld} withheld, {summary.missing} not "
            f"reported. {COMPLETENESS}",
            template=_grid(scheme),
            datasets={ROWS: grid_rows(cells)},
            table=partial(tables.grid_table, cells),
            names=tuple(dict.fromkeys(cells["row"])),
        )


@lru_cache(maxsize=64)
def _history(described: str, scheme: Scheme) -> Template:
    """The template of an indicator, by its description: one with labels can't be a cache's key."""
    return history_template(Indicator.model_validate_json(described), scheme)


def _scale_words(indicator: Indicator) -> str:
    told = [f"Unit: {indicator.unit}."]
    if indicator.scale:
        low, high = indicator.scale
        told.append(f"Scale: {low:g} to {high:g}.")
    if indicator.better:
        told.append(f"{indicator.better.capitalize()} is better.")
    told.append("Thin line: its limits. Grey band: no value.")
    return " ".join(told)


def _last_count(counts: pd.DataFrame) -> str:
    told = counts[counts["count_high"].notna()]
    if told.empty:
        return ""
    row = only_row(told.sort_values("year").tail(1))
    return f" Last, {row.year}: {count_text(row.count_low, row.count_high)}."


def _gap_words(row: Any) -> str:
    """A measure with its years and what can be said of it."""
    years = years_text(row.year_from, row.year_to)
    return f"{row.title}, {years}: {VERDICTS[row.verdict].lower()}"


def _ratio(low: float, high: float) -> str:
    ends = [number(end, 2) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] or math.isnan(low) else f"{ends[0]} to {ends[1]}"


def _shorts(profile: Profile) -> dict[str, str]:
    return {id_: profile.atlas.source(id_).short for id_ in set(profile.gaps["source_id"])}


def _line(source: Source) -> str:
    return f"Source: {source.short} ({source.edition})."


def _lines(sources: list[Source]) -> str:
    named = "; ".join(f"{source.short} ({source.edition})" for source in sources)
    return f"Source: {named}."
