"""The effect library: what is refused, in which line, and what would do instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gapatlas.atlas import open_atlas
from gapatlas.catalogue import read_catalogue
from gapatlas.config import EffectLibrary, load_config, load_effects
from gapatlas.config.effect_models import COMPONENTS, MEASURE_OF_STAGE, TERMS
from gapatlas.config.effect_rules import faults_of
from gapatlas.errors import ConfigError, Problem, UnknownNameError
from tests.effect_libraries import add_library, entry, library_of, study, write_library
from tests.support import observation, write_world

pytestmark = pytest.mark.usefixtures("said_problems")

Change = Callable[[dict[str, Any]], object]
PRIOR, FINDING, TEAM = 0, 9, 8
"""Places of a judgement (case construction), a finding and a printed ratio in the list."""


@pytest.fixture(scope="module")
def library() -> EffectLibrary:
    """A library without a fault."""
    return EffectLibrary.model_validate(library_of())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test writes its library."""
    return tmp_path / "library.yaml"


def problems_of(path: Path) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        load_effects(path)
    assert caught.value.problems
    assert all(problem.where == "library.yaml" for problem in caught.value.problems)
    return caught.value.problems


def changed(path: Path, edit: Change) -> list[Problem]:
    library = library_of()
    edit(library)
    return problems_of(write_library(path, library))


