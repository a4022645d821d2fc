"""UNODC GLOTIP by citizenship: what a printed label names, and which figures are set aside."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gapatlas.config.schema import FLOW_COLUMNS
from gapatlas.config.vocabulary import ORIGIN_KINDS
from gapatlas.importers import IMPORTERS, Import
from gapatlas.importers.citizenships import origin_of
from tests.fixtures.importers.published import glotip_row, write_glotip
from tests.worked_examples import rows_of

LABELS = """
    label                                          | counted in | kind      | place
    Nigerians                                      | ITA        | place     | NGA
    Nigerin                                        | NGA        | place     | NER
    NIGER                                          | CIV        | place     | NER
    Viet Nam                                       | GBR        | place     | VNM
    Poles                                          | NLD        | place     | POL
    Dutch                                          | NLD        | nationals | NLD
    Dutch                                          | DEU        | place     | NLD
    Netherlands (own country)                      | NLD        | nationals | NLD
    Nationals                                      | USA        | nationals | USA
      Ciudadanos de su país                        | ARG        | nationals | ARG
    Ciudadanos de su pa\ufffds                     | ARG        | nationals | ARG
    BELICE\ufffdA                                  | MEX        | place     | BLZ
    T\ufffdrkiye                                   | DEU        | place     | TUR
    Türkiye                                        | DEU        | place     | TUR
    C\ufffdte d\ufffdIvoire                        | FRA        | place     | CIV
    Republic of Korea                              | USA        | place     | KOR
    Democratic People's Republic of Korea          | USA        | place     | PRK
    Congo                                          | NLD        | place     | COG
    Dr Kongo                                       | DEU        | place     | COD
    Congolese (DRC)                                | GBR        | place     | COD
    South Sudan                                    | GBR        | place     | SSD
    Guinea-Bissau                                  | GBR        | place     | GNB
    Equatorial Guinea                              | ESP        | place     | GNQ
    Guinean                                        | ESP        | place     | GIN
    Kosovar                                        | AUT        | place     | XKX
    China, Hong Kong SAR                           | GBR        | place     | HKG
    China, Taiwan Province of China                | USA        | place     | TWN
    2 maliens                                      | DZA        | place     | MLI
    3 nig\ufffdriens et 1 tunisien                 | DZA        | group     |
    Africa and Middle East                         | IRL        | group     |
    Other Europe                                   | DEU        | group     |
    Other Countries (Dominica, Panama, etc.)       | BRB        | group     |
    Former Czechoslovakia                          | NLD        | group     |
    Former Yugoslavia                              | NLD        | group     |
    foreigners                                     | UKR        | group     |
    unspecified                                    | IND        | unknown   |
    NO DETERMINADA                                 | ARG        | unknown   |
    Stateless                                      | EST        | unknown   |
    Rohingya                                       | THA        | unknown   |
    CAR                                            | GBR        | unmatched |
    Nationality                                    | USA        | unmatched |
    145                                            | VEN        | unmatched |
    Atlantis                                       | GRC        | unmatched |
