"""What a file is by its first bytes, for whoever gave it the wrong ending."""

from __future__ import annotations

from typing import Final

LOOKED_AT: Final = 64
_SIGNS: Final = (
    (b"PK\x03\x04", "a zip file, as xlsx and ods are", "`format: xlsx` or `format: ods`"),
    (b"\xd0\xcf\x11\xe0", "an older Office file, as xls is", "`format: xls`"),
    (b"PAR1", "a parquet file", "`format: parquet`"),
    (b"SQLite format 3\0", "an SQLite file", "`format: sqlite`"),
    (b"%PDF", "a PDF", "the table that the PDF shows, as csv or xlsx"),
    (b"\x89PNG", "a picture", "a table"),
    (b"\xff\xd8\xff", "a picture", "a table"),
    (b"GIF8", "a picture", "a table"),
    (b"\x7fELF", "a program", "a table"),
    (b"MZ", "a program", "a table"),
    (b"BZh", "a packed file", "the file unpacked, or packed as .gz"),
    (b"\xfd7zXZ", "a packed file", "the file unpacked, or packed as .gz"),
    (b"(\xb5/\xfd", "a packed file", "the file unpacked, or packed as .gz"),
    (b"7z\xbc\xaf", "a packed file", "the file unpacked, or packed as .gz"),
    (b"\x1f\x8b", "a gzip file", "an ending such as .csv.gz"),
)
_PAGES: Final = (b"<!doctype html", b"<html", b"<?xml", b"<table")


def sign_of(start: bytes) -> tuple[str, str] | None:
    """What a file is by its first bytes, and what to do about it; None for plain text."""
    for sign, what, allowed in _SIGNS:
        if start.startswith(sign) and (sign != b"MZ" or b"\0" in start):
            return what, allowed
    if start.lstrip().lower().startswith(_PAGES):
        return "a web page or XML", "the file opened in a spreadsheet and saved as xlsx or csv"
    return None
