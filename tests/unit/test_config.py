"""`config.yaml` as typed objects: what is refused, in which line, and what would do instead."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from gapatlas.config import (
    config_json_schema,
    default_config_path,
    load_config,
    near_names,
    snapshot_folder,
)
from gapatlas.errors import ConfigError, Problem
from tests.support import config_of, observation, ratio, write_world

pytestmark = pytest.mark.usefixtures("said_problems")

ROOT = Path(__file__).parents[2]
RATIO = "convicted_per_prosecuted"
RATE = "convicted_per_100k"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_world(tmp_path / "world", [observation("AAA", 2020, "convicted", "persons", 5)])


def problems_of(path: Path) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    problems = caught.value.problems
    assert problems
    assert all(problem.where == path.name for problem in problems)
    return problems


def change(path: Path, edit: Change) -> None:
    content = config_of()
    edit(content)
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


def line_of(path: Path, text: str, after: str = "") -> int:
    """Line of the first row that holds `text`, at or below the first that holds `after`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if after in line)
    return next(i for i, line in enumerate(lines[start:], start + 1) if text in line)


def only_problem(path: Path, edit: Change) -> Problem:
    change(path, edit)
    (problem,) = problems_of(path)
    return problem


def block(content: dict[str, Any], measure: str = RATIO) -> dict[str, Any]:
    found: dict[str, Any] = content["measures"][measure]
    return found


# ------------------------------------------------------------------ a good config


def test_a_good_config_is_typed_and_frozen(path: Path) -> None:
    config = load_config(path).config
    measure = config.measures[RATIO]
    assert (measure.numerator.stage, measure.numerator.unit) == ("convicted", "persons")
    assert config.measures[RATE].denominator == "population"
    assert config.observation_sources() == {"office": "office"}
    with pytest.raises(ValidationError):
        config.title = "Another"  # type: ignore[misc]


def test_what_is_left_out_has_its_default(path: Path) -> None:
    config = load_config(path).config
    assert (config.title, config.maps) == ("Gap Atlas", {})
    assert (config.limits.query_seconds, config.snapshots.folder) == (5.0, ".snapshots")


def test_paths_count_from_the_folder_of_the_config(path: Path, monkeypatch: Any) -> None:
    monkeypatch.delenv("GAPATLAS_SNAPSHOTS", raising=False)
    monkeypatch.chdir(path.parent.parent)
    loaded = load_config("world/config.yaml")
    assert loaded.resolve(loaded.config.places[0].file) == path.parent / "places.csv"
    assert snapshot_folder(loaded) == path.parent / ".snapshots"


def test_the_environment_names_config_and_snapshots(path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("GAPATLAS_CONFIG", str(path))
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(path.parent / "elsewhere"))
    assert default_config_path() == path
    assert snapshot_folder(load_config(path)) == path.parent / "elsewhere"


# ------------------------------------------------------------------ keys


@pytest.mark.parametrize(
    ("edit", "key", "near"),
    [
        (lambda c: c.update(mesures={}), "mesures", "measures"),
        (lambda c: c["defaults"].update(windw=1), "windw", "window"),
        (lambda c: c["datasets"]["office"].update(fle="x"), "fle", "file"),
        (lambda c: block(c).update(definiton="x"), "definiton", "definition"),
        (lambda c: block(c)["numerator"].update(stge="x"), "stge", "stage"),
        (lambda c: block(c)["denominator"].update(units="x"), "units", "unit"),
        (lambda c: c.update(limits={"query_second": 1}), "query_second", "query_seconds"),
    ],
)
def test_an_unknown_key_lists_the_near_ones_with_its_line(
    path: Path, edit: Change, key: str, near: str
) -> None:
    problem = only_problem(path, edit)
    assert (problem.row, problem.found) == (line_of(path, f"{key}:"), key)
    assert near in (problem.allowed or "").split(", ")


def test_a_duplicate_key_gives_both_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "version: 1\n", encoding="utf-8")
    (problem,) = problems_of(path)
    assert problem.row == text.count("\n") + 1
    assert "the first is in line 1" in problem.message


@pytest.mark.parametrize(
    ("edit", "key", "parent"),
    [
        (lambda c: c.pop("defaults"), "defaults", "version"),
        (lambda c: c["datasets"]["office"].pop("kind"), "kind", "office:"),
        (lambda c: block(c).pop("caution"), "caution", f"{RATIO}:"),
    ],
)
def test_a_missing_key_is_named_with_the_line_of_its_block(
    path: Path, edit: Change, key: str, parent: str
) -> None:
    problem = only_problem(path, edit)
    assert problem.message == f"'{key}' is required here."
    assert problem.row == line_of(path, parent)
    assert (problem.column or "").endswith(key)


@pytest.mark.parametrize("name", ["Bad Id", "9th", "x" * 64, "a-b", "ä"])
def test_an_id_that_cannot_be_one_is_refused(path: Path, name: str) -> None:
    change(
        path, lambda c: c["measures"].update({name: ratio(("convicted", "persons"), "population")})
    )
    (problem,) = problems_of(path)
    assert problem.column == f"measures.{name}"
    assert problem.row == line_of(path, f"{name}:", after=RATE)
    assert "[a-z]" in (problem.allowed or "")


