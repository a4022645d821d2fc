"""The page Conviction rates: choose a rate and a place, read five answers, look closer."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from gapatlas.charts.words import lower_first, years_text
from gapatlas.comparison import Comparison, peer_labels
from gapatlas.config import Measure, RateKind
from gapatlas.languages import in_alphabet, mark, say, whole
from gapatlas.links.pages import NO_RATE, NO_RATE_PLACE
from gapatlas.state import (
    WINDOWS,
    Choices,
    MapState,
    RateState,
    normalised_rate,
    rate_from_query,
    rate_to_query,
)
from gapatlas.ui.address import put_in_session, start_from_address, write_address, year_slider
from gapatlas.ui.app import Page
from gapatlas.ui.brief_offer import explain_brief, offer_brief
from gapatlas.ui.figures import place_names
from gapatlas.ui.panels import plain, source_choice, window_choice, year_label
from gapatlas.ui.rate_figures import comparison, rate_choices, told
from gapatlas.ui.rate_views import show_view
from gapatlas.ui.telling import opening_slot, tell

ADDRESS = "rate_address"
RATE_LABELS: Final[dict[RateKind, str]] = {
    "same_year": mark("Same-year ratio"),
    "lag_adjusted": mark("Lag-adjusted ratio"),
    "completed_trials": mark("Rate of completed trials"),
    "cohort": mark("Cohort rate"),
    "clearance": mark("Clearance rate"),
}


def rate_controls(page: Page, options: Choices) -> RateState:
    """Which rate, where, when and against whom: from the address first, then from the reader."""
    start_from_address(
        ADDRESS,
        "rate_measure",
        lambda address: put_in_session(_widgets(rate_from_query(address, options))),
    )
    measures = page.atlas.config.measures
    st.selectbox(
        say("Which rate"),
        list(options.spans),
        format_func=lambda id_: rate_label(measures[id_]),
        key="rate_measure",
    )
    _settle(options)
    measure = measures[st.session_state.rate_measure]
    what, unit = say("**What it is.**"), say("Unit: {unit}.", unit=plain(measure.unit))
    st.caption(f"{what} {plain(measure.definition)} {unit}")
    _where(page, options)
    _settle(options)
    _when(page, options)
    _settle(options)
    state = normalised_rate(_session_state(), options)
    write_address(ADDRESS, rate_to_query(state))
    return state


def rate_label(measure: Measure) -> str:
    """Name of a rate in the picker."""
    if measure.rate is None:
        return measure.title
    kind, title = say(RATE_LABELS[measure.rate]), lower_first(measure.title)
    return say("{kind}: {measure}", kind=kind, measure=title)


def _where(page: Page, options: Choices) -> None:
    """The place and its peers."""
    names = place_names(page.atlas)
    ids = in_alphabet(options.places[st.session_state.rate_measure], names)
    left, right = st.columns(2)
    left.selectbox(say("Place"), ids, format_func=names.__getitem__, key="rate_place")
    right.selectbox(
        say("Compared with"),
        options.peers,
        format_func=peer_labels(page.atlas.config).__getitem__,
        key="rate_peers",
    )
    if st.session_state.rate_peers == "own":
        others = [id_ for id_ in ids if id_ != st.session_state.rate_place]
        st.multiselect(
            say("Places to compare with"), others, format_func=names.__getitem__, key="rate_own"
        )


def _when(page: Page, options: Choices) -> None:
    """The years that are counted together, the last of them, and the source."""
    session = st.session_state
    first, last = options.spans[session.rate_measure][session.rate_source]
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    fitting = [window for window in WINDOWS if window <= last - first + 1]
    with left:
        _window_choice(page, fitting)
    _settle(options)
    with middle:
        ends = options.years(session.rate_measure, session.rate_source, session.rate_window)
        year_slider(year_label(session.rate_window), *ends, key="rate_year")
    with right:
        source_choice(page.atlas, options.sources(session.rate_measure), key="rate_source")


def _widgets(state: RateState) -> dict[str, Any]:
    """Widget key -> value."""
    figures = {
        f"rate_{name}": getattr(state.figures, name)
        for name in ("measure", "source", "window", "year", "place")
    }
    return {
        **figures,
        "rate_peers": state.peers,
        "rate_own": list(state.own),
        "rate_other": state.other,
        "rate_view": state.view,
        "rate_spread": state.spread,
    }


def _session_state() -> RateState:
    session = st.session_state
    return RateState(
        figures=MapState(
            measure=session.rate_measure,
            source=session.get("rate_source", ""),
            window=session.get("rate_window", 0),
            year=session.get("rate_year", 0),
            place=session.get("rate_place"),
        ),
        peers=session.get("rate_peers", ""),
        own=tuple(session.get("rate_own", ())),
        other=session.get("rate_other"),
        view=session.get("rate_view") or "",
        spread=session.get("rate_spread") or "",
    )


def _settle(options: Choices) -> None:
    """Bring what the reader has chosen so far into what the data hold."""
    put_in_session(_widgets(normalised_rate(_session_state(), options)))


def _window_choice(page: Page, fitting: list[int]) -> None:
    """How many years are counted together; a line of text where the source has one period."""
    period = page.atlas.config.periods().get(st.session_state.rate_source)
    if period is not None:
        st.session_state.rate_window = 1
        years = years_text(*period)
        st.caption(say("The source gives one figure for the whole of {years}.", years=years))
        return
    window_choice(fitting, key="rate_window")


def show_answers(page: Page, name: str, state: RateState) -> None:
    """The five questions, each with its answer in a few words and in a sentence."""
    st.subheader(say("{place}: five answers", place=name), anchor=False)
    for answer in told(page.atlas, state):
        with st.container(border=True):
            st.markdown(f"{plain(answer.question)} **{plain(answer.short)}**")
            st.caption(plain(answer.text))


def offer_more_years(found: Comparison, options: Choices, state: RateState) -> None:
    """Where the place's figure divides by fewer than 10, offer the next longer window."""
    if found.place not in found.small:
        return
    figures = state.figures
    first, last = options.spans[figures.measure][figures.source]
    longer = [w for w in WINDOWS if figures.window < w <= last - first + 1]
    if longer:
        st.button(
            say("Count {years} years together instead", years=whole(longer[0])),
            on_click=put_in_session,
            args=({"rate_window": longer[0]},),
            key="rate_longer",
        )


