"""The map of the page Enforcement gaps: a gap, a rate, or what is not reported."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gapatlas.atlas import Atlas
from gapatlas.charts import FIGURES, SELECTION, source_line
from gapatlas.charts.words import (
    counted_only,
    interval_text,
    places_text,
    upper_first,
    value_text,
    years_text,
)
from gapatlas.config import Map
from gapatlas.export import Download, Figure, source_header
from gapatlas.gaps.sentences import CAUTION, cluster_words, place_words
from gapatlas.gaps.tables import cluster_table, gap_header, gap_table, reporting_table
from gapatlas.languages import in_alphabet, mark, say, whole
from gapatlas.links.figures import years_of
from gapatlas.state import GapState, MapState, gap_to_query, normalised_gap
from gapatlas.tables import only_row, rows
from gapatlas.ui.address import write_address, year_slider
from gapatlas.ui.app import Page
from gapatlas.ui.clicks import follow_click
from gapatlas.ui.figures import (
    Step,
    Windows,
    every_window,
    map_spec,
    place_names,
    reporters,
    windows,
)
from gapatlas.ui.gap_figures import (
    against_words,
    clusters_of,
    gap_choices,
    gap_of,
    gap_spec,
    gap_step,
    legend_spec,
    rates_shown,
    reporting_spec,
    reporting_step,
)
from gapatlas.ui.gap_page import ADDRESS, session_state
from gapatlas.ui.gap_views import show_view
from gapatlas.ui.panels import (
    frame_twin,
    map_frame,
    plain,
    source_words,
    table_twin,
    year_label,
)
from gapatlas.ui.place_parts import profile_link
from gapatlas.ui.shelf import part, shelf
from gapatlas.ui.telling import open_with, tell

MAP_KEY: Final = "map"
KEY_WIDTH: Final = 560
PLACES_KEPT: Final = 1024
"""Sentences on a chosen place in one window."""
RATE_SIGNS: Final = mark(
    "Striped: counts printed as 'fewer than 5' leave a range that spans colours. Count only: "
    "counted, but there is nothing to divide by. Dashed outline: not reported, which is not zero. "
    "Colours mean the same in every year."
)
GAP_SIGNS: Final = mark(
    "The less sure a figure is, the fainter and coarser its colour. Clear: the 95% interval spans "
    "at most two of the five classes. Unsure, striped: three. Open, grey: more. Dashed outline: "
    "not reported, which is not zero. Colours mean the same in every year."
)
PROBABILITY_SIGNS: Final = mark(
    "The chance holds what chance in the counts can explain. Where counts are printed as 'fewer "
    "than 5', it has a range: clear, striped and grey say how many classes that range spans. "
    "Dashed outline: not reported, which is not zero. Colours mean the same in every year."
)
CLUSTER_SIGNS: Final = mark(
    "Bold orange outline: falls short among neighbours that do. Bold dark outline: does better "
    "than expected among neighbours that do."
)


KINDS_COUNTED: Final = {
    "exact": mark("{count} with exact counts"),
    "censored": mark("{count} with a range"),
    "not_reported": mark("{count} not reported"),
    "suppressed": mark("{count} withheld"),
    "counted_only": mark("{count} counted with nothing to divide by"),
}
"""Kinds of figures, as the line below a map counts them; the first three also where none is."""
ALWAYS_COUNTED: Final = ("exact", "censored", "not_reported")


@part
def show_map(page: Page, slot: DeltaGenerator) -> None:
    """The year, the map with its key and table, one place, a closer look; and in the slot at the
    top of the page what the figures say.

    A fragment: a step of the slider runs and sends this part of the page alone.
    """
    state = _with_year(page)
    if "reporting" in state.layers:
        _show_reporting(page, state, slot)
    elif state.show == "rate":
        _show_rate(page, state, slot)
    else:
        _show_gap(page, state, slot)
    _link_to_profile(page, state)
    show_view(page, state)


def show_map_alone(page: Page, state: GapState) -> None:
    """The map with its title and source line, and nothing to choose."""
    if "reporting" in state.layers:
        _reporting_picture(page, state, clickable=False)
    elif state.show == "rate":
        _rate_picture(page, state, clickable=False)
        figures = state.figures
        _rate_signs(windows(page.atlas, figures.measure, figures.source, figures.window))
    else:
        _gap_picture(page, state, clickable=False)


def _with_year(page: Page) -> GapState:
    """The state with the year of the slider, and the address that says so."""
    options = gap_choices(page.atlas)
    figures = normalised_gap(session_state(), options).figures
    first, last = options.years(figures.measure, figures.source, figures.window)
    year_slider(year_label(figures.window), first, last, key="year")
    state = normalised_gap(session_state(), options)
    write_address(ADDRESS, gap_to_query(state))
    return state


# ------------------------------------------------------------------ the gap


def _show_gap(page: Page, state: GapState, slot: DeltaGenerator) -> None:
    gap, step = gap_of(page.atlas, state), gap_step(page.atlas, state)
    open_with(slot, step.sentences)
    _gap_picture(page, state)
    table_twin(
        lambda: gap_table(gap),
        lambda: Download.of(gap_table(gap), gap_header(gap)),
        name=f"gap-{state.figures.measure}-{state.figures.year}",
        key="map_table",
        charts=[MAP_KEY],
    )
    if state.figures.place is not None:
        name = place_names(page.atlas)[state.figures.place]
        told = place_words(gap, state.figures.place) or say(NOT_IN_SOURCE)
        st.markdown(say("**{place}:** {words}", place=plain(name), words=plain(told)))
        _show_agencies(page, state.figures)
    if "clusters" in state.layers:
        _show_clusters(page, state)
    st.info(f"{gap.measure.mind} {say(CAUTION)}", icon=":material/info:")


def _gap_picture(page: Page, state: GapState, *, clickable: bool = True) -> None:
    """The map of a gap with its title, key and source line."""
    step = gap_step(page.atlas, state)
    st.subheader(step.title, anchor=False)
    map_ = _map_of(page, state)
    if map_ is None:
        _no_map()
    else:
        spec = gap_spec(page.atlas, state, map_, page.scheme)
        frame = map_frame(page.atlas, map_, legend=False)
        figure = _figure(
            {**spec, "datasets": {FIGURES: step.payload}},
            step.title,
            _gap_signs(page, state),
            _of_any_year(step.title, state),
            legend_spec(state.show, page.scheme),
        )
        _map_itself(frame, figure, state, clickable=clickable)
        _show_key(page, state)
    if step.undrawn:
        undrawn = plain(", ".join(step.undrawn))
        st.caption(say("With a gap but not on this map: {names}.", names=undrawn))
    st.caption(plain(_gap_signs(page, state)))


def _show_key(page: Page, state: GapState) -> None:
    st.vega_lite_chart(
        legend_spec(state.show, page.scheme),
        width=KEY_WIDTH,
        key="map_legend",
        alt=say(
            "Key of the map: five colours for clear figures, from no gap to the widest; three "
            "striped ones for unsure figures; grey for open ones"
        ),
    )


def _gap_signs(page: Page, state: GapState) -> str:
    figures = state.figures
    frame = every_window(page.atlas, figures.measure, figures.source, figures.window)
    compared = say("Compared with {benchmark}.", benchmark=against_words(page.atlas, state))
    told = [source_line(frame), compared]
    if _map_of(page, state) is not None:
        told.append(say(PROBABILITY_SIGNS if state.show == "probability" else GAP_SIGNS))
        if "clusters" in state.layers:
            told.append(say(CLUSTER_SIGNS))
    return " ".join(told)


def _show_clusters(page: Page, state: GapState) -> None:
    found = clusters_of(page.atlas, state)
    st.markdown(f"**{say('Clusters of neighbours.')}** {plain(cluster_words(found))}")
    if found is None:
        return
    source = page.atlas.source(state.figures.source)
    title = say("Clusters of gaps among neighbours")
    header = source_header(title, source, page.atlas.snapshot.id)
    table_twin(
        lambda: cluster_table(found),
        lambda: Download.of(cluster_table(found), header),
        name=f"clusters-{state.figures.measure}-{state.figures.year}",
        key="cluster_table",
        charts=[],
    )


# ------------------------------------------------------------------ what is not reported


def _show_reporting(page: Page, state: GapState, slot: DeltaGenerator) -> None:
    step = reporting_step(page.atlas, state)
    open_with(slot, step.sentences)
    _reporting_picture(page, state)
    source = page.atlas.source(state.figures.source)
    header = source_header(step.title, source, page.atlas.snapshot.id)
    table_twin(
        lambda: reporting_table(step.found, step.agencies),
        lambda: Download.of(reporting_table(step.found, step.agencies), header),
        name=f"reporting-{state.figures.source}-{state.figures.year}",
        key="map_table",
        charts=[MAP_KEY],
    )


def _reporting_picture(page: Page, state: GapState, *, clickable: bool = True) -> None:
    """The map of what is reported with its title and source line."""
    step = reporting_step(page.atlas, state)
    source = page.atlas.source(state.figures.source)
    colours = say("The stronger the colour, the less is known.")
    more = (
        say(
            "Agencies that recorded no offence do not appear, so few agencies can mean little "
            "crime, little looking, or little reporting."
        )
        if step.agencies is not None
        else say(
            "One figure is asked for each stage and year. Completeness says how many are given, "
            "not whether they are right."
        )
    )
    signs = f"{source_words(source)} {colours} {more}"
    st.subheader(step.title, anchor=False)
    map_ = _map_of(page, state)
    if map_ is None:
        _no_map()
    else:
        spec = reporting_spec(page.atlas, state, map_, page.scheme)
        frame = map_frame(page.atlas, map_)
        shows = _of_any_year(step.title, state)
        spec = {**spec, "datasets": {FIGURES: step.payload}}
        _map_itself(frame, _figure(spec, step.title, signs, shows), state, clickable=clickable)
    st.caption(plain(signs))


# ------------------------------------------------------------------ the rate


def _show_rate(page: Page, state: GapState, slot: DeltaGenerator) -> None:
    figures = state.figures
    found = windows(page.atlas, figures.measure, figures.source, figures.window)
    shown = rates_shown(page.atlas, figures)
    tell(slot, shown)
    _rate_picture(page, state)
    frame_twin(
        shown,
        name=f"{figures.measure}-{figures.year}",
        key="map_table",
        chart=MAP_KEY,
    )
    if figures.place is not None:
        st.markdown(_place_sentence(page.atlas.key, figures, page.atlas))
        _show_agencies(page, figures)
    _rate_signs(found)
    st.info(found.frame.measure.mind, icon=":material/info:")


def _rate_picture(page: Page, state: GapState, *, clickable: bool = True) -> None:
    """The map of a rate with its title, and how many places have which kind of figure."""
    figures = state.figures
    found = windows(page.atlas, figures.measure, figures.source, figures.window)
    step = found.steps[figures.year]
    st.subheader(step.title, anchor=False)
    if found.design is None:
        _no_map()
    else:
        spec = map_spec(page.atlas, figures, page.scheme)
        frame = map_frame(page.atlas, found.design.map_)
        figure = _figure(
            {**spec, "datasets": {FIGURES: step.payload}},
            step.title,
            f"{source_line(found.frame)} {say(RATE_SIGNS)}",
            found.frame.measure.title,
        )
        _map_itself(frame, figure, state, clickable=clickable)
    st.caption(_counts(step))


def _rate_signs(found: Windows) -> None:
    """The source line of the map of a rate."""
    signs = say(RATE_SIGNS) if found.design is not None else ""
    st.caption(f"{source_line(found.frame)} {signs}")


def _counts(step: Step) -> str:
    """How many places have which kind of figure, and which the map can't draw."""
    counted = [
        say(words, count=whole(count))
        for kind, words in KINDS_COUNTED.items()
        if (count := step.counts.get(kind, 0)) or kind in ALWAYS_COUNTED
    ]
    places = places_text(len(step.shown))
    text = say("{places}: {counted}.", places=places, counted=", ".join(counted))
    if step.undrawn:
        more = say("With figures but not on this map: {names}.", names=plain(step.undrawn))
        text = f"{text} {more}"
    return text


