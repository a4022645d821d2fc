"""Room `statistics`: pure functions on arrays. Imports nothing of ours."""

from gapatlas.statistics.censored import (
    Estimate,
    censored_rate,
    censored_ratio,
    censored_share,
)
from gapatlas.statistics.funnel import DISPERSIONS, Dispersion, Funnel, funnel_limits
from gapatlas.statistics.intervals import byar, over_completions, ratio_of_counts, wilson
from gapatlas.statistics.lag import Lagged, lag_adjusted, weighted_ratio
from gapatlas.statistics.pairs import Difference, prob_higher
from gapatlas.statistics.posterior import Kind, Posterior, posterior
from gapatlas.statistics.ranks import Ranks, indistinguishable_groups, rank_intervals
from gapatlas.statistics.shrinkage import (
    Shrunken,
    eb_beta_binomial,
    eb_gamma_poisson,
    eb_ratio,
)
from gapatlas.statistics.trend import TrendSignal, trend_signal

__all__ = [
    "DISPERSIONS",
    "Difference",
    "Dispersion",
    "Estimate",
    "Funnel",
    "Kind",
    "Lagged",
    "Posterior",
    "Ranks",
    "Shrunken",
    "TrendSignal",
    "byar",
    "censored_rate",
    "censored_ratio",
    "censored_share",
    "eb_beta_binomial",
    "eb_gamma_poisson",
    "eb_ratio",
    "funnel_limits",
    "indistinguishable_groups",
    "lag_adjusted",
    "over_completions",
    "posterior",
    "prob_higher",
    "rank_intervals",
    "ratio_of_counts",
    "trend_signal",
    "weighted_ratio",
    "wilson",
]
