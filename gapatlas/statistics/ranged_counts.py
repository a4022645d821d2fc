"""Likelihood of negative binomial counts that are known exactly or as a range.

A range enters by the probability that the count lies in it. Slopes and curvature are exact: with
F(k) the probability of at most k and eta the logarithm of the mean, F'(k) is -mean x f(k) x
(1 + alpha k) / (1 + alpha mean), f(k) being the probability of k.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy import special

from gapatlas.statistics.checks import Bools, Floats

SMALLEST_ALPHA: Final = 1e-6
"""Below it counts vary as by chance alone."""
FARTHEST: Final = 50.0
"""Largest logarithm of a mean that is looked at."""
STEPS: Final = 40
NEAR_ENOUGH: Final = 1e-10
"""Gain in log likelihood that is not worth another step."""
LEAST_CURVATURE: Final = 1e-9
LEAST_PROBABILITY: Final = 1e-300


@dataclass(frozen=True)
class Maximised:
    """The most likely coefficients for one alpha.

    Attributes:
        beta: the coefficients, shape (terms,).
        value: log likelihood.
        information: its curvature, shape (terms, terms).
        ended: whether the search ended at a maximum.
    """

    beta: Floats
    value: float
    information: Floats
    ended: bool


@dataclass(frozen=True)
class RangedCounts:
    """Counts with the terms that explain them.

    Attributes:
        low, high: bounds of the counts, shape (places,).
        design: terms, shape (places, terms).
        offset: what is added to the logarithm of each mean.
    """

    low: Floats
    high: Floats
    design: Floats
    offset: Floats

    @cached_property
    def exact(self) -> Bools:
        """Which counts are exact."""
        return np.asarray(self.low == self.high)

    def start(self) -> Floats:
        """Least squares of the logarithms of middling counts: near enough for the search."""
        logs = np.log(np.maximum((self.low + self.high) / 2, 0.5)) - self.offset
        return np.asarray(np.linalg.lstsq(self.design, logs, rcond=None)[0])

    def maximised(self, alpha: float, start: Floats) -> Maximised:
        """Newton's steps from a start, each shortened until it climbs."""
        beta, ended = start, False
        value, slopes, curvature = self._derivatives(beta, alpha)
        for _ in range(STEPS):
            slope = self.design.T @ slopes
            steep = self.design.T @ (np.maximum(curvature, LEAST_CURVATURE)[:, None] * self.design)
            step = np.linalg.solve(steep, slope)
            gain = float(slope @ step)
            ended = gain < NEAR_ENOUGH
            if ended:
                break
            trial = self._derivatives(beta + step, alpha)
            while trial[0] < value - NEAR_ENOUGH:
                step = step / 2
                trial = self._derivatives(beta + step, alpha)
            beta = beta + step
            value, slopes, curvature = trial
        information = self.design.T @ (curvature[:, None] * self.design)
        return Maximised(beta, value, information, ended)

    def value(self, beta: Floats, alpha: float) -> float:
        """Log likelihood."""
        return self._derivatives(beta, alpha)[0]

    def slope(self, beta: Floats, alpha: float) -> Floats:
        """Slope of the log likelihood by each coefficient."""
        return np.asarray(self.design.T @ self._derivatives(beta, alpha)[1])

    def information(self, beta: Floats, alpha: float) -> Floats:
        """Curvature of the log likelihood, shape (terms, terms)."""
        return np.asarray(
            self.design.T @ (self._derivatives(beta, alpha)[2][:, None] * self.design)
        )

    def _derivatives(self, beta: Floats, alpha: float) -> tuple[float, Floats, Floats]:
        """Log likelihood, and place by place its slope and its negative curvature by eta."""
        eta = np.clip(self.design @ beta + self.offset, -FARTHEST, FARTHEST)
        mean, exact, ranged = np.exp(eta), self.exact, ~self.exact
        more = 1 + alpha * mean
        logs, slopes, curvature = (np.empty(len(mean)) for _ in range(3))
        count = self.low[exact]
        logs[exact] = log_probability(count, mean[exact], alpha)
        slopes[exact] = (count - mean[exact]) / more[exact]
        curvature[exact] = mean[exact] * (1 + alpha * count) / more[exact] ** 2
        if ranged.any():
            logs[ranged], slopes[ranged], curvature[ranged] = _of_ranges(
                self.low[ranged], self.high[ranged], mean[ranged], alpha
            )
        return float(logs.sum()), slopes, curvature


def shape(mean: Floats, alpha: float) -> tuple[float, Floats]:
    """Size and probability as scipy's `nbinom` takes them."""
    size = 1 / max(alpha, SMALLEST_ALPHA)
    return size, size / (size + mean)


def log_probability(count: Floats, mean: Floats, alpha: float) -> Floats:
    """Logarithm of the probability of exact counts."""
    size, chance = shape(mean, alpha)
    return np.asarray(
        special.gammaln(count + size)
        - special.gammaln(size)
        - special.gammaln(count + 1)
        + size * np.log(chance)
        + special.xlog1py(count, -chance)
    )


def _of_ranges(
    low: Floats, high: Floats, mean: Floats, alpha: float
) -> tuple[Floats, Floats, Floats]:
    """Logarithm of the probability of ranges, its slope and its negative curvature by eta."""
    inside = np.maximum(_probability(low, high, mean, alpha), LEAST_PROBABILITY)
    (first, first_bend), (last, last_bend) = (_bends(at, mean, alpha) for at in (low - 1, high))
    slope = (last - first) / inside
    return np.log(inside), slope, slope**2 - (last_bend - first_bend) / inside


def _probability(low: Floats, high: Floats, mean: Floats, alpha: float) -> Floats:
    """Probability of ranges, from the tail in which they lie: a difference of two numbers near 1
    would lose its digits."""
    size, chance = shape(mean, alpha)
    before = np.maximum(low, 1)
    below = np.where(low > 0, special.betainc(size, before, chance), 0.0)
    up_to = special.betainc(size, high + 1, chance)
    from_low = np.where(low > 0, special.betainc(before, size, 1 - chance), 1.0)
    above = special.betainc(high + 1, size, 1 - chance)
    return np.asarray(np.where(below > 0.5, from_low - above, up_to - below))


def _bends(at: Floats, mean: Floats, alpha: float) -> tuple[Floats, Floats]:
    """First and second derivative by eta of the probability of at most `at`; 0 below nought."""
    more = 1 + alpha * mean
    here = np.exp(log_probability(np.maximum(at, 0), mean, alpha))
    slope = np.where(at >= 0, -mean * here * (1 + alpha * at) / more, 0.0)
    return slope, slope * (1 + at - mean) / more
