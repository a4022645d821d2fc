"""What holds for evidence and defence, whatever the file of cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.cases import (
    Floor,
    adjusted,
    evidence_by_defence,
    evidence_pairs,
    find_networks,
    patterns,
    reliance_on_testimony,
    time_to_end,
)
from gapatlas.cases.adjusted import effect
from gapatlas.cases.logistic import fit
from gapatlas.cases.patterns import design
from gapatlas.errors import TooLittleDataError
from tests.case_worlds import case_world, people

KINDS = ("victim_testimony", "financial_records", "surveillance")
SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=6, deadline=None)


def world(seed: int, persons: int = 400) -> pd.DataFrame:
    return case_world(np.random.default_rng(seed), persons=persons, places=4)


@FEW
@given(SEEDS)
def test_the_order_of_rows_and_the_names_of_places_say_nothing(seed: int) -> None:
    frame = world(seed)
    other = frame.sample(frac=1, random_state=seed).assign(
        place=lambda f: f["place"].map({"P0": "Z", "P1": "A", "P2": "M", "P3": "B"}),
        charge=lambda f: f["charge"].map({"C0": "9", "C1": "1", "C2": "5"}),
    )
    one, two = (adjusted(f, KINDS).table for f in (frame, other))
    pd.testing.assert_frame_equal(one, two, atol=0.11)


@FEW
@given(SEEDS)
def test_patterns_that_are_alike_can_be_merged(seed: int) -> None:
    frame = world(seed)
    merged = patterns(frame, [*KINDS, "place", "year_charged", "charge"])
    assert merged["persons"].sum() == len(frame)
    assert not merged.duplicated([*KINDS, "place", "year_charged", "charge"]).any()
    merged["year_charged"] = merged["year_charged"].astype(int)
    pd.testing.assert_frame_equal(adjusted(frame, KINDS).table, adjusted(merged, KINDS).table)


@FEW
@given(SEEDS)
def test_twice_the_counts_make_intervals_shorter_by_the_root_of_two(seed: int) -> None:
    frame = world(seed, persons=1500)
    errors = []
    for times in (1, 2):
        counts = patterns(
            frame.assign(persons=times, convicted=times * frame["convicted"]),
            [*KINDS, "place", "year_charged", "charge"],
        )
        columns = design(counts, KINDS)
        fitted = fit(columns.terms)
        errors.append([effect(columns, fitted, kind, "present").error for kind in KINDS])
    np.testing.assert_allclose(np.divide(*errors), np.sqrt(2), rtol=0.02)


@FEW
@given(SEEDS)
def test_convicted_and_not_are_two_sides_of_one(seed: int) -> None:
    frame = world(seed)
    turned = frame.assign(convicted=1 - frame["convicted"])
    one, two = (adjusted(f, KINDS).table for f in (frame, turned))
    np.testing.assert_allclose(one["points"], -two["points"], atol=0.11)
    np.testing.assert_allclose(one["low"], -two["high"], atol=0.11)


@FEW
@given(SEEDS, st.integers(60, 260), st.sampled_from([Floor(), Floor(threshold=25, base=5)]))
def test_no_figure_rests_on_a_group_below_the_threshold(
    seed: int, persons: int, floor: Floor
) -> None:
    frame = world(seed, persons)
    convicted = int(frame["convicted"].sum())
    if min(convicted, len(frame) - convicted) < floor.threshold:
        with pytest.raises(TooLittleDataError):
            adjusted(frame, KINDS, floor=floor)
        return
    table = adjusted(frame, KINDS, floor=floor).table
    for row in table.itertuples():
        groups = [
            int(((frame[row.factor] == value) & (frame["convicted"] == outcome)).sum())
            for value in (row.value, "absent")
            for outcome in (0, 1)
        ]
        shown = not pd.isna(row.points)
        assert shown == (min(groups) >= floor.threshold)
        for count in (row.persons_with, row.persons_without):
            assert pd.isna(count) or (count % floor.base == 0 and count >= floor.threshold)


@FEW
@given(SEEDS, st.integers(80, 500))
def test_matrix_pairs_and_testimony_show_no_small_group(seed: int, persons: int) -> None:
    frame = world(seed, persons)
    if min(frame["convicted"].sum(), (1 - frame["convicted"]).sum()) < 10:
        return
    matrix = evidence_by_defence(frame, KINDS, ("duress", "consent")).table
    for row in matrix.dropna(subset="pooled").itertuples():
        inside = frame[(frame[row.evidence] == "present") & (frame[row.defence] == "used")]
        assert 10 <= inside["convicted"].sum() <= len(inside) - 10
        assert 0 < row.low < row.pooled < row.high < 1
    for row in evidence_pairs(frame, KINDS).table.dropna(subset="points").itertuples():
        both = frame[(frame[row.first] == "present") & (frame[row.second] == "present")]
        assert 10 <= both["convicted"].sum() <= len(both) - 10
    shares = reliance_on_testimony(frame, KINDS[1:]).shares.dropna(subset="persons")
    assert (shares["persons"] >= 20).all()
    assert shares["share"].between(0, 1).all()


OUTCOMES = st.sampled_from(["guilty_plea", "acquitted", "dismissed", "pending"])
CASE = st.tuples(st.integers(2005, 2012), st.integers(0, 6), OUTCOMES, st.integers(1, 40))


@settings(max_examples=40, deadline=None)
@given(st.lists(CASE, min_size=3, max_size=30))
def test_durations_show_no_step_of_few_and_add_up(cases: list[tuple[int, int, str, int]]) -> None:
    last = 2012
    rows = [
        (y, None, "pending", n) if o == "pending" or y + t > last else (y, y + t, o, n)
        for y, t, o, n in cases
    ]
    frame = people(rows)
    found = time_to_end(frame, last)
    after = (frame["year_ended"] - frame["year_charged"]).astype("Float64")
    before = -1
    for year in found.ended["years_after"]:
        ended = frame.loc[(after > before) & (after <= year), "persons"].sum()
        assert ended >= 10
        before = year
    share = found.ended["share"]
    assert share.is_monotonic_increasing
    assert (found.ended["low"] <= share).all()
    assert (share <= found.ended["high"]).all()
    total = found.outcomes.groupby("years_after").agg(
        share=("share", lambda s: s.sum(skipna=False)),
        hidden=("status", lambda s: (s != "shown").sum()),
    )
    together = total["share"].dropna().astype(float)
    expected = found.ended.set_index("years_after")["share"].loc[together.index].astype(float)
    np.testing.assert_allclose(together, expected, atol=0.003)
    assert (total["hidden"] != 1).all() or found.outcomes["outcome"].nunique() == 1


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(20, 600))
def test_networks_show_no_band_of_few(seed: int, number: int) -> None:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "co_defendant_key": random.integers(0, max(2, number // 2), number),
            "place": random.integers(0, 5, number),
            "year_charged": random.integers(2001, 2006, number),
            "outcome": random.choice(["guilty_plea", "dismissed", "pending"], number),
        }
    )
    found = find_networks(frame)
    size = frame.groupby("co_defendant_key")["place"].transform("size")
    for row in found.by_size.dropna(subset="networks").itertuples():
        top = np.inf if pd.isna(row.size_to) else row.size_to
        part = frame[(size >= row.size_from) & (size <= top)]
        assert part["co_defendant_key"].nunique() >= 10
        counts = part["outcome"].value_counts()
        assert min(counts["guilty_plea"], counts["dismissed"]) >= 10
        assert row.persons % 5 == 0
        assert row.low <= row.convicted_share + 0.05
    shares = found.by_year.dropna(subset="networks")[["two_or_more", "one", "nobody"]].sum(axis=1)
    assert shares.to_numpy() == pytest.approx(np.ones(len(shares)), abs=0.2)
