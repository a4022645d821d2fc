"""Room `build`: validated tables -> one immutable DuckDB file, put in place in one step.

The file's name carries a hash of data, config and this module's schema, so the same input
reuses the snapshot that is there, if its bytes are still those that were written: their sum
stands beside it. A failed build leaves every existing snapshot untouched.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb
import pandas as pd
from filelock import FileLock, Timeout

from gapatlas import progress
from gapatlas.build.cases import case_tables, releases
from gapatlas.build.keeping import (
    LAST_GOOD,
    SUFFIX,
    UNFINISHED,
    drop_old,
    is_whole,
    kept_path,
    names_of,
    newest_first,
    remember,
    sum_file,
    sum_line,
    write_text,
)
from gapatlas.casefile import spark_kept
from gapatlas.catalogue import Catalogue, DatasetVersion, read_catalogue
from gapatlas.config import (
    default_snapshot_folder,
    load_config,
    snapshot_folder,
)
from gapatlas.config.yaml_lines import read_yaml
from gapatlas.errors import BuildError, ConfigError, Problem, reason_of
from gapatlas.languages import worded
from gapatlas.progress import Step
from gapatlas.release import RELEASE_VERSION, Release
from gapatlas.validate import Checked, validate

SCHEMA_VERSION = 8
LOCK_SECONDS = 120

_TABLES = """
CREATE TABLE observation_total AS
WITH total AS (
    SELECT source_id, jurisdiction_id, year, stage, unit, count_low, count_high, status
    FROM observation
    WHERE dimension = 'total' AND sex = 'total' AND age = 'total'
),
place AS (SELECT DISTINCT source_id, jurisdiction_id FROM total),
stage AS (SELECT DISTINCT source_id, stage, unit FROM total),
span AS (SELECT source_id, min(year) AS first, max(year) AS last FROM total GROUP BY source_id),
expected AS (
    SELECT place.*, stage.stage, stage.unit, unnest(range(first, last + 1))::SMALLINT AS year
    FROM place JOIN stage USING (source_id) JOIN span USING (source_id)
)
SELECT
    source_id, stage, unit, jurisdiction_id, year, count_low, count_high,
    coalesce(status, 'not_reported') AS status
FROM expected
LEFT JOIN total USING (source_id, jurisdiction_id, stage, unit, year)
ORDER BY source_id, stage, unit, jurisdiction_id, year;

CREATE TABLE population AS
SELECT jurisdiction_id, year, population, source_id
FROM population_all
WHERE status = 'exact' AND preference IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY jurisdiction_id, year ORDER BY preference) = 1
ORDER BY jurisdiction_id, year;

CREATE VIEW denominator AS
SELECT
    jurisdiction_id, source_id, year, stage, unit, count_low, count_high, status,
    source_id AS denominator_source
FROM observation_total
UNION ALL
SELECT
    population.jurisdiction_id, dataset.source_id, population.year, 'population', 'people',
    population, population, 'exact', population.source_id
FROM population
CROSS JOIN (SELECT DISTINCT source_id FROM dataset WHERE kind = 'observations') AS dataset
UNION ALL
SELECT
    indicator.jurisdiction_id, dataset.source_id, indicator.year, indicator.indicator, 'indicator',
    indicator.low, indicator.high, if(indicator.low = indicator.high, 'exact', 'censored'),
    indicator.source_id
