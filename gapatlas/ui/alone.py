"""A view by itself, for a frame in another page or under a lock: its chart with title and source
line, and nothing to choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.comparison.pictures import Picture, source_pictures
from gapatlas.errors import GapAtlasError
from gapatlas.languages import mark, said, say
from gapatlas.links import (
    HOME,
    PAGES,
    LockError,
    address_of,
    check_lock,
    day_words,
)
from gapatlas.links.pages import WITHOUT_CHOICES
from gapatlas.state import (
    LOCK,
    EvidenceState,
    FlowState,
    InvestmentState,
    ProfileState,
    RateState,
    view_of_query,
)
from gapatlas.ui import evidence_figures, profile_figures
from gapatlas.ui.address import CARRIED, app_base
from gapatlas.ui.app import Page
from gapatlas.ui.evidence_page import SYNTHETIC_NOTE
from gapatlas.ui.figures import place_names
from gapatlas.ui.flow_figures import flow_spec
from gapatlas.ui.front import show_headline_alone
from gapatlas.ui.gap_map import show_map_alone
from gapatlas.ui.investment_figures import drawn
from gapatlas.ui.panels import chart_panel, map_frame, plain, show_picture
from gapatlas.ui.place_parts import COLUMNS, show_pictures
from gapatlas.ui.profile_figures import Shown
from gapatlas.ui.rate_figures import comparison, outcomes
from gapatlas.ui.rate_figures import picture as rate_picture

NOTHING: Final = mark("This view has no figure to draw. Not reported is not zero.")
NO_CHART: Final = mark("This page has no chart to show by itself.")
FRAME_STYLE: Final = """
<style>
  [data-testid="stMainBlockContainer"] { padding-top: 1rem; padding-bottom: 1rem; }
