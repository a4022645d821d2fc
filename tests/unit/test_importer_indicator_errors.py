"""Importers of indicators: what a file that is not as published says, with row and column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from gapatlas.errors import ImportLayoutError, Problem
from gapatlas.importers import IMPORTERS
from tests.fixtures.importers.published import wgi_row, write_csv, write_wgi, write_workbook

TIERS = ("countryname", "iso", "year", "tier")
FACTBOOK = ("gec_code", "tip_report_year", "tier")
POLICY = ("countryname", "iso", "year", "p", "prosecution", "prevention", "protection")
WALK_FREE = (
    "Country",
    "Estimated prevalence of modern slavery per 1,000 population",
    "Estimated number of people in modern slavery",
)
GRANTS = (
    "name", "fiscal year", "grant", "recipient", "subgrantee", "protection", "prosecution",
    "research", "amount",
)  # fmt: skip
FACTOR = "Factor 8: Criminal Justice"


def problems(importer: str, path: Path) -> list[Problem]:
    with pytest.raises(ImportLayoutError) as caught:
        IMPORTERS[importer].read(path)
    assert caught.value.problems
    return caught.value.problems


def only(importer: str, path: Path) -> Problem:
    (problem,) = problems(importer, path)
    return problem


@pytest.mark.parametrize(
    ("importer", "rows", "column", "found"),
    [
        ("tip_tiers", [TIERS, ("Chad", "TCD", "2001", "Tier 1"),
                       ("Kenya", "KEN", "2001", "Tier 4")], "tier", "Tier 4"),
        ("tip_tiers", [TIERS, ("Chad", "TCD", "2001", "Tier 1"),
                       ("Atlantis", "ATL", "2001", "Tier 1")], "countryname", "Atlantis"),
        ("tip_tiers", [TIERS, ("Chad", "TCD", "2001", "Tier 1"),
                       ("Kenya", "TCD", "2001", "Tier 1")], "iso", "TCD"),
        ("tip_tiers", [TIERS, ("Chad", "TCD", "2001", "Tier 1"),
                       ("Chad", "TCD", "2001", "Tier 1")], "countryname", "TCD 2001"),
        ("tip_tiers", [TIERS, ("Chad", "TCD", "2001", "Tier 1"),
                       ("Kenya", "KEN", "early", "Tier 1")], "year", "early"),
        ("tip_tiers", [FACTBOOK, ("ch", "2020", "3"), ("qq", "2020", "3")], "gec_code", "qq"),
        ("tip_tiers", [FACTBOOK, ("ch", "2020", "3"), ("ng", "2020", "2")], "tier", "2"),
        ("tip_tiers", [FACTBOOK, ("ch", "2020", "3"), ("ch", "2020", "3")],
         "gec_code", "CHN 2020"),
        ("three_p", [POLICY, ("Chad", "TCD", "2001", "NA", "NA", "NA", "NA"),
                     ("Kenya", "KEN", "2001", "NA", "6", "NA", "NA")], "prosecution", "6"),
        ("three_p", [POLICY, ("Chad", "TCD", "2001", "NA", "NA", "NA", "NA"),
                     ("Kenya", "KEN", "2001", "7", "2", "2", "2")], "p", "7"),
        ("three_p", [POLICY, ("Chad", "TCD", "2001", "NA", "NA", "NA", "NA"),
                     ("Kenya", "UGA", "2001", "NA", "NA", "NA", "NA")], "iso", "UGA"),
        ("three_p", [POLICY, ("Chad", "TCD", "2001", "NA", "NA", "NA", "NA"),
                     ("Chad", "NA", "2001", "NA", "NA", "NA", "NA")], "countryname", "TCD 2001"),
        ("walk_free", [WALK_FREE, ("Chad", "1.0", "5000.0"), ("Kenya", "1.0", "many")],
         WALK_FREE[2], "many"),
        ("walk_free", [WALK_FREE, ("Chad", "1.0", "5000.0"), ("Kenya", "few", "5000")],
         WALK_FREE[1], "few"),
        ("walk_free", [WALK_FREE, ("Chad", "1.0", "5000.0"), ("Kenya", "", "5000")],
         WALK_FREE[2], "5000 people and no rate"),
        ("walk_free", [WALK_FREE, ("Chad", "1.0", "5000.0"), ("Kenya", "1.0", "0")],
         WALK_FREE[2], "0 people and a rate"),
        ("walk_free", [WALK_FREE, ("Chad", "1.0", "5000.0"), ("Chad", "1.0", "5000.0")],
         "Country", "TCD"),
    ],
)  # fmt: skip
def test_the_cell_is_named(
    tmp_path: Path, importer: str, rows: list[Sequence[str]], column: str, found: str
) -> None:
    problem = problems(importer, write_csv(tmp_path / "p.csv", rows))[0]
    assert (problem.where, problem.row, problem.column) == ("p.csv", 3, column)
    assert problem.found == found


@pytest.mark.parametrize(
    ("importer", "rows", "column"),
    [
        ("tip_tiers", [TIERS, ("Chad", "TCD", "2001", "NA")], "tier"),
        ("tip_tiers", [FACTBOOK, ("ch", "", "3"), ("xx", "2020", "3")], "tip_report_year"),
        ("three_p", [POLICY, ("Chad", "TCD", "2001", *["NA"] * 4)],
         "prosecution, protection, prevention"),
        ("us_grants", [GRANTS, ("Chad", "2005", "0", *[""] * 5, "$0")], "grant"),
    ],
)  # fmt: skip
def test_a_file_in_which_no_row_has_a_value_is_refused(
    tmp_path: Path, importer: str, rows: list[Sequence[str]], column: str
) -> None:
    problem = only(importer, write_csv(tmp_path / "p.csv", rows))
    assert (problem.message, problem.column) == ("No row has a value.", column)


GRANT = {
    "name": "Kenya", "fiscal year": "2005", "grant": "1", "recipient": "An office",
    "subgrantee": "", "protection": "1", "prosecution": "0", "research": "0", "amount": "$5",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "column", "found"),
    [
        ({"name": "Atlantis"}, "name", "Atlantis"),
        ({"fiscal year": "FY05"}, "fiscal year", "FY05"),
        ({"grant": "2"}, "grant", "2"),
        ({"prosecution": "maybe"}, "prosecution", "maybe"),
        ({"amount": "a lot"}, "amount", "a lot"),
        ({"amount": "$1,23"}, "amount", "1,23"),
        ({"amount": "$-5"}, "amount", "-5"),
        ({"subgrantee": "1", "prosecution": "1"}, "research", "prosecution 1, research 0"),
    ],
)
def test_a_grant_names_the_cell(
    tmp_path: Path, change: dict[str, str], column: str, found: str
) -> None:
    rows = [GRANTS, [GRANT[c] for c in GRANTS], [{**GRANT, **change}[c] for c in GRANTS]]
    problem = only("us_grants", write_csv(tmp_path / "g.csv", rows))
    assert (problem.row, problem.column, problem.found) == (3, column, found)


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (wgi_row("Atlantis", "ATL", (0, 1), (0, 1)), "Code", "ATL"),
        (wgi_row("Kenya", "KEN", (0, 1), (0, 1)), "Code", "KEN"),
        (wgi_row("Chad", "TCD", ("low", 1), (0, 1)), "Estimate 2018", "low"),
        (wgi_row("Chad", "TCD", (0, 1), (0, "n/a")), "StdErr 2019", "n/a"),
        (
            wgi_row("Chad", "TCD", (0, 1), (0, -1)),
            "StdErr 2019",
            "estimate 0.0, error -1.0",
        ),
        (
            wgi_row("Chad", "TCD", (0, 1), (0, "")),
            "StdErr 2019",
            "estimate 0.0, error <NA>",
        ),
    ],
)
def test_the_world_bank_names_the_cell(
    tmp_path: Path, row: list[object], column: str, found: str | None
) -> None:
    rows = [wgi_row("Kenya", "KEN", (0.5, 0.1), (0.5, 0.1)), row]
    problem = problems("wgi", write_wgi(tmp_path / "w.xlsx", rows))[0]
    assert (problem.row, problem.column, problem.found) == (9, column, found)


def test_the_world_bank_without_its_sheet_or_its_columns(tmp_path: Path) -> None:
    row = wgi_row("Kenya", "KEN", (0.5, 0.1), (0.5, 0.1))
    other = write_wgi(tmp_path / "o.xlsx", [row], sheet="ControlofCorruption")
    assert only("wgi", other).found == "Introduction, ControlofCorruption"
    no_year = write_wgi(tmp_path / "y.xlsx", [row], years=(2018, 1))
    assert only("wgi", no_year).message == "The year is out of range."
    header = ["Country/Territory", "Code", "Estimate", "Rank"]
    rows: list[list[object]] = [["", "", 2018, 2018], list(header), ["Kenya", "KEN", 0.5, 3]]
    no_error = write_workbook(tmp_path / "e.xlsx", {"RuleofLaw": rows})
    assert only("wgi", no_error).message == "An estimate has no standard error beside it."
    rows = [["", "", 2018], ["Country/Territory", "Code", "Rank"], ["Kenya", "KEN", 3]]
    none = write_workbook(tmp_path / "n.xlsx", {"RuleofLaw": rows})
    assert only("wgi", none).message == "There is no column of estimates."


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["Country", "Kenya", "Atlantis"], [FACTOR, 0.4, 0.3]], "The country is not known."),
        ([["Country", "Kenya", "Kenya"], [FACTOR, 0.4, 0.3]], "The country is printed twice."),
        ([["Country", "Chad", "Kenya"], [FACTOR, 0.4, 1.3]], "The score is off its scale."),
        ([["Country", "Chad", "Kenya"], [FACTOR, 0.4, "good"]], "A number was expected."),
    ],
)
def test_the_world_justice_project_names_the_column(
    tmp_path: Path, rows: list[list[object]], message: str
) -> None:
    path = write_workbook(tmp_path / "w.xlsx", {"WJP ROL Index 2014 Scores": rows})
    problem = only("wjp", path)
    assert (problem.row, problem.message) == (3, message)
    assert "WJP ROL Index 2014 Scores" in str(problem.column)


def test_the_world_justice_project_without_scores(tmp_path: Path) -> None:
    no_sheet = write_workbook(tmp_path / "s.xlsx", {"Introduction": [["words"]]})
    assert only("wjp", no_sheet).found == "Introduction"
    rows = [["Country", "Kenya"], ["Factor 7: Civil Justice", 0.5]]
    no_factor = write_workbook(tmp_path / "f.xlsx", {"WJP ROL Index 2014 Scores": rows})
    assert only("wjp", no_factor).column == FACTOR
