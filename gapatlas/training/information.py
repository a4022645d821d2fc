"""What it is worth to know a number better before deciding.

With all numbers known, one would always take the best option; today one takes what is best on
average. The mean difference, in money, is the value of perfect information (EVPI). With one number
known it is the value of partial perfect information (EVPPI) of that number: it is 0 where knowing
the number could not change what one does.

For one input, the mean of each option given the input is a smooth curve through the draws (Strong,
Oakley and Brennan 2014, Medical Decision Making 34:311). The curve is a cubic spline by least
squares over the normal scores of the input, since a belief that is normal on its own scale is then
evenly told at both ends. Scores depend on ranks alone, so one basis serves all inputs. A curve that
follows chance overstates the value; by how much is seen by drawing curves from their own error, and
taken off.

The baseline is many numbers at once, too many for a curve. Each of its draws meets the inputs of
several other draws instead. What the inputs add by themselves is taken out, and the mean over the
meetings is drawn towards the mean of all as far as its spread is chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import interpolate, special

from gapatlas.languages import in_digits, percentage, say
from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats
from gapatlas.tables import rows as table_rows
from gapatlas.training.assumptions import Drawn
from gapatlas.training.baseline import Baseline
from gapatlas.training.break_even import refuse_worth
from gapatlas.training.programme import Programme
from gapatlas.training.sensitivity import BASELINE, is_known
from gapatlas.training.simulate import Run, simulate

Progress = Callable[[float], None]
Steps = NDArray[np.int64]

ALSO_NAMED: Final = 2
"""Numbers that the answer names after the first."""
MOST_OPTIONS: Final = 4
FEWEST_DRAWS: Final = 200
"""Draws that a curve is put through at least."""
PIECES: Final = 5
"""Pieces of the spline, with as many draws in each."""
CURVES: Final = 400
"""Curves that are drawn from the error of the one found."""
POINTS: Final = 500
"""Points at which they are looked at."""
LOOSE_END: Final = 0.1
"""Share of the gain below which one side of the middle says nothing."""
MEETINGS: Final = 32
"""Draws of the inputs that each draw of the baseline meets."""
TURNS: Final = 6
"""Turns in which the parts of the baseline and of the inputs are told from each other; each leaves
about a third of what the turn before left."""


@dataclass(frozen=True)
class Information:
    """What better knowledge is worth for one decision.

    Attributes:
        best: the option with the highest mean net benefit: 0 for none, 1 for the first programme.
        options: one row per option, none first. `option`, its number; `net`, mean of what its
            further convictions are worth less its cost; `net_low`, `net_high`, between which it
            lies in so many draws; `chance_best`, the probability that it is the best.
        perfect, perfect_low, perfect_high: worth of knowing everything, with the interval of the
            simulation's own chance.
        inputs: one row per uncertain input, largest worth first. `name`; `worth` of knowing it
            alone, with `worth_low` and `worth_high`; `chance`, the probability that one would then
            decide otherwise, 0 where the worth cannot be told from 0; `below`, `above`: the values
            nearest to its middle from which on, on that side, one would decide otherwise; NaN
            where there is none, and for the baseline.
    """

    best: int
    options: pd.DataFrame
    perfect: float
    perfect_low: float
    perfect_high: float
    inputs: pd.DataFrame

    @property
    def decisive(self) -> tuple[str, ...]:
        """Inputs whose knowledge could change the decision: those that are worth more than the
        simulation's own chance, largest worth first."""
        surely = self.inputs[self.inputs["worth_low"] > 0]
        return tuple(surely["name"])


@dataclass(frozen=True)
class Partial:
    """Worth of knowing one number, with the interval of the simulation's own chance; the
    probability that one would decide otherwise, and from which values on."""

    worth: float
    low: float
    high: float
    chance: float
    below: float = np.nan
    above: float = np.nan


