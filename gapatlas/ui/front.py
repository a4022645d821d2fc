"""The opening page: the headline gaps, and how fresh the data are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.charts import Scheme, alt_text, app_chart, dots_chart, source_line
from gapatlas.charts.words import (
    count_text,
    interval_text,
    number,
    places_text,
    value_text,
    years_text,
)
from gapatlas.comparison.sentences import label_of
from gapatlas.export import Figure
from gapatlas.headlines import MANY, Headline
from gapatlas.languages import day, said_once, say, say_many, whole
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
    _show_apart(page, state, found)
    _show_silent(found)


def has_map(page: Page) -> bool:
    """Whether the places of the default measure are drawn on a map."""
    config = page.atlas.config
    return config.map_of_level(config.measures[config.defaults.measure].level) is not None


def show_freshness(page: Page) -> None:
    """Which years and editions the figures come from, and when the snapshot was built."""
    atlas = page.atlas
    st.markdown(_freshness(atlas))
    st.caption(
        say(
            "Snapshot {id}, built {day}. The newest year is that of the source, not of this app.",
            id=atlas.snapshot.id,
            day=day(datetime.fromisoformat(atlas.meta["built_at"])),
        )
    )


@said_once
def _freshness(atlas: Atlas) -> str:
    told = [
        say(
            "{source}: figures from {first} to {last} ({edition})",
            source=plain(source.short),
            first=first,
            last=last,
            edition=plain(source.edition),
        )
        for source, first, last in _source_years(atlas)
    ]
    return "\n- ".join([f"**{say('How fresh the data are')}**\n", *told])


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
        _show_lines(_together_lines(found))
    with right, st.container(border=True):
        _show_lines(_silence_lines(found))


def _show_lines(lines: Sequence[str]) -> None:
    """The lines of a card; where there are three, the last one explains the figure."""
    for line in lines[:2]:
        st.markdown(line)
    for line in lines[2:]:
        st.caption(line)


@said_once
def _silence_lines(found: Headline) -> list[str]:
    """The card of places that give no figure: title, how many, and what that means."""
    title = say(
        "Places that give no figure for {above}, {years}",
        above=_above(found),
        years=years_text(*found.frame.years),
    )
    silent, asked = whole(len(found.silent)), whole(found.asked)
    return [
        f"**{title}**",
        "## " + say("{number} of {total}", number=silent, total=asked),
        f"{_silence_words(found)} {plain(source_line(found.frame))}",
    ]


def _silence_words(found: Headline) -> str:
    """How many of the places with many cases report nothing above the line."""
    silent, words = len(found.silent), _words_of(found)
    if not found.asked:
        return say("No place counts {many} or more {below} in these years.", **words)
    if not silent:
        return say_many(
            "The one place that counts {many} or more {below} reports a figure for {above}.",
            "Each of the {asked} places that count {many} or more {below} reports a figure for "
            "{above}.",
            found.asked,
            **words,
        )
    if found.asked == 1:
        told = say(
            "Of the one place that counts {many} or more {below}, {silent} reports no figure for "
            "{above} in any of these years.",
            **words,
        )
    else:
        told = say_many(
            "Of {asked} places that count {many} or more {below}, {silent} reports no figure for "
            "{above} in any of these years.",
            "Of {asked} places that count {many} or more {below}, {silent} report no figure for "
            "{above} in any of these years.",
            silent,
            **words,
        )
    meaning = say("That is a gap in reporting; it does not show that nobody was convicted.")
    return f"{told} {meaning}"


@said_once
def _together_lines(found: Headline) -> list[str]:
    """The card of all places as one: title, value, and how many of them report every year."""
    frame, row = found.frame, only_row(found.together)
    measure, years = frame.measure, years_text(*frame.years)
    title = f"**{plain(measure.title)}, {years}**"
    if row.status in ("not_reported", "suppressed"):
        return [title, say("No place reports what this measure needs in these years.")]
    used = frame.data[frame.data["years_used"] > 0]
    full = int((used["years_used"] == frame.window).sum())
    told = say_many(
        "{places} that reports both in the same year, {full} of them in every year: {numerator} "
        "against {denominator} (95% interval for chance alone {interval} {unit}).",
        "{places} that report both in the same year, {full} of them in every year: {numerator} "
        "against {denominator} (95% interval for chance alone {interval} {unit}).",
        len(used),
        places=plain(row.name),
        full=whole(full),
        numerator=count_text(row.numerator_low, row.numerator_high),
        denominator=count_text(row.denominator_low, row.denominator_high),
        interval=interval_text(row, measure.decimals),
        unit=plain(measure.unit),
    )
    value = f"## {value_text(row, measure.decimals)}"
    return [title, value, f"{told} {plain(source_line(frame))}"]


def _show_apart(page: Page, state: MapState, found: Headline) -> None:
    if found.apart.empty:
        return
    st.subheader(say("Where the gap is wide"), anchor=False)
    st.markdown(_apart_words(found))
    _apart_picture(page, state)
    st.caption(plain(found.frame.measure.mind))
    frame_twin(
        _listed(found),
        name=f"clearly-{found.side}",
        key="below_table",
        chart="clearly_below",
    )


@said_once
def _listed(found: Headline) -> AtlasFrame:
    """The places that are shown: those with the most to find."""
    return found.frame.only(found.apart.head(LISTED))


@said_once
def _apart_words(found: Headline) -> str:
    """Where the middle lies, and what it means to lie clearly beyond it."""
    measure, shown = found.frame.measure, _listed(found).data
    low, high = (number(edge, measure.decimals) for edge in found.middle)
    if found.side == "above":
        limit = say("In each place below, the whole 95% interval lies over {limit}.", limit=high)
        order = say(
            "Their order is not a ranking: many intervals overlap, and with many places some lie "
            "above it by chance."
        )
    else:
        limit = say("In each place below, the whole 95% interval lies under {limit}.", limit=low)
        order = say(
            "Their order is not a ranking: many intervals overlap, and with many places some lie "
            "below it by chance."
        )
    return " ".join([_middle_words(found, low, high), limit, *_chosen_words(found, shown), order])


def _apart_picture(page: Page, state: MapState) -> None:
    """The places on the worse side of the middle with their intervals."""
    figure = _apart_figure(page.atlas.key, state, page.scheme, page.atlas)
    chart_panel(
        dict(figure.spec),
        title=figure.title,
        source=figure.source,
        alt=figure.alt,
        key="clearly_below",
    )


@st.cache_resource(show_spinner=False, max_entries=8)
def _apart_figure(snapshot: str, state: MapState, scheme: Scheme, _atlas: Atlas) -> Figure:
    found = _headline(snapshot, state, _atlas)
    frame = _listed(found)
    shown = frame.data
    measure, years = frame.measure, years_text(*frame.years)
    words = {"measure": measure.title, "years": years, "places": places_text(len(shown))}
    if found.side == "above":
        title = say("{measure}, {years}: {places} above the middle", **words)
    else:
        title = say("{measure}, {years}: {places} below the middle", **words)
    signs = say("Dot: value. Line: 95% interval. Dashed box: range.")
    return Figure(
        title,
        f"{source_line(frame)} {signs}",
        alt_text(shown, measure, title),
        app_chart(dots_chart(shown, measure, scheme), scheme),
    )


def show_headline_alone(page: Page, state: MapState) -> None:
    """The places that lie clearly on the worse side of the middle, with their source line."""
    if page.atlas.config.measures[state.measure].below is None:
        st.info(say(NO_HEADLINE))
        return
    found = _headline(page.atlas.key, state, page.atlas)
    if found.apart.empty:
        words = (
            say("No place lies clearly above the middle.")
            if found.side == "above"
            else say("No place lies clearly below the middle.")
        )
        doubt = say("That does not show that none does.")
        st.info(f"{words} {doubt}")
        return
    _apart_picture(page, state)


def _middle_words(found: Headline, low: str, high: str) -> str:
    unit = plain(found.frame.measure.unit)
    places = whole((found.frame.data["years_used"] > 0).sum())
    if low == high:
        return say(
            "Over all {places} places with a figure, the middle one has {middle} {unit}.",
            places=places,
            middle=low,
            unit=unit,
        )
    return say(
        "Over all {places} places with a figure, the middle one lies between {low} and {high} "
        "{unit}: counts printed as a range leave it open where.",
        places=places,
        low=low,
        high=high,
        unit=unit,
    )


def _chosen_words(found: Headline, shown: pd.DataFrame) -> list[str]:
    """Which of the places apart from the middle are shown, where these are not all."""
    every = len(found.apart)
    if len(shown) == every:
        return []
    told = say(
        "They are the {shown} of {every} such places with the most {below}.",
        shown=whole(len(shown)),
        every=whole(every),
        below=_below(found),
    )
    return [told]


def _show_silent(found: Headline) -> None:
    if found.silent.empty:
        return
    label, listed = _silent_words(found)
    with st.expander(label):
        st.markdown(listed)
        st.caption(source_line(found.frame))


@said_once
def _silent_words(found: Headline) -> tuple[str, str]:
    """What is listed, and the places that give no figure with what they count."""
    listed = ", ".join(
        f"{plain(row.name)} ({count_text(row.count_low, row.count_high)})"
        for row in rows(found.silent)
    )
    label = say(
        "Places with {many} or more {below} and no figure, {years}",
        many=whole(MANY),
        below=_below(found),
        years=years_text(*found.frame.years),
    )
    return label, f"{listed}."


def _words_of(found: Headline) -> dict[str, str]:
    """What the sentences of silence name."""
    return {
        "many": whole(MANY),
        "asked": whole(found.asked),
        "silent": whole(len(found.silent)),
        "above": _above(found),
        "below": _below(found),
    }


def _below(found: Headline) -> str:
    stage = found.frame.measure.below
    return found.frame.measure.exposure if stage is None else label_of(stage)


def _above(found: Headline) -> str:
    return label_of(found.frame.measure.numerator)
