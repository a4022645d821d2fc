"""The reader's language: from the address, else as chosen before, else as the browser asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Final, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gapatlas.languages import (
    ENGLISH,
    LANGUAGES,
    language_now,
    name_of_language,
    say,
    speak,
    speaking,
)
from gapatlas.state import LANGUAGE
from gapatlas.ui.address import CARRIED

P = ParamSpec("P")
T = TypeVar("T")
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


def tell_browser() -> None:
    """Name the language to the browser, so that a page is read aloud and hyphenated rightly."""
    script = f"<script>document.documentElement.lang = '{language_now()}'</script>"
    st.html(script, unsafe_allow_javascript=True)


def kept_with_spinner(
    words: str, max_entries: int | None = None
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """As `st.cache_resource`, with a spinner that speaks the reader's language.

    Streamlit reads the words of a spinner once, before anybody's language is known. It keeps the
    results by function, so all languages share them.

    Args:
        words: what takes time, in English; `mark` has marked it.
        max_entries: how many results are kept; None: all.
    """

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        @cache
        def in_language(language: str | None) -> Callable[P, T]:
            with speaking(language or ENGLISH):
                spinner = say(words) if language else False
            return st.cache_resource(show_spinner=spinner, max_entries=max_entries)(function)

        @wraps(function)
        def kept(*args: P.args, **kwargs: P.kwargs) -> T:
            somebody_waits = get_script_run_ctx(suppress_warning=True) is not None
            return in_language(language_now() if somebody_waits else None)(*args, **kwargs)

        return kept

    return keep


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