def value_of_information(
    options: Sequence[Programme],
    baseline: Baseline,
    drawn: Drawn,
    worth: float,
    *,
    level: float = 0.9,
    seed: int = 1,
    progress: Progress | None = None,
) -> Information:
    """What it is worth to know each number before choosing among programmes, or none.

    Args:
        options: one to four programmes; to do nothing is always an option besides.
        baseline: yearly flows without them.
        drawn: draws of the other inputs.
        worth: money that one further conviction is worth.
        level: probability of the intervals.
        seed: of the random numbers.
        progress: is told how far it is, from 0 to 1; what it raises ends the work.

    Raises:
        ValueError: no or too many programmes, too few draws, a worth that is not above 0.
    """
    refuse_worth(worth)
    checks.level(level)
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise ValueError(f"{len(options)} programmes; allowed: 1 to {MOST_OPTIONS}")
    if drawn.draws < FEWEST_DRAWS:
        raise ValueError(f"{drawn.draws} draws; allowed: {FEWEST_DRAWS} or more")

    def benefits(inputs: Drawn) -> Floats:
        nets = [np.zeros(inputs.draws)]
        without: dict[int, Run] = {}
        for option in options:
            effect = simulate(option, baseline, inputs, without.get(option.years))
            without[option.years] = effect.without
            nets.append(worth * effect.convictions - option.cost)
        return np.array(nets)

    nets = benefits(drawn)
    perfect = perfect_information(nets, level)
    rows = [
        (name, known(values, nets, level, seed))
        for name, values in drawn.values.items()
        if np.ptp(values) > 0
    ]
    if not is_known(baseline):
        steps = _steps(drawn.draws, seed)
        meetings = [benefits(inputs) for inputs in _moved_along(drawn, steps, progress)]
        rows.append((BASELINE, known_together(without_inputs(meetings, steps), level)))
    if progress:
        progress(1.0)
    return Information(
        int(np.argmax(nets.mean(axis=1))), _options(nets, level), *perfect, worths(rows, perfect)
    )


def plain_answer(information: Information, words: Mapping[str, str]) -> str:
    """Which missing number would change the decision, in a sentence or three.

    Args:
        information: what better knowledge is worth.
        words: name of an input -> what it is called amid a sentence.
    """
    if not information.decisive:
        return say("No missing number would change the decision by itself.")
    first, *others = information.decisive
    (row,) = table_rows(information.inputs[information.inputs["name"] == first])
    sentences = [
        say("The missing number that matters most to the decision is {input}.", input=words[first]),
        _turning_words(row),
    ]
    if others:
        inputs = ", ".join(words[name] for name in others[:ALSO_NAMED])
        sentences.append(say("Then: {inputs}.", inputs=inputs))
    return " ".join(sentences)


def _turning_words(row: Any) -> str:
    """When another choice would be better."""
    below, above = _three_digits(row.below), _three_digits(row.above)
    if np.isfinite(row.below) and np.isfinite(row.above):
        return say(
            "If it were below {below} or above {above}, another choice would be better.",
            below=below,
            above=above,
        )
    if np.isfinite(row.below):
        return say("If it were below {below}, another choice would be better.", below=below)
    if np.isfinite(row.above):
        return say("If it were above {above}, another choice would be better.", above=above)
    return say("In {share} of draws, another choice would be better.", share=percentage(row.chance))


def _three_digits(number: float) -> str:
    return in_digits(f"{float(f'{number:.3g}'):,.10g}")


def perfect_information(nets: Floats, level: float = 0.9) -> tuple[float, float, float]:
    """Worth of knowing everything, with the interval of the simulation's own chance.

    Args:
        nets: net benefits, shape (options, draws).
        level: probability of the interval.
    """
    regret = nets.max(axis=0) - nets[np.argmax(nets.mean(axis=1))]
    worth = float(regret.mean())
    half = _reach(level) * float(regret.std()) / np.sqrt(len(regret))
    return worth, max(0.0, worth - half), worth + half


