"""Worked examples of the control chart: a series on each line, and what it says.

A dot is a year that is not reported. Exposure is 100 in every year unless the test says else.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from gapatlas.statistics import TrendSignal, trend_signal

VERDICTS = """
up             20 20 20 20 20 60 60 60 60 60             a step up
down           60 60 60 60 60 20 20 20 20 20             a step down
up             24 24 24 24 24 24 24 24 33 33 33 33 33 33 33 33   small, but eight years on a side
down           33 33 33 33 33 33 33 33 24 24 24 24 24 24 24 24   the same, downwards
none           24 24 24 24 24 24 24 33 33 33 33 33 33 33 24      seven and seven are no run
up             24 24 24 24 . 24 24 24 24 33 33 . 33 33 33 33 33 33   gaps do not break a run
none           20 60 20 60 20 60 20 60 20 60             restless in every year
changed        30 29 31 60 30 29 31                      one year that stands out
changed        30 29 31 2 31 29 30                       one year far below
none           20 22 19 21 20 18                         steady
none           0 0 0 0 0 0 0 0 0                         nothing ever happened
none           0 0 0 0 0 1 0 0                           one case
too few years  10 60 10 60                               four years
too few years  10 . 60 . 10 . 60                         four years that are reported
too few years  . . . .                                   none
up             20 . 20 . 20 60 60 . 60 60                a step up with gaps
"""


def cases() -> list[tuple[str, str]]:
    lines = [line for line in VERDICTS.splitlines() if line]
    return [(line[:15].strip(), line[15:].split("   ")[0].strip()) for line in lines]


def chart(series: str, exposure: float = 100) -> TrendSignal:
    years = series.split()
    told = [year != "." for year in years]
    # What stands where a year is not reported must not matter.
    counts = [float(year) if year != "." else 9999 for year in years]
    return trend_signal("rate", counts, [exposure] * len(years), reported=told)


@pytest.mark.parametrize(("verdict", "series"), cases())
def test_the_verdict_on_a_series(verdict, series):
    assert chart(series).verdict == verdict


def test_a_run_is_marked_from_its_first_to_its_last_reported_year():
    found = chart("24 24 24 24 . 24 24 24 24 33 33 33 24 33")
    assert found.run.tolist() == [year not in (4, 9, 10, 11, 12, 13) for year in range(14)]
    assert not found.outside.any()


def test_a_year_exactly_on_the_centre_ends_a_run():
    # The rate of all years is 30: the ninth year lies on it.
    found = chart("25 25 25 25 30 25 25 25 25 35 35 35 35 30 35 35 35 35")
    assert found.centre == 0.3
    assert not found.run.any()


def test_limits_of_a_poisson_count_are_those_of_its_distribution():
    # Mean 20: P(X <= 7) = 0.0008 and P(X >= 35) = 0.0014, P(X >= 36) = 0.0008 (tables of Poisson).
    inside, above = chart("8 20 20 20 35 20 17"), chart("8 20 20 20 36 20 16")
    assert (inside.centre, above.centre) == (0.2, 0.2)
    assert not inside.outside.any()
    assert above.outside.tolist() == [False] * 4 + [True] + [False] * 2
    below = chart("7 20 20 20 33 20 20")
    assert below.outside.tolist() == [True] + [False] * 6


def test_from_eight_years_on_restless_neighbours_widen_the_limits():
    series = "20 60 20 60 20 60 20"
    seven, eight = chart(series), chart(series + " 60")
    assert seven.spread == 1
    assert seven.outside.any()
    # Mean moving range between neighbours on the scale of square roots, over 1.128 (Laney 2002).
    move = 2 * math.sqrt(100) * (math.sqrt(0.6) - math.sqrt(0.2))
    assert eight.spread == pytest.approx(move / 1.128)
    assert not eight.outside.any()


def test_widening_never_narrows_a_limit():
    # Four are expected: a year without any lies within the exact limits, and has to stay there.
    found = chart("4 5 5 6 0 1 1 6 6 6", exposure=1)
    assert found.centre == 4
    assert found.spread > 1
    assert not found.outside.any()


def test_years_that_are_not_reported_have_no_limits():
    found = chart("20 . 20 21 19 18")
    assert np.isnan(found.limit_low).tolist() == [False, True, False, False, False, False]
    assert np.isnan(found.limit_high).tolist() == np.isnan(found.limit_low).tolist()


def test_a_series_that_is_never_reported_has_no_centre():
    assert np.isnan(chart(". . . .").centre)


def test_small_years_have_wide_limits():
    found = trend_signal("rate", [20, 2, 21, 19, 20, 18], [100, 10, 100, 100, 100, 100])
    width = found.limit_high - found.limit_low
    assert width[1] > 2 * width[0]


def test_shares_and_ratios_have_limits_of_their_kind():
    parts, wholes = [30, 33, 28, 60, 31, 29], [60] * 6
    share, ratio = (trend_signal(kind, parts, wholes) for kind in ("share", "ratio"))
    assert share.verdict == ratio.verdict == "changed"
    assert np.all(share.limit_high <= 1)
    assert ratio.centre == pytest.approx(share.centre / (1 - share.centre))
    assert np.allclose(ratio.limit_low, share.limit_low / (1 - share.limit_low))


def test_shares_that_are_always_all_are_steady():
    assert trend_signal("share", [10] * 8, [10] * 8).verdict == "none"


def test_many_places_at_once_are_each_place_alone():
    generator = np.random.default_rng(8)
    counts = generator.poisson(generator.uniform(5, 50, (10_000, 1)), (10_000, 9))
    told = generator.random(counts.shape) > 0.2
    together = trend_signal("rate", counts, np.full(counts.shape, 10), reported=told)
    for place in range(0, 10_000, 977):
        alone = trend_signal("rate", counts[place], [10] * 9, reported=told[place])
        assert together.verdict[place] == alone.verdict
        assert together.run[place].tolist() == alone.run.tolist()


def test_a_year_within_half_a_case_of_the_centre_is_on_no_side():
    # 5.1 are expected: with five the nine years would else be a run below, without any change.
    assert not chart("5 5 4 5 5 3 5 4 5 10", exposure=1).run.any()
    # 5.8 are expected: four is more than half a case below.
    assert chart("4 4 4 4 4 4 4 4 4 22", exposure=1).run.tolist() == [True] * 9 + [False]


def test_one_rate_in_all_years_is_no_run_for_rounding_of_its_exposure():
    found = [trend_signal("rate", [3] * 10, [size] * 10).run.any() for size in (0.06, 0.28, 0.51)]
    assert found == [False] * 3


def runs_by_hand(side: list[int], told: list[bool]) -> list[bool]:
    """Reported years, taken in groups on one side, of which eight or more make a run."""
    run, group = [False] * len(side), []
    for year in [*range(len(side)), None]:
        if year is not None and not told[year]:
            continue
        if year is None or not group or side[year] != side[group[-1]] or side[year] == 0:
            if len(group) >= 8 and side[group[0]] != 0:
                for each in group:
                    run[each] = True
            group = []
        if year is not None:
            group.append(year)
    return run


def test_runs_are_those_found_by_hand_in_random_series():
    generator = np.random.default_rng(6)
    for _ in range(300):
        side = np.repeat(
            generator.choice([-1, 0, 1], 8, p=[0.45, 0.1, 0.45]), generator.integers(1, 8, 8)
        )
        counts = 30 + 4 * side
        told = generator.random(len(counts)) > 0.15
        if not told.any():
            continue
        found = trend_signal("rate", counts, np.full(len(counts), 100), reported=told)
        away = counts - 100 * float(found.centre)
        beyond = np.where(np.abs(away) > 0.5, np.sign(away), 0).astype(int)
        assert found.run.tolist() == runs_by_hand(beyond.tolist(), told.tolist())
