"""What each part of an address can be, beside the other parts of it.

A text is told as it stands; a collection holds every value that is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gapatlas.state.evidence import (
    CASE_OUTCOMES,
    EVIDENCE_SPLITS,
    EVIDENCE_VIEWS,
    EvidenceChoices,
    EvidenceState,
)
from gapatlas.state.investment import (
    INVESTMENT_VIEWS,
    LARGEST_WORTH,
    OUTCOMES,
)
from gapatlas.state.pages import (
    BENCHMARKS,
    FLOW_VIEWS,
    GAP_VIEWS,
    LAYERS,
    RATE_VIEWS,
    SHOWN,
    SPREADS,
    THRESHOLDS,
    WINDOWS,
    Choices,
    FlowChoices,
    FlowState,
    GapState,
    MapState,
    ProfileChoices,
    ProfileState,
    RateState,
)

Offered = Mapping[str, str | Iterable[str]]


def offered_figures(state: MapState, choices: Choices) -> Offered:
    """Measure, source, year, window and place, on any page that has them."""
    first, last = choices.spans[state.measure][state.source]
    return {
        "measure": [id_ for id_, sources in choices.spans.items() if sources],
        "source": choices.sources(state.measure),
        "year": _span(*choices.years(state.measure, state.source, state.window)),
        "window": _windows(last - first + 1),
        "place": choices.places[state.measure],
    }


def offered_rate(state: RateState, choices: Choices) -> Offered:
    """The page of conviction rates."""
    others = choices.places[state.figures.measure] - {state.figures.place}
    return {
        **offered_figures(state.figures, choices),
        "peers": choices.peers,
        "own": others,
        "other": others,
        "view": RATE_VIEWS,
        "spread": SPREADS,
    }


def offered_gap(state: GapState, choices: Choices) -> Offered:
    """The page of enforcement gaps."""
    measure = state.figures.measure
    return {
        **offered_figures(state.figures, choices),
        "show": SHOWN if measure in choices.with_gap else ("rate",),
        "benchmark": BENCHMARKS,
        "peers": choices.peers,
        "own": choices.places[measure],
        "view": GAP_VIEWS,
        "beside": choices.places[measure] - {state.figures.place},
        "layers": LAYERS,
    }


def offered_flow(state: FlowState, choices: FlowChoices) -> Offered:
    """The page Cross-border."""
    known = choices.places[state.source][state.stage]
    span = _span(*choices.spans[state.source][state.stage])
    return {
        "source": choices.spans,
        "stage": choices.spans[state.source],
        "from": span,
        "to": span,
        "atleast": [str(number) for number in THRESHOLDS],
        "place": known,
        "other": known - {state.place} if state.place else "none without a first place",
        "view": FLOW_VIEWS,
    }


def offered_profile(state: ProfileState, choices: ProfileChoices) -> Offered:
    """The page of one place."""
    known: Offered = {
        "place": choices.places,
        "source": choices.sources(state.place) or "none for this place",
        "year": "none for this place",
        "window": _windows(max(WINDOWS)),
        "benchmark": BENCHMARKS,
        "peers": choices.peers,
        "own": choices.members(state.place) - {state.place},
    }
    if not state.source:
        return known
    return {
        **known,
        "year": _span(*choices.years(state.place, state.source, state.window)),
        "window": [str(window) for window in choices.windows(state.place, state.source)],
    }


def offered_evidence(state: EvidenceState, choices: EvidenceChoices) -> Offered:
    """The page Evidence and defence."""
    return {
        "dataset": choices.splits,
        "view": EVIDENCE_VIEWS,
        "split": (EVIDENCE_SPLITS[0], *choices.splits[state.dataset]),
        "outcome": CASE_OUTCOMES,
    }


def offered_investment() -> Offered:
    """The page Training investment, without what its scenarios can be."""
    return {
        "outcome": OUTCOMES,
        "atleast": "1 to 1000000",
        "worth": f"0 to {LARGEST_WORTH}",
        "view": INVESTMENT_VIEWS,
    }


def _span(first: int, last: int) -> str:
    return f"{first} to {last}"


def _windows(longest: int) -> list[str]:
    return [str(window) for window in WINDOWS if window <= longest]
