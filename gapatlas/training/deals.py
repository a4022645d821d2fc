"""One option for each place, within one budget: a multiple-choice knapsack, solved by HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import optimize, sparse

from gapatlas.statistics.checks import Floats

SCALED: Final = 1000.0
"""The best that all places could reach together, as the solver sees it: its tolerances are
absolute numbers, which say nothing of convictions that come in thousandths or in thousands."""
NEAREST: Final = 1e-6
"""Share of its worth by which a deal may miss the best one."""
PATIENCE_S: Final = 10.0


@dataclass(frozen=True)
class Solved:
    """What the solver says of its answer.

    Attributes:
        proven: whether no other deal is better, but for `gap`.
        gap: share of its worth by which the best deal could be better than this one.
        words: the solver's own words.
    """

    proven: bool
    gap: float
    words: str


def best_deal(
    costs: Sequence[Floats], worths: Sequence[Floats], total: float
) -> tuple[list[int], Solved]:
    """Take one option of each place, so that their worth is greatest and they cost no more than
    the total.

    Args:
        costs: of the options of each place, shape (options,) each.
        worths: likewise; any number.
        total: the most that all may cost, in the unit of the costs.

    Returns:
        Number of the option that each place takes, and what the solver says.

    Raises:
        ValueError: even the cheapest options cost more than the total.
        RuntimeError: the solver found nothing in ten seconds.
    """
    least = float(sum(cost.min() for cost in costs))
    if least > total * (1 + 1e-9):
        raise ValueError(f"the cheapest options cost {least:g}, more than the total of {total:g}")
    sizes = np.array([len(cost) for cost in costs])
    place_of = np.repeat(np.arange(len(costs)), sizes)
    option = np.arange(len(place_of))
    one_each = sparse.csr_array((np.ones(len(option)), (place_of, option)))
    spent = sparse.csr_array(np.concatenate(costs)[None])
    answer = optimize.milp(
        -_scaled(worths),
        integrality=np.ones(len(option)),
        bounds=optimize.Bounds(0, 1),
        constraints=[
            optimize.LinearConstraint(one_each, 1, 1),
            optimize.LinearConstraint(spent, -np.inf, max(total, least)),
        ],
        options={"mip_rel_gap": NEAREST, "time_limit": PATIENCE_S},
    )
    if answer.x is None:
        raise RuntimeError(f"no deal was found: {answer.message}")
    taken = [int(np.argmax(ones)) for ones in np.split(answer.x, np.cumsum(sizes)[:-1])]
    return taken, Solved(answer.status == 0, float(answer.mip_gap), str(answer.message))


def _scaled(worths: Sequence[Floats]) -> Floats:
    """Worths above the least of each place, stretched so that the best of all add up to one size:
    which deal is best stays as it is."""
    gains = np.concatenate([worth - worth.min() for worth in worths])
    most = float(sum(np.ptp(worth) for worth in worths))
    return np.asarray(gains * (SCALED / most if most > 0 else 0.0))
