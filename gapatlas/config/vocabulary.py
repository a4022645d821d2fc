"""The words of the data model: stages, units, statuses and breakdowns.

Stages and units follow the justice chain of `docs/explanation/data-model.md`. A stage
permits only the units in which sources count it, so that a count cannot be given the
wrong type.
"""

from __future__ import annotations

from typing import Final, Literal

from gapatlas.languages import mark, say

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
    "province": ("province",),
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
    ("detected", "victims"): mark("Victims detected"),
    ("detected", "persons"): mark("Persons detected"),
    ("suspected", "persons"): mark("Persons brought into formal contact with the police"),
    ("suspected", "offences"): mark("Offences recorded"),
    ("prosecuted", "persons"): mark("Persons prosecuted"),
    ("convicted", "persons"): mark("Persons convicted"),
    ("prosecuted", "cases"): mark("Prosecutions"),
    ("convicted", "cases"): mark("Convictions"),
    ("trials_completed", "persons"): mark("Persons with a verdict"),
    ("acquitted", "persons"): mark("Persons acquitted"),
    ("dismissed", "persons"): mark("Persons whose charges were dropped"),
    ("outcome_unknown", "persons"): mark("Persons whose outcome is pending or not recorded"),
    ("cleared", "offences"): mark("Offences cleared (solved)"),
    ("unfounded", "offences"): mark("Offences found to be unfounded"),
    ("suspected", "cases"): mark("Cases suspected"),
    ("prosecuted", "charges"): mark("Charges prosecuted"),
    ("convicted", "charges"): mark("Charges convicted"),
    ("cleared", "cases"): mark("Cases cleared"),
    ("unfounded", "cases"): mark("Cases unfounded"),
    ("chargesheeted", "persons"): mark("Persons chargesheeted"),
    ("chargesheeted", "cases"): mark("Cases chargesheeted"),
    ("trials_completed", "cases"): mark("Cases with a verdict"),
    ("acquitted", "cases"): mark("Cases acquitted"),
    ("acquitted", "charges"): mark("Charges acquitted"),
    ("dismissed", "cases"): mark("Cases dismissed"),
    ("dismissed", "charges"): mark("Charges dismissed"),
    ("outcome_unknown", "cases"): mark("Cases whose outcome is not known"),
}
COUNTED: Final[dict[tuple[str, str], str]] = {
    ("detected", "victims"): mark("victims detected"),
    ("detected", "persons"): mark("persons detected"),
    ("suspected", "persons"): mark("persons suspected"),
    ("suspected", "cases"): mark("cases suspected"),
    ("suspected", "offences"): mark("offences suspected"),
    ("prosecuted", "persons"): mark("persons prosecuted"),
    ("prosecuted", "cases"): mark("cases prosecuted"),
    ("prosecuted", "charges"): mark("charges prosecuted"),
    ("convicted", "persons"): mark("persons convicted"),
    ("convicted", "cases"): mark("cases convicted"),
    ("convicted", "charges"): mark("charges convicted"),
    ("cleared", "offences"): mark("offences cleared"),
    ("cleared", "cases"): mark("cases cleared"),
    ("unfounded", "offences"): mark("offences unfounded"),
    ("unfounded", "cases"): mark("cases unfounded"),
    ("chargesheeted", "persons"): mark("persons chargesheeted"),
    ("chargesheeted", "cases"): mark("cases chargesheeted"),
    ("trials_completed", "persons"): mark("persons with a verdict"),
    ("trials_completed", "cases"): mark("cases with a verdict"),
    ("acquitted", "persons"): mark("persons acquitted"),
    ("acquitted", "cases"): mark("cases acquitted"),
    ("acquitted", "charges"): mark("charges acquitted"),
    ("dismissed", "persons"): mark("persons dismissed"),
    ("dismissed", "cases"): mark("cases dismissed"),
    ("dismissed", "charges"): mark("charges dismissed"),
    ("outcome_unknown", "persons"): mark("persons whose outcome is not known"),
    ("outcome_unknown", "cases"): mark("cases whose outcome is not known"),
}
"""What is counted, in two words, as it stands behind a number."""


def stage_label(stage: str, unit: str) -> str:
    """Say in words what a stage counted in a unit is, in the language that is spoken."""
    label = STAGE_LABELS.get((stage, unit))
    return say(label or f"{unit.capitalize()} {stage.replace('_', ' ')}")


def counted_words(stage: str, unit: str) -> str:
    """Say behind a number what was counted, in the language that is spoken."""
    return say(COUNTED.get((stage, unit)) or f"{unit} {stage.replace('_', ' ')}")


# ---------------------------------------------------------------- cases, one row per defendant

OUTCOMES: Final[dict[str, str]] = {
    "guilty_plea": mark("Guilty by plea"),
    "guilty_trial": mark("Guilty at trial"),
    "acquitted": mark("Acquitted"),
    "dismissed": mark("Dismissed"),
    "nolle_prosequi": mark("Prosecution dropped (nolle prosequi)"),
    "pending": mark("Pending"),
    "unknown": mark("Outcome not known"),
}
"""How the case against a defendant ended, with the words for it."""
CONVICTED: Final[tuple[str, ...]] = ("guilty_plea", "guilty_trial")
UNDISPOSED: Final[tuple[str, ...]] = ("pending", "unknown")
"""Outcomes that are none: such a defendant is neither convicted nor let off."""

