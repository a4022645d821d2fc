"""Evidence against defence: the share convicted in each pairing, as counted and drawn together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.cases.logistic import Mean, fit, mean_share
from gapatlas.cases.patterns import Basis, Columns, basis, cells, design, patterns
from gapatlas.cases.safety import COMPLEMENTARY, FLOOR, SHARE_DECIMALS, SHOWN, SMALL, Floor
from gapatlas.cases.shrunken import Shrunken, shrink
from gapatlas.cases.vocabulary import DEFENCE, EVIDENCE, MIX, with_value
from gapatlas.statistics import wilson

Bools = NDArray[np.bool_]
Pairing = tuple[str, str]

COLUMNS: Final = (
    "evidence", "defence", "raw", "raw_low", "raw_high", "pooled", "low", "high", "persons",
    "status",
)  # fmt: skip


@dataclass(frozen=True)
class Matrix:
    """Conviction where a kind of evidence meets a line of defence.

    Attributes:
        table: one row per pairing: `raw` share convicted with Wilson's interval, both of rounded
            counts; `pooled` share with its 95% interval; rounded `persons`; `status`.
        basis: what all of it rests on.
    """

    table: pd.DataFrame
    basis: Basis


def evidence_by_defence(
    counts: pd.DataFrame,
    evidence: Sequence[str] = tuple(EVIDENCE),
    defence: Sequence[str] = tuple(DEFENCE),
    floor: Floor = FLOOR,
) -> Matrix:
    """The share convicted in each pairing of evidence present and defence used.

    A case has several kinds of evidence and lines of defence, so that pairings overlap. One
    regression over cases therefore holds all of them: each kind, each line, place, year, charge,
    and for each pairing how far it lies from what these say, drawn to zero. The pooled share is
    the mean chance of conviction of the very cases of the pairing.

    Args:
        counts: grouped counts with the kinds of evidence and lines of defence.
        evidence, defence: rows and columns.
        floor: what protects persons.

    Raises:
        ValueError: as `patterns`.
        TooLittleDataError: fewer than the threshold are convicted, or not convicted.
    """
    grouped = patterns(counts, [*evidence, *defence, *MIX])
    rests_on = basis(grouped, floor.threshold, floor.base)
    status = {each: _status(grouped, each, floor) for each in product(evidence, defence)}
    usable = [each for each, said in status.items() if said == SHOWN]
    rows: list[dict[str, object]] = [
        {"evidence": e, "defence": d, "status": said} for (e, d), said in status.items()
    ]
    if not usable:
        return Matrix(pd.DataFrame(rows, columns=list(COLUMNS)), rests_on)
    columns, drawn = shrunken_pairings(grouped, evidence, defence, usable)
    for row, pairing in zip(rows, status, strict=True):
        if pairing in usable:
            row |= _figures(grouped, columns, drawn, pairing, floor)
    return Matrix(pd.DataFrame(rows, columns=list(COLUMNS)), rests_on)


def _holds(grouped: pd.DataFrame, pairing: Pairing) -> Bools:
    first, second = ((grouped[f] == with_value(f)).to_numpy(np.bool_) for f in pairing)
    return first & second


def _status(grouped: pd.DataFrame, pairing: Pairing, floor: Floor) -> str:
    """Withheld where few stand in it, or where few stand in its row or column but not in it."""
    inside = cells(grouped, _holds(grouped, pairing))
    if not floor.enough(*inside):
        return SMALL
    outer = [cells(grouped, grouped[factor] == with_value(factor)) for factor in pairing]
    near = any(
        floor.close(a, b)
        for whole in outer
        for a, b in zip((*inside, sum(inside)), (*whole, sum(whole)), strict=True)
    )
    return COMPLEMENTARY if near else SHOWN


def shrunken_pairings(
    grouped: pd.DataFrame,
    evidence: Sequence[str],
    defence: Sequence[str],
    usable: Sequence[Pairing],
) -> tuple[Columns, Shrunken]:
    """The regression with pairings, and its coefficients with the pairings drawn to zero."""
    extra = {_name(each): _holds(grouped, each) for each in usable}
    columns = design(grouped, [*evidence, *defence], extra=extra)
    return columns, shrink(fit(columns.terms), [columns.at(_name(each)) for each in usable])


def _name(pairing: Pairing) -> str:
    return " against ".join(pairing)


def pooled_share(
    grouped: pd.DataFrame, columns: Columns, drawn: Shrunken, pairing: Pairing
) -> Mean:
    """Mean chance of conviction of the cases of a pairing, as precise as it is computed."""
    terms = columns.terms
    weight = terms.persons * _holds(grouped, pairing)
    score = np.asarray(terms.matrix.T @ drawn.coefficients)
    return mean_share(terms, drawn.coefficients, score, {}, weight / weight.sum())


def _figures(
    grouped: pd.DataFrame, columns: Columns, drawn: Shrunken, pairing: Pairing, floor: Floor
) -> dict[str, object]:
    convicted, other = cells(grouped, _holds(grouped, pairing))
    persons = float(floor.rounded(convicted + other))
    part = min(float(floor.rounded(convicted)), persons)
    raw_low, raw_high = wilson([part], [persons])
    found = pooled_share(grouped, columns, drawn, pairing)
    low, high = (min(max(end, 0.0), 1.0) for end in drawn.interval(found))
    shares = {
        "raw": part / persons,
        "raw_low": float(raw_low[0]),
        "raw_high": float(raw_high[0]),
        "pooled": found.value,
        "low": low,
        "high": high,
    }
    return {**{k: round(v, SHARE_DECIMALS) for k, v in shares.items()}, "persons": persons}
