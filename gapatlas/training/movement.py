"""How far counts move from year to year, fitted to what is reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from gapatlas.statistics.checks import Floats
from gapatlas.training.baseline import Movement
from gapatlas.training.chain import COUNTED
from gapatlas.training.hindcast import PREDICTED, interval_score
from gapatlas.training.history import History
from gapatlas.training.levels import Levels, drifted, pulled

HELD_BACK: Final = Movement(discount=0.5, drift=0.55, swing=0.2, pull=0.11)
"""Fitted to the counts of UNODC up to 2017: what the hindcast of 2018-2022 uses."""
MOVEMENT: Final = Movement(discount=0.5, drift=0.5, swing=0.3, pull=0.08)
"""Fitted to all counts of UNODC, 2003-2022: what the app uses."""
FIRST_ORIGIN: Final = 2010
"""From then on three years of detected victims are known to predict from."""
HORIZON: Final = 5
DISCOUNTS: Final = tuple(round(0.3 + 0.1 * n, 1) for n in range(6))
SPREADS: Final = tuple(round(0.2 + 0.05 * n, 2) for n in range(13))
"""What is tried of the drift and of the swing."""
PULLS: Final = tuple(round(0.01 * n, 2) for n in range(21))
AXES: Final = (DISCOUNTS, SPREADS, SPREADS, PULLS)
START: Final = Movement(DISCOUNTS[2], SPREADS[6], SPREADS[2], PULLS[8])
STEPS: Final = (
    *(step for step in product((-1, 0, 1), repeat=len(AXES)) if sum(map(abs, step)) == 1),
    (0, 1, -1, 0),
    (0, -1, 1, 0),
)
"""Steps along one axis, and from drift to swing or back: the two can make up for each other."""
DRAWS: Final = 400


def fit_movement(
    past: History,
    *,
    start: Movement = START,
    first_origin: int = FIRST_ORIGIN,
    seed: int = 1,
) -> Movement:
    """The movement that would have predicted the past best.

    From each year since `first_origin` the years after it, up to five and up to the last one, are
    predicted stage by stage, and the mean `interval_score` over all counts is made as small as it
    gets on a grid (discount in tenths, drift and swing in twentieths, pull in hundredths): from a
    start to the best neighbour, until there is none better. Finer steps would be no truer.

    Args:
        past: all that may be looked at.
        start: a point of the grid.
        first_origin: first year from which is predicted.
        seed: of the random numbers.

    Raises:
        ValueError: no year to predict from, or none to predict; a start beside the grid.
    """
    trial = _Trial(past, tuple(range(first_origin, past.last_year)), seed)
    here = _point(start)
    while True:
        best = min((here, *_neighbours(here)), key=trial.score)
        if best == here:
            return Movement(*here)
        here = best


def movement_scores(
    past: History,
    movements: Sequence[Movement],
    first_origin: int = FIRST_ORIGIN,
    seed: int = 1,
) -> list[float]:
    """Mean `interval_score` of each movement, over the predictions that `fit_movement` compares."""
    trial = _Trial(past, tuple(range(first_origin, past.last_year)), seed)
    return [trial.score(_point(m)) for m in movements]


Point = tuple[float, float, float, float]


def _point(movement: Movement) -> Point:
    return movement.discount, movement.drift, movement.swing, movement.pull


def _neighbours(point: Point) -> Iterator[Point]:
    """Points of the grid one step away."""
    at = [axis.index(value) for axis, value in zip(AXES, point, strict=True)]
    for step in STEPS:
        there = [n + move for n, move in zip(at, step, strict=True)]
        if all(0 <= n < len(axis) for n, axis in zip(there, AXES, strict=True)):
            discount, drift, swing, pull = (a[n] for n, a in zip(there, AXES, strict=True))
            yield discount, drift, swing, pull


@dataclass(frozen=True)
class _Start:
    """Where predictions of a stage start.

    Attributes:
        stage: number among `COUNTED`.
        rows: places that report it.
        level: draws of their levels, shape (rows, draws).
        age: years since they last did, shape (rows,).
        gap: logarithm of their levels over the middle, shape (rows,).
        moves: normal draws of how levels move on, of standard deviation 1, shape (rows, draws).
    """

    stage: int
    rows: NDArray[np.int64]
    level: Floats
    age: Floats
    gap: Floats
    moves: Floats

    @classmethod
    def of(cls, stage: str, levels: Levels, random: np.random.Generator) -> _Start:
        """Draw them. Moves are evenly spread, so that quantiles settle with few draws."""
        rows = np.flatnonzero(levels.reported)
        level = np.array([levels.draws(int(place), DRAWS, random) for place in rows])
        even = np.broadcast_to(special.ndtri((np.arange(DRAWS) + 0.5) / DRAWS), level.shape)
        moves = random.permuted(even, axis=1)
        gap = levels.gaps[rows]
        return cls(COUNTED.index(stage), rows, level, levels.age[rows], gap, moves)


@dataclass
class _Trial:
    """The past predicted over and over, with the same random numbers for each movement.

    Attributes:
        past: all counts.
        origins: years from which is predicted.
        seed: of the random numbers.
    """

    past: History
    origins: Sequence[int]
    seed: int
    _scores: dict[Point, float] = field(default_factory=dict)
    _starts: dict[tuple[int, float], list[_Start]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.origins or self.origins[0] < self.past.first_year:
            raise ValueError(
                f"nothing to predict from in {self.past.first_year} to {self.past.last_year}"
            )

    def score(self, point: Point) -> float:
        """Mean score of all predictions with a movement."""
        if point not in self._scores:
            found = [part for origin in self.origins for part in self._parts(origin, *point)]
            if not found:
                raise ValueError("there is nothing to predict: no count in the years after")
            self._scores[point] = float(np.concatenate(found).mean())
        return self._scores[point]

    def _parts(
        self, origin: int, discount: float, drift: float, swing: float, pull: float
    ) -> Iterator[Floats]:
        """Scores of the predictions from one year, stage by stage and year by year."""
        for start in self._starts_at(origin, discount):
            for ahead in range(1, min(HORIZON, self.past.last_year - origin) + 1):
                column = self.past.column(origin + ahead)
                now = self.past.reported[start.stage, start.rows, column]
                rows = start.rows[now]
                years = ahead + start.age[now]
                spread = np.hypot(drifted(years, drift, pull), swing)
                back = pulled(years, start.gap[now], pull)
                moved = back[:, None] * np.exp(spread[:, None] * start.moves[now])
                counts = np.random.default_rng(self.seed).poisson(start.level[now] * moved)
                low, high = (b[start.stage, rows, column] for b in (self.past.low, self.past.high))
                yield interval_score(np.sort(counts, axis=1), low, high)

    def _starts_at(self, origin: int, discount: float) -> list[_Start]:
        """Where the predictions from one year start, stage by stage."""
        key = (origin, discount)
        if key not in self._starts:
            random = np.random.default_rng([self.seed, origin])
            levels = self.past.until(origin).levels(discount)
            self._starts[key] = [_Start.of(stage, levels[stage], random) for stage in PREDICTED]
        return self._starts[key]
