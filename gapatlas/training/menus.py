"""What a place could do with more or less money: a menu of budgets, and what each would bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gapatlas.statistics.checks import Floats
from gapatlas.training.assumptions import Drawn
from gapatlas.training.baseline import Baseline
from gapatlas.training.chain import COMPONENTS, OUTCOMES
from gapatlas.training.programme import Programme
from gapatlas.training.simulate import run

CONVICTED: Final = OUTCOMES.index("convicted")
FEW_PARTS: Final = 24
"""Of so many a place can get any number."""
SMALL_SHARE: Final = 8
"""Of more parts a place can get any number up to this; above, each number is about a quarter more
than the one before, since a part more or less then matters little."""
BATCH: Final = 400
"""Budgets that are followed at a time: a batch takes a fraction of a second."""
NOTHING: Final = 1e-6
"""Share of the best budget's worth that is not worth money: it is rounding."""

Worth = Callable[[Floats], Floats]
"""Further convictions of a place over all years, shape (budgets, draws) -> what each is worth."""


@dataclass(frozen=True)
class Menu:
    """Budgets of one place, the cheapest first; each is worth more than all that cost less.

    Attributes:
        budgets: money a year, shape (options, components).
        worth: mean over draws, shape (options,).
    """

    budgets: Floats
    worth: Floats

    @property
    def money(self) -> Floats:
        """Money a year over all components, shape (options,)."""
        return np.asarray(self.budgets.sum(axis=1))


@dataclass(frozen=True)
class OneOfMany:
    """One place by itself, with some of the draws.

    Attributes:
        baseline: of the one place.
        drawn: the same draws of the other inputs.
    """

    baseline: Baseline
    drawn: Drawn

    def further(self, budgets: Floats, programme: Programme) -> Floats:
        """Further convictions over all years, shape (budgets, draws).

        Args:
            budgets: money a year, shape (budgets, components).
            programme: its years; its own budgets are not looked at.
        """
        rows = np.concatenate([np.zeros((1, len(COMPONENTS))), budgets])
        # Each budget is a place of its own to the simulation: one call follows them all.
        many = self.baseline[[0] * len(rows)]
        convicted = run(programme.with_budgets(rows), many, self.drawn).by_place[CONVICTED]
        return np.asarray(convicted[1:].astype(np.float64) - convicted[0])


def one_of_many(baseline: Baseline, drawn: Drawn, place: int, which: NDArray[Any]) -> OneOfMany:
    """One place with some of the draws.

    Args:
        baseline, drawn: of all places and draws.
        place: row.
        which: numbers of the draws, shape (some,).
    """
    return OneOfMany(baseline[[place]].at_draws(which), drawn.at_draws(which))


def mixes(steps: int) -> Floats:
    """Every way to share money out over the components in so many equal steps, and the even one,
    which an equal split takes; shape (mixes, components), each row sums to 1."""
    number = len(COMPONENTS)
    picks = combinations_with_replacement(range(number), steps)
    shares = np.array([np.bincount(pick, minlength=number) for pick in picks]) / steps
    return shares if steps % number == 0 else np.vstack([shares, np.full(number, 1 / number)])


def ladder(parts: int) -> list[int]:
    """How many of the parts a place can get, ascending."""
    if parts <= FEW_PARTS:
        return list(range(parts + 1))
    counts = list(range(SMALL_SHARE + 1))
    while counts[-1] < parts:
        counts.append(min(parts, counts[-1] * 5 // 4))
    return counts


def menu_of(
    place: OneOfMany,
    levels: Floats,
    shares: Floats,
    programme: Programme,
    worth: Worth,
    step: Callable[[], None],
) -> Menu:
    """The best mix at each level of money, and what it is worth.

    Args:
        place: the place, with the draws that the choice rests on.
        levels: money a year, ascending, shape (levels,).
        shares: mixes of components, shape (mixes, components).
        programme: its years.
        worth: what further convictions are worth, draw by draw.
        step: called after each batch; what it raises ends the work.
    """
    budgets = np.concatenate([_at(level, shares) for level in levels])
    level_of = np.concatenate([np.full(len(_at(v, shares)), n) for n, v in enumerate(levels)])
    means = []
    for batch in _batches(budgets):
        means.append(worth(place.further(batch, programme)).mean(axis=1))
        step()
    mean = np.concatenate(means)
    best = [
        int(at[np.argmax(mean[at])])
        for at in (np.flatnonzero(level_of == n) for n in range(len(levels)))
    ]
    kept = _worth_their_money(mean[best])
    chosen = np.array(best)[kept]
    return Menu(budgets[chosen], mean[chosen])


def batches_of(levels: Floats, shares: Floats) -> int:
    """How many batches a menu takes."""
    return len(list(_batches(np.empty(sum(len(_at(level, shares)) for level in levels)))))


def _at(level: float, shares: Floats) -> Floats:
    """The budgets of one level; without money there is but one."""
    return level * shares if level > 0 else np.zeros((1, shares.shape[1]))


def _batches(budgets: Floats) -> Iterator[Floats]:
    for first in range(0, len(budgets), BATCH):
        yield budgets[first : first + BATCH]


def _worth_their_money(worth: Floats) -> list[int]:
    """Numbers of the options that are worth more than every cheaper one."""
    least = NOTHING * float(np.abs(worth).max())
    kept = [0]
    for at in range(1, len(worth)):
        if worth[at] > worth[kept[-1]] + least:
            kept.append(at)
    return kept