EVIDENCE: Final[dict[str, str]] = {
    "victim_testimony": mark("Testimony of a victim"),
    "other_witness": mark("Testimony of another witness"),
    "financial_records": mark("Financial records"),
    "digital_communications": mark("Digital communications"),
    "physical_forensic": mark("Physical or forensic evidence"),
    "surveillance": mark("Surveillance"),
    "expert": mark("Expert testimony"),
    "travel_border_records": mark("Travel and border records"),
}
DEFENCES: Final[dict[str, str]] = {
    "consent": mark("Consent"),
    "credibility_of_witness": mark("Credibility of a witness"),
    "lack_of_knowledge": mark("Lack of knowledge"),
    "mistaken_identity": mark("Mistaken identity"),
    "suppression_of_evidence": mark("Suppression of evidence"),
    "duress": mark("Duress"),
    "jurisdiction_procedure": mark("Jurisdiction or procedure"),
    "cooperation": mark("Cooperation with the prosecution"),
}
UNKNOWN: Final = "unknown"
"""A value like any other: what a file does not say is not a no."""
NONE: Final = "none"
"""In a list: nothing of the kind, and the file says so."""
EVIDENCE_STATES: Final[tuple[str, ...]] = ("present", "absent", UNKNOWN)
DEFENCE_STATES: Final[tuple[str, ...]] = ("used", "not_used", UNKNOWN)
YES_NO: Final[tuple[str, ...]] = ("yes", "no", UNKNOWN)
VICTIMS_BANDS: Final[tuple[str, ...]] = ("1", "2-5", "6-20", "21+", UNKNOWN)
LIST_COLUMNS: Final[dict[str, dict[str, str]]] = {"evidence": EVIDENCE, "defence": DEFENCES}
"""Columns of a case file that hold several ids in one cell."""
CASE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "outcome": tuple(OUTCOMES),
    "evidence": (*EVIDENCE, NONE, UNKNOWN),
    "defence": (*DEFENCES, NONE, UNKNOWN),
    **dict.fromkeys(EVIDENCE, EVIDENCE_STATES),
    **dict.fromkeys(DEFENCES, DEFENCE_STATES),
    "cross_border": YES_NO,
    "victims_band": VICTIMS_BANDS,
    "task_force": YES_NO,
    "team_trained": YES_NO,
    "year_charged": (UNKNOWN,),
    "year_ended": (UNKNOWN,),
}
"""Columns of a case file with fixed words -> what a cell may say; years stand as they are."""
KEY_COLUMNS: Final[tuple[str, ...]] = ("defendant_key", "co_defendant_key")
"""Columns that say who belongs together: they never leave, and no error prints them."""
NEEDED_CASE_COLUMNS: Final[tuple[str, ...]] = ("place", "year_charged", "outcome")
CASE_COLUMNS: Final[tuple[str, ...]] = (
    *NEEDED_CASE_COLUMNS,
    "year_ended",
    "charge",
    "main_charge",
    "cross_border",
    "victims_band",
    "task_force",
    "team_trained",
    "evidence",
    *EVIDENCE,
    "defence",
    *DEFENCES,
    *KEY_COLUMNS,
    "dataset",
)
"""What a column of a case file can be."""
COVARIATES: Final[tuple[str, ...]] = (
    "place",
    "year_charged",
    "year_ended",
    "outcome",
    "charge",
    "cross_border",
    "victims_band",
    "task_force",
    "team_trained",
    *EVIDENCE,
    *DEFENCES,
)
"""What cases can be grouped by; `charge` is the main charge."""
COUNT_STATUSES: Final[tuple[str, ...]] = ("shown", "withheld")
"""Whether a protected count of persons is printed. One word for withheld: to say why would tell."""
RANGE_ONLY: Final = "range"
"""Of a share: too much is withheld for it, but not for the least and greatest that it can be."""
ENDED_OUTCOMES: Final[tuple[str, ...]] = ("convicted", "acquitted", "dismissed")
COUNT_OUTCOMES: Final[tuple[str, ...]] = ("all", *ENDED_OUTCOMES, "open")
"""Outcomes of protected counts: dropped prosecutions are dismissed; open is pending or unknown."""
PART_OUTCOMES: Final[dict[str, str]] = {
    "guilty_plea": "convicted",
    "guilty_trial": "convicted",
    "nolle_prosequi": "dismissed",
    "pending": "open",
    "unknown": "open",
}
"""Finer outcomes, of everybody alone, with the outcome that contains them."""
MERGED: Final = "|"
"""Between values that became one, as few persons have each; or between testimony and a number."""
OTHERS: Final = "others"
"""Many such values as one."""
TESTIMONY: Final = "victim_testimony"
OTHER_KINDS: Final[tuple[str, ...]] = ("0", "1", "2", mark("3 or more"))
"""How many kinds of evidence other than victim testimony are known to be there."""
TESTIMONY_AND_OTHERS: Final[tuple[str, ...]] = tuple(
    f"{state}{MERGED}{others}" for state in EVIDENCE_STATES for others in OTHER_KINDS
)
"""Victim testimony, and how many other kinds of evidence."""
EVERYBODY: Final = "none"
"""The split that has everybody under the value `all`."""
TRAITS: Final[tuple[str, ...]] = (
    "place",
    "year_charged",
    "charge",
    "victims_band",
    "cross_border",
    "task_force",
    "team_trained",
)
"""What is known of a case beside its evidence, its defence and its outcome."""
TESTIMONY_CROSSED: Final = "testimony_and_others"
COUNT_SPLITS: Final[tuple[str, ...]] = (
    EVERYBODY, *TRAITS, *EVIDENCE, *DEFENCES, TESTIMONY_CROSSED,
)  # fmt: skip
"""What protected counts of cases are grouped by."""
SYNTHETIC: Final = "SYNTHETIC"
"""The mark of made-up cases, on every row, title and export."""
