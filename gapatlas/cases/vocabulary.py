"""What stands in a table of cases: kinds of evidence, lines of defence, outcomes, their values."""

from __future__ import annotations

from typing import Final

EVIDENCE: Final[dict[str, str]] = {
    "victim_testimony": "victim testimony",
    "other_witness": "another witness",
    "financial_records": "financial records",
    "digital_communications": "digital communications",
    "physical_forensic": "physical or forensic evidence",
    "surveillance": "surveillance",
    "expert": "an expert",
    "travel_border_records": "travel and border records",
}
"""Kinds of evidence and how a sentence calls them."""
DEFENCE: Final[dict[str, str]] = {
    "consent": "consent of the victim",
    "credibility_of_witness": "credibility of the witness",
    "lack_of_knowledge": "lack of knowledge",
    "mistaken_identity": "mistaken identity",
    "suppression_of_evidence": "suppression of evidence",
    "duress": "duress",
    "jurisdiction_procedure": "jurisdiction or procedure",
    "cooperation": "cooperation with the prosecution",
}
"""Lines of defence and how a sentence calls them."""
OUTCOMES: Final[dict[str, str]] = {
    "guilty_plea": "guilty by plea",
    "guilty_trial": "guilty at trial",
    "acquitted": "acquitted",
    "dismissed": "dismissed",
    "nolle_prosequi": "prosecution dropped",
    "pending": "pending",
    "unknown": "outcome not known",
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
