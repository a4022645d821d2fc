"""How a copy is made, and the limits of that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gapatlas.config import Disclosure
from gapatlas.config.case_models import LEAST_THRESHOLD
from gapatlas.errors import GapAtlasError, Problem

DELTA: Final = 1e-7
"""Chance that noise fails to hide a person. Fixed, as one that depends on the file tells of it."""
LEAST_EPSILON: Final = 0.1
"""With less, there is more noise than counts: the copy would be of nothing."""
MOST_EPSILON: Final = 10.0
"""With more, one person can make what is seen 22,000 times as likely: the noise hides little."""
LENGTHS: Final = (2, 3)
LENGTH: Final = 2
"""Counts of two values at a time give the least away, and leave the fewest cells open."""


@dataclass(frozen=True)
class Settings:
    """What a copy keeps to.

    Attributes:
        k: least number of persons behind each combination of values that the copy is built on;
            with noise, the least count after the noise.
        epsilon: strength of the noise, less is more; None for a copy without noise.
        length: so many values at a time are counted, and kept to.
        seed: of the drawing; None for one that nobody can repeat, always so with noise. Who has
            it can come nearer to the counts, so it is written nowhere.
        unprotected: the dataset says that all may see every row; it brands the copy.
    """

    k: int
    epsilon: float | None
    length: int
    seed: int | None
    unprotected: bool = False

    @property
    def delta(self) -> float | None:
        """Chance that the noise fails; None without noise."""
        return None if self.epsilon is None else DELTA

    @classmethod
    def chosen(
        cls,
        disclosure: Disclosure,
        k: int | None = None,
        epsilon: float | None = None,
        length: int | None = None,
        seed: int | None = None,
    ) -> Settings:
        """What was asked for, and defaults for the rest.

        Raises:
            GapAtlasError: a setting protects too little, or leaves nothing.
        """
        problems = list(_problems(disclosure, k, epsilon, length, seed))
        if problems:
            raise GapAtlasError("The synthetic copy cannot be made like this.", problems)
        return cls(
            k=disclosure.threshold if k is None else k,
            epsilon=epsilon,
            length=length or LENGTH,
            seed=seed,
            unprotected=disclosure.unprotected,
        )


def _problems(
    disclosure: Disclosure,
    k: int | None,
    epsilon: float | None,
    length: int | None,
    seed: int | None,
) -> Iterator[Problem]:
    least = 1 if disclosure.unprotected else max(LEAST_THRESHOLD, disclosure.threshold)
    if k is not None and k < least:
        message = "So few persons can be pointed at."
        allowed = f"{least} or more"
        if not disclosure.unprotected:
            allowed += "; less only where the dataset says `unprotected: true`"
        yield Problem("--k", message, found=str(k), allowed=allowed)
    if epsilon is not None and not LEAST_EPSILON <= epsilon <= MOST_EPSILON:
        is_weak = epsilon > MOST_EPSILON
        message = "The noise would hide little." if is_weak else "Nothing but noise would be left."
        allowed = f"{LEAST_EPSILON:g} to {MOST_EPSILON:g}; less is safer"
        yield Problem("--epsilon", message, found=f"{epsilon:g}", allowed=allowed)
    if length is not None and length not in LENGTHS:
        message = "So many values at a time are not counted."
        allowed = " or ".join(map(str, LENGTHS))
        yield Problem("--length", message, found=str(length), allowed=allowed)
    if seed is not None and epsilon is not None:
        message = "Noise that can be repeated can be taken off again."
        yield Problem("--seed", message, found=str(seed), allowed="no seed beside --epsilon")
    elif seed is not None and seed < 0:
        yield Problem("--seed", "A seed is not negative.", found=str(seed), allowed="0 or more")
