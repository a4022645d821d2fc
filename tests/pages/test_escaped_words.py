"""No word of a page escapes the catalogues: in a language in which every said word stands in
brackets, nothing that is shown stands outside of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gapatlas import languages
from gapatlas.catalogue import read_catalogue
from gapatlas.config import load_config
from gapatlas.languages import saying
from gapatlas.state import carried
from gapatlas.ui import language as ui_language
from tests.pages import reading

PRETENDED = "eo"
"""A language of Unicode CLDR of which there is no catalogue."""
SAID = re.compile(r"⟦[^⟦⟧]*⟧")
FUNCTION_WORDS = re.compile(
    r"\b(a|an|and|are|as|at|be|been|between|but|by|can|did|do|each|for|from|had|has|have|how|if|in|"
    r"into|is|it|its|no|none|not|of|on|only|or|other|such|than|that|the|their|them|there|these|they|"
    r"this|to|was|were|what|when|where|which|who|whose|with|would|your)\b"
)
AS_PUBLISHED = re.compile(
    r"https?://\S+|`[^`]*`|\*\*|\bSYNTHETIC\b|\bGap Atlas\b|<[^>]+>|:material/\w+:|:\w+\[|"
    r"\]\([^)]*\)"
)
"""Addresses, code, marks: no words. SYNTHETIC is a brand that stays."""
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "overview": (reading.OVERVIEW, {}),
    "gaps": (reading.GAPS, {"place": "ROU"}),
    "rates": (reading.RATES, {"place": "ROU"}),
    "profile": (reading.PROFILE, {"place": "ROU"}),
    "cross_border": (reading.FLOWS, {"place": "ROU"}),
    "evidence": (reading.EVIDENCE, {}),
    "training": (reading.TRAINING, {}),
    "methods": (reading.METHODS, {}),
    "your_data": (reading.MINE, {}),
}


class Pretended:
    """Puts every message into brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def pgettext(self, _context: str, message: str) -> str:
        return self.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which every message stands in brackets."""
    allowed = (*languages.LANGUAGES, PRETENDED)
    for module in (saying, carried, ui_language):
        monkeypatch.setattr(module, "LANGUAGES", allowed)
    known = saying.translations
    monkeypatch.setattr(
        saying,
        "translations",
        lambda language: Pretended() if language == PRETENDED else known(language),
    )


@cache
def published() -> tuple[str, ...]:
    """What publishers call their data, the longest first: it stays as they wrote it."""
    catalogue = read_catalogue(load_config(reading.ROOT / "config.yaml"))
    descriptors = [version.descriptor for version in catalogue.datasets]
    fields = ("title", "publisher", "edition", "licence", "citation", "retrieved")
    texts = {getattr(descriptor, field) for descriptor in descriptors for field in fields}
    maps = catalogue.loaded.config.maps.values()
    texts |= {map_.attribution for map_ in maps if map_.attribution}
    return tuple(sorted(texts, key=len, reverse=True))


def outside(text: str) -> str:
    """What of a text no message holds, and no publisher wrote."""
    for words in published():
        text = text.replace(words, " ")
    before = None
    while before != text:
        before, text = text, SAID.sub(" ", text)
    return AS_PUBLISHED.sub(" ", text)


def is_english(text: str) -> bool:
    """Whether words of an English sentence are left."""
    return FUNCTION_WORDS.search(text) is not None


def shown(app: AppTest) -> Iterator[str]:
    """Every text of a page that a reader sees: words, labels, choices, helps, charts, tables."""
    yield reading.words(app)
    for kind in (*reading.KINDS, "button"):
        for widget in app.get(kind):
            proto = widget.proto
            yield from (getattr(proto, name, "") for name in ("label", "help", "placeholder"))
            yield from map(str, getattr(widget, "options", ()))
    for chart in reading.charts(app):
        yield chart.alt
        yield from _titles(chart.spec)


def _titles(spec: Any) -> Iterator[str]:
    """Titles of axes, legends and tooltips of a chart."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("title", "text", "subtitle") and isinstance(value, str):
                yield value
            elif key != "datasets":
                yield from _titles(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _titles(value)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.usefixtures("shipped", "pretended")
def test_every_word_of_a_page_is_said(name: str) -> None:
    page, query = PAGES[name]
    app = reading.visit(page, {**query, "lang": PRETENDED})
    assert [exception.value for exception in app.exception] == []
    texts = list(shown(app))
    assert any("⟦" in text for text in texts)
    left = {line.strip() for text in texts for line in outside(text).splitlines()}
    escaped = sorted(line for line in left if is_english(line))
    assert not escaped, "\n".join(escaped)
