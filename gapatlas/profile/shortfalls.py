"""The gaps of one place, measure by measure, and what each lets one claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gapatlas.charts.words import years_text
from gapatlas.gaps import Gap
from gapatlas.gaps.gap import verdict
from gapatlas.languages import mark, say
from gapatlas.tables import rows

if TYPE_CHECKING:
    from gapatlas.profile.profiling import Profile

NOT_IN_SOURCE: Final = mark("not part of this source")
VERDICTS: Final = {
    "short": mark("Falls short"),
    "above": mark("Lies above"),
    "open": mark("Cannot be told"),
    "none": mark("No figure"),
}
OF_PEERS: Final = {
    "median": mark("the middle of {peers}"),
    "best_quarter": mark("the best quarter of {peers}"),
}
OF_UNKNOWN_PEERS: Final = {
    "median": mark("the middle of its peers"),
    "best_quarter": mark("the best quarter of its peers"),
}


def gap_rows(profile: Profile) -> pd.DataFrame:
    """The gap of a place in every measure that has one.

    Returns:
        One row per measure, the main one first: columns of `Gap.table` with measure_id, title,
        stage (what is counted above the line), unit, source_id, year_from, year_to, benchmark
        (in words) and verdict (a key of `VERDICTS`).
    """
    found = [_row(profile, id_) for id_ in profile.measures()]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _row(profile: Profile, measure_id: str) -> pd.DataFrame:
    figures = profile.figures_of(measure_id)
    gap = profile.find(figures, profile.benchmark, profile.peers, profile.own)
    own = gap.of(profile.place)
    if own.empty:
        own = gap.table.iloc[:0].reindex([0])
        own = own.assign(reason=NOT_IN_SOURCE, name=profile.name)
    measure, data = gap.measure, gap.frame.data
    first = data["year_from"].min() if len(data) else figures.year
    return own.assign(
        jurisdiction_id=profile.place,
        measure_id=measure_id,
        title=measure.title,
        stage=measure.numerator.stage,
        unit=measure.unit,
        source_id=figures.source,
        year_from=int(first),
        year_to=figures.year,
        benchmark=benchmark_words(gap, profile.place),
        verdict=[verdict(row) for row in rows(own)],
    )


def benchmark_words(gap: Gap, place: str) -> str:
    """What a place is measured against, to follow "falls short of"."""
    if gap.benchmark in OF_PEERS:
        peers = say("places of your choice") if gap.peers == "own" else gap.groups.get(place, "")
        if peers:
            return say(OF_PEERS[gap.benchmark], peers=peers)
        return say(OF_UNKNOWN_PEERS[gap.benchmark])
    if gap.benchmark == "model":
        return say("what a model expects of similar places")
    years = _best_years(gap, place)
    if years:
        return say("its own best five earlier years ({years})", years=years)
    return say("its own best five earlier years")


def _best_years(gap: Gap, place: str) -> str:
    best = pd.DataFrame() if gap.best is None else gap.best
    known = best[best.index == place].dropna(subset=["year_to"]) if len(best) else best
    return ", ".join(years_text(int(row.year_from), int(row.year_to)) for row in rows(known))
