"""What stands at the top of each page: the language, and the switch to one chart a screen."""

from __future__ import annotations

import streamlit as st

from gapatlas.languages import say
from gapatlas.state import PRESENT_PART
from gapatlas.ui.address import is_presented
from gapatlas.ui.language import language_choice

KEY = "present_mode"


def present_switch() -> bool:
    """Whether the page is presented; the address knows it, so that it can be shared."""
    presented = is_presented()
    st.session_state[KEY] = presented
    with st.container(key="present_switch", horizontal=True, vertical_alignment="center"):
        language_choice()
        st.toggle(
            say("Present"),
            key=KEY,
            on_change=_to_address,
            help=say(
                "One chart a screen, in large type. Page Down shows the next one, Page Up the "
                "last one."
            ),
        )
    return presented


def _to_address() -> None:
    if st.session_state[KEY]:
        st.query_params[PRESENT_PART] = "1"
    else:
        st.query_params.pop(PRESENT_PART, None)
