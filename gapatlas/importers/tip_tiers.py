"""US State Department, Trafficking in Persons Report: the tier in which it places each country.

Two layouts: all tiers of 2001-2015 by country and year, and the Watch List and Tier 3 as the CIA
World Factbook repeated them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pandas as pd

from gapatlas.importers.base import (
    INDICATOR_DEFINITIONS,
    Edition,
    Figure,
    Import,
    Importer,
    column_block,
    scored,
    sha256_of,
    years_asked,
)
from gapatlas.importers.countries import KOSOVO, countries_of_names, refuse_other_codes
from gapatlas.importers.tables import (
    Findings,
    mapped_labels,
    read_csv_cells,
    refuse_repeated,
    refuse_silence,
    table_under_header,
    years,
)

COLUMNS = ("countryname", "iso", "year", "tier")
FACTBOOK_COLUMNS = ("gec_code", "tip_report_year", "tier")
NOT_PLACED = "NA"
TIERS = {"Tier 1": 1.0, "Tier 2": 2.0, "Watchlist": 2.5, "Tier 3": 3.0}
"""Tiers as printed -> values; the Watch List of Tier 2 lies between Tier 2 and Tier 3."""
FACTBOOK_TIERS = {"2WL": 2.5, "3": 3.0}
OWN_CODES = {"KOS": KOSOVO}

NOT_A_COUNTRY = {
    "categories": "a summary of the world",
    "xx": "a summary of the world",
}
_GEC = """
    aa ABW ac ATG af AFG ag DZA aj AZE am ARM ao AGO ba BHR bb BRB bc BWA bh BLZ bk BIH bl BOL
    bm MMR bn BEN bo BLR bp SLB br BRA bt BTN bu BGR bx BRN by BDI cb KHM cd TCD ce LKA cf COG
    cg COD ch CHN cm CMR cn COM cs CRI ct CAF cu CUB cv CPV cy CYP dj DJI dr DOM eg EGY ei IRL
    ek GNQ er ERI es SLV et ETH fj FJI ga GMB gb GAB gh GHA gv GIN gy GUY ha HTI hk HKG id IDN
    ir IRN iz IRQ jm JAM jo JOR ke KEN kg KGZ kn PRK ku KWT kz KAZ la LAO le LBN li LBR lt LSO
    ly LBY ma MDG mc MAC mj MNE ml MLI mo MAR mp MUS mr MRT mt MLT mv MDV my MYS mz MOZ ng NER
    nh VUT ni NGA nn SXM np NPL ns SUR nu NIC od SSD pk PAK pm PAN pp PNG ps PLW pu GNB qa QAT
    ri SRB rm MHL ro ROU rs RUS rw RWA sa SAU se SYC sf ZAF sg SEN st LCA su SDN sy SYR td TTO
    th THA ti TJK tn TON ts TUN tt TLS tx TKM tz TZA uc CUW ug UGA up UKR uv BFA uy URY uz UZB
    vc VCT ve VEN vm VNM wa NAM wz SWZ ym YEM za ZMB zi ZWE
"""
IDS_BY_GEC = dict(zip(_GEC.split()[::2], _GEC.split()[1::2], strict=True))
"""Reviewed: codes of the World Factbook (GEC, no ISO codes) -> ids, checked against its texts.

