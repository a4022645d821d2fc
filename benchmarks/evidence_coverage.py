"""`python -m benchmarks.evidence_coverage`: do the figures of evidence hold planted effects?

Every world is a made-up file of cases with a known truth: what each kind of evidence, each line of
defence and some pairs do to the odds of conviction, beside places, years and charges that differ.
Numbers are per cent of all figures that are not withheld, over all worlds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from benchmarks.tables import Floats, Random, Table, print_tables
from gapatlas.cases import (
    DEFENCE,
    EVIDENCE,
    defence_effects,
    evidence_by_defence,
    evidence_effects,
    evidence_pairs,
    reliance_on_testimony,
)

Bools = NDArray[np.bool_]

WORLDS, SEED = 200, 20_260_601
PLACES, YEARS, CHARGES = 25, 10, 6
NEW_PAIRS, NEW_PAIRINGS = 4, 6
ROUNDING = 0.0005
"""Half of the last digit that is published: a figure may miss the truth by that."""


@dataclass(frozen=True)
class Setting:
    """A kind of world.

    Attributes:
        name: as the table calls it.
        persons: how many stand in the file.
        unknown: share of persons of whom it is not known whether a kind of evidence is there.
        uneven: how far the effect of each kind differs from place to place (standard deviation, in
            log odds). The regression takes it as the same everywhere.
    """

    name: str
    persons: int
    unknown: float = 0.06
    uneven: float = 0.0


SETTINGS = (
    Setting("2,000 persons", 2_000),
    Setting("8,000 persons", 8_000),
    Setting("8,000 persons, a fifth not known", 8_000, unknown=0.2),
    Setting("8,000 persons, effects that differ by place", 8_000, uneven=0.3),
)


@dataclass
class World:
    """A file of cases, and the chance of conviction of every person in it.

    Attributes:
        there: of each factor, who has it; `hidden`: of whom it is not known.
        base: log odds of place, year and charge, and what is left of chance.
        slopes: log odds of each factor, shape (persons,) each.
        hidden_slopes: log odds of not being known.
        pairs: log odds of pairs: two kinds of evidence, or one and a line of defence.
    """

    there: dict[str, Bools]
    hidden: dict[str, Bools]
    base: Floats
    slopes: dict[str, Floats]
    hidden_slopes: dict[str, float]
    pairs: dict[tuple[str, str], float]
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)

    def chance(
        self, set_to: dict[str, bool] | None = None, without: tuple[str, str] | None = None
    ) -> Floats:
        """Chance of conviction of everybody, with some factors set for all and, if asked for,
        without what one pair does."""
        given, score, settings = {}, self.base.copy(), set_to or {}
        for name, there in self.there.items():
            hidden = self.hidden[name] & (name not in settings)
            given[name] = (
                np.full_like(there, settings[name]) if name in settings else there & ~hidden
            )
            score += self.slopes[name] * given[name] + self.hidden_slopes[name] * hidden
        for (first, second), slope in self.pairs.items():
            if (first, second) != without:
                score += slope * (given[first] & given[second])
        return np.asarray(expit(score))


def draw_world(random: Random, setting: Setting) -> World:
    """Kinds of evidence hang together, and go with places: what is raw is confounded."""
    number = setting.persons
    place = random.choice(PLACES, number, p=random.dirichlet(np.full(PLACES, 2.0)))
    year, charge = random.integers(0, YEARS, number), random.integers(0, CHARGES, number)
    of_place = random.normal(0, 0.6, PLACES)
    busy = random.normal(0, 0.6, number) + 0.6 * of_place[place]
    there, hidden, slopes, hidden_slopes = {}, {}, {}, {}
    for name in (*EVIDENCE, *DEFENCE):
        evidence = name in EVIDENCE
        often = random.uniform(-1.2, 0.6) if evidence else random.uniform(-1.8, -0.6)
        there[name] = random.random(number) < expit(often + busy * (1.0 if evidence else 0.3))
        hidden[name] = random.random(number) < (setting.unknown if evidence else 0.03)
        own = random.normal(0, setting.uneven, PLACES) if evidence else np.zeros(PLACES)
        slopes[name] = random.normal(0, 0.4) + own[place]
        hidden_slopes[name] = random.normal(0, 0.1)
    planted = planted_pairs(random, list(combinations(EVIDENCE, 2)), NEW_PAIRS)
    planted |= planted_pairs(random, list(product(EVIDENCE, DEFENCE)), NEW_PAIRINGS)
    base = (
        0.3
        + of_place[place]
        + random.normal(0, 0.3, YEARS)[year]
        + random.normal(0, 0.4, CHARGES)[charge]
    )
    world = World(there, hidden, base, slopes, hidden_slopes, planted)
    world.frame = file_of(world, place, year, charge, random)
    return world


def planted_pairs(
    random: Random, every: list[tuple[str, str]], number: int
) -> dict[tuple[str, str], float]:
    """Some pairs that matter: each multiplies the odds by 1.5 to 2.2, or divides them."""
    chosen = random.choice(len(every), number, replace=False)
    signs = random.choice([-1.0, 1.0], number)
    return {every[at]: s * random.uniform(0.4, 0.8) for at, s in zip(chosen, signs, strict=True)}


def file_of(
    world: World, place: Floats, year: Floats, charge: Floats, random: Random
) -> pd.DataFrame:
    columns: dict[str, object] = {}
    for name, there in world.there.items():
        words = ("present", "absent") if name in EVIDENCE else ("used", "not_used")
        columns[name] = np.where(world.hidden[name], "unknown", np.where(there, *words))
    convicted = random.random(len(place)) < world.chance()
    return pd.DataFrame(
        columns
        | {"place": [f"place {p}" for p in place], "year_charged": 2001 + year}
        | {"charge": [f"charge {c}" for c in charge], "persons": 1}
        | {"convicted": convicted.astype(int)}
    )


# ---------------------------------------------------------------- what is true, what is found


@dataclass(frozen=True)
class Judged:
    """One figure: whether its interval holds the truth, and what it says of the direction.

    Attributes:
        holds: whether the interval holds the truth.
        right: whether the estimate has the sign of the truth; None where that is no question.
        told: whether the interval leaves out 0.
        planted: whether the truth is away from 0 by construction.
        alone: of a pair, whether the interval before it is drawn to zero holds the truth.
    """

    holds: bool
    right: bool | None
    told: bool
    planted: bool
    alone: bool = True


def judged(found: object, truth: float, planted: bool = True) -> Judged:
    """A row with points, low and high, beside the truth as a share."""
    at, low, high = (getattr(found, name) / 100 for name in ("points", "low", "high"))
    return Judged(
        holds=low - ROUNDING <= truth <= high + ROUNDING,
        right=bool(np.sign(at) == np.sign(truth)),
        told=low > 0 or high < 0,
        planted=planted,
    )


def effects(world: World) -> Iterator[Judged]:
    for table in (evidence_effects(world.frame).table, defence_effects(world.frame).table):
        for row in table[table["value"] != "unknown"].dropna(subset="points").itertuples():
            truth = world.chance({row.factor: True}).mean()
            yield judged(row, truth - world.chance({row.factor: False}).mean())


def pairs(world: World) -> Iterator[Judged]:
    table = evidence_pairs(world.frame).table
    for row in table.dropna(subset="points").itertuples():
        pair = (row.first, row.second)
        both = dict.fromkeys(pair, True)
        truth = world.chance(both).mean() - world.chance(both, without=pair).mean()
        found = judged(row, truth, planted=pair in world.pairs)
        alone = row.alone_low / 100 - ROUNDING <= truth <= row.alone_high / 100 + ROUNDING
        yield Judged(found.holds, found.right, bool(row.stands_out), found.planted, alone)


def reliance(world: World) -> Iterator[Judged]:
    table = reliance_on_testimony(world.frame).differences
    row = next(table[table["others"] == "any number"].itertuples())
    truth = world.chance({"victim_testimony": True}) - world.chance({"victim_testimony": False})
    yield judged(row, truth.mean())


def matrix(world: World) -> Iterator[tuple[Judged, Judged, float, float]]:
    """Pooled and raw, and how far each estimate lies from the truth."""
    table = evidence_by_defence(world.frame).table
    chance = world.chance()
    for row in table.dropna(subset="pooled").itertuples():
        inside = np.logical_and(
            *(world.there[f] & ~world.hidden[f] for f in (row.evidence, row.defence))
        )
        truth = chance[inside].mean()
        pooled = Judged(row.low - ROUNDING <= truth <= row.high + ROUNDING, None, False, True)
        raw = Judged(row.raw_low - ROUNDING <= truth <= row.raw_high + ROUNDING, None, False, True)
        yield pooled, raw, abs(row.pooled - truth), abs(row.raw - truth)


# ---------------------------------------------------------------- the tables


def share(flags: Sequence[bool]) -> str:
    """How many of 100; a dash where there is nothing to count."""
    return f"{100 * np.mean(flags):.1f}" if len(flags) else "–"


def rows_of(random: Random, setting: Setting, worlds: int) -> tuple[tuple[str, ...], ...]:
    single: list[Judged] = []
    double: list[Judged] = []
    testimony: list[Judged] = []
    cells: list[tuple[Judged, Judged, float, float]] = []
    for _ in range(worlds):
        world = draw_world(random, setting)
        single += effects(world)
        double += pairs(world)
        testimony += reliance(world)
        cells += matrix(world)
    new = [j for j in double if j.planted]
    none = [j for j in double if not j.planted]
    named = [j for j in double if j.told]
    wrong = [not j.planted or not j.right for j in named]
    away = 100 * np.mean([[cell[2], cell[3]] for cell in cells], axis=0)
    return (
        (
            setting.name,
            share([j.holds for j in single]),
            share([bool(j.right) for j in single]),
            share([bool(j.right) for j in single if j.told]),
            share([j.holds for j in testimony]),
        ),
        (
            setting.name,
            share([j.holds for j in double]),
            share([j.holds for j in new]),
            share([j.holds for j in none]),
            share([j.alone for j in new]),
            share([bool(j.right) for j in new]),
            share([j.told for j in new]),
            share(wrong),
        ),
        (
            setting.name,
            share([cell[0].holds for cell in cells]),
            share([cell[1].holds for cell in cells]),
            f"{away[0]:.1f}",
            f"{away[1]:.1f}",
        ),
    )


def tables(random: Random, worlds: int, settings: Sequence[Setting] = SETTINGS) -> list[Table]:
    """One table each for single effects, pairs and the matrix."""
    rows = [rows_of(random, setting, worlds) for setting in settings]
    single, double, cells = zip(*rows, strict=True)
    return [
        Table(
            title=f"Evidence and defence, one by one ({worlds} worlds each)",
            header=("world", "held", "sign", "sign, told", "testimony held"),
            rows=single,
            note=(
                "Held: 95% intervals that hold the planted difference; at least 90 are asked for. "
                "Sign: estimates with the right sign, tiny differences among them. Sign, told: the "
                "same where the interval leaves out 0. Testimony held: the difference with and "
                "without victim testimony."
            ),
        ),
        Table(
            title=f"Pairs of evidence: {NEW_PAIRS} of 28 matter ({worlds} worlds each)",
            header=(
                "world",
                "held",
                "held, planted",
                "held, none",
                "held, alone",
                "sign",
                "named",
                "named wrong",
            ),
            rows=double,
            note=(
                "Held, planted: intervals of the pairs that matter; held, none: of the others. "
                "Held, alone: of those that matter, before they are drawn to zero. "
                "Sign: planted pairs with the right sign. Named: planted pairs that are said to "
                "stand out. Named wrong: of those named, pairs that don't matter or have the "
                "other sign."
            ),
        ),
        Table(
            title=f"Evidence against defence: {NEW_PAIRINGS} of 64 matter ({worlds} worlds each)",
            header=("world", "held, pooled", "held, raw", "away, pooled", "away, raw"),
            rows=cells,
            note=(
                "Held: intervals that hold the mean chance of conviction of the cases of a "
                "pairing. Away: how far an estimate lies from it on average, in percentage points."
            ),
        ),
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evidence_coverage")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="of each kind")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the tables as markdown")
    arguments = parser.parse_args(argv)
    random = np.random.default_rng(arguments.seed)
    print_tables(tables(random, arguments.worlds), arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