"""


@pytest.mark.parametrize("row", rows_of(LABELS), ids=lambda row: f"{row['label']} {row['place']}")
def test_a_label_names_a_place_its_own_people_a_group_nobody_or_nothing_known(
    row: dict[str, str],
) -> None:
    found = origin_of(row["label"], row["counted in"])
    assert (found.kind, found.place) == (row["kind"], row["place"])


def test_every_kind_of_label_has_an_example() -> None:
    assert {row["kind"] for row in rows_of(LABELS)} == set(ORIGIN_KINDS)


def read(folder: Path, *rows: list[object]) -> Import:
    return IMPORTERS["glotip"].read(write_glotip(folder / "glotip.xlsx", rows))


def citizens(label: str, value: str, **changes: object) -> list[object]:
    return glotip_row(dimension="by citizenship", category=label, value=value, **changes)  # type: ignore[arg-type]


def flows(result: Import) -> pd.DataFrame:
    return result.tables["flows"].set_index("label")


def test_a_count_by_citizenship_is_a_flow_and_stays_an_observation(tmp_path: Path) -> None:
    result = read(tmp_path, glotip_row(value="30"), citizens("Bulgarian", "<5"))

    assert tuple(result.tables["flows"].columns) == FLOW_COLUMNS
    [row] = result.tables["flows"].to_dict("records")
    assert (row["jurisdiction_id"], row["year"], row["stage"]) == ("ROU", 2020, "detected")
    assert (row["origin_kind"], row["origin_id"]) == ("place", "BGR")
    assert (row["count_low"], row["count_high"], row["status"]) == (0, 4, "censored")
    kept = result.tables["observations"].query("dimension == 'citizenship'")
    assert kept["category"].tolist() == ["Bulgarian"]


def test_parts_by_sex_are_no_flows(tmp_path: Path) -> None:
    result = read(tmp_path, citizens("Bulgarian", "9"), citizens("Bulgarian", "7", sex="Female"))
    assert flows(result)["count_low"].to_dict() == {"Bulgarian": 9}


def test_a_label_printed_twice_keeps_its_first_count_and_says_so(tmp_path: Path) -> None:
    result = read(tmp_path, citizens("Bulgarian", "9"), citizens("Bulgarian", "7"))
    assert flows(result)["count_low"].to_dict() == {"Bulgarian": 9}
    assert any("repeat a label of citizenship" in notice.message for notice in result.notices)


@pytest.mark.parametrize("label", ["TOTAL", "unspecified", "Unknown"])
def test_the_sum_of_all_labels_is_no_citizenship(tmp_path: Path, label: str) -> None:
    result = read(
        tmp_path, glotip_row(value="30"), citizens("Nationals", "21"), citizens(label, "30")
    )
    found = flows(result).loc[label]
    assert (found["note"], found["status"]) == ("sum_printed_as_label", "not_reported")
    assert pd.isna(found["count_low"])
    assert flows(result).loc["Nationals", "count_low"] == 21
    assert result.facts["sums printed as a citizenship"] == 1


def test_a_source_that_knows_no_citizenship_at_all_keeps_its_count(tmp_path: Path) -> None:
    result = read(tmp_path, glotip_row(value="30"), citizens("unspecified", "30"))
    assert flows(result).loc["unspecified", "count_low"] == 30


def test_two_labels_of_one_citizenship_are_never_added(tmp_path: Path) -> None:
    result = read(tmp_path, citizens("Nationals", "8"), citizens("Romanian", "8"))
    assert flows(result)["note"].to_dict() == {"Nationals": "", "Romanian": "place_printed_twice"}
    assert flows(result)["count_low"].sum() == 8


def test_a_figure_that_is_no_count_does_not_take_the_place_of_one_that_is(tmp_path: Path) -> None:
    result = read(tmp_path, citizens("Nationals", "6,112,020"), citizens("Romanian", "8"))
    assert flows(result)["note"].to_dict() == {"Nationals": "questionnaire_code", "Romanian": ""}


def test_what_no_place_is_found_for_is_listed_with_its_count(tmp_path: Path) -> None:
    result = read(tmp_path, citizens("Atlantis", "12"), citizens("Bulgarian", "9"))

    assert flows(result).loc["Atlantis", "origin_kind"] == "unmatched"
    assert flows(result).loc["Atlantis", "count_low"] == 12
    assert result.facts["citizenship labels with a count and no match"] == 1
    assert result.facts["persons in these, at most"] == 12
    assert any(notice.found == "Atlantis" for notice in result.notices)
    assert any("'Atlantis' in Romania (12)" in text for text in result.descriptor["caveats"])


def test_citizenships_above_the_printed_total_are_counted_and_kept(tmp_path: Path) -> None:
    result = read(tmp_path, glotip_row(value="10"), citizens("Bulgarian", "9"),
                  citizens("Polish", "5"))  # fmt: skip
    assert result.facts["place-years whose citizenships exceed the total"] == 1
    assert flows(result)["count_low"].sum() == 14


def test_a_file_without_citizenships_has_an_empty_table(tmp_path: Path) -> None:
    result = read(tmp_path, glotip_row())
    assert result.tables["flows"].empty
    assert not any("itizenship," in text for text in result.descriptor["caveats"])
