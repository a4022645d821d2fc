"""What a page shows in a state: the same calls for the page and for a notebook."""

from __future__ import annotations

from dataclasses import replace

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.comparison import Comparison, compare
from gapatlas.comparison.comparing import Frames, every_window_of
from gapatlas.crossborder import Flows, find_flows
from gapatlas.evidence import CaseEvidence, case_evidence
from gapatlas.gaps import Gap, Reporting, find_gaps, reporting
from gapatlas.gaps.gap import SHARES
from gapatlas.headlines import Headline, headline
from gapatlas.profile import Profile, profile
from gapatlas.profile.profiling import GapFinder
from gapatlas.state import EvidenceState, FlowState, GapState, MapState, ProfileState, RateState


def headline_of(atlas: Atlas, state: MapState) -> Headline:
    """The headline of the opening page."""
    return headline(atlas, state.measure, years_of(state), state.window, state.source)


def years_of(state: MapState) -> tuple[int, int]:
    """First and last year of the window of a state."""
    return state.year - state.window + 1, state.year


def frame_of(atlas: Atlas, state: MapState) -> AtlasFrame:
    """The rates of one window, of all places."""
    every = every_window_of(atlas, state.measure, state.source, state.window)
    return every.only(every.data[every.data["year_to"] == state.year])


def compared(state: GapState) -> GapState:
    """The parts of a state that change the figures of a gap."""
    takes_peers = state.benchmark in SHARES
    return GapState(
        figures=replace(state.figures, place=None),
        show="",
        benchmark=state.benchmark,
        peers=state.peers if takes_peers else "",
        own=state.own if takes_peers and state.peers == "own" else (),
    )


def gap_of(atlas: Atlas, state: GapState, frames: Frames | None = None) -> Gap:
    """The gaps of one window, of all places.

    Args:
        atlas: the atlas.
        state: which measure, window and benchmark.
        frames: gives all figures of a measure, source and length of windows, for callers that
            keep them; so in the functions below.
    """
    asked, figures = compared(state), state.figures
    return find_gaps(
        atlas,
        figures.measure,
        year=figures.year,
        window=figures.window,
        source=figures.source,
        benchmark=asked.benchmark,
        peers=asked.peers or "all",
        own=asked.own,
        frames=frames,
    )


def reporting_of(atlas: Atlas, state: MapState) -> Reporting:
    """How complete the figures of one window are."""
    return reporting(atlas, state.measure, state.source, years_of(state))


def comparison_of(atlas: Atlas, state: RateState, frames: Frames | None = None) -> Comparison:
    """A place and its peers."""
    figures = state.figures
    return compare(
        atlas,
        figures.measure,
        figures.place or "",
        year=figures.year,
        window=figures.window,
        source=figures.source,
        peers=state.peers,
        own=state.own,
        frames=frames,
    )


def flows_of(atlas: Atlas, state: FlowState) -> Flows:
    """Counts by citizenship, added up over the years of a state."""
    years = (state.year_from, state.year_to)
    return find_flows(atlas, state.source, state.stage, years, at_least=state.at_least)


def cases_of(atlas: Atlas, state: EvidenceState) -> CaseEvidence:
    """Cases, with the view that is open."""
    found = case_evidence(atlas, state.dataset)
    return found.looked_at(state.view, state.split, state.outcome)


def profile_of(
    atlas: Atlas,
    state: ProfileState,
    frames: Frames | None = None,
    find: GapFinder | None = None,
) -> Profile:
    """All that is known of one place.

    Args:
        atlas: the atlas.
        state: which place, window and benchmark.
        frames: see `gap_of`.
        find: finds gaps, for callers that keep them.
    """
    return profile(
        atlas,
        state.place,
        year=state.year or None,
        window=state.window,
        source=state.source or None,
        benchmark=state.benchmark,
        peers=state.peers,
        own=state.own,
        frames=frames,
        find=find,
    )
