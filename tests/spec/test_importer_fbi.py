"""FBI human trafficking: agency rows become state counts. Made-up agencies and figures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gapatlas.importers import IMPORTERS, Import
from tests.fixtures.importers.published import fbi_row, write_fbi


def read(folder: Path, *rows: list[object]) -> Import:
    return IMPORTERS["fbi"].read(write_fbi(folder / "ht.csv", rows))


def count(
    result: Import,
    stage: str,
    *,
    place: str = "US-TX",
    year: int = 2020,
    age: str = "total",
    category: str = "total",
) -> tuple[int | None, str, str]:
    """(count or None, status, note) of one row; low and high are the same."""
    table = result.tables["observations"]
    row = table[(table["jurisdiction_id"] == place) & (table["year"] == year)
                & (table["stage"] == stage) & (table["age"] == age)
                & (table["category"] == category)]  # fmt: skip
    assert len(row) == 1
    low, high = row.iloc[0][["count_low", "count_high"]]
    assert (pd.isna(low) and pd.isna(high)) or low == high
    return (None if pd.isna(low) else int(low)), row.iloc[0]["status"], row.iloc[0]["note"]


@pytest.mark.parametrize("codes", [("81", "82"), ("HTCSA", "HTIS")])
def test_agencies_add_up_to_the_state_and_to_offence_types(
    tmp_path: Path, codes: tuple[str, str]
) -> None:
    sex_acts, servitude = codes
    result = read(
        tmp_path,
        fbi_row(counts=(5, 1, 2, 1), code=sex_acts),
        fbi_row(counts=(3, 0, 1, 0), code=sex_acts, agency="TX2"),
        fbi_row(counts=(2, 0, 2, 0), code=servitude),
    )
    assert count(result, "suspected") == (10, "exact", "")
    assert count(result, "suspected", category="commercial_sex_acts") == (8, "exact", "")
    assert count(result, "suspected", category="involuntary_servitude") == (2, "exact", "")
    assert count(result, "cleared") == (5, "exact", "")
    assert count(result, "cleared", age="child") == (1, "exact", "")
    assert count(result, "unfounded") == (1, "exact", "")
    assert result.tables["observations"]["unit"].unique().tolist() == ["offences"]


@pytest.mark.parametrize(
    ("printed", "place"),
    [("TX", "US-TX"), ("NB", "US-NE"), ("GM", "US-GU"), ("FS", "US-FED"), ("DC", "US-DC")],
)
def test_state_codes(tmp_path: Path, printed: str, place: str) -> None:
    assert count(read(tmp_path, fbi_row(state=printed)), "suspected", place=place)[0] == 1


def test_identical_rows_are_months_and_are_added(tmp_path: Path) -> None:
    result = read(tmp_path, fbi_row(), fbi_row(), fbi_row())
    assert count(result, "suspected")[0] == 3
    assert result.facts["rows identical to an earlier row"] == 2


def test_a_negative_count_stays_in_the_sum_and_is_named(tmp_path: Path) -> None:
    result = read(tmp_path, fbi_row(counts=(4, 0, 0, 0)), fbi_row(counts=(-1, 1, 0, 0)))
    assert count(result, "suspected")[0] == 3
    (notice,) = [n for n in result.notices if n.found == "-1"]
    assert (notice.row, notice.column, notice.severity) == (3, "ACTUAL_COUNT", "notice")


def test_unfounded_is_reported_only_where_every_row_has_it(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        fbi_row(counts=(4, 0, 0, 0)),
        fbi_row(counts=(4, "", 0, 0), code="HTIS"),
        fbi_row(year=2021, counts=(4, 2, 0, 0)),
    )
    assert count(result, "unfounded") == (None, "not_reported", "partly_blank")
    assert count(result, "unfounded", category="commercial_sex_acts") == (0, "exact", "")
    assert count(result, "unfounded", year=2021) == (2, "exact", "")
    assert count(result, "suspected")[0] == 8


def test_more_clearances_than_offences_are_kept_and_marked(tmp_path: Path) -> None:
    result = read(tmp_path, fbi_row(counts=(2, 0, 5, 0)))
    assert count(result, "cleared") == (5, "exact", "cleared_above_offences")
    assert result.facts["place-years cleared above offences"] == 1


def test_a_state_without_a_row_is_not_reported_and_has_no_agency(tmp_path: Path) -> None:
    result = read(tmp_path, fbi_row(year=2019), fbi_row(year=2021), fbi_row("UT", 2020))
    for stage in ("suspected", "cleared", "unfounded"):
        assert count(result, stage, year=2020) == (None, "not_reported", "")
    reporters = result.tables["coverage"].set_index(["jurisdiction_id", "year"])["reporters"]
    assert reporters.loc["US-TX"].tolist() == [1, 0, 1]
    assert reporters.loc["US-UT"].tolist() == [0, 1, 0]


def test_coverage_counts_agencies_not_rows(tmp_path: Path) -> None:
    result = read(tmp_path, fbi_row(), fbi_row(code="HTIS"), fbi_row(agency="TX2"))
    assert result.tables["coverage"]["reporters"].tolist() == [2]
    assert result.facts["agencies in the last year"] == 2
