"""Figures as tables for readers: words for headings and for what is missing, and header lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from gapatlas.charts import heading
from gapatlas.charts.words import count_text, counted_only, interval_text, value_text, years_text
from gapatlas.config import Measure
from gapatlas.config.vocabulary import stage_label
from gapatlas.export.cells import NOTHING_TO_DIVIDE_BY, STATUS_WORDS, missing_code
from gapatlas.languages import mark, say
from gapatlas.measures import MeasureFrame, Source
from gapatlas.tables import rows

REPORTING: Final = {
    "jurisdiction_id": mark("Place code"),
    "name": mark("Place"),
    "year": mark("Year"),
    "stages_reported": mark("Stages reported"),
    "stages": mark("Stages asked"),
    "which": mark("Which"),
    "population": mark("People"),
    "status": mark("Status"),
    "reporter": mark("Who reports"),
    "reporters": mark("How many"),
    "figures": mark("Figures"),
}
"""Columns of what `Atlas.reporting` tells -> their headings."""


def source_header(title: str, source: Source, snapshot_id: str) -> list[str]:
    """Lines that stand above figures of one source: title, citation, edition, terms."""
    return [
        title,
        _source_line(source),
        *(_note(caveat) for caveat in source.caveats),
        _snapshot_line(snapshot_id),
    ]


def _source_line(source: Source) -> str:
    return say(
        "Source: {citation} Edition: {edition}. Terms: {terms}",
        citation=source.citation,
        edition=source.edition,
        terms=source.licence,
    )


def _note(caveat: str) -> str:
    return say("Note: {note}", note=caveat)


def _snapshot_line(snapshot_id: str) -> str:
    return say("Gap Atlas snapshot {id}", id=snapshot_id)


def readable_reporting(cells: pd.DataFrame) -> pd.DataFrame:
    """What `Atlas.reporting` tells, with words for column names."""
    kept = [column for column in REPORTING if column in cells]
    table = cells[kept].rename(columns=REPORTING)
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
            mark("Place"): data["name"],
            mark("Years"): [
                years_text(a, b) for a, b in zip(data["year_from"], data["year_to"], strict=True)
            ],
            mark("Value"): data["value"],
            mark("Value or range"): [value_text(row, measure.decimals) for row in rows(data)],
            mark("95% interval"): [interval_text(row, measure.decimals) for row in rows(data)],
        }
    )
    for name, (low, high) in counts.items():
        table[name] = [
            count_text(a, b) or missing_code(status)
            for a, b, status in zip(data[low], data[high], data["status"], strict=True)
        ]
    table[mark("Years used")] = data["years_used"]
    table[mark("Status")] = [
        NOTHING_TO_DIVIDE_BY if counted_only(row) else STATUS_WORDS[row.status]
        for row in rows(data)
    ]
    names = {source.source_id: source.short for source in sources}
    table[mark("Divided by")] = [_named(listed, names) for listed in data["denominator_sources"]]
    table[mark("Unit")] = data["unit"]
    table[mark("Source")] = [_named(listed, names) for listed in data["source_id"]]
    return table.reset_index(drop=True)


def _named(listed: Any, names: Mapping[str, str]) -> str:
    """Source ids, separated by spaces, as the names that charts print; empty where none."""
    return "" if pd.isna(listed) else "; ".join(names.get(id_, id_) for id_ in listed.split())


def _count_name(measure: Measure, *, above: bool) -> str:
    side = measure.numerator if above else measure.below
    if side is None:
        amount = f"{measure.exposure[:1].upper()}{measure.exposure[1:]}"
        return say("{people} x years", people=amount)
    return stage_label(side.stage, side.unit)


def header_lines(frame: MeasureFrame) -> Iterable[str]:
    """Lines that stand above the figures of a frame: what they are, sources, caveats."""
    yield heading(frame, frame.data)
    yield say("Unit: {unit}", unit=frame.unit)
    yield say("Definition: {definition}", definition=frame.measure.definition)
    yield say(
        "Window: {window} year(s); counts are pooled, 95% intervals", window=str(frame.window)
    )
    yield from map(_source_line, frame.sources)
    yield from map(_note, frame.caveats)
    yield _snapshot_line(frame.snapshot_id)
