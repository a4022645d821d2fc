"""One place, asked of every source: the figures behind the page Place profile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

import pandas as pd

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.charts.words import parted, years_text
from gapatlas.comparison import Comparison, compare
from gapatlas.comparison.comparing import Frames, every_window_of
from gapatlas.comparison.sentences import Answer
from gapatlas.comparison.sources import yearly_counts
from gapatlas.config import Measure
from gapatlas.config.vocabulary import LEVELS_OF_MAP
from gapatlas.errors import Problem, UnknownNameError
from gapatlas.gaps import BENCHMARKS, Gap, find_gaps, has_gap
from gapatlas.languages import say, worded
from gapatlas.measures import WINDOWS
from gapatlas.profile.conflicts import Conflicts, conflicts_of
from gapatlas.profile.history import Grants, History, grants_of, histories_of
from gapatlas.profile.quality import Quality, quality_of
from gapatlas.profile.shortfalls import gap_rows
from gapatlas.tables import rows

LEVELS: Final = ("country", "us_state", "us_territory", "province", "other")
"""Levels of places that have a profile; regions and the world are sums of places."""
STATES: Final = ("us_state", "us_territory")
COURTS: Final = ("prosecuted", "convicted")
GapFinder = Callable[["Figures", str, str, tuple[str, ...]], Gap]
"""Figures, benchmark, choice of peers and own peers -> the gaps of all places."""


@dataclass(frozen=True)
class Figures:
    """Which figures of a measure are asked for: its source, the last year and the window."""

    measure_id: str
    source: str
    year: int
    window: int


@dataclass(frozen=True)
class Profile:
    """One place. What takes long is computed when it is first asked for.

    Attributes:
        atlas: where the figures come from.
        place: id of the place.
        name: its name.
        level: its level, one of `LEVELS`.
        main: the figures that the headline speaks of; None where no measure describes the place.
        asked: source, year and window that its other measures follow where they can.
        benchmark: what gaps are measured against, one of `gapatlas.gaps.BENCHMARKS`.
        peers: how peers are chosen.
        own: ids of the reader's own peers.
        frames: gives all figures of a measure, source and length of windows.
        find: finds the gaps of all places.
    """

    atlas: Atlas
    place: str
    name: str
    level: str
    main: Figures | None
    asked: tuple[str | None, int | None, int]
    benchmark: str
    peers: str
    own: tuple[str, ...]
    frames: Frames
    find: GapFinder

    @property
    def measure(self) -> Measure | None:
        """The measure of the headline."""
        return self.atlas.config.measures[self.main.measure_id] if self.main else None

    @cached_property
    def headline(self) -> tuple[Answer, ...]:
        """Three questions with their answers: what is counted and what came of it, how the place
        stands against the benchmark, and what it does not report."""
        from gapatlas.profile.sentences import headline_of

        return headline_of(self)

    @cached_property
    def window(self) -> AtlasFrame | None:
        """The place's own figure of the main measure, as a frame of one row or none."""
        if self.main is None:
            return None
        frame = self.frames(self.main.measure_id, self.main.source, self.main.window)
        data = frame.data
        own = (data["jurisdiction_id"] == self.place) & (data["year_to"] == self.main.year)
        return frame.only(data[own])

    @property
    def row(self) -> Any | None:
        """The row of `window`; None where the place is not part of the source."""
        return next(rows(self.window.data), None) if self.window is not None else None

    @cached_property
    def counts(self) -> pd.DataFrame:
        """Every count of a single year, source by source: columns of `Atlas.stages` with short
        (name of the source) and stage_label."""
        return yearly_counts(self.atlas, self.place)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources that have a line for the place by years, the main one first."""
        found = dict.fromkeys(self.counts["source_id"])
        main = self.main.source if self.main else ""
        return tuple(sorted(found, key=lambda id_: id_ != main))

    @cached_property
    def silent_stages(self) -> dict[str, str]:
        """Source id -> the stages that it lists without a figure in any year, in a sentence;
        only sources that have such a stage."""
        told = {}
        for source, own in self.counts.groupby("source_id", sort=False):
            figures = own.groupby("stage_label", sort=False)["count_high"].count()
            silent = parted(figures.index[figures == 0])
            years = years_text(int(own["year"].min()), int(own["year"].max()))
            if silent:
                told[str(source)] = say(
                    "No figure in any year of {years}: {stages}. That is not zero.",
                    years=years,
                    stages=silent,
                )
        return told

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Counts of sources that hold one whole period: columns of `Atlas.outcomes` with
        source_id. Protected counts are ranges or withheld."""
        found = [
            self.atlas.outcomes(source).assign(source_id=source)
            for source in self.atlas.config.periods()
            if source in self.atlas.config.observation_sources()
        ]
        if not found:
            return pd.DataFrame(columns=["jurisdiction_id", "source_id"])
        every = pd.concat(found, ignore_index=True)
        return every[every["jurisdiction_id"] == self.place].reset_index(drop=True)

    @cached_property
    def reporters(self) -> pd.DataFrame:
        """How many bodies report behind the counts, by source and year: columns of
        `Atlas.reporters`."""
        found = [self.atlas.reporters(source, [self.place]) for source in self.sources]
        kept = [table for table in found if len(table)]
        return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame()

    @cached_property
    def gap(self) -> Gap | None:
        """Gaps of all places in the main measure; None where it has none."""
        if self.main is None or self.measure is None or not has_gap(self.measure):
            return None
        return self.find(self.main, self.benchmark, self.peers, self.own)

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """The place's gap in each measure that has one: see `gapatlas.profile.shortfalls`."""
        return gap_rows(self)

    @cached_property
    def comparison(self) -> Comparison | None:
        """The place among its peers in the main measure."""
        if self.main is None:
            return None
        return compare(
            self.atlas,
            self.main.measure_id,
            self.place,
            year=self.main.year,
            window=self.main.window,
            source=self.main.source,
            peers=self.peers,
            own=self.own,
            frames=self.frames,
        )

    @cached_property
    def conflicts(self) -> Conflicts:
        """Where sources say otherwise."""
        return conflicts_of(self)

    @cached_property
    def history(self) -> tuple[History, ...]:
        """Indicators that the config names as policy history, in its order."""
        return histories_of(self.atlas, self.place)

    @cached_property
    def grants(self) -> Grants | None:
        """Money received; None where the config names no indicator of it."""
        return grants_of(self.atlas, self.place)

    @cached_property
    def quality(self) -> Quality:
        """What is reported, when, and how."""
        return quality_of(self.atlas, self.place)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """What no source here can tell of a place of this kind, in sentences."""
        if self.level not in STATES:
            return ()
        told = []
        if not self.counts["stage"].isin(COURTS).any():
            told.append(
                say(
                    "State courts are missing: no source here counts who is prosecuted or "
                    "convicted in the state courts of {name}. That is not zero.",
                    name=self.name,
                )
            )
        for id_ in list(dict.fromkeys(self.reporters.get("source_id", [])))[:1]:
            who = self.reporters.loc[self.reporters["source_id"] == id_, "reporter"].iloc[0]
            told.append(
                say(
                    "{source} counts {who} only: where few agencies record, few offences are seen.",
                    source=self.atlas.source(id_).short,
                    who=who,
                )
            )
        return tuple(told)

    def measures(self) -> list[str]:
        """Ids of the measures that describe the place and have a gap, the main one first."""
        found = [
            id_
            for id_, measure in self.atlas.config.measures.items()
            if self.level in LEVELS_OF_MAP[measure.level]
            and has_gap(measure)
            and self.atlas.sources_of(id_)
        ]
        main = self.main.measure_id if self.main else ""
        return sorted(found, key=lambda id_: id_ != main)

    def figures_of(self, measure_id: str) -> Figures:
        """The figures of another measure nearest to the source, year and window asked for."""
        source, year, window = self.asked
        return figures_near(self.atlas, measure_id, source, year, window)


