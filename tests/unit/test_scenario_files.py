"""A scenario survives its file; every fault of one is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from gapatlas.errors import ConfigError
from gapatlas.investment.files import read_scenario, scenario_of_upload, scenario_text
from gapatlas.state import InvestmentChoices, Scenario

pytestmark = pytest.mark.usefixtures("said_problems")

CHOICES = InvestmentChoices(
    places=frozenset({"AAA", "BBB"}),
    presets=("central", "null"),
    inputs={"turnover": (0.01, 0.6), "effect_evidence_prosecuted": (0.2, 3.0)},
    entries={"effect_evidence_prosecuted": ("prior_evidence", "own_study")},
    default=Scenario(),
)
SCENARIO = Scenario(
    name="Two places",
    budgets=(("BBB", (1000.0, 0.0, 2500.5, 0.0)), ("AAA", (0.0, 0.0, 0.0, 40000.0))),
    years=8,
    spend_years=3,
    refresh_every=2,
    lag=0,
    preset="null",
    taken=(("effect_evidence_prosecuted", "own_study"),),
    beliefs=(("turnover", (0.2, 0.1, 0.3)),),
)
GOOD = """\
scenario: 1
name: A plan
currency: USD
years: 10
spend_years: 5
places:
  AAA: {case_construction: 1000}
preset: central
beliefs:
  turnover: {value: 0.2, low: 0.1, high: 0.3}
"""


def read(text: str, folder: Path) -> Scenario:
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path, CHOICES, "USD")


def test_a_scenario_survives_its_file(tmp_path: Path) -> None:
    assert read(scenario_text(SCENARIO, "USD", "abc123"), tmp_path) == SCENARIO
    uploaded = scenario_of_upload(scenario_text(SCENARIO, "USD", "abc123").encode(), CHOICES, "USD")
    assert uploaded == SCENARIO


def test_the_file_says_what_it_is_and_on_which_data_it_was_made(tmp_path: Path) -> None:
    text = scenario_text(SCENARIO, "USD", "abc123")
    assert text.startswith("# A scenario of Gap Atlas")
    assert "abc123" in text
    assert "currency: USD" in text
    assert "legal_support: 40000" in text


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    found = read(GOOD, tmp_path)
    assert found.budgets == (("AAA", (1000.0, 0.0, 0.0, 0.0)),)
    assert (found.refresh_every, found.lag, found.taken) == (0, 1, ())


FAULTS = {
    "another currency": (("currency: USD", "currency: EUR"), 3, "EUR", "USD"),
    "two currencies": (
        ("{case_construction: 1000}", "{currency: EUR, case_construction: 1000}"),
        7,
        "EUR",
        "USD",
    ),
    "negative money": (("1000}", "-1000}"), 7, "-1000", ""),
    "money that is no number": (("1000}", "lots}"), 7, "lots", ""),
    "money that is infinite": (("1000}", ".inf}"), 7, "", ""),
    "an unknown place": (("  AAA:", "  AAB:"), 7, "AAB", "AAA"),
    "an unknown component": (("case_construction:", "case_building:"), 7, "case_building", "case"),
    "an unknown preset": (("preset: central", "preset: centre"), 8, "centre", "central"),
    "an unknown input": (("  turnover:", "  turn_over:"), 10, "turn_over", "turnover"),
    "a probability over 1": (("high: 0.3", "high: 1.3"), 10, "1.3", "0.01 to 0.6"),
    "numbers out of order": (("low: 0.1", "low: 0.25"), 10, "0.25, 0.2, 0.3", "low <= value"),
    "spending longer than followed": (("spend_years: 5", "spend_years: 11"), 5, "11", "1 to 10"),
    "too many years": (("years: 10", "years: 16"), 4, "16", ""),
    "a key that is unknown": (("preset:", "presets:"), 8, "presets", "preset"),
    "no place": (("  AAA: {case_construction: 1000}", "  {}"), None, "{}", ""),
    "another version": (("scenario: 1", "scenario: 2"), 1, "2", "1"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_named_with_its_line(name: str, tmp_path: Path) -> None:
    (old, new), line, found, allowed = FAULTS[name]
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        read(GOOD.replace(old, new, 1), tmp_path)
    told = [
        problem
        for problem in caught.value.problems
        if (line is None or problem.row == line)
        and found in str(problem)
        and allowed in (problem.allowed or "")
    ]
    assert told, [str(problem) for problem in caught.value.problems]
    assert all(problem.where == "plan.yaml" for problem in caught.value.problems)


def test_an_entry_of_another_effect_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(GOOD + "taken:\n  effect_evidence_prosecuted: prior_legal_support\n", tmp_path)
    (problem,) = caught.value.problems
    assert (problem.row, problem.found) == (12, "prior_legal_support")
    assert problem.allowed == "prior_evidence, own_study"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("AAA", "ZZZ").replace("central", "none").replace("USD", "GBP")
    with pytest.raises(ConfigError) as caught:
        read(text, tmp_path)
    assert len(caught.value.problems) == 3
