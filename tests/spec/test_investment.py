"""An investment in worlds of known counts: what the baseline rests on, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gapatlas
from gapatlas import state
from gapatlas.atlas import Atlas
from gapatlas.charts.amounts import money
from gapatlas.config import effect_models
from gapatlas.config.loader import SNAPSHOTS_VARIABLE
from gapatlas.gaps.missing import convictions_missing
from gapatlas.investment import load_scenario, save_scenario, showing
from gapatlas.investment.allocating import allocate_for, caution_of, words_of
from gapatlas.investment.baselines import Baselines, baselines
from gapatlas.investment.beliefs import beliefs_of, entry_prior
from gapatlas.investment.investing import LEVELS, choices_of, invest, library_of, quantiles
from gapatlas.investment.sentences import change_text, change_words
from gapatlas.investment.showing import scenario_rows
from gapatlas.languages import LANGUAGES, speaking
from gapatlas.state import Scenario
from gapatlas.training import assumptions, chain, programme
from tests.investment_world import COUNTS, YEARS, counted, write_investment_world
from tests.support import figures_in, observation

BOTH = (20_000.0, 20_000.0, 20_000.0, 20_000.0)


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    folder = tmp_path_factory.mktemp("investment")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SNAPSHOTS_VARIABLE, str(folder / "snapshots"))
        with gapatlas.open_atlas(write_investment_world(folder / "world")) as opened:
            yield opened


@pytest.fixture(scope="module")
def base(atlas: Atlas) -> Baselines:
    return baselines(atlas)


def scenario(*places: str, **changes: object) -> Scenario:
    plain = Scenario(budgets=tuple((place, BOTH) for place in places), preset="central")
    return replace(plain, **changes)  # type: ignore[arg-type]


def open_world(tmp_path: Path, rows: list[str], monkeypatch: pytest.MonkeyPatch) -> Atlas:
    monkeypatch.setenv(SNAPSHOTS_VARIABLE, str(tmp_path / "snapshots"))
    return gapatlas.open_atlas(write_investment_world(tmp_path / "world", rows))


# ------------------------------------------------------------------ the baseline


@pytest.mark.parametrize("place", ["AAA", "CCC"])
def test_the_baseline_is_at_the_counts_where_they_stay_the_same(
    base: Baselines, place: str
) -> None:
    table = base.table[base.table["place"] == place].set_index("stage")
    for stage, count in zip(chain.COUNTED, COUNTS[place], strict=True):
        assert table.loc[stage, "low"] < count < table.loc[stage, "high"]
        assert table.loc[stage, "middle"] == pytest.approx(count, rel=0.1)


def test_who_convicts_more_than_it_prosecutes_has_all_of_them_before_the_court(
    base: Baselines,
) -> None:
    """BBB counts 20 prosecuted and 24 convicted a year."""
    share = base.baseline.of(["BBB"]).convicted[0]
    assert float(np.mean(share == 1.0)) > 0.5
    assert float(share.max()) <= 1.0


def test_fewer_than_five_is_somewhere_from_nought_to_four(base: Baselines) -> None:
    """DDD prints its convictions as fewer than five in each year."""
    row = base.table.query("place == 'DDD' and stage == 'convicted'").iloc[0]
    assert 0 <= row["low"] < 1
    assert 3 < row["high"] < 6


def test_a_stage_that_too_few_places_could_lend_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three places report suspects: too few to lend their ratio to a fourth."""
    rows = [row for row in counted() if not (row.startswith("AAA") and "suspected" in row)]
    with (
        open_world(tmp_path, rows, monkeypatch) as atlas,
        pytest.raises(
            ValueError,
            match=r"formal contact .* in 1 of 4 places \(Alphaland\)",
        ),
    ):
        baselines(atlas)


def test_a_stage_that_is_not_reported_is_lent_and_said_to_be(shipped: Atlas) -> None:
    base = baselines(shipped, draws=200)
    lent = [
        place
        for place, told in zip(base.baseline.places, base.baseline.reported, strict=True)
        if not told.all()
    ]
    assert 0 < len(lent) < len(base.baseline.places)
    assert all(np.isfinite(base.baseline.shares).ravel())
    found = invest(shipped, scenario(lent[0]), base=base)
    assert found.lent == [base.names[lent[0]]]


def test_who_reports_no_outcome_of_late_has_no_baseline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = [observation("BBB", 2005, "convicted", "persons", 4)]
    rows = [*counted(["AAA", "CCC"]), *old]
    with open_world(tmp_path, rows, monkeypatch) as atlas:
        assert baselines(atlas).baseline.places == ("AAA", "CCC")


def test_the_query_of_all_years_tells_every_row_of_the_table(atlas: Atlas) -> None:
    found = atlas.stage_years("office")
    assert len(found) == len(counted())
    ddd = found[(found["jurisdiction_id"] == "DDD") & (found["stage"] == "convicted")]
    assert ddd["year"].tolist() == list(YEARS)
    assert set(ddd["count_low"]) == {0}
    assert set(ddd["count_high"]) == {4}
    assert set(ddd["status"]) == {"censored"}


