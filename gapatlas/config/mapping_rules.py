"""What the block `map` of a dataset must keep to beyond the types of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from gapatlas.config.case_rules import COUNTED_KINDS
from gapatlas.config.mapping_models import TableMap, WordKeys, YearKeys
from gapatlas.config.models import Dataset
from gapatlas.config.problems import Fault, near_names
from gapatlas.config.reading_models import Reading
from gapatlas.config.reading_rules import format_of, reading_faults
from gapatlas.config.vocabulary import (
    AGES,
    DIMENSIONS,
    INDICATOR_STATUSES,
    SEXES,
    STAGE_UNITS,
    STATUSES,
    UNITS,
    Stages,
)
from gapatlas.languages import either, together, worded

MAPPED_KINDS: Final = ("observations", "population", "indicators")
REMOTE: Final = ("postgres", "s3")
"""Formats that are read from elsewhere."""
FIGURE_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "observations": ("count", "wide", "year.columns"),
    "population": ("value", "wide", "year.columns"),
    "indicators": ("value", "wide", "year.columns"),
}
"""Keys that say where the figures are, of which a map has one."""
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "observations": ("year", "stage", "unit"),
    "population": ("year",),
    "indicators": ("year", "indicator"),
}
WORDS_OF_KIND: Final[dict[str, tuple[str, ...]]] = {
    "observations": ("stage", "unit", "sex", "age", "dimension", "category", "status", "note"),
    "population": ("status", "note"),
    "indicators": ("indicator", "status", "note"),
}
Known = Callable[[str], tuple[str, ...]]
"""Our column -> the words that it may hold; none where it may hold any."""
_BREAKDOWN: Final[dict[str, tuple[str, ...]]] = {
    "unit": UNITS,
    "sex": SEXES,
    "age": AGES,
    "dimension": DIMENSIONS,
}


def known_words(kind: str, name: str, stages: Stages) -> tuple[str, ...]:
    """The words that one of our columns may hold in a kind of table; none where it may hold any."""
    if name == "stage":
        return tuple(stages)
    statuses = {
        "observations": STATUSES,
        "population": ("exact", "not_reported"),
        "indicators": INDICATOR_STATUSES,
    }
    return statuses[kind] if name == "status" else _BREAKDOWN.get(name, ())


def opening_faults(dataset: Dataset) -> Iterator[Fault]:
    """Every fault in how the file of one dataset is opened; paths count from its block."""
    reading = dataset.read
    if reading is None and dataset.file is not None:
        return
    if reading is None:
        yield Fault(
            (),
            worded("The dataset names no table."),
            worded("no `{key}`", key="file"),
            worded("a line `{key}:`", key="file"),
        )
        return
    if dataset.kind in COUNTED_KINDS:
        message = worded("The file of persons or of counts of them is opened in one way alone.")
        yield Fault(("read",), message, dataset.kind, worded("no `{key}`", key="read"))
        return
    if dataset.file is not None and format_of(reading, None) in REMOTE:
        message = worded("A dataset is one table: a file, or what a database or a store holds.")
        yield Fault(
            ("file",), message, dataset.file, worded("no `file` beside `connection` or `url`")
        )
        return
    for fault in reading_faults(reading, dataset.file):
        path = () if fault.key == "file" else ("read", fault.key)
        yield Fault(path, fault.message, fault.found, fault.allowed)


def is_of_parquet(dataset: Dataset) -> bool:
    """Whether the file of a dataset may be a folder of files."""
    return format_of(dataset.read or Reading(), dataset.file) == "parquet"


def mapping_faults(
    dataset: Dataset, indicators: Mapping[str, str], stages: Stages = STAGE_UNITS
) -> Iterator[Fault]:
    """Every fault in the map of one dataset; paths count from the dataset's block.

    Args:
        dataset: a dataset of any kind.
        indicators: id of each indicator of the config -> its source.
        stages: every stage of the config with its units.
    """
    if dataset.map is None:
        return
    kind, map_ = dataset.kind, dataset.map
    if kind not in MAPPED_KINDS:
        message = worded("Only tables of some kinds can be mapped.")
        yield Fault(("map",), message, kind, f"kind: {', '.join(MAPPED_KINDS)}")
        return
    of_source = tuple(id_ for id_, source in indicators.items() if source == dataset.source)

    def known(name: str) -> tuple[str, ...]:
        return of_source if name == "indicator" else known_words(kind, name, stages)

    faults = (
        _place_faults(map_),
        _year_faults(map_.year),
        _figure_faults(kind, map_),
        _word_faults(kind, map_, known),
        _wide_faults(kind, map_, known),
        _stage_faults(map_, stages),
        _column_faults(map_),
        _token_faults(kind, map_),
    )
    for each in faults:
        for fault in each:
            yield fault._replace(path=("map", *fault.path))
    if map_.cohort and kind != "observations":
        message = worded("Only observations follow persons or cases.")
        yield Fault(("map", "cohort"), message, kind, "kind: observations")


def _place_faults(map_: TableMap) -> Iterator[Fault]:
    place = map_.place
    yield from _one_of_two(("place",), place.column, place.value)
    if place.by == "code" and not place.codes:
        message = worded("Codes of your own have to be listed.")
        allowed = worded("codes: {open}code in the file: id of a place{close}", open="{", close="}")
        yield Fault(
            ("place", "by"),
            message,
            worded("{key} without `{other}`", key="by: code", other="codes"),
            allowed,
        )


def _year_faults(year: YearKeys | None) -> Iterator[Fault]:
    if year is None:
        return
    given = [key for key in ("column", "value", "columns") if getattr(year, key) is not None]
    if len(given) != 1:
        message = worded("The year comes from one of three keys.")
        yield Fault(("year",), message, _listed(given), worded("column, value or columns"))
    if year.columns is not None and year.columns[0] > year.columns[1]:
        found = worded("{first} to {last}", first=year.columns[0], last=year.columns[1])
        message = worded("The years run backwards.")
        yield Fault(("year", "columns"), message, found, worded("the first year, then the last"))
    for key in ("fiscal_year_ends", "date_order", "codes"):
        if getattr(year, key) and year.column is None:
            message = worded("Only a column of years has such a key.")
            yield Fault(("year", key), message, _listed(given), worded("a year with `column`"))


def _one_of_two(path: tuple[str, ...], column: str | None, value: str | None) -> Iterator[Fault]:
    if (column is None) == (value is None):
        found = worded("neither") if column is None else worded("both")
        message = worded("It comes from a column, or is the same for the whole file.")
        yield Fault(path, message, found, either(("`column`", "`value`")))


def _figure_faults(kind: str, map_: TableMap) -> Iterator[Fault]:
    """No place for the figures, or two; and what each column of figures lacks or has twice."""
    has_years = map_.year is not None and map_.year.columns is not None
    has_value = map_.value is not None and map_.value.column is not None
    found = {
        "count": map_.count is not None,
        "value": has_value,
        "wide": bool(map_.wide),
        "year.columns": has_years,
    }
    given = [key for key, is_there in found.items() if is_there]
    allowed = FIGURE_KEYS[kind]
    if len(given) != 1 or given[0] not in allowed:
        message = worded("The figures of {kind} come from one of three keys.", kind=kind)
        yield Fault((), message, _listed(given), ", ".join(allowed))
        return
    for figures in map_.figures:
        for name in NEEDED[kind]:
            yield from _given_once(map_, figures.key, figures.fixed, name)
    if map_.value is None:
        return
    if kind == "observations":
        message = worded("Only a table of values has this key.")
        yield Fault(("value",), message, kind, "kind: population, indicators")
    for key in ("low", "high"):
        if getattr(map_.value, key) is None:
            continue
        if kind != "indicators":
            message = worded("Only indicators have limits.")
            yield Fault(("value", key), message, kind, "kind: indicators")
        elif not has_value:
            message = worded("Limits belong to one column of values.")
            yield Fault(
                ("value", key),
                message,
                worded("{key} without `{other}`", key=key, other="column"),
                worded("`column` beside it"),
            )


def _given_once(
    map_: TableMap, path: tuple[str, ...], fixed: Mapping[str, str], name: str
) -> Iterator[Fault]:
    of_rows = map_.words.get(name) if name != "year" else map_.year
    if name == "year" and path == ("year", "columns"):
        return
    if name in fixed and of_rows is not None:
        message = worded("The {name} is said here, and for all rows.", name=name)
        yield Fault(
            (*path, name),
            message,
            fixed[name],
            worded("one of the two: a key `{name}` less", name=name),
        )
    if name not in fixed and of_rows is None:
        message = worded("Nothing says the {name} of this column.", name=name)
        allowed = worded("`{name}: ...` here, or a block `{name}:` under `map:`", name=name)
        yield Fault(path, message, worded("no `{key}`", key=name), allowed)


def _word_faults(kind: str, map_: TableMap, known: Known) -> Iterator[Fault]:
    for name, keys in map_.words.items():
        if name not in WORDS_OF_KIND[kind]:
            message = worded("A table of {kind} has no such column.", kind=kind)
            yield Fault((name,), message, name, ", ".join(WORDS_OF_KIND[kind]))
            continue
        yield from _one_of_two((name,), keys.column, keys.value)
        for path, word in _words_in(keys):
            yield from _unknown_word((name, *path), name, word, known(name))


def _words_in(keys: WordKeys) -> Iterator[tuple[tuple[str, ...], str]]:
    if keys.value is not None:
        yield ("value",), keys.value
    for code, word in keys.codes.items():
        yield ("codes", code), word


def _unknown_word(
    path: tuple[str, ...], name: str, word: str, known: tuple[str, ...]
) -> Iterator[Fault]:
    if name == "indicator" and word not in known:
        message = worded("The config has no such indicator of this source.")
        yield Fault(path, message, word, near_names(word, known) or worded("none yet"))
    elif known and word not in known:
        yield Fault(
            path, worded("This is no {name} known here.", name=name), word, near_names(word, known)
        )


def _wide_faults(kind: str, map_: TableMap, known: Known) -> Iterator[Fault]:
    first: dict[tuple[tuple[str, str], ...], str] = {}
    for figures in map_.figures:
        if figures.key[0] not in ("wide", "count"):
            continue
        for name, word in figures.fixed.items():
            path = (*figures.key, name)
            if name != "year" and name not in WORDS_OF_KIND[kind]:
                message = worded("A table of {kind} has no such column.", kind=kind)
                yield Fault(path, message, name, ", ".join(WORDS_OF_KIND[kind]))
            elif name not in NEEDED[kind] and name in map_.words:
                message = worded("The {name} is said here, and for all rows.", name=name)
                yield Fault(
                    path, message, word, worded("one of the two: a key `{name}` less", name=name)
                )
            elif name != "year":
                yield from _unknown_word(path, name, word, known(name))
        same = tuple(sorted(figures.fixed.items()))
        if same in first:
            message = worded("Two columns are said to count the same.")
            found = together((first[same], figures.column))
            yield Fault(
                figures.key, message, found, worded("columns that differ in year, stage, sex, ...")
            )
        first.setdefault(same, figures.column)


def _stage_faults(map_: TableMap, stages: Stages) -> Iterator[Fault]:
    """Stages and units that don't go together, where the config alone says both."""
    said = {ours: list(_words_in(keys)) for ours, keys in map_.words.items()}
    for figures in map_.figures:
        named, units = (
            [((), figures.fixed[name])] if name in figures.fixed else said.get(name, [])
            for name in ("stage", "unit")
        )
        if len(units) != 1 or ("unit" not in figures.fixed and units[0][0] != ("value",)):
            continue
        unit = units[0][1]
        for path, stage in named:
            if unit in UNITS and unit not in stages.get(stage, UNITS):
                where = ("stage", *path) if path else figures.key
                message = worded("'{stage}' is not counted in {unit}.", stage=stage, unit=unit)
                yield Fault(where, message, unit, ", ".join(stages[stage]))
        if "stage" not in figures.fixed and "unit" not in figures.fixed:
            return  # the same for every column of figures


