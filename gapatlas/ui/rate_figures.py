"""Figures of the page Conviction rates, computed once per snapshot and choice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.charts import Scheme
from gapatlas.comparison import Comparison, compare
from gapatlas.comparison.pictures import Picture, outcomes_picture
from gapatlas.state import Choices, RateState
from gapatlas.ui.figures import KEPT, choices, every_window


def rate_choices(atlas: Atlas) -> Choices:
    """What a reader of the page can choose from: measures that are a conviction rate."""
    return _rate_choices(atlas.snapshot.id, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _rate_choices(snapshot: str, _atlas: Atlas) -> Choices:
    every = choices(_atlas)
    measures = _atlas.config.measures
    rates = [id_ for id_ in every.spans if measures[id_].rate and every.spans[id_]]
    spans = {id_: every.spans[id_] for id_ in rates}
    default = every.default
    if rates and default.measure not in rates:
        default = replace(default, measure=rates[0], source=next(iter(spans[rates[0]])))
    return Choices(spans=spans, places={id_: every.places[id_] for id_ in rates}, default=default)


def comparison(atlas: Atlas, state: RateState) -> Comparison:
    """The comparison that a state asks for."""
    return _comparison(atlas.snapshot.id, replace(state, other=None, view="", spread=""), atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _comparison(snapshot: str, state: RateState, _atlas: Atlas) -> Comparison:
    figures = state.figures
    return compare(
        _atlas,
        figures.measure,
        figures.place or "",
        year=figures.year,
        window=figures.window,
        source=figures.source,
        peers=state.peers,  # type: ignore[arg-type]
        own=state.own,
        frames=partial(every_window, _atlas),
    )


def outcomes(atlas: Atlas, source: str, scheme: Scheme) -> Picture | None:
    """The picture of outcomes of a source that follows persons."""
    return _outcomes(atlas.snapshot.id, source, scheme, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _outcomes(snapshot: str, source: str, scheme: Scheme, _atlas: Atlas) -> Picture | None:
    return outcomes_picture(_atlas, _atlas.source(source), scheme)
