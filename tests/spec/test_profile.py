"""The profile of one place: what its sentences say, worked out on small worlds."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pytest

from gapatlas import open_atlas
from gapatlas.atlas import Atlas
from gapatlas.config.loader import SNAPSHOTS_VARIABLE
from gapatlas.errors import UnknownNameError
from gapatlas.profile import Profile, main_measure, profile
from gapatlas.profile.pictures import (
    agencies_picture,
    gap_picture,
    grants_picture,
    grid_pictures,
    history_picture,
    outcome_pictures,
    outcome_words,
    stage_pictures,
)
from tests.profile_world import (
    CLEARED,
    GRANTS,
    PER_VICTIM,
    TIER,
    ProfileWorld,
    neighbours,
    table_of,
)
from tests.support import ratio

Ask = Callable[..., Profile]
NOT_ZERO = "Not reported is not zero."


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """ask(world, place, ...) -> the profile of a place of a world."""
    monkeypatch.setenv(SNAPSHOTS_VARIABLE, str(tmp_path / "snapshots"))
    with ExitStack() as opened:

        def asked(world: ProfileWorld, place: str, **choices: object) -> Profile:
            atlas = opened.enter_context(open_atlas(world.write(tmp_path / "world")))
            return profile(atlas, place, **choices)

        yield asked


def office(*lines: str, **more: object) -> ProfileWorld:
    return ProfileWorld(counts={"office": table_of(*lines)}, **more)


def answers(found: Profile) -> list[tuple[str, str, str]]:
    return [(each.question, each.short, each.text) for each in found.headline]


# ------------------------------------------------------------------ the headline


def test_a_place_with_rich_data_is_told_with_counts_interval_and_peers(ask: Ask) -> None:
    """400 of 1,000 against neighbours with 600 of 1,000: the middle lets one expect 600."""
    world = office("AAA | 2022 | 1000 | 400", neighbours(600, 1000))

    found = ask(world, "AAA", window=1)

    counted, standing, silent = answers(found)
    row = found.row
    assert counted == (
        "What is counted, and what came of it?",
        "40.0 convicted persons per 100 victims",
        f"2022: 40.0 convicted persons per 100 victims (95% interval {row.low:.1f} to "
        f"{row.high:.1f}). 400 persons convicted; 1,000 victims detected.",
    )
    gap = found.gap.of("AAA").iloc[0]
    assert standing[0] == "Does it fall short of the middle of other places in Europe?"
    assert standing[1] == "Almost certainly"
    assert standing[2] == (
        "It almost certainly falls short: the probability that it falls short is more than 99%. "
        f"At that level {gap.expected_low:.0f} persons convicted would be expected in 2022 (95% "
        f"interval {gap.expected_from:.0f} to {gap.expected_to:.0f}), against 400 counted."
    )
    assert 590 <= gap.expected_low <= 610
    assert silent == (
        "What is not reported?",
        "Nothing, in 1 year (2022)",
        "In The office, of 1 year (2022): persons convicted in every year; victims detected in "
        "every year.",
    )


def test_a_place_far_above_its_peers_is_not_said_to_fall_short(ask: Ask) -> None:
    found = ask(office("AAA | 2022 | 1000 | 900", neighbours(300, 1000)), "AAA", window=1)

    assert found.headline[1].short == "Almost certainly not"
    assert (
        "It almost certainly lies above: the probability that it falls short is less than 1%"
        in (found.headline[1].text)
    )


def test_what_chance_can_explain_is_left_open(ask: Ask) -> None:
    found = ask(office("AAA | 2022 | 100 | 30", neighbours(300, 1000)), "AAA", window=1)

    assert found.headline[1].short == "Cannot be told"
    assert "The counts leave it open" in found.headline[1].text


def test_counts_that_are_all_printed_as_fewer_than_five_leave_ranges(ask: Ask) -> None:
    found = ask(office("AAA | 2022 | <5 | <5", neighbours("<5", "<5")), "AAA", window=1)

    counted, standing, silent = answers(found)
    assert counted[1] == "Every value is open"
    assert counted[2] == (
        "2022: 0 to 4 persons convicted; 0 to 4 victims detected. The printed ranges leave every "
        "value open."
    )
    assert standing[1] == "Cannot be told"
    assert silent[1] == "Nothing, in 1 year (2022)", "a range is reported"


def test_a_range_above_the_line_is_a_range_in_the_sentence(ask: Ask) -> None:
    found = ask(office("AAA | 2022 | 100 | <5", neighbours(20, 100)), "AAA", window=1)

    counted = found.headline[0]
    assert counted.short == "0.0 to 4.0 convicted persons per 100 victims"
    assert "0 to 4 persons convicted; 100 victims detected." in counted.text
    assert counted.text.endswith("printed only as a range, so this is a range.")
    assert "against 0 to 4 counted" in found.headline[1].text


def test_a_place_that_reports_nothing_says_so_and_claims_nothing(ask: Ask) -> None:
    world = office("AAA | 2021 | not | not", "AAA | 2022 | not | not", neighbours(6, 10))

    found = ask(world, "AAA", window=1)

    counted, standing, silent = answers(found)
    assert counted[1:] == (
        "No figure",
        f"2022: no figure for persons convicted, and none for victims detected. {NOT_ZERO}",
    )
    assert standing[1] == "Cannot be told"
    assert standing[2] == "Without a figure of its own it cannot be measured against anything."
    assert silent[1:] == (
        "A figure in 2 of 2 years (2021-2022)",
        "In The office, of 2 years (2021-2022): no figure for persons convicted in any year; no "
        f"figure for victims detected in any year. {NOT_ZERO}",
    )
    assert list(stage_pictures(found, "office")) == []
    assert found.silent_stages == {
        "office": "No figure in any year of 2021-2022: Victims detected; Persons convicted. That "
        "is not zero."
    }


def test_one_stage_alone_is_told_and_the_other_is_not_known(ask: Ask) -> None:
    world = office(
        "AAA | 2020 | 50 | not", "AAA | 2021 | 70 | not", "AAA | 2022 | not | not",
        neighbours(6, 10), neighbours(6, 10, 2020),
    )  # fmt: skip

    found = ask(world, "AAA", window=3)

    assert found.headline[0].short == "No figure"
    assert found.headline[0].text == (
        "2020-2022: 120 victims detected (2 of 3 years), and no figure for persons convicted. What "
        f"came of it is not known. {NOT_ZERO}"
    )
    assert "no figure for persons convicted in any year" in found.headline[2].text
    assert "no figure for victims detected in 2022" in found.headline[2].text


def test_convictions_alone_have_nothing_to_be_divided_by(ask: Ask) -> None:
    found = ask(office("AAA | 2022 | not | 7", neighbours(6, 10)), "AAA", window=1)

    assert found.headline[0].text == (
        "2022: 7 persons convicted (1 of 1 years), and no figure for victims detected, so there is "
        f"nothing to divide by. {NOT_ZERO}"
    )


def test_stages_of_different_years_are_never_divided(ask: Ask) -> None:
    world = office("AAA | 2021 | 10 | not", "AAA | 2022 | not | 7", neighbours(6, 10))

    found = ask(world, "AAA", window=3, year=2022)

    assert found.main.window == 1, "the source has two years"
    world = office("AAA | 2020 | not | not", "AAA | 2021 | 10 | not", "AAA | 2022 | not | 7",
                   neighbours(6, 10), neighbours(6, 10, 2020))  # fmt: skip
    found = ask(world, "AAA", window=3)
    assert found.headline[0].text == (
        "2020-2022: 7 persons convicted in 2022 and 10 victims detected in 2021, but no year has "
        "all that the measure needs."
    )


def test_what_is_withheld_is_neither_zero_nor_unreported(ask: Ask) -> None:
    world = office("AAA | 2022 | 90 | suppressed", neighbours(6, 10))

    found = ask(world, "AAA", window=1)

    counted, standing, silent = answers(found)
    assert counted[1] == "Withheld"
    assert counted[2].endswith("to protect persons. Withheld is not zero.")
    assert standing[2] == "Its figure is withheld, so it cannot be measured against anything."
    assert silent[1] == "Nothing, in 1 year (2022)"
    assert "persons convicted withheld in 2022" in silent[2]
    [grid] = grid_pictures(found)
    drawn = grid.datasets["rows"].set_index("row")["sign"].to_dict()
    assert drawn == {"Detected (victims)": "", "Convicted (persons)": "×"}


def test_a_place_without_a_line_is_not_said_to_report_nothing(ask: Ask) -> None:
    found = ask(office(neighbours(6, 10)), "BBB", window=1)

    counted, standing, silent = answers(found)
    assert counted[1] == "Not part of The office"
    assert "says nothing of its laws" in counted[2]
    assert standing[1] == silent[1] == "Cannot be told"
    assert silent[2] == f"No source here has a line for Betaland. {NOT_ZERO}"
    assert found.quality.cells.empty
    assert found.gaps["verdict"].tolist() == ["none"]


def test_a_rate_of_people_says_when_there_is_no_population(ask: Ask) -> None:
    measures = {"per_people": ratio(("convicted", "persons"), "population", decimals=2)}
    world = office("AAA | 2022 | 9 | 5", neighbours(6, 10), measures=measures)

    found = ask(world, "AAA", window=1)

    assert found.headline[0].text == "2022: 5 persons convicted, but no population to divide by."
    people = "place | year | people\nAAA | 2022 | 1000000"
    world = office("AAA | 2022 | 9 | not", neighbours(6, 10), measures=measures, people=people)
    found = ask(world, "AAA", window=1)
    assert found.headline[0].text == f"2022: no figure for persons convicted. {NOT_ZERO}"


def test_too_few_peers_give_no_benchmark(ask: Ask) -> None:
    found = ask(office("AAA | 2022 | 10 | 5", neighbours(6, 10, count=2)), "AAA", window=1)

    assert found.headline[1].short == "Cannot be told"
    assert found.headline[1].text == (
        "It cannot be measured against the middle of other places in Europe: fewer than three "
        "peers have figures."
    )


@pytest.mark.parametrize(
    ("benchmark", "words"),
    [
        ("median", "the middle of places of your choice"),
        ("best_quarter", "the best quarter of places of your choice"),
        ("own_best", "its own best five earlier years"),
        ("model", "what a model expects of similar places"),
    ],
)
def test_a_benchmark_is_named_in_the_question(ask: Ask, benchmark: str, words: str) -> None:
    own = ("N01", "N02", "N03", "N04")
    world = office("AAA | 2022 | 10 | 5", neighbours(6, 10))

    found = ask(world, "AAA", window=1, benchmark=benchmark, peers="own", own=own)

    assert found.headline[1].question == f"Does it fall short of {words}?"


def test_a_place_is_compared_with_its_own_best_years(ask: Ask) -> None:
    years = [f"AAA | {year} | 100 | {80 if year < 2018 else 20}" for year in range(2013, 2023)]

    found = ask(office(*years), "AAA", window=5, benchmark="own_best")

    assert found.headline[1].question.endswith("its own best five earlier years (2013-2017)?")
    assert found.headline[1].short == "Almost certainly"
    expected = found.gap.of("AAA")["expected_low"].iloc[0]
    assert expected == pytest.approx(400, abs=4)
    assert f"At that level {expected:.0f} persons convicted" in found.headline[1].text


# ------------------------------------------------------------------ US states


def state_world(**more: object) -> ProfileWorld:
    states = "\n".join(f"US-{a}{a} | 2022 | 100 | 40" for a in "BCDEF")
    return ProfileWorld(
        counts={
            "police": table_of("US-AA | 2021 | 90 | 10", "US-AA | 2022 | 100 | 20", states,
                               "US-GU | 2022 | not | not", stages="suspected | cleared"),
        },
        agencies={"police": ["US-AA,2021,3", "US-AA,2022,0"]},
        measures=CLEARED,
        **more,
    )  # fmt: skip


def test_a_state_is_told_by_what_states_count(ask: Ask) -> None:
    found = ask(state_world(), "US-AA", window=1)

    assert found.main.measure_id == "cleared_per_offence"
    assert found.headline[0].short == "0.20 cleared offences per offence"
    assert found.headline[1].question.endswith("the middle of other places in the United States?")
    assert found.headline[1].short == "Almost certainly"


def test_a_state_says_that_its_courts_are_missing_and_who_counts(ask: Ask) -> None:
    courts, agencies = ask(state_world(), "US-AA", window=1).missing

    assert courts.startswith("State courts are missing")
    assert courts.endswith("That is not zero.")
    assert agencies.startswith("The police counts agencies with a record only")
    assert ask(office("AAA | 2022 | 1 | 1"), "AAA").missing == ()


def test_agencies_are_a_layer_of_their_own_and_a_true_zero_is_one(ask: Ask) -> None:
    picture = agencies_picture(ask(state_world(), "US-AA"), "police")

    assert picture is not None
    assert picture.datasets["rows"]["count"].tolist() == ["3", "0"]
    assert "from 0 to 3 a year, 2021-2022" in picture.alt


def test_outcomes_of_a_whole_period_stand_apart_from_years(ask: Ask) -> None:
    world = state_world()
    courts = table_of("US-AA | 2016 | 40 | suppressed", stages="prosecuted | convicted")
    world.counts = {**world.counts, "courts": courts}
    world.periods = {"courts": (2000, 2016)}

    found = ask(world, "US-AA")

    assert found.sources == ("police",)
    assert not found.counts["source_id"].eq("courts").any()
    assert found.missing[0].startswith("State courts are missing"), "the period is federal"
    assert outcome_words(found.outcomes) == (
        "Persons prosecuted: 40; convicted: withheld. Withheld is not zero."
    )
    [picture] = outcome_pictures(found)
    assert picture.title == "Persons charged, 2000-2016, by what became of their cases"
    assert [grid.title for grid in grid_pictures(found)] == ["The police: 100% complete"]
    assert found.quality.summary["years"].tolist() == ["2021-2022", "2000-2016"]


def test_a_territory_has_a_profile_and_a_region_has_none(ask: Ask) -> None:
    assert ask(state_world(), "US-GU", window=1).headline[0].short == "No figure"
    with pytest.raises(UnknownNameError, match="no profile"):
        ask(state_world(), "EUR")
    with pytest.raises(UnknownNameError, match="There is no place"):
        ask(state_world(), "US-ZZ")


def test_a_place_that_no_measure_describes_shows_its_counts(ask: Ask) -> None:
    found = ask(office("X-ROCK | 2022 | 3 | 1", neighbours(6, 10)), "X-ROCK")

    assert found.main is None
    assert [answer.short for answer in found.headline] == [
        "No measure", "Cannot be told", "Cannot be told",
    ]  # fmt: skip
    assert "Its counts stand below, as published by The office." in found.headline[0].text
    assert len(list(stage_pictures(found, "office"))) == 2
    assert found.gaps.empty
    assert found.comparison is None


# ------------------------------------------------------------------ what is asked for


def test_choices_outside_what_there_is_are_refused(ask: Ask) -> None:
    world = office("AAA | 2022 | 10 | 5")
    with pytest.raises(ValueError, match="benchmark must be one of"):
        ask(world, "AAA", benchmark="mean")
    with pytest.raises(ValueError, match="window must be 1, 3 or 5"):
        ask(world, "AAA", window=2)
    with pytest.raises(UnknownNameError):
        ask(world, "AAA", source="nobody")


def test_years_are_moved_into_those_of_the_source(ask: Ask) -> None:
    world = office("AAA | 2020 | 10 | 5", "AAA | 2021 | 10 | 5", "AAA | 2022 | 10 | 5")

    for asked, year in ((1990, 2022), (2021, 2022), (2050, 2022), (None, 2022)):
        main = ask(world, "AAA", window=5, year=asked).main
        assert (main.year, main.window) == (year, 3), asked
    assert ask(world, "AAA", window=1, year=2020).main.year == 2020


def test_the_main_measure_has_a_gap_where_there_is_one(ask: Ask) -> None:
    people = ratio(("detected", "victims"), "population")
    detected = {"detected_per_people": people, **PER_VICTIM}
    world = office("AAA | 2022 | 10 | 5", measures=detected)

    found = ask(world, "AAA")

    assert found.main.measure_id == "per_victim"
    assert main_measure(found.atlas, "us_state") is None
    only = office("AAA | 2022 | 10 | 5", measures={"detected_per_people": people})
    found = ask(only, "AAA", window=1)
    assert found.gap is None
    assert found.headline[1].short == "Cannot be told"


# ------------------------------------------------------------------ sources that differ


def test_two_sources_are_laid_side_by_side_and_never_joined(ask: Ask) -> None:
    archive = table_of("AAA | 2022 | 1000 | 900", neighbours(600, 1000))
    world = office("AAA | 2022 | 1000 | 400", neighbours(600, 1000))
    world.counts = {**world.counts, "archive": archive}

    found = ask(world, "AAA", window=1)

    assert found.sources == ("office", "archive")
    rate, victims, persons = found.conflicts.words
    assert rate.startswith("Convicted per 100 victims. Over the years that both tell (2022), 90.0")
    assert rate.endswith("the conclusion about peers changes.")
    assert victims == (
        "On victims detected in 2022, The archive and The office agree within 10%: 1,000 against "
        "1,000."
    )
    assert persons.endswith("differ: 900 against 400.")
    assert found.conflicts.differ == 1
    assert found.row.numerator_low == 400, "the source of the measure, alone"
    other = ask(world, "AAA", window=1, source="archive")
    assert other.row.numerator_low == 900
    assert other.sources == ("archive", "office")


# ------------------------------------------------------------------ policy and grants


def policy_world() -> ProfileWorld:
    return office(
        "AAA | 2022 | 10 | 5",
        indicators={
            "tier": [
                "AAA,2018,2,2,2,exact",
                "AAA,2019,2.5,2.5,2.5,exact",
                "AAA,2020,,,,not_reported",
                "AAA,2021,1,1,1,exact",
                "AAA,2022,1,1,1,exact",
                "BBB,2022,,,,not_reported",
            ],
            "money": [
                "AAA,2018,1000,1000,1000,exact",
                "AAA,2019,,500,,censored",
                "AAA,2020,,,,not_reported",
                "AAA,2021,0,0,0,exact",
                "BBB,2018,10,10,10,exact",
                "BBB,2019,,20,30,censored",
                "CCC,2018,,,,not_reported",
            ],
        },
        blocks={"tier": TIER, "money": GRANTS},
        gaps={"history": ["tier"], "grants": "money"},
    )


def test_policy_is_told_in_the_words_of_its_labels(ask: Ask) -> None:
    [history] = ask(policy_world(), "AAA").history

    assert history.text == (
        "Last known: Tier 1 in 2021, 2022. Before that: Watch List in 2019. First: Tier 2 in "
        "2018. No value for 2020."
    )
    picture = history_picture(history)
    assert picture is not None
    assert picture.title == "Tier of a report (up is better)"
    assert "Scale: 1 to 3. Lower is better." in picture.source
    drawn = picture.datasets["rows"]
    assert drawn["year"].tolist() == [2018, 2019, 2020, 2021, 2022]
    assert math.isnan(drawn["value"][2])
    assert drawn["run"].nunique() == 2, "the line stops where no value is known"
    assert picture.table()["Value"].tolist() == [
        "Tier 2", "Watch List", "Not reported", "Tier 1", "Tier 1",
    ]  # fmt: skip


def test_policy_that_is_not_known_is_neither_good_nor_bad(ask: Ask) -> None:
    for place in ("BBB", "CCC"):
        [history] = ask(policy_world(), place).history
        assert history.text == "No value is known. That says neither good nor bad."
        assert history_picture(history) is None


def test_grants_have_a_lower_limit_and_unknown_is_not_zero(ask: Ask) -> None:
    grants = ask(policy_world(), "AAA").grants

    assert (grants.least, grants.most) == (1500, math.inf)
    assert grants.text == (
        "2018, 2019, 2021, added up: at least 1,500; how much more is not known (unit: dollars a "
        "year). Other years are not known, which is not zero."
    )
    drawn = grants_picture(grants).datasets["rows"].set_index("year")
    assert drawn["open"].to_dict() == {2018: False, 2019: True, 2020: False, 2021: False}
    assert drawn["low"].isna().to_dict() == {2018: False, 2019: False, 2020: True, 2021: False}


def test_grants_between_limits_are_added_up_at_both_ends(ask: Ask) -> None:
    grants = ask(policy_world(), "BBB").grants

    assert (grants.least, grants.most) == (30, 40)
    assert "2018, 2019, added up: 30 to 40 (unit" in grants.text


def test_no_known_grant_is_not_the_same_as_none(ask: Ask) -> None:
    for place in ("CCC", "DDD"):
        grants = ask(policy_world(), place).grants
        assert grants.text == "No amount is known here. That is not the same as none."
        assert grants_picture(grants) is None


def test_a_config_without_indicators_has_no_policy_and_no_grants(ask: Ask) -> None:
    found = ask(office("AAA | 2022 | 10 | 5"), "AAA")

    assert found.history == ()
    assert found.grants is None


# ------------------------------------------------------------------ data quality


def test_completeness_counts_figures_and_ranges_of_all_lines(ask: Ask) -> None:
    world = office("AAA | 2021 | 10 | <5", "AAA | 2022 | not | suppressed")

    quality = ask(world, "AAA", window=1).quality

    [row] = quality.summary.to_dict("records")
    assert (row["exact"], row["ranges"], row["withheld"], row["missing"]) == (1, 1, 1, 1)
    assert row["share"] == 0.5
    assert quality.ranges == 1
    assert quality.caveats == (("The office", "It describes no real place."),)
    assert quality.notices == ()


def test_a_notice_of_the_build_stands_at_the_place_that_it_names(ask: Ask) -> None:
    world = office(
        "AAA | 2022 | 4 | 9", measures={
            "rate": ratio(("convicted", "persons"), ("prosecuted", "persons")),
        },
    )  # fmt: skip
    world.counts = {"office": table_of("AAA | 2022 | 4 | 9", "BBB | 2022 | 9 | 4",
                                       stages="prosecuted | convicted")}  # fmt: skip

    told = ask(world, "AAA", window=1).quality.notices

    assert len(told) == 1
    assert "AAA 2022: 9 convicted, 4 prosecuted" in told[0]
    assert ask(world, "BBB", window=1).quality.notices == ()


# ------------------------------------------------------------------ gaps as a picture


def test_every_measure_with_a_gap_has_a_row_and_a_reason_where_there_is_none(ask: Ask) -> None:
    measures = {**PER_VICTIM, "per_people": ratio(("convicted", "persons"), "population")}
    world = office("AAA | 2022 | 1000 | 400", neighbours(600, 1000), measures=measures)

    found = ask(world, "AAA", window=1)

    assert found.gaps[["measure_id", "verdict", "reason"]].to_dict("records") == [
        {"measure_id": "per_victim", "verdict": "short", "reason": ""},
        {"measure_id": "per_people", "verdict": "none", "reason": "not reported"},
    ]
    picture = gap_picture(found)
    assert picture is not None
    assert picture.names == ("Convicted per 100 victims",), "only what has a gap is drawn"
    assert "Convicted per 100 victims, 2022: falls short" in picture.alt
    table = picture.table()
    assert table["Verdict"].tolist() == ["Falls short", "No figure"]
    assert table["Expected"].tolist()[1] == ""
    assert isinstance(table, pd.DataFrame)


def test_caveats_that_name_a_place_stand_at_that_place_alone(shipped: Atlas) -> None:
    [germany] = [
        told for told in profile(shipped, "DEU").quality.notices if "prints <5 detected" in told
    ]

    assert germany.startswith("UNODC GLOTIP: Germany prints")
    for place, name in (("NER", "Niger"), ("ROU", "Romania")):
        told = profile(shipped, place).quality.notices
        assert all(re.search(rf"\b{name}\b|\b{place}\b", text) for text in told)
        assert germany not in told
