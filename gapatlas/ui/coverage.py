"""The page on data and methods: what is held, on which terms, and how it is computed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.config.schema import TABLE_COLUMNS
from gapatlas.export import Download, Figure, readable_reporting, source_header
from gapatlas.languages import mark, say, whole
from gapatlas.measures import INTERVAL_WORDS
from gapatlas.tables import rows
from gapatlas.ui.app import Page
from gapatlas.ui.figures import KEPT, reporting_spec
from gapatlas.ui.panels import plain, show_table, source_words, table_switch
from gapatlas.ui.shelf import Closed, shelf

KINDS = {
    "observations": mark("counts"),
    "population": mark("people"),
    "coverage": mark("how many agencies report"),
    "indicators": mark("scores and amounts"),
    "flows": mark("citizenship of those counted"),
    "cases": mark("cases, one row for each defendant"),
    "case_counts": mark("counts of cases"),
}
OF_CASES = {
    "cases": mark(
        "Rows of persons are in no page and in no download. What is shown of them are counts that "
        "are withheld where they are small, and rounded elsewhere."
    ),
    "case_counts": mark(
        "There are no rows of persons here, only counts. They were withheld where they are small, "
        "and rounded elsewhere, before they came here."
    ),
}
"""What stands in place of the coverage where a dataset holds no counts of places by year."""
INTERVALS_EXPLAINED = (
    mark(
        "**What a 95% interval means.** With the same laws and the same effort, counts still vary "
        "from year to year by chance. The interval holds the values that such chance can explain. "
        "Two places whose intervals overlap widely can't be told apart. It covers neither mistakes "
        "in counting nor changes in who reports."
    ),
    mark(
        "**What counting years together means.** Counts of 3 or 5 years are added before they are "
        "divided. A year is left out where one of the two counts is not reported, and the number "
        "of years used stands beside each figure."
    ),
)


def show_datasets(page: Page) -> None:
    """Every dataset: publisher, edition, terms, caveats, columns and coverage."""
    datasets = _sources(page.atlas.key, page.atlas)
    alike = datasets.duplicated(["title", "kind"], keep=False)
    for row, is_alike in zip(rows(datasets), alike, strict=True):
        _show_dataset(page, row, f", {row.file}" if is_alike else "")


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _sources(snapshot: str, _atlas: Atlas) -> pd.DataFrame:
    return _atlas.sources()


def _show_dataset(page: Page, row: Any, which: str) -> None:
    """One dataset; `which` tells it from others with the same title."""
    label = say("{title}: {kind}", title=row.title, kind=say(KINDS[row.kind]))
    expander = st.expander(f"{label}{which}", key=f"dataset_{row.dataset_id}", on_change="rerun")
    if not expander.open:
        if row.kind not in OF_CASES:
            shelf().put(f"coverage_{row.dataset_id}", Closed(partial(_coverage_drawn, page, row)))
        return
    with expander:
        st.markdown("  \n".join(_terms(row)))
        for caveat in json.loads(row.caveats):
            st.markdown(f"- {say(caveat)}")
        _show_columns(json.loads(row.columns), row.kind)
        if row.kind in OF_CASES:
            st.markdown(say(OF_CASES[row.kind]))
            return
        st.markdown(f"**{say('Coverage: places by year')}**")
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


def _terms(row: Any) -> list[str]:
    """Who publishes a dataset, on which terms, and how it came here, a line each."""
    rows_here = (
        mark("**Rows here:** about {rows}, in `{file}`")
        if row.kind == "cases"
        else mark("**Rows here:** {rows}, in `{file}`")
    )
    return [
        say("**Publisher:** {publisher}", publisher=row.publisher),
        say("**Edition:** {edition}", edition=row.edition),
        say("**Terms:** {terms}", terms=row.licence),
        say("**Cite as:** {citation}", citation=row.citation),
        say("**How we came by it:** {words}", words=row.retrieved),
        say("**Protection of persons:** {words}", words=say(row.method)),
        say(rows_here, rows=whole(row.rows), file=row.file),
    ]


def _coverage_drawn(page: Page, row: Any) -> list[tuple[Figure, Callable[[], Download]]]:
    """The places by year of a dataset, as they can be taken along."""
    spec, words = reporting_spec(page.atlas, row.dataset_id, page.scheme)
    title = say("Coverage: {title}", title=row.title)

    def file() -> Download:
        table = readable_reporting(page.atlas.reporting(row.dataset_id))
        source = page.atlas.source(row.source_id)
        return Download.of(table, source_header(row.title, source, page.atlas.snapshot.id))

    return [(Figure(title, f"{words} {source_words(row)}", words, spec), file)]


def show_maps(page: Page) -> None:
    """Every map: whose boundaries it draws, and the places that it can't draw."""
    for map_ in page.atlas.config.maps.values():
        missing = _without_shape(page.atlas.key, map_.level, page.atlas)
        boundaries = say("Boundaries: {source}", source=plain(map_.attribution))
        st.markdown(f"**{plain(map_.title)}.** {boundaries}  \n{_undrawn_words(missing)}")


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _without_shape(snapshot: str, level: str, _atlas: Atlas) -> list[str]:
    """Names of the places of a level that no map draws."""
    return list(_atlas.without_shape(level)["name"])


def _undrawn_words(names: list[str]) -> str:
    if not names:
        return say("Every place has a shape.")
    return say(
        "Places without a shape ({count}), which stand in the tables only: {names}.",
        count=whole(len(names)),
        names=", ".join(plain(name) for name in names),
    )


def _show_columns(columns: dict[str, dict[str, str | None]], kind: str) -> None:
    wanted = TABLE_COLUMNS.get(kind, tuple(columns))
    of_table = {name: columns[name] for name in wanted if name in columns}
    described = [
        {
            mark("Column"): name,
            mark("Meaning"): text["definition"],
            mark("Unit"): text["unit"] or "",
        }
        for name, text in of_table.items()
    ]
    show_table(pd.DataFrame(described), alt=say("What each column means, and its unit"))


def show_measures(page: Page) -> None:
    """Every measure: what is divided by what, its interval, and what a high value can mean."""
    st.markdown("\n\n".join(say(words) for words in INTERVALS_EXPLAINED))
    for row in rows(page.atlas.measures()):
        with st.container(border=True):
            st.markdown(f"**{say(row.title)}**")
            st.markdown("  \n".join(_meaning(row)))


def _meaning(row: Any) -> list[str]:
    """What a measure is, a line each."""
    return [
        say(row.definition),
        say("**Unit:** {unit}", unit=say(row.unit)),
        say("**Interval:** 95%, {interval}", interval=say(INTERVAL_WORDS[row.interval])),
        say("**Mind:** {words}", words=say(row.caution)),
    ]
