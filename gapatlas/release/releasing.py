"""One case file -> its tables in the snapshot."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from gapatlas import cases, progress
from gapatlas.casefile import CaseFile, mapped_covariates
from gapatlas.cases import Finding, Floor
from gapatlas.config import Dataset
from gapatlas.config.vocabulary import DEFENCES, EVERYBODY, EVIDENCE
from gapatlas.errors import Problem, ValidationError
from gapatlas.languages import kept, worded
from gapatlas.progress import Step
from gapatlas.protection import ALL, Rules
from gapatlas.release.cube import COLUMNS as COUNT_COLUMNS
from gapatlas.release.cube import OUTCOME, PERSONS, Cube, make_cube
from gapatlas.release.estimates import Size, Told, make_estimates
from gapatlas.release.shares import SHARE_COLUMNS, ended_shares

RELEASE_VERSION: Final = 4
"""Raise it when what is released of the same file changes."""
LARGEST_SAMPLE: Final = 200_000
"""Persons on whom estimates rest; of longer files so many are drawn by chance."""

_EFFECT: Final = (
    "analysis", "factor", "value", "points", "low", "high", "odds_ratio", "odds_low", "odds_high",
    "raw_points", "share_with", "share_with_low", "share_with_high", "share_without",
    "share_without_low", "share_without_high", "persons_with", "persons_without", "status",
)  # fmt: skip
_PAIR: Final = (
    "first", "second", "points", "low", "high", "alone", "alone_low", "alone_high", "beyond_sum",
    "beyond_sum_low", "beyond_sum_high", "wrong_direction", "stands_out", "status",
)  # fmt: skip
_NETWORKS: Final = ("networks", "two_or_more", "one", "nobody", "status")
TABLES: Final[dict[str, tuple[str, ...]]] = {
    "case_count": COUNT_COLUMNS,
    "case_share": SHARE_COLUMNS,
    "case_effect": _EFFECT,
    "case_pair": _PAIR,
    "case_pairing": ("evidence", "defence", "pooled", "low", "high", "status"),
    "case_testimony_share": ("others", "testimony", "share", "low", "high", "status"),
    "case_testimony_difference": ("others", "points", "low", "high", "status"),
    "case_time": ("years_after", "share", "low", "high"),
    "case_time_outcome": ("years_after", "outcome", "share", "low", "high", "status"),
    "case_time_median": ("median", "low", "high"),
    "case_network_size": (
        "size_from", "size_to", "networks", "convicted_share", "low", "high", "status",
    ),
    "case_network_year": ("year_from", "year_to", *_NETWORKS),
    "case_network_reach": ("reach", *_NETWORKS),
    "case_finding": ("view", "position", "about", "text", "sentences", "sure"),
}  # fmt: skip
"""The tables of a snapshot that tell of cases -> their columns."""
TEXTS: Final = frozenset(
    {
        "split", "value", "outcome", "status", "analysis", "factor", "first", "second", "evidence",
        "defence", "others", "testimony", "reach", "view", "about", "text",
        "sentences",
    }
)  # fmt: skip
FLAGS: Final = frozenset({"stands_out", "sure"})


@dataclass(frozen=True)
class Release:
    """What may be known of one dataset of cases.

    Attributes:
        tables: name -> table, each of `TABLES`.
        source: what the figures are and rest on, one value per column of `case_source`.
        lines: the figures of the audit.
    """

    tables: Mapping[str, pd.DataFrame]
    source: Mapping[str, Any]
    lines: tuple[str, ...] = ()


def release_cases(file: CaseFile, rows: int) -> Release:
    """Make what may be known of a case file.

    Args:
        file: a case file in which no fault was found.
        rows: about how many rows it has.

    Raises:
        ValidationError: an attacker could work out a withheld count.
    """
    dataset = file.dataset
    rules, floor = _rules(dataset)
    covariates = mapped_covariates(dataset)
    cube = make_cube(file, covariates, rules)
    _refuse_what_tells(cube, file)
    shares = ended_shares(cube.counts)
    told = Told(cube.counts, shares)
    sample = min(1.0, LARGEST_SAMPLE / max(rows, 1))
    progress.go_on(Step.ESTIMATING)
    estimates = make_estimates(file, covariates, told, floor, Size(rows, sample))
    facts = _facts(dataset, cube.counts)
    tables = {"case_count": cube.counts, "case_share": shares, **estimates.tables}
    tables["case_finding"] = _findings({"selection": [_banner(told, facts)], **estimates.findings})
    source = {
        "origin": "rows",
        **facts,
        "evidence": ",".join(kind for kind in EVIDENCE if kind in covariates),
        "defence": ",".join(line for line in DEFENCES if line in covariates),
        "sample": LARGEST_SAMPLE if sample < 1 else None,
    }
    return _release(tables, source, cube.report.lines())


def release_counts(dataset: Dataset, counts: pd.DataFrame) -> Release:
    """Make what may be known of counts that were protected before.

    Args:
        dataset: its block in the config, of kind `case_counts`.
        counts: `split, value, outcome, persons, low, high, status`, without faults.
    """
    splits = set(counts["split"])
    facts = _facts(dataset, counts)
    told = Told(counts, ended_shares(counts))
    source = {
        "origin": "counts",
        **facts,
        "evidence": ",".join(kind for kind in EVIDENCE if kind in splits),
        "defence": ",".join(line for line in DEFENCES if line in splits),
        "sample": None,
    }
    tables = {
        "case_count": counts,
        "case_share": told.shares,
        "case_finding": _findings({"selection": [_banner(told, facts)]}),
    }
    return _release(tables, source, [])


def _rules(dataset: Dataset) -> tuple[Rules, Floor]:
    protected = dataset.disclosure
    rules = Rules(protected.threshold, protected.base, unprotected=protected.unprotected)
    return rules, Floor(protected.threshold, protected.base)


def _refuse_what_tells(cube: Cube, file: CaseFile) -> None:
    if cube.report.passed:
        return
    problem = Problem(
        file.shown,
        worded("Counts of this file cannot be published: a withheld count could be worked out."),
        found="; ".join(cube.report.lines()),
        allowed=worded("a higher threshold, or fewer columns"),
    )
    raise ValidationError(worded("A case file cannot be protected."), [problem])


def _facts(dataset: Dataset, counts: pd.DataFrame) -> dict[str, Any]:
    every = counts[(counts["split"] == EVERYBODY) & (counts[OUTCOME] == ALL)][PERSONS]
    first, last = dataset.period or _years_in(counts)
    return {
        "synthetic": dataset.synthetic,
        "brand": _rules(dataset)[0].brand or "",
        "threshold": dataset.disclosure.threshold,
        "base": dataset.disclosure.base,
        "persons": int(every.iloc[0]) if every.notna().any() else None,
        "first_year": first,
        "last_year": last,
    }


def _years_in(counts: pd.DataFrame) -> tuple[int | None, int | None]:
    """First and last year charged, spans of years taken apart."""
    years = counts.loc[counts["split"] == "year_charged", "value"].str.findall(r"\d{4}").explode()
    known = years.dropna().astype("int64")
    return (int(known.min()), int(known.max())) if len(known) else (None, None)


def _banner(told: Told, facts: Mapping[str, Any]) -> Finding:
    """Who is in the data, and why nothing here is an effect."""
    years = (facts["first_year"], facts["last_year"])
    return cases.selection_banner(told.basis(years))


def _findings(said: Mapping[str, Sequence[Finding]]) -> pd.DataFrame:
    rows = [
        {"view": view, "position": position, **_said(finding)}
        for view, findings in said.items()
        for position, finding in enumerate(findings)
    ]
    return pd.DataFrame(rows, columns=list(TABLES["case_finding"]))


def _said(finding: Finding) -> dict[str, Any]:
    """A finding as the snapshot holds it: in English, and so that any language can say it."""
    return {
        "about": finding.about,
        "text": finding.text,
        "sentences": kept(finding.sentences),
        "sure": finding.sure,
    }


def _release(
    tables: Mapping[str, pd.DataFrame], source: Mapping[str, Any], lines: list[str]
) -> Release:
    whole = {name: typed(name, tables.get(name)) for name in TABLES}
    return Release(whole, {**source, "audit": json.dumps(lines)}, tuple(lines))


def typed(name: str, table: pd.DataFrame | None) -> pd.DataFrame:
    """A table as the snapshot holds it: nothing in it is NaN, what is not told is missing.

    Args:
        name: one of `TABLES`.
        table: with its columns, among others; None means a table without rows.
    """
    columns = TABLES[name]
    given = table if table is not None else pd.DataFrame(columns=list(columns))
    return pd.DataFrame({column: _column(given[column], column) for column in columns})


def _column(values: pd.Series, name: str) -> pd.Series:
    if name in TEXTS:
        return values.astype("str")
    return values.astype("boolean") if name in FLAGS else values.astype("Float64")
