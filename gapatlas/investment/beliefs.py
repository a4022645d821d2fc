"""What a scenario believes: the effect library, a preset, and what the reader believes instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from gapatlas.config.effects import EffectLibrary, Entry, Term
from gapatlas.languages import mark, say
from gapatlas.state import Scenario
from gapatlas.training import COMPONENTS, STAGES, TERMS, Assumptions, Prior, effect_id, transported

Basis = Literal["evidence", "judgement", "own"]
STAGE_WORDS: Final[Mapping[str, str]] = {
    "referred": mark("victims being referred to services"),
    "suspected": mark("suspects per detected victim"),
    "prosecuted": mark("suspects being prosecuted"),
    "convicted": mark("persons in court being convicted"),
}
LEVEL: Final = 0.9
"""Probability of the intervals that a reader gives."""
EFFECT_BOUNDS: Final = (0.2, 3.0)
TERM_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "half_life_months": (1.0, 60.0),
    **{f"cost_{component}": (100.0, 20_000.0) for component in COMPONENTS},
    "caseload": (0.1, 20.0),
    "court_headroom": (0.01, 2.0),
    "turnover": (0.01, 0.6),
    "refresher_cost": (0.01, 0.99),
    "reach": (0.05, 0.99),
    "court_speed": (0.05, 0.95),
    "referral": (0.01, 0.99),
}
"""Lowest and highest number that a reader may believe."""


@dataclass(frozen=True)
class Belief:
    """One uncertain input of the model, as a scenario has it.

    Attributes:
        id: name of the input.
        title: what it is, in words.
        unit: its unit in words.
        prior: the distribution.
        basis: `evidence` or `judgement` of the library, or the reader's `own`.
        grade: of the library's entry; empty for the reader's own.
        citation: where it comes from.
        note: what else one has to know to judge it.
        entry: id of the library's entry; empty for terms and for the reader's own.
    """

    id: str
    title: str
    unit: str
    prior: Prior
    basis: Basis
    grade: str
    citation: str
    note: str
    entry: str = ""

    @property
    def judged(self) -> bool:
        """Whether it is a judgement, of the project or of the reader, and not measured."""
        return self.basis != "evidence"


def beliefs_of(library: EffectLibrary, scenario: Scenario) -> dict[str, Belief]:
    """Every uncertain input by its name, effects first, in the order of `Assumptions.priors`.

    Raises:
        UnknownNameError: a preset or an entry that the library does not have.
        ValueError: a number outside what the input can be; named.
    """
    taken = dict(scenario.taken)
    beliefs = {}
    preset = library.preset_effects(scenario.preset)
    for component in COMPONENTS:
        for stage in STAGES:
            if (component, stage) in preset:
                id_ = effect_id(component, stage)
                entry = library.entry(taken[id_]) if id_ in taken else preset[component, stage]
                beliefs[id_] = _effect(library, id_, component, stage, entry)
    terms = library.preset_terms(scenario.preset)
    beliefs.update({id_: _term(id_, terms[id_]) for id_ in TERMS})
    for id_, (value, low, high) in scenario.beliefs:
        if id_ in beliefs:
            beliefs[id_] = _own(
                beliefs[id_], Prior(value, low, high, LEVEL, beliefs[id_].prior.shape)
            )
    return beliefs


def assumptions_of(beliefs: Mapping[str, Belief]) -> Assumptions:
    """Beliefs as the model takes them."""
    return Assumptions(
        effects={
            (component, stage): beliefs[effect_id(component, stage)].prior
            for component in COMPONENTS
            for stage in STAGES
            if effect_id(component, stage) in beliefs
        },
        terms={id_: beliefs[id_].prior for id_ in TERMS},
    )


def bounds_of(input_id: str) -> tuple[float, float]:
    """Lowest and highest number that a reader may believe of an input."""
    return TERM_BOUNDS.get(input_id, EFFECT_BOUNDS)


def entries_for(library: EffectLibrary) -> dict[str, tuple[str, ...]]:
    """Effect -> ids of the entries that it can be taken from: of its component and stage, with an
    effect in its measure."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in library.entries:
        if entry.usable and entry.component and entry.stage:
            id_ = effect_id(entry.component, entry.stage)
            found[id_] = (*found.get(id_, ()), entry.id)
    return found


def entry_prior(entry: Entry) -> Prior:
    """The effect of an entry as far as it is taken to carry over.

    Raises:
        ValueError: the entry has no effect.
    """
    if entry.effect is None:
        raise ValueError(f"the entry {entry.id} has no effect that a model could start from")
    effect = entry.effect
    prior = Prior(effect.value, effect.low, effect.high, effect.level)
    return transported(prior, entry.transport_discount)


def _effect(library: EffectLibrary, id_: str, component: str, stage: str, entry: Entry) -> Belief:
    unit = (
        say("times the ratio without training; 1 is no effect")
        if stage == "suspected"
        else say("times the odds without training; 1 is no effect")
    )
    return Belief(
        id=id_,
        title=say(
            "{component}: effect on {what}",
            component=library.components[component].title,
            what=say(STAGE_WORDS[stage]),
        ),
        unit=unit,
        prior=entry_prior(entry),
        basis=entry.kind,
        grade=entry.grade,
        citation=entry.citation,
        note=" ".join(filter(None, (entry.design, entry.setting, entry.note))),
        entry=entry.id,
    )


def _term(id_: str, term: Term) -> Belief:
    return Belief(
        id=id_,
        title=term.title,
        unit=term.unit,
        prior=Prior(term.value, term.low, term.high, term.level, term.shape),
        basis=term.kind,
        grade=term.grade,
        citation=term.citation,
        note=term.note or "",
    )


def _own(belief: Belief, prior: Prior) -> Belief:
    return Belief(
        id=belief.id,
        title=belief.title,
        unit=belief.unit,
        prior=prior,
        basis="own",
        grade="",
        citation=say("Set by the reader of this page."),
        note=belief.note,
    )
