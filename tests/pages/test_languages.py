"""Pages in a reader's language: the same figures, other words."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
import streamlit as st

from gapatlas.languages import LANGUAGES, say, speaking
from gapatlas.ui import language
from gapatlas.ui.language import kept_with_spinner
from gapatlas.ui.panels import _with_numbers_said
from tests.pages import reading

TITLES = {
    reading.OVERVIEW: "Where laws against human trafficking go unenforced",
    reading.GAPS: "Enforcement gaps",
    reading.PROFILE: "Place profile",
    reading.RATES: "Conviction rates",
    reading.FLOWS: "Cross-border",
    reading.EVIDENCE: "Evidence and defence",
    reading.TRAINING: "Training investment",
    reading.METHODS: "Data and methods",
    reading.MINE: "Your data",
}


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("page", TITLES)
def test_a_page_has_its_title_in_the_language_of_the_address(page: str, language: str) -> None:
    app = reading.visit(page, {"lang": language})

    assert [exception.value for exception in app.exception] == []
    with speaking(language):
        assert app.title[0].value == say(TITLES[page])
    assert app.title[0].value != TITLES[page]
    assert "{" not in reading.words(app)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("page", "query"),
    [
        (reading.OVERVIEW, {}),
        (reading.GAPS, {"show": "rate", "place": "ROU", "view": "silent"}),
    ],
)
def test_the_figures_are_the_same_in_every_language(page: str, query: dict[str, str]) -> None:
    told = {
        language: _figures(reading.words(reading.visit(page, {**query, "lang": language})))
        for language in LANGUAGES
    }
    assert len(told["en"]) > 20
    assert all(found == told["en"] for found in told.values())


def test_what_takes_time_is_kept_once_for_all_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    spinners: list[str | bool] = []
    made: list[str] = []
    keep = st.cache_resource

    def noted(**options: Any) -> Any:
        spinners.append(options["show_spinner"])
        return keep(**options)

    monkeypatch.setattr(st, "cache_resource", noted)

    @kept_with_spinner("Reading the data ...")
    def read(what: str) -> int:
        made.append(what)
        return len(made)

    assert read("a") == 1
    assert spinners == [False]  # nobody waits yet: the server starts
    monkeypatch.setattr(language, "get_script_run_ctx", lambda **_: "a reader's run")
    assert read("a") == 1
    with speaking("fr"):
        assert read("a") == 1
        assert spinners == [False, "Reading the data ...", say("Reading the data ...")]
    assert spinners[1] != spinners[2]
    assert made == ["a"]


def _figures(text: str) -> list[str]:
    """Digits of every number, sorted: a sentence has them in the order of its language."""
    together = re.sub(r"(?<=\d)[.,\u00a0\u202f](?=\d)", "", text)
    return sorted(re.findall(r"\d+", together))


def test_a_column_of_numbers_has_the_signs_of_the_language_and_keeps_its_numbers() -> None:
    table = pd.DataFrame({"Valeur": [1.25, None]})
    with speaking("fr"):
        shown = _with_numbers_said(table, {"Valeur": "%.2f"})
        written = shown.to_html()
    assert "1,25" in written
    assert "1.25" not in written
    pd.testing.assert_frame_equal(shown.data, table)
