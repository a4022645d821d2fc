"""Versions of files: the fingerprint follows content, and descriptors say what they must."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from gapatlas.catalogue import Catalogue, file_version, read_catalogue
from gapatlas.config import load_config
from gapatlas.errors import ConfigError, Problem
from tests.effect_libraries import add_library
from tests.support import DESCRIPTOR, config_of, observation, write_world

FILES = ("places.csv", "office.csv", "people.csv", "office.yaml", "people.yaml")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    rows = [observation("AAA", 2020, "convicted", "persons", 5)]
    return write_world(tmp_path / "world", rows, [("AAA", 2020, 1000)])


def catalogue_of(path: Path) -> Catalogue:
    return read_catalogue(load_config(path))


def problems_of(path: Path) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        catalogue_of(path)
    return caught.value.problems


@pytest.mark.parametrize("name", FILES)
def test_one_other_byte_in_any_file_is_another_fingerprint(path: Path, name: str) -> None:
    before = catalogue_of(path).fingerprint
    file = path.parent / name
    content = file.read_bytes()
    file.write_bytes(content.replace(b"a", b"b", 1))
    assert catalogue_of(path).fingerprint != before
    file.write_bytes(content)
    assert catalogue_of(path).fingerprint == before


def test_one_other_byte_in_the_effect_library_is_another_fingerprint(path: Path) -> None:
    without = catalogue_of(path).fingerprint
    add_library(path)
    before = catalogue_of(path)
    assert before.fingerprint != without
    assert before.effects is not None
    file = path.parent / "library.yaml"
    file.write_bytes(file.read_bytes() + b"# A remark.\n")
    after = catalogue_of(path)
    assert after.fingerprint != before.fingerprint
    assert after.effects is not None
    assert after.effects.library == before.effects.library


def test_a_change_that_keeps_size_and_time_is_seen(path: Path) -> None:
    file = path.parent / "office.csv"
    stat = file.stat()
    before = catalogue_of(path).fingerprint
    file.write_bytes(file.read_bytes().replace(b"2020", b"2021"))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert file.stat().st_size == stat.st_size
    assert file.stat().st_mtime_ns == stat.st_mtime_ns
    assert catalogue_of(path).fingerprint != before


def test_a_new_time_of_change_alone_changes_nothing(path: Path) -> None:
    before = catalogue_of(path).fingerprint
    for name in FILES:
        os.utime(path.parent / name, (1_000_000_000, 1_000_000_000))
    assert catalogue_of(path).fingerprint == before


@pytest.mark.parametrize(
    "edit",
    [
        lambda c: c.update(title="Another"),
        lambda c: c["defaults"].update(year_to=2021),
        lambda c: c["datasets"]["office"].update(short="Another"),
        lambda c: c["measures"]["convicted_per_prosecuted"].update(decimals=1),
        lambda c: c["measures"].pop("convicted_per_100k"),
        lambda c: c.update(population=[]),
        lambda c: c.update(limits={"query_seconds": 4}),
    ],
)
def test_another_value_in_the_config_is_another_fingerprint(path: Path, edit) -> None:
    before = catalogue_of(path).fingerprint
    content = config_of()
    edit(content)
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert catalogue_of(path).fingerprint != before


def test_a_comment_in_the_config_changes_nothing(path: Path) -> None:
    before = catalogue_of(path).fingerprint
    path.write_text("# a comment\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert catalogue_of(path).fingerprint == before


def test_the_folder_is_no_part_of_the_fingerprint(path: Path, tmp_path: Path) -> None:
    rows = [observation("AAA", 2020, "convicted", "persons", 5)]
    elsewhere = write_world(tmp_path / "elsewhere", rows, [("AAA", 2020, 1000)])
    assert catalogue_of(elsewhere).fingerprint == catalogue_of(path).fingerprint


def test_a_version_tells_sum_and_size_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"abc")
    version = file_version(file)
    assert version.bytes == 3
    assert version.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_each_dataset_carries_its_descriptor(path: Path) -> None:
    (office, people) = catalogue_of(path).datasets
    assert (office.id, people.id) == ("office", "people")
    assert office.descriptor.publisher == "Office of Examples"
    assert office.descriptor.columns["count_low"].unit == "as in unit"


# ------------------------------------------------------------------ faults


def spoil(path: Path, **changes: object) -> None:
    content = {**DESCRIPTOR, **changes}
    kept = {key: value for key, value in content.items() if value != "left out"}
    text = yaml.safe_dump(kept, sort_keys=False)
    (path.parent / "office.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "row", "column", "message"),
    [
        ({"licence": "left out"}, 1, "licence", "'licence' is required here."),
        ({"licnce": "x"}, 18, "licnce", "'licnce' is not a key that this place knows."),
        ({"title": ["a"]}, 1, "title", "Input should be a valid string."),
        ({"caveats": "one"}, 12, "caveats", "Input should be a list."),
        ({"columns": {"x": {"unit": "y"}}}, 15, "columns.x.definition", "'definition' is required"),
        ({"columns": {"x": "words"}}, 15, "columns.x", "Input should be a block of keys."),
    ],
)
def test_a_fault_in_a_descriptor_is_named_with_line_and_key(
    path: Path, changes: dict[str, object], row: int, column: str, message: str
) -> None:
    spoil(path, **changes)
    (problem,) = problems_of(path)
    assert (problem.where, problem.row, problem.column) == ("office.yaml", row, column)
    assert problem.message.startswith(message)


def test_an_unknown_key_of_a_descriptor_lists_the_near_ones(path: Path) -> None:
    spoil(path, licnce="x")
    (problem,) = problems_of(path)
    assert problem.allowed == "licence"


def test_a_year_and_a_date_may_stand_without_quotes(path: Path) -> None:
    spoil(path, published=2024, edition="left out")
    with (path.parent / "office.yaml").open("a", encoding="utf-8") as file:
        file.write("edition: 2024-05-01\n")
    descriptor = catalogue_of(path).datasets[0].descriptor
    assert (descriptor.published, descriptor.edition) == ("2024", "2024-05-01")


def test_faults_of_several_descriptors_are_all_listed_under_their_paths(path: Path) -> None:
    content = config_of()
    for name in ("office", "people"):
        (path.parent / name).mkdir()
        (path.parent / name / "descriptor.yaml").write_text("title: NO\n", encoding="utf-8")
        content["datasets"][name]["descriptor"] = f"{name}/descriptor.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    where = [(problem.where, problem.row) for problem in problems_of(path)]
    assert where == [("office/descriptor.yaml", 1), ("people/descriptor.yaml", 1)]


def test_a_file_that_vanishes_after_the_config_was_read_is_named(path: Path) -> None:
    loaded = load_config(path)
    for name in ("places.csv", "office.csv"):
        (path.parent / name).unlink()
    with pytest.raises(ConfigError) as caught:
        read_catalogue(loaded)
    assert [problem.where for problem in caught.value.problems] == ["office.csv", "places.csv"]
