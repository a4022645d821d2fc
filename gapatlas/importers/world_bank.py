"""World Bank total population: the long csv (Country Name, Country Code, Year, Value).

The file mixes countries with regions and income groups. A row is a country where its code is an
ISO 3166-1 alpha-3 code, or stands in the reviewed exceptions; all other codes are dropped and
named in a notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pandas as pd

from gapatlas.importers.base import (
    EXACT,
    NOT_REPORTED,
    POPULATION_DEFINITIONS,
    Edition,
    Figure,
    Import,
    Importer,
    column_block,
    population_table,
    sha256_of,
)
from gapatlas.importers.countries import KOSOVO, iso3_codes
from gapatlas.importers.tables import (
    Findings,
    integers,
    read_csv_cells,
    refuse_negative,
    refuse_repeated,
    table_under_header,
    years,
)

COLUMNS = ("Country Name", "Country Code", "Year", "Value")
KEPT_EXCEPTIONS = {KOSOVO: "Kosovo, which has no ISO code"}
DROPPED_EXCEPTIONS = {"CHI": "Channel Islands, which are two places in ISO 3166 (Guernsey, Jersey)"}


class WorldBank(Importer):
    """Reads World Bank population, countries only."""

    id = "world_bank"
    title = "World Bank population, total (csv, long)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "7d2dd6a17f5ed7916de1f89a9c116791e64d207f2e2f6ce47c57e1ab46f0088a": Edition(
            name="population 1960-2024",
            dataset_id="world_bank_population",
            facts={
                "published rows": 17_195,
                "published codes": 265,
                "places": 216,
                "codes dropped": 49,
                "rows dropped": 3_185,
                "first year": 1960,
                "last year": 2024,
            },
            figures=(
                Figure(
                    "population", {"jurisdiction_id": "ABW", "year": 1960}, "population", 54_922
                ),
            ),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        sha = sha256_of(path)
        frame = table_under_header(read_csv_cells(path), path, COLUMNS).frame
        findings = Findings(path.name)
        code = frame["Country Code"].str.strip()
        keep = code.isin(iso3_codes() | set(KEPT_EXCEPTIONS)) & ~code.isin(DROPPED_EXCEPTIONS)
        rows = _read_rows(frame, code, findings)
        findings.raise_errors()
        dropped = frame[~keep].assign(code=code[~keep])
        for row, entry in dropped.drop_duplicates("code").iterrows():
            why = DROPPED_EXCEPTIONS.get(
                str(entry["code"]), "an aggregate, not an ISO 3166-1 country"
            )
            name = str(entry["Country Name"])
            findings.notice(
                f"{name} is left out: {why}.", int(str(row)), "Country Code", str(entry["code"])
            )
        if not keep.any():
            findings.error(
                "No row carries a country code.",
                None,
                "Country Code",
                allowed="ISO 3166-1 alpha-3 codes",
            )
            findings.raise_errors()
        population = population_table(rows[keep])
        facts = {
            "published rows": len(frame),
            "published codes": code.nunique(),
            "places": population["jurisdiction_id"].nunique(),
            "codes dropped": dropped["code"].nunique(),
            "rows dropped": len(dropped),
            "first year": int(population["year"].min()),
            "last year": int(population["year"].max()),
        }
        return Import(
            self.id,
            "world_bank_population",
            {"population": population},
            facts,
            tuple(findings.notices),
            _descriptor(path, sha, facts),
        )


def _read_rows(frame: pd.DataFrame, code: pd.Series, findings: Findings) -> pd.DataFrame:
    population = integers(frame["Value"], findings, "Value", blank_allowed=True)
    refuse_negative(population, findings, "Value", "population")
    rows = pd.DataFrame(
        {
            "jurisdiction_id": code,
            "year": years(frame["Year"], findings, "Year"),
            "population": population,
            "status": pd.Series(EXACT, index=frame.index).where(population.notna(), NOT_REPORTED),
            "note": "",
        }
    )
    keys = rows[["jurisdiction_id", "year"]]
    refuse_repeated(keys, findings, "Country Code", "code and year")
    return rows


def _descriptor(path: Path, sha: str, facts: dict[str, int]) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return {
        "title": "Population, total, countries",
        "publisher": "World Bank",
        "edition": f"population, total (SP.POP.TOTL), {span}",
        "published": f"after {facts['last year']}",
        "licence": "CC BY 4.0, terms not verified",
        "terms_url": None,
        "citation": f"World Bank, World Development Indicators, Population, total, {span}.",
        "retrieved": "file supplied to the project; layout of the publisher's download",
        "source_file": path.name,
        "sha256": sha,
        "importer": WorldBank.id,
        "method": "none; mid-year estimates of all residents",
        "caveats": [
            "Estimates are revised with each edition.",
            "Regions, income groups and the Channel Islands are left out: "
            f"{facts['codes dropped']} codes.",
            "Taiwan, the Holy See and some territories are not in the publication.",
        ],
        "columns": column_block(POPULATION_DEFINITIONS),
        "notes": {},
    }
