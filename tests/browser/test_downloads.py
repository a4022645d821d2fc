"""A reader takes a map along in every form, and opens each, the page without a network."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

from gapatlas.export import read_back
from gapatlas.export.images import shapes_drawn
from tools.running_app import PageProblems, RunningApp, wait_until_idle

ANY_SHAPE = ".mark-shape path[d^=M]"


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


def test_every_kind_of_file_is_downloaded_and_opened(
    page: Page, app: RunningApp, offline: Page, problems: PageProblems, tmp_path: Path
) -> None:
    page.goto(f"{app.url}/enforcement_gaps")
    panel = page.locator(".st-key-map_table")
    panel.locator("summary").click(timeout=30_000)
    expect(panel.get_by_role("button", name="Excel")).to_be_visible(timeout=20_000)
    wait_until_idle(page)
    files = {
        name: _saved(page, panel.get_by_role("button", name=name), tmp_path)
        for name in ("PNG", "SVG", "Vega-Lite", "CSV", "Excel")
    }
    whole = page.get_by_role("button", name="Download this page's charts as one HTML file")
    files["page"] = _saved(page, whole, tmp_path)

    svg = files["SVG"].read_text(encoding="utf-8")
    size = ElementTree.fromstring(svg).attrib
    width, height = struct.unpack(">II", files["PNG"].read_bytes()[16:24])
    assert (width, height) == (2 * int(size["width"]), 2 * int(size["height"]))
    assert shapes_drawn(svg) > 170

    rows = read_back(files["CSV"])
    pd.testing.assert_frame_equal(read_back(files["Excel"]), rows)
    assert len(rows) > 170
    book = load_workbook(files["Excel"], read_only=True)
    assert book.sheetnames == ["About", "Figures", "Columns"]
    about = "\n".join(str(row) for row in book["About"].iter_rows(values_only=True))
    assert "UNODC" in about
    assert "/enforcement_gaps?measure=" in about
    book.close()

    offline.goto(files["page"].as_uri())
    expect(offline.locator(ANY_SHAPE)).to_have_count(shapes_drawn(svg), timeout=20_000)
    assert offline.locator("table tbody tr").count() == len(rows)
    assert problems.all() == []


def _saved(page: Page, button: Locator, folder: Path) -> Path:
    with page.expect_download(timeout=60_000) as started:
        button.click()
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    return file
