"""A page's widgets, its session and its address, kept in step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gapatlas.state import PRESENT_PART, shared_parts, view_of_query

CARRIED: Final = "carried_parts"
"""Session key of the parts of an address that are not of its view: snapshot and language."""
SHARED: Final = "shared_parts"
"""Session key of what the reader takes along to the next page."""
FOLLOWERS: Final = "address_followers"
"""Session key of the pieces outside a fragment that show what the address says."""


def view_address() -> dict[str, str]:
    """The parts of the address that are of the page's view."""
    return view_of_query(st.query_params.to_dict())


def is_presented() -> bool:
    """Whether the address asks for one chart a screen."""
    return bool(st.query_params.get(PRESENT_PART) == "1")


def start_from_address(name: str, widget: str, put: Callable[[Mapping[str, str]], None]) -> None:
    """Give the widgets the state of the address, once per visit of a page.

    A page that is opened from the menu has an empty address: it starts with what the reader
    chose on the last page, as far as it knows that.

    Args:
        name: session key under which the page keeps its address.
        widget: key of a widget that the session has while the page is open.
        put: brings the state of an address into the session.
    """
    address = view_address()
    if st.session_state.get(name) == address and widget in st.session_state:
        return
    put(address or st.session_state.get(SHARED, {}))
    st.session_state[name] = address


def write_address(name: str, wanted: dict[str, str]) -> None:
    """Show a state in the address bar."""
    session = st.session_state
    session[SHARED] = {**session.get(SHARED, {}), **shared_parts(wanted)}
    session[name] = wanted
    show_address(wanted)


def show_address(view: Mapping[str, str]) -> None:
    """Show the parts of a view in the address bar, and behind them those of every address."""
    presented = {PRESENT_PART: "1"} if is_presented() else {}
    query = {**view, **st.session_state.get(CARRIED, {}), **presented}
    if st.query_params.to_dict() == query:
        return
    st.query_params.from_dict(query)
    if st.session_state.get(FOLLOWERS) and _in_fragment():
        st.rerun()  # a fragment shows itself alone: the rest of the page has to follow


def follow_address(piece: str, *, follows: bool) -> None:
    """Say whether a piece of the page shows what the address says."""
    others = st.session_state.get(FOLLOWERS, frozenset()) - {piece}
    st.session_state[FOLLOWERS] = others | {piece} if follows else others


def app_base(name: str) -> str:
    """Where the app runs, such as `https://example.org/atlas`.

    Args:
        name: file name of the page that is open, without its ending.
    """
    return (st.context.url or "").rstrip("/").removesuffix(f"/{name}")


def _in_fragment() -> bool:
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


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
