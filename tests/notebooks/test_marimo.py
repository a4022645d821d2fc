"""The marimo notebook runs from top to bottom, and its charts are pictures there too."""

from __future__ import annotations

import ast
import html
import json
import re
import runpy
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import altair
import pytest

import gapatlas
from gapatlas.export.images import shapes_drawn
from tests.shipped_snapshots import shipped_snapshots

ROOT = Path(__file__).resolve().parents[2]
STILL = re.compile(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"')
NOTEBOOK = ROOT / "notebooks" / "quickstart_marimo.py"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What the cells of the notebook define."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(shipped_snapshots(tmp_path_factory)))
        _, names = runpy.run_path(str(NOTEBOOK))["app"].run()
    return dict(names)


def test_its_figures_are_those_of_the_library(names: Mapping[str, Any]) -> None:
    atlas = names["atlas"]
    expected = atlas.measure(
        "convicted_per_prosecuted",
        jurisdictions=["ROU"],
        years=(2003, 2022),
        window=5,
        source="unodc_glotip",
    )
    assert names["frame"].data.equals(expected.data)
    found = gapatlas.compare(atlas, "convicted_per_prosecuted", "ROU", year=2022, window=5)
    assert names["answers"] == [answer.text for answer in gapatlas.answers(found)]
    assert "&place=ROU&" in names["link"]


@pytest.mark.parametrize("name", ["series", "world"])
def test_a_still_picture_stands_in_where_the_scripts_are_not_loaded(
    names: Mapping[str, Any], name: str
) -> None:
    chart = names[name]
    page = chart._repr_mimebundle_()["text/html"]
    ((picture, alt),) = STILL.findall(page)
    assert html.unescape(alt) == chart.to_dict()["description"]
    drawn = b64decode(picture).decode()
    assert "Persons convicted per person prosecuted" in drawn
    assert "UNODC GLOTIP" in drawn, "no picture without its source line"
    assert (shapes_drawn(drawn) > 150) == (name == "world")
    with altair.renderers.enable("svg"):
        assert list(chart._repr_mimebundle_()) == ["image/svg+xml"], "who chose a way keeps it"


@pytest.mark.parametrize("name", ["series", "world"])
def test_its_charts_come_as_pictures(names: Mapping[str, Any], name: str) -> None:
    bundle = names[name]._repr_mimebundle_()
    page = bundle["text/html"]
    spec = json.JSONDecoder().raw_decode(page, page.index('{"config":'))[0]
    assert "Persons convicted per person prosecuted" in str(spec["title"])
    assert ("topojson" in json.dumps(spec)) == (name == "world")


def test_it_is_stored_as_a_program_that_marimo_runs() -> None:
    program = ast.parse(NOTEBOOK.read_text(encoding="utf-8"))
    cells = [node for node in program.body if isinstance(node, ast.FunctionDef)]
    assert len(cells) >= 8
    assert {ast.unparse(cell.decorator_list[0]) for cell in cells} == {"app.cell"}
