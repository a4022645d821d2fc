"""The snapshot of the shipped data, built once for a whole run: protecting cases takes seconds."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from gapatlas.build import build

ROOT = Path(__file__).parents[1]


def shipped_snapshots(factory: pytest.TempPathFactory) -> Path:
    """A folder of snapshots of its own that holds that of the shipped data.

    Whoever comes first builds it; the other processes of the run wait, and copy it.
    """
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(shared / "shipped-snapshots"))
        snapshot = build(ROOT / "config.yaml")
    folder = factory.mktemp("snapshots")
    for file in snapshot.path.parent.glob(f"{snapshot.id}.*"):
        shutil.copy2(file, folder)
    return folder
