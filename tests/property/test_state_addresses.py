"""No address, however hostile, breaks a page; a valid state always survives its address."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.state import (
    BENCHMARKS,
    CASE_OUTCOMES,
    EVIDENCE_SPLITS,
    EVIDENCE_VIEWS,
    FLOW_VIEWS,
    GAP_VIEWS,
    INVESTMENT_VIEWS,
    LARGEST_BUDGET,
    LAYERS,
    LONGEST_LAG,
    LONGEST_YEARS,
    MOST_BESIDE,
    MOST_KEPT,
    MOST_OWN,
    MOST_PLACES,
    OUTCOMES,
    PEER_CHOICES,
    RATE_VIEWS,
    SHOWN,
    SPREADS,
    THRESHOLDS,
    WINDOWS,
    Choices,
    EvidenceChoices,
    EvidenceState,
    FlowChoices,
    FlowState,
    GapState,
    InvestmentChoices,
    InvestmentState,
    MapState,
    ProfileChoices,
    ProfileState,
    RateState,
    Scenario,
    evidence_from_query,
    evidence_to_query,
    flow_from_query,
    flow_to_query,
    from_query,
    gap_from_query,
    gap_to_query,
    investment_from_query,
    investment_to_query,
    normalised,
    normalised_evidence,
    normalised_flow,
    normalised_gap,
    normalised_investment,
    normalised_profile,
    normalised_rate,
    profile_from_query,
    profile_to_query,
    rate_from_query,
    rate_to_query,
    to_query,
)

IDS = st.text("abcdefghij_", min_size=1, max_size=8)
YEARS = st.integers(1900, 2200)
HOSTILE = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [
            "\0",
            "a\0b",
            "' OR 1=1 --",
            "'; DROP TABLE place; --",
            "<script>alert(1)</script>",
            "../../etc/passwd",
            "%00%ff",
            "9" * 400,
            "-9223372036854775809",
            "1e309",
            "NaN",
            "\u0662\u0660\u0662\u0660",
            "\uff12\uff10\uff12\uff10",
            "²",
            "Ⅷ",
            "x" * 10_000,
            "\u202e2020",
            "\ud800",
        ]
    ),
    st.integers().map(str),
    st.floats().map(str),
)


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    first = draw(YEARS)
    return first, first + draw(st.integers(0, 40))


@st.composite
def choices(draw: st.DrawFn) -> Choices:
    sources = st.dictionaries(IDS, spans(), min_size=0, max_size=3)
    table = draw(st.dictionaries(IDS, sources, min_size=1, max_size=4))
    places = {measure: draw(st.frozensets(IDS, max_size=4)) for measure in table}
    measure = draw(st.sampled_from(sorted(table)))
    default = MapState(
        measure=measure,
        source=draw(st.sampled_from(sorted(table[measure]) or ["none"])),
        window=draw(st.sampled_from(WINDOWS)),
        year=draw(YEARS),
        place=draw(st.one_of(st.none(), IDS)),
    )
    return Choices(spans=table, places=places, default=default)


FIXED = Choices(
    spans={
        "convicted": {"office": (2003, 2022), "archive": (2010, 2013), "note": (2020, 2020)},
        "cleared": {"police": (2013, 2023)},
        "empty": {},
    },
    places={
        "convicted": frozenset({"ROU", "NLD", "DEU"}),
        "cleared": frozenset({"US-TX"}),
        "empty": frozenset(),
    },
    default=MapState("convicted", "office", 5, 2022, "ROU"),
)
NAMES = st.sampled_from(
    ["convicted", "cleared", "empty", "office", "archive", "note", "police", "ROU", "NLD", "US-TX"]
)
STATES = st.builds(
    MapState,
    measure=NAMES | HOSTILE,
    source=NAMES | HOSTILE,
    window=st.sampled_from(WINDOWS) | st.integers(),
    year=YEARS | st.integers(),
    place=st.none() | NAMES | HOSTILE,
)
KEYS = st.sampled_from(["measure", "source", "window", "year", "place"])
QUERIES = st.dictionaries(KEYS | st.text(max_size=10), NAMES | HOSTILE, max_size=7)


def has_figures(options: Choices) -> bool:
    return any(options.spans.values())


def is_valid(state: MapState, options: Choices) -> bool:
    first, last = options.spans[state.measure][state.source]
    return (
        state.window in WINDOWS
        and first <= state.year <= last
        and (state.window == 1 or state.year - state.window + 1 >= first)
        and (state.place is None or state.place in options.places[state.measure])
    )


def check(options: Choices, state: MapState) -> None:
    found = normalised(state, options)
    if not has_figures(options):
        assert found == options.default
        return
    assert is_valid(found, options)
    assert normalised(found, options) == found
    assert from_query(to_query(found), options) == found


@settings(max_examples=500)
@given(STATES)
def test_every_state_is_brought_to_a_valid_one_that_survives_its_address(state: MapState) -> None:
    check(FIXED, state)


@settings(max_examples=500)
@given(QUERIES)
def test_every_address_gives_a_valid_state(query: dict[str, str]) -> None:
    assert is_valid(from_query(query, FIXED), FIXED)


@settings(max_examples=100)
@given(choices(), STATES, st.data())
def test_whatever_there_is_to_choose_from(
    options: Choices, state: MapState, data: st.DataObject
) -> None:
    check(options, state)
    measure = data.draw(st.sampled_from(sorted(options.spans)))
    source = data.draw(st.sampled_from(sorted(options.spans[measure]) or ["none"]))
    check(options, replace(state, measure=measure, source=source))


@settings(max_examples=125)
@given(STATES)
def test_an_address_is_ordered_and_stable(state: MapState) -> None:
    query = to_query(normalised(state, FIXED))
    order = ["measure", "source", "year", "window", "place"]
    assert list(query) == [key for key in order if key in query]
    assert set(order[:4]) <= set(query)
    shuffled = dict(reversed(query.items()))
    assert to_query(from_query(shuffled, FIXED)) == query


# ------------------------------------------------------------------ conviction rates

RATE_KEYS = st.sampled_from(
    ["measure", "source", "window", "year", "place", "peers", "own", "other", "view", "spread"]
)
RATE_WORDS = (
    NAMES | HOSTILE | st.sampled_from([*RATE_VIEWS, *PEER_CHOICES, *SPREADS, "ROU.NLD.ROU"])
)
RATE_QUERIES = st.dictionaries(RATE_KEYS | st.text(max_size=10), RATE_WORDS, max_size=10)


def is_valid_rate(state: RateState, options: Choices) -> bool:
    known = options.places[state.figures.measure]
    return (
        is_valid(state.figures, options)
        and (state.figures.place in known or not known)
        and state.peers in PEER_CHOICES
        and state.view in RATE_VIEWS
        and state.spread in SPREADS
        and set(state.own) <= known - {state.figures.place}
        and len(set(state.own)) == len(state.own)
        and (state.other is None or state.other in known - {state.figures.place})
    )


@settings(max_examples=375)
@given(RATE_QUERIES)
def test_every_address_of_a_rate_gives_a_valid_state_that_survives(query: dict[str, str]) -> None:
    found = rate_from_query(query, FIXED)
    assert is_valid_rate(found, FIXED)
    assert normalised_rate(found, FIXED) == found
    assert rate_from_query(rate_to_query(found), FIXED) == found


def test_the_longest_list_of_own_peers_survives_its_address() -> None:
    ids = frozenset(f"US-{a}{b}" for a in "ABCDEF" for b in "ABCDEF")
    options = Choices(
        spans={"rate": {"office": (2000, 2020)}},
        places={"rate": ids},
        default=MapState("rate", "office", 1, 2020, None),
    )
    state = normalised_rate(
        RateState(MapState("rate", "office", 1, 2020, "US-AA"), own=tuple(sorted(ids))), options
    )
    assert len(state.own) == MOST_OWN
    assert rate_from_query(rate_to_query(state), options) == state


# ------------------------------------------------------------------ the page of gaps

GAP_CHOICES = replace(FIXED, with_gap=frozenset({"convicted"}), peers=(*PEER_CHOICES, "tip_tier"))
IDS_OF_PLACES = st.lists(NAMES | HOSTILE, max_size=40).map(tuple)
GAP_STATES = st.builds(
    GapState,
    figures=STATES,
    show=st.sampled_from(SHOWN) | HOSTILE,
    benchmark=st.sampled_from(BENCHMARKS) | HOSTILE,
    peers=st.sampled_from((*PEER_CHOICES, "tip_tier")) | HOSTILE,
    own=IDS_OF_PLACES,
    view=st.sampled_from(("", *GAP_VIEWS)) | HOSTILE,
    beside=IDS_OF_PLACES,
    layers=st.lists(st.sampled_from(LAYERS) | HOSTILE, max_size=4).map(tuple),
)
GAP_KEYS = KEYS | st.sampled_from(["show", "benchmark", "peers", "own", "view", "beside", "layers"])


@given(GAP_STATES)
def test_a_state_of_gaps_survives_its_address(state: GapState) -> None:
    valid = normalised_gap(state, GAP_CHOICES)
    assert normalised_gap(valid, GAP_CHOICES) == valid
    assert gap_from_query(gap_to_query(valid), GAP_CHOICES) == valid


@given(st.dictionaries(GAP_KEYS | st.text(max_size=10), NAMES | HOSTILE, max_size=10))
def test_any_address_gives_a_usable_state_of_gaps(query: dict[str, str]) -> None:
    state = gap_from_query(query, GAP_CHOICES)
    known = GAP_CHOICES.places[state.figures.measure]
    assert is_valid(state.figures, GAP_CHOICES)
    assert state.show in (SHOWN if state.figures.measure == "convicted" else ("rate",))
    assert state.benchmark in BENCHMARKS
    assert state.peers in GAP_CHOICES.peers
    assert state.view in ("", *GAP_VIEWS)
    assert set(state.own) <= known
    assert set(state.beside) <= known - {state.figures.place}
    assert len(state.own) <= MOST_OWN
    assert len(state.beside) <= MOST_BESIDE
    assert list(state.layers) == [layer for layer in LAYERS if layer in state.layers]
    assert all(isinstance(value, str) for value in gap_to_query(state).values())


# ------------------------------------------------------------------ flows

STAGES = ("detected", "convicted")
FLOW_KEYS = st.sampled_from(
    ["source", "stage", "from", "to", "atleast", "place", "other", "view"]
) | st.text(max_size=10)
FLOW_WORDS = NAMES | HOSTILE | st.sampled_from([*STAGES, *FLOW_VIEWS, *map(str, THRESHOLDS)])


@st.composite
def flow_choices(draw: st.DrawFn) -> FlowChoices:
    sources = draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    stages = {source: draw(st.sets(st.sampled_from(STAGES), min_size=1)) for source in sources}
    return FlowChoices(
        spans={source: {stage: draw(spans()) for stage in stages[source]} for source in sources},
        places={
            source: {stage: draw(st.frozensets(IDS, max_size=4)) for stage in stages[source]}
            for source in sources
        },
    )


def is_valid_flow(state: FlowState, options: FlowChoices) -> bool:
    first, last = options.spans[state.source][state.stage]
    known = options.places[state.source][state.stage]
    return (
        first <= state.year_from <= state.year_to <= last
        and state.at_least in THRESHOLDS
        and state.view in FLOW_VIEWS
        and (state.place is None or state.place in known)
        and (state.other is None or state.other in known - {state.place})
        and (state.other is None or state.place is not None)
    )


@settings(max_examples=250)
@given(st.dictionaries(FLOW_KEYS, FLOW_WORDS, max_size=9), flow_choices())
def test_every_address_of_flows_gives_a_valid_state_that_survives(
    query: dict[str, str], options: FlowChoices
) -> None:
    found = flow_from_query(query, options)
    assert is_valid_flow(found, options)
    assert normalised_flow(found, options) == found
    assert flow_from_query(flow_to_query(found), options) == found


# ------------------------------------------------------------------ one place

PROFILES = ProfileChoices(
    kinds=(
        (frozenset({"ROU", "NLD", "DEU"}), {"office": (2003, 2022), "note": (2020, 2020)}),
        (frozenset({"US-TX"}), {"police": (2013, 2023)}),
        (frozenset({"X-ROCK"}), {}),
    ),
    place="ROU",
    window=5,
)
PROFILE_KEYS = st.sampled_from(["place", "source", "year", "window", "benchmark", "peers", "own"])
PROFILE_WORDS = (
    NAMES
    | HOSTILE
    | st.sampled_from([*BENCHMARKS, *PEER_CHOICES, "X-ROCK", "ROU.NLD.US-TX", "2010", "3"])
)


def is_valid_profile(state: ProfileState) -> bool:
    others = PROFILES.members(state.place) - {state.place}
    chosen = (
        state.place in PROFILES.places
        and state.benchmark in BENCHMARKS
        and state.peers in PEER_CHOICES
        and set(state.own) <= others
        and len(set(state.own)) == len(state.own)
    )
    sources = PROFILES.sources(state.place)
    if not sources:
        return chosen and state.source == ""
    first, last = PROFILES.years(state.place, state.source, state.window)
    return chosen and state.source in sources and first <= state.year <= last


@settings(max_examples=375)
@given(st.dictionaries(PROFILE_KEYS | st.text(max_size=10), PROFILE_WORDS, max_size=8))
def test_every_address_of_a_place_gives_a_valid_state_that_survives(query: dict[str, str]) -> None:
    found = profile_from_query(query, PROFILES)
    assert is_valid_profile(found)
    assert normalised_profile(found, PROFILES) == found
    assert profile_from_query(profile_to_query(found), PROFILES) == found


@settings(max_examples=125)
@given(
    st.builds(
        ProfileState,
        place=NAMES | HOSTILE,
        source=NAMES | HOSTILE,
        window=st.integers(),
        year=YEARS | st.integers(),
        benchmark=HOSTILE,
        peers=HOSTILE,
        own=st.lists(NAMES | HOSTILE, max_size=5).map(tuple),
    )
)
def test_every_state_of_a_place_is_brought_to_a_valid_one(state: ProfileState) -> None:
    assert is_valid_profile(normalised_profile(state, PROFILES))


# ------------------------------------------------------------------ an investment

INVESTMENTS = InvestmentChoices(
    places=frozenset({"ROU", "NLD", "US-TX"}),
    presets=("central", "null"),
    inputs={"turnover": (0.01, 0.6), "cost_evidence": (100.0, 20_000.0)},
    entries={"effect_evidence_prosecuted": ("prior_evidence", "own_study")},
    default=Scenario(budgets=(("ROU", (1.0, 2.0, 3.0, 4.0)),), preset="central"),
)
INVESTMENT_IDS = st.sampled_from(["ROU", "NLD", "US-TX", "turnover", "effect_evidence_prosecuted"])
MONEY = st.floats(-1e6, 1e12) | st.integers(0, 10**7).map(float)
SCENARIO_WORD = st.sampled_from(
    [
        "Plan*ROU:1-2-3-4~US-TX:0-0-0-9.5*10*5*2*1*null*effect_evidence_prosecuted:own_study*"
        "turnover:0.2-0.1-0.3",
        "*ROU:1-2-3*0*99*-1*9*none**",
        "a*b*c*d*e*f*g*h*i",
        "*ROU:1e5-2-3-4~NLD:٣-1-1-1*10*5*0*1*central**turnover:9-9-9",
        "********",
    ]
)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    ids = INVESTMENT_IDS | HOSTILE
    return Scenario(
        name=draw(HOSTILE),
        budgets=tuple(
            draw(st.lists(st.tuples(ids, st.lists(MONEY, max_size=5).map(tuple)), max_size=12))
        ),
        years=draw(st.integers()),
        spend_years=draw(st.integers()),
        refresh_every=draw(st.integers()),
        lag=draw(st.integers()),
        preset=draw(HOSTILE | st.sampled_from(["central", "null"])),
        taken=tuple(draw(st.lists(st.tuples(ids, ids | st.just("own_study")), max_size=4))),
        beliefs=tuple(draw(st.lists(st.tuples(ids, st.tuples(MONEY, MONEY, MONEY)), max_size=4))),
    )


def is_valid_scenario(scenario: Scenario) -> bool:
    return (
        set(scenario.places) <= INVESTMENTS.places
        and len(scenario.budgets) <= MOST_PLACES
        and all(0 <= money <= LARGEST_BUDGET for _, row in scenario.budgets for money in row)
        and all(len(row) == 4 for _, row in scenario.budgets)
        and 1 <= scenario.spend_years <= scenario.years <= LONGEST_YEARS
        and 0 <= scenario.refresh_every <= LONGEST_YEARS
        and 0 <= scenario.lag <= LONGEST_LAG
        and scenario.preset in INVESTMENTS.presets
        and all(entry in INVESTMENTS.entries[id_] for id_, entry in scenario.taken)
        and all(
            INVESTMENTS.inputs[id_][0] <= low <= value <= high <= INVESTMENTS.inputs[id_][1]
            for id_, (value, low, high) in scenario.beliefs
        )
    )


def is_valid_investment(state: InvestmentState) -> bool:
    return (
        is_valid_scenario(state.scenario)
        and len(state.kept) <= MOST_KEPT
        and all(is_valid_scenario(kept) and kept.budgets for kept in state.kept)
        and state.outcome in OUTCOMES
        and state.at_least >= 1
        and state.worth >= 0
        and state.view in ("", *INVESTMENT_VIEWS)
    )


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(["scenario", "outcome", "atleast", "worth", "view", "beside"]),
        HOSTILE | SCENARIO_WORD | st.sampled_from(["prosecuted", "7", "worth"]),
        max_size=6,
    )
)
def test_every_address_of_an_investment_gives_a_valid_state_that_survives(
    query: dict[str, str],
) -> None:
    found = investment_from_query(query, INVESTMENTS)
    assert is_valid_investment(found)
    assert normalised_investment(found, INVESTMENTS) == found
    assert investment_from_query(investment_to_query(found), INVESTMENTS) == found


@settings(max_examples=100)
@given(scenarios(), st.lists(scenarios(), max_size=5).map(tuple), HOSTILE, st.integers())
def test_every_state_of_an_investment_is_brought_to_a_valid_one_that_survives(
    scenario: Scenario, kept: tuple[Scenario, ...], word: str, number: int
) -> None:
    state = InvestmentState(scenario, kept, word, number, number, word)
    found = normalised_investment(state, INVESTMENTS)
    assert is_valid_investment(found)
    assert normalised_investment(found, INVESTMENTS) == found
    assert investment_from_query(investment_to_query(found), INVESTMENTS) == found


# ------------------------------------------------------------------ cases

CASES = EvidenceChoices({"office_cases": ("place", "charge"), "made_up": ("task_force",)})
CASE_WORDS = st.sampled_from(["made_up", "pairs", "task_force", "place", "none", "acquitted"])


def is_valid_evidence(state: EvidenceState) -> bool:
    return (
        state.dataset in CASES.splits
        and state.view in EVIDENCE_VIEWS
        and state.split in EVIDENCE_SPLITS
        and state.split in ("none", *CASES.splits[state.dataset])
        and state.outcome in CASE_OUTCOMES
    )


@given(
    st.dictionaries(
        st.sampled_from(["dataset", "view", "split", "outcome"]), HOSTILE | CASE_WORDS, max_size=4
    )
)
def test_every_address_of_cases_gives_a_valid_state_that_survives(query: dict[str, str]) -> None:
    found = evidence_from_query(query, CASES)
    assert is_valid_evidence(found)
    assert normalised_evidence(found, CASES) == found
    assert evidence_from_query(evidence_to_query(found), CASES) == found
