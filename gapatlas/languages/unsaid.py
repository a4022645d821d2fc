"""Messages that are kept, and said later in the language that is spoken then."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

from gapatlas.languages.numbers import in_digits
from gapatlas.languages.saying import mark, say, say_many

SEMICOLON: Final = mark("{texts}; {last}")
COMMA: Final = mark("{texts}, {last}")


@dataclass(frozen=True)
class Unsaid:
    """A message with its values, before a language is known.

    Attributes:
        message: in English, with the names of its values in braces.
        values: a text is a number as Python writes it, such as `1,234.5`; words are messages.
        many: the message for any other number than one; empty where no number decides.
        number: decides between the two.
        names: further values that stay as they are in every language: names, cells, lines of YAML.
    """

    message: str
    values: Mapping[str, str | Unsaid] = field(default_factory=dict)
    many: str = ""
    number: int = 1
    names: Mapping[str, str] = field(default_factory=dict)

    def english(self) -> str:
        """The message in English, whatever language is spoken."""
        message = self.many if self.many and self.number != 1 else self.message
        if not (self.values or self.names):
            return message
        values = dict(self.names)
        for name, value in self.values.items():
            values[name] = value.english() if isinstance(value, Unsaid) else value
        return message.format(**values)

    def said(self) -> str:
        """The message in the language that is spoken."""
        values = dict(self.names)
        for name, value in self.values.items():
            values[name] = value.said() if isinstance(value, Unsaid) else in_digits(value)
        if self.many:
            return say_many(self.message, self.many, self.number, **values)
        return say(self.message, **values)


def unsaid(message: str, /, **values: str | Unsaid) -> Unsaid:
    """A message to be said later; see `say`."""
    return Unsaid(message, values)


def unsaid_many(one: str, many: str, number: int, /, **values: str | Unsaid) -> Unsaid:
    """A message to be said later in the form that its number needs; see `say_many`."""
    return Unsaid(one, values, many, number)


def parted(texts: Sequence[Unsaid], by: str = SEMICOLON) -> Unsaid:
    """One or more messages in a row."""
    return reduce(lambda before, last: unsaid(by, texts=before, last=last), texts)


def kept(texts: Sequence[Unsaid]) -> str:
    """Sentences as a text that a table can keep."""
    return json.dumps([as_plain(text) for text in texts], ensure_ascii=False)


def said_of(text: str) -> str:
    """The sentences of a text that `kept` made, in the language that is spoken."""
    return " ".join(from_plain(sentence).said() for sentence in json.loads(text))


def as_plain(text: Unsaid) -> dict[str, Any]:
    """A message as plain data, which `from_plain` reads."""
    values = {
        name: as_plain(value) if isinstance(value, Unsaid) else value
        for name, value in text.values.items()
    }
    plural = {"many": text.many, "number": text.number} if text.many else {}
    names = {"names": dict(text.names)} if text.names else {}
    return {"message": text.message, "values": values, **plural, **names}


def from_plain(plain: Mapping[str, Any]) -> Unsaid:
    """A message that `as_plain` wrote."""
    values = {
        name: from_plain(value) if isinstance(value, dict) else value
        for name, value in plain["values"].items()
    }
    names, many = plain.get("names", {}), plain.get("many", "")
    return Unsaid(plain["message"], values, many, plain.get("number", 1), names)
