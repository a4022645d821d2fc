"""All that the model assumes, and draws of it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gapatlas.statistics.checks import Floats
from gapatlas.training.chain import COMPONENTS, STAGES, Component, Stage
from gapatlas.training.priors import Prior

POSITIVE: Final = (
    "half_life_months",
    *(f"cost_{component}" for component in COMPONENTS),
    "caseload",
    "court_headroom",
)
SHARES: Final = ("turnover", "refresher_cost", "reach", "court_speed", "referral")
TERMS: Final = (*POSITIVE, *SHARES)
"""What is uncertain besides effects; `docs/reference/effect-library.md` explains each."""
SMALLEST_SHARE: Final = 1e-9


def effect_id(component: str, stage: str) -> str:
    """Name of the effect of a component at a stage among the inputs of the model."""
    return f"effect_{component}_{stage}"


INPUTS: Final = (
    *(effect_id(component, stage) for component in COMPONENTS for stage in STAGES),
    *TERMS,
)
"""Every uncertain number that the model can have."""


@dataclass(frozen=True)
class Assumptions:
    """What is believed of every uncertain number but the baseline.

    Attributes:
        effects: (component, stage) -> effect on the odds of passing the stage at full training;
            on the ratio itself at the stage `suspected`.
        terms: id of `TERMS` -> belief.

    Raises:
        ValueError: a component, stage or term that there is none of, a term that is missing, a
            number outside what it can be; named.
    """

    effects: Mapping[tuple[Component, Stage], Prior]
    terms: Mapping[str, Prior]

    def __post_init__(self) -> None:
        for component, stage in self.effects:
            _refuse_unknown("component", component, COMPONENTS)
            _refuse_unknown("stage", stage, STAGES)
            if self.effects[component, stage].shape != "lognormal":
                raise ValueError(f"the effect of {component} at {stage} is a ratio, not a share")
        for term in self.terms:
            _refuse_unknown("term", term, TERMS)
        missing = [term for term in TERMS if term not in self.terms]
        if missing:
            raise ValueError(f"the terms {', '.join(missing)} are missing")
        for term in SHARES:
            belief = self.terms[term]
            if belief.high >= 1:
                raise ValueError(
                    f"{term} up to {belief.high:g} is no share; allowed: between 0 and 1"
                )
            if belief.shape != "logit_normal" and not belief.certain:
                raise ValueError(
                    f"{term} is a share, but a {belief.shape} number can exceed 1; "
                    "allowed: logit_normal"
                )

    @cached_property
    def priors(self) -> dict[str, Prior]:
        """Every uncertain input by its name: effects first, then terms, in a fixed order."""
        effects = {
            effect_id(component, stage): self.effects[component, stage]
            for component in COMPONENTS
            for stage in STAGES
            if (component, stage) in self.effects
        }
        return {**effects, **{term: self.terms[term] for term in TERMS}}

    def at(self, shares: Mapping[str, Floats], draws: int) -> Drawn:
        """The inputs at given quantiles.

        Args:
            shares: name of an input -> shares, shape (draws,); the median where one is missing.
            draws: how many.
        """
        middle = np.full(draws, 0.5)
        return Drawn(
            {name: prior.quantile(shares.get(name, middle)) for name, prior in self.priors.items()},
            draws,
        )

    def draw(self, draws: int, seed: int) -> Drawn:
        """Draws of every input. Each has random numbers of its own: a change of one belief leaves
        the draws of all others as they are, and moves its own smoothly."""
        return Drawn(
            {name: _draws_of(prior, draws, seed, name) for name, prior in self.priors.items()},
            draws,
        )

    def medians(self) -> Drawn:
        """One draw: every input at its median."""
        return self.at({}, 1)


@dataclass(frozen=True)
class Drawn:
    """Draws of the inputs.

    Attributes:
        values: name of an input -> draws, shape (draws,).
        draws: how many.

    Raises:
        ValueError: an input that there is none of, a draw outside what it can be; named.
    """

    values: Mapping[str, Floats]
    draws: int

    def __post_init__(self) -> None:
        for name, values in self.values.items():
            _refuse_unknown("input", name, INPUTS)
            least, most = np.min(values), np.max(values)
            if not (least > 0 and most < np.inf):  # Not a number fails both.
                raise ValueError(f"{name} of {least:g} to {most:g}; allowed: numbers above 0")
            if name in SHARES and most > 1:
                raise ValueError(f"{name} of {most:g} is no share; allowed: above 0 and up to 1")

    def term(self, name: str) -> Floats:
        """Draws of a term."""
        return self.values[name]

    def effects(self) -> tuple[Floats, tuple[tuple[int, ...], ...]]:
        """Effects as the model takes them: ratios, shape (components, stages, draws), 1 where
        there is no effect; and for each stage the numbers of the components that act on it."""
        ratios = np.ones((len(COMPONENTS), len(STAGES), self.draws))
        acting: list[tuple[int, ...]] = []
        for k, stage in enumerate(STAGES):
            here = [c for c, name in enumerate(COMPONENTS) if effect_id(name, stage) in self.values]
            for c in here:
                ratios[c, k] = self.values[effect_id(COMPONENTS[c], stage)]
            acting.append(tuple(here))
        return ratios, tuple(acting)

    def with_value(self, name: str, value: Floats | float) -> Drawn:
        """The same draws with one input replaced."""
        new = np.broadcast_to(np.asarray(value, dtype=np.float64), (self.draws,))
        return Drawn({**self.values, name: new}, self.draws)

    def at_draws(self, which: NDArray[np.int64]) -> Drawn:
        """Other draws: some of them, in another order, or more than once; `which` holds their
        numbers, shape (new draws,)."""
        return Drawn({name: of[which] for name, of in self.values.items()}, len(which))


@lru_cache(maxsize=64)
def uniforms(draws: int, seed: int, name: str) -> Floats:
    """Uniform random numbers that belong to one name, shape (draws,): evenly spread (one in each
    of as many equal steps), so that quantiles settle with fewer draws."""
    generator = np.random.default_rng([seed, zlib.crc32(name.encode())])
    steps = (generator.permutation(draws) + generator.random(draws)) / draws
    shares = np.clip(steps, SMALLEST_SHARE, 1 - SMALLEST_SHARE)
    shares.flags.writeable = False
    return shares


@lru_cache(maxsize=64)
def _draws_of(prior: Prior, draws: int, seed: int, name: str) -> Floats:
    """Draws of one input: kept, since the next question mostly changes one belief of many."""
    values = prior.quantile(uniforms(draws, seed, name))
    values.flags.writeable = False
    return values


def _refuse_unknown(what: str, found: str, allowed: tuple[str, ...]) -> None:
    if found not in allowed:
        raise ValueError(f"there is no {what} '{found}'; allowed: {', '.join(allowed)}")
