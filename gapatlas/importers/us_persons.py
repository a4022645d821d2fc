"""US federal defendants, one row per person: what leaves here has passed the gate.

All tables of these persons are one family, so that no importer can show what another withholds.
Rows of persons never leave this module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from gapatlas.config.vocabulary import UNKNOWN, VICTIMS_BANDS
from gapatlas.errors import Problem
from gapatlas.importers.tables import (
    Findings,
    integers,
    read_csv_cells,
    table_under_header,
)
from gapatlas.importers.us_places import us_places
from gapatlas.protection import ALL, LEAST_WINDOW, Published, Rules, protect_family

UNPLACED: Final = "no state"
GUILTY_PLEA: Final = "counts_plea_guilty"
GUILTY_TRIAL: Final = "counts_trial_guilty"
GUILTY: Final = (GUILTY_PLEA, GUILTY_TRIAL)
NOT_GUILTY: Final = ("counts_trial_not_guilty",)
DROPPED: Final = ("counts_dismissed_on_plea", "counts_nolle_prosequi")
OUTCOME_COLUMNS: Final = (*GUILTY, *NOT_GUILTY, *DROPPED)
COLUMNS: Final = ("state", "case_year", "statutes_sentenced", "victims_band", *OUTCOME_COLUMNS)
OUTCOMES: Final = ("convicted", "acquitted", "dismissed", "open")
SPLITS: Final = ("place", "year_charged", "charge", "victims_band")
"""What outcomes are crossed with, one table each."""
CHARGES: Final[dict[str, tuple[str, ...]]] = {
    "Sex trafficking": ("1591",),
    "Forced labour or servitude": ("1581_to_1588", "1589", "1590", "1592"),
    "Transport for prostitution": ("2421_to_2424", "1328"),
    "Bringing in or harbouring migrants": ("1324",),
    "Racketeering": ("1961_to_1968",),
}
"""Main charge -> statutes that make it (sections of titles 8 and 18 of the US Code). The first
that fits counts."""
OTHER_CHARGE: Final = "Other statutes"
NO_VICTIM: Final = "0"
"""A band of the file. It says that none was recorded, which is not that there was none."""
OTHER_NAMES: Final = {"Guam": "US-GU"}
MANY: Final = 10
"""Parts of a total are published where each reaches this many times the threshold."""
# Under a wider window one figure fewer would be shown. The edition of 2000-2016 is out, and a
# second one with a figure less would only point to that figure.
RULES: Final = Rules(window=LEAST_WINDOW)
_STATUTE: Final = re.compile(r"[0-9]+(?:_to_[0-9]+)?")


def descriptor_of(
    path: Path, sha: str, facts: Mapping[str, int], **own: object
) -> dict[str, object]:
    """What is known of the file, and what an importer says of its own table.

    Args:
        path: the file.
        sha: its SHA-256.
        facts: with `first year` and `last year`.
        own: title, importer, method, caveats and columns.
    """
    span = f"{facts['first year']}-{facts['last year']}"
    return {
        "title": own["title"],
        "publisher": "HumanTraffickingData.org",
        "edition": f"federal defendants {span}, coarsened; protected counts",
        "published": None,
        "licence": "terms not verified",
        "terms_url": None,
        "citation": f"HumanTraffickingData.org, US federal human trafficking defendants, {span}.",
        "retrieved": "file supplied to the project",
        "source_file": path.name,
        "sha256": sha,
        **own,
        "notes": {},
    }


@dataclass(frozen=True)
class ProtectedPersons:
    """What may be known of the persons of a file.

    Attributes:
        published: figures of the tables that cross each of SPLITS with the outcomes.
        guilty: printed persons guilty by plea and at trial; missing where withheld.
        period: first and last year in which a case began.
        persons: how many there are, rounded down to the base.
        notices: what was odd in the file.
    """

    published: Published
    guilty: pd.Series
    period: tuple[int, int]
    persons: int
    notices: tuple[Problem, ...]

    def split(self, by: str) -> pd.DataFrame:
        """Figures by one of SPLITS: `value` (`all` for everybody), `outcome` (`all` for every
        outcome), `persons`, `low`, `high`, `status`."""
        frame = self.published.frame
        columns = [by, "outcome", "persons", "low", "high", "status"]
        own = frame.loc[frame["table"] == by, columns]
        return own.rename(columns={by: "value"}).reset_index(drop=True)


def read_protected(path: Path) -> ProtectedPersons:
    """Read the file of persons. Raises ImportLayoutError that lists every failure with its row."""
    frame = table_under_header(read_csv_cells(path), path, COLUMNS).frame
    findings = Findings(path.name)
    year = integers(frame["case_year"], findings, "case_year", blank_allowed=True)
    any_count = _any_count(frame, findings)
    persons = pd.DataFrame(
        {
            "place": _places(frame["state"], findings),
            "year_charged": year.astype("Int64").astype("str").where(year.notna(), UNKNOWN),
            "charge": _charges(frame["statutes_sentenced"], findings),
            "victims_band": _victims_bands(frame["victims_band"], findings),
            "outcome": _outcomes(any_count),
        }
    )
    findings.raise_errors()
    period = int(year.min()), int(year.max())
    published = _protected(persons, period)
    return ProtectedPersons(
        published,
        _guilty(any_count, published),
        period,
        len(persons) // RULES.base * RULES.base,
        tuple(findings.notices),
    )


def _places(state: pd.Series, findings: Findings) -> pd.Series:
    """Ids of states; persons whose state is blank count in the nation alone."""
    known = {place.usps: place.jurisdiction_id for place in us_places()} | OTHER_NAMES
    place = state.str.strip().map({**known, "": UNPLACED})
    message = "The state is not known."
    _refuse(state, place.isna(), findings, message, "USPS codes, or blank")
    return place


def _charges(statutes: pd.Series, findings: Findings) -> pd.Series:
    """The main charge; unknown where no statute is recorded."""
    charge = statutes.str.strip().map(_main_charge)
    message = "This is no list of statutes."
    _refuse(statutes, charge.isna(), findings, message, "sections such as 1591|1594, or blank")
    return charge


def _main_charge(text: str) -> str | None:
    sections = text.split("|") if text else []
    if not all(map(_STATUTE.fullmatch, sections)):
        return None
    for charge, making in CHARGES.items():
        if set(making) & set(sections):
            return charge
    return OTHER_CHARGE if sections else UNKNOWN


def _victims_bands(printed: pd.Series, findings: Findings) -> pd.Series:
    known = {**{band: band for band in VICTIMS_BANDS}, NO_VICTIM: UNKNOWN, "": UNKNOWN}
    band = printed.str.strip().map(known)
    allowed = f"{', '.join(VICTIMS_BANDS[:-1])}, {NO_VICTIM}, or blank"
    _refuse(printed, band.isna(), findings, "This is no band of victims.", allowed)
    return band


def _refuse(
    printed: pd.Series, bad: pd.Series, findings: Findings, message: str, allowed: str
) -> None:
    """Note each text that has no meaning once, with its first row."""
    for row, text in printed[bad].drop_duplicates().items():
        findings.error(message, int(str(row)), str(printed.name), str(text), allowed)


def _any_count(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Whether each person has a count with each outcome; one bool column each."""
    return pd.DataFrame(
        {
            column: integers(frame[column], findings, column, blank_allowed=True).fillna(0).gt(0)
            for column in OUTCOME_COLUMNS
        }
    )