# ------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("edit", "where", "allowed"),
    [
        (lambda c: c.update(version=2), "version", "1"),
        (lambda c: c["defaults"].update(year_to="soon"), "defaults.year_to", None),
        (lambda c: c["defaults"].update(window=2), "defaults.window", "1, 3 or 5"),
        (lambda c: c.update(datasets=["office"]), "datasets", None),
        (lambda c: c.update(datasets={}), "datasets", None),
        (lambda c: c.update(measures=None), "measures", None),
        (lambda c: c["datasets"]["office"].update(kind="table"), "datasets.office.kind", "cov"),
        (lambda c: block(c).update(per=0), f"measures.{RATIO}.per", None),
        (lambda c: block(c).update(per=float("nan")), f"measures.{RATIO}.per", None),
        (lambda c: block(c).update(level="county"), f"measures.{RATIO}.level", "us_state"),
        (lambda c: block(c).update(title=" "), f"measures.{RATIO}.title", None),
        (lambda c: block(c).update(denominator="people"), f"measures.{RATIO}.denominator", "popul"),
        (lambda c: block(c).update(denominator=[1]), f"measures.{RATIO}.denominator", "block"),
        (lambda c: c.update(limits={"threads": -1}), "limits.threads", None),
        (lambda c: c.update(limits={"query_seconds": 0}), "limits.query_seconds", None),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_line_and_what_does(
    path: Path, edit: Change, where: str, allowed: str | None
) -> None:
    problem = only_problem(path, edit)
    key = where.rsplit(".", 1)[-1]
    after = RATIO if RATIO in where else where.split(".")[-2] if "." in where else key
    assert problem.column == where
    assert problem.row == line_of(path, f"{key}:", after=after)
    assert (allowed or "") in (problem.allowed or "")


@pytest.mark.parametrize("text", ["- 1\n- 2\n", "hello\n", "17\n"])
def test_a_file_that_is_no_block_of_keys_is_refused(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    (problem,) = problems_of(path)
    assert problem.row == 1


def test_several_faults_are_all_listed_at_once(path: Path) -> None:
    def spoil(content: dict[str, Any]) -> None:
        block(content).pop("caution")
        block(content, RATE)["interval"] = "guess"
        content["defaults"].update(window=4, year_to="soon")
        content["extra"] = 1

    change(path, spoil)
    found = {problem.column for problem in problems_of(path)}
    assert found == {
        f"measures.{RATIO}.caution",
        f"measures.{RATE}.interval",
        "defaults.window",
        "defaults.year_to",
        "extra",
    }


# ------------------------------------------------------------------ stages and units


@pytest.mark.parametrize("side", ["numerator", "denominator"])
def test_convicted_persons_without_a_unit_are_refused(path: Path, side: str) -> None:
    problem = only_problem(path, lambda c: block(c)[side].pop("unit"))
    assert problem.message == "'unit' is required here."
    assert problem.column == f"measures.{RATIO}.{side}.unit"
    assert problem.row == line_of(path, f"{side}:", after=RATIO)


def test_a_unit_that_does_not_fit_its_stage_is_refused(path: Path) -> None:
    problem = only_problem(path, lambda c: block(c)["denominator"].update(unit="victims"))
    assert problem.message == "'prosecuted' is not counted in victims."
    assert problem.allowed == "persons, cases, charges"
    assert problem.row == line_of(path, "denominator:", after=RATIO)


def test_an_unknown_stage_and_an_unknown_unit_list_those_there_are(path: Path) -> None:
    stage = only_problem(path, lambda c: block(c)["numerator"].update(stage="convited"))
    assert "convicted" in (stage.allowed or "")
    unit = only_problem(path, lambda c: block(c)["numerator"].update(unit="people"))
    assert "'persons'" in (unit.allowed or "")


def per_victim(unit: str, interval: str = "ratio_of_counts") -> dict[str, Any]:
    return ratio(("convicted", "persons"), ("detected", "victims"), unit=unit, interval=interval)


@pytest.mark.parametrize(
    ("unit", "missing"),
    [("convictions per victims", "persons"), ("persons per head", "victims"), ("%", "persons and")],
)
def test_a_ratio_across_units_that_does_not_name_both_is_refused(
    path: Path, unit: str, missing: str
) -> None:
    problem = only_problem(path, lambda c: c["measures"].update({RATIO: per_victim(unit)}))
    assert f"does not name {missing}" in problem.message
    assert problem.row == line_of(path, RATIO)


def test_a_ratio_across_units_that_names_both_is_taken(path: Path) -> None:
    change(path, lambda c: c["measures"].update({RATIO: per_victim("persons per 100 victims")}))
    assert load_config(path).config.measures[RATIO].unit == "persons per 100 victims"


def test_a_share_across_units_is_refused(path: Path) -> None:
    share = per_victim("persons per victims", interval="wilson")
    problem = only_problem(path, lambda c: c["measures"].update({RATIO: share}))
    assert problem.message == "A share of victims cannot be counted in persons."
    assert problem.allowed == "ratio_of_counts"


@pytest.mark.parametrize(
    ("measure", "interval"), [(RATIO, "byar"), (RATE, "wilson"), (RATE, "ratio_of_counts")]
)
def test_an_interval_that_does_not_fit_the_denominator_is_refused(
    path: Path, measure: str, interval: str
) -> None:
    problem = only_problem(path, lambda c: block(c, measure).update(interval=interval))
    assert problem.message == f"Interval '{interval}' does not fit."
    assert "byar with denominator 'population'" in (problem.allowed or "")


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("edit", "where", "near"),
    [
        (lambda c: block(c).update(source="ofice"), f"measures.{RATIO}.source", "office"),
        (lambda c: c.update(population=["peple"]), "population.0", "people"),
        (lambda c: c.update(population=["office"]), "population.0", "people"),
        (lambda c: c["defaults"].update(measure="convicted"), "defaults.measure", RATIO),
    ],
)
def test_an_unknown_name_lists_the_near_ones(
    path: Path, edit: Change, where: str, near: str
) -> None:
    problem = only_problem(path, edit)
    assert problem.column == where
    assert near in (problem.allowed or "")
    assert problem.row is not None


def test_a_source_of_one_whole_period_has_one_table(path: Path) -> None:
    copy = {**config_of()["datasets"]["office"], "period": [2019, 2022]}
    problem = only_problem(path, lambda c: c["datasets"].update(archive=copy))
    assert problem.column == "datasets.archive.source"
    assert problem.row == line_of(path, "source:", after="archive")


def test_near_names_are_all_names_where_none_is_near() -> None:
    assert near_names("zzzz", ["b", "a"]) == "a, b"
    assert near_names("convictd", ["convicted", "detected"]) == "convicted"


# ------------------------------------------------------------------ files


def test_a_missing_config_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"There is no file config\.yaml"):
        load_config(tmp_path / "config.yaml")


