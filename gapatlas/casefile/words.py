"""How one case file writes our words: its texts -> ours, by the config of its dataset."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from gapatlas.config import Dataset
from gapatlas.config.vocabulary import (
    CASE_WORDS,
    COVARIATES,
    LIST_COLUMNS,
    NONE,
    UNKNOWN,
)

YEAR_COLUMNS: Final = ("year_charged", "year_ended")
_YEAR: Final = re.compile(r"([0-9]{4})(?:-[0-9]{2}-[0-9]{2}(?:[T ].*)?)?")
_WHOLE: Final = re.compile(r"[1-9][0-9]{0,8}")
_DECIMALS: Final = re.compile(r"(?<=[0-9])\.0+$")
"""A column of whole numbers with gaps is one of decimal numbers: 1.0 is the code 1."""
_LEAST_OF_BAND: Final = {21: "21+", 6: "6-20", 2: "2-5", 1: "1"}
_STATE_WORDS: Final = {
    "evidence": ("present", "absent"),
    "defence": ("used", "not_used"),
}


@dataclass(frozen=True)
class Words:
    """Texts of a case file -> our words. `None` stands for a text that has no meaning here."""

    dataset: Dataset

    @cached_property
    def mapped(self) -> dict[str, str]:
        """What a column is -> its name in the file."""
        return {ours: own for own, ours in self.dataset.columns.items()}

    def codes(self, column: str) -> Mapping[str, str]:
        """The codes that the config gives for a column; both columns of charges share theirs."""
        return self.dataset.codes.get("charge" if column == "main_charge" else column, {})

    def allowed(self, column: str) -> tuple[str, ...]:
        """Every text that a cell, or an entry of a list, of a column may hold."""
        return tuple(dict.fromkeys([*self.codes(column), *CASE_WORDS.get(column, ())]))

    def word(self, column: str, text: str) -> str | None:
        """Our word for one text, or one entry of a list. An empty cell means unknown."""
        text = text.strip()
        codes = self.codes(column)
        if text not in codes:
            text = _DECIMALS.sub("", text)
        if text in codes:
            return codes[text]
        if text == "":
            return UNKNOWN
        if column in YEAR_COLUMNS:
            found = _YEAR.fullmatch(text)
            return found[1] if found else UNKNOWN if text == UNKNOWN else None
        if column == "victims_band" and _WHOLE.fullmatch(text):
            return _band_of(int(text))
        if column not in CASE_WORDS:
            closed = column != "place" and bool(codes)
            return None if closed and text not in (UNKNOWN, *codes.values()) else text
        return text if text in CASE_WORDS[column] else None

    def entries(self, text: str) -> list[str]:
        """The entries of a cell that holds a list."""
        parts = (part.strip() for part in text.split(self.dataset.separator))
        return [part for part in parts if part]

    def listed(self, column: str, text: str) -> frozenset[str] | None:
        """The ids that a list names; `none` or `unknown` stands alone."""
        found = {self.word(column, entry) for entry in self.entries(text) or [""]}
        words = frozenset(word for word in found if word is not None)
        alone = words & {NONE, UNKNOWN}
        return None if len(words) < len(found) or (alone and len(words) > 1) else words

    def main_charge(self, text: str) -> str | None:
        """Our label for the first charge of a cell."""
        return self.word("charge", text.split(self.dataset.separator)[0])

    def source_column(self, covariate: str) -> str:
        """The column, by our name, from whose texts a covariate is read."""
        if covariate == "charge" and "main_charge" in self.mapped:
            return "main_charge"
        for list_, ids in LIST_COLUMNS.items():
            if covariate in ids and list_ in self.mapped:
                return list_
        return covariate

    def covariate(self, covariate: str, texts: pd.Series) -> pd.Series:
        """A covariate from the texts of its source column; missing where a text has no meaning."""
        source = self.source_column(covariate)
        meaning = {text: self._value(covariate, source, text) for text in texts.unique()}
        return texts.map(meaning)

    def _value(self, covariate: str, source: str, text: str) -> str | None:
        if source in LIST_COLUMNS:
            return self._state(source, covariate, text)
        if covariate == "charge":
            return self.main_charge(text)
        if covariate in YEAR_COLUMNS and self._begins_a_code(covariate, text):
            return UNKNOWN
        return self.word(covariate, text)

    def _begins_a_code(self, column: str, text: str) -> bool:
        """Counting cuts dates at the first hyphen, and with them a code such as `not-known`."""
        begun = {code.split("-")[0] for code in self.codes(column) if "-" in code}
        return text.strip() in begun and not _YEAR.fullmatch(text.strip())

    def _state(self, list_: str, id_: str, text: str) -> str | None:
        words = self.listed(list_, text)
        if words is None:
            return None
        there, not_there = _STATE_WORDS[list_]
        if id_ in words:
            return there
        if UNKNOWN in words:
            return UNKNOWN
        return UNKNOWN if words != {NONE} and self.dataset.not_listed == UNKNOWN else not_there


def mapped_covariates(dataset: Dataset) -> tuple[str, ...]:
    """The covariates of which the columns of a case file tell something."""
    words = Words(dataset)
    return tuple(name for name in COVARIATES if words.source_column(name) in words.mapped)


def _band_of(victims: int) -> str:
    return next(band for least, band in _LEAST_OF_BAND.items() if victims >= least)
