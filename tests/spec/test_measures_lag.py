"""Lag-adjusted ratios: which years count, what stands below the line, and how sure that is."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from gapatlas.atlas import open_atlas
from gapatlas.config import Config
from gapatlas.statistics import lag_adjusted, ratio_of_counts
from tests.shipped_snapshots import shipped_snapshots
from tests.support import ratio
from tests.worked_examples import open_example

SAME = ratio(("convicted", "persons"), ("prosecuted", "persons"), title="Same year")
BOTH = "place | year | prosecuted | convicted\n"


def lagged(weights, **changes):
    lag = {"weights": list(weights), "basis": "Made up."}
    return {**SAME, "title": "Lagged", "rate": "lag_adjusted", "lag": lag, **changes}


def figures(folder: Path, counts: str, weights, *, window=1, years=None):
    """Rows of the lag-adjusted measure over a table of counts, by last year."""
    atlas = open_example(folder, BOTH + counts, measures={"lagged": lagged(weights)})
    with atlas:
        data = atlas.measure("lagged", window=window, years=years).data
    return data.set_index("year_to")


HALVES = """
AAA | 2018 | 10  | 1
AAA | 2019 | 20  | 3
AAA | 2020 | 40  | 9
AAA | 2021 | 20  | 12
"""


def test_prosecutions_are_shared_out_over_the_years_in_which_they_end(tmp_path):
    """Half of 2018's prosecutions end in 2018 and half in 2019, and so on."""
    data = figures(tmp_path, HALVES, [0.5, 0.5])

    assert data["denominator_low"].tolist()[1:] == [15.0, 30.0, 30.0]
    assert data["value"].tolist()[1:] == pytest.approx([3 / 15, 9 / 30, 12 / 30])


def test_the_first_year_has_no_earlier_prosecutions_and_so_no_figure(tmp_path):
    data = figures(tmp_path, HALVES, [0.5, 0.5])

    assert data.loc[2018, "status"] == "not_reported"
    assert np.isnan(data.loc[2018, "value"])


def test_a_lag_of_one_year_needs_no_prosecutions_of_the_year_itself(tmp_path):
    counts = """
    AAA | 2018 | 10  | 1
    AAA | 2019 | not | 3
    """
    data = figures(tmp_path, counts, [0.0, 1.0])

    assert data.loc[2019, "value"] == pytest.approx(0.3)


def test_a_gap_takes_out_every_year_that_draws_on_it(tmp_path):
    counts = """
    AAA | 2016 | 10  | 1
    AAA | 2017 | not | 3
    AAA | 2018 | 10  | 4
    AAA | 2019 | 10  | 5
    AAA | 2020 | 10  | 6
    """
    data = figures(tmp_path, counts, [0.5, 0.5], window=5)

    [row] = [row for _, row in data.iterrows()]
    assert row["years_used"] == 2
    assert (row["numerator_low"], row["denominator_low"]) == (11, 20.0)


def test_weights_of_one_give_the_same_year_ratio_and_its_interval(tmp_path):
    data = figures(tmp_path, HALVES, [1.0], window=3)

    for year, x, y in ((2020, 13, 70), (2021, 24, 80)):
        low, high = ratio_of_counts(x, y)
        row = data.loc[year]
        assert row["value"] == pytest.approx(x / y)
        assert (row["low"], row["high"]) == pytest.approx((float(low), float(high)))
        assert row["effective_denominator"] == y


def test_shared_out_counts_are_counted_once_in_how_sure_it_is(tmp_path):
    """Over 2019 and 2020, half of 2018, all of 2019 and half of 2020 are due to end: 45 persons.
    They vary like 45 x 45 / (10/4 + 20 + 40/4) persons."""
    data = figures(tmp_path, HALVES, [0.5, 0.5], window=3, years=(2018, 2020))

    row = data.loc[2020]
    assert row["denominator_low"] == 45.0
    assert row["effective_denominator"] == pytest.approx(45**2 / (2.5 + 20 + 10))


def test_ranges_are_shared_out_as_ranges(tmp_path):
    counts = """
    AAA | 2018 | <5 | 2
    AAA | 2019 | 10 | <5
    """
    row = figures(tmp_path, counts, [0.5, 0.5]).loc[2019]

    assert (row["denominator_low"], row["denominator_high"]) == (5.0, 7.0)
    assert row["status"] == "censored"
    assert (row["value_low"], row["value_high"]) == pytest.approx((0.0, 4 / 5))
    assert row["low"] == 0
    assert row["high"] > 4 / 5


def test_withheld_prosecutions_leave_no_figure(tmp_path):
    counts = """
    AAA | 2018 | suppressed | 2
    AAA | 2019 | 10         | 3
    """
    row = figures(tmp_path, counts, [0.5, 0.5]).loc[2019]

    assert row["status"] == "suppressed"
    assert np.isnan(row["value"])


