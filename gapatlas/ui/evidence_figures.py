"""Figures of the page Evidence and defence, computed once per snapshot and choice."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.charts import Scheme
from gapatlas.evidence import CaseEvidence, case_evidence, in_order
from gapatlas.evidence.sentences import acquittal_sentence
from gapatlas.links import offers
from gapatlas.state import EvidenceChoices, EvidenceState
from gapatlas.ui.figures import KEPT
from gapatlas.ui.profile_figures import Shown

OF_OUTCOME: Final = ("outcomes", "evidence", "defence")
"""Views of which a chart changes with the outcome; only the first changes with the split."""


def evidence_choices(atlas: Atlas) -> EvidenceChoices:
    """What a reader of the page can choose from."""
    return _choices(atlas.key, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _choices(snapshot: str, _atlas: Atlas) -> EvidenceChoices:
    return offers.evidence_choices(_atlas, partial(evidence_of, _atlas))


def evidence_of(atlas: Atlas, dataset: str) -> CaseEvidence:
    """What is published of a dataset of cases."""
    return _evidence(atlas.key, dataset, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _evidence(snapshot: str, dataset: str, _atlas: Atlas) -> CaseEvidence:
    return case_evidence(_atlas, dataset)


def looked_at(atlas: Atlas, state: EvidenceState) -> CaseEvidence:
    """The cases with the view that a state opens; kept, with the sentences told of it."""
    return _looked_at(atlas.key, state.dataset, state.view, state.split, state.outcome, atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _looked_at(
    snapshot: str, dataset: str, view: str, split: str, outcome: str, _atlas: Atlas
) -> CaseEvidence:
    return evidence_of(_atlas, dataset).looked_at(view, split, outcome)


def pictures(atlas: Atlas, state: EvidenceState, scheme: Scheme) -> tuple[Shown, ...]:
    """The pictures of the view that is open."""
    split = state.split if state.view == "outcomes" else "none"
    outcome = state.outcome if state.view in OF_OUTCOME else ""
    return _pictures(atlas.key, state.dataset, state.view, split, outcome, scheme, atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _pictures(
    snapshot: str,
    dataset: str,
    view: str,
    split: str,
    outcome: str,
    scheme: Scheme,
    _atlas: Atlas,
) -> tuple[Shown, ...]:
    found = evidence_of(_atlas, dataset)
    drawn = found.pictures(view, split=split, outcome=outcome, scheme=scheme)
    return tuple(Shown(picture, picture.spec()) for picture in drawn)


def sentences(atlas: Atlas, state: EvidenceState) -> tuple[str, ...]:
    """What the view that is open says, the most important first; of outcomes one sentence for
    each chart."""
    split = state.split if state.view == "outcomes" else "none"
    outcome = state.outcome if split != "none" else ""
    return _sentences(atlas.key, state.dataset, state.view, split, outcome, atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _sentences(
    snapshot: str, dataset: str, view: str, split: str, outcome: str, _atlas: Atlas
) -> tuple[str, ...]:
    return evidence_of(_atlas, dataset).sentences(view, split=split, outcome=outcome)


def acquittals(atlas: Atlas, dataset: str) -> str:
    """What goes with acquittal, in a sentence."""
    return _acquittals(atlas.key, dataset, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT)
def _acquittals(snapshot: str, dataset: str, _atlas: Atlas) -> str:
    return acquittal_sentence(evidence_of(_atlas, dataset))


def others_with(atlas: Atlas, state: EvidenceState) -> tuple[str, ...]:
    """Names of other datasets that have something to show in the view that is open."""
    return _others_with(atlas.key, state.dataset, state.view, atlas)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT)
def _others_with(snapshot: str, dataset: str, view: str, _atlas: Atlas) -> tuple[str, ...]:
    others = (evidence_of(_atlas, id_) for id_ in in_order(_atlas.cases()) if id_ != dataset)
    return tuple(other.short for other in others if other.has(view))
