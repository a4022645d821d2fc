"""The charts that a page shows, kept so that a reader can take them along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Final, ParamSpec, cast

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.export import Download, Figure, csv_of, html_of, xlsx_of
from gapatlas.languages import in_this_language, say
from gapatlas.links import HOME, address_of
from gapatlas.links.words import chosen_words
from gapatlas.ui.address import CARRIED, app_base, view_address
from gapatlas.ui.language import speak_as_before

P = ParamSpec("P")
SHELF: Final = "charts_shown"
FILES: Final = {
    "PNG": ("png", "image/png"),
    "SVG": ("svg", "image/svg+xml"),
    "Vega-Lite": ("json", "application/json"),
}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


Drawn = Sequence[tuple[Figure, Callable[[], Download] | None]]
"""Charts, and what makes the rows behind each; None where these stand behind a later one."""


@dataclass(frozen=True)
class Closed:
    """A panel that the reader has not opened.

    Attributes:
        make: draws its charts, when the page is taken along.
    """

    make: Callable[[], Drawn]


@dataclass
class Shelf:
    """What one run of a page, and the fragments that run again by themselves, have shown.

    Attributes:
        atlas: behind the charts.
        name: file name of the page without its ending; empty outside the app's menu.
        base: where the app runs; empty where the server does not know.
        view: the parts of the address that are of its view.
        carried: those that are in every address.
        part: the fragment that is running; empty outside of one.
        charts: key of a chart, or of a closed panel -> the fragment that shows it, and the chart.
        files: key of a chart -> what makes the rows behind it.
    """

    atlas: Atlas
    name: str
    base: str
    view: Mapping[str, str] = field(default_factory=dict)
    carried: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    charts: dict[str, tuple[str, Figure | Closed]] = field(default_factory=dict)
    files: dict[str, Callable[[], Download]] = field(default_factory=dict)

    def put(self, key: str, figure: Figure | Closed) -> None:
        """Keep a chart, or a closed panel, under its key."""
        self.charts[key] = (self.part, figure)

    def clear(self, part: str) -> None:
        """Forget the charts of a fragment, which runs again."""
        for key in [key for key, (of, _) in self.charts.items() if of == part]:
            del self.charts[key]
            self.files.pop(key, None)

    def about(self) -> list[str]:
        """The reader's choices, the snapshot and the address, as lines."""
        chosen = [say("Chosen: {choice}", choice=words) for words in self.choices()]
        lines = [*chosen, say("Gap Atlas snapshot {id}", id=self.atlas.snapshot.id)]
        return [*lines, say("This view: {link}", link=self.link())] if self.base else lines

    def choices(self) -> list[str]:
        """The reader's choices in words."""
        return chosen_words(self.atlas, self.name or HOME, self.view)

    def link(self) -> str:
        """Address of the view; empty where the server does not know its own."""
        if not self.base:
            return ""
        return address_of(self.name or HOME, self.view, self.carried, base=self.base)

    def told(self, download: Download) -> Download:
        """A download that says what the reader has chosen, and where it is seen."""
        return replace(download, filters=tuple(self.choices()), link=self.link())

    def page(self, title: str) -> str:
        """All charts with their tables as one HTML file, those of closed panels too."""
        shown = [
            (figure, self.told(file()) if file is not None else None)
            for key, (_, kept) in self.charts.items()
            for figure, file in (
                kept.make() if isinstance(kept, Closed) else [(kept, self.files.get(key))]
            )
        ]
        return html_of(title, shown, self.about())


def start_shelf(atlas: Atlas, name: str) -> None:
    """Begin with no chart: the page runs anew.

    Args:
        atlas: behind the charts.
        name: file name of the page without its ending.
    """
    st.session_state[SHELF] = Shelf(atlas, name, app_base(name))


def shelf() -> Shelf:
    """The charts of this reader's page, with the address that it has now."""
    kept = cast(Shelf, st.session_state[SHELF])
    kept.view, kept.carried = view_address(), st.session_state.get(CARRIED, {})
    return kept


def part(function: Callable[P, None]) -> Callable[P, None]:
    """A fragment of a page: it runs again by itself, and its charts are then kept anew."""

    @st.fragment
    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        speak_as_before()
        kept = shelf()
        kept.clear(function.__name__)
        kept.part = function.__name__
        try:
            function(*args, **kwargs)
        finally:
            kept.part = ""

    return cast("Callable[P, None]", run)


def file_buttons(
    file: Callable[[], Download], *, name: str, key: str, charts: Sequence[str] = ()
) -> None:
    """Buttons for the files of a table, and of the charts above it; each is made when clicked.

    Args:
        file: makes the rows and the words around them.
        name: end of the files' names.
        key: begins the keys of the buttons.
        charts: keys of the charts.
    """
    kept = shelf()

    def told() -> Download:
        return kept.told(file())

    chart_buttons(charts, name=name, key=key)
    with st.container(horizontal=True):
        _button("CSV", lambda: csv_of(told()), name, "csv", "text/csv", f"{key}_download")
        _button("Excel", lambda: xlsx_of(told()), name, "xlsx", XLSX, f"{key}_xlsx")  # not said


def chart_buttons(charts: Sequence[str], *, name: str, key: str) -> None:
    """Buttons for the pictures of charts; where there are several, below their titles."""
    kept = shelf()
    found = [kept.charts[chart][1] for chart in charts if chart in kept.charts]
    known = [figure for figure in found if isinstance(figure, Figure)]
    for number, figure in enumerate(known, 1):
        if len(known) > 1:
            st.caption(figure.title.replace("$", r"\$"))
        named = f"{name}-{number}" if len(known) > 1 else name
        with st.container(horizontal=True):
            for label, (ending, mime) in FILES.items():
                button = f"{key}_{ending}_{number}"
                _button(label, _maker(figure, ending), named, ending, mime, button)


def offer_page(title: str) -> None:
    """A button for all charts of the page; nothing where the page shows none.

    Args:
        title: of the page, in English.
    """
    kept = shelf()
    if not kept.charts:
        return
    st.download_button(
        say("Download this page's charts as one HTML file"),
        data=in_this_language(lambda: kept.page(say(title)).encode()),
        file_name=f"gap-atlas-{title.lower().replace(' ', '-')}.html",
        mime="text/html",
        icon=":material/download:",
        key="page_download",
        on_click="ignore",
    )


def _maker(figure: Figure, ending: str) -> Callable[[], str | bytes]:
    makers: dict[str, Callable[[], str | bytes]] = {
        "png": figure.png,
        "svg": figure.svg,
        "json": figure.json,
    }
    return makers[ending]


def _button(
    label: str,
    make: Callable[[], str | bytes],
    name: str,
    ending: str,
    mime: str,
    key: str,
) -> None:
    st.download_button(
        label,
        data=in_this_language(make),
        file_name=f"gap-atlas-{name}.{ending}",
        mime=mime,
        icon=":material/download:",
        key=key,
        on_click="ignore",
    )
