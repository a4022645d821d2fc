"""Places: tables of an analyst's own, their boundaries, and the rules that all places follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, get_args

import pandas as pd

from gapatlas import progress
from gapatlas.catalogue import Catalogue, PlacesVersion
from gapatlas.config import LoadedConfig, PlaceTable, near_names
from gapatlas.config.place_models import PlaceColumn, PlaceLevel
from gapatlas.config.reading_models import Reading
from gapatlas.config.reading_rules import format_by_name
from gapatlas.config.schema import PLACE_COLUMNS
from gapatlas.config.vocabulary import LEVELS_OF_MAP
from gapatlas.errors import Problem, ValidationError
from gapatlas.languages import mark, worded
from gapatlas.outlines import Outlines, is_boundary_file, outlines, read_features
from gapatlas.progress import Step
from gapatlas.reading import read_cells
from gapatlas.tables import CsvCells
from gapatlas.validate.rules import SHOWN_PER_RULE, TableRules

LEVELS: Final[tuple[str, ...]] = get_args(PlaceLevel)
SCHEMA_NAMES: Final[Mapping[str, str]] = {
    **{name: name for name in get_args(PlaceColumn)},
    "id": "jurisdiction_id",
    "parent": "parent_id",
}
"""What a column of an own table holds -> the column of the schema."""
SAME_COUNTRY: Final = mark("the same country")
_NUMBER = r"-?[0-9]{1,3}(?:\.[0-9]+)?"
_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}"


@dataclass(frozen=True)
class PlaceRows:
    """The rows of one table of places.

    Attributes:
        file: what problems call the table.
        table: the rows in the columns of the schema, all cells text, indexed by their line.
        theirs: column of the schema -> what the analyst's table calls it, where that differs.
    """

    file: str
    table: pd.DataFrame
    theirs: Mapping[str, str] = field(default_factory=dict)

    def named(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Problems with columns as the analyst's table calls them."""
        for problem in problems:
            names = (problem.column or "").split(", ")
            told = ", ".join(self.theirs.get(name, name) for name in names)
            yield replace(problem, column=told or None)


def place_problems(file: str, table: pd.DataFrame) -> Iterator[Problem]:
    """Every fault of one table of places in the columns of the schema."""
    rules = TableRules(file, table)
    if table.empty:
        yield Problem(
            file,
            worded("No places stand under the header."),
            row=1,
            allowed=worded("one row per place"),
        )
    yield from rules.one_of("level", LEVELS)
    for column in ("shape_110m", "shape_50m"):
        yield from rules.one_of(column, ("true", "false"))
    for column, limit in (("longitude", 180), ("latitude", 90)):
        text = table[column]
        bad = (text != "") & ~text.str.fullmatch(_NUMBER)
        allowed = worded("empty, or degrees from -{limit} to {limit}", limit=limit)
        yield from rules.failures(bad, column, worded("This is not a coordinate."), allowed)
        number = pd.to_numeric(text.where(~bad & (text != "")), errors="coerce")
        yield from rules.failures(
            number.abs() > limit, column, worded("The coordinate is out of range."), allowed
        )
    for column in ("jurisdiction_id", "name"):
        yield from rules.failures(
            table[column] == "", column, worded("The cell is empty."), worded("a text")
        )
    yield from rules.unique(("jurisdiction_id",))
    yield from rules.unique(("level", "name"))  # a reader could not tell them apart


def typed_places(table: pd.DataFrame) -> pd.DataFrame:
    """The places with numbers, truth values and absent codes as such."""
    typed = table.copy()
    for column in ("longitude", "latitude"):
        typed[column] = pd.to_numeric(typed[column].replace("", None)).astype("Float64")
    for column in ("shape_110m", "shape_50m"):
        typed[column] = typed[column] == "true"
    for column in ("parent_id", "iso2", "iso_numeric", "usps"):
        typed[column] = typed[column].replace("", None)
    return typed


# ---------------------------------------------------------------- tables of an analyst's own


def own_places(version: PlacesVersion, file: str, problems: list[Problem]) -> PlaceRows | None:
    """Read a table whose columns the config names; what is wrong with it is added to `problems`.

    Problems name the rows and columns of the analyst's own file; the rows of a boundary file are
    the numbers of its shapes, from 1. None where the table can't be read.
    """
    block = version.table
    try:
        cells = _cells(version.path, block, file)
    except ValidationError as error:
        problems.extend(error.problems)
        return None
    found = list(_column_problems(file, cells, block))
    problems.extend(found)
    if found:
        return None
    table = _in_schema(cells.frame, block)
    theirs = {SCHEMA_NAMES[ours]: name for name, ours in block.columns.items()}
    read = PlaceRows(file, table, theirs)
    problems.extend(read.named(_own_problems(file, table)))
    return read


def place_ids(loaded: LoadedConfig) -> set[str] | None:
    """The ids of every place of a config; None where a table of places can't be read."""
    ids: set[str] = set()
    for block in loaded.config.places:
        column = next((n for n, ours in block.columns.items() if ours == "id"), "jurisdiction_id")
        try:
            cells = _cells(loaded.resolve(block.file), block, block.file)
        except ValidationError:
            return None
        if column not in cells.header:
            return None
        ids |= set(block.prefix + cells.frame[column].str.strip())
    return ids


