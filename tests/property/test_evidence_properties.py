"""What is said of shares is true of the persons behind the published counts."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.config.vocabulary import ENDED_OUTCOMES
from gapatlas.evidence.shares import outcome_shares
from gapatlas.protection import protect_family
from gapatlas.release.shares import ended_shares

OUTCOMES = (*ENDED_OUTCOMES, "open")
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


@settings(max_examples=30, deadline=None)
@given(CELLS)
def test_a_share_or_its_range_holds_the_true_one_and_what_is_withheld_has_none(
    cells: dict[str, tuple[int, ...]],
) -> None:
    counts = published(cells)
    for row in outcome_shares(counts, ended_shares(counts)).to_dict("records"):
        persons = dict(zip(OUTCOMES, cells[row["value"]], strict=True))
        figures = [row[name] for name in ("share", "low", "high")]
        if row["status"] == "withheld":
            assert all(pd.isna(figure) for figure in figures)
            continue
        truth = persons[row["outcome"]] / sum(persons[outcome] for outcome in ENDED_OUTCOMES)
        assert row["low"] - 1e-4 <= truth <= row["high"] + 1e-4
        assert pd.isna(row["share"]) == (row["status"] == "range")
