"""The views of the page Evidence and defence, one at a time: words, charts, tables."""

from __future__ import annotations

from typing import Final

import streamlit as st

from gapatlas.charts.template import ROWS
from gapatlas.charts.words import listed
from gapatlas.config.vocabulary import SYNTHETIC
from gapatlas.evidence import VIEWS, CaseEvidence
from gapatlas.evidence.words import OUTCOME_TITLES, SPLIT_TITLES
from gapatlas.export import Download, source_header
from gapatlas.languages import mark, say, say_of, whole
from gapatlas.state import CASE_OUTCOMES, EVIDENCE_SPLITS, EVIDENCE_VIEWS, EvidenceState
from gapatlas.ui.app import Page
from gapatlas.ui.evidence_figures import acquittals, others_with, pictures, sentences
from gapatlas.ui.panels import chart_panel, plain, table_twin
from gapatlas.ui.profile_figures import Shown

QUESTIONS: Final = {
    "outcomes": mark("How do cases end?"),
    "evidence": mark("Which evidence do cases have that end in conviction?"),
    "defence": mark("Which defences go with conviction, and which with acquittal?"),
    "pairs": mark("Which kinds of evidence matter together?"),
    "testimony": mark("What does conviction look like without the testimony of victims?"),
    "pairings": mark("What if this evidence meets that defence?"),
    "time": mark("How long do cases take?"),
    "networks": mark("Are networks convicted, or single traffickers?"),
}
COUNTED: Final = mark(
    "Persons charged together share much of their case. These intervals count each person by "
    "themselves, so they are too short where many stand in one case."
)
READ: Final = {
    "evidence": mark(
        "Other things equal means: place, year of the charge, charge and the other kinds of "
        "evidence are the same on both sides of each comparison. How strong a case was from the "
        "start is in no file."
    ),
    "defence": mark(
        "Other things equal means: place, year of the charge, charge, the evidence and the other "
        "lines of defence are the same on both sides of each comparison. How strong a case was "
        "from the start is in no file."
    ),
    "pairs": mark(
        "Two kinds can matter together more, or less, than each by itself. Most pairs do neither, "
        "and among so many some look large by chance: so all are drawn towards zero."
    ),
    "testimony": mark(
        "Each pair compares the same mix of place, year and charge: once as if all cases had "
        "testimony, once as if none had."
    ),
    "pairings": mark(
        "Evidence is read from the left, the defence from below. A case can stand in several cells."
    ),
    "time": mark("Years are counted from the year of the charge, which is year 0."),
    "networks": mark("A network is all who are linked by being charged together."),
}
"""What a reader needs to know to read a chart."""


def view_choice() -> None:
    """Which view is open."""
    st.segmented_control(
        say("View"), EVIDENCE_VIEWS, format_func=say_of(VIEWS), key="evidence_view", required=True
    )


def show_view(page: Page, found: CaseEvidence, state: EvidenceState) -> None:
    """The view that is open, or why it is empty."""
    st.subheader(say(QUESTIONS[state.view]), anchor=False)
    if not found.has(state.view):
        _empty(page, found, state)
        return
    if state.view == "outcomes":
        _outcomes(page, found, state)
        return
    _told(sentences(page.atlas, state))
    st.markdown(say(READ[state.view]))
    shown = pictures(page.atlas, state, page.scheme)
    if state.view not in ("evidence", "defence"):
        for number, each in enumerate(shown):
            _picture(page, found, state, each, number)
        return
    _picture(page, found, state, shown[0], 0)
    if not shown[0].picture.datasets[ROWS]["withheld"].all():
        st.caption(plain(" ".join(found.sentences(f"{state.view}_compared"))))
    if shown[1:]:
        _with_and_without(page, found, state)


def _empty(page: Page, found: CaseEvidence, state: EvidenceState) -> None:
    """Why there is nothing to show, and where there is."""
    others = others_with(page.atlas, state)
    told = [found.why_empty(state.view)]
    if others:
        told.append(say("Choose cases above that have it: {names}.", names=listed(list(others))))
    if any(SYNTHETIC in other for other in others):
        told.append(say("SYNTHETIC cases show what a file of yours would give."))
    st.info(plain(" ".join(told)), icon=":material/visibility_off:")


def _outcomes(page: Page, found: CaseEvidence, state: EvidenceState) -> None:
    """From the charge to the outcome, then the shares by what the reader chooses."""
    told = sentences(page.atlas, state)
    _told(told[:1])
    first, second = pictures(page.atlas, state, page.scheme)
    _picture(page, found, state, first, 0)
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    left.selectbox(
        say("Split by"),
        [split for split in EVIDENCE_SPLITS if split == "none" or split in found.splits],
        format_func=say_of(SPLIT_TITLES),
        key="evidence_split",
    )
    if state.split != "none":
        with right:
            _outcome_choice()
        _told(told[1:])
    _picture(page, found, state, second, 1)
    st.caption(say(COUNTED))


def _with_and_without(page: Page, found: CaseEvidence, state: EvidenceState) -> None:
    """One outcome with each kind of evidence or defence, and without it, as counted."""
    st.markdown(
        say(
            "Below, nothing is held equal: the plain shares with and without, of each way in which "
            "a case can end."
        )
    )
    _outcome_choice()
    if state.view == "defence":
        _told((acquittals(page.atlas, state.dataset),))
    _picture(page, found, state, pictures(page.atlas, state, page.scheme)[1], 1)


def _outcome_choice() -> None:
    st.segmented_control(
        say("Outcome"),
        CASE_OUTCOMES,
        format_func=say_of(OUTCOME_TITLES),
        key="evidence_outcome",
        required=True,
        help=say("Dropped: dismissed, or the prosecution was dropped."),
    )


def _told(texts: tuple[str, ...]) -> None:
    """The first sentence in a box; the others when they are asked for."""
    if not texts:
        return
    with st.container(border=True):
        st.markdown(plain(texts[0]))
    if len(texts) > 1:
        label = say("All {count} findings in words", count=whole(len(texts)))
        expander = st.expander(label, key="evidence_findings", on_change="rerun")
        if expander.open:
            with expander:
                st.markdown("\n".join(f"- {plain(text)}" for text in texts))


def _picture(
    page: Page, found: CaseEvidence, state: EvidenceState, shown: Shown, number: int
) -> None:
    """A picture with its table and file."""
    picture = shown.picture
    chart_panel(
        shown.spec,
        title=picture.title,
        source=picture.source,
        alt=picture.alt,
        key=f"evidence_chart_{number}",
    )
    header = [
        *source_header(picture.title, found.source, page.atlas.snapshot.id)[:-1],
        say("Persons charged in {years}.", years=found.years) + f" {found.protection()}",
        say("Gap Atlas snapshot {id}", id=page.atlas.snapshot.id),
    ]
    table_twin(
        picture.table,
        lambda: Download.of(picture.table(), header),
        name=f"{state.dataset.replace('_', '-')}-{state.view}-{number + 1}",
        key=f"evidence_table_{number}",
        charts=[f"evidence_chart_{number}"],
    )
