"""Gaps of small worlds, benchmark by benchmark, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gapatlas.errors import UnknownNameError
from gapatlas.gaps import BENCHMARKS, find_gaps
from gapatlas.gaps.gap import Gap
from tests.gap_worlds import MEASURES, by_place, counts_table, gap_world
from tests.support import ratio
from tests.worked_examples import rows_of

ONE_REGION = dict.fromkeys(["A", "B", "C", "D", "E"], "Europe")
# 10,000 prosecuted in each place: chance is small beside the differences, so that the figures
# are those of the plain rates.
FIVE = """
    place | year | prosecuted | convicted
    A     | 2020 | 10000      | 1000
    B     | 2020 | 10000      | 2000
    C     | 2020 | 10000      | 3000
    D     | 2020 | 10000      | 4000
    E     | 2020 | 10000      | 5000
    """


def gaps(folder: Path, counts: str = FIVE, regions=ONE_REGION, **choices) -> Gap:
    world = gap_world(folder, counts, regions)
    with world as atlas:
        return find_gaps(atlas, "rate", **{"year": 2020, "window": 1, **choices})


def check(found: Gap, expected: str, rel: float = 0.04) -> None:
    """Expected counts, numbers and ratios about as in a table; `-` where there is none."""
    table = by_place(found.table)
    for row in rows_of(expected):
        got = table.loc[row["place"]]
        for name in ("expected", "number", "ratio"):
            if row[name] == "-":
                assert np.isnan(got[f"{name}_low"]), (row["place"], name)
            else:
                wanted = float(row[name])
                slack = rel * max(abs(wanted), 1000 if name != "ratio" else 0)
                assert got[f"{name}_low"] == pytest.approx(wanted, abs=slack), (row, name)
                assert got[f"{name}_from"] <= got[f"{name}_low"] <= got[f"{name}_to"]


# The median of the four others, times 10,000.
MEDIAN = """
    place | expected | number | ratio
    A     | 3500     | 2500   | 0.286
    B     | 3500     | 1500   | 0.571
    C     | 3000     | 0      | 1
    D     | 2500     | -1500  | 1.6
    E     | 2500     | -2500  | 2
    """
# The 0.75 quantile of the four others: a quarter of the way from the third to the fourth.
BEST_QUARTER = """
    place | expected | number | ratio
    A     | 4250     | 3250   | 0.235
    B     | 4250     | 2250   | 0.471
    C     | 4250     | 1250   | 0.706
    D     | 3500     | -500   | 1.143
    E     | 3250     | -1750  | 1.538
    """


@pytest.mark.parametrize(
    ("benchmark", "figures", "short", "beyond", "undecided"),
    [("median", MEDIAN, "AB", "ED", "C"), ("best_quarter", BEST_QUARTER, "ABC", "ED", "")],
)
def test_peers_are_those_that_a_pocket_calculator_gives(
    tmp_path, benchmark, figures, short, beyond, undecided
) -> None:
    found = gaps(tmp_path, benchmark=benchmark)
    check(found, figures)
    assert "".join(found.short["jurisdiction_id"]) == short, "largest number first"
    assert set(found.beyond["jurisdiction_id"]) == set(beyond)
    assert "".join(found.undecided["jurisdiction_id"]) == undecided
    assert found.groups["A"] == "other places in Europe"


def test_a_reader_s_own_list_is_the_benchmark_of_all_and_of_its_members(tmp_path) -> None:
    """Of C, D and E the middle is 4,000; C, D and E have but two others on the list."""
    found = gaps(tmp_path, peers="own", own=["C", "D", "E"])
    check(
        found,
        """
        place | expected | number | ratio
        A     | 4000     | 3000   | 0.25
        B     | 4000     | 2000   | 0.5
        C     | -        | -      | -
        D     | -        | -      | -
        E     | -        | -      | -
        """,
    )
    assert set(by_place(found.table).loc[["C", "D", "E"], "reason"]) == {
        "fewer than three peers have figures"
    }


def test_a_list_of_four_serves_its_members_too(tmp_path) -> None:
    found = gaps(tmp_path, peers="own", own=["B", "C", "D", "E", "B", "nobody"])
    check(
        found,
        """
        place | expected | number | ratio
        A     | 3500     | 2500   | 0.286
        B     | 4000     | 2000   | 0.5
        E     | 3000     | -2000  | 1.667
        """,
    )


@pytest.mark.parametrize("own", [(), ("B",), ("B", "C"), ("nobody", "A")])
def test_one_or_two_places_are_no_benchmark_for_anybody(tmp_path, own) -> None:
    found = gaps(tmp_path, peers="own", own=own)
    assert found.known.empty
    assert found.short.empty
    assert (found.table["reason"] == "fewer than three peers have figures").all()


def test_a_region_with_fewer_than_three_others_has_no_benchmark(tmp_path) -> None:
    regions = {**ONE_REGION, "E": "Asia"}
    found = by_place(gaps(tmp_path, regions=regions).table)
    assert found.loc["E", "reason"] == "fewer than three peers have figures"
    assert found.loc["A", "expected_low"] == pytest.approx(3000, rel=0.04)


# ------------------------------------------------------------------ what is not known

SILENT = """
    place | year | prosecuted | convicted
    A     | 2020 | 10000      | not
    B     | 2020 | 10000      | suppressed
    C     | 2020 | 0          | 3
    D     | 2020 | not        | 40
    E     | 2020 | 0          | 0
    F     | 2020 | 1000       | 100
    G     | 2020 | 1000       | 200
    H     | 2020 | 1000       | <5
    I     | 2020 | 1000       | 300
    """
NINE = dict.fromkeys("ABCDEFGHI", "Europe")
REASONS = {
    "A": "not reported",
    "B": "withheld",
    "C": "nothing to divide by",
    "D": "not reported",
    "E": "nothing to divide by",
}


@pytest.mark.parametrize("benchmark", ["median", "best_quarter"])
def test_what_cannot_be_compared_has_a_reason_and_no_figure(tmp_path, benchmark) -> None:
    table = by_place(gaps(tmp_path, SILENT, NINE, benchmark=benchmark).table)
    assert dict(table["reason"]) == {**REASONS, **dict.fromkeys("FGHI", "")}
    figures = [c for c in table if c.startswith(("expected", "number", "ratio", "probability"))]
    assert table.loc[list("ABCDE"), figures].isna().all(axis=None)
    assert table.loc[list("ABCDE"), "observed_low"].isna().all(), "absent, not nought"
    assert table.loc[list("FGHI"), figures].notna().all(axis=None)


def test_what_is_not_reported_enters_no_benchmark(tmp_path) -> None:
    """F, G, H and I alone make the figures, to the last digit."""
    kept = [line for line in SILENT.splitlines() if line.strip()[:1] in "pFGHI"]
    few = dict.fromkeys("FGHI", "Europe")
    alone = by_place(gaps(tmp_path / "alone", "\n".join(kept), few).table)
    beside = by_place(gaps(tmp_path / "beside", SILENT, NINE).table).loc[list("FGHI")]
    numbers = alone.select_dtypes("number").columns
    assert np.array_equal(alone[numbers].to_numpy(float), beside[numbers].to_numpy(float))


def test_a_range_is_carried_into_every_figure(tmp_path) -> None:
    table = by_place(gaps(tmp_path, SILENT, NINE).table)
    own = table.loc["H"]
    assert (own["observed_low"], own["observed_high"]) == (0, 4)
    assert own["number_high"] - own["number_low"] == pytest.approx(4, abs=1e-9)
    assert own["ratio_low"] == 0
    assert own["ratio_high"] > 0
    peer = table.loc["F"]
    assert peer["expected_low"] == pytest.approx(peer["expected_high"], rel=0.05), "median of GHI"
    assert peer["probability_low"] <= peer["probability_high"]


def test_a_true_nought_is_a_figure(tmp_path) -> None:
    counts = FIVE.replace("10000      | 1000", "10000      | 0")
    own = by_place(gaps(tmp_path, counts).table).loc["A"]
    assert own["ratio_low"] == own["ratio_high"] == own["ratio_from"] == 0
    assert own["number_low"] == own["expected_low"]
    assert own["probability_low"] == 1


def test_where_no_place_reports_there_is_no_gap_and_no_error(tmp_path) -> None:
    counts = "place | year | prosecuted | convicted\nA | 2020 | not | not\nB | 2020 | 5 | not"
    with gap_world(tmp_path, counts, ONE_REGION) as atlas:
        for benchmark in BENCHMARKS:
            found = find_gaps(atlas, "rate", year=2020, window=1, benchmark=benchmark)
            assert set(found.table["reason"]) == {"not reported"}
            assert found.known.empty
            assert found.undecided.empty
            assert list(found.of("A")["jurisdiction_id"]) == ["A"]
            assert found.of("C").empty, "no part of the source"


# ------------------------------------------------------------------ a place's own past

PAST = counts_table(
    [("A", year, 2000, 800 if year <= 2009 else 200) for year in range(2005, 2021)]
    + [("B", year, 2000, 400) for year in range(2005, 2021)]
    + [("C", year, 2000, 400) for year in range(2014, 2021)]
    + [("D", 2020, 2000, 400)]
)


def test_the_best_five_earlier_years_are_the_benchmark(tmp_path) -> None:
    """A: 800 a year in 2005-2009, 200 since; of 10,000 in 2016-2020, 4,000 were expected. B never
    changed. C has two earlier years, D none: too few."""
    found = gaps(tmp_path, PAST, dict.fromkeys("ABCD", ""), benchmark="own_best", window=5)
    check(
        found,
        """
        place | expected | number | ratio
        A     | 4000     | 3000   | 0.25
        B     | 2000     | 0      | 1
        C     | -        | -      | -
        D     | -        | -      | -
        """,
    )
    assert found.best is not None
    assert found.best.loc["A", ["year_from", "year_to"]].tolist() == [2005, 2009]
    assert found.short["jurisdiction_id"].tolist() == ["A"]
    assert found.undecided["jurisdiction_id"].tolist() == ["B"]
    assert set(by_place(found.table).loc[["C", "D"], "reason"]) == {
        "no five earlier years with three reported ones"
    }
    assert found.groups.empty


def test_earlier_years_end_before_the_window_starts(tmp_path) -> None:
    """A was best in 2016, which is inside the window: it can't be its own past."""
    counts = counts_table(
        [("A", year, 2000, 1000 if year >= 2016 else 100) for year in range(2005, 2021)]
    )
    found = gaps(tmp_path, counts, {"A": ""}, benchmark="own_best", window=5)
    assert found.best is not None
    assert found.best.loc["A", "year_to"] <= 2015
    assert found.beyond["jurisdiction_id"].tolist() == ["A"]


