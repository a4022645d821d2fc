"""What the columns of a table seem to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from gapatlas.config.mapping_models import PlaceKeys, TableMap, YearKeys
from gapatlas.guessing.words import PLACES, POPULATION, YEARS, means, stage_of
from gapatlas.languages import mark
from gapatlas.mapping.numbers import FigureReader, guessed_meaning
from gapatlas.mapping.places import PlaceReader
from gapatlas.mapping.texts import is_a_sum, plain
from gapatlas.mapping.years import read_year
from gapatlas.tables import CsvCells

BY: Final = ("id", "iso3", "usps", "name", "iso2", "numeric")
"""What the cells of places can hold, in the order in which it is tried."""
MOST_TEXTS: Final = 400
"""Different cells of a column that are looked at."""
MOST_TOKENS: Final = 12
PLACES_KNOWN, YEARS_READ, FIGURES_READ = 0.5, 0.9, 0.5
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_STAGE_AND_YEAR: Final = re.compile(r"(.*\D) ((?:19|20)[0-9]{2})|((?:19|20)[0-9]{2}) (\D.*)")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:([.,'’ ])[0-9]{3})+(?:[.,][0-9]+)?")
_DECIMALS: Final = re.compile(r"[0-9]+([.,])(?:[0-9]{1,2}|[0-9]{4,})")
WHICH_STAGE: Final = {
    "cases": mark("are these cases, and at which stage"),
    "offences": mark("are these offences, and at which stage"),
}
Question = dict[tuple[str, ...], str]


@dataclass
class Guess:
    """What a table seems to hold.

    Attributes:
        kind: kind of dataset.
        map: keys and values of `map:`.
        questions: path of a key below the dataset -> what is not sure about it, in English.
        unknown_places: cells that name no known place.
    """

    kind: str = "observations"
    map: dict[str, Any] = field(default_factory=dict)
    questions: Question = field(default_factory=dict)
    unknown_places: list[str] = field(default_factory=list)


def guess(cells: CsvCells, places: pd.DataFrame, about: str = "") -> Guess:
    """Guess what a table holds.

    Args:
        cells: its cells as text.
        places: the places table, all cells text.
        about: what else tells what is counted, such as the name of the sheet.

    Returns:
        A guess; what is not sure has a question.
    """
    return _Guessing(cells, places, about).run()


class _Guessing:
    def __init__(self, cells: CsvCells, places: pd.DataFrame, about: str) -> None:
        self._places = places
        self._about = about
        self._texts = {
            name: _distinct(cells.frame[name]) for name in cells.header if name in cells.frame
        }
        self._found = Guess()
        self._left = list(self._texts)

    def run(self) -> Guess:
        self._place()
        self._year()
        self._figures()
        return self._found

    def _ask(self, *path: str, question: str) -> None:
        self._found.questions[("map", *path)] = question

    # ------------------------------------------------------------ places

    def _place(self) -> None:
        tried = [
            (self._known_share(name, by), -BY.index(by), name, by)
            for name in self._left
            for by in BY
            if self._may_name_places(name, by)
        ]
        share, _, name, by = max(tried, default=(0.0, 0, "", "name"))
        if share < PLACES_KNOWN:
            name, by = self._likeliest_place(), "code"
            self._ask("place", "column", question=mark("no column names places that are known"))
        elif by == "numeric":
            self._ask("place", "by", question=mark("these numbers may be something else"))
        if not name:
            self._found.map["place"] = {"value": "?"}
            return
        self._take(name)
        self._found.map["place"] = {"column": name, "by": by}
        self._sums_and_strangers(name, by)

    def _may_name_places(self, name: str, by: str) -> bool:
        texts = self._texts[name]
        if by == "numeric":
            return means(name, PLACES) and all(t.isdecimal() and len(t) <= 3 for t in texts)
        return any(not text.replace(".", "").isdecimal() for text in texts)

    def _known_share(self, name: str, by: str) -> float:
        reader = PlaceReader(PlaceKeys.model_validate({"column": name, "by": by}), self._places)
        texts = [text for text in self._texts[name] if not is_a_sum(text)]
        return sum(map(reader.knows, texts)) / len(texts) if texts else 0.0

    def _likeliest_place(self) -> str:
        """The column with a fitting name, else the one with most different words."""
        named = [name for name in self._left if means(name, PLACES)]
        words = {
            name: sum(not text[:1].isdecimal() for text in self._texts[name])
            for name in named or self._left
        }
        return max(words, key=lambda name: words[name], default="")

    def _sums_and_strangers(self, name: str, by: str) -> None:
        sums = [text for text in self._texts[name] if is_a_sum(text)]
        if sums:
            self._found.map.setdefault("drop", {})[name] = sums
        reader = PlaceReader(PlaceKeys.model_validate({"column": name, "by": by}), self._places)
        strangers = [t for t in self._texts[name] if t not in sums and not reader.knows(t)]
        self._found.unknown_places = strangers
        if strangers:
            self._found.map["place"]["codes"] = dict.fromkeys(strangers, "?")
            question = mark("ids of these places; or list them under `drop`")
            self._ask("place", "codes", question=question)

    # ------------------------------------------------------------ years

    def _year(self) -> None:
        wide = [name for name in self._left if _YEAR.fullmatch(plain(name))]
        if len(wide) > 1 or len(self._stages_by_year()) > 1:
            return
        scores = {name: self._year_share(name) for name in self._left}
        best = max(scores, key=lambda name: (scores[name], means(name, YEARS)), default=None)
        if best is None or scores[best] < YEARS_READ:
            self._found.map["year"] = {"value": "?"}
            self._ask(
                "year", "value", question=mark("no column holds years: which one is the file of")
            )
            return
        self._take(best)
        self._found.map["year"] = {"column": best}
        if any("/" in text or "-" in text for text in self._texts[best]):
            self._found.map["year"]["fiscal_year_ends"] = 12
            question = mark("month in which the year ends, if these are fiscal years")
            self._ask("year", "fiscal_year_ends", question=question)

    def _year_share(self, name: str) -> float:
        keys = YearKeys.model_validate(
            {"column": name, "fiscal_year_ends": 12, "date_order": "dmy"}
        )
        texts = self._texts[name]
        read = [read_year(keys, text) for text in texts]
        good = [year for year in read if isinstance(year, str) and _YEAR.fullmatch(year)]
        return len(good) / len(texts) if texts else 0.0

    # ------------------------------------------------------------ figures

    def _figures(self) -> None:
        figures = [name for name in self._left if self._figure_share(name) >= FIGURES_READ]
        wide = [name for name in figures if _YEAR.fullmatch(plain(name))]
        by_year = self._stages_by_year()
        if len(wide) > 1:
            self._years_as_columns(wide)
            figures = wide
        elif len(by_year) > 1:
            figures = self._stages_and_years_as_columns(by_year)
        elif any(means(name, POPULATION) for name in figures):
            figures = [name for name in figures if means(name, POPULATION)][:1]
            self._found.kind = "population"
            self._found.map["value"] = {"column": figures[0]}
        else:
            figures = self._counts(figures)
        self._way_of_writing(figures)

    def _figure_share(self, name: str) -> float:
        texts = [text for text in self._texts[name] if guessed_meaning(text) is None]
        reader = FigureReader(_any_map(), whole=False)
        return sum(map(reader.is_number, texts)) / len(texts) if texts else 0.0

    def _years_as_columns(self, wide: list[str]) -> None:
        years = sorted(int(plain(name)) for name in wide)
        if years == list(range(years[0], years[-1] + 1)):
            self._found.map["year"] = {"columns": [years[0], years[-1]]}
        else:
            self._found.map["wide"] = {name: {"year": int(plain(name))} for name in wide}
        if means(self._about, POPULATION):
            self._found.kind = "population"
            self._found.map["value"] = {}
        else:
            self._stage_for_all()

    def _stages_by_year(self) -> dict[str, tuple[str, int]]:
        """Columns that are called after what they count and a year -> both."""
        found = {name: _STAGE_AND_YEAR.fullmatch(plain(name)) for name in self._left}
        return {
            name: (match[1] or match[4], int(match[2] or match[3]))
            for name, match in found.items()
            if match and (self._figure_share(name) >= FIGURES_READ or self._says_why_not(name))
        }

    def _says_why_not(self, name: str) -> bool:
        """Whether each cell of a column stands for a figure, as `<5` does, or is empty."""
        return all(guessed_meaning(text) is not None for text in self._texts[name])

    def _stages_and_years_as_columns(self, found: dict[str, tuple[str, int]]) -> list[str]:
        wide: dict[str, dict[str, Any]] = {}
        for name, (words, year) in found.items():
            stage, unit = stage_of(words) or ("?", "?")
            wide[name] = {"stage": stage, "unit": unit, "year": year}
            if stage == "?":
                self._ask("wide", name, question=mark("what this column counts, and in which unit"))
            elif unit in ("cases", "offences"):
                self._ask("wide", name, question=WHICH_STAGE[unit])
        self._found.map["wide"] = wide
        return list(found)

    def _counts(self, figures: list[str]) -> list[str]:
        meant = {name: stage_of(name) for name in figures}
        known = {name: found for name, found in meant.items() if found is not None}
        if len(known) > 1 or (known and len(figures) > 1):
            self._found.map["wide"] = {
                name: {"stage": stage, "unit": unit} for name, (stage, unit) in known.items()
            }
            for name, (_, unit) in known.items():
                if unit in ("cases", "offences"):
                    self._ask("wide", name, question=WHICH_STAGE[unit])
            return list(known)
        if not figures:
            self._found.map["count"] = {"column": "?"}
            self._ask("count", "column", question=mark("no column of counts was found"))
            return []
        name = figures[0] if not known else next(iter(known))
        self._found.map["count"] = {"column": name}
        if known:
            stage, unit = known[name]
            self._found.map["count"] |= {"stage": stage, "unit": unit}
        else:
            self._stage_for_all()
        return [name]

    def _stage_for_all(self) -> None:
        """Stage and unit from a column of words, else a question."""
        for name in self._left:
            found = {text: stage_of(text) for text in self._texts[name]}
            known = {text: pair for text, pair in found.items() if pair is not None}
            if known and len(known) >= len(found) / 2 and len(found) <= MOST_TOKENS:
                codes = {text: pair[0] if pair else "?" for text, pair in found.items()}
                self._found.map["stage"] = {"column": name, "codes": codes}
                units = {text: pair[1] if pair else "?" for text, pair in found.items()}
                self._found.map["unit"] = {"column": name, "codes": units}
                self._ask("stage", "codes", question=mark("what each of these words counts"))
                return
        told = stage_of(self._about)
        if told is not None:
            self._found.map |= {"stage": {"value": told[0]}, "unit": {"value": told[1]}}
            self._ask("stage", question=mark("taken from the name of the sheet"))
            return
        self._found.map["stage"] = {"value": "?"}
        self._found.map["unit"] = {"value": "?"}
        self._ask(
            "stage", "value", question=mark("detected, suspected, prosecuted, convicted, ...")
        )
        self._ask("unit", "value", question=mark("victims, persons, cases, charges or offences"))

    def _way_of_writing(self, figures: list[str]) -> None:
        """Signs in numbers, and what stands in place of one."""
        texts = [text for name in figures for text in self._texts[name]]
        marks = [match[1] for text in texts if (match := _THOUSANDS.fullmatch(text))]
        decimals = [match[1] for text in texts if (match := _DECIMALS.fullmatch(text))]
        if marks:
            self._found.map["thousands"] = marks[0]
            if set(marks) <= {".", ","} and not decimals:
                self._ask("thousands", question=mark("or is it the sign before decimals"))
        if decimals and decimals[0] == "," and self._found.map.get("thousands") != ",":
            self._found.map["decimal"] = ","
        if decimals and self._found.kind == "population":
            self._found.map["value"]["times"] = 1000
            self._ask("value", "times", question=mark("whether these are thousands of people"))
        if not self._found.map.get("value", True):
            del self._found.map["value"]
        reader = FigureReader(_any_map(), whole=False)
        tokens = [t for t in dict.fromkeys(texts) if t and not reader.is_number(t)][:MOST_TOKENS]
        if tokens:
            self._found.map["tokens"] = {t: _or_unknown(guessed_meaning(t)) for t in tokens}
            self._ask("tokens", question=mark("what each of these stands for"))

    def _take(self, name: str) -> None:
        self._left.remove(name)


def _or_unknown(meaning: Any) -> Any:
    if meaning is None:
        return "not_reported"
    return list(meaning) if isinstance(meaning, tuple) else meaning


def _any_map() -> TableMap:
    return TableMap.model_validate({"place": {"value": "any"}})


def _distinct(column: pd.Series) -> list[str]:
    return list(_first(plain(str(text)) for text in column))


def _first(texts: Iterator[str]) -> Iterator[str]:
    """The first different texts, empty ones left out."""
    seen: set[str] = set()
    for text in texts:
        if text and text not in seen:
            seen.add(text)
            yield text
            if len(seen) == MOST_TEXTS:
                return
