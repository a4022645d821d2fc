"""What would happen without an investment: draws of each place's flows through the chain."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gapatlas.statistics.checks import Bools, Floats
from gapatlas.training.chain import COUNTED, LONGEST
from gapatlas.training.levels import Levels, drifted, paths, pulled

SINGLE: Final = np.float32
"""Seven digits are more than any count here has, and halve the memory and the time."""
SIZE_STEP: Final = 0.5
"""Places whose levels differ by less than this on the scale of logarithms share their paths."""
LEAST_LENT: Final = 1.0
"""Fewest counts a year below the line of a ratio that is lent: fewer would make it boundless."""
FEWEST_DONORS: Final = 5
"""Places that report two stages, before their ratio is lent to a place that reports but one."""


@dataclass(frozen=True)
class Movement:
    """How levels move on from year to year; see `levels.paths`.

    Attributes:
        discount: weight of a year of data against that of the year after it.
        drift: standard deviation of a year's step of the logarithm of a level.
        swing: standard deviation of a year's swing around the level.
        pull: share of its distance to the middle of all places that a level makes up in a year.
    """

    discount: float
    drift: float
    swing: float
    pull: float = 0.0


@dataclass(frozen=True)
class Baseline:
    """Draws of yearly flows, place by place, as they are without an investment.

    Attributes:
        places: ids.
        detected: victims detected in a year, shape (places, draws).
        shares: how many pass each stage, shape (3, places, draws): persons suspected per detected
            victim, share of suspects who are prosecuted, share of persons decided by a court who
            are convicted.
        paths: factors by which levels move from year to year, shape (years, columns): place p
            reads as many as there are draws from column `offsets[p]` on, so that places move
            apart. There is a block of columns for each class of places of like size.
        offsets: shape (places,).
        reported: which of `COUNTED` each place reports, shape (places, 4); what it does not is
            lent by places that do.
    """

    places: tuple[str, ...]
    detected: NDArray[Any]
    shares: NDArray[Any]
    paths: NDArray[Any]
    offsets: NDArray[np.int64]
    reported: Bools

    @property
    def draws(self) -> int:
        """How many draws there are of each place."""
        return int(self.detected.shape[1])

    @property
    def suspects(self) -> NDArray[Any]:
        """Persons suspected per detected victim, shape (places, draws)."""
        return np.asarray(self.shares[0])

    @property
    def prosecuted(self) -> NDArray[Any]:
        """Share of suspects who are prosecuted, shape (places, draws)."""
        return np.asarray(self.shares[1])

    @property
    def convicted(self) -> NDArray[Any]:
        """Share of persons decided by a court who are convicted, shape (places, draws)."""
        return np.asarray(self.shares[2])

    @cached_property
    def suspected(self) -> Floats:
        """Mean number of persons suspected in a year, shape (places,)."""
        flow = self.detected.astype(np.float64) * self.suspects
        return np.asarray(flow.mean(axis=1))

    def __getitem__(self, which: Sequence[int]) -> Baseline:
        """The baseline of some of the places, some of them more than once: the same draws."""
        at = np.asarray(which, dtype=np.int64)
        picked = Baseline(
            tuple(self.places[place] for place in at),
            self.detected[at],
            np.ascontiguousarray(self.shares[:, at]),
            self.paths,
            self.offsets[at],
            self.reported[at],
        )
        vars(picked)["suspected"] = self.suspected[at]
        return picked

    def of(self, places: Sequence[str]) -> Baseline:
        """The baseline of some of the places by id.

        Raises:
            ValueError: a place that it does not have; named.
        """
        known = {place: at for at, place in enumerate(self.places)}
        unknown = [place for place in places if place not in known]
        if unknown:
            raise ValueError(f"there is no baseline of {', '.join(unknown)}")
        return self[[known[place] for place in places]]

    def at_draws(self, which: NDArray[np.int64]) -> Baseline:
        """The same places in other draws: some of them, in another order, or more than once.

        The staff of a place is no matter of the draws, so their number stays what it was.

        Args:
            which: numbers of draws, shape (new draws,).
        """
        at = np.asarray(which, dtype=np.int64)
        columns = (self.offsets[:, None] + at).ravel()
        picked = Baseline(
            self.places,
            np.ascontiguousarray(self.detected[:, at]),
            np.ascontiguousarray(self.shares[:, :, at]),
            np.ascontiguousarray(self.paths[:, columns]),
            np.arange(len(self.places), dtype=np.int64) * len(at),
            self.reported,
        )
        vars(picked)["suspected"] = self.suspected
        return picked

    def yearly(self) -> dict[str, Floats]:
        """Draws of yearly counts by stage, each of shape (places, draws)."""
        detected = self.detected.astype(np.float64)
        suspected = detected * self.suspects
        prosecuted = suspected * self.prosecuted
        stages = (detected, suspected, prosecuted, prosecuted * self.convicted)
        return dict(zip(COUNTED, stages, strict=True))

    def moves(self, years: int) -> Floats:
        """Factors by which the levels of each place move, shape (years, places, draws)."""
        columns = self.offsets[:, None] + np.arange(self.draws)
        return np.asarray(self.paths[:years, columns], dtype=np.float64)

    def expected(self, years: int) -> dict[str, Floats]:
        """Expected counts by stage as levels move on without an investment, each of shape
        (years, places, draws). The court keeps step: see `plain.flows`."""
        moves = self.moves(years)
        return {stage: moves * level for stage, level in self.yearly().items()}


def draw_baseline(
    places: Sequence[str],
    levels: Mapping[str, Levels],
    movement: Movement,
    *,
    ahead: int = 0,
    draws: int = 10_000,
    seed: int = 1,
) -> Baseline:
    """Draw the flows of places from the levels of their counts.

    A court cannot convict more persons than come before it: where a place counts more convictions
    than prosecutions (of other years), the convicted are taken for those who came before the
    court; likewise for suspects. A stage that a place does not report takes its ratio to the next
    one from places that report both, another one in each draw.

    Args:
        places: ids; the draws of a place do not depend on which others there are, but for what is
            lent.
        levels: stage of `COUNTED` -> levels of the places.
        movement: how levels move on.
        ahead: years between the last count and the first year of the model.
        draws: how many.
        seed: of the random numbers.

    Raises:
        ValueError: a place that reports neither prosecutions nor convictions, or one that lacks a
            stage for which too few places could lend their ratio; named.
    """
    reported = np.column_stack([levels[stage].reported for stage in COUNTED])
    silent = [place for place, told in zip(places, reported, strict=True) if not told[2:].any()]
    if silent:
        raise ValueError(f"neither prosecutions nor convictions of {', '.join(silent)}")
    flows = _flows(places, levels, reported, movement, draws, seed)
    detected, suspected, prosecuted, convicted = _coherent(*flows)
    moves, starts = _moves(places, _gaps(levels, reported), movement, ahead, draws, seed)
    shares = np.stack([suspected / detected, prosecuted / suspected, convicted / prosecuted])
    return Baseline(
        tuple(places),
        detected.astype(SINGLE),
        shares.astype(SINGLE),
        moves.astype(SINGLE),
        starts,
        reported,
    )


def _gaps(levels: Mapping[str, Levels], reported: Bools) -> Floats:
    """How far each place lies above the middle: the mean over the stages that it reports."""
    gaps = np.column_stack([levels[stage].gaps for stage in COUNTED])
    return np.asarray((gaps * reported).sum(axis=1) / reported.sum(axis=1))


def _moves(
    places: Sequence[str], gaps: Floats, movement: Movement, ahead: int, draws: int, seed: int
) -> tuple[Floats, NDArray[np.int64]]:
    """Paths in blocks, one for each class of size, and the column where each place starts."""
    generator = np.random.default_rng([seed, zlib.crc32(b"paths")])
    spread = (movement.drift, movement.swing, draws, generator, movement.pull)
    moves = paths(LONGEST, ahead, *spread)
    twice = np.concatenate([moves, moves], axis=1)
    classes = np.round(gaps / SIZE_STEP) * (movement.pull > 0)
    sizes, block = np.unique(classes.astype(np.int64), return_inverse=True)
    years = ahead + 1 + np.arange(LONGEST)[:, None]
    back = pulled(years, sizes * SIZE_STEP, movement.pull)
    starts = [_generator(seed, place, "offset").integers(draws) for place in places]
    columns = np.concatenate([twice * back[:, size, None] for size in range(len(sizes))], axis=1)
    return columns, np.asarray(starts, dtype=np.int64) + 2 * draws * block


def _flows(
    places: Sequence[str],
    levels: Mapping[str, Levels],
    reported: Bools,
    movement: Movement,
    draws: int,
    seed: int,
) -> list[Floats]:
    """Draws of each stage as reported or lent, each of shape (places, draws).

    Since its last reported year a level has moved; the stages of a place move together.
    """
    flows = [np.full((len(places), draws), np.nan) for _ in COUNTED]
    ages = np.column_stack([levels[stage].age for stage in COUNTED])
    spreads = drifted(ages, movement.drift, movement.pull)
    back = pulled(ages, np.column_stack([levels[s].gaps for s in COUNTED]), movement.pull)
    for at, place in enumerate(places):
        since = _generator(seed, place, "since").standard_normal(draws)
        for k, stage in enumerate(COUNTED):
            if reported[at, k]:
                level = levels[stage].draws(at, draws, _generator(seed, place, stage))
                flows[k][at] = level * back[at, k] * np.exp(spreads[at, k] * since)
    # From the end of the chain to its start: each stage is lent from the one after it.
    for k, after in ((3, 2), (2, 3), (1, 2), (0, 1)):
        _lend(flows, k, after, places, seed)
    return flows


def _lend(flows: list[Floats], k: int, after: int, places: Sequence[str], seed: int) -> None:
    """Fill a stage where it is not reported by its ratio to another one in places with both."""
    missing = np.flatnonzero(np.isnan(flows[k][:, 0]))
    if not len(missing):
        return
    donors = np.flatnonzero(~np.isnan(flows[k][:, 0]) & ~np.isnan(flows[after][:, 0]))
    if len(donors) < FEWEST_DONORS:
        names = ", ".join(places[int(at)] for at in missing)
        raise ValueError(f"{COUNTED[k]} is not reported by {names}, nor by enough other places")
    ratios = flows[k][donors] / np.maximum(flows[after][donors], LEAST_LENT)
    for at in map(int, missing):
        if np.isnan(flows[after][at, 0]):
            continue
        generator = _generator(seed, places[at], f"lent {COUNTED[k]}")
        lender = generator.integers(len(donors), size=ratios.shape[1])
        drawn = generator.integers(ratios.shape[1], size=ratios.shape[1])
        flows[k][at] = flows[after][at] * ratios[lender, drawn]


def _coherent(
    detected: Floats, suspected: Floats, prosecuted: Floats, convicted: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Flows in which no stage passes on more persons than reach it."""
    brought = np.maximum(prosecuted, convicted)
    return detected, np.maximum(suspected, brought), brought, convicted


def _generator(seed: int, place: str, what: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(place.encode()), zlib.crc32(what.encode())])