def _column_faults(map_: TableMap) -> Iterator[Fault]:
    """One column of the file that is said to be two things; one word may say stage and unit."""
    named: list[tuple[tuple[str, ...], str | None]] = [(("place", "column"), map_.place.column)]
    if map_.year is not None:
        named.append((("year", "column"), map_.year.column))
    words = {keys.column: name for name, keys in reversed(map_.words.items())}
    named += [((name, "column"), column) for column, name in words.items()]
    for figures in map_.figures:
        named.append((figures.key, figures.column))
        named += [((*figures.key, key), getattr(figures, key)) for key in ("low", "high")]
    first: dict[str, str] = {}
    for path, column in named:
        if column is None:
            continue
        here = ".".join(path)
        if column in first:
            message = worded(
                "The column is said to be two things: {first} too.", first=first[column]
            )
            yield Fault(path, message, column, worded("each column once"))
        first.setdefault(column, here)


def _token_faults(kind: str, map_: TableMap) -> Iterator[Fault]:
    for token, meaning in map_.tokens.items():
        path = ("tokens", token)
        if isinstance(meaning, str):
            if meaning == "suppressed" and kind != "observations":
                message = worded("A table of {kind} knows no figures that are withheld.", kind=kind)
                yield Fault(path, message, meaning, worded("not_reported, or a number"))
            continue
        numbers = meaning if isinstance(meaning, tuple) else (meaning,)
        found = ", ".join(f"{number:g}" for number in numbers)
        if kind != "indicators" and any(n < 0 or n != int(n) for n in numbers):
            yield Fault(
                path, worded("Persons are counted in whole numbers."), found, "0, 1, 2, ..."
            )
        if len(numbers) == 2 and kind == "population":
            yield Fault(
                path,
                worded("A population is one number."),
                found,
                worded("a number or not_reported"),
            )
        elif len(numbers) == 2 and numbers[0] >= numbers[1]:
            message = worded("The range does not rise.")
            yield Fault(path, message, found, worded("the lowest count, then the highest"))


def _listed(keys: list[str]) -> str:
    return together(keys) if keys else worded("none")
