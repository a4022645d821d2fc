"""Years as offices print them: dates, spans such as 2019/20, fiscal years."""

from __future__ import annotations

import re
from typing import Final

from gapatlas.config.mapping_models import YearKeys
from gapatlas.languages import worded
from gapatlas.mapping.findings import CellFault
from gapatlas.mapping.texts import in_flow, is_a_sum

DECEMBER: Final = 12
_YEAR: Final = re.compile(r"[12][0-9]{3}")
_ANY_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_FISCAL: Final = re.compile(r"FY ?([12][0-9]{3})", re.I)
_SPAN: Final = re.compile(r"(?:FY ?)?([12][0-9]{3}) ?[/–-] ?([12][0-9]{3}|[0-9]{2})", re.I)
_ISO: Final = re.compile(
    r"([12][0-9]{3})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?(?:[T ][0-9:.Z+]+)?"
)
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([12][0-9]{3})(?: [0-9:.]+)?")
_MONTH_YEAR: Final = re.compile(r"([0-9]{1,2})[./-]([12][0-9]{3})")
_A_YEAR: Final = worded("a year such as 2019, a date such as 2019-03-31")
Year = str | CellFault


def read_year(keys: YearKeys, cell: str) -> Year:
    """The year that a cell stands for, as four digits."""
    if cell in keys.codes:
        return str(keys.codes[cell])
    if _YEAR.fullmatch(cell):
        return cell
    fiscal = _FISCAL.fullmatch(cell)
    if fiscal:
        return _of_fiscal(keys, fiscal[1])
    iso, span = _ISO.fullmatch(cell), _SPAN.fullmatch(cell)
    if iso and span:
        return _of_month_or_span(keys, iso, span)
    if span:
        return _of_span(keys, span[1], span[2])
    if iso:
        return _of_date(keys, iso[1], (iso[2],), iso[3] or "1")
    day_first = _DAY_FIRST.fullmatch(cell)
    if day_first:
        return _of_day_first(keys, day_first)
    month = _MONTH_YEAR.fullmatch(cell)
    if month:
        return _of_date(keys, month[2], (month[1],), "1")
    return _no_year(keys, cell)


def _of_month_or_span(keys: YearKeys, iso: re.Match[str], span: re.Match[str]) -> Year:
    """`2009-10` may be two years or October; `2009-04` is April, and `2009/10` two years."""
    as_span = _of_span(keys, span[1], span[2])
    if "/" in span[0] or int(iso[2]) > DECEMBER:
        return as_span
    as_month = _of_date(keys, iso[1], (iso[2],), "1")
    consecutive = int(iso[2]) == (int(iso[1]) + 1) % 100
    if not consecutive or keys.fiscal_year_ends == DECEMBER or as_span == as_month:
        return as_month
    message = worded("It may be a month or a fiscal year.")
    return CellFault(
        message, worded("`fiscal_year_ends: 12` under `year:` for months, spans with a / else")
    )


def _of_fiscal(keys: YearKeys, year: str) -> Year:
    """A fiscal year with one number: the publisher has named it already."""
    return year if keys.fiscal_year_ends is not None else _needs_month()


def _needs_month() -> CellFault:
    message = worded("A fiscal year stands here, and the map does not say in which month it ends.")
    return CellFault(
        message, worded("`fiscal_year_ends: 6` (for June) under `year:`"), by_one_line=True
    )


def _of_span(keys: YearKeys, first: str, last: str) -> Year:
    end = int(last) if len(last) > 2 else int(first[:2] + last)
    if len(last) == 2 and end < int(first):
        end += 100
    if end != int(first) + 1:
        message = worded("The span is longer than one year.")
        return CellFault(message, worded("two years that follow each other, such as 2019/20"))
    if keys.fiscal_year_ends is None:
        return _needs_month()
    return str(end) if keys.fiscal_year_named_by == "end" else first


def _of_date(keys: YearKeys, year: str, months: tuple[str, ...], day: str) -> Year:
    if not all(1 <= int(month) <= DECEMBER for month in months) or not 1 <= int(day) <= 31:
        return CellFault(worded("There is no such date."), _A_YEAR)
    years = {_year_of_month(keys, int(year), int(month)) for month in months}
    if len(years) > 1:
        message = worded("The day or the month may stand first, and the fiscal year depends on it.")
        return CellFault(
            message,
            worded("`date_order: dmy` or `date_order: mdy` under `year:`"),
            by_one_line=True,
        )
    return str(years.pop())


def _of_day_first(keys: YearKeys, match: re.Match[str]) -> Year:
    first, second, year = match.groups()
    if keys.date_order is not None:
        month, day = (second, first) if keys.date_order == "dmy" else (first, second)
        return _of_date(keys, year, (month,), day)
    both = [(second, first), (first, second)]
    possible = [(m, d) for m, d in both if 1 <= int(m) <= DECEMBER] or both
    return _of_date(keys, year, tuple(m for m, _ in possible), possible[0][1])


def _year_of_month(keys: YearKeys, year: int, month: int) -> int:
    last = keys.fiscal_year_ends
    if last is None or last == DECEMBER:
        return year
    ends = year + (month > last)
    return ends if keys.fiscal_year_named_by == "end" else ends - 1


def _no_year(keys: YearKeys, cell: str) -> CellFault:
    if not cell:
        return CellFault(worded("The cell is empty: no year is named."), _A_YEAR)
    drop = f"`drop: {{{in_flow(keys.column or '')}: [{in_flow(cell)}]}}`"
    if is_a_sum(cell):
        message = worded("This row is a sum of others, and no year.")
        return CellFault(message, worded("a year, or a line under `map:`, {drop}", drop=drop))
    year = _ANY_YEAR.search(cell)
    code = f"`codes: {{{in_flow(cell)}: {year[0] if year else '...'}}}`"
    return CellFault(
        worded("This is no year."),
        worded("{year}; or a line under `year:`, {code}", year=_A_YEAR, code=code),
    )
