"""`stages:` in the config: what is refused, in which line, and what would do instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapatlas.config import load_config
from gapatlas.config.spoken import in_language, words_of
from gapatlas.errors import ConfigError
from gapatlas.languages import speaking
from tests.own_stage_world import LABEL, PER_VICTIM, PERMITS, write_own_stage_world

pytestmark = pytest.mark.usefixtures("said_problems")

Edit = Callable[[dict[str, Any]], object]
OWN = "stages.residence_permits"
ABOVE = f"measures.{PER_VICTIM}.numerator"


def permits(**changes: Any) -> Edit:
    return lambda config: config["stages"]["residence_permits"].update(changes)


def above(**changes: Any) -> Edit:
    return lambda config: config["measures"][PER_VICTIM]["numerator"].update(changes)


def wide(**count: str) -> Edit:
    map_ = {"place": {"column": "P"}, "year": {"column": "Y"}, "wide": {"N": count}}
    return lambda config: config["datasets"]["office"].update(map=map_)


WRONG: dict[str, tuple[Edit, str, str, str, str]] = {
    "the name of a known stage": (
        lambda c: c["stages"].update(convicted={"label": "Sentences", "unit": "persons"}),
        "stages.convicted", "Every config has a stage with this name.", "convicted",
        "a name other than detected, suspected",
    ),
    "an unknown unit": (
        permits(unit="permits"), f"{OWN}.unit", "Input should be", '"permits"', "'persons'",
    ),
    "no label": (
        lambda c: c["stages"]["residence_permits"].pop("label"),
        f"{OWN}.label", "'label' is required here.", "", "",
    ),
    "a label that fills the page": (
        permits(label="x" * 61), f"{OWN}.label", "String should have at most 60", "xxx", "",
    ),
    "the label of a known stage": (
        permits(label="persons convicted"), f"{OWN}.label", "Two stages have one label",
        "persons convicted, the label of convicted too", "a label of its own",
    ),
    "the label of another own stage": (
        lambda c: c["stages"].update(visas={"label": LABEL, "unit": "cases"}),
        "stages.visas.label", "Two stages have one label", "of residence_permits too", "",
    ),
    "a place behind a stage that is not there": (
        permits(after="detection"), f"{OWN}.after", "There is no known stage to stand behind.",
        "detection", "detected",
    ),
    "a measure of a stage that nobody defined": (
        above(stage="residence_permit"), f"{ABOVE}.stage", "There is no such stage.",
        "residence_permit", "residence_permits, or one of your own under `stages:`",
    ),
    "a measure of an own stage in another unit": (
        lambda c: (above(unit="cases")(c), c["measures"][PER_VICTIM].update(unit="cases, victims")),
        f"{ABOVE}.unit", "'residence_permits' is not counted in cases.",
        "cases", "persons",
    ),
    "a map to a stage that nobody defined": (
        wide(stage="residence_permit", unit="persons"), "datasets.office.map.wide.N.stage",
        "This is no stage known here.", "residence_permit", "residence_permits",
    ),
    "a map to an own stage in another unit": (
        wide(stage="residence_permits", unit="cases"), "datasets.office.map.wide.N",
        "'residence_permits' is not counted in cases.", "cases", "persons",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "key", "message", "found", "allowed"), WRONG.values(), ids=WRONG.keys()
)
def test_a_wrong_stage_is_refused_with_line_found_and_allowed(
    edit: Edit, key: str, message: str, found: str, allowed: str, tmp_path: Path
) -> None:
    path = write_own_stage_world(tmp_path, edit=edit)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    problem = next(p for p in caught.value.problems if p.column == key)
    assert problem.row
    assert problem.message.startswith(message)
    assert found in (problem.found or "")
    assert allowed in (problem.allowed or "")


def test_own_stages_are_listed_where_the_config_puts_them(tmp_path: Path) -> None:
    inspections = {"label": "Inspections", "unit": "cases"}
    path = write_own_stage_world(tmp_path, edit=lambda c: c["stages"].update(visits=inspections))
    config = load_config(path).config
    assert list(config.stage_units())[:3] == ["detected", "residence_permits", "suspected"]
    assert list(config.stage_units())[-1] == "visits"
    assert config.stage_labels()["visits", "cases"] == "Inspections"
    assert config.stage_labels()["convicted", "persons"] == "Persons convicted"


def test_two_configs_in_one_process_keep_their_own_words(tmp_path: Path) -> None:
    first = load_config(write_own_stage_world(tmp_path / "a")).config
    other = {**PERMITS, "label": "Visas"}
    path = write_own_stage_world(
        tmp_path / "b", edit=lambda c: c["stages"].update(residence_permits=other)
    )
    second = load_config(path).config
    labels = [config.measures[PER_VICTIM].numerator.label for config in (first, second)]
    assert labels == [LABEL, "Visas"]


def test_a_label_is_said_in_the_language_that_is_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load_config(write_own_stage_world(tmp_path)).config
    assert LABEL in list(words_of(config))
    for room in ("spoken", "stage_models", "models"):
        monkeypatch.setattr(f"gapatlas.config.{room}.say", {LABEL: "Permisos"}.get)
    with speaking("es"):
        spoken = in_language(config.stages["residence_permits"])
        numerator = in_language(config.measures[PER_VICTIM].numerator)
    assert spoken.label == numerator.label == "Permisos"
