"""Walk Free, Global Slavery Index 2023: estimated number of people in modern slavery, as a band."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pandas as pd

from gapatlas.importers.base import (
    CENSORED,
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
    decimals,
    integers,
    read_csv_cells,
    refuse_negative,
    refuse_repeated,
    table_under_header,
)

COUNTRY = "Country"
PER_THOUSAND = "Estimated prevalence of modern slavery per 1,000 population"
PEOPLE = "Estimated number of people in modern slavery"
COLUMNS = (COUNTRY, PER_THOUSAND, PEOPLE)
YEAR = 2021
"""Walk Free's estimates are of any one day of this year; the file does not print it."""
WIDTH = 2.0
"""The band of this project: from the printed figure divided by this to the figure times this."""
NO_ESTIMATE = "zero_without_rate"


class WalkFree(Importer):
    """Reads the number of people and makes it a band; a zero without a rate is no estimate."""

    id = "walk_free"
    title = "Walk Free, Global Slavery Index (csv)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "878c79401293ae8539d1d9f49721f6864779b59f9ac092c9fb77f0a804839a8e": Edition(
            name="Global Slavery Index 2023, re-typed",
            dataset_id="walk_free",
            facts={
                "published rows": 180,
                "places": 180,
                "year": 2021,
                "bands": 160,
                "not reported": 20,
                "people printed": 49_630_000,
            },
            figures=(
                Figure("indicators", {"jurisdiction_id": "ROU"}, "low", 72_500),
                Figure("indicators", {"jurisdiction_id": "ROU"}, "high", 290_000),
                Figure("indicators", {"jurisdiction_id": "BHS"}, "low", None),
            ),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        frame = table_under_header(read_csv_cells(path), path, COLUMNS).frame
        findings = Findings(path.name)
        rows = _read_rows(frame, findings)
        findings.raise_errors()
        table = _bands(rows)
        facts = {
            "published rows": len(frame),
            "places": table["jurisdiction_id"].nunique(),
            "year": YEAR,
            "bands": int((table["status"] == CENSORED).sum()),
            "not reported": int((table["status"] == NOT_REPORTED).sum()),
            "people printed": int(rows["people"].sum()),
        }
        descriptor = _descriptor(path, facts)
        notices = tuple(findings.notices)
        return Import(self.id, "walk_free", {"indicators": table}, facts, notices, descriptor)


def _read_rows(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """jurisdiction_id and people, missing where the file prints 0 and no rate."""
    place = countries_of_names(frame[COUNTRY], findings, COUNTRY, {})
    refuse_repeated(pd.DataFrame({COUNTRY: place.dropna()}), findings, COUNTRY, "country")
    rate = decimals(frame[PER_THOUSAND], findings, PER_THOUSAND, ("",))
    people = integers(frame[PEOPLE], findings, PEOPLE)
    refuse_negative(people, findings, PEOPLE, "number of people")
    _refuse_half(rate, people, findings)
    return pd.DataFrame({"jurisdiction_id": place, "people": people.where(rate.notna())})


def _refuse_half(rate: pd.Series, people: pd.Series, findings: Findings) -> None:
    counted = (people > 0).fillna(False)
    for row in people.index[people.notna() & (counted != rate.notna())]:
        findings.error(
            "The number of people and the rate do not go together.",
            int(str(row)),
            PEOPLE,
            f"{people[row]} people and {'a' if pd.notna(rate[row]) else 'no'} rate",
            "a number above 0 with a rate, or 0 without one",
        )


def _bands(rows: pd.DataFrame) -> pd.DataFrame:
    known = rows["people"].notna()
    people = rows["people"].astype("Float64")
    return indicator_table(
        rows.assign(
            year=YEAR,
            indicator="walk_free_victims",
            value=None,
            low=people / WIDTH,
            high=people * WIDTH,
            status=pd.Series(CENSORED, index=rows.index).where(known, NOT_REPORTED),
            note=pd.Series("", index=rows.index).where(known, NO_ESTIMATE),
        )
    )


def _descriptor(path: Path, facts: Mapping[str, int]) -> dict[str, object]:
    return {
        "title": f"Walk Free: people in modern slavery, {YEAR}, as bands",
        "publisher": "Walk Free",
        "edition": "Global Slavery Index 2023, re-typed",
        "published": 2023,
        "licence": "terms not verified",
        "terms_url": None,
        "citation": "Walk Free, Global Slavery Index 2023.",
        "retrieved": "file supplied to the project; re-typed by a third party",
        "source_file": path.name,
        "sha256": sha256_of(path),
        "importer": WalkFree.id,
        "method": "each printed number becomes a band, from half of it to twice it; the band is "
        "this project's and no confidence interval",
        "caveats": [
            "The band is this project's, not the publisher's. The re-typed file prints one number "
            "per country and no interval; half to twice is our judgement of how rough such a "
            "number is, and the truth may lie outside.",
            "Modern slavery is wider than trafficking: it includes forced marriage and all forced "
            "labour, also what no law on trafficking covers.",
            f"It is a stock: the people in it on any one day of {YEAR}. Victims detected are a "
            "flow: those found within a year. One divided by the other is no share.",
            "For many countries the number comes from a model of risks and of surveys in other "
            "countries, not from a survey of their own.",
            f"{facts['not reported']} countries have no estimate. The file prints 0 beside an "
            "empty rate; that is not a zero.",
            "Numbers are rounded to thousands.",
        ],
        "columns": column_block(INDICATOR_DEFINITIONS),
        "notes": {NO_ESTIMATE: "the file prints 0 people and no rate: there is no estimate"},
    }
