"""US federal defendants: one row per person in, protected counts out. Made-up persons."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from gapatlas.errors import ImportLayoutError
from gapatlas.importers import IMPORTERS, Import
from tests.fixtures.importers.published import write_csv

ROOT = Path(__file__).resolve().parents[2]
HEADER = (
    "case_key",
    "state",
    "case_year",
    "statutes_sentenced",
    "victims_band",
    "counts_plea_guilty",
    "counts_trial_guilty",
    "counts_trial_not_guilty",
    "counts_dismissed_on_plea",
    "counts_nolle_prosequi",
)
PLEA = ("1", "", "", "2", "")
TRIAL_GUILTY = ("0", "3", "1", "", "")
NOT_GUILTY = ("", "0", "2", "1", "")
DROPPED = ("0", "0", "0", "0", "1")
UNKNOWN = ("", "", "", "", "")
ZEROS = ("0", "0", "0", "0", "0")


def persons(state: str, outcomes: Mapping[tuple[str, ...], int], year: str = "2010") -> list:
    return [
        (f"case {i}", state, year, "1591", "1", *outcome)
        for outcome, number in outcomes.items()
        for i in range(number)
    ]


def read(tmp_path: Path, rows: list) -> Import:
    return IMPORTERS["us_defendants"].read(write_csv(tmp_path / "d.csv", [HEADER, *rows]))


def figures(result: Import, place: str) -> dict[str, tuple[int, int] | None]:
    """Stage -> range of the published figure; None where withheld."""
    table = result.tables["observations"]
    own = table[table["jurisdiction_id"] == place]
    return {
        row.stage: None if pd.isna(row.count_low) else (int(row.count_low), int(row.count_high))
        for row in own.itertuples()
    }


LARGE = {PLEA: 101, TRIAL_GUILTY: 20, NOT_GUILTY: 31, DROPPED: 43, UNKNOWN: 12, ZEROS: 10}


def test_counts_are_rounded_and_given_as_the_range_that_rounding_leaves(tmp_path: Path) -> None:
    """121 guilty, 31 not guilty, 43 dropped, 22 of whom nothing is known: 217 charged."""
    result = read(tmp_path, persons("TX", LARGE) + persons("CA", LARGE))

    assert figures(result, "US-TX") == {
        "convicted": (118, 122),
        "acquitted": (28, 32),
        "dismissed": (43, 47),
        "outcome_unknown": (18, 22),
        "prosecuted": (213, 217),
        "trials_completed": (146, 154),
    }
    assert figures(result, "USA")["prosecuted"] == (433, 437)
    assert set(result.tables["observations"]["status"]) == {"censored"}


def test_guilty_on_one_count_goes_before_not_guilty_and_that_before_dropped(tmp_path: Path) -> None:
    both = ("1", "0", "5", "5", "5")
    mixed = {both: 100, NOT_GUILTY: 60, DROPPED: 40, UNKNOWN: 30}
    result = read(tmp_path, persons("TX", mixed) + persons("CA", LARGE))
    found = figures(result, "US-TX")
    assert found["convicted"] == (98, 102)
    assert found["acquitted"] == (58, 62)
    assert found["dismissed"] == (38, 42)


def test_a_small_count_is_withheld_and_another_with_it(tmp_path: Path) -> None:
    """Four acquitted could be had from the total: so another figure is withheld too."""
    result = read(tmp_path, persons("TX", {PLEA: 100, NOT_GUILTY: 4, DROPPED: 40, UNKNOWN: 30}))
    found = figures(result, "US-TX")
    assert found["acquitted"] is None
    assert sum(figure is None for figure in found.values()) >= 2
    assert found["trials_completed"] is None
    status = result.tables["observations"].set_index(["jurisdiction_id", "stage"])["status"]
    assert status["US-TX", "acquitted"] == "suppressed"


def test_persons_without_a_state_count_in_the_nation_alone(tmp_path: Path) -> None:
    result = read(tmp_path, persons("TX", LARGE) + persons("", LARGE) + persons("Guam", LARGE))
    places = set(result.tables["observations"]["jurisdiction_id"])
    assert places == {"US-TX", "US-GU", "USA"}
    assert figures(result, "USA")["prosecuted"] == (648, 652)


def test_the_period_is_that_of_the_cases_and_a_blank_year_is_no_fault(tmp_path: Path) -> None:
    rows = persons("TX", LARGE, "2003") + persons("TX", LARGE, "") + persons("TX", LARGE, "2009")
    result = read(tmp_path, rows)
    assert (result.facts["first year"], result.facts["last year"]) == (2003, 2009)
    assert set(result.tables["observations"]["year"]) == {2009}


def test_neither_facts_nor_descriptor_tell_how_many_persons_there_are(tmp_path: Path) -> None:
    """217 persons: neither that nor any unrounded outcome is written."""
    result = read(tmp_path, persons("TX", LARGE))
    written = f"{result.facts} {result.descriptor} {result.tables['observations'].to_csv()}"
    assert "'persons, rounded': 215" in written
    for count in (121, 31, 43, 22):
        assert f"{count}" not in str(result.facts)
    assert "case 1" not in written


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            ("k", "ZZ", "2010", "1591", "1", *PLEA),
            "column state: The state is not known. Found: ZZ",
        ),
        (("k", "TX", "2010", "1591", "1", "some", "", "", "", ""), "column counts_plea_guilty"),
        (("k", "TX", "MMX", "1591", "1", *PLEA), "column case_year: A whole number was expected"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, row: tuple[str, ...], told: str) -> None:
    with pytest.raises(ImportLayoutError) as caught:
        read(tmp_path, [row])
    assert told in str(caught.value)


def test_the_shipped_table_holds_protected_counts_only() -> None:
    table = pd.read_csv(ROOT / "data" / "us_federal_defendants" / "observations.csv")
    told = table[table["status"] == "censored"]
    width = (told["count_high"] - told["count_low"]).where(told["stage"] != "trials_completed", 4)
    assert (width == 4).all()
    assert told["count_low"].min() >= 8
    middle = (told["count_low"] + told["count_high"]) / 2
    assert (middle % 5 == 0).all()
    assert set(table["status"]) == {"censored", "suppressed"}
    nation = told[told["jurisdiction_id"] == "USA"].set_index("stage")
    assert len(nation) == 6
