"""A value of any type as the text that a person would type for it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from gapatlas.languages import worded

SIGNIFICANT_DIGITS: Final = 15
"""What a spreadsheet keeps of a number: 0.1 + 0.2 is 0.3."""


class NoCellError(ValueError):
    """A value that no cell can hold: a list, a table, bytes that are no text."""


def cell_text(value: object) -> str:
    """12 for 12.0, 0.3 for 0.1 + 0.2, 2021-06-30 for a date, nothing for nothing.

    Raises:
        NoCellError: the value is a list, a table or bytes that are no text.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, dt.datetime):
        return _moment_text(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, bytes):
        return _bytes_text(value)
    raise NoCellError(worded("a list or a table"))


def float_text(value: float) -> str:
    """A number with 15 digits, without an exponent and without a `.0`; nothing for NaN."""
    if value != value:
        return ""
    if value in (float("inf"), float("-inf")):
        return "inf" if value > 0 else "-inf"
    return decimal_text(Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}"))


def decimal_text(value: Decimal) -> str:
    """A number without an exponent and without zeros behind the last digit."""
    if not value.is_finite():
        return ""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _moment_text(value: dt.datetime) -> str:
    if value.time() == dt.time() and value.tzinfo is None:
        return value.date().isoformat()
    return value.isoformat()


def _bytes_text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise NoCellError(worded("bytes that are no text")) from None
