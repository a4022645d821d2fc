"""Who hangs together with whom: one row per defendant, for counts of networks and nothing else."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.casefile.file import CaseFile
from gapatlas.casefile.grouping import meant
from gapatlas.casefile.reading import opened
from gapatlas.casefile.words import Words
from gapatlas.config.vocabulary import UNKNOWN

LINK: Final = "co_defendant_key"
PATTERN: Final = ("place", "year_charged", "outcome")


def linked_people(file: CaseFile) -> pd.DataFrame:
    """The defendants of a file by what links them.

    Args:
        file: a case file with a `co_defendant_key` that `find_case_problems` has found no fault
            in.

    Returns:
        One row per defendant whose year of the charge is known: `place`, `year_charged` (whole
        numbers), `outcome` (our words) and `co_defendant_key`, a number that stands for the key
        (missing where the file names none). It is as private as the file.

    Raises:
        ValidationError: the file can't be read, or holds a text without a meaning.
    """
    words = Words(file.dataset)
    with opened(file) as cases:
        patterns = cases.query("case_people_patterns").set_index("pattern")
        people = cases.query("case_people")
    for name in PATTERN:
        patterns[name] = meant(file, words, patterns, name)
    patterns = patterns[patterns["year_charged"] != UNKNOWN]
    at = patterns.index.get_indexer(pd.Index(people["pattern"]))
    known = at >= 0
    found = {
        name: pd.Categorical.from_codes(*_coded(patterns[name], at[known]))
        for name in ("place", "outcome")
    }
    years = patterns["year_charged"].astype("int64").to_numpy()[at[known]]
    key = people["network"].astype("Int64")[known].reset_index(drop=True)
    return pd.DataFrame({**found, "year_charged": years, LINK: key.where(key >= 0)})


def _coded(values: pd.Series, at: NDArray[np.intp]) -> tuple[NDArray[np.intp], pd.Index]:
    codes, labels = pd.factorize(values, sort=True)
    return codes[at], pd.Index(labels)
