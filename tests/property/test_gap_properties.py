"""What holds for gaps, whatever the counts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.comparison.counts import Counts
from gapatlas.comparison.peers import groups_by_indicator
from gapatlas.config import Indicator
from gapatlas.gaps import BENCHMARKS, expected, find_gaps
from gapatlas.gaps.expected import listed_draws, own_draws, peer_draws
from gapatlas.statistics import Draws, Shortfall, quantile_of_others, shortfall
from tests.gap_worlds import by_place, counts_table, gap_world

FIGURES = tuple(Shortfall.__dataclass_fields__)
COUNT, WIDTH = st.integers(0, 60), st.one_of(st.just(0), st.integers(0, 9))
KINDS = st.sampled_from(["rate", "share", "ratio"])


@st.composite
def counts(draw: st.DrawFn, least: int = 4, most: int = 9) -> Counts:
    """Ranges of both counts of places; the part never exceeds its whole."""
    number, kind = draw(st.integers(least, most)), draw(KINDS)

    def column(values: st.SearchStrategy[int]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=number, max_size=number)), dtype=float)

    above = column(COUNT)
    above_high = above + column(WIDTH)
    below = above_high + column(COUNT) + 1
    below_high = below if kind == "rate" else below + column(WIDTH)
    reported = np.ones(number, dtype=bool)
    return Counts(kind, 1, above, above_high, below, below_high, reported)


def figures(found: Counts, benchmark: Draws) -> Shortfall:
    return shortfall(
        own_draws(found),
        benchmark,
        observed_low=found.above_low,
        observed_high=found.above_high,
        size_low=found.below_low,
        size_high=found.below_high,
    )


def peers(found: Counts, share: float = 0.5) -> Draws:
    return peer_draws(found, ["one"] * len(found.above_low), share)


@given(counts(), st.sampled_from([0.5, 0.75]))
def test_probabilities_are_probabilities_and_every_low_is_below_its_high(found, share):
    got = figures(found, peers(found, share))
    assert (got.probability_low >= 0).all()
    assert (got.probability_low <= got.probability_high).all()
    assert (got.probability_high <= 1).all()
    for name in ("expected", "number", "ratio"):
        from_, low, high, to = (
            getattr(got, f"{name}_{end}") for end in ("from", "low", "high", "to")
        )
        assert (from_ <= low + 1e-9).all(), name
        assert (low <= high + 1e-9).all(), name
        assert (high <= to + 1e-9).all(), name
    assert (got.expected_from >= 0).all()
    assert (got.ratio_from >= 0).all()


@given(counts(), st.randoms(use_true_random=False))
def test_permuting_places_permutes_the_answer(found, random):
    order = list(range(len(found.above_low)))
    random.shuffle(order)
    own, benchmark = own_draws(found), peers(found)
    bounds = dict(
        zip(
            ("observed_low", "observed_high", "size_low", "size_high"),
            found.bounds,
            strict=True,
        )
    )
    straight = shortfall(own, benchmark, **bounds)
    shuffled = shortfall(
        own.map(lambda rates: rates[:, order]),
        benchmark.map(lambda rates: rates[:, order]),
        **{name: bound[order] for name, bound in bounds.items()},
    )
    for name in FIGURES:
        assert np.array_equal(getattr(straight, name)[order], getattr(shuffled, name)), name
    groups = np.array([f"{at % 2}" for at in order])
    straight_others = quantile_of_others(own.low, groups, 0.75)
    others = quantile_of_others(own.low[:, order], groups[order], 0.75)
    assert np.array_equal(straight_others[:, order], others, equal_nan=True)


@given(counts(), st.floats(0, 0.9), st.floats(0, 0.9))
def test_wider_draws_never_narrow_an_interval(found, own_more, benchmark_more):
    own, benchmark = own_draws(found), peers(found)
    wide_own = Draws(own.low * (1 - own_more), own.high * (1 + own_more))
    wide = Draws(benchmark.low * (1 - benchmark_more), benchmark.high * (1 + benchmark_more))
    bounds = {"observed_low": found.above_low, "observed_high": found.above_high}
    sizes = {"size_low": found.below_low, "size_high": found.below_high}
    narrow, wider = (shortfall(o, b, **bounds, **sizes) for o, b in ((own, benchmark),
                                                                     (wide_own, wide)))  # fmt: skip
    for name in ("expected", "number", "ratio"):
        assert (getattr(wider, f"{name}_from") <= getattr(narrow, f"{name}_from") + 1e-9).all()
        assert (getattr(wider, f"{name}_to") >= getattr(narrow, f"{name}_to") - 1e-9).all()
    assert (wider.probability_low <= narrow.probability_low).all()
    assert (wider.probability_high >= narrow.probability_high).all()


@given(counts(), st.integers(1, 9))
def test_a_wider_range_of_one_place_widens_its_own_figures(found, more):
    """Up to the chance of the draws: their stream changes with the counts."""
    wider_high = found.above_high.copy()
    wider_high[0] += more
    if found.kind == "share":
        wider_high = np.minimum(wider_high, found.below_low)
    benchmark = peers(found)
    wide = Counts(found.kind, 1, found.above_low, wider_high, *found.bounds[2:], found.reported)
    narrow, wider = figures(found, benchmark), figures(wide, benchmark)
    slack = 0.35 * (narrow.number_to[0] - narrow.number_from[0])
    assert wider.number_low[0] <= narrow.number_low[0]
    assert wider.number_from[0] <= narrow.number_from[0] + slack
    assert wider.number_to[0] >= narrow.number_to[0] - slack


@given(counts(), st.sampled_from([2.0, 10.0, 1000.0]))
def test_the_unit_of_the_size_scales_the_rates_and_nothing_else(found, unit):
    own, benchmark = own_draws(found), peers(found)
    bounds = {"observed_low": found.above_low, "observed_high": found.above_high}
    straight = shortfall(
        own, benchmark, **bounds, size_low=found.below_low, size_high=found.below_high
    )
    scaled = shortfall(
        own.map(lambda rates: rates / unit),
        benchmark.map(lambda rates: rates / unit),
        **bounds,
        size_low=found.below_low * unit,
        size_high=found.below_high * unit,
    )
    for name in FIGURES:
        assert getattr(scaled, name) == pytest.approx(getattr(straight, name)), name


@given(counts())
def test_the_same_counts_give_the_same_answer(found):
    first = figures(found, peers(found))
    expected._own_draws.cache_clear()
    expected._alike_draws.cache_clear()
    again = figures(found, peers(found))
    for name in FIGURES:
        assert np.array_equal(getattr(first, name), getattr(again, name)), name


@given(counts(least=1, most=6), st.integers(0, 6))
def test_a_list_or_group_of_fewer_than_three_others_gives_no_figure(found, listed):
    number = len(found.above_low)
    ids = [f"P{at}" for at in range(number)]
    own = ids[:listed]
    got = figures(found, listed_draws(found, ids, own, 0.5))
    for at, id_ in enumerate(ids):
        others = len([each for each in own if each != id_])
        assert np.isnan(got.number_low[at]) == (others < 3)
        assert np.isnan(got.probability_low[at]) == (others < 3)
    of_peers = figures(found, peers(found))
    assert np.isnan(of_peers.number_from).all() == (number < 4)


@given(
    st.lists(st.floats(-50, 150), min_size=1, max_size=6),
    st.lists(st.integers(0, 100), min_size=1, max_size=4, unique=True).map(sorted),
)
def test_bands_of_peers_are_those_of_plain_python(values, edges):
    indicator = Indicator(
        title="Rule of law", unit="points", source="s", definition="d", caution="c",
        bands=tuple(edges), peers="Similar rule of law",
    )  # fmt: skip
    scores = pd.DataFrame(
        {"jurisdiction_id": [f"P{at}" for at in range(len(values) + 1)], "value": [*values, None]}
    )
    groups = groups_by_indicator(indicator, scores)
    assert len(groups) == len(values), "a place without a value has no group"
    for at, value in enumerate(values):
        passed = [edge for edge in edges if value >= edge]
        words = (
            f"below {edges[0]:g}" if not passed
            else f"of {edges[-1]:g} or more" if len(passed) == len(edges)
            else f"from {passed[-1]:g} to {edges[len(passed)]:g}"
        )  # fmt: skip
        assert groups[f"P{at}"] == f"other places with rule of law {words}"


CELL = st.one_of(st.integers(0, 200), st.just("<5"), st.just("not"), st.just("suppressed"))
ROW = st.tuples(st.integers(5, 300), CELL)


@settings(max_examples=4)
@given(st.lists(ROW, min_size=5, max_size=8), st.sampled_from(["not", "suppressed"]))
def test_a_place_that_reports_nothing_changes_no_other_and_has_no_figure(rows, silent):
    table = [(f"P{at}", year, *row) for at, row in enumerate(rows) for year in range(2014, 2021)]
    more = [("SILENT", year, silent, silent) for year in range(2014, 2021)]
    regions = {f"P{at}": "Europe" for at in range(len(rows))} | {"SILENT": "Europe"}
    found = []
    for lines in (table, table + more):
        with (
            tempfile.TemporaryDirectory() as folder,
            gap_world(Path(folder), counts_table(lines), regions) as atlas,
        ):
            found.append(
                {
                    benchmark: by_place(
                        find_gaps(atlas, "rate", year=2020, window=1, benchmark=benchmark).table
                    )
                    for benchmark in BENCHMARKS
                }
            )
    for benchmark in BENCHMARKS:
        without, beside = (each[benchmark] for each in found)
        pd.testing.assert_frame_equal(without, beside.drop(index="SILENT"))
        figures_of_it = beside.loc["SILENT", list(FIGURES)]
        assert figures_of_it.isna().all()
        assert beside.loc["SILENT", "reason"] in ("not reported", "withheld")
        empty = beside["reason"] != ""
        assert beside.loc[empty, list(FIGURES)].isna().all(axis=None)
        assert beside.loc[~empty, "number_from"].notna().all()
