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
from tests.pages.reading import RATES, TRAINING, assert_in_order, visit

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LINK = re.compile(r"\]\(([^)\s]+)\)")


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def executed(name: str, tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """A notebook, executed as Jupyter does: in its own folder."""
    notebook = read(ROOT / "notebooks" / name)
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


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    return executed("quickstart.ipynb", tmp_path_factory)


@pytest.fixture(scope="module")
def conviction_rates(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    return executed("conviction_rates.ipynb", tmp_path_factory)


@pytest.fixture(scope="module")
def training_investment(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    return executed("training_investment.ipynb", tmp_path_factory)


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
    assert [path.name for path in NOTEBOOKS] == [
        "conviction_rates.ipynb",
        "quickstart.ipynb",
        "training_investment.ipynb",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_stored_without_outputs(path: Path) -> None:
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert cells
    assert [cell.source for cell in cells if cell.outputs or cell.execution_count] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_link_of_a_notebook_points_to_a_file(path: Path) -> None:
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    targets = [target for target in LINK.findall(text) if "://" not in target]
    assert targets, "a notebook leads on to the docs"
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


@pytest.mark.parametrize("place", ["ROU", "NLD", "PHL", "USA"])
def test_the_notebook_of_rates_gives_the_answers_of_the_page(
    conviction_rates: nbformat.NotebookNode,
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path))
    shown = printed(conviction_rates, "gapatlas.answers(comparison)")
    app = visit(
        RATES,
        {
            "measure": "convicted_per_prosecuted",
            "source": "unodc_glotip",
            "year": "2022",
            "window": "5",
            "place": place,
            "peers": "region",
        },
    )
    assert_in_order(app)
    told = [caption.value.replace("\\", "") for caption in app.caption]
    with gapatlas.open_atlas(ROOT / "config.yaml") as atlas:
        found = gapatlas.compare(atlas, "convicted_per_prosecuted", place, year=2022, window=5)
        expected = [answer.text for answer in gapatlas.answers(found)]
    assert len(expected) == 5
    assert [text for text in expected if text not in told] == [], "on the page"
    assert [text for text in expected if text not in shown] == [], "in the notebook"


def test_the_notebook_of_rates_draws_a_funnel_with_its_data(
    conviction_rates: nbformat.NotebookNode,
) -> None:
    spec = chart(conviction_rates, 'chart("funnel")')
    assert {"rows", "curves"} <= set(spec["datasets"])  # type: ignore[call-overload]
    assert "Romania" in json.dumps(spec["datasets"])
    assert "which places differ by more than chance" in str(spec["title"])


def test_the_notebook_of_training_gives_the_answer_of_the_page(
    training_investment: nbformat.NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(tmp_path))
    app = visit(
        TRAINING,
        {
            "scenario": "Three countries*ROU:25000-25000-25000-25000~NLD:50000-0-50000-0~"
            "PHL:0-50000-0-50000*10*5*0*1*central**",
            "atleast": "50",
        },
    )
    assert_in_order(app)
    shown = printed(training_investment, "found.summary(at_least=50)").strip()
    assert "90% interval" in shown
    assert shown in [element.value.replace("\\", "") for element in app.markdown]


def test_the_notebook_of_training_argues_saves_and_draws(
    training_investment: nbformat.NotebookNode,
) -> None:
    argued = printed(training_investment, "strong legal support")
    assert "no effect: chance of 50 more 0%, of harm 0%" in argued
    assert "currency: USD" in printed(training_investment, "save_scenario")
    assert "association, not an effect" in printed(training_investment, "find_association")
    for kind in ("fan", "change", "tornado"):
        assert chart(training_investment, f'"{kind}")')["datasets"]
