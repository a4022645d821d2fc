"""`associations:` in the config: what is refused, in which line, and what would do instead."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from gapatlas.config import load_config
from gapatlas.errors import ConfigError, Problem
from tests.support import config_of, observation, write_world

SCORE = {
    "title": "Grants",
    "unit": "grants",
    "source": "lists",
    "definition": "How many grants.",
    "caution": "It is made up.",
}
GRANTS = {
    "title": "Grants",
    "treatment": "grants",
    "treatment_words": "a grant listed",
    "design": "intensity",
    "outcomes": [{"stage": "convicted", "unit": "persons"}],
    "source": "office",
    "caution": "It is made up.",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_world(tmp_path / "world", [observation("AAA", 2020, "convicted", "persons", 5)])


def write(path: Path, associations: dict[str, Any]) -> None:
    content = config_of()
    lists = {**content["datasets"]["people"], "kind": "indicators", "source": "lists"}
    content["datasets"]["lists"] = lists
    content["indicators"] = {"grants": SCORE}
    content["associations"] = deepcopy(associations)
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def only_problem(path: Path, associations: dict[str, Any]) -> Problem:
    write(path, associations)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    (problem,) = caught.value.problems
    assert problem.where == path.name
    return problem


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index("associations:")
    return next(i for i, line in enumerate(lines[start:], start + 1) if text in line)


def test_what_is_left_out_has_its_default(path: Path) -> None:
    write(path, {"a": GRANTS})
    found = load_config(path).config.associations["a"]
    assert (found.lag, found.measured_as, found.level, found.left_out) == (1, "any", "country", {})
    assert load_config(write_world(path.parent / "b", [])).config.associations == {}


@pytest.mark.parametrize(
    ("change", "line", "found", "allowed"),
    [
        ({"treatment": "grant"}, "treatment: grant", "grant", "grants"),
        ({"source": "ofice"}, "source: ofice", "ofice", "office"),
        ({"source": "lists"}, "source: lists", "lists", "office"),
        ({"design": "stepwise"}, "design: stepwise", '"stepwise"', "'intensity' or 'rollout'"),
    ],
)
def test_a_name_that_is_not_there_has_its_line(
    path: Path, change: dict[str, str], line: str, found: str, allowed: str
) -> None:
    problem = only_problem(path, {"a": {**GRANTS, **change}})
    assert problem.row == line_of(path, line)
    assert problem.column == f"associations.a.{next(iter(change))}"
    assert (problem.found, problem.allowed) == (found, allowed)


@pytest.mark.parametrize(
    ("stage", "allowed"),
    [
        ({"stage": "convicted", "unit": "victims"}, "persons, cases, charges"),
        ({"stage": "sentenced", "unit": "persons"}, "detected"),
    ],
)
def test_an_outcome_has_a_stage_and_a_unit_that_fit(
    path: Path, stage: dict[str, str], allowed: str
) -> None:
    problem = only_problem(path, {"a": {**GRANTS, "outcomes": [stage]}})
    assert problem.row == line_of(path, f"stage: {stage['stage']}")
    assert allowed in str(problem.allowed)


def test_each_stage_stands_once(path: Path) -> None:
    both = [{"stage": "convicted", "unit": unit} for unit in ("persons", "cases")]
    problem = only_problem(path, {"a": {**GRANTS, "outcomes": both}})
    assert "stands twice" in problem.message
    assert problem.row == line_of(path, "a:")


def test_there_is_an_outcome(path: Path) -> None:
    assert "is empty" in only_problem(path, {"a": {**GRANTS, "outcomes": []}}).message


def test_a_roll_out_has_no_amount(path: Path) -> None:
    problem = only_problem(path, {"a": {**GRANTS, "design": "rollout", "measured_as": "number"}})
    assert problem.allowed == "measured_as any"


@pytest.mark.parametrize("lag", [-1, 4])
def test_a_lag_is_from_0_to_3(path: Path, lag: int) -> None:
    assert only_problem(path, {"a": {**GRANTS, "lag": lag}}).row == line_of(path, f"lag: {lag}")


def test_two_associations_have_two_titles(path: Path) -> None:
    problem = only_problem(path, {"a": GRANTS, "b": deepcopy(GRANTS)})
    assert problem.column == "associations.b.title"
    assert "could not tell them apart" in problem.message
