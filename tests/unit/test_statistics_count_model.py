"""The count model against statsmodels on exact counts, and a plain likelihood on ranges."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

from gapatlas.statistics import CountModel, fit_count_model
from gapatlas.statistics.ranged_counts import RangedCounts

NAMES = ("constant", "log people", "coast")


def world(places: int, alpha: float, seed: int):
    """Terms, exposure and negative binomial counts."""
    random = np.random.default_rng(seed)
    terms = np.column_stack(
        [np.ones(places), random.normal(16, 1.5, places), random.integers(0, 2, places)]
    )
    years = random.integers(1, 6, places).astype(float)
    mean = np.exp(terms @ [-4.5, 0.4, 0.5]) * years
    spread = random.gamma(1 / alpha, alpha, places) if alpha else 1.0
    return terms, years, random.poisson(mean * spread)


def fitted(low, high, terms, years) -> CountModel:
    model = fit_count_model(low, high, terms, years, NAMES)
    assert model is not None
    return model


@pytest.mark.parametrize(
    ("places", "alpha", "seed"), [(30, 0.5, 1), (60, 0.2, 2), (60, 2.0, 3), (200, 1.0, 4)]
)
def test_exact_counts_are_fitted_as_statsmodels_fits_them(places, alpha, seed) -> None:
    terms, years, counts = world(places, alpha, seed)
    ours = fitted(counts, counts, terms, years)
    start = np.append(ours.values[:-1], ours.alpha)
    peer = sm.NegativeBinomial(counts, terms, exposure=years).fit(
        start_params=start, method="newton", maxiter=200, disp=0
    )
    alone = sm.NegativeBinomial(counts, terms[:, :1], exposure=years).fit(disp=0, maxiter=200)
    assert ours.converged
    assert ours.names == (*NAMES, "log alpha")
    assert ours.values[:-1] == pytest.approx(peer.params[:-1], rel=1e-4, abs=1e-5)
    assert ours.alpha == pytest.approx(peer.params[-1], rel=1e-4)
    assert ours.errors[:-1] == pytest.approx(peer.bse[:-1], rel=1e-3)
    assert ours.errors[-1] * ours.alpha == pytest.approx(peer.bse[-1], rel=1e-3)
    assert ours.log_likelihood == pytest.approx(peer.llf, abs=1e-6)
    assert ours.log_likelihood_constant == pytest.approx(alone.llf, abs=1e-4)
    assert ours.expected == pytest.approx(peer.predict(), rel=1e-4)
    assert ours.explained == pytest.approx(1 - peer.llf / alone.llf, abs=1e-5)


def test_without_more_than_chance_it_is_a_poisson_regression() -> None:
    """Half of such worlds spread less than chance: statsmodels' search then does not end."""
    for seed in range(10):
        terms, years, counts = world(60, 0, seed)
        ours = fitted(counts, counts, terms, years)
        if ours.alpha > 1e-4:
            continue
        peer = sm.Poisson(counts, terms, exposure=years).fit(disp=0)
        assert ours.converged
        assert ours.values[:-1] == pytest.approx(peer.params, rel=1e-3, abs=1e-3)
        assert ours.errors[:-1] == pytest.approx(peer.bse, rel=1e-2)
        assert ours.errors[-1] == np.inf
        return
    pytest.fail("no such world was drawn")


def plain_log_likelihood(params, low, high, terms, years) -> float:
    """The probability of each range as a sum over its counts."""
    mean, size = np.exp(terms @ params[:-1]) * years, np.exp(-params[-1])
    chance = size / (size + mean)
    return sum(
        np.log(stats.nbinom.pmf(np.arange(a, b + 1), size, p).sum())
        for a, b, p in zip(low, high, chance, strict=True)
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_ranges_are_fitted_by_the_probability_of_the_whole_range(seed) -> None:
    terms, years, counts = world(45, 0.5, seed)
    low = np.where(counts < 5, 0, np.where(counts % 3 == 0, counts - 2, counts))
    high = np.where(counts < 5, 4, np.where(counts % 3 == 0, counts + 3, counts))
    assert (low < high).sum() > 15
    ours = fitted(low, high, terms, years)
    assert ours.log_likelihood == pytest.approx(
        plain_log_likelihood(ours.values, low, high, terms, years), abs=1e-7
    )
    best = optimize.minimize(
        lambda params: -plain_log_likelihood(params, low, high, terms, years),
        ours.values,
        method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 4000},
    )
    assert -best.fun == pytest.approx(ours.log_likelihood, abs=1e-5)
    assert ours.values == pytest.approx(best.x, abs=2e-3)


def test_slopes_and_curvature_are_those_of_small_steps() -> None:
    terms, years, counts = world(40, 0.5, 8)
    low, high = np.where(counts < 9, 2, counts), np.where(counts < 9, 12, counts)
    here = RangedCounts(low.astype(float), high.astype(float), terms, np.log(years))
    beta, step = np.array([-4.2, 0.37, 0.4]), 1e-5
    for at in range(3):
        more, less = beta.copy(), beta.copy()
        more[at] += step
        less[at] -= step
        slope = (here.value(more, 0.4) - here.value(less, 0.4)) / (2 * step)
        assert here.slope(beta, 0.4)[at] == pytest.approx(slope, rel=1e-4, abs=1e-4)
        bend = (here.slope(more, 0.4) - here.slope(less, 0.4)) / (2 * step)
        assert here.information(beta, 0.4)[at] == pytest.approx(-bend, rel=1e-4, abs=1e-3)