def profile(
    atlas: Atlas,
    place: str,
    *,
    year: int | None = None,
    window: int = 5,
    source: str | None = None,
    benchmark: str = "median",
    peers: str = "region",
    own: Sequence[str] = (),
    frames: Frames | None = None,
    find: GapFinder | None = None,
) -> Profile:
    """All that is known of one place.

    Args:
        atlas: the atlas.
        place: id of a country, a province, a US state or territory, or a place of level
            `other`.
        year: last year of the window; None means the last of the source. It is moved into the
            years of each measure's source.
        window: years that are counted together: 1, 3 or 5; fewer where a source has fewer.
        source: source id, used by each measure that can be told from it; None means each
            measure's own.
        benchmark: `median` or `best_quarter` of peers, `own_best`, or `model`; see
            `gapatlas.find_gaps`.
        peers: how peers are chosen; see `gapatlas.compare`.
        own: ids of the reader's own peers.
        frames: gives all figures of a measure, source and length of windows, for callers that
            keep them; None means to ask the atlas.
        find: finds gaps, for callers that keep them; None means `gapatlas.find_gaps`.

    Raises:
        UnknownNameError: an unknown place or source, or a region or the world.
        ValueError: an unknown benchmark, or a window of another length.
    """
    if benchmark not in BENCHMARKS:
        raise ValueError(f"benchmark must be one of {', '.join(BENCHMARKS)}, not {benchmark!r}")
    if window not in WINDOWS:
        raise ValueError(f"window must be 1, 3 or 5 years, not {window!r}")
    if source is not None:
        atlas.source(source)
    found = _named_place(atlas, place)
    measure_id = main_measure(atlas, found.level)
    asked = frames or partial(every_window_of, atlas)
    return Profile(
        atlas=atlas,
        place=place,
        name=found.name,
        level=found.level,
        main=figures_near(atlas, measure_id, source, year, window) if measure_id else None,
        asked=(source, year, window),
        benchmark=benchmark,
        peers=peers,
        own=tuple(own),
        frames=asked,
        find=find or partial(gaps_found, atlas, asked),
    )


