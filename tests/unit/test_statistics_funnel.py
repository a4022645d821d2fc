"""Funnel limits, held against scipy's distributions, written-out formulas and print."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from gapatlas.statistics import funnel_limits
from gapatlas.statistics.funnel import exact_limits

KINDS = ("rate", "share", "ratio")

# Median, least and greatest probability that chance lies beyond a probability-based limit, over
# 1 to 50 expected events: Seaton and Manktelow 2012, BMC Med Res Methodol 12:98, the table of
# all limits, columns "prediction" (95% limits: below, above).
SEATON_BELOW = (0.0186, 0, 0.0250)
SEATON_ABOVE = (0.0201, 0.0052, 0.0250)

# Limits that PHEindicatormethods holds its funnels of shares against (tests/testthat/
# testdata_funnel_prop_outputs.csv, ukhsa-collaboration on GitHub): baseline 80.642448%,
# population, lower and upper 95% limit, lower and upper 99.8% limit, in per cent.
PHE_BASELINE = 0.80642448
PHE_LIMITS = [
    (1008, 78.203374, 83.081521, 76.796814, 84.488082),
    (2093, 78.949785, 82.335111, 77.973663, 83.311233),
    (9998, 79.867989, 81.416907, 79.421375, 81.863521),
    (53016, 80.306129, 80.978767, 80.112181, 81.172715),
]


def tails_of_poisson(expected: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Probability that a count lies below the lower and above the upper limit."""
    low, high = exact_limits("rate", np.ones(len(expected)), expected, level)
    below = stats.poisson.cdf(np.ceil(low * expected - 1e-9) - 1, expected)
    above = stats.poisson.sf(np.floor(high * expected + 1e-9), expected)
    return below, above


def test_chance_lies_beyond_the_limits_as_often_as_printed_by_seaton_and_manktelow():
    below, above = tails_of_poisson(np.arange(1, 50.01, 0.1), 0.95)
    for found, printed in ((below, SEATON_BELOW), (above, SEATON_ABOVE)):
        summary = (np.median(found), found.min(), found.max())
        assert summary == pytest.approx(printed, abs=3e-4)


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_no_expected_count_lets_chance_beyond_a_limit_more_often_than_the_level_says(level):
    expected = np.geomspace(0.001, 300, 400)
    below, above = tails_of_poisson(expected, level)
    assert max(below.max(), above.max()) <= (1 - level) / 2 + 1e-12


def test_limits_of_shares_are_near_those_of_public_health_england():
    for population, *printed in PHE_LIMITS:
        found = []
        for level in (0.95, 0.998):
            limits = exact_limits("share", np.array(PHE_BASELINE), np.array(population), level)
            found += [100 * float(limit) for limit in limits]
        # Theirs are normal limits, without skew and steps: less than two persons apart.
        assert found == pytest.approx(printed, abs=2 * 100 / population)


@pytest.mark.parametrize(("kind", "chance"), [("rate", stats.poisson), ("share", stats.binom)])
def test_each_limit_lies_within_one_count_of_the_quantile(kind, chance):
    size, centre = np.arange(5, 400), 0.07
    arguments = (centre * size,) if kind == "rate" else (size, centre)
    low, high = exact_limits(kind, np.array(centre), size.astype(float), 0.95)
    first, last = chance.ppf(0.025, *arguments), chance.ppf(0.975, *arguments)
    assert np.all((low * size > first - 1 - 1e-9) & (low * size <= first + 1e-9))
    assert np.all((high * size > last - 1e-9) & (high * size <= last + 1 + 1e-9))


