"""The sentences that stand beside the figures: each where it is true, and only there."""

from __future__ import annotations

import pytest

from gapatlas.atlas import Atlas
from tests.spec.conftest import Ask
from tests.support import ratio

CONVICTED = "convicted_per_prosecuted"
COUNTS = """
    place | year | prosecuted | convicted
    AAA   | 2020 | 10         | 4
    AAA   | 2021 | not        | 4
    AAA   | 2022 | 10         | 4
    BBB   | 2020 | 10         | <5
    BBB   | 2021 | 10         | 4
    BBB   | 2022 | 10         | suppressed
    CCC   | 2020 | suppressed | 4
    DDD   | 2020 | not        | not
"""


@pytest.fixture
def atlas(ask: Ask) -> Atlas:
    return ask(COUNTS, "place | year | people\nAAA | 2020 | 1000\nAAA | 2022 | 1000")


CENSORED = "rest on at least one count that the source prints only as a range"
MISSING = "are not reported. Not reported does not mean zero."
WITHHELD = "are withheld by the source. Withheld does not mean zero."
SHORT = "pool fewer than 3 years, because a year counts only where both counts are reported."


def counted(atlas: Atlas, sentence: str, **asked: object) -> str | None:
    """How many figures a caveat speaks of ("2 of 4"), or None where it is not said."""
    lines = [line for line in atlas.measure(CONVICTED, **asked).caveats if sentence in line]
    assert len(lines) <= 1
    return lines[0].split(" figures ")[0] if lines else None


def test_every_frame_carries_the_caution_of_its_measure_and_its_interval(atlas: Atlas) -> None:
    caveats = atlas.measure(CONVICTED).caveats
    assert caveats[0] == "It means nothing."
    assert "Intervals are 95%: exact conditional interval of the ratio of two counts." in caveats
    rate = atlas.measure("convicted_per_100k").caveats
    assert "Intervals are 95%: Byar's interval (exact Poisson limits below 10 events)." in rate


def test_a_share_says_that_its_interval_is_wilsons(ask: Ask) -> None:
    share = {"share": ratio(("cleared", "offences"), ("suspected", "offences"), interval="wilson")}
    atlas = ask("place | year | suspected | cleared\nAAA | 2022 | 9 | 3", measures=share)
    assert "Intervals are 95%: Wilson interval." in atlas.measure("share").caveats


@pytest.mark.parametrize(
    ("window", "censored", "missing", "withheld"),
    [
        # 12 place-years: BBB 2020 | AAA 2021, CCC 2021-22, DDD 2020-22 | BBB 2022, CCC 2020
        (1, "1 of 12", "6 of 12", "2 of 12"),
        # 4 places pooled: BBB | DDD | CCC, of whose three years one is withheld, two missing
        (3, "1 of 4", "1 of 4", "1 of 4"),
    ],
)
def test_figures_with_a_range_a_gap_or_a_withheld_count_are_counted(
    atlas: Atlas, window: int, censored: str, missing: str, withheld: str
) -> None:
    assert counted(atlas, CENSORED, window=window) == censored
    assert counted(atlas, MISSING, window=window) == missing
    assert counted(atlas, WITHHELD, window=window) == withheld


def test_what_is_not_the_case_is_not_said(atlas: Atlas) -> None:
    asked = {"jurisdictions": ["AAA"], "years": 2020}
    for sentence in (CENSORED, MISSING, WITHHELD, "pool fewer", "without a figure"):
        assert counted(atlas, sentence, **asked) is None


def test_windows_that_miss_a_year_are_counted(atlas: Atlas) -> None:
    """AAA uses two of three years, BBB two; CCC and DDD use none and are no figures at all."""
    assert counted(atlas, SHORT, window=3) == "2 of 4"
    assert counted(atlas, "pool fewer", window=1) is None


def test_suppressed_counts_are_counted_even_where_other_years_give_a_figure(atlas: Atlas) -> None:
    """BBB 2022 and CCC 2020 are withheld; pooled, BBB still has 2020 and 2021."""
    pooled = atlas.measure(CONVICTED, window=3)
    assert pooled.suppressed_count == 2
    assert dict(zip(pooled.data["jurisdiction_id"], pooled.data["status"], strict=True)) == {
        "AAA": "exact",
        "BBB": "censored",
        "CCC": "suppressed",
        "DDD": "not_reported",
    }


def test_places_without_people_are_named_in_a_rate_only(atlas: Atlas) -> None:
    line = "Counted by the source, but without a figure to divide by: Betaland, Gammaland."
    assert line in atlas.measure("convicted_per_100k", years=2020).caveats
    assert line not in atlas.measure(CONVICTED, years=2020).caveats


def test_the_publishers_method_is_named(atlas: Atlas) -> None:
    assert "As published: counts under 5 are printed as <5." in atlas.measure(CONVICTED).caveats
