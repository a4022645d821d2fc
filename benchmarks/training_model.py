"""The training model after a move of a slider, against the same in numpy, formulae and SimPy."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from benchmarks.bench import Bench
from benchmarks.library import PeerDiffersError, alternating, timed
from benchmarks.report import Row, Sample
from benchmarks.simpy_model import course_of_events
from gapatlas.statistics.checks import Floats
from gapatlas.training import (
    COMPONENTS,
    OUTCOMES,
    Assumptions,
    Baseline,
    Drawn,
    Effect,
    Movement,
    Prior,
    Programme,
    Run,
    discounted_levels,
    draw_baseline,
    nothing_spent,
    plain,
    run,
    simulate,
    warm_up,
)
from gapatlas.training.chain import COUNTED
from gapatlas.training.closed_form import expected

PLACES, YEARS, DRAWS, SEED = 200, 10, 10_000, 3
MONEY = 20_000.0
SAMPLES, EVERY = 40, 20
TARGET, MEMORY = 0.03, 500e6
WIDE = Prior(3500, 1200, 9000)
TERMS = {
    "half_life_months": Prior(12, 5, 36),
    **{f"cost_{component}": WIDE for component in COMPONENTS},
    "caseload": Prior(2, 0.7, 6),
    "court_headroom": Prior(0.2, 0.05, 0.6),
    "turnover": Prior(0.16, 0.08, 0.25, shape="logit_normal"),
    "refresher_cost": Prior(0.3, 0.15, 0.6, shape="logit_normal"),
    "reach": Prior(0.8, 0.5, 0.95, shape="logit_normal"),
    "court_speed": Prior(0.41, 0.3, 0.55, shape="logit_normal"),
    "referral": Prior(0.5, 0.2, 0.8, shape="logit_normal"),
}


@dataclass(frozen=True)
class Question:
    """What a slider is moved on: a programme, a baseline, and the run without the programme."""

    programme: Programme
    baseline: Baseline
    without: Run


def assumptions(charge: float = 1.15) -> Assumptions:
    """Five effects; the slider is that of case construction on charges."""
    return Assumptions(
        {
            ("case_construction", "prosecuted"): Prior(charge, charge / 1.4, charge * 1.4),
            ("evidence", "prosecuted"): Prior(1.08, 0.86, 1.35),
            ("interviewing", "suspected"): Prior(1.1, 0.9, 1.4),
            ("interviewing", "referred"): Prior(1.2, 0.9, 2),
            ("legal_support", "convicted"): Prior(1.05, 0.85, 1.3),
        },
        TERMS,
    )


def question() -> Question:
    """Places with eight years of counts, and money for every component in each."""
    random = np.random.default_rng(SEED)
    size = random.gamma(2, 30, (PLACES, 1))
    levels = {}
    for stage, part in zip(COUNTED, (1, 0.9, 0.6, 0.3), strict=True):
        counts = random.poisson(size * part, (PLACES, 8))
        levels[stage] = discounted_levels(counts, counts, np.ones_like(counts, bool), 0.7)
    places = [f"P{number:03}" for number in range(PLACES)]
    baseline = draw_baseline(places, levels, Movement(0.7, 0.2, 0.3), ahead=2, draws=DRAWS)
    money = np.full((PLACES, len(COMPONENTS)), MONEY)
    programme = Programme(money, YEARS, spend_years=6, refresh_every=0, lag=1)
    drawn = assumptions().draw(DRAWS, SEED)
    return Question(programme, baseline, run(nothing_spent(programme), baseline, drawn))


def slider_step(asked: Question) -> Callable[[], Effect]:
    """A move of the slider, to another value each time: beliefs, draws, simulation, answer."""
    moves = count()

    def step() -> Effect:
        drawn = assumptions(1.15 + next(moves) * 1e-3).draw(DRAWS, SEED)
        effect = simulate(asked.programme, asked.baseline, drawn, asked.without)
        effect.cost_per_conviction()
        return effect

    return step


def in_numpy(asked: Question, drawn: Drawn) -> Floats:
    """Yearly outcomes by place after place in plain numpy, shape (outcomes, years, draws)."""
    total = np.zeros((len(OUTCOMES), YEARS, DRAWS))
    for place in range(PLACES):
        flows = plain.flows(asked.programme, asked.baseline, drawn, place)
        for at, outcome in enumerate(OUTCOMES):
            total[at] += getattr(flows, outcome)
    return total


def in_formulae(asked: Question, drawn: Drawn) -> Floats:
    """Expected yearly outcomes of all places for one draw, shape (outcomes, years, 1)."""
    each = [expected(asked.programme, asked.baseline, drawn, place) for place in range(PLACES)]
    return np.sum(each, axis=0)


def known(asked: Question) -> tuple[Question, Drawn]:
    """The same question with one draw of everything, levels that stay and a court with room."""
    from_draws = asked.baseline
    still = Baseline(
        from_draws.places,
        from_draws.detected[:, :1],
        np.ascontiguousarray(from_draws.shares[:, :, :1]),
        np.ones_like(from_draws.paths[:, :2]),
        np.zeros_like(from_draws.offsets),
        from_draws.reported,
    )
    drawn = assumptions().medians().with_value("court_headroom", 1e6)
    return Question(asked.programme, still, run(asked.programme, still, drawn)), drawn


def check_same(ours: Floats, peer: Floats, what: str) -> None:
    """Refuse a comparison of the speed of different answers.

    Raises:
        PeerDiffersError: they differ by more than single precision.
    """
    if not np.allclose(ours, peer, rtol=1e-5):
        raise PeerDiffersError(f"outcomes differ between the simulation and {what}")


def peak_memory(asked: Callable[[], Any]) -> float:
    """Most bytes that arrays took at once."""
    tracemalloc.start()
    try:
        asked()
        return float(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


def training_rows(_bench: Bench) -> list[Row]:
    """A step of a slider beside its peers, and the memory that all of it takes."""
    warm_up()
    asked = question()
    single, one = known(asked)
    drawn = assumptions().draw(DRAWS, SEED)
    simulated = simulate(asked.programme, asked.baseline, drawn, asked.without).with_.by_year
    check_same(simulated, in_numpy(asked, drawn), "numpy")
    check_same(single.without.by_year, in_formulae(single, one), "the closed form")
    ours, numpy, formulae, simpy = alternating(
        [
            timed(slider_step(asked)),
            timed(lambda: in_numpy(asked, drawn), every=EVERY),
            timed(lambda: in_formulae(single, one)),
            timed(lambda: course_of_events(single.programme, single.baseline, one)),
        ],
        SAMPLES,
    )
    memory = peak_memory(lambda: slider_step(question())())
    step = f"training: a slider moved, {DRAWS:,} draws x {PLACES} places x {YEARS} years"
    return [
        Row(f"{step}; peer: plain numpy", "s", ours, numpy, TARGET),
        Row(f"{step}; peer: closed form, 1 draw x {PLACES} places", "s", ours, formulae),
        Row(f"{step}; peer: SimPy, 1 draw x 1 place, person by person", "s", ours, simpy),
        Row(f"{step}: memory, its baseline included", "B", Sample.of([memory]), None, MEMORY),
    ]
