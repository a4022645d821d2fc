"""The hindcast on the shipped data: fits are found again, and the docs say what comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.hindcast import (
    OURS,
    SOURCE,
    TABLES,
    Hindcast,
    coverage_table,
    errors_table,
    sums_table,
)
from benchmarks.tables import Table
from gapatlas.atlas import Atlas
from gapatlas.training.baseline import Movement
from gapatlas.training.chain import COUNTED
from gapatlas.training.hindcast import predict, scores
from gapatlas.training.history import History, history
from gapatlas.training.movement import HELD_BACK, MOVEMENT, fit_movement

DOCS = Path(__file__).parents[2] / "docs" / "explanation" / "hindcast.md"
POINTS = 3.0
"""Per cent that fewer draws may change a coverage."""


@pytest.fixture(scope="module")
def truth(shipped: Atlas) -> History:
    return history(shipped.stage_years(SOURCE))


@pytest.fixture(scope="module")
def hindcast(truth: History) -> Hindcast:
    return Hindcast(truth, draws=1000)


def told(title: str) -> dict[str, list[str]]:
    """Rows of a table of the docs by their name."""
    text = DOCS.read_text(encoding="utf-8").split(f"### {title}\n\n")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]
    return {row[0]: row[1:] for row in rows}


def found(table: Table) -> dict[str, list[str]]:
    return {row[0]: list(row[1:]) for row in table.rows}


def as_numbers(cells: list[str]) -> np.ndarray:
    return np.array([float(cell.replace(",", "")) for cell in cells])


def test_the_docs_print_how_often_intervals_hold(hindcast: Hindcast) -> None:
    table = coverage_table(hindcast)
    printed, now = told(table.title), found(table)
    assert printed.keys() == now.keys()
    for name, cells in now.items():
        assert cells[:2] == printed[name][:2], name
        assert as_numbers(cells[2:]) == pytest.approx(as_numbers(printed[name][2:]), abs=POINTS)


def test_the_docs_print_the_errors(hindcast: Hindcast) -> None:
    table = errors_table(hindcast)
    printed, now = told(table.title), found(table)
    assert printed.keys() == now.keys()
    for name, (error, _, factor, score, _) in now.items():
        was = printed[name]
        assert float(error) == pytest.approx(float(was[0]), rel=0.05), name
        assert float(factor) == pytest.approx(float(was[2]), abs=0.04), name
        assert float(score) == pytest.approx(float(was[3]), abs=0.01), name


def test_the_docs_print_the_sums(hindcast: Hindcast) -> None:
    table = sums_table(hindcast)
    printed, now = told(table.title), found(table)
    assert printed.keys() == now.keys()
    for name, (places, counted, predicted, *_) in now.items():
        assert [places, counted] == printed[name][:2]
        middle = as_numbers(printed[name][2:3])
        assert as_numbers([predicted]) == pytest.approx(middle, rel=0.15), name


def test_intervals_hold_what_they_should_and_forecasts_beat_the_naive_ones(
    hindcast: Hindcast,
) -> None:
    for stage, own in hindcast.compared[OURS].groupby("stage"):
        assert 0.80 <= own["share_90"].mean() <= 0.95, stage
        assert 0.84 <= own["meets_90"].mean() <= 0.98, stage
        assert 0.45 <= own["share_50"].mean() <= 0.58, stage
        for name, other in hindcast.compared.items():
            theirs = other[other["stage"] == stage]
            assert name == OURS or own["score"].mean() < theirs["score"].mean(), (stage, name)


def test_the_fit_to_the_years_before_is_found_again(truth: History) -> None:
    assert fit_movement(truth.until(2017)) == HELD_BACK


def test_no_movement_near_that_of_the_app_fits_all_years_better(truth: History) -> None:
    assert fit_movement(truth, start=MOVEMENT) == MOVEMENT


def test_the_history_holds_what_the_source_prints(truth: History, shipped: Atlas) -> None:
    """The Netherlands print no figures for 2020; Romania convicted 718 persons in 2018-2022."""
    row, k = truth.places.index("NLD"), COUNTED.index("prosecuted")
    years = truth.reported[k, row, truth.column(2018) :]
    assert years.tolist() == [True, True, False, True, True]
    row, k = truth.places.index("ROU"), COUNTED.index("convicted")
    assert truth.low[k, row, truth.column(2018) :].sum() == 718


def test_intervals_hold_counts_of_a_world_that_moves_as_the_model_says() -> None:
    """Levels that step by 0.4 a year and come back by a tenth, with counts of all sizes."""
    random = np.random.default_rng(7)
    places, years = 300, 25
    middle, step, back = np.log(30), 0.4, 0.1
    log = middle + random.normal(0, step / np.sqrt(1 - (1 - back) ** 2), places)
    rows = []
    for _ in range(years):
        log = middle + (1 - back) * (log - middle) + random.normal(0, step, places)
        rows.append(np.exp(log))
    level = np.array(rows).T * np.array([1, 0.9, 0.6, 0.3])[:, None, None]
    low = random.poisson(level * np.exp(random.normal(0, 0.2, level.shape[1:]))).astype(float)
    ids = tuple(f"P{place:03}" for place in range(places))
    world = History(ids, 1998, low, low.copy(), np.ones(low.shape, dtype=bool))
    forecast = predict(world.until(2017), Movement(0.6, step, 0.2, back), 5, draws=400)
    for stage, own in scores(forecast, world).groupby("stage"):
        assert own["share_90"].mean() == pytest.approx(0.9, abs=0.05), stage
        assert own["share_50"].mean() == pytest.approx(0.5, abs=0.08), stage


def test_every_table_has_a_place_in_the_docs(hindcast: Hindcast) -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert text.count("\n### ") == len(TABLES)
    for name in ("coverage", "errors", "years", "sizes", "sums"):
        assert f"### {TABLES[name](hindcast).title}\n" in text