def known(values: Floats, nets: Floats, level: float = 0.9, seed: int = 1) -> Partial:
    """Worth of knowing one input.

    Args:
        values: draws of the input, shape (draws,).
        nets: net benefits, shape (options, draws).
        level: probability of the interval.
        seed: of the random numbers that show how far a curve follows chance.
    """
    order = np.argsort(values, kind="stable")
    basis = _basis(len(values))
    sorted_nets = nets[:, order]
    heights = sorted_nets @ basis
    curves = heights @ basis.T
    found = _gain(curves)
    gains = _gains_by_chance(heights, sorted_nets - curves, basis, seed)
    flattered = float(gains.mean()) - found
    worth = max(0.0, found - flattered)
    half = _reach(level) * float(np.hypot(gains.std(), flattered))
    if worth <= half:
        return Partial(worth, 0.0, worth + half, 0.0)
    more = curves.max(axis=0) - curves[np.argmax(nets.mean(axis=1))]
    below, above = _turning_points(values[order], more)
    return Partial(worth, worth - half, worth + half, float(np.mean(more > 0)), below, above)


def known_together(meetings: Floats, level: float = 0.9) -> Partial:
    """Worth of knowing a group of inputs at once.

    Args:
        meetings: net benefits of each draw of the group together with several draws of all else,
            shape (meetings, options, draws).
        level: probability of the interval.
    """
    curves = _drawn_together(meetings)
    worth = _gain(curves)
    best = int(np.argmax(curves.mean(axis=1)))
    half = _reach(level) * float((curves.max(axis=0) - curves[best]).std())
    half /= np.sqrt(curves.shape[1])
    # Decided by one half of the meetings and paid by the other, knowledge is worth a bit less than
    # it is; decided and paid by the same, a bit more.
    halves = [meetings[first::2].mean(axis=0) for first in (0, 1)]
    crossed = np.mean([_paid(_drawn_together(meetings[n::2]), halves[1 - n]) for n in (0, 1)])
    flattered = _gain(meetings.mean(axis=0))
    low = max(0.0, min(worth, float(crossed)) - half)
    otherwise = np.argmax(curves, axis=0) != best
    return Partial(worth, low, max(worth, flattered) + half, float(otherwise.mean()))


def _options(nets: Floats, level: float) -> pd.DataFrame:
    tail = (1 - level) / 2
    low, high = np.quantile(nets, [tail, 1 - tail], axis=1)
    best = np.bincount(np.argmax(nets, axis=0), minlength=len(nets)) / nets.shape[1]
    return pd.DataFrame(
        {
            "option": range(len(nets)),
            "net": nets.mean(axis=1),
            "net_low": low,
            "net_high": high,
            "chance_best": best,
        }
    )


def worths(
    rows: Sequence[tuple[str, Partial]], perfect: tuple[float, float, float]
) -> pd.DataFrame:
    """The table of inputs, largest worth first; no number is worth more than all of them.

    Args:
        rows: name and worth of each input.
        perfect: worth of knowing everything, with its interval.
    """
    most, _, most_high = perfect
    table = pd.DataFrame(
        [
            (
                name,
                min(partial.worth, most),
                min(partial.low, most),
                min(partial.high, most_high),
                partial.chance,
                partial.below,
                partial.above,
            )
            for name, partial in rows
        ],
        columns=["name", "worth", "worth_low", "worth_high", "chance", "below", "above"],
    )
    return table.sort_values("worth", ascending=False, kind="stable", ignore_index=True)


def _reach(level: float) -> float:
    return float(special.ndtri((1 + level) / 2))


def without_inputs(meetings: Sequence[Floats], steps: Steps) -> Floats:
    """Meetings less what each draw of the inputs adds, whichever draw of the group it meets: the
    two parts of a sum are found in turns.

    Args:
        meetings: net benefits, each of shape (options, draws), in the order of the group's draws.
        steps: how far the inputs were moved along in each; irregular, or the same draws meet
            again and again and the parts cannot be told from each other.

    Returns:
        Shape (meetings, options, draws).
    """
    group = np.mean(meetings, axis=0)
    for _ in range(TURNS):
        of_inputs = np.mean(
            [
                np.roll(met - group, -step, axis=-1)
                for met, step in zip(meetings, steps, strict=True)
            ],
            axis=0,
        )
        of_inputs -= of_inputs.mean(axis=-1, keepdims=True)
        rest = np.array(
            [
                met - np.roll(of_inputs, step, axis=-1)
                for met, step in zip(meetings, steps, strict=True)
            ]
        )
        group = rest.mean(axis=0)
    return rest


