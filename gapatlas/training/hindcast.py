"""Predict years that are already known, and see how often the intervals hold them.

Three forecasts stand side by side: that of the model without an investment, the last reported
count, and the mean of the last five years. Each is a set of draws of counts.

A count that is known as a range (`<5`) can't be placed exactly. An interval *meets* it where the
two overlap, and *holds* it where the whole range lies within. Between the two stands the *share*:
of the probability that the forecast gives to the range, how much lies between the tails (the PIT
histogram of counts without randomisation: Czado, Gneiting and Held 2009, Biometrics 65:1254). It
also takes off what intervals of whole numbers cover too much. Errors are the distance to the
nearest end of the range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.statistics.checks import Bools, Floats
from gapatlas.training.baseline import Movement, draw_baseline
from gapatlas.training.chain import COUNTED
from gapatlas.training.history import History
from gapatlas.training.levels import JEFFREYS

PREDICTED: Final = ("detected", "prosecuted", "convicted")
"""Stages whose counts are predicted."""
LEVELS: Final = (50, 90)
"""Per cent that an interval should hold."""
FIVE: Final = 5
DRAWS: Final = 2000

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Forecast:
    """Draws of the counts of years to come.

    Attributes:
        places: ids.
        first_year: year of the first row.
        counts: stage -> draws, shape (years, places, draws).
        known: stage -> which places have a count of the stage to rest on, shape (places,); the
            forecast of the others is lent, or nothing.
    """

    places: tuple[str, ...]
    first_year: int
    counts: Mapping[str, Counts]
    known: Mapping[str, Bools]


def predict(
    past: History, movement: Movement, years: int, *, draws: int = DRAWS, seed: int = 1
) -> Forecast:
    """What the model expects without an investment, with the chance in every count.

    Args:
        past: counts up to the year before the first that is predicted; places that report neither
            prosecutions nor convictions get no forecast.
        movement: how levels move on.
        years: how many years ahead.
        draws: how many.
        seed: of the random numbers.
    """
    able = past.of(past.predictable)
    levels = able.levels(movement.discount)
    baseline = draw_baseline(able.places, levels, movement, draws=draws, seed=seed)
    random = np.random.default_rng([seed, FIVE])
    expected = baseline.expected(years)
    counts = {stage: _chance(expected[stage], random) for stage in PREDICTED}
    known = {stage: levels[stage].reported for stage in PREDICTED}
    return Forecast(able.places, past.last_year + 1, counts, known)


def last_value(past: History, years: int, *, draws: int = DRAWS, seed: int = 1) -> Forecast:
    """The last reported count stays, and varies by chance alone."""
    column = np.arange(past.low.shape[2])
    last = np.where(past.reported, column, -1).max(axis=2, keepdims=True)
    return _steady(past, column == last, years, draws, seed)


def mean_of_five(past: History, years: int, *, draws: int = DRAWS, seed: int = 1) -> Forecast:
    """The mean of what is reported of the last five years stays, and varies by chance alone."""
    recent = np.arange(past.low.shape[2]) >= past.low.shape[2] - FIVE
    return _steady(past, np.broadcast_to(recent, past.low.shape), years, draws, seed)


def _steady(past: History, used: Bools, years: int, draws: int, seed: int) -> Forecast:
    """Poisson counts around a level that rests on the used years and does not move."""
    random = np.random.default_rng([seed, FIVE + 1])
    told = used & past.reported
    counts, known = {}, {}
    for k, stage in enumerate(COUNTED):
        if stage not in PREDICTED:
            continue
        number = told[k].sum(axis=1)
        low, high = ((bound[k] * told[k]).sum(axis=1)[:, None] for bound in (past.low, past.high))
        total = low + random.random((len(low), draws)) * (high - low)
        level = random.standard_gamma(JEFFREYS + total) / np.maximum(number, 1)[:, None]
        counts[stage] = _chance(np.broadcast_to(level, (years, *level.shape)), random)
        known[stage] = number > 0
    return Forecast(past.places, past.last_year + 1, counts, known)


def _chance(expected: Floats, random: np.random.Generator) -> Counts:
    """Counts that vary around what is expected."""
    return np.asarray(random.poisson(expected), dtype=np.int64)


def scores(forecast: Forecast, truth: History) -> pd.DataFrame:
    """How a forecast did, count by count.

    Args:
        forecast: of years that `truth` has.
        truth: counts as they were reported then.

    Returns:
        One row per stage, place and year that is predicted and reported: stage, place, year,
        known (the place had counts of the stage), low, high, median; meets_50, holds_50, share_50
        and the same for 90; above_90 and below_90 (the count lies wholly beyond that end); error
        of the median in counts, log_error of its logarithm, and score (`interval_score`).
    """
    rows = {place: row for row, place in enumerate(truth.places)}
    at = np.array([rows[place] for place in forecast.places])
    found = []
    for stage, draws in forecast.counts.items():
        k = COUNTED.index(stage)
        for step in range(len(draws)):
            year = forecast.first_year + step
            column = truth.column(year)
            told = np.flatnonzero(truth.reported[k, at, column])
            low, high = (bound[k, at[told], column] for bound in (truth.low, truth.high))
            places = [forecast.places[n] for n in told]
            head = {"stage": stage, "place": places, "year": year}
            known = forecast.known[stage][told]
            table = pd.DataFrame({**head, "known": known, **_scored(draws[step, told], low, high)})
            found.append(table)
    return pd.concat(found, ignore_index=True)


def _scored(draws: Counts, low: Floats, high: Floats) -> dict[str, NDArray[Any]]:
    ordered = np.sort(draws, axis=1)
    median = _quantile(ordered, 0.5)
    at_least, at_most = _share_below(ordered, low - 1), _share_below(ordered, high)
    found: dict[str, NDArray[Any]] = {"low": low, "high": high, "median": median}
    for level in LEVELS:
        tail = (1 - level / 100) / 2
        start, end = _quantile(ordered, tail), _quantile(ordered, 1 - tail)
        found[f"from_{level}"], found[f"to_{level}"] = start, end
        found[f"meets_{level}"] = (start <= high) & (low <= end)
        found[f"holds_{level}"] = (start <= low) & (high <= end)
        found[f"share_{level}"] = _share_within(at_least, at_most, tail)
    found["above_90"], found["below_90"] = low > found["to_90"], high < found["from_90"]
    found["error"] = _distance(median, low, high)
    found["log_error"] = _distance(np.log1p(median), np.log1p(low), np.log1p(high))
    found["score"] = interval_score(ordered, low, high)
    return found


def interval_score(ordered: NDArray[Any], low: Floats, high: Floats) -> Floats:
    """Weighted interval score of the logarithm of count + 1: small where the median is near and
    the 50% and 90% intervals are short and hold the count.

    It is proper (no forecast can gain by saying other than what it believes) and close to the
    continuous ranked probability score: Bracher and others 2021, PLOS Computational Biology
    17:e1008618; of logarithms: Bosse and others 2023, same journal 19:e1011393.

    Args:
        ordered: draws of counts in ascending order, shape (n, draws).
        low, high: bounds of what was counted, shape (n,); an interval misses a range by the
            distance to its nearest end.

    Returns:
        Scores, shape (n,).
    """
    least, most = np.log1p(low), np.log1p(high)
    total = _distance(np.log1p(_quantile(ordered, 0.5)), least, most) / 2
    for level in LEVELS:
        outside = 1 - level / 100
        start = np.log1p(_quantile(ordered, outside / 2))
        end = np.log1p(_quantile(ordered, 1 - outside / 2))
        missed = np.maximum(0, start - most) + np.maximum(0, least - end)
        total = total + outside / 2 * (end - start) + missed
    return np.asarray(total / (len(LEVELS) + 0.5))


def _quantile(ordered: NDArray[Any], share: float) -> Floats:
    """The smallest draw that at least this share of the draws does not exceed."""
    draws = ordered.shape[1]
    at = max(int(np.ceil(share * draws - 1e-9)) - 1, 0)
    return np.asarray(ordered[:, at], dtype=np.float64)


def _share_below(ordered: Counts, counts: Floats) -> Floats:
    """Share of draws that are at most a count, shape (n,)."""
    return np.asarray((ordered <= counts[:, None]).mean(axis=1))


def _share_within(at_least: Floats, at_most: Floats, tail: float) -> Floats:
    """Of the probability between two shares, how much lies between the tails; where there is
    none, whether that point does."""
    inside = np.minimum(at_most, 1 - tail) - np.maximum(at_least, tail)
    wide = at_most - at_least
    point = (at_least >= tail) & (at_least <= 1 - tail)
    share = np.divide(np.maximum(inside, 0), wide, out=point.astype(np.float64), where=wide > 0)
    return np.asarray(share)


def _distance(value: Floats, low: Floats, high: Floats) -> Floats:
    return np.asarray(np.maximum(0, np.maximum(low - value, value - high)))


def difference(
    ours: pd.DataFrame, theirs: pd.DataFrame, column: str = "error"
) -> tuple[float, float]:
    """Mean of an error of one forecast minus that of another on the same counts.

    Args:
        ours, theirs: rows of `scores`; counts that only one of them has are left out.
        column: which error; below 0 means that ours is smaller.

    Returns:
        The difference, and its standard error: the years of a place are no news of each other, so
        places are what is counted (their means are weighted by how many counts they have).
    """
    keys = ["stage", "place", "year"]
    both = ours[[*keys, column]].merge(theirs[[*keys, column]], on=keys, suffixes=("", "_theirs"))
    both["change"] = both[column] - both[f"{column}_theirs"]
    mean = float(both["change"].mean())
    by_place = (both["change"] - mean).groupby(both["place"]).sum().to_numpy()
    places = len(by_place)
    spread = np.sqrt((by_place**2).sum() * places / max(places - 1, 1)) / len(both)
    return mean, float(spread)