def _offer_brief(page: Page, state: RateState) -> None:
    """A brief of the place and those that the reader has set beside it."""
    figures = state.figures
    others = state.own if state.peers == "own" else (state.other,)
    places = [place for place in dict.fromkeys((figures.place, *others)) if place]
    if len(places) < 2:
        explain_brief(key="rate")
        return
    offer_brief(
        page,
        places,
        key="rate",
        measure=figures.measure,
        year=figures.year,
        window=figures.window,
        source=figures.source,
    )


def show_meaning(found: Comparison) -> None:
    """What a high value can mean, good and bad, and what the rate leaves out."""
    measure = found.measure
    if measure.higher_means is not None:
        good = say("Good: {meaning}", meaning=plain(measure.higher_means.good))
        bad = say("Bad: {meaning}", meaning=plain(measure.higher_means.bad))
        st.markdown(f"**{say('What a high value can mean')}**\n\n- {good}\n- {bad}")
    st.info(measure.mind, icon=":material/info:")


def show_rates(page: Page) -> None:
    """The whole page, from the choice of a rate to the closer look."""
    slot = opening_slot()
    options = rate_choices(page.atlas)
    if not options.spans:
        st.info(say(NO_RATE))
        return
    state = rate_controls(page, options)
    if state.figures.place is None:
        st.info(say(NO_RATE_PLACE))
        return
    found = comparison(page.atlas, state)
    tell(slot, found)
    show_answers(page, found.name, state)
    _offer_brief(page, state)
    offer_more_years(found, options, state)
    show_meaning(found)
    show_view(page, found, state)
