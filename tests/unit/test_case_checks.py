"""Every rule of a case file: one planted fault, and the one problem that it gives.

Rows are counted as an editor counts lines: the header is row 1, the first case row 2. `CASES` of
`tests.case_files` has 40 rows; case number 3 stands in row 5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gapatlas.casefile import CaseFile, checks
from gapatlas.casefile.duck import DuckDB
from gapatlas.casefile.reading import opened
from gapatlas.errors import Problem, ValidationError
from tests.case_files import (
    CASES,
    CODES,
    COLUMNS,
    HEADER,
    LAST_YEAR,
    SURNAMES,
    case_file,
    dataset,
    found_in,
    write_csv,
)

pytestmark = pytest.mark.usefixtures("said_problems")

Rows = list[list[str]]
CSV_RULE = "CSV, UTF-8, comma, one header row, the same number of cells in each row"


@dataclass(frozen=True)
class Planted:
    """Cells that are changed, by row of the file and column, and the problem that it gives."""

    cells: dict[tuple[int, str], str]
    row: int | None
    column: str
    message: str
    found: str | None = None
    allowed: str = ""
    keys: dict[str, Any] = field(default_factory=dict)


def planted_in(cells: dict[tuple[int, str], str]) -> Rows:
    rows = [list(row) for row in CASES]
    for (row, column), text in cells.items():
        rows[row - 2][HEADER.index(column)] = text
    return rows


def only_problem(file: CaseFile) -> Problem:
    (problem,) = found_in(file).problems
    return problem


FAULTS = {
    "an unknown outcome": Planted(
        {(3, "Result"): "GO"}, 3, "Result", "This code is not known here.", "'GO'", "GP, GT, A, D"
    ),
    "a wrong letter case": Planted(
        {(4, "Result"): "gp"}, 4, "Result", "This code is not known here.", "'gp'", "GP, GT, A, D"
    ),
    "two outcomes in one cell": Planted(
        {(5, "Result"): "GP/A"},
        5,
        "Result",
        "Two outcomes stand in one row.",
        "'GP/A'",
        "one outcome for each defendant",
    ),
    "an unknown place": Planted(
        {(7, "Court"): "Nroth"}, 7, "Court", "There is no such place.", "'Nroth'", "North"
    ),
    "an unknown charge": Planted(
        {(8, "Law"): "1591/1592"}, 8, "Law", "This code is not known here.", "'1591/1592'", "1591"
    ),
    "an unknown yes or no": Planted(
        {(9, "Border"): "Y"}, 9, "Border", "This code is not known here.", "'Y'", "1, 0, yes, no"
    ),
    "victims that are no number": Planted(
        {(10, "Victims"): "3-4"},
        10,
        "Victims",
        "This code is not known here.",
        "'3-4'",
        "a number of victims, or 1, 2-5, 6-20, 21+, unknown, or empty",
    ),
    "no victims": Planted(
        {(11, "Victims"): "0"}, 11, "Victims", "This code is not known here.", "'0'", "a number"
    ),
    "an unknown type of evidence": Planted(
        {(12, "Evidence"): "VT/XX"},
        12,
        "Evidence",
        "This code is not known here.",
        "'VT/XX'",
        "several with '/' between them",
    ),
    "none beside some evidence": Planted(
        {(14, "Evidence"): "VT/0"}, 14, "Evidence", "This code is not known here.", "'VT/0'"
    ),
    "an unknown state of a defence": Planted(
        {(15, "Plea of consent"): "M"},
        15,
        "Plea of consent",
        "This code is not known here.",
        "'M'",
        "Y, N, used, not_used, unknown",
    ),
    "a year in letters": Planted(
        {(16, "Filed"): "20x1"},
        16,
        "Filed",
        "This is not a year or a date.",
        "'20x1'",
        f"a year from 1900 to {LAST_YEAR}",
    ),
    "a year to come": Planted(
        {(17, "Filed"): "2026", (17, "Closed"): ""},
        17,
        "Filed",
        "The year is out of range.",
        "'2026'",
    ),
    "an end before the beginning": Planted(
        {(19, "Closed"): "2012"},
        19,
        "Closed",
        "The case ended before the defendant was charged.",
        "2012, charged 2018",
        "a year not before that of the charge",
    ),
    "an end before the beginning in one year": Planted(
        {(21, "Closed"): "2013-02-28", (21, "Filed"): "2013-03-01"},
        21,
        "Closed",
        "The case ended before the defendant was charged.",
        "2013, charged 2013",
    ),
    "a pending case that has ended": Planted(
        {(20, "Closed"): "2019"},
        20,
        "Closed",
        "The case is pending, and has ended.",
        "2019",
        "an empty cell",
    ),
    "a defendant with two outcomes": Planted(
        {(24, "No"): "N-000"},
        24,
        "No",
        "The defendant has two outcomes, here and in row 2.",
        "guilty_plea and guilty_trial",
        "one row and one outcome for each defendant",
    ),
    "a defendant who stands there twice": Planted(
        {(23, "No"): " N-000 "},
        23,
        "No",
        "The defendant stands in row 2 already.",
        None,
        "one row for each defendant",
    ),
    "a place that could be a person": Planted(
        {(28, "Court"): "Abara, Jo"},
        28,
        "Court",
        checks.HIDDEN.format(message="There is no such place."),
    ),
}

FAULTS_OF_OTHER_CONFIGS = {
    "a charge that is a story": Planted(
        {(5, "Law"): "x" * 61},
        5,
        "Law",
        checks.HIDDEN.format(message="A charge is longer than 60 letters."),
        None,
        "codes for `charge`",
        {"codes": {name: codes for name, codes in CODES.items() if name != "charge"}},
    ),
    "a row that says that it is made up": Planted(
        {(5, "Wiretap"): "SYNTHETIC"},
        5,
        "Wiretap",
        "The row says that it is made up.",
        None,
        "`synthetic: true`",
        {"columns": {**COLUMNS, "Wiretap": "dataset"}, "dropped": ["Name of defendant"]},
    ),
}


def test_cases_that_keep_every_rule_give_no_problem(tmp_path: Path) -> None:
    found = found_in(case_file(tmp_path))
    assert (found.problems, found.notices, found.rows) == ([], [], 40)


@pytest.fixture(scope="module")
def all_faults(tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    """The problems of one file in which every fault is planted, each in a row of its own."""
    cells = {place: text for fault in FAULTS.values() for place, text in fault.cells.items()}
    return found_in(case_file(tmp_path_factory.mktemp("faults"), planted_in(cells))).problems


def expect(problem: Problem, fault: Planted) -> None:
    assert (problem.where, problem.row, problem.column) == ("cases.csv", fault.row, fault.column)
    assert problem.message == fault.message
    assert problem.found == fault.found
    assert fault.allowed in (problem.allowed or "")


def test_a_file_of_many_faults_lists_them_all(all_faults: list[Problem]) -> None:
    planted = sorted((fault.row or 0, fault.column) for fault in FAULTS.values())
    assert len(set(planted)) == len(FAULTS)
    assert sorted((p.row or 0, p.column or "") for p in all_faults) == planted


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_has_row_column_found_and_allowed(
    all_faults: list[Problem], fault: Planted
) -> None:
    (problem,) = [p for p in all_faults if (p.row, p.column) == (fault.row, fault.column)]
    expect(problem, fault)


@pytest.mark.parametrize(
    "fault", FAULTS_OF_OTHER_CONFIGS.values(), ids=FAULTS_OF_OTHER_CONFIGS.keys()
)
def test_a_fault_is_one_problem_with_row_column_found_and_allowed(
    tmp_path: Path, fault: Planted
) -> None:
    expect(only_problem(case_file(tmp_path, planted_in(fault.cells), **fault.keys)), fault)


def test_made_up_rows_that_do_not_say_so_are_refused(tmp_path: Path) -> None:
    keys = {
        "synthetic": True,
        "columns": {**COLUMNS, "Wiretap": "dataset"},
        "dropped": ["Name of defendant"],
    }
    rows = planted_in({(row, "Wiretap"): "SYNTHETIC" for row in range(2, 42) if row != 7})
    problem = only_problem(case_file(tmp_path, rows, **keys))
    assert (problem.row, problem.column, problem.allowed) == (7, "Wiretap", "SYNTHETIC")


# ------------------------------------------------------------------ columns that name a person


def renamed(old: str, new: str) -> tuple[str, ...]:
    return tuple(new if name == old else name for name in HEADER)


def test_a_name_column_is_refused_unless_it_is_dropped(tmp_path: Path) -> None:
    problem = only_problem(case_file(tmp_path, dropped=["Wiretap"]))
    assert (problem.row, problem.column) == (1, "Name of defendant")
    assert problem.message == "The header says that the column holds a person's name."
    assert (
        problem.allowed == "`dropped: [Name of defendant]` in the config, so that it is never read"
    )
    assert found_in(case_file(tmp_path)).problems == []


@pytest.mark.parametrize(
    ("header", "what"), [("DOB", "a date of birth"), ("Defendant's name", "a person's name")]
)
def test_a_column_that_names_a_person_is_refused_even_as_a_key(
    tmp_path: Path, header: str, what: str
) -> None:
    path = write_csv(tmp_path / "cases.csv", CASES, renamed("No", header))
    columns = {header if own == "No" else own: ours for own, ours in COLUMNS.items()}
    problem = only_problem(CaseFile(path, dataset(columns=columns), "cases.csv"))
    assert problem.column == header
    assert problem.message == f"The header says that the column holds {what}."


def test_names_under_a_harmless_header_are_refused_and_never_printed(tmp_path: Path) -> None:
    columns = {**COLUMNS, "Remark": "co_defendant_key"}
    del columns["Group"]
    path = write_csv(tmp_path / "cases.csv", CASES, renamed("Name of defendant", "Remark"))
    file = CaseFile(path, dataset(columns=columns, dropped=["Wiretap", "Group"]), "cases.csv")
    problem = only_problem(file)
    assert (problem.row, problem.column, problem.found) == (1, "Remark", None)
    assert problem.message == "The cells look like a person's name."


@pytest.mark.parametrize("column", ["place", "outcome", "task_force"])
def test_a_name_column_that_is_mapped_by_mistake_is_refused_and_never_printed(
    tmp_path: Path, column: str
) -> None:
    columns = {own: ours for own, ours in COLUMNS.items() if ours != column}
    moved = [own for own, ours in COLUMNS.items() if ours == column]
    path = write_csv(tmp_path / "cases.csv", CASES, renamed("Name of defendant", "Remark"))
    keys = {"columns": {**columns, "Remark": column}, "dropped": ["Wiretap", *moved]}
    found = found_in(CaseFile(path, dataset(**keys), "cases.csv"))
    text = "\n".join(map(str, found.problems))
    assert "column Remark: The cells look like a person's name." in text
    assert not any(name in text for name in SURNAMES)


def test_dates_of_birth_in_a_key_are_refused(tmp_path: Path) -> None:
    rows = planted_in(
        {(row, "Group"): f"19{40 + row}-05-{row % 28 + 1:02d}" for row in range(2, 42)}
    )
    problem = only_problem(case_file(tmp_path, rows))
    assert (problem.column, problem.message) == ("Group", "The cells look like a date of birth.")


@pytest.mark.parametrize(("column", "other"), [("Filed", "Closed"), ("Closed", "Filed")])
def test_dates_of_birth_in_the_place_of_a_year_are_refused(
    tmp_path: Path, column: str, other: str
) -> None:
    rows = planted_in({(row, column): f"{1950 + row}-05-31" for row in range(2, 42)})
    problems = found_in(case_file(tmp_path, rows)).problems
    assert [problem.column for problem in problems] == [column]
    assert problems[0].message.startswith("The cells look like a date of birth")
    assert "19" not in str(problems[0])
    assert other not in str(problems[0])


def test_no_error_ever_prints_a_name_or_a_key(tmp_path: Path) -> None:
    """Every fault of the table at once, and names in every column."""
    cells = {place: text for fault in FAULTS.values() for place, text in fault.cells.items()}
    cells |= {(29 + n, column): f"{SURNAMES[n % 5]}, Jo" for n, column in enumerate(HEADER[2:])}
    found = found_in(case_file(tmp_path, planted_in(cells)))
    text = "\n".join(map(str, found.problems))
    assert len(found.problems) > len(FAULTS) + 5
    assert not any(name in text for name in SURNAMES)
    assert "N-0" not in text
    assert "G-1" not in text


# ------------------------------------------------------------------ header and size


def test_a_column_of_which_nothing_is_said_is_refused(tmp_path: Path) -> None:
    problem = only_problem(case_file(tmp_path, dropped=["Name of defendant"]))
    assert (problem.row, problem.column) == (1, "Wiretap")
    assert problem.message == "Nothing is said of this column in the config."


def test_a_missing_column_is_refused_with_near_names(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "cases.csv", CASES, renamed("Result", "Results"))
    problems = found_in(CaseFile(path, dataset(), "cases.csv")).problems
    assert [(p.column, p.row) for p in problems] == [("Result", 1), ("Results", 1)]
    assert problems[0].message == "The column that is mapped to 'outcome' is missing."
    assert "Results" in (problems[0].allowed or "")


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "cases.csv", CASES, renamed("Wiretap", "Court"))
    (problem,) = found_in(CaseFile(path, dataset(), "cases.csv")).problems
    assert (problem.column, problem.message) == ("Court", "The column stands 2 times.")


def test_a_dropped_column_that_is_not_there_is_a_notice(tmp_path: Path) -> None:
    found = found_in(case_file(tmp_path, dropped=["Name of defendant", "Wiretap", "DOB"]))
    assert found.problems == []
    (notice,) = found.notices
    assert (notice.column, notice.severity) == ("DOB", "notice")


@pytest.mark.parametrize(("rows", "message"), [
    (0, "No cases stand under the header."),
    (9, "The file has fewer than 10 rows: nothing of it could be shown."),
])  # fmt: skip
def test_a_file_of_which_nothing_could_be_shown_is_refused(
    tmp_path: Path, rows: int, message: str
) -> None:
    problem = only_problem(case_file(tmp_path, CASES[:rows]))
    assert (problem.row, problem.message) == (1, message)


def test_a_small_file_is_taken_where_nobody_has_to_be_protected(tmp_path: Path) -> None:
    open_to_all = {"threshold": 1, "base": 1, "unprotected": True}
    assert found_in(case_file(tmp_path, CASES[:9], disclosure=open_to_all)).problems == []


def test_only_so_many_failures_of_a_rule_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "SHOWN_PER_RULE", 2)
    rows = planted_in({(row, "Border"): "Y" for row in range(5, 15)})
    problems = found_in(case_file(tmp_path, rows)).problems
    assert [problem.row for problem in problems] == [5, 6, None]
    assert problems[-1].message == "And 8 more rows like these."
    rows = planted_in({(row, "Closed"): "2001" for row in (5, 9, 12, 15, 16)})
    problems = found_in(case_file(tmp_path, rows)).problems
    assert [problem.row for problem in problems] == [5, 9, None]
    assert problems[-1].message == "And 3 more rows like these."


def test_too_many_charges_without_codes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "MOST_CHARGES", 3)
    codes = {name: words for name, words in CODES.items() if name != "charge"}
    rows = planted_in({(row, "Law"): f"{row}" for row in range(2, 42)})
    problem = only_problem(case_file(tmp_path, rows, codes=codes))
    assert (problem.column, problem.row) == ("Law", None)
    assert problem.message == "The column holds more than 3 different charges."


def test_a_column_of_too_many_texts_holds_no_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "MOST_TEXTS", 20)
    rows = planted_in({(row, "Border"): f"x{row}" for row in range(2, 42)})
    problem = only_problem(case_file(tmp_path, rows))
    assert problem.column == "Border"
    assert problem.message.startswith("The column holds more than 20 different texts")


# ------------------------------------------------------------------ layout


def test_rows_are_lines_where_cells_hold_line_breaks_and_lines_are_blank(tmp_path: Path) -> None:
    rows = planted_in({(3, "Name of defendant"): "Abara\nJo", (6, "Border"): "Y"})
    file = case_file(tmp_path, rows)
    text = file.path.read_text(encoding="utf-8").split("\n")
    file.path.write_text("\ufeff" + "\n".join([*text[:4], "", *text[4:]]), encoding="utf-8")
    assert only_problem(file).row == 8
    lines = file.path.read_text(encoding="utf-8").split("\n")
    assert ",Y," in lines[8 - 1]


@pytest.mark.parametrize(
    ("spoil", "row", "message"),
    [
        (lambda c: c.replace(b"1591", b"15,91", 1), 2, "The row does not have as many cells"),
        (lambda c: c.replace(b"1591", b"\xe9", 1), 2, "The file is not UTF-8 text."),
        (lambda c: c + b'"open', 42, "The row can't be read as CSV"),
        (lambda c: b"", 1, "The file is empty."),
        (lambda c: b"PK\x03\x04\xff\xfe no table", 1, "The file is not UTF-8 text."),
    ],
    ids=["a cell too many", "latin 1", "an open quote", "empty", "a zip"],
)
def test_a_csv_file_that_is_no_table_is_refused_without_quoting_it(
    tmp_path: Path, spoil: Callable[[bytes], bytes], row: int, message: str
) -> None:
    file = case_file(tmp_path)
    file.path.write_bytes(spoil(file.path.read_bytes()))
    problem = only_problem(file)
    assert (problem.row, problem.allowed) == (row, CSV_RULE)
    assert problem.message.startswith(message)
    assert not any(name in str(problem) for name in SURNAMES)


def test_two_kinds_of_line_ends_are_read(tmp_path: Path) -> None:
    file = case_file(tmp_path)
    content = file.path.read_bytes().replace(b"\n", b"\r\n", 3)
    file.path.write_bytes(content)
    found = found_in(file)
    assert (found.problems, found.rows) == ([], 40)


def as_parquet(tmp_path: Path, rows: Sequence[Sequence[str]], **typed: Any) -> CaseFile:
    frame = pd.DataFrame(rows, columns=list(HEADER)).assign(**typed)
    frame.to_parquet(tmp_path / "cases.parquet", index=False)
    return CaseFile(tmp_path / "cases.parquet", dataset(file="cases.parquet"), "cases.parquet")


def test_a_parquet_file_is_checked_as_if_it_stood_under_a_header(tmp_path: Path) -> None:
    assert found_in(as_parquet(tmp_path, CASES)).problems == []
    problem = only_problem(as_parquet(tmp_path, planted_in({(5, "Result"): "GO"})))
    assert (problem.where, problem.row, problem.column) == ("cases.parquet", 5, "Result")


def test_numbers_and_dates_of_a_parquet_file_are_read(tmp_path: Path) -> None:
    years = [int(row[HEADER.index("Filed")]) for row in CASES]
    dates = pd.to_datetime([f"{year}-03-01" for year in years])
    closed = pd.Series([None if not row[4] else float(row[4]) for row in CASES])
    assert found_in(as_parquet(tmp_path, CASES, Filed=dates)).problems == []
    assert found_in(as_parquet(tmp_path, CASES, Filed=years, Closed=closed)).problems == []


def test_a_parquet_file_of_lists_is_refused(tmp_path: Path) -> None:
    file = as_parquet(tmp_path, CASES, Evidence=[["VT"]] * len(CASES))
    problem = only_problem(file)
    assert (problem.column, problem.message) == ("Evidence", "The cells hold tables or lists.")


def test_a_dropped_column_of_lists_is_no_matter(tmp_path: Path) -> None:
    assert found_in(as_parquet(tmp_path, CASES, Wiretap=[["x"]] * len(CASES))).problems == []


def test_codes_in_a_column_of_decimal_numbers_are_read(tmp_path: Path) -> None:
    border = pd.to_numeric(pd.Series([row[HEADER.index("Border")] for row in CASES]))
    assert str(border.dtype) == "float64"
    assert found_in(as_parquet(tmp_path, CASES, Border=border)).problems == []


def test_what_is_no_parquet_file_is_refused(tmp_path: Path) -> None:
    file = as_parquet(tmp_path, CASES)
    whole = file.path.read_bytes()
    for content in (b"", b"Name,Court\n", whole[: len(whole) // 2]):
        file.path.write_bytes(content)
        problem = only_problem(file)
        assert problem.message == "The file is no parquet file."
        assert str(tmp_path) not in str(problem)


def test_an_open_case_file_can_read_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with opened(case_file(tmp_path)) as cases, pytest.raises(Exception, match=r"other\.csv"):
        cases.engine.connection.execute(f"SELECT * FROM '{tmp_path / 'other.csv'}'")


def test_a_file_that_does_not_fit_into_memory_is_a_problem_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import duckdb

    file = case_file(tmp_path)

    class Full:
        def execute(self, *_: Any) -> None:
            raise duckdb.OutOfMemoryException("row: Abara, Jo")

    with opened(file) as cases:
        monkeypatch.setattr(cases, "engine", DuckDB(file, Full()))
        with pytest.raises(ValidationError, match="too large to be checked in 2000 MB") as caught:
            cases.query("case_size")
    assert "Abara" not in str(caught.value)
