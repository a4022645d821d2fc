"""The views that SQL asks of a case file, and the functions that it calls, for either engine.

The queries in `sql/` are the same for DuckDB and Spark. Where the two differ, the queries call one
of the functions here, which each engine is given in its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from gapatlas.casefile.words import YEAR_COLUMNS
from gapatlas.config import Dataset
from gapatlas.config.vocabulary import CASE_COLUMNS

ROW: Final = "row"
DRAWN_FROM: Final = 2_147_483_647
"""`mixed` gives a number from 0 to below this one, a prime."""
_MIXED: Final = f"(row % {DRAWN_FROM}) * (row % {DRAWN_FROM}) % {DRAWN_FROM} * 48271 % {DRAWN_FROM}"
_SPACES: Final = "".join(
    map(chr, [0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000])
)
"""What DuckDB's `trim` takes off: what Unicode calls a space."""
DUCKDB_FUNCTIONS: Final = (
    "CREATE MACRO bare(text) AS trim(text)",
    "CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern)",
    "CREATE MACRO hashed(text) AS CAST(hash(text) >> 1 AS BIGINT)",
    f"CREATE MACRO mixed(row) AS {_MIXED}",
)
SPARK_FUNCTIONS: Final = (
    # Looking for any of many letters is slow, and few texts have one that is not ASCII.
    "CREATE TEMPORARY FUNCTION bare(text STRING) RETURNS STRING "
    "RETURN if(octet_length(text) = char_length(text), trim(text), "
    f"trim(BOTH '{_SPACES}' FROM text))",
    "CREATE TEMPORARY FUNCTION hashed(text STRING) RETURNS BIGINT "
    "RETURN xxhash64(text) & 9223372036854775807",
    f"CREATE TEMPORARY FUNCTION mixed(row BIGINT) RETURNS BIGINT RETURN {_MIXED}",
)


def below(share: float) -> int:
    """What `mixed` has to be below for a row to be drawn.

    Args:
        share: of all rows, 0 to 1.
    """
    return round(share * DRAWN_FROM)


@dataclass(frozen=True)
class Column:
    """A mapped column of a file: its text in SQL, and whether it holds whole numbers."""

    text: str
    is_number: bool


def views(
    dataset: Dataset, columns: Mapping[str, Column], row: str, quoted: Callable[[str], str]
) -> dict[str, list[str]]:
    """Each view -> the columns that it selects from the file.

    `case_text` has a text for each of our columns, as it stands in the file, blanks and all;
    `case_row` has the row too; `case_group` and `case_group_row` are for counting millions of rows.

    Args:
        dataset: the block of the config.
        columns: what a column is -> the column of the file.
        row: the row of the file, in SQL.
        quoted: a name as the engine quotes it.
    """
    texts, grouped = {}, {}
    for ours in CASE_COLUMNS:
        column = columns.get(ours, Column("''", is_number=False))
        texts[ours] = column.text
        short = _shortened(ours, column.text, dataset.separator)
        grouped[ours] = column.text if column.is_number else short
    row_too = {ROW: row}
    named = {
        "case_text": texts,
        "case_row": texts | row_too,
        "case_group": grouped,
        "case_group_row": grouped | row_too,
    }
    return {
        view: [f"{expression} AS {quoted(name)}" for name, expression in own.items()]
        for view, own in named.items()
    }


def _shortened(ours: str, text: str, separator: str) -> str:
    """The year of a date, the first charge of a list, everything else as it stands.

    DuckDB evaluates a single function once for each word of a dictionary, but two of them inside
    each other once for each row: blanks are taken off later, when few texts are left.
    """
    if ours in YEAR_COLUMNS:
        return f"split_part({text}, '-', 1)"
    if ours == "charge":
        quoted = separator.replace("'", "''")
        return f"split_part({text}, '{quoted}', 1)"
    return text
