"""The map page over configs that an analyst might write: one place, nothing at all, no map."""

from __future__ import annotations

import pandas as pd
import pytest

from gapatlas.live import LiveAtlas
from tests.pages.reading import (
    OVERVIEW,
    address,
    assert_in_order,
    charts,
    choose,
    figures,
    legend_of,
    open_panels,
    rate_map,
    the_map,
    visit,
    words,
)
from tests.support import observation, ratio

EXACT = [
    observation("AAA", 2022, "convicted", "persons", 5),
    observation("AAA", 2022, "prosecuted", "persons", 10),
]
PEOPLE = [("AAA", 2022, 1_000_000)]
BOTH = ("convicted", "prosecuted")


def rows_of(place, convicted, prosecuted, year=2022):
    counts = (convicted, prosecuted)
    return [
        observation(place, year, stage, "persons", count)
        for stage, count in zip(BOTH, counts, strict=True)
    ]


def sentence(page, name):
    """What the page says of the chosen place at the chosen year."""
    return next(m.value for m in page.markdown if m.value.startswith(f"**{name}**"))


def class_word(page, place):
    return legend_of(the_map(page))[figures(page)["k"][place]]


# ------------------------------------------------------------------ one place, one year


def test_a_world_of_one_place_and_one_year_has_a_map_and_no_slider(world):
    world(EXACT, PEOPLE, place="AAA")

    page = rate_map()

    assert_in_order(page)
    assert len(page.slider) == 0
    assert list(figures(page).index) == ["AAA"]
    assert sentence(page, "Alphaland").startswith("**Alphaland**, 2022: **0.50** ")


def test_a_window_longer_than_the_data_becomes_one_that_fits(world):
    world(EXACT, PEOPLE)

    page = rate_map({"window": "5"})

    assert_in_order(page)
    assert address(page)["window"] == "1"


def test_every_measure_of_a_small_world_can_be_chosen_and_left_again(world):
    world(EXACT, PEOPLE, place="AAA")
    page = rate_map()

    choose(page, measure="convicted_per_100k")
    assert "**0.50** persons per people" in sentence(page, "Alphaland")
    choose(page, measure="convicted_per_prosecuted")

    assert_in_order(page)
    assert address(page)["measure"] == "convicted_per_prosecuted"


# ------------------------------------------------------------------ nothing to show


@pytest.mark.parametrize("count", [None, "suppressed"])
def test_a_source_without_one_figure_is_told_so_and_drawn_without_a_zero(world, count):
    world(rows_of("AAA", count, count), PEOPLE, place="AAA")

    page = rate_map()

    assert_in_order(page)
    if charts(page):
        assert list(figures(page).index) == []


def test_a_measure_that_no_source_can_fill_does_not_take_the_page_down(world):
    """The config names a stage that the table has no row of."""
    world(
        EXACT,
        PEOPLE,
        {
            "cleared_per_offence": ratio(
                ("cleared", "offences"), ("suspected", "offences"), title="Cleared per offence"
            ),
            "convicted_per_prosecuted": ratio(
                ("convicted", "persons"), ("prosecuted", "persons"), title="Convicted"
            ),
        },
    )

    page = rate_map()

    assert_in_order(page)


def test_a_population_that_nobody_gives_leaves_a_rate_without_a_figure(world):
    world(EXACT, (), place="AAA", measure="convicted_per_100k")

    page = rate_map()

    assert_in_order(page)
    assert class_word(page, "AAA") == "Count only"
    assert "no population to divide it by" in sentence(page, "Alphaland")


# ------------------------------------------------------------------ no shapes


def test_a_config_without_maps_shows_all_but_the_map(world):
    world(EXACT, PEOPLE, maps=False, place="AAA")

    page = open_panels(rate_map(), "map_table")

    assert_in_order(page)
    assert any("no shapes" in info.value for info in page.info)
    assert sentence(page, "Alphaland").startswith("**Alphaland**, 2022: **0.50** ")
    assert page.dataframe[0].value["Place"].tolist() == ["Alphaland"]
    assert charts(page) == []


def test_a_place_with_a_figure_but_without_a_shape_is_named_under_the_map(world):
    world(EXACT + rows_of("CCC", 3, 4), PEOPLE)

    page = rate_map()

    [told] = [caption.value for caption in page.caption if "Gammaland 0.75" in caption.value]
    assert "on this map" in told


def test_a_place_without_a_shape_and_without_a_figure_is_not_listed_as_one_with_a_figure(world):
    world(EXACT + rows_of("CCC", None, 4) + rows_of("DDD", "suppressed", 4), PEOPLE)

    page = rate_map()

    told = [caption.value for caption in page.caption if "on this map" in caption.value]
    assert [text for text in told if "Gammaland" in text] == []
    assert [text for text in told if "Deltaland 0" in text] == []


