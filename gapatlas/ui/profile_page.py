"""The page Place profile: one place, from its headline to the quality of its data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from gapatlas.charts import source_line
from gapatlas.charts.words import lower_first
from gapatlas.comparison import peer_labels
from gapatlas.comparison.tables import counts_table
from gapatlas.export import Download
from gapatlas.gaps import BENCHMARKS
from gapatlas.languages import in_alphabet, mark, said_once, say, say_many, say_of, whole
from gapatlas.links.pages import NO_PLACE
from gapatlas.measures import Source
from gapatlas.profile import Profile
from gapatlas.profile.pictures import BAR_SIGNS
from gapatlas.profile.quality import COMPLETENESS
from gapatlas.profile.tables import history_table, summary_table
from gapatlas.state import (
    ProfileChoices,
    ProfileState,
    normalised_profile,
    profile_from_query,
    profile_to_query,
)
from gapatlas.ui.address import put_in_session, start_from_address, write_address, year_slider
from gapatlas.ui.app import Page
from gapatlas.ui.brief_offer import offer_brief
from gapatlas.ui.figures import place_names
from gapatlas.ui.panels import (
    plain,
    show_table,
    source_choice,
    source_words,
    window_choice,
    year_label,
)
from gapatlas.ui.place_parts import (
    COLUMNS,
    show_answer,
    show_pictures,
    tables_file,
    tables_twin,
)
from gapatlas.ui.profile_figures import Shown, pictures, place_labels, profile_choices, profile_of
from gapatlas.ui.shelf import Closed, Drawn, shelf
from gapatlas.ui.shelf import part as page_part
from gapatlas.ui.telling import opening_slot, tell

ADDRESS: Final = "profile_address"
TABLES: Final = {
    "counts": mark("{place}: counts by year"),
    "agencies": mark("{place}: bodies that report, by year"),
    "outcomes": mark("{place}: outcomes of persons charged"),
    "gaps": mark("{place}: counted against expected"),
    "peers": mark("{place}: the place among its peers"),
    "trend": mark("{place}: the rate by year, with the limits of chance"),
    "sources": mark("{place}: counts source by source"),
    "policy": mark("{place}: policy by year"),
    "grants": mark("{place}: grants by year"),
    "reporting": mark("{place}: what is reported when"),
}
"""What the table and file of a part hold."""
PARTS_OF_STATE: Final = ("place", "source", "window", "year", "benchmark", "peers", "own")


def show_profile(page: Page) -> None:
    """The whole page, from the choice of a place to the quality of its data."""
    slot = opening_slot()
    options = profile_choices(page.atlas)
    if not options.place:
        st.info(say(NO_PLACE))
        return
    state = profile_controls(page, options)
    found = profile_of(page.atlas, state)
    tell(slot, found)
    show_headline(found)
    _offer_brief(page, state)
    show_over_time(page, state)
    show_gap_and_peers(page, state)
    show_sources(page, state)
    show_policy(page, state)
    show_grants(page, state)
    show_quality(page, state)


def profile_controls(page: Page, options: ProfileChoices) -> ProfileState:
    """Which place, against what, and over which years: from the address first, then from the
    reader."""
    start_from_address(
        ADDRESS,
        "profile_place",
        lambda address: put_in_session(_widgets(profile_from_query(address, options))),
    )
    labels = place_labels(page.atlas)
    st.selectbox(
        say("Place"),
        list(labels),
        format_func=labels.__getitem__,
        key="profile_place",
        help=say("Type the name of a place."),
    )
    place = st.session_state.profile_place
    if st.session_state.get("profile_source") not in options.sources(place):
        st.session_state.profile_year = 0  # another source: its last year, not that of the first
    _settle(options)
    if options.sources(place):
        with st.expander(say("Years, benchmark and peers"), icon=":material/tune:"):
            _when(page, options)
            _against(page, options)
    state = normalised_profile(_session_state(), options)
    write_address(ADDRESS, profile_to_query(state))
    return state


def _when(page: Page, options: ProfileChoices) -> None:
    """The source of the headline, the years that it counts together, and the last of them."""
    session = st.session_state
    place = session.profile_place
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    with right:
        source_choice(page.atlas, list(options.sources(place)), key="profile_source")
    _settle(options)
    windows = options.windows(place, session.profile_source)
    with left:
        if len(windows) > 1:
            window_choice(windows, key="profile_window")
    _settle(options)
    with middle:
        ends = options.years(place, session.profile_source, session.profile_window)
        year_slider(year_label(session.profile_window), *ends, key="profile_year")


def _against(page: Page, options: ProfileChoices) -> None:
    """What the place is measured against, and who its peers are."""
    session = st.session_state
    left, right = st.columns(2)
    left.selectbox(
        say("Measured against"),
        list(BENCHMARKS),
        format_func=say_of(BENCHMARKS),
        key="profile_benchmark",
        help=say("The gap is what this lets one expect, minus what is counted."),
    )
    right.selectbox(
        say("Peers"),
        options.peers,
        format_func=peer_labels(page.atlas.config).__getitem__,
        key="profile_peers",
    )
    if session.profile_peers == "own":
        names = place_names(page.atlas)
        others = options.members(session.profile_place) - {session.profile_place}
        st.multiselect(
            say("Places to compare with"),
            in_alphabet(others, names),
            format_func=names.__getitem__,
            key="profile_own",
        )


def show_headline(found: Profile) -> None:
    """Three questions and their answers, with the source, and what the measure cannot say."""
    st.subheader(found.name, anchor=False)
    for answer in found.headline:
        show_answer(answer)
    if found.window is not None and found.measure is not None:
        st.caption(plain(source_line(found.window)))
        st.info(plain(found.measure.mind), icon=":material/info:")
    if found.missing:
        st.warning(plain(" ".join(found.missing)), icon=":material/visibility_off:")


def _offer_brief(page: Page, state: ProfileState) -> None:
    offer_brief(
        page,
        [state.place],
        key="profile",
        year=state.year or None,
        window=state.window or 5,
        source=state.source or None,
        benchmark=state.benchmark,
        peers=state.peers,
        own=state.own,
    )


@page_part
def show_over_time(page: Page, state: ProfileState) -> None:
    """Every count of the place by year, source by source; how many bodies report; outcomes."""
    found = profile_of(page.atlas, state)
    st.subheader(say("What is counted, year by year"), anchor=False)
    outcomes = pictures(page.atlas, state, "outcomes", page.scheme)
    if not found.sources and found.outcomes.empty:
        st.markdown(
            say(
                "No source here counts anything of {name}. That is not zero.",
                name=plain(found.name),
            )
        )
        return
    for number, source_id in enumerate(found.sources):
        if number == 0:
            _counts_of(page, state, source_id, inside=False)
            continue
        label = say("The same from {source}", source=page.atlas.source(source_id).short)
        expander = st.expander(plain(label), key=f"profile_counts_{source_id}", on_change="rerun")
        if not expander.open:
            _keep_closed(
                f"profile_counts_{source_id}", partial(_counts_drawn, page, state, source_id)
            )
            continue
        with expander:
            _counts_of(page, state, source_id, inside=True)
    _outcomes(page, state, found, len(outcomes))


def _counts_of(page: Page, state: ProfileState, source_id: str, *, inside: bool) -> None:
    """The charts of one source, with who reports beside them, and their table."""
    source = page.atlas.source(source_id)
    shown = pictures(page.atlas, state, f"stages:{source_id}", page.scheme)
    agencies = pictures(page.atlas, state, f"agencies:{source_id}", page.scheme)
    charts = show_pictures(shown, key=f"profile_stage_{source_id}", columns=COLUMNS)
    if shown:
        st.caption(say(BAR_SIGNS))
    found = profile_of(page.atlas, state)
    if source_id in found.silent_stages:
        st.markdown(plain(found.silent_stages[source_id]))
    tables = [partial(_counts_table, found, source_id)]
    _twin(page, state, tables, [source], f"counts:{source_id}", charts, inside=inside)
    if agencies:
        charts = show_pictures(agencies, key=f"profile_agencies_{source_id}")
        asked = f"agencies:{source_id}"
        _twin(page, state, _tables(agencies), [source], asked, charts, inside=inside)


def _counts_table(found: Profile, source_id: str) -> pd.DataFrame:
    return counts_table(found.counts[found.counts["source_id"] == source_id])


def _counts_drawn(page: Page, state: ProfileState, source_id: str) -> Drawn:
    """The same charts, as files, for a panel that is closed."""
    source, found = page.atlas.source(source_id), profile_of(page.atlas, state)
    asked, bodies = f"counts:{source_id}", f"agencies:{source_id}"
    counted = pictures(page.atlas, state, f"stages:{source_id}", page.scheme)
    agencies = pictures(page.atlas, state, bodies, page.scheme)
    file = _file(page, state, [partial(_counts_table, found, source_id)], [source], asked)
    return [
        *_drawn(counted, file),
        *_drawn(agencies, _file(page, state, _tables(agencies), [source], bodies)),
    ]


def _outcomes(page: Page, state: ProfileState, found: Profile, drawn: int) -> None:
    """What became of persons charged, where a source follows them over a whole period."""
    if found.outcomes.empty:
        return
    shown = pictures(page.atlas, state, "outcomes", page.scheme)
    sources = [page.atlas.source(id_) for id_ in dict.fromkeys(found.outcomes["source_id"])]
    if not drawn:
        names = ", ".join(source.short for source in sources)
        st.markdown(
            say(
                "Every outcome in {sources} is withheld here. Withheld is not zero.",
                sources=plain(names),
            )
        )
        return
    charts = show_pictures(shown, key="profile_outcomes")
    _twin(page, state, _tables(shown), sources, "outcomes", charts)


@page_part
def show_gap_and_peers(page: Page, state: ProfileState) -> None:
    """The gap in every measure, the peers, and change over time: each computed when opened."""
    found = profile_of(page.atlas, state)
    if not found.measures() or found.main is None:
        return
    st.subheader(say("Gap and peers"), anchor=False)
    st.markdown(
        say(
            "A gap is what a benchmark lets one expect, minus what is counted. It is no verdict on "
            "a place: laws, ways of counting and the number of crimes differ as well."
        )
    )
    benchmark = lower_first(say(BENCHMARKS[state.benchmark]))
    for part, label in (
        ("gaps", say("Every measure against: {benchmark}", benchmark=benchmark)),
        ("peers", say("Among its peers")),
        ("trend", say("Year by year, against chance")),
    ):
        sources = partial(_gap_sources, page, found, part)
        expander = st.expander(label, key=f"profile_open_{part}", on_change="rerun")
        if not expander.open:
            drawn = partial(_part_drawn, page, state, part, part, sources)
            _keep_closed(f"profile_open_{part}", drawn)
            continue
        with expander:
            shown = pictures(page.atlas, state, part, page.scheme)
            if not shown:
                st.markdown(say("There is no figure to show here. Not reported is not zero."))
            charts = show_pictures(shown, key=f"profile_chart_{part}")
            if part == "trend" and found.comparison is not None:
                trend = found.comparison.trend
                st.markdown(f"**{plain(trend.short)}.** {plain(trend.text)}")
            _twin(page, state, _tables(shown), sources(), part, charts, inside=True)


def _gap_sources(page: Page, found: Profile, part: str) -> list[Source]:
    """The sources of every gap; of one measure, that of the headline."""
    if part != "gaps" and found.main is not None:
        return [page.atlas.source(found.main.source)]
    return [page.atlas.source(id_) for id_ in dict.fromkeys(found.gaps["source_id"])]


@page_part
def show_sources(page: Page, state: ProfileState) -> None:
    """Where sources say different things of the place."""
    found = profile_of(page.atlas, state)
    if not found.sources:
        return
    st.subheader(say("Sources and conflicts"), anchor=False)
    named = plain("; ".join(page.atlas.source(id_).short for id_ in found.sources))
    st.markdown(say("Sources that list it year by year: {sources}.", sources=named))
    if len(found.sources) == 1:
        st.markdown(say("No second source counts it by years, so none can say otherwise."))
        return
    sources = [page.atlas.source(id_) for id_ in found.sources]
    expander = st.expander(
        say("Where they differ"), key="profile_open_conflicts", on_change="rerun"
    )
    if not expander.open:
        drawn = partial(_part_drawn, page, state, "conflicts", "sources", lambda: sources)
        _keep_closed("profile_open_conflicts", drawn)
        return
    with expander:
        conflicts = found.conflicts
        if not conflicts.words:
            st.markdown(say("No two sources count the same stage in the same years."))
        st.markdown("\n".join(f"- {plain(text)}" for text in conflicts.words))
        shown = pictures(page.atlas, state, "conflicts", page.scheme)
        charts = show_pictures(shown, key="profile_conflict")
        _twin(page, state, _tables(shown), sources, "sources", charts, inside=True)


@page_part
def show_policy(page: Page, state: ProfileState) -> None:
    """What others say of the place's policy, year by year."""
    found = profile_of(page.atlas, state)
    if not found.history:
        return
    st.subheader(say("Policy over time"), anchor=False)
    known = [history for history in found.history if len(history.known)]
    if not known:
        st.markdown(_no_value([history.indicator.title for history in found.history]))
        return
    st.markdown(
        say(
            "Grades and scores by others. A better grade does not show that enforcement works, and "
            "a change of grade need not be its cause."
        )
    )
    shown = pictures(page.atlas, state, "history", page.scheme)
    charts = show_pictures(shown, key="profile_history", columns=COLUMNS)
    drawn = {each.picture.words for each in shown}
    for history in known:
        if history.text not in drawn:
            st.markdown(f"**{plain(history.indicator.title)}.** {plain(history.text)}")
    unknown = [each.indicator.title for each in found.history if each.known.empty]
    if unknown:
        st.markdown(_no_value(unknown))
    sources = list({each.source.source_id: each.source for each in known}.values())
    tables = [partial(history_table, each) for each in known]
    _twin(page, state, tables, sources, "policy", charts)


