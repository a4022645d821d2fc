"""Whom a place is compared with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gapatlas.config import Config, Indicator
from gapatlas.languages import in_digits, mark, say

if TYPE_CHECKING:
    from gapatlas.atlas import Atlas

PEER_LABELS: Final = {
    "region": mark("Same region"),
    "subregion": mark("Same subregion"),
    "population": mark("Similar population"),
    "all": mark("All places"),
    "own": mark("My own choice"),
}
"""Choices of peers that every config has; its indicators can add more."""
BAND_EDGES: Final = (1e6, 5e6, 20e6, 100e6)
"""People at which a population band ends, itself outside the band."""
BAND_WORDS: Final = (
    mark("other places with fewer than 1 million people"),
    mark("other places with 1 to 5 million people"),
    mark("other places with 5 to 20 million people"),
    mark("other places with 20 to 100 million people"),
    mark("other places with 100 million people or more"),
)

WITH_ARTICLE: Final = {
    "Americas": "the Americas",  # not said
    "United States": "the United States",
}
"""Regions that an English sentence calls otherwise than a table."""


@dataclass(frozen=True)
class Peers:
    """The places that one place is compared with.

    Attributes:
        kind: how they were chosen.
        words: who they are, to follow "compared with".
        ids: their place ids, without the place itself.
    """

    kind: str
    words: str
    ids: tuple[str, ...]


def peer_labels(config: Config) -> dict[str, str]:
    """Every choice of peers in a config with its words, in the order of a picker."""
    fixed = {kind: say(words) for kind, words in PEER_LABELS.items()}
    last = {kind: fixed.pop(kind) for kind in ("all", "own")}
    return {**fixed, **config.peer_indicators(), **last}


def peer_groups(atlas: Atlas, measure_id: str, kind: str, year: int) -> pd.Series:
    """Which places are peers of each other.

    Args:
        atlas: the atlas.
        measure_id: gives the places.
        kind: `region`, `subregion`, `population`, `all`, or an indicator that the config offers
            for peers; its last value known at the end of `year` counts.
        year: for which people and indicators are taken.

    Returns:
        By place id the words of its group, such as "other places in Europe"; empty for a place
        that belongs to none.

    Raises:
        ValueError: an unknown kind.
    """
    known = [kind_ for kind_ in peer_labels(atlas.config) if kind_ != "own"]
    if kind not in known:
        raise ValueError(f"peers must be one of {', '.join(known)}, not {kind!r}")
    places = atlas.places_of(measure_id)
    if kind in PEER_LABELS:
        return groups_of(kind, places, atlas.people(year))
    found = groups_by_indicator(atlas.config.indicators[kind], atlas.indicator_at(kind, year))
    return found.reindex(places["jurisdiction_id"], fill_value="")


def groups_of(kind: str, places: pd.DataFrame, people: pd.DataFrame) -> pd.Series:
    """Words of the group of each place by region, subregion, population, or `all`.

    Args:
        kind: one of these four.
        places: jurisdiction_id, region, subregion.
        people: jurisdiction_id and people, of one year; a place without people has no band.
    """
    ids = pd.Index(places["jurisdiction_id"])
    if kind == "all":
        return pd.Series(say("other places"), index=ids)
    if kind == "population":
        bands = population_bands(people).reindex(ids)
        return bands.map(lambda band: "" if math.isnan(band) else say(BAND_WORDS[int(band)]))
    names = places[kind].fillna("").to_numpy()
    words = {
        name: say("other places in {region}", region=WITH_ARTICLE.get(name, name)) if name else ""
        for name in set(names)
    }
    return pd.Series([words[name] for name in names], index=ids, dtype="str")


def groups_by_indicator(indicator: Indicator, scores: pd.DataFrame) -> pd.Series:
    """Words of the group of each place by an indicator: one per label, else one per band.

    Args:
        indicator: its labels or bands.
        scores: jurisdiction_id and value; a place without a value has no group.
    """
    known = scores[scores["value"].notna()]
    values = known["value"].astype("float64")
    name = _inside_a_sentence(indicator.title)
    if indicator.labels:
        labels = {float(value): label for value, label in indicator.labels.items()}
        words = [
            say("other places with {label}", label=labels.get(value, in_digits(f"{value:g}")))
            for value in values
        ]
    else:
        bands = _band_words(name, indicator.bands)
        at = np.searchsorted(indicator.bands, values.to_numpy(), side="right")
        words = [bands[band] for band in at]
    return pd.Series(words, index=known["jurisdiction_id"].to_numpy(), dtype="str")


def _inside_a_sentence(title: str) -> str:
    """`Rule of law` becomes `rule of law`; `GDP per head` stays."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _band_words(name: str, edges: Sequence[float]) -> list[str]:
    ends = [in_digits(f"{edge:g}") for edge in edges]
    middle = [
        say(
            "other places with {indicator} from {low} to {high}", indicator=name, low=low, high=high
        )
        for low, high in pairwise(ends)
    ]
    return [
        say("other places with {indicator} below {end}", indicator=name, end=ends[0]),
        *middle,
        say("other places with {indicator} of {end} or more", indicator=name, end=ends[-1]),
    ]


def peers_of(place: str, kind: str, groups: pd.Series, own: Sequence[str] = ()) -> Peers:
    """The peers of one place.

    Args:
        place: its id.
        kind: how they are chosen; `own` takes `own`, all others take `groups`.
        groups: by place id the words of its group (see `peer_groups`).
        own: ids of the reader's own choice.
    """
    if kind == "own":
        members = [id_ for id_ in dict.fromkeys(own) if id_ in groups.index and id_ != place]
        return Peers(kind, say("places of your choice"), tuple(members))
    words = groups.get(place, "")
    same = groups.index[groups == words] if words else []
    others = tuple(sorted(id_ for id_ in same if id_ != place))
    return Peers(kind, words or say("other places"), others)


def population_bands(people: pd.DataFrame) -> pd.Series:
    """Number of the population band of each place, from 0, by place id."""
    bands = np.searchsorted(BAND_EDGES, people["people"].to_numpy(dtype=float), side="right")
    return pd.Series(bands, index=people["jurisdiction_id"].to_numpy())
