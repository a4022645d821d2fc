"""Snapshots: content-addressed, complete or not there, never at the cost of an older one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb
import pytest

from gapatlas import build as build_module
from gapatlas.atlas import open_atlas, open_last_good
from gapatlas.build import LAST_GOOD, SUFFIX, Snapshot, build, last_good
from gapatlas.errors import GapAtlasError
from tests.changing_world import (
    COUNT,
    change_config,
    change_data,
    contents,
    rows_with,
    served_count,
    snapshots_in,
)
from tests.support import write_world


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the snapshots."""
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    return tmp_path / "snapshots"


@pytest.fixture
def path(tmp_path: Path, folder: Path) -> Path:
    return write_world(tmp_path / "world", rows_with(COUNT), [("AAA", 2020, 1000)])


# ------------------------------------------------------------------ reuse


def test_the_same_input_reuses_the_snapshot(path: Path, folder: Path) -> None:
    first = build(path)
    before = contents(folder)
    second = build(path)
    assert (first.reused, second.reused) == (False, True)
    assert (second.path, second.id) == (first.path, first.id)
    assert contents(folder) == before


def test_the_id_follows_content_and_not_the_folder(path: Path, tmp_path: Path) -> None:
    copy = write_world(tmp_path / "copy", rows_with(COUNT), [("AAA", 2020, 1000)])
    assert build(copy).id == build(path).id


@pytest.mark.parametrize(
    "edit",
    [
        lambda path: change_data(path, 6),
        lambda path: change_config(path, title="Another"),
        lambda path: (path.parent / "people.yaml").write_text(
            (path.parent / "people.yaml").read_text() + "# a word more\n"
        ),
    ],
    ids=["a count", "the config", "a descriptor"],
)
def test_any_change_makes_a_new_file_beside_the_old_one(
    path: Path, folder: Path, edit: Callable[[Path], object]
) -> None:
    first = build(path)
    old = first.path.read_bytes()
    edit(path)
    second = build(path)
    assert not second.reused
    assert snapshots_in(folder) == {first.path.name, second.path.name}
    assert first.path.read_bytes() == old


def test_going_back_reuses_the_first_file(path: Path) -> None:
    first = build(path)
    change_data(path, 6)
    build(path)
    change_data(path, COUNT)
    again = build(path)
    assert (again.id, again.reused) == (first.id, True)
    assert served_count(path) == COUNT


def test_a_snapshot_keeps_its_notices_when_it_is_reused(path: Path) -> None:
    change_data(path, 9)
    with open_atlas(path) as first, open_atlas(path) as second:
        assert second.snapshot.reused
        assert [notice.row for notice in first.notices] == [2]
        assert second.notices == first.notices


def test_the_sum_beside_a_snapshot_is_that_of_its_bytes(path: Path) -> None:
    snapshot = build(path)
    (line,) = snapshot.path.with_suffix(".sha256").read_text().splitlines()
    digest = hashlib.sha256(snapshot.path.read_bytes()).hexdigest()
    assert line == f"{digest}  {snapshot.path.name}"


# ------------------------------------------------------------------ the file


def test_what_appears_under_the_final_name_is_complete(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    real = os.replace

    def watched(source: Any, target: Any) -> None:
        if str(target).endswith(SUFFIX):
            assert not Path(target).exists()
            with duckdb.connect(str(source), read_only=True) as connection:
                found = connection.execute("SELECT count(*) FROM observation").fetchone()
            assert found is not None
            seen.append((Path(target).name, found[0]))
        real(source, target)

    monkeypatch.setattr(os, "replace", watched)
    snapshot = build(path)
    assert seen == [(snapshot.path.name, 3)]
    assert snapshots_in(folder) == {snapshot.path.name}


# ------------------------------------------------------------------ the last good one


def test_the_last_good_one_is_known_by_config_and_tells_no_path(path: Path, folder: Path) -> None:
    snapshot = build(path)
    assert last_good(path) == Snapshot(path=snapshot.path, id=snapshot.id, reused=True)
    assert last_good(path.parent / "another.yaml") is None
    assert str(path.parent) not in (folder / LAST_GOOD).read_text()


@pytest.mark.parametrize("content", ["", "{", "[]", '["a"]', '"text"', "\0"])
def test_a_damaged_note_of_the_last_good_one_is_no_fault(
    path: Path, folder: Path, content: str
) -> None:
    build(path)
    (folder / LAST_GOOD).write_text(content)
    assert last_good(path) is None
    snapshot = build(path)
    assert snapshot.reused
    good = last_good(path)
    assert good is not None
    assert good.path == snapshot.path


def test_a_last_good_one_that_is_gone_is_none(path: Path) -> None:
    build(path).path.unlink()
    assert last_good(path) is None
    assert open_last_good(path) is None


def test_a_broken_config_still_finds_the_folder_that_it_names(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GAPATLAS_SNAPSHOTS")
    change_config(path, snapshots={"folder": "kept/here"})
    snapshot = build(path)
    assert snapshot.path.parent == path.parent / "kept" / "here"
    change_config(path, snapshots={"folder": "kept/here"}, version=2)
    good = last_good(path)
    assert good is not None
    assert good.path == snapshot.path


def test_a_snapshot_of_another_version_is_an_error_in_words(path: Path, folder: Path) -> None:
    snapshot = build(path)
    with duckdb.connect(str(snapshot.path)) as connection:
        connection.execute("UPDATE meta SET value = '{}' WHERE key = 'config'")
    with pytest.raises(GapAtlasError, match="Another version"):
        open_last_good(path)


def test_the_recipe_is_part_of_the_id(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(path).id
    monkeypatch.setattr(build_module, "SCHEMA_VERSION", build_module.SCHEMA_VERSION + 1)
    assert build(path).id != first


def test_the_snapshot_holds_what_the_tables_say(path: Path) -> None:
    snapshot = build(path)
    with duckdb.connect(str(snapshot.path), read_only=True) as connection:
        totals = connection.execute(
            "SELECT jurisdiction_id, stage, count_low, count_high, status FROM observation_total "
            "ORDER BY ALL"
        ).fetchall()
        meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    assert totals == [
        ("AAA", "convicted", 5, 5, "exact"),
        ("AAA", "prosecuted", 7, 7, "exact"),
        ("BBB", "convicted", 0, 4, "censored"),
        ("BBB", "prosecuted", None, None, "not_reported"),
    ]
    assert meta["snapshot_id"] == snapshot.id
    assert json.loads(meta["config"])["version"] == 1


def test_a_temporary_file_is_made_beside_its_target(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rename is in one step only within one file system."""
    used: list[Any] = []

    def watched(**options: Any) -> Any:
        used.append(options["dir"])
        return NamedTemporaryFile(**options)

    monkeypatch.setattr(build_module, "NamedTemporaryFile", watched)
    build(path)
    assert used == [folder]
