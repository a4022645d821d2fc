"""`python -m benchmarks.coverage`: how often intervals hold the truth, in simulated worlds.

Every world is drawn from a known truth; the tables say how often the answers hold it. Numbers are
per cent. A plus marks intervals that are longer than they have to be (the truth lies in them more
often than in 97 of 100), a minus those that are too short (less often than in 93 of 100).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.gap_coverage import gaps_table
from benchmarks.tables import Floats, Random, Table, held, percent, print_tables, printed
from gapatlas.statistics import (
    DISPERSIONS,
    Estimate,
    Shrunken,
    byar,
    censored_rate,
    censored_ratio,
    eb_beta_binomial,
    eb_gamma_poisson,
    eb_ratio,
    funnel_limits,
    lag_adjusted,
    prob_higher,
    rank_intervals,
    ratio_of_counts,
    trend_signal,
    wilson,
)

SIMULATIONS, SEED = 4000, 20_240_601
COUNTS = (5, 10, 20, 50, 100, 500)
YEARS, MANY_YEARS = 3, 10
SHARE, RATIO = 0.3, 0.5
LAGS = (0.3, 0.5, 0.2)
PLACES = (30, 200)


def holds(limits: tuple[Floats, Floats] | Estimate | Shrunken, truth: float | Floats) -> Floats:
    """Whether each interval holds the truth."""
    low, high = limits if isinstance(limits, tuple) else (limits.low, limits.high)
    return np.asarray((low <= truth) & (truth <= high))


# ---------------------------------------------------------------- intervals of one place


def by_wilson(random: Random, count: int, number: int) -> Floats:
    total = round(count / SHARE)
    return holds(wilson(random.binomial(total, SHARE, number), np.full(number, total)), SHARE)


def by_byar(random: Random, count: int, number: int) -> Floats:
    return holds(byar(random.poisson(count, number), np.ones(number)), count)


def by_ratio_of_counts(random: Random, count: int, number: int) -> Floats:
    above, below = random.poisson(count, number), random.poisson(count / RATIO, number)
    return holds(ratio_of_counts(above, below), RATIO)


def by_lag_adjusted(random: Random, count: int, number: int) -> Floats:
    """Levels of prosecution differ from year to year; the first years only feed later ones."""
    years = YEARS + len(LAGS) - 1
    level = random.uniform(0.5, 1.5, (number, years))
    due = sum(share * level[:, len(LAGS) - 1 - lag : years - lag] for lag, share in enumerate(LAGS))
    level *= (count / RATIO / due.sum(axis=1))[:, None]
    due *= (count / RATIO / due.sum(axis=1))[:, None]
    convicted = np.concatenate(
        [np.zeros((number, len(LAGS) - 1)), random.poisson(RATIO * due)], axis=1
    )
    return holds_lagged(convicted, random.poisson(level))


def holds_lagged(convicted: Floats, prosecuted: Floats) -> Floats:
    found = lag_adjusted(convicted, prosecuted, LAGS)
    return np.asarray((found.low <= RATIO) & (found.high >= RATIO))


def by_censored_rate(random: Random, count: int, number: int) -> Floats:
    low, high = printed(random.poisson(count / YEARS, (number, YEARS)))
    return holds(censored_rate(low, high, np.full(low.shape, 1 / YEARS)), count)


def by_censored_ratio(random: Random, count: int, number: int, years: int = YEARS) -> Floats:
    above = printed(random.poisson(count / years, (number, years)))
    below = printed(random.poisson(count / years / RATIO, (number, years)))
    return holds(censored_ratio(*above, *below), RATIO)


def by_many_years(random: Random, count: int, number: int) -> Floats:
    return by_censored_ratio(random, count, number, MANY_YEARS)


INTERVALS: dict[str, Callable[[Random, int, int], Floats]] = {
    "wilson": by_wilson,
    "byar": by_byar,
    "ratio_of_counts": by_ratio_of_counts,
    "lag_adjusted, 3 years drawing on 5": by_lag_adjusted,
    "censored_rate, 3 years, below 5 printed as 0..4": by_censored_rate,
    "censored_ratio, 3 years, below 5 printed as 0..4": by_censored_ratio,
    "censored_ratio, 10 years, below 5 printed as 0..4": by_many_years,
}


def intervals_table(random: Random, number: int) -> Table:
    return Table(
        title="95% intervals of one place, by the expected count above the line",
        header=("interval", *(str(count) for count in COUNTS)),
        rows=tuple(
            (name, *(held(simulate(random, count, number)) for count in COUNTS))
            for name, simulate in INTERVALS.items()
        ),
        note=(
            "Exact intervals (byar below ten events, ratio_of_counts) promise at least 95 of 100 "
            "for every truth; counts come in whole steps, so with few of them they are longer "
            "than they would have to be. The lag-adjusted interval is built on the one of ratios. "
            "With ranges, the interval of the likelihood is an approximation: too long while most "
            "years are a range that reaches down to zero, since such a year says little, and one "
            "or two in 100 short where some years are a range and some a small count."
        ),
    )


# ---------------------------------------------------------------- many places


@dataclass(frozen=True)
class World:
    """Places with a known truth: counts above the line, what they are divided by, true rates."""

    kind: str
    above: NDArray[np.int64]
    below: NDArray[np.int64]
    truth: Floats

    def shrunken(self, *, ranges: bool = False) -> Shrunken:
        low, high = printed(self.above) if ranges else (self.above, self.above)
        if self.kind == "rate":
            return eb_gamma_poisson(low, self.below, count_high=high)
        if self.kind == "share":
            return eb_beta_binomial(low, self.below, count_high=np.minimum(high, self.below))
        return eb_ratio(low, self.below, numerator_high=high)


def draw_world(random: Random, kind: str, places: int) -> World:
    """Sizes of places differ thirtyfold; expected counts run from about 2 to 60."""
    size = np.exp(random.uniform(np.log(7), np.log(200), places)).round().astype(np.int64)
    if kind == "rate":
        rate = random.gamma(4, SHARE / 4, places)
        return World(kind, random.poisson(rate * size), size, rate)
    share = random.beta(4, 4 * (1 - SHARE) / SHARE, places)
    above = random.binomial(size, share)
    if kind == "share":
        return World(kind, above, size, share)
    return World(kind, above, size - above, share / (1 - share))


def worlds(random: Random, kind: str, places: int, number: int) -> list[World]:
    """As many worlds as hold about `number` places."""
    return [draw_world(random, kind, places) for _ in range(max(2, number // places))]


SHRUNKEN = {"rate": "eb_gamma_poisson", "share": "eb_beta_binomial", "ratio": "eb_ratio"}


def shrinkage_table(random: Random, number: int) -> Table:
    def row(kind: str, *, ranges: bool) -> tuple[str, ...]:
        cells = []
        for places in PLACES:
            drawn = worlds(random, kind, places, 3 * number)
            hits = [holds(world.shrunken(ranges=ranges), world.truth) for world in drawn]
            cells.append(held(np.concatenate(hits)))
        return (SHRUNKEN[kind] + (", below 5 printed as 0..4" if ranges else ""), *cells)

    return Table(
        title="95% intervals of shrunken rates, over places of worlds drawn from the prior",
        header=("function", *(f"{places} places" for places in PLACES)),
        rows=tuple(row(kind, ranges=ranges) for kind in SHRUNKEN for ranges in (False, True)),
        note=(
            "The fitted prior is taken as known: with 30 places intervals are one or two in 100 "
            "short, with 200 they are not. Ranges make them longer: they cover both ends."
        ),
    )


def ranks_table(random: Random, number: int) -> Table:
    def row(kind: str, *, ranges: bool) -> tuple[str, ...]:
        cells = []
        for places in PLACES:
            hits, widths = [], []
            for world in worlds(random, kind, places, number):
                true = np.argsort(np.argsort(-world.truth)) + 1
                after = world.shrunken(ranges=ranges).posterior
                found = rank_intervals(after, draws=1000, seed=int(random.integers(2**31)))
                hits.append((found.low <= true) & (true <= found.high))
                widths.append((found.high - found.low + 1) / places)
            cells += [held(np.concatenate(hits)), f"{100 * np.mean(np.concatenate(widths)):.0f}"]
        return (kind + (", below 5 printed as 0..4" if ranges else ""), *cells)

    return Table(
        title="Rank intervals that hold the true rank, and how much of the table they span",
        header=(
            "kind",
            *(name for n in PLACES for name in (f"{n} places", f"span, {n} places")),
        ),
        rows=tuple(row(kind, ranges=ranges) for kind in SHRUNKEN for ranges in (False, True)),
        note=(
            "At least 90 of 100 are asked for. With few places ranks move in large steps, and "
            "ranges are taken at their worst: both make the intervals longer than 95 of 100 need."
        ),
    )


def pairs_table(random: Random, number: int) -> Table:
    """Pairs of neighbours in worlds of 200 places."""
    edges = np.array([0, 0.1, 0.3, 0.5, 0.7, 0.9, 1])

    def row(kind: str) -> tuple[str, ...]:
        said, true = [], []
        for world in worlds(random, kind, PLACES[-1], 3 * number):
            after = world.shrunken().posterior
            first, second = slice(0, None, 2), slice(1, None, 2)
            found = prob_higher(
                after[first], after[second], draws=2000, seed=int(random.integers(2**31))
            )
            said.append(found.probability_low)
            true.append(world.truth[first] > world.truth[second])
        probability, higher = np.concatenate(said), np.concatenate(true)
        cells = []
        for low, high in pairwise(edges):
            within = (probability >= low) & (probability <= high)
            cells.append(
                f"{100 * probability[within].mean():.0f} → {percent(higher[within])}"
                if within.any()
                else "–"
            )
        return (kind, *cells)

    names = [f"{low:.0%} to {high:.0%}" for low, high in pairwise(edges)]
    return Table(
        title="prob_higher: mean probability said → pairs in which the first is higher",
        header=("kind", *names),
        rows=tuple(row(kind) for kind in SHRUNKEN),
        note="The two numbers of a cell should agree.",
    )


# ---------------------------------------------------------------- false alarms


EXPECTED = (1, 5, 20, 100)
FUNNEL_PLACES = 100


def funnel_table(random: Random, number: int) -> Table:
    """Worlds of 100 places that all have one rate; sizes differ by a factor of nine."""

    def row(kind: str, dispersion: str) -> tuple[str, ...]:
        cells = []
        for expected in EXPECTED:
            beyond = []
            for _ in range(max(2, 3 * number // FUNNEL_PLACES)):
                share = random.uniform(1 / 3, 3, FUNNEL_PLACES)
                size = (expected / SHARE * share / share.mean()).round() + 1
                draw = random.poisson(SHARE * size) if kind == "rate" else None
                count = random.binomial(size.astype(int), SHARE) if draw is None else draw
                beyond.append(funnel_limits(kind, count, size, dispersion=dispersion).position)
            positions = np.abs(np.concatenate(beyond))
            cells += [percent(positions >= 1), f"{100 * (positions == 2).mean():.2f}"]
        return (f"{kind}, {dispersion}", *cells)

    return Table(
        title="Places beyond the limits of a funnel although all have one rate",
        header=(
            "kind, dispersion",
            *(name for n in EXPECTED for name in (f"{n} expected: 95%", "99.8%")),
        ),
        rows=tuple(row(kind, each) for kind in ("rate", "share") for each in DISPERSIONS),
        note=(
            "Nominal are 5 and 0.20. The limits let at most that share through, and less where "
            "few cases are expected, because counts come in whole steps. Limits for places that "
            "vary more than chance are never narrower than those for places that do not."
        ),
    )


LENGTHS = (5, 7, 10, 20)


def trend_table(random: Random, number: int) -> Table:
    def row(expected: int) -> tuple[str, ...]:
        cells = []
        for years in LENGTHS:
            counts = random.poisson(expected, (number, years))
            found = trend_signal("rate", counts, np.ones(counts.shape))
            cells.append(percent(found.verdict != "none"))
        return (str(expected), *cells)

    return Table(
        title="Series with a signal although nothing changed",
        header=("expected count each year", *(f"{years} years" for years in LENGTHS)),
        rows=tuple(row(expected) for expected in EXPECTED),
        note=(
            "Each year has at most 2 chances in 1,000 to lie beyond its limits, and long series "
            "have a run of eight by chance: a signal is a reason to look, not a proof."
        ),
    )


TABLES: dict[str, Callable[[Random, int], Table]] = {
    "intervals": intervals_table,
    "shrinkage": shrinkage_table,
    "ranks": ranks_table,
    "pairs": pairs_table,
    "funnel": funnel_table,
    "trend": trend_table,
    "gaps": gaps_table,
}


def simulate(names: Sequence[str], number: int, seed: int) -> list[Table]:
    """The named tables; each has a generator of its own, so that it is the same alone."""
    streams = dict(zip(TABLES, np.random.SeedSequence(seed).spawn(len(TABLES)), strict=True))
    return [TABLES[name](np.random.default_rng(streams[name]), number) for name in names]


def main(argv: Sequence[str] | None = None) -> int:
    """Simulate what was asked for and print it as markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(TABLES), default=list(TABLES))
    parser.add_argument("--simulations", type=int, default=SIMULATIONS, metavar="NUMBER")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the tables as markdown")
    arguments = parser.parse_args(argv)
    tables = simulate(arguments.only, arguments.simulations, arguments.seed)
    print_tables(tables, arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
