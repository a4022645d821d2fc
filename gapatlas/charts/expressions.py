"""Words inside Vega expressions, which the browser puts together with its own numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from string import Formatter

from gapatlas.languages import percentage, say


def literal(text: str) -> str:
    """Text as a string of the expression language, whatever quotes it holds."""
    return json.dumps(text, ensure_ascii=False)


def told(texts: Mapping[str, str]) -> str:
    """An object of texts, as a tooltip takes it.

    Args:
        texts: title -> an expression.
    """
    return "{" + ", ".join(f"{literal(title)}: {text}" for title, text in texts.items()) + "}"


def in_words(message: str, **values: str) -> str:
    """A message in the language that is spoken, as an expression.

    Args:
        message: in English, as `say` takes it; `mark` marks it.
        values: expressions that stand for its names.
    """
    parts: list[str] = []
    for text, name, _, _ in Formatter().parse(say(message)):
        parts += [literal(text)] if text else []
        parts += [f"({values[name]})"] if name else []
    has_text = any(part.startswith('"') for part in parts[:2])
    return " + ".join(parts if has_text else ['""', *parts])


def in_percent(number: str) -> str:
    """A number of percent with its sign, as an expression."""
    before, after = percentage(0).split("0")
    return " + ".join(part for part in (literal(before), f"({number})", literal(after)))