def test_the_caveats_say_what_is_assumed(tmp_path):
    atlas = open_example(tmp_path, BOTH + HALVES, measures={"lagged": lagged([0.25, 0.0, 0.75])})
    with atlas:
        caveats = " ".join(atlas.measure("lagged").caveats)

    assert "25% in the same year, 75% after 2" in caveats
    assert "the 2 before are all reported. Made up." in caveats


@pytest.mark.parametrize("seed", range(12))
def test_the_query_agrees_with_the_statistics_and_with_plain_python(tmp_path, seed):
    """Random tables with gaps: three computations that share no code."""
    rng = random.Random(seed)
    years = list(range(2010, 2020))
    weights = [[0.5, 0.5], [0.2, 0.5, 0.3], [0.0, 0.6, 0.0, 0.4]][seed % 3]
    table = {
        year: [rng.choice(["not", str(rng.randint(0, 60))]) if rng.random() < 0.3
               else str(rng.randint(0, 60)) for _ in range(2)]
        for year in years
    }  # fmt: skip
    counts = "\n".join(f"AAA | {year} | {p} | {c}" for year, (p, c) in table.items())
    if any(
        sum(cell != "not" for cell in column) == 0 for column in zip(*table.values(), strict=True)
    ):
        pytest.fail("a table of gaps alone tests nothing: choose another seed")
    window = rng.choice([3, 5])

    data = figures(tmp_path, counts, weights, window=window, years=(2010, 2019))

    cells = np.array([[0 if c == "not" else int(c) for c in table[y]] for y in years])
    known = np.array([[c != "not" for c in table[y]] for y in years])
    for year in range(2010 + window - 1, 2020):
        used, top, bottom = plain_python(table, weights, range(year - window + 1, year + 1))
        row = data.loc[year]
        assert row["years_used"] == used
        inside = [y <= year for y in years]
        convicted_known = known[:, 1] & [year - window < y <= year for y in years]
        other = lag_adjusted(
            cells[inside, 1],
            cells[inside, 0],
            weights,
            convicted_reported=convicted_known[inside],
            prosecuted_reported=known[inside, 0],
        )
        assert other.years_used == used
        if used and bottom:
            assert row["value"] == pytest.approx(top / bottom)
            assert row["value"] == pytest.approx(float(other.value))
            assert row["low"] == pytest.approx(float(other.low))
            assert row["high"] == pytest.approx(float(other.high))


def plain_python(table, weights, window):
    """Years used, convictions and prosecutions due, term by term."""
    used, top, bottom = 0, 0, 0.0
    for year in window:
        needed = [(weight, year - lag) for lag, weight in enumerate(weights) if weight]
        if table[year][1] == "not" or any(table.get(y, ["not"])[0] == "not" for _, y in needed):
            continue
        used += 1
        top += int(table[year][1])
        bottom += sum(weight * int(table[y][0]) for weight, y in needed)
    return used, top, bottom


# ------------------------------------------------------------------ what a config may say


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"lag": {"weights": [0.5, 0.4], "basis": "x"}}, "the weights add up to 0.9"),
        ({"lag": {"weights": [1.5, -0.5], "basis": "x"}}, "less than or equal to 1"),
        ({"lag": {"weights": [], "basis": "x"}}, "at least 1 item"),
        ({"lag": None}, "need each other"),
        ({"rate": "same_year"}, "need each other"),
        ({"interval": "wilson"}, "does not fit a lag"),
    ],
)
def test_a_lag_that_cannot_be_is_refused(changes, told):
    measure = {**lagged([0.5, 0.5]), **changes}
    config = {
        "version": 1,
        "datasets": {
            "office": {
                "kind": "observations",
                "source": "office",
                "short": "x",
                "file": "a.csv",
                "descriptor": "a.yaml",
            }
        },
        "measures": {"lagged": measure},
        "defaults": {"measure": "lagged", "year_to": 2020},
    }
    with pytest.raises(ValueError, match=told):
        Config.model_validate(config)


# ------------------------------------------------------------------ one figure for a period


def test_a_period_is_printed_as_such_and_not_pooled(shipped_config):
    with open_atlas(shipped_config) as atlas:
        frame = atlas.measure("convicted_per_charged")
        assert set(frame.data["year_from"]) == {2000}
        assert set(frame.data["year_to"]) == {2016}
        with pytest.raises(ValueError, match="holds the whole period 2000-2016"):
            atlas.measure("convicted_per_charged", window=5)


def test_a_period_is_not_offered_for_measures_of_single_years(shipped_config):
    with open_atlas(shipped_config) as atlas:
        assert "us_federal_defendants" not in atlas.sources_of("convicted_per_prosecuted")
        assert atlas.sources_of("convicted_per_charged") == ["us_federal_defendants"]


@pytest.fixture
def shipped_config(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("GAPATLAS_SNAPSHOTS", str(shipped_snapshots(tmp_path_factory)))
    return Path(__file__).resolve().parents[2] / "config.yaml"
