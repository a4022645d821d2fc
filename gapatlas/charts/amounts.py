"""How many, and how much money, in words and on an axis."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from gapatlas.charts.expressions import in_words
from gapatlas.charts.words import from_to
from gapatlas.charts.words import percent as percent
from gapatlas.languages import decimal, in_digits, mark, say, whole

FROM_HERE_WHOLE: Final = 10
"""From here on a number of people is printed without decimals: they would claim too much."""
SIGNED_AXIS: Final = "datum.value == 0 ? '0' : format(datum.value, '+,~r')"
"""Labels of an axis of differences."""
SIZES: Final = ((1e9, mark("{number} billion")), (1e6, mark("{number} million")))
AXIS_SIZES: Final = (
    ("1e9", mark("{number}bn")),
    ("1e6", mark("{number}m")),
    ("1e3", mark("{number}k")),
)


def money_axis() -> str:
    """A Vega expression: labels of an axis of money such as 500k, 1.5m. Its title names the
    currency."""
    sized = [
        f"abs(datum.value) >= {size} ? "
        + in_words(words, number=f"format(datum.value / {size}, ',~r')")
        for size, words in AXIS_SIZES
    ]
    return " : ".join([*sized, "format(datum.value, ',~r')"])


def tally(value: Any) -> str:
    """A number of people: whole from 10 on, one decimal below; empty where there is none."""
    if value is None or pd.isna(value):
        return ""
    if math.isinf(float(value)):
        return say("no upper limit") if value > 0 else say("no lower limit")
    places = 0 if abs(round(float(value), 1)) >= FROM_HERE_WHOLE else 1
    rounded = round(float(value), places) + 0.0  # no minus before a zero
    return whole(rounded) if float(rounded).is_integer() else decimal(rounded)


def span(low: Any, high: Any) -> str:
    """The ends of an interval of numbers of people."""
    return from_to(tally(low), tally(high))


def money(value: Any, currency: str = "") -> str:
    """An amount of money in words, to three figures; infinite ones have no amount.

    Args:
        value: the amount.
        currency: in words; empty where an axis or a column names it.
    """
    if value is None or pd.isna(value):
        return ""
    if math.isinf(float(value)):
        return say("no amount")
    return f"{_to_three_figures(float(value))} {currency}".rstrip()


def within_90(middle: str, interval: str) -> str:
    """A middle value with its 90% interval, both in words."""
    return say("{middle} (90%: {interval})", middle=middle, interval=interval)


def money_span(low: Any, high: Any) -> str:
    """The ends of an interval of money, in the currency that an axis or a column names."""
    if math.isinf(float(low)):
        return say("no amount")
    highest = say("no upper limit") if math.isinf(float(high)) else money(high)
    return from_to(money(low), highest)


def _to_three_figures(value: float) -> str:
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    for size, words in SIZES:
        if abs(rounded) >= size:
            return say(words, number=in_digits(f"{rounded / size:,.10g}"))
    return whole(rounded) if digits <= 0 else in_digits(f"{rounded:,.10g}")
