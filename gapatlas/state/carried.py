"""What every address holds besides the view of its page: the snapshot, the language, a lock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gapatlas.languages import LANGUAGES
from gapatlas.state.parts import one_of, text_of

SNAPSHOT: Final = "snapshot"
LANGUAGE: Final = "lang"
LOCK: Final = "lock"
CARRIED: Final = (SNAPSHOT, LANGUAGE, LOCK)
"""Parts that are in the address of every page, behind those of its view."""
THEMES: Final = ("light", "dark")
THEME_PART: Final = "embed_options"
"""Streamlit reads the theme of an address from this part, and keeps the part to itself."""
EMBED_PART: Final = "embed"
PRESENT_PART: Final = "present"
"""The part of an address that says how a page is shown, not what: one chart a screen."""
SHARED: Final = ("measure", "source", "year", "window", "place", "peers", "own", "benchmark")
"""Parts of a view that a reader takes along to the next page."""
_DIGITS: Final = 8
_SNAPSHOT_ID: Final = re.compile(rf"[0-9a-f]{{{_DIGITS},16}}", re.ASCII)


@dataclass(frozen=True)
class Carried:
    """What an address says besides its view.

    Attributes:
        snapshot: first digits of the id of the snapshot that it was made with; empty where it
            names none.
        language: one of `LANGUAGES`.
    """

    snapshot: str = ""
    language: str = LANGUAGES[0]


def short_id(snapshot: str) -> str:
    """A snapshot's id as an address holds it: its first eight digits."""
    return snapshot[:_DIGITS]


def carried_from_query(query: Mapping[str, str]) -> Carried:
    """What an address says besides its view; what can't be read is as if it were not there."""
    snapshot = text_of(query, SNAPSHOT, "")
    return Carried(
        snapshot=short_id(snapshot) if _SNAPSHOT_ID.fullmatch(snapshot) else "",
        language=one_of(text_of(query, LANGUAGE, ""), LANGUAGES),
    )


def carried_to_query(carried: Carried) -> dict[str, str]:
    """The parts of an address that stand behind those of its view, in fixed order."""
    named = {SNAPSHOT: carried.snapshot} if carried.snapshot else {}
    return {**named, LANGUAGE: carried.language}


def view_of_query(query: Mapping[str, str]) -> dict[str, str]:
    """The parts of an address that are of its view."""
    apart = (*CARRIED, EMBED_PART, THEME_PART, PRESENT_PART)
    return {part: text for part, text in query.items() if part not in apart}


def shared_parts(view: Mapping[str, str]) -> dict[str, str]:
    """What a reader takes along from a view to the next page.

    Of a page without a window of years that is the place alone: its source is of another kind.
    """
    taken = SHARED if "window" in view else ("place",)
    return {part: view[part] for part in taken if part in view}


def theme_query(theme: str) -> dict[str, str]:
    """The part of an address that sets the theme; none for no theme."""
    return {THEME_PART: f"{theme}_theme"} if theme in THEMES else {}
