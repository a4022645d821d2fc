"""The page Conviction rates: every rate, view and address, on the shipped data and small worlds."""

from __future__ import annotations

import pandas as pd
import pytest

import gapatlas
from gapatlas.config import load_config
from gapatlas.state import PEER_CHOICES, RATE_VIEWS
from gapatlas.statistics import censored_ratio
from gapatlas.ui.rates_page import RATE_LABELS
from tests.pages.reading import (
    RATES,
    ROOT,
    address,
    assert_in_order,
    charts,
    choose,
    open_panels,
    visit,
    words,
)
from tests.support import observation, ratio

CONFIG = load_config(ROOT / "config.yaml").config
RATE_MEASURES = [id_ for id_, measure in CONFIG.measures.items() if measure.rate]
ROMANIA = {
    "measure": "convicted_per_prosecuted",
    "source": "unodc_glotip",
    "year": "2022",
    "window": "5",
    "place": "ROU",
    "peers": "region",
    "own": "",
    "other": "",
    "view": "peers",
    "spread": "none",
}
QUESTIONS = (
    "What share?",
    "How sure are we?",
    "Is it different from its peers?",
    "Has it changed?",
    "Which source says otherwise?",
)


def questions(page):
    """The short answers of the page, by question."""
    told = {}
    for element in page.markdown:
        for question in QUESTIONS:
            if element.value.startswith(question):
                told[question] = element.value.removeprefix(question).strip(" *")
    return told


def texts(page):
    """What stands in captions, as a reader sees it."""
    return [caption.value.replace("\\", "") for caption in page.caption]


def rows_of(chart):
    return chart.tables["rows"]


def rated(title="Convicted per prosecuted", **extra):
    measure = ratio(("convicted", "persons"), ("prosecuted", "persons"), title=title)
    return {"convicted_per_prosecuted": {**measure, "rate": "same_year", **extra}}


def years_of(place, convicted, prosecuted, first=2018):
    """Observations of consecutive years."""
    return [
        observation(place, first + i, stage, "persons", count)
        for stage, counts in (("convicted", convicted), ("prosecuted", prosecuted))
        for i, count in enumerate(counts)
    ]


# ------------------------------------------------------------------ the five answers


@pytest.mark.parametrize("place", ["ROU", "NLD", "PHL", "USA"])
def test_the_answers_are_those_of_the_library(shipped, place):
    page = visit(RATES, {**ROMANIA, "place": place})

    assert_in_order(page)
    found = gapatlas.compare(shipped, "convicted_per_prosecuted", place, year=2022, window=5)
    answers = gapatlas.answers(found)
    assert [answer.question for answer in answers] == list(QUESTIONS)
    shown = {question: short.replace("\\", "") for question, short in questions(page).items()}
    assert shown == {answer.question: answer.short for answer in answers}
    assert [answer.text for answer in answers if answer.text not in texts(page)] == []


def test_the_netherlands_say_that_a_year_is_missing(shipped):
    page = visit(RATES, {**ROMANIA, "place": "NLD"})

    [share] = [text for text in texts(page) if text.startswith("2018-2022: ")]
    assert "311 persons convicted; 671 persons prosecuted. 4 of 5 years are reported." in share


def test_a_rate_says_what_it_is_and_what_a_high_value_can_mean(shipped):
    for id_ in RATE_MEASURES:
        page = visit(RATES, {"measure": id_})
        measure = CONFIG.measures[id_]
        assert_in_order(page)
        assert any(measure.definition in text for text in texts(page)), id_
        assert f"- Good: {measure.higher_means.good}" in words(page).replace("\\", "")
        assert f"- Bad: {measure.higher_means.bad}" in words(page).replace("\\", "")
        assert measure.caution in [info.value for info in page.info]


def test_all_five_kinds_of_rate_can_be_picked_before_other_measures_of_two_stages(shipped):
    page = visit(RATES)

    [picker] = [box for box in page.selectbox if box.key == "rate_measure"]
    kinds = [option.split(":")[0] for option in picker.options[: len(RATE_MEASURES)]]
    assert set(kinds) == set(RATE_LABELS.values())
    others = [m.title for m in CONFIG.measures.values() if m.below is not None and not m.rate]
    assert picker.options[len(RATE_MEASURES) :] == others
    assert picker.value in RATE_MEASURES, "the page opens with a conviction rate"


# ------------------------------------------------------------------ views and addresses


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", RATE_VIEWS)
def test_every_view_has_a_title_a_source_and_words_for_its_chart(shipped, view, theme):
    page = visit(RATES, {**ROMANIA, "view": view, "other": "NLD"}, theme=theme)

    assert_in_order(page)
    assert address(page)["view"] == view
    assert charts(page), view
    for chart in charts(page):
        assert len(chart.alt) > 20
        assert "nan" not in chart.alt
    assert any("Source" in text for text in texts(page))


