"""Errors that say where, what was found and what is allowed.

Every failure that a reader or analyst can cause ends in one `GapAtlasError` whose
`problems` list one entry for each thing to mend. The texts are English; those that `worded` made
are said in a reader's language when they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from gapatlas.languages import mark, packed, said, unpacked, worded

_PLACES: Final = {
    (False, False): mark("{file}"),
    (True, False): mark("{file}, row {row}"),
    (False, True): mark("{file}, column {column}"),
    (True, True): mark("{file}, row {row}, column {column}"),
}
"""Whether the row and the column of a problem are known -> where it is."""
_SENTENCES: Final = {
    (False, False): mark("{place}: {message}"),
    (True, False): mark("{place}: {message} Found: {found}."),
    (False, True): mark("{place}: {message} Allowed: {allowed}."),
    (True, True): mark("{place}: {message} Found: {found}. Allowed: {allowed}."),
}
"""Whether a problem says what was found and what is allowed -> the problem."""

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
        return str(self._text())

    def said(self) -> str:
        """The problem in one line, in the language that is spoken."""
        return said(self._text())

    def _text(self) -> str:
        has_row, has_column = self.row is not None, self.column is not None
        place = worded(
            _PLACES[has_row, has_column], file=self.where, row=self.row, column=self.column
        )
        sentence = _SENTENCES[self.found is not None, self.allowed is not None]
        return worded(
            sentence, place=place, message=self.message, found=self.found, allowed=self.allowed
        )

    def as_dict(self) -> dict[str, Any]:
        """The problem as plain data, in English."""
        return asdict(self)

    def packed(self) -> dict[str, Any]:
        """The problem as plain data for another process, which `unpacked` reads."""
        return {name: packed(value) for name, value in vars(self).items()}

    @classmethod
    def unpacked(cls, plain: Mapping[str, Any]) -> Problem:
        """A problem that another process has packed."""
        return cls(**{name: unpacked(value) for name, value in plain.items()})


class GapAtlasError(Exception):
    """Base of all errors raised on purpose; `problems` holds the particulars."""

    def __init__(self, summary: str, problems: Sequence[Problem] = ()) -> None:
        self.summary = summary
        self.problems = list(problems)
        super().__init__("\n".join([summary, *(f"  - {p}" for p in self.problems)]))

    def said(self) -> str:
        """The summary and each problem in a line of its own, in the language that is spoken."""
        return "\n".join([said(self.summary), *(f"  - {p.said()}" for p in self.problems)])


def reason_of(error: OSError) -> str:
    """Why the system does not let a file be read or written."""
    return worded(error.strerror or str(error))


_REASONS: Final = (
    mark("No such file or directory"),
    mark("Permission denied"),
    mark("File exists"),
    mark("Is a directory"),
    mark("Not a directory"),
    mark("File name too long"),
    mark("No space left on device"),
    mark("Read-only file system"),
    mark("Input/output error"),
    mark("Too many open files"),
)
"""What the system says most often."""


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
