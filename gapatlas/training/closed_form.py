"""The simulation a third time, in formulae: no year is followed, no draw is needed.

It holds where levels keep their mean from year to year, nobody is refreshed, and the court never
fills. The mean of the simulation must then be this. With L the lag, S the years of spending, and
all else by its name:

Skill. Of a person's training q**a is left after a years, q = (1 - turnover) * 2**(-12 / half life
in months). Year t has those who were trained a to b - 1 years before, with b = max(t - L + 1, 0)
and a = max(b - S, 0): a geometric sum.

    skill(t) = (q**a - q**b) / (1 - q)

Cases met. u(t) = min(budget / cost * skill(t) / (suspects / caseload), reach) is the share of staff
with the skill. Those who handle most cases are trained first: met(t) = 1 - (1 - u(t))**2.

Stages. Each component multiplies suspects per victim by 1 + met * (effect - 1). At the other
stages the odds of a case that meets the skill are multiplied by the effect, and the share that
passes is the mean over cases with and without it.

Court. A case is decided in each year with the probability v (court speed), so it waits a
geometrically distributed time. Before year 0, u cases came in every year. Of them and of those
charged since, year t decides

    decided(t) = u * (1 - v)**(t + 1) + sum over y <= t of v * (1 - v)**(t - y) * charged(y)
"""

from __future__ import annotations

import numpy as np
from scipy import special

from gapatlas.statistics.checks import Floats
from gapatlas.training.assumptions import Drawn, effect_id
from gapatlas.training.baseline import Baseline
from gapatlas.training.chain import COMPONENTS, Stage
from gapatlas.training.programme import MONTHS, Programme


def expected(programme: Programme, baseline: Baseline, drawn: Drawn, place: int = 0) -> Floats:
    """Expected outcomes of one place, year by year.

    Args:
        programme: what is spent; row `place` of its budgets. Without refreshers.
        baseline: the place is row `place`. How its level moves is left out: at a mean of 1.
        drawn: the other inputs, as many draws as the baseline has; one draw for known inputs.
        place: row.

    Returns:
        Victims referred, persons prosecuted and persons convicted, shape (outcomes, years, draws),
        in the order of `OUTCOMES`.

    Raises:
        ValueError: refreshers, or a court that fills: there is no formula for them.
    """
    if programme.refresh_every:
        raise ValueError("the closed form knows no refreshers; allowed: refresh_every = 0")
    detected, suspects, charge, convict = (
        values[place].astype(np.float64)
        for values in (
            baseline.detected,
            baseline.suspects,
            baseline.prosecuted,
            baseline.convicted,
        )
    )
    met = _cases_met(programme, baseline, drawn, place)
    suspected = detected * suspects * _factor(drawn, met)
    prosecuted = suspected * _share(drawn, "prosecuted", charge, met)
    decided = _decided(detected * suspects * charge, prosecuted, drawn)
    _refuse_full_court(detected * suspects * charge, decided, drawn)
    return np.stack(
        [
            detected * _share(drawn, "referred", drawn.term("referral"), met),
            prosecuted,
            decided * _share(drawn, "convicted", convict, met),
        ]
    )


def skill_of_one(programme: Programme, drawn: Drawn) -> Floats:
    """Skill in each year that one person's training a year buys, shape (years, draws)."""
    kept = (1 - drawn.term("turnover")) * np.exp2(-MONTHS / drawn.term("half_life_months"))
    trained = np.maximum(np.arange(programme.years)[:, None] - programme.lag + 1, 0)
    youngest = np.maximum(trained - programme.spend_years, 0)
    return np.asarray((kept**youngest - kept**trained) / (1 - kept))


def _cases_met(programme: Programme, baseline: Baseline, drawn: Drawn, place: int) -> Floats:
    """Share of cases that meet each skill, shape (components, years, draws)."""
    staff = max(float(baseline.suspected[place]), 1.0) / drawn.term("caseload")
    skill = skill_of_one(programme, drawn)
    trained = [
        budget / drawn.term(f"cost_{component}") * skill / staff
        for component, budget in zip(COMPONENTS, programme.budgets[place], strict=True)
    ]
    return np.asarray(1 - (1 - np.minimum(trained, drawn.term("reach"))) ** 2)


def _factor(drawn: Drawn, met: Floats) -> Floats:
    """By how much suspects per victim are multiplied, shape (years, draws)."""
    factor = np.ones(met.shape[1:])
    for component, cases in zip(COMPONENTS, met, strict=True):
        factor = factor * (1 + cases * (_effect(drawn, component, "suspected") - 1))
    return factor


def _share(drawn: Drawn, stage: Stage, share: Floats, met: Floats, component: int = 0) -> Floats:
    """Share that passes a stage, shape (years, draws): with and without each skill in turn."""
    if component == len(COMPONENTS):
        return np.broadcast_to(share, met.shape[1:])
    effect = _effect(drawn, COMPONENTS[component], stage)
    better = special.expit(special.logit(share) + np.log(effect))
    without, with_ = (_share(drawn, stage, each, met, component + 1) for each in (share, better))
    return np.asarray(without + met[component] * (with_ - without))


def _effect(drawn: Drawn, component: str, stage: Stage) -> Floats:
    return drawn.values.get(effect_id(component, stage), np.ones(drawn.draws))


def _decided(usual: Floats, prosecuted: Floats, drawn: Drawn) -> Floats:
    """Persons whose trial ends in each year, shape (years, draws)."""
    speed = drawn.term("court_speed")
    years = np.arange(len(prosecuted))
    age = (years[:, None] - years)[:, :, None]
    ends_now = np.where(age >= 0, speed * (1 - speed) ** np.maximum(age, 0), 0.0)
    since = np.einsum("tyd,yd->td", ends_now, prosecuted)
    return np.asarray(usual * (1 - speed) ** (years[:, None] + 1) + since)


def _refuse_full_court(usual: Floats, decided: Floats, drawn: Drawn) -> None:
    room = usual * (1 + drawn.term("court_headroom"))
    full = np.flatnonzero(np.any(decided > room, axis=1))
    if len(full):
        raise ValueError(f"the court fills in year {full[0] + 1}; the closed form has no limit")
