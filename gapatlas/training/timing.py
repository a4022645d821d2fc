"""When to refresh: the same money, with refreshers more or less often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from gapatlas.statistics.checks import Floats
from gapatlas.training.assumptions import Drawn
from gapatlas.training.baseline import Baseline
from gapatlas.training.chain import Outcome
from gapatlas.training.programme import Programme
from gapatlas.training.simulate import nothing_spent, run, simulate

SHARES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


def refresher_timing(
    programme: Programme,
    baseline: Baseline,
    drawn: Drawn,
    every: Sequence[int] = (0, 1, 2, 3, 4, 5),
    outcome: Outcome = "convicted",
) -> pd.DataFrame:
    """Further outcomes by years between refreshers, with the same yearly budget.

    A refresher costs part of a training. What it takes is missing for new trainees, so it can cost
    more than it brings. All rows share their draws, so that a difference is the timing's alone.

    Args:
        programme: what is spent; its own timing does not matter.
        baseline: yearly flows without it.
        drawn: draws of the inputs.
        every: years between refreshers; 0 means none.
        outcome: what is counted.

    Returns:
        One row per timing: `every`; `mean` and `q05` to `q95` of the further outcomes over all
        years and places; `gain_mean` and `gain_q05` to `gain_q95` of how many more than with no
        refreshers; `better`, `worse`, the probabilities of more and of fewer than with none.

    Raises:
        ValueError: a timing outside 0 to 15; named.
    """
    without = run(nothing_spent(programme), baseline, drawn)

    def further(years: int) -> Floats:
        timed = replace(programme, refresh_every=years)
        return simulate(timed, baseline, drawn, without).further(outcome)

    none = further(0)
    rows = []
    for years in every:
        found = further(years) if years else none
        gain = found - none
        rows.append(
            {"every": years}
            | _summary(found)
            | {f"gain_{name}": value for name, value in _summary(gain).items()}
            | {"better": float(np.mean(gain > 0)), "worse": float(np.mean(gain < 0))}
        )
    return pd.DataFrame(rows)


def _summary(draws: Floats) -> dict[str, float]:
    quantiles = np.quantile(draws, list(SHARES.values()))
    return {"mean": float(draws.mean())} | dict(zip(SHARES, map(float, quantiles), strict=True))
