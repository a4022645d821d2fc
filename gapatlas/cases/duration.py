"""How long cases take to end, and how: pending cases count for as long as they are known.

Time is in whole years from the year of the charge: 0 is the end of that same year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.cases.adjusted import NORMAL_95
from gapatlas.cases.safety import FLOOR, SHARE_DECIMALS, SHOWN, SMALL, Floor
from gapatlas.cases.vocabulary import OUTCOMES, PERSONS, YEAR, YEAR_ENDED
from gapatlas.languages import mark

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

OUTCOME: Final = "outcome"
PENDING: Final = "pending"
OTHER: Final = mark("other outcomes")
HALF: Final = 0.5


@dataclass(frozen=True)
class Steps:
    """Counts by years after the charge, as they are: not for publication.

    Attributes:
        at_risk: persons whose case had not ended before, shape (years,).
        ended: of them, those whose case ended in the year, by outcome, shape (outcomes, years).
        left: those known up to that year only, still pending, shape (years,).
        outcomes: names of the rows of `ended`.
    """

    at_risk: Floats
    ended: Floats
    left: Floats
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Curves:
    """Shares by years after the charge, as they are computed: not for publication.

    Attributes:
        open: share whose case has not ended (Kaplan and Meier), and its 95% limits, (years,) each.
        by_outcome: share whose case ended with each outcome (Aalen and Johansen), and its limits,
            shape (outcomes, years) each.
        open_error, outcome_error: standard errors.
    """

    open: Floats
    open_low: Floats
    open_high: Floats
    open_error: Floats
    by_outcome: Floats
    outcome_low: Floats
    outcome_high: Floats
    outcome_error: Floats


@dataclass(frozen=True)
class Duration:
    """How long cases take, fit for publication.

    Attributes:
        ended: one row per year after the charge that can be shown: `years_after`, `share` of
            cases that have ended, 95% interval, rounded `at_risk`.
        outcomes: one row per such year and outcome: `share`, interval, `status`.
        median: years after the charge by which half have ended, with its interval; NaN where half
            is not reached in the years that can be shown.
        persons: rounded number of persons.
        without_year: rounded number left out, since the year of the end is not known; NaN if few.
        years: first and last year charged.
    """

    ended: pd.DataFrame
    outcomes: pd.DataFrame
    median: tuple[float, float, float]
    persons: float
    without_year: float
    years: tuple[int, int]


def time_to_end(
    counts: pd.DataFrame,
    last_year: int,
    floor: Floor = FLOOR,
) -> Duration:
    """How long cases take to end, and with what outcome.

    Args:
        counts: one row per pattern with `year_charged`, `year_ended` (missing where it has not
            ended or is not known), `outcome` and `persons`.
        last_year: last year that the file covers: pending cases are known up to its end.
        floor: what protects persons. A year is shown where at least the threshold ended since the
            last one shown and at least the threshold, or nobody, is left.

    Raises:
        ValueError: a column is missing, an unknown outcome, an end before the charge or after
            `last_year`, or a pending case with an end.
    """
    known, without = _known(counts, last_year)
    total = float(known[PERSONS].sum())
    empty = pd.DataFrame(columns=["years_after", "share", "low", "high", "at_risk"])
    spans = (int(known[YEAR].min()), int(known[YEAR].max())) if len(known) else (0, 0)
    if total < floor.threshold:
        nothing = (float("nan"),) * 3
        outcomes = pd.DataFrame(columns=["years_after", "outcome", "share", "low", "high"])
        nan = float("nan")
        return Duration(empty, outcomes.assign(status=[]), nothing, nan, nan, spans)
    steps = _few_merged(count_steps(known, last_year), floor)
    found, shown = curves(steps), _shown_years(steps, floor)
    ended = pd.DataFrame(
        {
            "years_after": shown,
            "share": np.round(1 - found.open[shown], SHARE_DECIMALS),
            "low": np.round(1 - found.open_high[shown], SHARE_DECIMALS),
            "high": np.round(1 - found.open_low[shown], SHARE_DECIMALS),
            "at_risk": floor.rounded(steps.at_risk[shown]),
        }
    )
    return Duration(
        ended=ended,
        outcomes=_outcomes(steps, found, shown, floor),
        median=_median(ended),
        persons=float(floor.rounded(total)),
        without_year=float(floor.rounded(without)) if floor.enough(without) else float("nan"),
        years=spans,
    )


def _known(counts: pd.DataFrame, last_year: int) -> tuple[pd.DataFrame, int]:
    """Rows whose time is known, and how many persons the others have."""
    missing = [name for name in (YEAR, YEAR_ENDED, OUTCOME, PERSONS) if name not in counts]
    if missing:
        raise ValueError(f"the counts have no column {', '.join(missing)}")
    strange = set(counts[OUTCOME].unique()) - set(OUTCOMES)
    if strange:
        raise ValueError(f"outcome: {sorted(map(str, strange))} is not one of {list(OUTCOMES)}")
    ended, pending = counts[YEAR_ENDED], counts[OUTCOME] == PENDING
    if (pending & ended.notna()).any():
        raise ValueError("a pending case has a year in which it ended")
    if (ended < counts[YEAR]).fillna(False).any():
        raise ValueError("a case ended before it was charged")
    if (ended > last_year).fillna(False).any() or (counts[YEAR] > last_year).any():
        raise ValueError(f"a year lies after the last year covered, {last_year}")
    known = pending | ended.notna()
    return counts[known], int(counts.loc[~known, PERSONS].sum())


def count_steps(counts: pd.DataFrame, last_year: int) -> Steps:
    """Persons at risk, ended and left, by years after the charge.

    Args:
        counts: rows whose time is known.
        last_year: last year that the file covers.
    """
    pending = (counts[OUTCOME] == PENDING).to_numpy()
    end = counts[YEAR_ENDED].astype("Float64").fillna(last_year).to_numpy(np.int64)
    time = end - counts[YEAR].to_numpy(np.int64)
    persons = counts[PERSONS].to_numpy(np.float64)
    length = int(time.max()) + 1
    present = set(counts.loc[~pending, OUTCOME])
    names = tuple(name for name in OUTCOMES if name in present)
    left = np.bincount(time[pending], persons[pending], length).astype(np.float64)
    ended = np.zeros((len(names), length))
    for at, name in enumerate(names):
        own = (counts[OUTCOME] == name).to_numpy()
        ended[at] = np.bincount(time[own], persons[own], length)
    gone = ended.sum(axis=0) + left
    at_risk = persons.sum() - np.concatenate([[0.0], np.cumsum(gone)[:-1]])
    return Steps(at_risk, ended, left, names)


def curves(steps: Steps) -> Curves:
    """Kaplan and Meier's curve of what is open, Aalen and Johansen's of each outcome.

    Limits are those of the log-log scale, so that they stay between 0 and 1. Errors: Greenwood
    1926; Dinse and Larson 1986, Biometrika 73:379 (delta method).
    """
    risk, by, every = steps.at_risk, steps.ended, steps.ended.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        still = np.cumprod(np.where(risk > 0, 1 - every / risk, 1.0)).astype(np.float64)
        before = np.concatenate([[1.0], still[:-1]])
        rate = np.where(risk > 0, by / risk, 0.0)
        share = np.cumsum(before * rate, axis=1)
        told = np.where(risk > every, every / (risk * (risk - every)), 0.0)
        own = before**2 * np.where(risk > 0, (risk - by) * by / risk**3, 0.0)
        both = before * np.where(risk > 0, by / risk**2, 0.0)
    open_error = still * np.sqrt(np.cumsum(told))
    ahead = share[:, :, None] - share[:, None, :]
    until = np.tril(np.ones((len(risk), len(risk))))
    variance = np.einsum(
        "cts,ts->ct", ahead**2 * told + own[:, None, :] - 2 * ahead * both[:, None, :], until
    )
    outcome_error = np.sqrt(np.maximum(variance, 0))
    return Curves(
        still, *_log_log(still, open_error), open_error,
        share, *_log_log(share, outcome_error), outcome_error,
    )  # fmt: skip


def _log_log(share: Floats, error: Floats) -> tuple[Floats, Floats]:
    # Overflow is right where next to nobody is left: the interval goes from nought to one.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        reach = NORMAL_95 * error / np.abs(share * np.log(share))
        low, high = share ** np.exp(reach), share ** np.exp(-reach)
    certain = (share <= 0) | (share >= 1)
    return np.where(certain, share, low), np.where(certain, share, high)


def _few_merged(steps: Steps, floor: Floor) -> Steps:
    """Outcomes with fewer persons than the threshold become one, with more until it is enough."""
    total = steps.ended.sum(axis=1)
    order = list(np.argsort(total, kind="stable"))
    merged: list[int] = []
    while order and (
        total[order[0]] < floor.threshold or (merged and total[merged].sum() < floor.threshold)
    ):
        merged.append(int(order.pop(0)))
    if not merged:
        return steps
    kept = [at for at in range(len(total)) if at not in merged]
    ended = np.vstack([steps.ended[kept], steps.ended[merged].sum(axis=0)])
    return Steps(steps.at_risk, ended, steps.left, (*(steps.outcomes[k] for k in kept), OTHER))


def _shown_years(steps: Steps, floor: Floor) -> list[int]:
    every, shown = steps.ended.sum(axis=0), []
    ended = left = 0.0
    for year, (risk, now, out) in enumerate(zip(steps.at_risk, every, steps.left, strict=True)):
        ended += now
        rest = risk - now
        enough = floor.enough(ended, risk)
        if enough and not floor.close(0, left) and not floor.close(0, rest):
            shown.append(year)
            ended = left = 0.0
        left += out
    return shown


def _outcomes(steps: Steps, found: Curves, shown: list[int], floor: Floor) -> pd.DataFrame:
    """The shares of outcomes in the years shown; those that few ended with since are withheld, and
    one more where the sum of all would give them away."""
    rows = []
    since = np.zeros(len(steps.outcomes))
    starts = [0, *(year + 1 for year in shown)]
    for start, year in zip(starts, shown, strict=False):
        since += steps.ended[:, start : year + 1].sum(axis=1)
        open_ = _safe_together(since, floor)
        for at, name in enumerate(steps.outcomes):
            ends = (found.by_outcome, found.outcome_low, found.outcome_high)
            figures = [round(float(e[at, year]), SHARE_DECIMALS) for e in ends]
            low_high = figures if open_[at] else [float("nan")] * 3
            rows.append([year, name, *low_high, SHOWN if open_[at] else SMALL])
        since[open_] = 0
    return pd.DataFrame(rows, columns=["years_after", "outcome", "share", "low", "high", "status"])


def _safe_together(since: Floats, floor: Floor) -> Bools:
    """Which outcomes can be shown side by side: one that all cases had would say it of each."""
    shown = since >= floor.threshold
    if len(shown) < 2:
        return np.zeros(len(shown), dtype=bool)
    while not shown.all() and shown.any() and since[~shown].sum() < floor.threshold:
        shown[np.flatnonzero(shown)[np.argmin(since[shown])]] = False
    return np.asarray(shown)


def _median(ended: pd.DataFrame) -> tuple[float, float, float]:
    """The year by which half have ended: of the curve and of its limits, as far as it is shown."""

    def first(column: str) -> float:
        reached = ended.loc[ended[column] >= HALF, "years_after"]
        return float(reached.iloc[0]) if len(reached) else float("nan")

    return first("share"), first("high"), first("low")
