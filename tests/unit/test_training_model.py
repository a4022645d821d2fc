"""The compiled simulation, held draw by draw against the same in numpy, formulae and loops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gapatlas.training import (
    COMPONENTS,
    OUTCOMES,
    STAGES,
    Baseline,
    Drawn,
    Prior,
    Programme,
    Run,
    ahead,
    kernel,
    nothing_spent,
    plain,
    run,
    simulate,
    warm_up,
)
from gapatlas.training.closed_form import expected
from tests.training_world import (
    EFFECTS,
    EVERYWHERE,
    EXACT,
    Effects,
    acting,
    assumptions,
    budgets,
    known,
    programme,
    random_baseline,
    steady_baseline,
)

PLACES, DRAWS = 4, 40
WORLD = random_baseline(PLACES, DRAWS)
MONEY = np.array([[9e3, 1e4, 2e4, 3e4], [1e5, 0, 2e5, 1e5], [0, 0, 0, 5e3], [3e6, 1e6, 1e6, 2e6]])
PLAN = Programme(MONEY, years=8, spend_years=5, refresh_every=2, lag=1)


def in_numpy(plan: Programme, baseline: Baseline, drawn: Drawn) -> Run:
    """The same as `run`, place after place in the form that is easier to read."""
    found = [plain.flows(plan, baseline, drawn, place) for place in range(len(baseline.places))]
    flows = np.array([[getattr(each, outcome) for each in found] for outcome in OUTCOMES])
    return Run(flows.sum(axis=1), flows.sum(axis=2))


def check_same(plan: Programme, baseline: Baseline, drawn: Drawn) -> None:
    ours, peer = run(plan, baseline, drawn), in_numpy(plan, baseline, drawn)
    np.testing.assert_allclose(ours.by_year, peer.by_year, rtol=EXACT)
    np.testing.assert_allclose(ours.by_place, peer.by_place, rtol=EXACT)


# ------------------------------------------------------------------ draw by draw


@pytest.mark.parametrize("number", range(len(COMPONENTS) + 1))
def test_any_number_of_components_at_a_stage_is_as_in_numpy(number: int) -> None:
    for effects in acting(number):
        check_same(PLAN, WORLD, assumptions(effects).draw(DRAWS, 1))


@pytest.mark.parametrize("lag", [0, 1, 3])
@pytest.mark.parametrize("refresh_every", [0, 1, 3])
@pytest.mark.parametrize(("years", "spend_years"), [(1, 1), (6, 6), (15, 2)])
def test_years_lags_and_refreshers_are_as_in_numpy(
    lag: int, refresh_every: int, years: int, spend_years: int
) -> None:
    plan = Programme(MONEY, years, spend_years, refresh_every, lag)
    check_same(plan, WORLD, assumptions().draw(DRAWS, 1))


@pytest.mark.parametrize("draws", [1, kernel.BLOCK, 2 * kernel.BLOCK + 7])
def test_blocks_of_draws_leave_none_out(draws: int) -> None:
    baseline = random_baseline(5, draws)
    check_same(programme(5, years=3), baseline, assumptions(EVERYWHERE).draw(draws, 1))


def test_a_court_that_fills_is_as_in_numpy() -> None:
    crowded = assumptions(court_headroom=Prior(0.02, 0.01, 0.03)).draw(DRAWS, 1)
    found = plain.flows(PLAN, WORLD, crowded)
    assert np.mean(np.isclose(found.decided, found.room * found.moves)) > 0.2
    check_same(PLAN, WORLD, crowded)


# ------------------------------------------------------------------ exactly nothing


def test_without_money_the_baseline_comes_out_to_the_last_bit() -> None:
    drawn = assumptions(EVERYWHERE).draw(DRAWS, 1)
    nothing = Programme(np.zeros((PLACES, 4)), 8, 5, 2, 1)
    without = run(nothing_spent(PLAN), WORLD, drawn)
    same = run(nothing, WORLD, drawn)
    assert same.by_year.tobytes() == without.by_year.tobytes()
    assert same.by_place.tobytes() == without.by_place.tobytes()
    assert np.all(simulate(nothing, WORLD, drawn).convictions == 0)


@pytest.mark.parametrize(
    "effects", [{}, {key: Prior.known(1.0) for key in EVERYWHERE}], ids=["none", "all of them 1"]
)
def test_without_effects_money_changes_nothing_in_any_draw(effects: Effects) -> None:
    effect = simulate(PLAN, WORLD, assumptions(effects).draw(DRAWS, 1))
    for outcome in OUTCOMES:
        assert np.all(effect.further(outcome) == 0)
        assert np.all(effect.further_by_place(outcome) == 0)
    assert effect.chance_of_harm == 0
    assert effect.cost_per_conviction() == (np.inf, np.inf, np.inf)


def test_a_place_without_money_stays_as_it_was() -> None:
    effect = simulate(PLAN.with_budgets(MONEY * [[1], [0], [1], [1]]), WORLD, medians_of(DRAWS))
    changed = np.any(effect.with_.by_place != effect.without.by_place, axis=(0, 2))
    assert changed.tolist() == [True, False, True, True]


def test_the_run_without_money_can_be_used_again() -> None:
    drawn = assumptions().draw(DRAWS, 1)
    first = simulate(PLAN, WORLD, drawn)
    again = simulate(PLAN.with_budgets(MONEY * 2), WORLD, drawn, first.without)
    fresh = simulate(PLAN.with_budgets(MONEY * 2), WORLD, drawn)
    assert again.without is first.without
    assert np.array_equal(again.convictions, fresh.convictions)


# ------------------------------------------------------------------ one component, one stage


@pytest.mark.parametrize("component", range(len(COMPONENTS)))
def test_a_component_without_money_is_a_component_without_effect(component: int) -> None:
    money = MONEY.copy()
    money[:, component] = 0
    others = {key: prior for key, prior in EVERYWHERE.items() if key[0] != COMPONENTS[component]}
    unfunded = run(PLAN.with_budgets(money), WORLD, assumptions(EVERYWHERE).draw(DRAWS, 1))
    ineffective = run(PLAN, WORLD, assumptions(others).draw(DRAWS, 1))
    assert unfunded.by_place.tobytes() == ineffective.by_place.tobytes()
    assert unfunded.by_year.tobytes() == ineffective.by_year.tobytes()


@pytest.mark.parametrize("stage", range(len(STAGES)))
@pytest.mark.parametrize("component", range(len(COMPONENTS)))
def test_a_component_that_loses_its_money_changes_its_stage_alone(
    component: int, stage: int
) -> None:
    # It acts at one stage, the others everywhere.
    effects = {
        key: prior
        for key, prior in EVERYWHERE.items()
        if key[0] != COMPONENTS[component] or key[1] == STAGES[stage]
    }
    money = np.full((1, 4), 2e4)
    without = money.copy()
    without[0, component] = 0
    with_all, with_three = (passed(effects, each) for each in (money, without))
    changed = [a.tobytes() != b.tobytes() for a, b in zip(with_all, with_three, strict=True)]
    assert changed == [k == stage for k in range(len(STAGES))]


def passed(effects: Effects, money: np.ndarray) -> list[np.ndarray]:
    """Shares that pass each stage, out of the compiled form.

    Of one victim comes one suspect, all are charged and the court decides every case at once: what
    comes out of a stage is its own share. Where all are charged, no odds can be multiplied; only
    effects on the number of suspects have to be left out while another stage is looked at.
    """
    plan = Programme(money, years=6, spend_years=6)
    found = []
    for stage in STAGES:
        kept = {
            key: prior
            for key, prior in effects.items()
            if key[1] != "suspected" or stage == "suspected"
        }
        shares = [0.5 if each == stage else 1.0 for each in STAGES[1:]]
        drawn = assumptions(kept).draw(DRAWS, 1)
        drawn = drawn.with_value("court_speed", 1.0).with_value("court_headroom", 1e6)
        out = run(plan, steady_baseline((1.0,), shares, DRAWS), drawn)
        comes_out = {"referred": 0, "convicted": 2}.get(stage, 1)
        found.append(out.by_year[comes_out])
    return found


# ------------------------------------------------------------------ the same every time


def test_the_same_seed_gives_the_same_answer_from_any_thread() -> None:
    draws = 3 * kernel.BLOCK
    plan, baseline = programme(3, years=4), random_baseline(3, draws)
    first, again = (simulate(plan, baseline, assumptions().draw(draws, 5)) for _ in range(2))
    other = simulate(plan, baseline, assumptions().draw(draws, 6))
    assert first.with_.by_place.tobytes() == again.with_.by_place.tobytes()
    assert first.with_.by_year.tobytes() == again.with_.by_year.tobytes()
    assert not np.array_equal(first.convictions, other.convictions)


def test_after_the_warm_up_nothing_is_left_to_compile() -> None:
    warm_up()
    compiled: Any = kernel._run_block
    before = list(compiled.signatures)
    check_same(PLAN, WORLD, assumptions().draw(DRAWS, 1))
    assert compiled.signatures == before
    assert len(before) == 1


@pytest.mark.parametrize(
    ("kept", "done"),
    [
        pytest.param([True], [], id="kept since the last start"),
        pytest.param([False, True], ["apart"], id="compiled apart"),
        pytest.param([False, False], ["apart", "here"], id="can't be kept"),
    ],
)
def test_it_is_compiled_here_only_where_it_can_not_be_kept(monkeypatch, kept, done) -> None:
    seen: list[str] = []
    monkeypatch.setattr(ahead, "_is_kept", iter(kept).__next__)
    monkeypatch.setattr(ahead.subprocess, "run", lambda *_, **__: seen.append("apart"))
    monkeypatch.setattr(ahead, "warm_up", lambda: seen.append("here"))
    ahead.compile_ahead()
    assert seen == done


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(monkeypatch) -> None:
    asked = []

    def refusing(function: Callable[..., None], *, cache: bool = False, **_options: Any) -> Any:
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return function

    monkeypatch.setattr(kernel, "njit", refusing)
    assert kernel._compiled(print) is print
    assert asked == [True, False]


# ------------------------------------------------------------------ formulae and loops


@pytest.mark.parametrize("lag", [0, 2])
@pytest.mark.parametrize("spend_years", [1, 6, 9])
def test_where_levels_stay_and_the_court_has_room_it_is_a_closed_form(
    lag: int, spend_years: int
) -> None:
    still = replace(WORLD, paths=np.ones_like(WORLD.paths))
    drawn = assumptions(EVERYWHERE).draw(DRAWS, 1).with_value("court_headroom", 1e3)
    plan = Programme(MONEY, 9, spend_years, 0, lag)
    formulae = np.array([expected(plan, still, drawn, place) for place in range(PLACES)])
    found = run(plan, still, drawn)
    np.testing.assert_allclose(found.by_year, formulae.sum(axis=0), rtol=EXACT)
    np.testing.assert_allclose(found.by_place, formulae.sum(axis=2).swapaxes(0, 1), rtol=EXACT)


def test_the_closed_form_knows_no_refreshers() -> None:
    with pytest.raises(ValueError, match="no refreshers"):
        expected(programme(1, refresh_every=2), steady_baseline(), known({}))


def test_the_closed_form_refuses_a_court_that_fills() -> None:
    drawn = known({("evidence", "prosecuted"): 4.0}, court_headroom=0.01)
    with pytest.raises(ValueError, match="the court fills in year 2"):
        expected(programme(1, 1e6), steady_baseline(), drawn)


def test_cases_that_the_court_has_no_room_for_wait() -> None:
    # 40 persons charged a year without training; half of those who wait are decided, 44 at most.
    drawn = known({("evidence", "prosecuted"): 2.0}, court_speed=0.5, court_headroom=0.1)
    plan = programme(1, 1e6, years=12, lag=0)
    found = plain.flows(plan, steady_baseline(), drawn)
    waiting, decided = 40.0, []
    for charged in found.prosecuted[:, 0]:
        waiting += charged
        decided.append(min(waiting / 2, 44))
        waiting -= decided[-1]
    assert found.prosecuted[0, 0] > 44
    assert decided[-1] == 44
    assert found.decided[:, 0] == pytest.approx(decided, rel=1e-6)
    assert found.pending[-1, 0] == pytest.approx(waiting, rel=1e-6)
    convicted = run(plan, steady_baseline(), drawn).by_year[2, :, 0]
    assert convicted == pytest.approx(np.array(decided) * 0.4, rel=1e-5)


def test_more_charges_alone_convict_nobody_where_the_court_is_full() -> None:
    drawn = known({("evidence", "prosecuted"): 2.0}, court_speed=0.99, court_headroom=1e-6)
    effect = simulate(programme(1, 1e6), steady_baseline(), drawn)
    assert effect.further("prosecuted")[0] > 50
    assert effect.convictions[0] == pytest.approx(0, abs=0.01)


def test_without_training_the_court_decides_as_many_as_are_charged() -> None:
    found = plain.flows(programme(2, 0), steady_baseline((100, 30)), known({}), place=1)
    assert found.pending[:, 0] == pytest.approx(np.full(10, found.pending_before[0]))
    assert found.decided == pytest.approx(found.prosecuted)


# ------------------------------------------------------------------ what an effect is asked


def effect_of(gains: list[float]) -> Any:
    """An effect with these further convictions at a cost of 100."""
    without = Run(np.zeros((3, 1, len(gains))), np.zeros((3, 1, len(gains))))
    with_ = Run(*(np.stack([[gains], [gains], [gains]]) for _ in range(2)))
    found = simulate(
        Programme(budgets([100, 0, 0, 0]), 1, 1),
        steady_baseline(draws=len(gains)),
        medians_of(len(gains)),
    )
    return replace(found, without=without, with_=with_)


def test_chances_are_shares_of_draws() -> None:
    effect = effect_of([-2, -1, 0, 3, 5])
    assert (effect.chance_of(3), effect.chance_of(3.5)) == (0.4, 0.2)
    assert effect.chance_of_harm == 0.4


def test_the_cost_of_a_conviction_is_infinite_where_there_is_no_gain() -> None:
    gains = np.linspace(-5, 45, 101).tolist()
    middle, best, worst = effect_of(gains).cost_per_conviction()
    assert (middle, best, worst) == (pytest.approx(100 / 20), pytest.approx(100 / 42.5), np.inf)


def test_places_add_up_to_the_whole_and_so_do_years() -> None:
    effect = simulate(PLAN, WORLD, assumptions().draw(DRAWS, 1))
    for outcome in OUTCOMES:
        whole, places = effect.further(outcome), effect.further_by_place(outcome)
        scale = float(effect.with_.by_year.max())
        assert places.sum(axis=0) == pytest.approx(whole, abs=EXACT * scale * PLACES)
    assert np.array_equal(effect.convictions, effect.further("convicted"))


@pytest.mark.parametrize(
    ("places", "draws", "message"),
    [
        (3, DRAWS, "budgets of 3 places, but a baseline of 4"),
        (PLACES, 7, "7 draws of the inputs, but 40 of the baseline"),
    ],
)
def test_what_does_not_fit_together_is_refused(places: int, draws: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(programme(places), WORLD, assumptions().draw(draws, 1))


# ------------------------------------------------------------------ helpers


def medians_of(draws: int) -> Drawn:
    return assumptions(EFFECTS).at({}, draws)
