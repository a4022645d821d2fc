"""Errors that say where, what was found and what is allowed.

Every failure that a reader or analyst can cause ends in one `GapAtlasError` whose
`problems` list one entry for each thing to mend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "notice"]


@dataclass(frozen=True)
class Problem:
    """One thing to mend (or, as a notice, to know): file, place in it, found, allowed.

    `row` counts lines of the file from 1, the header included, so that it is the number
    an editor or spreadsheet shows. `private` says that the file has rows of persons: the
    particulars are for who holds it, and no page shows them.
    """

    where: str
    message: str
    row: int | None = None
    column: str | None = None
    found: str | None = None
    allowed: str | None = None
    severity: Severity = "error"
    private: bool = False

    def __str__(self) -> str:
        place = self.where
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        text = f"{place}: {self.message}"
        if self.found is not None:
            text += f" Found: {self.found}."
        if self.allowed is not None:
            text += f" Allowed: {self.allowed}."
        return text

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class GapAtlasError(Exception):
    """Base of all errors raised on purpose; `problems` holds the particulars."""

    def __init__(self, summary: str, problems: Sequence[Problem] = ()) -> None:
        self.summary = summary
        self.problems = list(problems)
        super().__init__("\n".join([summary, *(f"  - {p}" for p in self.problems)]))


class ConfigError(GapAtlasError):
    """`config.yaml` cannot be used as it is."""


class ImportLayoutError(GapAtlasError):
    """A published file does not have the layout that its importer reads."""


class ValidationError(GapAtlasError):
    """A curated table breaks a rule of the data model."""


class BuildError(GapAtlasError):
    """A snapshot could not be built; the last good one is untouched."""


class QueryError(GapAtlasError):
    """A query failed or ran past its time limit."""


class UnknownNameError(GapAtlasError):
    """A measure, source or place that does not exist; near names are listed."""


class TooLittleDataError(GapAtlasError):
    """The figures are too few, or too much alike, for what is asked of them."""
