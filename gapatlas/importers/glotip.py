"""UNODC Global Report on Trafficking in Persons: the published xlsx of counts.

Layout: a stamp (publisher, date) over a header row; one row for each count, with the labels
Indicator, Dimension, Category, Sex, Age and Year, and the count as text. Counts under 5 are
printed as `<5`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pandas as pd

from gapatlas.importers.base import (
    CENSORED,
    EXACT,
    FLOW_DEFINITIONS,
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
from gapatlas.importers.citizenships import (
    FLOW_NOTES,
    SUM_PRINTED_AS_LABEL,
    flow_facts,
    flow_table,
    unmatched_words,
)
from gapatlas.importers.countries import SARK, is_country_code
from gapatlas.importers.tables import (
    Findings,
    PublishedTable,
    integers,
    mapped_labels,
    read_xlsx_cells,
    refuse_negative,
    table_under_header,
    years,
)

SHEET_PREFIX = "data_glotip"
COLUMNS = (
    "Iso3_code",
    "Country",
    "Indicator",
    "Dimension",
    "Category",
    "Sex",
    "Age",
    "Year",
    "Unit of measurement",
    "txtVALUE",
)
STAGE_AND_UNIT = {
    "Detected trafficking victims": ("detected", "victims"),
    "Persons brought into formal contact": ("suspected", "persons"),
    "Offences of trafficking in persons": ("suspected", "offences"),
    "Persons prosecuted": ("prosecuted", "persons"),
    "Persons convicted": ("convicted", "persons"),
}
DIMENSIONS = {
    "Total": TOTAL,
    "by form of exploitation": "exploitation",
    "by citizenship": "citizenship",
    "by country of repatriation": "repatriation",
}
FORMS = {
    "Sexual exploitation": "sexual",
    "Forced labour": "forced_labour",
    "Other forms of exploitation": "other",
}
SEXES = {"Total": TOTAL, "Female": "female", "Male": "male", "Other": "other", "Unknown": "unknown"}
AGES = {"Total": TOTAL, "0 to 17 years": "child", "18 years or over": "adult", "Unknown": "unknown"}
UNITS = {"Counts": "counts"}
PLACES_WITHOUT_ISO_CODE = {"Sark": SARK}
"""Reviewed: rows with a blank Iso3_code, by the printed name of the country."""

DETECTED: dict[str, str | int] = {"stage": "detected", "unit": "victims"}
UNSPECIFIED = "unspecified"
QUESTIONNAIRE_CODE = "questionnaire_code"
YEAR_AS_COUNT = "year_as_count"
IMPLAUSIBLE_COUNT = 1_000_000
_CENSORED = re.compile(r"<\s*(\d+)")
_QUESTIONNAIRE_CODE = re.compile(r"[1-9][1-9][1-9]\d?((?:19|20)\d\d)")


def _victims(place: str, year: int, origin: str, count: int) -> Figure:
    """The printed count of victims of one citizenship."""
    labels = {**DETECTED, "jurisdiction_id": place, "year": year, "origin_id": origin}
    return Figure("flows", labels, "count_low", count)


class Glotip(Importer):
    """Reads the UNODC GLOTIP workbook into interval counts."""

    id = "glotip"
    title = "UNODC Global Report on Trafficking in Persons (xlsx)"

    def read(self, path: Path) -> Import:
        """Read the workbook. Raises ImportLayoutError that lists every failure with its row."""
        sha = sha256_of(path)
        published = table_under_header(read_xlsx_cells(path, SHEET_PREFIX), path, COLUMNS)
        findings = Findings(path.name)
        rows = _read_rows(published.frame, findings)
        findings.raise_errors()
        rows = _set_aside_codes(rows, findings)
        _note_odd_rows(rows, findings)
        places = sorted(set(rows["jurisdiction_id"]))
        printed = rows.drop(columns=["blank_iso"])
        everything = pd.concat([printed, not_reported_rows(printed, places)], ignore_index=True)
        observations = observation_table(everything.astype({"note": "str"}))
        flows = flow_table(rows, findings)
        facts = {**_facts(rows, observations), **flow_facts(flows, rows)}
        caveats = [*_caveats(facts), *_flow_caveats(flows, facts)]
        if edition := self.editions.get(sha):
            caveats += edition.caveats
        descriptor = _descriptor(path, sha, _stamp(published), facts, caveats)
        return Import(
            self.id,
            "unodc_glotip",
            {"observations": observations, "flows": flows},
            facts,
            tuple(findings.notices),
            descriptor,
        )

    editions: ClassVar[Mapping[str, Edition]] = {
        "24c34b95dfefb520445ef0f8d039727cad6febf0ab36807d5fc0aeee128c413e": Edition(
            name="GLOTIP stamped 14/04/2025",
            dataset_id="unodc_glotip",
            facts={
                "published rows": 58_769,
                "places": 199,
                "places with an ISO code": 198,
                "rows without an ISO code": 26,
                "first year": 2003,
                "last year": 2022,
                "rows printed under the labels of another": 1_216,
                "questionnaire codes set aside": 128,
                "years printed as counts set aside": 4,
                "total rows": 7_203,
                "total rows censored": 1_684,
                "place-years prosecuted and convicted": 1_376,
                "places prosecuted and convicted": 165,
                "place-years prosecuted and convicted, both exact": 781,
                "places prosecuted and convicted, both exact": 121,
                "exact place-years convicted above prosecuted": 103,
                "place-years detected": 1_662,
                "places detected": 169,
                "place-years detected, prosecuted and convicted": 1_159,
                "places detected, prosecuted and convicted": 153,
                "convicted place-years with exact total, female and male": 145,
                "of these, sexes that do not add to the total": 40,
                "citizenship rows": 10_093,
                "citizenship labels": 698,
                "citizenship rows of another place": 8_495,
                "citizenship rows of own nationals": 1_170,
                "citizenship rows of several places": 54,
                "citizenship rows without citizenship": 230,
                "citizenship rows with a count and no match": 19,
                "persons in these, at most": 743,
                "citizenship labels with a count and no match": 7,
                "sums printed as a citizenship": 7,
                "citizenships printed under two labels": 4,
                "place-years whose citizenships exceed the total": 109,
            },
            figures=(
                Figure(
                    "observations",
                    {
                        "jurisdiction_id": "DEU",
                        "year": 2021,
                        "stage": "detected",
                        "sex": TOTAL,
                        "age": TOTAL,
                        "dimension": TOTAL,
                    },
                    "count_high",
                    564,
                ),
                Figure(
                    "observations",
                    {
                        "jurisdiction_id": "DEU",
                        "year": 2022,
                        "stage": "detected",
                        "sex": TOTAL,
                        "age": TOTAL,
                        "dimension": TOTAL,
                    },
                    "count_high",
                    4,
                ),
                Figure(
                    "observations",
                    {
                        "jurisdiction_id": "USA",
                        "year": 2015,
                        "stage": "convicted",
                        "sex": TOTAL,
                        "age": TOTAL,
                        "dimension": TOTAL,
                    },
                    "count_low",
                    297,
                ),
                Figure(
                    "observations",
                    {
                        "jurisdiction_id": "USA",
                        "year": 2016,
                        "stage": "convicted",
                        "sex": TOTAL,
                        "age": TOTAL,
                        "dimension": TOTAL,
                    },
                    "count_low",
                    297,
                ),
                _victims("GBR", 2022, "ALB", 4_659),
                _victims("GBR", 2022, "VNM", 768),
                _victims("USA", 2022, "MEX", 954),
                _victims("USA", 2022, "USA", 10_422),
                _victims("DEU", 2021, "ROU", 111),
                _victims("THA", 2019, "MMR", 1_150),
                Figure(
                    "flows",
                    {**DETECTED, "jurisdiction_id": "BOL", "year": 2022, "label": "TOTAL"},
                    "note",
                    SUM_PRINTED_AS_LABEL,
                ),
            ),
            caveats=(
                "Germany prints <5 detected victims for 2022 after 564 for 2021, which may "
                "be a gap in reporting.",
                "The United States print 297 persons convicted for 2016, the same as for 2015.",
                "Mexico prints 2,015 detected victims for 2015, a figure that equals its year and "
                "may be an error.",
                "The United States print 70 and 98 victims from the Maldives and 61 twice from "
                "Saint Vincent and the Grenadines (2015-2016), then 213 and 203 from Botswana and "
                "196 and 197 from Hong Kong (2017-2018), and none of these in years before or "
                "after: the labels may be an error of the form.",
            ),
        ),
    }


def _read_rows(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Published rows -> observation columns (without part), indexed by row of the file."""
    indicator = frame["Indicator"].str.strip()
    stage = {label: stage for label, (stage, _) in STAGE_AND_UNIT.items()}
    unit = {label: unit for label, (_, unit) in STAGE_AND_UNIT.items()}
    mapped_labels(frame["Unit of measurement"], UNITS, findings, "Unit of measurement")
    dimension = mapped_labels(frame["Dimension"], DIMENSIONS, findings, "Dimension")
    rows = pd.DataFrame(
        {
            "jurisdiction_id": _place_ids(frame, findings),
            "year": years(frame["Year"], findings, "Year"),
            "stage": mapped_labels(indicator, stage, findings, "Indicator"),
            "unit": indicator.map(unit),
            "sex": mapped_labels(frame["Sex"], SEXES, findings, "Sex"),
            "age": mapped_labels(frame["Age"], AGES, findings, "Age"),
            "dimension": dimension,
            "category": _categories(frame["Category"], dimension, findings),
            "blank_iso": frame["Iso3_code"].str.strip() == "",
        }
    )
    return rows.join(_intervals(frame["txtVALUE"], findings)).assign(note="")


