"""The page Enforcement gaps: what to compare, with which benchmark, over which years."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from gapatlas.comparison import peer_labels
from gapatlas.gaps import BENCHMARKS
from gapatlas.gaps.gap import SHARES
from gapatlas.languages import in_alphabet, mark, say, say_of
from gapatlas.links.labels import SHOWN_WORDS
from gapatlas.links.pages import NO_MEASURE
from gapatlas.state import (
    SHOWN,
    WINDOWS,
    Choices,
    GapState,
    MapState,
    gap_from_query,
    normalised_gap,
)
from gapatlas.ui.address import put_in_session, start_from_address
from gapatlas.ui.app import Page
from gapatlas.ui.clicks import take_click
from gapatlas.ui.figures import place_names
from gapatlas.ui.gap_figures import gap_choices
from gapatlas.ui.panels import plain, source_choice, window_choice

ADDRESS: Final = "map_address"
BENCHMARK_HELP: Final = mark(
    "What a place could be expected to reach. **Middle** and **best quarter of its peers**: the "
    "rate of other places like it, this place left out. **Its own best five earlier years**: what "
    "it has done before. **A model**: what places with as many people, cases and victims, in the "
    "same region and with a like rule of law, count on average."
)


def gap_controls(page: Page) -> GapState:
    """What is compared, how, and with whom: from the address first, then from the reader."""
    options = gap_choices(page.atlas)
    _start_from_address(options)
    able = [id_ for id_ in page.atlas.config.measures if options.spans.get(id_)]
    if not able:
        st.info(say(NO_MEASURE))
        st.stop()
    measures = page.atlas.config.measures
    st.selectbox(
        say("What to look at"), able, format_func=lambda id_: measures[id_].title, key="measure"
    )
    _settle(options)
    _window_and_source(page, options)
    _settle(options)
    measure = measures[st.session_state.measure]
    unit = say("Unit: {unit}.", unit=plain(measure.unit))
    st.caption(f"{plain(measure.definition)} {unit}")
    _what_to_show(options)
    _settle(options)
    if st.session_state.show != "rate":
        _benchmark(page, options)
        _settle(options)
    _layers()
    return normalised_gap(session_state(), options)


def _window_and_source(page: Page, options: Choices) -> None:
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        window_choice(WINDOWS, key="window")
    with right:
        source_choice(page.atlas, options.sources(st.session_state.measure), key="source")


def _what_to_show(options: Choices) -> None:
    """How the gap is told, or the rate alone where the measure counts no enforcement."""
    if st.session_state.measure not in options.with_gap:
        st.session_state.show = "rate"
        return
    st.segmented_control(
        say("What the map shows"),
        SHOWN,
        format_func=say_of(SHOWN_WORDS),
        key="show",
        required=True,
        help=say(
            "A gap is what a benchmark lets one expect, less what is observed. It can be told as a "
            "share, as a number, or as the chance that there is one."
        ),
    )


def _benchmark(page: Page, options: Choices) -> None:
    left, right = st.columns(2)
    with left:
        st.selectbox(
            say("Compared with"),
            list(BENCHMARKS),
            format_func=say_of(BENCHMARKS),
            key="benchmark",
            help=say(BENCHMARK_HELP),
        )
    if st.session_state.benchmark not in SHARES:
        return
    with right:
        labels = peer_labels(page.atlas.config)
        st.selectbox(say("Peers"), options.peers, format_func=labels.__getitem__, key="peers")
    if st.session_state.peers == "own":
        names = place_names(page.atlas)
        ids = in_alphabet(options.places[st.session_state.measure], names)
        st.multiselect(say("Places to compare with"), ids, format_func=names.__getitem__, key="own")


def _layers() -> None:
    with st.container(horizontal=True):
        st.toggle(
            say("Show reporting gaps"),
            key="layer_reporting",
            help=say("The map then shows how much of what the source asks for each place reports."),
        )
        if st.session_state.show != "rate":
            st.toggle(
                say("Mark clusters of neighbours"),
                key="layer_clusters",
                help=say(
                    "Outlines places whose gap is so like that of their nearest neighbours that "
                    "chance hardly explains it."
                ),
            )


# ------------------------------------------------------------------ session and address


def _start_from_address(options: Choices) -> None:
    """Give the widgets the state of the address, once per visit of the page."""
    take_click("place")
    start_from_address(
        ADDRESS,
        "measure",
        lambda address: put_in_session(_widgets(gap_from_query(address, options))),
    )


def session_state() -> GapState:
    """The state that the widgets of the session have."""
    session = st.session_state
    layers = {"reporting": "layer_reporting", "clusters": "layer_clusters"}
    return GapState(
        figures=MapState(
            measure=session.measure,
            source=session.source,
            window=session.window,
            year=session.get("year", 0),
            place=session.get("place"),
        ),
        show=session.get("show") or "",
        benchmark=session.get("benchmark", ""),
        peers=session.get("peers", ""),
        own=tuple(session.get("own", ())),
        view=session.get("view") or "",
        beside=tuple(session.get("beside", ())),
        layers=tuple(layer for layer, key in layers.items() if session.get(key)),
    )


def _widgets(state: GapState) -> dict[str, Any]:
    """Widget key -> value."""
    figures = {
        name: getattr(state.figures, name)
        for name in ("measure", "source", "window", "year", "place")
    }
    return {
        **figures,
        "show": state.show,
        "benchmark": state.benchmark,
        "peers": state.peers,
        "own": list(state.own),
        "view": state.view or None,
        "beside": list(state.beside),
        "layer_reporting": "reporting" in state.layers,
        "layer_clusters": "clusters" in state.layers,
    }


def _settle(options: Choices) -> None:
    """Bring what the reader has chosen so far into what the data hold."""
    put_in_session(_widgets(normalised_gap(session_state(), options)))