def _cells(path: Path, block: PlaceTable, file: str) -> CsvCells:
    if is_boundary_file(path):
        return read_features(path, block.layer, file).cells()
    guessed = Reading(format=format_by_name(path.name) or "csv")
    cells = read_cells(path, block.read or guessed, file)
    if cells.faults:
        problems = [
            Problem(file, fault.message, row=fault.row, found=fault.found)
            for fault in cells.faults[:SHOWN_PER_RULE]
        ]
        raise ValidationError(worded("Places cannot be read."), problems)
    return cells


def _column_problems(file: str, cells: CsvCells, block: PlaceTable) -> Iterator[Problem]:
    for name in block.columns:
        if name not in cells.header:
            message = worded("The table has no such column, which `places` names.")
            allowed = near_names(name, cells.header)
            yield Problem(file, message, row=1, column=name, allowed=allowed)
        elif cells.header.count(name) > 1:
            message = worded("The column stands {times} times.", times=cells.header.count(name))
            yield Problem(file, message, row=1, column=name, allowed=worded("each column once"))


def _in_schema(frame: pd.DataFrame, block: PlaceTable) -> pd.DataFrame:
    given = {"level": block.level, "parent_id": block.parent}
    given |= {"region": block.region, "subregion": block.subregion}
    table = pd.DataFrame({name: given.get(name) or "" for name in PLACE_COLUMNS}, frame.index)
    for name, ours in block.columns.items():
        table[SCHEMA_NAMES[ours]] = frame[name].str.strip()
    filled = table["jurisdiction_id"] != ""
    table["jurisdiction_id"] = (block.prefix + table["jurisdiction_id"]).where(filled, "")
    table[["shape_110m", "shape_50m"]] = "false"
    return table.astype("str")


def _own_problems(file: str, table: pd.DataFrame) -> Iterator[Problem]:
    yield from place_problems(file, table)
    strange = (table["jurisdiction_id"] != "") & ~table["jurisdiction_id"].str.fullmatch(_ID)
    yield from TableRules(file, table).failures(
        strange,
        "jurisdiction_id",
        worded("This can't be the id of a place."),
        worded("letters, digits, and - _ . between them"),
    )


# ---------------------------------------------------------------- between tables


def problems_between(tables: Sequence[PlaceRows]) -> Iterator[Problem]:
    """Places that stand in two tables, and parents of provinces that stand in none."""
    yield from _repeated(tables, ("jurisdiction_id",), "id")
    yield from _repeated(tables, ("level", "name"), "name")
    known = {id_ for each in tables for id_ in each.table["jurisdiction_id"]}
    for each in tables:
        below = (each.table["level"] == "province") & (each.table["parent_id"] != "")
        first = each.table[below].drop_duplicates("parent_id")
        message = worded("The place that this one belongs to stands in no table of places.")
        strange = ~first["parent_id"].isin(known)
        allowed = worded("an id of another place, or no parent")
        rules = TableRules(each.file, first)
        yield from each.named(rules.failures(strange, "parent_id", message, allowed))


def _repeated(tables: Sequence[PlaceRows], key: tuple[str, ...], what: str) -> Iterator[Problem]:
    """Rows whose key stands in an earlier table already."""
    seen: set[tuple[str, ...]] = set()
    for each in tables:
        keys = list(each.table[list(key)].itertuples(index=False, name=None))
        again = pd.Series([found in seen for found in keys], index=each.table.index)
        allowed = worded("each {what} in one table", what=what)
        message = worded("A place with this {what} stands in another table already.", what=what)
        rules = TableRules(each.file, each.table)
        yield from each.named(rules.failures(again, key[-1], message, allowed))
        seen.update(keys)


def with_regions(places: pd.DataFrame) -> pd.DataFrame:
    """The places, where provinces without a region have the name of what they belong to."""
    names = dict(zip(places["jurisdiction_id"], places["name"], strict=True))
    bare = (places["level"] == "province") & (places["region"] == "")
    parents = places["parent_id"].map(lambda id_: names.get(id_, SAME_COUNTRY))
    return places.assign(region=places["region"].mask(bare, parents))


# ---------------------------------------------------------------- their boundaries


def drawn_boundaries(
    catalogue: Catalogue, places: pd.DataFrame, problems: list[Problem]
) -> dict[str, Outlines]:
    """What each map of own boundaries draws; what is wrong with them is added to `problems`."""
    drawn = {}
    for id_ in progress.each(Step.DRAWING, catalogue.boundaries):
        files = catalogue.boundaries[id_]
        map_ = catalogue.loaded.config.maps[id_]
        where = str(map_.boundaries)
        of_level = places[places["level"].isin(LEVELS_OF_MAP[map_.level])]
        names = dict(zip(of_level["jurisdiction_id"], of_level["name"], strict=True))
        try:
            features = read_features(files[0].path, map_.layer, where)
            drawn[id_] = outlines(features, map_, names, where)
        except ValidationError as error:
            problems.extend(error.problems)
    return drawn


def with_points_of(places: pd.DataFrame, drawn: Mapping[str, Outlines]) -> pd.DataFrame:
    """The places, with a point inside their shape where their table gives none."""
    points = {id_: point for each in drawn.values() for id_, point in each.points.items()}
    placed = places.copy()
    bare = (placed["longitude"] == "") & (placed["latitude"] == "")
    known = bare & placed["jurisdiction_id"].isin(list(points))
    for at, column in enumerate(("longitude", "latitude")):
        found = placed.loc[known, "jurisdiction_id"].map(lambda id_, at=at: str(points[id_][at]))
        placed.loc[known, column] = found
    return placed
