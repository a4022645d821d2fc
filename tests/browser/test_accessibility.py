"""Every page on a phone and a desk, under axe-core in both themes, by keyboard alone, on paper, and
as for a talk. No page has an error or asks anything of another server."""

from __future__ import annotations

from typing import Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.map_view import PAGES, overflowing
from tools.running_app import PageProblems, RunningApp, wait_until_idle

BACKGROUND: Final = {"dark": "rgb(20, 23, 26)", "light": "rgb(255, 255, 255)"}
PHONE: Final = (390, 844)
DESK: Final = ViewportSize(width=1280, height=800)
GRAVE: Final = ("serious", "critical")
OF_STREAMLIT: Final = {
    ("color-contrast", "multiselect"): "what a list of choices holds is white on the accent, which "
    "has to keep 4.5:1 on a dark page, too",
}
"""Rule and part of the page -> why the finding is Streamlit's own, and stays."""
PART: Final = {"multiselect": ".stMultiSelect"}
CONTROLS: Final = (
    ".stSelectbox, .stMultiSelect, .stSlider, .stButtonGroup, .stExpander, .stDownloadButton, "
    ".stNumberInput, .stCheckbox, .stButton, .stFileUploader, .stPageLink"
)
"""Whatever a reader can choose or press."""


def open_page(page: Page, app: RunningApp, path: str) -> None:
    page.goto(f"{app.url}/{path}")
    expect(page.locator("h1")).to_be_visible(timeout=60_000)
    wait_until_idle(page)


def findings(page: Page) -> list[str]:
    """Serious and critical findings that are not in the table of Streamlit's own."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{violation['id']}: {node['target']} {node['html'][:120]}"
        for violation in found["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if not is_of_streamlit(page, violation["id"], node["target"][0])
    ]


def is_of_streamlit(page: Page, rule: str, target: str) -> bool:
    """Whether a finding lies within a part of the page that the table excuses from the rule."""
    inside = "(nodes, part) => nodes[0].closest(part) !== null"
    return any(
        known == rule and page.locator(target).evaluate_all(inside, PART[part])
        for known, part in OF_STREAMLIT
    )


def unreached(page: Page) -> list[str]:
    """Controls of the page that Tab never comes to."""
    page.evaluate("document.activeElement.blur()")
    page.evaluate(
        """(controls) => {
            window.left = new Set([...document.querySelectorAll(controls)].filter(
                (each) => each.checkVisibility() && !each.querySelector(':disabled')));
            document.addEventListener('focusin', (event) => window.left.forEach((each) => {
                if (each.contains(event.target)) window.left.delete(each);
            }));
        }""",
        CONTROLS,
    )
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("window.left.size") == 0:
            break
    names: list[str] = page.evaluate("[...window.left].map((e) => e.className + e.innerText)")
    return names


def wait_for_scheme(page: Page, scheme: Literal["dark", "light"]) -> None:
    background = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    page.wait_for_function(f"{background} === '{BACKGROUND[scheme]}'")
    wait_until_idle(page)


@pytest.mark.parametrize(("color_scheme", "viewport"), [("dark", PHONE)])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_without_fault_on_a_dark_phone_and_on_a_desk_and_by_keyboard(
    page: Page, app: RunningApp, problems: PageProblems, path: str
) -> None:
    open_page(page, app, path)
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[path])
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlertContentError").count() == 0
    wait_for_scheme(page, "dark")
    assert overflowing(page) == []
    assert findings(page) == []

    page.set_viewport_size(DESK)
    wait_until_idle(page)
    assert findings(page) == []
    page.emulate_media(color_scheme="light")
    wait_for_scheme(page, "light")
    assert overflowing(page) == []
    assert findings(page) == []
    assert unreached(page) == []
    assert problems.all() == []


def focus(page: Page, selector: str) -> None:
    """Go on with Tab until something inside an element has the focus."""
    inside = f"document.activeElement.closest({selector!r}) !== null"
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(inside):
            return
    raise AssertionError(f"Tab never comes to {selector}.")


def test_filter_chart_table_and_file_are_used_by_keyboard_alone(
    page: Page, app: RunningApp
) -> None:
    open_page(page, app, "conviction_rates")
    opening = page.get_by_text("Romania has")
    expect(opening).to_contain_text("2018-2022: Romania has 0.44")
    focus(page, ".st-key-rate_year")
    page.keyboard.press("ArrowLeft")
    expect(opening).to_contain_text("2017-2021: Romania has")
    focus(page, ".stExpander")
    page.keyboard.press("Enter")
    expect(page.locator(".stDataFrame").first).to_be_visible()
    wait_until_idle(page)
    focus(page, '[class*="st-key-"][class*="_download"] .stDownloadButton')
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")


def test_on_paper_there_are_no_buttons_and_no_chart_is_cut(page: Page, app: RunningApp) -> None:
    open_page(page, app, "place_profile")
    page.emulate_media(media="print")
    for gone in ("header", ".stExpander", ".st-key-present_switch"):
        for part in page.locator(gone).all():
            expect(part).to_be_hidden()
    chart = page.locator(".stVegaLiteChart").first
    expect(chart).to_have_css("break-inside", "avoid")
    assert page.evaluate("getComputedStyle(document.querySelector('.stMain')).overflowY") == (
        "visible"
    )


def test_a_talk_has_one_chart_a_screen_and_page_down_shows_the_next(
    page: Page, app: RunningApp
) -> None:
    open_page(page, app, "place_profile?place=ROU&present=1")
    assert "present=1" in page.url
    expect(page.locator(".stSelectbox").first).to_be_hidden()
    charts = page.locator(".stVegaLiteChart")
    page.locator("h1").click()
    seen = []
    for _ in range(3):
        page.keyboard.press("PageDown")
        page.wait_for_timeout(900)
        seen.append([at for at in range(charts.count()) if in_view(charts.nth(at).bounding_box())])
    assert [len(shown) for shown in seen] == [1, 1, 1]
    assert seen[0] < seen[1] < seen[2]


def in_view(box: Any) -> bool:
    """Whether a whole chart stands on the screen."""
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 800
