"""Reads `config.yaml` into a `LoadedConfig`, or says line by line why it cannot."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from gapatlas.config.case_rules import case_faults
from gapatlas.config.mapping_rules import is_of_parquet, mapping_faults, opening_faults
from gapatlas.config.models import Amount, Config, LoadedConfig, Snapshots
from gapatlas.config.place_models import with_side_files
from gapatlas.config.problems import near_names, problem_at, read_model
from gapatlas.config.reading_rules import reading_faults
from gapatlas.config.stage_rules import stage_faults
from gapatlas.config.vocabulary import FIXED_PEERS
from gapatlas.config.yaml_lines import Document, KeyPath
from gapatlas.errors import ConfigError, Problem
from gapatlas.languages import mark, worded

CONFIG_VARIABLE = "GAPATLAS_CONFIG"
SNAPSHOTS_VARIABLE = "GAPATLAS_SNAPSHOTS"


def default_config_path() -> Path:
    """The config named in the environment, else `config.yaml` in the working folder."""
    return Path(os.environ.get(CONFIG_VARIABLE, "config.yaml"))


def load_config(path: str | Path) -> LoadedConfig:
    """Read and check a config file.

    Raises:
        ConfigError: with one problem per line to mend.
    """
    file = Path(path).resolve()
    document, config = read_model(file, Config, mark("{file} does not follow its schema."))
    problems = list(_reference_problems(file, document, config))
    if problems:
        raise ConfigError(
            worded("{file} names things that do not fit together.", file=file.name), problems
        )
    return LoadedConfig(path=file, config=config)


def config_json_schema() -> str:
    """JSON Schema of `config.yaml` as text, the content of `config.schema.json`."""
    schema = Config.model_json_schema()
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def snapshot_folder(loaded: LoadedConfig) -> Path:
    """Folder of the snapshots: from the environment, else from the config."""
    override = os.environ.get(SNAPSHOTS_VARIABLE)
    return Path(override) if override else loaded.resolve(loaded.config.snapshots.folder)


def default_snapshot_folder(root: Path) -> Path:
    """Folder of the snapshots where the config can't be read."""
    override = os.environ.get(SNAPSHOTS_VARIABLE)
    return Path(override) if override else root / Snapshots().folder


def _reference_problems(file: Path, document: Document, config: Config) -> Iterable[Problem]:
    def problem(path: KeyPath, message: str, found: str, known: Iterable[str]) -> Problem:
        return problem_at(file.name, document, path, message, found, near_names(found, known))

    sources = config.observation_sources()
    path: KeyPath
    for name, measure in config.measures.items():
        if measure.source not in sources:
            path = ("measures", name, "source")
            yield problem(
                path, worded("No observations dataset has this source."), measure.source, sources
            )
    populations = [id_ for id_, d in config.datasets.items() if d.kind == "population"]
    for position, name in enumerate(config.population):
        if name not in populations:
            path = ("population", position)
            yield problem(path, worded("This is not a population dataset."), name, populations)
    for fault in stage_faults(config):
        yield problem_at(file.name, document, *fault)
    yield from _indicator_problems(file, document, config)
    yield from _amount_problems(file, document, config)
    stages = config.stage_units()
    sources_of = {id_: indicator.source for id_, indicator in config.indicators.items()}
    for name, dataset in config.datasets.items():
        faults = (*case_faults(dataset), *opening_faults(dataset))
        for fault in (*faults, *mapping_faults(dataset, sources_of, stages)):
            fault = fault._replace(path=("datasets", name, *fault.path))
            yield problem_at(file.name, document, *fault)
    for name, association in config.associations.items():
        path = ("associations", name)
        if association.treatment not in config.indicators:
            message = worded("There is no such indicator.")
            known: Iterable[str] = config.indicators
            yield problem((*path, "treatment"), message, association.treatment, known)
        if association.source not in sources:
            message = worded("No observations dataset has this source.")
            yield problem((*path, "source"), message, association.source, sources)
    if config.defaults.measure not in config.measures:
        path = ("defaults", "measure")
        yield problem(
            path, worded("There is no such measure."), config.defaults.measure, config.measures
        )
    if config.training is not None and config.training.source not in sources:
        path = ("training", "source")
        message = worded("No observations dataset has this source.")
        yield problem(path, message, config.training.source, sources)
    for at, table in enumerate(config.places):
        for told in reading_faults(table.read, table.file) if table.read else ():
            path = (*_place_path(document, at)[:-1], "read", told.key)
            yield problem_at(file.name, document, path, told.message, told.found, told.allowed)
    yield from _shared_problems(file, document, config)
    yield from _path_problems(file, document, config)


def _amount_problems(file: Path, document: Document, config: Config) -> Iterable[Problem]:
    """Indicators below the line of a measure that are not there, or by which nothing can be
    divided."""
    for id_, measure in config.measures.items():
        if not isinstance(measure.denominator, Amount):
            continue
        named = measure.denominator.indicator
        indicator = config.indicators.get(named)
        if indicator is None:
            message = worded("There is no such indicator.")
            allowed = near_names(named, config.indicators)
        elif indicator.labels:
            message = worded("Its values are grades with words of their own, and no amounts.")
            allowed = worded("an indicator without `labels`")
        elif indicator.scale is not None and indicator.scale[0] < 0:
            message = worded("Its scale reaches below zero: nothing can be divided by it.")
            allowed = worded("an indicator that is never below zero")
        else:
            continue
        path = ("measures", id_, "denominator", "indicator")
        yield problem_at(file.name, document, path, message, named, allowed or worded("none yet"))


