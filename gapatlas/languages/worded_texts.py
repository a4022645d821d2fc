"""Texts in English that can be said in another language when they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, reduce
from string import Formatter
from typing import Any

from gapatlas.languages.unsaid import COMMA, Unsaid, as_plain, from_plain


class Worded(str):
    """A text in English that can be said in another language when it is shown.

    It is a text like any other for whoever compares, prints or stores it. What is made of it with
    `+` or `join` is English alone: make that with `worded` too.
    """

    unsaid: Unsaid

    def __new__(cls, unsaid: Unsaid) -> Worded:
        text = super().__new__(cls, unsaid.english())
        text.unsaid = unsaid
        return text

    def said(self) -> str:
        """The text in the language that is spoken."""
        return self.unsaid.said()

    def __reduce__(self) -> tuple[type[Worded], tuple[Unsaid]]:
        return Worded, (self.unsaid,)


def worded(message: str, /, **values: object) -> str:
    """A text in English that is said later, such as what is wrong with a file.

    Args:
        message: in English, with the names of its values in braces.
        values: words that were made so too are said with it; numbers and all other texts, such as
            names and cells, stay as they are. For thousands set apart see `grouped`.
    """
    return Worded(_with_values(Unsaid(message), values)) if values else _without_values(message)


@lru_cache(maxsize=1024)
def _without_values(message: str) -> str:
    return Worded(Unsaid(message))


def worded_many(one: str, many: str, number: int, /, **values: object) -> str:
    """A text in English that is said later in the form that its number needs; see `say_many`."""
    return Worded(_with_values(Unsaid(one, many=many, number=number), values))


def _with_values(text: Unsaid, values: Mapping[str, object]) -> Unsaid:
    said: dict[str, str | Unsaid] = {}
    names: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Worded):
            said[name] = value.unsaid
        elif isinstance(value, Unsaid):
            said[name] = value
        else:
            names[name] = str(value)
    return Unsaid(text.message, said, text.many, text.number, names)


def grouped(number: int) -> Unsaid:
    """A number for `worded`, with thousands set apart as the language does."""
    return Unsaid("{number}", {"number": f"{number:,}"})


def either(words: Iterable[str]) -> str:
    """One or more names or texts of which one is meant."""
    return reduce(lambda before, last: worded("{first} or {last}", first=before, last=last), words)


def together(words: Iterable[str]) -> str:
    """One or more names or texts that belong together."""
    return reduce(lambda before, last: worded("{names} and {last}", names=before, last=last), words)


def in_a_row(words: Iterable[str], by: str = COMMA) -> str:
    """One or more names or texts in a row."""
    return reduce(lambda before, last: worded(by, texts=before, last=last), words)


def said(text: str) -> str:
    """A text in the language that is spoken, if it was made by `worded`; else as it is."""
    return text.said() if isinstance(text, Worded) else text


def packed(text: Any) -> Any:
    """A text, or what else there is, as plain data for another process, which `unpacked` reads."""
    return as_plain(text.unsaid) if isinstance(text, Worded) else text


def unpacked(plain: Any) -> Any:
    """A text that another process has packed.

    Raises:
        ValueError: it is none; a message may hold nothing but its values.
    """
    if not isinstance(plain, dict):
        return plain
    text = from_plain(plain)
    _refuse_foreign(text)
    return Worded(text)


def _refuse_foreign(text: Unsaid) -> None:
    known = {*text.values, *text.names}
    for message in (text.message, text.many):
        for _, name, form, conversion in Formatter().parse(message) if known else ():
            if name is not None and (name not in known or form or conversion):
                raise ValueError(f"a message with {name!r} in it")
    for value in text.values.values():
        if isinstance(value, Unsaid):
            _refuse_foreign(value)
