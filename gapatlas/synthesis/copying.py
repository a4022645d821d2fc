"""From a dataset of the config to its synthetic copy, in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from gapatlas import progress
from gapatlas.casefile import CaseFile, find_case_problems, grouped_counts
from gapatlas.casefile.words import Words
from gapatlas.config import Dataset, LoadedConfig, near_names
from gapatlas.config.vocabulary import COVARIATES, SYNTHETIC, UNKNOWN
from gapatlas.errors import GapAtlasError, Problem, UnknownNameError, ValidationError
from gapatlas.progress import Step
from gapatlas.protection import Rules
from gapatlas.synthesis.counts import PERSONS, Released, Traits, counts_of_many
from gapatlas.synthesis.drawing import drawn_rows, without_contradictions
from gapatlas.synthesis.noise import counts_with_noise
from gapatlas.synthesis.quality import Quality, quality
from gapatlas.synthesis.settings import Settings
from gapatlas.validate import place_ids

LEAST_PERSONS: Final = 100
"""Fewer have hardly any combination of values in common."""


@dataclass(frozen=True)
class SyntheticCopy:
    """Rows that are no persons, and what is known of them.

    Attributes:
        frame: the column `dataset`, which says SYNTHETIC in every row, and the covariates that
            the file has, in our words; cells that were left open are empty.
        settings: what the copy keeps to.
        qualities: how near its shares are to those of the file. Not covered by the noise: they
            are for the office alone.
    """

    frame: pd.DataFrame
    settings: Settings
    qualities: tuple[Quality, ...]

    @property
    def open_share(self) -> float:
        """Share of the cells that were left open, 0 to 1."""
        return float((self.frame == "").to_numpy().mean())


def case_dataset(loaded: LoadedConfig, dataset_id: str) -> Dataset:
    """A dataset of kind `cases`.

    Raises:
        UnknownNameError: there is none of that name.
    """
    known = {id_: d for id_, d in loaded.config.datasets.items() if d.kind == "cases"}
    if dataset_id not in known:
        is_other = dataset_id in loaded.config.datasets
        message = "This is no dataset of kind cases." if is_other else "There is no such dataset."
        allowed = near_names(dataset_id, known) or "a dataset of kind cases: there is none yet"
        problem = Problem(loaded.path.name, message, found=dataset_id, allowed=allowed)
        raise UnknownNameError("Only a case file can be copied.", [problem])
    return known[dataset_id]


def synthesise(loaded: LoadedConfig, dataset_id: str, settings: Settings) -> SyntheticCopy:
    """Make a synthetic copy of a case file.

    Raises:
        UnknownNameError: there is no such case file.
        ValidationError: it has faults.
        GapAtlasError: it has too few or too many persons, so few in common that nothing is left,
            or what makes the noise is not installed.
    """
    dataset = case_dataset(loaded, dataset_id)
    file = CaseFile(loaded.resolve(dataset.named), dataset, dataset.named)
    progress.begin(Step.CHECKING, dataset_id)
    original = _traits(file, place_ids(loaded))
    protection = dataset.disclosure
    rules = Rules(protection.threshold, protection.base, unprotected=protection.unprotected)
    released = _released(original, settings, rules, file.shown)
    progress.go_on(Step.COPYING)
    copy = without_contradictions(drawn_rows(released, settings.seed))
    progress.go_on(Step.COMPARING_COPY)
    qualities = tuple(quality(original, copy, values, rules) for values in (1, 2))
    frame = copy.words()
    frame.insert(0, "dataset", SYNTHETIC)
    return SyntheticCopy(frame, settings, qualities)


def _traits(file: CaseFile, places: Collection[str] | None) -> Traits:
    problems = find_case_problems(file, places, date.today().year + 1).problems
    if problems:
        raise ValidationError("The case file has faults: it cannot be copied.", problems)
    progress.go_on(Step.COUNTING)
    words = Words(file.dataset)
    covariates = [name for name in COVARIATES if words.source_column(name) in words.mapped]
    patterns = grouped_counts(file, covariates, among="charged")
    texts = patterns[covariates].astype("string").fillna(UNKNOWN).astype(object)
    traits = Traits.of(texts.assign(**{PERSONS: patterns[PERSONS]}))
    if traits.total < LEAST_PERSONS:
        message = "The file has too few persons for a copy."
        problem = Problem(file.shown, message, allowed=f"{LEAST_PERSONS} persons or more")
        raise GapAtlasError("The synthetic copy cannot be made.", [problem])
    return traits


def _released(original: Traits, settings: Settings, rules: Rules, file: str) -> Released:
    k, length, epsilon = settings.k, settings.length, settings.epsilon
    if epsilon is None:
        released = counts_of_many(original, k, length, rules)
    else:
        released = counts_with_noise(original, k, length, epsilon)
    if released.persons < LEAST_PERSONS or not any(
        released.counts[pair].any() for pair in original.groups(2)
    ):
        message = "Nothing is left that enough persons have in common."
        allowed = "more persons, a smaller k, or a larger epsilon"
        problem = Problem(file, message, allowed=allowed)
        raise GapAtlasError("The synthetic copy cannot be made.", [problem])
    return released
