"""Room `state`: what a page shows <-> its address.

Every address becomes a valid state: unknown keys are dropped, unknown values replaced by the
default, numbers clamped into what the data hold. Every state has one address, in fixed order
with nothing left out, so that a later change of defaults doesn't change an old link.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gapatlas.config import Config

WINDOWS = (1, 3, 5)
RATE_VIEWS = ("peers", "funnel", "shrunken", "ranks", "trend", "two", "sources", "outcomes")
PEER_CHOICES = ("region", "subregion", "population", "all", "own")
"""Choices of peers that every config has."""
SPREADS = ("none", "additive", "multiplicative")
SHOWN = ("ratio", "number", "probability", "rate")
"""What a map can show: three ways to tell the gap to a benchmark, or the rate itself."""
BENCHMARKS = ("median", "best_quarter", "own_best", "model")
GAP_VIEWS = ("short", "stages", "silent", "model")
LAYERS = ("reporting", "clusters")
MOST_BESIDE = 11
"""Places that a reader can set beside one: a dozen small charts can still be read."""
MOST_OWN = 30
"""Places that a reader can choose as peers: an address must stay short enough to share."""
FLOW_VIEWS = ("map", "matrix")
THRESHOLDS = (10, 25, 50, 100, 250, 500)
"""People from which a pair of places can be shown: below 10, a line is a handful of persons."""
DEFAULT_THRESHOLD = 100
DEFAULT_YEARS = 5
_LONGEST_VALUE = 200


@dataclass(frozen=True)
class MapState:
    """What the map page shows.

    Attributes:
        measure: measure id.
        source: source id.
        window: years pooled.
        year: last year of the window.
        place: id of the place whose series is shown, or None.
    """

    measure: str
    source: str
    window: int
    year: int
    place: str | None = None


@dataclass(frozen=True)
class Choices:
    """What a reader can choose from.

    Attributes:
        spans: measure id -> source id -> first and last year.
        places: measure id -> ids of the places that it can describe.
        default: measure, window, last year and place shown first.
        peers: choices of peers.
        with_gap: ids of the measures that can fall short of a benchmark.
    """

    spans: Mapping[str, Mapping[str, tuple[int, int]]]
    places: Mapping[str, frozenset[str]]
    default: MapState
    peers: tuple[str, ...] = PEER_CHOICES
    with_gap: frozenset[str] = frozenset()

    def sources(self, measure: str) -> list[str]:
        """Sources of a measure, its own first."""
        return list(self.spans[measure])

    def years(self, measure: str, source: str, window: int) -> tuple[int, int]:
        """First and last year in which a whole window can end."""
        first, last = self.spans[measure][source]
        return min(first + window - 1, last), last


@dataclass(frozen=True)
class RateState:
    """What the page of conviction rates shows.

    Attributes:
        figures: measure, source, window, last year and place.
        peers: whom the place is compared with.
        own: ids of the reader's own peers, kept while another choice of peers is shown.
        other: id of the second place of a comparison of two, or None.
        view: which of `RATE_VIEWS` is open.
        spread: what the funnel allows for besides chance, one of `SPREADS`.
    """

    figures: MapState
    peers: str = PEER_CHOICES[0]
    own: tuple[str, ...] = ()
    other: str | None = None
    view: str = RATE_VIEWS[0]
    spread: str = SPREADS[0]


@dataclass(frozen=True)
class GapState:
    """What the page of enforcement gaps shows.

    Attributes:
        figures: measure, source, window, last year and place.
        show: what the map shows, one of `SHOWN`; a measure without a gap shows its rate.
        benchmark: what observed counts are compared with, one of `BENCHMARKS`.
        peers: whom a place is compared with, where the benchmark takes peers.
        own: ids of the reader's own peers, kept while another choice of peers is shown.
        view: which closer look is open, one of `GAP_VIEWS`; empty where none is.
        beside: ids of places whose stages are shown beside those of `figures.place`.
        layers: which of `LAYERS` are on.
    """

    figures: MapState
    show: str = SHOWN[0]
    benchmark: str = BENCHMARKS[0]
    peers: str = PEER_CHOICES[0]
    own: tuple[str, ...] = ()
    view: str = ""
    beside: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()


def default_state(config: Config) -> MapState:
    """The state of a config's defaults."""
    defaults = config.defaults
    measure = config.measures[defaults.measure]
    return MapState(
        measure=defaults.measure,
        source=measure.source,
        window=defaults.window,
        year=defaults.year_to,
        place=defaults.place,
    )