def test_of_periods_that_are_alike_the_best_is_no_better_than_the_others(tmp_path) -> None:
    """5 of 50 each year but for one lucky year of 9: what is expected stays near 25 of 250, far
    below the 29 of the best five years."""
    counts = counts_table([("A", year, 50, 9 if year == 2009 else 5) for year in range(2001, 2021)])
    own = by_place(gaps(tmp_path, counts, {"A": ""}, benchmark="own_best", window=5).table).loc["A"]
    assert 25 < own["expected_low"] < 28


def test_a_source_of_fewer_than_five_years_has_no_best_five(tmp_path) -> None:
    found = gaps(tmp_path, benchmark="own_best")
    assert set(found.table["reason"]) == {"no five earlier years with three reported ones"}


# ------------------------------------------------------------------ a fitted model


def model_world(folder: Path, **changes) -> Gap:
    """Twenty-four places, 0.1 x prosecuted ** 1 convicted, but T has a fifth of that."""
    random = np.random.default_rng(4)
    ids = [f"P{at:02}" for at in range(23)] + ["T"]
    sizes = {id_: int(size) for id_, size in zip(ids, np.geomspace(100, 20_000, 24), strict=True)}
    rows = [
        (id_, year, sizes[id_], int(random.poisson(sizes[id_] * (0.02 if id_ == "T" else 0.1))))
        for id_ in ids
        for year in (2018, 2019, 2020)
    ]
    people = "place | year | people\n" + "\n".join(
        f"{id_} | 2018 | {1000 * (at + 5) ** 2}" for at, id_ in enumerate(ids) if id_ != "P03"
    )
    regions = {id_: ("Asia", "Europe")[at % 2] for at, id_ in enumerate(ids)}
    with gap_world(folder, counts_table(rows), {**regions, **changes}, people=people) as atlas:
        return find_gaps(atlas, "rate", year=2020, window=3, benchmark="model")


