"""A ratio of two stages: what goes in, what comes out.

How to read a table of counts: `<5` is printed by the source instead of 0 to 4, `not` says that
the source does not report, `suppressed` that it withholds, and an empty cell has no row at all.

How to check a row of figures: value = above / below. The limits low and high come from the exact
conditional interval: given above + below, the count above is binomial; its Clopper-Pearson limits
p give p / (1 - p). In R: `poisson.test(c(above, below))$conf.int`. `expect` computes them
again with scipy's `binomtest`; for a range, low from the least completion and high from the
greatest.
"""

from __future__ import annotations

import math

import pytest

from gapatlas.errors import QueryError
from gapatlas.measures import FRAME_COLUMNS
from tests.spec.conftest import Ask
from tests.support import ratio
from tests.worked_examples import expect

CONVICTED = "convicted_per_prosecuted"


def test_exact_counts_give_their_ratio(ask: Ask) -> None:
    counts = """
        place | year | prosecuted | convicted
        AAA   | 2022 | 10         | 4
        BBB   | 2022 | 1623       | 718
        CCC   | 2022 | 6          | 9
    """
    expect(
        ask(counts).measure(CONVICTED),
        """
        place | years | above | below | value  | low     | high   | status
        AAA   | 2022  | 4     | 10    | 0.4    | 0.09157 | 1.387  | exact
        BBB   | 2022  | 718   | 1623  | 0.4424 | 0.4046  | 0.4833 | exact
        CCC   | 2022  | 9     | 6     | 1.5    | 0.4768  | 5.121  | exact
        """,
    )


def test_a_censored_count_gives_a_range_instead_of_a_value(ask: Ask) -> None:
    """`<5` is never taken as 0, as 4 or as anything between: every completion is covered."""
    counts = """
        place | year | prosecuted | convicted
        AAA   | 2022 | 10         | <5
        BBB   | 2022 | <5         | 10
        CCC   | 2022 | <5         | <5
    """
    expect(
        ask(counts).measure(CONVICTED),
        """
        place | years | above  | below  | value | range      | low    | high  | status
        AAA   | 2022  | 0 to 4 | 10     | -     | 0 to 0.4   | 0      | 1.387 | censored
        BBB   | 2022  | 10     | 0 to 4 | -     | 2.5 to inf | 0.7211 | inf   | censored
        CCC   | 2022  | 0 to 4 | 0 to 4 | -     | 0 to inf   | 0      | inf   | censored
        """,
    )


def test_a_reported_zero_is_a_zero_and_not_a_gap(ask: Ask) -> None:
    counts = """
        place | year | prosecuted | convicted
        AAA   | 2022 | 10         | 0
        BBB   | 2022 | 10         | not
        CCC   | 2022 | 10         |
        DDD   | 2022 | 10         | suppressed
    """
    frame = ask(counts).measure(CONVICTED)
    expect(
        frame,
        """
        place | years | above | below | value | range  | low | high   | used | status
        AAA   | 2022  | 0     | 10    | 0     | 0 to 0 | 0   | 0.4461 | 1    | exact
        BBB   | 2022  | -     | -     | -     | -      | -   | -      | 0    | not_reported
        CCC   | 2022  | -     | -     | -     | -      | -   | -      | 0    | not_reported
        DDD   | 2022  | -     | -     | -     | -      | -   | -      | 0    | suppressed
        """,
    )
    assert frame.suppressed_count == 1


def test_dividing_by_zero_gives_no_value_but_says_what_is_known(ask: Ask) -> None:
    """0 / 0 is undefined; a count over 0 is unbounded above and still has a lower limit.

    With 9 of 9 above the line the exact lower limit of the share is 0.025 ** (1 / 9).
    """
    counts = """
        place | year | prosecuted | convicted
        AAA   | 2022 | 0          | 0
        BBB   | 2022 | 0          | 9
        CCC   | 2022 | <5         | 0
    """
    expect(
        ask(counts).measure(CONVICTED),
        """
        place | years | above | below  | value | low   | high | status
        AAA   | 2022  | 0     | 0      | -     | 0     | inf  | exact
        BBB   | 2022  | 9     | 0      | -     | 1.974 | inf  | exact
        CCC   | 2022  | 0     | 0 to 4 | -     | 0     | inf  | censored
        """,
    )
    share = 0.025 ** (1 / 9)
    assert share / (1 - share) == pytest.approx(1.974, abs=5e-4)


def test_a_zero_over_any_censored_positive_count_is_zero(ask: Ask) -> None:
    """The bounds of the value agree, so there is a value, though a count is censored."""
    atlas = ask("place | year | prosecuted | convicted\nAAA | 2022 | <5 | 0")
    row = atlas.measure(CONVICTED).data.iloc[0]
    assert row["value_low"] == 0
    assert math.isnan(row["value_high"])  # 0 / 0 is one of the completions
    assert math.isnan(row["value"])


