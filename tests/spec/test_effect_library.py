"""The shipped effect library says what the studies say, and no more.

study                            printed                         an interval?
ACTeams                          35 -> 75, ratio 2.1             1.4 to 3.2
Ross, Sebire and Strang          ratio of conviction 0.88        0.74 to 1.05
all others                       words, or a number              none, so no effect

judgement                        90% interval                    split between
odds of a charge                 1.15 (0.85 to 1.6)              case construction, evidence
odds of conviction, if charged   1.05 (0.85 to 1.3)              legal support alone
"""

from __future__ import annotations

from math import exp, hypot, log, sqrt
from pathlib import Path

import numpy as np
import pytest

from gapatlas.config import Effect, EffectLibrary, Entry, load_config, load_effects
from gapatlas.config.effect_models import COMPONENTS, COSTS

ROOT = Path(__file__).parents[2]
Z_90, Z_95 = 1.6448536, 1.9599640

FOUND = {
    "farrell_bouche_wolfe_2019": ("C", "prosecuted", "harsher penalties do not"),
    "farrell_mcdevitt_fahy_2008": ("C", "suspected", "Preparedness predicts"),
    "acteams": ("C", "prosecuted", "from 35 to 75, a ratio of 2.1 (1.4 to 3.2)"),
    "renzetti_2015": ("C", None, "Positive but limited"),
    "pipe_2008": ("C", "prosecuted", "About 1.5 times as many charges; pleas were unchanged"),
    "beichner_spohn_2005": ("C", "prosecuted", "57.5 against 58.6 per cent"),
    "regoeczi_hubbard_2018": ("C", "prosecuted", "Odds of a charge 0.50 (n = 1,388)"),
    "ross_sebire_strang": ("C", "convicted", "0.88 (0.74 to 1.05)"),
    "help_desks_india": ("B", "suspected", "4.4 against 3.8 registrations a month"),
    "arthur_1998": ("C", None, "from -0.01 at once to -1.4 after more than a year without use"),
    "wisconsin_turnover": ("C", None, "15.6 to 18.4 per cent"),
    "aaptip": ("C", None, "at least 9,329 participations: at most A$5,400 for each"),
    "unodc_interpol_southern_africa": ("C", None, "750,000 US dollars over 36 months"),
}
SETTINGS = {
    "farrell_bouche_wolfe_2019": "US states, 2003-2012",
    "farrell_mcdevitt_fahy_2008": "1,903 agencies",
    "acteams": "six US federal districts",
    "pipe_2008": "1,280 cases with children, Utah",
    "ross_sebire_strang": "559 trials",
    "help_desks_india": "180 stations",
}
PRINTED_INTERVALS = {"acteams": (2.1, 1.4, 3.2), "ross_sebire_strang": (0.88, 0.74, 1.05)}
TERMS = {
    "turnover": (0.16, 0.08, 0.25),
    "half_life_months": (12, 5, 36),
    **dict.fromkeys(COSTS, (3500, 1200, 9000)),
    "refresher_cost": (0.3, 0.15, 0.6),
    "caseload": (2, 0.7, 6),
    "reach": (0.8, 0.5, 0.95),
    "court_speed": (0.41, 0.3, 0.55),
    "court_headroom": (0.2, 0.05, 0.6),
    "referral": (0.5, 0.2, 0.8),
}


@pytest.fixture(scope="module")
def library() -> EffectLibrary:
    loaded = load_config(ROOT / "config.yaml")
    assert loaded.config.training is not None
    return load_effects(loaded.resolve(loaded.config.training.library))


def effect_of(entry: Entry) -> Effect:
    assert entry.effect is not None
    return entry.effect


def numbers(effect: Effect) -> tuple[float, float, float]:
    return effect.value, effect.low, effect.high


def logs(effect: Effect) -> tuple[float, float, float]:
    """Logarithm of the middle, and how far the ends lie below and above it."""
    middle = log(effect.value)
    return middle, middle - log(effect.low), log(effect.high) - middle


# ------------------------------------------------------------------ evidence


