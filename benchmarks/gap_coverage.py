"""How often the figures of a gap hold a planted one, benchmark by benchmark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks.tables import Floats, Random, Table, held, percent, printed
from gapatlas.comparison.counts import Counts
from gapatlas.config import Measure
from gapatlas.gaps.expected import (
    DRAWS,
    best_years,
    count_draws,
    other_years,
    own_draws,
    own_past_draws,
    peer_draws,
)
from gapatlas.gaps.gap import SURE
from gapatlas.statistics import Draws, Shortfall, fit_count_model, ratio_of_counts, shortfall

PLACES = 40
SHARE = 0.3
FEWER = 1 / 3
"""What places with a planted gap convict, of what they would without it."""
YEARS, WINDOW = 15, 5
SPREAD = 0.5
"""Alpha of the worlds of the count model."""


@dataclass(frozen=True)
class Planted:
    """Gaps that were found, and those that are there.

    Attributes:
        found: the figures.
        rate, benchmark: true rates of the places, and what is truly expected of each.
        size: what the rates are multiplied by.
    """

    found: Shortfall
    rate: Floats
    benchmark: Floats
    size: Floats

    @property
    def number(self) -> Floats:
        return (self.benchmark - self.rate) * self.size

    @property
    def known(self) -> Floats:
        return ~np.isnan(self.found.number_from)


World = Callable[[Random, bool], Planted]


def counts_of_ratio(above: Floats, below: Floats, ranges: bool) -> Counts:
    """Counts as they are printed."""
    bounds = [
        end for counts in (above, below) for end in (printed(counts) if ranges else (counts,) * 2)
    ]
    return Counts("ratio", 1, *(b.astype(np.float64) for b in bounds), below >= 0)


def planted_rates(random: Random, places: int) -> Floats:
    """Rates that differ, a fifth of them a third of what they would be."""
    rate = random.gamma(4, SHARE / 4, places)
    rate[::5] *= FEWER
    return rate


def sizes(random: Random, places: int) -> Floats:
    """Sizes of places differ thirtyfold."""
    return np.asarray(np.exp(random.uniform(np.log(7), np.log(200), places)))


def compared(
    counts: Counts, drawn: Draws, rate: Floats, benchmark: Floats, size: Floats
) -> Planted:
    found = shortfall(
        own_draws(counts),
        drawn,
        observed_low=counts.above_low,
        observed_high=counts.above_high,
        size_low=counts.below_low,
        size_high=counts.below_high,
    )
    return Planted(found, rate, benchmark, size)


def of_peers(share: float, group: int) -> World:
    """Peers in groups of a size; expected is the quantile of the true rates of the others."""

    def draw(random: Random, ranges: bool) -> Planted:
        size, rate = sizes(random, PLACES), planted_rates(random, PLACES)
        above, below = random.poisson(rate * size), random.poisson(size) + 1
        counts = counts_of_ratio(above, below, ranges)
        groups = np.arange(PLACES) // group
        others = [np.flatnonzero((groups == own) & (np.arange(PLACES) != at))
                  for at, own in enumerate(groups)]  # fmt: skip
        benchmark = np.array([np.quantile(rate[each], share) for each in others])
        labels = [f"group {number}" for number in groups]
        drawn = peer_draws(counts, labels, share)
        return compared(counts, drawn, rate, benchmark, below.astype(np.float64))

    return draw


def of_own_past(random: Random, ranges: bool) -> Planted:
    """Rates that wander from year to year; in the last five a fifth of the places fall to a
    third. Expected is the true rate of the five years that are picked."""
    size = sizes(random, PLACES)[:, None] / WINDOW
    rate = random.gamma(4, SHARE / 4, PLACES)[:, None] * random.gamma(20, 1 / 20, (PLACES, YEARS))
    rate[::5, -WINDOW:] *= FEWER
    above, below = random.poisson(rate * size), random.poisson(size, rate.shape)
    by_year = counts_of_ratio(above, below, ranges)
    five, single = (windows_of(by_year, length) for length in (WINDOW, 1))
    ids = [f"P{place:02}" for place in range(PLACES)]
    best = best_years(five, ids, YEARS - WINDOW)
    drawn = own_past_draws(best, other_years(single, best, YEARS - WINDOW), MEASURE)
    last = slice(YEARS - WINDOW, YEARS)
    counts = Counts(
        "ratio", 1, *(b[:, last].sum(axis=1) for b in by_year.bounds), np.ones(PLACES, dtype=bool)
    )
    benchmark = np.array(
        [rate[at, int(end) - WINDOW + 1 : int(end) + 1].mean() if end == end else np.nan
         for at, end in enumerate(best["year_to"].astype(float))]
    )  # fmt: skip
    total = below[:, last].sum(axis=1).astype(np.float64)
    return compared(counts, drawn, rate[:, last].mean(axis=1), benchmark, total)


PERSONS = {"stage": "prosecuted", "unit": "persons"}
MEASURE = Measure.model_validate(
    {
        "title": "Persons convicted per person prosecuted",
        "numerator": {**PERSONS, "stage": "convicted"},
        "denominator": PERSONS,
        "per": 1,
        "unit": "persons per person",
        "interval": "ratio_of_counts",
        "level": "country",
        "source": "simulated",
        "definition": "One simulated count divided by another.",
        "caution": "It describes no real place.",
    }
)


def windows_of(counts: Counts, length: int) -> pd.DataFrame:
    """Rows of a frame of measures: every window of the years before the last five."""
    rows = []
    for end in range(length - 1, YEARS - WINDOW):
        inside = slice(end - length + 1, end + 1)
        bounds = [bound[:, inside].sum(axis=1) for bound in counts.bounds]
        low, _ = ratio_of_counts(bounds[0], bounds[3])
        rows.append(
            pd.DataFrame(
                {
                    "jurisdiction_id": [f"P{place:02}" for place in range(PLACES)],
                    "year_from": end - length + 1,
                    "year_to": end,
                    "years_used": length,
                    "numerator_low": bounds[0],
                    "numerator_high": bounds[1],
                    "denominator_low": bounds[2],
                    "denominator_high": bounds[3],
                    "low": low,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def of_model(places: int) -> World:
    """Counts that vary around what people, cases and region say; expected is that mean."""

    def draw(random: Random, ranges: bool) -> Planted:
        people, size = random.normal(0, 1.5, places), sizes(random, places) * 3
        region = np.arange(places) % 3
        terms = np.column_stack(
            [np.ones(places), people, np.log(size), region == 1, region == 2]
        ).astype(np.float64)
        mean = np.exp(terms @ [np.log(SHARE), 0.2, 0.8, -0.5, 0.5])
        rate = mean * random.gamma(1 / SPREAD, SPREAD, places) / size
        above, below = random.poisson(rate * size), np.round(size) + 1
        low, high = printed(above) if ranges else (above, above)
        fit = fit_count_model(low, high, terms, np.ones(places), ("c", "p", "s", "r", "q"))
        if fit is None or not fit.converged:
            return draw(random, ranges)
        counts = counts_of_ratio(above, below, False)
        counts = Counts("rate", 1, low * 1.0, high * 1.0, below, below, counts.reported)
        drawn = count_draws(fit.draws(DRAWS, random), below)
        return compared(counts, drawn, rate * size / below, mean / below, below)

    return draw


WORLDS: dict[str, World] = {
    "median of 4 peers": of_peers(0.5, 5),
    "median of 39 peers": of_peers(0.5, PLACES),
    "best quarter of 4 peers": of_peers(0.75, 5),
    "best quarter of 39 peers": of_peers(0.75, PLACES),
    "own best five of ten years": of_own_past,
    "model of 30 places": of_model(30),
    "model of 60 places": of_model(60),
}


def gaps_table(random: Random, number: int) -> Table:
    """Every benchmark with counts that are exact and with counts below 5 as a range."""

    def row(name: str, *, ranges: bool) -> tuple[str, ...]:
        drawn = [WORLDS[name](random, ranges) for _ in range(max(3, number // PLACES))]
        return (name + (", below 5 printed as 0..4" if ranges else ""), *_cells(drawn))

    return Table(
        title="Gaps: planted figures that the 95% intervals hold, and what is called short",
        header=("benchmark", "number", "ratio", "expected", "wrong side", "missed", "order"),
        rows=tuple(row(name, ranges=ranges) for name in WORLDS for ranges in (False, True)),
        note=(
            "At least 90 of 100 are asked for. Wrong side: places called short or beyond that "
            "truly lie on the other side. Missed: of the places that truly have half of what is "
            "expected or less, those not called short. Order: 100 times the rank correlation of "
            "true and found numbers. With 39 peers the places of a world share one benchmark, so "
            "that their expected counts are right or wrong together and that column varies more "
            "than the others. Ranges make intervals longer: they cover every completion."
        ),
    )


def _cells(worlds: list[Planted]) -> list[str]:
    def over(judge: Callable[[Planted], Floats]) -> Floats:
        return np.concatenate([judge(world)[world.known] for world in worlds])

    number = over(lambda w: _holds(w.found.number_from, w.found.number_to, w.number))
    ratio_ = over(lambda w: _holds(w.found.ratio_from, w.found.ratio_to, w.rate / w.benchmark))
    expected = over(
        lambda w: _holds(w.found.expected_from, w.found.expected_to, w.benchmark * w.size)
    )
    short = over(lambda w: w.found.probability_low >= SURE)
    beyond = over(lambda w: w.found.probability_high <= 1 - SURE)
    truly = over(lambda w: w.rate < w.benchmark)
    half = over(lambda w: w.rate <= w.benchmark / 2)
    wrong = (short & ~truly) | (beyond & truly)
    order = [_order(world) for world in worlds]
    return [
        *(held(hits) for hits in (number, ratio_, expected)),
        percent(wrong),
        f"{100 * (~short[half]).mean():.0f}",
        f"{100 * np.mean(order):.0f}",
    ]


def _holds(low: Floats, high: Floats, truth: Floats) -> Floats:
    return np.asarray((low <= truth) & (truth <= high))


def _order(world: Planted) -> float:
    middle = (world.found.number_low + world.found.number_high) / 2
    return float(stats.spearmanr(middle[world.known], world.number[world.known]).statistic)
