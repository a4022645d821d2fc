"""Laws of what is released and shown of cases, for random case files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.case_leaks import one_world, rows_of, search, told_of


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_nothing_that_leaves_tells_of_few_persons_and_every_count_is_right(seed: int) -> None:
    found = one_world(seed)
    assert found.few == []
    assert found.wrong == []


def test_the_search_finds_a_count_of_few_persons_and_a_wrong_one(tmp_path: Path) -> None:
    rows = rows_of(np.random.default_rng(7))
    found = told_of(rows, tmp_path)
    counts = found.table("case_count")
    shown = counts.index[(counts["split"] == "place") & (counts["status"] == "shown")]
    counts.loc[shown[0], ["persons", "low", "high"]] = [5.0, 3.0, 7.0]
    spoilt = search(found, rows)
    assert "table case_count, persons" in spoilt.few
    assert len(spoilt.wrong) == 1
