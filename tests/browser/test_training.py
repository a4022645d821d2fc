"""A reader sets a budget for three countries, argues with a belief, and sends the link."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
import yaml
from playwright.sync_api import Page, expect

from gapatlas.links import labels
from gapatlas.state import INVESTMENT_VIEWS
from tests.browser.map_view import MARKS, address, assert_each_view_fits
from tools.running_app import PageProblems, RunningApp, wait_until_idle

THREE = (
    "Plan*ROU:25000-25000-25000-25000~NLD:50000-0-50000-0~PHL:0-50000-0-50000*10*5*0*1*central**"
)
ANSWER = "for training in Romania"


def open_training(page: Page, app: RunningApp, **state: str) -> None:
    query = {"scenario": THREE, **state}
    page.goto(f"{app.url}/training_investment?{urlencode(query)}")
    expect(page.get_by_text(ANSWER).first).to_be_visible(timeout=60_000)
    wait_until_idle(page)


def answer(page: Page) -> str:
    return page.get_by_text(ANSWER).first.inner_text()


@pytest.mark.parametrize(
    ("viewport", "color_scheme", "views"),
    [((390, 844), "dark", INVESTMENT_VIEWS), ((1280, 900), "light", ("sure", "association"))],
    ids=["phone", "desk"],
)
def test_every_view_is_drawn_and_fits_the_screen(
    page: Page, app: RunningApp, problems: PageProblems, views: tuple[str, ...]
) -> None:
    open_training(page, app)
    assert_each_view_fits(page, [labels.INVESTMENT_VIEWS[view] for view in views])
    assert problems.all() == []


def test_a_reader_argues_with_a_belief_and_sends_the_link(
    page: Page, app: RunningApp, problems: PageProblems
) -> None:
    open_training(page, app)
    before = answer(page)
    page.get_by_text("Argue with the assumptions").click()
    slider = page.locator(".st-key-invest_value_effect_legal_support_convicted")
    slider.get_by_role("slider").press("ArrowRight")
    expect(page.get_by_text("You have changed 1 of these beliefs.")).to_be_visible()
    wait_until_idle(page)
    after = answer(page)
    assert after != before

    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text(ANSWER).first).to_be_visible(timeout=30_000)
    wait_until_idle(other)
    assert answer(other) == after
    assert "effect_legal_support_convicted" in address(page)["scenario"]
    assert problems.all() == []


def test_long_work_shows_how_far_it_is_and_ends_in_a_picture(
    page: Page, app: RunningApp, problems: PageProblems
) -> None:
    open_training(page, app, view="allocation")
    expect(page.get_by_role("radio", name=labels.INVESTMENT_VIEWS["allocation"])).to_be_checked()
    drawn = page.locator(MARKS).count()
    page.get_by_role("button", name="Deal it out").click()
    expect(page.get_by_text("dealt out equally")).to_be_visible(timeout=60_000)
    wait_until_idle(page)
    expect(page.locator(MARKS)).to_have_count(drawn + 1)
    page.get_by_role("button", name="Spend it so in this scenario").click()
    wait_until_idle(page)
    assert address(page)["scenario"] != THREE
    assert problems.all() == []


def test_a_scenario_is_saved_and_loaded_and_a_faulty_one_changes_nothing(
    page: Page, app: RunningApp, tmp_path: Path
) -> None:
    open_training(page, app, view="scenarios")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save this scenario as a file").click()
    file = tmp_path / "plan.yaml"
    download.value.save_as(file)
    saved = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert saved["places"]["NLD"]["evidence"] == 50_000

    changed = file.read_text(encoding="utf-8").replace("years: 10", "years: 7")
    file.write_text(changed, encoding="utf-8")
    upload = page.locator(".st-key-invest_upload input[type=file]")
    upload.set_input_files(file)
    expect(page.get_by_text("2027-2033").first).to_be_visible(timeout=20_000)

    page.goto(page.url)
    expect(page.get_by_text("2027-2033").first).to_be_visible(timeout=20_000)
    file.write_text(changed.replace("currency: USD", "currency: EUR"), encoding="utf-8")
    upload.set_input_files(file)
    expect(page.get_by_text("Nothing was changed")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("row 6, column currency").first).to_be_visible()
    assert "*7*5*" in address(page)["scenario"]
