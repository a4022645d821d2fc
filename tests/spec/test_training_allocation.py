"""Allocation against every deal there is, reckoned by the plain form of the model; and in
simulated worlds, what an equal split misses and how the choice holds up on unseen draws."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from gapatlas.training import Baseline, Drawn, Gap, Prior, Programme, allocate, run, simulate
from gapatlas.training.allocation import Goal
from gapatlas.training.menus import mixes
from gapatlas.training.plain import flows
from tests.allocation_world import MIXED_EFFECTS, Effects, alike, every_deal, names, world

MONEY = 60_000.0
STRONG: Effects = {
    ("case_construction", "prosecuted"): Prior(1.3, 1.1, 1.6),
    ("interviewing", "suspected"): Prior(1.2, 1.05, 1.4),
    ("legal_support", "convicted"): Prior(0.8, 0.6, 1.1),
}
Value = Callable[[int, np.ndarray], np.ndarray]


def plain_menus(
    baseline: Baseline, drawn: Drawn, parts: int, seen: np.ndarray, value: Value
) -> list[np.ndarray]:
    """Worth of the best mix of each number of parts, place by place, in numpy."""
    menus = []
    for place in range(len(baseline.places)):

        def convicted(budget: np.ndarray, place: int = place) -> np.ndarray:
            budgets = np.zeros((len(baseline.places), 4))
            budgets[place] = budget
            return flows(Programme(budgets, 8, 5, 2), baseline, drawn, place).convicted.sum(axis=0)

        before = convicted(np.zeros(4))
        menus.append(
            np.array(
                [
                    max(
                        value(place, convicted(MONEY * count / parts * mix) - before)[seen].mean()
                        for mix in (mixes(4) if count else np.zeros((1, 4)))
                    )
                    for count in range(parts + 1)
                ]
            )
        )
    return menus


def best_of_all(menus: list[np.ndarray], parts: int) -> float:
    return max(
        sum(float(menu[count]) for menu, count in zip(menus, deal, strict=True))
        for deal in product(range(parts + 1), repeat=len(menus))
        if sum(deal) <= parts
    )


@pytest.mark.parametrize("goal", ["convictions", "gaps"])
@pytest.mark.parametrize("effects", [MIXED_EFFECTS, STRONG], ids=["mixed", "strong"])
def test_it_finds_the_best_of_all_deals_of_three_places(goal: Goal, effects: Effects) -> None:
    baseline, drawn = world([8, 40, 20], effects, draws=40)
    gaps = {"A": Gap(4, 6), "B": Gap(3, 15), "C": Gap(0.2, 6)}
    found = allocate(
        MONEY,
        baseline,
        drawn,
        years=8,
        spend_years=5,
        refresh_every=2,
        steps=6,
        goal=goal,
        gaps=gaps if goal == "gaps" else None,
    )

    def value(place: int, further: np.ndarray) -> np.ndarray:
        if goal == "convictions":
            return further
        gap = gaps["ABC"[place]]
        counted = np.minimum(further / 8, gap.missing)
        left = (gap.missing - counted) / gap.expected
        return (gap.width**2 - left**2) * gap.expected / 2

    menus = plain_menus(baseline, drawn, 6, found.chosen_on, value)
    assert found.optimism.chosen_on == pytest.approx(best_of_all(menus, 6), rel=2e-5)
    assert found.budgets.sum() <= MONEY * (1 + 1e-9)


def test_it_finds_the_best_of_all_deals_by_the_simulation_of_both_places_together() -> None:
    """Every number of parts with every mix in both places at once: no menu is taken for granted."""
    baseline, drawn = world([8, 40])
    found = allocate(MONEY, baseline, drawn, steps=4, mix_steps=2)
    programme = Programme(np.zeros((2, 4)))
    without = run(programme, baseline, drawn)
    worths = [
        simulate(programme.with_budgets(deal), baseline, drawn, without)
        .convictions[found.chosen_on]
        .mean()
        for deal in every_deal(2, 4, mixes(2)) * MONEY / 4
    ]
    assert len(worths) == 815
    assert found.optimism.chosen_on == pytest.approx(max(worths), rel=1e-5)


def test_equal_places_get_equal_shares_within_two_parts_under_several_effects() -> None:
    """What money brings does not quite fall off from part to part: courts fill."""
    baseline, drawn = world([30], draws=200)
    for places, parts in ((2, 9), (3, 12), (4, 24)):
        twins = alike(baseline, [1] * places)
        shares = allocate(MONEY, twins, drawn, steps=parts).budgets.sum(axis=1)
        assert np.ptp(shares) <= 2 * MONEY / parts * (1 + 1e-9)


def test_the_choice_holds_up_on_draws_that_it_has_not_seen() -> None:
    """In eight worlds: better than the equal split also where it was not chosen, and the excess
    where it was chosen is no more than chance and a little optimism make it."""
    excess, advantages = [], []
    for seed in range(8):
        baseline, drawn = world([5, 60, 20, 9], draws=4000, seed=seed)
        found = allocate(MONEY, baseline, drawn, choose_on=500)
        unseen = found.optimism_of_advantage
        advantages.append(unseen.others)
        excess.append(found.optimism.excess / found.optimism.error)
    assert min(advantages) > 0
    assert np.abs(excess).max() < 4
    assert abs(np.mean(excess)) < 1.5


def test_the_more_it_has_seen_the_less_it_misses() -> None:
    """The mean on all draws of a choice by a few draws is below that of a choice by many."""
    few, many = [], []
    for seed in range(4):
        baseline, drawn = world([5, 60, 20, 9], draws=4000, seed=seed)
        few.append(allocate(MONEY, baseline, drawn, choose_on=5).advantage().mean)
        many.append(allocate(MONEY, baseline, drawn, choose_on=2000).advantage().mean)
    assert np.mean(many) > np.mean(few)


def test_of_places_alike_the_larger_gets_no_less() -> None:
    baseline, drawn = world([5, 60, 20, 9], draws=60)
    rng = np.random.default_rng(4)
    many = alike(baseline, np.round(rng.gamma(0.8, 2.0, 8) + 0.1, 2))
    found = allocate(MONEY * 8, many, drawn)
    assert found.parts == 32
    assert found.places == names(8)
    assert found.solved.proven
    assert found.optimism_of_advantage.chosen_on > 0
    assert found.budgets.sum() <= found.total * (1 + 1e-6)
    sizes = many.detected.mean(axis=1)
    by_size = found.budgets.sum(axis=1)[np.argsort(sizes)]
    assert np.all(np.diff(by_size) >= -found.total / found.parts * (1 + 1e-9))
