"""A reader asks about a place, looks closer, and shares what is shown."""

from __future__ import annotations

import csv
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from gapatlas.links import labels
from gapatlas.state import RATE_VIEWS
from tests.browser.map_view import address, assert_each_view_fits
from tools.running_app import PageProblems, RunningApp, wait_until_idle

ROMANIA = {
    "measure": "convicted_per_prosecuted",
    "source": "unodc_glotip",
    "year": "2022",
    "window": "5",
    "place": "ROU",
    "peers": "region",
    "other": "NLD",
}


def open_rates(page: Page, app: RunningApp, **state: str) -> None:
    page.goto(f"{app.url}/conviction_rates?{urlencode({**ROMANIA, **state})}")
    wait_until_idle(page)


@pytest.mark.parametrize("viewport", [(390, 844)])
def test_every_view_is_drawn_and_fits_a_phone(
    page: Page, app: RunningApp, problems: PageProblems
) -> None:
    open_rates(page, app)
    assert_each_view_fits(page, [labels.RATE_VIEWS[view] for view in RATE_VIEWS])
    assert problems.all() == []


def test_a_reader_changes_place_and_view_and_shares_the_address(
    page: Page, app: RunningApp, problems: PageProblems
) -> None:
    open_rates(page, app, view="peers")
    expect(page.get_by_role("heading", name="Romania: five answers")).to_be_visible()

    page.get_by_role("combobox", name="Place", exact=False).first.click()
    page.keyboard.type("Philippines")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Philippines: five answers")).to_be_visible()
    page.get_by_role("radio", name=labels.RATE_VIEWS["trend"], exact=True).click()
    wait_until_idle(page)

    shown = address(page)
    assert (shown["place"], shown["view"]) == ("PHL", "trend")
    other = page.context.new_page()
    other.goto(page.url)
    wait_until_idle(other)
    expect(other.get_by_role("heading", name="Philippines: five answers")).to_be_visible()
    expect(
        other.get_by_text("Philippines: persons convicted per person prosecuted")
    ).to_be_visible()
    assert problems.all() == []


def test_the_table_of_the_peers_is_downloaded_with_its_source(
    page: Page, app: RunningApp, tmp_path: Path
) -> None:
    open_rates(page, app, view="peers")
    page.get_by_text("Table and download").click()
    wait_until_idle(page)
    with page.expect_download() as download:
        page.locator(".st-key-rate_table").get_by_role("button", name="CSV").click()
    file = tmp_path / "peers.csv"
    download.value.save_as(file)

    lines = file.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    assert any("UNODC" in line for line in header)
    table = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    [romania] = [row for row in table if row["jurisdiction_id"] == "ROU"]
    assert (romania["numerator_low"], romania["denominator_low"]) == ("718", "1623")
