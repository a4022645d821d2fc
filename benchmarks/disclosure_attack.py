"""`python -m benchmarks.disclosure_attack`: random tables of persons, published and attacked.

The attack shares no code with the gate. It reads the published frame alone, and asks an integer
program for tables of whole persons that fit every figure: how small, and how large, can each
withheld count be? It knows the rules: what a figure can stand for, that shown counts reach 10 and
that shown figures of which one contains the other lie 10 apart.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Hashable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from functools import cached_property, partial
from itertools import combinations, product

import numpy as np
import pandas as pd
from scipy import optimize

import gapatlas.protection.attack as attack
from gapatlas.protection import ALL, Published, audit, protect_family

THRESHOLD, BASE = 10, 5
MOST = 5_000
NAMES = ("place", "outcome", "evidence", "defence")
DESIGNS = (
    (("place", "outcome"),),
    (("place", "outcome", "evidence"),),
    (("place", "outcome"), ("outcome", "evidence")),
    (("place", "outcome"), ("outcome", "evidence"), ("place", "evidence")),
    (("place", "outcome", "evidence"), ("outcome", "defence")),
    (("outcome", "evidence"), ("outcome", "defence"), ("evidence", "defence"), ("place",)),
)
Coordinates = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Drawn:
    """Random persons, one row each, and the tables to be published of them."""

    persons: pd.DataFrame
    tables: dict[str, tuple[str, ...]]

    @property
    def cells(self) -> pd.DataFrame:
        names = list(self.persons.columns)
        return self.persons.value_counts(names).rename("persons").reset_index()

    @cached_property
    def rows(self) -> list[dict[Hashable, str]]:
        return self.persons.to_dict("records")

    def counted(self, where: Coordinates) -> int:
        """Persons in a cell, counted one by one."""
        return sum(all(person[name] == value for name, value in where) for person in self.rows)


def draw(random: np.random.Generator, most_values: int | None = None) -> Drawn:
    """Persons whose traits go together more or less, some values rare."""
    design = DESIGNS[random.integers(len(DESIGNS))]
    names = [name for name in NAMES if any(name in table for table in design)]
    number = int(random.choice([15, 40, 90, 200, 500, 1_500]))
    hidden = random.random(number)
    most = most_values or int(random.choice([3] * 9 + [4]))
    tie = random.random()
    columns = {}
    for name in names:
        values = int(random.integers(2, most + 1))
        ends = np.cumsum(random.dirichlet(np.full(values, random.choice([0.5, 1.0, 3.0]))))
        own = np.where(random.random(number) < tie, hidden, random.random(number))
        columns[name] = [f"{name[0]}{i}" for i in np.searchsorted(ends[:-1], own)]
    tables = {"by_" + "_".join(table): table for table in design}
    return Drawn(pd.DataFrame(columns), tables)


def coordinates(published: Published) -> dict[Coordinates, int | None]:
    """Every published cell, whatever its table: coordinates -> figure, None where withheld."""
    found: dict[Coordinates, int | None] = {}
    names = list(published.domains)
    for row in published.frame.to_dict("records"):
        where = tuple((name, row[name]) for name in names if row[name] != ALL)
        figure = None if pd.isna(row["persons"]) else int(row["persons"])
        if where in found and found[where] != figure:
            raise AssertionError(f"{where} has two figures")
        found[where] = figure
    return found


class Attacker:
    """What follows from published figures for tables of whole persons."""

    def __init__(self, figures: dict[Coordinates, int | None], domains: dict) -> None:
        self.patterns = [
            dict(zip(domains, values, strict=True)) for values in product(*domains.values())
        ]
        self.known: dict[Coordinates, np.ndarray] = {}
        rows, low, high = [np.zeros(len(self.patterns))], [0.0], [0.0]
        for where, figure in figures.items():
            if figure is not None:
                rows.append(self.members(where))
                low.append(max(figure - BASE // 2, THRESHOLD))
                high.append(figure + BASE // 2)
        for inner, outer in nested(figures):
            rest = self.members(outer) - self.members(inner)
            if rest.any():
                rows.append(rest)
                low.append(THRESHOLD)
                high.append(np.inf)
        self.rule = optimize.LinearConstraint(np.array(rows), low, high)
        self.seen: list[np.ndarray] = []

    def members(self, where: Coordinates) -> np.ndarray:
        """Which patterns lie in a cell: 1 or 0 for each."""
        if where not in self.known:
            inside = [all(p[name] == value for name, value in where) for p in self.patterns]
            self.known[where] = np.array(inside, dtype=float)
        return self.known[where]

    def push(self, cells: list[Coordinates], times: int = 5) -> None:
        """Push many cells at once, up or down: one table that fits is evidence for all of them."""
        random = np.random.default_rng(len(cells))
        waiting = cells
        for _ in range(times):
            waiting = [where for where in waiting if not self.is_open(where)]
            if waiting:
                goals = np.array([self.members(where) for where in waiting])
                self.seen.append(self.solve(random.choice([-1.0, 1.0], len(waiting)) @ goals))

    def is_open(self, where: Coordinates) -> bool:
        """Whether tables seen so far have the cell empty, and with ten persons or more."""
        ends = self.ends(where)
        return bool(ends) and min(ends) <= 0 and max(ends) >= THRESHOLD

    def is_told_exactly(self, where: Coordinates) -> bool:
        """Whether all tables that fit have one number of persons in a cell."""
        for sign in (1, -1):
            if len(set(self.ends(where))) < 2:
                self.seen.append(self.solve(sign * self.members(where)))
        return len(set(self.ends(where))) < 2

    def ends(self, where: Coordinates) -> list[int]:
        return [round(float(self.members(where) @ world)) for world in self.seen]

    def window(self, where: Coordinates) -> tuple[int, int]:
        """Least and greatest number of persons that a cell can have; wide enough is enough."""
        for sign in (1, -1):
            if not self.is_open(where):
                self.seen.append(self.solve(sign * self.members(where)))
        return min(self.ends(where)), max(self.ends(where))

    def solve(self, goal: np.ndarray) -> np.ndarray:
        """The table of whole persons that fits and makes the goal least."""
        answer = optimize.milp(
            goal,
            constraints=self.rule,
            integrality=np.ones(len(goal)),
            bounds=optimize.Bounds(0, MOST),
        )
        if answer.status != 0:
            raise AssertionError(f"the attack ended without an answer: {answer.message}")
        return np.round(answer.x)


def nested(figures: dict[Coordinates, int | None]) -> Iterator[tuple[Coordinates, Coordinates]]:
    """Shown cells of which the second contains the first."""
    shown = {where for where, figure in figures.items() if figure is not None}
    for inner in shown:
        for length in range(len(inner)):
            for outer in combinations(inner, length):
                if outer in shown:
                    yield inner, outer


@dataclass
class Tally:
    """What the attacks found. What comes after the first seven has to be zero."""

    worlds: int = 0
    cells: int = 0
    withheld: int = 0
    small: int = 0
    crossings_in_no_table: int = 0
    figures_tried: int = 0
    figures_told_exactly: int = 0
    figures_below_ten: int = 0
    figures_not_of_the_persons: int = 0
    pairs_nearer_than_ten: int = 0
    small_counts_pinned: int = 0
    windows_narrower_than_ten: int = 0
    crossings_in_no_table_told: int = 0

    def add(self, other: Tally) -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    @property
    def leaks(self) -> int:
        return sum(getattr(self, field.name) for field in fields(self)[7:])

    def lines(self) -> list[str]:
        return [f"{f.name.replace('_', ' ')}: {getattr(self, f.name):,}" for f in fields(self)]


def attacked(drawn: Drawn, unlisted: bool = False) -> Tally:
    """Publish the tables of some persons and try everything.

    With `unlisted`, also whether the figures tell that a crossing of two or three dimensions
    which stands in no table holds someone, and fewer than ten; and how many shown figures tell
    the exact count behind them, which is no leak but shows what the rounding is worth.
    """
    published = protect_family(drawn.cells, drawn.tables)
    figures = coordinates(published)
    tally = Tally(worlds=1, cells=len(figures))
    written = pd.read_csv(io.StringIO(published.frame.to_csv(index=False)))
    numbers = written.select_dtypes("number").to_numpy().ravel()
    tally.figures_below_ten = int((numbers < THRESHOLD).sum())
    attacker = Attacker(figures, dict(published.domains))
    for inner, outer in nested(figures):
        apart = figures[outer] - figures[inner]
        alike = (attacker.members(inner) == attacker.members(outer)).all()
        tally.pairs_nearer_than_ten += apart < THRESHOLD and not alike
    attacker.push([where for where, figure in figures.items() if figure is None])
    for where, figure in figures.items():
        true = drawn.counted(where)
        if figure is not None:
            right = true >= THRESHOLD and figure == BASE * int(true / BASE + 0.5)
            tally.figures_not_of_the_persons += not right
            continue
        low, high = attacker.window(where)
        tally.withheld += 1
        tally.small += true < THRESHOLD
        tally.windows_narrower_than_ten += high - low < THRESHOLD
        tally.small_counts_pinned += true < THRESHOLD and not (low <= 1 and high >= THRESHOLD - 1)
    if unlisted:
        _attack_the_rest(published, figures, attacker, tally)
    return tally


def _attack_the_rest(
    published: Published,
    figures: dict[Coordinates, int | None],
    attacker: Attacker,
    tally: Tally,
) -> None:
    """Crossings that stand in no table, and counts behind the figures that are shown."""
    for where in _crossings_in_no_table(published, figures):
        low, high = attacker.window(where)
        tally.crossings_in_no_table += 1
        tally.crossings_in_no_table_told += low >= 1 and high < THRESHOLD
    for where, figure in figures.items():
        if figure is not None:
            tally.figures_tried += 1
            tally.figures_told_exactly += attacker.is_told_exactly(where)


def _crossings_in_no_table(
    published: Published, figures: dict[Coordinates, int | None]
) -> Iterator[Coordinates]:
    for size in (2, 3):
        for names in combinations(published.domains, size):
            for values in product(*(published.domains[name] for name in names)):
                where = tuple(zip(names, values, strict=True))
                if where not in figures:
                    yield where


def patterns_left(before: Attacker, after: Attacker) -> list[int]:
    """Patterns that one person more can have, for one who has both editions and knows that the
    second holds one person more."""
    left = []
    for number in range(len(before.patterns)):
        one_more = np.zeros(len(before.patterns))
        one_more[number] = 1
        matrix, shift = after.rule.A, after.rule.A @ one_more
        second = optimize.LinearConstraint(matrix, after.rule.lb - shift, after.rule.ub - shift)
        answer = optimize.milp(
            np.zeros(len(before.patterns)),
            constraints=[before.rule, second],
            integrality=np.ones(len(before.patterns)),
            bounds=optimize.Bounds(0, MOST),
        )
        if answer.status == 0:
            left.append(number)
    return left


def edition_lines(worlds: int) -> list[str]:
    """How often two editions, one person apart, tell all about that person."""
    told = small = told_small = 0
    for seed in range(worlds):
        drawn = draw(np.random.default_rng(seed), 3)
        random = np.random.default_rng(seed)
        person = drawn.rows[random.integers(len(drawn.rows))]
        more = Drawn(pd.concat([drawn.persons, pd.DataFrame([person])]), drawn.tables)
        domains = {name: sorted(set(drawn.persons[name])) for name in drawn.persons}
        attackers = [
            Attacker(coordinates(protect_family(d.cells, d.tables, domains=domains)), domains)
            for d in (drawn, more)
        ]
        known = len(patterns_left(*attackers)) == 1
        few = more.counted(tuple((str(name), value) for name, value in person.items())) < THRESHOLD
        told, small, told_small = told + known, small + few, told_small + (known and few)
    return [
        f"pairs of editions that are one person apart: {worlds:,}",
        f"they tell every trait of that person: {told:,}",
        f"fewer than ten persons have the traits of that person: {small:,}",
        f"of these, told: {told_small:,}",
    ]


def office_file(number: int) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """Made-up persons with 21 traits, and 21 tables of them with about 1,900 cells."""
    random = np.random.default_rng(1)
    columns: dict[str, object] = {
        "outcome": random.choice(
            ["plea", "trial", "acquitted", "dismissed", "nolle", "pending", "unknown"],
            number,
            p=[0.5, 0.13, 0.05, 0.17, 0.03, 0.07, 0.05],
        ),
        "place": random.choice(
            [f"P{i:02}" for i in range(20)], number, p=random.dirichlet(np.full(20, 0.7))
        ),
        "year": random.choice([str(year) for year in range(2000, 2017)], number),
        "charge": random.choice(list("abcdef"), number, p=[0.4, 0.25, 0.15, 0.1, 0.07, 0.03]),
        "victims": random.choice(
            ["1", "2-5", "6-20", "21+", "unknown"], number, p=[0.5, 0.25, 0.1, 0.02, 0.13]
        ),
    }
    traits = [f"trait {i}" for i in range(16)]
    for trait in traits:
        columns[trait] = random.choice(["yes", "no", "unknown"], number, p=[0.3, 0.55, 0.15])
    tables: dict[str, tuple[str, ...]] = {trait: ("outcome", trait) for trait in traits}
    tables |= {
        "places": ("outcome", "place"),
        "years": ("outcome", "year"),
        "charges": ("outcome", "charge", "victims"),
        "trait by year": ("outcome", "year", traits[0]),
        "trait by place": ("outcome", "place", traits[0]),
    }
    return pd.DataFrame(columns).assign(persons=1), tables


def speed_lines(number: int) -> list[str]:
    """Seconds that the gate and its audit take, and what the audit found."""
    persons, tables = office_file(number)
    cells = persons.value_counts(list(persons.columns[:-1])).rename("persons").reset_index()
    times = [time.process_time()]
    published = protect_family(cells, tables)
    times.append(time.process_time())
    report = audit(published, cells)
    times.append(time.process_time())
    gate, check = np.diff(times)
    return [
        f"{number:,} persons, {len(cells):,} patterns, {len(tables)} tables",
        f"seconds of processor time: gate {gate:.1f}, audit {check:.1f}",
        *report.lines(),
    ]


def _attack_seeds(seeds: range, unlisted: bool, tied: bool) -> Tally:
    if tied:
        attack.JOINT_CELLS = attack.WHOLE_CELLS = 0
    tally = Tally()
    for seed in seeds:
        tally.add(attacked(draw(np.random.default_rng(seed)), unlisted))
    return tally


def main(argv: list[str] | None = None) -> int:
    """Attack and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=10_000, help="how many tables of persons")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--unlisted", action="store_true", help="also attack crossings that are in no table"
    )
    parser.add_argument(
        "--tied",
        action="store_true",
        help="the gate may not look at all dimensions at once, as where there are many",
    )
    parser.add_argument(
        "--speed", type=int, metavar="PERSONS", help="time 21 tables of so many persons instead"
    )
    parser.add_argument(
        "--editions", type=int, metavar="PAIRS", help="compare so many pairs of editions instead"
    )
    arguments = parser.parse_args(argv)
    if arguments.editions:
        print(*edition_lines(arguments.editions), sep="\n")
        return 0
    if arguments.speed:
        print(*speed_lines(arguments.speed), sep="\n")
        return 0
    start = time.perf_counter()
    tally = Tally()
    parts = [range(i, min(i + 50, arguments.worlds)) for i in range(0, arguments.worlds, 50)]
    task = partial(_attack_seeds, unlisted=arguments.unlisted, tied=arguments.tied)
    with ProcessPoolExecutor(arguments.workers) as pool:
        for part in pool.map(task, parts):
            tally.add(part)
            print(f"\r{tally.worlds:,} attacked, {tally.leaks} leaks", end="", file=sys.stderr)
    print("", *tally.lines(), f"seconds: {time.perf_counter() - start:,.0f}", sep="\n")
    return 1 if tally.leaks else 0


if __name__ == "__main__":
    sys.exit(main())
