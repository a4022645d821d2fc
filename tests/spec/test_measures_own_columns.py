"""Measures that an analyst defines: a column of its own below the line, and which way is better."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.build import build
from gapatlas.charts.classes import class_breaks
from gapatlas.charts.map import MapDesign, figures_table, map_chart
from gapatlas.charts.theme import palette
from gapatlas.charts.view import Shapes
from gapatlas.comparison import compare
from gapatlas.comparison.sentences import counts_words
from gapatlas.config import Map, load_config
from gapatlas.errors import ConfigError, Problem, ValidationError
from gapatlas.export import readable_table
from gapatlas.gaps import find_gaps
from gapatlas.headlines import headline
from gapatlas.tables import only_row
from tests.amount_world import DROPPED, OFFICERS, PER_OFFICER, write_amount_world
from tests.worked_examples import expect

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    folder = tmp_path_factory.mktemp("amounts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(folder / "snapshots"))
        with open_atlas(write_amount_world(folder / "world")) as opened:
            yield opened


def test_a_count_is_divided_by_an_own_column(atlas: Atlas) -> None:
    """An estimate of officers is a range; none at all, and not reported, divide nothing."""
    frame = atlas.measure(PER_OFFICER)
    expect(
        frame,
        """
        place | years | above | below    | value | range    | low   | high  | status
        AAA   | 2021  | 10    | 200      | 5     | 5 to 5   | 2.394 | 9.196 | exact
        AAA   | 2022  | 15    | 300      | 5     | 5 to 5   | 2.796 | 8.247 | exact
        BBB   | 2021  | 6     | 40 to 60 | -     | 10 to 15 | 3.67  | 32.65 | censored
        BBB   | 2022  | -     | -        | -     | -        | -     | -     | not_reported
        CCC   | 2021  | 3     | 0        | -     | inf to inf | 0   | inf   | exact
        CCC   | 2022  | -     | -        | -     | -        | -     | -     | not_reported
        """,
    )
    assert [source.source_id for source in frame.sources] == ["office", "scores"]
    assert "Counted by the source, but without a figure to divide by: Betaland." in frame.caveats


def test_years_are_added_below_the_line_too(atlas: Atlas) -> None:
    frame = atlas.measure(PER_OFFICER, jurisdictions=["AAA"], years=(2020, 2022), window=3)
    row = only_row(frame.data)
    assert (row.numerator_low, row.denominator_low, row.value, row.years_used) == (25, 500, 5, 2)
    assert (
        counts_words(frame.measure, row) == "25 persons convicted; 500 police officers times years."
    )


def test_words_say_what_it_is_divided_by_and_which_way_is_better(atlas: Atlas) -> None:
    per_officer, dropped = atlas.measure(PER_OFFICER), atlas.measure(DROPPED)
    assert per_officer.caveats[0] == "Here a higher value is better. It means nothing."
    assert dropped.caveats[0] == "Here a higher value is worse. It means nothing."
    columns = " ".join(readable_table(per_officer.data, per_officer.measure))
    assert "olice officers x years" in columns
    listed = atlas.measures().set_index("measure_id")
    assert listed["denominator"][PER_OFFICER] == "Police officers"
    assert listed["higher_is"].to_dict() == {PER_OFFICER: "better", DROPPED: "worse"}


def test_a_measure_where_higher_is_worse_has_no_gap_and_lists_the_high_places(
    atlas: Atlas, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="no gap"):
        find_gaps(atlas, DROPPED, year=2021, window=1)
    assert find_gaps(atlas, PER_OFFICER, year=2021, window=1, peers="all").known.empty
    assert headline(atlas, DROPPED, (2021, 2021), 1).apart.empty
    with pytest.raises(ValueError, match="two stages"):
        headline(atlas, PER_OFFICER, (2021, 2021), 1)
    found = compare(atlas, PER_OFFICER, "BBB", year=2021, window=1, peers="all")
    assert found.measure.exposure == "police officers"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_of_a_measure_where_higher_is_worse_has_colours_of_its_own(
    atlas: Atlas, scheme: Any
) -> None:
    map_ = Map(title="W", level="country", shapes="w.topojson", object="o", projection="identity")

    def drawn(measure_id: str) -> tuple[list[str], str]:
        """Fills, and the outline of the chosen place."""
        measure = atlas.measure_named(measure_id)
        design = MapDesign(measure, map_, class_breaks(range(1, 99)), "office", 1, scheme, "AAA")
        chart = map_chart(design, Shapes({"values": []}, (0, 0, 1, 1)))
        encoding = chart.to_dict(validate=False)["encoding"]
        return encoding["fill"]["scale"]["range"][:5], encoding["stroke"]["condition"][0]["value"]

    colours = palette(scheme)
    assert drawn(PER_OFFICER) == (list(colours.steps), colours.highlight)
    assert drawn(DROPPED) == (list(colours.steps_if_worse), colours.accent)


def test_a_map_divides_by_fractions_as_they_are(atlas: Atlas) -> None:
    frame = atlas.measure(PER_OFFICER, years=2021)
    data = frame.data.assign(denominator_low=0.5, denominator_high=0.75)
    table = figures_table(data, frame.measure, class_breaks([1.0, 2.0, 3.0]))
    assert set(table["dl"]) == {0.5}
    assert set(table["dr"]) == {0.25}


def problem_of(tmp_path: Path, edit: Edit) -> Problem:
    with pytest.raises(ConfigError) as caught:
        load_config(write_amount_world(tmp_path / "w", edit=edit))
    (problem,) = caught.value.problems
    return problem


def of_measure(**changes: Any) -> Edit:
    return lambda config: config["measures"][PER_OFFICER].update(changes)


def of_indicator(**changes: Any) -> Edit:
    return lambda config: config["indicators"]["officers"].update(changes)


WRONG: dict[str, tuple[Edit, str, str, str]] = {
    "an unknown column": (
        of_measure(denominator={"indicator": "oficers", "called": "police officers"}),
        "denominator.indicator", "There is no such indicator.", "officers",
    ),
    "a grade": (
        of_indicator(labels={"1": "Few", "2": "Many"}),
        "denominator.indicator", "Its values are grades", "an indicator without `labels`",
    ),
    "a scale below zero": (
        of_indicator(scale=[-2.5, 2.5]),
        "denominator.indicator", "Its scale reaches below zero", "never below zero",
    ),
    "no words": (
        of_measure(denominator={"indicator": "officers"}),
        "denominator.called", "'called' is required here.", "",
    ),
    "an unknown stage above the line": (
        of_measure(numerator={"stage": "arrested", "unit": "persons"}),
        "numerator.stage", "There is no such stage.", "or one of your own under `stages:`",
    ),
    "an unknown stage below the line": (
        of_measure(denominator={"stage": "arrested", "unit": "persons"}, interval="wilson"),
        "denominator.stage", "There is no such stage.", "or one of your own under `stages:`",
    ),
    "a stage in a unit that it has not": (
        of_measure(numerator={"stage": "convicted", "unit": "victims"}),
        "numerator", "'convicted' is not counted in victims.", "persons, cases, charges",
    ),
    "a key that a column does not know": (
        of_measure(denominator={"indicator": "officers", "called": "police officers", "per": 1}),
        "denominator.per", "'per' is not a key that this place knows.", "called, indicator",
    ),
    "an interval of two counts": (
        of_measure(interval="wilson"), "", "Interval 'wilson' does not fit.", "byar with",
    ),
    "a unit that does not say what it divides by": (
        of_measure(unit="convicted persons per 100 officials"), "",
        "A rate of persons per police officers must say so", "",
    ),
    "an unknown direction": (
        of_measure(higher_is="good"), "higher_is", "Input should be", "'better', 'worse'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "key", "message", "allowed"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_measure_is_refused_with_the_reason(
    edit: Edit, key: str, message: str, allowed: str, tmp_path: Path
) -> None:
    problem = problem_of(tmp_path, edit)
    named = str(problem.column)
    assert named.startswith(("measures.", "indicators."))
    assert named.endswith(key)
    assert problem.message.startswith(message)
    assert allowed in (problem.allowed or "")
    assert problem.row


def test_an_amount_below_zero_is_refused_with_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    rows = [*OFFICERS, "DDD,2021,officers,-3,-3,-3,exact,"]
    with pytest.raises(ValidationError) as caught:
        build(write_amount_world(tmp_path / "w", rows))
    problem = caught.value.problems[0]
    assert (problem.where, problem.row, problem.column) == ("scores.csv", 7, "value")
    assert problem.found == "'-3'"
