"""Windows of 1, 3 and 5 years: counts are added, ratios never."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.conftest import Ask
from tests.support import PLACES, ratio
from tests.worked_examples import expect, open_example

CONVICTED = "convicted_per_prosecuted"

# The mean of the yearly ratios of 2018 to 2020 would be (0.5 + 0.1 + 0.9) / 3 = 0.5;
# their pooled ratio is 20 / 120.
FIVE_YEARS = """
    place | year | prosecuted | convicted
    AAA   | 2018 | 10         | 5
    AAA   | 2019 | 100        | 6
    AAA   | 2020 | 10         | 9
    AAA   | 2021 | not        | 40
    AAA   | 2022 | 30         | <5
"""


def test_one_year_stands_alone(ask: Ask) -> None:
    expect(
        ask(FIVE_YEARS).measure(CONVICTED, window=1),
        """
        place | years | above  | below | value | range        | low     | high   | used | status
        AAA   | 2018  | 5      | 10    | 0.5   | 0.5 to 0.5   | 0.1341  | 1.605  | 1    | exact
        AAA   | 2019  | 6      | 100   | 0.06  | 0.06 to 0.06 | 0.02151 | 0.1353 | 1    | exact
        AAA   | 2020  | 9      | 10    | 0.9   | 0.9 to 0.9   | 0.3236  | 2.464  | 1    | exact
        AAA   | 2021  | -      | -     | -     | -            | -       | -      | 0    | not_reported
        AAA   | 2022  | 0 to 4 | 30    | -     | 0 to 0.1333  | 0       | 0.3784 | 1    | censored
        """,  # noqa: E501
    )


def test_three_years_roll_and_add_counts(ask: Ask) -> None:
    expect(
        ask(FIVE_YEARS).measure(CONVICTED, window=3),
        """
        place | years     | above   | below | value  | range            | used | status
        AAA   | 2018-2020 | 20      | 120   | 0.1667 | 0.1667 to 0.1667 | 3    | exact
        AAA   | 2019-2021 | 15      | 110   | 0.1364 | 0.1364 to 0.1364 | 2    | exact
        AAA   | 2020-2022 | 9 to 13 | 40    | -      | 0.225 to 0.325   | 2    | censored
        """,
    )


def test_five_years_use_the_four_in_which_both_are_reported(ask: Ask) -> None:
    """The 40 convictions of 2021 have no prosecutions beside them and are left out."""
    expect(
        ask(FIVE_YEARS).measure(CONVICTED, window=5),
        """
        place | years     | above    | below | range          | low     | high   | used | status
        AAA   | 2018-2022 | 20 to 24 | 150   | 0.1333 to 0.16 | 0.07917 | 0.2473 | 4    | censored
        """,
    )


def test_every_censored_year_widens_the_range_by_its_own_bounds(ask: Ask) -> None:
    counts = """
        place | year | prosecuted | convicted
        AAA   | 2020 | 10         | <5
        AAA   | 2021 | <5         | <5
        AAA   | 2022 | 10         | 2
    """
    expect(
        ask(counts).measure(CONVICTED, window=3),
        """
        place | years     | above   | below    | range          | low      | high  | used | status
        AAA   | 2020-2022 | 2 to 10 | 20 to 24 | 0.08333 to 0.5 | 0.009546 | 1.119 | 3    | censored
        """,
    )


@pytest.mark.parametrize(
    ("years", "window", "windows"),
    [
        (None, 3, [(2018, 2020), (2019, 2021), (2020, 2022)]),
        ((2018, 2022), 5, [(2018, 2022)]),
        ((2019, 2021), 1, [(2019, 2019), (2020, 2020), (2021, 2021)]),
        ([2019, 2021], 3, [(2019, 2021)]),
        (2021, 1, [(2021, 2021)]),
        ((2021, 2021), 1, [(2021, 2021)]),
        # years that the source doesn't cover: asked for, so answered
        ((2022, 2024), 3, [(2022, 2024)]),
        ((1999, 2000), 1, [(1999, 1999), (2000, 2000)]),
    ],
)
def test_there_is_one_row_for_each_window_inside_the_years(
    ask: Ask, years: tuple[int, int] | int | None, window: int, windows: list[tuple[int, int]]
) -> None:
    data = ask(FIVE_YEARS).measure(CONVICTED, years=years, window=window).data
    assert list(zip(data["year_from"], data["year_to"], strict=True)) == windows


def test_years_outside_the_source_are_not_reported(ask: Ask) -> None:
    expect(
        ask(FIVE_YEARS).measure(CONVICTED, years=(2020, 2024), window=5),
        """
        place | years     | above   | below | used | status
        AAA   | 2020-2024 | 9 to 13 | 40    | 2    | censored
        """,
    )
    data = ask(FIVE_YEARS).measure(CONVICTED, years=1999).data
    assert data["status"].tolist() == ["not_reported"]


def test_no_years_means_the_years_in_which_the_numerator_is_reported(ask: Ask) -> None:
    """2018 has prosecutions only; the numerator starts in 2019."""
    counts = """
        place | year | prosecuted | convicted
        AAA   | 2018 | 10         |
        AAA   | 2019 | 10         | 5
        AAA   | 2020 | 10         | not
    """
    atlas = ask(counts)
    assert atlas.years_of(CONVICTED) == (2019, 2019)
    assert atlas.measure(CONVICTED).years == (2019, 2019)


def test_a_stage_that_is_covered_but_never_reported_gives_gaps_over_the_years_covered(
    ask: Ask,
) -> None:
    counts = """
        place | year | prosecuted | convicted
        AAA   | 2020 | 10         | not
        AAA   | 2021 | 10         | not
    """
    expect(
        ask(counts).measure(CONVICTED),
        """
        place | years | above | below | used | status
        AAA   | 2020  | -     | -     | 0    | not_reported
        AAA   | 2021  | -     | -     | 0    | not_reported
        """,
    )


def test_the_years_of_a_measure_are_those_of_its_level(ask: Ask) -> None:
    """One source covers a country in 2021 and 2022, and a state from 2015 to 2017."""
    counts = """
        place | year | prosecuted | convicted
        AAA   | 2021 | 10         | 1
        AAA   | 2022 | 10         | 2
        US-AA | 2015 | 10         | 3
        US-AA | 2017 | 10         | 4
    """
    stages = ("convicted", "persons"), ("prosecuted", "persons")
    states = ratio(*stages, level="us_state", title="Of states")
    measures = {"of_countries": ratio(*stages), "of_states": states}
    atlas = ask(counts, measures=measures)
    assert atlas.measure("of_countries").years == (2021, 2022)
    assert atlas.measure("of_states").years == (2015, 2017)


def test_a_territory_that_reports_nothing_does_not_stretch_the_years_of_the_states(
    tmp_path: Path,
) -> None:
    counts = """
        place | year | prosecuted | convicted
        US-AA | 2020 | 10         | 3
        US-TT | 2015 | 10         | not
    """
    territory = "US-TT,Tau Islands,us_territory,USA,,,TT,United States,Pacific,,,false,false\n"
    stages = ("convicted", "persons"), ("prosecuted", "persons")
    measures = {"of_states": ratio(*stages, level="us_state")}
    with open_example(tmp_path, counts, measures=measures, places=PLACES + territory) as atlas:
        frame = atlas.measure("of_states")
    assert frame.years == (2020, 2020)
    assert frame.data["jurisdiction_id"].tolist() == ["US-AA", "US-TT"]


def test_a_year_of_a_table_can_be_asked_for_as_it_comes(ask: Ask) -> None:
    """Years taken from a DataFrame are numpy integers."""
    atlas = ask(FIVE_YEARS)
    years = atlas.measure(CONVICTED).data["year_from"]
    assert atlas.measure(CONVICTED, years=years[0]).years == (2018, 2018)
    assert atlas.measure(CONVICTED, years=(years[0], years[4]), window=5).years == (2018, 2022)
