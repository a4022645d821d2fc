"""Laws of what is released of cases, for random case files."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.casefile import CaseFile
from gapatlas.config import Dataset
from gapatlas.config.vocabulary import CONVICTED, OUTCOMES, UNDISPOSED
from gapatlas.release import release_cases
from tests.case_files import write_csv

HEADER = ("place", "year_charged", "year_ended", "outcome", "evidence", "defence", "key")
DATASET = Dataset.model_validate(
    {
        "kind": "cases",
        "source": "random",
        "short": "Random cases",
        "file": "cases.csv",
        "descriptor": "cases.yaml",
        "columns": {**{name: name for name in HEADER[:-1]}, "key": "co_defendant_key"},
        "not_listed": "absent",
        "separator": "|",
    }
)
COUNTS = ("persons", "low", "high", "persons_with", "persons_without", "networks")
kind = st.sampled_from(["none", "victim_testimony", "expert", "victim_testimony|expert", ""])
line = st.sampled_from(["none", "consent", "duress|consent", ""])
pattern = st.tuples(
    st.sampled_from(["AAA", "BBB", "CCC"]),
    st.sampled_from(["2001", "2002", "2003"]),
    st.sampled_from(tuple(OUTCOMES)),
    kind,
    line,
)
patterns = st.lists(st.tuples(pattern, st.integers(1, 25)), min_size=2, max_size=12)


def rows_of(worlds: list[tuple[tuple[str, ...], int]]) -> list[list[str]]:
    rows = []
    for (place, year, outcome, evidence, defence), persons in worlds:
        ended = "" if outcome in UNDISPOSED else str(int(year) + persons % 3)
        for number in range(persons):
            key = f"{place}{number % 7}"
            rows.append([place, year, ended, outcome, evidence, defence, key])
    return rows


def stage(outcome: str) -> str:
    if outcome in CONVICTED:
        return "convicted"
    return "open" if outcome in UNDISPOSED else outcome.replace("nolle_prosequi", "dismissed")


@settings(max_examples=12, deadline=None)
@given(patterns)
def test_no_count_of_few_persons_leaves_and_every_count_is_right(
    worlds: list[tuple[tuple[str, ...], int]],
) -> None:
    rows = rows_of(worlds)
    if len(rows) < 10:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = CaseFile(write_csv(Path(folder) / "cases.csv", rows, HEADER), DATASET, "cases.csv")
        made = release_cases(file, len(rows))
    for name, table in made.tables.items():
        for column in COUNTS:
            if column in table and column not in ("low", "high"):
                assert not table[column].between(0, 9).fillna(False).any(), (name, column)
    counts = made.tables["case_count"]
    left_out = "open" not in set(counts["outcome"])
    kept = [row for row in rows if not left_out or stage(row[3]) != "open"]
    truth = Counter((row[0], stage(row[3])) for row in kept)
    own = counts[counts["split"] == "place"]
    for row in own.itertuples():
        places = set(row.value.split("|"))
        true = sum(
            number
            for (place, outcome), number in truth.items()
            if place in places and row.outcome in ("all", outcome)
        )
        if row.status == "shown":
            assert row.low <= true <= row.high
            assert true >= 10
        else:
            assert pd.isna(row.persons)
