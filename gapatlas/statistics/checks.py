"""What all functions of this room ask of their input."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Kind = Literal["rate", "share", "ratio"]


def counts(**named: Any) -> list[Floats]:
    """Arrays of one shape, finite and not negative.

    Raises:
        ValueError: a value that is missing, infinite or negative; shapes that do not fit.
    """
    arrays = []
    for name, values in named.items():
        array = np.asarray(values, dtype=np.float64)
        if not np.all(np.isfinite(array)):
            raise ValueError(f"{name} must be finite numbers: leave out what is not reported")
        if np.any(array < 0):
            raise ValueError(f"{name} must not be negative")
        arrays.append(array)
    return list(np.broadcast_arrays(*arrays))


def bounds(name: str, low: ArrayLike, high: ArrayLike | None) -> tuple[Floats, Floats]:
    """Bounds of counts; without an upper bound the counts are exact.

    Raises:
        ValueError: low > high, or what `counts` refuses.
    """
    if high is None:
        (exact,) = counts(**{name: low})
        return exact, exact
    lower, upper = counts(**{f"{name}_low": low, f"{name}_high": high})
    if np.any(lower > upper):
        raise ValueError(f"{name}: a lower bound must not exceed its upper bound")
    return lower, upper


def level(confidence: float) -> float:
    """A two-sided confidence level.

    Raises:
        ValueError: not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    return confidence


def kind(given: str) -> None:
    """A kind of rate.

    Raises:
        ValueError: none of those that there are.
    """
    if given not in get_args(Kind):
        raise ValueError(f"kind must be one of {', '.join(get_args(Kind))}, not {given!r}")


def mask(reported: ArrayLike | None, shape: tuple[int, ...]) -> Bools:
    """Which years are reported; None means all.

    Raises:
        ValueError: a mask whose shape does not fit.
    """
    if reported is None:
        return np.ones(shape, dtype=np.bool_)
    given = np.asarray(reported, dtype=np.bool_)
    try:
        return np.broadcast_to(given, shape)
    except ValueError:
        raise ValueError(f"reported has shape {given.shape}, the counts have {shape}") from None


def years(**named: Floats) -> None:
    """Counts of several years: their last dimension.

    Raises:
        ValueError: one number alone.
    """
    for name, array in named.items():
        if array.ndim == 0:
            raise ValueError(f"{name} must hold one number for each year, not one alone")


def line(**named: Any) -> list[Floats]:
    """Counts of several places: one dimension.

    Raises:
        ValueError: more than one dimension, no place, or what `counts` refuses.
    """
    arrays = [np.atleast_1d(array) for array in counts(**named)]
    if arrays[0].ndim != 1 or arrays[0].size == 0:
        raise ValueError(f"{next(iter(named))} must hold one number for each of 1 or more places")
    return arrays
