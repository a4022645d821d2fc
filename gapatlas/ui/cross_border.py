"""The page Cross-border: who is a citizen of one place and counted in another."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from gapatlas.charts import SELECTION
from gapatlas.crossborder import Flows, Pair, limits_words, pair_of
from gapatlas.crossborder.pictures import header_of, pair_header_of
from gapatlas.crossborder.tables import (
    apart_table,
    cooperation_table,
    pair_table,
)
from gapatlas.crossborder.words import (
    communities_words,
    community_lines,
    cooperation_words,
    pair_words,
)
from gapatlas.export import Download, Figure
from gapatlas.languages import in_alphabet, say, say_of, whole
from gapatlas.links.labels import FLOW_VIEWS as VIEW_LABELS
from gapatlas.links.labels import flow_stage_words
from gapatlas.links.pages import NO_FLOWS
from gapatlas.state import (
    FLOW_VIEWS,
    THRESHOLDS,
    FlowChoices,
    FlowState,
    flow_from_query,
    flow_to_query,
    normalised_flow,
)
from gapatlas.ui.address import put_in_session, start_from_address, write_address, years_slider
from gapatlas.ui.app import Page
from gapatlas.ui.clicks import follow_click, take_click
from gapatlas.ui.figures import place_names
from gapatlas.ui.flow_figures import cooperation, enforcement, flow_choices, flow_spec, flows_of
from gapatlas.ui.panels import map_frame, plain, show_table, source_choice, source_words, table_twin
from gapatlas.ui.place_parts import profile_link
from gapatlas.ui.shelf import file_buttons, shelf
from gapatlas.ui.telling import opening_slot, tell

ADDRESS: Final = "flow_address"
FLOW_CHART: Final = "flow_chart"
"""Under this key the picture is kept for a download, whichever view is open."""
PARTS: Final = ("source", "stage", "at_least", "place", "other", "view")


def show_cross_border(page: Page) -> None:
    """The whole page, from what is seen to a pair of places."""
    options = flow_choices(page.atlas)
    if not options.spans:
        st.info(say(NO_FLOWS))
        return
    _start(options)
    state = normalised_flow(_session_state(), options)
    tell(opening_slot(), flows_of(page.atlas, state))
    _show_limits(flows_of(page.atlas, state))
    state = _controls(page, options)
    found = flows_of(page.atlas, state)
    _show_picture(page, state, found)
    _show_apart(found)
    _show_notes(found)
    _show_communities(found)
    _show_cooperation(page, state, found)
    _show_pair(page, state, options)


def _start(options: FlowChoices) -> None:
    take_click("flow_place")
    start_from_address(
        ADDRESS,
        "flow_view",
        lambda address: put_in_session(_widgets(flow_from_query(address, options))),
    )


def _controls(page: Page, options: FlowChoices) -> FlowState:
    """Who is counted, when, from how many on, and which place stands out."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        source_choice(page.atlas, list(options.spans), key="flow_source")
        _settle(options)
        _stage_choice(options)
    _settle(options)
    with right:
        years_slider(say("Years"), *_span(options), key="flow_years")
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.segmented_control(
        say("Show pairs of places with at least"),
        THRESHOLDS,
        format_func=whole,
        key="flow_at_least",
        required=True,
        help=say(
            "A pair is shown if at least so many people are counted for certain. Smaller pairs are "
            "added up in the text above and in the file."
        ),
    )
    right.selectbox(
        say("Place to highlight"),
        _by_name(page, options),
        format_func=place_names(page.atlas).__getitem__,
        key="flow_place",
        index=None,
        placeholder=say("Choose a place, or click the map"),
    )
    _settle(options)
    state = _session_state()
    write_address(ADDRESS, flow_to_query(state))
    return state


def _stage_choice(options: FlowChoices) -> None:
    """Whose citizenship; a line of text where the source has one stage."""
    stages = list(options.spans[st.session_state.flow_source])
    if len(stages) > 1:
        st.segmented_control(
            say("Whose citizenship"),
            stages,
            format_func=flow_stage_words,
            key="flow_stage",
            required=True,
        )
    else:
        st.caption(say("Whose citizenship: {who}", who=flow_stage_words(stages[0])))


