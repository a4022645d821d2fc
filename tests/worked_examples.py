"""Worked examples as tables: counts in, figures out, and the interval a second way.

A table of counts is text that a reader can check by hand:

    place | year | prosecuted | convicted
    AAA   | 2020 | 10         | 4
    AAA   | 2021 | 8          | <5           `<5`: printed as fewer than five, so 0 to 4
    AAA   | 2022 | not        | suppressed   `not`: the source says that it does not report
    BBB   | 2020 |            | 7            an empty cell: the source has no row at all

A table of figures has the columns of a `MeasureFrame` in words; `expect` compares every cell as
printed, and holds `low` and `high` against `independent_interval`, which shares no code with
the library.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pandas as pd
import pytest
import yaml
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.measures import MeasureFrame
from tests.support import DESCRIPTOR, OBSERVATION_HEADER, PLACES, config_of, observation

UNITS = {
    "detected": "victims",
    "prosecuted": "persons",
    "convicted": "persons",
    "suspected": "offences",
    "cleared": "offences",
}
Rows = list[dict[str, str]]
Tables = Mapping[str, str]


def rows_of(table: str) -> Rows:
    """The rows of a table whose cells stand between `|`."""
    lines = [line for line in table.strip().splitlines() if line.strip()]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    header, *body = cells
    return [dict(zip(header, row, strict=True)) for row in body]


def observations_of(table: str) -> list[str]:
    """The lines of `observations.csv` for a table of counts."""
    return [
        observation(row["place"], int(row["year"]), stage, UNITS[stage], _count(cell))
        for row in rows_of(table)
        for stage, cell in row.items()
        if stage not in ("place", "year") and cell
    ]


def _count(cell: str) -> int | str | None:
    if cell == "not":
        return None
    return int(cell) if cell.isdigit() else cell


def population_of(table: str) -> list[str]:
    """The lines of `population.csv` for a table of people; `not` is an explicit gap."""
    return [
        f"{row['place']},{row['year']},,not_reported,"
        if row["people"] == "not"
        else f"{row['place']},{row['year']},{row['people']},exact,"
        for row in rows_of(table)
    ]


def write_tables(
    folder: Path,
    observations: Mapping[str, Sequence[str]],
    population: Mapping[str, Sequence[str]],
    measures: Mapping[str, Any] | None = None,
    places: str = PLACES,
) -> Path:
    """Write a config with one dataset per source of counts and one per source of people."""
    folder.mkdir(parents=True, exist_ok=True)
    config = config_of(measures)
    config["datasets"] = {}
    config["population"] = list(population)
    headers = {
        "observations": (OBSERVATION_HEADER, observations),
        "population": ("jurisdiction_id,year,population,status,note", population),
    }
    for kind, (header, tables) in headers.items():
        for name, lines in tables.items():
            text = "\n".join([header, *lines]) + "\n"
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
            described = {**DESCRIPTOR, "title": f"The table {name}"}
            (folder / f"{name}.yaml").write_text(yaml.safe_dump(described), encoding="utf-8")
            config["datasets"][name] = {
                "kind": kind,
                "source": name,
                "short": f"The {name}",
                "file": f"{name}.csv",
                "descriptor": f"{name}.yaml",
            }
    (folder / "places.csv").write_text(places, encoding="utf-8")
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return path


def open_example(
    folder: Path,
    counts: str | Tables,
    people: str | Tables = "",
    measures: Mapping[str, Any] | None = None,
    places: str = PLACES,
) -> Atlas:
    """Open the world of a table of counts (source `office`, or several by name)."""
    by_source = {"office": counts} if isinstance(counts, str) else counts
    by_dataset = {"people": people} if isinstance(people, str) else people
    return open_atlas(
        write_tables(
            folder,
            {name: observations_of(table) for name, table in by_source.items()},
            {name: population_of(table) if table else [] for name, table in by_dataset.items()},
            measures,
            places,
        )
    )


# ------------------------------------------------------------------- figures as printed


def expect(frame: MeasureFrame, table: str) -> None:
    """Compare a frame with a table of figures, cell by cell, in the order of its rows."""
    expected = rows_of(table)
    found = [
        {name: _printed(row, name) for name in expected[0]} for row in frame.data.to_dict("records")
    ]
    if found != expected:
        lines = difflib.ndiff(_lines(expected), _lines(found))
        pytest.fail("\n".join(["figures differ (- expected, + found):", *lines]))
    check_intervals(frame)


def _lines(table: Rows) -> list[str]:
    return [" | ".join(table[0]), *(" | ".join(row.values()) for row in table)]


def _printed(row: Mapping[Any, Any], column: str) -> str:
    if column == "place":
        return str(row["jurisdiction_id"])
    if column == "years":
        first, last = row["year_from"], row["year_to"]
        return str(first) if first == last else f"{first}-{last}"
    if column == "used":
        return str(row["years_used"])
    if column == "source":
        return str(row["source_id"])
    if column in ("above", "below"):
        stem = {"above": "numerator", "below": "denominator"}[column]
        return _printed_count(row[f"{stem}_low"], row[f"{stem}_high"])
    if column == "range":
        return _printed_range(row["value_low"], row["value_high"])
    cell = row[column]
    return cell if isinstance(cell, str) else _printed_number(cell)


def _printed_count(low: Any, high: Any) -> str:
    if pd.isna(low) or pd.isna(high):
        assert pd.isna(low)
        assert pd.isna(high)
        return "-"
    return str(low) if low == high else f"{low} to {high}"


def _printed_range(low: float, high: float) -> str:
    if math.isnan(low) and math.isnan(high):
        return "-"
    return f"{_printed_number(low)} to {_printed_number(high)}"


def _printed_number(value: float) -> str:
    """Four significant digits; `-` where there is no figure."""
    return "-" if math.isnan(value) else f"{value:.4g}"


# ------------------------------------------------------------------- intervals a second way


@cache
def independent_interval(kind: str, count: int, divisor: int) -> tuple[float, float]:
    """95% limits of count / divisor by scipy, statsmodels and the printed formulas alone.

    ratio_of_counts: the Clopper-Pearson share of `count` among both, as odds.
    byar: Breslow and Day 1987, p 69; below 10 events half the chi-square quantiles.
    wilson: statsmodels.
    """
    if kind == "wilson":
        low, high = proportion_confint(count, divisor, method="wilson") if divisor else (0, 1)
        return float(low), float(high)
    if kind == "ratio_of_counts":
        return _odds_interval(count, divisor)
    if divisor == 0:
        return 0.0, math.inf
    low, high = _exact_poisson(count) if count < 10 else _byar_by_hand(count)
    return low / divisor, high / divisor


def _odds_interval(count: int, divisor: int) -> tuple[float, float]:
    if count + divisor == 0:
        return 0.0, math.inf
    share = stats.binomtest(count, count + divisor).proportion_ci(0.95, method="exact")
    high = share.high / (1 - share.high) if divisor else math.inf
    return float(share.low / (1 - share.low)), float(high)


def _exact_poisson(count: int) -> tuple[float, float]:
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    return float(low), float(stats.chi2.ppf(0.975, 2 * count + 2) / 2)


def _byar_by_hand(count: int) -> tuple[float, float]:
    z, more = NormalDist().inv_cdf(0.975), count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    high = more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    return low, high


def check_intervals(frame: MeasureFrame) -> None:
    """Hold low and high of every row against the least and greatest completion."""
    kind, per = frame.measure.interval, frame.measure.per
    for row in frame.data.to_dict("records"):
        if pd.isna(row["numerator_low"]):
            assert math.isnan(row["low"])
            assert math.isnan(row["high"])
            continue
        above = int(row["numerator_low"]), int(row["numerator_high"])
        below = int(row["denominator_low"]), int(row["denominator_high"])
        if kind == "wilson":  # a completion has the part within the whole
            above = above[0], min(above[1], below[0])
        low = independent_interval(kind, above[0], below[1])[0] * per
        high = independent_interval(kind, above[1], below[0])[1] * per
        assert (row["low"], row["high"]) == pytest.approx((low, high), rel=1e-7)