FROM indicator
CROSS JOIN (SELECT DISTINCT source_id FROM dataset WHERE kind = 'observations') AS dataset
WHERE indicator.low IS NOT NULL AND indicator.high IS NOT NULL;
"""


@dataclass(frozen=True)
class Snapshot:
    """A built snapshot: its file and its id (the first 16 digits of its hash).

    Attributes:
        audits: dataset of cases -> what the audit of its published counts found, line by line.
    """

    path: Path
    id: str
    notices: tuple[Problem, ...] = ()
    reused: bool = False
    audits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def snapshot_id(catalogue: Catalogue) -> str:
    """Id of the snapshot that a catalogue makes: 16 hexadecimal digits."""
    versions = f"{SCHEMA_VERSION}.{RELEASE_VERSION}\n{duckdb.__version__}"
    recipe = f"{versions}\n{_TABLES}\n{catalogue.fingerprint}"
    return hashlib.sha256(recipe.encode()).hexdigest()[:16]


def build(config_path: str | Path) -> Snapshot:
    """Bring the snapshot of a config up to date.

    Args:
        config_path: path of `config.yaml`.

    Returns:
        The snapshot; `reused` where nothing has changed since it was built.

    Raises:
        ConfigError, ValidationError: the input has faults; all are listed.
        BuildError: the snapshot cannot be written. In every case the snapshots that are there
            stay as they were.
    """
    loaded = load_config(config_path)
    catalogue = read_catalogue(loaded)
    folder = _made_folder(snapshot_folder(loaded))
    identity = snapshot_id(catalogue)
    path = folder / f"{identity}{SUFFIX}"
    with _locked(folder):
        if is_whole(path):
            remember(folder, loaded.path, path, loaded.config.snapshots.keep)
            return Snapshot(path=path, id=identity, reused=True)
        with spark_kept():
            checked = validate(catalogue)
            released = releases(catalogue, checked, lambda: filter(is_whole, newest_first(folder)))
        _refuse_mixed_reading(catalogue)
        _sweep_unfinished(folder)
        _write_snapshot(path, identity, catalogue, checked, released)
        remember(folder, loaded.path, path, loaded.config.snapshots.keep)
        drop_old(folder, loaded.config.snapshots.keep)
    audits = {id_: release.lines for id_, release in released.items() if release.lines}
    return Snapshot(path=path, id=identity, notices=tuple(checked.notices), audits=audits)


def last_good(config_path: str | Path) -> Snapshot | None:
    """The newest snapshot that was built from this config file, whatever it says now."""
    for folder in _folders_to_search(Path(config_path).resolve()):
        newest = next(iter(names_of(folder, Path(config_path).resolve())), "")
        if (folder / newest).is_file():
            return _found(folder / newest)
    return None


def kept_snapshot(serving: Snapshot, config_path: Path, id_: str) -> Snapshot | None:
    """An earlier snapshot of a config.

    Args:
        serving: one of the same folder.
        config_path: path of `config.yaml`, resolved.
        id_: its id, or the first eight digits or more of it.

    Returns:
        The snapshot; None where it is no longer kept, or was built from another config.
    """
    path = kept_path(serving.path.parent, config_path, id_)
    return _found(path) if path else None


def _found(path: Path) -> Snapshot:
    return Snapshot(path=path, id=path.name.removesuffix(SUFFIX), reused=True)


def _folders_to_search(config_path: Path) -> Iterator[Path]:
    try:
        yield snapshot_folder(load_config(config_path))
    except ConfigError:
        yield default_snapshot_folder(config_path.parent)
        yield from _folder_named_in_broken(config_path)


def _folder_named_in_broken(config_path: Path) -> Iterator[Path]:
    """The folder that a config names which is YAML, but has faults."""
    with suppress(ConfigError, AttributeError, TypeError, ValueError):
        yield config_path.parent / read_yaml(config_path).data.get("snapshots").get("folder")


def _made_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = Problem(
            folder.name,
            worded("The snapshot folder can't be made: {reason}.", reason=reason_of(error)),
        )
        raise BuildError(worded("The snapshot cannot be written."), [problem]) from None
    return folder


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One build at a time in a folder, by whatever process."""
    progress.begin(Step.WAITING_FOR_BUILD)
    try:
        with FileLock(folder / ".lock", timeout=LOCK_SECONDS):
            progress.begin(Step.LOOKING)
            yield
    except Timeout:
        problem = Problem(
            folder.name,
            worded("Another build has not ended for {seconds} seconds.", seconds=LOCK_SECONDS),
        )
        raise BuildError(worded("The snapshot cannot be written."), [problem]) from None
    except OSError as error:
        problem = Problem(
            folder.name,
            worded("The snapshot folder can't be written: {reason}.", reason=reason_of(error)),
        )
        raise BuildError(worded("The snapshot cannot be written."), [problem]) from error


def _refuse_mixed_reading(catalogue: Catalogue) -> None:
    """A file that changed between its hashing and its reading would enter under a wrong name."""
    if read_catalogue(catalogue.loaded).fingerprint != catalogue.fingerprint:
        problem = Problem(catalogue.loaded.path.name, worded("Files changed while they were read."))
        raise BuildError(worded("The data changed during the build. Try again."), [problem])


def _sweep_unfinished(folder: Path) -> None:
    """Delete what a killed build left; whoever holds the lock knows that no other is under way."""
    for left in folder.glob(f"{UNFINISHED}*"):
        left.unlink(missing_ok=True)


def _write_snapshot(
    path: Path,
    identity: str,
    catalogue: Catalogue,
    checked: Checked,
    released: Mapping[str, Release],
) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=UNFINISHED, suffix=SUFFIX) as placeholder:
        temporary = Path(placeholder.name)
    try:
        _fill(temporary, identity, catalogue, checked, released)
        _sync(temporary)
        line = sum_line(temporary, path.name)
        os.replace(temporary, path)
        write_text(sum_file(path), line)
        _sync(path.parent)
    except (OSError, duckdb.Error) as error:
        problem = Problem(path.name, f"{type(error).__name__}: {error}")
        raise BuildError(worded("The snapshot cannot be written."), [problem]) from error
    finally:
        temporary.unlink(missing_ok=True)
        Path(f"{temporary}.wal").unlink(missing_ok=True)


