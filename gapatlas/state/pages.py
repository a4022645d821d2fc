"""The states of the pages of figures: maps, rates, gaps, flows and profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gapatlas.config import Config
from gapatlas.state.parts import known_once, list_of, one_of, text_of, whole_of

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
        measure=text_of(query, "measure", default.measure),
        source=text_of(query, "source", ""),
        window=whole_of(query, "window", default.window),
        year=whole_of(query, "year", default.year),
        place=text_of(query, "place", default.place or "") or None,
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
        peers=one_of(state.peers, choices.peers),
        own=known_once(state.own, others, MOST_OWN),
        other=state.other if state.other in others else None,
        view=one_of(state.view, RATE_VIEWS),
        spread=one_of(state.spread, SPREADS),
    )


def rate_from_query(query: Mapping[str, str], choices: Choices) -> RateState:
    """The state of an address of the page of conviction rates."""
    return normalised_rate(
        RateState(
            figures=from_query(query, choices),
            peers=text_of(query, "peers", ""),
            own=list_of(query, "own"),
            other=text_of(query, "other", "") or None,
            view=text_of(query, "view", ""),
            spread=text_of(query, "spread", ""),
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
        show=one_of(state.show, shown),
        benchmark=one_of(state.benchmark, BENCHMARKS),
        peers=one_of(state.peers, choices.peers),
        own=known_once(state.own, known, MOST_OWN),
        view=state.view if state.view in GAP_VIEWS else "",
        beside=known_once(state.beside, known - {figures.place}, MOST_BESIDE),
        layers=tuple(layer for layer in LAYERS if layer in state.layers),
    )


def gap_from_query(query: Mapping[str, str], choices: Choices) -> GapState:
    """The state of an address of the page of enforcement gaps."""
    return normalised_gap(
        GapState(
            figures=from_query(query, choices),
            show=text_of(query, "show", ""),
            benchmark=text_of(query, "benchmark", ""),
            peers=text_of(query, "peers", ""),
            own=list_of(query, "own"),
            view=text_of(query, "view", ""),
            beside=list_of(query, "beside"),
            layers=list_of(query, "layers"),
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
        source=text_of(query, "source", ""),
        stage=text_of(query, "stage", ""),
        year_from=whole_of(query, "from", 0),
        year_to=whole_of(query, "to", 0),
        at_least=whole_of(query, "atleast", DEFAULT_THRESHOLD),
        place=text_of(query, "place", "") or None,
        other=text_of(query, "other", "") or None,
        view=text_of(query, "view", ""),
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


@dataclass(frozen=True)
class ProfileState:
    """What the page of one place shows.

    Attributes:
        place: id of the place.
        source: source of its main figures, or empty where no measure describes the place.
        window: years pooled.
        year: last year of the window.
        benchmark: what its gap is measured against, one of `BENCHMARKS`.
        peers: whom it is compared with.
        own: ids of the reader's own peers, kept while another choice of peers is shown.
    """

    place: str
    source: str
    window: int
    year: int
    benchmark: str = BENCHMARKS[0]
    peers: str = PEER_CHOICES[0]
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProfileChoices:
    """What a reader of the page of one place can choose from.

    Attributes:
        kinds: for each kind of place, its members and the first and last year of each source
            of its main measure, that of the measure first; no sources where there is no measure.
        place: id of the place shown first.
        window: years pooled first.
        peers: choices of peers.
    """

    kinds: tuple[tuple[frozenset[str], Mapping[str, tuple[int, int]]], ...]
    place: str
    window: int
    peers: tuple[str, ...] = PEER_CHOICES

    @property
    def places(self) -> frozenset[str]:
        """Ids of all places that have a page."""
        return frozenset().union(*(members for members, _ in self.kinds))

    def members(self, place: str) -> frozenset[str]:
        """Ids of the places of the same kind, itself among them."""
        return next((members for members, _ in self.kinds if place in members), frozenset())

    def sources(self, place: str) -> Mapping[str, tuple[int, int]]:
        """Source id -> first and last year, of the main measure of a place."""
        return next((sources for members, sources in self.kinds if place in members), {})

    def windows(self, place: str, source: str) -> list[int]:
        """Years that can be counted together in a source."""
        first, last = self.sources(place)[source]
        return [window for window in WINDOWS if window <= last - first + 1]

    def years(self, place: str, source: str, window: int) -> tuple[int, int]:
        """First and last year in which a whole window can end."""
        first, last = self.sources(place)[source]
        return min(first + window - 1, last), last


def normalised_profile(state: ProfileState, choices: ProfileChoices) -> ProfileState:
    """The nearest state of the page of one place that the data hold."""
    place = state.place if state.place in choices.places else choices.place
    others = choices.members(place) - {place}
    state = replace(
        state,
        place=place,
        benchmark=one_of(state.benchmark, BENCHMARKS),
        peers=one_of(state.peers, choices.peers),
        own=known_once(state.own, others, MOST_OWN),
    )
    sources = list(choices.sources(place))
    if not sources:
        return replace(state, source="", window=choices.window, year=0)
    source = one_of(state.source, sources)
    wanted = state.window if state.window in WINDOWS else choices.window
    window = max(w for w in choices.windows(place, source) if w <= max(1, wanted))
    low, high = choices.years(place, source, window)
    year = min(max(state.year, low), high) if state.year > 0 else high
    return replace(state, source=source, window=window, year=year)


def profile_from_query(query: Mapping[str, str], choices: ProfileChoices) -> ProfileState:
    """The state of an address of the page of one place; `place` alone is enough."""
    return normalised_profile(
        ProfileState(
            place=text_of(query, "place", ""),
            source=text_of(query, "source", ""),
            window=whole_of(query, "window", choices.window),
            year=whole_of(query, "year", 0),
            benchmark=text_of(query, "benchmark", ""),
            peers=text_of(query, "peers", ""),
            own=list_of(query, "own"),
        ),
        choices,
    )


def profile_to_query(state: ProfileState) -> dict[str, str]:
    """The address of a state of the page of one place: every part, in fixed order."""
    return {
        "place": state.place,
        "source": state.source,
        "year": str(state.year) if state.source else "",
        "window": str(state.window),
        "benchmark": state.benchmark,
        "peers": state.peers,
        "own": ".".join(state.own),
    }