def _place_ids(frame: pd.DataFrame, findings: Findings) -> pd.Series:
    """ISO code as printed; own code where the code is blank and the name is a known exception."""
    code, name = frame["Iso3_code"].str.strip(), frame["Country"].str.strip()
    ids = code.where(code != "", name.map(PLACES_WITHOUT_ISO_CODE))
    wrong = ids[~ids.fillna("").map(lambda i: is_country_code(i) or i == SARK)]
    for row in wrong.index:
        if (code[row], name[row]) in {(code[r], name[r]) for r in wrong.index if r < row}:
            continue
        findings.error(
            "The place is not known.",
            int(row),
            "Iso3_code",
            f"{code[row] or 'an empty cell'} ({name[row]})",
            "an ISO 3166-1 alpha-3 code, or an empty cell for "
            + ", ".join(PLACES_WITHOUT_ISO_CODE),
        )
    return ids


def _categories(published: pd.Series, dimension: pd.Series, findings: Findings) -> pd.Series:
    """Category as published, white space stripped; forms of exploitation get their codes."""
    category = published.str.strip().replace({"": UNSPECIFIED})
    whole, form = dimension == TOTAL, dimension == "exploitation"
    category[whole] = mapped_labels(published[whole], {"Total": TOTAL}, findings, "Category")
    category[form] = mapped_labels(published[form], FORMS, findings, "Category")
    return category


