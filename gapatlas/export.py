"""Room `export`: files made from the same frame that a page shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pandas as pd

from gapatlas.charts import heading
from gapatlas.charts.words import count_text, interval_text, value_text, years_text
from gapatlas.config import Measure
from gapatlas.config.vocabulary import stage_label
from gapatlas.measures import MeasureFrame
from gapatlas.tables import rows

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
    buffer = io.StringIO()
    for line in _header_lines(frame):
        buffer.write(f"# {line}\n")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(frame.data.columns)
    for row in frame.data.itertuples(index=False):
        writer.writerow([_cell(value) for value in row])
    return buffer.getvalue()


def readable_table(data: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The table twin of a chart: the same figures with words for headings and for gaps.

    Returns:
        One row per figure. `Value`, `Low` and `High` stay numbers, so that they sort.
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
            "In words": [value_text(row, measure.decimals) for row in rows(data)],
            "95% interval": [interval_text(row, measure.decimals) for row in rows(data)],
        }
    )
    for name, (low, high) in counts.items():
        table[name] = [count_text(a, b) for a, b in zip(data[low], data[high], strict=True)]
    table["Years used"] = data["years_used"]
    table["Status"] = data["status"].map(STATUS_WORDS)
    table["Source"] = data["source_id"]
    return table.reset_index(drop=True)


def _count_name(measure: Measure, *, above: bool) -> str:
    side = measure.numerator if above else measure.denominator
    if isinstance(side, str):
        return "People x years"
    return stage_label(side.stage, side.unit)


def _header_lines(frame: MeasureFrame) -> Iterable[str]:
    yield heading(frame, frame.data)
    yield f"Unit: {frame.unit}"
    yield f"Definition: {frame.measure.definition}"
    yield f"Window: {frame.window} year(s); counts are pooled, 95% intervals"
    for source in frame.sources:
        yield f"Source: {source.citation} Edition: {source.edition}. Terms: {source.licence}"
    for caveat in frame.caveats:
        yield f"Note: {caveat}"
    yield f"Gap Atlas snapshot {frame.snapshot_id}"


def _cell(value: object) -> object:
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
