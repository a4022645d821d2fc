"""Room `gaps`: how far enforcement falls short of a benchmark, where it is lost, what is not known.

from gapatlas import find_gaps, open_atlas
atlas = open_atlas("config.yaml")
found = find_gaps(atlas, "convicted_per_100_detected", year=2022, benchmark="best_quarter")
found.table, found.short, found.undecided
"""

from gapatlas.gaps.clusters import GapClusters, find_clusters
from gapatlas.gaps.completeness import Reporting, reporting
from gapatlas.gaps.gap import BENCHMARKS, Gap, find_gaps, has_gap
from gapatlas.gaps.stages import Waterfall, waterfall

__all__ = [
    "BENCHMARKS",
    "Gap",
    "GapClusters",
    "Reporting",
    "Waterfall",
    "find_clusters",
    "find_gaps",
    "has_gap",
    "reporting",
    "waterfall",
]
