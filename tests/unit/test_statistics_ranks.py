"""Ranks, groups and pairs, held against counting, double loops and numerical integration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from gapatlas.statistics import (
    Posterior,
    eb_gamma_poisson,
    indistinguishable_groups,
    posterior,
    prob_higher,
    rank_intervals,
)
from gapatlas.statistics.ranks import _best_and_worst

X = [12, 3, 40, 0, 7, 22, 9, 15]
PEOPLE = [100, 80, 90, 30, 100, 60, 40, 200]
RANGES = [12, 7, 40, 4, 7, 26, 13, 15]

EXACT = posterior("rate", X, PEOPLE)
RANGED = posterior("rate", X, PEOPLE, above_high=RANGES)
SHARES = posterior("share", X, PEOPLE, above_high=RANGES)
RATIOS = posterior("ratio", X, PEOPLE, above_high=RANGES, below_high=np.array(PEOPLE) + 5)
ALL = pytest.mark.parametrize("places", [EXACT, RANGED, SHARES, RATIOS])


def by_counting(places: Posterior, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst rank of each place in each draw, place against place."""
    low, high = places.draws(draws, np.random.default_rng(seed))
    best, worst = np.ones(low.shape, int), np.ones(low.shape, int)
    for place in range(len(places)):
        for other in range(len(places)):
            if other != place:
                best[:, place] += low[:, other] > high[:, place]
                worst[:, place] += high[:, other] > low[:, place]
    return best, worst


@ALL
def test_limits_are_those_of_ranks_by_counting(places):
    best, worst = by_counting(places, 500, seed=3)
    found = rank_intervals(places, draws=500, seed=3)
    expected_low = np.quantile(best, 0.025, axis=0, method="closest_observation")
    expected_high = np.quantile(worst, 0.975, axis=0, method="closest_observation")
    assert np.abs(found.low - np.minimum(expected_low, found.rank)).max() == 0
    assert np.abs(found.high - np.maximum(expected_high, found.rank)).max() == 0


@pytest.mark.parametrize("seed", range(5))
def test_best_and_worst_ranks_are_counted_with_ties_and_infinities(seed):
    generator = np.random.default_rng(seed)
    low = generator.integers(0, 6, (40, 9)).astype(float)
    high = low + generator.integers(0, 3, low.shape)
    high[generator.random(high.shape) < 0.1] = np.inf
    best, worst = _best_and_worst(low, high)
    for place in range(9):
        lows, highs = (np.delete(values, place, axis=1) for values in (low, high))
        above = (lows > high[:, [place]]).sum(axis=1)
        not_below = (highs >= low[:, [place]]).sum(axis=1)
        assert best[:, place].tolist() == (1 + above).tolist()
        assert worst[:, place].tolist() == (1 + not_below).tolist()


def test_an_independent_simulation_gives_the_same_limits():
    after = stats.gamma(np.array(X) + 0.5, scale=1 / np.array(PEOPLE))
    simulated = after.rvs((20_000, len(X)), random_state=np.random.default_rng(99))
    ranks = stats.rankdata(-simulated, axis=1)
    found = rank_intervals(EXACT, draws=20_000)
    assert np.abs(found.low - np.quantile(ranks, 0.025, axis=0)).max() <= 1
    assert np.abs(found.high - np.quantile(ranks, 0.975, axis=0)).max() <= 1


def test_the_rank_is_that_of_the_rate():
    places = eb_gamma_poisson(X, PEOPLE)
    expected = stats.rankdata(-places.value, method="ordinal")
    assert rank_intervals(places.posterior).rank.tolist() == expected.tolist()


def test_places_that_are_far_apart_have_certain_ranks():
    found = rank_intervals(posterior("rate", [10, 1000, 100], [10, 10, 10]))
    assert found.rank.tolist() == found.low.tolist() == found.high.tolist() == [3, 1, 2]


def test_a_place_of_which_nothing_is_known_can_have_any_rank():
    found = rank_intervals(posterior("rate", [10, 0, 1000], [10, 0, 10]))
    assert (found.low[1], found.high[1]) == (1, 3)


def test_one_place_alone_is_first():
    found = rank_intervals(posterior("rate", [5], [10]))
    assert (found.rank.tolist(), found.low.tolist(), found.high.tolist()) == ([1], [1], [1])
    assert indistinguishable_groups(posterior("rate", [5], [10])).tolist() == [1]


def test_the_same_seed_gives_the_same_ranks_in_portions_too(monkeypatch):
    first = rank_intervals(RANGED, draws=400, seed=5)
    again = rank_intervals(RANGED, draws=400, seed=5)
    assert np.array_equal(first.low, again.low)
    monkeypatch.setattr("gapatlas.statistics.ranks.AT_ONCE", 7 * len(RANGED))
    portions = rank_intervals(RANGED, draws=400, seed=5)
    assert np.abs(portions.low - first.low).max() <= 1
    assert np.abs(portions.high - first.high).max() <= 1


def test_ten_thousand_places_have_ranks():
    generator = np.random.default_rng(1)
    x, people = generator.integers(0, 100, 10_000), generator.uniform(1, 100, 10_000)
    found = rank_intervals(posterior("rate", x, people), draws=100)
    assert sorted(found.rank) == list(range(1, 10_001))
    assert np.all((found.low >= 1) & (found.low <= found.rank))
    assert np.all((found.rank <= found.high) & (found.high <= 10_000))


