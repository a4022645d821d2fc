"""The page Enforcement gaps: the gap in three ways, its benchmarks, layers and closer looks."""

from __future__ import annotations

import pandas as pd
import pytest

from gapatlas.charts.gap_map import (
    NO_LIMIT,
    PER_YEAR,
    UNREPORTED,
    gap_classes,
)
from gapatlas.config import load_config
from gapatlas.gaps import BENCHMARKS, find_clusters, find_gaps, has_gap, reporting, waterfall
from gapatlas.gaps.sentences import cluster_words, lost_words, place_words, summary
from gapatlas.state import BENCHMARKS as BENCHMARK_IDS
from gapatlas.state import SHOWN
from tests.pages.reading import (
    GAPS,
    ROOT,
    address,
    assert_in_order,
    charts,
    choose,
    open_panels,
    outlined,
    the_map,
    visit,
    words,
)
from tests.support import observation, ratio

CONFIG = load_config(ROOT / "config.yaml").config
VIEW = {
    "measure": "convicted_per_100_detected",
    "source": "unodc_glotip",
    "year": "2022",
    "window": "5",
    "place": "ROU",
}
US = {"measure": "cleared_per_offence", "window": "5", "year": "2022", "place": "US-TX"}
WITH_GAP = [
    id_
    for id_, measure in CONFIG.measures.items()
    if has_gap(measure)
    and CONFIG.map_of_level(measure.level)
    and measure.source not in CONFIG.periods()
]


def library(atlas, state):
    """What the library says of a page's address."""
    return find_gaps(
        atlas,
        state["measure"],
        year=int(state["year"]),
        window=int(state["window"]),
        source=state["source"],
        benchmark=state["benchmark"],
        peers=state["peers"],
        own=tuple(filter(None, state["own"].split("."))),
    )


def plainly(text):
    """Text as a reader sees it: without the signs that keep Markdown from reading it."""
    return text.replace("\\", "").replace("**", "")


def seen(page):
    return plainly(words(page))


# ------------------------------------------------------------------ the gap


def test_a_first_visit_tells_the_gap_to_the_middle_of_the_region(shipped):
    page = visit(GAPS)

    assert_in_order(page)
    state = address(page)
    assert (state["show"], state["benchmark"], state["peers"]) == ("ratio", "median", "region")
    assert summary(library(shipped, state)) in seen(page)
    assert page.subheader[0].value == "Persons convicted, as a share of what is expected, 2018-2022"


@pytest.mark.parametrize("show", [show for show in SHOWN if show != "rate"])
@pytest.mark.parametrize("benchmark", BENCHMARK_IDS)
def test_each_way_to_tell_the_gap_is_the_librarys(shipped, show, benchmark):
    page = visit(GAPS, {**VIEW, "show": show, "benchmark": benchmark, "peers": "subregion"})

    assert_in_order(page)
    gap = library(shipped, address(page))
    known = gap.known.set_index("jurisdiction_id")
    shown = the_map(page).tables["figures"].set_index("id")
    classes = dict(zip(gap.table["jurisdiction_id"], gap_classes(gap.table, show), strict=True))
    assert {id_: k % PER_YEAR for id_, k in shown["k"].items()} == {
        id_: k for id_, k in classes.items() if k != UNREPORTED
    }
    assert len(known) > 50
    for id_, row in known.iterrows():
        told = shown.loc[id_]
        assert told["ol"] == row["observed_low"]
        assert told["ef"] == pytest.approx(row["expected_from"], abs=0.51)
        if show == "number":
            assert told["vf"] == pytest.approx(row["number_from"], abs=0.51)
            assert told["vt"] in (NO_LIMIT, pytest.approx(row["number_to"], abs=0.51))
    assert place_words(gap, "ROU") in seen(page)


@pytest.mark.parametrize("measure", WITH_GAP)
def test_every_measure_of_enforcement_has_a_gap_and_no_other_does(shipped, measure):
    page = visit(GAPS, {"measure": measure, "show": "probability"})

    assert_in_order(page)
    assert address(page)["show"] == "probability"


def test_a_measure_of_detection_shows_its_rate_alone(shipped):
    page = visit(GAPS, {"measure": "detected_per_100k", "show": "number"})

    assert_in_order(page)
    assert address(page)["show"] == "rate"
    assert not [box for box in page.selectbox if box.key == "benchmark"]


@pytest.mark.parametrize("peers", ["tip_tier", "wgi_rule_of_law", "population", "all"])
def test_peers_can_be_chosen_and_stay_in_the_address(shipped, peers):
    page = choose(visit(GAPS, VIEW), peers=peers)

    assert_in_order(page)
    assert address(page)["peers"] == peers
    assert summary(library(shipped, address(page))) in seen(page)