def normalised(state: MapState, choices: Choices) -> MapState:
    """The nearest state that the data hold."""
    measure = _measure_with_figures(state.measure, choices)
    sources = choices.sources(measure)
    if not sources:
        return choices.default
    source = state.source if state.source in sources else sources[0]
    first, last = choices.spans[measure][source]
    longest = last - first + 1
    window = state.window if state.window in WINDOWS else choices.default.window
    window = max(w for w in WINDOWS if w <= max(1, min(window, longest)))
    low, high = choices.years(measure, source, window)
    year = min(max(state.year, low), high)
    known = choices.places[measure]
    place = state.place
    if place is not None and place not in known:
        place = choices.default.place if choices.default.place in known else None
    return MapState(measure=measure, source=source, window=window, year=year, place=place)


def _measure_with_figures(measure: str, choices: Choices) -> str:
    """The measure asked for, else the default one, else the first that any source reports."""
    with_figures = [id_ for id_, sources in choices.spans.items() if sources]
    wanted = (measure, choices.default.measure, *with_figures)
    return next((id_ for id_ in wanted if id_ in with_figures), choices.default.measure)


def from_query(query: Mapping[str, str], choices: Choices) -> MapState:
    """The state of an address; anything unusable in it becomes the default."""
    default = choices.default
    wanted = MapState(
        measure=_text(query, "measure", default.measure),
        source=_text(query, "source", ""),
        window=_whole(query, "window", default.window),
        year=_whole(query, "year", default.year),
        place=_text(query, "place", default.place or "") or None,
    )
    return normalised(wanted, choices)


def to_query(state: MapState) -> dict[str, str]:
    """The address of a state: every part, in fixed order."""
    return {
        "measure": state.measure,
        "source": state.source,
        "year": str(state.year),
        "window": str(state.window),
        "place": state.place or "",
    }


def _text(query: Mapping[str, str], key: str, default: str) -> str:
    value = query.get(key, default)
    return value if len(value) <= _LONGEST_VALUE else default


