"""Names of places, and words in the cells of tables."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from gapatlas.languages.catalogues import ENGLISH
from gapatlas.languages.saying import language_now, say

if TYPE_CHECKING:
    import pandas as pd

_MOST_WORDS: Final = 400
"""A column with more different texts than this holds names or numbers, not words."""


@cache
def _territories(language: str) -> Mapping[str, str]:
    from babel import Locale

    return dict(Locale.parse(language).territories)


def place_name(name: str, iso2: Any = "") -> str:
    """The name of a place in the language that is spoken.

    Args:
        name: as the table of places has it, in English.
        iso2: its ISO 3166 code of two letters; empty where it is no country. Countries are named
            as Unicode CLDR names them, other places as the catalogue does, if it does.
    """
    if language_now() == ENGLISH:
        return name
    if isinstance(iso2, str) and iso2:
        return _territories(language_now()).get(iso2, name)
    return say(name)


def alphabetical(name: str) -> str:
    """What a name is sorted by: a letter with an accent stands beside the same letter without."""
    if name.isascii():
        return name
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def in_alphabet(ids: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Ids of places in the order of their names.

    Args:
        ids: the ids.
        names: id -> name.
    """
    return sorted(ids, key=lambda id_: alphabetical(names[id_]))


def column_in_alphabet(column: pd.Series) -> pd.Series:
    """A `key` of `sort_values`: names as `alphabetical` has them; other columns as they are."""
    return column.map(alphabetical) if column.name == "name" else column


def named_in_language(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """A table whose places, regions and reporting bodies have names in the language that is spoken.

    Args:
        table: with the columns `jurisdiction_id` and `name`, and perhaps `region`, `subregion`,
            `reporter`.
        names: id of a place -> its name in that language.
    """
    ids, name = table["jurisdiction_id"], table["name"]
    named = table.assign(name=ids.map(names).fillna(name).astype(name.dtype))
    for column in ("region", "subregion", "reporter"):
        if column in named:
            named[column] = _words_said(named[column])
    return named


def words_of_table(table: pd.DataFrame) -> pd.DataFrame:
    """A table for readers in the language that is spoken: headings, and cells that are words.

    Tables have English headings and words until they are shown, so that code can find them. Two
    headings that a language says alike stay in English: a table can't have both.
    """
    if language_now() == ENGLISH:
        return table
    from pandas.api.types import is_numeric_dtype  # a process that reads one table does without

    spoken = table.copy()
    for column in spoken.columns:
        if not is_numeric_dtype(spoken[column].dtype):
            spoken[column] = _words_said(spoken[column])
    headings = {column: say(str(column)) for column in spoken.columns}
    times = Counter(headings.values())
    return spoken.rename(columns={old: new for old, new in headings.items() if times[new] == 1})


def _words_said(column: pd.Series) -> pd.Series:
    different = [value for value in column.unique() if isinstance(value, str) and value]
    if len(different) > _MOST_WORDS:
        return column
    said = {value: say(value) for value in different}
    return column.map(lambda value: said.get(value, value) if isinstance(value, str) else value)
