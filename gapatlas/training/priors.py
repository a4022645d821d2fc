"""What is believed of one uncertain number: a middle value and the ends of an interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from gapatlas.statistics.checks import Floats

Shape = Literal["lognormal", "logit_normal"]
SHAPES: Final = ("lognormal", "logit_normal")


@dataclass(frozen=True)
class Prior:
    """A distribution with a given median and interval.

    On the scale of logarithms (of odds, for a share) it is a normal distribution whose spread may
    differ on the two sides of the median, so that the median and both ends are met exactly.

    Attributes:
        value: the median.
        low, high: ends of the interval; equal to `value` for a number taken as known.
        level: probability of the interval, half of what lies outside on each side.
        shape: `lognormal` for what is positive, `logit_normal` for a share.

    Raises:
        ValueError: the numbers are not in order, or lie outside what the shape allows.
    """

    value: float
    low: float
    high: float
    level: float = 0.9
    shape: Shape = "lognormal"

    def __post_init__(self) -> None:
        numbers = (self.low, self.value, self.high)
        if not all(np.isfinite(numbers)):
            raise ValueError(f"{numbers} are not all numbers")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{numbers} are not in order; allowed: low <= value <= high")
        if self.shape not in SHAPES:
            raise ValueError(f"there is no shape '{self.shape}'; allowed: {', '.join(SHAPES)}")
        if self.low <= 0:
            raise ValueError(f"{self.low:g} is not above 0")
        if self.shape == "logit_normal" and self.high >= 1:
            raise ValueError(f"{self.high:g} is no share; allowed: below 1")
        if not 0 < self.level < 1:
            raise ValueError(f"the level {self.level:g} is no probability between 0 and 1")

    @classmethod
    def known(cls, value: float, shape: Shape = "lognormal") -> Prior:
        """A number that is taken as known."""
        return cls(value, value, value, shape=shape)

    @property
    def certain(self) -> bool:
        """Whether the number is taken as known."""
        return self.low == self.high

    @property
    def spreads(self) -> tuple[float, float]:
        """Spread below and above the median, on the scale of logarithms (of odds)."""
        reach = float(special.ndtri((1 + self.level) / 2))
        low, middle, high = self._scaled(np.array([self.low, self.value, self.high]))
        return float(middle - low) / reach, float(high - middle) / reach

    def quantile(self, share: ArrayLike) -> Floats:
        """Values below which a share of the distribution lies; shares between 0 and 1."""
        steps = special.ndtri(np.asarray(share, dtype=np.float64))
        if self.certain:
            return np.full(np.shape(steps), self.value)
        below, above = self.spreads
        middle = self._scaled(np.array(self.value))
        return self._unscaled(middle + steps * np.where(steps < 0, below, above))

    def _scaled(self, values: Floats) -> Floats:
        return np.asarray(
            np.log(values) if self.shape == "lognormal" else special.logit(values), dtype=np.float64
        )

    def _unscaled(self, scaled: Floats) -> Floats:
        return np.asarray(
            np.exp(scaled) if self.shape == "lognormal" else special.expit(scaled), dtype=np.float64
        )


def transported(prior: Prior, discount: float) -> Prior:
    """An effect that was seen elsewhere, as far as it is taken to carry over.

    The logarithm of the effect shrinks by the discount, and what is taken off widens the spread:
    with m the logarithm and s the spread, m' = (1 - d) m and s' = sqrt(s^2 + (d m)^2).

    Args:
        prior: of a ratio, 1 meaning no effect.
        discount: share of the effect that is taken not to carry over, between 0 and 1.

    Raises:
        ValueError: the discount lies outside 0 to 1.
    """
    if not 0 <= discount <= 1:
        raise ValueError(f"the discount {discount:g} is no share; allowed: 0 to 1")
    lost = discount * np.log(prior.value)
    middle = (1 - discount) * np.log(prior.value)
    reach = float(special.ndtri((1 + prior.level) / 2))
    below, above = (float(np.hypot(spread, lost)) * reach for spread in prior.spreads)
    value, low, high = (float(np.exp(at)) for at in (middle, middle - below, middle + above))
    return replace(prior, value=value, low=low, high=high)
