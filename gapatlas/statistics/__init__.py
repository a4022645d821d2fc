"""Room `statistics`: pure functions on arrays. Imports nothing of ours."""

from gapatlas.statistics.intervals import byar, over_completions, ratio_of_counts, wilson

__all__ = ["byar", "over_completions", "ratio_of_counts", "wilson"]
