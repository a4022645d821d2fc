"""An office's own table as a table of ours, with the source of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from gapatlas.config import Dataset
from gapatlas.config.mapping_models import Figures, TableMap
from gapatlas.config.schema import INDICATOR_KEY, OBSERVATION_KEY, TABLE_COLUMNS
from gapatlas.config.vocabulary import STAGE_UNITS, Stages
from gapatlas.errors import Problem
from gapatlas.languages import worded
from gapatlas.mapping.columns import FileColumns, filled_down, header_problems, named_columns
from gapatlas.mapping.figures import column_fault, reader_of
from gapatlas.mapping.findings import (
    LISTED,
    CellFault,
    Findings,
    Flags,
    ReadColumn,
    any_of,
    constant,
    read_column,
)
from gapatlas.mapping.numbers import FigureReader
from gapatlas.mapping.origin import Origin
from gapatlas.mapping.places import PlaceReader
from gapatlas.mapping.repeats import Repeats, sum_problems
from gapatlas.mapping.shaping import FIGURE_COLUMNS, Block, ReadFigures
from gapatlas.mapping.texts import in_flow, plain
from gapatlas.mapping.words import word_reader
from gapatlas.mapping.years import read_year
from gapatlas.tables import CsvCells

FILLED: Final[dict[str, str]] = {
    "sex": "total",
    "age": "total",
    "dimension": "total",
    "category": "total",
    "part": "1",
    "note": "",
}
"""What a table of ours needs and an office's has no column for."""
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "observations": OBSERVATION_KEY,
    "population": ("jurisdiction_id", "year"),
    "indicators": INDICATOR_KEY,
}
"""Columns that no two rows of a kind may have in common."""
Positions = npt.NDArray[np.int64]


@dataclass
class Mapped:
    """What a map makes of a table.

    Attributes:
        frame: rows in the columns of the kind, all cells text, numbered from 0. Rows with a fault
            that `problems` lists are not among them.
        origin: where each row comes from.
        problems: what can't be mapped, with row and column of the file.
    """

    frame: pd.DataFrame
    origin: Origin
    problems: list[Problem] = field(default_factory=list)


def mapped(
    cells: CsvCells,
    dataset: Dataset,
    places: pd.DataFrame,
    file: str,
    header_row: int = 1,
    stages: Stages = STAGE_UNITS,
) -> Mapped:
    """Map a table as the block `map` of its dataset says.

    Args:
        cells: the table as text.
        dataset: a dataset with a `map`, of kind observations, population or indicators.
        places: the places table: jurisdiction_id, name, level, iso2, iso_numeric, usps, as text.
        file: the file as problems name it.
        header_row: row of the file that holds the names of the columns.
        stages: every stage with its units.
    """
    map_, kind = dataset.map, dataset.kind
    assert map_ is not None
    reader = PlaceReader(map_.place, places)
    problems = list(header_problems(cells.header, named_columns(map_), file, header_row))
    if reader.fault_of_value is not None:
        message, allowed = reader.fault_of_value.message, reader.fault_of_value.allowed
        problems.append(Problem(file, message, column="map.place.value", allowed=allowed))
    if problems:
        return _joined(kind, cells, np.empty(0, dtype=np.int64), [], problems)
    cells = filled_down(cells, map_)
    columns = FileColumns(cells, map_)
    reading = _Reading(columns, map_, kind, file, stages)
    blocks = reading.blocks(reader)
    found = _joined(kind, cells, columns.kept, blocks, reading.problems)
    levels = dict(zip(places["jurisdiction_id"], places["level"], strict=True))
    return _without_repeats(found, map_, kind, file, levels)


