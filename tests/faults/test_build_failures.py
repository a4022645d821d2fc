"""Builds that fail, files that are damaged, processes that meet: no good snapshot is ever lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gapatlas import build as build_module
from gapatlas import catalogue as catalogue_module
from gapatlas.atlas import open_atlas
from gapatlas.build import SUFFIX, UNFINISHED, build, last_good
from gapatlas.cli import INTERRUPTED, STOPPED
from gapatlas.errors import BuildError, ConfigError, GapAtlasError, ValidationError
from gapatlas.validate.validating import READ_AT_ONCE
from tests.changing_world import (
    COUNT,
    change_config,
    change_data,
    contents,
    convicted_in,
    rows_with,
    served_count,
    snapshots_in,
)
from tests.support import write_world

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the snapshots."""
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path / "snapshots"))
    return tmp_path / "snapshots"


@pytest.fixture
def path(tmp_path: Path, folder: Path) -> Path:
    return write_world(tmp_path / "world", rows_with(COUNT), [("AAA", 2020, 1000)])


# ------------------------------------------------------------------ damage


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: b"",
        lambda content: b"no snapshot at all",
        lambda content: content[:20_000] + b"\xff" * 8 + content[20_008:],
    ],
    ids=["half of it", "all but a byte", "nothing", "something else", "eight other bytes"],
)
def test_a_damaged_snapshot_is_built_again_not_reused(
    path: Path, damage: Callable[[bytes], bytes]
) -> None:
    first = build(path)
    first.path.write_bytes(damage(first.path.read_bytes()))
    second = build(path)
    assert (second.reused, second.id) == (False, first.id)
    assert served_count(path) == COUNT


def test_a_snapshot_without_its_sum_is_built_again(path: Path) -> None:
    build(path).path.with_suffix(".sha256").unlink()
    assert not build(path).reused


def test_what_a_killed_build_left_is_swept_away(path: Path, folder: Path) -> None:
    folder.mkdir()
    for name in (f"{UNFINISHED}abc{SUFFIX}", f"{UNFINISHED}abc{SUFFIX}.wal"):
        (folder / name).write_bytes(b"half")
    build(path)
    assert [p.name for p in folder.glob(f"{UNFINISHED}*")] == []


# ------------------------------------------------------------------ failure


def fail(error: Exception) -> Callable[..., Any]:
    def failing(*_: Any, **__: Any) -> None:
        raise error

    return failing


FULL = OSError(28, "No space left on device")
FAILURES: dict[str, tuple[str, Exception]] = {
    "DuckDB cannot be opened": ("_connected", duckdb.IOException("disk")),
    "the tables cannot be filled": ("_fill", duckdb.OutOfMemoryException("memory")),
    "the disk is full": ("_fill", FULL),
    "the bytes cannot be made safe": ("_sync", FULL),
    "the sum cannot be read": ("sum_line", FULL),
    "the sum cannot be written": ("write_text", FULL),
}


