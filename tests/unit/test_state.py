"""What a page shows <-> its address: every address is usable, every state has one address."""

from __future__ import annotations

from pathlib import Path

import pytest

from gapatlas import gaps
from gapatlas.comparison.peers import PEER_LABELS
from gapatlas.config import load_config
from gapatlas.evidence import VIEWS
from gapatlas.evidence.words import OUTCOME_TITLES, SPLIT_TITLES
from gapatlas.state import (
    BENCHMARKS,
    CASE_OUTCOMES,
    EVIDENCE_SPLITS,
    EVIDENCE_VIEWS,
    PEER_CHOICES,
    SPREADS,
    Choices,
    EvidenceChoices,
    EvidenceState,
    FlowChoices,
    FlowState,
    MapState,
    ProfileChoices,
    ProfileState,
    default_state,
    evidence_from_query,
    evidence_to_query,
    flow_from_query,
    flow_to_query,
    from_query,
    normalised,
    normalised_flow,
    profile_from_query,
    profile_to_query,
    to_query,
)
from gapatlas.statistics import DISPERSIONS
from tests.support import observation, write_world

CHOICES = Choices(
    spans={
        "convicted": {"office": (2003, 2022), "archive": (2010, 2013)},
        "cleared": {"police": (2013, 2023)},
        "short": {"office": (2020, 2020)},
        "empty": {},
    },
    places={
        "convicted": frozenset({"ROU", "NLD"}),
        "cleared": frozenset({"US-TX"}),
        "short": frozenset({"ROU"}),
        "empty": frozenset({"ROU"}),
    },
    default=MapState("convicted", "office", 5, 2022, "ROU"),
)


def asked(**query: str) -> MapState:
    return from_query(query, CHOICES)


def test_an_empty_address_is_the_default() -> None:
    assert from_query({}, CHOICES) == CHOICES.default


def test_an_address_is_read_part_by_part() -> None:
    state = asked(measure="convicted", source="archive", window="3", year="2012", place="NLD")
    assert state == MapState("convicted", "archive", 3, 2012, "NLD")


def test_a_state_has_one_address_in_fixed_order_with_nothing_left_out() -> None:
    assert list(to_query(CHOICES.default).items()) == [
        ("measure", "convicted"),
        ("source", "office"),
        ("year", "2022"),
        ("window", "5"),
        ("place", "ROU"),
    ]
    assert to_query(MapState("cleared", "police", 1, 2020))["place"] == ""


@pytest.mark.parametrize(
    "state",
    [
        CHOICES.default,
        MapState("convicted", "archive", 3, 2012, "NLD"),
        MapState("cleared", "police", 5, 2017, None),
        MapState("short", "office", 1, 2020, "ROU"),
    ],
)
def test_a_state_survives_its_address(state: MapState) -> None:
    assert from_query(to_query(state), CHOICES) == state


def test_unknown_keys_are_dropped() -> None:
    state = from_query({"utm_source": "x", "Measure": "cleared"}, CHOICES)
    assert state == CHOICES.default


def test_an_unknown_measure_is_the_default_one() -> None:
    assert asked(measure="convictd").measure == "convicted"


def test_an_unknown_source_is_the_measures_own() -> None:
    assert asked(measure="cleared", source="office").source == "police"


def test_a_cleared_place_stays_cleared_and_an_unnamed_one_is_the_default() -> None:
    assert asked(measure="convicted", place="").place is None
    assert asked(measure="convicted").place == "ROU"


def test_a_place_of_another_measure_is_dropped() -> None:
    assert asked(measure="cleared", place="ROU").place is None
    assert asked(measure="convicted", place="US-TX").place == "ROU"


@pytest.mark.parametrize(
    ("window", "year", "expected"),
    [
        ("1", "1990", (1, 2003)),
        ("1", "2050", (1, 2022)),
        ("5", "2003", (5, 2007)),
        ("5", "2007", (5, 2007)),
        ("3", "2004", (3, 2005)),
        ("2", "2010", (5, 2010)),
        ("7", "2010", (5, 2010)),
        ("0", "2010", (5, 2010)),
        ("-1", "-2010", (5, 2022)),
    ],
)
def test_window_and_year_are_kept_within_the_data(
    window: str, year: str, expected: tuple[int, int]
) -> None:
    state = asked(window=window, year=year)
    assert (state.window, state.year) == expected


