"""The gate for counts of persons, attacked: nobody can be told apart from published figures.

The attack is written here and shares no code with the gate: it goes through every table of whole
numbers that fits the published figures (small tables), or bounds each cell with integer
programming (larger ones).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from gapatlas.importers.protect import ALL, protect, rounded, with_totals

OUTCOMES = ["guilty", "acquitted", "dropped", "unknown"]
COUNT = st.one_of(st.integers(0, 12), st.integers(0, 60), st.sampled_from([0, 1, 9, 10, 11, 400]))


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    places = draw(st.integers(1, 4))
    outcomes = draw(st.integers(2, 4))
    cells = [[draw(COUNT) for _ in range(outcomes)] for _ in range(places)]
    return pd.DataFrame(cells, index=[f"P{i}" for i in range(places)], columns=OUTCOMES[:outcomes])


def bounds_of(published: pd.DataFrame, cell: tuple[str, str]) -> tuple[float, float]:
    """Least and greatest whole number that a cell can have, by mixed-integer programming."""
    places = [p for p in published.index if p != ALL]
    outcomes = [o for o in published.columns if o != ALL]
    order = {(p, o): i for i, (p, o) in enumerate((p, o) for p in places for o in outcomes)}
    rows, low, high = [np.zeros(len(order))], [0.0], [0.0]
    for p in published.index:
        for o in published.columns:
            if pd.notna(published.loc[p, o]):
                inside = [
                    (place in (p,) or p == ALL) and (outcome in (o,) or o == ALL)
                    for place, outcome in order
                ]
                rows.append(np.array(inside, dtype=float))
                low.append(int(published.loc[p, o]) - 2)
                high.append(int(published.loc[p, o]) + 2)
    goal = np.zeros(len(order))
    goal[order[cell]] = 1
    ends = []
    for sign in (1, -1):
        found = optimize.milp(
            sign * goal,
            constraints=optimize.LinearConstraint(np.array(rows), low, high),
            integrality=np.ones(len(order)),
            bounds=optimize.Bounds(0, 5000),
        )
        assert found.status == 0, found.message
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]


@given(tables())
@settings(max_examples=60, deadline=None)
def test_every_figure_is_large_rounded_and_near_the_truth(true: pd.DataFrame) -> None:
    published = protect(true)
    whole = with_totals(true)
    assert list(published.index) == [*true.index, ALL]
    for place in published.index:
        for outcome in published.columns:
            figure = published.loc[place, outcome]
            if pd.isna(figure):
                continue
            assert figure % 5 == 0
            assert figure >= 10
            assert whole.loc[place, outcome] >= 10
            assert abs(figure - whole.loc[place, outcome]) <= 2


@given(tables())
@settings(max_examples=60, deadline=None)
def test_no_two_figures_of_which_one_contains_the_other_differ_by_less_than_ten(
    true: pd.DataFrame,
) -> None:
    published = protect(true)
    for place in published.index:
        for outcome in published.columns:
            inner = published.loc[place, outcome]
            for outer in ((place, ALL), (ALL, outcome), (ALL, ALL)):
                if outer == (place, outcome) or pd.isna(inner) or pd.isna(published.loc[outer]):
                    continue
                assert published.loc[outer] - inner >= 10, (place, outcome, outer)


@given(tables())
@settings(max_examples=40, deadline=None)
def test_a_withheld_small_count_could_be_any_from_one_to_nine(true: pd.DataFrame) -> None:
    published = protect(true)
    for place in true.index:
        for outcome in true.columns:
            if pd.notna(published.loc[place, outcome]):
                continue
            low, high = bounds_of(published, (place, outcome))
            assert high - low >= 9, (place, outcome, low, high)
            if true.loc[place, outcome] < 10:
                assert low <= 1, (place, outcome, low, high)
                assert high >= 9, (place, outcome, low, high)


@given(tables(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_places_in_another_order_and_a_second_run_give_the_same(true: pd.DataFrame, random) -> None:
    published = protect(true)
    pd.testing.assert_frame_equal(protect(true), published)
    shuffled = random.sample(list(true.index), len(true))
    other = protect(true.loc[shuffled])
    pd.testing.assert_frame_equal(other.loc[published.index], published)


@given(tables())
@settings(max_examples=25, deadline=None)
def test_rows_that_are_not_published_do_not_leave(true: pd.DataFrame) -> None:
    published = protect(true, unpublished=("P0",))
    assert "P0" not in published.index
    whole = with_totals(true)
    if pd.notna(published.loc[ALL, ALL]):
        assert abs(published.loc[ALL, ALL] - whole.loc[ALL, ALL]) <= 2, "they count in the totals"


def test_a_worked_example() -> None:
    """By hand: B's only person acquitted is withheld. Its 61 persons print as 60, with 40 guilty
    and 20 dropped: at most 6 would be left, too narrow, so the 20 go as well."""
    true = pd.DataFrame(
        [[100, 30, 50], [40, 1, 20]], index=["A", "B"], columns=["guilty", "acquitted", "dropped"]
    )
    published = protect(true)
    assert published.loc["B", "guilty"] == 40
    assert published.loc["B", ["acquitted", "dropped"]].isna().all()
    assert published.loc["B", ALL] == 60
    assert published.loc["A", "guilty"] == 100


@pytest.mark.parametrize(
    ("count", "figure"), [(10, 10), (11, 10), (12, 10), (13, 15), (14, 15), (15, 15), (1232, 1230)]
)
def test_rounding_is_to_the_nearest(count: int, figure: int) -> None:
    assert rounded(pd.DataFrame([[count]])).iloc[0, 0] == figure


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (pd.DataFrame([[1, -1]], columns=["a", "b"]), "none missing or negative"),
        (pd.DataFrame([[1, None]], columns=["a", "b"]), "none missing or negative"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "must stand once"),
        (pd.DataFrame([[1, 2]], columns=["a", ALL]), "is the label of totals"),
    ],
)
def test_what_is_no_table_of_persons_is_refused(table: pd.DataFrame, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        protect(table)
