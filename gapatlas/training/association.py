"""Do counts move with a treatment that comes and goes? An association, and what to doubt in it.

Counts are compared within a place (so that what is lasting about it drops out) and within a year
(so that what all places share drops out): Poisson regression with effects of place and year.
Counts that are known as a range are filled in at their low and at their high ends; for the ratio
itself also in the two ways that move it furthest down and up. What is given covers all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.errors import Problem, TooLittleDataError
from gapatlas.languages import worded
from gapatlas.training.fixed_effects import CLOSE, Grid, Mask, fit_many
from gapatlas.training.panel import Panel
from gapatlas.training.poisson import Regression, informative, jackknifed, regress

FEWEST_CHANGING: Final = 5
"""Places whose treatment changes, below which no interval can be trusted."""
SHUFFLES: Final = 400
SEED: Final = 20240229
LEADS: Final = 3
LAGS: Final = 3
ROUNDS: Final = 10
PER_BATCH: Final = 100
"""Shuffles that are fitted at a time: more would only take more memory."""
TERM: Final = "treatment"
LEAD: Final = "next_year"


@dataclass(frozen=True)
class Ratio:
    """Counts with treatment, divided by counts without, other things equal.

    Attributes:
        least, most: the ratio, over the ways in which counts in ranges are filled in.
        low, high: the 95% interval, over the same.
    """

    least: float
    most: float
    low: float
    high: float

    @property
    def differs(self) -> bool:
        """Whether the interval leaves out 1, no difference."""
        return self.low > 1 or self.high < 1


@dataclass(frozen=True)
class Sample:
    """What a fit rests on.

    Attributes:
        changing: places with years both with and without treatment: these alone tell of it.
        steady: places that are always or never treated: they show what a year is like.
        without_cases: places whose counts are 0 in every year, or can be: they drop out where
            they are.
        single_year: places with one usable year: they drop out.
        place_years: cells in use.
        years: first and last year of the counts in use.
    """

    changing: tuple[str, ...]
    steady: tuple[str, ...]
    without_cases: tuple[str, ...]
    single_year: tuple[str, ...]
    place_years: int
    years: tuple[int, int]

    @property
    def places(self) -> int:
        """How many places are in use."""
        return len(self.changing) + len(self.steady)


@dataclass(frozen=True)
class Shuffled:
    """What becomes of the ratio when treatment histories change hands between places.

    Attributes:
        as_far: shuffles in which the ratio is at least as far from 1.
        shuffles: how many were made.
    """

    as_far: int
    shuffles: int

    @property
    def share(self) -> float:
        """Share of shuffles at least as far from 1, the real order counted among them."""
        return (self.as_far + 1) / (self.shuffles + 1)


@dataclass(frozen=True)
class LeftOut:
    """The ratio with one place left out: the lowest and highest, and whose absence makes them."""

    low: float
    low_without: str
    high: float
    high_without: str


@dataclass(frozen=True)
class Curve:
    """Ratios by distance in years from the treatment.

    Attributes:
        steps: one row per distance: step (years after the treatment, negative before it), least,
            most, low, high, places (with a count at that distance), before.
        pre_trend: how often chance alone brings ratios before the treatment this far from 1, taken
            together: the highest over the ways in which counts in ranges are filled in (an
            intensity: at their middle); NaN without any.
        years: first and last year of the counts in use.
    """

    steps: pd.DataFrame
    pre_trend: float
    years: tuple[int, int]


@dataclass(frozen=True)
class Placebo:
    """The ratio that goes with what is still to come, and the years of the counts in use."""

    ratio: Ratio
    years: tuple[int, int]


def ratio_with_treatment(panel: Panel, lag: int) -> tuple[Ratio, Sample]:
    """The ratio that goes with one more unit of treatment `lag` years before.

    Raises:
        TooLittleDataError: the treatment changes in fewer than 5 places.
    """
    treatment = panel.treated_before(lag)
    used = panel.counted & np.isfinite(treatment)
    sample = _sample(panel, treatment, used)
    fits = [fitted(c, {TERM: treatment}, used) for c in completions(panel, treatment, used)]
    ratio = ratio_of(fits, {TERM: 1.0})
    if not np.isfinite(ratio.low):
        raise TooLittleDataError(
            worded("The ratio hangs on a single place: without it there is none.")
        )
    return ratio, sample


def ratio_with_next_treatment(panel: Panel, lag: int) -> Placebo | None:
    """The ratio that goes with the treatment of the year after, beside that of `lag` years before.

    What is still to come cannot have caused a count: a ratio away from 1 shows that the treatment
    follows the counts, or that something moves both. None where the data can't tell it.
    """
    terms = {TERM: panel.treated_before(lag), LEAD: panel.treated_before(-1)}
    used = panel.counted & np.isfinite(terms[TERM]) & np.isfinite(terms[LEAD])
    kept = informative(panel.high, used)
    if len(_changing(terms[LEAD], kept)) < FEWEST_CHANGING:
        return None
    fits = [fitted(counts, terms, used) for counts in ends(panel, used)]
    found = ratio_of(fits, {LEAD: 1.0})
    return Placebo(found, panel.span(kept)) if np.isfinite(found.low) else None


def leads_and_lags(
    panel: Panel,
    leads: int = LEADS,
    lags: int = LAGS,
    shuffles: int = SHUFFLES,
    seed: int = SEED,
) -> Curve | None:
    """The ratio at each distance from a year of treatment, all distances in one fit.

    For a treatment that comes and goes: each ratio compares with years that have no treatment at
    that distance, the others held equal (a distributed-lag model; Schmidheiny and Siegloch 2023,
    J Appl Econometrics 38:695). The joint test of the years before is made by shuffles: the usual
    one finds a trend far too often where few places change. None where fewer than 5 do.
    """
    steps = range(-leads, lags + 1)
    terms = {_step_name(k): panel.treated_before(k) for k in steps}
    used = panel.counted & np.all([np.isfinite(t) for t in terms.values()], axis=0)
    kept = informative(panel.high, used)
    if len(_changing(panel.treatment, kept)) < FEWEST_CHANGING:
        return None
    fits = [fitted(counts, terms, used) for counts in ends(panel, used)]
    places = {k: int(((terms[_step_name(k)] > 0) & kept).any(axis=1).sum()) for k in steps}
    sums = {k: {_step_name(k): 1.0} for k in steps}
    chance = _shuffled_pre_trend(panel, list(terms.values()), leads, shuffles, seed)
    return Curve(step_table(fits, sums, places), chance, panel.span(kept))


def _shuffled_pre_trend(
    panel: Panel, terms: list[Grid], leads: int, shuffles: int, seed: int
) -> float:
    """Share of shuffled histories whose ratios before the treatment, taken together, are at least
    as far from 1 as the real ones; how far is told by how the shuffled ones spread."""
    counts, every = middle(panel), np.stack(terms)
    orders = np.vstack([np.arange(len(panel.places)), reordered(len(panel.places), shuffles, seed)])
    found = []
    for some in np.array_split(orders, max(1, shuffles // PER_BATCH)):
        given = np.swapaxes(every[:, some], 0, 1)
        used = panel.counted & np.isfinite(given).all(axis=1)
        found.append(fit_many(counts, given, used).slopes[:, :leads])
    slopes = np.concatenate(found)
    if not np.isfinite(slopes[0]).all():
        return float("nan")
    settled = slopes[np.isfinite(slopes).all(axis=1)]
    spread = np.linalg.pinv(settled[1:].T @ settled[1:] / max(1, len(settled) - 1))
    distance = np.einsum("si,ij,sj->s", settled, spread, settled)
    return float(np.mean(distance >= distance[0] - CLOSE))


def step_table(
    fits: list[Regression], sums: dict[int, dict[str, float]], places: dict[int, int]
) -> pd.DataFrame:
    """The rows of a `Curve`.

    Args:
        fits: one for each end of the counts.
        sums: distance -> weights of the terms whose sum is its log ratio; empty where there is
            none.
        places: distance -> places with a count there.
    """
    rows = []
    for step, weights in sums.items():
        found = ratio_of(fits, weights)
        rows.append((step, found.least, found.most, found.low, found.high, places[step], step < 0))
    names = ["step", "least", "most", "low", "high", "places", "before"]
    return pd.DataFrame(rows, columns=names)


def shuffle_histories(
    panel: Panel, lag: int, shuffles: int = SHUFFLES, seed: int = SEED
) -> Shuffled:
    """Give each place the treatment history of another, again and again, and fit anew.

    Where the treatment has nothing to do with the counts, the real order is one like any other.
    Counts in ranges are taken at their middle.
    """
    treatment = panel.treated_before(lag)
    counts, counted = middle(panel), panel.counted
    real = float(
        fit_many(counts, treatment[None, None], counted & np.isfinite(treatment)).slopes[0, 0]
    )
    drawn = reordered(len(panel.places), shuffles, seed)
    as_far = 0
    for some in np.array_split(drawn, max(1, shuffles // PER_BATCH)):
        given = treatment[some]
        slopes = fit_many(counts, given[:, None], counted & np.isfinite(given)).slopes[:, 0]
        as_far += int((~(np.abs(slopes) < abs(real) - 1e-9)).sum())
    return Shuffled(as_far=as_far, shuffles=shuffles)


def leave_one_out(panel: Panel, lag: int) -> LeftOut:
    """Fit without each place in turn: whether the ratio hangs on one of them. Middles of ranges."""
    treatment = panel.treated_before(lag)
    used = panel.counted & np.isfinite(treatment)
    without = used[None] & ~np.eye(len(panel.places), dtype=bool)[:, :, None]
    every = np.broadcast_to(treatment, (len(panel.places), 1, *treatment.shape))
    ratios = np.exp(fit_many(middle(panel), every, without).slopes[:, 0])
    lowest, highest = int(np.nanargmin(ratios)), int(np.nanargmax(ratios))
    return LeftOut(
        low=float(ratios[lowest]),
        low_without=panel.places[lowest],
        high=float(ratios[highest]),
        high_without=panel.places[highest],
    )


def places_around_first(panel: Panel) -> int:
    """How many places have counts both before and from their first year of treatment on, where
    that year is known: an event study of first treatments would rest on these alone."""
    treated = panel.treatment > 0
    first = np.argmax(treated, axis=1)
    at = np.arange(len(panel.years))[None, :]
    before = (panel.counted & (at < first[:, None])).any(axis=1)
    after = (panel.counted & (at >= first[:, None])).any(axis=1)
    known = treated.any(axis=1) & (first > 0)
    known &= panel.treatment[np.arange(len(first)), first - 1] == 0
    return int((known & before & after).sum())


def completions(panel: Panel, treatment: Grid, used: Mask) -> Iterator[Grid]:
    """Whole counts that the ranges allow: all low, all high, and the two ways in which they move
    the ratio furthest down and furthest up."""
    yield from ends(panel, used)
    if not ranged(panel, used):
        return
    for direction in (-1.0, 1.0):
        yield _furthest(panel, treatment, used, direction)


def ends(panel: Panel, used: Mask) -> list[Grid]:
    """The counts with every range at its low end, and at its high end; one grid without ranges."""
    return [panel.low, panel.high] if ranged(panel, used) else [panel.low]


def ranged(panel: Panel, used: Mask) -> bool:
    """Whether a count in use is known as a range."""
    return bool((panel.high > panel.low)[used].any())


def middle(panel: Panel) -> Grid:
    """The middle of each count's range."""
    return (panel.low + panel.high) / 2


