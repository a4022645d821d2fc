"""Persons as codes, and the counts that a copy may be built on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.protection import Rules

PERSONS: Final = "persons"

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Columns = tuple[int, ...]


@dataclass(frozen=True)
class Traits:
    """Rows as codes: real ones by pattern, or those of a copy.

    Attributes:
        columns: names of the columns.
        values: for each column, the words that its codes stand for.
        codes: one row for each pattern, one column for each column; a code equal to the number
            of words stands for a cell that was left open.
        persons: how many have each pattern.
    """

    columns: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: Ints
    persons: Ints

    @classmethod
    def of(cls, patterns: pd.DataFrame) -> Self:
        """From a frame of words with a column `persons`."""
        columns = [name for name in patterns.columns if name != PERSONS]
        coded = [pd.Categorical(patterns[name]) for name in columns]
        return cls(
            columns=tuple(columns),
            values=tuple(tuple(map(str, each.categories)) for each in coded),
            codes=np.column_stack([each.codes.astype("int64") for each in coded]),
            persons=patterns[PERSONS].to_numpy("int64"),
        )

    def words(self) -> pd.DataFrame:
        """Rows as words, one for each pattern; open cells are empty."""
        words = [np.array([*values, ""], dtype=object) for values in self.values]
        return pd.DataFrame(
            {name: words[at][self.codes[:, at]] for at, name in enumerate(self.columns)}
        )

    @property
    def total(self) -> int:
        """All persons."""
        return int(self.persons.sum())

    def groups(self, size: int) -> Iterator[Columns]:
        """Every choice of so many columns, by position."""
        return combinations(range(len(self.columns)), size)

    def count(self, group: Columns) -> Ints:
        """Persons by the values of some columns: one axis for each; open cells are left out."""
        shape = [len(self.values[column]) + 1 for column in group]
        flat = np.ravel_multi_index(tuple(self.codes[:, column] for column in group), shape)
        counts = np.bincount(flat, self.persons, int(np.prod(shape))).reshape(shape)
        return counts[tuple(slice(-1) for _ in group)].round().astype("int64")


@dataclass(frozen=True)
class Released:
    """The counts that a copy is built on, and nothing else of the file.

    Attributes:
        columns, values: as in `Traits`.
        persons: how many rows the copy gets.
        length: so many values at a time are counted.
        counts: positions of 1 to `length` columns -> persons by their values, one axis for each;
            0 where a combination must not occur.
    """

    columns: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    persons: int
    length: int
    counts: dict[Columns, Floats]

    @cached_property
    def _padded(self) -> dict[Columns, Floats]:
        return {}

    def table(self, group: Columns) -> Floats:
        """Counts by the values of some columns in the order given, with one index more on each
        axis: that of a cell left open, where the column does not count."""
        in_order = tuple(sorted(group))
        if in_order not in self._padded:
            self._padded[in_order] = self._with_open(in_order)
        return self._padded[in_order].transpose([in_order.index(column) for column in group])

    def _with_open(self, group: Columns) -> Floats:
        sizes = [len(self.values[column]) for column in group]
        padded = np.zeros([size + 1 for size in sizes])
        for is_open in product((False, True), repeat=len(group)):
            spot = tuple(
                size if open_ else slice(size) for size, open_ in zip(sizes, is_open, strict=True)
            )
            known = tuple(c for c, open_ in zip(group, is_open, strict=True) if not open_)
            padded[spot] = self.counts[known] if known else self.persons
        return padded


def counts_of_many(traits: Traits, k: int, length: int, rules: Rules) -> Released:
    """The counts of combinations that at least `k` persons share, rounded as tables are."""
    counts: dict[Columns, Floats] = {}
    for size in range(1, length + 1):
        for group in traits.groups(size):
            found = traits.count(group)
            counts[group] = np.where(found >= k, rules.printed(found), 0).astype("float64")
    persons = int(rules.printed(traits.total))
    return Released(traits.columns, traits.values, persons, length, counts)