def _no_value(titles: Sequence[str]) -> str:
    """Which indicators have no value; silence about a place says nothing of it."""
    return say(
        "No value is known here of: {indicators}. That says neither good nor bad.",
        indicators=plain("; ".join(titles)),
    )


@page_part
def show_grants(page: Page, state: ProfileState) -> None:
    """Money that the place received; what is not known is not zero."""
    grants = profile_of(page.atlas, state).grants
    if grants is None:
        return
    st.subheader(say("Grants received"), anchor=False)
    st.markdown(f"{plain(grants.text)} {plain(grants.indicator.caution)}")
    shown = pictures(page.atlas, state, "grants", page.scheme)
    charts = show_pictures(shown, key="profile_grants")
    if not shown:
        st.caption(plain(source_words(grants.source)))
    _twin(page, state, _tables(shown), [grants.source], "grants", charts)


@page_part
def show_quality(page: Page, state: ProfileState) -> None:
    """How complete the sources are, what is a range, what the build found odd, and caveats."""
    found = profile_of(page.atlas, state)
    quality = found.quality
    st.subheader(say("Data quality"), anchor=False)
    if quality.cells.empty:
        st.markdown(say("No source here has a line for {name}.", name=plain(found.name)))
        return
    words, summary = _how_complete(found)
    st.markdown(words)
    show_table(
        summary,
        alt=say("Table: how complete each source is for {name}", name=found.name),
    )
    for notice in quality.notices:
        st.markdown(f"- {plain(notice)}")
    _grids(page, state, found)
    expander = st.expander(
        say("Caveats of these sources"), key="profile_open_caveats", on_change="rerun"
    )
    if expander.open:
        with expander:
            st.markdown(
                "\n".join(f"- **{plain(short)}.** {plain(text)}" for short, text in quality.caveats)
            )


