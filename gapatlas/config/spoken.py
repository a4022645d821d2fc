"""The words of a config, and of an effect library, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, Literal, TypeVar, get_origin

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
        "label",
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
    return model if language_now() == ENGLISH else _changed(model, say)


def words_of(model: BaseModel) -> Iterator[str]:
    """Every text of a model that readers see, in its order."""
    said: list[str] = []

    def heard(text: str) -> str:
        said.append(text)
        return text

    _changed(model, heard)
    yield from said


def _changed(model: M, change: Callable[[str], str]) -> M:
    """A copy of a model with each of its words changed."""
    words = _words_of_type(type(model))
    told = {key: _value_changed(value, key in words, change) for key, value in model}
    return model.model_copy(update=told)


def _value_changed(value: Any, is_words: bool, change: Callable[[str], str]) -> Any:
    if isinstance(value, BaseModel):
        return _changed(value, change)
    if isinstance(value, Mapping):
        return {name: _value_changed(inner, is_words, change) for name, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(_value_changed(inner, False, change) for inner in value)
    return change(value) if is_words and isinstance(value, str) and value else value


@cache
def _words_of_type(model: type[BaseModel]) -> frozenset[str]:
    """Keys of a model that hold words; a key of few allowed values, such as a unit of counts,
    holds an id."""
    fields = model.model_fields.items()
    return frozenset(
        key for key, field in fields if key in WORDS and get_origin(field.annotation) is not Literal
    )
