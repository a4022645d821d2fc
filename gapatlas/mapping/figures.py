"""Columns of figures as a whole: what no single cell tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from gapatlas.config.mapping_models import TableMap
from gapatlas.languages import together, worded
from gapatlas.mapping.findings import CellFault
from gapatlas.mapping.numbers import FigureReader, has_fraction, is_share, word_beside_number
from gapatlas.mapping.texts import plain

_PER: Final = re.compile(r"%|\b(?:per|por|pro|pour|je) 100|\bper capita\b", re.I)
_A_COUNT: Final = worded("a column of counts; a share or a rate can't be turned into a count")
_IN_THOUSANDS: Final = worded("whole numbers of people; `times: 1000` under `value:` for thousands")
FEW_WORDS: Final = 2


class ColumnFault(NamedTuple):
    """What is wrong with a column of figures, and a cell that shows it."""

    fault: CellFault
    cell: str | None


def column_fault(
    name: str, cells: Iterable[str], reader: FigureReader, kind: str
) -> ColumnFault | None:
    """Why a column can't hold counts of persons, cases or people, if it can't.

    Args:
        name: the column as the file names it.
        cells: the different cells in it, plain.
        reader: how its figures are read.
        kind: of the table.
    """
    different = [cell for cell in cells if cell and cell not in reader.tokens]
    if _PER.search(plain(name)):
        return ColumnFault(
            CellFault(worded("The name says that the column holds shares."), _A_COUNT), None
        )
    odd = [cell for cell in different if not cell.isdecimal()]
    percent = next((cell for cell in odd if "%" in cell), None)
    if percent is not None:
        message = worded("Shares in percent stand where counts are meant.")
        return ColumnFault(CellFault(message, _A_COUNT), percent)
    fractions = [cell for cell in odd if has_fraction(cell)] if reader.times == 1 else []
    if fractions:
        numbers = [cell for cell in different if reader.is_number(cell)]
        if all(is_share(cell) for cell in numbers):
            message = worded("The column holds shares between 0 and 1, where counts are meant.")
            return ColumnFault(CellFault(message, _A_COUNT), fractions[0])
        if len(fractions) > 1 and 2 * len(fractions) > len(numbers):
            if kind == "population":
                message = worded(
                    "Most numbers of the column have a fraction, as thousands of people do."
                )
                return ColumnFault(CellFault(message, _IN_THOUSANDS), fractions[0])
            message = worded("Most numbers of the column have a fraction, as rates and shares do.")
            return ColumnFault(CellFault(message, _A_COUNT), fractions[0])
    words = {word: cell for cell in odd if (word := word_beside_number(cell)) is not None}
    if len(words) >= FEW_WORDS:
        message = worded(
            "Two units stand in one column: {words}.", words=together(sorted(words)[:FEW_WORDS])
        )
        allowed = worded("one unit in a column, or the unit in a column of its own")
        return ColumnFault(CellFault(message, allowed), words[sorted(words)[0]])
    return None


def reader_of(kind: str, map_: TableMap, times: int) -> FigureReader:
    """How the figures of a kind of table are read."""
    is_indicator = kind == "indicators"
    return FigureReader(map_, whole=not is_indicator, signed=is_indicator, times=times)