Many mean another country in ISO 3166-1: `ch` is China, `ng` Niger, `ni` Nigeria, `gb` Gabon."""


class TipTiers(Importer):
    """Reads one of the two tables; which one is told by its header."""

    id = "tip_tiers"
    title = "Trafficking in Persons Report, tiers (csv)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "65909a7bd4053b8947a3b54c9c2d7619d0af708189e4fe5c1ac02ba770a8af75": Edition(
            name="tiers 2001-2015",
            dataset_id="tip_tiers",
            facts={
                "published rows": 3_208,
                "places": 193,
                "first year": 2001,
                "last year": 2015,
                "not reported": 582,
                "in Tier 1": 387,
                "in Tier 2": 1_113,
                "in Watchlist": 494,
                "in Tier 3": 257,
            },
            figures=(
                Figure("indicators", {"jurisdiction_id": "ROU", "year": 2001}, "value", 3),
                Figure("indicators", {"jurisdiction_id": "SWE", "year": 2010}, "value", 1),
                Figure("indicators", {"jurisdiction_id": "MYS", "year": 2015}, "value", 2.5),
                Figure("indicators", {"jurisdiction_id": "XKX", "year": 2009}, "value", 2),
            ),
            caveats=(
                "The United States are not in the file; the report has given itself a tier since "
                "2010. South Korea has no tier before 2010, and Timor-Leste none before 2012.",
                "Serbia and Montenegro both carry the tier of their common state for the years "
                "before 2006.",
            ),
        ),
        "77fa881c0268326c3bdd1b0ae620901aa16aa8c6b9eca7bf7bb1fcdc160a3557": Edition(
            name="World Factbook 2013-2025",
            dataset_id="tip_tiers_factbook",
            facts={
                "published rows": 410,
                "places": 123,
                "first year": 2013,
                "last year": 2025,
                "not reported": 0,
                "in Tier 1": 0,
                "in Tier 2": 0,
                "in Watchlist": 243,
                "in Tier 3": 149,
                "rows left out": 18,
            },
            figures=(
                Figure("indicators", {"jurisdiction_id": "NER", "year": 2024}, "value", 2.5),
                Figure("indicators", {"jurisdiction_id": "CHN", "year": 2020}, "value", 3),
                Figure("indicators", {"jurisdiction_id": "RUS", "year": 2022}, "value", 3),
            ),
            caveats=("Years are missing altogether: 2016 to 2019, and 2021.",),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        cells = read_csv_cells(path)
        header = {cell.strip() for cell in next(iter(cells.values()), [])}
        if "gec_code" in header:
            return self._read_factbook(
                path, table_under_header(cells, path, FACTBOOK_COLUMNS).frame
            )
        return self._read_tiers(path, table_under_header(cells, path, COLUMNS).frame)

    def _read_tiers(self, path: Path, frame: pd.DataFrame) -> Import:
        findings = Findings(path.name)
        rows = _tiers_of_countries(frame, findings)
        findings.raise_errors()
        table = scored(years_asked(rows))
        facts = _facts(frame, table)
        descriptor = _tiers_descriptor(path, facts, self.edition(path))
        notices = tuple(findings.notices)
        return Import(self.id, "tip_tiers", {"indicators": table}, facts, notices, descriptor)

    def _read_factbook(self, path: Path, frame: pd.DataFrame) -> Import:
        findings = Findings(path.name)
        rows = _tiers_of_the_factbook(frame, findings)
        findings.raise_errors()
        table = scored(rows)
        facts = {**_facts(frame, table), "rows left out": len(frame) - len(rows)}
        descriptor = _factbook_descriptor(path, facts, self.edition(path))
        notices = tuple(findings.notices)
        return Import(
            self.id, "tip_tiers_factbook", {"indicators": table}, facts, notices, descriptor
        )


def _tiers_of_countries(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    place = countries_of_names(frame["countryname"], findings, "countryname", {})
    refuse_other_codes(place, frame["iso"], findings, "iso", OWN_CODES)
    labels = {label: str(value) for label, value in TIERS.items()} | {NOT_PLACED: ""}
    rows = pd.DataFrame(
        {
            "jurisdiction_id": place,
            "year": years(frame["year"], findings, "year"),
            "indicator": "tip_tier",
            "value": pd.to_numeric(mapped_labels(frame["tier"], labels, findings, "tier")),
        }
    )
    keys = rows.loc[place.notna(), ["jurisdiction_id", "year"]]
    refuse_repeated(keys, findings, "countryname", "country and year")
    refuse_silence(frame["tier"].str.strip() != NOT_PLACED, findings, "tier", ", ".join(TIERS))
    return rows


def _tiers_of_the_factbook(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    code, year = frame["gec_code"].str.strip(), frame["tip_report_year"].str.strip()
    for row in frame.index[code.isin(list(NOT_A_COUNTRY))]:
        what = NOT_A_COUNTRY[code[row]]
        findings.notice(f"The row is left out: {what}.", int(str(row)), "gec_code", code[row])
    placed = ~code.isin(list(NOT_A_COUNTRY))
    for row in frame.index[placed & (year == "")]:
        message = "The row is left out: its text names no year of the report."
        findings.notice(message, int(str(row)), "gec_code", code[row])
    refuse_silence(placed & (year != ""), findings, "tip_report_year", "a country with a year")
    kept = frame[placed & (year != "")]
    labels = {label: str(value) for label, value in FACTBOOK_TIERS.items()}
    rows = pd.DataFrame(
        {
            "jurisdiction_id": mapped_labels(kept["gec_code"], IDS_BY_GEC, findings, "gec_code"),
            "year": years(kept["tip_report_year"], findings, "tip_report_year"),
            "indicator": "tip_tier_factbook",
            "value": pd.to_numeric(mapped_labels(kept["tier"], labels, findings, "tier")),
        }
    )
    keys = rows.loc[rows["jurisdiction_id"].notna(), ["jurisdiction_id", "year"]]
    refuse_repeated(keys, findings, "gec_code", "country and year")
    return rows


def _facts(frame: pd.DataFrame, table: pd.DataFrame) -> dict[str, int]:
    tiers = table["value"].value_counts()
    return {
        "published rows": len(frame),
        "places": table["jurisdiction_id"].nunique(),
        "first year": int(table["year"].min()),
        "last year": int(table["year"].max()),
        "not reported": int(table["value"].isna().sum()),
        **{f"in {label}": int(tiers.get(value, 0)) for label, value in TIERS.items()},
    }


def _tiers_descriptor(
    path: Path, facts: Mapping[str, int], edition: Edition | None
) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return {
        "title": f"Trafficking in Persons Report: tiers, {span}",
        "publisher": "US Department of State, Office to Monitor and Combat Trafficking in Persons; "
        "compiled by Kelley and Heiss",
        "edition": f"tiers {span}",
        "published": None,
        "licence": "MIT",
        "terms_url": None,
        "citation": f"US Department of State, Trafficking in Persons Report, {span}; tiers as "
        "compiled by Kelley and Heiss.",
        "retrieved": "file supplied to the project",
        "source_file": path.name,
        "sha256": sha256_of(path),
        "importer": TipTiers.id,
        "method": "none; Tier 1, 2 and 3 are stored as 1, 2 and 3, the Watch List of Tier 2 as 2.5",
        "caveats": [
            "The tier is a judgement of the US State Department about what a government does. It "
            "is no count, and other countries' interests can weigh in it.",
            "The year is that of the report, which mostly describes the twelve months before it.",
            f"{facts['not reported']} places and years have no tier in the file. It does not say "
            "why: the report left the country out, called it a special case, or the compiler did "
            "not find the tier.",
            "2.5 is an order, not a distance: the Watch List is worse than Tier 2 and better than "
            "Tier 3, and nothing says by how much.",
            *(edition.caveats if edition else ()),
        ],
        "columns": column_block(INDICATOR_DEFINITIONS),
        "notes": {},
    }


def _factbook_descriptor(
    path: Path, facts: Mapping[str, int], edition: Edition | None
) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return {
        "title": f"World Factbook: Tier 2 Watch List and Tier 3, some years of {span}",
        "publisher": "US Central Intelligence Agency, The World Factbook",
        "edition": f"Watch List and Tier 3, {span}, gathered from past versions of the Factbook",
        "published": None,
        "licence": "public domain (work of the US Government)",
        "terms_url": None,
        "citation": f"CIA, The World Factbook, entries on trafficking in persons, {span}.",
        "retrieved": "file supplied to the project",
        "source_file": path.name,
        "sha256": sha256_of(path),
        "importer": TipTiers.id,
        "method": "none; Tier 3 is stored as 3, the Watch List of Tier 2 as 2.5",
        "caveats": [
            "The list is not complete and holds the Watch List and Tier 3 alone. A place that is "
            "not in it has no row: its absence says nothing about its tier.",
            "The year is that of the Trafficking in Persons Report that the entry names.",
            f"{facts['rows left out']} rows are left out: entries that name no year, and summaries "
            "of the world.",
            *(edition.caveats if edition else ()),
        ],
        "columns": column_block(INDICATOR_DEFINITIONS),
        "notes": {},
    }
