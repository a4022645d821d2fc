"""The value of information, held against closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from gapatlas.training import Information, Prior, plain_answer, simulate, value_of_information
from gapatlas.training.information import (
    Partial,
    known,
    known_together,
    perfect_information,
    without_inputs,
    worths,
)
from tests.doubt_worlds import EFFECTS, all_known, believed, counted, drawn_of, spent, steady

DRAWS = 4000
SCORES = stats.norm.ppf((np.arange(DRAWS) + 0.5) / DRAWS)
STEPS = np.random.default_rng(4).choice(DRAWS, 16, replace=False)


def mixed(seed: int) -> np.ndarray:
    """Normal numbers, evenly spread, in an order of their own."""
    return np.random.default_rng(seed).permutation(SCORES)


def expected_gain(mean: float, spread: float) -> float:
    """E max(0, X) - max(0, mean), X normal: the worth of knowing X before deciding on it."""
    at = abs(mean) / spread
    return float(spread * stats.norm.pdf(at) - abs(mean) * stats.norm.cdf(-at))


def choice(*nets: np.ndarray) -> np.ndarray:
    """Net benefits of doing nothing and of each option."""
    return np.array([np.zeros(DRAWS), *nets])


# ------------------------------------------------------------------ one input


@pytest.mark.parametrize("mean", [-0.6, 0.1, 0.4])
@pytest.mark.parametrize("part", [0.4, 0.8, 1.0])
def test_a_normal_part_of_a_normal_net_benefit_is_worth_what_the_closed_form_says(mean, part):
    of_input = mixed(1)
    nets = choice(mean + part * of_input + np.sqrt(1 - part**2) * mixed(2))
    found = known(np.exp(of_input), nets)
    truth = expected_gain(mean, part)
    assert found.worth == pytest.approx(truth, abs=0.015)
    # The interval is the simulation's own chance, of which none is left where the part is all.
    assert found.low - 0.01 <= truth <= found.high + 0.01
    assert found.chance == pytest.approx(stats.norm.cdf(-abs(mean) / part), abs=0.03)


def test_the_point_from_which_on_one_would_decide_otherwise():
    of_input = mixed(1)
    better_if_high = known(of_input, choice(of_input + 0.5 + 0.3 * mixed(2)))
    assert better_if_high.below == pytest.approx(-0.5, abs=0.05)
    assert np.isnan(better_if_high.above)
    better_if_low = known(of_input, choice(-of_input + 0.5 + 0.3 * mixed(2)))
    assert better_if_low.above == pytest.approx(0.5, abs=0.05)
    assert np.isnan(better_if_low.below)
    better_amid = known(of_input, choice(1 - of_input**2 / 4 + 0.3 * mixed(2)))
    assert (better_amid.below, better_amid.above) == pytest.approx((-2, 2), abs=0.1)


def test_a_loose_end_of_a_curve_is_no_turning_point():
    # It pays below -1, and by a hair above 2.
    of_input = mixed(1)
    pays = np.where(of_input < -1, 3.0, np.where(of_input > 2.0, 0.05, -1.0))
    found = known(of_input, choice(pays))
    assert found.below == pytest.approx(-1, abs=0.3)
    assert np.isnan(found.above)


def test_what_has_no_bearing_is_worth_nothing():
    for seed in range(3, 9):
        found = known(mixed(seed), choice(0.2 + mixed(2)))
        assert found.worth < 0.005
        assert found.low == found.chance == 0
        assert np.isnan([found.below, found.above]).all()


def test_where_the_decision_is_clear_nothing_is_worth_knowing():
    found = known(mixed(1), choice(10 + mixed(1) + mixed(2)))
    assert (found.worth, found.low, found.high) == (0, 0, 0)


def test_a_bent_relation_is_followed():
    # Worth of a step: the option pays 1 above the middle and -1 below.
    of_input = mixed(1)
    found = known(of_input, choice(np.tanh(4 * of_input) + 0.5 * mixed(2)))
    truth = np.maximum(np.tanh(4 * SCORES), 0).mean()
    assert found.worth == pytest.approx(truth, rel=0.03)


def test_among_several_options_the_best_of_all_is_taken():
    # E max(0, x, -x) = E |x|.
    of_input = mixed(1)
    noise = mixed(2)
    found = known(of_input, choice(of_input + noise, -of_input + noise, np.full(DRAWS, -9.0)))
    assert found.worth == pytest.approx(np.sqrt(2 / np.pi), abs=0.02)


def test_the_worth_does_not_depend_on_the_scale_of_the_input():
    of_input = mixed(1)
    nets = choice(0.1 + 0.5 * of_input + mixed(2))
    assert known(of_input, nets).worth == known(np.exp(3 * of_input), nets).worth


# ------------------------------------------------------------------ everything, and a group


def test_perfect_information_is_worth_what_the_closed_form_says():
    worth, low, high = perfect_information(choice(0.3 + mixed(1)))
    assert low < expected_gain(0.3, 1) < high
    assert worth == pytest.approx(expected_gain(0.3, 1), abs=0.002)


@pytest.mark.parametrize("mean", [0.1, 0.5])
def test_a_group_is_worth_what_its_part_of_the_sum_is_worth(mean):
    of_group, of_inputs = 0.4 * mixed(1), mixed(2)
    together = np.random.default_rng(3).standard_normal((16, DRAWS))
    meetings = [
        choice(mean + of_group + np.roll(of_inputs, step) + 0.3 * chance)
        for step, chance in zip(STEPS, together, strict=True)
    ]
    found = known_together(without_inputs(meetings, STEPS))
    assert found.worth == pytest.approx(expected_gain(mean, 0.4), rel=0.06)
    assert found.low <= expected_gain(mean, 0.4) <= found.high
    assert found.chance == pytest.approx(stats.norm.cdf(-mean / 0.4), abs=0.03)


def test_a_group_without_bearing_is_worth_next_to_nothing():
    meetings = [choice(0.1 + np.roll(mixed(2), step)) for step in STEPS]
    found = known_together(without_inputs(meetings, STEPS))
    assert found.worth < 1e-3
    assert found.low == 0


# ------------------------------------------------------------------ the model


@pytest.fixture(scope="module")
def decision() -> Information:
    baseline, assumptions = counted(1500), believed(turnover=0.16)
    return value_of_information([spent()], baseline, drawn_of(assumptions, baseline), 70_000)


def test_each_uncertain_input_and_the_baseline_have_a_worth(decision):
    uncertain = {name for name, of in believed(turnover=0.16).priors.items() if not of.certain}
    assert set(decision.inputs["name"]) == uncertain | {"baseline"}
    assert decision.inputs["worth"].is_monotonic_decreasing


def test_no_number_is_worth_less_than_nothing_or_more_than_all(decision):
    inputs = decision.inputs
    assert (inputs["worth_low"] >= 0).all()
    assert (inputs["worth_low"] <= inputs["worth"]).all()
    assert (inputs["worth"] <= inputs["worth_high"]).all()
    assert (inputs["worth"] <= decision.perfect).all()
    assert (inputs["worth_high"] <= decision.perfect_high).all()
    assert 0 < decision.perfect_low < decision.perfect < decision.perfect_high


def test_a_curve_that_overshoots_is_held_to_the_worth_of_knowing_all():
    rows = [("small", Partial(1, 0.5, 2, 0.1)), ("over", Partial(9, 8, 12, 0.4, below=3.0))]
    table = worths(rows, (7.0, 6.5, 7.5)).set_index("name")
    assert table.index.tolist() == ["over", "small"]
    assert table.loc["over", ["worth", "worth_low", "worth_high"]].tolist() == [7, 7, 7.5]
    assert table.loc["small", ["worth", "worth_low", "worth_high"]].tolist() == [1, 0.5, 2]
    assert table.loc["over", ["chance", "below"]].tolist() == [0.4, 3]


def test_options_have_the_net_benefits_of_their_runs():
    baseline, assumptions, worth = counted(400), believed(), 70_000
    drawn = drawn_of(assumptions, baseline)
    programmes = [spent(), spent(money=5_000), spent(years=9), spent(refresh_every=2)]
    found = value_of_information(programmes, baseline, drawn, worth)
    nets = [np.zeros(400)] + [
        worth * simulate(programme, baseline, drawn).convictions - programme.cost
        for programme in programmes
    ]
    assert found.options["option"].tolist() == [0, 1, 2, 3, 4]
    assert found.options["net"].to_numpy() == pytest.approx([net.mean() for net in nets])
    assert found.options["net_high"].to_numpy() == pytest.approx(np.quantile(nets, 0.95, axis=1))
    assert found.options["chance_best"].sum() == pytest.approx(1)
    assert found.best == int(np.argmax([net.mean() for net in nets]))


def test_one_uncertain_number_is_worth_as_much_as_all():
    baseline = steady(1000)
    assumptions = all_known({("interviewing", "suspected"): Prior(1.1, 0.9, 1.4)})
    drawn = drawn_of(assumptions, baseline)
    found = value_of_information([spent()], baseline, drawn, 80_000)
    (row,) = found.inputs.to_dict("records")
    assert row["name"] == "effect_interviewing_suspected"
    assert row["worth"] == pytest.approx(found.perfect, rel=1e-3)
    # The effect at which it breaks even is the one at which one would decide otherwise.
    turning = row["below"] if found.best else row["above"]
    further = simulate(
        spent(), baseline, drawn.with_value("effect_interviewing_suspected", turning)
    )
    assert 80_000 * further.convictions[0] == pytest.approx(spent().cost, rel=0.05)
    assert found.decisive == ("effect_interviewing_suspected",)


def test_without_effects_no_number_would_change_the_decision():
    baseline = counted(300)
    null = believed({key: Prior.known(1) for key in EFFECTS})
    found = value_of_information([spent()], baseline, drawn_of(null, baseline), 1e6)
    assert found.best == 0
    assert found.perfect == 0
    assert (found.inputs[["worth", "worth_low", "worth_high", "chance"]] == 0).all(axis=None)
    assert found.decisive == ()


def test_the_seed_gives_the_answer_again_and_progress_is_told():
    baseline, assumptions = counted(200), believed()
    drawn = drawn_of(assumptions, baseline)
    told: list[float] = []
    first = value_of_information([spent()], baseline, drawn, 7e4, progress=told.append)
    again = value_of_information([spent()], baseline, drawn, 7e4)
    assert first.inputs.equals(again.inputs)
    assert told == sorted(told)
    assert 0 < told[0] < 0.1
    assert told[-1] == 1


def test_what_progress_raises_ends_the_work():
    class EnoughError(Exception):
        """Somebody pressed the button."""

    def stop(share):
        if share > 0.5:
            raise EnoughError

    baseline, assumptions = counted(200), believed()
    with pytest.raises(EnoughError):
        value_of_information(
            [spent()], baseline, drawn_of(assumptions, baseline), 7e4, progress=stop
        )


@pytest.mark.parametrize(
    ("options", "draws", "worth", "message"),
    [
        (0, 300, 1.0, "0 programmes; allowed: 1 to 4"),
        (5, 300, 1.0, "5 programmes; allowed: 1 to 4"),
        (1, 100, 1.0, "100 draws; allowed: 200 or more"),
        (1, 300, 0.0, "worth is 0"),
    ],
)
def test_what_cannot_be_answered_is_refused(options, draws, worth, message):
    baseline, assumptions = steady(draws), believed()
    with pytest.raises(ValueError, match=message):
        value_of_information([spent()] * options, baseline, drawn_of(assumptions, baseline), worth)


# ------------------------------------------------------------------ the answer in words


def told(**inputs: tuple[float, float, float, float]) -> Information:
    """Information of which the answer needs: worth_low, chance, below and above by input."""
    columns = ["worth_low", "chance", "below", "above"]
    table = pd.DataFrame.from_dict(inputs, orient="index", columns=columns)
    table = table.rename_axis("name").reset_index().assign(worth=1.0, worth_high=2.0)
    return Information(1, pd.DataFrame(), 9.0, 8.0, 10.0, table)


def test_the_answer_names_the_number_and_where_it_turns():
    words = {"reach": "the share of staff reached", "caseload": "the caseload", "baseline": "data"}
    nothing = (0.0, 0.0, np.nan, np.nan)
    assert plain_answer(told(reach=nothing), words) == (
        "No missing number would change the decision by itself."
    )
    one = told(reach=(5, 0.3, 0.4213, np.nan), caseload=nothing)
    assert plain_answer(one, words) == (
        "The missing number that matters most to the decision is the share of staff reached. "
        "If it were below 0.421, another choice would be better."
    )
    more = told(baseline=(5, 0.3, np.nan, np.nan), reach=(4, 0.1, 0.2, 0.9))
    assert plain_answer(more, words) == (
        "The missing number that matters most to the decision is data. "
        "In 30% of draws, another choice would be better. Then: the share of staff reached."
    )
    both = told(reach=(4, 0.1, 0.2, 0.9))
    assert "below 0.2 or above 0.9," in plain_answer(both, words)
