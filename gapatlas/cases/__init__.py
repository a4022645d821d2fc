"""Room `cases`: which evidence goes with conviction, and which defence. Pure functions on frames.

`docs/explanation/evidence.md` tells what is computed, in words.
"""

from gapatlas.cases.adjusted import Adjusted, adjusted, defence_effects, evidence_effects
from gapatlas.cases.duration import Duration, time_to_end
from gapatlas.cases.findings import (
    Finding,
    duration_finding,
    effect_findings,
    how_many_compared,
    matrix_finding,
    network_finding,
    pair_finding,
    reliance_finding,
    selection_banner,
)
from gapatlas.cases.matrix import Matrix, evidence_by_defence
from gapatlas.cases.networks import KEY, Networks, find_networks
from gapatlas.cases.pairs import Pairs, evidence_pairs
from gapatlas.cases.patterns import Basis, patterns
from gapatlas.cases.reliance import Reliance, reliance_on_testimony
from gapatlas.cases.safety import COMPLEMENTARY, SHOWN, SMALL, Floor
from gapatlas.cases.vocabulary import (
    CONVICTED,
    DEFENCE,
    DISPOSED,
    EVIDENCE,
    OUTCOMES,
    without_value,
)

__all__ = [
    "COMPLEMENTARY",
    "CONVICTED",
    "DEFENCE",
    "DISPOSED",
    "EVIDENCE",
    "KEY",
    "OUTCOMES",
    "SHOWN",
    "SMALL",
    "Adjusted",
    "Basis",
    "Duration",
    "Finding",
    "Floor",
    "Matrix",
    "Networks",
    "Pairs",
    "Reliance",
    "adjusted",
    "defence_effects",
    "duration_finding",
    "effect_findings",
    "evidence_by_defence",
    "evidence_effects",
    "evidence_pairs",
    "find_networks",
    "how_many_compared",
    "matrix_finding",
    "network_finding",
    "pair_finding",
    "patterns",
    "reliance_finding",
    "reliance_on_testimony",
    "selection_banner",
    "time_to_end",
    "without_value",
]
