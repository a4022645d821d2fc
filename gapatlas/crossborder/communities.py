"""Communities: places that the shown pairs tie more closely to each other than to the rest."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Final

import pandas as pd

LEAST_PLACES: Final = 3
"""Two places with one tie are a pair, not a community."""
MOST: Final = 6
"""Communities that get a letter and a colour: more colours can't be told apart."""


@dataclass(frozen=True)
class Communities:
    """Groups of places, the one with the most people first.

    Attributes:
        members: letter -> ids of its places, those with the most people first.
        people: letter -> least number of people counted between two of its places.
        outside: how many shown places belong to none of them.
    """

    members: dict[str, tuple[str, ...]]
    people: dict[str, int]
    outside: int

    def letter_of(self, place: str) -> str:
        """Letter of a place's community, or an empty text."""
        return next((letter for letter, ids in self.members.items() if place in ids), "")


def communities_of(edges: pd.DataFrame) -> Communities:
    """Group places by greedy modularity over the people counted between them.

    Each place starts alone. Time and again the two groups are joined whose joining puts most
    people inside groups, compared with what places of their size would share by chance, until no
    joining helps. Direction doesn't count. Nothing is drawn at random.

    Args:
        edges: origin, destination and count_low of pairs of places.

    Source: Clauset, Newman and Moore 2004 (Phys Rev E 70:066111), as in networkx.
    """
    import networkx  # half a second that only this page needs

    people = _people_between(edges)
    graph = networkx.Graph()
    graph.add_weighted_edges_from((*pair, weight) for pair, weight in sorted(people.items()))
    found = (
        networkx.community.greedy_modularity_communities(graph, weight="weight") if people else []
    )
    size = {place: graph.degree(place, weight="weight") for place in graph}
    groups = [sorted(group, key=lambda id_: (-size[id_], id_)) for group in found]
    inside = {tuple(group): _inside(people, set(group)) for group in groups}
    large = [group for group in inside if len(group) >= LEAST_PLACES]
    kept = sorted(large, key=lambda group: (-inside[group], group))[:MOST]
    lettered = dict(zip(ascii_uppercase, kept, strict=False))
    return Communities(
        members=lettered,
        people={letter: inside[group] for letter, group in lettered.items()},
        outside=len(size) - sum(len(group) for group in kept),
    )


def _people_between(edges: pd.DataFrame) -> dict[tuple[str, str], int]:
    """People counted between two places, in either direction."""
    people: dict[tuple[str, str], int] = {}
    triples = zip(edges["origin"], edges["destination"], edges["count_low"], strict=True)
    for origin, destination, count in triples:
        pair = (min(origin, destination), max(origin, destination))
        people[pair] = people.get(pair, 0) + int(count)
    return people


def _inside(people: dict[tuple[str, str], int], group: set[str]) -> int:
    return sum(count for pair, count in people.items() if group.issuperset(pair))
