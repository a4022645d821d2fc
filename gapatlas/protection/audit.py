"""The audit: what an attacker can work out of published tables, figure by figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gapatlas.protection.attack import Attack, Evidence, NoTableFitsError, is_open
from gapatlas.protection.family import Cells, Family, with_margins
from gapatlas.protection.gate import Published
from gapatlas.protection.rules import Bools, Floats, Ints, Rules


@dataclass(frozen=True)
class AuditReport:
    """What the audit of a family found.

    Attributes:
        cells: number of different cells of all tables; a margin that tables share counts once.
        withheld: number of those that are withheld.
        narrowest: least width of the windows of withheld counts, in persons. It is proven by
            tables of persons that fit all figures, so that it is at least so wide; infinite where
            nothing is withheld.
        closest: least difference of two shown figures of which one contains the other; infinite
            where there is no such pair.
        pairs: number of such pairs.
        told: withheld cells that an attacker can narrow down too far: table, coordinates and
            window. Empty where all is well. It is for the build alone and must not be published.
        faults: other breaks of the rules, in words.
        scope: what the attacker worked on, in words.
        rules: the rules to which the tables were held.
        small_known: whether true counts were given, so that windows of small counts were held to
            reach from 1 to the threshold less 1.
    """

    cells: int
    withheld: int
    narrowest: float
    closest: float
    pairs: int
    told: pd.DataFrame
    faults: tuple[str, ...]
    scope: str
    rules: Rules
    small_known: bool

    @property
    def passed(self) -> bool:
        return self.told.empty and not self.faults and self.closest >= self.rules.threshold

    def lines(self) -> list[str]:
        """The figures of the audit, to be printed. No line tells a count."""
        span = "some" if not np.isfinite(self.narrowest) else f"{self.narrowest:,.0f}"
        narrow = "nothing is withheld" if not self.withheld else f"at least {span} persons wide"
        near = f"{self.closest:,.0f} persons apart" if self.pairs else "there is none"
        small = (
            f"every small count could be anything from 1 to {self.rules.threshold - 1}"
            if self.small_known
            else "true counts were not given"
        )
        brand = [self.rules.brand] if self.rules.brand else []
        return [
            *brand,
            f"cells: {self.cells:,}",
            f"withheld: {self.withheld:,}",
            f"narrowest window of a withheld count: {narrow} (needed: {self.rules.width})",
            f"closest pair of shown figures of which one contains the other: {near} "
            f"(needed: {self.rules.threshold}; {self.pairs:,} pairs)",
            f"attacker: {self.scope}",
            f"windows of small counts: {small if not len(self.told) else 'see below'}",
            f"withheld counts that can be narrowed down: {len(self.told):,}",
            *self.faults,
            "passed" if self.passed else "FAILED",
        ]


def audit(published: Published, cells: Cells | None = None) -> AuditReport:
    """Attack published tables with linear programming.

    Args:
        published: what `protect_family` returned, or what was read back from its files.
        cells: the true counts, as given to `protect_family`. With them, windows of small counts
            have to reach from 1 or less to the threshold less 1 or more. Every withheld count has
            to have a window as wide as the threshold, with or without them.

    Returns:
        A report that lists what is wrong, impossible figures included; then no window is known,
        and each counts as closed.
    """
    family = with_margins(dict(published.tables), dict(published.domains))
    printed, shown, faults = _figures(family, published)
    small = np.zeros(family.size, dtype=bool)
    if cells is not None:
        true = family.counts(cells)
        small = true < published.rules.threshold
        faults += _wrong_figures(true, printed, shown, published.rules)
    attack = Attack(family, shown, printed, published.rules)
    try:
        low, high = _windows(attack, ~shown, small, published.rules)
    except NoTableFitsError:
        faults.append("there are no persons of whom all figures are right under these rules")
        low = high = np.zeros(family.size)
    told = np.flatnonzero(~shown & ~is_open(low, high, small, published.rules))
    pairs = family.pairs[shown[family.pairs].all(axis=1)]
    gaps = printed[pairs[:, 1]] - printed[pairs[:, 0]]
    return AuditReport(
        cells=family.size,
        withheld=int((~shown).sum()),
        narrowest=float((high - low)[~shown].min(initial=np.inf)),
        closest=float(gaps.min()) if len(gaps) else float("inf"),
        pairs=len(pairs),
        told=_named(family, told, low, high),
        faults=tuple(faults),
        scope=attack.scope,
        rules=published.rules,
        small_known=cells is not None,
    )


def _figures(family: Family, published: Published) -> tuple[Ints, Bools, list[str]]:
    """Figure of each cell, whether it is shown, and what breaks the rules."""
    keys = ["table", *family.domains]
    figures = published.frame[[*keys, "persons"]]
    joined = family.frame().merge(figures, on=keys, how="left", validate="one_to_one")
    by_cell = joined.groupby("cell")["persons"]
    faults = []
    if (by_cell.nunique(dropna=False) > 1).any():
        faults.append("a cell has different figures in two tables")
    figure = by_cell.first().reindex(range(family.size))
    rules = published.rules
    if (figure.dropna() % rules.base != 0).any():
        faults.append("a figure is not rounded to the base")
    if (rules.greatest(figure.dropna()) < rules.threshold).any():
        faults.append("a figure is below the threshold")
    printed = figure.fillna(0).to_numpy(dtype=np.int64)
    return printed, figure.notna().to_numpy(dtype=bool), faults


def _wrong_figures(true: Ints, printed: Ints, shown: Bools, rules: Rules) -> list[str]:
    faults = []
    if (true[shown] < rules.threshold).any():
        faults.append("a count below the threshold is shown")
    if (rules.printed(true)[shown] != printed[shown]).any():
        faults.append("a figure is not that of the persons")
    return faults


def _windows(attack: Attack, withheld: Bools, small: Bools, rules: Rules) -> tuple[Floats, Floats]:
    """Least and greatest count of each cell in tables that fit, until all are open or exact."""
    size = len(withheld)
    seen = Evidence(attack, np.full(size, np.inf), np.full(size, -np.inf))

    def waiting() -> Ints:
        return np.flatnonzero(withheld & ~is_open(seen.low, seen.high, small, rules))

    seen.look({})
    seen.push(waiting)
    for cell in waiting().tolist():
        for sign in (1.0, -1.0):
            if cell in waiting():
                seen.look({cell: sign})
    return seen.low, seen.high


def _named(family: Family, cells: Ints, low: Floats, high: Floats) -> pd.DataFrame:
    """Cells by their coordinates, with the windows found."""
    frame = family.frame().drop_duplicates("cell")
    named = frame[frame["cell"].isin(cells)]
    number = named["cell"].to_numpy()
    return named.drop(columns="cell").assign(low=low[number], high=high[number])
