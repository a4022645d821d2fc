"""What a snapshot tells of cases: made from each case file, or taken over where it is unchanged.

A release takes seconds, and most builds change something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd

from gapatlas import progress
from gapatlas.casefile import CaseFile, kept_open
from gapatlas.catalogue import Catalogue, DatasetVersion
from gapatlas.progress import Step
from gapatlas.release import (
    RELEASE_VERSION,
    TABLES,
    Release,
    release_cases,
    release_counts,
    typed,
)
from gapatlas.validate import Checked

SOURCE: Final = "case_source"
KEY: Final = "release_key"
SOURCE_TYPES: Final[dict[str, str]] = {
    "dataset_id": "str",
    "origin": "str",
    "synthetic": "bool",
    "brand": "str",
    "threshold": "int64",
    "base": "int64",
    "persons": "Int64",
    "first_year": "Int64",
    "last_year": "Int64",
    "evidence": "str",
    "defence": "str",
    "sample": "Int64",
    "audit": "str",
    KEY: "str",
}
"""Columns of the table of datasets of cases."""


def releases(
    catalogue: Catalogue, checked: Checked, earlier: Callable[[], Iterable[Path]]
) -> dict[str, Release]:
    """What may be known of each dataset of cases.

    Args:
        catalogue: versions of all files.
        checked: what was found in them.
        earlier: gives earlier snapshots that are whole, newest first. It reads each through, so
            that it is asked for a file of persons alone.

    Raises:
        ValidationError: a file can't be protected.
    """
    found = {}
    for version in catalogue.datasets:
        if version.dataset.kind == "cases":
            found[version.id] = _taken_over(version, earlier()) or _made(version, checked)
        elif version.dataset.kind == "case_counts":
            found[version.id] = release_counts(version.dataset, checked.case_counts[version.id])
    return found


def case_tables(catalogue: Catalogue, found: Mapping[str, Release]) -> dict[str, pd.DataFrame]:
    """The tables of all datasets of cases under each other, and that of the datasets; that alone
    where there is none, as most snapshots have no need of fourteen empty tables."""
    tables = {name: _stacked(name, found) for name in TABLES if found}
    keys = {version.id: release_key(version) for version in catalogue.datasets}
    rows = [{**release.source, "dataset_id": id_, KEY: keys[id_]} for id_, release in found.items()]
    sources = pd.DataFrame(rows, columns=list(SOURCE_TYPES))
    return {SOURCE: sources.astype(SOURCE_TYPES), **tables}


def _stacked(name: str, found: Mapping[str, Release]) -> pd.DataFrame:
    parts = [release.tables[name].assign(dataset_id=id_) for id_, release in found.items()]
    stacked = pd.concat(parts, ignore_index=True)
    return stacked.assign(row=range(len(stacked)))


def release_key(version: DatasetVersion) -> str:
    """Names what is released of a file under its config: 64 hexadecimal digits."""
    config = version.dataset.model_dump_json()
    recipe = f"{RELEASE_VERSION}\n{version.table.sha256}\n{config}"
    return hashlib.sha256(recipe.encode()).hexdigest()


def _made(version: DatasetVersion, checked: Checked) -> Release:
    file = CaseFile(version.table.path, version.dataset, version.dataset.named)
    progress.begin(Step.PROTECTING, version.id)
    with kept_open(file):
        return release_cases(file, checked.rows(version.id))


def _taken_over(version: DatasetVersion, snapshots: Iterable[Path]) -> Release | None:
    """The same release in an earlier snapshot."""
    for path in snapshots:
        with suppress(duckdb.Error, OSError):  # of another version, or just deleted
            found = _release_in(path, release_key(version))
            if found is not None:
                return found
    return None


def _release_in(path: Path, key: str) -> Release | None:
    with closing(duckdb.connect(":memory:")) as connection:
        quoted = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS earlier (READ_ONLY)")
        source = connection.execute(f"FROM earlier.{SOURCE} WHERE {KEY} = $key", {"key": key}).df()
        if source.empty:
            return None
        id_ = str(source["dataset_id"].iloc[0])
        tables = {
            name: typed(
                name,
                connection.execute(
                    f"FROM earlier.{name} WHERE dataset_id = $id ORDER BY row", {"id": id_}
                ).df(),
            )
            for name in TABLES
        }
    told = source.astype(SOURCE_TYPES).iloc[0]
    return Release(tables, {n: told[n] for n in SOURCE_TYPES if n not in ("dataset_id", KEY)})