</style>
"""


def is_embedded() -> bool:
    """Whether the page stands in a frame of another page."""
    return bool(st.context.is_embedded)


def is_locked(name: str) -> bool:
    """Whether the address is locked, as it was made; stops with words where it was changed."""
    if LOCK not in st.query_params:
        return False
    linked = PAGES.get(name, WITHOUT_CHOICES)
    try:
        return check_lock(name, st.query_params.to_dict(), linked.parts)
    except LockError as error:
        st.error(plain(said(error.summary)), icon=":material/lock:")
        st.stop()


def show_alone(page: Page) -> None:
    """The chart that the address asks for."""
    st.html(FRAME_STYLE)
    if page.name not in ALONE:
        st.info(say(NO_CHART))
        return
    view = view_of_query(st.query_params.to_dict())
    linked = PAGES[page.name]
    try:
        choices = _choices(page.atlas.key, page.name, page.atlas)
    except GapAtlasError as error:
        st.info(said(error.summary))
        return
    state = linked.from_query(view, choices)
    ALONE[page.name](page, state)
    st.caption(where_from(page, linked.to_query(state)))


@st.cache_resource(show_spinner=False, max_entries=32)
def _choices(snapshot: str, name: str, _atlas: Atlas) -> Any:
    return PAGES[name].choices(_atlas)


def where_from(page: Page, view: Mapping[str, str]) -> str:
    """Which data these are, and the way to the whole page."""
    day = day_words(page.atlas.meta["built_at"])
    told = [say("Gap Atlas, data as of {day}.", day=day)]
    if page.atlas is page.earlier.atlas:
        told.append(say("The data have changed since."))
    if is_embedded():
        url = address_of(page.name, view, st.session_state[CARRIED], base=app_base(page.name))
        told.append(f"[{say('See this view with its filters')}]({url})")
    else:
        told.append(say("Whoever shared this view has locked its filters."))
    return " ".join(told)


# ------------------------------------------------------------------ page by page


def _rates_alone(page: Page, state: RateState) -> None:
    if state.figures.place is None:
        st.info(say(NOTHING))
        return
    for number, picture in enumerate(_rate_pictures(page, state)):
        show_picture(picture, key=f"rate_chart_{number}")


def _rate_pictures(page: Page, state: RateState) -> list[Picture]:
    if state.view == "sources":
        return list(source_pictures(comparison(page.atlas, state), page.scheme))
    if state.view == "outcomes":
        followed = page.atlas.sources_of_stage("outcome_unknown", "persons")[:1]
        found = [outcomes(page.atlas, source, page.scheme) for source in followed]
    else:
        found = [rate_picture(page.atlas, state, page.scheme)]
    return [picture for picture in found if picture is not None] or _none()


def _none() -> list[Picture]:
    st.info(say(NOTHING))
    return []


def _profile_alone(page: Page, state: ProfileState) -> None:
    """Every count of the place from its main source."""
    found = profile_figures.profile_of(page.atlas, state)
    name = plain(found.name)
    if not found.sources:
        st.info(say("No source here counts anything of {name}. That is not zero.", name=name))
        return
    st.markdown(f"**{say('{name}: what is counted, year by year', name=name)}**")
    shown = profile_figures.pictures(page.atlas, state, f"stages:{found.sources[0]}", page.scheme)
    show_pictures(shown, key="profile_stage", columns=COLUMNS)


def _flows_alone(page: Page, state: FlowState) -> None:
    shown = flow_spec(page.atlas, state, page.scheme)
    if shown is None:
        st.info(say(NOTHING))
        return
    picture, spec = shown
    map_ = page.atlas.config.map_of_level("country")
    if state.view != "map" or map_ is None:
        chart_panel(
            spec, title=picture.title, source=plain(picture.source), alt=picture.alt, key="flows"
        )
        return
    st.markdown(f"**{plain(picture.title)}**")
    with st.container(key=map_frame(page.atlas, map_)):
        st.vega_lite_chart(spec, width="stretch", height="stretch", key="flows", alt=picture.alt)
    st.caption(plain(picture.source))


def _evidence_alone(page: Page, state: EvidenceState) -> None:
    found = evidence_figures.evidence_of(page.atlas, state.dataset)
    if found.synthetic:
        st.warning(say(SYNTHETIC_NOTE), icon=":material/science:")
    if found.about.brand:
        st.error(f"**{plain(found.about.brand)}.**", icon=":material/gpp_bad:")
    if not found.has(state.view):
        st.info(plain(found.why_empty(state.view)))
        return
    for number, shown in enumerate(evidence_figures.pictures(page.atlas, state, page.scheme)):
        _show(shown, f"evidence_chart_{number}")


def _show(shown: Shown, key: str) -> None:
    picture = shown.picture
    chart_panel(
        shown.spec, title=picture.title, source=plain(picture.source), alt=picture.alt, key=key
    )


def _investment_alone(page: Page, state: InvestmentState) -> None:
    """What the investment would change, year by year."""
    if not state.scenario.budgets:
        st.info(say(NOTHING))
        return
    places = [plain(place_names(page.atlas)[place]) for place in state.scenario.places]
    st.markdown(f"**{say('Training investment in {places}', places=', '.join(places))}**")
    st.caption(say(NOT_MEASURED))
    for name in ("fan", "change"):
        picture = drawn(page.atlas, name, state, page.scheme)
        if picture is not None:
            show_picture(picture, key=f"invest_{name}")


NOT_MEASURED: Final = mark(
    "A calculation from beliefs: no study has measured what training changes. The whole page says "
    "which part of the answer is judgement."
)
ALONE: Final[Mapping[str, Callable[[Page, Any], None]]] = {
    HOME: show_headline_alone,
    "enforcement_gaps": show_map_alone,
    "place_profile": _profile_alone,
    "conviction_rates": _rates_alone,
    "cross_border": _flows_alone,
    "evidence_and_defence": _evidence_alone,
    "training_investment": _investment_alone,
}
"""File name of a page without its ending -> what shows its chart alone; pages without a chart
of their own are not in it."""