class _Reading:
    """Reads the rows of one file, and collects in `problems` what can't be read."""

    def __init__(
        self, columns: FileColumns, map_: TableMap, kind: str, file: str, stages: Stages
    ) -> None:
        self._stages = stages
        self._columns, self._map, self._kind, self._file = columns, map_, kind, file
        self._findings = Findings(file, columns.rows)
        self._size = len(columns.rows)
        self.problems: list[Problem] = []

    def blocks(self, places: PlaceReader) -> list[Block]:
        """The rows that can be read, one block for each column of figures."""
        facts = self._facts(places)
        figures = [self._figures(each) for each in self._map.figures]
        told = ~(self._shifted(facts, figures, places) | self._notes(facts["jurisdiction_id"]))
        for column in facts.values():
            self.problems += self._findings.of_columns([column], told)
        usable = [each for each in figures if not self._is_refused(each, told)]
        cells = (column for each in usable for column in each.columns)
        self.problems += self._findings.of_columns(cells, told)
        good = told & ~any_of([column.bad for column in facts.values()])
        return [self._block(each, facts, good) for each in usable]

    # ------------------------------------------------------------ columns

    def _facts(self, places: PlaceReader) -> dict[str, ReadColumn]:
        """Our columns that hold for whole rows of the file: place, year and words."""
        place, year = self._map.place, self._map.year
        facts = {"jurisdiction_id": self._fact(place.column, place.value, places.read)}
        if year is not None and year.columns is None:
            value = None if year.value is None else str(year.value)
            facts["year"] = self._fact(year.column, value, lambda cell: read_year(year, cell))
        for ours, keys in self._map.words.items():
            name = "" if keys.column is None else self._columns.name(keys.column)
            read = word_reader(self._kind, ours, name, keys.codes, self._stages)
            facts[ours] = self._fact(keys.column, keys.value, read)
        return facts

    def _fact(
        self, column: str | None, value: str | None, read: Callable[[str], str | CellFault]
    ) -> ReadColumn:
        if column is None:
            return constant(value, self._size)
        return read_column(self._columns.name(column), self._columns.texts(column), read)

    def _figures(self, figures: Figures) -> ReadFigures:
        reader = reader_of(self._kind, self._map, figures.times)
        limits = {
            ours: self._figure(column, reader)
            for ours, column in (("low", figures.low), ("high", figures.high))
            if column is not None
        }
        return ReadFigures(figures, reader, self._figure(figures.column, reader), limits)

    def _figure(self, column: str, reader: FigureReader) -> ReadColumn:
        return read_column(self._columns.name(column), self._columns.texts(column), reader.read)

    # ------------------------------------------------------------ faults

    def _shifted(
        self, facts: Mapping[str, ReadColumn], figures: list[ReadFigures], places: PlaceReader
    ) -> Flags:
        """Rows with a number where the place is, or the place elsewhere, and another cell that
        can't be read: their cells stand in the wrong columns."""
        place = facts["jurisdiction_id"]
        others = [facts[ours] for ours in ("year",) if ours in facts]
        others += [each.value for each in figures]
        suspect = place.bad & any_of([other.bad for other in others], self._size)
        is_number = reader_of(self._kind, self._map, 1).is_number
        numbers_are_odd = self._map.place.by not in ("numeric", "code", "id")
        shifted = np.zeros(self._size, dtype=bool)
        for row in np.flatnonzero(suspect):
            texts = [str(other.texts[row]) for other in others]
            is_odd = numbers_are_odd and is_number(str(place.texts[row]))
            shifted[row] = is_odd or any(text and places.knows(text) for text in texts)
        self.problems += self._shift_problems(shifted, [place, *others[:2]])
        return shifted

    def _shift_problems(self, shifted: Flags, columns: list[ReadColumn]) -> Iterator[Problem]:
        at = [int(row) for row in np.flatnonzero(shifted)]
        if not at:
            return
        named = [column for column in columns if column.name]
        message = worded("The cells of the row seem to stand in the wrong columns.")
        if len(at) > 1:
            message = worded("{message} It is so in {rows} rows.", message=message, rows=len(at))
        yield Problem(
            self._file,
            message,
            row=int(self._columns.rows[at[0]]),
            column=", ".join(column.name for column in named),
            found="; ".join(f"{column.name}: '{column.texts[at[0]]}'" for column in named),
            allowed=worded("a place, a year and figures, each in its column"),
        )

    def _notes(self, place: ReadColumn) -> Flags:
        """Rows that hold one text in the place's column and nothing else, such as a footnote."""
        if not place.faults:
            return np.zeros(self._size, dtype=bool)
        notes = place.bad & (self._columns.filled() == 1) & np.asarray(place.texts != "")
        message = worded("The row holds one text and no figures, as notes and headings do.")
        for row in np.flatnonzero(notes)[:LISTED]:
            cell = str(place.texts[row])
            drop = f"`drop: {{{in_flow(place.name)}: [{in_flow(cell)}]}}`"
            allowed = worded(
                "rows of the table; a line under `map:`, {drop}, leaves it out", drop=drop
            )
            fault = CellFault(message, allowed)
            self.problems.append(self._findings.at(int(row), place.name, fault, cell))
        return np.asarray(notes, dtype=bool)

    def _is_refused(self, figures: ReadFigures, told: Flags) -> bool:
        """Whether a column can't hold counts at all; then one problem says why."""
        if not figures.reader.whole or not told.any():
            return False
        column = figures.value
        different = pd.unique(pd.Series(column.texts[told], dtype=object))
        found = column_fault(column.name, map(str, different), figures.reader, self._kind)
        if found is None:
            return False
        shows_it = told if found.cell is None else told & np.asarray(column.texts == found.cell)
        row = int(np.flatnonzero(shows_it)[0])
        self.problems.append(self._findings.at(row, column.name, found.fault, found.cell))
        return True

    # ------------------------------------------------------------ rows of ours

    def _block(self, figures: ReadFigures, facts: Mapping[str, ReadColumn], good: Flags) -> Block:
        """The rows that one column of figures gives."""
        at = np.flatnonzero(good & ~figures.bad)
        same = {**FILLED, **figures.keys.fixed}
        cells = {ours: np.full(len(at), text, dtype=object) for ours, text in same.items()}
        cells |= {ours: column.values[at] for ours, column in facts.items()}
        stated = cells.get("status", np.full(len(at), "", dtype=object))
        cells |= figures.cells(self._kind, at, stated)
        sources = figures.sources(self._kind)
        sources |= {ours: column.name for ours, column in facts.items() if column.name}
        return Block(at, {ours: cells[ours] for ours in TABLE_COLUMNS[self._kind]}, sources)


