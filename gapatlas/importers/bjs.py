"""US Bureau of Justice Statistics: federal human trafficking, one row per fiscal year."""

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
from gapatlas.importers.tables import (
    Findings,
    read_csv_cells,
    refuse_repeated,
    table_under_header,
    whole_counts,
    years,
)

STAGES = {
    "suspects_referred_to_us_attorneys": "suspected",
    "persons_prosecuted": "prosecuted",
    "persons_convicted": "convicted",
}
COLUMNS = ("fiscal_year", *STAGES)


class Bjs(Importer):
    """Reads a transcription of the figures that BJS publishes each year."""

    id = "bjs"
    title = "BJS Human Trafficking Data Collection Activities (csv, transcribed)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "edbbcb3be3e5059bbc41c769c26c00b41254159397ee4766f7a9f724c3e4079a": Edition(
            name="fiscal years 2011, 2012 and 2019-2022",
            dataset_id="bjs",
            facts={
                "published rows": 6,
                "first year": 2011,
                "last year": 2022,
                "persons prosecuted": 6_205,
                "persons convicted": 3_655,
                "not reported": 3,
            },
            figures=(
                Figure(
                    "observations",
                    {"jurisdiction_id": "USA", "year": 2022, "stage": "convicted"},
                    "count_low",
                    1_118,
                ),
            ),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        sha = sha256_of(path)
        frame = table_under_header(read_csv_cells(path), path, COLUMNS).frame
        findings = Findings(path.name)
        year = years(frame["fiscal_year"], findings, "fiscal_year")
        counts = {
            stage: whole_counts(frame[column], findings, column) for column, stage in STAGES.items()
        }
        refuse_repeated(year.to_frame(), findings, "fiscal_year", "year")
        findings.raise_errors()
        parts = [
            pd.DataFrame(
                {
                    "jurisdiction_id": "USA",
                    "year": year,
                    "stage": stage,
                    "unit": "persons",
                    "count": numbers,
                }
            )
            for stage, numbers in counts.items()
        ]
        observations = counted(pd.concat(parts, ignore_index=True))
        facts = {
            "published rows": len(frame),
            "first year": int(year.min()),
            "last year": int(year.max()),
            "persons prosecuted": int(counts["prosecuted"].sum()),
            "persons convicted": int(counts["convicted"].sum()),
            "not reported": int((observations["status"] == "not_reported").sum()),
        }
        return Import(
            self.id,
            "bjs",
            {"observations": observations},
            facts,
            tuple(findings.notices),
            _descriptor(path, sha, facts),
        )


def _descriptor(path: Path, sha: str, facts: dict[str, int]) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return {
        "title": f"Federal human trafficking suspects, prosecutions and convictions, {span}",
        "publisher": "US Bureau of Justice Statistics (BJS)",
        "edition": f"fiscal years {span}, some missing, transcribed from abstracts of the reports",
        "published": "2022 to 2024",
        "licence": "public domain (work of the US Government)",
        "terms_url": None,
        "citation": f"BJS, Human Trafficking Data Collection Activities, {span}.",
        "retrieved": "file supplied to the project; transcribed second-hand",
        "source_file": path.name,
        "sha256": sha,
        "importer": Bjs.id,
        "method": "none; counts are printed as the courts and US attorneys recorded them",
        "caveats": [
            "Years are fiscal years, October to September: 2022 is October 2021 to September 2022.",
            "Federal cases only: cases in state courts are not counted.",
            "The figures were transcribed from abstracts of the reports, not from their tables.",
            "A count that an abstract does not give is not reported; it is not a zero.",
            "Suspects are persons referred to US attorneys, stored as persons suspected.",
        ],
        "columns": column_block(OBSERVATION_DEFINITIONS),
        "notes": {},
    }
