"""From one row per defendant to grouped counts: one row for each pattern that occurs.

Grouped counts are not protected. They are for models that give out nothing about single persons,
and for the gate that withholds what is too small; they are never stored and never shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import pandas as pd

from gapatlas.casefile.file import CaseFile
from gapatlas.casefile.reading import Cases, opened
from gapatlas.casefile.views import below
from gapatlas.casefile.words import YEAR_COLUMNS, Words
from gapatlas.config import near_names
from gapatlas.config.vocabulary import CONVICTED, COVARIATES, UNDISPOSED, UNKNOWN
from gapatlas.errors import Problem, UnknownNameError, ValidationError
from gapatlas.languages import worded

Among = Literal["disposed", "charged"]
PERSONS: Final = "persons"
CONVICTED_PERSONS: Final = "convicted"


def grouped_counts(
    file: CaseFile,
    covariates: Sequence[str],
    *,
    among: Among = "disposed",
    sample: float = 1.0,
) -> pd.DataFrame:
    """Count the defendants of a case file by covariates.

    Args:
        file: a case file that `find_case_problems` has found no fault in.
        covariates: some of `vocabulary.COVARIATES`, each once; `charge` is the main charge. None
            at all gives one row.
        among: `disposed` leaves out cases that are pending and those whose outcome is not known;
            `charged` counts every defendant.
        sample: share of the rows that are counted; below 1 they are drawn by their place in the
            file, the same in every run.

    Returns:
        One row for each pattern of covariates that occurs, sorted by them: the covariates (our
        words; years as whole numbers, missing where they are not known; `unknown` elsewhere),
        `persons` (how many of them) and `convicted` (how many of these persons, by plea or at
        trial).

    Raises:
        UnknownNameError: there is no such covariate, or it stands twice.
        ValidationError: the file can't be read, or holds a text without a meaning.
    """
    for covariate in covariates:
        if covariate not in COVARIATES or list(covariates).count(covariate) > 1:
            near = near_names(covariate, COVARIATES)
            problem = Problem("covariates", worded("No covariate, or one twice."), found=covariate)
            raise UnknownNameError(
                worded("There is no such covariate. Near: {near}.", near=near), [problem]
            )
    words = Words(file.dataset)
    with opened(file) as cases:
        patterns = _patterns(cases, words, [*covariates, "outcome"], sample)
    outcome = meant(file, words, patterns, "outcome")
    counted = ~outcome.isin(UNDISPOSED) if among == "disposed" else outcome.notna()
    columns = {name: meant(file, words, patterns, name) for name in covariates}
    for name in YEAR_COLUMNS:
        if name in columns:
            columns[name] = pd.to_numeric(columns[name].replace(UNKNOWN, None)).astype("Int64")
    frame = pd.DataFrame(columns, index=patterns.index)
    frame[PERSONS] = patterns[PERSONS].astype("int64")
    frame[CONVICTED_PERSONS] = frame[PERSONS].where(outcome.isin(CONVICTED), 0)
    return _summed(frame[counted], list(covariates))


def _patterns(cases: Cases, words: Words, covariates: Sequence[str], sample: float) -> pd.DataFrame:
    """Persons by the texts of the columns from which the covariates are read."""
    columns = list(dict.fromkeys(words.source_column(name) for name in covariates))
    if sample < 1:
        drawn = {"below": below(sample)}
        patterns = cases.query("case_groups_sampled", drawn, columns=columns)
    else:
        patterns = cases.query("case_groups", columns=columns)
    return patterns.fillna(dict.fromkeys(columns, ""))


def meant(file: CaseFile, words: Words, patterns: pd.DataFrame, covariate: str) -> pd.Series:
    """A covariate in our words.

    Args:
        patterns: one row per pattern of texts, with the column that the covariate is read from.

    Raises:
        ValidationError: a text without a meaning.
    """
    source = words.source_column(covariate)
    found = words.covariate(covariate, patterns[source])
    if found.isna().any():
        message = worded("The column holds texts that have no meaning here: check the file first.")
        problem = Problem(file.shown, message, column=words.mapped.get(source, source))
        raise ValidationError(worded("A case file cannot be counted."), [problem])
    return found


def _summed(frame: pd.DataFrame, covariates: list[str]) -> pd.DataFrame:
    counts = [PERSONS, CONVICTED_PERSONS]
    if not covariates:
        return frame[counts].sum().to_frame().T.astype("int64")
    summed = frame.groupby(covariates, dropna=False, sort=True, observed=True)[counts].sum()
    return summed.reset_index()
