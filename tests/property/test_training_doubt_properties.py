"""Laws of doubt that hold for any programme: bounds of shares and of the worth of information."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.training import assumed_share, refresher_timing, tornado, value_of_information
from tests.doubt_worlds import believed, counted, drawn_of, spent

BASELINE, ASSUMPTIONS = counted(300), believed()
DRAWN = drawn_of(ASSUMPTIONS, BASELINE)
NAMES = list(DRAWN.values)
BUDGETS = st.lists(st.sampled_from([0.0, 100.0, 2e4, 1e6]), min_size=12, max_size=12)


def programme_of(budgets: list[float], years: int):
    return spent(years=years, spend_years=years).with_budgets(np.reshape(budgets, (3, 4)))


@given(budgets=BUDGETS, years=st.integers(1, 15), worth=st.floats(1e3, 1e7))
@settings(max_examples=20, deadline=None)
def test_knowledge_is_never_worth_less_than_nothing_or_more_than_all_of_it(budgets, years, worth):
    programme = programme_of(budgets, years)
    found = value_of_information([programme], BASELINE, DRAWN, worth)
    inputs = found.inputs
    assert np.isfinite(inputs[["worth", "worth_low", "worth_high"]]).all(axis=None)
    assert (inputs["worth_low"] >= 0).all()
    assert (inputs["worth_low"] <= inputs["worth"]).all()
    assert (inputs["worth"] <= min(found.perfect, found.perfect_high)).all()
    assert (inputs["worth"] <= inputs["worth_high"]).all()


@given(budgets=BUDGETS, years=st.integers(1, 15), judged=st.sets(st.sampled_from(NAMES)))
@settings(max_examples=20, deadline=None)
def test_shares_of_the_variance_add_up_to_one(budgets, years, judged):
    shares = assumed_share(programme_of(budgets, years), BASELINE, DRAWN, judged)
    if shares.varies:
        assert shares.groups["share"].sum() == pytest.approx(1)
        assert shares.groups.drop(columns="group").to_numpy().min() >= 0
        assert shares.groups.drop(columns="group").to_numpy().max() <= 1
    else:
        assert shares.groups.drop(columns="group").isna().all(axis=None)


@given(budgets=BUDGETS, years=st.integers(1, 15))
@settings(max_examples=15, deadline=None)
def test_what_gets_no_money_moves_nothing(budgets, years):
    programme = programme_of(budgets, years)
    table = tornado(programme, BASELINE, ASSUMPTIONS, DRAWN).set_index("name")
    assert np.isfinite(table).all(axis=None)
    if programme.cost == 0:
        assert (table[["at_low", "at_high", "mean"]] == 0).all(axis=None)
        assert (refresher_timing(programme, BASELINE, DRAWN)["q95"] == 0).all()
