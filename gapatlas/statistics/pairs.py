"""Two places side by side: how likely it is that one is higher, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats
from gapatlas.statistics.posterior import Posterior
from gapatlas.statistics.ranks import AT_ONCE


@dataclass(frozen=True)
class Difference:
    """First minus second, pair by pair.

    Attributes:
        probability_low, probability_high: least and greatest probability, over the completions
            of the counts, that the first is higher; equal where all counts are exact.
        difference: median of the difference (the middle of its range), in the unit of the rate;
            NaN where nothing is known of one of the two.
        low, high: credible limits of the difference over every completion.
    """

    probability_low: Floats
    probability_high: Floats
    difference: Floats
    low: Floats
    high: Floats


def prob_higher(
    first: Posterior,
    second: Posterior,
    *,
    draws: int = 20_000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Difference:
    """Probability that the first of two independent rates is the higher one.

    Args:
        first, second: posteriors of one kind, of as many places each; pairs are taken in order,
            and one place alone is paired with all of the other.
        draws: number of draws, 100 or more; 20,000 give the probability to within 0.01.
        seed: of the draws.
        confidence: two-sided level of the interval of the difference, between 0 and 1.

    Returns:
        A `Difference` with arrays of shape (pairs,).

    Raises:
        ValueError: posteriors of two kinds or of numbers that do not pair; fewer than 100 draws.

    Source: Gelman et al. 2013, Bayesian Data Analysis, 3rd ed., section 3.7 (posterior of a
    contrast by simulation).
    """
    if first.kind != second.kind:
        raise ValueError(f"a {first.kind} cannot be compared with a {second.kind}")
    pairs = max(len(first), len(second))
    if min(len(first), len(second)) not in (1, pairs):
        raise ValueError(f"{len(first)} places cannot be paired with {len(second)}")
    if draws < 100:
        raise ValueError(f"draws must be 100 or more, not {draws}")
    generator = np.random.default_rng(seed)
    at_once = max(1, AT_ONCE // draws)
    parts = [
        _differences(
            _part(first, begin, at_once),
            _part(second, begin, at_once),
            draws,
            generator,
            confidence,
        )
        for begin in range(0, pairs, at_once)
    ]
    return Difference(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _part(posterior: Posterior, begin: int, number: int) -> Posterior:
    return posterior if len(posterior) == 1 else posterior[slice(begin, begin + number)]


def _differences(
    first: Posterior,
    second: Posterior,
    draws: int,
    generator: np.random.Generator,
    confidence: float,
) -> tuple[Floats, ...]:
    own, other = first.draws(draws, generator), second.draws(draws, generator)
    # Draws are compared before they are shares: shares near 1 round to 1, and would tie.
    higher = (own[0] > other[1]).mean(axis=0), (own[1] > other[0]).mean(axis=0)
    least = first.in_unit(own[0]) - second.in_unit(other[1])
    most = first.in_unit(own[1]) - second.in_unit(other[0])
    tail = (1 - checks.level(confidence)) / 2
    with np.errstate(invalid="ignore"):
        middle = (np.median(least, axis=0) + np.median(most, axis=0)) / 2
    return (
        *higher,
        np.where(np.isfinite(middle), middle, np.nan),
        np.quantile(least, tail, axis=0, method="inverted_cdf"),
        np.quantile(most, 1 - tail, axis=0, method="inverted_cdf"),
    )