def test_a_window_longer_than_the_data_becomes_the_longest_that_fits() -> None:
    assert asked(source="archive", window="5", year="2013").window == 3
    assert asked(measure="short", window="5").window == 1


WIDE_2012 = "\uff12\uff10\uff11\uff12"


@pytest.mark.parametrize(
    "number",
    ["", " ", "2e3", "2012.0", "+2012", "0x7dc", WIDE_2012, "²", "9" * 5000, "\0", "None"],
)
def test_what_is_no_plain_number_is_the_default(number: str) -> None:
    state = asked(year=number, window=number)
    assert (state.year, state.window) == (2022, 5)


def test_a_value_that_is_too_long_is_the_default() -> None:
    long = "x" * 10_000
    assert asked(measure=long, source=long, place=long, year=long) == CHOICES.default


def test_a_measure_that_no_source_reports_gives_way_to_one_with_figures() -> None:
    assert asked(measure="empty").measure == "convicted"
    poor = Choices(
        spans={"empty": {}, "cleared": CHOICES.spans["cleared"]},
        places=CHOICES.places,
        default=MapState("empty", "office", 5, 2022),
    )
    assert from_query({}, poor) == MapState("cleared", "police", 5, 2022)


def test_without_any_figures_the_state_is_the_default() -> None:
    default = MapState("empty", "office", 5, 2022)
    nothing = Choices(spans={"empty": {}}, places={"empty": frozenset()}, default=default)
    assert from_query({"measure": "empty", "year": "2000"}, nothing) == default


def test_normalising_twice_is_normalising_once() -> None:
    once = normalised(MapState("cleared", "x", 4, 9999, "x"), CHOICES)
    assert normalised(once, CHOICES) == once


def test_the_default_is_that_of_the_config(tmp_path: Path) -> None:
    path = write_world(tmp_path, [observation("AAA", 2020, "convicted", "persons", 5)])
    assert default_state(load_config(path).config) == MapState(
        "convicted_per_prosecuted", "office", 1, 2022, None
    )


def test_the_words_of_an_address_are_those_of_the_rooms_that_answer_it() -> None:
    """The room `state` knows the config alone, so it keeps its own copy of these words."""
    assert tuple(PEER_LABELS) == PEER_CHOICES
    assert set(SPREADS) == set(DISPERSIONS)


# ------------------------------------------------------------------ flows

FLOW_CHOICES = FlowChoices(
    spans={"office": {"detected": (2007, 2022), "convicted": (2017, 2022)}},
    places={
        "office": {
            "detected": frozenset({"ROU", "NLD", "DEU"}),
            "convicted": frozenset({"ROU"}),
        }
    },
)


def flows_asked(**query: str) -> FlowState:
    return flow_from_query({key.rstrip("_"): value for key, value in query.items()}, FLOW_CHOICES)


def test_flows_open_with_the_last_five_years_of_the_first_stage() -> None:
    assert flows_asked() == FlowState("office", "detected", 2018, 2022)
    assert flows_asked(stage="convicted") == FlowState("office", "convicted", 2018, 2022)
    assert flows_asked(to="2012") == FlowState("office", "detected", 2008, 2012)


def test_years_of_flows_are_ordered_and_held_within_the_stage() -> None:
    found = flows_asked(stage="convicted", from_="2020", to="1999")
    assert (found.year_from, found.year_to) == (2017, 2020)


@pytest.mark.parametrize(
    ("place", "other", "expected"),
    [
        ("ROU", "NLD", ("ROU", "NLD")),
        ("ROU", "ROU", ("ROU", None)),
        ("", "NLD", (None, None)),
        ("Atlantis", "NLD", (None, None)),
        ("ROU", "Atlantis", ("ROU", None)),
    ],
)
def test_a_second_place_needs_a_first_that_differs(
    place: str, other: str, expected: tuple[str | None, str | None]
) -> None:
    found = flows_asked(place=place, other=other)
    assert (found.place, found.other) == expected


def test_only_thresholds_and_views_of_the_page_are_taken() -> None:
    assert flows_asked(atleast="3", view="globe") == flows_asked()
    assert flows_asked(atleast="10", view="matrix").at_least == 10


