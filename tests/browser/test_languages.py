"""A reader chooses a language: it stays, the address knows it, and the browser does too."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from gapatlas.languages import say, say_as, say_many, speaking
from gapatlas.ui.start import MENU
from tools.running_app import PageProblems, RunningApp, wait_until_idle

HOME, RATES = "Where laws against human trafficking go unenforced", "Conviction rates"


def choose_language(page: Page, name: str) -> None:
    """Take a language from the choice at the top of the page."""
    page.locator(".st-key-language_choice input").click()
    page.get_by_role("option", name=name).click()
    wait_until_idle(page)


def expect_spoken(page: Page, language: str, title: str) -> None:
    """The title, the address and the browser agree on the language."""
    with speaking(language):
        translated = say(title)
    assert translated != title
    expect(page.get_by_role("heading", level=1)).to_have_text(translated)
    expect(page).to_have_url(re.compile(rf"[?&]lang={language}\b"))
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_a_chosen_language_stays_on_the_next_page_and_leaves_the_choices_alone(
    page: Page, app: RunningApp, problems: PageProblems
) -> None:
    page.goto(f"{app.url}/?lang=fr")
    wait_until_idle(page)
    expect_spoken(page, "fr", HOME)

    choose_language(page, "Español")
    expect_spoken(page, "es", HOME)

    with speaking("es"):
        menu = say_as(MENU, RATES)
        three_years = say_many("{n} year", "{n} years", 3, n="3")
    page.get_by_role("link", name=menu, exact=True).click()
    wait_until_idle(page)
    expect_spoken(page, "es", RATES)

    page.get_by_text(three_years, exact=True).click()
    expect(page).to_have_url(re.compile("window=3"))
    choose_language(page, "Français")
    expect_spoken(page, "fr", RATES)
    expect(page).to_have_url(re.compile("window=3"))
    assert problems.all() == []
