"""The simulation is compiled before anybody asks for it, by a process of its own."""

import subprocess
from pathlib import Path

import pytest

from gapatlas.training import ahead

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_process_of_its_own_compiles_it_and_keeps_it(tmp_path, monkeypatch, elsewhere) -> None:
    if elsewhere:
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
        assert not ahead._is_kept()
    done = subprocess.run(ahead.COMMAND, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
    assert ahead._is_kept()
