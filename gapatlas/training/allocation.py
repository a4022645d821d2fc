"""One budget over places and components: where would it bring most?

The budget is dealt out in equal parts. For each place a menu tells what each number of parts would
bring, with the best mix of the four components; a solver then takes one line of each menu. The
answer is set beside the plainest deal there is: the same to every place and component. Both are
followed with all draws, also with those that the choice has not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.statistics.checks import Bools, Floats
from gapatlas.training.assumptions import Drawn
from gapatlas.training.baseline import Baseline
from gapatlas.training.chain import COMPONENTS
from gapatlas.training.deals import Solved, best_deal
from gapatlas.training.menus import (
    Menu,
    Worth,
    batches_of,
    ladder,
    menu_of,
    mixes,
    one_of_many,
)
from gapatlas.training.programme import Programme
from gapatlas.training.simulate import simulate

Goal = Literal["convictions", "gaps"]
GOALS: Final = ("convictions", "gaps")
Progress = Callable[[float], None]
FEWEST_PARTS: Final = 24
PARTS_OF_AN_EQUAL_SHARE: Final = 4
"""So that a place can get a quarter of what it would get in an equal split."""
MENUS_TAKE: Final = 0.9
"""Share of the work that goes into the menus."""


@dataclass(frozen=True)
class Gap:
    """The enforcement gap of a place.

    Attributes:
        missing: convictions a year that are expected but not observed; not a number where no gap
            is known, 0 or less where there is none.
        expected: convictions a year that its benchmark expects.

    Raises:
        ValueError: more is missing than is expected.
    """

    missing: float
    expected: float

    def __post_init__(self) -> None:
        if self.open and not self.missing <= self.expected:
            raise ValueError(
                f"{self.missing:g} convictions are missing of {self.expected:g} that are expected"
            )

    @property
    def open(self) -> bool:
        """Whether a gap is known."""
        return bool(np.isfinite(self.missing)) and self.missing > 0

    @property
    def width(self) -> float:
        """Share of the expected convictions that is missing, 0 to 1."""
        return self.missing / self.expected if self.open else 0.0

    def closed_by(self, further: Floats) -> Floats:
        """What further convictions a year are worth towards closing the gap.

        A conviction counts for the share of the expected ones that is still missing when it comes:
        much where the gap is wide, less as it closes, nothing once it is closed. So the widest gap
        comes first, until it is no wider than the next one, and no conviction counts beyond the
        gap. A conviction fewer widens the gap and counts against it in the same way. With x the
        further convictions and m of e missing, it is min(x, m) (m - min(x, m) / 2) / e: what is
        taken off e / 2 times the square of the share that is missing.

        Args:
            further: convictions a year, any shape.
        """
        if not self.open:
            return np.zeros_like(further)
        counted = np.minimum(further, self.missing)
        return np.asarray(counted * (self.missing - counted / 2) / self.expected)


NO_GAP: Final = Gap(np.nan, np.nan)


@dataclass(frozen=True)
class Summary:
    """A number that differs from draw to draw.

    Attributes:
        mean: over all draws.
        median: the middle of the draws.
        low, high: quantiles of the draws, the ends of the interval.
        error: standard error of the mean that comes of drawing at random.
        above: share of draws above 0.
        below: share of draws below 0.
    """

    mean: float
    median: float
    low: float
    high: float
    error: float
    above: float
    below: float


@dataclass(frozen=True)
class Optimism:
    """A mean on the draws that the choice rests on, and on those that it has not seen.

    What is chosen because it looks best on some draws looks a little better there than it is.

    Attributes:
        chosen_on: mean on the draws that the choice rests on.
        others: mean on the others.
        error: standard error of their difference.
    """

    chosen_on: float
    others: float
    error: float

    @property
    def excess(self) -> float:
        """How much better it looks where it was chosen."""
        return self.chosen_on - self.others


@dataclass(frozen=True)
class Allocation:
    """A budget dealt out, beside an equal split.

    Attributes:
        places: ids.
        goal: `convictions` or `gaps`.
        gaps: of the places, in their order; without a known gap where none is given.
        total: money a year.
        parts: equal parts in which it is dealt out.
        years: years that are followed.
        budgets: money a year, shape (places, components).
        equal: the same of the equal split: every place gets the same, as far as its floor and
            ceiling allow, and every component a quarter of it.
        further, equal_further: further convictions over all years, shape (places, draws); the
            same draws.
        chosen_on: which draws the choice rests on, shape (draws,).
        solved: what the solver says.
    """

    places: tuple[str, ...]
    goal: Goal
    gaps: tuple[Gap, ...]
    total: float
    parts: int
    years: int
    budgets: Floats
    equal: Floats
    further: Floats
    equal_further: Floats
    chosen_on: Bools
    solved: Solved

    @property
    def left_over(self) -> float:
        """Money a year that is not spent, since it would bring nothing more."""
        return max(self.total - float(self.budgets.sum()), 0.0)

    @property
    def share_of_draws(self) -> float:
        """Share of the draws that the choice rests on."""
        return float(self.chosen_on.mean())

    @cached_property
    def worth(self) -> Floats:
        """What the goal counts, shape (draws,): further convictions over all years; for `gaps`,
        convictions a year weighed as `Gap.closed_by` tells."""
        return self._worth_of(self.further)

    @cached_property
    def equal_worth(self) -> Floats:
        """The same of the equal split, shape (draws,)."""
        return self._worth_of(self.equal_further)

    def gain(self, level: float = 0.9) -> Summary:
        """Further convictions over all places and years."""
        return summary(self.further.sum(axis=0), level)

    def equal_gain(self, level: float = 0.9) -> Summary:
        """The same of the equal split."""
        return summary(self.equal_further.sum(axis=0), level)

    def advantage(self, level: float = 0.9) -> Summary:
        """What the goal counts, over that of the equal split, draw by draw; `above` is the
        probability that the allocation is better."""
        return summary(self.worth - self.equal_worth, level)

    @property
    def optimism(self) -> Optimism:
        """Of what the goal counts."""
        return _optimism(self.worth, self.chosen_on)

    @property
    def optimism_of_advantage(self) -> Optimism:
        """Of what the goal counts over that of the equal split."""
        return _optimism(self.worth - self.equal_worth, self.chosen_on)

    def table(self) -> pd.DataFrame:
        """Money a year: place, component, allocated, equal; one row for each pair."""
        pairs = pd.MultiIndex.from_product([self.places, COMPONENTS], names=["place", "component"])
        money = {"allocated": self.budgets.ravel(), "equal": self.equal.ravel()}
        return pd.DataFrame(money, index=pairs).reset_index()

    def by_place(self) -> pd.DataFrame:
        """Two rows a place, `plan` being `allocated` and `equal`: money a year, then mean,
        median (`q50`) and 90% interval (`q05`, `q95`) of further convictions over all years.

        For `gaps` also `width` (share of the expected convictions that is missing now) and
        `width_after`: what is left of it at the mean of the draws, where no gap counts as closed
        by more than it is wide.
        """
        plans = {
            "allocated": (self.budgets, self.further),
            "equal": (self.equal, self.equal_further),
        }
        tables = [self._plan(name, *plan) for name, plan in plans.items()]
        return pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)

    def _plan(self, name: str, budgets: Floats, further: Floats) -> pd.DataFrame:
        low, middle, high = np.quantile(further, [0.05, 0.5, 0.95], axis=1)
        table = pd.DataFrame(
            {
                "place": list(self.places),
                "plan": name,
                "money": budgets.sum(axis=1),
                "mean": further.mean(axis=1),
                "q05": low,
                "q50": middle,
                "q95": high,
            }
        )
        if self.goal == "gaps":
            table["width"] = [gap.width for gap in self.gaps]
            table["width_after"] = self._widths_after(further)
        return table

    def _worth_of(self, further: Floats) -> Floats:
        worths = (
            _worth(self.goal, gap, self.years)(gains)
            for gap, gains in zip(self.gaps, further, strict=True)
        )
        return np.asarray(sum(worths, np.zeros(further.shape[1])))

    def _widths_after(self, further: Floats) -> list[float]:
        return [
            float(np.mean(gap.missing - np.minimum(gains / self.years, gap.missing))) / gap.expected
            if gap.open
            else 0.0
            for gap, gains in zip(self.gaps, further, strict=True)
        ]


def allocate(
    total: float,
    baseline: Baseline,
    drawn: Drawn,
    *,
    years: int = 10,
    spend_years: int = 10,
    refresh_every: int = 0,
    lag: int = 1,
    goal: Goal = "convictions",
    gaps: Mapping[str, Gap] | None = None,
    floors: Mapping[str, float] | None = None,
    ceilings: Mapping[str, float] | None = None,
    steps: int | None = None,
    mix_steps: int = 4,
    choose_on: int = 1000,
    progress: Progress | None = None,
) -> Allocation:
    """Deal out a budget over places and components so that it brings most.

    What a deal brings is the mean over draws. Parts that would bring nothing more are left over:
    where every effect is harm, only the floors are spent.

    Args:
        total: money a year for all places.
        baseline: yearly flows of the places.
        drawn: the other inputs; as many draws as the baseline has.
        years, spend_years, refresh_every, lag: as `Programme` takes them.
        goal: `convictions` counts further convictions, wherever they are. `gaps` counts each for
            the share of the expected convictions that its place still misses (`Gap.closed_by`); a
            place without a known gap gets nothing beyond its floor.
        gaps: place -> its enforcement gap; only for the goal `gaps`.
        floors, ceilings: place -> least and most money a year; 0 and no limit where none is named.
        steps: equal parts in which the money is dealt out; if not given 24, or four times the
            number of places where that is more. Of 24 or fewer, a place can get any number. Of
            more, it can get any number up to 8, and from there on each is about a quarter more
            than the one before. It can also get its floor, its ceiling or its equal share.
        mix_steps: steps in which a place's money is shared out over the four components; 4 means
            quarters. An even mix is always among them.
        choose_on: how many draws the choice rests on, evenly spread over all, and at most half of
            them, so that the others can check it.
        progress: called with 0 to 1 in between; what it raises ends the work.

    Raises:
        ValueError: a total that is not above 0; floors above the total or above a ceiling; places
            that there are none of; no gap for the goal `gaps`; numbers outside what they can be.
        RuntimeError: the solver found nothing in ten seconds.
    """
    _refuse_bad_input(total, baseline, drawn, goal, steps, mix_steps)
    limits = _limits(total, baseline.places, floors or {}, ceilings or {})
    known = _gaps(goal, baseline.places, gaps)
    parts = steps or max(FEWEST_PARTS, PARTS_OF_AN_EQUAL_SHARE * len(baseline.places))
    which = _evenly(drawn.draws, choose_on)
    equal = _equal_split(total, limits)
    programme = Programme(
        np.repeat(equal[:, None] / len(COMPONENTS), len(COMPONENTS), axis=1),
        years,
        spend_years,
        refresh_every,
        lag,
    )
    levels = [
        _levels(total, parts, limits.of(place, open_to_more), equal[place])
        for place, open_to_more in enumerate(_open_to_more(goal, known))
    ]
    worths = [_worth(goal, gap, years) for gap in known]
    menus = _menus(baseline, drawn, which, levels, mixes(mix_steps), programme, worths, progress)
    taken, solved = best_deal([menu.money for menu in menus], [menu.worth for menu in menus], total)
    _tell(progress, MENUS_TAKE)
    budgets = np.array([menu.budgets[at] for menu, at in zip(menus, taken, strict=True)])
    by_equal = simulate(programme, baseline, drawn)
    by_choice = simulate(programme.with_budgets(budgets), baseline, drawn, by_equal.without)
    _tell(progress, 1.0)
    return Allocation(
        places=baseline.places,
        goal=goal,
        gaps=known,
        total=float(total),
        parts=parts,
        years=years,
        budgets=budgets,
        equal=programme.budgets,
        further=by_choice.further_by_place(),
        equal_further=by_equal.further_by_place(),
        chosen_on=np.isin(np.arange(drawn.draws), which),
        solved=solved,
    )


def summary(values: Floats, level: float = 0.9) -> Summary:
    """Mean, interval and signs of draws.

    Args:
        values: shape (draws,).
        level: probability of the interval, half of what lies outside on each side.
    """
    tail = (1 - level) / 2
    middle, low, high = np.quantile(values, [0.5, tail, 1 - tail])
    return Summary(
        float(values.mean()),
        float(middle),
        float(low),
        float(high),
        float(values.std(ddof=1) / np.sqrt(len(values))),
        float(np.mean(values > 0)),
        float(np.mean(values < 0)),
    )


# ------------------------------------------------------------------ limits


@dataclass(frozen=True)
class _Limits:
    """Least and most money a year of each place, shape (places,)."""

    floors: Floats
    ceilings: Floats

    def of(self, place: int, open_to_more: bool) -> tuple[float, float]:
        floor = float(self.floors[place])
        return floor, float(self.ceilings[place]) if open_to_more else floor


def _limits(
    total: float,
    places: Sequence[str],
    floors: Mapping[str, float],
    ceilings: Mapping[str, float],
) -> _Limits:
    """Limits of every place; no ceiling above what the floors of others leave.

    Raises:
        ValueError: limits that cannot be kept; the places are named.
    """
    for what, limits in (("floor", floors), ("ceiling", ceilings)):
        _refuse_unknown(what, limits, places)
        for place, money in limits.items():
            if not money >= 0 or (what == "floor" and np.isinf(money)):
                raise ValueError(f"the {what} of {place} is {money:g}; allowed: 0 or more")
    for place in floors:
        if floors[place] > ceilings.get(place, np.inf):
            raise ValueError(
                f"the floor of {place}, {floors[place]:g}, is above its ceiling, "
                f"{ceilings[place]:g}"
            )
    least = np.array([float(floors.get(place, 0.0)) for place in places])
    if least.sum() > total * (1 + 1e-9):
        named = ", ".join(place for place in places if floors.get(place, 0.0) > 0)
        raise ValueError(f"the floors of {named} add up to {least.sum():g}, above {total:g}")
    most = np.array([float(ceilings.get(place, np.inf)) for place in places])
    left = np.maximum(total - (least.sum() - least), least)
    return _Limits(least, np.minimum(most, left))


def _equal_split(total: float, limits: _Limits) -> Floats:
    """The same for every place, but for those whose floor or ceiling it would break: they get
    that, and the others the same of the rest; shape (places,)."""
    # What is spent grows with the common share in straight pieces between these points.
    points = np.unique(np.concatenate([[0.0, total], limits.floors, limits.ceilings]))
    spent = np.clip(points[:, None], limits.floors, limits.ceilings).sum(axis=1)
    share = np.interp(total, spent, points)
    return np.asarray(np.clip(share, limits.floors, limits.ceilings))


def _levels(total: float, parts: int, limits: tuple[float, float], equal: float) -> Floats:
    """Money a year that a place can get, ascending."""
    floor, ceiling = limits
    money = [*(total * count / parts for count in ladder(parts)), floor, ceiling, equal]
    return np.unique([amount for amount in money if floor <= amount <= ceiling])


# ------------------------------------------------------------------ steps of the work


def _menus(
    baseline: Baseline,
    drawn: Drawn,
    which: NDArray[Any],
    levels: Sequence[Floats],
    shares: Floats,
    programme: Programme,
    worths: Sequence[Worth],
    progress: Progress | None,
) -> list[Menu]:
    batches = sum(batches_of(money, shares) for money in levels)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        _tell(progress, MENUS_TAKE * done / batches)

    _tell(progress, 0.0)
    return [
        menu_of(
            one_of_many(baseline, drawn, place, which),
            levels[place],
            shares,
            programme,
            worths[place],
            step,
        )
        for place in range(len(baseline.places))
    ]


def _worth(goal: Goal, gap: Gap, years: int) -> Worth:
    """What further convictions of a place over all years are worth."""
    if goal == "convictions":
        return lambda further: further
    return lambda further: gap.closed_by(further / years)


def _open_to_more(goal: Goal, gaps: Sequence[Gap]) -> list[bool]:
    """Which places may get more than their floor."""
    return [goal == "convictions" or gap.open for gap in gaps]


def _evenly(draws: int, wanted: int) -> NDArray[Any]:
    """Numbers of draws, evenly spread, shape (some,); at most half of them."""
    number = max(min(wanted, draws // 2), 1)
    return np.arange(number) * draws // number


def _optimism(values: Floats, chosen: Bools) -> Optimism:
    seen, others = values[chosen], values[~chosen]
    error = np.sqrt(seen.var() / len(seen) + others.var() / len(others))
    return Optimism(float(seen.mean()), float(others.mean()), float(error))


def _tell(progress: Progress | None, share: float) -> None:
    if progress is not None:
        progress(share)


# ------------------------------------------------------------------ what is refused


def _refuse_bad_input(
    total: float, baseline: Baseline, drawn: Drawn, goal: str, steps: int | None, mix_steps: int
) -> None:
    if not (np.isfinite(total) and total > 0):
        raise ValueError(f"the budget is {total:g}; allowed: above 0")
    if goal not in GOALS:
        raise ValueError(f"there is no goal '{goal}'; allowed: {', '.join(GOALS)}")
    if drawn.draws < 2:
        raise ValueError("one draw cannot both choose and check; allowed: 2 or more")
    if len(set(baseline.places)) < len(baseline.places):
        raise ValueError("a place stands twice in the baseline")
    for name, number in (("steps", 1 if steps is None else steps), ("mix_steps", mix_steps)):
        if number < 1:
            raise ValueError(f"{name} is {number}; allowed: 1 or more")


def _gaps(goal: Goal, places: Sequence[str], gaps: Mapping[str, Gap] | None) -> tuple[Gap, ...]:
    """Gaps of the places, in their order.

    Raises:
        ValueError: gaps that are missing where they are the goal, or of unknown places.
    """
    given = gaps or {}
    _refuse_unknown("gap", given, places)
    found = tuple(given.get(place, NO_GAP) for place in places)
    if goal == "gaps" and not any(gap.open for gap in found):
        raise ValueError("no gap is known of any of the places: there is none to close")
    return found


def _refuse_unknown(what: str, given: Mapping[str, Any], places: Sequence[str]) -> None:
    unknown = [place for place in given if place not in places]
    if unknown:
        raise ValueError(f"a {what} is given for {', '.join(unknown)}, which the baseline lacks")
