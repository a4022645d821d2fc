"""Pairs of evidence that matter together: more, or less, than each of the two by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.cases.adjusted import NORMAL_95
from gapatlas.cases.logistic import Mean, fit, mean_share
from gapatlas.cases.patterns import Basis, Columns, basis, cells, design, patterns, value_name
from gapatlas.cases.safety import FLOOR, SHOWN, SMALL, Floor, points
from gapatlas.cases.shrunken import Shrunken, shrink, standing_out
from gapatlas.cases.vocabulary import EVIDENCE, MIX, UNKNOWN, with_value, without_value

Floats = NDArray[np.float64]
Pair = tuple[str, str]

COLUMNS: Final = (
    "first", "second", "points", "low", "high", "alone", "alone_low", "alone_high", "beyond_sum",
    "beyond_sum_low", "beyond_sum_high", "wrong_direction", "stands_out", "persons_both", "status",
)  # fmt: skip


@dataclass(frozen=True)
class PairEffect:
    """What a pair goes with, as precise as it is computed: not for publication.

    Attributes:
        together: with both, share of convicted less what the two lead one to expect (the odds of
            each multiplied), with the ends of its 95% interval.
        beyond_sum: with both, what the difference is beyond the sum of the two differences, with
            the ends of its interval.
        alone: as `together`, before pairs are drawn to zero.
    """

    together: tuple[float, float, float]
    beyond_sum: tuple[float, float, float]
    alone: tuple[float, float, float]


@dataclass(frozen=True)
class Pairs:
    """Pairs, drawn to zero as far as the counts say.

    Attributes:
        table: one row per pair: `points` with its 95% interval (with both, how much more often
            conviction than the odds of the two, multiplied, lead one to expect); `alone` with its
            interval, the same before pairs are drawn to zero; `beyond_sum` with its interval (the
            double difference of shares); `wrong_direction` (chance that the
            sign is the other), `stands_out` (of those that do, about 1 in 20 is
            chance), `persons_both` rounded, `status`.
        basis: what all of it rests on.
        compared: pairs that rest on enough persons.
    """

    table: pd.DataFrame
    basis: Basis
    compared: int


def evidence_pairs(
    counts: pd.DataFrame,
    factors: Sequence[str] = tuple(EVIDENCE),
    floor: Floor = FLOOR,
) -> Pairs:
    """Which kinds of evidence go with more, or fewer, convictions together than apart.

    All pairs stand in one regression with the kinds themselves, place, year and charge. A pair of
    which one of the eight groups (each, both or neither; convicted or not) is below the threshold
    is left out of it and withheld.

    Args:
        counts: grouped counts, as `evidence_effects`.
        factors: kinds of evidence, at least two.
        floor: what protects persons.

    Raises:
        ValueError: as `patterns`.
        TooLittleDataError: fewer than the threshold are convicted, or not convicted.
    """
    grouped = patterns(counts, [*factors, *MIX])
    rests_on = basis(grouped, floor.threshold, floor.base)
    every = list(combinations(factors, 2))
    usable = [pair for pair in every if _enough(grouped, pair, floor)]
    rows: dict[Pair, dict[str, object]] = {
        (a, b): {"first": a, "second": b, "stands_out": False, "status": SMALL} for a, b in every
    }
    if usable:
        columns, drawn = shrunken_pairs(grouped, factors, usable)
        out = standing_out(drawn.chance)
        for at, pair in enumerate(usable):
            rows[pair] |= _published(pair_effect(columns, drawn, pair)) | {
                "wrong_direction": round(float(drawn.wrong[at]), 3),
                "stands_out": bool(out[at]),
                "persons_both": float(floor.rounded(sum(cells(grouped, _both(grouped, pair))))),
                "status": SHOWN,
            }
    table = pd.DataFrame(list(rows.values()), columns=list(COLUMNS))
    return Pairs(table, rests_on, len(usable))


def shrunken_pairs(
    grouped: pd.DataFrame, factors: Sequence[str], usable: Sequence[Pair]
) -> tuple[Columns, Shrunken]:
    """The regression with pairs, and its coefficients with the pairs drawn to zero.

    Args:
        grouped: of `patterns`.
        factors: kinds of evidence.
        usable: the pairs; at least one.
    """
    extra = {_name(pair): _both(grouped, pair) for pair in usable}
    columns = design(grouped, factors, extra=extra)
    drawn = shrink(fit(columns.terms), [columns.at(_name(pair)) for pair in usable])
    return columns, drawn


def _name(pair: Pair) -> str:
    return " with ".join(pair)


def _both(grouped: pd.DataFrame, pair: Pair) -> NDArray[np.bool_]:
    first, second = ((grouped[f] == with_value(f)).to_numpy(np.bool_) for f in pair)
    return first & second


def _enough(grouped: pd.DataFrame, pair: Pair, floor: Floor) -> bool:
    first, second = pair
    return all(
        floor.enough(*cells(grouped, (grouped[first] == a) & (grouped[second] == b)))
        for a in (with_value(first), without_value(first))
        for b in (with_value(second), without_value(second))
    )


def pair_effect(columns: Columns, drawn: Shrunken, pair: Pair) -> PairEffect:
    """What a pair goes with, over all persons.

    Args:
        columns: the regression.
        drawn: its coefficients.
        pair: the two kinds.
    """
    terms = columns.terms
    weight = terms.persons / terms.persons.sum()
    plain = drawn.fitted

    def mean(coefficients: Floats, first: bool, second: bool, own: bool = True) -> Mean:
        score = np.asarray(terms.matrix.T @ coefficients)
        changed = _set_to(columns, pair, (first, second), own)
        return mean_share(terms, coefficients, score, changed, weight)

    def shrunk(first: bool, second: bool, own: bool = True) -> Mean:
        return mean(drawn.coefficients, first, second, own)

    both = shrunk(True, True)
    together = both - shrunk(True, True, own=False)
    double = both - shrunk(True, False) - shrunk(False, True) + shrunk(False, False)
    alone = mean(plain.coefficients, True, True) - mean(plain.coefficients, True, True, own=False)
    reach = NORMAL_95 * alone.error(plain.covariance)
    return PairEffect(
        together=(together.value, *drawn.interval(together)),
        beyond_sum=(double.value, *drawn.interval(double)),
        alone=(alone.value, alone.value - reach, alone.value + reach),
    )


def _set_to(
    columns: Columns, pair: Pair, there: tuple[bool, bool], own: bool
) -> dict[int, Floats | float]:
    """Columns in which one or both kinds stand, when they are there or not."""
    changed: dict[int, Floats | float] = {}
    present = dict(zip(pair, there, strict=True))
    for factor, is_there in present.items():
        changed[columns.at(value_name(factor, with_value(factor)))] = float(is_there)
        changed[columns.at(value_name(factor, UNKNOWN))] = 0.0
    for at, name in enumerate(columns.names):
        two = name.split(" with ")
        inside = [factor for factor in two if factor in present]
        if len(two) < 2 or not inside:
            continue
        if len(inside) == 2:
            changed[at] = float(all(there) and own)
        else:
            (other,) = (factor for factor in two if factor not in present)
            column = columns.terms.fixed[:, columns.at(value_name(other, with_value(other)))]
            changed[at] = column * float(present[inside[0]])
    return changed


def _published(found: PairEffect) -> dict[str, object]:
    names = COLUMNS[COLUMNS.index("points") : COLUMNS.index("wrong_direction")]
    values = (*found.together, *found.alone, *found.beyond_sum)
    return {name: points(value) for name, value in zip(names, values, strict=True)}
