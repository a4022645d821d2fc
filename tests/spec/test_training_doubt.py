"""How sure the model is: fast answers held against slow ones, and intervals against the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gapatlas.training import (
    Prior,
    assumed_share,
    break_even,
    plain,
    simulate,
    total_order,
    value_of_information,
)
from gapatlas.training.assumptions import uniforms
from gapatlas.training.information import known
from gapatlas.training.simulate import nothing_spent
from gapatlas.training.variance import (
    DATA,
    EVIDENCE,
    GROUPS,
    JUDGEMENT,
    sobol_indices,
    variance_shares,
)
from tests.doubt_worlds import all_known, believed, counted, drawn_of, spent

WORTH = 50_000.0


def net(programme, baseline, drawn) -> np.ndarray:
    return WORTH * simulate(programme, baseline, drawn).convictions - programme.cost


def gain(means: np.ndarray, mean: float) -> float:
    """Worth of knowing what the means depend on; shape (points,), and the mean of all."""
    return float(np.maximum(means, 0).mean() - max(mean, 0.0))


# ------------------------------------------------------------------ the value of information


@pytest.fixture(scope="module")
def world():
    baseline, assumptions = counted(4000), believed()
    drawn = drawn_of(assumptions, baseline)
    found = value_of_information([spent()], baseline, drawn, WORTH)
    return baseline, assumptions, drawn, found.inputs.set_index("name"), found


@pytest.mark.parametrize(
    "name", ["effect_case_construction_prosecuted", "effect_legal_support_convicted", "caseload"]
)
def test_one_number_is_worth_what_the_runs_with_it_fixed_say(world, name):
    """The slow way: fix the number at 60 of its values, and run all draws of the rest at each."""
    baseline, assumptions, drawn, table, _ = world
    values = assumptions.priors[name].quantile((np.arange(60) + 0.5) / 60)
    means = np.array(
        [net(spent(), baseline, drawn.with_value(name, value)).mean() for value in values]
    )
    slow = gain(means, float(means.mean()))
    assert table.loc[name, "worth"] == pytest.approx(slow, rel=0.12)
    assert table.loc[name, "worth_low"] <= slow * 1.03
    assert table.loc[name, "worth_high"] >= slow * 0.97


@pytest.mark.parametrize("worth", [36_000.0, 43_000.0, 47_000.0])
def test_the_baseline_is_worth_what_the_runs_with_it_fixed_say(worth):
    """The slow way: each draw of the baseline meets each draw of the inputs, a million runs."""
    baseline, assumptions = counted(1000), believed()
    drawn = drawn_of(assumptions, baseline)
    further = np.array(
        [
            simulate(spent(), baseline.at_draws(np.full(1000, at)), drawn).convictions.mean()
            for at in range(1000)
        ]
    )
    means = worth * further - spent().cost
    slow = gain(means, float(means.mean()))
    found = value_of_information([spent()], baseline, drawn, worth).inputs.set_index("name")
    fast = found.loc["baseline"]
    assert slow > 1000
    assert fast["worth"] == pytest.approx(slow, rel=0.25)
    assert fast["worth_low"] <= slow <= fast["worth_high"]


def test_intervals_of_worth_hold_the_closed_form():
    """A normal net benefit of which a part is known: 100 simulations of 1,000 draws each."""
    mean, part = 0.3, 0.6
    truth = part * stats.norm.pdf(mean / part) - mean * stats.norm.cdf(-mean / part)
    found = []
    for seed in range(100):
        of_input = stats.norm.ppf(uniforms(1000, seed, "input"))
        noise = np.random.default_rng(seed).standard_normal(1000)
        nets = mean + part * of_input + np.sqrt(1 - part**2) * noise
        found.append(known(of_input, np.array([np.zeros(1000), nets])))
    held = np.mean([partial.low <= truth <= partial.high for partial in found])
    assert 0.84 <= held <= 0.97
    assert np.mean([partial.worth for partial in found]) == pytest.approx(truth, abs=0.005)


# ------------------------------------------------------------------ shares of the variance


def test_groups_of_one_have_the_total_that_their_sobol_index_says():
    """Two codes for one question: pick and freeze on the draws at hand, and SALib's sample."""
    baseline, assumptions = counted(8000), believed()
    drawn = drawn_of(assumptions, baseline)
    indices = total_order(spent(), baseline, assumptions, size=4096).set_index("name")
    for name in ("effect_case_construction_prosecuted", "caseload", "court_headroom"):
        groups = assumed_share(spent(), baseline, drawn, [name]).groups.set_index("group")
        assert groups.loc[JUDGEMENT, "total"] == pytest.approx(indices.loc[name, "total"], abs=0.04)
        assert groups.loc[JUDGEMENT, "alone"] == pytest.approx(indices.loc[name, "first"], abs=0.05)
    assert groups.loc[DATA, "total"] == pytest.approx(indices.loc["baseline", "total"], abs=0.02)


