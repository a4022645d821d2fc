"""Closer looks at an investment, one at a time: how sure, is it worth it, where to spend."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import streamlit as st

from gapatlas.charts.amounts import money, percent
from gapatlas.errors import GapAtlasError
from gapatlas.investment import showing
from gapatlas.investment.files import scenario_of_upload, scenario_text
from gapatlas.investment.investing import Investment, library_of
from gapatlas.investment.sentences import scenario_words
from gapatlas.languages import mark, said, say, say_many, say_of, whole
from gapatlas.links import labels
from gapatlas.state import (
    INVESTMENT_VIEWS,
    LARGEST_WORTH,
    MOST_KEPT,
    OUTCOMES,
    InvestmentState,
    Scenario,
)
from gapatlas.training.break_even import BreakEven
from gapatlas.ui.app import Page
from gapatlas.ui.investment_allocation import show_allocation
from gapatlas.ui.investment_association import show_association
from gapatlas.ui.investment_figures import (
    drawn,
    investment,
    investment_choices,
    refreshers,
    shares,
    worth_figures,
)
from gapatlas.ui.investment_parts import STATE, figure_panel, setting_of, show_scenario
from gapatlas.ui.long_work import long_work
from gapatlas.ui.panels import plain, show_table

WORTH_HELP: Final = mark(
    "This is your judgement, and no market sets it. It is needed to say whether an investment "
    "pays, and which missing number would change that."
)


def show_outcome(page: Page, state: InvestmentState, found: Investment) -> None:
    """One outcome year by year: with and without, and the difference."""
    st.segmented_control(
        say("What is counted"),
        OUTCOMES,
        format_func=say_of(labels.INVESTMENT_OUTCOMES),
        key="invest_outcome",
        required=True,
    )
    left, right = st.columns(2)
    for box, name in ((left, "fan"), (right, "change"), (st.container(), "places")):
        with box:
            _show_drawn(page, state, found, name)


def _show_drawn(page: Page, state: InvestmentState, found: Investment, name: str) -> None:
    """One of the pictures that are kept, where there is anything to draw."""
    picture = drawn(page.atlas, name, state, page.scheme)
    if picture is not None:
        figure_panel(page, found, picture, name)


def show_view(page: Page, state: InvestmentState, found: Investment) -> None:
    """The closer look that the reader has opened, if any."""
    st.segmented_control(
        say("Look closer"),
        INVESTMENT_VIEWS,
        format_func=say_of(labels.INVESTMENT_VIEWS),
        key="invest_view",
    )
    if state.view in VIEWS:
        VIEWS[state.view](page, state, found)


# ------------------------------------------------------------------ how sure


def _show_sure(page: Page, state: InvestmentState, found: Investment) -> None:
    """The spread of the answer, what it rests on, and which input moves it most."""
    setting = setting_of(page, state, found)
    st.caption(
        say(
            "How well the counts without the investment are predicted for years that were held "
            "back is told in docs/explanation/hindcast.md."
        )
    )
    _show_drawn(page, state, found, "spread")
    split = shares(page.atlas, state.scenario)
    parts = showing.parts_of(split, setting)
    if parts is None:
        st.info(say("Nothing varies in this scenario: there is no spread to explain."))
        return
    figure_panel(page, found, parts, "parts")
    _show_drawn(page, state, found, "tornado")
    st.markdown(
        say(
            "**Which inputs act together.** The bars above move one input at a time. The shares "
            "below also count what inputs do together (Sobol indices: each input's share of the "
            "spread)."
        )
    )
    indices = long_work(
        say("Work out the shares (some seconds)"),
        lambda progress: showing.indices_of(found, setting, progress),
        identity=(page.atlas.key, state.scenario, state.outcome, page.scheme),
        key="invest_sobol",
    )
    if indices is not None:
        figure_panel(page, found, indices, "sobol")


# ------------------------------------------------------------------ is it worth it


def _show_worth(page: Page, state: InvestmentState, found: Investment) -> None:
    """What a further conviction is worth to the reader, and what follows from it."""
    currency = found.currency
    st.number_input(
        say("What one further conviction is worth to you ({currency})", currency=currency),
        min_value=0,
        max_value=LARGEST_WORTH,
        step=10_000,
        key="invest_worth",
        help=say(WORTH_HELP),
    )
    if not state.worth or not found.programme.cost:
        st.info(say("Give a worth above 0, and spend something, to see whether it pays."))
        return
    effects, costs = worth_figures(page.atlas, state)
    st.markdown(_worth_words(state.worth, effects, currency))
    st.caption(
        say(
            "The average counts all draws. A few with very many further convictions lift it above "
            "the middle one, so an investment can pay on average and not in most draws."
        )
    )
    for title, even in (
        (say("How strong the effects would have to be"), effects),
        (say("How low the cost of training one person would have to be"), costs),
    ):
        st.markdown(f"**{title}**")
        if even.reason:
            st.caption(plain(even.reason))
        if even.multiple is not None:
            show_table(
                showing.break_even_table(found, even),
                alt=title,
                numbers={mark("Believed (middle)"): "%.3g", mark("Needed to pay"): "%.3g"},
            )
    _show_information(page, state, found)


def _worth_words(value: int, effects: BreakEven, currency: str) -> str:
    """What the investment brings on average where a conviction is worth so much."""
    words = {
        "worth": plain(money(value, currency)),
        "net": plain(money(abs(effects.net), currency)),
        "chance": percent(effects.chance),
    }
    if effects.net >= 0:
        return say(
            "**If a further conviction is worth {worth}**, the investment brings on average {net} "
            "more than it costs. The chance that it pays is {chance}.",
            **words,
        )
    return say(
        "**If a further conviction is worth {worth}**, the investment brings on average {net} less "
        "than it costs. The chance that it pays is {chance}.",
        **words,
    )


def _show_information(page: Page, state: InvestmentState, found: Investment) -> None:
    """Which missing number would change the decision."""
    st.markdown(
        say(
            "**Which missing number would change the decision.** To know a number is worth "
            "something only if one would then decide otherwise (value of information: how much "
            "better the decision would turn out, on average)."
        )
    )
    options = [found, *_alike(page, state)]
    if len(options) > 1:
        kept = len(options) - 1
        st.caption(
            say_many(
                "The choice is between this scenario, {count} kept with the same places, years and "
                "beliefs, and none.",
                "The choice is between this scenario, {count} kept with the same places, years and "
                "beliefs, and none.",
                kept,
                count=whole(kept),
            )
        )
    information = long_work(
        say("Work out what each number is worth (some seconds)"),
        lambda progress: showing.information_of(options, state.worth, progress),
        identity=(page.atlas.key, state.scenario, state.kept, state.worth),
        key="invest_information",
    )
    if information is None:
        return
    st.markdown(f"**{plain(showing.information_words(information, found))}**")
    picture = showing.worth_of(information, found, setting_of(page, state, found))
    if picture is not None:
        figure_panel(page, found, picture, "information")


def _alike(page: Page, state: InvestmentState) -> list[Investment]:
    """Kept scenarios that differ from the shown one in what is spent alone."""
    shown = state.scenario
    return [
        investment(page.atlas, kept)
        for kept in state.kept
        if (kept.places, kept.years, kept.preset, kept.taken, kept.beliefs)
        == (shown.places, shown.years, shown.preset, shown.taken, shown.beliefs)
    ]


# ------------------------------------------------------------------ refreshers


def _show_refreshers(page: Page, state: InvestmentState, found: Investment) -> None:
    """Whether it matters how often the trained are refreshed."""
    picture, words = refreshers(page.atlas, state, page.scheme)
    st.markdown(f"**{plain(words)}**")
    if picture is not None:
        figure_panel(page, found, picture, "refreshers")


# ------------------------------------------------------------------ scenarios


def _show_scenarios(page: Page, state: InvestmentState, found: Investment) -> None:
    """Scenarios side by side, to keep, to save and to load."""
    _name_and_keep(state)
    every = [found, *(investment(page.atlas, kept) for kept in state.kept)]
    setting = replace(
        setting_of(page, state, found),
        where=say("{count} scenarios", count=whole(len(every)))
        if len(every) > 1
        else state.scenario.name,
    )
    for name, picture in zip(
        ("further", "cost"), showing.scenarios_of(every, setting), strict=True
    ):
        if picture is not None:
            figure_panel(page, found, picture, f"scenarios_{name}")
    for kept in every[1:]:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.caption(plain(scenario_words(kept)))
        right.button(
            say("Remove"),
            key=f"invest_remove_{kept.scenario.name}",
            on_click=_remove,
            args=(kept.scenario,),
        )
    _save_and_load(page, state, found)


def _name_and_keep(state: InvestmentState) -> None:
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.text_input(say("Name of this scenario"), key="invest_name", max_chars=40)
    right.button(
        say("Keep to compare"),
        key="invest_keep",
        on_click=_keep,
        disabled=len(state.kept) >= MOST_KEPT,
        help=say("Keeps a copy beside the scenario that you go on changing: up to three."),
    )


def _save_and_load(page: Page, state: InvestmentState, found: Investment) -> None:
    left, right = st.columns(2)
    with left:
        st.download_button(
            say("Save this scenario as a file"),
            data=scenario_text(state.scenario, found.currency, page.atlas.snapshot.id),
            file_name="gap-atlas-scenario.yaml",
            mime="application/yaml",
            key="invest_save",
            on_click="ignore",
        )
    upload = right.file_uploader(
        say("Load a scenario"), type=["yaml", "yml"], key="invest_upload", max_upload_size=1
    )
    if upload is not None and st.session_state.get("invest_loaded") != upload.file_id:
        _load(page, upload.getvalue(), upload.file_id)


def _load(page: Page, data: bytes, file_id: str) -> None:
    """Show a scenario file, or say what is wrong in it and change nothing."""
    try:
        scenario = scenario_of_upload(
            data, investment_choices(page.atlas), library_of(page.atlas).currency
        )
    except GapAtlasError as error:
        problems = "\n".join(f"- {plain(problem.said())}" for problem in error.problems)
        st.error(f"{plain(said(error.summary))} {say('Nothing was changed.')}\n\n{problems}")
        return
    st.session_state["invest_loaded"] = file_id
    show_scenario(scenario)
    st.rerun()


def _keep() -> None:
    """Keep a copy as it is called; the scenario that goes on being changed gets a new name."""
    state: InvestmentState = st.session_state[STATE]
    names = {scenario.name for scenario in state.kept}
    name = state.scenario.name
    kept = replace(state.scenario, name=_free_name(name, names))
    st.session_state[STATE] = replace(state, kept=(*state.kept, kept))
    st.session_state["invest_name"] = _free_name(name, {*names, kept.name})


def _free_name(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken."""
    base = re.sub(r" \d+$", "", name)[:36]
    numbered = (f"{base} {number}" for number in range(2, MOST_KEPT + 4))
    return next(free for free in (name, *numbered) if free not in taken)


def _remove(scenario: Scenario) -> None:
    state: InvestmentState = st.session_state[STATE]
    kept = tuple(other for other in state.kept if other != scenario)
    st.session_state[STATE] = replace(state, kept=kept)


VIEWS: Final[dict[str, Callable[[Page, InvestmentState, Investment], None]]] = {
    "sure": _show_sure,
    "worth": _show_worth,
    "allocation": show_allocation,
    "refreshers": _show_refreshers,
    "scenarios": _show_scenarios,
    "association": show_association,
}
