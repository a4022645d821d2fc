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
    CONVICTED,
    DEFENCES,
    EVIDENCE,
    OTHER_KINDS,
    OUTCOMES,
    UNDISPOSED,
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
from gapatlas.release.bands import OR, merged

PERSONS: Final = "persons"
OUTCOME: Final = "outcome"
STAGES: Final = ("convicted", "acquitted", "dismissed", "open")
"""Outcomes by which persons are counted; dropped prosecutions count as dismissed, and what is
pending or not known as open."""
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "convicted": CONVICTED,
    "dismissed": ("dismissed", "nolle_prosequi"),
    "open": UNDISPOSED,
}
"""Outcomes that are counted together, where one of them is told by itself for all persons."""
SPLITS: Final = (
    "place", "year_charged", "charge", "victims_band", "cross_border", "task_force",
    "team_trained",
)  # fmt: skip
NONE: Final = "none"
"""The split of all persons."""
TESTIMONY: Final = "victim_testimony"
NUMBER: Final = "others"
"""How many other kinds of evidence are known to be present."""
BOTH: Final = "testimony_and_others"
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
    tables, counts = _counted(file, covariates, rules.threshold)
    counts = _without_few_open(counts, rules.threshold)
    published = protect_family(counts, tables, rules)
    frame = pd.concat([_long(published), *_parts(file, published)], ignore_index=True)
    whole = dict.fromkeys((PERSONS, "low", "high"), "Int64")
    return Cube(frame[list(COLUMNS)].astype(whole), audit(published, counts))


# ------------------------------------------------------------------ counting


Tables = dict[str, tuple[str, ...]]


def _counted(
    file: CaseFile, covariates: Sequence[str], threshold: int
) -> tuple[Tables, dict[str, pd.DataFrame]]:
    """The tables of the family, and the persons in each."""
    tables: Tables = {NONE: (OUTCOME,)}
    counts = {NONE: _staged(grouped_counts(file, [OUTCOME], among="charged"), [OUTCOME])}
    for split, frame in _frames(file, covariates):
        ready = merged(frame, split, threshold)
        if ready[split].nunique() > 1:
            tables[split] = (split, OUTCOME)
            counts[split] = _summed(ready, [split, OUTCOME])
    both = _testimony_and_others(file, covariates)
    if both is not None and TESTIMONY in tables:
        tables[BOTH] = (TESTIMONY, NUMBER, OUTCOME)
        counts[BOTH] = _summed(merged(both, TESTIMONY, threshold), list(tables[BOTH]))
    return tables, counts


def _frames(file: CaseFile, covariates: Sequence[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    for split in SPLITS:
        if split in covariates:
            frame = grouped_counts(file, [split, OUTCOME], among="charged")
            if split == "year_charged":
                frame[split] = frame[split].astype("str").where(frame[split].notna(), UNKNOWN)
            yield split, _staged(frame, [split, OUTCOME])
    for kinds in (EVIDENCE, DEFENCES):
        known = [kind for kind in kinds if kind in covariates]
        if known:
            frame = grouped_counts(file, [*known, OUTCOME], among="charged")
            for kind in known:
                yield kind, _staged(frame, [kind, OUTCOME])


def _testimony_and_others(file: CaseFile, covariates: Sequence[str]) -> pd.DataFrame | None:
    """Persons by testimony and by how many other kinds of evidence are known to be present."""
    others = [kind for kind in EVIDENCE if kind in covariates and kind != TESTIMONY]
    if TESTIMONY not in covariates or not others:
        return None
    frame = grouped_counts(file, [TESTIMONY, *others, OUTCOME], among="charged")
    number = (frame[others] == "present").sum(axis=1).clip(upper=len(OTHER_KINDS) - 1)
    return _staged(
        frame.assign(**{NUMBER: number.map(dict(enumerate(OTHER_KINDS)))}),
        [TESTIMONY, NUMBER, OUTCOME],
    )


def _staged(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Counts by the four outcomes of the cube."""
    return _summed(frame.assign(**{OUTCOME: frame[OUTCOME].map(_STAGE)}), columns)


_STAGE: Final = {
    outcome: next((stage for stage, parts in PARTS.items() if outcome in parts), outcome)
    for outcome in OUTCOMES
}


def _summed(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return frame.groupby(columns, observed=True)[[PERSONS]].sum().reset_index()


def _without_few_open(counts: dict[str, pd.DataFrame], threshold: int) -> dict[str, pd.DataFrame]:
    """Where few cases of a file are open, they are left out of all tables: withheld everywhere,
    they would take other figures with them."""
    totals = counts[NONE].set_index(OUTCOME)[PERSONS]
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
        if table == NONE:
            parts.append(own.assign(split=NONE, value=ALL))
            continue
        names = [name for name in dimensions if name != OUTCOME]
        own = own[(own[names] != ALL).all(axis=1)]
        value = own[names[0]]
        for name in names[1:]:
            value = value + OR + own[name]
        parts.append(own.assign(split=table, value=value))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _parts(file: CaseFile, published: Published) -> Iterator[pd.DataFrame]:
    """For all persons, what a figure is made of: guilty by plea and at trial, for example.

    Told only where it tells nothing else: each part reaches the threshold, and what the parts can
    stand for leaves open every value that their sum can stand for.
    """
    rules = published.rules
    exact = grouped_counts(file, [OUTCOME], among="charged").set_index(OUTCOME)[PERSONS]
    whole = published.frame[published.frame["table"] == NONE].set_index(OUTCOME)
    for stage, names in PARTS.items():
        counts = exact.reindex(names).dropna()
        if len(counts) < 2 or stage not in whole.index or counts.min() < rules.threshold:
            continue
        coarse = 2 * rules.base
        printed = (counts + rules.base) // coarse * coarse
        low, high = (printed - rules.base).clip(lower=rules.threshold), printed + rules.base - 1
        total = whole.loc[stage]
        if total["status"] == SHOWN and low.sum() <= total["low"] <= total["high"] <= high.sum():
            told = pd.DataFrame({PERSONS: printed, "low": low, "high": high}).astype("float64")
            told = told.drop(stage, errors="ignore").rename_axis(OUTCOME).reset_index()
            yield told.assign(split=NONE, value=ALL, status=SHOWN)
