"""What is not known: which stages a place reports, in how many of the years of a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gapatlas.languages import column_in_alphabet

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas


@dataclass(frozen=True)
class Reporting:
    """How complete the figures of each place are.

    Attributes:
        source_id: source that was asked.
        years: first and last year.
        stages: what the source asks for, in words, in the order of the justice chain.
        table: one row per place, least complete first: jurisdiction_id, name, region, reported
            and asked (figures: one per stage and year), share (reported / asked, the completeness
            score), never (stages without a figure in any of the years, as a sum of powers of two
            by their position) and never_words (the same in words).
    """

    source_id: str
    years: tuple[int, int]
    stages: tuple[str, ...]
    table: pd.DataFrame

    @property
    def silent(self) -> pd.DataFrame:
        """Places that report nothing at all in these years."""
        return self.table[self.table["reported"] == 0]

    @property
    def complete(self) -> pd.DataFrame:
        """Places that report every stage in every year."""
        return self.table[self.table["reported"] == self.table["asked"]]


def reporting(atlas: Atlas, measure_id: str, source: str, years: tuple[int, int]) -> Reporting:
    """Score how complete the figures of each place of a measure's level are.

    The score counts figures, not what they say: a reported zero is a figure, and so is a range.

    Raises:
        UnknownNameError: an unknown measure or source.
    """
    found = atlas.stages_reported(measure_id, source, years)
    keys = found[["stage", "unit", "stage_label"]].drop_duplicates()
    stages = tuple(keys.pop("stage_label"))
    position = {tuple(key): at for at, key in enumerate(keys.itertuples(index=False))}
    at = pd.Series(
        [position[key] for key in zip(found["stage"], found["unit"], strict=True)],
        index=found.index,
        dtype="int64",
    )
    silent = found["years_reported"] == 0
    told = found.assign(never=np.where(silent, 2**at, 0), region=found["region"].fillna(""))
    table = (
        told.groupby(["jurisdiction_id", "name", "region"], sort=False)
        .agg(
            reported=("years_reported", "sum"),
            asked=("years_asked", "sum"),
            never=("never", "sum"),
        )
        .reset_index()
    )
    table["share"] = table["reported"] / table["asked"]
    table["never_words"] = [
        "; ".join(stage for bit, stage in enumerate(stages) if never >> bit & 1)
        for never in table["never"]
    ]
    ordered = table.sort_values(["share", "name"], key=column_in_alphabet, ignore_index=True)
    return Reporting(source, years, stages, ordered)
