"""Room `catalogue`: which version of which file the config names.

A version is the content of a file, known by its SHA-256, together with what its descriptor
says of publisher, edition, terms and columns.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from gapatlas import progress
from gapatlas.config import (
    Dataset,
    EffectLibrary,
    LoadedConfig,
    PlaceTable,
    load_effects,
    snapshot_folder,
    with_side_files,
)
from gapatlas.config.problems import read_model
from gapatlas.config.reading_models import Reading
from gapatlas.errors import ConfigError, Problem, ValidationError, reason_of
from gapatlas.files import unmerged, write_atomically
from gapatlas.languages import mark, worded
from gapatlas.progress import Step
from gapatlas.reading import LIMITS, read_cells
from gapatlas.reading.limits import megabytes

FETCHED = "fetched"
"""Folder, beside the snapshots, of what was read from databases and stores."""
SETTLED_SECONDS = 2.0
"""A file changed so lately may change again without another time of change: it is hashed anew."""


class ColumnDescription(BaseModel):
    """What a column of a curated table means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    definition: str
    unit: str | None = None


class Descriptor(BaseModel):
    """What is known of a dataset: who published it, on which terms, and what it can't tell."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    title: str
    publisher: str
    edition: str
    published: str | None = None
    licence: str
    terms_url: str | None = None
    citation: str
    retrieved: str
    source_file: str
    sha256: str | None = None
    importer: str | None = None
    method: str
    caveats: tuple[str, ...] = ()
    columns: dict[str, ColumnDescription] = Field(default={})
    notes: dict[str, str] = Field(default={})


@dataclass(frozen=True)
class FileVersion:
    """A file's content at one moment."""

    path: Path
    sha256: str
    bytes: int


@dataclass(frozen=True)
class DatasetVersion:
    """One dataset of the config, with the content of its table and its descriptor."""

    id: str
    dataset: Dataset
    table: FileVersion
    descriptor_file: FileVersion
    descriptor: Descriptor


@dataclass(frozen=True)
class PlacesVersion:
    """One table of places of the config, with the content of its file and those beside it."""

    table: PlaceTable
    files: tuple[FileVersion, ...]

    @property
    def path(self) -> Path:
        return self.files[0].path


@dataclass(frozen=True)
class EffectsVersion:
    """The effect library of the config, with the content of its file."""

    file: FileVersion
    library: EffectLibrary


