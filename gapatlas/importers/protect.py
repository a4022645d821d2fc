"""The gate for counts of persons: from a table of true counts to figures that give nobody away.

Counts below a threshold are withheld, the others rounded to a base; further cells are withheld
where the totals would give a withheld one away, and where two figures of which one contains the
other differ by less than the threshold. Rules and names follow the handbook of Hundepool et al.
2012, Statistical Disclosure Control, chapters 4 and 5 (threshold rule, controlled rounding,
secondary suppression, audit of the feasible interval by linear programming).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, sparse

THRESHOLD: Final = 10
BASE: Final = 5
ALL: Final = "all"
"""Label of the total of a row or of a column."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Audit:
    """What an attacker can work out of each cell from the published figures alone.

    Attributes:
        low, high: bounds of each cell's true count; rows and columns of the true table.
    """

    low: pd.DataFrame
    high: pd.DataFrame


def protect(
    counts: pd.DataFrame,
    *,
    unpublished: tuple[str, ...] = (),
    threshold: int = THRESHOLD,
    base: int = BASE,
) -> pd.DataFrame:
    """Publish what can be published of a table of persons.

    Args:
        counts: true counts, one row per place, one column per outcome; each person stands in
            one cell.
        unpublished: rows that only enter the totals, such as persons without a known place.
        threshold: smallest count that is published; zeros are withheld as well, since a zero
            among few persons says something of each of them.
        base: published figures are multiples of this, at most `base // 2` from the true count.

    Returns:
        Rounded counts of every place and of all places (row `all`), every outcome and all of
        them (column `all`); missing where withheld.

    Raises:
        ValueError: counts that are negative or missing, or labels that stand twice.
    """
    _check(counts)
    true = with_totals(counts)
    shown = true >= threshold
    shown.loc[list(unpublished)] = False
    shown = _without_near_pairs(true, shown, threshold, base)
    while True:
        published = rounded(true, base).where(shown).drop(index=list(unpublished))
        found = audit(published, counts.index, base)
        weak = _given_away(true, shown, found, threshold)
        if not weak:
            return published.astype("Int64")
        for row in weak:
            shown = _withhold_one_more(true, shown, row)


def with_totals(counts: pd.DataFrame) -> pd.DataFrame:
    """The table with a column of row totals and a row of column totals, both named `all`."""
    wide = counts.assign(**{ALL: counts.sum(axis=1)})
    return pd.concat([wide, wide.sum().to_frame(ALL).T])


def rounded(counts: pd.DataFrame, base: int = BASE) -> pd.DataFrame:
    """Counts rounded to the nearest multiple of a base."""
    return (counts + base // 2) // base * base


def audit(published: pd.DataFrame, places: pd.Index, base: int = BASE) -> Audit:
    """Bounds of every cell that follow from the published figures, by linear programming.

    The attacker knows the rounding, that persons are not negative in number, and all totals
    that are published; a two-way table with bounds is a network, so that bounds are whole.
    """
    outcomes = [column for column in published.columns if column != ALL]
    matrix, low, high = _constraints(published, places, outcomes, base)
    cells = len(places) * len(outcomes)
    bounds = np.empty((2, cells))
    for cell in range(cells):
        for side, sign in ((0, 1.0), (1, -1.0)):
            goal = np.zeros(cells)
            goal[cell] = sign
            found = optimize.linprog(
                goal,
                A_ub=sparse.vstack([matrix, -matrix]),
                b_ub=np.concatenate([high, -low]),
                bounds=(0, None),
                method="highs",
            )
            bounds[side, cell] = sign * found.fun if found.status == 0 else sign * -np.inf
    shape = (len(places), len(outcomes))
    low_table, high_table = (
        pd.DataFrame(side.reshape(shape), index=places, columns=outcomes) for side in bounds
    )
    return Audit(low_table, high_table)


def _constraints(
    published: pd.DataFrame, places: pd.Index, outcomes: list[str], base: int
) -> tuple[sparse.csr_matrix, Floats, Floats]:
    """One row for each published figure: which cells it adds up, and its bounds."""
    number = {
        (place, outcome): i
        for i, (place, outcome) in enumerate((p, o) for p in places for o in outcomes)
    }
    rows: list[int] = []
    columns: list[int] = []
    low: list[float] = []
    high: list[float] = []
    for place in published.index:
        for outcome in published.columns:
            figure = published.loc[place, outcome]
            if pd.isna(figure):
                continue
            members = [
                cell for (p, o), cell in number.items() if place in (p, ALL) and outcome in (o, ALL)
            ]
            rows += [len(low)] * len(members)
            columns += members
            low.append(float(figure) - base // 2)
            high.append(float(figure) + base // 2)
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(low), len(number)))
    return matrix, np.array(low), np.array(high)


def _check(counts: pd.DataFrame) -> None:
    if counts.isna().any(axis=None) or (counts < 0).any(axis=None):
        raise ValueError("counts must be whole numbers of persons, none missing or negative")
    if counts.index.has_duplicates or counts.columns.has_duplicates:
        raise ValueError("each place and each outcome must stand once")
    if ALL in counts.index or ALL in counts.columns:
        raise ValueError(f"'{ALL}' is the label of totals; give places and outcomes other names")


def _without_near_pairs(
    true: pd.DataFrame, shown: pd.DataFrame, threshold: int, base: int
) -> pd.DataFrame:
    """Withhold the smaller of two figures of which one contains the other where they differ by
    less than the threshold, as counted or as printed: the rest would be a small cell."""
    kept = shown.copy()
    printed = rounded(true, base)
    for place in true.index:
        for outcome in true.columns:
            for outer in ((place, ALL), (ALL, outcome), (ALL, ALL)):
                if outer == (place, outcome) or not kept.loc[outer] or not kept.loc[place, outcome]:
                    continue
                gaps = (table.loc[outer] - table.loc[place, outcome] for table in (true, printed))
                if any(gap < threshold for gap in gaps):
                    kept.loc[place, outcome] = False
    return kept


def _given_away(true: pd.DataFrame, shown: pd.DataFrame, found: Audit, threshold: int) -> list[str]:
    """Places where a withheld cell can be told to within less than the threshold."""
    width = threshold - 1
    weak = []
    for place in found.low.index:
        for outcome in found.low.columns:
            if shown.loc[place, outcome]:
                continue
            low, high = found.low.loc[place, outcome], found.high.loc[place, outcome]
            small = true.loc[place, outcome] < threshold
            if (small and (low > 1 or high < width)) or high - low < width:
                weak.append(str(place))
                break
    return weak


def _withhold_one_more(true: pd.DataFrame, shown: pd.DataFrame, place: str) -> pd.DataFrame:
    """Withhold the smallest figure of a place that is still shown, its total last; where all of
    it is withheld already, the smallest of the totals of all places."""
    changed = shown.copy()
    for row in (place, ALL):
        left = pd.Series(true.loc[row])[np.asarray(shown.loc[row], dtype=bool)]
        inner = left.drop(index=ALL, errors="ignore") if len(left) > 1 else left
        if len(inner):
            changed.loc[row, inner.idxmin()] = False
            return changed
    return changed
