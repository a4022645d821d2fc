"""Closer looks at a conviction rate, one at a time: each a chart with its table and file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from gapatlas.comparison import Comparison
from gapatlas.comparison.pictures import Picture, source_pictures
from gapatlas.comparison.words import difference_words, group_words
from gapatlas.export import Download, header_lines, source_header
from gapatlas.languages import in_alphabet, mark, say, say_of, whole
from gapatlas.links import labels
from gapatlas.state import RATE_VIEWS, SPREADS, RateState
from gapatlas.ui.app import Page
from gapatlas.ui.figures import place_names
from gapatlas.ui.panels import chart_panel, frame_twin, plain, table_twin
from gapatlas.ui.rate_figures import outcomes
from gapatlas.ui.rate_figures import picture as picture_of

FOLLOWED: Final = ("outcome_unknown", "persons")
"""What only sources count that follow persons from the charge to the outcome."""


def show_view(page: Page, comparison: Comparison, state: RateState) -> None:
    """The view that the reader has chosen."""
    st.subheader(say("Look closer"), anchor=False)
    st.segmented_control(
        say("View"),
        _offered_views(page, state),
        format_func=say_of(labels.RATE_VIEWS),
        key="rate_view",
        required=True,
        label_visibility="collapsed",
    )
    VIEWS[state.view](page, comparison, state)


def _offered_views(page: Page, state: RateState) -> list[str]:
    """All views but that of outcomes, where no source follows persons to an outcome."""
    followed = page.atlas.sources_of_stage(*FOLLOWED) or state.view == "outcomes"
    return [view for view in RATE_VIEWS if view != "outcomes" or followed]


def show_peers(page: Page, comparison: Comparison, state: RateState) -> None:
    """Every peer with its interval, highest first."""
    picture = picture_of(page.atlas, state, page.scheme)
    if _shown(picture) and picture is not None:
        table_twin(
            picture.table,
            lambda: Download.of_frame(comparison.window.only(comparison.rates_with_estimates())),
            name=_name(comparison, "peers"),
            key="rate_table",
            charts=["rate_chart"],
            numbers={mark("Value"): f"%.{comparison.measure.decimals}f"},
        )


def show_funnel(page: Page, comparison: Comparison, state: RateState) -> None:
    """Whether a place lies further from all than chance allows for its size."""
    st.markdown(
        say(
            "Places with few cases scatter widely by chance alone. The lines show how widely: one "
            "place in 20 lies outside the dashed lines by chance, two in {thousand} outside the "
            "solid ones.",
            thousand=whole(1000),
        )
    )
    st.segmented_control(
        say("What the lines allow for"),
        SPREADS,
        format_func=say_of(labels.SPREADS),
        key="rate_spread",
        required=True,
        help=say(
            "Places differ for real, so that many lie outside lines of chance alone. The wider "
            "lines allow for that: additive over-dispersion adds a variance between places, "
            "multiplicative scales chance up (Spiegelhalter 2005)."
        ),
    )
    picture = picture_of(page.atlas, state, page.scheme)
    if _shown(picture):
        _twin(comparison, picture, "funnel")


def show_shrunken(page: Page, comparison: Comparison, state: RateState) -> None:
    """Raw figures beside those that borrow from all places."""
    st.markdown(
        say(
            "A place with few cases tells little by itself. Here each place is drawn towards the "
            "rate of all (empirical Bayes): the fewer its cases, the further. Read the rings as "
            "what was counted and the dots as what is likely to last."
        )
    )
    picture = picture_of(page.atlas, state, page.scheme)
    if _shown(picture):
        _twin(comparison, picture, "steadied")


def show_ranks(page: Page, comparison: Comparison, state: RateState) -> None:
    """How sure ranks are; groups in words, and a league table for those who ask for it."""
    if len(comparison.ranks):
        st.markdown(plain(group_words(comparison)))
    picture = picture_of(page.atlas, state, page.scheme)
    if _shown(picture) and st.toggle(
        say("Show a league table"),
        key="rate_league",
        help=say(
            "Off, because a rank hides how unsure it is. The table shows the interval beside it."
        ),
    ):
        _twin(comparison, picture, "ranks")


def show_trend(page: Page, comparison: Comparison, state: RateState) -> None:
    """The place year by year, against what chance allows."""
    picture = picture_of(page.atlas, state, page.scheme)
    if _shown(picture):
        st.markdown(f"**{comparison.trend.short}.** {plain(comparison.trend.text)}")
        _twin(comparison, picture, "trend")


def show_two(page: Page, comparison: Comparison, state: RateState) -> None:
    """Two places side by side, their difference, and how likely one is higher."""
    names = place_names(page.atlas)
    st.selectbox(
        say("Second place"),
        in_alphabet(comparison.told_apart_from, names),
        format_func=names.__getitem__,
        key="rate_other",
        index=None,
        placeholder=say("Choose a place to compare with"),
    )
    if state.other is None:
        return
    pair = comparison.beside(state.other)
    if _shown(picture_of(page.atlas, state, page.scheme)):
        st.markdown(plain(difference_words(pair, state.other)))
        frame = pair.window.only(pair.rates)
        frame_twin(frame, name=_name(pair, "two"), key="rate_table", chart="rate_chart")


def show_sources(page: Page, comparison: Comparison, state: RateState) -> None:
    """What each source says of the place, over the years that they share."""
    pictures = list(source_pictures(comparison, page.scheme))
    if not pictures:
        st.info(say("No source counts what this rate needs for this place."))
    for number, picture in enumerate(pictures):
        _shown(picture, key=f"rate_chart_{number}")
        _twin(comparison, picture, f"sources-{number + 1}", key=f"rate_table_{number}")


def show_outcomes(page: Page, comparison: Comparison, state: RateState) -> None:
    """What became of the persons charged in US federal courts, state by state."""
    sources = page.atlas.sources_of_stage(*FOLLOWED)
    if not sources:
        st.info(say("No source in this config follows persons from the charge to the outcome."))
        return
    source = page.atlas.source(sources[0])
    picture = outcomes(page.atlas, source.source_id, page.scheme)
    if not _shown(picture) or picture is None:
        return
    st.markdown(plain(picture.words))
    header = source_header(picture.title, source, page.atlas.snapshot.id)
    table_twin(
        picture.table,
        lambda: Download.of(picture.table(), header),
        name="us-federal-outcomes",
        key="rate_table",
        charts=["rate_chart"],
    )


def _shown(picture: Picture | None, key: str = "rate_chart") -> bool:
    """Show a picture, or say that there is nothing to show."""
    if picture is None:
        st.info(say("No place here has a figure in these years. Not reported is not zero."))
        return False
    chart_panel(
        picture.spec(), title=picture.title, source=picture.source, alt=picture.alt, key=key
    )
    return True


def _twin(
    comparison: Comparison, picture: Picture | None, view: str, key: str = "rate_table"
) -> None:
    """The table twin of a picture whose figures are not those of the frame alone."""
    assert picture is not None
    header = [picture.title, *list(header_lines(comparison.window))[1:]]
    table_twin(
        picture.table,
        lambda: Download.of(picture.table(), header),
        name=_name(comparison, view),
        key=key,
        charts=[key.replace("table", "chart")],
    )


def _name(comparison: Comparison, view: str) -> str:
    return f"{comparison.window.measure_id}-{comparison.place}-{view}"


VIEWS: Final[dict[str, Callable[[Page, Comparison, RateState], None]]] = {
    "peers": show_peers,
    "funnel": show_funnel,
    "shrunken": show_shrunken,
    "ranks": show_ranks,
    "trend": show_trend,
    "two": show_two,
    "sources": show_sources,
    "outcomes": show_outcomes,
}
