"""Figures that pages ask for again and again, computed once per snapshot."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from gapatlas import geography
from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.charts import (
    CELLS,
    MapDesign,
    Scheme,
    Shapes,
    app_spec,
    as_arrow,
    figures_table,
    heading,
    map_chart,
    map_classes,
    reporting_cells,
    reporting_chart,
    shapes_by_url,
)
from gapatlas.charts.words import counted_only, value_text
from gapatlas.comparison.comparing import every_window_of
from gapatlas.config import Map
from gapatlas.files import write_atomically
from gapatlas.links import offers
from gapatlas.state import Choices, MapState
from gapatlas.tables import rows
from gapatlas.topojson import minified

KEPT = 64


@dataclass(frozen=True)
class Step:
    """One window of the slider: all that a step shows, ready to be sent.

    Attributes:
        shown: rows of the frame.
        title: heading of the map.
        counts: how many figures are exact, a range, not reported, withheld, or counted only.
        undrawn: figures of places that the map can't draw; empty where there are none.
        payload: the map's figures as an Arrow table; None without a map.
    """

    shown: pd.DataFrame
    title: str
    counts: dict[str, int]
    undrawn: str
    payload: Any


@dataclass(frozen=True)
class Windows:
    """Every window of one measure, source and length, ready for a slider."""

    frame: AtlasFrame
    design: MapDesign | None
    steps: dict[int, Step]


def windows(atlas: Atlas, measure: str, source: str, window: int) -> Windows:
    """Every window of a measure; computed on first use, then kept."""
    return _windows(atlas.key, measure, source, window, atlas)


def every_window(atlas: Atlas, measure: str, source: str, window: int) -> AtlasFrame:
    """Every window of a measure as one frame; computed on first use, then kept."""
    return _every_window(atlas.key, measure, source, window, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _every_window(
    snapshot: str, measure: str, source: str, window: int, _atlas: Atlas
) -> AtlasFrame:
    return every_window_of(_atlas, measure, source, window)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _windows(snapshot: str, measure: str, source: str, window: int, _atlas: Atlas) -> Windows:
    frame = _every_window(snapshot, measure, source, window, _atlas)
    design = _design(_atlas, frame)
    undrawn = frozenset(_atlas.without_shape(frame.measure.level)["jurisdiction_id"])
    steps = {
        int(last): _step(frame, design, frame.data[frame.data["year_to"] == last], undrawn)
        for last in frame.data["year_to"].unique()
    }
    return Windows(frame=frame, design=design, steps=steps)


def _step(
    frame: AtlasFrame, design: MapDesign | None, shown: pd.DataFrame, undrawn: frozenset[str]
) -> Step:
    measure = frame.measure
    missing = shown[shown["jurisdiction_id"].isin(undrawn) & (shown["status"] != "not_reported")]
    named = [f"{row.name} {value_text(row, measure.decimals)}" for row in rows(missing)]
    alone = [counted_only(row) for row in rows(shown)]
    kinds = shown["status"].mask(pd.Series(alone, index=shown.index), "counted_only")
    payload = None
    if design is not None:
        payload = as_arrow(figures_table(shown, measure, design.classes))
    return Step(
        shown=shown,
        title=heading(frame, shown),
        counts={str(kind): int(n) for kind, n in kinds.value_counts().items()},
        undrawn="; ".join(named),
        payload=payload,
    )


def _design(atlas: Atlas, frame: AtlasFrame) -> MapDesign | None:
    map_ = atlas.config.map_of_level(frame.measure.level)
    if map_ is None:
        return None
    return MapDesign(
        measure=frame.measure,
        map_=map_,
        classes=map_classes(frame.data, frame.measure),
        source_short=atlas.source(frame.source_id).short,
        window=frame.window,
    )


def map_spec(atlas: Atlas, state: MapState, scheme: Scheme) -> dict[str, Any]:
    """The map's specification without its figures; the same for every year."""
    return _map_spec(
        atlas.key,
        state.measure,
        state.source,
        state.window,
        state.place or "",
        scheme,
        atlas,
    )


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _map_spec(
    snapshot: str,
    measure: str,
    source: str,
    window: int,
    chosen: str,
    scheme: Scheme,
    _atlas: Atlas,
) -> dict[str, Any]:
    design = _windows(snapshot, measure, source, window, _atlas).design
    assert design is not None
    design = replace(design, scheme=scheme, chosen=chosen)
    return app_spec(map_chart(design, shapes_for_app(_atlas, design.map_)), scheme)


def shapes_for_app(atlas: Atlas, map_: Map) -> Shapes:
    """Shapes that the server serves where it can; else they travel with the map."""
    topology, names = atlas.topology(map_), atlas.names_said()
    served = geography.APP_FOLDER / "static"
    path = (atlas.root / map_.shapes).resolve() if map_.shapes else None
    if path is None or not path.is_relative_to(served):
        path = _placed(topology, served)
    if path is None:
        # Not as a dataset: a page gives the specification those of each step, and no other.
        return shapes_by_url(map_, geography.address_of(topology), topology, names)
    return shapes_by_url(map_, geography.served_address(path), topology, names)


def _placed(topology: dict[str, Any], served: Path) -> Path | None:
    """Shapes as a file that the server serves, named by its content; None where the folder of
    such files can't be written."""
    text = minified(topology)
    path = served / "own" / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.topojson"
    try:
        if not path.exists():
            write_atomically(path, text)
    except OSError:
        return None
    return path


def choices(atlas: Atlas) -> Choices:
    """What a reader of this snapshot can choose from."""
    return _choices(atlas.key, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _choices(snapshot: str, _atlas: Atlas) -> Choices:
    return offers.every_choice(_atlas)


def place_names(atlas: Atlas) -> dict[str, str]:
    """Place id -> name."""
    return _place_names(atlas.key, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _place_names(snapshot: str, _atlas: Atlas) -> dict[str, str]:
    places = _atlas.jurisdictions()
    return dict(zip(places["jurisdiction_id"], places["name"], strict=True))


def reporting_spec(atlas: Atlas, dataset_id: str, scheme: Scheme) -> tuple[dict[str, Any], str]:
    """Heat map of a dataset's coverage, and its alternative text."""
    return _reporting_spec(atlas.key, dataset_id, scheme, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _reporting_spec(
    snapshot: str, dataset_id: str, scheme: Scheme, _atlas: Atlas
) -> tuple[dict[str, Any], str]:
    cells = _atlas.reporting(dataset_id)
    spec, words = reporting_chart(cells, scheme)
    return {**spec, "datasets": {CELLS: as_arrow(reporting_cells(cells))}}, words


def reporters(atlas: Atlas, source: str) -> pd.DataFrame:
    """How many bodies report behind a source's figures, place by year."""
    return _reporters(atlas.key, source, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _reporters(snapshot: str, source: str, _atlas: Atlas) -> pd.DataFrame:
    return _atlas.reporters(source)
