"""US State Department, Trafficking in Persons Report: totals of the world and of its regions.

Three layouts: the world 2003-2015 as printed, the world from 2017 on and the six regions of
2016, the last two transcribed second-hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pandas as pd

from gapatlas.importers.base import (
    OBSERVATION_DEFINITIONS,
    Edition,
    Figure,
    Import,
    Importer,
    column_block,
    counted,
    sha256_of,
)
from gapatlas.importers.tables import (
    Findings,
    mapped_labels,
    read_csv_cells,
    refuse_repeated,
    table_under_header,
    whole_counts,
    years,
)

WORLD = "X-WORLD"
REGIONS = {
    "Global": WORLD,
    "Africa": "X-TIP-AF",
    "East Asia & Pacific": "X-TIP-EAP",
    "Europe": "X-TIP-EUR",
    "Near East": "X-TIP-NEA",
    "South & Central Asia": "X-TIP-SCA",
    "Western Hemisphere": "X-TIP-WHA",
}
"""Regions as the report prints them -> own codes."""


@dataclass(frozen=True)
class _Layout:
    dataset_id: str
    year: str
    counts: Mapping[str, tuple[str, str]]
    region: str | None
    second_hand: bool


_TRANSCRIBED = {
    "prosecutions": ("prosecuted", "cases"),
    "convictions": ("convicted", "cases"),
    "victims_identified": ("detected", "victims"),
}
_LAYOUTS = (
    _Layout(
        "tip_report_2015",
        "Year",
        {
            "Prosecutions": ("prosecuted", "cases"),
            "Convictions": ("convicted", "cases"),
            "Victims identified": ("detected", "victims"),
        },
        None,
        second_hand=False,
    ),
    _Layout(
        "tip_report_regions_2016",
        "year",
        _TRANSCRIBED,
        "region",
        second_hand=True,
    ),
    _Layout(
        "tip_report_2023",
        "year",
        _TRANSCRIBED,
        None,
        second_hand=True,
    ),
)


class TipReport(Importer):
    """Reads one of the three tables; which one is told by its header."""

    id = "tip_report"
    title = "Trafficking in Persons Report, law enforcement totals (csv)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "9e9c69a0d595cdb4482705f559f0fd03e1f4c5f3a723cde9b39959b43afae985": Edition(
            name="world 2003-2015",
            dataset_id="tip_report_2015",
            facts={
                "published rows": 13,
                "places": 1,
                "first year": 2003,
                "last year": 2015,
                "prosecutions": 103_873,
                "convictions": 53_504,
                "victims": 291_260,
                "not reported": 6,
            },
        ),
        "010ad391b807f2e607e603b8f582586a770c338714a74e2157436bbb878e599a": Edition(
            name="six regions 2016",
            dataset_id="tip_report_regions_2016",
            facts={
                "published rows": 7,
                "places": 7,
                "first year": 2016,
                "last year": 2016,
                "prosecutions": 29_791,
                "convictions": 18_142,
                "victims": 66_520,
                "not reported": 1,
            },
            caveats=("The regions add up to 3 prosecutions more than the world total.",),
        ),
        "635f1dda55b684296bedfafa27b3ccf39591192738726c46cf843354dd917a7a": Edition(
            name="world 2017-2023",
            dataset_id="tip_report_2023",
            facts={
                "published rows": 7,
                "places": 1,
                "first year": 2017,
                "last year": 2023,
                "prosecutions": 94_789,
                "convictions": 47_127,
                "victims": 750_342,
                "not reported": 0,
            },
            figures=(
                Figure(
                    "observations",
                    {"year": 2023, "stage": "convicted"},
                    "count_low",
                    7_115,
                ),
                Figure("observations", {"year": 2023, "stage": "detected"}, "count_low", 133_943),
            ),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        sha = sha256_of(path)
        cells = read_csv_cells(path)
        layout = _layout_of(cells)
        columns = (layout.year, *layout.counts, *((layout.region,) if layout.region else ()))
        frame = table_under_header(cells, path, columns).frame
        findings = Findings(path.name)
        rows = _read_rows(frame, layout, findings)
        findings.raise_errors()
        observations = counted(rows)
        total = observations.groupby("stage")["count_low"].sum()
        facts = {
            "published rows": len(frame),
            "places": observations["jurisdiction_id"].nunique(),
            "first year": int(observations["year"].min()),
            "last year": int(observations["year"].max()),
            "prosecutions": int(total["prosecuted"]),
            "convictions": int(total["convicted"]),
            "victims": int(total["detected"]),
            "not reported": int((observations["status"] == "not_reported").sum()),
        }
        return Import(
            self.id,
            layout.dataset_id,
            {"observations": observations},
            facts,
            tuple(findings.notices),
            _descriptor(path, sha, facts, layout, self.editions.get(sha)),
        )


def _layout_of(cells: Mapping[int, list[str]]) -> _Layout:
    """The layout whose header the first row is; the last one where none fits, whose missing
    columns the reading then names."""
    header = {cell.strip() for cell in next(iter(cells.values()), [])}
    for layout in _LAYOUTS:
        wanted = {layout.year, *layout.counts} | ({layout.region} if layout.region else set())
        if wanted <= header:
            return layout
    return _LAYOUTS[-1]


def _read_rows(frame: pd.DataFrame, layout: _Layout, findings: Findings) -> pd.DataFrame:
    year = years(frame[layout.year], findings, layout.year)
    place = (
        mapped_labels(frame[layout.region], REGIONS, findings, layout.region)
        if layout.region
        else pd.Series(WORLD, index=frame.index)
    )
    parts = []
    for column, (stage, unit) in layout.counts.items():
        count = whole_counts(frame[column], findings, column)
        parts.append(
            pd.DataFrame(
                {
                    "jurisdiction_id": place,
                    "year": year,
                    "stage": stage,
                    "unit": unit,
                    "count": count,
                }
            )
        )
    keys = pd.DataFrame({"place": place, "year": year})
    refuse_repeated(keys, findings, layout.year, "place and year")
    return pd.concat(parts, ignore_index=True)


def _descriptor(
    path: Path, sha: str, facts: dict[str, int], layout: _Layout, edition: Edition | None
) -> dict[str, object]:
    first, last = facts["first year"], facts["last year"]
    span = str(first) if first == last else f"{first}-{last}"
    where = "six regions" if layout.region else "world"
    caveats = [
        "The report does not say whether it counts persons or cases. The figures are stored as "
        "cases and never set against counts of persons.",
        "Years are those of the report's own table; it counts what governments told it, and which "
        "governments do so changes from year to year.",
        "A count that is not printed is not reported; it is not a zero.",
    ]
    if layout.second_hand:
        caveats.append("Transcribed second-hand from a page that quotes the report.")
    caveats += edition.caveats if edition else ()
    return {
        "title": f"Trafficking in Persons Report: law enforcement, {where}, {span}",
        "publisher": "US Department of State, Office to Monitor and Combat Trafficking in Persons",
        "edition": f"{where} {span}" + (", transcribed second-hand" if layout.second_hand else ""),
        "published": None,
        "licence": "public domain (work of the US Government)",
        "terms_url": None,
        "citation": f"US Department of State, Trafficking in Persons Report, {where}, {span}.",
        "retrieved": "file supplied to the project",
        "source_file": path.name,
        "sha256": sha,
        "importer": TipReport.id,
        "method": "none; totals are printed as governments reported them",
        "caveats": caveats,
        "columns": column_block(OBSERVATION_DEFINITIONS),
        "notes": {},
    }