def test_a_readers_own_peers_are_in_the_address(shipped):
    page = visit(GAPS, {**VIEW, "peers": "own", "own": "NLD.DEU.BEL.AUT.XXX"})

    assert_in_order(page)
    assert address(page)["own"] == "NLD.DEU.BEL.AUT"
    assert summary(library(shipped, address(page))) in seen(page)


def test_a_copied_address_shows_the_same_gap_to_another_reader(shipped):
    mine = choose(visit(GAPS, VIEW), benchmark="own_best", show="number", window=3)

    theirs = visit(GAPS, address(mine))

    assert words(theirs) == words(mine)
    pd.testing.assert_frame_equal(
        the_map(theirs).tables["figures"], the_map(mine).tables["figures"]
    )


def test_the_benchmarks_of_the_address_are_those_of_the_library():
    assert tuple(BENCHMARKS) == BENCHMARK_IDS


def test_the_table_and_the_file_hold_every_place_and_why_it_has_no_gap(shipped, downloads):
    page = open_panels(visit(GAPS, VIEW), "map_table")

    table = page.dataframe[0].value
    gap = library(shipped, address(page))
    assert len(table) == len(gap.table)
    without = table[table["Why no gap"] != ""]
    assert set(without["Expected (95% interval)"]) == {""}
    assert len(without) == len(gap.table) - len(gap.known)
    file = downloads["map_table_download"]()
    assert "# Compared with: the middle of its peers (same region)" in file
    assert shipped.source("unodc_glotip").citation in file
    rows = [line for line in file.splitlines() if not line.startswith("#")]
    assert len(rows) == len(table) + 1


def test_a_place_that_reports_nothing_is_not_compared_and_never_zero(shipped):
    page = visit(GAPS, {**VIEW, "place": "AFG"})

    assert_in_order(page)
    assert "Afghanistan: It can't be compared with the middle of its peers" in seen(page)
    assert "AFG" not in list(the_map(page).tables["figures"]["id"])


def test_the_key_of_the_map_is_a_chart_with_words(shipped):
    page = visit(GAPS, VIEW)

    [key] = [chart for chart in charts(page) if chart.alt.startswith("Key of the map")]
    [cells] = key.tables.values()
    assert "under 25%" in cells["label"].tolist()


# ------------------------------------------------------------------ layers


def test_reporting_gaps_replace_the_map_by_what_is_not_known(shipped):
    page = choose(visit(GAPS, VIEW), layer_reporting=True)

    assert_in_order(page)
    assert address(page)["layers"] == "reporting"
    found = reporting(shipped, VIEW["measure"], "unodc_glotip", (2018, 2022))
    shown = the_map(page).tables["figures"].set_index("id")
    assert len(shown) == len(found.table)
    wanted = found.table.set_index("jurisdiction_id").loc[shown.index]
    assert shown["r"].tolist() == wanted["reported"].tolist()
    assert f"{len(found.silent)} of {len(found.table)} places report none of the 5" in seen(page)
    assert outlined(page) == "ROU"


def test_reporting_gaps_of_states_are_the_agencies_behind_them(shipped):
    page = visit(GAPS, {**US, "layers": "reporting"})

    assert_in_order(page)
    assert page.subheader[0].value.startswith("Agencies with a record")
    known = shipped.reporters("fbi_ht", ["US-TX"]).set_index("year")["reporters"]
    shown = the_map(page).tables["figures"].set_index("id").loc["US-TX"]
    assert shown["r"] == pytest.approx(10 * known.loc[2018:2022].mean(), abs=0.51)


def test_clusters_are_outlined_and_told_with_what_they_do_not_mean(shipped):
    page = visit(GAPS, {**VIEW, "layers": "clusters"})

    assert_in_order(page)
    found = find_clusters(library(shipped, address(page)))
    assert cluster_words(found) in seen(page)
    marked = the_map(page).tables["figures"].set_index("id")["c"]
    low = [id_ for id_, kind in found.kinds.items() if kind == "low"]
    assert sorted(marked.index[marked == 1]) == sorted(low)


# ------------------------------------------------------------------ closer looks


def test_without_a_closer_look_the_page_has_the_map_and_its_key(shipped):
    assert len(charts(visit(GAPS, VIEW))) == 2


@pytest.mark.parametrize("show", [show for show in SHOWN if show != "rate"])
def test_who_falls_short_is_listed_with_intervals(shipped, show, downloads):
    page = visit(GAPS, {**VIEW, "view": "short", "show": show})
    open_panels(page, "view_table")

    assert_in_order(page)
    gap = library(shipped, address(page))
    assert len(page.dataframe[0].value) == len(gap.short)
    drawn = charts(page)[-1]
    assert drawn.spec["layer"]
    [rows] = drawn.tables.values()
    assert rows["name"].tolist() == gap.short["name"].head(15).tolist()
    assert "Compared with" in downloads["view_table_download"]()