# ------------------------------------------------------------------ what it changes


def test_the_same_seed_gives_the_same_answer_and_another_seed_nearly(
    atlas: Atlas, base: Baselines
) -> None:
    first, again, other = (
        invest(atlas, scenario("AAA"), base=base, seed=seed).effect.convictions
        for seed in (2, 2, 3)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert float(np.median(other)) == pytest.approx(float(np.median(first)), abs=0.6)


def test_a_place_does_not_change_with_the_company_it_keeps(atlas: Atlas, base: Baselines) -> None:
    alone = invest(atlas, scenario("CCC"), base=base).by_place()
    together = invest(atlas, scenario("AAA", "CCC", "DDD"), base=base).by_place()
    row = together[together["place"] == "CCC"].reset_index(drop=True)
    assert row["q50"].item() == pytest.approx(alone["q50"].item(), rel=1e-5)


def test_places_add_up_to_the_whole(atlas: Atlas, base: Baselines) -> None:
    found = invest(atlas, scenario("AAA", "BBB", "CCC"), base=base)
    parts = found.effect.further_by_place().sum(axis=0)
    assert np.allclose(parts, found.effect.convictions, atol=0.02)


@pytest.mark.parametrize("preset", ["central", "sceptical", "null", "harm"])
def test_every_preset_answers_and_orders_as_its_name_says(
    atlas: Atlas, base: Baselines, preset: str
) -> None:
    middle = {
        name: float(
            np.median(invest(atlas, scenario("CCC", preset=name), base=base).effect.convictions)
        )
        for name in ("central", preset)
    }
    if preset == "null":
        assert middle[preset] == 0
    elif preset != "central":
        assert middle[preset] < middle["central"]


def test_quantiles_are_those_of_numpy() -> None:
    draws = np.random.default_rng(5).normal(size=(4, 1001))
    expected = np.quantile(draws, LEVELS, axis=1).T
    assert np.allclose(quantiles(draws, LEVELS), expected)


def test_the_summary_holds_the_numbers_of_the_draws(atlas: Atlas, base: Baselines) -> None:
    found = invest(atlas, scenario("AAA", "CCC"), base=base)
    text = found.summary(at_least=5)
    assert change_words(found.effect.convictions, "convicted") in text
    assert f"{found.effect.chance_of(5):.0%}" in text
    assert f"{found.effect.chance_of_harm:.0%}" in text
    assert money(found.programme.cost, "USD") in text
    assert "2025-2029" in text


@pytest.mark.parametrize(
    ("draws", "words"),
    [
        ((2.0, 4.6, 9.0), "4.6 more convictions (90% interval 2 to 9)"),
        ((-9.0, -1.0, -0.2), "1 fewer conviction (90% interval 0.2 to 9)"),
        ((-2.0, 4.6, 12.0), "a change in convictions whose direction is open (90% interval -2 to"),
        ((0.04, 3.0, 9.0), "a change in convictions whose direction is open (90% interval 0 to"),
        ((-0.04, 0.0, 0.04), "no change in convictions"),
    ],
)
def test_a_direction_is_claimed_only_where_the_printed_interval_carries_it(
    draws: tuple[float, float, float], words: str
) -> None:
    assert change_text(*draws, "convicted").startswith(words)


def test_costs_of_scenarios_have_no_upper_limit_where_a_draw_brings_nothing(
    atlas: Atlas, base: Baselines
) -> None:
    found = [
        invest(atlas, scenario("CCC", name=preset, preset=preset), base=base)
        for preset in ("central", "null")
    ]
    rows = scenario_rows(found, "convicted").set_index("scenario")
    assert np.isinf(rows.loc["null", "cost_q05"])
    costs = rows.loc["central", ["cost_q05", "cost_q25", "cost_q50", "cost_q75", "cost_q95"]]
    assert list(costs) == sorted(costs)


def test_people_trained_are_money_over_the_cost_of_one(atlas: Atlas, base: Baselines) -> None:
    """80,000 a year, a quarter of it for each component, at a known cost of 2,000 each."""
    known = tuple((f"cost_{component}", (2000.0, 2000.0, 2000.0)) for component in chain.COMPONENTS)
    sure = invest(atlas, scenario("AAA", beliefs=known), base=base).trained()
    assert sure[["low", "middle", "high"]].to_numpy() == pytest.approx(40.0)
    unsure = invest(atlas, scenario("AAA"), base=base)
    people = sum(20_000 / unsure.drawn.term(f"cost_{component}") for component in chain.COMPONENTS)
    assert unsure.trained()["middle"].item() == pytest.approx(float(np.median(people)))


# ------------------------------------------------------------------ beliefs


def test_a_reader_may_believe_all_that_the_library_says(atlas: Atlas, base: Baselines) -> None:
    library, choices = library_of(atlas), choices_of(atlas, base)
    for entry in library.entries:
        if entry.usable and entry.component and entry.stage:
            low, high = choices.inputs[assumptions.effect_id(entry.component, entry.stage)]
            prior = entry_prior(entry)
            assert low <= prior.low
            assert prior.high <= high
    for preset in library.presets:
        for belief in beliefs_of(library, scenario("AAA", preset=preset)).values():
            low, high = choices.inputs[belief.id]
            assert low <= belief.prior.low <= belief.prior.high <= high


def test_what_a_reader_believes_counts_as_judgement(atlas: Atlas, base: Baselines) -> None:
    own = scenario("AAA", beliefs=(("turnover", (0.2, 0.1, 0.3)),))
    belief = invest(atlas, own, base=base).beliefs["turnover"]
    assert (belief.basis, belief.judged, belief.grade) == ("own", True, "")
    assert (belief.prior.value, belief.prior.low, belief.prior.high) == (0.2, 0.1, 0.3)


def test_the_library_and_the_model_have_the_same_words() -> None:
    """The room `config` may not import the model, so the ids stand in both."""
    assert set(effect_models.TERMS) == set(assumptions.TERMS)
    assert set(effect_models.SHARES) == set(assumptions.SHARES)
    assert effect_models.COMPONENTS == chain.COMPONENTS
    assert set(effect_models.MEASURE_OF_STAGE) == set(chain.STAGES)
    assert len(chain.COMPONENTS) == state.COMPONENT_COUNT
    assert (state.LONGEST_YEARS, state.LONGEST_LAG) == (chain.LONGEST, programme.LONGEST_LAG)
    assert set(state.OUTCOMES) == set(chain.OUTCOMES)


# ------------------------------------------------------------------ where to spend


def test_a_budget_is_dealt_out_over_the_places_of_a_scenario(atlas: Atlas, base: Baselines) -> None:
    found = invest(atlas, scenario("AAA", "CCC"), base=base)
    allocation = allocate_for(found, 100_000, "convictions", floors={"AAA": 10_000})
    assert allocation.budgets.sum() <= 100_000 + 1e-6
    assert allocation.budgets[0].sum() >= 10_000 - 1e-6
    assert "100,000 USD a year" in words_of(allocation, found)
    assert "The second number is the honest one" in caution_of(allocation)


def test_gaps_are_those_of_the_page_of_gaps(shipped: Atlas) -> None:
    missing = convictions_missing(shipped, "unodc_glotip", year=2022)
    gap = gapatlas.find_gaps(shipped, "convicted_per_prosecuted", year=2022, window=5)
    row = gap.of("NLD").iloc[0]
    expected = (row["expected_low"] + row["expected_high"]) / 2 / row["years_used"]
    lacking = (row["number_low"] + row["number_high"]) / 2 / row["years_used"]
    assert missing["NLD"].expected == pytest.approx(expected)
    assert missing["NLD"].missing == pytest.approx(min(lacking, expected))
    assert set(missing) == set(gap.table["jurisdiction_id"])


# ------------------------------------------------------------------ what is refused


def test_what_cannot_be_simulated_is_refused_by_name(atlas: Atlas, base: Baselines) -> None:
    refused = {
        "no place": (Scenario(preset="central"), "it has no place"),
        "no baseline": (scenario("ZZZ"), "no baseline of ZZZ"),
        "negative money": (
            replace(scenario("AAA"), budgets=(("AAA", (-1.0, 0, 0, 0)),)),
            "below 0",
        ),
        "half-life 0": (scenario("AAA", beliefs=(("half_life_months", (0, 0, 0)),)), "not above 0"),
        "a share over 1": (scenario("AAA", beliefs=(("turnover", (0.5, 0.5, 1.5)),)), "no share"),
        "too long": (scenario("AAA", years=16), "years is 16; allowed: 1 to 15"),
        "spent for too long": (scenario("AAA", spend_years=11), "spend_years is 11"),
    }
    for wrong, words in refused.values():
        with pytest.raises(ValueError, match=words):
            invest(atlas, wrong, base=base)
    with pytest.raises(gapatlas.GapAtlasError, match="There is no preset 'best'"):
        invest(atlas, scenario("AAA", preset="best"), base=base)


# ------------------------------------------------------------------ languages


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_tells_the_same_figures(
    atlas: Atlas, base: Baselines, language: str
) -> None:
    def told() -> list[str]:
        found = invest(atlas, scenario("AAA", "CCC", refresh_every=2), base=base)
        setting = showing.setting_of(atlas, found)
        picture, timing = showing.refreshers_of(found, setting)
        drawn = [picture, showing.fan(found, setting), showing.tornado_of(found, setting)]
        return [
            found.summary(at_least=5),
            timing,
            *(f"{each.title} {each.source} {each.alt}" for each in drawn if each is not None),
            *showing.header_of(atlas, found, found.scenario.name)[1:5],
        ]

    english = told()
    with speaking(language):
        spoken = told()
    assert not set(english) & set(spoken)
    assert [figures_in(text) for text in spoken] == [figures_in(text) for text in english]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_scenario_saved_in_one_language_is_read_in_another(
    atlas: Atlas, base: Baselines, tmp_path: Path, language: str
) -> None:
    saved = scenario("AAA", years=7)
    with speaking(language):
        save_scenario(atlas, saved, tmp_path / "scenario.yaml")
    assert load_scenario(atlas, tmp_path / "scenario.yaml") == saved
