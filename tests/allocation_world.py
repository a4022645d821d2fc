"""Small worlds for tests of allocation: a handful of places, few draws, made-up counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from gapatlas.training import (
    COMPONENTS,
    Assumptions,
    Baseline,
    Drawn,
    Levels,
    Movement,
    Prior,
    Programme,
    draw_baseline,
    simulate,
)
from gapatlas.training.baseline import COUNTED
from gapatlas.training.chain import Component, Stage

Effects = Mapping[tuple[Component, Stage], Prior]

MIXED_EFFECTS: Effects = {
    ("case_construction", "prosecuted"): Prior(1.15, 0.9, 1.6),
    ("interviewing", "suspected"): Prior(1.1, 0.9, 1.4),
    ("interviewing", "referred"): Prior(1.2, 0.9, 2),
    ("evidence", "prosecuted"): Prior(1.08, 0.86, 1.35),
    ("legal_support", "convicted"): Prior(1.05, 0.85, 1.3),
}
HARM: Effects = {
    ("case_construction", "prosecuted"): Prior(0.8, 0.7, 0.9),
    ("interviewing", "suspected"): Prior(0.9, 0.8, 0.95),
    ("evidence", "prosecuted"): Prior(0.8, 0.7, 0.9),
    ("legal_support", "convicted"): Prior(0.8, 0.7, 0.9),
}


def share(value: float, low: float, high: float) -> Prior:
    return Prior(value, low, high, shape="logit_normal")


def assumptions(effects: Effects) -> Assumptions:
    """Beliefs that differ from component to component, so that one mix is best."""
    terms = {
        "half_life_months": Prior(12, 5, 36),
        "caseload": Prior(2, 0.7, 6),
        "court_headroom": Prior(0.2, 0.05, 0.6),
        "turnover": share(0.16, 0.08, 0.25),
        "refresher_cost": share(0.3, 0.15, 0.6),
        "reach": share(0.8, 0.5, 0.95),
        "court_speed": share(0.41, 0.3, 0.55),
        "referral": share(0.5, 0.2, 0.8),
    }
    costs = {f"cost_{component}": Prior(3500, 1200, 9000) for component in COMPONENTS}
    return Assumptions(effects, {**terms, **costs})


def world(
    sizes: Sequence[float], effects: Effects = MIXED_EFFECTS, draws: int = 60, seed: int = 1
) -> tuple[Baseline, Drawn]:
    """Places `A`, `B`, ... with so many detected victims a year, and draws of the inputs."""
    years = np.full(len(sizes), 4.0)
    levels = {
        stage: Levels(years * sizes * part, years * sizes * part, years, np.zeros_like(years))
        for stage, part in zip(COUNTED, (1, 0.9, 0.6, 0.3), strict=True)
    }
    baseline = draw_baseline(
        names(len(sizes)), levels, Movement(0.7, 0.2, 0.3), draws=draws, seed=seed
    )
    return baseline, assumptions(effects).draw(draws, seed)


def names(number: int) -> tuple[str, ...]:
    return tuple("ABCDEFGH"[:number])


def alike(baseline: Baseline, sizes: Sequence[float]) -> Baseline:
    """Places with the draws of the first one, so many times as large."""
    copies = baseline[[0] * len(sizes)]
    larger = copies.detected * np.array(sizes, dtype=copies.detected.dtype)[:, None]
    return replace(copies, places=names(len(sizes)), detected=larger)


def every_deal(places: int, parts: int, mixes: np.ndarray) -> np.ndarray:
    """Every way to give each place a number of parts and a mix, shape (deals, places, components);
    the parts add up to no more than all."""
    options = [np.zeros(mixes.shape[1])]
    options += [count * mix for count in range(1, parts + 1) for mix in mixes]
    deals = [deal for deal in product(options, repeat=places) if np.sum(deal) <= parts * (1 + 1e-9)]
    return np.array(deals)


def further_of(
    budgets: np.ndarray, programme: Programme, baseline: Baseline, drawn: Drawn
) -> np.ndarray:
    """Further convictions of a deal by the simulation itself, shape (places, draws)."""
    return simulate(programme.with_budgets(budgets), baseline, drawn).further_by_place()