def test_a_model_of_similar_places_finds_the_one_that_is_unlike(tmp_path) -> None:
    found = model_world(tmp_path)
    table = by_place(found.table)
    assert found.short["jurisdiction_id"].iloc[0] == "T"
    assert table.loc["P10", "expected_from"] < table.loc["P10", "size_low"] * 0.1
    assert table.loc["P10", "expected_to"] > table.loc["P10", "size_low"] * 0.1
    assert table.loc["P03", "reason"] == "the model lacks something of it"
    assert found.model is not None
    assert found.model.left_out == {"Land P03": "not known: people"}
    assert found.model.terms["log below"] == "twice the persons prosecuted"
    assert set(found.model.coefficients["term"]) >= {"log people", "log below"}
    assert len(found.model.fitted) == 23


def test_a_region_of_which_a_model_can_tell_nothing_is_left_out_alone(tmp_path) -> None:
    """Two places are too few for a coefficient of their region; the others keep their figures."""
    found = model_world(tmp_path, P00="Oceania", P01="Oceania")
    assert found.model is not None
    assert found.model.left_out["Land P00"] == "too few places of its region count any"
    assert by_place(found.table).loc["P00", "reason"] == "the model lacks something of it"
    assert by_place(found.table).loc["P10", "reason"] == ""


