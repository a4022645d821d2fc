"""The opening page: the headline gaps, and how fresh the data are."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gapatlas.atlas import Atlas
from gapatlas.charts import alt_text, app_chart, dots_chart, source_line
from gapatlas.charts.words import (
    count_text,
    interval_text,
    places_text,
    value_text,
    years_text,
)
from gapatlas.config import Measure
from gapatlas.headlines import MANY, Headline
from gapatlas.links.figures import headline_of
from gapatlas.links.pages import NO_HEADLINE
from gapatlas.measures import Source
from gapatlas.state import MapState, normalised
from gapatlas.tables import only_row, rows
from gapatlas.ui.app import Page
from gapatlas.ui.figures import choices
from gapatlas.ui.panels import chart_panel, frame_twin, plain
from gapatlas.ui.telling import tell

LISTED = 12


def show_headlines(page: Page, slot: DeltaGenerator) -> None:
    """The default measure over the default window: all places together, and where it is low."""
    options = choices(page.atlas)
    state = normalised(options.default, options)
    if page.atlas.config.measures[state.measure].below is None:
        return
    found = _headline(page.atlas.key, state, page.atlas)
    tell(slot, found)
    _show_cards(found)
    _show_apart(page, found)
    _show_silent(found)


def show_freshness(page: Page) -> None:
    """Which years and editions the figures come from, and when the snapshot was built."""
    atlas = page.atlas
    told = [
        f"- {plain(source.short)}: figures from {first} to {last} ({plain(source.edition)})"
        for source, first, last in _source_years(atlas)
    ]
    built = datetime.fromisoformat(atlas.meta["built_at"])
    st.markdown("\n".join(["**How fresh the data are**", "", *told]))
    st.caption(
        f"Snapshot {atlas.snapshot.id}, built {built:%d %B %Y}. The newest year is that of the "
        "source, not of this app."
    )


def _source_years(atlas: Atlas) -> list[tuple[Source, int, int]]:
    """Each source of counts once, with the first and last year of any measure."""
    spans: dict[str, tuple[Source, int, int]] = {}
    for id_ in atlas.config.measures:
        for source in atlas.sources_of(id_):
            first, last = atlas.years_of(id_, source)
            known, low, high = spans.get(source, (atlas.source(source), first, last))
            spans[source] = (known, min(low, first), max(high, last))
    return list(spans.values())


@st.cache_resource(show_spinner=False, max_entries=4)
def _headline(snapshot: str, state: MapState, _atlas: Atlas) -> Headline:
    return headline_of(_atlas, state)


def _show_cards(found: Headline) -> None:
    left, right = st.columns(2)
    with left, st.container(border=True):
        _show_together(found)
    with right, st.container(border=True):
        years = years_text(*found.frame.years)
        st.markdown(f"**Places that give no figure for {_above(found)}, {years}**")
        st.markdown(f"## {len(found.silent)} of {found.asked}")
        st.caption(f"{_silence_words(found)} {plain(source_line(found.frame))}")


def _silence_words(found: Headline) -> str:
    """How many of the places with many cases report nothing above the line."""
    many = f"{MANY} or more {_below(found)}"
    if not found.asked:
        return f"No place counts {many} in these years."
    if not len(found.silent):
        who = "The one place" if found.asked == 1 else f"Each of the {found.asked} places"
        verb = "counts" if found.asked == 1 else "count"
        return f"{who} that {verb} {many} reports a figure for {_above(found)}."
    who = "the one place" if found.asked == 1 else f"{found.asked} places"
    verbs = ("counts" if found.asked == 1 else "count", _verb(len(found.silent), "report"))
    return (
        f"Of {who} that {verbs[0]} {many}, {len(found.silent)} {verbs[1]} no figure for "
        f"{_above(found)} in any of these years. That is a gap in reporting; it does not show "
        "that nobody was convicted."
    )


def _verb(count: int, verb: str) -> str:
    return f"{verb}s" if count == 1 else verb


def _show_together(found: Headline) -> None:
    """All places as one, with how many of them report every year."""
    frame, row = found.frame, only_row(found.together)
    measure, years = frame.measure, years_text(*frame.years)
    st.markdown(f"**{plain(measure.title)}, {years}**")
    if row.status in ("not_reported", "suppressed"):
        st.markdown("No place reports what this measure needs in these years.")
        return
    used = frame.data[frame.data["years_used"] > 0]
    full = int((used["years_used"] == frame.window).sum())
    numerator = count_text(row.numerator_low, row.numerator_high)
    denominator = count_text(row.denominator_low, row.denominator_high)
    st.markdown(f"## {value_text(row, measure.decimals)}")
    together = f"{plain(row.name)} that {_verb(len(used), 'report')} both in the same year"
    st.caption(
        f"{together}, {full} of them in every year: "
        f"{numerator} against {denominator} (95% interval for chance alone "
        f"{interval_text(row, measure.decimals)} {plain(measure.unit)}). "
        f"{plain(source_line(frame))}"
    )


def _show_apart(page: Page, found: Headline) -> None:
    shown = found.apart.head(LISTED)
    if shown.empty:
        return
    measure = found.frame.measure
    low, high = (f"{edge:,.{measure.decimals}f}" for edge in found.middle)
    places = int((found.frame.data["years_used"] > 0).sum())
    side = found.side
    limit = f"over {high}" if side == "above" else f"under {low}"
    st.subheader("Where the gap is wide", anchor=False)
    st.markdown(
        f"Over all {places} places with a figure, {_middle_words(low, high, measure)} In each "
        f"place below, the whole 95% interval lies {limit}.{_chosen_words(found, shown)} Their "
        f"order is not a ranking: many intervals overlap, and with many places some lie {side} it "
        "by chance."
    )
    _apart_picture(page, found)
    st.caption(plain(measure.mind))
    frame_twin(found.frame, shown, name=f"clearly-{side}", key="below_table", chart="clearly_below")


def _apart_picture(page: Page, found: Headline) -> None:
    """The places on the worse side of the middle with their intervals."""
    shown = found.apart.head(LISTED)
    frame = found.frame.only(shown)
    measure, years = frame.measure, years_text(*frame.years)
    title = f"{measure.title}, {years}: {places_text(len(shown))} {found.side} the middle"
    chart_panel(
        app_chart(dots_chart(shown, measure, page.scheme), page.scheme),
        title=title,
        source=f"{source_line(frame)} Dot: value. Line: 95% interval. Dashed box: range.",
        alt=alt_text(shown, measure, title),
        key="clearly_below",
    )


def show_headline_alone(page: Page, state: MapState) -> None:
    """The places that lie clearly on the worse side of the middle, with their source line."""
    if page.atlas.config.measures[state.measure].below is None:
        st.info(NO_HEADLINE)
        return
    found = _headline(page.atlas.key, state, page.atlas)
    if found.apart.empty:
        words = f"No place lies clearly {found.side} the middle."
        st.info(f"{words} That does not show that none does.")
        return
    _apart_picture(page, found)


def _middle_words(low: str, high: str, measure: Measure) -> str:
    if low == high:
        return f"the middle one has {low} {plain(measure.unit)}."
    return (
        f"the middle one lies between {low} and {high} {plain(measure.unit)}: counts printed as a "
        "range leave it open where."
    )


def _chosen_words(found: Headline, shown: pd.DataFrame) -> str:
    """Which of the places apart from the middle are shown, where these are not all."""
    every = len(found.apart)
    if len(shown) == every:
        return ""
    return f" They are the {len(shown)} of {every} such places with the most {_below(found)}."


def _show_silent(found: Headline) -> None:
    if found.silent.empty:
        return
    listed = ", ".join(
        f"{plain(row.name)} ({count_text(row.count_low, row.count_high)})"
        for row in rows(found.silent)
    )
    years = years_text(*found.frame.years)
    with st.expander(f"Places with {MANY} or more {_below(found)} and no figure, {years}"):
        st.write(f"{listed}.")
        st.caption(source_line(found.frame))


def _below(found: Headline) -> str:
    stage = found.frame.measure.below
    return found.frame.measure.exposure if stage is None else f"{stage.stage} {stage.unit}"


def _above(found: Headline) -> str:
    stage = found.frame.measure.numerator
    return f"{stage.unit} {stage.stage}"