def test_what_a_group_makes_up_alone_is_the_variance_of_its_means():
    """The slow way: fix judgement at 200 of its draws, and run 2,000 draws of the rest at each."""
    baseline, assumptions = counted(2000), believed()
    drawn = drawn_of(assumptions, baseline)
    judged = ["effect_case_construction_prosecuted", "effect_legal_support_convicted", "reach"]
    means = []
    for at in range(200):
        fixed = drawn
        for name in judged:
            fixed = fixed.with_value(name, drawn.values[name][at])
        means.append(simulate(spent(), baseline, fixed).convictions.mean())
    slow = np.var(means) / simulate(spent(), baseline, drawn).convictions.var()
    groups = assumed_share(spent(), baseline, drawn, judged).groups.set_index("group")
    assert groups.loc[JUDGEMENT, "alone"] == pytest.approx(slow, abs=0.12)


def test_intervals_of_shares_hold_the_truth():
    """a + 2 b + 3 c: the parts of the variance are 1, 4 and 9 of 14."""
    held = []
    for seed in range(200):
        old, new = np.random.default_rng(seed).standard_normal((2, 3, 1000))

        def answer(moved, old=old, new=new):
            parts = [new[k] if group in moved else old[k] for k, group in enumerate(GROUPS)]
            return parts[0] + 2 * parts[1] + 3 * parts[2]

        found = variance_shares(answer).groups.set_index("group")
        truth = {DATA: 1 / 14, EVIDENCE: 4 / 14, JUDGEMENT: 9 / 14}
        held += [
            found.loc[group, f"{kind}_low"] <= truth[group] <= found.loc[group, f"{kind}_high"]
            for group in GROUPS
            for kind in ("share", "alone", "total")
        ]
    assert 0.87 <= np.mean(held) <= 0.94


def test_intervals_of_sobol_indices_hold_the_truth():
    """(1 + x) (1 + y) with x and y of variance 1: each index is 1/3 alone and 2/3 in total."""
    held = []
    for seed in range(40):
        table = sobol_indices(
            ["x", "y"],
            lambda shares: np.prod(1 + np.sqrt(12) * (shares - 0.5), axis=1),
            size=256,
            seed=seed,
        )
        for kind, truth in (("first", 1 / 3), ("total", 2 / 3)):
            held += list((table[f"{kind}_low"] <= truth) & (truth <= table[f"{kind}_high"]))
    assert np.mean(held) >= 0.9


# ------------------------------------------------------------------ break-even


@pytest.mark.parametrize("middle", [1.08, 1.3])
def test_the_effect_needed_does_not_depend_on_what_is_believed(middle):
    """One effect: whatever its middle value, the one needed is that at which the model in numpy
    breaks even."""
    baseline, programme = counted(500), spent()
    assumptions = all_known({("legal_support", "convicted"): Prior.known(middle)})
    found = break_even(programme, baseline, assumptions, drawn_of(assumptions, baseline), 4e5)
    needed = all_known(
        {("legal_support", "convicted"): Prior.known(float(found.table["needed"].iloc[0]))}
    )
    drawn = drawn_of(needed, baseline)
    further = sum(
        (
            plain.flows(programme, baseline, drawn, place).convicted.sum(axis=0)
            - plain.flows(nothing_spent(programme), baseline, drawn, place).convicted.sum(axis=0)
        ).mean()
        for place in range(3)
    )
    assert 4e5 * further == pytest.approx(programme.cost, rel=2e-3)
