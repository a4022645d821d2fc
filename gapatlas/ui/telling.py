"""The two sentences with which a page opens: they stand first, and are told last."""

from __future__ import annotations

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gapatlas.languages import language_now
from gapatlas.telling import Told, opening
from gapatlas.ui.panels import plain

KEPT: Final = "_opening_of_page"


def opening_slot() -> DeltaGenerator:
    """The place below the title; what stands there is known once the reader's choices are."""
    return st.empty()


def tell(slot: DeltaGenerator, shown: Told) -> None:
    """Say what the figures of the page say, for the choices of the reader."""
    open_with(slot, _sentences(shown))


def _sentences(shown: Told) -> tuple[str, str]:
    """The sentences of an object that pages keep: told once a language, and kept with it."""
    kept = vars(shown).setdefault(KEPT, {})
    if language_now() not in kept:
        kept[language_now()] = opening(shown).sentences
    sentences: tuple[str, str] = kept[language_now()]
    return sentences


def open_with(slot: DeltaGenerator, sentences: tuple[str, str]) -> None:
    """Two sentences, the first one bold."""
    first, second = (plain(sentence) for sentence in sentences)
    slot.markdown(f"**{first}** {second}")
