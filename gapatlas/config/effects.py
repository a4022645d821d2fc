"""Reads an effect library, or says line by line why it cannot be used."""

from __future__ import annotations

from pathlib import Path

from gapatlas.config.effect_models import (
    Change,
    Component,
    ComponentId,
    Effect,
    EffectLibrary,
    Entry,
    Preset,
    StageId,
    Term,
)
from gapatlas.config.effect_rules import faults_of
from gapatlas.config.problems import problem_at, read_model
from gapatlas.errors import ConfigError
from gapatlas.languages import mark, worded

__all__ = [
    "Change",
    "Component",
    "ComponentId",
    "Effect",
    "EffectLibrary",
    "Entry",
    "Preset",
    "StageId",
    "Term",
    "load_effects",
]


def load_effects(path: str | Path) -> EffectLibrary:
    """Read and check an effect library.

    Raises:
        ConfigError: with one problem for each thing to mend: line, key, found and allowed.
    """
    file = Path(path)
    document, library = read_model(file, EffectLibrary, mark("{file} is no effect library."))
    problems = [problem_at(file.name, document, *fault) for fault in faults_of(library)]
    if problems:
        raise ConfigError(
            worded("{file} holds values that do not fit together.", file=file.name), problems
        )
    return library
