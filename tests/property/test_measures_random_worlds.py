"""Every measure of a random world, computed a second way in plain Python.

The second way reads the same random cells, but knows no SQL, no pandas and none of the
library's intervals: it walks over places, windows and years as METHODS says in words.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.config.loader import SNAPSHOTS_VARIABLE
from gapatlas.measures import FRAME_COLUMNS, MeasureFrame
from tests.support import PLACES, ratio
from tests.worked_examples import UNITS, independent_interval, write_tables

WINDOWS = (1, 3, 5)
PLACE_IDS = ("AAA", "BBB", "CCC", "DDD")
NAMES = dict(line.split(",")[:2] for line in PLACES.splitlines()[1:])
STAGES = ("convicted", "prosecuted")
MEASURES = {
    "ratio": ratio(("convicted", "persons"), ("prosecuted", "persons"), per=100),
    "rate": ratio(("convicted", "persons"), "population"),
}
SOURCES = ("office", "bureau")
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each try builds a database: shrinking a failure would take minutes, and the row that differs
is named anyway."""


def some(share: float) -> settings:
    """A share of the examples that the profile asks for."""
    examples = max(2, round(settings.default.max_examples * share))
    return settings(max_examples=examples, phases=WITHOUT_SHRINKING)


@dataclass(frozen=True)
class Cell:
    """A count as a source may print it; `low` and `high` are absent where nothing is printed."""

    status: str
    low: int | None = None
    high: int | None = None

    @property
    def reported(self) -> bool:
        return self.status in ("exact", "censored")


GAP = Cell("not_reported")
COUNT = st.one_of(st.just(0), st.integers(1, 12), st.integers(0, 3_000))


@st.composite
def cells(draw: st.DrawFn) -> Cell | None:
    """A cell, or None where the source has no row."""
    kind = draw(st.sampled_from(("exact", "exact", "exact", "censored", "gap", "withheld", "")))
    if kind == "exact":
        count = draw(COUNT)
        return Cell("exact", count, count)
    if kind == "censored":
        low = draw(st.sampled_from((0, 1, 5)))
        return Cell("censored", low, low + draw(st.integers(1, 9)))
    return {"gap": GAP, "withheld": Cell("suppressed"), "": None}[kind]


@dataclass(frozen=True)
class World:
    """Random counts of two sources and random people of two datasets, by place and year."""

    years: tuple[int, ...]
    counts: dict[tuple[str, str, int, str], Cell]  # source, place, year, stage
    people: dict[tuple[str, str, int], int | None]  # dataset, place, year; None is a printed gap

    def cell(self, source: str, place: str, year: int, stage: str) -> Cell:
        return self.counts.get((source, place, year, stage), GAP)

    def people_of(self, place: str, year: int) -> tuple[int, str] | None:
        """The figure of the first dataset that has one, with that dataset's name."""
        for dataset in ("census", "estimate"):
            found = self.people.get((dataset, place, year))
            if found is not None:
                return found, dataset
        return None


@st.composite
def worlds(draw: st.DrawFn) -> World:
    years = tuple(range(2015, 2015 + draw(st.integers(5, 8))))
    keys = [
        (source, place, year, stage)
        for source in SOURCES
        for place in PLACE_IDS
        for year in years
        for stage in STAGES
    ]
    drawn = draw(st.lists(cells(), min_size=len(keys), max_size=len(keys)))
    counts = {key: cell for key, cell in zip(keys, drawn, strict=True) if cell is not None}
    for source in SOURCES:  # a source reports each stage at least once
        for stage in STAGES:
            counts[source, "AAA", years[0], stage] = Cell("exact", 5, 5)
    slots = [(d, p, y) for d in ("census", "estimate") for p in PLACE_IDS for y in years]
    figure = st.one_of(st.integers(1, 50_000_000), st.none(), st.just("absent"))
    figures = draw(st.lists(figure, min_size=len(slots), max_size=len(slots)))
    people = {slot: f for slot, f in zip(slots, figures, strict=True) if f != "absent"}
    return World(years, counts, people)


def observation_lines(world: World, source: str) -> list[str]:
    return [
        f"{place},{year},{stage},{UNITS[stage]},{_text(cell.low)},{_text(cell.high)},"
        f"{cell.status},total,total,total,total,1,"
        for (owner, place, year, stage), cell in world.counts.items()
        if owner == source
    ]