def _show_agencies(page: Page, figures: MapState) -> None:
    """How many bodies stand behind a place's figures, where the source tells."""
    if told := _agencies(page.atlas.key, figures, page.atlas):
        st.caption(told)


@st.cache_resource(show_spinner=False, max_entries=PLACES_KEPT)
def _agencies(snapshot: str, figures: MapState, _atlas: Atlas) -> str:
    known = reporters(_atlas, figures.source)
    in_window = known["year"].between(figures.year - figures.window + 1, figures.year)
    shown = known[(known["jurisdiction_id"] == figures.place) & in_window]
    if shown.empty:
        return ""
    told = say(
        "{bodies}, {years}.",
        bodies=plain(upper_first(shown["reporter"].iloc[0])),
        years=", ".join(
            say("{year}: {number}", year=row.year, number=whole(row.reporters))
            for row in rows(shown)
        ),
    )
    doubt = say("A change in who reports can look like a change in crime.")
    return f"{told} {doubt}"


NOT_IN_SOURCE: Final = mark("It is not part of this source. That says nothing of its laws.")


@st.cache_resource(show_spinner=False, max_entries=PLACES_KEPT)
def _place_sentence(snapshot: str, figures: MapState, _atlas: Atlas) -> str:
    found = windows(_atlas, figures.measure, figures.source, figures.window)
    shown = found.steps[figures.year].shown
    chosen = shown[shown["jurisdiction_id"] == figures.place]
    if chosen.empty:
        name = plain(place_names(_atlas)[figures.place or ""])
        return say("**{place}:** {words}", place=name, words=say(NOT_IN_SOURCE))
    row = only_row(chosen)
    measure = found.frame.measure
    words = {
        "name": plain(row.name),
        "years": years_text(row.year_from, row.year_to),
        "value": value_text(row, measure.decimals),
        "unit": plain(measure.unit),
        "interval": interval_text(row, measure.decimals),
        "used": whole(row.years_used),
        "window": whole(figures.window),
    }
    if row.status == "suppressed":
        return say(
            "**{name}**, {years}: the source withheld this figure. Withheld is not zero.", **words
        )
    if row.status == "not_reported":
        return say("**{name}**, {years}: no figure.", **words) + f" {_why_missing(row)}"
    if figures.window == 1:
        return say(
            "**{name}**, {years}: **{value}** {unit} (95% interval {interval}; 1 year reported).",
            **words,
        )
    return say(
        "**{name}**, {years}: **{value}** {unit} (95% interval {interval}; {used} of {window} "
        "years reported).",
        **words,
    )


