"""Parts that show one place: a picture with its table, counts of a source, a link to its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.comparison.sentences import Answer
from gapatlas.export import Download, source_header
from gapatlas.languages import say
from gapatlas.measures import Source
from gapatlas.ui.panels import chart_panel, plain, table_switch, table_twin
from gapatlas.ui.profile_figures import Shown

PAGE = "pages/place_profile.py"
COLUMNS = 2


def profile_link(place: str, name: str, **view: str) -> None:
    """A link to the page of one place.

    Args:
        place: its id.
        name: its name.
        view: further parts of the address, such as year and window.
    """
    st.page_link(
        PAGE,
        label=say("All that is known of {name}", name=plain(name)),
        icon=":material/location_on:",
        query_params={"place": place, **view},
    )


def show_answer(answer: Answer) -> None:
    """A question, its answer in a few words, and the sentence with its figures."""
    with st.container(border=True):
        st.markdown(f"{plain(answer.question)} **{plain(answer.short)}**")
        st.markdown(plain(answer.text))


def show_pictures(shown: Sequence[Shown], *, key: str, columns: int = 1) -> list[str]:
    """Pictures below each other, or side by side where the screen is wide; a source line that
    all of them share stands once, below the last. Returns the keys of the charts."""
    sources = dict.fromkeys(each.picture.source for each in shown)
    for first in range(0, len(shown), columns):
        boxes = st.columns(columns) if columns > 1 else [st.container()]
        for number, (box, each) in enumerate(zip(boxes, shown[first:], strict=False), first):
            with box:
                _show_picture(each, f"{key}_{number}", with_source=len(sources) > 1)
    if len(sources) == 1:
        st.caption(plain(next(iter(sources))))
    return [f"{key}_{number}" for number in range(len(shown))]


def _show_picture(shown: Shown, key: str, *, with_source: bool) -> None:
    picture = shown.picture
    source = plain(picture.source) if with_source else ""
    chart_panel(
        shown.spec,
        title=picture.title,
        source=picture.source,
        alt=picture.alt,
        key=key,
        with_source=False,
    )
    if picture.words:
        st.markdown(plain(picture.words))
    if source:
        st.caption(source)


def tables_twin(
    atlas: Atlas,
    tables: Iterable[Callable[[], pd.DataFrame]],
    sources: Sequence[Source],
    *,
    title: str,
    name: str,
    key: str,
    charts: Sequence[str],
    inside: bool = False,
) -> None:
    """One table and one file with the figures of several pictures.

    Args:
        atlas: names the snapshot in the file.
        tables: each makes the table of one picture; they share their columns.
        sources: whose citations stand in the file.
        title: first line of the file.
        name: end of the file's name.
        key: key of the panel, one of its kind on the page.
        charts: keys of the charts.
        inside: whether the pictures stand inside an expander already.
    """

    twin: Callable[..., None] = table_switch if inside else table_twin
    file = tables_file(atlas, tables, sources, title)
    twin(partial(_one_table, tables), file, name=name, key=key, charts=charts)


def tables_file(
    atlas: Atlas,
    tables: Iterable[Callable[[], pd.DataFrame]],
    sources: Sequence[Source],
    title: str,
) -> Callable[[], Download]:
    """What makes the file of several pictures; see `tables_twin`."""
    header = header_of(title, sources, atlas)
    return lambda: Download.of(_one_table(tables), header)


def _one_table(tables: Iterable[Callable[[], pd.DataFrame]]) -> pd.DataFrame:
    return pd.concat([make() for make in tables], ignore_index=True)


def header_of(title: str, sources: Sequence[Source], atlas: Atlas) -> list[str]:
    """Lines that stand above figures of several sources: title, then each with its caveats."""
    lines = [title]
    for source in sources:
        lines += source_header(title, source, atlas.snapshot.id)[1:-1]
    return [*lines, say("Gap Atlas snapshot {id}", id=atlas.snapshot.id)]
