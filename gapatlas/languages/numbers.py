"""Numbers and dates as a language writes them (Unicode CLDR)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from typing import Any

from gapatlas.languages.catalogues import ENGLISH
from gapatlas.languages.saying import language_now


@dataclass(frozen=True)
class _Signs:
    """How a language writes a number.

    Attributes:
        decimal: sign before decimals.
        group: sign between thousands.
        percent: pattern of a share, such as `{} %`.
    """

    decimal: str
    group: str
    percent: str


@cache
def _signs(language: str) -> _Signs:
    from babel import Locale

    locale = Locale.parse(language)
    signs = locale.number_symbols["latn"]
    pattern = locale.percent_formats[None].pattern
    return _Signs(
        decimal=signs["decimal"],
        group=signs["group"],
        percent=pattern.replace("#,##0", "{}"),
    )


def in_digits(number: str) -> str:
    """A number that Python wrote, such as `1,234.5`, with the signs of the language."""
    language = language_now()
    if language == ENGLISH:
        return number
    signs = _signs(language)
    return "".join({",": signs.group, ".": signs.decimal}.get(sign, sign) for sign in number)


def whole(number: Any) -> str:
    """A whole number with thousands set apart."""
    return in_digits(f"{int(number):,}")


def decimal(number: Any, decimals: int = 1) -> str:
    """A number with fixed decimals."""
    return in_digits(f"{float(number):,.{decimals}f}")


def percentage(share: Any, decimals: int = 0) -> str:
    """A share of 1 in percent."""
    language = language_now()
    if language == ENGLISH:
        return f"{float(share):.{decimals}%}"
    number = in_digits(f"{float(share) * 100:.{decimals}f}")
    return _signs(language).percent.format(number)


def day(date: datetime.date) -> str:
    """A date in words, such as `26 November 2026`."""
    if language_now() == ENGLISH:
        return f"{date:%d %B %Y}"
    from babel.dates import format_date

    return str(format_date(date, "long", locale=language_now()))


def chart_locale() -> dict[str, Any]:
    """How the axes of a chart write numbers: `config.locale` of Vega, empty for English."""
    if language_now() == ENGLISH:
        return {}
    signs = _signs(language_now())
    number = {
        "decimal": signs.decimal,
        "thousands": signs.group,
        "grouping": [3],
        "currency": ["", ""],
        "percent": signs.percent.replace("{}", ""),
    }
    return {"locale": {"number": number}}
