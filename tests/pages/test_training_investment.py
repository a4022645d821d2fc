"""The page Training investment: budgets, beliefs, closer looks; every address; small worlds."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
import yaml
from streamlit.testing.v1 import AppTest

from gapatlas import live
from gapatlas.atlas import Atlas
from gapatlas.state import INVESTMENT_VIEWS, scenario_of_text
from tests.investment_world import counted, write_investment_world
from tests.pages.reading import (
    TRAINING,
    address,
    assert_in_order,
    charts,
    choose,
    open_panels,
    press,
    visit,
    words,
)

THREE = "Plan*AAA:20000-0-20000-0~BBB:0-10000-0-0~CCC:0-0-0-30000*10*5*0*1*central**"
LONGEST_WORK = 60.0
Serve = Callable[..., Path]


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Write a small world with an effect library and let the pages show it."""

    def write(rows: list[str] | None = None) -> Path:
        path = write_investment_world(tmp_path / "world", rows)
        monkeypatch.setenv("GAPATLAS_CONFIG", str(path))
        monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
        monkeypatch.setattr(live, "CHECK_EVERY_SECONDS", 0.0)
        return path

    st.cache_resource.clear()
    yield write
    st.cache_resource.clear()


def three(**query: str) -> AppTest:
    return visit(TRAINING, {"scenario": THREE, **query})


def scenario(app: AppTest) -> object:
    return scenario_of_text(address(app)["scenario"])


def finish(app: AppTest, key: str) -> AppTest:
    """Start long work and let the page run when it has ended."""
    press(app, f"{key}_start")
    job = app.session_state[f"{key}_job"]
    assert job.wait(LONGEST_WORK)
    assert not job.fault
    return app.run()


def further(app: AppTest) -> str:
    """The sentence that can be quoted."""
    sentences = [m.value for m in app.markdown if "for training in" in m.value]
    [sentence] = [told for told in sentences if not told.startswith("**")]
    return sentence


# ------------------------------------------------------------------ what is shown first


def test_the_first_lines_say_that_nobody_has_measured_it(serve: Serve) -> None:
    serve()
    app = visit(TRAINING)
    assert_in_order(app)
    assert "No published study has measured" in app.info[0].value
    assert "Alphaland" in further(app)


def test_the_shipped_data_answer_for_the_default_place(shipped: Atlas) -> None:
    app = visit(TRAINING)
    assert_in_order(app)
    assert "2027-2031" in further(app)
    assert "90% interval" in further(app)
    fan, change = charts(app)
    assert set(fan.tables["rows"]["kind"]) == {"with", "without"}
    assert "UNODC" in words(app)
    assert fan.alt
    assert change.alt


def test_three_places_with_a_budget_each_and_the_link_says_so(serve: Serve) -> None:
    serve()
    app = visit(TRAINING)
    choose(app, invest_places=["AAA", "BBB", "CCC"])
    choose(app, invest_money_BBB_evidence=50_000.0, invest_years=8)
    assert_in_order(app)
    assert list(charts(app)[2].tables["rows"]["name"]) == ["Alphaland", "Betaland", "Gammaland"]
    found = scenario_of_text(address(app)["scenario"])
    assert found is not None
    assert found.places == ("AAA", "BBB", "CCC")
    assert dict(found.budgets)["BBB"][2] == 50_000
    assert found.years == 8
    again = visit(TRAINING, address(app))
    assert further(again) == further(app)
    assert address(again) == address(app)


# ------------------------------------------------------------------ what can be argued with


def test_no_effect_changes_nothing_and_zero_money_too(serve: Serve) -> None:
    serve()
    app = choose(three(), invest_preset="null")
    assert "exactly as many convictions" in further(app)
    nothing = visit(TRAINING, {"scenario": re.sub(r"\d{5}", "0", THREE)})
    assert further(nothing).endswith("Nothing changes.")


def test_presets_order_the_chance_of_harm(serve: Serve) -> None:
    serve()
    app = three()
    chances = {}
    for preset in ("central", "harm"):
        choose(app, invest_preset=preset)
        [told] = re.findall(r"fewer than without it is ([^;.]*)", further(app))
        chances[preset] = float(told.strip("% ").removeprefix("more than "))
    assert chances["harm"] > chances["central"]


