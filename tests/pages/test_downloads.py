"""Files of every page and view: each column has a meaning, each choice is in words, and the file
of a whole page holds the charts of panels that nobody has opened."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from streamlit.testing.v1 import AppTest

from gapatlas.atlas import Atlas
from gapatlas.export import Download
from gapatlas.export.columns import BY_NAME
from gapatlas.links import page_and_query
from gapatlas.links.words import PARTS
from gapatlas.state import (
    EVIDENCE_VIEWS,
    FLOW_VIEWS,
    GAP_VIEWS,
    INVESTMENT_VIEWS,
    RATE_VIEWS,
    Scenario,
)
from gapatlas.ui.shelf import SHELF, Closed, Shelf
from tests.pages.reading import (
    EVIDENCE,
    FLOWS,
    GAPS,
    METHODS,
    OVERVIEW,
    PROFILE,
    RATES,
    TRAINING,
    open_panels,
    visit,
)

RAW: Final = re.compile(r"^[^:]+: [a-z]+(_[a-z]+)*$")
"""A choice whose words are the value in the address."""
VIEWS: Final[dict[str, list[dict[str, Any]]]] = {
    OVERVIEW: [{}],
    METHODS: [{}],
    GAPS: [
        *({"view": view, "place": "ROU", "beside": "NLD"} for view in GAP_VIEWS),
        {"benchmark": "model", "view": "model"},
        {"layers": "reporting"},
        {"layers": "clusters"},
        {"show": "rate", "measure": "cleared_per_recorded"},
    ],
    RATES: [{"view": view, "place": "ROU", "other": "NLD"} for view in RATE_VIEWS],
    FLOWS: [{"view": view, "place": "ROU", "other": "NLD"} for view in FLOW_VIEWS],
    PROFILE: [{"place": "ROU"}, {"place": "US-TX"}],
    EVIDENCE: [
        {"dataset": "us_federal_cases", "split": "place"},
        *({"dataset": "synthetic_cases", "view": view} for view in EVIDENCE_VIEWS),
    ],
    TRAINING: [{"view": view} for view in INVESTMENT_VIEWS],
}


def shelf_of(app: AppTest) -> Shelf:
    """What the page has to take along."""
    kept: Shelf = app.session_state[SHELF]
    return kept


def files_of(kept: Shelf) -> list[Download]:
    """Every table of the page, those of closed panels too."""
    closed = [each for _, each in kept.charts.values() if isinstance(each, Closed)]
    later = [file for each in closed for _, file in each.make() if file is not None]
    return [file() for file in (*kept.files.values(), *later)]


@pytest.mark.parametrize("page", VIEWS)
def test_every_column_has_a_meaning_and_every_choice_words(shipped: Atlas, page: str) -> None:
    investment = page_and_query(
        shipped.link("training_investment", scenario=Scenario("Both", (("ROU", (9.0e4,) * 4),)))
    )[1]
    for asked in VIEWS[page]:
        query = {"scenario": investment["scenario"], **asked} if page == TRAINING else asked
        kept = shelf_of(visit(page, query))
        files = files_of(kept)

        untold = {
            name for file in files for name, _, meaning in file.columns() if meaning == BY_NAME
        }
        assert files or asked.get("view") == "ranks", asked
        assert untold == set(), asked
        chosen = kept.choices()
        assert [line for line in chosen if RAW.match(line)] == []
        assert {line.partition(":")[0] for line in chosen} <= set(PARTS.values())


@pytest.mark.parametrize(
    ("page", "query", "files"),
    [
        (GAPS, {"view": "silent", "place": "ROU"}, {"silence_download"}),
        (RATES, {"view": "ranks", "place": "ROU"}, {"rate_table_download"}),
        (
            FLOWS,
            {"place": "ROU", "other": "NLD"},
            {"flow_without-a-line_download", "flow_pair_download"},
        ),
    ],
)
def test_so_have_the_columns_of_tables_without_a_chart(
    shipped: Atlas, downloads: dict[str, Any], page: str, query: dict[str, str], files: set[str]
) -> None:
    open_panels(visit(page, query), "flow_apart", "rate_league", "rate_table")

    assert files <= set(downloads)
    assert not any(BY_NAME in downloads[key]() for key in files)


def test_a_page_takes_along_the_charts_of_panels_that_nobody_has_opened(shipped: Atlas) -> None:
    app = visit(PROFILE, {"place": "ROU"})
    kept = shelf_of(app)
    panels = [key for key, (_, each) in kept.charts.items() if isinstance(each, Closed)]
    closed = kept.page("Place profile")

    opened = shelf_of(open_panels(app, *panels))

    assert len(panels) > 3
    assert not any(isinstance(each, Closed) for _, each in opened.charts.values())
    titles = sorted(re.findall(r"<h2>(.*?)</h2>", closed))
    assert titles == sorted(re.findall(r"<h2>(.*?)</h2>", opened.page("Place profile")))
    tables = re.compile(r"<summary>Table: (.*?)</summary>")
    assert sorted(tables.findall(closed)) == sorted(tables.findall(opened.page("Place profile")))