@pytest.mark.parametrize("view", RATE_VIEWS)
@pytest.mark.parametrize("measure", RATE_MEASURES)
def test_every_view_of_every_rate_stands(shipped, measure, view):
    page = visit(RATES, {"measure": measure, "view": view})

    assert_in_order(page)
    assert address(page)["measure"] == measure


@pytest.mark.parametrize("peers", PEER_CHOICES)
def test_peers_are_those_of_the_library(shipped, peers):
    own = ("NLD", "DEU", "FRA") if peers == "own" else ()
    page = visit(RATES, {**ROMANIA, "peers": peers, "own": ".".join(own)})

    assert_in_order(page)
    found = gapatlas.compare(
        shipped, "convicted_per_prosecuted", "ROU", year=2022, window=5, peers=peers, own=own
    )
    shown = rows_of(charts(page)[0])
    expected = found.rates[found.rates["value_low"].notna()]
    assert shown["name"].tolist() == expected["name"].tolist()
    assert shown.loc[shown["role"] == "chosen", "name"].tolist() == ["Romania"]
    assert found.peers.words in words(page)


def test_the_address_holds_every_part_of_the_state_in_order(shipped):
    page = visit(RATES, ROMANIA)

    assert list(address(page).items()) == list(ROMANIA.items())


@pytest.mark.parametrize("key", ROMANIA)
@pytest.mark.parametrize("value", ["", "<script>", "9" * 40, "'; DROP TABLE place; --", "\u0662"])
def test_a_hostile_address_shows_a_page(shipped, key, value):
    page = visit(RATES, {**ROMANIA, key: value})

    assert_in_order(page)
    assert questions(page).keys() == set(QUESTIONS)
    assert value not in address(page).values() or value == ""


def test_what_a_reader_chooses_is_in_the_address(shipped):
    page = visit(RATES, ROMANIA)

    choose(page, rate_view="funnel")
    choose(page, rate_spread="additive")
    choose(page, rate_place="ITA")

    assert_in_order(page)
    shown = address(page)
    assert (shown["view"], shown["spread"], shown["place"]) == ("funnel", "additive", "ITA")


def test_a_wider_funnel_has_fewer_places_outside(shipped):
    outside = {}
    for spread in ("none", "additive"):
        query = {**ROMANIA, "view": "funnel", "spread": spread, "peers": "all"}
        [chart] = charts(visit(RATES, query))
        outside[spread] = (rows_of(chart)["side"] != 0).sum()
    assert 0 < outside["additive"] < outside["none"]


# ------------------------------------------------------------------ tables, league table


@pytest.mark.parametrize("view", ["peers", "funnel", "shrunken", "trend", "two", "outcomes"])
def test_a_chart_has_its_table(shipped, view):
    page = visit(RATES, {**ROMANIA, "view": view, "other": "NLD"})
    assert len(page.dataframe) == 0, "made only when it is opened"

    open_panels(page, "rate_table")

    [table] = page.dataframe
    assert len(table.value) > 1
    for column in table.value.columns:
        assert "_" not in column, "no raw column names"


def test_the_league_table_is_off_until_it_is_asked_for(shipped):
    page = visit(RATES, {**ROMANIA, "view": "ranks"})
    assert not [box for box in page.expander if box.label == "Table and download"]

    choose(page, rate_league=True)
    open_panels(page, "rate_table")

    [table] = page.dataframe
    assert list(table.value.columns)[:3] == ["Place", "Rank", "95% interval of the rank"]


def test_places_that_cannot_be_told_apart_are_named(shipped):
    page = visit(RATES, {**ROMANIA, "view": "ranks"})

    assert "Romania is in group" in words(page)
    assert "cannot be told apart from" in words(page)


# ------------------------------------------------------------------ protected outcomes


def test_outcomes_of_states_are_rounded_or_withheld(shipped):
    page = visit(RATES, {"measure": "convicted_per_charged", "view": "outcomes"})

    [chart] = charts(page)
    shown = rows_of(chart)
    published = shown[shown["outcome"] != "Withheld"]
    assert (published["persons"] % 5 == 0).all()
    assert published["persons"].min() >= 10
    assert "2000-2016" in words(page)
    assert "persons acquitted: 13 to 17" in words(page)


def test_a_period_has_no_windows_to_choose(shipped):
    page = visit(RATES, {"measure": "convicted_per_charged", "window": "5", "year": "2010"})

    assert_in_order(page)
    assert not [group for group in page.get("button_group") if group.key == "rate_window"]
    assert any("one figure for the whole of 2000-2016" in text for text in texts(page))
    assert address(page)["window"] == "1"


# ------------------------------------------------------------------ small worlds


def test_one_place_alone_is_answered_without_peers(world):
    world(
        years_of("AAA", (30, 30, 30, 30, 30), (60, 60, 60, 60, 60)),
        measures=rated(),
        place="AAA",
        window=5,
    )

    page = visit(RATES)

    assert_in_order(page)
    told = questions(page)
    assert told["What share?"] == "0.50"
    assert told["Is it different from its peers?"] == "Cannot be said"
    assert told["Has it changed?"] == "No sign of it"
    for view in RATE_VIEWS:
        assert_in_order(visit(RATES, {"view": view}))


