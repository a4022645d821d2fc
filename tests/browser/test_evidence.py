"""A reader looks at made-up cases, opens a view, reads its table and takes its file home."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from gapatlas.links import labels
from gapatlas.state import EVIDENCE_VIEWS
from tests.browser.map_view import MARKS, assert_each_view_fits
from tools.running_app import PageProblems, RunningApp, wait_until_idle


def open_evidence(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/evidence_and_defence?dataset=synthetic_cases")
    expect(page.locator(MARKS).first).to_be_visible(timeout=60_000)
    wait_until_idle(page)


@pytest.mark.parametrize("viewport", [(390, 844)])
@pytest.mark.parametrize("color_scheme", ["dark"])
def test_every_view_is_drawn_and_fits_a_phone(
    page: Page, app: RunningApp, problems: PageProblems
) -> None:
    open_evidence(page, app)
    assert_each_view_fits(page, [labels.CASE_VIEWS[view] for view in EVIDENCE_VIEWS])
    assert problems.all() == []


def test_a_reader_opens_a_view_its_table_and_its_file(
    page: Page, app: RunningApp, problems: PageProblems, tmp_path: Path
) -> None:
    open_evidence(page, app)
    page.get_by_role("radio", name="Pairs of evidence").click()
    expect(page.get_by_text("28 pairs rest on enough persons").first).to_be_visible(timeout=20_000)
    expect(page.locator(MARKS)).to_have_count(1)
    # The address follows the words: on a busy machine a moment later.
    page.wait_for_url("**view=pairs**", timeout=20_000)

    panel = page.locator(".st-key-evidence_table_0")
    panel.locator("summary").click()
    expect(panel.get_by_test_id("stDataFrame")).to_be_visible(timeout=20_000)
    wait_until_idle(page)  # a click while the page is drawn anew may meet a button that goes
    with page.expect_download() as download:
        panel.get_by_role("button", name="CSV").click()
    file = tmp_path / "pairs.csv"
    download.value.save_as(file)

    assert download.value.suggested_filename == "gap-atlas-synthetic-cases-pairs-1.csv"
    assert file.read_text(encoding="utf-8").startswith("# SYNTHETIC: Two kinds of evidence")
    table = pd.read_csv(file, comment="#")
    assert len(table) == 28
    assert table.loc[table["Stands out"] == "yes", "Second"].tolist() == ["Financial records"]
    assert problems.all() == []
