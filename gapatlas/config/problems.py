"""What keeps a YAML file from being what it should: with line, key, found and allowed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from gapatlas.config.base import UnfitError
from gapatlas.config.schema_words import expected_words, schema_words
from gapatlas.config.yaml_lines import Document, KeyPath, read_yaml
from gapatlas.errors import ConfigError, Problem
from gapatlas.languages import worded

Model = TypeVar("Model", bound=BaseModel)


class Fault(NamedTuple):
    """A value that breaks a rule: its keys, what is wrong, what stands there, what may."""

    path: KeyPath
    message: str
    found: str
    allowed: str


def read_model(path: Path, model: type[Model], fault: str) -> tuple[Document, Model]:
    """Read a YAML file as a `model`, with the lines of its values.

    Args:
        path: the file.
        model: what it should be.
        fault: what is said where it is not, such as `{file} does not follow its schema.`; marked.

    Raises:
        ConfigError: the file can't be read, or with one problem per line to mend.
    """
    document = read_yaml(path)
    try:
        return document, model.model_validate(document.data)
    except ValidationError as error:
        problems = list(schema_problems(path.name, document, error, model))
        raise ConfigError(worded(fault, file=path.name), problems) from None


def problem_at(
    file: str, document: Document, path: KeyPath, message: str, found: str, allowed: str
) -> Problem:
    """A fault of a value that is well formed, with the line and the key of the value."""
    return Problem(
        where=file,
        message=message,
        row=document.line_of(path),
        column=".".join(str(part) for part in path),
        found=found,
        allowed=allowed,
    )


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
        return worded("'{key}' is required here.", key=path[-1]), None, None
    if kind == "extra_forbidden":
        allowed = near_names(str(path[-1]), _keys_beside(root, path, detail["loc"]))
        return (
            worded("'{key}' is not a key that this place knows.", key=path[-1]),
            str(path[-1]),
            allowed,
        )
    error = context.get("error")
    if isinstance(error, UnfitError):
        return error.message, None, error.allowed
    expected = context.get("expected")
    allowed = expected_words(expected) if expected else context.get("pattern")
    if kind == "literal_error" and detail["loc"][-1] not in path[-1:]:
        # The other member of a union.
        allowed = worded("{values}, or a block of keys", values=allowed)
    return (
        schema_words(detail),
        _shown(detail["input"]),
        allowed or None,
    )


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "..."


def _keys_beside(root: type[BaseModel], path: KeyPath, named: Sequence[str | int]) -> list[str]:
    """Keys of the block at a path; of several models, the one that pydantic names is meant."""
    model: Any = root
    for part in path[:-1]:
        model = _step(model, part, named)
        if model is None:
            return []
    return list(model.model_fields) if _is_model(model) else []


def _step(model: Any, part: str | int, named: Sequence[str | int]) -> Any:
    if not _is_model(model):
        return _model_in(model, named)
    field = model.model_fields.get(str(part))
    if field is None:
        return None
    annotation = field.annotation
    is_container = getattr(annotation, "__origin__", None) in (dict, tuple)
    return annotation if is_container else _model_in(annotation, named)


def _model_in(annotation: Any, named: Sequence[str | int]) -> Any:
    found = list(_models_in(annotation))
    return next((model for model in found if model.__name__ in named), found[0] if found else None)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if _is_model(annotation):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models_in(part)


def _is_model(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, BaseModel)
