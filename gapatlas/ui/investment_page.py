"""The page Training investment: set a budget, read what it would change, argue with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from gapatlas.charts.amounts import money
from gapatlas.investment.investing import FIRST_BUDGET, Investment, library_of
from gapatlas.investment.sentences import (
    NOT_KNOWN,
    change_words,
    lent_words,
    summary,
    trained_words,
)
from gapatlas.languages import in_alphabet, say
from gapatlas.links.pages import NO_LIBRARY, NO_SCENARIO
from gapatlas.state import (
    LARGEST_BUDGET,
    LONGEST_LAG,
    LONGEST_YEARS,
    MOST_PLACES,
    InvestmentChoices,
    InvestmentState,
    Scenario,
    investment_from_query,
    investment_to_query,
    normalised_investment,
)
from gapatlas.tables import rows
from gapatlas.training import COMPONENTS
from gapatlas.ui.address import put_in_session, view_address, write_address
from gapatlas.ui.app import Page
from gapatlas.ui.figures import place_names
from gapatlas.ui.investment_beliefs import show_beliefs
from gapatlas.ui.investment_figures import assumed, base_of, investment, investment_choices
from gapatlas.ui.investment_parts import STATE
from gapatlas.ui.investment_views import show_outcome, show_view
from gapatlas.ui.panels import plain
from gapatlas.ui.telling import opening_slot, tell

ADDRESS: Final = "invest_address"
MONEY_WIDTH: Final = 215
MONEY_STEP: Final = 5_000.0


def show_investment(page: Page) -> None:
    """The whole page: what is spent, what it would change, what that rests on."""
    slot = opening_slot()
    st.info(say(NOT_KNOWN), icon=":material/info:")
    if page.atlas.effects is None:
        st.info(say(NO_LIBRARY))
        return
    try:
        base_of(page.atlas)
    except ValueError as error:
        st.info(say("There is nothing to calculate from: {why}.", why=plain(say(str(error)))))
        return
    state = _state(page)
    _places(page, state)
    if not state.scenario.budgets:
        st.info(say(NO_SCENARIO))
        return
    found = investment(page.atlas, state.scenario)
    tell(slot, found)
    _budgets(page, state.scenario, found)
    _years(state.scenario)
    _answer(page, state, found)
    show_outcome(page, state, found)
    show_beliefs(page, state)
    show_view(page, state, found)


# ------------------------------------------------------------------ what is spent


def _places(page: Page, state: InvestmentState) -> None:
    """Where money is spent."""
    put_in_session(_widgets(state))
    names = place_names(page.atlas)
    st.multiselect(
        say("Places"),
        in_alphabet(investment_choices(page.atlas).places, names),
        format_func=names.__getitem__,
        key="invest_places",
        max_selections=MOST_PLACES,
        placeholder=say("Up to ten places"),
    )


def _budgets(page: Page, scenario: Scenario, found: Investment) -> None:
    """Money a year of each place for each component, and how many people that trains."""
    library = library_of(page.atlas)
    a_year = say("{currency} a year.", currency=library.currency)
    trained = rows(found.trained())
    for (place, row), people in zip(scenario.budgets, trained, strict=True):
        with st.container(border=True):
            spent = say(
                "**{place}**: {money} a year, which {trains}",
                place=plain(people.name),
                money=plain(money(sum(row), library.currency)),
                trains=plain(trained_words(people.low, people.middle, people.high)),
            )
            st.markdown(spent)
            with st.container(horizontal=True, vertical_alignment="bottom"):
                for component in COMPONENTS:
                    st.number_input(
                        library.components[component].title,
                        min_value=0.0,
                        max_value=float(LARGEST_BUDGET),
                        step=MONEY_STEP,
                        format="%.0f",
                        key=_money_key(place, component),
                        width=MONEY_WIDTH,
                        help=" ".join((a_year, library.components[component].definition)),
                    )


def _years(scenario: Scenario) -> None:
    """How long money is spent, how long it is followed, and when training tells."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            say("Years of spending"),
            min_value=1,
            max_value=scenario.years,
            key="invest_spend_years",
            width=MONEY_WIDTH,
        )
        st.number_input(
            say("Years followed"),
            min_value=1,
            max_value=LONGEST_YEARS,
            key="invest_years",
            width=MONEY_WIDTH,
        )
        st.number_input(
            say("Refreshers every ... years"),
            min_value=0,
            max_value=LONGEST_YEARS,
            key="invest_refresh_every",
            width=MONEY_WIDTH,
            help=say(
                "0: none. In a year of refreshers, those who were trained and are still there come "
                "first; new people get what is left of the money."
            ),
        )
        st.number_input(
            say("Years until training tells"),
            min_value=0,
            max_value=LONGEST_LAG,
            key="invest_lag",
            width=MONEY_WIDTH,
        )


