"""The page Place profile: every kind of place and address, on shipped data and small worlds."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from gapatlas import live
from gapatlas.gaps import BENCHMARKS
from gapatlas.profile import LEVELS, profile
from gapatlas.ui import profile_link
from gapatlas.ui.profile_figures import place_labels
from tests.pages.reading import (
    PROFILE,
    ROOT,
    address,
    assert_in_order,
    charts,
    choose,
    open_panels,
    visit,
    words,
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
from tests.support import observation, ratio

ROMANIA = {
    "place": "ROU",
    "source": "unodc_glotip",
    "year": "2022",
    "window": "5",
    "benchmark": "median",
    "peers": "region",
    "own": "",
}
PARTS = ("gaps", "peers", "trend", "conflicts", "grid", "caveats")
PANELS = tuple(f"profile_open_{part}" for part in PARTS)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Write a `ProfileWorld` and let the pages show it."""

    def serve(world: ProfileWorld) -> None:
        path = world.write(tmp_path / "world")
        monkeypatch.setenv("GAPATLAS_CONFIG", str(path))
        monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
        monkeypatch.setattr(live, "CHECK_EVERY_SECONDS", 0.0)

    st.cache_resource.clear()
    yield serve
    st.cache_resource.clear()


def shown(page):
    """All that the page says, without the signs that keep Markdown letter by letter."""
    return words(page).replace("\\", "")


def every_figure(page):
    """Rows of all charts of the page, as text."""
    return [chart.tables["rows"] for chart in charts(page)]


# ------------------------------------------------------------------ the shipped data


@pytest.mark.parametrize("place", ["ROU", "PHL", "USA", "US-TX", "TUV", "US-DC", "AIA", "X-SARK"])
def test_the_headline_is_that_of_the_library(shipped, place):
    page = visit(PROFILE, {"place": place})

    assert_in_order(page)
    assert address(page)["place"] == place
    found = profile(shipped, place, window=5)
    assert page.subheader[0].value == found.name
    for answer in found.headline:
        assert f"{answer.question} **{answer.short}**" in shown(page)
        assert answer.text in shown(page)
    for note in found.missing:
        assert note in " ".join(warning.value for warning in page.warning).replace("\\", "")


def test_a_place_alone_opens_its_page_and_the_address_becomes_whole(shipped):
    page = visit(PROFILE, {"place": "ROU"})

    assert list(address(page).items()) == list(ROMANIA.items())
    assert page.selectbox(key="profile_place").value == "ROU"


