"""Texts of cells made comparable: blanks, case, accents."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe"})
_MARKS: Final = re.compile("[\u0300-\u036f\u064b-\u0652]")
"""Accents of Latin, Greek and Cyrillic letters, and vowel signs of Arabic. The signs of Indian
scripts are letters of their own and stay."""


def plain(cell: str) -> str:
    """A cell without blanks around it, each run of blanks and line breaks as one blank."""
    return " ".join(cell.split())


@lru_cache(maxsize=50_000)
def folded(text: str) -> str:
    """A name without case, accents and punctuation: `Cd. de México` is `cd de mexico`."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    kept = _MARKS.sub("", letters)
    words = "".join(c if _is_of_word(c) else " " for c in kept).translate(_LETTERS).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _is_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")


_TOTALS: Final = frozenset(
    folded(word)
    for word in (
        *("total", "totals", "totales", "totaux", "totale", "toplam", "razem", "celkem"),
        *("nacional", "national", "gesamt", "insgesamt", "ensemble", "suma", "summe", "geral"),
        *("all", "alle", "todas", "todos", "tous", "tutti", "ogółem", "всего", "итого"),
        *("المجموع", "الإجمالي", "合計", "合计", "总计"),
    )
)
_BEGIN_OF_TOTALS: Final = ("total ", "subtotal", "sub total", "gran total", "grand total", "all ")


def is_a_sum(name: str) -> bool:
    """Whether a name says that its row is the sum of others."""
    words = folded(name)
    return words in _TOTALS or words.startswith(_BEGIN_OF_TOTALS)


def quoted(text: str) -> str:
    """A cell as YAML has to write it where it may be read as something else."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def in_flow(text: str) -> str:
    """A cell inside `{...}` or `[...]` of YAML: in quotes unless it is words alone."""
    is_plain = text.replace(" ", "").replace("-", "").isalpha() and text[0].isalpha()
    odd = text.casefold() in ("yes", "no", "on", "off", "true", "false", "null")
    return text if is_plain and not odd else quoted(text)
