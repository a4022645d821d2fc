"""The effect library as frozen typed objects: what is believed of the effects of training.

Every field has a description: the reference in the docs is generated from this module.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BeforeValidator, Field

from gapatlas.config.base import Frozen, Identifier, Text, UnfitError
from gapatlas.config.problems import near_names
from gapatlas.errors import Problem, UnknownNameError
from gapatlas.languages import worded

ComponentId = Literal["case_construction", "interviewing", "evidence", "legal_support"]
StageId = Literal["referred", "suspected", "prosecuted", "convicted"]
MeasureOfEffect = Literal["odds_ratio", "ratio", "finding"]
Kind = Literal["judgement", "evidence"]
Grade = Literal["A", "B", "C", "D"]
Named = TypeVar("Named")
Shape = Literal["lognormal", "logit_normal"]

COMPONENTS: Final[tuple[ComponentId, ...]] = (
    "case_construction",
    "interviewing",
    "evidence",
    "legal_support",
)
GRADES: Final[tuple[Grade, ...]] = ("A", "B", "C", "D")
PRESETS: Final = ("central", "sceptical", "null", "harm")
"""Presets that every library has; it may have more."""
COSTS: Final = tuple(f"cost_{component}" for component in COMPONENTS)
AMOUNTS: Final = ("half_life_months", *COSTS, "caseload", "court_headroom")
"""Terms that are above 0."""
SHARES: Final = ("turnover", "refresher_cost", "reach", "court_speed", "referral")
"""Terms that lie between 0 and 1."""
TERMS: Final = (*AMOUNTS, *SHARES)
MEASURE_OF_STAGE: Final[dict[StageId, MeasureOfEffect]] = {
    "referred": "odds_ratio",
    "suspected": "ratio",
    "prosecuted": "odds_ratio",
    "convicted": "odds_ratio",
}
"""What the model multiplies at each stage. Suspects per detected victim can exceed 1: that is a
ratio of flows, which has no odds."""


def _refuse_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise UnfitError(worded("True or false stands where a number should."), worded("a number"))
    return value


Number = Annotated[float, BeforeValidator(_refuse_truth), Field(allow_inf_nan=False)]


class Estimate(Frozen):
    """A number that is not known exactly: its middle and the ends of its interval."""

    value: Number = Field(description="The middle: as likely too low as too high.")
    low: Number = Field(description="Lower end; equal to `value` and `high` for a known number.")
    high: Number = Field(description="Upper end.")
    level: Number = Field(
        description="How sure one is that the interval holds the number, such as 0.9."
    )


class Effect(Estimate):
    """How many times the odds (or the flow) are what they are without training; 1 is no effect."""


class Component(Frozen):
    """One of the four kinds of training."""

    title: Text = Field(description="What charts and tables call the component.")
    stage: StageId = Field(description="The stage that it is meant to change most.")
    definition: Text = Field(description="What is taught.")
    trainees: Text = Field(description="Who is taught.")


class Entry(Frozen):
    """One study, or one belief that the model can start from."""

    id: Identifier = Field(description="Id of the entry, which presets name.")
    title: Text = Field(description="What charts and tables call the entry.")
    component: ComponentId | None = Field(
        default=None,
        description="The component that it tells of, or the one nearest to it; none where it is "
        "about training as a whole.",
    )
    stage: StageId | None = Field(
        default=None,
        description="The stage that it tells of; none where a finding is about no stage.",
    )
    about: tuple[Identifier, ...] = Field(
        default=(), description="Terms that a finding tells of, such as `turnover`."
    )
    measure: MeasureOfEffect = Field(
        description="odds_ratio: odds of passing the stage. ratio: of counts or shares; at "
        "`suspected` it is what the model uses. finding: no number with an interval is known."
    )
    effect: Effect | None = Field(
        default=None, description="The effect; a `finding` has none, all others have one."
    )
    kind: Kind = Field(description="evidence: somebody measured it. judgement: nobody did.")
    grade: Grade = Field(description="How far it can be trusted, see `grades`.")
    found: Text | None = Field(
        default=None, description="What a study found, in its own figures. Needed for evidence."
    )
    design: Text = Field(description="How it was found out.")
    setting: Text = Field(description="Where, when and on what kind of cases.")
    transport_discount: Number = Field(
        default=0.0,
        description="The part of the effect that is taken not to carry over from the setting, "
        "from 0 (all carries over) to 1 (nothing does).",
    )
    citation: Text = Field(description="Where it can be read.")
    note: Text | None = Field(default=None, description="What else one has to know to judge it.")

    @property
    def usable(self) -> bool:
        """Whether the model can start from it: a component's effect in the measure of its
        stage."""
        return (
            self.component is not None
            and self.stage is not None
            and self.effect is not None
            and self.measure == MEASURE_OF_STAGE[self.stage]
        )


class Term(Estimate):
    """What the model rests on besides effects."""

    title: Text = Field(description="What charts and tables call the term.")
    unit: Text = Field(description="Unit of the value in words; that of a cost names the currency.")
    shape: Shape = Field(
        description="lognormal for what is above 0, logit_normal for a share between 0 and 1."
    )
    kind: Kind = Field(description="evidence: somebody measured it. judgement: nobody did.")
    grade: Grade = Field(description="How far it can be trusted, see `grades`.")
    citation: Text = Field(description="Where it can be read.")
    note: Text | None = Field(default=None, description="What else one has to know to judge it.")


class Change(Frozen):
    """A term as a preset has it."""

    value: Number = Field(description="The middle.")
    low: Number = Field(description="Lower end.")
    high: Number = Field(description="Upper end.")
    level: Number | None = Field(
        default=None, description="How sure one is of the interval; as in the term if left out."
    )


class Preset(Frozen):
    """One set of beliefs that a reader can start from."""

    title: Text = Field(description="What the page calls the preset.")
    description: Text = Field(description="What somebody believes who starts from it.")
    entries: tuple[Identifier, ...] = Field(
        description="Entries with an effect: at least one of each component, and no two of one "
        "component at one stage. What is left out has no effect."
    )
    terms: dict[Identifier, Change] = Field(
        default={}, description="Terms that differ from those below `terms`."
    )


class EffectLibrary(Frozen):
    """All of an effect library."""

    version: Literal[1] = Field(description="Version of this file's layout.")
    currency: Text = Field(description="Currency of all costs: its ISO 4217 code, such as `USD`.")
    grades: dict[str, Text] = Field(description="What each of the grades A, B, C and D means.")
    components: dict[Identifier, Component] = Field(
        description="The four kinds of training: " + ", ".join(f"`{id_}`" for id_ in COMPONENTS)
    )
    entries: tuple[Entry, ...] = Field(description="Studies and beliefs, in any order.")
    terms: dict[Identifier, Term] = Field(
        description="What is uncertain besides effects: " + ", ".join(f"`{id_}`" for id_ in TERMS)
    )
    presets: dict[Identifier, Preset] = Field(
        description="Where a reader can start. These four are needed, more are allowed: "
        + ", ".join(f"`{id_}`" for id_ in PRESETS)
    )

    def entry(self, entry_id: str) -> Entry:
        """The entry of an id.

        Raises:
            UnknownNameError: there is none; near ids are listed.
        """
        return _named("entry", entry_id, {entry.id: entry for entry in self.entries})

    def preset_effects(self, preset_id: str) -> dict[tuple[ComponentId, StageId], Entry]:
        """The entries of a preset by component and stage.

        Raises:
            UnknownNameError: there is no such preset.
        """
        entries = [self.entry(id_) for id_ in _named("preset", preset_id, self.presets).entries]
        return {(e.component, e.stage): e for e in entries if e.component and e.stage}

    def preset_terms(self, preset_id: str) -> dict[str, Term]:
        """All terms as a preset has them.

        Raises:
            UnknownNameError: there is no such preset.
        """
        changes = _named("preset", preset_id, self.presets).terms
        return {
            id_: term.model_copy(update=changes[id_].model_dump(exclude_none=True))
            if id_ in changes
            else term
            for id_, term in self.terms.items()
        }

    def evidence_on(self, component: ComponentId | None) -> tuple[Entry, ...]:
        """Studies of a component; with None those of training as a whole, terms included."""
        return tuple(e for e in self.entries if e.kind == "evidence" and e.component == component)


def _named(kind: str, name: str, known: dict[str, Named]) -> Named:
    if name in known:
        return known[name]
    near = near_names(name, known)
    problem = Problem("effect library", f"Unknown {kind}.", found=name, allowed=near)
    raise UnknownNameError(f"There is no {kind} '{name}'. Near: {near}.", [problem])
