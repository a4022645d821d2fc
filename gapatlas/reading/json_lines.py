"""JSON lines: one object on each line, its keys the names of the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gapatlas.languages import worded
from gapatlas.reading.blocks import Faults, Job, Table, column_names, row_blocks
from gapatlas.reading.cell_texts import NoCellError, cell_text
from gapatlas.reading.limits import check_shape
from gapatlas.reading.text_lines import text_lines

_ALLOWED = worded(
    "an object on each line, such as {example}", example='{"year": 2021, "cases": 12}'
)


class _RepeatedKeyError(ValueError):
    """An object has a key twice."""


def read_json_lines(job: Job) -> Table:
    """Open a file of JSON lines: it is read once for the names, and again for the cells.

    Raises:
        ValidationError: a line is no flat object; while the blocks are taken too.
    """
    keys: dict[str, None] = {}
    for _, entry in _objects(job):
        keys.update(dict.fromkeys(entry))
        check_shape(0, len(keys), job.limits, job.shown)
    if not keys:
        raise job.refused(worded("The file is empty."), row=1, allowed=_ALLOWED)
    names = column_names(list(keys), 1, job)
    return Table(names, row_blocks(_rows(list(keys), job), len(names), Faults()))


def _objects(job: Job) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text_lines(job), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line, object_pairs_hook=_pairs, parse_constant=_no_constant)
        except _RepeatedKeyError as error:
            raise job.refused(
                worded("The line has a key twice."), row=number, found=str(error)
            ) from None
        except (ValueError, RecursionError):
            raise job.refused(
                worded("The line is no JSON."), row=number, allowed=_ALLOWED
            ) from None
        if not isinstance(entry, dict):
            found = worded("a {type}", type=type(entry).__name__)
            raise job.refused(
                worded("The line is no object."), row=number, found=found, allowed=_ALLOWED
            )
        yield number, entry


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entry = dict(pairs)
    if len(entry) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedKeyError(next(name for name in names if names.count(name) > 1))
    return entry


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _rows(keys: list[str], job: Job) -> Iterator[tuple[int, list[str]]]:
    for number, entry in _objects(job):
        try:
            cells = [cell_text(entry.get(key)) for key in keys]
            "".join(cells).encode("utf-8")
        except NoCellError as error:
            raise job.refused(
                worded("A cell holds more than one value."),
                row=number,
                found=error.args[0],
                allowed=_ALLOWED,
            ) from None
        except UnicodeEncodeError:
            raise job.refused(worded("The line holds half a letter."), row=number) from None
        yield number, cells
