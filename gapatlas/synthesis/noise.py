"""Counts with noise, by Microsoft's pac-synth: what one person adds to them drowns in it.

pac-synth (Synthetic Data Showcase, MIT licence) is an extra that is asked for when it is needed.
It draws rows too, but slowly and with many cells left open; so its counts are taken, and rows are
drawn from them as from any others. What is made of such counts is as safe as they are.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.synthesis.counts import Columns, Floats, Released, Traits
from gapatlas.synthesis.settings import DELTA

HOW_TO_INSTALL: Final = "pip install pac-synth==0.0.8"
MOST_PERSONS: Final = 50_000
"""pac-synth keeps every pair of values of every person in memory: about 40 kB for each."""
SPENT_ON_ROWS: Final = 0.05
"""Share of the privacy that the number of rows costs: it is then some dozens off."""
_BETWEEN: Final = ";"


def counts_with_noise(traits: Traits, k: int, length: int, epsilon: float) -> Released:
    """Counts with noise, of which combinations of several values reach at least `k`.

    Raises:
        GapAtlasError: pac-synth is not installed, or there are too many persons for it.
    """
    pacsynth = _pacsynth()
    if traits.total > MOST_PERSONS:
        message = "There are too many persons for counts with noise to be made in memory."
        allowed = f"up to {MOST_PERSONS:,} persons; or a copy without --epsilon"
        problem = Problem("--epsilon", message, allowed=allowed)
        raise GapAtlasError("The synthetic copy cannot be made like this.", [problem])
    settings = (
        pacsynth.DpAggregateSeededParametersBuilder()
        .reporting_length(length)
        .epsilon(epsilon)
        .delta(DELTA)
        .number_of_records_epsilon_proportion(SPENT_ON_ROWS)
        .fabrication_mode(
            pacsynth.FabricationMode.custom_fixed(dict.fromkeys(range(2, length + 1), k))
        )
        .build()
    )
    synthesizer = pacsynth.DpAggregateSeededSynthesizer(settings)
    synthesizer.fit(pacsynth.Dataset.from_data_frame(_rows(traits)))
    counts = _tables(traits, synthesizer.get_dp_aggregates(_BETWEEN), length)
    persons = int(synthesizer.get_dp_number_of_records())
    return Released(traits.columns, traits.values, persons, length, counts)


def _pacsynth() -> Any:
    try:
        import pacsynth
    except ImportError:
        message = "Counts with noise need pac-synth, which is not installed."
        problem = Problem("--epsilon", message, allowed=f"{HOW_TO_INSTALL}, or no --epsilon")
        raise GapAtlasError("The synthetic copy cannot be made like this.", [problem]) from None
    return pacsynth


def _rows(traits: Traits) -> pd.DataFrame:
    """One row for each person. Codes stand for the words: to pac-synth, `0` and an empty cell are
    nothing, and its answers join names and words with marks that words could hold."""
    codes = np.repeat(traits.codes, traits.persons, axis=0)
    names = [f"c{position}" for position in range(len(traits.columns))]
    return pd.DataFrame(np.char.add("v", codes.astype(str)), columns=names)


def _tables(traits: Traits, noisy: dict[str, int], length: int) -> dict[Columns, Floats]:
    """`c0:v1;c3:v2` -> 40, as tables."""
    tables = {
        group: np.zeros([len(traits.values[column]) for column in group])
        for size in range(1, length + 1)
        for group in traits.groups(size)
    }
    for text, count in noisy.items():
        pairs = (part.split(":") for part in text.split(_BETWEEN))
        at = dict(sorted((int(column[1:]), int(value[1:])) for column, value in pairs))
        tables[tuple(at)][tuple(at.values())] = count
    return tables
