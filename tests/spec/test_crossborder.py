"""Flows between places, worked by hand: counts by citizenship in, edges and pairs out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import gapatlas
from gapatlas.atlas import Atlas
from gapatlas.config.loader import SNAPSHOTS_VARIABLE
from gapatlas.crossborder import (
    Flows,
    communities_of,
    enforcement_measures,
    enforcement_of,
    find_flows,
    limits_words,
    pair_of,
    seen_words,
    where_cooperation_pays,
)
from gapatlas.crossborder.words import communities_words, community_lines, pair_words
from gapatlas.errors import UnknownNameError
from tests.support import add_flows, flow, observation, ratio, write_world
from tests.worked_examples import rows_of

PER_DETECTED = {
    "convicted_per_100_detected": ratio(
        ("convicted", "persons"), ("detected", "victims"), per=100, title="Convicted per 100"
    )
}
COUNTS = """
    counted in | year | citizens of      | count
    AAA        | 2019 | BBB              | 90
    AAA        | 2020 | BBB              | 60
    AAA        | 2021 | BBB              | <5
    AAA        | 2021 | AAA              | 40
    AAA        | 2021 | CCC              | 9
    AAA        | 2021 | group:Africa     | 7
    AAA        | 2021 | unknown:Unknown  | <5
    BBB        | 2021 | AAA              | 12
    BBB        | 2021 | unmatched:CAR    | 5
    CCC        | 2021 | AAA              | not
    CCC        | 2021 | DDD              | <5
"""
"""`<5` is 0 to 4; `not` is not reported."""

World = Callable[..., Atlas]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Open a world of counts by citizenship and, if wanted, of stages."""
    monkeypatch.setenv(SNAPSHOTS_VARIABLE, str(tmp_path / "snapshots"))
    opened: list[Atlas] = []

    def write(counts: str, stages: tuple[str, ...] = (), measures: Any = None) -> Atlas:
        rows = stages or (observation("AAA", 2021, "convicted", "persons", 5),)
        config = write_world(tmp_path / "world", rows, (), measures)
        opened.append(gapatlas.open_atlas(add_flows(config, flows_of(counts))))
        return opened[-1]

    yield write
    for atlas in opened:
        atlas.close()


def flows_of(table: str) -> list[str]:
    return [
        flow(row["counted in"], int(row["year"]), row["citizens of"], _count(row["count"]))
        for row in rows_of(table)
    ]


def _count(cell: str) -> int | str | None:
    return None if cell == "not" else int(cell) if cell.isdigit() else cell


def found(world: World, years: tuple[int, int] = (2019, 2021), at_least: int = 1) -> Flows:
    return find_flows(world(COUNTS), "office", "detected", years, at_least=at_least)


def printed(pairs: pd.DataFrame) -> list[str]:
    return [
        f"{row.origin} to {row.destination}: {row.count_low} to {row.count_high} ({row.years})"
        for row in pairs.itertuples()
    ]


# ------------------------------------------------------------------- edges


@pytest.mark.parametrize(
    ("at_least", "shown", "hidden"),
    [
        (1, 3, 1),  # 0 to 4 citizens of DDD: perhaps nobody, so it is hidden
        (9, 3, 1),  # 9 to 9 reaches the threshold
        (10, 2, 2),
        (12, 2, 2),
        (150, 1, 3),
        (151, 0, 4),  # 150 to 154: not 151 for certain
    ],
)
def test_a_pair_is_shown_from_its_least_count_on(
    world: World, at_least: int, shown: int, hidden: int
) -> None:
    flows = found(world, at_least=at_least)
    assert (len(flows.edges), len(flows.below)) == (shown, hidden)
    assert (flows.edges["count_low"] >= at_least).all()


def test_counts_of_years_are_added_as_intervals_and_own_citizens_stand_apart(
    world: World,
) -> None:
    flows = found(world, at_least=10)
    assert printed(flows.edges) == [
        "BBB to AAA: 150 to 154 (2019-2021)",
        "AAA to BBB: 12 to 12 (2021)",
    ]
    assert printed(flows.below) == ["CCC to AAA: 9 to 9 (2021)", "DDD to CCC: 0 to 4 (2021)"]
    assert flows.own[["jurisdiction_id", "count_low"]].to_numpy().tolist() == [["AAA", 40]]
    assert flows.edges["origin_name"].tolist() == ["Betaland", "Alphaland"]