def _show_limits(found: Flows) -> None:
    lines = [_led(point) for point in limits_words(found)]
    lead = f"**{say('What these data cannot show')}**"
    st.info("\n".join([lead, "", *lines]), icon=":material/info:")


def _led(text: str) -> str:
    """A line of a list whose words before the first colon stand out."""
    lead, colon, rest = plain(text).partition(": ")
    return f"- **{lead}{colon.strip()}** {rest}"


def _show_picture(page: Page, state: FlowState, found: Flows) -> None:
    st.segmented_control(
        say("View"),
        FLOW_VIEWS,
        format_func=say_of(VIEW_LABELS),
        key="flow_view",
        required=True,
        label_visibility="collapsed",
    )
    if found.edges.empty:
        st.info(
            say(
                "No pair of places has {number} or more in these years. Choose a lower number or "
                "more years.",
                number=whole(state.at_least),
            )
        )
        return
    shown = flow_spec(page.atlas, state, page.scheme)
    if shown is None:
        st.info(
            say(
                "This config has no shapes of countries: the matrix and the table hold all. To see "
                "a map, add a boundary file to the config, under `maps`."
            )
        )
        return
    picture, spec = shown
    st.markdown(f"**{plain(picture.title)}**")
    if state.view == "map":
        map_ = page.atlas.config.map_of_level("country")
        assert map_ is not None
        with st.container(key=map_frame(page.atlas, map_)):
            event = st.vega_lite_chart(
                spec,
                width="stretch",
                height="stretch",
                key="flow_map",
                on_select="rerun",
                selection_mode=SELECTION,
                alt=picture.alt,
            )
        follow_click(event, "flow_place", state.place)
    else:
        st.vega_lite_chart(spec, width="stretch", key="flow_matrix", alt=picture.alt)
    st.caption(plain(picture.source))
    shelf().put(FLOW_CHART, Figure(picture.title, picture.source, picture.alt, spec))
    if state.place is not None:
        profile_link(state.place, place_names(page.atlas)[state.place])
    _twin(picture.table, found, picture.title, "flows", "flow_table")


def _show_apart(found: Flows) -> None:
    """What has no line, place by place."""
    expander = st.expander(
        say("Counts without a line: own citizens, and labels that name no single place"),
        key="flow_apart",
        on_change="rerun",
    )
    if not expander.open:
        return
    with expander:
        table = apart_table(found)
        show_table(table, alt=say("Counts without a line, by place"))
        _download(table, found, say("Counts by citizenship without a line"), "without-a-line")


def _show_notes(found: Flows) -> None:
    """What is odd about the published figures, among it labels that may be wrong."""
    if found.source.caveats:
        with st.expander(say("Notes on these figures")):
            st.markdown("\n".join(f"- {plain(caveat)}" for caveat in found.source.caveats))


def _show_communities(found: Flows) -> None:
    st.subheader(say("Who is tied to whom"), anchor=False)
    st.markdown(plain(communities_words(found.communities, found)))
    lines = [_led(line) for line in community_lines(found.communities, found)]
    if lines:
        st.markdown("\n".join(lines))
        st.caption(plain(source_words(found.source)))


def _show_cooperation(page: Page, state: FlowState, found: Flows) -> None:
    """Pairs of which a side clearly falls short."""
    st.subheader(say("Where cooperation would pay most"), anchor=False)
    measures = enforcement(page.atlas, state)
    if state.stage != "detected":
        st.info(say("This is told of victims: choose victims detected above."))
        return
    if not measures or found.edges.empty:
        st.info(say("No pair is shown, or no measure of this source says what each side does."))
        return
    listed = cooperation(page.atlas, state)
    st.markdown(plain(cooperation_words(measures[0], found, len(listed))))
    st.caption(plain(measures[0].measure.mind))
    if listed.empty:
        return
    table = cooperation_table(listed, found)
    show_table(
        table,
        alt=say("Pairs of places of which a side falls short of the middle, most victims first"),
    )
    st.caption(plain(source_words(found.source)))
    first = measures[0]
    header = header_of(found, say("Where cooperation would pay most, {years}", years=_years(found)))
    judged = say(
        "Judged by: {measure}; middle of all places {middle}",
        measure=first.measure.title,
        middle=first.middle_words(),
    )
    header.insert(2, judged)
    file_buttons(
        lambda: Download.of(table, header),
        name=f"cooperation-{_years(found)}",
        key="flow_cooperation",
    )


