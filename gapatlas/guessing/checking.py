"""A file that stands in no config yet: what it seems to hold, and what a block says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pydantic import ValidationError as SchemaError

from gapatlas import progress
from gapatlas.config import Dataset, Indicator
from gapatlas.config.mapping_rules import mapping_faults
from gapatlas.config.problems import problem_at, schema_problems
from gapatlas.config.reading_models import Reading
from gapatlas.config.vocabulary import STAGE_UNITS, Stages
from gapatlas.config.yaml_lines import Document, read_yaml
from gapatlas.errors import GapAtlasError, Problem
from gapatlas.guessing.block import OPEN
from gapatlas.guessing.columns import MOST_TOKENS, guess
from gapatlas.guessing.opening import opened
from gapatlas.languages import worded
from gapatlas.mapping.texts import plain
from gapatlas.progress import Step
from gapatlas.reading import LIMITS, Limits, read_cells

MOST_PROBLEMS: Final = 200
FIRST_ROWS: Final = 20
SILENT: Final = ("not_reported", "suppressed")
LIMITS_OF_A_LOOK: Final = replace(LIMITS, rows=1_000_000, cells=10_000_000)
"""What a file may take that a reader of the pages brings along."""
BLOCK_FILE: Final = worded("config block")


@dataclass(frozen=True)
class Looked:
    """What a file seems to hold.

    Attributes:
        columns: names of its columns.
        words: column -> its different cells, for columns with few of them.
        rows: rows below the header.
        read: keys and values of `read:`.
        read_questions: key of `read:` -> what is not sure about it.
        kind: kind of dataset.
        map: keys and values of `map:`.
        questions: path of a key below the dataset, its parts parted by a blank line -> what is
            not sure about it.
    """

    columns: list[str]
    words: dict[str, list[str]]
    rows: int
    read: dict[str, Any]
    read_questions: dict[str, str]
    kind: str
    map: dict[str, Any]
    questions: dict[str, str]


@dataclass(frozen=True)
class Verdict:
    """What a block makes of a file.

    Attributes:
        problems: the first problems, with row and column of the file or line of the block.
        more: how many more there are.
        rows: rows in our columns.
        places: number of places among them.
        silent: how many of the rows are not given or withheld.
        years: first and last year; nothing where there are no rows.
        first: the first rows, our column -> cell.
    """

    problems: list[Problem] = field(default_factory=list)
    more: int = 0
    rows: int = 0
    places: int = 0
    silent: int = 0
    years: tuple[int, int] | None = None
    first: list[dict[str, str]] = field(default_factory=list)


def look(
    path: Path,
    shown: str,
    read: Mapping[str, Any],
    places: pd.DataFrame,
    limits: Limits = LIMITS_OF_A_LOOK,
) -> Looked:
    """Say what a file seems to hold.

    Args:
        path: the file.
        shown: what problems call it.
        read: what is known of how it is opened.
        places: the places table, all cells text.
        limits: the most that it may take.

    Raises:
        ValidationError: it can't be opened.
    """
    table = opened(path, dict(read), shown, limits)
    progress.go_on(Step.GUESSING)
    found = guess(table.cells, places)
    frame = table.cells.frame
    return Looked(
        columns=list(table.cells.header),
        words={name: words for name in table.cells.header if (words := _few(frame[name]))},
        rows=len(frame),
        read=table.read,
        read_questions=table.questions,
        kind=found.kind,
        map=found.map,
        questions={"\n".join(path_): text for path_, text in found.questions.items()},
    )


def check(
    path: Path,
    shown: str,
    block: str,
    places: pd.DataFrame,
    folder: Path,
    limits: Limits = LIMITS_OF_A_LOOK,
    stages: Stages = STAGE_UNITS,
) -> Verdict:
    """Check a file against the block that a config would have of it.

    Args:
        path: the file.
        shown: what problems call it.
        block: the text of the block, as it stands under `datasets:`.
        places: the places table, all cells text.
        folder: where files of the work may lie.
        limits: the most that the file may take.
        stages: every stage with its units.

    Raises:
        ValidationError: the file can't be opened.
    """
    dataset, indicators, problems = _dataset_of(block, folder, stages)
    if dataset is None or problems:
        return _verdict(problems)
    from gapatlas.validate import check_table  # it takes a second that a look can do without

    cells = read_cells(path, dataset.read or Reading(), shown, limits=limits)
    table, problems = check_table(cells, dataset, places, shown, indicators, stages)
    return _verdict(problems, table.frame)


def _few(column: pd.Series) -> list[str]:
    """The different cells of a column, if they are few."""
    texts = [plain(str(text)) for text in column.unique()[: MOST_TOKENS + 1]]
    words = [text for text in texts if text]
    return words if len(texts) <= MOST_TOKENS else []


def _dataset_of(
    block: str, folder: Path, stages: Stages
) -> tuple[Dataset | None, dict[str, Indicator], list[Problem]]:
    """The dataset that a block says, the indicators that it holds, and each line to mend."""
    file = folder / BLOCK_FILE
    file.write_text(block, encoding="utf-8")
    try:
        whole = read_yaml(file)
    except GapAtlasError as error:
        return None, {}, [replace(problem, where=BLOCK_FILE) for problem in error.problems]
    ((id_, keys),) = whole.data.items()
    document = Document(keys, {p[1:]: line for p, line in whole.lines.items() if p[:1] == (id_,)})
    try:
        dataset = Dataset.model_validate(keys)
    except SchemaError as error:
        return None, {}, list(schema_problems(BLOCK_FILE, document, error, Dataset))
    indicators = _indicators_of(dataset)
    sources = dict.fromkeys(indicators, dataset.source)
    faults = mapping_faults(dataset, sources, stages)
    return dataset, indicators, [problem_at(BLOCK_FILE, document, *fault) for fault in faults]


def _indicators_of(dataset: Dataset) -> dict[str, Indicator]:
    """The indicators that a block names: no config holds them yet."""
    words = None if dataset.map is None else dataset.map.indicator
    if words is None or words.value is None or words.value == OPEN:
        return {}
    about = dict.fromkeys(("title", "unit", "definition", "caution"), words.value)
    return {words.value: Indicator.model_validate({**about, "source": dataset.source})}


def _verdict(problems: list[Problem], frame: pd.DataFrame | None = None) -> Verdict:
    told = Verdict(problems[:MOST_PROBLEMS], max(len(problems) - MOST_PROBLEMS, 0))
    if frame is None or frame.empty:
        return told
    years = pd.to_numeric(frame["year"], errors="coerce").dropna()
    return replace(
        told,
        rows=len(frame),
        places=frame["jurisdiction_id"].nunique(),
        silent=int(frame["status"].isin(SILENT).sum()) if "status" in frame else 0,
        years=(int(years.min()), int(years.max())) if len(years) else None,
        first=[
            {str(ours): str(cell) for ours, cell in row.items()}
            for row in frame.head(FIRST_ROWS).to_dict("records")
        ],
    )