def test_what_names_no_single_place_is_listed_by_kind(world: World) -> None:
    kept = ["jurisdiction_id", "origin_kind", "labels", "count_low", "count_high"]
    assert sorted(found(world).unplaced[kept].itertuples(index=False, name=None)) == [
        ("AAA", "group", "Africa", 7, 7),
        ("AAA", "unknown", "Unknown", 0, 4),
        ("BBB", "unmatched", "CAR", 5, 5),
    ]


def test_nothing_is_lost(world: World) -> None:
    totals = found(world, at_least=10).totals
    assert totals == {
        "shown": (162, 166),
        "hidden": (9, 13),
        "own": (40, 40),
        "unplaced": (12, 16),
    }
    # by hand: 90 + 60 + (0..4) + 40 + 9 + 7 + (0..4) + 12 + 5 + (0..4)
    assert [sum(ends) for ends in zip(*totals.values(), strict=True)] == [223, 235]


def test_years_outside_are_left_out(world: World) -> None:
    flows = found(world, (2020, 2020))
    assert printed(flows.pairs) == ["BBB to AAA: 60 to 60 (2020)"]
    assert flows.destinations == {"AAA"}


@pytest.mark.parametrize(
    ("place", "pair"),
    [("", ("BBB", "AAA")), ("CCC", ("CCC", "AAA")), ("DDD", ("DDD", "CCC")), ("X", None)],
)
def test_the_largest_pair_of_a_place(
    world: World, place: str, pair: tuple[str, str] | None
) -> None:
    assert found(world, at_least=100).largest(place) == pair


def test_a_threshold_can_be_changed_without_asking_again(world: World) -> None:
    flows = found(world)
    assert printed(flows.with_at_least(100).edges) == ["BBB to AAA: 150 to 154 (2019-2021)"]
    with pytest.raises(ValueError, match="1 or more"):
        flows.with_at_least(0)


def test_what_cannot_be_asked_is_refused(world: World) -> None:
    atlas = world(COUNTS)
    with pytest.raises(UnknownNameError, match="source of flows"):
        find_flows(atlas, "nobody", "detected", (2019, 2021))
    with pytest.raises(ValueError, match="allowed: detected, suspected"):
        find_flows(atlas, "office", "arrested", (2019, 2021))
    with pytest.raises(ValueError, match="comes after"):
        find_flows(atlas, "office", "detected", (2021, 2019))


def test_a_stage_without_a_citizenship_gives_empty_flows(world: World) -> None:
    flows = find_flows(world(COUNTS), "office", "convicted", (2019, 2021))
    assert flows.pairs.empty
    assert flows.communities.members == {}
    assert (
        seen_words(flows)[0] == "No place prints a citizenship of persons convicted in 2019-2021."
    )


def test_who_counts_victims_and_prints_no_citizenship_is_named(world: World) -> None:
    stages = tuple(
        observation(place, 2021, "detected", "victims", count)
        for place, count in (("AAA", 60), ("BBB", 30), ("CCC", 0), ("DDD", "<5"))
    )
    table = "counted in | year | citizens of | count\n AAA | 2021 | BBB | 9"
    flows = find_flows(world(table, stages), "office", "detected", (2021, 2021))
    assert flows.silent["name"].tolist() == ["Betaland", "Deltaland"]
    [last] = [words for words in limits_words(flows) if words.startswith("Places that do not say")]
    assert "2 places count victims detected" in last
    assert "Betaland (30), Deltaland (0 to 4)" in last


def test_the_sentences_hold_every_number(world: World) -> None:
    first, second = seen_words(found(world, at_least=10))
    assert first == (
        "In 2019-2021, 3 places counted victims detected by citizenship: 171 to 179 were citizens "
        "of another place, 40 of the place itself, and of 12 to 16 no single place is known."
    )
    assert second == (
        "Shown are the 2 pairs of places with at least 10 victims for certain (162 to 166 "
        "victims); 2 smaller ones (9 to 13 victims) are hidden."
    )


@pytest.mark.parametrize("point", ["Transit", "The undetected", "Where it started", "At home"])
def test_what_cannot_be_seen_is_said(world: World, point: str) -> None:
    assert any(words.startswith(f"{point}: ") for words in limits_words(found(world)))


# ------------------------------------------------------------------- communities


