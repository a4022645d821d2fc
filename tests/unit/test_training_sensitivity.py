"""Tornado and the timing of refreshers, held against runs that are told out in full."""

from __future__ import annotations

import numpy as np
import pytest

from gapatlas.training import Prior, plain, refresher_timing, run, simulate, tornado
from gapatlas.training.sensitivity import around, every_so_often
from gapatlas.training.simulate import nothing_spent
from tests.doubt_worlds import EFFECTS, all_known, believed, counted, drawn_of, spent, steady


def further_by_plain(programme, baseline, drawn) -> float:
    """Mean further convictions from the model in numpy, place by place."""
    total = np.zeros(drawn.draws)
    for place in range(len(baseline.places)):
        with_ = plain.flows(programme, baseline, drawn, place).convicted
        without = plain.flows(nothing_spent(programme), baseline, drawn, place).convicted
        total += (with_ - without).sum(axis=0)
    return float(total.mean())


# ------------------------------------------------------------------ other draws of a baseline


def test_other_draws_of_a_baseline_give_what_those_draws_gave():
    baseline, assumptions = counted(600), believed()
    drawn = drawn_of(assumptions, baseline)
    which = np.array([5, 599, 5, 0, 44, *range(100, 400, 7)])
    picked = run(spent(), baseline.at_draws(which), drawn.at_draws(which))
    full = run(spent(), baseline, drawn)
    np.testing.assert_allclose(picked.by_place, full.by_place[:, :, which], rtol=1e-5)
    np.testing.assert_allclose(picked.by_year, full.by_year[:, :, which], rtol=1e-5)


def test_other_draws_of_a_baseline_have_the_same_staff():
    baseline = counted(600)
    fewest = np.argsort(baseline.detected[0])[:10]
    assert baseline.at_draws(fewest).suspected == pytest.approx(baseline.suspected)


# ------------------------------------------------------------------ tornado


def test_each_end_is_the_mean_with_that_input_there():
    baseline, assumptions, programme = counted(300), believed(), spent(refresh_every=2)
    drawn = drawn_of(assumptions, baseline)
    table = tornado(programme, baseline, assumptions, drawn).set_index("name")
    for name in ("effect_legal_support_convicted", "court_headroom", "caseload", "refresher_cost"):
        row, prior = table.loc[name], assumptions.priors[name]
        assert (row["input_low"], row["input_high"]) == pytest.approx((prior.low, prior.high))
        for end, at in ((prior.low, "at_low"), (prior.high, "at_high")):
            expected = further_by_plain(programme, baseline, drawn.with_value(name, end))
            assert row[at] == pytest.approx(expected, rel=1e-3, abs=1e-2)
    assert table["mean"].iloc[0] == pytest.approx(
        further_by_plain(programme, baseline, drawn), rel=1e-3
    )


def test_uncertain_inputs_alone_have_a_row_and_the_widest_comes_first():
    baseline = counted(300)
    assumptions = believed(turnover=0.16, caseload=2)
    table = tornado(spent(), baseline, assumptions, drawn_of(assumptions, baseline))
    uncertain = {name for name, prior in assumptions.priors.items() if not prior.certain}
    assert set(table["name"]) == uncertain | {"baseline"}
    assert not {"turnover", "caseload"} & set(table["name"])
    assert (table["at_high"] - table["at_low"]).abs().is_monotonic_decreasing


def test_what_has_no_bearing_on_convictions_moves_nothing():
    baseline, assumptions = counted(300), believed()
    no_interviewing = spent().with_budgets(spent().budgets * [1, 0, 1, 1])
    drawn = drawn_of(assumptions, baseline)
    table = tornado(no_interviewing, baseline, assumptions, drawn).set_index("name")
    idle = ["referral", "effect_interviewing_suspected", "cost_interviewing", "refresher_cost"]
    assert (table.loc[idle, "at_low"] == table.loc[idle, "mean"]).all()
    assert (table.loc[idle, "at_high"] == table.loc[idle, "mean"]).all()


def test_referrals_have_a_tornado_of_their_own():
    baseline, assumptions = counted(300), believed()
    drawn = drawn_of(assumptions, baseline)
    table = tornado(spent(), baseline, assumptions, drawn, "referred").set_index("name")
    assert table.index[0] == "effect_interviewing_referred"
    assert table.loc["court_headroom", "at_low"] == table.loc["court_headroom", "at_high"]
    assert table.loc["referral", "at_low"] != table.loc["referral", "at_high"]


def test_some_of_the_draws_say_what_all_of_them_say(monkeypatch):
    baseline, assumptions = counted(6000), believed()
    drawn = drawn_of(assumptions, baseline)
    few = tornado(spent(), baseline, assumptions, drawn).set_index("name")
    monkeypatch.setattr("gapatlas.training.sensitivity.ENOUGH", 6000)
    every = tornado(spent(), baseline, assumptions, drawn).set_index("name").loc[few.index]
    widest = float((every["at_high"] - every["at_low"]).abs().max())
    for at in ("at_low", "at_high"):
        assert (few[at] - every[at]).abs().max() < 0.03 * widest


