"""What an investment would change: a scenario, simulated on the baseline of its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gapatlas.config import EffectLibrary
from gapatlas.investment.baselines import Baselines, baselines
from gapatlas.investment.beliefs import (
    Belief,
    assumptions_of,
    beliefs_of,
    bounds_of,
    entries_for,
    entry_prior,
)
from gapatlas.state import InvestmentChoices, Scenario
from gapatlas.statistics.checks import Floats
from gapatlas.training import (
    COMPONENTS,
    OUTCOMES,
    Assumptions,
    Baseline,
    Drawn,
    Effect,
    Prior,
    Programme,
    Run,
    nothing_spent,
    run,
    simulate,
)
from gapatlas.training.chain import Outcome

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas
    from gapatlas.charts import Chart

LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Ends of the 90 and the 50% interval, and the middle."""
SEED: Final = 2
FIRST_BUDGET: Final = 25_000.0
"""Money a year for each component in the scenario that is shown first."""


@dataclass(frozen=True)
class Investment:
    """A scenario and what it would change.

    Attributes:
        scenario: what is spent and believed.
        baselines: what would happen without it.
        currency: of all money.
        beliefs: every uncertain input by its name.
        baseline: the draws of its places.
        drawn: the draws of the inputs.
        effect: with and without, draw by draw.
    """

    scenario: Scenario
    baselines: Baselines
    currency: str
    beliefs: Mapping[str, Belief]
    baseline: Baseline
    drawn: Drawn
    effect: Effect

    @property
    def programme(self) -> Programme:
        """What is spent."""
        return self.effect.programme

    @property
    def names(self) -> list[str]:
        """Names of the places, in the reader's order."""
        return [self.baselines.names[place] for place in self.scenario.places]

    @property
    def years(self) -> tuple[int, int]:
        """First and last year that are followed."""
        first = self.baselines.first_year
        return first, first + self.scenario.years - 1

    def summary(self, at_least: int = 10) -> str:
        """What can be quoted: spending, further convictions, their cost, and how sure that is.

        Args:
            at_least: further convictions whose probability is told.
        """
        from gapatlas.investment.sentences import summary
        from gapatlas.investment.showing import shares_of

        shares = shares_of(self)
        return summary(self, at_least, shares.assumed if shares.varies else None)

    def chart(
        self, atlas: Atlas, kind: str = "fan", outcome: Outcome = "convicted"
    ) -> Chart | None:
        """One of the pictures as an Altair chart, with title and source line.

        Args:
            atlas: names the sources.
            kind: `fan`, `change`, `spread` or `tornado`.
            outcome: `convicted`, `prosecuted` or `referred`.

        Raises:
            ValueError: an unknown kind.
        """
        from gapatlas.investment import showing

        return showing.chart_of(self, atlas, kind, outcome)

    @cached_property
    def assumptions(self) -> Assumptions:
        """The beliefs as the model takes them."""
        return assumptions_of(self.beliefs)

    @property
    def judged(self) -> tuple[str, ...]:
        """Names of the uncertain inputs that nobody measured."""
        return tuple(
            id_
            for id_, belief in self.beliefs.items()
            if belief.judged and not belief.prior.certain
        )

    @property
    def lent(self) -> list[str]:
        """Names of the places one of whose stages is taken from other places."""
        return [
            name
            for name, told in zip(self.names, self.baseline.reported, strict=True)
            if not told.all()
        ]

    def yearly(self, outcome: Outcome) -> pd.DataFrame:
        """Yearly counts with and without the investment: year, kind (`with` or `without`), and
        the quantiles q05, q25, q50, q75, q95. Counts vary by chance around what is expected."""
        at = OUTCOMES.index(outcome)
        parts = [
            self._bands(_by_chance(run, at), kind)
            for kind, run in (("without", self.effect.without), ("with", self.effect.with_))
        ]
        return pd.concat(parts, ignore_index=True)

    def yearly_change(self, outcome: Outcome) -> pd.DataFrame:
        """What the investment changes in each year: year, kind (`change`) and the quantiles."""
        at = OUTCOMES.index(outcome)
        change = self.effect.with_.by_year[at] - self.effect.without.by_year[at]
        return self._bands(change, "change")

    def trained(self) -> pd.DataFrame:
        """People trained a year in each place while money is spent, without refreshers: place,
        name, low, middle, high (90% interval, from what training a person may cost)."""
        costs = np.array([self.drawn.term(f"cost_{component}") for component in COMPONENTS])
        people = np.tensordot(self.programme.budgets, 1 / costs, axes=1)
        low, middle, high = quantiles(people, (0.05, 0.5, 0.95)).T
        return pd.DataFrame(
            {
                "place": self.scenario.places,
                "name": self.names,
                "low": low,
                "middle": middle,
                "high": high,
            }
        )

    def by_place(self, outcome: Outcome = "convicted") -> pd.DataFrame:
        """Further outcomes of each place over all years: place, name, money (all that is spent
        there), and the quantiles q05, q25, q50, q75, q95."""
        further = self.effect.further_by_place(outcome)
        return pd.DataFrame(
            {
                "place": self.scenario.places,
                "name": self.names,
                "money": self.programme.budgets.sum(axis=1) * self.programme.spend_years,
                **named_quantiles(further),
            }
        )

    def _bands(self, draws: Floats, kind: str) -> pd.DataFrame:
        first, last = self.years
        years = range(first, last + 1)
        return pd.DataFrame({"year": years, "kind": kind, **named_quantiles(draws)})


