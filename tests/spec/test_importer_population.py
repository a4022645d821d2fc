"""World Bank and US Census population in their published layouts. Made-up figures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gapatlas.importers import IMPORTERS, Import, census
from gapatlas.importers.base import sha256_of
from tests.fixtures.importers.published import write_csv

WORLD_BANK_HEADER = ("Country Name", "Country Code", "Year", "Value")
NST = [
    ("  c", "REGION", "STATE", "NAME", "POPESTIMATE2030", "POPESTIMATE2031", "BIRTHS2030"),
    ("010", "0", "00", "United States", "900", "901", "1"),
    ("020", "3", "00", "South Region", "500", "501", "1"),
    ("040", "3", "01", "Alabama", "100", "101", "1"),
    ("040", "X", "72", "Puerto Rico", "30", "31", "1"),
]
PEP = [
    ("GEO.id", "GEO.id2", "GEO.display-label", "rescen42010", "respop72010", "respop72011"),
    ("Id", "Id2", "Geography", "April 1, 2010 - Census", "Estimate - 2010", "Estimate - 2011"),
    ("0100000US", "", "United States", "899", "900", "901"),
    ("0400000US01", "1", "Alabama", "99", "100", "101"),
    ("0400000US14", "14", "Guam", "9", "10", "11"),
    ("0400000USXX", "XX", "U.S. Virgin Islands", "19", "20", "21"),
]
BY_USPS = [("index", " AK", " TX"), ("2013", "70.0", "300.0"), ("2014", "71.0", "301.0")]


def figures(result: Import) -> dict[tuple[str, int], object]:
    table = result.tables["population"]
    keys = zip(table["jurisdiction_id"], table["year"], strict=True)
    values = [None if pd.isna(v) else int(v) for v in table["population"]]
    return dict(zip(keys, values, strict=True))


def test_world_bank_keeps_countries_and_names_what_it_drops(tmp_path: Path) -> None:
    rows = [
        ("Romania", "ROU", "2020", "19"), ("Kosovo", "XKX", "2020", "2"),
        ("World", "WLD", "2020", "8000"), ("Channel Islands", "CHI", "2020", "1"),
        ("Namibia", "NAM", "2020", ""),
    ]  # fmt: skip
    result = IMPORTERS["world_bank"].read(write_csv(tmp_path / "p.csv", [WORLD_BANK_HEADER, *rows]))
    assert figures(result) == {("ROU", 2020): 19, ("XKX", 2020): 2, ("NAM", 2020): None}
    assert {notice.found for notice in result.notices} == {"WLD", "CHI"}
    assert result.facts["codes dropped"] == 2
    status = result.tables["population"].set_index("jurisdiction_id")["status"]
    assert status.to_dict() == {"ROU": "exact", "XKX": "exact", "NAM": "not_reported"}


@pytest.mark.parametrize(
    ("layout", "expected", "dataset"),
    [
        (NST, {("US-AL", 2030): 100, ("US-AL", 2031): 101, ("US-PR", 2030): 30,
               ("US-PR", 2031): 31}, "us_census_population_2031"),
        (PEP, {("US-AL", 2010): 100, ("US-AL", 2011): 101, ("US-GU", 2010): 10,
               ("US-GU", 2011): 11, ("US-VI", 2010): 20, ("US-VI", 2011): 21},
         "us_census_population_2011"),
        (BY_USPS, {("US-AK", 2013): 70, ("US-AK", 2014): 71, ("US-TX", 2013): 300,
                   ("US-TX", 2014): 301}, "us_census_population_2014"),
    ],
)  # fmt: skip
def test_census_layouts(
    tmp_path: Path,
    layout: list[tuple[str, ...]],
    expected: dict[tuple[str, int], int],
    dataset: str,
) -> None:
    result = IMPORTERS["census"].read(write_csv(tmp_path / "c.csv", layout))
    assert figures(result) == expected
    assert result.dataset_id == dataset
    assert result.tables["population"]["status"].unique().tolist() == ["exact"]


def test_census_names_a_damaged_header_cell_and_unofficial_codes(tmp_path: Path) -> None:
    nst = IMPORTERS["census"].read(write_csv(tmp_path / "n.csv", NST))
    assert [notice.column for notice in nst.notices] == ["SUMLEV"]
    pep = IMPORTERS["census"].read(write_csv(tmp_path / "p.csv", PEP))
    assert {notice.found for notice in pep.notices} == {"0400000US14", "0400000USXX"}
    notes = pep.tables["population"].set_index("jurisdiction_id")["note"]
    assert notes["US-VI"].tolist() == ["code_not_official"] * 2
    assert notes["US-AL"].tolist() == ["", ""]


def test_figures_that_a_review_found_wrong_are_not_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "c.csv", BY_USPS)
    monkeypatch.setattr(census, "REVIEWED_AS_WRONG", {sha256_of(path): {"US-AK": "a half of it"}})
    result = IMPORTERS["census"].read(path)
    assert figures(result) == {("US-AK", 2013): None, ("US-AK", 2014): None,
                               ("US-TX", 2013): 300, ("US-TX", 2014): 301}  # fmt: skip
    alaska = result.tables["population"].query("jurisdiction_id == 'US-AK'")
    assert alaska["status"].tolist() == ["not_reported"] * 2
    assert alaska["note"].tolist() == ["implausible"] * 2
    assert "a half of it" in result.notices[0].message
