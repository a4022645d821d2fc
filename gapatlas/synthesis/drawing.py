"""Made-up rows from released counts, one column after the other.

Each value is drawn by its count among rows that agree in the columns most alike it, of those values
that occur, by the counts, with everything that the row says already. Where no value does, the cell
is left open.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from gapatlas.synthesis.counts import Columns, Floats, Ints, Released, Traits

FIRST: Final = "outcome"
PENDING: Final = "pending"
START, END = "year_charged", "year_ended"
BLOCK: Final = 20_000
BALANCINGS: Final = 20
"""More change the shares by less than drawing does."""


def drawn_rows(released: Released, seed: int | None) -> Traits:
    """Rows of a copy, each one person of a pattern of its own."""
    random = np.random.default_rng(seed)
    plan = _plan(released)
    rows = released.persons
    blocks = [
        _block(released, plan, min(BLOCK, rows - start), random) for start in range(0, rows, BLOCK)
    ]
    ones = np.ones(rows, dtype="int64")
    return Traits(released.columns, released.values, np.concatenate(blocks), ones)


def without_contradictions(rows: Traits) -> Traits:
    """Noise can let a case end before it begins, or while it is pending: such ends are open."""
    if END not in rows.columns:
        return rows
    words = rows.words()
    begun, ended = (pd.to_numeric(words[name], errors="coerce") for name in (START, END))
    wrong = (ended < begun) | (ended.notna() & (words[FIRST] == PENDING))
    at = rows.columns.index(END)
    codes = rows.codes.copy()
    codes[wrong, at] = len(rows.values[at])
    return replace(rows, codes=codes)


def _block(
    released: Released, plan: dict[int, Columns], rows: int, random: np.random.Generator
) -> Ints:
    codes = np.tile([len(words) for words in released.values], (rows, 1)).astype("int64")
    placed: list[int] = []
    for column, alike in plan.items():
        weights = _counts_of_next(released, codes, alike, column)
        groups = combinations(placed, min(len(placed), released.length - 1))
        for group in groups:
            weights *= _counts_of_next(released, codes, group, column) > 0
        codes[:, column] = _drawn(_balanced(weights, released.counts[(column,)]), random)
        placed.append(column)
    return codes


def _counts_of_next(released: Released, codes: Ints, group: Columns, column: int) -> Floats:
    """Counts (rows, values) of each value of a column, beside what a row says in a group."""
    table = released.table((*group, column))[..., :-1]
    return np.array(table[tuple(codes[:, each] for each in group)]) * np.ones((len(codes), 1))


def _balanced(weights: Floats, wanted: Floats) -> Floats:
    """Weights by which values are drawn as often as they were counted: what may not stand beside
    what a row says already is drawn more often elsewhere."""
    able = weights[weights.any(axis=1)]
    factors = np.ones(weights.shape[1])
    for _ in range(BALANCINGS if len(able) else 0):
        chances = able * factors
        expected = (chances / chances.sum(axis=1, keepdims=True)).mean(axis=0) * wanted.sum()
        factors *= np.divide(wanted, expected, out=np.ones_like(wanted), where=expected > 0)
        factors /= factors.max()
    return weights * factors


def _drawn(weights: Floats, random: np.random.Generator) -> Ints:
    """A value for each row by its weights; the code of an open cell where all are zero."""
    reached = weights.cumsum(axis=1)
    chance = random.random(len(weights)) * reached[:, -1]
    passed: Ints = (chance[:, None] >= reached).sum(axis=1, dtype="int64")
    return passed


def _plan(released: Released) -> dict[int, Columns]:
    """The columns in the order in which they are drawn -> the earlier ones most alike each."""
    rest = set(range(len(released.columns)))
    alike = {
        pair: _mutual_information(released.counts[pair]) for pair in combinations(sorted(rest), 2)
    }

    def likeness(first: int, second: int) -> float:
        return alike[min(first, second), max(first, second)]

    start = released.columns.index(FIRST)
    plan: dict[int, Columns] = {start: ()}
    rest.remove(start)
    while rest:
        near = {
            column: sorted(plan, key=partial(likeness, column), reverse=True)
            for column in sorted(rest)
        }
        column = max(near, key=lambda each: likeness(each, near[each][0]))
        plan[column] = tuple(near[column][: released.length - 1])
        rest.remove(column)
    return plan


def _mutual_information(counts: Floats) -> float:
    """How much one of two columns tells of the other, in nats; 0 where nothing is counted."""
    total = counts.sum()
    if total == 0:
        return 0.0
    share = counts / total
    apart = share.sum(axis=1, keepdims=True) * share.sum(axis=0, keepdims=True)
    there = share > 0
    return float((share[there] * np.log(share[there] / apart[there])).sum())
