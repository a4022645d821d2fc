"""The compiled simulation: blocks of draws, each place after the other, year by year.

`plain.py` says the same in numpy and is easier to read; a test holds the two together draw by
draw. Loops run over draws alone and have no branches, so that the compiler can do several draws at
once. No lock and no thread of numba's own: blocks of draws are dealt out to a pool of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gapatlas.training.chain import COMPONENTS, FLOW_STAGE, OUTCOMES, STAGES

BLOCK: Final = 1000
"""Draws that are worked on at a time: their numbers fit into a core's own memory. Not a power of
two: rows that start 4,096 bytes apart would get into each other's way there."""
N_STAGES: Final = len(STAGES)
N_OUTCOMES: Final = len(OUTCOMES)
CORNERS: Final = 2 ** len(COMPONENTS)
REFERRED, SUSPECTED, PROSECUTED, CONVICTED = range(N_STAGES)
OPTIONS: Final[dict[str, Any]] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"contract"},
}
_inlined = njit(inline="always", **OPTIONS)


def _compiled(function: Callable[..., None]) -> Callable[..., None]:
    """Compiled at the first call, and kept for the next start of the program if there is a folder
    to keep it in: beside this file, in the user's cache or in NUMBA_CACHE_DIR."""
    # What is kept is made anew when this file changes. A change of chain.py alone is not seen.
    try:
        return cast(Callable[..., None], njit(function, cache=True, **OPTIONS))
    except RuntimeError:  # None of them can be written.
        return cast(Callable[..., None], njit(function, **OPTIONS))


@_inlined
def _copy(into, values):  # type: ignore[no-untyped-def]
    """A plain loop: numba's own assignment of arrays is several times slower."""
    for i in range(into.size):
        into[i] = values[i]


@_inlined
def _clear(into, zero):  # type: ignore[no-untyped-def]
    for i in range(into.size):
        into[i] = zero


@_inlined
def _multiplied(into, low, ratio):  # type: ignore[no-untyped-def]
    for i in range(into.size):
        into[i] = low[i] * ratio[i]


@_inlined
def _with_odds(into, share, ratio, one):  # type: ignore[no-untyped-def]
    """A share whose odds are multiplied; exactly the share itself where the ratio is 1."""
    for i in range(into.size):
        more = ratio[i] - one
        into[i] = share[i] + share[i] * (one - share[i]) * more / (one + share[i] * more)


@_inlined
def _meeting(path, money, reach, two):  # type: ignore[no-untyped-def]
    """Share of cases that meet a skill, of one draw."""
    staff = path * money
    staff = staff if staff < reach else reach
    return staff * (two - staff)


@_inlined
def _one_skill(into, low, high, path, money, reach, two):  # type: ignore[no-untyped-def]
    """Between the shares without and with a skill, by how many cases meet it."""
    for i in range(into.size):
        into[i] = low[i] + _meeting(path[i], money, reach[i], two) * (high[i] - low[i])


@_inlined
def _two_skills(  # type: ignore[no-untyped-def]
    into, none, first, second, both, path, money, other_path, other_money, reach, two
):
    """The same with two skills."""
    for i in range(into.size):
        met = _meeting(path[i], money, reach[i], two)
        low = none[i] + met * (first[i] - none[i])
        high = second[i] + met * (both[i] - second[i])
        into[i] = low + _meeting(other_path[i], other_money, reach[i], two) * (high - low)


@_inlined
def _follow(  # type: ignore[no-untyped-def]
    referred, charged, convicted, all_referred, all_charged, all_convicted, pending,
    detected, path, refer, suspects, charge, convict, speed, room,
):  # fmt: skip
    """A year of a place, added to the sums over places and to those over years.

    The court's queue is at the level of today; what comes out moves with the place.
    """
    for i in range(pending.size):
        brought = detected[i] * suspects[i] * charge[i]
        before = pending[i] + brought
        decided = before * speed[i]
        decided = decided if decided < room[i] else room[i]
        pending[i] = before - decided
        helped = detected[i] * path[i] * refer[i]
        persons = brought * path[i]
        guilty = decided * path[i] * convict[i]
        referred[i] += helped
        charged[i] += persons
        convicted[i] += guilty
        all_referred[i] += helped
        all_charged[i] += persons
        all_convicted[i] += guilty


@_inlined
def _start_court(pending, room, detected, suspects, share, speed, headroom, one):  # type: ignore[no-untyped-def]
    """The court as it stands before: as many decided as charged, and the room it has."""
    for i in range(pending.size):
        usual = detected[i] * suspects[i] * share[i]
        pending[i] = usual * (one - speed[i]) / speed[i]
        room[i] = usual * (one + headroom[i])