def line_of(path: Path, text: str, after: str = "") -> int:
    """Line of the first row that holds `text`, below the first that holds `after`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if after in line)
    return next(i for i, line in enumerate(lines[start:], start + 1) if text in line)


# ------------------------------------------------------------------ a good library


def test_a_good_library_is_typed_and_frozen(path: Path) -> None:
    library = load_effects(write_library(path))
    prior = library.entry("prior_interviewing")
    assert prior.effect is not None
    assert (prior.effect.value, prior.effect.low, prior.effect.high) == (1.2, 0.9, 1.6)
    assert (prior.kind, prior.grade, prior.stage) == ("judgement", "D", "suspected")
    with pytest.raises(ValidationError):
        library.currency = "EUR"  # type: ignore[misc]


def test_it_is_the_same_after_a_stay_in_a_snapshot(library: EffectLibrary) -> None:
    assert EffectLibrary.model_validate_json(library.model_dump_json()) == library


def test_the_model_can_start_from_an_effect_of_a_component_in_the_measure_of_its_stage(
    library: EffectLibrary,
) -> None:
    usable = {e.id for e in library.entries if e.usable}
    assert usable == {f"{kind}_{c}" for kind in ("prior", "none") for c in COMPONENTS}


def test_a_preset_gives_its_effects_by_component_and_stage(library: EffectLibrary) -> None:
    effects = library.preset_effects("null")
    assert {key: e.id for key, e in effects.items()} == {
        ("case_construction", "prosecuted"): "none_case_construction",
        ("interviewing", "suspected"): "none_interviewing",
        ("evidence", "prosecuted"): "none_evidence",
        ("legal_support", "convicted"): "none_legal_support",
    }


def test_a_preset_changes_the_numbers_of_a_term_and_leaves_the_others(
    library: EffectLibrary,
) -> None:
    terms = library.preset_terms("sceptical")
    half_life = terms["half_life_months"]
    assert (half_life.value, half_life.low, half_life.high, half_life.level) == (8, 4, 20, 0.9)
    assert half_life.unit == library.terms["half_life_months"].unit
    assert {k: v for k, v in terms.items() if k != "half_life_months"} == {
        k: v for k, v in library.terms.items() if k != "half_life_months"
    }
    assert library.preset_terms("central") == library.terms
    assert set(terms) == set(TERMS)


def test_a_preset_can_change_the_level_of_a_term_too() -> None:
    data = library_of()
    change = {"value": 0.5, "low": 0.4, "high": 0.6, "level": 0.5}
    data["presets"]["harm"]["terms"] = {"reach": change}
    library = EffectLibrary.model_validate(data)
    assert library.preset_terms("harm")["reach"].level == 0.5


def test_evidence_is_listed_by_component(library: EffectLibrary) -> None:
    assert [e.id for e in library.evidence_on("interviewing")] == ["desk"]
    assert [e.id for e in library.evidence_on(None)] == ["team", "decay"]
    assert library.evidence_on("evidence") == ()


@pytest.mark.parametrize(
    "ask", [EffectLibrary.entry, EffectLibrary.preset_effects, EffectLibrary.preset_terms]
)
def test_an_unknown_name_lists_the_near_ones(library: EffectLibrary, ask: Any) -> None:
    known = {EffectLibrary.entry: "prior_evidence"}.get(ask, "central")
    with pytest.raises(UnknownNameError) as caught:
        ask(library, f"{known}x")
    assert known in (caught.value.problems[0].allowed or "")


# ------------------------------------------------------------------ keys and types


@pytest.mark.parametrize(
    ("edit", "key", "near"),
    [
        (lambda x: x.update(entrys=[]), "entrys", "entries"),
        (lambda x: x["entries"][PRIOR].update(gradee="D"), "gradee", "grade"),
        (lambda x: x["entries"][PRIOR]["effect"].update(lowe=1), "lowe", "low"),
        (lambda x: x["terms"]["reach"].update(units="x"), "units", "unit"),
        (lambda x: x["components"]["evidence"].update(stages="x"), "stages", "stage"),
        (lambda x: x["presets"]["harm"].update(entry=[]), "entry", "entries"),
        (lambda x: x["presets"]["sceptical"]["terms"]["half_life_months"].update(hi=1), "hi",
         "high"),
    ],
)  # fmt: skip
def test_an_unknown_key_lists_the_near_ones_with_its_line(
    path: Path, edit: Change, key: str, near: str
) -> None:
    (problem,) = changed(path, edit)
    assert (problem.row, problem.found) == (line_of(path, f"{key}:"), key)
    assert near in (problem.allowed or "").split(", ")


@pytest.mark.parametrize(
    ("edit", "column", "found", "allowed"),
    [
        (lambda x: x["entries"][PRIOR].update(stage="charged"), "entries.0.stage", '"charged"',
         "prosecuted"),
        (lambda x: x["entries"][PRIOR].update(component="law"), "entries.0.component", '"law"',
         "legal_support"),
        (lambda x: x["entries"][PRIOR].update(grade="E"), "entries.0.grade", '"E"', "'D'"),
        (lambda x: x["entries"][PRIOR].update(measure="odds"), "entries.0.measure", '"odds"',
         "odds_ratio"),
        (lambda x: x["components"]["evidence"].update(stage="x"), "components.evidence.stage",
         '"x"', "prosecuted"),
        (lambda x: x["terms"]["reach"].update(shape="normal"), "terms.reach.shape", '"normal"',
         "logit_normal"),
        (lambda x: x.update(version=2), "version", "2", "1"),
    ],
)  # fmt: skip
def test_a_word_that_is_not_known_lists_those_that_are(
    path: Path, edit: Change, column: str, found: str, allowed: str
) -> None:
    (problem,) = changed(path, edit)
    assert (problem.column, problem.found) == (column, found)
    assert allowed in (problem.allowed or "")
    assert problem.row is not None


@pytest.mark.parametrize(
    ("value", "words"),
    [("much", "number"), (True, "number"), (float("inf"), "number")],
)
def test_what_is_no_number_is_refused(path: Path, value: Any, words: str) -> None:
    (problem,) = changed(path, lambda x: x["entries"][PRIOR]["effect"].update(high=value))
    assert problem.column == "entries.0.effect.high"
    assert problem.row == line_of(path, "high:")
    assert words in problem.message


@pytest.mark.parametrize("key", ["title", "design", "citation"])
def test_a_missing_key_is_named(path: Path, key: str) -> None:
    (problem,) = changed(path, lambda x: x["entries"][PRIOR].pop(key))
    assert (problem.message, problem.column) == (f"'{key}' is required here.", f"entries.0.{key}")


@pytest.mark.parametrize(
    ("old", "new", "message", "found"),
    [
        ("setting: nowhere", "setting: NO", "YAML reads this word as true or false.", "NO"),
        ("setting: nowhere", "setting: &x nowhere", "Anchors and aliases", None),
        ("setting: nowhere", "setting: !x nowhere", "Tags (!) are not allowed here.", "!x"),
        ("value: 1.2", "value: 1:30", "YAML reads this as another number.", "1:30"),
        ("'null':", "null:", "YAML reads this key as nothing at all.", "null"),
        ("'null':", "~:", "YAML reads this key as nothing at all.", "~"),
        ("'null':", "central:", "The key 'central' stands twice", None),
        ("  reach:", "  referral:", "The key 'referral' stands twice", None),
    ],
)
def test_what_yaml_reads_as_something_else_is_refused(
    path: Path, old: str, new: str, message: str, found: str | None
) -> None:
    text = write_library(path).read_text(encoding="utf-8")
    assert old in text
    row = line_of(path, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (problem,) = problems_of(path)
    assert problem.message.startswith(message)
    assert problem.found == found
    assert problem.row is not None
    assert problem.row >= row


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "library.yaml")
    assert "There is no file library.yaml" in problem.message


# ------------------------------------------------------------------ rules: value by value

AN_ENTRY = "entries.0"
NUMBERS = {"value": 1.2, "low": 0.9, "high": 1.6, "level": 0.9}
BROKEN_RULES: dict[str, tuple[Change, str, str, str]] = {
    "low above value": (
        lambda x: x["entries"][PRIOR]["effect"].update(low=1.3),
        "entries.0.effect",
        "low 1.3, value 1.2, high 1.6",
        "low <= value <= high",
    ),
    "value above high": (
        lambda x: x["terms"]["turnover"].update(value=0.7),
        "terms.turnover",
        "low 0.1, value 0.7, high 0.6",
        "low <= value <= high",
    ),
    "an odds ratio of 0": (
        lambda x: x["entries"][PRIOR]["effect"].update(low=0),
        "entries.0.effect.low",
        "0",
        "above 0",
    ),
    "a negative ratio": (
        lambda x: x["entries"][1]["effect"].update(low=-0.5),
        "entries.1.effect.low",
        "-0.5",
        "above 0",
    ),
    "a negative cost": (
        lambda x: x["terms"]["cost_evidence"].update(low=-10),
        "terms.cost_evidence.low",
        "-10",
        "above 0",
    ),
    "a half-life of 0": (
        lambda x: x["terms"]["half_life_months"].update(low=0),
        "terms.half_life_months.low",
        "0",
        "above 0",
    ),
    "a share above 1": (
        lambda x: x["terms"]["reach"].update(high=1.2),
        "terms.reach.high",
        "1.2",
        "above 0 and below 1",
    ),
    "a share of 1": (
        lambda x: x["terms"]["referral"].update(high=1),
        "terms.referral.high",
        "1",
        "above 0 and below 1",
    ),
    "a level of an effect": (
        lambda x: x["entries"][PRIOR]["effect"].update(level=90),
        "entries.0.effect.level",
        "90",
        "above 0 and below 1",
    ),
    "a level of a term": (
        lambda x: x["terms"]["reach"].update(level=0),
        "terms.reach.level",
        "0",
        "above 0 and below 1",
    ),
    "a discount above 1": (
        lambda x: x["entries"][PRIOR].update(transport_discount=1.5),
        "entries.0.transport_discount",
        "1.5",
        "0 to 1",
    ),
    "a discount below 0": (
        lambda x: x["entries"][FINDING].update(transport_discount=-0.1),
        "entries.9.transport_discount",
        "-0.1",
        "0 to 1",
    ),
    "a share with the shape of an amount": (
        lambda x: x["terms"]["reach"].update(shape="lognormal"),
        "terms.reach.shape",
        "lognormal",
        "logit_normal",
    ),
    "an amount with the shape of a share": (
        lambda x: x["terms"]["caseload"].update(shape="logit_normal"),
        "terms.caseload.shape",
        "logit_normal",
        "lognormal",
    ),
    "a currency in words": (
        lambda x: x.update(currency="Dollars"),
        "currency",
        "Dollars",
        "three capitals of ISO 4217, such as USD or EUR",
    ),
    "a currency in small letters": (
        lambda x: x.update(currency="usd"),
        "currency",
        "usd",
        "three capitals of ISO 4217, such as USD or EUR",
    ),
    "a cost in another currency": (
        lambda x: x["terms"]["cost_evidence"].update(unit="EUR each"),
        "terms.cost_evidence.unit",
        "EUR each",
        "a text with USD in it",
    ),
    "a component that is missing": (
        lambda x: x["components"].pop("evidence"),
        "components",
        "case_construction, interviewing, legal_support",
        "case_construction, interviewing, evidence, legal_support",
    ),
    "a component too many": (
        lambda x: x["components"].update(evidences=x["components"]["evidence"]),
        "components.evidences",
        "evidences",
        "evidence",
    ),
    "a grade that is missing": (
        lambda x: x["grades"].pop("B"),
        "grades",
        "A, C, D",
        "A, B, C, D",
    ),
    "a grade too many": (
        lambda x: x["grades"].update(E="Even worse."),
        "grades.E",
        "E",
        "A, B, C, D",
    ),
    "a term that is missing": (
        lambda x: x["terms"].pop("reach"),
        "terms",
        ", ".join(t for t in library_of()["terms"] if t != "reach"),
        ", ".join(TERMS),
    ),
    "a term that there is none of": (
        lambda x: x["terms"].update(reaches=x["terms"]["reach"]),
        "terms.reaches",
        "reaches",
        "reach",
    ),
    "a preset that is missing": (
        lambda x: x["presets"].pop("harm"),
        "presets",
        "central, sceptical, null",
        "central, sceptical, null, harm",
    ),
    "two entries with one id": (
        lambda x: x["entries"].append(study("desk")),
        "entries.11.id",
        "desk",
        "an id of its own for each",
    ),
    "odds at a ratio of flows": (
        lambda x: x["entries"].append(entry("odd", "evidence", "suspected", measure="odds_ratio")),
        "entries.11.measure",
        "odds_ratio",
        "ratio",
    ),
    "a judgement that is no odds": (
        lambda x: x["entries"].append(entry("odd", "evidence", "convicted", measure="ratio")),
        "entries.11.measure",
        "ratio",
        "odds_ratio",
    ),
    "a study with odds at a ratio of flows": (
        lambda x: x["entries"][TEAM].update(stage="suspected", measure="odds_ratio"),
        "entries.8.measure",
        "odds_ratio",
        "ratio",
    ),
    "a finding with an effect": (
        lambda x: x["entries"][FINDING].update(effect=NUMBERS),
        "entries.9.effect",
        "finding with an effect",
        "measure finding, or an effect with value, low, high and level",
    ),
    "an odds ratio without an effect": (
        lambda x: x["entries"].append({**entry("odd", "evidence", "convicted"), "effect": None}),
        "entries.11.effect",
        "odds_ratio without an effect",
        "measure finding, or an effect with value, low, high and level",
    ),
    "an effect without a stage": (
        lambda x: x["entries"][TEAM].pop("stage"),
        "entries.8.stage",
        "nothing",
        "referred, suspected, prosecuted, convicted",
    ),
    "a judgement of no component": (
        lambda x: x["entries"].append(entry("odd", None, "convicted")),
        "entries.11.component",
        "nothing",
        "case_construction, interviewing, evidence, legal_support",
    ),
    "a finding about a term that there is none of": (
        lambda x: x["entries"][FINDING].update(about=["half_live_months"]),
        "entries.9.about.0",
        "half_live_months",
        "half_life_months",
    ),
    "a judgement with the grade of evidence": (
        lambda x: x["entries"][PRIOR].update(grade="A"),
        "entries.0.grade",
        "A with kind judgement",
        "D",
    ),
    "evidence with the grade of a judgement": (
        lambda x: x["entries"][FINDING].update(grade="D"),
        "entries.9.grade",
        "D with kind evidence",
        "A, B, C",
    ),
    "a term with the grade of evidence": (
        lambda x: x["terms"]["turnover"].update(grade="B"),
        "terms.turnover.grade",
        "B with kind judgement",
        "D",
    ),
    "evidence that says not what was found": (
        lambda x: x["entries"][FINDING].pop("found"),
        "entries.9.found",
        "nothing",
        "the figures of the study, as text",
    ),
    "a preset with an unknown entry": (
        lambda x: x["presets"]["harm"]["entries"].append("prior_evidences"),
        "presets.harm.entries.4",
        "prior_evidences",
        "prior_evidence",
    ),
    "a preset with two entries for one component at one stage": (
        lambda x: x["presets"]["harm"]["entries"].append("none_evidence"),
        "presets.harm.entries.4",
        "none_evidence",
        "one entry for a component at a stage",
    ),
    "a preset with a finding": (
        lambda x: x["presets"]["harm"]["entries"].append("desk"),
        "presets.harm.entries.4",
        "desk, a finding",
        "an entry with a component and an effect: an odds_ratio, or a ratio at suspected",
    ),
    "a preset with a ratio as it was printed": (
        lambda x: x["presets"]["harm"]["entries"].append("team"),
        "presets.harm.entries.4",
        "team, a ratio",
        "an entry with a component and an effect: an odds_ratio, or a ratio at suspected",
    ),
    "a preset without a component": (
        lambda x: x["presets"]["harm"]["entries"].remove("prior_evidence"),
        "presets.harm.entries",
        "prior_case_construction, prior_interviewing, prior_legal_support",
        "at least one for each component",
    ),
    "no effect that is one": (
        lambda x: x["presets"]["null"]["entries"].__setitem__(2, "prior_evidence"),
        "presets.null.entries.2",
        "prior_evidence",
        "an entry whose value, low and high are 1",
    ),
    "a preset that changes a term that there is none of": (
        lambda x: x["presets"]["harm"].update(terms={"reaches": {"value": 1, "low": 1, "high": 1}}),
        "presets.harm.terms.reaches",
        "reaches",
        "reach",
    ),
    "a preset with a share above 1": (
        lambda x: x["presets"]["harm"].update(
            terms={"reach": {"value": 0.5, "low": 0.4, "high": 1.4}}
        ),
        "presets.harm.terms.reach.high",
        "1.4",
        "above 0 and below 1",
    ),
    "a preset with numbers out of order": (
        lambda x: x["presets"]["sceptical"]["terms"]["half_life_months"].update(low=9),
        "presets.sceptical.terms.half_life_months",
        "low 9, value 8, high 20",
        "low <= value <= high",
    ),
    "a preset with a level in per cent": (
        lambda x: x["presets"]["sceptical"]["terms"]["half_life_months"].update(level=90),
        "presets.sceptical.terms.half_life_months.level",
        "90",
        "above 0 and below 1",
    ),
}


@pytest.mark.parametrize("broken", BROKEN_RULES.values(), ids=BROKEN_RULES.keys())
def test_a_broken_rule_names_key_found_and_allowed(
    broken: tuple[Change, str, str, str],
) -> None:
    edit, key, found, allowed = broken
    library = library_of()
    edit(library)
    (fault,) = faults_of(EffectLibrary.model_validate(library))
    assert (".".join(map(str, fault.path)), fault.found) == (key, found)
    assert fault.allowed == allowed or allowed in fault.allowed.split(", ")
    assert fault.message.endswith(".")


def test_a_preset_with_no_entry_misses_every_component() -> None:
    library = library_of()
    library["presets"]["central"]["entries"] = []
    faults = list(faults_of(EffectLibrary.model_validate(library)))
    assert [fault.path for fault in faults] == [("presets", "central", "entries")] * 4
    assert {fault.found for fault in faults} == {"none"}


def test_the_small_library_breaks_no_rule() -> None:
    assert list(faults_of(EffectLibrary.model_validate(library_of()))) == []


def test_all_faults_are_listed_at_once(path: Path) -> None:
    def edit(library: dict[str, Any]) -> None:
        library["currency"] = "dollars"
        library["entries"][PRIOR]["effect"]["low"] = 5
        library["terms"]["reach"]["high"] = 3
        library["presets"]["harm"]["entries"].append("nobody")

    problems = changed(path, edit)
    assert [(p.column, p.row) for p in problems] == [
        ("currency", line_of(path, "currency:")),
        ("entries.0.effect", line_of(path, "effect:", after="id: prior_case_construction")),
        ("terms.reach.high", line_of(path, "high:", after="  reach:")),
        ("presets.harm.entries.4", line_of(path, "- nobody", after="  harm:")),
    ]
    assert str(problems[0]) == (
        f"library.yaml, row {line_of(path, 'currency:')}, column currency: This is no code of a "
        "currency. Found: dollars. Allowed: three capitals of ISO 4217, such as USD or EUR."
    )


def test_a_study_may_print_another_ratio_than_the_model_uses() -> None:
    data = library_of()
    for stage in MEASURE_OF_STAGE:
        printed = {"stage": stage, "measure": "ratio", "effect": NUMBERS}
        data["entries"].append(study(f"ratio_{stage}", component="evidence", **printed))
    library = EffectLibrary.model_validate(data)
    assert list(faults_of(library)) == []
    assert [s for s in MEASURE_OF_STAGE if library.entry(f"ratio_{s}").usable] == ["suspected"]


# ------------------------------------------------------------------ in config and snapshot


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    return write_world(tmp_path / "world", [observation("AAA", 2020, "prosecuted", "persons", 5)])


def test_a_config_without_a_library_works_and_has_none(world: Path) -> None:
    assert load_config(world).config.training is None
    assert read_catalogue(load_config(world)).effects is None
    with open_atlas(world) as atlas:
        assert atlas.effects is None


def test_the_atlas_has_the_library_of_its_snapshot_and_another_makes_another(world: Path) -> None:
    add_library(world)
    with open_atlas(world) as before:
        read = load_effects(world.parent / "library.yaml")
        (world.parent / "library.yaml").unlink()
        assert before.effects == read
        library = library_of()
        library["entries"][PRIOR]["effect"]["value"] = 1.3
        add_library(world, library)
        with open_atlas(world) as after:
            assert after.snapshot.id != before.snapshot.id
            assert after.effects is not None
            effect = after.effects.entry("prior_case_construction").effect
            assert effect is not None
            assert effect.value == 1.3


def test_a_faulty_library_stands_under_its_path_beside_other_faults(world: Path) -> None:
    library = library_of()
    library["currency"] = "dollars"
    add_library(world, library)
    (world.parent / "office.yaml").write_text("title: x\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_catalogue(load_config(world))
    assert {problem.where for problem in caught.value.problems} == {"library.yaml", "office.yaml"}


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("library: library.yaml", "library: nothing.yaml", "training.library",
         "There is no such file."),
        ("library: library.yaml", "library: ../library.yaml", "training.library",
         "The path leaves the folder of the config."),
        ("yaml\n  source: office", "yaml\n  source: people", "training.source",
         "No observations dataset has this source."),
        ("yaml\n  source: office\n", "yaml\n", "training.source", "'source' is required here."),
        ("library: library.yaml", "libary: library.yaml", "training.libary",
         "'libary' is not a key that this place knows."),
    ],
)  # fmt: skip
def test_a_config_has_to_name_a_library_and_a_source(
    world: Path, old: str, new: str, column: str, message: str
) -> None:
    add_library(world)
    text = world.read_text(encoding="utf-8")
    assert old in text
    world.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(world)
    problem = next(p for p in caught.value.problems if p.column == column)
    assert problem.message == message
    assert problem.row is not None
