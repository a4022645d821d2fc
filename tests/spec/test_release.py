"""What is released of a case file: counted a second way, and nothing of few persons."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from gapatlas import release
from gapatlas.config.case_models import Disclosure
from gapatlas.errors import ValidationError
from gapatlas.protection import BRAND, AuditReport
from gapatlas.release import TABLES, Release, release_cases, release_counts
from gapatlas.validate.case_counts import case_count_problems
from tests.case_files import CODES, HEADER, PLACES, a_case, case_file, counted, dataset

ROWS = [a_case(number) for number in range(600)]
STAGE = {
    "GP": "convicted", "GT": "convicted", "A": "acquitted", "D": "dismissed", "P": "open",
    "?": "open",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release_cases(case_file(tmp_path_factory.mktemp("cases"), ROWS), len(ROWS))


def cells(name: str) -> list[str]:
    return [row[HEADER.index(name)] for row in ROWS]


def value_of(split: str, row: list[str]) -> str:
    cell = dict(zip(HEADER, row, strict=True))
    if split == "place":
        return CODES["place"].get(cell["Court"], cell["Court"])
    if split == "year_charged":
        return cell["Filed"]
    if split == "victim_testimony":
        listed = cell["Evidence"]
        return "unknown" if not listed else "present" if "VT" in listed else "absent"
    return {"Y": "used", "N": "not_used", "": "unknown"}[cell["Plea of consent"]]


# ------------------------------------------------------------------ counts


@pytest.mark.parametrize("split", ["place", "year_charged", "victim_testimony", "consent"])
def test_every_count_is_that_of_the_rows(made: Release, split: str) -> None:
    truth: Counter[tuple[str, str]] = Counter()
    for row in ROWS:
        stage = STAGE[row[HEADER.index("Result")]]
        truth.update([(value_of(split, row), stage), (value_of(split, row), "all")])
    table = made.tables["case_count"]
    own = table[table["split"] == split]
    assert set(zip(own["value"], own["outcome"], strict=True)) == set(truth)
    for row in own.itertuples():
        true = truth[(row.value, row.outcome)]
        if row.status == "shown":
            assert row.persons == (true + 2) // 5 * 5
            assert row.low <= true <= row.high
        else:
            assert pd.isna([row.persons, row.low, row.high]).all()


def test_all_persons_are_told_with_the_parts_of_outcomes(made: Release) -> None:
    table = made.tables["case_count"]
    every = table[table["split"] == "none"].set_index("outcome")["persons"]
    results = Counter(cells("Result"))
    assert every["all"] == 600
    assert every["convicted"] == (results["GP"] + results["GT"] + 2) // 5 * 5
    assert every["guilty_plea"] == (results["GP"] + 5) // 10 * 10
    assert "nolle_prosequi" not in every


def test_parts_that_would_narrow_their_sum_are_not_told(made: Release) -> None:
    # 86 pending and 85 not known would print as 90 and 90, of 170 that stand for 168 to 172.
    table = made.tables["case_count"]
    assert not table["outcome"].isin(["pending", "unknown"]).any()


def test_few_open_cases_are_left_out_of_all_tables(tmp_path: Path) -> None:
    rows = [row for row in ROWS if row[HEADER.index("Result")] not in ("P", "?")][:200]
    rows += [row for row in ROWS if row[HEADER.index("Result")] == "P"][:4]
    counts = release_cases(case_file(tmp_path, rows), 204).tables["case_count"]
    assert "open" not in set(counts["outcome"])
    assert counts.set_index(["split", "outcome"])["persons"][("none", "all")] == 200


@pytest.mark.parametrize("number", [47, 130, 600])
def test_counts_can_be_handed_on_as_a_dataset_of_counts(tmp_path: Path, number: int) -> None:
    counts = release_cases(case_file(tmp_path, ROWS[:number]), number).tables["case_count"]
    lines = counts.to_csv(index=False, float_format="%.0f").splitlines()
    text = pd.DataFrame(list(csv.reader(lines))[1:], columns=counts.columns)
    assert list(case_count_problems(Disclosure(), set(PLACES), "counts.csv", text)) == []


# ------------------------------------------------------------------ estimates and words


def test_every_table_has_its_columns_and_nothing_of_few_persons(made: Release) -> None:
    assert set(made.tables) == set(TABLES)
    for name, table in made.tables.items():
        assert tuple(table.columns) == TABLES[name]
        for column in ("persons", "persons_with", "persons_without", "networks"):
            if column in table:
                assert (table[column].dropna() >= 10).all(), (name, column)
        if "status" in table:
            assert set(table["status"]) <= {"shown", "withheld"}


def test_what_is_counted_of_evidence_is_what_the_cube_tells(made: Release) -> None:
    share = made.tables["case_share"].set_index(["split", "value", "outcome"])
    effects = made.tables["case_effect"]
    own = effects[(effects["factor"] == "victim_testimony") & (effects["value"] == "present")]
    told = share.loc[("victim_testimony", "present", "convicted")]
    assert own["share_with"].item() == told["share"]
    assert own["persons_with"].item() == told["persons"]


def test_the_banner_tells_who_is_in_the_data(made: Release) -> None:
    findings = made.tables["case_finding"].set_index("view")["text"]
    assert findings["selection"].startswith("About 430 persons charged in 2010-2018")
    assert "fewer than" not in " ".join(findings)


def test_a_file_of_few_cases_has_counts_and_says_what_is_missing(tmp_path: Path) -> None:
    found = release_cases(case_file(tmp_path, ROWS[:20]), 20)
    assert len(found.tables["case_effect"]) == 0
    texts = found.tables["case_finding"].set_index("view")["text"]
    assert texts["evidence"] == "Too few cases have ended to say what goes with conviction."
    assert found.source["persons"] == 15  # the six open ones are left out


def test_a_file_of_open_cases_alone_has_counts_and_no_shares(tmp_path: Path) -> None:
    rows = [row for row in ROWS if row[HEADER.index("Result")] == "P"][:40]
    found = release_cases(case_file(tmp_path, rows), 40)
    assert found.source["persons"] == 40
    assert found.tables["case_share"].empty


def test_an_unprotected_file_brands_what_is_made_of_it(tmp_path: Path) -> None:
    open_to_all = {"threshold": 2, "base": 1, "unprotected": True}
    found = release_cases(case_file(tmp_path, ROWS[:60], disclosure=open_to_all), 60)
    assert found.source["brand"] == BRAND
    assert json.loads(found.source["audit"])[0] == BRAND


def test_counts_that_an_attacker_could_work_out_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AuditReport, "passed", property(lambda _: False))
    with pytest.raises(ValidationError) as refused:
        release_cases(case_file(tmp_path, ROWS[:60]), 60)
    (problem,) = refused.value.problems
    assert problem.where == "cases.csv"
    assert "could be worked out" in problem.message


def test_a_sample_is_the_same_in_every_run_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release.releasing, "LARGEST_SAMPLE", 300)
    file = case_file(tmp_path, ROWS)
    one, other = release_cases(file, 600), release_cases(file, 600)
    assert one.source["sample"] == 300
    pd.testing.assert_frame_equal(one.tables["case_effect"], other.tables["case_effect"])
    whole = one.tables["case_count"]
    assert whole.set_index(["split", "outcome"])["persons"][("none", "all")] == 600


def test_counts_made_elsewhere_have_shares_and_a_banner() -> None:
    counts = counted(all=100, convicted=60, acquitted=10, dismissed=10, open=20)
    years = counts.assign(split="year_charged", value="2001-2009")
    found = release_counts(dataset(), pd.concat([counts, years], ignore_index=True))
    assert found.source["origin"] == "counts"
    assert (found.source["first_year"], found.source["last_year"]) == (2001, 2009)
    text = found.tables["case_finding"]["text"].item()
    assert text.startswith("About 80 persons charged in 2001-2009 whose case has ended, about 60")
