"""Human Trafficking Indicators: persons prosecuted by country and year, coded from reports."""

from __future__ import annotations

from collections.abc import Mapping
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
from gapatlas.importers.countries import countries_of_names
from gapatlas.importers.tables import (
    Findings,
    read_csv_cells,
    refuse_repeated,
    table_under_header,
    whole_counts,
    years,
)

COLUMNS = ("country", "year", "prosnum")
NOT_A_PLACE = {"Serbia and Montenegro": "a state until 2006, without a code today"}


class Hti(Importer):
    """Reads `prosnum`, the number prosecuted; the other columns are grades, not counts."""

    id = "hti"
    title = "Human Trafficking Indicators (csv)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "fcb4dd587536d00c0152fe684fe937cacd9d327b7f688761a290ee8341e4c33b": Edition(
            name="Human Trafficking Indicators 2001-2011",
            dataset_id="hti",
            facts={
                "published rows": 1_587,
                "rows without a place": 6,
                "places": 179,
                "first year": 2001,
                "last year": 2011,
                "not reported": 439,
                "zeros": 308,
                "persons prosecuted": 55_838,
            },
            figures=(
                Figure("observations", {"jurisdiction_id": "ROU", "year": 2011}, "count_low", 407),
                Figure("observations", {"jurisdiction_id": "NLD", "year": 2003}, "count_low", 217),
            ),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        sha = sha256_of(path)
        cells = read_csv_cells(path, encoding="latin-1")
        frame = table_under_header(cells, path, COLUMNS).frame
        findings = Findings(path.name)
        rows = _read_rows(frame, findings)
        findings.raise_errors()
        observations = counted(rows)
        prosecuted = observations["count_low"]
        facts = {
            "published rows": len(frame),
            "rows without a place": len(frame) - len(observations),
            "places": observations["jurisdiction_id"].nunique(),
            "first year": int(observations["year"].min()),
            "last year": int(observations["year"].max()),
            "not reported": int(prosecuted.isna().sum()),
            "zeros": int((prosecuted == 0).sum()),
            "persons prosecuted": int(prosecuted.sum()),
        }
        return Import(
            self.id,
            "hti",
            {"observations": observations},
            facts,
            tuple(findings.notices),
            _descriptor(path, sha, facts),
        )


def _read_rows(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    printed = frame["country"].str.strip()
    count = whole_counts(frame["prosnum"], findings, "prosnum")
    rows = pd.DataFrame(
        {
            "jurisdiction_id": countries_of_names(printed, findings, "country", NOT_A_PLACE),
            "year": years(frame["year"], findings, "year"),
            "stage": "prosecuted",
            "unit": "persons",
            "count": count,
        }
    )
    placed = rows[rows["jurisdiction_id"].notna()]
    refuse_repeated(placed[["jurisdiction_id", "year"]], findings, "country", "country and year")
    return placed


def _descriptor(path: Path, sha: str, facts: dict[str, int]) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return {
        "title": f"Human Trafficking Indicators: persons prosecuted, {span}",
        "publisher": "Richard W. Frank",
        "edition": f"Human Trafficking Indicators {span}",
        "published": None,
        "licence": "terms not verified",
        "terms_url": None,
        "citation": f"Frank, R. W., Human Trafficking Indicators {span}.",
        "retrieved": "file supplied to the project; layout of the publisher's download",
        "source_file": path.name,
        "sha256": sha,
        "importer": Hti.id,
        "method": "none; numbers were read from the texts of the US State Department's reports",
        "caveats": [
            "The number of persons prosecuted was coded by hand from the texts of the Trafficking "
            "in Persons Reports, whose year runs from April to March.",
            f"{facts['zeros']} of the counts are zero. A coder may have written zero where a text "
            "mentions no prosecution, so a zero here is weaker than an official one.",
            "Convictions, laws and enforcement are graded in words, not counted; they are not "
            "part of this table.",
            "Serbia and Montenegro, one state until 2006, is left out "
            f"({facts['rows without a place']} rows).",
        ],
        "columns": column_block(OBSERVATION_DEFINITIONS),
        "notes": {},
    }
