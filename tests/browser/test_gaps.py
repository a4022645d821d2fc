"""A policymaker's three clicks: where is enforcement weakest, at which stage, who says nothing."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.map_view import (
    GAP,
    Received,
    address,
    expect_heading,
    fills,
    fills_that_lead_nowhere,
    open_map,
    outlined,
    shape_of,
    shapes,
    wait_until_painted,
)
from tools.running_app import PageProblems, RunningApp, wait_until_idle

FLOW_SHAPES = ".st-key-flow_map .role-mark path"
STEP_BYTES = 12_500
"""More than this and a step sends the shapes or the specification of the map again."""


def look(page: Page, name: str) -> None:
    """Open one of the closer looks."""
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()
    wait_until_idle(page)


def test_three_clicks_tell_where_at_which_stage_and_who_does_not_report(
    page: Page, app: RunningApp, problems: PageProblems
) -> None:
    page.goto(f"{app.url}/enforcement_gaps")
    wait_until_painted(page)
    expect(page.get_by_text(re.compile(r"places count clearly fewer persons"))).to_be_visible()

    look(page, "Who falls short")
    expect(page.get_by_text(re.compile(r"^Clearly fewer persons convicted"))).to_be_visible()
    look(page, "At which stage")
    expect(page.get_by_text("Romania, 2018-2022: where cases are lost")).to_be_visible()
    expect(page.locator(".stVegaLiteChart :is(svg, canvas).marks")).to_have_count(3)
    look(page, "Who does not report")
    expect(page.get_by_text("202 of 877")).to_be_visible()
    assert address(page)["view"] == "silent"
    assert problems.all() == []


def test_a_step_of_the_map_of_gaps_sends_only_its_figures(page: Page, app: RunningApp) -> None:
    received = Received(page)
    open_map(page, app.url, **GAP)
    before = fills(page)
    painted = shapes(page)
    assert len({shape["klass"] for shape in painted}) > 5
    assert "stripes" in {shape["fill"] for shape in painted}
    assert fills_that_lead_nowhere(page) == []

    page.get_by_role("slider").focus()
    received.start()
    page.keyboard.press("ArrowLeft")
    expect_heading(page, re.compile(r", 2017-2021$"))
    wait_until_idle(page)

    assert 0 < received.bytes <= STEP_BYTES
    assert fills(page) != before
    assert fills_that_lead_nowhere(page) == []
    assert address(page)["year"] == "2021"


def test_a_click_on_the_map_leads_to_all_that_is_known_of_the_place(
    page: Page, app: RunningApp, problems: PageProblems
) -> None:
    open_map(page, app.url, **GAP)

    shape_of(page, "POL").click()
    expect(page.get_by_role("link", name="All that is known of Poland")).to_be_visible(
        timeout=15_000
    )
    wait_until_idle(page)
    assert outlined(page) == ["POL"]
    page.get_by_role("link", name="All that is known of Poland").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Place profile", timeout=15_000)
    expect(page.get_by_role("heading", name="Poland", exact=True)).to_be_visible()
    assert address(page)["place"] == "POL"
    assert address(page)["year"] == "2022"
    assert problems.all() == []


def test_layers_of_the_map_are_painted_and_stay_in_the_address(page: Page, app: RunningApp) -> None:
    open_map(page, app.url, **GAP)
    gap = fills(page)

    page.get_by_text("Mark clusters of neighbours").click()
    expect(page.get_by_text("Clusters of neighbours.")).to_be_visible(timeout=15_000)
    wait_until_idle(page)
    assert len(outlined(page)) > 1

    page.get_by_text("Show reporting gaps").click()
    expect_heading(page, re.compile(r"^How much of what is asked for is reported, "))
    wait_until_idle(page)
    assert address(page)["layers"] == "reporting.clusters"
    assert fills(page) != gap
    assert fills_that_lead_nowhere(page) == []


def test_a_click_on_the_map_of_flows_chooses_the_place(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/cross_border")
    page.wait_for_selector(FLOW_SHAPES, state="attached", timeout=30_000)
    wait_until_idle(page)

    mongolia = page.evaluate_handle(
        "(query) => [...document.querySelectorAll(query)]"
        ".find((path) => path.__data__.datum?.properties?.id === 'MNG')",
        FLOW_SHAPES,
    ).as_element()
    assert mongolia is not None
    mongolia.click()

    expect(page.get_by_role("link", name="All that is known of Mongolia").first).to_be_visible(
        timeout=15_000
    )
    wait_until_idle(page)
    assert address(page)["place"] == "MNG"
