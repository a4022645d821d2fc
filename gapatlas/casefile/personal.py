"""Whether a column looks as if it names or finds a person: by its header, and by its cells.

These are rules of thumb. They err on the side of refusing: an analyst who knows better can give the
column another header or codes, or declare that it is dropped.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import pandas as pd

from gapatlas.languages import worded

NAME: Final = worded("a person's name")
BIRTH: Final = worded("a date of birth")
CONTACT: Final = worded("a detail by which a person is found")


def _vocabulary(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NAME_WORDS: Final = _vocabulary(
    "name names surname surnames forename forenames lastname firstname middlename fullname maiden "
    "alias aliases aka nickname initials vorname nachname familienname nombre nombres apellido "
    "apellidos nom prenom nome cognome sobrenome"
)
_NAME_WORDS_ELSEWHERE: Final = ("имя", "фамилия", "姓名", "氏名", "名前", "اسم", "नाम")
_PERSON_WORDS: Final = _vocabulary(
    "person defendant accused suspect offender victim witness judge prosecutor attorney lawyer "
    "officer first last middle full given family sur user client"
)
_THING_WORDS: Final = _vocabulary(
    "place court county country state district region city town statute charge offence offense "
    "crime law agency office unit court file dataset source column field table variable code "
    "program programme task"
)
_BIRTH_WORDS: Final = _vocabulary(
    "dob yob birth births birthday birthdate birthyear dateofbirth born geboren geburtsdatum "
    "geburtstag nacimiento naissance nascita nascimento"
)
_CONTACT_WORDS: Final = _vocabulary(
    "ssn passport phone telephone mobile cellphone email mail address street postcode zip zipcode "
    "socialsecurity nationalid"
)
_WORD: Final = r"[^\W\d_][^\W\d_'’.\-]*(?:['’.\-][^\W\d_]*)*"
_NUMBERED: Final = rf"{_WORD}\d{{0,4}}"
_NAME_SHAPE: Final = re.compile(rf"{_WORD}|{_NUMBERED}(?:,?\s+{_NUMBERED}){{1,4}}")
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH_NAME = (
    r"(?:jan|ene|feb|f[eé]v|mar|m[aä]r|apr|avr|abr|ma[iyg]|jun|juin|jui|jul|lug|aug|ao[uû]|ago|sep"
    r"|set|o[ck]t|out|ott|nov|de[czs]|d[eé]c|dic)[^\W\d_]{0,8}\.?"
)
_DATE_SHAPE: Final = re.compile(
    rf"(?:18|19|20)\d\d[-./]{_MONTH}[-./]{_DAY}(?:[T ].*)?"
    r"|(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|\d{1,2}[-./]\d{1,2}[-./](?:\d{2}|\d{4})"
    rf"|\d{{1,2}}\.?[ -]{_MONTH_NAME},?[ -]\d{{2,4}}"
    rf"|{_MONTH_NAME} \d{{1,2}},? \d{{4}}",
    re.IGNORECASE,
)
_EMAIL_SHAPE: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

SHARE_OF_SHAPE: Final = 0.6
"""Share of the filled cells that have to have the shape of a name."""
SHARE_OF_DATES: Final = 0.8
DIFFERENT: Final = 0.3
"""Names differ from row to row: at least this many different texts for each filled cell ..."""
MANY_DIFFERENT: Final = 200
"""... or this many in all, as names repeat in a long file."""

SHORTEST_NAME: Final = 3
"""Letters."""
NEAR: Final = 0.75
"""How much alike a text and a known word are where the one is a slip of the other."""


def header_finding(header: str) -> str | None:
    """What a column's header says that it holds of a person, or None."""
    if any(word in header.casefold() for word in _NAME_WORDS_ELSEWHERE):
        return NAME
    words = _words(header)
    if words & _BIRTH_WORDS and not words & {"place", "country", "city"}:
        return BIRTH
    if words & _CONTACT_WORDS or {"social", "security"} <= words:
        return CONTACT
    return NAME if _says_name(words) else None


def _says_name(words: set[str]) -> bool:
    ends = {word for word in words if word.endswith("name")}
    if not words & _NAME_WORDS and not ends:
        return False
    things = {end.removesuffix("name") for end in ends if end not in _NAME_WORDS} | words
    of_a_thing = bool(things & _THING_WORDS) and not things & _PERSON_WORDS
    return not of_a_thing


def _words(header: str) -> set[str]:
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    plain = unicodedata.normalize("NFKD", split).encode("ascii", "ignore").decode().lower()
    return set(re.findall("[a-z]+", plain))


def cell_finding(cells: pd.DataFrame) -> str | None:
    """What the cells of a column look like, or None.

    Args:
        cells: `text`, each text once and none empty, and `rows`, in how many rows it stands.
    """
    filled = int(cells["rows"].sum())
    if filled == 0:
        return None
    if _share(cells, _EMAIL_SHAPE) >= SHARE_OF_SHAPE:
        return CONTACT
    if _share(cells, _DATE_SHAPE) >= SHARE_OF_DATES:
        return BIRTH
    shaped = _of_shape(cells["text"], _NAME_SHAPE)
    varied = shaped.sum() >= MANY_DIFFERENT or shaped.sum() / filled >= DIFFERENT
    of_names = float(cells["rows"][shaped].sum()) / filled >= SHARE_OF_SHAPE
    return NAME if varied and of_names else None


def may_be_printed(text: str, known: Iterable[str]) -> bool:
    """Whether an unknown code can stand in an error: only if it is a slip, and could be no name.

    Args:
        text: one entry of a cell.
        known: the codes and words that are allowed there.
    """
    text = text.strip()
    if re.search(r"[\s,@]", text) or _DATE_SHAPE.fullmatch(text):
        return False
    if len(text) < SHORTEST_NAME or re.search(r"[0-9_]", text):
        return True
    words = [word.casefold() for word in known]
    near = difflib.get_close_matches(text.casefold(), words, n=1, cutoff=NEAR)
    return len(text) > SHORTEST_NAME and bool(near)


def _share(cells: pd.DataFrame, shape: re.Pattern[str]) -> float:
    matched = _of_shape(cells["text"], shape)
    return float(cells["rows"][matched].sum()) / float(cells["rows"].sum())


def _of_shape(texts: Iterable[str], shape: re.Pattern[str]) -> pd.Series:
    found = [bool(shape.fullmatch(text.strip())) for text in texts]
    index = texts.index if isinstance(texts, pd.Series) else None
    return pd.Series(found, index=index, dtype=bool)