def groups_by_loops(places: Posterior, draws: int, seed: int) -> list[int]:
    middle = (places.above_low + places.above_high) / (places.below_low + places.below_high)
    order = sorted(range(len(places)), key=lambda place: -middle[place])
    low, high = places[order].draws(draws, np.random.default_rng(seed))
    group, members, result = 1, [0], {order[0]: 1}
    for place in range(1, len(order)):
        if any((low[:, member] > high[:, place]).mean() >= 0.975 for member in members):
            group, members = group + 1, []
        members.append(place)
        result[order[place]] = group
    return [result[place] for place in range(len(places))]


@ALL
def test_groups_are_those_of_a_double_loop(places):
    found = indistinguishable_groups(places, draws=1000, seed=2)
    assert found.tolist() == groups_by_loops(places, 1000, 2)
    assert found.min() == 1


def test_three_clear_levels_are_three_groups():
    rates = posterior("rate", [1000, 100, 10, 990, 101, 11], [10] * 6)
    assert indistinguishable_groups(rates).tolist() == [1, 2, 3, 1, 2, 3]


def test_wider_ranges_never_make_more_groups():
    assert indistinguishable_groups(RANGED).max() <= indistinguishable_groups(EXACT).max()


PAIRS = [(12, 100, 3, 80), (40, 90, 40, 90), (0, 30, 7, 100), (22, 60, 9, 40)]


@pytest.mark.parametrize(("x", "n", "y", "m"), PAIRS)
def test_the_probability_between_two_rates_is_the_integral(x, n, y, m):
    first, second = stats.gamma(x + 0.5, scale=1 / n), stats.gamma(y + 0.5, scale=1 / m)
    expected = integrate.quad(lambda rate: first.pdf(rate) * second.cdf(rate), 0, np.inf)[0]
    found = prob_higher(posterior("rate", [x], [n]), posterior("rate", [y], [m]))
    assert found.probability_low[0] == found.probability_high[0]
    assert found.probability_low[0] == pytest.approx(expected, abs=0.011)


@pytest.mark.parametrize(("x", "n", "y", "m"), PAIRS)
def test_the_probability_between_two_shares_is_the_integral(x, n, y, m):
    first, second = stats.beta(x + 0.5, n - x + 0.5), stats.beta(y + 0.5, m - y + 0.5)
    expected = integrate.quad(lambda share: first.pdf(share) * second.cdf(share), 0, 1)[0]
    found = prob_higher(posterior("share", [x], [n]), posterior("share", [y], [m]))
    assert found.probability_low[0] == pytest.approx(expected, abs=0.011)

    def difference_below(limit: float) -> float:
        return integrate.quad(lambda share: second.pdf(share) * first.cdf(share + limit), 0, 1)[0]

    assert difference_below(found.low[0]) == pytest.approx(0.025, abs=0.006)
    assert difference_below(found.difference[0]) == pytest.approx(0.5, abs=0.02)
    assert difference_below(found.high[0]) == pytest.approx(0.975, abs=0.006)


def test_ranges_give_the_least_and_the_greatest_probability():
    second = posterior("rate", [10], [50])
    found = prob_higher(posterior("rate", [5], [40], above_high=[15]), second)
    least = prob_higher(posterior("rate", [5], [40]), second)
    most = prob_higher(posterior("rate", [15], [40]), second)
    assert found.probability_low[0] == pytest.approx(least.probability_low[0], abs=0.015)
    assert found.probability_high[0] == pytest.approx(most.probability_high[0], abs=0.015)
    assert found.low[0] == pytest.approx(least.low[0], abs=0.02)
    assert found.high[0] == pytest.approx(most.high[0], abs=0.02)


@pytest.mark.filterwarnings("error")
def test_against_a_place_of_which_nothing_is_known_all_is_possible():
    rates = posterior("rate", [5, 0], [100, 0])
    found = prob_higher(rates[0], rates)
    assert (found.probability_low[1], found.probability_high[1]) == (0, 1)
    assert (found.low[1], found.high[1]) == (-np.inf, pytest.approx(0.1, abs=0.02))
    assert np.isnan(found.difference[1])
    assert indistinguishable_groups(rates).tolist() == [1, 1]


def test_shares_close_to_one_do_not_tie():
    near_one = posterior("share", [10, 10], [10, 10], prior=(0.025, 0.025))
    found = prob_higher(near_one[0], near_one[1])
    assert found.probability_low[0] == pytest.approx(0.5, abs=0.02)


def test_one_place_is_paired_with_each_of_many_also_in_portions(monkeypatch):
    many = posterior("rate", X, PEOPLE)
    whole = prob_higher(many[0], many, draws=4000)
    monkeypatch.setattr("gapatlas.statistics.pairs.AT_ONCE", 3 * 4000)
    portions = prob_higher(many[0], many, draws=4000)
    assert whole.low.shape == portions.low.shape == (len(many),)
    assert np.allclose(whole.probability_low, portions.probability_low, atol=0.04)
    # Two independent rates alike: a place against another with its own counts.
    assert whole.probability_low[0] == pytest.approx(0.5, abs=0.03)