@said_once
def _how_complete(found: Profile) -> tuple[str, pd.DataFrame]:
    """How complete the sources of a place are: in words, and source by source."""
    quality = found.quality
    words = f"{say(COMPLETENESS)} {_ranges_words(quality.ranges)}"
    return words, summary_table(quality.summary)


def _ranges_words(ranges: int) -> str:
    """How many counts of a place are printed as a range."""
    if not ranges:
        return say("No count is printed as a range.")
    return say_many(
        "{count} count is printed as a range.",
        "{count} counts are printed as a range.",
        ranges,
        count=whole(ranges),
    )


def _grids(page: Page, state: ProfileState, found: Profile) -> None:
    sources = [page.atlas.source(id_) for id_ in dict.fromkeys(found.quality.cells["source_id"])]
    expander = st.expander(say("What is reported when"), key="profile_open_grid", on_change="rerun")
    if not expander.open:
        drawn = partial(_part_drawn, page, state, "grid", "reporting", lambda: sources)
        _keep_closed("profile_open_grid", drawn)
        return
    with expander:
        shown = pictures(page.atlas, state, "grid", page.scheme)
        charts = show_pictures(shown, key="profile_grid_chart")
        _twin(page, state, _tables(shown), sources, "reporting", charts, inside=True)


def _twin(
    page: Page,
    state: ProfileState,
    tables: Sequence[Callable[[], pd.DataFrame]],
    sources: list[Source],
    part: str,
    charts: Sequence[str],
    *,
    inside: bool = False,
) -> None:
    """The table of a part; none where it has no figure."""
    if not tables:
        return
    tables_twin(
        page.atlas,
        tables,
        sources,
        title=_title(page, state, part),
        name=f"{state.place}-{part.replace(':', '-')}",
        key=f"profile_table_{part}",
        charts=charts,
        inside=inside,
    )


