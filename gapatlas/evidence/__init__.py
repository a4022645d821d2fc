"""Room `evidence`: how cases ended and what goes with it, from the published tables of cases.

from gapatlas import case_evidence, open_atlas
found = case_evidence(open_atlas("config.yaml"), "synthetic_cases")
found.sentences("evidence"), found.effects("evidence"), found.shares("charge"), found.chart("pairs")
"""

from gapatlas.evidence.reading import CaseEvidence, case_evidence, in_order
from gapatlas.evidence.words import VIEWS

__all__ = ["VIEWS", "CaseEvidence", "case_evidence", "in_order"]
