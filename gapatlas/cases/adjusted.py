"""How much more often cases with a kind of evidence end in conviction, other things equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.cases.logistic import Fit, Mean, fit, mean_share
from gapatlas.cases.patterns import Basis, Columns, basis, cells, design, patterns, value_name
from gapatlas.cases.safety import COMPLEMENTARY, FLOOR, SHOWN, SMALL, Floor, points
from gapatlas.cases.vocabulary import (
    DEFENCE,
    EVIDENCE,
    MIX,
    UNKNOWN,
    with_value,
    without_value,
)

Floats = NDArray[np.float64]

NORMAL_95: Final = 1.959963984540054
COLUMNS: Final = (
    "factor", "value", "points", "low", "high", "odds_ratio", "odds_low", "odds_high",
    "raw_points", "share_with", "share_without", "persons_with", "persons_without", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """One difference, as precise as it is computed: not for publication.

    Attributes:
        difference: share of convicted with it, less the share without, over all persons.
        error: its standard error.
        log_odds, log_odds_error: the same as a coefficient.
    """

    difference: float
    error: float
    log_odds: float
    log_odds_error: float


@dataclass(frozen=True)
class Adjusted:
    """Differences in conviction, other things equal.

    Attributes:
        table: one row per factor and value (with it, not known; the latter not where another
            factor is not known of the very same persons), each against being without it:
            `points` with its 95% interval `low` to `high` in percentage points; `odds_ratio` with
            its interval; `raw_points`, the difference of the two shares as counted; the shares
            and the rounded numbers of persons; `status`. Missing where withheld.
        basis: what all of it rests on.
        held_equal: what the comparison holds equal beside the other factors.
    """

    table: pd.DataFrame
    basis: Basis
    held_equal: tuple[str, ...]


def evidence_effects(counts: pd.DataFrame, floor: Floor = FLOOR) -> Adjusted:
    """What each kind of evidence goes with, other kinds, place, year and charge held equal.

    Lines of defence are not held equal: they are chosen once the evidence is known.

    Args:
        counts: grouped counts of persons whose case ended with a known outcome: the kinds of
            evidence, `place`, `year_charged`, `charge`, `persons`, `convicted`.
        floor: what protects persons.

    Raises:
        ValueError: as `patterns`.
        TooLittleDataError: fewer than the threshold are convicted, or not convicted.
    """
    return adjusted(counts, tuple(EVIDENCE), floor=floor)


def defence_effects(counts: pd.DataFrame, floor: Floor = FLOOR) -> Adjusted:
    """What each line of defence goes with, evidence, place, year and charge held equal.

    Arguments and errors as `evidence_effects`, with the lines of defence as well.
    """
    return adjusted(counts, tuple(DEFENCE), also=tuple(EVIDENCE), floor=floor)


def adjusted(
    counts: pd.DataFrame,
    factors: Sequence[str],
    *,
    also: Sequence[str] = (),
    mix: Sequence[str] = MIX,
    floor: Floor = FLOOR,
) -> Adjusted:
    """Differences in conviction by any factors of the vocabulary.

    Args:
        counts: grouped counts.
        factors: what is compared, all in one regression.
        also: further factors that are held equal.
        mix: columns that are held equal.
        floor: what protects persons.

    Returns:
        Average marginal effects: for all persons, the chance of conviction with the factor less
        that without it, everything else as it is. Intervals by the delta method.
    """
    grouped = patterns(counts, [*factors, *also, *mix])
    rests_on = basis(grouped, floor.threshold, floor.base)
    columns = design(grouped, [*factors, *also], mix)
    fitted = fit(columns.terms)
    rows = [
        _row(grouped, columns, fitted, factor, value, floor)
        for factor in factors
        for value in (with_value(factor), UNKNOWN)
        if value != UNKNOWN or _unknown_by_itself(grouped, factor, [*factors, *also])
    ]
    return Adjusted(pd.DataFrame(rows, columns=list(COLUMNS)), rests_on, (*also, *mix))


def _unknown_by_itself(grouped: pd.DataFrame, factor: str, factors: Sequence[str]) -> bool:
    """Whether a factor is not known of other persons than another one is.

    Where a file says nothing of all lines of defence at once, what goes with that can't be told
    of each of them.
    """
    own = grouped[factor] == UNKNOWN
    return not any((own == (grouped[f] == UNKNOWN)).all() for f in factors if f != factor)


def effect(columns: Columns, fitted: Fit, factor: str, value: str) -> Effect:
    """The difference that a value of a factor goes with."""
    given, without = _set_to(columns, factor, value), _set_to(columns, factor, None)
    found = _mean(fitted, given) - _mean(fitted, without)
    at = columns.at(value_name(factor, value))
    return Effect(
        difference=found.value,
        error=found.error(fitted.covariance),
        log_odds=float(fitted.coefficients[at]),
        log_odds_error=float(np.sqrt(fitted.covariance[at, at])),
    )


def _set_to(columns: Columns, factor: str, value: str | None) -> dict[int, float]:
    values = (with_value(factor), UNKNOWN)
    return {columns.at(value_name(factor, v)): float(v == value) for v in values}


def _mean(fitted: Fit, changed: dict[int, float]) -> Mean:
    weight = fitted.terms.persons / fitted.terms.persons.sum()
    return mean_share(fitted.terms, fitted.coefficients, fitted.score, changed, weight)


def _row(
    grouped: pd.DataFrame, columns: Columns, fitted: Fit, factor: str, value: str, floor: Floor
) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(COLUMNS, float("nan"))
    row |= {"factor": factor, "value": value, "status": SMALL}
    given, without = (
        cells(grouped, grouped[factor] == each) for each in (value, without_value(factor))
    )
    if not floor.enough(*given, *without):
        return row
    found = effect(columns, fitted, factor, value)
    row |= _published(found)
    third = UNKNOWN if value != UNKNOWN else with_value(factor)
    if _gives_away(cells(grouped, grouped[factor] == third), floor):
        return row | {"status": COMPLEMENTARY}
    shares = [floor.share(convicted, convicted + other) for convicted, other in (given, without)]
    return row | {
        "raw_points": points(shares[0] - shares[1]),
        "share_with": shares[0],
        "share_without": shares[1],
        "persons_with": float(floor.rounded(sum(given))),
        "persons_without": float(floor.rounded(sum(without))),
        "status": SHOWN,
    }


def _gives_away(rest: tuple[int, int], floor: Floor) -> bool:
    """Whether the two counts, taken from a total, would give away a few persons."""
    return any(floor.close(0, group) for group in (*rest, sum(rest)))


def _published(found: Effect) -> dict[str, object]:
    reach, odds = NORMAL_95 * found.error, NORMAL_95 * found.log_odds_error
    return {
        "points": points(found.difference),
        "low": points(max(-1.0, found.difference - reach)),
        "high": points(min(1.0, found.difference + reach)),
        "odds_ratio": round(float(np.exp(found.log_odds)), 2),
        "odds_low": round(float(np.exp(found.log_odds - odds)), 2),
        "odds_high": round(float(np.exp(found.log_odds + odds)), 2),
    }
