"""The benchmarks' own arithmetic, table and parsing; no test here measures time."""

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.__main__ import COMMANDS, GROUPS, document, main, parse
from benchmarks.bench import Bench
from benchmarks.browsing import (
    EMPTY,
    HOOKS,
    Run,
    Step,
    parse_runs,
    serve,
    server_environment,
)
from benchmarks.library import PeerDiffersError, alternating, check_same, timed
from benchmarks.load import Load
from benchmarks.messages import decoded, message_table
from benchmarks.pages import step_rows
from benchmarks.readers import Answer, Reader, ReaderError
from benchmarks.report import HEADER, Row, Sample, amount, markdown_table, ratio_text, rich_table
from benchmarks.soak import Watch
from benchmarks.usage import memory_of

HERE = Path(__file__).parents[2] / "benchmarks"
STEP = Step(
    received=9000, painted=0.05, runs=(Run(0.02, 0.015, 0.001), Run(0.01, 0.005, 0.002)), frames=()
)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.0000004, "s", "0.40 µs"),
        (0.0123, "s", "12.3 ms"),
        (0.5, "s", "500 ms"),
        (2.345, "s", "2.35 s"),
        (0, "s", "0.00 µs"),
        (851, "B", "851 B"),
        (10_000, "B", "10.0 KB"),
        (467_630, "B", "468 KB"),
        (4_200_000, "B", "4.20 MB"),
        (0, "n", "0"),
        (1200, "n", "1,200"),
        (25.53, "/s", "25.5 /s"),
        (float("inf"), "s", "never"),
    ],
)
def test_an_amount_has_three_digits_that_matter(value, unit, words):
    assert amount(value, unit) == words


@pytest.mark.parametrize(
    ("ratio", "words"), [(None, "–"), (0.349, "0.35"), (3.68, "3.7"), (43.6, "44"), (1234, "1,234")]
)
def test_a_ratio_has_two_digits_or_is_a_whole_number(ratio, words):
    assert ratio_text(ratio) == words


def test_the_95th_percentile_is_a_value_that_was_measured():
    assert Sample.of(range(1, 101)).p95 == 95
    assert Sample.of([3, 1, 2]).p95 == 3
    assert Sample.of([7]).p95 == 7


def test_a_sample_without_values_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Sample.of([])


def test_a_target_is_met_up_to_and_including_its_value():
    at_target = Row("x", "s", Sample.of([0.08]), target=0.08)
    above = Row("x", "s", Sample.of([0.0801]), target=0.08)
    without = Row("x", "s", Sample.of([0.08]))
    assert (at_target.met, above.met, without.met) == (True, False, None)


def test_a_target_for_the_95th_percentile_is_not_met_by_the_median():
    waits = Sample.of([0.05] * 90 + [0.2] * 10)
    assert Row("x", "s", waits, target=0.1).met
    assert not Row("x", "s", waits, target=0.1, judged="p95").met
    assert Row("x", "s", waits, target=0.1, judged="p95").cells()[6] == "p95 ≤ 100 ms"


def test_the_ratio_says_how_many_times_more_the_peer_takes():
    assert Row("x", "B", Sample.of([10, 20, 30]), Sample.of([400])).ratio == 20
    assert Row("x", "B", Sample.of([0]), Sample.of([400])).ratio is None
    assert Row("x", "B", Sample.of([10])).ratio is None


def test_a_row_prints_its_sample_sizes_and_leaves_no_peer_as_a_dash():
    alone = Row("alone", "s", Sample.of([0.1, 0.2, 0.3])).cells()
    paired = Row("paired", "B", Sample.of([10, 10]), Sample.of([5]), target=20).cells()
    assert alone == ("alone", "200 ms", "300 ms", "–", "–", "–", "–", "–", "3")
    assert paired == (
        "paired",
        "10 B",
        "10 B",
        "5 B",
        "5 B",
        "0.5",
        "≤ 20 B",
        "yes",
        "2 / 1",
    )


def test_the_markdown_table_has_a_cell_for_each_column_in_each_row():
    rows = [Row("a | b", "s", Sample.of([1])), Row("c", "B", Sample.of([1]), target=0.5)]
    lines = markdown_table(rows).splitlines()
    assert len(lines) == 2 + len(rows)
    assert {line.replace("\\|", "").count("|") for line in lines} == {len(HEADER) + 1}
    assert "| NO |" in lines[-1]


