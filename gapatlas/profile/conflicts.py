"""Where the sources of one place say different things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from gapatlas.comparison.peers import peer_groups, peers_of
from gapatlas.comparison.sentences import count_conflict_words, rate_conflict_words
from gapatlas.comparison.sources import SourceConflict, source_conflict, totals_against

if TYPE_CHECKING:
    from gapatlas.profile.profiling import Profile


@dataclass(frozen=True)
class Conflicts:
    """What sources say of one place beside each other.

    Attributes:
        words: one sentence per pair of figures, rates first.
        counts: every count by year of the stages that two or more sources count.
        totals: for each other source and stage both counts; see `SourceConflict.totals`.
        rates: for each measure that a second source tells, its id and `SourceConflict`.
    """

    words: tuple[str, ...]
    counts: pd.DataFrame
    totals: pd.DataFrame
    rates: tuple[tuple[str, SourceConflict], ...]

    @property
    def differ(self) -> int:
        """How many pairs of counts differ by more than 10%."""
        return int((~self.totals["agrees"].astype(bool)).sum()) if len(self.totals) else 0


def conflicts_of(profile: Profile) -> Conflicts:
    """Lay all sources of a place side by side: measures that two of them tell, and stages that
    two of them count."""
    rates = tuple(_rates(profile))
    own = profile.sources[0] if profile.sources else ""
    told = profile.counts[profile.counts["count_low"].notna()]
    shared = told.groupby("stage_label")["source_id"].nunique()
    counts = told[told["stage_label"].isin(shared.index[shared > 1])].reset_index(drop=True)
    totals = totals_against(counts, own)
    words = [
        f"{profile.atlas.config.measures[id_].title}. {text}"
        for id_, conflict in rates
        for text in rate_conflict_words(conflict, profile.atlas.config.measures[id_])
    ]
    if own:
        words += count_conflict_words(totals, profile.atlas.source(own).short)
    return Conflicts(tuple(words), counts, totals, rates)


def _rates(profile: Profile) -> list[tuple[str, SourceConflict]]:
    found = []
    for id_ in profile.measures():
        if len(profile.atlas.sources_of(id_)) < 2:
            continue
        figures = profile.figures_of(id_)
        kind = "all" if profile.peers == "own" else profile.peers
        groups = peer_groups(profile.atlas, id_, kind, figures.year)
        peers = peers_of(profile.place, profile.peers, groups, profile.own)
        frame = profile.frames(id_, figures.source, 1)
        conflict = source_conflict(profile.atlas, frame, profile.place, peers.ids, profile.frames)
        if len(conflict.rates):
            found.append((id_, conflict))
    return found
