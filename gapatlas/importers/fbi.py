"""FBI Crime Data Explorer: human trafficking by agency (csv), added up to states.

Layout: one row for each agency, year and offence type that has something to report, with
counts of offences (actual), unfounded reports, clearances and clearances of juveniles. Two code
systems of the offence type are in use: 81 and 82 until the edition that ends in 2020, HTCSA and
HTIS after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
from pandas.api.typing import SeriesGroupBy

from gapatlas.config.schema import COVERAGE_COLUMNS
from gapatlas.importers.base import (
    EXACT,
    NOT_REPORTED,
    OBSERVATION_DEFINITIONS,
    TOTAL,
    Edition,
    Figure,
    Import,
    Importer,
    column_block,
    not_reported_rows,
    observation_table,
    sha256_of,
    totals,
)
from gapatlas.importers.tables import (
    Findings,
    integers,
    mapped_labels,
    read_csv_cells,
    table_under_header,
    years,
)
from gapatlas.importers.us_places import FEDERAL, ids_by_usps
from gapatlas.languages import mark

COLUMNS = (
    "DATA_YEAR",
    "ORI",
    "STATE_ABBR",
    "OFFENSE_SUBCAT_ID",
    "OFFENSE_SUBCAT_NAME",
    "ACTUAL_COUNT",
    "UNFOUNDED_COUNT",
    "CLEARED_COUNT",
    "JUVENILE_CLEARED_COUNT",
)
STATE_EXCEPTIONS = {"NB": "US-NE", "GM": "US-GU", "FS": FEDERAL}
"""Reviewed: codes of the FBI that are not USPS codes (Nebraska, Guam, Federal)."""

OFFENCE_CODES = {
    "HTCSA": "commercial_sex_acts",
    "81": "commercial_sex_acts",
    "HTIS": "involuntary_servitude",
    "82": "involuntary_servitude",
}
OFFENCE_NAMES = {
    "Commercial Sex Acts": "commercial_sex_acts",
    "Involuntary Servitude": "involuntary_servitude",
}
MEASURES = {
    "ACTUAL_COUNT": ("suspected", TOTAL),
    "CLEARED_COUNT": ("cleared", TOTAL),
    "UNFOUNDED_COUNT": ("unfounded", TOTAL),
    "JUVENILE_CLEARED_COUNT": ("cleared", "child"),
}
REPORTER = mark("agencies with a record")
PARTLY_BLANK = "partly_blank"
CLEARED_ABOVE_OFFENCES = "cleared_above_offences"


def _offences(place: str, year: int, count: int) -> Figure:
    labels: dict[str, str | int] = {
        "jurisdiction_id": place,
        "year": year,
        "stage": "suspected",
        "dimension": TOTAL,
    }
    return Figure("observations", labels, "count_low", count)


class Fbi(Importer):
    """Reads the FBI human trafficking file into state counts and numbers of agencies."""

    id = "fbi"
    title = "FBI Crime Data Explorer, human trafficking (csv)"

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        sha = sha256_of(path)
        published = table_under_header(read_csv_cells(path), path, COLUMNS)
        findings = Findings(path.name)
        rows = _read_rows(published.frame, findings)
        findings.raise_errors()
        counted = _state_counts(rows, findings)
        findings.raise_errors()
        places = sorted(set(rows["jurisdiction_id"]))
        everything = pd.concat([counted, not_reported_rows(counted, places)], ignore_index=True)
        observations = observation_table(everything)
        coverage = _coverage(rows)
        _note_odd_rows(rows, observations, findings)
        facts = _facts(rows, observations, coverage)
        known = self.editions.get(sha)
        dataset = known.dataset_id if known else "fbi_ht"
        tables = {"observations": observations, "coverage": coverage}
        return Import(
            self.id, dataset, tables, facts, tuple(findings.notices), _descriptor(path, sha, facts)
        )

    editions: ClassVar[Mapping[str, Edition]] = {
        "5cccd00d89dcca5eff288b1dafaaf2b0eabd01f1746f99f698a41e0637c9cc56": Edition(
            name="human trafficking 2013-2023",
            dataset_id="fbi_ht",
            facts={
                "published rows": 5_231,
                "places": 52,
                "first year": 2013,
                "last year": 2023,
                "offences": 18_761,
                "cleared": 7_652,
                "rows identical to an earlier row": 0,
                "rows below zero": 1,
                "rows without an unfounded count": 4_031,
                "place-years with a record": 394,
                "place-years cleared above offences": 7,
                "agencies in the first year": 5,
                "agencies in the last year": 878,
            },
            figures=(_offences("US-TX", 2018, 329),),
        ),
        "3d34ab9757b4802541cbab6e53687b8f9d7f801f1b8583ee05c4837e750bf13d": Edition(
            name="human trafficking 2013-2020",
            dataset_id="fbi_ht_2020",
            facts={
                "published rows": 4_417,
                "places": 46,
                "first year": 2013,
                "last year": 2020,
                "offences": 9_599,
                "cleared": 3_700,
                "rows identical to an earlier row": 927,
                "rows below zero": 1,
                "rows without an unfounded count": 0,
                "place-years with a record": 242,
                "place-years cleared above offences": 0,
                "agencies in the first year": 9,
                "agencies in the last year": 503,
            },
            figures=(_offences("US-TX", 2018, 332),),
        ),
    }


def _read_rows(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Agency rows with ids and numbers, indexed by row of the file."""
    rows = pd.DataFrame(
        {
            "year": years(frame["DATA_YEAR"], findings, "DATA_YEAR"),
            "agency": frame["ORI"].str.strip(),
            "jurisdiction_id": mapped_labels(
                frame["STATE_ABBR"], ids_by_usps() | STATE_EXCEPTIONS, findings, "STATE_ABBR"
            ),
            "offence": mapped_labels(
                frame["OFFENSE_SUBCAT_ID"], OFFENCE_CODES, findings, "OFFENSE_SUBCAT_ID"
            ),
            **{
                column: integers(frame[column], findings, column, blank_allowed=True)
                for column in MEASURES
            },
        }
    )
    named = mapped_labels(
        frame["OFFENSE_SUBCAT_NAME"], OFFENCE_NAMES, findings, "OFFENSE_SUBCAT_NAME"
    )
    for row in rows.index[named.notna() & rows["offence"].notna() & (named != rows["offence"])]:
        findings.error(
            "Code and name of the offence type disagree.",
            int(row),
            "OFFENSE_SUBCAT_ID",
            " ".join(map(str, frame.loc[row, ["OFFENSE_SUBCAT_ID", "OFFENSE_SUBCAT_NAME"]])),
            ", ".join(f"{code} {name}" for code, name in OFFENCE_CODES.items()),
        )
    for row in rows.index[rows["agency"] == ""]:
        findings.error("The agency's code is missing.", int(row), "ORI", "an empty cell")
    return rows


