"""An office's table with one planted fault: one clear message, with its row and its column.

The table has four provinces over two years, stages as columns. Row 1 is the header; so row 6 is
the first of 2021.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from gapatlas.build import build
from gapatlas.errors import GapAtlasError, Problem
from tests.mapped_tables import problems_of, rows_of_atlas, write_mapped

TABLE = """\
Entidad,Periodo,Unidad,Procesados,Condenados
Aguascalientes,2020,Número,40,12
Ciudad de México,2020,Número,104,38
Jalisco,2020,Número,61,19
Oaxaca,2020,Número,23,4
Aguascalientes,2021,Número,42,14
Ciudad de México,2021,Número,98,41
Jalisco,2021,Número,66,17
Oaxaca,2021,Número,19,6
"""
MAP: dict[str, Any] = {
    "place": {"column": "Entidad"},
    "year": {"column": "Periodo"},
    "wide": {
        "Procesados": {"stage": "prosecuted", "unit": "persons"},
        "Condenados": {"stage": "convicted", "unit": "persons"},
    },
}
Table = Callable[[str], str]


class Defect(NamedTuple):
    """What is done to the file or to the map, and the one problem that it gives."""

    spoil: Table
    row: int | None
    column: str
    message: str
    found: str
    allowed: str
    map_: dict[str, Any] | None = None


def put(old: str, new: str) -> Table:
    def spoil(table: str) -> str:
        assert old in table
        return table.replace(old, new, 1)

    return spoil


def put_all(old: str, new: str) -> Table:
    return lambda table: table.replace(old, new)


def add(*lines: str) -> Table:
    return lambda table: table + "\n".join(lines) + "\n"


def shares(table: str) -> str:
    header, *lines = table.splitlines()
    cells = [line.split(",") for line in lines]
    return "\n".join([header, *(",".join([*c[:4], f"0.{c[4]}"]) for c in cells)]) + "\n"


DEFECTS = {
    "a fraction where persons are counted": Defect(
        put("66,17", '66,"3,5"'), 8, "Condenados", "A count has no fraction.", "'3,5'",
        "a whole number",
    ),
    "a sign between thousands that is not declared": Defect(
        put("104,38", '"1.104",38'), 3, "Procesados", "'.' stands between thousands, or",
        "'1.104'", '`thousands: "."` under `map:`',
    ),
    "a token that is not declared": Defect(
        put_all(",4\n", ",<5\n"), 5, "Condenados",
        "This is no number, and `tokens` does not say what it means.", "'<5'", '`"<5": [1, 4]`',
    ),
    "a token that stands in many cells is told once": Defect(
        lambda t: t.replace("42,14", "n/a,14").replace("66,17", "n/a,n/a"), 6, "Procesados",
        "This is no number, and `tokens` does not say what it means. It stands in 3 cells.",
        "'n/a'", '`"n/a": not_reported`',
    ),
    "a share in percent": Defect(
        put("23,4", "23,17%"), 5, "Condenados", "Shares in percent stand where counts are meant.",
        "'17%'", "a column of counts",
    ),
    "a column of shares": Defect(
        shares, 2, "Condenados", "The column holds shares between 0 and 1", "'0.12'",
        "a share or a rate can't be turned into a count",
    ),
    "a column that is named as a share": Defect(
        put("Condenados", "Condenados (%)"), 2, "Condenados (%)",
        "The name says that the column holds shares.", "None", "a column of counts",
        {"wide": {"Condenados (%)": {"stage": "convicted", "unit": "persons"}}},
    ),
    "two units in the cells of one column": Defect(
        lambda t: t.replace("40,12", "40 personas,12").replace("61,19", "61 causas,19"), 4,
        "Procesados", "Two units stand in one column: causas and personas.", "'61 causas'",
        "one unit in a column",
    ),
    "two units in one column, told apart by a column that is passed over": Defect(
        add("Jalisco,2021,Tasa,3,1"), 10, "Unidad",
        "Rows of one place and year differ in this column, which the map passes over. It is so in "
        "2 rows.", "'Tasa', and 'Número' in row 8", "`drop: {Unidad: [Tasa]}` under `map:`",
    ),
    "a total among the parts, by its name": Defect(
        add("Total nacional,2020,Número,228,73"), 10, "Entidad",
        "This row is a sum of others, and no place.", "'Total nacional'",
        "`drop: {Entidad: [Total nacional]}`",
    ),
    "a total among the parts, by its figures": Defect(
        add("México,2020,Número,228,73", "México,2021,Número,225,78"), 10, "Entidad",
        "The row is the sum of the others in each of its 4 figures", "'México'",
        "`drop: {Entidad: [México]}` leaves it out, `not_totals: [México]` keeps it",
    ),
    "the same row twice": Defect(
        add("Oaxaca,2021,Número,19,6"), 10, "Entidad, Periodo",
        "The same key stands in row 9 already.",
        "MX-OAX, 2021, prosecuted, persons, total, total, total, total, 1", "each key once",
    ),
    "a place twice under two names": Defect(
        add("Cd. de México,2021,Número,98,41"), 10, "Entidad",
        "One place stands twice under two names. It is so in 2 rows.",
        "'Cd. de México', and 'Ciudad de México' in row 7",
        '`drop: {Entidad: ["Cd. de México"]}`',
        {"place": {"column": "Entidad", "codes": {"cd de mexico": "MX-CMX"}}},
    ),
    "a name that is nearly that of a place": Defect(
        put_all("Oaxaca", "Oaxcaa"), 5, "Entidad", "No place has this name. It stands in 2 cells.",
        "'Oaxcaa'", "`codes: {Oaxcaa: MX-OAX}` if that is Oaxaca",
    ),
    "a name of two places": Defect(
        put("Oaxaca,2020", "Georgia,2020"), 5, "Entidad",
        "Several places have this name: GEO (Georgia, country) and US-GA (Georgia, us_state).",
        "'Georgia'", "`codes: {Georgia: GEO}`, or `level:`",
    ),
    "an own code that leads to no place": Defect(
        lambda t: t, 4, "Entidad", "`codes` gives it the id MX-JAK, which no place has.",
        "'Jalisco'", "MX-JAL", {"place": {"column": "Entidad", "codes": {"Jalisco": "MX-JAK"}}},
    ),
    "one place for the file that there is not": Defect(
        lambda t: t, None, "map.place.value",
        "The config gives the file the id MX-JAK, which no place has.", "None", "MX-JAL",
        {"place": {"value": "MX-JAK"}},
    ),
    "a year that is to come": Defect(
        put("Jalisco,2021", "Jalisco,2121"), 8, "Periodo", "The number is out of range.", "'2121'",
        "a whole number from 1900 to",
    ),
    "a fiscal year whose end is not declared": Defect(
        put_all("2021", "2020/21"), 6, "Periodo", "A fiscal year stands here", "'2020/21'",
        "`fiscal_year_ends: 6` (for June) under `year:`",
    ),
    "several months of one year": Defect(
        put("Jalisco,2021", "Jalisco,2020-11"), 8, "Periodo", "Several rows fall into one year.",
        "'2020-11', and '2020' in row 4", "one row for each place and year",
    ),
    "a row whose cells are shifted": Defect(
        put("Jalisco,2021,Número,66,17", ",Jalisco,2021,Número,66"), 8,
        "Entidad, Periodo, Procesados",
        "The cells of the row seem to stand in the wrong columns.",
        "Entidad: ''; Periodo: 'Jalisco'; Procesados: 'Número'", "each in its column",
    ),
    "a note below the table": Defect(
        add("Fuente: la oficina,,,,"), 10, "Entidad", "The row holds one text and no figures",
        "'Fuente: la oficina'", '`drop: {Entidad: ["Fuente: la oficina"]}`',
    ),
    "a column that the file does not have": Defect(
        put("Condenados", "Condenadas"), 1, "Condenados",
        "The table has no such column, which the config names at map.wide.Condenados.",
        "Entidad, Periodo, Unidad, Procesados, Condenadas", "Condenadas",
    ),
    "a column that the file has twice": Defect(
        put("Unidad", "Condenados"), 1, "Condenados", "Columns have the same name.",
        "columns C and E", "a name of its own for each column",
    ),
    "more convicted than prosecuted in a cohort": Defect(
        put("23,4", "4,23"), 5, "Condenados",
        "More persons are convicted than prosecuted, and the config says that the table follows "
        "the same ones.", "MX-OAX 2020: 23 convicted, 4 prosecuted",
        "at most as many convicted as prosecuted", {"cohort": True},
    ),
    "a count below zero": Defect(
        put("42,14", "-42,14"), 6, "Procesados", "A count is never below zero.", "'-42'",
        "a whole number",
    ),
    "a row with too many cells": Defect(
        put("66,17", "66,17,9"), 8, "None", "The row does not have as many cells as the header.",
        "6 cells, not 5", "as many cells in each row as the header",
    ),
}  # fmt: skip


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS.keys())
def test_one_fault_gives_one_message_with_its_place(defect: Defect, tmp_path: Path) -> None:
    config = write_mapped(tmp_path / "w", defect.spoil(TABLE), {**MAP, **(defect.map_ or {})})
    (problem,) = problems_of(config)
    assert problem.where == "provinces.csv"
    assert (problem.row, str(problem.column)) == (defect.row, defect.column)
    assert problem.message.startswith(defect.message)
    assert str(problem.found) == defect.found
    assert defect.allowed in (problem.allowed or "")
    assert problem.severity == "error"


def test_the_table_without_a_fault_passes(tmp_path: Path) -> None:
    config = write_mapped(tmp_path / "w", TABLE, MAP)
    assert problems_of(config) == []
    assert len(rows_of_atlas(config)) == 16


MENDED: dict[str, tuple[Table, tuple[str, ...]]] = {
    "a token": (put("23,4", "23,<5"), ("tokens",)),
    "a sign between thousands": (put("104,38", '"1.104",38'), ()),
    "a total by its name": (add("Total,2020,Número,228,73"), ()),
    "a total by its figures": (add("México,2020,Número,228,73"), ()),
    "a fiscal year": (put_all("2021", "2020/21"), ("year",)),
    "a name": (put_all("Oaxaca", "Oaxcaa"), ("place",)),
    "a note": (add("Fuente: la oficina,,,,"), ()),
}
"""What is done to the file, and the block under `map:` that the proposed line is for."""


@pytest.mark.parametrize(("spoil", "block"), MENDED.values(), ids=MENDED.keys())
def test_the_line_that_a_message_proposes_mends_the_fault(
    spoil: Table, block: tuple[str, ...], tmp_path: Path
) -> None:
    (problem,) = problems_of(write_mapped(tmp_path / "w", spoil(TABLE), MAP))
    map_ = copy.deepcopy(MAP)
    here = map_
    for key in block:
        here = here.setdefault(key, {})
    here.update(first_line_in(problem.allowed or ""))
    assert problems_of(write_mapped(tmp_path / "w", spoil(TABLE), map_)) == []


def first_line_in(text: str) -> dict[str, Any]:
    """The first line of YAML between backticks that gives a key its value."""
    lines = (yaml.safe_load(f"{{{piece}}}") for piece in text.split("`")[1::2])
    return next(line for line in lines if None not in line.values())


def test_faults_of_several_columns_are_listed_together(tmp_path: Path) -> None:
    spoiled = TABLE.replace("40,12", "x,12").replace("Oaxaca,2021", "Oaxcaa,21")
    found = [(p.row, p.column) for p in problems_of(write_mapped(tmp_path / "w", spoiled, MAP))]
    assert found == [(9, "Entidad"), (9, "Periodo"), (2, "Procesados")]


def test_a_faulty_table_builds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "snapshots"
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(folder))
    config = write_mapped(tmp_path / "w", TABLE, MAP)
    good = build(config)
    write_mapped(tmp_path / "w", TABLE.replace("40,12", "x,12"), MAP)
    with pytest.raises(GapAtlasError):
        build(config)
    assert [path.name for path in folder.glob("*.duckdb")] == [good.path.name]


def test_very_many_faults_end_in_a_short_list(tmp_path: Path) -> None:
    lines = [f"Ort {n},{n},x,{n}x,y{n}" for n in range(20_000)]
    config = write_mapped(tmp_path / "w", TABLE + "\n".join(lines) + "\n", MAP)
    problems: list[Problem] = problems_of(config)
    assert 10 < len(problems) < 1000
    assert any("more cells that can't be read" in problem.message for problem in problems)
