"""What is guessed of tables as offices publish them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import yaml

from gapatlas import cli
from gapatlas.atlas import open_atlas
from gapatlas.errors import ValidationError
from gapatlas.guessing import start
from gapatlas.guessing.answers import meaning_of, told
from gapatlas.guessing.checking import check
from gapatlas.languages import LANGUAGES, speaking
from tests.support import PLACES

HEADED = ["Provincia", "Año", "Víctimas", "Procesados", "Condenados"]


@pytest.fixture
def places(tmp_path: Path) -> pd.DataFrame:
    path = tmp_path / "known.csv"
    path.write_text(PLACES, encoding="utf-8")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def written(folder: Path, text: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def map_of(file: Path, places: pd.DataFrame | None) -> dict[str, Any]:
    (block,) = yaml.safe_load(start(file, file.parent, places).block.text).values()
    return dict(block["map"]) | {"read": block.get("read"), "kind": block["kind"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "iso3,year,victims,prosecuted persons,convicted persons\n"
            "AAA,2020,10,5,2\nBBB,2020,7,3,<5\nCCC,2021,*,..,1\n",
            {
                "place": {"column": "iso3", "by": "id"},
                "year": {"column": "year"},
                "wide": {
                    "victims": {"stage": "detected", "unit": "victims"},
                    "prosecuted persons": {"stage": "prosecuted", "unit": "persons"},
                    "convicted persons": {"stage": "convicted", "unit": "persons"},
                },
                "tokens": {"*": "suppressed", "..": "not_reported", "<5": [1, 4]},
            },
            id="stages as columns, places by id",
        ),
        pytest.param(
            "Country;Stage;Year;Number\nAlphaland;Victims;2020;1.204\n"
            "Betaland;Convicted;2020;12\nTotal;Victims;2020;1.300\n",
            {
                "place": {"column": "Country", "by": "name"},
                "drop": {"Country": ["Total"]},
                "year": {"column": "Year"},
                "count": {"column": "Number"},
                "stage": {
                    "column": "Stage",
                    "codes": {"Victims": "detected", "Convicted": "convicted"},
                },
                "unit": {
                    "column": "Stage",
                    "codes": {"Victims": "victims", "Convicted": "persons"},
                },
                "thousands": ".",
            },
            id="stages in a column, semicolons, points between thousands",
        ),
        pytest.param(
            "Place,2019,2020,2021\nAlphaland,3,4,5\nBetaland,1,n/a,2\n",
            {
                "place": {"column": "Place", "by": "name"},
                "year": {"columns": [2019, 2021]},
                "stage": {"value": "?"},
                "unit": {"value": "?"},
                "tokens": {"n/a": "not_reported"},
            },
            id="years as columns",
        ),
        pytest.param(
            "iso2,Year,Population\nAA,2020,1000000\nBB,2020,2000000\n",
            {
                "kind": "population",
                "place": {"column": "iso2", "by": "iso2"},
                "year": {"column": "Year"},
                "value": {"column": "Population"},
            },
            id="people",
        ),
    ],
)
def test_a_table_is_understood(
    tmp_path: Path, places: pd.DataFrame, text: str, expected: dict[str, Any]
) -> None:
    found = map_of(written(tmp_path, text), places)
    assert {key: found[key] for key in expected} == expected


def test_places_that_nobody_knows_are_asked_for(tmp_path: Path, places: pd.DataFrame) -> None:
    file = written(tmp_path, "Province,Year,Victims\nNorth,2020,3\nSouth,2020,4\n")
    found = start(file, tmp_path, places)
    (block,) = yaml.safe_load(found.block.text).values()
    assert block["map"]["place"]["codes"] == {"North": "?", "South": "?"}
    assert found.open
    assert any(question.startswith("map.place.codes") for question in found.block.questions)


def test_letters_of_another_encoding_and_rows_above_the_header_are_opened(tmp_path: Path) -> None:
    text = "Trata de personas\n\nProvincia;Año;Víctimas\n" + "".join(
        f"Provincia número {n} de la región;2021;{n}\n" for n in range(1, 30)
    )
    found = start(written(tmp_path, text, encoding="cp1252"), tmp_path, None)
    (block,) = yaml.safe_load(found.block.text).values()
    assert block["read"]["header_row"] == 3
    assert block["read"]["encoding"].startswith("cp125")
    assert "read.encoding: guessed from the letters" in found.block.questions


def test_a_workbook_becomes_an_atlas_with_its_descriptor_alone_to_fill_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Trata, por provincia"], [], HEADED):
        sheet.append(row)
    for year in (2020, 2021, 2022):
        for name, victims, charged, convicted in (
            ("Norte", "1.204", 40, 12), ("Sur", "310", 20, "<5"), ("Total", "1.514", 60, 14),
        ):  # fmt: skip
            sheet.append([name, year, victims, charged, convicted])
    sheet.append(["Fuente: Instituto"])
    book.save(tmp_path / "trata.xlsx")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["gapatlas", "init", "trata.xlsx", "--write"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 0
    assert "Wrote config.yaml." in capsys.readouterr().out
    descriptor = tmp_path / "trata.yaml"
    descriptor.write_text(descriptor.read_text().replace('"?"', "made up"))
    with open_atlas(tmp_path / "config.yaml") as atlas:
        frame = atlas.measure("convicted_per_prosecuted", window=3).data
        rates = frame.set_index("name")
    assert rates["value"]["Norte"] == pytest.approx(36 / 120)
    assert rates["status"]["Sur"] == "censored"


def test_no_file_is_replaced_and_none_is_named_outside_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "Provincia,Año,Víctimas,Condenados\nNorte,2020,3,1\n")
    (tmp_path / "places.csv").write_text("mine")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["gapatlas", "init", "table.csv", "--write"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 1
    assert "places.csv: The file is there already." in capsys.readouterr().err
    assert (tmp_path / "places.csv").read_text() == "mine"
    with pytest.raises(ValidationError, match="can't be named"):
        start(file, tmp_path / "deeper", None)


OFFICE = {
    "Table 1 Victims": [
        ["Victims, by province"],
        [],
        ["Code", "Province", "Victims detected", None],
        [None, None, 2021, 2022],
        ["01", "North Hills", 31, 40],
        ["02", "South Coast", "..", 12],
        [None, "Total", 31, 52],
        ["Source: Ministry"],
    ],
    "Population": [
        ["Code", "Province", 2021, 2022],
        ["01", "North Hills", 812.4, 820.1],
        ["02", "South Coast", 97.5, 98.2],
    ],
}


@pytest.fixture
def office_book(tmp_path: Path) -> Path:
    """A book as an office publishes it: two sheets, a header in two rows with merged cells."""
    book = openpyxl.Workbook()
    for name, lines in OFFICE.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    victims = book["Table 1 Victims"]
    for span in ("A3:A4", "B3:B4", "C3:D3"):
        victims.merge_cells(span)
    del book["Sheet"]
    book.save(tmp_path / "office.xlsx")
    return tmp_path / "office.xlsx"


def test_a_header_of_two_merged_rows_is_read_and_the_sheet_says_what_is_counted(
    tmp_path: Path, office_book: Path
) -> None:
    found = start(office_book, tmp_path, None, {"sheet": "Table 1 Victims"})
    (block,) = yaml.safe_load(found.block.text).values()
    assert block["read"] == {"sheet": "Table 1 Victims", "header_row": 4, "last_row": 7}
    assert block["map"]["stage"] == {"value": "detected"}
    assert block["map"]["unit"] == {"value": "victims"}
    assert block["source"] == "office"
    assert "North Hills,province," in found.files["places.csv"]


ABOVE = ["Provincia", "Víctimas", None, "Condenados", None]
BELOW = [None, 2020, 2021, 2020, 2021]
FIGURES = (["Alphaland", 10, 12, 3, 4], ["Betaland", 7, "<5", 0, 1])


def two_rows_in_xlsx(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Trata de personas"], ABOVE, BELOW, *FIGURES):
        sheet.append(row)
    for span in ("A2:A3", "B2:C2", "D2:E2"):
        sheet.merge_cells(span)
    book.save(folder / "two.xlsx")
    return folder / "two.xlsx"


def two_rows_in_csv(folder: Path, upper: list[str | None]) -> Path:
    lines = [[cell if cell is not None else "" for cell in row] for row in (upper, BELOW, *FIGURES)]
    text = "\n".join(";".join(map(str, line)) for line in lines)
    return written(folder, f"{text}\n", "two.csv")


@pytest.mark.parametrize("written_as", ["merged", "blank", "repeated"])
def test_stages_above_years_are_columns_of_both(
    tmp_path: Path, places: pd.DataFrame, written_as: str
) -> None:
    if written_as == "merged":
        file = two_rows_in_xlsx(tmp_path)
    else:
        again = [ABOVE[0], ABOVE[1], ABOVE[1], ABOVE[3], ABOVE[3]]
        file = two_rows_in_csv(tmp_path, ABOVE if written_as == "blank" else again)
    found = map_of(file, places)
    assert found["place"] == {"column": "Provincia", "by": "name"}
    assert "year" not in found
    assert found["wide"] == {
        f"{name} {year}": {"stage": stage, "unit": unit, "year": year}
        for name, stage, unit in (
            ("Víctimas", "detected", "victims"), ("Condenados", "convicted", "persons"),
        )
        for year in (2020, 2021)
    }  # fmt: skip
    block = start(file, tmp_path, places).block
    verdict = check(file, file.name, block.text, places, tmp_path)
    assert verdict.problems == []
    assert (verdict.rows, verdict.years) == (8, (2020, 2021))
    figures = {
        (row["jurisdiction_id"], row["stage"], row["year"]): (row["count_low"], row["count_high"])
        for row in verdict.first
    }
    assert figures["BBB", "detected", "2021"] == ("1", "4")
    assert figures["AAA", "convicted", "2020"] == ("3", "3")


def test_a_name_that_stands_twice_above_figures_is_still_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "Province,Victims,Victims\nNorth,3,4\nSouth,5,6\n")
    with pytest.raises(ValidationError) as caught:
        start(file, tmp_path, None)
    assert "Columns have the same name" in caught.value.problems[0].message


def test_people_in_thousands_are_known_from_sheet_and_fractions(
    tmp_path: Path, office_book: Path
) -> None:
    found = start(office_book, tmp_path, None, {"sheet": "Population"})
    (block,) = yaml.safe_load(found.block.text).values()
    assert block["kind"] == "population"
    assert block["map"]["value"] == {"times": 1000}
    assert any(question.startswith("map.value.times") for question in found.block.questions)
    assert block["source"] != "office"


def test_several_sheets_are_listed_with_the_option_that_names_one(
    tmp_path: Path, office_book: Path
) -> None:
    with pytest.raises(ValidationError, match="cannot be read") as caught:
        start(office_book, tmp_path, None)
    (problem,) = caught.value.problems
    assert "`--sheet` of `gapatlas init`" in problem.message
    assert problem.allowed == "`sheet: Table 1 Victims`, `sheet: Population`"


def test_cells_merged_below_the_header_are_filled_with_a_question(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Province", "Year", "Victims"], ["North", 2021, 3], [None, 2022, 4]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "merged.xlsx")
    found = start(tmp_path / "merged.xlsx", tmp_path, None)
    (block,) = yaml.safe_load(found.block.text).values()
    assert block["read"] == {"merged": "fill"}
    assert any(question.startswith("read.merged") for question in found.block.questions)


def test_places_with_names_of_countries_are_countries(tmp_path: Path) -> None:
    file = written(tmp_path, "Pays,Année,Victimes\nFrance,2020,3\nAllemagne,2020,4\n")
    assert "France,country," in start(file, tmp_path, None).files["places.csv"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("meaning", ["suppressed", "not_reported", [1, 4], 12])
def test_what_stands_in_place_of_a_figure_is_read_in_every_language(
    language: str, meaning: Any
) -> None:
    english = told(meaning)
    with speaking(language):
        assert meaning_of(told(meaning)) == meaning_of(english) == meaning
