"""Figures in words: one place for how a value, its interval and its counts are printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd


def number(value: Any, decimals: int) -> str:
    """A number with fixed decimals; infinity and absence in words."""
    if value is None or pd.isna(value):
        return "not defined"
    if math.isinf(float(value)):
        return "no upper limit" if value > 0 else "no lower limit"
    return f"{float(value):,.{decimals}f}"


def value_text(row: Any, decimals: int) -> str:
    """A figure's value, or the range that censored counts leave, or why there is none."""
    if row.status == "not_reported":
        return "Counted, but nothing to divide by" if counted_only(row) else "Not reported"
    if row.status == "suppressed":
        return "Withheld to protect persons"
    if not pd.isna(row.value):
        return number(row.value, decimals)
    if pd.isna(row.value_low) or math.isinf(row.value_low):
        return "Not defined (divided by zero)"
    return f"{number(row.value_low, decimals)} to {number(row.value_high, decimals)}"


def places_text(count: int) -> str:
    """`1 place`, `2 places`."""
    return f"{count:,} place{'' if count == 1 else 's'}"


def counted_only(row: Any) -> bool:
    """Whether a figure is missing although its count is reported: nothing to divide it by."""
    return bool(row.status == "not_reported" and row.years_without_denominator > 0)


def interval_text(row: Any, decimals: int) -> str:
    """A figure's 95% interval, empty where there is no figure."""
    if pd.isna(row.low):
        return ""
    return f"{number(row.low, decimals)} to {number(row.high, decimals)}"


def significant(value: float, digits: int = 3) -> str:
    """A number to so many digits, with no exponent and no noughts after the point."""
    return f"{float(f'{value:.{digits}g}'):,.10g}"


def count_text(low: Any, high: Any) -> str:
    """A count, or its bounds; one decimal where it is an expected count; empty where not
    reported."""
    if low is None or pd.isna(low):
        return ""
    ends = [_count(end) for end in (low, high)]
    return ends[0] if low == high else " to ".join(ends)


def _count(value: Any) -> str:
    whole = float(value).is_integer()
    return f"{int(value):,}" if whole else f"{float(value):,.1f}"


def years_text(year_from: int, year_to: int) -> str:
    """A span of years."""
    return str(year_from) if year_from == year_to else f"{year_from}-{year_to}"


def probability_text(low: float, high: float) -> str:
    """A probability, or the ends of it over the counts that are known as a range."""
    ends = [_percent(end) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}, over the counts in ranges"


def _percent(share: float) -> str:
    if share > 0.99:
        return "more than 99%"
    return "less than 1%" if share < 0.01 else f"{share:.0%}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them; empty without any."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def lower_first(text: str) -> str:
    """A title inside a sentence."""
    return f"{text[:1].lower()}{text[1:]}"