def _gain(curves: Floats) -> float:
    """Mean of the best option at each point, less the option that is best on average."""
    return float(_gains(curves))


def _gains(curves: Floats) -> Floats:
    """The same for several sets of curves, shape (..., options, points)."""
    return np.asarray(curves.max(axis=-2).mean(axis=-1) - curves.mean(axis=-1).max(axis=-1))


def _paid(decided_by: Floats, paid_by: Floats) -> float:
    choice = np.argmax(decided_by, axis=0)
    best = int(np.argmax(decided_by.mean(axis=1)))
    return float((paid_by[choice, np.arange(len(choice))] - paid_by[best]).mean())


def _gains_by_chance(heights: Floats, misses: Floats, basis: Floats, seed: int) -> Floats:
    """Gains of curves that differ from the one found as far as its error lets them."""
    count, size = heights.shape
    # The misses of the options go together, and differ from draw to draw in how wide they are.
    scores = (misses[:, None, :] * basis.T[None]).reshape(count * size, -1)
    spread, directions = np.linalg.eigh(scores @ scores.T)
    root = directions * np.sqrt(np.maximum(spread, 0.0))
    generator = np.random.default_rng([seed])
    chance = generator.standard_normal((CURVES, count * size)) @ root.T
    points = basis[np.linspace(0, len(basis) - 1, POINTS).round().astype(int)]
    curves = (heights + chance.reshape(CURVES, count, size)) @ points.T
    shift = _gain(heights @ basis.T) - _gain(heights @ points.T)
    return _gains(curves) + shift


@lru_cache(maxsize=4)
def _basis(draws: int) -> Floats:
    """Cubic splines over the normal scores of the ranks, made orthonormal: shape (draws, size)."""
    scores = special.ndtri((np.arange(draws) + 0.5) / draws)
    inner = special.ndtri(np.arange(1, PIECES) / PIECES)
    knots = np.concatenate([[scores[0]] * 4, inner, [scores[-1]] * 4])
    pieces = interpolate.BSpline.design_matrix(scores, knots, 3).toarray()
    return np.asarray(np.linalg.qr(pieces).Q)


def _turning_points(values: Floats, more: Floats) -> tuple[float, float]:
    """From which values on, below and above the middle one, another option brings more.

    A side that holds next to none of the gain is left out: it is the loose end of a curve.
    """
    middle = len(values) // 2
    below, above = (
        side > 0 if side.sum() > LOOSE_END * more.sum() else np.zeros_like(side, dtype=bool)
        for side in (more[:middle], more[middle:])
    )
    return (
        float(values[middle - 1 - np.argmax(below[::-1])]) if below.any() else np.nan,
        float(values[middle + np.argmax(above)]) if above.any() else np.nan,
    )


def _drawn_together(meetings: Floats) -> Floats:
    """Means over the meetings, each drawn towards the mean of all by the share of chance in it."""
    means = meetings.mean(axis=0)
    chance = meetings.var(axis=0, ddof=1).mean(axis=-1) / len(meetings)
    spread = means.var(axis=-1)
    real = np.maximum(spread - chance, 0.0)
    kept = np.sqrt(np.divide(real, spread, out=np.zeros_like(real), where=spread > 0))
    middle = means.mean(axis=-1, keepdims=True)
    return np.asarray(middle + kept[:, None] * (means - middle))


def _steps(draws: int, seed: int) -> Steps:
    generator = np.random.default_rng([seed])
    return 1 + generator.choice(draws - 1, size=MEETINGS, replace=False)


def _moved_along(drawn: Drawn, steps: Steps, progress: Progress | None) -> Iterator[Drawn]:
    """The inputs, moved along so that each draw of the baseline meets those of other draws."""
    for done, step in enumerate(steps):
        if progress:
            progress((1 + done) / (1 + len(steps)))
        yield Drawn({name: np.roll(of, step) for name, of in drawn.values.items()}, drawn.draws)
