"""Figures of the page Conviction rates, computed once per snapshot and choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.charts import Scheme
from gapatlas.comparison import Answer, Comparison, answers
from gapatlas.comparison.pictures import (
    Picture,
    funnel_picture,
    outcomes_picture,
    peers_picture,
    ranks_picture,
    shrunken_picture,
    trend_picture,
    two_picture,
)
from gapatlas.links import offers
from gapatlas.links.figures import comparison_of
from gapatlas.state import Choices, RateState
from gapatlas.ui.figures import KEPT, every_window

DRAWN: Final[dict[str, Callable[[Comparison, Scheme], Picture | None]]] = {
    "peers": peers_picture,
    "shrunken": shrunken_picture,
    "ranks": ranks_picture,
    "trend": trend_picture,
}


def rate_choices(atlas: Atlas) -> Choices:
    """What a reader of the page can choose from: measures that are a conviction rate."""
    return _rate_choices(atlas.key, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _rate_choices(snapshot: str, _atlas: Atlas) -> Choices:
    return offers.rate_choices(_atlas)


def comparison(atlas: Atlas, state: RateState) -> Comparison:
    """The comparison that a state asks for."""
    return _comparison(atlas.key, _without_view(state), atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _comparison(snapshot: str, state: RateState, _atlas: Atlas) -> Comparison:
    return comparison_of(_atlas, state, partial(every_window, _atlas))


def told(atlas: Atlas, state: RateState) -> tuple[Answer, ...]:
    """The five answers of a state."""
    return _told(atlas.key, _without_view(state), atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _told(snapshot: str, state: RateState, _atlas: Atlas) -> tuple[Answer, ...]:
    return answers(_comparison(snapshot, state, _atlas))


def picture(atlas: Atlas, state: RateState, scheme: Scheme) -> Picture | None:
    """The picture of a state's view; None where nobody has a figure."""
    return _picture(atlas.key, state, scheme, atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _picture(snapshot: str, state: RateState, scheme: Scheme, _atlas: Atlas) -> Picture | None:
    found = _comparison(snapshot, _without_view(state), _atlas)
    if state.view == "funnel":
        return funnel_picture(found, state.spread, scheme)  # type: ignore[arg-type]
    if state.view == "two":
        return two_picture(found, state.other, scheme) if state.other else None
    return DRAWN[state.view](found, scheme)


def _without_view(state: RateState) -> RateState:
    return replace(state, other=None, view="", spread="")


def outcomes(atlas: Atlas, source: str, scheme: Scheme) -> Picture | None:
    """The picture of outcomes of a source that follows persons."""
    return _outcomes(atlas.key, source, scheme, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _outcomes(snapshot: str, source: str, scheme: Scheme, _atlas: Atlas) -> Picture | None:
    return outcomes_picture(_atlas, _atlas.source(source), scheme)
