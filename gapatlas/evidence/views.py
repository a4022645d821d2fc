"""Which charts a view of cases has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gapatlas.charts import Scheme
from gapatlas.comparison.pictures import Picture
from gapatlas.evidence.pictures import outcome_pictures
from gapatlas.evidence.pictures_model import MODEL_PICTURES
from gapatlas.evidence.words import VIEWS

if TYPE_CHECKING:
    from gapatlas.evidence.reading import CaseEvidence


def pictures_of(
    found: CaseEvidence, view: str, split: str, outcome: str, scheme: Scheme
) -> Iterable[Picture]:
    """The charts of a view; see `CaseEvidence.pictures`."""
    if view not in VIEWS:
        raise ValueError(f"There is no view '{view}'; allowed: {', '.join(VIEWS)}")
    if not found.has(view):
        return []
    if view == "outcomes":
        return outcome_pictures(found, split, outcome, scheme)
    return MODEL_PICTURES[view](found, outcome, scheme)
