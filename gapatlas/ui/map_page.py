"""The map page: choose a measure and years, see the map, ask about one place."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gapatlas.atlas import AtlasFrame
from gapatlas.charts import (
    FIGURES,
    SELECTION,
    app_chart,
    source_line,
    stage_chart,
)
from gapatlas.charts.words import counted_only, interval_text, value_text, years_text
from gapatlas.config.vocabulary import stage_label
from gapatlas.export import readable_stages, source_header, table_csv
from gapatlas.state import WINDOWS, Choices, MapState, from_query, normalised, to_query
from gapatlas.tables import only_row, rows
from gapatlas.ui.address import put_in_session, start_from_address, write_address, year_slider
from gapatlas.ui.app import Page
from gapatlas.ui.figures import (
    Step,
    Windows,
    map_choices,
    map_spec,
    place_names,
    place_series,
    reporters,
    windows,
)
from gapatlas.ui.panels import (
    chart_panel,
    frame_twin,
    map_frame,
    plain,
    source_choice,
    table_switch,
)

MAP_KEY = "map"
ADDRESS = "map_address"
MAP_SIGNS = (
    "Striped: counts printed as 'fewer than 5' leave a range that spans colours. Count only: "
    "counted, but there is nothing to divide by. Dashed outline: not reported, which is not zero. "
    "Colours mean the same in every year."
)
SERIES_SIGNS = (
    "Dot: value. Line: 95% interval. Dashed box: the range that counts printed as 'fewer than 5' "
    "allow. Triangle: lower end of an interval without upper limit. Grey band: no figure."
)


def map_controls(page: Page) -> MapState:
    """Measure, window and source: from the address first, then from the reader."""
    options = map_choices(page.atlas)
    _start_from_address(options)
    measures = page.atlas.config.measures
    able = [id_ for id_ in measures if options.spans.get(id_)]
    if not able:
        st.info("No source in this config counts what any of its measures needs.")
        st.stop()
    measure = st.selectbox(
        "What to show",
        able,
        format_func=lambda id_: measures[id_].title,
        key="measure",
    )
    _settle(options)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        st.segmented_control(
            "Years counted together",
            WINDOWS,
            format_func=lambda years: f"{years} year" if years == 1 else f"{years} years",
            key="window",
            required=True,
            help="Counts of several years are added up. More years make small numbers steadier, "
            "and change harder to see.",
        )
    with right:
        source_choice(page.atlas, options.sources(measure), key="source")
    _settle(options)
    st.caption(f"{measures[measure].definition} Unit: {measures[measure].unit}.")
    return _session_state()


@st.fragment
def show_map(page: Page, state: MapState) -> None:
    """The year, the map of its window, what its signs mean, its table, and one place in words.

    A fragment: a step of the slider runs and sends this part of the page alone.
    """
    state = _with_year(page, state)
    found = windows(page.atlas, state.measure, state.source, state.window)
    step = found.steps[state.year]
    st.subheader(step.title, anchor=False)
    _map_itself(page, state, found)
    st.caption(_counts(step))
    frame_twin(found.frame, step.shown, name=f"{state.measure}-{state.year}", key="map_table")
    if state.place is not None:
        st.markdown(_place_sentence(page, state, found))
        _agencies(page, state)


def show_place(page: Page, state: MapState) -> None:
    """What the figures rest on; then one place: its series, and the counts behind it."""
    found = windows(page.atlas, state.measure, state.source, state.window)
    signs = MAP_SIGNS if found.design is not None else ""
    st.caption(f"{source_line(found.frame)} {signs}")
    st.info(found.frame.measure.caution, icon=":material/info:")
    names = place_names(page.atlas)
    ids = sorted(map_choices(page.atlas).places[state.measure], key=names.__getitem__)
    st.subheader("One place", anchor=False)
    st.selectbox(
        "Place",
        ids,
        format_func=names.__getitem__,
        key="place",
        index=None,
        placeholder="Choose a place, or click the map",
    )
    if state.place is None:
        return
    series = found.of_place(state.place)
    if series.empty:
        st.write(f"{names[state.place]} is not part of this source. That says nothing of its laws.")
        return
    spec, title, words = place_series(
        page.atlas, state.measure, state.source, state.window, state.place, page.scheme
    )
    chart_panel(
        spec,
        title=title,
        source=f"{source_line(found.frame)} {SERIES_SIGNS}",
        alt=words,
        key="series",
    )
    frame_twin(found.frame, series, name=f"{state.measure}-{state.place}", key="place_table")
    _stages(page, state, names[state.place])


def _with_year(page: Page, state: MapState) -> MapState:
    """The state with the year of the slider, and the address that says so."""
    options = map_choices(page.atlas)
    first, last = options.years(state.measure, state.source, state.window)
    label = "Year" if state.window == 1 else "Last year of the window"
    year_slider(label, first, last, key="year")
    state = normalised(_session_state(), options)
    write_address(ADDRESS, to_query(state))
    return state


def _map_itself(page: Page, state: MapState, found: Windows) -> None:
    if found.design is None:
        st.info("This config has no shapes for these places: the table holds all figures.")
        return
    with st.container(key=map_frame(found.design.map_)):
        event = st.vega_lite_chart(
            {
                **map_spec(page.atlas, state, page.scheme),
                "datasets": {FIGURES: found.steps[state.year].payload},
            },
            width="stretch",
            height="stretch",
            key=MAP_KEY,
            on_select="rerun",
            selection_mode=SELECTION,
            alt=_map_in_words(found.frame),
        )
    _follow_click(event, state)


def _map_in_words(frame: AtlasFrame) -> str:
    """Alternative text that does not change with the year: a changed one makes the browser
    build the map anew at each step. What the year shows stands in the text below it."""
    return f"Map of {frame.measure.title}; the text and table below hold its figures"


def _follow_click(event: Any, state: MapState) -> None:
    """A click on the map chooses the place; the rest of the page then runs with it."""
    clicked = event.selection.get(SELECTION, [])
    place = clicked[0].get("id") if clicked else None
    if place != st.session_state.get("map_clicked"):
        st.session_state.map_clicked = place
        if place is not None and place != state.place:
            st.session_state.place_clicked = place
            st.rerun()


def _start_from_address(options: Choices) -> None:
    """Give the widgets the state of the address, once per visit of the page."""
    if "place_clicked" in st.session_state:
        st.session_state.place = st.session_state.pop("place_clicked")
    start_from_address(
        ADDRESS, "measure", lambda address: put_in_session(_widgets(from_query(address, options)))
    )


def _session_state() -> MapState:
    session = st.session_state
    return MapState(
        measure=session.measure,
        source=session.source,
        window=session.window,
        year=session.get("year", 0),
        place=session.get("place"),
    )


def _widgets(state: MapState) -> dict[str, Any]:
    """Widget key -> value."""
    return {name: getattr(state, name) for name in ("measure", "source", "window", "year", "place")}


def _settle(options: Choices) -> None:
    """Bring what the reader has chosen so far into what the data hold."""
    put_in_session(_widgets(normalised(_session_state(), options)))


def _counts(step: Step) -> str:
    """How many places have which kind of figure, and which the map can't draw."""
    kinds = {
        "exact": "with exact counts",
        "censored": "with a range",
        "not_reported": "not reported",
        "suppressed": "withheld",
        "counted_only": "counted with nothing to divide by",
    }
    counted = [
        f"{step.counts.get(kind, 0)} {words}"
        for kind, words in kinds.items()
        if kind in ("exact", "censored", "not_reported") or step.counts.get(kind, 0)
    ]
    places = "1 place" if len(step.shown) == 1 else f"{len(step.shown):,} places"
    text = f"{places}: {', '.join(counted)}."
    if step.undrawn:
        text += f" With figures but not on this map: {plain(step.undrawn)}."
    return text


