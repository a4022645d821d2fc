"""What is spent, where, on what, for how long; and what of it is skill in each year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from gapatlas.statistics.checks import Floats
from gapatlas.training.assumptions import Drawn
from gapatlas.training.chain import COMPONENTS, LONGEST

MONTHS: Final = 12.0
LONGEST_LAG: Final = 3


@dataclass(frozen=True)
class Programme:
    """An investment in training.

    Attributes:
        budgets: money a year, shape (places, components), the components in the order of
            `COMPONENTS`.
        years: years that are followed, 1 to 15.
        spend_years: years in which money is spent, from the first on.
        refresh_every: years between refreshers; 0 means none. In a year of refreshers the trained
            who are still there come first, new ones get what is left.
        lag: years until training tells, 0 to 3.

    Raises:
        ValueError: a number outside what it can be; named.
    """

    budgets: Floats
    years: int = 10
    spend_years: int = 10
    refresh_every: int = 0
    lag: int = 1

    def __post_init__(self) -> None:
        budgets = np.asarray(self.budgets, dtype=np.float64)
        if budgets.ndim != 2 or budgets.shape[1] != len(COMPONENTS):
            raise ValueError(f"budgets have shape {budgets.shape}; allowed: (places, 4)")
        if not np.all(np.isfinite(budgets)):
            raise ValueError("a budget is no number")
        if np.any(budgets < 0):
            raise ValueError(f"a budget of {budgets.min():g} is below 0")
        _in_range("years", self.years, 1, LONGEST)
        _in_range("spend_years", self.spend_years, 1, self.years)
        _in_range("refresh_every", self.refresh_every, 0, LONGEST)
        _in_range("lag", self.lag, 0, LONGEST_LAG)

    @property
    def cost(self) -> float:
        """All that is spent."""
        return float(np.sum(self.budgets)) * self.spend_years

    def with_budgets(self, budgets: ArrayLike) -> Programme:
        """The same programme with other budgets."""
        return Programme(
            np.asarray(budgets, dtype=np.float64),
            self.years,
            self.spend_years,
            self.refresh_every,
            self.lag,
        )


def ledger(programme: Programme, drawn: Drawn) -> tuple[Floats, Floats]:
    """The trained people that one person's training a year buys, year by year.

    Each year a share leaves (turnover) and those who stay lose skill (half-life). New people are
    trained with what refreshers leave over; a refresher brings back the whole skill of a person.

    Returns:
        People at the end of each year who were trained and are still there, and their skill in
        persons freshly trained; each of shape (years, draws). Both are in proportion to what is
        spent.
    """
    stays = 1 - drawn.term("turnover")
    kept = 2.0 ** (-MONTHS / drawn.term("half_life_months"))
    price = drawn.term("refresher_cost")
    people, skill = np.zeros(drawn.draws), np.zeros(drawn.draws)
    heads, skills = [], []
    for year in range(programme.years):
        people, skill = people * stays, skill * stays * kept
        if year < programme.spend_years:
            spent, refreshed = _refreshed(programme, year, people, price)
            skill = skill + refreshed * (people - skill) + (1 - spent)
            people = people + (1 - spent)
        heads.append(people)
        skills.append(skill)
    return np.array(heads), np.array(skills)


def skill_paths(programme: Programme, drawn: Drawn) -> Floats:
    """Skill that tells in each year per unit of money a year, over the yearly caseload of one
    person; shape (components, years, draws). Times the budget and over the persons suspected in a
    year, it is the share of staff who are as good as freshly trained."""
    _, skills = ledger(programme, drawn)
    telling = np.zeros_like(skills)
    telling[programme.lag :] = skills[: programme.years - programme.lag]
    scale = [drawn.term("caseload") / drawn.term(f"cost_{component}") for component in COMPONENTS]
    return np.asarray(telling[None] * np.array(scale)[:, None])


def _refreshed(
    programme: Programme, year: int, people: Floats, price: Floats
) -> tuple[Floats, Floats]:
    """Share of a year's money that goes into refreshers, and share of the people they reach."""
    due = programme.refresh_every and year and year % programme.refresh_every == 0
    if not due:
        return np.zeros_like(people), np.zeros_like(people)
    wanted = people * price
    spent = np.minimum(wanted, 1.0)
    return spent, np.divide(spent, wanted, out=np.zeros_like(wanted), where=wanted > 0)


def _in_range(name: str, found: int, low: int, high: int) -> None:
    if not low <= found <= high:
        raise ValueError(f"{name} is {found}; allowed: {low} to {high}")
