"""The gate for persons, attacked: nobody can be told apart from published figures.

The attacker stands in `benchmarks/disclosure_attack.py` and shares no code with the gate. It goes
after random tables with integer programming; the benchmark does the same to 10,000.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.disclosure_attack import Attacker, Drawn, attacked, coordinates, draw
from gapatlas.protection import ALL, SHOWN, Published, Rules, audit, protect_family

COUNT = st.one_of(st.integers(0, 12), st.integers(0, 60), st.sampled_from([0, 1, 9, 10, 11, 400]))
SEEDS = st.integers(20_000, 2**32 - 1)
TWO_WAY = {"outcomes": ("place", "outcome")}


def table_of(counts: list[list[int]]) -> pd.DataFrame:
    rows = [
        (f"P{i}", f"O{j}", persons) for i, row in enumerate(counts) for j, persons in enumerate(row)
    ]
    return pd.DataFrame(rows, columns=["place", "outcome", "persons"])


@st.composite
def two_way_tables(draw: st.DrawFn) -> pd.DataFrame:
    places, outcomes = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    return table_of([[draw(COUNT) for _ in range(outcomes)] for _ in range(places)])


def drawn(seed: int) -> Drawn:
    return draw(np.random.default_rng(seed), 3)


def figures(published: Published) -> pd.Series:
    keys = ["table", *published.domains]
    return published.frame.set_index(keys)["persons"]


@given(SEEDS)
@settings(max_examples=8, deadline=None)
def test_an_attacker_with_integer_programming_pins_no_small_count(seed: int) -> None:
    tally = attacked(drawn(seed))
    assert tally.worlds == 1
    assert tally.leaks == 0, tally.lines()


@given(two_way_tables())
@settings(max_examples=25, deadline=None)
def test_every_figure_is_large_rounded_and_near_the_truth(cells: pd.DataFrame) -> None:
    """Counted a second time, by pandas."""
    published = protect_family(cells, TWO_WAY).frame
    wide = cells.pivot(index="place", columns="outcome", values="persons")
    wide[ALL] = wide.sum(axis=1)
    wide.loc[ALL] = wide.sum()
    assert len(published) == wide.size
    for row in published.to_dict("records"):
        if row["status"] == SHOWN:
            true = wide.loc[row["place"], row["outcome"]]
            assert row["persons"] % 5 == 0
            assert min(true, row["persons"]) >= 10
            assert abs(row["persons"] - true) <= 2
            assert row["low"] <= true <= row["high"]
        else:
            assert pd.isna([row["persons"], row["low"], row["high"]]).all()


@given(two_way_tables())
@settings(max_examples=12, deadline=None)
def test_the_audit_finds_nothing_in_what_the_gate_lets_pass(cells: pd.DataFrame) -> None:
    published = protect_family(cells, TWO_WAY)
    report = audit(published, cells)
    assert report.passed, report.lines()
    assert report.cells == len(published.frame)
    assert report.withheld == int(published.frame["persons"].isna().sum())
    assert report.narrowest >= 10
    assert report.closest >= 10


@given(SEEDS, st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None)
def test_order_of_rows_and_grouping_do_not_matter(seed: int, random) -> None:
    """One row per person, shuffled, publishes the same as one row per pattern."""
    world = drawn(seed)
    published = protect_family(world.cells, world.tables)
    order = random.sample(range(len(world.persons)), len(world.persons))
    one_by_one = world.persons.iloc[order].assign(persons=1)
    pd.testing.assert_frame_equal(protect_family(one_by_one, world.tables).frame, published.frame)


@given(SEEDS)
@settings(max_examples=6, deadline=None)
def test_a_cell_has_one_figure_in_all_tables(seed: int) -> None:
    """`coordinates` stops where two tables print one cell differently."""
    world = drawn(seed)
    published = protect_family(world.cells, world.tables)
    assert len(coordinates(published)) <= len(published.frame)


@given(SEEDS, st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_one_person_more_moves_only_figures_that_count_the_person(seed: int, random) -> None:
    """Where a figure is shown before and after, it moves only if it counts the new person, and by
    one step; and no cell that is small before and after has a figure either time."""
    world = drawn(seed)
    names = list(world.persons.columns)
    domains = {name: sorted(world.persons[name].unique()) for name in names}
    person = {name: random.choice(domains[name]) for name in names}
    more = Drawn(pd.concat([world.persons, pd.DataFrame([person])]), world.tables)
    before, after = (
        coordinates(protect_family(w.cells, w.tables, domains=domains)) for w in (world, more)
    )
    for where, figure in before.items():
        counts_the_person = all(person[name] == value for name, value in where)
        true = world.counted(where)
        assert more.counted(where) == true + counts_the_person
        if true + counts_the_person < 10:
            assert figure is None
            assert after[where] is None
        elif figure is not None and after[where] is not None:
            assert after[where] - figure in ((0, 5) if counts_the_person else (0,))


@given(SEEDS, st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None)
def test_either_edition_alone_keeps_a_small_cell_open(seed: int, random) -> None:
    """One person more in a small cell that stays small: neither edition tells the cell."""
    world = drawn(seed)
    person = random.choice(world.rows)
    more = Drawn(pd.concat([world.persons, pd.DataFrame([person])]), world.tables)
    for each in (world, more):
        published = protect_family(each.cells, each.tables)
        found = coordinates(published)
        attacker = Attacker(found, dict(published.domains))
        for where in found:
            mine = all(person[name] == value for name, value in where)
            if mine and found[where] is None and more.counted(where) < 10:
                low, high = attacker.window(where)
                assert low <= 1
                assert high >= 10


@given(two_way_tables())
@settings(max_examples=15, deadline=None)
def test_rows_that_are_not_published_do_not_leave(cells: pd.DataFrame) -> None:
    published = protect_family(cells, TWO_WAY, unpublished={"place": ("P0", "nowhere")}).frame
    assert "P0" not in set(published["place"])
    total = published.set_index(["place", "outcome"]).loc[(ALL, ALL), "persons"]
    if pd.notna(total):
        assert abs(total - cells["persons"].sum()) <= 2, "they count in the totals"


@given(two_way_tables(), st.integers(10, 30), st.integers(5, 10))
@settings(max_examples=15, deadline=None)
def test_stricter_rules_are_kept_as_well(cells: pd.DataFrame, threshold: int, base: int) -> None:
    rules = Rules(threshold=threshold, base=base)
    published = protect_family(cells, TWO_WAY, rules)
    shown = published.frame.dropna()
    assert (shown["persons"] % base == 0).all()
    report = audit(published, cells)
    assert report.passed, report.lines()
    assert report.narrowest >= threshold


@pytest.mark.parametrize("seed", range(4))
def test_tables_tied_by_their_margins_are_held_to_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with many dimensions, where the crossing of all is too large to work on."""
    monkeypatch.setattr("gapatlas.protection.attack.JOINT_CELLS", 0)
    world = drawn(seed)
    published = protect_family(world.cells, world.tables)
    report = audit(published, world.cells)
    assert report.scope.startswith("all tables at once")
    assert report.passed, report.lines()
