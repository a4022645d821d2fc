"""A click on a map chooses the place, although the picker of places stands above the map."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gapatlas.charts import SELECTION


def follow_click(event: Any, widget: str, chosen: str | None) -> None:
    """Keep a newly clicked place for the picker and let the page run again.

    Args:
        event: what the map's chart returned.
        widget: key of the picker of places.
        chosen: id of the place that is chosen already.
    """
    clicked = event.selection.get(SELECTION, [])
    place = clicked[0].get("id") if clicked else None
    if place == st.session_state.get(f"{widget}_seen"):
        return
    st.session_state[f"{widget}_seen"] = place
    if place is not None and place != chosen:
        st.session_state[f"{widget}_clicked"] = place
        st.rerun()


def take_click(widget: str) -> None:
    """Give the picker the place that was clicked, before the picker is made."""
    if f"{widget}_clicked" in st.session_state:
        st.session_state[widget] = st.session_state.pop(f"{widget}_clicked")
