"""US Census Bureau population of the states: three published layouts, told apart by header.

- `NST-EST<year>-ALLDATA`: one row for each nation, region and state, POPESTIMATE<year> columns.
- `PEP_<year>_PEPANNRES`: American FactFinder, two header rows, respop7<year> columns.
- by USPS code: one row for each year, one column for each state (a compilation).

States, the District of Columbia and territories are kept; the nation and its regions are not.
"""

from __future__ import annotations

import re
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
from gapatlas.importers.tables import (
    Findings,
    PublishedTable,
    integers,
    read_csv_cells,
    refuse_negative,
    refuse_repeated,
    table_under_header,
    years,
)
from gapatlas.importers.us_places import ids_by_fips, ids_by_usps

IMPLAUSIBLE = "implausible"
CODE_NOT_OFFICIAL = "code_not_official"
NATION_AND_REGIONS_FIPS = "00"
STATE_GEOGRAPHY = "0400000US"
_ESTIMATE = {
    "NST-EST": re.compile(r"POPESTIMATE(\d{4})"),
    "PEP": re.compile(r"respop7(\d{4})"),
}
PLACES_BY_NAME = {"Guam": "US-GU", "U.S. Virgin Islands": "US-VI"}
"""Reviewed: rows of a PEP file whose code is not a FIPS code (14, XX); the name decides."""

_COMPILATION_2013_2020 = "5cd2a79eb01452861cbe53fceaa67c29e7e9b66789095fe224c86542ce2e3909"

REVIEWED_AS_WRONG: Mapping[str, Mapping[str, str]] = {
    _COMPILATION_2013_2020: {
        "US-AK": "about 24 per cent under the Census estimates",
        "US-AZ": "about 3 per cent under the Census estimates",
        "US-CO": "about 32 per cent under the Census estimates",
        "US-HI": "about 12 per cent under the Census estimates",
        "US-NM": "about 5 per cent under the Census estimates",
        "US-SD": "about 2 per cent under the Census estimates",
        "US-VA": "about 42 per cent under the Census estimates",
    }
}
"""sha256 of an edition -> place -> why its figures are set aside.

An edition cannot show by itself that it is wrong. These were found by comparing it with the
Bureau's 2018 edition in their six common years: these seven places differ by more than 1 per cent
in every year, all the others agree within 0.3 per cent.
"""


class Census(Importer):
    """Reads US Census Bureau state population in any of the three layouts."""

    id = "census"
    title = "US Census Bureau, population of the states (csv, three layouts)"

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        sha = sha256_of(path)
        findings = Findings(path.name)
        layout, published = _published(path)
        rows = _READERS[layout](published, findings)
        findings.raise_errors()
        _check_rows(rows, findings)
        findings.raise_errors()
        rows = _set_aside(rows, REVIEWED_AS_WRONG.get(sha, {}), findings)
        population = population_table(rows)
        facts = {
            "published rows": len(published.frame),
            "places": population["jurisdiction_id"].nunique(),
            "first year": int(population["year"].min()),
            "last year": int(population["year"].max()),
            "figures set aside as implausible": int((population["note"] == IMPLAUSIBLE).sum()),
        }
        dataset = f"us_census_population_{facts['last year']}"
        return Import(
            self.id,
            dataset,
            {"population": population},
            facts,
            tuple(findings.notices),
            _descriptor(path, sha, layout, facts),
        )

    editions: ClassVar[Mapping[str, Edition]] = {
        "d059b1e12f011c1550ab2faea900d77a4db5346b4694d546087a5c92b45032b1": Edition(
            "NST-EST2024-ALLDATA",
            "us_census_population_2024",
            {
                "published rows": 66,
                "places": 52,
                "first year": 2020,
                "last year": 2024,
                "figures set aside as implausible": 0,
            },
            (
                Figure(
                    "population",
                    {"jurisdiction_id": "US-TX", "year": 2024},
                    "population",
                    31_290_831,
                ),
            ),
        ),
        "e9fa4c984020b879da4dcfd58fad8e6aa4e34706183f66e73b9e03fdd8f3a110": Edition(
            "PEP_2018_PEPANNRES",
            "us_census_population_2018",
            {
                "published rows": 56,
                "places": 54,
                "first year": 2010,
                "last year": 2018,
                "figures set aside as implausible": 0,
            },
            (
                Figure(
                    "population",
                    {"jurisdiction_id": "US-AL", "year": 2018},
                    "population",
                    4_887_871,
                ),
                Figure(
                    "population", {"jurisdiction_id": "US-VI", "year": 2018}, "population", 107_282
                ),
            ),
        ),
        _COMPILATION_2013_2020: Edition(
            "states by USPS code 2013-2020",
            "us_census_population_2020",
            {
                "published rows": 8,
                "places": 51,
                "first year": 2013,
                "last year": 2020,
                "figures set aside as implausible": 56,
            },
            (
                Figure(
                    "population",
                    {"jurisdiction_id": "US-TX", "year": 2020},
                    "population",
                    29_360_759,
                ),
                Figure(
                    "population", {"jurisdiction_id": "US-AK", "year": 2013}, "population", None
                ),
            ),
        ),
    }


