"""What each source says of one place: the same years side by side, never spliced."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gapatlas.atlas import Atlas, AtlasFrame
from gapatlas.comparison.pooling import combined, combined_by_place, middle
from gapatlas.config import Measure
from gapatlas.config.vocabulary import stage_label
from gapatlas.tables import rows

SAME_WITHIN = 0.1
"""Counts of two sources that differ by no more than this share are said to agree."""


@dataclass(frozen=True)
class SourceConflict:
    """What the sources say of one place.

    Attributes:
        rates: two rows for each other source that can tell the rate: the source in use and the
            other, over the years in which both tell it. Columns of a `MeasureFrame`, with short,
            pair (the other source's id), role (`chosen` or `other`), years (in words) and
            standing (`below`, `above` or `not clear` against the middle of the peers in the same
            years, as the source in use has them; empty where that cannot be told).
        counts: every count of the measure's stages: source_id, short, stage, unit, stage_label,
            year, count_low, count_high, status.
        totals: for each other source and stage, what both count over the years in which both
            count it: source_id, short, stage_label, years (in words), own_low, own_high,
            other_low, other_high, agrees (within 10%).
        middle: what `standing` is measured against, in the measure's unit.
    """

    rates: pd.DataFrame
    counts: pd.DataFrame
    totals: pd.DataFrame

    @property
    def rates_apart(self) -> list[str]:
        """Names of sources whose interval shares no value with that of the source in use."""
        apart = []
        for _, pair in self.rates.groupby("pair", sort=False):
            own, other = rows(pair)
            if own.high < other.low or other.high < own.low:
                apart.append(str(other.short))
        return apart

    @property
    def conclusion_changes(self) -> list[str]:
        """Names of sources that place it elsewhere against the middle than the one in use."""
        changed = []
        for _, pair in self.rates.groupby("pair", sort=False):
            own, other = (str(word) for word in pair["standing"])
            if own and other and own != other:
                changed.append(str(pair["short"].iloc[1]))
        return changed


def source_conflict(
    atlas: Atlas,
    frame: AtlasFrame,
    place: str,
    peers: Sequence[str],
    frames: Callable[[str, str, int], AtlasFrame],
) -> SourceConflict:
    """Lay the sources of a place side by side.

    Args:
        atlas: the atlas.
        frame: single years (window 1) of the measure from the source in use.
        place: place id.
        peers: ids of the places whose middle the conclusion is drawn against.
        frames: gives the figures of a measure from another source, by length of windows.
    """
    counts = stage_counts(atlas, frame.measure, place)
    return SourceConflict(
        rates=_rates(atlas, frame, place, peers, frames),
        counts=counts,
        totals=totals_against(counts, frame.source_id),
    )


def stage_counts(atlas: Atlas, measure: Measure, place: str) -> pd.DataFrame:
    """Every count of a measure's stages for a place, source by source, year by year; without
    sources that hold one whole period, whose figures are of no single year."""
    stages = yearly_counts(atlas, place)
    wanted = [measure.numerator]
    if measure.below is not None:
        wanted.append(measure.below)
    kept = [
        stages[(stages["stage"] == count.stage) & (stages["unit"] == count.unit)]
        for count in wanted
    ]
    return pd.concat(kept, ignore_index=True)


def yearly_counts(atlas: Atlas, place: str) -> pd.DataFrame:
    """Every count of a place that belongs to a single year: columns of `Atlas.stages` with short
    (name of the source) and stage_label."""
    stages = atlas.stages(place)
    counts = stages[~stages["source_id"].isin(set(atlas.config.periods()))]
    return counts.assign(
        short=[atlas.source(id_).short for id_ in counts["source_id"]],
        stage_label=[
            stage_label(stage, unit)
            for stage, unit in zip(counts["stage"], counts["unit"], strict=True)
        ],
    )


def _rates(
    atlas: Atlas,
    frame: AtlasFrame,
    place: str,
    peers: Sequence[str],
    frames: Callable[[str, str, int], AtlasFrame],
) -> pd.DataFrame:
    own = _with_figures(frame, place)
    told = []
    for source_id in atlas.sources_of(frame.measure_id):
        if source_id == frame.source_id:
            continue
        other = _with_figures(frames(frame.measure_id, source_id, 1), place)
        shared = sorted(set(own["year_to"]) & set(other["year_to"]))
        if not shared:
            continue
        among = middle_of(frame, peers, shared)
        for role, source, figures in (
            ("chosen", frame.source_id, own),
            ("other", source_id, other),
        ):
            row = combined(
                figures[figures["year_to"].isin(shared)],
                frame.measure,
                jurisdiction_id=place,
                name=figures["name"].iloc[0],
                year_from=shared[0],
                year_to=shared[-1],
                years_used=len(shared),
                source_id=source,
                short=atlas.source(source).short,
                pair=source_id,
                role=role,
                years=listed_years(shared),
            )
            told.append(row.assign(standing=_standing(row, among)))
    return pd.concat(told, ignore_index=True) if told else _no_rates()


def middle_of(
    frame: AtlasFrame, places: Sequence[str], years: Sequence[int]
) -> tuple[float, float]:
    """The middle of some places over some years, lowest and highest, in the measure's unit."""
    data = frame.data
    chosen = data["jurisdiction_id"].isin(places) & data["year_to"].isin(years)
    return middle(combined_by_place(data[chosen], frame.measure))


def _with_figures(frame: AtlasFrame, place: str) -> pd.DataFrame:
    data = frame.data
    return data[(data["jurisdiction_id"] == place) & (data["years_used"] > 0)]


def _no_rates() -> pd.DataFrame:
    return pd.DataFrame({"pair": [], "short": [], "standing": [], "role": [], "years": []})


def _standing(row: pd.DataFrame, middle: tuple[float, float]) -> str:
    return standing(float(row["low"].iloc[0]), float(row["high"].iloc[0]), middle)


def standing(low: float, high: float, middle: tuple[float, float]) -> str:
    """Where an interval lies against a middle that is itself a range."""
    if math.isnan(low) or math.isnan(middle[0]):
        return ""
    if high < middle[0]:
        return "below"
    if low > middle[1]:
        return "above"
    return "not clear"  # not said


def totals_against(counts: pd.DataFrame, own_source: str) -> pd.DataFrame:
    """What each other source and the one in use count over the years in which both do.

    Args:
        counts: rows of `SourceConflict.counts`.
        own_source: id of the source in use.

    Returns:
        Rows of `SourceConflict.totals`.
    """
    told = counts[counts["count_low"].notna()]
    found: list[dict[str, Any]] = []
    for (label, source_id), other in told.groupby(["stage_label", "source_id"], sort=False):
        if source_id == own_source:
            continue
        own = told[(told["source_id"] == own_source) & (told["stage_label"] == label)]
        shared = sorted(set(own["year"]) & set(other["year"]))
        if shared:
            found.append(_total(label, own, other, shared))
    columns = ["source_id", "short", "stage_label", "years", "own_low", "own_high"]
    return pd.DataFrame(found, columns=[*columns, "other_low", "other_high", "agrees"])


def _total(
    label: object, own: pd.DataFrame, other: pd.DataFrame, shared: list[int]
) -> dict[str, Any]:
    own, other = own[own["year"].isin(shared)], other[other["year"].isin(shared)]
    bounds = {
        "own_low": int(own["count_low"].sum()),
        "own_high": int(own["count_high"].sum()),
        "other_low": int(other["count_low"].sum()),
        "other_high": int(other["count_high"].sum()),
    }
    near = bounds["other_low"] <= bounds["own_high"] * (1 + SAME_WITHIN) and bounds[
        "other_high"
    ] >= bounds["own_low"] * (1 - SAME_WITHIN)
    return {
        "source_id": other["source_id"].iloc[0],
        "short": other["short"].iloc[0],
        "stage_label": label,
        "years": listed_years(shared),
        **bounds,
        "agrees": near,
    }


def listed_years(years: Iterable[int]) -> str:
    """Years in words, runs drawn together: 2011, 2012, 2019-2022."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(int(year))
        else:
            runs.append([int(year)])
    parts = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(parts)
