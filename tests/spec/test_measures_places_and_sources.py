"""Which places stand in a frame, in which order, and from which source their counts come."""

from __future__ import annotations

from pathlib import Path

from gapatlas.atlas import open_atlas
from tests.spec.conftest import Ask
from tests.support import observation, ratio
from tests.worked_examples import expect, open_example, write_tables

CONVICTED = "convicted_per_prosecuted"
COUNTS = """
    place | year | prosecuted | convicted
    AAA   | 2021 | 10         | 4
    AAA   | 2022 | 20         | 5
    BBB   | 2022 | 8          |
    CCC   | 2022 | 50         | 5
    US-AA | 2022 | 99         | 99
"""


def test_no_places_means_every_place_of_the_level_that_the_source_lists(ask: Ask) -> None:
    """BBB lists prosecutions alone: it is there as a gap. DDD is not in the source at all.
    US-AA is no country."""
    expect(
        ask(COUNTS).measure(CONVICTED, years=2022),
        """
        place | above | below | value | status
        AAA   | 5     | 20    | 0.25  | exact
        BBB   | -     | -     | -     | not_reported
        CCC   | 5     | 50    | 0.1   | exact
        """,
    )


def test_a_place_asked_for_is_answered_even_where_the_source_does_not_list_it(ask: Ask) -> None:
    expect(
        ask(COUNTS).measure(CONVICTED, jurisdictions=["DDD"]),
        """
        place | years | above | below | value | status       | source
        DDD   | 2021  | -     | -     | -     | not_reported | office
        DDD   | 2022  | -     | -     | -     | not_reported | office
        """,
    )


def test_rows_follow_the_order_asked_for_and_then_the_years(ask: Ask) -> None:
    expect(
        ask(COUNTS).measure(CONVICTED, jurisdictions=["CCC", "DDD", "AAA"]),
        """
        place | years | value | status
        CCC   | 2021  | -     | not_reported
        CCC   | 2022  | 0.1   | exact
        DDD   | 2021  | -     | not_reported
        DDD   | 2022  | -     | not_reported
        AAA   | 2021  | 0.4   | exact
        AAA   | 2022  | 0.25  | exact
        """,
    )


def test_a_place_asked_for_twice_stands_once(ask: Ask) -> None:
    data = ask(COUNTS).measure(CONVICTED, jurisdictions=["CCC", "AAA", "CCC"], years=2022).data
    assert data["jurisdiction_id"].tolist() == ["CCC", "AAA"]


def test_one_place_may_be_asked_for_without_a_list(ask: Ask) -> None:
    data = ask(COUNTS).measure(CONVICTED, jurisdictions="AAA", years=2022).data
    assert data["jurisdiction_id"].tolist() == ["AAA"]


def test_asking_for_no_places_gives_no_rows(ask: Ask) -> None:
    frame = ask(COUNTS).measure(CONVICTED, jurisdictions=[])
    assert len(frame.data) == 0
    assert not any("not reported" in line for line in frame.caveats)


def test_a_measure_of_states_describes_states_and_no_countries(ask: Ask) -> None:
    states = {
        "by_state": ratio(("convicted", "persons"), ("prosecuted", "persons"), level="us_state")
    }
    expect(
        ask(COUNTS, measures=states).measure("by_state", years=2022),
        """
        place | above | below | value
        US-AA | 99    | 99    | 1
        """,
    )


TWO_SOURCES = {
    "office": """
        place | year | prosecuted | convicted
        AAA   | 2021 | 10         | 4
        AAA   | 2022 | 20         |
        BBB   | 2022 |            | 7
    """,
    "bureau": """
        place | year | prosecuted | convicted
        AAA   | 2021 | 11         | 2
        AAA   | 2022 |            | 6
        BBB   | 2022 | 70         |
        CCC   | 2022 | 5          | 1
    """,
    "archive": """
        place | year | convicted
        AAA   | 2021 | 3
    """,
}


