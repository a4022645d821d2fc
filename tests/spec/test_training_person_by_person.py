"""The model of shares, held against one of persons: trainees, victims and trials in SimPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.simpy_model import course_of_events
from gapatlas.training import OUTCOMES, Drawn, Programme, plain
from tests.training_world import budgets, known, steady_baseline

COURSES, FEWER = 40, 8
PLACE = steady_baseline((120,), (0.9, 0.5, 0.4))
STRONG = {
    ("case_construction", "prosecuted"): 1.8,
    ("evidence", "prosecuted"): 1.5,
    ("interviewing", "suspected"): 1.4,
    ("interviewing", "referred"): 2.0,
    ("legal_support", "convicted"): 1.7,
}
MONEY = budgets([60e3, 30e3, 30e3, 60e3])


@dataclass(frozen=True)
class World:
    """A programme and what is known of it."""

    programme: Programme
    drawn: Drawn


WORLDS = {
    "nothing spent": World(Programme(MONEY * 0, 6, 6), known({})),
    "room in court": World(Programme(MONEY, 8, 5), known(STRONG, court_headroom=50)),
    "refreshers": World(
        Programme(MONEY, 8, 8, refresh_every=2, lag=0), known(STRONG, court_headroom=50)
    ),
    "a court that fills": World(
        Programme(MONEY * 2, 6, 6, lag=0), known(STRONG, court_headroom=0.02, court_speed=0.7)
    ),
}


@pytest.mark.parametrize("world", WORLDS.values(), ids=list(WORLDS))
def test_the_mean_of_many_courses_of_events_is_what_the_model_computes(world: World) -> None:
    told = plain.flows(world.programme, PLACE, world.drawn)
    model = np.array([getattr(told, outcome)[:, 0] for outcome in OUTCOMES])
    seen = np.array(
        [course_of_events(world.programme, PLACE, world.drawn, seed=s) for s in range(COURSES)]
    )
    # Each year on its own, and all years together.
    for found, truth in ((seen, model), (seen.sum(axis=2), model.sum(axis=1))):
        error = found.std(axis=0, ddof=1) / np.sqrt(COURSES)
        assert np.abs((found.mean(axis=0) - truth) / error).max() < 3.5


def test_the_errors_of_these_means_are_small_beside_what_training_changes() -> None:
    """Or the comparison above would say little."""
    world = WORLDS["room in court"]
    seen, bare = (
        np.array(
            [course_of_events(plan, PLACE, world.drawn, seed=s).sum(axis=1) for s in range(FEWER)]
        )
        for plan in (world.programme, Programme(MONEY * 0, 8, 5))
    )
    gain = seen.mean(axis=0) - bare.mean(axis=0)
    error = np.sqrt((seen.var(axis=0, ddof=1) + bare.var(axis=0, ddof=1)) / COURSES)
    assert np.all(gain > 8 * error)


def test_the_court_of_persons_fills_too() -> None:
    world = WORLDS["a court that fills"]
    told = plain.flows(world.programme, PLACE, world.drawn)
    assert np.all(told.decided[1:] == told.room)
    assert told.pending[-1] > 2 * told.pending_before