def test_the_ends_of_the_baseline_are_its_small_and_its_large_draws():
    # One place whose flow alone is uncertain, and money for everyone: gains go with the flow.
    baseline = steady(2000, places=1)
    flow = np.random.default_rng(1).gamma(20, 6.0, 2000)
    baseline.detected[0] = flow
    assumptions = all_known({("interviewing", "suspected"): Prior.known(1.2)}, court_headroom=50)
    drawn = drawn_of(assumptions, baseline)
    row = tornado(spent(1, 1e7), baseline, assumptions, drawn).set_index("name").loc["baseline"]
    assert row["at_low"] / row["mean"] == pytest.approx(np.quantile(flow, 0.05) / 120, rel=0.05)
    assert row["at_high"] / row["mean"] == pytest.approx(np.quantile(flow, 0.95) / 120, rel=0.05)
    # A year's count: 120 victims make 40 convictions.
    assert row["input_low"] == pytest.approx(np.quantile(flow, 0.05) / 3, rel=0.03)
    assert row["input_high"] == pytest.approx(np.quantile(flow, 0.95) / 3, rel=0.03)


def test_a_known_baseline_has_no_row():
    baseline, assumptions = steady(300), believed()
    table = tornado(spent(), baseline, assumptions, drawn_of(assumptions, baseline))
    assert "baseline" not in set(table["name"])


def test_where_all_is_known_the_table_is_empty():
    baseline = steady(50)
    assumptions = all_known({("interviewing", "suspected"): Prior.known(1.2)})
    assert tornado(spent(), baseline, assumptions, drawn_of(assumptions, baseline)).empty


def test_a_level_that_is_no_probability_is_refused():
    baseline, assumptions = steady(50), believed()
    with pytest.raises(ValueError, match="between 0 and 1"):
        tornado(spent(), baseline, assumptions, drawn_of(assumptions, baseline), level=90)


def test_draws_around_a_quantile_lie_half_on_each_side():
    order = np.arange(1000)[::-1].copy()
    assert around(order, 0.05).tolist() == list(range(925, 975))
    assert around(order, 0.95).tolist() == list(range(25, 75))
    assert len(around(np.array([3, 1, 2]), 0.05)) == 1


def test_some_draws_are_evenly_spread():
    assert every_so_often(5, 10).tolist() == [0, 1, 2, 3, 4]
    assert every_so_often(10, 4).tolist() == [0, 2, 5, 7]


# ------------------------------------------------------------------ timing of refreshers


def test_each_timing_is_that_programme_and_shares_its_draws():
    baseline, assumptions = counted(400), believed()
    drawn = drawn_of(assumptions, baseline)
    table = refresher_timing(spent(), baseline, drawn).set_index("every")
    none = simulate(spent(), baseline, drawn).convictions
    for every in (1, 3):
        found = simulate(spent(refresh_every=every), baseline, drawn).convictions
        row = table.loc[every]
        assert row["mean"] == pytest.approx(found.mean())
        assert row["q95"] == pytest.approx(np.quantile(found, 0.95))
        assert row["gain_q25"] == pytest.approx(np.quantile(found - none, 0.25))
        assert row["better"] == np.mean(found > none)
        assert row["worse"] == np.mean(found < none)
    assert (table.loc[0].filter(like="gain") == 0).all()
    assert table.loc[0, ["better", "worse"]].tolist() == [0, 0]


def test_refreshers_after_the_last_year_change_nothing():
    baseline, assumptions = counted(100), believed()
    drawn = drawn_of(assumptions, baseline)
    (row,) = refresher_timing(spent(), baseline, drawn, every=[9]).to_dict("records")
    assert row["gain_q05"] == row["gain_q95"] == 0


@pytest.mark.parametrize(
    ("half_life", "price", "helps"), [(1e6, 0.9, False), (3, 0.01, True)], ids=["kept", "lost"]
)
def test_refreshers_help_where_skill_is_lost_and_harm_where_it_stays(half_life, price, helps):
    baseline = steady(20)
    assumptions = all_known(
        {("interviewing", "suspected"): Prior.known(1.2)},
        half_life_months=half_life,
        refresher_cost=price,
        caseload=0.1,
    )
    drawn = drawn_of(assumptions, baseline)
    table = refresher_timing(spent(), baseline, drawn, every=[1, 2])
    assert (table["better"] == float(helps)).all()
    assert (table["worse"] == float(not helps)).all()


def test_a_timing_that_is_no_number_of_years_is_refused():
    baseline, assumptions = steady(20), believed(EFFECTS)
    with pytest.raises(ValueError, match="refresh_every is -1"):
        refresher_timing(spent(), baseline, drawn_of(assumptions, baseline), every=[-1])
