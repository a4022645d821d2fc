"""Figures of a measure as the statistics want them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from gapatlas.config import Measure
from gapatlas.config.models import IntervalKind
from gapatlas.statistics import (
    Difference,
    Estimate,
    Kind,
    Posterior,
    Ranks,
    Shrunken,
    censored_rate,
    censored_ratio,
    censored_share,
    eb_beta_binomial,
    eb_gamma_poisson,
    eb_ratio,
    indistinguishable_groups,
    posterior,
    prob_higher,
    rank_intervals,
)
from gapatlas.statistics.checks import Bools, Floats
from gapatlas.statistics.ranks import Ints

KINDS: Final[dict[IntervalKind, Kind]] = {
    "byar": "rate",
    "ratio_of_counts": "ratio",
    "wilson": "share",
}


@dataclass(frozen=True)
class Counts:
    """Bounds of the counts of several figures.

    Attributes:
        kind: what the figures are.
        per: the value is count above / count below times this number.
        above_low, above_high, below_low, below_high: bounds, all of one shape; 0 where there is
            no figure. Expected counts of a lag are taken for plain ones, which leaves intervals a
            little wider than needed.
        reported: which figures there are.
    """

    kind: Kind
    per: int
    above_low: Floats
    above_high: Floats
    below_low: Floats
    below_high: Floats
    reported: Bools

    @property
    def bounds(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Bounds above the line, then below it."""
        return self.above_low, self.above_high, self.below_low, self.below_high

    def of(self, rows_: Ints) -> Counts:
        """The counts of some figures, by their positions."""
        return _counts_from(self.kind, self.per, [bound[rows_] for bound in self.bounds])

    @property
    def exact(self) -> bool:
        """Whether no count is a range."""
        return bool(
            np.array_equal(self.above_low, self.above_high)
            and np.array_equal(self.below_low, self.below_high)
        )

    @property
    def mostly_open(self) -> Bools:
        """Whether more than half of the reported years, on the last axis, have a range from zero
        up, above or below the line."""
        open_years = self.reported & (
            ((self.above_low == 0) & (self.above_high > 0))
            | ((self.below_low == 0) & (self.below_high > 0))
        )
        return np.asarray(2 * open_years.sum(axis=-1) > self.reported.sum(axis=-1))

    @property
    def size_low(self) -> Floats:
        """What a funnel and a control chart take for size: for a ratio both counts together."""
        return self.below_low + self.above_low if self.kind == "ratio" else self.below_low

    @property
    def size_high(self) -> Floats:
        """Upper bound of `size_low`."""
        return self.below_high + self.above_high if self.kind == "ratio" else self.below_high

    def posterior(self) -> Posterior:
        """What the counts alone say of each rate."""
        return posterior(
            self.kind,
            self.above_low,
            self.below_low,
            above_high=self.above_high,
            below_high=self.below_high,
        )

    def shrunken(self) -> Shrunken:
        """Each rate drawn towards that of all."""
        if self.kind == "rate":
            return eb_gamma_poisson(self.above_low, self.below_low, count_high=self.above_high)
        if self.kind == "ratio":
            return eb_ratio(
                self.above_low,
                self.below_low,
                numerator_high=self.above_high,
                denominator_high=self.below_high,
            )
        return eb_beta_binomial(
            self.above_low, self.below_low, count_high=self.above_high, total_high=self.below_high
        )

    def likelihood(self) -> Estimate:
        """Estimate over the last axis, the years.

        An expected count of a lag lies between two whole ones, and could be either.
        """
        if self.kind == "rate":
            return censored_rate(
                self.above_low, self.above_high, self.below_low, reported=self.reported
            )
        estimate = censored_ratio if self.kind == "ratio" else censored_share
        return estimate(
            self.above_low,
            self.above_high,
            np.floor(self.below_low),
            np.ceil(self.below_high),
            reported=self.reported,
        )


def difference(first: Counts, second: Counts) -> Difference:
    """How likely the first of two places is higher, from their own counts alone; kept, since
    its draws take longer than a page should."""
    return _difference(
        first.kind, *(bound.tobytes() for c in (first, second) for bound in c.bounds)
    )


@lru_cache(maxsize=1024)
def _difference(kind: Kind, *buffers: bytes) -> Difference:
    bounds = [np.frombuffer(buffer) for buffer in buffers]
    first, second = (_counts_from(kind, 1, part) for part in (bounds[:4], bounds[4:]))
    return prob_higher(first.posterior(), second.posterior())


@dataclass(frozen=True)
class Judged:
    """What can be said of several places together, whichever of them is asked about."""

    shrunken: Shrunken
    ranks: Ranks
    groups: Ints


def judged(counts: Counts, draws: int) -> Judged:
    """Shrinkage, ranks and groups of places.

    The places of a region are one set, whichever of them a reader asks about: what holds for the
    set is computed once and kept.
    """
    return _judged(counts.kind, draws, *(bound.tobytes() for bound in counts.bounds))


@lru_cache(maxsize=256)
def _judged(kind: Kind, draws: int, *buffers: bytes) -> Judged:
    shrunken = _counts_from(kind, 1, [np.frombuffer(buffer) for buffer in buffers]).shrunken()
    return Judged(
        shrunken=shrunken,
        ranks=rank_intervals(shrunken.posterior, draws=draws),
        groups=indistinguishable_groups(shrunken.posterior, draws=draws),
    )


def _counts_from(kind: Kind, per: int, bounds: Sequence[Floats]) -> Counts:
    above_low, above_high, below_low, below_high = bounds
    reported = np.ones(len(above_low), dtype=np.bool_)
    return Counts(kind, per, above_low, above_high, below_low, below_high, reported)


def counts_of(data: pd.DataFrame, measure: Measure) -> Counts:
    """Counts of the rows of a `MeasureFrame`, in their order."""
    bounds = {
        side: data[side].to_numpy(dtype=np.float64, na_value=np.nan)
        for side in ("numerator_low", "numerator_high", "denominator_low", "denominator_high")
    }
    reported = np.isfinite(bounds["numerator_low"]) & np.isfinite(bounds["denominator_low"])
    return _counts(measure, reported, [np.where(reported, b, 0.0) for b in bounds.values()])


def counts_by_year(
    data: pd.DataFrame, measure: Measure, ids: list[str], years: list[int]
) -> Counts:
    """Counts of single years as arrays of places by years; what has no row is not reported."""
    flat = counts_of(data, measure)
    row = pd.Index(ids).get_indexer(pd.Index(data["jurisdiction_id"]))
    column = pd.Index(years).get_indexer(pd.Index(data["year_to"].astype(int)))
    inside = (row >= 0) & (column >= 0)

    def grid(values: Floats) -> Floats:
        table = np.zeros((len(ids), len(years)))
        table[row[inside], column[inside]] = values[inside]
        return table

    bounds = (flat.above_low, flat.above_high, flat.below_low, flat.below_high)
    reported = grid(flat.reported.astype(np.float64)) > 0
    return _counts(measure, reported, [grid(bound) for bound in bounds])


def _counts(measure: Measure, reported: Bools, bounds: Sequence[Floats]) -> Counts:
    above_low, above_high, below_low, below_high = bounds
    kind = KINDS[measure.interval]
    if kind == "share":  # a part that exceeds its whole is no completion
        above_high = np.minimum(above_high, below_high)
    return Counts(kind, measure.per, above_low, above_high, below_low, below_high, reported)
