"""Datasets of kind `case_counts`: one planted defect, and the one problem that it gives."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from gapatlas.catalogue import read_catalogue
from gapatlas.config import load_config
from gapatlas.config.vocabulary import COUNT_OUTCOMES, COUNT_SPLITS, PART_OUTCOMES
from gapatlas.errors import ConfigError, Problem, ValidationError
from gapatlas.validate import Checked, validate
from tests.counted_cases import TABLE, add_case_counts
from tests.support import observation, write_world

RANGE = "The range does not hold all that the rounded count can stand for."
VALUE = "This value is not known here."
NEAR = "Another figure contains this one and is not larger by the threshold."


class Defect(NamedTuple):
    """`old` becomes `new` in the table; the problem stands in row, column."""

    old: str
    new: str
    row: int | None
    column: str
    message: str
    found: str | None = None
    allowed: str = ""


DEFECTS = {
    "an unknown split": Defect(
        "team_trained,yes", "team,yes", 14, "split", "This word is not known here.", "'team'",
        "none, place, year_charged",
    ),
    "an unknown place": Defect(
        "place,AAA,convicted", "place,AAB,all", 7, "value", "There is no such place.", "'AAB'",
        "an id of the places table, such as AAA",
    ),
    "everybody under another name": Defect(
        "none,all,acquitted", "none,both,all", 5, "value", VALUE, "'both'", "all",
    ),
    "a year in words": Defect("2019", "FY2019", 10, "value", VALUE, "'FY2019'", "or unknown"),
    "a year to come": Defect("2019", "2900", 10, "value", VALUE, "'2900'", "a year from 1900 to"),
    "a charge without a label": Defect(
        "Sex trafficking", " ", 12, "value", "This is no label for a chart.", "' '", "1 to 60",
    ),
    "a charge that is the word for all": Defect(
        "Sex trafficking", "all", 12, "value", "This is no label for a chart.", "'all'", "than 'a",
    ),
    "an unknown band": Defect("2-5", "3", 13, "value", VALUE, "'3'", "1, 2-5, 6-20, 21+, unknown"),
    "neither yes nor no": Defect("yes", "y", 14, "value", VALUE, "'y'", "yes, no, unknown"),
    "an unknown state of evidence": Defect(
        "testimony,absent", "testimony,no", 16, "value", VALUE, "'no'", "present, absent, unknown",
    ),
    "a state of evidence for a defence": Defect(
        "not_used", "absent", 17, "value", VALUE, "'absent'", "used, not_used, unknown",
    ),
    "testimony and a number that is a band": Defect(
        "present|2", "present|4", 18, "value", VALUE, "'present|4'", "present|3 or more",
    ),
    "an unknown outcome": Defect(
        "BBB,dismissed", "BBB,dropped", 9, "outcome", "This word is not known here.", "'dropped'",
        "all, convicted, acquitted, dismissed, open, guilty_plea",
    ),
    "a finer outcome of a group": Defect(
        "AAA,convicted", "AAA,guilty_plea", 7, "outcome",
        "Only everybody together is counted by this outcome.", "'guilty_plea'", "all, convicted",
    ),
    "an unknown status": Defect(
        ",,,withheld", ",,,suppressed", 5, "status", "This word is not known here.",
        "'suppressed'", "shown, withheld",
    ),
    "a group without its total": Defect(
        "place,AAA,all", "place,CCC,all", 7, "outcome",
        "The group has no row with outcome 'all'.", "'convicted'", "a row with outcome all",
    ),
    "all persons withheld": Defect(
        "none,all,all,400,398,402,shown", "none,all,all,,,,withheld", 2, "persons",
        "The number of all persons is missing or withheld.", None, "none,all,all",
    ),
    "all persons missing": Defect(
        "none,all,all,400,398,402,shown", "place,CCC,all,50,48,52,shown", None, "persons",
        "The number of all persons is missing or withheld.", None, "none,all,all",
    ),
    "persons of a withheld count": Defect(
        "acquitted,,", "acquitted,20,", 5, "persons", "A count that is withheld has no figure.",
        "'20'", "an empty cell",
    ),
    "a range of a withheld count": Defect(
        "unknown,all,,,,", "unknown,all,,,9,", 11, "high",
        "A count that is withheld has no figure.", "'9'",
    ),
    "no persons though shown": Defect(
        "130,128,132", ",128,132", 10, "persons", "This is not a whole number.", "''",
    ),
    "persons that are not rounded": Defect(
        "130,128", "131,128", 10, "persons", "The count is not rounded to the base.", "'131'",
        "a multiple of 5",
    ),
    "persons below the threshold": Defect(
        "10,10,12", "5,5,7", 9, "persons", "The count is below the threshold.", "'5'",
        "status withheld where there are fewer than 10",
    ),
    "nobody, shown": Defect(
        "10,10,12", "0,0,0", 9, "persons", "The count is below the threshold.", "'0'",
    ),
    "a low end above the persons": Defect("130,128", "130,135", 10, "low", RANGE, "'135'"),
    "a low end that tells the count": Defect("130,128", "130,129", 10, "low", RANGE, "'129'"),
    "a high end that tells the count": Defect("128,132", "128,130", 10, "high", RANGE, "'130'"),
    "a group as large as all": Defect(
        "300,298,302", "400,398,402", None, "", "",
    ),
    "an outcome that leaves a few over": Defect(
        "AAA,convicted,100,98,102", "AAA,convicted,145,143,147", 7, "persons", NEAR, "'145'",
        "a difference of 10 or more, or status withheld",
    ),
    "more at trial than were convicted": Defect(
        "guilty_plea,200,198,202", "guilty_trial,260,258,262", 4, "persons", NEAR, "'260'",
    ),
    "a place that leaves a few over": Defect(
        "BBB,all,250,248,252", "BBB,all,395,393,397", 8, "persons", NEAR, "'395'",
    ),
    "an outcome of a place that leaves a few over": Defect(
        "AAA,convicted,100,98,102", "AAA,acquitted,145,143,147", 7, "persons", NEAR, "'145'",
    ),
    "testimony with others that leaves a few over": Defect(
        "present|2,all,60,58,62", "present|2,all,215,213,217", 18, "persons", NEAR, "'215'",
    ),
}  # fmt: skip
EVERYBODY_BY_DEFINITION = DEFECTS.pop("a group as large as all")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    world = write_world(tmp_path / "w", [observation("AAA", 2020, "convicted", "persons", 5)])
    return add_case_counts(world)


def check(path: Path) -> Checked:
    return validate(read_catalogue(load_config(path)))


def problems_of(path: Path) -> list[Problem]:
    with pytest.raises(ValidationError) as caught:
        check(path)
    return caught.value.problems


def spoil(path: Path, defect: Defect) -> None:
    file = path.parent / "counted.csv"
    text = file.read_text(encoding="utf-8")
    assert defect.old in text
    file.write_text(text.replace(defect.old, defect.new, 1), encoding="utf-8")


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS.keys())
def test_one_defect_gives_one_problem_with_its_place(path: Path, defect: Defect) -> None:
    spoil(path, defect)
    (problem,) = problems_of(path)
    assert (problem.where, problem.row, problem.column) == (
        "counted.csv", defect.row, defect.column,
    )  # fmt: skip
    assert problem.message == defect.message
    assert defect.found in (None, problem.found)
    assert defect.allowed in (problem.allowed or "")


def test_the_table_without_defect_passes_and_is_typed(path: Path) -> None:
    checked = check(path)
    table = checked.case_counts["counted"]
    assert [str(table[name].dtype) for name in ("persons", "low", "high")] == ["Int64"] * 3
    assert table["persons"].sum() == 400 + 250 + 200 + 150 + 100 + 250 + 10 + 130 + 300 + 90 + (
        120 + 220 + 190 + 60
    )
    assert table["persons"].isna().equals(table["status"] == "withheld")
    assert checked.rows("counted") == len(TABLE)


def test_every_word_of_the_vocabulary_is_in_the_made_up_table_or_like_one_in_it() -> None:
    assert {line.split(",")[0] for line in TABLE} < set(COUNT_SPLITS)
    assert set(PART_OUTCOMES.values()) < set(COUNT_OUTCOMES)


def test_the_only_group_of_a_split_may_be_everybody(path: Path) -> None:
    """All were charged under one law: that is no figure beside another."""
    spoil(path, EVERYBODY_BY_DEFINITION)
    assert check(path).rows("counted") == len(TABLE)


def test_a_key_stands_once(path: Path) -> None:
    with (path.parent / "counted.csv").open("a", encoding="utf-8") as file:
        file.write(TABLE[4] + "\n")
    (problem,) = problems_of(path)
    assert (problem.row, problem.column) == (20, "split, value, outcome")
    assert problem.message == "The same key stands in row 6 already."


def test_a_table_with_many_defects_lists_them_all(path: Path) -> None:
    for name in ("an unknown place", "persons that are not rounded", "an unknown band"):
        spoil(path, DEFECTS[name])
    assert [(p.row, p.column) for p in problems_of(path)] == [
        (7, "value"), (13, "value"), (10, "persons"),
    ]  # fmt: skip


def test_stricter_rules_ask_for_more(tmp_path: Path) -> None:
    """Under a threshold of 20 and base 10, a 10 is small and 250 has to stand for 245 to 254."""
    world = write_world(tmp_path / "w", [observation("AAA", 2020, "convicted", "persons", 5)])
    add_case_counts(
        world,
        ["none,all,all,400,395,404,shown", "place,AAA,all,250,248,252,shown",
         "place,BBB,all,20,20,24,shown", "place,CCC,all,10,10,14,shown"],
        disclosure={"threshold": 20, "base": 10},
    )  # fmt: skip
    assert [(p.row, p.column) for p in problems_of(world)] == [
        (5, "persons"), (3, "low"), (3, "high"),
    ]  # fmt: skip


def test_unprotected_counts_may_be_exact(tmp_path: Path) -> None:
    world = write_world(tmp_path / "w", [observation("AAA", 2020, "convicted", "persons", 5)])
    lines = ["none,all,all,43,43,43,shown", "place,AAA,all,41,41,41,shown",
             "place,BBB,all,2,2,2,shown"]  # fmt: skip
    rules = {"threshold": 1, "base": 1, "unprotected": True}
    add_case_counts(world, lines, disclosure=rules)
    assert check(world).case_counts["counted"]["persons"].tolist() == [43, 41, 2]


# ------------------------------------------------------------------ the block in the config


@pytest.mark.parametrize(
    ("keys", "column", "message", "allowed"),
    [
        ({"period": None}, "datasets.counted",
         "Counts of cases need the years in which the persons were charged.", "[2000, 2016]"),
        ({"columns": {"Court": "place"}}, "datasets.counted.columns",
         "Only datasets of kind cases have this key.", "kind: cases"),
        ({"synthetic": True}, "datasets.counted.short",
         "The rows are made up, and the name of the source does not say so.", "SYNTHETIC"),
        ({"short": "SYNTHETIC counts"}, "datasets.counted.short",
         "The name of the source says that the rows are made up.", "synthetic: true"),
        ({"kind": "flows"}, "datasets.counted.disclosure",
         "Only datasets of kind cases or case_counts have this key.", "cases or case_counts"),
        ({"disclosure": {"threshold": 5}}, "datasets.counted.disclosure",
         "Threshold 5 protects persons too little.", "unprotected: true"),
    ],
)  # fmt: skip
def test_a_fault_in_the_block_has_its_key(
    path: Path, keys: dict[str, Any], column: str, message: str, allowed: str
) -> None:
    add_case_counts(path, **keys)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    (problem,) = caught.value.problems
    assert (problem.column, problem.message) == (column, message)
    assert allowed in (problem.allowed or "")


def test_two_tables_of_one_source_are_refused(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["datasets"]["more"] = deepcopy(content["datasets"]["counted"])
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    with pytest.raises(ConfigError, match="Two case_counts datasets have one source"):
        load_config(path)


def test_made_up_counts_say_so_in_their_title(path: Path) -> None:
    add_case_counts(path, synthetic=True, short="SYNTHETIC counts")
    (problem,) = problems_of(path)
    assert (problem.where, problem.column) == ("counted.yaml", "title")
    assert problem.message == "The rows are made up, and the title does not say so."
