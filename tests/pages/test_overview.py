"""The opening page: its figures are those of the library, and it never ranks or invents."""

from __future__ import annotations

import pytest

from gapatlas.charts.words import count_text, interval_text, value_text
from gapatlas.headlines import headline
from gapatlas.tables import only_row
from tests.pages.reading import OVERVIEW, assert_in_order, charts, open_panels, visit, words
from tests.support import observation, ratio


def default_headline(atlas):
    defaults = atlas.config.defaults
    years = (defaults.year_to - defaults.window + 1, defaults.year_to)
    return headline(atlas, defaults.measure, years, defaults.window)


def test_the_page_says_what_it_can_and_cannot_tell(shipped):
    page = visit(OVERVIEW)

    assert_in_order(page)
    for sentence in (
        "It can tell",
        "It can't tell",
        "Not reported is not zero",
        "Higher is not always better",
    ):
        assert sentence in words(page)


def test_the_first_card_is_all_places_added_up(shipped):
    found = default_headline(shipped)
    row, decimals = only_row(found.together), found.frame.measure.decimals
    used = found.frame.data[found.frame.data["years_used"] > 0]

    page = visit(OVERVIEW)

    assert f"## {value_text(row, decimals)}" in words(page)
    assert f"95% interval for chance alone {interval_text(row, decimals)}" in words(page)
    assert f"{len(used)} places together" in words(page)
    convicted = count_text(used["numerator_low"].sum(), used["numerator_high"].sum())
    detected = count_text(used["denominator_low"].sum(), used["denominator_high"].sum())
    assert f"{convicted} against {detected}" in words(page)


def test_the_second_card_counts_places_that_report_no_outcome(shipped):
    found = default_headline(shipped)

    page = visit(OVERVIEW)

    assert f"## {len(found.silent)} of {found.asked}" in words(page)
    for name in found.silent["name"]:
        assert f"{name} (" in words(page)


def test_places_below_the_middle_are_shown_with_the_word_that_this_is_no_ranking(shipped):
    found = default_headline(shipped)

    page = visit(OVERVIEW)

    assert "not a ranking" in words(page)
    [drawn] = charts(page)
    names = set(found.apart["name"].head(12))
    assert names
    assert {name for table in drawn.tables.values() for name in table["name"]} == names
    assert "places below the middle" in drawn.alt


def test_every_place_in_the_table_of_low_places_lies_below_the_middle(shipped):
    page = open_panels(visit(OVERVIEW), "below_table")

    table = page.dataframe[0].value

    upper = table["95% interval"].str.split(" to ").str[1].str.replace(",", "").astype(float)
    assert len(table) > 0
    assert (upper <= default_headline(shipped).middle[0]).all()


def test_each_source_of_counts_is_named_with_its_edition(shipped):
    counts = shipped.sources().query("kind == 'observations'")

    page = visit(OVERVIEW)

    assert len(counts) > 1
    for row in counts.itertuples():
        first, last = shipped.years_of(_measure_of(shipped, row.source_id), row.source_id)
        assert f"- {row.short}: figures from {first} to {last} ({row.edition})" in words(page)
    assert shipped.snapshot.id in words(page)


def test_dark_readers_get_the_same_figures(shipped):
    light, dark = visit(OVERVIEW), visit(OVERVIEW, theme="dark")

    assert words(dark) == words(light)
    assert charts(dark)[0].spec != charts(light)[0].spec


def test_a_config_whose_first_measure_is_a_rate_has_no_headline(world):
    world(
        [observation("AAA", 2022, "convicted", "persons", 5)],
        [("AAA", 2022, 1_000_000)],
        {"convicted_per_100k": ratio(("convicted", "persons"), "population")},
    )

    page = visit(OVERVIEW)

    assert_in_order(page)
    assert "##" not in words(page)
    assert "The office: figures from 2022 to 2022 (first edition)" in words(page)


@pytest.mark.parametrize("count", [None, "suppressed"])
def test_a_config_without_one_figure_says_so_and_shows_no_number(world, count):
    """Nothing reported, or all of it withheld: neither is a zero, and neither is an error."""
    world(
        [observation("AAA", 2022, stage, "persons", count) for stage in ("convicted", "prosecuted")]
    )

    page = visit(OVERVIEW)

    assert_in_order(page)
    assert "## 0" not in words(page).replace("## 0 of 0", "")
    assert "The office: figures from 2022 to 2022 (first edition)" in words(page)


def test_one_place_makes_a_headline_of_one_place(world):
    world(
        [
            observation("AAA", 2022, "convicted", "persons", 30),
            observation("AAA", 2022, "prosecuted", "persons", 60),
        ]
    )

    page = visit(OVERVIEW)

    assert_in_order(page)
    assert "## 0.50" in words(page)
    assert "30 against 60" in words(page)


def test_a_place_with_many_prosecuted_and_no_figure_for_convicted_is_named_not_counted_as_zero(
    world,
):
    world(
        [
            observation("AAA", 2022, "convicted", "persons", 30),
            observation("AAA", 2022, "prosecuted", "persons", 60),
            observation("BBB", 2022, "convicted", "persons", None),
            observation("BBB", 2022, "prosecuted", "persons", 940),
        ]
    )

    page = visit(OVERVIEW)

    assert "## 0.50" in words(page), "a silent place changed the ratio of those who report"
    assert "## 1 of 2" in words(page)
    assert "Betaland (940)" in words(page)


def _measure_of(atlas, source):
    """A measure that the source can answer."""
    return next(id_ for id_ in atlas.config.measures if source in atlas.sources_of(id_))
