"""Below every page: copy its link, cite its view, put its chart into another page."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.citations import CitationStyle, CitedView, cite_view
from gapatlas.errors import GapAtlasError
from gapatlas.languages import mark, said, say
from gapatlas.links import PAGES, Telling, address_of, can_lock, telling_of
from gapatlas.state import short_id
from gapatlas.ui.address import CARRIED, app_base, follow_address, show_address, view_address
from gapatlas.ui.alone import ALONE, NO_CHART
from gapatlas.ui.app import Page
from gapatlas.ui.snapshots import show_banner

OPEN: Final = "share"
STYLES: Final[dict[str, CitationStyle]] = {
    mark("Text"): "text",
    "BibTeX": "bibtex",
    "CSL-JSON": "csl-json",
}
LANGUAGES: Final = {"BibTeX": "latex", "CSL-JSON": "json"}
NOTHING_OF_YOURS: Final = frozenset({"your_data"})
"""Pages of which nothing may be shared: what a reader uploads is the reader's."""
FRAME_HEIGHT: Final = 720


def show_share(page: Page) -> None:
    """The end of every page: its address in full, what changed since the reader's link was made,
    and the ways to share its view."""
    _settle_address(page)
    show_banner(page)
    if page.name not in PAGES or page.name in NOTHING_OF_YOURS:
        return
    expander = st.expander(
        say("Share this view"), icon=":material/share:", key=OPEN, on_change="rerun"
    )
    follow_address(OPEN, follows=bool(expander.open))
    if not expander.open:
        return
    with expander:
        copy, cite, embed = st.tabs([say("Copy link"), say("Cite this view"), say("Embed")])
        with copy:
            _show_link(page)
        with cite:
            _show_citations(page)
        with embed:
            _show_frame(page)


def _settle_address(page: Page) -> None:
    """Drop what is not of the page; a page that is not one of ours keeps what it has."""
    view = view_address()
    parts = PAGES[page.name].parts if page.name in PAGES else tuple(view)
    show_address({part: view[part] for part in parts if part in view})


def _address(
    page: Page, *, theme: str | None = None, embed: bool = False, locked: bool = False
) -> str:
    """The address of the view that is open; with the reader's theme where none is named."""
    carried: Mapping[str, str] = st.session_state[CARRIED]
    return address_of(
        page.name,
        view_address(),
        carried,
        base=app_base(page.name),
        theme=page.scheme if theme is None else theme,
        embed=embed,
        locked=locked,
    )


def _show_link(page: Page) -> None:
    st.code(_address(page), language=None, wrap_lines=True)
    st.caption(
        say(
            "The link holds every choice, the theme and the data of this view: whoever opens it "
            "later sees the same figures, or is told which of them changed. Press the sign at its "
            "right edge to copy it."
        )
    )


def _show_citations(page: Page) -> None:
    told = _telling(page)
    if isinstance(told, str):
        st.info(told)
        return
    view = CitedView(
        title=told.title,
        url=_address(page, theme=""),
        snapshot=short_id(page.atlas.snapshot.id),
        built=page.atlas.meta["built_at"][:10],
        read=datetime.now(UTC).date().isoformat(),
    )
    style = st.segmented_control(
        say("As"),
        list(STYLES),
        format_func=say,
        key="share_style",
        default=next(iter(STYLES)),
        required=True,
    )
    text = cite_view(view, told.sources, STYLES[style])
    st.code(text, language=LANGUAGES.get(style), wrap_lines=True)


def _telling(page: Page) -> Telling | str:
    """What the view is; a sentence where it has nothing to cite."""
    query = tuple(view_address().items())
    return _told(page.atlas.key, page.name, query, page.atlas)


@st.cache_resource(show_spinner=False, max_entries=64)
def _told(
    snapshot: str, name: str, query: tuple[tuple[str, str], ...], _atlas: Atlas
) -> Telling | str:
    linked = PAGES[name]
    try:
        state = linked.from_query(dict(query), linked.choices(_atlas))
        return telling_of(_atlas, linked.figures(_atlas, state))
    except GapAtlasError as error:
        return said(error.summary)


def _show_frame(page: Page) -> None:
    if page.name not in ALONE:
        st.info(say(NO_CHART))
        return
    st.caption(
        say(
            "Put these lines into a page of yours. They show the chart with its title and source "
            "line, without filters."
        )
    )
    st.code(_frame(page, locked=False), language="html", wrap_lines=True)
    if not can_lock():
        return
    st.caption(
        say(
            "Locked: whoever takes these lines can't change what they show. A lock hides nothing; "
            "the page without it stays open to everybody."
        )
    )
    st.code(_frame(page, locked=True), language="html", wrap_lines=True)
    st.caption(say("The locked view as a link:"))
    st.code(_address(page, locked=True), language=None, wrap_lines=True)


def _frame(page: Page, *, locked: bool) -> str:
    address = html.escape(_address(page, embed=True, locked=locked))
    return (
        f'<iframe src="{address}"\n  title="Gap Atlas" width="100%" height="{FRAME_HEIGHT}" '
        'loading="lazy" style="border: 0"></iframe>'
    )
