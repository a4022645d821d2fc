"""Whatever the menus and limits: no deal is better, and every limit is kept."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.training import Gap, allocate
from gapatlas.training.deals import best_deal
from tests.allocation_world import world

MONEY = 60_000.0
BASELINE, DRAWN = world([8, 40, 20], draws=24)


@st.composite
def menus(draw: st.DrawFn) -> tuple[list[np.ndarray], list[np.ndarray], float]:
    """Whole costs and worths of up to four places with up to five options each."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))

    def column(size: int, values: st.SearchStrategy[int]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype=float)

    costs = [column(size, st.integers(0, 9)) for size in sizes]
    worths = [column(size, st.integers(-20, 20)) for size in sizes]
    least = int(sum(cost.min() for cost in costs))
    return costs, worths, float(draw(st.integers(least, least + 20)))


@given(menus(), st.sampled_from([1e-9, 1.0, 1e6]))
def test_the_solver_finds_the_best_of_all_deals(
    given_menus: tuple[list[np.ndarray], list[np.ndarray], float], unit: float
) -> None:
    costs, worths, total = given_menus
    taken, solved = best_deal(costs, [worth * unit for worth in worths], total)
    deals = product(*(range(len(cost)) for cost in costs))

    def over(deal: tuple[int, ...], values: list[np.ndarray]) -> float:
        return float(sum(value[at] for value, at in zip(values, deal, strict=True)))

    best = max(over(deal, worths) for deal in deals if over(deal, costs) <= total)
    assert over(tuple(taken), worths) == best
    assert over(tuple(taken), costs) <= total
    assert solved.proven


SHARE = st.floats(0, 0.33)


@settings(max_examples=25)
@given(
    st.tuples(SHARE, SHARE, SHARE),
    st.tuples(*[st.one_of(st.none(), st.floats(0, 1))] * 3),
    st.integers(1, 7),
    st.sampled_from(["convictions", "gaps"]),
)
def test_every_limit_is_kept_and_the_equal_split_is_no_better_where_it_was_chosen(
    floors: tuple[float, ...], above: tuple[float | None, ...], steps: int, goal: str
) -> None:
    least = dict(zip("ABC", (share * MONEY for share in floors), strict=True))
    most = {
        place: least[place] + share * MONEY
        for place, share in zip("ABC", above, strict=True)
        if share is not None
    }
    gaps = {"A": Gap(4, 6), "B": Gap(3, 15)} if goal == "gaps" else None
    found = allocate(
        MONEY,
        BASELINE,
        DRAWN,
        goal=goal,  # type: ignore[arg-type]
        gaps=gaps,
        floors=least,
        ceilings=most,
        steps=steps,
        mix_steps=2,
    )
    for budgets in (found.budgets, found.equal):
        assert np.all(budgets >= 0)
        assert budgets.sum() <= MONEY * (1 + 1e-6)
        for place, money in zip("ABC", budgets.sum(axis=1), strict=True):
            assert money >= least[place] - MONEY * 1e-9
            assert money <= most.get(place, MONEY) + MONEY * 1e-9
    if goal == "gaps":
        assert found.budgets[2].sum() == pytest.approx(least["C"])
    assert found.optimism_of_advantage.chosen_on >= -1e-5 * abs(found.optimism.chosen_on)


@settings(max_examples=15)
@given(st.integers(1, 6), st.integers(1, 3))
def test_more_parts_of_the_same_size_are_never_worse(parts: int, more: int) -> None:
    part = 5000.0

    def best(number: int) -> float:
        found = allocate(part * number, BASELINE, DRAWN, steps=number, mix_steps=2)
        return found.optimism.chosen_on

    assert best(parts + more) >= best(parts) - 1e-6 * abs(best(parts))
