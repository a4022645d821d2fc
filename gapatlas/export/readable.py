"""Figures as tables for readers: words for headings and for what is missing, and header lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from gapatlas.charts import heading
from gapatlas.charts.words import count_text, counted_only, interval_text, value_text, years_text
from gapatlas.config import Measure
from gapatlas.export.cells import NOTHING_TO_DIVIDE_BY, STATUS_WORDS, missing_code
from gapatlas.measures import MeasureFrame, Source
from gapatlas.tables import rows


def source_header(title: str, source: Source, snapshot_id: str) -> list[str]:
    """Lines that stand above figures of one source: title, citation, edition, terms."""
    return [
        title,
        f"Source: {source.citation} Edition: {source.edition}. Terms: {source.licence}",
        *(f"Note: {caveat}" for caveat in source.caveats),
        f"Gap Atlas snapshot {snapshot_id}",
    ]


def readable_reporting(cells: pd.DataFrame) -> pd.DataFrame:
    """What `Atlas.reporting` tells, with words for column names."""
    words = {
        "jurisdiction_id": "Place code",
        "name": "Place",
        "year": "Year",
        "stages_reported": "Stages reported",
        "stages": "Stages asked",
        "which": "Which",
        "population": "People",
        "status": "Status",
        "reporter": "Who reports",
        "reporters": "How many",
        "figures": "Figures",
    }
    kept = [column for column in words if column in cells]
    table = cells[kept].rename(columns=words)
    if "Status" in table:
        table["Status"] = table["Status"].map(STATUS_WORDS)
    return table


def readable_table(
    data: pd.DataFrame, measure: Measure, sources: Iterable[Source] = ()
) -> pd.DataFrame:
    """The table twin of a chart: the same figures with words for headings and for gaps.

    Returns:
        One row per figure. `Value` stays a number, so that it sorts.
    """
    counts = {
        _count_name(measure, above=True): ("numerator_low", "numerator_high"),
        _count_name(measure, above=False): ("denominator_low", "denominator_high"),
    }
    table = pd.DataFrame(
        {
            "Place": data["name"],
            "Years": [
                years_text(a, b) for a, b in zip(data["year_from"], data["year_to"], strict=True)
            ],
            "Value": data["value"],
            "Value or range": [value_text(row, measure.decimals) for row in rows(data)],
            "95% interval": [interval_text(row, measure.decimals) for row in rows(data)],
        }
    )
    for name, (low, high) in counts.items():
        table[name] = [
            count_text(a, b) or missing_code(status)
            for a, b, status in zip(data[low], data[high], data["status"], strict=True)
        ]
    table["Years used"] = data["years_used"]
    table["Status"] = [
        NOTHING_TO_DIVIDE_BY if counted_only(row) else STATUS_WORDS[row.status]
        for row in rows(data)
    ]
    names = {source.source_id: source.short for source in sources}
    table["Divided by"] = [_named(listed, names) for listed in data["denominator_sources"]]
    table["Unit"] = data["unit"]
    table["Source"] = [_named(listed, names) for listed in data["source_id"]]
    return table.reset_index(drop=True)


def _named(listed: Any, names: Mapping[str, str]) -> str:
    """Source ids, separated by spaces, as the names that charts print; empty where none."""
    return "" if pd.isna(listed) else "; ".join(names.get(id_, id_) for id_ in listed.split())


def _count_name(measure: Measure, *, above: bool) -> str:
    side = measure.numerator if above else measure.below
    if side is None:
        return f"{measure.exposure[:1].upper()}{measure.exposure[1:]} x years"
    return side.label


def header_lines(frame: MeasureFrame) -> Iterable[str]:
    """Lines that stand above the figures of a frame: what they are, sources, caveats."""
    yield heading(frame, frame.data)
    yield f"Unit: {frame.unit}"
    yield f"Definition: {frame.measure.definition}"
    yield f"Window: {frame.window} year(s); counts are pooled, 95% intervals"
    for source in frame.sources:
        yield f"Source: {source.citation} Edition: {source.edition}. Terms: {source.licence}"
    for caveat in frame.caveats:
        yield f"Note: {caveat}"
    yield f"Gap Atlas snapshot {frame.snapshot_id}"
