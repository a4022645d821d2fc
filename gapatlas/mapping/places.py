"""Places as offices write them: codes, and names in many languages."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

import pandas as pd

from gapatlas.config.mapping_models import PlaceKeys
from gapatlas.config.vocabulary import LEVELS_OF_MAP
from gapatlas.languages import in_a_row, mark, together, worded
from gapatlas.mapping.findings import CellFault
from gapatlas.mapping.texts import folded, in_flow, is_a_sum
from gapatlas.mapping.words import code_of, with_folded

LANGUAGES: Final = (
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he",
    "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "nb", "nl", "pl", "pt", "ro",
    "ru", "sk", "sl", "sr", "sv", "sw", "th", "tr", "uk", "ur", "vi", "zh", "zh_Hant",
)  # fmt: skip
"""Languages whose names of countries are known (Unicode CLDR)."""
MOST_SUGGESTIONS: Final = 40
"""Cells of one table for which near names are looked up, each in a few hundredths of a second."""
_CODE_COLUMNS: Final = {"iso2": "iso2", "numeric": "iso_numeric", "usps": "usps"}
_WORDS: Final = {
    "id": worded("No place has this id."),
    "iso2": worded("No place has this ISO code of two letters."),
    "iso3": worded("No place has this ISO code of three letters."),
    "numeric": worded("No place has this ISO number."),
    "usps": worded("No place has this code of a US state."),
    "code": worded("`codes` does not list this code."),
    "name": worded("No place has this name."),
}
_BY_CODES: Final = mark("`codes` gives it the id {id}, which no place has.")
_BY_CONFIG: Final = mark("The config gives the file the id {id}, which no place has.")


class PlaceReader:
    """Reads cells that name a place.

    Args:
        keys: block `place` of the map.
        places: the places table: jurisdiction_id, name, level, iso2, iso_numeric, usps.
    """

    def __init__(self, keys: PlaceKeys, places: pd.DataFrame) -> None:
        self._keys = keys
        self._column = keys.column or ""
        self._codes = with_folded(keys.codes)
        self._names = dict(zip(places["jurisdiction_id"], places["name"], strict=True))
        self._levels = dict(zip(places["jurisdiction_id"], places["level"], strict=True))
        meant = places
        if keys.level is not None:
            meant = places[places["level"].isin(LEVELS_OF_MAP[keys.level])]
        self._ids = _ids_by_cell(keys.by, meant)
        self._suggestions = 0

    def read(self, cell: str) -> str | CellFault:
        """Id of the place that a cell names."""
        coded = code_of(cell, self._codes)
        if coded is not None:
            return self._checked(coded, _BY_CODES)
        ids = self._ids.get(self._key(cell), ())
        if len(ids) == 1:
            return next(iter(ids))
        return self._ambiguous(cell, ids) if ids else self._unknown(cell)

    def knows(self, cell: str) -> bool:
        """Whether a cell names a place."""
        return code_of(cell, self._codes) is not None or self._key(cell) in self._ids

    @property
    def fault_of_value(self) -> CellFault | None:
        """Why the one place that the config gives to the whole file is none."""
        value = self._keys.value
        found = None if value is None else self._checked(value, _BY_CONFIG)
        return found if isinstance(found, CellFault) else None

    def _key(self, cell: str) -> str:
        if self._keys.by == "name":
            return folded(cell)
        return cell.zfill(3) if self._keys.by == "numeric" and cell else cell.casefold()

    def _checked(self, id_: str, message: str) -> str | CellFault:
        if id_ in self._names:
            return id_
        near = ", ".join(_near(id_, self._names)) or worded("an id of the places table")
        return CellFault(worded(message, id=id_), near)

    def _ambiguous(self, cell: str, ids: Iterable[str]) -> CellFault:
        named = [f"{id_} ({self._names[id_]}, {self._levels[id_]})" for id_ in sorted(ids)]
        line = worded(
            "a line under `place:`, {codes}",
            codes=f"`codes: {{{in_flow(cell)}: {sorted(ids)[0]}}}`",
        )
        if len({self._levels[id_] for id_ in ids}) > 1:
            line = worded("{line}, or `level:`", line=line)
        return CellFault(
            worded("Several places have this name: {places}.", places=together(named)), line
        )

    def _unknown(self, cell: str) -> CellFault:
        drop = f"`drop: {{{in_flow(self._column)}: [{in_flow(cell or '')}]}}`"
        if not cell:
            message = worded("The cell is empty: no place is named.")
            above = worded("`fill_down: true` under `place:` if it is the one above")
            return CellFault(
                message,
                worded("a place; {above}; or a line under `map:`, {drop}", above=above, drop=drop),
            )
        if is_a_sum(cell):
            message = worded("This row is a sum of others, and no place.")
            return CellFault(message, worded("a place, or a line under `map:`, {drop}", drop=drop))
        meant = [
            worded(
                "{codes} if that is {place}",
                codes=f"`codes: {{{in_flow(cell)}: {id_}}}`",
                place=self._names[id_],
            )
            for id_ in self._like(cell)
        ]
        codes = in_a_row(meant or [f"`codes: {{{in_flow(cell)}: ...}}`"])
        return CellFault(
            _WORDS[self._keys.by],
            worded(
                "a line under `place:`, {codes}; or under `map:`, {drop}", codes=codes, drop=drop
            ),
        )

    def _like(self, cell: str) -> list[str]:
        """Ids of up to three places whose name or code is like a cell."""
        self._suggestions += 1
        if self._suggestions > MOST_SUGGESTIONS:
            return []
        found: list[str] = []
        if self._keys.by == "name":
            found += _countries_by_pattern(cell, self._ids)
        for key in difflib.get_close_matches(self._key(cell), self._ids, n=3, cutoff=0.7):
            found += sorted(self._ids[key])
        return list(dict.fromkeys(found))[:3]


def is_a_country(text: str) -> bool:
    """Whether a cell is the name of a country, in one of the languages."""
    return folded(text) in _countries_by_name()


def _near(id_: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(id_, list(known), n=3, cutoff=0.5)


def _ids_by_cell(by: str, places: pd.DataFrame) -> dict[str, set[str]]:
    """What a cell can hold, without case -> ids of places."""
    ids = places["jurisdiction_id"]
    if by == "name":
        return _ids_by_name(places)
    if by == "code":
        return {}
    if by == "iso3":
        return _ids_by_iso3(places)
    column = ids if by == "id" else places[_CODE_COLUMNS[by]]
    return _grouped((str(cell).casefold(), id_) for cell, id_ in zip(column, ids, strict=True))


def _ids_by_iso3(places: pd.DataFrame) -> dict[str, set[str]]:
    """By id where that is an ISO code; by the code of two letters elsewhere."""
    from gapatlas.importers.countries import iso3_of_iso2  # a second that other maps don't need

    pairs = zip(places["jurisdiction_id"], places["iso2"], places["level"], strict=True)
    return _grouped(
        ((iso3_of_iso2(iso2) or id_).casefold(), id_)
        for id_, iso2, level in pairs
        if level == "country"
    )


def _ids_by_name(places: pd.DataFrame) -> dict[str, set[str]]:
    """The names of the places table go before all others, which may be those of another place."""
    own = _grouped(
        (folded(name), id_)
        for name, id_ in zip(places["name"], places["jurisdiction_id"], strict=True)
    )
    countries = places[(places["level"] == "country") & (places["iso2"] != "")]
    if countries.empty:
        return own
    by_iso2 = dict(zip(countries["iso2"], countries["jurisdiction_id"], strict=True))
    others = _grouped(
        (name, by_iso2[iso2])
        for name, codes in _countries_by_name().items()
        for iso2 in codes
        if iso2 in by_iso2
    )
    return others | own


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for cell, id_ in pairs:
        if cell:
            found[cell].add(id_)
    return dict(found)


@cache
def _countries_by_name() -> dict[str, frozenset[str]]:
    """Name of a country in any language, folded -> ISO codes of two letters."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, iso2 in (*_names_of_cldr(), *_names_of_importers()):
        found[folded(name)].add(iso2)
    return {name: frozenset(codes) for name, codes in found.items()}


def _names_of_cldr() -> Iterator[tuple[str, str]]:
    from babel import Locale  # half a second that only maps by name need

    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2:
                yield name, code


def _names_of_importers() -> Iterator[tuple[str, str]]:
    from gapatlas.importers.countries import ids_by_english_name, iso2_of_iso3

    for name, iso3 in ids_by_english_name().items():
        iso2 = iso2_of_iso3(iso3)
        if iso2:
            before, comma, after = name.partition(", ")
            yield name, iso2
            if comma:
                yield f"{after} {before}", iso2


def _countries_by_pattern(cell: str, known: dict[str, set[str]]) -> list[str]:
    """The country whose name a cell spells in another way, if there is one: only a suggestion."""
    from gapatlas.importers.countries import country_of_name, short_name

    code = country_of_name(cell)
    if code is None:
        return []
    return sorted(known.get(folded(short_name(code)), ()))
