"""Figures of the page Conviction rates, computed once per snapshot and choice."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.charts import Scheme
from gapatlas.charts.limits import control_template, funnel_template
from gapatlas.charts.peers import peers_template, ranks_template, shrunken_template
from gapatlas.charts.sources import counts_template, outcomes_template
from gapatlas.charts.template import Template
from gapatlas.comparison import Comparison, compare
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
    frame = every_window(_atlas, figures.measure, figures.source, figures.window)
    yearly = every_window(_atlas, figures.measure, figures.source, 1)
    return compare(
        _atlas,
        figures.measure,
        figures.place or "",
        year=figures.year,
        window=figures.window,
        source=figures.source,
        peers=state.peers,  # type: ignore[arg-type]
        own=state.own,
        windows=frame,
        yearly=yearly,
    )


def template(
    atlas: Atlas, kind: str, measure: str, scheme: Scheme, *, dense: bool = False, words: str = ""
) -> Template:
    """A chart of the page without its data, built once for each measure."""
    return _template(atlas.snapshot.id, kind, measure, scheme, dense, words, atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _template(
    snapshot: str,
    kind: str,
    measure_id: str,
    scheme: Scheme,
    dense: bool,
    words: str,
    _atlas: Atlas,
) -> Template:
    measure = _atlas.config.measures[measure_id]
    if kind == "peers":
        return peers_template(measure, scheme, dense=dense)
    if kind == "shrunken":
        return shrunken_template(measure, scheme, dense=dense)
    if kind == "ranks":
        return ranks_template(scheme, dense=dense)
    if kind == "funnel":
        return funnel_template(measure, words, scheme)
    if kind == "trend":
        return control_template(measure, scheme)
    if kind == "counts":
        return counts_template(scheme)
    if kind == "outcomes":
        return outcomes_template(scheme)
    raise ValueError(f"There is no chart '{kind}'.")
