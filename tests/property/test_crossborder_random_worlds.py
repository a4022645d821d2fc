"""Flows of random tables, added up a second way in plain Python.

The second way reads the same random counts, but knows no SQL and no pandas.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.config.loader import SNAPSHOTS_VARIABLE
from gapatlas.crossborder import Flows, communities_of, find_flows
from gapatlas.crossborder.communities import LEAST_PLACES, MOST
from tests.support import add_flows, flow, observation, write_world

PLACES = ("AAA", "BBB", "CCC", "DDD")
ORIGINS = (*PLACES, "group:Africa", "group:Others", "unknown:Unknown", "unmatched:CAR")
YEARS = (2018, 2022)
Count = int | str | None


@dataclass(frozen=True)
class Row:
    """One count as a source may print it."""

    place: str
    year: int
    origin: str
    count: Count

    @property
    def ends(self) -> tuple[int, int] | None:
        """Least and greatest count, or None where nothing is printed."""
        if self.count is None or self.count == "suppressed":
            return None
        if isinstance(self.count, str):
            return 0, int(self.count.removeprefix("<")) - 1
        return self.count, self.count


COUNTS = st.one_of(
    st.integers(0, 30), st.integers(0, 3_000), st.sampled_from(["<5", "<10", None, "suppressed"])
)


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    keys = st.tuples(st.sampled_from(PLACES), st.integers(*YEARS), st.sampled_from(ORIGINS))
    drawn = draw(st.dictionaries(keys, COUNTS, max_size=40))
    return [Row(place, year, origin, count) for (place, year, origin), count in drawn.items()]


@contextmanager
def opened(table: list[Row]) -> Iterator[Atlas]:
    """A world of these flows, through a config, validation, a snapshot and SQL."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        patch.setenv(SNAPSHOTS_VARIABLE, str(folder / "snapshots"))
        config = write_world(folder / "w", [observation("AAA", 2020, "detected", "victims", 5)])
        add_flows(config, [flow(r.place, r.year, r.origin, r.count) for r in table])
        with open_atlas(config) as atlas:
            yield atlas


def by_hand(
    table: list[Row], years: tuple[int, int]
) -> dict[tuple[str, str], tuple[int, int, set[int]]]:
    """(origin, place) -> least, greatest and years, of everything that is printed."""
    found: dict[tuple[str, str], tuple[int, int, set[int]]] = {}
    for row in table:
        if row.ends is None or not years[0] <= row.year <= years[1]:
            continue
        low, high, told = found.get((row.origin, row.place), (0, 0, set()))
        found[row.origin, row.place] = (low + row.ends[0], high + row.ends[1], told | {row.year})
    return found


def ends_of(rows: pd.DataFrame) -> tuple[int, int]:
    return int(rows["count_low"].sum()), int(rows["count_high"].sum())


def check(flows: Flows, table: list[Row], years: tuple[int, int], at_least: int) -> None:
    expected = by_hand(table, years)
    pairs = {(o, p): ends for (o, p), ends in expected.items() if o in PLACES and o != p}
    assert {
        (row.origin, row.destination): (row.count_low, row.count_high, row.years_reported)
        for row in flows.pairs.itertuples()
    } == {pair: (low, high, len(told)) for pair, (low, high, told) in pairs.items()}
    own = {p: ends[:2] for (o, p), ends in expected.items() if o == p}
    found = {row.jurisdiction_id: (row.count_low, row.count_high) for row in flows.own.itertuples()}
    assert found == own
    # nothing below the threshold is shown, nothing that reaches it is hidden
    shown = {(row.origin, row.destination) for row in flows.edges.itertuples()}
    assert shown == {pair for pair, ends in pairs.items() if ends[0] >= at_least}
    assert len(flows.edges) + len(flows.below) == len(pairs)
    # shown, hidden, own citizens and what has no place are all that is printed
    everything = [sum(ends[end] for ends in expected.values()) for end in (0, 1)]
    assert [sum(ends) for ends in zip(*flows.totals.values(), strict=True)] == everything
    assert flows.totals["unplaced"] == ends_of(flows.unplaced)
    assert set(flows.destinations) == {place for _, place in expected}
    for above, below in pairwise(flows.edges["count_low"]):
        assert above >= below


@settings(max_examples=max(5, settings.default.max_examples // 4))
@given(tables(), st.integers(1, 200), st.integers(*YEARS), st.integers(*YEARS))
def test_flows_through_sql_are_those_added_up_by_hand(
    table: list[Row], at_least: int, first: int, last: int
) -> None:
    years = min(first, last), max(first, last)
    with opened(table) as atlas:
        check(find_flows(atlas, "office", "detected", years, at_least=at_least), table, years,
              at_least)  # fmt: skip


@pytest.fixture(scope="module")
def empty() -> Iterator[Atlas]:
    with opened([]) as atlas:
        yield atlas


def printed_of(table: list[Row]) -> pd.DataFrame:
    """What `Atlas.flows` gives of a table."""
    lines = [flow(r.place, r.year, r.origin, r.count).split(",") for r in table]
    columns = ["jurisdiction_id", "year", "stage", "unit", "origin_kind", "origin_id", "label",
               "count_low", "count_high", "status", "note"]  # fmt: skip
    frame = pd.DataFrame(lines, columns=columns)
    for column in ("count_low", "count_high"):
        frame[column] = pd.to_numeric(frame[column].replace("", None)).astype("Int64")
    return frame.astype({"year": "int64"})


@given(tables(), st.integers(1, 200))
def test_the_threshold_moves_pairs_and_loses_none(
    empty: Atlas, table: list[Row], at_least: int
) -> None:
    flows = find_flows(empty, "office", "detected", YEARS, printed=printed_of(table))
    check(flows.with_at_least(at_least), table, YEARS, at_least)


NODES = st.sampled_from("abcdefghijkl")
EDGES = st.dictionaries(
    st.tuples(NODES, NODES).filter(lambda pair: pair[0] != pair[1]), st.integers(1, 500)
)


@given(EDGES)
def test_a_place_is_in_one_community_at_most_and_the_largest_come_first(
    people: dict[tuple[str, str], int],
) -> None:
    edges = pd.DataFrame(
        [(*pair, count) for pair, count in people.items()],
        columns=["origin", "destination", "count_low"],
    )
    found = communities_of(edges)

    members = [place for ids in found.members.values() for place in ids]
    assert len(members) == len(set(members))
    assert len(members) + found.outside == len({place for pair in people for place in pair})
    assert len(found.members) <= MOST
    assert all(len(ids) >= LEAST_PLACES for ids in found.members.values())
    for letter, ids in found.members.items():
        inside = sum(count for pair, count in people.items() if set(pair) <= set(ids))
        assert found.people[letter] == inside
    for above, below in pairwise(found.people.values()):
        assert above >= below
