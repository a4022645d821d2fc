"""Where the doubt about the answer comes from: shares of its variance.

Two ways. `assumed_share` splits the variance between the data, the evidence and judgement, by
drawing one group anew while the others stay ("pick and freeze"). `total_order` does so for every
input, with Sobol indices from SALib.

Sources: Saltelli and others 2010, Computer Physics Communications 181:259; Jansen 1999, the same,
117:35 (both estimators); Owen 2014, SIAM/ASA J Uncertainty Quantification 2:245 (the split that
adds up to 1: the Shapley value of each group).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations
from math import factorial
from typing import Final

import numpy as np
import pandas as pd
from scipy import special

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats
from gapatlas.tables import rows
from gapatlas.training.assumptions import SMALLEST_SHARE, Assumptions, Drawn
from gapatlas.training.baseline import Baseline
from gapatlas.training.chain import Outcome
from gapatlas.training.programme import Programme
from gapatlas.training.sensitivity import BASELINE, by_usual_size
from gapatlas.training.simulate import simulate

Progress = Callable[[float], None]
Group = frozenset[str]

DATA, EVIDENCE, JUDGEMENT = "data", "evidence", "judgement"
GROUPS: Final = (DATA, EVIDENCE, JUDGEMENT)
CELLS_AT_ONCE: Final = 200_000
"""Places times draws that are worked on between two reports of progress; bounds the memory."""


@dataclass(frozen=True)
class VarianceShares:
    """Where the variance of the answer comes from.

    Attributes:
        varies: whether the answer varies at all; where it does not, `groups` holds NaN.
        groups: one row per group. `group`: `data` (the baseline), `evidence` (inputs that rest on
            a study), `judgement` (inputs that do not). `share`, its share; the three add up to 1.
            `alone`, what the group makes up by itself; `total`, what would be left if all else
            were known. What groups make up together lies between the two, and `share` gives each
            group its part of that. Each has `_low` and `_high`: the interval of the simulation's
            own chance.
        together: share that no group makes up by itself, only together with others.
    """

    varies: bool
    groups: pd.DataFrame
    together: float

    @cached_property
    def assumed(self) -> tuple[float, float, float]:
        """Share of the variance that comes from judgement, with its interval."""
        (row,) = rows(self.groups[self.groups["group"] == JUDGEMENT])
        return float(row.share), float(row.share_low), float(row.share_high)


def assumed_share(
    programme: Programme,
    baseline: Baseline,
    drawn: Drawn,
    judged: Collection[str],
    seed: int = 1,
    *,
    outcome: Outcome = "convicted",
    level: float = 0.9,
) -> VarianceShares:
    """Share of the variance of the further outcomes that comes from judgement.

    To draw a group anew, its draws are moved along against those of the others: each keeps its
    distribution, and meets others.

    Args:
        programme: what is spent.
        baseline: yearly flows without it.
        drawn: draws of the inputs.
        judged: names of the inputs that rest on judgement.
        seed: of how far draws are moved along.
        outcome: what is counted.
        level: probability of the intervals.

    Raises:
        ValueError: the name of an input that there is none of; named.
    """
    unknown = sorted(set(judged) - set(drawn.values))
    if unknown:
        raise ValueError(f"there is no input {', '.join(unknown)}")

    steps = _steps(baseline.draws, seed)
    resting = {JUDGEMENT if name in judged else EVIDENCE for name in _varying(drawn)}
    there = frozenset({DATA, *resting})

    @cache
    def moved_along(moved: Group) -> Floats:
        by = {group: step if group in moved else 0 for group, step in steps.items()}
        inputs = {
            name: np.roll(of, by[DATA] - by[JUDGEMENT if name in judged else EVIDENCE])
            for name, of in drawn.values.items()
        }
        effect = simulate(programme, baseline, Drawn(inputs, drawn.draws))
        # To move all inputs along by as much is to move the baseline back.
        return np.roll(effect.further(outcome), -by[DATA])

    # To draw a group anew that nothing rests on changes nothing.
    return variance_shares(lambda moved: moved_along(moved & there), level)


def variance_shares(answer: Callable[[Group], Floats], level: float = 0.9) -> VarianceShares:
    """Split a variance between the three `GROUPS`.

    Args:
        answer: the answer's draws, shape (draws,), with some groups drawn anew and all else as it
            was.
        level: probability of the intervals.
    """
    before = answer(frozenset())
    if np.ptp(before) == 0:
        return _no_variance()
    changed: dict[Group, Floats] = {
        some: (answer(some) - before) ** 2 / 2
        for size in range(len(GROUPS) + 1)
        for some in map(frozenset, combinations(GROUPS, size))
    }
    # With everything drawn anew, half the mean square of the change is the variance.
    whole = changed[frozenset(GROUPS)]
    found = []
    for group in GROUPS:
        others = frozenset(GROUPS) - {group}
        row: dict[str, str | float] = {"group": group}
        for name, part in (
            ("share", _shapley(changed, group)),
            ("alone", whole - changed[others]),
            ("total", changed[frozenset({group})]),
        ):
            figures = _ratio(part, whole, level)
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), figures, strict=True))
        found.append(row)
    groups = _adding_up(pd.DataFrame(found))
    return VarianceShares(True, groups, max(0.0, 1 - float(groups["alone"].sum())))


def total_order(
    programme: Programme,
    baseline: Baseline,
    assumptions: Assumptions,
    *,
    outcome: Outcome = "convicted",
    size: int = 4096,
    level: float = 0.95,
    seed: int = 1,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Sobol indices of every uncertain input, the baseline as one of them.

    Args:
        programme: what is spent.
        baseline: yearly flows without it.
        assumptions: beliefs of the inputs.
        outcome: what is counted.
        size: points, a power of 2; there are `size` x (inputs + 2) runs.
        level: probability of the intervals.
        seed: of the random numbers.
        progress: is told how far it is, from 0 to 1; what it raises ends the work.

    Returns:
        What `sobol_indices` returns.
    """
    names = [name for name, prior in assumptions.priors.items() if not prior.certain]
    order = by_usual_size(programme, baseline, assumptions, outcome)

    def answer(shares: Floats) -> Floats:
        inputs = dict(zip(names, shares.T, strict=False))
        which = order[(shares[:, -1] * baseline.draws).astype(np.int64)]
        drawn = assumptions.at(inputs, len(shares))
        return simulate(programme, baseline.at_draws(which), drawn).further(outcome)

    at_once = int(np.clip(CELLS_AT_ONCE // len(baseline.places), 1000, 20_000))
    return sobol_indices(
        [*names, BASELINE],
        answer,
        size=size,
        level=level,
        seed=seed,
        at_once=at_once,
        progress=progress,
    )


def sobol_indices(
    names: Sequence[str],
    answer: Callable[[Floats], Floats],
    *,
    size: int = 1024,
    level: float = 0.95,
    seed: int = 1,
    at_once: int = 20_000,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """First-order and total Sobol indices of a function of independent shares.

    Args:
        names: of the inputs.
        answer: takes shares between 0 and 1, shape (rows, inputs); returns shape (rows,).
        size: points, a power of 2.
        level: probability of the intervals.
        seed: of the random numbers.
        at_once: rows given to `answer` at a time.
        progress: is told how far it is, from 0 to 1.

    Returns:
        One row per input, largest total first: `name`; `first`, the share of the variance that
        would go if this input alone were known; `total`, the share that would be left if all
        others were known; each with `_low` and `_high`. All are 0 where nothing varies.

    Raises:
        ValueError: a size that is no power of 2, or a level that is no probability.
    """
    # Takes long to import, and is asked for seldom.
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as points

    checks.level(level)
    if size < 2 or size & (size - 1):
        raise ValueError(f"{size} is no power of 2; allowed: 2, 4, 8 and so on")
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    generator = np.random.default_rng([seed])
    drawn = points.sample(problem, size, calc_second_order=False, seed=generator)
    shares = np.clip(drawn, SMALLEST_SHARE, 1 - SMALLEST_SHARE)
    answers = _piecewise(answer, shares, at_once, progress)
    columns = [f"{kind}{end}" for kind in ("first", "total") for end in ("", "_low", "_high")]
    if np.ptp(answers) == 0:
        nothing = pd.DataFrame(0.0, index=range(len(names)), columns=columns)
        nothing.insert(0, "name", list(names))
        return nothing
    found = analysis.analyze(
        problem, answers, calc_second_order=False, conf_level=level, seed=[seed]
    )
    table = pd.DataFrame({"name": list(names), **_with_ends(found)})
    return table.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def _with_ends(found: Mapping[str, Floats]) -> dict[str, Floats]:
    """Indices with the ends of their intervals, none outside 0 to 1: chance alone takes them
    there."""
    table = {}
    for kind, key in (("first", "S1"), ("total", "ST")):
        value, half = np.asarray(found[key]), np.asarray(found[f"{key}_conf"])
        for end, at in (("", value), ("_low", value - half), ("_high", value + half)):
            table[f"{kind}{end}"] = np.clip(at, 0.0, 1.0)
    return table


def _piecewise(
    answer: Callable[[Floats], Floats], shares: Floats, at_once: int, progress: Progress | None
) -> Floats:
    answers = np.empty(len(shares))
    for first in range(0, len(shares), at_once):
        if progress:
            progress(first / len(shares))
        answers[first : first + at_once] = answer(shares[first : first + at_once])
    if progress:
        progress(1.0)
    return answers


def _varying(drawn: Drawn) -> list[str]:
    return [name for name, values in drawn.values.items() if np.ptp(values) > 0]


def _steps(draws: int, seed: int) -> dict[str, int]:
    """How far each group is moved along; no two by as much."""
    if draws <= len(GROUPS):
        raise ValueError(f"{draws} draws are too few to tell shares of a variance")
    generator = np.random.default_rng([seed])
    steps = 1 + generator.choice(draws - 1, size=len(GROUPS), replace=False)
    return dict(zip(GROUPS, map(int, steps), strict=True))


def _shapley(changed: Mapping[Group, Floats], group: str) -> Floats:
    """What a group adds to others, over all orders in which the groups may join."""
    others = [other for other in GROUPS if other != group]
    total = np.zeros_like(changed[frozenset()])
    for size in range(len(GROUPS)):
        weight = factorial(size) * factorial(len(others) - size) / factorial(len(GROUPS))
        for some in map(frozenset, combinations(others, size)):
            total += weight * (changed[some | {group}] - changed[some])
    return total


def _adding_up(groups: pd.DataFrame) -> pd.DataFrame:
    """Shares that add up to 1 also where chance took one below 0, and it was put at 0."""
    share = groups["share"] / groups["share"].sum()
    return groups.assign(
        share=share,
        share_low=np.minimum(groups["share_low"], share),
        share_high=np.maximum(groups["share_high"], share),
    )


def _ratio(part: Floats, whole: Floats, level: float) -> tuple[float, float, float]:
    """Ratio of two means over the same draws with its interval, each within 0 to 1."""
    ratio = float(part.mean() / whole.mean())
    spread = float(np.std((part - ratio * whole) / whole.mean()) / np.sqrt(len(part)))
    half = float(special.ndtri((1 + checks.level(level)) / 2)) * spread
    value, low, high = np.clip([ratio, ratio - half, ratio + half], 0.0, 1.0)
    return float(value), float(low), float(high)


def _no_variance() -> VarianceShares:
    kinds = ("share", "alone", "total")
    columns = [f"{kind}{end}" for kind in kinds for end in ("", "_low", "_high")]
    groups = pd.DataFrame(np.nan, index=range(len(GROUPS)), columns=columns)
    groups.insert(0, "group", list(GROUPS))
    return VarianceShares(False, groups, np.nan)
