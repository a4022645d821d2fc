"""The words of a config, and of an effect library, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from gapatlas.languages import ENGLISH, language_now, say

M = TypeVar("M", bound=BaseModel)
WORDS: Final = frozenset(
    {
        "bad",
        "basis",
        "called",
        "caution",
        "definition",
        "description",
        "design",
        "found",
        "good",
        "grades",
        "labels",
        "left_out",
        "note",
        "peers",
        "setting",
        "short",
        "title",
        "trainees",
        "treatment_words",
        "unit",
    }
)
"""Keys whose texts readers see. Citations, licences and attributions stay as published."""


def in_language(model: M) -> M:
    """A copy of a model whose words are said in the language that is spoken."""
    return model if language_now() == ENGLISH else _said(model)


def words_of(model: BaseModel) -> Iterator[str]:
    """Every text of a model that readers see, in its order."""
    for key, value in model:
        yield from _words_in(key, value)


def _words_in(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from words_of(value)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _words_in(key, inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _words_in("", inner)
    elif isinstance(value, str) and key in WORDS and value:
        yield value


def _said(model: M) -> M:
    return model.model_copy(update={key: _value_said(key, value) for key, value in model})


def _value_said(key: str, value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _said(value)
    if isinstance(value, Mapping):
        return {name: _value_said(key, inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(_value_said("", inner) for inner in value)
    return say(value) if isinstance(value, str) and key in WORDS else value
