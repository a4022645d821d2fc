"""Intervals of shares, rates and ratios, held against other implementations and print.

Each interval is checked three ways: figures that somebody else published, another library's
answer, and the definition of the limit itself (the count that is as far out as the tail allows).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson, test_poisson_2indep

from gapatlas.statistics import byar, over_completions, ratio_of_counts, wilson
from gapatlas.statistics.intervals import BYAR_FROM, IntervalFunction

test_poisson_2indep.__test__ = False  # pytest would take the library's function for a test

ALL = pytest.mark.parametrize("interval", [wilson, byar, ratio_of_counts])
INTERVAL_OF = {"wilson": wilson, "byar": byar, "ratio_of_counts": ratio_of_counts}

# Figures printed in the vignette "Introduction to PHEindicatormethods" of 2018-04-25 (Public
# Health England; inst/doc/PHEindicatormethodsIntroVignette.html, ukhsa-collaboration on GitHub):
# observed events and population of four areas in two years.
VIGNETTE_COUNTS = [
    (87, 131), (1, 164), (44, 134), (13, 109), (83, 131), (7, 139), (43, 137), (5, 163),
]  # fmt: skip
VIGNETTE_WILSON_95 = """
    0.579592491 0.73930053
    0.001077181 0.03372625
    0.254598570 0.41168471
    0.071039739 0.19341500
    0.548367919 0.71119617
    0.024605552 0.10029837
    0.242136529 0.39575419
    0.013172190 0.06978956
"""
VIGNETTE_WILSON_998 = """
    0.5293576135 0.77658434
    0.0005322047 0.06601672
    0.2181147658 0.46143836
    0.0529712429 0.24689949
    0.4985908973 0.75043163
    0.0167360401 0.14179381
    0.2069168113 0.44507799
    0.0084801369 0.10481797
"""
VIGNETTE_RATE_95_PER_100_000 = """
    53191.89721 81920.133
       15.43769  3397.344
    23856.24577 44081.622
     6344.25775 20396.080
    50463.30549 78543.665
     2024.72162 10376.025
    22712.53344 42278.943
      996.00392  7158.486
"""
VIGNETTE_RATE_998_PER_100 = """
    46.54873     91.51034
    0.0006100612 5.63013
    19.61417     51.21896
    4.192660     26.14598
    44.00613     87.94878
    1.093767     14.11955
    18.62510     49.19876
    0.4536023    10.09494
