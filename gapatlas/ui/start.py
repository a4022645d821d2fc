"""How a page starts: its atlas, what has to be said before any figure, a view by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from gapatlas.languages import say_as
from gapatlas.links import HOME
from gapatlas.ui.alone import is_embedded, is_locked, show_alone
from gapatlas.ui.app import (
    NAME,
    Page,
    scheme_now,
    served_now,
    show_error,
)
from gapatlas.ui.language import speak_to_reader, tell_browser
from gapatlas.ui.present import present_switch
from gapatlas.ui.shelf import start_shelf
from gapatlas.ui.snapshots import chosen_atlas
from gapatlas.ui.style import style_of

MENU: Final = "menu"
"""Context of the names in the menu, for translators."""


def run_app(pages: Sequence[tuple[str, str, str]]) -> None:
    """Show the menu and the page that is open; in a frame of another page no menu.

    Args:
        pages: file, name in English and icon of each page; the first is the front page. In the
            menu a name may be shorter than the title of its page.
    """
    speak_to_reader()
    named = [
        st.Page(file, title=say_as(MENU, title), icon=icon, default=file == pages[0][0])
        for file, title, icon in pages
    ]
    page = st.navigation(named, position="hidden" if is_embedded() else "top")
    st.session_state[NAME] = page.url_path or HOME
    page.run()


def start_page() -> Page:
    """Give the page its atlas; show what is wrong where newer data can't be shown, and stop
    where there is nothing to show.

    A view in a frame of another page, or under a lock, is shown by itself, and the page ends.
    """
    speak_to_reader()
    name = st.session_state.get(NAME, "")
    alone = is_locked(name) or is_embedded()
    tell_browser()
    st.html(style_of(present=not alone and present_switch()))
    served = served_now()
    if served.error is not None:
        show_error(served.error, still_serving=served.atlas is not None)
    if served.atlas is None:
        st.stop()
    atlas, earlier = chosen_atlas(name, served.atlas)
    start_shelf(atlas, name)
    page = Page(atlas, scheme_now(), name, served.atlas, earlier, st.container())
    if alone:
        show_alone(page)
        st.stop()
    return page