@dataclass(frozen=True)
class Catalogue:
    """All versions that one config names, and one fingerprint over them and the config.

    Attributes:
        boundaries: id of each map of own boundaries -> its file and those beside it.
    """

    loaded: LoadedConfig
    places: tuple[PlacesVersion, ...]
    datasets: tuple[DatasetVersion, ...]
    effects: EffectsVersion | None = None
    boundaries: Mapping[str, tuple[FileVersion, ...]] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """SHA-256, hexadecimal, over the config and the content of every file it names."""
        content = {
            "config": self.loaded.config.model_dump(mode="json"),
            "places": [[file.sha256 for file in table.files] for table in self.places],
            "boundaries": {
                id_: [f.sha256 for f in files] for id_, files in self.boundaries.items()
            },
            "effects": self.effects.file.sha256 if self.effects else None,
            "datasets": {v.id: [v.table.sha256, v.descriptor_file.sha256] for v in self.datasets},
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def read_catalogue(loaded: LoadedConfig) -> Catalogue:
    """Hash every file of a config; read the descriptors and the effect library.

    Raises:
        ConfigError: with one problem for each file that is missing, and those of each descriptor
            and effect library that cannot be used.
    """
    problems: list[Problem] = []
    versions = []
    for id_ in progress.each(Step.LOOKING, loaded.config.datasets):
        try:
            versions.append(_dataset_version(loaded, id_, loaded.config.datasets[id_]))
        except ConfigError as error:
            problems.extend(error.problems)
    places = []
    for table in loaded.config.places:
        try:
            places.append(PlacesVersion(table, _with_those_beside(loaded, table.file)))
        except ConfigError as error:
            problems.extend(error.problems)
    boundaries = {}
    for id_, map_ in loaded.config.maps.items():
        try:
            if map_.boundaries is not None:
                boundaries[id_] = _with_those_beside(loaded, map_.boundaries)
        except ConfigError as error:
            problems.extend(error.problems)
    try:
        effects = _effects_version(loaded)
    except ConfigError as error:
        problems.extend(error.problems)
    if problems:
        raise ConfigError(worded("Some files of the config cannot be used."), problems)
    return Catalogue(loaded, tuple(places), tuple(versions), effects, boundaries)


def file_version(path: Path, most: float = LIMITS.file_bytes) -> FileVersion:
    """Hash a file, or all files of a folder; unchanged files (by path, size and times of change)
    are hashed once.

    Args:
        path: the file or folder.
        most: bytes up to which it is of use; what is larger is not hashed.

    Raises:
        ConfigError: the file is missing, is too large or cannot be read.
    """
    if path.is_dir():
        return _joined(path, [p for p in sorted(path.rglob("*")) if not p.is_dir()], most)
    beside = unmerged(path)
    if beside.exists() and beside.stat().st_size:
        return _joined(path, [path, beside], most)
    return _one_version(path, most)


def _one_version(path: Path, most: float) -> FileVersion:
    try:
        stat = path.stat()
        _refuse_large(path, stat.st_size, most)
        changed_ns = max(stat.st_mtime_ns, stat.st_ctime_ns)
        key = (path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        if time.time_ns() - changed_ns < SETTLED_SECONDS * 1e9:
            return _hash(*key)
        return _hashed(*key)
    except OSError as error:
        problem = Problem(
            path.name, worded("The file cannot be read: {reason}.", reason=reason_of(error))
        )
        raise ConfigError(worded("{file} cannot be read.", file=path.name), [problem]) from None


def _refuse_large(path: Path, size: int, most: float) -> None:
    if size > most:
        found, allowed = megabytes(size), worded("up to {size}", size=megabytes(int(most)))
        problem = Problem(path.name, worded("The file is too large."), found=found, allowed=allowed)
        raise ConfigError(worded("{file} cannot be read.", file=path.name), [problem])


def _joined(path: Path, parts: list[Path], most: float) -> FileVersion:
    """The names and the content of several files as one: of all in a folder, of a database and
    its latest changes."""
    _refuse_large(path, sum(part.stat().st_size for part in parts if part.exists()), most)
    files = [_one_version(part, most) for part in parts]
    top = path if path.is_dir() else path.parent
    lines = [f"{file.sha256} {file.path.relative_to(top).as_posix()}\n" for file in files]
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    return FileVersion(path=path, sha256=digest, bytes=sum(file.bytes for file in files))


def _hash(path: Path, size: int, _modified: int, _changed: int, _inode: int) -> FileVersion:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileVersion(path=path, sha256=digest, bytes=size)


_hashed = lru_cache(maxsize=1024)(_hash)


def _named_version(
    loaded: LoadedConfig, relative: str, most: float = LIMITS.file_bytes
) -> FileVersion:
    try:
        return file_version(loaded.resolve(relative), most)
    except ConfigError as error:
        raise _under_its_path(error, relative) from None


def _with_those_beside(loaded: LoadedConfig, relative: str) -> tuple[FileVersion, ...]:
    """The versions of a file, and of the files that belong to it where it is a shapefile."""
    files = with_side_files(loaded.resolve(relative))
    beside = [str(Path(relative).with_name(file.name)) for file in files]
    return tuple(_named_version(loaded, name) for name in beside)


def _named_descriptor(loaded: LoadedConfig, relative: str) -> Descriptor:
    try:
        return read_descriptor(loaded.resolve(relative))
    except ConfigError as error:
        raise _under_its_path(error, relative) from None


def _effects_version(loaded: LoadedConfig) -> EffectsVersion | None:
    training = loaded.config.training
    if training is None:
        return None
    file = _named_version(loaded, training.library)
    try:
        return EffectsVersion(file=file, library=load_effects(file.path))
    except ConfigError as error:
        raise _under_its_path(error, training.library) from None


def _under_its_path(error: ConfigError, relative: str) -> ConfigError:
    """Many datasets have a `descriptor.yaml`: only the path tells which one is meant."""
    problems = [replace(problem, where=Path(relative).as_posix()) for problem in error.problems]
    return ConfigError(error.summary, problems)


def _dataset_version(loaded: LoadedConfig, id_: str, dataset: Dataset) -> DatasetVersion:
    return DatasetVersion(
        id=id_,
        dataset=dataset,
        table=_table_version(loaded, id_, dataset),
        descriptor_file=_named_version(loaded, dataset.descriptor),
        descriptor=_named_descriptor(loaded, dataset.descriptor),
    )


def _table_version(loaded: LoadedConfig, id_: str, dataset: Dataset) -> FileVersion:
    if dataset.file is None:
        return _fetched_version(loaded, id_, dataset)
    # A file of cases is reduced where it lies, whatever its size.
    most = math.inf if dataset.kind == "cases" else LIMITS.file_bytes
    return _named_version(loaded, dataset.file, most)


def _fetched_version(loaded: LoadedConfig, id_: str, dataset: Dataset) -> FileVersion:
    """What a database or a store holds now, kept beside the snapshots as plain csv."""
    try:
        cells = read_cells(None, dataset.read or Reading(), dataset.named)
    except ValidationError as error:
        raise ConfigError(error.summary, error.problems) from None
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(cells.header)
    writer.writerows(cells.frame.itertuples(index=False, name=None))
    path = snapshot_folder(loaded) / FETCHED / f"{id_}.csv"
    write_atomically(path, buffer.getvalue())
    return file_version(path)


def read_descriptor(path: Path) -> Descriptor:
    """Read a dataset's descriptor.

    Raises:
        ConfigError: the file is not YAML, or a key is missing, unknown or of the wrong type.
    """
    _, descriptor = read_model(path, Descriptor, mark("{file} does not describe its dataset."))
    return descriptor
