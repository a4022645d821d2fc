"""Tables of offices with columns of their own, and what the atlas makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from gapatlas.catalogue import read_catalogue
from gapatlas.config import load_config
from gapatlas.errors import GapAtlasError, Problem
from gapatlas.validate import Checked, validate
from tests.support import DESCRIPTOR, write_world

PROVINCES = """\
MX-AGU,Aguascalientes,country,,,,,Mexico,,,,false,false
MX-CMX,Ciudad de México,country,,,,,Mexico,,,,false,false
MX-JAL,Jalisco,country,,,,,Mexico,,,,false,false
MX-OAX,Oaxaca,country,,,,,Mexico,,,,false,false
MX-NLE,Nuevo León,country,,,,,Mexico,,,,false,false
MEX,Mexico,country,,MX,484,,Americas,,,,true,true
DEU,Germany,country,,DE,276,,Europe,,,,true,true
ESP,Spain,country,,ES,724,,Europe,,,,true,true
GEO,Georgia,country,,GE,268,,Asia,,,,true,true
US-GA,Georgia,us_state,USA,,,GA,United States,,,,true,true
US-TX,Texas,us_state,USA,,,TX,United States,,,,true,true
"""
INDICATOR = {
    "title": "Rule of law",
    "unit": "points",
    "source": "table",
    "definition": "Made-up points.",
    "caution": "It means nothing.",
}


def write_mapped(
    folder: Path, table: str, map_: str | Mapping[str, Any], kind: str = "observations"
) -> Path:
    """A small world with one more dataset, `table`, whose file has columns of its own.

    Args:
        table: the text of the file.
        map_: the block `map`, as YAML or as data.
    """
    config = write_world(folder, [])
    with (folder / "places.csv").open("a", encoding="utf-8") as places:
        places.write(PROVINCES)
    (folder / "provinces.csv").write_text(table, encoding="utf-8")
    (folder / "table.yaml").write_text(yaml.safe_dump(DESCRIPTOR, sort_keys=False), "utf-8")
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    content["datasets"]["table"] = {
        "kind": kind,
        "source": "table",
        "short": "The table",
        "file": "provinces.csv",
        "descriptor": "table.yaml",
        "map": yaml.safe_load(map_) if isinstance(map_, str) else dict(map_),
    }
    if kind == "indicators":
        content["indicators"] = {"law": INDICATOR}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    config.write_text(text, encoding="utf-8")
    return config


def checked(config: Path) -> Checked:
    """The tables of a config after every check."""
    return validate(read_catalogue(load_config(config)))


def problems_of(config: Path) -> list[Problem]:
    """What is wrong with a config or its tables; nothing where all is well."""
    try:
        checked(config)
    except GapAtlasError as error:
        return error.problems
    return []


def rows_of_atlas(config: Path, kind: str = "observations") -> list[str]:
    """The rows that the atlas holds of the mapped table, as `AAA 2020 convicted persons 5`.

    A range is `1..4`; what has no figure says why. Breakdowns are added where they are no totals.
    """
    frame: pd.DataFrame = getattr(checked(config), kind)["table"]
    return [_told(kind, row) for row in frame.to_dict("records")]


def _told(kind: str, row: Mapping[Any, Any]) -> str:
    words = [row["jurisdiction_id"], str(row["year"])]
    if kind == "population":
        low = high = row["population"]
    elif kind == "indicators":
        words.append(row["indicator"])
        low, high = row["low"], row["high"]
    else:
        words += [row["stage"], row["unit"]]
        breakdown = (row["sex"], row["age"], row["dimension"], row["category"])
        words += [word for word in breakdown if word != "total"]
        low, high = row["count_low"], row["count_high"]
    return " ".join([*words, *_figure(row, low, high)])


def _figure(row: Mapping[Any, Any], low: Any, high: Any) -> list[str]:
    if row["status"] in ("not_reported", "suppressed"):
        return [row["status"]]
    value = row.get("value")
    estimate = [f"{value:g}"] if row["status"] == "estimated" else []
    bounds = ["" if pd.isna(bound) else f"{bound:.12g}" for bound in (low, high)]
    return [*estimate, bounds[0] if row["status"] == "exact" else "..".join(bounds)]
