"""US federal trafficking defendants as protected counts of cases: place, year, charge, victims.

It reads the file that `us_defendants` reads, through the same gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pandas as pd

from gapatlas.config.schema import CASE_COUNT_COLUMNS, CASE_COUNT_KEY
from gapatlas.config.vocabulary import EVERYBODY
from gapatlas.importers.base import Edition, Figure, Import, Importer, column_block, sha256_of
from gapatlas.importers.us_persons import (
    CHARGES,
    RULES,
    SPLITS,
    ProtectedPersons,
    descriptor_of,
    read_protected,
)
from gapatlas.protection import ALL, SHOWN, WITHHELD

CASE_COUNT_DEFINITIONS: Mapping[str, tuple[str, str | None]] = {
    "split": ("what the persons are grouped by; none: everybody", None),
    "value": ("the group; all where everybody is counted", None),
    "outcome": (
        "how the case against a person ended; all: everybody charged; dismissed: all that is "
        "known is counts dropped; open: pending, or no outcome recorded",
        None,
    ),
    "persons": ("persons charged, rounded; empty where withheld", "persons"),
    "low": ("least number of persons that the figure can stand for", "persons"),
    "high": ("greatest number of persons that the figure can stand for", "persons"),
    "status": ("shown or withheld", None),
}


class UsCases(Importer):
    """Reads persons charged in federal courts into protected counts of cases."""

    id = "us_cases"
    title = "HumanTraffickingData.org, US federal defendants, as counts of cases (csv, coarsened)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "64104d848943f0deffd02043cf5b2231bd07c67425d17ec13a445cabef3a9714": Edition(
            name="federal defendants 2000-2016",
            dataset_id="us_federal_cases",
            facts={
                "first year": 2000,
                "last year": 2016,
                "persons, rounded": 1_760,
                "figures published": 150,
                "figures withheld": 247,
            },
            figures=(
                Figure(
                    "case_counts",
                    {"split": EVERYBODY, "value": ALL, "outcome": ALL},
                    "persons",
                    1_760,
                ),
            ),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        sha = sha256_of(path)
        persons = read_protected(path)
        table = _case_counts(persons)
        shown = table["status"] == SHOWN
        facts = {
            "first year": persons.period[0],
            "last year": persons.period[1],
            "persons, rounded": persons.persons,
            "figures published": int(shown.sum()),
            "figures withheld": int((~shown).sum()),
        }
        return Import(
            self.id,
            "us_federal_cases",
            {"case_counts": table},
            facts,
            persons.notices,
            _descriptor(path, sha, facts),
        )


def _case_counts(persons: ProtectedPersons) -> pd.DataFrame:
    """Every figure once: totals stand under the split `none` and not under each split again."""
    parts = [_total(persons)]
    for split in SPLITS:
        groups = persons.split(split)
        parts.append(groups[groups["value"] != ALL].assign(split=split))
    table = pd.concat(parts)[list(CASE_COUNT_COLUMNS)].sort_values(list(CASE_COUNT_KEY))
    return table.astype(dict.fromkeys(("persons", "low", "high"), "Int64")).reset_index(drop=True)


def _total(persons: ProtectedPersons) -> pd.DataFrame:
    everybody = persons.split(SPLITS[0])
    guilty = persons.guilty.rename_axis("outcome").rename("persons").reset_index()
    guilty = guilty.assign(
        value=ALL,
        low=guilty["persons"] - RULES.base // 2,
        high=RULES.greatest(guilty["persons"]),
        status=guilty["persons"].notna().map({True: SHOWN, False: WITHHELD}),
    )
    return pd.concat([everybody[everybody["value"] == ALL], guilty]).assign(split=EVERYBODY)


def _descriptor(path: Path, sha: str, facts: dict[str, int]) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return descriptor_of(
        path,
        sha,
        facts,
        title=f"Trafficking cases in US federal courts: persons charged, {span}",
        importer=UsCases.id,
        method=f"counts below {RULES.threshold} are withheld, the others rounded to the nearest "
        f"{RULES.base} and given as a range; more are withheld where other figures, those of "
        "us_federal_defendants included, would give one away",
        caveats=[
            "The source does not say which evidence there was or how a person was defended.",
            "The year is the one in which the case began.",
            "A person is guilty if found or pleading guilty on any count; else acquitted if found "
            "not guilty on any; else dismissed if all that is known is counts dropped. Who was "
            "found guilty at trial on any count stands under trial, the other guilty under plea.",
            "Open: pending, or the file tells no outcome for any count. That is not an acquittal.",
            "The charge is read from the column statutes_sentenced: the statutes of the sentence. "
            "The file has them for persons whose charges were dropped too. Of several statutes "
            f"the first in this order counts: {', '.join(CHARGES)}. Where the column is blank the "
            "charge is unknown.",
            "The file holds cases under other statutes than those on trafficking, such as "
            "racketeering.",
            "Victims is a band of how many the case had. Where the file says 0 or nothing, it is "
            "unknown: 0 can mean that none was recorded.",
            "The file is a collection from court records, not a complete register.",
            "Persons whose state is not known count in the totals alone, and so do those whose "
            "year is not.",
            f"{facts['figures withheld']} figures are withheld. Withheld is not zero.",
        ],
        columns=column_block(CASE_COUNT_DEFINITIONS),
    )
