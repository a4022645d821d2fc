"""Grouped counts: one row for each pattern of what is known of a case, with how many persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapatlas.cases.logistic import INTERCEPT, WIDE, Terms
from gapatlas.cases.vocabulary import (
    MIX,
    N_CONVICTED,
    PERSONS,
    PLACE,
    UNKNOWN,
    VALUES,
    YEAR,
    with_value,
)
from gapatlas.errors import Problem, TooLittleDataError
from gapatlas.languages import mark, worded

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Basis:
    """What a result rests on, in rounded counts.

    Attributes:
        persons: persons whose case has ended with a known outcome.
        convicted: those of them convicted.
        places: number of places.
        years: first and last year charged.
    """

    persons: int
    convicted: int
    places: int
    years: tuple[int, int]


def patterns(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The counts by some columns only: patterns that are alike in them become one.

    Args:
        frame: one row per pattern with `persons` (cases that ended with a known outcome) and
            `convicted`, and the columns asked for.
        columns: what to keep.

    Returns:
        One row per distinct pattern, ordered; what is missing in a column is `unknown`.

    Raises:
        ValueError: a column that is missing, a value that is not in the vocabulary, counts that
            are negative or missing, or more convicted than persons.
    """
    _check(frame, columns)
    values = {name: _labels(frame[name]) for name in columns}
    counts = {name: frame[name].to_numpy(np.int64) for name in (PERSONS, N_CONVICTED)}
    flat = pd.DataFrame({**values, **counts})
    flat = flat[flat[PERSONS] > 0]
    return flat.groupby(list(columns), as_index=False, sort=True).sum()


def _labels(column: pd.Series) -> pd.Series:
    text = column.astype("object").where(column.notna(), UNKNOWN)
    return text.astype(str).reset_index(drop=True)


def _check(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [name for name in (*columns, PERSONS, N_CONVICTED) if name not in frame]
    if missing:
        raise ValueError(f"the counts have no column {', '.join(missing)}")
    for name in (PERSONS, N_CONVICTED):
        if frame[name].isna().any() or (frame[name] < 0).any():
            raise ValueError(f"{name} must be counts that are not missing or negative")
    if (frame[N_CONVICTED] > frame[PERSONS]).any():
        raise ValueError("convicted must not exceed persons")
    for name in columns:
        strange = set(frame[name].dropna().unique()) - set(VALUES.get(name, ()))
        if name in VALUES and strange:
            allowed = ", ".join(VALUES[name])
            raise ValueError(f"{name}: {sorted(map(str, strange))} is not one of {allowed}")


@dataclass(frozen=True)
class Columns:
    """Fixed columns with names: each is 1 where it holds, else 0.

    Attributes:
        names: of the columns, the constant first.
        terms: of the regression.
    """

    names: tuple[str, ...]
    terms: Terms

    def at(self, name: str) -> int:
        """Where a column stands."""
        return self.names.index(name)


def value_name(factor: str, value: str) -> str:
    """The name of a column that holds where a factor has a value."""
    return f"{factor}={value}"


def design(
    counts: pd.DataFrame,
    factors: Sequence[str],
    mix: Sequence[str] = MIX,
    extra: Mapping[str, Bools] | None = None,
) -> Columns:
    """The regression of conviction on factors, with an effect of each place, year and charge.

    Args:
        counts: of `patterns`.
        factors: of the vocabulary; being without it is what the others are compared with.
        mix: columns whose values each have an effect of their own.
        extra: further columns by name, shape (patterns,).
    """
    columns: dict[str, NDArray[np.generic]] = {"constant": np.ones(len(counts))}
    for factor in factors:
        for value in (with_value(factor), UNKNOWN):
            columns[value_name(factor, value)] = (counts[factor] == value).to_numpy()
    columns |= extra or {}
    # Column by column in memory, since columns are what is set to something else.
    fixed = np.array([np.asarray(c, dtype=np.float64) for c in columns.values()]).T
    coded = [pd.factorize(counts[name], sort=True) for name in mix]
    terms = Terms(
        fixed=fixed,
        precision=np.array([INTERCEPT] + [WIDE] * (fixed.shape[1] - 1)),
        groups=tuple(codes.astype(np.int64) for codes, _ in coded),
        sizes=tuple(len(levels) for _, levels in coded),
        persons=counts[PERSONS].to_numpy(np.float64),
        convicted=counts[N_CONVICTED].to_numpy(np.float64),
    )
    return Columns(tuple(columns), terms)


def cells(counts: pd.DataFrame, holds: Bools | pd.Series) -> tuple[int, int]:
    """Convicted and not convicted persons where something holds."""
    inside = np.asarray(holds, dtype=np.bool_)
    persons, convicted = (
        int(counts[name].to_numpy()[inside].sum()) for name in (PERSONS, N_CONVICTED)
    )
    return convicted, persons - convicted


def basis(counts: pd.DataFrame, threshold: int, base: int) -> Basis:
    """What a result rests on.

    Raises:
        TooLittleDataError: fewer than the threshold are convicted, or not convicted.
    """
    persons, convicted = int(counts[PERSONS].sum()), int(counts[N_CONVICTED].sum())
    if min(convicted, persons - convicted) < threshold:
        raise TooLittleDataError(
            mark("Too few cases have ended to say what goes with conviction."),
            [
                Problem(
                    where="cases",
                    message=worded(
                        "Convicted and not convicted persons must each reach the threshold."
                    ),
                    found=worded("fewer than {threshold} in one of the two", threshold=threshold),
                    allowed=worded("at least {threshold} in each", threshold=threshold),
                )
            ],
        )
    years = [int(float(y)) for y in counts[YEAR].unique() if y != UNKNOWN] if YEAR in counts else []
    return Basis(
        persons=base * int(persons / base + 0.5),
        convicted=base * int(convicted / base + 0.5),
        places=counts[PLACE].nunique() if PLACE in counts else 0,
        years=(min(years), max(years)) if years else (0, 0),
    )
