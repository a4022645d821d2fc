"""Values that become one, shares of ranges, and who is linked with whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gapatlas.casefile import linked_people
from gapatlas.release.bands import merged_values
from gapatlas.release.shares import ended_shares
from gapatlas.statistics import wilson
from tests.case_files import HEADER, a_case, case_file, counted


@pytest.mark.parametrize(
    ("dimension", "persons", "becomes"),
    [
        ("place", {"A": 40, "B": 30}, {"A": "A", "B": "B"}),
        ("place", {"A": 40, "B": 3, "C": 12}, {"A": "A", "B": "B|C", "C": "B|C"}),
        (
            "charge",
            {"A": 40, "B": 3, "C": 3, "D": 3, "E": 3},
            {"A": "A", **dict.fromkeys("BCDE", "others")},
        ),
        (
            "year_charged",
            {"2001": 4, "2002": 5, "2003": 20, "2004": 3},
            {**dict.fromkeys(("2001", "2002", "2003", "2004"), "2001-2004")},
        ),
        ("year_charged", {"2001": 10, "2002": 11}, {"2001": "2001", "2002": "2002"}),
        (
            "victims_band",
            {"1": 30, "2-5": 12, "21+": 2},
            {"1": "1", "2-5": "2-5|21+", "21+": "2-5|21+"},
        ),
        (
            "surveillance",
            {"present": 20, "absent": 30, "unknown": 4},
            {"present": "present", "absent": "absent|unknown", "unknown": "absent|unknown"},
        ),
        ("consent", {"used": 20, "unknown": 4}, {"used": "used", "unknown": "unknown"}),
        ("task_force", {"yes": 3, "no": 4}, {"yes": "no|yes", "no": "no|yes"}),
    ],
)
def test_values_of_few_persons_become_one(
    dimension: str, persons: dict[str, int], becomes: dict[str, str]
) -> None:
    assert merged_values(dimension, persons, 10) == becomes


def test_no_dimension_has_more_values_than_can_be_judged() -> None:
    persons = {f"P{number:03d}": 100 + number for number in range(200)}
    new = set(merged_values("place", persons, 10).values())
    assert len(new) == 80
    assert "P199" in new
    assert "others" in new


# ------------------------------------------------------------------ shares


def test_a_share_is_that_of_ended_cases_and_its_interval_holds_all_counts() -> None:
    table = ended_shares(counted(all=100, convicted=60, acquitted=10, dismissed=10, open=20))
    row = table.set_index("outcome").loc["convicted"]
    assert (row["share"], row["persons"]) == (0.75, 80)
    every = [wilson(c, e) for c in range(58, 63) for e in range(76, 85) if c <= e]
    assert row["low"] == pytest.approx(min(float(low) for low, _ in every), abs=1e-4)
    assert row["high"] == pytest.approx(max(float(high) for _, high in every), abs=1e-4)


def test_a_share_needs_no_figure_that_is_withheld() -> None:
    table = ended_shares(counted(all=100, convicted=60, acquitted=None, dismissed=None, open=20))
    assert table.set_index("outcome")["share"]["convicted"] == 0.75
    without_open = counted(all=None, convicted=60, acquitted=10, dismissed=10, open=None)
    assert ended_shares(without_open).set_index("outcome")["share"]["convicted"] == 0.75


def test_withheld_figures_leave_a_range_and_a_withheld_outcome_nothing() -> None:
    table = ended_shares(counted(all=100, convicted=60, acquitted=None, dismissed=10, open=None))
    rows = table.set_index("outcome")
    assert rows["status"].to_dict() == {
        "convicted": "range",
        "acquitted": "withheld",
        "dismissed": "range",
    }
    assert rows[["share", "persons"]].isna().all(axis=None)
    # Between 66 and 102 cases have ended: the convicted and dismissed at least, all at most.
    assert rows["low"]["convicted"] == pytest.approx(float(wilson(58, 102)[0]), abs=1e-4)
    assert rows["high"]["convicted"] == pytest.approx(float(wilson(62, 66)[1]), abs=1e-4)
    assert rows.loc["acquitted", ["low", "high"]].isna().all()


# ------------------------------------------------------------------ networks


def test_persons_are_linked_by_their_key_and_it_does_not_leave(tmp_path: Path) -> None:
    rows = [list(row) for row in [a_case(number) for number in range(60)]]
    for number in (0, 1):
        rows[number][HEADER.index("Group")] = ("", " none ")[number]
    people = linked_people(case_file(tmp_path, rows))
    key = people["co_defendant_key"]
    assert key.isna().sum() == 2
    assert (people.groupby(key).size().sort_values() == [1, *[3] * 19]).all()
    assert not np.isin([row[-1] for row in rows], key.astype("str")).any()
    assert people["outcome"].tolist()[2:4] == ["acquitted", "dismissed"]
    assert people["year_charged"].tolist()[:3] == [2010, 2011, 2012]
