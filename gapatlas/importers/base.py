"""What every importer shares: the curated schema, the result of a reading, writing, verifying."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd
import yaml

from gapatlas.config.schema import (
    INDICATOR_COLUMNS,
    INDICATOR_KEY,
    OBSERVATION_COLUMNS,
    OBSERVATION_KEY,
    POPULATION_COLUMNS,
)
from gapatlas.errors import ImportLayoutError, Problem
from gapatlas.files import write_atomically
from gapatlas.languages import worded

EXACT, CENSORED, NOT_REPORTED = "exact", "censored", "not_reported"
ESTIMATED = "estimated"
TOTAL = "total"
INDICATOR_DECIMALS = 6
"""Decimals that a table of indicators keeps: far finer than any source is sure of."""

OBSERVATION_DEFINITIONS: Mapping[str, tuple[str, str | None]] = {
    "jurisdiction_id": ("place; ISO 3166 code or an own code, listed in data/places", None),
    "year": ("calendar year to which the publisher assigns the figure", "year"),
    "stage": ("step of the criminal justice response that is counted", None),
    "unit": ("what is counted: victims, persons or offences", None),
    "count_low": ("least count that fits the published figure", "as in column unit"),
    "count_high": ("greatest count that fits the published figure", "as in column unit"),
    "status": ("exact, censored (an interval), not_reported or suppressed", None),
    "sex": ("sex of the people counted, or total", None),
    "age": ("age group of the people counted (adult: 18 or over), or total", None),
    "dimension": ("further breakdown of the count, or total", None),
    "category": ("label inside the breakdown, as published, or total", None),
    "part": ("number of the row among rows printed under the same labels; never summed", None),
    "note": ("empty, or a code that the notes below explain", None),
}
FLOW_DEFINITIONS: Mapping[str, tuple[str, str | None]] = {
    "origin_kind": (
        "what the label names: place, nationals (own citizens), group (several places), unknown "
        "or unmatched",
        None,
    ),
    "origin_id": ("the place of citizenship, empty where the label names none", None),
    "label": ("citizenship as published", None),
}
"""Columns of a table of flows that a table of observations has not."""
POPULATION_DEFINITIONS: Mapping[str, tuple[str, str | None]] = {
    "jurisdiction_id": ("place; ISO 3166 code or an own code, listed in data/places", None),
    "year": ("calendar year; the estimate is for the middle of the year", "year"),
    "population": ("resident population, empty where not reported", "persons"),
    "status": ("exact, or not_reported", None),
    "note": ("empty, or a code that the notes below explain", None),
}
INDICATOR_DEFINITIONS: Mapping[str, tuple[str, str | None]] = {
    "jurisdiction_id": ("place; ISO 3166 code or an own code, listed in data/places", None),
    "year": ("year to which the value belongs; the caveats say of what kind", "year"),
    "indicator": ("indicator, explained in config.yaml", None),
    "value": ("the value; empty where only its limits are known", "that of the indicator"),
    "low": ("least value that fits; empty where there is no such limit", "that of the indicator"),
    "high": (
        "greatest value that fits; empty where there is no such limit",
        "that of the indicator",
    ),
    "status": (
        "exact, estimated (a value with limits), censored (limits alone) or not_reported",
        None,
    ),
    "note": ("empty, or a code that the notes below explain", None),
}


@dataclass(frozen=True)
class Import:
    """One published file, read.

    `tables` maps a table name (`observations`, `flows`, `indicators`, `population`, `coverage`,
    `places`) to a frame in the curated schema, sorted by its key. `facts` are counts that describe
    the reading and that `verify` compares. `notices` say which rows were odd and what was done with
    them. `shapes` maps a file name to TopoJSON text (boundaries only).
    """

    importer: str
    dataset_id: str
    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, int]
    notices: tuple[Problem, ...]
    descriptor: Mapping[str, Any]
    shapes: Mapping[str, str] = field(default_factory=dict)


class Check(NamedTuple):
    """One comparison of a reading with what a right reading of that edition gives."""

    what: str
    expected: float | str | None
    found: float | str | None
    ok: bool


@dataclass(frozen=True)
class Figure:
    """One printed figure that a right import reproduces: table, labels, column, value."""

    table: str
    labels: Mapping[str, str | int]
    column: str
    value: str | float | None


@dataclass(frozen=True)
class Edition:
    """A published file that was checked by hand: its name, counts, figures and own caveats."""

    name: str
    dataset_id: str
    facts: Mapping[str, int]
    figures: tuple[Figure, ...] = ()
    caveats: tuple[str, ...] = ()


class Importer(ABC):
    """Reads one official layout. Subclasses give `id`, `title`, `editions` and `read`."""

    id: ClassVar[str]
    title: ClassVar[str]
    editions: ClassVar[Mapping[str, Edition]]

    @abstractmethod
    def read(self, path: Path) -> Import:
        """Read a published file. Raises ImportLayoutError that lists every failure found."""

    @property
    def expected(self) -> dict[str, dict[str, int]]:
        """sha256 of each verified edition -> the counts that a right import reproduces."""
        return {sha: dict(edition.facts) for sha, edition in self.editions.items()}

    def edition(self, path: Path) -> Edition | None:
        """The verified edition that this file is, or None for a file not seen before."""
        return self.editions.get(sha256_of(path))

    def write(self, result: Import, folder: Path) -> list[Path]:
        """Write the tables and `descriptor.yaml` into `folder`; each file appears whole.

        Returns the paths written. The descriptor goes last, so that it never describes
        tables which are not there yet.
        """
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for name, table in result.tables.items():
            path = folder / f"{name}.csv"
            text = table.to_csv(index=False, lineterminator="\n", float_format=_positional)
            write_atomically(path, text)
            written.append(path)
        path = folder / "descriptor.yaml"
        write_atomically(path, descriptor_text(result.descriptor))
        return [*written, path]

    def verify(self, path: Path) -> list[Check]:
        """Read the file and compare it with the verified edition that has the same sha256.

        A file that no verified edition matches gives one failed check, then its counts with
        nothing to compare.
        """
        result = self.read(path)
        edition = self.edition(path)
        if edition is None:
            known = "; ".join(e.name for e in self.editions.values()) or "none yet"
            first = Check("the file is a verified edition", known, sha256_of(path), False)
            return [first, *(Check(k, None, v, True) for k, v in result.facts.items())]
        checks = [Check("the file is a verified edition", edition.name, edition.name, True)]
        for what, expected in edition.facts.items():
            found = result.facts.get(what)
            checks.append(Check(what, expected, found, found == expected))
        return checks + [_check_figure(result, figure) for figure in edition.figures]


def _positional(number: Any) -> str:
    """A decimal number without an exponent, and a whole one without a point: 2, 0.000034."""
    return np.format_float_positional(number, trim="-")


def _check_figure(result: Import, figure: Figure) -> Check:
    what = f"{figure.table} {', '.join(str(v) for v in figure.labels.values())}: {figure.column}"
    rows = result.tables[figure.table]
    for column, label in figure.labels.items():
        rows = rows[rows[column] == label]
    if len(rows) != 1:
        return Check(what, figure.value, f"{len(rows)} rows", False)
    found = _plain(rows.iloc[0][figure.column])
    return Check(what, figure.value, found, found == figure.value)


def _plain(cell: Any) -> float | str | None:
    """A cell as text, as a whole number where it is one, or None where it is empty."""
    if pd.isna(cell) or isinstance(cell, str):
        return None if pd.isna(cell) else cell
    return int(cell) if cell == int(cell) else float(cell)


def sha256_of(path: Path) -> str:
    """Hexadecimal sha256 of a file's bytes. Raises ImportLayoutError if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> ImportLayoutError:
    """The error for a file that cannot be opened or is not of the kind it should be."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    problem = Problem(
        where=path.name, message=worded("The file cannot be read: {reason}.", reason=reason)
    )
    return ImportLayoutError(worded("{file} cannot be read.", file=path.name), [problem])


def descriptor_text(descriptor: Mapping[str, Any]) -> str:
    """YAML of a descriptor, keys in the order given."""
    return yaml.safe_dump(dict(descriptor), sort_keys=False, allow_unicode=True, width=96)


def column_block(
    definitions: Mapping[str, tuple[str, str | None]],
) -> dict[str, dict[str, str | None]]:
    """The `columns` entry of a descriptor from name -> (definition, unit)."""
    return {k: {"definition": text, "unit": unit} for k, (text, unit) in definitions.items()}


def observation_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Put observations in the curated order and types, sorted by key, and number `part`.

    `frame` has every observation column except `part`, with rows in published order; rows that
    share all labels are numbered 1, 2, ... in that order.
    """
    labels = [c for c in OBSERVATION_KEY if c != "part"]
    table = frame.assign(part=frame.groupby(labels, sort=False).cumcount() + 1)
    table = table[list(OBSERVATION_COLUMNS)].sort_values(list(OBSERVATION_KEY), kind="stable")
    counts = dict.fromkeys(("count_low", "count_high"), "Int64")
    return table.astype({"year": "int64", "part": "int64", **counts}).reset_index(drop=True)


