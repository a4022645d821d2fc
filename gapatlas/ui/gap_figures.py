"""Figures of the page Enforcement gaps, computed once per snapshot and choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import pandas as pd
import streamlit as st

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.charts import Scheme, app_spec, as_arrow
from gapatlas.charts.gap_map import GapDesign, Quantity, gap_figures, gap_legend, gap_map
from gapatlas.charts.reporting_map import (
    ReportingDesign,
    agencies_design,
    agency_breaks,
    agency_figures,
    completeness_design,
    completeness_figures,
    reporting_map,
)
from gapatlas.charts.words import upper_first, years_text
from gapatlas.comparison.pictures import Picture
from gapatlas.config import Map
from gapatlas.gaps import (
    Gap,
    GapClusters,
    Reporting,
    Waterfall,
    find_clusters,
    reporting,
    waterfall,
)
from gapatlas.gaps.pictures import fit_picture, map_title, short_picture, waterfall_picture
from gapatlas.gaps.sentences import against, counted, opening, reporting_opening
from gapatlas.languages import language_now, say
from gapatlas.links import figures as shown
from gapatlas.links import offers
from gapatlas.links.figures import compared, years_of
from gapatlas.state import Choices, GapState, MapState
from gapatlas.ui.figures import KEPT, every_window, reporters, shapes_for_app

MANY_KEPT = 4 * KEPT


def gap_choices(atlas: Atlas) -> Choices:
    """What a reader of the page can choose from."""
    return _gap_choices(atlas.key, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _gap_choices(snapshot: str, _atlas: Atlas) -> Choices:
    return offers.gap_choices(_atlas)


# ------------------------------------------------------------------ the gap


def gap_of(atlas: Atlas, state: GapState) -> Gap:
    """The gap that a state asks for."""
    return _gap(atlas.key, compared(state), atlas)


@st.cache_resource(show_spinner=False, max_entries=MANY_KEPT)
def _gap(snapshot: str, state: GapState, _atlas: Atlas) -> Gap:
    return shown.gap_of(_atlas, state, partial(every_window, _atlas))


def clusters_of(atlas: Atlas, state: GapState) -> GapClusters | None:
    """Clusters of the gap that a state asks for; None where there are too few places."""
    return _clusters(atlas.key, compared(state), atlas)


@st.cache_resource(show_spinner=False, max_entries=MANY_KEPT)
def _clusters(snapshot: str, state: GapState, _atlas: Atlas) -> GapClusters | None:
    return find_clusters(_gap(snapshot, state, _atlas))


@dataclass(frozen=True)
class GapStep:
    """One window of the slider: all that a step shows, ready to be sent.

    Attributes:
        title: heading of the map.
        sentences: what the figures say of all places.
        payload: the map's figures as an Arrow table.
        undrawn: names of places with a gap that the map can't draw.
    """

    title: str
    sentences: tuple[str, str]
    payload: Any
    undrawn: tuple[str, ...]


def gap_step(atlas: Atlas, state: GapState) -> GapStep:
    """What the map of a gap shows of one window."""
    clusters = "clusters" in state.layers
    return _gap_step(atlas.key, compared(state), state.show, clusters, atlas)


@st.cache_resource(show_spinner=False, max_entries=MANY_KEPT)
def _gap_step(snapshot: str, state: GapState, show: str, clusters: bool, _atlas: Atlas) -> GapStep:
    gap, quantity = _gap(snapshot, state, _atlas), cast("Quantity", show)
    found = _clusters(snapshot, state, _atlas) if clusters else None
    undrawn = _atlas.without_shape(gap.measure.level)["jurisdiction_id"]
    known = gap.known
    return GapStep(
        title=map_title(gap, quantity),
        sentences=opening(gap),
        payload=as_arrow(gap_figures(gap.table, quantity, found.kinds if found else None)),
        undrawn=tuple(known.loc[known["jurisdiction_id"].isin(undrawn), "name"]),
    )


def gap_spec(atlas: Atlas, state: GapState, map_: Map, scheme: Scheme) -> dict[str, Any]:
    """The specification of the map of a gap, the same for every year."""
    of_any_year = compared(state)
    of_any_year = replace(of_any_year, figures=replace(of_any_year.figures, year=0))
    place = state.figures.place or ""
    return _gap_spec(atlas.key, of_any_year, state.show, place, map_, scheme, atlas)


@st.cache_resource(show_spinner=False, max_entries=MANY_KEPT)
def _gap_spec(
    snapshot: str,
    state: GapState,
    show: str,
    chosen: str,
    map_: Map,
    scheme: Scheme,
    _atlas: Atlas,
) -> dict[str, Any]:
    figures = state.figures
    design = GapDesign(
        map_=map_,
        quantity=cast("Quantity", show),
        observed=counted(_atlas.measure_named(figures.measure)),
        benchmark=against_words(_atlas, state),
        source_short=_atlas.source(figures.source).short,
        window=figures.window,
        scheme=scheme,
        chosen=chosen,
    )
    return app_spec(gap_map(design, shapes_for_app(_atlas, map_)), scheme)


def against_words(atlas: Atlas, state: GapState) -> str:
    """The benchmark of a state in words."""
    return against(state.benchmark, state.peers, atlas.config, one=True)


def legend_spec(show: str, scheme: Scheme) -> dict[str, Any]:
    """The key of a map of gaps."""
    return _legend_spec(language_now(), show, scheme)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _legend_spec(language: str, show: str, scheme: Scheme) -> dict[str, Any]:
    return gap_legend(cast("Quantity", show), scheme)


# ------------------------------------------------------------------ the rate


def rates_shown(atlas: Atlas, figures: MapState) -> AtlasFrame:
    """The rates of all places in one window."""
    return _rates_shown(atlas.key, replace(figures, place=None), atlas)


@st.cache_resource(show_spinner=False, max_entries=MANY_KEPT)
def _rates_shown(snapshot: str, figures: MapState, _atlas: Atlas) -> AtlasFrame:
    every = every_window(_atlas, figures.measure, figures.source, figures.window)
    return every.only(every.data[every.data["year_to"] == figures.year])


# ------------------------------------------------------------------ what is not known


@dataclass(frozen=True)
class ReportingStep:
    """One window of the map of what is not known.

    Attributes:
        title: heading of the map.
        sentences: what the figures say of all places.
        payload: the map's figures as an Arrow table.
        found: how complete each place is.
        agencies: mean number of reporting bodies per place, where the source tells.
    """

    title: str
    sentences: tuple[str, str]
    payload: Any
    found: Reporting
    agencies: pd.Series | None


def reporting_step(atlas: Atlas, state: GapState) -> ReportingStep:
    """What the map of reporting gaps shows of one window."""
    return _reporting_step(atlas.key, _figures_alone(state), atlas)


def _figures_alone(state: GapState) -> GapState:
    return GapState(figures=replace(state.figures, place=None), show="", benchmark="", peers="")


@st.cache_resource(show_spinner=False, max_entries=MANY_KEPT)
def _reporting_step(snapshot: str, state: GapState, _atlas: Atlas) -> ReportingStep:
    figures, years = state.figures, years_of(state.figures)
    found = shown.reporting_of(_atlas, figures)
    bodies = _bodies(_atlas, figures.source, years)
    if bodies.empty:
        title = say("How much of what is asked for is reported, {years}", years=years_text(*years))
        agencies, payload = None, completeness_figures(found.table)
    else:
        body = upper_first(reporters(_atlas, figures.source)["reporter"].iloc[0])
        title = say("{bodies}, {years}", bodies=body, years=years_text(*years))
        agencies = bodies.set_index("jurisdiction_id")["mean"]
        breaks = _agency_breaks(snapshot, figures.source, _atlas)
        payload = agency_figures(bodies, breaks)
    return ReportingStep(
        title=title,
        sentences=reporting_opening(found),
        payload=as_arrow(payload),
        found=found,
        agencies=agencies,
    )


def _bodies(atlas: Atlas, source: str, years: tuple[int, int]) -> pd.DataFrame:
    """Mean number of reporting bodies a year: jurisdiction_id, mean, years (with any)."""
    known = reporters(atlas, source)
    inside = known[known["year"].between(*years)]
    grouped = inside.groupby("jurisdiction_id")["reporters"]
    table = pd.DataFrame({"mean": grouped.mean(), "years": grouped.size()})
    return table.astype({"mean": "float64"}).reset_index()


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _agency_breaks(snapshot: str, source: str, _atlas: Atlas) -> tuple[float, ...]:
    return agency_breaks(reporters(_atlas, source)["reporters"])


def reporting_spec(atlas: Atlas, state: GapState, map_: Map, scheme: Scheme) -> dict[str, Any]:
    """The specification of the map of reporting gaps, the same for every year."""
    figures = replace(state.figures, year=0, place=None)
    alone = GapState(figures=figures, show="", benchmark="", peers="")
    return _reporting_spec(atlas.key, alone, state.figures.place or "", map_, scheme, atlas)


@st.cache_resource(show_spinner=False, max_entries=MANY_KEPT)
def _reporting_spec(
    snapshot: str, state: GapState, chosen: str, map_: Map, scheme: Scheme, _atlas: Atlas
) -> dict[str, Any]:
    design = _reporting_design(snapshot, state, chosen, map_, scheme, _atlas)
    return app_spec(reporting_map(design, shapes_for_app(_atlas, map_)), scheme)


def _reporting_design(
    snapshot: str, state: GapState, chosen: str, map_: Map, scheme: Scheme, atlas: Atlas
) -> ReportingDesign:
    figures = state.figures
    short = atlas.source(figures.source).short
    known = reporters(atlas, figures.source)
    if len(known):
        breaks = _agency_breaks(snapshot, figures.source, atlas)
        body = upper_first(str(known["reporter"].iloc[0]))
        return agencies_design(map_, breaks, body, short, scheme, chosen)
    every = atlas.years_of(figures.measure, figures.source)
    stages = reporting(atlas, figures.measure, figures.source, every).stages
    return completeness_design(map_, stages, short, scheme, chosen)


# ------------------------------------------------------------------ closer looks


def waterfall_of(atlas: Atlas, state: GapState, place: str) -> Waterfall:
    """The stages of one place in the window of a state."""
    years = years_of(state.figures)
    return _waterfall(atlas.key, place, state.figures.source, years, atlas)


@st.cache_resource(show_spinner=False, max_entries=MANY_KEPT)
def _waterfall(
    snapshot: str, place: str, source: str, years: tuple[int, int], _atlas: Atlas
) -> Waterfall:
    return waterfall(_atlas, place, source, years)


def picture(atlas: Atlas, state: GapState, scheme: Scheme) -> Picture | None:
    """The picture of the closer look `short` or `model`; None where there is nothing to show."""
    return _picture(atlas.key, compared(state), state.show, state.view, scheme, atlas)


@st.cache_resource(show_spinner=False, max_entries=MANY_KEPT)
def _picture(
    snapshot: str, state: GapState, show: str, view: str, scheme: Scheme, _atlas: Atlas
) -> Picture | None:
    gap = _gap(snapshot, state, _atlas)
    draw: dict[str, Callable[[], Picture | None]] = {
        "short": lambda: short_picture(gap, cast("Quantity", show), scheme),
        "model": lambda: fit_picture(gap, scheme),
    }
    return draw[view]()


def stages_picture(
    atlas: Atlas, state: GapState, place: str, scheme: Scheme, *, small: bool = False
) -> Picture:
    """The picture of the stages of one place."""
    figures = replace(state.figures, place=place)
    alone = GapState(figures=figures, show="", benchmark="", peers="")
    return _stages_picture(atlas.key, alone, scheme, small, atlas)


@st.cache_resource(show_spinner=False, max_entries=MANY_KEPT)
def _stages_picture(
    snapshot: str, state: GapState, scheme: Scheme, small: bool, _atlas: Atlas
) -> Picture:
    found = waterfall_of(_atlas, state, state.figures.place or "")
    return waterfall_picture(_atlas, found, scheme, small=small)
