"""The chain that the model follows, from a detected victim to a conviction, and what acts on it.

    detected victims -> (a) referred to services
    detected victims x suspects per victim -> suspected -> prosecuted -> (court) -> convicted

Persons are followed from `suspected` on; victims and persons are never added or subtracted.
"""

from __future__ import annotations

from typing import Final, Literal

Stage = Literal["referred", "suspected", "prosecuted", "convicted"]
Component = Literal["case_construction", "interviewing", "evidence", "legal_support"]
Outcome = Literal["referred", "prosecuted", "convicted"]

STAGES: Final[tuple[Stage, ...]] = ("referred", "suspected", "prosecuted", "convicted")
COMPONENTS: Final[tuple[Component, ...]] = (
    "case_construction",
    "interviewing",
    "evidence",
    "legal_support",
)
OUTCOMES: Final[tuple[Outcome, ...]] = ("referred", "prosecuted", "convicted")
FLOW_STAGE: Final = STAGES.index("suspected")
"""The one stage that is a ratio of flows: suspects per detected victim can exceed 1, so an effect
multiplies it. At the others it multiplies the odds of passing."""
COUNTED: Final = ("detected", "suspected", "prosecuted", "convicted")
"""The stages whose counts a source gives: the baseline rests on them."""
LONGEST: Final = 15
"""Years that a programme can be followed."""
