"""One description of a download, from which CSV, Excel and HTML are written, and read back."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, cast, get_args

import pandas as pd

from gapatlas.errors import GapAtlasError, Problem
from gapatlas.export.cells import (
    CODES,
    Kind,
    coded,
    guarded,
    kind_of,
    plain_text,
    uncoded,
    unguarded,
)
from gapatlas.export.columns import meaning_of
from gapatlas.export.readable import header_lines
from gapatlas.export.said import LEAD, English, SaidTable, said_names, said_table
from gapatlas.languages import ENGLISH, language_now, mark, say
from gapatlas.measures import MeasureFrame

FIGURES: Final = mark("Figures")
ABOUT: Final = mark("About")
COLUMNS: Final = mark("Columns")
"""Names of sheets."""
_DICTIONARY: Final = mark("What the columns mean:")
_COLUMN: Final = "Column "  # not said: what read_back looks for in English
_WIDEST: Final = 60


@dataclass(frozen=True)
class Download:
    """Rows, and all that must stand beside them in a file.

    Attributes:
        title: what the rows are.
        rows: one row per figure, as they are shown.
        about: lines of words: unit, sources with edition, terms and citation, notes, snapshot.
        filters: what the reader has chosen, in words.
        link: address of the view.
    """

    title: str
    rows: pd.DataFrame
    about: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    link: str = ""

    @classmethod
    def of(cls, rows: pd.DataFrame, header: Sequence[str]) -> Self:
        """Rows below header lines, of which the first is the title."""
        return cls(title=header[0], rows=rows, about=tuple(header[1:]))

    @classmethod
    def of_frame(cls, frame: MeasureFrame) -> Self:
        """The rows of a measure, with unit, definition, sources and caveats."""
        return cls.of(frame.data.reset_index(drop=True), list(header_lines(frame)))

    def words(self) -> list[str]:
        """The header block, line by line: title, choices, words, link, and codes in use."""
        chosen = (say("Chosen: {choice}", choice=each) for each in self.filters)
        lines = [self.title, *chosen, *self.about]
        if self.link:
            lines.append(say("This view: {link}", link=self.link))
        codes = [
            say("Code: {code}: {meaning}", code=say(code), meaning=say(CODES[code]))
            for code in self.codes()
        ]
        return [*lines, *codes]

    def codes(self) -> list[str]:
        """The codes that stand in place of missing numbers."""
        used = coded(self.rows)
        numbers = [name for name, kind, _ in self.columns() if kind != "text"]
        found = {value for name in numbers for value in used[name] if isinstance(value, str)}
        texts = {value for name in self.rows for value in used[name] if isinstance(value, str)}
        return [code for code in CODES if code in found | texts]

    def columns(self) -> list[tuple[str, Kind, str]]:
        """The data dictionary: name of each column in English, its kind, and its meaning in the
        language that is spoken."""
        return [(str(name), kind_of(self.rows[name]), meaning_of(str(name))) for name in self.rows]

    def dictionary(self) -> list[tuple[str, str, str]]:
        """Name, kind and meaning of each column, in the language that is spoken."""
        names = said_names(self.rows)
        columns = zip(names, self.columns(), strict=True)
        return [(name, say(kind), meaning) for name, (_, kind, meaning) in columns]

    def said(self) -> SaidTable:
        """The rows with codes, in the language that is spoken."""
        return said_table(coded(self.rows))


# ------------------------------------------------------------------ CSV


def csv_text(frame: MeasureFrame) -> str:
    """A frame as CSV; see `csv_of`."""
    return csv_of(Download.of_frame(frame))


def csv_of(download: Download) -> str:
    """A download as CSV: lines that begin with `#`, then the rows.

    The lines hold title, choices, sources, codes and one line per column. `read_back` gives the
    rows again. Cells that a spreadsheet would run as a formula begin with an apostrophe.
    """
    columns = [
        say(
            "Column {name}: {kind}; {meaning}",
            name=json.dumps(plain_text(name), ensure_ascii=False),
            kind=kind,
            meaning=meaning,
        )
        for name, kind, meaning in download.dictionary()
    ]
    said = download.said()
    back = [_english_of(download, said).text()] if language_now() != ENGLISH else []
    return table_csv(said.table, [*download.words(), *back, say(_DICTIONARY), *columns])


def _english_of(download: Download, said: SaidTable, sheet: str = "") -> English:
    names, kinds, _ = zip(*download.columns(), strict=True)
    return English(language_now(), tuple(map(plain_text, names)), kinds, said.words, sheet)


def table_csv(table: pd.DataFrame, header: Iterable[str]) -> str:
    """Any table as CSV under `#` lines; absent values are empty cells, and no cell a formula."""
    buffer = io.StringIO()
    for line in header:
        buffer.write(f"# {_BREAKS.sub(' ', line).strip()}\n")
    for row in [tuple(table.columns), *table.itertuples(index=False)]:
        line = ",".join(_csv_cell(value) for value in row)
        buffer.write(f"{line or _EMPTY}\n")
    return buffer.getvalue()


_BREAKS: Final = re.compile(r"[^\S\u00a0\u202f]+")
"""Blanks and line breaks, but for blanks that belong to the sign beside them."""
_EMPTY: Final = '""'
"""A row whose only cell is empty: a blank line would be no row."""


def _csv_cell(value: object) -> str:
    """A cell of a CSV file; quotes also keep a `#` inside from starting a comment."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    text = str(value)
    if isinstance(value, str) and value not in CODES:
        text = guarded(plain_text(text))
    if any(sign in text for sign in ',"#\n') or text != text.strip():
        text = '"' + text.replace('"', '""') + '"'
    return text


