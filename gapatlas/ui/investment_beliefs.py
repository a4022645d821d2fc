"""Argue with the assumptions: every belief with its grade and citation, beside what moves it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import streamlit as st

from gapatlas.charts.words import from_to
from gapatlas.config import EffectLibrary, Entry
from gapatlas.investment.beliefs import Belief
from gapatlas.investment.investing import library_of
from gapatlas.languages import in_digits, mark, say, say_as, say_many, say_of, whole
from gapatlas.state import InvestmentState
from gapatlas.training import COMPONENTS
from gapatlas.ui.address import put_in_session
from gapatlas.ui.app import Page
from gapatlas.ui.investment_figures import investment, investment_choices
from gapatlas.ui.investment_parts import STATE
from gapatlas.ui.panels import plain

GROUPS: Final = {
    "effects": mark("Effects"),
    "people": mark("Trained people and costs"),
    "courts": mark("Courts and referral"),
}
OF_COURTS: Final = ("court_speed", "court_headroom", "referral")
OWN: Final = "own"
OWN_WORDS: Final = mark("Your own belief")
STEPS: Final = 200
"""Positions of a slider between its ends."""


def show_beliefs(page: Page, state: InvestmentState) -> None:
    """All beliefs of a scenario, in an expander that is filled when it is opened."""
    library = library_of(page.atlas)
    _preset(library, state)
    expander = st.expander(
        say("Argue with the assumptions"), key="invest_beliefs_open", on_change="rerun"
    )
    if not expander.open:
        return
    with expander:
        lines = say(
            "Each line is one belief: its middle, and a range that holds the truth in 9 of 10 "
            "cases as far as one can judge. Move either; everything above follows."
        )
        grades = " ".join(f"**{grade}** {plain(text)}" for grade, text in library.grades.items())
        st.markdown(lines + " " + say("Grades: {grades}", grades=grades))
        group = st.segmented_control(
            say("Which beliefs"),
            list(GROUPS),
            format_func=say_of(GROUPS),
            key="invest_group",
            default="effects",
            required=True,
        )
        beliefs = investment(page.atlas, state.scenario).beliefs
        for belief in beliefs.values():
            if _group(belief) == group:
                _show_belief(page, library, belief)
        if group == "effects":
            _show_evidence(library)


def _preset(library: EffectLibrary, state: InvestmentState) -> None:
    """Where the beliefs start from, and how many the reader has changed."""
    presets = library.presets
    put_in_session({"invest_preset": state.scenario.preset})
    st.segmented_control(
        say("Start from"),
        list(presets),
        format_func=lambda id_: presets[id_].title,
        key="invest_preset",
        required=True,
        help=say("A preset is one set of beliefs. None of them is a finding."),
    )
    st.caption(plain(presets[state.scenario.preset].description))
    changed = len(state.scenario.beliefs) + len(state.scenario.taken)
    if changed:
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.caption(
            say_many(
                "You have changed {count} of these beliefs.",
                "You have changed {count} of these beliefs.",
                changed,
                count=whole(changed),
            )
        )
        right.button(say("Undo my changes"), on_click=_undo, key="invest_undo")


def _show_belief(page: Page, library: EffectLibrary, belief: Belief) -> None:
    choices = investment_choices(page.atlas)
    with st.container(border=True):
        st.markdown(f"**{plain(belief.title)}** ({plain(belief.unit)})")
        entries = choices.entries.get(belief.id, ())
        if len(entries) > 1:
            _source_of_effect(library, belief, entries)
        prior, (low, high) = belief.prior, choices.inputs[belief.id]
        step = _step(low, high)
        value_key, range_key = f"invest_value_{belief.id}", f"invest_range_{belief.id}"
        put_in_session({value_key: prior.value, range_key: (prior.low, prior.high)})
        left, right = st.columns(2)
        left.slider(
            say_as("of a belief", "Middle"),
            low,
            high,
            step=step,
            key=value_key,
            on_change=_believe_value,
            args=(belief,),
        )
        right.slider(
            say_as("of a belief", "Range"),
            low,
            high,
            step=step,
            key=range_key,
            on_change=_believe_range,
            args=(belief,),
        )
        st.caption(f"{_basis(belief)} {plain(belief.citation)} {plain(belief.note)}")


def _basis(belief: Belief) -> str:
    """What a belief rests on, with its grade if it has one."""
    words = _basis_words(belief.basis)
    if not belief.grade:
        return f"{words}."
    return say("{basis}, grade {grade}.", basis=words, grade=belief.grade)


def _basis_words(basis: str) -> str:
    if basis == OWN:
        return say(OWN_WORDS)
    if basis == "judgement":
        return say("Judgement: nobody has measured it")
    return say_as("what a belief rests on", "Evidence")


def _source_of_effect(library: EffectLibrary, belief: Belief, entries: tuple[str, ...]) -> None:
    """From which entry of the library the effect is taken."""
    titles = {entry.id: _entry_words(entry) for entry in library.entries if entry.id in entries}
    options = [*entries, OWN] if belief.basis == OWN else list(entries)
    key = f"invest_taken_{belief.id}"
    put_in_session({key: belief.entry or OWN})
    st.selectbox(
        say("Taken from"),
        options,
        format_func=lambda id_: titles.get(id_, say(OWN_WORDS)),
        key=key,
        on_change=_take,
        args=(belief.id,),
    )


def _entry_words(entry: Entry) -> str:
    effect = entry.effect
    if effect is None:
        return say("{title}, grade {grade}", title=entry.title, grade=entry.grade)
    low, middle, high = (in_digits(f"{n:g}") for n in (effect.low, effect.value, effect.high))
    return say(
        "{title}: {value} ({interval}), grade {grade}",
        title=entry.title,
        value=middle,
        interval=from_to(low, high),
        grade=entry.grade,
    )


def _show_evidence(library: EffectLibrary) -> None:
    """What has been measured, study by study: the model starts from none of it by itself."""
    st.markdown(
        say(
            "**What has been measured.** No study gives the odds of a trafficking conviction with "
            "and without training. These come nearest."
        )
    )
    components = {id_: component.title for id_, component in library.components.items()}
    studies = [entry for entry in library.entries if entry.kind == "evidence"]
    for component in (*COMPONENTS, None):
        for entry in (study for study in studies if study.component == component):
            about = components[component] if component else say("Training as a whole")
            lead = say(
                "**{title}** ({about}, grade {grade}).",
                title=plain(entry.title),
                about=plain(about),
                grade=entry.grade,
            )
            texts = (entry.found or "", entry.design, entry.setting, entry.citation)
            st.markdown(" ".join([f"- {lead}", *(plain(text) for text in texts)]))


def _group(belief: Belief) -> str:
    if belief.id.startswith("effect_"):
        return "effects"
    return "courts" if belief.id in OF_COURTS else "people"


def _step(low: float, high: float) -> float:
    """A step of 1, 2 or 5 and noughts, so that sliders stop at round numbers."""
    rough = (high - low) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * first for first in (1, 2, 5, 10) if power * first >= rough)


# ------------------------------------------------------------------ what the reader changes


def _believe_value(belief: Belief) -> None:
    value = float(st.session_state[f"invest_value_{belief.id}"])
    low, high = belief.prior.low, belief.prior.high
    _believe(belief.id, (value, min(low, value), max(high, value)))


def _believe_range(belief: Belief) -> None:
    low, high = map(float, st.session_state[f"invest_range_{belief.id}"])
    _believe(belief.id, (min(max(belief.prior.value, low), high), low, high))


def _believe(id_: str, numbers: tuple[float, float, float]) -> None:
    state: InvestmentState = st.session_state[STATE]
    beliefs = {**dict(state.scenario.beliefs), id_: numbers}
    _keep(state, beliefs=tuple(sorted(beliefs.items())))


def _take(id_: str) -> None:
    state: InvestmentState = st.session_state[STATE]
    entry = st.session_state[f"invest_taken_{id_}"]
    if entry == OWN:
        return
    taken = {**dict(state.scenario.taken), id_: entry}
    beliefs = {key: value for key, value in state.scenario.beliefs if key != id_}
    _keep(state, taken=tuple(sorted(taken.items())), beliefs=tuple(beliefs.items()))


def _undo() -> None:
    _keep(st.session_state[STATE], taken=(), beliefs=())


def _keep(state: InvestmentState, **changes: object) -> None:
    scenario = replace(state.scenario, **changes)  # type: ignore[arg-type]
    st.session_state[STATE] = replace(state, scenario=scenario)
