"""The keys of a dataset of kind `cases`: each fault has its line, what was found and is allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from gapatlas.config import load_config
from gapatlas.config.case_models import CaseColumn, Disclosure
from gapatlas.config.vocabulary import (
    CASE_COLUMNS,
    CASE_WORDS,
    COVARIATES,
    DEFENCES,
    EVIDENCE,
)
from gapatlas.errors import ConfigError, Problem
from tests.case_files import add_cases
from tests.support import observation, write_world

pytestmark = pytest.mark.usefixtures("said_problems")

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    world = write_world(tmp_path / "w", [observation("AAA", 2020, "convicted", "persons", 5)])
    return add_cases(world)


def change(path: Path, edit: Change) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    edit(content["datasets"]["cases"])
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def only_problem(path: Path) -> Problem:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    (problem,) = caught.value.problems
    return problem


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index("  cases:")
    return next(i for i, line in enumerate(lines[start:], start + 1) if text in line)


def test_a_block_of_cases_is_typed(path: Path) -> None:
    cases = load_config(path).config.datasets["cases"]
    assert cases.columns["Filed"] == "year_charged"
    assert cases.codes["cross_border"] == {"1": "yes", "0": "no"}
    assert cases.disclosure == Disclosure(threshold=10, base=5, unprotected=False)
    assert not cases.synthetic


def test_codes_that_yaml_reads_as_numbers_are_texts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "'1591': Sex trafficking" in text
    path.write_text(text.replace("'1591': Sex", "1591: Sex"), encoding="utf-8")
    assert "1591" in load_config(path).config.datasets["cases"].codes["charge"]


FAULTS: dict[str, tuple[Change, str, str, str, str]] = {
    "a needed column is not mapped": (
        lambda b: (b["columns"].pop("Result"), b["codes"].pop("outcome")), "columns:",
        "No column of the file is mapped to 'outcome'.",
        "No, Court", "a column with `outcome`",
    ),
    "a column is something that there is not": (
        lambda b: b["columns"].update(Court="plaice"), "Court:", "Input should be 'place'",
        "plaice", "'place'",
    ),
    "two columns are the same": (
        lambda b: b["columns"].update(Plea="place"), "Plea:",
        "Two columns are mapped to 'place'.", "Court and Plea", "one column",
    ),
    "a column is mapped and dropped": (
        lambda b: b["dropped"].append("Law"), "Law:", "The column is mapped and dropped.",
        "Law", "one of the two",
    ),
    "a list and a column for one of its types": (
        lambda b: b["columns"].update(Expert="expert"), "Expert:",
        "'expert' has a column of its own beside the list in Evidence.", "expert", "a list, or",
    ),
    "a list without a word for what is not in it": (
        lambda b: b.pop("not_listed"), "Evidence:",
        "The evidence of a case is a list: say what a type outside the list means.",
        "no `not_listed`", "absent or unknown",
    ),
    "codes of nothing": (
        lambda b: b["codes"].update(outcomes={"X": "pending"}), "outcomes:",
        "No column has such codes.", "outcomes", "outcome",
    ),
    "codes of a key": (
        lambda b: b["codes"].update(defendant_key={"X": "pending"}), "defendant_key:",
        "No column has such codes.", "defendant_key", "",
    ),
    "codes of a column that is not there": (
        lambda b: b["codes"].update(task_force={"X": "yes"}), "task_force:",
        "No column of the file is mapped to 'task_force'.", "task_force", "",
    ),
    "a code for no word of ours": (
        lambda b: b["codes"]["outcome"].update(X="convicted"), "X:",
        "This is no word for 'outcome'.", "convicted", "guilty_plea, guilty_trial, acquitted",
    ),
    "a label as long as a story": (
        lambda b: b["codes"]["charge"].update(X="x" * 61), "X:",
        "This is no label for a chart.", "xxx", "1 to 60 letters",
    ),
    "a file of another kind": (
        lambda b: b.update(file="cases.yaml"), "file:",
        "A case file is a table of text or parquet.", "cases.yaml", ".csv or .parquet",
    ),
    "made-up rows under a name that does not say so": (
        lambda b: (b.update(synthetic=True), b["columns"].update(D="dataset")), "short:",
        "The rows are made up, and the name of the source does not say so.", "Our cases",
        "a name with SYNTHETIC in it",
    ),
    "made-up rows without a mark": (
        lambda b: b.update(synthetic=True, short="SYNTHETIC cases"), "synthetic:",
        "Made-up rows say SYNTHETIC in a column of their own.", "no column `dataset`", "dataset",
    ),
    "real rows under a name that says made up": (
        lambda b: b.update(short="SYNTHETIC cases"), "short:",
        "The name of the source says that the rows are made up.", "SYNTHETIC cases",
        "`synthetic: true`",
    ),
    "a threshold that protects too little": (
        lambda b: b.update(disclosure={"threshold": 9}), "disclosure:",
        "Threshold 9 protects persons too little.", "", "10 or more, or `unprotected: true`",
    ),
    "a base that protects too little": (
        lambda b: b.update(disclosure={"base": 1}), "disclosure:",
        "Base 1 protects persons too little.", "", "5 or more, or `unprotected: true`",
    ),
    "a base that rounds to zero": (
        lambda b: b.update(disclosure={"base": 20}), "disclosure:",
        "Base 20 is above the threshold 10: a count could be rounded to zero.", "",
        "a base up to the threshold",
    ),
    "an unknown key": (
        lambda b: b.update(droped=[]), "droped:", "'droped' is not a key that this place knows.",
        "droped", "dropped",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "line", "message", "found", "allowed"), FAULTS.values(), ids=FAULTS.keys()
)
def test_a_fault_has_its_line(
    path: Path, edit: Change, line: str, message: str, found: str, allowed: str
) -> None:
    change(path, edit)
    problem = only_problem(path)
    assert problem.row == line_of(path, line)
    assert problem.message.startswith(message)
    assert found in (problem.found or "")
    assert allowed in (problem.allowed or "")


def test_other_kinds_of_datasets_have_no_such_keys(path: Path) -> None:
    change(path, lambda block: block.update(kind="coverage"))
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert {problem.column for problem in caught.value.problems} == {
        f"datasets.cases.{key}"
        for key in ("columns", "codes", "separator", "not_listed", "dropped")
    }
    for problem in caught.value.problems:
        assert problem.message == "Only datasets of kind cases have this key."
        assert (problem.found, problem.allowed) == ("coverage", "kind: cases")


@pytest.mark.parametrize("threshold", [1, 5, 10, 50])
def test_only_unprotected_undercuts_the_least(threshold: int) -> None:
    rules = Disclosure(threshold=threshold, base=1, unprotected=True)
    assert (rules.threshold, rules.base, rules.unprotected) == (threshold, 1, True)
    with pytest.raises(ValueError, match="protects persons too little"):
        Disclosure(threshold=threshold, base=1)


def test_two_case_files_of_one_source_are_refused(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["datasets"]["more"] = content["datasets"]["cases"]
    path.write_text(yaml.dump(content, Dumper=_NoAliases, sort_keys=False), encoding="utf-8")
    problem = only_problem(path)
    assert problem.message == "Two cases datasets have one source: their counts would be mixed."


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


# ------------------------------------------------------------------ the words themselves


def test_the_columns_of_the_config_are_those_of_the_vocabulary() -> None:
    assert get_args(CaseColumn) == CASE_COLUMNS
    assert set(CASE_WORDS) <= set(CASE_COLUMNS)
    assert set(COVARIATES) <= set(CASE_COLUMNS)
    assert not set(EVIDENCE) & set(DEFENCES)
    assert len(set(CASE_COLUMNS)) == len(CASE_COLUMNS)


def test_keys_are_no_covariates() -> None:
    assert not {"defendant_key", "co_defendant_key", "dataset"} & set(COVARIATES)


# ------------------------------------------------------------------ engine


def on_spark(**spark: Any) -> Change:
    block = {"master": "spark://host:7077", **spark}
    return lambda cases: cases.update(file="cases.parquet", engine="spark", spark=block)


@pytest.mark.parametrize(
    ("edit", "column", "message"),
    [
        (lambda c: c.update(engine="dask"), "engine", "'duckdb' or 'spark'"),
        (lambda c: c.update(file="cases.parquet", engine="spark"), "engine", "Where is that"),
        (on_spark(master="http://host:7077"), "spark.master", "no address of a master"),
        (on_spark(folder="shared"), "spark.folder", "no folder that every worker finds"),
        (on_spark(wait_seconds=0), "spark.wait_seconds", "greater than or equal to 1"),
        (on_spark(settings={"executor": "4g"}), "spark.settings.executor", "no setting of Spark"),
        (
            on_spark(settings={"spark.eventLog.enabled": True}),
            "spark.settings.spark.eventLog.enabled",
            "protects the persons",
        ),
        (
            on_spark(settings={"spark.authenticate.secret": "x"}),
            "spark.settings.spark.authenticate.secret",
            "never stands in a config",
        ),
    ],
)
def test_a_fault_of_the_engine_has_its_line(
    path: Path, edit: Change, column: str, message: str
) -> None:
    (path.parent / "cases.parquet").mkdir()
    change(path, edit)
    problem = only_problem(path)
    assert problem.column == f"datasets.cases.{column}"
    key = column.removeprefix("spark.").removeprefix("settings.")
    assert problem.row == line_of(path, f" {key}:")
    assert message in problem.message


def test_spark_is_given_parquet_alone(path: Path) -> None:
    change(path, lambda cases: cases.update(engine="spark", spark={"master": "local[2]"}))
    problem = only_problem(path)
    assert (problem.column, problem.found) == ("datasets.cases.file", "cases.csv")
