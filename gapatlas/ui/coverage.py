"""The page on data and methods: what is held, on which terms, and how it is computed."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from gapatlas.measures import INTERVAL_WORDS
from gapatlas.tables import rows
from gapatlas.ui.app import Page
from gapatlas.ui.figures import reporting_spec

KINDS = {
    "observations": "Counts of the justice chain",
    "population": "People",
    "coverage": "Bodies that report",
}


def show_datasets(page: Page) -> None:
    """Every dataset: publisher, edition, terms, caveats, columns and coverage."""
    for row in rows(page.atlas.sources()):
        _show_dataset(page, row)


def _show_dataset(page: Page, row: Any) -> None:
    label = f"{row.title}: {KINDS[row.kind].lower()}"
    expander = st.expander(label, key=f"dataset_{row.dataset_id}", on_change="rerun")
    if not expander.open:
        return
    with expander:
        st.markdown(
            f"**Publisher:** {row.publisher}  \n**Edition:** {row.edition}  \n"
            f"**Terms:** {row.licence}  \n**Cite as:** {row.citation}  \n"
            f"**How we came by it:** {row.retrieved}  \n"
            f"**Protection of persons:** {row.method}  \n"
            f"**Rows here:** {row.rows:,}, in `{row.file}`"
        )
        for caveat in json.loads(row.caveats):
            st.markdown(f"- {caveat}")
        _show_columns(json.loads(row.columns))
        st.markdown("**Coverage: places by year**")
        spec, words = reporting_spec(page.atlas, row.dataset_id, page.scheme)
        st.vega_lite_chart(spec, width="stretch", alt=words, key=f"coverage_{row.dataset_id}")
        st.caption(f"{words} Source: {row.short} ({row.edition}).")


def _show_columns(columns: dict[str, dict[str, str | None]]) -> None:
    rows = [
        {"Column": name, "Meaning": text["definition"], "Unit": text["unit"] or ""}
        for name, text in columns.items()
    ]
    st.dataframe(rows, hide_index=True)


def show_measures(page: Page) -> None:
    """Every measure: what is divided by what, its interval, and what a high value can mean."""
    for row in rows(page.atlas.measures()):
        with st.container(border=True):
            st.markdown(f"**{row.title}**")
            st.markdown(
                f"{row.definition}  \n**Unit:** {row.unit}  \n"
                f"**Interval:** 95%, {INTERVAL_WORDS[row.interval]}  \n"
                f"**Mind:** {row.caution}"
            )