def test_a_belief_that_is_moved_becomes_the_readers_own_and_part_of_the_link(serve: Serve) -> None:
    serve()
    app = open_panels(three(), "invest_beliefs_open")
    before = further(app)
    choose(app, invest_value_effect_legal_support_convicted=2.0)
    assert_in_order(app)
    assert further(app) != before
    assert "Your own belief" in words(app)
    found = scenario_of_text(address(app)["scenario"])
    assert found is not None
    [(name, (value, low, high))] = found.beliefs
    assert (name, value) == ("effect_legal_support_convicted", 2.0)
    assert low <= value <= high
    press(app, "invest_undo")
    assert further(app) == before


def test_a_range_that_leaves_out_the_middle_takes_it_along(serve: Serve) -> None:
    serve()
    app = open_panels(three(), "invest_beliefs_open")
    choose(app, invest_range_effect_evidence_prosecuted=(1.5, 2.0))
    found = scenario_of_text(address(app)["scenario"])
    assert found is not None
    assert dict(found.beliefs)["effect_evidence_prosecuted"] == (1.5, 1.5, 2.0)


def test_an_effect_can_be_taken_from_another_entry(serve: Serve) -> None:
    serve()
    app = open_panels(three(), "invest_beliefs_open")
    before = further(app)
    choose(app, invest_taken_effect_case_construction_prosecuted="harm_case_construction")
    assert further(app) != before
    assert "harm_case_construction" in address(app)["scenario"]


def test_grades_and_citations_stand_beside_every_slider(serve: Serve) -> None:
    serve()
    app = open_panels(three(), "invest_beliefs_open")
    for group in ("effects", "people", "courts"):
        choose(app, invest_group=group)
        assert_in_order(app)
        cited = [c.value for c in app.caption if "grade D" in c.value]
        middles = [s for s in app.slider if str(s.key).startswith("invest_value_")]
        assert len(cited) == len(middles) > 0


def test_what_has_been_measured_is_listed_with_its_grade(serve: Serve) -> None:
    serve()
    text = words(open_panels(three(), "invest_beliefs_open"))
    for study in ("ACTeams", "Court advisers", "Interviewing protocol, Utah"):
        assert study in text


# ------------------------------------------------------------------ closer looks


@pytest.mark.parametrize("view", INVESTMENT_VIEWS)
@pytest.mark.parametrize("outcome", ["convicted", "referred"])
def test_every_closer_look_is_in_order(serve: Serve, view: str, outcome: str) -> None:
    serve()
    app = three(view=view, outcome=outcome)
    assert_in_order(app)
    assert address(app)["view"] == view
    assert address(app)["outcome"] == outcome


def test_sobol_shares_are_worked_out_and_shown(serve: Serve) -> None:
    serve()
    app = three(view="sure")
    before = len(charts(app))
    finish(app, "invest_sobol")
    assert_in_order(app)
    assert len(charts(app)) == before + 1


def test_the_value_of_information_answers_in_words(serve: Serve) -> None:
    serve()
    app = three(view="worth", worth="200000")
    finish(app, "invest_information")
    assert_in_order(app)
    assert "missing number" in words(app)


def test_a_budget_is_dealt_out_and_can_be_spent_so(serve: Serve) -> None:
    serve()
    app = three(view="allocation")
    choose(app, invest_floor_BBB=6_000.0)
    finish(app, "invest_allocation")
    assert_in_order(app)
    assert "dealt out equally" in words(app)
    press(app, "invest_use")
    found = scenario_of_text(address(app)["scenario"])
    assert found is not None
    assert sum(sum(row) for _, row in found.budgets) <= 80_000 + 1
    assert sum(dict(found.budgets)["BBB"]) >= 6_000
    assert app.number_input(key="invest_money_BBB_evidence").value == dict(found.budgets)["BBB"][2]


def test_work_that_is_no_longer_wanted_is_cancelled(serve: Serve) -> None:
    serve()
    app = three(view="sure")
    press(app, "invest_sobol_start")
    job = app.session_state["invest_sobol_job"]
    choose(app, invest_preset="sceptical")
    assert job.wait(LONGEST_WORK)
    assert job.result is None or job.identity != app.session_state["invest_state"].scenario
    assert_in_order(app)


def test_one_place_has_nothing_to_deal_out(serve: Serve) -> None:
    serve()
    app = visit(TRAINING, {"view": "allocation"})
    assert_in_order(app)
    assert "two places or more" in words(app)


