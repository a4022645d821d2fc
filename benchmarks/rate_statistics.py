"""Rates, shrinkage and rank intervals of many places at once, against a loop over places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from benchmarks.bench import Bench
from benchmarks.library import PeerDiffersError, alternating, timed
from benchmarks.report import Row
from gapatlas.statistics import (
    Posterior,
    Shrunken,
    censored_rate,
    censored_ratio,
    eb_ratio,
    lag_adjusted,
    rank_intervals,
)

Floats = NDArray[np.float64]
PLACES, YEARS, DRAWS, SEED = 200, 5, 2000, 11
LAGS = (0.3, 0.5, 0.2)
SAMPLES, EVERY = 20, 4
TARGET = 0.1


@dataclass(frozen=True)
class Places:
    """Counts of places by year; half of the convictions may be known as 0..4 only."""

    low: Floats
    high: Floats
    prosecuted: Floats
    people: Floats


@dataclass(frozen=True)
class Answers:
    """What is asked for of every place: estimates and limits, a row for each."""

    limits: Floats
    ranks: Floats


def draw_places(*, ranges: bool) -> Places:
    """Places whose convictions per prosecution and population differ."""
    random = np.random.default_rng(SEED)
    shape = (PLACES, YEARS)
    prosecuted = random.poisson(random.gamma(2, 20, (PLACES, 1)), shape).astype(np.float64)
    convicted = random.poisson(random.gamma(4, 0.1, (PLACES, 1)) * prosecuted).astype(np.float64)
    hidden = random.random(shape) < 0.5 if ranges else np.zeros(shape, dtype=np.bool_)
    return Places(
        low=np.where(hidden, 0.0, convicted),
        high=np.where(hidden, 4.0, convicted),
        prosecuted=prosecuted,
        people=random.uniform(1e5, 5e7, shape),
    )


def shrunken(places: Places) -> Shrunken:
    """Ratios of all years, drawn to those of all places."""
    low, high, below = (x.sum(axis=1) for x in (places.low, places.high, places.prosecuted))
    return eb_ratio(low, below, numerator_high=high)


def at_once(places: Places) -> Answers:
    """Everything, as the library does it."""
    per_head = censored_rate(places.low, places.high, places.people)
    ratio = censored_ratio(places.low, places.high, places.prosecuted, places.prosecuted)
    lagged = lag_adjusted(places.low, places.prosecuted, LAGS)
    drawn = shrunken(places)
    ranks = rank_intervals(drawn.posterior, draws=DRAWS)
    return Answers(
        limits=np.array(
            [each for found in (per_head, ratio, lagged, drawn) for each in (found.low, found.high)]
        ),
        ranks=np.array([ranks.low, ranks.high], dtype=np.float64),
    )


def place_by_place(places: Places) -> Answers:
    """The same with a loop over places; only the fit of the prior sees all of them."""
    drawn = shrunken(places).posterior
    limits = [limits_of(places, drawn, place) for place in range(PLACES)]
    return Answers(np.array(limits).T, ranks_by_counting(drawn))


def limits_of(places: Places, drawn: Posterior, place: int) -> list[float]:
    """Limits of one place; those of the posterior by scipy's distributions."""
    low, high, below = places.low[place], places.high[place], places.prosecuted[place]
    per_head = censored_rate(low, high, places.people[place])
    ratio = censored_ratio(low, high, below, below)
    lagged = lag_adjusted(low, below, LAGS)
    ends = (
        stats.betaprime(drawn.above_low[place], drawn.below_high[place]).ppf(0.025),
        stats.betaprime(drawn.above_high[place], drawn.below_low[place]).ppf(0.975),
    )
    found = (per_head, ratio, lagged)
    return [float(each) for one in found for each in (one.low, one.high)] + [*map(float, ends)]


def ranks_by_counting(drawn: Posterior) -> Floats:
    """Limits of ranks, each place held against all others in each draw."""
    low, high = drawn.draws(DRAWS, np.random.default_rng(0))
    best, worst = [], []
    for place in range(PLACES):
        others = np.arange(PLACES) != place
        best.append(1 + (low[:, others] > high[:, [place]]).sum(axis=1))
        worst.append(1 + (high[:, others] > low[:, [place]]).sum(axis=1))
    tails = np.quantile(best, 0.025, axis=1), np.quantile(worst, 0.975, axis=1)
    return np.array(tails)


def check_same(ours: Answers, peer: Answers) -> None:
    """Refuse a comparison of the speed of different answers.

    Raises:
        PeerDiffersError: limits that differ, ranks more than one apart (of two neighbouring
            draws either may be the quantile, and a rank interval holds the rank itself).
    """
    if not np.allclose(ours.limits, peer.limits, rtol=1e-4):
        raise PeerDiffersError("limits differ between all places at once and place by place")
    if np.mean(np.abs(ours.ranks - peer.ranks) > 1) > 0.01:
        raise PeerDiffersError("ranks differ between all places at once and place by place")


def statistics_rows(_bench: Bench) -> list[Row]:
    """All counts exact, and half of them known as 0..4."""
    rows = []
    for what, ranges in (("all counts exact", False), ("half of the counts 0..4", True)):
        places = draw_places(ranges=ranges)
        check_same(at_once(places), place_by_place(places))
        ours, peer = alternating(
            [timed(bound(at_once, places)), timed(bound(place_by_place, places), every=EVERY)],
            SAMPLES,
        )
        rows.append(
            Row(
                f"rates, shrinkage and rank intervals ({DRAWS:,} draws) of {PLACES} places, "
                f"{what}; peer: the same place by place",
                "s",
                ours,
                peer,
                TARGET,
            )
        )
    return rows


def bound(answer: Callable[[Places], Answers], places: Places) -> Callable[[], Answers]:
    return lambda: answer(places)
