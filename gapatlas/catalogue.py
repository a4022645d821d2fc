"""Room `catalogue`: which version of which file the config names.

A version is the content of a file, known by its SHA-256, together with what its descriptor
says of publisher, edition, terms and columns.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gapatlas.config import Dataset, LoadedConfig
from gapatlas.config.yaml_lines import read_yaml
from gapatlas.errors import ConfigError, GapAtlasError, Problem


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
class Catalogue:
    """All versions that one config names, and one fingerprint over them and the config."""

    loaded: LoadedConfig
    places: FileVersion
    datasets: tuple[DatasetVersion, ...]

    @property
    def fingerprint(self) -> str:
        """SHA-256, hexadecimal, over the config and the content of every file it names."""
        content = {
            "config": self.loaded.config.model_dump(mode="json"),
            "places": self.places.sha256,
            "datasets": {v.id: [v.table.sha256, v.descriptor_file.sha256] for v in self.datasets},
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def read_catalogue(loaded: LoadedConfig) -> Catalogue:
    """Hash every file of a config and read the descriptors.

    Raises:
        ConfigError: with one problem for each file that is missing or each descriptor that
            cannot be used.
    """
    problems: list[Problem] = []
    versions = []
    for id_, dataset in loaded.config.datasets.items():
        try:
            versions.append(_dataset_version(loaded, id_, dataset))
        except GapAtlasError as error:
            problems.extend(error.problems)
    try:
        places = file_version(loaded.resolve(loaded.config.places))
    except GapAtlasError as error:
        problems.extend(error.problems)
    if problems:
        raise ConfigError("Some files of the config cannot be used.", problems)
    return Catalogue(loaded=loaded, places=places, datasets=tuple(versions))


def file_version(path: Path) -> FileVersion:
    """Hash a file; unchanged files (by path, size and time of change) are hashed once.

    Raises:
        ConfigError: the file is missing or cannot be read.
    """
    try:
        stat = path.stat()
        return _hashed(path, stat.st_size, stat.st_mtime_ns, stat.st_ino)
    except OSError as error:
        problem = Problem(path.name, f"The file cannot be read: {error.strerror}.")
        raise ConfigError(f"{path.name} cannot be read.", [problem]) from None


@lru_cache(maxsize=1024)
def _hashed(path: Path, size: int, _modified: int, _inode: int) -> FileVersion:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileVersion(path=path, sha256=digest, bytes=size)


def _dataset_version(loaded: LoadedConfig, id_: str, dataset: Dataset) -> DatasetVersion:
    descriptor_path = loaded.resolve(dataset.descriptor)
    return DatasetVersion(
        id=id_,
        dataset=dataset,
        table=file_version(loaded.resolve(dataset.file)),
        descriptor_file=file_version(descriptor_path),
        descriptor=read_descriptor(descriptor_path),
    )


def read_descriptor(path: Path) -> Descriptor:
    """Read a dataset's descriptor.

    Raises:
        ConfigError: the file is not YAML, or a key is missing, unknown or of the wrong type.
    """
    document = read_yaml(path)
    try:
        return Descriptor.model_validate(document.data)
    except ValidationError as error:
        problems = [
            Problem(
                where=path.name,
                message=f"{detail['msg']}.",
                row=document.line_of(tuple(detail["loc"])),
                column=".".join(str(part) for part in detail["loc"]),
            )
            for detail in error.errors()
        ]
        raise ConfigError(f"{path.name} does not describe its dataset.", problems) from None
