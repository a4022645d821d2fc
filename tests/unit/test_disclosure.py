"""The gate through which figures leave: what is refused, what is blanked, what is named."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from gapatlas.disclosure import COUNTS, PERSON_LEVEL_COLUMNS, release_public
from gapatlas.errors import GapAtlasError


def figures(**columns: list[Any]) -> pd.DataFrame:
    """One row per status, with counts that stand there whatever the status says."""
    rows: dict[str, list[Any]] = {
        "status": ["exact", "censored", "suppressed", "not_reported"],
        "source_id": ["office", "office", "bureau", "office"],
        "years_suppressed": [0, 1, 2, 0],
        **{name: [5, 6, 7, 8] for name in COUNTS},
    }
    return pd.DataFrame({**rows, **columns})


@pytest.mark.parametrize("column", sorted(PERSON_LEVEL_COLUMNS))
def test_a_person_level_column_does_not_leave(column: str) -> None:
    with pytest.raises(GapAtlasError, match="The disclosure gate refused a table") as caught:
        release_public(figures(**{column: [1, 2, 3, 4]}), {})
    assert [problem.column for problem in caught.value.problems] == [column]


def test_every_person_level_column_is_listed() -> None:
    with pytest.raises(GapAtlasError) as caught:
        release_public(figures(victim_id=[1, 2, 3, 4], case_id=[1, 2, 3, 4]), {})
    assert [problem.column for problem in caught.value.problems] == ["case_id", "victim_id"]


def test_an_error_repeats_no_content_of_the_column() -> None:
    with pytest.raises(GapAtlasError) as caught:
        release_public(figures(name_of_defendant=["Jane Roe"] * 4), {})
    assert "Jane" not in str(caught.value)


@pytest.mark.parametrize("column", COUNTS)
def test_counts_of_withheld_and_unreported_rows_are_blanked(column: str) -> None:
    released = release_public(figures(), {}).figures
    assert released[column].isna().tolist() == [False, False, True, True]
    assert released[column].tolist()[:2] == [5, 6]
    assert released[column].dtype == "Int64"


def test_absent_counts_stay_absent_and_never_turn_into_zero() -> None:
    absent = {name: [None, 6, None, None] for name in COUNTS}
    released = release_public(figures(**absent), {}).figures
    for column in COUNTS:
        assert released[column].isna().tolist() == [True, False, True, True]


def test_a_reported_zero_passes_as_zero() -> None:
    released = release_public(figures(numerator_low=[0, 0, 0, 0]), {}).figures
    assert released["numerator_low"].tolist()[:2] == [0, 0]


def test_figures_that_rest_on_a_suppressed_count_are_counted() -> None:
    """Also the one that has a figure from its other years."""
    assert release_public(figures(), {}).suppressed_count == 2


def test_methods_in_force_are_named_once_each_in_the_order_of_the_rows() -> None:
    methods = {"bureau": "rounded to 5", "office": "<5", "elsewhere": "none of these rows"}
    assert release_public(figures(), methods).methods == ("<5", "rounded to 5")
    assert release_public(figures(), {**methods, "bureau": "<5"}).methods == ("<5",)
    assert release_public(figures(), {}).methods == ()


def test_the_table_that_was_handed_in_keeps_its_counts() -> None:
    table = figures()
    before = table.copy()
    release_public(table, {})
    pd.testing.assert_frame_equal(table, before)


def test_other_columns_and_the_order_of_rows_pass_as_they_are() -> None:
    released = release_public(figures(name=["A", "B", "C", "D"]), {}).figures
    assert released["name"].tolist() == ["A", "B", "C", "D"]
    assert released["status"].tolist() == ["exact", "censored", "suppressed", "not_reported"]
