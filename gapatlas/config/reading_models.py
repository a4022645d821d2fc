"""The keys under `read:` of a dataset: how its file is opened."""

from __future__ import annotations

import codecs
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from gapatlas.config.base import UnfitError
from gapatlas.languages import worded

TableFormat = Literal[
    "csv", "tsv", "xlsx", "xls", "ods", "parquet", "jsonl", "sqlite", "postgres", "s3"
]
FORMATS: Final[dict[str, TableFormat]] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
}
"""What a file is by its ending, where the config does not say; a `.gz` behind it does not count."""

TEXTS: Final = ("csv", "tsv")
WORKBOOKS: Final = ("xlsx", "xls", "ods")
DATABASES: Final = ("sqlite", "postgres")
OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "encoding": (*TEXTS, "jsonl"),
    "delimiter": TEXTS,
    "sheet": WORKBOOKS,
    "header_row": (*TEXTS, *WORKBOOKS),
    "header_rows": (*TEXTS, *WORKBOOKS),
    "last_row": (*TEXTS, *WORKBOOKS),
    "merged": WORKBOOKS,
    "table": DATABASES,
    "query": DATABASES,
    "connection": ("postgres",),
}
"""The formats for which each key means something."""

Row = Annotated[int, Field(ge=1, le=10_000_000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class Reading(BaseModel):
    """How the file of a dataset is opened. Everything left out is guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: TableFormat | None = Field(
        default=None,
        description="What the file is. If left out, its ending says so: "
        + ", ".join(FORMATS)
        + "; text may be packed (`.csv.gz`). `postgres` and `s3` have no file.",
    )
    encoding: Name | None = Field(
        default=None,
        description="How the letters of a text file are written, such as `cp1252` or `utf-16`. "
        "If left out: `utf-8`.",
    )
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = Field(
        default=None,
        description="The one character between two cells of a text file. If left out: a tab for "
        "tsv, and for csv whichever of comma, semicolon, tab and `|` cuts the first rows evenly.",
    )
    sheet: Name | None = Field(
        default=None, description="Name of the sheet. May be left out if the book has only one."
    )
    header_row: Row | None = Field(
        default=None,
        description="Row of the names of the columns, counted from 1. If left out: the first row "
        "that is not empty.",
    )
    header_rows: Literal[1, 2] = Field(
        default=1,
        description="Rows of the header. With `2`, `header_row` is the lower one, and a column is "
        "called after both: `Convicted 2020`. An empty cell of the upper row means what stands "
        "left of it.",
    )
    last_row: Row | None = Field(
        default=None, description="Last row that is read. If left out: the last of the file."
    )
    merged: Literal["refuse", "fill"] = Field(
        default="refuse",
        description="What merged cells below the header mean. `fill`: their value holds for each "
        "row that they span. `refuse`: the file is not read.",
    )
    table: Name | None = Field(
        default=None,
        description="Table or view of a database, with its schema if need be (`public.cases`). "
        "May be left out if an SQLite file has only one.",
    )
    query: Annotated[str, StringConstraints(min_length=1, max_length=20_000)] | None = Field(
        default=None, description="A query instead of a table. It may only read."
    )
    connection: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,99}$")] | None = Field(
        default=None,
        description="For `postgres`: NAME of the environment variable that holds the address of "
        "the database. The address itself never stands in a config.",
    )
    url: Annotated[str, StringConstraints(max_length=1000)] | None = Field(
        default=None,
        description="For `s3`: `s3://bucket/key`, instead of a file. The endpoint and the "
        "credentials come from the environment alone (`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, "
        "`AWS_SECRET_ACCESS_KEY`).",
    )

    @field_validator("encoding")
    @classmethod
    def _encoding_is_known(cls, name: str | None) -> str | None:
        if name is not None and not _is_text_encoding(name):
            raise UnfitError(
                worded("There is no encoding '{name}'.", name=name),
                worded("such as utf-8, utf-16, cp1252, cp1250, cp1251, cp1256, shift_jis, gb18030"),
            )
        return name

    @field_validator("delimiter")
    @classmethod
    def _delimiter_parts_cells(cls, delimiter: str | None) -> str | None:
        if delimiter is not None and delimiter in '"\r\n\0':
            raise UnfitError(
                worded("A quote or a line break can't be the delimiter."), worded("such as ;")
            )
        return delimiter

    @field_validator("url")
    @classmethod
    def _only_s3_is_fetched(cls, url: str | None) -> str | None:
        if url is None:
            return None
        bucket, _, key = url.removeprefix("s3://").partition("/")
        if not url.startswith("s3://") or not bucket or not key:
            raise UnfitError(
                worded(
                    "'{url}' is no address of an object in a store: nothing else is "
                    "fetched from other machines.",
                    url=url,
                ),
                "s3://bucket/key",
            )
        return url

    @model_validator(mode="after")
    def _keys_fit_together(self) -> Self:
        if self.table is not None and self.query is not None:
            raise UnfitError(worded("Table and query stand side by side."), worded("one of them"))
        if self.header_row is not None and self.header_row < self.header_rows:
            raise UnfitError(
                worded("Header_row {row} has no row above it.", row=self.header_row),
                worded("the lower one of the two rows of the header"),
            )
        if self.last_row is not None and self.last_row <= (self.header_row or 1):
            raise UnfitError(
                worded(
                    "Last_row {last} is not below header_row {header}.",
                    last=self.last_row,
                    header=self.header_row or 1,
                ),
                worded("a row below the header"),
            )
        return self


def _is_text_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False
