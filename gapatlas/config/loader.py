"""Reads `config.yaml` into a `LoadedConfig`, or says line by line why it cannot."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from gapatlas.config.models import Config, LoadedConfig, Snapshots
from gapatlas.config.vocabulary import FIXED_PEERS
from gapatlas.config.yaml_lines import Document, KeyPath, read_yaml
from gapatlas.errors import ConfigError, Problem

CONFIG_VARIABLE = "GAPATLAS_CONFIG"
SNAPSHOTS_VARIABLE = "GAPATLAS_SNAPSHOTS"
_PLAIN_WORDS = {
    "model_type": "Input should be a block of keys",
    "dict_type": "Input should be a block of keys",
    "tuple_type": "Input should be a list",
}


def default_config_path() -> Path:
    """The config named in the environment, else `config.yaml` in the working folder."""
    return Path(os.environ.get(CONFIG_VARIABLE, "config.yaml"))


def load_config(path: str | Path) -> LoadedConfig:
    """Read and check a config file.

    Raises:
        ConfigError: with one problem per line to mend.
    """
    file = Path(path).resolve()
    document = read_yaml(file)
    try:
        config = Config.model_validate(document.data)
    except ValidationError as error:
        problems = list(schema_problems(file.name, document, error, Config))
        raise ConfigError(f"{file.name} does not follow its schema.", problems) from None
    problems = list(_reference_problems(file, document, config))
    if problems:
        raise ConfigError(f"{file.name} names things that do not fit together.", problems)
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


def near_names(name: str, known: Iterable[str]) -> str:
    """Known names like `name`, else all of them, as text for an error's `allowed`."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return ", ".join(near or names[:20])


def schema_problems(
    file: str, document: Document, error: ValidationError, model: type[BaseModel]
) -> Iterable[Problem]:
    """Say with line and key what keeps a YAML document from being a `model`."""
    for detail in error.errors():
        path = _document_path(document.data, detail)
        if _is_of_another_union_member(path, detail):
            continue
        message, found, allowed = _explain(model, path, detail)
        yield Problem(
            where=file,
            message=message,
            row=document.line_of(path),
            column=".".join(str(part) for part in path) or None,
            found=found,
            allowed=allowed,
        )


def _document_path(data: Any, detail: Any) -> KeyPath:
    """Drop the parts that pydantic adds for union members and keys: they are not in the file."""
    path: list[str | int] = []
    here = data
    for part in detail["loc"]:
        if _holds(here, part):
            here = here[part]
            path.append(part)
    return (*path, detail["loc"][-1]) if detail["type"] == "missing" else tuple(path)


def _is_of_another_union_member(path: KeyPath, detail: Any) -> bool:
    """A union reports every member; only the one that the value resembles helps the reader."""
    in_union = bool(detail["loc"]) and detail["loc"][-1] not in path[-1:]
    is_mapping = isinstance(detail["input"], dict)
    return in_union and (
        (detail["type"] == "literal_error" and is_mapping)
        or (detail["type"] == "model_type" and not is_mapping)
    )


def _holds(container: Any, part: int | str) -> bool:
    if isinstance(container, list):
        return isinstance(part, int) and part < len(container)
    return isinstance(container, dict) and part in container


def _explain(
    root: type[BaseModel], path: KeyPath, detail: Any
) -> tuple[str, str | None, str | None]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return f"'{path[-1]}' is required here.", None, None
    if kind == "extra_forbidden":
        allowed = near_names(str(path[-1]), _keys_beside(root, path))
        return f"'{path[-1]}' is not a key that this place knows.", str(path[-1]), allowed
    if kind == "value_error":
        message, _, allowed = str(context["error"]).partition("; allowed: ")
        return message[:1].upper() + message[1:] + ".", None, allowed or None
    allowed = context.get("expected") or context.get("pattern")
    if kind == "literal_error" and detail["loc"][-1] not in path[-1:]:
        allowed = f"{allowed}, or a block of keys"  # the other member of a union
    return (
        f"{_PLAIN_WORDS.get(kind, detail['msg'])}.",
        _shown(detail["input"]),
        str(allowed) if allowed else None,
    )


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."


def _keys_beside(root: type[BaseModel], path: KeyPath) -> list[str]:
    model: Any = root
    for part in path[:-1]:
        model = _step(model, part)
        if model is None:
            return []
    return list(model.model_fields) if _is_model(model) else []


def _step(model: Any, part: str | int) -> Any:
    if not _is_model(model):
        return _first_model(model)
    field = model.model_fields.get(str(part))
    if field is None:
        return None
    annotation = field.annotation
    is_container = getattr(annotation, "__origin__", None) is dict
    return annotation if is_container else _first_model(annotation)


def _first_model(annotation: Any) -> Any:
    if _is_model(annotation):
        return annotation
    found = (_first_model(arg) for arg in getattr(annotation, "__args__", ()))
    return next((model for model in found if model is not None), None)


def _is_model(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)


