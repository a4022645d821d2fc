"""Every importer: what a file that is not as published says, with row, column and what fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from gapatlas.errors import ImportLayoutError, Problem
from gapatlas.importers import IMPORTERS
from gapatlas.importers.tables import MOST_PROBLEMS_LISTED
from tests.fixtures.importers.published import (
    FBI_HEADER,
    GLOTIP_HEADER,
    fbi_row,
    glotip_row,
    write_csv,
    write_fbi,
    write_glotip,
    write_package,
    write_packages,
)

POPULATION = ("Country Name", "Country Code", "Year", "Value")


def problems(importer: str, path: Path) -> list[Problem]:
    with pytest.raises(ImportLayoutError) as caught:
        IMPORTERS[importer].read(path)
    assert caught.value.problems
    return caught.value.problems


def only(importer: str, path: Path) -> Problem:
    (problem,) = problems(importer, path)
    return problem


@pytest.mark.parametrize(
    ("change", "column", "found"),
    [
        ({"value": "many"}, "txtVALUE", "many"),
        ({"value": ""}, "txtVALUE", "an empty cell"),
        ({"value": "-3"}, "txtVALUE", "-3"),
        ({"value": "1,23"}, "txtVALUE", "1,23"),
        ({"indicator": "Persons acquitted"}, "Indicator", "Persons acquitted"),
        ({"dimension": "by age"}, "Dimension", "by age"),
        ({"sex": "Women"}, "Sex", "Women"),
        ({"age": "Adults"}, "Age", "Adults"),
        ({"unit": "Rates"}, "Unit of measurement", "Rates"),
        ({"dimension": "by form of exploitation", "category": "Begging"}, "Category", "Begging"),
        ({"category": "Some"}, "Category", "Some"),
        ({"year": "20x0"}, "Year", "20x0"),
        ({"year": "1066"}, "Year", "1066"),
        ({"iso": "ZZZ"}, "Iso3_code", "ZZZ (Romania)"),
        ({"iso": ""}, "Iso3_code", "an empty cell (Romania)"),
    ],
)
def test_glotip_names_the_cell(
    tmp_path: Path, change: dict[str, str], column: str, found: str
) -> None:
    path = write_glotip(tmp_path / "g.xlsx", [glotip_row(), glotip_row(**change)])
    problem = only("glotip", path)
    assert (problem.where, problem.row, problem.column) == ("g.xlsx", 5, column)
    assert (problem.found, problem.severity) == (found, "error")


def test_glotip_reports_an_unknown_label_once_and_all_failures_together(tmp_path: Path) -> None:
    rows = [glotip_row(sex="Women"), glotip_row(sex="Women", value="x"), glotip_row(age="Old")]
    found = problems("glotip", write_glotip(tmp_path / "g.xlsx", rows))
    assert [(p.column, p.row) for p in found] == [("Sex", 4), ("Age", 6), ("txtVALUE", 5)]
    assert "2 rows" in found[0].message
    assert found[0].allowed == "Female, Male, Other, Total, Unknown"


def test_glotip_missing_column(tmp_path: Path) -> None:
    header = [name if name != "Age" else "Ages" for name in GLOTIP_HEADER]
    path = write_glotip(tmp_path / "g.xlsx", [glotip_row()], header=header)
    problem = only("glotip", path)
    assert (problem.row, problem.column, problem.allowed) == (3, "Age", "Age")
    assert "Ages" in str(problem.found)


def test_glotip_missing_header_sheet_and_rows(tmp_path: Path) -> None:
    no_header = write_glotip(tmp_path / "a.xlsx", [glotip_row()], header=["A", "B"])
    assert "No header row" in only("glotip", no_header).message
    other_sheet = write_glotip(tmp_path / "b.xlsx", [glotip_row()], sheet="Sheet1")
    assert only("glotip", other_sheet).found == "Sheet1"
    no_rows = write_glotip(tmp_path / "c.xlsx", [])
    assert "No rows" in only("glotip", no_rows).message


def test_glotip_unreadable_workbooks(tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("this is no workbook")
    whole = write_glotip(tmp_path / "whole.xlsx", [glotip_row()]).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    for name in ("text.xlsx", "cut.xlsx", "absent.xlsx"):
        problem = only("glotip", tmp_path / name)
        assert problem.where == name
        assert "cannot be read" in problem.message


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (fbi_row("ZZ"), "STATE_ABBR", "ZZ"),
        (fbi_row(counts=("x", 0, 0, 0)), "ACTUAL_COUNT", "x"),
        (fbi_row(counts=(1, 0, "1.5", 0)), "CLEARED_COUNT", "1.5"),
        (fbi_row(code="83", name="Commercial Sex Acts"), "OFFENSE_SUBCAT_ID", "83"),
        (fbi_row(name="Something"), "OFFENSE_SUBCAT_NAME", "Something"),
        (fbi_row(name="Involuntary Servitude"), "OFFENSE_SUBCAT_ID",
         "HTCSA Involuntary Servitude"),
        (fbi_row(year=""), "DATA_YEAR", "an empty cell"),
        (fbi_row(agency=" "), "ORI", "an empty cell"),
    ],
)  # fmt: skip
def test_fbi_names_the_cell(tmp_path: Path, row: list[object], column: str, found: str) -> None:
    problem = only("fbi", write_fbi(tmp_path / "h.csv", [fbi_row(), row]))
    assert (problem.row, problem.column, problem.found) == (3, column, found)
    assert problem.allowed or found == "an empty cell"


def test_fbi_sum_below_zero(tmp_path: Path) -> None:
    path = write_fbi(tmp_path / "h.csv", [fbi_row(), fbi_row(counts=(-2, 0, 0, 0))])
    found = problems("fbi", path)
    assert {p.column for p in found} == {"ACTUAL_COUNT"}
    assert "US-TX in 2020 (total) is below zero" in found[1].message


def test_fbi_missing_and_repeated_columns_and_ragged_rows(tmp_path: Path) -> None:
    header = ["CLEARED_COUNT" if name == "ORI" else name for name in FBI_HEADER]
    found = problems("fbi", write_csv(tmp_path / "h.csv", [header, fbi_row()]))
    assert [(p.row, p.column) for p in found] == [(1, "ORI"), (1, "CLEARED_COUNT")]
    ragged = only("fbi", write_fbi(tmp_path / "r.csv", [fbi_row(), fbi_row()[:-2]]))
    assert (ragged.row, ragged.found, ragged.allowed) == (3, "10 cells", "12 cells")


def test_csv_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00\x01")
    assert "cannot be read" in only("fbi", tmp_path / "b.csv").message


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (("Romania", "ROU", "2020", "n/a"), "Value", "n/a"),
        (("Romania", "ROU", "2020", "-1"), "Value", "-1"),
        (("Romania", "ROU", "year", "1"), "Year", "year"),
        (("Romania", "ROU", "2019", "1"), "Country Code", "ROU 2019"),
    ],
)
def test_world_bank_names_the_cell(
    tmp_path: Path, row: tuple[str, ...], column: str, found: str
) -> None:
    first = ("Romania", "ROU", "2019", "19")
    problem = only("world_bank", write_csv(tmp_path / "p.csv", [POPULATION, first, row]))
    assert (problem.row, problem.column, problem.found) == (3, column, found)


def test_world_bank_without_countries_or_without_a_column(tmp_path: Path) -> None:
    aggregate = write_csv(tmp_path / "p.csv", [POPULATION, ("World", "WLD", "2020", "1")])
    assert "No row carries a country code" in only("world_bank", aggregate).message
    wide = write_csv(tmp_path / "w.csv", [(*POPULATION[:2], "2020"), ("Romania", "ROU", "1")])
    assert [p.column for p in problems("world_bank", wide)] == ["Year", "Value"]


@pytest.mark.parametrize(
    ("rows", "column", "found"),
    [
        ([("STATE", "NAME", "POPESTIMATE2030"), ("99", "Nowhere", "1")], "STATE", "99"),
        ([("STATE", "NAME", "POPESTIMATE2030"), ("01", "Alabama", "x")], "POPESTIMATE2030", "x"),
        ([("STATE", "POPESTIMATE2030"), ("01", "1")], "NAME", "STATE, POPESTIMATE2030"),
        ([("index", "TX", "UT", "ZZ"), ("2020", "1", "2", "3")], "ZZ", "ZZ"),
        ([("index", "TX"), ("2020", "many")], "TX", "many"),
        ([("index", "TX"), ("2020", "1"), ("2020", "1")], None, "US-TX 2020"),
        ([("a", "b"), ("1", "2")], None, None),
    ],
)
def test_census_names_the_cell(
    tmp_path: Path, rows: list[tuple[str, ...]], column: str | None, found: str | None
) -> None:
    problem = only("census", write_csv(tmp_path / "c.csv", rows))
    assert (problem.column, problem.found) == (column, found)


def test_boundaries_missing_package_member_and_unknown_shape(tmp_path: Path) -> None:
    world = write_packages(tmp_path, (("999", "Atlantis"),)) / "world-atlas-9.9.9.tgz"
    assert {p.found for p in problems("boundaries", world)} == {"999 (Atlantis)"}
    write_package(world, "world-atlas", {"countries-110m.json": {}})
    assert "countries-50m.json" in only("boundaries", world).message
    world.unlink()
    missing = only("boundaries", tmp_path)
    assert missing.allowed == "world-atlas-*.tgz"
    world.write_bytes(b"no archive")
    assert only("boundaries", tmp_path).where == world.name
    assert "cannot be read" in only("boundaries", tmp_path / "absent").message


def test_a_very_long_list_of_failures_is_cut_and_says_so(tmp_path: Path) -> None:
    rows = [fbi_row(counts=("x", 0, 0, 0)) for _ in range(MOST_PROBLEMS_LISTED + 7)]
    found = problems("fbi", write_fbi(tmp_path / "h.csv", rows))
    assert len(found) == MOST_PROBLEMS_LISTED + 1
    assert "7 further problems" in found[-1].message
