"""Draws of the rates of places that are of one kind, few as they may be.

Each rate is drawn towards that of all, as in `shrinkage`. There the rate of all and the spread
around it are taken as known once they are fitted. Here they are drawn too: of five places nobody
knows how far places of their kind lie apart.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from gapatlas.statistics.checks import Floats
from gapatlas.statistics.posterior import JEFFREYS, Kind, Posterior, posterior
from gapatlas.statistics.shrinkage import STRENGTH

GRID: Final = 25
"""Steps of the rate of all, and of the strength with which places are drawn to it."""
REACH: Final = 4.0
"""Standard deviations that the finer of two grids spans to either side."""
FARTHEST: Final = 3.0
"""How far from the pooled rate, as a logarithm, the rate of all is looked for."""
NO_PRIOR: Final = (0.0, 1e-300)
"""Nothing but the counts; the second keeps a place without exposure from being divided by 0."""


def alike_draws(
    kind: Kind,
    above: ArrayLike,
    below: ArrayLike,
    *,
    above_high: ArrayLike | None = None,
    below_high: ArrayLike | None = None,
    number: int,
    seed: int = 0,
) -> tuple[Floats, Floats]:
    """Draws of the rates of places that are of one kind.

    Args:
        kind: `rate` (count above, exposure below), `share` (part above, whole below) or `ratio`
            (count above, count below).
        above, below: counts, shape (places,); lower bounds where `above_high` or `below_high` is
            given. Ranges enter the spread of places at their middle.
        above_high, below_high: upper bounds; None means exact.
        number: of draws.
        seed: of the draws.

    Returns:
        Rates in the lowest and the highest completion of the counts, shape (number, places); one
        array where all counts are exact. With fewer than two places that tell anything, or with
        no event in any, each place's own counts alone are drawn from (Jeffreys' prior).

    Raises:
        ValueError: an unknown kind, counts that are negative or missing, low > high, a part
            above its whole.

    Source: Christiansen and Morris 1997, J Am Stat Assoc 92:618 (a uniform prior for how far a
    middling place is drawn to all; a flat one for the logarithm or the logit of the rate of all).
    """
    own = posterior(kind, above, below, above_high=above_high, below_high=below_high)
    counts, sizes = _middles(kind, own)
    generator = np.random.default_rng(seed)
    if (sizes > 0).sum() < 2 or not np.any(counts > 0):
        drawn = own.draws(number, generator)
    else:
        prior = _prior_draws(kind, counts[sizes > 0], sizes[sizes > 0], number, generator)
        bare = posterior(
            kind, above, below, above_high=above_high, below_high=below_high, prior=NO_PRIOR
        )
        drawn = bare.draws(number, generator, prior=prior)
    low, high = drawn
    return own.in_unit(low), own.in_unit(low) if high is low else own.in_unit(high)


def _middles(kind: Kind, own: Posterior) -> tuple[Floats, Floats]:
    """Events of each place, and what they are a part of (their exposure for a rate)."""
    above = (own.above_low + own.above_high) / 2 - JEFFREYS
    if kind == "rate":
        return above, np.where(np.isfinite(own.below_high), own.below_low, 0.0)
    return above, above + (own.below_low + own.below_high) / 2 - JEFFREYS


def _prior_draws(
    kind: Kind, x: Floats, size: Floats, number: int, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draws of the shapes that all places share, above and below the line, shape (number,)."""
    centre, strength = _drawn_from_grid(kind, x, size, number, generator)
    if kind == "rate":
        return strength, strength / np.exp(centre)
    share = special.expit(centre)
    return strength * share, strength * (1 - share)


def _drawn_from_grid(
    kind: Kind, x: Floats, size: Floats, number: int, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draws of the rate of all (as logarithm or logit) and of the strength, from a coarse grid
    that finds where they lie, and a finer one around that."""
    pooled = (x.sum() + JEFFREYS) / (size.sum() + (0 if kind == "rate" else 2 * JEFFREYS))
    at = float(np.log(pooled) if kind == "rate" else special.logit(pooled))
    middling = float(np.median(size)) * (pooled if kind == "rate" else 1.0)
    limits = float(np.log(STRENGTH[0])), float(np.log(max(2 * STRENGTH[0], 300 * middling)))
    centres = np.linspace(at - FARTHEST, at + FARTHEST, GRID)
    strengths = np.linspace(*limits, GRID)
    weight = _weights(kind, x, size, centres, strengths, middling)
    centres = _around(centres, weight.sum(axis=1), (-np.inf, np.inf))
    strengths = _around(strengths, weight.sum(axis=0), limits)
    weight = _weights(kind, x, size, centres, strengths, middling)
    cell = generator.choice(weight.size, number, p=weight.ravel())
    jitter = generator.uniform(-0.5, 0.5, (2, number))
    centre = centres[cell // GRID] + jitter[0] * (centres[1] - centres[0])
    strength = strengths[cell % GRID] + jitter[1] * (strengths[1] - strengths[0])
    return centre, np.exp(np.clip(strength, *limits))


def _around(points: Floats, weight: Floats, limits: tuple[float, float]) -> Floats:
    """A finer grid around the mean of a coarse one."""
    step = points[1] - points[0]
    mean = float(weight @ points)
    spread = max(float(np.sqrt(weight @ (points - mean) ** 2)), step / 4)
    low, high = max(mean - REACH * spread, limits[0]), min(mean + REACH * spread, limits[1])
    return np.asarray(np.linspace(low, high, GRID))


def _weights(
    kind: Kind, x: Floats, size: Floats, centres: Floats, strengths: Floats, middling: float
) -> Floats:
    """How likely each centre and strength is, given the counts, shape (centres, strengths)."""
    centre, strength = centres[:, None, None], np.exp(strengths)[:, None]
    if kind == "rate":
        logs = _log_negative_binomial(x, size * np.exp(centre), strength)
    else:
        logs = _log_beta_binomial(x, size, special.expit(centre), strength)
    uniform = strengths - 2 * np.log(middling + np.exp(strengths))
    return np.asarray(special.softmax(logs.sum(axis=2) + uniform))


def _log_negative_binomial(x: Floats, mean: Floats, shape: Floats) -> Floats:
    return np.asarray(
        special.gammaln(x + shape)
        - special.gammaln(shape)
        - shape * np.log1p(mean / shape)
        + x * (np.log(mean) - np.log(mean + shape))
    )


def _log_beta_binomial(x: Floats, size: Floats, share: Floats, strength: Floats) -> Floats:
    first, second = strength * share, strength * (1 - share)
    return np.asarray(
        special.gammaln(x + first)
        - special.gammaln(first)
        + special.gammaln(size - x + second)
        - special.gammaln(second)
        + special.gammaln(strength)
        - special.gammaln(size + strength)
    )
