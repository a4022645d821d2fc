"""US federal trafficking defendants as counts of the justice chain, by state and outcome."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pandas as pd

from gapatlas.importers.base import (
    CENSORED,
    OBSERVATION_DEFINITIONS,
    TOTAL,
    Edition,
    Figure,
    Import,
    Importer,
    column_block,
    observation_table,
    sha256_of,
)
from gapatlas.importers.us_persons import RULES, ProtectedPersons, descriptor_of, read_protected
from gapatlas.protection import ALL

SUPPRESSED = "suppressed"
NATION = "USA"
STAGES = {ALL: "prosecuted", "open": "outcome_unknown"}
"""Outcomes that the data model calls otherwise."""


class UsDefendants(Importer):
    """Reads persons charged in federal courts into protected counts of outcomes."""

    id = "us_defendants"
    title = "HumanTraffickingData.org, US federal defendants (csv, coarsened)"
    editions: ClassVar[Mapping[str, Edition]] = {
        "64104d848943f0deffd02043cf5b2231bd07c67425d17ec13a445cabef3a9714": Edition(
            name="federal defendants 2000-2016",
            dataset_id="us_federal_defendants",
            facts={
                "first year": 2000,
                "last year": 2016,
                "persons, rounded": 1_760,
                "places": 50,
                "figures published": 66,
                "figures withheld": 234,
            },
            figures=(
                Figure(
                    "observations",
                    {"jurisdiction_id": "USA", "stage": "convicted"},
                    "count_low",
                    1_043,
                ),
            ),
        ),
    }

    def read(self, path: Path) -> Import:
        """Read the file. Raises ImportLayoutError that lists every failure with its row."""
        sha = sha256_of(path)
        persons = read_protected(path)
        period = persons.period
        observations = observation_table(_observations(persons, period[1]))
        withheld = observations["status"] == SUPPRESSED
        facts = {
            "first year": period[0],
            "last year": period[1],
            "persons, rounded": persons.persons,
            "places": observations["jurisdiction_id"].nunique(),
            "figures published": int((~withheld).sum()),
            "figures withheld": int(withheld.sum()),
        }
        return Import(
            self.id,
            "us_federal_defendants",
            {"observations": observations},
            facts,
            persons.notices,
            _descriptor(path, sha, facts),
        )


def _observations(persons: ProtectedPersons, year: int) -> pd.DataFrame:
    """Published figures as ranges of the true count, withheld ones as suppressed."""
    figures = persons.split("place").pivot(index="value", columns="outcome", values="persons")
    wide = figures.rename(index={ALL: NATION}, columns=STAGES)
    low, high = wide - RULES.base // 2, wide + RULES.base // 2
    for bound in (low, high):
        # The sum of two published figures tells no more than the two do, and needs no audit.
        bound["trials_completed"] = bound["convicted"] + bound["acquitted"]
    long = _long(low, "count_low").merge(_long(high, "count_high"))
    reported = long["count_low"].notna()
    return long.assign(
        year=year,
        unit="persons",
        status=pd.Series(CENSORED, index=long.index).where(reported, SUPPRESSED),
        sex=TOTAL,
        age=TOTAL,
        dimension=TOTAL,
        category=TOTAL,
        note="",
    )


def _long(wide: pd.DataFrame, name: str) -> pd.DataFrame:
    table = wide.rename_axis("jurisdiction_id").reset_index()
    return table.melt("jurisdiction_id", var_name="stage", value_name=name)


def _descriptor(path: Path, sha: str, facts: dict[str, int]) -> dict[str, object]:
    span = f"{facts['first year']}-{facts['last year']}"
    return descriptor_of(
        path,
        sha,
        facts,
        title=f"Persons charged with trafficking in US federal courts, by outcome, {span}",
        importer=UsDefendants.id,
        method=f"counts below {RULES.threshold} are withheld, the others rounded to the nearest "
        f"{RULES.base} and given as a range; more are withheld where totals would give one away",
        caveats=[
            f"All figures stand for the whole period {span}, by the year in which a case began.",
            "A person is guilty if found or pleading guilty on any count; else acquitted if found "
            "not guilty on any; else dismissed if all that is known is counts dropped.",
            "Pending or not recorded: the file tells no outcome for any count. That is not an "
            "acquittal.",
            "The file is a collection from court records, not a complete register.",
            "Persons whose state is not known count in the nation alone.",
            f"{facts['figures withheld']} figures are withheld. Withheld is not zero.",
        ],
        columns=column_block(OBSERVATION_DEFINITIONS),
    )