def _fill(
    path: Path,
    identity: str,
    catalogue: Catalogue,
    checked: Checked,
    released: Mapping[str, Release],
) -> None:
    frames = {
        "place": checked.places,
        "dataset": _dataset_table(catalogue, checked),
        "observation": _stacked(catalogue, checked.observations),
        "population_all": _stacked_population(catalogue, checked),
        "coverage": _stacked(catalogue, checked.coverage),
        "indicator": _stacked(catalogue, checked.indicators),
        "flow": _stacked(catalogue, checked.flows),
        "outline": pd.DataFrame(
            {"map_id": list(checked.outlines), "topology": list(checked.outlines.values())},
            dtype="str",
        ),
        "meta": _meta_table(identity, catalogue, checked),
        **case_tables(catalogue, released),
    }
    with _connected(path) as connection:
        for name in progress.each(Step.WRITING, frames, lambda _: ""):
            connection.register("frame_to_store", frames[name])
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame_to_store")
            connection.unregister("frame_to_store")
        connection.execute(_TABLES)
        connection.execute("CHECKPOINT")


@contextmanager
def _connected(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(path))
    try:
        yield connection
    finally:
        connection.close()


def _stacked(catalogue: Catalogue, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    labelled = [
        tables[version.id].assign(source_id=version.dataset.source, dataset_id=version.id)
        for version in catalogue.datasets
        if version.id in tables
    ]
    if labelled:
        return pd.concat(labelled, ignore_index=True)
    return pd.DataFrame(
        {
            "jurisdiction_id": pd.Series(dtype="str"),
            "year": pd.Series(dtype="Int64"),
            "reporter": pd.Series(dtype="str"),
            "indicator": pd.Series(dtype="str"),
            "value": pd.Series(dtype="Float64"),
            "low": pd.Series(dtype="Float64"),
            "high": pd.Series(dtype="Float64"),
            "stage": pd.Series(dtype="str"),
            "unit": pd.Series(dtype="str"),
            "origin_kind": pd.Series(dtype="str"),
            "origin_id": pd.Series(dtype="str"),
            "label": pd.Series(dtype="str"),
            "count_low": pd.Series(dtype="Int64"),
            "count_high": pd.Series(dtype="Int64"),
            "reporters": pd.Series(dtype="Int64"),
            "population": pd.Series(dtype="Int64"),
            "status": pd.Series(dtype="str"),
            "note": pd.Series(dtype="str"),
            "source_id": pd.Series(dtype="str"),
            "dataset_id": pd.Series(dtype="str"),
        }
    )


def _stacked_population(catalogue: Catalogue, checked: Checked) -> pd.DataFrame:
    order = {id_: place for place, id_ in enumerate(catalogue.loaded.config.population)}
    stacked = _stacked(catalogue, checked.population)
    return stacked.assign(preference=stacked["dataset_id"].map(order).astype("Int64"))


def _dataset_table(catalogue: Catalogue, checked: Checked) -> pd.DataFrame:
    rows = [
        _dataset_row(position, version, checked)
        for position, version in enumerate(catalogue.datasets)
    ]
    return pd.DataFrame(rows)


def _dataset_row(position: int, version: DatasetVersion, checked: Checked) -> dict[str, Any]:
    descriptor = version.descriptor
    described = descriptor.model_dump(mode="json", exclude={"sha256"})
    as_json = {key: json.dumps(described.pop(key)) for key in ("caveats", "columns", "notes")}
    return {
        "position": position,
        "dataset_id": version.id,
        "source_id": version.dataset.source,
        "kind": version.dataset.kind,
        "short": version.dataset.short,
        **{key: "" if value is None else value for key, value in described.items()},
        **as_json,
        "rows": checked.rows(version.id),
        "source_sha256": descriptor.sha256 or "",
        "table_sha256": version.table.sha256,
        "file": version.dataset.shown,
    }


def _meta_table(identity: str, catalogue: Catalogue, checked: Checked) -> pd.DataFrame:
    effects = catalogue.effects
    meta = {
        "snapshot_id": identity,
        "schema_version": str(SCHEMA_VERSION),
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "config": catalogue.loaded.config.model_dump_json(),
        "effects": effects.library.model_dump_json() if effects else "",
        "notices": json.dumps([notice.packed() for notice in checked.notices]),
    }
    return pd.DataFrame({"key": list(meta), "value": list(meta.values())})


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows can't open a folder, and needs no sync of one
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


__all__ = [
    "LAST_GOOD",
    "SCHEMA_VERSION",
    "SUFFIX",
    "UNFINISHED",
    "Snapshot",
    "build",
    "kept_snapshot",
    "last_good",
    "snapshot_id",
]
