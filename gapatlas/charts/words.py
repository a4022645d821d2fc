"""Figures in words: one place for how a value, its interval and its counts are printed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import pandas as pd

from gapatlas.languages import SEMICOLON, decimal, in_digits, percentage, say, say_many, whole


def number(value: Any, decimals: int) -> str:
    """A number with fixed decimals; infinity and absence in words."""
    if value is None or pd.isna(value):
        return say("not defined")
    if math.isinf(float(value)):
        return say("no upper limit") if value > 0 else say("no lower limit")
    return decimal(value, decimals)


def value_text(row: Any, decimals: int) -> str:
    """A figure's value, or the range that censored counts leave, or why there is none."""
    if row.status == "not_reported":
        return (
            say("Counted, but nothing to divide by") if counted_only(row) else say("Not reported")
        )
    if row.status == "suppressed":
        return say("Withheld to protect persons")
    if not pd.isna(row.value):
        return number(row.value, decimals)
    if pd.isna(row.value_low) or math.isinf(row.value_low):
        return say("Not defined (divided by zero)")
    return from_to(number(row.value_low, decimals), number(row.value_high, decimals))


def places_text(count: int) -> str:
    """`1 place`, `2 places`."""
    return say_many("{count} place", "{count} places", count, count=whole(count))


def from_to(low: str, high: str) -> str:
    """The ends of a range or an interval: `12 to 15`."""
    return say("{low} to {high}", low=low, high=high)


def counted_only(row: Any) -> bool:
    """Whether a figure is missing although its count is reported: nothing to divide it by."""
    return bool(row.status == "not_reported" and row.years_without_denominator > 0)


def interval_text(row: Any, decimals: int) -> str:
    """A figure's 95% interval, empty where there is no figure."""
    if pd.isna(row.low):
        return ""
    return from_to(number(row.low, decimals), number(row.high, decimals))


def significant(value: float, digits: int = 3) -> str:
    """A number to so many digits, with no exponent and no noughts after the point."""
    return in_digits(f"{float(f'{value:.{digits}g}'):,.10g}")


def count_text(low: Any, high: Any) -> str:
    """A count, or its bounds; one decimal where it is an expected count; empty where not
    reported."""
    if low is None or pd.isna(low):
        return ""
    ends = [_count(end) for end in (low, high)]
    return ends[0] if low == high else from_to(*ends)


def _count(value: Any) -> str:
    return whole(value) if float(value).is_integer() else decimal(value)


def years_text(year_from: int, year_to: int) -> str:
    """A span of years."""
    return str(year_from) if year_from == year_to else f"{year_from}-{year_to}"


def probability_text(low: float, high: float) -> str:
    """A probability, or the ends of it over the counts that are known as a range."""
    ends = [percent(end) for end in (low, high)]
    if ends[0] == ends[1]:
        return ends[0]
    return say("{low} to {high}, over the counts in ranges", low=ends[0], high=ends[1])


def percent(share: float) -> str:
    """A chance or share that claims neither never nor always."""
    if share < 0.01:
        return say("less than {share}", share=percentage(0.01))
    return say("more than {share}", share=percentage(0.99)) if share > 0.99 else percentage(share)


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them; empty without any."""
    if len(names) < 2:
        return "".join(names)
    return say("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def upper_first(text: str) -> str:
    """Words at the beginning of a sentence or as a heading."""
    return f"{text[:1].upper()}{text[1:]}"


def labelled(label: str, text: str) -> str:
    """What something is, and what is told of it."""
    return say("{label}: {text}", label=label, text=text)


def parted(texts: Iterable[str]) -> str:
    """Texts in a row with semicolons between them; empty without any."""
    return reduce(lambda before, last: say(SEMICOLON, texts=before, last=last), list(texts) or [""])


def lower_first(text: str) -> str:
    """A title inside a sentence."""
    return f"{text[:1].lower()}{text[1:]}"