def main_measure(atlas: Atlas, level: str) -> str | None:
    """The measure that a headline of places of a level speaks of, or None.

    One with a gap comes before one without; the config's default measure before all others; a
    measure of years before one of a whole period; then the order of the config decides.
    """
    config = atlas.config

    def rank(id_: str) -> tuple[bool, bool, bool]:
        measure = config.measures[id_]
        return (
            not has_gap(measure),
            id_ != config.defaults.measure,
            measure.source in config.periods(),
        )

    fitting = [
        id_
        for id_, measure in config.measures.items()
        if level in LEVELS_OF_MAP[measure.level] and atlas.sources_of(id_)
    ]
    return min(fitting, key=rank, default=None)


def figures_near(
    atlas: Atlas, measure_id: str, source: str | None, year: int | None, window: int
) -> Figures:
    """The figures of a measure nearest to what is asked for.

    Args:
        atlas: the atlas.
        measure_id: a measure that some source tells.
        source: taken where it can tell the measure; else the measure's own, else the first.
        year: moved into the years of the source; None means its last.
        window: shortened where the source has fewer years.
    """
    able = atlas.sources_of(measure_id)
    wanted = (source, atlas.config.measures[measure_id].source, *able)
    used = next(id_ for id_ in wanted if id_ in able)
    first, last = atlas.years_of(measure_id, used)
    years = 1 if used in atlas.config.periods() else last - first + 1
    fitting = max(length for length in WINDOWS if length <= min(window, years))
    ending = last if year is None else min(max(year, first + fitting - 1), last)
    return Figures(measure_id, used, ending, fitting)


def _named_place(atlas: Atlas, place: str) -> Any:
    places = atlas.jurisdictions()
    found = next(rows(places[places["jurisdiction_id"] == place]), None)
    if found is None:
        atlas.stages(place)  # refuses it, with the near names
    if found is None or found.level not in LEVELS:
        level = found.level if found is not None else "no level"  # not said
        raise UnknownNameError(
            worded(
                "'{place}' is a place of level {level}, which has no profile.",
                place=place,
                level=level,
            ),
            [Problem("place", worded("No profile."), found=place, allowed=", ".join(LEVELS))],
        )
    return found


def gaps_found(
    atlas: Atlas, frames: Frames, figures: Figures, benchmark: str, peers: str, own: tuple[str, ...]
) -> Gap:
    """The gaps of all places in some figures: what a profile asks unless a caller keeps them."""
    return find_gaps(
        atlas,
        figures.measure_id,
        year=figures.year,
        window=figures.window,
        source=figures.source,
        benchmark=benchmark,
        peers=peers,
        own=own,
        frames=frames,
    )
