"""Measures of a stage of the analyst's own, computed a second time from the csv in plain Python."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

import gapatlas
from gapatlas.atlas import Atlas
from gapatlas.build import build
from gapatlas.config import load_config
from gapatlas.errors import ValidationError
from gapatlas.export import readable_table
from gapatlas.gaps import find_gaps, reporting, waterfall
from gapatlas.guessing.checking import check
from gapatlas.headlines import headline
from tests.own_stage_world import (
    COUNTS,
    LABEL,
    PER_VICTIM,
    PERMITS,
    write_own_stage_world,
)
from tests.support import add_flows, flow, observation
from tests.worked_examples import check_intervals


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    folder = tmp_path_factory.mktemp("own_stages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(folder / "snapshots"))
        with gapatlas.open_atlas(write_own_stage_world(folder / "world")) as opened:
            yield opened


def in_plain_python(file: Path, first: int, last: int) -> dict[str, tuple[float, float]]:
    """Place -> least and greatest number of permits per 100 victims over the years with both."""
    counts: dict[tuple[str, str, str], tuple[int, int]] = {}
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["count_low"]:
                key = (row["jurisdiction_id"], row["year"], row["stage"])
                counts[key] = (int(row["count_low"]), int(row["count_high"]))
    found = {}
    for place in sorted({place for place, _, _ in counts}):
        sums = [0, 0, 0]
        for year in map(str, range(first, last + 1)):
            permits = counts.get((place, year, "residence_permits"))
            victims = counts.get((place, year, "detected"))
            if permits and victims:
                low, high = permits
                sums = [sums[0] + low, sums[1] + high, sums[2] + victims[0]]
        if sums[2]:
            found[place] = (100 * sums[0] / sums[2], 100 * sums[1] / sums[2])
    return found


@pytest.mark.parametrize(("first", "last"), [(2021, 2021), (2020, 2022)])
def test_an_own_stage_is_divided_as_any_other(atlas: Atlas, first: int, last: int) -> None:
    frame = atlas.measure(PER_VICTIM, years=(first, last), window=last - first + 1)
    told = frame.data.dropna(subset="value_low").set_index("jurisdiction_id")
    expected = in_plain_python(atlas.root / "office.csv", first, last)
    assert list(told.index) == list(expected)
    for place, range_ in expected.items():
        assert told.loc[place, ["value_low", "value_high"]].tolist() == pytest.approx(range_)
    check_intervals(frame)


def test_counts_are_ranges_and_not_reported_is_not_zero(atlas: Atlas) -> None:
    data = atlas.measure(PER_VICTIM).data.set_index(["jurisdiction_id", "year_to"])
    assert data["status"].to_dict() == {
        ("AAA", 2021): "exact",
        ("AAA", 2022): "exact",
        ("BBB", 2021): "censored",
        ("BBB", 2022): "not_reported",
        ("CCC", 2021): "exact",
        ("CCC", 2022): "exact",
    }
    assert data.loc[("CCC", 2021), "value"] == 0
    below = atlas.measure("convicted_per_permit", years=2022).data
    assert below.set_index("jurisdiction_id")["value"].dropna().round(3).to_dict() == {
        "AAA": 0.333,
        "CCC": 0.1,
    }


def test_its_words_stand_wherever_it_is_counted(atlas: Atlas) -> None:
    assert list(dict.fromkeys(atlas.stages("AAA")["stage_label"])) == [
        "Victims detected",
        LABEL,
        "Persons convicted",
    ]
    frame = atlas.measure(PER_VICTIM)
    assert any(name.startswith(LABEL) for name in readable_table(frame.data, frame.measure))
    assert atlas.measures().set_index("measure_id")["numerator"][PER_VICTIM] == LABEL
    assert LABEL in reporting(atlas, PER_VICTIM, "office", (2021, 2022)).stages
    assert headline(atlas, PER_VICTIM, (2022, 2022), 1).frame.measure.numerator.label == LABEL


def test_it_is_no_step_at_which_cases_are_lost(atlas: Atlas) -> None:
    bars = waterfall(atlas, "AAA", "office", (2021, 2022)).bars
    assert "residence_permits" not in set(bars["key"])
    assert LABEL not in set(bars["label"])


def test_it_has_a_gap_only_where_the_config_says_that_more_is_better(
    atlas: Atlas, tmp_path: Path
) -> None:
    assert find_gaps(atlas, PER_VICTIM, year=2022, window=1, peers="all").measure.numerator.is_own
    path = write_own_stage_world(
        tmp_path, edit=lambda c: c["measures"][PER_VICTIM].update(higher_is="neither")
    )
    with gapatlas.open_atlas(path) as other, pytest.raises(ValueError, match="no gap"):
        find_gaps(other, PER_VICTIM, year=2022, window=1)


WRONG = {
    "a stage that nobody defined": (
        "residence_permit", "persons", "stage", "'residence_permit'",
        "residence_permits, or one that the config defines under `stages:`",
    ),
    "an own stage in another unit": ("residence_permits", "cases", "unit", "'cases'", "persons"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "unit", "column", "found", "allowed"), WRONG.values(), ids=WRONG.keys()
)
def test_a_csv_is_refused_with_its_row(
    stage: str, unit: str, column: str, found: str, allowed: str, tmp_path: Path
) -> None:
    rows = [*COUNTS, observation("DDD", 2022, stage, unit, 3)]
    with pytest.raises(ValidationError) as caught:
        build(write_own_stage_world(tmp_path, rows))
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.found) == (len(rows) + 1, column, found)
    assert allowed in (problem.allowed or "")


def test_persons_are_counted_by_citizenship_at_known_stages_alone(tmp_path: Path) -> None:
    own = flow("AAA", 2022, "BBB", 3, "residence_permits", "persons")
    with pytest.raises(ValidationError) as caught:
        build(add_flows(write_own_stage_world(tmp_path), [own]))
    assert [problem.column for problem in caught.value.problems] == ["stage"]


def test_a_file_with_its_own_column_is_mapped_to_an_own_stage(atlas: Atlas, tmp_path: Path) -> None:
    """What a config does with a file, and what the page Your data does with it."""
    table = "Country,Year,Permits\nAlphaland,2022,7\nBetaland,2022,\n"
    block = """
table:
  kind: observations
  source: table
  short: The table
  file: data/table.csv
  descriptor: data/table.yaml
  map:
    place: {column: Country}
    year: {column: Year}
    count: {column: Permits, stage: residence_permits, unit: persons}
"""
    file = tmp_path / "table.csv"
    file.write_text(table, encoding="utf-8")
    places = atlas.jurisdictions().astype(object).fillna("")
    stages = load_config(atlas.config_path).config.stage_units()
    told = check(file, "table.csv", block, places, tmp_path, stages=stages)
    assert told.problems == []
    assert [(row["stage"], row["count_low"], row["status"]) for row in told.first] == [
        ("residence_permits", "7", "exact"),
        ("residence_permits", "", "not_reported"),
    ]
    (unknown,) = check(file, "table.csv", block, places, tmp_path).problems
    assert unknown.message == "This is no stage known here."


def test_two_atlases_in_one_process_say_their_own_words(atlas: Atlas, tmp_path: Path) -> None:
    other = {**PERMITS, "label": "Visas for victims"}
    path = write_own_stage_world(
        tmp_path, edit=lambda c: c["stages"].update(residence_permits=other)
    )
    with gapatlas.open_atlas(path) as second:
        told = [set(each.stages("AAA")["stage_label"]) for each in (second, atlas)]
    assert ["Visas for victims" in words for words in told] == [True, False]
    assert [LABEL in words for words in told] == [False, True]
