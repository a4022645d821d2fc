"""Who counts many cases and reports nothing of what came of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gapatlas.errors import UnknownNameError
from gapatlas.headlines import MANY, silence
from tests.support import ratio
from tests.worked_examples import open_example

ROOT = Path(__file__).resolve().parents[2]
PER_VICTIM = {
    "per_victim": ratio(
        ("convicted", "persons"), ("detected", "victims"), unit="persons per victims"
    ),
    "per_people": ratio(("convicted", "persons"), "population"),
}
COUNTS = """
place | year | detected | convicted
AAA   | 2019 | 50       | 0
AAA   | 2020 | 80       | not
AAA   | 2021 | 90       |
AAA   | 2022 | 49       | not
BBB   | 2020 | 500      | <5
BBB   | 2021 | 500      | suppressed
CCC   | 2020 | 70       | not
DDD   | 2020 | not      | not
"""


def test_silence_is_what_is_not_reported_where_many_are_counted(tmp_path):
    with open_example(tmp_path, COUNTS, "AAA | 2020 | 1", PER_VICTIM) as atlas:
        found = silence(atlas, "per_victim")

    asked = found.asked[["jurisdiction_id", "year"]].itertuples(index=False, name=None)
    assert list(asked) == [
        ("AAA", 2019),
        ("AAA", 2020),
        ("AAA", 2021),
        ("BBB", 2020),
        ("BBB", 2021),
        ("CCC", 2020),
    ], f"{MANY} or more"
    silent = found.silent[["jurisdiction_id", "year"]].itertuples(index=False, name=None)
    assert list(silent) == [("AAA", 2020), ("AAA", 2021), ("CCC", 2020)], "a zero is a figure"
    assert found.places.to_dict("records") == [
        {"jurisdiction_id": "AAA", "name": "Alphaland", "region": "Europe", "asked": 3,
         "silent": 2, "years": "2020, 2021", "cases": 170},
        {"jurisdiction_id": "CCC", "name": "Gammaland", "region": "Asia", "asked": 1,
         "silent": 1, "years": "2020", "cases": 70},
    ]  # fmt: skip


def test_where_everyone_reports_nobody_is_listed(tmp_path):
    counts = "place | year | detected | convicted\nAAA | 2020 | 60 | 5"
    with open_example(tmp_path, counts, "AAA | 2020 | 1", PER_VICTIM) as atlas:
        found = silence(atlas, "per_victim")
    assert len(found.asked) == 1
    assert found.silent.empty
    assert found.places.empty


def test_a_measure_of_people_has_no_cases_below_the_line(tmp_path):
    with open_example(tmp_path, COUNTS, "AAA | 2020 | 1", PER_VICTIM) as atlas:
        with pytest.raises(ValueError, match="divides by people"):
            silence(atlas, "per_people")
        with pytest.raises(UnknownNameError):
            atlas.silent_years("nothing", 50)


def test_the_shipped_data_have_202_of_877_place_years_without_a_figure(shipped):
    """Counted a second way from the table itself. The notes that came with the file say 183 of
    785: those are the place-years below 1,000 victims, whose counts have no thousands comma."""
    table = pd.read_csv(ROOT / "data" / "unodc_glotip" / "observations.csv", dtype={"note": str})
    whole = table[(table[["sex", "age", "dimension"]] == "total").all(axis=1)]
    keys = ["jurisdiction_id", "year"]
    detected = whole[(whole["stage"] == "detected") & (whole["count_low"] >= 50)]
    convicted = whole[(whole["stage"] == "convicted") & (whole["status"] != "not_reported")]
    reports = pd.MultiIndex.from_frame(convicted[keys])
    silent = ~pd.MultiIndex.from_frame(detected[keys]).isin(reports)

    found = silence(shipped, "convicted_per_100_detected")

    assert (len(found.asked), len(found.silent)) == (len(detected), int(silent.sum())) == (877, 202)
    few = found.asked["count_low"] < 1000
    assert (int(few.sum()), int((found.silent["count_low"] < 1000).sum())) == (785, 183)
    listed = {tuple(row) for row in found.silent[keys].itertuples(index=False)}
    assert listed == {tuple(row) for row in detected.loc[silent, keys].itertuples(index=False)}
    assert found.places["silent"].sum() == 202