def _published(path: Path) -> tuple[str, PublishedTable]:
    """Tell the layout by the header's content and return the table below it."""
    cells = read_csv_cells(path)

    def is_header(names: set[str]) -> bool:
        return _layout(names) is not None

    published = table_under_header(cells, path, (), is_header)
    layout = _layout(set(published.columns))
    assert layout is not None
    required = {
        "NST-EST": ("STATE", "NAME"),
        "PEP": ("GEO.id", "GEO.id2", "GEO.display-label"),
        "USPS": (),
    }[layout]
    return layout, table_under_header(cells, path, required, is_header)


def _layout(names: set[str]) -> str | None:
    for layout, pattern in _ESTIMATE.items():
        if any(pattern.fullmatch(name) for name in names):
            return layout
    return "USPS" if len(names & set(ids_by_usps())) >= len(names) / 2 else None


def _read_nst(published: PublishedTable, findings: Findings) -> pd.DataFrame:
    """NST-EST: a state is a row whose FIPS code is a state's; the nation and regions print 00."""
    if "SUMLEV" not in published.columns:
        findings.notice(
            "The header of column SUMLEV is damaged; it is not needed.",
            None,
            "SUMLEV",
            published.columns[0],
        )
    fips = published.frame["STATE"].str.strip().str.zfill(2)
    frame = published.frame[fips != NATION_AND_REGIONS_FIPS]
    place = _known_places(fips[frame.index].map(ids_by_fips()), fips, findings, "STATE")
    return _melted(frame, place, "NST-EST", findings)


def _read_pep(published: PublishedTable, findings: Findings) -> pd.DataFrame:
    """PEP: the second header row and the nation have no state geography and fall away."""
    frame = published.frame
    frame = frame[frame["GEO.id"].str.startswith(STATE_GEOGRAPHY)]
    fips = frame["GEO.id"].str.removeprefix(STATE_GEOGRAPHY).str.strip()
    by_code = fips.map(ids_by_fips())
    by_name = frame["GEO.display-label"].str.strip().map(PLACES_BY_NAME)
    for row, named in by_name[by_code.isna() & by_name.notna()].items():
        findings.notice(
            f"The code is not a FIPS code; the name says {named}.",
            int(str(row)),
            "GEO.id",
            str(frame.at[row, "GEO.id"]),
        )
    place = _known_places(by_code.fillna(by_name), frame["GEO.id"], findings, "GEO.id")
    rows = _melted(frame, place, "PEP", findings)
    unofficial = rows.index.isin(by_code.index[by_code.isna()])
    return rows.assign(note=pd.Series("", index=rows.index).where(~unofficial, CODE_NOT_OFFICIAL))


def _known_places(
    places: pd.Series, printed: pd.Series, findings: Findings, column: str
) -> pd.Series:
    for row in places.index[places.isna()]:
        findings.error(
            "The state code is not known.",
            int(row),
            column,
            str(printed[row]),
            "two-digit FIPS codes of US states and territories",
        )
    return places


