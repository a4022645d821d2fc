"""What is said of shares is true of the persons behind the published counts."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.evidence.shares import ENDED, outcome_shares
from gapatlas.protection import protect_family
from gapatlas.release.shares import ended_shares

OUTCOMES = (*ENDED, "open")
PERSONS = st.integers(0, 30) | st.integers(0, 400)
CELLS = st.dictionaries(
    st.sampled_from("abcde"), st.tuples(*[PERSONS] * len(OUTCOMES)), min_size=2, max_size=5
)


def published(cells: dict[str, tuple[int, ...]]) -> pd.DataFrame:
    """Counts by place and outcome, through the gate."""
    rows = [
        (place, outcome, persons)
        for place, each in cells.items()
        for outcome, persons in zip(OUTCOMES, each, strict=True)
    ]
    persons = pd.DataFrame(rows, columns=["value", "outcome", "persons"])
    domains = {"value": tuple(cells), "outcome": OUTCOMES}
    frame = protect_family(persons, {"split": ("value", "outcome")}, domains=domains).frame
    return frame[frame["value"] != "all"].assign(split="place").reset_index(drop=True)


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_a_share_or_its_range_holds_the_true_one_and_what_is_withheld_has_none(
    cells: dict[str, tuple[int, ...]],
) -> None:
    counts = published(cells)
    found = outcome_shares(counts, ended_shares(counts), 10)
    for row in found.to_dict("records"):
        persons = dict(zip(OUTCOMES, cells[row["value"]], strict=True))
        ended = sum(persons[outcome] for outcome in ENDED)
        if row["status"] == "withheld":
            assert pd.isna(row["low"]) and pd.isna(row["share"]) and pd.isna(row["share_low"])
            continue
        assert row["low"] - 1e-4 <= persons[row["outcome"]] / ended <= row["high"] + 1e-4
        if row["status"] == "range":
            truth = persons[row["outcome"]] / ended
            assert row["share_low"] - 1e-9 <= truth <= row["share_high"] + 1e-9
            assert row["low"] <= row["share_low"] <= row["share_high"] <= row["high"]
            assert 10 <= row["ended_low"] <= ended <= row["ended_high"]
