"""Figures of the page Cross-border, computed once per snapshot and choice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.charts import Scheme
from gapatlas.charts.flows import flow_map_template
from gapatlas.charts.template import Template
from gapatlas.comparison.pictures import Picture
from gapatlas.crossborder import (
    Enforcement,
    Flows,
    enforcement_measures,
    enforcement_of,
    find_flows,
    where_cooperation_pays,
)
from gapatlas.crossborder.pictures import flow_map_picture, matrix_picture
from gapatlas.crossborder.words import people_words
from gapatlas.links import offers
from gapatlas.state import FlowChoices, FlowState
from gapatlas.ui.figures import KEPT, every_window, shapes_for_app


def flow_choices(atlas: Atlas) -> FlowChoices:
    """What a reader of the page can choose from: every source and stage with a citizenship."""
    return _flow_choices(atlas.key, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _flow_choices(snapshot: str, _atlas: Atlas) -> FlowChoices:
    def printed(source: str, stage: str) -> pd.DataFrame:
        return _printed(snapshot, source, stage, _atlas)

    return offers.flow_choices(_atlas, printed)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _printed(snapshot: str, source: str, stage: str, _atlas: Atlas) -> pd.DataFrame:
    return _atlas.flows(source, stage)


def flows_of(atlas: Atlas, state: FlowState) -> Flows:
    """The flows that a state asks for."""
    return _flows(atlas.key, _counts_alone(state), atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _flows(snapshot: str, state: FlowState, _atlas: Atlas) -> Flows:
    years = (state.year_from, state.year_to)
    return _every_flow(snapshot, state.source, state.stage, years, _atlas).with_at_least(
        state.at_least
    )


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _every_flow(
    snapshot: str, source: str, stage: str, years: tuple[int, int], _atlas: Atlas
) -> Flows:
    printed = _printed(snapshot, source, stage, _atlas)
    return find_flows(_atlas, source, stage, years, printed=printed)


def enforcement(atlas: Atlas, state: FlowState) -> tuple[Enforcement, ...]:
    """The figures of both sides that a source can tell, over the years of a state."""
    years = (state.year_from, state.year_to)
    return _enforcement(atlas.key, state.source, years, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _enforcement(
    snapshot: str, source: str, years: tuple[int, int], _atlas: Atlas
) -> tuple[Enforcement, ...]:
    frames = partial(every_window, _atlas)
    return tuple(
        enforcement_of(_atlas, id_, source, years, frames)
        for id_ in enforcement_measures(_atlas, source)
    )


def cooperation(atlas: Atlas, state: FlowState) -> pd.DataFrame:
    """Pairs of which a side clearly falls short, by the first measure of both sides."""
    return _cooperation(atlas.key, _counts_alone(state), atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _cooperation(snapshot: str, state: FlowState, _atlas: Atlas) -> pd.DataFrame:
    first = enforcement(_atlas, state)[0]
    return where_cooperation_pays(_flows(snapshot, state, _atlas), first)


def flow_spec(atlas: Atlas, state: FlowState, scheme: Scheme) -> tuple[Picture, Any] | None:
    """The picture of a state and its specification with data; None where no pair is shown."""
    return _flow_spec(atlas.key, replace(state, other=None), scheme, atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _flow_spec(
    snapshot: str, state: FlowState, scheme: Scheme, _atlas: Atlas
) -> tuple[Picture, Any] | None:
    found = _flows(snapshot, _counts_alone(state), _atlas)
    chosen = state.place or ""
    if state.view == "matrix":
        picture = matrix_picture(found, chosen, scheme)
    else:
        template = _map_template(snapshot, people_words(found), scheme, _atlas)
        picture = flow_map_picture(found, template, chosen) if template else None
    return (picture, picture.spec()) if picture else None


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _map_template(snapshot: str, people: str, scheme: Scheme, _atlas: Atlas) -> Template | None:
    map_ = _atlas.config.map_of_level("country")
    if map_ is None:
        return None
    return flow_map_template(shapes_for_app(_atlas, map_), map_, people, scheme)


def _counts_alone(state: FlowState) -> FlowState:
    return replace(state, place=None, other=None, view="")
