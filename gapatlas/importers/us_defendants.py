"""US federal trafficking defendants: one row per person in, protected counts out.

Rows of persons never leave this module: what it returns has passed the gate of
`gapatlas.protection`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import numpy as np
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
from gapatlas.importers.tables import (
    Findings,
    integers,
    read_csv_cells,
    table_under_header,
)
from gapatlas.importers.us_places import us_places
from gapatlas.protection import ALL, LEAST_WINDOW, Rules, protect_family

SUPPRESSED = "suppressed"
NATION = "USA"
UNPLACED = "no state"
GUILTY = ("counts_plea_guilty", "counts_trial_guilty")
NOT_GUILTY = ("counts_trial_not_guilty",)
DROPPED = ("counts_dismissed_on_plea", "counts_nolle_prosequi")
OUTCOME_COLUMNS = (*GUILTY, *NOT_GUILTY, *DROPPED)
COLUMNS = ("state", "case_year", *OUTCOME_COLUMNS)
OUTCOMES = ("convicted", "acquitted", "dismissed", "outcome_unknown")
OTHER_NAMES = {"Guam": "US-GU"}
# Under a wider window one figure fewer would be shown. The edition of 2000-2016 is out, and a
# second one with a figure less would only point to that figure.
RULES = Rules(window=LEAST_WINDOW)


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
        frame = table_under_header(read_csv_cells(path), path, COLUMNS).frame
        findings = Findings(path.name)
        year = integers(frame["case_year"], findings, "case_year", blank_allowed=True)
        persons = pd.DataFrame(
            {"place": _places(frame["state"], findings), "outcome": _outcomes(frame, findings)}
        )
        findings.raise_errors()
        period = int(year.min()), int(year.max())
        observations = observation_table(_observations(_protected(persons), period[1]))
        withheld = observations["status"] == SUPPRESSED
        facts = {
            "first year": period[0],
            "last year": period[1],
            "persons, rounded": len(frame) // RULES.base * RULES.base,
            "places": observations["jurisdiction_id"].nunique(),
            "figures published": int((~withheld).sum()),
            "figures withheld": int(withheld.sum()),
        }
        return Import(
            self.id,
            "us_federal_defendants",
            {"observations": observations},
            facts,
            tuple(findings.notices),
            _descriptor(path, sha, facts),
        )


def _places(state: pd.Series, findings: Findings) -> pd.Series:
    """Ids of states; persons whose state is blank count in the nation alone."""
    known = {place.usps: place.jurisdiction_id for place in us_places()} | OTHER_NAMES
    printed = state.str.strip()
    place = printed.map({**known, "": UNPLACED})
    for row, text in printed[place.isna()].drop_duplicates().items():
        findings.error(
            "The state is not known.", int(str(row)), "state", str(text), "USPS codes, or blank"
        )
    return place


def _outcomes(frame: pd.DataFrame, findings: Findings) -> pd.Series:
    """One outcome per person: guilty on any count goes before acquitted, that before dismissed."""
    counts = {
        column: integers(frame[column], findings, column, blank_allowed=True)
        for column in OUTCOME_COLUMNS
    }

    def any_of(columns: tuple[str, ...]) -> pd.Series:
        return pd.concat([counts[column] for column in columns], axis=1).gt(0).any(axis=1)

    found = np.select(
        [any_of(GUILTY), any_of(NOT_GUILTY), any_of(DROPPED)], OUTCOMES[:3], OUTCOMES[3]
    )
    return pd.Series(found, index=frame.index)


def _protected(persons: pd.DataFrame) -> pd.DataFrame:
    """Published persons by place and outcome, with totals; missing where withheld."""
    counts = persons.value_counts(["place", "outcome"]).rename("persons").reset_index()
    tables = {"outcomes": ("place", "outcome")}
    published = protect_family(
        counts, tables, RULES, domains={"outcome": OUTCOMES}, unpublished={"place": (UNPLACED,)}
    )
    return published.frame.pivot(index="place", columns="outcome", values="persons")


def _observations(published: pd.DataFrame, year: int) -> pd.DataFrame:
    """Published figures as ranges of the true count, withheld ones as suppressed."""
    wide = published.rename(index={ALL: NATION}, columns={ALL: "prosecuted"})
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
    return {
        "title": f"Persons charged with trafficking in US federal courts, by outcome, {span}",
        "publisher": "HumanTraffickingData.org",
        "edition": f"federal defendants {span}, coarsened; protected counts",
        "published": None,
        "licence": "terms not verified",
        "terms_url": None,
        "citation": f"HumanTraffickingData.org, US federal human trafficking defendants, {span}.",
        "retrieved": "file supplied to the project",
        "source_file": path.name,
        "sha256": sha,
        "importer": UsDefendants.id,
        "method": f"counts below {RULES.threshold} are withheld, the others rounded to the nearest "
        f"{RULES.base} and given as a range; more are withheld where totals would give one away",
        "caveats": [
            f"All figures stand for the whole period {span}, by the year in which a case began.",
            "A person is guilty if found or pleading guilty on any count; else acquitted if found "
            "not guilty on any; else dismissed if all that is known is counts dropped.",
            "Pending or not recorded: the file tells no outcome for any count. That is not an "
            "acquittal.",
            "The file is a collection from court records, not a complete register.",
            "Persons whose state is not known count in the nation alone.",
            f"{facts['figures withheld']} figures are withheld. Withheld is not zero.",
        ],
        "columns": column_block(OBSERVATION_DEFINITIONS),
        "notes": {},
    }