def test_every_study_is_there_and_nothing_else_is_called_evidence(library: EffectLibrary) -> None:
    assert {e.id for e in library.entries if e.kind == "evidence"} == set(FOUND)


@pytest.mark.parametrize("id_", FOUND)
def test_a_study_is_told_as_it_was_printed(library: EffectLibrary, id_: str) -> None:
    grade, stage, found = FOUND[id_]
    entry = library.entry(id_)
    assert (entry.grade, entry.stage) == (grade, stage)
    assert found in (entry.found or "")
    assert SETTINGS.get(id_, "") in entry.setting
    assert entry.citation.endswith("as summarised in the project's methods notes.")


def test_only_a_printed_interval_becomes_an_effect(library: EffectLibrary) -> None:
    assert {
        e.id: numbers(e.effect) for e in library.entries if e.kind == "evidence" and e.effect
    } == PRINTED_INTERVALS
    assert not any(library.entry(id_).usable for id_ in FOUND)


def test_no_study_shows_cause_on_trafficking(library: EffectLibrary) -> None:
    assert "A" not in {e.grade for e in library.entries}
    assert "randomised" in library.entry("help_desks_india").design.lower()


def test_the_interval_of_the_teams_is_that_of_two_counts_at_95_per_cent(
    library: EffectLibrary,
) -> None:
    effect = effect_of(library.entry("acteams"))
    spread = Z_95 * sqrt(1 / 35 + 1 / 75)
    ends = (75 / 35 * exp(-spread), 75 / 35 * exp(spread))
    assert [round(x, 1) for x in (75 / 35, *ends)] == [2.1, 1.4, 3.2]
    assert (effect.level, *numbers(effect)) == (0.95, 2.1, 1.4, 3.2)


def test_the_whole_programme_divided_by_its_participations_is_what_is_printed() -> None:
    assert 5_300 < 50_000_000 / 9_329 < 5_400


# ------------------------------------------------------------------ judgements


def test_everything_that_the_model_starts_from_is_called_a_judgement(
    library: EffectLibrary,
) -> None:
    used = {id_ for preset in library.presets.values() for id_ in preset.entries}
    assert {(library.entry(id_).kind, library.entry(id_).grade) for id_ in used} == {
        ("judgement", "D")
    }
    assert {(t.kind, t.grade) for t in library.terms.values()} == {("judgement", "D")}
    assert used == {e.id for e in library.entries if e.kind == "judgement"}


def test_case_construction_and_evidence_together_have_the_effect_on_a_charge(
    library: EffectLibrary,
) -> None:
    one, other = (
        effect_of(library.preset_effects("central")[component, "prosecuted"])
        for component in ("case_construction", "evidence")
    )
    assert one == other
    (middle, below, above), (middle_too, below_too, above_too) = logs(one), logs(other)
    product = middle + middle_too
    ends = (product - hypot(below, below_too), product + hypot(above, above_too))
    assert exp(product) == pytest.approx(1.15, abs=0.002)
    assert [exp(end) for end in ends] == pytest.approx([0.85, 1.6], abs=0.002)


def test_and_so_says_a_simulation_of_the_two(library: EffectLibrary) -> None:
    random = np.random.default_rng(20260101)
    drawn = np.zeros(200_000)
    for component in ("case_construction", "evidence"):
        effect = effect_of(library.preset_effects("central")[component, "prosecuted"])
        middle, below, above = logs(effect)
        steps = random.standard_normal(drawn.size)
        drawn += middle + steps * np.where(steps < 0, below, above) / Z_90
    assert np.exp(np.quantile(drawn, [0.5, 0.05, 0.95])) == pytest.approx(
        [1.15, 0.85, 1.6], rel=0.02
    )


def test_legal_support_has_the_whole_effect_on_conviction(library: EffectLibrary) -> None:
    entry = library.preset_effects("central")["legal_support", "convicted"]
    effect = effect_of(entry)
    assert (*numbers(effect), effect.level) == (1.05, 0.85, 1.3, 0.9)


