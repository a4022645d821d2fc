"""Room `comparison`: one place among its peers, over time, and from source to source.

from gapatlas import open_atlas, compare
atlas = open_atlas("config.yaml")
found = compare(atlas, "convicted_per_prosecuted", "ROU", year=2022, window=5)
found.rates, found.shrunken, found.ranks, found.trend, found.sources
"""

from gapatlas.comparison.comparing import SMALL, Comparison, Timing, compare
from gapatlas.comparison.peers import Peers, peer_groups, peer_labels
from gapatlas.comparison.sentences import Answer, answers
from gapatlas.comparison.sources import SourceConflict
from gapatlas.comparison.trends import Trend

__all__ = [
    "SMALL",
    "Answer",
    "Comparison",
    "Peers",
    "SourceConflict",
    "Timing",
    "Trend",
    "answers",
    "compare",
    "peer_groups",
    "peer_labels",
]