def test_too_few_places_make_no_model(tmp_path) -> None:
    found = gaps(tmp_path, benchmark="model")
    assert found.model is None
    assert set(found.table["reason"]) == {"the model lacks something of it"}


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"benchmark": "mean"}, r"one of median, best_quarter, own_best, model, not 'mean'"),
        ({"peers": "friends"}, r"one of region, .*all, own, not 'friends'"),
        ({"peers": "friends", "benchmark": "model"}, r"one of region, .*not 'friends'"),
    ],
)
def test_unknown_choices_are_named_with_what_is_allowed(tmp_path, choices, words) -> None:
    with pytest.raises(ValueError, match=words):
        gaps(tmp_path, **choices)


def test_an_unknown_measure_source_or_year(tmp_path) -> None:
    with gap_world(tmp_path, FIVE, ONE_REGION) as atlas:
        for wrong in ({"measure_id": "rat"}, {"source": "offices"}):
            asked = {"measure_id": "rate", **wrong}
            with pytest.raises(UnknownNameError, match=r"There is no"):
                find_gaps(atlas, asked.pop("measure_id"), year=2020, window=1, **asked)
        with pytest.raises(ValueError, match=r"year must lie between 2020 and 2020, not 1990"):
            find_gaps(atlas, "rate", year=1990, window=1)


def test_a_measure_of_detection_has_no_gap(tmp_path) -> None:
    measure = ratio(("detected", "victims"), ("prosecuted", "persons"), unit="victims per persons")
    counts = "place | year | prosecuted | detected\nA | 2020 | 10 | 5"
    both = {**MEASURES, "found": measure}
    with (
        gap_world(tmp_path, counts, ONE_REGION, measures=both) as atlas,
        pytest.raises(ValueError, match="found counts no enforcement above the line"),
    ):
        find_gaps(atlas, "found", year=2020, window=1)
