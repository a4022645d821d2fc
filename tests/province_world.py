"""Twelve made-up provinces with their boundaries, as an analyst would put them into a config."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely
import yaml

from tests.investment_world import LIBRARY
from tests.support import DESCRIPTOR, OBSERVATION_HEADER, observation, ratio

NAMES = (
    "Aldermoor", "Brackwater", "Caldria", "Dunmarsh", "Eastfold", "Fenwick",
    "Graymount", "Highvale", "Isle of Quoll", "Juniper Coast", "Kestrel", "Old Capital",
)  # fmt: skip
ZONES = ("Northern zone", "Southern zone", "Islands and coast")
CODES = tuple(f"{number:02}" for number in range(1, 13))
IDS = tuple(f"EX-{code}" for code in CODES)
YEARS = range(2016, 2024)
STAGES = (
    ("detected", "victims", 60),
    ("suspected", "persons", 50),
    ("prosecuted", "persons", 40),
    ("convicted", "persons", 22),
)
MEASURES = {
    "convicted_per_prosecuted": ratio(
        ("convicted", "persons"),
        ("prosecuted", "persons"),
        title="Persons convicted per person prosecuted",
        level="province",
        rate="same_year",
    ),
    "convicted_per_100k": ratio(
        ("convicted", "persons"),
        "population",
        title="Persons convicted per 100,000 people",
        unit="convicted persons per 100,000 people per year",
        level="province",
    ),
}
MAP = {
    "title": "Provinces of Examplia",
    "level": "province",
    "boundaries": "provinces.geojson",
    "id_column": "CODE",
    "prefix": "EX-",
    "attribution": "Made up for tests.",
}


@cache
def boundaries() -> geopandas.GeoDataFrame:
    """Provinces in degrees: borders in zigzags, a city inside another province, an island, and a
    rock far out at sea that belongs to a large province. Columns CODE, NAME, geometry."""
    random = np.random.default_rng(7)
    seeds = random.uniform((10, 40), (17, 45), (10, 2))
    spots = random.uniform((9, 39), (18, 46), (2500, 2))
    land = shapely.Point(13.5, 42.5).buffer(3.4)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=land.envelope)
    )
    middles = shapely.get_coordinates(shapely.centroid(cells))
    inside = shapely.contains_xy(land, middles)
    nearest = ((middles[:, None, :] - seeds) ** 2).sum(axis=2).argmin(axis=1)
    city = np.hypot(*(middles - (13.5, 42.5)).T) < 0.25
    nearest[city] = 10
    shapes = [shapely.union_all(cells[inside & (nearest == place)]) for place in range(11)]
    island = shapely.Point(18.3, 40.2).buffer(0.45)
    rock = shapely.Point(40, 30).buffer(0.05)
    shapes[0] = shapely.union_all([shapes[0], rock])
    order = [*shapes[:8], island, *shapes[8:]]
    names = {"CODE": CODES, "NAME": NAMES}
    return geopandas.GeoDataFrame(names, geometry=order, crs="EPSG:4326")


def counted() -> list[str]:
    """Rows of every stage, province and year; one province reports no convictions, one few."""
    random = np.random.default_rng(11)
    size = np.geomspace(0.3, 4, len(IDS))
    found = []
    for place, id_ in enumerate(IDS):
        skill = 0.4 + 0.1 * (place % 7)
        for year in YEARS:
            for stage, unit, usual in STAGES:
                share = skill if stage == "convicted" else 1.0
                count: int | str | None = int(random.poisson(usual * size[place] * share))
                if stage == "convicted" and place == 2:
                    count = None
                if stage == "convicted" and place == 0 and year > 2020:
                    count = "<5"
                found.append(observation(id_, year, stage, unit, count))
    return found


def province_config(map_: Mapping[str, Any] | None = MAP) -> dict[str, Any]:
    """The config of the provinces, as plain data; without maps where `map_` is None."""
    table = {"kind": "observations", "source": "office", "short": "Courts of Examplia"}
    people = {"kind": "population", "source": "people", "short": "Census of Examplia"}
    config: dict[str, Any] = {
        "version": 1,
        "title": "Examplia",
        "places": [
            {
                "file": "provinces.csv",
                "columns": {"CODE": "id", "NAME": "name", "ZONE": "subregion"},
                "level": "province",
                "prefix": "EX-",
                "region": "Examplia",
            }
        ],
        "datasets": {
            "office": {**table, "file": "office.csv", "descriptor": "about.yaml"},
            "people": {**people, "file": "people.csv", "descriptor": "about.yaml"},
        },
        "population": ["people"],
        "training": {"library": "library.yaml", "source": "office", "first_year": 2025},
        "measures": dict(MEASURES),
        "defaults": {
            "measure": "convicted_per_prosecuted",
            "window": 5,
            "year_to": 2023,
            "place": IDS[3],
        },
    }
    return {**config, "maps": {"provinces": dict(map_)}} if map_ is not None else config


def write_province_world(
    folder: Path, map_: Mapping[str, Any] | None = MAP, rows: Iterable[str] | None = None
) -> Path:
    """Write the provinces into a folder and return the path of their config."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [OBSERVATION_HEADER, *(counted() if rows is None else rows)]
    (folder / "office.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    named = [f"{c},{n},{ZONES[at % 3]}" for at, (c, n) in enumerate(zip(CODES, NAMES, strict=True))]
    (folder / "provinces.csv").write_text("\n".join(["CODE,NAME,ZONE", *named, ""]), "utf-8")
    people = [
        f"{id_},{year},{1_000_000 + 250_000 * at},exact,"
        for at, id_ in enumerate(IDS)
        for year in YEARS
    ]
    header = "jurisdiction_id,year,population,status,note"
    (folder / "people.csv").write_text("\n".join([header, *people, ""]), "utf-8")
    (folder / "about.yaml").write_text(yaml.safe_dump(DESCRIPTOR, sort_keys=False), "utf-8")
    shutil.copy(LIBRARY, folder / "library.yaml")
    (folder / "provinces.geojson").write_text(boundaries().to_json(), encoding="utf-8")
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(province_config(map_), sort_keys=False), encoding="utf-8")
    return path
