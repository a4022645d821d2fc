"""Where to spend: one budget over the places of a scenario, beside an equal split."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.gaps.missing import convictions_missing
from gapatlas.investment.allocating import GOALS, allocate_for, caution_of, picture_of, words_of
from gapatlas.investment.investing import Investment, library_of
from gapatlas.languages import say, say_of
from gapatlas.state import LARGEST_BUDGET, InvestmentState, Scenario
from gapatlas.training import Allocation, Gap
from gapatlas.ui.app import Page
from gapatlas.ui.figures import every_window
from gapatlas.ui.investment_parts import figure_panel, setting_of, show_scenario
from gapatlas.ui.long_work import long_work
from gapatlas.ui.panels import plain

LIMIT_WIDTH: Final = 215
STEP: Final = 10_000.0


def show_allocation(page: Page, state: InvestmentState, found: Investment) -> None:
    """Choose the goal, the budget and its limits; see where the money would go."""
    if len(state.scenario.places) < 2:
        st.info(say("Choose two places or more to see how a budget could be dealt out among them."))
        return
    goal = st.segmented_control(
        say("What the budget is for"),
        list(GOALS),
        format_func=say_of(GOALS),
        key="invest_goal",
        default="convictions",
        required=True,
        help=say(
            "**Most convictions**: wherever they are. **Closing the widest gaps**: a conviction "
            "counts for more where more of the expected ones are missing, and for nothing once the "
            "gap is closed. What is expected is the middle of each place's region."
        ),
    )
    usual = float(found.programme.budgets.sum()) or 100_000.0
    total = st.number_input(
        say("Budget a year, all places together ({currency})", currency=found.currency),
        min_value=1.0,
        max_value=float(LARGEST_BUDGET),
        value=usual,
        step=STEP,
        format="%.0f",
        key="invest_total",
    )
    floors, ceilings = _limits(found, total)
    gaps = _missing(page.atlas, found) if goal == "gaps" else {}
    allocation = long_work(
        say("Deal it out (some seconds)"),
        lambda progress: allocate_for(
            found, total, goal, gaps=gaps, floors=floors, ceilings=ceilings, progress=progress
        ),
        identity=(page.atlas.key, state.scenario, goal, total, repr((floors, ceilings))),
        key="invest_allocation",
    )
    if allocation is not None:
        _show(page, state, found, allocation)


def _limits(found: Investment, total: float) -> tuple[dict[str, float], dict[str, float]]:
    """Least and most money a year of each place."""
    floors, ceilings = {}, {}
    with st.expander(say("At least and at most, place by place")):
        for place, name in zip(found.scenario.places, found.names, strict=True):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                floors[place] = st.number_input(
                    say("{place}: at least", place=name),
                    min_value=0.0,
                    max_value=float(LARGEST_BUDGET),
                    step=STEP,
                    format="%.0f",
                    key=f"invest_floor_{place}",
                    width=LIMIT_WIDTH,
                )
                ceilings[place] = st.number_input(
                    say("{place}: at most", place=name),
                    min_value=0.0,
                    max_value=float(LARGEST_BUDGET),
                    value=None,
                    placeholder=say("No limit"),
                    step=STEP,
                    format="%.0f",
                    key=f"invest_ceiling_{place}",
                    width=LIMIT_WIDTH,
                )
    return floors, {place: most for place, most in ceilings.items() if most is not None}


def _show(page: Page, state: InvestmentState, found: Investment, allocation: Allocation) -> None:
    st.markdown(f"**{plain(words_of(allocation, found))}**")
    setting = setting_of(page, state, found)
    picture = picture_of(allocation, found, library_of(page.atlas), setting)
    if picture is not None:
        figure_panel(page, found, picture, "allocation")
    st.caption(plain(caution_of(allocation)))
    st.button(
        say("Spend it so in this scenario"),
        key="invest_use",
        on_click=_use,
        args=(state.scenario, allocation),
    )


def _use(scenario: Scenario, allocation: Allocation) -> None:
    """Make the allocation the scenario's own, and so part of its link."""
    budgets = tuple(
        (place, tuple(float(amount) for amount in row))
        for place, row in zip(allocation.places, allocation.budgets, strict=True)
    )
    show_scenario(replace(scenario, budgets=budgets))


def _missing(atlas: Atlas, found: Investment) -> dict[str, Gap]:
    return _kept_missing(atlas.key, found.baselines.source_id, found.baselines.last_year, atlas)


@st.cache_resource(show_spinner=False, max_entries=4)
def _kept_missing(snapshot: str, source: str, year: int, _atlas: Atlas) -> dict[str, Gap]:
    return convictions_missing(_atlas, source, year=year, frames=partial(every_window, _atlas))
