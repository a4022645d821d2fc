"""Figures of the page Training investment, computed once per snapshot and scenario."""

from __future__ import annotations

import streamlit as st

from gapatlas.atlas import Atlas
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
from gapatlas.state import InvestmentChoices, Scenario
from gapatlas.training import Prior, Run
from gapatlas.training.variance import VarianceShares

KEPT_SCENARIOS = 24
"""Each holds some megabytes of draws."""
WITHOUT = ("court_speed", "court_headroom", "referral")
"""The inputs on which the run without an investment depends."""


def base_of(atlas: Atlas) -> Baselines:
    """The baselines of all places."""
    return _base(atlas.snapshot.id, atlas)


@st.cache_resource(show_spinner="Reading what happens now ...", max_entries=2)
def _base(snapshot: str, _atlas: Atlas) -> Baselines:
    return baselines(_atlas)


def investment_choices(atlas: Atlas) -> InvestmentChoices:
    """What a reader of the page can choose from."""
    return _choices(atlas.snapshot.id, atlas)


@st.cache_resource(show_spinner=False, max_entries=2)
def _choices(snapshot: str, _atlas: Atlas) -> InvestmentChoices:
    return choices_of(_atlas, base_of(_atlas))


def investment(atlas: Atlas, scenario: Scenario) -> Investment:
    """A scenario, simulated."""
    return _investment(atlas.snapshot.id, scenario, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT_SCENARIOS)
def _investment(snapshot: str, scenario: Scenario, _atlas: Atlas) -> Investment:
    beliefs = beliefs_of(library_of(_atlas), scenario)
    known = tuple((id_, beliefs[id_].prior) for id_ in WITHOUT)
    without = _without(snapshot, scenario.places, scenario.years, known, scenario, _atlas)
    return invest(_atlas, scenario, base=base_of(_atlas), without=without)


@st.cache_resource(show_spinner=False, max_entries=KEPT_SCENARIOS)
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
    return _shares(atlas.snapshot.id, scenario, atlas)


@st.cache_resource(show_spinner=False, max_entries=KEPT_SCENARIOS)
def _shares(snapshot: str, scenario: Scenario, _atlas: Atlas) -> VarianceShares:
    return showing.shares_of(investment(_atlas, scenario))


def assumed(atlas: Atlas, scenario: Scenario) -> float | None:
    """Share of the spread that comes from judgement; None where nothing varies."""
    found = shares(atlas, scenario)
    return found.assumed[0] if found.varies else None
