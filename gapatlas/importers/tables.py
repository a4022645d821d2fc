"""Reading published tables: cells as text, with the row number that a spreadsheet shows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from gapatlas.errors import ImportLayoutError, Problem
from gapatlas.importers.base import unreadable

HEADER_SEARCH_ROWS = 30
MOST_PROBLEMS_LISTED = 100
_INTEGER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.0+)?")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?([eE]-?\d+)?")


@dataclass
class Findings:
    """Collects problems while a file is read, so that all of them are reported at once."""

    where: str
    errors: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    def error(
        self,
        message: str,
        row: int | None = None,
        column: str | None = None,
        found: str | None = None,
        allowed: str | None = None,
    ) -> None:
        """Note something that makes the file unusable."""
        self.errors.append(Problem(self.where, message, row, column, found, allowed))

    def notice(
        self,
        message: str,
        row: int | None = None,
        column: str | None = None,
        found: str | None = None,
    ) -> None:
        """Note something odd that the import copes with; the message says how."""
        self.notices.append(Problem(self.where, message, row, column, found, severity="notice"))

    def raise_errors(self) -> None:
        """Raise ImportLayoutError if any error was noted; a very long list is cut and says so."""
        if not self.errors:
            return
        listed = self.errors[:MOST_PROBLEMS_LISTED]
        rest = len(self.errors) - len(listed)
        if rest:
            listed.append(Problem(self.where, f"{rest} further problems are not listed."))
        raise ImportLayoutError(f"{self.where} does not have the published layout.", listed)


@dataclass(frozen=True)
class PublishedTable:
    """A published table under its header: all cells text, indexed by row number of the file."""

    preamble: list[list[str]]
    columns: list[str]
    frame: pd.DataFrame


def read_csv_cells(path: Path, encoding: str = "utf-8-sig") -> dict[int, list[str]]:
    """Line number -> cells of a comma-separated file, UTF-8 unless told (blank lines left out)."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, strict=True)
            numbered = ((reader.line_num, row) for row in reader)
            return {line: row for line, row in numbered if any(c.strip() for c in row)}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise unreadable(path, error) from error


def read_xlsx_cells(path: Path, sheet_prefix: str) -> dict[int, list[str]]:
    """Row number -> cells as text, from the one sheet whose name begins with `sheet_prefix`."""
    sheets = read_xlsx_sheets(path)
    names = [name for name in sheets if name.lower().startswith(sheet_prefix)]
    if len(names) != 1:
        problem = Problem(
            path.name,
            "The workbook needs exactly one sheet with the published table.",
            found=", ".join(sheets),
            allowed=f"one sheet whose name begins with {sheet_prefix}",
        )
        raise ImportLayoutError(f"{path.name} has no sheet {sheet_prefix}.", [problem])
    return sheets[names[0]]


def read_xlsx_sheets(path: Path) -> dict[str, dict[int, list[str]]]:
    """Name -> row number -> cells as text, of every sheet of a workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
        }
    except (CalamineError, OSError, ValueError) as error:
        raise unreadable(path, error) from error
    return {
        name: {i: [cell_text(c) for c in row] for i, row in enumerate(rows, 1) if any(row)}
        for name, rows in sheets.items()
    }


def cell_text(cell: object) -> str:
    """A spreadsheet cell as the text it shows; whole floats lose their `.0`."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def table_under_header(
    cells: Mapping[int, list[str]],
    path: Path,
    required: Sequence[str],
    is_header: Callable[[set[str]], bool] | None = None,
) -> PublishedTable:
    """Find the header row by its content and return the table below it.

    The header is the first row that names at least half of the `required` columns (or that
    `is_header` accepts, given the row's cells). Raises ImportLayoutError for no header row, a
    missing or repeated required column, and a row longer or shorter than the header.
    """
    findings = Findings(path.name)
    accept = is_header or (lambda names: 2 * len(names & set(required)) >= len(required))
    numbers = list(cells)
    header = next(
        (n for n in numbers[:HEADER_SEARCH_ROWS] if accept({c.strip() for c in cells[n]})), None
    )
    if header is None:
        findings.error("No header row was found.", allowed=", ".join(required))
        findings.raise_errors()
    assert header is not None
    columns = [c.strip() for c in cells[header]]
    while columns and not columns[-1]:
        columns.pop()
    for name in required:
        if columns.count(name) != 1:
            what = "missing" if name not in columns else "printed more than once"
            findings.error(
                f"A column is {what}.", header, name, found=", ".join(columns), allowed=name
            )
    body = {n: _fitted(cells[n], len(columns)) for n in numbers if n > header}
    for number, row in body.items():
        if len(row) != len(columns):
            found = f"{len(row)} cells"
            findings.error(
                "The row does not fit the header.", number, None, found, f"{len(columns)} cells"
            )
    if not body:
        findings.error("No rows stand under the header.", header)
    findings.raise_errors()
    frame = pd.DataFrame(list(body.values()), columns=columns, index=list(body), dtype="str")
    return PublishedTable([cells[n] for n in numbers if n < header], columns, frame)


