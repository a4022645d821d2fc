"""A chart with its title, source line, alternative text, table twin and download."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.charts import FITTED_HEIGHTS, HEIGHT_PER_WIDTH, bounds_of, height_per_width
from gapatlas.comparison.pictures import Picture
from gapatlas.config import Map
from gapatlas.export import Download, Figure, readable_table
from gapatlas.languages import (
    ENGLISH,
    column_in_alphabet,
    in_digits,
    language_now,
    mark,
    said_once,
    say,
    say_many,
    whole,
    words_of_table,
)
from gapatlas.ui.shelf import file_buttons, shelf

LEGEND_HEIGHT = 100
TALLEST = 520


def plain(text: str) -> str:
    """Text from data or config as Markdown that shows it letter by letter."""
    for character in "\\`*_[]<>$#~":
        text = text.replace(character, f"\\{character}")
    return text


def chart_panel(
    spec: dict[str, Any],
    *,
    title: str,
    source: str,
    alt: str,
    key: str,
    with_source: bool = True,
) -> None:
    """A chart between its title and its source line, which stands elsewhere if it is not asked
    for; the chart can be downloaded by its key."""
    st.markdown(f"**{plain(title)}**")
    st.vega_lite_chart(spec, width="stretch", key=key, alt=alt)
    if source and with_source:
        st.caption(plain(source))
    shelf().put(key, Figure(title, source, alt, spec))


def map_frame(atlas: Atlas, map_: Map, *, legend: bool = True) -> str:
    """Key of a container whose height follows its width, so that a map fills it on any screen.

    Streamlit charts have a fixed height; on a narrow screen a map would float in white space.

    Args:
        atlas: has the shapes of the map.
        map_: the map inside.
        legend: whether the map has its key below it.
    """
    height = height_per_width(map_, bounds_of(atlas.topology(map_)))
    return f"map_frame_{height * 100:.0f}{'' if legend else '_bare'}"


def map_style() -> str:
    """Style rules of the containers that `map_frame` names."""
    rules = []
    for height in sorted({*HEIGHT_PER_WIDTH.values(), *FITTED_HEIGHTS}):
        for bare, more in (("", LEGEND_HEIGHT), ("_bare", 0)):
            frame = f".st-key-map_frame_{height * 100:.0f}{bare}"
            high = f"calc(min({height * 100:.0f}cqw, {TALLEST}px) + {more}px)"
            rules.append(f"{frame} {{ container-type: inline-size; }}")
            rules.append(f"{frame} > * {{ height: {high} !important; }}")
    return "\n".join(rules)


def table_twin(
    table: Callable[[], pd.DataFrame],
    file: Callable[[], Download],
    *,
    name: str,
    key: str,
    charts: Sequence[str],
    numbers: dict[str, str] | None = None,
) -> None:
    """The figures of charts as a table that sorts, and all their files; made only when opened.

    Args:
        table: makes the table, with words for column names.
        file: makes the rows of the files, when one is asked for.
        name: end of the files' names.
        key: key of the panel, one of its kind on the page.
        charts: keys of the charts, which stand above.
        numbers: column -> printf format, for columns that stay numbers.
    """
    _keep_file(charts, file)
    expander = st.expander(say("Table and download"), key=key, on_change="rerun")
    if not expander.open:
        return
    with expander:
        alt = say("Table of the figures in the chart above, {name}", name=name)
        show_table(table(), alt=alt, numbers=numbers)
        file_buttons(file, name=name, key=key, charts=charts)


def show_table(table: pd.DataFrame, *, alt: str, numbers: dict[str, str] | None = None) -> None:
    """A table in the reader's language; an empty cell where there is nothing.

    Args:
        table: with words in English for column names.
        alt: what it shows, for those who do not see it.
        numbers: column, by its English name -> printf format, for columns that stay numbers.
    """
    forms = {say(name): form for name, form in (numbers or {}).items()}
    shown, spoken = words_of_table(table), language_now() != ENGLISH
    st.dataframe(
        _with_numbers_said(shown, forms) if spoken and forms else shown,
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format=None if spoken else form)
            for name, form in forms.items()
        },
        placeholder="",
        alt=alt,
    )


def _with_numbers_said(table: pd.DataFrame, forms: dict[str, str]) -> Styler:
    """Columns that stay numbers, so that readers can sort them, with the signs of the language.

    The browser would write them with those of English, or of its own language.
    """
    ways: dict[Any, Any] = {name: partial(_said_in_form, form) for name, form in forms.items()}
    return table.style.format(ways, na_rep="")


def _said_in_form(form: str, number: float) -> str:
    return in_digits(form % number)


def source_words(source: Any) -> str:
    """Short name and edition of a source, for the line below figures.

    Args:
        source: has `short` and `edition`: a `Source`, or a row of the table of datasets.
    """
    return say("Source: {source} ({edition}).", source=source.short, edition=source.edition)


def show_picture(picture: Picture, *, key: str) -> None:
    """A picture with its title, source line and alternative text, and the words below it."""
    chart_panel(
        picture.spec(), title=picture.title, source=picture.source, alt=picture.alt, key=key
    )
    if picture.words:
        st.markdown(plain(picture.words))


def picture_twin(
    picture: Picture, header: Sequence[str], *, name: str, key: str, chart: str
) -> None:
    """The table twin of a picture; its files start with the lines of a header."""

    def file() -> Download:
        return Download.of(picture.table(), header)

    table_twin(picture.table, file, name=name, key=key, charts=[chart])


def table_switch(
    table: Callable[[], pd.DataFrame],
    file: Callable[[], Download],
    *,
    name: str,
    key: str,
    charts: Sequence[str],
) -> None:
    """As `table_twin`, for charts that stand inside an expander already."""
    _keep_file(charts, file)
    if st.toggle(say("Table and download"), key=key):
        show_table(table(), alt=say("Table, {name}", name=name))
        file_buttons(file, name=name, key=key, charts=charts)


def _keep_file(charts: Sequence[str], file: Callable[[], Download]) -> None:
    """Keep what makes the rows behind charts, below the last of them."""
    if charts:
        shelf().files[charts[-1]] = file


def frame_twin(frame: AtlasFrame, *, name: str, key: str, chart: str) -> None:
    """The table twin of a frame that is kept, sorted by place."""
    table_twin(
        lambda: _table_of_frame(frame),
        lambda: Download.of_frame(frame.only(_by_place(frame))),
        name=name,
        key=key,
        charts=[chart],
        numbers={mark("Value"): f"%.{frame.measure.decimals}f"},
    )


@said_once
def _table_of_frame(frame: AtlasFrame) -> pd.DataFrame:
    return readable_table(_by_place(frame), frame.measure, frame.sources)


def _by_place(frame: AtlasFrame) -> pd.DataFrame:
    return frame.data.sort_values(["name", "year_from"], key=column_in_alphabet)


def year_label(window: int) -> str:
    """What a slider of years is called where it moves a window of so many years."""
    return say("Year") if window == 1 else say("Last year of the window")


def window_choice(windows: Sequence[int], *, key: str) -> None:
    """How many years are counted together."""
    st.segmented_control(
        say("Years counted together"),
        windows,
        format_func=lambda years: say_many("{n} year", "{n} years", years, n=whole(years)),
        key=key,
        required=True,
        help=say(
            "Counts of several years are added up. More years make small numbers steadier, and "
            "change harder to see."
        ),
    )


def source_choice(atlas: Atlas, sources: list[str], *, key: str) -> None:
    """A choice of sources by their short names; a line of text where there is only one."""
    shorts = {source: atlas.source(source).short for source in sources}
    if len(sources) > 1:
        st.selectbox(say("Source"), sources, format_func=shorts.__getitem__, key=key)
    else:
        st.session_state[key] = sources[0]
        st.caption(say("Source: {source}", source=shorts[sources[0]]))