# ------------------------------------------------------------------ Excel


def xlsx_of(download: Download) -> bytes:
    """A download as an Excel file: sheets `About`, `Figures` and `Columns`.

    Numbers are numbers; texts are texts, whatever they begin with.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    said = download.said()
    _write_about(book.create_sheet(say(ABOUT)), download.words())
    _write_table(book.create_sheet(say(FIGURES)), said.table)
    names = (say("Column"), say("Kind"), say("Meaning"))
    _write_table(
        book.create_sheet(say(COLUMNS)), pd.DataFrame(download.dictionary(), columns=names)
    )
    if language_now() != ENGLISH:
        book.properties.language = language_now()
        book.properties.description = _english_of(download, said, say(FIGURES)).text()
    buffer = io.BytesIO()
    book.active = 0
    book.save(buffer)
    return buffer.getvalue()


def _write_about(sheet: Any, lines: Sequence[str]) -> None:
    """The title in bold, then each line with its first words in a column of their own."""
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 110
    title = _text_cell(sheet, lines[0])
    title.font = Font(bold=True, size=14)
    sheet.append([title])
    for line in lines[1:]:
        label, parted, text = _BREAKS.sub(" ", line).strip().partition(": ")
        words = _text_cell(sheet, text if parted else label)
        words.alignment = Alignment(wrap_text=True, vertical="top")
        first = _text_cell(sheet, label.rstrip() if parted else "")
        first.alignment = Alignment(vertical="top")
        sheet.append([first, words])


def _write_table(sheet: Any, table: pd.DataFrame) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for number, name in enumerate(table.columns, 1):
        widest = max([len(str(name)), *(len(str(value)) for value in table[name])])
        sheet.column_dimensions[get_column_letter(number)].width = min(widest, _WIDEST) + 3
    heads = [_text_cell(sheet, plain_text(str(name))) for name in table.columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in table.itertuples(index=False):
        sheet.append(
            [_text_cell(sheet, value) if isinstance(value, str) else value for value in row]
        )


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that stays text when a reader edits it."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=None)
    cell.value = text or None
    if text:
        cell.data_type = "s"
        if guarded(text) != text:
            cell.quotePrefix = True
    return cell


# ------------------------------------------------------------------ back again


def read_back(path: str | Path) -> pd.DataFrame:
    """The rows of a downloaded CSV or Excel file, as they were.

    Args:
        path: a file that ends in `.csv` or `.xlsx`.

    Returns:
        The rows, with nothing where a code stands in place of a number. Whole numbers are
        `Int64`, so that a missing one stays missing.

    Raises:
        GapAtlasError: the file is not one of these downloads.
    """
    file = Path(path)
    kinds, rows, english = _from_xlsx(file) if file.suffix == ".xlsx" else _from_csv(file)
    if len(kinds) != len(rows.columns):
        raise _no_download(file, f"{len(rows.columns)} columns, of which {len(kinds)} are told")
    if english is not None:
        rows = english.back(rows)
    named = zip(rows.columns, kinds, strict=True)
    return pd.DataFrame({name: uncoded(rows[name], kind) for name, kind in named})


_Found = tuple[Sequence[Kind], pd.DataFrame, English | None]
"""Kinds of the columns, the rows, and what leads from them to English where they are not."""


def _from_csv(file: Path) -> _Found:
    lines: list[str] = []
    english = None
    body = file.read_text(encoding="utf-8-sig")
    while body.startswith("# "):
        line, _, body = body.partition("\n")
        lines = [] if line == f"# {_DICTIONARY}" else [*lines, line]
        if line.startswith(f"# {LEAD}"):
            english = _english(line[2:], file)
    rows = pd.read_csv(io.StringIO(body), dtype=str, keep_default_na=False)
    rows = rows.rename(columns=unguarded).map(unguarded)
    return _kinds_of(lines, file) if english is None else english.kinds, rows, english


def _kinds_of(lines: Iterable[str], file: Path) -> list[Kind]:
    """Kinds of the columns, from the dictionary of a file in English."""
    kinds = []
    for line in lines:
        if not line.startswith(f'# {_COLUMN}"'):
            raise _no_download(file, f"no line '# {_DICTIONARY}'")
        _, end = json.JSONDecoder().raw_decode(line, len(f"# {_COLUMN}"))
        kinds.append(_kind(line[end + 2 :].partition(";")[0], file))
    return kinds


def _from_xlsx(file: Path) -> _Found:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True)
    try:
        told = book.properties.description or ""
        english = _english(told, file) if told.startswith(LEAD) else None
        wanted = {FIGURES, COLUMNS} if english is None else {english.sheet}
        if not wanted <= set(book.sheetnames):
            raise _no_download(file, f"the sheets {', '.join(book.sheetnames)}")
        kinds = _kinds_in(book[COLUMNS], file) if english is None else english.kinds
        sheet = book[FIGURES if english is None else english.sheet]
        heads, *lines = sheet.iter_rows(values_only=True, max_col=len(kinds))
    finally:
        book.close()
    return kinds, pd.DataFrame(lines, columns=list(heads), dtype=object), english


def _kinds_in(columns: Any, file: Path) -> list[Kind]:
    """Kinds of the columns, from the dictionary of a workbook in English."""
    return [_kind(row[1], file) for row in columns.iter_rows(min_row=2, values_only=True)]


def _english(text: str, file: Path) -> English:
    try:
        english = English.of_text(text)
    except ValueError:
        raise _no_download(file, text[:80]) from None
    for kind in english.kinds:
        _kind(kind, file)
    return english


def _kind(text: str, file: Path) -> Kind:
    if text not in get_args(Kind):
        raise _no_download(file, text)
    return cast(Kind, text)


def _no_download(file: Path, found: str) -> GapAtlasError:
    allowed = "a CSV or Excel file that Gap Atlas has written"  # not said: an error for analysts
    problem = Problem(file.name, "The file is no download.", found=found, allowed=allowed)
    return GapAtlasError(f"{file.name} can't be read back.", [problem])
