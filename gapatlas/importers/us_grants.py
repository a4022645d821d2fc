"""US State Department: anti-trafficking grants by country and fiscal year, as lists name them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pandas as pd

from gapatlas.importers.base import (
    CENSORED,
    EXACT,
    INDICATOR_DEFINITIONS,
    NOT_REPORTED,
    Edition,
    Figure,
    Import,
    Importer,
    column_block,
    indicator_table,
    sha256_of,
)
from gapatlas.importers.countries import countries_of_names
from gapatlas.importers.tables import (
    Findings,
    integers,
    mapped_labels,
    read_csv_cells,
    refuse_negative,
    refuse_silence,
    table_under_header,
    years,
)

NAME, YEAR, LISTED, FLAG, AMOUNT = "name", "fiscal year", "grant", "prosecution", "amount"
RECIPIENT, SUBGRANTEE, PROTECTION, RESEARCH = "recipient", "subgrantee", "protection", "research"
COLUMNS = (NAME, YEAR, LISTED, RECIPIENT, SUBGRANTEE, PROTECTION, FLAG, RESEARCH, AMOUNT)
NOT_A_COUNTRY = {
    **dict.fromkeys(
        (
            "Africa",
            "East Asia and Pacific Islands",
            "Europe",
            "Global",
            "Near East Asia",
            "South and Central Asia",
            "Western Hemisphere",
        ),
        "grants to a region or the world are no country's",
    ),
    "Yugoslavia": "a state that is no more",
}
NO_AMOUNT = (
    "Not Listed",
    "Cannot determine trafficking portion due to multi-donor effort",
    "$65,676,50",
    "$2,500,00",
)
"""Reviewed: words for an amount, and two amounts whose commas leave open what is meant (65,676.50
or 6,567,650 dollars; 2,500 or 250,000)."""
FLAGS = {"1": "yes", "0": "no", "": "missing", "N/A": "missing"}

NONE_LISTED = "none_listed"
NOTHING_SAID = "nothing_said"
NO_AMOUNTS = "no_amounts"
SOME_AMOUNTS = "some_amounts"
FLAGS_MISSING = "flags_missing"
NOTES = {
    NONE_LISTED: "the file says that its lists name no grant for the place and year",
    NOTHING_SAID: "the file has no row for the place and year, or one that says nothing",
    NO_AMOUNTS: "grants are named, none with its amount",
    SOME_AMOUNTS: "some grants have no amount: the sum of the others is the least it can be",
    FLAGS_MISSING: "some grants have no flag: the range counts them as no and as yes",
}


class UsGrants(Importer):
    """Reads one row per grant and adds them up; rows of regions are left out and listed."""

    id = "us_grants"
    title = "US State Department, anti-trafficking grants (csv)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "e0dc362c1c70e45e616a14b3aced43731908247c98ec6365d0a1eea2aca1b0ff": Edition(
            name="fiscal years 2002-2014",
            dataset_id="us_grants",
            facts={
                "published rows": 4_284,
                "rows of years with a list": 4_100,
                "rows that say no grant is listed": 1_653,
                "rows without a country": 353,
                "places": 187,
                "first year": 2002,
                "last year": 2014,
                "grants": 2_091,
                "grants without an amount": 183,
                "grants with shifted flags": 1_256,
                "grants flagged for prosecution": 841,
                "grants without a flag": 25,
                "grants printed twice": 9,
                "US dollars known": 694_891_497,
                "amounts exact": 682,
                "amounts censored": 11,
                "amounts not reported": 1_738,
            },
            figures=(
                Figure(
                    "indicators",
                    {"jurisdiction_id": "IND", "year": 2009, "indicator": "us_grants_amount"},
                    "low",
                    2_912_934,
                ),
                Figure(
                    "indicators",
                    {
                        "jurisdiction_id": "IND",
                        "year": 2009,
                        "indicator": "us_grants_prosecution_count",
                    },
                    "low",
                    4,
                ),
                Figure(
                    "indicators",
                    {
                        "jurisdiction_id": "IND",
                        "year": 2009,
                        "indicator": "us_grants_prosecution_count",
                    },
                    "high",
                    8,
                ),
                Figure(
                    "indicators",
                    {"jurisdiction_id": "ROU", "year": 2006, "indicator": "us_grants_amount"},
                    "value",
                    73_573,
                ),
                Figure(
                    "indicators",
                    {"jurisdiction_id": "ROU", "year": 2008, "indicator": "us_grants_amount"},
                    "low",
                    None,
                ),
                Figure(
                    "indicators",
                    {"jurisdiction_id": "ROU", "year": 2008, "indicator": "us_grants_count"},
                    "value",
                    0,
                ),
            ),
            caveats=(
                "The file has rows for fiscal year 2001 too, in which it names no grant anywhere. "
                "We take it that there is no list of that year and leave it out.",
                "All but one of the grants for work in the United States stand in 2004 to 2010.",
            ),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        frame = table_under_header(read_csv_cells(path), path, COLUMNS).frame
        findings = Findings(path.name)
        rows = _read_rows(frame, findings)
        findings.raise_errors()
        rows = _years_with_a_list(rows, findings)
        placed = rows[rows["jurisdiction_id"].notna()]
        totals = _totals(placed)
        table = indicator_table(
            pd.concat([_amounts(totals), _counts(totals), _prosecution_counts(totals)])
        )
        facts = {"published rows": len(frame), **_facts(rows, table)}
        descriptor = _descriptor(path, facts, _left_out(rows), self.edition(path))
        notices = tuple(findings.notices)
        return Import(self.id, "us_grants", {"indicators": table}, facts, notices, descriptor)


def _read_rows(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """One row per published row: place, name, year, what it says of a grant, dollars, flag.

    `grant` says whether the row is a grant, `none_listed` whether it says that there is none;
    `dollars` is missing where the amount is not known.
    """
    listed = mapped_labels(frame[LISTED], {"1": "1", "0": "0", "": ""}, findings, LISTED)
    dollars = _dollars(frame[AMOUNT], findings)
    named = (frame[RECIPIENT].str.strip() != "") | dollars.notna()
    grant = (listed == "1") | named
    refuse_silence(grant, findings, LISTED, "a row that names a grant")
    for row in frame.index[named & (listed != "1")]:
        message = "The row names a grant and is not marked as one; it is counted as a grant."
        findings.notice(message, int(str(row)), LISTED, listed[row] or "an empty cell")
    return pd.DataFrame(
        {
            "jurisdiction_id": countries_of_names(frame[NAME], findings, NAME, NOT_A_COUNTRY),
            "name": frame[NAME].str.strip(),
            "year": years(frame[YEAR], findings, YEAR),
            "grant": grant,
            "none_listed": ~grant & (listed == "0"),
            "dollars": dollars,
            "flag": mapped_labels(_flags(frame, findings), FLAGS, findings, FLAG),
            "shifted": _shifted(frame),
            "repeated": frame.duplicated() & grant,
        }
    )


def _flags(frame: pd.DataFrame, findings: Findings) -> pd.Series:
    """The flag for prosecution as printed, also where it stands one column to the left.

    In a shifted row the flags of prevention, protection, prosecution and research stand one
    column too far left, the first of them under `subgrantee`; `research` stands there twice.
    """
    shifted = _shifted(frame)
    flag, research = frame[FLAG].str.strip(), frame[RESEARCH].str.strip()
    for row in frame.index[shifted & (flag != research)]:
        message = "The flags stand one column to the left, and the last is not there twice."
        found = f"{FLAG} {flag[row]}, {RESEARCH} {research[row]}"
        findings.error(message, int(str(row)), RESEARCH, found, "the same flag in both columns")
    return frame[FLAG].mask(shifted, frame[PROTECTION])


def _shifted(frame: pd.DataFrame) -> pd.Series:
    """Rows with a flag where the name of a second recipient belongs."""
    return frame[SUBGRANTEE].str.strip().isin(["0", "1"])


def _dollars(printed: pd.Series, findings: Findings) -> pd.Series:
    """Whole dollars; missing for words, and for $0, which the file prints where it knows none."""
    plain = printed.str.strip().where(~printed.str.strip().isin(NO_AMOUNT), "")
    digits = plain.str.removeprefix("$").str.replace(r",\s+", ",", regex=True)
    dollars = integers(digits, findings, AMOUNT, blank_allowed=True)
    refuse_negative(dollars, findings, AMOUNT, "sum of money")
    return dollars.where(dollars != 0)


def _years_with_a_list(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Leave out years in which the file names no grant in the whole world: it has no list of them,
    so that its zeros say nothing."""
    listed = rows.loc[rows["grant"], "year"]
    kept = rows["year"].between(listed.min(), listed.max())
    for year, outside in rows[~kept].groupby("year"):
        message = f"The year is left out ({len(outside)} rows): no grant is named anywhere."
        findings.notice(message, int(str(outside.index[0])), YEAR, str(year))
    return rows[kept]


