"""A page's widgets, its session and its address, kept in step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from gapatlas.ui.shelf import shelf


def start_from_address(name: str, widget: str, put: Callable[[Mapping[str, str]], None]) -> None:
    """Give the widgets the state of the address, once per visit of a page.

    Args:
        name: session key under which the page keeps its address.
        widget: key of a widget that the session has while the page is open.
        put: brings the state of an address into the session.
    """
    address = dict(st.query_params.items())
    if st.session_state.get(name) == address and widget in st.session_state:
        return
    put(address)
    st.session_state[name] = address


def write_address(name: str, wanted: dict[str, str]) -> None:
    """Show a state in the address bar."""
    if dict(st.query_params.items()) != wanted:
        st.query_params.from_dict(wanted)
    st.session_state[name] = wanted
    shelf().query = wanted


def put_in_session(values: Mapping[str, Any]) -> None:
    """Give widgets their values; those that have them already are left alone."""
    for key, value in values.items():
        if st.session_state.get(key, "unset") != value:
            st.session_state[key] = value


def year_slider(label: str, first: int, last: int, key: str) -> None:
    """A slider of years that keeps its year where its ends change; none for a single year.

    Streamlit takes a slider with other ends for a new one.
    """
    if first >= last:
        return
    session = st.session_state
    if session.get(f"{key}_ends") != (first, last):
        session[f"{key}_ends"] = (first, last)
        session[key] = min(max(session.get(key, last), first), last)
    st.slider(label, first, last, key=key)


def years_slider(label: str, first: int, last: int, key: str) -> None:
    """A slider of a first and a last year, which keeps them where its ends change; none for a
    single year."""
    if first >= last:
        return
    session = st.session_state
    if session.get(f"{key}_ends") != (first, last):
        session[f"{key}_ends"] = (first, last)
        chosen = session.get(key, (first, last))
        session[key] = tuple(min(max(year, first), last) for year in chosen)
    st.slider(label, first, last, key=key)
