"""Which conclusions change: what each measure lets one say of each place, before and after."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from gapatlas import progress
from gapatlas.atlas import Atlas
from gapatlas.charts.words import years_text
from gapatlas.comparison.comparing import every_window_of
from gapatlas.gaps import find_gaps
from gapatlas.gaps.gap import has_gap, verdict
from gapatlas.measures import WINDOWS
from gapatlas.progress import Step
from gapatlas.tables import rows

VERDICTS: Final = {
    "short": "falls short of its peers",
    "above": "stands above its peers",
    "open": "can't be told from its peers",
    "none": "no comparison with peers",
}
COLUMNS: Final = (
    "measure", "title", "place", "name", "years", "old_value", "old_low", "old_high", "new_value",
    "new_low", "new_high", "old_verdict", "new_verdict", "what",
)  # fmt: skip
NO_LONGER, NOW, APART, VERDICT = (
    "no figure any more", "a figure for the first time", "intervals share no value",
    "another conclusion",
)  # fmt: skip


def changed_conclusions(old: Atlas, new: Atlas, source: str | None) -> pd.DataFrame:
    """Hold all measures of two atlases against each other, in the last years that both have.

    Args:
        old, new: atlases of two editions.
        source: only measures of this source; None means all.

    Returns:
        One row per measure and place of which another thing can be said: values with their 95%
        intervals, the verdicts beside peers of the region, and `what` has changed.
    """
    parts = [
        _of_measure(old, new, measure_id, source_id)
        for measure_id in progress.each(Step.CONCLUDING, old.config.measures)
        if measure_id in new.config.measures
        for source_id in old.sources_of(measure_id)
        if source in (None, source_id) and source_id in new.sources_of(measure_id)
    ]
    found = [part for part in parts if len(part)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(COLUMNS))


def _of_measure(old: Atlas, new: Atlas, measure_id: str, source: str) -> pd.DataFrame:
    first, last = _years_of_both(old, new, measure_id, source)
    if last < first:
        return pd.DataFrame(columns=list(COLUMNS))
    window = max(window for window in WINDOWS if window <= last - first + 1)
    sides = [_told(atlas, measure_id, source, last, window) for atlas in (old, new)]
    if sides[0].equals(sides[1]):
        return pd.DataFrame(columns=list(COLUMNS))
    both = sides[0].add_suffix("_of_old").join(sides[1].add_suffix("_of_new"), how="outer")
    measure = old.measure_named(measure_id)
    names = pd.concat([a.jurisdictions().set_index("jurisdiction_id")["name"] for a in (new, old)])
    names = names[~names.index.duplicated()]
    table = pd.DataFrame({"place": both.index, "name": names.reindex(both.index).to_numpy()})
    table["measure"], table["title"], table["years"] = (
        measure_id,
        measure.title,
        years_text(last - window + 1, last),
    )
    for side in ("old", "new"):
        for column in ("value", "low", "high"):
            table[f"{side}_{column}"] = both[f"{column}_of_{side}"].to_numpy("float64")
        table[f"{side}_verdict"] = both[f"verdict_of_{side}"].fillna("none").to_numpy()
    table["what"] = [_what(row) for row in rows(table)]
    return table.loc[table["what"] != "", list(COLUMNS)].reset_index(drop=True)


def _years_of_both(old: Atlas, new: Atlas, measure_id: str, source: str) -> tuple[int, int]:
    firsts, lasts = zip(*(a.years_of(measure_id, source) for a in (old, new)), strict=True)
    return max(firsts), min(lasts)


def _told(atlas: Atlas, measure_id: str, source: str, year: int, window: int) -> pd.DataFrame:
    """Value, interval and verdict of each place in the window that ends with a year."""
    windows = every_window_of(atlas, measure_id, source, window)
    own = windows.data[windows.data["year_to"] == year].set_index("jurisdiction_id")
    told = own[["value", "low", "high"]].astype("float64").assign(verdict="none")
    if has_gap(windows.measure) and len(own):
        gaps = find_gaps(atlas, measure_id, year=year, window=window, source=source).table
        verdicts = {row.jurisdiction_id: verdict(row) for row in rows(gaps)}
        told["verdict"] = told.index.map(verdicts).fillna("none")
    return told


def _what(row: Any) -> str:
    known = [pd.notna(row.old_low), pd.notna(row.new_low)]
    if known == [True, False]:
        return NO_LONGER
    if known == [False, True]:
        return NOW
    if row.old_verdict != row.new_verdict:
        return VERDICT
    if known == [True, True] and (row.old_low > row.new_high or row.new_low > row.old_high):
        return APART
    return ""
