"""Pages over the shipped data, and over small worlds that are written for one test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
import yaml

import gapatlas
from gapatlas import geography, live
from gapatlas.atlas import Atlas
from tests.pages.reading import ROOT
from tests.shipped_snapshots import shipped_snapshots
from tests.support import ratio, write_world

SHAPES = "static/shapes/world.topojson"
PAIR = {
    "convicted_per_prosecuted": ratio(
        ("convicted", "persons"), ("prosecuted", "persons"), title="Convicted per prosecuted"
    ),
    "convicted_per_100k": ratio(
        ("convicted", "persons"), "population", title="Convicted per 100,000"
    ),
}
World = Callable[..., Path]


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of snapshots for all page tests: each config is built once."""
    return shipped_snapshots(tmp_path_factory)


@pytest.fixture(scope="session")
def shipped_atlas(snapshots: Path) -> Iterator[Atlas]:
    """The library on the shipped config: what a page must agree with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(snapshots))
        atlas = gapatlas.open_atlas(ROOT / "config.yaml")
    with atlas:
        yield atlas


@pytest.fixture
def shipped(shipped_atlas: Atlas, snapshots: Path, monkeypatch: pytest.MonkeyPatch) -> Atlas:
    """Pages show the shipped data."""
    _serve(ROOT / "config.yaml", snapshots, monkeypatch)
    return shipped_atlas


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Write a small world and let the pages show it.

    world(rows, population=(), measures=None, maps=True, **defaults) -> path of its config.
    """

    def write(
        observations: Iterable[str],
        population: Sequence[tuple[str, int, int]] = (),
        measures: Mapping[str, Any] | None = None,
        *,
        maps: bool = True,
        **defaults: Any,
    ) -> Path:
        path = write_world(tmp_path / "world", observations, population, measures or PAIR)
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        if maps:
            config["maps"] = {"world": _map_of_two_places(path.parent)}
        config["defaults"].update(defaults)
        path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
        _serve(path, tmp_path / "snapshots", monkeypatch)
        monkeypatch.setattr(live, "CHECK_EVERY_SECONDS", 0.0)
        return path

    st.cache_resource.clear()
    yield write
    st.cache_resource.clear()


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], str]]:
    """Key of each download button that a page shows -> what makes its file."""
    offered: dict[str, Callable[[], str]] = {}
    button = st.download_button

    def noted(label: str, data: Any, **options: Any) -> bool:
        offered[options["key"]] = data if callable(data) else lambda: data
        return button(label, data, **options)

    monkeypatch.setattr(st, "download_button", noted)
    return offered


@pytest.fixture
def show_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let the pages show a config that a test has written; the server's folder is a copy.

    show_config(path of the config, folder of its snapshots)
    """

    def show(config: Path, snapshots: Path) -> None:
        _serve(config, snapshots, monkeypatch)
        monkeypatch.setattr(live, "CHECK_EVERY_SECONDS", 0.0)
        monkeypatch.setattr(geography, "APP_FOLDER", tmp_path)

    st.cache_resource.clear()
    yield show
    st.cache_resource.clear()


def _serve(config: Path, snapshots: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAPATLAS_CONFIG", str(config))
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(snapshots))


def _map_of_two_places(folder: Path) -> dict[str, Any]:
    """Shapes for Alphaland and Betaland: two squares side by side."""
    names = {"AAA": "Alphaland", "BBB": "Betaland"}
    squares = [[[x, 0], [x, 9], [x + 9, 9], [x + 9, 0], [x, 0]] for x in (0, 9)]
    shapes = [
        {"type": "Polygon", "arcs": [[arc]], "properties": {"id": id_, "name": name}}
        for arc, (id_, name) in enumerate(names.items())
    ]
    topology = {
        "type": "Topology",
        "arcs": squares,
        "objects": {"countries": {"type": "GeometryCollection", "geometries": shapes}},
    }
    file = folder / SHAPES
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(topology), encoding="utf-8")
    return {
        "title": "World",
        "level": "country",
        "shapes": SHAPES,
        "object": "countries",
        "projection": "equalEarth",
    }
