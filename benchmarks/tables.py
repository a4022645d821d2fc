"""Tables of percentages, as the simulations print them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Random = np.random.Generator
PRINTED_FROM = 5
"""Counts below this are printed as 0..4."""
NEAR_ENOUGH = (93.0, 97.0)


@dataclass(frozen=True)
class Table:
    """A table of percentages and what to know about it.

    Attributes:
        title: what was simulated.
        header: names of the columns; the first is that of the rows' names.
        rows: name and cells of each row.
        note: why some cells are not what the level says.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str

    def markdown(self) -> str:
        lines = [f"| {' | '.join(self.header)} |", "| --- |" + " ---: |" * (len(self.header) - 1)]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        note = textwrap.fill(self.note, 100, break_on_hyphens=False)
        return f"### {self.title}\n\n" + "\n".join(lines) + f"\n\n{note}\n"


def print_tables(tables: Iterable[Table], out: Path | None) -> None:
    """Print tables as markdown, and write them to a file if one is named."""
    text = "\n".join(table.markdown() for table in tables)
    print(text)
    if out:
        out.write_text(text, encoding="utf-8")


def percent(hits: NDArray[np.bool_]) -> str:
    """How many of 100."""
    return f"{100 * hits.mean():.1f}"


def held(hits: NDArray[np.bool_]) -> str:
    """How many of 100 intervals hold the truth, marked where that is not near 95."""
    share = 100 * float(hits.mean())
    mark = " +" if share > NEAR_ENOUGH[1] else " −" if share < NEAR_ENOUGH[0] else ""
    return f"{share:.1f}{mark}"


def printed(counts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Bounds of counts as a source prints them that does not tell those below 5."""
    small = counts < PRINTED_FROM
    return np.where(small, 0.0, counts), np.where(small, PRINTED_FROM - 1.0, counts)
