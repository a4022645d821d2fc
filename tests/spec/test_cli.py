"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from rich.console import Console

from gapatlas import cli
from gapatlas.config import config_json_schema
from tests.case_files import a_case, add_cases
from tests.effect_libraries import add_library, library_of
from tests.fixtures.importers.published import glotip_row, write_glotip
from tests.support import observation, ratio, write_world

ROOT = Path(__file__).parents[2]
ROWS = [
    observation("AAA", 2020, "convicted", "persons", 5),
    observation("AAA", 2020, "prosecuted", "persons", 4),
]


class Shell:
    """Runs the command in this process, and gives exit code and both streams."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, streams: pytest.CaptureFixture[str]):
        self._monkeypatch, self._streams = monkeypatch, streams
        self.out = self.err = ""

    def __call__(self, *words: object) -> int:
        self._monkeypatch.setattr(sys, "argv", ["gapatlas", *map(str, words)])
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        self.out, self.err = self._streams.readouterr()
        return code


@pytest.fixture
def shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Shell:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    monkeypatch.setattr(cli, "out", Console(width=200))
    monkeypatch.setattr(cli, "err", Console(width=200, stderr=True))
    monkeypatch.delenv("GAPATLAS_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capsys)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_world(tmp_path / "world", ROWS)


def spoil(path: Path) -> None:
    file = path.parent / "office.csv"
    file.write_text(file.read_text().replace(",5,5,", ",five,5,"))


def everything_below(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# ------------------------------------------------------------------ for machines


def test_a_check_prints_json_for_machines(shell: Shell, path: Path) -> None:
    assert shell("check", "--config", path, "--json") == 0
    found = json.loads(shell.out)
    assert found["problems"] == []
    assert [each["id"] for each in found["datasets"]] == ["office", "people"]
    assert found["notices"][0]["row"] == 2


def test_faults_are_json_too(shell: Shell, path: Path) -> None:
    spoil(path)
    assert shell("check", "--config", path, "--json") == 1
    (problem,) = json.loads(shell.out)["problems"]
    assert (problem["where"], problem["row"], problem["column"]) == ("office.csv", 2, "count_low")
    assert shell.err == ""


def test_a_build_tells_machines_its_snapshot_and_its_audits(shell: Shell, path: Path) -> None:
    add_cases(path)
    assert shell("build", "--config", path, "--json") == 0
    found = json.loads(shell.out)
    assert found["audits"]["cases"][-1] == "passed"
    assert shell("build", "--config", path, "--json") == 0
    again = json.loads(shell.out)
    assert (again["reused"], again["snapshot"]) == (True, found["snapshot"])


def test_a_dictionary_tells_each_column(shell: Shell, path: Path) -> None:
    assert shell("dictionary", "--config", path, "--dataset", "office", "--json") == 0
    columns = {each["column"]: each for each in json.loads(shell.out)["columns"]}
    assert columns["count_low"]["definition"] == "lower bound of the count"
    assert columns["note"]["definition"] == "the descriptor does not say"
    target = path.parent / "words.csv"
    assert shell("dictionary", "--config", path, "--out", target) == 0
    assert "office,observations" in target.read_text()
    assert shell("dictionary", "--config", path, "--dataset", "offices") == 1
    assert "Near: office" in shell.err


def test_two_editions_are_compared(shell: Shell, path: Path, tmp_path: Path) -> None:
    old = path.parent / "office.csv"
    newer = tmp_path / "newer.csv"
    newer.write_text(old.read_text().replace(",5,5,", ",3,3,"))
    assert shell("diff", old, newer, "--config", path, "--out", tmp_path / "changes") == 0
    assert "Of 2 figures before and 2 after: 0 added, 0 removed, 1 revised." in shell.out
    assert "changes.html" in shell.out
    assert shell("diff", old, newer, "--config", path, "--json") == 0
    assert json.loads(shell.out)["figures"][0]["new_count_low"] == 3


def test_a_link_is_printed_whole_and_locked_with_a_key_alone(
    shell: Shell, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("link", "place_profile", "place=AAA", "--config", path, "--base", "https://a.example")
    assert shell(*asked, "--lock") == 1
    assert "GAPATLAS_LINK_KEY: No key. Found: none. Allowed: 16 signs or more." in shell.err
    monkeypatch.setenv("GAPATLAS_LINK_KEY", "a key of sixteen signs")
    assert shell(*asked, "--lock", "--json") == 0
    locked = json.loads(shell.out)["link"]
    assert locked.startswith("https://a.example/place_profile?place=AAA&")
    assert shell(*asked) == 0
    assert shell.out.strip() == locked.partition("&lock=")[0]
    assert shell("link", "place_profile", "AAA", "--config", path) == 1
    assert "A part of a view is written as name=value." in shell.err


# ------------------------------------------------------------------ check


def test_check_lists_datasets_and_notices_and_ends_well(shell: Shell, path: Path) -> None:
    assert shell("check", "--config", path) == 0
    assert "No problems." in shell.out
    assert "Notice office.csv, row 2, column count_low: In 1 of 1" in shell.out
    for part in ("office", "observations", "first edition", "made up for tests"):
        assert part in shell.out
    assert "Effect library" not in shell.out
    assert shell.err == ""


def test_check_counts_studies_and_judgements_of_the_effect_library(
    shell: Shell, path: Path
) -> None:
    assert shell("check", "--config", add_library(path)) == 0
    assert "Effect library: 3 studies, 8 judgements, 4 presets." in shell.out


def test_check_prints_the_faults_of_the_effect_library(shell: Shell, path: Path) -> None:
    library = library_of()
    library["terms"]["turnover"]["high"] = 16
    assert shell("check", "--config", add_library(path, library)) == 1
    assert "column terms.turnover.high: The number is out of range. Found: 16." in shell.err
    assert "library.yaml, row " in shell.err


def test_check_prints_every_problem_with_file_and_row_on_stderr(shell: Shell, path: Path) -> None:
    spoil(path)
    (path.parent / "people.csv").write_text("jurisdiction_id,year\n")
    before = everything_below(path.parent.parent)
    assert shell("check", "--config", path) == 1
    assert shell.out == ""
    lines = shell.err.splitlines()
    assert lines[0] == "The data break rules of the data model."
    assert lines[1].startswith("  - office.csv, row 2, column count_low: This is not a whole")
    assert "Found: 'five'. Allowed: a whole number" in lines[1]
    assert [line.split(":")[0] for line in lines[2:-1]] == [
        f"  - people.csv, row 1, column {name}" for name in ("population", "status", "note")
    ]
    assert lines[-1] == "4 problem(s)."
    assert everything_below(path.parent.parent) == before


def test_a_fault_in_the_config_names_its_line(shell: Shell, path: Path) -> None:
    path.write_text(path.read_text() + "extra: 1\n")
    assert shell("check", "-c", path) == 1
    line = path.read_text().count("\n")
    assert f"config.yaml, row {line}, column extra: 'extra' is not a key" in shell.err


def test_a_missing_config_is_named(shell: Shell, tmp_path: Path) -> None:
    assert shell("check", "--config", tmp_path / "nothing.yaml") == 1
    assert "There is no file nothing.yaml" in shell.err


def test_the_config_may_come_from_the_environment_or_the_folder(
    shell: Shell, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell("check") == 1
    monkeypatch.setenv("GAPATLAS_CONFIG", str(path))
    assert shell("check") == 0
    monkeypatch.delenv("GAPATLAS_CONFIG")
    monkeypatch.chdir(path.parent)
    assert shell("check") == 0


def test_brackets_in_data_are_printed_as_they_stand(shell: Shell, path: Path) -> None:
    file = path.parent / "office.csv"
    file.write_text(file.read_text().replace("AAA", "[/red]", 1))
    assert shell("check", "-c", path) == 1
    assert "Found: '[/red]'" in shell.err


# ------------------------------------------------------------------ build


def test_build_builds_once_and_then_reuses(shell: Shell, path: Path, tmp_path: Path) -> None:
    assert shell("build", "--config", path) == 0
    assert shell.out.startswith("Built snapshot ")
    (snapshot,) = (tmp_path / "snapshots").glob("*.duckdb")
    assert snapshot.stem in shell.out
    assert shell("build", "--config", path) == 0
    assert shell.out.startswith(f"Reused snapshot {snapshot.stem}")


def test_a_failed_build_leaves_everything_as_it_was(
    shell: Shell, path: Path, tmp_path: Path
) -> None:
    assert shell("build", "--config", path) == 0
    spoil(path)
    before = everything_below(tmp_path)
    assert shell("build", "--config", path) == 1
    assert "office.csv, row 2, column count_low" in shell.err
    assert everything_below(tmp_path) == before


def test_a_folder_that_cannot_be_written_is_one_line(
    shell: Shell, path: Path, tmp_path: Path
) -> None:
    (tmp_path / "snapshots").write_text("in the way")
    assert shell("build", "--config", path) == 1
    assert "The snapshot folder can't be made" in shell.err
    assert "Traceback" not in shell.err


# ------------------------------------------------------------------ measures, schema


def test_measures_lists_id_unit_definition_and_caution(shell: Shell, tmp_path: Path) -> None:
    odd = ratio(("convicted", "persons"), ("prosecuted", "persons"), definition="A [odd] one.")
    path = write_world(tmp_path / "world", ROWS, measures={"odd_one": odd})
    assert shell("measures", "-c", path) == 0
    for part in ("odd_one", "persons per persons", "A [odd] one.", "It means nothing."):
        assert part in shell.out


def test_schema_writes_the_schema_of_the_config(shell: Shell, tmp_path: Path) -> None:
    assert shell("schema") == 0
    assert (tmp_path / "config.schema.json").read_text(encoding="utf-8") == config_json_schema()
    assert shell("schema", "--out", tmp_path / "other.json") == 0
    assert json.loads((tmp_path / "other.json").read_text())["title"] == "Config"


def test_a_file_that_cannot_be_written_is_one_line(shell: Shell, tmp_path: Path) -> None:
    assert shell("schema", "--out", tmp_path / "no" / "such" / "folder.json") == 1
    assert "No such file or directory" in shell.err
    assert "Traceback" not in shell.err


# ------------------------------------------------------------------ import


@pytest.fixture
def published(tmp_path: Path) -> Path:
    rows = [
        glotip_row(value="12"),
        glotip_row(value="<5", indicator="Persons convicted"),
        glotip_row(value="7", indicator="Persons prosecuted"),
    ]
    return write_glotip(tmp_path / "published.xlsx", rows)


def test_import_writes_tables_and_descriptor(shell: Shell, published: Path, tmp_path: Path) -> None:
    assert shell("import", "glotip", published, "--out", tmp_path / "table") == 0
    assert "Wrote flows, observations to" in shell.out
    names = sorted(p.name for p in (tmp_path / "table").iterdir())
    assert names == ["descriptor.yaml", "flows.csv", "observations.csv"]
    written = (tmp_path / "table" / "observations.csv").read_text(encoding="utf-8")
    assert "ROU,2020,convicted,persons,0,4,censored,total,total,total,total,1," in written


def test_import_verify_says_what_was_compared(shell: Shell, published: Path) -> None:
    assert shell("import", "glotip", published, "--verify") == 1
    assert "the file is a verified edition" in shell.out
    assert "differs" in shell.out


def test_import_verify_of_a_file_that_differs_writes_nothing(
    shell: Shell, published: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "table"
    assert shell("import", "glotip", published, "--verify", "--out", folder) == 1
    assert not folder.exists()


def test_an_import_that_fails_leaves_the_old_table(
    shell: Shell, published: Path, tmp_path: Path
) -> None:
    assert shell("import", "glotip", published, "--out", tmp_path / "table") == 0
    before = everything_below(tmp_path / "table")
    published.write_bytes(b"PK\x03\x04 not a workbook")
    assert shell("import", "glotip", published, "--out", tmp_path / "table") == 1
    assert "published.xlsx cannot be read" in shell.err
    assert everything_below(tmp_path / "table") == before


def test_import_list_shows_every_importer(shell: Shell) -> None:
    assert shell("import", "list") == 0
    for importer in ("glotip", "fbi", "world_bank", "census", "boundaries"):
        assert importer in shell.out


@pytest.mark.parametrize("more", [[], ["x.csv"]])
def test_an_unknown_importer_lists_those_there_are(shell: Shell, more: list[str]) -> None:
    assert shell("import", "glotpi", *more) == 1
    assert "There is no importer 'glotpi'." in shell.err
    assert "glotip, fbi" in shell.err


# ------------------------------------------------------------------ misuse


@pytest.mark.parametrize(
    "words",
    [
        ["buildd"],
        ["check", "--confg", "x"],
        ["check", "extra"],
        ["import"],
        ["import", "glotip"],
        ["import", "glotip", "x.xlsx"],
        ["run", "--port", "many"],
    ],
)
def test_misuse_ends_with_2_and_says_how(shell: Shell, words: list[str]) -> None:
    assert shell(*words) == 2
    assert "Usage:" in shell.err
    assert "Traceback" not in shell.err


def test_help_names_every_command(shell: Shell) -> None:
    assert shell("--help") == 0
    for command in ("check", "build", "import", "measures", "schema", "run"):
        assert command in shell.out


@pytest.mark.parametrize("words", [["--help"], ["build", "--help"]])
def test_help_says_what_each_exit_code_means(shell: Shell, words: list[str]) -> None:
    assert shell(*words) == 0
    assert " ".join(cli.EXIT_CODES.split()) in " ".join(shell.out.split())
    told = set(re.findall(r"[0-9]+", cli.EXIT_CODES))
    page = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    assert told == set(re.findall(r"^\| `([0-9]+)` \|", page, flags=re.MULTILINE))


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_what_is_stopped_ends_with_130(
    shell: Shell, path: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    monkeypatch.setattr("gapatlas.build.build", Mock(side_effect=stop))
    assert shell("build", "--config", path) == 130
    assert (shell.out, shell.err) == ("", f"{cli.STOPPED}\n")
    assert shell("build", "--config", path, "--json") == 130
    assert json.loads(shell.out) == {"error": cli.STOPPED, "problems": []}


def test_the_module_is_the_command(path: Path, tmp_path: Path) -> None:
    spoil(path)
    environment = {**os.environ, "GAPATLAS_SNAPSHOTS": str(tmp_path / "snapshots")}
    words = [sys.executable, "-m", "gapatlas", "check", "--config", str(path)]
    done = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "office.csv, row 2, column count_low" in done.stderr


# ------------------------------------------------------------------ synthesise


def test_synthesise_writes_a_copy_and_says_what_it_is_and_is_not(shell: Shell, path: Path) -> None:
    config = add_cases(path, [a_case(number) for number in range(400)])
    into = path.parent / "copy.csv"
    words = ("synthesise", "cases", "--config", config, "--out", into)
    assert shell(*words) == 0
    assert f"Wrote 400 SYNTHETIC rows of 17 columns: {into} and copy.descriptor.yaml." in shell.out
    assert (
        "No combination of up to 2 values that fewer than 10 persons share is in it." in shell.out
    )
    assert "single values: " in shell.out
    assert "Caution Take no figures from it" in shell.out
    written = into.read_bytes()
    assert shell(*words) == 1
    assert "The file is there already." in shell.err
    assert into.read_bytes() == written
    assert shell(*words, "--overwrite", "--seed", 9) == 0
    assert into.read_bytes() != written


def test_synthesise_that_fails_leaves_no_file(shell: Shell, path: Path) -> None:
    config = add_cases(path, [a_case(number) for number in range(400)])
    before = everything_below(path.parent)
    words = ("synthesise", "cases", "--config", config, "--out", path.parent / "copy.csv")
    assert shell(*words, "--k", 9) == 1
    assert "--k: So few persons can be pointed at. Found: 9." in shell.err
    assert shell(*words, "--k", 399) == 1
    assert "Nothing is left" in shell.err
    assert everything_below(path.parent) == before


def test_synthesise_brands_the_copy_of_an_unprotected_file(shell: Shell, path: Path) -> None:
    keys = {"disclosure": {"threshold": 2, "base": 1, "unprotected": True}}
    config = add_cases(path, [a_case(number) for number in range(400)], keys)
    assert shell("synthesise", "cases", "--config", config, "--out", path.parent / "copy.csv") == 0
    assert "UNPROTECTED: figures may point to single persons." in shell.out
    assert "fewer than 2 persons share" in shell.out
