"""Every notebook runs from top to bottom, shows what it promises, and is stored without outputs."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

import gapatlas
from tests.pages.reading import RATES, TRAINING, assert_in_order, visit
from tests.shipped_snapshots import shipped_snapshots

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LINK = re.compile(r"\]\(([^)\s]+)\)")


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shipped_snapshots(tmp_path_factory)


def executed(name: str, tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """A notebook, executed as Jupyter does: in its own folder."""
    notebook = read(ROOT / "notebooks" / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAPATLAS_SNAPSHOTS", str(shipped_snapshots(tmp_path_factory)))
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
def training(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    return executed("argue_with_the_training_model.ipynb", tmp_path_factory)


@pytest.fixture(scope="module")
def gap_map(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    return executed("reproduce_the_gap_map.ipynb", tmp_path_factory)


@pytest.fixture(scope="module")
def own_data(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    return executed("bring_your_own_data.ipynb", tmp_path_factory)


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
        "argue_with_the_training_model.ipynb",
        "bring_your_own_data.ipynb",
        "conviction_rates.ipynb",
        "quickstart.ipynb",
        "reproduce_the_gap_map.ipynb",
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
    quickstart: nbformat.NotebookNode, snapshots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(snapshots))
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
    assert "There is no measure 'conviction_rate'" in printed(
        quickstart, 'atlas.measure("conviction_rate")'
    )


def test_the_quickstart_leads_to_the_app_and_back(quickstart: nbformat.NotebookNode) -> None:
    shown = printed(quickstart, "gapatlas.from_link(link, atlas)")
    assert "http://localhost:8501/conviction_rates?measure=convicted_per_prosecuted&" in shown
    assert "&place=ROU&" in shown
    assert shown.count("\n- ") == 5


@pytest.mark.parametrize("place", ["ROU", "NLD", "PHL", "USA"])
def test_the_notebook_of_rates_gives_the_answers_of_the_page(
    conviction_rates: nbformat.NotebookNode,
    place: str,
    snapshots: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(snapshots))
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
    training: nbformat.NotebookNode, snapshots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(snapshots))
    app = visit(
        TRAINING,
        {
            "scenario": "Three countries*ROU:25000-25000-25000-25000~NLD:50000-0-50000-0~"
            "PHL:0-50000-0-50000*10*5*0*1*central**",
            "atleast": "50",
        },
    )
    assert_in_order(app)
    shown = printed(training, "found = gapatlas.invest(").strip()
    assert "90% interval" in shown
    assert shown in [element.value.replace("\\", "") for element in app.markdown]


def test_the_notebook_of_training_argues_saves_and_draws(
    training: nbformat.NotebookNode,
) -> None:
    argued = printed(training, "in others.items()")
    assert "no effect: chance of 50 more 0%, of harm 0%" in argued
    assert "currency: USD" in printed(training, "save_scenario")
    assert "association, not an effect" in printed(training, "find_association")
    for kind in ("fan", "change", "tornado"):
        assert chart(training, f'"{kind}")')["datasets"]


def test_the_notebook_of_training_makes_a_link_that_the_page_understands(
    training: nbformat.NotebookNode,
) -> None:
    shown = printed(training, "beside=[")
    assert shown.startswith("http://localhost:8501/training_investment?scenario=Three%20countries*")
    assert "&beside=Strong%20legal%20support*ROU:25000-25000-25000-25000" in shown


def test_the_notebook_of_the_gap_map_shows_what_the_page_tells(
    gap_map: nbformat.NotebookNode, snapshots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(snapshots))
    with gapatlas.open_atlas(ROOT / "config.yaml") as atlas:
        gap = gapatlas.find_gaps(atlas, "convicted_per_100_detected", year=2022)
    shown = printed(gap_map, "gap = gapatlas.from_link(link, atlas)")
    assert f"{len(gap.short)} places clearly fall short, {len(gap.beyond)} lie clearly" in shown
    assert gap.short["name"].iloc[0] in printed(gap_map, "gap.short[columns]")
    assert "Short of all four:" in printed(gap_map, "of_all = set.intersection")
    assert "@misc{unodc_glotip," in printed(gap_map, 'cite("bibtex")')


def test_the_notebook_of_the_gap_map_draws_the_gap_and_the_rate(
    gap_map: nbformat.NotebookNode,
) -> None:
    for code in ('gap.chart("map")', 'rate.chart("map")'):
        assert "topojson" in json.dumps(chart(gap_map, code))


def test_the_notebook_of_own_data_keeps_a_range_a_range_and_missing_missing(
    own_data: nbformat.NotebookNode,
) -> None:
    shown = printed(own_data, "frame.to_csv()")
    table = pd.read_csv(io.StringIO(shown[shown.index("#") :]), comment="#")
    status = table.set_index(["jurisdiction_id", "year_to"])["status"]
    assert status["X-SOUTH", 2021] == "not_reported"
    assert status["X-SOUTH", 2022] == "exact"
    assert status["X-WEST", 2021] == "censored"
    assert "North Province" in json.dumps(chart(own_data, 'frame.chart("series")')["datasets"])


def test_the_notebook_of_own_data_links_and_lists_faults(own_data: nbformat.NotebookNode) -> None:
    told = printed(own_data, "link = atlas.link(")
    assert "/conviction_rates?measure=convicted_per_prosecuted&source=courts&year=2022" in told
    faults = printed(own_data, "forty")
    assert "counts.csv, row 3, column count_low: This is not a whole number." in faults
    assert "Made up for this notebook." in printed(own_data, "frame.to_csv()")
