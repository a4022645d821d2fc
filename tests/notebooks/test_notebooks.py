"""Every notebook runs from top to bottom, shows what it promises, and is stored without outputs."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import gapatlas

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LINK = re.compile(r"\]\(([^)\s]+)\)")


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """The quickstart, executed as Jupyter does: in the notebook's own folder."""
    notebook = read(ROOT / "notebooks" / "quickstart.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path_factory.mktemp("snapshots")))
        patch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
        client = NotebookClient(
            notebook,
            timeout=120,
            kernel_name="python3",
            resources={"metadata": {"path": str(ROOT / "notebooks")}},
        )
        client.execute()
    return notebook


def outputs_of(notebook: nbformat.NotebookNode, code: str) -> list[nbformat.NotebookNode]:
    """Outputs of the one cell whose code has this text."""
    (cell,) = [c for c in notebook.cells if c.cell_type == "code" and code in c.source]
    return list(cell.outputs)


def printed(notebook: nbformat.NotebookNode, code: str) -> str:
    """What a cell shows as plain text, printed or as its last value."""
    return "".join(o.get("text") or o["data"]["text/plain"] for o in outputs_of(notebook, code))


def chart(notebook: nbformat.NotebookNode, code: str) -> dict[str, object]:
    """The Vega-Lite specification inside the page that a cell shows."""
    (output,) = outputs_of(notebook, code)
    page = output["data"]["text/html"]
    spec: dict[str, object] = json.JSONDecoder().raw_decode(page, page.index('{"config":'))[0]
    return spec


def test_there_are_notebooks_and_each_is_executed_here() -> None:
    assert [path.name for path in NOTEBOOKS] == ["quickstart.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_stored_without_outputs(path: Path) -> None:
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert cells
    assert [cell.source for cell in cells if cell.outputs or cell.execution_count] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_link_of_a_notebook_points_to_a_file(path: Path) -> None:
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    targets = [target for target in LINK.findall(text) if "://" not in target]
    assert targets
    assert [target for target in targets if not (path.parent / target).is_file()] == []


def test_the_quickstart_shows_the_figures_of_the_library(
    quickstart: nbformat.NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path))
    with gapatlas.open_atlas(ROOT / "config.yaml") as atlas:
        frame = atlas.measure(
            "convicted_per_prosecuted",
            jurisdictions=["ROU", "NLD"],
            years=(2018, 2022),
            window=5,
            source="unodc_glotip",
        )
    (output,) = outputs_of(quickstart, "\nframe.data")
    assert output["data"]["text/html"] == frame.data._repr_html_()
    assert frame.data["years_used"].tolist() == [5, 4]
    assert frame.cite() in printed(quickstart, "frame.cite()")


def test_the_quickstart_draws_a_map_with_its_shapes_and_a_series(
    quickstart: nbformat.NotebookNode,
) -> None:
    world, series = chart(quickstart, '.chart("map")'), chart(quickstart, '.chart("series")')
    assert "topojson" in json.dumps(world)
    assert "topojson" not in json.dumps(series)
    for spec in (world, series):
        assert "Persons convicted per person prosecuted" in str(spec["title"])
        assert "Persons convicted per person prosecuted" in str(spec["description"])


def test_the_quickstart_reads_its_own_csv_back(quickstart: nbformat.NotebookNode) -> None:
    shown = printed(quickstart, "frame.to_csv(file)")
    assert "Romania" in shown
    assert "Netherlands" in shown


def test_the_quickstart_shows_what_a_wrong_name_gives(quickstart: nbformat.NotebookNode) -> None:
    assert "There is no measure 'conviction_rate'" in printed(quickstart, "conviction_rate")
