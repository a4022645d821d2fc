"""One budget over places and components: against every other deal, limits, goals, refusals."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from gapatlas.training import (
    COMPONENTS,
    Allocation,
    Baseline,
    Drawn,
    Gap,
    Prior,
    Programme,
    allocate,
    run,
    simulate,
)
from gapatlas.training.deals import best_deal
from gapatlas.training.menus import ladder, menu_of, mixes, one_of_many
from tests.allocation_world import HARM, alike, every_deal, further_of, world

MONEY = 60_000.0
ONE_EFFECT = {("evidence", "prosecuted"): Prior(1.3, 1.1, 1.6)}
EVIDENCE = COMPONENTS.index("evidence")


def spent(allocation: Allocation) -> dict[str, float]:
    return dict(zip(allocation.places, allocation.budgets.sum(axis=1), strict=True))


# ------------------------------------------------------------------ against every other deal


def test_no_other_deal_is_worth_more() -> None:
    baseline, drawn = world([8, 40])
    found = allocate(MONEY, baseline, drawn, steps=2, mix_steps=2)
    programme = Programme(np.zeros((2, 4)))
    without = run(programme, baseline, drawn)
    deals = every_deal(2, 2, mixes(2)) * MONEY / 2
    worths = [
        simulate(programme.with_budgets(deal), baseline, drawn, without)
        .convictions[found.chosen_on]
        .mean()
        for deal in deals
    ]
    assert len(deals) == 166
    assert found.optimism.chosen_on == pytest.approx(max(worths), rel=1e-5)
    assert found.solved.proven


def test_a_place_by_itself_with_some_draws_is_that_place_among_all() -> None:
    baseline, drawn = world([8, 40, 3], draws=50)
    which = np.array([3, 4, 20, 49])
    budgets = np.array([[1000.0, 0, 500, 0], [0, 7000, 0, 900], [300, 300, 300, 300]])
    programme = Programme(budgets, years=6, spend_years=4, refresh_every=2)
    together = simulate(programme, baseline, drawn).further_by_place()[:, which]
    for place in range(3):
        alone = one_of_many(baseline, drawn, place, which).further(budgets[[place]], programme)
        assert alone[0] == pytest.approx(together[place], rel=1e-4, abs=1e-5)


def test_more_money_is_never_worse() -> None:
    baseline, drawn = world([8, 40, 20])
    worths = [
        allocate(2500.0 * parts, baseline, drawn, steps=parts).optimism.chosen_on
        for parts in (4, 8, 16)
    ]
    assert worths == sorted(worths)
    assert worths[0] > 0


def test_it_is_no_worse_than_an_equal_split_where_it_was_chosen() -> None:
    baseline, drawn = world([8, 40, 20, 3, 3])
    found = allocate(MONEY, baseline, drawn, steps=7)
    assert found.optimism_of_advantage.chosen_on > 0
    assert found.advantage().mean > 0


# ------------------------------------------------------------------ who gets what


def test_all_money_goes_to_the_only_place_and_component_that_respond() -> None:
    baseline, drawn = world([30, 30, 30], ONE_EFFECT)
    nobody_convicted = baseline.shares.copy()
    nobody_convicted[2, [0, 2]] = 0
    found = allocate(MONEY, replace(baseline, shares=nobody_convicted), drawn, steps=6)
    expected = np.zeros((3, 4))
    expected[1, EVIDENCE] = MONEY
    assert found.budgets == pytest.approx(expected)


def test_equal_places_get_equal_shares_within_a_part() -> None:
    baseline, drawn = world([30], ONE_EFFECT)
    found = allocate(MONEY, alike(baseline, [1, 1, 1]), drawn, steps=10)
    shares = found.budgets.sum(axis=1)
    assert np.ptp(shares) <= MONEY / 10 * (1 + 1e-9)
    assert found.left_over == pytest.approx(0, abs=1e-6)


def test_places_that_differ_in_size_alone_get_money_in_proportion() -> None:
    """Each place gains its size times one concave function of the money per person: where the
    last part brings the same everywhere, the money per person is the same."""
    baseline, drawn = world([30], ONE_EFFECT)
    found = allocate(MONEY, alike(baseline, [1, 2, 4]), drawn, steps=14)
    assert found.budgets[:, EVIDENCE] == pytest.approx(MONEY * np.array([2, 4, 8]) / 14)


def test_where_training_harms_nothing_is_spent() -> None:
    baseline, drawn = world([8, 40], HARM)
    found = allocate(MONEY, baseline, drawn, steps=4)
    assert found.budgets.sum() == 0
    assert found.left_over == MONEY
    assert np.all(found.further == 0)
    assert found.equal_gain().mean < 0
    assert found.advantage().above > 0.9


def test_where_training_harms_the_floors_are_spent_and_no_more() -> None:
    baseline, drawn = world([8, 40], HARM)
    found = allocate(MONEY, baseline, drawn, steps=4, floors={"B": 7000.0})
    assert spent(found) == pytest.approx({"A": 0, "B": 7000})


def test_money_that_buys_nothing_more_is_left_over() -> None:
    baseline, drawn = world([8, 40], {})
    found = allocate(MONEY, baseline, drawn)
    assert found.left_over == MONEY


def test_no_part_is_spent_once_all_staff_are_trained() -> None:
    baseline, drawn = world([30], ONE_EFFECT)
    cheap = drawn.with_value("cost_evidence", 500.0)
    found = allocate(MONEY, baseline, cheap, steps=20)
    parts = round(found.budgets.sum() / (MONEY / 20))
    assert 1 < parts < 20

    def gain(number: int) -> float:
        budgets = np.eye(4)[[EVIDENCE]] * MONEY / 20 * number
        further = further_of(budgets, Programme(budgets), baseline, cheap)
        return float(further[0, found.chosen_on].mean())

    assert gain(parts - 1) < gain(20) * (1 - 1e-6)
    assert gain(parts) == pytest.approx(gain(20), rel=2e-6)


def test_floors_and_ceilings_hold_and_bind() -> None:
    baseline, drawn = world([8, 40, 20])
    free = allocate(MONEY, baseline, drawn, steps=6)
    floors, ceilings = {"A": 17_000.0}, {"B": 11_111.0}
    held = allocate(MONEY, baseline, drawn, steps=6, floors=floors, ceilings=ceilings)
    assert spent(free)["A"] < 17_000
    assert spent(free)["B"] > 11_111
    assert spent(held)["A"] >= 17_000 * (1 - 1e-9)
    assert spent(held)["B"] <= 11_111 * (1 + 1e-9)
    assert held.budgets.sum() <= MONEY * (1 + 1e-6)
    assert held.optimism.chosen_on < free.optimism.chosen_on


def test_a_deal_that_the_limits_leave_no_choice_in() -> None:
    baseline, drawn = world([8, 40])
    limits = {"A": 20_000.0, "B": 40_000.0}
    found = allocate(MONEY, baseline, drawn, floors=limits, ceilings=limits)
    assert spent(found) == pytest.approx(limits)


def test_the_equal_split_keeps_to_the_limits() -> None:
    baseline, drawn = world([8, 40, 20, 5])
    found = allocate(MONEY, baseline, drawn, floors={"A": 30_000.0}, ceilings={"B": 2000.0})
    assert found.equal.sum(axis=1) == pytest.approx([30_000, 2000, 14_000, 14_000])
    assert found.equal == pytest.approx(np.repeat(found.equal.mean(axis=1)[:, None], 4, axis=1))


def test_ceilings_below_the_budget_leave_money_over_in_both() -> None:
    baseline, drawn = world([8, 40])
    found = allocate(MONEY, baseline, drawn, ceilings={"A": 5000.0, "B": 9000.0})
    assert found.equal.sum() == pytest.approx(14_000)
    assert found.left_over >= MONEY - 14_000 * (1 + 1e-9)


# ------------------------------------------------------------------ the goal of closing gaps


def test_a_conviction_counts_for_the_share_that_is_missing_when_it_comes() -> None:
    gap = Gap(missing=6, expected=10)
    steps = np.linspace(0, 4, 40_001)
    middles = (steps[1:] + steps[:-1]) / 2
    added_up = np.sum((6 - middles) / 10 * np.diff(steps))
    assert gap.closed_by(np.array([4.0]))[0] == pytest.approx(added_up)
    assert gap.closed_by(np.array([6.0, 9.0])) == pytest.approx([1.8, 1.8])
    assert gap.closed_by(np.array([-2.0]))[0] == pytest.approx(-(6 + 8) / 2 * 2 / 10)


@pytest.mark.parametrize("missing", [0.0, -3.0, float("nan")])
def test_without_a_gap_nothing_is_closed(missing: float) -> None:
    assert np.all(Gap(missing, 10).closed_by(np.array([5.0, -5.0])) == 0)
    assert Gap(missing, 10).width == 0


def test_the_wider_of_two_gaps_comes_first() -> None:
    baseline, drawn = world([30], ONE_EFFECT)
    twins = alike(baseline, [1, 1])
    gaps = {"A": Gap(2, 20), "B": Gap(14, 20)}
    found = allocate(MONEY / 6, twins, drawn, goal="gaps", gaps=gaps)
    assert spent(found)["B"] > 2 * spent(found)["A"]
    by_place = found.by_place().set_index(["place", "plan"])
    assert by_place["width"].tolist() == [0.1, 0.1, 0.7, 0.7]
    left = by_place["width_after"]
    assert left["B", "allocated"] < left["B", "equal"] < 0.7
    assert left["A", "equal"] < left["A", "allocated"] <= 0.1


def test_a_place_without_a_known_gap_gets_its_floor_and_no_more() -> None:
    baseline, drawn = world([30, 30, 30], ONE_EFFECT)
    gaps = {"A": Gap(14, 20), "B": Gap(float("nan"), 20)}
    found = allocate(MONEY, baseline, drawn, goal="gaps", gaps=gaps, floors={"C": 3000.0})
    assert spent(found)["A"] > 0
    assert spent(found)["B"] == 0
    assert spent(found)["C"] == pytest.approx(3000)


def test_a_gap_is_not_closed_beyond_its_width() -> None:
    baseline, drawn = world([300], {("legal_support", "convicted"): Prior.known(3.0)})
    small = allocate(MONEY * 10, baseline, drawn, goal="gaps", gaps={"A": Gap(0.1, 20)})
    assert small.left_over > 0
    assert small.optimism.chosen_on == pytest.approx(0.1**2 / 40, rel=1e-5)
    assert small.worth.max() == pytest.approx(0.1**2 / 40)
    left = small.by_place()["width_after"] / small.by_place()["width"]
    assert np.all((left >= 0) & (left < 0.1))


def test_the_goal_is_what_is_compared() -> None:
    baseline, drawn = world([8, 40])
    gaps = {"A": Gap(14, 20), "B": Gap(2, 20)}
    found = allocate(MONEY, baseline, drawn, years=5, spend_years=5, goal="gaps", gaps=gaps)
    by_hand = sum(
        gap.closed_by(further / 5)
        for gap, further in zip(gaps.values(), found.further, strict=True)
    )
    assert found.worth == pytest.approx(by_hand)
    assert found.advantage().mean == pytest.approx(np.mean(found.worth - found.equal_worth))


# ------------------------------------------------------------------ what is told of it


@pytest.fixture(scope="module")
def told() -> tuple[Allocation, Baseline, Drawn]:
    baseline, drawn = world([8, 40, 20], draws=400)
    return allocate(MONEY, baseline, drawn, choose_on=100), baseline, drawn


def test_both_deals_are_followed_with_all_draws(
    told: tuple[Allocation, Baseline, Drawn],
) -> None:
    found, baseline, drawn = told
    programme = Programme(found.budgets)
    assert np.array_equal(found.further, further_of(found.budgets, programme, baseline, drawn))
    assert np.array_equal(found.equal_further, further_of(found.equal, programme, baseline, drawn))
    assert np.all(found.equal == MONEY / 12)
    assert found.gain().mean == pytest.approx(found.further.sum(axis=0).mean())
    assert found.gain().low == pytest.approx(np.quantile(found.further.sum(axis=0), 0.05))
    assert found.gain().median == pytest.approx(np.median(found.further.sum(axis=0)))


def test_the_draws_that_chose_are_kept_apart_from_those_that_check(
    told: tuple[Allocation, Baseline, Drawn],
) -> None:
    found = told[0]
    total = found.further.sum(axis=0)
    assert found.share_of_draws == 0.25
    assert np.diff(np.flatnonzero(found.chosen_on)).tolist() == [4] * 99
    assert found.optimism.chosen_on == pytest.approx(total[::4].mean())
    assert found.optimism.others == pytest.approx(total[~found.chosen_on].mean())
    assert found.optimism.excess == found.optimism.chosen_on - found.optimism.others
    assert found.optimism.error == pytest.approx(
        np.sqrt(total[::4].var() / 100 + total[~found.chosen_on].var() / 300)
    )


@pytest.mark.parametrize(("wanted", "seen"), [(1, 1), (7, 7), (10**6, 30)])
def test_no_more_than_half_of_the_draws_choose(wanted: int, seen: int) -> None:
    baseline, drawn = world([8], draws=61)
    found = allocate(MONEY, baseline, drawn, steps=1, choose_on=wanted)
    assert found.chosen_on.sum() == seen


def test_the_advantage_is_taken_draw_by_draw(told: tuple[Allocation, Baseline, Drawn]) -> None:
    found = told[0]
    difference = found.further.sum(axis=0) - found.equal_further.sum(axis=0)
    advantage = found.advantage(0.5)
    assert advantage.low == pytest.approx(np.quantile(difference, 0.25))
    assert advantage.above == np.mean(difference > 0)
    assert advantage.above + advantage.below == pytest.approx(1)
    assert advantage.error == pytest.approx(difference.std(ddof=1) / 20)


def test_tables_hold_money_by_component_and_gains_by_place(
    told: tuple[Allocation, Baseline, Drawn],
) -> None:
    found = told[0]
    table = found.table()
    assert table[["place", "component"]].to_numpy().tolist() == [
        [place, component] for place in "ABC" for component in COMPONENTS
    ]
    assert table["allocated"].to_numpy() == pytest.approx(found.budgets.ravel())
    assert table["equal"].tolist() == [MONEY / 12] * 12
    by_place = found.by_place()
    assert by_place[["place", "plan"]].to_numpy().tolist() == [
        [place, plan] for place in "ABC" for plan in ("allocated", "equal")
    ]
    plans = by_place.groupby("plan")[["money", "mean"]].sum()
    assert plans.loc["allocated", "money"] == pytest.approx(found.budgets.sum())
    assert plans.loc["allocated", "mean"] == pytest.approx(found.gain().mean)
    assert plans.loc["equal", "mean"] == pytest.approx(found.equal_gain().mean)
    second = by_place.loc[3, ["q05", "q50", "q95"]].tolist()
    assert second == pytest.approx(np.quantile(found.equal_further[1], [0.05, 0.5, 0.95]))
    assert "width" not in by_place


def test_the_same_deal_twice_differs_by_nothing() -> None:
    baseline, drawn = world([8])
    only_equal = {"A": MONEY}
    found = allocate(MONEY, baseline, drawn, floors=only_equal, mix_steps=4)
    same = replace(found, budgets=found.equal, further=found.equal_further)
    assert same.advantage().mean == same.advantage().above == same.advantage().below == 0


# ------------------------------------------------------------------ menus and the solver


def test_mixes_are_all_ways_to_share_quarters() -> None:
    found = mixes(4)
    assert found.shape == (35, 4)
    assert len({tuple(mix) for mix in found}) == 35
    assert np.all(found.sum(axis=1) == 1)
    assert np.all(found * 4 == np.round(found * 4))


def test_each_line_of_a_menu_costs_more_and_is_worth_more() -> None:
    baseline, drawn = world([30], ONE_EFFECT)
    cheap = drawn.with_value("cost_evidence", 500.0)
    place = one_of_many(baseline, cheap, 0, np.arange(60))
    levels = np.linspace(0, MONEY, 21)
    menu = menu_of(place, levels, mixes(4), Programme(np.zeros((1, 4))), lambda x: x, lambda: None)
    assert 1 < len(menu.money) < 21
    assert np.all(np.diff(menu.money) > 0)
    assert np.all(np.diff(menu.worth) > 0)
    assert menu.budgets[0].tolist() == [0] * 4


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_even_mix_is_always_among_them(steps: int) -> None:
    found = mixes(steps)
    assert len(found) == {1: 4, 2: 10, 3: 20}[steps] + 1
    assert found[-1].tolist() == [0.25] * 4


@pytest.mark.parametrize("parts", [1, 6, 24])
def test_few_parts_can_be_given_in_any_number(parts: int) -> None:
    assert ladder(parts) == list(range(parts + 1))


def test_many_parts_are_given_in_growing_numbers() -> None:
    counts = ladder(480)
    assert counts[:9] == list(range(9))
    assert counts[-1] == 480
    assert all(a < b <= a * 1.26 for a, b in pairwise(counts[8:]))


def test_the_solver_takes_the_best_pair() -> None:
    costs = [np.array([0.0, 2, 3]), np.array([1.0, 2])]
    worths = [np.array([0.0, 5, 9]), np.array([-4.0, 1])]
    assert best_deal(costs, worths, 5)[0] == [2, 1]
    assert best_deal(costs, worths, 4)[0] == [1, 1]
    assert best_deal(costs, worths, 1)[0] == [0, 0]


def test_worths_as_small_as_can_be_are_still_told_apart() -> None:
    worths = [np.array([0.0, 2e-12]), np.array([0.0, 3e-12])]
    assert best_deal([np.array([0.0, 1])] * 2, worths, 1)[0] == [0, 1]


def test_a_solver_without_an_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = SimpleNamespace(x=None, message="Time limit reached.")
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: nothing)
    with pytest.raises(RuntimeError, match=r"no deal was found: Time limit reached\."):
        best_deal([np.array([0.0, 1])], [np.array([0.0, 2])], 1)


def test_an_answer_that_is_not_proven_says_how_far_it_may_be_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = SimpleNamespace(x=np.array([1.0, 0, 0, 1]), status=1, mip_gap=0.02, message="late")
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: late)
    taken, solved = best_deal([np.array([0.0, 1])] * 2, [np.array([0.0, 2])] * 2, 1)
    assert taken == [0, 1]
    assert (solved.proven, solved.gap, solved.words) == (False, 0.02, "late")


def test_options_that_cost_too_much_are_refused() -> None:
    with pytest.raises(ValueError, match="the cheapest options cost 3, more than the total of 2"):
        best_deal([np.array([3.0])], [np.array([0.0])], 2)


# ------------------------------------------------------------------ progress


def test_progress_grows_from_nothing_to_all() -> None:
    baseline, drawn = world([8, 40])
    told: list[float] = []
    allocate(MONEY, baseline, drawn, progress=told.append)
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 1
    assert len(told) > 4


class CancelledError(Exception):
    """The reader has changed their mind."""


@pytest.mark.parametrize("at", [0.0, 0.2, 0.9, 1.0])
def test_it_ends_where_progress_says_so_and_leaves_no_thread_behind(at: float) -> None:
    baseline, drawn = world([8, 40], draws=2400)
    simulate(Programme(np.ones((2, 4))), baseline, drawn)  # the pool of all simulations is there
    before = set(threading.enumerate())

    def cancel(share: float) -> None:
        if share >= at:
            raise CancelledError

    with pytest.raises(CancelledError):
        allocate(MONEY, baseline, drawn, steps=4, progress=cancel)
    assert set(threading.enumerate()) <= before


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"floors": {"A": 50_000.0, "B": 20_000.0}}, "floors of A, B add up to 70000, above 60000"),
        ({"floors": {"A": 5.0}, "ceilings": {"A": 4.0}}, "floor of A, 5, is above its ceiling, 4"),
        ({"floors": {"A": -1.0}}, "floor of A is -1"),
        ({"floors": {"A": float("inf")}}, "floor of A is inf"),
        ({"ceilings": {"B": float("nan")}}, "ceiling of B is nan"),
        ({"floors": {"X": 1.0}}, "a floor is given for X"),
        ({"ceilings": {"X": 1.0, "Y": 2.0}}, "a ceiling is given for X, Y"),
        ({"goal": "gaps", "gaps": {"X": Gap(1, 2)}}, "a gap is given for X"),
        ({"goal": "gaps"}, "no gap is known"),
        ({"goal": "gaps", "gaps": {"A": Gap(-1, 2)}}, "no gap is known"),
        ({"goal": "fairness"}, "there is no goal 'fairness'; allowed: convictions, gaps"),
        ({"steps": 0}, "steps is 0"),
        ({"mix_steps": 0}, "mix_steps is 0"),
        ({"years": 16}, "years is 16"),
    ],
)
def test_what_cannot_be_is_refused_by_name(options: dict[str, object], words: str) -> None:
    baseline, drawn = world([8, 40])
    with pytest.raises(ValueError, match=words):
        allocate(MONEY, baseline, drawn, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("money", [0.0, -1.0, float("nan"), float("inf")])
def test_a_budget_is_above_nothing(money: float) -> None:
    baseline, drawn = world([8])
    with pytest.raises(ValueError, match="the budget is"):
        allocate(money, baseline, drawn)


def test_one_draw_cannot_check_itself() -> None:
    baseline, drawn = world([8], draws=1)
    with pytest.raises(ValueError, match="one draw cannot both choose and check"):
        allocate(MONEY, baseline, drawn)


def test_a_place_cannot_stand_twice() -> None:
    baseline, drawn = world([8])
    with pytest.raises(ValueError, match="stands twice"):
        allocate(MONEY, baseline[[0, 0]], drawn)


def test_no_more_can_be_missing_than_is_expected() -> None:
    with pytest.raises(ValueError, match="12 convictions are missing of 10"):
        Gap(12, 10)