def test_the_terminal_shows_what_the_markdown_shows():
    row = Row("map step [world]", "B", Sample.of([9210]), Sample.of([467_000]), target=10_000)
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(rich_table([row], "Title"))
    shown = console.export_text()
    for cell in row.cells():
        assert cell in shown


def test_the_page_holds_table_and_circumstances():
    page = document([Row("a row", "s", Sample.of([1]))], "measured somewhere")
    assert "| a row |" in page
    assert "measured somewhere" in page


def test_without_options_everything_is_measured():
    assert parse([]).only == list(GROUPS)
    assert parse([]).out is None


def test_some_groups_can_be_picked_by_name(tmp_path):
    chosen = parse(["--only", "import", "limits", "--out", str(tmp_path / "b.md"), "--messages"])
    assert (chosen.only, chosen.out, chosen.messages) == (
        ["import", "limits"],
        tmp_path / "b.md",
        True,
    )


def test_a_command_of_its_own_takes_the_words_behind_it(monkeypatch):
    taken: list[list[str]] = []
    monkeypatch.setitem(COMMANDS, "soak", lambda words: taken.append(list(words)) or 0)
    assert main(["soak", "--minutes", "1"]) == 0
    assert taken == [["--minutes", "1"]]


def test_a_quick_run_takes_fewer_samples_but_never_fewer_than_three(tmp_path):
    assert [Bench(tmp_path, quick=True).samples(count) for count in (40, 8)] == [10, 3]
    assert Bench(tmp_path).samples(40) == 40


def test_memory_that_rises_after_the_warm_up_is_not_level():
    flat, rising = Watch(), Watch()
    for number in range(30):
        warm = min(number, 5) * 10_000_000
        flat.look(100 * number, 400_000_000 + warm + number % 2 * 1_000_000)
        rising.look(100 * number, 400_000_000 + warm + number * 2_000_000)
    assert flat.is_level
    assert not rising.is_level
    slope, low, high = rising.growth
    assert slope == pytest.approx(20_000_000)
    assert low <= slope <= high


def test_a_load_holds_where_nothing_breaks_and_95_of_100_wait_no_longer_than_the_target():
    quick = (0.05,) * 95 + (0.5,) * 5
    assert Load(quick, errors=0, lasted=10, memory=0).holds
    assert not Load(quick, errors=1, lasted=10, memory=0).holds
    assert not Load((0.05,) * 94 + (0.5,) * 6, errors=0, lasted=10, memory=0).holds
    assert Load(quick, errors=0, lasted=10, memory=0).rate == 10


def test_a_reader_without_a_browser_moves_the_slider_of_a_page(tmp_path):
    async def two_steps(url: str) -> list[Answer]:
        async with Reader(url) as reader:
            await reader.open()
            return [await reader.choose("year", year) for year in (2021, 2020)]

    with serve(EMPTY, tmp_path) as server:
        steps = asyncio.run(two_steps(server.app.url))
        assert memory_of(server.app.process) > 10_000_000
    assert all(step.seconds > 0 and step.wire > 0 and step.received > 0 for step in steps)
    runs = server.runs()
    assert len(runs) == 3
    assert all(run.busy <= run.script + 0.01 for run in runs)


def test_a_widget_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ReaderError, match="no widget 'month'"):
        asyncio.run(Reader("http://localhost", "gaps").choose("month", 1))


def test_an_unknown_group_is_refused_with_the_known_ones(capsys):
    with pytest.raises(SystemExit):
        parse(["--only", "maps"])
    assert "map_step" in capsys.readouterr().err


def test_a_line_of_the_runs_file_that_is_still_being_written_is_left_out():
    text = (
        '{"script": 0.02, "busy": 0.01, "after": 0.001}\n'
        '{"script": 0.03, "busy": 0.02, "after": 0.002}\n{"scr'
    )
    assert parse_runs(text) == [Run(0.02, 0.01, 0.001), Run(0.03, 0.02, 0.002)]
    assert parse_runs("") == []