def _place_sentence(page: Page, state: MapState, found: Windows) -> str:
    series = found.of_place(state.place or "")
    chosen = series[series["year_to"] == state.year]
    if chosen.empty:
        name = plain(place_names(page.atlas)[state.place or ""])
        return f"**{name}** is not part of this source. That says nothing of its laws."
    row = only_row(chosen)
    measure = found.frame.measure
    name, years = plain(row.name), years_text(row.year_from, row.year_to)
    if row.status == "suppressed":
        return f"**{name}**, {years}: the source withheld this figure. Withheld is not zero."
    if row.status == "not_reported":
        return f"**{name}**, {years}: no figure. {_why_missing(row)}"
    value = value_text(row, measure.decimals)
    interval = interval_text(row, measure.decimals)
    used = f"{row.years_used} of {state.window} years" if state.window > 1 else "1 year"
    return (
        f"**{name}**, {years}: **{value}** {plain(measure.unit)} "
        f"(95% interval {interval}; {used} reported)."
    )


def _why_missing(row: Any) -> str:
    if counted_only(row):
        return "The count is reported, but there is no population to divide it by."
    return "What this measure needs is not reported, which is not zero."


def _agencies(page: Page, state: MapState) -> None:
    """How many bodies stand behind a place's figures, where the source tells."""
    known = reporters(page.atlas, state.source)
    in_window = known["year"].between(state.year - state.window + 1, state.year)
    shown = known[(known["jurisdiction_id"] == state.place) & in_window]
    if shown.empty:
        return
    listed = ", ".join(f"{row.year}: {row.reporters}" for row in rows(shown))
    st.caption(
        f"{plain(shown['reporter'].iloc[0].capitalize())}, {listed}. A change in who reports can "
        "look like a change in crime."
    )


def _stages(page: Page, state: MapState, name: str) -> None:
    """Every count behind a place, stage by stage."""
    expander = st.expander(f"All counts that {name} reports", key="stages", on_change="rerun")
    if not expander.open or state.place is None:
        return
    stages = page.atlas.stages(state.place, state.source)
    with expander:
        for (stage, unit), counts in stages.groupby(["stage", "unit"], sort=False):
            label = stage_label(str(stage), str(unit))
            reported = int(counts["count_high"].notna().sum())
            chart_panel(
                app_chart(stage_chart(counts, page.scheme), page.scheme),
                title=f"{name}: {label[:1].lower()}{label[1:]}",
                source="",
                alt=f"{label} in {name}: reported in {reported} of {len(counts)} years.",
                key=f"stage_{stage}_{unit}",
            )
        source = page.atlas.source(state.source)
        st.caption(
            f"Source: {source.short} ({source.edition}). Counts as published. Dashed box: printed "
            "as a range. Grey band: not reported."
        )
        table = readable_stages(stages)
        header = source_header(f"Counts of {name}", source, page.atlas.snapshot.id)
        table_switch(
            lambda: table,
            lambda: table_csv(table, header),
            name=f"counts-{state.place}",
            key="stages_table",
        )