def test_scenarios_are_kept_compared_and_removed(serve: Serve) -> None:
    serve()
    app = three(view="scenarios")
    choose(app, invest_name="First")
    press(app, "invest_keep")
    choose(app, invest_name="Second", invest_money_AAA_case_construction=90_000.0)
    assert_in_order(app)
    rows = charts(app)[3].tables["rows"]
    assert list(rows["name"]) == ["Second", "First"]
    assert address(app)["beside"].startswith("First")
    again = visit(TRAINING, address(app))
    assert list(charts(again)[3].tables["rows"]["name"]) == ["Second", "First"]
    press(app, "invest_remove_First")
    assert address(app)["beside"] == ""


def test_no_more_than_four_scenarios_stand_side_by_side(serve: Serve) -> None:
    serve()
    app = three(view="scenarios")
    for _ in range(3):
        press(app, "invest_keep")
    assert app.button(key="invest_keep").disabled
    assert len(charts(app)[3].tables["rows"]) == 4
    assert len(set(charts(app)[3].tables["rows"]["name"])) == 4


def test_every_chart_has_a_table_and_a_file_that_says_what_was_believed(
    serve: Serve, downloads: dict[str, Callable[[], str]]
) -> None:
    serve()
    app = open_panels(three(), "invest_fan_table", "invest_change_table")
    assert_in_order(app)
    text = downloads["invest_fan_table_download"]()
    assert "# No published study" in text
    assert "# USD a year, for 5 years: Alphaland" in text
    assert "preset central" in text
    table = pd.read_csv(io.StringIO(text), comment="#")
    assert len(table) == 20


def test_the_saved_scenario_is_the_one_that_is_shown(
    serve: Serve, downloads: dict[str, Callable[[], str]]
) -> None:
    serve()
    three(view="scenarios")
    saved = yaml.safe_load(downloads["invest_save"]())
    assert saved["places"]["BBB"]["interviewing"] == 10_000
    assert saved["currency"] == "USD"


# ------------------------------------------------------------------ addresses and worlds

HOSTILE = {
    "no scenario": {"scenario": ""},
    "nonsense": {"scenario": "<script>alert(1)</script>", "view": "../..", "worth": "-1"},
    "unknown places": {"scenario": THREE.replace("AAA", "ZZZ").replace("BBB", "' OR 1=1 --")},
    "huge numbers": {
        "scenario": "x*AAA:999999999999-0-0-1*99*99*99*99*central**",
        "worth": "9" * 30,
    },
    "bad beliefs": {"scenario": THREE + "turnover:9-9-9~half_life_months:0-0-0~no:1-1-1"},
    "too long": {"scenario": "x" * 9000, "beside": "y" * 20000},
    "beside nonsense": {"beside": "a!b!c!d!e", "atleast": "٣"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_address_breaks_the_page(serve: Serve, name: str) -> None:
    serve()
    app = visit(TRAINING, HOSTILE[name])
    assert_in_order(app)
    again = visit(TRAINING, address(app))
    assert address(again) == address(app)


def test_without_places_the_page_asks_for_one(serve: Serve) -> None:
    serve()
    app = choose(visit(TRAINING), invest_places=[])
    assert_in_order(app)
    assert "Choose at least one place" in words(app)


def test_a_single_place_that_reports_everything_is_enough(serve: Serve) -> None:
    serve(counted(["CCC"]))
    app = visit(TRAINING)
    assert_in_order(app)
    assert "Gammaland" in further(app)


def test_a_place_that_prints_ranges_and_one_that_convicts_more_than_it_prosecutes(
    serve: Serve,
) -> None:
    serve()
    for place in ("BBB", "DDD"):
        app = visit(TRAINING, {"scenario": f"x*{place}:9000-9000-9000-9000*10*5*0*1*central**"})
        assert_in_order(app)


def test_a_config_without_a_library_says_what_is_missing(serve: Serve) -> None:
    path = serve()
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    del document["training"]
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    app = visit(TRAINING)
    assert_in_order(app)
    assert "names no effect library" in words(app)


def test_a_source_without_outcomes_says_so(serve: Serve) -> None:
    serve([row for row in counted() if "convicted" not in row and "prosecuted" not in row])
    app = visit(TRAINING)
    assert_in_order(app)
    assert "tells no outcome" in words(app)