def test_a_measured_server_loads_the_hook_first_and_keeps_the_outer_path():
    environment = server_environment(Path("runs.jsonl"), {"PYTHONPATH": "elsewhere"})
    assert environment["PYTHONPATH"].startswith(str(HOOKS))
    assert environment["PYTHONPATH"].endswith("elsewhere")
    assert environment["GAPATLAS_BENCHMARK_RUNS"] == "runs.jsonl"


def test_all_runs_that_a_step_causes_are_added_up():
    assert STEP.script == pytest.approx(0.03)
    assert STEP.busy == pytest.approx(0.02)
    assert STEP.after == pytest.approx(0.003)


def test_a_step_gives_rows_for_bytes_script_paint_and_what_follows():
    rows = step_rows("step", [STEP, STEP], [STEP], "peer page")
    assert [row.what.rsplit(": ", 1)[1] for row in rows] == [
        "received",
        "script",
        "send to paint",
        "server busy after the script",
    ]
    assert [row.met for row in rows] == [True, True, True, None]
    assert [row.target for row in step_rows("floor", [STEP], targets=())] == [None] * 4


def test_the_first_turn_is_thrown_away_and_turns_alternate():
    order: list[str] = []

    def take(name: str, values: list[float]):
        def taken() -> float:
            order.append(name)
            return values.pop(0)

        return taken

    samples = alternating([take("a", [9, 1, 2]), take("b", [9, 3, 4])], count=2)
    assert [sample.values for sample in samples] == [(1, 2), (3, 4)]
    assert "".join(order) == "ababab"


def test_slow_work_can_be_measured_only_every_few_turns():
    calls: list[int] = []
    take = timed(lambda: calls.append(1), every=3)
    taken = [take() is not None for _ in range(6)]
    assert taken == [False, False, True, False, False, True]
    assert len(calls) == 2


OURS = pd.DataFrame(
    {
        "jurisdiction_id": ["AAA", "BBB", "CCC"],
        "numerator_low": [5, 0, None],
        "numerator_high": [5, 4, None],
        "denominator_low": [10, 20, None],
        "denominator_high": [10, 20, None],
    }
)
PEER = pd.DataFrame(
    {
        "jurisdiction_id": ["BBB", "AAA"],
        "count_low_above": [0, 5],
        "count_high_above": [4, 5],
        "count_low_below": [20, 10],
        "count_high_below": [20, 10],
    }
)


def test_a_peer_with_the_same_counts_in_another_order_is_accepted():
    check_same(OURS, PEER)


def test_a_peer_with_another_count_or_place_is_refused():
    with pytest.raises(PeerDiffersError, match="numerator_high"):
        check_same(OURS, PEER.assign(count_high_above=[3, 5]))
    with pytest.raises(PeerDiffersError, match="places"):
        check_same(OURS, PEER.head(1))


def element(text: str) -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, 4, 1])
    message.delta.new_element.markdown.body = text
    return message


def test_a_message_is_decoded_to_its_size_place_kind_and_beginning():
    message = element("How fresh the data are")
    [found] = decoded(message.SerializeToString())
    assert found.size == message.ByteSize()
    assert found.kind == "0.4.1 markdown"
    assert found.preview == "How fresh the data are"


def test_large_parts_of_a_message_are_named_with_their_bytes():
    [found] = decoded(element("word " * 100).SerializeToString())
    assert "body: 500 B" in found.preview


def test_a_message_that_the_browser_has_already_is_named_as_such():
    message = ForwardMsg(ref_hash="abc")
    [found] = decoded(message.SerializeToString())
    assert (found.kind, found.preview) == ("ref_hash", "abc (the browser has it)")


def test_the_table_of_messages_ends_with_the_sum_of_the_frames():
    frames = [element("one").SerializeToString(), element("two").SerializeToString()]
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(message_table(frames, "A step"))
    lines = [line for line in console.export_text().splitlines() if "all frames" in line]
    assert len(lines) == 1
    assert f"{sum(map(len, frames)):,}" in lines[0]


def test_no_module_hides_one_of_pythons_own_from_the_peers() -> None:
    """A peer runs from this folder, so `statistics.py` here would be its `statistics`."""
    ours = {path.stem for path in HERE.glob("*.py")}
    assert sorted(ours & sys.stdlib_module_names) == []
