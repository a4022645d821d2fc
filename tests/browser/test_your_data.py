"""A reader brings a workbook, corrects the form, checks it and takes the block home."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.browser.map_view import address, overflowing
from tools.running_app import PageProblems, RunningApp, wait_until_idle

ROWS = (
    ("Mexico", "1.204", 40, 12),
    ("Spain", "310", 20, "<5"),
    ("Nordland", "12", 3, "*"),
    ("Total", "1.526", 63, 17),
)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Trafficking"], [], ["Country", "Victims", "Prosecuted", "Convicted", "Year"]):
        sheet.append(row)
    for row in ROWS:
        sheet.append([*row, 2021])
    book.save(tmp_path / "trata.xlsx")
    return tmp_path / "trata.xlsx"


@pytest.mark.parametrize("viewport", [(390, 844)])
def test_a_workbook_is_checked_and_its_block_taken_home(
    page: Page, app: RunningApp, problems: PageProblems, workbook: Path, tmp_path: Path
) -> None:
    page.goto(f"{app.url}/your_data")
    wait_until_idle(page)
    page.locator("input[type=file]").set_input_files(workbook)
    check = page.get_by_role("button", name="Check")
    expect(check).to_be_visible(timeout=60_000)
    wait_until_idle(page)
    expect(page.get_by_text("Which places are these: Nordland?")).to_be_visible()

    page.get_by_role("textbox", name="Places that the atlas does not know").fill("Nordland = FRA")
    check.click()
    expect(page.get_by_text("hold 9 figures of 3 places in the year 2021")).to_be_visible(
        timeout=60_000
    )
    wait_until_idle(page)  # what stands below the verdict follows a moment later
    assert overflowing(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the block").click()
    download.value.save_as(tmp_path / "block.yaml")
    block = yaml.safe_load((tmp_path / "block.yaml").read_text(encoding="utf-8"))["trata"]
    assert block["map"]["place"]["codes"] == {"Nordland": "FRA"}
    assert block["read"] == {"header_row": 3}

    with page.expect_request(lambda request: request.method == "DELETE"):
        page.get_by_role("button", name="Remove trata.xlsx").click()
    expect(check).to_have_count(0)
    assert address(page) == {}
    assert "Nordland" not in app.log()
    assert "trata" not in app.log()
    assert problems.all() == []
