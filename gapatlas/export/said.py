"""Tables of a file in the reader's language, and what leads from them back to English.

Code finds columns and words by their English names. A file in another language brings a list of
them along, so that it can be read back whatever becomes of its catalogue.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from gapatlas.export.cells import CODES, Kind
from gapatlas.export.columns import FRAME
from gapatlas.languages import ENGLISH, LANGUAGES, in_digits, language_now, say, speaking

LEAD: Final = "In English: "
"""How the text begins that leads back to English, in every language."""

_POINT: Final = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
"""A point between thousands: a program would read `1.623` as less than two."""
_THIN: Final = "\N{NARROW NO-BREAK SPACE}"
_THIN_IN_NUMBER: Final = re.compile(rf"(?<=\d){_THIN}(?=\d)")
_BLANKS: Final = re.compile(r"(?<= ) |[^\S \u00a0\u202f]")
"""Blanks that a line of a header would lose."""


@dataclass(frozen=True)
class SaidTable:
    """A table as readers of a language see it.

    Attributes:
        table: with headings and words in that language.
        words: for each column, what its cells say in that language -> the same in English.
    """

    table: pd.DataFrame
    words: tuple[Mapping[str, str], ...]


def said_table(table: pd.DataFrame) -> SaidTable:
    """A table with headings and words in the language that is spoken.

    Two words of a column never become one: the second then stays as it was. No text has a point
    between thousands.
    """
    if language_now() == ENGLISH:
        return SaidTable(table, ())
    said, words = {}, []
    for name, heading in zip(table.columns, said_names(table.columns), strict=True):
        texts = _texts(table[name])
        into = _said([text for text in texts if text in CODES or not _is_of_the_library(name)])
        words.append({spoken: english for english, spoken in into.items()})
        cells = _in_words(table[name], into)
        said[heading] = cells if _is_of_the_library(name) else _changed(cells, _without_points)
    return SaidTable(pd.DataFrame(said, index=table.index, dtype=object), tuple(words))


def said_names(names: Iterable[Any]) -> list[str]:
    """Headings in the language that is spoken; no two of them become one."""
    known = [str(name) for name in names]
    into = _said([name for name in known if not _is_of_the_library(name)])
    return [into.get(name, name) for name in known]


def _is_of_the_library(name: Any) -> bool:
    """Whether a column is for code, such as `year_from`: its name stays, and so do the cells below
    it, but for codes in place of numbers."""
    return str(name) in FRAME


def _texts(column: pd.Series) -> list[str]:
    return [value for value in column.unique() if isinstance(value, str) and value]


def _said(texts: Sequence[str]) -> dict[str, str]:
    """Those texts that read otherwise in the language -> how they read."""
    taken, into = set(texts), dict[str, str]()
    for text in texts:
        spoken = say(text)
        if spoken not in taken:
            into[text] = spoken
            taken.add(spoken)
    return into


def _in_words(column: pd.Series, words: Mapping[str, str]) -> pd.Series:
    return _changed(column, lambda cell: words.get(cell, cell))


def _changed(column: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """A column with its texts changed."""
    return column.map(lambda cell: change(cell) if isinstance(cell, str) else cell)


def _without_points(text: str) -> str:
    return _POINT.sub(_THIN, text) if in_digits(",") == "." else text


def _with_points(text: str) -> str:
    """A text as it was before `_without_points`."""
    return _THIN_IN_NUMBER.sub(".", text) if in_digits(",") == "." else text


# ------------------------------------------------------------------ back to English


@dataclass(frozen=True)
class English:
    """What a file in another language says of itself.

    Attributes:
        language: of its words.
        names: of its columns, in English.
        kinds: what its columns hold.
        words: see `SaidTable`.
        sheet: name of the sheet of its rows, where it is a workbook.
    """

    language: str
    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    words: tuple[Mapping[str, str], ...]
    sheet: str = ""

    def text(self) -> str:
        """The same on one line."""
        columns = [
            {"name": name, "kind": kind, **({"words": words} if words else {})}
            for name, kind, words in zip(self.names, self.kinds, self.words, strict=True)
        ]
        told: dict[str, Any] = {"language": self.language, "columns": columns}
        if self.sheet:
            told["sheet"] = self.sheet
        text = json.dumps(told, ensure_ascii=False)
        return LEAD + _BLANKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)

    @classmethod
    def of_text(cls, text: str) -> English:
        """What `text` has written.

        Raises:
            ValueError: it is something else.
        """
        try:
            told = json.loads(text.removeprefix(LEAD))
            columns = told["columns"]
            names, kinds = zip(*((each["name"], each["kind"]) for each in columns), strict=True)
            words = tuple(each.get("words", {}) for each in columns)
            return cls(str(told["language"]), names, kinds, words, told.get("sheet", ""))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("it does not lead back to English") from error

    def back(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of the file, as many columns wide as it says, with English headings and words."""
        named = zip(self.names, rows.columns, self.words, strict=True)
        with speaking(self.language if self.language in LANGUAGES else ENGLISH):
            found = {
                name: _in_words(_changed(rows[heading], _with_points), words)
                for name, heading, words in named
            }
        return pd.DataFrame(found, index=rows.index)