@pytest.mark.parametrize(("step", "error"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failure_at_any_step_leaves_everything_as_it_was(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: Exception
) -> None:
    first = build(path)
    before = contents(folder)
    change_data(path, 6)
    with monkeypatch.context() as patch:
        patch.setattr(build_module, step, fail(error))
        with pytest.raises(BuildError):
            build(path)
        good = last_good(path)
    assert before.items() <= contents(folder).items()
    assert [name for name in contents(folder) if name.startswith(".")] == []
    assert good is not None
    assert good.path == first.path
    assert served_count(path) == 6


def test_a_failed_replace_leaves_no_file_and_no_trace(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(path)
    before = contents(folder)
    change_data(path, 6)
    monkeypatch.setattr(os, "replace", fail(PermissionError(13, "Permission denied")))
    with pytest.raises(BuildError, match="Permission denied"):
        build(path)
    assert contents(folder) == before


def test_a_failure_while_the_tables_are_half_filled_leaves_no_trace(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(path)
    before = contents(folder)
    change_data(path, 6)
    monkeypatch.setattr(build_module, "_TABLES", "CREATE TABLE half AS SELECT 1; SELECT nothing")
    with pytest.raises(BuildError, match="nothing"):
        build(path)
    assert contents(folder) == before


def test_an_interrupt_leaves_no_trace(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(path)
    before = contents(folder)
    change_data(path, 6)

    def interrupted(temporary: Path, *_: Any) -> None:
        temporary.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(build_module, "_fill", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(path)
    assert contents(folder) == before


def hear_ctrl_c() -> None:
    """What runs behind a shell is deaf to Ctrl-C from the start, and so is all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_ends_a_long_build_with_all_that_it_started(
    path: Path, folder: Path, tmp_path: Path
) -> None:
    build(path)
    before = contents(folder)
    office = path.parent / "office.csv"
    header, row, *_ = office.read_text().splitlines()
    office.write_text("\n".join([header, *[row] * (READ_AT_ONCE // len(row))]))
    work = tmp_path / "work"
    work.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "gapatlas", "build", "--config", path],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(work)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # as a terminal does, which sends Ctrl-C to the whole group
        preexec_fn=hear_ctrl_c,
    )
    while not list(work.glob("gapatlas-*/table.arrow")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)
    assert (process.returncode, *said) == (INTERRUPTED, "", f"{STOPPED}\n")
    assert contents(folder) == before
    assert list(work.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda path: path.write_text("version: NO\n"), ConfigError),
        (lambda path: (path.parent / "office.csv").write_text("a,b\n"), ValidationError),
        (lambda path: (path.parent / "office.csv").unlink(), ConfigError),
    ],
)
def test_faulty_input_leaves_everything_as_it_was(
    path: Path, folder: Path, spoil: Callable[[Path], object], error: type[GapAtlasError]
) -> None:
    first = build(path)
    before = contents(folder)
    spoil(path)
    with pytest.raises(error):
        build(path)
    assert contents(folder) == before
    good = last_good(path)
    assert good is not None
    assert good.path == first.path


def test_data_that_change_while_they_are_read_are_not_stored_under_a_wrong_name(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = build_module.validate

    def slow_validate(catalogue: catalogue_module.Catalogue) -> Any:
        checked = real(catalogue)
        change_data(path, 6)
        return checked

    monkeypatch.setattr(build_module, "validate", slow_validate)
    with pytest.raises(BuildError, match="changed"):
        build(path)
    assert snapshots_in(folder) == set()


@pytest.mark.parametrize("step", ["NamedTemporaryFile", "FileLock"])
def test_a_folder_that_cannot_be_written_is_a_build_error(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(build_module, step, fail(PermissionError(13, "Permission denied")))
    with pytest.raises(BuildError, match="can't be written: Permission denied"):
        build(path)


def test_a_file_where_the_folder_should_be_is_a_build_error(path: Path, folder: Path) -> None:
    folder.write_text("in the way")
    with pytest.raises(BuildError, match="can't be made"):
        build(path)


def test_a_build_that_never_ends_elsewhere_is_a_build_error(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    monkeypatch.setattr(build_module, "LOCK_SECONDS", 0.05)
    folder.mkdir()
    with FileLock(folder / ".lock"), pytest.raises(BuildError, match="Another build"):
        build(path)


# ------------------------------------------------------------------ many at once


def test_two_processes_at_once_make_one_snapshot(path: Path, folder: Path) -> None:
    code = "import sys; from gapatlas.build import build as b; s = b(sys.argv[1])"
    code += "; print(s.id, s.reused)"
    command = [sys.executable, "-c", code, str(path)]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    printed = [process.communicate(timeout=60)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert len({identity for identity, _ in printed}) == 1
    assert sorted(reused for _, reused in printed) == ["False", "True"]
    assert len(snapshots_in(folder)) == 1


# ------------------------------------------------------------------ keeping and forgetting


def test_only_so_many_snapshots_stay(path: Path, folder: Path) -> None:
    kept = []
    for year in range(2015, 2020):
        change_config(
            path,
            snapshots={"keep": 2},
            defaults={"measure": "convicted_per_100k", "year_to": year},
        )
        snapshot = build(path)
        os.utime(snapshot.path, (year, year))
        kept.append(snapshot.path.name)
    assert snapshots_in(folder) == set(kept[-2:])
    assert {p.stem for p in folder.glob("*.sha256")} == {Path(name).stem for name in kept[-2:]}


def test_a_snapshot_that_serves_another_config_is_never_dropped(
    path: Path, folder: Path, tmp_path: Path
) -> None:
    other = write_world(tmp_path / "other", rows_with(3), [("AAA", 2020, 1000)])
    served = build(other)
    os.utime(served.path, (1, 1))
    for count in (5, 6, 7):
        change_data(path, count)
        change_config(path, snapshots={"keep": 1})
        build(path)
    assert len(snapshots_in(folder)) == 2
    assert build(other).reused
    good = last_good(other)
    assert good is not None
    assert good.path == served.path


def test_an_open_snapshot_can_be_read_after_it_was_dropped(path: Path) -> None:
    with open_atlas(path) as old:
        for count in (6, 7):
            change_data(path, count)
            change_config(path, snapshots={"keep": 1})
            build(path)
        assert not old.snapshot.path.exists()
        assert convicted_in(old) == COUNT