def _melted(frame: pd.DataFrame, place: pd.Series, layout: str, findings: Findings) -> pd.DataFrame:
    """Columns of one year each -> rows of place, year, population (index: row of the file)."""
    parts = []
    for column in frame.columns:
        if found := _ESTIMATE[layout].fullmatch(column):
            population = integers(frame[column], findings, column, blank_allowed=True)
            parts.append(
                pd.DataFrame(
                    {"jurisdiction_id": place, "year": int(found[1]), "population": population}
                )
            )
    return pd.concat(parts)


def _read_usps(published: PublishedTable, findings: Findings) -> pd.DataFrame:
    """By USPS code: the first column is the year, every other one a state."""
    first, *others = published.columns
    year = years(published.frame[first], findings, first or "first column")
    parts = []
    for column in others:
        place = ids_by_usps().get(column)
        if place is None or others.count(column) > 1:
            findings.error(
                "The column is not a state, or stands twice.",
                None,
                column,
                column,
                "USPS codes of US states and territories, each once",
            )
            continue
        population = integers(published.frame[column], findings, column, blank_allowed=True)
        parts.append(
            pd.DataFrame({"jurisdiction_id": place, "year": year, "population": population})
        )
    return pd.concat(parts)


_READERS = {"NST-EST": _read_nst, "PEP": _read_pep, "USPS": _read_usps}


def _check_rows(rows: pd.DataFrame, findings: Findings) -> None:
    if rows.empty:
        findings.error("No row carries a state.")
    keys = rows[["jurisdiction_id", "year"]]
    refuse_repeated(keys, findings, None, "place and year", "one figure each")
    refuse_negative(rows["population"], findings, None, "population")


def _set_aside(rows: pd.DataFrame, wrong: Mapping[str, str], findings: Findings) -> pd.DataFrame:
    """Empty the figures that a review found wrong, and those that are blank."""
    implausible = rows["jurisdiction_id"].isin(list(wrong))
    for place, why in wrong.items():
        findings.notice(f"{place} is {why}; kept as not reported.", None, place.removeprefix("US-"))
    population = rows["population"].where(~implausible)
    status = pd.Series(EXACT, index=rows.index).where(population.notna(), NOT_REPORTED)
    printed_note = rows["note"] if "note" in rows else pd.Series("", index=rows.index)
    note = printed_note.where(~implausible, IMPLAUSIBLE)
    return rows.assign(population=population, status=status, note=note)


def _descriptor(path: Path, sha: str, layout: str, facts: dict[str, int]) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    official = layout != "USPS"
    title = {
        "NST-EST": f"Vintage {facts['last year']} state estimates (NST-EST)",
        "PEP": f"Vintage {facts['last year']} annual estimates (PEPANNRES)",
        "USPS": "state estimates by USPS code, a compilation",
    }[layout]
    caveats = [
        "Estimates for the middle of each year; a later edition revises earlier years.",
        "Editions before and after the 2020 census do not join: their levels differ by up to 6 "
        "per cent.",
    ]
    if not official:
        caveats.append(
            "Compiled from Census figures by someone whom the file does not name. It was compared "
            "with the Bureau's 2018 edition; places that differ by more than 1 per cent in every "
            "common year are kept as not reported."
        )
    return {
        "title": f"Population, US states, {span}",
        "publisher": "US Census Bureau" if official else "US Census Bureau, compiled by others",
        "edition": f"{title}, {span}",
        "published": f"after {facts['last year']}",
        "licence": "public domain (work of the US Government)"
        if official
        else "terms not verified",
        "terms_url": None,
        "citation": f"US Census Bureau, Population Estimates Program, {title}, {span}.",
        "retrieved": "file supplied to the project; layout of the publisher's download"
        if official
        else "file supplied to the project; compiler and origin not stated",
        "source_file": path.name,
        "sha256": sha,
        "importer": Census.id,
        "method": "none; estimates of all residents on 1 July",
        "caveats": caveats,
        "columns": column_block(POPULATION_DEFINITIONS),
        "notes": {
            IMPLAUSIBLE: "the printed figure is far from the Census Bureau's own estimates",
            CODE_NOT_OFFICIAL: "the row carries a code that is not a FIPS code, which the Census "
            "Bureau does not print; its origin is not stated",
        },
    }