def _why_missing(row: Any) -> str:
    if counted_only(row):
        return say("The count is reported, but there is no population to divide it by.")
    return say("What this measure needs is not reported, which is not zero.")


# ------------------------------------------------------------------ any map


def _map_of(page: Page, state: GapState) -> Map | None:
    """The map on which the places of the chosen measure are drawn."""
    level = page.atlas.measure_named(state.figures.measure).level
    return page.atlas.config.map_of_level(level)


def _no_map() -> None:
    st.info(
        say(
            "This config has no shapes for these places: the table holds all figures. To see a "
            "map, add a boundary file to the config, under `maps`."
        )
    )


def _figure(
    spec: dict[str, Any], title: str, source: str, shows: str, key: dict[str, Any] | None = None
) -> Figure:
    """A map with its words.

    Its alternative text does not change with the year: a changed one makes the browser build the
    map anew at each step. What the year shows stands in the text around it.
    """
    alt = say(
        "Map of {shows}; the sentences at the top and the table below hold its figures",
        shows=shows,
    )
    return Figure(title, source, alt, spec, key)


def _of_any_year(title: str, state: GapState) -> str:
    """The heading of a map without its years."""
    return title.replace(f", {years_text(*years_of(state.figures))}", "")


def _map_itself(frame: str, figure: Figure, state: GapState, *, clickable: bool) -> None:
    """A map; its click chooses a place where it is clickable."""
    shelf().put(MAP_KEY, figure)
    with st.container(key=frame):
        event = st.vega_lite_chart(
            dict(figure.spec),
            width="stretch",
            height="stretch",
            key=MAP_KEY,
            on_select="rerun" if clickable else "ignore",
            selection_mode=SELECTION if clickable else None,
            alt=figure.alt,
        )
    if clickable:
        follow_click(event, "place", state.figures.place)


def _link_to_profile(page: Page, state: GapState) -> None:
    """The way from the map to all that is known of the chosen place, in the same years."""
    place = state.figures.place
    if place is None:
        return
    figures = state.figures
    profile_link(
        place,
        place_names(page.atlas)[place],
        year=str(figures.year),
        window=str(figures.window),
        benchmark=state.benchmark,
        peers=state.peers,
        own=".".join(state.own),
    )


def show_place_choice(page: Page) -> None:
    """A choice of the place, for those who do not click on the map."""
    options = gap_choices(page.atlas)
    names = place_names(page.atlas)
    ids = in_alphabet(options.places[st.session_state.measure], names)
    st.selectbox(
        say("Place"),
        ids,
        format_func=names.__getitem__,
        key="place",
        index=None,
        placeholder=say("Choose a place, or click the map"),
    )
