"""What a file is by its first bytes, for whoever gave it the wrong ending."""

from __future__ import annotations

from typing import Final

from gapatlas.languages import either, worded

LOOKED_AT: Final = 64
_SIGNS: Final = (
    (
        b"PK\x03\x04",
        worded("a zip file, as xlsx and ods are"),
        either(("`format: xlsx`", "`format: ods`")),
    ),
    (b"\xd0\xcf\x11\xe0", worded("an older Office file, as xls is"), "`format: xls`"),
    (b"PAR1", worded("a parquet file"), "`format: parquet`"),
    (b"SQLite format 3\0", worded("an SQLite file"), "`format: sqlite`"),
    (b"%PDF", worded("a PDF"), worded("the table that the PDF shows, as csv or xlsx")),
    (b"\x89PNG", worded("a picture"), worded("a table")),
    (b"\xff\xd8\xff", worded("a picture"), worded("a table")),
    (b"GIF8", worded("a picture"), worded("a table")),
    (b"\x7fELF", worded("a program"), worded("a table")),
    (b"MZ", worded("a program"), worded("a table")),
    (b"BZh", worded("a packed file"), worded("the file unpacked, or packed as .gz")),
    (b"\xfd7zXZ", worded("a packed file"), worded("the file unpacked, or packed as .gz")),
    (b"(\xb5/\xfd", worded("a packed file"), worded("the file unpacked, or packed as .gz")),
    (b"7z\xbc\xaf", worded("a packed file"), worded("the file unpacked, or packed as .gz")),
    (b"\x1f\x8b", worded("a gzip file"), worded("an ending such as .csv.gz")),
)
_PAGES: Final = (b"<!doctype html", b"<html", b"<?xml", b"<table")


def sign_of(start: bytes) -> tuple[str, str] | None:
    """What a file is by its first bytes, and what to do about it; None for plain text."""
    for sign, what, allowed in _SIGNS:
        if start.startswith(sign) and (sign != b"MZ" or b"\0" in start):
            return what, allowed
    if start.lstrip().lower().startswith(_PAGES):
        return worded("a web page or XML"), worded(
            "the file opened in a spreadsheet and saved as xlsx or csv"
        )
    return None
