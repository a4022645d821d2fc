"""The chart of ratios by distance in years: what is drawn, cut and shaded."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from gapatlas.charts import as_chart, standalone
from gapatlas.charts.event_study import FURTHEST, before_rows, event_study_template, step_rows
from gapatlas.charts.template import CURVES, ROWS
from gapatlas.charts.theme import palette


def steps(*rows: tuple[int, float, float, float, float]) -> pd.DataFrame:
    columns = ["step", "least", "most", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(places=7, before=table["step"] < 0, words=table["step"].astype(str))


def test_a_ratio_stands_in_the_middle_of_its_range_on_the_log_axis() -> None:
    (row,) = step_rows(steps((1, 0.5, 2.0, 0.4, 2.5))).itertuples()
    assert row.middle == pytest.approx(1.0)
    assert (row.ratio, row.interval, row.places) == ("0.50 to 2.00", "0.40 to 2.50", 7)
    assert not row.cut_low
    assert not row.cut_high


def test_what_runs_on_is_cut_and_marked_and_its_words_are_not() -> None:
    (row,) = step_rows(steps((1, 1.0, 1.0, 0.01, 99.0))).itertuples()
    assert (row.low, row.high) == (1 / FURTHEST, FURTHEST)
    assert row.cut_low
    assert row.cut_high
    assert row.interval == "0.01 to 99.00"


def test_a_distance_without_a_ratio_is_not_drawn() -> None:
    shown = step_rows(steps((-1, np.nan, np.nan, np.nan, np.nan), (0, 1, 1, 0.9, 1.1)))
    assert shown["step"].tolist() == [0]
    assert shown["ratio"].tolist() == ["1.00"]


def test_the_years_before_are_shaded() -> None:
    shown = step_rows(steps((-3, 1, 1, 0.9, 1.1), (0, 1, 1, 0.9, 1.1)))
    (band,) = before_rows(shown).itertuples()
    assert (band.start, band.end, band.none) == (-3.5, -0.5, 1.0)
    (nothing,) = before_rows(shown[shown["step"] >= 0]).itertuples()
    assert nothing.start == nothing.end
    (empty,) = before_rows(shown.head(0)).itertuples()
    assert empty.start == empty.end


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_axis_is_a_log_one_and_the_tooltip_says_how_many_places(scheme: str) -> None:
    template = event_study_template("Years after it", scheme)
    spec = template.filled({})
    lines = spec["layer"][2]
    assert lines["encoding"]["y"]["scale"]["type"] == "log"
    assert lines["encoding"]["x"]["title"] == "Years after it"
    assert [t["title"] for t in lines["encoding"]["tooltip"]][-1] == "Places behind it"
    assert palette(scheme).accent in json.dumps(spec)


def test_a_notebook_gets_title_source_and_alternative_text() -> None:
    shown = step_rows(steps((-1, 1, 1, 0.9, 1.1), (0, 1, 1, 0.9, 1.1)))
    spec = event_study_template("Years after it", "light").filled({})
    datasets = {ROWS: shown, CURVES: before_rows(shown)}
    drawn = as_chart(standalone(spec, datasets, "Title", "Source.", "In words.")).to_dict()
    assert drawn["title"]["text"] == "Title"
    assert drawn["description"] == "In words."
    assert [row["step"] for row in drawn["datasets"][ROWS]] == [-1, 0]
