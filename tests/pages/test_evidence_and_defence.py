"""The page Evidence and defence: every dataset and view, every address, and nothing withheld."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from gapatlas.atlas import Atlas
from gapatlas.errors import UnknownNameError
from gapatlas.evidence import VIEWS, case_evidence, in_order
from gapatlas.protection import BRAND, WITHHELD_TEXT
from tests.case_files import a_case, add_cases
from tests.pages.reading import (
    EVIDENCE,
    address,
    assert_in_order,
    charts,
    choose,
    open_panels,
    visit,
    words,
)
from tests.support import observation

MADE_UP = {"dataset": "synthetic_cases"}
TABLES = tuple(f"evidence_table_{number}" for number in range(3))
PERSONS = re.compile(r"persons|rounded|at least$|at most$", re.IGNORECASE)
NO_PERSONS = re.compile(r"%|victim|network", re.IGNORECASE)
IN_WORDS = re.compile(r"\b(\d[\d,]*) (?:persons|networks)")


def sent_tables(page: AppTest) -> Iterator[pd.DataFrame]:
    """Every table that left Python for the browser: of charts, and of open panels."""
    for chart in charts(page):
        yield from chart.tables.values()
    yield from (frame.value for frame in page.dataframe)


def assert_nobody_is_given_away(page: AppTest) -> None:
    """No count of 1 to 9 persons, in figures or in words, and no withheld row with a figure."""
    for table in sent_tables(page):
        for column in table.select_dtypes("number"):
            if PERSONS.search(str(column)) and not NO_PERSONS.search(str(column)):
                assert not table[column].between(1, 9).any(), (column, table)
        if "withheld" in table:
            hidden = table[table["withheld"]]
            figures = [c for c in ("share", "points", "low", "high", "start") if c in hidden]
            assert hidden[figures].isna().all(axis=None), hidden
    told = words(page) + " ".join(chart.alt for chart in charts(page))
    for chart in charts(page):
        told += " ".join(chart.tables["rows"].select_dtypes(["object", "string"]).stack().dropna())
    counts = [int(each.replace(",", "")) for each in IN_WORDS.findall(told)]
    assert [count for count in counts if 1 <= count <= 9] == []


# ------------------------------------------------------------------ the shipped data


def test_a_bare_address_opens_real_cases_first_and_becomes_whole(shipped: Atlas) -> None:
    page = visit(EVIDENCE)

    assert_in_order(page)
    first, *_ = in_order(shipped.cases())
    assert address(page) == {
        "dataset": first, "view": "outcomes", "split": "none", "outcome": "convicted",
    }  # fmt: skip
    assert not case_evidence(shipped, first).synthetic
    assert page.subheader[0].value == "How do cases end?"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_every_dataset_gives_nobody_away(shipped: Atlas, view: str) -> None:
    for dataset in shipped.cases()["dataset_id"]:
        found = case_evidence(shipped, dataset)

        page = open_panels(visit(EVIDENCE, {"dataset": dataset, "view": view}), *TABLES)

        assert_in_order(page)
        assert_nobody_is_given_away(page)
        drawn = charts(page)
        assert len(drawn) == len(page.dataframe) == len(found.pictures(view))
        if not found.has(view):
            assert found.why_empty(view) in " ".join(info.value for info in page.info)
        assert all(len(chart.alt) > 40 and len(chart.tables["rows"]) for chart in drawn)
        assert all(found.synthetic == ("SYNTHETIC" in chart.alt) for chart in drawn)
        for text in found.sentences(view)[:1]:
            assert text in words(page).replace("\\", "")


def test_every_split_of_every_dataset_gives_nobody_away(shipped: Atlas) -> None:
    for dataset in shipped.cases()["dataset_id"]:
        for split in case_evidence(shipped, dataset).splits:
            asked = {"dataset": dataset, "split": split, "outcome": "dismissed"}

            page = open_panels(visit(EVIDENCE, asked), *TABLES)

            assert_in_order(page)
            assert address(page)["split"] == split
            assert_nobody_is_given_away(page)


def test_withheld_rows_stand_in_their_place(shipped: Atlas) -> None:
    page = visit(EVIDENCE, {"dataset": "us_federal_cases", "split": "place"})

    shown = charts(page)[1].tables["rows"]
    expected = case_evidence(shipped, "us_federal_cases").shares("place", "convicted")
    assert list(shown["row"]) == list(expected["label"])
    assert list(shown["row"][:-1]) == sorted(shown["row"][:-1]) or "Not known" in set(shown["row"])
    hidden = shown[shown["withheld"]]
    assert len(hidden) == (expected["status"] == "withheld").sum() > 0
    assert set(hidden["words"]) == {WITHHELD_TEXT}
    assert WITHHELD_TEXT in " ".join(caption.value for caption in page.caption)


def test_a_source_without_evidence_says_what_it_tells_and_where_there_is_some(
    shipped: Atlas,
) -> None:
    page = visit(EVIDENCE, {"dataset": "us_federal_cases", "view": "evidence"})

    [said] = [info.value for info in page.info if "no types of evidence" in info.value]
    assert "by place, year of the charge, charge and number of victims" in said
    assert "SYNTHETIC cases" in said
    assert not page.warning


def test_made_up_cases_say_so_wherever_they_go(
    shipped: Atlas, downloads: dict[str, object]
) -> None:
    page = open_panels(visit(EVIDENCE, {**MADE_UP, "view": "defence"}), *TABLES)

    assert "SYNTHETIC" in page.warning[0].value
    for key in ("evidence_table_0_download", "evidence_table_1_download"):
        text = downloads[key]()  # type: ignore[operator]
        assert text.startswith("# SYNTHETIC: ")
        assert "# Persons charged in 2005-2024. Persons are rounded to 5." in text
        file = pd.read_csv(io.StringIO(text), comment="#")
        assert set(file["Source"]) == {"SYNTHETIC cases"}
    titles = [m.value for m in page.markdown if "SYNTHETIC: " in m.value]
    assert len(titles) == len(charts(page)) == 2


def test_what_a_reader_chooses_is_in_the_address_and_opens_again(shipped: Atlas) -> None:
    page = visit(EVIDENCE, MADE_UP)

    choose(page, evidence_split="charge")
    choose(page, evidence_outcome="acquitted")

    assert_in_order(page)
    asked = {**MADE_UP, "view": "outcomes", "split": "charge", "outcome": "acquitted"}
    assert address(page) == asked
    again = visit(EVIDENCE, asked)
    assert [chart.alt for chart in charts(again)] == [chart.alt for chart in charts(page)]
    choose(page, evidence_view="defence")
    assert address(page) == {**asked, "view": "defence"}
    assert "Acquitted, with each line of defence" in charts(page)[1].alt


def test_all_findings_are_read_on_demand(shipped: Atlas) -> None:
    page = visit(EVIDENCE, {**MADE_UP, "view": "evidence"})
    every = case_evidence(shipped, "synthetic_cases").sentences("evidence")
    assert every[-1] not in words(page).replace("\\", "")

    open_panels(page, "evidence_findings", "evidence_protection")

    told = words(page).replace("\\", "")
    assert all(text in told for text in every)
    assert "the build attacks its own tables" in told


def test_a_dataset_that_is_not_of_cases_is_refused(shipped: Atlas) -> None:
    with pytest.raises(UnknownNameError, match="no dataset of cases 'unodc_glotip'; allowed: us_"):
        case_evidence(shipped, "unodc_glotip")


@pytest.mark.parametrize("key", ["dataset", "view", "split", "outcome"])
@pytest.mark.parametrize("value", ["", "<script>", "9" * 400, "'; DROP TABLE case_count; --"])
def test_a_hostile_address_shows_a_page(shipped: Atlas, key: str, value: str) -> None:
    page = visit(EVIDENCE, {**MADE_UP, key: value})

    assert_in_order(page)
    assert address(page)[key] != value
    assert charts(page)


# ------------------------------------------------------------------ small worlds


def test_a_config_without_cases_says_how_to_map_a_file(world) -> None:
    world([observation("AAA", 2022, "convicted", "persons", 5)])

    page = visit(EVIDENCE)

    assert_in_order(page)
    assert "This config has no dataset of cases." in page.info[0].value
    assert charts(page) == []


@pytest.mark.parametrize("persons", [12, 60, 600])
def test_a_protected_file_of_any_size_has_every_view(world, persons: int) -> None:
    config = world([observation("AAA", 2022, "convicted", "persons", 5)])
    add_cases(config, [a_case(number) for number in range(persons)])

    for view in VIEWS:
        page = open_panels(visit(EVIDENCE, {"view": view, "split": "place"}), *TABLES)

        assert_in_order(page)
        assert_nobody_is_given_away(page)


def test_one_file_that_is_not_protected_is_branded_everywhere(world) -> None:
    config = world([observation("AAA", 2022, "convicted", "persons", 5)])
    open_to_all = {"threshold": 2, "base": 1, "unprotected": True}
    add_cases(config, [a_case(number) for number in range(60)], {"disclosure": open_to_all})

    page = open_panels(visit(EVIDENCE, {"view": "outcomes", "split": "charge"}), *TABLES)

    assert [exception.value for exception in page.exception] == []
    assert [error.value for error in page.error] == [f"**{BRAND}.**"]
    assert "Cases: **Made-up counts**" in words(page)
    assert all(chart.alt.startswith(BRAND) for chart in charts(page))
    assert all((frame.value["Protection"] == BRAND).all() for frame in page.dataframe)
    assert sum(BRAND in caption.value for caption in page.caption) == 2