def _fitted(row: list[str], width: int) -> list[str]:
    """Drop empty cells that stick out to the right of the header."""
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row


def mapped_labels(
    values: pd.Series, labels: Mapping[str, str], findings: Findings, column: str
) -> pd.Series:
    """Translate published labels; each unknown label is one error at its first row."""
    stripped = values.str.strip()
    _report_unknown(stripped, labels, findings, column)
    return stripped.map(dict(labels))


def _report_unknown(
    stripped: pd.Series, allowed: Collection[str], findings: Findings, column: str
) -> None:
    unknown = stripped[~stripped.isin(list(allowed))]
    for row, label in unknown.drop_duplicates().items():
        times = int((unknown == label).sum())
        findings.error(
            f"The label is not known ({times} rows).",
            int(str(row)),
            column,
            found=label or "an empty cell",
            allowed=", ".join(sorted(allowed)),
        )


def integers(
    values: pd.Series, findings: Findings, column: str, blank_allowed: bool = False
) -> pd.Series:
    """Whole numbers from text (thousands commas and a trailing `.0` pass); nullable Int64.

    Every cell that is something else is an error; a blank is missing where allowed.
    """
    stripped = values.str.strip()
    blank = stripped == ""
    good = stripped.str.fullmatch(_INTEGER.pattern).astype(bool)
    wrong = stripped[~good & ~(blank if blank_allowed else False)]
    for row, text in wrong.items():
        findings.error(
            "A whole number was expected.",
            int(str(row)),
            column,
            text or "an empty cell",
            "a whole number" + (" or an empty cell" if blank_allowed else ""),
        )
    plain = stripped.where(good).str.replace(",", "").str.replace(r"\.0+$", "", regex=True)
    return pd.to_numeric(plain).astype("Int64")


def decimals(
    values: pd.Series, findings: Findings, column: str, missing: Collection[str] = ()
) -> pd.Series:
    """Decimal numbers from text; a cell that is one of the `missing` texts has no number.

    Every cell that is something else is an error.
    """
    stripped = values.str.strip()
    absent = stripped.isin(list(missing))
    good = stripped.str.fullmatch(_DECIMAL.pattern).astype(bool)
    allowed = "a decimal number" + "".join(f" or {text or 'an empty cell'}" for text in missing)
    for row, text in stripped[~good & ~absent].items():
        found = text or "an empty cell"
        findings.error("A number was expected.", int(str(row)), column, found, allowed)
    return pd.to_numeric(stripped.where(good)).astype("Float64")


def whole_counts(values: pd.Series, findings: Findings, column: str) -> pd.Series:
    """Counts from text, missing where blank; each that is no whole number, or is negative, is an
    error."""
    numbers = integers(values, findings, column, blank_allowed=True)
    refuse_negative(numbers, findings, column)
    return numbers


def refuse_negative(
    numbers: pd.Series, findings: Findings, column: str | None, what: str = "count"
) -> None:
    """Make each negative number an error."""
    for row, number in numbers[numbers < 0].items():
        findings.error(f"A {what} cannot be negative.", int(str(row)), column, str(number))


def refuse_silence(known: pd.Series, findings: Findings, column: str, allowed: str) -> None:
    """Make it an error that no row at all has what the import is for."""
    if not known.any():
        findings.error("No row has a value.", None, column, "none", allowed)


def refuse_repeated(
    keys: pd.DataFrame,
    findings: Findings,
    column: str | None,
    what: str,
    allowed: str = "one row each",
) -> None:
    """Make each row whose keys stand in an earlier row an error."""
    for row, entry in keys[keys.duplicated()].iterrows():
        found = " ".join(map(str, entry))
        verb = "are" if " and " in what else "is"
        findings.error(f"The {what} {verb} printed twice.", int(str(row)), column, found, allowed)


def years(values: pd.Series, findings: Findings, column: str) -> pd.Series:
    """Calendar years between 1900 and 2100; anything else is an error."""
    numbers = integers(values, findings, column)
    wrong = numbers[numbers.notna() & ~numbers.between(1900, 2100)]
    for row, number in wrong.items():
        findings.error(
            "The year is out of range.", int(str(row)), column, str(number), "1900 to 2100"
        )
    return numbers
