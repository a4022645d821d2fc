"""The gate: from a table of persons to a family of published tables that gives nobody away.

Names of the rules follow Hundepool et al. 2012, Statistical Disclosure Control, chapters 4 and 5:
threshold rule, rounding, secondary suppression, linked tables, audit of the feasible interval.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.languages import worded
from gapatlas.protection.attack import Attack, Evidence, is_open
from gapatlas.protection.family import Cells, Family, family_of
from gapatlas.protection.rules import Bools, Ints, Rules

SHOWN: Final = "shown"
WITHHELD: Final = "withheld"


@dataclass(frozen=True)
class Published:
    """What may leave: figures of a family of tables.

    Attributes:
        frame: one row per cell of each table and its margins: `table`, one column per dimension
            (`all` where summed over), `persons` (rounded; missing where withheld), `low` and
            `high` (the true counts that the figure can stand for), `status` (shown, withheld).
        tables: id -> dimensions.
        domains: dimension -> its values, those that are not published included.
        rules: the rules under which the figures were made.
    """

    frame: pd.DataFrame
    tables: Mapping[str, tuple[str, ...]]
    domains: Mapping[str, tuple[str, ...]]
    rules: Rules

    @property
    def brand(self) -> str | None:
        """What has to stand on every title, table and file, if anything."""
        return self.rules.brand


def protect_family(
    cells: Cells,
    tables: Mapping[str, Sequence[str]],
    rules: Rules | None = None,
    *,
    domains: Mapping[str, Sequence[str]] | None = None,
    unpublished: Mapping[str, Sequence[str]] | None = None,
) -> Published:
    """Publish what can be published of a family of tables of the same persons.

    Args:
        cells: one row per distinct pattern of the dimensions, with `persons`, their number; each
            person stands in one row. Or id of a table -> such rows with its dimensions alone, if
            there are too many patterns of all of them: then each person stands once in each.
        tables: id -> the one to three dimensions that the table crosses; every margin of a table
            is published with it.
        rules: threshold and base.
        domains: dimension -> all its values. Without it, the values that occur.
        unpublished: dimension -> values that only enter the totals, such as persons without a
            known place. They need not occur.

    Returns:
        The same for the same counts, whatever the order of rows.

    Raises:
        GapAtlasError: tables or counts that cannot be used; each problem is listed.
    """
    used = rules or Rules()
    family = family_of(cells, tables, domains)
    true = family.counts(cells)
    never = _never(family, unpublished or {})
    shown = _without_near_pairs(family, true, (true >= used.threshold) & ~never, used)
    shown = _balanced(family, true, shown, used)
    shown = _Opening(family, true, shown, used).run()
    return _published(family, true, shown, never, used)


def _never(family: Family, unpublished: Mapping[str, Sequence[str]]) -> Bools:
    """Cells of values that are not published."""
    unknown = sorted(set(unpublished) - set(family.domains))
    if unknown:
        problems = [
            Problem("unpublished", worded("No table has the dimension."), found=n) for n in unknown
        ]
        raise GapAtlasError(worded("The tables of persons cannot be made."), problems)
    never = np.zeros(family.size, dtype=bool)
    for name, values in unpublished.items():
        positions = [i for i, value in enumerate(family.domains[name]) if value in values]
        for node in family.nodes:
            if name in node:
                never[family.numbers(node).take(positions, axis=node.index(name)).ravel()] = True
    return never


def _without_near_pairs(family: Family, true: Ints, shown: Bools, rules: Rules) -> Bools:
    """Withhold the smaller of two figures of which one contains the other where they differ by
    less than the threshold, as counted or as printed: the rest would be a small cell."""
    kept = shown.copy()
    printed = rules.printed(true)
    pairs = family.pairs
    gaps = np.minimum(*(table[pairs[:, 1]] - table[pairs[:, 0]] for table in (true, printed)))
    near = pairs[gaps < rules.threshold]
    # From few dimensions to many, so that what is withheld already no longer speaks.
    for depth in range(1, int(family.depth.max()) + 1):
        at_depth = near[family.depth[near[:, 0]] == depth]
        speaking = at_depth[kept[at_depth].all(axis=1)]
        kept[speaking[:, 0]] = False
    return kept


def _balanced(family: Family, true: Ints, shown: Bools, rules: Rules) -> Bools:
    """Withhold more until no single total, with the figures that it adds up, tells too much."""
    kept = shown.copy()
    printed = rules.printed(true)
    most = float(2 * printed.max(initial=0) + 100 * (rules.threshold + 1))
    changed = True
    while changed:
        changed = False
        for line in family.lines:
            low = np.where(kept, rules.least(printed), 0.0)
            high = np.where(kept, rules.greatest(printed), most)
            inner_low, inner_high = low[line.children], high[line.children]
            others_low = inner_low.sum(axis=1, keepdims=True) - inner_low
            others_high = inner_high.sum(axis=1, keepdims=True) - inner_high
            least = np.maximum(low[line.parents][:, None] - others_high, 0)
            greatest = high[line.parents][:, None] - others_low
            told = ~is_open(least, greatest, true[line.children] < rules.threshold, rules)
            for row in np.flatnonzero((told & ~kept[line.children]).any(axis=1)):
                members = line.children[row][kept[line.children[row]]]
                smallest = members[np.argmin(true[members])] if len(members) else line.parents[row]
                changed |= bool(kept[smallest])
                kept[smallest] = False
    return kept


class _Opening:
    """Withholds more until an attacker with all tables can narrow no withheld count.

    Tables of persons that fit the figures are evidence: a count is open once two of them differ
    enough. One table is evidence for many counts, and stays so when more is withheld.
    """

    def __init__(self, family: Family, true: Ints, shown: Bools, rules: Rules) -> None:
        self._family = family
        self._true = true
        self._shown = shown.copy()
        self._rules = rules
        self._small = true < rules.threshold
        self._attack = Attack(family, shown, rules.printed(true), rules)
        self._seen = Evidence(self._attack, true.astype(float), true.astype(float))

    def run(self) -> Bools:
        """Which figures are shown in the end."""
        self._seen.push(self._waiting)
        waiting = deque(self._waiting().tolist())
        while waiting:
            waiting.extend(self._until_open(waiting.popleft()))
        return self._shown

    def _waiting(self) -> Ints:
        return np.flatnonzero(~self._shown & ~self._open())

    def _open(self) -> Bools:
        return is_open(self._seen.low, self._seen.high, self._small, self._rules)

    def _until_open(self, cell: int) -> list[int]:
        """Withhold what holds a count in place, one figure after the other."""
        hidden: list[int] = []
        while not self._open()[cell]:
            binding = [self._seen.look({cell: sign}) for sign in (1.0, -1.0)]
            if self._open()[cell]:
                break
            choice = self._smallest_of(np.concatenate(binding), cell)
            if choice is None:
                break
            self._shown[choice] = False
            self._attack.hide(choice)
            hidden.append(choice)
        return hidden

    def _smallest_of(self, binding: Ints, cell: int) -> int | None:
        """The figure to withhold: of those that bind, one that crosses most dimensions, and the
        smallest of these; where none is known to bind, of all that are shown."""
        candidates = binding[self._shown[binding]]
        if not len(candidates):
            candidates = np.flatnonzero(self._shown)
        if not len(candidates):
            return None
        order = np.lexsort((candidates, self._true[candidates], -self._family.depth[candidates]))
        return int(candidates[order[0]])


def _published(family: Family, true: Ints, shown: Bools, never: Bools, rules: Rules) -> Published:
    frame = family.frame()
    number = frame.pop("cell").to_numpy()
    figure = pd.Series(rules.printed(true)[number], dtype="Int64").where(shown[number])
    frame["persons"] = figure
    frame["low"] = pd.Series(rules.least(figure.fillna(0)), dtype="Int64").where(shown[number])
    frame["high"] = rules.greatest(figure)
    frame["status"] = np.where(shown[number], SHOWN, WITHHELD)
    kept = frame[~never[number]].reset_index(drop=True)
    return Published(kept, family.tables, family.domains, rules)
