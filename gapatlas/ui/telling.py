"""The two sentences with which a page opens: they stand first, and are told last."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gapatlas.languages import said_once
from gapatlas.telling import Told, opening
from gapatlas.ui.panels import plain


def opening_slot() -> DeltaGenerator:
    """The place below the title; what stands there is known once the reader's choices are."""
    return st.empty()


def tell(slot: DeltaGenerator, shown: Told) -> None:
    """Say what the figures of the page say, for the choices of the reader."""
    open_with(slot, _sentences(shown))


@said_once
def _sentences(shown: Told) -> tuple[str, str]:
    return opening(shown).sentences


def open_with(slot: DeltaGenerator, sentences: tuple[str, str]) -> None:
    """Two sentences, the first one bold."""
    first, second = (plain(sentence) for sentence in sentences)
    slot.markdown(f"**{first}** {second}")
