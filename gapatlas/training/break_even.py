"""How strong effects would have to be, or how cheap training, for an investment to pay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import optimize

from gapatlas.languages import mark
from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats
from gapatlas.training.assumptions import Assumptions, Drawn, effect_id
from gapatlas.training.baseline import Baseline
from gapatlas.training.chain import COMPONENTS
from gapatlas.training.priors import Prior
from gapatlas.training.programme import Programme
from gapatlas.training.simulate import Effect, nothing_spent, run, simulate

MULTIPLES: Final = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0)
"""Effects from none at all to ten times as strong, on the scale of logarithms."""
COSTS: Final = tuple(float(cost) for cost in np.geomspace(100, 0.01, 17))
"""Costs from a hundred times to a hundredth, dearest first."""
COLUMNS: Final = ["name", "assumed", "needed", "low", "high"]

NO_MONEY: Final = mark("Nothing is spent.")
NO_EFFECT: Final = mark(
    "No money goes to anything whose middle effect on convictions is other than none."
)
NOT_ENOUGH: Final = mark(
    "Even with effects ten times as strong, what it brings is worth less than it costs."
)
WRONG_WAY: Final = mark(
    "The middle effects lead to fewer convictions, however strong they are taken to be."
)
NEVER_CHEAP_ENOUGH: Final = mark(
    "Even at a hundredth of the cost, what it brings is worth less than is spent."
)
ALWAYS_CHEAP_ENOUGH: Final = mark("It pays even at a hundred times the cost.")


@dataclass(frozen=True)
class BreakEven:
    """Where further convictions, at what one is worth, equal what is spent.

    Attributes:
        multiple: common multiple, of the logarithms of the effects or of the costs, at which the
            mean breaks even; None where there is none.
        reason: why there is none, as a sentence in English; empty where there is one.
        table: one row per effect, or per component with money: `name`; `assumed`, its middle
            value; `needed`, the value at which the mean breaks even, NaN where none does; `low`
            and `high`, the interval of the value needed from draw to draw, as wide as what is
            tried and open beyond (an effect infinite or 0, a cost 0).
        net: mean of what the further convictions are worth less what is spent, as assumed.
        chance: probability that it pays, as assumed.
    """

    multiple: float | None
    reason: str
    table: pd.DataFrame
    net: float
    chance: float


def break_even(
    programme: Programme,
    baseline: Baseline,
    assumptions: Assumptions,
    drawn: Drawn,
    worth: float,
    level: float = 0.9,
) -> BreakEven:
    """How strong the effects would have to be.

    All effects are made stronger or weaker together: each is its middle value, with its logarithm
    multiplied by a common number between 0 (no effect) and 10. What is believed of effects enters
    by its middle alone, so that the effect needed can be held against that belief. All other
    inputs vary.

    Args:
        programme: what is spent.
        baseline: yearly flows without it.
        assumptions: beliefs of the inputs.
        drawn: draws of them.
        worth: money that one further conviction is worth.
        level: probability of the intervals.

    Raises:
        ValueError: a worth that is not above 0.
    """
    refuse_worth(worth)
    without = run(nothing_spent(programme), baseline, drawn)
    middles = {name: prior.value for name, prior in _acting(programme, assumptions).items()}

    def net(multiple: float) -> Floats:
        exact = drawn
        for (component, stage), prior in assumptions.effects.items():
            exact = exact.with_value(effect_id(component, stage), prior.value**multiple)
        return _net(simulate(programme, baseline, exact, without), worth)

    now = _net(simulate(programme, baseline, drawn, without), worth)
    if not programme.cost or all(middle == 1 for middle in middles.values()):
        return _none(NO_MONEY if not programme.cost else NO_EFFECT, now)
    nets = np.array([net(multiple) for multiple in MULTIPLES])
    found, low, high = _crossings(net, MULTIPLES, nets, level)
    needed = {name: [middle**at for at in (found, low, high)] for name, middle in middles.items()}
    reason = ""
    if np.isnan(found):
        reason = WRONG_WAY if nets[-1].mean() <= nets[0].mean() else NOT_ENOUGH
    return _told(found, reason, middles, needed, now)


def break_even_cost(
    programme: Programme,
    baseline: Baseline,
    assumptions: Assumptions,
    drawn: Drawn,
    worth: float,
    level: float = 0.9,
) -> BreakEven:
    """The highest cost per trained person at which the same budget still pays.

    The costs of all components rise and fall together, between a hundredth and a hundred times
    what they are. Arguments and errors as in `break_even`.
    """
    refuse_worth(worth)
    without = run(nothing_spent(programme), baseline, drawn)

    def net(cheaper: float) -> Floats:
        # Half the cost of a person trains as many as twice the money.
        stretched = programme.with_budgets(programme.budgets * np.exp(cheaper))
        further = simulate(stretched, baseline, drawn, without).convictions
        return np.asarray(worth * further - programme.cost)

    now = net(0.0)
    if not programme.cost:
        return _none(NO_MONEY, now)
    steps = tuple(float(-np.log(cost)) for cost in COSTS)
    nets = np.array([net(step) for step in steps])
    found, low, high = (float(np.exp(-at)) for at in _crossings(net, steps, nets, level))
    paid = programme.budgets.sum(axis=0) > 0
    names = [f"cost_{name}" for name, some in zip(COMPONENTS, paid, strict=True) if some]
    middles = {name: assumptions.terms[name].value for name in names}
    needed = {name: [middle * at for at in (found, low, high)] for name, middle in middles.items()}
    reason = ""
    if np.isnan(found):
        reason = ALWAYS_CHEAP_ENOUGH if nets[0].mean() >= 0 else NEVER_CHEAP_ENOUGH
    return _told(found, reason, middles, needed, now)


def refuse_worth(worth: float) -> None:
    """What a further conviction is worth has to be a number above 0.

    Raises:
        ValueError: it is not.
    """
    if not (np.isfinite(worth) and worth > 0):
        raise ValueError(f"worth is {worth:g}; allowed: money above 0")


def _net(effect: Effect, worth: float) -> Floats:
    return np.asarray(worth * effect.convictions - effect.programme.cost)


def _acting(programme: Programme, assumptions: Assumptions) -> dict[str, Prior]:
    """The effects that money goes into and that bear on convictions."""
    paid = dict(zip(COMPONENTS, programme.budgets.sum(axis=0) > 0, strict=True))
    return {
        effect_id(component, stage): prior
        for (component, stage), prior in assumptions.effects.items()
        if paid[component] and stage != "referred"
    }


def _crossings(
    net: Callable[[float], Floats], steps: Sequence[float], nets: Floats, level: float
) -> tuple[float, float, float]:
    """The step from which on the mean pays, NaN where none or all do; and the interval of the
    step from which on a draw pays, infinite where it never does."""
    tail = (1 - checks.level(level)) / 2
    firsts = _first_crossing(np.asarray(steps), nets)
    low, high = np.quantile(firsts, [tail, 1 - tail], method="inverted_cdf")
    pays = nets.mean(axis=1) >= 0
    if pays[0] or not pays.any():
        return np.nan, float(low), float(high)
    after = int(np.argmax(pays))
    found = optimize.brentq(
        lambda step: float(net(step).mean()), steps[after - 1], steps[after], xtol=1e-4
    )
    return float(found), float(low), float(high)


def _first_crossing(steps: Floats, nets: Floats) -> Floats:
    """Where each draw first pays, on straight lines between the steps."""
    pays = nets >= 0
    after = np.argmax(pays, axis=0)
    draws = np.arange(nets.shape[1])
    before = np.maximum(after - 1, 0)
    below, above = nets[before, draws], nets[after, draws]
    share = np.divide(-below, above - below, out=np.zeros_like(below), where=above > below)
    between = steps[before] + share * (steps[after] - steps[before])
    at = np.where(after == 0, steps[0], between)
    return np.where(pays.any(axis=0), at, np.inf)


def _told(
    found: float,
    reason: str,
    middles: Mapping[str, float],
    needed: Mapping[str, list[float]],
    now: Floats,
) -> BreakEven:
    rows = [
        (name, middle, needed[name][0], min(needed[name][1:]), max(needed[name][1:]))
        for name, middle in middles.items()
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    multiple = None if np.isnan(found) else found
    return BreakEven(multiple, reason, table, float(now.mean()), float(np.mean(now >= 0)))


def _none(reason: str, now: Floats) -> BreakEven:
    return _told(np.nan, reason, {}, {}, now)
