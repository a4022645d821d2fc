"""Single cells of an office's table: years, figures, places, words; and where a row comes from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gapatlas.config.mapping_models import PlaceKeys, TableMap, YearKeys
from gapatlas.errors import Problem
from gapatlas.mapping import mapped
from gapatlas.mapping.findings import CellFault
from gapatlas.mapping.numbers import FigureReader
from gapatlas.mapping.places import LANGUAGES, PlaceReader
from gapatlas.mapping.texts import folded, in_flow, is_a_sum
from gapatlas.mapping.words import word_reader
from gapatlas.mapping.years import read_year
from gapatlas.tables import CsvCells
from tests.mapped_tables import checked, problems_of, rows_of_atlas, write_mapped

pytestmark = pytest.mark.usefixtures("said_problems")

PLACES = pd.DataFrame(
    [
        ("AFG", "Afghanistan", "country", "AF", "004", ""),
        ("COD", "DR Congo", "country", "CD", "180", ""),
        ("COG", "Congo", "country", "CG", "178", ""),
        ("DEU", "Germany", "country", "DE", "276", ""),
        ("GEO", "Georgia", "country", "GE", "268", ""),
        ("NAM", "Namibia", "country", "NA", "516", ""),
        ("OWN-TG", "Togo", "country", "TG", "768", ""),
        ("TON", "Tonga", "country", "TO", "776", ""),
        ("TUR", "Türkiye", "country", "TR", "792", ""),
        ("US-GA", "Georgia", "us_state", "", "", "GA"),
        ("US-PR", "Puerto Rico", "us_territory", "", "", "PR"),
        ("X-N", "Noord-Łódź & Ørsted", "country", "", "", ""),
    ],
    columns=["jurisdiction_id", "name", "level", "iso2", "iso_numeric", "usps"],
)


def place(cell: str, **keys: object) -> str | CellFault:
    return PlaceReader(PlaceKeys.model_validate({"column": "P", **keys}), PLACES).read(cell)


@pytest.mark.parametrize(
    ("by", "cell", "id_"),
    [
        ("id", "x-n", "X-N"),
        ("iso2", "NA", "NAM"),
        ("iso2", "af", "AFG"),
        ("iso3", "AFG", "AFG"),
        ("iso3", "TGO", "OWN-TG"),
        ("numeric", "4", "AFG"),
        ("numeric", "004", "AFG"),
        ("usps", "PR", "US-PR"),
        ("name", "noord lodz and orsted", "X-N"),
        ("name", "Alemania", "DEU"),
        ("name", "DEUTSCHLAND", "DEU"),
        ("name", "ألمانيا", "DEU"),
        ("name", "德国", "DEU"),
        ("name", "Turquía", "TUR"),
        ("name", "Turkey", "TUR"),
        ("name", "Congo", "COG"),
        ("name", "Congo, The Democratic Republic of the", "COD"),
        ("name", "टोगो", "OWN-TG"),
        ("name", "टोंगा", "TON"),
    ],
)
def test_places_are_found_by_codes_and_names(by: str, cell: str, id_: str) -> None:
    assert place(cell, by=by) == id_


def test_names_are_known_in_many_languages() -> None:
    assert {"ar", "de", "en", "es", "fr", "pt", "ru", "zh"} <= set(LANGUAGES)


@pytest.mark.parametrize(
    ("cell", "keys", "message", "allowed"),
    [
        ("Georgia", {}, "Several places have this name: GEO", "{Georgia: GEO}`, or `level:`"),
        ("Kongo", {}, "Several places have this name: COD", "`codes: {Kongo: COD}`"),
        ("Germny", {}, "No place has this name.", "`codes: {Germny: DEU}` if that is Germany"),
        ("Xyzzy", {}, "No place has this name.", "`drop: {P: [Xyzzy]}`"),
        ("", {}, "The cell is empty", '`drop: {P: [""]}`'),
        ("Suma", {}, "This row is a sum of others", "`drop: {P: [Suma]}`"),
        ("ZZ", {"by": "iso2"}, "No place has this ISO code of two letters.", "`codes: {ZZ: ...}`"),
        ("7", {"by": "code", "codes": {"8": "DEU"}}, "`codes` does not list", '{"7": ...}`'),
        ("8", {"by": "code", "codes": {"8": "DEX"}}, "`codes` gives it the id DEX", "DEU"),
    ],
)  # fmt: skip
def test_a_cell_that_names_no_place_says_what_to_write(
    cell: str, keys: dict[str, object], message: str, allowed: str
) -> None:
    fault = place(cell, **keys)
    assert isinstance(fault, CellFault)
    assert fault.message.startswith(message)
    assert allowed in (fault.allowed or "")


def test_codes_go_before_names_and_a_level_chooses() -> None:
    assert place("Georgia", codes={"georgia": "DEU"}) == "DEU"
    assert place("Georgia", level="us_state") == "US-GA"
    assert place("Puerto Rico", level="us_state") == "US-PR"
    assert isinstance(place("Germany", level="us_state"), CellFault)


@pytest.mark.parametrize(
    ("cell", "calendar", "june", "september_start"),
    [
        ("2019", "2019", "2019", "2019"),
        ("2019-06-30", "2019", "2019", "2018"),
        ("2019-07-01 00:00:00", "2019", "2020", "2018"),
        ("2019-10-01T09:30:00Z", "2019", "2020", "2019"),
        ("2019-04", "2019", "2019", "2018"),
        ("31.12.2019", "2019", "2020", "2019"),
        ("12/31/2019", "2019", "2020", "2019"),
        ("08/2019", "2019", "2020", "2018"),
        ("2019/20", None, "2020", "2019"),
        ("2019-20", None, "2020", "2019"),
        ("2019–2020", None, "2020", "2019"),
        ("1999/00", None, "2000", "1999"),
        ("FY 2019/20", None, "2020", "2019"),
        ("FY2020", None, "2020", "2020"),
        ("03/07/2019", "2019", None, "2018"),
        ("2008-09", None, "2009", None),
        ("2009-10", None, "2010", "2009"),
        ("2019/21", None, None, None),
        ("2019-13-01", None, None, None),
        ("19", None, None, None),
        ("2019 (p)", None, None, None),
        ("٢٠١٩", None, None, None),
        ("", None, None, None),
        ("Total", None, None, None),
    ],
)
def test_years_of_dates_and_spans(
    cell: str, calendar: str | None, june: str | None, september_start: str | None
) -> None:
    maps: tuple[dict[str, object], ...] = (
        {},
        {"fiscal_year_ends": 6},
        {"fiscal_year_ends": 9, "fiscal_year_named_by": "start"},
    )
    found = [read_year(YearKeys.model_validate({"column": "Y", **keys}), cell) for keys in maps]
    years = [None if isinstance(year, CellFault) else year for year in found]
    assert years == [calendar, june, september_start]


def test_the_order_of_day_and_month_is_said_in_the_map() -> None:
    keys = {"column": "Y", "fiscal_year_ends": 6}
    for order, year in (("dmy", "2020"), ("mdy", "2019")):
        given = YearKeys.model_validate({**keys, "date_order": order})
        assert read_year(given, "03/07/2019") == year
    fault = read_year(YearKeys.model_validate(keys), "03/07/2019")
    assert isinstance(fault, CellFault)
    assert "`date_order: dmy`" in (fault.allowed or "")


def test_a_year_with_a_mark_is_listed_in_the_map() -> None:
    fault = read_year(YearKeys(column="Y"), "2021 (p)")
    assert isinstance(fault, CellFault)
    assert '`codes: {"2021 (p)": 2021}`' in (fault.allowed or "")
    assert read_year(YearKeys(column="Y", codes={"2021 (p)": 2021}), "2021 (p)") == "2021"


def count(cell: str, **keys: object) -> str | None:
    given = TableMap.model_validate({"place": {"column": "P"}, **keys})
    figure = FigureReader(given, whole=True).read(cell)
    return None if isinstance(figure, CellFault) else figure.low


@pytest.mark.parametrize(
    ("keys", "cells"),
    [
        ({}, {"12": "12", "007": "7", "12.0": "12", "12.00": "12", "12.000": None, "1.204": None,
              "1,204": None, "3,5": None, "3.5": None, "-3": None, "1e3": None, "٣": None,
              "12 cases": None, "12%": None, "<5": None, "1 204": None, "9" * 16: None}),
        ({"thousands": ","}, {"1,204": "1204", "1,204,000": "1204000", "12,34,567": "1234567",
                              "1,204.0": "1204", "1,20": None, "1204": "1204", ",204": None,
                              "1.204": None, "1,2040": None}),
        ({"thousands": "."}, {"1.204": "1204", "1.204,0": "1204", "1.20": None, "12,5": None}),
        ({"thousands": " "}, {"1 204": "1204", "1 2": None}),
        ({"thousands": "'"}, {"1'204": "1204"}),
        ({"decimal": ","}, {"12,0": "12", "1,204": None, "12.0": None}),
    ],
)  # fmt: skip
def test_counts_are_read_as_the_map_says(
    keys: dict[str, object], cells: dict[str, str | None]
) -> None:
    assert {cell: count(cell, **keys) for cell in cells} == cells


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("<10", '`"<10": [1, 9]`, or [0, 9]'),
        ("less than 5", '`"less than 5": [1, 4]`'),
        ("≤4", '`"≤4": [1, 4]`'),
        ("1-4", '`"1-4": [1, 4]`'),
        ("*", '`"*": suppressed`'),
        ("..", '`"..": not_reported`'),
        ("12*", '`"12*": 12` if the rest is the mark of a footnote'),
        ("12 (a)", '`"12 (a)": 12` if'),
        ("1,204", '`thousands: ","` under `map:`'),
        ("1.204,5", '`thousands: "."` under `map:` and `decimal: ","` under `map:`'),
    ],
)
def test_a_cell_that_is_no_count_says_which_line_is_missing(cell: str, line: str) -> None:
    given = TableMap.model_validate({"place": {"column": "P"}})
    fault = FigureReader(given, whole=True).read(cell)
    assert isinstance(fault, CellFault)
    assert line in (fault.allowed or "")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("-1.25", "-1.25"), ("−3", "-3"), ("0.10", "0.1"), ("12.5 %", "12.5"), ("-0.0", "0")],
)
def test_values_may_have_signs_and_fractions(cell: str, value: str) -> None:
    given = TableMap.model_validate({"place": {"column": "P"}})
    assert FigureReader(given, whole=False, signed=True).read(cell) == (value, value, "exact")


def test_words_of_the_office_and_ours_are_known_others_are_refused() -> None:
    read = word_reader("observations", "stage", "Etapa", {"Condenado": "convicted"})
    assert read("CONDENADO") == "convicted"
    assert read("prosecuted") == "prosecuted"
    fault = read("Procesado")
    assert isinstance(fault, CellFault)
    assert "`codes: {Procesado: ...}` under `stage:`" in (fault.allowed or "")
    assert word_reader("observations", "category", "Forma", {})("Laboral") == "Laboral"


def test_codes_that_differ_in_case_alone_are_two_codes() -> None:
    read = word_reader("observations", "sex", "S", {"f": "female", "F": "unknown"})
    assert (read("f"), read("F")) == ("female", "unknown")


def test_texts_are_compared_without_case_accents_and_points() -> None:
    assert folded(" Cd.  de MÉXICO ") == "cd de mexico"
    assert folded("The Gambia") == folded("gambia")
    assert folded("Straße") == folded("STRASSE")
    assert folded("टोगो") != folded("टोंगा")
    assert all(map(is_a_sum, ("TOTAL", "Total general", "Suma:", "合計", "All provinces")))
    assert not any(map(is_a_sum, ("Totonicapán", "Allier", "Sumatra")))
    assert [in_flow(text) for text in ("Jalisco", "no", "1", "a: b", "")] == [
        "Jalisco", '"no"', '"1"', '"a: b"', '""',
    ]  # fmt: skip


# ------------------------------------------------------------------ whole tables

LONG = {
    "place": {"column": "Entidad"},
    "year": {"column": "Año"},
    "count": {"column": "N", "stage": "convicted", "unit": "persons"},
}


def test_rows_keep_the_place_that_they_come_from() -> None:
    frame = pd.DataFrame(
        [["Togo", "2020", "3", "9"], ["Tonga", "2020", "x", "8"], ["DR Congo", "2020", "1", "7"]],
        columns=["Place", "Year", "C", "P"],
        index=[7, 9, 12],
        dtype="str",
    )
    cells = CsvCells(list(frame.columns), frame)
    dataset = _Dataset(
        TableMap.model_validate(
            {
                "place": {"column": "Place"},
                "year": {"column": "Year"},
                "wide": {
                    "C": {"stage": "convicted", "unit": "persons"},
                    "P": {"stage": "prosecuted", "unit": "persons"},
                },
            }
        )
    )
    found = mapped(cells, dataset, PLACES, "f.xlsx", header_row=5)
    origin = found.origin
    rows = range(len(found.frame))
    assert [origin.row(row) for row in rows] == [7, 7, 9, 12, 12]
    assert [origin.column(row, "count_low") for row in rows] == ["C", "P", "P", "C", "P"]
    assert [(p.row, p.column) for p in found.problems] == [(9, "C")]
    told = origin.told([Problem("f", "m", row=2, column="jurisdiction_id, year, unit", found="x")])
    assert [(p.row, p.column, p.found) for p in told] == [(9, "Place, Year", "x")]
    of_config = origin.told([Problem("f", "m", row=0, column="unit", found="'persons'")])
    assert [(p.column, p.found) for p in of_config] == [("unit (from the config)", "'persons'")]


class _Dataset:
    kind = "observations"

    def __init__(self, map_: TableMap) -> None:
        self.map = map_


def test_blank_rows_and_a_column_without_a_name_are_passed_over(tmp_path: Path) -> None:
    table = "Entidad,,Año,N\nJalisco,,2020,3\n,,,\nOaxaca,x,2020,4\n"
    config = write_mapped(tmp_path / "w", table, LONG)
    assert len(rows_of_atlas(config)) == 2


def test_a_table_without_rows_is_a_table(tmp_path: Path) -> None:
    config = write_mapped(tmp_path / "w", "Entidad,Año,N\n", LONG)
    assert checked(config).rows("table") == 0


def test_a_header_with_line_breaks_is_named_in_one_line(tmp_path: Path) -> None:
    table = '"Entidad\nfederativa",Año,N\nJalisco,2020,x\n'
    map_ = {**LONG, "place": {"column": "Entidad federativa"}}
    (problem,) = problems_of(write_mapped(tmp_path / "w", table, map_))
    assert (problem.row, problem.column, problem.found) == (3, "N", "'x'")


def test_more_convicted_than_prosecuted_is_a_notice_of_the_offices_row(tmp_path: Path) -> None:
    table = "Entidad,C,P\nOaxaca,3,9\nJalisco,9,3\n"
    map_ = {
        "place": {"column": "Entidad"},
        "year": {"value": 2020},
        "wide": {
            "C": {"stage": "convicted", "unit": "persons"},
            "P": {"stage": "prosecuted", "unit": "persons"},
        },
    }
    (notice,) = checked(write_mapped(tmp_path / "w", table, map_)).notices
    assert (notice.where, notice.row, notice.column) == ("provinces.csv", 3, "C")
    assert notice.found == "MX-JAL 2020: 9 convicted, 3 prosecuted"


def test_two_places_of_which_one_is_as_large_are_no_sum(tmp_path: Path) -> None:
    table = "Entidad,Año,N\nJalisco,2020,50\nOaxaca,2020,25\nNuevo León,2020,25\n"
    assert problems_of(write_mapped(tmp_path / "w", table, LONG)) == []


def test_a_country_among_its_states_is_no_fault(tmp_path: Path) -> None:
    table = "Place,Year,N\nJalisco,2020,50\nOaxaca,2020,25\nNuevo León,2020,25\nTexas,2020,100\n"
    map_ = {**LONG, "place": {"column": "Place"}, "year": {"column": "Year"}}
    assert problems_of(write_mapped(tmp_path / "w", table, map_)) == []


def test_a_value_that_stands_in_two_tables_names_the_offices_row(tmp_path: Path) -> None:
    map_ = {
        "place": {"column": "Place"},
        "year": {"value": 2020},
        "wide": {"Punkte": {"indicator": "law"}},
    }
    config = write_mapped(tmp_path / "w", "Place,Punkte\nSpain,3\n", map_, "indicators")
    text = config.read_text(encoding="utf-8")
    block = text[text.index("  table:\n") : text.index("population:\n")]
    second = block.replace("  table:\n", "  second:\n")
    config.write_text(text.replace("population:\n", f"{second}population:\n", 1), encoding="utf-8")
    (problem,) = problems_of(config)
    assert problem.message == "provinces.csv has this value of the source already."
    assert (problem.row, problem.column) == (2, "Place")
