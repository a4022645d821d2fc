"""The page on data and methods: what is held, on which terms, and how it is computed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from gapatlas.config.schema import TABLE_COLUMNS
from gapatlas.export import Download, Figure, readable_reporting, source_header
from gapatlas.measures import INTERVAL_WORDS
from gapatlas.tables import rows
from gapatlas.ui.app import Page
from gapatlas.ui.figures import reporting_spec
from gapatlas.ui.panels import plain, table_switch
from gapatlas.ui.shelf import Closed, shelf

KINDS = {
    "observations": "counts",
    "population": "people",
    "coverage": "how many agencies report",
    "indicators": "scores and amounts",
    "flows": "citizenship of those counted",
    "cases": "cases, one row for each defendant",
    "case_counts": "counts of cases",
}
OF_CASES = {
    "cases": "Rows of persons are in no page and in no download. What is shown of them are counts "
    "that are withheld where they are small, and rounded elsewhere.",
    "case_counts": "There are no rows of persons here, only counts. They were withheld where they "
    "are small, and rounded elsewhere, before they came here.",
}
"""What stands in place of the coverage where a dataset holds no counts of places by year."""
INTERVALS_EXPLAINED = """
**What a 95% interval means.** With the same laws and the same effort, counts still vary from
year to year by chance. The interval holds the values that such chance can explain. Two places
whose intervals overlap widely can't be told apart. It covers neither mistakes in counting nor
changes in who reports.

**What counting years together means.** Counts of 3 or 5 years are added before they are
divided. A year is left out where one of the two counts is not reported, and the number of years
used stands beside each figure.
"""


def show_datasets(page: Page) -> None:
    """Every dataset: publisher, edition, terms, caveats, columns and coverage."""
    datasets = page.atlas.sources()
    alike = datasets.duplicated(["title", "kind"], keep=False)
    for row, is_alike in zip(rows(datasets), alike, strict=True):
        _show_dataset(page, row, f", {row.file}" if is_alike else "")


def _show_dataset(page: Page, row: Any, which: str) -> None:
    """One dataset; `which` tells it from others with the same title."""
    label = f"{row.title}: {KINDS[row.kind]}{which}"
    expander = st.expander(label, key=f"dataset_{row.dataset_id}", on_change="rerun")
    if not expander.open:
        if row.kind not in OF_CASES:
            shelf().put(f"coverage_{row.dataset_id}", Closed(partial(_coverage_drawn, page, row)))
        return
    with expander:
        st.markdown(
            f"**Publisher:** {row.publisher}  \n**Edition:** {row.edition}  \n"
            f"**Terms:** {row.licence}  \n**Cite as:** {row.citation}  \n"
            f"**How we came by it:** {row.retrieved}  \n"
            f"**Protection of persons:** {row.method}  \n"
            f"**Rows here:** {'about ' * (row.kind == 'cases')}{row.rows:,}, in `{row.file}`"
        )
        for caveat in json.loads(row.caveats):
            st.markdown(f"- {caveat}")
        _show_columns(json.loads(row.columns), row.kind)
        if row.kind in OF_CASES:
            st.markdown(OF_CASES[row.kind])
            return
        st.markdown("**Coverage: places by year**")
        chart = f"coverage_{row.dataset_id}"
        [(figure, file)] = _coverage_drawn(page, row)
        st.vega_lite_chart(figure.spec, width="stretch", alt=figure.alt, key=chart)
        st.caption(figure.source)
        shelf().put(chart, figure)
        table_switch(
            lambda: file().rows,
            file,
            name=f"coverage-{row.dataset_id}",
            key=f"coverage_table_{row.dataset_id}",
            charts=[chart],
        )


def _coverage_drawn(page: Page, row: Any) -> list[tuple[Figure, Callable[[], Download]]]:
    """The places by year of a dataset, as they can be taken along."""
    spec, words = reporting_spec(page.atlas, row.dataset_id, page.scheme)
    told = f"{words} Source: {row.short} ({row.edition})."

    def file() -> Download:
        table = readable_reporting(page.atlas.reporting(row.dataset_id))
        source = page.atlas.source(row.source_id)
        return Download.of(table, source_header(row.title, source, page.atlas.snapshot.id))

    return [(Figure(f"Coverage: {row.title}", told, words, spec), file)]


def show_maps(page: Page) -> None:
    """Every map: whose boundaries it draws, and the places that it can't draw."""
    for map_ in page.atlas.config.maps.values():
        missing = page.atlas.without_shape(map_.level)["name"]
        left_out = ", ".join(plain(name) for name in missing)
        st.markdown(
            f"**{plain(map_.title)}.** Boundaries: {plain(map_.attribution)}  \n"
            + (
                f"Places without a shape ({len(missing)}), which stand in the tables only: "
                f"{left_out}."
                if left_out
                else "Every place has a shape."
            )
        )


def _show_columns(columns: dict[str, dict[str, str | None]], kind: str) -> None:
    wanted = TABLE_COLUMNS.get(kind, tuple(columns))
    of_table = {name: columns[name] for name in wanted if name in columns}
    described = [
        {"Column": name, "Meaning": text["definition"], "Unit": text["unit"] or ""}
        for name, text in of_table.items()
    ]
    st.dataframe(described, hide_index=True, alt="What each column means, and its unit")


def show_measures(page: Page) -> None:
    """Every measure: what is divided by what, its interval, and what a high value can mean."""
    st.markdown(INTERVALS_EXPLAINED)
    for row in rows(page.atlas.measures()):
        with st.container(border=True):
            st.markdown(f"**{row.title}**")
            st.markdown(
                f"{row.definition}  \n**Unit:** {row.unit}  \n"
                f"**Interval:** 95%, {INTERVAL_WORDS[row.interval]}  \n"
                f"**Mind:** {row.caution}"
            )
