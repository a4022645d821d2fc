"""The popover that makes a brief of what a page shows, when a reader asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.briefs import FORMATS, MOST, PAPERS, Format, Paper, brief, content_of
from gapatlas.languages import in_this_language, mark, say, say_of, whole
from gapatlas.ui.app import Page

FORMAT_WORDS: Final[dict[Format, str]] = {
    "pdf": "PDF",
    "docx": "Word",  # not said
    "html": mark("Web page"),
}
PAPER_WORDS: Final[dict[Paper, str]] = {"a4": "A4", "letter": mark("Letter")}
MIMES: Final[dict[Format, str]] = {
    "pdf": "application/pdf",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NEEDS_TWO: Final = mark(
    "A brief here compares two to {most} places. Choose “My own choice” of peers, or a second "
    "place below."
)


def offer_brief(page: Page, places: Sequence[str], *, key: str, **options: Any) -> None:
    """A popover with format and paper, and a button that makes the file when it is pressed.

    Args:
        page: the page.
        places: the place, or those of a comparison; only so many as a brief holds are taken.
        key: start of the keys of its widgets.
        options: the choices of the page, as `gapatlas.brief` takes them.
    """
    taken = tuple(places[:MOST])
    with st.popover(say("Brief"), icon=":material/description:", key=f"{key}_brief"):
        st.markdown(say("Two pages to print or send: figures, charts, sources and caveats."))
        if len(places) > MOST:
            st.caption(say("It holds the first {count} places.", count=whole(MOST)))
        format_ = st.radio(
            say("Format"), FORMATS, format_func=say_of(FORMAT_WORDS), key=f"{key}_brief_format"
        )
        paper = st.radio(
            say("Paper"),
            PAPERS,
            format_func=say_of(PAPER_WORDS),
            key=f"{key}_brief_paper",
            disabled=format_ == "html",
        )
        st.download_button(
            say("Make the brief"),
            in_this_language(partial(_made, page.atlas, taken, format_, paper, _site(), options)),
            file_name=f"brief-{'-'.join(taken)}.{format_}",
            mime=MIMES[format_],
            on_click="ignore",
            key=f"{key}_brief_file",
        )
        st.caption(say("It takes a few seconds."))


def explain_brief(*, key: str) -> None:
    """The same popover where there is nothing to compare yet."""
    with st.popover(say("Brief"), icon=":material/description:", key=f"{key}_brief"):
        st.markdown(say(NEEDS_TWO, most=whole(MOST)))


def _made(
    atlas: Atlas,
    places: tuple[str, ...],
    format_: Format,
    paper: Paper,
    site: str,
    options: dict[str, Any],
) -> bytes:
    """The file; it is made beside the script, which does not wait for it."""
    return content_of(brief(atlas, places, site=site, **options), format_, paper)


def _site() -> str:
    """Where the reader has the app, for the link in the brief; empty where nobody knows."""
    address = urlsplit(str(st.context.url or ""))
    if not address.netloc:
        return ""
    return f"{address.scheme}://{address.netloc}{address.path.rpartition('/')[0]}"
