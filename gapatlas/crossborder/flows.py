"""Counts by citizenship added up over years: who is a citizen of one place, counted in another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import pandas as pd

from gapatlas.atlas import Atlas
from gapatlas.comparison.sources import listed_years
from gapatlas.config import StageCount
from gapatlas.config.vocabulary import STAGE_UNITS
from gapatlas.crossborder.communities import Communities, communities_of
from gapatlas.languages import column_in_alphabet
from gapatlas.measures import Source
from gapatlas.tables import rows

PAIR: Final = ["origin", "destination"]
COUNTS: Final = ["count_low", "count_high"]
UNPLACED_KINDS: Final = ("group", "unknown", "unmatched")


@dataclass(frozen=True)
class Flows:
    """Citizenship and place of detection over some years. Counts are intervals throughout.

    Attributes:
        atlas: where the figures come from.
        source: who published them.
        stage: what is counted, such as `detected`.
        unit: in what, such as `victims`.
        years: first and last year.
        at_least: a pair of places is shown only if at least so many are counted for certain.
        pairs: one row per pair of two places: origin and destination (ids), origin_name,
            destination_name, count_low, count_high, years_reported, years (in words); most first.
        own: the same for citizens of the very place that counts them: jurisdiction_id, name,
            count_low, count_high.
        unplaced: counts whose label names no single place: jurisdiction_id, name, origin_kind
            (`group`, `unknown` or `unmatched`), labels, count_low, count_high.
        silent: places that count somebody in these years and print no citizenship:
            jurisdiction_id, name, count_low, count_high.
    """

    atlas: Atlas
    source: Source
    stage: str
    unit: str
    years: tuple[int, int]
    at_least: int
    pairs: pd.DataFrame
    own: pd.DataFrame
    unplaced: pd.DataFrame
    silent: pd.DataFrame

    @cached_property
    def edges(self) -> pd.DataFrame:
        """Pairs that are shown: even their least count reaches the threshold."""
        shown: pd.DataFrame = self.pairs[self.pairs["count_low"] >= self.at_least]
        return shown.reset_index(drop=True)

    @cached_property
    def below(self) -> pd.DataFrame:
        """Pairs that are hidden: their least count lies below the threshold."""
        hidden: pd.DataFrame = self.pairs[self.pairs["count_low"] < self.at_least]
        return hidden.reset_index(drop=True)

    @cached_property
    def totals(self) -> dict[str, tuple[int, int]]:
        """Least and greatest number of people `shown`, `hidden`, `own` and `unplaced`: together
        they are all that is printed."""
        tables = {
            "shown": self.edges,
            "hidden": self.below,
            "own": self.own,
            "unplaced": self.unplaced,
        }
        return {name: total_of(table) for name, table in tables.items()}

    @cached_property
    def destinations(self) -> frozenset[str]:
        """Places that print a citizenship in these years."""
        counted = (self.own, self.unplaced)
        ids = [id_ for table in counted for id_ in table["jurisdiction_id"]]
        return frozenset([*self.pairs["destination"], *ids])

    @cached_property
    def communities(self) -> Communities:
        """Places that the shown pairs tie more closely to each other than to the rest."""
        return communities_of(self.edges)

    @cached_property
    def names(self) -> dict[str, str]:
        """Place id -> name, of every place in the atlas."""
        places = self.atlas.jurisdictions()
        return dict(zip(places["jurisdiction_id"], places["name"], strict=True))

    def between(self, origin: str, destination: str) -> Any | None:
        """The row of `pairs` of two places in this direction, shown or hidden; None without."""
        return self._by_places.get((origin, destination))

    @cached_property
    def _by_places(self) -> dict[tuple[str, str], Any]:
        return {(row.origin, row.destination): row for row in rows(self.pairs)}

    def largest(self, place: str = "") -> tuple[str, str] | None:
        """Origin and destination of the pair with the most people, shown or hidden.

        Args:
            place: id of a place that has to be one of the two; an empty text for any pair.
        """
        ends = zip(self.pairs["origin"], self.pairs["destination"], strict=True)
        return next((pair for pair in ends if not place or place in pair), None)

    def with_at_least(self, at_least: int) -> Flows:
        """The same counts under another threshold.

        Raises:
            ValueError: a threshold below 1.
        """
        return replace(self, at_least=_checked_threshold(at_least))


def find_flows(
    atlas: Atlas,
    source: str,
    stage: str,
    years: tuple[int, int],
    *,
    at_least: int = 1,
    printed: pd.DataFrame | None = None,
) -> Flows:
    """Add up the counts by citizenship of one stage over years, place by place.

    A stage that a source counts in several units is taken in the first of them that it prints:
    units are never added. Several labels of one place are: they stand for different people.

    Args:
        atlas: the atlas.
        source: id of a source of flows.
        stage: such as `detected`.
        years: first and last year.
        at_least: least count from which a pair of places is shown.
        printed: what `Atlas.flows` gives, for callers that keep it; None means to ask the atlas.

    Raises:
        UnknownNameError: no flows dataset has this source.
        ValueError: an unknown stage, a threshold below 1, or years in the wrong order.
    """
    if stage not in STAGE_UNITS:
        raise ValueError(f"There is no stage '{stage}'; allowed: {', '.join(STAGE_UNITS)}")
    if years[0] > years[1]:
        raise ValueError(f"the first year, {years[0]}, comes after the last, {years[1]}")
    every = atlas.flows(source, stage) if printed is None else printed
    unit = _unit_of(every, stage)
    counted = every[
        every["year"].between(*years) & (every["unit"] == unit) & every["count_low"].notna()
    ]
    places = atlas.jurisdictions()
    names = dict(zip(places["jurisdiction_id"], places["name"], strict=True))
    own, unplaced = _own(counted, names), _unplaced(counted, names)
    reporting = frozenset(counted["jurisdiction_id"])
    return Flows(
        atlas=atlas,
        source=atlas.source(source),
        stage=stage,
        unit=unit,
        years=years,
        at_least=_checked_threshold(at_least),
        pairs=_pairs(counted, names),
        own=own,
        unplaced=unplaced,
        silent=_silent(atlas, source, StageCount(stage=stage, unit=unit), years, reporting),
    )


def total_of(table: pd.DataFrame) -> tuple[int, int]:
    """Least and greatest sum of the counts of a table."""
    return int(table["count_low"].sum()), int(table["count_high"].sum())


def _checked_threshold(at_least: int) -> int:
    if at_least < 1:
        raise ValueError(f"at_least must be 1 or more, not {at_least!r}")
    return at_least


def _unit_of(printed: pd.DataFrame, stage: str) -> str:
    known = STAGE_UNITS[stage]
    return next((unit for unit in known if unit in set(printed["unit"])), known[0])


def _pairs(counted: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    abroad = counted[counted["origin_kind"] == "place"]
    named = abroad.rename(columns={"origin_id": "origin", "jurisdiction_id": "destination"})
    pairs = named.groupby(PAIR, as_index=False)[COUNTS].sum()
    years = _collected(named, PAIR, "year")
    listed = [years[pair] for pair in zip(pairs["origin"], pairs["destination"], strict=True)]
    pairs.insert(2, "origin_name", pairs["origin"].map(names))
    pairs.insert(3, "destination_name", pairs["destination"].map(names))
    pairs["years_reported"] = pd.Series([len(years) for years in listed], dtype="int64")
    pairs["years"] = pd.Series([listed_years(years) for years in listed], dtype="str")
    order = ["count_low", "count_high", "origin_name", "destination_name"]
    return pairs.sort_values(order, ascending=[False, False, True, True], ignore_index=True)


def _own(counted: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    nationals = counted[counted["origin_kind"] == "nationals"]
    own = nationals.groupby("jurisdiction_id", as_index=False)[COUNTS].sum()
    own.insert(1, "name", own["jurisdiction_id"].map(names))
    return own.sort_values(
        ["count_low", "name"], ascending=[False, True], key=column_in_alphabet, ignore_index=True
    )


def _unplaced(counted: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    nowhere = counted[counted["origin_kind"].isin(UNPLACED_KINDS)]
    keys = ["jurisdiction_id", "origin_kind"]
    table = nowhere.groupby(keys, as_index=False)[COUNTS].sum()
    labels = _collected(nowhere, keys, "label")
    table.insert(1, "name", table["jurisdiction_id"].map(names))
    kinds = zip(table["jurisdiction_id"], table["origin_kind"], strict=True)
    table["labels"] = pd.Series([", ".join(labels[key]) for key in kinds], dtype="str")
    return table.sort_values(
        ["count_low", "name"], ascending=[False, True], key=column_in_alphabet, ignore_index=True
    )


def _collected(table: pd.DataFrame, keys: list[str], column: str) -> dict[tuple[str, ...], Any]:
    """Every different value of a column, sorted, by the values of two others."""
    found: dict[tuple[str, ...], set[Any]] = {}
    for *key, value in zip(*(table[name] for name in [*keys, column]), strict=True):
        found.setdefault(tuple(key), set()).add(value)
    return {key: sorted(values) for key, values in found.items()}


def _silent(
    atlas: Atlas,
    source: str,
    counted: StageCount,
    years: tuple[int, int],
    reporting: frozenset[str],
) -> pd.DataFrame:
    totals = atlas.stage_totals(counted, source, years)
    somebody = (totals["count_high"] > 0).fillna(False)
    silent = totals[somebody & ~totals["jurisdiction_id"].isin(reporting)]
    kept = silent[["jurisdiction_id", "name", *COUNTS]]
    return kept.sort_values(
        ["count_low", "name"], ascending=[False, True], key=column_in_alphabet, ignore_index=True
    )
