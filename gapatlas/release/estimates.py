"""What goes with conviction: the estimates of `gapatlas.cases`, fit to stand beside the cube.

Counts and shares as counted come from the cube alone, so that every count has passed the gate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas import cases
from gapatlas.casefile import CaseFile, grouped_counts, linked_people
from gapatlas.cases import Basis, Finding, Floor
from gapatlas.config.vocabulary import (
    DEFENCES,
    EVERYBODY,
    EVIDENCE,
    MERGED,
    OTHER_KINDS,
    TESTIMONY,
    TESTIMONY_CROSSED,
)
from gapatlas.errors import TooLittleDataError
from gapatlas.languages import unsaid
from gapatlas.protection import ALL, SHOWN, WITHHELD
from gapatlas.release.cube import OUTCOME, PERSONS

MIX: Final = ("place", "year_charged", "charge")
LINK: Final = "co_defendant_key"
MOST_LINKED: Final = 2_000_000
"""Persons of whom networks are looked for."""


@dataclass(frozen=True)
class Size:
    """How long a file is: its rows, and the share of them on which estimates of conviction rest."""

    rows: int
    sample: float


@dataclass(frozen=True)
class Told:
    """A published cube and the shares that are made of it."""

    counts: pd.DataFrame
    shares: pd.DataFrame

    def convicted(self, split: str, value: str) -> float:
        """Persons convicted, as printed; NaN where withheld or not counted."""
        return self._figure(self.counts, split, value)

    def ended(self, split: str, value: str) -> float:
        """Persons whose case has ended, as printed; NaN where withheld or not counted."""
        return self._figure(self.shares, split, value)

    def basis(self, years: tuple[int, int]) -> Basis:
        """What a result rests on, in figures of the cube."""
        places = self.counts.loc[self.counts["split"] == "place", "value"].nunique()
        figures = (self.ended(EVERYBODY, ALL), self.convicted(EVERYBODY, ALL))
        persons, convicted = (0 if figure != figure else int(figure) for figure in figures)
        return Basis(persons, convicted, places, years)

    @staticmethod
    def _figure(table: pd.DataFrame, split: str, value: str) -> float:
        own = (table["split"] == split) & (table["value"] == value)
        found = table.loc[own & (table[OUTCOME] == "convicted"), PERSONS]
        return float(found.iloc[0]) if found.notna().any() else float("nan")


@dataclass(frozen=True)
class Estimates:
    """Estimates of one case file.

    Attributes:
        tables: name in the snapshot -> table.
        findings: view -> its sentences.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)

    def add(self, other: Estimates) -> None:
        """Take the tables and sentences of another."""
        self.tables.update(other.tables)
        self.findings.update(other.findings)


def make_estimates(
    file: CaseFile, covariates: Sequence[str], told: Told, floor: Floor, size: Size
) -> Estimates:
    """All estimates that a case file has columns for.

    Args:
        file: a case file without faults.
        covariates: of which the file tells something.
        told: the published cube.
        floor: what protects persons.
        size: how long the file is.

    Returns:
        Tables and sentences; none of a view for which too few cases have ended.
    """
    evidence = [kind for kind in EVIDENCE if kind in covariates]
    defence = [line for line in DEFENCES if line in covariates]
    made = Estimates()
    if evidence or defence:
        counts = grouped_counts(file, [*MIX, *evidence, *defence], sample=size.sample)
        for part in _of_conviction(counts, evidence, defence, told, floor):
            made.add(part)
    if "year_ended" in covariates:
        made.add(_times(file, floor))
    if LINK in file.dataset.columns.values() and size.rows <= MOST_LINKED:
        made.add(_networks(file, floor))
    return made


def _of_conviction(
    counts: pd.DataFrame,
    evidence: list[str],
    defence: list[str],
    told: Told,
    floor: Floor,
) -> Iterator[Estimates]:
    try:
        yield _effects(counts, evidence, defence, told, floor)
        if len(evidence) > 1:
            yield _pairs(counts, evidence, floor)
        if TESTIMONY in evidence and len(evidence) > 1:
            yield _testimony(counts, evidence, told, floor)
        if evidence and defence:
            yield _pairings(counts, evidence, defence, floor)
    except TooLittleDataError as error:
        few = [Finding("conviction", (unsaid(error.summary),), sure=False)]
        yield Estimates(findings=dict.fromkeys(("evidence", "defence"), few))


def _effects(
    counts: pd.DataFrame,
    evidence: list[str],
    defence: list[str],
    told: Told,
    floor: Floor,
) -> Estimates:
    made, tables = Estimates(), []
    compared = {"evidence": (evidence, []), "defence": (defence, evidence)}
    for analysis, (factors, also) in compared.items():
        if not factors:
            continue
        found = cases.adjusted(counts, factors, also=also, floor=floor)
        found = replace(
            found,
            table=_as_counted(found.table, told.shares),
            basis=told.basis(found.basis.years),
        )
        tables.append(found.table.assign(analysis=analysis))
        made.findings[analysis] = cases.effect_findings(found, floor)
        made.findings[f"{analysis}_compared"] = [cases.how_many_compared(found)]
    made.tables["case_effect"] = pd.concat(tables, ignore_index=True)
    return made