def test_a_state_of_flows_survives_its_address_in_fixed_order() -> None:
    state = FlowState("office", "detected", 2010, 2014, 50, "ROU", "DEU", "matrix")
    query = flow_to_query(state)
    assert list(query) == ["source", "stage", "from", "to", "atleast", "place", "other", "view"]
    assert flow_from_query(query, FLOW_CHOICES) == state


def test_without_a_source_of_flows_there_is_no_state() -> None:
    with pytest.raises(ValueError, match="no source of flows"):
        normalised_flow(FlowState("x", "y", 0, 0), FlowChoices(spans={}, places={}))


# ------------------------------------------------------------------ one place

PLACES = ProfileChoices(
    kinds=(
        (frozenset({"ROU", "NLD", "DEU"}), {"office": (2003, 2022), "archive": (2010, 2013)}),
        (frozenset({"US-TX"}), {"police": (2013, 2023)}),
        (frozenset({"X-ROCK"}), {}),
    ),
    place="ROU",
    window=5,
)


def profiled(**query: str) -> ProfileState:
    return profile_from_query(query, PLACES)


def test_a_place_alone_is_enough_of_an_address() -> None:
    assert profiled(place="NLD") == ProfileState("NLD", "office", 5, 2022, "median", "region", ())
    assert profiled(place="US-TX").year == 2023, "the last year of its own source"
    assert profiled() == profiled(place="ROU")


def test_the_address_of_a_place_is_read_part_by_part() -> None:
    state = profiled(
        place="DEU",
        source="archive",
        year="2012",
        window="3",
        benchmark="own_best",
        peers="own",
        own="NLD.ROU.NLD.DEU.US-TX",
    )
    assert state == ProfileState("DEU", "archive", 3, 2012, "own_best", "own", ("NLD", "ROU"))
    assert profile_from_query(profile_to_query(state), PLACES) == state
    assert list(profile_to_query(state)) == [
        "place", "source", "year", "window", "benchmark", "peers", "own",
    ]  # fmt: skip


def test_a_place_that_no_measure_describes_keeps_its_address() -> None:
    state = profiled(place="X-ROCK", year="2012", source="office")
    assert (state.source, state.year, state.window) == ("", 0, 5)
    assert profile_to_query(state)["year"] == ""
    assert profile_from_query(profile_to_query(state), PLACES) == state


def test_an_unknown_place_is_the_one_shown_first() -> None:
    assert profiled(place="ATLANTIS").place == "ROU"
    assert profiled(place="rou").place == "ROU"


def test_years_and_windows_of_a_place_are_kept_within_its_source() -> None:
    assert profiled(place="ROU", year="1990").year == 2007
    assert profiled(place="ROU", year="2050").year == 2022
    assert profiled(place="ROU", source="archive", window="5").window == 3
    assert profiled(place="ROU", window="2").window == 5


def test_the_benchmarks_of_an_address_are_those_of_the_room_of_gaps() -> None:
    assert tuple(gaps.BENCHMARKS) == BENCHMARKS


# ------------------------------------------------------------------ cases

CASES = EvidenceChoices({"office_cases": ("place", "charge"), "made_up": ("charge", "task_force")})


def test_an_empty_address_of_cases_is_the_first_dataset_and_its_outcomes() -> None:
    assert evidence_from_query({}, CASES) == EvidenceState(
        "office_cases", "outcomes", "none", "convicted"
    )


def test_a_state_of_cases_survives_its_address_in_fixed_order() -> None:
    state = EvidenceState("made_up", "defence", "task_force", "acquitted")
    query = evidence_to_query(state)
    assert list(query) == ["dataset", "view", "split", "outcome"]
    assert evidence_from_query(query, CASES) == state


def test_a_split_that_the_dataset_does_not_tell_is_dropped() -> None:
    asked = {"dataset": "office_cases", "split": "task_force", "view": "pairs"}
    assert evidence_from_query(asked, CASES) == EvidenceState("office_cases", "pairs")


def test_without_a_dataset_of_cases_there_is_no_state() -> None:
    with pytest.raises(ValueError, match="no dataset of cases"):
        evidence_from_query({}, EvidenceChoices({}))


def test_the_views_and_splits_of_an_address_are_those_of_the_room_of_evidence() -> None:
    assert tuple(VIEWS) == EVIDENCE_VIEWS
    assert tuple(SPLIT_TITLES) == EVIDENCE_SPLITS
    assert tuple(OUTCOME_TITLES) == CASE_OUTCOMES
