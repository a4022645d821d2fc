"""Which format a file of a dataset has, and which keys of `read:` fit it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple

from gapatlas.config.reading_models import FORMATS, OPTIONS, Reading, TableFormat


class ReadingFault(NamedTuple):
    """A key under `read:` that does not fit the others."""

    key: str
    message: str
    found: str
    allowed: str


def format_of(reading: Reading, file: str | None) -> TableFormat | None:
    """What has to be opened: as the config says, else by the ending of the address or the file."""
    if reading.format is not None:
        return reading.format
    if reading.url is not None:
        return "s3"
    if reading.connection is not None:
        return "postgres"
    return format_by_name(file) if file else None


def format_by_name(name: str) -> TableFormat | None:
    """What a file is by its ending; None if the ending says nothing."""
    path = PurePath(name.lower())
    ending = PurePath(path.stem).suffix if path.suffix == ".gz" else path.suffix
    return FORMATS.get(ending)


def reading_faults(reading: Reading, file: str | None) -> Iterator[ReadingFault]:
    """What can't be meant, for a dataset with this `file` (None if it names none)."""
    format_ = format_of(reading, file)
    if format_ is None:
        yield ReadingFault(
            "format",
            "The ending does not say what the file is.",
            file or "no file",
            f"a line such as `format: csv`, or one of {', '.join(FORMATS)}",
        )
        return
    yield from _missing(reading, file, format_)
    inside = format_by_name(reading.url or "") if format_ == "s3" else format_
    for key, formats in OPTIONS.items():
        value = getattr(reading, key)
        if value != type(reading).model_fields[key].default and inside not in formats:
            message = f"This means nothing for {inside or format_}."
            yield ReadingFault(key, message, str(value), f"only for {', '.join(formats)}")


def _missing(reading: Reading, file: str | None, format_: TableFormat) -> Iterator[ReadingFault]:
    def fault(key: str, message: str, allowed: str) -> ReadingFault:
        return ReadingFault(key, message, "nothing", allowed)

    if format_ == "postgres":
        if reading.connection is None:
            message = "A database needs the name of the variable that holds its address."
            yield fault("connection", message, "such as `connection: STAT_OFFICE_DSN`")
        if reading.table is None and reading.query is None:
            message = "A database needs the table, or a query."
            yield fault("table", message, "such as `table: public.cases`")
    elif format_ == "s3":
        if reading.url is None:
            yield fault("url", "A store needs the address of the object.", "s3://bucket/key")
        elif format_by_name(reading.url) in (None, "sqlite"):
            yield ReadingFault(
                "url",
                "The ending of the address does not say what the object is.",
                reading.url,
                "an address that ends in .csv, .csv.gz, .tsv, .xlsx, .xls, .ods, .parquet, .jsonl",
            )
    elif not file:
        yield fault("file", "There is no file.", "the path of a file")
