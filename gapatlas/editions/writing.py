"""A comparison of two editions as a page that opens anywhere, and as csv."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

import pandas as pd

from gapatlas.charts.words import significant
from gapatlas.editions.comparing import EditionDiff
from gapatlas.editions.conclusions import VERDICTS
from gapatlas.export import table_csv
from gapatlas.files import write_atomically
from gapatlas.tables import rows

PAGE, FIGURES, CONCLUSIONS = "changes.html", "changed_figures.csv", "changed_conclusions.csv"
MOST_ROWS: Final = 2000
"""Figures that the page lists; the csv has all."""
STYLE: Final = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8886; }
div { overflow-x: auto; }
"""


def write_diff(diff: EditionDiff, folder: str | Path) -> list[Path]:
    """Write the page and both tables.

    Args:
        diff: the comparison.
        folder: is made where it is missing; files of the same names are replaced.

    Returns:
        The files.
    """
    into = Path(folder)
    into.mkdir(parents=True, exist_ok=True)
    header = [diff.title, f"{diff.old} compared with {diff.new}", *diff.sentences()]
    texts = {
        PAGE: page(diff),
        FIGURES: table_csv(diff.figures, header),
        CONCLUSIONS: table_csv(diff.conclusions, header),
    }
    for name, text in texts.items():
        write_atomically(into / name, text)
    return [into / name for name in texts]


def page(diff: EditionDiff) -> str:
    """The comparison as one HTML page without scripts."""
    title = f"{diff.old} and {diff.new}: what changed"
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in diff.sentences())
    parts = [
        f"<h1>{escape(title)}</h1><p>{escape(diff.title)}</p>{said}",
        "<h2>Conclusions that change</h2>",
        _table(_conclusion_rows(diff.conclusions)) or "<p>None.</p>",
        "<h2>Figures that changed</h2>",
        _cut(diff),
        _table(_figure_rows(diff.figures)) or "<p>None.</p>",
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>"
    )


def _cut(diff: EditionDiff) -> str:
    if len(diff.figures) <= MOST_ROWS:
        return ""
    return (
        f"<p>The first {MOST_ROWS:,} of {len(diff.figures):,}; {FIGURES} beside this page has all."
        "</p>"
    )


def _conclusion_rows(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row in rows(table):
        yield {
            "Place": row.name,
            "Measure": row.title,
            "Years": row.years,
            "Before (95% interval)": _interval(row.old_value, row.old_low, row.old_high),
            "After (95% interval)": _interval(row.new_value, row.new_low, row.new_high),
            "What changed": row.what,
            "Said before": VERDICTS[row.old_verdict],
            "Said after": VERDICTS[row.new_verdict],
        }


def _figure_rows(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    sides = {side: [n for n in table.columns if n.startswith(side)] for side in ("old_", "new_")}
    keys = [n for n in table.columns if n != "change" and not n.startswith(tuple(sides))]
    for row in table.head(MOST_ROWS).to_dict("records"):
        named = {key.replace("_", " ").capitalize(): row[key] for key in keys}
        before, after = (_said(row[name] for name in side) for side in sides.values())
        yield {"Change": row["change"], **named, "Before": before, "After": after}


def _said(values: Iterable[Any]) -> str:
    told = [value for value in values if pd.notna(value)]
    return ", ".join(str(value) for value in dict.fromkeys(told))


def _interval(value: Any, low: Any, high: Any) -> str:
    if pd.isna(low) or pd.isna(high):
        return "no figure"
    ends = f"{significant(float(low))} to {significant(float(high))}"
    return ends if pd.isna(value) else f"{significant(float(value))} ({ends})"


def _table(lines: Iterable[dict[str, Any]]) -> str:
    listed = list(lines)
    if not listed:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in listed[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row.values()) + "</tr>"
        for row in listed
    )
    return f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
