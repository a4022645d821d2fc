"""The opening page: the headline gaps, and how fresh the data are."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.charts import alt_text, app_chart, dots_chart, source_line
from gapatlas.charts.words import count_text, interval_text, value_text, years_text
from gapatlas.headlines import MANY, Headline, headline
from gapatlas.state import MapState, normalised
from gapatlas.tables import only_row, rows
from gapatlas.ui.app import Page
from gapatlas.ui.figures import KEPT, choices
from gapatlas.ui.panels import chart_panel, frame_twin

LISTED = 12


def show_headlines(page: Page) -> None:
    """The default measure over the default window: all places together, and where it is low."""
    options = choices(page.atlas)
    state = normalised(options.default, options)
    if isinstance(page.atlas.config.measures[state.measure].denominator, str):
        return
    found = _headline(page.atlas.snapshot.id, state, page.atlas)
    _show_cards(found)
    _show_clearly_below(page, found)
    _show_silent(found)


def show_freshness(page: Page) -> None:
    """Which years and editions the figures come from, and when the snapshot was built."""
    atlas = page.atlas
    datasets = atlas.sources()
    counts = datasets[datasets["kind"] == "observations"]
    lines = [f"- {row.short}: {row.edition}, published {row.published}" for row in rows(counts)]
    built = datetime.fromisoformat(atlas.meta["built_at"])
    st.markdown("\n".join(["**How fresh the data are**", "", *lines]))
    st.caption(
        f"Snapshot {atlas.snapshot.id}, built {built:%d %B %Y}. The newest year is that of the "
        "source, not of this app: sources publish two to three years late."
    )


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _headline(snapshot: str, state: MapState, _atlas: Atlas) -> Headline:
    years = (state.year - state.window + 1, state.year)
    return headline(_atlas, state.measure, years, state.window)


def _show_cards(found: Headline) -> None:
    measure, row = found.frame.measure, only_row(found.together)
    years = years_text(*found.frame.years)
    left, right = st.columns(2)
    with left, st.container(border=True):
        st.markdown(f"**{measure.title}, {years}**")
        st.markdown(f"## {value_text(row, measure.decimals)}")
        numerator = count_text(row.numerator_low, row.numerator_high)
        denominator = count_text(row.denominator_low, row.denominator_high)
        st.caption(
            f"{row.name} that report both: {numerator} against {denominator} "
            f"(95% interval {interval_text(row, measure.decimals)} {measure.unit})."
        )
    with right, st.container(border=True):
        st.markdown(f"**Places that give no figure for {_above(found)}, {years}**")
        st.markdown(f"## {len(found.silent)} of {found.asked}")
        st.caption(
            f"Of {found.asked} places that count {MANY} or more {_below(found)}, "
            f"{len(found.silent)} report no figure for {_above(found)} in any of these years. "
            "That is a gap in reporting; it does not show that nobody was convicted."
        )


def _show_clearly_below(page: Page, found: Headline) -> None:
    rows = found.clearly_below.head(LISTED)
    if rows.empty:
        return
    measure = found.frame.measure
    years = years_text(*found.frame.years)
    title = f"{measure.title}, {years}: {len(rows)} places clearly below the middle"
    st.subheader("Where the gap is wide, and the data can show it", anchor=False)
    st.markdown(
        f"In each of these places the whole 95% interval lies below the middle place "
        f"({found.middle:.{measure.decimals}f}). They are the {len(rows)} of "
        f"{len(found.clearly_below)} such places with the most {_below(found)}. "
        "Their order among themselves is not a ranking: many intervals overlap."
    )
    chart_panel(
        app_chart(dots_chart(rows, measure, page.scheme), page.scheme),
        title=title,
        source=f"{source_line(found.frame)} Dot: value. Line: 95% interval. Dashed box: range.",
        alt=alt_text(rows, measure, title),
        key="clearly_below",
    )
    st.caption(measure.caution)
    frame_twin(found.frame, rows, name="clearly-below", key="below_table")


def _show_silent(found: Headline) -> None:
    if found.silent.empty:
        return
    listed = ", ".join(
        f"{row.name} ({count_text(row.count_low, row.count_high)})" for row in rows(found.silent)
    )
    years = years_text(*found.frame.years)
    with st.expander(f"Places with {MANY} or more {_below(found)} and no figure, {years}"):
        st.write(f"{listed}.")
        st.caption(source_line(found.frame))


def _below(found: Headline) -> str:
    stage = found.frame.measure.denominator
    return "people" if isinstance(stage, str) else f"{stage.stage} {stage.unit}"


def _above(found: Headline) -> str:
    stage = found.frame.measure.numerator
    return f"{stage.unit} {stage.stage}"
