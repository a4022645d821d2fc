"""The fixed cube of a case file: counts of persons by what is known of them and by outcome.

All its tables pass the gate together, so that none gives away what another withholds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from gapatlas.casefile import CaseFile, grouped_counts
from gapatlas.config.vocabulary import (
    COUNT_OUTCOMES,
    DEFENCES,
    EVERYBODY,
    EVIDENCE,
    MERGED,
    OTHER_KINDS,
    PART_OUTCOMES,
    TESTIMONY,
    TESTIMONY_CROSSED,
    TRAITS,
    UNKNOWN,
)
from gapatlas.protection import (
    ALL,
    SHOWN,
    AuditReport,
    Published,
    Rules,
    audit,
    protect_family,
)
from gapatlas.release.bands import merged

PERSONS: Final = "persons"
OUTCOME: Final = "outcome"
NUMBER: Final = "others"
"""How many other kinds of evidence are known to be present."""
COLUMNS: Final = ("split", "value", OUTCOME, PERSONS, "low", "high", "status")


@dataclass(frozen=True)
class Cube:
    """Protected counts of one case file.

    Attributes:
        counts: `split, value, outcome, persons, low, high, status`.
        report: what the audit found.
    """

    counts: pd.DataFrame
    report: AuditReport


def make_cube(file: CaseFile, covariates: Sequence[str], rules: Rules) -> Cube:
    """Count a case file and protect the counts.

    Args:
        file: a case file without faults.
        covariates: of which the file tells something.
        rules: what protects persons.
    """
    everybody = grouped_counts(file, [OUTCOME], among="charged")
    tables, counts = _counted(everybody, file, covariates, rules.threshold)
    counts = _without_few_open(counts, rules.threshold)
    published = protect_family(counts, tables, rules)
    frame = pd.concat([_long(published), *_parts(everybody, published)], ignore_index=True)
    whole = dict.fromkeys((PERSONS, "low", "high"), "Int64")
    return Cube(frame[list(COLUMNS)].astype(whole), audit(published, counts))


# ------------------------------------------------------------------ counting


Tables = dict[str, tuple[str, ...]]


def _counted(
    everybody: pd.DataFrame, file: CaseFile, covariates: Sequence[str], threshold: int
) -> tuple[Tables, dict[str, pd.DataFrame]]:
    """The tables of the family, and the persons in each."""
    tables: Tables = {EVERYBODY: (OUTCOME,)}
    counts = {EVERYBODY: _staged(everybody, [OUTCOME])}

    def add(table: str, split: str, frame: pd.DataFrame, *crossed: str) -> None:
        ready = merged(frame, split, threshold)
        if ready[split].nunique() > 1:
            tables[table] = (split, *crossed, OUTCOME)
            counts[table] = _summed(ready, list(tables[table]))

    for trait in TRAITS:
        if trait in covariates:
            add(trait, trait, _by_trait(file, trait))
    crossed: pd.DataFrame | None = None
    for kinds in (EVIDENCE, DEFENCES):
        known = [kind for kind in kinds if kind in covariates]
        if not known:
            continue
        frame = grouped_counts(file, [*known, OUTCOME], among="charged")
        for kind in known:
            add(kind, kind, _staged(frame, [kind, OUTCOME]))
        if TESTIMONY in known and len(known) > 1:
            crossed = _with_number_of_others(frame, known)
    if crossed is not None:
        add(TESTIMONY_CROSSED, TESTIMONY, crossed, NUMBER)
    return tables, counts


def _by_trait(file: CaseFile, trait: str) -> pd.DataFrame:
    frame = grouped_counts(file, [trait, OUTCOME], among="charged")
    if trait == "year_charged":
        frame[trait] = frame[trait].astype("str").where(frame[trait].notna(), UNKNOWN)
    return _staged(frame, [trait, OUTCOME])


def _with_number_of_others(frame: pd.DataFrame, evidence: list[str]) -> pd.DataFrame:
    """Persons by testimony and by how many other kinds of evidence are known to be present."""
    others = [kind for kind in evidence if kind != TESTIMONY]
    number = (frame[others] == "present").sum(axis=1).clip(upper=len(OTHER_KINDS) - 1)
    named = frame.assign(**{NUMBER: number.map(dict(enumerate(OTHER_KINDS)))})
    return _staged(named, [TESTIMONY, NUMBER, OUTCOME])


def _staged(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Counts by the four outcomes of the cube."""
    return _summed(frame.assign(**{OUTCOME: frame[OUTCOME].replace(PART_OUTCOMES)}), columns)


def _summed(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return frame.groupby(columns, observed=True)[[PERSONS]].sum().reset_index()


def _without_few_open(counts: dict[str, pd.DataFrame], threshold: int) -> dict[str, pd.DataFrame]:
    """Where few cases of a file are open, they are left out of all tables: withheld everywhere,
    they would take other figures with them."""
    totals = counts[EVERYBODY].set_index(OUTCOME)[PERSONS]
    if totals.get("open", 0) >= threshold:
        return counts
    return {table: frame[frame[OUTCOME] != "open"] for table, frame in counts.items()}


# ------------------------------------------------------------------ publishing


def _long(published: Published) -> pd.DataFrame:
    """All tables under each other; a total that several tables share stands once."""
    frame = published.frame
    parts = []
    for table, dimensions in published.tables.items():
        own = frame[frame["table"] == table]
        if table == EVERYBODY:
            parts.append(own.assign(split=EVERYBODY, value=ALL))
            continue
        names = [name for name in dimensions if name != OUTCOME]
        own = own[(own[names] != ALL).all(axis=1)]
        value = own[names[0]]
        for name in names[1:]:
            value = value + MERGED + own[name]
        parts.append(own.assign(split=table, value=value))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _parts(everybody: pd.DataFrame, published: Published) -> Iterator[pd.DataFrame]:
    """For all persons, what a figure is made of: guilty by plea and at trial, for example.

    Told only where it tells nothing else: each part reaches the threshold, and what the parts can
    stand for leaves open every value that their sum can stand for.
    """
    rules = published.rules
    exact = everybody.set_index(OUTCOME)[PERSONS]
    whole = published.frame[published.frame["table"] == EVERYBODY].set_index(OUTCOME)
    for stage in COUNT_OUTCOMES[1:]:
        counts = exact[[PART_OUTCOMES.get(outcome, outcome) == stage for outcome in exact.index]]
        if len(counts) < 2 or stage not in whole.index or counts.min() < rules.threshold:
            continue
        coarse = 2 * rules.base
        printed = (counts + rules.base) // coarse * coarse
        low, high = (printed - rules.base).clip(lower=rules.threshold), printed + rules.base - 1
        total = whole.loc[stage]
        if total["status"] == SHOWN and low.sum() <= total["low"] <= total["high"] <= high.sum():
            told = pd.DataFrame({PERSONS: printed, "low": low, "high": high}).astype("float64")
            told = told.drop(stage, errors="ignore").rename_axis(OUTCOME).reset_index()
            yield told.assign(split=EVERYBODY, value=ALL, status=SHOWN)