def population_lines(world: World, dataset: str) -> list[str]:
    return [
        f"{place},{year},{_text(count)},{'exact' if count is not None else 'not_reported'},"
        for (owner, place, year), count in world.people.items()
        if owner == dataset
    ]


def _text(count: int | None) -> str:
    return "" if count is None else str(count)


@contextmanager
def atlas_of(world: World, *, turned: bool = False) -> Iterator[Atlas]:
    """The atlas of a world; `turned` writes the rows of each file in the opposite order."""
    step = -1 if turned else 1
    counts = {s: observation_lines(world, s)[::step] for s in SOURCES}
    people = {d: population_lines(world, d)[::step] for d in ("census", "estimate")}
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv(SNAPSHOTS_VARIABLE, str(Path(folder) / "snapshots"))
        path = write_tables(Path(folder), counts, people, MEASURES)
        with open_atlas(path) as atlas:
            yield atlas


# ------------------------------------------------------------------- the second way


def figures(
    world: World,
    measure: str,
    source: str,
    places: Sequence[str],
    years: tuple[int, int],
    window: int,
) -> list[dict[str, Any]]:
    """The rows that a frame must hold."""
    return [
        figure(world, measure, source, place, first, first + window - 1)
        for place in places
        for first in range(years[0], years[1] - window + 2)
    ]


def figure(
    world: World, measure: str, source: str, place: str, first: int, last: int
) -> dict[str, Any]:
    """One row: counts of the years in which both are reported, added up."""
    sums = [0, 0, 0, 0]
    used, alone, censored, withheld = 0, 0, False, False
    divisors: set[str] = set()
    for year in range(first, last + 1):
        above = world.cell(source, place, year, "convicted")
        below = divisor(world, measure, source, place, year)
        withheld |= "suppressed" in (above.status, below.status)
        alone += measure == "rate" and above.reported and not below.reported
        if above.reported and below.reported:
            used += 1
            people = world.people_of(place, year)
            divisors.add(people[1] if measure == "rate" and people else source)
            censored |= "censored" in (above.status, below.status)
            parts = (above.low, above.high, below.low, below.high)
            sums = [total + (part or 0) for total, part in zip(sums, parts, strict=True)]
    row = {
        "jurisdiction_id": place,
        "name": NAMES[place],
        "year_from": first,
        "year_to": last,
        "unit": MEASURES[measure]["unit"],
        "source_id": source,
        "years_used": used,
        "years_without_denominator": alone,
        "denominator_sources": " ".join(sorted(divisors)) or None,
    }
    if not used:
        return {**row, **NOTHING, "status": "suppressed" if withheld else "not_reported"}
    return {**row, **values(measure, *sums), "status": "censored" if censored else "exact"}


def divisor(world: World, measure: str, source: str, place: str, year: int) -> Cell:
    if measure == "ratio":
        return world.cell(source, place, year, "prosecuted")
    found = world.people_of(place, year)
    return Cell("exact", found[0], found[0]) if found else GAP


COUNT_COLUMNS = ("numerator_low", "numerator_high", "denominator_low", "denominator_high")
NOTHING: dict[str, Any] = {
    **dict.fromkeys(COUNT_COLUMNS),
    **dict.fromkeys(("value", "low", "high", "value_low", "value_high"), math.nan),
}


def values(measure: str, x_low: int, x_high: int, y_low: int, y_high: int) -> dict[str, Any]:
    per = MEASURES[measure]["per"]
    interval = MEASURES[measure]["interval"]
    least, most = quotient(x_low, y_high), quotient(x_high, y_low)
    same = isinstance(least, Fraction) and least == most
    return {
        **dict(zip(COUNT_COLUMNS, (x_low, x_high, y_low, y_high), strict=True)),
        "value": float(least * per) if same else math.nan,
        "value_low": float(least * per),
        "value_high": float(most * per),
        "low": independent_interval(interval, x_low, y_high)[0] * per,
        "high": independent_interval(interval, x_high, y_low)[1] * per,
    }


def quotient(above: int, below: int) -> Fraction | float:
    if below:
        return Fraction(above, below)
    return math.inf if above else math.nan


def listed(world: World, source: str) -> list[str]:
    """Places of which the source has any row."""
    return [p for p in PLACE_IDS if any(k[:2] == (source, p) for k in world.counts)]


def reported_years(world: World, source: str) -> tuple[int, int]:
    years = [
        year
        for (owner, _, year, stage), cell in world.counts.items()
        if owner == source and stage == "convicted" and cell.reported
    ]
    return min(years), max(years)


