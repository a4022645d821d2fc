"""What the functions of the room refuse, and the answers they define where little is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gapatlas.statistics import (
    censored_rate,
    censored_ratio,
    censored_share,
    eb_beta_binomial,
    eb_gamma_poisson,
    eb_ratio,
    funnel_limits,
    indistinguishable_groups,
    lag_adjusted,
    posterior,
    prob_higher,
    rank_intervals,
    trend_signal,
)

Call = Callable[[list[float], list[float], list[float]], object]

# Each is called with lower bounds, upper bounds and what both are divided by.
CALLS: dict[str, Call] = {
    "censored_rate": lambda low, high, size: censored_rate(low, high, size),
    "censored_ratio": lambda low, high, size: censored_ratio(low, high, size, size),
    "censored_share": lambda low, high, size: censored_share(low, high, size, size),
    "eb_gamma_poisson": lambda low, high, size: eb_gamma_poisson(low, size, count_high=high),
    "eb_beta_binomial": lambda low, high, size: eb_beta_binomial(low, size, count_high=high),
    "eb_ratio": lambda low, high, size: eb_ratio(low, size, numerator_high=high),
    "funnel rate": lambda low, high, size: funnel_limits("rate", low, size, count_high=high),
    "funnel share": lambda low, high, size: funnel_limits("share", low, size, count_high=high),
    "posterior rate": lambda low, high, size: posterior("rate", low, size, above_high=high),
    "posterior share": lambda low, high, size: posterior("share", low, size, above_high=high),
}
# Those without ranges are called with the counts and what they are divided by.
EXACT_CALLS: dict[str, Call] = {
    "lag_adjusted": lambda low, _, size: lag_adjusted(low, size, [0.5, 0.5]),
    "trend_signal": lambda low, _, size: trend_signal("rate", low, size),
}
ALL = pytest.mark.parametrize("call", [*CALLS.values(), *EXACT_CALLS.values()])
RANGED = pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))
BAD = {
    "negative count": ([-1, 2], [5, 5], [10, 10], "must not be negative"),
    "missing count": ([np.nan, 2], [5, 5], [10, 10], "must be finite"),
    "infinite count": ([np.inf, 2], [np.inf, 5], [10, 10], "must be finite"),
    "negative size": ([1, 2], [5, 5], [-10, 10], "must not be negative"),
    "missing size": ([1, 2], [5, 5], [np.nan, 10], "must be finite"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
@ALL
def test_numbers_that_are_no_counts_are_refused(call, bad):
    low, high, size, message = bad
    with pytest.raises(ValueError, match=message):
        call(low, high, size)


@RANGED
def test_a_lower_bound_above_its_upper_bound_is_refused(call):
    with pytest.raises(ValueError, match="lower bound must not exceed"):
        call([6, 2], [5, 5], [10, 10])


@pytest.mark.parametrize("name", ["censored_share", "eb_beta_binomial", "funnel share"])
def test_a_part_above_its_whole_is_refused(name):
    with pytest.raises(ValueError, match="cannot be above 1"):
        CALLS[name]([11, 2], [12, 5], [10, 10])


@pytest.mark.parametrize("name", ["eb_gamma_poisson", "eb_beta_binomial", "funnel rate"])
def test_nothing_to_divide_by_in_any_place_is_refused(name):
    with pytest.raises(ValueError, match="0 in every place"):
        CALLS[name]([0, 0], [0, 0], [0, 0])


def test_ratios_without_any_count_are_refused():
    with pytest.raises(ValueError, match="0 in every place"):
        eb_ratio([0, 0], [0, 0])


@pytest.mark.parametrize("name", ["censored_rate", "censored_ratio", "censored_share"])
def test_years_without_anything_below_the_line_tell_nothing(name):
    found = CALLS[name]([0, 0], [4, 0], [0, 0])
    assert np.isnan(found.value)
    assert (found.low, found.high) == (0, 1 if name == "censored_share" else np.inf)


@pytest.mark.parametrize("name", ["censored_rate", "censored_ratio", "censored_share"])
def test_fractions_of_a_case_are_refused_in_a_range(name):
    with pytest.raises(ValueError, match="whole number"):
        CALLS[name]([2.2], [2.8], [10])


def test_ranges_too_wide_for_counts_of_cases_are_refused():
    for high in (5e6, 1e20):
        with pytest.raises(ValueError, match="combinations of counts; allowed: 4,000,000"):
            censored_rate([0], [high], [1])
    with pytest.raises(ValueError, match="combinations"):
        censored_ratio([0], [3000], [1], [3000])


@pytest.mark.parametrize(
    "call",
    [
        lambda: censored_rate(3, 4, 5),
        lambda: censored_ratio(3, 4, 5, 6),
        lambda: censored_share(3, 4, 5, 6),
        lambda: lag_adjusted(3, 4, [1]),
        lambda: trend_signal("rate", 3, 4),
    ],
)
def test_one_number_instead_of_years_is_refused(call):
    with pytest.raises(ValueError, match="one number for each year"):
        call()


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_confidence_outside_0_and_1_is_refused(level):
    rates = posterior("rate", [1, 2], [3, 4])
    for call in (
        lambda: censored_rate([1], [2], [3], confidence=level),
        lambda: censored_share([1], [2], [3], [3], confidence=level),
        lambda: lag_adjusted([1], [2], [1], confidence=level),
        lambda: eb_gamma_poisson([1, 2], [3, 4], confidence=level),
        lambda: rank_intervals(rates, confidence=level),
        lambda: indistinguishable_groups(rates, confidence=level),
        lambda: prob_higher(rates, rates, confidence=level),
    ):
        with pytest.raises(ValueError, match="between 0 and 1"):
            call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: posterior("odds", [1], [2]),
        lambda: funnel_limits("odds", [1], [2]),
        lambda: trend_signal("odds", [1], [2]),
    ],
)
def test_an_unknown_kind_is_refused_with_the_known_ones(call):
    with pytest.raises(ValueError, match="rate, share, ratio, not 'odds'"):
        call()


def test_an_unknown_dispersion_and_an_impossible_size_are_refused():
    with pytest.raises(ValueError, match="none, multiplicative, additive, not 'some'"):
        funnel_limits("rate", [1, 2], [3, 4], dispersion="some")
    for at in (-1, np.nan):
        with pytest.raises(ValueError, match="at must"):
            funnel_limits("rate", [1, 2], [3, 4], at=[at])


@pytest.mark.parametrize("weights", [[], [0.5, 0.4], [1.5, -0.5], [np.nan], [[0.5], [0.5]]])
def test_weights_that_are_no_distribution_are_refused(weights):
    with pytest.raises(ValueError, match="weights must"):
        lag_adjusted([1, 2], [3, 4], weights)


def test_masks_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="reported has shape"):
        censored_rate([1, 2], [1, 2], [3, 4], reported=[True, True, False])


def test_comparisons_that_do_not_pair_are_refused():
    rates, shares = posterior("rate", [1, 2], [3, 4]), posterior("share", [1, 2], [3, 4])
    with pytest.raises(ValueError, match="a rate cannot be compared with a share"):
        prob_higher(rates, shares)
    with pytest.raises(ValueError, match="2 places cannot be paired with 3"):
        prob_higher(rates, posterior("rate", [1, 2, 3], [3, 4, 5]))
    for call in (rank_intervals, indistinguishable_groups):
        with pytest.raises(ValueError, match="100 or more, not 99"):
            call(rates, draws=99)
    with pytest.raises(ValueError, match="100 or more, not 99"):
        prob_higher(rates, rates, draws=99)


def test_too_many_places_to_group_are_refused():
    with pytest.raises(ValueError, match="1001 places are too many to group"):
        indistinguishable_groups(posterior("rate", np.ones(1001), np.ones(1001)))


@pytest.mark.parametrize("call", [eb_gamma_poisson, eb_beta_binomial, eb_ratio])
def test_no_place_at_all_is_refused(call):
    with pytest.raises(ValueError, match="1 or more places"):
        call([], [])
