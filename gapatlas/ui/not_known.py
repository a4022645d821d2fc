"""What is not known: who counts many cases and does not report what came of them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.charts.words import upper_first
from gapatlas.comparison.sentences import label_of
from gapatlas.export import STATUS_WORDS, Download, source_header
from gapatlas.headlines import MANY, Silence, silence
from gapatlas.languages import mark, say, say_many, whole
from gapatlas.state import MapState
from gapatlas.ui.app import Page
from gapatlas.ui.figures import KEPT
from gapatlas.ui.panels import plain, show_table, source_words
from gapatlas.ui.shelf import file_buttons


def show_not_known(page: Page, state: MapState) -> None:
    """Places and years with many cases and no figure for what came of them."""
    measure = page.atlas.config.measures[state.measure]
    below = measure.below
    if below is None:
        st.info(
            say(
                "This measure divides by {what}, so no place counts cases and leaves out the rest.",
                what=plain(measure.exposure),
            )
        )
        return
    found = _silence(page.atlas.key, state.measure, state.source, page.atlas)
    above_words, below_words = label_of(measure.numerator), label_of(below)
    words = {"many": whole(MANY), "above": above_words, "below": below_words}
    if found.asked.empty:
        st.info(plain(say("No place counts {many} or more {below} in a year.", **words)))
        return
    source = page.atlas.source(state.source)
    first, last = int(found.asked["year"].min()), int(found.asked["year"].max())
    st.markdown(
        say(
            "**{silent} of {asked}** times that a place counted {many} or more {below} in a year "
            "({years}), it reports no figure for {above}. That is a gap in reporting. It is not "
            "zero, and it enters no average.",
            silent=whole(len(found.silent)),
            asked=whole(len(found.asked)),
            many=whole(MANY),
            below=plain(below_words),
            years=f"{first}-{last}",
            above=plain(above_words),
        )
    )
    _own_silence(found, state)
    st.caption(source_words(source))
    title = say("No figure for {above} in years with {many} or more {below}", **words)
    show_table(readable_silence(found.places, below_words), alt=say("Table: {title}", title=title))
    header = source_header(title, source, page.atlas.snapshot.id)
    st.caption(say("Every place and year, as a file:"))
    file_buttons(
        lambda: Download.of(readable_years(found.asked, above_words, below_words), header),
        name=f"not-reported-{state.measure}",
        key="silence",
    )


def readable_silence(places: pd.DataFrame, below: str) -> pd.DataFrame:
    """The silent places with words for column names, most silent years first."""
    return pd.DataFrame(
        {
            mark("Place"): places["name"],
            mark("Region"): places["region"],
            say("Years with {many} or more {below}", many=whole(MANY), below=below): places[
                "asked"
            ],
            mark("Of these without a figure"): places["silent"],
            mark("Which years"): places["years"],
            say("{counted} in those years, at least", counted=upper_first(below)): places["cases"],
        }
    )


def readable_years(asked: pd.DataFrame, above: str, below: str) -> pd.DataFrame:
    """Every place and year that was asked, with what it reports."""
    return pd.DataFrame(
        {
            mark("Place code"): asked["jurisdiction_id"],
            mark("Place"): asked["name"],
            mark("Year"): asked["year"],
            say("{counted}, lowest", counted=upper_first(below)): asked["count_low"],
            say("{counted}, highest", counted=upper_first(below)): asked["count_high"],
            upper_first(above): asked["status"].map(STATUS_WORDS),
        }
    )


def _own_silence(found: Silence, state: MapState) -> None:
    """What the chosen place leaves out."""
    own = found.asked[found.asked["jurisdiction_id"] == state.place]
    if own.empty:
        return
    silent = found.places[found.places["jurisdiction_id"] == state.place]
    count, name = len(own), plain(str(own["name"].iloc[0]))
    if silent.empty:
        told = say_many(
            "{name} has {count} such year and reports a figure in each.",
            "{name} has {count} such years and reports a figure in each.",
            count,
            name=name,
            count=whole(count),
        )
    else:
        told = say_many(
            "{name} has {count} such year and reports no figure in {years}.",
            "{name} has {count} such years and reports no figure in {years}.",
            count,
            name=name,
            count=whole(count),
            years=silent["years"].iloc[0],
        )
    st.markdown(told)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _silence(snapshot: str, measure: str, source: str, _atlas: Atlas) -> Silence:
    return silence(_atlas, measure, source)