def _totals(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each place and fiscal year, from the first to the last year of the file."""
    grants = rows[rows["grant"]]
    counted = pd.DataFrame(
        {
            "jurisdiction_id": grants["jurisdiction_id"],
            "year": grants["year"],
            "grants": 1,
            "priced": grants["dollars"].notna().astype("int64"),
            "dollars": grants["dollars"].fillna(0),
            "flagged": (grants["flag"] == "yes").astype("int64"),
            "unflagged": (grants["flag"] == "missing").astype("int64"),
        }
    )
    keys = ["jurisdiction_id", "year"]
    said = rows.groupby(keys)["none_listed"].any()
    all_years = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
    grid = pd.MultiIndex.from_product([sorted(set(rows["jurisdiction_id"])), all_years], names=keys)
    totals = counted.groupby(keys).sum().reindex(grid, fill_value=0)
    return totals.assign(none_listed=said.reindex(grid, fill_value=False)).reset_index()


def _amounts(totals: pd.DataFrame) -> pd.DataFrame:
    """Dollars: exact where each grant has its amount, at least the sum where some have, and
    unknown where none has, or no grant is listed."""
    dollars = totals["dollars"].astype("Float64")
    complete = (totals["priced"] == totals["grants"]) & (totals["grants"] > 0)
    some = (totals["priced"] > 0) & ~complete
    unknown = _where_silent(totals, otherwise=NO_AMOUNTS)
    return totals[["jurisdiction_id", "year"]].assign(
        indicator="us_grants_amount",
        value=dollars.where(complete),
        low=dollars.where(complete | some),
        high=dollars.where(complete),
        status=_first_true(totals, {EXACT: complete, CENSORED: some}, NOT_REPORTED),
        note=_first_true(totals, {"": complete, SOME_AMOUNTS: some}, unknown),
    )


def _counts(totals: pd.DataFrame) -> pd.DataFrame:
    """Grants that the lists name: a count, and 0 where the file says that they name none."""
    said = (totals["grants"] > 0) | totals["none_listed"]
    count = totals["grants"].astype("Float64").where(said)
    return totals[["jurisdiction_id", "year"]].assign(
        indicator="us_grants_count",
        value=count,
        low=count,
        high=count,
        status=_first_true(totals, {EXACT: said}, NOT_REPORTED),
        note=_where_silent(totals, otherwise=""),
    )


def _prosecution_counts(totals: pd.DataFrame) -> pd.DataFrame:
    """Grants flagged as for prosecution; a range where a grant has no flag."""
    said = (totals["grants"] > 0) | totals["none_listed"]
    low = totals["flagged"].astype("Float64").where(said)
    high = (totals["flagged"] + totals["unflagged"]).astype("Float64").where(said)
    exact, ranged = said & (low == high).fillna(False), totals["unflagged"] > 0
    return totals[["jurisdiction_id", "year"]].assign(
        indicator="us_grants_prosecution_count",
        value=low.where(exact),
        low=low,
        high=high,
        status=_first_true(totals, {EXACT: exact, CENSORED: ranged}, NOT_REPORTED),
        note=_first_true(totals, {FLAGS_MISSING: ranged}, _where_silent(totals, otherwise="")),
    )


def _where_silent(totals: pd.DataFrame, otherwise: str) -> pd.Series:
    """The note of places and years without a grant, and `otherwise` where there is one."""
    named = totals["grants"] > 0
    return _first_true(totals, {otherwise: named, NONE_LISTED: totals["none_listed"]}, NOTHING_SAID)


def _first_true(
    totals: pd.DataFrame, words: Mapping[str, pd.Series], otherwise: str | pd.Series
) -> pd.Series:
    """The first word whose condition holds, row by row, else `otherwise`."""
    found = pd.Series(otherwise, index=totals.index, dtype="str")
    for word, condition in reversed(list(words.items())):
        found = found.mask(condition.astype(bool), word)
    return found


def _left_out(rows: pd.DataFrame) -> list[str]:
    """What each label that is no country holds: rows, grants, dollars known."""
    outside = rows[rows["jurisdiction_id"].isna()]
    return [
        f"{name}: {len(part)} rows, {int(part['grant'].sum())} grants, "
        f"{int(part['dollars'].sum()):,} US dollars known"
        for name, part in outside.groupby("name")
    ]


def _facts(rows: pd.DataFrame, table: pd.DataFrame) -> dict[str, int]:
    placed = rows[rows["jurisdiction_id"].notna()]
    grants = placed[placed["grant"]]
    amounts = table[table["indicator"] == "us_grants_amount"]
    return {
        "rows of years with a list": len(rows),
        "rows that say no grant is listed": int(rows["none_listed"].sum()),
        "rows without a country": len(rows) - len(placed),
        "places": placed["jurisdiction_id"].nunique(),
        "first year": int(rows["year"].min()),
        "last year": int(rows["year"].max()),
        "grants": len(grants),
        "grants without an amount": int(grants["dollars"].isna().sum()),
        "grants with shifted flags": int(grants["shifted"].sum()),
        "grants flagged for prosecution": int((grants["flag"] == "yes").sum()),
        "grants without a flag": int((grants["flag"] == "missing").sum()),
        "grants printed twice": int(grants["repeated"].sum()),
        "US dollars known": int(grants["dollars"].sum()),
        "amounts exact": int((amounts["status"] == EXACT).sum()),
        "amounts censored": int((amounts["status"] == CENSORED).sum()),
        "amounts not reported": int((amounts["status"] == NOT_REPORTED).sum()),
    }


def _descriptor(
    path: Path, facts: Mapping[str, int], left_out: list[str], edition: Edition | None
) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return {
        "title": f"US anti-trafficking grants, fiscal years {span}",
        "publisher": "US Department of State; compiled by Kelley and Heiss",
        "edition": f"grants of fiscal years {span}",
        "published": None,
        "licence": "MIT",
        "terms_url": None,
        "citation": f"US Department of State, anti-trafficking grants of fiscal years {span}, as "
        "compiled by Kelley and Heiss.",
        "retrieved": "file supplied to the project",
        "source_file": path.name,
        "sha256": sha256_of(path),
        "importer": UsGrants.id,
        "method": "grants are added up by country and fiscal year; an unknown amount is never zero",
        "caveats": [
            "A US fiscal year starts in October of the year before: 2005 is October 2004 to "
            "September 2005.",
            f"The file prints $0 for {facts['rows that say no grant is listed']:,} rows that say "
            "that no grant is listed, and for some grants. We take no $0 as an amount: the amount "
            "is not reported where no grant is listed, and the count of listed grants is 0.",
            f"{facts['grants without an amount']} of {facts['grants']:,} grants have no amount. "
            "Where only some of a year have one, their sum is the least it can be; where none "
            "has, the amount is not reported.",
            f"In {facts['grants with shifted flags']:,} of {facts['grants']:,} grants the flags "
            "stand one column too far to the left (a 0 or 1 under subgrantee). We read the flag "
            "for prosecution where it stands; read by its heading it would be that of research.",
            f"{facts['grants without a flag']} of {facts['grants']:,} grants have no flag for "
            "prosecution. They widen the range of the count.",
            "The lists hold grants that the State Department reported, not all US aid. A grant "
            "for several countries can stand at one of them, with its whole amount, or in a row "
            "of a region.",
            f"{facts['rows without a country']} rows of regions and of Yugoslavia belong to no "
            f"country and are left out. {'; '.join(left_out)}.",
            "Rows of the United States are grants for work in the United States.",
            f"{facts['grants printed twice']} grants are printed twice, word for word. They are "
            "counted twice, as published.",
            "More grants do not show less trafficking, nor the reverse: money goes where the need "
            "is seen.",
            *(edition.caveats if edition else ()),
        ],
        "columns": column_block(INDICATOR_DEFINITIONS),
        "notes": NOTES,
    }
