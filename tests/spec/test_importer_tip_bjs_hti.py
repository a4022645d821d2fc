"""TIP Report, BJS and HTI in their published layouts. Made-up figures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gapatlas.errors import ImportLayoutError
from gapatlas.importers import IMPORTERS, Import
from gapatlas.importers.countries import country_of_name
from tests.fixtures.importers.published import write_csv

BJS_HEADER = (
    "fiscal_year",
    "suspects_referred_to_us_attorneys",
    "persons_prosecuted",
    "persons_convicted",
    "source",
)
WORLD_2015 = ("Year", "Prosecutions", "Prosecutions (Labor)", "Convictions", "Victims identified")
WORLD_2023 = ("year", "prosecutions", "convictions", "victims_identified", "source")
REGIONS_2016 = ("year", "region", "prosecutions", "convictions", "victims_identified", "source")
HTI_HEADER = ("country", "ccode", "year", "PROSECUTION", "enforcement", "prosnum")


def counts(result: Import) -> dict[tuple[str, int, str, str], int | None]:
    """Place, year, stage, unit -> count; None where not reported."""
    table = result.tables["observations"]
    assert (table["count_low"].isna() == (table["status"] == "not_reported")).all()
    assert (table["count_low"].dropna() == table["count_high"].dropna()).all()
    return {
        (row.jurisdiction_id, row.year, row.stage, row.unit): (
            None if pd.isna(row.count_low) else int(row.count_low)
        )
        for row in table.itertuples()
    }


def problems(importer: str, path: Path) -> list[str]:
    with pytest.raises(ImportLayoutError) as caught:
        IMPORTERS[importer].read(path)
    return [str(problem) for problem in caught.value.problems]


# ------------------------------------------------------------------ BJS


def test_bjs_gives_persons_of_the_united_states_and_keeps_gaps(tmp_path: Path) -> None:
    rows = [("2011", "1,360", "700", "400", "x"), ("2012", "", "0", "", "x")]
    result = IMPORTERS["bjs"].read(write_csv(tmp_path / "b.csv", [BJS_HEADER, *rows]))
    assert counts(result) == {
        ("USA", 2011, "suspected", "persons"): 1360,
        ("USA", 2011, "prosecuted", "persons"): 700,
        ("USA", 2011, "convicted", "persons"): 400,
        ("USA", 2012, "suspected", "persons"): None,
        ("USA", 2012, "prosecuted", "persons"): 0,
        ("USA", 2012, "convicted", "persons"): None,
    }
    assert result.facts["not reported"] == 2
    assert any("fiscal years" in caveat for caveat in result.descriptor["caveats"])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("2011", "1", "1", "1", "x"), "row 3, column fiscal_year: The year is printed twice"),
        (
            ("2012", "1", "-1", "1", "x"),
            "column persons_prosecuted: A count cannot be negative",
        ),
        (("2012", "1", "many", "1", "x"), "column persons_prosecuted: A whole number was expected"),
        (("1776", "1", "1", "1", "x"), "column fiscal_year: The year is out of range"),
    ],
)
def test_bjs_names_what_it_cannot_read(tmp_path: Path, row: tuple[str, ...], told: str) -> None:
    path = write_csv(tmp_path / "b.csv", [BJS_HEADER, ("2011", "1", "1", "1", "x"), row])
    assert any(told in problem for problem in problems("bjs", path))


# ------------------------------------------------------------------ TIP Report


def test_the_world_of_the_printed_table_leaves_blank_victims_a_gap(tmp_path: Path) -> None:
    rows = [("2003", "8,000", "", "3000", ""), ("2004", "7000", "5", "3100", "30000")]
    result = IMPORTERS["tip_report"].read(write_csv(tmp_path / "t.csv", [WORLD_2015, *rows]))
    assert result.dataset_id == "tip_report_2015"
    assert counts(result) == {
        ("X-WORLD", 2003, "prosecuted", "cases"): 8000,
        ("X-WORLD", 2003, "convicted", "cases"): 3000,
        ("X-WORLD", 2003, "detected", "victims"): None,
        ("X-WORLD", 2004, "prosecuted", "cases"): 7000,
        ("X-WORLD", 2004, "convicted", "cases"): 3100,
        ("X-WORLD", 2004, "detected", "victims"): 30000,
    }


def test_the_transcribed_world_says_that_it_is_second_hand(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [WORLD_2023, ("2023", "10", "5", "100", "somewhere")])
    result = IMPORTERS["tip_report"].read(path)
    assert result.dataset_id == "tip_report_2023"
    assert len(counts(result)) == 3
    assert any("second-hand" in caveat for caveat in result.descriptor["caveats"])


def test_regions_have_places_of_their_own(tmp_path: Path) -> None:
    rows = [
        ("2016", "Global", "9", "8", "", "x"),
        ("2016", "East Asia & Pacific", "3", "2", "1", "x"),
        ("2016", "Near East", "6", "6", "5", "x"),
    ]
    result = IMPORTERS["tip_report"].read(write_csv(tmp_path / "t.csv", [REGIONS_2016, *rows]))
    found = counts(result)
    assert {key[0] for key in found} == {"X-WORLD", "X-TIP-EAP", "X-TIP-NEA"}
    assert found["X-WORLD", 2016, "detected", "victims"] is None
    assert found["X-TIP-NEA", 2016, "convicted", "cases"] == 6


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        (REGIONS_2016, ("2016", "Atlantis", "1", "1", "1", "x"), "The label is not known"),
        (WORLD_2023, ("2016", "1", "1", "-4", "x"), "A count cannot be negative"),
        (WORLD_2023[:-2], ("2016", "1", "1"), "A column is missing"),
    ],
)
def test_the_tip_report_names_what_it_cannot_read(
    tmp_path: Path, header: tuple[str, ...], row: tuple[str, ...], told: str
) -> None:
    path = write_csv(tmp_path / "t.csv", [header, row])
    assert any(told in problem for problem in problems("tip_report", path))


def test_a_year_that_stands_twice_is_refused(tmp_path: Path) -> None:
    row = ("2016", "1", "1", "1", "x")
    path = write_csv(tmp_path / "t.csv", [WORLD_2023, row, row])
    assert any("The place and year are printed twice" in p for p in problems("tip_report", path))


# ------------------------------------------------------------------ HTI


def hti(path: Path, rows: list[tuple[str, ...]]) -> Path:
    """The published file: latin-1, with line breaks inside quotes."""
    lines = [",".join(HTI_HEADER)]
    lines += [",".join(f'"{cell}"' if "\n" in cell or "," in cell else cell for cell in r)
              for r in rows]  # fmt: skip
    path.write_bytes("\r\n".join(lines).encode("latin-1"))
    return path


def test_hti_counts_persons_prosecuted_and_reads_its_own_names(tmp_path: Path) -> None:
    rows = [
        ("Netherlands, The", "210", "2003", "", "Yes\nagain", "217"),
        ("Cote d'Ivoire", "437", "2003", "\xca", "No", ""),
        ("Korea, South", "732", "2004", "", "No", "0"),
        ("Equatorial Quinea", "411", "2004", "", "No", "3.0"),
    ]
    result = IMPORTERS["hti"].read(hti(tmp_path / "h.csv", rows))
    assert counts(result) == {
        ("NLD", 2003, "prosecuted", "persons"): 217,
        ("CIV", 2003, "prosecuted", "persons"): None,
        ("KOR", 2004, "prosecuted", "persons"): 0,
        ("GNQ", 2004, "prosecuted", "persons"): 3,
    }
    assert result.facts["zeros"] == 1


def test_hti_leaves_out_a_state_that_is_no_more_and_says_so(tmp_path: Path) -> None:
    rows = [
        ("Serbia and Montenegro", "345", "2003", "", "", "7"),
        ("Serbia", "345", "2007", "", "", "8"),
    ]
    result = IMPORTERS["hti"].read(hti(tmp_path / "h.csv", rows))
    assert list(counts(result).values()) == [8]
    [notice] = result.notices
    assert notice.found == "Serbia and Montenegro"
    assert result.facts["rows without a place"] == 1


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("Atlantis", "1", "2003", "", "", "1"), "The country is not known. Found: Atlantis"),
        (("Chad", "1", "2003", "", "", "-1"), "A count cannot be negative"),
        (("Kenya", "1", "2003", "", "", "1"), "The country and year are printed twice"),
    ],
)
def test_hti_names_what_it_cannot_read(tmp_path: Path, row: tuple[str, ...], told: str) -> None:
    path = hti(tmp_path / "h.csv", [("Kenya", "1", "2003", "", "", "1"), row])
    assert any(told in problem for problem in problems("hti", path))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Romania", "ROU"),
        ("  viet  NAM ", "VNM"),
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("Kosovo", "XKX"),
        ("Congo, Republic", "COG"),
        ("Congo, Democratic Republic", "COD"),
        ("Nowhere", None),
        ("", None),
    ],
)
def test_countries_are_found_by_name(name: str, code: str | None) -> None:
    assert country_of_name(name) == code
