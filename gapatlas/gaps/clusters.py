"""Whether places that fall short lie beside others that do: neighbours on the globe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gapatlas.statistics import local_moran
from gapatlas.statistics.clusters import FEWEST_PLACES

if TYPE_CHECKING:
    from gapatlas.gaps.gap import Gap

NEIGHBOURS: Final = 5
FALSE_DISCOVERY: Final = 0.05
HALF: Final = 0.5
"""Added to both counts before a logarithm is taken: a count of nought has none."""


@dataclass(frozen=True)
class GapClusters:
    """Places whose gap is like, or unlike, that of their nearest neighbours.

    Attributes:
        table: one row per place with a gap and a point: jurisdiction_id, name, kind (`low`: falls
            short among places that do; `high`: the opposite; `low among high`, `high among low`;
            `none`), p_adjusted, and neighbours (their names).
        left_out: names of places with a gap but no point on the globe.
    """

    table: pd.DataFrame
    left_out: tuple[str, ...]

    @property
    def found(self) -> pd.DataFrame:
        """Places in a cluster, or unlike their neighbours."""
        return self.table[self.table["kind"] != "none"].reset_index(drop=True)

    @property
    def kinds(self) -> dict[str, str]:
        """Place id -> kind, for places that are in a cluster."""
        inside = self.table[self.table["kind"].isin(("low", "high"))]
        return dict(zip(inside["jurisdiction_id"], inside["kind"], strict=True))


def find_clusters(gap: Gap, seed: int = 0) -> GapClusters | None:
    """Find clusters of the observed share of what is expected.

    The logarithm of observed / expected is compared with that of the five nearest places with a
    gap, by local Moran's I with a Benjamini-Hochberg adjustment (see
    `gapatlas.statistics.local_moran`). A place that reports nothing is no neighbour.

    Returns:
        The clusters, or None where fewer than 20 places have a gap and a point.
    """
    points = gap.atlas.places_of(gap.frame.measure_id)
    known = gap.known.merge(points[["jurisdiction_id", "longitude", "latitude"]], how="left")
    placed = known.dropna(subset=["longitude", "latitude"]).reset_index(drop=True)
    left_out = tuple(known.loc[known["longitude"].isna(), "name"])
    if len(placed) < FEWEST_PLACES:
        return None
    observed = (placed["observed_low"] + placed["observed_high"]) / 2 + HALF
    expected = (placed["expected_low"] + placed["expected_high"]) / 2 + HALF
    found = local_moran(
        np.log(observed / expected),
        placed["longitude"],
        placed["latitude"],
        neighbours=NEIGHBOURS,
        false_discovery=FALSE_DISCOVERY,
        seed=seed,
    )
    names = placed["name"].to_numpy()
    table = placed[["jurisdiction_id", "name"]].assign(
        kind=found.kind,
        p_adjusted=found.p_adjusted,
        neighbours=[", ".join(names[near]) for near in found.neighbours],
    )
    return GapClusters(table, left_out)