def _state_counts(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Sums over agencies: by place and year, and within these by offence type."""
    by_type = rows.assign(dimension="offence_type", category=rows["offence"])
    both = pd.concat([rows.assign(dimension=TOTAL, category=TOTAL), by_type])
    groups = both.groupby(["jurisdiction_id", "year", "dimension", "category"], sort=True)
    tables = [
        _summed(groups[column], stage, age, findings, column)
        for column, (stage, age) in MEASURES.items()
    ]
    return _with_clearance_note(pd.concat(tables, ignore_index=True))


def _summed(
    groups: SeriesGroupBy[Any, Any], stage: str, age: str, findings: Findings, column: str
) -> pd.DataFrame:
    """One stage of each group; exact only where every agency row has the count."""
    table = groups.agg(count="sum", printed="count", rows="size").reset_index()
    complete = table["printed"] == table["rows"]
    for _, group in table[table["count"] < 0].iterrows():
        place, year, category = (str(group[c]) for c in ("jurisdiction_id", "year", "category"))
        findings.error(
            f"The sum of {place} in {year} ({category}) is below zero.",
            None,
            column,
            str(group["count"]),
            "a sum of zero or more",
        )
    count = table["count"].astype("Int64").where(complete)
    return table[["jurisdiction_id", "year", "dimension", "category"]].assign(
        stage=stage,
        unit="offences",
        sex=TOTAL,
        age=age,
        count_low=count,
        count_high=count,
        status=pd.Series(EXACT, index=table.index).where(complete, NOT_REPORTED),
        note=pd.Series("", index=table.index).where(complete, PARTLY_BLANK),
    )


def _with_clearance_note(counts: pd.DataFrame) -> pd.DataFrame:
    """Mark clearances that exceed the offences of the same place, year and type."""
    labels = ["jurisdiction_id", "year", "dimension", "category"]
    offences = counts[counts["stage"] == "suspected"].set_index(labels)["count_low"]
    cleared = (counts["stage"] == "cleared") & (counts["age"] == TOTAL)
    same = offences.reindex(pd.MultiIndex.from_frame(counts[labels])).set_axis(counts.index)
    above = cleared & (counts["count_low"] > same).fillna(False)
    return counts.assign(note=counts["note"].where(~above, CLEARED_ABOVE_OFFENCES))


def _coverage(rows: pd.DataFrame) -> pd.DataFrame:
    """Agencies with a record, for each listed place and each year (0 where there is none)."""
    agencies = rows.groupby(["jurisdiction_id", "year"])["agency"].nunique()
    places = sorted(set(rows["jurisdiction_id"]))
    span = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
    grid = pd.MultiIndex.from_product([places, span], names=["jurisdiction_id", "year"])
    table = agencies.reindex(grid, fill_value=0).rename("reporters").reset_index()
    return table.assign(reporter=REPORTER)[list(COVERAGE_COLUMNS)]


def _note_odd_rows(rows: pd.DataFrame, observations: pd.DataFrame, findings: Findings) -> None:
    for column in MEASURES:
        for row, count in rows.loc[rows[column] < 0, column].items():
            findings.notice(
                "A negative count corrects an earlier month; it stays in the sum.",
                int(str(row)),
                column,
                str(count),
            )
        blank = rows.index[rows[column].isna()]
        if len(blank):
            findings.notice(
                f"{len(blank)} rows leave the count blank; a place-year with such a row is not "
                "reported for this count.",
                int(blank[0]),
                column,
            )
    identical = rows.index[rows.duplicated()]
    if len(identical):
        findings.notice(
            f"{len(identical)} rows repeat an earlier row (months without a month); they are kept "
            "and added up as published.",
            int(identical[0]),
        )
    above = totals(observations[observations["note"] == CLEARED_ABOVE_OFFENCES])
    for place, year, count in above[["jurisdiction_id", "year", "count_low"]].itertuples(
        index=False
    ):
        findings.notice(
            f"{place} in {year} has more clearances than offences; kept.",
            None,
            "CLEARED_COUNT",
            str(count),
        )


def _facts(
    rows: pd.DataFrame, observations: pd.DataFrame, coverage: pd.DataFrame
) -> dict[str, int]:
    agencies = rows.groupby("year")["agency"].nunique()
    above = totals(observations[observations["note"] == CLEARED_ABOVE_OFFENCES])
    with_record = coverage[coverage["reporters"] > 0]
    return {
        "published rows": len(rows),
        "places": coverage["jurisdiction_id"].nunique(),
        "first year": int(rows["year"].min()),
        "last year": int(rows["year"].max()),
        "offences": int(rows["ACTUAL_COUNT"].sum()),
        "cleared": int(rows["CLEARED_COUNT"].sum()),
        "rows identical to an earlier row": int(rows.duplicated().sum()),
        "rows below zero": int((rows[list(MEASURES)] < 0).fillna(False).any(axis=1).sum()),
        "rows without an unfounded count": int(rows["UNFOUNDED_COUNT"].isna().sum()),
        "place-years with a record": len(with_record),
        "place-years without a record": len(coverage) - len(with_record),
        "place-years cleared above offences": len(above),
        "agencies in the first year": int(agencies[agencies.index.min()]),
        "agencies in the last year": int(agencies[agencies.index.max()]),
    }


def _descriptor(path: Path, sha: str, facts: dict[str, int]) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    coverage = {
        "reporter": ("who is counted in column reporters", None),
        "reporters": (
            "agencies with at least one row (an offence, a clearance or an unfounded "
            "report) in the place and year",
            "agencies",
        ),
    }
    return {
        "title": f"Human trafficking offences and clearances, US states, {span}",
        "publisher": "Federal Bureau of Investigation (FBI), Crime Data Explorer",
        "edition": f"human trafficking, {span}",
        "published": f"after {facts['last year']}",
        "licence": "public domain (work of the US Government)",
        "terms_url": None,
        "citation": f"FBI, Crime Data Explorer, Human Trafficking {span}.",
        "retrieved": "file supplied to the project; layout of the publisher's download",
        "source_file": path.name,
        "sha256": sha,
        "importer": Fbi.id,
        "method": "none; counts are printed as reported by agencies, and added up to states here",
        "caveats": [
            "Only agencies with something to report appear. A state without a row in a year has "
            "no agency that reported an offence, which is not a reported zero.",
            "The number of reporting agencies rises from "
            f"{facts['agencies in the first year']} to {facts['agencies in the last year']}; a "
            "rise in offences is partly a rise in reporting.",
            "A clearance counts in the year in which it was made, so that clearances can exceed "
            "the offences of that year.",
            "Unfounded reports are blank in many rows. A state and year is exact only where every "
            "row has the count; otherwise it is not reported.",
            "A negative count corrects an earlier month and stays in the sum of its state.",
            "Some rows are identical (months printed without a month); they are kept and added up.",
            "Editions differ, because agencies correct earlier years.",
        ],
        "columns": column_block({**OBSERVATION_DEFINITIONS, **coverage}),
        "notes": {
            PARTLY_BLANK: "at least one agency row leaves this count blank, so no sum is given",
            CLEARED_ABOVE_OFFENCES: "more clearances than offences in this place and year, as "
            "published",
        },
    }
