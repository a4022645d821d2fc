"""How many, and how much money, in words and on an axis."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

FROM_HERE_WHOLE: Final = 10
"""From here on a number of people is printed without decimals: they would claim too much."""
MONEY_AXIS: Final = (
    "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, ',~r') + 'bn' : "
    "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',~r') + 'm' : "
    "abs(datum.value) >= 1e3 ? format(datum.value / 1e3, ',~r') + 'k' : "
    "format(datum.value, ',~r')"
)
"""Labels of an axis of money: 500k, 1.5m. Its title names the currency."""
SIGNED_AXIS: Final = "datum.value == 0 ? '0' : format(datum.value, '+,~r')"
"""Labels of an axis of differences."""
WORDS: Final = ((1e9, "billion"), (1e6, "million"))
NO_AMOUNT: Final = "no amount"
NO_LIMIT: Final = "no upper limit"


def tally(value: Any) -> str:
    """A number of people: whole from 10 on, one decimal below; empty where there is none."""
    if value is None or pd.isna(value):
        return ""
    if math.isinf(float(value)):
        return NO_LIMIT if value > 0 else "no lower limit"
    places = 0 if abs(round(float(value), 1)) >= FROM_HERE_WHOLE else 1
    rounded = round(float(value), places) + 0.0  # no minus before a zero
    return f"{int(rounded):,}" if float(rounded).is_integer() else f"{rounded:,.1f}"


def span(low: Any, high: Any) -> str:
    """The ends of an interval of numbers of people."""
    return f"{tally(low)} to {tally(high)}"


def money(value: Any, currency: str = "") -> str:
    """An amount of money in words, to three figures; infinite ones have no amount.

    Args:
        value: the amount.
        currency: in words; empty where an axis or a column names it.
    """
    if value is None or pd.isna(value):
        return ""
    if math.isinf(float(value)):
        return NO_AMOUNT
    return f"{_to_three_figures(float(value))} {currency}".rstrip()


def money_span(low: Any, high: Any) -> str:
    """The ends of an interval of money, in the currency that an axis or a column names."""
    if math.isinf(float(low)):
        return NO_AMOUNT
    return f"{money(low)} to {NO_LIMIT if math.isinf(float(high)) else money(high)}"


def percent(share: float) -> str:
    """A chance or share that claims neither never nor always."""
    if share < 0.01:
        return "less than 1%"
    return "more than 99%" if share > 0.99 else f"{share:.0%}"


def _to_three_figures(value: float) -> str:
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    for size, word in WORDS:
        if abs(rounded) >= size:
            return f"{rounded / size:,.10g} {word}"
    return f"{rounded:,.0f}" if digits <= 0 else f"{rounded:,.10g}"
