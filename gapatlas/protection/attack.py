"""The attacker: all tables of persons that fit the published figures.

The attacker knows every figure and the rules: what a figure can stand for, that a shown count
reaches the threshold, that shown figures of which one contains the other lie at least the
threshold apart, and that no count is negative. Linear programming (HiGHS) finds tables that fit
and in which a withheld count is as small, or as large, as it can be.

Where the crossing of all dimensions has few cells, the attacker works on that crossing, which
holds all there is to know. Otherwise the tables are tied together by their shared margins, and
by the crossings of three dimensions that are published in pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Final

import numpy as np
from scipy import optimize, sparse

from gapatlas.protection.family import Family, Node
from gapatlas.protection.rules import Bools, Floats, Ints, Rules

JOINT_CELLS: Final = 1_500
"""Largest crossing of all dimensions on which the attacker works jointly."""
WHOLE_CELLS: Final = 150
"""Largest one in which persons are kept whole (integer programming)."""
EPSILON: Final = 1e-6
SEED: Final = 20_160
PATIENCE: Final = 6
"""Pushes that may open few cells before the others are looked at one by one."""


class NoTableFitsError(ValueError):
    """There are no persons of whom all figures are right under the rules."""


@dataclass(frozen=True)
class World:
    """A table that fits the figures: counts of all cells, and which cells hold the goal back."""

    counts: Floats
    binding: Ints


class Attack:
    """Tables that fit the figures; `hide` withholds one more figure."""

    def __init__(self, family: Family, shown: Bools, printed: Ints, rules: Rules) -> None:
        self.family = family
        self.joint = prod(map(len, family.domains.values())) <= JOINT_CELLS
        self.whole = prod(map(len, family.domains.values())) <= WHOLE_CELLS
        self._model = _extended(family, self.joint)
        self._sums = _sums(self._model)
        self._most = float(2 * printed[shown].max(initial=0) + 100 * (rules.threshold + 1))
        extra = self._model.size - family.size
        low = np.where(shown, rules.least(printed), 0)
        high = np.where(shown, rules.greatest(printed), self._most)
        self._low = np.concatenate([low, np.zeros(extra)]).astype(float)
        self._high = np.concatenate([high, np.full(extra, self._most)]).astype(float)
        self._apart, self._differences = _apart(family, self._model.size, shown, printed, rules)
        self._room = np.full(len(self._apart), -float(rules.threshold))

    @property
    def scope(self) -> str:
        """What the attacker works on, in words."""
        domains = self.family.domains
        if self.joint:
            kind = "whole persons" if self.whole else "fractions of persons allowed"
            cells = prod(map(len, domains.values()))
            return f"jointly, on all {len(domains)} dimensions crossed ({cells:,} cells; {kind})"
        added = len(self._model.nodes) - len(self.family.nodes)
        more = f" and by {added} crossings of three dimensions" if added else ""
        return (
            f"all tables at once, tied by the margins that they share{more}; all dimensions "
            "crossed would be too large"
        )

    def hide(self, cell: int) -> None:
        """Withhold a figure."""
        self._low[cell], self._high[cell] = 0.0, self._most
        self._room[(self._apart == cell).any(axis=1)] = 2 * self._most

    def world(self, goal: Mapping[int, float]) -> World:
        """The table that fits and makes the goal least.

        Args:
            goal: cell -> weight.

        Raises:
            NoTableFitsError: the figures cannot come from these rules.
        """
        weights = np.zeros(self._model.size)
        weights[list(goal)] = list(goal.values())
        relaxed = optimize.linprog(
            weights,
            A_ub=self._differences if len(self._room) else None,
            b_ub=self._room if len(self._room) else None,
            A_eq=self._sums,
            b_eq=np.zeros(self._sums.shape[0]),
            bounds=np.column_stack([self._low, self._high]),
            method="highs-ds",
        )
        if relaxed.status != 0:
            raise NoTableFitsError
        binding = self._binding(relaxed)
        counts = self._whole(weights, relaxed.x) if self.whole else relaxed.x
        return World(counts[: self.family.size], binding)

    def _whole(self, weights: Floats, found: Floats) -> Floats:
        """The same for whole persons; the relaxed table where it is whole already."""
        if np.abs(found - np.round(found)).max() < EPSILON:
            return found
        rules = [optimize.LinearConstraint(self._sums, 0, 0)]
        if len(self._room):
            rules.append(optimize.LinearConstraint(self._differences, -np.inf, self._room))
        answer = optimize.milp(
            weights,
            constraints=rules,
            integrality=np.ones(len(weights)),
            bounds=optimize.Bounds(self._low, self._high),
        )
        if answer.x is None:
            raise NoTableFitsError
        return np.asarray(np.round(answer.x))

    def _binding(self, answer: optimize.OptimizeResult) -> Ints:
        prices = np.abs(answer.lower.marginals) + np.abs(answer.upper.marginals)
        if len(self._room):
            np.add.at(prices, self._apart.ravel(), np.repeat(np.abs(answer.ineqlin.marginals), 2))
        return np.flatnonzero(prices[: self.family.size] > EPSILON)


class Evidence:
    """What tables that fit the figures prove: the least and greatest count seen of each cell.

    A window is at least as wide as what was seen. It stays so when more figures are withheld,
    since all these tables still fit.
    """

    def __init__(self, attack: Attack, low: Floats, high: Floats) -> None:
        self._attack = attack
        self.low, self.high = low, high

    def look(self, goal: Mapping[int, float]) -> Ints:
        """Note the table that makes a goal least; returns the cells that hold it back."""
        world = self._attack.world(goal)
        self.low = np.minimum(self.low, world.counts)
        self.high = np.maximum(self.high, world.counts)
        return world.binding

    def push(self, waiting: Callable[[], Ints]) -> None:
        """Push all cells that wait for evidence at once, each up or down at random, for as long
        as that opens more of them than going through them one by one."""
        random = np.random.default_rng(SEED)
        sizes = [len(waiting())]
        while sizes[-1] and (len(sizes) <= PATIENCE or sizes[-PATIENCE] - sizes[-1] > PATIENCE):
            cells = waiting()
            weights = random.choice([-1.0, 1.0], len(cells)) * random.exponential(size=len(cells))
            self.look(dict(zip(cells.tolist(), weights.tolist(), strict=True)))
            sizes.append(len(waiting()))


def is_open(low: Floats, high: Floats, small: Bools, rules: Rules) -> Bools:
    """Whether windows, as an attacker sees them, tell nothing: each is wide enough, and those of
    small counts reach from 1 or less to the threshold less 1 or more."""
    wide = high - low >= rules.width - EPSILON
    whole = (low <= 1 + EPSILON) & (high >= rules.threshold - 1 - EPSILON)
    return np.asarray(wide & (whole | ~small))


def _extended(family: Family, joint: bool) -> Family:
    """The family with the crossings on which the attacker works as well."""
    held = set(family.nodes)
    order = list(family.domains)
    more: list[Node] = [tuple(order)] if joint else list(_triangles(order, held))
    nodes = (*family.nodes, *(node for node in more if node not in held))
    return Family(family.tables, family.domains, nodes)


def _triangles(order: Sequence[str], held: set[Node]) -> list[Node]:
    """Three dimensions that are published two by two."""
    return [
        three
        for three in combinations(order, 3)
        if three not in held and all(pair in held for pair in combinations(three, 2))
    ]


def _sums(model: Family) -> sparse.csr_matrix:
    """One row per total: it less the cells that it adds up is zero."""
    rows, columns, values, count = [], [], [], 0
    for total in model.nodes:
        inside = [node for node in model.nodes if set(total) < set(node)]
        for inner in inside:
            if any(set(between) < set(inner) for between in inside):
                continue
            line = model.line(total, inner)
            number, size = line.children.shape
            at = count + np.arange(number)
            rows += [at, np.repeat(at, size)]
            columns += [line.parents, line.children.ravel()]
            values += [np.ones(number), -np.ones(number * size)]
            count += number
    if not rows:
        return sparse.csr_matrix((0, model.size))
    where = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(values), where), shape=(count, model.size))


def _apart(
    family: Family, size: int, shown: Bools, printed: Ints, rules: Rules
) -> tuple[Ints, sparse.csr_matrix]:
    """Shown pairs whose figures alone would let them lie nearer than the threshold."""
    pairs = family.pairs[shown[family.pairs].all(axis=1)]
    inner, outer = printed[pairs[:, 0]], printed[pairs[:, 1]]
    near = rules.least(outer) - rules.greatest(inner) < rules.threshold
    pairs = pairs[near]
    at = np.repeat(np.arange(len(pairs)), 2)
    values = np.tile([1.0, -1.0], len(pairs))
    return pairs, sparse.csr_matrix((values, (at, pairs.ravel())), shape=(len(pairs), size))
