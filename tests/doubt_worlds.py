"""Small worlds of the training model for tests of how sure its answers are."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from gapatlas.training import (
    Assumptions,
    Baseline,
    Drawn,
    Movement,
    Prior,
    Programme,
    discounted_levels,
    draw_baseline,
)
from gapatlas.training.assumptions import SHARES
from gapatlas.training.baseline import SINGLE
from gapatlas.training.chain import COUNTED

PLACES = ("AAA", "BBB", "CCC")
MEANS = {"detected": (120, 300, 60), "suspected": (100, 250, 50), "prosecuted": (70, 160, 30)}
CONVICTED = (40, 90, 15)

TERMS = {
    "half_life_months": Prior(12, 5, 36),
    "cost_case_construction": Prior(3500, 1200, 9000),
    "cost_interviewing": Prior(3500, 1200, 9000),
    "cost_evidence": Prior(3500, 1200, 9000),
    "cost_legal_support": Prior(3500, 1200, 9000),
    "caseload": Prior(2, 0.7, 6),
    "court_headroom": Prior(0.2, 0.05, 0.6),
    "turnover": Prior(0.16, 0.08, 0.25, shape="logit_normal"),
    "refresher_cost": Prior(0.3, 0.15, 0.6, shape="logit_normal"),
    "reach": Prior(0.8, 0.5, 0.95, shape="logit_normal"),
    "court_speed": Prior(0.41, 0.3, 0.55, shape="logit_normal"),
    "referral": Prior(0.5, 0.2, 0.8, shape="logit_normal"),
}
EFFECTS = {
    ("interviewing", "referred"): Prior(1.2, 0.9, 2),
    ("interviewing", "suspected"): Prior(1.1, 0.9, 1.4),
    ("case_construction", "prosecuted"): Prior(1.15, 0.85, 1.6),
    ("legal_support", "convicted"): Prior(1.05, 0.85, 1.3),
}


def believed(
    effects: Mapping[tuple[str, str], Prior] = EFFECTS, **terms: Prior | float
) -> Assumptions:
    """Assumptions with some of the terms replaced; a number means that it is known."""
    given = {
        name: of if isinstance(of, Prior) else known_term(name, of) for name, of in terms.items()
    }
    return Assumptions(effects, {**TERMS, **given})


def known_term(name: str, value: float) -> Prior:
    """A term that is taken as known."""
    return Prior.known(value, "logit_normal" if name in SHARES else "lognormal")


def all_known(effects: Mapping[tuple[str, str], Prior], **terms: float) -> Assumptions:
    """Assumptions in which every term is known."""
    return believed(effects, **{**{name: prior.value for name, prior in TERMS.items()}, **terms})


def counted(draws: int = 2000, places: int = 3, seed: int = 1) -> Baseline:
    """A baseline of places that report five years of every stage."""
    counts = {**MEANS, "convicted": CONVICTED}
    levels = {}
    for stage in COUNTED:
        yearly = np.repeat(np.array(counts[stage], dtype=float)[:places, None], 5, axis=1)
        levels[stage] = discounted_levels(yearly, yearly, np.ones_like(yearly, dtype=bool), 0.7)
    movement = Movement(0.7, 0.1, 0.15)
    return draw_baseline(PLACES[:places], levels, movement, ahead=1, draws=draws, seed=seed)


def steady(draws: int = 2000, places: int = 3) -> Baseline:
    """A baseline that is known: the same in every draw and every year."""
    stages = [np.array({**MEANS, "convicted": CONVICTED}[stage][:places]) for stage in COUNTED]
    shares = [after / before for before, after in pairwise(stages)]

    def repeated(values: np.ndarray) -> np.ndarray:
        return np.repeat(np.asarray(values, dtype=SINGLE)[..., None], draws, axis=-1)

    return Baseline(
        PLACES[:places],
        repeated(stages[0]),
        repeated(np.array(shares)),
        np.ones((15, 2 * draws), SINGLE),
        np.zeros(places, dtype=np.int64),
        np.ones((places, len(COUNTED)), dtype=bool),
    )


def spent(places: int = 3, money: float = 20_000.0, **others: int) -> Programme:
    """As much money for each component in each place."""
    return Programme(np.full((places, 4), money), **{"years": 6, "spend_years": 5, **others})


def drawn_of(assumptions: Assumptions, baseline: Baseline, seed: int = 1) -> Drawn:
    """As many draws as the baseline has."""
    return assumptions.draw(baseline.draws, seed)
