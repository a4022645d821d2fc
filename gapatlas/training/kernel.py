"""The compiled simulation: blocks of draws, each place after the other, year by year.

`plain.py` says the same in numpy and is easier to read; a test holds the two together draw by
draw. Loops are short and take few arrays each, so that the compiler can do several draws at once.
No lock and no thread of numba's own: blocks of draws are dealt out to a pool of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gapatlas.training.chain import COMPONENTS, FLOW_STAGE, OUTCOMES, STAGES

BLOCK: Final = 1000
"""Draws that are worked on at a time: their numbers fit into a core's own memory."""
N_STAGES: Final = len(STAGES)
N_OUTCOMES: Final = len(OUTCOMES)
CORNERS: Final = 2 ** len(COMPONENTS)
REFERRED, SUSPECTED, PROSECUTED, CONVICTED = range(N_STAGES)
_compiled = njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract"})
_inlined = njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract"}, inline="always")


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
def _one_skill(into, low, high, path, money, reach, two):  # type: ignore[no-untyped-def]
    """Between the shares without and with a skill, by how many cases meet it."""
    for i in range(into.size):
        staff = path[i] * money
        staff = staff if staff < reach[i] else reach[i]
        into[i] = low[i] + staff * (two - staff) * (high[i] - low[i])


@_inlined
def _met(into, path, money, reach, two):  # type: ignore[no-untyped-def]
    """Share of cases that meet a skill."""
    for i in range(into.size):
        staff = path[i] * money
        staff = staff if staff < reach[i] else reach[i]
        into[i] = staff * (two - staff)


@_inlined
def _between(into, low, high, met):  # type: ignore[no-untyped-def]
    for i in range(into.size):
        into[i] = low[i] + met[i] * (high[i] - low[i])


@_inlined
def _two_skills(into, none, first, second, both, met, path, money, reach, two):  # type: ignore[no-untyped-def]
    for i in range(into.size):
        staff = path[i] * money
        staff = staff if staff < reach[i] else reach[i]
        other = staff * (two - staff)
        low = none[i] + met[i] * (first[i] - none[i])
        high = second[i] + met[i] * (both[i] - second[i])
        into[i] = low + other * (high - low)


@_inlined
def _refer(out, sum_, level, path, share):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        found = level[i] * path[i]
        out[i] += found * share[i]
        sum_[i] += found * share[i]


@_inlined
def _charge(out, sum_, charged, level, path, suspects, share):  # type: ignore[no-untyped-def]
    """Persons charged; `charged` is at the level of today."""
    for i in range(out.size):
        persons = level[i] * suspects[i] * share[i]
        charged[i] = persons
        out[i] += persons * path[i]
        sum_[i] += persons * path[i]


@_inlined
def _decide(out, sum_, pending, charged, path, speed, room, share):  # type: ignore[no-untyped-def]
    """The court's queue is at the level of today; what it decides moves with the place."""
    for i in range(out.size):
        before = pending[i] + charged[i]
        decided = before * speed[i]
        decided = decided if decided < room[i] else room[i]
        pending[i] = before - decided
        out[i] += decided * path[i] * share[i]
        sum_[i] += decided * path[i] * share[i]


@_inlined
def _start_court(pending, room, charged, detected, suspects, share, speed, headroom, one):  # type: ignore[no-untyped-def]
    """The court as it stands before: as many decided as charged, and the room it has."""
    for i in range(pending.size):
        charged[i] = detected[i] * suspects[i] * share[i]
    for i in range(pending.size):
        pending[i] = charged[i] * (one - speed[i]) / speed[i]
    for i in range(pending.size):
        room[i] = charged[i] * (one + headroom[i])


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
    work = np.empty((CORNERS, size), kind)
    met = np.empty((len(COMPONENTS), size), kind)
    sums = np.empty((N_OUTCOMES, size), kind)
    charged = np.empty(size, kind)
    pending, room = np.empty(size, kind), np.empty(size, kind)
    active = np.empty((N_STAGES, len(COMPONENTS)), np.int64)
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
                corner[k, 0] = referral[first:last]
            else:
                corner[k, 0] = base[k - 1, place, first:last]
            for n in range(count[k]):
                ratio = ratios[active[k, n], k, first:last]
                for at in range(2**n):
                    if k == FLOW_STAGE:
                        _multiplied(corner[k, at + 2**n], corner[k, at], ratio)
                    else:
                        _with_odds(corner[k, at + 2**n], corner[k, at], ratio, one)
            if count[k] == 0:
                passed[k] = corner[k, 0]
        _start_court(
            pending,
            room,
            charged,
            detected[place, first:last],
            corner[SUSPECTED, 0],
            corner[PROSECUTED, 0],
            speed[first:last],
            headroom[first:last],
            one,
        )
        sums[:] = zero
        for year in range(years):
            for k in range(N_STAGES):
                if count[k] == 1:
                    c = active[k, 0]
                    _one_skill(
                        passed[k],
                        corner[k, 0],
                        corner[k, 1],
                        skills[c, year, first:last],
                        money[place, c],
                        reach[first:last],
                        two,
                    )
                elif count[k] == 2:
                    c, d = active[k, 0], active[k, 1]
                    _met(
                        met[c], skills[c, year, first:last], money[place, c], reach[first:last], two
                    )
                    _two_skills(
                        passed[k],
                        corner[k, 0],
                        corner[k, 1],
                        corner[k, 2],
                        corner[k, 3],
                        met[c],
                        skills[d, year, first:last],
                        money[place, d],
                        reach[first:last],
                        two,
                    )
                elif count[k] > 2:
                    work[: 2 ** count[k]] = corner[k, : 2 ** count[k]]
                    for n in range(count[k]):
                        c = active[k, n]
                        _met(
                            met[c],
                            skills[c, year, first:last],
                            money[place, c],
                            reach[first:last],
                            two,
                        )
                        for at in range(2 ** (count[k] - n - 1)):
                            _between(work[at], work[2 * at], work[2 * at + 1], met[c])
                    passed[k] = work[0]
            start = offsets[place] + first
            path = paths[year, start : start + size]
            _refer(
                by_year[0, year, first:last],
                sums[0],
                detected[place, first:last],
                path,
                passed[REFERRED],
            )
            _charge(
                by_year[1, year, first:last],
                sums[1],
                charged,
                detected[place, first:last],
                path,
                passed[SUSPECTED],
                passed[PROSECUTED],
            )
            _decide(
                by_year[2, year, first:last],
                sums[2],
                pending,
                charged,
                path,
                speed[first:last],
                room,
                passed[CONVICTED],
            )
        by_place[:, place, first:last] = sums


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
    block: Callable[..., None] = _run_block
    if len(ends) == 1:
        block(*ends[0], *arguments, by_year, by_place)
        return
    tasks = [_pool().submit(block, *end, *arguments, by_year, by_place) for end in ends]
    for task in tasks:
        task.result()
