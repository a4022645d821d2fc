"""Break-even, held against runs at the values that it finds, and against straight lines."""

from __future__ import annotations

import numpy as np
import pytest

from gapatlas.training import Prior, break_even, break_even_cost, simulate
from tests.doubt_worlds import EFFECTS, all_known, believed, counted, drawn_of, spent, steady

SUSPECTED = ("interviewing", "suspected")


def in_proportion(middle: float) -> tuple:
    """A world in which further convictions are in proportion to the effect less 1."""
    assumptions = all_known({SUSPECTED: Prior.known(middle)}, court_headroom=1e6)
    baseline = steady(20)
    return baseline, assumptions, drawn_of(assumptions, baseline)


def test_the_effect_needed_is_that_of_a_straight_line():
    baseline, assumptions, drawn = in_proportion(1.2)
    programme, worth = spent(), 50_000
    further = simulate(programme, baseline, drawn).convictions.mean()
    found = break_even(programme, baseline, assumptions, drawn, worth)
    needed = 1 + 0.2 * programme.cost / (worth * further)
    (row,) = found.table.to_dict("records")
    assert row["name"] == "effect_interviewing_suspected"
    assert row["assumed"] == 1.2
    assert row["needed"] == pytest.approx(needed, rel=1e-4)
    # The effect is the same in all draws, and the curve between two steps is nearly straight.
    assert row["low"] == pytest.approx(row["high"]) == pytest.approx(needed, rel=1e-2)
    assert found.multiple == pytest.approx(np.log(needed) / np.log(1.2), rel=1e-3)
    assert found.reason == ""


def test_the_mean_breaks_even_at_the_effects_needed():
    baseline, assumptions, programme, worth = counted(500), believed(), spent(), 60_000
    found = break_even(programme, baseline, assumptions, drawn_of(assumptions, baseline), worth)
    needed = found.table.set_index("name")
    assert set(needed.index) == {
        "effect_interviewing_suspected",
        "effect_case_construction_prosecuted",
        "effect_legal_support_convicted",
    }
    exact = {
        (component, stage): Prior.known(needed["needed"].get(f"effect_{component}_{stage}", 1.0))
        for component, stage in EFFECTS
    }
    drawn = drawn_of(believed(exact), baseline)
    further = simulate(programme, baseline, drawn).convictions.mean()
    assert worth * further == pytest.approx(programme.cost, rel=1e-3)
    logs = np.log(needed["needed"]) / np.log(needed["assumed"])
    assert logs.to_numpy() == pytest.approx(found.multiple)


def test_the_interval_says_what_effect_would_do_in_most_draws():
    baseline, assumptions, programme, worth = counted(500), believed(), spent(), 60_000
    drawn = drawn_of(assumptions, baseline)
    table = break_even(programme, baseline, assumptions, drawn, worth).table.set_index("name")
    for end, share in (("low", 0.05), ("high", 0.95)):
        exact = {
            (component, stage): Prior.known(table[end].get(f"effect_{component}_{stage}", 1.0))
            for component, stage in EFFECTS
        }
        further = simulate(programme, baseline, drawn_of(believed(exact), baseline)).convictions
        assert np.mean(worth * further >= programme.cost) == pytest.approx(share, abs=0.01)


def test_as_assumed_is_as_simulated():
    baseline, assumptions, programme, worth = counted(500), believed(), spent(), 60_000
    drawn = drawn_of(assumptions, baseline)
    net = worth * simulate(programme, baseline, drawn).convictions - programme.cost
    for found in (
        break_even(programme, baseline, assumptions, drawn, worth),
        break_even_cost(programme, baseline, assumptions, drawn, worth),
    ):
        assert found.net == pytest.approx(net.mean())
        assert found.chance == np.mean(net >= 0)


