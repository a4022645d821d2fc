"""Room `statistics`: pure functions on arrays. Imports nothing of ours."""

from gapatlas.statistics.alike import alike_draws
from gapatlas.statistics.censored import (
    Estimate,
    censored_rate,
    censored_ratio,
    censored_share,
)
from gapatlas.statistics.clusters import ClusterKind, Clusters, local_moran
from gapatlas.statistics.count_model import CountModel, fit_count_model
from gapatlas.statistics.funnel import DISPERSIONS, Dispersion, Funnel, funnel_limits
from gapatlas.statistics.intervals import byar, over_completions, ratio_of_counts, wilson
from gapatlas.statistics.lag import Lagged, lag_adjusted, weighted_ratio
from gapatlas.statistics.pairs import Difference, prob_higher
from gapatlas.statistics.posterior import Kind, Posterior, posterior
from gapatlas.statistics.ranks import Ranks, indistinguishable_groups, rank_intervals
from gapatlas.statistics.shortfall import Draws, Shortfall, quantile_of_others, shortfall
from gapatlas.statistics.shrinkage import (
    Shrunken,
    eb_beta_binomial,
    eb_gamma_poisson,
    eb_ratio,
)
from gapatlas.statistics.trend import TrendSignal, trend_signal

__all__ = [
    "DISPERSIONS",
    "ClusterKind",
    "Clusters",
    "CountModel",
    "Difference",
    "Dispersion",
    "Draws",
    "Estimate",
    "Funnel",
    "Kind",
    "Lagged",
    "Posterior",
    "Ranks",
    "Shortfall",
    "Shrunken",
    "TrendSignal",
    "alike_draws",
    "byar",
    "censored_rate",
    "censored_ratio",
    "censored_share",
    "eb_beta_binomial",
    "eb_gamma_poisson",
    "eb_ratio",
    "fit_count_model",
    "funnel_limits",
    "indistinguishable_groups",
    "lag_adjusted",
    "local_moran",
    "over_completions",
    "posterior",
    "prob_higher",
    "quantile_of_others",
    "rank_intervals",
    "ratio_of_counts",
    "shortfall",
    "trend_signal",
    "weighted_ratio",
    "wilson",
]
