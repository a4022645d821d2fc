"""Whom a place is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

PeerKind = Literal["region", "subregion", "population", "all", "own"]
PEER_KINDS: Final[tuple[PeerKind, ...]] = get_args(PeerKind)
PEER_LABELS: Final[dict[PeerKind, str]] = {
    "region": "Same region",
    "subregion": "Same subregion",
    "population": "Similar population",
    "all": "All places",
    "own": "My own choice",
}
BAND_EDGES: Final = (1e6, 5e6, 20e6, 100e6)
"""People at which a population band ends, itself outside the band."""
BAND_WORDS: Final = (
    "other places with fewer than 1 million people",
    "other places with 1 to 5 million people",
    "other places with 5 to 20 million people",
    "other places with 20 to 100 million people",
    "other places with 100 million people or more",
)

WITH_ARTICLE: Final = {"Americas": "the Americas", "United States": "the United States"}
"""Regions that a sentence calls otherwise than a table."""


@dataclass(frozen=True)
class Peers:
    """The places that one place is compared with.

    Attributes:
        kind: how they were chosen.
        words: who they are, to follow "compared with".
        ids: their place ids, without the place itself.
    """

    kind: PeerKind
    words: str
    ids: tuple[str, ...]


def peers_of(
    place: str, kind: PeerKind, places: pd.DataFrame, people: pd.DataFrame, own: Sequence[str] = ()
) -> Peers:
    """Choose the peers of a place.

    Args:
        place: its id.
        kind: `region` or `subregion` of the places table, `population` (the same band),
            `all`, or `own`.
        places: the places that a measure can describe: jurisdiction_id, region, subregion.
        people: jurisdiction_id and people, of one year; a place without people has no band.
        own: ids of the reader's own choice.

    Raises:
        ValueError: an unknown kind.
    """
    if kind not in PEER_KINDS:
        raise ValueError(f"peers must be one of {', '.join(PEER_KINDS)}, not {kind!r}")
    table = places.set_index("jurisdiction_id")
    if kind == "own":
        members = [id_ for id_ in dict.fromkeys(own) if id_ in table.index]
        return Peers(kind, "places of your choice", tuple(id_ for id_ in members if id_ != place))
    if kind == "all":
        same, words = table.index, "other places"
    elif kind == "population":
        bands = population_bands(people)
        band = bands.get(place)
        same = bands.index[bands == band].intersection(table.index)
        words = BAND_WORDS[int(band)] if band is not None else "other places of similar size"
    else:
        groups = table[kind].fillna("")
        group = groups.get(place, "")
        same = table.index[groups == group]
        words = f"other places in {WITH_ARTICLE.get(group, group)}" if group else "other places"
    return Peers(kind, words, tuple(sorted(id_ for id_ in same if id_ != place)))


def population_bands(people: pd.DataFrame) -> pd.Series:
    """Number of the population band of each place, from 0, by place id."""
    bands = np.searchsorted(BAND_EDGES, people["people"].to_numpy(dtype=float), side="right")
    return pd.Series(bands, index=people["jurisdiction_id"].to_numpy())