@pytest.mark.parametrize("id_", TERMS)
def test_a_term_has_its_value_and_its_interval(library: EffectLibrary, id_: str) -> None:
    term = library.terms[id_]
    assert (term.value, term.low, term.high, term.level) == (*TERMS[id_], 0.9)


def test_there_are_no_other_terms_and_costs_are_in_the_currency(library: EffectLibrary) -> None:
    assert set(library.terms) == set(TERMS)
    assert library.currency == "USD"
    assert {library.terms[cost].unit for cost in COSTS} == {"USD for each person trained"}


def test_the_speed_of_courts_follows_from_the_lag_of_the_config(library: EffectLibrary) -> None:
    config = load_config(ROOT / "config.yaml").config
    (lag,) = [m.lag for m in config.measures.values() if m.lag is not None]
    wait = sum(years * weight for years, weight in enumerate(lag.weights))
    assert wait == pytest.approx(1.45)
    # Where a share s is decided each year, the mean wait is (1 - s) / s years.
    assert library.terms["court_speed"].value == pytest.approx(1 / (1 + wait), abs=0.005)


# ------------------------------------------------------------------ presets


def test_the_presets_act_on_the_same_components_and_stages(library: EffectLibrary) -> None:
    acting = {
        ("interviewing", "suspected"),
        ("interviewing", "referred"),
        ("case_construction", "prosecuted"),
        ("evidence", "prosecuted"),
        ("legal_support", "convicted"),
    }
    assert list(library.presets) == ["central", "sceptical", "null", "harm"]
    for preset in library.presets:
        assert set(library.preset_effects(preset)) == acting
    assert {component for component, _ in acting} == set(COMPONENTS)


@pytest.mark.parametrize("preset", ["central", "sceptical"])
def test_a_gain_is_likely_and_harm_is_possible(library: EffectLibrary, preset: str) -> None:
    for entry in library.preset_effects(preset).values():
        effect = effect_of(entry)
        assert effect.low < 1 < effect.value < effect.high
        assert entry.transport_discount == 0


def test_a_sceptic_believes_half_of_the_effect_and_is_just_as_unsure(
    library: EffectLibrary,
) -> None:
    sceptical = library.preset_effects("sceptical")
    for key, entry in library.preset_effects("central").items():
        middle, below, above = logs(effect_of(entry))
        expected = (middle / 2, below, above)
        assert logs(effect_of(sceptical[key])) == pytest.approx(expected, abs=0.012)
    half_life = library.preset_terms("sceptical")["half_life_months"]
    assert half_life.value == library.terms["half_life_months"].value / 2
    assert (half_life.low, half_life.high, half_life.level) == (3, 12, 0.9)


def test_no_effect_is_exactly_none(library: EffectLibrary) -> None:
    effects = library.preset_effects("null").values()
    assert {numbers(effect_of(entry)) for entry in effects} == {(1, 1, 1)}
    assert library.preset_terms("null") == library.terms


def test_harm_is_harm_at_each_stage_also_after_what_does_not_carry_over(
    library: EffectLibrary,
) -> None:
    for entry in library.preset_effects("harm").values():
        assert effect_of(entry).value ** (1 - entry.transport_discount) < 1
    unit = library.entry("harm_case_construction")
    assert effect_of(unit).value == 0.5
    assert "0.50" in (library.entry("regoeczi_hubbard_2018").found or "")
    assert effect_of(unit).value ** (1 - unit.transport_discount) == pytest.approx(0.71, abs=0.005)


def test_a_discount_is_given_where_a_study_is_from_elsewhere(library: EffectLibrary) -> None:
    discounts = {e.id: e.transport_discount for e in library.entries if e.kind == "evidence"}
    trafficking = ("farrell_bouche_wolfe_2019", "farrell_mcdevitt_fahy_2008", "acteams",
                   "renzetti_2015")  # fmt: skip
    others = ("pipe_2008", "beichner_spohn_2005", "regoeczi_hubbard_2018", "ross_sebire_strang",
              "help_desks_india")  # fmt: skip
    assert {discounts[id_] for id_ in trafficking} == {0.25}
    assert {discounts[id_] for id_ in others} == {0.5}
