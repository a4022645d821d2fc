"""A rate per 100,000 people: what goes in, what comes out.

How to check a row: value = above / below x 100,000, with people added up over the years
(person-years). The limits are those of a Poisson count, divided in the same way: below 10 events
half the chi-square quantiles (R: `qchisq(0.025, 2 * x) / 2` and
`qchisq(0.975, 2 * x + 2) / 2`), from 10 on Byar's formula. `expect` computes them again.
"""

from __future__ import annotations

import pytest

from tests.spec.conftest import Ask
from tests.worked_examples import expect

RATE = "convicted_per_100k"


def test_a_count_is_divided_by_the_people_of_its_year(ask: Ask) -> None:
    counts = """
        place | year | convicted
        AAA   | 2022 | 30
        BBB   | 2022 | 0
        CCC   | 2022 | 7
        DDD   | 2022 | <5
    """
    people = """
        place | year | people
        AAA   | 2021 | 999
        AAA   | 2022 | 1500000
        BBB   | 2022 | 200000
        CCC   | 2022 | 1000000
        DDD   | 2022 | 400000
    """
    expect(
        ask(counts, people).measure(RATE),
        """
        place | years | above  | below   | value | range      | low    | high  | status
        AAA   | 2022  | 30     | 1500000 | 2     | 2 to 2     | 1.349  | 2.855 | exact
        BBB   | 2022  | 0      | 200000  | 0     | 0 to 0     | 0      | 1.844 | exact
        CCC   | 2022  | 7      | 1000000 | 0.7   | 0.7 to 0.7 | 0.2814 | 1.442 | exact
        DDD   | 2022  | 0 to 4 | 400000  | -     | 0 to 1     | 0      | 2.56  | censored
        """,
    )


def test_a_count_that_straddles_ten_uses_both_kinds_of_limit(ask: Ask) -> None:
    """Two censored years and 7: 7 to 15, so the lower limit is exact and the upper Byar's."""
    counts = """
        place | year | convicted
        AAA   | 2020 | 7
        AAA   | 2021 | <5
        AAA   | 2022 | <5
    """
    people = """
        place | year | people
        AAA   | 2020 | 30000
        AAA   | 2021 | 30000
        AAA   | 2022 | 40000
    """
    expect(
        ask(counts, people).measure(RATE, window=3),
        """
        place | years     | above   | below  | value | range   | low   | high  | used | status
        AAA   | 2020-2022 | 7 to 15 | 100000 | -     | 7 to 15 | 2.814 | 24.74 | 3    | censored
        """,
    )


@pytest.mark.parametrize("gap", ["AAA | 2021 | not", ""])
def test_a_year_without_people_is_left_out_of_count_and_people_alike(ask: Ask, gap: str) -> None:
    counts = """
        place | year | convicted
        AAA   | 2020 | 10
        AAA   | 2021 | 5000
        AAA   | 2022 | 20
    """
    people = f"""
        place | year | people
        AAA   | 2020 | 100000
        {gap}
        AAA | 2022 | 300000
    """
    expect(
        ask(counts, people).measure(RATE, window=3),
        """
        place | years     | above | below  | value | used | status
        AAA   | 2020-2022 | 30    | 400000 | 7.5   | 2    | exact
        """,
    )


def test_a_place_without_people_is_a_gap_and_named(ask: Ask) -> None:
    counts = """
        place | year | convicted
        AAA   | 2022 | 10
        BBB   | 2022 | 10
        CCC   | 2022 | not
    """
    frame = ask(counts, "place | year | people\nAAA | 2022 | 100000").measure(RATE)
    expect(
        frame,
        """
        place | above | below  | value | low   | high  | used | status
        AAA   | 10    | 100000 | 10    | 4.787 | 18.39 | 1    | exact
        BBB   | -     | -      | -     | -     | -     | 0    | not_reported
        CCC   | -     | -      | -     | -     | -     | 0    | not_reported
        """,
    )
    named = [line for line in frame.caveats if "without a figure to divide by" in line]
    assert named == ["Counted by the source, but without a figure to divide by: Betaland."]


def test_the_first_population_that_has_a_figure_is_used_and_named(ask: Ask) -> None:
    """`census` comes first in the config; `estimate` fills what it leaves out, year by year."""
    counts = """
        place | year | convicted
        AAA   | 2021 | 10
        AAA   | 2022 | 10
        BBB   | 2022 | 10
        CCC   | 2022 | 10
    """
    people = {
        "census": """
            place | year | people
            AAA   | 2021 | 100000
            AAA   | 2022 | not
            BBB   | 2022 | 200000
        """,
        "estimate": """
            place | year | people
            AAA   | 2021 | 777777
            AAA   | 2022 | 400000
            BBB   | 2022 | 777777
        """,
        "unused": """
            place | year | people
            AAA   | 2022 | 555555
        """,
    }
    atlas = ask(counts, people)
    expect(
        atlas.measure(RATE),
        """
        place | years | below  | value | used
        AAA   | 2021  | 100000 | 10    | 1
        AAA   | 2022  | 400000 | 2.5   | 1
        BBB   | 2021  | -      | -     | 0
        BBB   | 2022  | 200000 | 5     | 1
        CCC   | 2021  | -      | -     | 0
        CCC   | 2022  | -      | -     | 0
        """,
    )
    named = {
        ("AAA", 2021): ["office", "census"],
        ("AAA", 2022): ["office", "estimate"],
        ("BBB", 2022): ["office", "census"],
        ("CCC", 2022): ["office"],
        ("AAA", (2021, 2022)): ["office", "census", "estimate"],
    }
    for (place, years), sources in named.items():
        frame = atlas.measure(RATE, jurisdictions=[place], years=years)
        assert [source.source_id for source in frame.sources] == sources


def test_a_population_that_the_config_does_not_prefer_is_never_used(ask: Ask) -> None:
    """Which figures are used is decided by the config's list, not by what lies in the folder."""
    counts = "place | year | convicted\nAAA | 2022 | 10"
    people = {"first": "place | year | people\nAAA | 2022 | 100000", "second": ""}
    swapped = {"second": "", "first": "place | year | people\nAAA | 2022 | 100000"}
    for tables in (people, swapped):
        frame = ask(counts, tables).measure(RATE)
        assert frame.data["value"].tolist() == [10.0]
        assert [source.source_id for source in frame.sources] == ["office", "first"]
