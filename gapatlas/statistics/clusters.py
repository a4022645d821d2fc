"""Which places are like their neighbours: local Moran's I."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from gapatlas.statistics import checks
from gapatlas.statistics.checks import Floats

ClusterKind = Literal["high", "low", "high among low", "low among high", "none"]
KINDS: Final[dict[int, ClusterKind]] = {
    1: "high",
    2: "low among high",
    3: "low",
    4: "high among low",
}
"""Quadrants of the Moran plot as esda numbers them."""
EARTH_RADIUS_KM: Final = 6371.0
FEWEST_PLACES: Final = 20
PERMUTATIONS: Final = 9999


@dataclass(frozen=True)
class Clusters:
    """Places beside their nearest neighbours.

    Attributes:
        statistic: local Moran's I, shape (places,).
        p: two-sided pseudo-significance by permutation.
        p_adjusted: the same after the Benjamini-Hochberg adjustment for that many tests.
        kind: `high` (a high place among high ones), `low`, `high among low`, `low among high`;
            `none` where p_adjusted exceeds the false discovery rate.
        neighbours: positions of each place's neighbours, shape (places, neighbours).
    """

    statistic: Floats
    p: Floats
    p_adjusted: Floats
    kind: NDArray[np.str_]
    neighbours: NDArray[np.int64]


def local_moran(
    values: ArrayLike,
    longitude: ArrayLike,
    latitude: ArrayLike,
    *,
    neighbours: int = 5,
    false_discovery: float = 0.05,
    seed: int = 0,
) -> Clusters:
    """Find places whose value is like, or unlike, that of their nearest neighbours.

    Args:
        values: one finite number per place, shape (places,).
        longitude, latitude: points of the places in degrees.
        neighbours: how many nearest places, along great circles, are a place's neighbours.
        false_discovery: share of false finds that is put up with among all finds.
        seed: of the permutations.

    Returns:
        `Clusters` with arrays of shape (places,). Where all values are the same no place is like
        its neighbours more than any other: statistic 0, p 1, kind `none`.

    Raises:
        ValueError: fewer than 20 places, values or points that are missing or off the globe,
            no neighbour.

    Source: Anselin 1995, Geographical Analysis 27:93 (esda's `Moran_Local`, 9,999 conditional
    permutations; the smaller tail is doubled); Benjamini and Hochberg 1995, J R Stat Soc B 57:289;
    Castro and Singer 2006, Geographical Analysis 38:180, for the two together.
    """
    value, points = _checked(values, longitude, latitude)
    if len(value) < FEWEST_PLACES:
        raise ValueError(f"{len(value)} places are too few; allowed: {FEWEST_PLACES} or more")
    if not 0 < neighbours < len(value):
        raise ValueError(f"neighbours must lie between 1 and {len(value) - 1}, not {neighbours}")
    level = checks.level(false_discovery)
    from libpysal.weights import KNN

    weights = KNN.from_array(points, k=neighbours, radius=EARTH_RADIUS_KM, silence_warnings=True)
    beside = np.array([weights.neighbors[at] for at in range(len(value))], dtype=np.int64)
    if np.ptp(value) == 0:
        nothing, one = np.zeros(len(value)), np.ones(len(value))
        return Clusters(nothing, one, one, np.full(len(value), "none"), beside)
    found = _moran_local()(value, weights, permutations=PERMUTATIONS, seed=seed, n_jobs=1)
    more = (found.sim >= found.Is).sum(axis=0)
    p = np.minimum(2 * (np.minimum(more, PERMUTATIONS - more) + 1) / (PERMUTATIONS + 1), 1)
    adjusted = scipy.stats.false_discovery_control(p)
    named = np.array([KINDS[int(quadrant)] for quadrant in found.q])
    return Clusters(
        statistic=np.asarray(found.Is),
        p=p,
        p_adjusted=adjusted,
        kind=np.where(adjusted <= level, named, "none"),
        neighbours=beside,
    )


@cache
def _moran_local() -> Any:
    """esda's class, loaded when it is first asked for: two seconds that nobody else waits for.

    Where numba is there, esda compiles what it repeats, and the first answer takes a quarter of a
    minute. For as few places as a map has, the same functions in plain numpy take a blink.
    """
    from esda import crand, moran

    for module in (crand, moran):
        for name, function in vars(module).copy().items():
            if hasattr(function, "py_func"):
                setattr(module, name, function.py_func)
    crand.boolean = bool  # as esda itself names it where numba is not there
    return moran.Moran_Local


def _checked(values: ArrayLike, longitude: ArrayLike, latitude: ArrayLike) -> tuple[Floats, Floats]:
    """Values, shape (places,), and points, shape (places, 2)."""
    value, east, north = (np.asarray(a, dtype=np.float64) for a in (values, longitude, latitude))
    if value.ndim != 1 or not value.shape == east.shape == north.shape:
        raise ValueError(
            f"values, longitude and latitude must hold one number for each place, "
            f"not {value.shape}, {east.shape} and {north.shape}"
        )
    if not (np.isfinite(value) & np.isfinite(east) & np.isfinite(north)).all():
        raise ValueError("values and points must be finite numbers: leave out what is not known")
    if np.any(np.abs(east) > 180) or np.any(np.abs(north) > 90):
        raise ValueError("points must lie within -180 to 180 degrees east and -90 to 90 north")
    return value, np.column_stack([east, north])