def _title(page: Page, state: ProfileState, part: str) -> str:
    return say(TABLES[part.partition(":")[0]], place=profile_of(page.atlas, state).name)


def _file(
    page: Page,
    state: ProfileState,
    tables: Sequence[Callable[[], pd.DataFrame]],
    sources: Sequence[Source],
    part: str,
) -> Callable[[], Download]:
    return tables_file(page.atlas, tables, sources, _title(page, state, part))


def _part_drawn(
    page: Page,
    state: ProfileState,
    asked: str,
    part: str,
    sources: Callable[[], Sequence[Source]],
) -> Drawn:
    """The charts of a closed panel, as files.

    Args:
        page, state: the page.
        asked: which pictures.
        part: what their table is called in `TABLES`.
        sources: gives the sources behind them.
    """
    shown = pictures(page.atlas, state, asked, page.scheme)
    return _drawn(shown, _file(page, state, _tables(shown), sources(), part))


def _drawn(shown: Sequence[Shown], file: Callable[[], Download]) -> Drawn:
    """Charts, with their one file behind the last of them."""
    last = len(shown) - 1
    return [(each.figure, file if number == last else None) for number, each in enumerate(shown)]


def _keep_closed(key: str, drawn: Callable[[], Drawn]) -> None:
    shelf().put(key, Closed(drawn))


def _tables(shown: Sequence[Shown]) -> list[Callable[[], pd.DataFrame]]:
    return [each.picture.table for each in shown]


def _widgets(state: ProfileState) -> dict[str, Any]:
    """Widget key -> value."""
    values = {f"profile_{name}": getattr(state, name) for name in PARTS_OF_STATE}
    return {**values, "profile_own": list(state.own)}


def _session_state() -> ProfileState:
    session = st.session_state
    return ProfileState(
        place=session.profile_place,
        source=session.get("profile_source", ""),
        window=session.get("profile_window", 0),
        year=session.get("profile_year", 0),
        benchmark=session.get("profile_benchmark", ""),
        peers=session.get("profile_peers", ""),
        own=tuple(session.get("profile_own", ())),
    )


def _settle(options: ProfileChoices) -> None:
    """Bring what the reader has chosen so far into what the data hold."""
    put_in_session(_widgets(normalised_profile(_session_state(), options)))
