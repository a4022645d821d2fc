"""What a benchmark lets one expect of each place: draws of a rate, place by place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gapatlas.comparison.counts import Counts, counts_of
from gapatlas.config import Measure
from gapatlas.statistics import Draws, quantile_of_others
from gapatlas.statistics.checks import Floats
from gapatlas.statistics.ranks import Ints

DRAWS = 2000
SEED = 20
OWN_YEARS = 5
FEWEST_OWN_YEARS = 3
"""Reported years of a place's own best five that are asked for."""


def own_draws(counts: Counts, seed: int = SEED) -> Draws:
    """Rates of the places from their own counts alone, as odds for a share."""
    low, high = counts.posterior().draws(DRAWS, np.random.default_rng(seed))
    return Draws(low, high)


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
        drawn = _shrunken_draws(counts, members, SEED + 1 + number)
        together = np.full(len(members), "together")
        low[:, members] = quantile_of_others(drawn.low, together, share)
        high[:, members] = quantile_of_others(drawn.high, together, share)
    return Draws(low, high)


def listed_draws(counts: Counts, ids: Sequence[str], own: Sequence[str], share: float) -> Draws:
    """A quantile over a reader's own list, for every place; a place on the list is compared with
    the others on it."""
    members = np.flatnonzero(pd.Series(list(ids)).isin(list(own)))
    low, high = (np.full((DRAWS, len(ids)), np.nan) for _ in range(2))
    if len(members) == 0:
        return Draws(low, high)
    drawn = _shrunken_draws(counts, members, SEED + 1)
    for kept, of_list in ((low, drawn.low), (high, drawn.high)):
        kept[:] = np.quantile(of_list, share, axis=1)[:, None]
        kept[:, members] = quantile_of_others(of_list, np.full(len(members), "list"), share)
    return Draws(low, high)


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


def own_past_draws(best: pd.DataFrame, measure: Measure) -> Draws:
    """Rates of the places in their best years, from the counts of those years alone."""
    known = np.flatnonzero(best["numerator_low"].notna())
    low, high = (np.full((DRAWS, len(best)), np.nan) for _ in range(2))
    if len(known):
        drawn = own_draws(counts_of(best.iloc[known], measure), SEED + 1)
        low[:, known], high[:, known] = drawn.low, drawn.high
    return Draws(low, high)


def in_unit(draws: Draws, counts: Counts) -> Draws:
    """Draws as rates: odds become shares where the measure is one."""
    return draws.map(counts.posterior().in_unit)


def count_draws(expected: Floats, size: Floats) -> Draws:
    """Rates from draws of expected counts."""
    return Draws(expected / size, expected / size)


def _shrunken_draws(counts: Counts, members: Ints, seed: int) -> Draws:
    low, high = counts.of(members).shrunken().posterior.draws(DRAWS, np.random.default_rng(seed))
    return Draws(low, high)