def test_two_sources_never_mix(ask: Ask) -> None:
    """In 2022 the office counts prosecutions of AAA and the bureau convictions: no ratio comes of
    that, from either."""
    atlas = ask(TWO_SOURCES)
    expect(
        atlas.measure(CONVICTED, years=(2021, 2022), source="office"),
        """
        place | years | above | below | value | status       | source
        AAA   | 2021  | 4     | 10    | 0.4   | exact        | office
        AAA   | 2022  | -     | -     | -     | not_reported | office
        BBB   | 2021  | -     | -     | -     | not_reported | office
        BBB   | 2022  | -     | -     | -     | not_reported | office
        """,
    )
    expect(
        atlas.measure(CONVICTED, years=(2021, 2022), source="bureau"),
        """
        place | years | above | below | value  | status       | source
        AAA   | 2021  | 2     | 11    | 0.1818 | exact        | bureau
        AAA   | 2022  | -     | -     | -      | not_reported | bureau
        BBB   | 2021  | -     | -     | -      | not_reported | bureau
        BBB   | 2022  | -     | -     | -      | not_reported | bureau
        CCC   | 2021  | -     | -     | -      | not_reported | bureau
        CCC   | 2022  | 1     | 5     | 0.2    | exact        | bureau
        """,
    )


def test_a_frame_names_the_source_of_its_counts_and_no_other(ask: Ask) -> None:
    atlas = ask(TWO_SOURCES)
    for source in ("office", "bureau"):
        frame = atlas.measure(CONVICTED, source=source)
        assert frame.source_id == source
        assert [named.source_id for named in frame.sources] == [source]
        assert frame.sources[0].title == f"The table {source}"
        assert frame.sources[0].publisher == "Office of Examples"
        assert "Office of Examples, Made-up counts, 2024." in frame.cite()


def test_without_a_choice_the_source_is_the_measures_own(ask: Ask) -> None:
    own = {"ours": ratio(("convicted", "persons"), ("prosecuted", "persons"), source="bureau")}
    atlas = ask(TWO_SOURCES, measures=own)
    assert atlas.measure("ours").source_id == "bureau"
    assert atlas.measure("ours", source="office").source_id == "office"


def test_only_sources_with_both_stages_can_be_chosen(ask: Ask) -> None:
    assert ask(TWO_SOURCES).sources_of(CONVICTED) == ["office", "bureau"]
    assert ask(TWO_SOURCES).sources_of("convicted_per_100k") == ["office", "bureau", "archive"]


def test_breakdowns_are_never_added_to_totals(tmp_path: Path) -> None:
    """Women and men stand beside the total; the total is what is divided."""
    total = observation("AAA", 2022, "convicted", "persons", 5)
    lines = [
        observation("AAA", 2022, "prosecuted", "persons", 20),
        total,
        total.replace("5,5,exact,total", "2,2,exact,female"),
        total.replace("5,5,exact,total", "3,3,exact,male"),
        total.replace("total,total,total,total,1", "total,total,exploitation,labour,1"),
        total.replace("total,total,total,total,1", "total,child,total,total,1"),
    ]
    with open_atlas(write_tables(tmp_path, {"office": lines}, {"people": []})) as atlas:
        expect(
            atlas.measure(CONVICTED),
            """
            place | above | below | value
            AAA   | 5     | 20    | 0.25
            """,
        )


def test_the_same_stage_in_another_unit_is_another_count(tmp_path: Path) -> None:
    """Cases convicted are not persons convicted."""
    lines = [
        observation("AAA", 2022, "prosecuted", "persons", 20),
        observation("AAA", 2022, "convicted", "cases", 3),
        observation("AAA", 2022, "convicted", "persons", 5),
    ]
    with open_atlas(write_tables(tmp_path, {"office": lines}, {"people": []})) as atlas:
        assert atlas.measure(CONVICTED).data["numerator_low"].tolist() == [5]


def test_the_order_of_the_rows_in_the_file_does_not_matter(ask: Ask, tmp_path: Path) -> None:
    head, *body = COUNTS.strip().splitlines()
    turned = "\n".join([head, *reversed(body)])
    with open_example(tmp_path, turned) as atlas:
        found = atlas.measure(CONVICTED, window=1).data
    assert found.equals(ask(COUNTS).measure(CONVICTED, window=1).data)
