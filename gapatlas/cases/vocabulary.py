"""What stands in a table of cases: kinds of evidence, lines of defence, outcomes, their values."""

from __future__ import annotations

from typing import Final

from gapatlas.languages import mark

EVIDENCE: Final[dict[str, str]] = {
    "victim_testimony": mark("victim testimony"),
    "other_witness": mark("another witness"),
    "financial_records": mark("financial records"),
    "digital_communications": mark("digital communications"),
    "physical_forensic": mark("physical or forensic evidence"),
    "surveillance": mark("surveillance"),
    "expert": mark("an expert"),
    "travel_border_records": mark("travel and border records"),
}
"""Kinds of evidence and how a sentence calls them."""
DEFENCE: Final[dict[str, str]] = {
    "consent": mark("consent of the victim"),
    "credibility_of_witness": mark("credibility of the witness"),
    "lack_of_knowledge": mark("lack of knowledge"),
    "mistaken_identity": mark("mistaken identity"),
    "suppression_of_evidence": mark("suppression of evidence"),
    "duress": mark("duress"),
    "jurisdiction_procedure": mark("jurisdiction or procedure"),
    "cooperation": mark("cooperation with the prosecution"),
}
"""Lines of defence and how a sentence calls them."""
OUTCOMES: Final[dict[str, str]] = {
    "guilty_plea": mark("guilty by plea"),
    "guilty_trial": mark("guilty at trial"),
    "acquitted": mark("acquitted"),
    "dismissed": mark("dismissed"),
    "nolle_prosequi": mark("prosecution dropped"),
    "pending": mark("pending"),
    "unknown": mark("outcome not known"),
}
CONVICTED: Final = ("guilty_plea", "guilty_trial")
DISPOSED: Final = tuple(o for o in OUTCOMES if o not in ("pending", "unknown"))

PLACE: Final = "place"
YEAR: Final = "year_charged"
YEAR_ENDED: Final = "year_ended"
CHARGE: Final = "charge"
MIX: Final = (PLACE, YEAR, CHARGE)
"""What a comparison holds equal."""
PERSONS: Final = "persons"
N_CONVICTED: Final = "convicted"
UNKNOWN: Final = "unknown"
VALUES: Final[dict[str, tuple[str, str, str]]] = {
    **dict.fromkeys(EVIDENCE, ("present", "absent", UNKNOWN)),
    **dict.fromkeys(DEFENCE, ("used", "not_used", UNKNOWN)),
}
"""Of each kind of evidence and line of defence: with, without, not known."""


def with_value(factor: str) -> str:
    """The value that says that it was there."""
    return VALUES[factor][0]


def without_value(factor: str) -> str:
    """The value that says that it was not."""
    return VALUES[factor][1]
