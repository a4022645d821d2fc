"""One random table of counts, written in many ways, is one table of the atlas.

Long, with stages as columns, with years as columns, or both; with random signs between thousands,
random tokens for ranges and gaps, places by name or by code, rows and columns in random order.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from gapatlas.config.mapping_models import TableMap
from gapatlas.mapping import mapped
from gapatlas.tables import CsvCells

PLACES = pd.DataFrame(
    [
        ("X-A", "Alta", "country", "XA", "901", ""),
        ("X-B", "Bája", "country", "XB", "902", ""),
        ("X-C", "Cd. de Cima", "country", "XC", "903", ""),
        ("X-D", "Delta", "country", "XD", "904", ""),
    ],
    columns=["jurisdiction_id", "name", "level", "iso2", "iso_numeric", "usps"],
)
YEARS = (2018, 2019, 2020)
STAGES = {"prosecuted": "Procesados", "convicted": "Condenados"}
TOKENS: dict[tuple[int, int] | str, tuple[str, ...]] = {
    (1, 4): ("<5", "1-4", "1 a 4"),
    "suppressed": ("*", "c", "#"),
    "not_reported": ("..", "n/a", "", "s/d"),
}
Cell = int | tuple[int, int] | str
Key = tuple[str, int, str]
Counts = dict[Key, Cell]

cells = st.one_of(st.integers(0, 5_000_000), st.sampled_from(list(TOKENS)))
counts = st.fixed_dictionaries(
    {(id_, year, stage): cells for id_ in ("X-A", "X-B", "X-C") for year in YEARS
     for stage in STAGES}
)  # fmt: skip


@dataclass
class Writer:
    """Writes counts as an office might, by the chances of `random`; `map_` says how."""

    random: Random

    def __post_init__(self) -> None:
        self.thousands = self.random.choice([None, ",", ".", " ", "'"])
        self.by = self.random.choice(["name", "iso2", "numeric", "id", "code"])
        self.tokens: dict[str, Any] = {}

    def place(self, id_: str) -> str:
        row = PLACES.set_index("jurisdiction_id").loc[id_]
        if self.by == "name":
            return str(self.random.choice([row["name"], row["name"].upper(), f" {row['name']} "]))
        return str(
            {"iso2": row["iso2"], "numeric": row["iso_numeric"], "id": id_, "code": id_[2:]}[
                self.by
            ]
        )

    def count(self, cell: Cell) -> str:
        if isinstance(cell, int):
            sign = self.thousands or ""
            return f"{cell:,}".replace(",", self.random.choice([sign, ""]))
        token = self.random.choice(TOKENS[cell])
        self.tokens[token] = list(cell) if isinstance(cell, tuple) else cell
        return token

    def map_(self, rest: dict[str, Any]) -> TableMap:
        place: dict[str, Any] = {"column": "Lugar", "by": self.by}
        if self.by == "code":
            place["codes"] = {id_[2:]: id_ for id_ in PLACES["jurisdiction_id"]}
        given = {"place": place, "tokens": self.tokens, **rest}
        return TableMap.model_validate(given | {"thousands": self.thousands})

    def table(self, header: list[str], rows: list[list[str]]) -> CsvCells:
        columns = self.random.sample(range(len(header)), len(header))
        self.random.shuffle(rows)
        names = [header[column] for column in columns]
        shuffled = [[row[column] for column in columns] for row in rows]
        frame = pd.DataFrame(shuffled, columns=names, dtype="str")
        return CsvCells(names, frame.set_axis(range(2, len(rows) + 2)))


def long(writer: Writer, counts: Counts) -> tuple[CsvCells, TableMap]:
    header = ["Lugar", "Año", "Etapa", "N", "Nota"]
    rows = [
        [writer.place(id_), str(year), STAGES[stage], writer.count(cell), "x"]
        for (id_, year, stage), cell in counts.items()
    ]
    words = {word: stage for stage, word in STAGES.items()}
    map_ = {
        "year": {"column": "Año"},
        "stage": {"column": "Etapa", "codes": words},
        "unit": {"value": "persons"},
        "count": {"column": "N"},
    }
    return writer.table(header, rows), writer.map_(map_)


def stages_as_columns(writer: Writer, counts: Counts) -> tuple[CsvCells, TableMap]:
    rows = [
        [writer.place(id_), str(year), *(writer.count(counts[id_, year, s]) for s in STAGES)]
        for id_, year in dict.fromkeys((id_, year) for id_, year, _ in counts)
    ]
    wide = {word: {"stage": stage, "unit": "persons"} for stage, word in STAGES.items()}
    map_ = {"year": {"column": "Año"}, "wide": wide}
    return writer.table(["Lugar", "Año", *STAGES.values()], rows), writer.map_(map_)


def years_as_columns(writer: Writer, counts: Counts) -> tuple[CsvCells, TableMap]:
    rows = [
        [writer.place(id_), stage, *(writer.count(counts[id_, year, stage]) for year in YEARS)]
        for id_, stage in dict.fromkeys((id_, stage) for id_, _, stage in counts)
    ]
    map_ = {
        "year": {"columns": [YEARS[0], YEARS[-1]]},
        "stage": {"column": "Etapa"},
        "unit": {"value": "persons"},
    }
    return writer.table(["Lugar", "Etapa", *map(str, YEARS)], rows), writer.map_(map_)


def both_as_columns(writer: Writer, counts: Counts) -> tuple[CsvCells, TableMap]:
    pairs = [(year, stage) for year in YEARS for stage in STAGES]
    rows = [
        [writer.place(id_), *(writer.count(counts[id_, year, stage]) for year, stage in pairs)]
        for id_ in dict.fromkeys(id_ for id_, _, _ in counts)
    ]
    names = [f"{STAGES[stage]} {year}" for year, stage in pairs]
    wide = {
        name: {"year": year, "stage": stage, "unit": "persons"}
        for name, (year, stage) in zip(names, pairs, strict=True)
    }
    return writer.table(["Lugar", *names], rows), writer.map_({"wide": wide})


LAYOUTS = (long, stages_as_columns, years_as_columns, both_as_columns)


@dataclass
class Dataset:
    """What mapping needs of a dataset."""

    map: TableMap
    kind: str = "observations"


def told(counts: Counts) -> dict[Key, tuple[str, str, str]]:
    """The low count, the high one and the status that the atlas has to hold."""

    def row(cell: Cell) -> tuple[str, str, str]:
        if isinstance(cell, int):
            return str(cell), str(cell), "exact"
        return (
            (str(cell[0]), str(cell[1]), "censored") if isinstance(cell, tuple) else ("", "", cell)
        )

    return {key: row(cell) for key, cell in counts.items()}


@given(counts=counts, seed=st.integers(0, 2**32))
def test_every_layout_of_one_table_gives_the_same_observations(counts: Counts, seed: int) -> None:
    for layout in LAYOUTS:
        cells, map_ = layout(Writer(Random(seed)), counts)
        found = mapped(cells, Dataset(map_), PLACES, "f.csv")
        assert found.problems == []
        rows = {
            (row.jurisdiction_id, int(row.year), row.stage): (
                row.count_low, row.count_high, row.status,
            )
            for row in found.frame.itertuples()
        }  # fmt: skip
        assert rows == told(counts)
        assert len(found.frame) == len(counts)


@given(counts=counts, seed=st.integers(0, 2**32))
def test_every_mapped_row_leads_back_to_its_cell(counts: Counts, seed: int) -> None:
    for layout in LAYOUTS:
        cells, map_ = layout(Writer(Random(seed)), counts)
        found = mapped(cells, Dataset(map_), PLACES, "f.csv")
        for at, row in enumerate(found.frame.itertuples()):
            column = found.origin.column(at, "count_low")
            cell = " ".join(str(cells.frame.loc[found.origin.row(at), column]).split())
            meaning = map_.tokens.get(cell)
            if row.status == "exact":
                assert int("".join(filter(str.isdigit, cell))) == int(row.count_low)
            else:
                is_range = isinstance(meaning, tuple)
                assert row.status == ("censored" if is_range else meaning)


@given(counts=counts, seed=st.integers(0, 2**32), data=st.data())
def test_an_undeclared_token_is_told_at_its_place_and_changes_nothing_else(
    counts: Counts, seed: int, data: st.DataObject
) -> None:
    cells, map_ = stages_as_columns(Writer(Random(seed)), counts)
    row = data.draw(st.sampled_from(list(cells.frame.index)))
    column = data.draw(st.sampled_from(list(STAGES.values())))
    cells.frame.loc[row, column] = "?!"
    found = mapped(cells, Dataset(map_), PLACES, "f.csv")
    (problem,) = found.problems
    assert (problem.row, problem.column, problem.found) == (row, column, "'?!'")
    assert len(found.frame) == len(counts) - 1