def fitted(counts: Grid, terms: dict[str, Grid], used: Mask) -> Regression:
    """A regression whose covariance is that of leaving out one place at a time."""
    return jackknifed(regress(counts, terms, used), counts, terms, used)


def _furthest(panel: Panel, treatment: Grid, used: Mask, direction: float) -> Grid:
    """Move each count to the end that pulls the ratio in a direction, until none moves."""
    counts = middle(panel)
    for _ in range(ROUNDS):
        pull = direction * fit_many(counts, treatment[None, None], used).influence[0]
        moved = np.where(pull > 0, panel.high, panel.low)
        if np.array_equal(moved[used], counts[used]):
            break
        counts = moved
    return counts


def ratio_of(fits: list[Regression], weights: dict[str, float]) -> Ratio:
    """A weighted sum of terms as ratio, over the fits of all ends of the counts."""
    found = np.array([fit.combined(weights) for fit in fits])
    if not np.isfinite(found).all():
        return Ratio(*[float("nan")] * 4)
    middle_, low, high = found.T
    return Ratio(float(middle_.min()), float(middle_.max()), float(low.min()), float(high.max()))


def _sample(panel: Panel, treatment: Grid, used: Mask) -> Sample:
    kept = informative(panel.high, used)
    changing = _changing(treatment, kept)
    if len(changing) < FEWEST_CHANGING:
        raise too_few(len(changing))
    there = kept.any(axis=1)
    possibly_none = used.any(axis=1) & (np.where(used, panel.low, 0.0).sum(axis=1) == 0)
    single = (used.sum(axis=1) == 1) & ~possibly_none
    return Sample(
        changing=tuple(panel.places[i] for i in changing),
        steady=tuple(
            panel.places[i] for i in np.nonzero(there)[0] if i not in set(changing.tolist())
        ),
        without_cases=tuple(panel.places[i] for i in np.nonzero(possibly_none)[0]),
        single_year=tuple(panel.places[i] for i in np.nonzero(single)[0]),
        place_years=int(kept.sum()),
        years=panel.span(kept),
    )


def too_few(places: int) -> TooLittleDataError:
    """The error of a treatment that changes in too few places."""
    return TooLittleDataError(
        worded("The treatment changes in too few places to compare their years."),
        [
            Problem(
                "associations",
                worded("Too few places have counts in years both with and without treatment."),
                found=str(places),
                allowed=worded("at least {number}", number=FEWEST_CHANGING),
            )
        ],
    )


def _changing(treatment: Grid, kept: Mask) -> NDArray[np.int64]:
    shown = np.where(kept, treatment, np.nan)
    there = np.nonzero(kept.any(axis=1))[0]
    low = np.nanmin(shown[there], axis=1) if len(there) else np.zeros(0)
    high = np.nanmax(shown[there], axis=1) if len(there) else np.zeros(0)
    changing: NDArray[np.int64] = there[high > low]
    return changing


def reordered(places: int, shuffles: int, seed: int) -> NDArray[np.int64]:
    """Orders of the places, drawn at random, shape (shuffles, places)."""
    random = np.random.default_rng(seed)
    return np.array([random.permutation(places) for _ in range(shuffles)])


def _step_name(step: int) -> str:
    return f"before_{-step}" if step < 0 else f"after_{step}"