# ------------------------------------------------------------------ what it would change


def _answer(page: Page, state: InvestmentState, found: Investment) -> None:
    """What can be quoted, and the four numbers in it."""
    share = assumed(page.atlas, state.scenario)
    st.subheader(say("What it would change"), anchor=False)
    with st.container(border=True):
        st.markdown(plain(summary(found, state.at_least, share)))
        missing = lent_words(found)
        if missing:
            st.caption(plain(missing))
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    left.number_input(
        say("Chance of at least ... more convictions"),
        min_value=1,
        max_value=1_000_000,
        key="invest_at_least",
    )
    right.caption(
        say(
            "Besides: {prosecuted}; {referred}. Source of the counts: {source}, to {year}. "
            "Beliefs: the effect library, and yours.",
            prosecuted=plain(change_words(found.effect.further("prosecuted"), "prosecuted")),
            referred=plain(change_words(found.effect.further("referred"), "referred")),
            source=plain(page.atlas.source(found.baselines.source_id).short),
            year=found.baselines.last_year,
        )
    )


# ------------------------------------------------------------------ session and address


def _state(page: Page) -> InvestmentState:
    """The state of the address first, then of the reader's widgets; written to the address."""
    choices = investment_choices(page.atlas)
    session = st.session_state
    address = view_address()
    if session.get(ADDRESS) != address or STATE not in session:
        session[STATE] = investment_from_query(address, choices)
        put_in_session(_widgets(session[STATE]))
    state = normalised_investment(_of_widgets(session[STATE], choices), choices)
    session[STATE] = state
    write_address(ADDRESS, investment_to_query(state))
    return state


def _of_widgets(state: InvestmentState, choices: InvestmentChoices) -> InvestmentState:
    """The state with what the reader has changed since; beliefs have sliders of their own."""
    session = st.session_state
    scenario = state.scenario
    known = dict(scenario.budgets)
    first = next(iter(known.values()), (FIRST_BUDGET,) * len(COMPONENTS))
    budgets = tuple(
        (
            place,
            tuple(
                float(session.get(_money_key(place, component), row[at]))
                for at, component in enumerate(COMPONENTS)
            ),
        )
        for place in session.get("invest_places", scenario.places)
        if (row := known.get(place, first))
    )
    preset = session.get("invest_preset") or scenario.preset
    changed = preset != scenario.preset
    return replace(
        state,
        scenario=replace(
            scenario,
            name=session.get("invest_name", scenario.name),
            budgets=budgets,
            years=session.get("invest_years", scenario.years),
            spend_years=session.get("invest_spend_years", scenario.spend_years),
            refresh_every=session.get("invest_refresh_every", scenario.refresh_every),
            lag=session.get("invest_lag", scenario.lag),
            preset=preset,
            # Another preset is another set of beliefs: what was taken from the library goes.
            taken=() if changed else scenario.taken,
        ),
        outcome=session.get("invest_outcome") or state.outcome,
        at_least=session.get("invest_at_least", state.at_least),
        worth=int(session.get("invest_worth", state.worth)),
        view=session.get("invest_view", state.view) or "",
    )


def _widgets(state: InvestmentState) -> dict[str, Any]:
    """Widget key -> value."""
    scenario = state.scenario
    return {
        "invest_places": list(scenario.places),
        **{
            _money_key(place, component): amount
            for place, row in scenario.budgets
            for component, amount in zip(COMPONENTS, row, strict=True)
        },
        "invest_years": scenario.years,
        "invest_spend_years": scenario.spend_years,
        "invest_refresh_every": scenario.refresh_every,
        "invest_lag": scenario.lag,
        "invest_preset": scenario.preset,
        "invest_name": scenario.name,
        "invest_outcome": state.outcome,
        "invest_at_least": state.at_least,
        "invest_worth": state.worth,
        "invest_view": state.view or None,
    }


def _money_key(place: str, component: str) -> str:
    return f"invest_money_{place}_{component}"