@pytest.mark.parametrize("count", [None, "suppressed"])
def test_a_place_without_a_figure_says_why(world, count):
    world(years_of("AAA", (count,), (count,), 2022), measures=rated(), place="AAA")

    page = visit(RATES)

    assert_in_order(page)
    assert questions(page)["How sure are we?"] == "No figure"
    why = "withheld" if count else "Not reported is not zero"
    assert why in words(page)
    for view in RATE_VIEWS:
        assert_in_order(visit(RATES, {"view": view}))


def test_a_small_denominator_is_marked_and_more_years_are_offered(world):
    world(
        [
            *years_of("AAA", (1, 2, 1, 2, 1), (4, 5, 4, 5, 4)),
            *years_of("BBB", (30, 30, 30, 30, 30), (60, 60, 60, 60, 60)),
        ],
        measures=rated(),
        place="AAA",
        window=1,
    )
    page = visit(RATES, {"place": "AAA", "window": "1", "peers": "all"})
    assert_in_order(page)
    assert "It divides by fewer than 10" in words(page)
    assert "Alphaland *" in rows_of(charts(page)[0])["label"].tolist()

    [button] = [button for button in page.button if button.key == "rate_longer"]
    assert button.label == "Count 3 years together instead"
    button.click().run()

    assert_in_order(page)
    assert address(page)["window"] == "3"
    assert not [button for button in page.button if button.key == "rate_longer"], "13 are enough"


def test_censored_counts_stand_as_a_range_beside_what_is_most_likely(world):
    world(
        [
            *years_of("AAA", ("<5", 8, "<5", 9, 7), (20, 20, 20, 20, 20)),
            *years_of("BBB", (9, 9, 9, 9, 9), (20, 20, 20, 20, 20)),
        ],
        measures=rated(),
        place="AAA",
        window=5,
    )

    page = visit(RATES, {"place": "AAA", "peers": "all"})

    assert_in_order(page)
    assert questions(page)["What share?"] == "0.24 to 0.32"
    found = censored_ratio([0, 8, 0, 9, 7], [4, 8, 4, 9, 7], [20] * 5, [20] * 5)
    value, low, high = (f"{float(part):.2f}" for part in (found.value, found.low, found.high))
    assert (
        f"best explains the printed ranges is {value} (likelihood interval {low} to {high})"
    ) in words(page)


def test_ratios_that_disagree_on_timing_say_so(world):
    lagged = rated(title="Convicted per prosecution due")["convicted_per_prosecuted"]
    lagged |= {"rate": "lag_adjusted", "lag": {"weights": [0.0, 1.0], "basis": "Made up."}}
    world(
        years_of("AAA", (50, 100, 200, 400, 800), (100, 200, 400, 800, 1600)),
        measures={**rated(), "lagged": lagged},
        place="AAA",
        window=3,
    )

    page = visit(RATES, {"window": "3", "year": "2022"})

    assert_in_order(page)
    assert "lag-adjusted ratio is 1.00" in words(page)
    assert "disagree by more than their intervals" in words(page)
    page = visit(RATES, {"measure": "lagged", "window": "3", "year": "2022"})
    assert_in_order(page)
    assert "same-year ratio is 0.50" in words(page)


def test_a_measure_of_two_stages_is_offered_without_being_called_a_conviction_rate(world):
    share = ratio(("convicted", "persons"), ("prosecuted", "persons"), interval="wilson")
    world(years_of("AAA", (1,), (2,)), measures={"own": share}, place="AAA")

    page = visit(RATES)

    assert_in_order(page)
    [picker] = [box for box in page.selectbox if box.key == "rate_measure"]
    assert picker.options == [share["title"]]
    assert questions(page)["What share?"] == "0.50"


def test_a_config_of_rates_per_people_alone_says_that_there_is_none_here(world):
    per_people = {"own": ratio(("convicted", "persons"), "population")}
    world(years_of("AAA", (1,), (2,)), measures=per_people, place="AAA")

    page = visit(RATES)

    assert_in_order(page)
    assert any("No measure of this config is a conviction rate" in i.value for i in page.info)


def test_two_places_are_compared_in_words(world):
    world(
        [*years_of("AAA", (90,), (100,), 2022), *years_of("BBB", (10,), (100,), 2022)],
        measures=rated(),
        place="AAA",
    )

    page = visit(RATES, {"view": "two", "other": "BBB"})

    assert_in_order(page)
    assert "Alphaland is almost certainly higher than" in words(page)
    assert "more than 99%" in words(page)


def test_a_table_of_peers_holds_places_without_a_figure_too(shipped):
    page = open_panels(visit(RATES, ROMANIA), "rate_table")

    table = page.dataframe[0].value
    drawn = rows_of(charts(page)[0])
    assert len(table) > len(drawn)
    assert isinstance(table, pd.DataFrame)
    assert (table["Status"] == "Not reported").sum() == len(table) - len(drawn)
