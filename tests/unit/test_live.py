"""A running server follows the files and never makes a reader wait.

How it outlives faulty files stands in `tests/faults/test_live_faults.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gapatlas import live as live_module
from gapatlas.atlas import Atlas
from gapatlas.live import LiveAtlas, Served, files_named_in, stamps
from tests.changing_world import change_config
from tests.served_world import GOOD, count_in, write
from tests.support import config_of


@pytest.fixture(autouse=True)
def _own_snapshots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    monkeypatch.setattr(live_module, "CHECK_EVERY_SECONDS", 0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "world", GOOD)


class HeldBuild:
    """An `open_atlas` that waits until the test lets it go on."""

    def __init__(self) -> None:
        self.real = live_module.open_atlas
        self.began, self.go_on = threading.Event(), threading.Event()
        self.calls = 0

    def __call__(self, path: Path) -> Atlas:
        self.calls += 1
        self.began.set()
        assert self.go_on.wait(10)
        return self.real(path)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldBuild]:
    """Builds wait from the moment that a test calls `monkeypatch` with this."""
    build_ = HeldBuild()
    yield build_
    build_.go_on.set()


# ------------------------------------------------------------------ following the files


def test_a_changed_table_is_served_after_a_wait(path: Path) -> None:
    live = LiveAtlas(path)
    assert count_in(live.current().atlas) == GOOD
    write(path.parent, 6)
    served = live.wait()
    assert served.error is None
    assert count_in(served.atlas) == 6
    assert live.current() is served


def test_a_changed_config_is_served_after_a_wait(path: Path) -> None:
    live = LiveAtlas(path)
    change_config(path, title="Another atlas")
    served = live.wait()
    assert served.atlas is not None
    assert served.atlas.config.title == "Another atlas"


def test_without_a_change_the_very_same_atlas_is_served(path: Path) -> None:
    live = LiveAtlas(path)
    first = live.current()
    assert live.wait() is first
    assert live.current() is first


def test_a_file_that_was_only_touched_keeps_the_atlas(path: Path) -> None:
    live = LiveAtlas(path)
    first = live.current().atlas
    (path.parent / "office.csv").touch()
    assert live.wait().atlas is first


def test_nothing_is_built_without_a_change(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = LiveAtlas(path)
    counted = HeldBuild()
    counted.go_on.set()
    monkeypatch.setattr(live_module, "open_atlas", counted)
    for _ in range(3):
        live.current()
        live.wait()
    assert counted.calls == 0


def test_a_file_named_by_a_changed_config_is_followed_too(path: Path) -> None:
    live = LiveAtlas(path)
    content = config_of()
    content["datasets"]["office"]["file"] = "moved.csv"
    (path.parent / "moved.csv").write_bytes((path.parent / "office.csv").read_bytes())
    change_config(path, **content)
    live.wait()
    moved = path.parent / "moved.csv"
    moved.write_text(moved.read_text().replace(",5,5,", ",8,8,"))
    assert count_in(live.wait().atlas) == 8


def test_files_are_looked_at_no_more_than_once_in_a_while(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveAtlas(path)
    live.current()
    monkeypatch.setattr(live_module, "CHECK_EVERY_SECONDS", 3600.0)
    looks: list[object] = []

    def counted(paths: Any) -> Any:
        looks.append(paths)
        return stamps(paths)

    monkeypatch.setattr(live_module, "stamps", counted)
    for _ in range(100):
        live.current()
    assert looks == []


# ------------------------------------------------------------------ readers


def test_a_reader_that_holds_the_old_atlas_can_still_ask_it(path: Path) -> None:
    live = LiveAtlas(path)
    old = live.current().atlas
    write(path.parent, 6)
    assert count_in(live.wait().atlas) == 6
    assert count_in(old) == GOOD


def test_current_never_waits_for_a_build(
    path: Path, monkeypatch: pytest.MonkeyPatch, held: HeldBuild
) -> None:
    live = LiveAtlas(path)
    old = live.current()
    monkeypatch.setattr(live_module, "open_atlas", held)
    write(path.parent, 6)
    live.current()
    assert held.began.wait(10)
    answers: list[Served] = []
    reader = threading.Thread(target=lambda: answers.extend(live.current() for _ in range(50)))
    reader.start()
    reader.join(10)
    assert answers == [old] * 50
    assert live.is_building
    held.go_on.set()
    assert count_in(live.wait().atlas) == 6
    assert not live.is_building
    assert held.calls == 1


def test_current_does_not_wait_for_another_reader_either(path: Path) -> None:
    live = LiveAtlas(path)
    with live._lock:
        answers: list[Served] = []
        reader = threading.Thread(target=lambda: answers.append(live.current()))
        reader.start()
        reader.join(10)
        assert len(answers) == 1


def test_a_change_during_a_build_is_built_next(
    path: Path, monkeypatch: pytest.MonkeyPatch, held: HeldBuild
) -> None:
    live = LiveAtlas(path)
    monkeypatch.setattr(live_module, "open_atlas", held)
    write(path.parent, 6)
    live.current()
    assert held.began.wait(10)
    write(path.parent, 7)
    held.go_on.set()
    assert count_in(live.wait().atlas) == 7
    assert live.current().error is None


def test_a_wait_ends_when_its_time_is_up(
    path: Path, monkeypatch: pytest.MonkeyPatch, held: HeldBuild
) -> None:
    live = LiveAtlas(path)
    old = live.current()
    monkeypatch.setattr(live_module, "open_atlas", held)
    write(path.parent, 6)
    assert live.wait(timeout=0.05) is old


# ------------------------------------------------------------------ which files


def test_every_file_of_a_config_is_followed_also_of_a_broken_one(path: Path) -> None:
    names = {"places.csv", "office.csv", "office.yaml", "people.csv", "people.yaml"}
    assert {p.name for p in files_named_in(path)} == names
    change_config(path, version=99, maps={"world": {"shapes": "world.topojson"}})
    assert {p.name for p in files_named_in(path)} == names | {"world.topojson"}
    change_config(path, training={"library": "library.yaml", "source": 1})
    assert {p.name for p in files_named_in(path)} == names | {"library.yaml"}
    path.write_text("version: NO\n", encoding="utf-8")
    assert files_named_in(path) == []


def test_a_path_that_can_be_no_path_has_a_stamp_too(path: Path) -> None:
    found = stamps([path, path.parent / "nothing", path.parent / "nu\0l"])
    assert len({stamp[1:] for stamp in found.values()}) == 2


def test_changes_that_come_to_lie_beside_a_database_are_seen(path: Path) -> None:
    content = config_of()
    content["datasets"]["office"]["file"] = "office.sqlite"
    change_config(path, **content)
    before = stamps(files_named_in(path))
    (path.parent / "office.sqlite-wal").write_bytes(b"x")
    assert stamps(before) != before
