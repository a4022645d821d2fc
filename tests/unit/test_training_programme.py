"""Money, people and skill: the ledger held against a count of each year's trainees."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gapatlas.training import Programme, ledger
from gapatlas.training.closed_form import skill_of_one
from gapatlas.training.programme import skill_paths
from tests.training_world import assumptions, budgets, known, programme

SPANS = [(1, 1), (10, 10), (10, 4), (12, 7)]


def by_trainees(
    plan: Programme, leaves: Fraction, kept: Fraction, price: Fraction
) -> tuple[list[float], list[float]]:
    """People and skill year by year, from a list of [persons, skill of each], one entry for those
    who were trained together."""
    groups: list[list[Fraction]] = []
    people, skill = [], []
    for year in range(plan.years):
        for group in groups:
            group[0] *= 1 - leaves
            group[1] *= kept
        if year < plan.spend_years:
            money = Fraction(1)
            if plan.refresh_every and year and year % plan.refresh_every == 0:
                there = sum(group[0] for group in groups)
                money_for_all = there * price
                reached = min(money / money_for_all, Fraction(1))
                money -= reached * money_for_all
                # The refreshed are a group of their own; the others keep the skill that they have.
                groups = [
                    each
                    for persons, worth in groups
                    for each in ([persons * (1 - reached), worth], [persons * reached, Fraction(1)])
                ]
            groups.append([money, Fraction(1)])
        people.append(float(sum(group[0] for group in groups)))
        skill.append(float(sum(group[0] * group[1] for group in groups)))
    return people, skill


@pytest.mark.parametrize(("years", "spend_years"), SPANS)
@pytest.mark.parametrize("refresh_every", [0, 1, 2, 3])
@pytest.mark.parametrize("price", [Fraction(1, 10), Fraction(7, 10)])
def test_the_ledger_is_a_count_of_each_years_trainees(years, spend_years, refresh_every, price):
    plan = programme(1, years=years, spend_years=spend_years, refresh_every=refresh_every)
    leaves, half_life = Fraction(1, 5), 12
    drawn = known({}, turnover=0.2, half_life_months=half_life, refresher_cost=float(price))
    people, skill = by_trainees(plan, leaves, Fraction(1, 2), price)
    heads, skills = ledger(plan, drawn)
    assert heads[:, 0] == pytest.approx(people, rel=1e-12)
    assert skills[:, 0] == pytest.approx(skill, rel=1e-12)


def test_a_worked_ledger():
    # A fifth leaves each year, and the rest forget half: 1, 0.4, 0.16. Spending ends after year 2.
    plan = programme(1, years=4, spend_years=2)
    people, skill = ledger(plan, known({}, turnover=0.2, half_life_months=12))
    assert people[:, 0] == pytest.approx([1, 1.8, 1.44, 1.152])
    assert skill[:, 0] == pytest.approx([1, 1.4, 0.56, 0.224])


def test_a_refresher_brings_back_the_skill_of_those_who_are_still_there():
    # Year 2 has 0.8 persons with half their skill; refreshing them takes 0.8 x 0.25 of the money.
    plan = programme(1, years=2, refresh_every=1)
    drawn = known({}, turnover=0.2, half_life_months=12, refresher_cost=0.25)
    people, skill = ledger(plan, drawn)
    assert people[:, 0] == pytest.approx([1, 1.6])
    assert skill[:, 0] == pytest.approx([1, 1.6])


def test_money_that_does_not_reach_all_refreshes_a_part_and_trains_nobody_new():
    plan = programme(1, years=12, refresh_every=11)
    drawn = known({}, turnover=0.01, half_life_months=12, refresher_cost=0.5)
    people, _ = ledger(plan, drawn)
    assert people[10, 0] * 0.99 * 0.5 > 1
    assert people[11, 0] == pytest.approx(people[10, 0] * 0.99)


@pytest.mark.parametrize(("years", "spend_years"), SPANS)
@pytest.mark.parametrize("lag", [0, 1, 3])
def test_without_refreshers_skill_is_a_geometric_sum(years, spend_years, lag):
    plan = programme(1, years=years, spend_years=spend_years, lag=lag)
    drawn = assumptions().draw(20, 1)
    _, skill = ledger(plan, drawn)
    sums = skill_of_one(plan, drawn)
    assert np.all(sums[:lag] == 0)
    assert sums[lag:] == pytest.approx(skill[: max(years - lag, 0)])


def test_skill_tells_only_after_the_lag_and_in_proportion_to_caseload_over_cost():
    drawn = known({}, turnover=0.2, half_life_months=12, caseload=3, cost_evidence=1500)
    found = skill_paths(programme(1, years=4, lag=2), drawn)
    assert found.shape == (4, 4, 1)
    assert found[2, :, 0] == pytest.approx(np.array([0, 0, 1, 1.4]) * 3 / 1500)


def test_the_cost_is_all_that_is_spent_in_all_places_and_years():
    plan = Programme(budgets([1, 2, 3, 4], [10, 0, 0, 0]), years=10, spend_years=3)
    assert plan.cost == 60


def test_other_budgets_leave_the_rest_of_a_programme_as_it_is():
    plan = Programme(budgets([1, 2, 3, 4]), 8, 6, 2, 3)
    other = plan.with_budgets(budgets([0, 0, 0, 5]))
    assert other == Programme(other.budgets, 8, 6, 2, 3)
    assert other.cost == 30


@pytest.mark.parametrize(
    ("money", "settings", "message"),
    [
        ([[-1, 0, 0, 0]], {}, "budget of -1 is below 0"),
        ([[np.nan, 0, 0, 0]], {}, "budget is no number"),
        ([[np.inf, 0, 0, 0]], {}, "budget is no number"),
        ([[1, 2, 3]], {}, r"shape \(1, 3\)"),
        ([1, 2, 3, 4], {}, r"shape \(4,\)"),
        ([[0] * 4], {"years": 0, "spend_years": 1}, "years is 0; allowed: 1 to 15"),
        ([[0] * 4], {"years": 16}, "years is 16; allowed: 1 to 15"),
        ([[0] * 4], {"years": 5, "spend_years": 6}, "spend_years is 6; allowed: 1 to 5"),
        ([[0] * 4], {"spend_years": 0}, "spend_years is 0"),
        ([[0] * 4], {"refresh_every": -1}, "refresh_every is -1"),
        ([[0] * 4], {"lag": 4}, "lag is 4; allowed: 0 to 3"),
    ],
)
def test_a_programme_that_cannot_be_is_refused_by_name(money, settings, message):
    with pytest.raises(ValueError, match=message):
        Programme(np.array(money, dtype=float), **settings)