def _intervals(values: pd.Series, findings: Findings) -> pd.DataFrame:
    """Counts as intervals. `<5` is 0 to 4, or 1 to 4 in an edition that prints zeros itself."""
    text = values.str.strip()
    bound = text.str.extract(f"^{_CENSORED.pattern}$", expand=False)
    censored = bound.notna()
    exact = integers(text[~censored], findings, "txtVALUE").reindex(text.index)
    refuse_negative(exact, findings, "txtVALUE")
    least = 1 if (exact == 0).any() else 0
    high = exact.fillna(pd.to_numeric(bound).astype("Int64") - 1)
    status = pd.Series(EXACT, index=text.index).where(~censored, CENSORED)
    low = exact.where(~censored, least).astype("Int64")
    return pd.DataFrame({"count_low": low, "count_high": high, "status": status})


def _set_aside_codes(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Turn figures that are not counts into `not_reported`, with a note and a notice each."""
    codes = _is_questionnaire_code(rows)
    pasted_years = _is_year_as_count(rows)
    for mask, note, what in (
        (codes, QUESTIONNAIRE_CODE, "The figure is a field code of the questionnaire"),
        (pasted_years, YEAR_AS_COUNT, "The figure repeats the year, year after year"),
    ):
        for row, value in rows.loc[mask, "count_low"].items():
            findings.notice(f"{what}; kept as not reported.", int(str(row)), "txtVALUE", str(value))
        rows.loc[mask, ["count_low", "count_high"]] = pd.NA
        rows.loc[mask, "status"] = NOT_REPORTED
        rows.loc[mask, "note"] = note
    return rows


def _is_questionnaire_code(rows: pd.DataFrame) -> pd.Series:
    """Breakdown figures made of question, item and year: `Q6.1_10s_2019` -> 61 10 2019.

    The questionnaire names its cells `Q<question>_<item>_<year>`. Pasted into a number, such a
    name becomes two digits, one or two digits and a year that the publication spans, seven or
    eight digits in all. A count of that size in one citizenship would be above a million.
    """
    breakdown = ~rows["dimension"].isin([TOTAL, "exploitation"])
    year = rows["count_low"].astype("str").str.extract(f"^{_QUESTIONNAIRE_CODE.pattern}$")[0]
    spanned = pd.to_numeric(year).between(rows["year"].min(), rows["year"].max())
    return breakdown & (rows["status"] == EXACT) & spanned


def _is_year_as_count(rows: pd.DataFrame) -> pd.Series:
    """Figures that equal their own year in two or more years under the same labels.

    Once may be chance (Mexico printed 2,015 detected victims in 2015); twice is not.
    """
    labels = ["jurisdiction_id", "stage", "unit", "sex", "age", "dimension", "category"]
    equal = (rows["count_low"] == rows["year"]).fillna(False) & (rows["status"] == EXACT)
    years_equal = rows.assign(equal_year=rows["year"].where(equal))
    repeats = years_equal.groupby(labels)["equal_year"].transform("nunique")
    return equal & (repeats >= 2)


def _note_odd_rows(rows: pd.DataFrame, findings: Findings) -> None:
    """Notices for what is kept as published: own codes, repeated labels, odd figures."""
    own = rows[rows["blank_iso"]]
    if len(own):
        findings.notice(
            f"{len(own)} rows have no ISO code; they get an own code.",
            int(own.index[0]),
            "Iso3_code",
            ", ".join(sorted(set(own["jurisdiction_id"]))),
        )
    repeated = rows[_repeats_labels(rows)]
    if len(repeated):
        findings.notice(
            f"{len(repeated)} rows are printed under the very labels of another row; they are "
            "kept apart, numbered in column part.",
            int(repeated.index[0]),
        )
    damaged = rows[rows["category"].str.contains("\ufffd")]
    if len(damaged):
        findings.notice(
            f"{len(damaged)} labels carry a damaged letter; kept as published.",
            int(damaged.index[0]),
            "Category",
            damaged["category"].iloc[0],
        )
    odd = rows[
        (rows["status"] == EXACT)
        & (
            (rows["count_low"] == rows["year"]).fillna(False)
            | (rows["count_low"] >= IMPLAUSIBLE_COUNT).fillna(False)
        )
    ]
    for row, value in odd["count_low"].items():
        findings.notice(
            "The figure equals its year or is above a million; kept as published.",
            int(str(row)),
            "txtVALUE",
            str(value),
        )


def _repeats_labels(rows: pd.DataFrame) -> pd.Series:
    labels = ["jurisdiction_id", "year", "stage", "unit", "sex", "age", "dimension", "category"]
    return rows.duplicated(labels, keep=False)


def _stamp(published: PublishedTable) -> str | None:
    """Date printed over the header, as ISO date."""
    for row in published.preamble:
        for cell in row:
            if found := re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", cell.strip()):
                return "-".join(reversed(found.groups()))
    return None


def _facts(rows: pd.DataFrame, observations: pd.DataFrame) -> dict[str, int]:
    printed = totals(observations)
    printed = printed[printed["status"].isin([EXACT, CENSORED])]
    by_stage = printed[printed["unit"].isin(["victims", "persons"])].pivot(
        index=["jurisdiction_id", "year"], columns="stage", values=["status", "count_low"]
    )
    return {
        "published rows": len(rows),
        "places": rows["jurisdiction_id"].nunique(),
        "places with an ISO code": rows.loc[~rows["blank_iso"], "jurisdiction_id"].nunique(),
        "rows without an ISO code": int(rows["blank_iso"].sum()),
        "first year": int(rows["year"].min()),
        "last year": int(rows["year"].max()),
        "rows printed under the labels of another": int(_repeats_labels(rows).sum()),
        "questionnaire codes set aside": int((rows["note"] == QUESTIONNAIRE_CODE).sum()),
        "years printed as counts set aside": int((rows["note"] == YEAR_AS_COUNT).sum()),
        "total rows": len(printed),
        "total rows censored": int((printed["status"] == CENSORED).sum()),
        **_stage_facts(by_stage),
        **_sex_facts(observations),
        "rows added as not reported": len(observations) - len(rows),
    }


def _stage_facts(by_stage: pd.DataFrame) -> dict[str, int]:
    """Place-years in which stages are printed together, from a pivot (value, stage)."""
    stages = ("detected", "prosecuted", "convicted")
    wanted = pd.MultiIndex.from_product([["status", "count_low"], stages])
    whole = by_stage.reindex(columns=wanted)
    status = pd.DataFrame({stage: whole[("status", stage)] for stage in stages})
    low = pd.DataFrame({stage: whole[("count_low", stage)].astype("Int64") for stage in stages})
    both = status[["prosecuted", "convicted"]].notna().all(axis=1)
    exact = (status[["prosecuted", "convicted"]] == EXACT).all(axis=1)
    detected = status["detected"].notna()
    above = exact & (low["convicted"] > low["prosecuted"]).fillna(False)
    facts: dict[str, int] = {}
    for what, mask in (
        ("prosecuted and convicted", both),
        ("prosecuted and convicted, both exact", exact),
        ("detected", detected),
        ("detected, prosecuted and convicted", both & detected),
    ):
        facts[f"place-years {what}"] = int(mask.sum())
        facts[f"places {what}"] = by_stage.index[mask].get_level_values(0).nunique()
    return {**facts, "exact place-years convicted above prosecuted": int(above.sum())}


def _sex_facts(observations: pd.DataFrame) -> dict[str, int]:
    """Persons convicted: do the sexes add to the total where these are printed exactly?

    A sex printed twice counts with its first exact figure; `other` counts where it is exact.
    """
    rows = observations[
        (observations["stage"] == "convicted")
        & (observations["age"] == TOTAL)
        & (observations["dimension"] == TOTAL)
        & (observations["status"] == EXACT)
    ]
    first = rows.drop_duplicates(["jurisdiction_id", "year", "sex"])
    by_sex = first.pivot(index=["jurisdiction_id", "year"], columns="sex", values="count_low")
    by_sex = by_sex.reindex(columns=[TOTAL, "female", "male", "other"])
    complete = by_sex[by_sex[[TOTAL, "female", "male"]].notna().all(axis=1)].fillna(0)
    differs = complete[["female", "male", "other"]].sum(axis=1) != complete[TOTAL]
    return {
        "convicted place-years with exact total, female and male": len(complete),
        "of these, sexes that do not add to the total": int(differs.sum()),
    }


def _caveats(facts: dict[str, int]) -> list[str]:
    return [
        "A count printed as <5 is stored as 0 to 4 where the edition prints no zeros itself, "
        "because a zero may then be printed as <5 too.",
        "A place, year and stage that is not printed is not reported; it is not a zero.",
        "Detected victims measure what the authorities found, not how many victims there are.",
        "Persons convicted in a year were often prosecuted in an earlier one, so more people "
        "can be convicted than prosecuted.",
        "Female, male and other do not always add to the printed total.",
        f"{facts['rows printed under the labels of another']} rows are printed under the very "
        "labels of another row; column part numbers them, and they are never added up.",
        "Labels of citizenship and repatriation are as published, in several languages, some "
        "with damaged letters.",
    ]


def _flow_caveats(flows: pd.DataFrame, facts: dict[str, int]) -> list[str]:
    if flows.empty:
        return []
    rows = facts["citizenship rows with a count and no match"]
    most = facts["persons in these, at most"]
    above = facts["place-years whose citizenships exceed the total"]
    return [
        f"Citizenship, {rows} counts ({most} persons at most) carry a label that names no known "
        f"place: {unmatched_words(flows)}.",
        f"Citizenships add up to more than the printed total in {above} place-years, and often "
        "to less: they are kept as published, and never scaled.",
    ]


def _descriptor(
    path: Path, sha: str, stamp: str | None, facts: dict[str, int], caveats: list[str]
) -> dict[str, object]:
    date = stamp or "not stamped"
    span = f"{facts['first year']} to {facts['last year']}"
    return {
        "title": "Trafficking in persons: detected victims, prosecutions and convictions",
        "publisher": "United Nations Office on Drugs and Crime (UNODC)",
        "edition": f"GLOTIP data file stamped {date}, years {span}",
        "published": date,
        "licence": "terms not verified",
        "terms_url": None,
        "citation": "UNODC, Global Report on Trafficking in Persons (GLOTIP), data file "
        f"stamped {date}.",
        "retrieved": "file supplied to the project; layout of the publisher's download",
        "source_file": path.name,
        "sha256": sha,
        "importer": Glotip.id,
        "method": "counts under 5 are printed as <5",
        "caveats": caveats,
        "columns": column_block({**OBSERVATION_DEFINITIONS, **FLOW_DEFINITIONS}),
        "notes": {
            QUESTIONNAIRE_CODE: "the printed figure is a field code of the publisher's "
            "questionnaire (Q6.1_10s_2019 printed as 61,102,019), not a count",
            YEAR_AS_COUNT: "the printed figure is the year itself, in two or more years under "
            "the same labels, not a count",
            **FLOW_NOTES,
        },
    }