"""


def printed(table: str) -> np.ndarray:
    """The numbers of a printed table, one row per line: lower and upper limit, to 7 digits."""
    return np.array([line.split() for line in table.strip().splitlines()], dtype=float)


def columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    counts, totals = np.array(pairs).T
    return counts, totals


# ------------------------------------------------------------------- what others have printed


@pytest.mark.parametrize(
    ("table", "confidence"), [(VIGNETTE_WILSON_95, 0.95), (VIGNETTE_WILSON_998, 0.998)]
)
def test_wilson_gives_what_pheindicatormethods_prints(table: str, confidence: float) -> None:
    low, high = wilson(*columns(VIGNETTE_COUNTS), confidence)
    np.testing.assert_allclose(np.column_stack([low, high]), printed(table), rtol=5e-7)


@pytest.mark.parametrize(
    ("table", "confidence", "per"),
    [(VIGNETTE_RATE_95_PER_100_000, 0.95, 100_000), (VIGNETTE_RATE_998_PER_100, 0.998, 100)],
)
def test_byar_gives_what_pheindicatormethods_prints(
    table: str, confidence: float, per: int
) -> None:
    """Counts 1, 5 and 7 stand there as "Exact", the others as "Byars"."""
    low, high = byar(*columns(VIGNETTE_COUNTS), confidence)
    np.testing.assert_allclose(per * np.column_stack([low, high]), printed(table), rtol=5e-7)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [  # Newcombe 1998, Stat Med 17:857, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_what_newcombe_prints(count: int, total: int, low: float, high: float) -> None:
    found = wilson(count, total)
    assert (round(float(found[0]), 4), round(float(found[1]), 4)) == (low, high)


# ------------------------------------------------------------------- what other libraries give


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.998])
def test_wilson_agrees_with_statsmodels(confidence: float) -> None:
    pairs = [(x, n) for n in (1, 2, 7, 30, 1000) for x in {0, 1, n // 2, n - 1, n}]
    low, high = wilson(*columns(pairs), confidence)
    for i, (count, total) in enumerate(pairs):
        expected = proportion_confint(count, total, alpha=1 - confidence, method="wilson")
        assert (low[i], high[i]) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.998])
def test_byar_is_the_exact_poisson_interval_below_ten_events(confidence: float) -> None:
    """The limits are the means at which the count is just as far out as the tail allows."""
    tail = (1 - confidence) / 2
    low, high = byar(np.arange(BYAR_FROM), 1, confidence)
    for count in range(BYAR_FROM):
        assert stats.poisson.cdf(count, high[count]) == pytest.approx(tail, rel=1e-9)
        if count:
            assert stats.poisson.sf(count - 1, low[count]) == pytest.approx(tail, rel=1e-9)
        expected = confint_poisson(count, 1, method="exact-c", alpha=1 - confidence)
        assert (low[count], high[count]) == pytest.approx(np.nan_to_num(expected), rel=1e-9)


@pytest.mark.parametrize(("confidence", "within"), [(0.8, 0.001), (0.95, 0.002), (0.998, 0.016)])
def test_byar_stays_close_to_the_exact_interval_from_ten_events_on(
    confidence: float, within: float
) -> None:
    counts = np.concatenate([np.arange(BYAR_FROM, 200), [1_000, 50_000]])
    low, high = byar(counts, 1, confidence)
    tail = (1 - confidence) / 2
    np.testing.assert_allclose(low, stats.chi2.ppf(tail, 2 * counts) / 2, rtol=within)
    np.testing.assert_allclose(high, stats.chi2.isf(tail, 2 * counts + 2) / 2, rtol=within)


def test_a_rate_is_its_count_limits_divided_by_the_exposure() -> None:
    low, high = byar([4, 40], [1, 1])
    per_head = byar([4, 40], [8_000_000, 8_000_000])
    np.testing.assert_allclose(per_head, np.array([low, high]) / 8_000_000, rtol=1e-15)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.998])
def test_ratio_of_counts_is_clopper_pearson_as_odds(confidence: float) -> None:
    pairs = list(product((1, 2, 9, 40, 718), (1, 3, 11, 100, 1623)))
    low, high = ratio_of_counts(*columns(pairs), confidence)
    for i, (x, y) in enumerate(pairs):
        share = stats.binomtest(x, x + y).proportion_ci(confidence, method="exact")
        assert low[i] == pytest.approx(share.low / (1 - share.low), rel=1e-7)
        assert high[i] == pytest.approx(share.high / (1 - share.high), rel=1e-7)


@pytest.mark.parametrize(("x", "y"), [(1, 1), (3, 8), (40, 9), (718, 1623)])
def test_at_its_limits_the_exact_test_of_two_poisson_rates_just_rejects(x: int, y: int) -> None:
    low, high = ratio_of_counts(x, y)
    for limit, side in ((low, "larger"), (high, "smaller")):
        test = test_poisson_2indep(
            x, 1, y, 1, value=float(limit), method="exact-cond", alternative=side
        )
        assert test.pvalue == pytest.approx(0.025, rel=1e-6)


def test_ratio_of_counts_upside_down_is_the_interval_upside_down() -> None:
    low, high = ratio_of_counts([3, 718], [8, 1623])
    turned_low, turned_high = ratio_of_counts([8, 1623], [3, 718])
    np.testing.assert_allclose([low, high], [1 / turned_high, 1 / turned_low], rtol=1e-9)


# ------------------------------------------------------------------- the edges


@pytest.mark.parametrize(
    ("name", "above", "below", "low", "high"),
    [
        # nothing counted: the upper limit still says how much could have been missed
        ("wilson", 0, 10, 0.0, 0.277533),  # z^2 / (n + z^2) with z = 1.959964
        ("byar", 0, 10, 0.0, 0.3688879),
        ("ratio_of_counts", 0, 10, 0.0, 0.4461358),
        # nothing below the line
        ("wilson", 0, 0, 0.0, 1.0),
        ("byar", 0, 0, 0.0, np.inf),
        ("byar", 3, 0, 0.0, np.inf),
        ("ratio_of_counts", 0, 0, 0.0, np.inf),
        ("ratio_of_counts", 3, 0, 0.4132, np.inf),
        # everything counted
        ("wilson", 10, 10, 0.722467, 1.0),  # n / (n + z^2)
    ],
)
def test_zeros_have_a_defined_interval(
    name: str, above: int, below: int, low: float, high: float
) -> None:
    found = INTERVAL_OF[name](above, below)
    assert (float(found[0]), float(found[1])) == pytest.approx((low, high), rel=1e-4)


def test_the_zero_limits_follow_from_their_formulas() -> None:
    """P(0 events) = 0.025: by Poisson at the rate's limit, by binomial at the ratio's."""
    assert byar(0, 10)[1] == pytest.approx(-np.log(0.025) / 10)
    share = 1 - 0.025 ** (1 / 10)  # (1 - share) ** 10 = 0.025
    assert ratio_of_counts(0, 10)[1] == pytest.approx(share / (1 - share))
    share = 0.025 ** (1 / 3)  # share ** 3 = 0.025: all 3 of 3 above the line
    assert ratio_of_counts(3, 0)[0] == pytest.approx(share / (1 - share))


@pytest.mark.parametrize("total", [1, 2, 10, 10_000])
def test_wilson_limits_are_shares_even_when_all_or_none_succeed(total: int) -> None:
    assert wilson(0, total)[0] == 0
    assert wilson(total, total)[1] == 1
    assert 0 < wilson(total, total)[0] < 1
    assert 0 < wilson(0, total)[1] < 1


@ALL
def test_huge_counts_give_a_narrow_interval_around_the_value(interval: IntervalFunction) -> None:
    low, high = interval(5e11, 1e12)
    assert low < 0.5 < high
    assert high - low < 1e-5


@ALL
def test_ten_thousand_places_at_once_are_as_one_by_one(interval: IntervalFunction) -> None:
    random = np.random.default_rng(7)
    below = random.integers(1, 5_000, 10_000)
    above = random.integers(0, below + 1)
    low, high = interval(above, below)
    assert low.shape == high.shape == (10_000,)
    assert np.all(low <= above / below)
    assert np.all(above / below <= high)
    for i in range(0, 10_000, 1_250):
        one = interval(int(above[i]), int(below[i]))
        assert (float(one[0]), float(one[1])) == (low[i], high[i])


@ALL
def test_counts_of_different_shapes_broadcast(interval: IntervalFunction) -> None:
    low, high = interval([[1], [2], [3]], [10, 20])
    assert low.shape == high.shape == (3, 2)
    assert (low[2, 1], high[2, 1]) == tuple(map(float, interval(3, 20)))


@ALL
def test_no_places_give_no_intervals(interval: IntervalFunction) -> None:
    low, high = interval([], [])
    assert low.shape == high.shape == (0,)


@ALL
def test_shapes_that_do_not_fit_are_refused(interval: IntervalFunction) -> None:
    with pytest.raises(ValueError, match="broadcast"):
        interval([1, 2, 3], [10, 20])


@ALL
@pytest.mark.parametrize("bad", [np.nan, np.inf, None])
def test_a_missing_count_is_refused_with_advice(interval: IntervalFunction, bad: object) -> None:
    with pytest.raises(ValueError, match="leave out what is not reported"):
        interval([1, bad], [5, 5])


@ALL
@pytest.mark.parametrize(("above", "below"), [(-1, 5), (1, -5)])
def test_a_negative_count_is_refused(interval: IntervalFunction, above: int, below: int) -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        interval(above, below)


@ALL
@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95, np.nan])
def test_a_confidence_that_is_no_share_is_refused(
    interval: IntervalFunction, confidence: float
) -> None:
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1"):
        interval(1, 5, confidence)


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="a share cannot be above 1"):
        wilson([1, 6], [5, 5])


@ALL
def test_more_confidence_means_a_wider_interval(interval: IntervalFunction) -> None:
    narrow, wide = interval(4, 30, 0.8), interval(4, 30, 0.95)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


@ALL
def test_the_inputs_are_left_as_they_were(interval: IntervalFunction) -> None:
    above, below = np.array([0.0, 3.0]), np.array([0.0, 9.0])
    interval(above, below)
    assert (above.tolist(), below.tolist()) == ([0, 3], [0, 9])


# ------------------------------------------------------------------- every completion of `<5`

CENSORED = [
    # numerator bounds, denominator bounds
    ((3, 3), (12, 12)),
    ((0, 4), (12, 12)),
    ((7, 7), (0, 4)),
    ((0, 4), (0, 4)),
    ((1, 4), (1, 4)),
    ((6, 14), (20, 33)),  # passes the count from which Byar takes over
    ((0, 0), (0, 4)),
    ((5, 9), (3, 7)),
    ((0, 8), (4, 4)),
]


@ALL
@pytest.mark.parametrize(("above", "below"), CENSORED)
def test_the_interval_covers_exactly_the_union_over_all_completions(
    interval: IntervalFunction, above: tuple[int, int], below: tuple[int, int]
) -> None:
    pairs = list(product(range(above[0], above[1] + 1), range(below[0], below[1] + 1)))
    if interval is wilson:  # a part larger than the whole completes no share
        pairs = [(x, n) for x, n in pairs if x <= n]
    if not pairs:
        with pytest.raises(ValueError, match="a share cannot be above 1"):
            over_completions(interval, *above, *below)
        return
    low, high = zip(*(interval(x, y) for x, y in pairs), strict=True)
    found = over_completions(interval, *above, *below)
    # A rate per nobody has the lower limit 0 by convention; it would hide nothing: see `byar`.
    defined = [limit for limit, (_, y) in zip(low, pairs, strict=True) if y or interval is not byar]
    assert float(found[0]) == float(min(defined))
    assert float(found[1]) == float(max(high))


@ALL
def test_an_exact_count_has_one_completion(interval: IntervalFunction) -> None:
    assert over_completions(interval, 3, 3, 12, 12) == interval(3, 12)


@ALL
def test_completions_take_the_confidence_along(interval: IntervalFunction) -> None:
    low, high = over_completions(interval, 0, 4, 12, 12, 0.8)
    assert (low, high) == (interval(0, 12, 0.8)[0], interval(4, 12, 0.8)[1])


@ALL
@pytest.mark.parametrize("bounds", [(4, 0, 9, 9), (1, 1, 9, 8)])
def test_a_lower_bound_above_the_upper_is_refused(
    interval: IntervalFunction, bounds: tuple[int, int, int, int]
) -> None:
    with pytest.raises(ValueError, match="a lower bound must not exceed its upper bound"):
        over_completions(interval, *bounds)


@ALL
def test_a_missing_bound_is_refused(interval: IntervalFunction) -> None:
    with pytest.raises(ValueError, match="leave out what is not reported"):
        over_completions(interval, 0, np.nan, 9, 9)


def test_a_share_that_no_completion_allows_is_refused() -> None:
    with pytest.raises(ValueError, match="a share cannot be above 1"):
        over_completions(wilson, 5, 8, 0, 4)
