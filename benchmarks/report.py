"""Samples, the rows made of them, and the table that shows the rows."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.markup import escape
from rich.table import Table

Unit = Literal["s", "B", "n", "/s"]
Judged = Literal["median", "p95"]
HEADER = ("what", "ours", "p95", "peer", "its p95", "peer / ours", "target", "met", "n")
NONE = "–"


@dataclass(frozen=True)
class Sample:
    """Measured values: seconds, bytes, numbers or numbers a second, as the row's unit says."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("a sample needs at least one measured value")

    @classmethod
    def of(cls, values: Iterable[float]) -> Sample:
        return cls(tuple(float(value) for value in values))

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """The measured value that 95% of the values do not exceed (nearest rank)."""
        ordered = sorted(self.values)
        return ordered[math.ceil(0.95 * len(ordered)) - 1]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: what was measured, with its peer where there is one.
        unit: seconds, bytes, a number, or a number a second.
        ours: our samples.
        peer: samples of the peer, taken in the same run.
        target: we may take this at most; None where no target was set.
        judged: which of our figures the target is for.
    """

    what: str
    unit: Unit
    ours: Sample
    peer: Sample | None = None
    target: float | None = None
    judged: Judged = "median"

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return (self.ours.p95 if self.judged == "p95" else self.ours.median) <= self.target

    @property
    def ratio(self) -> float | None:
        """Median of the peer over our median: above 1 where we take less."""
        if self.peer is None or self.ours.median == 0:
            return None
        return self.peer.median / self.ours.median

    def cells(self) -> tuple[str, ...]:
        """The row in words, one for each column of `HEADER`."""
        counts = [len(self.ours)] + ([len(self.peer)] if self.peer else [])
        return (
            self.what,
            amount(self.ours.median, self.unit),
            amount(self.ours.p95, self.unit),
            amount(self.peer.median, self.unit) if self.peer else NONE,
            amount(self.peer.p95, self.unit) if self.peer else NONE,
            ratio_text(self.ratio),
            self._target_text(),
            {None: NONE, True: "yes", False: "NO"}[self.met],
            " / ".join(str(count) for count in dict.fromkeys(counts)),
        )

    def _target_text(self) -> str:
        if self.target is None:
            return NONE
        which = "p95 " if self.judged == "p95" else ""
        return f"{which}≤ {amount(self.target, self.unit)}"


def amount(value: float, unit: Unit) -> str:
    """A duration or a number of bytes with three digits that matter; a number as it is.

    1 KB is 1,000 bytes. Infinity stands where nothing came.
    """
    if math.isinf(value):
        return "never"
    if unit == "n":
        return f"{value:,.0f}"
    if unit == "/s":
        return f"{_three_digits(value)} /s"
    if unit == "B":
        steps: Sequence[tuple[float, str]] = ((1e6, "MB"), (1e3, "KB"), (1, "B"))
    else:
        steps = ((1, "s"), (1e-3, "ms"), (1e-6, "µs"))
    size, name = next((step for step in steps if abs(value) >= step[0]), steps[-1])
    number = f"{value:.0f}" if name == "B" else _three_digits(value / size)
    return f"{number} {name}"


def ratio_text(ratio: float | None) -> str:
    """A ratio with two digits that matter, from 10 on as a whole number."""
    if ratio is None or math.isinf(ratio):
        return NONE
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def rich_table(rows: Iterable[Row], title: str) -> Table:
    """The rows as a table for a terminal."""
    table = Table(title=title, title_justify="left")
    for name in HEADER:
        justify: Literal["left", "right"] = "left" if name in ("what", "met") else "right"
        least = 30 if name == "what" else None
        table.add_column(
            name, justify=justify, overflow="fold", no_wrap=name != "what", min_width=least
        )
    for row in rows:
        colour = {None: "", True: "green", False: "red"}[row.met]
        table.add_row(*[escape(cell) for cell in row.cells()], style=colour or None)
    return table


def markdown_table(rows: Iterable[Row]) -> str:
    """The rows as a table in markdown."""
    lines = ["| " + " | ".join(HEADER) + " |"]
    lines.append("| --- |" + " ---: |" * (len(HEADER) - 1))
    for row in rows:
        cells = [cell.replace("|", "\\|") for cell in row.cells()]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _three_digits(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
