"""An advocate filters, copies the link, and a reader elsewhere sees the same chart and table."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tools.running_app import PageProblems, RunningApp, wait_until_idle


def what_is_seen(page: Page) -> tuple[str, str]:
    """The words in the chart, and the file of its table."""
    chart = page.locator(".stVegaLiteChart svg.marks").first
    page.get_by_text("Table and download").first.click()
    wait_until_idle(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="CSV", exact=True).first.click()
    return "; ".join(chart.locator("text").all_text_contents()), started.value.path().read_text(
        encoding="utf-8"
    )


def test_a_copied_link_shows_a_fresh_reader_the_same_chart_and_table(
    page: Page, app: RunningApp, browser: Browser, problems: PageProblems
) -> None:
    page.goto(f"{app.url}/conviction_rates")
    wait_until_idle(page)
    page.get_by_role("combobox", name="Place", exact=False).first.fill("Netherlands")
    page.keyboard.press("Enter")
    wait_until_idle(page)
    page.get_by_role("radio", name="3 years").click()
    wait_until_idle(page)
    page.get_by_text("Share this view").click()
    wait_until_idle(page)
    link = page.get_by_test_id("stCode").first.inner_text().replace("\n", "").strip()
    assert "place=NLD" in link
    assert "window=3" in link
    seen = what_is_seen(page)

    context = browser.new_context(color_scheme="dark", accept_downloads=True)
    fresh = context.new_page()
    fresh.goto(link)
    wait_until_idle(fresh)
    expect(fresh.get_by_text("Netherlands: five answers")).to_be_visible()
    assert what_is_seen(fresh) == seen
    background = fresh.evaluate(
        "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    )
    assert background == "rgb(255, 255, 255)", "the theme of the link wins"
    context.close()
    assert problems.all() == []
