"""What a benchmark lets one expect of each place: draws of a rate, place by place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

import numpy as np
import pandas as pd

from gapatlas.comparison.counts import Counts, counts_of
from gapatlas.config import Measure
from gapatlas.statistics import Draws, Kind, alike_draws, posterior, quantile_of_others
from gapatlas.statistics.checks import Floats
from gapatlas.statistics.ranks import Ints
from gapatlas.statistics.shortfall import FEWEST_OTHERS

DRAWS = 2000
SEED = 20
OWN_YEARS = 5
BOUNDS = ("numerator_low", "numerator_high", "denominator_low", "denominator_high")
FEWEST_OWN_YEARS = 3
"""Reported years of a place's own best five that are asked for."""


def own_draws(counts: Counts, seed: int = SEED) -> Draws:
    """Rates of the places from their own counts alone; kept, since every benchmark needs them."""
    return _own_draws(counts.kind, seed, *_as_bytes(counts))


def peer_draws(counts: Counts, groups: Sequence[str], share: float) -> Draws:
    """A quantile over the other places of each place's group.

    The rates of a group are drawn towards the rate of all of it first: small counts scatter, and
    raw ones would put the best quarter too high.

    Args:
        counts: of the places.
        groups: words of each place's group; an empty text belongs to none.
        share: of the others that lie below.
    """
    low, high = (np.full((DRAWS, len(groups)), np.nan) for _ in range(2))
    labels = np.asarray(list(groups), dtype=object)
    for number, label in enumerate(sorted({label for label in groups if label})):
        members = np.flatnonzero(labels == label)
        if len(members) <= FEWEST_OTHERS:
            continue
        drawn = _drawn_together(counts, members, SEED + 1 + number)
        found = drawn.map(partial(_of_others, share=share))
        low[:, members], high[:, members] = found.low, found.high
    return Draws(low, low if counts.exact else high)


def listed_draws(counts: Counts, ids: Sequence[str], own: Sequence[str], share: float) -> Draws:
    """A quantile over a reader's own list, for every place; a place on the list is compared with
    the others on it. Fewer than three others are no benchmark."""
    members = np.flatnonzero(pd.Series(list(ids)).isin(list(own)))
    if len(members) < FEWEST_OTHERS:
        return no_draws(len(ids))

    def of_list(rates: Floats) -> Floats:
        found = np.tile(np.quantile(rates, share, axis=1)[:, None], len(ids))
        found[:, members] = _of_others(rates, share)
        return found

    return _drawn_together(counts, members, SEED + 1).map(of_list)


def _of_others(rates: Floats, share: float) -> Floats:
    return quantile_of_others(rates, np.full(rates.shape[1], "together"), share)


def best_years(windows: pd.DataFrame, ids: Sequence[str], before: int) -> pd.DataFrame:
    """The best five earlier years of each place: the window whose interval starts highest.

    The highest value alone would often be a small count that chance has raised.

    Args:
        windows: rows of a `MeasureFrame` of windows of five years.
        ids: places.
        before: windows end before this year.

    Returns:
        Rows of `windows`, one per place in the order of `ids`; missing where a place has no
        window with at least three reported years.
    """
    earlier = (windows["year_to"] < before) & (windows["years_used"] >= FEWEST_OWN_YEARS)
    known = windows[earlier & np.isfinite(windows["low"].astype("float64"))]
    best = known.sort_values("low", ascending=False).drop_duplicates("jurisdiction_id")
    return best.set_index("jurisdiction_id", drop=False).reindex(list(ids))


