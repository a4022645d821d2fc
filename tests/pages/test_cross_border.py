"""The page Cross-border: its figures are those of the library; no pair below the threshold."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from gapatlas.charts.flows import PLACES
from gapatlas.charts.template import ROWS
from gapatlas.crossborder import (
    enforcement_of,
    find_flows,
    limits_words,
    seen_words,
    where_cooperation_pays,
)
from gapatlas.state import FLOW_VIEWS, THRESHOLDS
from tests.pages.reading import (
    FLOWS,
    address,
    assert_in_order,
    charts,
    choose,
    open_panels,
    visit,
    words,
)
from tests.support import add_flows, flow, observation

DEFAULT = {
    "source": "unodc_glotip",
    "stage": "detected",
    "from": "2018",
    "to": "2022",
    "atleast": "100",
    "place": "",
    "other": "",
    "view": "map",
}
VICTIMS = [observation("AAA", 2021, "detected", "victims", 60)]
SMALL_FLOWS = [
    flow("AAA", 2021, "BBB", 40),
    flow("AAA", 2021, "CCC", 12),
    flow("AAA", 2021, "AAA", 8),
]


def said(page):
    return words(page).replace("\\", "")


def library(atlas, stage="detected", years=(2018, 2022), at_least=100):
    return find_flows(atlas, "unodc_glotip", stage, years, at_least=at_least)


# ------------------------------------------------------------------ what opens


def test_the_page_opens_with_the_last_five_years_and_what_is_seen(shipped):
    page = visit(FLOWS)

    assert_in_order(page)
    assert list(address(page).items()) == list(DEFAULT.items())
    for sentence in seen_words(library(shipped)):
        assert sentence in said(page)


def test_the_page_says_what_the_data_cannot_show(shipped):
    page = visit(FLOWS)

    [box] = [info.value.replace("\\", "") for info in page.info if "cannot show" in info.value]
    for point in limits_words(library(shipped)):
        lead, text = point.split(": ", maxsplit=1)
        assert f"**{lead}:** {text}" in box


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", FLOW_VIEWS)
@pytest.mark.parametrize("stage", ["detected", "convicted"])
def test_every_view_has_a_title_a_source_and_words_for_its_chart(shipped, view, theme, stage):
    page = visit(FLOWS, {"view": view, "stage": stage, "atleast": "25"}, theme=theme)

    assert_in_order(page)
    [chart] = charts(page)
    assert len(chart.alt) > 40
    assert "nan" not in chart.alt
    assert "25 or more" in said(page)
    assert any(caption.value.startswith("Source: UNODC GLOTIP (") for caption in page.caption)


# ------------------------------------------------------------------ what is drawn


@pytest.mark.parametrize("at_least", THRESHOLDS)
def test_the_map_draws_the_pairs_of_the_library_and_none_below_the_threshold(shipped, at_least):
    page = visit(FLOWS, {"atleast": str(at_least)})

    flows = library(shipped, at_least=at_least)
    [chart] = charts(page)
    drawn = set(zip(chart.tables[ROWS]["o"], chart.tables[ROWS]["d"], strict=True))
    expected = zip(flows.edges["origin_name"], flows.edges["destination_name"], strict=True)
    assert drawn == set(expected)
    assert flows.edges["count_low"].min() >= at_least


def test_the_shapes_stay_where_they_are(shipped):
    """A step sends the flows alone: the shapes come by address."""
    [chart] = charts(visit(FLOWS))
    assert set(chart.tables) == {ROWS, PLACES}
    assert "app/static/shapes/world-110m.topojson" in str(chart.spec)


def test_a_chosen_place_stands_out(shipped):
    page = visit(FLOWS, {"place": "ROU"})

    assert "Romania highlighted" in said(page)
    drawn = charts(page)[0].tables[ROWS]
    own = (drawn["o"] == "Romania") | (drawn["d"] == "Romania")
    assert own.any()
    assert (drawn["c"] == own).all()


def test_the_matrix_says_what_it_leaves_out(shipped):
    page = visit(FLOWS, {"view": "matrix", "atleast": "10"})

    cells = charts(page)[0].tables[ROWS]
    left = len(library(shipped, at_least=10).edges) - len(cells)
    assert f"{left:,} shown pairs" in said(page)


def test_the_table_holds_every_shown_pair_and_the_file_what_was_left_out(shipped, downloads):
    page = open_panels(visit(FLOWS), "flow_table")

    flows = library(shipped)
    table = page.dataframe[0].value
    assert table["Lowest count"].tolist() == flows.edges["count_low"].tolist()
    assert not [column for column in table.columns if "_" in column], "no raw column names"
    text = downloads["flow_table_download"]()
    assert "# Left out: 12,373 to 19,421 victims in 1,328 pairs below the threshold" in text
    assert "# Source: UNODC" in text
    assert len(pd.read_csv(io.StringIO(text), comment="#")) == len(flows.edges)


def test_counts_without_a_line_are_listed_by_place(shipped, downloads):
    page = open_panels(visit(FLOWS), "flow_apart")

    [table] = [t.value for t in page.dataframe if "Labels" in t.value]
    flows = library(shipped)
    assert len(table) == len(flows.own) + len(flows.unplaced)
    assert table.loc[table["What"] == "Label not matched", "Labels"].tolist()
    assert "Pakistan" in downloads["flow_without-a-line_download"]()


def test_labels_that_may_be_wrong_are_told(shipped):
    page = visit(FLOWS)
    assert "213 and 203 from Botswana" in said(page)
    assert "'CAR' in United Kingdom (64)" in said(page)


# ------------------------------------------------------------------ both sides


def test_where_cooperation_would_pay_is_the_list_of_the_library(shipped, downloads):
    page = visit(FLOWS)

    flows = library(shipped)
    found = enforcement_of(shipped, "convicted_per_100_detected", "unodc_glotip", flows.years)
    listed = where_cooperation_pays(flows, found)
    [table] = [t.value for t in page.dataframe if "Falls short" in t.value]
    assert table["Falls short"].tolist() == listed["falls_short"].tolist()
    assert table["Citizens of"].tolist() == listed["origin_name"].tolist()
    assert not [column for column in table.columns if "rank" in column.lower()]
    assert "That is no ranking of places" in said(page)
    assert "Falls short" in downloads["flow_cooperation_download"]()


def test_a_pair_of_places_is_told_with_both_sides(shipped, downloads):
    page = visit(FLOWS, {"place": "ALB", "other": "GBR"})

    assert_in_order(page)
    assert "Citizens of Albania among the victims detected in United Kingdom: 10,793" in said(page)
    assert "Citizens of United Kingdom among the victims detected in Albania: none named" in said(
        page
    )
    [table] = [t.value for t in page.dataframe if "Against the middle" in t.value]
    assert table["Place"].tolist() == ["Albania", "United Kingdom"] * 3
    assert (table["95% interval"] != "").all()
    text = downloads["flow_pair_download"]()
    assert "# Counts of 2018-2022 are added up" in text
    assert len(pd.read_csv(io.StringIO(text), comment="#")) == 6


def test_a_second_place_waits_for_a_first(shipped):
    page = visit(FLOWS, {"other": "GBR"})

    assert_in_order(page)
    assert address(page)["other"] == ""
    assert "To see another, choose a place to highlight above" in said(page)


@pytest.mark.parametrize(
    ("place", "title"),
    [("", "Albania and United Kingdom"), ("ROU", "Romania and United Kingdom"), ("DEU", "Romania")],
)
def test_until_a_pair_is_chosen_the_largest_is_told(shipped, place, title):
    page = visit(FLOWS, {"place": place})

    assert_in_order(page)
    assert f"**{title}" in said(page)
    [table] = [t.value for t in page.dataframe if "Against the middle" in t.value]
    assert len(table) == 6


def test_convicted_persons_have_no_list_of_victims(shipped):
    page = visit(FLOWS, {"stage": "convicted", "place": "ROU", "other": "ESP"})

    assert_in_order(page)
    assert any("choose victims detected" in info.value for info in page.info)
    assert "persons convicted in Spain" in said(page)


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize("key", DEFAULT)
@pytest.mark.parametrize("value", ["", "<script>", "9" * 40, "'; DROP TABLE flow; --", "\u0662"])
def test_a_hostile_address_shows_the_page(shipped, key, value):
    page = visit(FLOWS, {**DEFAULT, key: value})

    assert_in_order(page)
    assert address(page) == DEFAULT


def test_years_in_the_wrong_order_are_turned(shipped):
    page = visit(FLOWS, {"from": "2021", "to": "2012"})
    assert (address(page)["from"], address(page)["to"]) == ("2012", "2021")


def test_what_a_reader_chooses_is_in_the_address_and_fits_the_next_stage(shipped):
    page = visit(FLOWS, {"from": "2010", "to": "2016"})

    choose(page, flow_view="matrix")
    choose(page, flow_at_least=50)
    choose(page, flow_stage="convicted")

    assert_in_order(page)
    shown = address(page)
    assert (shown["view"], shown["atleast"], shown["stage"]) == ("matrix", "50", "convicted")
    assert (shown["from"], shown["to"]) == ("2017", "2017"), "convictions begin in 2017"


# ------------------------------------------------------------------ small worlds


def serve(world, flows, observations=VICTIMS, **options):
    path = world(observations, (), **options)
    return add_flows(path, flows)


def test_a_config_without_flows_says_so(world):
    world(VICTIMS)

    page = visit(FLOWS)

    assert_in_order(page)
    assert any("says whose citizens" in info.value for info in page.info)


@pytest.mark.parametrize("lines", [[], [flow("AAA", 2021, "BBB", None)]])
def test_flows_without_one_count_are_no_flows(world, lines):
    serve(world, lines)

    page = visit(FLOWS)

    assert_in_order(page)
    assert any("says whose citizens" in info.value for info in page.info)


@pytest.mark.parametrize("view", FLOW_VIEWS)
def test_a_small_world_of_one_year_is_shown_from_a_low_threshold_on(world, view):
    serve(world, SMALL_FLOWS)

    page = visit(FLOWS, {"atleast": "10", "view": view})

    assert_in_order(page)
    assert len(page.slider) == 0, "there is one year"
    assert "2 pairs of places with 10 or more" in said(page)
    drawn = charts(page)[0].tables[ROWS]
    assert sorted(zip(drawn["o"], drawn["d"], strict=True)) == [
        ("Betaland", "Alphaland"), ("Gammaland", "Alphaland"),
    ]  # fmt: skip


def test_pairs_below_the_threshold_are_counted_and_not_shown(world):
    serve(world, SMALL_FLOWS)

    page = visit(FLOWS, {"atleast": "100"})

    assert_in_order(page)
    assert charts(page) == []
    assert any("No pair of places has 100 or more" in info.value for info in page.info)
    assert "2 smaller ones (52 victims) are hidden" in said(page)


def test_a_place_that_counts_its_own_citizens_alone_has_no_line(world):
    serve(world, [flow("AAA", 2021, "AAA", 500)])

    page = visit(FLOWS, {"place": "AAA"})

    assert_in_order(page)
    assert charts(page) == []
    assert "500 of the place itself" in said(page)


def test_a_pair_that_no_map_can_draw_is_named(world):
    serve(world, [*SMALL_FLOWS, flow("AAA", 2021, "DDD", 30)])

    page = visit(FLOWS, {"atleast": "10"})

    assert_in_order(page)
    assert "for want of a point: Deltaland to Alphaland (30)" in said(page)


def test_a_config_without_maps_has_the_matrix_and_the_pairs(world):
    serve(world, SMALL_FLOWS, maps=False)

    page = visit(FLOWS, {"atleast": "10"})
    assert_in_order(page)
    assert any("no shapes" in info.value for info in page.info)
    assert len(charts(visit(FLOWS, {"atleast": "10", "view": "matrix"}))) == 1


def test_a_config_without_a_measure_for_both_sides_still_tells_a_pair(world):
    serve(world, SMALL_FLOWS)

    page = visit(FLOWS, {"atleast": "10", "place": "AAA", "other": "BBB"})

    assert_in_order(page)
    assert "Citizens of Betaland among the victims detected in Alphaland: 40" in said(page)


def test_names_that_play_tricks_stay_letters(world):
    serve(world, [flow("AAA", 2021, "unmatched:<script>*x*", 9), *SMALL_FLOWS])

    page = open_panels(visit(FLOWS, {"atleast": "10"}), "flow_apart")

    assert_in_order(page)
    [table] = [t.value for t in page.dataframe if "Labels" in t.value]
    assert "<script>*x*" in table["Labels"].tolist()