# ------------------------------------------------------------------ what a figure is


@pytest.mark.parametrize(
    ("convicted", "prosecuted", "word"),
    [
        pytest.param(0, 10, "Zero", id="a reported zero is a zero"),
        pytest.param("<5", 10, "Range only", id="a range over several classes is a range"),
    ],
)
def test_a_figure_is_drawn_as_what_it_is(world, convicted, prosecuted, word):
    others = rows_of("BBB", 1, 10) + rows_of("CCC", 2, 10) + rows_of("DDD", 9, 10)
    world(rows_of("AAA", convicted, prosecuted) + others, PEOPLE)

    page = rate_map()

    assert_in_order(page)
    assert class_word(page, "AAA") == word


@pytest.mark.parametrize("count", [None, "suppressed"])
def test_what_is_not_reported_or_withheld_is_not_among_the_figures(world, count):
    world(rows_of("AAA", count, 10) + rows_of("BBB", 1, 10), PEOPLE, place="AAA")

    page = rate_map()

    assert_in_order(page)
    assert list(figures(page).index) == ["BBB"]


def test_a_withheld_figure_is_told_as_withheld_without_an_empty_interval(world):
    world(rows_of("AAA", "suppressed", 10) + rows_of("BBB", 1, 10), PEOPLE, place="AAA")

    page = rate_map()

    said = sentence(page, "Alphaland")
    assert "withheld" in said.lower()
    assert "interval" not in said
    assert "did not report" not in said


def test_the_places_under_the_map_add_up_with_a_withheld_one(world):
    world(rows_of("AAA", "suppressed", 10) + rows_of("BBB", 1, 10), PEOPLE)

    page = rate_map()

    line = next(c.value for c in page.caption if " with exact counts" in c.value)
    assert "2 places: 1 with exact counts" in line
    assert "withheld" in line.lower()


def test_a_count_divided_by_zero_is_not_painted_as_a_high_value(world):
    others = rows_of("BBB", 1, 10) + rows_of("CCC", 2, 10) + rows_of("DDD", 9, 10)
    world(rows_of("AAA", 3, 0) + others, PEOPLE, place="AAA")

    page = rate_map()

    assert_in_order(page)
    shown = figures(page)
    if "AAA" in shown.index:
        assert not class_word(page, "AAA").startswith("Over")
    assert "Not defined" in sentence(page, "Alphaland")


def test_a_table_keeps_not_reported_apart_from_zero(world):
    world(
        rows_of("AAA", 0, 10) + rows_of("BBB", None, 10) + rows_of("CCC", "suppressed", 10), PEOPLE
    )

    page = open_panels(rate_map(), "map_table")

    table = page.dataframe[0].value.set_index("Place")
    assert table.loc["Alphaland", "Value"] == 0
    assert pd.isna(table.loc["Betaland", "Value"])
    assert pd.isna(table.loc["Gammaland", "Value"])
    assert table["Status"].to_dict() == {
        "Alphaland": "Exact counts",
        "Betaland": "Not reported",
        "Gammaland": "Withheld to protect persons",
    }


# ------------------------------------------------------------------ names that play tricks


def test_two_measures_of_one_title_are_refused_or_stay_two(world):
    """A widget knows its options by their words; the page must not take one for the other."""
    same = {
        "first": ratio(("convicted", "persons"), ("prosecuted", "persons"), title="Same"),
        "second": ratio(("convicted", "persons"), "population", title="Same"),
    }
    world(EXACT, PEOPLE, same)

    page = rate_map({"measure": "first"})
    page.run()

    if page.error:
        assert "Same" in page.error[0].value
    else:
        assert address(page)["measure"] == "first"


@pytest.mark.parametrize("maps", [True, False])
def test_the_first_page_promises_a_map_only_where_there_is_one(world, maps):
    world(EXACT, PEOPLE, maps=maps)

    labels = [link.proto.label for link in visit(OVERVIEW).get("page_link")]

    assert ("See every place on the map" in labels) == maps
    assert ("See the gap of every place" in labels) != maps


def test_a_page_says_that_newer_figures_follow_and_shows_those_it_has(world, monkeypatch):
    world(EXACT, PEOPLE)
    told = "The data have changed. The newer figures follow in a moment."
    assert told not in words(visit(OVERVIEW))

    monkeypatch.setattr(LiveAtlas, "is_building", True)
    page = visit(OVERVIEW)

    assert_in_order(page)
    assert told in words(page)
    assert "0.50" in words(page)
