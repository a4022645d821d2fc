"""Which format a file of a dataset has, and which keys of `read:` fit it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple

from gapatlas.config.reading_models import FORMATS, OPTIONS, Reading, TableFormat
from gapatlas.languages import worded


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
            worded("The ending does not say what the file is."),
            file or worded("no file"),
            worded("a line such as `format: csv`, or one of {formats}", formats=", ".join(FORMATS)),
        )
        return
    yield from _missing(reading, file, format_)
    inside = format_by_name(reading.url or "") if format_ == "s3" else format_
    for key, formats in OPTIONS.items():
        value = getattr(reading, key)
        if value != type(reading).model_fields[key].default and inside not in formats:
            message = worded("This means nothing for {format}.", format=inside or format_)
            yield ReadingFault(
                key, message, str(value), worded("only for {formats}", formats=", ".join(formats))
            )


def _missing(reading: Reading, file: str | None, format_: TableFormat) -> Iterator[ReadingFault]:
    def fault(key: str, message: str, allowed: str) -> ReadingFault:
        return ReadingFault(key, message, worded("nothing"), allowed)

    if format_ == "postgres":
        if reading.connection is None:
            message = worded("A database needs the name of the variable that holds its address.")
            yield fault("connection", message, worded("such as `connection: STAT_OFFICE_DSN`"))
        if reading.table is None and reading.query is None:
            message = worded("A database needs the table, or a query.")
            yield fault("table", message, worded("such as `table: public.cases`"))
    elif format_ == "s3":
        if reading.url is None:
            yield fault(
                "url", worded("A store needs the address of the object."), "s3://bucket/key"
            )
        elif format_by_name(reading.url) in (None, "sqlite"):
            yield ReadingFault(
                "url",
                worded("The ending of the address does not say what the object is."),
                reading.url,
                worded(
                    "an address that ends in .csv, .csv.gz, .tsv, .xlsx, .xls, .ods, .parquet, "
                    ".jsonl"
                ),
            )
    elif not file:
        yield fault("file", worded("There is no file."), worded("the path of a file"))