def _whole(query: Mapping[str, str], key: str, default: int) -> int:
    value = _text(query, key, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else default


def normalised_rate(state: RateState, choices: Choices) -> RateState:
    """The nearest state of the page of conviction rates that the data hold; it always has a
    place, where there is one."""
    figures = normalised(state.figures, choices)
    known = choices.places.get(figures.measure, frozenset())
    if figures.place is None and known:
        first = choices.default.place if choices.default.place in known else min(known)
        figures = replace(figures, place=first)
    others = known - {figures.place}
    return RateState(
        figures=figures,
        peers=_one_of(state.peers, choices.peers),
        own=_known_once(state.own, others, MOST_OWN),
        other=state.other if state.other in others else None,
        view=_one_of(state.view, RATE_VIEWS),
        spread=_one_of(state.spread, SPREADS),
    )


def rate_from_query(query: Mapping[str, str], choices: Choices) -> RateState:
    """The state of an address of the page of conviction rates."""
    return normalised_rate(
        RateState(
            figures=from_query(query, choices),
            peers=_text(query, "peers", ""),
            own=_listed(query, "own"),
            other=_text(query, "other", "") or None,
            view=_text(query, "view", ""),
            spread=_text(query, "spread", ""),
        ),
        choices,
    )


def rate_to_query(state: RateState) -> dict[str, str]:
    """The address of a state of the page of conviction rates: every part, in fixed order."""
    return {
        **to_query(state.figures),
        "peers": state.peers,
        "own": ".".join(state.own),
        "other": state.other or "",
        "view": state.view,
        "spread": state.spread,
    }


def normalised_gap(state: GapState, choices: Choices) -> GapState:
    """The nearest state of the page of enforcement gaps that the data hold."""
    figures = normalised(state.figures, choices)
    known = choices.places.get(figures.measure, frozenset())
    shown = SHOWN if figures.measure in choices.with_gap else ("rate",)
    return GapState(
        figures=figures,
        show=_one_of(state.show, shown),
        benchmark=_one_of(state.benchmark, BENCHMARKS),
        peers=_one_of(state.peers, choices.peers),
        own=_known_once(state.own, known, MOST_OWN),
        view=state.view if state.view in GAP_VIEWS else "",
        beside=_known_once(state.beside, known - {figures.place}, MOST_BESIDE),
        layers=tuple(layer for layer in LAYERS if layer in state.layers),
    )


def gap_from_query(query: Mapping[str, str], choices: Choices) -> GapState:
    """The state of an address of the page of enforcement gaps."""
    return normalised_gap(
        GapState(
            figures=from_query(query, choices),
            show=_text(query, "show", ""),
            benchmark=_text(query, "benchmark", ""),
            peers=_text(query, "peers", ""),
            own=_listed(query, "own"),
            view=_text(query, "view", ""),
            beside=_listed(query, "beside"),
            layers=_listed(query, "layers"),
        ),
        choices,
    )


def gap_to_query(state: GapState) -> dict[str, str]:
    """The address of a state of the page of enforcement gaps: every part, in fixed order."""
    return {
        **to_query(state.figures),
        "show": state.show,
        "benchmark": state.benchmark,
        "peers": state.peers,
        "own": ".".join(state.own),
        "view": state.view,
        "beside": ".".join(state.beside),
        "layers": ".".join(state.layers),
    }


def _one_of(value: str, allowed: Sequence[str]) -> str:
    return value if value in allowed else allowed[0]


def _known_once(ids: Iterable[str], known: Container[str], most: int) -> tuple[str, ...]:
    return tuple(id_ for id_ in dict.fromkeys(ids) if id_ in known)[:most]


def _listed(query: Mapping[str, str], key: str) -> tuple[str, ...]:
    """The ids of a list; none where it is too long to be one of ours."""
    value = query.get(key, "")
    return tuple(value.split(".")) if len(value) <= _LONGEST_VALUE else ()


@dataclass(frozen=True)
class FlowState:
    """What the page Cross-border shows.

    Attributes:
        source: source id.
        stage: whose citizenship is counted, such as `detected`.
        year_from: first year.
        year_to: last year.
        at_least: a pair of places is shown from so many people on; one of `THRESHOLDS`.
        place: id of the place whose flows stand out, or None.
        other: id of the second place of a pair, or None.
        view: which of `FLOW_VIEWS` is open.
    """

    source: str
    stage: str
    year_from: int
    year_to: int
    at_least: int = DEFAULT_THRESHOLD
    place: str | None = None
    other: str | None = None
    view: str = FLOW_VIEWS[0]


@dataclass(frozen=True)
class FlowChoices:
    """What a reader of the page Cross-border can choose from.

    Attributes:
        spans: source id -> stage -> first and last year; a source without a stage is left out.
        places: source id -> stage -> ids of the places of any of its flows.
    """

    spans: Mapping[str, Mapping[str, tuple[int, int]]]
    places: Mapping[str, Mapping[str, frozenset[str]]]


def normalised_flow(state: FlowState, choices: FlowChoices) -> FlowState:
    """The nearest state of the page Cross-border that the data hold.

    Raises:
        ValueError: there is no source of flows at all.
    """
    if not choices.spans:
        raise ValueError("There is no source of flows to choose from.")
    source = state.source if state.source in choices.spans else next(iter(choices.spans))
    stages = choices.spans[source]
    stage = state.stage if state.stage in stages else next(iter(stages))
    first, last = stages[stage]
    ends = [min(max(year, first), last) for year in (state.year_from, state.year_to)]
    known = choices.places[source][stage]
    place = state.place if state.place in known else None
    return FlowState(
        source=source,
        stage=stage,
        year_from=min(ends),
        year_to=max(ends),
        at_least=state.at_least if state.at_least in THRESHOLDS else DEFAULT_THRESHOLD,
        place=place,
        other=state.other if place and state.other in known - {place} else None,
        view=state.view if state.view in FLOW_VIEWS else FLOW_VIEWS[0],
    )


def flow_from_query(query: Mapping[str, str], choices: FlowChoices) -> FlowState:
    """The state of an address of the page Cross-border; its years are the last five of the
    source where the address names none.

    Raises:
        ValueError: there is no source of flows at all.
    """
    wanted = FlowState(
        source=_text(query, "source", ""),
        stage=_text(query, "stage", ""),
        year_from=_whole(query, "from", 0),
        year_to=_whole(query, "to", 0),
        at_least=_whole(query, "atleast", DEFAULT_THRESHOLD),
        place=_text(query, "place", "") or None,
        other=_text(query, "other", "") or None,
        view=_text(query, "view", ""),
    )
    found = normalised_flow(wanted, choices)
    last = choices.spans[found.source][found.stage][1]
    to = wanted.year_to or last
    years = replace(wanted, year_to=to, year_from=wanted.year_from or to - DEFAULT_YEARS + 1)
    return normalised_flow(years, choices)


def flow_to_query(state: FlowState) -> dict[str, str]:
    """The address of a state of the page Cross-border: every part, in fixed order."""
    return {
        "source": state.source,
        "stage": state.stage,
        "from": str(state.year_from),
        "to": str(state.year_to),
        "atleast": str(state.at_least),
        "place": state.place or "",
        "other": state.other or "",
        "view": state.view,
    }
