"""What the data say: counts set against grants, or against a roll-out of the analyst's own."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.charts import Scheme
from gapatlas.comparison.pictures import Picture
from gapatlas.errors import GapAtlasError
from gapatlas.export import Download
from gapatlas.investment import Association, Investment, find_association
from gapatlas.investment.association_tables import header_lines
from gapatlas.investment.pictures_association import association_picture
from gapatlas.languages import mark, say
from gapatlas.state import InvestmentState
from gapatlas.ui.app import Page
from gapatlas.ui.language import kept_with_spinner
from gapatlas.ui.panels import plain, show_picture, table_twin


def show_association(page: Page, state: InvestmentState, found: Investment) -> None:
    """The answer, what speaks against it as an effect, and the years before and after."""
    blocks = page.atlas.config.associations
    if not blocks:
        st.info(say("This config names nothing that counts could be set against (`associations`)."))
        return
    id_, outcome = _choice(page.atlas)
    told = _association(page.atlas.key, id_, outcome, page.atlas)
    if isinstance(told, str):
        st.info(plain(told))
        return
    st.markdown(f"**{plain(told.short)}**")
    st.warning(plain(told.caveat), icon=":material/warning:")
    picture = _picture(page.atlas.key, id_, outcome, page.scheme, page.atlas)
    if picture is not None:
        show_picture(replace(picture, words=""), key="invest_association_chart")
    for doubt in told.doubts:
        alarm = [say("Speaks against it.")] if doubt.alarm else []
        st.markdown(" ".join([f"**{plain(doubt.title)}**", *alarm, plain(doubt.text)]))
    st.caption(plain(told.basis))
    table_twin(
        lambda: told.table,
        lambda: Download.of(told.table, header_lines(told)),
        name=f"association-{id_}",
        key="invest_association_table",
        charts=["invest_association_chart"],
    )


def _choice(atlas: Atlas) -> tuple[str, str]:
    """Which association of the config, and which of its counts."""
    blocks = atlas.config.associations
    left, right = st.columns(2)
    id_ = left.selectbox(
        say("Set against"),
        list(blocks),
        format_func=lambda block: blocks[block].title,
        key="invest_association",
    )
    labels = {outcome.stage: outcome.label for outcome in blocks[id_].outcomes}
    outcome = right.selectbox(
        say("Counts"),
        list(labels),
        format_func=labels.__getitem__,
        key=f"invest_association_outcome_{id_}",
    )
    return id_, outcome


@kept_with_spinner(mark("Comparing years with and without ..."), max_entries=32)
def _association(snapshot: str, id_: str, outcome: str, _atlas: Atlas) -> Association | str:
    """The association, or why there is none."""
    try:
        return find_association(_atlas, id_, outcome)
    except GapAtlasError as error:
        return error.said()
    except ValueError as error:
        return str(error)


@st.cache_resource(show_spinner=False, max_entries=32)
def _picture(
    snapshot: str, id_: str, outcome: str, scheme: Scheme, _atlas: Atlas
) -> Picture | None:
    told = _association(snapshot, id_, outcome, _atlas)
    return None if isinstance(told, str) else association_picture(told, scheme)