@pytest.mark.parametrize(
    ("effect", "money", "worth", "reason"),
    [
        (1.2, 0.0, 1e6, "Nothing is spent"),
        (1.0, 1e4, 1e6, "No money goes to anything"),
        (1.2, 1e4, 1.0, "Even with effects ten times as strong"),
        (0.9, 1e4, 1e9, "The middle effects lead to fewer convictions"),
    ],
)
def test_where_no_effect_would_do_the_reason_is_told(effect, money, worth, reason):
    baseline, assumptions, drawn = in_proportion(effect)
    found = break_even(spent(money=money), baseline, assumptions, drawn, worth)
    assert found.multiple is None
    assert found.reason.startswith(reason)
    assert found.table.empty or found.table["needed"].isna().all()


def test_effects_without_money_are_left_out():
    baseline, assumptions = counted(50), believed()
    legal_support = spent().with_budgets(spent().budgets * [0, 0, 0, 1])
    drawn = drawn_of(assumptions, baseline)
    found = break_even(legal_support, baseline, assumptions, drawn, 60_000)
    assert found.table["name"].tolist() == ["effect_legal_support_convicted"]
    costs = break_even_cost(legal_support, baseline, assumptions, drawn, 60_000)
    assert costs.table["name"].tolist() == ["cost_legal_support"]


def test_what_no_effect_can_reach_is_open_ended():
    baseline, assumptions = counted(200), believed()
    drawn = drawn_of(assumptions, baseline)
    found = break_even(spent(), baseline, assumptions, drawn, 15_000)
    assert np.isinf(found.table["high"]).all()


# ------------------------------------------------------------------ costs


def test_the_mean_breaks_even_at_the_costs_needed():
    baseline, programme, worth = counted(500), spent(), 80_000
    assumptions = believed(**dict.fromkeys(costs_of(), 3500))
    drawn = drawn_of(assumptions, baseline)
    found = break_even_cost(programme, baseline, assumptions, drawn, worth)
    needed = found.table.set_index("name")["needed"]
    assert needed.to_numpy() == pytest.approx(3500 * found.multiple)
    dearer = believed(**dict(needed))
    further = simulate(programme, baseline, drawn_of(dearer, baseline)).convictions.mean()
    assert worth * further == pytest.approx(programme.cost, rel=1e-3)
    assert (found.table["low"] <= found.table["high"]).all()


def test_dearer_training_has_to_bring_more():
    baseline, assumptions = counted(300), believed()
    drawn = drawn_of(assumptions, baseline)
    multiples = [
        break_even_cost(spent(), baseline, assumptions, drawn, worth).multiple
        for worth in (60_000, 90_000, 150_000)
    ]
    assert multiples == sorted(multiples)
    assert len(set(multiples)) == 3


@pytest.mark.parametrize(
    ("effect", "money", "worth", "reason"),
    [
        (1.2, 0.0, 1e6, "Nothing is spent"),
        (1.2, 1e4, 1.0, "Even at a hundredth of the cost"),
        (0.9, 1e4, 1e9, "Even at a hundredth of the cost"),
        (1.2, 1e4, 1e12, "It pays even at a hundred times the cost"),
    ],
)
def test_where_no_cost_is_the_last_that_pays_the_reason_is_told(effect, money, worth, reason):
    baseline, assumptions, drawn = in_proportion(effect)
    found = break_even_cost(spent(money=money), baseline, assumptions, drawn, worth)
    assert found.multiple is None
    assert found.reason.startswith(reason)


@pytest.mark.parametrize("worth", [0, -1, np.nan, np.inf])
@pytest.mark.parametrize("question", [break_even, break_even_cost])
def test_a_worth_that_is_not_above_zero_is_refused(question, worth):
    baseline, assumptions, drawn = in_proportion(1.2)
    with pytest.raises(ValueError, match="worth is"):
        question(spent(), baseline, assumptions, drawn, worth)


def costs_of() -> list[str]:
    return [
        "cost_case_construction",
        "cost_interviewing",
        "cost_evidence",
        "cost_legal_support",
    ]
