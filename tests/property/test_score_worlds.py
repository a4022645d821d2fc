"""Indicators and flows of random tables: by SQL, and a second time in plain Python."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.config.loader import SNAPSHOTS_VARIABLE
from tests.score_worlds import write_score_world

PLACES, YEARS = ("AAA", "BBB", "CCC", "DDD"), range(2016, 2022)
VALUE = st.integers(0, 100)
Cell = tuple[str, str, str, str]
Scores = dict[tuple[str, int], Cell]
Flows = dict[tuple[str, int, str], int | None]


@st.composite
def cell(draw: st.DrawFn) -> Cell:
    """Value, low, high and status of a score."""
    status = draw(st.sampled_from(["exact", "estimated", "censored", "not_reported"]))
    low, value, high = (str(each) for each in sorted(draw(st.tuples(VALUE, VALUE, VALUE))))
    return {
        "exact": (value, value, value, "exact"),
        "estimated": (value, low, high, "estimated"),
        "censored": ("", low, draw(st.sampled_from([high, ""])), "censored"),
        "not_reported": ("", "", "", "not_reported"),
    }[status]


SCORES = st.dictionaries(st.tuples(st.sampled_from(PLACES), st.sampled_from(YEARS)), cell())
FLOW = st.tuples(st.sampled_from(PLACES), st.sampled_from(YEARS), st.sampled_from(["one", "two"]))
FLOWS = st.dictionaries(FLOW, st.one_of(st.none(), st.integers(0, 50)), max_size=12)


@contextmanager
def opened(
    scores: dict[tuple[str, int], Cell], flows: dict[tuple[str, int, str], int | None]
) -> Iterator[Atlas]:
    lines = [
        f"{place},{year},rule_of_law,{value},{low},{high},{status},"
        for (place, year), (value, low, high, status) in scores.items()
    ]
    counts = [
        f"{place},{year},detected,victims,group,,{label},"
        + (",,not_reported," if count is None else f"{count},{count},exact,")
        for (place, year, label), count in flows.items()
    ]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv(SNAPSHOTS_VARIABLE, os.path.join(folder, "snapshots"))
        path = write_score_world(Path(folder) / "world", lines, counts)
        with open_atlas(path) as atlas:
            yield atlas


def plain(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]


def number(text: str) -> float | None:
    return float(text) if text else None


@settings(max_examples=8)
@given(SCORES, FLOWS)
def test_sql_and_plain_python_agree(scores, flows):
    with opened(scores, flows) as atlas:
        for year in (2015, 2018, 2021):
            last = {
                place: scores[place, max(known)]
                for place in PLACES
                if (known := [y for (p, y), c in scores.items()
                              if p == place and y <= year and c[3] != "not_reported"])
            }  # fmt: skip
            found = atlas.indicator_at("rule_of_law", year).set_index("jurisdiction_id")
            assert set(found.index) == set(last)
            for place, (value, low, high, status) in last.items():
                row = found.loc[place]
                assert row["status"] == status
                got = [plain(row[column]) for column in ("value", "low", "high")]
                assert got == [number(text) for text in (value, low, high)]
        held = Counter(key for key, c in scores.items() if c[3] != "not_reported")
        assert reported(atlas, "scores") == dict(held)
        counted = Counter((p, y) for (p, y, _), count in flows.items() if count is not None)
        assert reported(atlas, "origins") == dict(counted)
        given_flows = atlas.flows("origins", "detected")
        got_flows = {
            (row.jurisdiction_id, row.year, row.label): plain(row.count_low)
            for row in given_flows.itertuples()
        }
        assert got_flows == flows


def reported(atlas: Atlas, dataset: str) -> dict[tuple[str, int], int]:
    figures = atlas.reporting(dataset).set_index(["jurisdiction_id", "year"])["figures"]
    return {(str(place), int(year)): int(count) for (place, year), count in figures.items()}