@_compiled
def _run_block(  # type: ignore[no-untyped-def]
    first,
    last,
    money,
    skills,
    reach,
    acting,
    base,
    referral,
    detected,
    ratios,
    paths,
    offsets,
    speed,
    headroom,
    by_year,
    by_place,
):
    """Fill `by_year[:, :, first:last]` and `by_place[:, :, first:last]`."""
    places, years, size = detected.shape[0], by_year.shape[1], last - first
    kind = detected.dtype
    one, two, zero = kind.type(1), kind.type(2), kind.type(0)
    corner = np.empty((N_STAGES, CORNERS, size), kind)
    passed = np.empty((N_STAGES, size), kind)
    work = np.empty((CORNERS // 4, size), kind)
    sums = np.empty((N_OUTCOMES, size), kind)
    pending, room = np.empty(size, kind), np.empty(size, kind)
    active = np.zeros((N_STAGES, len(COMPONENTS) + 1), np.int64)
    count = np.empty(N_STAGES, np.int64)
    for place in range(places):
        # Components without money change nothing: leaving them out is exact, and faster.
        for k in range(N_STAGES):
            count[k] = 0
            for c in range(len(COMPONENTS)):
                if acting[k, c] and money[place, c] > zero:
                    active[k, count[k]] = c
                    count[k] += 1
        for k in range(N_STAGES):
            if k == REFERRED:
                _copy(corner[k, 0], referral[first:last])
            else:
                _copy(corner[k, 0], base[k - 1, place, first:last])
            for n in range(count[k]):
                ratio = ratios[active[k, n], k, first:last]
                for at in range(2**n):
                    if k == FLOW_STAGE:
                        _multiplied(corner[k, at + 2**n], corner[k, at], ratio)
                    else:
                        _with_odds(corner[k, at + 2**n], corner[k, at], ratio, one)
            if count[k] == 0:
                _copy(passed[k], corner[k, 0])
        _start_court(
            pending,
            room,
            detected[place, first:last],
            corner[SUSPECTED, 0],
            corner[PROSECUTED, 0],
            speed[first:last],
            headroom[first:last],
            one,
        )
        for outcome in range(N_OUTCOMES):
            _clear(sums[outcome], zero)
        for year in range(years):
            for k in range(N_STAGES):
                # Fewer rows with each skill, until one is left. Into rows of their own: where one
                # is read and written, draws cannot be taken several at once.
                rows, left, n = corner[k], 2 ** count[k], 0
                while n < count[k]:
                    c, d, both = active[k, n], active[k, n + 1], n + 1 < count[k]
                    left //= 4 if both else 2
                    mixed = passed[k : k + 1] if left == 1 else work
                    for at in range(left):
                        if both:
                            _two_skills(
                                mixed[at],
                                rows[4 * at],
                                rows[4 * at + 1],
                                rows[4 * at + 2],
                                rows[4 * at + 3],
                                skills[c, year, first:last],
                                money[place, c],
                                skills[d, year, first:last],
                                money[place, d],
                                reach[first:last],
                                two,
                            )
                        else:
                            _one_skill(
                                mixed[at],
                                rows[2 * at],
                                rows[2 * at + 1],
                                skills[c, year, first:last],
                                money[place, c],
                                reach[first:last],
                                two,
                            )
                    rows, n = mixed, n + 2
            start = offsets[place] + first
            _follow(
                by_year[0, year, first:last],
                by_year[1, year, first:last],
                by_year[2, year, first:last],
                sums[0],
                sums[1],
                sums[2],
                pending,
                detected[place, first:last],
                paths[year, start : start + size],
                passed[REFERRED],
                passed[SUSPECTED],
                passed[PROSECUTED],
                passed[CONVICTED],
                speed[first:last],
                room,
            )
        for outcome in range(N_OUTCOMES):
            _copy(by_place[outcome, place, first:last], sums[outcome])


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="training")


def run(
    arguments: tuple[Any, ...], draws: int, by_year: NDArray[Any], by_place: NDArray[Any]
) -> None:
    """Simulate all draws.

    Args:
        arguments: as `_run_block` takes them between `last` and `by_year`.
        draws: how many.
        by_year: outcomes summed over places, shape (outcomes, years, draws), zeros before.
        by_place: outcomes summed over years, shape (outcomes, places, draws).
    """
    ends = [(first, min(first + BLOCK, draws)) for first in range(0, draws, BLOCK)]
    if len(ends) == 1:
        _run_block(*ends[0], *arguments, by_year, by_place)
        return
    tasks = [_pool().submit(_run_block, *end, *arguments, by_year, by_place) for end in ends]
    for task in tasks:
        task.result()