def test_the_sections_stand_in_the_order_of_a_story(shipped):
    page = visit(PROFILE, ROMANIA)

    assert [sub.value for sub in page.subheader] == [
        "Romania",
        "What is counted, year by year",
        "Gap and peers",
        "Sources and conflicts",
        "Policy over time",
        "Grants received",
        "Data quality",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_chart_of_a_whole_page_has_words_a_title_and_figures(shipped, theme):
    page = open_panels(visit(PROFILE, ROMANIA, theme), *PANELS)

    assert_in_order(page)
    assert len(charts(page)) >= 12
    for chart in charts(page):
        assert len(chart.alt) > 20
        assert "nan" not in chart.alt
        assert len(chart.tables["rows"])
    assert shown(page).count("Source: ") >= 6


def test_heavy_parts_are_computed_when_they_are_opened(shipped):
    page = visit(PROFILE, ROMANIA)
    before = len(charts(page))

    open_panels(page, "profile_open_gaps")

    assert len(charts(page)) == before + 1
    [picture] = [chart for chart in charts(page) if "counted against" in chart.alt]
    assert {"short", "above", "open"} >= set(picture.tables["rows"]["verdict"])


def test_all_places_can_be_found_and_no_two_have_one_name(shipped):
    labels = place_labels(shipped)

    with_page = shipped.jurisdictions()
    assert set(labels) == set(with_page.loc[with_page["level"].isin(LEVELS), "jurisdiction_id"])
    assert len(set(labels.values())) == len(labels)
    assert labels["GEO"] == "Georgia"
    assert labels["US-GA"] == "Georgia (US state)"


def test_what_a_reader_chooses_is_in_the_address(shipped):
    page = visit(PROFILE, ROMANIA)

    choose(page, profile_benchmark="best_quarter")
    choose(page, profile_place="US-TX")
    choose(page, profile_window=1)

    assert_in_order(page)
    asked = address(page)
    assert (asked["place"], asked["benchmark"], asked["window"]) == ("US-TX", "best_quarter", "1")
    assert (asked["source"], asked["year"]) == ("fbi_ht", "2023"), "its own source, the last year"
    assert page.subheader[0].value == "Texas"


@pytest.mark.parametrize("key", ROMANIA)
@pytest.mark.parametrize("value", ["", "<script>", "9" * 40, "'; DROP TABLE place; --", "\u0662"])
def test_a_hostile_address_shows_a_page(shipped, key, value):
    page = visit(PROFILE, {**ROMANIA, key: value})

    assert_in_order(page)
    assert page.subheader[0].value == "Romania"
    assert value not in address(page).values() or value == ""


def test_a_region_in_the_address_is_not_a_place(shipped):
    regions = shipped.jurisdictions("region")["jurisdiction_id"]

    page = visit(PROFILE, {"place": regions.iloc[0]})

    assert address(page)["place"] == shipped.config.defaults.place


def test_protected_outcomes_of_a_state_are_ranges_or_withheld(shipped):
    page = visit(PROFILE, {"place": "US-TX"})

    told = next(m.value for m in page.markdown if m.value.startswith("Persons prosecuted"))
    found = shipped.outcomes("us_federal_defendants")
    own = found[found["jurisdiction_id"] == "US-TX"]
    assert told.count("withheld") == (own["status"] == "suppressed").sum()
    assert "Withheld is not zero." in told
    [chart] = [chart for chart in charts(page) if "became of their cases" in chart.alt]
    published = chart.tables["rows"].query("outcome != 'Withheld'")
    assert (published["persons"] % 5 == 0).all()


def test_agencies_stand_below_the_counts_of_a_state(shipped):
    page = visit(PROFILE, {"place": "US-TX"})

    [layer] = [chart for chart in charts(page) if "agencies with a record" in chart.alt]
    known = shipped.reporters("fbi_ht", ["US-TX"])
    assert layer.tables["rows"]["count"].tolist() == [f"{n:,}" for n in known["reporters"]]


def test_tables_and_files_hold_what_the_charts_show(shipped, downloads):
    page = open_panels(visit(PROFILE, ROMANIA), "profile_table_counts:unodc_glotip")

    [table] = [frame.value for frame in page.dataframe if "Counted" in frame.value]
    stages = shipped.stages("ROU", "unodc_glotip")
    assert len(table) == len(stages)
    assert table["Lowest count"].sum() == stages["count_low"].sum()
    text = downloads["profile_table_counts:unodc_glotip_download"]()
    assert text.startswith("# Romania: counts by year\n# Chosen: ")
    assert "\n# Source: " in text
    file = pd.read_csv(io.StringIO(text), comment="#", na_values=["not reported"])
    assert file["Lowest count"].isna().sum() == stages["count_low"].isna().sum()


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_every_benchmark_stands(shipped, benchmark):
    page = visit(PROFILE, {**ROMANIA, "place": "NLD", "benchmark": benchmark})

    assert_in_order(page)
    assert address(page)["benchmark"] == benchmark


def test_a_link_leads_to_the_page_of_its_place(monkeypatch):
    followed = {}
    monkeypatch.setattr(
        st, "page_link", lambda page, **options: followed.update(options, page=page)
    )

    profile_link("ROU", "Romania")

    assert followed["page"] == PROFILE
    assert (ROOT / PROFILE).is_file()
    assert followed["query_params"] == {"place": "ROU"}
    assert "Romania" in followed["label"]


# ------------------------------------------------------------------ small worlds


def test_a_world_of_one_place_has_a_page_without_peers(world):
    world([observation("AAA", 2022, "convicted", "persons", 5),
           observation("AAA", 2022, "prosecuted", "persons", 10)])  # fmt: skip

    page = open_panels(visit(PROFILE, {"place": "AAA"}), *PANELS)

    assert_in_order(page)
    assert "0.50 persons per persons" in shown(page)
    assert "fewer than three peers have figures" in shown(page)
    assert "No second source counts it by years" in shown(page)
    assert not [sub.value for sub in page.subheader if sub.value.startswith(("Policy", "Grants"))]


def test_without_a_place_in_the_address_or_the_config_the_first_one_is_shown(world):
    world([observation("BBB", 2022, "convicted", "persons", 5)], maps=False)

    page = visit(PROFILE)

    assert_in_order(page)
    assert address(page)["place"] == "AAA"
    assert "has no line for Alphaland" in shown(page)


@pytest.mark.parametrize("count", [None, "suppressed"])
def test_a_place_without_any_figure_draws_no_empty_chart(world, count):
    world([observation("AAA", 2022, stage, "persons", count)
           for stage in ("convicted", "prosecuted")], place="AAA")  # fmt: skip

    page = open_panels(visit(PROFILE), *PANELS)

    assert_in_order(page)
    assert "No figure in any year of 2022" in shown(page)
    [grid] = charts(page)
    assert set(grid.tables["rows"]["kind"]) == {"Withheld" if count else "Not reported"}


def test_a_config_whose_measures_no_source_fills_still_shows_counts(world):
    cleared = {"cleared": ratio(("cleared", "offences"), ("suspected", "offences"))}
    world([observation("AAA", 2022, "convicted", "persons", 5)], (), cleared, place="AAA")

    page = open_panels(visit(PROFILE), *PANELS[3:])

    assert_in_order(page)
    assert "No measure" in shown(page)
    assert address(page)["source"] == ""
    assert len(every_figure(page)) == 2, "the count, and what is reported when"


def test_policy_grants_and_agencies_of_a_small_world(served):
    served(
        ProfileWorld(
            counts={
                "office": table_of("AAA | 2022 | 1000 | 400", neighbours(600, 1000)),
                "police": table_of("US-AA | 2022 | 9 | 4", stages="suspected | cleared"),
            },
            indicators={
                "tier": ["AAA,2020,2,2,2,exact", "AAA,2021,3,3,3,exact"],
                "money": ["AAA,2020,,500,,censored", "AAA,2021,,,,not_reported"],
            },
            blocks={"tier": TIER, "money": GRANTS},
            gaps={"history": ["tier"], "grants": "money"},
            agencies={"police": ["US-AA,2022,2"]},
            measures={**PER_VICTIM, **CLEARED},
            defaults={"place": "AAA"},
        )
    )

    page = open_panels(visit(PROFILE), "profile_table_policy", "profile_table_grants")

    assert_in_order(page)
    assert "Last known: Tier 3 in 2021. Before that: Tier 2 in 2020." in shown(page)
    assert "2020: at least 500; how much more is not known" in shown(page)
    tables = {next(iter(frame.value.columns)): frame.value for frame in page.dataframe}
    assert tables["Indicator"]["Value"].tolist() == ["Tier 2", "Tier 3"]
    assert tables["Year"]["At most"].isna().all()
    page = visit(PROFILE, {"place": "US-AA"})
    assert_in_order(page)
    assert "State courts are missing" in page.warning[0].value
    assert "No value is known here of: Tier of a report." in shown(page)
