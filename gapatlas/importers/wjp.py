"""World Justice Project, Rule of Law Index: factor 8, criminal justice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pandas as pd

from gapatlas.errors import ImportLayoutError, Problem
from gapatlas.importers.base import (
    INDICATOR_DEFINITIONS,
    Edition,
    Figure,
    Import,
    Importer,
    column_block,
    scored,
    sha256_of,
)
from gapatlas.importers.countries import countries_of_names
from gapatlas.importers.tables import (
    Findings,
    decimals,
    read_xlsx_sheets,
    refuse_repeated,
    table_under_header,
)

COUNTRY, FACTOR = "Country", "Factor 8: Criminal Justice"
TWO_YEARS = "edition_of_two_years"
_SHEET = re.compile(r"WJP ROL Index (\d{4})(?:-(\d{4}))? Scores")


class Wjp(Importer):
    """Reads one figure per country and edition; countries stand in rows or, later, in columns."""

    id = "wjp"
    title = "World Justice Project, criminal justice (xlsx)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "fa21228bfbebc1c5ef2f60e2699d35f4f9a8ae39b4647e498f1a540f9021832a": Edition(
            name="Rule of Law Index 2020, historical data",
            dataset_id="wjp",
            facts={
                "places": 128,
                "editions": 7,
                "first year": 2013,
                "last year": 2020,
                "scores": 778,
                "scores of editions of two years": 210,
                "scores of the last year": 128,
            },
            figures=(
                Figure("indicators", {"jurisdiction_id": "ROU", "year": 2013}, "value", 0.598068),
                Figure("indicators", {"jurisdiction_id": "ROU", "year": 2020}, "value", 0.557426),
                Figure("indicators", {"jurisdiction_id": "SLE", "year": 2016}, "value", 0.358108),
            ),
            caveats=("The editions of two years are 2012-2013 and 2017-2018.",),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its place."""
        findings = Findings(path.name)
        rows = _read_editions(path, findings)
        findings.raise_errors()
        table = scored(rows.assign(indicator="wjp_criminal_justice"))
        notes = rows.drop_duplicates("year").set_index("year")["note"]
        table = table.assign(note=table["year"].map(notes))
        facts = _facts(table)
        descriptor = _descriptor(path, facts, self.edition(path))
        notices = tuple(findings.notices)
        return Import(self.id, "wjp", {"indicators": table}, facts, notices, descriptor)


def _read_editions(path: Path, findings: Findings) -> pd.DataFrame:
    parts = []
    sheets = read_xlsx_sheets(path)
    for name, cells in sheets.items():
        edition = _SHEET.fullmatch(name.strip())
        if edition is None:
            continue
        first, last = edition.group(1), edition.group(2)
        rows = _read_sheet(cells, path, name, findings)
        note = TWO_YEARS if last else ""
        parts.append(rows.assign(year=int(last or first), note=note))
    if not parts:
        problem = Problem(
            path.name,
            "The workbook has no sheet with scores.",
            found=", ".join(sheets),
            allowed="sheets named such as WJP ROL Index 2020 Scores",
        )
        raise ImportLayoutError(f"{path.name} has no sheet with scores.", [problem])
    return pd.concat(parts, ignore_index=True)


def _read_sheet(
    cells: Mapping[int, list[str]], path: Path, name: str, findings: Findings
) -> pd.DataFrame:
    """jurisdiction_id and value of one edition, whichever way it is turned."""
    upright = FACTOR in {cell.strip() for cell in next(iter(cells.values()), [])}
    turned = cells if upright else _turned(cells)
    frame = table_under_header(turned, path, (COUNTRY, FACTOR)).frame
    column = f"{FACTOR}, {name}"
    place = countries_of_names(frame[COUNTRY], findings, f"{COUNTRY}, {name}", {})
    refuse_repeated(pd.DataFrame({COUNTRY: place.dropna()}), findings, column, "country")
    value = decimals(frame[FACTOR], findings, column)
    for row, score in value[(value < 0) | (value > 1)].items():
        findings.error("The score is off its scale.", int(str(row)), column, f"{score:g}", "0 to 1")
    return pd.DataFrame({"jurisdiction_id": place, "value": value})


def _turned(cells: Mapping[int, list[str]]) -> dict[int, list[str]]:
    """Rows for columns: number of the column in the file -> its cells, without empty columns."""
    width = max((len(row) for row in cells.values()), default=0)
    columns = {
        at + 1: [row[at] if at < len(row) else "" for row in cells.values()] for at in range(width)
    }
    return {at: column for at, column in columns.items() if any(column)}


def _facts(table: pd.DataFrame) -> dict[str, int]:
    return {
        "places": table["jurisdiction_id"].nunique(),
        "editions": table["year"].nunique(),
        "first year": int(table["year"].min()),
        "last year": int(table["year"].max()),
        "scores": int(table["value"].notna().sum()),
        "scores of editions of two years": int((table["note"] == TWO_YEARS).sum()),
        "scores of the last year": int((table["year"] == table["year"].max()).sum()),
    }


def _descriptor(path: Path, facts: Mapping[str, int], edition: Edition | None) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return {
        "title": f"World Justice Project Rule of Law Index: criminal justice, {span}",
        "publisher": "World Justice Project",
        "edition": edition.name if edition else span,
        "published": 2020 if edition else None,
        "licence": "terms not verified",
        "terms_url": None,
        "citation": f"World Justice Project, Rule of Law Index {span}, factor 8: criminal justice.",
        "retrieved": "file supplied to the project; layout of the publisher's download",
        "source_file": path.name,
        "sha256": sha256_of(path),
        "importer": Wjp.id,
        "method": "none; scores are stored as printed",
        "caveats": [
            "The score, from 0 to 1, is made from surveys of households and experts about police, "
            "courts and prisons. It is about all crime, not trafficking.",
            "An edition of two years is one figure. It stands at the last of the two, and the "
            "first has none.",
            "More countries joined with each edition. A country that an edition does not list was "
            "not asked and has no row.",
            "The publisher changed some questions between editions, so a small step from one to "
            "the next need not be a change in the country.",
            "The scores come without limits: how sure they are is not printed.",
            *(edition.caveats if edition else ()),
        ],
        "columns": column_block(INDICATOR_DEFINITIONS),
        "notes": {
            TWO_YEARS: "the edition is of two years; the value stands at the last of them",
        },
    }