def _reference_problems(file: Path, document: Document, config: Config) -> Iterable[Problem]:
    def problem(path: KeyPath, message: str, found: str, known: Iterable[str]) -> Problem:
        return Problem(
            where=file.name,
            message=message,
            row=document.line_of(path),
            column=".".join(str(part) for part in path),
            found=found,
            allowed=near_names(found, known),
        )

    sources = config.observation_sources()
    path: KeyPath
    for name, measure in config.measures.items():
        if measure.source not in sources:
            path = ("measures", name, "source")
            yield problem(path, "No observations dataset has this source.", measure.source, sources)
    populations = [id_ for id_, d in config.datasets.items() if d.kind == "population"]
    for position, name in enumerate(config.population):
        if name not in populations:
            path = ("population", position)
            yield problem(path, "This is not a population dataset.", name, populations)
    yield from _indicator_problems(file, document, config)
    for name, association in config.associations.items():
        path = ("associations", name)
        if association.treatment not in config.indicators:
            message = "There is no such indicator."
            known: Iterable[str] = config.indicators
            yield problem((*path, "treatment"), message, association.treatment, known)
        if association.source not in sources:
            message = "No observations dataset has this source."
            yield problem((*path, "source"), message, association.source, sources)
    if config.defaults.measure not in config.measures:
        path = ("defaults", "measure")
        yield problem(path, "There is no such measure.", config.defaults.measure, config.measures)
    yield from _shared_problems(file, document, config)
    yield from _path_problems(file, document, config)


def _indicator_problems(file: Path, document: Document, config: Config) -> Iterable[Problem]:
    """Indicators whose source is no indicators dataset, and uses of indicators that are not
    there."""
    scored = {d.source for d in config.datasets.values() if d.kind == "indicators"}
    gaps = config.gaps
    named: list[tuple[KeyPath, str | None, Iterable[str], str]] = [
        (("indicators", id_, "source"), i.source, scored, "No indicators dataset has this source.")
        for id_, i in config.indicators.items()
    ]
    used: dict[KeyPath, str | None] = {
        ("gaps", "law"): gaps.law,
        ("gaps", "prevalence"): gaps.prevalence,
        ("gaps", "grants"): gaps.grants,
        **{("gaps", "model", at): id_ for at, id_ in enumerate(gaps.model)},
        **{("gaps", "history", at): id_ for at, id_ in enumerate(gaps.history)},
    }
    named += [(p, id_, config.indicators, "There is no such indicator.") for p, id_ in used.items()]
    for id_ in FIXED_PEERS:
        if id_ in config.peer_indicators():
            yield Problem(
                where=file.name,
                message="Every config has a choice of peers with this id.",
                row=document.line_of(("indicators", id_)),
                column=f"indicators.{id_}",
                found=id_,
                allowed=f"an id other than {', '.join(FIXED_PEERS)}",
            )
    for path, found, allowed, message in named:
        if found is not None and found not in allowed:
            yield Problem(
                where=file.name,
                message=message,
                row=document.line_of(path),
                column=".".join(map(str, path)),
                found=found,
                allowed=", ".join(allowed) or "none yet",
            )


def _shared_problems(file: Path, document: Document, config: Config) -> Iterable[Problem]:
    """What two blocks must not have in common: a source, or the title a reader picks by."""
    rules = (
        *(
            (
                f"Two {kind} datasets have one source: their counts would be mixed.",
                {
                    ("datasets", id_, "source"): dataset.source
                    for id_, dataset in config.datasets.items()
                    if dataset.kind == kind
                },
                f"a source id of its own for each {kind} dataset",
            )
            for kind in ("observations", "flows")
        ),
        (
            "Two indicators have one choice of peers: a reader could not tell them apart.",
            {
                ("indicators", id_, "peers"): peers
                for id_, peers in config.peer_indicators().items()
            },
            "words of its own for each choice of peers",
        ),
        (
            "Two associations have one title: a reader could not tell them apart.",
            {("associations", id_, "title"): a.title for id_, a in config.associations.items()},
            "a title of its own for each association",
        ),
        (
            "Two measures have one title: a reader could not tell them apart.",
            {("measures", id_, "title"): m.title for id_, m in config.measures.items()},
            "a title of its own for each measure",
        ),
    )
    for message, values, allowed in rules:
        first: dict[str, str] = {}
        for path, value in values.items():
            if value in first:
                yield Problem(
                    where=file.name,
                    message=message,
                    row=document.line_of(path),
                    column=".".join(path),
                    found=f"{value}, the {path[-1]} of {first[value]} too",
                    allowed=allowed,
                )
            first.setdefault(value, path[1])


def _path_problems(file: Path, document: Document, config: Config) -> Iterable[Problem]:
    named: list[tuple[KeyPath, str]] = [(("places",), config.places)]
    for name, dataset in config.datasets.items():
        named.append((("datasets", name, "file"), dataset.file))
        named.append((("datasets", name, "descriptor"), dataset.descriptor))
    for name, map_ in config.maps.items():
        named.append((("maps", name, "shapes"), map_.shapes))
    for path, relative in named:
        message = _path_fault(file.parent, relative)
        if message:
            yield Problem(
                where=file.name,
                message=message,
                row=document.line_of(path),
                column=".".join(str(part) for part in path),
                found=relative,
                allowed="a file inside the folder of the config",
            )


def _path_fault(root: Path, relative: str) -> str | None:
    try:
        target = (root / relative).resolve()
        if not target.is_relative_to(root):
            return "The path leaves the folder of the config."
        return None if target.is_file() else "There is no such file."
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, a circle of links
        return "This can't be a path."