def _joined(
    kind: str, cells: CsvCells, kept: Positions, blocks: list[Block], problems: list[Problem]
) -> Mapped:
    """The rows of all blocks in the order of the file."""
    at = np.concatenate([np.empty(0, dtype=np.int64), *(block.at for block in blocks)])
    number = np.repeat(np.arange(len(blocks)), [len(block.at) for block in blocks])
    order = np.argsort(at, kind="stable")
    columns = {
        ours: _as_text([text for block in blocks for text in block.columns[ours]], order)
        for ours in TABLE_COLUMNS[kind]
    }
    sources = tuple(block.sources for block in blocks)
    origin = Origin(cells.frame, kept[at[order]], number[order].astype(np.int64), sources)
    return Mapped(pd.DataFrame(columns), origin, problems)


def _as_text(cells: list[str], order: Positions) -> pd.Series:
    texts = pa.array(cells, type=pa.large_string()).take(pa.array(order))
    return pd.Series(pd.array(texts, dtype="str"))


def _without_repeats(
    found: Mapped, map_: TableMap, kind: str, file: str, levels: Mapping[str, str]
) -> Mapped:
    """A table without rows that repeat a key, after adding what they and sums are faulted for."""
    key, frame, origin = KEYS[kind], found.frame, found.origin
    if frame.empty:
        return found
    named = {plain(name) for name in named_columns(map_)}
    passed_over = [name for name in origin.cells if plain(str(name)) not in named]
    repeats = Repeats(file, frame, key, origin, passed_over)
    problems = [*found.problems, *repeats.problems()]
    if kind != "indicators":
        exact = (frame["status"] == "exact") & ~repeats.repeated
        figure = pd.to_numeric(frame[FIGURE_COLUMNS[kind][0]].where(exact), errors="coerce")
        counted = frame[list(key)].assign(low=figure)
        kept = {plain(name) for name in map_.not_totals}
        problems += sum_problems(file, counted, key, levels, origin, kept)
    rows = np.flatnonzero(~repeats.repeated)
    left = replace(origin, positions=origin.positions[rows], blocks=origin.blocks[rows])
    return Mapped(frame.iloc[rows].reset_index(drop=True), left, problems)
