"""What holds for every interval, whatever the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapatlas.statistics import byar, over_completions, ratio_of_counts, wilson
from gapatlas.statistics.intervals import IntervalFunction

ALL = pytest.mark.parametrize("interval", [wilson, byar, ratio_of_counts])
COUNT = st.one_of(st.integers(0, 30), st.integers(0, 1_000_000))
LEVEL = st.floats(0.5, 0.999)
SLACK = 1e-9  # relative: limits are found by iteration


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    """A count and what it is divided by, such that it is a share too."""
    below = draw(COUNT.filter(bool))
    return draw(st.integers(0, below)), below


@st.composite
def bounds(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Bounds of a count and of what it is divided by: low, high, low, high."""
    above, below = draw(counts())
    width = st.integers(0, 8)
    return above, above + draw(width), below, below + draw(width)


@ALL
@given(pair=counts(), level=LEVEL)
def test_the_interval_holds_the_value(
    interval: IntervalFunction, pair: tuple[int, int], level: float
) -> None:
    above, below = pair
    low, high = interval(above, below, level)
    assert 0 <= low <= above / below * (1 + SLACK)
    assert above / below <= high * (1 + SLACK)
    assert low < high


@given(pair=counts(), level=LEVEL)
def test_a_share_keeps_within_nought_and_one_and_mirrors(
    pair: tuple[int, int], level: float
) -> None:
    above, below = pair
    low, high = wilson(above, below, level)
    assert 0 <= low <= high <= 1
    mirrored = wilson(below - above, below, level)
    assert (low, high) == pytest.approx((1 - mirrored[1], 1 - mirrored[0]), abs=1e-12)


@ALL
@given(pair=counts(), level=LEVEL)
def test_more_counts_never_lower_a_limit_and_more_below_never_raise_one(
    interval: IntervalFunction, pair: tuple[int, int], level: float
) -> None:
    above, below = pair
    low, high = interval(above, below, level)
    wider = interval(above, below + 1, level)
    assert wider[0] <= low * (1 + SLACK)
    assert wider[1] <= high * (1 + SLACK)
    if above < below:
        more = interval(above + 1, below, level)
        assert low <= more[0] * (1 + SLACK)
        assert high <= more[1] * (1 + SLACK)


@ALL
@given(pair=counts(), levels=st.tuples(LEVEL, LEVEL))
def test_more_confidence_never_narrows(
    interval: IntervalFunction, pair: tuple[int, int], levels: tuple[float, float]
) -> None:
    less, more = (interval(*pair, level) for level in sorted(levels))
    assert more[0] <= less[0] * (1 + SLACK)
    assert less[1] <= more[1] * (1 + SLACK)


@ALL
@given(pair=counts(), times=st.integers(2, 50))
def test_the_same_value_from_more_counts_is_surer(
    interval: IntervalFunction, pair: tuple[int, int], times: int
) -> None:
    above, below = pair
    few, many = interval(above, below), interval(above * times, below * times)
    assert many[1] - many[0] <= (few[1] - few[0]) * (1 + SLACK)


@ALL
@given(edges=bounds(), data=st.data())
def test_any_completion_lies_inside_and_censoring_only_widens(
    interval: IntervalFunction, edges: tuple[int, int, int, int], data: st.DataObject
) -> None:
    x_low, x_high, y_low, y_high = edges
    low, high = over_completions(interval, x_low, x_high, y_low, y_high)
    below = data.draw(st.integers(y_low, y_high), "denominator")
    above = data.draw(st.integers(x_low, x_high), "numerator")
    if interval is wilson:
        above = min(above, below)
    one = interval(above, below)
    assert low <= one[0] * (1 + SLACK)
    assert one[1] <= high * (1 + SLACK)


@ALL
@given(pairs=st.lists(counts(), min_size=1, max_size=20))
def test_places_do_not_influence_one_another(
    interval: IntervalFunction, pairs: list[tuple[int, int]]
) -> None:
    above, below = np.array(pairs).T
    together = np.array(interval(above, below))
    apart = np.array([interval(x, y) for x, y in pairs]).T
    np.testing.assert_allclose(together, apart, rtol=1e-12)


@given(pair=counts(), level=LEVEL)
def test_a_ratio_turned_upside_down_turns_its_interval(pair: tuple[int, int], level: float) -> None:
    above, below = max(pair[0], 1), pair[1]
    low, high = ratio_of_counts(above, below, level)
    turned = ratio_of_counts(below, above, level)
    assert (low, high) == pytest.approx((1 / turned[1], 1 / turned[0]), rel=1e-6)
