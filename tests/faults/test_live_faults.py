"""A running server outlives faulty files: the last good figures stay, with what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gapatlas import live as live_module
from gapatlas.atlas import Atlas
from gapatlas.build import build
from gapatlas.config import load_effects
from gapatlas.errors import BuildError
from gapatlas.live import LiveAtlas
from tests.changing_world import change_config
from tests.effect_libraries import add_library, library_of, write_library
from tests.served_world import GOOD, count_in, write
from tests.support import config_of


@pytest.fixture(autouse=True)
def _own_snapshots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    monkeypatch.setattr(live_module, "CHECK_EVERY_SECONDS", 0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "world", GOOD)


# ------------------------------------------------------------------ faults


def spoil_config(path: Path) -> None:
    path.write_text("version: NO\n", encoding="utf-8")


def spoil_reference(path: Path) -> None:
    change_config(path, population=["nobody"])


def spoil_table(path: Path) -> None:
    file = path.parent / "office.csv"
    file.write_text(file.read_text().replace(",5,5,", ",five,5,"))


def spoil_descriptor(path: Path) -> None:
    (path.parent / "office.yaml").write_text("title: x\n")


def delete_table(path: Path) -> None:
    (path.parent / "office.csv").unlink()


def delete_config(path: Path) -> None:
    path.unlink()


SPOILERS = [
    spoil_config,
    spoil_reference,
    spoil_table,
    spoil_descriptor,
    delete_table,
    delete_config,
]


@pytest.mark.parametrize("spoil", SPOILERS)
def test_a_fault_keeps_the_old_atlas_with_its_error_until_it_is_mended(
    path: Path, spoil: Any
) -> None:
    live = LiveAtlas(path)
    old = live.current().atlas
    spoil(path)
    served = live.wait()
    assert served.atlas is old
    assert served.error is not None
    assert served.error.problems
    assert count_in(served.atlas) == GOOD
    write(path.parent, 6)
    mended = live.wait()
    assert mended.error is None
    assert count_in(mended.atlas) == 6


@pytest.mark.parametrize("spoil", SPOILERS)
def test_a_fault_at_the_start_serves_the_last_good_snapshot(path: Path, spoil: Any) -> None:
    known = build(path).id
    spoil(path)
    live = LiveAtlas(path)
    served = live.current()
    assert served.error is not None
    assert served.atlas is not None
    assert served.atlas.snapshot.id == known
    assert count_in(served.atlas) == GOOD
    write(path.parent, 6)
    mended = live.wait()
    assert mended.error is None
    assert count_in(mended.atlas) == 6


@pytest.mark.parametrize("spoil", SPOILERS)
def test_a_fault_at_the_very_first_start_serves_nothing_until_it_is_mended(
    path: Path, spoil: Any
) -> None:
    spoil(path)
    live = LiveAtlas(path)
    served = live.current()
    assert served.atlas is None
    assert served.error is not None
    write(path.parent, 6)
    mended = live.wait()
    assert mended.error is None
    assert count_in(mended.atlas) == 6


def test_a_faulty_effect_library_keeps_the_last_good_one_until_it_is_mended(path: Path) -> None:
    add_library(path)
    live = LiveAtlas(path)
    old = live.current().atlas
    assert old is not None
    library = library_of()
    library["entries"][0]["effect"]["high"] = 0.5
    write_library(path.parent / "library.yaml", library)
    served = live.wait()
    assert served.atlas is old
    assert served.error is not None
    assert served.error.problems[0].where == "library.yaml"
    library["entries"][0]["effect"]["high"] = 5
    write_library(path.parent / "library.yaml", library)
    mended = live.wait()
    assert mended.error is None
    assert mended.atlas is not None
    assert mended.atlas.effects != old.effects
    assert mended.atlas.effects == load_effects(path.parent / "library.yaml")


def test_one_fault_mended_into_another_shows_the_newer_error(path: Path) -> None:
    live = LiveAtlas(path)
    spoil_table(path)
    first = live.wait().error
    write(path.parent, GOOD)
    spoil_descriptor(path)
    second = live.wait().error
    assert first is not None
    assert second is not None
    assert (first.problems[0].where, second.problems[0].where) == ("office.csv", "office.yaml")


def test_a_fault_in_a_file_that_only_the_new_config_names_can_be_mended(path: Path) -> None:
    live = LiveAtlas(path)
    content = config_of()
    content["datasets"]["office"]["file"] = "moved.csv"
    change_config(path, **content)
    assert live.wait().error is not None
    (path.parent / "moved.csv").write_bytes((path.parent / "office.csv").read_bytes())
    assert live.wait().error is None


@pytest.mark.parametrize(
    "error", [BuildError("The disk is full."), ValueError("nobody foresaw this"), KeyError("x")]
)
def test_a_server_outlives_whatever_a_build_does(
    path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    live = LiveAtlas(path)

    def failing(_: Path) -> Atlas:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(live_module, "open_atlas", failing)
        write(path.parent, 6)
        served = live.wait()
        assert served.error is not None
        assert count_in(served.atlas) == GOOD
    write(path.parent, 7)
    assert live.wait().error is None
    assert count_in(live.current().atlas) == 7


def test_a_damaged_last_good_snapshot_is_not_served(path: Path) -> None:
    snapshot = build(path).path
    snapshot.write_bytes(snapshot.read_bytes()[:5000])
    spoil_table(path)
    served = LiveAtlas(path).current()
    assert served.atlas is None
    assert served.error is not None
