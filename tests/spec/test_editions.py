"""Two editions of a dataset: which figures differ, and which conclusions."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from gapatlas.editions import compare_editions, write_diff
from gapatlas.errors import UnknownNameError, ValidationError
from tests.case_files import add_cases
from tests.support import OBSERVATION_HEADER, observation, ratio, write_world

PEERS = ("AAA", "BBB", "CCC", "DDD")
MEASURE = {"rate": ratio(("convicted", "persons"), ("prosecuted", "persons"))}


def counts(**convicted: int | str | None) -> list[str]:
    """Convicted of 400 prosecuted in each year 2018-2022, place by place."""
    return [
        row
        for place, number in convicted.items()
        for year in range(2018, 2023)
        for row in (
            observation(place, year, "prosecuted", "persons", 400),
            observation(place, year, "convicted", "persons", number),
        )
    ]


BEFORE = counts(AAA=200, BBB=205, CCC=195, DDD=200)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = write_world(tmp_path / "world", BEFORE, measures=MEASURE)
    places = path.parent / "places.csv"
    text = places.read_text(encoding="utf-8").replace("Africa", "Europe").replace("Asia", "Europe")
    places.write_text(text, encoding="utf-8")
    return path


def edition(folder: Path, rows: list[str]) -> Path:
    path = folder / "newer.csv"
    path.write_text("\n".join([OBSERVATION_HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_same_figures_in_another_order_are_no_change(config: Path, tmp_path: Path) -> None:
    found = compare_editions(config, config.parent / "office.csv", edition(tmp_path, BEFORE[::-1]))
    assert found.sentences() == ["The two editions hold the same figures."]
    assert found.figures.empty
    assert found.conclusions.empty


def test_added_removed_and_revised_figures_are_told_one_by_one(
    config: Path, tmp_path: Path
) -> None:
    rows = [*BEFORE[1:], observation("AAA", 2023, "prosecuted", "persons", 7)]
    rows[0] = observation("AAA", 2018, "convicted", "persons", "<5")
    found = compare_editions(config, config.parent / "office.csv", edition(tmp_path, rows))
    told = found.figures.set_index("change")
    assert {change: found.count(change) for change in ("added", "removed", "revised")} == {
        "added": 1,
        "removed": 1,
        "revised": 1,
    }
    assert (told["year"]["added"], told["new_count_low"]["added"]) == (2023, 7)
    assert pd.isna(told["old_count_low"]["added"])
    assert (told["stage"]["removed"], told["old_count_low"]["removed"]) == ("prosecuted", 400)
    revised = told.loc["revised"]
    assert (revised["old_count_low"], revised["old_status"]) == (200, "exact")
    assert (revised["new_count_low"], revised["new_count_high"]) == (0, 4)
    assert found.sentences()[0] == (
        "Of 40 figures before and 40 after: 1 added, 1 removed, 1 revised."
    )


@pytest.mark.parametrize(
    ("after", "what", "said"),
    [
        (counts(AAA=60, BBB=205, CCC=195, DDD=200), "another conclusion", "short"),
        (counts(AAA=None, BBB=205, CCC=195, DDD=200), "no figure any more", "none"),
    ],
)
def test_a_conclusion_that_changes_is_told_with_both_intervals(
    config: Path, tmp_path: Path, after: list[str], what: str, said: str
) -> None:
    found = compare_editions(config, config.parent / "office.csv", edition(tmp_path, after))
    (row,) = found.conclusions[found.conclusions["place"] == "AAA"].itertuples()
    assert (row.name, row.measure, row.years) == ("Alphaland", "rate", "2018-2022")
    assert (row.what, row.new_verdict) == (what, said)
    assert row.old_value == 0.5
    assert row.old_low < 0.5 < row.old_high
    assert "conclusions change" in found.sentences()[1]


def test_a_newer_year_is_compared_in_the_years_that_both_have(config: Path, tmp_path: Path) -> None:
    newer = [
        observation(place, 2023, stage, "persons", 400)
        for place in PEERS
        for stage in ("convicted", "prosecuted")
    ]
    found = compare_editions(
        config, config.parent / "office.csv", edition(tmp_path, [*BEFORE, *newer])
    )
    assert found.count("added") == 8
    assert found.sentences()[1].startswith("No conclusion of any measure changes")


def test_a_page_and_two_tables_are_written(config: Path, tmp_path: Path) -> None:
    rows = counts(AAA=60, BBB=205, CCC=195, DDD=200)
    found = compare_editions(config, config.parent / "office.csv", edition(tmp_path, rows))
    page, figures, conclusions = write_diff(found, tmp_path / "out" / "deep")
    text = page.read_text(encoding="utf-8")
    assert "office.csv and newer.csv: what changed" in text
    assert "falls short of its peers" in text
    assert "<script" not in text
    assert "old_" not in text
    lines = [line for line in figures.read_text().splitlines() if not line.startswith("#")]
    assert len(list(csv.DictReader(lines))) == len(found.figures) == 5
    again = pd.read_csv(conclusions, comment="#")
    assert again["place"].tolist() == found.conclusions["place"].tolist()


def test_words_of_a_file_stand_in_the_page_as_text(config: Path, tmp_path: Path) -> None:
    rows = [*BEFORE, observation("AAA", 2017, "prosecuted", "persons", 1)]
    rows[-1] = rows[-1].replace("total,total,1,", "citizenship,<b>x</b>,1,")
    found = compare_editions(config, config.parent / "office.csv", edition(tmp_path, rows))
    (page, *_) = write_diff(found, tmp_path / "out")
    assert "&lt;b&gt;x&lt;/b&gt;" in page.read_text(encoding="utf-8")


def test_a_faulty_edition_is_refused_with_its_row_and_nothing_is_left(
    config: Path, tmp_path: Path
) -> None:
    file = edition(tmp_path, [BEFORE[0].replace("400,400", "many,400")])
    before = sorted(config.parent.rglob("*"))
    with pytest.raises(ValidationError) as refused:
        compare_editions(config, config.parent / "office.csv", file)
    (problem,) = refused.value.problems
    assert (problem.row, problem.column, problem.found) == (2, "count_low", "'many'")
    assert sorted(config.parent.rglob("*")) == before


def test_a_file_of_no_dataset_and_a_file_of_persons_are_refused(
    config: Path, tmp_path: Path
) -> None:
    file = edition(tmp_path, BEFORE)
    with pytest.raises(UnknownNameError, match="not clear which dataset"):
        compare_editions(config, file, file)
    with pytest.raises(UnknownNameError, match="no dataset 'offices'"):
        compare_editions(config, file, file, "offices")
    add_cases(config)
    with pytest.raises(UnknownNameError, match="Files of persons"):
        compare_editions(config, config.parent / "cases.csv", file)
