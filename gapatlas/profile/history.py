"""Policy history and grants of one place: indicators over time, in words that claim no more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd

from gapatlas.atlas import Atlas
from gapatlas.charts.words import from_to, number
from gapatlas.comparison.sources import listed_years
from gapatlas.config import Indicator
from gapatlas.languages import mark, say
from gapatlas.measures import Source
from gapatlas.tables import rows

LAST: Final = mark("Last known: {value} in {years}.")
BEFORE: Final = mark("Before that: {value} in {years}.")
FIRST: Final = mark("First: {value} in {years}.")


@dataclass(frozen=True)
class History:
    """One indicator of one place.

    Attributes:
        indicator_id: its id.
        indicator: title, unit, scale, labels and what is better.
        source: where its values come from.
        values: rows of `Atlas.indicator` with words (the value as it is printed).
        text: first and last value in words, and the years without one.
    """

    indicator_id: str
    indicator: Indicator
    source: Source
    values: pd.DataFrame
    text: str

    @cached_property
    def known(self) -> pd.DataFrame:
        """Rows of `values` that say something."""
        return self.values[self.values["status"] != "not_reported"].reset_index(drop=True)


@dataclass(frozen=True)
class Grants:
    """Money that a place received, year by year.

    Attributes:
        indicator_id: id of the indicator.
        indicator: title and unit.
        source: where the amounts come from.
        years: one row per year of the source: year, low (missing where nothing is known), high
            (missing where more is not known), open (whether it may be more than `low`), words.
        least: sum of the lower limits.
        most: sum of the upper limits; infinite where one of them is not known.
        text: the sum in words.
    """

    indicator_id: str
    indicator: Indicator
    source: Source
    years: pd.DataFrame
    least: float
    most: float
    text: str

    @property
    def known(self) -> pd.DataFrame:
        """Rows of `years` with an amount."""
        return self.years[self.years["low"].notna()]


def histories_of(atlas: Atlas, place: str) -> tuple[History, ...]:
    """The indicators of `gaps.history` in the config, in its order."""
    return tuple(_history(atlas, id_, place) for id_ in atlas.config.gaps.history)


def grants_of(atlas: Atlas, place: str) -> Grants | None:
    """The indicator of `gaps.grants` in the config; None without one."""
    id_ = atlas.config.gaps.grants
    if id_ is None:
        return None
    indicator = atlas.config.indicators[id_]
    years = _amounts(atlas.indicator(id_, [place]), indicator)
    known = years[years["low"].notna()]
    least = float(known["low"].sum())
    most = math.inf if known["high"].isna().any() else float(known["high"].sum())
    return Grants(
        indicator_id=id_,
        indicator=indicator,
        source=atlas.source(indicator.source),
        years=years,
        least=least,
        most=most,
        text=_grant_words(years, least, most, indicator),
    )


def value_words(row: Any, indicator: Indicator) -> str:
    """A value as a reader sees it: its label, else the number, with its limits in brackets; a
    band by its limits; words where nothing is reported."""
    if row.status == "not_reported":
        return say("Not reported")
    if pd.isna(row.value):
        return _band(row.low, row.high, indicator.decimals)
    label = label_of_value(float(row.value), indicator)
    text = label or number(row.value, indicator.decimals)
    if pd.isna(row.low) or pd.isna(row.high) or row.low == row.high:
        return text
    ends = [number(end, indicator.decimals) for end in (row.low, row.high)]
    return f"{text} ({from_to(*ends)})"


def label_of_value(value: float, indicator: Indicator) -> str:
    """The config's words for a value; empty where it has none."""
    labels = {float(key): words for key, words in indicator.labels.items()}
    return labels.get(value, "")


def _band(low: Any, high: Any, decimals: int) -> str:
    if pd.isna(high):
        if pd.isna(low):
            return say("Not reported")
        return say("at least {number}", number=number(low, decimals))
    if pd.isna(low):
        return say("at most {number}", number=number(high, decimals))
    return from_to(number(low, decimals), number(high, decimals))


def _history(atlas: Atlas, id_: str, place: str) -> History:
    indicator = atlas.config.indicators[id_]
    values = atlas.indicator(id_, [place]).reset_index(drop=True)
    values = values.assign(words=[value_words(row, indicator) for row in rows(values)])
    return History(
        indicator_id=id_,
        indicator=indicator,
        source=atlas.source(indicator.source),
        values=values,
        text=_history_words(values),
    )


def _history_words(values: pd.DataFrame) -> str:
    known = values[values["status"] != "not_reported"]
    if known.empty:
        return say("No value is known. That says neither good nor bad.")
    runs = _runs(known)
    told = [_run_words(LAST, runs[-1])]
    if len(runs) > 1:
        told.append(_run_words(BEFORE, runs[-2]))
    if len(runs) > 2:
        told.append(_run_words(FIRST, runs[0]))
    silent = values.loc[values["status"] == "not_reported", "year"]
    if len(silent):
        told.append(say("No value for {years}.", years=listed_years(silent)))
    return " ".join(told)


def _run_words(message: str, run: tuple[str, list[int]]) -> str:
    return say(message, value=run[0], years=listed_years(run[1]))


def _runs(known: pd.DataFrame) -> list[tuple[str, list[int]]]:
    """Stretches of the same words in known years, in order of time."""
    runs: list[tuple[str, list[int]]] = []
    for words, year in zip(known["words"], known["year"], strict=True):
        if runs and runs[-1][0] == words:
            runs[-1][1].append(int(year))
        else:
            runs.append((words, [int(year)]))
    return runs


def _amounts(values: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Amounts by year; one that is known from above alone is at least nought."""
    told = values["status"] != "not_reported"
    low = values["value"].fillna(values["low"]).astype("float64").fillna(0.0).where(told)
    high = values["value"].fillna(values["high"]).astype("float64").where(told)
    more = told & (high.isna() | (high > low))
    words = [value_words(row, indicator) for row in rows(values)]
    table = {"year": values["year"], "low": low, "high": high, "open": more, "words": words}
    return pd.DataFrame(table).reset_index(drop=True)


def _grant_words(years: pd.DataFrame, least: float, most: float, indicator: Indicator) -> str:
    known = years[years["low"].notna()]
    if known.empty:
        return say("No amount is known here. That is not the same as none.")
    span = listed_years(known["year"])
    low, high = (number(end, indicator.decimals) for end in (least, most))
    if math.isinf(most):
        total = say("at least {low}; how much more is not known", low=low)
    else:
        total = low if least == most else from_to(low, high)
    return say(
        "{years}: {total} (unit: {unit}). Other years are not known, which is not zero.",
        years=span if len(known) == 1 else say("{years}, added up", years=span),
        total=total,
        unit=indicator.unit,
    )
