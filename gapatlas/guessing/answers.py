"""What a reader says of a table in a form, and the block `map` that it makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from gapatlas.guessing.block import OPEN, id_of
from gapatlas.languages import mark, say
from gapatlas.mapping.texts import plain

Pair = tuple[str, str]
"""Stage and unit."""
Shape = Literal["stages", "long", "years", "stages_and_years"]
"""Where the figures stand: a column for each stage, one column, a column for each year, or one for
each stage and year."""
OF_STAGES: Final = ("stages", "stages_and_years")
ABSENCES: Final = {mark("withheld"): "suppressed", mark("not reported"): "not_reported"}
"""What stands in place of a figure, in words -> as the config has it."""
RANGE: Final = mark("{low} to {high}")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True)
class Answers:
    """Everything that the form asks.

    Attributes:
        kind: observations, population or indicators.
        shape: where the figures stand.
        place_column: column that names places; None where the file is of one place.
        place_by: what its cells hold.
        place_value: id of the one place.
        codes: cell -> id of its place, for cells that name no known place.
        drop: column -> cells whose rows are left out.
        year_column: column of years; None where the file is of one year.
        year_value: that year.
        fiscal_year_ends: month in which fiscal years end.
        figures: column -> what it counts, for the shapes with stages.
        count_column: the one column of figures, for the shape `long`.
        year_columns: columns named by years, for the shape `years`.
        indicator: what the figures are, in words, for the kind `indicators`.
        counted: what all figures count, for the shapes `long` and `years`.
        words_column: column that says what each row counts, instead of `counted`.
        words: its cells -> what they mean.
        thousands: sign between groups of digits.
        decimal: decimal sign.
        tokens: what stands in place of a figure -> what it means, as in the config.
        times: what each number of people is multiplied by: 1000 for thousands.
    """

    kind: str = "observations"
    shape: Shape = "stages"
    place_column: str | None = None
    place_by: str = "name"
    place_value: str | None = None
    codes: dict[str, str] = field(default_factory=dict)
    drop: dict[str, list[str]] = field(default_factory=dict)
    year_column: str | None = None
    year_value: int | None = None
    fiscal_year_ends: int | None = None
    figures: dict[str, Pair] = field(default_factory=dict)
    count_column: str | None = None
    year_columns: tuple[str, ...] = ()
    indicator: str = ""
    counted: Pair | None = None
    words_column: str | None = None
    words: dict[str, Pair | None] = field(default_factory=dict)
    thousands: str | None = None
    decimal: str | None = None
    tokens: dict[str, Any] = field(default_factory=dict)
    times: int = 1


def years_among(columns: list[str]) -> tuple[str, ...]:
    """The columns that are named by a year."""
    return tuple(name for name in columns if _YEAR.fullmatch(plain(name)))


def answers_of(kind: str, map_: Mapping[str, Any], columns: list[str]) -> Answers:
    """What a guess answers already.

    Args:
        kind: kind of dataset.
        map_: keys and values of `map:`, with question marks.
        columns: names of the columns of the file.
    """
    place, year = map_.get("place", {}), map_.get("year", {})
    wide = map_.get("wide", {})
    one = map_.get("count") or map_.get("value") or {}
    by_years = "columns" in year or any(list(keys) == ["year"] for keys in wide.values())
    by_both = any({"stage", "year"} <= set(keys) for keys in wide.values())
    shape: Shape = "years" if by_years else "stages" if wide else "long"
    stage, unit = map_.get("stage", {}), map_.get("unit", {})
    units = unit.get("codes", {})
    said = one if "stage" in one else {"stage": stage.get("value"), "unit": unit.get("value")}
    return Answers(
        kind=kind,
        shape="stages_and_years" if by_both else shape,
        place_column=place.get("column"),
        place_by=place.get("by", "name"),
        place_value=_known(place.get("value")),
        codes=dict(place.get("codes", {})),
        drop=dict(map_.get("drop", {})),
        year_column=year.get("column"),
        year_value=_known(year.get("value")),
        fiscal_year_ends=year.get("fiscal_year_ends"),
        figures={
            name: _pair(keys)
            for name, keys in wide.items()
            if not by_years and _known(keys["stage"]) is not None
        },
        count_column=_known(one.get("column")),
        year_columns=years_among(columns) if by_years else (),
        counted=_pair(said) if _known(said["stage"]) else None,
        words_column=stage.get("column"),
        words={
            word: _pair({"stage": meant, "unit": units.get(word)}) if _known(meant) else None
            for word, meant in stage.get("codes", {}).items()
        },
        thousands=map_.get("thousands"),
        decimal=map_.get("decimal"),
        tokens=dict(map_.get("tokens", {})),
        times=one.get("times", 1),
    )


def passed_over(answers: Answers, columns: list[str]) -> list[str]:
    """The columns of a file of which nothing is kept."""
    long = answers.shape == "long"
    by_years = answers.shape in ("years", "stages_and_years")
    used = {
        answers.place_column,
        *answers.drop,
        None if by_years else answers.year_column,
        *(answers.year_columns if answers.shape == "years" else ()),
        answers.count_column if long else None,
        None if answers.shape in OF_STAGES else answers.words_column,
        *(answers.figures if answers.shape in OF_STAGES else ()),
    }
    return [name for name in columns if name not in used]


def map_of(answers: Answers) -> dict[str, Any]:
    """Keys and values of `map:`; a question mark where an answer is missing."""
    written = {
        "place": _place(answers),
        "drop": answers.drop,
        **_figures(answers),
        "thousands": answers.thousands,
        "decimal": answers.decimal,
        "tokens": answers.tokens,
    }
    return {key: value for key, value in written.items() if value}


def missing(answers: Answers) -> Iterator[str]:
    """What the form has no answer to yet, in words."""
    if answers.place_column is None and answers.place_value is None:
        yield say("Which place is the file of?")
    if OPEN in answers.codes.values():
        names = [cell for cell, id_ in answers.codes.items() if id_ == OPEN]
        yield say("Which places are these: {places}?", places=listed(names))
    one_year = answers.shape in ("stages", "long")
    if one_year and answers.year_column is None and answers.year_value is None:
        yield say("Which year is the file of?")
    if answers.shape == "long" and answers.count_column is None:
        yield say("Which column holds the figures?")
    if answers.shape in OF_STAGES and not answers.figures:
        yield say("Which columns hold figures, and what do they count?")
    if answers.shape == "years" and not answers.year_columns:
        yield say("No column is named by a year: where do the figures stand?")
    if answers.kind == "indicators" and not answers.indicator:
        yield say("What are the figures?")
    if answers.kind != "observations" or answers.shape in OF_STAGES:
        return
    if answers.words_column is None and answers.counted is None:
        yield say("What do the figures count?")
    open_words = [word for word, pair in answers.words.items() if pair is None]
    if answers.words_column is not None and open_words:
        yield say("What do rows with these words count: {words}?", words=listed(open_words))


def meaning_of(text: str) -> Any:
    """What a token means, from words in English or in the language that is spoken: withheld, not
    reported, a number, or `1 to 4`.

    Raises:
        ValueError: it is none of them.
    """
    said = plain(text).casefold()
    for words, ours in ABSENCES.items():
        if said in (words, say(words).casefold()):
            return ours
    for between in (RANGE, say(RANGE), "{low} - {high}", "{low} – {high}"):
        if found := _range_in(between).fullmatch(said):
            return [_number(found["low"]), _number(found["high"])]
    return _number(said)


def _range_in(words: str) -> re.Pattern[str]:
    """What finds the two numbers of a range that is written so, with blanks or without."""
    pattern = re.escape(words.casefold()).replace(r"\ ", " *")
    for end in ("low", "high"):
        pattern = pattern.replace(rf"\{{{end}\}}", f"(?P<{end}>[0-9.]+)")
    return re.compile(pattern)


def told(meaning: Any) -> str:
    """A meaning in words, which `meaning_of` reads."""
    if isinstance(meaning, list | tuple):
        return say(RANGE, low=f"{meaning[0]:g}", high=f"{meaning[1]:g}")
    words = {ours: said for said, ours in ABSENCES.items()}
    return say(words[meaning]) if meaning in words else f"{meaning}"


def _place(answers: Answers) -> dict[str, Any]:
    if answers.place_column is None:
        return {"value": answers.place_value or OPEN}
    place: dict[str, Any] = {"column": answers.place_column, "by": answers.place_by}
    return place | ({"codes": answers.codes} if answers.codes else {})


def _figures(answers: Answers) -> dict[str, Any]:
    """Year, figures and what they count."""
    if answers.shape == "years":
        value = {"value": _times(answers)} if answers.kind == "population" else {}
        return {**_years_as_columns(answers.year_columns), **value, **_about_all(answers)}
    if answers.shape == "stages_and_years":
        return {"wide": {name: _both(name, pair) for name, pair in answers.figures.items()}}
    year = {"year": _year(answers)}
    if answers.kind == "population":
        return year | {"value": {"column": answers.count_column or OPEN, **_times(answers)}}
    if answers.kind == "indicators":
        return year | {"value": {"column": answers.count_column or OPEN}, **_about_all(answers)}
    if answers.shape == "long":
        return year | _long(answers)
    if len(answers.figures) == 1:
        ((name, (stage, unit)),) = answers.figures.items()
        return year | {"count": {"column": name, "stage": stage, "unit": unit}}
    wide = {name: {"stage": stage, "unit": unit} for name, (stage, unit) in answers.figures.items()}
    return year | ({"wide": wide} if wide else {"count": {"column": OPEN}})


def _both(name: str, pair: Pair) -> dict[str, Any]:
    """What a column counts that is called after a year too."""
    keys: dict[str, Any] = {"stage": pair[0], "unit": pair[1]}
    found = _YEAR.search(plain(name))
    return keys | ({"year": int(found[0])} if found else {})


def _times(answers: Answers) -> dict[str, Any]:
    return {"times": answers.times} if answers.times != 1 else {}


def _long(answers: Answers) -> dict[str, Any]:
    count: dict[str, Any] = {"column": answers.count_column or OPEN}
    if answers.words_column is None and answers.counted is not None:
        stage, unit = answers.counted
        return {"count": count | {"stage": stage, "unit": unit}}
    return {"count": count, **_about_all(answers)}


def _year(answers: Answers) -> dict[str, Any]:
    if answers.year_column is None:
        return {"value": answers.year_value or OPEN}
    ends = answers.fiscal_year_ends
    return {"column": answers.year_column} | ({"fiscal_year_ends": ends} if ends else {})


def _years_as_columns(columns: tuple[str, ...]) -> dict[str, Any]:
    years = sorted(int(plain(name)) for name in columns)
    if years and years == list(range(years[0], years[-1] + 1)):
        return {"year": {"columns": [years[0], years[-1]]}}
    return {"wide": {name: {"year": int(plain(name))} for name in columns}}


def _about_all(answers: Answers) -> dict[str, Any]:
    """What is the same for all figures; stage and unit may stand in a column."""
    if answers.kind == "population":
        return {}
    if answers.kind == "indicators":
        return {"indicator": {"value": id_of(answers.indicator) if answers.indicator else OPEN}}
    if answers.words_column is None:
        stage, unit = answers.counted or (OPEN, OPEN)
        return {"stage": {"value": stage}, "unit": {"value": unit}}
    pairs = {word: pair or (OPEN, OPEN) for word, pair in answers.words.items()}
    return {
        name: {
            "column": answers.words_column,
            "codes": {word: pair[at] for word, pair in pairs.items()},
        }
        for at, name in enumerate(("stage", "unit"))
    }


def _known(value: Any) -> Any:
    return None if value == OPEN else value


def _pair(keys: Mapping[str, Any]) -> Pair:
    return str(keys["stage"]), str(keys["unit"])


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number == int(number) else number


def listed(words: list[str], most: int = 8) -> str:
    """Words in one line: of many the first, and how many more there are."""
    left, named = len(words) - most, ", ".join(words[:most])
    return say("{names} and {count} more", names=named, count=str(left)) if left > 0 else named
