"""The reader's language: from the address, else as chosen before, else as the browser asks."""

from __future__ import annotations

from typing import Final

import streamlit as st

from gapatlas.languages import ENGLISH, LANGUAGES, name_of_language, say, speak
from gapatlas.state import LANGUAGE
from gapatlas.ui.address import CARRIED

CHOSEN: Final = "language"
"""Session key of the language that the session has."""
WIDGET: Final = "language_choice"


def speak_to_reader() -> None:
    """Speak the language of the address, or the one that the session has, or the browser's."""
    asked = st.query_params.get(LANGUAGE, "")
    if asked in LANGUAGES:
        st.session_state[CHOSEN] = asked
    elif CHOSEN not in st.session_state:
        st.session_state[CHOSEN] = _of_browser()
    speak(st.session_state[CHOSEN])


def speak_as_before() -> None:
    """Speak the language that the session has: a fragment runs without its page."""
    speak(st.session_state.get(CHOSEN, ENGLISH))


def language_choice() -> None:
    """The choice of a language; the address knows it, so that it can be shared."""
    if len(LANGUAGES) < 2:
        return
    st.session_state[WIDGET] = st.session_state[CHOSEN]
    st.selectbox(
        say("Language"),
        LANGUAGES,
        format_func=name_of_language,
        key=WIDGET,
        on_change=_to_address,
        label_visibility="collapsed",
        width=130,
    )


def _to_address() -> None:
    language = st.session_state[WIDGET]
    st.session_state[CHOSEN] = language
    st.session_state[CARRIED] = {**st.session_state.get(CARRIED, {}), LANGUAGE: language}
    st.query_params[LANGUAGE] = language


def _of_browser() -> str:
    wanted = (st.context.locale or "").partition("-")[0].lower()
    return wanted if wanted in LANGUAGES else ENGLISH
