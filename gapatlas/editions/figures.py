"""Which figures of a table were added, removed or revised."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gapatlas.config.schema import CASE_COUNT_KEY, INDICATOR_KEY, OBSERVATION_KEY

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "observations": OBSERVATION_KEY,
    "population": ("jurisdiction_id", "year"),
    "coverage": ("jurisdiction_id", "year", "reporter"),
    "indicators": INDICATOR_KEY,
    "flows": ("jurisdiction_id", "year", "stage", "unit", "label"),
    "case_counts": CASE_COUNT_KEY,
}
"""What names a figure in each kind of table."""
FIGURES: Final[dict[str, tuple[str, ...]]] = {
    "observations": ("count_low", "count_high", "status"),
    "population": ("population", "status"),
    "coverage": ("reporters",),
    "indicators": ("value", "low", "high", "status"),
    "flows": ("count_low", "count_high", "status"),
    "case_counts": ("persons", "low", "high", "status"),
}
"""What a figure says."""
CHANGES: Final = ("added", "removed", "revised")
_CHANGE_OF: Final = dict(zip(("right_only", "left_only", "both"), CHANGES, strict=True))


def changed_figures(kind: str, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Compare two editions of a table.

    Args:
        kind: of the dataset.
        old, new: typed tables, with a distinct key in each row.

    Returns:
        One row per figure that differs: the key, `change` (added, removed, revised), and each
        column of the figure as `old_` and `new_`. What is alike in both is left out.
    """
    key, figures = list(KEYS[kind]), list(FIGURES[kind])
    both = old[[*key, *figures]].merge(
        new[[*key, *figures]], on=key, how="outer", suffixes=("_of_old", "_of_new"), indicator=True
    )
    alike = np.logical_and.reduce(
        [_same(both[f"{name}_of_old"], both[f"{name}_of_new"]) for name in figures]
    )
    change = both["_merge"].map(
        {"right_only": CHANGES[0], "left_only": CHANGES[1], "both": CHANGES[2]}
    )
    told = both[key].assign(change=change.astype("str"))
    for side in ("old", "new"):
        for name in figures:
            told[f"{side}_{name}"] = both[f"{name}_of_{side}"]
    kept: pd.DataFrame = told[(both["_merge"] != "both") | ~alike]
    return kept.sort_values(["change", *key], kind="stable").reset_index(drop=True)


def _same(one: pd.Series, other: pd.Series) -> pd.Series:
    return ((one == other).fillna(False) | (one.isna() & other.isna())).astype(bool)
