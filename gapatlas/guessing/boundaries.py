"""A boundary file that stands in no config yet: what its shapes are, as blocks for the config."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pandas as pd

from gapatlas.errors import Problem, ValidationError
from gapatlas.guessing.block import OPEN, Block, id_of, lines_of
from gapatlas.guessing.columns import Question
from gapatlas.mapping.places import is_a_country
from gapatlas.outlines import Features, read_features

KIND: Final = "boundaries"
PLACES: Final = "places"
NAMED_AS_NAME: Final = re.compile(r"name|nom|naam|label|provin|depart|region|state|distr", re.I)
NAMED_AS_CODE: Final = re.compile(r"code|cod|iso|cve|nuts|fips|geoid|ubigeo|_id$|^id$|pcode", re.I)
COUNTER: Final = re.compile(r"^(objectid|fid|gid|ogc_fid|index)(_?\d+)?$", re.I)
CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
LETTER: Final = re.compile(r"[^\W\d_]")


def boundaries_of(file: Path, shown: str, places: pd.DataFrame | None) -> Block:
    """Say how a config may describe a boundary file.

    Args:
        file: the file.
        shown: its path from the folder of the config.
        places: the places table of the config, all cells text; None where there is no config.

    Returns:
        A block `maps`, with a block `places` above it where no place of the config is known by a
        column of the file.

    Raises:
        ValidationError: it can't be opened, or no column tells its shapes apart.
    """
    features = read_features(file, None, shown)
    table = _telling(features.attributes)
    if table.empty:
        message = "No column has a value of its own for each shape: none can be their id."
        raise ValidationError("The boundaries have no ids.", [Problem(shown, message)])
    title = file.name.split(".")[0]
    known = None if places is None else _known_by(table, places)
    if known is not None:
        column, level, strange = known
        map_, asked = _map(shown, title, level, column, features)
        if strange:
            map_["leave_out"] = strange
            asked["leave_out"] = "these are no places of the config"
        return _block(title, map_, asked)
    columns = {str(name): values for name, values in table.items()}
    column = min(columns, key=lambda each: _rank(each, columns[each], NAMED_AS_CODE, codes=True))
    others = [each for each in columns if each != column] or [column]
    name = min(others, key=lambda each: _rank(each, columns[each], NAMED_AS_NAME, codes=False))
    countries = sum(map(is_a_country, table[name]))
    level = "country" if 2 * countries > len(table) else "province"
    map_, asked = _map(shown, title, level, column, features)
    return _block(title, map_, asked, _place_keys(shown, level, column, name))


def _telling(attributes: pd.DataFrame) -> pd.DataFrame:
    """Columns that have another value for each shape."""
    kept = [
        name
        for name in attributes
        if attributes[name].str.strip().ne("").all() and attributes[name].is_unique
    ]
    return attributes[kept]


def _known_by(table: pd.DataFrame, places: pd.DataFrame) -> tuple[str, str, list[str]] | None:
    """The column with the ids of most places of one level, that level, and its other values."""
    levels = places["level"]
    of_level = {str(level): set(places["jurisdiction_id"][levels == level]) for level in levels}
    found = {
        (str(name), level): int(table[name].isin(list(ids)).sum())
        for name in table
        for level, ids in of_level.items()
    }
    (name, level), hits = max(found.items(), key=lambda each: each[1])
    if 2 * hits <= len(table):
        return None
    return name, level, [each for each in table[name] if each not in of_level[level]]


def _rank(
    name: str, values: pd.Series, hint: re.Pattern[str], *, codes: bool
) -> tuple[bool, bool, bool, float]:
    """How little a column looks like one of codes, or of names: the lowest is taken."""
    fits = values.map(lambda text: bool((CODE.fullmatch if codes else LETTER.search)(text))).mean()
    length = float(values.str.len().mean())
    counts = bool(COUNTER.match(name))
    return (fits < 1, counts, not hint.search(name), length if codes else -length)


def _map(
    shown: str, title: str, level: str, column: str, features: Features
) -> tuple[dict[str, Any], dict[str, str]]:
    keys: dict[str, Any] = {
        "title": title.replace("_", " ").strip().capitalize() or title,
        "level": level,
        "boundaries": shown,
        "id_column": column,
    }
    asked = {"id_column": f"the code of each shape, such as {features.attributes[column].iloc[0]}"}
    if features.crs is None and not shown.lower().endswith("json"):
        keys["crs"] = 4326
        asked["crs"] = "the file does not say it: the EPSG number of its coordinates"
    keys["attribution"] = OPEN
    asked["attribution"] = "who made the boundaries, and on which terms"
    return keys, asked


def _place_keys(shown: str, level: str, column: str, name: str) -> dict[str, Any]:
    columns = {column: "id", name: "name"} if name != column else {column: "id", OPEN: "name"}
    return {"file": shown, "columns": columns, "level": level, "region": OPEN}


def _block(
    title: str, map_: dict[str, Any], asked: dict[str, str], place: dict[str, Any] | None = None
) -> Block:
    id_ = id_of(title)
    of_map: Question = {("maps", id_, key): question for key, question in asked.items()}
    of_places: Question = {
        (PLACES, "columns"): "the code and the name of each place; others can be named too",
        (PLACES, "level"): "province is any area below a country",
        (PLACES, "region"): "places of one region are compared with each other",
    }
    written = list(lines_of({"maps": {id_: map_}}, of_map, (), 0))
    if place is not None:
        first, *rest = lines_of(place, of_places, (PLACES,), 2)
        written = [f"{PLACES}:", f"  - {first.strip()}", *rest, *written]
        of_map = of_places | of_map
    told = tuple(f"{'.'.join(path)}: {question}" for path, question in of_map.items())
    return Block(id_, KIND, "", "\n".join(written) + "\n", told)
