"""What is not known: who counts many cases and does not report what came of them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.comparison.sentences import label_of
from gapatlas.export import STATUS_WORDS, Download, source_header
from gapatlas.headlines import MANY, Silence, silence
from gapatlas.state import MapState
from gapatlas.ui.app import Page
from gapatlas.ui.figures import KEPT
from gapatlas.ui.panels import plain
from gapatlas.ui.shelf import file_buttons


def show_not_known(page: Page, state: MapState) -> None:
    """Places and years with many cases and no figure for what came of them."""
    measure = page.atlas.config.measures[state.measure]
    below = measure.below
    if below is None:
        st.info(
            f"This measure divides by {plain(measure.exposure)}, so no place counts cases and "
            "leaves out the rest."
        )
        return
    found = _silence(page.atlas.key, state.measure, state.source, page.atlas)
    if found.asked.empty:
        st.info(f"No place counts {MANY} or more {plain(label_of(below))} in a year.")
        return
    above_words, below_words = label_of(measure.numerator), label_of(below)
    source = page.atlas.source(state.source)
    first, last = int(found.asked["year"].min()), int(found.asked["year"].max())
    st.markdown(
        f"**{len(found.silent):,} of {len(found.asked):,}** times that a place counted {MANY} or "
        f"more {plain(below_words)} in a year ({first}-{last}), it reports no figure for "
        f"{plain(above_words)}. That is a gap in reporting. It is not zero, and it enters no "
        "average."
    )
    _own_silence(found, state)
    st.caption(f"Source: {source.short} ({source.edition}).")
    title = f"No figure for {above_words} in years with {MANY} or more {below_words}"
    st.dataframe(
        readable_silence(found.places, below_words), hide_index=True, alt=f"Table: {title}"
    )
    header = source_header(title, source, page.atlas.snapshot.id)
    st.caption("Every place and year, as a file:")
    file_buttons(
        lambda: Download.of(readable_years(found.asked, above_words, below_words), header),
        name=f"not-reported-{state.measure}",
        key="silence",
    )


def readable_silence(places: pd.DataFrame, below: str) -> pd.DataFrame:
    """The silent places with words for column names, most silent years first."""
    return pd.DataFrame(
        {
            "Place": places["name"],
            "Region": places["region"],
            f"Years with {MANY} or more {below}": places["asked"],
            "Of these without a figure": places["silent"],
            "Which years": places["years"],
            f"{below[:1].upper()}{below[1:]} in those years, at least": places["cases"],
        }
    )


def readable_years(asked: pd.DataFrame, above: str, below: str) -> pd.DataFrame:
    """Every place and year that was asked, with what it reports."""
    return pd.DataFrame(
        {
            "Place code": asked["jurisdiction_id"],
            "Place": asked["name"],
            "Year": asked["year"],
            f"{below[:1].upper()}{below[1:]}, lowest": asked["count_low"],
            f"{below[:1].upper()}{below[1:]}, highest": asked["count_high"],
            f"{above[:1].upper()}{above[1:]}": asked["status"].map(STATUS_WORDS),
        }
    )


def _own_silence(found: Silence, state: MapState) -> None:
    """What the chosen place leaves out."""
    own = found.asked[found.asked["jurisdiction_id"] == state.place]
    if own.empty:
        return
    silent = found.places[found.places["jurisdiction_id"] == state.place]
    years = "1 such year" if len(own) == 1 else f"{len(own)} such years"
    name = plain(str(own["name"].iloc[0]))
    if silent.empty:
        st.markdown(f"{name} has {years} and reports a figure in each.")
    else:
        st.markdown(f"{name} has {years} and reports no figure in {silent['years'].iloc[0]}.")


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _silence(snapshot: str, measure: str, source: str, _atlas: Atlas) -> Silence:
    return silence(_atlas, measure, source)
