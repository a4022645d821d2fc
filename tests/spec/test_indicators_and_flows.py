"""Indicators and flows from config to atlas: what is refused, where, and what is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.build import build
from gapatlas.catalogue import read_catalogue
from gapatlas.comparison.peers import PEER_LABELS, groups_by_indicator, peer_groups, peer_labels
from gapatlas.config import load_config
from gapatlas.config.vocabulary import FIXED_PEERS
from gapatlas.errors import ConfigError, Problem, UnknownNameError, ValidationError
from gapatlas.validate import validate
from tests.score_worlds import FLOWS, SCORES, write_score_world

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(autouse=True)
def _snapshots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))


@pytest.fixture
def atlas(tmp_path: Path) -> Iterator[Atlas]:
    with open_atlas(write_score_world(tmp_path / "world")) as opened:
        yield opened


# ------------------------------------------------------------------ the config


def config_problem(tmp_path: Path, edit: Edit) -> tuple[Problem, list[str]]:
    path = write_score_world(tmp_path / "world", edit=edit)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    (problem,) = caught.value.problems
    return problem, path.read_text("utf-8").splitlines()


CONFIG_FAULTS: dict[str, tuple[Edit, str, str, str]] = {
    "another source": (
        lambda c: c["indicators"]["tier"].update(source="scors"),
        "indicators.tier.source", "No indicators dataset has this source.", "scores",
    ),
    "a source of counts": (
        lambda c: c["indicators"]["tier"].update(source="office"),
        "indicators.tier.source", "No indicators dataset has this source.", "scores",
    ),
    "an unknown law": (
        lambda c: c["gaps"].update(law="rule_of_lw"),
        "gaps.law", "There is no such indicator.", "rule_of_law, tier",
    ),
    "an unknown term": (
        lambda c: c["gaps"].update(model=["tier", "peace"]),
        "gaps.model.1", "There is no such indicator.", "rule_of_law, tier",
    ),
    "an unknown history": (
        lambda c: c["gaps"].update(history=["peace"]),
        "gaps.history.0", "There is no such indicator.", "rule_of_law, tier",
    ),
    "a term that stands twice": (
        lambda c: c["gaps"].update(model=["tier", "tier"]),
        "gaps", "Tier stands twice in `model`.", "each once",
    ),
    "a scale that falls": (
        lambda c: c["indicators"]["rule_of_law"].update(scale=[100, 0]),
        "indicators.rule_of_law", "The scale 100 to 0 does not rise.", "the lowest value first",
    ),
    "bands that fall": (
        lambda c: c["indicators"]["rule_of_law"].update(bands=[50, 20]),
        "indicators.rule_of_law", "The bands do not rise.", "each higher than the one before",
    ),
    "a band at no number": (
        lambda c: c["indicators"]["rule_of_law"].update(bands=[float("nan")]),
        "indicators.rule_of_law.bands.0", "Input should be a finite number.", "",
    ),
    "a label at no number": (
        lambda c: c["indicators"]["tier"].update(labels={"two": "Tier 2"}),
        "indicators.tier", "The label of 'two' stands at no number.", "values such as 2 or 2.5",
    ),
    "a label at no finite number": (
        lambda c: c["indicators"]["tier"].update(labels={"nan": "Tier 2"}),
        "indicators.tier", "The label of 'nan' stands at no number.", "values such as 2 or 2.5",
    ),
    "peers without groups": (
        lambda c: c["indicators"]["tier"].update(labels={}),
        "indicators.tier", "`peers` need `bands` or `labels` to say who is alike.", "",
    ),
    "two choices of peers with one name": (
        lambda c: c["indicators"]["tier"].update(peers="Similar rule of law"),
        "indicators.tier.peers", "Two indicators have one choice of peers", "words of its own",
    ),
    "an id that every config has": (
        lambda c: c["indicators"].update(region=c["indicators"].pop("tier"))
        or c["gaps"].update(history=[]),
        "indicators.region", "Every config has a choice of peers with this id.", "an id other than",
    ),
    "two flows of one source": (
        lambda c: c["datasets"].update(more={**c["datasets"]["origins"]}),
        "datasets.more.source", "Two flows datasets have one source", "a source id of its own",
    ),
    "an unknown word for better": (
        lambda c: c["indicators"]["tier"].update(better="more"),
        "indicators.tier.better", "Input should be 'higher' or 'lower'.", "'higher' or 'lower'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", CONFIG_FAULTS.values(), ids=list(CONFIG_FAULTS))
def test_a_fault_of_the_config_is_named_with_its_line(tmp_path: Path, fault: Any) -> None:
    edit, column, message, allowed = fault
    problem, lines = config_problem(tmp_path, edit)
    assert problem.where == "config.yaml"
    assert problem.column == column
    assert problem.message.startswith(message)
    assert allowed in (problem.allowed or "")
    assert problem.row is not None
    keys = [key for key in column.split(".") if not key.isdigit()]
    line = lines[problem.row - 1].strip()
    assert line.startswith((keys[-1], "- ")), line


def test_fixed_choices_of_peers_are_those_of_the_vocabulary() -> None:
    assert sorted(PEER_LABELS) == sorted(FIXED_PEERS)


def test_labels_may_be_written_as_numbers(tmp_path: Path) -> None:
    path = write_score_world(tmp_path / "world")
    text = path.read_text("utf-8")
    assert "'2.5': Tier 2" in text
    path.write_text(text.replace("'2.5': Tier 2", "2.5: Tier 2").replace("'1':", "1:"), "utf-8")
    assert load_config(path).config.indicators["tier"].labels["2.5"] == "Tier 2 Watch List"


# ------------------------------------------------------------------ the tables


def table_problems(tmp_path: Path, edit: Edit | None = None, **tables: Any) -> list[Problem]:
    path = write_score_world(tmp_path / "world", edit=edit, **tables)
    with pytest.raises(ValidationError) as caught:
        validate(read_catalogue(load_config(path)))
    return caught.value.problems


NUMBER, CELL, WHOLE = "This is not a number.", "The cell is empty.", "This is not a whole number."
SCORE_FAULTS = {
    "an unknown status": (0, ",exact,", ",sure,", "status", "This word", "'sure'", "estimated"),
    "an unknown indicator": (0, "rule_of_law", "law", "indicator", "This word", "'law'", "tier"),
    "a year in words": (0, "2019", "soon", "year", WHOLE, "'soon'", "from 1900"),
    "an unknown place": (0, "AAA", "AAX", "jurisdiction_id", "There is no", "'AAX'", "AAA"),
    "a text": (1, ",62.5,", ",many,", "value", NUMBER, "'many'", "-1.25"),
    "an exponent": (1, ",62.5,", ",6e1,", "value", NUMBER, "'6e1'", "-1.25"),
    "a comma": (1, ",55,", ',"5,5",', "low", NUMBER, "'5,5'", "-1.25"),
    "no number at all": (1, ",70,", ",nan,", "high", NUMBER, "'nan'", "-1.25"),
    "an exact range": (0, ",40,40,40,", ",40,39,40,", "value", "An exact value", "'40'", "low = v"),
    "an exact one without limit": (0, ",40,40,40,", ",40,,40,", "low", CELL, "''", "a number"),
    "an exact one without value": (0, ",40,40,40,", ",,40,40,", "value", CELL, "''", "a number"),
    "beyond its limits": (1, ",62.5,", ",71,", "value", "The value lies", "'71'", "low <= value"),
    "a limit missing": (1, ",70,", ",,", "high", CELL, "''", "a number"),
    "limits that cross": (2, ",10,30,", ",31,30,", "low", "The lower limit", "'31'", "low <= high"),
    "a value beside limits": (
        2, ",,10,", ",20,10,", "value", "A censored", "'20'", "an empty cell"),
    "no limit": (2, ",10,30,", ",,,", "low", "Neither limit", "''", "a number in low, high or"),
    "a value not reported": (
        3, ",,,,", ",7,,,", "value", "What is not reported", "'7'", "an empty"),
    "a limit not reported": (3, ",,,,", ",,,7,", "high", "What is not reported", "'7'", "an empty"),
    "off the scale": (
        0, ",40,40,40,", ",140,140,140,", "value", "The value is off", "'140'", "0 to"),
    "a range off the scale": (
        2, ",10,30,", ",-1,30,", "low", "The value is off", "'-1'", "0 to 100"),
    "a key twice": (
        1, "2021", "2019", "jurisdiction_id, year, indicator", "The same key", None, "e"),
}  # fmt: skip


@pytest.mark.parametrize("fault", SCORE_FAULTS.values(), ids=list(SCORE_FAULTS))
def test_one_fault_of_a_score_gives_one_problem_with_its_place(tmp_path: Path, fault: Any) -> None:
    line, old, new, column, message, found, allowed = fault
    assert old in SCORES[line]
    spoilt = [text.replace(old, new, 1) if at == line else text for at, text in enumerate(SCORES)]
    (problem,) = table_problems(tmp_path, scores=spoilt)
    assert (problem.where, problem.row, problem.column) == ("scores.csv", line + 2, column)
    assert problem.message.startswith(message)
    assert found in (None, problem.found)
    assert allowed in (problem.allowed or "")


def test_limits_of_an_estimate_may_lie_off_its_scale(tmp_path: Path) -> None:
    """They come from a standard error: those of the Worldwide Governance Indicators do."""
    scores = (*SCORES[:1], SCORES[1].replace(",55,70,", ",-5,130,"), *SCORES[2:])
    path = write_score_world(tmp_path / "world", scores=scores)
    checked = validate(read_catalogue(load_config(path)))
    assert checked.indicators["scores"]["high"].max() == 130


FLOW_FAULTS = {
    "an unknown status": (0, ",exact,", ",sure,", "status", "This word", "'sure'", "suppressed"),
    "an unknown stage": (0, "detected", "found", "stage", "This word", "'found'", "detected"),
    "an unknown unit": (0, "victims", "people", "unit", "This word", "'people'", "victims"),
    "a unit of another stage": (
        0, "victims", "persons", "unit", "'detected' is", "'persons'", "vic"),
    "an unknown kind": (
        2, ",group,", ",region,", "origin_kind", "This word", "'region'", "nationals"),
    "an unknown place": (0, "AAA,", "AAX,", "jurisdiction_id", "There is no", "'AAX'", "AAA"),
    "an unknown origin": (0, ",BBB,", ",BBX,", "origin_id", "There is no such", "'BBX'", "BBB"),
    "no origin": (0, ",BBB,", ",,", "origin_id", "There is no such place.", "''", "an id of the"),
    "an origin of a group": (
        2, ",group,,", ",group,BBB,", "origin_id", "Only a label", "'BBB'", "emp"),
    "no label": (2, "Other Asia", "", "label", CELL, "''", "a text"),
    "a decimal": (
        0, ",12,12,", ",12,12.5,", "count_high", WHOLE, "'12.5'", "a whole number from 0"),
    "a negative count": (
        0, ",12,12,", ",-1,12,", "count_low", WHOLE, "'-1'", "a whole number from 0"),
    "an exact range": (
        0, ",12,12,", ",11,12,", "count_high", "An exact count", "'12'", "count_low ="),
    "a range of one": (1, ",0,4,", ",4,4,", "count_high", "A censored count", "'4'", "count_low <"),
    "bounds that cross": (1, ",0,4,", ",5,4,", "count_low", "The lower bound is above", "'5'", ""),
    "a withheld count": (
        3, ",,,suppressed", ",3,,suppressed", "count_low", "A count that", "'3'", "an"),
    "a key twice": (2, "Other Asia", "Betalanders", "jurisdiction_id, year, stage, unit, label",
                    "The same key stands in row 2", None, "each key once"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FLOW_FAULTS.values(), ids=list(FLOW_FAULTS))
def test_one_fault_of_a_flow_gives_one_problem_with_its_place(tmp_path: Path, fault: Any) -> None:
    line, old, new, column, message, found, allowed = fault
    assert old in FLOWS[line]
    spoilt = [text.replace(old, new, 1) if at == line else text for at, text in enumerate(FLOWS)]
    (problem,) = table_problems(tmp_path, flows=spoilt)
    assert (problem.where, problem.row, problem.column) == ("origins.csv", line + 2, column)
    assert problem.message.startswith(message)
    assert found in (None, problem.found)
    assert allowed in (problem.allowed or "")


def test_a_fault_in_the_places_is_no_fault_of_every_origin(tmp_path: Path) -> None:
    path = write_score_world(tmp_path / "world")
    places = path.parent / "places.csv"
    places.write_text(places.read_text("utf-8").replace("jurisdiction_id,", "id,", 1), "utf-8")
    with pytest.raises(ValidationError) as caught:
        validate(read_catalogue(load_config(path)))
    assert {problem.where for problem in caught.value.problems} == {"places.csv"}


def second_table(content: dict[str, Any], source: str) -> None:
    content["datasets"]["more"] = {**content["datasets"]["scores"], "source": source}


def test_an_indicator_stands_in_tables_of_its_own_source(tmp_path: Path) -> None:
    problems = table_problems(tmp_path, edit=lambda c: second_table(c, "elsewhere"))
    assert {(p.column, p.message) for p in problems} == {
        ("indicator", "This word is not known here.")
    }
    assert len(problems) == len(SCORES)


def test_a_value_stands_in_one_table_of_a_source(tmp_path: Path) -> None:
    problems = table_problems(tmp_path, edit=lambda c: second_table(c, "scores"))
    assert len(problems) == len(SCORES)
    assert problems[0].row == 2
    assert problems[0].found == "AAA, 2019, rule_of_law"
    assert problems[0].message == "scores.csv has this value of the source already."


# ------------------------------------------------------------------ the snapshot


def test_a_snapshot_with_both_kinds_is_used_again_until_one_of_them_changes(tmp_path: Path) -> None:
    path = write_score_world(tmp_path / "world")
    first, again = build(path), build(path)
    assert (first.reused, again.reused, first.id) == (False, True, again.id)
    changed = write_score_world(tmp_path / "world", flows=FLOWS[:-1])
    assert build(changed).id != first.id


def test_a_world_without_either_kind_has_empty_answers(tmp_path: Path) -> None:
    path = write_score_world(tmp_path / "world", scores=(), flows=())
    with open_atlas(path) as atlas:
        assert atlas.indicator("tier").empty
        assert atlas.indicator_at("tier", 2022).empty
        assert atlas.flows("origins", "detected").empty
        assert atlas.reporting("scores").empty


# ------------------------------------------------------------------ the atlas


def test_every_value_of_an_indicator_has_its_status_and_limits(atlas: Atlas) -> None:
    found = atlas.indicator("rule_of_law")
    assert found[["jurisdiction_id", "year", "status"]].to_numpy().tolist() == [
        ["AAA", 2019, "exact"],
        ["AAA", 2021, "estimated"],
        ["BBB", 2020, "censored"],
        ["CCC", 2020, "not_reported"],
    ]
    assert found["value"].isna().tolist() == [False, False, True, True], "absent, never 0"
    assert found.loc[2, ["low", "high"]].tolist() == [10, 30]
    assert found.loc[1, ["value", "low", "high"]].tolist() == [62.5, 55, 70]
    assert atlas.indicator("tier", ["BBB"])["note"].tolist() == ["a note"]
    assert atlas.indicator("tier", []).empty


@pytest.mark.parametrize(
    ("year", "values"),
    [(2018, {}), (2019, {"AAA": 40.0}), (2020, {"AAA": 40.0, "BBB": None}),
     (2022, {"AAA": 62.5, "BBB": None})],
)  # fmt: skip
def test_the_last_known_value_at_the_end_of_a_year(atlas: Atlas, year: int, values: Any) -> None:
    found = atlas.indicator_at("rule_of_law", year)
    got = dict(zip(found["jurisdiction_id"], found["value"], strict=True))
    assert {id_: None if pd.isna(v) else float(v) for id_, v in got.items()} == values


def test_flows_are_given_as_published(atlas: Atlas) -> None:
    found = atlas.flows("origins", "detected")
    assert found["label"].tolist() == ["Betalanders", "Other Asia", "own citizens", "Not known"]
    assert found.loc[2, ["count_low", "count_high", "status"]].tolist() == [0, 4, "censored"]
    assert pd.isna(found.loc[3, "count_low"])
    assert atlas.flows("origins", "convicted")["origin_id"].tolist() == ["CCC"]
    assert atlas.flows("origins", "acquitted").empty


def test_what_is_reported_counts_the_figures_of_a_place_and_year(atlas: Atlas) -> None:
    scores = atlas.reporting("scores").set_index(["jurisdiction_id", "year"])["figures"]
    assert scores.to_dict() == {
        ("AAA", 2019): 1, ("AAA", 2020): 1, ("AAA", 2021): 1, ("BBB", 2020): 2, ("DDD", 2020): 1,
    }  # fmt: skip
    flows = atlas.reporting("origins").set_index(["jurisdiction_id", "year"])["figures"]
    assert flows.to_dict() == {("AAA", 2020): 3, ("BBB", 2021): 2}


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda a: a.indicator("tiers"), "tier"),
        (lambda a: a.indicator("tier", ["AAX"]), "AAA"),
        (lambda a: a.indicator_at("peace", 2020), "rule_of_law"),
        (lambda a: a.flows("scores", "detected"), "origins"),
        (lambda a: a.flows("origins", "detcted"), "detected"),
        (lambda a: a.reporting("score"), "scores"),
    ],
)
def test_unknown_names_are_refused_with_near_ones(atlas: Atlas, ask: Any, words: str) -> None:
    with pytest.raises(UnknownNameError, match=words):
        ask(atlas)


def test_peers_by_indicator_follow_labels_and_bands_of_the_year(atlas: Atlas) -> None:
    assert list(peer_labels(atlas.config))[3:] == ["rule_of_law", "tier", "all", "own"]
    measure = "convicted_per_prosecuted"
    early, late = (peer_groups(atlas, measure, "rule_of_law", year) for year in (2019, 2021))
    assert early.to_dict() == {
        "AAA": "other places with rule of law from 20 to 50", "BBB": "", "CCC": "", "DDD": "",
    }  # fmt: skip
    assert late["AAA"] == "other places with rule of law of 50 or more"
    tiers = peer_groups(atlas, measure, "tier", 2020)
    assert tiers["AAA"] == "other places with Tier 2 Watch List"
    assert tiers["BBB"] == "other places with Tier 1"
    assert tiers["DDD"] == "", "a limit alone is no group"


def test_a_value_without_a_label_is_called_by_its_number(atlas: Atlas) -> None:
    scores = pd.DataFrame({"jurisdiction_id": ["X"], "value": [3.0]})
    assert groups_by_indicator(atlas.config.indicators["tier"], scores).to_dict() == {
        "X": "other places with 3"
    }


def test_a_title_keeps_its_capitals_where_they_are_an_abbreviation(atlas: Atlas) -> None:
    indicator = atlas.config.indicators["rule_of_law"].model_copy(update={"title": "GDP per head"})
    scores = pd.DataFrame({"jurisdiction_id": ["X"], "value": [3.0]})
    words = groups_by_indicator(indicator, scores)["X"]
    assert words == "other places with GDP per head below 20"