def _show_pair(page: Page, state: FlowState, options: FlowChoices) -> None:
    """Two places: who is counted where, and what each does about it."""
    st.subheader(say("A pair of places"), anchor=False)
    names, found = place_names(page.atlas), flows_of(page.atlas, state)
    if state.place is None:
        st.caption(
            say(
                "The pair with the most people, as an example. To see another, choose a place to "
                "highlight above."
            )
        )
    else:
        st.selectbox(
            say("{place} and", place=names[state.place]),
            [id_ for id_ in _by_name(page, options) if id_ != state.place],
            format_func=names.__getitem__,
            key="flow_other",
            index=None,
            placeholder=say("Choose a second place"),
        )
    two = _two_places(state, found)
    if two is None:
        st.write(say("No place counts citizens of another in these years."))
        return
    _tell_pair(page, pair_of(found, *two, enforcement(page.atlas, state)))


def _two_places(state: FlowState, found: Flows) -> tuple[str, str] | None:
    """The pair that a reader has chosen, else the largest one of the place, or of all."""
    if state.place and state.other:
        return state.place, state.other
    return found.largest(state.place or "")


def _tell_pair(page: Page, pair: Pair) -> None:
    found, names = pair.flows, place_names(page.atlas)
    title = say(
        "{first} and {second}: what each side does",
        first=names[pair.first],
        second=names[pair.second],
    )
    st.markdown(f"**{plain(title)}, {_years(found)}**")
    st.markdown("\n".join(f"- {plain(words)}" for words in pair_words(pair)))
    with st.container(horizontal=True):
        for place in (pair.first, pair.second):
            profile_link(place, names[place])
    if not pair.enforcement:
        return
    table = pair_table(pair)
    show_table(table, alt=say("{title}, measure by measure", title=title))
    how = say(
        "Intervals: 95%. Counts of all years are added up; a year counts only where both counts "
        "are reported."
    )
    st.caption(f"{plain(source_words(found.source))} {how}")
    header = pair_header_of(pair, title)
    file_buttons(
        lambda: Download.of(table, header), name=f"{pair.first}-{pair.second}", key="flow_pair"
    )


def _twin(table: Any, found: Flows, title: str, name: str, key: str) -> None:
    table_twin(
        table,
        lambda: Download.of(table(), header_of(found, title)),
        name=f"{name}-{_years(found)}",
        key=key,
        charts=[FLOW_CHART],
    )


def _download(table: pd.DataFrame, found: Flows, title: str, name: str) -> None:
    header = header_of(found, f"{title}, {_years(found)}")
    file_buttons(
        lambda: Download.of(table, header), name=f"{name}-{_years(found)}", key=f"flow_{name}"
    )


def _years(found: Flows) -> str:
    return f"{found.years[0]}-{found.years[1]}"


def _by_name(page: Page, options: FlowChoices) -> list[str]:
    session = st.session_state
    known = options.places[session.flow_source][session.flow_stage]
    return in_alphabet(known, place_names(page.atlas))


def _span(options: FlowChoices) -> tuple[int, int]:
    return options.spans[st.session_state.flow_source][st.session_state.flow_stage]


def _widgets(state: FlowState) -> dict[str, Any]:
    """Widget key -> value."""
    parts = {f"flow_{name}": getattr(state, name) for name in PARTS}
    return {**parts, "flow_years": (state.year_from, state.year_to)}


def _session_state() -> FlowState:
    session = st.session_state
    first, last = session.get("flow_years", (0, 0))
    return FlowState(
        source=session.get("flow_source", ""),
        stage=session.get("flow_stage") or "",
        year_from=first,
        year_to=last,
        at_least=session.get("flow_at_least") or 0,
        place=session.get("flow_place"),
        other=session.get("flow_other"),
        view=session.get("flow_view") or "",
    )


def _settle(options: FlowChoices) -> None:
    """Bring what the reader has chosen so far into what the data hold."""
    put_in_session(_widgets(normalised_flow(_session_state(), options)))