def counted(frame: pd.DataFrame) -> pd.DataFrame:
    """Exact counts, and explicit gaps, as observations without a breakdown.

    `frame` has jurisdiction_id, year, stage, unit and count, the count missing where the
    publication prints none.
    """
    reported = frame["count"].notna()
    table = frame.drop(columns="count").assign(
        count_low=frame["count"],
        count_high=frame["count"],
        status=pd.Series(EXACT, index=frame.index).where(reported, NOT_REPORTED),
        sex=TOTAL,
        age=TOTAL,
        dimension=TOTAL,
        category=TOTAL,
        note="",
    )
    return observation_table(table)


def indicator_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Put values of indicators in the curated order and types, sorted by key.

    `frame` has every indicator column. Values and limits are rounded to INDICATOR_DECIMALS.
    """
    table = frame[list(INDICATOR_COLUMNS)].sort_values(list(INDICATOR_KEY), kind="stable")
    numbers = dict.fromkeys(("value", "low", "high"), "float64")
    typed = table.astype({"year": "int64", **numbers}).reset_index(drop=True)
    return typed.round(dict.fromkeys(numbers, INDICATOR_DECIMALS))


def scored(frame: pd.DataFrame) -> pd.DataFrame:
    """Exact values, and explicit gaps, as a table of indicators.

    `frame` has jurisdiction_id, year, indicator and value, the value missing where the
    publication names the place and year and prints none.
    """
    reported = frame["value"].notna()
    status = pd.Series(EXACT, index=frame.index).where(reported, NOT_REPORTED)
    return indicator_table(
        frame.assign(low=frame["value"], high=frame["value"], status=status, note="")
    )


def years_asked(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of each indicator from the first to the last year in which any place has a value.

    Before and after, nobody was asked, so nothing is missing. `frame` has year, indicator, value.
    """
    known = frame[frame["value"].notna()]
    spans = known.groupby("indicator")["year"].agg(["min", "max"])
    first, last = (frame["indicator"].map(spans[end]) for end in ("min", "max"))
    return frame[(frame["year"] >= first) & (frame["year"] <= last)]


