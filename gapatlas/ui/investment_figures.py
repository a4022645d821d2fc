"""Figures of the page Training investment, computed once per snapshot and scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, ParamSpec, TypeVar

import streamlit as st

from gapatlas.atlas import Atlas
from gapatlas.charts import Scheme
from gapatlas.comparison.pictures import Picture
from gapatlas.investment import showing
from gapatlas.investment.baselines import Baselines, baselines
from gapatlas.investment.beliefs import beliefs_of
from gapatlas.investment.investing import (
    Investment,
    choices_of,
    invest,
    library_of,
    without_it,
)
from gapatlas.investment.pictures import Setting
from gapatlas.investment.sentences import Share
from gapatlas.languages import LANGUAGES, mark
from gapatlas.state import InvestmentChoices, InvestmentState, Scenario, scenario_to_text
from gapatlas.training import Prior, Run
from gapatlas.training.break_even import BreakEven
from gapatlas.training.variance import VarianceShares
from gapatlas.ui.language import kept_with_spinner

P = ParamSpec("P")
T = TypeVar("T")
DRAWN: Final[dict[str, Callable[[Investment, Setting], Picture | None]]] = {
    "fan": showing.fan,
    "change": showing.change,
    "places": showing.by_place,
    "spread": showing.spread,
    "tornado": showing.tornado_of,
}
KEPT_SCENARIOS = 24
"""Each holds some megabytes of draws."""
WITHOUT = ("court_speed", "court_headroom", "referral")
"""The inputs on which the run without an investment depends."""


def _kept(entries: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what a function gives for each snapshot and scenario; a scenario is known by its text,
    which is quicker than by all its parts."""
    return st.cache_resource(
        show_spinner=False, max_entries=entries, hash_funcs={Scenario: scenario_to_text}
    )


def base_of(atlas: Atlas) -> Baselines:
    """The baselines of all places."""
    return _base(atlas.key, atlas)


@kept_with_spinner(mark("Reading what happens now ..."), max_entries=2 * len(LANGUAGES))
def _base(snapshot: str, _atlas: Atlas) -> Baselines:
    return baselines(_atlas)


def investment_choices(atlas: Atlas) -> InvestmentChoices:
    """What a reader of the page can choose from."""
    return _choices(atlas.key, atlas)


@st.cache_resource(show_spinner=False, max_entries=2 * len(LANGUAGES))
def _choices(snapshot: str, _atlas: Atlas) -> InvestmentChoices:
    return choices_of(_atlas, base_of(_atlas))


def investment(atlas: Atlas, scenario: Scenario) -> Investment:
    """A scenario, simulated."""
    return _investment(atlas.key, scenario, atlas)


@_kept(KEPT_SCENARIOS)
def _investment(snapshot: str, scenario: Scenario, _atlas: Atlas) -> Investment:
    beliefs = beliefs_of(library_of(_atlas), scenario)
    known = tuple((id_, beliefs[id_].prior) for id_ in WITHOUT)
    without = _without(snapshot, scenario.places, scenario.years, known, scenario, _atlas)
    return invest(_atlas, scenario, base=base_of(_atlas), without=without)


@_kept(KEPT_SCENARIOS)
def _without(
    snapshot: str,
    places: tuple[str, ...],
    years: int,
    known: tuple[tuple[str, Prior], ...],
    _scenario: Scenario,
    _atlas: Atlas,
) -> Run:
    """The run without the investment: neither budgets nor effects change anything of it."""
    return without_it(library_of(_atlas), _scenario, base_of(_atlas))


def shares(atlas: Atlas, scenario: Scenario) -> VarianceShares:
    """Where the spread of a scenario's further convictions comes from."""
    return _shares(atlas.key, scenario, atlas)


@_kept(KEPT_SCENARIOS)
def _shares(snapshot: str, scenario: Scenario, _atlas: Atlas) -> VarianceShares:
    return showing.shares_of(investment(_atlas, scenario))


def assumed(atlas: Atlas, scenario: Scenario) -> Share | None:
    """Share of the spread that comes from judgement, with its interval; None where nothing
    varies."""
    found = shares(atlas, scenario)
    return found.assumed if found.varies else None


def drawn(atlas: Atlas, what: str, state: InvestmentState, scheme: Scheme) -> Picture | None:
    """One of the pictures of `DRAWN`, of the state's outcome."""
    return _drawn(atlas.key, what, state.scenario, state.outcome, scheme, atlas)


@_kept(4 * KEPT_SCENARIOS)
def _drawn(
    snapshot: str, what: str, scenario: Scenario, outcome: str, scheme: Scheme, _atlas: Atlas
) -> Picture | None:
    found = investment(_atlas, scenario)
    return DRAWN[what](found, _setting(_atlas, found, outcome, scheme))


def refreshers(atlas: Atlas, state: InvestmentState, scheme: Scheme) -> tuple[Picture | None, str]:
    """Whether the timing of refreshers matters: picture and words."""
    timed = replace(state.scenario, refresh_every=0)
    return _refreshers(atlas.key, timed, state.outcome, scheme, atlas)


@_kept(KEPT_SCENARIOS)
def _refreshers(
    snapshot: str, scenario: Scenario, outcome: str, scheme: Scheme, _atlas: Atlas
) -> tuple[Picture | None, str]:
    found = investment(_atlas, scenario)
    return showing.refreshers_of(found, _setting(_atlas, found, outcome, scheme))


def worth_figures(atlas: Atlas, state: InvestmentState) -> tuple[BreakEven, BreakEven]:
    """How strong the effects, and how low the costs, would have to be for it to pay."""
    return _worth(atlas.key, state.scenario, state.worth, atlas)


@_kept(KEPT_SCENARIOS)
def _worth(
    snapshot: str, scenario: Scenario, worth: int, _atlas: Atlas
) -> tuple[BreakEven, BreakEven]:
    return showing.break_even_of(investment(_atlas, scenario), worth)


def _setting(atlas: Atlas, found: Investment, outcome: str, scheme: Scheme) -> Setting:
    return showing.setting_of(atlas, found, outcome, scheme)  # type: ignore[arg-type]
