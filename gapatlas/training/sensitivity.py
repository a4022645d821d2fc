"""Which inputs move the answer: each one alone at the ends of its interval."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.statistics import checks
from gapatlas.training.assumptions import Assumptions, Drawn
from gapatlas.training.baseline import Baseline
from gapatlas.training.chain import OUTCOMES, Outcome
from gapatlas.training.programme import Programme
from gapatlas.training.simulate import Effect, Run, nothing_spent, run, simulate

Numbers = NDArray[np.int64]

BASELINE: Final = "baseline"
"""Name of all that is uncertain of the counts without an investment, as one input."""
CHANGES_WITHOUT: Final = frozenset({"referral", "court_speed", "court_headroom"})
"""Inputs that tell in the run without an investment as well."""
ENOUGH: Final = 2000
"""Draws for one end of an input: what is left of their chance is taken out, see `tornado`."""


def tornado(
    programme: Programme,
    baseline: Baseline,
    assumptions: Assumptions,
    drawn: Drawn,
    outcome: Outcome = "convicted",
    level: float = 0.9,
) -> pd.DataFrame:
    """How far the mean moves when one input is fixed at an end of its interval.

    All other inputs vary as before. The baseline is one input: it is fixed at draws around the
    ends of its yearly count. An end is computed with `ENOUGH` of the draws, as a difference from
    the mean of just those; chance that both share drops out.

    Args:
        programme: what is spent.
        baseline: yearly flows without it.
        assumptions: beliefs, whose intervals give the ends.
        drawn: draws of them.
        outcome: what is counted.
        level: probability of the intervals of the inputs.

    Returns:
        One row per input that is uncertain, widest move first: `name`; `input_low` and
        `input_high`, the ends (of the baseline: its yearly count of `outcome`, over all places);
        `at_low` and `at_high`, the mean number of further outcomes over all years with the input
        there; `mean`, with nothing fixed.
    """
    tail = (1 - checks.level(level)) / 2
    full = simulate(programme, baseline, drawn)
    mean = float(full.further(outcome).mean())
    some = every_so_often(baseline.draws, ENOUGH)
    few = _Few(programme, baseline.at_draws(some), drawn.at_draws(some), outcome)
    rows = [
        (name, *ends, *(mean + few.move(name, end) for end in ends))
        for name, ends in _ends(assumptions, tail).items()
    ]
    if not is_known(baseline):
        order = by_usual_size(programme, baseline, assumptions, outcome)
        groups = (around(order, tail), around(order, 1 - tail))
        yearly = full.without.by_year[OUTCOMES.index(outcome)].astype(np.float64).mean(axis=0)
        counts = (float(yearly[group].mean()) for group in groups)
        moves = (mean + few.move_baseline(baseline, group) for group in groups)
        rows.append((BASELINE, *counts, *moves))
    columns = ["name", "input_low", "input_high", "at_low", "at_high"]
    table = pd.DataFrame(rows, columns=columns).assign(mean=mean)
    widths = (table["at_high"] - table["at_low"]).abs()
    widest_first = widths.sort_values(ascending=False, kind="stable").index
    return table.loc[widest_first].reset_index(drop=True)


def _ends(assumptions: Assumptions, tail: float) -> dict[str, tuple[float, float]]:
    """Ends of the interval of each input that is uncertain."""
    return {
        name: (float(prior.quantile(tail)), float(prior.quantile(1 - tail)))
        for name, prior in assumptions.priors.items()
        if not prior.certain
    }


class _Few:
    """Runs with some of the draws, and how far a fixed input moves their mean."""

    def __init__(
        self, programme: Programme, baseline: Baseline, drawn: Drawn, outcome: Outcome
    ) -> None:
        self.programme, self.baseline, self.drawn = programme, baseline, drawn
        self.outcome: Outcome = outcome
        self.without: Run = run(nothing_spent(programme), baseline, drawn)
        self.mean = self._mean(baseline, drawn, self.without)

    def move(self, name: str, value: float) -> float:
        """By how much the mean moves with an input at a value."""
        without = None if name in CHANGES_WITHOUT else self.without
        return self._mean(self.baseline, self.drawn.with_value(name, value), without) - self.mean

    def move_baseline(self, full: Baseline, which: Numbers) -> float:
        """By how much the mean moves with the baseline among some of its draws."""
        repeated = full.at_draws(np.resize(which, self.drawn.draws))
        return self._mean(repeated, self.drawn, None) - self.mean

    def _mean(self, baseline: Baseline, drawn: Drawn, without: Run | None) -> float:
        effect: Effect = simulate(self.programme, baseline, drawn, without)
        return float(effect.further(self.outcome).mean())


def is_known(baseline: Baseline) -> bool:
    """Whether a baseline is the same in all draws."""
    parts = (baseline.detected, baseline.shares, baseline.paths)
    return all(bool((part == part[..., :1]).all()) for part in parts)


def by_usual_size(
    programme: Programme, baseline: Baseline, assumptions: Assumptions, outcome: Outcome
) -> Numbers:
    """Numbers of the baseline's draws, fewest outcomes without an investment first; the court
    and all else at their medians, so that the order is the baseline's own."""
    usual = run(nothing_spent(programme), baseline, assumptions.at({}, baseline.draws))
    sizes = usual.by_year[OUTCOMES.index(outcome)].sum(axis=0)
    return np.argsort(sizes, kind="stable")


def around(order: Numbers, share: float) -> Numbers:
    """The draws around a quantile: half as many on each side as lie beyond it."""
    beyond = min(share, 1 - share) / 2
    first, last = (round((share + side * beyond) * len(order)) for side in (-1, 1))
    return np.sort(order[first : max(last, first + 1)])


def every_so_often(draws: int, enough: int) -> Numbers:
    """Numbers of at most `enough` draws, evenly spread."""
    return np.arange(draws) if draws <= enough else np.arange(enough) * draws // enough