def population_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Put population rows in the curated order and types, sorted by place and year."""
    table = frame[list(POPULATION_COLUMNS)].sort_values(["jurisdiction_id", "year"])
    return table.astype({"year": "int64", "population": "Int64"}).reset_index(drop=True)


def totals(observations: pd.DataFrame) -> pd.DataFrame:
    """The rows that are no breakdown at all: sex, age, dimension and category are total."""
    whole = (observations[["sex", "age", "dimension", "category"]] == TOTAL).all(axis=1)
    return observations[whole]


def not_reported_rows(observations: pd.DataFrame, places: list[str]) -> pd.DataFrame:
    """One explicit row for each place x year x (stage, unit) whose total is not printed.

    Each (stage, unit) spans the years from the first to the last in which the publication
    prints its total for any place: before that, nobody was asked, so nothing is missing.
    """
    keys = ["jurisdiction_id", "year", "stage", "unit"]
    spans = totals(observations).groupby(["stage", "unit"])["year"].agg(["min", "max"])
    grid = pd.DataFrame(
        [
            (place, year, stage, unit)
            for (stage, unit), first, last in spans.itertuples()
            for place in places
            for year in range(int(first), int(last) + 1)
        ],
        columns=keys,
    )
    printed = pd.MultiIndex.from_frame(totals(observations)[keys])
    missing = grid[~pd.MultiIndex.from_frame(grid).isin(printed)]
    return missing.assign(
        count_low=None,
        count_high=None,
        status=NOT_REPORTED,
        sex=TOTAL,
        age=TOTAL,
        dimension=TOTAL,
        category=TOTAL,
        note="",
    ).astype({"count_low": "Int64", "count_high": "Int64"})
