"""Make the example files of the docs anew: made-up tables as offices publish them.

python -m tools.example_files    writes docs/examples and the data of docs/profiles
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import shapely
from openpyxl.worksheet.worksheet import Worksheet

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
CODED_YEARS: Final = range(2016, 2021)
BINARY: Final = (
    "examples/examplia/trafficking.xlsx",
    "profiles/ministry/justice.xlsx",
    *(f"profiles/research/coded/year={year}/verdicts.parquet" for year in CODED_YEARS),
)
"""Files below docs that only a program can read; all their figures come from here."""
PROVINCES: Final = {
    "01": ("Alderney Hills", 1_243_000),
    "02": ("Brackwater", 861_500),
    "03": ("Caldria", 2_310_400),
    "04": ("Dunmarsh", 446_200),
    "05": ("Eastfold", 975_300),
    "06": ("Fenwick Shore", 1_532_800),
    "07": ("Graymount", 318_900),
    "08": ("Highvale", 684_100),
    "09": ("Isle of Quoll", 97_400),
    "10": ("Juniper Coast", 1_876_500),
}
YEARS: Final = range(2019, 2024)
FISCAL_YEARS: Final = tuple(f"{year}/{(year + 1) % 100:02}" for year in range(2018, 2023))
DISTRICTS: Final = {
    "HB": ("Harbour", 61_200),
    "OT": ("Old Town", 38_900),
    "ST": ("Station Quarter", 72_400),
    "NF": ("Northfield", 104_700),
    "RV": ("Riverside", 55_300),
    "HT": ("Heights", 47_800),
}
WITHHELD: Final = "*"
MISSING: Final = ".."
FEW: Final = 5
BORDER_POINTS: Final = 350
Chains = dict[tuple[str, int], tuple[int, int, int, int]]
"""Place and year -> victims, suspects, persons prosecuted, persons convicted."""


def write_example_files(docs: Path) -> None:
    """Write every file into a folder that is laid out like the docs."""
    random = np.random.default_rng(11)
    tutorial, profiles = docs / "examples" / "examplia", docs / "profiles"
    _write_office_book(tutorial / "trafficking.xlsx", random)
    _write_provinces(tutorial / "provinces.geojson")
    _write_ministry_book(profiles / "ministry" / "justice.xlsx", random)
    _write_provinces(profiles / "ministry" / "provinces.geojson")
    _write_city(profiles / "city", random)
    _write_coded(profiles / "research" / "coded", random)


# ---------------------------------------------------------------- figures


def _chain(random: np.random.Generator, people: int, skill: float) -> tuple[int, int, int, int]:
    """Victims, suspects, persons prosecuted and persons convicted of one place and year."""
    victims = int(random.poisson(people / 6_000))
    suspects = int(random.poisson(people / 8_000))
    prosecuted = int(random.binomial(suspects, 0.7))
    return victims, suspects, prosecuted, int(random.binomial(prosecuted, skill))


def _printed(count: int) -> int | str:
    return WITHHELD if 0 < count < FEW else count


def _skill(at: int) -> float:
    return 0.35 + 0.06 * (at % 6)


# ---------------------------------------------------------------- workbooks


def _write_office_book(path: Path, random: np.random.Generator) -> None:
    """Titles, headers of two rows, notes, sums, withheld and missing figures, several years."""
    chains = {
        (code, year): _chain(random, people, _skill(at))
        for at, (code, (_, people)) in enumerate(PROVINCES.items())
        for year in YEARS
    }
    book = openpyxl.Workbook()
    victims = _sheet(book, "Table 4.1 Victims")
    _append(
        victims,
        ["Table 4.1  Detected victims of trafficking in persons, by province (SYNTHETIC, made up)"],
        [],
        ["Code", "Province", "Detected victims"],
        [None, None, *YEARS],
        *(
            [code, name, *(_victims(code, year, chains[code, year][0]) for year in YEARS)]
            for code, (name, _) in PROVINCES.items()
        ),
        [None, "Total", *(_total(chains, year, 0) for year in YEARS)],
        [],
        ["* Fewer than 5.  .. Not available."],
        ["Source: Ministry of the Interior of Examplia"],
    )
    _merge(victims, "A3:A4", "B3:B4", "C3:G3")
    courts = _sheet(book, "Table 4.2 Police and courts")
    _append(
        courts,
        ["Table 4.2  Persons suspected, prosecuted, convicted, by province (SYNTHETIC, made up)"],
        [],
        ["Province", "Year", "Persons"],
        [None, None, "Suspected", "Prosecuted", "Convicted"],
        *_court_rows(chains),
        [],
        ["* Fewer than 5.  .. Not available."],
        ["Source: Ministry of Justice of Examplia"],
    )
    _merge(courts, "A3:A4", "B3:B4", "C3:E3")
    people = _sheet(book, "Table 1.1 Population")
    _append(
        people,
        ["Table 1.1  Population by province, in thousands (SYNTHETIC, made up)"],
        [],
        ["Code", "Province", *YEARS],
        *(
            [code, name, *(round(people * 1.01**at / 1000, 1) for at in range(len(YEARS)))]
            for code, (name, people) in PROVINCES.items()
        ),
    )
    _save(book, path)


def _victims(code: str, year: int, count: int) -> int | str:
    return MISSING if (code, year) == ("07", 2019) else _printed(count)


def _total(chains: Chains, year: int, stage: int) -> int:
    return sum(chain[stage] for (_, each), chain in chains.items() if each == year)


def _court_rows(chains: Chains) -> Iterator[list[Any]]:
    for year in YEARS:
        for code, (name, _) in PROVINCES.items():
            _, *persons = chains[code, year]
            told: list[int | str] = [_printed(count) for count in persons]
            if (code, year) == ("04", 2021):
                told[-1] = MISSING
            yield [name, year, *told]
        sums = (_total(chains, year, stage) for stage in (1, 2, 3))
        yield ["Total", year, *(f"{number:,}" for number in sums)]


def _write_ministry_book(path: Path, random: np.random.Generator) -> None:
    """Fiscal years, more stages, and merged cells below the header."""
    book = openpyxl.Workbook()
    sheet = _sheet(book, "Chain of justice")
    _append(
        sheet,
        ["Trafficking in persons: the chain of justice, by province (SYNTHETIC, made up)"],
        ["Fiscal years end on 30 June."],
        [
            "Province", "Fiscal year", "Victims detected", "Persons suspected",
            "Persons prosecuted", "Trials completed (persons)", "Persons convicted",
        ],
    )  # fmt: skip
    for at, (name, people) in enumerate(PROVINCES.values()):
        first = sheet.max_row + 1
        for year in FISCAL_YEARS:
            victims, suspects, prosecuted, convicted = _chain(random, people, _skill(at))
            tried = convicted + int(random.binomial(prosecuted - convicted, 0.6))
            counts = (victims, suspects, prosecuted, tried, convicted)
            sheet.append([name if year == FISCAL_YEARS[0] else None, year, *map(_printed, counts)])
        sheet.merge_cells(f"A{first}:A{sheet.max_row}")
    sheet.append(["* Fewer than 5."])
    census = _sheet(book, "Census")
    _append(
        census,
        ["Code", "Province", *YEARS],
        *(
            [code, name, *(round(people * 1.01**at) for at in range(len(YEARS)))]
            for code, (name, people) in PROVINCES.items()
        ),
    )
    _save(book, path)


def _sheet(book: openpyxl.Workbook, name: str) -> Worksheet:
    return book.create_sheet(name)


def _append(sheet: Worksheet, *rows: Sequence[Any]) -> None:
    for row in rows:
        sheet.append(list(row))


def _merge(sheet: Worksheet, *spans: str) -> None:
    for span in spans:
        sheet.merge_cells(span)


def _save(book: openpyxl.Workbook, path: Path) -> None:
    del book["Sheet"]
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


# ---------------------------------------------------------------- boundaries


def _write_provinces(path: Path) -> None:
    """Ten provinces in degrees, with borders in zigzags; one of them is an island."""
    random = np.random.default_rng(7)
    island = len(PROVINCES) - 2
    seeds = random.uniform((10, 40), (17, 45), (len(PROVINCES) - 1, 2))
    spots = random.uniform((9, 39), (18, 46), (BORDER_POINTS, 2))
    land = shapely.Point(13.5, 42.5).buffer(3.4)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=land.envelope)
    )
    middles = shapely.get_coordinates(shapely.centroid(cells))
    inside = shapely.contains_xy(land, middles)
    nearest = ((middles[:, None, :] - seeds) ** 2).sum(axis=2).argmin(axis=1)
    shapes = [shapely.union_all(cells[inside & (nearest == at)]) for at in range(len(seeds))]
    shapes.insert(island, shapely.Point(18.3, 40.2).buffer(0.45))
    names = {"CODE": list(PROVINCES), "NAME": [name for name, _ in PROVINCES.values()]}
    frame = geopandas.GeoDataFrame(
        names, geometry=shapely.set_precision(shapes, 0.001), crs="EPSG:4326"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(json.loads(frame.to_json(drop_id=True))) + "\n", encoding="utf-8")


# ---------------------------------------------------------------- a city, a research group


def _write_city(folder: Path, random: np.random.Generator) -> None:
    """A database as a police department exports it; one row for each district, year and stage."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "police.sqlite"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create table yearly (district, year integer, what, number)")
        for at, (code, (_, people)) in enumerate(DISTRICTS.items()):
            for year in YEARS:
                chain = _chain(random, 8 * people, _skill(at))
                words = ("victims", "suspects", "charged", "convicted")
                rows = [
                    (code, year, what, "<5" if 0 < count < FEW else str(count))
                    for what, count in zip(words, chain, strict=True)
                ]
                database.executemany("insert into yearly values (?, ?, ?, ?)", rows)


def _write_coded(folder: Path, random: np.random.Generator) -> None:
    """Verdicts as a research group coded them, in a folder of parquet files by year."""
    skills = {"NLD": 0.62, "ROU": 0.55, "ESP": 0.48, "BEL": 0.66, "AUT": 0.44, "BGR": 0.5}
    for year in CODED_YEARS:
        rows = []
        for country, skill in skills.items():
            prosecuted = int(random.poisson(90))
            rows.append((country, prosecuted, int(random.binomial(prosecuted, skill))))
        part = folder / f"year={year}"
        part.mkdir(parents=True, exist_ok=True)
        frame = pd.DataFrame(rows, columns=["iso3", "defendants", "convicted"])
        frame.to_parquet(part / "verdicts.parquet", index=False)


if __name__ == "__main__":
    write_example_files(DOCS)
