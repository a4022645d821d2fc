"""Tiers, policy, rule of law, criminal justice, Walk Free and US grants in their published layouts.

Made-up figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from gapatlas.importers import IMPORTERS, Import
from tests.fixtures.importers.published import wgi_row, write_csv, write_wgi, write_workbook

TIERS = ("countryname", "iso", "year", "ccode", "tier")
FACTBOOK = ("gec_code", "tip_report_year", "tier", "factbook_commit", "text_start")
POLICY = ("countryname", "year", "cow", "p", "prosecution", "prevention", "protection", "iso")
WALK_FREE = (
    "Country", "Population", "Region",
    "Estimated prevalence of modern slavery per 1,000 population",
    "Estimated number of people in modern slavery",
)  # fmt: skip
GRANTS = (
    "name", "fiscal year", "grant", "recipient", "subgrantee", "prevention", "protection",
    "prosecution", "research", "amount",
)  # fmt: skip

Key = tuple[str, int]
Value = tuple[float | None, float | None, float | None, str]


def read(importer: str, path: Path, rows: Sequence[Sequence[object]]) -> Import:
    return IMPORTERS[importer].read(write_csv(path / "published.csv", rows))


def values(result: Import, indicator: str) -> dict[Key, Value]:
    """Place and year -> value, low, high, status of one indicator."""
    table = result.tables["indicators"]
    return {
        (row.jurisdiction_id, row.year): (
            number(row.value), number(row.low), number(row.high), row.status
        )
        for row in table[table["indicator"] == indicator].itertuples()
    }  # fmt: skip


def number(cell: float) -> float | None:
    return None if pd.isna(cell) else float(cell)


def exact(value: float) -> Value:
    return value, value, value, "exact"


SILENT: Value = (None, None, None, "not_reported")


# ------------------------------------------------------------------ tiers


def test_tiers_are_numbers_and_the_watch_list_lies_between_two_and_three(tmp_path: Path) -> None:
    rows = [
        ("Romania", "ROU", "2001", "360", "Tier 3"),
        ("Romania", "ROU", "2002", "360", "Tier 2    "),
        ("Kenya", "KEN", "2001", "501", "Watchlist    "),
        ("Kenya", "KEN", "2002", "501", "Tier 1    "),
    ]
    result = read("tip_tiers", tmp_path, [TIERS, *rows])
    assert result.dataset_id == "tip_tiers"
    assert values(result, "tip_tier") == {
        ("ROU", 2001): exact(3), ("ROU", 2002): exact(2),
        ("KEN", 2001): exact(2.5), ("KEN", 2002): exact(1),
    }  # fmt: skip


def test_years_before_the_first_tier_of_all_are_not_asked_for(tmp_path: Path) -> None:
    rows = [
        ("Romania", "ROU", "1999", "360", "NA"),
        ("Kenya", "KEN", "1999", "501", "NA"),
        ("Romania", "ROU", "2001", "360", "Tier 3"),
        ("Kenya", "KEN", "2001", "501", "NA"),
    ]
    result = read("tip_tiers", tmp_path, [TIERS, *rows])
    assert values(result, "tip_tier") == {("ROU", 2001): exact(3), ("KEN", 2001): SILENT}
    assert result.facts["not reported"] == 1


def test_kosovo_has_one_code_whatever_the_publisher_prints(tmp_path: Path) -> None:
    rows = [("Kosovo", "KOS", "2009", "1001", "Tier 2    ")]
    assert set(values(read("tip_tiers", tmp_path, [TIERS, *rows]), "tip_tier")) == {("XKX", 2009)}


def test_the_factbook_has_codes_of_its_own_and_no_row_for_whom_it_does_not_list(
    tmp_path: Path,
) -> None:
    rows = [
        ("ch", "2020", "3", "abc", "Tier 3 - China"),
        ("ng", "2024", "2WL", "abc", "Tier 2 Watch List"),
        ("sf", "", "2WL", "abc", "Tier 2 Watch List - South Africa"),
        ("xx", "", "2WL", "abc", "Tier 2 Watch List: (44 countries)"),
    ]
    result = read("tip_tiers", tmp_path, [FACTBOOK, *rows])
    assert result.dataset_id == "tip_tiers_factbook"
    found = values(result, "tip_tier_factbook")
    assert found == {("CHN", 2020): exact(3), ("NER", 2024): exact(2.5)}
    assert [(n.row, n.found) for n in result.notices] == [(5, "xx"), (4, "sf")]
    assert result.facts["rows left out"] == 2


# ------------------------------------------------------------------ 3P


def test_three_grades_become_three_indicators(tmp_path: Path) -> None:
    rows = [
        ("Romania", "2000", "360", "10", "5", "3", "2", "ROU"),
        ("St.Lucia", "2000", "56", "NA", "4", "NA", "1", "NA"),
    ]
    result = read("three_p", tmp_path, [POLICY, *rows])
    assert values(result, "three_p_prosecution") == {
        ("ROU", 2000): exact(5), ("LCA", 2000): exact(4)
    }  # fmt: skip
    assert values(result, "three_p_prevention") == {
        ("ROU", 2000): exact(3), ("LCA", 2000): SILENT
    }  # fmt: skip
    assert values(result, "three_p_protection") == {
        ("ROU", 2000): exact(2), ("LCA", 2000): exact(1)
    }  # fmt: skip


def test_a_sum_of_two_grades_is_no_fault(tmp_path: Path) -> None:
    rows = [("Haiti", "2009", "41", "4", "2", "NA", "2", "HTI")]
    result = read("three_p", tmp_path, [POLICY, *rows])
    assert values(result, "three_p_prevention") == {}
    assert values(result, "three_p_protection") == {("HTI", 2009): exact(2)}


def test_a_year_without_any_grade_is_not_asked_for(tmp_path: Path) -> None:
    rows = [
        ("Haiti", "1999", "41", "NA", "NA", "NA", "NA", "HTI"),
        ("Haiti", "2000", "41", "6", "2", "2", "2", "HTI"),
        ("Kenya", "2000", "501", "NA", "NA", "NA", "NA", "KEN"),
    ]
    result = read("three_p", tmp_path, [POLICY, *rows])
    assert values(result, "three_p_prosecution") == {
        ("HTI", 2000): exact(2), ("KEN", 2000): SILENT
    }  # fmt: skip


# ------------------------------------------------------------------ rule of law


def test_an_estimate_carries_limits_of_its_standard_error(tmp_path: Path) -> None:
    row = wgi_row("Kenya", "KEN", (-0.5, 0.1), ("#N/A", "#N/A"))
    result = IMPORTERS["wgi"].read(write_wgi(tmp_path / "w.xlsx", [row]))
    assert values(result, "wgi_rule_of_law") == {
        ("KEN", 2018): (-0.5, -0.696, -0.304, "estimated"),
        ("KEN", 2019): SILENT,
    }


def test_the_banks_own_codes_are_read_and_a_state_that_is_no_more_is_left_out(
    tmp_path: Path,
) -> None:
    both = ((0.0, 0.2), (0.1, 0.2))
    rows = [
        wgi_row("Romania", "ROM", *both), wgi_row("Congo, Dem. Rep.", "ZAR", *both),
        wgi_row("Kosovo", "KSV", *both), wgi_row("West Bank and Gaza", "WBG", *both),
        wgi_row("Timor-Leste", "TMP", *both), wgi_row("Andorra", "ADO", *both),
        wgi_row("Netherlands Antilles (former)", "ANT", *both),
    ]  # fmt: skip
    result = IMPORTERS["wgi"].read(write_wgi(tmp_path / "w.xlsx", rows))
    places = set(result.tables["indicators"]["jurisdiction_id"])
    assert places == {"ROU", "COD", "XKX", "PSE", "TLS", "AND"}
    assert [notice.found for notice in result.notices] == ["ANT"]


def test_years_that_the_publisher_leaves_out_have_no_rows(tmp_path: Path) -> None:
    row = wgi_row("Kenya", "KEN", (-0.5, 0.1), (-0.4, 0.1))
    result = IMPORTERS["wgi"].read(write_wgi(tmp_path / "w.xlsx", [row], years=(1996, 1998)))
    assert sorted(result.tables["indicators"]["year"]) == [1996, 1998]


# ------------------------------------------------------------------ criminal justice


def wjp(path: Path) -> Path:
    factor = "Factor 8: Criminal Justice"
    return write_workbook(
        path / "wjp.xlsx",
        {
            "Introduction": [["The World Justice Project"]],
            "WJP ROL Index 2012-2013 Scores": [
                ["Country", "Region", "Factor 1: Limited Government", factor, "8.1 Something"],
                ["Kenya", "Africa", 0.9, 0.4, 0.3],
            ],
            "WJP ROL Index 2014 Scores": [
                ["Country", "Kenya", "Sierra Leone"],
                ["Country Code", "KEN", "SLN"],
                [],
                ["Factor 1: Constraints", 0.8, 0.7],
                [factor, 0.41, 0.32],
                ["8.1 Something", 0.2, 0.1],
            ],
        },
    )


def test_both_layouts_are_read_and_an_edition_of_two_years_stands_at_the_last(
    tmp_path: Path,
) -> None:
    result = IMPORTERS["wjp"].read(wjp(tmp_path))
    assert values(result, "wjp_criminal_justice") == {
        ("KEN", 2013): exact(0.4), ("KEN", 2014): exact(0.41), ("SLE", 2014): exact(0.32)
    }  # fmt: skip
    table = result.tables["indicators"].set_index("year")
    assert table.loc[2013, "note"] == "edition_of_two_years"
    assert set(table.loc[2014, "note"]) == {""}
    assert any("at the last of the two" in caveat for caveat in result.descriptor["caveats"])


# ------------------------------------------------------------------ Walk Free


def test_people_are_a_band_and_a_zero_without_a_rate_is_no_estimate(tmp_path: Path) -> None:
    rows = [
        ("Kenya", "50000000.0", "Africa", "5.0", "250000.0"),
        ("Bahamas", "393000.0", "Americas", "", "0.0"),
    ]
    result = read("walk_free", tmp_path, [WALK_FREE, *rows])
    assert values(result, "walk_free_victims") == {
        ("KEN", 2021): (None, 125_000, 500_000, "censored"),
        ("BHS", 2021): SILENT,
    }
    caveats = " ".join(result.descriptor["caveats"])
    assert "this project's" in caveats
    assert "forced marriage" in caveats
    assert "any one day of 2021" in caveats


# ------------------------------------------------------------------ US grants


def grant(
    name: str = "Kenya",
    year: str = "2005",
    amount: str = "$100",
    flags: Sequence[str] = ("1", "0", "1", "0"),
    *,
    listed: str = "1",
    recipient: str = "An office",
) -> tuple[str, ...]:
    """One grant, flags in their columns: prevention, protection, prosecution, research."""
    return (name, year, listed, recipient, "", *flags, amount)


def shifted(flags: Sequence[str], year: str = "2005") -> tuple[str, ...]:
    """One grant whose flags stand one column to the left, the last of them twice."""
    return ("Kenya", year, "1", "An office", *flags, flags[-1], "$100")


def none_listed(name: str = "Kenya", year: str = "2005", listed: str = "0") -> tuple[str, ...]:
    return (name, year, listed, "", "", "", "", "", "", "$0")


def amounts(result: Import) -> dict[Key, Value]:
    return values(result, "us_grants_amount")


def test_amounts_of_a_year_are_added_up(tmp_path: Path) -> None:
    rows = [grant(amount="$1,200"), grant(amount="$14, 248"), grant(year="2006", amount="$7")]
    result = read("us_grants", tmp_path, [GRANTS, *rows])
    assert amounts(result) == {("KEN", 2005): exact(15_448), ("KEN", 2006): exact(7)}
    assert values(result, "us_grants_count") == {("KEN", 2005): exact(2), ("KEN", 2006): exact(1)}


@pytest.mark.parametrize("unknown", ["$0", "Not Listed", "", "$2,500,00"])
def test_with_an_unknown_amount_the_sum_of_the_others_is_the_least(
    tmp_path: Path, unknown: str
) -> None:
    rows = [grant(amount="$1,200"), grant(amount=unknown)]
    result = read("us_grants", tmp_path, [GRANTS, *rows])
    assert amounts(result) == {("KEN", 2005): (None, 1200, None, "censored")}
    assert values(result, "us_grants_count") == {("KEN", 2005): exact(2)}
    assert result.tables["indicators"]["note"].tolist() == ["some_amounts", "", ""]


def test_grants_without_any_amount_are_unknown_money_and_a_known_number(tmp_path: Path) -> None:
    rows = [grant(amount="Not Listed"), grant(amount="$0")]
    result = read("us_grants", tmp_path, [GRANTS, *rows])
    assert amounts(result) == {("KEN", 2005): SILENT}
    assert values(result, "us_grants_count") == {("KEN", 2005): exact(2)}


def test_no_grant_listed_is_a_count_of_zero_and_no_amount(tmp_path: Path) -> None:
    rows = [none_listed(), grant("Chad", "2005")]
    result = read("us_grants", tmp_path, [GRANTS, *rows])
    assert amounts(result)["KEN", 2005] == SILENT
    assert values(result, "us_grants_count")["KEN", 2005] == exact(0)
    assert values(result, "us_grants_prosecution_count")["KEN", 2005] == exact(0)


@pytest.mark.parametrize("listed", ["", "no row"])
def test_where_the_file_says_nothing_the_count_is_unknown_too(tmp_path: Path, listed: str) -> None:
    silent = [none_listed(listed="")] if listed == "" else [grant("Kenya", "2006")]
    result = read("us_grants", tmp_path, [GRANTS, *silent, grant("Chad", "2005")])
    for indicator in ("us_grants_amount", "us_grants_count", "us_grants_prosecution_count"):
        assert values(result, indicator)["KEN", 2005] == SILENT


def test_a_row_without_a_grant_beside_one_with_a_grant_adds_nothing(tmp_path: Path) -> None:
    result = read("us_grants", tmp_path, [GRANTS, none_listed(), grant()])
    assert amounts(result) == {("KEN", 2005): exact(100)}
    assert values(result, "us_grants_count") == {("KEN", 2005): exact(1)}


def test_a_grant_that_is_not_marked_as_one_is_counted_with_a_notice(tmp_path: Path) -> None:
    result = read("us_grants", tmp_path, [GRANTS, grant(listed="0"), grant(listed="")])
    assert values(result, "us_grants_count") == {("KEN", 2005): exact(2)}
    assert [notice.row for notice in result.notices] == [2, 3]


def test_flags_for_prosecution_are_counted_and_missing_ones_make_a_range(tmp_path: Path) -> None:
    rows = [
        grant(), grant(flags=("1", "1", "0", "0")), grant(flags=("", "", "", "")),
        grant(flags=("N/A",) * 4), grant(year="2006"),
    ]  # fmt: skip
    result = read("us_grants", tmp_path, [GRANTS, *rows])
    assert values(result, "us_grants_prosecution_count") == {
        ("KEN", 2005): (None, 1, 3, "censored"), ("KEN", 2006): exact(1)
    }  # fmt: skip


def test_flags_that_stand_one_column_to_the_left_are_read_where_they_stand(tmp_path: Path) -> None:
    rows = [shifted(("0", "0", "1", "0")), shifted(("1", "1", "0", "1"), "2006")]
    result = read("us_grants", tmp_path, [GRANTS, *rows])
    assert values(result, "us_grants_prosecution_count") == {
        ("KEN", 2005): exact(1), ("KEN", 2006): exact(0)
    }  # fmt: skip
    assert result.facts["grants with shifted flags"] == 2


def test_regions_are_left_out_and_listed_with_what_they_hold(tmp_path: Path) -> None:
    rows = [grant(), grant("Africa", amount="$900"), grant("Africa", amount="$0")]
    result = read("us_grants", tmp_path, [GRANTS, *rows])
    assert set(amounts(result)) == {("KEN", 2005)}
    [notice] = result.notices
    assert notice.found == "Africa"
    listed = "Africa: 2 rows, 2 grants, 900 US dollars known"
    assert any(listed in caveat for caveat in result.descriptor["caveats"])
    assert result.facts["rows without a country"] == 2


def test_a_year_in_which_no_grant_is_named_anywhere_has_no_list(tmp_path: Path) -> None:
    rows = [none_listed(year="2001"), none_listed("Chad", "2001"), grant(), none_listed("Chad")]
    result = read("us_grants", tmp_path, [GRANTS, *rows])
    assert {year for _, year in amounts(result)} == {2005}
    assert [notice.found for notice in result.notices] == ["2001"]


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("CentralAfRep", "CAF"), ("DomRep", "DOM"), ("Madagasgar", "MDG"), ("PapuaNG", "PNG"),
        ("SaoT&P", "STP"), ("UArabEmir", "ARE"), ("Congo, DemRep (Zaire)", "COD"),
        ("Congo (Brazzaville; Rep)", "COG"), ("BosniaandHerz", "BIH"),
        ("Cote D\ufffdIvoire", "CIV"),
        ("St.Kitts&Nevis", "KNA"), ("SlovakRep", "SVK"), ("YemenAR", "YEM"), ("EqGuinea", "GNQ"),
    ],
)  # fmt: skip
def test_short_labels_of_the_lists_are_countries(tmp_path: Path, label: str, place: str) -> None:
    assert set(amounts(read("us_grants", tmp_path, [GRANTS, grant(label)]))) == {(place, 2005)}


# ------------------------------------------------------------------ all


def test_numbers_are_written_without_exponent_or_needless_point(tmp_path: Path) -> None:
    path = write_wgi(tmp_path / "w.xlsx", [wgi_row("Kenya", "KEN", (0.00003, 0.1), (2, 1))])
    result = IMPORTERS["wgi"].read(path)
    IMPORTERS["wgi"].write(result, tmp_path / "out")
    text = (tmp_path / "out" / "indicators.csv").read_text("utf-8")
    assert "KEN,2018,wgi_rule_of_law,0.00003,-0.19597,0.19603,estimated,\n" in text
    assert "KEN,2019,wgi_rule_of_law,2,0.04,3.96,estimated,\n" in text