def other_years(yearly: pd.DataFrame, best: pd.DataFrame, before: int) -> pd.DataFrame:
    """Counts of each place in all its earlier years but the best five, added up.

    Args:
        yearly: rows of a `MeasureFrame` of single years.
        best: rows of `best_years`, indexed by place.
        before: years are before this one.

    Returns:
        Bounds of the counts, one row per place of `best` in its order; missing where a place
        reports no such year.
    """
    earlier = yearly[(yearly["year_to"] < before) & (yearly["years_used"] > 0)]
    span = best[["year_from", "year_to"]].reindex(earlier["jurisdiction_id"])
    year = earlier["year_to"].to_numpy()
    outside = (year < span["year_from"].to_numpy()) | (year > span["year_to"].to_numpy())
    added = earlier[outside].groupby("jurisdiction_id")[list(BOUNDS)].sum()
    return added.reindex(best.index)


def own_past_draws(best: pd.DataFrame, others: pd.DataFrame, measure: Measure) -> Draws:
    """Rates of the places in their best years.

    Of several periods the best is partly so by chance. Its rate is drawn towards that of the
    place's other earlier years, a lot where the two could be alike.

    Args:
        best: rows of `best_years`.
        others: rows of `other_years`, in the same order.
        measure: of both.
    """
    known = np.flatnonzero(best["numerator_low"].notna())
    low, high = (np.full((DRAWS, len(best)), np.nan) for _ in range(2))
    if len(known):
        periods = [counts_of(table.iloc[known], measure) for table in (best, others)]
        stacked = [np.stack(bounds) for bounds in zip(*(p.bounds for p in periods), strict=True)]
        drawn = _past_draws(periods[0].kind, *(bounds.tobytes() for bounds in stacked))
        low[:, known], high[:, known] = drawn.low, drawn.high
    return Draws(low, high)


def no_draws(places: int) -> Draws:
    """No benchmark for any place."""
    nothing = np.full((DRAWS, places), np.nan)
    return Draws(nothing, nothing)


def count_draws(expected: Floats, size: Floats) -> Draws:
    """Rates from draws of expected counts."""
    rates = expected / size
    return Draws(rates, rates)


def _drawn_together(counts: Counts, members: Ints, seed: int) -> Draws:
    """Rates of places of one kind; kept, since one set of peers serves several benchmarks."""
    return _alike_draws(counts.kind, seed, *_as_bytes(counts.of(members)))


def _as_bytes(counts: Counts) -> tuple[bytes, ...]:
    return tuple(bound.tobytes() for bound in counts.bounds)


@lru_cache(maxsize=16)
def _own_draws(kind: Kind, seed: int, *buffers: bytes) -> Draws:
    above_low, above_high, below_low, below_high = map(np.frombuffer, buffers)
    own = posterior(kind, above_low, below_low, above_high=above_high, below_high=below_high)
    return _unchanging(Draws(*own.draws(DRAWS, np.random.default_rng(seed))).map(own.in_unit))


@lru_cache(maxsize=64)
def _alike_draws(kind: Kind, seed: int, *buffers: bytes) -> Draws:
    return _unchanging(Draws(*_alike(kind, seed, [np.frombuffer(b) for b in buffers])))


@lru_cache(maxsize=8)
def _past_draws(kind: Kind, *buffers: bytes) -> Draws:
    """Draws of the first of two periods, place by place."""
    bounds = [np.frombuffer(buffer).reshape(2, -1) for buffer in buffers]
    places = range(bounds[0].shape[1])
    drawn = [_alike(kind, SEED + 1 + place, [b[:, place] for b in bounds]) for place in places]
    low, high = (np.column_stack([pair[end][:, 0] for pair in drawn]) for end in (0, 1))
    return _unchanging(Draws(low, high))


def _alike(kind: Kind, seed: int, bounds: list[Floats]) -> tuple[Floats, Floats]:
    above_low, above_high, below_low, below_high = bounds
    return alike_draws(
        kind,
        above_low,
        below_low,
        above_high=above_high,
        below_high=below_high,
        number=DRAWS,
        seed=seed,
    )


def _unchanging(draws: Draws) -> Draws:
    for kept in (draws.low, draws.high):
        kept.setflags(write=False)
    return draws
