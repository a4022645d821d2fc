"""What a page shows <-> its address: every address is usable, every state has one address."""

from __future__ import annotations

from pathlib import Path

import pytest

from gapatlas.comparison.peers import PEER_LABELS
from gapatlas.config import load_config
from gapatlas.gaps import BENCHMARKS
from gapatlas.state import (
    BENCHMARK_CHOICES,
    PEER_CHOICES,
    SPREADS,
    Choices,
    MapState,
    ProfileChoices,
    ProfileState,
    default_state,
    from_query,
    normalised,
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
    assert tuple(BENCHMARKS) == BENCHMARK_CHOICES
