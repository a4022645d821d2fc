"""Room `disclosure`: the gate through which figures leave the database.

Public figures pass with the method that their publisher applied named beside them; what is
suppressed or not reported leaves as an absent value, never as a number. Person-level columns
do not pass at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.languages import worded

PERSON_LEVEL_COLUMNS = frozenset(
    {"case_id", "defendant_id", "person_id", "victim_id", "name_of_defendant", "date_of_birth"}
)
NUMERATORS = ("numerator_low", "numerator_high")
COUNTS = (*NUMERATORS, "denominator_low", "denominator_high")


@dataclass(frozen=True)
class Released:
    """Figures that may be shown, how many were withheld, and by which methods."""

    figures: pd.DataFrame
    suppressed_count: int
    methods: tuple[str, ...]


def release_public(
    figures: pd.DataFrame, methods: Mapping[str, str], *, whole: bool = True
) -> Released:
    """Let published figures pass.

    Args:
        figures: one row per figure, with `status`, `source_id`, `years_suppressed` and the
            counts named in `COUNTS`.
        methods: source id -> disclosure method that the publisher applied.
        whole: whether denominators are whole counts; they are sums of weighted counts under a
            lag.

    Returns:
        The figures, with the counts of suppressed and unreported rows blanked, the number of
        figures that rest on a suppressed count, and the methods in force.

    Raises:
        GapAtlasError: the table carries a person-level column.
    """
    forbidden = sorted(PERSON_LEVEL_COLUMNS & set(figures.columns))
    if forbidden:
        problems = [
            Problem("figures", worded("A person-level column does not leave."), column=name)
            for name in forbidden
        ]
        raise GapAtlasError(worded("The disclosure gate refused a table."), problems)
    withheld = figures["status"].isin(("suppressed", "not_reported"))
    passed = figures.copy(deep=False)
    for column in COUNTS:
        dtype = pd.Int64Dtype() if whole or column in NUMERATORS else pd.Float64Dtype()
        passed[column] = passed[column].astype(dtype).mask(withheld)
    used = [methods[source] for source in figures["source_id"].unique() if source in methods]
    return Released(
        figures=passed,
        suppressed_count=int((figures["years_suppressed"] > 0).sum()),
        methods=tuple(dict.fromkeys(used)),
    )
