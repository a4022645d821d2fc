"""The simulation once more, in numpy: one place, one line a step, nothing left out.

It is the model as the docs tell it. The compiled form in `kernel.py` must give the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gapatlas.statistics.checks import Floats
from gapatlas.training.assumptions import Drawn
from gapatlas.training.baseline import Baseline
from gapatlas.training.chain import FLOW_STAGE, STAGES, Stage
from gapatlas.training.programme import Programme, skill_paths


@dataclass(frozen=True)
class Flows:
    """Everyone in the chain of one place, year by year; each array has shape (years, draws).

    Attributes:
        detected: victims detected.
        referred: of them, referred to services.
        suspected: persons suspected.
        prosecuted: of them, charged; the others are dropped.
        decided: persons whose trial ends.
        pending: persons who wait for the end of their trial after the year, at the level of
            today (as `room` and `pending_before` are).
        pending_before: the same before the first year, shape (draws,).
        convicted: of the decided, convicted.
        room: most that the court can decide in a year, shape (draws,).
        moves: factors by which levels move; over them, `prosecuted` and `decided` are at the
            level of today too.
    """

    detected: Floats
    referred: Floats
    suspected: Floats
    prosecuted: Floats
    decided: Floats
    pending: Floats
    pending_before: Floats
    convicted: Floats
    room: Floats
    moves: Floats


def flows(programme: Programme, baseline: Baseline, drawn: Drawn, place: int = 0) -> Flows:
    """Follow one place through the years.

    Args:
        programme: what is spent; row `place` of its budgets.
        baseline: the place is row `place`.
        drawn: the other inputs, as many draws as the baseline has.
        place: row.
    """
    detected, suspects, prosecuted, convicted = (
        values[place].astype(np.float64)
        for values in (
            baseline.detected,
            baseline.suspects,
            baseline.prosecuted,
            baseline.convicted,
        )
    )
    start = baseline.offsets[place]
    moves = baseline.paths[: programme.years, start : start + drawn.draws].astype(np.float64)
    staff = max(float(baseline.suspected[place]), 1.0)
    met = cases_met(programme, drawn, programme.budgets[place] / staff)
    speed = drawn.term("court_speed")
    usual = detected * suspects * prosecuted
    room = usual * (1 + drawn.term("court_headroom"))
    pending = pending_before = usual * (1 - speed) / speed
    found = detected * moves
    to_services = found * passing(drawn, "referred", drawn.term("referral"), met)
    suspected = found * passing(drawn, "suspected", suspects, met)
    charged = suspected * passing(drawn, "prosecuted", prosecuted, met)
    # The court moves with the level of the place: what makes its cases wait is what training adds.
    # So its queue is reckoned at the level of today, and moved afterwards.
    brought = charged / moves
    decided, waiting = [], []
    for year in range(programme.years):
        before = pending + brought[year]
        ended = np.minimum(before * speed, room)
        pending = before - ended
        decided.append(ended)
        waiting.append(pending)
    ends = np.array(decided)
    return Flows(
        detected=found,
        referred=to_services,
        suspected=suspected,
        prosecuted=charged,
        decided=moves * ends,
        pending=np.array(waiting),
        pending_before=pending_before,
        convicted=moves * ends * passing(drawn, "convicted", convicted, met),
        room=room,
        moves=moves,
    )


def cases_met(programme: Programme, drawn: Drawn, money: Floats) -> Floats:
    """Share of cases that meet each skill, shape (components, years, draws).

    The first to be trained are those who handle most of the cases: with half of the staff
    trained, three quarters of the cases meet the skill.

    Args:
        programme: the years.
        drawn: the inputs.
        money: yearly budget of each component over the persons suspected in a year.
    """
    staff = np.minimum(skill_paths(programme, drawn) * money[:, None, None], drawn.term("reach"))
    return np.asarray(staff * (2 - staff))


def passing(drawn: Drawn, stage: Stage, share: Floats, met: Floats) -> Floats:
    """Share (ratio, at the flow stage) that passes a stage, shape (years, draws).

    A case meets each skill by chance, apart from the others; each that it meets multiplies its
    odds (its ratio, at the flow stage).
    """
    ratios, acting = drawn.effects()
    stage_number = STAGES.index(stage)
    total = np.zeros((met.shape[1], drawn.draws))
    components = acting[stage_number]
    for skills in range(2 ** len(components)):
        chance, ratio = np.ones_like(total), np.ones(drawn.draws)
        for n, component in enumerate(components):
            if skills >> n & 1:
                chance = chance * met[component]
                ratio = ratio * ratios[component, stage_number]
            else:
                chance = chance * (1 - met[component])
        if stage_number == FLOW_STAGE:
            total += chance * share * ratio
        else:
            odds = share * ratio
            total += chance * odds / (1 - share + odds)
    return total
