"""The headline of a small world, in which it is known what stands out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.config.loader import SNAPSHOTS_VARIABLE
from gapatlas.headlines import MANY, Headline, added_up, headline
from tests.support import PLACES, observation, write_world
from tests.worked_examples import independent_interval, open_example

RATIO = "convicted_per_prosecuted"

# AAA is far below the middle. BBB and CCC are the middle. DDD reports 80 prosecutions and no
# convictions at all: silent. EEE has no conviction in 30 cases: lower than AAA, but few cases.
# FFF says nothing of either.
COUNTS = """
    place | year | prosecuted | convicted
    AAA   | 2020 | 100        | 4
    AAA   | 2021 | 100        | 5
    AAA   | 2022 | 100        | not
    BBB   | 2020 | 100        | 50
    BBB   | 2021 | 100        | 60
    CCC   | 2020 | 90         | 45
    CCC   | 2021 | 90         | <5
    DDD   | 2020 | 40         | not
    DDD   | 2021 | 40         |
    EEE   | 2020 | 30         | 0
    FFF   | 2020 | not        | not
"""
MORE_PLACES = PLACES + (
    "EEE,Epsilonland,country,,EE,905,,Asia,Eastern Asia,,,false,false\n"
    "FFF,Zetaland,country,,FF,906,,Asia,Eastern Asia,,,false,false\n"
)


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    folder = tmp_path_factory.mktemp("planted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SNAPSHOTS_VARIABLE, str(folder / "snapshots"))
        opened = open_example(folder, COUNTS, places=MORE_PLACES)
    with opened:
        yield opened


@pytest.fixture(scope="module")
def one_year(atlas: Atlas) -> Headline:
    return headline(atlas, RATIO, (2020, 2020), 1)


def test_the_middle_is_that_of_all_places_with_a_figure(one_year: Headline) -> None:
    """AAA 0.04, BBB 0.5, CCC 0.5, EEE 0; DDD and FFF have none."""
    assert one_year.middle == pytest.approx(((0.04 + 0.5) / 2, (0.04 + 0.5) / 2))


def test_places_with_censored_counts_leave_the_middle_open_and_are_not_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AAA 0.5 is exact; BBB and CCC convict 0 to 4 of 10, so the middle lies from 0 to 0.4."""
    monkeypatch.setenv(SNAPSHOTS_VARIABLE, str(tmp_path / "snapshots"))
    counts = {"AAA": (5, 10), "BBB": ("<5", 10), "CCC": ("<5", 10)}
    rows = [
        observation(place, 2020, stage, "persons", count)
        for place, pair in counts.items()
        for stage, count in zip(("convicted", "prosecuted"), pair, strict=True)
    ]
    with open_atlas(write_world(tmp_path, rows)) as atlas:
        assert headline(atlas, RATIO, (2020, 2020), 1).middle == pytest.approx((0, 0.4))


def test_a_place_is_clearly_below_where_its_whole_interval_is(one_year: Headline) -> None:
    assert one_year.apart["jurisdiction_id"].tolist() == ["AAA"]
    assert independent_interval("ratio_of_counts", 4, 100)[1] < one_year.middle[0]


def test_few_cases_are_never_clearly_below(one_year: Headline) -> None:
    """The whole interval of EEE lies below the middle too, but it rests on fewer than 50 cases."""
    assert independent_interval("ratio_of_counts", 0, 30)[1] < one_year.middle[0]
    assert MANY > 30
    assert "EEE" not in set(one_year.apart["jurisdiction_id"])


def test_the_silent_have_many_cases_and_no_report_of_what_became_of_them(
    one_year: Headline, atlas: Atlas
) -> None:
    """DDD counts 40 in 2020, which is not many; over three years it counts 80."""
    assert one_year.silent.empty
    assert one_year.asked == 3
    found = headline(atlas, RATIO, (2020, 2022), 3)
    assert found.silent["jurisdiction_id"].tolist() == ["DDD"]
    assert found.silent["name"].tolist() == ["Deltaland"]
    assert found.silent[["count_low", "count_high"]].iloc[0].tolist() == [80, 80]
    assert found.asked == 4


