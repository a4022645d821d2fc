"""Which data a page shows: today's, or those of the link that brought the reader here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.languages import language_now, mark, say, say_of, whole
from gapatlas.links import (
    OF_PERSONS,
    Changes,
    Earlier,
    changes_between,
    day_words,
    earlier_of,
)
from gapatlas.state import (
    SNAPSHOT,
    Carried,
    carried_from_query,
    carried_to_query,
    short_id,
)
from gapatlas.tables import rows
from gapatlas.ui.address import CARRIED, follow_address, view_address
from gapatlas.ui.app import Page
from gapatlas.ui.language import kept_with_spinner
from gapatlas.ui.panels import plain, show_table

LINKED: Final = "linked_snapshot"
"""Session key: first digits of the snapshot of the link, where it is not today's."""
LINKED_PAGE: Final = "linked_page"
WRITTEN: Final = "written_snapshot"
"""Session key: the snapshot that the page itself put into the address."""
SHOWN: Final = "figures_of"
"""Session key: whether the reader of an older link sees the figures then or now."""
CHOICE: Final = "figures_of_choice"
"""Key of the widget: Streamlit forgets it with each move to another page."""
THEN, NOW = "then", "now"
FIGURES_OF: Final = {THEN: mark("Figures as they were"), NOW: mark("Today's figures")}
KEPT_OPEN: Final = 4
"""Earlier snapshots that a server keeps open."""
NAMED: Final = 3
"""Changes that the banner names; the table holds all."""


def chosen_atlas(name: str, today: Atlas) -> tuple[Atlas, Earlier]:
    """The atlas of a page, and how the snapshot of the reader's link stands to today's.

    A link to an earlier snapshot shows the figures as they were until the reader asks for
    today's. A session that follows no such link moves on with the data of the server.
    """
    session = st.session_state
    asked = carried_from_query(st.query_params.to_dict())
    if asked.snapshot and asked.snapshot != session.get(WRITTEN):
        session[LINKED] = "" if today.snapshot.id.startswith(asked.snapshot) else asked.snapshot
        session[LINKED_PAGE], session[SHOWN] = name, THEN
    earlier = _earlier_of_session(name, today)
    shows_then = earlier.atlas is not None and session.get(SHOWN) == THEN
    atlas = earlier.atlas if shows_then and earlier.atlas else today
    session[WRITTEN] = short_id(atlas.snapshot.id)
    session[CARRIED] = carried_to_query(Carried(session[WRITTEN], language_now()))
    return atlas, earlier


def _earlier_of_session(name: str, today: Atlas) -> Earlier:
    session = st.session_state
    linked = session.get(LINKED, "")
    if not linked or today.snapshot.id.startswith(linked):
        return Earlier("today", linked)
    if name == OF_PERSONS:
        return Earlier("persons", linked)
    found = _opened(today.key, linked, today)
    if found.standing != "kept" and name != session.get(LINKED_PAGE):
        session[LINKED] = ""  # said once, on the page of the link
        return Earlier("today", "")
    return found


@st.cache_resource(show_spinner=False, max_entries=KEPT_OPEN)
def _opened(snapshot: str, linked: str, _today: Atlas) -> Earlier:
    return earlier_of("", {SNAPSHOT: linked}, _today)


@kept_with_spinner(mark("Comparing with the earlier data ..."), max_entries=64)
def _changes(
    snapshot: str,
    linked: str,
    name: str,
    query: tuple[tuple[str, str], ...],
    _earlier: Earlier,
    _today: Atlas,
) -> Changes:
    return changes_between(name, dict(query), _earlier, _today)


def _changes_of(name: str, view: Mapping[str, str], earlier: Earlier, today: Atlas) -> Changes:
    """What changed in a view since its link was made; computed once."""
    query = tuple(view.items())
    return _changes(today.key, earlier.id, name, query, earlier, today)


def show_banner(page: Page) -> None:
    """What has changed in the view since its link was made, and the choice of its figures."""
    follow_address("banner", follows=page.earlier.standing == "kept")
    if page.earlier.standing == "today":
        return
    found = _changes_of(page.name, view_address(), page.earlier, page.today)
    with page.top, st.container(border=True):
        if found.standing != "kept":
            st.markdown(found.words)
            return
        _say_what_changed(found)
        _choose_figures(found)
        _show_changes(found)


def _say_what_changed(found: Changes) -> None:
    as_they_were = st.session_state.get(SHOWN) == THEN
    day = day_words(found.made)
    lead = (
        say("These are the figures of {day}.", day=day)
        if as_they_were
        else say("These are today's figures.")
    )
    named = [
        f"- {plain(row.What)}, {plain(row.Figure)}: {plain(row.Then)} \N{RIGHTWARDS ARROW} "
        f"{plain(row.Now)}"
        for row in rows(found.table.head(NAMED))
    ]
    left = len(found.table) - len(named)
    if left > 0:
        named.append("- " + say("And {number} more, in the table below.", number=whole(left)))
    st.markdown("\n".join([f":material/history: **{lead}** {found.words}", "", *named]))


def _choose_figures(found: Changes) -> None:
    st.session_state[CHOICE] = st.session_state[SHOWN]
    st.segmented_control(
        say("Show"),
        list(FIGURES_OF),
        format_func=say_of(FIGURES_OF),
        key=CHOICE,
        required=True,
        on_change=_take_choice,
    )


def _take_choice() -> None:
    st.session_state[SHOWN] = st.session_state[CHOICE]


def _show_changes(found: Changes) -> None:
    if len(found.table) <= NAMED:
        return
    label = say("All {number} changes in this view", number=whole(len(found.table)))
    expander = st.expander(label, key="changes_table", on_change="rerun")
    if expander.open:
        with expander:
            show_table(
                found.table,
                alt=say("What changed in this view since its link was made: then and now"),
            )
            st.caption(
                say("Then: snapshot {then}. Now: snapshot {now}.", then=found.then, now=found.now)
            )
