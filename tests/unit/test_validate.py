"""Every rule of the data model: one planted defect, and the one problem that it gives.

Rows are counted as an editor counts lines: the header is row 1.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from gapatlas.catalogue import read_catalogue
from gapatlas.config import Config, LoadedConfig
from gapatlas.errors import Problem, ValidationError
from gapatlas.validate import Checked, rules, validate
from tests.support import OBSERVATION_HEADER, config_of, observation, write_world

pytestmark = pytest.mark.usefixtures("said_problems")

ROWS = (
    observation("AAA", 2020, "convicted", "persons", 5),
    observation("AAA", 2020, "prosecuted", "persons", 7),
    observation("BBB", 2020, "convicted", "persons", "<5"),
    observation("BBB", 2020, "prosecuted", "persons", None),
    "CCC,2021,detected,victims,3,3,exact,female,adult,exploitation,forced labour,2,",
)
PEOPLE = [("AAA", 2020, 1000), ("BBB", 2020, 2000)]
CSV_RULE = "CSV, UTF-8, comma, one header row, the same number of cells in each row"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_world(tmp_path_factory.mktemp("world"), ROWS, PEOPLE).parent


@pytest.fixture
def path(world: Path, tmp_path: Path) -> Path:
    return shutil.copytree(world, tmp_path / "world") / "config.yaml"


@cache
def config_in(text: str) -> Config:
    return Config.model_validate(yaml.safe_load(text))


def check(path: Path) -> Checked:
    loaded = LoadedConfig(path=path, config=config_in(path.read_text(encoding="utf-8")))
    return validate(read_catalogue(loaded))


def problems_of(path: Path) -> list[Problem]:
    with pytest.raises(ValidationError) as caught:
        check(path)
    return caught.value.problems


def replace_once(path: Path, name: str, old: str | bytes, new: str | bytes) -> None:
    file = path.parent / name
    content = file.read_bytes()
    old, new = (text.encode() if isinstance(text, str) else text for text in (old, new))
    assert old in content
    file.write_bytes(content.replace(old, new, 1))


def append(path: Path, name: str, line: str) -> None:
    with (path.parent / name).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def add_coverage(path: Path, lines: Iterable[str]) -> None:
    content = config_of()
    content["datasets"]["bodies"] = {
        "kind": "coverage",
        "source": "office",
        "short": "The office",
        "file": "bodies.csv",
        "descriptor": "office.yaml",
    }
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    header = "jurisdiction_id,year,reporter,reporters"
    (path.parent / "bodies.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Defect:
    """`old` becomes `new` once in `file`; the problem stands in row, column."""

    old: str
    new: str
    row: int
    column: str | None
    message: str
    found: str | None = None
    allowed: str = ""
    file: str = "office.csv"


WHOLE = "This is not a whole number."
RANGE = "The number is out of range."
WORD = "This word is not known here."
A_COUNT = "a whole number from 0 to 100000000, digits only"

OBSERVATION_DEFECTS = {
    "text in a number": Defect(",5,5,", ",five,5,", 2, "count_low", WHOLE, "'five'", A_COUNT),
    "a negative number": Defect(",7,7,", ",-7,7,", 3, "count_low", WHOLE, "'-7'", A_COUNT),
    "a decimal": Defect(",7,7,", ",7,7.0,", 3, "count_high", WHOLE, "'7.0'", A_COUNT),
    "a thousands comma": Defect(",5,5,", ',"1,005",5,', 2, "count_low", WHOLE, "'1,005'", A_COUNT),
    "a leading zero": Defect(",5,5,", ",05,5,", 2, "count_low", WHOLE, "'05'"),
    "other digits": Defect(",5,5,", ",\u0665,5,", 2, "count_low", WHOLE, "'\u0665'"),
    "an exponent": Defect(",5,5,", ",1e3,5,", 2, "count_low", WHOLE, "'1e3'"),
    "a space": Defect(",5,5,", ", 5,5,", 2, "count_low", WHOLE, "' 5'"),
    "not a number": Defect(",5,5,", ",nan,5,", 2, "count_low", WHOLE, "'nan'"),
    "a count of no people at all": Defect(",5,5,", ",5,900000000,", 2, "count_high", RANGE),
    "twenty digits": Defect(",5,5,", ",5,99999999999999999999,", 2, "count_high", WHOLE),
    "low above high": Defect(
        ",0,4,", ",6,4,", 4, "count_low", "The lower bound is above the upper bound.", "'6'"
    ),
    "an exact count with two bounds": Defect(
        ",7,7,", ",7,8,", 3, "count_high", "An exact count has one value.", "'8'", "count_low ="
    ),
    "an exact count without value": Defect(",7,7,", ",,7,", 3, "count_low", WHOLE, "''"),
    "a censored count with one bound": Defect(",0,4,", ",0,,", 4, "count_high", WHOLE, "''"),
    "a censored count without range": Defect(
        ",0,4,", ",4,4,", 4, "count_high", "A censored count has two bounds that differ.", "'4'"
    ),
    "a count beside not_reported": Defect(
        ",,,not_reported",
        ",3,,not_reported",
        5,
        "count_low",
        "A count that is not reported or suppressed has no value.",
        "'3'",
        "an empty cell",
    ),
    "a count beside suppressed": Defect(
        ",0,4,censored",
        ",,4,suppressed",
        4,
        "count_high",
        "A count that is not reported or suppressed has no value.",
    ),
    "an unknown place": Defect(
        "CCC,2021",
        "CCD,2021",
        6,
        "jurisdiction_id",
        "There is no such place.",
        "'CCD'",
        "an id of the places table, such as CCC",
    ),
    "no place": Defect("CCC,2021", ",2021", 6, "jurisdiction_id", "There is no such place.", "''"),
    "an unknown status": Defect(",5,exact", ",5,Exact", 2, "status", WORD, "'Exact'", "exact, cen"),
    "an unknown stage": Defect("convicted", "convited", 2, "stage", WORD, "'convited'", "detected"),
    "an unknown unit": Defect(
        "persons", "people", 2, "unit", WORD, "'people'", "victims, persons, cases"
    ),
    "no unit": Defect("persons", "", 2, "unit", WORD, "''", "victims, persons, cases"),
    "a unit that its stage is not counted in": Defect(
        "convicted,persons",
        "convicted,victims",
        2,
        "unit",
        "'convicted' is not counted so.",
        "'victims'",
        "persons, cases, charges",
    ),
    "an unknown sex": Defect("female", "woman", 6, "sex", WORD, "'woman'", "total, female, male"),
    "an unknown age": Defect("adult", "old", 6, "age", WORD, "'old'", "total, adult, child"),
    "an unknown dimension": Defect("exploitation", "form", 6, "dimension", WORD, "'form'"),
    "a space after a word": Defect("exact,", "exact ,", 2, "status", WORD, "'exact '"),
    "an early year": Defect("2020", "1066", 2, "year", RANGE, "'1066'", "from 1900"),
    "a late year": Defect("2020", "9999", 2, "year", RANGE, "'9999'"),
    "a year in words": Defect("2020", "2020/21", 2, "year", WHOLE, "'2020/21'"),
    "a category of a total": Defect(
        "total,total,1", "total,x,1", 2, "category", "A row of dimension 'total' has category"
    ),
    "no category": Defect("forced labour", "", 6, "category", "A category is empty.", "''"),
    "a part that is no number": Defect("labour,2,", "labour,b,", 6, "part", WHOLE, "'b'"),
    "part nought": Defect("total,1,", "total,0,", 2, "part", RANGE, "'0'"),
    "a second total": Defect(
        "total,1,", "total,2,", 2, "part", "A place, year and stage has one total.", "'2'", "1"
    ),
    "a control character": Defect(
        "AAA", "A\x1b[31mA", 2, "jurisdiction_id", "There is no such place.", r"'A\x1b[31mA'"
    ),
}
OTHER_DEFECTS = {
    "nobody lives there": Defect(
        ",1000,", ",0,", 2, "population", RANGE, "'0'", "from 1 to", file="people.csv"
    ),
    "population in text": Defect(
        ",1000,", ",many,", 2, "population", WHOLE, "'many'", file="people.csv"
    ),
    "no population": Defect(",2000,", ",,", 3, "population", WHOLE, "''", file="people.csv"),
    "a population beside not_reported": Defect(
        "1000,exact",
        "1000,not_reported",
        2,
        "population",
        "A count that is not reported or suppressed has no value.",
        "'1000'",
        file="people.csv",
    ),
    "a censored population": Defect(
        "exact", "censored", 2, "status", WORD, "'censored'", "exact, not_rep", file="people.csv"
    ),
    "people of an unknown place": Defect(
        "BBB", "BBBB", 3, "jurisdiction_id", "There is no such place.", "'BBBB'", file="people.csv"
    ),
    "an unknown level": Defect(
        "country", "county", 2, "level", WORD, "'county'", "country, us", file="places.csv"
    ),
    "a flag in capitals": Defect(
        "true", "TRUE", 2, "shape_110m", WORD, "'TRUE'", "true, false", file="places.csv"
    ),
    "a latitude beyond the pole": Defect(
        "3.0,4.0", "3.0,94.0", 3, "latitude", "The coordinate is out", "'94.0'", file="places.csv"
    ),
    "a longitude in words": Defect(
        "3.0,4.0", "3° E,4.0", 3, "longitude", "This is not a coordinate.", file="places.csv"
    ),
    "an infinite longitude": Defect(
        "3.0,4.0", "inf,4.0", 3, "longitude", "This is not a coordinate.", file="places.csv"
    ),
    "a place without a name": Defect(
        "Betaland", "", 3, "name", "The cell is empty.", "''", file="places.csv"
    ),
}
DEFECTS = OBSERVATION_DEFECTS | OTHER_DEFECTS


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS.keys())
def test_one_defect_gives_one_problem_with_its_place(path: Path, defect: Defect) -> None:
    replace_once(path, defect.file, defect.old, defect.new)
    (problem,) = problems_of(path)
    assert (problem.where, problem.row, problem.column) == (defect.file, defect.row, defect.column)
    assert problem.message.startswith(defect.message)
    assert defect.found in (None, problem.found)
    assert defect.allowed in (problem.allowed or "")
    assert problem.severity == "error"


def test_the_table_without_defect_passes_and_is_typed(path: Path) -> None:
    checked = check(path)
    office = checked.observations["office"]
    assert office["count_low"].fillna(-1).tolist() == [5, 7, 0, -1, 3]
    assert office["count_low"].isna().tolist() == [False, False, False, True, False]
    assert str(office["count_high"].dtype) == "Int64"
    assert checked.population["people"]["population"].tolist() == [1000, 2000]
    assert checked.places["shape_50m"].tolist() == [True, True, True, False, True]
    assert (checked.rows("office"), checked.rows("people")) == (5, 2)


def test_a_table_with_many_defects_lists_them_all(path: Path) -> None:
    chosen = [name for name, d in OBSERVATION_DEFECTS.items() if d.message != WORD]
    broken = [OBSERVATION_HEADER]
    expected = []
    for number, name in enumerate(chosen):
        defect = OBSERVATION_DEFECTS[name]
        row = ROWS[defect.row - 2].replace(defect.old, defect.new, 1)
        if "2020" in row.split(",")[1]:  # keys stay apart, so that no row repeats another
            row = row.replace("2020", str(1900 + number), 1)
        elif "2021" in row.split(",")[1]:
            row = row.replace("2021", str(1900 + number), 1)
        broken.append(row)
        expected.append((number + 2, defect.column))
    text = "\n".join(broken) + "\n"
    (path.parent / "office.csv").write_text(text, encoding="utf-8")
    assert sorted((p.row, p.column) for p in problems_of(path)) == sorted(expected)


def test_defects_in_several_tables_are_listed_together(path: Path) -> None:
    replace_once(path, "places.csv", "true", "yes")
    replace_once(path, "office.csv", ",5,5,", ",x,5,")
    replace_once(path, "people.csv", "1000", "x")
    where = [(problem.where, problem.row) for problem in problems_of(path)]
    assert where == [("places.csv", 2), ("office.csv", 2), ("people.csv", 2)]


def test_a_very_long_list_is_cut_and_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SHOWN_PER_RULE", 2)
    text = (path.parent / "office.csv").read_text(encoding="utf-8")
    (path.parent / "office.csv").write_text(text.replace("exact", "Exact"), encoding="utf-8")
    append(path, "people.csv", "AAA,2020,1000,exact,\n" * 4)
    problems = problems_of(path)
    assert [(p.row, p.column) for p in problems] == [
        (2, "status"),
        (3, "status"),
        (None, "status"),
        (4, "jurisdiction_id, year"),
        (5, "jurisdiction_id, year"),
        (None, "jurisdiction_id, year"),
    ]
    assert problems[2].message.endswith("And 1 more rows.")
    assert problems[5].message == "2 more rows repeat a key."


# ------------------------------------------------------------------ keys


def test_a_duplicate_key_names_both_rows(path: Path) -> None:
    append(path, "office.csv", ROWS[1])
    (problem,) = problems_of(path)
    assert (problem.row, problem.message) == (7, "The same key stands in row 3 already.")
    assert problem.found == "AAA, 2020, prosecuted, persons, total, total, total, total, 1"


@pytest.mark.parametrize(
    ("name", "line", "row", "first"),
    [
        ("people.csv", "BBB,2020,9,exact,", 4, 3),
        ("places.csv", "BBB,Other,country,,BX,908,,Asia,,1,2,true,true", 7, 3),
    ],
)
def test_every_table_has_its_key(path: Path, name: str, line: str, row: int, first: int) -> None:
    append(path, name, line)
    (problem,) = problems_of(path)
    assert problem.where == name
    assert (problem.row, problem.message) == (row, f"The same key stands in row {first} already.")


def test_rows_under_the_same_labels_are_told_apart_by_part(path: Path) -> None:
    append(path, "office.csv", ROWS[4].replace("labour,2,", "labour,3,"))
    assert check(path).rows("office") == 6


def test_a_coverage_table_has_its_rules(path: Path) -> None:
    good = "AAA,2020,agencies,12"
    add_coverage(path, [good, "BBB,2020,agencies,0"])
    assert check(path).coverage["bodies"]["reporters"].tolist() == [12, 0]
    add_coverage(path, [good, good, "BBB,2020,agencies,many", "BBX,2020,agencies,1", ",,,"])
    found = sorted((p.row or 0, p.column or "") for p in problems_of(path))
    assert found == [
        (3, "jurisdiction_id, year, reporter"),
        (4, "reporters"),
        (5, "jurisdiction_id"),
        (6, "jurisdiction_id"),
        (6, "reporters"),
        (6, "year"),
    ]


# ------------------------------------------------------------------ columns


def test_a_wrong_column_is_named_with_the_one_that_is_missing(path: Path) -> None:
    replace_once(path, "office.csv", "count_low", "count_lo")
    missing, unknown = problems_of(path)
    assert (missing.row, missing.column) == (1, "count_low")
    assert missing.message == "A column is missing."
    assert (unknown.row, unknown.column, unknown.allowed) == (1, "count_lo", "count_low")


def test_a_missing_column_lists_those_of_the_schema(path: Path) -> None:
    file = path.parent / "people.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line.rsplit(",", 1)[0] for line in lines), encoding="utf-8")
    (problem,) = problems_of(path)
    assert (problem.where, problem.row, problem.column) == ("people.csv", 1, "note")
    assert problem.allowed == "jurisdiction_id, year, population, status, note"


def test_an_extra_column_is_refused(path: Path) -> None:
    replace_once(path, "office.csv", "part,note", "part,note,remark")
    (problem,) = problems_of(path)
    assert (problem.row, problem.column) == (1, "remark")


def test_a_column_that_stands_twice_is_refused(path: Path) -> None:
    replace_once(path, "people.csv", "status,note", "status,status")
    twice, missing = problems_of(path)
    assert (twice.column, twice.message) == ("status", "The column stands 2 times.")
    assert (missing.column, missing.message) == ("note", "A column is missing.")


def test_columns_in_another_order_are_the_same_columns(path: Path) -> None:
    text = "year,jurisdiction_id,status,population,note\n2020,AAA,exact,1000,\n"
    (path.parent / "people.csv").write_text(text, encoding="utf-8")
    assert check(path).population["people"]["population"].tolist() == [1000]


def test_a_wrong_separator_is_one_problem(path: Path) -> None:
    file = path.parent / "office.csv"
    file.write_bytes(file.read_bytes().replace(b",", b";"))
    (problem,) = problems_of(path)
    assert problem.row == 1
    assert problem.message == "The header is one cell. Cells are separated by commas."
    assert problem.allowed == OBSERVATION_HEADER


def test_a_wrong_column_in_places_hides_no_defect_elsewhere(path: Path) -> None:
    replace_once(path, "places.csv", "usps", "usp")
    replace_once(path, "office.csv", ",5,5,", ",x,5,")
    found = [(p.where, p.row, p.column) for p in problems_of(path)]
    assert found == [
        ("places.csv", 1, "usps"),
        ("places.csv", 1, "usp"),
        ("office.csv", 2, "count_low"),
    ]


# ------------------------------------------------------------------ files


@pytest.mark.parametrize(
    ("old", "new", "row", "message", "found"),
    [
        (b",5,5,", b",5,", 2, "The row does not have as many cells", "12 cells, not 13"),
        (b",7,7,", b",7,7,7,", 3, "The row does not have as many cells", "14 cells, not 13"),
        (b",7,7,", b',"7,7,', 3, "The row can't be read as CSV: unexpected end of data.", None),
        (b",7,7,", b',"7"7,7,', 3, "The row can't be read as CSV:", None),
        (b"BBB", b"B\xe9B", 4, "The file is not UTF-8 text.", "the byte 0xE9"),
        (b"BBB", b"B\0B", 4, "The row holds a NUL character.", None),
    ],
)
def test_a_row_that_cannot_be_read_is_named(
    path: Path, old: bytes, new: bytes, row: int, message: str, found: str | None
) -> None:
    replace_once(path, "office.csv", old, new)
    (problem,) = problems_of(path)
    assert (problem.where, problem.row, problem.found) == ("office.csv", row, found)
    assert problem.message.startswith(message)
    assert problem.allowed == CSV_RULE


def test_every_ragged_row_is_listed_and_the_others_are_checked(path: Path) -> None:
    replace_once(path, "office.csv", ",5,5,", ",5,")
    replace_once(path, "office.csv", ",0,4,", ",0,4,,")
    replace_once(path, "office.csv", "CCC", "CCD")
    assert [(p.row, p.column) for p in problems_of(path)] == [
        (2, None),
        (4, None),
        (6, "jurisdiction_id"),
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(path: Path, content: bytes) -> None:
    (path.parent / "office.csv").write_bytes(content)
    (problem,) = problems_of(path)
    assert (problem.row, problem.message) == (1, "The file is empty.")


def test_a_file_in_another_encoding_is_refused(path: Path) -> None:
    file = path.parent / "office.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode("utf-16"))
    (problem,) = problems_of(path)
    assert (problem.row, problem.message) == (1, "The file is not UTF-8 text.")


def test_a_table_of_counts_may_have_no_rows_but_places_may_not(path: Path) -> None:
    (path.parent / "office.csv").write_text(OBSERVATION_HEADER + "\n", encoding="utf-8")
    assert check(path).rows("office") == 0
    header = (path.parent / "places.csv").read_text(encoding="utf-8").splitlines()[0]
    (path.parent / "places.csv").write_text(header + "\n", encoding="utf-8")
    (problem,) = problems_of(path)
    assert (problem.where, problem.row) == ("places.csv", 1)


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"\n", b"\r"),
        lambda content: content.rstrip(b"\n"),
        lambda content: content + b"\n\n",
    ],
    ids=["byte order mark", "CR LF", "CR", "no last line end", "empty lines at the end"],
)
def test_how_lines_end_changes_nothing(path: Path, rewrite) -> None:
    before = check(path).observations["office"]
    file = path.parent / "office.csv"
    file.write_bytes(rewrite(file.read_bytes()))
    assert check(path).observations["office"].equals(before)
    replace_once(path, "office.csv", "CCC", "CCD")
    (problem,) = problems_of(path)
    assert problem.row == 6


def test_rows_stay_the_lines_of_an_editor_below_quoted_line_breaks(path: Path) -> None:
    replace_once(path, "office.csv", "total,1,\n", 'total,1,"two\nlines"\n')
    replace_once(path, "office.csv", "CCC", "CCD")
    append(path, "office.csv", ROWS[1])
    lines = (path.parent / "office.csv").read_text(encoding="utf-8").splitlines()
    place, key = problems_of(path)
    assert place.row == 7 == 1 + next(i for i, line in enumerate(lines) if "CCD" in line)
    assert (key.row, key.message) == (8, "The same key stands in row 4 already.")


def test_rows_stay_the_lines_of_an_editor_below_empty_lines(path: Path) -> None:
    replace_once(path, "office.csv", "\nBBB", "\n\n\nBBB")
    replace_once(path, "office.csv", "CCC", "CCD")
    (problem,) = problems_of(path)
    assert problem.row == 8


# ------------------------------------------------------------------ notices


def test_more_convictions_than_prosecutions_is_a_notice_with_its_row(path: Path) -> None:
    replace_once(path, "office.csv", ",7,7,", ",4,4,")
    (notice,) = check(path).notices
    assert (notice.severity, notice.where, notice.row) == ("notice", "office.csv", 2)
    assert notice.message.startswith("In 1 of 1 place-years more persons are convicted")
    assert notice.found == "AAA 2020: 5 convicted, 4 prosecuted"


def test_bounds_that_overlap_are_no_notice(path: Path) -> None:
    replace_once(path, "office.csv", ",7,7,exact", ",4,6,censored")
    assert check(path).notices == []
