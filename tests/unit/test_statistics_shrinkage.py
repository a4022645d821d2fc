"""Empirical Bayes, held against a fit of scipy's own marginal distributions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from gapatlas.statistics import eb_beta_binomial, eb_gamma_poisson, eb_ratio, posterior
from gapatlas.statistics.shrinkage import STRENGTH, Shrunken, _gamma_start

SEEDS = pytest.mark.parametrize("seed", range(5))


def counts_of_rates(seed: int, places: int = 40) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    people = generator.uniform(1e4, 2e6, places)
    return generator.poisson(generator.gamma(3, 1e-5, places) * people), people


def counts_of_shares(seed: int, places: int = 40) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    whole = generator.integers(5, 300, places)
    return generator.binomial(whole, generator.beta(4, 6, places)), whole


@SEEDS
def test_rates_are_fitted_as_scipys_negative_binomial(seed):
    x, people = counts_of_rates(seed)

    def cost(at: np.ndarray) -> float:
        shape, rate = np.exp(at)
        return -float(stats.nbinom.logpmf(x, shape, rate / (rate + people)).sum())

    best = optimize.minimize(
        cost, [1.0, 11.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}
    )
    shape, rate = np.exp(best.x)
    found = eb_gamma_poisson(x, people)
    assert found.prior_value == pytest.approx(shape / rate, rel=2e-3)
    assert found.prior_strength == pytest.approx(shape, rel=1e-2)
    assert np.allclose(found.value, (x + shape) / (people + rate), rtol=2e-3)
    after = stats.gamma(x + shape, scale=1 / (people + rate))
    assert np.allclose(found.low, after.ppf(0.025), rtol=5e-3)
    assert np.allclose(found.high, after.ppf(0.975), rtol=5e-3)


@SEEDS
def test_shares_are_fitted_as_scipys_beta_binomial(seed):
    x, n = counts_of_shares(seed)

    def cost(at: np.ndarray) -> float:
        return -float(stats.betabinom.logpmf(x, n, *np.exp(at)).sum())

    best = optimize.minimize(
        cost, [1.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}
    )
    a, b = np.exp(best.x)
    found = eb_beta_binomial(x, n)
    assert found.prior_value == pytest.approx(a / (a + b), rel=2e-3)
    assert found.prior_strength == pytest.approx(a + b, rel=1e-2)
    assert np.allclose(found.value, (x + a) / (n + a + b), rtol=2e-3)
    after = stats.beta(x + a, n - x + b)
    assert np.allclose(found.low, after.ppf(0.025), rtol=5e-3)
    assert np.allclose(found.high, after.ppf(0.975), rtol=5e-3)


def test_ratios_are_shares_of_the_sum_as_odds():
    x, n = counts_of_shares(1)
    ratio, share = eb_ratio(x, n - x), eb_beta_binomial(x, n)
    assert np.allclose(ratio.value, share.value / (1 - share.value))
    assert np.allclose(ratio.low, share.low / (1 - share.low))
    assert np.allclose(ratio.high, share.high / (1 - share.high))
    assert np.allclose(ratio.weight, share.weight)


@pytest.mark.parametrize(
    ("x", "people"),
    [
        ([4, 0, 0], [137, 80, 19]),
        ([35, 0, 0, 0, 1, 0, 2, 9], [1.6e8, 3e5, 1.8e6, 3.9e5, 5e6, 1e7, 3e6, 2e7]),
        ([1, 0, 0, 0, 2, 0], [2, 1, 1, 1, 2, 3]),
    ],
)
def test_no_other_prior_explains_the_counts_better(x, people):
    """Also where moments find no spread between places, and the likelihood does."""

    def log_likelihood(mean: float, shape: float) -> float:
        rate = shape / mean
        return float(stats.nbinom.logpmf(x, shape, rate / (rate + np.array(people))).sum())

    found = eb_gamma_poisson(x, people)
    reached = log_likelihood(found.prior_value, found.prior_strength)
    others = [
        log_likelihood(found.prior_value * factor, shape)
        for factor in np.geomspace(0.3, 3, 41)
        for shape in np.geomspace(0.06, 1e6, 60)
    ]
    assert reached >= max(others) - 1e-3


def test_the_fit_starts_from_the_moments_of_marshall():
    """The estimator of Marshall 1991 (Appl Stat 40:283), formulas (3) to (5), place by place."""
    x, people = counts_of_rates(2)
    pooled = sum(x) / sum(people)
    spread = sum(n * (events / n - pooled) ** 2 for events, n in zip(x, people, strict=True)) / sum(
        people
    )
    between = spread - pooled / (sum(people) / len(people))
    mean, shape = _gamma_start(np.asarray(x, float), people)
    assert mean == pytest.approx(pooled)
    assert mean**2 / shape == pytest.approx(between)


@pytest.mark.parametrize(
    ("call", "true_mean", "true_strength"),
    [
        (lambda: eb_gamma_poisson(*counts_of_rates(7, 5_000)), 3e-5, 3),
        (lambda: eb_beta_binomial(*counts_of_shares(7, 5_000)), 0.4, 10),
    ],
)
def test_many_places_recover_the_prior_that_they_were_drawn_from(call, true_mean, true_strength):
    found: Shrunken = call()
    assert found.prior_value == pytest.approx(true_mean, rel=0.03)
    assert found.prior_strength == pytest.approx(true_strength, rel=0.1)


def test_places_of_one_rate_are_drawn_together():
    generator = np.random.default_rng(11)
    people = np.full(200, 1e5)
    x = generator.poisson(20, 200)
    while x.var() > x.mean():  # a spread no wider than chance leaves nothing between places
        x = generator.poisson(20, 200)
    found = eb_gamma_poisson(x, people)
    assert np.ptp(found.value) < 0.1 * np.ptp(x / people)
    assert found.weight.max() < 0.1
    assert found.prior_strength <= STRENGTH[1] * (1 + 1e-9)


@pytest.mark.parametrize(
    "call", [lambda x, n: eb_gamma_poisson(x, n), lambda x, n: eb_beta_binomial(x, n)]
)
def test_one_place_alone_stays_raw(call):
    found = call([5], [100])
    assert found.value.tolist() == [0.05]
    assert found.weight.tolist() == [1]
    assert np.isnan(found.prior_value)
    assert found.low[0] < 0.05 < found.high[0]


def test_a_place_without_people_has_the_prior_alone():
    found = eb_gamma_poisson([5, 7, 3], [100, 0, 50])
    assert found.value[1] == pytest.approx(found.prior_value)
    assert found.weight[1] == 0


def test_without_a_second_place_to_borrow_from_nothing_is_known_of_a_place_without_people():
    found = eb_gamma_poisson([5, 0], [100, 0])
    assert np.isnan(found.value[1])
    assert (found.low[1], found.high[1]) == (0, np.inf)
    assert found.value[0] == 0.05


def test_shares_that_are_all_nought_or_one_stay_numbers():
    found = eb_beta_binomial([10, 0, 10, 0, 0], [10, 10, 10, 10, 0])
    assert np.all((found.low >= 0) & (found.low <= found.value))
    assert np.all((found.value <= found.high) & (found.high <= 1))
    low, high = found.posterior.draws(5_000, np.random.default_rng(0))
    assert not np.isnan(found.posterior.in_unit(low)).any()
    assert not np.isnan(found.posterior.in_unit(high)).any()


def test_ranges_widen_the_interval_to_that_of_both_ends():
    x, people = counts_of_rates(3)
    low, high = np.where(x < 30, 0, x), np.where(x < 30, 30, x)
    found = eb_gamma_poisson(low, people, count_high=high)
    shape = found.prior_strength
    rate = shape / found.prior_value
    assert np.allclose(found.low, stats.gamma.ppf(0.025, low + shape, scale=1 / (people + rate)))
    assert np.allclose(found.high, stats.gamma.ppf(0.975, high + shape, scale=1 / (people + rate)))
    assert np.allclose(found.value, ((low + high) / 2 + shape) / (people + rate))


def test_a_posterior_of_some_places_is_theirs():
    whole = posterior("share", [1, 2, 3], [10, 10, 10])
    for which in (1, np.int64(1), [1], slice(1, 2), np.array([False, True, False])):
        part = whole[which]
        assert len(part) == 1
        assert part.interval()[0] == pytest.approx(whole.interval()[0][1:2])


def test_ten_thousand_places_are_fitted():
    found = eb_gamma_poisson(*counts_of_rates(1, 10_000))
    assert found.value.shape == (10_000,)
    assert np.all((found.low < found.value) & (found.value < found.high))
