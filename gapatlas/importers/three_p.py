"""3P anti-trafficking policy index: prosecution, protection and prevention, graded 1 to 5."""

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

PARTS = ("prosecution", "protection", "prevention")
COLUMNS = ("countryname", "iso", "year", "p", *PARTS)
NOT_GRADED = "NA"
GRADES = {str(grade): str(grade) for grade in range(1, 6)} | {NOT_GRADED: ""}
SUMS = {str(total): str(total) for total in range(3, 16)} | {NOT_GRADED: ""}
OWN_CODES = {"KOS": KOSOVO, NOT_GRADED: ""}


class ThreeP(Importer):
    """Reads the three grades; the printed sum of the three is checked, and not kept."""

    id = "three_p"
    title = "3P anti-trafficking policy index (csv)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "8931f83bbf3a8142805c1fd4c256000595fcd49643dcfcc3ace510cec9834c7b": Edition(
            name="3P index 2000-2014",
            dataset_id="three_p",
            facts={
                "published rows": 3_021,
                "places": 189,
                "places with a grade": 183,
                "first year": 2000,
                "last year": 2014,
                "not reported": 2_085,
                "grades of the last year": 3,
                "sum of prosecution": 7_524,
                "sum of protection": 5_848,
                "sum of prevention": 6_846,
            },
            figures=(
                Figure(
                    "indicators",
                    {"jurisdiction_id": "ROU", "year": 2013, "indicator": "three_p_prosecution"},
                    "value",
                    5,
                ),
                Figure(
                    "indicators",
                    {"jurisdiction_id": "ROU", "year": 2013, "indicator": "three_p_prevention"},
                    "value",
                    4,
                ),
                Figure(
                    "indicators",
                    {"jurisdiction_id": "ROU", "year": 2013, "indicator": "three_p_protection"},
                    "value",
                    3,
                ),
                Figure(
                    "indicators",
                    {"jurisdiction_id": "XKX", "year": 2002, "indicator": "three_p_prevention"},
                    "value",
                    None,
                ),
            ),
            caveats=(
                "2014 has the grades of one country, Timor-Leste: the last full year is 2013.",
                "Serbia is graded from 2000 on; until 2006 it was one state with Montenegro.",
            ),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        frame = table_under_header(read_csv_cells(path), path, COLUMNS).frame
        findings = Findings(path.name)
        rows = _read_rows(frame, findings)
        findings.raise_errors()
        table = scored(years_asked(rows))
        facts = _facts(frame, table)
        descriptor = _descriptor(path, facts, self.edition(path))
        notices = tuple(findings.notices)
        return Import(self.id, "three_p", {"indicators": table}, facts, notices, descriptor)


def _read_rows(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    place = countries_of_names(frame["countryname"], findings, "countryname", {})
    codes = frame["iso"].replace(NOT_GRADED, "")
    refuse_other_codes(place, codes, findings, "iso", OWN_CODES)
    keys = pd.DataFrame({"jurisdiction_id": place, "year": years(frame["year"], findings, "year")})
    refuse_repeated(keys[place.notna()], findings, "countryname", "country and year")
    grades = pd.DataFrame({part: _grades(frame[part], GRADES, findings) for part in PARTS})
    refuse_silence(grades.notna().any(axis=1), findings, ", ".join(PARTS), "grades from 1 to 5")
    _refuse_other_sums(grades, _grades(frame["p"], SUMS, findings), findings)
    return pd.concat(
        [keys.assign(indicator=f"three_p_{part}", value=grades[part]) for part in PARTS],
        ignore_index=True,
    )


def _grades(printed: pd.Series, allowed: Mapping[str, str], findings: Findings) -> pd.Series:
    labels = mapped_labels(printed, allowed, findings, str(printed.name))
    return pd.to_numeric(labels).astype("float64")


def _refuse_other_sums(grades: pd.DataFrame, printed: pd.Series, findings: Findings) -> None:
    """Hold the printed sums of rows with all three grades; others are sums of what is there."""
    total = grades.sum(axis=1, skipna=False)
    for row in grades.index[printed.notna() & total.notna() & (printed != total)]:
        findings.error(
            "The printed sum is not that of the three grades.",
            int(str(row)),
            "p",
            f"{printed[row]:g}",
            " + ".join(f"{grade:g}" for grade in grades.loc[row]),
        )


def _facts(frame: pd.DataFrame, table: pd.DataFrame) -> dict[str, int]:
    graded = table[table["value"].notna()]
    sums = graded.groupby("indicator")["value"].sum()
    return {
        "published rows": len(frame),
        "places": table["jurisdiction_id"].nunique(),
        "places with a grade": graded["jurisdiction_id"].nunique(),
        "first year": int(table["year"].min()),
        "last year": int(table["year"].max()),
        "not reported": len(table) - len(graded),
        "grades of the last year": int((graded["year"] == table["year"].max()).sum()),
        **{f"sum of {part}": int(sums.get(f"three_p_{part}", 0)) for part in PARTS},
    }


def _descriptor(path: Path, facts: Mapping[str, int], edition: Edition | None) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return {
        "title": f"3P anti-trafficking policy index, {span}",
        "publisher": "Cho, Dreher and Neumayer",
        "edition": f"3P index {span}",
        "published": None,
        "licence": "terms not verified",
        "terms_url": None,
        "citation": "Cho, S.-Y., Dreher, A. and Neumayer, E. (2014), Determinants of "
        "Anti-Trafficking Policies: Evidence from a New Index, Scandinavian Journal of Economics "
        "116(2), 429-454.",
        "retrieved": "file supplied to the project",
        "source_file": path.name,
        "sha256": sha256_of(path),
        "importer": ThreeP.id,
        "method": "none; grades are stored as printed",
        "caveats": [
            "Each grade, from 1 (does not comply) to 5 (complies fully), says how far a "
            "government's policy meets the UN protocol against trafficking. It was coded by hand, "
            "largely from the Trafficking in Persons Reports, so it is no independent witness of "
            "the tier.",
            "A law that is graded 5 can stand unused: the grade is of policy, not of cases.",
            f"The last year, {facts['last year']}, holds {facts['grades of the last year']} grades "
            "in all.",
            f"{facts['not reported']} grades are missing; the file does not say why.",
            *(edition.caveats if edition else ()),
        ],
        "columns": column_block(INDICATOR_DEFINITIONS),
        "notes": {},
    }
