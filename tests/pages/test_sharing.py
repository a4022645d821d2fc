"""Links to earlier data, views by themselves, locks, and the panel that shares a view."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import gapatlas
from gapatlas.atlas import Atlas
from gapatlas.links import KEY_NAME
from tests.linked_world import NOW, RATE, THEN, write_rates
from tests.pages.reading import (
    FLOWS,
    GAPS,
    KINDS,
    MINE,
    OVERVIEW,
    PROFILE,
    RATES,
    ROOT,
    TRAINING,
    assert_in_order,
    charts,
    choose,
    open_panels,
    visit,
    words,
)

PAGES_WITH_CHARTS = (OVERVIEW, GAPS, RATES, FLOWS, PROFILE, TRAINING)


def follow(link: str, *, embedded: bool = False) -> AppTest:
    """A reader who opens a link; Streamlit tells the page whether it stands in a frame."""
    parts = urlsplit(link)
    app = AppTest.from_file(ROOT / "dashboard.py", default_timeout=60)
    if parts.path not in ("", "/"):
        app.switch_page(f"pages{parts.path}.py")
    app.context["theme"] = "light"
    app.context["is_embedded"] = embedded
    app.query_params = dict(parse_qsl(parts.query, keep_blank_values=True))
    return app.run()


def move(app: AppTest, page: str) -> AppTest:
    """Open a page from the menu: the browser then starts with an empty address."""
    app.switch_page(page)
    app.query_params = {}
    return app.run()


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A link that was made before the data changed, and the ids of both snapshots."""
    monkeypatch.delenv("GAPATLAS_SNAPSHOTS", raising=False)
    path = write_rates(tmp_path, THEN)
    with gapatlas.open_atlas(path) as atlas:
        then = atlas.snapshot.id[:8]
    write_rates(tmp_path, NOW)
    monkeypatch.setenv("GAPATLAS_CONFIG", str(path))
    with gapatlas.open_atlas(path) as atlas:
        now = atlas.snapshot.id[:8]
    st.cache_resource.clear()
    yield f"{RATE}&snapshot={then}", then, now
    st.cache_resource.clear()


def test_an_older_link_shows_its_figures_and_what_changed_and_offers_todays(changed: Any) -> None:
    link, then, now = changed
    app = follow(link)
    assert "What share? **0.30**" in words(app)
    assert "- Alphaland, 2021, Value or range: 0.30 → 0.40" in words(app)
    assert app.query_params["snapshot"] == then
    choose(app, figures_of_choice="now")
    assert "What share? **0.40**" in words(app)
    assert "These are today's figures." in words(app)
    assert app.query_params["snapshot"] == now
    choose(app, figures_of_choice="then")
    assert "What share? **0.30**" in words(app)


def test_the_figures_of_then_stay_when_the_reader_moves_on(changed: Any) -> None:
    link, then, _ = changed
    app = follow(link)
    choose(app, rate_place="BBB", rate_window=1)
    assert app.query_params["snapshot"] == then
    choose(app, rate_year=2020)
    assert "nothing in this view has" in words(app)
    move(app, PROFILE)
    assert app.query_params["snapshot"] == then
    assert app.query_params["place"] == "BBB", "the place goes along"
    assert_in_order(app)


def test_a_link_that_is_no_longer_kept_shows_today_and_says_so(changed: Any) -> None:
    _, _, now = changed
    app = follow(f"{RATE}&snapshot=00000000")
    assert "no longer kept" in words(app)
    assert "What share? **0.40**" in words(app)
    assert app.query_params["snapshot"] == now
    move(app, PROFILE)
    assert "no longer kept" not in words(app), "it is said once"


def test_a_frame_shows_the_figures_of_its_link_and_says_that_there_are_newer_ones(
    changed: Any,
) -> None:
    link, then, _ = changed
    app = follow(link, embedded=True)
    assert "The data have changed since." in words(app)
    [source] = [
        text for text in words(app).splitlines() if "See this view with its filters" in text
    ]
    assert f"snapshot={then}" in source


@pytest.mark.parametrize("page", PAGES_WITH_CHARTS)
def test_a_frame_has_the_chart_its_title_and_source_and_nothing_to_choose(
    shipped: Atlas, page: str
) -> None:
    name = Path(page).stem
    app = follow(shipped.link(name), embedded=True)
    assert_in_order(app)
    assert charts(app)
    assert not [widget for kind in KINDS for widget in app.get(kind)]
    assert not app.expander
    assert not app.title
    assert shipped.source("unodc_glotip").edition in words(app)


def test_the_chosen_view_stands_in_the_frame(shipped: Atlas) -> None:
    shown = {
        view: charts(follow(shipped.link("conviction_rates", view=view), embedded=True))
        for view in ("peers", "ranks", "trend")
    }
    titles = {view: [chart.alt for chart in found] for view, found in shown.items()}
    assert len({str(alts) for alts in titles.values()}) == len(titles)


def test_a_locked_view_has_no_filter_and_a_changed_one_no_figure(
    shipped: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_NAME, "a key of sixteen signs")
    link = shipped.link("enforcement_gaps", locked=True)
    app = follow(link)
    assert charts(app)
    assert not [widget for kind in KINDS for widget in app.get(kind)]
    assert "has locked its filters" in words(app)
    for tampered in (link.replace("place=ROU", "place=NLD"), link[:-1] + "~"):
        app = follow(tampered)
        assert not charts(app)
        assert "it was changed since" in app.error[0].value
    monkeypatch.delenv(KEY_NAME)
    assert "no key to check it" in follow(link).error[0].value


def test_the_panel_gives_link_citation_and_frame_of_the_view(
    shipped: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_NAME, "a key of sixteen signs")
    app = open_panels(visit(RATES, {"place": "NLD"}), "share")
    link, citation, frame, locked_frame, locked = (block.value for block in app.code)
    assert link == shipped.link("conviction_rates", place="NLD", theme="light")
    assert citation.startswith("Gap Atlas. Netherlands: ")
    assert f"Snapshot {shipped.snapshot.id[:8]}, data as of" in citation
    assert "UNODC" in citation
    assert "embed=true" in frame
    assert "&amp;place=NLD" in frame
    assert "lock=" not in frame
    assert "lock=" in locked_frame
    assert locked == shipped.link("conviction_rates", place="NLD", theme="light", locked=True)
    assert "a key of sixteen signs" not in "".join(block.value for block in app.code)
    choose(app, share_style="BibTeX")
    assert app.code[1].value.startswith("@misc{gap-atlas-")
    monkeypatch.delenv(KEY_NAME)
    assert len(app.run().code) == 3, "without a key no locked link is offered"


def test_nothing_of_a_readers_own_file_can_be_shared(shipped: Atlas) -> None:
    assert "Share this view" not in [expander.label for expander in visit(MINE).expander]


def test_a_move_takes_along_what_the_next_page_knows(shipped: Atlas) -> None:
    app = visit(RATES, {"place": "NLD", "year": "2019", "window": "3", "peers": "all"})
    move(app, GAPS)
    kept = ("place", "year", "window", "peers")
    assert {part: app.query_params[part] for part in kept} == {
        "place": "NLD", "year": "2019", "window": "3", "peers": "all",
    }  # fmt: skip
    move(app, FLOWS)
    assert app.query_params["place"] == "NLD"
    move(app, RATES)
    assert app.query_params["year"] == "2019", "a page in between loses nothing"
