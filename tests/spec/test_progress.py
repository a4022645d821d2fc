"""Long work tells how far it is, in a terminal too, and ends where it is cancelled."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from gapatlas import progress
from gapatlas.catalogue import read_catalogue
from gapatlas.config import load_config
from gapatlas.config.reading_models import Reading
from gapatlas.progress import Moment, Step, listening
from gapatlas.reading import read_cells
from gapatlas.terminal import shown_progress
from gapatlas.validate import validate
from tests.support import observation, write_world

ROOT = Path(__file__).parents[2]
ROWS = 400_000


class CancelledError(Exception):
    """Nobody wants the work any more."""


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "courts.csv"
    path.write_text("iso3,Year,Victims\n" + "AAA,2020,10\n" * ROWS)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_world(tmp_path / "world", [observation("AAA", 2020, "convicted", "persons", 5)])


def test_a_child_tells_the_rows_that_it_has_read(long_file: Path) -> None:
    heard: list[Moment] = []
    with listening(heard.append):
        progress.begin(Step.READING, "courts", 2, 7)
        read_cells(long_file, Reading(), "courts.csv")
    told = [moment for moment in heard if moment.rows is not None]
    assert {(moment.what, moment.number, moment.of) for moment in heard} == {("courts", 2, 7)}
    assert told, heard
    for earlier, later in pairwise(told):
        assert 0 < (earlier.rows or 0) <= (later.rows or 0) <= ROWS
    for moment in told:
        assert moment.share == pytest.approx((moment.rows or 0) / ROWS, abs=0.001)


def test_a_listener_that_raises_ends_the_child_and_leaves_nothing(
    long_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def cancel(moment: Moment) -> None:
        assert [entry.name[:9] for entry in tmp_path.iterdir()] == ["gapatlas-"]
        raise CancelledError

    with pytest.raises(CancelledError), listening(cancel):
        read_cells(long_file, Reading(), "courts.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_check_tells_which_dataset_of_how_many(path: Path) -> None:
    heard: list[Moment] = []
    with listening(heard.append):
        validate(read_catalogue(load_config(path)))
    told = {(moment.step, moment.what, moment.number, moment.of) for moment in heard}
    assert told >= {
        (step, dataset, number, 2)
        for step in (Step.LOOKING, Step.READING, Step.CHECKING)
        for number, dataset in enumerate(("office", "people"), start=1)
    }


class Terminal(io.StringIO):
    """A terminal that somebody looks at."""

    def isatty(self) -> bool:
        return True


def shown_in(file: io.StringIO, width: int, quiet: bool = False) -> str:
    console = Console(file=file, force_terminal=True, force_interactive=True, width=width)
    with shown_progress(console, quiet):
        progress.begin(Step.READING, "our [bold] courts", 2, 7)
        progress.go_on(Step.READING, rows=1_250_000)
    return file.getvalue()


def test_a_terminal_shows_the_step_the_dataset_and_the_rows() -> None:
    assert "Reading " in shown_in(Terminal(), 120)
    assert "our [bold] courts" in shown_in(Terminal(), 120)
    assert " (2 of 7), 1,250,000 rows" in shown_in(Terminal(), 120)
    assert shown_in(Terminal(), 30).count("\n") == shown_in(Terminal(), 120).count("\n")


def test_nothing_is_shown_where_nobody_looks() -> None:
    assert shown_in(Terminal(), 120, quiet=True) == ""
    assert shown_in(io.StringIO(), 120) == ""


def read_whole(terminal: int) -> str:
    """What is written to a terminal until nobody has it open any more."""
    parts = []
    try:
        while part := os.read(terminal, 65_536):
            parts.append(part)
    except OSError:  # so Linux says that the other end is closed
        pass
    os.close(terminal)
    return b"".join(parts).decode()


@pytest.mark.parametrize("machine", [False, True])
def test_only_people_see_progress(path: Path, machine: bool) -> None:
    ours, theirs = pty.openpty()
    words = ["check", "--config", path, *(["--json"] if machine else [])]
    process = subprocess.Popen(
        [sys.executable, "-m", "gapatlas", *words],
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    seen = read_whole(ours)
    out, _ = process.communicate()
    assert process.returncode == 0
    assert "\x1b" not in out
    if machine:
        assert (json.loads(out)["problems"], seen) == ([], "")
    else:
        assert "No problems." in out
        assert any(str(step) in seen for step in Step)
