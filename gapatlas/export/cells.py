"""Cells of a file: what kind a column is, codes where a number is missing, and no formulas."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from gapatlas.languages import mark

Kind = Literal["text", "whole number", "number", "yes or no"]
KIND_WORDS: Final = (mark("text"), mark("whole number"), mark("number"), mark("yes or no"))

NOTHING_TO_DIVIDE_BY: Final = mark("Counted, but nothing to divide by")
STATUS_WORDS: Final = {
    "exact": mark("Exact counts"),
    "censored": mark("At least one count is given as a range"),
    "not_reported": mark("Not reported"),
    "suppressed": mark("Withheld to protect persons"),
}
CODES: Final = {
    mark("not reported"): mark("no figure is given; this is not zero"),
    mark("withheld"): mark("withheld to protect persons; this is not zero"),
    mark("range"): mark("known as a range alone; other columns give its ends"),
    mark("nothing to divide by"): mark("counted, but there is nothing to divide by"),
    mark("not defined"): mark("divided by zero"),
    mark("no figure"): mark("there is no figure here; this is not zero"),
    "inf": mark("no upper limit"),
    "-inf": mark("no lower limit"),
}
"""What stands in place of a number that is missing -> what it means. Programs read the last two
as numbers, so they are the same in every language."""
_LIMITS: Final = {"inf": np.inf, "-inf": -np.inf}
_OF_STATUS: Final = {
    "exact": "not defined",  # not said: a key of CODES
    "censored": "range",
    "not_reported": "not reported",  # not said: a key of CODES
    "suppressed": "withheld",
}
_OF_WORDS: Final = {
    **{words: _OF_STATUS[status] for status, words in STATUS_WORDS.items()},
    NOTHING_TO_DIVIDE_BY: "nothing to divide by",  # not said: a key of CODES
}
_STATUS_COLUMNS: Final = ("status", "Status")  # not said: names of columns
_RUNS: Final = re.compile(r"'*[=+\-@\t\n]")
"""How a text begins that a spreadsheet would run as a formula, with the marks that keep it from
doing so."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def kind_of(column: pd.Series) -> Kind:
    """What a column holds; one without any value is text."""
    known = column.dropna()
    if known.empty and column.dtype == object:
        return "text"
    best = known.infer_objects() if column.dtype == object else column
    if pd.api.types.is_bool_dtype(best.dtype):
        return "yes or no"  # not said: a kind
    if pd.api.types.is_integer_dtype(best.dtype):
        return "whole number"  # not said: a kind
    return "number" if pd.api.types.is_float_dtype(best.dtype) else "text"


def coded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a code in each number cell that is empty, and plain Python values elsewhere.

    Where the table has a column of status, the code says the same as the status of its row. A
    missing text becomes an empty text.
    """
    statuses = _statuses(table)
    done = {}
    for name in table.columns:
        kind = kind_of(table[name])
        values = [None if pd.isna(value) else value for value in table[name].tolist()]
        if kind == "text":
            done[name] = ["" if value is None else plain_text(str(value)) for value in values]
        else:
            pairs = zip(values, statuses, strict=True)
            done[name] = [_number_cell(value, status, kind) for value, status in pairs]
    return pd.DataFrame(done, columns=table.columns, dtype=object)


def uncoded(column: pd.Series, kind: Kind) -> pd.Series:
    """A column as it was before `coded`: numbers, with nothing where a code stands."""
    if kind == "text":
        return pd.Series([value or None for value in column], index=column.index, dtype="str")
    found = [_LIMITS.get(value, np.nan if value in CODES else value) for value in column]
    if kind == "yes or no":
        words = {"True": True, "False": False, True: True, False: False}  # not said: for programs
        return pd.Series([words.get(value, pd.NA) for value in found], dtype="boolean")
    numbers = pd.to_numeric(pd.Series(found, dtype=object))
    return numbers.astype("Int64" if kind == "whole number" else "float64")


def missing_code(status: str) -> str:
    """The code for a missing number in a row of a status, in its own words or in a reader's."""
    return {**_OF_STATUS, **_OF_WORDS}.get(status, "no figure")  # not said: a key of CODES


def guarded(text: str) -> str:
    """A text that no spreadsheet runs: a mark before what looks like a formula."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """A text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


def plain_text(text: str) -> str:
    """A text with one kind of line break, and without signs that no spreadsheet can hold."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _statuses(table: pd.DataFrame) -> list[str]:
    named = next((name for name in _STATUS_COLUMNS if name in table), None)
    return [""] * len(table) if named is None else [str(value) for value in table[named]]


def _number_cell(value: Any, status: str, kind: Kind) -> Any:
    if value is None:
        return missing_code(status)
    if value in (np.inf, -np.inf):
        return str(float(value))
    if kind == "yes or no":
        return bool(value)
    return int(value) if kind == "whole number" else float(value)
