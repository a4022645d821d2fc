"""Figures as offices print them: signs between thousands, decimal commas, tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from gapatlas.config.mapping_models import Meaning, TableMap
from gapatlas.languages import together, worded
from gapatlas.mapping.findings import CellFault
from gapatlas.mapping.texts import is_a_sum, plain, quoted

_ABSENT: Final = frozenset({"..", "...", "…", "-", "–", "—", "n/a", "na", "n.a.", "nd", "n.d."})
_WITHHELD: Final = frozenset({"*", "**", "c", "s", "x", "#"})
_BELOW: Final = re.compile(r"(?:<|less than |under |menos de |moins de )\s*([0-9]{1,4})", re.I)
_AT_MOST: Final = re.compile(r"(?:≤|<=)\s*([0-9]{1,4})")
_RANGE: Final = re.compile(r"([0-9]{1,6})\s*(?:-|–|to|a)\s*([0-9]{1,6})")
_MARKED: Final = re.compile(r"([0-9]{1,9}) ?(?:[*†‡]+|[a-z]|\([a-z0-9]{1,2}\)|[0-9]/)", re.I)
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:([.,'’ ])[0-9]{3})(?:\1[0-9]{3})*(?:([.,])[0-9]+)?")
_DECIMALS: Final = re.compile(r"-?[0-9]+([.,])[0-9]+")
_NEGATIVE: Final = re.compile(r"[-−][0-9][0-9.,'’ ]*")
_WITH_WORD: Final = re.compile(r"[-]?[0-9][0-9.,'’ ]*\s*([^\W\d_]{2,}.*)")
_SHARE: Final = re.compile(r"(?:0|1|0?[.,][0-9]+|0[.,][0-9]+|1[.,]0+)")
_NO_FRACTION: Final = CellFault(worded("A count has no fraction."), worded("a whole number"))
_LONGEST_NUMBER: Final = 15
_LONGEST_FRACTION: Final = 12


class Figure(NamedTuple):
    """What a cell says: a value, a range, or why there is none.

    Attributes:
        low, high: digits with a decimal point; empty where the cell says no number.
        status: exact, censored, not_reported or suppressed.
    """

    low: str
    high: str
    status: str


NOT_REPORTED: Final = Figure("", "", "not_reported")


@dataclass(frozen=True)
class FigureReader:
    """Reads cells that hold a count or a value.

    Attributes:
        whole: whether only whole numbers can stand there.
        signed: whether a number below nought can.
        times: what each number is multiplied by.
    """

    map_: TableMap
    whole: bool
    signed: bool = False
    times: int = 1

    def read(self, cell: str) -> Figure | CellFault:
        """What one cell says."""
        if cell in self.tokens:
            return _meant(self.tokens[cell], self.whole)
        if not cell:
            return NOT_REPORTED
        if self.times == 1 and cell.isascii() and cell.isdigit() and len(cell) <= _LONGEST_NUMBER:
            return Figure(str(int(cell)), str(int(cell)), "exact")  # most cells: in no time
        number = self.number(cell if self.whole else cell.removesuffix("%").rstrip())
        if number is None:
            return self._no_number(cell)
        return self._counted(cell, number) if self.whole else _exact(number * self.times)

    def number(self, cell: str) -> Decimal | None:
        """The number in a cell as the map says that numbers are written, or None."""
        match = self._pattern.fullmatch(cell)
        if match is None:
            return None
        sign, digits, fraction = match.groups()
        digits = re.sub("[^0-9]", "", digits)
        return Decimal(f"{'-' if sign else ''}{digits}.{fraction or '0'}")

    def is_number(self, cell: str) -> bool:
        """Whether a cell is a number, in whatever way it is written."""
        return bool(_GROUPED.fullmatch(cell) or _DECIMALS.fullmatch(cell) or cell.isdecimal())

    @cached_property
    def tokens(self) -> dict[str, Meaning]:
        """Cell -> what it means, as the config says."""
        return {plain(token): meaning for token, meaning in self.map_.tokens.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        sign = "([-−]?)" if self.signed else "()"
        grouped = ""
        if self.map_.thousands is not None:
            mark = re.escape(self.map_.thousands)
            # Three digits between signs, or two as in India: 12,34,567.
            grouped = f"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+|[0-9]{{1,2}}(?:{mark}[0-9]{{2}})+"
            grouped += f"{mark}[0-9]{{3}}|"
        decimal = re.escape(self.map_.decimal_sign)
        return re.compile(
            f"{sign}({grouped}[0-9]{{1,{_LONGEST_NUMBER}}})(?:{decimal}([0-9]{{1,{_LONGEST_FRACTION}}}))?"
        )

    def _counted(self, cell: str, number: Decimal) -> Figure | CellFault:
        mark = self.map_.decimal_sign
        fraction = cell.rpartition(mark)[2] if mark in cell else ""
        grouped = self.map_.thousands is not None and self.map_.thousands in cell
        if self.times == 1 and len(fraction) == 3 and not grouped:
            message = worded(
                "'{mark}' stands between thousands, or a fraction stands where persons are.",
                mark=mark,
            )
            allowed = worded("{line}, or a whole number", line=_line(f"thousands: {quoted(mark)}"))
            return CellFault(message, allowed, by_one_line=True)
        counted = number * self.times
        if counted != counted.to_integral_value():
            return _NO_FRACTION
        return _exact(counted.to_integral_value())

    def _no_number(self, cell: str) -> CellFault:
        if "%" in cell:
            return CellFault(
                worded("A share in percent stands where a number is meant."), worded("a number")
            )
        if self.whole and self.times == 1 and has_fraction(cell):
            return _NO_FRACTION
        if word_beside_number(cell) is not None:
            message = worded("A number and a word stand in one cell.")
            return CellFault(
                message, worded("the number alone, and the word in a column of its own")
            )
        if self.whole and _NEGATIVE.fullmatch(cell):
            return CellFault(worded("A count is never below zero."), worded("a whole number"))
        way = self._other_way(cell)
        if way is not None:
            message = worded("The number is written in a way that the map does not name.")
            return CellFault(message, way, by_one_line=True)
        if is_a_sum(cell):
            return CellFault(
                worded("This is no number, and the row seems to be a heading."), worded("a number")
            )
        message = worded("This is no number, and `tokens` does not say what it means.")
        return CellFault(
            message,
            worded("a number, or a line under `tokens:`, {line}", line=suggested(cell)),
        )

    def _other_way(self, cell: str) -> str | None:
        """The line that would make a number readable."""
        grouped = _GROUPED.fullmatch(cell)
        if grouped and grouped[1] != self.map_.thousands:
            lines = [f"thousands: {quoted(grouped[1])}"]
            if grouped[2] and grouped[2] != self.map_.decimal_sign:
                lines.append(f"decimal: {quoted(grouped[2])}")
            return together(map(_line, lines))
        decimals = _DECIMALS.fullmatch(cell)
        if decimals and decimals[1] != self.map_.decimal_sign:
            return _line(f"decimal: {quoted(decimals[1])}")
        return None


def guessed_meaning(token: str) -> Meaning | None:
    """What a token most likely means; None where it says nothing by itself."""
    below, most, span = _BELOW.fullmatch(token), _AT_MOST.fullmatch(token), _RANGE.fullmatch(token)
    if below and int(below[1]) > 2:
        return (1, int(below[1]) - 1)
    if most and int(most[1]) > 1:
        return (1, int(most[1]))
    if span and int(span[1]) < int(span[2]):
        return (int(span[1]), int(span[2]))
    if token.casefold() in _WITHHELD:
        return "suppressed"
    return "not_reported" if token.casefold() in _ABSENT else None


def suggested(token: str) -> str:
    """The line under `tokens:` that a token most likely needs."""
    meaning = guessed_meaning(token)
    if isinstance(meaning, tuple):
        low, high = meaning
        line = f"`{quoted(token)}: [{low}, {high}]`"
        has_zero = low == 1 and not _RANGE.fullmatch(token)
        or_zero = worded("{line}, or [0, {high}] if a zero is printed so too", line=line, high=high)
        return or_zero if has_zero else line
    marked = _MARKED.fullmatch(token)
    if marked:
        return worded(
            "`{token}: {number}` if the rest is the mark of a footnote",
            token=quoted(token),
            number=int(marked[1]),
        )
    if meaning == "suppressed":
        return f"`{quoted(token)}: suppressed`"
    if meaning == "not_reported":
        return worded("`{token}: not_reported`, or 0 if it stands for none", token=quoted(token))
    return worded(
        "`{token}: not_reported`, or suppressed, a number or a range [low, high]",
        token=quoted(token),
    )


def is_share(cell: str) -> bool:
    """Whether a cell is a number from 0 to 1, whatever its decimal sign."""
    return _SHARE.fullmatch(cell) is not None


def has_fraction(cell: str) -> bool:
    """Whether a cell has digits after a sign that can't stand between thousands."""
    match = _DECIMALS.fullmatch(cell)
    if match is None:
        return False
    before, _, after = cell.partition(match[1])
    return bool(after.strip("0")) and (len(after) != 3 or before in ("0", "-0"))


def word_beside_number(cell: str) -> str | None:
    """The word in a cell such as `12 cases`."""
    match = _WITH_WORD.fullmatch(cell)
    return match[1] if match and not _RANGE.fullmatch(cell) else None


def _line(text: str) -> str:
    return worded("`{line}` under `map:`", line=text)


def _exact(number: Decimal) -> Figure:
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text in ("-0", "") else text
    return Figure(text, text, "exact")


def _meant(meaning: Meaning, whole: bool) -> Figure:
    if isinstance(meaning, str):
        return Figure("", "", meaning)
    if isinstance(meaning, tuple):
        low, high = (_exact(_decimal(number, whole)).low for number in meaning)
        return Figure(low, high, "censored")
    return _exact(_decimal(meaning, whole))


def _decimal(number: float, whole: bool) -> Decimal:
    return Decimal(int(number)) if whole else Decimal(str(number))
