"""What the counts of a place say of its rate: one gamma variable over another, or a constant.

A rate is gamma / exposure, a share is gamma / (gamma + gamma), a ratio of counts gamma / gamma.
Counts that are known as a range give a lowest and a highest shape: draws of the two are coupled
(the highest is the lowest plus a further draw), so that each draw spans every completion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats

Kind = checks.Kind
JEFFREYS = 0.5
"""Shape of Jeffreys' prior, which says next to nothing."""
SMALLEST = 1e-300
"""Draws of gamma variables of tiny shape are too small for a computer's numbers."""


@dataclass(frozen=True)
class Posterior:
    """Posterior of one rate per place.

    Attributes:
        kind: `rate`, `share` or `ratio`.
        above_low, above_high: shapes of the gamma variable above the line, shape (places,).
        below_low, below_high: shapes of the gamma variable below the line; the exposure itself
            for a rate, between 0 and infinity where there is none and no prior: nothing is known.
    """

    kind: Kind
    above_low: Floats
    above_high: Floats
    below_low: Floats
    below_high: Floats

    def __len__(self) -> int:
        return len(self.above_low)

    def __getitem__(self, which: int | slice | ArrayLike) -> Posterior:
        """The posterior of some of the places."""
        index = which if isinstance(which, slice) else np.atleast_1d(which)
        parts = (self.above_low, self.above_high, self.below_low, self.below_high)
        return Posterior(self.kind, *(part[index] for part in parts))

    @property
    def exact(self) -> bool:
        """Whether every count behind it is exact."""
        return bool(
            np.array_equal(self.above_low, self.above_high)
            and np.array_equal(self.below_low, self.below_high)
        )

    def interval(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Equal-tailed interval over every completion, in the unit of the rate."""
        tail = (1 - checks.level(confidence)) / 2
        low = self._quantile(self.above_low, self.below_high, tail)
        high = self._quantile(self.above_high, self.below_low, 1 - tail)
        return low, high

    def draws(
        self,
        number: int,
        generator: np.random.Generator,
        *,
        prior: tuple[Floats, Floats] | None = None,
    ) -> tuple[Floats, Floats]:
        """Draws of the lowest and the highest completion, shape (number, places).

        The two are one array where every count is exact. Shares come as odds, which rank alike.

        Args:
            number: of draws.
            generator: of random numbers.
            prior: shapes to add above and below the line (events and exposure for a rate), one
                for each draw; None adds nothing.
        """
        shape, rest = (0.0, 0.0) if prior is None else (part[:, None] for part in prior)
        size = (number, len(self))
        above_low, above_high = _coupled(self.above_low, self.above_high, shape, size, generator)
        if self.kind == "rate":
            below_low, below_high = self.below_low + rest, self.below_high + rest
        else:
            below_low, below_high = _coupled(self.below_low, self.below_high, rest, size, generator)
        with np.errstate(divide="ignore"):
            low = above_low / below_high
            exact = above_high is above_low and below_high is below_low
            return low, low if exact or self.exact else above_high / below_low

    def in_unit(self, draws: Floats) -> Floats:
        """Draws in the unit of the rate: odds become shares where it is a share."""
        if self.kind != "share":
            return draws
        with np.errstate(divide="ignore"):
            return 1 / (1 + 1 / draws)

    def _quantile(self, above: Floats, below: Floats, share: float) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.kind == "rate":
                return np.where(below > 0, special.gammaincinv(above, share) / below, np.inf)
            part = special.betaincinv(above, below, share)
            return np.asarray(part if self.kind == "share" else part / (1 - part))


def posterior(
    kind: Kind,
    above: ArrayLike,
    below: ArrayLike,
    *,
    above_high: ArrayLike | None = None,
    below_high: ArrayLike | None = None,
    prior: tuple[float, float] | None = None,
) -> Posterior:
    """Posterior of the rates of several places.

    Args:
        kind: `rate` (count above, exposure below), `share` (part above, whole below) or `ratio`
            (count above, count below).
        above, below: counts, shape (places,); lower bounds where `above_high` or `below_high` is
            given.
        above_high, below_high: upper bounds of the counts; None means exact.
        prior: shapes above and below the line (events and exposure for a rate); None means
            Jeffreys' prior.

    Raises:
        ValueError: an unknown kind, counts that are negative or missing, low > high, a part
            above its whole.
    """
    checks.kind(kind)
    x_low, x_high = checks.bounds("above", above, above_high)
    y_low, y_high = checks.bounds("below", below, below_high)
    x_low, x_high, y_low, y_high = checks.line(
        above=x_low, above_high=x_high, below=y_low, below_high=y_high
    )
    if kind == "share":
        if np.any(x_low > y_high):
            raise ValueError("above must not exceed below: a share cannot be above 1")
        y_low, y_high = np.maximum(y_low - x_high, 0), np.maximum(y_high - x_low, 0)
    shape, rest = prior or (JEFFREYS, 0.0 if kind == "rate" else JEFFREYS)
    if kind == "rate" and not rest:
        y_high = np.where(y_high > 0, y_high, np.inf)
    return Posterior(kind, x_low + shape, x_high + shape, y_low + rest, y_high + rest)


def _coupled(
    low: Floats,
    high: Floats,
    more: Floats | float,
    size: tuple[int, int],
    generator: np.random.Generator,
) -> tuple[Floats, Floats]:
    smaller = np.maximum(generator.standard_gamma(low + more, size), SMALLEST)
    wide = np.flatnonzero(high > low)
    if not len(wide):
        return smaller, smaller
    larger = smaller.copy()
    larger[:, wide] += generator.standard_gamma((high - low)[wide], (size[0], len(wide)))
    return smaller, larger