def _indicator_problems(file: Path, document: Document, config: Config) -> Iterable[Problem]:
    """Indicators whose source is no indicators dataset, and uses of indicators that are not
    there."""
    scored = {d.source for d in config.datasets.values() if d.kind == "indicators"}
    gaps = config.gaps
    named: list[tuple[KeyPath, str | None, Iterable[str], str]] = [
        (
            ("indicators", id_, "source"),
            i.source,
            scored,
            worded("No indicators dataset has this source."),
        )
        for id_, i in config.indicators.items()
    ]
    used: dict[KeyPath, str | None] = {
        ("gaps", "law"): gaps.law,
        ("gaps", "prevalence"): gaps.prevalence,
        ("gaps", "grants"): gaps.grants,
        **{("gaps", "model", at): id_ for at, id_ in enumerate(gaps.model)},
        **{("gaps", "history", at): id_ for at, id_ in enumerate(gaps.history)},
    }
    named += [
        (p, id_, config.indicators, worded("There is no such indicator."))
        for p, id_ in used.items()
    ]
    for id_ in FIXED_PEERS:
        if id_ in config.peer_indicators():
            message = worded("Every config has a choice of peers with this id.")
            allowed = worded("an id other than {ids}", ids=", ".join(FIXED_PEERS))
            yield problem_at(file.name, document, ("indicators", id_), message, id_, allowed)
    for path, found, known, message in named:
        if found is not None and found not in known:
            allowed = ", ".join(known) or worded("none yet")
            yield problem_at(file.name, document, path, message, found, allowed)


def _shared_problems(file: Path, document: Document, config: Config) -> Iterable[Problem]:
    """What two blocks must not have in common: a source, or the title a reader picks by."""
    rules = (
        *(
            (
                worded(
                    "Two {kind} datasets have one source: their counts would be mixed.", kind=kind
                ),
                {
                    ("datasets", id_, "source"): dataset.source
                    for id_, dataset in config.datasets.items()
                    if dataset.kind == kind
                },
                worded("a source id of its own for each {kind} dataset", kind=kind),
            )
            for kind in ("flows", "cases", "case_counts")
        ),
        (
            worded(
                "A source of one whole period has a second table: it would count the period twice."
            ),
            {
                ("datasets", id_, "source"): dataset.source
                for id_, dataset in config.datasets.items()
                if dataset.kind == "observations" and dataset.source in config.periods()
            },
            worded("a source id of its own"),
        ),
        (
            worded("Two indicators have one choice of peers: a reader could not tell them apart."),
            {
                ("indicators", id_, "peers"): peers
                for id_, peers in config.peer_indicators().items()
            },
            worded("words of its own for each choice of peers"),
        ),
        (
            worded("Two associations have one title: a reader could not tell them apart."),
            {("associations", id_, "title"): a.title for id_, a in config.associations.items()},
            worded("a title of its own for each association"),
        ),
        (
            worded("Two measures have one title: a reader could not tell them apart."),
            {("measures", id_, "title"): m.title for id_, m in config.measures.items()},
            worded("a title of its own for each measure"),
        ),
    )
    for message, values, allowed in rules:
        first: dict[str, str] = {}
        for path, value in values.items():
            if value in first:
                found = worded(
                    "{value}, the {key} of {id} too", value=value, key=path[-1], id=first[value]
                )
                yield problem_at(file.name, document, path, message, found, allowed)
            first.setdefault(value, path[1])


def _path_problems(file: Path, document: Document, config: Config) -> Iterable[Problem]:
    named: list[tuple[KeyPath, str]] = [
        (_place_path(document, at), table.file) for at, table in enumerate(config.places)
    ]
    folders = set()
    for name, dataset in config.datasets.items():
        if dataset.file is not None:
            named.append((("datasets", name, "file"), dataset.file))
        if dataset.kind != "case_counts" and is_of_parquet(dataset):
            folders.add(("datasets", name, "file"))
        named.append((("datasets", name, "descriptor"), dataset.descriptor))
    for name, map_ in config.maps.items():
        named.append((("maps", name, "boundaries" if map_.boundaries else "shapes"), map_.file))
    if config.training is not None:
        named.append((("training", "library"), config.training.library))
    for path, relative in named:
        message = _path_fault(file.parent, relative, may_be_folder=path in folders)
        if message:
            allowed = worded("a file inside the folder of the config")
            yield problem_at(file.name, document, path, message, relative, allowed)


def _place_path(document: Document, at: int) -> KeyPath:
    """Where the file of a table of places stands: `places` is a path, or a list."""
    entries = document.data.get("places")
    if not isinstance(entries, list):
        return ("places",) if isinstance(entries, str) else ("places", "file")
    return ("places", at) if isinstance(entries[at], str) else ("places", at, "file")


def _path_fault(root: Path, relative: str, *, may_be_folder: bool) -> str | None:
    try:
        target = (root / relative).resolve()
        if not target.is_relative_to(root):
            return worded("The path leaves the folder of the config.")
        for beside in with_side_files(root / relative)[1:]:
            if not beside.resolve().is_relative_to(root):
                return worded(
                    "{file}, which belongs to the file, leaves the folder of the config.",
                    file=beside.name,
                )
        is_there = target.is_file() or (may_be_folder and target.is_dir())
        return None if is_there else worded("There is no such file.")
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, a circle of links
        return worded("This can't be a path.")