def invest(
    atlas: Atlas,
    scenario: Scenario,
    *,
    base: Baselines | None = None,
    without: Run | None = None,
    seed: int = SEED,
) -> Investment:
    """Simulate a scenario.

    Args:
        atlas: the atlas.
        scenario: what is spent and believed.
        base: the baselines, where they are known from before.
        without: the run without the investment, where it is known from before.
        seed: of the random numbers of the inputs.

    Raises:
        ValueError: no effect library, no place, a place without a baseline, a number outside what
            it can be; named.
        UnknownNameError: a preset or an entry that the library does not have.
    """
    library = library_of(atlas)
    if not scenario.budgets:
        raise ValueError("the scenario spends nothing anywhere: it has no place")
    base = base or baselines(atlas)
    baseline = base.baseline.of(scenario.places)
    beliefs = beliefs_of(library, scenario)
    drawn = assumptions_of(beliefs).draw(baseline.draws, seed)
    effect = simulate(programme_of(scenario), baseline, drawn, without)
    return Investment(scenario, base, library.currency, beliefs, baseline, drawn, effect)


def without_it(
    library: EffectLibrary, scenario: Scenario, base: Baselines, seed: int = SEED
) -> Run:
    """The run without the investment: it depends on the places, the years, the courts and the
    referral alone, so that many scenarios can share it."""
    baseline = base.baseline.of(scenario.places)
    drawn = assumptions_of(beliefs_of(library, scenario)).draw(baseline.draws, seed)
    return run(nothing_spent(programme_of(scenario)), baseline, drawn)


def library_of(atlas: Atlas) -> EffectLibrary:
    """The effect library of an atlas.

    Raises:
        ValueError: its config names none.
    """
    if atlas.effects is None:
        raise ValueError("the config has no `training`: it names the effect library and a source")
    return atlas.effects


def programme_of(scenario: Scenario) -> Programme:
    """What a scenario spends.

    Raises:
        ValueError: a number outside what it can be; named.
    """
    return Programme(
        np.array([row for _, row in scenario.budgets], dtype=np.float64).reshape(
            len(scenario.budgets), -1
        ),
        scenario.years,
        scenario.spend_years,
        scenario.refresh_every,
        scenario.lag,
    )


def choices_of(atlas: Atlas, base: Baselines) -> InvestmentChoices:
    """What a reader can choose from.

    Raises:
        ValueError: the config has no effect library.
    """
    library = library_of(atlas)
    presets = tuple(library.presets)
    wanted = atlas.config.defaults.place
    first = wanted if wanted in base.baseline.places else base.baseline.places[0]
    default = Scenario(
        budgets=((first or "", (FIRST_BUDGET,) * len(COMPONENTS)),), preset=presets[0]
    )
    inputs = beliefs_of(library, default)
    entries = entries_for(library)
    return InvestmentChoices(
        places=frozenset(base.baseline.places),
        presets=presets,
        inputs={id_: _bounds(library, id_, entries.get(id_, ())) for id_ in inputs},
        entries=entries,
        default=default,
    )


def _bounds(library: EffectLibrary, id_: str, entries: Sequence[str]) -> tuple[float, float]:
    """What a reader may believe of an input: wide enough for all that the library says of it."""
    low, high = bounds_of(id_)
    told = [entry_prior(library.entry(entry)) for entry in entries]
    if id_ in library.terms:
        terms = (library.preset_terms(preset)[id_] for preset in library.presets)
        told += [Prior(term.value, term.low, term.high, term.level, term.shape) for term in terms]
    return min([low, *(p.low for p in told)]), max([high, *(p.high for p in told)])


def quantiles(draws: Floats, levels: Sequence[float]) -> Floats:
    """Quantiles of each row, shape (rows, levels), interpolated as numpy does by default."""
    ordered = np.sort(draws, axis=-1)
    at = np.asarray(levels) * (ordered.shape[-1] - 1)
    below = np.floor(at).astype(int)
    above = np.minimum(below + 1, ordered.shape[-1] - 1)
    part = at - below
    return np.asarray(ordered[..., below] * (1 - part) + ordered[..., above] * part)


def named_quantiles(draws: Floats) -> dict[str, Floats]:
    """The quantiles `LEVELS` of each row as columns q05, q25, ..."""
    found = quantiles(draws, LEVELS).T
    return {f"q{round(level * 100):02}": each for level, each in zip(LEVELS, found, strict=True)}


@lru_cache(maxsize=16)
def _by_chance(run: Run, outcome: int) -> Floats:
    """Yearly counts that vary by chance around what a run expects, shape (years, draws); the same
    chance for the same expectation. Kept, since many scenarios share the run without."""
    chance = np.random.default_rng(SEED)
    return np.sort(chance.poisson(run.by_year[outcome]).astype(np.float32), axis=-1)
