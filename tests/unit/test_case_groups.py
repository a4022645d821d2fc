"""Grouped counts of a case file: the same as counting defendant by defendant in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gapatlas.casefile import CaseFile, grouped_counts
from gapatlas.casefile.words import Words
from gapatlas.config.vocabulary import COVARIATES, EVIDENCE
from gapatlas.errors import UnknownNameError, ValidationError
from tests.case_files import CASES, CODES, COLUMNS, HEADER, case_file, dataset, write_csv

BANDS = {"1": "1", "7": "6-20", "2-5": "2-5", "40": "21+", "": "unknown"}


def defendants(not_listed: str = "absent") -> list[dict[str, Any]]:
    """What each row of `CASES` says, read without the library."""
    return [_defendant(dict(zip(HEADER, row, strict=True)), not_listed) for row in CASES]


def _defendant(cells: dict[str, str], not_listed: str) -> dict[str, Any]:
    listed = [CODES["evidence"][code] for code in cells["Evidence"].split("/") if code]
    if not listed:
        evidence = dict.fromkeys(EVIDENCE, "unknown")
    elif listed == ["none"]:
        evidence = dict.fromkeys(EVIDENCE, "absent")
    else:
        evidence = {id_: "present" if id_ in listed else not_listed for id_ in EVIDENCE}
    first_charge = cells["Law"].split("/")[0]
    return {
        "place": CODES["place"].get(cells["Court"], cells["Court"]),
        "year_charged": int(cells["Filed"]),
        "year_ended": int(cells["Closed"]) if cells["Closed"] else None,
        "outcome": CODES["outcome"][cells["Result"]],
        "charge": CODES["charge"].get(first_charge, "unknown"),
        "cross_border": CODES["cross_border"].get(cells["Border"], "unknown"),
        "victims_band": BANDS[cells["Victims"]],
        "task_force": "unknown",
        "team_trained": "unknown",
        **evidence,
        **dict.fromkeys((c for c in COVARIATES[COVARIATES.index("consent") :]), "unknown"),
        "consent": CODES["consent"].get(cells["Plea of consent"], "unknown"),
    }


def counted(rows: list[dict[str, Any]], covariates: Sequence[str], among: str) -> dict[Any, Any]:
    persons: Counter[Any] = Counter()
    convicted: Counter[Any] = Counter()
    for row in rows:
        if among == "disposed" and row["outcome"] in ("pending", "unknown"):
            continue
        key = tuple(row[name] for name in covariates)
        persons[key] += 1
        convicted[key] += row["outcome"] in ("guilty_plea", "guilty_trial")
    return {key: (persons[key], convicted[key]) for key in persons}


def as_counts(frame: pd.DataFrame) -> dict[Any, Any]:
    keys = frame.drop(columns=["persons", "convicted"]).astype(object)
    keys = keys.where(keys.notna(), None)
    numbers = zip(frame["persons"], frame["convicted"], strict=True)
    return dict(zip(keys.itertuples(index=False, name=None), numbers, strict=True))


@pytest.mark.parametrize("among", ["disposed", "charged"])
@pytest.mark.parametrize(
    "covariates",
    [
        (),
        ("outcome",),
        ("place", "year_charged"),
        ("year_ended", "charge", "victims_band"),
        tuple(EVIDENCE),
        ("victim_testimony", "consent", "cross_border", "task_force", "duress"),
        COVARIATES,
    ],
    ids=lambda names: f"{len(names)} covariates",
)
def test_groups_are_those_of_counting_one_by_one(
    tmp_path: Path, covariates: Sequence[str], among: Any
) -> None:
    frame = grouped_counts(case_file(tmp_path), covariates, among=among)
    assert list(frame.columns) == [*covariates, "persons", "convicted"]
    assert as_counts(frame) == counted(defendants(), covariates, among)


def test_what_is_not_in_a_list_is_what_the_config_says(tmp_path: Path) -> None:
    names = ("financial_records", "expert")
    frame = grouped_counts(case_file(tmp_path, not_listed="unknown"), names)
    assert as_counts(frame) == counted(defendants("unknown"), names, "disposed")


def test_parquet_with_dates_and_numbers_gives_the_same(tmp_path: Path) -> None:
    table = pd.DataFrame(CASES, columns=list(HEADER))
    table["Filed"] = pd.to_datetime(table["Filed"] + "-07-01")
    table["Closed"] = pd.to_numeric(table["Closed"]).astype("Int16")
    table["Evidence"] = table["Evidence"].astype("category")
    table.to_parquet(tmp_path / "cases.parquet", index=False)
    parquet = CaseFile(tmp_path / "cases.parquet", dataset(file="cases.parquet"), "cases.parquet")
    names = ("year_charged", "year_ended", "victim_testimony", "charge")
    pd.testing.assert_frame_equal(
        grouped_counts(parquet, names), grouped_counts(case_file(tmp_path), names)
    )


def test_a_column_for_each_type_gives_the_same_as_a_list(tmp_path: Path) -> None:
    own = {"Witness": "victim_testimony", "Money": "financial_records"}
    listed = [row[HEADER.index("Evidence")] for row in CASES]
    cells = [
        ["" if not text else "present" if code in text else "absent" for code in ("VT", "FR")]
        for text in listed
    ]
    rows = [[*row, *more] for row, more in zip(CASES, cells, strict=True)]
    path = write_csv(tmp_path / "wide.csv", rows, (*HEADER, *own))
    columns = {name: ours for name, ours in COLUMNS.items() if ours != "evidence"}
    codes = {name: words for name, words in CODES.items() if name != "evidence"}
    keys = {"columns": {**columns, **own}, "codes": codes, "not_listed": None}
    wide = CaseFile(path, dataset(**keys, dropped=["Evidence"]), "wide.csv")
    names = tuple(own.values())
    pd.testing.assert_frame_equal(
        grouped_counts(wide, names), grouped_counts(case_file(tmp_path), names)
    )


def test_a_column_of_main_charges_comes_before_the_list(tmp_path: Path) -> None:
    columns = {**COLUMNS, "Wiretap": "main_charge"}
    rows = [[*row] for row in CASES]
    for row in rows:
        row[HEADER.index("Wiretap")] = "371"
    file = case_file(tmp_path, rows, columns=columns, dropped=["Name of defendant"])
    assert grouped_counts(file, ["charge"])["charge"].tolist() == ["Conspiracy"]


@pytest.mark.parametrize("covariates", [["defendant_key"], ["co_defendant_key"], ["place"] * 2])
def test_keys_are_not_counted_by_and_nothing_twice(tmp_path: Path, covariates: list[str]) -> None:
    with pytest.raises(UnknownNameError, match="no such covariate"):
        grouped_counts(case_file(tmp_path), covariates)


def test_a_text_without_a_meaning_is_refused_and_not_printed(tmp_path: Path) -> None:
    rows = [[*row] for row in CASES]
    rows[3][HEADER.index("Border")] = "Abara, Jo"
    with pytest.raises(ValidationError, match="check the file first") as caught:
        grouped_counts(case_file(tmp_path, rows), ["cross_border"])
    assert "Abara" not in str(caught.value)


# ------------------------------------------------------------------ texts -> words


@pytest.mark.parametrize(
    ("column", "text", "word"),
    [
        ("outcome", " GP ", "guilty_plea"),
        ("outcome", "guilty_plea", "guilty_plea"),
        ("outcome", "", "unknown"),
        ("outcome", "gp", None),
        ("place", "North", "AAA"),
        ("place", "CCC", "CCC"),
        ("year_charged", "2019", "2019"),
        ("year_charged", "2019-05-31 00:00:00", "2019"),
        ("year_charged", "2019.0", "2019"),
        ("year_charged", "unknown", "unknown"),
        ("year_charged", "May 2019", None),
        ("victims_band", "1", "1"),
        ("victims_band", "2", "2-5"),
        ("victims_band", "5.0", "2-5"),
        ("victims_band", "6", "6-20"),
        ("victims_band", "20", "6-20"),
        ("victims_band", "21", "21+"),
        ("victims_band", "0", None),
        ("charge", "1591", "Sex trafficking"),
        ("charge", "Sex trafficking", "Sex trafficking"),
        ("charge", "1592", None),
        ("task_force", "yes", "yes"),
        ("task_force", "1", None),
    ],
)
def test_a_text_has_one_word(column: str, text: str, word: str | None) -> None:
    assert Words(dataset()).word(column, text) == word


def test_a_code_with_hyphens_for_an_unknown_year_is_not_cut(tmp_path: Path) -> None:
    codes = {**CODES, "year_ended": {"not-known": "unknown", "9999": "unknown"}}
    rows = [[*row] for row in CASES]
    for row, text in zip(rows[:2], ("not-known", "9999"), strict=True):
        row[HEADER.index("Closed")] = text
    frame = grouped_counts(case_file(tmp_path, rows, codes=codes), ["year_ended"])
    assert frame.loc[frame["year_ended"].isna(), "persons"].tolist() == [2]
