"""Pictures of one place: chart, title, source line, alternative text and table in one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
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
from gapatlas.charts.words import (
    count_text,
    from_to,
    lower_first,
    number,
    parted,
    upper_first,
    years_text,
)
from gapatlas.comparison.pictures import Picture
from gapatlas.comparison.sentences import last_counts_words
from gapatlas.comparison.tables import counts_table, outcome_table
from gapatlas.config import Indicator
from gapatlas.config.vocabulary import STAGE_UNITS
from gapatlas.languages import in_digits, kept_by_language, mark, percentage, say, whole
from gapatlas.measures import Source
from gapatlas.profile import tables
from gapatlas.profile.history import Grants, History
from gapatlas.profile.profiling import Profile
from gapatlas.profile.quality import COMPLETENESS
from gapatlas.profile.sentences import expected_text
from gapatlas.profile.shortfalls import VERDICTS
from gapatlas.tables import only_row, rows

_kept = kept_by_language(maxsize=24)
_bars = _kept(bars_template)
_gaps = _kept(gap_template)
_counts = _kept(counts_template)
_outcomes = _kept(outcomes_template)
_grid = _kept(grid_template)
_grants = _kept(grants_template)
BAR_SIGNS: Final = mark(
    "Filled: exact count. Dashed: printed as a range. Grey band: no figure, which is not zero."
)
GAP_SIGNS: Final = mark(
    "The dashed line at 1: counted as many as expected. Triangle down: falls short; up: lies "
    "above; dot: cannot be told. Line: 95% interval. Dashed box: the range that counts printed as "
    "a range allow. Small triangle: runs on."
)
GRID_SIGNS: Final = mark(
    "Filled: exact count. ~: printed as a range. ×: withheld. –: not reported."
)
GRANT_SIGNS: Final = mark(
    "Bar: what is known at least. Dashed: up to what it may be. Open triangle: more is not known. "
    "No bar: no amount is known, which is not zero."
)
SIDE_BY_SIDE: Final = mark(
    "They are never joined into one line: each counts by its own rules. A gap is a year that is "
    "not reported."
)
BETTER: Final = {"higher": mark("Higher is better."), "lower": mark("Lower is better.")}
OUTCOMES: Final = {
    "detected": mark("detected: {count}"),
    "suspected": mark("suspected: {count}"),
    "prosecuted": mark("prosecuted: {count}"),
    "convicted": mark("convicted: {count}"),
    "cleared": mark("cleared: {count}"),
    "unfounded": mark("unfounded: {count}"),
    "chargesheeted": mark("chargesheeted: {count}"),
    "trials_completed": mark("trials completed: {count}"),
    "acquitted": mark("acquitted: {count}"),
    "dismissed": mark("dismissed: {count}"),
    "outcome_unknown": mark("outcome unknown: {count}"),
}
"""What became of persons, stage by stage."""


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
        told = say(
            "{name}: {what}, with a figure in {reported} of {count} years.",
            name=profile.name,
            what=lower_first(title),
            reported=whole(reported),
            count=whole(len(counts)),
        )
        yield Picture(
            title=title,
            source=line,
            alt=f"{told} {_last_count(counts)}".strip(),
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
    caution = say("A change in who reports can look like a change in crime.")
    return Picture(
        title=say("Coverage: {who}", who=own["reporter"].iloc[0]),
        source=f"{_line(profile.atlas.source(source))} {caution}",
        alt=say(
            "{name}: {who}, from {low} to {high} a year, {years}.",
            name=profile.name,
            who=own["reporter"].iloc[0],
            low=whole(own["reporters"].min()),
            high=whole(own["reporters"].max()),
            years=years_text(own["year"].min(), own["year"].max()),
        ),
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
        title = say(
            "Persons charged, {years}, by what became of their cases", years=years_text(*period)
        )
        yield Picture(
            title=title,
            source=f"{_line(source)} {upper_first(source.method)}.",
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
        say(
            OUTCOMES[row.stage],
            count=count_text(row.count_low, row.count_high) or say("withheld"),
        )
        for row in rows(ordered)
        if row.status != "not_reported"
    ]
    if not told:
        return ""
    sentences = [say("Persons {outcomes}.", outcomes=parted(told))]
    if (stages["status"] == "suppressed").any():
        sentences.append(say("Withheld is not zero."))
    return " ".join(sentences)


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
    told = parted([_gap_words(row) for row in rows(shown)])
    named = [profile.atlas.source(id_) for id_ in dict.fromkeys(shown["source_id"])]
    title = say(
        "{name}: counted against {benchmark}",
        name=profile.name,
        benchmark=shown["benchmark"].iloc[0],
    )
    return Picture(
        title=title,
        source=f"{_lines(named)} {say(GAP_SIGNS)}",
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
        title = say("{what}, source by source", what=label)
        lead = say("{name}: {what}.", name=profile.name, what=lower_first(title))
        yield Picture(
            title=title,
            source=f"{_lines(named)} {say(SIDE_BY_SIDE)}",
            alt=f"{lead} {last_counts_words(counts)}",
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
    title = indicator.title
    if indicator.better:
        title = say("{indicator} (up is better)", indicator=title)
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
        source=f"{_line(grants.source)} {say(GRANT_SIGNS)}",
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
        title = say(
            "{source}: {share} complete", source=source.short, share=percentage(summary.share)
        )
        told = say(
            "{name}, {title}, {years}: {exact} exact counts, {ranges} ranges, {withheld} "
            "withheld, {missing} not reported.",
            name=profile.name,
            title=title,
            years=summary.years,
            exact=whole(summary.exact),
            ranges=whole(summary.ranges),
            withheld=whole(summary.withheld),
            missing=whole(summary.missing),
        )
        yield Picture(
            title=title,
            source=f"{_line(source)} {say(GRID_SIGNS)}",
            alt=f"{told} {say(COMPLETENESS)}",
            template=_grid(scheme),
            datasets={ROWS: grid_rows(cells)},
            table=partial(tables.grid_table, cells),
            names=tuple(dict.fromkeys(cells["row"])),
        )


@kept_by_language(maxsize=64)
def _history(described: str, scheme: Scheme) -> Template:
    """The template of an indicator, by its description: one with labels can't be a cache's key."""
    return history_template(Indicator.model_validate_json(described), scheme)


def _scale_words(indicator: Indicator) -> str:
    told = [say("Unit: {unit}.", unit=indicator.unit)]
    if indicator.scale:
        low, high = (in_digits(f"{end:g}") for end in indicator.scale)
        told.append(say("Scale: {low} to {high}.", low=low, high=high))
    if indicator.better:
        told.append(say(BETTER[indicator.better]))
    told.append(say("Thin line: its limits. Grey band: no value."))
    return " ".join(told)


def _last_count(counts: pd.DataFrame) -> str:
    told = counts[counts["count_high"].notna()]
    if told.empty:
        return ""
    row = only_row(told.sort_values("year").tail(1))
    count = count_text(row.count_low, row.count_high)
    return say("Last, {year}: {count}.", year=str(row.year), count=count)


def _gap_words(row: Any) -> str:
    """A measure with its years and what can be said of it."""
    return say(
        "{measure}, {years}: {verdict}",
        measure=row.title,
        years=years_text(row.year_from, row.year_to),
        verdict=lower_first(say(VERDICTS[row.verdict])),
    )


def _ratio(low: float, high: float) -> str:
    ends = [number(end, 2) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] or math.isnan(low) else from_to(*ends)


def _shorts(profile: Profile) -> dict[str, str]:
    return {id_: profile.atlas.source(id_).short for id_ in set(profile.gaps["source_id"])}


def _line(source: Source) -> str:
    return say("Source: {source} ({edition}).", source=source.short, edition=source.edition)


def _lines(sources: list[Source]) -> str:
    named = parted(f"{source.short} ({source.edition})" for source in sources)
    return say("Source: {sources}.", sources=named)
