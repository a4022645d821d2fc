"""Fixtures of the worked examples: `ask` opens a table of counts, `shipped` the real data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from gapatlas.atlas import Atlas, open_atlas
from gapatlas.config.loader import SNAPSHOTS_VARIABLE
from tests.shipped_snapshots import shipped_snapshots
from tests.worked_examples import Tables, open_example

ROOT = Path(__file__).parents[2]


class Ask(Protocol):
    """Opens the atlas of a worked example; see `tests.worked_examples.open_example`."""

    def __call__(
        self,
        counts: str | Tables,
        people: str | Tables = "",
        measures: Mapping[str, Any] | None = None,
    ) -> Atlas: ...


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    opened: dict[str, Atlas] = {}

    def open_once(
        counts: str | Tables,
        people: str | Tables = "",
        measures: Mapping[str, Any] | None = None,
    ) -> Atlas:
        key = repr((counts, people, measures))
        if key not in opened:
            folder = tmp_path_factory.mktemp("example")
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv(SNAPSHOTS_VARIABLE, str(folder / "snapshots"))
                opened[key] = open_example(folder, counts, people, measures)
        return opened[key]

    yield open_once
    for atlas in opened.values():
        atlas.close()


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    """The atlas of the config and data in this repository, built afresh."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SNAPSHOTS_VARIABLE, str(shipped_snapshots(tmp_path_factory)))
        atlas = open_atlas(ROOT / "config.yaml")
    with atlas:
        yield atlas