@pytest.mark.parametrize("silent", ["prosecuted", "convicted"])
@pytest.mark.parametrize("gap", ["not", "suppressed", ""])
def test_a_year_counts_only_where_both_stages_are_reported(ask: Ask, silent: str, gap: str) -> None:
    cells = {"prosecuted": "100", "convicted": "50", silent: gap}
    counts = f"""
        place | year | prosecuted | convicted
        AAA   | 2021 | 10         | 4
        AAA   | 2022 | {cells["prosecuted"]} | {cells["convicted"]}
    """
    frame = ask(counts).measure(CONVICTED, years=(2020, 2022), window=3)
    expect(
        frame,
        """
        place | years     | above | below | value | used | status
        AAA   | 2020-2022 | 4     | 10    | 0.4   | 1    | exact
        """,
    )
    assert frame.suppressed_count == (gap == "suppressed")


def test_a_window_of_withheld_and_missing_years_is_suppressed(ask: Ask) -> None:
    counts = """
        place | year | prosecuted | convicted
        AAA   | 2020 | not        | 4
        AAA   | 2021 | suppressed | 4
        AAA   | 2022 | 10         | not
    """
    expect(
        ask(counts).measure(CONVICTED, window=1, years=(2020, 2022)),
        """
        place | years | above | below | used | status
        AAA   | 2020  | -     | -     | 0    | not_reported
        AAA   | 2021  | -     | -     | 0    | suppressed
        AAA   | 2022  | -     | -     | 0    | not_reported
        """,
    )
    expect(
        ask(counts).measure(CONVICTED, window=3, years=(2020, 2022)),
        """
        place | years     | above | below | used | status
        AAA   | 2020-2022 | -     | -     | 0    | suppressed
        """,
    )


def test_the_value_is_per_as_many_as_the_measure_says(ask: Ask) -> None:
    """Units differ, so the unit names both."""
    per_100 = ratio(
        ("convicted", "persons"), ("detected", "victims"),
        per=100, unit="convicted persons per 100 detected victims",
    )  # fmt: skip
    counts = """
        place | year | detected | convicted
        AAA   | 2022 | 200      | 37
        BBB   | 2022 | 200      | <5
    """
    expect(
        ask(counts, measures={"convicted_per_100": per_100}).measure("convicted_per_100"),
        """
        place | above  | below | value | range        | low   | high  | unit
        AAA   | 37     | 200   | 18.5  | 18.5 to 18.5 | 12.66 | 26.38 | convicted persons per 100 detected victims
        BBB   | 0 to 4 | 200   | -     | 0 to 2       | 0     | 5.201 | convicted persons per 100 detected victims
        """,  # noqa: E501
    )


SHARE = {
    "cleared_share": ratio(("cleared", "offences"), ("suspected", "offences"), interval="wilson")
}


def test_a_share_has_the_wilson_interval_and_no_completion_above_one(ask: Ask) -> None:
    """Where the part may be larger than the whole, that completion is none: 4 of 3 cannot be."""
    counts = """
        place | year | suspected | cleared
        AAA   | 2022 | 263       | 81
        BBB   | 2022 | 0         | 0
        CCC   | 2022 | 3         | <5
        DDD   | 2022 | <5        | <5
    """
    expect(
        ask(counts, measures=SHARE).measure("cleared_share"),
        """
        place | above  | below  | value | range          | low    | high   | status
        AAA   | 81     | 263    | 0.308 | 0.308 to 0.308 | 0.2553 | 0.3662 | exact
        BBB   | 0      | 0      | -     | -              | 0      | 1      | exact
        CCC   | 0 to 4 | 3      | -     | 0 to 1         | 0      | 1      | censored
        DDD   | 0 to 4 | 0 to 4 | -     | 0 to 1         | 0      | 1      | censored
        """,
    )


def test_a_share_whose_part_exceeds_the_whole_is_an_error_that_names_the_place(ask: Ask) -> None:
    counts = """
        place | year | suspected | cleared
        AAA   | 2022 | 263       | 81
        BBB   | 2022 | <5        | 7
    """
    atlas = ask(counts, measures=SHARE)
    with pytest.raises(QueryError, match="its numerator exceeds its denominator") as caught:
        atlas.measure("cleared_share")
    assert "Betaland" in str(caught.value)
    assert "Alphaland" not in str(caught.value)
    assert caught.value.problems[0].allowed == "ratio_of_counts"
    assert len(atlas.measure("cleared_share", jurisdictions=["AAA"]).data) == 1


def test_the_columns_are_those_that_the_library_promises(ask: Ask) -> None:
    frame = ask("place | year | prosecuted | convicted\nAAA | 2022 | 10 | 4").measure(CONVICTED)
    assert tuple(frame.data.columns) == FRAME_COLUMNS
    kinds = {name: kind.kind for name, kind in frame.data.dtypes.items() if name != "unit"}
    assert {kinds[n] for n in ("value", "low", "high", "value_low", "value_high")} == {"f"}
    assert {kinds[n] for n in FRAME_COLUMNS if n.endswith("ator_low")} == {"i"}
    assert frame.data["name"].tolist() == ["Alphaland"]
    assert frame.data["unit"].tolist() == [frame.unit] == ["persons per persons"]
    assert frame.data["source_id"].tolist() == [frame.source_id] == ["office"]
    assert (frame.years, frame.window) == ((2022, 2022), 1)
