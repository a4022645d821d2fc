"""The block `map` of a dataset: from the columns of an office's own table to ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, model_validator

from gapatlas.config.base import Level, UnfitError
from gapatlas.config.case_models import codes_as_text, key_as_text, number_as_text
from gapatlas.config.vocabulary import Unit
from gapatlas.languages import worded

PlaceBy = Literal["id", "iso2", "iso3", "numeric", "usps", "name", "code"]
ColumnName = Annotated[str, BeforeValidator(number_as_text), Field(min_length=1, max_length=500)]
MappedYear = Annotated[int, Field(ge=1900, le=2200)]
Absence = Literal["suppressed", "not_reported"]
Codes = Annotated[dict[str, str], BeforeValidator(codes_as_text)]
Meaning = FiniteFloat | tuple[FiniteFloat, FiniteFloat] | Absence


def _checked_meaning(given: Any) -> Any:
    """What a token means, said in one sentence where it is none of the three."""
    is_range = isinstance(given, list | tuple) and len(given) == 2
    numbers = given if is_range else [given]
    if given in ("suppressed", "not_reported") or all(type(n) in (int, float) for n in numbers):
        return tuple(given) if is_range else given
    raise UnfitError(
        worded("A token can't mean {given}.", given=repr(given)),
        worded("a number, a range such as [1, 4], suppressed, not_reported"),
    )


def _keys_as_text(given: Any) -> Any:
    """YAML reads the column `2019` as a number."""
    if not isinstance(given, dict):
        return given
    return {key_as_text(key): value for key, value in given.items()}


def _lists_of_text(given: Any) -> Any:
    """YAML reads a cell `2019` as a number."""
    if not isinstance(given, dict):
        return given
    return {
        key_as_text(key): [number_as_text(v) for v in value] if isinstance(value, list) else value
        for key, value in given.items()
    }


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Column(_Block):
    fill_down: bool = Field(
        default=False,
        description="Whether an empty cell means what stands above it, as where cells are merged.",
    )


class PlaceKeys(_Column):
    """Which place a row is of."""

    column: ColumnName | None = Field(default=None, description="Column that names the place.")
    value: str | None = Field(
        default=None, description="Instead of `column`: id of the one place that the file is of."
    )
    by: PlaceBy = Field(
        default="name",
        description="What the cells hold. name: names in English and some forty other languages. "
        "iso2, iso3, numeric: codes of ISO 3166-1. usps: codes of US states. id: our ids. code: "
        "codes of your own, each listed in `codes`.",
    )
    level: Level | None = Field(
        default=None,
        description="Only places of this level are meant, where a name is that of two places, "
        "such as Georgia.",
    )
    codes: Codes = Field(
        default={},
        description="Cell -> id of a place, for what `by` does not find; it goes before `by`.",
    )


class YearKeys(_Column):
    """Which year a row is of. A date, `2019-03` or `2019` gives its year."""

    column: ColumnName | None = Field(default=None, description="Column that holds the year.")
    value: MappedYear | None = Field(
        default=None, description="Instead of `column`: the one year that the file is of."
    )
    columns: tuple[MappedYear, MappedYear] | None = Field(
        default=None,
        description="Instead of `column`: first and last year, where each year is a column with "
        "the year as its name.",
    )
    fiscal_year_ends: Annotated[int, Field(ge=1, le=12)] | None = Field(
        default=None,
        description="Month in which the fiscal year ends, for dates and for spans such as "
        "2019/20. Left out, dates give calendar years and spans are refused.",
    )
    fiscal_year_named_by: Literal["end", "start"] = Field(
        default="end",
        description="Which of its two calendar years stands for a fiscal year: with end, 2019/20 "
        "is 2020.",
    )
    date_order: Literal["dmy", "mdy"] | None = Field(
        default=None,
        description="How a date such as 03/07/2019 is read, where the fiscal year depends on it.",
    )
    codes: Annotated[dict[str, MappedYear], BeforeValidator(_keys_as_text)] = Field(
        default={}, description="Cell -> year, for cells such as `2021 (provisional)`."
    )


class WordKeys(_Column):
    """A word that a column holds, or that is the same for the whole file."""

    column: ColumnName | None = Field(default=None, description="Column that holds the word.")
    value: str | None = Field(
        default=None, description="Instead of `column`: the one word for the whole file."
    )
    codes: Codes = Field(
        default={}, description="Cell -> our word. Cells that are not listed are our words already."
    )


class CountKeys(_Block):
    """The column of counts, where each row has one."""

    column: ColumnName = Field(description="Column that holds the count.")
    stage: str | None = Field(
        default=None, description="Stage that it counts, where it is the same in every row."
    )
    unit: Unit | None = Field(
        default=None, description="Unit that it counts in, where it is the same in every row."
    )


class ValueKeys(_Block):
    """The column of values, for kinds population and indicators."""

    column: ColumnName | None = Field(
        default=None,
        description="Column that holds the value; left out where years are columns, or with "
        "`wide`.",
    )
    low: ColumnName | None = Field(
        default=None, description="Only for indicators: column that holds the lower limit."
    )
    high: ColumnName | None = Field(
        default=None, description="Only for indicators: column that holds the upper limit."
    )
    times: Annotated[int, Field(ge=1, le=1_000_000_000)] = Field(
        default=1,
        description="Number that each value is multiplied by: 1000 for a column in thousands.",
    )


class WideKeys(_Block):
    """What one column of a wide table counts."""

    year: MappedYear | None = Field(default=None, description="Year of the column.")
    stage: str | None = Field(default=None, description="Stage that the column counts.")
    unit: Unit | None = Field(default=None, description="Unit that the column counts in.")
    sex: str | None = Field(default=None, description="Sex of those counted in the column.")
    age: str | None = Field(default=None, description="Age group of those counted in the column.")
    dimension: str | None = Field(default=None, description="Breakdown that the column is part of.")
    category: str | None = Field(default=None, description="Category within the breakdown.")
    indicator: str | None = Field(default=None, description="Indicator that the column holds.")


@dataclass(frozen=True)
class Figures:
    """One column of figures, and what is the same for all of it.

    Attributes:
        key: keys in the config, from the block `map`, that name the column.
    """

    key: tuple[str, ...]
    column: str
    fixed: dict[str, str]
    low: str | None = None
    high: str | None = None
    times: int = 1


class TableMap(_Block):
    """From the columns of an office's own table to ours. What is not named here is passed over."""

    place: PlaceKeys = Field(description="Which place a row is of.")
    year: YearKeys | None = Field(
        default=None, description="Which year a row is of; left out where `wide` says it."
    )
    count: CountKeys | None = Field(
        default=None, description="The column of counts, for a long table of observations."
    )
    value: ValueKeys | None = Field(
        default=None, description="The column of values, for kinds population and indicators."
    )
    wide: Annotated[dict[str, WideKeys], BeforeValidator(_keys_as_text)] = Field(
        default={}, description="Instead of `count` or `value`: name of a column -> what it counts."
    )
    stage: WordKeys | None = Field(default=None, description="Stage, for observations.")
    unit: WordKeys | None = Field(default=None, description="Unit, for observations.")
    indicator: WordKeys | None = Field(default=None, description="Indicator, for indicators.")
    sex: WordKeys | None = Field(default=None, description="Sex; total if left out.")
    age: WordKeys | None = Field(default=None, description="Age group; total if left out.")
    dimension: WordKeys | None = Field(
        default=None, description="Which breakdown a row is part of; total if left out."
    )
    category: WordKeys | None = Field(
        default=None, description="Category within the breakdown; total if left out."
    )
    status: WordKeys | None = Field(
        default=None,
        description="Column that says what is known of a figure. An empty cell leaves it to the "
        "figure; left out, every figure says it itself.",
    )
    note: WordKeys | None = Field(default=None, description="Note; empty if left out.")
    thousands: Literal[",", ".", " ", "'", "’"] | None = Field(
        default=None, description="What stands between groups of digits, as in 1,204."
    )
    decimal: Literal[",", "."] | None = Field(
        default=None,
        description="Decimal sign; a point if left out, or a comma where `thousands` is a point.",
    )
    tokens: Annotated[
        dict[str, Annotated[Meaning, BeforeValidator(_checked_meaning)]],
        BeforeValidator(_keys_as_text),
    ] = Field(
        default={},
        description="What stands in place of a figure -> what it means: a number, a range "
        "such as [1, 4], `suppressed` or `not_reported`. An empty cell means not_reported unless "
        'there is a token `""`.',
    )
    drop: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_lists_of_text)] = Field(
        default={},
        description="Name of a column -> cells whose rows are left out, such as sums and notes.",
    )
    not_totals: tuple[str, ...] = Field(
        default=(),
        description="Places, as the file names them, that are no sum of the others, though their "
        "figures look like one.",
    )
    cohort: bool = Field(
        default=False,
        description="Only for observations: whether the stages follow the same persons or cases. "
        "Then more convicted than prosecuted is an error; else it is only a notice.",
    )

    @property
    def decimal_sign(self) -> str:
        """The decimal sign, which is never the sign between thousands."""
        return self.decimal or ("," if self.thousands == "." else ".")

    @property
    def words(self) -> dict[str, WordKeys]:
        """Our column -> where its word comes from, for each that is given for whole rows."""
        names = (
            "stage", "unit", "indicator", "sex", "age", "dimension", "category", "status", "note",
        )  # fmt: skip
        return {name: keys for name in names if (keys := getattr(self, name)) is not None}

    @property
    def filled_down(self) -> tuple[str, ...]:
        """Columns of the file in which an empty cell means what stands above it."""
        blocks = (self.place, self.year, *self.words.values())
        return tuple(b.column for b in blocks if b is not None and b.column and b.fill_down)

    @property
    def figures(self) -> tuple[Figures, ...]:
        """Every column of figures, with what is fixed for it."""
        if self.count is not None:
            fixed = {"stage": self.count.stage, "unit": self.count.unit}
            return (Figures(("count",), self.count.column, _given(fixed)),)
        v = self.value or ValueKeys()
        if v.column is not None:
            return (Figures(("value",), v.column, {}, v.low, v.high, v.times),)
        if self.year is not None and self.year.columns is not None:
            first, last = self.year.columns
            return tuple(
                Figures(("year", "columns"), str(year), {"year": str(year)}, times=v.times)
                for year in range(first, last + 1)
            )
        return tuple(
            Figures(("wide", column), column, _given(keys.model_dump()), times=v.times)
            for column, keys in self.wide.items()
        )

    @model_validator(mode="after")
    def _signs_differ(self) -> TableMap:
        if self.thousands is not None and self.thousands == self.decimal:
            raise UnfitError(
                worded("`thousands` and `decimal` are both '{decimal}'.", decimal=self.decimal),
                worded("two signs"),
            )
        return self


def _given(fixed: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in fixed.items() if value is not None}
