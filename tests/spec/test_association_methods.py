"""Associations: the same figures from other libraries, from hand, and from worlds with a known
answer."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import statsmodels.api as sm

from gapatlas.errors import TooLittleDataError
from gapatlas.training import association
from gapatlas.training.fixed_effects import fit_many
from gapatlas.training.poisson import informative, jackknifed, regress
from gapatlas.training.rollout import (
    ALONE,
    NOT_JUST_BEFORE,
    NOTHING_BEFORE,
    UNKNOWN_START,
    roll_out,
    starts_of,
)
from tests.panels import drawn, dummies, means, on_and_off, panel, rolled_out

WORLDS = range(40)


def by_statsmodels(world, terms, used):
    """Log ratios and cluster-robust covariance of a Poisson model with a dummy for all."""
    design, counts, place = dummies(world, used, terms)
    model = sm.GLM(counts, design, family=sm.families.Poisson())
    fitted = model.fit(
        cov_type="cluster", cov_kwds={"groups": place, "use_correction": False}, tol=1e-12
    )
    known = len(terms)
    return fitted.params[:known], fitted.cov_params()[:known, :known]


# ------------------------------------------------------------------ another library


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_fits_are_those_of_statsmodels(seed: int) -> None:
    world = on_and_off(seed, 1.5, places=12, changing=8, years=7)
    terms = [world.treated_before(1), world.treated_before(0)]
    used = informative(world.low, world.counted & np.isfinite(terms[0]))
    logs, covariance = by_statsmodels(world, terms, used)

    own = fit_many(world.low, np.array([terms]), used)
    assert own.slopes[0] == pytest.approx(logs, abs=1e-6)

    ours = regress(world.low, {"a": terms[0], "b": terms[1]}, used)
    assert ours.logs == pytest.approx(logs, abs=1e-6)
    places, cells = len(set(np.nonzero(used)[0])), used.sum()
    years = len(set(np.nonzero(used)[1]))
    small_sample = places / (places - 1) * (cells - 1) / (cells - (2 + years))
    assert ours.covariance == pytest.approx(covariance * small_sample, rel=0.02)


def test_the_intervals_are_those_of_leaving_out_each_place_in_turn() -> None:
    world = on_and_off(4, 1.5, places=12, changing=8, years=7)
    terms = {"a": world.treated_before(1), "b": world.treated_before(0)}
    used = informative(world.low, world.counted & np.isfinite(terms["a"]))
    fit = jackknifed(regress(world.low, terms, used), world.low, terms, used)
    own = by_statsmodels(world, list(terms.values()), used)[0]
    places = np.nonzero(used.any(axis=1))[0]
    away = np.zeros((2, 2))
    for place in places:
        without = used.copy()
        without[place] = False
        moved = (
            by_statsmodels(world, list(terms.values()), informative(world.low, without))[0] - own
        )
        away += np.outer(moved, moved)
    assert fit.covariance == pytest.approx(away * (len(places) - 1) / len(places), rel=1e-4)


def test_what_hangs_on_one_place_has_no_ratio() -> None:
    world = on_and_off(4, 1.5, places=12, changing=8, years=7)
    one = np.zeros_like(world.low)
    one[2, 3:] = 1
    terms = {"a": world.treatment, "one": one}
    fit = regress(world.low, terms, world.counted)
    assert fit.names == ("a", "one")
    fit = jackknifed(fit, world.low, terms, world.counted)
    assert fit.names == ("a",)
    assert np.isnan(fit.combined({"one": 1.0})).all()


def test_a_roll_out_is_the_saturated_model_of_statsmodels() -> None:
    world = rolled_out(5, 1.6, starts=(2005, 2008), each=4, never=6)
    found = roll_out(world, shuffles=1)
    first = found.starts.first
    distance = np.array(world.years)[None, :] - first[:, None]
    cells = [
        (year, step, ((first == year)[:, None] & (distance == step)).astype(float))
        for year in (2005, 2008)
        for step in sorted(set(distance[first == year].ravel()) - {-1})
    ]
    logs, _ = by_statsmodels(world, [cell for *_, cell in cells], world.counted)
    for row in found.curve.steps.itertuples():
        own = [
            (log, cell.sum())
            for log, (_, step, cell) in zip(logs, cells, strict=True)
            if step == row.step
        ]
        weights = np.array([weight for _, weight in own])
        mean = np.array([log for log, _ in own]) @ weights / weights.sum()
        assert np.log(row.least) == pytest.approx(mean, abs=1e-5)
    after = [
        (log, cell.sum())
        for log, (_, step, cell) in zip(logs, cells, strict=True)
        if 0 <= step <= 8
    ]
    overall = sum(log * n for log, n in after) / sum(n for _, n in after)
    assert np.log(found.ratio.least) == pytest.approx(overall, abs=1e-5)


# ------------------------------------------------------------------ by hand


def test_two_groups_and_two_times_are_the_ratio_of_ratios() -> None:
    """Six places start in 2002 and go from 10 to 30; six never do and go from 20 to 40: the ratio
    is (30 / 10) / (40 / 20) = 1.5."""
    counts = [[10, 30]] * 6 + [[20, 40]] * 6
    treatment = [[0, 1]] * 6 + [[0, 0]] * 6
    found = roll_out(panel(counts, treatment), shuffles=1)
    assert (found.ratio.least, found.ratio.most) == pytest.approx((1.5, 1.5))
    (step,) = found.curve.steps.itertuples()
    assert (step.step, step.least, step.places) == (0, pytest.approx(1.5), 6)
    assert np.isnan(found.curve.pre_trend)  # no year before but the one that is set to 1


def test_effects_that_grow_are_found_where_one_coefficient_is_far_off() -> None:
    """Groups start in 2004 and 2007, all places start, and the ratio grows by half each year. The
    usual single coefficient compares late starters with early ones that are still growing."""
    first = np.repeat([2004, 2007, 2010], 6)
    years = np.arange(2001, 2010)
    since = years[None, :] - first[:, None]
    truth = np.where(since >= 0, 1.5 ** (since + 1.0), 1.0)
    base = np.linspace(20, 200, 18)[:, None] * np.linspace(1, 2, 9)[None, :]
    treated = np.concatenate([(since >= 0), np.ones((18, 1), bool)], axis=1).astype(float)
    counts = np.concatenate([base * truth, np.full((18, 1), np.nan)], axis=1)
    world = panel(counts, treated)
    found = roll_out(world, shuffles=1)
    for row in found.curve.steps.itertuples():
        assert row.least == pytest.approx(1.5 ** max(0, row.step + 1), rel=1e-4)
    used = world.counted & (np.array(world.years) < 2010)
    mean = np.log(truth[since >= 0]).mean()
    assert np.log(found.ratio.least) == pytest.approx(mean, rel=1e-4)
    (single,) = fit_many(world.low, treated[None, None], used).slopes[0]
    assert single < 0.75 * mean


def test_counts_in_ranges_are_pushed_as_far_as_they_go() -> None:
    """Every way to fill in eight ranges is tried: none goes further than the four that are."""
    world = on_and_off(8, 1.3, places=9, changing=7, years=5, spread=0.1)
    treatment = world.treated_before(1)
    used = world.counted & np.isfinite(treatment)
    ranged = np.argwhere(used & (world.low > 0))[::3][:8]
    low, high = world.low.copy(), world.low.copy()
    for at in map(tuple, ranged):
        low[at], high[at] = 0, 4
    ranges = panel(low, world.treatment, high)
    tried = []
    for ends in product((0, 4), repeat=len(ranged)):
        filled = low.copy()
        filled[tuple(ranged.T)] = ends
        tried.append(filled)
    every = fit_many(np.array(tried), np.repeat(treatment[None, None], len(tried), 0), used).slopes
    four = list(association.completions(ranges, treatment, used))
    ours = [fit_many(c, treatment[None, None], used).slopes[0, 0] for c in four]
    assert len(ours) == 4
    assert (min(ours), max(ours)) == pytest.approx((every.min(), every.max()), abs=1e-9)


# ------------------------------------------------------------------ worlds with a known answer


def test_the_interval_holds_a_planted_ratio_as_often_as_it_says() -> None:
    found = [association.ratio_with_treatment(on_and_off(seed, 1.4), 1)[0] for seed in WORLDS]
    held = np.mean([ratio.low <= 1.4 <= ratio.high for ratio in found])
    assert 0.88 <= held <= 1
    assert np.exp(np.mean([np.log(r.least) for r in found])) == pytest.approx(1.4, rel=0.04)


def test_without_an_effect_the_checks_are_quiet() -> None:
    worlds = [on_and_off(seed, 1.0) for seed in WORLDS]
    ratios = [association.ratio_with_treatment(world, 1)[0] for world in worlds]
    assert np.mean([ratio.differs for ratio in ratios]) <= 0.12
    shares = [association.shuffle_histories(world, 1, 49).share for world in worlds]
    assert np.mean(np.array(shares) <= 0.1) <= 0.2
    assert np.mean(np.array(shares) <= 0.5) == pytest.approx(0.5, abs=0.2)
    leads = [association.ratio_with_next_treatment(world, 1) for world in worlds[:20]]
    assert np.mean([lead.ratio.differs for lead in leads]) <= 0.2


def test_few_places_do_not_bring_a_trend_that_is_not_there() -> None:
    """The usual joint test would find one in about half of these worlds."""
    worlds = [on_and_off(seed, 1.0, changing=10) for seed in range(12)]
    curves = [association.leads_and_lags(world, shuffles=99) for world in worlds]
    assert np.mean([curve.pre_trend < 0.05 for curve in curves]) <= 0.17


def test_treatment_that_follows_the_counts_is_caught() -> None:
    """Treatment goes where counts were low the year it is decided: the year after shows it."""
    random = np.random.default_rng(4)
    expected = means(random, 60, 12)
    counts = drawn(random, expected, 0.3)
    treatment = np.zeros_like(counts)
    low = counts / expected < np.median(counts / expected)
    treatment[:40, 1:] = low[:40, :-1]
    world = panel(counts, treatment)
    lead = association.ratio_with_next_treatment(world, 1)
    assert lead.ratio.high < 0.8
    curve = association.leads_and_lags(world, shuffles=199)
    assert curve.pre_trend <= 0.01
    just_before = curve.steps.set_index("step").loc[-1]
    assert just_before["high"] < 0.8


def test_a_planted_ratio_stands_out_when_histories_change_hands() -> None:
    world = on_and_off(3, 2.0)
    assert association.shuffle_histories(world, 1, 199).share == pytest.approx(1 / 200)
    again = association.shuffle_histories(world, 1, 199)
    assert again == association.shuffle_histories(world, 1, 199)


def test_a_roll_out_finds_its_planted_ratio_at_every_distance() -> None:
    found = [roll_out(rolled_out(seed, 1.5), shuffles=1) for seed in range(12)]
    assert np.mean([f.ratio.low <= 1.5 <= f.ratio.high for f in found]) >= 0.83
    middle = np.mean([np.log(f.curve.steps["least"]) for f in found], axis=0)
    truth = np.where(found[0].curve.steps["before"], 0.0, np.log(1.5))
    assert middle == pytest.approx(truth, abs=0.25)
    assert np.mean([f.curve.pre_trend < 0.05 for f in found]) <= 0.17


# ------------------------------------------------------------------ who is in it


def test_places_that_tell_nothing_are_named() -> None:
    world = on_and_off(2, 1.0, places=12, changing=7, years=8)
    low, high = world.low.copy(), world.low.copy()
    low[8], high[8] = 0, 4
    low[9] = high[9] = 0
    low[10] = high[10] = np.nan
    low[10, 4] = high[10, 4] = 6
    low[11] = high[11] = np.nan
    _, sample = association.ratio_with_treatment(panel(low, world.treatment, high), 1)
    assert sample.without_cases == ("P8", "P9")
    assert sample.single_year == ("P10",)
    assert set(sample.steady) & {"P7", "P8", "P9", "P10", "P11"} == {"P7", "P8"}
    assert {*sample.changing, *sample.steady} == {f"P{row}" for row in range(9)}
    assert len(sample.changing) >= 5
    assert sample.places == 9


def test_too_few_places_are_refused() -> None:
    with pytest.raises(TooLittleDataError) as caught:
        association.ratio_with_treatment(on_and_off(1, changing=4), 1)
    assert caught.value.problems[0].found == "4"
    assert association.leads_and_lags(on_and_off(1, changing=4)) is None
    assert association.ratio_with_next_treatment(on_and_off(1, changing=4), 1) is None
    with pytest.raises(TooLittleDataError):
        roll_out(rolled_out(1, starts=(2006,), each=4))


def test_the_start_of_a_roll_out_has_to_be_known_and_comparable() -> None:
    world = rolled_out(6, 1.5)
    counts, treatment = world.low.copy(), world.treatment.copy()
    treatment[0] = 1  # treated from the first year that is known
    treatment[1, 3:6] = np.nan  # it may have started in any of these
    counts[2, :5] = np.nan  # starts in 2006, first counted then
    treatment[3, 10:] = 0  # goes back
    treatment[24] = world.treatment[23] * 0
    treatment[24, 3:] = 1  # alone in 2004
    treatment[25:27] = 0
    treatment[25:27, 2:] = 1  # both start in 2003, neither counted in 2002
    counts[25:27, 1] = np.nan
    starts = starts_of(panel(counts, treatment))
    assert dict(starts.left_out) == {
        "P0": UNKNOWN_START,
        "P1": UNKNOWN_START,
        "P2": NOTHING_BEFORE,
        "P24": ALONE,
        "P25": NOT_JUST_BEFORE,
        "P26": NOT_JUST_BEFORE,
    }
    assert starts.went_back == ("P3",)


def test_a_start_year_without_a_case_at_a_distance_gives_no_ratio_there() -> None:
    world = rolled_out(6, 1.5)
    counts = world.low.copy()
    counts[:8, 7] = 0  # the places that start in 2006, in 2008
    found = roll_out(panel(counts, world.treatment), shuffles=1)
    steps = found.curve.steps.set_index("step")
    assert np.isnan(steps.loc[2, "least"])
    assert np.isfinite(steps.drop(index=2)[["least", "low", "high"]]).all().all()
    assert np.isfinite(found.ratio.low)


def test_a_roll_out_after_which_no_case_is_counted_is_refused() -> None:
    world = rolled_out(6, 1.5)
    counts = np.where(world.treatment > 0, 0.0, world.low)
    with pytest.raises(TooLittleDataError, match="No year after the start"):
        roll_out(panel(counts, world.treatment), shuffles=1)


def test_a_roll_out_covers_the_ranges_of_its_counts() -> None:
    """Low counts after the start and high ones before make the least ratio, and the reverse."""
    world = rolled_out(6, 1.5)
    ranged = world.low < 12
    low, high = np.where(ranged, 4, world.low), np.where(ranged, 12, world.low)
    found = roll_out(panel(low, world.treatment, high), shuffles=1).ratio
    after = world.treatment > 0
    for pushed in (np.where(after, low, high), np.where(after, high, low), low, high):
        one = roll_out(panel(pushed, world.treatment), shuffles=1).ratio
        assert found.least * 0.97 <= one.least <= found.most * 1.03
    assert found.most > 1.05 * found.least


def test_leaving_out_one_place_names_the_one_that_carries_the_ratio() -> None:
    world = on_and_off(9, 1.0, places=20, changing=12)
    counts = world.low.copy()
    counts[0] = np.where(world.treated_before(1)[0] > 0, 4000, 1000)
    found = association.leave_one_out(panel(counts, world.treatment), 1)
    assert found.low_without == "P0"
    assert found.low < 1.5 < found.high


def test_first_treatments_with_counts_on_both_sides_are_counted() -> None:
    counts = [[1, 2, 3, 4], [1, 2, 3, 4], [np.nan, np.nan, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]
    treatment = [[0, 0, 1, 0], [1, 0, 0, 1], [0, 0, 1, 1], [0, 0, 0, 0], [0, np.nan, 1, 1]]
    assert association.places_around_first(panel(counts, treatment)) == 1
