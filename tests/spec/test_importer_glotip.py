"""UNODC GLOTIP: what a printed row becomes. Made-up figures in the official layout."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gapatlas.importers import IMPORTERS, Import
from tests.fixtures.importers.published import GLOTIP_HEADER, glotip_row, write_glotip

CITIZENSHIP = {"indicator": "Persons convicted", "dimension": "by citizenship"}


def read(folder: Path, *rows: list[object], **layout: object) -> Import:
    return IMPORTERS["glotip"].read(write_glotip(folder / "glotip.xlsx", rows, **layout))  # type: ignore[arg-type]


def printed(result: Import) -> pd.DataFrame:
    """Observations without the rows added for what is not printed."""
    table = result.tables["observations"]
    return table[(table["status"] != "not_reported") | (table["note"] != "")]


@pytest.mark.parametrize(
    ("value", "low", "high", "status"),
    [
        ("12", 12, 12, "exact"),
        ("1,234", 1234, 1234, "exact"),
        (12.0, 12, 12, "exact"),
        ("<5", 0, 4, "censored"),  # no zero in the file, so <5 may stand for one
        ("< 10", 0, 9, "censored"),
        ("0", 0, 0, "exact"),
    ],
)
def test_a_printed_value_becomes_an_interval(
    tmp_path: Path, value: object, low: int, high: int, status: str
) -> None:
    row = printed(read(tmp_path, glotip_row(value=value))).iloc[0]
    assert (row["count_low"], row["count_high"], row["status"]) == (low, high, status)


def test_under_five_starts_at_one_where_the_edition_prints_zeros(tmp_path: Path) -> None:
    table = printed(read(tmp_path, glotip_row(value="<5"), glotip_row(year=2021, value="0")))
    assert table["count_low"].tolist() == [1, 0]
    assert table["count_high"].tolist() == [4, 0]


@pytest.mark.parametrize(
    ("indicator", "stage", "unit"),
    [
        ("Detected trafficking victims", "detected", "victims"),
        ("Persons brought into formal contact", "suspected", "persons"),
        ("Offences of trafficking in persons", "suspected", "offences"),
        ("Persons prosecuted", "prosecuted", "persons"),
        ("Persons convicted", "convicted", "persons"),
    ],
)
def test_an_indicator_is_a_stage_and_a_unit(
    tmp_path: Path, indicator: str, stage: str, unit: str
) -> None:
    row = printed(read(tmp_path, glotip_row(indicator=indicator))).iloc[0]
    assert (row["stage"], row["unit"]) == (stage, unit)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"sex": "Female", "age": "0 to 17 years"}, ("female", "child", "total", "total")),
        ({"sex": "Male", "age": "18 years or over"}, ("male", "adult", "total", "total")),
        ({"sex": "Unknown", "age": "Unknown"}, ("unknown", "unknown", "total", "total")),
        (
            {"dimension": "by form of exploitation", "category": "Forced labour"},
            ("total", "total", "exploitation", "forced_labour"),
        ),
        (
            {"dimension": "by citizenship", "category": "  Ciudadanos de su país "},
            ("total", "total", "citizenship", "Ciudadanos de su país"),
        ),
        (
            {"dimension": "by citizenship", "category": ""},
            ("total", "total", "citizenship", "unspecified"),
        ),
        (
            {"dimension": "by citizenship", "category": "N/A"},
            ("total", "total", "citizenship", "N/A"),
        ),
        (
            {"dimension": "by country of repatriation", "category": "0"},
            ("total", "total", "repatriation", "0"),
        ),
    ],
)
def test_labels(
    tmp_path: Path, labels: dict[str, str], expected: tuple[str, str, str, str]
) -> None:
    row = printed(read(tmp_path, glotip_row(), glotip_row(**labels)))
    found = set(row[["sex", "age", "dimension", "category"]].itertuples(index=False, name=None))
    assert found == {("total", "total", "total", "total"), expected}


def test_rows_under_the_same_labels_are_numbered_and_never_added(tmp_path: Path) -> None:
    rows = [glotip_row(sex="Female", value=value) for value in ("30", "<5", "30")]
    result = read(tmp_path, glotip_row(value="70"), *rows)
    table = printed(result)
    female = table[table["sex"] == "female"]
    assert female["part"].tolist() == [1, 2, 3]
    assert female["count_high"].tolist() == [30, 4, 30]
    assert result.facts["rows printed under the labels of another"] == 3


def test_a_place_without_iso_code_gets_its_own(tmp_path: Path) -> None:
    result = read(tmp_path, glotip_row(), glotip_row(iso="", country="Sark"))
    assert set(printed(result)["jurisdiction_id"]) == {"ROU", "X-SARK"}
    assert result.facts["places with an ISO code"] == 1
    assert any(notice.found == "X-SARK" for notice in result.notices)


@pytest.mark.parametrize(
    ("category", "value", "is_code"),
    [
        ("Q6.1_10s_2020", "61,102,020", True),
        ("Nationals", "6,112,020", True),
        ("Nationals", "6,112,019", True),  # the year of another year's questionnaire
        ("Nationals", "6,112,055", False),  # not a year that the publication spans
        ("Nationals", "6,112", False),
        ("Nationals", "12,020", False),
    ],
)
def test_a_questionnaire_code_is_not_a_count(
    tmp_path: Path, category: str, value: str, is_code: bool
) -> None:
    result = read(tmp_path, glotip_row(year=2019), glotip_row(),
                  glotip_row(category=category, value=value, **CITIZENSHIP))  # fmt: skip
    row = printed(result).query("dimension == 'citizenship'").iloc[0]
    assert (row["note"] == "questionnaire_code") is is_code
    assert (row["status"] == "not_reported") is is_code
    assert pd.isna(row["count_low"]) is is_code
    assert result.facts["questionnaire codes set aside"] == int(is_code)


def test_a_total_of_that_size_is_no_questionnaire_code(tmp_path: Path) -> None:
    row = printed(read(tmp_path, glotip_row(value="6,112,020"))).iloc[0]
    assert (row["count_low"], row["status"]) == (6_112_020, "exact")


def test_a_figure_that_repeats_its_year_is_set_aside_from_the_second_time(tmp_path: Path) -> None:
    twice = [glotip_row(year=year, value=f"{year:,}", sex="Unknown", age="Unknown")
             for year in (2019, 2020)]  # fmt: skip
    once = glotip_row(iso="NLD", country="Netherlands", year=2020, value="2,020")
    result = read(tmp_path, *twice, once)
    table = printed(result)
    romania, netherlands = (table[table["jurisdiction_id"] == i] for i in ("ROU", "NLD"))
    assert romania["note"].tolist() == ["year_as_count"] * 2
    assert netherlands["count_low"].tolist() == [2020]
    assert any(n.found == "2020" and "kept as published" in n.message for n in result.notices)


def test_what_is_not_printed_is_not_reported(tmp_path: Path) -> None:
    """Each stage spans the years in which anybody's total is printed: victims 2019 to 2021,
    convictions 2021 alone. Netherlands print victims in 2020 only, Romania the rest."""
    result = read(
        tmp_path,
        glotip_row(year=2019), glotip_row(year=2021),
        glotip_row(year=2021, indicator="Persons convicted"),
        glotip_row(iso="NLD", country="Netherlands", year=2020),
    )  # fmt: skip
    table = result.tables["observations"]
    missing = table[table["status"] == "not_reported"]
    assert set(missing[["jurisdiction_id", "year", "stage"]].itertuples(index=False, name=None)) \
        == {("ROU", 2020, "detected"), ("NLD", 2019, "detected"), ("NLD", 2021, "detected"),
            ("NLD", 2021, "convicted")}  # fmt: skip
    assert missing["count_low"].isna().all()


def test_facts_count_pairs_of_stages(tmp_path: Path) -> None:
    def pair(year: int, prosecuted: str, convicted: str) -> list[list[object]]:
        return [glotip_row(year=year, indicator="Persons prosecuted", value=prosecuted),
                glotip_row(year=year, indicator="Persons convicted", value=convicted)]  # fmt: skip

    result = read(tmp_path, *pair(2018, "10", "12"), *pair(2019, "10", "<5"),
                  *pair(2020, "10", "9"), glotip_row(year=2020))  # fmt: skip
    assert result.facts["place-years prosecuted and convicted"] == 3
    assert result.facts["place-years prosecuted and convicted, both exact"] == 2
    assert result.facts["exact place-years convicted above prosecuted"] == 1
    assert result.facts["place-years detected, prosecuted and convicted"] == 1


def test_facts_count_sexes_that_do_not_add_up(tmp_path: Path) -> None:
    def convicted(year: int, **values: str) -> list[list[object]]:
        return [glotip_row(year=year, indicator="Persons convicted", sex=sex, value=value)
                for sex, value in values.items()]  # fmt: skip

    result = read(
        tmp_path,
        *convicted(2017, Total="10", Female="4", Male="6"),
        *convicted(2018, Total="10", Female="4", Male="5"),
        *convicted(2019, Total="15", Female="5", Male="5", Other="5"),
        *convicted(2020, Total="10", Female="<5", Male="6"),
    )
    assert result.facts["convicted place-years with exact total, female and male"] == 3
    assert result.facts["of these, sexes that do not add to the total"] == 1


def test_next_years_edition_with_other_rows_above_and_columns_in_another_order(
    tmp_path: Path,
) -> None:
    plain = read(tmp_path, glotip_row())
    header = list(reversed(GLOTIP_HEADER))
    moved = IMPORTERS["glotip"].read(
        write_glotip(tmp_path / "next.xlsx", [list(reversed(glotip_row()))], header=header,
                     sheet="data_glotip", lines_above=3))  # fmt: skip
    pd.testing.assert_frame_equal(moved.tables["observations"], plain.tables["observations"])
    assert moved.descriptor["published"] == "2031-02-03"
