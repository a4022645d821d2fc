"""The examples of the docs: every page opens on each, and says what the example's page promises."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapatlas.atlas import open_atlas
from tests.pages.reading import (
    EVIDENCE,
    FLOWS,
    GAPS,
    METHODS,
    MINE,
    OVERVIEW,
    PROFILE,
    RATES,
    ROOT,
    TRAINING,
    assert_in_order,
    charts,
    visit,
    words,
)

PAGES = (OVERVIEW, GAPS, PROFILE, RATES, FLOWS, EVIDENCE, TRAINING, METHODS, MINE)
ADDED = {
    "city": (),
    "ministry": ("data/training/library.yaml",),
    "research": ("data", "static"),
}
"""What the page of an example says to copy beside its config."""
Serve = Callable[[str], Path]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


@pytest.fixture
def serve(folder: Path, show_config: Callable[[Path, Path], None]) -> Serve:
    """Let the pages show an example, copied as its page says."""

    def copied(name: str) -> Path:
        target = folder / name
        if not target.exists():
            shutil.copytree(ROOT / "docs" / "profiles" / name, target)
            for added in map(Path, ADDED[name]):
                copy = shutil.copytree if (ROOT / added).is_dir() else shutil.copy
                copy(ROOT / added, target / added.name)
        show_config(target / "config.yaml", folder / "snapshots")
        return target

    return copied


def test_each_example_is_tried_here() -> None:
    folders = {path.parent.name for path in (ROOT / "docs" / "profiles").glob("*/config.yaml")}
    assert folders == set(ADDED)


@pytest.mark.parametrize("name", ADDED)
def test_every_page_opens_on_an_example(serve: Serve, name: str) -> None:
    serve(name)
    for page in PAGES:
        app = visit(page)
        assert_in_order(app)
        assert len(words(app).splitlines()) > 1, page
        assert page != OVERVIEW or "SYNTHETIC" in words(app)


def test_a_city_without_boundaries_is_told_what_to_add(serve: Serve) -> None:
    serve("city")
    app = visit(GAPS)
    assert any("no shapes for these places" in info.value for info in app.info)
    assert not any("figures" in chart.tables for chart in charts(app))


def test_a_view_that_no_source_can_fill_is_not_offered(serve: Serve) -> None:
    serve("city")
    (views,) = [group for group in visit(RATES).button_group if group.key == "rate_view"]
    assert "US federal outcomes" not in views.options
    assert "See whose citizens" not in words(visit(OVERVIEW))


def test_the_provinces_of_a_ministry_are_in_the_model_of_training(serve: Serve) -> None:
    serve("ministry")
    app = visit(TRAINING)
    assert "Dunmarsh" in words(app)
    assert "If the beliefs below hold" in words(app)
    assert len(charts(app)) > 0


def test_the_notebook_of_a_research_group_sets_two_sources_beside_each_other(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(serve("research"))
    cells = json.loads(Path("verdicts.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert all(not cell.get("outputs") for cell in cells)
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for step in code:
            exec(step, names)  # noqa: S102
    with open_atlas("config.yaml") as atlas:
        (row,) = atlas.measure(
            "convicted_per_prosecuted",
            jurisdictions=["ROU"], years=(2016, 2020), window=5, source="verdicts",
        ).data.itertuples()  # fmt: skip
    told = names["both"].query("name == 'Romania' and source_id == 'verdicts'")
    assert told["value"].item() == pytest.approx(row.value)
    assert "The group's beliefs (SYNTHETIC)\n500,000 USD for training in Romania" in out.getvalue()
