"""Stages of the justice chain, and what else an office counts, in its unit and its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, PrivateAttr, StringConstraints, model_validator

from gapatlas.config.base import Frozen, UnfitError
from gapatlas.config.vocabulary import STAGE_UNITS, Stages, Unit, counted_words, stage_label
from gapatlas.languages import say, worded

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
"""Words that fit into a title and before the rows of a chart."""


class OwnStage(Frozen):
    """Something that an office counts and that is no step of the justice chain."""

    label: Label = Field(
        description="What readers are told is counted, such as `Residence permits granted`.",
    )
    unit: Unit = Field(description="What is counted. One stage is counted in one unit.")
    after: str | None = Field(
        default=None,
        description="Known stage behind which it is listed; last if left out.",
    )


class StageCount(Frozen):
    """A stage of the justice chain or of `stages`, counted in one unit."""

    stage: str = Field(description="Stage of the justice chain, or one of `stages`.")
    unit: Unit = Field(description="What is counted. Required: a count without a unit is refused.")

    _own: OwnStage | None = PrivateAttr(default=None)
    """Its definition, which the config hands on; so its words go wherever the count goes."""

    @property
    def is_own(self) -> bool:
        """Whether the config defines the stage: it is no step of the justice chain."""
        return self._own is not None

    @property
    def label(self) -> str:
        """What is counted, in the language that is spoken."""
        return stage_label(self.stage, self.unit) if self._own is None else say(self._own.label)

    @property
    def counted(self) -> str:
        """What is counted, as it stands behind a number."""
        if self._own is None:
            return counted_words(self.stage, self.unit)
        return f"{self.label[:1].lower()}{self.label[1:]}"

    def learn(self, own: Mapping[str, OwnStage]) -> None:
        """Take over the definition that a config has of the stage, where it has one."""
        self._own = own.get(self.stage)

    @model_validator(mode="after")
    def _unit_fits_stage(self) -> StageCount:
        """Of a known stage; whether there is such an own stage the config alone can tell."""
        units = STAGE_UNITS.get(self.stage, (self.unit,))
        if self.unit not in units:
            raise UnfitError(
                worded("'{stage}' is not counted in {unit}.", stage=self.stage, unit=self.unit),
                ", ".join(units),
            )
        return self


def with_own_stages(own: Mapping[str, OwnStage]) -> Stages:
    """Every stage in the order in which it is listed -> the units in which it is counted."""
    listed: dict[str, tuple[str, ...]] = {}
    for known, units in STAGE_UNITS.items():
        listed[known] = units
        listed |= {id_: (stage.unit,) for id_, stage in own.items() if stage.after == known}
    return listed | {id_: (stage.unit,) for id_, stage in own.items() if id_ not in listed}