def used_people(world: World, source: str, rows: list[dict[str, Any]]) -> set[str]:
    """Population datasets behind the rows."""
    names = set()
    for row in rows:
        for year in range(row["year_from"], row["year_to"] + 1):
            found = world.people_of(row["jurisdiction_id"], year)
            if found and world.cell(source, row["jurisdiction_id"], year, "convicted").reported:
                names.add(found[1])
    return names


def assert_same(frame: MeasureFrame, expected: list[dict[str, Any]]) -> None:
    """Every column of every row."""
    found = frame.data.to_dict("records")
    assert len(found) == len(expected)
    for got, want in zip(found, expected, strict=True):
        for column in FRAME_COLUMNS:
            assert same(got[column], want[column]), (column, got, want)


def same(got: Any, want: Any) -> bool:
    if want is None:
        return bool(pd.isna(got))
    if isinstance(want, float):
        return math.isclose(got, want, rel_tol=1e-7) or (math.isnan(got) and math.isnan(want))
    return bool(got == want)


# ------------------------------------------------------------------- the tests


@some(0.12)
@given(
    world=worlds(),
    source=st.sampled_from(SOURCES),
    places=st.lists(st.sampled_from(PLACE_IDS), unique=True, min_size=1),
)
def test_every_figure_equals_the_one_computed_in_plain_python(
    world: World, source: str, places: list[str]
) -> None:
    with atlas_of(world) as atlas:
        for measure in MEASURES:
            for window in WINDOWS:
                compare(world, atlas, measure, source, window, places)
        years = reported_years(world, source)
        assert atlas.years_of("ratio", source) == years
        frame = atlas.measure("ratio", source=source)
        assert_same(frame, figures(world, "ratio", source, listed(world, source), years, window=1))


def compare(
    world: World, atlas: Atlas, measure: str, source: str, window: int, places: list[str]
) -> None:
    """All places over all years of the sources, and the given places over the given years."""
    span = world.years[0], world.years[-1]
    for jurisdictions, asked in ((None, listed(world, source)), (places, places)):
        frame = atlas.measure(
            measure, jurisdictions=jurisdictions, years=span, window=window, source=source
        )
        expected = figures(world, measure, source, asked, span, window)
        assert_same(frame, expected)
        withheld = {
            (row["jurisdiction_id"], row["year_from"])
            for row in expected
            for year in range(row["year_from"], row["year_to"] + 1)
            if "suppressed"
            in (
                world.cell(source, row["jurisdiction_id"], year, "convicted").status,
                divisor(world, measure, source, row["jurisdiction_id"], year).status,
            )
        }
        assert frame.suppressed_count == len(withheld)
        people = used_people(world, source, expected) if measure == "rate" else set()
        assert {named.source_id for named in frame.sources} == {source} | people


@some(0.06)
@given(world=worlds(), window=st.sampled_from((3, 5)))
def test_a_windows_counts_are_the_sums_of_its_years_and_bounds_stay_in_order(
    world: World, window: int
) -> None:
    span = world.years[0], world.years[-1]
    with atlas_of(world) as atlas:
        for measure in MEASURES:
            single = atlas.measure(measure, years=span).data.to_dict("records")
            by_year = {(row["jurisdiction_id"], row["year_from"]): row for row in single}
            pooled = atlas.measure(measure, years=span, window=window).data.to_dict("records")
            for row in pooled:
                years = range(row["year_from"], row["year_to"] + 1)
                parts = [by_year[row["jurisdiction_id"], year] for year in years]
                used = [part for part in parts if part["years_used"]]
                assert row["years_used"] == len(used)
                for column in COUNT_COLUMNS if used else ():
                    assert row[column] == sum(part[column] for part in used)
            for row in [*single, *pooled]:
                assert_in_order(row)


def assert_in_order(row: dict[str, Any]) -> None:
    """low <= value_low <= value <= value_high <= high, as far as they are defined."""
    names = ("low", "value_low", "value", "value_high", "high")
    defined = [row[name] for name in names if not math.isnan(row[name])]
    assert all(a <= b * (1 + 1e-12) for a, b in pairwise(defined))


@some(0.06)
@given(world=worlds())
def test_the_order_of_rows_in_the_files_changes_no_figure(world: World) -> None:
    span = world.years[0], world.years[-1]
    with atlas_of(world) as atlas, atlas_of(world, turned=True) as other:
        for measure in MEASURES:
            one = atlas.measure(measure, years=span, window=3).data
            assert one.equals(other.measure(measure, years=span, window=3).data)
