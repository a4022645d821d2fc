"""Levels that age and come back, predictions without an investment, and how they are judged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gapatlas.training import plain
from gapatlas.training.assumptions import POSITIVE, SHARES, Assumptions
from gapatlas.training.baseline import Movement, draw_baseline
from gapatlas.training.chain import COUNTED
from gapatlas.training.hindcast import (
    Forecast,
    difference,
    interval_score,
    last_value,
    mean_of_five,
    predict,
    scores,
)
from gapatlas.training.history import History, history
from gapatlas.training.levels import LARGE, discounted_levels, drifted, paths, pulled
from gapatlas.training.movement import START, fit_movement, movement_scores
from gapatlas.training.priors import Prior
from gapatlas.training.programme import Programme

DRAWS = 400
MOVEMENT = Movement(0.5, 0.4, 0.2, 0.1)


def world(places: int = 8, years: int = 9, seed: int = 3) -> History:
    """Counts of all stages around levels of many sizes; the first place is silent at the end."""
    random = np.random.default_rng(seed)
    level = np.exp(random.uniform(1, 6, (1, places, 1)))
    shares = np.array([1, 0.9, 0.6, 0.3])[:, None, None]
    low = random.poisson(level * shares, (4, places, years)).astype(float)
    reported = np.ones_like(low, dtype=bool)
    reported[:, 0, -2:] = False
    low = np.where(reported, low, 0.0)
    return History(tuple(f"P{n:02}" for n in range(places)), 2000, low, low.copy(), reported)


def one_count(low: float, high: float) -> History:
    """The one place counts something in one stage in 2001, after as much in 2000."""
    shape = (4, 1, 2)
    return History(
        ("AAA",), 2000, np.full(shape, low), np.full(shape, high), np.ones(shape, dtype=bool)
    )


# ------------------------------------------------------------------ levels


def test_a_place_that_fell_silent_is_known_as_it_was() -> None:
    counts = [[8, 4, 0, 0], [1, 1, 8, 4]]
    told = [[True, True, False, False], [False, False, True, True]]
    found = discounted_levels(counts, counts, told, 0.5)
    assert found.age.tolist() == [2, 0]
    assert found.shape_low.tolist() == [8, 8]
    assert found.exposure.tolist() == [1.5, 1.5]


def test_gaps_are_to_the_geometric_mean_and_end_where_a_place_is_large() -> None:
    counts = np.array([[1.5], [7.5], [799.5], [0]])
    found = discounted_levels(counts, counts, [[True], [True], [True], [False]], 1.0)
    middle = np.log([2, 8, 800]).mean()
    assert found.gaps == pytest.approx([np.log(2) - middle, np.log(8) - middle, LARGE, 0])


def test_a_level_comes_back_by_a_share_of_the_gap_each_year() -> None:
    gap = np.log(8)
    assert pulled(0, gap, 0.5) == 1
    assert 8 * pulled([1, 2], gap, 0.5) == pytest.approx([8**0.5, 8**0.25])
    assert pulled(9, gap, 0.0) == 1
    with pytest.raises(ValueError, match="no share"):
        pulled(1, gap, 1.0)


@pytest.mark.parametrize("pull", [0.0, 0.3])
def test_paths_spread_as_said_around_a_middle_that_stays(pull: float) -> None:
    random = np.random.default_rng(1)
    logs = np.log(paths(4, 2, 0.3, 0.2, 40_000, random, pull))
    expected = np.hypot(drifted([3, 4, 5, 6], 0.3, pull), 0.2)
    assert logs.std(axis=1) == pytest.approx(expected, rel=0.02)
    assert np.median(logs, axis=1) == pytest.approx(0, abs=0.02)


def test_drift_adds_up_and_is_lost_as_in_a_sum_year_by_year() -> None:
    variance = sum((0.3 * 0.8**year) ** 2 for year in range(5))
    assert drifted(5, 0.3, 0.2) == pytest.approx(np.sqrt(variance))
    assert drifted(5, 0.3, 0.0) == pytest.approx(0.3 * np.sqrt(5))


# ------------------------------------------------------------------ what is predicted


def test_expected_counts_are_those_of_the_model_without_money() -> None:
    past = world()
    baseline = draw_baseline(
        past.places, past.levels(MOVEMENT.discount), MOVEMENT, draws=DRAWS, seed=5
    )
    terms = {term: Prior(2, 1, 4) for term in POSITIVE}
    terms |= {term: Prior(0.4, 0.3, 0.5, shape="logit_normal") for term in SHARES}
    drawn = Assumptions({}, terms).draw(DRAWS, 1)
    nothing = Programme(np.zeros((len(past.places), 4)), years=5, spend_years=5)
    expected = baseline.expected(5)
    for place in range(len(past.places)):
        told = plain.flows(nothing, baseline, drawn, place)
        for stage in COUNTED:
            assert getattr(told, stage) == pytest.approx(expected[stage][:, place], rel=1e-5)


def test_large_places_come_back_and_small_ones_rise() -> None:
    past = world(places=30)
    level = past.levels(0.5)
    still, back = (
        draw_baseline(past.places, level, Movement(0.5, 0.0, 0.0, pull), draws=50)
        for pull in (0.0, 0.2)
    )
    change = back.expected(3)["detected"][2, 1:, 0] / still.expected(3)["detected"][2, 1:, 0]
    gap = np.mean([level[stage].gaps for stage in COUNTED], axis=0)[1:]
    assert change == pytest.approx(np.exp(-(1 - 0.8**3) * gap), rel=0.15)


def test_naive_forecasts_stay_at_the_last_value_and_at_the_mean() -> None:
    past = world(places=5)
    k = COUNTED.index("convicted")
    for forecast, column in ((last_value(past, 2, draws=9000), [8]),
                             (mean_of_five(past, 2, draws=9000), [4, 5, 6, 7, 8])):  # fmt: skip
        counts = past.low[k][1:, column].mean(axis=1) + 0.5 / len(column)
        assert forecast.counts["convicted"][1, 1:].mean(axis=1) == pytest.approx(counts, rel=0.05)
    silent = past.low[k][0, 6] + 0.5
    assert last_value(past, 1, draws=9000).counts["convicted"][0, 0].mean() == pytest.approx(
        silent, rel=0.05
    )


def test_places_without_prosecutions_and_convictions_get_no_forecast() -> None:
    past = world()
    reported = past.reported.copy()
    reported[2:, 3] = False
    less = History(past.places, past.first_year, past.low, past.high, reported)
    assert "P03" not in predict(less, MOVEMENT, 1, draws=20).places
    assert len(predict(less, MOVEMENT, 1, draws=20).places) == 7


# ------------------------------------------------------------------ how it is judged


def judged(draws: list[int], low: float, high: float) -> pd.Series:
    counts = np.array([[draws]])
    forecast = Forecast(("AAA",), 2001, {"convicted": counts}, {"convicted": np.array([True])})
    return scores(forecast, one_count(low, high)).iloc[0]


def test_a_range_is_met_where_it_overlaps_and_held_where_it_lies_within() -> None:
    found = judged(list(range(10, 110)), 0, 20)
    assert (found["from_90"], found["to_90"], found["median"]) == (14, 104, 59)
    assert (found["meets_90"], found["holds_90"]) == (True, False)
    assert (found["meets_50"], found["below_90"], found["error"]) == (False, False, 39)
    # 11 of 100 draws lie in the range, six of them above the lowest five of all.
    assert found["share_90"] == pytest.approx(6 / 11)


def test_a_count_beyond_the_end_is_neither_met_nor_shared() -> None:
    found = judged(list(range(100)), 150, 150)
    assert not found["meets_90"]
    assert found["above_90"]
    assert found["share_90"] == 0


def test_the_share_takes_off_what_whole_numbers_cover_too_much() -> None:
    assert judged([0] * 60 + [1] * 40, 0, 0)["meets_50"]
    assert judged([0] * 60 + [1] * 40, 0, 0)["share_50"] == pytest.approx(0.35 / 0.6)


def test_the_interval_score_is_that_of_the_papers() -> None:
    ordered = np.arange(1, 201)[None]
    for count in (3.0, 90.0, 400.0):
        y, total = np.log(count + 1), 0.0
        for alpha, low, high in ((0.5, 50, 150), (0.1, 10, 190)):
            start, end = np.log(low + 1), np.log(high + 1)
            short = 2 / alpha * max(start - y, 0) + 2 / alpha * max(y - end, 0)
            total += alpha / 2 * (end - start + short)
        expected = (abs(y - np.log(101)) / 2 + total) / 2.5
        found = interval_score(ordered, np.array([count]), np.array([count]))
        assert found == pytest.approx(expected)


def test_a_difference_counts_places_and_not_years() -> None:
    keys = {"stage": "convicted", "place": list("AABBCC"), "year": [1, 2] * 3}
    ours = pd.DataFrame({**keys, "error": [1.0, 1, 4, 4, 1, 1]})
    theirs = pd.DataFrame({**keys, "error": [2.0, 2, 2, 2, 2, 2]})
    mean, spread = difference(ours, theirs)
    changes = np.array([-1.0, 2.0, -1.0])
    assert mean == pytest.approx(changes.mean())
    assert spread == pytest.approx(changes.std(ddof=1) / np.sqrt(3))


# ------------------------------------------------------------------ history and fit


def test_history_leaves_out_what_is_not_reported_and_other_units() -> None:
    rows = [
        ("AAA", 2001, "convicted", "persons", 3, 3, "exact"),
        ("AAA", 2003, "convicted", "persons", 0, 4, "censored"),
        ("AAA", 2002, "convicted", "persons", None, None, "not_reported"),
        ("BBB", 2002, "suspected", "offences", 9, 9, "exact"),
        ("BBB", 2002, "detected", "victims", 7, 7, "exact"),
    ]
    names = ["jurisdiction_id", "year", "stage", "unit", "count_low", "count_high", "status"]
    found = history(pd.DataFrame(rows, columns=names))
    assert (found.places, found.first_year, found.last_year) == (("AAA", "BBB"), 2001, 2003)
    assert found.reported.sum() == 3
    assert found.low[3, 0].tolist() == [3, 0, 0]
    assert found.high[3, 0].tolist() == [3, 0, 4]
    assert found.predictable.tolist() == [0]
    assert found.until(2001).reported.sum() == 1
    with pytest.raises(ValueError, match="2004 is not in 2001 to 2003"):
        found.until(2004)
    with pytest.raises(ValueError, match="no count"):
        history(pd.DataFrame(rows[3:4], columns=names))


def test_counts_that_vary_by_chance_alone_are_fitted_with_little_movement() -> None:
    past = world(places=25, years=8)
    found = fit_movement(past, first_origin=2004)
    assert found.drift < START.drift / 2
    best, start = movement_scores(past, [found, START], first_origin=2004)
    assert best < start


def test_nothing_to_predict_from_is_said() -> None:
    with pytest.raises(ValueError, match="nothing to predict from"):
        fit_movement(world(years=4))
