"""The page Evidence and defence: choose cases, choose a view, read what goes with conviction."""

from __future__ import annotations

import json
from typing import Any, Final

import streamlit as st

from gapatlas.evidence import CaseEvidence
from gapatlas.languages import mark, say
from gapatlas.links.pages import NO_CASES
from gapatlas.state import (
    EvidenceState,
    evidence_from_query,
    evidence_to_query,
    normalised_evidence,
)
from gapatlas.ui.address import put_in_session, start_from_address, write_address
from gapatlas.ui.app import Page
from gapatlas.ui.evidence_figures import evidence_choices, evidence_of, looked_at
from gapatlas.ui.evidence_views import show_view, view_choice
from gapatlas.ui.panels import plain
from gapatlas.ui.telling import opening_slot, tell

ADDRESS: Final = "evidence_address"
PARTS: Final = ("dataset", "view", "split", "outcome")
SYNTHETIC_NOTE: Final = mark(
    "**SYNTHETIC cases.** Nobody in them exists, and what goes with conviction in them was made "
    "up. They show what a file of real cases would give. Nothing here may be quoted as a fact."
)


def show_evidence(page: Page) -> None:
    """The whole page: which cases, who is in them, and one view of them."""
    slot = opening_slot()
    options = evidence_choices(page.atlas)
    if not options.splits:
        st.info(say(NO_CASES))
        return
    start_from_address(
        ADDRESS,
        "evidence_dataset",
        lambda address: put_in_session(_widgets(evidence_from_query(address, options))),
    )
    _dataset_choice(page, list(options.splits))
    put_in_session(_widgets(normalised_evidence(_session_state(), options)))
    found = evidence_of(page.atlas, st.session_state.evidence_dataset)
    _who_is_in_it(found)
    view_choice()
    state = normalised_evidence(_session_state(), options)
    show_view(page, found, state)
    state = normalised_evidence(_session_state(), options)
    tell(slot, looked_at(page.atlas, state))
    # The view has brought the last widgets of the page: what they say is in the address, too.
    write_address(ADDRESS, evidence_to_query(state))
    _how_protected(found)


def _dataset_choice(page: Page, datasets: list[str]) -> None:
    """Which cases; their name alone where there is one dataset."""
    titles = {id_: evidence_of(page.atlas, id_).source.title for id_ in datasets}
    if len(datasets) > 1:
        st.selectbox(say("Cases"), datasets, format_func=titles.__getitem__, key="evidence_dataset")
    else:
        st.session_state.evidence_dataset = datasets[0]
        st.markdown(say("Cases: **{title}**", title=plain(titles[datasets[0]])))


def _who_is_in_it(found: CaseEvidence) -> None:
    """What has to be known before any figure is read."""
    if found.synthetic:
        st.warning(say(SYNTHETIC_NOTE), icon=":material/science:")
    if found.about.brand:
        st.error(f"**{plain(found.about.brand)}.**", icon=":material/gpp_bad:")
    for text in found.sentences("selection"):
        st.info(plain(text), icon=":material/info:")


def _how_protected(found: CaseEvidence) -> None:
    """What the build's own attack on the published figures found."""
    lines = json.loads(found.about.audit or "[]")
    expander = st.expander(
        say("How persons are protected here, and what the source leaves out"),
        key="evidence_protection",
        on_change="rerun",
    )
    if not expander.open:
        return
    with expander:
        st.markdown(plain(found.protection()))
        if lines:
            st.markdown(
                say("Before anything is shown, the build attacks its own tables. It found:")
            )
            st.markdown("\n".join(f"- {plain(line)}" for line in lines))
        caveats = "\n".join(f"- {plain(caveat)}" for caveat in found.source.caveats)
        if caveats:
            st.markdown(f"{say('What the source says of itself:')}\n\n{caveats}")


def _widgets(state: EvidenceState) -> dict[str, Any]:
    """Widget key -> value."""
    return {f"evidence_{name}": getattr(state, name) for name in PARTS}


def _session_state() -> EvidenceState:
    session = st.session_state
    return EvidenceState(**{name: session.get(f"evidence_{name}") or "" for name in PARTS})
