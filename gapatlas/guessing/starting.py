"""From a file to all that a config needs to know of it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from gapatlas import progress
from gapatlas.errors import Problem, ValidationError
from gapatlas.guessing.block import OPEN, Block, block_of, descriptor_text, places_text
from gapatlas.guessing.boundaries import boundaries_of
from gapatlas.guessing.columns import Guess, guess
from gapatlas.guessing.opening import opened
from gapatlas.guessing.starter import OWN_PLACES, starter_config
from gapatlas.mapping.places import is_a_country
from gapatlas.mapping.texts import plain
from gapatlas.outlines import is_boundary_file
from gapatlas.progress import Step
from gapatlas.tables import CsvCells

_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class Started:
    """What `gapatlas init` makes of a file.

    Attributes:
        block: the dataset, to be put under `datasets:`; of boundaries, the places and their map.
        files: path from the folder of the config -> text of files that are missing: the
            descriptor, a table of places that no table knows, a first config.
        open: whether a question mark stands where the config needs an answer.
    """

    block: Block
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        return f"'{OPEN}'" in self.block.text or f'"{OPEN}"' in self.block.text


def start(
    file: Path, root: Path, places: pd.DataFrame | None, read: Mapping[str, Any] | None = None
) -> Started:
    """Look at a file and say how the config may describe it.

    Args:
        file: a table or a boundary file inside the folder of the config.
        root: that folder.
        places: the places table of its config, all cells text; None where there is no config.
        read: what is known of how the file is opened, such as its sheet.

    Raises:
        ValidationError: the file lies outside the folder, or can't be opened.
    """
    relative = _inside(file, root)
    progress.begin(Step.READING, file.name)
    if is_boundary_file(file):
        return Started(boundaries_of(file, relative, places))
    table = opened(file, dict(read or {}), relative)
    known = places if places is not None else _no_places()
    sheet = table.read.get("sheet", "")
    progress.go_on(Step.GUESSING)
    found = guess(table.cells, known, sheet)
    level = _level_of(found.unknown_places)
    made: dict[str, str] = {}
    if found.unknown_places and places is None:
        made[OWN_PLACES] = places_text(found.unknown_places, level)
        _by_own_names(found)
    short = file.name.split(".")[0]
    block = block_of(found, table.read, table.questions, relative, sheet or short, short)
    if not (root / block.descriptor).exists():
        made[block.descriptor] = descriptor_text(short, relative)
    if places is None:
        years = _years(table.cells, found)
        config = starter_config(block, found, short, level, years)
        if config is not None:
            made["config.yaml"] = config
    return Started(block, made)


def _inside(file: Path, root: Path) -> str:
    target = Path(os.path.abspath(file))
    if not target.is_relative_to(root.resolve()):
        allowed = "a file inside the folder of the config"
        problem = Problem(file.name, "The file lies elsewhere.", found=file.name, allowed=allowed)
        raise ValidationError("The file can't be named by the config.", [problem])
    return target.relative_to(root.resolve()).as_posix()


def _no_places() -> pd.DataFrame:
    columns = ("jurisdiction_id", "name", "level", "iso2", "iso_numeric", "usps")
    return pd.DataFrame({name: pd.Series(dtype="str") for name in columns})


def _by_own_names(found: Guess) -> None:
    """Places that a new table names need no codes."""
    found.map["place"] = {"column": found.map["place"]["column"], "by": "name"}
    for key in ("column", "codes"):
        found.questions.pop(("map", "place", key), None)
    question = f"{OWN_PLACES} was made from the names: put official codes there"
    found.questions[("map", "place", "by")] = question


def _level_of(names: list[str]) -> str:
    """What places that no table knows are: countries, if half of them have a country's name."""
    countries = sum(map(is_a_country, names))
    return "country" if 2 * countries > len(names) else "province"


def _years(cells: CsvCells, found: Guess) -> tuple[int, int] | None:
    """First and last year that a table has."""
    keys = found.map.get("year", {})
    if "columns" in keys:
        return int(keys["columns"][0]), int(keys["columns"][1])
    texts = [plain(str(text)) for text in cells.frame.get(keys.get("column"), [])]
    years = sorted(int(match[0]) for text in texts if (match := _YEAR.search(text)))
    return (years[0], years[-1]) if years else None