def edges(*triples: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(triples, columns=["origin", "destination", "count_low"])


def test_places_that_share_many_people_form_a_community() -> None:
    found = communities_of(
        edges(
            ("B", "A", 100), ("C", "A", 80), ("A", "C", 20), ("E", "D", 60), ("F", "D", 50),
            ("C", "D", 1), ("Y", "X", 9),
        )
    )  # fmt: skip
    assert found.members == {"A": ("A", "C", "B"), "B": ("D", "E", "F")}
    assert found.people == {"A": 200, "B": 110}
    assert found.outside == 2, "a pair of two places is no community"
    assert (found.letter_of("F"), found.letter_of("X")) == ("B", "")


def test_communities_do_not_depend_on_the_order_of_rows() -> None:
    triples = [("B", "A", 9), ("C", "A", 8), ("D", "C", 7), ("E", "D", 6), ("F", "E", 5)]
    assert communities_of(edges(*triples)) == communities_of(edges(*reversed(triples)))


def test_there_are_no_communities_without_pairs() -> None:
    assert communities_of(edges()).members == {}


def test_a_community_is_called_a_pattern_of_counts(world: World) -> None:
    table = """
        counted in | year | citizens of | count
        AAA        | 2021 | BBB         | 90
        AAA        | 2021 | CCC         | 50
    """
    flows = find_flows(world(table), "office", "detected", (2021, 2021))
    assert "not a criminal network" in communities_words(flows.communities, flows)
    assert community_lines(flows.communities, flows) == (
        "A: Alphaland, Betaland, Gammaland (at least 140 victims between them)",
    )


# ------------------------------------------------------------------- both sides

STAGES: Mapping[str, tuple[Any, Any]] = {
    "AAA": (2, 1000),  # 0.2 per 100: far below
    "BBB": (300, 1000),  # 30 per 100
    "CCC": (310, 1000),  # 31 per 100: the middle lies between these
    "DDD": (None, 40),
}


def stages_of(counts: Mapping[str, tuple[Any, Any]], year: int = 2021) -> tuple[str, ...]:
    return tuple(
        observation(place, year, stage, unit, count)
        for place, both in counts.items()
        for (stage, unit), count in zip(
            (("convicted", "persons"), ("detected", "victims")), both, strict=True
        )
    )


BETWEEN = """
    counted in | year | citizens of | count
    AAA        | 2021 | BBB         | 90
    BBB        | 2021 | CCC         | 80
    CCC        | 2021 | AAA         | 70
    CCC        | 2021 | DDD         | 60
    BBB        | 2021 | AAA         | 3
"""


def test_a_pair_pays_where_a_whole_interval_lies_below_the_middle(world: World) -> None:
    atlas = world(BETWEEN, stages_of(STAGES), PER_DETECTED)
    flows = find_flows(atlas, "office", "detected", (2021, 2021), at_least=10)
    found = enforcement_of(atlas, "convicted_per_100_detected", "office", (2021, 2021))

    assert found.middle == (30.0, 30.0)
    assert {place: found.standing(place) for place in STAGES} == {
        "AAA": "below", "BBB": "not clear", "CCC": "not clear", "DDD": "no figure",
    }  # fmt: skip
    listed = where_cooperation_pays(flows, found)
    assert listed[["origin", "destination", "count_low", "falls_short"]].to_numpy().tolist() == [
        ["BBB", "AAA", 90, "Alphaland"],
        ["AAA", "CCC", 70, "Alphaland"],
    ]
    assert listed["at_destination"].iloc[0].endswith("below the middle")
    assert listed["at_origin"].iloc[0].startswith("30.00 (95% interval ")


def test_a_side_that_reports_nothing_is_not_called_short(world: World) -> None:
    counts = {"CCC": (310, 1000), "BBB": (300, 1000), "DDD": (None, 40)}
    atlas = world(BETWEEN, stages_of(counts), PER_DETECTED)
    flows = find_flows(atlas, "office", "detected", (2021, 2021), at_least=10)
    found = enforcement_of(atlas, "convicted_per_100_detected", "office", (2021, 2021))
    assert where_cooperation_pays(flows, found).empty


def test_a_range_that_leaves_it_open_does_not_fall_short(world: World) -> None:
    counts = {"AAA": ("<5", 10), "BBB": (300, 1000), "CCC": (310, 1000)}
    atlas = world(BETWEEN, stages_of(counts), PER_DETECTED)
    found = enforcement_of(atlas, "convicted_per_100_detected", "office", (2021, 2021))
    assert found.row("AAA").status == "censored"
    assert (found.row("AAA").value_low, found.row("AAA").value_high) == (0, 40)
    assert found.standing("AAA") == "not clear"


def test_counts_of_years_are_added_before_they_are_divided(world: World) -> None:
    rows = (*stages_of({"AAA": (1, 100)}, 2020), *stages_of({"AAA": (9, 100)}, 2021))
    atlas = world(BETWEEN, rows, PER_DETECTED)
    row = enforcement_of(atlas, "convicted_per_100_detected", "office", (2020, 2021)).row("AAA")
    assert (row.value, row.years_used, row.status) == (5.0, 2, "exact")


def test_years_without_a_figure_leave_no_middle(world: World) -> None:
    atlas = world(BETWEEN, stages_of(STAGES), PER_DETECTED)
    found = enforcement_of(atlas, "convicted_per_100_detected", "office", (1990, 1991))
    assert found.figures.empty
    assert found.standing("AAA") == "no figure"
    assert found.words("AAA") == "not reported"


def test_a_pair_of_places_is_told_in_both_directions(world: World) -> None:
    atlas = world(BETWEEN, stages_of(STAGES), PER_DETECTED)
    flows = find_flows(atlas, "office", "detected", (2021, 2021), at_least=10)
    measures = [
        enforcement_of(atlas, id_, "office", (2021, 2021))
        for id_ in enforcement_measures(atlas, "office")
    ]
    there, back, sides = pair_words(pair_of(flows, "AAA", "BBB", measures))
    assert there == "Citizens of Alphaland among the victims detected in Betaland: 3 (2021)."
    assert back == "Citizens of Betaland among the victims detected in Alphaland: 90 (2021)."
    assert sides.startswith("Convicted per 100: Alphaland 0.20 (95% interval ")
    assert "below the middle of all places; Betaland 30.00" in sides
    there, back, sides = pair_words(pair_of(flows, "DDD", "AAA", measures))
    assert there.endswith("none named. Alphaland prints other citizenships in these years.")
    assert back.endswith("not reported. Deltaland prints no citizenship in these years.")
    assert "Deltaland not reported" in sides


def test_a_pair_needs_two_places(world: World) -> None:
    with pytest.raises(ValueError, match="two different places"):
        pair_of(found(world), "AAA", "AAA", ())


def test_only_measures_of_what_was_done_about_what_was_found_stand_beside_a_pair(
    world: World,
) -> None:
    lagged = ratio(("convicted", "persons"), ("prosecuted", "persons"), title="Lagged")
    lag = {"rate": "lag_adjusted", "lag": {"weights": [0.5, 0.5], "basis": "Made up."}}
    measures = {
        "same_year": ratio(("convicted", "persons"), ("prosecuted", "persons"), title="Same year"),
        "per_people": ratio(("convicted", "persons"), "population", title="Per people"),
        "lagged": {**lagged, **lag},
        **PER_DETECTED,
    }
    rows = (
        *stages_of(STAGES),
        observation("AAA", 2021, "prosecuted", "persons", 9),
    )
    atlas = world(BETWEEN, rows, measures)
    assert enforcement_measures(atlas, "office") == ["convicted_per_100_detected", "same_year"]


# ------------------------------------------------------------------- the shipped data


def test_the_shipped_flows_are_those_of_the_published_file(shipped: Atlas) -> None:
    """Counts read by hand in the published workbook."""
    flows = find_flows(shipped, "unodc_glotip", "detected", (2022, 2022), at_least=100)
    assert flows.between("ALB", "GBR").count_low == 4_659
    assert flows.between("VNM", "GBR").count_low == 768
    assert flows.between("MEX", "USA").count_low == 954
    assert flows.own["name"].head(1).tolist() == ["Pakistan"]


def test_five_years_of_shipped_flows_add_up(shipped: Atlas) -> None:
    flows = find_flows(shipped, "unodc_glotip", "detected", (2018, 2022), at_least=100)
    table = shipped.flows("unodc_glotip", "detected")
    printed = table[table["year"].between(2018, 2022)]
    low, high = (int(printed[end].sum()) for end in ("count_low", "count_high"))
    assert [sum(ends) for ends in zip(*flows.totals.values(), strict=True)] == [low, high]
    assert len(flows.edges) == 101
    assert len(flows.destinations) == 118
