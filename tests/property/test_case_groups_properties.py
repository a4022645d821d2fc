"""Laws of grouped counts, for random case files."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gapatlas.casefile import CaseFile, grouped_counts
from gapatlas.config import Dataset
from gapatlas.config.vocabulary import CONVICTED, EVIDENCE, OUTCOMES, UNDISPOSED
from tests.case_files import found_in, write_csv

HEADER = ("place", "year_charged", "outcome", "evidence", "charge")
IDS = tuple(EVIDENCE)[:3]
DATASET = Dataset.model_validate(
    {
        "kind": "cases",
        "source": "random",
        "short": "Random cases",
        "file": "cases.csv",
        "descriptor": "cases.yaml",
        "columns": {name: name for name in HEADER},
        "not_listed": "absent",
        "separator": "|",
        "disclosure": {"threshold": 1, "base": 1, "unprotected": True},
    }
)
evidence = st.one_of(
    st.just(""), st.just("none"), st.lists(st.sampled_from(IDS), min_size=1).map("|".join)
)
case = st.tuples(
    st.sampled_from(["AAA", "BBB", "", "unknown"]),
    st.one_of(st.just(""), st.integers(2001, 2004).map(str), st.just("2003-12-31")),
    st.sampled_from(tuple(OUTCOMES)),
    evidence,
    st.sampled_from(
        ["Smuggling", "Forced labour|Smuggling", ' quoted, "and" spaced ', "two\nlines"]
    ),
)
tables = st.lists(case, min_size=1, max_size=30)
chosen = st.lists(
    st.sampled_from(["place", "year_charged", "outcome", *IDS, "charge"]), unique=True
)


def meaning(row: tuple[str, ...], name: str) -> object:
    place, year, outcome, listed, charge = row
    if name == "year_charged":
        return int(year[:4]) if year else None
    if name in IDS:
        words = listed.split("|")
        return "present" if name in words else "absent" if listed else "unknown"
    if name == "charge":
        return charge.split("|")[0].strip()
    return {"place": place or "unknown", "outcome": outcome}[name]


@given(rows=tables, covariates=chosen, every=st.booleans())
@settings(max_examples=25)
def test_groups_are_those_of_plain_python(
    rows: list[tuple[str, ...]], covariates: list[str], every: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "cases.csv", rows, HEADER)
        file = CaseFile(path, DATASET, "cases.csv")
        assert found_in(file).problems == []
        frame = grouped_counts(file, covariates, among="charged" if every else "disposed")
    counted = [row for row in rows if every or row[2] not in UNDISPOSED]
    persons = Counter(tuple(meaning(row, name) for name in covariates) for row in counted)
    convicted = Counter(
        tuple(meaning(row, name) for name in covariates) for row in counted if row[2] in CONVICTED
    )
    keys = frame[covariates].astype(object)
    found = list(keys.where(keys.notna(), None).itertuples(index=False, name=None))
    if not covariates:
        found = [()] * len(frame)
        persons, convicted = Counter({(): len(counted)}), Counter({(): convicted[()]})
    assert len(found) == len(set(found)) == len(persons)
    assert dict(zip(found, frame["persons"], strict=True)) == dict(persons)
    for key, number in zip(found, frame["convicted"], strict=True):
        assert number == convicted[key]
