"""The simulation of coverage: its tables, and that what it promises holds with few worlds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.coverage import (
    COUNTS,
    SEED,
    SIMULATIONS,
    TABLES,
    Table,
    held,
    main,
    printed,
    simulate,
)
from gapatlas import statistics


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return dict(zip(TABLES, simulate(list(TABLES), number=300, seed=7), strict=True))


def numbers(row: tuple[str, ...]) -> list[float]:
    return [float(cell.rstrip(" +−")) for cell in row[1:]]


def test_every_row_has_a_cell_for_each_column(tables):
    for table in tables.values():
        lines = [line for line in table.markdown().splitlines() if line.startswith("|")]
        assert len(lines) == 2 + len(table.rows)
        assert {line.count("|") for line in lines} == {len(table.header) + 1}


def test_intervals_of_one_place_hold_the_truth_about_as_often_as_they_say(tables):
    assert len(tables["intervals"].header) == 1 + len(COUNTS)
    for row in tables["intervals"].rows:
        assert min(numbers(row)) >= 90, row
        assert np.mean(numbers(row)) <= 99, row


def test_intervals_of_shrunken_rates_hold_the_truth(tables):
    for row in tables["shrinkage"].rows:
        assert 89 <= min(numbers(row)) <= max(numbers(row)) <= 99, row


def test_rank_intervals_hold_nine_of_ten_true_ranks_without_spanning_all(tables):
    for row in tables["ranks"].rows:
        share, span, more_share, more_span = numbers(row)
        assert min(share, more_share) >= 90, row
        assert max(span, more_span) < 85, row


def test_probabilities_come_true_as_often_as_they_say(tables):
    for row in tables["pairs"].rows:
        for cell in row[1:]:
            said, true = map(float, cell.split(" → "))
            assert true == pytest.approx(said, abs=15), row


def test_false_alarms_are_no_more_than_the_limits_say(tables):
    for row in tables["funnel"].rows:
        assert max(numbers(row)[0::2]) <= 7, row
        assert max(numbers(row)[1::2]) <= 0.8, row
    for row in tables["trend"].rows:
        assert max(numbers(row)) <= 5, row


def test_the_docs_show_what_the_command_prints(tables):
    page = (Path(__file__).parents[2] / "docs/reference/statistics.md").read_text("utf-8")
    [trend] = simulate(["trend"], SIMULATIONS, SEED)
    assert trend.markdown() in page
    for table in tables.values():
        assert f"### {table.title}\n" in page
        for row in table.rows:
            assert f"| {row[0]} |" in page
        assert table.note in " ".join(page.split())


def test_every_function_of_the_room_is_explained_in_the_docs():
    page = (Path(__file__).parents[2] / "docs/reference/statistics.md").read_text("utf-8")
    functions = [name for name in statistics.__all__ if name.islower()]
    assert [name for name in functions if f"`{name}`" not in page] == []


def test_marks_tell_too_long_and_too_short():
    cells = [held(np.arange(1000) < share * 10) for share in (99, 95, 90)]
    assert cells == ["99.0 +", "95.0", "90.0 −"]


def test_small_counts_are_printed_as_a_range():
    low, high = printed(np.array([0, 4, 5, 20]))
    assert (low.tolist(), high.tolist()) == ([0, 0, 5, 20], [4, 4, 5, 20])


def test_a_table_is_the_same_alone_and_again(tables):
    assert simulate(["trend"], number=300, seed=7) == [tables["trend"]]


def test_the_command_writes_what_it_prints(tmp_path, capsys):
    out = tmp_path / "coverage.md"
    assert main(["--only", "trend", "--simulations", "50", "--out", str(out)]) == 0
    assert out.read_text("utf-8") == capsys.readouterr().out.removesuffix("\n")
    assert out.read_text("utf-8").startswith("### Series with a signal")


def test_planted_gaps_are_held_and_found_on_the_right_side_and_in_order(tables):
    for row in tables["gaps"].rows:
        number, ratio, expected, wrong, missed, order = numbers(row)
        assert min(number, ratio) >= 90, row
        assert expected >= 80, row  # one benchmark for all places of few worlds
        assert wrong <= 2.5, row
        if not row[0].endswith("0..4"):
            assert missed <= 70, row
            assert order >= 50, row