def test_a_missing_file_is_named_with_its_line(path: Path) -> None:
    (path.parent / "office.csv").unlink()
    (problem,) = problems_of(path)
    assert problem.message == "There is no such file."
    assert (problem.row, problem.found) == (line_of(path, "office.csv"), "office.csv")


@pytest.mark.parametrize("place", ["../places.csv", "/etc/hosts", "a/../../places.csv"])
def test_a_path_that_leaves_the_folder_is_refused(path: Path, place: str) -> None:
    problem = only_problem(path, lambda c: c.update(places=place))
    assert problem.message == "The path leaves the folder of the config."
    assert problem.allowed == "a file inside the folder of the config"
    assert problem.row == line_of(path, "places:")


def test_a_link_that_leads_outside_is_refused(path: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("private\n", encoding="utf-8")
    (path.parent / "office.csv").unlink()
    (path.parent / "office.csv").symlink_to(outside)
    (problem,) = problems_of(path)
    assert problem.message == "The path leaves the folder of the config."


@pytest.mark.parametrize("place", [".", "a" * 399, "pla\0ces.csv"])
def test_what_cannot_be_a_file_is_refused(path: Path, place: str) -> None:
    assert only_problem(path, lambda c: c.update(places=place)).row == line_of(path, "places:")


def test_a_circle_of_links_is_refused(path: Path) -> None:
    (path.parent / "places.csv").unlink()
    (path.parent / "places.csv").symlink_to(path.parent / "places.csv")
    (problem,) = problems_of(path)
    assert problem.row == line_of(path, "places:")


# ------------------------------------------------------------------ the schema for editors


def test_the_schema_in_the_repository_is_the_generated_one() -> None:
    written = (ROOT / "config.schema.json").read_text(encoding="utf-8")
    assert written == config_json_schema(), "run `gapatlas schema`"


def test_the_schema_is_a_schema_and_accepts_the_shipped_config() -> None:
    schema = json.loads(config_json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    shipped = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(shipped)


def test_the_schema_refuses_what_the_loader_refuses() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(config_json_schema()))
    assert validator.is_valid(config_of())
    for spoil in (
        lambda c: c.update(extra=1),
        lambda c: block(c)["numerator"].pop("unit"),
        lambda c: c["defaults"].update(window=2),
        lambda c: c.pop("datasets"),
    ):
        content = config_of()
        spoil(content)
        assert not validator.is_valid(content)


def test_the_first_line_of_the_shipped_config_names_the_schema() -> None:
    with (ROOT / "config.yaml").open(encoding="utf-8") as file:
        assert file.readline() == "# yaml-language-server: $schema=./config.schema.json\n"


def test_every_key_of_the_schema_is_explained() -> None:
    schema = json.loads(config_json_schema())
    parts = schema["$defs"]
    bare = [
        f"{owner['title']}.{key}"
        for owner in (schema, *parts.values())
        for key, value in owner["properties"].items()
        if not value.get("description")
        and not parts[value["$ref"].removeprefix("#/$defs/")]["description"]
    ]
    assert bare == []


def test_the_shipped_config_loads() -> None:
    assert load_config(ROOT / "config.yaml").config.measures
