"""With and without an investment: the same draws, followed twice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gapatlas.statistics.checks import Floats
from gapatlas.training.assumptions import TERMS, Drawn
from gapatlas.training.baseline import SINGLE, Baseline
from gapatlas.training.chain import COMPONENTS, COUNTED, LONGEST, OUTCOMES, STAGES, Outcome
from gapatlas.training.programme import Programme, skill_paths


@dataclass(frozen=True, eq=False)
class Run:
    """What came out of the chain, draw by draw.

    Attributes:
        by_year: outcomes summed over places, shape (outcomes, years, draws).
        by_place: outcomes summed over years, shape (outcomes, places, draws).
    """

    by_year: NDArray[Any]
    by_place: NDArray[Any]


@dataclass(frozen=True)
class Effect:
    """What an investment changes.

    Attributes:
        programme: the investment.
        places: ids, in the order of its budgets.
        without, with_: the two runs; the same draws.
    """

    programme: Programme
    places: tuple[str, ...]
    without: Run
    with_: Run

    def further(self, outcome: Outcome = "convicted") -> Floats:
        """How many more over all years and places, shape (draws,)."""
        at = OUTCOMES.index(outcome)
        change = self.with_.by_year[at].astype(np.float64) - self.without.by_year[at]
        return np.asarray(change.sum(axis=0))

    def further_by_place(self, outcome: Outcome = "convicted") -> Floats:
        """How many more over all years, shape (places, draws)."""
        at = OUTCOMES.index(outcome)
        return np.asarray(self.with_.by_place[at].astype(np.float64) - self.without.by_place[at])

    @cached_property
    def convictions(self) -> Floats:
        """Further convictions, shape (draws,)."""
        return self.further("convicted")

    def chance_of(self, at_least: float) -> float:
        """Probability of at least so many further convictions."""
        return float(np.mean(self.convictions >= at_least))

    @property
    def chance_of_harm(self) -> float:
        """Probability that there are fewer convictions than without the investment."""
        return float(np.mean(self.convictions < 0))

    def cost_per_conviction(self, level: float = 0.9) -> tuple[float, float, float]:
        """Cost per further conviction at the middle of the draws, and the ends of its interval.

        They are the cost over the quantiles of further convictions: infinite where those are 0
        or fewer, since no money then buys one.
        """
        tail = (1 - level) / 2
        middle, low, high = np.quantile(self.convictions, [0.5, 1 - tail, tail])
        cost = self.programme.cost
        at_middle, at_best, at_worst = (
            cost / gain if gain > 0 else np.inf for gain in (middle, low, high)
        )
        return float(at_middle), float(at_best), float(at_worst)


def run(programme: Programme, baseline: Baseline, drawn: Drawn) -> Run:
    """Follow every place through the years of a programme.

    Args:
        programme: what is spent, one row per place of the baseline.
        baseline: yearly flows without it.
        drawn: the other inputs; as many draws as the baseline has.

    Raises:
        ValueError: places or draws that do not fit.
    """
    if len(programme.budgets) != len(baseline.places):
        raise ValueError(
            f"budgets of {len(programme.budgets)} places, but a baseline of {len(baseline.places)}"
        )
    if drawn.draws != baseline.draws:
        raise ValueError(f"{drawn.draws} draws of the inputs, but {baseline.draws} of the baseline")
    kind = baseline.detected.dtype
    draws, years = baseline.draws, programme.years
    by_year = np.zeros((len(OUTCOMES), years, draws), kind)
    by_place = np.empty((len(OUTCOMES), len(baseline.places), draws), kind)
    # Compiled code takes half a second to load: nobody else waits for it.
    from gapatlas.training import kernel

    kernel.run(_arguments(programme, baseline, drawn), draws, by_year, by_place)
    return Run(by_year, by_place)


def simulate(
    programme: Programme, baseline: Baseline, drawn: Drawn, without: Run | None = None
) -> Effect:
    """What a programme changes.

    Args:
        programme: what is spent, one row per place of the baseline.
        baseline: yearly flows without it.
        drawn: the other inputs; as many draws as the baseline has.
        without: the run without it, where it is known from before: it depends on the years, the
            court and the referral alone, not on budgets or effects.

    Raises:
        ValueError: places or draws that do not fit.
    """
    if without is None:
        without = run(nothing_spent(programme), baseline, drawn)
    return Effect(programme, baseline.places, without, run(programme, baseline, drawn))


def warm_up() -> None:
    """Compile the simulation, or load what an earlier start of the program compiled.

    Else the first who asks would wait for it, for seconds where nothing is kept.
    """
    one = np.ones((1, 1), SINGLE)
    place = Baseline(
        ("",),
        one,
        np.full((3, 1, 1), 0.5, SINGLE),
        np.ones((LONGEST, 2), SINGLE),
        np.zeros(1, np.int64),
        np.ones((1, len(COUNTED)), np.bool_),
    )
    known = Drawn({term: np.full(1, 0.5) for term in TERMS}, 1)
    run(Programme(np.zeros((1, len(COMPONENTS))), 1, 1), place, known)


def nothing_spent(programme: Programme) -> Programme:
    """The same years without money."""
    return programme.with_budgets(np.zeros_like(programme.budgets))


def _arguments(programme: Programme, baseline: Baseline, drawn: Drawn) -> tuple[Any, ...]:
    """What the kernel takes, in the precision of the baseline."""
    kind = baseline.detected.dtype
    ratios, acting = drawn.effects()
    acts = np.zeros((len(STAGES), len(COMPONENTS)), np.bool_)
    for stage, components in enumerate(acting):
        acts[stage, list(components)] = True
    staff = np.maximum(baseline.suspected, 1.0)

    def exact(values: Floats) -> NDArray[Any]:
        # A copy each time: the kernel is compiled for arrays that can be written.
        return np.array(values, dtype=kind, order="C")

    return (
        exact(programme.budgets / staff[:, None]),
        exact(skill_paths(programme, drawn)),
        exact(drawn.term("reach")),
        acts,
        baseline.shares,
        exact(drawn.term("referral")),
        baseline.detected,
        exact(ratios),
        baseline.paths,
        baseline.offsets,
        exact(drawn.term("court_speed")),
        exact(drawn.term("court_headroom")),
    )
