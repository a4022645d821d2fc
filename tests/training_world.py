"""Made-up places, beliefs and programmes that the tests of the training model share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from gapatlas.training import (
    COMPONENTS,
    LONGEST,
    STAGES,
    Assumptions,
    Baseline,
    Drawn,
    Movement,
    Prior,
    Programme,
    discounted_levels,
    draw_baseline,
)
from gapatlas.training.baseline import SINGLE
from gapatlas.training.chain import COUNTED, Component, Stage

EXACT = 2e-6
"""The compiled form counts with seven digits: of as many as it adds up, so much may be lost."""

Effects = Mapping[tuple[Component, Stage], Prior]


def share(value: float, low: float, high: float) -> Prior:
    return Prior(value, low, high, shape="logit_normal")


TERMS: dict[str, Prior] = {
    "half_life_months": Prior(12, 5, 36),
    "cost_case_construction": Prior(3500, 1200, 9000),
    "cost_interviewing": Prior(3000, 1200, 9000),
    "cost_evidence": Prior(4000, 1200, 9000),
    "cost_legal_support": Prior(5000, 1200, 9000),
    "caseload": Prior(2, 0.7, 6),
    "court_headroom": Prior(0.2, 0.05, 0.6),
    "turnover": share(0.16, 0.08, 0.25),
    "refresher_cost": share(0.3, 0.15, 0.6),
    "reach": share(0.8, 0.5, 0.95),
    "court_speed": share(0.41, 0.3, 0.55),
    "referral": share(0.5, 0.2, 0.8),
}
EFFECTS: dict[tuple[Component, Stage], Prior] = {
    ("case_construction", "prosecuted"): Prior(1.08, 0.86, 1.35),
    ("evidence", "prosecuted"): Prior(1.1, 0.86, 1.4),
    ("interviewing", "suspected"): Prior(1.1, 0.9, 1.4),
    ("interviewing", "referred"): Prior(1.2, 0.9, 2),
    ("legal_support", "convicted"): Prior(1.05, 0.85, 1.3),
}
EVERYWHERE: dict[tuple[Component, Stage], Prior] = {
    (component, stage): Prior(1.1 + 0.1 * c + 0.05 * k, 0.7, 2.2)
    for c, component in enumerate(COMPONENTS)
    for k, stage in enumerate(STAGES)
}


def acting(number: int) -> Iterator[Effects]:
    """Every choice of so many components, acting at every stage."""
    for chosen in combinations(COMPONENTS, number):
        yield {key: prior for key, prior in EVERYWHERE.items() if key[0] in chosen}


def assumptions(effects: Effects = EFFECTS, **terms: Prior) -> Assumptions:
    return Assumptions(effects, {**TERMS, **terms})


def known(effects: Mapping[tuple[Component, Stage], float], **terms: float) -> Drawn:
    """One draw of inputs that are known: medians, but for what is named."""
    drawn = assumptions({key: Prior.known(value) for key, value in effects.items()}).medians()
    for name, value in terms.items():
        drawn = drawn.with_value(name, value)
    return drawn


def random_baseline(places: int, draws: int, seed: int = 3) -> Baseline:
    """Places that report eight years of counts which fall from stage to stage."""
    generator = np.random.default_rng(seed)
    size = generator.gamma(2, 30, (places, 1))
    levels = {}
    for stage, part in zip(COUNTED, (1, 0.9, 0.6, 0.3), strict=True):
        counts = generator.poisson(size * part, (places, 8))
        high = counts + (counts < 5) * 2
        levels[stage] = discounted_levels(counts, high, np.ones_like(counts, bool), 0.7)
    ids = [f"P{number:03}" for number in range(places)]
    return draw_baseline(ids, levels, Movement(0.7, 0.2, 0.3), ahead=2, draws=draws, seed=seed)


def steady_baseline(
    detected: Sequence[float] = (100.0,),
    shares: Sequence[float] = (0.8, 0.5, 0.4),
    draws: int = 1,
) -> Baseline:
    """Places whose levels are known and never move: suspects per victim, charged, convicted."""
    size = (len(detected), draws)
    flows = np.broadcast_to(np.array(detected)[:, None], size)
    return Baseline(
        tuple(f"P{number:03}" for number in range(len(detected))),
        flows.astype(SINGLE),
        np.stack([np.full(size, value) for value in shares]).astype(SINGLE),
        np.ones((LONGEST, 2 * draws), SINGLE),
        np.zeros(len(detected), np.int64),
        np.ones((len(detected), len(COUNTED)), bool),
    )


def budgets(*rows: Sequence[float]) -> np.ndarray:
    return np.array(rows, dtype=np.float64)


def programme(places: int, money: float = 20_000.0, **settings: int) -> Programme:
    """The same money for each component in each place, in every year unless it is said."""
    settings.setdefault("spend_years", settings.get("years", 10))
    return Programme(np.full((places, len(COMPONENTS)), money), **settings)
