"""Beliefs: medians and intervals are met, what cannot be is refused, draws belong to names."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gapatlas.training import TERMS as NAMES
from gapatlas.training import Assumptions, Drawn, Prior, effect_id, transported
from tests.training_world import EFFECTS, TERMS, assumptions, known, share

ENDS = [0.05, 0.5, 0.95]


@pytest.mark.parametrize(
    "prior",
    [
        Prior(1.15, 0.85, 1.6),
        Prior(12, 5, 36),
        Prior(3, 3, 8),
        share(0.16, 0.08, 0.25),
        share(0.5, 0.1, 0.99),
    ],
)
def test_the_median_and_both_ends_are_met(prior):
    assert prior.quantile(ENDS) == pytest.approx([prior.low, prior.value, prior.high])


def test_another_level_has_its_own_ends():
    prior = Prior(2, 1, 5, level=0.5)
    assert prior.quantile([0.25, 0.5, 0.75]) == pytest.approx([1, 2, 5])


def test_an_even_spread_is_scipys_lognormal():
    prior = Prior(2, 1, 4)
    spread = np.log(2) / stats.norm.ppf(0.95)
    shares = np.linspace(0.001, 0.999, 50)
    assert prior.quantile(shares) == pytest.approx(stats.lognorm(spread, scale=2).ppf(shares))


def test_a_share_is_normal_on_the_scale_of_log_odds():
    prior = share(0.2, 0.1, 0.36)  # odds of 1/4, 1/9 and 9/16: 9/4 below and above
    spread = np.log(9 / 4) / stats.norm.ppf(0.95)
    shares = np.linspace(0.001, 0.999, 50)
    log_odds = stats.norm(np.log(1 / 4), spread).ppf(shares)
    assert prior.quantile(shares) == pytest.approx(1 / (1 + np.exp(-log_odds)))


def test_what_is_known_has_no_spread():
    assert Prior.known(3).certain
    assert Prior.known(3).quantile([0.001, 0.999]).tolist() == [3, 3]


@pytest.mark.parametrize(
    ("numbers", "settings", "message"),
    [
        ((-3500, -9000, -1200), {}, "-9000 is not above 0"),
        ((0, 0, 0), {}, "0 is not above 0"),
        ((2, 3, 4), {}, "not in order"),
        ((2, 1, 1.5), {}, "not in order"),
        ((np.nan, 1, 2), {}, "not all numbers"),
        ((2, 1, np.inf), {}, "not all numbers"),
        ((0.5, 0.2, 1), {"shape": "logit_normal"}, "1 is no share"),
        ((0.5, 0.2, 0.8), {"shape": "uniform"}, "no shape 'uniform'"),
        ((2, 1, 3), {"level": 1}, "level 1 is no probability"),
        ((2, 1, 3), {"level": 0}, "level 0 is no probability"),
    ],
)
def test_what_no_belief_can_be_is_refused(numbers, settings, message):
    with pytest.raises(ValueError, match=message):
        Prior(*numbers, **settings)


# ------------------------------------------------------------------ carried over from elsewhere


def test_an_effect_that_carries_over_in_full_stays_as_it_is():
    prior = Prior(1.5, 0.9, 2)
    same = transported(prior, 0)
    assert (same.low, same.value, same.high) == pytest.approx((0.9, 1.5, 2))


def test_half_of_an_effect_of_4_is_an_effect_of_2_and_the_other_half_is_doubt():
    found = transported(Prior.known(4), 0.5)
    reach = stats.norm.ppf(0.95) * np.log(2)
    assert found.value == pytest.approx(2)
    assert (found.low, found.high) == pytest.approx((2 * np.exp(-reach), 2 * np.exp(reach)))


def test_a_finding_of_no_effect_stays_one_however_far_it_is_carried():
    found = transported(Prior(1, 0.8, 1.3), 1)
    assert (found.low, found.value, found.high) == pytest.approx((0.8, 1, 1.3))


@pytest.mark.parametrize("discount", [-0.1, 1.1, np.nan])
def test_a_discount_that_is_no_share_is_refused(discount):
    with pytest.raises(ValueError, match="no share"):
        transported(Prior(1.5, 0.9, 2), discount)


# ------------------------------------------------------------------ draws


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    first, again, other = (assumptions().draw(100, seed) for seed in (1, 1, 2))
    for name in first.values:
        assert np.array_equal(first.values[name], again.values[name])
        assert not np.array_equal(first.values[name], other.values[name])


def test_draws_have_the_median_and_interval_of_their_belief():
    drawn = assumptions().draw(20_000, 1)
    for name, prior in assumptions().priors.items():
        found = np.quantile(drawn.values[name], ENDS)
        assert found == pytest.approx([prior.low, prior.value, prior.high], rel=0.01), name


def test_inputs_are_drawn_apart_from_each_other():
    values = np.array(list(assumptions().draw(20_000, 1).values.values()))
    related = np.abs(stats.spearmanr(values, axis=1).statistic - np.eye(len(values)))
    assert related.max() < 0.04


def test_a_changed_belief_leaves_all_other_draws_as_they_are():
    before = assumptions().draw(100, 1)
    after = assumptions(caseload=Prior(3, 0.7, 6)).draw(100, 1)
    changed = [
        name
        for name in before.values
        if not np.array_equal(before.values[name], after.values[name])
    ]
    assert changed == ["caseload"]


def test_an_effect_that_is_taken_away_leaves_all_other_draws_as_they_are():
    fewer = {key: prior for key, prior in EFFECTS.items() if key[0] != "evidence"}
    before, after = assumptions().draw(100, 1), assumptions(fewer).draw(100, 1)
    assert set(before.values) - set(after.values) == {effect_id("evidence", "prosecuted")}
    for name in after.values:
        assert np.array_equal(before.values[name], after.values[name])


def test_draws_that_others_share_cannot_be_written_over():
    with pytest.raises(ValueError, match="read-only"):
        assumptions().draw(100, 1).values["caseload"][:] = 1


def test_medians_are_one_draw_with_every_belief_at_its_middle():
    drawn = assumptions().medians()
    assert drawn.draws == 1
    for name, prior in assumptions().priors.items():
        assert drawn.values[name] == pytest.approx([prior.value])


def test_given_quantiles_move_their_input_alone():
    drawn = assumptions().at({"turnover": np.array([0.05, 0.95])}, 2)
    assert drawn.term("turnover") == pytest.approx([0.08, 0.25])
    assert drawn.term("reach") == pytest.approx([0.8, 0.8])


def test_effects_are_1_where_there_is_none():
    ratios, acting = known({("evidence", "prosecuted"): 1.3}).effects()
    assert acting == ((), (), (2,), ())
    assert ratios[2, 2] == 1.3
    assert ratios.sum() == pytest.approx(15 + 1.3)


# ------------------------------------------------------------------ refused by name


@pytest.mark.parametrize(
    ("effects", "terms", "message"),
    [
        ({("marketing", "prosecuted"): Prior(1, 1, 1)}, {}, "component 'marketing'"),
        ({("evidence", "detected"): Prior(1, 1, 1)}, {}, "stage 'detected'"),
        ({("evidence", "prosecuted"): share(0.5, 0.4, 0.6)}, {}, "evidence at prosecuted is a rat"),
        ({}, {"luck": Prior(1, 1, 1)}, "term 'luck'"),
        ({}, {"turnover": Prior(0.2, 0.1, 1.2)}, "turnover up to 1.2 is no share"),
        ({}, {"reach": Prior(0.5, 0.2, 0.9)}, "reach is a share"),
        ({}, {"reach": Prior.known(1.0)}, "reach up to 1 is no share"),
    ],
)
def test_assumptions_that_cannot_be_are_refused_by_name(effects, terms, message):
    with pytest.raises(ValueError, match=message):
        Assumptions(effects, {**TERMS, **terms})


def test_a_term_that_is_missing_is_named():
    with pytest.raises(ValueError, match="caseload, court_headroom are missing"):
        Assumptions({}, {n: TERMS[n] for n in NAMES if n not in ("caseload", "court_headroom")})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("half_life_months", 0, "half_life_months of 0"),
        ("cost_evidence", -3500, "cost_evidence of -3500"),
        ("turnover", 1.2, "turnover of 1.2 is no share"),
        ("reach", np.nan, "reach of nan"),
        ("caseload", np.inf, "caseload of inf"),
        ("effect_evidence_prosecuted", -1, "effect_evidence_prosecuted of -1"),
        ("effect_evidence_detected", 1, "no input 'effect_evidence_detected'"),
    ],
)
def test_a_draw_that_cannot_be_is_refused_by_name(name, value, message):
    drawn = known({})
    with pytest.raises(ValueError, match=message):
        drawn.with_value(name, value)
    with pytest.raises(ValueError, match=message):
        Drawn({**drawn.values, name: np.array([value])}, 1)
