"""Room `comparison`: one place among its peers, over time, and from source to source.

from gapatlas import open_atlas, compare
atlas = open_atlas("config.yaml")
found = compare(atlas, "convicted_per_prosecuted", "ROU", year=2022, window=5)
found.rates, found.shrunken, found.ranks, found.trend, found.sources
"""

from gapatlas.comparison.comparing import SMALL, Comparison, Timing, compare
from gapatlas.comparison.peers import PEER_KINDS, PEER_LABELS, PeerKind, Peers
from gapatlas.comparison.sentences import Answer, answers
from gapatlas.comparison.sources import SourceConflict
from gapatlas.comparison.trends import Trend

__all__ = [
    "PEER_KINDS",
    "PEER_LABELS",
    "SMALL",
    "Answer",
    "Comparison",
    "PeerKind",
    "Peers",
    "SourceConflict",
    "Timing",
    "Trend",
    "answers",
    "compare",
]
