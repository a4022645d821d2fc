"""Several pages, several readers: nothing fails unseen, nothing is asked of other servers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.map_view import (
    PAGES,
    RATIO,
    address,
    fills,
    heading,
    open_map,
    place_sentence,
    wait_until_painted,
)
from tools.running_app import PageProblems, RunningApp, wait_until_idle


@pytest.mark.parametrize("dataset", ["unodc_glotip", "fbi_ht_agencies"])
def test_a_dataset_opens_from_the_keyboard_and_draws_its_coverage(
    page: Page, app: RunningApp, problems: PageProblems, dataset: str
) -> None:
    page.goto(f"{app.url}/data_and_methods")
    wait_until_idle(page)

    panel = page.locator(f".st-key-dataset_{dataset}")
    panel.locator("summary").press("Enter")
    # A large chart is drawn on a canvas, a small one as SVG.
    expect(page.locator(".stVegaLiteChart :is(svg, canvas).marks")).to_be_visible(timeout=8_000)

    wait_until_idle(page)
    assert page.get_by_test_id("stException").count() == 0
    assert problems.all() == []


def test_the_menu_leads_to_the_map_and_back(
    page: Page, app: RunningApp, problems: PageProblems
) -> None:
    page.goto(app.url)
    wait_until_idle(page)

    page.get_by_role("link", name="See every place on the map").click()
    wait_until_painted(page)
    assert heading(page).startswith("Persons convicted, as a share of what is expected, ")
    page.get_by_test_id("stTopNavLink").first.click()
    wait_until_idle(page)

    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[""])
    assert problems.all() == []


def test_a_copied_address_opens_the_same_view_for_someone_else(
    page: Page, app: RunningApp, browser: Browser
) -> None:
    open_map(page, app.url, **RATIO)
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**year=2017**")
    wait_until_idle(page)

    other = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    other.goto(page.url)
    wait_until_painted(other)

    assert heading(other) == heading(page)
    assert fills(other) == fills(page)
    assert place_sentence(other) == place_sentence(page)
    other.context.close()


def test_two_readers_at_once_each_see_their_own_figures(
    page: Page, app: RunningApp, browser: Browser
) -> None:
    other = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    open_map(page, app.url, **RATIO)
    open_map(other, app.url, **{**RATIO, "measure": "detected_per_100k", "place": "NLD"})
    mine, theirs = fills(page), fills(other)

    for reader in (page, other):
        reader.get_by_role("slider").focus()
        reader.keyboard.press("ArrowLeft")
    for reader in (page, other):
        reader.wait_for_url("**year=2017**")
        wait_until_idle(reader)

    assert heading(page) == "Persons convicted per person prosecuted, same years, 2015-2017"
    assert heading(other) == "Victims detected per 100,000 people, 2015-2017"
    assert address(page)["place"] == "ROU"
    assert address(other)["place"] == "NLD"
    assert place_sentence(other).startswith("Netherlands")
    assert mine != theirs
    assert fills(page) != mine
    assert fills(other) != theirs
    other.context.close()
