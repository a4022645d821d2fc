"""Made-up files of cases, as grouped counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from gapatlas.cases import DEFENCE, EVIDENCE

FACTORS = (*EVIDENCE, *DEFENCE)


def case_world(
    random: np.random.Generator,
    persons: int = 3000,
    places: int = 8,
    slopes: dict[str, float] | None = None,
    pairs: dict[tuple[str, str], float] | None = None,
    unknown: float = 0.05,
) -> pd.DataFrame:
    """One row per person, as grouped counts of one: evidence and defence go with place."""
    place = random.integers(0, places, persons)
    year = random.integers(0, 6, persons)
    charge = random.integers(0, 3, persons)
    of_place = np.linspace(-0.8, 0.8, places)
    score = 0.2 + of_place[place] + 0.1 * year - 0.2 * charge
    there, columns = {}, {}
    for name in FACTORS:
        often = -0.2 if name in EVIDENCE else -1.0
        there[name] = random.random(persons) < expit(often + of_place[place])
        hidden = random.random(persons) < (unknown if name in EVIDENCE else 0)
        words = ("present", "absent") if name in EVIDENCE else ("used", "not_used")
        columns[name] = np.where(hidden, "unknown", np.where(there[name], *words))
        there[name] &= ~hidden
        score = score + (slopes or {}).get(name, 0.0) * there[name]
    for (first, second), slope in (pairs or {}).items():
        score = score + slope * (there[first] & there[second])
    return pd.DataFrame(
        columns
        | {
            "place": [f"P{p}" for p in place],
            "year_charged": 2001 + year,
            "charge": [f"C{c}" for c in charge],
            "persons": 1,
            "convicted": (random.random(persons) < expit(score)).astype(int),
        }
    )


def people(rows: list[tuple[int, int | None, str, int]]) -> pd.DataFrame:
    """Rows of (year charged, year ended, outcome, persons)."""
    frame = pd.DataFrame(rows, columns=["year_charged", "year_ended", "outcome", "persons"])
    return frame.astype({"year_ended": "Int64"})


def by_years_after(rows: list[tuple[int, str, int]], last_year: int) -> pd.DataFrame:
    """Rows of (years after the charge, outcome, persons); pending cases are known that long."""
    return people(
        [
            (last_year - t, None if outcome == "pending" else last_year, outcome, number)
            for t, outcome, number in rows
        ]
    )