def test_limits_of_a_share_and_of_the_rest_mirror_each_other():
    size = np.arange(1.0, 200)
    low, high = exact_limits("share", np.array(0.2), size, 0.95)
    rest_low, rest_high = exact_limits("share", np.array(0.8), size, 0.95)
    assert np.allclose(low, 1 - rest_high, atol=1e-9)
    assert np.allclose(high, 1 - rest_low, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_places_without_any_event_are_not_above_the_limits(kind):
    assert funnel_limits(kind, [0, 0, 0], [10, 20, 30]).position.tolist() == [0, 0, 0]
    few = funnel_limits(kind, [0] * 50 + [1], [10] * 51)
    assert few.position[:50].tolist() == [0] * 50


@pytest.mark.parametrize("kind", ["share", "ratio"])
def test_places_where_all_are_counted_are_within_the_limits(kind):
    assert funnel_limits(kind, [10, 20], [10, 20]).position.tolist() == [0, 0]


def transformed(kind: str, rate: float) -> float:
    return math.sqrt(rate) if kind == "rate" else math.asin(math.sqrt(rate))


def dispersion_by_hand(kind: str, x: list[int], n: list[int]) -> tuple[float, float]:
    """phi and tau of Spiegelhalter 2005 (Stat Med 24:1185, section 4), in plain Python."""
    centre = sum(x) / sum(n)
    distances = sorted(
        (transformed(kind, count / size) - transformed(kind, centre)) * 2 * math.sqrt(size)
        for count, size in zip(x, n, strict=True)
    )
    places, cut = len(x), math.floor(0.1 * len(x))
    lowest, highest = distances[cut], distances[-1 - cut]
    winsorised = [min(max(z, lowest), highest) for z in distances]
    phi = sum(z * z for z in winsorised) / places
    weights = [4 * size for size in n]
    spare = sum(weights) - sum(w * w for w in weights) / sum(weights)
    tau_squared = (places * phi - (places - 1)) / spare
    return phi, math.sqrt(max(tau_squared, 0))


def restless_places(seed: int, places: int = 35) -> tuple[list[int], list[int]]:
    generator = np.random.default_rng(seed)
    n = generator.integers(20, 900, places)
    return generator.binomial(n, generator.beta(6, 14, places)).tolist(), n.tolist()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", KINDS)
def test_phi_and_tau_are_those_written_out_by_hand(kind, seed):
    x, n = restless_places(seed)
    phi, tau = dispersion_by_hand(kind, x, n)
    assert phi > 1
    assert funnel_limits(kind, x, n, dispersion="multiplicative").phi == pytest.approx(phi)
    assert funnel_limits(kind, x, n, dispersion="multiplicative").tau == 0
    assert funnel_limits(kind, x, n, dispersion="additive").tau == pytest.approx(tau)


def test_tau_is_near_that_of_a_meta_analysis():
    """DerSimonian and Laird in statsmodels; their centre is a weighted mean, ours the pooled
    rate. With nine places nothing is winsorised."""
    x, n = restless_places(3, places=9)
    effects = [transformed("share", count / size) for count, size in zip(x, n, strict=True)]
    combined = combine_effects(
        np.array(effects), np.array([0.25 / size for size in n]), method_re="chi2"
    )
    found = funnel_limits("share", x, n, dispersion="additive")
    assert found.tau**2 == pytest.approx(combined.tau2, rel=0.1)


@pytest.mark.parametrize("kind", ["rate", "share"])
def test_widened_limits_are_those_written_out_by_hand(kind):
    x, n = restless_places(1)
    at = [200, 900]  # smaller sizes have exact limits that reach further
    centre = transformed(kind, sum(x) / sum(n))
    phi, tau = dispersion_by_hand(kind, x, n)
    for dispersion, variance in (
        ("multiplicative", lambda size: phi / (4 * size)),
        ("additive", lambda size: 1 / (4 * size) + tau**2),
    ):
        found = funnel_limits(kind, x, n, at=at, dispersion=dispersion)
        for place, size in enumerate(at):
            half = 1.959964 * math.sqrt(variance(size))
            ends = [max(centre - half, 0), centre + half]
            back = [e**2 if kind == "rate" else math.sin(min(e, math.pi / 2)) ** 2 for e in ends]
            limits = [found.low_95[place], found.high_95[place]]
            assert limits == pytest.approx(back, rel=1e-5)


def test_limits_of_a_ratio_are_the_odds_of_those_of_the_share_of_the_sum():
    x, n = restless_places(2)
    ratio, share = funnel_limits("ratio", x, n), funnel_limits("share", x, n)
    assert ratio.centre == pytest.approx(share.centre / (1 - share.centre))
    assert np.allclose(ratio.high_998, share.high_998 / (1 - share.high_998))
    assert ratio.position.tolist() == share.position.tolist()


def test_positions_tell_on_which_side_of_which_limit_a_place_lies():
    #          alike   95% above  99.8% above  95% below  99.8% below  nothing known
    x = [100] * 20 + [122, 150, 79, 60, 0]
    n = [1000] * 24 + [0]
    found = funnel_limits("rate", x, n)
    assert found.position.tolist() == [0] * 20 + [1, 2, -1, -2, 0]


def test_a_range_has_the_position_of_its_completion_nearest_to_the_centre():
    low, high = [100] * 20 + [122, 79, 60], [100] * 20 + [150, 150, 79]
    found = funnel_limits("rate", low, [1000] * 23, count_high=high)
    assert found.position[-3:].tolist() == [1, 0, -1]


def test_outliers_do_not_hide_themselves_by_widening_the_funnel():
    x, n = [100, 104, 97, 101, 95, 103, 99, 102, 98] * 2 + [400, 20], [1000] * 20
    found = funnel_limits("rate", x, n, dispersion="multiplicative")
    assert found.position[-2:].tolist() == [2, -2]


@pytest.mark.parametrize("dispersion", ["none", "multiplicative", "additive"])
def test_places_that_vary_less_than_chance_leave_the_limits_as_they_are(dispersion):
    x, n = [100, 101, 99, 100, 102, 98], [1000] * 6
    found = funnel_limits("rate", x, n, dispersion=dispersion)
    plain = funnel_limits("rate", x, n)
    assert (found.phi, found.tau) == (1, 0)
    assert np.array_equal(found.low_95, plain.low_95)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dispersion", ["multiplicative", "additive"])
def test_more_variation_than_chance_never_narrows_a_limit(kind, dispersion):
    generator = np.random.default_rng(12)
    size = generator.integers(5, 60, 50)
    count = generator.binomial(size, generator.beta(2, 20, 50))
    at = np.arange(1, 60)
    wide = funnel_limits(kind, count, size, at=at, dispersion=dispersion)
    plain = funnel_limits(kind, count, size, at=at)
    assert wide.phi > 1
    for name in ("low_95", "low_998"):
        assert np.all(getattr(wide, name) <= getattr(plain, name))
    for name in ("high_95", "high_998"):
        assert np.all(getattr(wide, name) >= getattr(plain, name))


@pytest.mark.parametrize("kind", KINDS)
def test_one_place_alone_is_the_centre(kind):
    found = funnel_limits(kind, [5], [100], dispersion="additive")
    assert found.position.tolist() == [0]
    assert found.low_95[0] < found.centre < found.high_95[0]


def test_ten_thousand_places_have_positions():
    generator = np.random.default_rng(4)
    n = generator.integers(1, 500, 10_000)
    found = funnel_limits("share", generator.binomial(n, 0.3), n)
    assert 0 < np.mean(np.abs(found.position) == 2) < 0.003
    assert np.mean(np.abs(found.position) >= 1) < 0.05
