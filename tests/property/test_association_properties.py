"""What holds for fits with effects of place and year, whatever the counts."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gapatlas.training.association import completions, shuffle_histories
from gapatlas.training.fixed_effects import fit_many
from tests.panels import panel

SHAPE = (6, 5)
COUNTS = arrays.arrays(float, SHAPE, elements=st.integers(0, 40).map(float))
TREATMENT = arrays.arrays(float, SHAPE, elements=st.sampled_from([0.0, 1.0]))
USED = arrays.arrays(bool, SHAPE, elements=st.sampled_from([True, True, True, False]))


def slope(counts, treatment, used):
    return fit_many(counts, treatment[None, None], used).slopes[0, 0]


def settled(counts, treatment, used):
    found = slope(counts, treatment, used)
    assume(np.isfinite(found) and abs(found) < 4)
    return found


@given(COUNTS, TREATMENT, USED)
def test_without_is_the_inverse_of_with(counts, treatment, used) -> None:
    found = settled(counts, treatment, used)
    np.testing.assert_allclose(slope(counts, 1 - treatment, used), -found, atol=1e-6)


@given(COUNTS, TREATMENT, USED, st.integers(1, 50))
def test_more_of_everything_changes_no_ratio(counts, treatment, used, times) -> None:
    found = settled(counts, treatment, used)
    np.testing.assert_allclose(slope(counts * times, treatment, used), found, atol=1e-6)


@given(COUNTS, TREATMENT, USED, st.permutations(range(SHAPE[0])), st.permutations(range(SHAPE[1])))
def test_the_order_of_places_and_years_does_not_matter(counts, treatment, used, places, years):
    found = settled(counts, treatment, used)
    at = np.ix_(places, years)
    np.testing.assert_allclose(slope(counts[at], treatment[at], used[at]), found, atol=1e-6)


@given(COUNTS, TREATMENT, USED, st.integers(0, SHAPE[0] - 1), st.integers(0, SHAPE[1] - 1))
def test_what_lasts_in_a_place_or_is_shared_in_a_year_drops_out(
    counts, treatment, used, place, year
) -> None:
    found = settled(counts, treatment, used)
    moved = treatment.copy()
    moved[place] += 2
    moved[:, year] -= 1
    np.testing.assert_allclose(slope(counts, moved, used), found, atol=1e-6)


@given(COUNTS, TREATMENT, USED)
def test_a_place_without_cases_tells_nothing(counts, treatment, used) -> None:
    found = settled(counts, treatment, used)
    more = np.vstack([counts, np.zeros(SHAPE[1])])
    history, there = (
        np.vstack([treatment, treatment[0]]),
        np.vstack([used, np.ones(SHAPE[1], bool)]),
    )
    np.testing.assert_allclose(slope(more, history, there), found, atol=1e-6)


@given(COUNTS, TREATMENT, USED, st.data())
def test_no_way_to_fill_in_the_ranges_goes_further(counts, treatment, used, data) -> None:
    counts = counts + 3
    ranged = data.draw(arrays.arrays(bool, SHAPE, elements=st.sampled_from([True, False, False])))
    low, high = np.where(ranged, 0.0, counts), np.where(ranged, 4.0, counts)
    made = panel(low, treatment, high)
    ours = [slope(filled, treatment, used) for filled in completions(made, treatment, used)]
    assume(np.isfinite(ours).all())
    inside = data.draw(arrays.arrays(float, SHAPE, elements=st.integers(0, 4).map(float)))
    tried = slope(np.where(ranged, inside, counts), treatment, used)
    assume(np.isfinite(tried))
    assert min(ours) - 1e-6 <= tried <= max(ours) + 1e-6


@given(COUNTS, TREATMENT, st.integers(1, 60), st.integers(0, 5))
def test_a_share_of_shuffles_is_a_share(counts, treatment, shuffles, seed) -> None:
    made = panel(counts + 1, treatment)
    found = shuffle_histories(made, 0, shuffles, seed)
    assert 0 <= found.as_far <= found.shuffles == shuffles
    assert 0 < found.share <= 1
    assert found == shuffle_histories(made, 0, shuffles, seed)