def test_a_place_that_reports_a_zero_is_not_silent(atlas: Atlas) -> None:
    found = headline(atlas, RATIO, (2020, 2020), 1)
    assert "EEE" not in set(found.silent["jurisdiction_id"])


def test_all_places_together_are_the_sums_of_those_that_report_both(atlas: Atlas) -> None:
    """By hand: convicted 4 + 5 + 50 + 60 + 45 + (0 to 4) + 0; prosecuted 200 + 200 + 180 + 30.
    The 100 of AAA in 2022 and the 80 of DDD have nothing above the line and stay out."""
    together = headline(atlas, RATIO, (2020, 2022), 3).together
    row = together.iloc[0]
    assert len(together) == 1
    assert (row["numerator_low"], row["numerator_high"]) == (164, 168)
    assert (row["denominator_low"], row["denominator_high"]) == (610, 610)
    assert row["name"] == "4 places together"
    assert row["status"] == "censored"
    assert math.isnan(row["value"])
    assert (row["value_low"], row["value_high"]) == pytest.approx((164 / 610, 168 / 610))
    assert row["low"] == pytest.approx(independent_interval("ratio_of_counts", 164, 610)[0])
    assert row["high"] == pytest.approx(independent_interval("ratio_of_counts", 168, 610)[1])
    assert (row["year_from"], row["year_to"], row["years_used"]) == (2020, 2022, 2)


def test_together_is_exact_where_every_count_is(one_year: Headline) -> None:
    row = one_year.together.iloc[0]
    assert row["status"] == "exact"
    assert row["value"] == pytest.approx((4 + 50 + 45 + 0) / (100 + 100 + 90 + 30))


def test_added_up_equals_the_sums_of_its_frame(atlas: Atlas) -> None:
    frame = atlas.measure(RATIO, years=(2020, 2022), window=3)
    row = added_up(frame).iloc[0]
    for column in ("numerator_low", "numerator_high", "denominator_low", "denominator_high"):
        assert row[column] == sum(frame.data[column].dropna().tolist())


def test_nothing_added_up_is_not_reported_and_not_zero(atlas: Atlas) -> None:
    found = headline(atlas, RATIO, (2022, 2022), 1)
    row = found.together.iloc[0]
    assert row["status"] == "not_reported"
    assert row["years_used"] == 0
    for column in ("numerator_low", "denominator_high", "value", "value_low", "low", "high"):
        assert pd.isna(row[column])
    assert all(math.isnan(edge) for edge in found.middle)
    assert found.apart.empty


def test_windows_that_overlap_are_not_added_up(atlas: Atlas) -> None:
    with pytest.raises(ValueError, match="ask for one window"):
        headline(atlas, RATIO, (2020, 2022), 1)


def test_a_rate_per_people_has_no_headline(atlas: Atlas) -> None:
    with pytest.raises(ValueError, match="a ratio of two stages"):
        headline(atlas, "convicted_per_100k", (2020, 2020), 1)


def test_places_clearly_below_come_in_order_of_their_cases_and_not_of_their_value(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ranking by value would pretend to tell them apart."""
    folder = tmp_path_factory.mktemp("order")
    monkeypatch.setenv(SNAPSHOTS_VARIABLE, str(folder / "snapshots"))
    counts = """
        place | year | prosecuted | convicted
        AAA   | 2020 | 100        | 1
        BBB   | 2020 | 400        | 12
        CCC   | 2020 | 300        | 290
        DDD   | 2020 | 300        | 295
        EEE   | 2020 | 300        | 299
    """
    with open_example(folder, counts, places=MORE_PLACES) as atlas:
        found = headline(atlas, RATIO, (2020, 2020), 1)
    assert found.apart["jurisdiction_id"].tolist() == ["BBB", "AAA"]


def test_the_headline_speaks_of_the_measures_own_source(atlas: Atlas) -> None:
    assert headline(atlas, RATIO, (2020, 2020), 1).frame.source_id == "office"
