"""What holds for the training model, whatever is spent and believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.training import (
    COMPONENTS,
    LONGEST,
    OUTCOMES,
    STAGES,
    TERMS,
    Assumptions,
    Baseline,
    Drawn,
    Prior,
    Programme,
    effect_id,
    ledger,
    plain,
    run,
    simulate,
)
from gapatlas.training.assumptions import SHARES
from gapatlas.training.baseline import SINGLE
from gapatlas.training.closed_form import expected
from gapatlas.training.programme import LONGEST_LAG
from tests.training_world import EXACT

PLACES, DRAWS = 2, 3
SOME_SHARE = st.floats(0.01, 0.99)
POSITIVE = st.floats(1e-3, 1e5)
RATIO = st.floats(0.05, 20)
BETTER = st.floats(1, 20)
MONEY = st.one_of(st.just(0.0), st.floats(1, 1e8))


@dataclass(frozen=True)
class World:
    """All that the model takes."""

    programme: Programme
    baseline: Baseline
    drawn: Drawn

    def spending(self, budgets: np.ndarray) -> World:
        return World(self.programme.with_budgets(budgets), self.baseline, self.drawn)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    years = draw(st.integers(1, LONGEST))
    money = draw(st.lists(MONEY, min_size=PLACES * 4, max_size=PLACES * 4))
    return Programme(
        np.array(money).reshape(PLACES, 4),
        years,
        draw(st.integers(1, years)),
        draw(st.integers(0, 4)),
        draw(st.integers(0, LONGEST_LAG)),
    )


@st.composite
def beliefs(draw: st.DrawFn, ratio: st.SearchStrategy[float] = RATIO) -> Drawn:
    def column(values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=DRAWS, max_size=DRAWS)))

    pairs = [(component, stage) for component in COMPONENTS for stage in STAGES]
    effects = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8))
    terms = {term: column(SOME_SHARE if term in SHARES else POSITIVE) for term in TERMS}
    return Drawn({**{effect_id(*pair): column(ratio) for pair in effects}, **terms}, DRAWS)


@st.composite
def baselines(draw: st.DrawFn) -> Baseline:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = (PLACES, DRAWS)
    return Baseline(
        tuple("AB"),
        (10 ** random.uniform(-2, 5, size)).astype(SINGLE),
        np.stack([random.gamma(2, 1, size), *random.random((2, *size))]).astype(SINGLE),
        random.gamma(4, 0.25, (LONGEST, 2 * DRAWS)).astype(SINGLE),
        random.integers(0, DRAWS, PLACES),
        np.ones((PLACES, 4), bool),
    )


@st.composite
def worlds(draw: st.DrawFn, ratio: st.SearchStrategy[float] = RATIO) -> World:
    return World(draw(programmes()), draw(baselines()), draw(beliefs(ratio)))


def close(found: np.ndarray, true: np.ndarray, scale: np.ndarray | float = 0.0) -> None:
    np.testing.assert_array_less(np.abs(found - true), 10 * EXACT * (np.abs(true) + scale) + 1e-30)


@settings(max_examples=250)
@given(world=worlds())
def test_whatever_is_valid_has_an_answer_that_is_a_number(world: World) -> None:
    found = run(world.programme, world.baseline, world.drawn)
    for outcomes in (found.by_year, found.by_place):
        assert np.all(np.isfinite(outcomes))
        assert np.all(outcomes >= 0)


@given(world=worlds())
def test_the_compiled_form_is_the_one_in_numpy(world: World) -> None:
    found = run(world.programme, world.baseline, world.drawn)
    flows = [plain.flows(world.programme, world.baseline, world.drawn, p) for p in range(PLACES)]
    for at, outcome in enumerate(OUTCOMES):
        years = np.array([getattr(each, outcome) for each in flows])
        close(found.by_place[at], years.sum(axis=1))
        close(found.by_year[at], years.sum(axis=0))


@given(world=worlds())
def test_no_person_appears_or_vanishes_between_stages(world: World) -> None:
    for place in range(PLACES):
        flows = plain.flows(world.programme, world.baseline, world.drawn, place)
        # The court's queue is at the level of today: what moves with the place is taken out.
        came = flows.pending_before + np.cumsum(flows.prosecuted / flows.moves, axis=0)
        assert np.allclose(came, np.cumsum(flows.decided / flows.moves, axis=0) + flows.pending)
        assert np.all(flows.referred <= flows.detected * (1 + 1e-12))
        assert np.all(flows.prosecuted <= flows.suspected * (1 + 1e-12))
        assert np.all(flows.convicted <= flows.decided * (1 + 1e-12))
        assert np.all(flows.decided <= flows.room * flows.moves * (1 + 1e-12))
        assert np.all(flows.pending >= 0)


@given(world=worlds())
def test_the_compiled_form_convicts_nobody_who_was_not_brought_before_a_court(world: World) -> None:
    found = run(world.programme, world.baseline, world.drawn)
    for place in range(PLACES):
        before = plain.flows(world.programme, world.baseline, world.drawn, place).pending_before
        brought = found.by_place[1, place] + before
        assert np.all(found.by_place[2, place] <= brought * (1 + 10 * EXACT))


@given(world=worlds(BETTER), more=st.lists(st.floats(1, 100), min_size=8, max_size=8))
def test_more_money_never_does_less_where_no_effect_is_harmful(
    world: World, more: list[float]
) -> None:
    richer = world.spending(world.programme.budgets * np.reshape(more, (PLACES, 4)))
    less = run(world.programme, world.baseline, world.drawn)
    much = run(richer.programme, richer.baseline, richer.drawn)
    assert np.all(much.by_place >= less.by_place * (1 - 10 * EXACT))
    assert np.all(much.by_year >= less.by_year * (1 - 10 * EXACT))


@given(world=worlds(), name=st.sampled_from(COMPONENTS), stage=st.sampled_from(STAGES))
def test_a_better_effect_never_does_less(world: World, name: str, stage: str) -> None:
    worse, better = (world.drawn.with_value(effect_id(name, stage), ratio) for ratio in (0.8, 1.6))
    less, more = (run(world.programme, world.baseline, each) for each in (worse, better))
    assert np.all(more.by_place >= less.by_place * (1 - 10 * EXACT))


@given(world=worlds())
def test_without_money_nothing_changes_to_the_last_bit(world: World) -> None:
    nothing = world.spending(np.zeros((PLACES, 4)))
    effect = simulate(nothing.programme, nothing.baseline, nothing.drawn)
    assert effect.with_.by_year.tobytes() == effect.without.by_year.tobytes()
    assert effect.with_.by_place.tobytes() == effect.without.by_place.tobytes()


@given(world=worlds(), place=st.integers(0, PLACES - 1))
def test_a_place_is_what_it_is_alone(world: World, place: int) -> None:
    together = run(world.programme, world.baseline, world.drawn)
    alone = run(
        world.programme.with_budgets(world.programme.budgets[[place]]),
        world.baseline[[place]],
        world.drawn,
    )
    assert together.by_place[:, [place]].tobytes() == alone.by_place.tobytes()


@given(world=worlds(), draw=st.integers(0, DRAWS - 1))
def test_a_draw_is_what_it_is_alone(world: World, draw: int) -> None:
    base = world.baseline
    one = Baseline(
        base.places,
        base.detected[:, [draw]],
        np.ascontiguousarray(base.shares[:, :, [draw]]),
        np.stack([base.paths[:, at + draw] for at in base.offsets], axis=1),
        np.arange(PLACES),
        base.reported,
    )
    # How many staff a place has is a mean over all draws: keep it.
    scale = np.maximum(one.suspected, 1) / np.maximum(base.suspected, 1)
    plan = world.programme.with_budgets(world.programme.budgets * scale[:, None])
    values = {name: draws[[draw]] for name, draws in world.drawn.values.items()}
    found = run(plan, one, Drawn(values, 1))
    together = run(world.programme, base, world.drawn)
    close(found.by_place[:, :, 0], together.by_place[:, :, draw])


@given(world=worlds(), factor=st.floats(0.01, 100))
def test_money_in_another_currency_changes_nothing(world: World, factor: float) -> None:
    drawn = world.drawn
    for component in COMPONENTS:
        cost = f"cost_{component}"
        drawn = drawn.with_value(cost, drawn.term(cost) * factor)
    other = world.spending(world.programme.budgets * factor)
    here = run(world.programme, world.baseline, world.drawn)
    there = run(other.programme, other.baseline, drawn)
    close(there.by_place, here.by_place)


@given(world=worlds())
def test_the_closed_form_is_the_model_where_levels_stay_and_courts_have_room(world: World) -> None:
    plan = Programme(
        world.programme.budgets, world.programme.years, world.programme.spend_years, 0,
        world.programme.lag,
    )  # fmt: skip
    base = world.baseline
    still = Baseline(
        base.places, base.detected, base.shares, np.ones_like(base.paths), base.offsets,
        base.reported,
    )  # fmt: skip
    drawn = world.drawn.with_value("court_headroom", 1e9)
    found = run(plan, still, drawn)
    formulae = np.array([expected(plan, still, drawn, place) for place in range(PLACES)])
    close(found.by_year, formulae.sum(axis=0))
    close(found.by_place, formulae.sum(axis=2).swapaxes(0, 1))


@given(plan=programmes(), drawn=beliefs())
def test_the_ledger_has_no_more_skill_than_people_and_no_more_people_than_were_paid_for(
    plan: Programme, drawn: Drawn
) -> None:
    people, skill = ledger(plan, drawn)
    paid = np.minimum(np.arange(plan.years) + 1, plan.spend_years)[:, None]
    assert np.all((skill >= 0) & (skill <= people * (1 + 1e-12)))
    assert np.all(people <= paid * (1 + 1e-12))


# ------------------------------------------------------------------ refused by name


@given(world=worlds(), bad=st.floats(max_value=-1e-9, allow_nan=False), at=st.integers(0, 7))
def test_negative_money_is_refused(world: World, bad: float, at: int) -> None:
    budgets = world.programme.budgets.copy()
    budgets.flat[at] = bad
    with pytest.raises(ValueError, match=r"budget (of .* is below 0|is no number)"):
        world.programme.with_budgets(budgets)


@given(
    drawn=beliefs(),
    name=st.sampled_from(TERMS),
    bad=st.one_of(st.floats(max_value=0.0), st.just(np.nan), st.just(np.inf)),
    at=st.integers(0, DRAWS - 1),
)
def test_a_term_that_is_no_number_above_0_is_refused_by_name(
    drawn: Drawn, name: str, bad: float, at: int
) -> None:
    values = drawn.term(name).copy()
    values[at] = bad
    with pytest.raises(ValueError, match=f"^{name} of "):
        drawn.with_value(name, values)


@given(drawn=beliefs(), name=st.sampled_from(SHARES), bad=st.floats(1.001, 1e6))
def test_a_probability_above_1_is_refused_by_name(drawn: Drawn, name: str, bad: float) -> None:
    with pytest.raises(ValueError, match=f"^{name} of .* is no share"):
        drawn.with_value(name, bad)
    certain = {term: Prior.known(0.5) for term in TERMS}
    with pytest.raises(ValueError, match=f"^{name} up to .* is no share"):
        Assumptions({}, {**certain, name: Prior(bad, bad, bad)})
