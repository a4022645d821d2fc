"""A family of tables of one set of persons: which cells it has, and how they contain each other.

Each table crosses one to three dimensions and is published with all its margins. A margin that
several tables share is one set of cells here, so that it gets one figure and one decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import prod
from typing import Final

import numpy as np
import pandas as pd

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.languages import worded
from gapatlas.protection.rules import Ints

ALL: Final = "all"
"""Label of a total over a dimension."""
PERSONS: Final = "persons"
MOST_DIMENSIONS: Final = 3

Node = tuple[str, ...]
Cells = pd.DataFrame | Mapping[str, pd.DataFrame]
"""Counts of the same persons: one row per distinct pattern of all dimensions with `persons`, or
for each table one row per distinct pattern of its own."""


@dataclass(frozen=True)
class Line:
    """Totals and what they add up: `parents` of shape (n,), `children` of shape (n, k)."""

    parents: Ints
    children: Ints


@dataclass(frozen=True)
class Family:
    """Tables, and the numbered cells of all their margins.

    Attributes:
        tables: id of a table -> the dimensions that it crosses.
        domains: dimension -> its values.
        nodes: sets of dimensions that are crossed; the first `len(published)` are those of the
            tables and their margins, fewest dimensions first.
    """

    tables: Mapping[str, Node]
    domains: Mapping[str, tuple[str, ...]]
    nodes: tuple[Node, ...]

    @cached_property
    def offsets(self) -> dict[Node, int]:
        """Number of the first cell of each node."""
        ends = np.cumsum([0, *(self.cells_in(node) for node in self.nodes)])
        return dict(zip(self.nodes, ends.tolist(), strict=False))

    @cached_property
    def size(self) -> int:
        return sum(self.cells_in(node) for node in self.nodes)

    def cells_in(self, node: Node) -> int:
        return prod(len(self.domains[name]) for name in node)

    def numbers(self, node: Node) -> Ints:
        """Numbers of a node's cells, one axis per dimension."""
        shape = tuple(len(self.domains[name]) for name in node)
        return self.offsets[node] + np.arange(self.cells_in(node), dtype=np.int64).reshape(shape)

    @cached_property
    def depth(self) -> Ints:
        """Number of dimensions that each cell crosses."""
        return np.concatenate([np.full(self.cells_in(n), len(n)) for n in self.nodes])

    def line(self, total: Node, inner: Node) -> Line:
        """The cells of `total`, each with all cells of `inner` that it adds up."""
        kept = [inner.index(name) for name in total]
        summed = [i for i in range(len(inner)) if i not in kept]
        children = self.numbers(inner).transpose(kept + summed)
        parents = self.numbers(total).ravel()
        return Line(parents, children.reshape(len(parents), -1))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every total along one dimension."""
        return tuple(
            self.line(total, inner)
            for inner in self.nodes
            if inner
            for total in combinations(inner, len(inner) - 1)
        )

    @cached_property
    def pairs(self) -> Ints:
        """Each cell with each cell that contains it, shape (m, 2): inner, outer.

        Inner cells of few dimensions come first. Left out are pairs that hold the same persons by
        definition, where the dimensions between them have one value.
        """
        found = [np.empty((0, 2), dtype=np.int64)]
        for inner in self.nodes:
            for length in range(len(inner)):
                for outer in combinations(inner, length):
                    line = self.line(outer, inner)
                    if line.children.shape[1] > 1:
                        outers = np.repeat(line.parents, line.children.shape[1])
                        found.append(np.column_stack([line.children.ravel(), outers]))
        return np.concatenate(found)

    def counts(self, cells: Cells) -> Ints:
        """True counts of all cells.

        Raises:
            GapAtlasError: counts of two tables that don't agree in a margin that they share.
        """
        counted = np.full(self.size, -1, dtype=np.int64)
        for frame, nodes in self._counted_in(cells):
            for node, found in zip(nodes, self._counts_of(frame, nodes), strict=True):
                at = self.numbers(node).ravel()
                if ((counted[at] >= 0) & (counted[at] != found)).any():
                    message = worded("Two tables of the same persons don't agree in their margins.")
                    where = ", ".join(node) or worded("all persons")
                    problem = Problem("cells", message, column=where)
                    raise GapAtlasError(worded("The tables of persons cannot be made."), [problem])
                counted[at] = found
        return counted

    def _counted_in(self, cells: Cells) -> Iterator[tuple[pd.DataFrame, list[Node]]]:
        """Each frame with the sets of dimensions that are counted in it."""
        if isinstance(cells, pd.DataFrame):
            yield cells, list(self.nodes)
            return
        for table, dimensions in self.tables.items():
            yield cells[table], margins(dimensions)

    def _counts_of(self, cells: pd.DataFrame, nodes: Sequence[Node]) -> Iterator[Ints]:
        persons = cells[PERSONS].to_numpy(dtype=np.float64)
        codes = {
            name: pd.Index(self.domains[name]).get_indexer(pd.Index(cells[name].astype(str)))
            for name in dict.fromkeys(name for node in nodes for name in node)
        }
        for node in nodes:
            place = np.zeros(len(cells), dtype=np.int64)
            for name in node:
                place = place * len(self.domains[name]) + codes[name]
            counted = np.bincount(place, weights=persons, minlength=self.cells_in(node))
            yield counted.astype(np.int64)

    def rows(self) -> Iterator[tuple[str, Node, Ints]]:
        """Each table with each of its margins, the total first, and the numbers of the cells."""
        for table, dimensions in self.tables.items():
            for node in margins(dimensions):
                yield table, node, self.numbers(node).ravel()

    def frame(self) -> pd.DataFrame:
        """Table, coordinates (`all` where a dimension is summed) and number of each cell."""
        every = list(self.rows())
        size = sum(len(numbers) for _, _, numbers in every)
        columns = {name: np.full(size, ALL, dtype=object) for name in ("table", *self.domains)}
        start = 0
        for table, node, numbers in every:
            own = slice(start, start + len(numbers))
            shape = [len(self.domains[name]) for name in node]
            columns["table"][own] = table
            for name, at in zip(
                node, np.indices(shape).reshape(len(node), len(numbers)), strict=True
            ):
                columns[name][own] = np.array(self.domains[name], dtype=object)[at]
            start = own.stop
        return pd.DataFrame({**columns, "cell": np.concatenate([cells for _, _, cells in every])})


def margins(dimensions: Node) -> list[Node]:
    """All subsets of the dimensions, fewest first."""
    return [
        subset for size in range(len(dimensions) + 1) for subset in combinations(dimensions, size)
    ]


def family_of(
    cells: Cells,
    tables: Mapping[str, Sequence[str]],
    domains: Mapping[str, Sequence[str]] | None = None,
) -> Family:
    """The family of some tables.

    Args:
        cells: the counts of persons.
        tables: id -> the one to three dimensions that the table crosses.
        domains: dimension -> all its values. Without it, the values that occur: then the printed
            list of values says that each occurs at least once.

    Raises:
        GapAtlasError: tables without dimensions or with too many, columns that are missing,
            counts that are negative, missing or not whole, values outside the domain.
    """
    problems = [*_wrong_tables(tables), *_wrong_columns(cells, tables)]
    if not problems:
        problems = [
            *(
                problem
                for frame, _ in _each_frame(cells, tables)
                for problem in _wrong_counts(frame)
            ),
            *_wrong_values(cells, tables, domains or {}),
        ]
    if problems:
        raise GapAtlasError(worded("The tables of persons cannot be made."), problems)
    order = tuple(dict.fromkeys(name for names in tables.values() for name in names))
    values = {
        name: tuple(map(str, (domains or {}).get(name, sorted(_values(cells, tables, name)))))
        for name in order
    }
    sorted_tables = {
        table: tuple(sorted(names, key=order.index)) for table, names in tables.items()
    }
    return with_margins(sorted_tables, values)


def with_margins(tables: Mapping[str, Node], domains: Mapping[str, tuple[str, ...]]) -> Family:
    """The family of tables whose dimensions stand in the order of the domains."""
    order = tuple(domains)
    nodes = {node for names in tables.values() for node in margins(names)}
    return Family(tables, domains, tuple(sorted(nodes, key=lambda node: _rank(node, order))))


def _rank(node: Node, order: Node) -> tuple[int, list[int]]:
    return len(node), [order.index(name) for name in node]


def _wrong_tables(tables: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    if not tables:
        yield Problem("tables", worded("A family needs at least one table."))
    for table, names in tables.items():
        if not 1 <= len(names) <= MOST_DIMENSIONS or len(set(names)) < len(names):
            yield Problem(
                f"table {table}",
                worded("A table crosses one to three different dimensions."),
                found=", ".join(names) or worded("none"),
            )


def _each_frame(
    cells: Cells, tables: Mapping[str, Sequence[str]]
) -> Iterator[tuple[pd.DataFrame, tuple[str, ...]]]:
    """Each frame of counts with the dimensions that it has to have."""
    if isinstance(cells, pd.DataFrame):
        yield cells, tuple(dict.fromkeys(name for names in tables.values() for name in names))
        return
    for table, names in tables.items():
        yield cells[table], tuple(names)


def _values(cells: Cells, tables: Mapping[str, Sequence[str]], name: str) -> set[str]:
    """The values of a dimension that occur."""
    return {
        str(value)
        for frame, names in _each_frame(cells, tables)
        if name in names
        for value in frame[name].dropna().unique()
    }


def _wrong_columns(cells: Cells, tables: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    if not isinstance(cells, pd.DataFrame):
        without = [table for table in tables if table not in cells]
        if without:
            yield Problem("cells", worded("A table has no counts."), found=", ".join(without))
            return
    taken = {"table", "cell", "status", "low", "high", PERSONS}
    for frame, wanted in _each_frame(cells, tables):
        for name in (*wanted, PERSONS):
            if name not in frame.columns:
                yield Problem("cells", worded("The column is missing."), column=name)
        for name in taken & set(wanted):
            yield Problem(
                "cells", worded("The name is taken by a column of the result."), column=name
            )


def _wrong_counts(cells: pd.DataFrame) -> Iterator[Problem]:
    persons = pd.to_numeric(cells[PERSONS], errors="coerce")
    if not (persons.notna() & (persons >= 0) & (persons % 1 == 0)).all():
        yield Problem(
            "cells",
            worded("Counts are whole numbers of persons, none missing or negative."),
            column=PERSONS,
        )


def _wrong_values(
    cells: Cells,
    tables: Mapping[str, Sequence[str]],
    domains: Mapping[str, Sequence[str]],
) -> Iterator[Problem]:
    for name in dict.fromkeys(name for names in tables.values() for name in names):
        found = _values(cells, tables, name)
        known = [str(value) for value in domains.get(name, found)]
        if any(name in names and f[name].isna().any() for f, names in _each_frame(cells, tables)):
            yield Problem("cells", worded("A value is missing; unknown is a value."), column=name)
        if ALL in known or len(set(known)) < len(known) or not known:
            yield Problem(
                "cells",
                worded(
                    "Values are different from each other, and '{all}' is the label of totals.",
                    all=ALL,
                ),
                column=name,
            )
        outside = sorted(found - set(known))
        if outside:
            yield Problem(
                "cells",
                worded("A value is not in the list of values."),
                column=name,
                found=", ".join(outside[:5]),
            )
