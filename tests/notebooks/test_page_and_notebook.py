"""A page and a notebook that follows its link show the same numbers, for 200 random views."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pandas as pd
import pytest
import streamlit as st

import gapatlas
from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.comparison import Comparison
from gapatlas.crossborder import Flows, seen_words
from gapatlas.errors import UnknownNameError
from gapatlas.evidence import CaseEvidence
from gapatlas.export import readable_table
from gapatlas.gaps import Gap, Reporting
from gapatlas.gaps.sentences import reporting_words, summary
from gapatlas.gaps.tables import gap_table, reporting_table
from gapatlas.investment import Investment
from gapatlas.investment.sentences import summary as investment_summary
from gapatlas.links import PAGES, Shown
from gapatlas.profile import Profile
from gapatlas.state import (
    EvidenceState,
    FlowState,
    GapState,
    InvestmentState,
    ProfileState,
    RateState,
    Scenario,
    scenario_to_text,
    view_of_query,
)
from gapatlas.ui import evidence_figures, flow_figures, gap_figures, profile_figures, rate_figures
from gapatlas.ui import investment_figures as training_figures
from gapatlas.ui.figures import windows
from tests.pages.reading import address, assert_in_order, open_panels, visit, words
from tests.random_views import random_query, spoilt
from tests.shipped_snapshots import shipped_snapshots

ROOT = Path(__file__).resolve().parents[2]
VIEWS_OF: Final = {
    "enforcement_gaps": 40,
    "conviction_rates": 30,
    "place_profile": 5,
    "cross_border": 30,
    "evidence_and_defence": 32,
    "training_investment": 63,
}
CHOICES_OF_PAGE: Final = {
    "enforcement_gaps": gap_figures.gap_choices,
    "conviction_rates": rate_figures.rate_choices,
    "place_profile": profile_figures.profile_choices,
    "cross_border": flow_figures.flow_choices,
    "evidence_and_defence": evidence_figures.evidence_choices,
    "training_investment": training_figures.investment_choices,
}
RTOL, ATOL = 1e-12, 1e-9
"""Under a lag the database adds fractions, in no fixed order: the last digit can differ."""


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = shipped_snapshots(tmp_path_factory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(folder))
        patch.setenv("GAPATLAS_CONFIG", str(ROOT / "config.yaml"))
        yield folder


@pytest.fixture(scope="module")
def of_page(snapshots: Path) -> Iterator[Atlas]:
    """The atlas of the pages; what they keep of it goes with it."""
    st.cache_resource.clear()
    with gapatlas.open_atlas(ROOT / "config.yaml") as atlas:
        yield atlas
        st.cache_resource.clear()


@pytest.fixture(scope="module")
def of_notebook(snapshots: Path) -> Iterator[Atlas]:
    with gapatlas.open_atlas(ROOT / "config.yaml") as atlas:
        yield atlas


# ------------------------------------------------------------------ numbers of a page


def page_numbers(atlas: Atlas, state: Any) -> list[Any]:
    """What the page shows in a state, through its own functions: tables and sentences."""
    match state:
        case GapState() if "reporting" in state.layers:
            step = gap_figures.reporting_step(atlas, state)
            return [step.found.table, " ".join(step.sentences)]
        case GapState(show="rate", figures=asked):
            found = windows(atlas, asked.measure, asked.source, asked.window)
            shown = found.steps[asked.year].shown
            return _frame_numbers(found.frame.only(shown))
        case GapState():
            gap = gap_figures.gap_of(atlas, state)
            return [
                gap_table(gap),
                gap.table,
                " ".join(gap_figures.gap_step(atlas, state).sentences),
            ]
        case RateState():
            compared = rate_figures.comparison(atlas, state)
            told = [answer.text for answer in rate_figures.told(atlas, state)]
            return [compared.rates, *told]
        case ProfileState():
            return _profile_numbers(profile_figures.profile_of(atlas, state))
        case FlowState():
            return _flow_numbers(flow_figures.flows_of(atlas, state))
        case EvidenceState():
            shown = evidence_figures.evidence_of(atlas, state.dataset)
            return [_evidence_tables(shown), *evidence_figures.sentences(atlas, state)]
        case InvestmentState():
            invested = training_figures.investment(atlas, state.scenario)
            share = training_figures.assumed(atlas, state.scenario)
            told = investment_summary(invested, state.at_least, share)
            return [*_training_numbers(invested), told]
    raise AssertionError(state)


def notebook_numbers(found: Shown, state: Any) -> list[Any]:
    """The same from what a link leads to."""
    match found:
        case Reporting():
            return [found.table, reporting_words(found)]
        case AtlasFrame():
            return _frame_numbers(found)
        case Gap():
            return [gap_table(found), found.table, summary(found)]
        case Comparison():
            return [found.rates, *(answer.text for answer in gapatlas.answers(found))]
        case Profile():
            return _profile_numbers(found)
        case Flows():
            return _flow_numbers(found)
        case CaseEvidence():
            split = state.split if state.view == "outcomes" else "none"
            outcome = state.outcome if split != "none" else ""
            told = found.sentences(state.view, split=split, outcome=outcome)
            return [_evidence_tables(found), *told]
        case Investment():
            return [*_training_numbers(found), found.summary(state.at_least)]
    raise AssertionError(found)


def _frame_numbers(found: AtlasFrame) -> list[Any]:
    return [found.data, readable_table(found.data, found.measure, found.sources), *found.caveats]


def _profile_numbers(found: Profile) -> list[Any]:
    told = [answer.text for answer in found.headline]
    return [found.counts, found.outcomes, found.gaps, *told]


def _flow_numbers(found: Flows) -> list[Any]:
    return [found.edges, found.below, found.own, found.unplaced, found.silent, *seen_words(found)]


def _evidence_tables(found: CaseEvidence) -> pd.DataFrame:
    return found.shares("none")


def _training_numbers(found: Investment) -> list[Any]:
    return [found.effect.further("convicted"), found.by_place(), found.yearly("prosecuted")]


def assert_same(page: list[Any], notebook: list[Any]) -> None:
    for shown, found in zip(page, notebook, strict=True):
        if isinstance(shown, pd.DataFrame):
            pd.testing.assert_frame_equal(shown, found, rtol=RTOL, atol=ATOL)
        elif isinstance(shown, np.ndarray):
            np.testing.assert_array_equal(shown, found)
        else:
            assert shown == found


# ------------------------------------------------------------------ the tests


@pytest.mark.parametrize("page", CHOICES_OF_PAGE)
def test_a_notebook_shows_the_numbers_of_the_page(
    page: str, of_page: Atlas, of_notebook: Atlas
) -> None:
    chance = random.Random(page)
    choices = CHOICES_OF_PAGE[page](of_page)
    for number in range(VIEWS_OF[page]):
        query = random_query(chance, page, choices)
        if number % 2:
            query = spoilt(chance, query)
        state = PAGES[page].from_query(query, choices)
        link = f"http://localhost:8501/{page}?{urlencode(query)}"
        if not number % 2:
            link = of_notebook.link(page, **PAGES[page].to_query(state))
        found = gapatlas.from_link(link, of_notebook)
        assert_same(page_numbers(of_page, state), notebook_numbers(found, state))


def test_the_random_views_are_200_and_of_every_page_with_choices() -> None:
    assert sum(VIEWS_OF.values()) == 200
    assert {*VIEWS_OF, "overview", "data_and_methods", "your_data"} == {*PAGES}


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"years": (2018, 2099)}, "There is no last year '2099' here. Allowed: "),
        ({"years": 2018}, "no choice on the page cross_border 'years' here"),
        ({"atleast": 7}, "There is no least number '7' here. Near: 10, 100, 25"),
        ({"place": "NLDD"}, "There is no place 'NLDD' here. Near: NLD"),
        ({"other": "NLD"}, "There is no second place 'NLD' here. Allowed: none without a first"),
    ],
)
def test_flows_that_the_data_do_not_hold_are_refused(
    of_notebook: Atlas, choices: dict[str, Any], told: str
) -> None:
    with pytest.raises(UnknownNameError) as refused:
        of_notebook.link("cross_border", **choices)
    assert told in str(refused.value)


VIEWS: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "gap": ("enforcement_gaps", {"year": 2019, "benchmark": "best_quarter", "place": "NLD"}),
    "rate": ("enforcement_gaps", {"measure": "cleared_per_offence", "show": "rate", "window": 3}),
    "rates": ("conviction_rates", {"place": "PHL", "year": 2021, "peers": "subregion"}),
    "profile": ("place_profile", {"place": "US-TX", "benchmark": "own_best"}),
    "flows": ("cross_border", {"years": (2010, 2016), "atleast": 250}),
    "training": (
        "training_investment",
        {"scenario": Scenario(budgets=(("PHL", (0, 50_000, 0, 9_000)),), lag=2), "atleast": 20},
    ),
}


@pytest.mark.parametrize("view", VIEWS)
def test_a_reader_who_follows_the_link_reads_what_the_notebook_says(
    view: str, of_page: Atlas, of_notebook: Atlas
) -> None:
    page, asked = VIEWS[view]
    link = of_notebook.link(page, **asked)
    query = dict(parse_qsl(link.partition("?")[2], keep_blank_values=True))
    app = open_panels(visit(f"pages/{page}.py", query), "map_table", "flow_table")
    assert_in_order(app)
    assert address(app) == view_of_query(query)
    state = PAGES[page].from_query(query, PAGES[page].choices(of_notebook))
    found = gapatlas.from_link(link, of_notebook)
    told = words(app).replace("\\", "")
    for sentence in notebook_numbers(found, state):
        if isinstance(sentence, str) and not isinstance(found, AtlasFrame):
            assert all(part in told for part in sentence.split(". "))
    table = shown_table(found)
    if table is not None:
        assert any(table.equals(frame.value) for frame in app.dataframe)


def shown_table(found: Shown) -> pd.DataFrame | None:
    """The table twin of a map, where the page has one."""
    match found:
        case Reporting():
            return reporting_table(found, None)
        case Gap():
            return gap_table(found)
        case AtlasFrame():
            ordered = found.data.sort_values(["name", "year_from"])
            return readable_table(ordered, found.measure, found.sources)
        case _:
            return None
