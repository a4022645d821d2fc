"""Room `crossborder`: who is a citizen of one place and counted in another.

from gapatlas import open_atlas
from gapatlas.crossborder import find_flows, where_cooperation_pays
atlas = open_atlas("config.yaml")
flows = find_flows(atlas, "unodc_glotip", "detected", (2018, 2022), at_least=100)
flows.edges, flows.below, flows.own, flows.unplaced, flows.communities
"""

from gapatlas.crossborder.communities import Communities, communities_of
from gapatlas.crossborder.cooperation import (
    Enforcement,
    Pair,
    enforcement_measures,
    enforcement_of,
    pair_of,
    where_cooperation_pays,
)
from gapatlas.crossborder.flows import Flows, find_flows
from gapatlas.crossborder.words import limits_words, seen_words

__all__ = [
    "Communities",
    "Enforcement",
    "Flows",
    "Pair",
    "communities_of",
    "enforcement_measures",
    "enforcement_of",
    "find_flows",
    "limits_words",
    "pair_of",
    "seen_words",
    "where_cooperation_pays",
]
