"""The words of the data model: stages, units, statuses and breakdowns.

Stages and units follow the justice chain of `docs/explanation/data-model.md`. A stage
permits only the units in which sources count it, so that a count cannot be given the
wrong type.
"""

from __future__ import annotations

from typing import Final, Literal

Status = Literal["exact", "censored", "not_reported", "suppressed"]
Unit = Literal["victims", "persons", "cases", "charges", "offences"]

STATUSES: Final[tuple[str, ...]] = ("exact", "censored", "not_reported", "suppressed")
INDICATOR_STATUSES: Final[tuple[str, ...]] = ("exact", "estimated", "censored", "not_reported")
"""What is known of a score or an amount: the value itself, a value with limits, limits alone (one
of them may be open), or nothing."""
ORIGIN_KINDS: Final[tuple[str, ...]] = ("place", "nationals", "group", "unknown", "unmatched")
"""What a label of citizenship names: a place, the country's own citizens, several places together,
nobody (citizenship not known, stateless, left out), or something that no place was found for."""
FIXED_PEERS: Final[tuple[str, ...]] = ("region", "subregion", "population", "all", "own")
"""Choices of peers that every config has: no indicator for peers may have such an id."""
UNITS: Final[tuple[str, ...]] = ("victims", "persons", "cases", "charges", "offences")
SEXES: Final[tuple[str, ...]] = ("total", "female", "male", "other", "unknown")
AGES: Final[tuple[str, ...]] = ("total", "adult", "child", "unknown")
DIMENSIONS: Final[tuple[str, ...]] = (
    "total",
    "exploitation",
    "citizenship",
    "repatriation",
    "offence_type",
)

LEVELS_OF_MAP: Final[dict[str, tuple[str, ...]]] = {
    "country": ("country",),
    "us_state": ("us_state", "us_territory"),
    "region": ("region", "world"),
}
"""Levels of places that a measure of a level describes: territories stand beside the states,
the world beside its regions."""

STAGE_UNITS: Final[dict[str, tuple[str, ...]]] = {
    "detected": ("victims",),
    "suspected": ("persons", "cases", "offences"),
    "prosecuted": ("persons", "cases", "charges"),
    "convicted": ("persons", "cases", "charges"),
    "cleared": ("offences", "cases"),
    "unfounded": ("offences", "cases"),
    "chargesheeted": ("persons", "cases"),
    "trials_completed": ("persons", "cases"),
    "acquitted": ("persons", "cases", "charges"),
    "dismissed": ("persons", "cases", "charges"),
    "outcome_unknown": ("persons", "cases"),
}

STAGE_LABELS: Final[dict[tuple[str, str], str]] = {
    ("detected", "victims"): "Victims detected",
    ("suspected", "persons"): "Persons brought into formal contact with the police",
    ("suspected", "offences"): "Offences recorded",
    ("prosecuted", "persons"): "Persons prosecuted",
    ("convicted", "persons"): "Persons convicted",
    ("prosecuted", "cases"): "Prosecutions",
    ("convicted", "cases"): "Convictions",
    ("trials_completed", "persons"): "Persons with a verdict",
    ("acquitted", "persons"): "Persons acquitted",
    ("dismissed", "persons"): "Persons whose charges were dropped",
    ("outcome_unknown", "persons"): "Persons whose outcome is pending or not recorded",
    ("cleared", "offences"): "Offences cleared (solved)",
    ("unfounded", "offences"): "Offences found to be unfounded",
}


def stage_label(stage: str, unit: str) -> str:
    """Say in words what a stage counted in a unit is."""
    return STAGE_LABELS.get((stage, unit), f"{unit.capitalize()} {stage.replace('_', ' ')}")