RAW: Final = ("share_with", "share_without", "persons_with", "persons_without", "raw_points")


def _as_counted(table: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """The same with what was counted taken from the published cube."""
    convicted = shares[shares[OUTCOME] == "convicted"].set_index(["split", "value"])
    told = table.drop(columns=list(RAW))
    sides = {"with": told["value"], "without": told["factor"].map(cases.without_value)}
    for side, values in sides.items():
        keys = pd.MultiIndex.from_arrays([told["factor"], values])
        own = convicted.reindex(keys)
        told[f"persons_{side}"] = own[PERSONS].to_numpy()
        for name, column in (("", "share"), ("_low", "low"), ("_high", "high")):
            told[f"share_{side}{name}"] = own[column].to_numpy()
    told["raw_points"] = (100 * (told["share_with"] - told["share_without"])).round(1)
    told["status"] = _told(told["points"])
    return told


def _told(figures: pd.Series) -> NDArray[np.str_]:
    """Shown or withheld. Why something is withheld is not told: it would narrow it down."""
    return np.where(figures.notna(), SHOWN, WITHHELD)


def _pairs(counts: pd.DataFrame, evidence: list[str], floor: Floor) -> Estimates:
    found = cases.evidence_pairs(counts, evidence, floor)
    table = found.table.drop(columns="persons_both").assign(status=_told(found.table["points"]))
    return Estimates({"case_pair": table}, {"pairs": [cases.pair_finding(found)]})


def _testimony(counts: pd.DataFrame, evidence: list[str], told: Told, floor: Floor) -> Estimates:
    others = [kind for kind in evidence if kind != TESTIMONY]
    found = cases.reliance_on_testimony(counts, others, floor)
    share = found.shares.drop(columns=["raw_share", PERSONS])
    difference = found.differences.drop(columns="raw_points")
    tables = {
        "case_testimony_share": share.assign(status=_told(share["share"])),
        "case_testimony_difference": difference.assign(status=_told(difference["points"])),
    }
    found = replace(found, convictions=_alone(told))
    return Estimates(tables, {"testimony": [cases.reliance_finding(found)]})


def _alone(told: Told) -> pd.DataFrame:
    """Of the convicted, how many had testimony and no other kind, from the published cube."""
    alone = told.convicted(TESTIMONY_CROSSED, f"present{MERGED}{OTHER_KINDS[0]}")
    share = alone / told.convicted(EVERYBODY, ALL)
    return pd.DataFrame(
        {"testimony": ["alone"], "share": [share], "status": _told(pd.Series([share]))}
    )


def _pairings(
    counts: pd.DataFrame, evidence: list[str], defence: list[str], floor: Floor
) -> Estimates:
    found = cases.evidence_by_defence(counts, evidence, defence, floor)
    table = found.table.drop(columns=["raw", "raw_low", "raw_high", PERSONS])
    # The mean chance of the very cases of a pairing is as precise as a count: percent will do.
    table[["pooled", "low", "high"]] = table[["pooled", "low", "high"]].round(2)
    table["status"] = _told(table["pooled"])
    return Estimates({"case_pairing": table}, {"pairings": [cases.matrix_finding(found)]})


def _times(file: CaseFile, floor: Floor) -> Estimates:
    counts = grouped_counts(file, ["year_charged", "year_ended", OUTCOME], among="charged")
    counts = counts[counts["year_charged"].notna()]
    if counts.empty or counts["year_ended"].notna().sum() == 0:
        return Estimates()
    last_year = int(max(counts["year_charged"].max(), counts["year_ended"].max()))
    found = cases.time_to_end(counts, last_year, floor)
    ended = found.ended.drop(columns="at_risk")
    outcomes = found.outcomes.assign(status=_told(found.outcomes["share"]))
    median = pd.DataFrame([found.median], columns=["median", "low", "high"])
    tables = {"case_time": ended, "case_time_outcome": outcomes, "case_time_median": median}
    return Estimates(tables, {"time": [cases.duration_finding(found)]})


def _networks(file: CaseFile, floor: Floor) -> Estimates:
    people = linked_people(file)
    if people[LINK].notna().sum() == 0:
        return Estimates()
    found = cases.find_networks(people, (cases.KEY,), floor)
    size = found.by_size.drop(columns=PERSONS)
    tables = {
        "case_network_size": size,
        "case_network_year": found.by_year,
        "case_network_reach": found.by_reach,
    }
    tables = {name: t.assign(status=_told(t["networks"])) for name, t in tables.items()}
    return Estimates(tables, {"networks": [cases.network_finding(found)]})