def test_a_range_far_in_the_tail_keeps_its_digits() -> None:
    """500 to 504 where 50 are expected, and 0 to 4 where 500 are."""
    one = np.ones((1, 1))
    for low, high, mean in ((500.0, 504.0, 50.0), (0.0, 4.0, 500.0)):
        counts = RangedCounts(np.array([low]), np.array([high]), one, np.zeros(1))
        exact = stats.nbinom.logpmf(np.arange(low, high + 1), 10, 10 / (10 + mean))
        found = counts.value(np.log([mean]), 0.1)
        assert found == pytest.approx(np.logaddexp.reduce(exact), rel=1e-6)


def test_the_units_of_terms_change_nothing_but_their_coefficient() -> None:
    terms, years, counts = world(50, 0.5, 5)
    ours = fitted(counts, counts, terms, years)
    other = fitted(counts, counts, terms * [1, 1000, 1], years * 12)
    assert other.values[1] == pytest.approx(ours.values[1] / 1000, rel=1e-5)
    assert other.expected == pytest.approx(ours.expected, rel=1e-5)
    assert other.alpha == pytest.approx(ours.alpha, rel=1e-4)
    limits, more = ours.intervals()[0], other.intervals()[0]
    assert more[1:3] == pytest.approx(limits[1:3] / [1000, 1], rel=1e-3)


def test_intervals_are_a_little_longer_than_those_that_take_alpha_as_known() -> None:
    terms, years, counts = world(40, 0.5, 6)
    ours = fitted(counts, counts, terms, years)
    low, high = ours.intervals()
    longer = (high - low)[:-1] / (2 * 1.96 * ours.errors[:-1])
    assert (longer > 1).all()
    assert (longer < 1.4).all()
    assert low[-1] < np.log(0.5) < high[-1]


def test_draws_spread_as_the_intervals_say_and_are_the_same_again() -> None:
    terms, years, counts = world(40, 0.5, 7)
    ours = fitted(counts, counts, terms, years)
    drawn = ours.draws(40_000, np.random.default_rng(1))
    assert np.array_equal(drawn, ours.draws(40_000, np.random.default_rng(1)))
    assert np.median(drawn, axis=0) == pytest.approx(ours.expected, rel=0.06)
    drawn_terms = ours.mixture.draws(40_000, np.random.default_rng(2))
    low, high = ours.intervals(0.9)
    assert np.quantile(drawn_terms, 0.05, axis=0) == pytest.approx(low[:-1], abs=0.05)
    assert np.quantile(drawn_terms, 0.95, axis=0) == pytest.approx(high[:-1], abs=0.05)


def test_residuals_are_normal_and_counts_lie_inside_where_the_model_is_right() -> None:
    terms, years, counts = world(400, 0.6, 9)
    low, high = np.where(counts < 5, 0, counts), np.where(counts < 5, 4, counts)
    ours = fitted(low, high, terms, years)
    assert stats.kstest(ours.residuals(seed=3), "norm").pvalue > 0.01
    assert 0.92 < ours.inside().mean() <= 1
    odd = fitted(np.append(low[1:], 9e6), np.append(high[1:], 9e6), terms, years)
    assert not odd.inside()[-1]


def test_a_region_that_counts_nothing_has_no_maximum_and_no_warning() -> None:
    terms, years, counts = world(60, 0.5, 10)
    nothing = np.where(terms[:, 2] > 0, 0, counts)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ours = fitted(nothing, nothing, terms, years)
        drawn = ours.draws(100, np.random.default_rng(0))
    assert not ours.converged
    assert not np.isnan(drawn).any()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda c, t: (np.zeros_like(c), t), "no count above 0"),
        (lambda c, t: (c, np.column_stack([t[:, 0], t[:, 1], 2 * t[:, 1]])), "tied terms"),
        (lambda c, t: (c[:11], t[:11]), "fewer than 3 places for each of 4 coefficients"),
    ],
)
def test_there_is_no_model_where_there_is_nothing_to_fit(change, why) -> None:
    terms, years, counts = world(30, 0.5, 11)
    counts, terms = change(counts, terms)
    assert fit_count_model(counts, counts, terms, years[: len(counts)], NAMES) is None, why


BAD = {
    "negative": ({"low": -1.0}, "count_low must not be negative"),
    "missing": ({"low": np.nan}, "count_low must be finite"),
    "fraction": ({"low": 0.5}, "whole numbers, not 0.5"),
    "low above high": ({"low": 99_999.0}, "lower bound must not exceed"),
    "no exposure": ({"years": 0.0}, "exposure must be above 0, not 0"),
    "missing term": ({"term": np.nan}, r"3 finite terms for each of 30 places"),
}


@pytest.mark.parametrize(("spoil", "words"), BAD.values(), ids=list(BAD))
def test_bad_input_is_refused(spoil, words) -> None:
    terms, years, counts = world(30, 0.5, 12)
    low, high = counts.astype(float), counts.astype(float)
    low[0], years[0] = spoil.get("low", low[0]), spoil.get("years", years[0])
    terms[0, 1] = spoil.get("term", terms[0, 1])
    with pytest.raises(ValueError, match=words):
        fit_count_model(low, high, terms, years, NAMES)


def test_a_design_of_another_size_is_refused() -> None:
    terms, years, counts = world(30, 0.5, 13)
    for design in (terms[:-1], terms[:, :2], terms[:, 0]):
        with pytest.raises(ValueError, match=r"design must hold 3 finite terms for each of 30"):
            fit_count_model(counts, counts, design, years, NAMES)
