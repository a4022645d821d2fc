"""Room `export`: files made from the same frame that a page shows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from gapatlas.charts import heading
from gapatlas.charts.words import count_text, counted_only, interval_text, value_text, years_text
from gapatlas.config import Measure
from gapatlas.config.vocabulary import stage_label
from gapatlas.measures import MeasureFrame, Source
from gapatlas.tables import rows

NOTHING_TO_DIVIDE_BY = "Counted, but nothing to divide by"
STATUS_WORDS = {
    "exact": "Exact counts",
    "censored": "At least one count is given as a range",
    "not_reported": "Not reported",
    "suppressed": "Withheld to protect persons",
}


def csv_text(frame: MeasureFrame) -> str:
    """A frame as CSV: a block of `#` lines with title, unit, sources and caveats, then the rows.

    Read it back with `pandas.read_csv(..., comment="#")`. Absent values are empty cells; their
    reason stands in `status`. Cells that a spreadsheet would run as a formula are quoted.
    """
    return table_csv(frame.data, header_lines(frame))


def table_csv(table: pd.DataFrame, header: Iterable[str]) -> str:
    """Any table as CSV under `#` lines, with the same rules as `csv_text`."""
    buffer = io.StringIO()
    for line in header:
        buffer.write(f"# {' '.join(line.split())}\n")
    for row in [tuple(table.columns), *table.itertuples(index=False)]:
        buffer.write(",".join(_cell(value) for value in row) + "\n")
    return buffer.getvalue()


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
        table[name] = [count_text(a, b) for a, b in zip(data[low], data[high], strict=True)]
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


def _status_words(row: Any) -> str:
    return NOTHING_TO_DIVIDE_BY if counted_only(row) else STATUS_WORDS[row.status]


def _count_name(measure: Measure, *, above: bool) -> str:
    side = measure.numerator if above else measure.below
    if side is None:
        return f"{measure.exposure[:1].upper()}{measure.exposure[1:]} x years"
    return stage_label(side.stage, side.unit)


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


def _cell(value: object) -> str:
    """A cell of a CSV file; quotes also keep a `#` inside from starting a comment."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    text = str(value)
    if isinstance(value, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        text = f"'{text}"
    if any(sign in text for sign in ',"#\n\r') or text != text.strip():
        text = '"' + text.replace('"', '""') + '"'
    return text