@pytest.mark.parametrize("place", ["ROU", "PHL", "PER", "AFG", "USA"])
def test_at_which_stage_cases_are_lost(shipped, place):
    page = visit(GAPS, {**VIEW, "place": place, "view": "stages"})

    assert_in_order(page)
    found = waterfall(shipped, place, "unodc_glotip", (2018, 2022))
    assert lost_words(found) in seen(page)
    [rows] = charts(page)[-1].tables.values()
    assert rows["kind"].tolist() == found.bars["kind"].tolist()


def test_up_to_twelve_places_stand_side_by_side(shipped):
    beside = sorted(shipped.places_of(VIEW["measure"])["jurisdiction_id"])[:11]
    page = visit(GAPS, {**VIEW, "view": "stages", "beside": ".".join(beside)})

    assert_in_order(page)
    assert address(page)["beside"] == ".".join(beside)
    assert len(charts(page)) == 3 + 12


def test_stages_without_a_place_ask_for_one(shipped):
    page = visit(GAPS, {**VIEW, "place": "", "view": "stages"})

    assert_in_order(page)
    assert "Choose a place below" in seen(page)


def test_states_are_told_what_no_source_counts(shipped):
    page = visit(GAPS, {**US, "view": "stages"})

    assert_in_order(page)
    assert "what state courts did" in seen(page)


def test_the_model_is_shown_with_how_well_it_fits(shipped):
    page = visit(GAPS, {**VIEW, "benchmark": "model", "view": "model"})

    assert_in_order(page)
    gap = library(shipped, address(page))
    assert f"A regression of counts over {len(gap.model.ids)} places" in seen(page)
    assert page.dataframe[0].value["With"].tolist() == gap.model.coefficients["what"].tolist()


def test_the_look_at_the_model_is_offered_for_the_model_alone(shipped):
    page = visit(GAPS, {**VIEW, "view": "model"})

    assert_in_order(page)
    [offered] = [box for box in page.get("button_group") if box.key == "view"]
    assert "How well the model fits" not in [option.content for option in offered.proto.options]


# ------------------------------------------------------------------ small worlds

ONE = {"rate": ratio(("convicted", "persons"), ("prosecuted", "persons"), title="Convicted")}


def counts_of(place, convicted, prosecuted):
    return [
        observation(place, 2022, "convicted", "persons", convicted),
        observation(place, 2022, "prosecuted", "persons", prosecuted),
    ]


def test_one_place_has_nobody_to_be_compared_with(world):
    world(counts_of("AAA", 5, 10), (), ONE, place="AAA")

    page = visit(GAPS)

    assert_in_order(page)
    assert "no place can be compared" in seen(page)
    assert "fewer than three peers have figures" in seen(page)


@pytest.mark.parametrize("view", ["short", "stages", "silent", "model"])
@pytest.mark.parametrize("benchmark", BENCHMARK_IDS)
def test_a_world_that_reports_nothing_opens_every_look(world, view, benchmark):
    world(counts_of("AAA", None, None) + counts_of("BBB", "suppressed", None), (), ONE)

    page = visit(GAPS, {"view": view, "benchmark": benchmark, "place": "AAA", "layers": "clusters"})

    assert_in_order(page)


@pytest.mark.parametrize("layers", ["", "reporting", "clusters", "reporting.clusters"])
def test_a_config_without_maps_has_tables_and_says_so(world, layers):
    rows = [row for id_ in ("AAA", "BBB", "CCC", "DDD") for row in counts_of(id_, 5, 10)]
    world(rows, (), ONE, maps=False)

    page = open_panels(visit(GAPS, {"layers": layers, "peers": "all"}), "map_table")

    assert_in_order(page)
    assert "This config has no shapes for these places" in seen(page)
    assert len(page.dataframe[0].value) == 4


def test_a_place_without_a_shape_is_in_the_table_and_in_a_list_beside_the_map(world):
    rows = [row for id_ in ("AAA", "BBB", "CCC", "DDD") for row in counts_of(id_, 5, 10)]
    world(rows, (), ONE)

    page = open_panels(visit(GAPS, {"peers": "all"}), "map_table")

    assert_in_order(page)
    assert "With a gap but not on this map: Deltaland, Gammaland" in seen(page).replace(
        "Gammaland, Deltaland", "Deltaland, Gammaland"
    )
    assert "Gammaland" in page.dataframe[0].value["Place"].tolist()