def _outcomes(any_count: pd.DataFrame) -> np.ndarray:
    """One outcome per person: guilty on any count goes before acquitted, that before dismissed."""
    guilty, not_guilty, dropped = (
        any_count[list(columns)].any(axis=1) for columns in (GUILTY, NOT_GUILTY, DROPPED)
    )
    return np.select([guilty, not_guilty, dropped], OUTCOMES[:3], OUTCOMES[3])


def _protected(persons: pd.DataFrame, period: tuple[int, int]) -> Published:
    """All tables as one family. Values are listed beforehand, except places: so no list tells
    that a year or a charge occurs."""
    first, last = period
    domains = {
        "year_charged": (*map(str, range(first, last + 1)), UNKNOWN),
        "charge": (*CHARGES, OTHER_CHARGE, UNKNOWN),
        "victims_band": VICTIMS_BANDS,
        "outcome": OUTCOMES,
    }
    return protect_family(
        persons.value_counts(list(persons.columns)).rename("persons").reset_index(),
        {split: (split, "outcome") for split in SPLITS},
        RULES,
        domains=domains,
        unpublished={"place": (UNPLACED,), "year_charged": (UNKNOWN,)},
    )


def _guilty(any_count: pd.DataFrame, published: Published) -> pd.Series:
    """Printed persons guilty by plea and at trial, who are the convicted; guilty at trial on any
    count goes before a plea.

    They are no table of the family, so they must not narrow what it says: each is far above the
    threshold, and printed they add up to the printed total. Then their ranges hold all counts
    that the total can stand for, and the other way round. Otherwise both are withheld.
    """
    at_trial = any_count[GUILTY_TRIAL]
    true = pd.Series(
        {
            "guilty_plea": int((any_count[GUILTY_PLEA] & ~at_trial).sum()),
            "guilty_trial": int(at_trial.sum()),
        }
    )
    printed = pd.Series(RULES.printed(true), dtype="Int64")
    narrows_nothing = printed.sum() == _printed_convicted(published)
    many = true.min() >= MANY * RULES.threshold
    return printed.where(pd.Series(narrows_nothing and many, index=printed.index))


def _printed_convicted(published: Published) -> int:
    """The printed total of the convicted; -1 where withheld."""
    frame = published.frame
    total = frame[(frame["table"] == SPLITS[0]) & (frame[SPLITS[0]] == ALL)]
    (convicted,) = total.loc[total["outcome"] == "convicted", "persons"]
    return -1 if pd.isna(convicted) else int(convicted)
